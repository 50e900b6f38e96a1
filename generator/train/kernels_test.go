package train

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// rounds says that a set's products round to bfloat16.
func rounds(k kernels) bool { return strings.HasSuffix(k.name(), "bf16") }

// twin is the set in plain Go that another is held against.
func twin(k kernels) kernels {
	if rounds(k) {
		return goKernels{bfloat16BLAS{}}
	}
	return goKernels{gonumBLAS{}}
}

// bfloat16BLAS is the product of sets that round, bit for bit: factors are rounded to bfloat16, blocks of 512 along k are summed in float32 pair by pair, in a pair
// the odd one first. The product of two bfloat16 is exact in float32, so adding it rounds once, as the instruction does.
type bfloat16BLAS struct{}

func (bfloat16BLAS) Name() string { return "go bf16" }

func (bfloat16BLAS) Sgemm(transA, transB bool, m, n, k int, _ float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	at := func(x []float32, ld int, trans bool, i, j int) float32 {
		if trans {
			i, j = j, i
		}
		return bfloat16(x[i*ld+j])
	}
	for i := range m {
		for j := range n {
			sum := beta * c[i*ldc+j]
			for from := 0; from < k; from += 512 {
				var s float32
				for p := from; p < min(from+512, k); p += 2 {
					if p+1 < k {
						s += at(a, lda, transA, i, p+1) * at(b, ldb, transB, p+1, j)
					}
					s += at(a, lda, transA, i, p) * at(b, ldb, transB, p, j)
				}
				sum += s
			}
			c[i*ldc+j] = sum
		}
	}
}

// bfloat16 rounds to the nearest number with 8 bits of mantissa, of two equally near to the even one; what is too small for a normal number becomes zero.
func bfloat16(x float32) float32 {
	if x != x {
		return x
	}
	bits := math.Float32bits(x)
	if bits&0x7f800000 == 0 {
		return math.Float32frombits(bits & 0x80000000)
	}
	return math.Float32frombits((bits + 0x7fff + bits>>16&1) &^ 0xffff)
}

// TestKernelsAgree holds every set against the one in plain Go, on sizes that fill no vector, no tile and no block.
func TestKernelsAgree(t *testing.T) {
	sizes := [][3]int{{1, 1, 1}, {1, 1, 2}, {2, 3, 5}, {13, 31, 33}, {12, 32, 64}, {97, 70, 17}, {7, 33, 511}, {11, 64, 513}, {25, 129, 600}, {110, 40, 1100}, {193, 31, 1025}}
	for _, k := range available() {
		t.Run(k.name(), func(t *testing.T) {
			r, want := rand.New(rand.NewPCG(1, 2)), twin(k)
			for _, size := range sizes {
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
		if rounds(k) {
			same(t, "product", c, d)
		} else {
			near(t, "product", c, d, 2e-5)
		}
	}
}

// TestRounding: the factors of a product are rounded to nearest, ties to even, on either side.
func TestRounding(t *testing.T) {
	for _, k := range available() {
		for x, want := range map[float32]float32{
			1:                            1,
			0x1.01p0:                     1,        // a tie
			0x1.010002p0:                 0x1.02p0, // just above
			0x1.03p0:                     0x1.04p0, // a tie
			-0x1.02fffep0:                -0x1.02p0,
			0x1.ffp0:                     2,
			math.MaxFloat32:              float32(math.Inf(1)),
			-math.MaxFloat32:             float32(math.Inf(-1)),
			0x1p-126:                     0x1p-126,
			math.SmallestNonzeroFloat32:  0,
			-math.SmallestNonzeroFloat32: 0,
		} {
			if !rounds(k) {
				want = x
			}
			for _, ab := range [][2]float32{{x, 1}, {1, x}} {
				if got := productOfTwo(k, ab[0], ab[1]); got != want {
					t.Errorf("%s: %v·%v is %v, want %v", k.name(), ab[0], ab[1], got, want)
				}
			}
		}
	}
}

// productOfTwo is the product of two matrices of one number.
func productOfTwo(k kernels, a, b float32) float32 {
	f := factor{raw: []float32{b}, ld: 1, k: 1, packed: make([]float32, k.packedLen(1, 1))}
	if len(f.packed) > 0 {
		k.pack(f, 1, 0, k.panel())
	}
	c := make([]float32, 1)
	k.gemm(false, 1, 1, 1, []float32{a}, 1, f, false, c, 1, make([]float32, scratchFloats))
	return c[0]
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
		nan, inf := float32(math.NaN()), float32(math.Inf(1))
		for _, x := range []float32{nan, math.Float32frombits(0x7f800001), inf, -inf} {
			if p, q := productOfTwo(k, x, 2), productOfTwo(k, 2, x); !bad(float64(p)) || !bad(float64(q)) {
				t.Errorf("%s: the products of %v and 2 are %v and %v", k.name(), x, p, q)
			}
		}
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
