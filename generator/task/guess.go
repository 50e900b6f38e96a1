package task

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"daogou/catalog"
	"daogou/nlu"
)

// Words is what one shop's categories are spoken of with: their names, facets and values, and the texts of their products. It proposes categories for a turn that names
// none ("something to keep beer cold at the beach"). It is immutable and safe for concurrent use.
type Words struct {
	schema *catalog.Schema
	types  []string             // category IDs
	terms  map[string][]posting // term → categories that have it
	length []float64
	mean   float64

	facets sync.Map // facet ID → set of terms
}

type posting struct {
	at int32
	tf float32
}

// Weights of where a term stands: in a category's own name, in its facets and values, in its products' texts.
const (
	nameWeight    = 6
	facetWeight   = 1
	titleWeight   = 1
	descWeight    = 0.5
	perCategory   = 60 // products read of one category
	saturation    = 1.2
	lengthPenalty = 0.4
)

// NewWords reads a shop's schema and products. products calls yield until it returns false; nil if there are none to read.
func NewWords(schema *catalog.Schema, products func(yield func(*catalog.Product) bool)) *Words {
	b := &wordsBuilder{Words: &Words{schema: schema, terms: map[string][]posting{}}, index: map[string]int{}, counts: []map[string]float64{}}
	for i := range schema.Categories {
		b.category(&schema.Categories[i])
	}
	seen := map[string]int{}
	if products != nil {
		products(func(p *catalog.Product) bool {
			if n := len(p.Category); n > 0 && seen[p.Category[n-1]] < perCategory {
				seen[p.Category[n-1]]++
				b.product(p)
			}
			return true
		})
	}
	return b.finish()
}

type wordsBuilder struct {
	*Words
	index  map[string]int
	counts []map[string]float64
}

func (b *wordsBuilder) add(id, text string, weight float64) {
	k, ok := b.index[id]
	if !ok {
		return
	}
	for _, t := range nlu.Terms(text) {
		b.counts[k][t] += weight
	}
}

func (b *wordsBuilder) category(c *catalog.Category) {
	b.index[c.ID] = len(b.types)
	b.types = append(b.types, c.ID)
	b.counts = append(b.counts, map[string]float64{})
	b.names(c.ID, c.Label, c.Synonyms, nameWeight)
	for _, id := range c.Facets {
		if f := b.schema.Facet(id); f != nil {
			b.names(c.ID, f.Label, f.Synonyms, facetWeight)
			for i := range f.Values {
				if i < 24 {
					b.names(c.ID, f.Values[i].Label, f.Values[i].Synonyms, facetWeight)
				}
			}
		}
	}
}

func (b *wordsBuilder) names(id string, label catalog.Text, synonyms map[string][]string, weight float64) {
	for _, s := range label {
		b.add(id, s, weight)
	}
	for _, list := range synonyms {
		for _, s := range list {
			b.add(id, s, weight)
		}
	}
}

func (b *wordsBuilder) product(p *catalog.Product) {
	id := p.Category[len(p.Category)-1]
	for _, s := range p.Title {
		b.add(id, s, titleWeight)
	}
	for _, s := range p.Description {
		if len(s) < 2000 {
			b.add(id, s, descWeight)
		}
	}
}

func (b *wordsBuilder) finish() *Words {
	w := b.Words
	w.length = make([]float64, len(w.types))
	for k, counts := range b.counts {
		for t, n := range counts {
			n = math.Log1p(n)
			w.terms[t] = append(w.terms[t], posting{int32(k), float32(n)})
			w.length[k] += n
		}
		w.mean += w.length[k] / float64(len(w.types))
	}
	return w
}

// Guess lists up to n categories that a text may be about, the likeliest first. Among a category and one below it the one below stands first.
func (w *Words) Guess(text string, n int) []string {
	score := make([]float64, len(w.types))
	seen := map[string]bool{}
	for _, t := range nlu.Terms(text) {
		list := w.terms[t]
		if seen[t] || len(list) == 0 {
			continue
		}
		seen[t] = true
		idf := math.Log(1 + (float64(len(w.types))-float64(len(list))+0.5)/(float64(len(list))+0.5))
		for _, p := range list {
			tf := float64(p.tf)
			score[p.at] += idf * tf * (saturation + 1) / (tf + saturation*(1-lengthPenalty+lengthPenalty*w.length[p.at]/w.mean))
		}
	}
	order := make([]int, 0, len(score))
	for k, s := range score {
		if s > 0 {
			order = append(order, k)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(score[b], score[a]), cmp.Compare(a, b)) })
	var out []string
	for _, k := range order[:min(n, len(order))] {
		out = append(out, w.types[k])
	}
	return out
}

// closeness is how much of a facet's names and values stands in the terms of a turn, in part at least: "folds" is close to foldable.
func (w *Words) closeness(f *catalog.Facet, said []string) float64 {
	terms := w.facetTerms(f)
	best := 0.0
	for _, s := range said {
		for t := range terms {
			switch {
			case s == t:
				best += 1
			case len(s) >= 4 && len(t) >= 4 && s[0] < 0x80 && s[:4] == t[:4]:
				best += 0.6
			}
		}
	}
	return best
}

func (w *Words) facetTerms(f *catalog.Facet) map[string]bool {
	if v, ok := w.facets.Load(f.ID); ok {
		return v.(map[string]bool)
	}
	set := map[string]bool{}
	put := func(label catalog.Text, synonyms map[string][]string) {
		for _, s := range label {
			for _, t := range nlu.Terms(s) {
				set[t] = true
			}
		}
		for _, list := range synonyms {
			for _, s := range list {
				for _, t := range nlu.Terms(s) {
					set[t] = true
				}
			}
		}
	}
	put(f.Label, f.Synonyms)
	for i := range f.Values {
		if i < 24 {
			put(f.Values[i].Label, f.Values[i].Synonyms)
		}
	}
	w.facets.Store(f.ID, set)
	return set
}
