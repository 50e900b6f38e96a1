package task

import (
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
	w := p.sort(d)
	w.head(d)
	for _, tag := range p.walk {
		if w.closed[tag] {
			continue
		}
		w.tok(tag)
		if w.about[tag] == nil {
			w.put(tokSkip)
		}
		w.out = append(w.out, w.about[tag]...)
	}
	w.out = append(w.out, w.rest...)
	for k, word := range d.Keywords {
		if k < maxKeys {
			w.keyword(word)
		}
	}
	w.put(tokEnd)
	return w.out, w.lost
}

// brief writes a delta without keywords and what is beside the point, for the draft.
func (p *ParsePrompt) brief(d nlu.Delta) []int32 {
	w := p.sort(d)
	w.head(d)
	for _, tag := range p.walk {
		if w.about[tag] != nil {
			w.tok(tag)
			w.out = append(w.out, w.about[tag]...)
		}
	}
	return append(w.out, w.rest...)
}

// sort decides for each part of a delta which tag of the walk it is said by.
func (p *ParsePrompt) sort(d nlu.Delta) *answerWriter {
	w := &answerWriter{p: p, about: map[int32][]int32{}, closed: map[int32]bool{}}
	for _, c := range d.Set {
		if !w.set(c) {
			w.lost++
		}
	}
	w.rest = w.rest[:min(len(w.rest), w.fit(maxSets))]
	w.facets(tokDrop, d.Drop)
	w.facets(tokAny, d.NoPreference)
	for _, id := range d.References {
		if tag, ok := p.tags.find("i:" + id); ok {
			w.rest = append(w.rest, w.id(tokRef), tag)
		} else {
			w.lost++
		}
	}
	w.facets(tokAsk, d.AskFacets)
	if d.Quantity > 0 {
		w.quantity(d.Quantity)
	}
	return w
}

// answerWriter writes one answer.
type answerWriter struct {
	p      *ParsePrompt
	about  map[int32][]int32 // tag of the walk → what it is there for
	closed map[int32]bool    // amounts that close a range and are not visited again
	rest   []int32           // what the turn means without naming it
	starts []int             // of the <set>s in rest
	out    []int32
	lost   int
}

func (w *answerWriter) id(name string) int32 { return w.p.tags.v.id[name] }
func (w *answerWriter) tok(id int32)         { w.out = append(w.out, id) }
func (w *answerWriter) put(name string)      { w.tok(w.id(name)) }

// head writes the acts.
func (w *answerWriter) head(d nlu.Delta) {
	w.tok(w.p.tags.v.act[d.Act])
	for _, a := range d.Also {
		w.put(tokAlso)
		w.tok(w.p.tags.v.act[a])
	}
	if d.NewNeed {
		w.put(tokNew)
	}
}

// fit is the length of rest with so many constraints.
func (w *answerWriter) fit(n int) int {
	if n < len(w.starts) {
		w.lost += len(w.starts) - n
		return w.starts[n]
	}
	return len(w.rest)
}

// say notes what a tag is there for: at the tag itself if the turn mentions it, else behind the walk.
func (w *answerWriter) say(tag int32, soft bool, decision ...int32) bool {
	if soft {
		decision = append(decision, w.id(tokSoft))
	}
	if slices.Contains(w.p.walk, tag) {
		if w.about[tag] != nil || w.closed[tag] {
			return false
		}
		w.about[tag] = decision
		return true
	}
	w.unnamed(append([]int32{tag}, decision...)...)
	return true
}

// unnamed adds a <set> behind the walk.
func (w *answerWriter) unnamed(toks ...int32) {
	w.starts = append(w.starts, len(w.rest))
	w.rest = append(append(w.rest, w.id(tokSet)), toks...)
}

