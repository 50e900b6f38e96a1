package task

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"daogou/catalog"
	"daogou/generator"
	"daogou/generator/constrain"
)

// Bounds of generative retrieval. An index takes about 1.5 KB a product, and three times that while it is built.
const (
	maxIndexed = 10_000
	leastBeam  = 24
	mostBeam   = 64
)

// Catalogue is where a Retriever reads products. *catalog.DB is one.
type Catalogue interface {
	Schema(ctx context.Context) (*catalog.Schema, error)
	All(ctx context.Context, f func(*catalog.Product) error) error
}

// Retriever finds products without a search index: the model writes the sequence of a product that the need calls for, and a trie of the catalogue's sequences
// keeps it to those that exist. It is safe for concurrent use.
//
// It is for shops of up to ten thousand products. A larger catalogue is searched, and the hits are scored.
type Retriever struct {
	ranker    *Ranker
	catalogue Catalogue

	mu      sync.Mutex
	version int64
	byLang  map[string]*productIndex
}

// NewRetriever makes a retriever. It reads the catalogue when it is first asked, and again after each new version of it.
func NewRetriever(r *Ranker, c Catalogue) *Retriever { return &Retriever{ranker: r, catalogue: c} }

// Found is a product with its score: that of Ranker.Score.
type Found struct {
	ID    string
	Score float64
}

// Retrieve lists up to k products for a need, best first. The empty need has none.
func (r *Retriever) Retrieve(ctx context.Context, n Need, k int) ([]Found, error) {
	if n = n.clean(); n.Text == "" || k < 1 {
		return nil, ctx.Err()
	}
	ix, err := r.index(ctx, n.Lang)
	if err != nil || ix.grammar == nil {
		return nil, err
	}
	width := min(max(leastBeam, 4*k), mostBeam)
	hs, err := r.ranker.model.Beam(ctx, generator.BeamRequest{Prompt: r.ranker.vocab.NeedTokens(n), Constraint: ix.grammar.Start(), Width: width, MaxTokens: RankTokens})
	if err != nil {
		return nil, err
	}
	return r.sorted(ctx, n.Lang, ix, hs, k)
}

// sorted turns what the beam ended with into products. A beam follows what is likely; the order is by how much of that is due to the need.
func (r *Retriever) sorted(ctx context.Context, lang string, ix *productIndex, hs []generator.Hypothesis, k int) ([]Found, error) {
	sequences := make([][]int32, len(hs))
	for i, h := range hs {
		sequences[i] = h.Tokens
	}
	before, err := r.ranker.priors(ctx, lang, sequences)
	if err != nil {
		return nil, err
	}
	var out []Found
	for i, h := range hs {
		for _, id := range ix.products(h.Constraint) {
			out = append(out, Found{id, lift(h.LogProb, before[i], h.Tokens)})
		}
	}
	slices.SortStableFunc(out, func(a, b Found) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(len(out), k)], nil
}

// productIndex is a catalogue's sequences in one language.
type productIndex struct {
	grammar *constrain.Grammar // nil: no products
	ids     [][]string         // of each sequence of the trie: products that read alike share one
	refused error              // why there is none
}

// products are those of the sequence that a constraint has gone through.
func (ix *productIndex) products(c constrain.Constraint) []string {
	cursor, ok := c.(*constrain.Cursor)
	if !ok {
		return nil
	}
	picks := cursor.Picks()
	if len(picks) != 1 || !cursor.Done() {
		return nil
	}
	return ix.ids[picks[0].Index]
}

// index is that of the catalogue's present version, built by whoever asks first.
func (r *Retriever) index(ctx context.Context, lang string) (*productIndex, error) {
	schema, err := r.catalogue.Schema(ctx)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.version != schema.Version || r.byLang == nil {
		r.version, r.byLang = schema.Version, map[string]*productIndex{}
	}
	ix := r.byLang[lang]
	if ix == nil {
		if ix, err = r.build(ctx, schema, lang); err != nil {
			return nil, err
		}
		r.byLang[lang] = ix
	}
	return ix, ix.refused
}

var errTooMany = fmt.Errorf("task: generative retrieval is for catalogues of up to %d products; search this one and score the hits", maxIndexed)

func (r *Retriever) build(ctx context.Context, schema *catalog.Schema, lang string) (*productIndex, error) {
	ix, at, n := &productIndex{}, map[string]int{}, 0
	var sequences [][]int32
	err := r.catalogue.All(ctx, func(p *catalog.Product) error {
		if n++; n > maxIndexed {
			return errTooMany
		}
		s := r.ranker.vocab.ProductTokens(p, schema, lang, RankTokens)
		i, known := at[priorKey("", s)]
		if !known {
			i = len(sequences)
			at[priorKey("", s)] = i
			sequences, ix.ids = append(sequences, s), append(ix.ids, nil)
		}
		ix.ids[i] = append(ix.ids[i], p.ID)
		return nil
	})
	switch {
	case errors.Is(err, errTooMany):
		return &productIndex{refused: errTooMany}, nil
	case err != nil:
		return nil, fmt.Errorf("task: reading the catalogue for its index: %w", err)
	case len(sequences) == 0:
		return ix, nil
	}
	ix.grammar, err = constrain.Compile(constrain.Trie("products", sequences), r.ranker.vocab.Size())
	return ix, err
}
