package demo

import (
	"cmp"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"daogou/catalog"
)

// item is one product before it becomes text and rows.
type item struct {
	typ    *typeRow
	index  int // 0, 1, 2 … within the type
	brand  *brandRow
	model  catalog.Text
	values map[string][]catalog.Value
	rank   float64 // 0 the cheapest of its type … 1 the dearest
	scale  float64 // 0 the smallest of its type … 1 the biggest
	markup float64 // what the rules multiply the price by
	rand   *rand.Rand
}

// seed is a hash of a name, the only source of chance here.
func seed(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s)) // a hash takes every write
	return h.Sum64()
}

// items deals out brands, models and facet values to the products of one type.
func (b *book) items(t *typeRow) []*item {
	r := rand.New(rand.NewPCG(seed(t.ID), 1))
	n := t.count()
	list := make([]*item, n)
	models := r.Perm(len(t.Models["en"]))
	brands := r.Perm(len(t.Brands))
	for i := range list {
		m := models[i%len(models)]
		list[i] = &item{
			typ: t, index: i, rand: r, scale: r.Float64(), markup: 1,
			brand:  b.brand[t.Brands[brands[i%len(brands)]]],
			model:  catalog.Text{"en": t.Models["en"][m], "zh": t.Models["zh"][m]},
			values: map[string][]catalog.Value{},
		}
	}
	b.dealScale(t, list, r)
	rankByPrice(t, list, r)
	for i := range t.Facets {
		if p := &t.Facets[i]; !p.derived && p.facet != t.Scale {
			b.deal(p, list, r)
		}
	}
	for _, it := range list {
		b.applyRules(it)
		if p := t.pool("weight"); p != nil && p.derived {
			it.values["weight"] = []catalog.Value{catalog.Num(it.weight())}
		}
	}
	return list
}

