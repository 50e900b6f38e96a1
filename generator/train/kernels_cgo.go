//go:build cgo && !purego

package train

/*
#cgo CFLAGS: -O3 -std=gnu11
#cgo LDFLAGS: -lm
#cgo noescape call_pack
#cgo nocallback call_pack
#cgo noescape call_gemm
#cgo nocallback call_gemm
#cgo noescape call_norm
#cgo nocallback call_norm
#cgo noescape call_norm_back
#cgo nocallback call_norm_back
#cgo noescape call_swiglu
#cgo nocallback call_swiglu
#cgo noescape call_swiglu_back
#cgo nocallback call_swiglu_back
#cgo noescape call_softmax
#cgo nocallback call_softmax
#cgo noescape call_softmax_again
#cgo nocallback call_softmax_again
#cgo noescape call_softmax_back
#cgo nocallback call_softmax_back
#cgo noescape call_cross_entropy
#cgo nocallback call_cross_entropy
#cgo noescape call_rotate
#cgo nocallback call_rotate
#cgo noescape call_adamw
#cgo nocallback call_adamw
#cgo noescape call_sum_squares
#cgo nocallback call_sum_squares
#cgo noescape call_axpy
#cgo nocallback call_axpy
#cgo noescape call_lerp
#cgo nocallback call_lerp
#include "kernels.h"

typedef const train_kernels *K;
typedef const float *F;

static void call_pack(K k, int trans, long kk, long n, F b, long ldb, float *dst, long j0, long j1) { k->pack(trans, kk, n, b, ldb, dst, j0, j1); }
static void call_gemm(K k, int trans, long m, long n, long kk, F a, long lda, F b, long kpad, int acc, float *c, long ldc, float *scratch) {
	k->gemm(trans, m, n, kk, a, lda, b, kpad, acc, c, ldc, scratch);
}
static void call_norm(K k, long rows, long d, F x, F w, float eps, float *y, float *inv) { k->norm(rows, d, x, w, eps, y, inv); }
static void call_norm_back(K k, long rows, long d, F x, F w, F inv, F dy, float *dx, float *dw) { k->norm_back(rows, d, x, w, inv, dy, dx, dw); }
static void call_swiglu(K k, long rows, long f, F gu, float *y) { k->swiglu(rows, f, gu, y); }
static void call_swiglu_back(K k, long rows, long f, F gu, F dy, float *dgu) { k->swiglu_back(rows, f, gu, dy, dgu); }
static void call_softmax(K k, long rows, long ld, long width, const int *seen, float scale, float *s, float *lse) {
	k->softmax(rows, ld, width, seen, scale, s, lse);
}
static void call_softmax_again(K k, long rows, long ld, long width, const int *seen, float scale, float *s, F lse) {
	k->softmax_again(rows, ld, width, seen, scale, s, lse);
}
static void call_softmax_back(K k, long rows, long ld, long width, float scale, F p, float *dp) { k->softmax_back(rows, ld, width, scale, p, dp); }
static void call_cross_entropy(K k, long rows, long v, const int *target, F weight, int grad, float *logits, float *loss) {
	k->cross_entropy(rows, v, target, weight, grad, logits, loss);
}
static void call_rotate(K k, long rows, long ld, long heads, long half, const int *pos, F cos, F sin, float sign, float *x) {
	k->rotate(rows, ld, heads, half, pos, cos, sin, sign, x);
}
static void call_adamw(K k, long n, float *w, float *m, float *v, F g, float s, float lr, float b1, float b2, float c1, float c2, float eps, float decay) {
	k->adamw(n, w, m, v, g, s, lr, b1, b2, c1, c2, eps, decay);
}
static double call_sum_squares(K k, long n, F x) { return k->sum_squares(n, x); }
static void call_axpy(K k, long n, float a, F x, float *y) { k->axpy(n, a, x, y); }
static void call_lerp(K k, long n, float t, F x, float *y) { k->lerp(n, t, x, y); }
*/
import "C"

import "unsafe"

// cKernels is a set written in C. The calls are a few dozen nanoseconds, so each is given many rows.
type cKernels struct{ set *C.train_kernels }

// native lists the sets in C that this processor can run, best first.
func native() []kernels {
	var all []kernels
	for i := 0; ; i++ {
		set := C.train_kernels_at(C.int(i))
		if set == nil {
			return all
		}
		if set.scratch > scratchFloats {
			panic("train: scratchFloats is smaller than what kernels_impl.h uses")
		}
		all = append(all, cKernels{set})
	}
}

