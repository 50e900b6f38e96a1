package train

import (
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// fused is a gorgonia operation of ours. gorgonia keeps the graph, checks types and shapes, orders the work and asks for derivatives; what is computed is in run.
//
// Memory: run writes into out, which was made when the graph was built, so a step allocates nothing. A value has room for the largest batch; only the rows of the
// present batch are touched. Two operations may share memory if the graph orders every reader of the first before the second: see buffers.
type fused struct {
	kind  string
	id    int
	types []hm.Type // of the inputs
	out   gorgonia.Value
	shape tensor.Shape
	run   func(in [][]float32) error
	diff  func(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) // nil: nothing flows back
	wrt   []bool                                                                    // which inputs get a gradient
}

var (
	_ gorgonia.SDOp = (*fused)(nil)
)

func (f *fused) Arity() int { return len(f.types) }

func (f *fused) Type() hm.Type {
	return hm.NewFnType(append(append([]hm.Type{}, f.types...), typeOf(f.shape))...)
}

func (f *fused) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) { return f.shape, nil }

func (f *fused) Do(in ...gorgonia.Value) (gorgonia.Value, error) {
	data := make([][]float32, len(in))
	for i, v := range in {
		var ok bool
		if data[i], ok = v.Data().([]float32); !ok {
			return nil, fmt.Errorf("train: input %d of %s is no array of float32", i, f.kind)
		}
	}
	if err := f.run(data); err != nil {
		return nil, err
	}
	return f.out, nil
}

// ReturnsPtr and OverwritesInput tell the compiler to leave memory to us.
func (f *fused) ReturnsPtr() bool     { return true }
func (f *fused) CallsExtern() bool    { return false }
func (f *fused) OverwritesInput() int { return -1 }

// WriteHash must differ between any two operations, or gorgonia would take them for one.
func (f *fused) WriteHash(h hash.Hash) { fmt.Fprintf(h, "%s %d", f.kind, f.id) }

func (f *fused) Hashcode() uint32 {
	h := fnv.New32a()
	f.WriteHash(h)
	return h.Sum32()
}

func (f *fused) String() string { return fmt.Sprintf("%s#%d", f.kind, f.id) }

func (f *fused) DiffWRT(int) []bool { return f.wrt }

func (f *fused) SymDiff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	if f.diff == nil {
		return nil, fmt.Errorf("train: %s has no derivative", f.kind)
	}
	return f.diff(in, out, grad)
}

// typeOf is gorgonia's type of a float32 value of a shape.
func typeOf(s tensor.Shape) hm.Type {
	if s.Dims() == 0 {
		return tensor.Float32
	}
	return gorgonia.TensorType{Dims: s.Dims(), Of: tensor.Float32}
}

// buffers gives out the memory of a graph's values. Values that are needed on the way back have memory of their own, from next, in the order of asking, so that a
// second graph built the same way (the one for validation) can lie on the first one's. Gradients of the stream live for a moment only: shared gives the same memory to
// all that ask for a name. That is safe because each step of the way back reads what the step before it wrote: the graph itself is the order.
type buffers struct {
	list  [][]float32
	given int
	named map[string][]float32
}

func (b *buffers) next(n int) []float32 {
	if b.given == len(b.list) {
		b.list = append(b.list, nil)
	}
	b.list[b.given] = grow(b.list[b.given], n)
	b.given++
	return b.list[b.given-1]
}

func (b *buffers) shared(name string, n int) []float32 {
	if b.named == nil {
		b.named = map[string][]float32{}
	}
	b.named[name] = grow(b.named[name], n)
	return b.named[name]
}

// rewind starts the giving anew, for another graph on the same memory.
func (b *buffers) rewind() { b.given = 0 }

// bytes is the memory held.
func (b *buffers) bytes() int {
	n := 0
	for _, s := range b.list {
		n += 4 * cap(s)
	}
	for _, s := range b.named {
		n += 4 * cap(s)
	}
	return n
}
