package task

import (
	"context"
	"fmt"
	"math"
	"sync"

	"daogou/catalog"
	"daogou/generator"
)

// MaxScored is the largest number of products that are scored at a time: a turn has no time for more.
const MaxScored = 16

// Ranker says how well products fit a need. It is safe for concurrent use.
//
// A product's score is the mean log-likelihood of its sequence given the need, minus the same without a need: how much likelier the need makes each of its words.
// What is common in the shop, or short, or in familiar words has no advantage by that.
type Ranker struct {
	vocab *Vocab
	model generator.Runner
	prior priors
}

// NewRanker makes a ranker.
func NewRanker(v *Vocab, model generator.Runner) (*Ranker, error) {
	if have := model.Config().Vocab; have != v.Size() {
		return nil, fmt.Errorf("task: the model knows %d tokens and the tokenizer %d: they do not belong together", have, v.Size())
	}
	return &Ranker{vocab: v, model: model}, nil
}

// Score scores at most MaxScored products for a need, in their order. For the empty need all are 0.
func (r *Ranker) Score(ctx context.Context, n Need, schema *catalog.Schema, products []*catalog.Product) ([]float64, error) {
	if len(products) > MaxScored {
		return nil, fmt.Errorf("task: %d products are to be scored at a time; at most %d can be", len(products), MaxScored)
	}
	scores := make([]float64, len(products))
	if n = n.clean(); n.Text == "" || len(products) == 0 {
		return scores, ctx.Err()
	}
	sequences := make([][]int32, len(products))
	for i, p := range products {
		sequences[i] = r.vocab.ProductTokens(p, schema, n.Lang, RankTokens)
	}
	before, err := r.priors(ctx, n.Lang, sequences) // first, because they stay: a shop's first turns past the deadline make the next ones faster
	if err != nil {
		return nil, err
	}
	likely, err := r.model.Score(ctx, r.vocab.NeedTokens(n), sequences)
	if err != nil {
		return nil, err
	}
	for i := range scores {
		if scores[i] = lift(likely[i], before[i], sequences[i]); math.IsNaN(scores[i]) || math.IsInf(scores[i], 0) {
			return nil, fmt.Errorf("task: the model gives product %q no finite probability", products[i].ID)
		}
	}
	return scores, nil
}

func (n Need) clean() Need {
	n.Text = plainWords(n.Text)
	if n.Lang != "zh" {
		n.Lang = "en"
	}
	return n
}

// lift is by how much a need makes each token of a sequence likelier.
func lift(given, before float64, sequence []int32) float64 {
	return (given - before) / float64(len(sequence))
}

// priors are the log-likelihoods of sequences without a need: remembered, or computed.
func (r *Ranker) priors(ctx context.Context, lang string, sequences [][]int32) ([]float64, error) {
	out := make([]float64, len(sequences))
	var missing [][]int32
	var at []int
	for i, s := range sequences {
		p, ok := r.prior.get(priorKey(lang, s))
		if out[i] = p; !ok {
			missing, at = append(missing, s), append(at, i)
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	got, err := r.model.Score(ctx, r.vocab.NeedTokens(Need{Lang: lang}), missing)
	if err != nil {
		return nil, err
	}
	for k, i := range at {
		out[i] = got[k]
		r.prior.put(priorKey(lang, missing[k]), got[k])
	}
	return out, nil
}

// priorKey names a prior by all that it depends on. A new version of a product or of the schema that changes the sequence is another key.
func priorKey(lang string, sequence []int32) string {
	key := append(make([]byte, 0, len(lang)+3*len(sequence)), lang...)
	for _, t := range sequence {
		key = append(key, byte(t), byte(t>>8), byte(t>>16))
	}
	return string(key)
}

// maxPriors bounds the memory of priors to a few megabytes.
const maxPriors = 1 << 15

// priors remember log-likelihoods. There are two generations: when the young one is full the old one is forgotten, except what was asked for since.
type priors struct {
	mu         sync.Mutex
	young, old map[string]float64
}

func (p *priors) get(key string) (float64, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if x, ok := p.young[key]; ok {
		return x, true
	}
	x, ok := p.old[key]
	if ok {
		p.keep(key, x)
	}
	return x, ok
}

func (p *priors) put(key string, x float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keep(key, x)
}

func (p *priors) keep(key string, x float64) {
	if p.young == nil || len(p.young) >= maxPriors/2 {
		p.young, p.old = map[string]float64{}, p.young
	}
	p.young[key] = x
}
