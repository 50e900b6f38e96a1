package searcheval

import (
	"context"
	"fmt"
	"io"
	"os"

	"daogou/catalog"
)

// Run is the command "daogou eval search": it judges a catalogue's search on a file of judgements and prints one line a query and the
// averages, and with baselines also those of plain BM25 on the same products.
func Run(ctx context.Context, db *catalog.DB, judgments string, baselines bool, to io.Writer) error {
	f, err := os.Open(judgments)
	if err != nil {
		return fmt.Errorf("searcheval: cannot read the judgements: %w", err)
	}
	defer f.Close()
	judged, err := ReadJudgments(f)
	if err != nil {
		return err
	}
	r, err := Judge(ctx, Catalogue(db), judged)
	if err != nil {
		return err
	}
	p50, p95, err := Latency(ctx, tenHits(db), judged, 3)
	if err != nil {
		return err
	}
	fmt.Fprintf(to, "%sten hits: p50 %.1f ms  p95 %.1f ms\n", r, ms(p50), ms(p95))
	if !baselines {
		return nil
	}
	bs, err := Baselines(ctx, db)
	if err != nil {
		return err
	}
	for _, b := range bs {
		r, err := Judge(ctx, b.Index.Search, judged)
		if err != nil {
			return err
		}
		n, ndcg, p10, recall := r.Quality()
		fmt.Fprintf(to, "%-28s %d answerable queries: nDCG@10 %.3f  P@10 %.3f  Recall@100 %.3f\n", b.Name, n, ndcg, p10, recall)
	}
	return nil
}

// tenHits is our search as a shopper uses it.
func tenHits(db *catalog.DB) System {
	return func(ctx context.Context, q string) (Answer, error) {
		res, err := db.Search(ctx, catalog.Query{Text: q})
		if err != nil {
			return Answer{}, err
		}
		return Answer{Carried: res.Carried}, nil
	}
}
