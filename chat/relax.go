package chat

import (
	"context"
	"math"
	"slices"
	"sort"

	"daogou/catalog"
	"daogou/nlu"
)

const (
	maxRelaxed     = maxAnd + 1 // hard conditions that are tried; more do not fit one button
	maxRelaxations = 4
)

// relaxer finds out what could be loosened when nothing meets every hard condition.
type relaxer struct {
	ctx    context.Context
	search Searcher
	reader *Reader
	query  catalog.Query
	hard   []nlu.Constraint // what may be given up
	keep   []catalog.Constraint
}

// relaxations lists minimal sets of conditions to drop or loosen, with the exact number of products that would then fit. A number is loosened to the
// nearest that exists rather than dropped. Pairs are tried only when no single change helps, all at once only when no pair does, and what the need is about (the
// category) is never given up.
func relaxations(ctx context.Context, search Searcher, r *Reader, q catalog.Query, s nlu.State) ([]Relaxation, error) {
	x := relaxer{ctx: ctx, search: search, reader: r, query: q}
	for _, c := range s.Constraints {
		if c.Hard && c.Facet != catalog.FacetCategory && len(x.hard) < maxRelaxed {
			x.hard = append(x.hard, c)
		} else {
			x.keep = append(x.keep, c.Constraint)
		}
	}
	found, err := x.tryAll(1)
	if err == nil && len(found) == 0 {
		found, err = x.tryAll(2)
	}
	if err == nil && len(found) == 0 && len(x.hard) > 2 {
		found, err = x.try(places(len(x.hard))...)
	}
	if err != nil {
		return nil, err
	}
	sort.SliceStable(found, func(i, j int) bool {
		if len(found[i].Drop) != len(found[j].Drop) {
			return len(found[i].Drop) < len(found[j].Drop)
		}
		return found[i].Count > found[j].Count
	})
	return found[:min(len(found), maxRelaxations)], nil
}

