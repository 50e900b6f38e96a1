package train

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"daogou/generator/params"
)

// opTest builds one operation over a stream x and a weight w.
type opTest struct {
	name  string
	x, w  func(c params.Config, tokens int) []int // shapes; w nil: no weight
	few   bool                                    // only rows with loss are in use
	build func(n *network, x, w *gorgonia.Node) (*gorgonia.Node, error)
}

func stream(c params.Config, tokens int) []int { return []int{tokens, c.Dim} }
func width(c params.Config, tokens int) []int  { return []int{c.Dim} }

var opTests = []opTest{
	{name: "norm", x: stream, w: width, build: func(n *network, x, w *gorgonia.Node) (*gorgonia.Node, error) { return n.norm(x, w, false, nil) }},
	{name: "linear", x: stream, w: func(c params.Config, _ int) []int { return []int{c.FF, c.Dim} },
		build: func(n *network, x, w *gorgonia.Node) (*gorgonia.Node, error) {
			return n.linear(x, w, nil, false, nil, "dx")
		}},
	{name: "residual", x: stream, w: func(c params.Config, _ int) []int { return []int{c.Dim, c.Dim} },
		build: func(n *network, x, w *gorgonia.Node) (*gorgonia.Node, error) { return n.aroundNorm(x, w, false) }},
	{name: "residual of chosen rows", x: stream, w: func(c params.Config, _ int) []int { return []int{c.Dim, c.Dim} }, few: true,
		build: func(n *network, x, w *gorgonia.Node) (*gorgonia.Node, error) { return n.aroundNorm(x, w, true) }},
	{name: "swiglu", x: func(c params.Config, t int) []int { return []int{t, 2 * c.FF} },
		build: func(n *network, x, _ *gorgonia.Node) (*gorgonia.Node, error) { return n.swiglu(x, false) }},
	{name: "attend", x: func(c params.Config, t int) []int { return []int{t, (c.Heads + 2*c.KVHeads) * c.HeadDim} },
		build: func(n *network, x, _ *gorgonia.Node) (*gorgonia.Node, error) { return n.attend(x) }},
	{name: "choose", x: stream, few: true, build: func(n *network, x, _ *gorgonia.Node) (*gorgonia.Node, error) { return n.choose(x) }},
	{name: "embed", w: func(c params.Config, _ int) []int { return []int{c.Vocab, c.Dim} },
		build: func(n *network, _, w *gorgonia.Node) (*gorgonia.Node, error) { return n.embed(w) }},
	{name: "loss", x: stream, w: func(c params.Config, _ int) []int { return []int{c.Vocab, c.Dim} }, few: true,
		build: func(n *network, x, w *gorgonia.Node) (*gorgonia.Node, error) { return n.lossOf(x, w) }},
}

// aroundNorm is x + norm(x)·Wᵀ: the smallest graph with a residual path.
func (n *network) aroundNorm(x, w *gorgonia.Node, few bool) (*gorgonia.Node, error) {
	path := &residual{selected: few}
	ones := tensor.New(tensor.WithShape(n.cfg.Dim), tensor.WithBacking(slicesOf(n.cfg.Dim, 1.3)))
	scale := gorgonia.NewTensor(n.graph, tensor.Float32, 1, gorgonia.WithShape(n.cfg.Dim), gorgonia.WithName("scale"), gorgonia.WithValue(ones))
	n.spans["scale"] = [2]int{len(n.grad) - n.cfg.Dim, len(n.grad)}
	h, err := n.norm(x, scale, false, path)
	if err == nil && few {
		h, err = n.choose(h)
	}
	if err != nil {
		return nil, err
	}
	return n.linear(h, w, x, few, path, "dh")
}

func slicesOf(n int, v float32) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = v
	}
	return x
}

// dot ends a graph in the sum of y times fixed numbers, so that y's gradient is those numbers. It sums in float64: the differences below are small.
func (n *network) dot(y *gorgonia.Node, with []float32, few bool) (*gorgonia.Node, error) {
	d := y.Shape()[1]
	f := &fused{kind: "dot", wrt: []bool{true}, run: func(in [][]float32) error {
		n.total = 0
		for i, v := range in[0][:n.live(few)*d] {
			n.total += float64(v) * float64(with[i])
		}
		return nil
	}}
	f.diff = func(in gorgonia.Nodes, _, _ *gorgonia.Node) (gorgonia.Nodes, error) {
		node, err := n.apply(&fused{kind: "dot back", run: func([][]float32) error { return nil }}, append([]float32{}, with...), in[0].Shape(), in[0])
		return gorgonia.Nodes{node}, err
	}
	return n.apply(f, nil, nil, y)
}

// TestGradients holds every fused operation's way back against central differences, on a batch of several examples.
func TestGradients(t *testing.T) {
	for _, set := range []string{"exact", "go"} {
		for _, c := range []params.Config{tiny(), tiny(sinusoidal, prefix)} {
			for _, o := range opTests {
				t.Run(fmt.Sprintf("%s/%s/%s", set, c.Position, o.name), func(t *testing.T) { checkOp(t, o, c, set) })
			}
		}
	}
}

