package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"daogou/catalog"
)

// The small shop of this package's tests: backpacks, headphones, jackets in sizes, and tents, in English and Chinese.

var testNow = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func text(en, zh string) catalog.Text { return catalog.Text{"en": en, "zh": zh} }

func enum(values ...string) []catalog.FacetValue {
	var out []catalog.FacetValue
	for i := 0; i+2 < len(values); i += 3 {
		out = append(out, catalog.FacetValue{ID: values[i], Label: text(values[i+1], values[i+2])})
	}
	return out
}

func testCategories() []catalog.Category {
	syn := func(en, zh []string) map[string][]string { return map[string][]string{"en": en, "zh": zh} }
	return []catalog.Category{
		{ID: "outdoor", Label: text("Outdoor", "户外")},
		{ID: "audio", Label: text("Audio", "影音")},
		{ID: "clothing", Label: text("Clothing", "服装")},
		{ID: "backpack", Parent: "outdoor", Label: text("Backpacks", "双肩包"), Synonyms: syn([]string{"backpack", "rucksack", "daypack"}, []string{"背包", "书包"}),
			Facets: []string{"volume", "colour", "waterproof", "weight"}},
		{ID: "tent", Parent: "outdoor", Label: text("Tents", "帐篷"), Synonyms: syn([]string{"tent"}, nil), Facets: []string{"people", "weight", "waterproof"}},
		{ID: "headphones", Parent: "audio", Label: text("Headphones", "耳机"), Synonyms: syn([]string{"headphone", "headset"}, nil),
			Facets: []string{"wireless", "noise_cancelling", "battery_life", "colour"}},
		{ID: "jacket", Parent: "clothing", Label: text("Jackets", "夹克"), Synonyms: syn([]string{"jacket", "coat"}, []string{"外套"}),
			Facets: []string{"size", "colour", "waterproof"}},
	}
}

func testFacets() []catalog.Facet {
	syn := func(en, zh []string) map[string][]string { return map[string][]string{"en": en, "zh": zh} }
	return []catalog.Facet{
		{ID: "colour", Kind: catalog.KindEnum, Label: text("Colour", "颜色"), Multi: true, Variant: true, Synonyms: syn([]string{"color"}, nil),
			Ask: text("Which colour would you like?", "想要什么颜色？"), Why: text("it is the first thing one sees", "颜色最影响观感"),
			Values: enum("black", "Black", "黑色", "navy", "Navy", "藏青色", "red", "Red", "红色", "green", "Green", "绿色")},
		{ID: "size", Kind: catalog.KindEnum, Label: text("Size", "尺码"), Variant: true, Ask: text("Which size do you wear?", "平时穿什么码？"),
			Values: enum("s", "S", "S码", "m", "M", "M码", "l", "L", "L码")},
		{ID: "volume", Kind: catalog.KindNumber, Unit: "l", Label: text("Capacity", "容量"), Ask: text("How many litres should it hold?", "需要多少升的？"),
			Why: text("it decides what fits in", "容量决定能装多少")},
		{ID: "weight", Kind: catalog.KindNumber, Unit: "g", Better: "low", Label: text("Weight", "重量"), Ask: text("How light should it be?", "对重量有要求吗？"),
			Why: text("you will be carrying it", "重量关系到携带是否轻松")},
		{ID: "waterproof", Kind: catalog.KindBool, Better: "high", Label: text("Waterproof", "防水"), Synonyms: syn([]string{"water resistant"}, []string{"防雨"}),
			Ask: text("Does it have to be waterproof?", "需要防水吗？"), Why: text("it matters as soon as it rains", "淋雨时很重要")},
		{ID: "people", Kind: catalog.KindNumber, Unit: "person", Label: text("Sleeps", "可住人数"), Ask: text("For how many people?", "几个人住？")},
		{ID: "wireless", Kind: catalog.KindBool, Label: text("Wireless", "无线"), Synonyms: syn([]string{"bluetooth"}, []string{"蓝牙"}),
			Ask: text("Should it be wireless?", "要无线的吗？")},
		{ID: "noise_cancelling", Kind: catalog.KindBool, Label: text("Noise cancelling", "主动降噪"), Synonyms: syn([]string{"anc"}, []string{"降噪"})},
		{ID: "battery_life", Kind: catalog.KindNumber, Unit: "h", Better: "high", Label: text("Battery life", "续航"), Ask: text("How long should the battery last?", "希望续航多久？")},
	}
}

func usd(minor int64) []catalog.Price {
	return []catalog.Price{{Amount: catalog.Money{Minor: minor, Currency: "USD"}}}
}

