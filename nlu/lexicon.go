package nlu

import (
	"slices"
	"strings"
	"sync"

	"daogou/catalog"
)

// lexKind says what a phrase of the catalogue names.
type lexKind uint8

const (
	lexCategory lexKind = iota
	lexFacet            // the facet itself: "colour"
	lexValue            // one value of an enum facet: "navy"
	lexBool             // a yes: "waterproof"
	lexBrand
)

// entry is one meaning of a phrase. A risky one is also an everyday word, a lone letter, ideograph or number: it counts only where the talk is about its facet.
type entry struct {
	kind  lexKind
	id    string // category, facet or brand
	value string // of an enum
	risky bool
	exact bool // in the spelling of the catalogue, not by its stem
	label bool // of a category: its label
	head  bool // of categories: a word in which their names end, not a name of theirs
	dept  bool // of a category: a part of its label, which names it only where nothing else is named
	at    int  // order in the schema, for ties
}

// lexicon is every phrase of one catalogue, in both languages, in one trie over stems. It is immutable once built and shared by all turns.
type lexicon struct {
	schema  *catalog.Schema
	words   map[string]int32 // stem → its number
	next    map[uint64]int32 // node<<32 | word → node
	ents    [][]entry        // by node
	vocab   map[byte][]string
	facets  sync.Map              // kinds → facetSet
	heads   map[string][]headName // last word of a name → the categories that it is a name of
	parents map[string]bool       // categories with others below them
	shoes   []*catalog.Facet      // of shoe sizes
	spread  map[string]int
}

// facetSet is which facets a category's products have, with their place in the order that matters to a buyer.
type facetSet map[string]int

// lexMatch is a phrase of the catalogue at tokens [i, j).
type lexMatch struct {
	i, j int
	ents []entry
}

func newLexicon(s *catalog.Schema) *lexicon {
	x := &lexicon{schema: s, words: map[string]int32{}, next: map[uint64]int32{}, ents: make([][]entry, 1), vocab: map[byte][]string{}, spread: map[string]int{},
		heads: map[string][]headName{}, parents: map[string]bool{}}
	for i := range s.Categories {
		c := &s.Categories[i]
		x.parents[c.Parent] = true
		eachName(c.Label, c.Synonyms, func(name string, label bool) {
			x.add(name, entry{kind: lexCategory, id: c.ID, at: i, label: label})
			x.addHeads(name, headName{c.ID, label})
		})
		for _, f := range c.Facets {
			x.spread[f]++
		}
	}
	for i := range s.Facets {
		x.addFacet(&s.Facets[i], i)
		if isShoeSize(&s.Facets[i]) {
			x.shoes = append(x.shoes, &s.Facets[i])
		}
	}
	for i, b := range s.Brands {
		x.add(b.Name, entry{kind: lexBrand, id: b.Name, at: i})
		x.addTexts(b.Label, b.Synonyms, entry{kind: lexBrand, id: b.Name, at: i})
	}
	for _, b := range builtinFacets {
		if s.Facet(b.id) != nil {
			continue
		}
		for _, p := range fields(b.names) {
			x.add(p, entry{kind: b.kind, id: b.id, exact: true})
		}
	}
	x.nameKinds()
	for w := range x.words {
		x.vocab[w[0]] = append(x.vocab[w[0]], w)
	}
	for _, ws := range x.vocab {
		slices.Sort(ws)
	}
	return x
}

// builtinFacets are the names of what every product has without declaring it.
var builtinFacets = []struct {
	id    string
	kind  lexKind
	names string
}{
	{catalog.FacetPrice, lexFacet, "price, prices, budget, cost, price range, price tag, money, 价格, 价钱, 预算, 价位, 钱"},
	{catalog.FacetBrand, lexFacet, "brand, brands, maker, manufacturer, label, brand name, 品牌, 牌子, 哪个牌子, 厂家"},
	{catalog.FacetRating, lexFacet, "rating, ratings, reviews, review, stars, star rating, 评分, 评价, 好评率, 口碑, 评论"},
	{catalog.FacetInStock, lexBool, "in stock, available now, available right now, in stock now, ready to ship, 有货, 现货, 有现货, 有库存"},
	{catalog.FacetInStock, lexFacet, "stock, availability, 库存"},
	{catalog.FacetOnSale, lexBool, "on sale, on offer, discounted, on discount, on promotion, reduced, with a discount, special offer, 打折, 打折的, 促销, 特价, 优惠的, 有优惠, 有折扣, 折扣"},
}

