package searcheval

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"daogou/catalog"
)

// BenchmarkSearch searches the catalogue file DAOGOU_BENCH_DB for its own product types, with and without brands and values.
func BenchmarkSearch(b *testing.B) {
	path := os.Getenv("DAOGOU_BENCH_DB")
	if path == "" {
		b.Skip("set DAOGOU_BENCH_DB to a catalogue")
	}
	db, err := catalog.Open(filepath.Clean(path), catalog.ReadOnly())
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	qs := kindQueries(b, db)
	for i := 0; b.Loop(); i++ {
		if _, err := db.Search(context.Background(), catalog.Query{Text: qs[i*7%len(qs)].query}); err != nil {
			b.Fatal(err)
		}
	}
}
