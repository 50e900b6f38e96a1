package generator

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"daogou/generator/constrain"
	"daogou/generator/kernel"
)

func grammar(t testing.TB, r constrain.Rule, vocab int) *constrain.Cursor {
	t.Helper()
	g, err := constrain.Compile(r, vocab)
	if err != nil {
		t.Fatal(err)
	}
	return g.Start()
}

func upTo(n int) []int32 {
	tokens := make([]int32, n)
	for i := range tokens {
		tokens[i] = int32(i)
	}
	return tokens
}

// Whatever the sampling, nothing outside the grammar is produced, and the log-probability is that of the tokens among those allowed.
func TestGenerateStaysInGrammar(t *testing.T) {
	e := engine(t, random(t, tiny), Options{})
	lists := [][]int32{{10, 11, 12}, {10, 11, 13}, {20}, {20, 21}, {30, 31, 32, 33}}
	rule := constrain.Seq(constrain.Tokens(1, 2, 3), constrain.Repeat(constrain.Trie("t", lists), 1, 3), constrain.Tokens(4), constrain.FreeText(upTo(40), 5, 50))
	start := grammar(t, rule, tiny.Vocab)
	seen := map[int]bool{}
	for seed := range uint64(60) {
		var emitted []int32
		r := Request{Prompt: []int32{7, 8}, Constraint: start, Temperature: 2, TopP: []float64{0, 0.9}[seed%2], Seed: seed}
		reply, err := e.Generate(context.Background(), r, func(token int32) { emitted = append(emitted, token) })
		if err != nil {
			t.Fatal(err)
		}
		c := start.Copy()
		logp := 0.0
		s := e.NewStream()
		logits, _ := s.Prefill(r.Prompt, true)
		for _, token := range reply.Tokens {
			allowed, _ := c.Allowed(nil)
			sum := 0.0
			for _, a := range allowed {
				sum += math.Exp(float64(logits[a]))
			}
			logp += float64(logits[token]) - math.Log(sum)
			if err := c.Accept(token); err != nil {
				t.Fatalf("seed %d: %v leaves the grammar: %v", seed, reply.Tokens, err)
			}
			logits, _ = s.Step(token)
		}
		if !c.Done() || reply.Reason != Ended || !slices.Equal(emitted, reply.Tokens) {
			t.Fatalf("seed %d: %v, reason %s, emitted %v", seed, reply.Tokens, reply.Reason, emitted)
		}
		if math.Abs(logp-reply.LogProb) > 1e-2 {
			t.Fatalf("seed %d: log-probability %g, want %g", seed, reply.LogProb, logp)
		}
		seen[len(reply.Tokens)] = true
	}
	if len(seen) < 5 {
		t.Errorf("only %d different lengths: the test tests little", len(seen))
	}
}

