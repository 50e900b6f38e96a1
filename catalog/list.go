package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// check refuses a query that asks for what cannot be given.
func (q *Query) check() error {
	switch {
	case q.Limit < 0 || q.Limit > MaxLimit:
		return fmt.Errorf("catalog: a query gives 1 to %d hits, not %d; page through more with an offset", MaxLimit, q.Limit)
	case q.Offset < 0:
		return fmt.Errorf("catalog: hits cannot be listed from %d; an offset is 0 or more", q.Offset)
	}
	switch q.Sort {
	case SortRelevance, SortPriceUp, SortPriceDown, SortRating, SortNewest:
		return nil
	}
	return fmt.Errorf("catalog: products cannot be sorted by %q; use one of %s, %s, %s, %s", q.Sort, SortPriceUp, SortPriceDown, SortRating, SortNewest)
}

// sureKind is how surely a query must be about a category for a sorted list to keep to it.
const sureKind = 0.5

// kindsNamed are the categories that a query is surely about, the lowest ones: "Food & tea" stands above the teas. nil if it names none.
func (a *asked) kindsNamed(s *snapshot) Values {
	var all Values
	for c, sure := range a.cats {
		if sure >= sureKind {
			all = append(all, Str(s.catID[c]))
		}
	}
	if a.certain < sureKind {
		return nil
	}
	ids := slices.DeleteFunc(slices.Clone(all), func(x Value) bool {
		return slices.ContainsFunc(all, func(y Value) bool { return x != y && s.schema.Within(y.Str(), x.Str()) })
	})
	slices.SortFunc(ids, func(x, y Value) int { return cmp.Compare(x.Str(), y.Str()) })
	return ids
}

// ofKind keeps of the candidates and of what matches the kinds of things that the query names. In an order of relevance what only mentions tea stands behind the teas;
// sorted by price it would stand among them. Where nothing of the kind matches, all stays.
func (d *DB) ofKind(ctx context.Context, s *snapshot, kinds Values, q Query, cs []*candidate, match bitset) ([]*candidate, bitset, error) {
	if len(kinds) == 0 {
		return cs, match, nil
	}
	q.Constraints = append(slices.Clone(q.Constraints), Constraint{Facet: FacetCategory, Op: OpIn, Values: kinds, Hard: true})
	kind, err := d.matching(ctx, s, q, nil)
	if err != nil {
		return nil, nil, err
	}
	kind = slices.Clone(kind)
	if kind.and(match); kind.count() == 0 {
		return cs, match, nil
	}
	var of []*candidate
	for _, c := range cs {
		if slices.ContainsFunc(kinds, func(k Value) bool { return s.schema.Within(s.catID[c.cat], k.Str()) }) {
			of = append(of, c)
		}
	}
	return of, kind, nil
}

// page is the part of a list that a query asks for.
func page[T any](all []T, q Query) []T {
	limit := q.Limit
	if limit == 0 {
		limit = 10
	}
	from := min(q.Offset, len(all))
	return all[from:min(from+limit, len(all))]
}

// listed are the candidates of the page that a query asks for, and how many the whole list has. cs are the ranked candidates and match
// is every product that matches; it may be nil where the candidates are all that there is.
func (d *DB) listed(ctx context.Context, s *snapshot, a *asked, q Query, cs []*candidate, match bitset, soft []condition) ([]*candidate, int, error) {
	if match == nil {
		return page(cs, q), len(cs), nil
	}
	r, err := d.roster(ctx, s)
	if err != nil {
		return nil, 0, err
	}
	if q.Sort == SortRelevance {
		return d.byRelevance(ctx, s, r, a, q, cs, match, soft)
	}
	places := match.places()
	if err := d.sort(ctx, s, r, q, places); err != nil {
		return nil, 0, err
	}
	out, err := d.scored(ctx, s, r, a, cs, page(places, q), soft)
	return out, len(places), err
}

// byRelevance puts what matches but was not ranked behind the ranked candidates, best liked first.
func (d *DB) byRelevance(ctx context.Context, s *snapshot, r *roster, a *asked, q Query, cs []*candidate, match bitset, soft []condition) ([]*candidate, int, error) {
	rest := slices.Clone(match)
	for _, c := range cs {
		if i, ok := r.place(c.n); ok {
			rest[i/64] &^= 1 << (i % 64)
		}
	}
	places := rest.places()
	all := len(cs) + len(places)
	out := slices.Clone(page(cs, q))
	want := len(page(make([]struct{}, all), q)) - len(out)
	if want == 0 {
		return out, all, nil
	}
	r.sortBy(places, r.liked)
	q.Offset, q.Limit = max(0, q.Offset-len(cs)), want
	more, err := d.scored(ctx, s, r, a, cs, page(places, q), soft)
	for _, c := range more {
		c.text, c.kind, c.near, c.soft, c.inStock = 0, 0, 0, 0, true // they stand here for being liked and for nothing else
		c.total = weightLike * (c.liked - 3.5)
	}
	return append(out, more...), all, err
}

func (d *DB) sort(ctx context.Context, s *snapshot, r *roster, q Query, places []int32) error {
	switch q.Sort {
	case SortRating:
		r.sortBy(places, r.rating, r.liked)
	case SortNewest:
		slices.Reverse(places)
	default:
		f := &filters{s: s, market: q.Market, now: unixMilli(q.Now, d.now())}
		l, err := d.priceList(ctx, f, r)
		if err != nil {
			return err
		}
		l.byPrice(places, len(r.ns), q.Sort == SortPriceUp, f.currency())
	}
	return nil
}

// sortBy puts the largest first, by one column and then by the next.
func (r *roster) sortBy(places []int32, columns ...[]float32) {
	slices.SortFunc(places, func(x, y int32) int {
		for _, col := range columns {
			if c := cmp.Compare(col[y], col[x]); c != 0 {
				return c
			}
		}
		return int(x - y)
	})
}

// scored are the candidates at some places, in that order. Those that were not ranked yet are scored like the others.
func (d *DB) scored(ctx context.Context, s *snapshot, r *roster, a *asked, cs []*candidate, places []int32, soft []condition) ([]*candidate, error) {
	have := make(map[int64]*candidate, len(cs))
	for _, c := range cs {
		have[c.n] = c
	}
	var missing []int64
	for _, p := range places {
		if have[r.ns[p]] == nil {
			missing = append(missing, r.ns[p])
		}
	}
	more, err := d.rank(ctx, s, a, missing, soft)
	if err != nil {
		return nil, err
	}
	for _, c := range more {
		have[c.n] = c
	}
	out := make([]*candidate, 0, len(places))
	for _, p := range places {
		if c := have[r.ns[p]]; c != nil {
			out = append(out, c)
		}
	}
	return out, nil
}
