package train

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"daogou/generator/params"
)

// TestMemorises: a small model learns fifty sequences by heart, with either kind of position, with and without the prefix mask.
func TestMemorises(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	var data Examples
	for i := range 50 {
		e := Example{Tokens: make([]int32, 16), Prompt: 4}
		for j := range e.Tokens {
			e.Tokens[j] = int32(r.IntN(64))
		}
		e.Tokens[0], e.Tokens[1] = int32(i), 60 // so that each prompt is its own
		data = append(data, e)
	}
	kinds := []struct {
		name, kernels string
		config        params.Config
	}{
		{"rotary", "", params.Config{Position: params.Rotary}},
		{"sinusoidal prefix", "exact", params.Config{Position: params.Sinusoidal, Prefix: true}},
	}
	for _, k := range Kernels() {
		if strings.HasSuffix(k, "bf16") { // rounding must not keep a model from learning
			kinds = append(kinds, kinds[0])
			kinds[2].name, kinds[2].kernels = k, k
		}
	}
	for _, k := range kinds {
		c := k.config
		c.Vocab, c.Dim, c.Layers, c.Heads, c.KVHeads, c.FF, c.Context = 64, 32, 2, 4, 2, 88, 16
		t.Run(k.name, func(t *testing.T) {
			got, err := Run(t.Context(), Options{Config: c, Steps: 400, BatchTokens: 400, LR: 1e-2, WeightDecay: -1, Seed: 1, Valid: data, EvalEvery: 400,
				Kernels: k.kernels}, data)
			if err != nil {
				t.Fatal(err)
			}
			if !(got.Valid < 0.05) || !got.Done {
				t.Fatalf("loss after %d steps is %.4f, want below 0.05", got.Step, got.Valid)
			}
			recites(t, c, got.Weights, data[7])
		})
	}
}

// recites checks that the logits of Forward name the tokens learnt.
func recites(t *testing.T, c params.Config, weights []float32, e Example) {
	t.Helper()
	logits, err := Forward(c, weights, e.Tokens, e.Prompt)
	if err != nil {
		t.Fatal(err)
	}
	for p := e.Prompt; p < len(e.Tokens); p++ {
		row := logits[(p-1)*c.Vocab : p*c.Vocab]
		if best := slices.Index(row, slices.Max(row)); best != int(e.Tokens[p]) {
			t.Fatalf("after place %d the best token is %d, want %d", p-1, best, e.Tokens[p])
		}
	}
}

func same(t *testing.T, what string, a, b []float32) {
	t.Helper()
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
			t.Fatalf("%s: number %d is %v and %v", what, i, a[i], b[i])
		}
	}
}

func small(dir string) Options {
	c := tiny(prefix)
	return Options{Config: c, Steps: 10, BatchTokens: 100, PieceTokens: 48, Seed: 4, Average: 0.9, Dir: dir, Valid: sequences(c, 5, 2), EvalEvery: 3, LogEvery: 2}
}

// TestResumes: ten steps, and five, an end, and five more, give the same bits, and so does another number of threads.
func TestResumes(t *testing.T) {
	for _, k := range Kernels() {
		t.Run(k, func(t *testing.T) {
			o := small(t.TempDir())
			o.Kernels = k
			data := sequences(o.Config, 30, 1)
			whole, err := Run(t.Context(), o, data)
			if err != nil {
				t.Fatal(err)
			}
			o.Dir = t.TempDir()
			o.StopAt, o.Threads = 5, 1
			half, err := Run(t.Context(), o, data)
			if err != nil {
				t.Fatal(err)
			}
			if half.Done || half.Step != 5 {
				t.Fatalf("stopped at step %d, done %v", half.Step, half.Done)
			}
			o.StopAt, o.Threads = 0, 5
			rest, err := Run(t.Context(), o, data)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "weights", rest.Weights, whole.Weights)
			same(t, "averages", rest.Averaged, whole.Averaged)
			if rest.Loss != whole.Loss || rest.Valid != whole.Valid || rest.Tokens != whole.Tokens {
				t.Fatalf("resumed: %v %v %d, whole: %v %v %d", rest.Loss, rest.Valid, rest.Tokens, whole.Loss, whole.Valid, whole.Tokens)
			}
			_, saved, step, err := Saved(o.Dir)
			if err != nil || step != 10 {
				t.Fatalf("saved step %d: %v", step, err)
			}
			same(t, "saved", saved, rest.Averaged)
			file, err := os.Open(filepath.Join(o.Dir, ModelFile))
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			model, err := params.Load(file)
			if err != nil || model.Meta["step"] != "10" || model.Layout.Config != o.Config {
				t.Fatalf("the model file: %v, %v", model, err)
			}
			same(t, "model", model.Arena, rest.Averaged)
			if r := upTo(filepath.Join(o.Dir, metricsFile), 10); len(r) < 5 || r[len(r)-1].Step != 10 {
				t.Fatalf("the metrics of a resumed run are %v", r)
			}
		})
	}
}

