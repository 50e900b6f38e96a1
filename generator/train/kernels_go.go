package train

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// goKernels is the set in plain Go: what a build without C uses, and what the others are tested against.
type goKernels struct{ product BLAS }

// available lists every set this build and this machine offer, best first.
func available() []kernels {
	all := native()
	if b := library(); b != nil {
		base := kernels(goKernels{b})
		if len(all) > 0 {
			base = withBLAS{all[0], b}
		}
		all = append(all, base)
	}
	return append(all, goKernels{gonumBLAS{}})
}

// withBLAS is a set whose products come from a library.
type withBLAS struct {
	kernels
	blas BLAS
}

func (w withBLAS) name() string           { return w.blas.Name() }
func (w withBLAS) packedLen(k, n int) int { return 0 }
func (w withBLAS) gemm(transA bool, m, n, k int, a []float32, lda int, b factor, add bool, c []float32, ldc int, _ []float32) {
	w.blas.Sgemm(transA, b.trans, m, n, k, 1, a, lda, b.raw, b.ld, betaOf(add), c, ldc)
}

func betaOf(add bool) float32 {
	if add {
		return 1
	}
	return 0
}

// gonumBLAS is gonum's product in Go.
type gonumBLAS struct{}

func (gonumBLAS) Name() string { return "go" }

func (gonumBLAS) Sgemm(transA, transB bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	t := map[bool]blas.Transpose{false: blas.NoTrans, true: blas.Trans}
	gonum.Implementation{}.Sgemm(t[transA], t[transB], m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

func (g goKernels) name() string           { return g.product.Name() }
func (g goKernels) packedLen(k, n int) int { return 0 }
func (g goKernels) panel() int             { return 1 }
func (g goKernels) pack(factor, int, int, int) {
}

func (g goKernels) gemm(transA bool, m, n, k int, a []float32, lda int, b factor, add bool, c []float32, ldc int, _ []float32) {
	g.product.Sgemm(transA, b.trans, m, n, k, 1, a, lda, b.raw, b.ld, betaOf(add), c, ldc)
}

func exp(x float32) float32 { return float32(math.Exp(float64(x))) }

func (goKernels) norm(rows, d int, x, w []float32, eps float32, y, inv []float32) {
	for r := range rows {
		x, y := x[r*d:(r+1)*d], y[r*d:(r+1)*d]
		var s float32
		for _, v := range x {
			s += v * v
		}
		k := float32(1 / math.Sqrt(float64(s/float32(d)+eps)))
		inv[r] = k
		for i, v := range x {
			y[i] = v * k * w[i]
		}
	}
}

func (goKernels) normBack(rows, d int, x, w, inv, dy, dx, dw []float32) {
	for r := range rows {
		x, dy, dx, k := x[r*d:(r+1)*d], dy[r*d:(r+1)*d], dx[r*d:(r+1)*d], inv[r]
		var s float32
		for i, v := range x {
			s += v * dy[i] * w[i]
		}
		q := s * k * k * k / float32(d)
		for i, v := range x {
			dx[i] += dy[i]*w[i]*k - v*q
			dw[i] += dy[i] * v * k
		}
	}
}

func (goKernels) swiglu(rows, f int, gu, y []float32) {
	for r := range rows {
		gate, up, y := gu[2*r*f:(2*r+1)*f], gu[(2*r+1)*f:(2*r+2)*f], y[r*f:(r+1)*f]
		for i, g := range gate {
			y[i] = g * up[i] / (1 + exp(-g))
		}
	}
}

func (goKernels) swigluBack(rows, f int, gu, dy, dgu []float32) {
	for r := range rows {
		gate, up, dy := gu[2*r*f:(2*r+1)*f], gu[(2*r+1)*f:(2*r+2)*f], dy[r*f:(r+1)*f]
		dgate, dup := dgu[2*r*f:(2*r+1)*f], dgu[(2*r+1)*f:(2*r+2)*f]
		for i, g := range gate {
			s := 1 / (1 + exp(-g))
			dgate[i] = dy[i] * up[i] * s * (1 + g*(1-s))
			dup[i] = dy[i] * g * s
		}
	}
}

func (goKernels) softmax(rows, ld, width int, seen []int32, scale float32, s, lse []float32) {
	for r := range rows {
		row := s[r*ld : r*ld+width]
		n := seen[r]
		top := row[0]
		for _, v := range row[:n] {
			top = max(top, v)
		}
		var sum float32
		for i, v := range row[:n] {
			row[i] = exp((v - top) * scale)
			sum += row[i]
		}
		for i := range row[:n] {
			row[i] /= sum
		}
		clear(row[n:])
		lse[r] = top*scale + float32(math.Log(float64(sum)))
	}
}

func (goKernels) softmaxAgain(rows, ld, width int, seen []int32, scale float32, s, lse []float32) {
	for r := range rows {
		row := s[r*ld : r*ld+width]
		for i, v := range row[:seen[r]] {
			row[i] = exp(v*scale - lse[r])
		}
		clear(row[seen[r]:])
	}
}

func (goKernels) softmaxBack(rows, ld, width int, scale float32, p, dp []float32) {
	for r := range rows {
		p, dp := p[r*ld:r*ld+width], dp[r*ld:r*ld+width]
		var s float32
		for i, v := range p {
			s += v * dp[i]
		}
		for i, v := range p {
			dp[i] = (dp[i] - s) * v * scale
		}
	}
}

func (goKernels) crossEntropy(rows, v int, target []int32, weight []float32, grad bool, logits, loss []float32) {
	for r := range rows {
		z, hit := logits[r*v:(r+1)*v], logits[r*v+int(target[r])]
		top := z[0]
		for _, x := range z {
			top = max(top, x)
		}
		var sum float64
		for _, x := range z {
			sum += math.Exp(float64(x - top))
		}
		loss[r] = weight[r] * (top + float32(math.Log(sum)) - hit)
		if !grad {
			continue
		}
		for i, x := range z {
			z[i] = weight[r] * float32(math.Exp(float64(x-top))/sum)
		}
		z[target[r]] -= weight[r]
	}
}

func (goKernels) rotate(rows, ld, heads, half int, pos []int32, cos, sin []float32, sign float32, x []float32) {
	for r := range rows {
		at := int(pos[r]) * half
		for h := range heads {
			row := x[r*ld+2*h*half : r*ld+2*(h+1)*half]
			for i, co := range cos[at : at+half] {
				s := sign * sin[at+i]
				a, b := row[2*i], row[2*i+1]
				row[2*i], row[2*i+1] = a*co-b*s, a*s+b*co
			}
		}
	}
}

func (goKernels) adamw(w, m, v, g []float32, a adam) {
	for i := range w {
		gi := g[i] * a.scale
		m[i] = m[i]*a.beta1 + gi*(1-a.beta1)
		v[i] = v[i]*a.beta2 + gi*gi*(1-a.beta2)
		root := float32(math.Sqrt(float64(v[i] * a.fix2)))
		w[i] -= a.lr * (m[i]*a.fix1/(root+a.eps) + a.decay*w[i])
	}
}

func (goKernels) sumSquares(x []float32) float64 {
	var s float64
	for _, v := range x {
		s += float64(v) * float64(v)
	}
	return s
}

func (goKernels) axpy(a float32, x, y []float32) {
	for i, v := range x {
		y[i] += a * v
	}
}

func (goKernels) lerp(t float32, x, y []float32) {
	for i, v := range x {
		y[i] += t * (v - y[i])
	}
}
