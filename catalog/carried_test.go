package catalog

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// How the decision "not carried" is fitted and measured.
//
// From each of four catalogues half of the product types are taken out, and then the other half. The shops that are left are asked for all
// the types, in the words of the categories' labels and synonyms in both languages, as requests, misspelt, with a colour or a brand
// before, and by brand and model. They are also asked for the types of the other catalogues and of a public taxonomy, for errands that no
// shop runs and for words that do not exist. What is true of every query follows from how it was made, so nobody judged anything.
//
// All wordings of one type are on the same side: half of the types fit the weights, the other half measure them.

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
	b, err := io.ReadAll(r)
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
	catalogue, form string
	key             string // the type it is about: the unit of the split
	query           string
	carried         bool
	x               signs
	test            bool
}

// fits says that the example is for fitting. Whether a shop with other cables carries HDMI cables is a matter of opinion: such queries are
// measured only.
func (e *example) fits() bool { return !e.test && e.form != "sibling" }

// coin falls the same way every time for one word.
func coin(what, word string) bool {
	h := fnv.New32a()
	h.Write([]byte(what + ":" + word))
	return (h.Sum32()>>7)%2 == 0
}

// typeKey is one name for all the names of a type that the synonym table knows.
func typeKey(label string) string {
	key := strings.Join(phraseTerms(label), " ")
	for _, o := range lists().same[key] {
		key = min(key, strings.Join(o, " "))
	}
	return key
}

// goods is a catalogue with its types.
type goods struct {
	name     string
	schema   *Schema
	products []*Product
	types    map[string][]*Product // leaf category → products
	made     map[string]bool       // leaf categories of things made for others
}

