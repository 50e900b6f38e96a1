//go:build bleve

package searcheval

import (
	"context"
	"testing"

	"daogou/catalog"
)

// bleveSystem is Bleve over a catalogue, for tests.
func bleveSystem(t testing.TB, db *catalog.DB, size int) System {
	ix, err := indexBleve(context.Background(), db, t.TempDir()+"/bleve")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ix.Close() })
	return ix.system(size)
}
