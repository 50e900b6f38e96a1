package searcheval

import (
	"context"
	"math"
	"strings"
	"testing"

	"daogou/catalog"
	"daogou/catalog/feed"
)

// mappedIcecat is the Icecat catalogue as "daogou import --map icecat" makes it, with product types.
func mappedIcecat(t testing.TB) *catalog.DB {
	file := data(t, "catalog_icecat", "products.jsonl.gz")
	return openAt(t, "icecat-mapped", func(to catalog.Sink) error {
		m, err := feed.LoadMapping("icecat")
		if err != nil {
			return err
		}
		_, err = feed.Run(context.Background(), to, feed.Options{Map: m}, file)
		return err
	})
}

// TestIcecat holds search to what it has reached on the public judgements, with product types and without, and prints the figures.
func TestIcecat(t *testing.T) {
	for _, c := range []struct {
		name string
		db   *catalog.DB
	}{{"with product types", mappedIcecat(t)}, {"without", icecatDB(t)}} {
		var b strings.Builder
		if err := Run(context.Background(), c.db, Options{Judgments: data(t, "catalog_icecat", "judgments_public.csv"), Baselines: true}, &b); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s\n%s", c.name, b.String())
		r, err := Judge(context.Background(), Catalogue(c.db), judgments(t))
		if err != nil {
			t.Fatal(err)
		}
		if _, ndcg, _, recall := r.Quality(); ndcg < 0.67 || recall < 0.85 {
			t.Errorf("%s: nDCG@10 %.3f, Recall@100 %.3f", c.name, ndcg, recall)
		}
	}
}

func TestGrade(t *testing.T) {
	grades := map[string]int{"a": 3, "b": 1, "c": 0, "d": 2}
	ideal := 7 + 3/math.Log2(3) + 1/2.0
	for _, c := range []struct {
		ids               string
		ndcg, p10, recall float64
	}{
		{"a d b", 1, 0.3, 1},
		{"c x a", 7 / 2.0 / ideal, 0.1, 1.0 / 3},
		{"", 0, 0, 0},
	} {
		ndcg, p10, recall := grade(strings.Fields(c.ids), grades)
		for _, d := range []float64{ndcg - c.ndcg, p10 - c.p10, recall - c.recall} {
			if math.Abs(d) > 1e-9 {
				t.Errorf("%q: %v %v %v, want %v", c.ids, ndcg, p10, recall, c)
			}
		}
	}
}

func TestReadJudgments(t *testing.T) {
	js, err := ReadJudgments(strings.NewReader("query,docid,rating\nmug,1,3\ncup,2,0\nmug,3,0\n"))
	if err != nil || len(js) != 2 || !js[0].Answerable() || js[1].Answerable() || js[0].Grades["1"] != 3 {
		t.Errorf("%+v %v", js, err)
	}
	for _, bad := range []string{"", "a,b,c\n", "query,docid,rating\nmug,1,x\n", "query,docid,rating\nmug,1\n"} {
		if _, err := ReadJudgments(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}
