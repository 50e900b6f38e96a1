// One set of kernels. Before including it a file defines VW (floats of a vector), MR (rows of the tile the product keeps in registers, a multiple of 3) and
// SET (the name of the exported set); BF16 asks for products of bfloat16 pairs, summed in float32.
#include <stdint.h>
#include <string.h>
#include "kernels.h"

#define NR (2 * VW)
#define KC 512
#define MC 96
#define INLINE static inline __attribute__((always_inline))

typedef float vf __attribute__((vector_size(VW * 4), aligned(4), may_alias));
typedef int32_t vi __attribute__((vector_size(VW * 4), aligned(4), may_alias));

INLINE vf load(const float *p) { return *(const vf *)p; }
INLINE void store(float *p, vf v) { *(vf *)p = v; }
INLINE vf splat(float x) { return x - (vf){0}; }
INLINE vf vmax(vf a, vf b) {
	vi m = a > b;
	return (vf)(((vi)a & m) | ((vi)b & ~m));
}
INLINE vf vmin(vf a, vf b) {
	vi m = a < b;
	return (vf)(((vi)a & m) | ((vi)b & ~m));
}
INLINE float hsum(vf v) {
	float s = 0;
	for (int i = 0; i < VW; i++) s += v[i];
	return s;
}
INLINE float hmax(vf v) {
	float s = v[0];
	for (int i = 1; i < VW; i++) s = v[i] > s ? v[i] : s;
	return s;
}

// vexp: e^x = 2^n · e^r with |r| <= ln 2 / 2, and e^r by its series to the seventh power (error below 1e-8). Adding 1.5·2^23 rounds to a whole number.
// A NaN stays a NaN: it must reach the loss and stop the run.
INLINE vf vexp(vf x) {
	vi nan = x != x;
	vf y = vmin(vmax(x, splat(-87.0f)), splat(88.0f));
	vf t = y * 1.44269504088896f + 12582912.0f;
	vi n = (vi)t - 0x4B400000;
	vf f = t - 12582912.0f;
	vf r = y - f * 0.693145751953125f;
	r = r - f * 1.42860682030941723e-6f;
	vf p = r * (1.0f / 5040) + 1.0f / 720;
	p = p * r + 1.0f / 120;
	p = p * r + 1.0f / 24;
	p = p * r + 1.0f / 6;
	p = p * r + 0.5f;
	p = p * r + 1.0f;
	p = p * r + 1.0f;
	vf e = (vf)((vi)p + (n << 23));
	return (vf)(((vi)e & ~nan) | ((vi)x & nan));
}

// A loop over a row works on whole vectors; the rest of a row goes through a padded vector, so that both take the same arithmetic.
INLINE vf load_part(const float *p, long n, float fill) {
	float t[VW];
	for (int i = 0; i < VW; i++) t[i] = i < n ? p[i] : fill;
	return load(t);
}
INLINE void store_part(float *p, vf v, long n) {
	float t[VW];
	store(t, v);
	for (int i = 0; i < n; i++) p[i] = t[i];
}
#define LOAD(p, n, fill) ((n) >= VW ? load(p) : load_part(p, n, fill))
#define STORE(p, v, n) ((n) >= VW ? store(p, v) : store_part(p, v, n))

// zip interleaves the halves of two vectors; log2(VW) rounds of it over VW vectors transpose a square.
#if VW == 16
#define ZLO 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define ZHI 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#define ROUNDS 4
#elif VW == 8
#define ZLO 0, 8, 1, 9, 2, 10, 3, 11
#define ZHI 4, 12, 5, 13, 6, 14, 7, 15
#define ROUNDS 3
#else
#define ZLO 0, 4, 1, 5
#define ZHI 2, 6, 3, 7
#define ROUNDS 2
#endif
#if defined(__clang__) || __GNUC__ >= 12
#define ZIPLO(a, b) __builtin_shufflevector(a, b, ZLO)
#define ZIPHI(a, b) __builtin_shufflevector(a, b, ZHI)
#else
#define ZIPLO(a, b) __builtin_shuffle(a, b, (vi){ZLO})
#define ZIPHI(a, b) __builtin_shuffle(a, b, (vi){ZHI})
#endif

