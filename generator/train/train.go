// Package train teaches a model: a gorgonia graph over the arena that params lays out, fused operations with hand-written ways back, AdamW, checkpoints that resume to
// the bit, and a record of the run as metrics and curves. It runs on the processor, in one process, and knows tokens only: what a prompt looks like is generator/task's.
// It is not for serving; package generator has the same model with a cache of keys and values.
//
//	data := train.Examples{{Tokens: []int32{5, 9, 2, 7}, Prompt: 2}, …}
//	result, err := train.Run(ctx, train.Options{Config: cfg, Steps: 2000, Dir: "run1", Progress: os.Stderr}, data)
//	// result.Weights is an arena of params.NewLayout(cfg); run again with the same options after an interruption and it goes on where it was
//
// What always holds:
//   - The same seed, options, data and kernels give the same bits, whatever GOMAXPROCS is: work is cut into pieces of fixed size and sums are made in a fixed order.
//   - A run that was interrupted and resumed ends with the same bits as one that was not.
//   - An example sees itself only, whatever it is batched with; its tokens see what the engine will let them see.
//   - A loss or gradient that is no finite number stops the run; the checkpoint on disk is the last good one.
package train

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"daogou/generator/params"
)

// Options say how to train. Only Config and Steps are required.
type Options struct {
	Config params.Config
	Steps  int // of the optimiser

	BatchTokens int     // tokens of a step, about; 0: 4096
	PieceTokens int     // tokens that go through the graph at once, which sets the memory needed; 0: 2048, at least the context
	LR          float64 // highest learning rate; 0: 1e-3
	MinLR       float64 // at the end of the cosine; 0: a tenth of LR
	Warmup      int     // steps of rising rate; 0: a twentieth of Steps, at most 200
	WeightDecay float64 // of matrices; norms are left alone. 0: 0.1; below 0: none
	Clip        float64 // largest length of the gradient; 0: 1; below 0: none
	Beta1       float64 // 0: 0.9
	Beta2       float64 // 0: 0.95
	Epsilon     float64 // 0: 1e-8
	Average     float64 // decay of the averaged weights (EMA), such as 0.999; 0: none
	Seed        uint64
	Init        []float32 // weights to start from; nil: drawn from the seed

	Valid      Source // examples that are only measured; may be nil
	EvalEvery  int    // steps between measurements; 0: a twentieth of Steps
	EvalTokens int    // tokens of a measurement, from the start of Valid; 0: 16 batches

	Dir       string // for the checkpoint, the model, metrics and curves; "": none is kept
	Tokenizer string // SHA-256 of the tokenizer.json the tokens come from, written into the model; may be empty
	SaveEvery int    // steps between checkpoints; 0: with each measurement
	StopAt    int    // stop after this step with a checkpoint, as if interrupted; 0: never

	Progress io.Writer // a line that tells how it goes; nil: silent
	LogEvery int       // steps between records; 0: 10

	Kernels string // "" is the fastest this machine has, "exact" the fastest that computes in float32 throughout, else a name from Kernels()
	Threads int    // 0: GOMAXPROCS
}

// Result is a trained model and how it did.
type Result struct {
	Weights  []float32 // an arena of Config's layout
	Averaged []float32 // nil without Average
	Step     int       // steps done
	Loss     float64   // of the last step, per unit of weight
	Valid    float64   // of the last measurement; NaN if there was none
	Tokens   int64     // seen in all
	Done     bool      // false if StopAt or the context ended the run early
}

func (o Options) withDefaults() Options {
	o.Config = o.Config.WithDefaults()
	intOr(&o.BatchTokens, 4096)
	intOr(&o.PieceTokens, max(2048, o.Config.Context))
	o.PieceTokens = min(o.PieceTokens, max(o.BatchTokens, o.Config.Context))
	floatOr(&o.LR, 1e-3)
	floatOr(&o.MinLR, o.LR/10)
	intOr(&o.Warmup, max(1, min(200, o.Steps/20)))
	floatOr(&o.WeightDecay, 0.1)
	floatOr(&o.Clip, 1)
	floatOr(&o.Beta1, 0.9)
	floatOr(&o.Beta2, 0.95)
	floatOr(&o.Epsilon, 1e-8)
	intOr(&o.EvalEvery, max(1, o.Steps/20))
	intOr(&o.EvalTokens, 16*o.BatchTokens)
	intOr(&o.SaveEvery, o.EvalEvery)
	intOr(&o.LogEvery, 10)
	return o
}

