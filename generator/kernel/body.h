// One variant of all kernels. Included once for each instruction set, with these defined:
//
//	FN(name)   the variant's name of a function
//	TARGET     the attribute that allows its instructions
//	LANES      floats in a vector
//	ROWS       rows of activations in a tile; tiles of ROWS, ROWS/2, … 1 rows follow each other
//	SUM, TOP   the sum and the maximum of a vector's floats
//	q8_tile    the inner loop of the int8 product, which needs instructions of its own
//
// Everything else is written with GCC's vector extension and is the same for all.

#define NV (16 / LANES) // vectors in a panel of 16 outputs

typedef float FN(vec) __attribute__((vector_size(LANES * 4)));
typedef int32_t FN(ivec) __attribute__((vector_size(LANES * 4)));
typedef float FN(mem) __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
#define V FN(vec)
#define VI FN(ivec)
#define LOAD(p) ((V)(*(const FN(mem) *)(p)))
#define STORE(p, v) (*(FN(mem) *)(p) = (v))

static inline __attribute__((always_inline)) TARGET V FN(all)(float x) {
	V v = {0};
	return v + x;
}

static inline __attribute__((always_inline)) TARGET V FN(pick)(VI mask, V yes, V no) { return (V)(((VI)yes & mask) | ((VI)no & ~mask)); }

// exp in single precision: 2^n times a polynomial on [-ln2/2, ln2/2], relative error below 2e-7.
static inline __attribute__((always_inline)) TARGET V FN(exp)(V x) {
	const float magic = 12582912.0f; // 1.5 * 2^23: adding it rounds to a whole number
	V low = FN(all)(-87.0f), high = FN(all)(88.0f);
	x = FN(pick)(x < low, low, x);
	x = FN(pick)(x > high, high, x);
	V t = x * 1.44269504088896341f + magic;
	V n = t - magic;
	V r = x - n * 0.693359375f;
	r = r + n * 2.12194440e-4f;
	V p = r * 1.9875691500e-4f + 1.3981999507e-3f;
	p = p * r + 8.3334519073e-3f;
	p = p * r + 4.1665795894e-2f;
	p = p * r + 1.6666665459e-1f;
	p = p * r + 5.0000001201e-1f;
	p = p * r * r + r + 1.0f;
	VI e = ((VI)t - 0x4B400000 + 127) << 23;
	return p * (V)e;
}

// ---- int8 product ----

static inline __attribute__((always_inline)) TARGET void FN(put)(float *dst, const float *v, int64_t n, int add) {
	for (int64_t i = 0; i < n; i++) dst[i] = add ? dst[i] + v[i] : v[i];
}

static TARGET void FN(matmul_q8)(float *dst, int64_t stride, const uint8_t *w, int64_t outs, int64_t blocks, const int8_t *x, const float *xs, const int32_t *xc,
	int64_t rows, int64_t p0, int64_t p1, const int32_t *list, int add) {
	for (int64_t i = p0; i < p1; i++) {
		int64_t p = list ? list[i] : i;
		int64_t n = outs - 16 * p < 16 ? outs - 16 * p : 16;
		const uint8_t *panel = w + p * blocks * 576;
		float *d = dst + 16 * i;
		for (int64_t r = 0; r < rows;) {
			const int8_t *tx = x + r * blocks * 32;
			const float *ts = xs + r * blocks;
			const int32_t *tc = xc + r * blocks;
			float *td = d + r * stride;
			int64_t left = rows - r;
#if ROWS >= 8
			if (left >= 8) { FN(q8_tile)(8, td, stride, panel, blocks, tx, ts, tc, n, add); r += 8; continue; }
#endif
			if (left >= 4) { FN(q8_tile)(4, td, stride, panel, blocks, tx, ts, tc, n, add); r += 4; continue; }
			if (left >= 2) { FN(q8_tile)(2, td, stride, panel, blocks, tx, ts, tc, n, add); r += 2; continue; }
			FN(q8_tile)(1, td, stride, panel, blocks, tx, ts, tc, n, add);
			r++;
		}
	}
}