INLINE void transpose(vf *r) {
	vf t[VW];
	for (int round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 16
		for (int i = 0; i < VW / 2; i++) {
			t[2 * i] = ZIPLO(r[i], r[i + VW / 2]);
			t[2 * i + 1] = ZIPHI(r[i], r[i + VW / 2]);
		}
#pragma GCC unroll 16
		for (int i = 0; i < VW; i++) r[i] = t[i];
	}
}

#ifdef BF16
#include <immintrin.h>

// A word holds a pair of neighbours along k, rounded to nearest even: the lower half is the even one.
INLINE __m512i pair_rows(vf even, vf odd) {
	const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
	return _mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh((__m512)odd, (__m512)even));
}
// row_words turns up to 32 floats of a row into 16 words.
INLINE vf row_words(const float *p, long n) {
	vf lo = n >= 16 ? load(p) : load_part(p, n, 0);
	vf hi = n >= 32 ? load(p + 16) : n > 16 ? load_part(p + 16, n - 16, 0) : splat(0);
	return (vf)_mm512_cvtne2ps_pbh((__m512)hi, (__m512)lo);
}

typedef uint32_t elem; // what the product multiplies: a pair
#define PAIR 2
#else
INLINE vf row_words(const float *p, long n) { return LOAD(p, n, 0); }

typedef float elem;
#define PAIR 1
#endif

// pack_rows is pack for B as it multiplies, k rows of n. A row is short beside the way to the next, so rows to come are asked for ahead; past the end that is harmless.
static void pack_rows(long k, long n, const float *b, long ldb, elem *dst, long j0, long j1) {
	long kp = (k + PAIR - 1) / PAIR;
	for (long p = 0; p < kp; p++, b += PAIR * ldb)
		for (long j = j0; j < j1; j += VW) {
			elem *out = dst + (j / NR) * kp * NR + p * NR + j % NR;
			__builtin_prefetch(b + 16 * PAIR * ldb + j);
			vf even = LOAD(b + j, n - j, 0);
#ifdef BF16
			__builtin_prefetch(b + (16 * PAIR + 1) * ldb + j);
			vf odd = 2 * p + 1 < k ? LOAD(b + ldb + j, n - j, 0) : splat(0);
			_mm512_storeu_si512(out, pair_rows(even, odd));
#else
			store(out, even);
#endif
		}
}

// pack lays columns j0 to j1 of B (whole panels) out as the product reads them: panel after panel, in a panel k after k, the columns side by side; past the edge, zeros.
static void pack(int trans, long k, long n, const float *b, long ldb, float *dst, long j0, long j1) {
	if (!trans) {
		pack_rows(k, n, b, ldb, (elem *)dst, j0, j1);
		return;
	}
	long kp = (k + PAIR - 1) / PAIR;
	for (long j = j0; j < j1; j += VW) {
		elem *out = (elem *)dst + (j / NR) * kp * NR + j % NR;
		long w = n - j;
		for (long p = 0; p < kp; p += VW) {
			vf r[VW];
			for (int i = 0; i < VW; i++) r[i] = i < w ? row_words(b + (j + i) * ldb + PAIR * p, k - PAIR * p) : splat(0);
			transpose(r);
			long h = kp - p < VW ? kp - p : VW;
			for (int i = 0; i < h; i++) store((float *)(out + (p + i) * NR), r[i]);
		}
	}
}