func readGoods(t testing.TB, name string) *goods {
	dir := os.Getenv("DAOGOU_EVAL_DIR")
	if dir == "" {
		t.Skip("set DAOGOU_EVAL_DIR to a folder with demo.db, icecat.db, litemall.db and dummy.db, imported with the mappings of the same names")
	}
	db, err := Open(filepath.Join(dir, name+".db"), ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx := context.Background()
	g := &goods{name: name, types: map[string][]*Product{}, made: map[string]bool{}}
	if g.schema, err = db.Schema(ctx); err != nil {
		t.Fatal(err)
	}
	if err := db.All(ctx, func(p *Product) error {
		if len(p.Category) > 0 {
			leaf := p.Category[len(p.Category)-1]
			g.types[leaf] = append(g.types[leaf], p)
		}
		g.products = append(g.products, p)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for leaf := range g.types {
		for _, n := range g.names(leaf, "en") {
			ts := phraseTerms(n)
			g.made[leaf] = g.made[leaf] || len(ts) > 0 && lists().madeFor[ts[len(ts)-1]]
		}
	}
	return g
}

// names are what shoppers may call a type: its label, if it names one thing, and its synonyms.
func (g *goods) names(leaf, lang string) []string {
	c := g.schema.Category(leaf)
	if c == nil || strings.Contains(strings.ToLower(c.Label.In("en")), "other") {
		return nil
	}
	var out []string
	if l := c.Label[lang]; l != "" && !strings.ContainsAny(l, "&,/、与和") && !strings.Contains(l, " and ") {
		out = append(out, strings.ToLower(l))
	}
	return append(out, c.Synonyms[lang]...)
}

// without is the catalogue with only the types that keep says, and if flat without saying which types they are.
func (g *goods) without(t testing.TB, keep func(leaf string) bool, flat bool) *DB {
	t.Helper()
	db, err := Open(filepath.Join(t.TempDir(), "shop.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	ctx := context.Background()
	_, err = db.Import(ctx, func(s Sink) error {
		for _, c := range g.schema.Categories {
			if flat {
				break
			}
			if err := s.PutCategory(ctx, c); err != nil {
				return err
			}
		}
		for _, f := range g.schema.Facets {
			if err := s.PutFacet(ctx, f); err != nil {
				return err
			}
		}
		for leaf, ps := range g.types {
			for _, p := range ps {
				if keep(leaf) {
					if flat {
						q := *p
						q.Category, p = nil, &q
					}
					if _, err := s.PutProduct(ctx, p); err != nil {
						return err
					}
				}
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

// examplesOf asks one half of a catalogue for all of it, and for the types in foreign.
func (g *goods) examplesOf(t testing.TB, half, flat bool, foreign map[string]string) []example {
	keep := func(leaf string) bool { return coin("keep", leaf) == half }
	db := g.without(t, keep, flat)
	own := map[string]bool{} // names of the types that are left, in all languages
	ownHeads := map[string]bool{}
	for leaf := range g.types { // "Keyboards and mice" is a name of keyboards while mice are left
		for _, c := range g.schema.Path(leaf) {
			for _, part := range strings.FieldsFunc(strings.ReplaceAll(c.Label.In("en"), " and ", "&"), func(r rune) bool { return r == '&' || r == ',' }) {
				own[typeKey(part)] = own[typeKey(part)] || keep(leaf) && c.ID != leaf
			}
			own[typeKey(c.Label["zh"])] = own[typeKey(c.Label["zh"])] || keep(leaf) && c.ID != leaf
		}
	}
	titles := map[string]map[string]bool{} // word of a title → types that are left
	tokens := map[string]map[string]bool{} // word of a title → types that are left and not made for others
	for leaf, ps := range g.types {
		for _, lang := range []string{"en", "zh"} {
			for _, n := range g.names(leaf, lang) {
				ts := phraseTerms(n)
				if keep(leaf) && len(ts) > 0 {
					own[typeKey(n)] = true
					ownHeads[ts[len(ts)-1]] = true
				}
			}
		}
		for _, p := range ps {
			if keep(leaf) {
				for _, w := range strings.Fields(fold(p.Title.In("en"))) {
					if titles[w] == nil {
						titles[w] = map[string]bool{}
					}
					titles[w][leaf] = true
				}
			}
			if keep(leaf) && !g.made[leaf] {
				for _, w := range strings.Fields(fold(p.Title.In("en"))) {
					if tokens[w] == nil {
						tokens[w] = map[string]bool{}
					}
					tokens[w][leaf] = true
				}
			}
		}
	}
	var out []example
	name := g.name
	if flat {
		name += ", no types"
	}
	add := func(form, key, q string, carried bool) {
		out = append(out, example{catalogue: name, form: form, key: key, query: q, carried: carried})
	}
	rng := rand.New(rand.NewPCG(3, 9))
	for _, leaf := range sortedKeys(g.types) {
		ps := g.types[leaf]
		en, zh := g.names(leaf, "en"), g.names(leaf, "zh")
		if len(en)+len(zh) == 0 {
			continue
		}
		key := typeKey(append(slices.Clone(en), zh...)[0])
		ask := func(form, name, q string) {
			ts := phraseTerms(name)
			if !keep(leaf) && own[typeKey(name)] || len(ts) == 0 {
				return // what is left has the same name
			}
			if flat && keep(leaf) && !slices.ContainsFunc(ps, func(p *Product) bool { return hasTerms(p, ts) }) {
				return // no product says it in its title
			}
			if !keep(leaf) && ownHeads[ts[len(ts)-1]] {
				form = "sibling" // "HDMI cable" where other cables are left
			}
			add(form, key, q, keep(leaf))
		}
		for i, n := range en[:min(len(en), 3)] {
			ask("name", n, n)
			if i == 0 {
				ask("request", n, "i am looking for a "+n)
				ask("modified", n, []string{"red", "black", "small", "sturdy", "cheap"}[rng.IntN(5)]+" "+n)
				ask("brand and type", n, strings.ToLower(ps[rng.IntN(len(ps))].Brand)+" "+n)
			}
			if w := longestOf(n); len(w) >= 6 && i < 2 {
				k := 1 + rng.IntN(len(w)-2)
				ask("misspelt", n, strings.Replace(n, w, w[:k]+w[k+1:], 1))
			}
		}
		for i, n := range zh[:min(len(zh), 2)] {
			ask("name zh", n, n)
			if i == 0 {
				ask("request zh", n, "我想买一个"+n)
				ask("modified zh", n, []string{"黑色的", "小号", "漂亮的", "实木"}[rng.IntN(4)]+n)
			}
		}
		for range min(len(ps), 3) {
			p := ps[rng.IntN(len(ps))]
			if noun := titleNoun(p); noun != "" && (keep(leaf) || len(titles[noun[strings.LastIndexByte(noun, ' ')+1:]]) == 0) {
				add("title", key, noun, keep(leaf))
			}
		}
		for range min(len(ps), 4) {
			p := ps[rng.IntN(len(ps))]
			ws := strings.Fields(fold(p.Title.In("en")))
			if len(ws) < 3 || !strings.EqualFold(ws[0], p.Brand) {
				continue
			}
			switch w := ws[1]; {
			case keep(leaf):
				add("brand and model", key, ws[0]+" "+w, true)
			case !g.made[leaf] && len(tokens[w]) == 0 && len(w) > 2:
				add("brand and model", key, ws[0]+" "+w, false)
			}
		}
	}
	for _, m := range g.lentNames(keep, tokens) {
		_, key, ok := strings.Cut(m, " ")
		if !ok {
			key = m
		}
		add("made for it", "model "+key, m, false)
	}
	for i, b := range g.schema.Brands {
		left := false
		for leaf, ps := range g.types {
			left = left || keep(leaf) && slices.ContainsFunc(ps, func(p *Product) bool { return p.Brand == b.Name })
		}
		if i < 150 && (left || !slices.Contains(sortedKeys(tokens), strings.ToLower(b.Name))) {
			add("brand", "brand "+strings.ToLower(b.Name), strings.ToLower(b.Name), left)
		}
	}
	full := map[string]bool{} // words of the whole catalogue's type names: a foreign type with such a head may be one of its own
	for leaf := range g.types {
		for _, lang := range []string{"en", "zh"} {
			for _, n := range g.names(leaf, lang) {
				for _, w := range phraseTerms(n) {
					full[w] = true
					for _, o := range lists().same[w] {
						full[o[len(o)-1]] = true
					}
				}
			}
		}
	}
	for _, q := range sortedKeys(foreign) {
		ts := phraseTerms(q)
		if len(ts) > 0 && !full[ts[len(ts)-1]] {
			add(foreign[q], typeKey(q), q, false)
		}
	}
	for i := range out {
		out[i].test = coin("test", out[i].key)
		out[i].x = signsOf(t, db, out[i].query)
	}
	return out
}

func hasTerms(p *Product, ts []string) bool {
	in := terms(analyse(p.Title.In("en")+" "+p.Title["zh"], 2*titleWords))
	for _, t := range ts {
		if !slices.Contains(in, t) {
			return false
		}
	}
	return true
}

// titleNoun is the last one or two plain words before the first break in a title: "wireless earbuds" of "Tonhaven Nook in-ear wireless
// earbuds, IPX4". A title whose first clause runs on into numbers gives nothing.
func titleNoun(p *Product) string {
	var run []string
	for _, w := range analyse(p.Title.In("en"), titleWords) {
		if w.kind == plainWord && isPlain(w.raw) && outlineMarks[w.raw] == "" {
			run = append(run, w.raw)
			continue
		}
		if (w.kind == punctuation || outlineMarks[w.raw] != "") && len(run) > 2 {
			return strings.Join(run[len(run)-2:], " ")
		}
		run = nil
	}
	return ""
}

// lentNames are brands with the word behind that stand behind "for" in the titles and descriptions of things made for others, and that
// nothing else has in its title.
func (g *goods) lentNames(keep func(string) bool, own map[string]map[string]bool) []string {
	brands := map[string]bool{}
	for _, b := range g.schema.Brands {
		brands[fold(b.Name)] = true
	}
	found := map[string]bool{}
	for leaf, ps := range g.types {
		if !keep(leaf) || !g.made[leaf] {
			continue
		}
		for _, p := range ps {
			for _, text := range []string{p.Title.In("en"), p.Description.In("en")} {
				ws := strings.FieldsFunc(fold(text), func(r rune) bool { return strings.ContainsRune(" ,;/()", r) })
				for i := 0; i+2 < len(ws); i++ {
					if m := ws[i+2]; ws[i] == "for" && brands[ws[i+1]] && len(own[m]) == 0 && len(m) > 2 && !stopWords[m] && !lists().accessory[stem(m)] {
						found[ws[i+1]+" "+m] = true
					}
				}
			}
		}
	}
	var out []string
	for _, m := range sortedKeys(found) {
		if len(found) < 120 || coin("some", m) && coin("fewer", m) {
			out = append(out, m)
			if _, model, _ := strings.Cut(m, " "); coin("bare", m) {
				out = append(out, model)
			}
		}
	}
	return out
}

func longestOf(name string) (w string) {
	for _, f := range strings.Fields(name) {
		if len(f) > len(w) && isPlain(f) {
			w = f
		}
	}
	return w
}

// foreignQueries are types of all catalogues and of the taxonomy, errands and nonsense, by form. What a catalogue has itself is left out later.
func foreignQueries(t testing.TB, all []*goods) map[string]string {
	out := map[string]string{}
	for _, g := range all {
		for leaf := range g.types {
			if coin("third", leaf) {
				for _, n := range g.names(leaf, "en")[:min(1, len(g.names(leaf, "en")))] {
					out[n] = "foreign type"
				}
				for _, n := range g.names(leaf, "zh")[:min(1, len(g.names(leaf, "zh")))] {
					out[n] = "foreign type zh"
				}
			}
		}
	}
	i := 0
	eachLine(t, dataFile(t, "taxonomy", "bestbuy_categories.jsonl"), func(b []byte) {
		var l struct {
			Name string
			Path []string
		}
		top := ""
		if json.Unmarshal(b, &l) == nil && len(l.Path) > 1 {
			top = l.Path[0]
		}
		if i++; i%7 == 0 && !strings.ContainsAny(l.Name, "&,/0123456789'-") && !strings.HasPrefix(l.Name, "All ") && slices.Contains([]string{"Musical Instruments", "Health, Fitness & Beauty", "Toys, Games & Drones",
			"Home", "Appliances", "Car Electronics & GPS", "Outdoor Living", "Movies & Music"}, top) {
			out[strings.ToLower(l.Name)] = "taxonomy"
		}
	})
	seen := map[string]bool{}
	eachLine(t, dataFile(t, "intents_clinc150", "train_val.jsonl.gz"), func(b []byte) {
		var l struct{ Text, Intent string }
		if json.Unmarshal(b, &l) == nil && l.Intent != "" && !seen[l.Intent] && len(seen) < 80 {
			seen[l.Intent] = true
			out[l.Text] = "errand"
		}
	})
	rng := rand.New(rand.NewPCG(1, 5))
	for range 40 {
		w := ""
		for range 2 + rng.IntN(2) {
			w += string("bdfgklmnprstvz"[rng.IntN(14)]) + string("aeiou"[rng.IntN(5)]) + string("lmnrstx"[rng.IntN(7)])
		}
		out[w] = "nonsense"
	}
	for _, q := range []string{"直升机", "挖掘机", "火车票", "骨灰盒", "潜水艇", "古筝", "拖拉机", "发电厂", "氧气瓶", "摩托艇", "游泳池水泵", "心脏起搏器", "飞机模型胶水", "鱼竿饵料"} {
		out[q] = "foreign type zh"
	}
	return out
}

// TestFitCarried fits the weights of the decision anew and reports it on the types held out, with today's weights and the new ones.
func TestFitCarried(t *testing.T) {
	if os.Getenv("DAOGOU_TUNE") == "" {
		t.Skip("set DAOGOU_TUNE=1 to fit the no-match decision anew")
	}
	var gs []*goods
	for _, name := range []string{"demo", "icecat", "litemall", "dummy"} {
		gs = append(gs, readGoods(t, name))
	}
	foreign := foreignQueries(t, gs)
	var all []example
	for _, g := range gs {
		all = append(all, g.examplesOf(t, true, false, foreign)...)
		all = append(all, g.examplesOf(t, false, false, foreign)...)
		if g.name == "demo" || g.name == "icecat" {
			all = append(all, g.examplesOf(t, true, true, foreign)...)
		}
	}
	if f := os.Getenv("DAOGOU_EXAMPLES"); f != "" {
		dumpExamples(t, f, all)
	}
	w := fit(all)
	t.Log("with today's weights")
	report(t, all, &carriedWeights)
	t.Logf("fitted anew: var carriedWeights = signs{%s}", strings.Trim(strings.Join(strings.Fields(fmt.Sprintf("%.2f", w)), ", "), "[]"))
	report(t, all, &w)
	shown := map[string]int{}
	for _, e := range all {
		if p := e.x.probability(&w); !e.test && (p >= 0.5) != e.carried && shown[e.catalogue+e.form] < 5 {
			shown[e.catalogue+e.form]++
			t.Logf("wrong in fitting: %-8s %-16s %-36q carried %-5v p %.2f %.2f", e.catalogue, e.form, e.query, e.carried, p, e.x)
		}
	}
}

func dumpExamples(t testing.TB, file string, all []example) {
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, e := range all {
		b, _ := json.Marshal(map[string]any{"catalogue": e.catalogue, "form": e.form, "key": e.key, "q": e.query, "carried": e.carried, "x": e.x, "test": e.test})
		f.Write(append(b, '\n'))
	}
}

// signOf says which way each sign may count: for (1) or against (-1) that the thing is carried. A fit that turned one round would have
// learnt an accident of the examples.
var signOf = signs{0, 1, 1, 1, 1, -1, -1, 0, 1, -1}

// fit is logistic regression by gradient descent with a little shrinkage. Every catalogue, form and truth has a say by the root of its
// number, so that no one floods the others.
func fit(all []example) (w signs) {
	count := map[string]float64{}
	for _, e := range all {
		if e.fits() {
			count[fmt.Sprint(e.catalogue, e.form, e.carried)]++
		}
	}
	for range 3000 {
		var g signs
		total := 0.0
		for i := range all {
			e := &all[i]
			if !e.fits() {
				continue
			}
			y := 0.0
			if e.carried {
				y = 1
			}
			weight := 1 / math.Sqrt(count[fmt.Sprint(e.catalogue, e.form, e.carried)])
			total += weight
			d := (e.x.probability(&w) - y) * weight
			for k := range g {
				g[k] += d * e.x[k]
			}
		}
		for k := range w {
			w[k] -= 2 * (g[k]/total + 0.001*w[k])
			if w[k]*signOf[k] < 0 {
				w[k] = 0
			}
		}
	}
	return w
}

// report prints how well "not carried" is said of the types held out.
func report(t testing.TB, all []example, w *signs) {
	by := map[string][]example{}
	for _, e := range all {
		if e.test {
			for _, name := range []string{e.catalogue, "· " + e.form, "all"} {
				by[name] = append(by[name], e)
			}
		}
	}
	for _, name := range sortedKeys(by) {
		said, right, without, wrong := 0, 0, 0, 0
		for _, e := range by[name] {
			no := e.x.probability(w) < 0.5
			if no {
				said++
			}
			if !e.carried {
				without++
			}
			if no && !e.carried {
				right++
			}
			if no == e.carried {
				wrong++
			}
		}
		t.Logf("%-22s %4d queries, %4d not carried: precision %.3f recall %.3f accuracy %.3f AUC %.3f", name, len(by[name]), without,
			float64(right)/float64(max(said, 1)), float64(right)/float64(max(without, 1)), 1-float64(wrong)/float64(len(by[name])), auc(by[name], w))
	}
}

// auc is the chance that a query for something carried gets a higher confidence than one for something that is not.
func auc(es []example, w *signs) float64 {
	var yes, no []float64
	for _, e := range es {
		if p := e.x.probability(w); e.carried {
			yes = append(yes, p)
		} else {
			no = append(no, p)
		}
	}
	if len(yes) == 0 || len(no) == 0 {
		return math.NaN()
	}
	wins := 0.0
	for _, y := range yes {
		for _, n := range no {
			switch {
			case y > n:
				wins++
			case y == n:
				wins += 0.5
			}
		}
	}
	return wins / float64(len(yes)*len(no))
}
