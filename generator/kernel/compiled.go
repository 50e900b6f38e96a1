//go:build cgo && !purego

package kernel

/*
#cgo CFLAGS: -O3 -Wno-psabi
#cgo LDFLAGS: -lm
#cgo noescape matmul_q8
#cgo nocallback matmul_q8
#cgo noescape matmul_f32
#cgo nocallback matmul_f32
#cgo noescape quantise
#cgo nocallback quantise
#cgo noescape rms_norm
#cgo nocallback rms_norm
#cgo noescape rotate
#cgo nocallback rotate
#cgo noescape swiglu
#cgo nocallback swiglu
#cgo noescape softmax
#cgo nocallback softmax
#cgo noescape log_sum_exp
#cgo nocallback log_sum_exp
#cgo noescape store
#cgo nocallback store
#cgo noescape attend
#cgo nocallback attend
#include "ops.h"

static void matmul_q8(const ops *t, float *dst, int64_t stride, const uint8_t *w, int64_t outs, int64_t blocks, const int8_t *x, const float *xs, const int32_t *xc,
	int64_t rows, int64_t p0, int64_t p1, const int32_t *list, int add) {
	t->matmul_q8(dst, stride, w, outs, blocks, x, xs, xc, rows, p0, p1, list, add);
}
static void matmul_f32(const ops *t, float *dst, int64_t stride, const float *w, int64_t outs, int64_t cols, const float *x, int64_t rows, int64_t p0, int64_t p1,
	const int32_t *list, int add) {
	t->matmul_f32(dst, stride, w, outs, cols, x, rows, p0, p1, list, add);
}
static void quantise(const ops *t, int8_t *q, float *s, int32_t *c, const float *x, int64_t rows, int64_t cols, int64_t blocks) {
	t->quantise(q, s, c, x, rows, cols, blocks);
}
static void rms_norm(const ops *t, float *dst, const float *x, const float *weight, int64_t rows, int64_t cols, float eps) {
	t->rms_norm(dst, x, weight, rows, cols, eps);
}
static void rotate(const ops *t, float *x, int64_t rows, int64_t stride, int64_t heads, int64_t head_dim, const float *c, const float *s, const int32_t *pos) {
	t->rotate(x, rows, stride, heads, head_dim, c, s, pos);
}
static void swiglu(const ops *t, float *dst, const float *gate, const float *up, int64_t n) { t->swiglu(dst, gate, up, n); }
static float softmax(const ops *t, float *x, int64_t n, float inverse_temperature) { return t->softmax(x, n, inverse_temperature); }
static float log_sum_exp(const ops *t, const float *x, int64_t n) { return t->log_sum_exp(x, n); }
static void store(const ops *t, float *page_k, float *page_v, const float *k, const float *v, int64_t rows, int64_t stride, int64_t head0, int64_t head1, int64_t head_dim,
	int64_t padded, int64_t cap, int64_t at) {
	t->store(page_k, page_v, k, v, rows, stride, head0, head1, head_dim, padded, cap, at);
}
static void attend(const ops *t, int64_t rows, int64_t group, int64_t head_dim, int64_t padded, int64_t head0, int64_t head1, int64_t q_stride, int64_t dst_stride, int64_t cap,
	int first, int last, float scale, float *dst, float *o, float *ml, const float *q, const float *k, const float *v, const int32_t *limits) {
	attend_shape a = {rows, group, head_dim, padded, head0, head1, q_stride, dst_stride, cap, first, last, scale};
	t->attend(&a, dst, o, ml, q, k, v, limits);
}
*/
import "C"

import "unsafe"

// known are the compiled variants, fastest first.
var known = []struct {
	name   string
	number C.int
	tile   int
	bias   int // added to int8 weights
}{
	{"avx512vnni", 1, 8, 128},
	{"avx2", 0, 4, 0},
	{"neon", 2, 4, 0},
}

func compiled() []string {
	var names []string
	for _, k := range known {
		if C.daogou_variant(k.number) != nil {
			names = append(names, k.name)
		}
	}
	return names
}

func openCompiled(name string) variant {
	for _, k := range known {
		if k.name == name {
			return inC{t: C.daogou_variant(k.number), rows: k.tile, bias: k.bias}
		}
	}
	return plain{}
}

