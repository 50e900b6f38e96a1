// The numeric kernels of training, one set for each kind of processor. A set is compiled from kernels_impl.h with its own vector width, and kernels.c picks one
// at run time. Every function works on rows it is given and keeps no state, so that callers split rows between threads as they like and get the same bits.
#ifndef DAOGOU_TRAIN_KERNELS_H
#define DAOGOU_TRAIN_KERNELS_H

// A product C = A·B (or C += A·B) takes B packed into panels of `panel` columns and A as it lies in memory; scratch holds the part of A that is rearranged.
typedef struct {
	const char *name;
	int panel;   // columns of a packed panel of B
	int scratch; // floats of scratch for gemm
	void (*pack)(int trans, long k, long n, const float *b, long ldb, float *dst, long j0, long j1);
	void (*gemm)(int trans, long m, long n, long k, const float *a, long lda, const float *b, long kpad, int acc, float *c, long ldc, float *scratch);
	void (*norm)(long rows, long d, const float *x, const float *w, float eps, float *y, float *inv);
	void (*norm_back)(long rows, long d, const float *x, const float *w, const float *inv, const float *dy, float *dx, float *dw);
	void (*swiglu)(long rows, long f, const float *gu, float *y);
	void (*swiglu_back)(long rows, long f, const float *gu, const float *dy, float *dgu);
	void (*softmax)(long rows, long ld, long width, const int *seen, float scale, float *s, float *lse);
	void (*softmax_again)(long rows, long ld, long width, const int *seen, float scale, float *s, const float *lse);
	void (*softmax_back)(long rows, long ld, long width, float scale, const float *p, float *dp);
	void (*cross_entropy)(long rows, long v, const int *target, const float *weight, int grad, float *logits, float *loss);
	void (*rotate)(long rows, long ld, long heads, long half, const int *pos, const float *cos, const float *sin, float sign, float *x);
	void (*adamw)(long n, float *w, float *m, float *v, const float *g, float gscale, float lr, float b1, float b2, float c1, float c2, float eps, float decay);
	double (*sum_squares)(long n, const float *x);
	void (*axpy)(long n, float a, const float *x, float *y);
	void (*lerp)(long n, float t, const float *x, float *y);
} train_kernels;

// train_kernels_at returns the i-th set this processor can run, best first, or NULL past the last. A set's name ends in bf16 if its products round to bfloat16.
const train_kernels *train_kernels_at(int i);

extern const train_kernels train_base;
#if defined(__x86_64__)
extern const train_kernels train_avx2, train_avx512, train_avx512bf16;
#endif

#endif