// facets notes what is asked or no longer minded, at the facet's name or a value of it if the turn mentions one.
func (w *answerWriter) facets(name string, ids []string) {
	for _, id := range ids {
		f, ok := w.p.tags.facetToken(id)
		switch {
		case ok && slices.Contains(w.p.walk, f) && w.about[f] == nil:
			w.about[f] = []int32{w.id(name)}
		case name == tokAsk && w.asksByValue(id):
		case ok:
			w.rest = append(w.rest, w.id(name), f)
		default:
			w.lost++
		}
	}
}

// asksByValue notes a question about a facet at the first value of it that the turn names.
func (w *answerWriter) asksByValue(facet string) bool {
	for _, tag := range w.p.walk {
		if m := w.p.tags.meaning(tag); m != nil && m.kind == tagValue && m.facet == facet && w.about[tag] == nil {
			w.about[tag] = []int32{w.id(tokAsk)}
			return true
		}
	}
	return false
}

// set notes one constraint.
func (w *answerWriter) set(c nlu.Constraint) bool {
	switch {
	case len(c.Values) == 0:
		return false
	case c.Values[0].IsStr():
		return w.byTag(c)
	case c.Values[0].IsBool():
		return w.yesNo(c)
	}
	return w.compared(c)
}

func (w *answerWriter) byTag(c nlu.Constraint) bool {
	prefix := "v:" + c.Facet + ":"
	if c.Facet == catalog.FacetCategory {
		prefix = "c:"
	}
	all := true
	for _, v := range c.Values {
		tag, ok := w.p.tags.find(prefix + v.Str())
		switch {
		case !ok:
			all = false
		case slices.Contains(w.p.walk, tag):
			op := w.id(tokEq)
			if c.Op == catalog.OpNe {
				op = w.id(tokNe)
			}
			all = w.say(tag, !c.Hard, op) && all
		case c.Op == catalog.OpNe:
			w.unnamed(w.softened(c, w.id(tokNe), tag)...)
		default:
			w.unnamed(w.softened(c, tag)...)
		}
	}
	return all
}

func (w *answerWriter) softened(c nlu.Constraint, toks ...int32) []int32 {
	if !c.Hard {
		toks = append(toks, w.id(tokSoft))
	}
	return toks
}

func (w *answerWriter) yesNo(c nlu.Constraint) bool {
	f, ok := w.p.tags.facetToken(c.Facet)
	if !ok {
		return false
	}
	name := tokNo
	if c.Values[0].Bool() != (c.Op == catalog.OpNe) {
		name = tokYes
	}
	return w.say(f, !c.Hard, w.id(name))
}

// compared notes a condition on a number at whatever in the prompt has that number.
func (w *answerWriter) compared(c nlu.Constraint) bool {
	f, ok := w.p.tags.facetToken(c.Facet)
	if !ok {
		return false
	}
	lo := c.Values[0].Num()
	if c.Op != catalog.OpBetween {
		tok, ok := w.operand(c, lo, lo)
		return ok && w.measured(c, f, opTokens[c.Op], tok)
	}
	if len(c.Values) != 2 {
		return false
	}
	hi := c.Values[1].Num()
	if lo == hi { // a range of one number is that number
		c.Op, c.Values = catalog.OpEq, c.Values[:1]
		return w.compared(c)
	}
	if tok, ok := w.operand(c, lo, hi); ok {
		return w.measured(c, f, tokBetw, tok)
	}
	mid := (lo + hi) / 2
	if tok, ok := w.operand(c, mid, mid); ok && math.Abs(hi-lo-2*aboutShare*mid) < 0.002*mid {
		return w.measured(c, f, tokAbout, tok)
	}
	a, okA := w.operand(c, lo, lo)
	b, okB := w.operand(c, hi, hi)
	if w.place(b) < w.place(a) {
		a, b = b, a
	}
	return okA && okB && a != b && w.measured(c, f, tokBetw, a, b)
}

// place is where on the walk a tag stands; behind it if it is not mentioned.
func (w *answerWriter) place(tag int32) int {
	if i := slices.Index(w.p.walk, tag); i >= 0 {
		return i
	}
	return maxWalk
}

