package demo

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"

	"daogou/catalog"
)

func mustBook(t *testing.T) *book {
	t.Helper()
	b, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func allProducts(t *testing.T) []*catalog.Product {
	t.Helper()
	var out []*catalog.Product
	if err := Products(func(p *catalog.Product) error { out = append(out, p); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSizeOfCatalogue(t *testing.T) {
	b := mustBook(t)
	verticals := 0
	for _, table := range b.tables {
		if table.Vertical != nil {
			verticals++
		}
	}
	n := len(allProducts(t))
	t.Logf("%d verticals, %d types, %d facets, %d products", verticals, len(b.types), len(b.facets()), n)
	if verticals != 12 || len(b.types) < 145 || n < 1200 {
		t.Errorf("%d verticals, %d types, %d products; want 12, about 150, at least 1200", verticals, len(b.types), n)
	}
}

func TestSameTablesGiveSameProducts(t *testing.T) {
	digest := func() string {
		b, err := readBook(tableFiles, "tables")
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		enc := json.NewEncoder(h)
		if err := b.products(func(p *catalog.Product) error { return enc.Encode(p) }); err != nil {
			t.Fatal(err)
		}
		return string(h.Sum(nil))
	}
	if a, b := digest(), digest(); a != b {
		t.Error("two runs over the same tables differ")
	}
}

func TestEveryProductIsValid(t *testing.T) {
	b := mustBook(t)
	schema := catalog.NewSchema(1, "USD", b.categories(), b.facets(), nil)
	seen := map[string]string{} // ids, titles and GTINs
	unique := func(what, s, id string) {
		if s == "" || seen[what+s] != "" {
			t.Errorf("%s: %s %q is empty or also that of %s", id, what, s, seen[what+s])
		}
		seen[what+s] = id
	}
	for _, p := range allProducts(t) {
		unique("id ", p.ID, p.ID)
		unique("gtin ", p.GTIN, p.ID)
		for _, lang := range languages {
			unique("title "+lang+" ", p.Title[lang], p.ID)
		}
		checkText(t, p)
		checkFacets(t, schema, p.ID, p.Category[1], p.Facets)
		checkPrices(t, p)
		checkGTIN(t, p.ID, p.GTIN)
		checkParcel(t, p)
		for _, v := range p.Variants {
			unique("id ", v.ID, p.ID)
			unique("gtin ", v.GTIN, p.ID)
			checkGTIN(t, v.ID, v.GTIN)
			checkFacets(t, schema, v.ID, p.Category[1], v.Facets)
			if v.Title["en"] == "" || v.Title["zh"] == "" || len(v.Stock) == 0 {
				t.Errorf("%s: variant without title or stock: %+v", v.ID, v)
			}
		}
		if path := schema.Path(p.Category[1]); len(path) != 2 || path[0].ID != p.Category[0] {
			t.Errorf("%s: category path %v is not that of the schema", p.ID, p.Category)
		}
	}
}

var halfWidth = regexp.MustCompile(`[\p{Han}][,;!?]|[,;!?][\p{Han}]`)

func checkText(t *testing.T, p *catalog.Product) {
	for _, lang := range languages {
		for what, s := range map[string]string{"title": p.Title[lang], "description": p.Description[lang]} {
			if s == "" || strings.ContainsAny(s, "{}<>") || strings.Contains(s, "  ") || strings.Contains(s, " ,") {
				t.Errorf("%s: %s %s is not clean: %q", p.ID, lang, what, s)
			}
			if han := strings.ContainsFunc(s, isHan); han != (lang == "zh") {
				t.Errorf("%s: %s %s is in the wrong script: %q", p.ID, lang, what, s)
			}
		}
	}
	if halfWidth.MatchString(p.Description["zh"]) {
		t.Errorf("%s: half-width punctuation in Chinese text: %q", p.ID, p.Description["zh"])
	}
	if n := len([]rune(p.Title["en"])); n > 150 {
		t.Errorf("%s: title of %d letters is too long for a card: %q", p.ID, n, p.Title["en"])
	}
	for sentence := range strings.SplitSeq(p.Description["en"], ". ") {
		if r := []rune(sentence)[0]; unicode.IsLower(r) {
			t.Errorf("%s: sentence begins small: %q", p.ID, sentence)
		}
	}
}

func checkFacets(t *testing.T, s *catalog.Schema, id, typ string, facets map[string][]catalog.Value) {
	mine := s.FacetsOf(typ)
	for name, values := range facets {
		f := s.Facet(name)
		if f == nil || !slices.Contains(mine, f) || len(values) == 0 {
			t.Errorf("%s: facet %s is unknown, not one of type %s, or empty", id, name, typ)
			continue
		}
		for _, v := range values {
			ok := f.Kind == catalog.KindNumber && v.IsNum() && !math.IsNaN(v.Num()) ||
				f.Kind == catalog.KindBool && v.IsBool() ||
				f.Kind == catalog.KindEnum && v.IsStr() && f.Value(v.Str()) != nil
			if !ok {
				t.Errorf("%s: facet %s (%s) has value %v", id, name, f.Kind, v)
			}
		}
		if len(values) > 1 && !f.Multi {
			t.Errorf("%s: facet %s has %d values but is not multi", id, name, len(values))
		}
	}
}

func checkPrices(t *testing.T, p *catalog.Product) {
	if len(p.Prices) != len(markets) {
		t.Errorf("%s: %d prices for %d markets", p.ID, len(p.Prices), len(markets))
	}
	for i, price := range p.Prices {
		if price.Amount.Minor <= 0 || price.Amount.Currency != markets[i].currency || price.Market != markets[i].id {
			t.Errorf("%s: bad price %+v", p.ID, price)
		}
		if s := price.Sale; s != nil && (s.Amount.Minor <= 0 || s.Amount.Minor >= price.Amount.Minor || !s.From.Before(s.To)) {
			t.Errorf("%s: bad sale %+v of %+v", p.ID, s, price)
		}
	}
}

func checkGTIN(t *testing.T, id, code string) {
	sum := 0
	for i := range code {
		sum += int(code[i]-'0') * (1 + 2*(i%2))
	}
	if len(code) != 13 || code[0] != '2' || sum%10 != 0 {
		t.Errorf("%s: GTIN %q is not of 13 digits, within 20 to 29, and right in its check digit", id, code)
	}
}

func checkParcel(t *testing.T, p *catalog.Product) {
	if p.WeightG <= 0 || len(p.SizeMM) != 3 || slices.Min(p.SizeMM) <= 0 {
		t.Errorf("%s: weight %v, size %v", p.ID, p.WeightG, p.SizeMM)
	}
	if !digit6.MatchString(p.HSCode) || !upper2.MatchString(p.Origin) {
		t.Errorf("%s: HS code %q, origin %q", p.ID, p.HSCode, p.Origin)
	}
	if len(p.Stock) < 1 || len(p.Stock) > 3 {
		t.Errorf("%s: in %d warehouses, want 1 to 3", p.ID, len(p.Stock))
	}
	for w := range p.Stock {
		if warehouses[w] == "" {
			t.Errorf("%s: unknown warehouse %q", p.ID, w)
		}
	}
	var sum map[string]int64
	for _, v := range p.Variants {
		if sum == nil {
			sum = map[string]int64{}
		}
		for w, n := range v.Stock {
			sum[w] += n
		}
	}
	for w, n := range sum {
		if p.Stock[w] != n {
			t.Errorf("%s: %d in %s but its variants have %d", p.ID, p.Stock[w], w, n)
		}
	}
	if r := p.Rating; r != nil && (r.Average < 1 || r.Average > 5 || r.Count < 1) {
		t.Errorf("%s: rating %+v", p.ID, r)
	}
}

// TestSharesOfTheCatalogue keeps the proportions that make a shop: some things on sale now and next year, a few sold out, a few new.
func TestSharesOfTheCatalogue(t *testing.T) {
	products := allProducts(t)
	share := func(want [2]float64, what string, f func(*catalog.Product) bool) {
		n := 0
		for _, p := range products {
			if f(p) {
				n++
			}
		}
		got := float64(n) / float64(len(products))
		t.Logf("%-22s %4d  %.1f%%", what, n, 100*got)
		if got < want[0] || got > want[1] {
			t.Errorf("%s: %.3f of the products, want %v", what, got, want)
		}
	}
	onSale := func(at string) func(*catalog.Product) bool {
		return func(p *catalog.Product) bool { return p.Prices[0].At(day(at)) != p.Prices[0].Amount }
	}
	share([2]float64{0.11, 0.19}, "with a sale", func(p *catalog.Product) bool { return p.Prices[0].Sale != nil })
	share([2]float64{0.03, 0.15}, "on sale 2026-12-01", onSale("2026-12-01"))
	share([2]float64{0.03, 0.15}, "on sale 2027-06-15", onSale("2027-06-15"))
	share([2]float64{0.01, 0.08}, "sold out", func(p *catalog.Product) bool { return !p.InStock() })
	share([2]float64{0.01, 0.08}, "without a rating", func(p *catalog.Product) bool { return p.Rating == nil })
	share([2]float64{0.25, 0.80}, "with variants", func(p *catalog.Product) bool { return len(p.Variants) > 0 })
	for w := range warehouses {
		share([2]float64{0.3, 0.7}, "in "+w, func(p *catalog.Product) bool { return p.Stock[w] > 0 })
	}
}

// TestTypesOfferChoice: a type whose products all share one value has nothing to ask about.
func TestTypesOfferChoice(t *testing.T) {
	b := mustBook(t)
	for _, typ := range b.types {
		varied := 0
		for _, p := range typ.Facets {
			seen := map[string]bool{}
			for _, it := range b.items(typ) {
				for _, v := range it.values[p.facet] {
					seen[v.String()] = true
				}
			}
			if len(seen) > 1 {
				varied++
			}
		}
		if varied < 4 {
			t.Errorf("type %s: only %d facets have more than one value over its products, want 4", typ.ID, varied)
		}
	}
}

// listSink keeps what Generate writes and the order of its calls.
type listSink struct {
	catalog.Sink
	order    []string
	facets   map[string]catalog.Facet
	products int
	fail     error
}

func (s *listSink) SetDefaults(_ context.Context, currency string, w map[string]string) error {
	s.order = append(s.order, "defaults "+currency)
	if len(w) != 4 {
		return errors.New("want four warehouses")
	}
	return nil
}

func (s *listSink) PutCategory(_ context.Context, c catalog.Category) error {
	s.order = append(s.order, "category")
	return nil
}

func (s *listSink) PutBrand(_ context.Context, b catalog.Brand) error {
	s.order = append(s.order, "brand")
	if b.Name == "" || b.Label["zh"] == "" {
		return errors.New("a brand without a Chinese name: " + b.Name)
	}
	return nil
}

func (s *listSink) PutFacet(_ context.Context, f catalog.Facet) error {
	s.order = append(s.order, "facet")
	s.facets[f.ID] = f
	return nil
}

func (s *listSink) PutProduct(_ context.Context, p *catalog.Product) (catalog.Change, error) {
	s.products++
	return catalog.Added, s.fail
}

func TestGenerate(t *testing.T) {
	sink := &listSink{facets: map[string]catalog.Facet{}}
	n, err := Generate(context.Background(), sink)
	if err != nil || n != sink.products || n != len(allProducts(t)) {
		t.Fatalf("Generate says %d, %v; the sink got %d", n, err, sink.products)
	}
	if got := slices.Compact(sink.order); !slices.Equal(got, []string{"defaults USD", "category", "facet", "brand"}) {
		t.Errorf("calls came in the order %v", got)
	}
	for id, f := range sink.facets {
		if f.Label["en"] == "" || f.Label["zh"] == "" || len(f.Categories) == 0 {
			t.Errorf("facet %s without label or category: %+v", id, f)
		}
	}
	sink.fail = errors.New("disk full")
	if _, err := Generate(context.Background(), sink); !errors.Is(err, sink.fail) {
		t.Errorf("the sink's error is lost: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Generate(ctx, &listSink{facets: map[string]catalog.Facet{}}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled Generate returns %v", err)
	}
}

func TestEveryProductHasAPicture(t *testing.T) {
	for _, typ := range mustBook(t).types {
		name := typ.Picture
		if name == "" {
			name = typ.ID
		}
		if !HasPicture(name) {
			t.Errorf("type %s: no drawing named %q", typ.ID, name)
		}
	}
	for _, p := range allProducts(t) {
		for _, id := range append([]string{p.ID}, variantIDs(p)...) {
			svg, ok := PictureSVG(id)
			if !ok || !strings.HasPrefix(string(svg), "<svg") {
				t.Fatalf("%s has no picture", id)
			}
			if id == p.ID {
				wellFormed(t, id, svg)
			}
		}
	}
	if _, ok := PictureSVG("../etc/passwd"); ok {
		t.Error("an unknown id has a picture")
	}
}

func variantIDs(p *catalog.Product) (ids []string) {
	for _, v := range p.Variants {
		ids = append(ids, v.ID)
	}
	return ids
}

func wellFormed(t *testing.T, id string, svg []byte) {
	d := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Errorf("%s: picture is not well-formed: %v", id, err)
			return
		}
	}
}

func TestShopPrice(t *testing.T) {
	for _, c := range []struct {
		x        float64
		currency string
		want     int64
	}{
		{3.2, "USD", 299}, {0.1, "USD", 49}, {17.4, "USD", 1699}, {99.6, "EUR", 9999}, {128, "GBP", 12999},
		{644, "USD", 63900}, {1777, "USD", 179900}, {39.7, "CNY", 3990}, {433, "CNY", 42900}, {12345, "CNY", 1229900},
		{2930, "JPY", 2880}, {12890, "JPY", 12800}, {310000, "JPY", 309800},
	} {
		if got := shopPrice(c.x, c.currency); got.Minor != c.want || got.Currency != c.currency {
			t.Errorf("shopPrice(%v, %s) = %+v, want %d", c.x, c.currency, got, c.want)
		}
	}
	for _, w := range windows {
		from, err1 := time.Parse(time.DateOnly, w.from)
		to, err2 := time.Parse(time.DateOnly, w.to)
		if err1 != nil || err2 != nil || !from.Before(to) {
			t.Errorf("sale window %v is not two dates in order", w)
		}
	}
}

func TestQuantity(t *testing.T) {
	for _, c := range []struct {
		x             float64
		unit          string
		en, enTitle   string
		zhIn, zhTitle string
	}{
		{30, "h", "30 hours", "30h", "30小时", "30小时"},
		{1, "h", "1 hour", "1h", "1小时", "1小时"},
		{850, "g", "850 g", "850g", "850克", "850g"},
		{1250, "g", "1.25 kg", "1.25kg", "1.25公斤", "1.25kg"},
		{2000, "GB", "2 TB", "2 TB", "2TB", "2TB"},
		{20000, "mAh", "20,000 mAh", "20,000 mAh", "20000mAh", "20000mAh"},
		{36, "month", "3 years", "3 years", "3岁", "3岁"},
		{18, "month", "18 months", "18 months", "18个月", "18个月"},
		{0.35, "l", "350 ml", "350ml", "350毫升", "350ml"},
		{168, "h", "7 days", "7 days", "7天", "7天"},
		{3000, "mmH2O", "3000 mm", "3000 mm", "3000毫米", "3000mm"},
		{4, "person", "4", "4", "4", "4"},
		{180, "min", "3 hours", "3h", "3小时", "3小时"},
		{-5, "°C", "-5 °C", "-5 °C", "-5°C", "-5°C"},
	} {
		got := [4]string{quantity(c.x, c.unit, "en", false), quantity(c.x, c.unit, "en", true),
			quantity(c.x, c.unit, "zh", false), quantity(c.x, c.unit, "zh", true)}
		if want := [4]string{c.en, c.enTitle, c.zhIn, c.zhTitle}; got != want {
			t.Errorf("%v %s: %q, want %q", c.x, c.unit, got, want)
		}
	}
}

func TestLowerFirst(t *testing.T) {
	for in, want := range map[string]string{"Merino wool": "merino wool", "USB-C": "USB-C", "Wi-Fi": "Wi-Fi", "V-neck": "V-neck",
		"E27": "E27", "S": "S", "": "", "3D": "3D"} {
		if got := lowerFirst(in); got != want {
			t.Errorf("lowerFirst(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"{a}", "{a:n} and {b?text}", "{a>=3 & !b?x}", "{", "}", "{{a}}", "{?}", "{a:z}", "{a=?x}", "plain", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		parts, err := parseTemplate(s)
		if err != nil {
			return
		}
		for _, p := range parts {
			if strings.ContainsAny(p.text+p.field, "{}") {
				t.Errorf("%q: a brace is left in %+v", s, p)
			}
		}
		w := &writer{book: &book{facet: map[string]*facetRow{}}}
		w.render(s, "en", false)
	})
}

// TestCheckerRefusesBadTables mends nothing: each case breaks one line of a good table and names what must be said about it.
func TestCheckerRefusesBadTables(t *testing.T) {
	good, err := os.ReadFile(filepath.Join("testdata", "good.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	read := func(s string) error {
		_, err := readBook(fstest.MapFS{"tables/good.yaml": {Data: []byte(s)}}, "tables")
		return err
	}
	if err := read(string(good)); err != nil {
		t.Fatalf("the good table is refused: %v", err)
	}
	cases, err := os.ReadFile(filepath.Join("testdata", "bad.txt"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(cases)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		part := strings.Split(line, " ==> ")
		if len(part) != 3 || strings.Count(string(good), part[0]) == 0 {
			t.Errorf("%q is not OLD ==> NEW ==> MESSAGE with OLD in good.yaml", line)
			continue
		}
		n++
		err := read(strings.Replace(string(good), part[0], strings.ReplaceAll(part[1], `\n`, "\n"), 1))
		if err == nil || !strings.Contains(err.Error(), part[2]) {
			t.Errorf("%q instead of %q: error is %v, want %q in it", part[1], part[0], err, part[2])
		}
	}
	t.Logf("%d broken tables refused", n)
}

// TestUnfillableTextIsRefused: tables may be right in form and still leave a product without a title or with too little to say.
func TestUnfillableTextIsRefused(t *testing.T) {
	good, err := os.ReadFile(filepath.Join("testdata", "good.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{"set: {shiny: [true]}", "set: {stuff: []}", "no title of type top fits"},
		{"{en: \"Spins", "{if: \"size_cm>=99\", en: \"Spins", ""},
		{"      - {en: ", "      - {if: \"size_cm>=99\", en: ", "points of type top fit"},
	} {
		n := 1
		if strings.HasPrefix(c.old, " ") {
			n = -1
		}
		table := strings.Replace(string(good), c.old, c.new, n)
		b, err := readBook(fstest.MapFS{"tables/good.yaml": {Data: []byte(table)}}, "tables")
		if err != nil {
			t.Fatal(err)
		}
		err = b.products(func(*catalog.Product) error { return nil })
		if (c.want == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q: %v, want %q", c.new, err, c.want)
		}
	}
}
