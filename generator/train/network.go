package train

import (
	"fmt"
	"math"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"daogou/generator/params"
)

// network is one gorgonia graph over an arena of weights, for batches of up to `tokens` tokens.
type network struct {
	cfg     params.Config
	layout  *params.Layout
	m       *machine
	mem     *buffers
	tokens  int
	weights []float32
	grad    []float32 // nil: the graph has no way back
	batch   *batch    // the present one
	total   float64   // the present batch's weighted loss

	graph *gorgonia.ExprGraph
	vm    gorgonia.VM
	ops   int
	spans map[string][2]int // of a weight node's name in the arena
	out   *gorgonia.Node    // the loss, or the logits
	attn  []attnScratch

	sinus    []float32 // sinusoidal positions, a row each
	cos, sin []float32 // rotary, half a head each
}

// What a graph ends in.
type ending int

const (
	endLoss   ending = iota // the loss; the last block computes only rows that carry loss
	endLogits               // the logits of every token
)

// newNetwork builds a graph. With grad it has a way back, which adds to grad.
func newNetwork(l *params.Layout, m *machine, mem *buffers, tokens int, weights, grad []float32, end ending) (*network, error) {
	n := &network{cfg: l.Config, layout: l, m: m, mem: mem, tokens: tokens, weights: weights, grad: grad, graph: gorgonia.NewGraph(), spans: map[string][2]int{}}
	mem.rewind()
	n.positions()
	if err := n.build(end); err != nil {
		return nil, err
	}
	n.vm = gorgonia.NewTapeMachine(n.graph)
	return n, nil
}

// run puts a batch through the graph.
func (n *network) run(b *batch) error {
	if len(b.tokens) > n.tokens {
		return fmt.Errorf("train: a batch of %d tokens does not fit a graph for %d", len(b.tokens), n.tokens)
	}
	n.batch = b
	n.vm.Reset()
	return n.vm.RunAll()
}

// positions makes the tables of the position encoding.
func (n *network) positions() {
	c := n.cfg
	if c.Position == params.Sinusoidal {
		n.sinus = make([]float32, c.Context*c.Dim)
		for p := range c.Context {
			for i := range c.Dim {
				angle := float64(p) / math.Pow(10000, float64(i/2*2)/float64(c.Dim))
				n.sinus[p*c.Dim+i] = float32(math.Sin(angle))
				if i%2 == 1 {
					n.sinus[p*c.Dim+i] = float32(math.Cos(angle))
				}
			}
		}
		return
	}
	half := c.HeadDim / 2
	n.cos, n.sin = make([]float32, c.Context*half), make([]float32, c.Context*half)
	for p := range c.Context {
		for i := range half {
			sin, cos := math.Sincos(float64(p) / math.Pow(c.RopeBase, float64(2*i)/float64(c.HeadDim)))
			n.sin[p*half+i], n.cos[p*half+i] = float32(sin), float32(cos)
		}
	}
}

// weight makes a leaf of the graph over the arena: the tensors named, which lie side by side, as one matrix. Calling it twice makes two leaves over one memory, whose
// gradients add up in one place: that is how the embedding is tied to the output.
func (n *network) weight(label string, names ...string) (*gorgonia.Node, error) {
	first, ok := n.layout.Find(names[0])
	if !ok {
		return nil, fmt.Errorf("train: the layout has no tensor %q", names[0])
	}
	shape := append(tensor.Shape{}, first.Shape...)
	end := first.Offset + first.Len
	for _, name := range names[1:] {
		t, ok := n.layout.Find(name)
		if !ok || t.Offset != end || t.Shape[1] != shape[1] {
			return nil, fmt.Errorf("train: %s does not lie behind %v in the layout, so they cannot be one matrix", name, names[0])
		}
		shape[0] += t.Shape[0]
		end += t.Len
	}
	n.spans[label] = [2]int{first.Offset, end}
	v := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(n.weights[first.Offset:end:end]))
	return gorgonia.NewTensor(n.graph, tensor.Float32, shape.Dims(), gorgonia.WithShape(shape...), gorgonia.WithName(label), gorgonia.WithValue(v)), nil
}

// gradOf is a weight node's part of the gradient arena.
func (n *network) gradOf(w *gorgonia.Node) []float32 {
	at := n.spans[w.Name()]
	return n.grad[at[0]:at[1]:at[1]]
}

// live is the number of rows in use: those of all tokens, or only the few that carry loss.
func (n *network) live(few bool) int {
	if few {
		return len(n.batch.rows)
	}
	return len(n.batch.tokens)
}

// builder keeps the first error and the weights met, so that the model below reads as what it is.
type builder struct {
	*network
	err     error
	weights gorgonia.Nodes
}