// A tile is n rows of a panel: row r of A starts at a + r·rs and its k-th element is ks further. The sums are named variables, so that they stay in registers.
#define ROWS1(X) X(0)
#define ROWS2(X) ROWS1(X) X(1)
#define ROWS3(X) ROWS2(X) X(2)
#define ROWS4(X) ROWS3(X) X(3)
#define ROWS5(X) ROWS4(X) X(4)
#define ROWS6(X) ROWS5(X) X(5)
#define ROWS7(X) ROWS6(X) X(6)
#define ROWS8(X) ROWS7(X) X(7)
#define ROWS9(X) ROWS8(X) X(8)
#define ROWS10(X) ROWS9(X) X(9)
#define ROWS11(X) ROWS10(X) X(10)
#define ROWS12(X) ROWS11(X) X(11)
#define START(r) \
	vf s##r = splat(0), t##r = splat(0); \
	if (acc) __builtin_prefetch(c + r * ldc), __builtin_prefetch(c + r * ldc + VW);
#define ELEM(r) ((r) < 3 ? a : (r) < 6 ? a3 : (r) < 9 ? a6 : a9)[(r) % 3 * rs]
#ifdef BF16
// Written as the instruction: given the intrinsic, gcc 12 stores every sum at every step, which takes half the speed.
#define STEP(r) \
	{ \
		__m512i x = _mm512_set1_epi32(ELEM(r)); \
		__asm__("vdpbf16ps %2, %1, %0" : "+v"(s##r) : "v"(x), "v"(b0)); \
		__asm__("vdpbf16ps %2, %1, %0" : "+v"(t##r) : "v"(x), "v"(b1)); \
	}
#else
#define STEP(r) \
	{ \
		float x = ELEM(r); \
		s##r += x * b0; \
		t##r += x * b1; \
	}
#endif
#define FINISH(r) \
	{ \
		float *y = c + r * ldc; \
		if (acc) s##r += load(y), t##r += load(y + VW); \
		store(y, s##r), store(y + VW, t##r); \
	}
#define TILE(n) \
	static void tile##n(long k, const elem *a, long rs, long ks, const elem *b, int acc, float *c, long ldc) { \
		const elem *a3 = a + 3 * rs, *a6 = a3 + 3 * rs, *a9 = a6 + 3 * rs; \
		ROWS##n(START) \
		for (long p = 0; p < k; p++) { \
			vf b0 = load((const float *)b), b1 = load((const float *)b + VW); \
			ROWS##n(STEP) \
			a += ks, a3 += ks, a6 += ks, a9 += ks, b += NR; \
		} \
		(void)a3, (void)a6, (void)a9; \
		ROWS##n(FINISH) \
	}
typedef void (*tile_func)(long k, const elem *a, long rs, long ks, const elem *b, int acc, float *c, long ldc);
TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6)
#if MR > 6
TILE(7) TILE(8) TILE(9) TILE(10) TILE(11) TILE(12)
#endif
static const tile_func tiles[] = {0, tile1, tile2, tile3, tile4, tile5, tile6,
#if MR > 6
	tile7, tile8, tile9, tile10, tile11, tile12,
#endif
};

// arrange puts mc rows (from i0) and kc columns (from p0) of A into scratch where the tile cannot read them in place, and says how to walk them.
INLINE const elem *arrange(int trans, long i0, long mc, long p0, long kc, const float *a, long lda, elem *scratch, long *rs, long *ks, long *group) {
	long kp = (kc + PAIR - 1) / PAIR;
	if (PAIR == 1 && trans && kc <= 64) { // few enough rows to stay in the first cache where they are
		*rs = 1, *ks = lda, *group = MR;
		return (const elem *)(a + p0 * lda + i0);
	}
	if (trans) { // groups of MR rows, k after k
		*rs = 1, *ks = MR, *group = kp * MR;
		for (long p = 0; p < kp; p++) // row by row of memory: walked group by group, rows a power of two apart would push each other out of the cache
			for (long i = 0; i < mc; i += MR) {
				elem *out = scratch + i * kp + p * MR;
				long w = mc - i < MR ? mc - i : MR;
				const float *src = a + (p0 + PAIR * p) * lda + i0 + i;
#ifdef BF16
				__mmask16 m = (__mmask16)((1u << w) - 1);
				vf even = (vf)_mm512_maskz_loadu_ps(m, src);
				vf odd = 2 * p + 1 < kc ? (vf)_mm512_maskz_loadu_ps(m, src + lda) : splat(0);
				_mm512_mask_storeu_epi32(out, m, pair_rows(even, odd));
#else
				if (w == MR)
					memcpy(out, src, MR * sizeof(float)); // of a fixed length, so two or three moves
				else
					for (long r = 0; r < w; r++) out[r] = src[r];
#endif
			}
		return scratch;
	}
#ifdef BF16
	*rs = (kp + 15) / 16 * 16, *ks = 1, *group = *rs * MR;
	for (long i = 0; i < mc; i++)
		for (long p = 0; p < kp; p += 16) store((float *)(scratch + i * *rs + p), row_words(a + (i0 + i) * lda + p0 + 2 * p, kc - 2 * p));
	return scratch;
#else
	*rs = lda, *ks = 1, *group = lda * MR;
	return a + i0 * lda + p0;
#endif
}

// gemm: C[m,n] = A·B, or C += A·B; A is [m,k], or [k,m] if trans. B is packed; its panels are kpad rows deep, of which the first k count.
static void gemm(int trans, long m, long n, long k, const float *a, long lda, const float *packed, long kpad, int acc, float *c, long ldc, float *scratch) {
	const elem *b = (const elem *)packed;
	long deep = (kpad + PAIR - 1) / PAIR * NR;
	for (long i0 = 0; i0 < m; i0 += MC) {
		long mc = m - i0 < MC ? m - i0 : MC;
		for (long p0 = 0; p0 < k; p0 += KC) {
			long kc = k - p0 < KC ? k - p0 : KC, rs, ks, group;
			const elem *from = arrange(trans, i0, mc, p0, kc, a, lda, (elem *)scratch, &rs, &ks, &group);
			int add = acc || p0 > 0;
			for (long j = 0; j < n; j += NR) {
				const elem *panel = b + (j / NR) * deep + p0 / PAIR * NR;
				long nr = n - j < NR ? n - j : NR;
				for (long i = 0; i < mc; i += MR) {
					long mr = mc - i < MR ? mc - i : MR;
					float *y = c + (i0 + i) * ldc + j;
					if (nr == NR) {
						tiles[mr]((kc + PAIR - 1) / PAIR, from + (i / MR) * group, rs, ks, panel, add, y, ldc);
						continue;
					}
					float part[MR * NR];
					tiles[mr]((kc + PAIR - 1) / PAIR, from + (i / MR) * group, rs, ks, panel, 0, part, NR);
					for (long r = 0; r < mr; r++)
						for (long q = 0; q < nr; q++) y[r * ldc + q] = part[r * NR + q] + (add ? y[r * ldc + q] : 0);
				}
			}
		}
	}
}

// norm: y = x · inv · w with inv = 1/sqrt(mean(x²) + eps); inv is kept for the way back.
static void norm(long rows, long d, const float *x, const float *w, float eps, float *y, float *inv) {
	for (long r = 0; r < rows; r++, x += d, y += d) {
		vf s = splat(0);
		for (long i = 0; i < d; i += VW) {
			vf v = LOAD(x + i, d - i, 0);
			s += v * v;
		}
		float k = 1.0f / __builtin_sqrtf(hsum(s) / d + eps);
		inv[r] = k;
		for (long i = 0; i < d; i += VW) STORE(y + i, LOAD(x + i, d - i, 0) * k * LOAD(w + i, d - i, 0), d - i);
	}
}

// norm_back adds to dx (which already holds the gradient that came by the residual path) and to dw.
static void norm_back(long rows, long d, const float *x, const float *w, const float *inv, const float *dy, float *dx, float *dw) {
	for (long r = 0; r < rows; r++, x += d, dy += d, dx += d) {
		float k = inv[r];
		vf s = splat(0);
		for (long i = 0; i < d; i += VW) s += LOAD(x + i, d - i, 0) * LOAD(dy + i, d - i, 0) * LOAD(w + i, d - i, 0);
		float q = hsum(s) * k * k * k / d;
		for (long i = 0; i < d; i += VW) {
			vf xv = LOAD(x + i, d - i, 0), g = LOAD(dy + i, d - i, 0);
			vf dxv = LOAD(dx + i, d - i, 0) + (g * LOAD(w + i, d - i, 0) * k - xv * q);
			vf dwv = LOAD(dw + i, d - i, 0) + g * xv * k;
			STORE(dx + i, dxv, d - i);
			STORE(dw + i, dwv, d - i);
		}
	}
}

// swiglu: a row of gu is the gate and then the other factor; y = silu(gate) · up.
static void swiglu(long rows, long f, const float *gu, float *y) {
	for (long r = 0; r < rows; r++, gu += 2 * f, y += f)
		for (long i = 0; i < f; i += VW) {
			vf g = LOAD(gu + i, f - i, 0), u = LOAD(gu + f + i, f - i, 0);
			STORE(y + i, g * u / (1.0f + vexp(-g)), f - i);
		}
}

static void swiglu_back(long rows, long f, const float *gu, const float *dy, float *dgu) {
	for (long r = 0; r < rows; r++, gu += 2 * f, dgu += 2 * f, dy += f)
		for (long i = 0; i < f; i += VW) {
			vf g = LOAD(gu + i, f - i, 0), u = LOAD(gu + f + i, f - i, 0), d = LOAD(dy + i, f - i, 0);
			vf s = 1.0f / (1.0f + vexp(-g));
			STORE(dgu + i, d * u * s * (1.0f + g * (1.0f - s)), f - i);
			STORE(dgu + f + i, d * g * s, f - i);
		}
}

// softmax works on rows of scores in place: the first seen[r] count, up to width the rest become zero. lse keeps the logarithm of the sum.
static void softmax(long rows, long ld, long width, const int *seen, float scale, float *s, float *lse) {
	for (long r = 0; r < rows; r++, s += ld) {
		long n = seen[r];
		vf top = splat(-3.0e38f);
		for (long i = 0; i < n; i += VW) top = vmax(LOAD(s + i, n - i, -3.0e38f), top);
		float max = hmax(top);
		vf sum = splat(0);
		for (long i = 0; i < n; i += VW) {
			vf e = vexp((LOAD(s + i, n - i, -3.0e38f) - max) * scale);
			if (n - i < VW) e = load_part((float *)&e, n - i, 0);
			sum += e;
			STORE(s + i, e, n - i);
		}
		float total = hsum(sum), k = 1.0f / total;
		for (long i = 0; i < n; i += VW) STORE(s + i, LOAD(s + i, n - i, 0) * k, n - i);
		for (long i = n; i < width; i++) s[i] = 0;
		lse[r] = max * scale + __builtin_logf(total);
	}
}

// softmax_again makes the same rows from the scores and lse, for the way back.
static void softmax_again(long rows, long ld, long width, const int *seen, float scale, float *s, const float *lse) {
	for (long r = 0; r < rows; r++, s += ld) {
		long n = seen[r];
		for (long i = 0; i < n; i += VW) STORE(s + i, vexp(LOAD(s + i, n - i, 0) * scale - lse[r]), n - i);
		for (long i = n; i < width; i++) s[i] = 0;
	}
}

// softmax_back turns the gradient of the rows into that of the scores: ds = scale · p · (dp - sum(p·dp)).
static void softmax_back(long rows, long ld, long width, float scale, const float *p, float *dp) {
	for (long r = 0; r < rows; r++, p += ld, dp += ld) {
		vf s = splat(0);
		for (long i = 0; i < width; i += VW) s += LOAD(p + i, width - i, 0) * LOAD(dp + i, width - i, 0);
		float sum = hsum(s);
		for (long i = 0; i < width; i += VW) STORE(dp + i, (LOAD(dp + i, width - i, 0) - sum) * LOAD(p + i, width - i, 0) * scale, width - i);
	}
}

// cross_entropy gives each row's weighted loss and, if asked, leaves in the logits their gradient.
static void cross_entropy(long rows, long v, const int *target, const float *weight, int grad, float *z, float *loss) {
	for (long r = 0; r < rows; r++, z += v) {
		vf top = splat(-3.0e38f);
		for (long i = 0; i < v; i += VW) top = vmax(LOAD(z + i, v - i, -3.0e38f), top);
		float max = hmax(top), hit = z[target[r]];
		vf sum = splat(0);
		for (long i = 0; i < v; i += VW) {
			vf e = vexp(LOAD(z + i, v - i, -3.0e38f) - max);
			if (v - i < VW) e = load_part((float *)&e, v - i, 0);
			sum += e;
			if (grad) STORE(z + i, e, v - i);
		}
		float total = hsum(sum);
		loss[r] = weight[r] * (max + __builtin_logf(total) - hit);
		if (!grad) continue;
		float k = weight[r] / total;
		for (long i = 0; i < v; i += VW) STORE(z + i, LOAD(z + i, v - i, 0) * k, v - i);
		z[target[r]] -= weight[r];
	}
}

// rotate turns the pairs of `heads` heads at the start of each row by the angle of the row's position; sin is negated on the way back.
static void rotate(long rows, long ld, long heads, long half, const int *pos, const float *cos, const float *sin, float sign, float *x) {
	for (long r = 0; r < rows; r++, x += ld) {
		const float *co = cos + pos[r] * half, *si = sin + pos[r] * half;
		for (long h = 0; h < heads; h++) {
			float *restrict y = x + 2 * h * half;
			for (long i = 0; i < half; i++) {
				float a = y[2 * i], b = y[2 * i + 1], s = sign * si[i];
				y[2 * i] = a * co[i] - b * s;
				y[2 * i + 1] = a * s + b * co[i];
			}
		}
	}
}

INLINE vf vsqrt(vf x) {
	for (int i = 0; i < VW; i++) x[i] = __builtin_sqrtf(x[i]);
	return x;
}

// adamw: c1 and c2 are the corrections for the young averages, 1/(1-b1^t) and 1/(1-b2^t); decay is apart from the gradient.
static void adamw(long n, float *w, float *m, float *v, const float *g, float gscale, float lr, float b1, float b2, float c1, float c2, float eps, float decay) {
	for (long i = 0; i < n; i += VW) {
		vf gv = LOAD(g + i, n - i, 0) * gscale;
		vf mv = LOAD(m + i, n - i, 0) * b1 + gv * (1 - b1);
		vf vv = LOAD(v + i, n - i, 0) * b2 + gv * gv * (1 - b2);
		vf wv = LOAD(w + i, n - i, 0);
		vf root;
#ifdef VSQRT
		root = VSQRT(vv * c2);
#else
		root = vsqrt(vv * c2);
#endif
		wv = wv - lr * (mv * c1 / (root + eps) + decay * wv);
		STORE(m + i, mv, n - i);
		STORE(v + i, vv, n - i);
		STORE(w + i, wv, n - i);
	}
}

static double sum_squares(long n, const float *x) {
	double s = 0;
	for (long i = 0; i < n; i += 4 * VW) {
		vf t = splat(0);
		for (long j = i; j < n && j < i + 4 * VW; j += VW) {
			vf v = LOAD(x + j, n - j, 0);
			t += v * v;
		}
		s += hsum(t);
	}
	return s;
}

static void axpy(long n, float a, const float *x, float *y) {
	for (long i = 0; i < n; i += VW) STORE(y + i, LOAD(y + i, n - i, 0) + a * LOAD(x + i, n - i, 0), n - i);
}

static void lerp(long n, float t, const float *x, float *y) {
	for (long i = 0; i < n; i += VW) {
		vf v = LOAD(y + i, n - i, 0);
		STORE(y + i, v + t * (LOAD(x + i, n - i, 0) - v), n - i);
	}
}

const train_kernels SET = {
	NAME, NR, MC * (KC + 16), pack, gemm, norm, norm_back, swiglu, swiglu_back, softmax, softmax_again, softmax_back, cross_entropy, rotate, adamw, sum_squares, axpy, lerp,
};