func intOr(v *int, d int) {
	if *v == 0 {
		*v = d
	}
}

func floatOr(v *float64, d float64) {
	if *v == 0 {
		*v = d
	}
}

func (o Options) check(s Source) error {
	if err := o.Config.Check(); err != nil {
		return err
	}
	switch {
	case s == nil || s.Len() == 0:
		return errors.New("train: there are no examples to train on")
	case o.Steps < 1 || o.BatchTokens < 1 || o.PieceTokens < o.Config.Context || o.Warmup < 0 || o.EvalEvery < 1 || o.SaveEvery < 1 || o.LogEvery < 1:
		return fmt.Errorf("train: steps %d, batch %d, piece %d (at least the context), warm-up %d or an interval is out of range",
			o.Steps, o.BatchTokens, o.PieceTokens, o.Warmup)
	case !(o.LR > 0 && o.LR <= 1) || !(o.MinLR >= 0 && o.MinLR <= o.LR) || !(o.Beta1 > 0 && o.Beta1 < 1) || !(o.Beta2 > 0 && o.Beta2 < 1) ||
		!(o.Average >= 0 && o.Average < 1) || !(o.Epsilon > 0):
		return fmt.Errorf("train: learning rate %g to %g, beta %g and %g, epsilon %g or average %g is out of range", o.LR, o.MinLR, o.Beta1, o.Beta2, o.Epsilon, o.Average)
	}
	return nil
}

// trainer is a run in progress.
type trainer struct {
	Options
	source Source
	layout *params.Layout
	m      *machine
	state
	grad  []float32
	net   *network // with a way back
	eval  *network
	order *order
	parts []batch // of the present step
	sums  []float64
	rep   *report
	last  float64 // loss
	valid float64

	digest string // of the examples
	about  string // what there is to learn, in words
}

// Run trains until Steps, StopAt or the end of the context, whichever is first. If Dir holds a checkpoint of the same run, it goes on from there.
func Run(ctx context.Context, o Options, s Source) (*Result, error) {
	o = o.withDefaults()
	if err := o.check(s); err != nil {
		return nil, err
	}
	t, err := newTrainer(o, s)
	if err != nil {
		return nil, err
	}
	defer t.rep.close()
	defer t.order.close()
	for t.Step < t.Steps && ctx.Err() == nil && (t.StopAt == 0 || t.Step < t.StopAt) {
		if err := t.step(); err != nil {
			return nil, err
		}
		if err := t.after(); err != nil {
			return nil, err
		}
	}
	if err := t.save(); err != nil {
		return nil, err
	}
	return &Result{Weights: t.weights, Averaged: t.average, Step: t.Step, Loss: t.last, Valid: t.valid, Tokens: t.Tokens, Done: t.Step == t.Steps}, t.rep.finish()
}

func newTrainer(o Options, s Source) (*trainer, error) {
	layout, err := params.NewLayout(o.Config)
	if err != nil {
		return nil, err
	}
	m, err := newMachine(o.Kernels, o.Threads)
	if err != nil {
		return nil, err
	}
	t := &trainer{Options: o, source: s, layout: layout, m: m, grad: make([]float32, layout.Size), order: newOrder(o.Seed, s.Len()), last: math.NaN(), valid: math.NaN()}
	t.state = newState(layout.Size, o.Average > 0)
	if err := t.survey(); err != nil {
		return nil, err
	}
	t.identity = t.identify()
	resumed := false
	if o.Dir != "" {
		if err := os.MkdirAll(o.Dir, 0o755); err != nil {
			return nil, fmt.Errorf("train: cannot make the folder of the run: %w", err)
		}
		switch err := t.state.load(filepath.Join(o.Dir, stateFile)); {
		case err == nil:
			resumed = true
		case !errors.Is(err, os.ErrNotExist):
			return nil, err
		}
	}
	if !resumed {
		if err := t.start(); err != nil {
			return nil, err
		}
	}
	mem := &buffers{}
	if t.net, err = newNetwork(layout, m, mem, o.PieceTokens, t.weights, t.grad, endLoss); err != nil {
		return nil, err
	}
	if o.Valid != nil && o.Valid.Len() > 0 {
		if t.eval, err = newNetwork(layout, m, mem, o.PieceTokens, t.weights, nil, endLoss); err != nil {
			return nil, err
		}
	}
	t.rep, err = newReport(o, t.Step, m.name())
	if err == nil && o.Progress != nil {
		fmt.Fprintf(o.Progress, "%s, %d weights, kernels %s, from step %d\n", t.about, layout.Size, m.name(), t.Step)
	}
	return t, err
}

