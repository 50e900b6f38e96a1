package generator

import (
	"context"
	"fmt"

	"daogou/generator/constrain"
)

// Constraint says which tokens may come next; package constrain has one made of grammars. It is called between passes, by one goroutine at a time.
type Constraint = constrain.Constraint

// Stream is one sequence and its keys and values. It is not for use by two goroutines at once; a fork is a stream of its own.
type Stream struct {
	e      *Engine
	cache  cache
	logits []float32
}

// NewStream begins an empty sequence.
func (e *Engine) NewStream() *Stream { return &Stream{e: e} }

// Len is the number of tokens so far.
func (s *Stream) Len() int { return s.cache.len }

// chunk is how many rows of a causal prompt go through the model in one pass: enough to be fast, few enough to be in cache and to stop soon.
const chunk = 256

// Prefill appends tokens and gives the logits after the last one; they are good until the next call. prompt says that the tokens are a prompt, which in a prefix-LM
// makes them see each other in both directions; it must then be the first call, with the whole prompt. In a causal model prompt means nothing.
func (s *Stream) Prefill(tokens []int32, prompt bool) ([]float32, error) {
	both := prompt && s.e.c.Prefix
	switch {
	case len(tokens) == 0:
		return nil, ErrEmpty
	case both && s.cache.len > 0:
		return nil, fmt.Errorf("%w: %d tokens are there already; begin a new stream", ErrPrefix, s.cache.len)
	}
	if err := s.e.checkTokens(tokens); err != nil {
		return nil, err
	}
	if err := s.e.checkLength(s.cache.len, len(tokens)); err != nil {
		return nil, err
	}
	step := chunk
	if both {
		step = len(tokens)
	}
	for len(tokens) > 0 {
		n := min(step, len(tokens))
		sp := s.e.span(&s.cache, tokens[:n], both)
		tokens = tokens[n:]
		sp.last, sp.logits = len(tokens) == 0, s.logits
		if err := s.e.pass([]*span{sp}); err != nil {
			return nil, err
		}
		s.logits = sp.logits
	}
	return s.logits, nil
}

// Step appends one token and gives the logits after it.
func (s *Stream) Step(token int32) ([]float32, error) { return s.Prefill([]int32{token}, false) }

// Fork is a stream with the same beginning, which both share in memory.
func (s *Stream) Fork() *Stream {
	return &Stream{e: s.e, cache: s.e.pages.fork(&s.cache, s.cache.len), logits: append([]float32(nil), s.logits...)}
}

// Close gives the memory back for reuse. A stream that is merely dropped is collected like anything else.
func (s *Stream) Close() {
	s.e.pages.release(&s.cache)
	s.logits = nil
}

// Generate continues a prompt and calls emit with each token as it comes.
func (e *Engine) Generate(ctx context.Context, r Request, emit func(token int32)) (Reply, error) {
	j, err := newGenerate(e, r, emit)
	if err != nil {
		return Reply{}, err
	}
	err = e.run(ctx, j)
	return j.reply, err
}

// Score gives for each candidate the logarithm of its probability after the prefix: Σ log p(token | prefix, the candidate's tokens before). The prefix is a prompt.
// Candidates share the prefix and each other's beginnings, and go through the model together.
func (e *Engine) Score(ctx context.Context, prefix []int32, candidates [][]int32) ([]float64, error) {
	j, err := newScore(e, prefix, candidates)
	if err != nil {
		return nil, err
	}
	err = e.run(ctx, j)
	return j.scores, err
}

// Beam searches for the most probable continuations.
func (e *Engine) Beam(ctx context.Context, r BeamRequest) ([]Hypothesis, error) {
	j, err := newBeam(e, r)
	if err != nil {
		return nil, err
	}
	err = e.run(ctx, j)
	return j.result, err
}

// run does a job alone.
func (e *Engine) run(ctx context.Context, j job) error {
	defer j.close()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		spans := j.next(chunk, true)
		if len(spans) > 0 {
			if err := e.pass(spans); err != nil {
				return err
			}
		}
		if done, err := j.took(); done || err != nil {
			return err
		}
	}
}
