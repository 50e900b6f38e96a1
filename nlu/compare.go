package nlu

import (
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/catalog/units"
)

// readComparative reads "cheaper", "too heavy", "longer battery life", 大一点: a bound that follows from a product on the table.
func (w *work) readComparative(k int, neg bool) {
	s := w.segs[k]
	facet, want := "", 0
	switch s.cue {
	case cueLarger, cueSmaller:
		want = 1
		if s.cue == cueSmaller {
			want = -1
		}
		if f := w.comparedFacet(k); f != nil {
			facet = f.ID
		} else if w.nextIsPrice(k) {
			facet = catalog.FacetPrice
		}
		if facet == "" { // "longer" alone, said of no facet that the goods have
			w.tighten(k)
			return
		}
	default:
		q := qualities[s.pay]
		want, facet = q.want, w.qualityFacet(q, k)
	}
	if neg { // "not too heavy" bounds nothing that could be told
		w.segs[k].used, w.moved = true, true
		w.note(k)
		return
	}
	if facet == "" {
		w.tighten(k)
		return
	}
	if slices.ContainsFunc(w.refs, func(r refMatch) bool { return r.i <= s.i && r.j >= s.j && !r.pronoun }) {
		return
	}
	p, v, ok := w.comparedWith(facet, want, k)
	if !ok {
		w.tighten(k)
		return
	}
	op := catalog.OpGe
	if want < 0 {
		op = catalog.OpLe
	}
	unit := ""
	if f := w.facet(facet); f != nil {
		unit = f.Unit
	}
	if facet == catalog.FacetPrice {
		price, _ := p.PriceIn("")
		unit = price.Amount.Currency
	}
	w.segs[k].used = true
	w.useName(facet, k)
	w.moved = true
	w.d.References = appendNew(w.d.References, p.ID)
	w.say(saying{c: Constraint{Constraint: catalog.Constraint{Facet: facet, Op: op, Values: catalog.Values{catalog.Num(v)}, Unit: unit, Hard: true}, Span: w.span(k, k+1)}, at: k}, false)
}

// tighten handles a comparative with nothing on the table to compare with: it is still said of a facet, but bounds nothing that could be told.
func (w *work) tighten(k int) {
	switch w.r.text1(w.segs[k].i) {
	case "more", "less", "better", "extra":
		return // said of anything
	}
	if !w.turn.State.hasNeed() || w.clauses[w.segs[k].clause].act != "" {
		return
	}
	w.segs[k].used = true
	w.moved = true
	w.note(k)
}

// comparedFacet is the number facet that a "more", "longer" or 更大 is said of: named within two segments, after it in English, before it in Chinese.
func (w *work) comparedFacet(k int) *catalog.Facet {
	near := []int{k + 1, k + 2, k - 1, k - 2}
	if w.lang == "zh" {
		near = []int{k - 1, k - 2, k + 1, k + 2}
	}
	for _, n := range near {
		if n < 0 || n >= len(w.segs) || w.segs[n].clause != w.segs[k].clause || w.segs[n].kind != segLex {
			continue
		}
		for _, e := range w.segs[n].ents {
			if f := w.facet(e.id); e.kind == lexFacet && f != nil && f.Kind == catalog.KindNumber {
				return f
			}
		}
	}
	return nil
}

func (w *work) nextIsPrice(k int) bool {
	for _, n := range []int{k + 1, k - 1} {
		if n >= 0 && n < len(w.segs) && w.speaksOfPrice(w.segs[n]) {
			return true
		}
	}
	return false
}

// qualityFacet is the facet by which a quality is measured in this category: fixed, named in the clause, of a typical name, or of a typical unit.
func (w *work) qualityFacet(q quality, k int) string {
	if q.facet != "" {
		return q.facet
	}
	if f := w.comparedFacet(k); f != nil {
		return f.ID
	}
	if id := w.facetLike(q.names, ""); id != "" {
		return id
	}
	return w.facetLike("", q.dims)
}

// facetLike is the number facet of the category with one of the names, in their order, or with a unit of one of the dimensions.
func (w *work) facetLike(names, dims string) string {
	best, bestRank := "", 1<<30
	for id, place := range w.facets {
		f := w.facet(id)
		if f == nil || f.Kind != catalog.KindNumber {
			continue
		}
		rank := -1
		for i, n := range strings.Fields(names) {
			if nameHas(f, n) {
				rank = i
				break
			}
		}
		if rank < 0 && dims != "" {
			if u, ok := units.Lookup(f.Unit); ok {
				rank = slices.Index(strings.Fields(dims), u.Dim)
			}
		}
		if rank < 0 {
			continue
		}
		if !w.known && w.lex.spread[id] == 0 {
			continue
		}
		if r := rank*1000 + place; r < bestRank || r == bestRank && id < best {
			best, bestRank = id, r
		}
	}
	return best
}

// comparedWith is the product that "cheaper" is said of, and its value: one pointed to, the one in focus, or of all shown the one that already goes farthest,
// so that what is found beats everything on the table.
func (w *work) comparedWith(facet string, want, k int) (*catalog.Product, float64, bool) {
	named := ""
	for _, r := range w.refs {
		if len(r.ids) == 1 && (!r.plain || r.i > w.segs[k].i) && !(r.i <= w.segs[k].i && r.j >= w.segs[k].j) {
			named = r.ids[0]
		}
	}
	if named == "" {
		named = w.turn.State.Focus
	}
	var best *catalog.Product
	bestV := 0.0
	for _, p := range w.turn.Shown {
		v, ok := w.valueOf(p, facet)
		if !ok {
			continue
		}
		if p.ID == named && !(named == w.turn.State.Focus && w.bounds(facet, v)) {
			return p, v, true
		}
		if best == nil || (v-bestV)*float64(want) > 0 {
			best, bestV = p, v
		}
	}
	return best, bestV, best != nil
}

// bounds says whether a bound of the need is this value already: "bigger", said again, is said of what was found since.
func (w *work) bounds(facet string, v float64) bool {
	return slices.ContainsFunc(w.turn.State.Constraints, func(c Constraint) bool {
		return c.Facet == facet && (c.Op == catalog.OpLe || c.Op == catalog.OpGe) && len(c.Values) == 1 && c.Values[0].Num() == v
	})
}

// raiseBudget moves the upper bound of the price up, or drops it as a condition that is met by more.
func (w *work) raiseBudget() {
	w.relaxed = true
	for _, c := range w.turn.State.Constraints {
		if c.Facet != catalog.FacetPrice || c.Op != catalog.OpLe && c.Op != catalog.OpBetween {
			continue
		}
		c = cloneConstraint(c)
		last := len(c.Values) - 1
		c.Values[last] = catalog.Num(tidy(c.Values[last].Num() * moreBudget))
		w.d.Set = append(w.d.Set, c)
		return
	}
}
