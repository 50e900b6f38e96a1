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

// tags takes tags of a kind as long as they come.
func (r *answerReader) tags(kind tagKind) []*meaning {
	var out []*meaning
	for {
		var m *meaning
		if _, ok := r.take(func(t int32) bool {
			m = r.p.tags.meaning(t)
			return m != nil && m.kind == kind
		}); !ok {
			return out
		}
		out = append(out, m)
	}
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
			for _, m := range r.tags(tagItem) {
				r.d.References = appendNew(r.d.References, m.product.ID)
			}
		case r.is(tokAsk):
			r.d.AskFacets = appendNew(r.d.AskFacets, r.facet())
		case r.is(tokQty):
			if n, ok := r.operand(""); ok && n.lo >= 0 && n.lo <= 999 {
				r.d.Quantity = int(n.lo)
			}
		case r.is(tokKey):
			r.key()
		default:
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

// set reads one constraint.
func (r *answerReader) set() {
	neg := r.is(tokNe)
	c := nlu.Constraint{Origin: nlu.OriginSaid}
	switch {
	case r.values(tagCategory, &c, neg), r.values(tagValue, &c, neg):
	default:
		c.Facet = r.facet()
		if !r.compared(&c) {
			return
		}
	}
	c.Hard = !r.is(tokSoft)
	r.d.Set = append(r.d.Set, c)
}

// values reads categories, or values of one facet.
func (r *answerReader) values(kind tagKind, c *nlu.Constraint, neg bool) bool {
	ms := r.tags(kind)
	if len(ms) == 0 {
		return false
	}
	var spans []string
	for _, m := range ms {
		v := m.value
		c.Facet = m.facet
		if kind == tagCategory {
			v, c.Facet = m.category, catalog.FacetCategory
		}
		c.Values = append(c.Values, catalog.Str(v))
		spans = appendNew(spans, m.span)
	}
	c.Span = strings.Join(spans, ", ")
	switch {
	case neg:
		c.Op = catalog.OpNe
	case len(ms) > 1:
		c.Op = catalog.OpIn
	default:
		c.Op = catalog.OpEq
	}
	return true
}

// compared reads what a facet set by name is compared with.
func (r *answerReader) compared(c *nlu.Constraint) bool {
	if c.Facet == "" {
		return false
	}
	if id, ok := r.p.tags.facetToken(c.Facet); ok {
		if m := r.p.tags.meaning(id); m != nil {
			c.Span = m.span
		}
	}
	if yes := r.is(tokYes); yes || r.is(tokNo) {
		c.Op, c.Values = catalog.OpEq, catalog.Values{catalog.Bool(yes)}
		return true
	}
	about := false
	switch {
	case r.is(tokEq):
		c.Op = catalog.OpEq
	case r.is(tokNe):
		c.Op = catalog.OpNe
	case r.is(tokLe):
		c.Op = catalog.OpLe
	case r.is(tokGe):
		c.Op = catalog.OpGe
	case r.is(tokBetw):
		c.Op = catalog.OpBetween
	case r.is(tokAbout):
		c.Op, about = catalog.OpBetween, true
	default:
		return false
	}
	return r.operands(c, about)
}

// number is an operand as a number, or a product's own value.
type number struct {
	lo, hi float64
	unit   string
	value  catalog.Value // of an enum
	span   string
}

func (r *answerReader) operands(c *nlu.Constraint, about bool) bool {
	a, ok := r.operand(c.Facet)
	if !ok {
		return false
	}
	if a.span != "" {
		c.Span = a.span
	}
	c.Unit = a.unit
	if a.value.IsStr() {
		c.Values, c.Unit = catalog.Values{a.value}, ""
		return true
	}
	lo, hi := a.lo, a.hi
	switch {
	case about:
		lo, hi = round(lo*(1-aboutShare)), round(hi*(1+aboutShare))
	case c.Op == catalog.OpBetween:
		if b, ok := r.operand(c.Facet); ok {
			lo, hi = math.Min(a.lo, b.lo), math.Max(a.hi, b.hi)
			c.Unit = orElse(a.unit, b.unit)
		}
	case c.Op == catalog.OpLe:
		lo = hi
	case a.lo != a.hi && c.Op == catalog.OpEq:
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
	return true
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
		n := number{lo: m.amount.Lo, hi: m.amount.Hi, unit: m.amount.Unit, span: m.span}
		if facet == catalog.FacetPrice {
			n.unit = m.amount.Currency
		}
		return n, true
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