// TestSameBitsOnAnyNumberOfProcessors runs the same steps under several GOMAXPROCS.
func TestSameBitsOnAnyNumberOfProcessors(t *testing.T) {
	c := tiny()
	c.Context, c.Dim = 80, 64
	data := sequences(c, 40, 1)
	for _, k := range []string{"", "exact"} {
		var first []float32
		for _, p := range []int{1, 2, 7} {
			old := runtime.GOMAXPROCS(p)
			got, err := Run(t.Context(), Options{Config: c, Steps: 4, BatchTokens: 900, Kernels: k}, data)
			runtime.GOMAXPROCS(old)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = got.Weights
			}
			same(t, "weights", got.Weights, first)
		}
	}
}

// TestStopsWithTheContext: a cancelled run leaves a checkpoint that goes on.
func TestStopsWithTheContext(t *testing.T) {
	o := small(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got, err := Run(ctx, o, sequences(o.Config, 30, 1))
	if err != nil || got.Step != 0 || got.Done {
		t.Fatalf("a cancelled run: %+v, %v", got, err)
	}
	if got, err = Run(t.Context(), o, sequences(o.Config, 30, 1)); err != nil || !got.Done {
		t.Fatalf("going on: %+v, %v", got, err)
	}
}

// TestRefusesForeignCheckpoints: another run's, a changed, a cut one.
func TestRefusesForeignCheckpoints(t *testing.T) {
	o := small(t.TempDir())
	o.StopAt = 2
	data := sequences(o.Config, 30, 1)
	if _, err := Run(t.Context(), o, data); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(o.Dir, stateFile)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(o *Options, file []byte) []byte
		want   string
	}{
		"data":    {func(o *Options, b []byte) []byte { data[3].Tokens[1] ^= 1; return b }, "examples was"},
		"seed":    {func(o *Options, b []byte) []byte { o.Seed = 5; return b }, "seed was 4 and is now 5"},
		"model":   {func(o *Options, b []byte) []byte { o.Config.FF = 30; return b }, "another run"},
		"bit":     {func(o *Options, b []byte) []byte { b[len(b)-9] ^= 1; return b }, "was changed"},
		"cut":     {func(o *Options, b []byte) []byte { return b[:len(b)-4] }, "cut off"},
		"longer":  {func(o *Options, b []byte) []byte { return append(b, 0) }, "was changed"},
		"header":  {func(o *Options, b []byte) []byte { return b[:30] }, "cut off"},
		"foreign": {func(o *Options, b []byte) []byte { return []byte("GGUF") }, "not a checkpoint"},
		"empty":   {func(o *Options, b []byte) []byte { return nil }, "not a checkpoint"},
	} {
		o := o
		data = sequences(o.Config, 30, 1)
		if err := os.WriteFile(path, c.change(&o, bytes.Clone(good)), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Run(t.Context(), o, data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
	}
}

// FuzzSaved: no file makes the reader panic or take more memory than the file has bytes.
func FuzzSaved(f *testing.F) {
	o := small(f.TempDir())
	o.Steps = 1
	if _, err := Run(f.Context(), o, sequences(o.Config, 10, 1)); err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(filepath.Join(o.Dir, stateFile))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:100])
	f.Add([]byte(stateMagic + "\x02\x00\x00\x00{}"))
	f.Add([]byte(stateMagic + "\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, stateFile), b, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, w, _, err := Saved(dir); err == nil && len(w)*12 > len(b) {
			t.Fatalf("%d weights out of %d bytes", len(w), len(b))
		}
	})
}

