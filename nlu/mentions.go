package nlu

import (
	"slices"

	"github.com/agnivade/levenshtein"

	"daogou/catalog"
)

// MentionKind says what a mention names.
type MentionKind uint8

const (
	MentionCategory MentionKind = iota
	MentionFacet                // a facet by its own name: "colour"
	MentionValue                // a value of an enum facet, or a brand
	MentionYes                  // words that mean yes for a bool facet: "waterproof"
	MentionNumber
)

// Reading is one thing that a mention may name.
type Reading struct {
	Kind     MentionKind
	Category string
	Facet    string // of a facet, a value or a yes; catalog.FacetBrand of a brand
	Value    string // enum value or brand
}

// Mention is a stretch of a turn that the catalogue or arithmetic knows something about: what could be meant, not what is. Whether "black" in a turn is wanted,
// excluded or beside the point is for a parser to say.
type Mention struct {
	Start, End int       // bytes in the text
	Readings   []Reading // the likeliest first; none of a number
	Fuzzy      bool      // read through a spelling mistake
	Number     *Amount
}

// Amount is a number with what it is measured in, without the words that bound it.
type Amount struct {
	Lo, Hi   float64 // the same, or the ends of a range
	Unit     string  // as package units names it
	Currency string  // of money
	Stars    bool    // of a rating
}

// Mentions lists what a turn may speak of, in order and without overlaps. facets, if not nil, are the only facets whose values count.
func (p *Rules) Mentions(t Turn) []Mention {
	if t.Schema == nil {
		return nil
	}
	lang := Detect(t.Text, orEnglish(t.State.Lang))
	lex := p.lex.of(t.Schema)
	m := &mentions{r: read(t.Text, lang), lex: lex, turn: t, home: BareCurrency(t.State.Currency, lang, t.Schema.Currency)}
	return m.all()
}

func orEnglish(lang string) string {
	if lang == "" {
		return "en"
	}
	return lang
}

// mentions is the search for what one turn speaks of.
type mentions struct {
	r       *reading
	lex     *lexicon
	turn    Turn
	home    string
	context facetSet // facets of the categories in play; nil: any
}

func (m *mentions) all() []Mention {
	m.context = m.facetsInPlay()
	var out []Mention
	for i := 0; i < len(m.r.toks); {
		x, j := m.at(i)
		if j <= i {
			i++
			continue
		}
		if len(x.Readings) > 0 || x.Number != nil {
			x.Start, x.End = m.r.toks[i].start, m.r.toks[j-1].end
			out = append(out, x)
		}
		i = j
	}
	return out
}

// at reads the longest mention at token i and says where it ends; i if there is none.
func (m *mentions) at(i int) (Mention, int) {
	var x Mention
	num, numEnd := m.amountAt(i)
	for _, lm := range m.lex.matchesAt(m.r.toks, i) {
		if num != nil && lm.j < numEnd {
			break
		}
		if rs := m.readings(lm.ents); len(rs) > 0 && !m.splitsWord(lm) {
			x.Readings = rs
			if lm.j == numEnd {
				x.Number = num // "27 inch" may be a value and an amount
			}
			return x, lm.j
		}
	}
	if num != nil {
		x.Number = num
		return x, numEnd
	}
	if lm, ok := m.fuzzyAt(i); ok {
		if rs := m.readings(lm.ents); len(rs) > 0 {
			x.Readings, x.Fuzzy = rs, true
			return x, lm.j
		}
	}
	return x, i
}

// splitsWord says whether a lone everyday word or stop word is all that a match is made of.
func (m *mentions) splitsWord(lm lexMatch) bool {
	return lm.j-lm.i == 1 && m.r.toks[lm.i].kind == tokWord && (len(m.r.toks[lm.i].text) < 2 && m.turn.State.Asked == "" || book().stopword[m.r.toks[lm.i].text])
}

// amountAt reads a number at token i, with its unit or currency.
func (m *mentions) amountAt(i int) (*Amount, int) {
	q, ok := m.r.measureAt(i, m.home)
	if !ok || q.ni != i && q.i != i {
		n, k := m.r.number(i)
		if k == 0 || m.r.toks[i].kind != tokNumber {
			return nil, i
		}
		return &Amount{Lo: n.lo, Hi: n.hi}, i + k
	}
	if counted[q.unit] {
		q.unit = ""
	}
	a, j := &Amount{Lo: q.lo, Hi: q.hi, Unit: q.unit, Currency: q.currency, Stars: q.stars}, q.nj
	if a.Lo == a.Hi && a.Unit == "" {
		if n, k := m.shortened(i, j, a.Lo); k > 0 {
			a.Lo, a.Hi, j = n, n, j+k
		}
	}
	return m.bigUnit(a, j)
}

// shortened reads the rest of a number said short: the 2 of 1k2 is 200, the fifty of "one fifty" makes it 150.
func (m *mentions) shortened(i, j int, n float64) (float64, int) {
	if j >= len(m.r.toks) {
		return 0, 0
	}
	next := m.r.toks[j]
	if last := m.r.toks[j-1].text; next.kind == tokNumber && len(next.text) == 1 && !next.space {
		switch last {
		case "k", "千":
			return n + float64(next.text[0]-'0')*100, 1
		case "w", "万":
			return n + float64(next.text[0]-'0')*1000, 1
		}
	}
	if m.r.toks[i].kind == tokWord && j == i+1 && n >= 1 && n <= 9 && next.kind == tokWord {
		if d, k := m.r.number(j); k > 0 && d.lo == d.hi && d.lo >= 10 && d.lo <= 99 {
			return n*100 + d.lo, k
		}
	}
	return 0, 0
}

