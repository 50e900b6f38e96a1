// Package searcheval measures search: ranking quality on graded judgements, the decision that something is not carried, and latency.
//
// It is for commands and tests, not for serving. It never changes a catalogue.
//
//	judged, err := searcheval.ReadJudgments(file)
//	report, err := searcheval.Judge(ctx, searcheval.Catalogue(db), judged)
//	fmt.Print(report)
package searcheval

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"daogou/catalog"
)

// Judged is one query with the graded products that somebody looked at: product ID → 0 (wrong) to 3 (right).
type Judged struct {
	Query  string
	Grades map[string]int
}

// Answerable says whether some product is at least a little relevant.
func (j Judged) Answerable() bool {
	for _, g := range j.Grades {
		if g > 0 {
			return true
		}
	}
	return false
}

// ReadJudgments reads CSV with the columns query, docid, rating. Queries keep the order of their first line.
func ReadJudgments(r io.Reader) ([]Judged, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("searcheval: the judgements do not read as CSV: %w", err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], []string{"query", "docid", "rating"}) {
		return nil, fmt.Errorf("searcheval: the judgements must start with the line query,docid,rating")
	}
	var out []Judged
	at := map[string]int{}
	for i, row := range rows[1:] {
		g, err := strconv.Atoi(row[2])
		if err != nil || g < 0 || g > 10 {
			return nil, fmt.Errorf("searcheval: line %d: the rating %q is not a small number", i+2, row[2])
		}
		k, ok := at[row[0]]
		if !ok {
			k = len(out)
			at[row[0]] = k
			out = append(out, Judged{Query: row[0], Grades: map[string]int{}})
		}
		out[k].Grades[row[1]] = g
	}
	return out, nil
}

// Answer is what a search system says: product IDs, best first, and whether the shop carries such a thing.
type Answer struct {
	IDs     []string
	Carried bool
}

// System is something that can be judged. It returns up to 100 products.
type System func(ctx context.Context, query string) (Answer, error)

// Catalogue judges our own search.
func Catalogue(db *catalog.DB) System {
	return func(ctx context.Context, query string) (Answer, error) {
		res, err := db.Search(ctx, catalog.Query{Text: query, Limit: 100})
		if err != nil {
			return Answer{}, err
		}
		a := Answer{Carried: res.Carried}
		for _, h := range res.Hits {
			a.IDs = append(a.IDs, h.Product.ID)
		}
		return a, nil
	}
}

// Line is the measurement of one query.
type Line struct {
	Query      string
	Answerable bool
	NDCG       float64
	P10        float64
	Recall100  float64
	Carried    bool
	Took       time.Duration
}

// Report is the measurement of a system.
type Report struct {
	Lines []Line
}

// Judge runs every query. Gain is 2^grade − 1, unjudged counts as 0, and the ideal is over the judged products.
func Judge(ctx context.Context, s System, judged []Judged) (*Report, error) {
	r := &Report{}
	for _, j := range judged {
		start := time.Now()
		a, err := s(ctx, j.Query)
		if err != nil {
			return nil, fmt.Errorf("searcheval: query %q: %w", j.Query, err)
		}
		l := Line{Query: j.Query, Answerable: j.Answerable(), Carried: a.Carried, Took: time.Since(start)}
		l.NDCG, l.P10, l.Recall100 = grade(a.IDs, j.Grades)
		r.Lines = append(r.Lines, l)
	}
	return r, nil
}

