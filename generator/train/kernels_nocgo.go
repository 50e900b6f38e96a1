//go:build !cgo || purego

package train

// native is empty in a build without C: the plain Go set does the work.
func native() []kernels { return nil }
