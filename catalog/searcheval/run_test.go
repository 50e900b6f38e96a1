package searcheval

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"daogou/catalog"
	"daogou/catalog/demo"
)

// TestRun measures the demo catalogue in every way that the command offers.
func TestRun(t *testing.T) {
	db := openAt(t, "demo", func(to catalog.Sink) error {
		_, err := demo.Generate(context.Background(), to)
		return err
	})
	var id string
	if err := db.All(t.Context(), func(p *catalog.Product) error { id = p.ID; return nil }); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "judged.csv")
	if err := os.WriteFile(file, []byte("query,docid,rating\ntent,"+id+",0\nheadphones,"+id+",3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := Run(t.Context(), db, Options{Judgments: file, Baselines: true, Bleve: hasBleve, Latency: true, Sizes: []int{1600}}, &out); err != nil {
		t.Fatal(err)
	}
	wants := []string{"1 answerable queries", "BM25, title", "1600 products, ready in", "1600 products, daogou, ten hits: p50"}
	if hasBleve {
		wants = append(wants, "Bleve, default analysers", "1600 products, Bleve, ten hits: p50")
	}
	for _, want := range wants {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, &out)
		}
	}
	for says, o := range map[string]Options{"--judgments": {}, "not between": {Sizes: []int{0}}, "nofile.csv": {Judgments: "nofile.csv"}} {
		if err := Run(t.Context(), db, o, &out); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestReplicated(t *testing.T) {
	from := openAt(t, "demo", func(to catalog.Sink) error {
		_, err := demo.Generate(context.Background(), to)
		return err
	})
	dir := t.TempDir()
	for range 2 { // made, then found
		db, err := replicated(t.Context(), from, dir, 2000)
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		if err := db.All(t.Context(), func(p *catalog.Product) error { ids[p.ID] = true; return nil }); err != nil {
			t.Fatal(err)
		}
		db.Close()
		if len(ids) != 2000 {
			t.Errorf("%d products, want 2000", len(ids))
		}
	}
	empty, err := catalog.Open(filepath.Join(dir, "empty.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close()
	if _, err := replicated(t.Context(), empty, dir, 10); err == nil {
		t.Error("ten products were made of none")
	}
}
