//go:build cgo && !purego

#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16"))), apply_to = function)
#else
#pragma GCC target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")
#endif
#include <immintrin.h>
#define BF16
#define VW 16
#define MR 12
#define SET train_avx512bf16
#define NAME "avx512bf16"
#define VSQRT(x) ((vf)_mm512_sqrt_ps((__m512)(x)))
#include "kernels_impl.h"
#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