// surveyed is how many examples are looked at before a run. A source may make its examples as they are asked for, and then has more than a run will ever see.
const surveyed = 1024

// survey looks at the first examples, so that a bad kind of example is found now and not after hours, and so that a resumed run is known to have the same ones. Every
// example is checked again when its turn comes.
func (t *trainer) survey() error {
	sum := sha256.New()
	var tokens, learnt int
	var word [4]byte
	put := func(x uint32) {
		binary.LittleEndian.PutUint32(word[:], x)
		sum.Write(word[:])
	}
	n := min(t.source.Len(), surveyed)
	for i := range n {
		e := t.source.At(i)
		if err := e.check(i, t.Config); err != nil {
			return err
		}
		tokens += len(e.Tokens)
		put(uint32(len(e.Tokens)))
		put(uint32(e.Prompt))
		for place, id := range e.Tokens {
			w := e.weight(place)
			if w > 0 {
				learnt++
			}
			put(uint32(id))
			put(math.Float32bits(w))
		}
	}
	t.digest = hex.EncodeToString(sum.Sum(nil))
	t.about = fmt.Sprintf("%d examples, of which %d have %d tokens, %.0f %% of them with loss", t.source.Len(), n, tokens, 100*float64(learnt)/float64(tokens))
	return nil
}

// start fills the weights: from Init, or with normal numbers whose spread keeps the stream's size through a block. What a sub-block adds to the stream starts small.
func (t *trainer) start() error {
	if t.Init != nil {
		if len(t.Init) != len(t.weights) {
			return fmt.Errorf("train: the weights to start from are %d numbers, the configuration asks for %d", len(t.Init), len(t.weights))
		}
		copy(t.weights, t.Init)
	} else {
		initialise(t.layout, t.weights, t.Seed)
	}
	copy(t.average, t.weights)
	return nil
}

func initialise(l *params.Layout, weights []float32, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 0x1417))
	for _, tensor := range l.Tensors {
		part := weights[tensor.Offset : tensor.Offset+tensor.Len]
		if len(tensor.Shape) == 1 {
			for i := range part {
				part[i] = 1
			}
			continue
		}
		std := math.Sqrt(1 / (3 * float64(tensor.Shape[1])))
		switch {
		case tensor.Name == params.TokenEmbedding && l.Config.Position == params.Sinusoidal:
			std = 0.1 // or the positions, which are of size 1, would drown the tokens
		case tensor.Name == params.TokenEmbedding || tensor.Name == params.Output:
			std = 0.02
		case strings.HasSuffix(tensor.Name, params.AttnOutput) || strings.HasSuffix(tensor.Name, params.FFNDown):
			std /= math.Sqrt(2 * float64(l.Config.Layers))
		}
		for i := range part {
			part[i] = float32(r.NormFloat64() * std)
		}
	}
}

// gather takes the examples of a step: batches of a graph's size until the step has its tokens. It returns the number of examples taken and the weight of all losses.
func (t *trainer) gather() (taken int, weight float64, err error) {
	taken = t.Taken
	n, tokens := 0, 0
	for tokens < t.BatchTokens {
		if n == len(t.parts) {
			t.parts = append(t.parts, batch{})
		}
		b := &t.parts[n]
		room := min(t.PieceTokens, max(t.BatchTokens-tokens, t.Config.Context))
		if taken, err = t.order.fill(b, t.source, taken, room, t.Config); err != nil {
			return taken, 0, err
		}
		tokens += len(b.tokens)
		n++
		for _, w := range b.weights {
			weight += float64(w)
		}
		if t.BatchTokens-tokens < t.Config.Context/2 {
			break // what is left would make a batch too small to be worth a walk over the weights
		}
	}
	t.parts = t.parts[:n]
	return taken, weight, nil
}