func testProducts() []*catalog.Product {
	var out []*catalog.Product
	colours := []string{"black", "navy", "red", "green"}
	en := map[string]string{"black": "Black", "navy": "Navy", "red": "Red", "green": "Green"}
	zh := map[string]string{"black": "黑色", "navy": "藏青色", "red": "红色", "green": "绿色"}
	brands := []string{"Norrfell", "Tarnwick", "Oskey"}
	for i := range 24 {
		c := colours[i%4]
		p := &catalog.Product{ID: fmt.Sprintf("bp-%02d", i+1), Category: []string{"outdoor", "backpack"}, Brand: brands[i%3], Prices: usd(int64(1990 + 450*i)),
			Title: text(fmt.Sprintf("%s Trail %d Backpack, %s", brands[i%3], 12+2*i, en[c]), fmt.Sprintf("%s 山径%d双肩包 %s", brands[i%3], 12+2*i, zh[c])),
			Link:  fmt.Sprintf("/p/bp-%02d", i+1), Images: []catalog.Image{{URL: fmt.Sprintf("/img/bp-%02d.svg", i+1)}},
			Facets: map[string][]catalog.Value{"colour": {catalog.Str(c)}, "volume": {catalog.Num(float64(12 + 2*i))},
				"weight": {catalog.Num(float64(420 + 70*i))}, "waterproof": {catalog.Bool(i%3 == 0)}},
			Stock: map[string]int64{"cn1": int64((i * 7) % 23)}, Rating: &catalog.Rating{Average: 3.6 + float64((i*5)%13)/10, Count: int64(11 * i)}}
		if i == 5 {
			p.Prices[0].Sale = &catalog.Sale{Amount: catalog.Money{Minor: 2990, Currency: "USD"}}
		}
		out = append(out, p)
	}
	for i := range 16 {
		c := colours[i%3]
		f := map[string][]catalog.Value{"colour": {catalog.Str(c)}, "wireless": {catalog.Bool(i%4 != 0)}, "noise_cancelling": {catalog.Bool(i%2 == 0)}}
		if i%4 != 0 {
			f["battery_life"] = []catalog.Value{catalog.Num(float64(8 + 3*i))}
		}
		out = append(out, &catalog.Product{ID: fmt.Sprintf("hp-%02d", i+1), Category: []string{"audio", "headphones"}, Brand: "Sonvik", Facets: f, Prices: usd(int64(2490 + 900*i)),
			Title: text(fmt.Sprintf("Sonvik Clear %d Headphones, %s", i+1, en[c]), fmt.Sprintf("Sonvik 清音%d耳机 %s", i+1, zh[c])), Available: catalog.InStock,
			Rating: &catalog.Rating{Average: 4 + float64(i%8)/10, Count: int64(40 + i)}})
	}
	for i := range 6 {
		p := &catalog.Product{ID: fmt.Sprintf("jk-%02d", i+1), Category: []string{"clothing", "jacket"}, Brand: "Tarnwick", Prices: usd(int64(5900 + 1500*i)),
			Title:  text(fmt.Sprintf("Tarnwick Harbour %d Jacket", i+1), fmt.Sprintf("Tarnwick 港湾%d夹克", i+1)),
			Facets: map[string][]catalog.Value{"waterproof": {catalog.Bool(i%2 == 0)}}}
		for k, size := range []string{"s", "m", "l"} {
			p.Variants = append(p.Variants, catalog.Variant{ID: fmt.Sprintf("%s-%s", p.ID, size), Stock: map[string]int64{"cn1": int64((i + k) % 3 * 4)},
				Facets: map[string][]catalog.Value{"size": {catalog.Str(size)}, "colour": {catalog.Str(colours[i%2])}}})
		}
		out = append(out, p)
	}
	for i := range 5 {
		out = append(out, &catalog.Product{ID: fmt.Sprintf("tn-%02d", i+1), Category: []string{"outdoor", "tent"}, Brand: "Norrfell", Prices: usd(int64(8900 + 3000*i)),
			Title:  text(fmt.Sprintf("Norrfell Ridge %d Tent", i+1), fmt.Sprintf("Norrfell 山脊%d帐篷", i+1)),
			Facets: map[string][]catalog.Value{"people": {catalog.Num(float64(1 + i))}, "weight": {catalog.Num(float64(1400 + 600*i))}}})
	}
	return out
}

// newShop is the small shop in a catalogue of its own.
func newShop(t testing.TB) *catalog.DB {
	t.Helper()
	db, err := catalog.Open(filepath.Join(t.TempDir(), "shop.db"), catalog.Clock(func() time.Time { return testNow }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	put(t, db, testProducts()...)
	return db
}

// put imports the shop's schema and the given products.
func put(t testing.TB, db *catalog.DB, products ...*catalog.Product) {
	t.Helper()
	ctx := context.Background()
	_, err := db.Import(ctx, func(to catalog.Sink) error {
		if err := to.SetDefaults(ctx, "USD", map[string]string{"cn1": "CN"}); err != nil {
			return err
		}
		for _, c := range testCategories() {
			if err := to.PutCategory(ctx, c); err != nil {
				return err
			}
		}
		for _, f := range testFacets() {
			if err := to.PutFacet(ctx, f); err != nil {
				return err
			}
		}
		for _, p := range products {
			if _, err := to.PutProduct(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// schemaOf is the small shop's schema without a database.
var schemaOf = sync.OnceValue(func() *catalog.Schema {
	cats := testCategories()
	for _, p := range testProducts() {
		for i := range cats {
			for _, id := range p.Category {
				if cats[i].ID == id {
					cats[i].Count++
				}
			}
		}
	}
	return catalog.NewSchema(1, "USD", cats, testFacets(), []catalog.Brand{{Name: "Norrfell", Count: 13}, {Name: "Tarnwick", Count: 14}, {Name: "Oskey", Count: 8}, {Name: "Sonvik", Count: 16}})
})

func testReader(lang string) *Reader {
	return &Reader{Schema: schemaOf(), Lang: lang, Now: testNow, Convert: referenceRate}
}

// productNamed is a fresh copy of a product of the shop.
func productNamed(id string) *catalog.Product {
	raw, ok := productJSON()[id]
	if !ok {
		return nil
	}
	p := new(catalog.Product)
	if err := json.Unmarshal(raw, p); err != nil {
		panic(err)
	}
	return p
}

var productJSON = sync.OnceValue(func() map[string][]byte {
	m := map[string][]byte{}
	for _, p := range testProducts() {
		p.Version = 1
		m[p.ID], _ = json.Marshal(p)
	}
	return m
})