func checkOp(t *testing.T, o opTest, c params.Config, set string) {
	r := rand.New(rand.NewPCG(4, 4))
	var b batch
	for i, e := range sequences(c, 4, 5) {
		b.add(e, i, c.Prefix)
	}
	tokens := len(b.tokens) + 3 // room that is not used
	n := &network{cfg: c, m: newTestMachine(t, set), mem: &buffers{}, tokens: tokens, graph: gorgonia.NewGraph(), spans: map[string][2]int{}, batch: &b}
	n.positions()
	n.grad = make([]float32, 10000)
	leaf := func(name string, shape []int) (*gorgonia.Node, []float32) {
		data := numbers(r, tensor.Shape(shape).TotalSize(), 0.7)
		v := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
		return gorgonia.NewTensor(n.graph, tensor.Float32, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name), gorgonia.WithValue(v)), data
	}
	var x, w *gorgonia.Node
	var xs, ws []float32
	var leaves gorgonia.Nodes
	if o.x != nil {
		x, xs = leaf("x", o.x(c, tokens))
		leaves = append(leaves, x)
	}
	if o.w != nil {
		w, ws = leaf("w", o.w(c, tokens))
		n.spans["w"] = [2]int{0, len(ws)}
		leaves = append(leaves, w)
	}
	y, err := o.build(n, x, w)
	if err != nil {
		t.Fatal(err)
	}
	if y.Shape().Dims() > 0 {
		if y, err = n.dot(y, numbers(r, y.Shape().TotalSize(), 1), o.few); err != nil {
			t.Fatal(err)
		}
	}
	grads, err := gorgonia.Grad(y, leaves...)
	if err != nil {
		t.Fatal(err)
	}
	n.vm = gorgonia.NewTapeMachine(n.graph)
	input := append([]float32{}, xs...)
	value := func() float64 {
		copy(xs, input) // attention turns its input in place
		if err := n.run(&b); err != nil {
			t.Fatal(err)
		}
		return n.total
	}
	value()
	dw := append([]float32{}, n.grad[:len(ws)]...) // every run adds to it
	for i, leaf := range leaves {
		want := append([]float32{}, grads[i].Value().Data().([]float32)...)
		if leaf == w {
			differences(t, "w", ws, dw, len(ws), 4e-3, 3e-3, value)
			continue
		}
		live := len(xs) / tokens * n.live(o.name == "loss") // the loss takes rows that were chosen before
		differences(t, "x", input, want, live, 4e-3, 3e-3, value)
	}
}

// differences compares a gradient with central differences of value at some of the places.
func differences(t *testing.T, what string, at, grad []float32, live int, eps float32, tolerance float64, value func() float64) {
	t.Helper()
	size := 0.0
	for _, g := range grad[:live] {
		size = math.Max(size, math.Abs(float64(g)))
	}
	if size == 0 {
		t.Fatalf("%s: the gradient is zero everywhere", what)
	}
	step := max(1, live/60)
	for i := 0; i < live; i += step {
		old := at[i]
		at[i] = old + eps
		up := value()
		at[i] = old - eps
		down := value()
		at[i] = old
		if got := (up - down) / float64(2*eps); math.Abs(got-float64(grad[i])) > tolerance*size {
			t.Fatalf("%s[%d]: gradient %v, differences say %v (largest gradient %v)", what, i, grad[i], got, size)
		}
	}
}

// TestModelGradient does the same for whole models: every weight's part of the arena.
func TestModelGradient(t *testing.T) {
	for name, c := range map[string]params.Config{"rotary": tiny(), "sinusoidal": tiny(sinusoidal), "prefix": tiny(prefix), "untied": tiny(untied, sinusoidal, prefix)} {
		t.Run(name, func(t *testing.T) {
			l, w := newArena(t, c)
			for _, p := range l.Tensors {
				if p.Name == params.TokenEmbedding || p.Name == params.Output {
					for i := range p.Len {
						w[p.Offset+i] *= 15 // long rows bend the norms less, so that differences are near the slope
					}
				}
			}
			grad := make([]float32, l.Size)
			var b batch
			for i, e := range sequences(c, 5, 6) {
				b.add(e, i, c.Prefix)
			}
			n, err := newNetwork(l, newTestMachine(t, "exact"), &buffers{}, len(b.tokens)+5, w, grad, endLoss)
			if err != nil {
				t.Fatal(err)
			}
			value := func() float64 {
				if err := n.run(&b); err != nil {
					t.Fatal(err)
				}
				return n.total
			}
			value()
			want := append([]float32{}, grad...)
			for _, p := range l.Tensors {
				differences(t, p.Name, l.View(w, p.Name), l.View(want, p.Name), p.Len, 4e-3, 1e-2, value)
			}
		})
	}
}
