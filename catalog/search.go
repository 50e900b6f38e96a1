package catalog

import (
	"context"
	"strings"
	"unicode"
)

// Search finds products for a query. Constraints that name an unknown facet or value are ErrNoMatch. An empty text with or without
// constraints browses: best liked first.
func (d *DB) Search(ctx context.Context, q Query) (*Result, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	var res *Result
	err := d.onOneVersion(ctx, func(s *snapshot) (err error) {
		res, err = d.search(ctx, s, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	return res, nil
}

func (d *DB) search(ctx context.Context, s *snapshot, q Query) (*Result, error) {
	f := &filters{s: s, market: q.Market, now: unixMilli(q.Now, d.now()), scan: blank(q.Text)}
	hard, err := f.hard(q)
	if err != nil {
		return nil, err
	}
	soft, softs, err := f.soft(q)
	if err != nil {
		return nil, err
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
	res.Total, res.Counted = len(whole), len(whole)
	var match bitset
	if len(ns) >= enough || q.Sort != SortRelevance { // there may be more than the candidates
		if match, err = d.matching(ctx, s, q, a.wording()); err != nil {
			return nil, err
		}
		res.Total = match.count()
		if q.Sort != SortRelevance {
			if whole, match, err = d.ofKind(ctx, s, a.kindsNamed(s), q, whole, match); err != nil {
				return nil, err
			}
			res.Counted = len(whole)
		}
	}
	if res.Counts, err = d.facetCounts(ctx, s, a, whole, q.Facets); err != nil {
		return nil, err
	}
	listed, n, err := d.listed(ctx, s, a, q, cs, match, soft)
	if err != nil {
		return nil, err
	}
	res.Listed = n
	res.Hits, err = d.hits(ctx, a, listed, softs)
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
	n := 0
	err := d.onOneVersion(ctx, func(s *snapshot) error {
		w, err := d.wordingOf(ctx, s, q.Text)
		if err != nil {
			return err
		}
		match, err := d.matching(ctx, s, q, w)
		n = match.count()
		return err
	})
	return n, err
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
