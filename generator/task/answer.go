package task

import (
	"math"
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/nlu"
)

// aboutShare is how far "about 300" reaches to either side.
const aboutShare = 0.1

// Delta reads an answer that the grammar has let through. An answer cut short is read as far as it goes.
func (p *ParsePrompt) Delta(answer []int32) nlu.Delta {
	r := &answerReader{p: p, toks: answer, d: nlu.Delta{Lang: p.lang, By: "model", Act: nlu.ActUnclear}}
	r.read()
	return r.d
}

// answerReader walks an answer's tokens.
type answerReader struct {
	p    *ParsePrompt
	toks []int32
	at   int
	d    nlu.Delta
}

func (r *answerReader) id(name string) int32 { return r.p.tags.v.id[name] }

// take returns the next token and moves on if it satisfies ok.
func (r *answerReader) take(ok func(int32) bool) (int32, bool) {
	if r.at >= len(r.toks) || !ok(r.toks[r.at]) {
		return 0, false
	}
	r.at++
	return r.toks[r.at-1], true
}

func (r *answerReader) is(name string) bool {
	id := r.id(name)
	_, ok := r.take(func(t int32) bool { return t == id })
	return ok
}

// tag takes a tag of a kind; nil if none stands here.
func (r *answerReader) tag(kind tagKind) *meaning {
	var m *meaning
	if _, ok := r.take(func(t int32) bool {
		m = r.p.tags.meaning(t)
		return m != nil && m.kind == kind
	}); !ok {
		return nil
	}
	return m
}

func (r *answerReader) act() (nlu.Act, bool) {
	tok, ok := r.take(func(t int32) bool { _, ok := r.p.tags.v.acts[t]; return ok })
	return r.p.tags.v.acts[tok], ok
}

func (r *answerReader) facet() string {
	tok, ok := r.take(func(t int32) bool { return r.p.tags.facetOf(t) != "" })
	if !ok {
		return ""
	}
	return r.p.tags.facetOf(tok)
}

func (r *answerReader) read() {
	act, ok := r.act()
	if !ok {
		return
	}
	r.d.Act = act
	for r.at < len(r.toks) {
		switch {
		case r.is(tokAlso):
			if a, ok := r.act(); ok {
				r.d.Also = append(r.d.Also, a)
			}
		case r.is(tokNew):
			r.d.NewNeed = true
		case r.is(tokSet):
			r.set()
		case r.is(tokDrop):
			r.d.Drop = appendNew(r.d.Drop, r.facet())
		case r.is(tokAny):
			r.d.NoPreference = appendNew(r.d.NoPreference, r.facet())
		case r.is(tokRef):
			if m := r.tag(tagItem); m != nil {
				r.d.References = appendNew(r.d.References, m.product.ID)
			}
		case r.is(tokAsk):
			r.d.AskFacets = appendNew(r.d.AskFacets, r.facet())
		case r.is(tokQty):
			r.quantity()
		case r.is(tokKey):
			r.key()
		case !r.visit():
			return
		}
	}
}