func ptr(s []float32) *C.float  { return (*C.float)(unsafe.Pointer(unsafe.SliceData(s))) }
func iptr(s []int32) *C.int     { return (*C.int)(unsafe.Pointer(unsafe.SliceData(s))) }
func (c cKernels) name() string { return C.GoString(c.set.name) }
func (c cKernels) panel() int   { return int(c.set.panel) }
func flag(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

func (c cKernels) packedLen(k, n int) int {
	p := c.panel()
	return (k + 1) * ((n + p - 1) / p * p)
}

func (c cKernels) pack(f factor, n, j0, j1 int) {
	C.call_pack(c.set, flag(f.trans), C.long(f.k), C.long(n), ptr(f.raw), C.long(f.ld), ptr(f.packed), C.long(j0), C.long(j1))
}

func (c cKernels) gemm(transA bool, m, n, k int, a []float32, lda int, b factor, add bool, d []float32, ldc int, scratch []float32) {
	C.call_gemm(c.set, flag(transA), C.long(m), C.long(n), C.long(k), ptr(a), C.long(lda), ptr(b.packed), C.long(b.k), flag(add), ptr(d), C.long(ldc), ptr(scratch))
}

func (c cKernels) norm(rows, d int, x, w []float32, eps float32, y, inv []float32) {
	C.call_norm(c.set, C.long(rows), C.long(d), ptr(x), ptr(w), C.float(eps), ptr(y), ptr(inv))
}

func (c cKernels) normBack(rows, d int, x, w, inv, dy, dx, dw []float32) {
	C.call_norm_back(c.set, C.long(rows), C.long(d), ptr(x), ptr(w), ptr(inv), ptr(dy), ptr(dx), ptr(dw))
}

func (c cKernels) swiglu(rows, f int, gu, y []float32) {
	C.call_swiglu(c.set, C.long(rows), C.long(f), ptr(gu), ptr(y))
}

func (c cKernels) swigluBack(rows, f int, gu, dy, dgu []float32) {
	C.call_swiglu_back(c.set, C.long(rows), C.long(f), ptr(gu), ptr(dy), ptr(dgu))
}

func (c cKernels) softmax(rows, ld, width int, seen []int32, scale float32, s, lse []float32) {
	C.call_softmax(c.set, C.long(rows), C.long(ld), C.long(width), iptr(seen), C.float(scale), ptr(s), ptr(lse))
}

func (c cKernels) softmaxAgain(rows, ld, width int, seen []int32, scale float32, s, lse []float32) {
	C.call_softmax_again(c.set, C.long(rows), C.long(ld), C.long(width), iptr(seen), C.float(scale), ptr(s), ptr(lse))
}

func (c cKernels) softmaxBack(rows, ld, width int, scale float32, p, dp []float32) {
	C.call_softmax_back(c.set, C.long(rows), C.long(ld), C.long(width), C.float(scale), ptr(p), ptr(dp))
}

func (c cKernels) crossEntropy(rows, v int, target []int32, weight []float32, grad bool, logits, loss []float32) {
	C.call_cross_entropy(c.set, C.long(rows), C.long(v), iptr(target), ptr(weight), flag(grad), ptr(logits), ptr(loss))
}

func (c cKernels) rotate(rows, ld, heads, half int, pos []int32, cos, sin []float32, sign float32, x []float32) {
	C.call_rotate(c.set, C.long(rows), C.long(ld), C.long(heads), C.long(half), iptr(pos), ptr(cos), ptr(sin), C.float(sign), ptr(x))
}

func (c cKernels) adamw(w, m, v, g []float32, a adam) {
	C.call_adamw(c.set, C.long(len(w)), ptr(w), ptr(m), ptr(v), ptr(g), C.float(a.scale), C.float(a.lr), C.float(a.beta1), C.float(a.beta2),
		C.float(a.fix1), C.float(a.fix2), C.float(a.eps), C.float(a.decay))
}

func (c cKernels) sumSquares(x []float32) float64 {
	return float64(C.call_sum_squares(c.set, C.long(len(x)), ptr(x)))
}

func (c cKernels) axpy(a float32, x, y []float32) {
	C.call_axpy(c.set, C.long(len(x)), C.float(a), ptr(x), ptr(y))
}

func (c cKernels) lerp(t float32, x, y []float32) {
	C.call_lerp(c.set, C.long(len(x)), C.float(t), ptr(x), ptr(y))
}