func (x *lexicon) addFacet(f *catalog.Facet, at int) {
	switch f.Kind {
	case catalog.KindBool:
		x.addTexts(f.Label, f.Synonyms, entry{kind: lexBool, id: f.ID, at: at})
		return
	case catalog.KindText:
		x.addTexts(f.Label, f.Synonyms, entry{kind: lexFacet, id: f.ID, at: at})
		return
	}
	x.addTexts(f.Label, f.Synonyms, entry{kind: lexFacet, id: f.ID, at: at})
	for i := range f.Values {
		v := &f.Values[i]
		x.addTexts(v.Label, v.Synonyms, entry{kind: lexValue, id: f.ID, value: v.ID, at: at})
		x.addKin(v, entry{kind: lexValue, id: f.ID, value: v.ID, at: at})
		if len(v.Label) == 0 {
			x.add(v.ID, entry{kind: lexValue, id: f.ID, value: v.ID, at: at})
		}
	}
}

// people are the words for those whom a value of a facet such as "for women" means, by its label in either language.
var people = []struct{ labels, words string }{
	{"women women's 女 女士 女款 女性", "mum, mom, mother, mommy, wife, girlfriend, sister, grandma, grandmother, aunt, lady, ladies, woman, 妈妈, 妈, 母亲, 老婆, 太太, 妻子, 女朋友, 女友, 姐姐, 妹妹, 姐妹, 闺蜜, 奶奶, 外婆, 姥姥, 阿姨, 婆婆, 岳母, 女生, 女士, 女款, 女式, 女性, 女人, 女"},
	{"men men's 男 男士 男款 男性", "dad, father, daddy, husband, boyfriend, brother, grandpa, grandfather, uncle, man, gentleman, 爸爸, 爸, 父亲, 老公, 丈夫, 男朋友, 男友, 哥哥, 弟弟, 兄弟, 爷爷, 外公, 姥爷, 叔叔, 岳父, 男生, 男士, 男款, 男式, 男性, 男人, 男"},
	{"kids kids' children 儿童 童款", "kid, child, children, son, daughter, boy, girl, toddler, niece, nephew, grandson, granddaughter, 儿子, 女儿, 孩子, 小孩, 小孩子, 小朋友, 娃, 娃娃, 宝宝, 男孩, 女孩, 男童, 女童, 侄子, 侄女, 外甥, 孙子, 孙女"},
}

// addKin lets shoppers say for whom something is by who that is to them.
func (x *lexicon) addKin(v *catalog.FacetValue, e entry) {
	for _, p := range people {
		names := " " + p.labels + " "
		for _, l := range v.Label {
			if !strings.Contains(names, " "+strings.ToLower(l)+" ") {
				continue
			}
			for _, w := range fields(p.words) {
				x.add(w, e)
			}
			return
		}
	}
}

func (x *lexicon) addTexts(label catalog.Text, synonyms map[string][]string, e entry) {
	for _, s := range label {
		x.add(s, e)
	}
	for _, list := range synonyms {
		for _, s := range list {
			x.add(s, e)
		}
	}
}

// maxPhrase is the longest phrase, in tokens, that the lexicon learns. Longer labels are sentences.
const maxPhrase = 12

// add learns a phrase, and its variant without brackets: "Shoe size (EU)" is also "shoe size".
func (x *lexicon) add(phrase string, e entry) {
	if len(phrase) > 200 {
		return
	}
	plain := plainTokens(phrase)
	if len(plain) == 0 || len(plain) > maxPhrase {
		return
	}
	e.risky = isRisky(plain, e.kind)
	if e.risky && e.kind == lexFacet && (plain[0].kind == tokHan && len(plain) > 1 || book().stopword[plain[0].text] && !namesFacet[plain[0].text]) {
		return // a facet called "for" would be everywhere
	}
	n := int32(0)
	for _, t := range plain {
		n = x.step(n, t.stem)
	}
	for i, old := range x.ents[n] {
		if old.kind == e.kind && old.id == e.id && old.value == e.value {
			x.ents[n][i].risky, x.ents[n][i].label = old.risky && e.risky, old.label || e.label
			return
		}
	}
	x.ents[n] = append(x.ents[n], e)
}

// plainTokens are the tokens of a phrase without punctuation and what stands in brackets.
func plainTokens(phrase string) []token {
	var plain []token
	depth := 0
	for _, t := range tokenise(phrase) {
		switch {
		case t.text == "(" || t.text == "[":
			depth++
		case t.text == ")" || t.text == "]":
			depth = max(depth-1, 0)
		case depth == 0 && (t.kind != tokPunct || t.text == "%"):
			plain = append(plain, t)
		}
	}
	return plain
}

// namesFacet are stop words that do name a facet.
var namesFacet = map[string]bool{"size": true, "type": true, "brand": true, "price": true, "colour": true, "cost": true, "budget": true, "fit": true, "stock": true}

func (x *lexicon) step(n int32, stem string) int32 {
	w, ok := x.words[stem]
	if !ok {
		w = int32(len(x.words) + 1)
		x.words[stem] = w
	}
	key := uint64(n)<<32 | uint64(w)
	at, ok := x.next[key]
	if !ok {
		at = int32(len(x.ents))
		x.next[key] = at
		x.ents = append(x.ents, nil)
	}
	return at
}

