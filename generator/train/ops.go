package train

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// This file has the operations of the graph, each with its way back, except for attention, which has a file of its own.

// pieceRows is the number of rows a goroutine takes at a time where rows are independent. Sums over rows are made per piece and then in the order of the pieces.
const pieceRows = 64

// value makes an operation's output over given memory.
func value(mem []float32, shape ...int) (gorgonia.Value, tensor.Shape) {
	s := tensor.Shape(shape)
	if len(s) == 0 {
		return gorgonia.NewF32(0), s
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(mem[:s.TotalSize()])), s
}

// apply adds an operation to the graph.
func (n *network) apply(f *fused, mem []float32, shape []int, in ...*gorgonia.Node) (*gorgonia.Node, error) {
	n.ops++
	f.id = n.ops
	f.out, f.shape = value(mem, shape...)
	for _, node := range in {
		f.types = append(f.types, typeOf(node.Shape()))
	}
	node, err := gorgonia.ApplyOp(f, in...)
	if err != nil {
		return nil, fmt.Errorf("train: cannot add %s to the graph: %w", f.kind, err)
	}
	return node, nil
}

// weightGrad stands for a weight's gradient in the graph: the part of the gradient arena that the operation `after` has added to.
func (n *network) weightGrad(w *gorgonia.Node, after *gorgonia.Node) (*gorgonia.Node, error) {
	f := &fused{kind: "gradient of " + w.Name(), run: func([][]float32) error { return nil }}
	return n.apply(f, n.gradOf(w), w.Shape(), after)
}

// grads pairs the gradient of an operation's first input with that of its weight, its second.
func (n *network) grads(dx, w *gorgonia.Node, err error) (gorgonia.Nodes, error) {
	if err != nil {
		return nil, err
	}
	dw, err := n.weightGrad(w, dx)
	return gorgonia.Nodes{dx, dw}, err
}

// embed takes a row of E for each token, and adds the position's row where positions are sinusoidal. Way back: rows of the gradient are added to E's.
func (n *network) embed(e *gorgonia.Node) (*gorgonia.Node, error) {
	d := n.cfg.Dim
	out := n.mem.next(n.tokens * d)
	f := &fused{kind: "embed", wrt: []bool{true}}
	f.run = func(in [][]float32) error {
		b := n.batch
		n.m.rows(len(b.tokens), pieceRows, func(_, from, to int) {
			for t := from; t < to; t++ {
				row := out[t*d : (t+1)*d]
				copy(row, in[0][int(b.tokens[t])*d:])
				if n.sinus != nil {
					n.m.axpy(1, n.sinus[int(b.pos[t])*d:][:d], row)
				}
			}
		})
		return nil
	}
	f.diff = func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
		de := n.gradOf(in[0])
		back := &fused{kind: "embed back"}
		back.run = func(in [][]float32) error {
			for t, id := range n.batch.tokens { // in the order of tokens, by one goroutine: equal tokens share a row
				n.m.axpy(1, in[0][t*d:(t+1)*d], de[int(id)*d:][:d])
			}
			return nil
		}
		node, err := n.apply(back, de, in[0].Shape(), grad)
		return gorgonia.Nodes{node}, err
	}
	return n.apply(f, out, []int{n.tokens, d}, e)
}

// residual is the path around a sub-block. Its gradient is not a node of its own at the stream: the norm that also reads the stream adds to it in place,
// where gorgonia would make a sum of two arrays. gorgonia visits the sub-block's end before its norm, so the gradient is known when the norm is differentiated.
type residual struct {
	grad     *gorgonia.Node
	selected bool // the sub-block's end has only the rows with loss
}

