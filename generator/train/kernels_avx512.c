//go:build cgo && !purego

#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#else
#pragma GCC target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")
#endif
#include <immintrin.h>
#define VW 16
#define MR 12
#define SET train_avx512
#define NAME "avx512"
#define VSQRT(x) ((vf)_mm512_sqrt_ps((__m512)(x)))
#include "kernels_impl.h"
#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
