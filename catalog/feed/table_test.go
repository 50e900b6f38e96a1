package feed

import (
	"strings"
	"testing"

	"daogou/catalog"
)

func TestParseMoney(t *testing.T) {
	for _, c := range []struct {
		in, def string
		minor   int64
		cur     string
		code    string
	}{
		{"15.00 USD", "", 1500, "USD", ""},
		{"USD 15", "", 1500, "USD", ""},
		{"$1,299.00", "", 129900, "USD", ""},
		{"$20", "CAD", 2000, "CAD", ""},
		{"1.299,00 €", "", 129900, "EUR", ""},
		{"1 299,50 EUR", "", 129950, "EUR", ""},
		{"￥１２９９", "", 129900, "CNY", ""},
		{"99元", "", 9900, "CNY", ""},
		{"500 JPY", "", 500, "JPY", ""},
		{"125.000,00 IDR", "", 12500000, "IDR", ""},
		{"8900 COP", "", 890000, "COP", ""},
		{"¥500", "JPY", 500, "JPY", ""},
		{"1.2345 KWD", "", 1235, "KWD", ""},
		{"1,299", "EUR", 129900, "EUR", ""},
		{"12,99", "EUR", 1299, "EUR", ""},
		{"19.999", "USD", 2000, "USD", ""},
		{".5", "USD", 50, "USD", ""},
		{"1.299.000", "EUR", 129900000, "EUR", ""},
		{"15", "", 0, "", "no-currency"},
		{"15 XYZ", "", 0, "", "unknown-currency"},
		{"15 zorkmids", "", 0, "", "unknown-currency"},
		{"-15 USD", "", 0, "", "negative-price"},
		{"free", "USD", 0, "", "bad-price"},
		{"", "USD", 0, "", "bad-price"},
		{"1,23,4 USD", "", 0, "", "bad-price"},
		{"10 USD - 20 USD", "", 0, "", "bad-price"},
		{"99999999999999999999", "USD", 0, "", "bad-price"},
	} {
		m, err := parseMoney(c.in, c.def)
		if c.code != "" {
			me, ok := err.(*moneyError)
			if !ok || me.code != c.code {
				t.Errorf("parseMoney(%q) = %v, %v; want the error %s", c.in, m, err, c.code)
			}
			continue
		}
		if err != nil || m != (catalog.Money{Minor: c.minor, Currency: c.cur}) {
			t.Errorf("parseMoney(%q, %q) = %v, %v; want %d %s", c.in, c.def, m, err, c.minor, c.cur)
		}
	}
}

func TestValidGTIN(t *testing.T) {
	for gtin, want := range map[string]bool{"4006381333931": true, "4006381333930": false, "036000291452": true, "96385074": true, "10012345678902": true,
		"12345": false, "00000000": false, "400638133393a": false, "": false} {
		if got := validGTIN(gtin); got != want {
			t.Errorf("validGTIN(%q) = %v", gtin, got)
		}
	}
}

func TestParseDates(t *testing.T) {
	from, to, err := parseDates("2026-03-01T13:00-0800/2026-03-11")
	if err != nil || from.Format("2006-01-02T15:04Z") != "2026-03-01T21:00Z" || to.Format("2006-01-02") != "2026-03-12" {
		t.Errorf("got %v %v %v", from, to, err)
	}
	for _, bad := range []string{"", "2026-03-01", "2026-13-01/2026-14-01", "2026-03-11/2026-03-01", "soon/later"} {
		if _, _, err := parseDates(bad); err == nil {
			t.Errorf("parseDates(%q) found no error", bad)
		}
	}
}

