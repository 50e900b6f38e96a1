package catalog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

var ctx = context.Background()

// shop opens a catalogue with the products.
func shop(t testing.TB, ps ...*Product) *DB {
	t.Helper()
	db, err := Open(filepath.Join(t.TempDir(), "shop.db"), Clock(func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	put(t, db, ps...)
	return db
}

func put(t testing.TB, db *DB, ps ...*Product) Changes {
	t.Helper()
	ch, err := db.Import(ctx, func(s Sink) error {
		for _, p := range ps {
			if _, err := s.PutProduct(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ch
}

func usd(cents int64) []Price { return []Price{{Amount: Money{cents, "USD"}}} }

func TestImportTwiceChangesNothing(t *testing.T) {
	p := &Product{ID: "1", Title: Text{"en": "Blue mug", "zh": "蓝色马克杯"}, Category: []string{"home", "mug"}, Brand: "Acme", Prices: usd(1999),
		Facets: map[string][]Value{"colour": {Str("blue")}, "volume": {Num(0.3)}, "dishwasher": {Bool(true)}}, Stock: map[string]int64{"cn": 3}}
	db := shop(t)
	first := put(t, db, p)
	if first != (Changes{Added: 1, Version: 1}) {
		t.Errorf("first import: %+v", first)
	}
	was, err := db.Product(ctx, "1")
	if err != nil {
		t.Fatal(err)
	}
	if again := put(t, db, p); again != (Changes{Unchanged: 1, Version: 1}) {
		t.Errorf("second import: %+v", again)
	}
	is, _ := db.Product(ctx, "1")
	if !reflect.DeepEqual(was, is) || is.Version != 1 || is.Updated.IsZero() {
		t.Errorf("the row changed: %+v, then %+v", was, is)
	}
	q := *p
	q.Prices = usd(1499)
	if ch := put(t, db, &q); ch != (Changes{Updated: 1, Version: 2}) {
		t.Errorf("a new price: %+v", ch)
	}
	if now, _ := db.Product(ctx, "1"); now.Version != 2 || now.Prices[0].Amount.Minor != 1499 {
		t.Errorf("after a new price: %+v", now)
	}
	if err := db.Integrity(ctx); err != nil {
		t.Error(err)
	}
}

// TestCountsStayRight: the word counts after adds, updates and removals are those of a catalogue that was filled in one go.
func TestCountsStayRight(t *testing.T) {
	item := func(id, title string) *Product { return &Product{ID: id, Title: Text{"en": title}, Brand: "Acme"} }
	db := shop(t, item("1", "red apple"), item("2", "green apple"), item("3", "blue pear"))
	put(t, db, item("2", "green plum tree"))
	if _, err := db.Import(ctx, func(s Sink) error { _, err := s.Remove(ctx, "3"); return err }); err != nil {
		t.Fatal(err)
	}
	fresh := shop(t, item("1", "red apple"), item("2", "green plum tree"))
	for _, table := range []string{"terms", "spellings"} {
		if a, b := dump(t, db, table), dump(t, fresh, table); a != b {
			t.Errorf("%s:\n%s\nwant\n%s", table, a, b)
		}
	}
	if err := db.Integrity(ctx); err != nil {
		t.Error(err)
	}
}

func dump(t *testing.T, db *DB, table string) string {
	var b strings.Builder
	err := db.each(ctx, "SELECT * FROM "+table+" WHERE df<>0 ORDER BY 1", nil, func(scan func(...any) error) error {
		var w string
		var df, core int
		dest := []any{&w, &df}
		if table == "terms" {
			dest = append(dest, &core)
		}
		err := scan(dest...)
		fmt.Fprintln(&b, w, df, core)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFailedImportLeavesTheOld(t *testing.T) {
	db := shop(t, &Product{ID: "1", Title: Text{"en": "Old"}})
	boom := errors.New("the feed is cut")
	_, err := db.Import(ctx, func(s Sink) error {
		for i := range 2000 {
			if _, err := s.PutProduct(ctx, &Product{ID: fmt.Sprint("n", i), Title: Text{"en": "New"}, Prices: usd(1)}); err != nil {
				return err
			}
		}
		if _, err := s.Product(ctx, "n7"); err != nil {
			t.Errorf("inside the transaction: %v", err)
		}
		if _, err := db.Product(ctx, "n7"); !errors.Is(err, ErrNotFound) {
			t.Errorf("outside the transaction: %v", err)
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Errorf("error %v", err)
	}
	if v, _ := db.Version(ctx); v != 1 {
		t.Errorf("version %d", v)
	}
	n := 0
	db.All(ctx, func(*Product) error { n++; return nil })
	if n != 1 {
		t.Errorf("%d products", n)
	}
	if err := db.Integrity(ctx); err != nil {
		t.Error(err)
	}
}

// TestKilledImport kills a process in the middle of an import, at several moments.
func TestKilledImport(t *testing.T) {
	if path := os.Getenv("DAOGOU_TEST_IMPORT"); path != "" {
		db, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		db.Import(ctx, func(s Sink) error {
			for i := 0; ; i++ {
				if _, err := s.PutProduct(ctx, &Product{ID: fmt.Sprint("n", i), Title: Text{"en": strings.Repeat("new words ", 40)}}); err != nil {
					return err
				}
				if i%500 == 0 {
					fmt.Println(i)
				}
			}
		})
		return
	}
	path := filepath.Join(t.TempDir(), "shop.db")
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	put(t, db, &Product{ID: "1", Title: Text{"en": "Old mug"}})
	for _, lines := range []int{1, 4, 9} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledImport$")
		cmd.Env = append(os.Environ(), "DAOGOU_TEST_IMPORT="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 1)
		for seen := 0; seen < lines; {
			if _, err := out.Read(buf); err != nil {
				t.Fatal("the import ended by itself")
			}
			if buf[0] == '\n' {
				seen++
			}
		}
		if res, err := db.Search(ctx, Query{Text: "mug"}); err != nil || len(res.Hits) != 1 {
			t.Errorf("searching during the import: %v", err)
		}
		cmd.Process.Kill()
		cmd.Wait()
		if err := db.Integrity(ctx); err != nil {
			t.Error(err)
		}
		if v, _ := db.Version(ctx); v != 1 {
			t.Errorf("version %d after the kill", v)
		}
		if ch := put(t, db, &Product{ID: "1", Title: Text{"en": "Old mug"}}); ch.Unchanged != 1 {
			t.Errorf("importing after the kill: %+v", ch)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	newer := filepath.Join(dir, "newer.db")
	db, err := Open(newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.write.Exec("INSERT INTO migrations VALUES (99, 'then')"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	other := filepath.Join(dir, "other.db")
	db, err = Open(other)
	if err != nil {
		t.Fatal(err)
	}
	db.write.Exec("PRAGMA application_id=1")
	db.Close()
	for _, c := range []struct {
		path string
		opt  []Option
		is   error
		says string
	}{
		{"", nil, nil, "file name is empty"},
		{dir, nil, nil, "is a folder"},
		{filepath.Join(dir, "no", "shop.db"), nil, nil, "does not exist"},
		{filepath.Join(dir, "none.db"), []Option{ReadOnly()}, nil, "daogou import"},
		{write("text.db", strings.Repeat("this is no database\n", 100)), nil, ErrCorrupt, "not an SQLite file"},
		{newer, nil, ErrNewer, "newer program"},
		{newer, []Option{ReadOnly()}, ErrNewer, "newer program"},
		{other, nil, ErrCorrupt, "another program"},
	} {
		db, err := Open(c.path, c.opt...)
		if err == nil {
			db.Close()
			t.Errorf("%s opened", c.path)
			continue
		}
		if c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %q", c.path, err, c.says)
		}
	}
}

func TestDamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	var ps []*Product
	for i := range 500 {
		ps = append(ps, &Product{ID: fmt.Sprint(i), Title: Text{"en": fmt.Sprint("Thing number ", i)}})
	}
	put(t, db, ps...)
	db.Close()
	b, _ := os.ReadFile(path)
	for i := 8 * pageSize; i < len(b)-pageSize; i++ {
		b[i] ^= 0x5a
	}
	os.WriteFile(path, b, 0o600)
	os.Remove(path + "-wal")
	db, err = Open(path)
	if err == nil {
		defer db.Close()
		_, err = db.Search(ctx, Query{Text: "thing"})
		if err == nil {
			err = db.Integrity(ctx)
		}
	}
	if !errors.Is(err, ErrCorrupt) {
		t.Errorf("a damaged file gives %v", err)
	}
}

func TestFullAndLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	db, err := Open(path, MaxSize(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	put(t, db, &Product{ID: "1", Title: Text{"en": "Old mug"}})
	_, err = db.Import(ctx, func(s Sink) error {
		for i := range 100_000 {
			if _, err := s.PutProduct(ctx, &Product{ID: fmt.Sprint("n", i), Title: Text{"en": "New"}, Description: Text{"en": strings.Repeat("long ", 200)}}); err != nil {
				return err
			}
		}
		return nil
	})
	if !errors.Is(err, ErrFull) {
		t.Errorf("a full disk gives %v", err)
	}
	if _, err := db.Product(ctx, "1"); err != nil {
		t.Errorf("the old catalogue: %v", err)
	}
	second, err := Open(path, Wait(10*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	_, err = db.Import(ctx, func(Sink) error {
		_, err := second.Import(ctx, func(Sink) error { return nil })
		return err
	})
	if !errors.Is(err, ErrLocked) {
		t.Errorf("a second import gives %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	db := shop(t, &Product{ID: "1", Title: Text{"en": "Mug"}})
	ro, err := Open(db.path, ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer ro.Close()
	if _, err := ro.Import(ctx, func(Sink) error { return nil }); err == nil {
		t.Error("a read-only catalogue takes an import")
	}
	put(t, db, &Product{ID: "2", Title: Text{"en": "Second mug"}})
	if res, err := ro.Search(ctx, Query{Text: "mug"}); err != nil || len(res.Hits) != 2 || res.Version != 2 {
		t.Errorf("another process's import is not seen: %+v %v", res, err)
	}
}

func TestSchemaMerges(t *testing.T) {
	db := shop(t)
	fill := func(syn string) Changes {
		ch, err := db.Import(ctx, func(s Sink) error {
			return errors.Join(
				s.PutCategory(ctx, Category{ID: "home", Label: Text{"en": "Home"}}),
				s.PutCategory(ctx, Category{ID: "mug", Parent: "home", Label: Text{"en": "Mugs"}, Synonyms: map[string][]string{"en": {syn}}, Facets: []string{"colour"}}),
				s.PutFacet(ctx, Facet{ID: "colour", Kind: KindEnum, Label: Text{"en": "Colour"}, Values: []FacetValue{{ID: syn, Label: Text{"en": syn}}}}),
			)
		})
		if err != nil {
			t.Fatal(err)
		}
		return ch
	}
	fill("cup")
	put(t, db, &Product{ID: "1", Title: Text{"en": "Acme Classic"}, Category: []string{"home", "mug"}})
	if res, _ := db.Search(ctx, Query{Text: "beaker"}); len(res.Hits) != 0 {
		t.Error("beaker found before it is a synonym")
	}
	if ch := fill("beaker"); ch.Version != 3 {
		t.Errorf("a new synonym: %+v", ch)
	}
	if ch := fill("beaker"); ch.Version != 3 {
		t.Errorf("the same again: %+v", ch)
	}
	if res, _ := db.Search(ctx, Query{Text: "beaker"}); len(res.Hits) != 1 || res.Category != "mug" {
		t.Errorf("beaker is not found by the new synonym: %+v", res)
	}
	s, _ := db.Schema(ctx)
	c, f := s.Category("mug"), s.Facet("colour")
	if len(c.Synonyms["en"]) != 2 || c.Count != 1 || s.Category("home").Count != 1 || len(f.Values) != 2 {
		t.Errorf("merged: %+v %+v", c, f)
	}
	for name, facet := range map[string]Facet{"kind": {ID: "colour", Kind: KindBool}, "no kind": {ID: "x"}, "no id": {Kind: KindBool}} {
		if _, err := db.Import(ctx, func(s Sink) error { return s.PutFacet(ctx, facet) }); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := db.Integrity(ctx); err != nil {
		t.Error(err)
	}
}

// TestReadersDuringImport: readers always see whole versions, while versions come and go.
func TestReadersDuringImport(t *testing.T) {
	db := shop(t, &Product{ID: "0", Title: Text{"en": "mug v0"}})
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			last := int64(0)
			for {
				select {
				case <-stop:
					return
				default:
				}
				res, err := db.Search(ctx, Query{Text: "mug", Limit: 20})
				if err != nil || res.Version < last {
					t.Errorf("version %d after %d: %v", res.Version, last, err)
					return
				}
				last = res.Version
			}
		})
	}
	for v := range 20 {
		put(t, db, &Product{ID: "0", Title: Text{"en": fmt.Sprint("mug v", v+1)}}, &Product{ID: fmt.Sprint("p", v), Title: Text{"en": "other mug"}})
	}
	close(stop)
	wg.Wait()
}