// everyday are words that name a facet value in some catalogue and something else in most sentences.
var everyday = map[string]bool{
	"first": true, "both": true, "her": true, "him": true, "it": true, "one": true, "light": true, "cold": true, "warm": true, "fall": true, "clean": true, "sweet": true, "smart": true,
	"app": true, "cool": true, "hot": true, "high": true, "low": true, "long": true, "short": true, "small": true, "large": true, "medium": true, "regular": true, "active": true,
	"everyday": true, "everyone": true, "anyone": true, "country": true, "first time": true, "full": true, "open": true, "soft": true, "hard": true, "heavy": true, "thin": true, "thick": true,
	"wide": true, "narrow": true, "fine": true, "rich": true, "pro": true, "sun": true, "stuff": true, "present": true, "test": true, "basic": true, "standard": true, "normal": true,
	"yes": true, "no": true, "other": true, "none": true, "set": true, "single": true, "double": true, "full size": true, "look": true, "place": true, "place to": true,
	"quiet": true, "fast": true, "weather": true, "experience": true, "difficulty": true, "design": true, "print": true, "form": true, "level": true, "count": true, "load": true,
	"多少": true, "大小": true, "声音": true, "几个": true, "智能": true, "普通": true, "标准": true, "其他": true, "自动": true,
}

func isRisky(toks []token, kind lexKind) bool {
	if len(toks) > 1 {
		return everyday[joinTokens(toks)] || allDigits(toks)
	}
	t := toks[0]
	switch t.kind {
	case tokHan, tokNumber, tokOther:
		return true
	}
	if len(t.text) <= 2 && kind != lexCategory && kind != lexBrand {
		return len(t.text) == 1 || book().stopword[t.text]
	}
	return everyday[t.text] && kind != lexCategory || book().stopword[t.text]
}

func allDigits(toks []token) bool {
	for _, t := range toks {
		if t.kind != tokNumber && t.kind != tokPunct {
			return false
		}
	}
	return true
}

// matchesAt lists the phrases that start at token i, the longest first.
func (x *lexicon) matchesAt(toks []token, i int) []lexMatch {
	var out []lexMatch
	n := int32(0)
	for j := i; j < len(toks) && j-i < maxPhrase; j++ {
		w, ok := x.words[toks[j].stem]
		if !ok {
			break
		}
		if n, ok = x.next[uint64(n)<<32|uint64(w)]; !ok {
			break
		}
		if len(x.ents[n]) > 0 {
			out = append(out, lexMatch{i, j + 1, x.ents[n]})
		}
	}
	slices.Reverse(out)
	return out
}

// facetsOf is which facets may be said of a category: its own, its ancestors', and those of the types below it. "" is any category.
func (x *lexicon) facetsOf(category string) facetSet { return x.facetsOfKinds(kinds(category)) }

// facetsOfKinds is which facets may be said of any of several categories.
func (x *lexicon) facetsOfKinds(about kinds) facetSet {
	if v, ok := x.facets.Load(about); ok {
		return v.(facetSet)
	}
	set := facetSet{}
	put := func(id string) {
		if _, ok := set[id]; !ok {
			set[id] = len(set)
		}
	}
	ids := about.list()
	for _, id := range ids {
		for _, f := range x.schema.FacetsOf(id) {
			put(f.ID)
		}
	}
	for i := range x.schema.Categories {
		c := &x.schema.Categories[i]
		if slices.ContainsFunc(ids, func(id string) bool { return c.ID != id && x.schema.Within(c.ID, id) }) {
			for _, id := range c.Facets {
				put(id)
			}
		}
	}
	for i := range x.schema.Facets {
		f := &x.schema.Facets[i]
		if about == "" || x.spread[f.ID] == 0 && len(f.Categories) == 0 || slices.ContainsFunc(ids, func(id string) bool { return x.facetIn(f, id) }) {
			put(f.ID)
		}
	}
	for _, b := range builtinFacets {
		put(b.id)
	}
	x.facets.Store(about, set)
	return set
}

func (x *lexicon) facetIn(f *catalog.Facet, category string) bool {
	for _, c := range f.Categories {
		if x.schema.Within(category, c) || x.schema.Within(c, category) {
			return true
		}
	}
	return false
}

// has says whether a facet belongs to the set.
func (s facetSet) has(id string) bool { _, ok := s[id]; return ok }

// lexicons keeps the compiled lexicons of the catalogues in use, the last few.
type lexicons struct {
	mu   sync.Mutex
	list []*lexicon
}

func (l *lexicons) of(s *catalog.Schema) *lexicon {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, x := range l.list {
		if x.schema == s {
			l.list = append(append(l.list[:i:i], l.list[i+1:]...), x)
			return x
		}
	}
	x := newLexicon(s)
	if l.list = append(l.list, x); len(l.list) > 4 {
		l.list = slices.Clone(l.list[1:])
	}
	return x
}
