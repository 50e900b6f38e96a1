package searcheval

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"

	"daogou/catalog"
)

// kindQueries is askKinds for tests.
func kindQueries(t testing.TB, db *catalog.DB) []asked {
	qs, err := askKinds(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	return qs
}

// TestKinds prints the precision of the first ten hits on queries for product types, beside plain BM25, with product types and without.
func TestKinds(t *testing.T) {
	if os.Getenv("DAOGOU_TUNE") == "" {
		t.Skip("set DAOGOU_TUNE=1 to measure ranking on queries for product types")
	}
	ctx := context.Background()
	db := mappedIcecat(t)
	qs := kindQueries(t, db)
	bs, err := Baselines(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	systems := []struct {
		name string
		s    System
	}{{"ours", Catalogue(db)}, {"ours, no types", Catalogue(icecatDB(t))}, {bs[0].Name, bs[0].Index.Search}, {bs[1].Name, bs[1].Index.Search}}
	sum := map[string][]float64{}
	var forms []string
	for _, q := range qs {
		var line []float64
		for i, s := range systems {
			a, err := s.s(ctx, q.query)
			if err != nil {
				t.Fatal(err)
			}
			hit := 0
			for _, id := range a.IDs[:min(10, len(a.IDs))] {
				if q.right[id] {
					hit++
				}
			}
			p := float64(hit) / float64(min(10, len(q.right)))
			line = append(line, p)
			key := fmt.Sprint(q.form, i)
			sum[key] = append(sum[key], p)
		}
		if !slices.Contains(forms, q.form) {
			forms = append(forms, q.form)
		}
		if line[0] < 0.5 || line[0] < slices.Max(line)-0.25 {
			t.Logf("low: %-16s %-34q %4d right: %.2f", q.form, q.query, len(q.right), line)
		}
	}
	for _, f := range forms {
		for i, s := range systems {
			v := sum[fmt.Sprint(f, i)]
			total := 0.0
			for _, x := range v {
				total += x
			}
			t.Logf("%-16s %4d queries  %-26s P@10 %.3f", f, len(v), s.name, total/float64(len(v)))
		}
	}
}