// measured notes a comparison at its first operand.
func (w *answerWriter) measured(c nlu.Constraint, f int32, op string, operands ...int32) bool {
	if w.place(operands[0]) == maxWalk {
		w.unnamed(w.softened(c, append([]int32{f, w.id(op)}, operands...)...)...)
		return true
	}
	for _, tag := range operands[1:] {
		if w.about[tag] != nil {
			return false
		}
		if w.place(tag) < maxWalk {
			w.closed[tag] = true
		}
	}
	return w.say(operands[0], !c.Hard, append([]int32{f, w.id(op)}, operands[1:]...)...)
}

// operand is the tag of an amount from lo to hi that is not about something else, of a literal that the turn does not say, or of an item whose own value it is.
func (w *answerWriter) operand(c nlu.Constraint, lo, hi float64) (tok int32, ok bool) {
	t := w.p.tags
	for _, tag := range w.p.walk {
		if m := t.meaning(tag); w.free(tag, m, c.Facet) && w.same(c, m, lo, hi) {
			return tag, true
		}
	}
	// "up to 300" where the turn says 200 to 300
	for _, tag := range w.p.walk {
		if m := t.meaning(tag); w.free(tag, m, c.Facet) && (c.Op == catalog.OpLe && w.same(c, m, m.amount.Lo, hi) || c.Op == catalog.OpGe && w.same(c, m, lo, m.amount.Hi)) {
			return tag, true
		}
	}
	if lo != hi {
		return 0, false
	}
	if c.Op != catalog.OpBetween {
		for k, m := range t.list[tagItem] {
			if v, ok := valueIn(m.product, c.Facet, orElse(c.Unit, w.p.home)); ok && v.IsNum() && near(v.Num(), lo) {
				return t.token(tagItem, k), true
			}
		}
	}
	if lo == math.Trunc(lo) && lo >= 0 && lo <= maxLiteral && c.Facet != catalog.FacetPrice && w.inOwnUnit(c) && !w.p.says(lo) {
		return t.v.tags[tagLiteral] + int32(lo), true
	}
	return 0, false
}

// free says whether an amount that a facet can be measured in has no meaning yet.
func (w *answerWriter) free(tag int32, m *meaning, facet string) bool {
	return m != nil && m.kind == tagAmount && w.about[tag] == nil && !w.closed[tag] && w.p.fits(facet, m.amount)
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
	for _, tag := range w.p.walk {
		if m := w.p.tags.meaning(tag); m != nil && m.kind == tagAmount && m.amount.Lo == float64(n) && m.amount.Hi == float64(n) && w.about[tag] == nil && !w.closed[tag] {
			w.about[tag] = []int32{w.id(tokQty)}
			return
		}
	}
	if n <= maxLiteral {
		w.rest = append(w.rest, w.id(tokQty), w.p.tags.v.tags[tagLiteral]+int32(n))
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
	tagWeight     = 0.1
)

// Weights says how much predicting each token of the prompt and its answer counts. A visited tag is given, not chosen.
func (p *ParsePrompt) Weights(answer []int32) []float32 {
	w := make([]float32, len(p.Tokens)+len(answer))
	t := p.tags
	said := false
	for i, tok := range p.Tokens {
		if said && t.isTag(tok) {
			w[i] = tagWeight
		}
		said = (said || tok == t.v.id[tokSay]) && tok != t.v.id[tokDraft]
	}
	key, end := t.v.id[tokKey], t.v.id[tokEnd]
	g := newGrammar(p)
	inKey := false
	for i, tok := range answer {
		weight := float32(1)
		if next, _ := g.Allowed(nil); len(next) == 1 {
			weight = 0
		}
		if inKey && tok != key && tok != end {
			weight = keywordWeight
		}
		inKey = inKey || tok == key
		w[len(p.Tokens)+i] = weight
		if g.Accept(tok) != nil {
			break
		}
	}
	return w
}
