package chat

import (
	"context"
	"maps"
	"slices"
	"sort"

	"daogou/catalog"
	"daogou/nlu"
)

// NeedRanker orders hits by what the search scored, what is in stock, and the soft wishes met, and then spreads the top over brands and kinds, so that four
// items are four different choices. What is sold out goes last, unless words of the need may point to it. Nothing else enters: no part of the order can be paid for.
//
// Every part is added to Hit.Parts, and the parts still sum to Score.
type NeedRanker struct {
	Reader func(nlu.State) *Reader
}

const (
	spreadDepth = 24  // hits from which the top is spread
	relevance   = 0.7 // against diversity, in the choice of the next item
	stockWeight = 0.35
	softWeight  = 0.3
)

// Name is "need".
func (n NeedRanker) Name() string { return "need" }

// Rank reorders; it drops none and adds none.
func (n NeedRanker) Rank(_ context.Context, s nlu.State, r *catalog.Result) ([]catalog.Hit, error) {
	hits := make([]catalog.Hit, len(r.Hits))
	top := 0.0
	for _, h := range r.Hits {
		top = max(top, h.Score)
	}
	for i, h := range r.Hits {
		hits[i] = n.score(h, top, s)
	}
	sort.SliceStable(hits, func(i, j int) bool { return hits[i].Score > hits[j].Score })
	hits = spread(hits)
	if len(searchWords(s)) == 0 { // no words point to one product: what can be had goes before what cannot
		slices.SortStableFunc(hits, soldOutLast)
	}
	return hits, nil
}

func soldOutLast(x, y catalog.Hit) int {
	switch in := x.Product.InStock(); {
	case in == y.Product.InStock():
		return 0
	case in:
		return -1
	}
	return 1
}

// score is a hit on a scale on which the best text match is 1.
func (n NeedRanker) score(h catalog.Hit, top float64, s nlu.State) catalog.Hit {
	parts := map[string]float64{}
	for k, v := range h.Parts {
		if top > 0 {
			parts[k] = v / top
		}
	}
	if len(parts) == 0 && top > 0 {
		parts["search"] = h.Score / top
	}
	if !h.Product.InStock() {
		parts["stock"] = -stockWeight
	}
	if _, ok := h.Parts["soft"]; !ok {
		parts["soft"] = softWeight * n.softMet(h.Product, s)
	}
	h.Parts, h.Score = parts, sum(parts)
	return h
}

// softMet is the share of the soft wishes that a product meets.
func (n NeedRanker) softMet(p *catalog.Product, s nlu.State) float64 {
	wishes, met := 0, 0
	if n.Reader == nil {
		return 0
	}
	r := n.Reader(s)
	for _, c := range s.Constraints {
		if c.Hard {
			continue
		}
		wishes++
		if r.Meets(p, c.Constraint) == meets {
			met++
		}
	}
	if wishes == 0 {
		return 0
	}
	return float64(met) / float64(wishes)
}

func sum(parts map[string]float64) float64 {
	t := 0.0
	for _, v := range parts {
		t += v
	}
	return t
}

// spread picks the next item again and again by relevance minus likeness to those picked (maximal marginal relevance).
func spread(hits []catalog.Hit) []catalog.Hit {
	depth := min(spreadDepth, len(hits))
	pool := hits[:depth]
	like := make([]float64, depth)
	out := make([]catalog.Hit, 0, len(hits))
	used := make([]bool, depth)
	for len(out) < depth {
		best, bestValue := -1, 0.0
		for i, h := range pool {
			if v := relevance*h.Score - (1-relevance)*like[i]; !used[i] && (best < 0 || v > bestValue) {
				best, bestValue = i, v
			}
		}
		used[best] = true
		h := pool[best]
		if penalty := -(1 - relevance) * like[best]; penalty != 0 {
			h.Parts = maps.Clone(h.Parts)
			h.Parts["diversity"] = penalty
			h.Score = sum(h.Parts)
		}
		out = append(out, h)
		for i := range pool {
			like[i] = max(like[i], likeness(pool[i].Product, h.Product))
		}
	}
	return append(out, hits[depth:]...)
}

// likeness of two products is 1 for twins: by brand, type and shared facet values.
func likeness(a, b *catalog.Product) float64 {
	s := 0.0
	if a.Brand != "" && a.Brand == b.Brand {
		s += 0.4
	}
	if len(a.Category) > 0 && len(b.Category) > 0 && a.Category[len(a.Category)-1] == b.Category[len(b.Category)-1] {
		s += 0.2
	}
	shared, all := 0, 0
	for f, vs := range a.Facets {
		ws := b.Facets[f]
		if len(vs) == 0 || len(ws) == 0 {
			continue
		}
		all++
		if vs[0] == ws[0] {
			shared++
		}
	}
	if all > 0 {
		s += 0.4 * float64(shared) / float64(all)
	}
	return s
}