// norm is RMSNorm. through, if not nil, is the residual path that starts at x.
func (n *network) norm(x, w *gorgonia.Node, few bool, through *residual) (*gorgonia.Node, error) {
	rows, d := x.Shape()[0], n.cfg.Dim
	out, inv := n.mem.next(rows*d), n.mem.next(rows)
	f := &fused{kind: "norm", wrt: []bool{true, true}}
	f.run = func(in [][]float32) error {
		n.m.rows(n.live(few), pieceRows, func(_, i, j int) {
			n.m.kernels.norm(j-i, d, in[0][i*d:], in[1], float32(n.cfg.Eps), out[i*d:], inv[i:])
		})
		return nil
	}
	f.diff = func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
		nodes := gorgonia.Nodes{in[0], in[1], grad}
		name := "stream"
		if few {
			name = "selected stream"
		}
		dx := n.mem.shared(name, rows*d)
		var carried func(in [][]float32)
		switch {
		case through == nil:
			carried = func([][]float32) { clear(dx[:n.live(few)*d]) }
		case through.grad == nil:
			return nil, fmt.Errorf("train: the gradient of a residual path is not there yet when its norm asks for it")
		case through.selected:
			nodes = append(nodes, through.grad)
			carried = func(in [][]float32) { n.scatter(in[3], dx, d) }
		default: // the gradient lies in dx already: the path's end wrote it there
			nodes = append(nodes, through.grad)
			carried = func(in [][]float32) {
				if &in[3][0] != &dx[0] {
					copy(dx[:n.live(few)*d], in[3])
				}
			}
		}
		dw := n.gradOf(in[1])
		parts := n.mem.shared("norm weights", (n.tokens+pieceRows-1)/pieceRows*d)
		back := &fused{kind: "norm back"}
		back.run = func(in [][]float32) error {
			carried(in)
			n.m.rows(n.live(few), pieceRows, func(_, i, j int) {
				part := parts[i/pieceRows*d:][:d]
				clear(part)
				n.m.normBack(j-i, d, in[0][i*d:], in[1], inv[i:], in[2][i*d:], dx[i*d:], part)
			})
			for p := 0; p*pieceRows < n.live(few); p++ {
				n.m.axpy(1, parts[p*d:][:d], dw)
			}
			return nil
		}
		node, err := n.apply(back, dx, in[0].Shape(), nodes...)
		return n.grads(node, in[1], err)
	}
	return n.apply(f, out, x.Shape(), x, w)
}

// linear is y = x·Wᵀ, or y = r + x·Wᵀ at the end of a sub-block, where r is the stream (its selected rows, if the path says so).
// gradName names the memory of x's gradient.
func (n *network) linear(x, w, r *gorgonia.Node, few bool, path *residual, gradName string) (*gorgonia.Node, error) {
	rows, in, out := x.Shape()[0], w.Shape()[1], w.Shape()[0]
	y := n.mem.next(rows * out)
	f := &fused{kind: "linear", wrt: []bool{true, true}}
	nodes := gorgonia.Nodes{x, w}
	if r != nil {
		nodes = append(nodes, r)
		f.wrt = append(f.wrt, false) // its gradient travels in path
	}
	f.run = func(v [][]float32) error {
		if r != nil && path.selected {
			n.gather(v[2], y, out)
		} else if r != nil {
			copy(y[:n.live(few)*out], v[2])
		}
		n.m.product(false, true, n.live(few), out, in, v[0], in, v[1], in, r != nil, y, out)
		return nil
	}
	f.diff = func(v gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
		if path != nil {
			path.grad = grad
		}
		dx, dw := n.mem.shared(gradName, rows*in), n.gradOf(v[1])
		back := &fused{kind: "linear back"}
		back.run = func(g [][]float32) error {
			n.m.product(false, false, n.live(few), in, out, g[2], out, g[1], in, false, dx, in)
			n.m.product(true, false, out, in, n.live(few), g[2], out, g[0], in, true, dw, in)
			return nil
		}
		node, err := n.apply(back, dx, x.Shape(), v[0], v[1], grad)
		both, err := n.grads(node, v[1], err)
		if r != nil {
			both = append(both, nil)
		}
		return both, err
	}
	return n.apply(f, y, []int{rows, out}, nodes...)
}

// gather copies the rows of the present batch that carry loss; scatter puts them back between zeros.
func (n *network) gather(from, to []float32, d int) {
	for i, t := range n.batch.rows {
		copy(to[i*d:(i+1)*d], from[int(t)*d:])
	}
}