// bigUnit reads a lone capital G or T, by which shoppers mean gigabytes and terabytes.
func (m *mentions) bigUnit(a *Amount, j int) (*Amount, int) {
	units := map[string]string{"G": "GB", "T": "TB"}
	if u := units[m.said(j-1)]; u != "" && a.Unit == "g" {
		a.Unit = u
		return a, j
	}
	if a.Unit == "" && a.Currency == "" {
		k := j
		if m.r.text1(k) == "个" {
			k++
		}
		if u := units[m.said(k)]; u != "" {
			a.Unit = u
			return a, k + 1
		}
	}
	return a, j
}

// said is token i as it was typed.
func (m *mentions) said(i int) string {
	if i < 0 || i >= len(m.r.toks) {
		return ""
	}
	return m.r.text[m.r.toks[i].start:m.r.toks[i].end]
}

// counted are units that only count: "four people" is four.
var counted = map[string]bool{"piece": true, "person": true, "pair": true, "pack": true, "set": true, "bottle": true, "box": true}

// maxReadings bounds how many meanings of one phrase are told.
const maxReadings = 4

// readings are the meanings of a phrase that are in play: those of the facet asked about first, then in the order that matters to a buyer.
func (m *mentions) readings(ents []entry) []Reading {
	type ranked struct {
		Reading
		rank int
	}
	var list []ranked
	for _, e := range ents {
		r := Reading{Facet: e.id, Value: e.value}
		rank := 1000
		switch e.kind {
		case lexCategory:
			r, rank = Reading{Kind: MentionCategory, Category: e.id}, 0
		case lexBrand:
			r, rank = Reading{Kind: MentionValue, Facet: catalog.FacetBrand, Value: e.id}, 1
		case lexFacet:
			r.Kind = MentionFacet
		case lexValue:
			r.Kind = MentionValue
		case lexBool:
			r.Kind = MentionYes
		}
		if e.kind == lexFacet || e.kind == lexValue || e.kind == lexBool {
			at, has := m.context[e.id]
			if m.context != nil && !has {
				continue
			}
			rank = 2 + at
		}
		if e.id == m.turn.State.Asked && e.kind != lexCategory {
			rank = -1
		}
		list = append(list, ranked{r, rank})
	}
	slices.SortStableFunc(list, func(a, b ranked) int { return a.rank - b.rank })
	var out []Reading
	for _, x := range list {
		if len(out) < maxReadings {
			out = append(out, x.Reading)
		}
	}
	return out
}

// facetsInPlay are the facets of every category that the turn names and of the one the need is about; nil if there is none.
func (m *mentions) facetsInPlay() facetSet {
	var cats []string
	for _, c := range m.turn.State.Constraints {
		if c.Facet == catalog.FacetCategory {
			for _, v := range c.Values {
				cats = append(cats, v.Str())
			}
		}
	}
	for i := 0; i < len(m.r.toks); i++ {
		ms := m.lex.matchesAt(m.r.toks, i)
		if len(ms) == 0 {
			if lm, ok := m.fuzzyAt(i); ok {
				ms = []lexMatch{lm}
			}
		}
		for _, lm := range ms {
			for _, e := range lm.ents {
				if e.kind == lexCategory && !m.splitsWord(lm) {
					cats = append(cats, e.id)
				}
			}
		}
	}
	if len(cats) == 0 {
		return nil
	}
	all := facetSet{}
	for _, c := range cats {
		for id, at := range m.lex.facetsOf(c) {
			if old, ok := all[id]; !ok || at < old {
				all[id] = at
			}
		}
	}
	return all
}

// Shortest words that are read through one and through two spelling mistakes.
const (
	oneMistake  = 5
	twoMistakes = 9
)

// fuzzyAt reads an English word that the catalogue does not know as the nearest one that it does, if one is near.
func (m *mentions) fuzzyAt(i int) (lexMatch, bool) {
	t := m.r.toks[i]
	if t.kind != tokWord || len(t.stem) < oneMistake-1 || len(t.stem) > 30 || m.lex.words[t.stem] != 0 || book().stopword[t.text] || len(m.r.at[i]) > 0 {
		return lexMatch{}, false
	}
	allowed := 1
	if len(t.stem) >= twoMistakes {
		allowed = 2
	}
	best := ""
	for _, w := range m.lex.vocab[t.stem[0]] {
		if len(w) < oneMistake-1 || len(w) > len(t.stem)+allowed || len(w) < len(t.stem)-allowed {
			continue
		}
		d := levenshtein.ComputeDistance(t.stem, w)
		if swapped(t.stem, w) {
			d = 1
		}
		if d <= allowed {
			best, allowed = w, d-1
		}
		if allowed < 1 {
			break
		}
	}
	if best == "" {
		return lexMatch{}, false
	}
	toks := slices.Clone(m.r.toks)
	toks[i].stem = best
	ms := m.lex.matchesAt(toks, i)
	if len(ms) == 0 {
		return lexMatch{}, false
	}
	return ms[0], true
}

// swapped says whether two words differ by two neighbouring letters in each other's place.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i+1 < len(a); i++ {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}

// FacetsOf says which facets may be said of a category.
func (p *Rules) FacetsOf(s *catalog.Schema, category string) func(facet string) bool {
	return p.lex.of(s).facetsOf(category).has
}
