//go:build cgo && !purego

#include "kernels.h"
#include <stddef.h>

// The compiler's own questions ask the processor and whether the system keeps the wide registers. Pairs of bfloat16 come first: they are twice as many in a vector.
const train_kernels *train_kernels_at(int i) {
#if defined(__x86_64__)
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
		if (__builtin_cpu_supports("avx512bf16") && i-- == 0) return &train_avx512bf16;
		if (i-- == 0) return &train_avx512;
	}
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && i-- == 0) return &train_avx2;
#endif
	return i == 0 ? &train_base : NULL;
}