// quantise writes rows in tiles: within a tile, four bytes of each row in turn, then the next four.
static TARGET void FN(quantise)(int8_t *q, float *s, int32_t *c, const float *x, int64_t rows, int64_t cols, int64_t blocks) {
	for (int64_t r = 0; r < rows;) {
		int64_t left = rows - r, tile = left >= ROWS ? ROWS : left >= 4 ? 4 : left >= 2 ? 2 : 1;
		for (int64_t t = 0; t < tile; t++) {
			for (int64_t b = 0; b < blocks; b++) {
				float tail[32] = {0};
				const float *in = x + (r + t) * cols + 32 * b;
				if (32 * b + 32 > cols) {
					for (int64_t i = 0; i < cols - 32 * b; i++) tail[i] = in[i];
					in = tail;
				}
				V m = {0};
				for (int i = 0; i < 32; i += LANES) {
					V v = LOAD(in + i);
					v = (V)((VI)v & 0x7fffffff);
					m = FN(pick)(v > m, v, m);
				}
				float amax = TOP(m), inverse = amax > 0 ? 127.0f / amax : 0;
				int32_t out[32] __attribute__((aligned(64)));
				VI total = {0};
				for (int i = 0; i < 32; i += LANES) {
					V y = LOAD(in + i) * inverse + 12582912.0f;
					VI n = (VI)y - 0x4B400000;
					total += n;
					*(VI *)(out + i) = n;
				}
				int32_t sum = 0;
				for (int i = 0; i < LANES; i++) sum += total[i];
				int8_t bytes[32];
				for (int i = 0; i < 32; i++) bytes[i] = (int8_t)out[i];
				int8_t *to = q + r * blocks * 32 + b * 32 * tile + 4 * t;
				for (int g = 0; g < 8; g++) __builtin_memcpy(to + g * 4 * tile, bytes + 4 * g, 4);
				s[r * blocks + b * tile + t] = amax / 127.0f;
				c[r * blocks + b * tile + t] = -128 * sum;
			}
		}
		r += tile;
	}
}

// ---- float product ----

static inline __attribute__((always_inline)) TARGET void FN(f32_tile)(const int R, float *dst, int64_t stride, const float *w, int64_t cols, const float *x, int64_t n, int add) {
	V a[4][NV];
	for (int r = 0; r < R; r++)
		for (int j = 0; j < NV; j++) a[r][j] = FN(all)(0);
	for (int64_t k = 0; k < cols; k++) {
		for (int j = 0; j < NV; j++) {
			V wv = LOAD(w + 16 * k + LANES * j);
			for (int r = 0; r < R; r++) a[r][j] += wv * x[r * cols + k];
		}
	}
	for (int r = 0; r < R; r++) {
		float out[16];
		for (int j = 0; j < NV; j++) STORE(out + LANES * j, a[r][j]);
		FN(put)(dst + r * stride, out, n, add);
	}
}

static TARGET void FN(matmul_f32)(float *dst, int64_t stride, const float *w, int64_t outs, int64_t cols, const float *x, int64_t rows, int64_t p0, int64_t p1,
	const int32_t *list, int add) {
	for (int64_t i = p0; i < p1; i++) {
		int64_t p = list ? list[i] : i;
		int64_t n = outs - 16 * p < 16 ? outs - 16 * p : 16;
		const float *panel = w + p * cols * 16;
		int64_t r = 0;
		for (; r + 4 <= rows; r += 4) FN(f32_tile)(4, dst + 16 * i + r * stride, stride, panel, cols, x + r * cols, n, add);
		for (; r < rows; r++) FN(f32_tile)(1, dst + 16 * i + r * stride, stride, panel, cols, x + r * cols, n, add);
	}
}

// ---- along rows ----

static TARGET void FN(rms_norm)(float *dst, const float *x, const float *weight, int64_t rows, int64_t cols, float eps) {
	for (int64_t r = 0; r < rows; r++, x += cols, dst += cols) {
		V acc = {0};
		int64_t i = 0;
		for (; i + LANES <= cols; i += LANES) {
			V v = LOAD(x + i);
			acc += v * v;
		}
		float ss = SUM(acc);
		for (; i < cols; i++) ss += x[i] * x[i];
		float f = 1.0f / __builtin_sqrtf(ss / (float)cols + eps);
		for (i = 0; i + LANES <= cols; i += LANES) STORE(dst + i, LOAD(x + i) * f * LOAD(weight + i));
		for (; i < cols; i++) dst[i] = x[i] * f * weight[i];
	}
}

static TARGET void FN(rotate)(float *x, int64_t rows, int64_t stride, int64_t heads, int64_t head_dim, const float *cosines, const float *sines, const int32_t *pos) {
	for (int64_t r = 0; r < rows; r++) {
		const float *c = cosines + pos[r] * head_dim, *s = sines + pos[r] * head_dim;
		for (int64_t h = 0; h < heads; h++) {
			float *y = x + r * stride + h * head_dim;
			for (int64_t i = 0; i < head_dim; i += 2) {
				float a = y[i], b = y[i + 1];
				y[i] = a * c[i] - b * s[i];
				y[i + 1] = b * c[i + 1] + a * s[i + 1];
			}
		}
	}
}

