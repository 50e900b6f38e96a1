package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sort"
	"strings"
)

const (
	countFacets = 10 // facets counted unless the query names them
	countValues = 30 // values of an enum in a count
	ranges      = 4
)

// facetCounts spreads the candidates over the values of facets: those asked for, or those of the commonest category among the best.
func (d *DB) facetCounts(ctx context.Context, s *snapshot, a *asked, cs []*candidate, want []string) ([]FacetCount, error) {
	if len(cs) == 0 {
		return nil, nil
	}
	facets := chosenFacets(s, a, cs, want)
	if len(facets) == 0 {
		return nil, nil
	}
	ns := make([]int64, len(cs))
	for i, c := range cs {
		ns[i] = c.n
	}
	at := map[int64]*tally{}
	var all, several []string
	for _, f := range facets {
		n := s.facetN[f.ID]
		at[n] = &tally{facet: f, count: map[float64]int{}}
		all = append(all, fmt.Sprint(n))
		if f.Multi || f.Variant || len(f.Values) == 0 {
			several = append(several, fmt.Sprint(n))
		}
	}
	const of = " FROM json_each(?) c CROSS JOIN product_facets r WHERE r.n=c.value AND r.f IN ("
	query, args := "SELECT r.f, r.v, count(DISTINCT r.n)"+of+strings.Join(all, ",")+") GROUP BY r.f, r.v", []any{list(ns)}
	if len(several) > 0 { // a product with two values of one facet still counts once as having it
		query += " UNION ALL SELECT r.f, NULL, count(DISTINCT r.n)" + of + strings.Join(several, ",") + ") GROUP BY r.f"
		args = append(args, args[0])
	}
	err := d.each(ctx, query, args, func(scan func(...any) error) error {
		var f int64
		var v sql.NullFloat64
		var count int
		if err := scan(&f, &v, &count); err != nil {
			return err
		}
		if v.Valid {
			at[f].count[v.Float64] = count
			at[f].sum += count
		} else {
			at[f].has = count
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, t := range at {
		if t.has == 0 {
			t.has = t.sum
		}
	}
	var out []FacetCount
	for _, f := range facets {
		if t := at[s.facetN[f.ID]]; t.has > 0 || want != nil {
			out = append(out, t.result(s, len(cs)))
		}
	}
	if want == nil {
		sort.SliceStable(out, func(i, j int) bool { return useful(out[i], len(cs)) > useful(out[j], len(cs)) })
	}
	return out, nil
}

// chosenFacets are the facets to count.
func chosenFacets(s *snapshot, a *asked, cs []*candidate, want []string) []*Facet {
	var out []*Facet
	if want != nil {
		for _, id := range want {
			if f := s.schema.Facet(id); f != nil && f.Kind != KindText {
				out = append(out, f)
			}
		}
		return out
	}
	category := a.category
	if a.certain < 0.75 {
		category = commonest(s, cs[:min(len(cs), 50)])
	}
	for _, f := range s.schema.FacetsOf(category) {
		if f.Kind != KindText {
			out = append(out, f)
		}
	}
	if len(out) == 0 {
		for i := range s.schema.Facets { // facets of no category belong to all
			if f := &s.schema.Facets[i]; f.Kind != KindText && len(f.Categories) == 0 {
				out = append(out, f)
			}
			if len(out) >= countFacets {
				break
			}
		}
	}
	return out[:min(len(out), countFacets)]
}

func commonest(s *snapshot, cs []*candidate) string {
	n := map[int64]int{}
	var best int64
	for _, c := range cs {
		n[c.cat]++
		if c.cat != 0 && n[c.cat] > n[best] {
			best = c.cat
		}
	}
	return s.catID[best]
}

// useful is how much knowing a facet would tell: how many have it, and how evenly they spread.
func useful(c FacetCount, total int) float64 {
	if len(c.Values) < 2 {
		return 0
	}
	most := 0
	for _, v := range c.Values {
		most = max(most, v.Count)
	}
	known := total - c.Missing
	return float64(known) / float64(total) * (1 - float64(most)/float64(max(known, 1)) + 0.05)
}

// tally counts one facet.
type tally struct {
	facet *Facet
	count map[float64]int
	sum   int
	has   int // products with a value
}

func (t *tally) result(s *snapshot, total int) FacetCount {
	out := FacetCount{Facet: t.facet.ID, Missing: total - t.has}
	vs := make([]float64, 0, len(t.count))
	for v := range t.count {
		vs = append(vs, v)
	}
	slices.Sort(vs)
	switch t.facet.Kind {
	case KindNumber:
		if len(vs) > 0 {
			out.Min, out.Max = vs[0], vs[len(vs)-1]
			out.Values = t.quantiles(vs)
		}
	case KindBool:
		for _, v := range vs {
			out.Values = append(out.Values, ValueCount{Value: Bool(v != 0), Count: t.count[v]})
		}
	default:
		for _, v := range vs {
			out.Values = append(out.Values, ValueCount{Value: Str(s.valueID[int64(v)]), Count: t.count[v]})
		}
	}
	if t.facet.Kind != KindNumber {
		slices.SortStableFunc(out.Values, func(a, b ValueCount) int { return b.Count - a.Count })
		out.Values = out.Values[:min(len(out.Values), countValues)]
	}
	return out
}

// quantiles cuts the numbers into ranges that hold about equally many. Few different numbers stand for themselves.
func (t *tally) quantiles(vs []float64) []ValueCount {
	var out []ValueCount
	if len(vs) <= ranges+1 {
		for _, v := range vs {
			out = append(out, ValueCount{Value: Num(v), Lo: v, Hi: v, Count: t.count[v]})
		}
		return out
	}
	all := 0
	for _, n := range t.count {
		all += n
	}
	cur := ValueCount{Lo: vs[0], Hi: vs[0]}
	done := 0
	for i, v := range vs {
		if cur.Count == 0 {
			cur.Lo = v
		}
		cur.Hi = v
		cur.Count += t.count[v]
		if (done+cur.Count)*ranges >= all*(len(out)+1) || i == len(vs)-1 {
			done += cur.Count
			out = append(out, cur)
			cur = ValueCount{}
		}
	}
	return out
}