// TestRefusesNaN: the run stops, says where, and the checkpoint before it is whole.
func TestRefusesNaN(t *testing.T) {
	o := small(t.TempDir())
	o.SaveEvery = 1
	o.StopAt = 3
	data := sequences(o.Config, 12, 1)
	if _, err := Run(t.Context(), o, data); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(o.Dir, stateFile))
	if err != nil {
		t.Fatal(err)
	}
	tr, err := newTrainer(o.withDefaults(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.rep.close()
	tr.weights[data[0].Tokens[0]] = float32(math.NaN())
	for err == nil && tr.Step < 10 {
		err = tr.step()
	}
	if err == nil || !strings.Contains(err.Error(), "NaN") || !strings.Contains(err.Error(), "on examples ") || !strings.Contains(err.Error(), "step 4") {
		t.Fatalf("error %v, want one that names the step and the examples", err)
	}
	after, err := os.ReadFile(filepath.Join(o.Dir, stateFile))
	if err != nil || !bytes.Equal(before, after) {
		t.Fatalf("the checkpoint was touched (%v)", err)
	}
}

// TestRefusesBadInput: one clear sentence for each.
func TestRefusesBadInput(t *testing.T) {
	c := tiny(prefix)
	ok := Example{Tokens: []int32{1, 2, 3}, Prompt: 1}
	for name, e := range map[string]Example{
		"short":          {Tokens: []int32{1}},
		"long":           {Tokens: make([]int32, c.Context+1)},
		"token":          {Tokens: []int32{1, int32(c.Vocab)}, Prompt: 1},
		"negative":       {Tokens: []int32{1, -1}, Prompt: 1},
		"prompt":         {Tokens: []int32{1, 2}, Prompt: 3},
		"nothing":        {Tokens: []int32{1, 2}, Prompt: 2},
		"weights":        {Tokens: []int32{1, 2}, Weight: []float32{1}},
		"no number":      {Tokens: []int32{1, 2}, Weight: []float32{0, float32(math.NaN())}},
		"below zero":     {Tokens: []int32{1, 2}, Weight: []float32{0, -1}},
		"loss on prompt": {Tokens: []int32{1, 2, 3}, Prompt: 2, Weight: []float32{0, 1, 1}},
	} {
		_, err := Run(t.Context(), Options{Config: c, Steps: 1}, Examples{e})
		if err == nil || !strings.Contains(err.Error(), "example 0") {
			t.Errorf("%s: error %v, want one that names the example", name, err)
		}
	}
	for name, o := range map[string]Options{
		"steps": {Config: c}, "model": {Steps: 1}, "rate": {Config: c, Steps: 1, LR: 7}, "kernels": {Config: c, Steps: 1, Kernels: "abacus"},
		"init": {Config: c, Steps: 1, Init: []float32{1}}, "piece": {Config: c, Steps: 1, PieceTokens: 3},
	} {
		if _, err := Run(t.Context(), o, Examples{ok}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := Run(t.Context(), Options{Config: c, Steps: 1}, Examples{}); err == nil {
		t.Error("no examples: no error")
	}
	l, w := newArena(t, c)
	for name, tokens := range map[string][]int32{"none": nil, "long": make([]int32, c.Context+1), "outside": {99}} {
		if _, err := Forward(c, w, tokens, 0); err == nil {
			t.Errorf("forward of %s: no error", name)
		}
	}
	if _, err := Forward(c, w[:l.Size-1], []int32{1}, 0); err == nil {
		t.Error("forward of a short arena: no error")
	}
}

// TestBatches: every example is in one piece, once a round, with its own positions; the order depends on the seed alone.
func TestBatches(t *testing.T) {
	for seed := range uint64(20) {
		c := tiny(prefix)
		data := sequences(c, 17, seed)
		o := newOrder(seed, len(data))
		defer o.close()
		var b batch
		var met []int
		for taken := 0; taken < 3*len(data); {
			next, err := o.fill(&b, data, taken, 60, c)
			if err != nil {
				t.Fatal(err)
			}
			if len(b.tokens) > 60 || next <= taken || next-taken != len(b.segments) {
				t.Fatalf("a batch of %d tokens with %d examples", len(b.tokens), len(b.segments))
			}
			fresh := newOrder(seed, len(data))
			again, err := fresh.fill(&batch{}, data, taken, 60, c)
			fresh.close()
			if err != nil || again != next {
				t.Fatalf("filling from %d again ends at %d, not %d", taken, again, next)
			}
			met = append(met, checkBatch(t, &b, data)...)
			taken = next
		}
		for round := range 3 {
			part := slices.Clone(met[round*len(data) : (round+1)*len(data)])
			slices.Sort(part)
			for i, v := range part {
				if v != i {
					t.Fatalf("round %d has example %d where %d should be", round, v, i)
				}
			}
		}
	}
}

func checkBatch(t *testing.T, b *batch, data Examples) (met []int) {
	t.Helper()
	var rows []int32
	end := 0
	for _, s := range b.segments {
		e := data[s.example]
		if s.start != end || !reflect.DeepEqual(b.tokens[s.start:s.start+s.len], e.Tokens) {
			t.Fatalf("example %d is not in one piece at %d", s.example, s.start)
		}
		for i := range e.Tokens {
			seen := max(i+1, 0)
			if i < e.Prompt {
				seen = e.Prompt
			}
			if int(b.pos[s.start+i]) != i || int(b.seen[s.start+i]) != seen {
				t.Fatalf("place %d of example %d has position %d and sees %d", i, s.example, b.pos[s.start+i], b.seen[s.start+i])
			}
			if e.weight(i) > 0 {
				if len(rows) >= len(b.rows) || b.targets[len(rows)] != e.Tokens[i] {
					t.Fatalf("place %d of example %d is not learnt", i, s.example)
				}
				rows = append(rows, int32(s.start+i-1))
			}
		}
		end += s.len
		met = append(met, s.example)
	}
	if end != len(b.tokens) || !slices.Equal(rows, b.rows) {
		t.Fatalf("rows %v, want %v", b.rows, rows)
	}
	return met
}

// TestMask changes one token at a time and looks which logits move: the prompt sees all of the prompt under the prefix mask, nobody sees a later token of the answer,
// and an example never sees its neighbour in the batch.
func TestMask(t *testing.T) {
	for _, k := range []struct {
		name, kernels string
		config        params.Config
	}{
		{"causal", "exact", tiny()}, {"prefix", "exact", tiny(prefix)}, {"sinusoidal", "exact", tiny(prefix, sinusoidal)}, {"fastest", "", tiny(prefix)},
	} {
		t.Run(k.name, func(t *testing.T) {
			c := k.config
			l, w := newArena(t, c)
			a, b := sequences(c, 2, 8)[0], sequences(c, 2, 8)[1]
			n, err := newNetwork(l, newTestMachine(t, k.kernels), &buffers{}, 2*c.Context, w, nil, endLogits)
			if err != nil {
				t.Fatal(err)
			}
			logits := func(examples ...Example) []float32 {
				var batch batch
				for i, e := range examples {
					batch.add(e, i, c.Prefix)
				}
				if err := n.run(&batch); err != nil {
					t.Fatal(err)
				}
				return slices.Clone(n.out.Value().Data().([]float32)[:len(batch.tokens)*c.Vocab])
			}
			base := logits(a, b)
			same(t, "alone and beside another", logits(b), base[len(a.Tokens)*c.Vocab:])
			if k.kernels == "exact" {
				alone, err := Forward(c, w, b.Tokens, b.Prompt)
				if err != nil {
					t.Fatal(err)
				}
				same(t, "the reference", alone, base[len(a.Tokens)*c.Vocab:])
			}
			for changed := range a.Tokens {
				other := Example{Tokens: slices.Clone(a.Tokens), Prompt: a.Prompt}
				other.Tokens[changed] = (other.Tokens[changed] + 1) % int32(c.Vocab)
				got := logits(other, b)
				for p := range len(a.Tokens) + len(b.Tokens) {
					moved := !slices.Equal(got[p*c.Vocab:(p+1)*c.Vocab], base[p*c.Vocab:(p+1)*c.Vocab])
					want := p < len(a.Tokens) && (changed <= p || c.Prefix && changed < a.Prompt && p < a.Prompt)
					if moved != want {
						t.Fatalf("prompt of %d: changing token %d moves the logits at %d: %v, want %v", a.Prompt, changed, p, moved, want)
					}
				}
			}
		})
	}
}

// TestWeights: a weight of zero is as if the token were not asked for, and a weight scales its loss.
func TestWeights(t *testing.T) {
	c := tiny()
	l, w := newArena(t, c)
	n, err := newNetwork(l, newTestMachine(t, "exact"), &buffers{}, c.Context, w, nil, endLoss)
	if err != nil {
		t.Fatal(err)
	}
	loss := func(weight ...float32) float64 {
		var b batch
		b.add(Example{Tokens: []int32{3, 1, 4, 1}, Weight: weight}, 0, false)
		if err := n.run(&b); err != nil {
			t.Fatal(err)
		}
		return n.total
	}
	one, two := loss(0, 1, 0, 0), loss(0, 0, 0, 1)
	if got := loss(0, 2, 0, 0.5); math.Abs(got-(2*one+0.5*two)) > 1e-5 {
		t.Fatalf("weights 2 and 0.5 give %v, want 2·%v + 0.5·%v", got, one, two)
	}
}

// TestRate: up, then half a cosine down to the floor.
func TestRate(t *testing.T) {
	o := Options{Steps: 100, Warmup: 10, LR: 1, MinLR: 0.1}
	for step, want := range map[int]float64{0: 0.1, 9: 1, 10: 1, 99: 0.1} {
		if got := o.rate(step); math.Abs(got-want) > 1e-9 {
			t.Errorf("rate of step %d is %v, want %v", step, got, want)
		}
	}
	for s := 10; s < 99; s++ {
		if o.rate(s+1) > o.rate(s) {
			t.Fatalf("the rate rises at step %d", s)
		}
	}
}

// TestRecord: the progress lines, the metrics and the curves of a run are there and well formed.
func TestRecord(t *testing.T) {
	o := small(t.TempDir())
	var progress bytes.Buffer
	o.Progress = &progress
	if _, err := Run(t.Context(), o, sequences(o.Config, 30, 1)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"step 10/10", "loss ", "valid ", "tokens/s", "0s left"} {
		if !strings.Contains(progress.String(), want) {
			t.Errorf("the progress has no %q:\n%s", want, progress.String())
		}
	}
	file, err := os.Open(filepath.Join(o.Dir, metricsFile))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	n := 0
	for d := json.NewDecoder(file); ; n++ {
		var r Record
		if err := d.Decode(&r); err == io.EOF {
			break
		} else if err != nil || r.Loss <= 0 || r.PerSecond <= 0 {
			t.Fatalf("metrics: %+v, %v", r, err)
		}
	}
	if n < 5 {
		t.Errorf("%d lines of metrics", n)
	}
	svg, err := os.ReadFile(filepath.Join(o.Dir, curvesSVG))
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("the curves are no XML: %v", err)
		}
	}
	page, err := os.ReadFile(filepath.Join(o.Dir, curvesHTML))
	if err != nil || !bytes.Contains(page, []byte("<svg")) || bytes.Contains(page, []byte("src=")) {
		t.Fatalf("the page: %v", err)
	}
}

// TestCurvesOfOddRuns: nothing to draw, one point, numbers that are none.
func TestCurvesOfOddRuns(t *testing.T) {
	for _, r := range [][]Record{nil, {{Step: 1, Loss: 2}}, {{Step: 1, Loss: math.NaN()}, {Step: 2, Loss: math.Inf(1)}}} {
		if svg := string(Curves(r)); strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
			t.Errorf("curves of %v hold a number that is none:\n%s", r, svg)
		}
	}
}