func appendNew(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// quantity reads how many go into the basket.
func (r *answerReader) quantity() {
	if n, ok := r.operand(""); ok && n.lo >= 0 && n.lo <= 999 {
		r.d.Quantity = int(n.lo)
	}
}

// visit reads a tag of the turn and what it is there for; false if none stands here.
func (r *answerReader) visit() bool {
	if m := r.tag(tagAmount); m != nil {
		r.amount(m)
		return true
	}
	for _, kind := range []tagKind{tagCategory, tagValue} {
		if m := r.tag(kind); m != nil {
			r.named(m)
			return true
		}
	}
	f := r.facet()
	r.spokenFacet(f)
	return f != ""
}

// named reads what a category or a value is there for.
func (r *answerReader) named(m *meaning) {
	switch {
	case r.is(tokEq):
		r.string(m, false)
	case r.is(tokNe):
		r.string(m, true)
	case r.is(tokAsk):
		r.d.AskFacets = appendNew(r.d.AskFacets, m.facet)
	default:
		r.is(tokSkip)
	}
}

// spokenFacet reads what a facet is spoken of for.
func (r *answerReader) spokenFacet(f string) {
	switch {
	case r.is(tokDrop):
		r.d.Drop = appendNew(r.d.Drop, f)
	case r.is(tokAny):
		r.d.NoPreference = appendNew(r.d.NoPreference, f)
	case r.is(tokAsk):
		r.d.AskFacets = appendNew(r.d.AskFacets, f)
	case r.is(tokSkip):
	default:
		r.compared(f)
	}
}

// amount reads what an amount of the turn is about.
func (r *answerReader) amount(m *meaning) {
	if r.is(tokSkip) {
		return
	}
	if r.is(tokQty) {
		r.d.Quantity = min(999, max(0, int(m.amount.Lo)))
		return
	}
	c := nlu.Constraint{Origin: nlu.OriginSaid}
	c.Facet = r.facet()
	if about, ok := r.operator(&c); ok {
		r.bound(&c, r.number(m, c.Facet), about)
	}
}

// set reads a constraint that the turn does not name.
func (r *answerReader) set() {
	neg := r.is(tokNe)
	for _, kind := range []tagKind{tagCategory, tagValue} {
		if m := r.tag(kind); m != nil {
			r.string(m, neg)
			return
		}
	}
	r.compared(r.facet())
}

// string adds a category or a value to what is wanted or excluded: several of one facet are alternatives.
func (r *answerReader) string(m *meaning, neg bool) {
	c := nlu.Constraint{Origin: nlu.OriginSaid, Span: m.span}
	c.Facet, c.Op, c.Values = m.facet, catalog.OpEq, catalog.Values{catalog.Str(m.value)}
	if m.kind == tagCategory {
		c.Facet, c.Values = catalog.FacetCategory, catalog.Values{catalog.Str(m.category)}
	}
	if neg {
		c.Op = catalog.OpNe
	}
	c.Hard = !r.is(tokSoft)
	for i := range r.d.Set {
		old := &r.d.Set[i]
		if old.Facet != c.Facet || !old.Values[0].IsStr() || (old.Op == catalog.OpNe) != neg {
			continue
		}
		if !slices.Contains(old.Values, c.Values[0]) {
			old.Values = append(old.Values, c.Values[0])
		}
		if !neg && len(old.Values) > 1 {
			old.Op = catalog.OpIn
		}
		old.Hard = old.Hard && c.Hard
		old.Span = joinSpans(old.Span, c.Span)
		return
	}
	r.d.Set = append(r.d.Set, c)
}

func joinSpans(a, b string) string {
	if a == "" || b == "" || a == b {
		return orElse(a, b)
	}
	return a + ", " + b
}

// compared reads what a facet set by name is compared with.
func (r *answerReader) compared(facet string) {
	if facet == "" {
		return
	}
	c := nlu.Constraint{Origin: nlu.OriginSaid}
	c.Facet = facet
	if id, ok := r.p.tags.facetToken(facet); ok {
		if m := r.p.tags.meaning(id); m != nil {
			c.Span = m.span
		}
	}
	if yes := r.is(tokYes); yes || r.is(tokNo) {
		c.Op, c.Values = catalog.OpEq, catalog.Values{catalog.Bool(yes)}
		r.add(c)
		return
	}
	if about, ok := r.operator(&c); ok {
		if a, ok := r.operand(facet); ok {
			r.bound(&c, a, about)
		}
	}
}

// add takes a constraint that is complete but for its hardness. Of two that cannot stand side by side the later one counts.
func (r *answerReader) add(c nlu.Constraint) {
	c.Hard = !r.is(tokSoft)
	r.d.Set = slices.DeleteFunc(r.d.Set, func(old nlu.Constraint) bool {
		bounds := old.Op == catalog.OpLe && c.Op == catalog.OpGe || old.Op == catalog.OpGe && c.Op == catalog.OpLe
		return old.Facet == c.Facet && old.Op != catalog.OpNe && c.Op != catalog.OpNe && !bounds
	})
	r.d.Set = append(r.d.Set, c)
}

// operator reads how a facet is compared.
func (r *answerReader) operator(c *nlu.Constraint) (about, ok bool) {
	for _, name := range []string{tokEq, tokNe, tokLe, tokGe, tokBetw, tokAbout} {
		if r.is(name) {
			c.Op = operators[name]
			return name == tokAbout, true
		}
	}
	return false, false
}

var operators = map[string]catalog.Op{tokEq: catalog.OpEq, tokNe: catalog.OpNe, tokLe: catalog.OpLe, tokGe: catalog.OpGe, tokBetw: catalog.OpBetween, tokAbout: catalog.OpBetween}

// number is an operand as a number, or a product's own value.
type number struct {
	lo, hi float64
	unit   string
	value  catalog.Value // of an enum
	span   string
}

// bound completes a comparison with a number.
func (r *answerReader) bound(c *nlu.Constraint, a number, about bool) {
	if a.span != "" {
		c.Span = a.span
	}
	c.Unit = a.unit
	if a.value.IsStr() {
		c.Values, c.Unit = catalog.Values{a.value}, ""
		r.add(*c)
		return
	}
	lo, hi := a.lo, a.hi
	switch {
	case about:
		lo, hi = round(lo*(1-aboutShare)), round(hi*(1+aboutShare))
	case c.Op == catalog.OpBetween && lo == hi:
		if b, ok := r.operand(c.Facet); ok {
			lo, hi = math.Min(a.lo, b.lo), math.Max(a.hi, b.hi)
			c.Unit = orElse(a.unit, b.unit)
		}
	case c.Op == catalog.OpLe:
		lo = hi
	case lo != hi && c.Op == catalog.OpEq:
		c.Op = catalog.OpBetween
	}
	if c.Op == catalog.OpBetween && lo == hi {
		c.Op = catalog.OpEq
	}
	c.Values = catalog.Values{catalog.Num(lo)}
	if c.Op == catalog.OpBetween {
		c.Values = append(c.Values, catalog.Num(hi))
	}
	c.Unit = r.unit(c.Facet, c.Unit)
	r.add(*c)
}

func round(f float64) float64 { return math.Round(f*1e6) / 1e6 }

// unit is what a bare number of a facet is in.
func (r *answerReader) unit(facet, said string) string {
	if said != "" {
		return said
	}
	if facet == catalog.FacetPrice {
		return r.p.home
	}
	if f := r.p.turn.Schema.Facet(facet); f != nil {
		return f.Unit
	}
	return ""
}

// operand reads an amount, a literal or an item's own value.
func (r *answerReader) operand(facet string) (number, bool) {
	first := r.id("<n0>")
	if tok, ok := r.take(func(t int32) bool { return t >= first && t <= first+maxLiteral }); ok {
		return number{lo: float64(tok - first), hi: float64(tok - first)}, true
	}
	var m *meaning
	if _, ok := r.take(func(t int32) bool {
		m = r.p.tags.meaning(t)
		return m != nil && (m.kind == tagAmount || m.kind == tagItem)
	}); !ok {
		return number{}, false
	}
	if m.kind == tagAmount {
		return r.number(m, facet), true
	}
	v, ok := valueIn(m.product, facet, r.p.home)
	if !ok || v.IsBool() {
		return number{}, false
	}
	if v.IsStr() {
		return number{value: v}, true
	}
	n := number{lo: v.Num(), hi: v.Num()}
	if facet == catalog.FacetPrice {
		amount, _ := priceOf(m.product, r.p.home)
		n.unit = amount.Currency
	}
	return n, true
}

// number is an amount of the turn, as a facet is measured.
func (r *answerReader) number(m *meaning, facet string) number {
	n := number{lo: m.amount.Lo, hi: m.amount.Hi, unit: m.amount.Unit, span: m.span}
	if facet == catalog.FacetPrice {
		n.unit = m.amount.Currency
	}
	return n
}

// key reads a keyword: words of the turn.
func (r *answerReader) key() {
	from := r.at
	for r.at < len(r.toks) && r.toks[r.at] != r.id(tokKey) && r.toks[r.at] != r.id(tokEnd) {
		r.at++
	}
	if w := strings.ToLower(strings.TrimSpace(r.p.tags.v.decode(r.toks[from:r.at]))); w != "" {
		r.d.Keywords = appendNew(r.d.Keywords, w)
	}
}