func (n *network) scatter(from, to []float32, d int) {
	clear(to[:len(n.batch.tokens)*d])
	for i, t := range n.batch.rows {
		copy(to[int(t)*d:(int(t)+1)*d], from[i*d:])
	}
}

// choose is gather as an operation: past the last attention only rows that carry loss matter.
func (n *network) choose(x *gorgonia.Node) (*gorgonia.Node, error) {
	d := x.Shape()[1]
	out := n.mem.next(n.tokens * d)
	f := &fused{kind: "choose", wrt: []bool{true}}
	f.run = func(in [][]float32) error {
		n.gather(in[0], out, d)
		return nil
	}
	f.diff = func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
		dx := n.mem.shared("all rows", n.tokens*d)
		back := &fused{kind: "choose back", run: func(g [][]float32) error {
			n.scatter(g[0], dx, d)
			return nil
		}}
		node, err := n.apply(back, dx, in[0].Shape(), grad)
		return gorgonia.Nodes{node}, err
	}
	return n.apply(f, out, []int{n.tokens, d}, x)
}

// swiglu is silu(gate)·up, of rows that hold the gate and then the other.
func (n *network) swiglu(x *gorgonia.Node, few bool) (*gorgonia.Node, error) {
	rows, ff := x.Shape()[0], n.cfg.FF
	out := n.mem.next(rows * ff)
	f := &fused{kind: "swiglu", wrt: []bool{true}}
	f.run = func(in [][]float32) error {
		n.m.rows(n.live(few), pieceRows, func(_, i, j int) { n.m.kernels.swiglu(j-i, ff, in[0][2*i*ff:], out[i*ff:]) })
		return nil
	}
	f.diff = func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
		dx := n.mem.shared("wide", rows*2*ff)
		back := &fused{kind: "swiglu back", run: func(g [][]float32) error {
			n.m.rows(n.live(few), pieceRows, func(_, i, j int) { n.m.swigluBack(j-i, ff, g[0][2*i*ff:], g[1][i*ff:], dx[2*i*ff:]) })
			return nil
		}}
		node, err := n.apply(back, dx, in[0].Shape(), in[0], grad)
		return gorgonia.Nodes{node}, err
	}
	return n.apply(f, out, []int{rows, ff}, x)
}

// lossRows is the number of rows whose logits exist at a time.
const lossRows = 512

// loss is the output matrix and cross-entropy in one: the logits of a few rows are made, turned into their gradient and used up, so that no array of
// tokens times vocabulary is ever held. It must be the root of the graph: gradients are made on the way forth and only handed out on the way back.
func (n *network) lossOf(h, e *gorgonia.Node) (*gorgonia.Node, error) {
	d, v := n.cfg.Dim, n.cfg.Vocab
	logits := n.mem.shared("logits", min(lossRows, n.tokens)*v)
	each := n.mem.shared("losses", n.tokens)
	dh := n.mem.shared("head", n.tokens*d)
	var de []float32
	if n.grad != nil {
		de = n.gradOf(e)
	}
	f := &fused{kind: "loss", wrt: []bool{true, true}}
	f.run = func(in [][]float32) error {
		b := n.batch
		for i := 0; i < len(b.rows); i += lossRows {
			rows := min(lossRows, len(b.rows)-i)
			n.m.product(false, true, rows, v, d, in[0][i*d:], d, in[1], d, false, logits, v)
			n.m.rows(rows, 8, func(_, from, to int) {
				n.m.crossEntropy(to-from, v, b.targets[i+from:], b.weights[i+from:], de != nil, logits[from*v:], each[i+from:])
			})
			if de != nil {
				n.m.product(false, false, rows, d, v, logits, v, in[1], d, false, dh[i*d:], d)
				n.m.product(true, false, v, d, rows, logits, v, in[0][i*d:], d, true, de, d)
			}
		}
		n.total = 0
		for _, l := range each[:len(b.rows)] {
			n.total += float64(l)
		}
		return nil
	}
	f.diff = func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
		back := &fused{kind: "loss back", run: func(g [][]float32) error { return nil }}
		node, err := n.apply(back, dh, in[0].Shape(), in[0])
		return n.grads(node, in[1], err)
	}
	return n.apply(f, nil, nil, h, e)
}
