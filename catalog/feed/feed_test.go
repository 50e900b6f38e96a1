package feed

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"daogou/catalog"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// file writes a temporary feed.
func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func product(t testing.TB, m *memory, id string) *catalog.Product {
	t.Helper()
	p, err := m.Product(context.Background(), id)
	if err != nil {
		t.Fatalf("product %s: %v (there are %d)", id, err, len(m.products))
	}
	return p
}

func TestShopifyMissingKeepsBlankClears(t *testing.T) {
	sink := newMemory()
	run(t, sink, Options{Currency: "EUR"}, inTestdata([]string{"shopify_old.csv"})...)
	before := product(t, sink, "wool-hat")
	rep := run(t, sink, Options{Currency: "EUR"}, inTestdata([]string{"shopify_update.csv"})...)
	after := product(t, sink, "wool-hat")
	if rep.Updated != 1 {
		t.Fatalf("report %+v", rep)
	}
	if after.Brand != before.Brand || len(after.Images) != 3 || after.Category[0] != "hats" || len(after.Facets["tags"]) != 2 {
		t.Errorf("a missing column changed something: %+v", after)
	}
	if len(after.Description) != 0 {
		t.Errorf("a blank description did not clear the old one: %v", after.Description)
	}
	if after.Prices[0].Amount.Minor != 2200 || after.Prices[0].Sale != nil {
		t.Errorf("prices are %+v", after.Prices)
	}
	v := after.Variants[0]
	if len(after.Variants) != 3 || v.SKU != "WH-R-S" || v.GTIN != "4006381333931" || v.Stock["main"] != 3 || v.Image == "" {
		t.Errorf("variants lost what the file does not speak of: %+v", after.Variants)
	}
	if after.Variants[2].Prices[0].Amount.Minor != 2400 {
		t.Errorf("the navy hat costs %+v", after.Variants[2].Prices)
	}
}

func TestShopifyWithdraws(t *testing.T) {
	sink := newMemory()
	run(t, sink, Options{Currency: "EUR"}, inTestdata([]string{"shopify_old.csv"})...)
	draft := file(t, "draft.csv", "Handle,Title,Vendor,Status\ngift-bag,Gift bag,Northy,draft\n")
	if rep := run(t, sink, Options{Currency: "EUR"}, draft); rep.Removed != 1 || rep.Codes["withdrawn"] != 1 {
		t.Errorf("report %+v", rep)
	}
	if _, err := sink.Product(context.Background(), "gift-bag"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("a draft is still on sale: %v", err)
	}
}

func TestShopifyOnlyTitleIsNeeded(t *testing.T) {
	sink := newMemory()
	path := file(t, "t.csv", "Title,Vendor\nA plain thing,Me\n,Nobody\n")
	rep := run(t, sink, Options{Format: FormatShopify}, path)
	if p := product(t, sink, "a-plain-thing"); p.Title.In("en") != "A plain thing" || rep.Added != 1 {
		t.Errorf("%+v %+v", p, rep)
	}
}

func TestScatteredVariantsAreOneProduct(t *testing.T) {
	sink := newMemory()
	var b strings.Builder
	b.WriteString("id\ttitle\tprice\timage_link\titem_group_id\tsize\n")
	for i := range 30 {
		fmt.Fprintf(&b, "v%d\tShirt number %d\t10.00 EUR\thttps://x.example/i.jpg\tg%d\tS%d\n", i, i%3, i%3, i)
	}
	path := file(t, "g.tsv", b.String())
	if rep := run(t, sink, Options{}, path); rep.Added != 3 || rep.Rows != 30 || len(product(t, sink, "g1").Variants) != 10 {
		t.Errorf("%+v", rep)
	}
	_, err := Run(context.Background(), newMemory(), Options{pendingMax: 2000}, path)
	if err == nil || !strings.Contains(err.Error(), "sort it by") {
		t.Errorf("too many open groups: %v", err)
	}
}