func grade(ids []string, grades map[string]int) (ndcg, p10, recall float64) {
	gain := func(g int) float64 { return math.Exp2(float64(g)) - 1 }
	var all []int
	relevant := 0
	for _, g := range grades {
		all = append(all, g)
		if g > 0 {
			relevant++
		}
	}
	slices.SortFunc(all, func(a, b int) int { return b - a })
	var dcg, ideal float64
	for i := 0; i < 10; i++ {
		at := math.Log2(float64(i) + 2)
		if i < len(all) {
			ideal += gain(all[i]) / at
		}
		if i < len(ids) {
			dcg += gain(grades[ids[i]]) / at
		}
	}
	found := 0
	for i, id := range ids[:min(len(ids), 100)] {
		if grades[id] == 0 {
			continue
		}
		found++
		if i < 10 {
			p10 += 0.1
		}
	}
	if ideal == 0 || relevant == 0 {
		return 0, 0, 0
	}
	return dcg / ideal, p10, float64(found) / float64(relevant)
}

// Quality averages over the answerable queries.
func (r *Report) Quality() (n int, ndcg, p10, recall float64) {
	for _, l := range r.Lines {
		if l.Answerable {
			n++
			ndcg += l.NDCG
			p10 += l.P10
			recall += l.Recall100
		}
	}
	k := float64(max(n, 1))
	return n, ndcg / k, p10 / k, recall / k
}

// NoMatch measures the decision "not carried" against the queries without a relevant product.
func (r *Report) NoMatch() (precision, recall float64, said, without int) {
	right := 0
	for _, l := range r.Lines {
		if !l.Answerable {
			without++
		}
		if !l.Carried {
			said++
			if !l.Answerable {
				right++
			}
		}
	}
	return float64(right) / float64(max(said, 1)), float64(right) / float64(max(without, 1)), said, without
}

// Latency gives the median and the 95th percentile.
func (r *Report) Latency() (p50, p95 time.Duration) {
	var ds []time.Duration
	for _, l := range r.Lines {
		ds = append(ds, l.Took)
	}
	return percentiles(ds)
}

func percentiles(ds []time.Duration) (p50, p95 time.Duration) {
	if len(ds) == 0 {
		return 0, 0
	}
	slices.Sort(ds)
	return ds[len(ds)/2], ds[min(len(ds)-1, len(ds)*95/100)]
}

// String is the report as a table: one line a query, then the averages.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-28s %8s %6s %9s %8s %9s\n", "query", "nDCG@10", "P@10", "Recall100", "carried", "ms")
	for _, l := range r.Lines {
		if !l.Answerable {
			fmt.Fprintf(&b, "%-28.28s %8s %6s %9s %8v %9.2f\n", l.Query, "-", "-", "-", l.Carried, ms(l.Took))
			continue
		}
		fmt.Fprintf(&b, "%-28.28s %8.3f %6.2f %9.3f %8v %9.2f\n", l.Query, l.NDCG, l.P10, l.Recall100, l.Carried, ms(l.Took))
	}
	b.WriteString(r.Summary())
	return b.String()
}

// Summary is the averages alone.
func (r *Report) Summary() string {
	n, ndcg, p10, recall := r.Quality()
	precision, caught, said, without := r.NoMatch()
	p50, p95 := r.Latency()
	return fmt.Sprintf("%d answerable queries: nDCG@10 %.3f  P@10 %.3f  Recall@100 %.3f\n"+
		"not carried: said %d times, %d queries have nothing relevant: precision %.2f recall %.2f\n"+
		"latency: p50 %.1f ms  p95 %.1f ms\n", n, ndcg, p10, recall, said, without, precision, caught, ms(p50), ms(p95))
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Latency runs all queries rounds times after one round to warm up, and gives the median and the 95th percentile of a query.
func Latency(ctx context.Context, s System, judged []Judged, rounds int) (p50, p95 time.Duration, err error) {
	var took []time.Duration
	for round := 0; round <= rounds; round++ {
		for _, j := range judged {
			start := time.Now()
			if _, err := s(ctx, j.Query); err != nil {
				return 0, 0, fmt.Errorf("searcheval: query %q: %w", j.Query, err)
			}
			if round > 0 {
				took = append(took, time.Since(start))
			}
		}
	}
	p50, p95 = percentiles(took)
	return p50, p95, nil
}
