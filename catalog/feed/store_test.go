package feed

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"daogou/catalog"
)

// TestIntoTheStore imports every fixture into a real catalogue, again without a change, and then a cut file that must change nothing.
func TestIntoTheStore(t *testing.T) {
	ctx := context.Background()
	db, err := catalog.Open(filepath.Join(t.TempDir(), "c.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	load := func(opts Options, path string) (*Report, error) {
		var rep *Report
		opts.Now = testNow
		_, err := db.Import(ctx, func(s catalog.Sink) error {
			var err error
			rep, err = Run(ctx, s, opts, path)
			return err
		})
		return rep, err
	}
	lamps, err := LoadMapping(filepath.Join("testdata", "lamps.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, c := range []struct {
		file string
		opts Options
	}{
		{"google.tsv", Options{}}, {"google_rss.xml", Options{}}, {"shopify_old.csv", Options{Currency: "EUR"}}, {"shopify_new.csv", Options{}},
		{"product.jsonld", Options{}}, {"own.jsonl", Options{}}, {"lamps.csv", Options{Map: lamps}},
	} {
		path := filepath.Join("testdata", c.file)
		rep, err := load(c.opts, path)
		if err != nil {
			t.Fatalf("%s: %v", c.file, err)
		}
		total += rep.Added
		again, err := load(c.opts, path)
		if err != nil || again.Unchanged != rep.Added || again.Added+again.Updated+again.Removed != 0 {
			t.Errorf("%s: the second import: %v %+v, the first %+v", c.file, err, again, rep)
		}
	}
	before, err := db.Version(ctx)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join("testdata", "google_rss.xml"))
	if err != nil {
		t.Fatal(err)
	}
	cut := file(t, "cut.xml", strings.ReplaceAll(string(b[:len(b)*3/4]), "L1", "X1"))
	if _, err := load(Options{}, cut); err == nil || !strings.Contains(err.Error(), "cut.xml:") {
		t.Errorf("a cut file: %v", err)
	}
	after, err := db.Version(ctx)
	if err != nil || after != before {
		t.Errorf("a cut file moved the version from %d to %d (%v)", before, after, err)
	}
	n := 0
	if err := db.All(ctx, func(*catalog.Product) error { n++; return nil }); err != nil || n != total {
		t.Errorf("%d products of %d are left (%v)", n, total, err)
	}
	rep, err := load(Options{Replace: true}, filepath.Join("testdata", "google_rss.xml"))
	if err != nil || rep.Removed != total-2 {
		t.Errorf("replace removed %+v of %d (%v)", rep, total, err)
	}
}
