//go:build cgo && !purego

#include "ops.h"

#include <math.h>

#if defined(__x86_64__)

#include <immintrin.h>

// ---- AVX2 ----

#define FN(name) avx2_##name
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#define ROWS 4
#define SUM(v) avx2_sum((__m256)(v))
#define TOP(v) avx2_top((__m256)(v))

static inline __attribute__((always_inline)) TARGET float avx2_sum(__m256 v) {
	__m128 s = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
	s = _mm_add_ps(s, _mm_movehl_ps(s, s));
	return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}

static inline __attribute__((always_inline)) TARGET float avx2_top(__m256 v) {
	__m128 s = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
	s = _mm_max_ps(s, _mm_movehl_ps(s, s));
	return _mm_cvtss_f32(_mm_max_ss(s, _mm_movehdup_ps(s)));
}

// Weights are signed here. The product of unsigned and signed bytes wants one side unsigned: the activations give their sign to the weights. Pairs stay below
// 2*127*127, so their 16-bit sum does not saturate.
static inline __attribute__((always_inline)) TARGET void avx2_q8_tile(const int R, float *dst, int64_t stride, const uint8_t *w, int64_t blocks, const int8_t *x, const float *xs,
	const int32_t *xc, int64_t n, int add) {
	(void)xc;
	const __m256i ones = _mm256_set1_epi16(1);
	__m256 f[4][2];
	for (int r = 0; r < R; r++) f[r][0] = f[r][1] = _mm256_setzero_ps();
	for (int64_t b = 0; b < blocks; b++, w += 576, x += 32 * R, xs += R) {
		for (int half = 0; half < 2; half++) {
			__m256i a[4];
			for (int r = 0; r < R; r++) a[r] = _mm256_setzero_si256();
#pragma GCC unroll 8
			for (int g = 0; g < 8; g++) {
				__m256i wv = _mm256_loadu_si256((const __m256i *)(w + 64 * g + 32 * half));
				for (int r = 0; r < R; r++) {
					int32_t four;
					__builtin_memcpy(&four, x + 4 * (g * R + r), 4);
					__m256i xv = _mm256_set1_epi32(four);
					__m256i p = _mm256_maddubs_epi16(_mm256_abs_epi8(xv), _mm256_sign_epi8(wv, xv));
					a[r] = _mm256_add_epi32(a[r], _mm256_madd_epi16(p, ones));
				}
			}
			__m256 s = _mm256_loadu_ps((const float *)(w + 512) + 8 * half);
			for (int r = 0; r < R; r++)
				f[r][half] = _mm256_fmadd_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(a[r]), s), _mm256_set1_ps(xs[r]), f[r][half]);
		}
	}
	for (int r = 0; r < R; r++) {
		float out[16];
		_mm256_storeu_ps(out, f[r][0]);
		_mm256_storeu_ps(out + 8, f[r][1]);
		for (int64_t i = 0; i < n; i++) dst[r * stride + i] = add ? dst[r * stride + i] + out[i] : out[i];
	}
}

#include "body.h"

#undef FN
#undef TARGET
#undef LANES
#undef ROWS
#undef SUM
#undef TOP

// ---- AVX-512 with VNNI ----

#define FN(name) vnni_##name
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma")))
#define LANES 16
#define ROWS 8
#define SUM(v) _mm512_reduce_add_ps((__m512)(v))
#define TOP(v) _mm512_reduce_max_ps((__m512)(v))

