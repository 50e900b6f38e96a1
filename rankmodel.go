package main

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"daogou/catalog"
	"daogou/chat"
	"daogou/generator/task"
	"daogou/nlu"
)

const (
	// modelWeight is what a model score counts beside a search score, of which the best is 1. It is set with
	// "daogou eval rank --db DB --fit catalog/searcheval/testdata/own_judgments.csv", never on the public judgements. The shipped model has no say: no weight above 0 made
	// an order better.
	modelWeight = 0.0
	// rankDeadline is how long a turn waits for the model's opinion.
	rankDeadline = 250 * time.Millisecond
)

// modelRanker orders the first hits of a search by what the search and the model say together; the rest keep their order behind them. What the model adds to a hit is
// its part "model". Past the deadline, or where the model fails, the search's order stays, without that part.
type modelRanker struct {
	model    *task.Ranker
	schema   func(context.Context) (*catalog.Schema, error)
	weight   float64
	deadline time.Duration
	log      *slog.Logger // why the model had no say; nil: nowhere

	scored, late atomic.Int64
}

// newModelRanker makes the ranker that a shop uses.
func newModelRanker(m *languageModel, db *catalog.DB, log *slog.Logger) (*modelRanker, error) {
	r, err := task.NewRanker(m.vocab, m.run)
	if err != nil {
		return nil, err
	}
	return &modelRanker{model: r, schema: db.Schema, weight: modelWeight, deadline: rankDeadline, log: log}, nil
}

// Name is "model".
func (*modelRanker) Name() string { return "model" }

// Counts are how often the model had its say, and how often it was late or failed.
func (r *modelRanker) Counts() (scored, late int64) { return r.scored.Load(), r.late.Load() }

// Rank reorders; it drops none and adds none.
func (r *modelRanker) Rank(ctx context.Context, s nlu.State, res *catalog.Result) ([]catalog.Hit, error) {
	hits := slices.Clone(res.Hits)
	if scores, err := r.scores(ctx, s, hits[:min(len(hits), task.MaxScored)]); err == nil {
		r.scored.Add(1)
		hits = fused(hits, scores, r.weight)
	} else {
		r.late.Add(1)
		if r.log != nil {
			r.log.Warn("the model did not score the hits", "error", err)
		}
	}
	return hits, nil
}

func (r *modelRanker) scores(ctx context.Context, s nlu.State, hits []catalog.Hit) ([]float64, error) {
	ctx, cancel := context.WithTimeout(ctx, r.deadline)
	defer cancel()
	schema, err := r.schema(ctx)
	if err != nil {
		return nil, err
	}
	return r.model.Score(ctx, task.NeedOf(s, schema), schema, products(hits))
}

func products(hits []catalog.Hit) []*catalog.Product {
	out := make([]*catalog.Product, len(hits))
	for i, h := range hits {
		out[i] = h.Product
	}
	return out
}

// farthest bounds what the model can say of a hit, so that no single odd text decides an order.
const farthest = 3

// fused adds the model's scores of the first hits to their search scores, of which the best becomes 1. The least likely of them gets nothing added, so the unscored
// hits behind cannot overtake any, and the parts still sum to the score.
func fused(hits []catalog.Hit, scores []float64, weight float64) []catalog.Hit {
	top := 0.0
	for _, h := range hits {
		top = max(top, h.Score)
	}
	scores = slices.Clone(scores)
	for i := range scores {
		scores[i] = min(max(scores[i], -farthest), farthest)
	}
	out := make([]catalog.Hit, len(hits))
	for i, h := range hits {
		out[i] = normalised(h, top)
		if i < len(scores) {
			out[i].Parts["model"] = weight * (scores[i] - slices.Min(scores))
			out[i].Score += out[i].Parts["model"]
		}
	}
	slices.SortStableFunc(out[:len(scores)], func(a, b catalog.Hit) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	return out
}

// normalised is a hit on a scale on which the best search score is 1.
func normalised(h catalog.Hit, top float64) catalog.Hit {
	h.Parts = maps.Clone(h.Parts)
	if len(h.Parts) == 0 {
		h.Parts = map[string]float64{"search": h.Score}
	}
	if top > 0 {
		h.Score /= top
		for k := range h.Parts {
			h.Parts[k] /= top
		}
	}
	return h
}

var _ chat.Ranker = (*modelRanker)(nil)
