package catalog

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// knownItems makes queries from the catalogue itself: one to three neighbouring words of a product's title or description. A good
// ranking has the product that a query was taken from high, on the average.
func knownItems(t testing.TB, db *DB, n int) (queries, want []string) {
	rng := rand.New(rand.NewPCG(7, 1))
	var all []*Product
	if err := db.All(context.Background(), func(p *Product) error { all = append(all, p); return nil }); err != nil {
		t.Fatal(err)
	}
	for len(queries) < n {
		p := all[rng.IntN(len(all))]
		text := p.Title.In("en")
		if rng.IntN(2) == 0 && p.Description.In("en") != "" {
			text = p.Description.In("en")
		}
		var run []string
		var runs [][]string
		for _, w := range analyse(text, 60) {
			if w.kind == plainWord && isPlain(w.raw) && len(w.raw) > 2 && w.raw != strings.ToLower(p.Brand) {
				run = append(run, w.raw)
				continue
			}
			if len(run) > 0 {
				runs = append(runs, run)
			}
			run = nil
		}
		if len(run) > 0 {
			runs = append(runs, run)
		}
		if len(runs) == 0 {
			continue
		}
		r := runs[rng.IntN(len(runs))]
		k := min(len(r), 1+rng.IntN(3))
		i := rng.IntN(len(r) - k + 1)
		queries = append(queries, strings.Join(r[i:i+k], " "))
		want = append(want, p.ID)
	}
	return
}

func TestTune(t *testing.T) {
	dir := os.Getenv("DAOGOU_EVAL_DIR")
	if dir == "" || os.Getenv("DAOGOU_TUNE") == "" {
		t.Skip("set DAOGOU_TUNE and DAOGOU_EVAL_DIR to measure weights on known-item queries")
	}
	db, err := Open(filepath.Join(dir, "icecat.db"), ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	qs, want := knownItems(t, db, 400)
	t.Log(qs[:30])
	base, baseLen, baseK, baseKind := columnWeight, columnLength, k1, weightKind
	run := func(name string) {
		mrr, r10, r100 := 0.0, 0.0, 0.0
		for i, q := range qs {
			res, err := db.Search(context.Background(), Query{Text: q, Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			for k, h := range res.Hits {
				if h.Product.ID == want[i] {
					mrr += 1 / float64(k+1)
					r100++
					if k < 10 {
						r10++
					}
				}
			}
		}
		n := float64(len(qs))
		t.Logf("%-40s MRR %.3f R@10 %.3f R@100 %.3f", name, mrr/n, r10/n, r100/n)
	}
	run("base")
	weightKind = 0
	for _, b := range []float64{0.4, 0.75} {
		lengthB = b
		for _, l := range [][columns]float64{{1, 0, 0, 0, 1, 0}, {1, 0, 0, 0.1, 1, 0}} {
			columnLength = l
			for _, w := range [][columns]float64{{1, 1, 1, .1, 1, 2}, {1, 1, 1, .3, 1, 2}, {2, 2, 2, .3, 1, 3}} {
				columnWeight = w
				run(fmt.Sprint("b ", b, " l ", l, " w ", w))
			}
		}
	}
	columnWeight, columnLength, k1, weightKind = base, baseLen, baseK, baseKind
}
