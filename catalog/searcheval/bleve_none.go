//go:build !bleve

package searcheval

import (
	"context"
	"errors"

	"daogou/catalog"
)

// indexBleve is not in a shop's binary: Bleve would add a third to its size for the sake of a comparison.
func indexBleve(context.Context, *catalog.DB, string) (rival, error) {
	return nil, errors.New("searcheval: this build has no Bleve to compare with; build with -tags sqlite_fts5,bleve")
}

// hasBleve says whether this build can compare with Bleve.
const hasBleve = false
