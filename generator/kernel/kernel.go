// Package kernel is the arithmetic of the model on a CPU: matrix products in int8 and float32, norms, rotation, attention, softmax.
//
// A Kernel is one variant of it: "avx512vnni", "avx2", "neon" in C, "go" in plain Go, which is everywhere and the only one with CGO_ENABLED=0 or the build tag purego.
// All variants are held to one suite of tests against a float64 reference. New picks the fastest that the machine can run.
//
// int8 weights stand in blocks of 32 along the input with one float32 scale a block; activations are quantised in the same way when they are prepared. Sums within a
// block are exact integers, so the result does not depend on how many rows are multiplied at once. float32 matrices are the exact reference.
//
// The packed form of a matrix belongs to the variant that packed it, and must be used with that one only. Outputs are computed in panels of 16 rows of the matrix; callers share the
// work of one product by taking ranges of panels. Nothing here is safe to write from two goroutines at once, everything may be read.
//
//	k, err := kernel.New("")
//	w := k.Pack(weights, rows, cols, kernel.Int8)
//	var in kernel.Input
//	in.Shape(n, cols, kernel.Int8)
//	k.Prepare(&in, x, 0, n)
//	k.MatMul(dst, rows, w, &in, 0, w.Panels(), false) // dst[i*rows+j] = Σ x[i*cols+k] * weights[j*cols+k]
//
// Lengths are the caller's duty: a slice that is too short panics in Go before C sees it.
package kernel

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// Precision is how a matrix is held in memory.
type Precision int

const (
	Int8 Precision = iota
	Float32
)

func (p Precision) String() string {
	if p == Float32 {
		return "f32"
	}
	return "int8"
}

// PanelRows is how many outputs are computed together.
const PanelRows = 16

// Block is how many weights share a scale.
const Block = 32

// Segments of a cache have room for a multiple of CapStep positions, at most MaxCap.
const (
	CapStep = 32
	MaxCap  = 512
)

// Kernel is a variant. It holds no state and may be shared.
type Kernel struct {
	name string
	v    variant
}

// variant is what differs between instruction sets.
type variant interface {
	pack(m *Matrix, w []float32)
	row(dst []float32, m *Matrix, row int)
	tile() int // rows of activations that are laid out together
	quantise(in *Input, x []float32, from, to int)
	matmul(dst []float32, stride int, m *Matrix, in *Input, p0, p1 int, list []int32, add bool)
	rmsNorm(dst, x, weight []float32, rows int, eps float32)
	rotate(x []float32, rows, stride, heads, headDim int, cosines, sines []float32, pos []int32)
	swiglu(dst, gate, up []float32)
	softmax(x []float32, inverseTemperature float32)
	logSumExp(x []float32) float32
	store(c *Cache, k, v []float32, rows, stride, at, head0, head1 int)
	attend(a *Attention, c *Cache, first, last bool, limits []int32)
}

// New is the variant of that name; "" is the fastest.
func New(name string) (*Kernel, error) {
	names := Variants()
	if name == "" {
		name = names[0]
	}
	for _, n := range names {
		if n == name {
			return &Kernel{name: n, v: open(n)}, nil
		}
	}
	return nil, fmt.Errorf("kernel: this machine and build cannot run the variant %q; it can run %s", name, strings.Join(names, ", "))
}

// Variants are the names of those that this build has and this machine can run, fastest first.
func Variants() []string { return append(compiled(), "go") }

func open(name string) variant {
	if name == "go" {
		return plain{}
	}
	return openCompiled(name)
}

// Name is the variant's.
func (k *Kernel) Name() string { return k.name }

// Matrix is a packed weight matrix [rows, cols].
type Matrix struct {
	rows, cols, blocks int
	precision          Precision
	bytes              []byte    // int8, in the form of the variant
	floats             []float32 // float32, or the scales of the plain variant
}

// Rows is the number of outputs, Cols of inputs.
func (m *Matrix) Rows() int { return m.rows }
func (m *Matrix) Cols() int { return m.cols }

// Panels is the number of groups of outputs.
func (m *Matrix) Panels() int { return (m.rows + PanelRows - 1) / PanelRows }

// Precision of the weights.
func (m *Matrix) Precision() Precision { return m.precision }

// Bytes is the memory the weights take: what a product with one row has to read.
func (m *Matrix) Bytes() int { return len(m.bytes) + 4*len(m.floats) }

// Pack copies a matrix into the variant's form.
func (k *Kernel) Pack(w []float32, rows, cols int, p Precision) (*Matrix, error) {
	if rows < 1 || cols < 1 || len(w) != rows*cols {
		return nil, fmt.Errorf("kernel: %d weights are no matrix of %d by %d", len(w), rows, cols)
	}
	for _, x := range w {
		if !(math.Abs(float64(x)) <= math.MaxFloat32) {
			return nil, errors.New("kernel: a weight is not finite; load another checkpoint")
		}
	}
	m := &Matrix{rows: rows, cols: cols, blocks: (cols + Block - 1) / Block, precision: p}
	k.v.pack(m, w)
	return m, nil
}