static TARGET void FN(swiglu)(float *dst, const float *gate, const float *up, int64_t n) {
	int64_t i = 0;
	for (; i + LANES <= n; i += LANES) {
		V g = LOAD(gate + i);
		STORE(dst + i, g / (FN(exp)(-g) + 1.0f) * LOAD(up + i));
	}
	for (; i < n; i++) {
		V e = FN(exp)(FN(all)(-gate[i]));
		dst[i] = gate[i] / (e[0] + 1.0f) * up[i];
	}
}

static TARGET float FN(exponentials)(float *x, int64_t n, float top, float factor) {
	V acc = {0};
	int64_t i = 0;
	for (; i + LANES <= n; i += LANES) {
		V e = FN(exp)((LOAD(x + i) - top) * factor);
		STORE(x + i, e);
		acc += e;
	}
	float s = SUM(acc);
	for (; i < n; i++) {
		V e = FN(exp)(FN(all)((x[i] - top) * factor));
		x[i] = e[0];
		s += e[0];
	}
	return s;
}

static TARGET float FN(highest)(const float *x, int64_t n) {
	float top = x[0];
	int64_t i = 0;
	if (n >= LANES) {
		V m = LOAD(x);
		for (i = LANES; i + LANES <= n; i += LANES) {
			V v = LOAD(x + i);
			m = FN(pick)(v > m, v, m);
		}
		top = TOP(m);
	}
	for (; i < n; i++) top = x[i] > top ? x[i] : top;
	return top;
}

static TARGET float FN(softmax)(float *x, int64_t n, float inverse_temperature) {
	float top = FN(highest)(x, n);
	float s = FN(exponentials)(x, n, top, inverse_temperature), f = 1.0f / s;
	int64_t i = 0;
	for (; i + LANES <= n; i += LANES) STORE(x + i, LOAD(x + i) * f);
	for (; i < n; i++) x[i] *= f;
	return s;
}

static TARGET float FN(log_sum_exp)(const float *x, int64_t n) {
	float top = FN(highest)(x, n);
	V acc = {0};
	int64_t i = 0;
	for (; i + LANES <= n; i += LANES) acc += FN(exp)(LOAD(x + i) - top);
	float s = SUM(acc);
	for (; i < n; i++) {
		V e = FN(exp)(FN(all)(x[i] - top));
		s += e[0];
	}
	return top + logf(s);
}

// ---- attention ----

// store puts keys and values of rows at positions from at on: keys in panels of 16 positions, [head][panel][dim][16]; values [head][position][padded].
static TARGET void FN(store)(float *page_k, float *page_v, const float *k, const float *v, int64_t rows, int64_t stride, int64_t head0, int64_t head1, int64_t head_dim,
	int64_t padded, int64_t cap, int64_t at) {
	for (int64_t r = 0; r < rows; r++) {
		int64_t pos = at + r;
		for (int64_t h = head0; h < head1; h++) {
			float *pk = page_k + h * cap * head_dim + pos / 16 * 16 * head_dim + pos % 16, *pv = page_v + (h * cap + pos) * padded;
			const float *rk = k + r * stride + h * head_dim, *rv = v + r * stride + h * head_dim;
			for (int64_t i = 0; i < head_dim; i++) pk[16 * i] = rk[i];
			for (int64_t i = 0; i < head_dim; i++) pv[i] = rv[i];
		}
	}
}

#define MAX_CAP 512

// scores of T queries against the positions [0, 16*panels). Panels are taken two at a time, which the room for positions, a multiple of 32, allows.
static inline __attribute__((always_inline)) TARGET void FN(score)(const int T, float (*s)[MAX_CAP], const float **q, const float *k, int64_t head_dim, int64_t panels, float scale) {
	enum { STEP = LANES == 16 ? 2 : 1, N = STEP * NV };
	for (int64_t p = 0; p < panels; p += STEP) {
		V a[4][N];
		for (int t = 0; t < T; t++)
			for (int j = 0; j < N; j++) a[t][j] = FN(all)(0);
		const float *kp = k + p * 16 * head_dim;
		for (int64_t i = 0; i < head_dim; i++) {
			for (int j = 0; j < N; j++) {
				V kv = LOAD(kp + j / NV * 16 * head_dim + 16 * i + j % NV * LANES);
				for (int t = 0; t < T; t++) a[t][j] += kv * q[t][i];
			}
		}
		for (int t = 0; t < T; t++)
			for (int j = 0; j < N; j++) STORE(s[t] + 16 * p + LANES * j, a[t][j] * scale);
	}
}