// BenchmarkStep is one step of a 5 M model on examples of random length: go test -bench Step -benchtime 5x ./generator/train
func BenchmarkStep(b *testing.B) {
	c := params.Config{Vocab: 8192, Dim: 256, Layers: 6, Heads: 8, KVHeads: 4, FF: 704, Context: 256}
	data := sequences(c, 100, 1)
	for _, k := range Kernels() {
		if k == "go" || k == "c" {
			continue // minutes
		}
		b.Run(k, func(b *testing.B) {
			o := Options{Config: c, Steps: 1 << 20, Kernels: k}.withDefaults()
			t, err := newTrainer(o, data)
			if err != nil {
				b.Fatal(err)
			}
			if err := t.step(); err != nil {
				b.Fatal(err)
			}
			from := t.Tokens
			for b.Loop() {
				if err := t.step(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(t.Tokens-from)/b.Elapsed().Seconds(), "tokens/s")
		})
	}
}

// TestBenchmark: the measurement counts what it should.
func TestBenchmark(t *testing.T) {
	c := tiny()
	got, err := Benchmark(Options{Config: c, BatchTokens: 240}, 0.5, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got.Steps < 1 || got.Tokens != 240 || got.LossShare != 0.5 || got.Best < got.Mean/2 || got.GFLOPs <= 0 || got.Memory <= 0 {
		t.Fatalf("%+v", got)
	}
	// By hand: a block's weights are 20·(24+2·12) for q, k, v and 24·20+3·20·26 for the rest; half of the last block's rest and of the output count.
	want := 6.0 * (2*960 + 1.5*2040 + 0.5*20*37 + 2*24*24)
	if f := flops(c, 0.5); f != want {
		t.Fatalf("a token costs %v, want %v", f, want)
	}
}
