package main

import (
	"math"
	"math/rand/v2"
	"testing"

	"daogou/generator"
	"daogou/generator/kernel"
	"daogou/generator/params"
	"daogou/generator/train"
)

// Bounds of what the parts may differ by: float32 rounding between trainer and engine, and the loss of eight-bit weights.
const (
	floatBound = 1e-4
	int8Bound  = 0.25 // the worst single logit, in standard deviations of the logits
)

// TestTrainerAndEngineAgree runs the same random weights through the gorgonia graph and through the engine: in one piece and token by token, in float32 and in int8.
func TestTrainerAndEngineAgree(t *testing.T) {
	for name, cfg := range map[string]params.Config{
		"rotary":            {Position: params.Rotary},
		"sinusoidal":        {Position: params.Sinusoidal},
		"rotary, prefix":    {Position: params.Rotary, Prefix: true},
		"sinusoidal,prefix": {Position: params.Sinusoidal, Prefix: true},
	} {
		t.Run(name, func(t *testing.T) {
			cfg.Vocab, cfg.Dim, cfg.Layers, cfg.Heads, cfg.KVHeads, cfg.FF, cfg.Context = 96, 64, 3, 4, 2, 160, 64
			m, tokens := randomModel(t, cfg)
			const prompt = 20
			want, err := train.Forward(m.Layout.Config, m.Arena, tokens, prompt)
			if err != nil {
				t.Fatal(err)
			}
			exact := openEngine(t, m, kernel.Float32)
			if d := stepwise(t, exact, tokens, prompt, want); d > floatBound {
				t.Errorf("trainer and engine differ by %g", d)
			}
			if d := stepwise(t, openEngine(t, m, kernel.Int8), tokens, prompt, want); d > int8Bound*spread(want) {
				t.Errorf("int8 differs by %g, over %g of the spread %g", d, int8Bound, spread(want))
			}
		})
	}
}

func randomModel(t *testing.T, cfg params.Config) (*params.Model, []int32) {
	t.Helper()
	m, err := params.NewModel(cfg)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for _, x := range m.Layout.Tensors {
		part := m.Arena[x.Offset : x.Offset+x.Len]
		for i := range part {
			if part[i] = 1 + 0.1*float32(rng.NormFloat64()); len(x.Shape) == 2 {
				part[i] = float32(rng.NormFloat64() / math.Sqrt(float64(x.Shape[1])))
			}
		}
	}
	tokens := make([]int32, 48)
	for i := range tokens {
		tokens[i] = int32(rng.IntN(cfg.Vocab))
	}
	return m, tokens
}

func openEngine(t *testing.T, m *params.Model, p kernel.Precision) *generator.Engine {
	t.Helper()
	e, err := generator.New(m, generator.Options{Precision: p})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

// stepwise feeds the prompt at once and the rest token by token and gives the largest difference from the logits wanted.
func stepwise(t *testing.T, e *generator.Engine, tokens []int32, prompt int, want []float32) float64 {
	t.Helper()
	vocab := e.Config().Vocab
	s := e.NewStream()
	got, err := s.Prefill(tokens[:prompt], true)
	worst := 0.0
	for at := prompt - 1; err == nil; at++ {
		for i, v := range got {
			worst = max(worst, math.Abs(float64(v-want[at*vocab+i])))
		}
		if at+1 == len(tokens) {
			return worst
		}
		got, err = s.Step(tokens[at+1])
	}
	t.Fatal(err)
	return 0
}

// spread is the standard deviation of the logits.
func spread(x []float32) float64 {
	sum, square := 0.0, 0.0
	for _, v := range x {
		sum, square = sum+float64(v), square+float64(v)*float64(v)
	}
	mean := sum / float64(len(x))
	return math.Sqrt(square/float64(len(x)) - mean*mean)
}