// mix adds the values, weighted, to T outputs. Sums run over every UNROLL-th position, so that where registers are many no addition waits for another; in the same order for each T.
#define UNROLL (LANES == 16 ? 4 : 1)
static inline __attribute__((always_inline)) TARGET void FN(mix)(const int T, float **o, float (*s)[MAX_CAP], const float *v, int64_t padded, int64_t n) {
	for (int64_t i = 0; i < padded; i += 16) {
		V a[4][UNROLL][NV];
		for (int t = 0; t < T; t++)
			for (int u = 0; u < UNROLL; u++)
				for (int j = 0; j < NV; j++) a[t][u][j] = FN(all)(0);
		int64_t p = 0;
		for (; p + UNROLL <= n; p += UNROLL) {
			for (int u = 0; u < UNROLL; u++) {
				for (int j = 0; j < NV; j++) {
					V vv = LOAD(v + (p + u) * padded + i + LANES * j);
					for (int t = 0; t < T; t++) a[t][u][j] += vv * s[t][p + u];
				}
			}
		}
		for (; p < n; p++) {
			for (int j = 0; j < NV; j++) {
				V vv = LOAD(v + p * padded + i + LANES * j);
				for (int t = 0; t < T; t++) a[t][0][j] += vv * s[t][p];
			}
		}
		for (int t = 0; t < T; t++) {
			for (int j = 0; j < NV; j++) {
				V y = LOAD(o[t] + i + LANES * j);
				for (int u = 0; u < UNROLL; u++) y += a[t][u][j];
				STORE(o[t] + i + LANES * j, y);
			}
		}
	}
}

static inline __attribute__((always_inline)) TARGET void FN(attend_tile)(const int T, const attend_shape *a, float *dst, float *o, float *ml, const float *q, const float *k, const float *v,
	const int32_t *limits, int64_t head, int64_t from) {
	float s[4][MAX_CAP] __attribute__((aligned(64)));
	const float *qs[4];
	float *os[4], *out[4], *state[4];
	int64_t lim[4], most = 0, heads = a->head1 - a->head0;
	for (int t = 0; t < T; t++) {
		int64_t row = (from + t) / a->group, hd = head * a->group + (from + t) % a->group;
		int64_t at = (row * heads + head - a->head0) * a->group + (from + t) % a->group;
		qs[t] = q + row * a->q_stride + hd * a->head_dim;
		out[t] = dst + row * a->dst_stride + hd * a->head_dim;
		os[t] = o + at * a->padded;
		state[t] = ml + 2 * at;
		lim[t] = limits[row];
		most = lim[t] > most ? lim[t] : most;
		if (a->first) {
			state[t][0] = -1e30f;
			state[t][1] = 0;
			for (int64_t i = 0; i < a->padded; i++) os[t][i] = 0;
		}
	}
	if (most > 0) {
		int64_t panels = (most + 15) / 16;
		FN(score)(T, s, qs, k + head * a->cap * a->head_dim, a->head_dim, panels, a->scale);
		for (int t = 0; t < T; t++) {
			if (lim[t] > 0) {
				float top = FN(highest)(s[t], lim[t]);
				top = top > state[t][0] ? top : state[t][0];
				V old = FN(exp)(FN(all)(state[t][0] - top));
				float keep = state[t][1] > 0 ? old[0] : 0;
				state[t][1] = state[t][1] * keep + FN(exponentials)(s[t], lim[t], top, 1.0f);
				state[t][0] = top;
				for (int64_t i = 0; i < a->padded; i += LANES) STORE(os[t] + i, LOAD(os[t] + i) * keep);
			}
			for (int64_t i = lim[t]; i < most; i++) s[t][i] = 0;
		}
		FN(mix)(T, os, s, v + head * a->cap * a->padded, a->padded, most);
	}
	if (a->last) {
		for (int t = 0; t < T; t++) {
			float f = 1.0f / state[t][1];
			for (int64_t i = 0; i < a->head_dim; i++) out[t][i] = os[t][i] * f;
		}
	}
}

static TARGET void FN(attend)(const attend_shape *a, float *dst, float *o, float *ml, const float *q, const float *k, const float *v, const int32_t *limits) {
	for (int64_t h = a->head0; h < a->head1; h++) {
		int64_t i = 0, n = a->rows * a->group;
		for (; i + 4 <= n; i += 4) FN(attend_tile)(4, a, dst, o, ml, q, k, v, limits, h, i);
		for (; i + 2 <= n; i += 2) FN(attend_tile)(2, a, dst, o, ml, q, k, v, limits, h, i);
		for (; i < n; i++) FN(attend_tile)(1, a, dst, o, ml, q, k, v, limits, h, i);
	}
}

static const ops FN(table) = {
	.matmul_q8 = FN(matmul_q8), .matmul_f32 = FN(matmul_f32), .quantise = FN(quantise), .rms_norm = FN(rms_norm), .rotate = FN(rotate), .swiglu = FN(swiglu),
	.attend = FN(attend), .softmax = FN(softmax), .log_sum_exp = FN(log_sum_exp), .store = FN(store),
};

#undef V
#undef VI
#undef NV
#undef LOAD
#undef STORE
#undef MAX_CAP
#undef UNROLL
