//go:build cgo && !purego

#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC target("avx2,fma")
#endif
#include <immintrin.h>
#define VW 8
#define MR 6
#define SET train_avx2
#define NAME "avx2"
#define VSQRT(x) ((vf)_mm256_sqrt_ps((__m256)(x)))
#include "kernels_impl.h"
#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
