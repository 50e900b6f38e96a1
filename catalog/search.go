package catalog

import (
	"context"
	"strings"
	"unicode"
)

const maxHits = 200

// Search finds products for a query. Constraints that name an unknown facet or value are ErrNoMatch. An empty text with or without
// constraints browses: best liked first.
func (d *DB) Search(ctx context.Context, q Query) (*Result, error) {
	s, err := d.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	f := &filters{s: s, market: q.Market, now: unixMilli(q.Now, d.now()), scan: blank(q.Text)}
	hard, err := f.hard(q)
	if err != nil {
		return nil, err
	}
	var soft []condition
	var softs []*Constraint
	for i := range q.Constraints {
		if c := &q.Constraints[i]; !c.Hard {
			cond, err := f.one(*c)
			if err != nil {
				return nil, err
			}
			soft, softs = append(soft, cond), append(softs, c)
		}
	}
	a, err := d.understand(ctx, s, q.Text)
	if err != nil {
		return nil, err
	}
	if wordless(q.Text) && len(q.Constraints) == 0 {
		return &Result{Version: s.schema.Version}, nil
	}
	ns, err := d.retrieve(ctx, a, hard, soft)
	if err != nil {
		return nil, err
	}
	cs, err := d.rank(ctx, s, a, ns, soft)
	if err != nil {
		return nil, err
	}
	res := &Result{Version: s.schema.Version, Corrected: a.corrected}
	if a.certain >= 0.5 {
		res.Category = a.category
	}
	res.Confidence = a.confidence(cs)
	res.Carried = res.Confidence >= 0.5
	whole := a.whole(cs)
	if res.Total = len(whole); len(ns) >= enough {
		if res.Total, err = d.count(ctx, a, hard); err != nil {
			return nil, err
		}
	}
	if res.Counts, err = d.facetCounts(ctx, s, a, whole, q.Facets); err != nil {
		return nil, err
	}
	res.Counted = len(whole)
	limit := q.Limit
	if limit <= 0 {
		limit = 10
	}
	res.Hits, err = d.hits(ctx, a, cs[:min(limit, maxHits, len(cs))], softs)
	return res, err
}

// blank says that a text has no word.
func blank(text string) bool { return strings.TrimSpace(text[:cutAt(text, queryBytes)]) == "" }

// wordless says that a text is there but names nothing: "👍", "???". That is not a wish to see everything.
func wordless(text string) bool {
	return !blank(text) && strings.IndexFunc(text[:cutAt(text, queryBytes)], func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0
}

// whole picks the candidates that have every word of the query that the catalogue knows; if none has, all of them.
func (a *asked) whole(cs []*candidate) []*candidate {
	var out []*candidate
	for _, c := range cs {
		all := true
		for i, g := range c.got {
			all = all && (g.score > 0 || a.groups[i].unknown)
		}
		if all {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return cs
	}
	return out
}

// CountMatching is the exact number of products that meet the query's hard constraints and have every word of its text, or if none
// has, some word. Result.Total counts the same.
func (d *DB) CountMatching(ctx context.Context, q Query) (int, error) {
	s, err := d.snapshot(ctx)
	if err != nil {
		return 0, err
	}
	f := &filters{s: s, market: q.Market, now: unixMilli(q.Now, d.now()), scan: blank(q.Text)}
	hard, err := f.hard(q)
	if err != nil {
		return 0, err
	}
	a, err := d.understand(ctx, s, q.Text)
	if err != nil {
		return 0, err
	}
	return d.count(ctx, a, hard)
}

// hits reads the products and says why each was found.
func (d *DB) hits(ctx context.Context, a *asked, cs []*candidate, softs []*Constraint) ([]Hit, error) {
	ns := make([]int64, len(cs))
	for i, c := range cs {
		ns[i] = c.n
	}
	found := make(map[int64]*Product, len(cs))
	err := d.each(ctx, "SELECT p.version, p.updated, d.doc, p.n FROM products p JOIN docs d USING(n) WHERE p.n IN (SELECT value FROM json_each(?))", []any{list(ns)},
		func(scan func(...any) error) error {
			var n int64
			p, err := scanProduct(func(dest ...any) error { return scan(append(dest, &n)...) })
			found[n] = p
			return err
		})
	if err != nil {
		return nil, err
	}
	hits := make([]Hit, 0, len(cs))
	for _, c := range cs {
		p := found[c.n]
		if p == nil {
			continue // removed since the candidates were listed
		}
		h := Hit{Product: p, Score: c.total, Parts: c.parts(), Reasons: a.reasons(c, softs)}
		hits = append(hits, h)
	}
	return hits, nil
}

// parts are the summands of a score.
func (c *candidate) parts() map[string]float64 {
	parts := map[string]float64{"text": c.text, "category": weightKind * c.kind, "nearness": weightNear * c.near, "soft": weightSoft * c.soft, "rating": weightLike * (c.liked - 3.5)}
	if !c.inStock {
		parts["stock"] = outOfStock
	}
	for k, v := range parts {
		if v == 0 {
			delete(parts, k)
		}
	}
	return parts
}

func (a *asked) reasons(c *candidate, softs []*Constraint) []Reason {
	var out []Reason
	for i, g := range c.got {
		for col := 0; col < columns; col++ {
			if g.in&(1<<col) != 0 {
				out = append(out, Reason{Kind: "text", Field: columnNames[col], Word: a.groups[i].raw})
				break
			}
		}
	}
	if c.kind >= 0.5 {
		out = append(out, Reason{Kind: "category", Word: a.groups[a.head].raw})
	}
	for i, s := range softs {
		out = append(out, Reason{Kind: "constraint", Constraint: s, Miss: !c.meets[i]})
	}
	return out
}
