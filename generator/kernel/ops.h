// The table of functions that each variant fills in; see kernels.c. All matrices are in the packed form that pack.go describes.
#ifndef DAOGOU_OPS_H
#define DAOGOU_OPS_H

#include <stdint.h>

// What attend works on: some rows of one sequence against one segment of its cache.
typedef struct {
	int64_t rows, group, head_dim, padded; // padded: head_dim rounded up to 16
	int64_t head0, head1;                  // key heads [head0, head1)
	int64_t q_stride, dst_stride;          // floats from one row to the next
	int64_t cap;                           // positions the segment has room for, a multiple of 32
	int64_t first, last;                   // is this the first, the last segment
	float scale;
} attend_shape;

typedef struct {
	void (*matmul_q8)(float *dst, int64_t stride, const uint8_t *w, int64_t outs, int64_t blocks, const int8_t *x, const float *xs, const int32_t *xc, int64_t rows,
		int64_t p0, int64_t p1, const int32_t *list, int add);
	void (*matmul_f32)(float *dst, int64_t stride, const float *w, int64_t outs, int64_t cols, const float *x, int64_t rows, int64_t p0, int64_t p1,
		const int32_t *list, int add);
	void (*quantise)(int8_t *q, float *s, int32_t *c, const float *x, int64_t rows, int64_t cols, int64_t blocks);
	void (*rms_norm)(float *dst, const float *x, const float *weight, int64_t rows, int64_t cols, float eps);
	void (*rotate)(float *x, int64_t rows, int64_t stride, int64_t heads, int64_t head_dim, const float *cosines, const float *sines, const int32_t *pos);
	void (*swiglu)(float *dst, const float *gate, const float *up, int64_t n);
	void (*attend)(const attend_shape *a, float *dst, float *o, float *ml, const float *q, const float *k, const float *v, const int32_t *limits);
	float (*softmax)(float *x, int64_t n, float inverse_temperature);
	float (*log_sum_exp)(const float *x, int64_t n);
	void (*store)(float *page_k, float *page_v, const float *k, const float *v, int64_t rows, int64_t stride, int64_t head0, int64_t head1, int64_t head_dim, int64_t padded,
		int64_t cap, int64_t at);
} ops;

// daogou_variant is the table of a variant by number, NULL where this machine cannot run it. 0: AVX2, 1: AVX-512 with VNNI, 2: NEON with dot products.
const ops *daogou_variant(int number);

#endif
