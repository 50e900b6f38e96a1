package task

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/catalog/units"
	"daogou/nlu"
)

// Answer writes the delta that a turn should be understood as, in the grammar's order. lost counts what the prompt offers no tag for: the model is not taught to say
// what it cannot see.
func (p *ParsePrompt) Answer(d nlu.Delta) (answer []int32, lost int) {
	w := &answerWriter{p: p}
	w.tok(p.tags.v.act[d.Act])
	for _, a := range d.Also {
		w.put(tokAlso)
		w.tok(p.tags.v.act[a])
	}
	if d.NewNeed {
		w.put(tokNew)
	}
	var sets []written
	for _, c := range d.Set {
		s, ok := w.set(c)
		if !ok {
			w.lost++
			continue
		}
		sets = append(sets, s)
	}
	slices.SortStableFunc(sets, func(a, b written) int { return cmp.Compare(a.at, b.at) })
	for _, s := range sets[:min(len(sets), maxSets)] {
		w.out = append(w.out, s.toks...)
	}
	w.facets(tokDrop, d.Drop)
	w.facets(tokAny, d.NoPreference)
	for _, id := range d.References {
		if tag, ok := p.tags.find("i:" + id); ok {
			w.put(tokRef)
			w.tok(tag)
		} else {
			w.lost++
		}
	}
	w.facets(tokAsk, d.AskFacets)
	if d.Quantity > 0 {
		w.quantity(d.Quantity)
	}
	for k, word := range d.Keywords {
		if k < maxKeys {
			w.keyword(word)
		}
	}
	w.put(tokEnd)
	return w.out, w.lost
}

// written is a constraint in tokens with the place in the turn where it is said.
type written struct {
	toks []int32
	at   int
}

// nowhere sorts what the turn does not say in so many words behind what it says.
const nowhere = math.MaxInt32

type answerWriter struct {
	p    *ParsePrompt
	out  []int32
	lost int
}

func (w *answerWriter) id(name string) int32 { return w.p.tags.v.id[name] }
func (w *answerWriter) tok(id int32)         { w.out = append(w.out, id) }
func (w *answerWriter) put(name string)      { w.tok(w.id(name)) }

func (w *answerWriter) facets(name string, ids []string) {
	for _, id := range ids {
		if f, ok := w.p.tags.facetToken(id); ok {
			w.put(name)
			w.tok(f)
		} else {
			w.lost++
		}
	}
}

// set writes one constraint.
func (w *answerWriter) set(c nlu.Constraint) (written, bool) {
	s := written{toks: []int32{w.id(tokSet)}, at: nowhere}
	ok := false
	switch {
	case len(c.Values) == 0:
	case c.Values[0].IsStr():
		ok = w.byTag(&s, c)
	case c.Values[0].IsBool():
		ok = w.yesNo(&s, c)
	default:
		ok = w.compared(&s, c)
	}
	if !c.Hard {
		s.toks = append(s.toks, w.id(tokSoft))
	}
	return s, ok
}

func (w *answerWriter) byTag(s *written, c nlu.Constraint) bool {
	prefix := "v:" + c.Facet + ":"
	if c.Facet == catalog.FacetCategory {
		prefix = "c:"
	}
	if c.Op == catalog.OpNe {
		s.toks = append(s.toks, w.id(tokNe))
	}
	for _, v := range c.Values {
		tag, ok := w.p.tags.find(prefix + v.Str())
		if !ok {
			return false
		}
		if slices.Contains(s.toks, tag) {
			continue
		}
		s.toks = append(s.toks, tag)
		s.said(w.p.tags.meaning(tag))
	}
	return len(c.Values) <= maxTags
}

// said notes the first place where a tag is spoken of.
func (s *written) said(m *meaning) {
	if m != nil && m.at >= 0 {
		s.at = min(s.at, m.at)
	}
}

func (w *answerWriter) yesNo(s *written, c nlu.Constraint) bool {
	f, ok := w.p.tags.facetToken(c.Facet)
	if !ok {
		return false
	}
	name := tokNo
	if c.Values[0].Bool() != (c.Op == catalog.OpNe) {
		name = tokYes
	}
	s.toks = append(s.toks, f, w.id(name))
	s.said(w.p.tags.meaning(f))
	return true
}

// compared writes a condition on a number with whatever in the prompt has that number.
func (w *answerWriter) compared(s *written, c nlu.Constraint) bool {
	f, ok := w.p.tags.facetToken(c.Facet)
	if !ok {
		return false
	}
	s.toks = append(s.toks, f)
	s.said(w.p.tags.meaning(f))
	lo := c.Values[0].Num()
	if c.Op != catalog.OpBetween {
		tok, at, ok := w.operand(c, lo, lo)
		s.toks, s.at = append(s.toks, w.id(opTokens[c.Op]), tok), min(s.at, at)
		return ok
	}
	if len(c.Values) != 2 {
		return false
	}
	hi := c.Values[1].Num()
	if tok, at, ok := w.operand(c, lo, hi); ok {
		s.toks, s.at = append(s.toks, w.id(tokBetw), tok), min(s.at, at)
		return true
	}
	mid := (lo + hi) / 2
	if tok, at, ok := w.operand(c, mid, mid); ok && math.Abs(hi-lo-2*aboutShare*mid) < 0.002*mid {
		s.toks, s.at = append(s.toks, w.id(tokAbout), tok), min(s.at, at)
		return true
	}
	a, at, okA := w.operand(c, lo, lo)
	b, _, okB := w.operand(c, hi, hi)
	s.toks, s.at = append(s.toks, w.id(tokBetw), a, b), min(s.at, at)
	return okA && okB
}

