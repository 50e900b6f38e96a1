package data

import (
	"math/rand/v2"
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/generator/task"
	"daogou/generator/task/shops"
)

// seeker words needs for one product, as people type them into search boxes and say them: by its type, its values, its brand and words of its title.
type seeker struct {
	rng     *rand.Rand
	schema  *catalog.Schema
	product *catalog.Product
	lang    string
	told    []catalog.Constraint // what the need says of the product
	words   []string             // of its title
}

func newSeeker(rng *rand.Rand, schema *catalog.Schema, p *catalog.Product) *seeker {
	return &seeker{rng: rng, schema: schema, product: p, lang: []string{"en", "zh"}[rng.IntN(2)]}
}

func (w *seeker) chance(percent int) bool { return w.rng.IntN(100) < percent }

// need words a need, in one of several styles, now and then misspelt.
func (w *seeker) need() string {
	var text string
	switch k := w.rng.IntN(100); {
	case k < 50:
		text = w.searchBox()
	case k < 62:
		text = w.fromTitle(2 + w.rng.IntN(4))
	default:
		text = w.sentence()
	}
	if text != "" && w.chance(18) {
		text = Noise(w.rng, text, w.lang)
	}
	return text
}

// searchBox strings words together: "waterproof tent fernhill", "帐篷 双人 防水".
func (w *seeker) searchBox() string {
	parts := w.values(w.rng.IntN(4))
	if w.chance(22) {
		parts = append(parts, w.brand())
	}
	if w.chance(25) {
		parts = append(parts, w.fromTitle(1+w.rng.IntN(2)))
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	w.rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	if len(parts) == 0 || w.chance(85) {
		at := len(parts)
		if w.chance(25) {
			at = 0
		}
		parts = slices.Insert(parts, at, w.noun())
	}
	sep := " "
	if w.lang == "zh" && w.chance(50) {
		sep = ""
	}
	return strings.Join(parts, sep)
}

// Sentences with a place for the goods, with an article (@) or without (%), and for what they should have besides.
var (
	seekCarriers = map[string][]string{
		"en": {"i need @", "i need %", "looking for @", "looking for %", "do you have @?", "do you have any %?", "show me %", "i'd like to buy @", "any % in your shop?", "can you recommend @?",
			"my old one broke, so i want @", "i'm after @ for my sister", "what % do you sell?", "got any %?", "we are moving and need @", "could you help me find @", "a present for dad, maybe @",
			"thinking of getting @", "which % would you take?", "@ for everyday use"},
		"zh": {"我想买%", "有没有%", "找一款%", "想要%", "给我推荐%", "%有吗", "你们卖%吗", "求推荐%，谢谢", "家里的坏了，想换%", "送朋友的，要%", "麻烦帮我看看%", "最近想入手%", "有%卖吗？", "请问有%吗", "打算给孩子买%",
			"%哪款好", "来个%", "平时用的%"},
	}
	seekBesides = map[string][]string{
		"en": {" with %", ", %", " that is %", ", must be %", ", ideally %"},
		"zh": {"，要%", "，最好%", "，%的", "，带%", " %"},
	}
)

// sentence asks for the product as one talks to a shop assistant.
func (w *seeker) sentence() string {
	before, behind := w.values(w.rng.IntN(3)), w.values(w.rng.IntN(3))
	if w.chance(18) {
		before = append(before, w.brand())
	}
	goods := append(before, w.noun())
	text := strings.Join(goods, " ")
	if w.lang == "zh" {
		text = strings.Join(goods, []string{"", "的", ""}[w.rng.IntN(3)])
	}
	text = patterned(w.rng, seekCarriers[w.lang], text)
	for _, v := range behind {
		text = strings.TrimRight(text, "?？ ") + patterned(w.rng, seekBesides[w.lang], v)
	}
	return text
}

// patterned draws a pattern and puts words in its place.
func patterned(rng *rand.Rand, patterns []string, words string) string {
	article := "a "
	if strings.ContainsAny(words[:min(1, len(words))], "aeiou") {
		article = "an "
	}
	return strings.NewReplacer("%", words, "@", article+words).Replace(patterns[rng.IntN(len(patterns))])
}

// noun names the product's type, now and then its family.
func (w *seeker) noun() string {
	n := len(w.product.Category)
	if n == 0 {
		return ""
	}
	id := w.product.Category[n-1]
	if n > 1 && w.chance(7) {
		id = w.product.Category[n-2]
	}
	c := w.schema.Category(id)
	if c == nil {
		return ""
	}
	w.tell(catalog.FacetCategory, catalog.Str(id))
	return w.called(c.Label, c.Synonyms)
}

func (w *seeker) tell(facet string, v catalog.Value) {
	w.told = append(w.told, catalog.Constraint{Facet: facet, Op: catalog.OpEq, Values: catalog.Values{v}})
}

func (w *seeker) brand() string {
	if w.product.Brand == "" {
		return ""
	}
	w.tell(catalog.FacetBrand, catalog.Str(w.product.Brand))
	return strings.ToLower(w.product.Brand)
}

// values names up to n values of the product that nothing was said of: those that matter most to a buyer the more often.
func (w *seeker) values(n int) []string {
	var out []string
	for _, f := range w.facets() {
		if len(out) == n {
			break
		}
		if slices.ContainsFunc(w.told, func(c catalog.Constraint) bool { return c.Facet == f.ID }) || w.chance(35) {
			continue
		}
		vs := w.product.Facets[f.ID]
		if len(vs) == 0 {
			continue
		}
		v := vs[w.rng.IntN(len(vs))]
		name := ""
		switch {
		case f.Kind == catalog.KindEnum && f.Value(v.Str()) != nil:
			name = w.called(f.Value(v.Str()).Label, f.Value(v.Str()).Synonyms)
		case f.Kind == catalog.KindBool && v.Bool():
			name = w.called(f.Label, f.Synonyms)
		}
		if name != "" {
			w.tell(f.ID, v)
			out = append(out, name)
		}
	}
	return out
}

// facets are those of the product's type, somewhat out of order.
func (w *seeker) facets() []*catalog.Facet {
	if len(w.product.Category) == 0 {
		return nil
	}
	fs := slices.Clone(w.schema.FacetsOf(w.product.Category[len(w.product.Category)-1]))
	for i := range fs {
		if j := i + w.rng.IntN(4); j < len(fs) {
			fs[i], fs[j] = fs[j], fs[i]
		}
	}
	return fs
}

// called draws a name in the need's language, or now and then in the other one.
func (w *seeker) called(label catalog.Text, synonyms map[string][]string) string {
	lang := w.lang
	if w.chance(7) {
		lang = map[string]string{"en": "zh", "zh": "en"}[lang]
	}
	name := label.In(lang)
	if list := synonyms[lang]; len(list) > 0 && w.chance(50) {
		name = list[w.rng.IntN(len(list))]
	}
	name, _, _ = strings.Cut(name, " (")
	return strings.ToLower(name)
}

// fromTitle takes up to n words of the title that stand near each other, mostly in order, one of them perhaps misspelt. A title without blanks gives a piece.
func (w *seeker) fromTitle(n int) string {
	words := strings.Fields(w.product.Title.In(w.lang))
	if len(words) == 0 {
		return ""
	}
	if r := []rune(words[0]); len(words) == 1 && len(r) > 4 && r[0] >= 0x2e80 {
		size := min(2+n, len(r))
		at := w.rng.IntN(len(r) - size + 1)
		words = []string{string(r[at : at+size])}
	}
	size := min(len(words), n+w.rng.IntN(3))
	at := w.rng.IntN(len(words) - size + 1)
	words = slices.Clone(words[at : at+size])
	for len(words) > n {
		k := w.rng.IntN(len(words))
		words = slices.Delete(words, k, k+1)
	}
	if w.chance(20) {
		w.rng.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	}
	w.words = append(w.words, words...)
	text := strings.ToLower(strings.Join(words, " "))
	if w.chance(15) {
		text = typo(w.rng, text)
	}
	return text
}

// varyProduct exchanges some of a product's values, and its brand, for others of the shop, in its title as well.
func varyProduct(rng *rand.Rand, shop *shops.Shop, p *catalog.Product) *catalog.Product {
	v := *p
	v.Title, v.Facets = catalog.Text{}, map[string][]catalog.Value{}
	for lang, s := range p.Title {
		v.Title[lang] = s
	}
	for id, vs := range p.Facets {
		v.Facets[id] = vs
	}
	if brands := shop.Schema.Brands; len(brands) > 1 && p.Brand != "" && rng.IntN(3) == 0 {
		v.Brand = brands[rng.IntN(len(brands))].Name
		retitle(v.Title, catalog.Text{"en": p.Brand}, catalog.Text{"en": v.Brand})
	}
	for _, f := range shop.Schema.FacetsOf(p.Category[len(p.Category)-1]) {
		old := p.Facets[f.ID]
		switch {
		case rng.IntN(5) > 1 || len(old) == 0:
		case f.Kind == catalog.KindBool:
			v.Facets[f.ID] = []catalog.Value{catalog.Bool(rng.IntN(2) == 0)}
		case f.Kind == catalog.KindEnum && len(old) == 1 && len(f.Values) > 1:
			to := f.Values[rng.IntN(len(f.Values))]
			v.Facets[f.ID] = []catalog.Value{catalog.Str(to.ID)}
			if from := f.Value(old[0].Str()); from != nil {
				retitle(v.Title, from.Label, to.Label)
			}
		}
	}
	return &v
}

// retitle writes another name where a title has one. A name without blanks beside it is another word's part, except in Chinese.
func retitle(title catalog.Text, from, to catalog.Text) {
	for lang, s := range title {
		old, now := from.In(lang), to.In(lang)
		if old == "" || now == "" {
			continue
		}
		if lang == "zh" {
			title[lang] = strings.Replace(s, old, now, 1)
			continue
		}
		at := strings.Index(" "+strings.ToLower(s)+" ", " "+strings.ToLower(old)+" ")
		if at >= 0 && at+len(old) <= len(s) {
			title[lang] = s[:at] + now + s[at+len(old):]
		}
	}
}

// Sought is a need made for one product of a shop, for measuring.
type Sought struct {
	Need    task.Need
	Product string
	Fitting map[string]bool // all products that fit what the need says, this one among them
}

// heldOut parts the draws of measured needs from those that training makes of the same seed.
const heldOut = 0x9e3779b97f4a7c15

// Needs makes n needs for products of a shop, with phrasings from seeds that training does not use. What is said can still be what training said of another product:
// there are only so many ways to ask for a tent.
func Needs(shop *shops.Shop, seed uint64, n int) []Sought {
	var out []Sought
	for i := 0; len(out) < n && i < 4*n && len(shop.Products) > 0; i++ {
		rng := rand.New(rand.NewPCG(seed^heldOut, uint64(i)))
		p := shop.Products[rng.IntN(len(shop.Products))]
		w := newSeeker(rng, shop.Schema, p)
		need := task.NewNeed(w.need(), w.lang)
		if need.Text == "" {
			continue
		}
		s := Sought{need, p.ID, map[string]bool{}}
		for _, q := range shop.Products {
			if w.isTold(q) {
				s.Fitting[q.ID] = true
			}
		}
		out = append(out, s)
	}
	return out
}

// isTold says whether all that the need says is true of a product.
func (w *seeker) isTold(p *catalog.Product) bool {
	for _, c := range w.told {
		if has, _ := hasOneOf(p, c); !has {
			return false
		}
	}
	title := p.Title.In(w.lang)
	return !slices.ContainsFunc(w.words, func(word string) bool { return !strings.Contains(title, word) })
}
