package feed

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"daogou/catalog"
)

func TestSplitShipping(t *testing.T) {
	for _, c := range []struct {
		in, header string
		want       []map[string]string
	}{
		{"US:CA:Overnight:16.00 USD", "shipping", []map[string]string{{"country": "US", "region": "CA", "service": "Overnight", "price": "16.00 USD"}}},
		{"US:::5 USD, DE::DHL:4,50 EUR", "shipping", []map[string]string{{"country": "US", "region": "", "service": "", "price": "5 USD"}, {"country": "DE", "region": "", "service": "DHL", "price": "4,50 EUR"}}},
		{"US:024*:Ground:6.49 USD:1:2:3:5", "shipping", []map[string]string{{"country": "US", "region": "024*", "service": "Ground", "price": "6.49 USD"}}},
		{"US:5 USD", "shipping", []map[string]string{{"country": "US", "price": "5 USD"}}},
		{"US:Ground:5 USD", "shipping", []map[string]string{{"country": "US", "service": "Ground", "price": "5 USD"}}},
		{"5 USD:US", "Shipping (price:country)", []map[string]string{{"country": "US", "price": "5 USD"}}},
		{"US:1:5 USD", "shipping(country:postal_code:price)", []map[string]string{{"country": "US", "postal_code": "1", "price": "5 USD"}}},
		{"5 USD", "shipping", []map[string]string{{"price": "5 USD"}}},
		{"", "shipping", nil},
		{":,:", "shipping", []map[string]string{{"country": "", "price": ""}, {"country": "", "price": ""}}},
	} {
		if got := splitShipping(c.in, headerParts(c.header, "shipping")); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q under %q: %v, want %v", c.in, c.header, got, c.want)
		}
	}
	if got := splitShipping(strings.Repeat("US:::1 USD,", 10*maxShipping), nil); len(got) != maxShipping {
		t.Errorf("%d prices are kept, want %d", len(got), maxShipping)
	}
}

const shippingTSV = "id\ttitle\tprice\tships_from_country\tshipping\n" +
	"a\tLamp\t5 USD\tcn\tUS:CA:Overnight:16.00 USD,DE::Standard:6.49 EUR\n" +
	"b\tChair\t5 USD\tMars\tXX:::1 USD,US:::free,FR:::2.00 EUR\n"

const shippingCSV = "id,title,price,Ships from country,shipping(country:price)\n" +
	"a,Lamp,5 USD,Germany,\"US:16.00 USD,de:6.49 EUR\"\n"

const shippingXML = `<rss xmlns:g="http://base.google.com/ns/1.0"><channel><item><g:id>a</g:id><title>Lamp</title><g:price>5 USD</g:price>
<g:ships_from_country>JP</g:ships_from_country>
<g:shipping><g:country>US</g:country><g:region>CA</g:region><g:service>Air</g:service><g:price>16.00 USD</g:price><g:min_transit_time>1</g:min_transit_time></g:shipping>
<g:shipping><g:country>GB</g:country><g:price>4 GBP</g:price></g:shipping>
<g:shipping>FR:::3 EUR</g:shipping></item></channel></rss>`