func TestPlain(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"<p>Warm &amp; soft</p><ul><li>wool</li><li>silk</li></ul>", "Warm & soft\n- wool\n- silk"},
		{"<script>alert('x')</script>safe<style>p{}</style>", "safe"},
		{"Mini PC (<= 3L), 5 < 6", "Mini PC (<= 3L), 5 < 6"},
		{"AT&T and R&D", "AT&T and R&D"},
		{"a<br>b<br/>c", "a\nb\nc"},
		{"  two \t  blanks \u200b", "two blanks"},
		{"<b onclick='x'>bold", "bold"},
		{"<iframe src=x>hidden</iframe>seen", "seen"},
		{"&lt;b&gt;", "<b>"},
	} {
		if got := plain(c.in); got != c.want {
			t.Errorf("plain(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{"Navy Blue": "navy-blue", "Men's Shoes": "mens-shoes", "1.5米": "1.5米", "  A/B  ": "a-b", "天丝 (棉)": "天丝-棉", "***": ""} {
		if got := slug(in, '-'); got != want {
			t.Errorf("slug(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHumanise(t *testing.T) {
	for in, want := range map[string]string{"power_consumption__standby_": "Power consumption (standby)", "n": "N", "材质": "材质", "usb_port": "Usb port"} {
		if got := humanise(in); got != want {
			t.Errorf("humanise(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestQuantities(t *testing.T) {
	for _, c := range []struct {
		in, from, to string
		want         []float64
		ok           bool
	}{
		{"1.5 米", "", "cm", []float64{150}, true},
		{`17"`, "", "cm", []float64{43.18}, true},
		{"17", "in", "cm", []float64{43.18}, true},
		{"2000g/2300g", "", "g", []float64{2000, 2300}, true},
		{"2TB", "GB", "GB", []float64{2000}, true},
		{"1,300", "g", "g", []float64{1300}, true},
		{"heavy", "g", "g", nil, false},
		{"5 kg", "cm", "cm", nil, false},
		{"0x10", "g", "g", nil, false},
		{"inf", "g", "g", nil, false},
	} {
		got, ok := quantities(c.in, c.from, c.to)
		if ok != c.ok || len(got) != len(c.want) {
			t.Errorf("quantities(%q, %q, %q) = %v %v, want %v", c.in, c.from, c.to, got, ok, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("quantities(%q)[%d] = %v, want %v", c.in, i, got[i], c.want[i])
			}
		}
	}
}

func TestCountry(t *testing.T) {
	for in, want := range map[string]string{"China": "CN", "中国山东": "CN", "浙江杭州": "CN", "de": "DE", "Viet Nam": "VN", "Atlantis": "", "12": ""} {
		if got, _ := country(in); got != want {
			t.Errorf("country(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPatternNeedsItsWords(t *testing.T) {
	p, err := newPattern(`\b(cable|cord|camera bag)\b`)
	if err != nil || p.words == nil {
		t.Fatalf("no words found: %v", err)
	}
	for s, want := range map[string]bool{"USB CABLE 3 m": true, "a Camera Bag": true, "mouse": false, "cabled": false} {
		if got := p.match(s, strings.ToLower(s)); got != want {
			t.Errorf("match(%q) = %v", s, got)
		}
	}
	if p, _ := newPattern(`\d+`); p.words != nil {
		t.Errorf("\\d+ needs no word, got %q", p.words)
	}
}

func TestCommonTitle(t *testing.T) {
	rows := func(titles ...string) (out []*row) {
		for _, s := range titles {
			out = append(out, &row{p: catalog.Product{Title: catalog.Text{"en": s}}})
		}
		return
	}
	for _, c := range []struct {
		in   []string
		want string
	}{
		{[]string{"Linen shirt - Navy, M", "Linen shirt - Navy, L", "Linen shirt - White, M"}, "Linen shirt"},
		{[]string{"Red thing", "Blue thing"}, "Red thing"},
		{[]string{"Same title", "Same title"}, "Same title"},
	} {
		if got := commonTitle(rows(c.in...))["en"]; got != c.want {
			t.Errorf("commonTitle(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestVocabularyAndMappingsAreSound(t *testing.T) {
	lex, err := parseVocabulary(vocabularyYAML)
	if err != nil {
		t.Fatal(err)
	}
	for id, f := range lex.facets {
		if f.En == "" || f.Zh == "" || f.Kind == "" {
			t.Errorf("facet %s lacks a label or its kind", id)
		}
		for v, w := range f.Values {
			if len(w) < 2 || langOf(w[1]) != "zh" && len(w[1]) > 4 {
				t.Errorf("facet %s value %s: %q has no Chinese label", id, v, w)
			}
		}
	}
	for _, name := range MapNames() {
		m, err := LoadMapping(name)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, c := range m.Categories {
			if c.En == "" || c.Zh == "" {
				t.Errorf("mapping %s: category %s lacks a label", name, c.ID)
			}
			for _, f := range c.Facets {
				if !declares(m, f) {
					t.Errorf("mapping %s: category %s names the facet %s, which nothing declares", name, c.ID, f)
				}
			}
		}
	}
	if _, err := LoadMapping("nosuch"); err == nil || !strings.Contains(err.Error(), "icecat") {
		t.Errorf("a mapping that is not there: %v", err)
	}
}

func declares(m *Mapping, id string) bool {
	for _, f := range m.Facets {
		if f.ID == id {
			return true
		}
	}
	return false
}

func TestBadMappings(t *testing.T) {
	ok := "fields: {id: id, title: t}\n"
	for in, want := range map[string]string{
		"fields: {title: t}":                    "fields.id",
		"fields: {id: id}":                      "fields.title",
		ok + "colour: x":                        "unknown field",
		ok + "currency: QQQ":                    "ISO 4217",
		ok + "format: xls":                      "none of csv",
		ok + "facets: [{path: x}]":              "no id",
		ok + "facets: [{id: x, kind: what}]":    "none of enum",
		ok + "facets: [{id: x, better: more}]":  "high or low",
		ok + "facets: [{id: x, title: 'a(b'}]":  "broken",
		ok + "facets: [{id: x, title: 'ab'}]":   "one group",
		ok + "types: [{to: x}]":                 "not a declared category",
		ok + "types: [{title: x}]":              "either to or levels",
		ok + "types: [{levels: [x], is: [y]}]":  "no field",
		ok + "categories: [{id: a, in: b}]":     "not declared before",
		ok + "categories: [{id: a}, {id: a}]":   "twice",
		ok + "variants: {price: {path: x}}":     "variants.path",
		"fields: {id: id, title: {english: t}}": "not a language",
		"{{{":                                   "mapping",
	} {
		if _, err := ParseMapping("test", []byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", in, err, want)
		}
	}
}
