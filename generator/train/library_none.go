//go:build !openblas || !cgo || purego

package train

// library is the matrix library this build was linked with, if any.
func library() BLAS { return nil }
