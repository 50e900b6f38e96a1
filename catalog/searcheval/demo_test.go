package searcheval

import (
	"context"
	"os"
	"strings"
	"testing"

	"daogou/catalog"
	"daogou/catalog/demo"
)

// TestDemoSearches runs testdata/searches.txt on the demo catalogue.
func TestDemoSearches(t *testing.T) {
	db := openAt(t, "demo", func(to catalog.Sink) error {
		_, err := demo.Generate(context.Background(), to)
		return err
	})
	b, err := os.ReadFile("testdata/searches.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(b), "\n") {
		q, want, ok := strings.Cut(line, " | ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		res, err := db.Search(context.Background(), catalog.Query{Text: q})
		if err != nil {
			t.Fatal(err)
		}
		got := "-"
		if res.Carried {
			path := res.Hits[0].Product.Category
			got = path[len(path)-1]
		}
		if got != want {
			t.Errorf("%s: %s, want %s (confidence %.2f, category %q, corrected %v)", q, got, want, res.Confidence, res.Category, res.Corrected)
		}
	}
}