// Row writes one row of the matrix, as it is after quantising: the embedding of a token.
func (k *Kernel) Row(dst []float32, m *Matrix, row int) { k.v.row(dst[:m.cols], m, row) }

// Input is rows of activations, prepared for matrices of one precision. It is reused from product to product.
type Input struct {
	rows, cols, blocks int
	precision          Precision
	x                  []float32
	q                  []int8
	scales             []float32
	sums               []int32
}

// Shape sets the size, growing memory where needed.
func (in *Input) Shape(rows, cols int, p Precision) {
	in.rows, in.cols, in.blocks, in.precision = rows, cols, (cols+Block-1)/Block, p
	if p == Float32 {
		in.x = Grow(in.x, rows*cols)
		return
	}
	in.q = Grow(in.q, rows*in.blocks*Block)
	in.scales = Grow(in.scales, rows*in.blocks)
	in.sums = Grow(in.sums, rows*in.blocks)
}

// Grow is s with length n; its contents are lost where it must grow.
func Grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// Tile is how many rows are prepared together: a share of rows must begin at a multiple of it.
func (k *Kernel) Tile() int { return k.v.tile() }

// Prepare takes rows [from, to) of x, which is [rows, cols]. from must be a multiple of Tile, to as well or the last row.
func (k *Kernel) Prepare(in *Input, x []float32, from, to int) {
	if from >= to {
		return
	}
	if in.precision == Float32 {
		copy(in.x[from*in.cols:to*in.cols], x[from*in.cols:to*in.cols])
		return
	}
	k.v.quantise(in, x[:to*in.cols], from, to)
}

// MatMul writes panels [p0, p1) of the product of every row: dst[i*stride+j] is, or with add is increased by, row i of the input times row j of the matrix.
func (k *Kernel) MatMul(dst []float32, stride int, m *Matrix, in *Input, p0, p1 int, add bool) {
	p1 = min(p1, m.Panels())
	if p0 >= p1 || in.rows == 0 {
		return
	}
	check(m, in, dst, (in.rows-1)*stride+min(m.rows, p1*PanelRows))
	k.v.matmul(dst, stride, m, in, p0, p1, nil, add)
}

// MatMulPanels computes only the panels of the list: dst[i*stride+16*n+j] is row i of the input times row 16*list[n]+j of the matrix. It is for the few outputs
// that a grammar allows. A panel beyond the last output leaves its places unwritten.
func (k *Kernel) MatMulPanels(dst []float32, stride int, m *Matrix, in *Input, list []int32) {
	if len(list) == 0 || in.rows == 0 {
		return
	}
	check(m, in, dst, (in.rows-1)*stride+len(list)*PanelRows)
	for _, p := range list {
		if p < 0 || int(p) >= m.Panels() {
			panic(fmt.Sprintf("kernel: panel %d of a matrix with %d", p, m.Panels()))
		}
	}
	k.v.matmul(dst, stride, m, in, 0, len(list), list, false)
}

func check(m *Matrix, in *Input, dst []float32, need int) {
	if m.cols != in.cols || m.precision != in.precision {
		panic(fmt.Sprintf("kernel: %s rows of %d for an %s matrix with %d columns", in.precision, in.cols, m.precision, m.cols))
	}
	_ = dst[need-1]
}

// RMSNorm divides each row by the root of its mean square and multiplies it by weight. dst may be x.
func (k *Kernel) RMSNorm(dst, x, weight []float32, rows int, eps float32) {
	if n := rows * len(weight); n > 0 {
		k.v.rmsNorm(dst[:n], x[:n], weight, rows, eps)
	}
}

// Rotate turns neighbouring pairs of each head by the angle of the row's position. cosines and sines are [position][headDim], each angle's value twice.
func (k *Kernel) Rotate(x []float32, rows, stride, heads, headDim int, cosines, sines []float32, pos []int32) {
	if rows == 0 || heads == 0 {
		return
	}
	_ = x[(rows-1)*stride+heads*headDim-1]
	for _, p := range pos[:rows] {
		_ = cosines[(int(p)+1)*headDim-1]
		_ = sines[(int(p)+1)*headDim-1]
	}
	k.v.rotate(x, rows, stride, heads, headDim, cosines, sines, pos)
}

// SwiGLU writes gate·sigmoid(gate)·up.
func (k *Kernel) SwiGLU(dst, gate, up []float32) {
	if n := len(dst); n > 0 {
		k.v.swiglu(dst, gate[:n], up[:n])
	}
}

// Softmax turns logits into probabilities, in place.
func (k *Kernel) Softmax(x []float32, temperature float32) {
	if len(x) > 0 {
		k.v.softmax(x, 1/temperature)
	}
}

// LogSumExp is log Σ exp(x): a logit less it is a log-probability.
func (k *Kernel) LogSumExp(x []float32) float32 {
	if len(x) == 0 {
		return float32(math.Inf(-1))
	}
	return k.v.logSumExp(x)
}
