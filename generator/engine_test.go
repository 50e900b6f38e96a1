package generator

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"daogou/generator/kernel"
	"daogou/generator/params"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files anew")

// tiny is a model of few weights whose sizes are awkward on purpose: no width is a multiple of 32, the query heads share three key heads.
var tiny = params.Config{Vocab: 75, Dim: 24, Layers: 3, Heads: 6, KVHeads: 3, HeadDim: 10, FF: 52, Context: 160, Position: params.Rotary}

// random is a model with weights drawn at a scale that makes its logits differ clearly.
func random(t testing.TB, c params.Config) *params.Model {
	t.Helper()
	m, err := params.NewModel(c)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(42, 1))
	for _, tensor := range m.Layout.Tensors {
		w := m.View(tensor.Name)
		scale := 1.0
		if len(tensor.Shape) == 2 {
			scale = 1 / math.Sqrt(float64(tensor.Shape[1]))
		}
		for i := range w {
			w[i] = float32(r.NormFloat64() * scale)
			if len(tensor.Shape) == 1 {
				w[i] = float32(1 + 0.1*r.NormFloat64())
			}
		}
	}
	return m
}

func engine(t testing.TB, m *params.Model, o Options) *Engine {
	t.Helper()
	e, err := New(m, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

func someTokens(n, vocab int, seed uint64) []int32 {
	r := rand.New(rand.NewPCG(seed, 2))
	tokens := make([]int32, n)
	for i := range tokens {
		tokens[i] = int32(r.IntN(vocab))
	}
	return tokens
}

// reference computes all logits in float64, straight from the definition.
func reference(m *params.Model, tokens []int32, prompt int) [][]float64 {
	c := m.Layout.Config
	n, group := len(tokens), c.Heads/c.KVHeads
	x := make([][]float64, n)
	for i, t := range tokens {
		x[i] = make([]float64, c.Dim)
		for j := range x[i] {
			x[i][j] = float64(m.View(params.TokenEmbedding)[int(t)*c.Dim+j])
			if c.Position == params.Sinusoidal {
				a := float64(i) / math.Pow(10000, float64(j/2*2)/float64(c.Dim))
				x[i][j] += []float64{math.Sin(a), math.Cos(a)}[j%2]
			}
		}
	}
	norm := func(x []float64, name string) []float64 {
		ss := 0.0
		for _, v := range x {
			ss += v * v
		}
		y := make([]float64, len(x))
		for i, v := range x {
			y[i] = v / math.Sqrt(ss/float64(len(x))+c.Eps) * float64(m.View(name)[i])
		}
		return y
	}
	times := func(name string, x []float64) []float64 {
		w := m.View(name)
		y := make([]float64, len(w)/len(x))
		for i := range y {
			for j, v := range x {
				y[i] += float64(w[i*len(x)+j]) * v
			}
		}
		return y
	}
	turn := func(x []float64, pos int) {
		if c.Position != params.Rotary {
			return
		}
		for i := 0; i < len(x); i += 2 {
			s, co := math.Sincos(float64(pos) * math.Pow(c.RopeBase, -float64(i%c.HeadDim)/float64(c.HeadDim)))
			x[i], x[i+1] = x[i]*co-x[i+1]*s, x[i+1]*co+x[i]*s
		}
	}
	for l := range c.Layers {
		name := func(s string) string { return params.Block(l, s) }
		q, k, v := make([][]float64, n), make([][]float64, n), make([][]float64, n)
		for i := range x {
			h := norm(x[i], name(params.AttnNorm))
			q[i], k[i], v[i] = times(name(params.AttnQ), h), times(name(params.AttnK), h), times(name(params.AttnV), h)
			turn(q[i], i)
			turn(k[i], i)
		}
		for i := range x {
			sees := i + 1
			if c.Prefix && i < prompt {
				sees = prompt
			}
			att := make([]float64, c.Heads*c.HeadDim)
			for h := range c.Heads {
				w, sum := make([]float64, sees), 0.0
				for p := range w {
					for d := range c.HeadDim {
						w[p] += q[i][h*c.HeadDim+d] * k[p][h/group*c.HeadDim+d] / math.Sqrt(float64(c.HeadDim))
					}
					w[p] = math.Exp(w[p])
					sum += w[p]
				}
				for p := range w {
					for d := range c.HeadDim {
						att[h*c.HeadDim+d] += w[p] / sum * v[p][h/group*c.HeadDim+d]
					}
				}
			}
			for j, y := range times(name(params.AttnOutput), att) {
				x[i][j] += y
			}
			h := norm(x[i], name(params.FFNNorm))
			g, u := times(name(params.FFNGate), h), times(name(params.FFNUp), h)
			for j := range g {
				g[j] = g[j] / (1 + math.Exp(-g[j])) * u[j]
			}
			for j, y := range times(name(params.FFNDown), g) {
				x[i][j] += y
			}
		}
	}
	logits := make([][]float64, n)
	for i := range x {
		out := params.TokenEmbedding
		if c.Untied {
			out = params.Output
		}
		logits[i] = times(out, norm(x[i], params.OutputNorm))
	}
	return logits
}

// distance is the largest difference.
func distance[A, B float32 | float64](a []A, b []B) float64 {
	d := 0.0
	for i := range b {
		d = max(d, math.Abs(float64(a[i])-float64(b[i])))
	}
	return d
}

func shapes() map[string]params.Config {
	sin, prefix, untied, one := tiny, tiny, tiny, tiny
	sin.Position = params.Sinusoidal
	prefix.Prefix = true
	untied.Untied, untied.Eps, untied.RopeBase = true, 1e-6, 500000
	one.Heads, one.KVHeads, one.HeadDim = 3, 1, 32
	return map[string]params.Config{"rotary": tiny, "sinusoidal": sin, "prefix": prefix, "untied": untied, "one key head": one}
}

// everyEngine runs a test on each shape, kernel and number of threads, with float32 weights.
func everyEngine(t *testing.T, test func(t *testing.T, m *params.Model, e *Engine)) {
	for name, c := range shapes() {
		m := random(t, c)
		for _, k := range kernel.Variants() {
			for threads := 1; threads <= 3; threads++ {
				t.Run(fmt.Sprintf("%s/%s/%d", name, k, threads), func(t *testing.T) {
					test(t, m, engine(t, m, Options{Precision: kernel.Float32, Threads: threads, Kernel: k}))
				})
			}
		}
	}
}

const close32 = 1e-4

// Whole, token by token, in pieces, and from a fork: all the same as the definition.
func TestParity(t *testing.T) {
	tokens := someTokens(70, tiny.Vocab, 1)
	everyEngine(t, func(t *testing.T, m *params.Model, e *Engine) {
		const prompt = 41
		want := reference(m, tokens, prompt)
		s := e.NewStream()
		logits, err := s.Prefill(tokens[:prompt], true)
		if err != nil {
			t.Fatal(err)
		}
		if d := distance(logits, want[prompt-1]); d > close32 {
			t.Errorf("prompt: off by %g", d)
		}
		fork := s.Fork()
		for i := prompt; i < len(tokens); i++ {
			if logits, err = s.Step(tokens[i]); err != nil {
				t.Fatal(err)
			}
			if d := distance(logits, want[i]); d > close32 {
				t.Fatalf("token %d: off by %g", i, d)
			}
		}
		// The fork goes on after its origin has written beyond it, another way and then the same way.
		other := fork.Fork()
		if _, err := other.Prefill(someTokens(20, tiny.Vocab, 9), false); err != nil {
			t.Fatal(err)
		}
		for at := prompt; at < len(tokens); at += 7 {
			if logits, err = fork.Prefill(tokens[at:min(at+7, len(tokens))], false); err != nil {
				t.Fatal(err)
			}
		}
		if d := distance(logits, want[len(tokens)-1]); d > close32 {
			t.Errorf("fork in pieces: off by %g", d)
		}
		if e.c.Prefix {
			return
		}
		single := e.NewStream()
		for i, token := range tokens {
			if logits, err = single.Step(token); err != nil {
				t.Fatal(err)
			}
			if d := distance(logits, want[i]); d > close32 {
				t.Fatalf("token by token, %d: off by %g", i, d)
			}
		}
	})
}

// The stated bound for int8: logits of a random model, whose standard deviation is 1, are off by less than 0.05 on average and 0.4 at worst.
func TestInt8Bound(t *testing.T) {
	c := params.Config{Vocab: 512, Dim: 64, Layers: 4, Heads: 4, KVHeads: 2, FF: 160, Context: 128}
	m := random(t, c)
	tokens := someTokens(100, c.Vocab, 3)
	want := reference(m, tokens, 0)
	for _, k := range kernel.Variants() {
		e := engine(t, m, Options{Kernel: k})
		s := e.NewStream()
		worst, sum, n, same, square := 0.0, 0.0, 0, 0, 0.0
		for i, token := range tokens {
			logits, err := s.Step(token)
			if err != nil {
				t.Fatal(err)
			}
			for j, v := range logits {
				d := math.Abs(float64(v) - want[i][j])
				worst, sum, n, square = max(worst, d), sum+d, n+1, square+want[i][j]*want[i][j]
			}
			if j := argmax(logits); want[i][j] == slices.Max(want[i]) {
				same++
			}
		}
		t.Logf("%s: worst %.3f, mean %.4f, deviation of the logits %.2f, same first token %d of %d", k, worst, sum/float64(n), math.Sqrt(square/float64(n)), same, len(tokens))
		if worst > 0.4 || sum/float64(n) > 0.05 {
			t.Errorf("%s: int8 logits are off by %.3f at worst and %.4f on average", k, worst, sum/float64(n))
		}
	}
}

// All of a prompt sees all of it in a prefix model and nothing later in a causal one.
func TestMasks(t *testing.T) {
	for _, prefix := range []bool{false, true} {
		c := tiny
		c.Prefix = prefix
		e := engine(t, random(t, c), Options{Precision: kernel.Float32})
		logits := func(last int32) []float32 {
			s := e.NewStream()
			if _, err := s.Prefill([]int32{1, 2, 3, last}, true); err != nil {
				t.Fatal(err)
			}
			// The third token's keys and values were made with or without a view of the fourth; ask a continuation that sees only the first three.
			f := &Stream{e: e, cache: e.pages.fork(&s.cache, 3)}
			out, err := f.Step(7)
			if err != nil {
				t.Fatal(err)
			}
			return slices.Clone(out)
		}
		if changed := distance(logits(4), logits(60)) > 1e-3; changed != prefix {
			t.Errorf("prefix %v: the fourth token of the prompt changed the first three: %v", prefix, changed)
		}
		s := e.NewStream()
		if _, err := s.Prefill([]int32{1, 2}, true); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Prefill([]int32{3}, true); errors.Is(err, ErrPrefix) != prefix {
			t.Errorf("prefix %v: a second prompt gave %v", prefix, err)
		}
	}
}

func TestScoreIsSumOfLogProbabilities(t *testing.T) {
	candidates := [][]int32{{5, 6, 7, 8}, {5, 6, 7, 9}, {5, 6, 1}, {5}, {}, {30, 31, 32, 33, 34, 35}, {5, 6, 7, 8}, {30, 31, 40, 41}, {74}}
	prefix := someTokens(37, tiny.Vocab, 5)
	everyEngine(t, func(t *testing.T, m *params.Model, e *Engine) {
		got, err := e.Score(context.Background(), prefix, candidates)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range candidates {
			all := append(slices.Clone(prefix), c...)
			logits, want := reference(m, all, len(prefix)), 0.0
			for j, token := range c {
				row := logits[len(prefix)+j-1]
				sum := 0.0
				for _, v := range row {
					sum += math.Exp(v)
				}
				want += row[token] - math.Log(sum)
			}
			if math.Abs(got[i]-want) > 1e-3 {
				t.Errorf("candidate %d: %g, want %g", i, got[i], want)
			}
		}
	})
}

// Many long candidates take several passes; their number may not matter. With float32 that is so up to rounding. With int8 a difference in the last bit can move an
// activation to the next whole number, which in a random model is up to a hundredth of the score.
func TestScoreManyIsScoreOne(t *testing.T) {
	for p, tolerance := range map[kernel.Precision]float64{kernel.Float32: 1e-6, kernel.Int8: 1e-2} {
		e := engine(t, random(t, tiny), Options{Precision: p})
		var candidates [][]int32
		for i := range 60 {
			c := someTokens(3+i%20, 6, uint64(i)) // few different tokens, so that beginnings are shared
			candidates = append(candidates, append(c, someTokens(5, tiny.Vocab, uint64(i))...))
		}
		prefix := someTokens(20, tiny.Vocab, 77)
		all, err := e.Score(context.Background(), prefix, candidates)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range candidates {
			one, err := e.Score(context.Background(), prefix, [][]int32{c})
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(one[0]-all[i]) > tolerance*math.Abs(all[i]) {
				t.Errorf("%s: candidate %d: %g among many, %g alone", p, i, all[i], one[0])
			}
		}
	}
}

func TestGreedyIsGolden(t *testing.T) {
	golden := map[string][]int32{}
	path := filepath.Join("testdata", "greedy.json")
	if text, err := os.ReadFile(path); err == nil {
		if err := json.Unmarshal(text, &golden); err != nil {
			t.Fatal(err)
		}
	} else if !*rewrite {
		t.Fatal(err)
	}
	for name, c := range shapes() {
		m := random(t, c)
		for _, p := range []kernel.Precision{kernel.Float32, kernel.Int8} {
			for _, k := range kernel.Variants() {
				e := engine(t, m, Options{Precision: p, Kernel: k})
				reply, err := e.Generate(context.Background(), Request{Prompt: someTokens(12, c.Vocab, 4), MaxTokens: 24}, nil)
				if err != nil {
					t.Fatal(err)
				}
				key := name + " " + p.String()
				if *rewrite && golden[key] == nil {
					golden[key] = reply.Tokens
				}
				if !slices.Equal(reply.Tokens, golden[key]) {
					t.Errorf("%s, %s: %v, golden %v", key, k, reply.Tokens, golden[key])
				}
			}
		}
	}
	if *rewrite {
		text, err := json.Marshal(golden)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRefusals(t *testing.T) {
	c := tiny
	c.Context = 16
	e := engine(t, random(t, c), Options{})
	ctx := context.Background()
	for name, test := range map[string]struct {
		do   func() error
		want error
		text string
	}{
		"too long":             {func() error { _, err := e.NewStream().Prefill(someTokens(17, c.Vocab, 1), true); return err }, ErrContext, "0 tokens and 17 more are 17, the limit is 16"},
		"too long a prompt":    {func() error { _, err := e.Generate(ctx, Request{Prompt: someTokens(16, c.Vocab, 1)}, nil); return err }, ErrContext, "16 tokens and 1 more are 17"},
		"too long a candidate": {func() error { _, err := e.Score(ctx, []int32{1, 2}, [][]int32{make([]int32, 15)}); return err }, ErrContext, "2 tokens and 15 more"},
		"unknown token":        {func() error { _, err := e.NewStream().Step(75); return err }, ErrToken, "token 75 at place 0, the vocabulary has 75"},
		"negative token":       {func() error { _, err := e.Score(ctx, []int32{1}, [][]int32{{1}, {1, -1}}); return err }, ErrToken, "candidate 1"},
		"no prompt":            {func() error { _, err := e.Generate(ctx, Request{}, nil); return err }, ErrEmpty, ""},
		"temperature": {func() error {
			_, err := e.Generate(ctx, Request{Prompt: []int32{1}, Temperature: math.NaN()}, nil)
			return err
		}, nil, "temperature NaN"},
		"endless beam": {func() error { _, err := e.Beam(ctx, BeamRequest{Prompt: []int32{1}, Width: 2}); return err }, nil, "never complete"},
		"wide beam":    {func() error { _, err := e.Beam(ctx, BeamRequest{Prompt: []int32{1}, Width: 1000}); return err }, nil, "beam width 1000"},
		"threads":      {func() error { _, err := New(random(t, c), Options{Threads: 1000}); return err }, nil, "1000 threads"},
		"kernel":       {func() error { _, err := New(random(t, c), Options{Kernel: "mmx"}); return err }, nil, `"mmx"`},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.do()
			if err == nil || test.want != nil && !errors.Is(err, test.want) || !strings.Contains(err.Error(), strings.Replace(test.text, "never complete", "nothing is ever complete", 1)) {
				t.Errorf("got %v, want %v with %q", err, test.want, test.text)
			}
		})
	}
	bad := random(t, c)
	bad.Arena[5] = float32(math.NaN())
	if _, err := New(bad, Options{}); err == nil {
		t.Error("a model with NaN was taken")
	}
	closed := engine(t, random(t, c), Options{})
	closed.Close()
	if _, err := closed.NewStream().Step(1); !errors.Is(err, ErrClosed) {
		t.Errorf("closed engine: %v", err)
	}
}
