package feed

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"daogou/catalog"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files anew")

var testNow = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)

// run imports files into a sink and fails on a broken one.
func run(t testing.TB, sink catalog.Sink, opts Options, files ...string) *Report {
	t.Helper()
	if opts.Now.IsZero() {
		opts.Now = testNow
	}
	rep, err := Run(context.Background(), sink, opts, files...)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

// TestGolden imports each fixture and compares all that reached the sink and the report with the golden file.
func TestGolden(t *testing.T) {
	lamps, err := LoadMapping(filepath.Join("testdata", "lamps.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		opts  Options
		files []string
	}{
		{"google_tsv", Options{}, []string{"google.tsv"}},
		{"google_csv", Options{}, []string{"google.csv"}},
		{"google_rss", Options{}, []string{"google_rss.xml"}},
		{"google_atom", Options{}, []string{"google_atom.xml"}},
		{"google_market", Options{Market: "DE"}, []string{"google.csv"}},
		{"shopify_old", Options{Currency: "EUR"}, []string{"shopify_old.csv"}},
		{"shopify_new", Options{}, []string{"shopify_new.csv"}},
		{"jsonld", Options{}, []string{"product.jsonld"}},
		{"html", Options{}, []string{"page.html"}},
		{"own", Options{}, []string{"own.jsonl"}},
		{"mapped", Options{Map: lamps}, []string{"lamps.csv"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			sink := newMemory()
			sink.strict = c.name != "own" // a product line may use what no line declares; that is a warning
			rep := run(t, sink, c.opts, inTestdata(c.files)...)
			compareGolden(t, c.name, sink.dump(rep))
			again := run(t, sink, c.opts, inTestdata(c.files)...)
			if again.Added+again.Updated+again.Removed != 0 || again.Unchanged != rep.Products() {
				t.Errorf("the second import changed something: %+v", again)
			}
			dry := c.opts
			dry.DryRun = true
			if d := run(t, sink, dry, inTestdata(c.files)...); d.Added+d.Updated != 0 || d.Unchanged != rep.Products() || d.Errors != rep.Errors {
				t.Errorf("the dry run found something else: %+v", d)
			}
			if d := run(t, nil, dry, inTestdata(c.files)...); d.Added != rep.Products() {
				t.Errorf("a dry run without a catalogue found %d products, not %d", d.Added, rep.Products())
			}
		})
	}
}

func inTestdata(files []string) []string {
	var out []string
	for _, f := range files {
		out = append(out, filepath.Join("testdata", f))
	}
	return out
}

// dump is what a golden file holds.
func (m *memory) dump(rep *Report) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	issues := rep.Issues
	rep.Issues = nil
	enc.Encode(map[string]any{"report": rep})
	for _, i := range issues {
		i.File = filepath.Base(i.File)
		enc.Encode(map[string]any{"issue": i.String()})
	}
	rep.Issues = issues
	enc.Encode(map[string]any{"defaults": map[string]any{"currency": m.currency, "warehouses": m.warehouses}})
	for _, id := range slices.Sorted(maps.Keys(m.categories)) {
		enc.Encode(map[string]any{"category": m.categories[id]})
	}
	for _, id := range slices.Sorted(maps.Keys(m.facets)) {
		enc.Encode(map[string]any{"facet": m.facets[id]})
	}
	for _, name := range slices.Sorted(maps.Keys(m.brands)) {
		enc.Encode(map[string]any{"brand": m.brands[name]})
	}
	for _, id := range slices.Sorted(maps.Keys(m.products)) {
		b.Write(m.products[id])
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func compareGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *rewrite {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -rewrite to make it)", err)
	}
	if bytes.Equal(got, want) {
		return
	}
	g, w := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || !bytes.Equal(g[i], w[i]) {
			t.Fatalf("%s line %d differs:\n got %s\nwant %s", path, i+1, at(g, i), at(w, i))
		}
	}
}

func at(lines [][]byte, i int) []byte {
	if i >= len(lines) {
		return nil
	}
	return lines[i]
}