// operand is the tag of an amount from lo to hi, of a literal, or of an item whose own value it is.
func (w *answerWriter) operand(c nlu.Constraint, lo, hi float64) (tok int32, at int, ok bool) {
	t := w.p.tags
	g := &grammar{p: w.p, facet: c.Facet}
	for k, m := range t.list[tagAmount] {
		if g.fits(&m) && w.same(c, &m, lo, hi) {
			return t.token(tagAmount, k), m.at, true
		}
	}
	// "up to 300" where the turn says 200 to 300
	for k, m := range t.list[tagAmount] {
		if g.fits(&m) && (c.Op == catalog.OpLe && w.same(c, &m, m.amount.Lo, hi) || c.Op == catalog.OpGe && w.same(c, &m, lo, m.amount.Hi)) {
			return t.token(tagAmount, k), m.at, true
		}
	}
	if lo != hi {
		return 0, nowhere, false
	}
	if c.Op != catalog.OpBetween {
		for k, m := range t.list[tagItem] {
			if v, ok := valueIn(m.product, c.Facet, orElse(c.Unit, w.p.home)); ok && v.IsNum() && near(v.Num(), lo) {
				return t.token(tagItem, k), nowhere, true
			}
		}
	}
	if lo == math.Trunc(lo) && lo >= 0 && lo <= maxLiteral && c.Facet != catalog.FacetPrice && w.inOwnUnit(c) {
		return t.v.tags[tagLiteral] + int32(lo), nowhere, true
	}
	return 0, nowhere, false
}

// inOwnUnit says whether a constraint's numbers are in its facet's unit, as a literal is.
func (w *answerWriter) inOwnUnit(c nlu.Constraint) bool {
	f := w.p.turn.Schema.Facet(c.Facet)
	return c.Unit == "" || f != nil && f.Unit == c.Unit
}

// same says whether an amount is the range [lo, hi] of a constraint, whatever the units.
func (w *answerWriter) same(c nlu.Constraint, m *meaning, lo, hi float64) bool {
	a := m.amount
	unit := c.Unit
	if unit == "" {
		if f := w.p.turn.Schema.Facet(c.Facet); f != nil {
			unit = f.Unit
		}
	}
	aLo, aHi := a.Lo, a.Hi
	if c.Facet == catalog.FacetPrice {
		if a.Currency != "" && a.Currency != unit {
			return false
		}
	} else if a.Unit != "" && unit != "" && a.Unit != unit {
		var err error
		if aLo, err = units.Convert(a.Lo, a.Unit, unit); err != nil {
			return false
		}
		aHi, _ = units.Convert(a.Hi, a.Unit, unit)
	}
	return near(aLo, lo) && near(aHi, hi)
}

func near(a, b float64) bool { return math.Abs(a-b) <= 0.01*math.Max(math.Abs(b), 1e-9) }

func (w *answerWriter) quantity(n int) {
	for k, m := range w.p.tags.list[tagAmount] {
		if m.amount.Lo == float64(n) && m.amount.Hi == float64(n) {
			w.put(tokQty)
			w.tok(w.p.tags.token(tagAmount, k))
			return
		}
	}
	if n <= maxLiteral {
		w.put(tokQty)
		w.tok(w.p.tags.v.tags[tagLiteral] + int32(n))
		return
	}
	w.lost++
}

// keyword writes words of the turn as a keyword.
func (w *answerWriter) keyword(word string) {
	p := w.p
	word = strings.ToLower(strings.TrimSpace(word))
	for i := range p.said {
		if !p.start[i] {
			continue
		}
		for j := i + 1; j <= len(p.said) && j-i <= maxKeyword; j++ {
			if j < len(p.said) && !p.start[j] {
				continue
			}
			if strings.ToLower(strings.TrimSpace(p.tags.v.decode(p.said[i:j]))) == word {
				w.put(tokKey)
				w.out = append(w.out, p.said[i:j]...)
				return
			}
		}
	}
	w.lost++
}

// What predicting a token counts in training, where a token of the answer that decides counts 1. Keywords are many tokens that are easy to copy. Tags behind the
// turn's words are part of the prompt: to predict them is to find the name in the schema that the word stands for, which is the skill that answers are made of.
const (
	keywordWeight = 0.3
	tagWeight     = 0.3
)

// Weights says how much predicting each token of the prompt and its answer counts.
func (p *ParsePrompt) Weights(answer []int32) []float32 {
	w := make([]float32, len(p.Tokens)+len(answer))
	said := false
	for i, tok := range p.Tokens {
		if said && p.tags.isTag(tok) {
			w[i] = tagWeight
		}
		said = said || tok == p.tags.v.id[tokSay]
	}
	key, end := p.tags.v.id[tokKey], p.tags.v.id[tokEnd]
	inKey := false
	for i, tok := range answer {
		weight := float32(1)
		if inKey && tok != key && tok != end {
			weight = keywordWeight
		}
		inKey = inKey || tok == key
		w[len(p.Tokens)+i] = weight
	}
	return w
}
