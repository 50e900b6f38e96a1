// Package generator runs a decoder Transformer: tokens in, tokens and probabilities out. It knows neither text nor products; generator/task does.
//
// An Engine is the weights, packed for this machine. It is immutable and shared by all. A Stream is one sequence: its keys and values (the KV cache), which can be forked
// without copying. A Scheduler serves many callers at once by joining their next tokens into shared matrix products. Engine and Scheduler are both a Runner:
//
//	model, err := params.Load(file)
//	engine, err := generator.New(model, generator.Options{})
//	defer engine.Close()
//	reply, err := engine.Generate(ctx, generator.Request{Prompt: tokens, MaxTokens: 64, End: eos}, func(token int32) { … })
//	scores, err := engine.Score(ctx, prefix, candidates)
//
// What holds for every call:
//
//   - Results do not depend on company or on the number of threads. What can differ, by rounding, is the order of sums in attention when a sequence was read in other
//     pieces; with int8 weights that can tip a choice between two tokens which are equally probable to about a hundredth.
//   - A prompt of a prefix-LM (Config.Prefix) is read at once, its tokens see each other in both directions; all later tokens see what is before them.
//   - With a constraint no token outside it is produced, and only the outputs that it allows are computed when they are few.
//   - Too long a sequence, a token that the vocabulary lacks, a full queue are errors; nothing panics on input.
//   - A context that ends stops a call between two passes through the model, which take milliseconds.
package generator

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"daogou/generator/kernel"
	"daogou/generator/params"
)

// Runner is what can be asked of a model, alone (Engine) or among others (Scheduler).
type Runner interface {
	Config() params.Config
	Generate(ctx context.Context, r Request, emit func(token int32)) (Reply, error)
	Score(ctx context.Context, prefix []int32, candidates [][]int32) ([]float64, error)
	Beam(ctx context.Context, r BeamRequest) ([]Hypothesis, error)
}

var (
	_ Runner = (*Engine)(nil)
	_ Runner = (*Scheduler)(nil)
)

// Options of an engine. The zero value is what a shop wants.
type Options struct {
	Precision kernel.Precision // kernel.Int8, the default, or kernel.Float32, the exact reference
	Threads   int              // that compute; 0: 2
	Kernel    string           // variant of the kernels; "": the fastest
}

// Errors that callers tell apart.
var (
	ErrContext = errors.New("generator: too long for the model's context")
	ErrToken   = errors.New("generator: not in the model's vocabulary")
	ErrBusy    = errors.New("generator: too many requests wait")
	ErrClosed  = errors.New("generator: closed")
	ErrEmpty   = errors.New("generator: no tokens to start from")
	ErrPrefix  = errors.New("generator: the prompt of a prefix model comes first and in one piece")
)

const maxThreads = 64

// Engine is a model ready to run. All methods may be called from many goroutines; passes through the model take turns.
type Engine struct {
	c         params.Config
	precision kernel.Precision
	k         *kernel.Kernel
	embedding *kernel.Matrix
	output    *kernel.Matrix // the embedding again if they are tied
	norm      []float32
	layers    []layer

	pages *pages

	mu     sync.Mutex // held during a pass; guards what follows
	team   *team
	rope   table
	buf    scratch
	closed bool
}

// layer is the weights of one block. Queries, keys and values are one matrix, so that they are one product.
type layer struct {
	attnNorm, ffnNorm        []float32
	qkv, out, gate, up, down *kernel.Matrix
}

// New packs a model's weights. The model is not needed afterwards.
func New(m *params.Model, o Options) (*Engine, error) {
	if m == nil || m.Layout == nil || len(m.Arena) != m.Layout.Size {
		return nil, errors.New("generator: the model's arena does not have the size that its layout says")
	}
	k, err := kernel.New(o.Kernel)
	if err != nil {
		return nil, err
	}
	if o.Threads == 0 {
		o.Threads = 2
	}
	if o.Threads < 1 || o.Threads > maxThreads {
		return nil, fmt.Errorf("generator: %d threads; choose from 1 to %d", o.Threads, maxThreads)
	}
	e := &Engine{c: m.Layout.Config, precision: o.Precision, k: k}
	if err := e.load(m); err != nil {
		return nil, err
	}
	e.pages = newPages(e.c)
	e.team = newTeam(o.Threads)
	e.rope = table{base: e.c.RopeBase, width: e.c.HeadDim}
	if e.c.Position == params.Sinusoidal {
		e.rope = table{base: 10000, width: e.c.Dim}
	}
	e.buf.workers = make([]worker, o.Threads)
	return e, nil
}

