//go:build openblas && cgo && !purego

package train

/*
#cgo pkg-config: openblas
#include <cblas.h>
extern void openblas_set_num_threads(int);
*/
import "C"

// openBLAS is the OpenBLAS library, one thread a call: the trainer splits the rows itself.
type openBLAS struct{}

func library() BLAS {
	C.openblas_set_num_threads(1)
	return openBLAS{}
}

func (openBLAS) Name() string { return "openblas" }

func (openBLAS) Sgemm(transA, transB bool, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	t := func(b bool) C.enum_CBLAS_TRANSPOSE {
		if b {
			return C.CblasTrans
		}
		return C.CblasNoTrans
	}
	C.cblas_sgemm(C.CblasRowMajor, t(transA), t(transB), C.blasint(m), C.blasint(n), C.blasint(k), C.float(alpha), ptr(a), C.blasint(lda),
		ptr(b), C.blasint(ldb), C.float(beta), ptr(c), C.blasint(ldc))
}