func TestReplaceRemovesTheRest(t *testing.T) {
	sink := newMemory()
	run(t, sink, Options{}, inTestdata([]string{"google.tsv"})...)
	run(t, sink, Options{}, inTestdata([]string{"google_rss.xml"})...)
	rep := run(t, sink, Options{Replace: true}, inTestdata([]string{"google_rss.xml"})...)
	if rep.Removed != 3 || rep.Unchanged != 2 || len(sink.products) != 2 {
		t.Errorf("%+v, %d products", rep, len(sink.products))
	}
	bad := file(t, "bad.tsv", "id\ttitle\tprice\nx\t\t3 EUR\n")
	if _, err := Run(context.Background(), sink, Options{Replace: true}, bad); err == nil || len(sink.products) != 2 {
		t.Errorf("a feed without a good product replaced the catalogue: %v", err)
	}
}

func TestMarketKeepsOtherMarkets(t *testing.T) {
	sink := newMemory()
	line := "id,title,price,link\na,Thing,%s,https://x.example\n"
	run(t, sink, Options{}, file(t, "us.csv", fmt.Sprintf(line, "10.00 USD")))
	run(t, sink, Options{Market: "DE"}, file(t, "de.csv", fmt.Sprintf(line, "9.00 EUR")))
	if p := product(t, sink, "a"); len(p.Prices) != 2 || sink.currency != "USD" {
		t.Errorf("prices %+v, default %s", p.Prices, sink.currency)
	}
}

func TestStandardInput(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("testdata", "google_rss.xml"))
	if err != nil {
		t.Fatal(err)
	}
	var gz bytes.Buffer
	w := gzip.NewWriter(&gz)
	w.Write(b)
	w.Close()
	for name, in := range map[string]io.Reader{"plain": bytes.NewReader(b), "gzip": &gz} {
		sink := newMemory()
		if rep := run(t, sink, Options{Stdin: in, Source: "pipe"}, "-"); rep.Added != 2 {
			t.Errorf("%s: %+v", name, rep)
		}
	}
}

// TestEncodings writes one feed in each encoding and wants the same product from all.
func TestEncodings(t *testing.T) {
	const text = "id\ttitle\tprice\timage_link\nz1\t纯棉四件套\t899.00 CNY\thttps://x.example/i.jpg\n"
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String(text)
	u16, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	u16be, _ := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)
	for name, content := range map[string]string{"utf8": text, "bom": "\ufeff" + text, "gb18030": gb, "utf16le": u16, "utf16be": u16be} {
		sink := newMemory()
		rep := run(t, sink, Options{}, file(t, "f.tsv", content))
		if p := product(t, sink, "z1"); p.Title["zh"] != "纯棉四件套" || len(rep.Issues) != 0 {
			t.Errorf("%s: %v, %v", name, p.Title, rep.Issues)
		}
	}
	sink := newMemory()
	xml := `<?xml version="1.0" encoding="GBK"?><rss xmlns:g="http://base.google.com/ns/1.0"><item><g:id>x</g:id><title>`
	mid, _ := simplifiedchinese.GBK.NewEncoder().String("茶几")
	run(t, sink, Options{}, file(t, "f.xml", xml+mid+`</title><g:price>1 CNY</g:price></item></rss>`))
	if p := product(t, sink, "x"); p.Title["zh"] != "茶几" {
		t.Errorf("GBK XML: %v", p.Title)
	}
}

func TestBrokenUTF8IsMendedAndReported(t *testing.T) {
	sink := newMemory()
	good := strings.Repeat("g%d\tGrüße und Maße\t1 EUR\n", 1)
	content := "id\ttitle\tprice\n" + fmt.Sprintf(good, 1) + "b1\tBad \xff\xfe title\t1 EUR\n" + fmt.Sprintf(good, 2)
	rep := run(t, sink, Options{}, file(t, "f.tsv", content))
	if p := product(t, sink, "b1"); p.Title["en"] != "Bad \ufffd\ufffd title" || rep.Codes["invalid-utf8"] != 1 || rep.Issues[0].Line != 3 {
		t.Errorf("%v %v", p.Title, rep.Issues)
	}
}

