package searcheval

import (
	"context"
	"math"
	"slices"
	"strings"
	"unicode"

	"daogou/catalog"

	"github.com/kljensen/snowball/english"
)

// Plain is textbook BM25, k1 1.2 and b 0.75, English stems, nothing else: the baseline to beat. With several fields it is BM25F of the
// simple kind: a word's frequency and a document's length are summed over the fields, each times its field's weight.
type Plain struct {
	weights  []float64
	ids      []string
	postings map[string][]posting
	lengths  []float64
	sum      float64
}

type posting struct {
	doc int
	tf  float64
}

// NewPlain makes an empty index with one weight for each field.
func NewPlain(weights ...float64) *Plain {
	return &Plain{weights: weights, postings: map[string][]posting{}}
}

// Baseline is a plain index with its name.
type Baseline struct {
	Name  string
	Index *Plain
}

// Baselines indexes a catalogue in the ways that our search is compared with.
func Baselines(ctx context.Context, db *catalog.DB) ([]Baseline, error) {
	out := []Baseline{
		{"BM25, title", NewPlain(1)},
		{"BM25, title + description", NewPlain(1, 1)},
		{"BM25, weighted fields", NewPlain(2, 1, 0.25)},
	}
	err := db.All(ctx, func(p *catalog.Product) error {
		texts := []string{p.Title.In("en"), p.Description.In("en"), facetText(p)}
		for _, b := range out {
			b.Index.Add(p.ID, texts[:len(b.Index.weights)]...)
		}
		return nil
	})
	return out, err
}

func facetText(p *catalog.Product) string {
	var b strings.Builder
	for _, vs := range p.Facets {
		for _, v := range vs {
			if v.IsStr() {
				b.WriteString(v.Str())
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

// Add indexes a document, one text for each field.
func (p *Plain) Add(id string, texts ...string) {
	doc := len(p.ids)
	p.ids = append(p.ids, id)
	tf := map[string]float64{}
	length := 0.0
	for f, weight := range p.weights {
		for _, w := range plainWords(texts[f]) {
			tf[w] += weight
			length += weight
		}
	}
	for w, n := range tf {
		p.postings[w] = append(p.postings[w], posting{doc, n})
	}
	p.lengths = append(p.lengths, length)
	p.sum += length
}

func plainWords(s string) []string {
	ws := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range ws {
		ws[i] = english.Stem(w, false)
	}
	return ws
}

// Search ranks all documents that have a word of the query.
func (p *Plain) Search(_ context.Context, query string) (Answer, error) {
	const k1, b = 1.2, 0.75
	score := map[int]float64{}
	n := float64(len(p.ids))
	usual := p.sum / max(n, 1)
	for _, w := range plainWords(query) {
		list := p.postings[w]
		idf := math.Log(1 + (n-float64(len(list))+0.5)/(float64(len(list))+0.5))
		for _, x := range list {
			score[x.doc] += idf * x.tf * (k1 + 1) / (x.tf + k1*(1-b+b*p.lengths[x.doc]/usual))
		}
	}
	docs := make([]int, 0, len(score))
	for d := range score {
		docs = append(docs, d)
	}
	slices.SortFunc(docs, func(x, y int) int {
		switch {
		case score[x] > score[y]:
			return -1
		case score[x] < score[y]:
			return 1
		}
		return x - y
	})
	a := Answer{Carried: len(docs) > 0}
	for _, d := range docs[:min(len(docs), 100)] {
		a.IDs = append(a.IDs, p.ids[d])
	}
	return a, nil
}
