//go:build cgo && !purego

// Any processor: vectors of four floats, which every 64-bit machine has.
#define VW 4
#define MR 6
#define SET train_base
#define NAME "c"
#include "kernels_impl.h"
