package data

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"daogou/catalog"
	"daogou/generator/task"
	"daogou/generator/task/shops"
)

func rankSet(t testing.TB, o Options) *Set {
	t.Helper()
	s, err := NewSet(vocab(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func rankOf(t testing.TB, s *Set, i int) Example {
	t.Helper()
	e, ok := s.rank(rand.New(rand.NewPCG(5, uint64(i))))
	if !ok {
		t.Fatalf("example %d cannot be made", i)
	}
	return e
}

// TestRankExamples holds examples to their form: a prompt of this job, loss on a bounded sequence that ends, about as many empty needs as meant, both languages.
func TestRankExamples(t *testing.T) {
	s := rankSet(t, Options{Seed: 1})
	v := vocab(t)
	empty, zh, n := 0, 0, 3000
	distinct := map[string]bool{}
	emptyEN, emptyZH := v.NeedTokens(task.Need{Lang: "en"}), v.NeedTokens(task.Need{Lang: "zh"})
	for i := range n {
		e := rankOf(t, s, i)
		prompt, answer := e.Tokens[:e.Prompt], e.Tokens[e.Prompt:]
		if e.Job != "rank" || prompt[0] != emptyEN[0] || prompt[len(prompt)-1] != emptyEN[2] || len(answer) < 2 || len(answer) > task.RankTokens {
			t.Fatalf("example %d: %+v", i, e)
		}
		if slices.Equal(prompt, emptyEN) || slices.Equal(prompt, emptyZH) {
			empty++
		}
		if prompt[1] == emptyZH[1] {
			zh++
		}
		distinct[string(asRunes(e.Tokens))] = true
	}
	t.Logf("of %d examples %d without a need, %d Chinese, %d distinct", n, empty, zh, len(distinct))
	if empty < n*5/100 || empty > n*11/100 || zh < n/3 || zh > n*2/3 || len(distinct) < n*9/10 {
		t.Error("not as meant")
	}
}

func asRunes(ids []int32) []rune { return append([]rune(nil), ids...) }

func TestRankExamplesAreDeterministic(t *testing.T) {
	a, b := rankSet(t, Options{Seed: 1}), rankSet(t, Options{Seed: 1})
	var wait sync.WaitGroup
	for k := range 4 { // and safe for use by many
		wait.Go(func() {
			for i := range 100 {
				if x, y := rankOf(t, a, i), rankOf(t, b, i); !reflect.DeepEqual(x, y) {
					t.Errorf("example %d differs in round %d", i, k)
				}
			}
		})
	}
	wait.Wait()
}

// TestNeedsFitTheirProducts reads needs beside what is said to be told in them.
func TestNeedsFitTheirProducts(t *testing.T) {
	shop, err := shops.Open("music")
	if err != nil {
		t.Fatal(err)
	}
	mixed := 0
	for i, s := range Needs(shop, 7, 600) {
		if !s.Fitting[s.Product] || s.Need.Text == "" {
			t.Errorf("need %d %q does not fit its own product", i, s.Need.Text)
		}
		if s.Need.Lang == "zh" && strings.ContainsFunc(s.Need.Text, func(r rune) bool { return r < 128 && unicode.IsLetter(r) }) {
			mixed++
		}
		if i < 40 && testing.Verbose() {
			t.Logf("%-8s %q fits %d", s.Product, s.Need.Text, len(s.Fitting))
		}
	}
	if mixed == 0 {
		t.Error("no need mixes the languages")
	}
	if again := Needs(shop, 7, 600); !reflect.DeepEqual(again, Needs(shop, 7, 600)) {
		t.Error("the same seed makes other needs")
	}
	if none := Needs(&shops.Shop{Schema: shop.Schema}, 7, 3); len(none) != 0 {
		t.Error("an empty shop has needs")
	}
}

// TestRankKeepsApart checks that validation and left-out trades are not learnt from.
func TestRankKeepsApart(t *testing.T) {
	learn, valid := rankSet(t, Options{Seed: 1, Without: []string{"music"}}), rankSet(t, Options{Seed: 1, Valid: true})
	seen := map[*catalog.Product]bool{}
	count := func(p rankPool) (n int) {
		for _, g := range p.own {
			n += len(g.products)
		}
		return n
	}
	for _, g := range learn.pool.own {
		for _, p := range g.products {
			seen[p] = true
			if p.Category[0] == "music" {
				t.Fatalf("%s is of a trade left out", p.ID)
			}
		}
	}
	for _, g := range valid.pool.own {
		for _, p := range g.products {
			if seen[p] || !isKept(g.shop.ID+"/"+p.ID) {
				t.Fatalf("%s is learnt and kept for validation", p.ID)
			}
		}
	}
	t.Logf("%d products to learn from, %d kept", count(learn.pool), count(valid.pool))
	if count(valid.pool) == 0 {
		t.Error("nothing is kept")
	}
}

func TestVaryProduct(t *testing.T) {
	shop, err := shops.Open("music")
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(2, 2))
	changed := 0
	for range 500 {
		p := shop.Products[rng.IntN(len(shop.Products))]
		before := *p
		v := varyProduct(rng, shop, p)
		if !reflect.DeepEqual(*p, before) {
			t.Fatal("the shop's own product was changed")
		}
		for id, vs := range v.Facets {
			f := shop.Schema.Facet(id)
			if f.Kind == catalog.KindEnum && len(vs) == 1 && f.Value(vs[0].Str()) == nil {
				t.Errorf("%s: %s is %v", p.ID, id, vs)
			}
		}
		if v.Brand != p.Brand || !reflect.DeepEqual(v.Facets, p.Facets) {
			changed++
		}
	}
	if changed < 300 {
		t.Errorf("only %d of 500 products were varied", changed)
	}
	title := catalog.Text{"en": "Fernhill Navy Dome", "zh": "蕨山 藏青圆顶"}
	retitle(title, catalog.Text{"en": "navy", "zh": "藏青"}, catalog.Text{"en": "Red", "zh": "红色"})
	retitle(title, catalog.Text{"en": "Do"}, catalog.Text{"en": "No"})
	if title["en"] != "Fernhill Red Dome" || title["zh"] != "蕨山 红色圆顶" {
		t.Errorf("%v", title)
	}
}

// TestExtraFolder reads a small folder of the public data's form.
func TestExtraFolder(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := readExtra(dir); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("an empty folder: %v", err)
	}
	write(extraRequests, `{"instruction":"a quiet fan for my desk","queries":["quiet desk fan","fan"]}`+"\n"+`{"instruction":"","queries":["x"]}`+"\n")
	write(extraTypes, `{"id":"1","name":"Fans","path":["Home","Fans"]}`+"\n"+`{"id":"2","name":"Home","path":["Home"]}`+"\n")
	x, err := readExtra(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range x.pairs {
		got = append(got, p.need.Text)
	}
	if want := []string{"a quiet fan for my desk", "a quiet fan for my desk", "home fans", "fans", "home"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	write(extraRequests, "no json\n")
	if _, err := readExtra(dir); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a broken file: %v", err)
	}
}

// TestExtraProducts makes examples with the public data, where they are.
func TestExtraProducts(t *testing.T) {
	if testing.Short() {
		t.Skip("imports a whole catalogue")
	}
	dir := os.Getenv("DAOGOU_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, extraProducts)); err != nil {
		if os.Getenv("DAOGOU_REQUIRE_DATA") == "1" {
			t.Fatalf("DAOGOU_REQUIRE_DATA is set, but there is no %s in %s", extraProducts, dir)
		}
		t.Skipf("no %s in %s: set DAOGOU_DATA to the folder of the public data", extraProducts, dir)
	}
	s := rankSet(t, Options{Seed: 1, Extra: dir})
	t.Logf("%d own types, %d outside, %d pairs", len(s.pool.own), len(s.pool.outside), len(s.pool.pairs))
	if len(s.pool.outside) < 50 || len(s.pool.pairs) < 5000 {
		t.Error("too few")
	}
	for i := range 500 {
		rankOf(t, s, i)
	}
}

func BenchmarkRankExample(b *testing.B) {
	s := rankSet(b, Options{Seed: 1})
	i := 0
	for b.Loop() {
		i++
		rankOf(b, s, i)
	}
}