func TestGenerateEnds(t *testing.T) {
	e := engine(t, random(t, tiny), Options{Precision: kernel.Float32})
	ctx := context.Background()
	free, err := e.Generate(ctx, Request{Prompt: []int32{1, 2, 3}, MaxTokens: 20}, nil)
	if err != nil || len(free.Tokens) != 20 || free.Reason != AtLength {
		t.Fatalf("%v %v", free, err)
	}
	end := free.Tokens[12]
	at := slices.Index(free.Tokens, end)
	cut, err := e.Generate(ctx, Request{Prompt: []int32{1, 2, 3}, MaxTokens: 20, End: []int32{end}}, nil)
	if err != nil || cut.Reason != Ended || !slices.Equal(cut.Tokens, free.Tokens[:at]) {
		t.Errorf("with end token %d: %v %v", end, cut, err)
	}
	// An end token of the grammar's own ends nothing where the grammar is not done.
	within := grammar(t, constrain.Tokens(0, 9, 0), tiny.Vocab)
	if r, err := e.Generate(ctx, Request{Prompt: []int32{1}, Constraint: within, End: []int32{0}}, nil); err != nil || !slices.Equal(r.Tokens, []int32{0, 9, 0}) {
		t.Errorf("%v %v", r, err)
	}
	// Where the grammar may end or go on, the end token is one of the choices.
	option := grammar(t, constrain.Repeat(constrain.Tokens(5), 0, 50), tiny.Vocab)
	ended := 0
	for seed := range uint64(20) {
		r, err := e.Generate(ctx, Request{Prompt: []int32{1}, Constraint: option, End: []int32{0, 3}, Temperature: 1, Seed: seed}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Reason == Ended && len(r.Tokens) > 0 && len(r.Tokens) < 50 {
			ended++
		}
	}
	if ended == 0 {
		t.Error("no reply made use of the choice to end")
	}
	whole := tiny
	whole.Context = 10
	short := engine(t, random(t, whole), Options{})
	if r, err := short.Generate(ctx, Request{Prompt: []int32{1, 2, 3}}, nil); err != nil || len(r.Tokens) != 7 || r.Reason != AtLength {
		t.Errorf("to the context's end: %v %v", r, err)
	}
}

func TestSameSeedSameReply(t *testing.T) {
	e := engine(t, random(t, tiny), Options{})
	r := Request{Prompt: []int32{1, 2}, MaxTokens: 30, Temperature: 1, TopP: 0.9, Seed: 5}
	a, _ := e.Generate(context.Background(), r, nil)
	b, _ := e.Generate(context.Background(), r, nil)
	r.Seed = 6
	c, _ := e.Generate(context.Background(), r, nil)
	if !slices.Equal(a.Tokens, b.Tokens) || slices.Equal(a.Tokens, c.Tokens) {
		t.Errorf("seeds 5, 5, 6: %v, %v, %v", a.Tokens, b.Tokens, c.Tokens)
	}
}

func TestDraw(t *testing.T) {
	p := []float32{0.1, 0.5, 0.05, 0.3, 0.05}
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range []struct {
		topP float64
		want []float64
	}{
		{0, []float64{0.1, 0.5, 0.05, 0.3, 0.05}},
		{1, []float64{0.1, 0.5, 0.05, 0.3, 0.05}},
		{0.7, []float64{0, 0.5 / 0.8, 0, 0.3 / 0.8, 0}},
		{0.2, []float64{0, 1, 0, 0, 0}},
		{0.85, []float64{0.1 / 0.9, 0.5 / 0.9, 0, 0.3 / 0.9, 0}},
	} {
		n, counts := 40000, make([]float64, len(p))
		for range n {
			counts[draw(p, c.topP, r.Float64())]++
		}
		for i, w := range c.want {
			if got := counts[i] / float64(n); math.Abs(got-w) > 0.015 || w == 0 && got > 0 {
				t.Errorf("top-p %g: index %d drawn %.3f of the time, want %.3f", c.topP, i, got, w)
			}
		}
	}
}

// A beam as wide as the list of sequences finds them all, in the order of their scores.
func TestBeamAgreesWithScore(t *testing.T) {
	for name, c := range shapes() {
		t.Run(name, func(t *testing.T) {
			e := engine(t, random(t, c), Options{})
			var lists [][]int32
			for i := range 24 {
				lists = append(lists, append(someTokens(2, 4, uint64(i)), int32(10+i), int32(40+i%3)))
			}
			prompt := someTokens(30, c.Vocab, 8)
			scores, err := e.Score(context.Background(), prompt, lists)
			if err != nil {
				t.Fatal(err)
			}
			found, err := e.Beam(context.Background(), BeamRequest{Prompt: prompt, Constraint: grammar(t, constrain.Trie("t", lists), c.Vocab), Width: 24})
			if err != nil || len(found) != 24 {
				t.Fatalf("%d found, %v", len(found), err)
			}
			for i, h := range found {
				pick := h.Constraint.(*constrain.Cursor).Picks()[0].Index
				if !slices.Equal(lists[pick], h.Tokens) || math.Abs(scores[pick]-h.LogProb) > 1e-3 {
					t.Errorf("%v has %g by beam and %g by score", h.Tokens, h.LogProb, scores[pick])
				}
				if i > 0 && h.LogProb > found[i-1].LogProb {
					t.Errorf("place %d is better than the one before", i)
				}
			}
			if few, err := e.Beam(context.Background(), BeamRequest{Prompt: prompt, Constraint: grammar(t, constrain.Trie("t", lists), c.Vocab), Width: 3}); err != nil || len(few) != 3 {
				t.Errorf("width 3: %v, %v", few, err)
			}
		})
	}
}

func TestBeamWithEndToken(t *testing.T) {
	e := engine(t, random(t, tiny), Options{Precision: kernel.Float32})
	found, err := e.Beam(context.Background(), BeamRequest{Prompt: []int32{1, 2}, Width: 6, MaxTokens: 8, End: []int32{3}})
	if err != nil || len(found) == 0 {
		t.Fatal(found, err)
	}
	var with [][]int32
	for _, h := range found {
		with = append(with, append(slices.Clone(h.Tokens), 3))
	}
	scores, err := e.Score(context.Background(), []int32{1, 2}, with)
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range found {
		if math.Abs(h.LogProb-scores[i]) > 1e-3 || slices.Contains(h.Tokens, 3) {
			t.Errorf("%v: %g by beam, %g by score", h.Tokens, h.LogProb, scores[i])
		}
	}
}

// liar allows a token that it then refuses; a grammar never does, but the interface is open.
type liar struct{ Constraint }

func (liar) Allowed(dst []int32) ([]int32, bool) { return append(dst, 4, 5), false }
func (liar) Accept(int32) error                  { return errors.New("no") }
func (liar) Done() bool                          { return false }
func (l liar) Clone() Constraint                 { return l }

// dead allows nothing and is not done.
type dead struct{ liar }

func (dead) Allowed(dst []int32) ([]int32, bool) { return dst, false }
func (d dead) Clone() Constraint                 { return d }

func TestBrokenConstraintsAreErrors(t *testing.T) {
	e := engine(t, random(t, tiny), Options{})
	for _, c := range []Constraint{liar{}, dead{}} {
		if r, err := e.Generate(context.Background(), Request{Prompt: []int32{1}, Constraint: c}, nil); err == nil {
			t.Errorf("%T: %v", c, r)
		}
		if r, err := e.Beam(context.Background(), BeamRequest{Prompt: []int32{1}, Constraint: c, Width: 2}); err == nil && len(r) > 0 {
			t.Errorf("%T: %v", c, r)
		}
	}
}

// What a grammar leaves no choice about goes through the model in one piece.
func TestForcedTokensCostOnePass(t *testing.T) {
	e := engine(t, random(t, tiny), Options{})
	s := scheduler(t, e, SchedulerOptions{PoolTokens: -1})
	literal := someTokens(60, tiny.Vocab, 3)
	rule := constrain.Seq(constrain.Choice(constrain.Tokens(1), constrain.Tokens(2)), constrain.Tokens(literal...), constrain.Choice(constrain.Tokens(3), constrain.Tokens(4)))
	reply, err := s.Generate(context.Background(), Request{Prompt: []int32{1, 2, 3}, Constraint: grammar(t, rule, tiny.Vocab)}, nil)
	if err != nil || len(reply.Tokens) != 62 || !slices.Equal(reply.Tokens[1:61], literal) {
		t.Fatalf("%v %v", reply, err)
	}
	if n := s.Stats().Passes; n != 2 {
		t.Errorf("%d passes for two choices", n)
	}
}
