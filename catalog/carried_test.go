package catalog

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// dataFile gives the path of a public data file, and skips the test where the data are not there.
func dataFile(t testing.TB, name ...string) string {
	t.Helper()
	root := os.Getenv("DAOGOU_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "data")
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

func eachLine(t testing.TB, path string, f func([]byte)) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(bytes.NewReader(b))
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		f(sc.Bytes())
	}
}

// example is a query with the truth about it.
type example struct {
	source  string
	query   string
	carried bool
	x       signs
	test    bool // held out
}

// keep decides for a type whether its products are in the reduced catalogue: a coin that falls the same way every time.
func keep(kind string) bool {
	h := fnv.New32a()
	h.Write([]byte("carried:" + kind))
	return h.Sum32()%2 == 0
}

func filled(t testing.TB, ps []*Product) *DB {
	t.Helper()
	db, err := Open(filepath.Join(t.TempDir(), "shop.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	_, err = db.Import(context.Background(), func(s Sink) error {
		for _, p := range ps {
			if _, err := s.PutProduct(context.Background(), p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// signsOf runs a query as far as the decision.
func signsOf(t testing.TB, db *DB, q string) signs {
	ctx := context.Background()
	s, err := db.snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	a, err := db.understand(ctx, s, q)
	if err != nil {
		t.Fatal(err)
	}
	ns, err := db.retrieve(ctx, a, always, nil)
	if err != nil {
		t.Fatal(err)
	}
	cs, err := db.rank(ctx, s, a, ns, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a.look(cs)
}

// fashionExamples takes half of the product types out of the fashion catalogue and asks for all of them, in several wordings.
// With categories or without, because both kinds of catalogue exist.
func fashionExamples(t testing.TB, categories bool) []example {
	type line struct{ ID, Gender, SubCategory, ArticleType, BaseColour, Usage, ProductDisplayName string }
	var ps []*Product
	n := map[string]int{}
	i := 0
	eachLine(t, dataFile(t, "catalog_fashion", "products.jsonl"), func(b []byte) {
		var l line
		if json.Unmarshal(b, &l) != nil || l.ArticleType == "" {
			return
		}
		if i++; i%3 != 0 { // 5,000 are enough
			return
		}
		n[l.ArticleType]++
		if !keep(l.ArticleType) {
			return
		}
		p := &Product{ID: l.ID, Title: Text{"en": l.ProductDisplayName}, Facets: map[string][]Value{"colour": {Str(l.BaseColour)}, "gender": {Str(l.Gender)}}}
		if categories {
			p.Category = []string{l.SubCategory, l.ArticleType}
		} else {
			p.Facets["kind"] = []Value{Str(l.ArticleType)}
		}
		ps = append(ps, p)
	})
	db := filled(t, ps)
	var out []example
	for _, kind := range sortedKeys(n) {
		if n[kind] < 3 {
			continue
		}
		k := strings.ToLower(kind)
		for _, q := range []string{k, "red " + k, k + " for women", "black " + k + " size 8", "i am looking for " + k} {
			out = append(out, example{source: fmt.Sprint("fashion, categories ", categories), query: q, carried: keep(kind), x: signsOf(t, db, q)})
		}
	}
	for _, kind := range sortedKeys(n) {
		if k := strings.ToLower(kind); n[kind] >= 3 && len(k) >= 6 { // misspelt
			q := k[:3] + k[4:]
			out = append(out, example{source: fmt.Sprint("fashion misspelt, categories ", categories), query: q, carried: keep(kind), x: signsOf(t, db, q)})
		}
	}
	return out
}

// litemallExamples does so in Chinese.
func litemallExamples(t testing.TB) []example {
	type line struct {
		ID       int64
		Title    string
		Path     []string `json:"category_path"`
		Keywords string
		Brief    string
	}
	var ps []*Product
	n := map[string]int{}
	eachLine(t, dataFile(t, "catalog_litemall_zh", "products.jsonl"), func(b []byte) {
		var l line
		if json.Unmarshal(b, &l) != nil || len(l.Path) != 2 {
			return
		}
		n[l.Path[1]]++
		if keep(l.Path[1]) {
			ps = append(ps, &Product{ID: fmt.Sprint(l.ID), Title: Text{"zh": l.Title}, Description: Text{"zh": l.Brief}, Category: l.Path})
		}
	})
	db := filled(t, ps)
	var out []example
	for _, kind := range sortedKeys(n) {
		for _, q := range []string{kind, "我想买" + kind, "儿童" + kind} {
			out = append(out, example{source: "litemall", query: q, carried: keep(kind), x: signsOf(t, db, q)})
		}
	}
	return out
}

// icecatExamples asks the Icecat catalogue for words of its own titles and for furniture and fashion, which it hardly has.
func icecatExamples(t testing.TB) []example {
	dir := os.Getenv("DAOGOU_EVAL_DIR")
	if dir == "" {
		t.Skip("set DAOGOU_EVAL_DIR to a folder with icecat.db (go test ./searcheval makes it there)")
	}
	db, err := Open(filepath.Join(dir, "icecat.db"), ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	var out []example
	qs, _ := knownItems(t, db, 250)
	for _, q := range qs {
		out = append(out, example{source: "icecat, own words", query: q, carried: true, x: signsOf(t, db, q)})
	}
	out = append(out, nameExamples(t, db)...)
	i := 0
	eachLine(t, dataFile(t, "queries_en", "wands_queries.tsv"), func(b []byte) {
		f := strings.Split(string(b), "\t")
		if i++; i > 1 && i%3 == 0 && len(f) >= 2 {
			out = append(out, example{source: "icecat, furniture", query: f[1], x: signsOf(t, db, f[1])})
		}
	})
	kinds := map[string]bool{}
	eachLine(t, dataFile(t, "catalog_fashion", "products.jsonl"), func(b []byte) {
		var l struct{ ArticleType string }
		if json.Unmarshal(b, &l) == nil && l.ArticleType != "" {
			kinds[strings.ToLower(l.ArticleType)] = true
		}
	})
	for _, k := range sortedKeys(kinds) {
		out = append(out, example{source: "icecat, fashion", query: k, x: signsOf(t, db, k)})
	}
	return out
}

// TestFitCarried fits the weights of the decision on two thirds of the examples and reports the last third.
func TestFitCarried(t *testing.T) {
	if os.Getenv("DAOGOU_TUNE") == "" {
		t.Skip("set DAOGOU_TUNE=1 to fit the no-match decision anew")
	}
	var all []example
	all = append(all, fashionExamples(t, true)...)
	all = append(all, fashionExamples(t, false)...)
	all = append(all, litemallExamples(t)...)
	all = append(all, icecatExamples(t)...)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range all {
		all[i].test = rng.IntN(3) == 0
	}
	w := fit(all)
	t.Logf("var carriedWeights = signs{%s}", strings.Trim(strings.Join(strings.Fields(fmt.Sprintf("%.2f", w)), ", "), "[]"))
	report(t, all, &w)
	shown := map[string]int{}
	for _, e := range all {
		if p := e.x.probability(&w); e.test && (p >= 0.5) != e.carried && shown[e.source] < 8 {
			shown[e.source]++
			t.Logf("wrong: %-28s %-40q carried %v p %.2f signs %.2f", e.source, e.query, e.carried, p, e.x)
		}
	}
}

// fit is logistic regression by gradient descent, both classes of the same total weight in every source, with a little shrinkage.
func fit(all []example) (w signs) {
	count := map[string]float64{}
	for _, e := range all {
		if !e.test {
			count[fmt.Sprint(e.source, e.carried)]++
		}
	}
	for step := 0; step < 4000; step++ {
		var g signs
		total := 0.0
		for i := range all {
			e := &all[i]
			if e.test {
				continue
			}
			y := 0.0
			if e.carried {
				y = 1
			}
			weight := 1 / math.Sqrt(count[fmt.Sprint(e.source, e.carried)])
			total += weight
			d := (e.x.probability(&w) - y) * weight
			for k := range g {
				g[k] += d * e.x[k]
			}
		}
		for k := range w {
			w[k] -= 2 * (g[k]/total + 0.001*w[k])
		}
	}
	return w
}

func report(t testing.TB, all []example, w *signs) {
	type tally struct{ n, said, right, wrong, without int }
	by := map[string]*tally{}
	for _, e := range all {
		if !e.test {
			continue
		}
		for _, name := range []string{e.source, "all held out"} {
			if by[name] == nil {
				by[name] = &tally{}
			}
			r := by[name]
			said := e.x.probability(w) < 0.5
			r.n++
			if !e.carried {
				r.without++
			}
			if said {
				r.said++
				if !e.carried {
					r.right++
				}
			}
			if said == e.carried {
				r.wrong++
			}
		}
	}
	for _, name := range sortedKeys(by) {
		r := by[name]
		t.Logf("%-28s %4d queries, %3d not carried: precision %.2f recall %.2f accuracy %.2f", name, r.n, r.without,
			float64(r.right)/float64(max(r.said, 1)), float64(r.right)/float64(max(r.without, 1)), 1-float64(r.wrong)/float64(r.n))
	}
}

// nameExamples are queries that name no thing: brands and models that the catalogue has, brands of another catalogue, models that nobody makes.
func nameExamples(t testing.TB, db *DB) []example {
	s, err := db.Schema(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var out []example
	own := map[string]bool{}
	for i, b := range s.Brands {
		own[brandKey(b.Name)] = true
		if i < 300 && i%4 == 0 {
			out = append(out, example{source: "icecat, brands", query: strings.ToLower(b.Name), carried: true})
		}
	}
	n := 0
	foreign := map[string]bool{}
	eachLine(t, dataFile(t, "catalog_fashion", "products.jsonl"), func(b []byte) {
		var l struct{ ProductDisplayName string }
		json.Unmarshal(b, &l)
		first, _, _ := strings.Cut(strings.ToLower(l.ProductDisplayName), " ")
		if n++; n%20 == 0 && len(first) > 3 && !own[first] && !foreign[first] && len(foreign) < 80 {
			foreign[first] = true
			out = append(out, example{source: "icecat, brands", query: first})
		}
	})
	n = 0
	db.All(context.Background(), func(p *Product) error {
		if n++; n%200 == 0 && len(p.MPN) > 5 && strings.ContainsAny(p.MPN, "0123456789") {
			shifted := strings.Map(func(r rune) rune {
				if isDigit(r) {
					return '0' + (r-'0'+3)%10
				}
				return r
			}, p.MPN)
			out = append(out, example{source: "icecat, models", query: p.MPN, carried: true}, example{source: "icecat, models", query: shifted})
		}
		return nil
	})
	for i := range out {
		out[i].x = signsOf(t, db, out[i].query)
	}
	return out
}