// places are 0 to n-1: every condition.
func places(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// relaxed is a query after a relaxation.
func relaxed(q catalog.Query, r Relaxation) catalog.Query {
	gone := slices.Concat(r.Drop, r.Set)
	q.Constraints = slices.DeleteFunc(slices.Clone(q.Constraints), func(c catalog.Constraint) bool {
		return slices.ContainsFunc(gone, func(g nlu.Constraint) bool {
			return g.Facet == c.Facet && (len(r.Set) == 0 || g.Op == c.Op || g.Facet != catalog.FacetPrice)
		})
	})
	for _, c := range r.Set {
		q.Constraints = append(q.Constraints, c.Constraint)
	}
	return q
}

// tryAll tries every set of size conditions.
func (x *relaxer) tryAll(size int) ([]Relaxation, error) {
	var out []Relaxation
	for i := range x.hard {
		if size == 1 {
			r, err := x.try(i)
			if err != nil {
				return nil, err
			}
			out = append(out, r...)
			continue
		}
		for j := i + 1; j < len(x.hard); j++ {
			r, err := x.try(i, j)
			if err != nil {
				return nil, err
			}
			out = append(out, r...)
		}
	}
	return out, nil
}

// without is the query with some of the hard conditions left out and others added.
func (x *relaxer) without(left map[int]bool, set []nlu.Constraint) catalog.Query {
	q := x.query
	q.Constraints = append([]catalog.Constraint(nil), x.keep...)
	for i, c := range x.hard {
		if !left[i] {
			q.Constraints = append(q.Constraints, c.Constraint)
		}
	}
	for _, c := range set {
		q.Constraints = append(q.Constraints, c.Constraint)
	}
	return q
}

// try leaves out the conditions at the given places; if that helps, numbers among them come back as loose as they have to be.
func (x *relaxer) try(places ...int) ([]Relaxation, error) {
	left := map[int]bool{}
	for _, i := range places {
		left[i] = true
	}
	n, err := x.search.CountMatching(x.ctx, x.without(left, nil))
	if err != nil || n == 0 {
		return nil, err
	}
	var r Relaxation
	sort.SliceStable(places, func(a, b int) bool { // the price last: what is wanted stays as near as can be, and then costs what it costs
		return x.hard[places[a]].Facet != catalog.FacetPrice && x.hard[places[b]].Facet == catalog.FacetPrice
	})
	for _, i := range places {
		c := x.hard[i]
		loose, ok, err := x.loosen(c, x.without(left, r.Set))
		if err != nil {
			return nil, err
		}
		if ok {
			r.Set = append(r.Set, loose)
		} else {
			r.Drop = append(r.Drop, c)
		}
	}
	r.Count = n
	if len(r.Set) > 0 {
		if r.Count, err = x.search.CountMatching(x.ctx, x.without(left, r.Set)); err != nil {
			return nil, err
		}
		if r.Count == 0 { // the counted range was of other candidates than the filter's: dropping is what is known to help
			return []Relaxation{x.dropped(places, n)}, nil
		}
	}
	return []Relaxation{r}, nil
}

func (x *relaxer) dropped(places []int, n int) Relaxation {
	r := Relaxation{Count: n}
	for _, i := range places {
		r.Drop = append(r.Drop, x.hard[i])
	}
	return r
}

// loosen is an upper or lower bound moved to the nearest value that the candidates of q have.
func (x *relaxer) loosen(c nlu.Constraint, q catalog.Query) (nlu.Constraint, bool, error) {
	upper := c.Op == catalog.OpLe || c.Op == catalog.OpBetween || c.Op == catalog.OpEq
	if len(c.Values) == 0 || !c.Values[0].IsNum() || c.Op == catalog.OpNe || c.Op == catalog.OpIn {
		return c, false, nil
	}
	q.Facets, q.Limit = []string{c.Facet}, maxHits
	res, err := x.search.Search(x.ctx, q)
	if err != nil {
		return c, false, err
	}
	if c.Facet == catalog.FacetPrice && upper {
		return x.cheapest(c, q, res)
	}
	for _, n := range res.Counts {
		if n.Facet != c.Facet || len(n.Values) == 0 || math.IsInf(n.Min, 0) || math.IsNaN(n.Min) {
			continue
		}
		lo, hi, ok := x.bounds(n, c)
		if !ok {
			return c, false, nil
		}
		out := c
		out.Span = ""
		switch {
		case upper && lo > c.Values[len(c.Values)-1].Num():
			out.Op, out.Values = catalog.OpLe, catalog.Values{catalog.Num(lo)}
			return out, true, nil
		case c.Op != catalog.OpLe && hi < c.Values[0].Num():
			out.Op, out.Values = catalog.OpGe, catalog.Values{catalog.Num(hi)}
			return out, true, nil
		}
	}
	return c, false, nil
}

// bounds are the least and the largest value of the candidates, in the unit of the constraint.
func (x *relaxer) bounds(n catalog.FacetCount, c nlu.Constraint) (lo, hi float64, ok bool) {
	if c.Facet == catalog.FacetPrice {
		return 0, 0, false
	}
	f := x.reader.Schema.Facet(c.Facet)
	if f == nil {
		return n.Min, n.Max, true
	}
	return inUnit(catalog.Num(n.Min), f.Unit, c.Unit).Num(), inUnit(catalog.Num(n.Max), f.Unit, c.Unit).Num(), true
}

// cheapest raises a price bound to the cheapest candidate. The hits give an upper bound; if there are more candidates than hits, counting closes in on it.
func (x *relaxer) cheapest(c nlu.Constraint, q catalog.Query, res *catalog.Result) (nlu.Constraint, bool, error) {
	unit := x.reader.currencyOf(c.Constraint)
	lo := c.Values[len(c.Values)-1].Num() // nothing costs this or less
	hi := math.Inf(1)
	for _, h := range res.Hits {
		m, ok := x.reader.Price(h.Product, "")
		if ok && m.Currency != unit && x.reader.Convert != nil {
			m, ok = x.reader.Convert(m, unit)
		}
		if ok && m.Currency == unit && m.Major() > lo {
			hi = min(hi, m.Major())
		}
	}
	if math.IsInf(hi, 1) {
		return c, false, nil
	}
	c.Op, c.Span, c.Unit = catalog.OpLe, "", unit
	hi = math.Ceil(hi - 1e-9)
	for lo = math.Floor(lo); res.Total > len(res.Hits) && hi-lo > 1; {
		mid := math.Floor((lo + hi) / 2)
		c.Values = catalog.Values{catalog.Num(mid)}
		with := q
		with.Constraints = append(slices.Clone(q.Constraints), c.Constraint)
		n, err := x.search.CountMatching(x.ctx, with)
		if err != nil {
			return c, false, err
		}
		if n > 0 {
			hi = mid
		} else {
			lo = mid
		}
	}
	c.Values = catalog.Values{catalog.Num(hi)}
	return c, true, nil
}
