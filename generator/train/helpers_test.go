package train

import (
	"math"
	"math/rand/v2"
	"testing"

	"daogou/generator/params"
)

// tiny is a model small enough to train in a second, with everything odd that a model may have: shared key heads, sizes that fill no vector.
func tiny(change ...func(*params.Config)) params.Config {
	c := params.Config{Vocab: 37, Dim: 20, Layers: 2, Heads: 4, KVHeads: 2, HeadDim: 6, FF: 26, Context: 24}
	for _, f := range change {
		f(&c)
	}
	return c.WithDefaults()
}

func sinusoidal(c *params.Config) { c.Position = params.Sinusoidal }
func prefix(c *params.Config)     { c.Prefix = true }
func untied(c *params.Config)     { c.Untied = true }

// numbers are n draws from a normal of a given spread.
func numbers(r *rand.Rand, n int, spread float64) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64() * spread)
	}
	return x
}

// sequences are random examples for a configuration.
func sequences(c params.Config, n int, seed uint64) Examples {
	r := rand.New(rand.NewPCG(seed, 1))
	var all Examples
	for range n {
		e := Example{Tokens: make([]int32, 6+r.IntN(c.Context-6))}
		e.Prompt = 1 + r.IntN(len(e.Tokens)-2)
		for i := range e.Tokens {
			e.Tokens[i] = int32(r.IntN(c.Vocab))
		}
		all = append(all, e)
	}
	return all
}

func newArena(t *testing.T, c params.Config) (*params.Layout, []float32) {
	t.Helper()
	l, err := params.NewLayout(c)
	if err != nil {
		t.Fatal(err)
	}
	w := make([]float32, l.Size)
	initialise(l, w, 3)
	return l, w
}

func newTestMachine(t *testing.T, name string) *machine {
	t.Helper()
	m, err := newMachine(name, 2)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// near fails if two arrays differ by more than a share of the larger one's size.
func near(t *testing.T, what string, got, want []float32, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	size := 0.0
	for _, v := range want {
		size = math.Max(size, math.Abs(float64(v)))
	}
	for i := range want {
		if d := math.Abs(float64(got[i] - want[i])); !(d <= tolerance*(size+1e-6)) {
			t.Fatalf("%s: number %d is %v, want %v (largest %v, tolerance %v of it)", what, i, got[i], want[i], size, tolerance)
		}
	}
}
