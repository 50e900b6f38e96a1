package searcheval

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"daogou/catalog"
)

// data gives the path of a public data file, and skips the test where the data are not there.
func data(t testing.TB, name ...string) string {
	t.Helper()
	root := os.Getenv("DAOGOU_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	p := filepath.Join(append([]string{root}, name...)...)
	if _, err := os.Stat(p); err != nil {
		if os.Getenv("DAOGOU_REQUIRE_DATA") == "1" {
			t.Fatalf("DAOGOU_REQUIRE_DATA is set, but there is no %s", p)
		}
		t.Skipf("no %s: set DAOGOU_DATA to the folder of the public data", p)
	}
	return p
}

// icecatLine is one line of the Icecat file.
type icecatLine struct {
	ID, Name, Title, Brand string
	Price                  float64        `json:"price_cents"`
	EAN                    []string       `json:"ean"`
	Short                  string         `json:"short_description"`
	Attrs                  map[string]any `json:"attrs"`
}

var breaks = regexp.MustCompile(`(?i)<br\s*/?>|\\n`)

// product makes a product of a line with attributes as facets and without a category, as a catalogue without product types would be.
func (l *icecatLine) product(t testing.TB) *catalog.Product {
	p := &catalog.Product{ID: l.ID, Title: catalog.Text{"en": l.Title}, Brand: l.Brand, MPN: l.Name, Facets: map[string][]catalog.Value{}}
	if l.Short != "" && l.Short != l.Title {
		p.Description = catalog.Text{"en": breaks.ReplaceAllString(l.Short, " ")}
	}
	if len(l.EAN) > 0 {
		p.GTIN = l.EAN[0]
	}
	if l.Price > 0 {
		p.Prices = []catalog.Price{{Amount: catalog.Money{Minor: int64(math.Round(l.Price)), Currency: "USD"}}}
	}
	for k, v := range l.Attrs {
		kind, name, _ := strings.Cut(k, "_")
		name = strings.Trim(name, "_")
		switch v := v.(type) {
		case string:
			p.Facets[name] = []catalog.Value{catalog.Str(v)}
		case float64:
			p.Facets["n_"+name] = []catalog.Value{catalog.Num(v)}
		case bool:
			p.Facets["b_"+name] = []catalog.Value{catalog.Bool(v)}
		default:
			t.Fatalf("%s: %s of kind %s is %T", l.ID, k, kind, v)
		}
	}
	return p
}

func lines(t testing.TB, path string, f func([]byte)) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		f(sc.Bytes())
	}
	if sc.Err() != nil {
		t.Fatal(sc.Err())
	}
}

func icecat(t testing.TB, f func(*icecatLine)) {
	lines(t, data(t, "catalog_icecat", "products.jsonl.gz"), func(b []byte) {
		var l icecatLine
		if err := json.Unmarshal(b, &l); err != nil {
			t.Fatal(err)
		}
		f(&l)
	})
}

// openAt opens a catalogue in dir, or makes it there with fill. With DAOGOU_EVAL_DIR set, made catalogues are kept for the next run.
func openAt(t testing.TB, name string, fill func(catalog.Sink) error) *catalog.DB {
	t.Helper()
	dir := os.Getenv("DAOGOU_EVAL_DIR")
	if dir == "" {
		dir = t.TempDir()
	}
	db, err := catalog.Open(filepath.Join(dir, name+".db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if v, _ := db.Version(context.Background()); v > 0 {
		return db
	}
	if _, err := db.Import(context.Background(), fill); err != nil {
		t.Fatal(err)
	}
	return db
}

func icecatDB(t testing.TB) *catalog.DB {
	return openAt(t, "icecat", func(to catalog.Sink) error {
		var err error
		icecat(t, func(l *icecatLine) {
			if _, e := to.PutProduct(context.Background(), l.product(t)); e != nil && err == nil {
				err = e
			}
		})
		return err
	})
}

func judgments(t testing.TB) []Judged {
	f, err := os.Open(data(t, "catalog_icecat", "judgments_public.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	js, err := ReadJudgments(f)
	if err != nil {
		t.Fatal(err)
	}
	return js
}