// step is one step of the optimiser.
func (t *trainer) step() error {
	taken, weight, err := t.gather()
	if err != nil {
		return err
	}
	clear(t.grad)
	var loss float64
	tokens := 0
	for i := range t.parts {
		b := &t.parts[i]
		if err := t.net.run(b); err != nil {
			return fmt.Errorf("train: step %d: %w", t.Step+1, err)
		}
		loss += t.net.total
		tokens += len(b.tokens)
	}
	loss /= weight
	length := math.Sqrt(t.sumSquares()) / weight
	if bad(loss) || bad(length) {
		return fmt.Errorf("train: step %d gave a loss of %v and a gradient of length %v on examples %s; the checkpoint of an earlier step is kept: "+
			"look at these examples, or lower the learning rate", t.Step+1, loss, length, t.names())
	}
	rate := t.rate(t.Step)
	t.update(rate, length, 1/weight)
	t.Step++
	t.Taken = taken
	t.Tokens += int64(tokens)
	t.last = loss
	t.rep.step(t.Step, tokens, loss, length, rate)
	return nil
}

func bad(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }

// names lists the examples of the present step.
func (t *trainer) names() string {
	var b strings.Builder
	n := 0
	for _, p := range t.parts {
		for _, s := range p.segments {
			if n++; n > 40 {
				return b.String() + " and more"
			}
			fmt.Fprintf(&b, "%d ", s.example)
		}
	}
	return strings.TrimSpace(b.String())
}

// after does what is due between steps.
func (t *trainer) after() error {
	end := t.Step == t.Steps || t.Step == t.StopAt
	if t.eval != nil && (t.Step%t.EvalEvery == 0 || t.Step == t.Steps) {
		loss, err := t.measure()
		if err != nil {
			return err
		}
		t.valid = loss
		t.rep.measured(t.Step, loss)
	}
	if err := t.rep.flush(t.Step, end); err != nil {
		return err
	}
	if t.Step%t.SaveEvery == 0 && !end {
		return t.save()
	}
	return nil
}

// measure is the loss on the first EvalTokens of Valid, with the averaged weights if there are any.
func (t *trainer) measure() (float64, error) {
	if t.average != nil { // the graphs hold the one arena: swap the numbers, not the arena
		swap(t.weights, t.average)
		defer swap(t.weights, t.average)
	}
	b := &batch{}
	var loss, weight float64
	for i, tokens := 0, 0; i < t.Valid.Len() && tokens < t.EvalTokens; {
		b.reset()
		for ; i < t.Valid.Len(); i++ {
			e := t.Valid.At(i)
			if len(b.tokens) > 0 && len(b.tokens)+len(e.Tokens) > t.PieceTokens {
				break
			}
			if err := e.check(i, t.Config); err != nil {
				return 0, fmt.Errorf("validation: %w", err)
			}
			b.add(e, i, t.Config.Prefix)
		}
		if err := t.eval.run(b); err != nil {
			return 0, err
		}
		tokens += len(b.tokens)
		loss += t.eval.total
		for _, w := range b.weights {
			weight += float64(w)
		}
	}
	if loss /= weight; bad(loss) {
		return 0, fmt.Errorf("train: the validation loss at step %d is %v; the checkpoint of an earlier step is kept", t.Step, loss)
	}
	return loss, nil
}

func swap(a, b []float32) {
	for i := range a {
		a[i], b[i] = b[i], a[i]
	}
}

// save writes the checkpoint and the model as it is served, if there is a folder for them.
func (t *trainer) save() error {
	if t.Dir == "" {
		return nil
	}
	m := &params.Model{Layout: t.layout, Arena: t.weights, Tokenizer: t.Tokenizer, Meta: map[string]string{
		"step": strconv.Itoa(t.Step), "steps": strconv.Itoa(t.Steps), "tokens": strconv.FormatInt(t.Tokens, 10), "seed": strconv.FormatUint(t.Seed, 10),
		"kernels": t.m.name()}}
	if t.average != nil {
		m.Arena = t.average
		m.Meta["average"] = strconv.FormatFloat(t.Average, 'g', -1, 64)
	}
	err := writeFile(filepath.Join(t.Dir, ModelFile), func(w io.Writer) error { return params.Save(w, m) })
	return errors.Join(err, t.state.save(filepath.Join(t.Dir, stateFile)))
}

// now is the clock of the record; the numbers of a run do not depend on it.
var now = time.Now