// dealScale draws the facet that size, weight and price grow with.
func (b *book) dealScale(t *typeRow, list []*item, r *rand.Rand) {
	p := t.pool(t.Scale)
	if p == nil {
		return
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, e := range p.entries {
		v := b.facet[p.facet].values(e)[0].Num()
		lo, hi = min(lo, v), max(hi, v)
	}
	deck := r.Perm(len(p.entries))
	for i, it := range list {
		it.values[p.facet] = b.facet[p.facet].values(p.entries[deck[i%len(deck)]])
		if hi > lo {
			it.scale = (it.values[p.facet][0].Num() - lo) / (hi - lo)
		}
	}
}

// rankByPrice orders a type's products from cheap to dear: dear brands and big sizes cost more, and chance has a say.
func rankByPrice(t *typeRow, list []*item, r *rand.Rand) {
	score := make([]float64, len(list))
	order := make([]int, len(list))
	for i, it := range list {
		order[i] = i
		score[i] = 0.5*float64(it.brand.Tier-1)/4 + 0.2*r.Float64()
		if t.Scale != "" {
			score[i] += 0.7 * math.Sqrt(it.scale) // a step at the small end matters as much as a big one further up
		}
	}
	sort.SliceStable(order, func(a, b int) bool { return score[order[a]] < score[order[b]] })
	for place, i := range order {
		list[i].rank = (float64(place) + 0.5) / float64(len(list))
	}
}

// deal gives every product its values of one facet.
func (b *book) deal(p *pool, list []*item, r *rand.Rand) {
	f := b.facet[p.facet]
	if slices.Contains(list[0].typ.Variants, p.facet) {
		b.dealVariants(p, list, r)
		return
	}
	if ladder := b.ladder(p); ladder != nil {
		for _, it := range list {
			at := it.rank + (r.Float64()-0.5)*0.3
			it.values[p.facet] = f.values(ladder[step(at, len(ladder))])
		}
		return
	}
	deck := r.Perm(len(p.entries))
	for i, it := range list {
		it.values[p.facet] = f.values(p.entries[deck[i%len(deck)]])
	}
}

// ladder is the pool from cheap to dear, or nil if its order says nothing about the price.
func (b *book) ladder(p *pool) [][]any {
	f := b.facet[p.facet]
	if p.rise {
		return p.entries
	}
	if f.Better == "" || f.Kind == catalog.KindEnum {
		return nil
	}
	sorted := slices.Clone(p.entries)
	slices.SortStableFunc(sorted, func(x, y []any) int {
		c := cmp.Compare(worth(f.values(x)[0]), worth(f.values(y)[0]))
		if f.Better == "low" {
			return -c
		}
		return c
	})
	return sorted
}

func worth(v catalog.Value) float64 {
	if v.IsBool() {
		if v.Bool() {
			return 1
		}
		return 0
	}
	return v.Num()
}

func step(at float64, n int) int { return min(max(int(at*float64(n)), 0), n-1) }

// dealVariants gives a product several values: of sizes a run without gaps, of anything else one to four.
func (b *book) dealVariants(p *pool, list []*item, r *rand.Rand) {
	f := b.facet[p.facet]
	var all []catalog.Value
	for _, e := range p.entries {
		for _, v := range f.values(e) {
			if !slices.Contains(all, v) {
				all = append(all, v)
			}
		}
	}
	for _, it := range list {
		it.values[p.facet] = f.several(all, r)
	}
}

func (f *facetRow) several(all []catalog.Value, r *rand.Rand) []catalog.Value {
	if f.ordered() {
		from, to := r.IntN(2), len(all)-r.IntN(2)
		if to-from < 2 {
			from, to = 0, len(all)
		}
		return slices.Clone(all[from:to])
	}
	k := min([]int{1, 2, 2, 3, 3, 4}[r.IntN(6)], len(all))
	chosen := make([]catalog.Value, k)
	for i, at := range r.Perm(len(all))[:k] {
		chosen[i] = all[at]
	}
	return chosen
}

// ordered says whether the facet's values follow each other as sizes do.
func (f *facetRow) ordered() bool { return f.Kind == catalog.KindNumber || f.ID == "size" }

// applyRules redraws what the type's rules demand.
func (b *book) applyRules(it *item) {
	for _, rule := range it.typ.Rules {
		c, err := parseCondition(rule.If)
		if err != nil || !c.holds(it.values) {
			continue
		}
		if rule.Price > 0 {
			it.markup *= rule.Price
		}
		for i := range rule.Set {
			p := &rule.Set[i]
			if len(p.entries) == 0 {
				delete(it.values, p.facet)
				continue
			}
			if slices.Contains(it.typ.Variants, p.facet) {
				b.dealVariants(p, []*item{it}, it.rand)
				continue
			}
			entries, at := p.entries, it.rand.IntN(len(p.entries))
			if l := b.ladder(p); l != nil {
				entries, at = l, step(it.rank, len(l))
			}
			it.values[p.facet] = b.facet[p.facet].values(entries[at])
		}
	}
}

// values turns what the table holds into typed values. The tables have been checked, so that nothing is lost here.
func (f *facetRow) values(entry []any) []catalog.Value {
	out := make([]catalog.Value, 0, len(entry))
	for _, x := range entry {
		if v, ok := f.typed(x); ok {
			out = append(out, v)
		}
	}
	return out
}

// typed reads one table value as the facet's kind wants it.
func (f *facetRow) typed(x any) (catalog.Value, bool) {
	switch x := x.(type) {
	case bool:
		return catalog.Bool(x), f.Kind == catalog.KindBool
	case string:
		return catalog.Str(x), f.Kind == catalog.KindEnum && f.value(x) != nil
	case uint64:
		return catalog.Num(float64(x)), f.Kind == catalog.KindNumber
	case int64:
		return catalog.Num(float64(x)), f.Kind == catalog.KindNumber
	case float64:
		return catalog.Num(x), f.Kind == catalog.KindNumber
	}
	return catalog.Value{}, false
}

// weight is the product's weight in grams, rounded as on a label.
func (it *item) weight() float64 {
	w := between(it.typ.WeightG, it.scale) * (0.97 + 0.06*it.jitter("weight"))
	switch {
	case w < 20:
		return max(math.Round(w), 1)
	case w < 1000:
		return math.Round(w/5) * 5
	case w < 10000:
		return math.Round(w/50) * 50
	}
	return math.Round(w/100) * 100
}

// size is the parcel in millimetres.
func (it *item) size() []float64 {
	small, big := it.typ.SizeMM[0], it.typ.SizeMM[1]
	out := make([]float64, len(small))
	at := 0.85*it.scale + 0.15*it.jitter("size")
	for i := range small {
		out[i] = math.Round(between([2]float64{small[i], big[i]}, at)/5) * 5
	}
	return out
}

func between(span [2]float64, at float64) float64 { return span[0] + at*(span[1]-span[0]) }

// jitter is a fixed chance number from 0 to 1 of this product for one purpose.
func (it *item) jitter(purpose string) float64 {
	return float64(seed(it.id()+"/"+purpose)%10007) / 10006
}
