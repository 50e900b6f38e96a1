package searcheval

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"daogou/catalog"

	"github.com/blevesearch/bleve/v2"
)

// bleveIndex indexes every product of a catalogue with Bleve as it comes: dynamic mapping, default analysers, match query over all fields.
// Bleve is in this test file only, so that the program does not carry it.
func bleveIndex(t testing.TB, db *catalog.DB) bleve.Index {
	ix, err := bleve.New(t.TempDir()+"/bleve", bleve.NewIndexMapping())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ix.Close() })
	batch := ix.NewBatch()
	err = db.All(context.Background(), func(p *catalog.Product) error {
		doc := map[string]any{"title": p.Title.In("en"), "brand": p.Brand, "description": p.Description.In("en"), "mpn": p.MPN}
		var facets []string
		for _, vs := range p.Facets {
			for _, v := range vs {
				if v.IsStr() {
					facets = append(facets, v.Str())
				}
			}
		}
		doc["facets"] = strings.Join(facets, " ")
		if err := batch.Index(p.ID, doc); err != nil {
			return err
		}
		if batch.Size() >= 1000 {
			err := ix.Batch(batch)
			batch.Reset()
			return err
		}
		return nil
	})
	if err == nil {
		err = ix.Batch(batch)
	}
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

func bleveSystem(ix bleve.Index, size int) System {
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

// TestCompareLatency prints our latency beside Bleve's, on the same products and queries and in the same run.
func TestCompareLatency(t *testing.T) {
	if os.Getenv("DAOGOU_COMPARE") == "" {
		t.Skip("set DAOGOU_COMPARE=1 and DAOGOU_SIZES, such as 19406, to compare latency with Bleve")
	}
	db := mappedIcecat(t)
	queries := latencyQueries(t, db)
	for _, size := range splitInts(t, os.Getenv("DAOGOU_SIZES")) {
		big := replicated(t, db, size)
		start := time.Now()
		ix := bleveIndex(t, big)
		t.Logf("%d products: Bleve indexed in %v", size, time.Since(start))
		ours := func(ctx context.Context, q string) (Answer, error) {
			_, err := big.Search(ctx, catalog.Query{Text: q})
			return Answer{}, err
		}
		for _, s := range []struct {
			name string
			s    System
		}{{"daogou", ours}, {"Bleve", bleveSystem(ix, 10)}} {
			p50, p95, err := Latency(context.Background(), s.s, queries, 3)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d products, %s: p50 %.1f ms p95 %.1f ms", size, s.name, ms(p50), ms(p95))
		}
	}
}

// TestCompareQuality prints our quality on the public judgements beside Bleve's.
func TestCompareQuality(t *testing.T) {
	if os.Getenv("DAOGOU_COMPARE") == "" {
		t.Skip("set DAOGOU_COMPARE=1 to compare quality with Bleve")
	}
	db := mappedIcecat(t)
	ix := bleveIndex(t, db)
	js := judgments(t)
	for _, s := range []struct {
		name string
		s    System
	}{{"daogou", Catalogue(db)}, {"Bleve", bleveSystem(ix, 100)}} {
		r, err := Judge(context.Background(), s.s, js)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s\n%s", s.name, r.Summary())
	}
}