func TestGoogleShipping(t *testing.T) {
	usd := func(n int64) catalog.Money { return catalog.Money{Minor: n, Currency: "USD"} }
	eur := func(n int64) catalog.Money { return catalog.Money{Minor: n, Currency: "EUR"} }
	for _, c := range []struct {
		feed, id, from string
		shipping       []catalog.Shipping
		codes          map[string]int
	}{
		{shippingTSV, "a", "CN", []catalog.Shipping{{Country: "US", Region: "CA", Service: "Overnight", Price: usd(1600)}, {Country: "DE", Service: "Standard", Price: eur(649)}}, nil},
		{shippingTSV, "b", "", []catalog.Shipping{{Country: "FR", Price: eur(200)}}, map[string]int{"bad-country": 2, "bad-shipping": 1}},
		{shippingCSV, "a", "DE", []catalog.Shipping{{Country: "US", Price: usd(1600)}, {Country: "DE", Price: eur(649)}}, map[string]int{}},
		{shippingXML, "a", "JP", []catalog.Shipping{{Country: "US", Region: "CA", Service: "Air", Price: usd(1600)}, {Country: "GB", Price: catalog.Money{Minor: 400, Currency: "GBP"}}, {Country: "FR", Price: eur(300)}}, map[string]int{}},
	} {
		path := filepath.Join(t.TempDir(), "feed")
		if err := os.WriteFile(path, []byte(c.feed), 0o600); err != nil {
			t.Fatal(err)
		}
		sink := newMemory()
		rep := run(t, sink, Options{Format: FormatGoogle}, path)
		var p catalog.Product
		if err := json.Unmarshal(sink.products[c.id], &p); err != nil {
			t.Fatal(err)
		}
		if p.ShipsFrom != c.from || !reflect.DeepEqual(p.Shipping, c.shipping) {
			t.Errorf("%s ships from %q for %+v, want %q for %+v", c.id, p.ShipsFrom, p.Shipping, c.from, c.shipping)
		}
		for code, n := range c.codes {
			if rep.Codes[code] != n {
				t.Errorf("%s: %d × %s, want %d: %v", c.id, rep.Codes[code], code, n, rep.Issues)
			}
		}
	}
}

func TestCountryCodes(t *testing.T) {
	for in, want := range map[string]string{"cn": "CN", "DE": "DE", "UK": "GB", "Germany": "DE", "日本": "JP", "浙江杭州": "CN", "ZZ": "", "XX": "", "EU": "", "Q1": "", "": "", "QQ": "", "419": "", "World": ""} {
		got, ok := country(in)
		if got != want || ok != (want != "") {
			t.Errorf("country(%q) is %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestBrandNames(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	sink := newMemory()
	sink.strict = false
	run(t, sink, Options{}, write("own.jsonl", `{"brand":{"name":"Norrfell","label":{"zh":"诺峰"},"synonyms":{"en":["NF"]}}}
{"id":"a","title":{"en":"Lamp"},"brand":"Norrfell"}
{"id":"b","title":{"en":"Phone"},"brand":"HUAWEI"}
{"brand":{"label":{"zh":"无名"}}}
`))
	if b := sink.brands["Norrfell"]; b.Label["zh"] != "诺峰" || len(b.Synonyms["en"]) != 1 {
		t.Errorf("the declared brand is %+v", b)
	}
	if b := sink.brands["HUAWEI"]; b.Label["zh"] != "华为" {
		t.Errorf("the brand of the vocabulary is %+v", b)
	}
	if len(sink.brands) != 2 {
		t.Errorf("brands: %+v", sink.brands)
	}
	m, err := ParseMapping("m", []byte("name: m\nfields: {id: sku, title: name, brand: maker, ships_from: origin}\nbrands: {Oskey: [Oskey, 欧石, OSK], Sony: [Sony, 索尼爱立信]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	sink = newMemory()
	run(t, sink, Options{Map: m}, write("m.csv", "sku,name,maker,origin\n1,Lamp,oskey,de\n2,Radio,Sony,cn\n3,Tent,Nobody,\n"))
	if b := sink.brands["oskey"]; b.Label["zh"] != "欧石" || len(b.Synonyms["en"]) != 1 {
		t.Errorf("the brand of the mapping is %+v", b)
	}
	if b := sink.brands["Sony"]; b.Label["zh"] != "索尼爱立信" || len(sink.brands) != 2 {
		t.Errorf("a mapping is stronger than the vocabulary: %+v", sink.brands)
	}
	if !strings.Contains(string(sink.products["1"]), `"ships_from":"DE"`) {
		t.Errorf("product 1 is %s", sink.products["1"])
	}
}
