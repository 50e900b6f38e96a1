package feed

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// fuzzFormat feeds bytes to one reader. Whatever they are, there is no panic, and what is accepted keeps the sink's rules.
func fuzzFormat(f *testing.F, opts Options, files ...string) {
	for _, name := range files {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<16 {
			return
		}
		o := opts
		o.Stdin = strings.NewReader(string(b))
		sink := newMemory()
		sink.strict = opts.Format != FormatJSONL || opts.Map != nil
		rep, err := Run(context.Background(), sink, o, "-")
		for id, p := range sink.products {
			if id == "" || !utf8.Valid(p) {
				t.Fatalf("product %q: %q", id, p)
			}
		}
		if err == nil && rep.Added+rep.Updated+rep.Unchanged < len(sink.products) {
			t.Fatalf("%d products, report %+v", len(sink.products), rep)
		}
	})
}

func FuzzGoogleTable(f *testing.F) {
	fuzzFormat(f, Options{Format: FormatGoogle}, "google.tsv", "google.csv")
}
func FuzzGoogleXML(f *testing.F) {
	fuzzFormat(f, Options{Format: FormatGoogle}, "google_rss.xml", "google_atom.xml")
}
func FuzzShopify(f *testing.F) {
	fuzzFormat(f, Options{Format: FormatShopify}, "shopify_old.csv", "shopify_new.csv", "shopify_update.csv")
}
func FuzzJSONLD(f *testing.F) {
	fuzzFormat(f, Options{Format: FormatJSONLD}, "product.jsonld", "page.html")
}
func FuzzOwnLines(f *testing.F) { fuzzFormat(f, Options{Format: FormatJSONL}, "own.jsonl") }

func FuzzMapped(f *testing.F) {
	m, err := LoadMapping(filepath.Join("testdata", "lamps.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	fuzzFormat(f, Options{Map: m}, "lamps.csv")
}

func FuzzMapping(f *testing.F) {
	b, err := os.ReadFile(filepath.Join("testdata", "lamps.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(b))
	f.Add("fields: {id: id, title: {en: t}}\ntypes: [{title: '(', to: x}]")
	f.Add("fields: {id: &a [x], title: *a}")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<14 {
			return
		}
		m, err := ParseMapping("fuzz", []byte(s))
		if err != nil {
			return
		}
		sink := newMemory()
		sink.strict = false
		_, _ = Run(context.Background(), sink, Options{Map: m, Stdin: strings.NewReader("id,title\n1,One thing\n")}, "-")
	})
}

func FuzzMoney(f *testing.F) {
	for _, s := range []string{"15.00 USD", "1.299,00 €", "￥１２", "-3", "", "1e9 EUR", "9999999999999999 KWD"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := parseMoney(s, "EUR")
		if err == nil && (m.Minor < 0 || len(m.Currency) != 3) {
			t.Fatalf("%q became %+v", s, m)
		}
	})
}

func FuzzText(f *testing.F) {
	f.Add("<p>a<br>b</p>&amp;")
	f.Add("<script><b></script>x")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<14 {
			return
		}
		p := plain(s)
		if utf8.ValidString(s) && !utf8.ValidString(p) {
			t.Fatalf("%q became the broken %q", s, p)
		}
		quantities(s, "g", "g")
		slug(s, '-')
	})
}
