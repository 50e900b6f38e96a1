package train

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// tolerance is how far a set may be from plain Go.
func tolerance(k kernels) float64 {
	if strings.HasSuffix(k.name(), "bf16") {
		return 2e-2
	}
	return 2e-5
}

// TestKernelsAgree holds every set against the one in plain Go, on sizes that fill no vector, no tile and no block.
func TestKernelsAgree(t *testing.T) {
	want := goKernels{gonumBLAS{}}
	for _, k := range available() {
		t.Run(k.name(), func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			for _, size := range [][3]int{{1, 1, 1}, {2, 3, 5}, {13, 31, 33}, {12, 32, 64}, {97, 70, 17}, {25, 129, 600}, {110, 40, 1100}} {
				product(t, k, want, r, size[0], size[1], size[2])
			}
			for _, d := range []int{1, 3, 16, 20, 33, 300} {
				rows(t, k, want, r, 7, d)
			}
		})
	}
}

func product(t *testing.T, k, want kernels, r *rand.Rand, m, n, depth int) {
	scratch := make([]float32, scratchFloats)
	for form := range 8 {
		transA, transB, add := form&1 > 0, form&2 > 0, form&4 > 0
		lda, ldb, ldc := depth+3, n+2, n+1
		a, b := numbers(r, m*lda, 1), numbers(r, depth*ldb, 1)
		if transA {
			lda = m + 3
			a = numbers(r, depth*lda, 1)
		}
		if transB {
			ldb = depth + 2
			b = numbers(r, n*ldb, 1)
		}
		c := numbers(r, m*ldc, 1)
		d := append([]float32{}, c...)
		f := factor{raw: b, ld: ldb, trans: transB, k: depth}
		if need := k.packedLen(depth, n); need > 0 {
			f.packed = make([]float32, need)
			k.pack(f, n, 0, (n+k.panel()-1)/k.panel()*k.panel())
		}
		k.gemm(transA, m, n, depth, a, lda, f, add, c, ldc, scratch)
		want.gemm(transA, m, n, depth, a, lda, factor{raw: b, ld: ldb, trans: transB, k: depth}, add, d, ldc, nil)
		near(t, "product", c, d, tolerance(k))
	}
}

// both runs one routine of two sets on copies of the same arrays.
func both(t *testing.T, what string, k, want kernels, f func(k kernels, x [][]float32), arrays ...[]float32) {
	t.Helper()
	got, exp := clone(arrays), clone(arrays)
	f(k, got)
	f(want, exp)
	for i := range got {
		near(t, what, got[i], exp[i], 2e-5)
	}
}

func clone(x [][]float32) [][]float32 {
	var y [][]float32
	for _, a := range x {
		y = append(y, append([]float32{}, a...))
	}
	return y
}

func rows(t *testing.T, k, want kernels, r *rand.Rand, n, d int) {
	some := func(m int) []float32 { return numbers(r, m, 1) }
	both(t, "norm", k, want, func(k kernels, x [][]float32) { k.norm(n, d, x[0], x[1], 1e-5, x[2], x[3]) }, some(n*d), some(d), some(n*d), some(n))
	both(t, "norm back", k, want, func(k kernels, x [][]float32) { k.normBack(n, d, x[0], x[1], x[2], x[3], x[4], x[5]) },
		some(n*d), some(d), some(n), some(n*d), some(n*d), some(d))
	both(t, "swiglu", k, want, func(k kernels, x [][]float32) { k.swiglu(n, d, x[0], x[1]) }, numbers(r, 2*n*d, 4), some(n*d))
	both(t, "swiglu back", k, want, func(k kernels, x [][]float32) { k.swigluBack(n, d, x[0], x[1], x[2]) }, numbers(r, 2*n*d, 4), some(n*d), some(2*n*d))
	seen := make([]int32, n)
	for i := range seen {
		seen[i] = int32(1 + r.IntN(d))
	}
	both(t, "softmax", k, want, func(k kernels, x [][]float32) { k.softmax(n, d, d, seen, 0.3, x[0], x[1]) }, numbers(r, n*d, 9), some(n))
	both(t, "softmax again", k, want, func(k kernels, x [][]float32) { k.softmaxAgain(n, d, d, seen, 0.3, x[0], x[1]) }, numbers(r, n*d, 2), some(n))
	both(t, "softmax back", k, want, func(k kernels, x [][]float32) { k.softmaxBack(n, d, d, 0.3, x[0], x[1]) }, some(n*d), some(n*d))
	target := make([]int32, n)
	for i := range target {
		target[i] = int32(r.IntN(d))
	}
	weight := numbers(r, n, 1)
	both(t, "cross entropy", k, want, func(k kernels, x [][]float32) { k.crossEntropy(n, d, target, weight, true, x[0], x[1]) }, numbers(r, n*d, 3), some(n))
	both(t, "rotate", k, want, func(k kernels, x [][]float32) { k.rotate(n, 4*d+1, 2, d, seen, x[0], x[1], -1, x[2]) }, some((d+1)*d), some((d+1)*d), some(n*(4*d+1)))
	a := adam{scale: 0.7, lr: 0.01, beta1: 0.9, beta2: 0.95, fix1: 3, fix2: 7, eps: 1e-8, decay: 0.1}
	square := some(d)
	for i, v := range square {
		square[i] = v * v
	}
	both(t, "adamw", k, want, func(k kernels, x [][]float32) { k.adamw(x[0], x[1], x[2], x[3], a) }, some(d), some(d), square, some(d))
	both(t, "axpy", k, want, func(k kernels, x [][]float32) { k.axpy(0.3, x[0], x[1]) }, some(d), some(d))
	both(t, "lerp", k, want, func(k kernels, x [][]float32) { k.lerp(0.3, x[0], x[1]) }, some(d), some(d))
	x := some(d)
	if got, exp := k.sumSquares(x), want.sumSquares(x); math.Abs(got-exp) > 1e-5*exp {
		t.Fatalf("sum of squares is %v, want %v", got, exp)
	}
}

// TestKernelsKeepNaN: a value that is no number must reach the loss, or a broken run would go on.
func TestKernelsKeepNaN(t *testing.T) {
	for _, k := range available() {
		nan := float32(math.NaN())
		loss := make([]float32, 1)
		k.crossEntropy(1, 3, []int32{0}, []float32{1}, true, []float32{1, nan, 2}, loss)
		if !bad(float64(loss[0])) {
			t.Errorf("%s: the loss of a logit that is NaN is %v", k.name(), loss[0])
		}
		if s := k.sumSquares([]float32{1, nan}); !bad(s) {
			t.Errorf("%s: the sum of squares with a NaN is %v", k.name(), s)
		}
		out := make([]float32, 3)
		k.swiglu(1, 3, []float32{1, nan, 1, 1, 1, 1}, out)
		if !bad(float64(out[1])) {
			t.Errorf("%s: silu of NaN is %v", k.name(), out[1])
		}
	}
}