// inC is a compiled variant.
type inC struct {
	t    *C.ops
	rows int
	bias int
}

func floats(s []float32) *C.float { return (*C.float)(unsafe.Pointer(unsafe.SliceData(s))) }
func ints(s []int32) *C.int32_t   { return (*C.int32_t)(unsafe.Pointer(unsafe.SliceData(s))) }

func flag(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

func (v inC) tile() int { return v.rows }

func (v inC) pack(m *Matrix, w []float32) {
	if m.precision == Float32 {
		packFloat(m, w)
		return
	}
	packInt8(m, w, v.bias)
}

func (v inC) row(dst []float32, m *Matrix, row int) {
	if m.precision == Float32 {
		rowFloat(dst, m, row)
		return
	}
	rowInt8(dst, m, row, v.bias)
}

func (v inC) quantise(in *Input, x []float32, from, to int) {
	at := from * in.blocks
	C.quantise(v.t, (*C.int8_t)(unsafe.Pointer(&in.q[at*Block])), floats(in.scales[at:]), ints(in.sums[at:]), floats(x[from*in.cols:]),
		C.int64_t(to-from), C.int64_t(in.cols), C.int64_t(in.blocks))
}

func (v inC) matmul(dst []float32, stride int, m *Matrix, in *Input, p0, p1 int, list []int32, add bool) {
	if m.precision == Float32 {
		C.matmul_f32(v.t, floats(dst), C.int64_t(stride), floats(m.floats), C.int64_t(m.rows), C.int64_t(m.cols), floats(in.x), C.int64_t(in.rows),
			C.int64_t(p0), C.int64_t(p1), ints(list), flag(add))
		return
	}
	C.matmul_q8(v.t, floats(dst), C.int64_t(stride), (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(m.bytes))), C.int64_t(m.rows), C.int64_t(m.blocks),
		(*C.int8_t)(unsafe.Pointer(unsafe.SliceData(in.q))), floats(in.scales), ints(in.sums), C.int64_t(in.rows), C.int64_t(p0), C.int64_t(p1), ints(list), flag(add))
}

func (v inC) rmsNorm(dst, x, weight []float32, rows int, eps float32) {
	C.rms_norm(v.t, floats(dst), floats(x), floats(weight), C.int64_t(rows), C.int64_t(len(weight)), C.float(eps))
}

func (v inC) rotate(x []float32, rows, stride, heads, headDim int, cosines, sines []float32, pos []int32) {
	C.rotate(v.t, floats(x), C.int64_t(rows), C.int64_t(stride), C.int64_t(heads), C.int64_t(headDim), floats(cosines), floats(sines), ints(pos))
}

func (v inC) swiglu(dst, gate, up []float32) {
	C.swiglu(v.t, floats(dst), floats(gate), floats(up), C.int64_t(len(dst)))
}

func (v inC) softmax(x []float32, inverseTemperature float32) {
	C.softmax(v.t, floats(x), C.int64_t(len(x)), C.float(inverseTemperature))
}

func (v inC) logSumExp(x []float32) float32 {
	return float32(C.log_sum_exp(v.t, floats(x), C.int64_t(len(x))))
}

func (v inC) store(c *Cache, k, vals []float32, rows, stride, at, head0, head1 int) {
	C.store(v.t, floats(c.K), floats(c.V), floats(k), floats(vals), C.int64_t(rows), C.int64_t(stride), C.int64_t(head0), C.int64_t(head1), C.int64_t(c.HeadDim),
		C.int64_t(Padded(c.HeadDim)), C.int64_t(c.Cap), C.int64_t(at))
}

func (v inC) attend(a *Attention, c *Cache, first, last bool, limits []int32) {
	C.attend(v.t, C.int64_t(a.Rows), C.int64_t(a.Group), C.int64_t(a.HeadDim), C.int64_t(Padded(a.HeadDim)), C.int64_t(a.Head0), C.int64_t(a.Head1),
		C.int64_t(a.QStride), C.int64_t(a.DstStride), C.int64_t(c.Cap), flag(first), flag(last), C.float(a.Scale), floats(a.Dst), floats(a.out), floats(a.state),
		floats(a.Q), floats(c.K), floats(c.V), ints(limits))
}