// loader packs matrices and remembers the first error.
type loader struct {
	e   *Engine
	m   *params.Model
	err error
}

func (l *loader) matrix(cols int, names ...string) *kernel.Matrix {
	var w []float32
	for _, name := range names {
		w = append(w, l.m.View(name)...)
	}
	packed, err := l.e.k.Pack(w, len(w)/cols, cols, l.e.precision)
	if l.err == nil && err != nil {
		l.err = fmt.Errorf("%s: %w", names[0], err)
	}
	return packed
}

func (l *loader) vector(name string) []float32 {
	v := append([]float32(nil), l.m.View(name)...)
	for _, x := range v {
		if !(math.Abs(float64(x)) <= math.MaxFloat32) && l.err == nil {
			l.err = fmt.Errorf("generator: %s holds %g; load another checkpoint", name, x)
		}
	}
	return v
}

func (e *Engine) load(m *params.Model) error {
	l, c := &loader{e: e, m: m}, e.c
	e.embedding = l.matrix(c.Dim, params.TokenEmbedding)
	e.output = e.embedding
	if c.Untied {
		e.output = l.matrix(c.Dim, params.Output)
	}
	e.norm = l.vector(params.OutputNorm)
	for i := range c.Layers {
		name := func(n string) string { return params.Block(i, n) }
		e.layers = append(e.layers, layer{
			attnNorm: l.vector(name(params.AttnNorm)),
			ffnNorm:  l.vector(name(params.FFNNorm)),
			qkv:      l.matrix(c.Dim, name(params.AttnQ), name(params.AttnK), name(params.AttnV)),
			out:      l.matrix(c.Heads*c.HeadDim, name(params.AttnOutput)),
			gate:     l.matrix(c.Dim, name(params.FFNGate)),
			up:       l.matrix(c.Dim, name(params.FFNUp)),
			down:     l.matrix(c.FF, name(params.FFNDown)),
		})
	}
	return l.err
}

// Config is the model's shape.
func (e *Engine) Config() params.Config { return e.c }

// Kernel is the name of the variant that computes.
func (e *Engine) Kernel() string { return e.k.Name() }

// WeightBytes is the memory of all matrices: what decoding one token reads, an untied embedding apart.
func (e *Engine) WeightBytes() int {
	n := e.embedding.Bytes()
	if e.c.Untied {
		n += e.output.Bytes()
	}
	for _, l := range e.layers {
		n += l.qkv.Bytes() + l.out.Bytes() + l.gate.Bytes() + l.up.Bytes() + l.down.Bytes()
	}
	return n
}

// CacheBytes is the memory of one token's keys and values.
func (e *Engine) CacheBytes() int { return e.pages.bytesPerToken() }

// Close stops the threads. Calls under way end first; later ones get ErrClosed.
func (e *Engine) Close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		e.closed = true
		e.team.close()
	}
}

// checkTokens refuses what the vocabulary lacks.
func (e *Engine) checkTokens(tokens []int32) error {
	for i, t := range tokens {
		if t < 0 || int(t) >= e.c.Vocab {
			return fmt.Errorf("%w: token %d at place %d, the vocabulary has %d; was the text cut by another tokenizer?", ErrToken, t, i, e.c.Vocab)
		}
	}
	return nil
}

// checkLength refuses to go beyond the context.
func (e *Engine) checkLength(have, more int) error {
	if have+more > e.c.Context {
		return fmt.Errorf("%w: %d tokens and %d more are %d, the limit is %d; shorten the prompt", ErrContext, have, more, have+more, e.c.Context)
	}
	return nil
}
