package searcheval

// rival is another search engine's index of the same products.
type rival interface {
	system(size int) System
	Close() error
}
