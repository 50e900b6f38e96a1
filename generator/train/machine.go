package train

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// BLAS is the seam for a matrix library: C = alpha·op(A)·op(B) + beta·C, row-major, one thread a call (the trainer splits the rows itself).
type BLAS interface {
	Name() string
	Sgemm(transA, transB bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int)
}

// kernels is one set of numeric routines. All of them work on rows, keep no state and give the same bits however the rows are split.
type kernels interface {
	name() string
	packedLen(k, n int) int // floats that pack needs; 0: this set reads B in place
	panel() int             // columns that must be packed together
	pack(f factor, n, j0, j1 int)
	gemm(transA bool, m, n, k int, a []float32, lda int, b factor, add bool, c []float32, ldc int, scratch []float32)
	norm(rows, d int, x, w []float32, eps float32, y, inv []float32)
	normBack(rows, d int, x, w, inv, dy, dx, dw []float32) // adds to dx and dw
	swiglu(rows, f int, gu, y []float32)
	swigluBack(rows, f int, gu, dy, dgu []float32)
	softmax(rows, ld, width int, seen []int32, scale float32, s, lse []float32)
	softmaxAgain(rows, ld, width int, seen []int32, scale float32, s, lse []float32)
	softmaxBack(rows, ld, width int, scale float32, p, dp []float32)
	crossEntropy(rows, v int, target []int32, weight []float32, grad bool, logits, loss []float32)
	rotate(rows, ld, heads, half int, pos []int32, cos, sin []float32, sign float32, x []float32)
	adamw(w, m, v, g []float32, a adam)
	sumSquares(x []float32) float64
	axpy(a float32, x, y []float32) // y += a·x
	lerp(t float32, x, y []float32) // y += t·(x - y)
}

// adam holds what one step of AdamW needs beside the arrays. fix1 and fix2 correct the averages while they are young.
type adam struct{ scale, lr, beta1, beta2, fix1, fix2, eps, decay float32 }

// factor is the right factor of a product, op(B) of k rows, as it lies in memory and, for sets that want it so, packed.
type factor struct {
	raw    []float32
	ld     int
	trans  bool // raw is [n, k]
	k      int
	packed []float32
}

// scratchFloats is what a set may use for the part of A that it rearranges.
const scratchFloats = 96 * (512 + 16)

// Kernels lists the names of the sets this machine can run, best first. A name ending in bf16 rounds the factors of large products to bfloat16 and sums in float32.
func Kernels() []string {
	var names []string
	for _, k := range available() {
		names = append(names, k.name())
	}
	return names
}

// machine runs kernels on a fixed number of goroutines. Work is cut into pieces whose size does not depend on that number, so neither do the results.
type machine struct {
	kernels
	exact   kernels // a set that computes in float32 throughout, for attention; the same unless that one rounds
	workers int
	scratch [][]float32 // one a worker
	packed  []float32
}

// newMachine picks a set by name: "" is the fastest, "exact" the fastest that computes in float32 throughout.
func newMachine(name string, workers int) (*machine, error) {
	all := available()
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	isExact := func(k kernels) bool { return !strings.HasSuffix(k.name(), "bf16") }
	firstExact := all[slices.IndexFunc(all, isExact)]
	pick := slices.IndexFunc(all, func(k kernels) bool { return name == "" || k.name() == name || name == "exact" && isExact(k) })
	if pick < 0 {
		return nil, fmt.Errorf("train: this machine has no kernels %q; it has %s", name, strings.Join(Kernels(), ", "))
	}
	m := &machine{kernels: all[pick], exact: firstExact, workers: workers}
	if isExact(m.kernels) {
		m.exact = m.kernels
	}
	m.useWorkers(workers)
	return m, nil
}

func (m *machine) useWorkers(n int) {
	m.workers, m.scratch = n, nil
	for range n {
		m.scratch = append(m.scratch, make([]float32, scratchFloats))
	}
}

// each runs f for every item; worker tells which scratch memory is f's own. Items must write to places of their own.
func (m *machine) each(items int, f func(worker, item int)) {
	if m.workers == 1 || items == 1 {
		for i := range items {
			f(0, i)
		}
		return
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	work := func(worker int) {
		for i := int(next.Add(1)) - 1; i < items; i = int(next.Add(1)) - 1 {
			f(worker, i)
		}
	}
	for w := 1; w < min(m.workers, items); w++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			work(w)
		}()
	}
	work(0)
	wait.Wait()
}

// rows cuts n rows into pieces of a fixed size and runs f on each.
func (m *machine) rows(n, size int, f func(worker, from, to int)) {
	m.each((n+size-1)/size, func(worker, i int) { f(worker, i*size, min(n, (i+1)*size)) })
}

// product is C = op(A)·op(B), or C += …; B is packed once, the rows of C are shared out.
func (m *machine) product(transA, transB bool, rows, n, k int, a []float32, lda int, b []float32, ldb int, add bool, c []float32, ldc int) {
	f := factor{raw: b, ld: ldb, trans: transB, k: k}
	if need := m.packedLen(k, n); need > 0 {
		m.packed = grow(m.packed, need)
		f.packed = m.packed
		width := m.panel() * max(1, min(8, n/m.panel()/8))
		m.rows(n, width, func(_, j0, j1 int) { m.pack(f, n, j0, (j1+m.panel()-1)/m.panel()*m.panel()) })
	}
	size := min(96, max(12, (rows/8+11)/12*12))
	m.rows(rows, size, func(worker, i0, i1 int) {
		at := i0 * lda
		if transA {
			at = i0
		}
		m.gemm(transA, i1-i0, n, k, a[at:], lda, f, add, c[i0*ldc:], ldc, m.scratch[worker])
	})
}

// grow returns a slice of at least n floats, the old one if it is large enough. Its contents are undefined.
func grow(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	return s[:n]
}