func (b *builder) param(label string, names ...string) *gorgonia.Node {
	if b.err != nil {
		return nil
	}
	w, err := b.network.weight(label, names...)
	b.keep(err)
	b.weights = append(b.weights, w)
	return w
}

func (b *builder) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *builder) do(f func() (*gorgonia.Node, error)) *gorgonia.Node {
	if b.err != nil {
		return nil
	}
	n, err := f()
	b.keep(err)
	return n
}

// build is the model.
func (n *network) build(end ending) error {
	b := &builder{network: n}
	x := b.do(func() (*gorgonia.Node, error) { return n.embed(b.param("embedding", params.TokenEmbedding)) })
	few := false
	for i := range n.cfg.Layers {
		last := end == endLoss && i == n.cfg.Layers-1
		x, few = b.block(i, x, last)
	}
	x = b.normOf("output norm", params.OutputNorm, x, few, nil)
	table := params.TokenEmbedding
	if n.cfg.Untied {
		table = params.Output
	}
	output := b.param("output", table)
	n.out = b.do(func() (*gorgonia.Node, error) {
		if end == endLogits {
			return n.linear(x, output, nil, few, nil, "head")
		}
		return n.lossOf(x, output)
	})
	if b.err != nil || n.grad == nil {
		return b.err
	}
	_, err := gorgonia.Grad(n.out, b.weights...)
	return err
}

func (b *builder) normOf(label, name string, x *gorgonia.Node, few bool, path *residual) *gorgonia.Node {
	w := b.param(label, name)
	return b.do(func() (*gorgonia.Node, error) { return b.norm(x, w, few, path) })
}

// block is x + attention(norm(x)), then x + feed-forward(norm(x)). The last block leaves out rows without loss once the keys and values are known.
func (b *builder) block(i int, x *gorgonia.Node, last bool) (*gorgonia.Node, bool) {
	name := func(s string) string { return params.Block(i, s) }
	few := false
	path := &residual{selected: last}
	h := b.normOf(name("norm1"), name(params.AttnNorm), x, few, path)
	w := b.param(name("qkv"), name(params.AttnQ), name(params.AttnK), name(params.AttnV))
	h = b.do(func() (*gorgonia.Node, error) { return b.linear(h, w, nil, few, nil, "narrow") })
	h = b.do(func() (*gorgonia.Node, error) { return b.attend(h) })
	if last {
		few = true
		h = b.do(func() (*gorgonia.Node, error) { return b.choose(h) })
	}
	w2 := b.param(name("o"), name(params.AttnOutput))
	x = b.do(func() (*gorgonia.Node, error) { return b.linear(h, w2, x, few, path, "narrow") })

	path2 := &residual{}
	h = b.normOf(name("norm2"), name(params.FFNNorm), x, few, path2)
	w3 := b.param(name("gate up"), name(params.FFNGate), name(params.FFNUp))
	h = b.do(func() (*gorgonia.Node, error) { return b.linear(h, w3, nil, few, nil, "narrow") })
	h = b.do(func() (*gorgonia.Node, error) { return b.swiglu(h, few) })
	w4 := b.param(name("down"), name(params.FFNDown))
	x = b.do(func() (*gorgonia.Node, error) { return b.linear(h, w4, x, few, path2, "inner") })
	return x, few
}

// Forward computes the logits of every token of one sequence, in float32, [token][vocabulary]: the reference the serving engine is compared with.
func Forward(c params.Config, arena []float32, tokens []int32, prompt int) ([]float32, error) {
	l, err := params.NewLayout(c)
	if err != nil {
		return nil, err
	}
	c = l.Config
	if len(arena) != l.Size {
		return nil, fmt.Errorf("train: the arena has %d weights, the configuration asks for %d", len(arena), l.Size)
	}
	e := Example{Tokens: tokens, Prompt: prompt}
	if len(tokens) == 0 || len(tokens) > c.Context || prompt < 0 || prompt > len(tokens) {
		return nil, fmt.Errorf("train: %d tokens with a prompt of %d do not fit a context of %d", len(tokens), prompt, c.Context)
	}
	for i, id := range tokens {
		if id < 0 || int(id) >= c.Vocab {
			return nil, fmt.Errorf("train: token %d at place %d is outside the vocabulary of %d", id, i, c.Vocab)
		}
	}
	m, err := newMachine("exact", 0)
	if err != nil {
		return nil, err
	}
	n, err := newNetwork(l, m, &buffers{}, len(tokens), arena, nil, endLogits)
	if err != nil {
		return nil, err
	}
	var b batch
	b.add(e, 0, c.Prefix)
	if err := n.run(&b); err != nil {
		return nil, err
	}
	return n.out.Value().Data().([]float32), nil
}