// TestBrokenFiles wants an error with file and line for each way in which a file is cut or broken.
func TestBrokenFiles(t *testing.T) {
	m, err := ParseMapping("m", []byte("fields: {id: id, title: t}"))
	if err != nil {
		t.Fatal(err)
	}
	var gz bytes.Buffer
	w := gzip.NewWriter(&gz)
	for i := range 5000 {
		fmt.Fprintf(w, "{\"id\":\"%d\",\"t\":\"a title that is %d long\"}\n", i, i*i)
	}
	w.Close()
	damaged := bytes.Clone(gz.Bytes())
	damaged[len(damaged)-6] ^= 0xff
	for _, c := range []struct {
		name, content string
		m             *Mapping
		want          string
	}{
		{"cut.tsv", "id\ttitle\tprice\na\tA\t1 EUR\nb\tB", nil, "cut.tsv:3: the last row has 2 of 3 fields"},
		{"quote.csv", "id,title,price\na,\"A,1 EUR\nb,B,2 EUR\n", nil, "quote.csv:2: the quoted field"},
		{"cut.xml", `<rss><channel><item><title>x`, nil, "cut.xml:1: the XML ends in the middle"},
		{"broken.xml", "<rss>\n<channel></rss>", nil, "broken.xml:2: the XML is broken"},
		{"entity.xml", "<rss>\n<item>&nosuch;</item></rss>", nil, "entity.xml:2: the XML is broken"},
		{"cut.json", "{\"@context\":\"https://schema.org\",\n\"@type\":\"Product\",", nil, "cut.json:2: the JSON ends"},
		{"broken.json", "{\"@context\":\"https://schema.org\",\n\"@type\":}", nil, "broken.json:2: the JSON is broken"},
		{"cut.jsonl", "{\"id\":\"1\",\"t\":\"x\"}\n{\"id\":\"2\",", m, "cut.jsonl:2: the last line is not JSON"},
		{"cut.jsonl.gz", gz.String()[:gz.Len()/2], m, "the file is cut"},
		{"sum.jsonl.gz", string(damaged), m, "damaged"},
		{"head.gz", "\x1f\x8bnonsense", m, "gzip header"},
		{"empty.csv", "", nil, "empty"},
		{"unknown.csv", "a,b,c\n1,2,3\n", nil, "give a mapping"},
		{"unknown.jsonl", "{\"sku\":\"1\"}\n", nil, "give a mapping"},
		{"deep.json", `{"@context":"x","a":` + strings.Repeat(`[`, 5000), nil, "nested deeper"},
		{"long.jsonl", `{"id":"1","t":"` + strings.Repeat("x", maxLine) + "\"}\n", m, "long.jsonl:1: the line is longer than 8 MB"},
		{"long.csv", "id,title,price\na,\"" + strings.Repeat("y\n", maxLine/2+1) + "\",1\n", nil, "long.csv:2: the row that starts here is longer than 8 MB"},
		{"long.xml", "<rss><item><title>" + strings.Repeat("z", maxLine+10) + "</title></item></rss>", nil, "longer than 8 MB"},
	} {
		_, err := Run(context.Background(), newMemory(), Options{Map: c.m}, file(t, c.name, c.content))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestBadCalls(t *testing.T) {
	path := filepath.Join("testdata", "google.tsv")
	for _, c := range []struct {
		opts  Options
		sink  catalog.Sink
		files []string
		want  string
	}{
		{Options{}, newMemory(), nil, "no file"},
		{Options{}, nil, []string{path}, "no catalogue"},
		{Options{Currency: "ZZZ"}, newMemory(), []string{path}, "not a currency"},
		{Options{Format: "xls"}, newMemory(), []string{path}, "none of"},
		{Options{Format: "csv"}, newMemory(), []string{path}, "needs a mapping"},
		{Options{}, newMemory(), []string{"nosuch.csv"}, "nosuch.csv"},
		{Options{}, newMemory(), []string{t.TempDir()}, "not a regular file"},
	} {
		if _, err := Run(context.Background(), c.sink, c.opts, c.files...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %q", c.opts, err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, newMemory(), Options{}, path); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled import: %v", err)
	}
}

// TestIssuesAreCappedAndCounted reads 5,000 bad rows: the report keeps few of them and counts all.
func TestIssuesAreCappedAndCounted(t *testing.T) {
	var b strings.Builder
	b.WriteString("id\ttitle\tprice\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "a%d\tThing\tnothing\n", i)
	}
	b.WriteString("ok\tThing\t1 EUR\n")
	sink := newMemory()
	rep := run(t, sink, Options{MaxIssues: 50}, file(t, "f.tsv", b.String()))
	if rep.Codes["bad-price"] != 5000 || rep.Skipped != 5000 || rep.Rows != 5001 || len(rep.Issues) > 50 || rep.Added != 1 {
		t.Errorf("%d issues kept, %+v", len(rep.Issues), rep.Codes)
	}
}

// endless is a feed of n rows made while it is read.
type endless struct {
	n, i int
	buf  []byte
}

func (e *endless) Read(p []byte) (int, error) {
	for len(e.buf) == 0 {
		if e.i > e.n {
			return 0, io.EOF
		}
		if e.i == 0 {
			e.buf = []byte("id\ttitle\tdescription\tprice\tcolor\n")
		} else {
			e.buf = fmt.Appendf(nil, "p%d\tProduct number %d\t%s\t%d.99 EUR\tred\n", e.i, e.i, strings.Repeat("word ", 100), e.i%500)
		}
		e.i++
	}
	n := copy(p, e.buf)
	e.buf = e.buf[n:]
	return n, nil
}

// TestMemoryIsBounded imports about 50 MB and wants the heap to stay far below it.
func TestMemoryIsBounded(t *testing.T) {
	sink := newMemory()
	sink.forget = true
	var peak uint64
	opts := Options{Stdin: &endless{n: 90_000}, Progress: func(read, total int64, rows int) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapAlloc)
		if read > total {
			t.Errorf("read %d of %d bytes", read, total)
		}
	}}
	rep := run(t, sink, opts, "-")
	if rep.Added != 90_000 || rep.Errors != 0 {
		t.Fatalf("%+v", rep)
	}
	if peak > 40<<20 {
		t.Errorf("the heap grew to %d MB", peak>>20)
	}
	t.Logf("peak heap %d MB", peak>>20)
}