// Weights are stored with 128 added, as unsigned bytes. What that adds to a block's sum, 128 times the sum of the activations, is taken off by starting from its negative.
static inline __attribute__((always_inline)) TARGET void vnni_q8_tile(const int R, float *dst, int64_t stride, const uint8_t *w, int64_t blocks, const int8_t *x, const float *xs,
	const int32_t *xc, int64_t n, int add) {
	__m512 f[8];
	for (int r = 0; r < R; r++) f[r] = _mm512_setzero_ps();
	for (int64_t b = 0; b < blocks; b++, w += 576, x += 32 * R, xs += R, xc += R) {
		__m512i a[8];
		for (int r = 0; r < R; r++) a[r] = _mm512_set1_epi32(xc[r]);
#pragma GCC unroll 8
		for (int g = 0; g < 8; g++) {
			__m512i wv = _mm512_loadu_si512((const void *)(w + 64 * g));
			for (int r = 0; r < R; r++) {
				int32_t four;
				__builtin_memcpy(&four, x + 4 * (g * R + r), 4);
				a[r] = _mm512_dpbusd_epi32(a[r], wv, _mm512_set1_epi32(four));
			}
		}
		__m512 s = _mm512_loadu_ps((const float *)(w + 512));
		for (int r = 0; r < R; r++) f[r] = _mm512_fmadd_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(a[r]), s), _mm512_set1_ps(xs[r]), f[r]);
	}
	__mmask16 mask = n >= 16 ? 0xffff : (__mmask16)((1u << n) - 1);
	for (int r = 0; r < R; r++) {
		float *d = dst + r * stride;
		__m512 v = add ? _mm512_add_ps(f[r], _mm512_maskz_loadu_ps(mask, d)) : f[r];
		_mm512_mask_storeu_ps(d, mask, v);
	}
}

#include "body.h"

const ops *daogou_variant(int number) {
	__builtin_cpu_init();
	int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
	if (number == 0 && avx2) return &avx2_table;
	if (number == 1 && avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
		__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vnni"))
		return &vnni_table;
	return 0;
}

#elif defined(__aarch64__)

#include <arm_neon.h>

#if defined(__linux__)
#include <sys/auxv.h>
#ifndef HWCAP_ASIMDDP
#define HWCAP_ASIMDDP (1 << 20)
#endif
static int has_dot_products(void) { return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0; }
#elif defined(__APPLE__)
static int has_dot_products(void) { return 1; } // every Apple computer with this architecture
#else
static int has_dot_products(void) { return 0; }
#endif

#define FN(name) neon_##name
#if defined(__clang__)
#define TARGET __attribute__((target("dotprod")))
#else
#define TARGET __attribute__((target("arch=armv8.2-a+dotprod")))
#endif
#define LANES 4
#define ROWS 4
#define SUM(v) vaddvq_f32((float32x4_t)(v))
#define TOP(v) vmaxvq_f32((float32x4_t)(v))

static inline __attribute__((always_inline)) TARGET void neon_q8_tile(const int R, float *dst, int64_t stride, const uint8_t *w, int64_t blocks, const int8_t *x, const float *xs,
	const int32_t *xc, int64_t n, int add) {
	(void)xc;
	float32x4_t f[4][4];
	for (int r = 0; r < R; r++)
		for (int j = 0; j < 4; j++) f[r][j] = vdupq_n_f32(0);
	for (int64_t b = 0; b < blocks; b++, w += 576, x += 32 * R, xs += R) {
		for (int j = 0; j < 4; j++) {
			int32x4_t a[4];
			for (int r = 0; r < R; r++) a[r] = vdupq_n_s32(0);
			for (int g = 0; g < 8; g++) {
				int8x16_t wv = vld1q_s8((const int8_t *)w + 64 * g + 16 * j);
				for (int r = 0; r < R; r++) {
					int32_t four;
					__builtin_memcpy(&four, x + 4 * (g * R + r), 4);
					a[r] = vdotq_s32(a[r], wv, vreinterpretq_s8_s32(vdupq_n_s32(four)));
				}
			}
			float32x4_t s = vld1q_f32((const float *)(w + 512) + 4 * j);
			for (int r = 0; r < R; r++) f[r][j] = vfmaq_n_f32(f[r][j], vmulq_f32(vcvtq_f32_s32(a[r]), s), xs[r]);
		}
	}
	for (int r = 0; r < R; r++) {
		float out[16];
		for (int j = 0; j < 4; j++) vst1q_f32(out + 4 * j, f[r][j]);
		for (int64_t i = 0; i < n; i++) dst[r * stride + i] = add ? dst[r * stride + i] + out[i] : out[i];
	}
}

#include "body.h"

const ops *daogou_variant(int number) { return number == 2 && has_dot_products() ? &neon_table : 0; }

#else

const ops *daogou_variant(int number) {
	(void)number;
	return 0;
}

#endif
