package searcheval

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"daogou/catalog"
)

// Options say what Run measures. Something must be asked for: judgements, latency or sizes.
type Options struct {
	Judgments string // CSV file with the columns query, docid, rating; none judges nothing
	Baselines bool   // judge plain BM25 on the same products, too
	Bleve     bool   // judge and time Bleve on the same products, too
	Latency   bool   // time queries for the catalogue's own product types, or the judged ones where it has no types
	Sizes     []int  // time them on so many products instead, made of the catalogue's with variation
	Dir       string // where catalogues of these sizes are kept for the next run; none: they are removed
}

// maxSize bounds what a catalogue is replicated to: a slip of a zero must not fill a disk.
const maxSize = 5_000_000

// Run is the command "daogou eval search": it judges a catalogue's search on a file of judgements and prints one line a query and the averages, with those of
// other systems on the same products, and how long searches take.
func Run(ctx context.Context, db *catalog.DB, o Options, to io.Writer) error {
	if o.Judgments == "" && !o.Latency && len(o.Sizes) == 0 {
		return fmt.Errorf("searcheval: nothing to measure: give --judgments, --latency or --size")
	}
	for _, n := range o.Sizes {
		if n < 1 || n > maxSize {
			return fmt.Errorf("searcheval: a size of %d products is not between 1 and %d", n, maxSize)
		}
	}
	dir, err := os.MkdirTemp("", "daogou-eval-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r := runner{db: db, options: o, to: to, temp: dir}
	if o.Judgments != "" {
		if err := r.quality(ctx); err != nil {
			return err
		}
	}
	if !o.Latency && len(o.Sizes) == 0 {
		return nil
	}
	return r.latency(ctx)
}

// runner is one run of the command.
type runner struct {
	db      *catalog.DB
	options Options
	to      io.Writer
	temp    string
	judged  []Judged
}

func (r *runner) quality(ctx context.Context) error {
	f, err := os.Open(r.options.Judgments)
	if err != nil {
		return fmt.Errorf("searcheval: cannot read the judgements: %w", err)
	}
	defer f.Close()
	if r.judged, err = ReadJudgments(f); err != nil {
		return err
	}
	ours, err := Judge(ctx, Catalogue(r.db), r.judged)
	if err != nil {
		return err
	}
	fmt.Fprint(r.to, ours)
	if err := r.time(ctx, "ten hits", tenHits(r.db), r.judged); err != nil {
		return err
	}
	if r.options.Baselines {
		bs, err := Baselines(ctx, r.db)
		if err != nil {
			return err
		}
		for _, b := range bs {
			if err := r.judge(ctx, b.Name, b.Index.Search); err != nil {
				return err
			}
		}
	}
	if !r.options.Bleve {
		return nil
	}
	ix, err := indexBleve(ctx, r.db, filepath.Join(r.temp, "judged.bleve"))
	if err != nil {
		return err
	}
	defer ix.Close()
	return r.judge(ctx, "Bleve, default analysers", ix.system(100))
}

// judge prints the averages of another system.
func (r *runner) judge(ctx context.Context, name string, s System) error {
	report, err := Judge(ctx, s, r.judged)
	if err != nil {
		return err
	}
	n, ndcg, p10, recall := report.Quality()
	_, err = fmt.Fprintf(r.to, "%-28s %d answerable queries: nDCG@10 %.3f  P@10 %.3f  Recall@100 %.3f\n", name, n, ndcg, p10, recall)
	return err
}

// latency times ten hits on the catalogue, or on larger ones made of it.
func (r *runner) latency(ctx context.Context) error {
	queries, err := latencyQueries(ctx, r.db)
	if err != nil {
		return err
	}
	if len(queries) == 0 {
		queries = r.judged
	}
	if len(queries) == 0 {
		return fmt.Errorf("searcheval: the catalogue has no product types to make queries of: give --judgments, whose queries are then timed")
	}
	if len(r.options.Sizes) == 0 {
		return r.timeAll(ctx, r.db, "", queries)
	}
	for _, n := range r.options.Sizes {
		if err := r.latencyAt(ctx, n, queries); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) latencyAt(ctx context.Context, n int, queries []Judged) error {
	dir := r.options.Dir
	if dir == "" {
		dir = r.temp
	} else if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	begun := time.Now()
	big, err := replicated(ctx, r.db, dir, n)
	if err != nil {
		return err
	}
	defer big.Close()
	name := fmt.Sprintf("%d products, ", n)
	fmt.Fprintf(r.to, "%sready in %.1f s\n", name, time.Since(begun).Seconds())
	return r.timeAll(ctx, big, name, queries)
}

// timeAll times our search on a catalogue and, if asked for, Bleve in the same run.
func (r *runner) timeAll(ctx context.Context, db *catalog.DB, name string, queries []Judged) error {
	if err := r.time(ctx, name+"daogou, ten hits", tenHits(db), queries); err != nil || !r.options.Bleve {
		return err
	}
	folder, err := os.MkdirTemp(r.temp, "bleve-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	begun := time.Now()
	ix, err := indexBleve(ctx, db, filepath.Join(folder, "index"))
	if err != nil {
		return err
	}
	defer ix.Close()
	fmt.Fprintf(r.to, "%sindexed by Bleve in %.1f s\n", name, time.Since(begun).Seconds())
	return r.time(ctx, name+"Bleve, ten hits", ix.system(10), queries)
}

func (r *runner) time(ctx context.Context, name string, s System, queries []Judged) error {
	p50, p95, err := Latency(ctx, s, queries, 3)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(r.to, "%s: p50 %.1f ms  p95 %.1f ms\n", name, ms(p50), ms(p95))
	return err
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
