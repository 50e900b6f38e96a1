//go:build !cgo || purego

package kernel

// This build has no C: only the variant in Go.

func compiled() []string { return nil }

func openCompiled(string) variant { return plain{} }
