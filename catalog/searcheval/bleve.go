//go:build bleve

package searcheval

import (
	"context"
	"strings"

	"daogou/catalog"

	"github.com/blevesearch/bleve/v2"
)

// bleveBatch is how many documents are indexed at once.
const bleveBatch = 1000

// indexBleve indexes every product of a catalogue with Bleve as it comes, in a new folder: dynamic mapping, default analysers, match query over all fields.
func indexBleve(ctx context.Context, db *catalog.DB, folder string) (rival, error) {
	ix, err := bleve.New(folder, bleve.NewIndexMapping())
	if err != nil {
		return nil, err
	}
	batch := ix.NewBatch()
	err = db.All(ctx, func(p *catalog.Product) error {
		doc := map[string]any{"title": p.Title.In("en"), "brand": p.Brand, "description": p.Description.In("en"), "mpn": p.MPN, "facets": strings.TrimSpace(facetText(p))}
		if err := batch.Index(p.ID, doc); err != nil || batch.Size() < bleveBatch {
			return err
		}
		err := ix.Batch(batch)
		batch.Reset()
		return err
	})
	if err == nil {
		err = ix.Batch(batch)
	}
	if err != nil {
		ix.Close()
		return nil, err
	}
	return bleveIndex{ix}, nil
}

type bleveIndex struct{ bleve.Index }

func (ix bleveIndex) system(size int) System {
	return func(_ context.Context, query string) (Answer, error) {
		res, err := ix.Search(bleve.NewSearchRequestOptions(bleve.NewMatchQuery(query), size, 0, false))
		if err != nil {
			return Answer{}, err
		}
		a := Answer{Carried: res.Total > 0}
		for _, h := range res.Hits {
			a.IDs = append(a.IDs, h.ID)
		}
		return a, nil
	}
}

// hasBleve says whether this build can compare with Bleve.
const hasBleve = true
