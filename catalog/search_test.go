package catalog

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// smallShop is a catalogue that the search tests share: two languages, two currencies, variants, sales, stock in two countries.
func smallShop(t testing.TB) *DB {
	t.Helper()
	db := shop(t)
	day := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
	ps := []*Product{
		{ID: "nb1", Title: Text{"en": "Lenovo IdeaPad Notebook Silver 43.2 cm (17\") 2 TB"}, Category: []string{"computers", "notebook"}, Brand: "Lenovo", Prices: usd(89900), Rating: &Rating{4.5, 120},
			Facets: map[string][]Value{"screen": {Num(43.18)}, "colour": {Str("silver")}, "touch": {Bool(true)}}, Stock: map[string]int64{"cn1": 4}},
		{ID: "nb2", Title: Text{"en": "HP Pavilion dv7-1211ea Notebook Black"}, Category: []string{"computers", "notebook"}, Brand: "HP", Prices: usd(45000), Rating: &Rating{3.9, 10},
			Facets: map[string][]Value{"screen": {Num(39.6)}, "colour": {Str("black")}, "touch": {Bool(false)}}, Stock: map[string]int64{"de1": 0}},
		{ID: "case1", Title: Text{"en": "Targus notebook case 17 inch Black"}, Category: []string{"computers", "notebook-case"}, Brand: "Targus",
			Prices: []Price{{Amount: Money{2999, "EUR"}, Sale: &Sale{Amount: Money{1999, "EUR"}, From: day(1), To: day(2)}}}, Facets: map[string][]Value{"colour": {Str("black")}}},
		{ID: "case2", Title: Text{"en": "Sleeve for notebook"}, Category: []string{"computers", "notebook-case"}, Brand: "Acme", Prices: usd(1500)},
		{ID: "phone1", Title: Text{"zh": "华为智能手机 128GB 黑色"}, Category: []string{"phones", "phone"}, Brand: "Huawei", Prices: []Price{{Amount: Money{299900, "CNY"}}},
			Facets: map[string][]Value{"colour": {Str("black")}}, Stock: map[string]int64{"cn1": 9}},
		{ID: "pc1", Title: Text{"zh": "手机壳 硅胶 红色"}, Category: []string{"phones", "phone-case"}, Prices: []Price{{Amount: Money{2900, "CNY"}}}, Facets: map[string][]Value{"colour": {Str("red")}}},
		{ID: "shirt1", Title: Text{"en": "Cotton T-Shirt"}, Category: []string{"clothes", "shirt"}, Brand: "Acme", Prices: usd(2000), Variants: []Variant{
			{ID: "a", Facets: map[string][]Value{"colour": {Str("navy")}, "size": {Str("s")}}}, {ID: "b", Facets: map[string][]Value{"colour": {Str("red")}, "size": {Str("m")}}, Prices: usd(1000)}}},
		{ID: "shirt2", Title: Text{"en": "Linen Shirt"}, Category: []string{"clothes", "shirt"}, Brand: "Acme", Prices: usd(5000), Available: OutOfStock, Variants: []Variant{
			{ID: "a", Facets: map[string][]Value{"colour": {Str("navy")}, "size": {Str("m")}}}}},
		{ID: "bare", Title: Text{"en": "Mystery gadget"}},
	}
	_, err := db.Import(ctx, func(s Sink) error {
		zh := func(s string) Text { return Text{"zh": s} }
		both := func(en, z string) Text { t := zh(z); t["en"] = en; return t }
		values := func(ids ...string) (out []FacetValue) {
			for _, id := range ids {
				en, z, _ := strings.Cut(id, "/")
				out = append(out, FacetValue{ID: en, Label: both(en, z)})
			}
			return out
		}
		err := errors.Join(
			s.SetDefaults(ctx, "USD", map[string]string{"cn1": "CN", "de1": "DE"}),
			s.PutCategory(ctx, Category{ID: "computers", Label: both("Computers", "电脑")}),
			s.PutCategory(ctx, Category{ID: "notebook", Parent: "computers", Label: both("Notebooks", "笔记本电脑"), Facets: []string{"screen", "colour", "touch"}}),
			s.PutCategory(ctx, Category{ID: "notebook-case", Parent: "computers", Label: both("Notebook cases", "电脑包")}),
			s.PutCategory(ctx, Category{ID: "phones", Label: both("Phones", "手机通讯")}),
			s.PutCategory(ctx, Category{ID: "phone", Parent: "phones", Label: both("Smartphones", "智能手机")}),
			s.PutCategory(ctx, Category{ID: "phone-case", Parent: "phones", Label: both("Phone cases", "手机壳")}),
			s.PutCategory(ctx, Category{ID: "shirt", Parent: "clothes", Label: both("Shirts", "衬衫"), Facets: []string{"colour", "size"}}),
			s.PutFacet(ctx, Facet{ID: "screen", Kind: KindNumber, Unit: "cm", Label: both("Screen size", "屏幕尺寸")}),
			s.PutFacet(ctx, Facet{ID: "touch", Kind: KindBool, Label: both("Touchscreen", "触摸屏")}),
			s.PutFacet(ctx, Facet{ID: "colour", Kind: KindEnum, Variant: true, Label: both("Colour", "颜色"), Values: values("silver/银色", "black/黑色", "red/红色", "navy/藏青色")}),
			s.PutFacet(ctx, Facet{ID: "size", Kind: KindEnum, Variant: true, Label: both("Size", "尺码"), Values: values("s/小号", "m/中号")}),
		)
		for _, p := range ps {
			if err == nil {
				_, err = s.PutProduct(ctx, p)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func idsOf(r *Result) (ids []string) {
	for _, h := range r.Hits {
		ids = append(ids, h.Product.ID)
	}
	return ids
}

func TestSearchText(t *testing.T) {
	db := smallShop(t)
	for _, c := range []struct {
		query   string
		first   string // must be the best hit
		with    string // must be among the hits
		without string
	}{
		{"notebook", "nb1", "nb2", ""},
		{"laptop", "nb1", "nb2", ""},
		{"notebook case", "case1", "case2", ""},
		{"case for a laptop", "case1", "case2", ""},
		{"17 inch notebook", "nb1", "", ""},
		{"43.2cm notebook", "nb1", "", ""},
		{"notebook 2000GB", "nb1", "", ""},
		{"dv7-1211ea", "nb2", "", "nb1"},
		{"dv71211ea", "nb2", "", "nb1"},
		{"DV7 1211EA", "nb2", "", ""},
		{"notbook", "nb1", "", ""},
		{"note book silver", "nb1", "", ""},
		{"ＮＯＴＥＢＯＯＫ", "nb1", "", ""},
		{"pavillion", "nb2", "", "nb1"},
		{"手机", "phone1", "", ""},
		{"手机壳", "pc1", "", ""},
		{"我想买一个手机壳", "pc1", "", ""},
		{"smartphone", "phone1", "", ""},
		{"mobile phone", "phone1", "", ""},
		{"red phone case", "pc1", "", ""},
		{"笔记本电脑", "nb1", "nb2", ""},
		{"藏青色", "", "shirt1", "nb1"},
		{"navy shirt", "", "shirt2", ""},
		{"touchscreen laptop", "nb1", "", ""},
	} {
		res, err := db.Search(ctx, Query{Text: c.query})
		if err != nil {
			t.Errorf("%q: %v", c.query, err)
			continue
		}
		ids := idsOf(res)
		if c.first != "" && (len(ids) == 0 || ids[0] != c.first) {
			t.Errorf("%q: %v, want %s first", c.query, ids, c.first)
		}
		if c.with != "" && !slices.Contains(ids, c.with) {
			t.Errorf("%q: %v, want %s among them", c.query, ids, c.with)
		}
		if c.without != "" && slices.Contains(ids, c.without) {
			t.Errorf("%q: %v, must not have %s", c.query, ids, c.without)
		}
		for _, h := range res.Hits {
			sum := 0.0
			for _, x := range h.Parts {
				sum += x
			}
			if math.Abs(sum-h.Score) > 1e-9 {
				t.Errorf("%q: the parts of %s sum to %v, its score is %v", c.query, h.Product.ID, sum, h.Score)
			}
		}
	}
}

func con(facet string, op Op, hard bool, unit string, vs ...any) Constraint {
	c := Constraint{Facet: facet, Op: op, Hard: hard, Unit: unit}
	for _, v := range vs {
		switch v := v.(type) {
		case string:
			c.Values = append(c.Values, Str(v))
		case bool:
			c.Values = append(c.Values, Bool(v))
		case int:
			c.Values = append(c.Values, Num(float64(v)))
		case float64:
			c.Values = append(c.Values, Num(v))
		}
	}
	return c
}

func TestHardConstraints(t *testing.T) {
	db := smallShop(t)
	const all = "bare case1 case2 nb1 nb2 pc1 phone1 shirt1 shirt2"
	for _, c := range []struct {
		name string
		cs   []Constraint
		want string
	}{
		{"nothing", nil, all},
		{"category", []Constraint{con("category", OpEq, true, "", "computers")}, "case1 case2 nb1 nb2"},
		{"leaf", []Constraint{con("category", OpEq, true, "", "notebook")}, "nb1 nb2"},
		{"not category", []Constraint{con("category", OpNe, true, "", "computers")}, "bare pc1 phone1 shirt1 shirt2"},
		{"brand, any case", []Constraint{con("brand", OpIn, true, "", "lenovo", "HUAWEI")}, "nb1 phone1"},
		{"not brand keeps unknown", []Constraint{con("brand", OpNe, true, "", "Acme")}, "bare case1 nb1 nb2 pc1 phone1"},
		{"price, cheapest variant", []Constraint{con("price", OpLe, true, "", 12)}, "pc1 shirt1"},
		{"price in another currency", []Constraint{con("price", OpBetween, true, "CNY", 100, 500)}, "case1 case2 shirt1 shirt2"},
		{"price from", []Constraint{con("price", OpGe, true, "USD", 400)}, "nb1 nb2 phone1"},
		{"sale", []Constraint{con("on_sale", OpEq, true, "", true)}, "case1"},
		{"sale price", []Constraint{con("price", OpLe, true, "EUR", 20), con("brand", OpEq, true, "", "Targus")}, "case1"},
		{"rating", []Constraint{con("rating", OpGe, true, "", 4)}, "nb1"},
		{"in stock", []Constraint{con("in_stock", OpEq, true, "", true)}, "bare case1 case2 nb1 pc1 phone1 shirt1"},
		{"out of stock", []Constraint{con("in_stock", OpEq, true, "", false)}, "nb2 shirt2"},
		{"ships from", []Constraint{con("ships_from", OpEq, true, "", "cn")}, "nb1 phone1"},
		{"ships from, none left", []Constraint{con("ships_from", OpEq, true, "", "DE")}, ""},
		{"enum", []Constraint{con("colour", OpEq, true, "", "black")}, "case1 nb2 phone1"},
		{"enum of a variant", []Constraint{con("colour", OpEq, true, "", "navy")}, "shirt1 shirt2"},
		{"one variant must meet both", []Constraint{con("colour", OpEq, true, "", "navy"), con("size", OpEq, true, "", "m")}, "shirt2"},
		{"not enum keeps unknown", []Constraint{con("colour", OpNe, true, "", "black")}, "bare case2 nb1 pc1 shirt1 shirt2"},
		{"number", []Constraint{con("screen", OpGe, true, "cm", 40)}, "nb1"},
		{"number in another unit", []Constraint{con("screen", OpEq, true, "in", 17)}, "nb1"},
		{"number between", []Constraint{con("screen", OpBetween, true, "in", 16, 15)}, "nb2"},
		{"not number keeps unknown", []Constraint{con("screen", OpNe, true, "in", 17)}, "bare case1 case2 nb2 pc1 phone1 shirt1 shirt2"},
		{"bool", []Constraint{con("touch", OpEq, true, "", true)}, "nb1"},
		{"bool, no", []Constraint{con("touch", OpEq, true, "", false)}, "nb2"},
		{"bool, not yes", []Constraint{con("touch", OpNe, true, "", true)}, "bare case1 case2 nb2 pc1 phone1 shirt1 shirt2"},
	} {
		q := Query{Constraints: c.cs, Limit: 50}
		res, err := db.Search(ctx, q)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		ids := idsOf(res)
		slices.Sort(ids)
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if n, err := db.CountMatching(ctx, q); err != nil || n != len(ids) || res.Total != n {
			t.Errorf("%s: counted %d (%v), Total %d, found %d", c.name, n, err, res.Total, len(ids))
		}
	}
	res, err := db.Search(ctx, Query{Exclude: []string{"nb1", "nb2"}, Text: "notebook"})
	if err != nil || slices.Contains(idsOf(res), "nb1") {
		t.Errorf("excluded: %v %v", idsOf(res), err)
	}
	later := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	if n, _ := db.CountMatching(ctx, Query{Now: later, Constraints: []Constraint{con("on_sale", OpEq, true, "", true)}}); n != 0 {
		t.Errorf("%d on sale after the sale", n)
	}
}

func TestBadConstraints(t *testing.T) {
	db := smallShop(t)
	for _, c := range []struct {
		c       Constraint
		noMatch bool
	}{
		{con("flavour", OpEq, true, "", "mint"), true},
		{con("flavour", OpEq, false, "", "mint"), true},
		{con("colour", OpEq, true, "", "mauve"), true},
		{con("brand", OpEq, true, "", "Nobody"), true},
		{con("category", OpEq, true, "", "cars"), true},
		{con("colour", OpLe, true, "", "red"), false},
		{con("screen", OpEq, true, "", "big"), false},
		{con("screen", OpEq, true, "kg", 17), false},
		{con("screen", OpBetween, true, "", 1), false},
		{con("screen", Op("~"), true, "", 1), false},
		{con("screen", OpLe, true, "", math.NaN()), false},
		{con("price", OpLe, true, "WAMPUM", 5), false},
		{con("touch", OpEq, true, "", "yes"), false},
		{con("in_stock", OpLe, true, "", true), false},
		{Constraint{Facet: "colour", Op: OpIn, Hard: true}, false},
	} {
		_, err := db.Search(ctx, Query{Constraints: []Constraint{c.c}})
		if err == nil || errors.Is(err, ErrNoMatch) != c.noMatch {
			t.Errorf("%+v: %v", c.c, err)
		}
	}
	if _, err := db.Search(ctx, Query{Constraints: make([]Constraint, maxConstraints+1)}); err == nil {
		t.Error("too many constraints are accepted")
	}
}

func TestSoftConstraints(t *testing.T) {
	db := smallShop(t)
	res, err := db.Search(ctx, Query{Text: "notebook", Constraints: []Constraint{con("colour", OpEq, false, "", "black")}})
	if err != nil || len(res.Hits) < 2 || res.Hits[0].Product.ID != "nb2" || res.Hits[1].Product.ID != "nb1" {
		t.Fatalf("a soft colour: %v %v", idsOf(res), err)
	}
	for _, h := range res.Hits {
		if h.Product.ID != "nb1" && h.Product.ID != "nb2" {
			continue
		}
		i := slices.IndexFunc(h.Reasons, func(r Reason) bool { return r.Kind == "constraint" })
		if i < 0 || h.Reasons[i].Miss != (h.Product.ID != "nb2") {
			t.Errorf("reasons of %s: %+v", h.Product.ID, h.Reasons)
		}
	}
}

func TestFacetCounts(t *testing.T) {
	db := smallShop(t)
	res, err := db.Search(ctx, Query{Facets: []string{"colour", "screen", "touch", "unknown"}, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(res.Counts)
	want := "[{colour [{black 0 0 3} {red 0 0 2} {navy 0 0 2} {silver 0 0 1}] 0 0 2} {screen [{39.6 39.6 39.6 1} {43.18 43.18 43.18 1}] 39.6 43.18 7} {touch [{false 0 0 1} {true 0 0 1}] 0 0 7}]"
	if got != want {
		t.Errorf("counts\n%s, want\n%s", got, want)
	}
	res, _ = db.Search(ctx, Query{Text: "notebook"})
	if len(res.Counts) == 0 {
		t.Error("no counts for the facets of the category")
	}
}

func TestQuantiles(t *testing.T) {
	tl := &tally{facet: &Facet{ID: "x", Kind: KindNumber}, count: map[float64]int{}}
	for i := range 100 {
		tl.count[float64(i)]++
	}
	r := tl.result(nil, 100)
	if len(r.Values) != ranges {
		t.Fatalf("%d ranges", len(r.Values))
	}
	sum := 0
	for i, v := range r.Values {
		sum += v.Count
		if v.Count < 20 || v.Count > 30 || i > 0 && v.Lo <= r.Values[i-1].Hi {
			t.Errorf("range %+v", v)
		}
	}
	if sum != 100 {
		t.Errorf("the ranges hold %d of 100", sum)
	}
}

// hostile queries must give an answer or an error, never a panic or an SQL error, and leave the catalogue whole.
var hostile = []string{
	`"`, `'`, `'; DROP TABLE products; --`, `a" OR "b`, `NEAR(a b)`, `title:x`, `*`, `a*`, `^a`, `-`, `AND`, `OR NOT`, `(`, `)`, `{title} : x`, `a AND`, "\x00", "\xff\xfe", "😀😀", "",
	"  ", "🇨🇳手机", "的", "1", "1.", ".5", "1,000,000", "99999999999999999999999999", "c++", "a-", "--a", "at&t", "''", "17''", "5 in 1", "½ cup", "ﬁne", "İstanbul", "ß", "e\u0301", "\u200b", "١٢٣",
	"17 ", "17-", "a'b'c", "%%%", "µm", "10 µm", "℃ 5", "5℃", "5°", "ⅷ", "①", "﷽",
}

func TestHostileQueries(t *testing.T) {
	db := smallShop(t)
	for _, q := range append(hostile, strings.Repeat("a ", 500_000), strings.Repeat("手机壳", 300_000), strings.Repeat("9", 1_000_000), strings.Repeat("\"", 1_000_000)) {
		start := time.Now()
		if _, err := db.Search(ctx, Query{Text: q}); err != nil {
			t.Errorf("%.20q: %v", q, err)
		}
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("%.20q took %v", q, d)
		}
	}
	if err := db.Integrity(ctx); err != nil {
		t.Error(err)
	}
}

func FuzzSearch(f *testing.F) {
	for _, q := range hostile {
		f.Add(q)
	}
	db := smallShop(f)
	f.Fuzz(func(t *testing.T, q string) {
		if _, err := db.Search(ctx, Query{Text: q}); err != nil {
			t.Errorf("%q: %v", q, err)
		}
	})
}

// FuzzAnalyse: any text gives terms that the index keeps whole, and bounded in number and length.
func FuzzAnalyse(f *testing.F) {
	for _, q := range hostile {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, term := range terms(analyse(s, 100)) {
			if term == "" || len(term) > 4*longestWord || strings.ContainsAny(term, " \n\"") || !utf8.ValidString(term) {
				t.Errorf("%q gives the term %q", s, term)
			}
		}
	})
}

func TestAnalyse(t *testing.T) {
	for in, want := range map[string]string{
		"17\" notebook":         "43.2cm 17 notebook",
		"17 inch":               "43.2cm 17",
		"43.18 cm":              "43.2cm 43.18",
		"2TB HDD":               "2000gb 2 hdd",
		"2000 GB":               "2000gb 2000",
		"mice & batteries":      "mous batteri",
		"dv7-1211ea":            "dv71211ea dv 7 1211 ea",
		"Wi-Fi":                 "wifi wi fi",
		"Café ＡＢＣ":              "cafe abc",
		"3 in 1 cable":          "3 1 cabl",
		"USB-C 3.1":             "usbc usb c 3.1",
		"Intel® Core™ i7-8550U": "intel core i78550u 7 8550 u",
		"１．５升":                  "1.5l 1.5",
		"500克咖啡":                "500g 500 咖啡 咖 啡",
		"the shopper's bag":     "shopper bag",
	} {
		if got := strings.Join(terms(analyse(in, 50)), " "); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestSpelling(t *testing.T) {
	sp := &speller{known: map[string]int{}}
	for w, df := range map[string]int{"notebook": 50, "printer": 40, "print": 10, "bluetooth": 30, "speaker": 20, "memory": 9, "stick": 8, "wireless": 70} {
		sp.known[w] = df
		sp.words = append(sp.words, spelling{w, letterMask(w), df})
	}
	for in, want := range map[string]string{"notbook": "notebook", "pritner": "printer", "blutooth": "bluetooth", "wirelss": "wireless", "xyzzy": "", "prnt": "print", "abc": "", "speakr": "speaker", "brinter": "", "speakrs": "speaker", "stikc": "stick", "stock": "stick"} {
		if got, _ := sp.correct(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if l, r, ok := sp.split("memorystick"); !ok || l != "memory" || r != "stick" {
		t.Errorf("memorystick: %q %q", l, r)
	}
}

func TestCorrections(t *testing.T) {
	db := smallShop(t)
	res, err := db.Search(ctx, Query{Text: "tagus notebook"})
	if err != nil || !slices.Equal(res.Corrected, []Correction{{"tagus", "targus"}}) {
		t.Errorf("%v %v", res.Corrected, err)
	}
	for _, q := range []string{"notebook", "1211", "dv7", "cotton"} {
		if res, _ := db.Search(ctx, Query{Text: q}); len(res.Corrected) != 0 {
			t.Errorf("%q was corrected: %v", q, res.Corrected)
		}
	}
}

func TestCarried(t *testing.T) {
	db := smallShop(t)
	for q, want := range map[string]bool{"notbook": true, "notbooks": true, "sturdy notebook": true, "linen": true, "touchscreen": true, "notebook": true, "notebook case": true, "手机壳": true, "lenovo": true, "linen shirt": true,
		"lawn mower": false, "hamster": false, "👍": false, "?! …": false, "dv9-9999zz": false} {
		res, err := db.Search(ctx, Query{Text: q})
		if err != nil || res.Carried != want {
			t.Errorf("%q: carried %v (%.2f), want %v; %v", q, res.Carried, res.Confidence, want, err)
		}
	}
}