// TestPublicCatalogues imports every public catalogue.
func TestPublicCatalogues(t *testing.T) {
	for _, c := range []struct {
		mapping  string
		currency string
		path     []string
		added    int
		skipped  int
		typed    float64 // least share of products with a type that says something
	}{
		{"icecat", "USD", []string{"catalog_icecat", "products.jsonl.gz"}, 19406, 0, 0.95},
		{"litemall", "CNY", []string{"catalog_litemall_zh", "products.jsonl"}, 239, 0, 1},
		{"fashion", "", []string{"catalog_fashion", "products.jsonl"}, 14997, 2, 1},
		{"dummyjson", "USD", []string{"catalog_small_en", "dummyjson_products.jsonl"}, 194, 0, 1},
		{"", "USD", []string{"catalog_formats", "shopify_apparel.csv"}, 20, 0, 0},
		{"", "USD", []string{"catalog_formats", "shopify_jewelery.csv"}, 20, 0, 1},
		{"", "USD", []string{"catalog_formats", "shopify_home-and-garden.csv"}, 20, 0, 1},
	} {
		t.Run(filepath.Base(c.path[len(c.path)-1]), func(t *testing.T) {
			path := data(t, c.path...)
			opts := Options{}
			if c.mapping != "" {
				m, err := LoadMapping(c.mapping)
				if err != nil {
					t.Fatal(err)
				}
				opts.Map = m
			}
			sink := newMemory()
			rep := run(t, sink, opts, path)
			if rep.Added != c.added || rep.Skipped != c.skipped || sink.currency != c.currency {
				t.Errorf("added %d, skipped %d, currency %q; want %d, %d, %q", rep.Added, rep.Skipped, sink.currency, c.added, c.skipped, c.currency)
			}
			typed := sink.typed(t)
			if share := float64(typed) / float64(rep.Added); share < c.typed {
				t.Errorf("%.1f %% of the products have a type, want %.1f %%", 100*share, 100*c.typed)
			}
			t.Logf("%d products, %d typed, %d categories, %d facets, %d warnings", rep.Added, typed, len(sink.categories), len(sink.facets), rep.Warnings)
		})
	}
}

// typed counts the products in a category other than "other".
func (m *memory) typed(t *testing.T) int {
	n := 0
	for id := range m.products {
		if c := product(t, m, id).Category; len(c) > 0 && c[len(c)-1] != "other" {
			n++
		}
	}
	return n
}
