package nlu

import (
	"context"
	"sync"
	"testing"

	"daogou/catalog"
	"daogou/catalog/demo"
)

// memory is a Sink that keeps what the demo generator writes: enough catalogue for a parser, without a database.
type memory struct {
	cats     []catalog.Category
	facets   []catalog.Facet
	products []*catalog.Product
	byID     map[string]*catalog.Product
	currency string
}

func (m *memory) Product(_ context.Context, id string) (*catalog.Product, error) {
	if p := m.byID[id]; p != nil {
		return p, nil
	}
	return nil, catalog.ErrNotFound
}

func (m *memory) PutCategory(_ context.Context, c catalog.Category) error {
	for i := range m.cats {
		if m.cats[i].ID == c.ID {
			m.cats[i] = c
			return nil
		}
	}
	m.cats = append(m.cats, c)
	return nil
}

func (m *memory) PutFacet(_ context.Context, f catalog.Facet) error {
	for i := range m.facets {
		if m.facets[i].ID == f.ID {
			m.facets[i] = f
			return nil
		}
	}
	m.facets = append(m.facets, f)
	return nil
}

func (m *memory) PutProduct(_ context.Context, p *catalog.Product) (catalog.Change, error) {
	m.byID[p.ID] = p
	m.products = append(m.products, p)
	return catalog.Added, nil
}

func (m *memory) Remove(context.Context, string) (catalog.Change, error) {
	return catalog.Unchanged, nil
}

func (m *memory) SetDefaults(_ context.Context, currency string, _ map[string]string) error {
	m.currency = currency
	return nil
}

var demoShop = sync.OnceValues(func() (*memory, error) {
	m := &memory{byID: map[string]*catalog.Product{}, currency: "USD"}
	_, err := demo.Generate(context.Background(), m)
	return m, err
})

// schemaOf is what a store would make of what the sink holds.
func (m *memory) schemaOf() *catalog.Schema {
	count, brands := map[string]int{}, map[string]int{}
	for _, p := range m.products {
		for _, c := range p.Category {
			count[c]++
		}
		if p.Brand != "" {
			brands[p.Brand]++
		}
	}
	cats := append([]catalog.Category(nil), m.cats...)
	for i := range cats {
		cats[i].Count = count[cats[i].ID]
	}
	var bs []catalog.Brand
	for name, n := range brands {
		bs = append(bs, catalog.Brand{Name: name, Count: n})
	}
	return catalog.NewSchema(1, m.currency, cats, m.facets, bs)
}

var demoSchemaOnce = sync.OnceValue(func() *catalog.Schema {
	m, err := demoShop()
	if err != nil {
		return nil
	}
	return m.schemaOf()
})

func demoSchema(tb testing.TB) *catalog.Schema {
	tb.Helper()
	if _, err := demoShop(); err != nil {
		tb.Fatal(err)
	}
	return demoSchemaOnce()
}

// TestDemoShop holds that words find their way in a catalogue of twelve verticals, where many phrases mean several things.
func TestDemoShop(t *testing.T) {
	schema, p := demoSchema(t), NewRules()
	for text, want := range map[string]string{
		"noise cancelling headphones with at least 30 hours battery, no more than $200": "find | battery_life >= 30; category = headphones; noise_cancelling = true; price <= 200 USD",
		"a yoga mat, max 30 euros":                 "find | category = yoga_mat; price <= 30 EUR",
		"two person tent, not orange":              "find | capacity = 2; category = tent; colour != orange",
		"预算五百块以内的降噪耳机":                             "find | category in [headphones,earbuds]; noise_cancelling = true; price <= 500 CNY",
		"想买个双人帐篷，三四百块，不要橙色的":                       "find | capacity = 2; category = tent; colour != orange; price between [300,400] CNY",
		"can you compare these two?":               "find | kw compare",
		"a gift for my mum":                        "find | audience = women ~",
		"给老公买生日礼物":                                 "find | audience = men ~",
		"a birthday present for my 5 year old son": "find | age_min = 60; audience = kids ~",
		"想买双登山鞋":                                   "find | category = hiking_boots",
		"三岁女孩的礼物":                                  "find | age_min = 36; audience = kids ~",
		"给我来把雨伞":                                   "find | category = umbrella",
		"买台灯":                                      "find | category = desk_lamp",
		"有钢琴卖吗":                                    "find | kw 钢琴",
		"蓝色连衣裙 M码":                                 "find | category = dress; colour = blue; size = m",
		"雨伞 不要黑色 一百块以内":                            "find | category = umbrella; colour != black; price <= 100 CNY",
		"羽绒服 女":                                    "find | audience = women; category = down_jacket",
		"玩游戏的笔记本电脑":                                "find | category = laptop; laptop_use = gaming_pc",
		"电饭煲 日本发货的":                                "find | category = rice_cooker; ships_from = JP",
		"fuck you":                                 "unclear",
		"傻逼":                                       "unclear",
		"what can you do?":                         "greet",
		"你是谁":                                      "greet",
		"can I return an item?":                    "policy",
		"how long is the warranty":                 "policy",
		"any discount?":                            "policy",
		"能退货吗":                                     "policy",
		"怎么开发票":                                    "policy",
		"我买的杯子碎了":                                  "order",
		"I want to kill myself":                    "person",
		"hi, my name is Anna, I just moved into a new flat, I need a grey sofa": "find+greet | category = sofa; colour = grey",
		"stainless steel": "find | material = stainless_steel",
		"I need a laptop, 14 inch, 16GB RAM and 1TB SSD": "find | category = laptop; memory = 16; screen_size between [35.433,37.846]; storage = 1000 | kw ssd",
	} {
		d, err := p.Parse(t.Context(), Turn{Text: text, Schema: schema})
		if err != nil {
			t.Fatal(err)
		}
		if text == "can you compare these two?" { // nothing is shown: it must at least not find cans
			if d.Set != nil {
				t.Errorf("%q: %s", text, show(d))
			}
			continue
		}
		if got := show(d); got != want {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
		if errs := d.Check(schema); len(errs) > 0 {
			t.Errorf("%q: %v", text, errs)
		}
	}
}

// TestDemoTalk holds what turns mean in the midst of a talk.
func TestDemoTalk(t *testing.T) {
	m, err := demoShop()
	if err != nil {
		t.Fatal(err)
	}
	schema, p := demoSchema(t), NewRules()
	laptops := State{Constraints: []Constraint{eq(catalog.FacetCategory, catalog.Str("laptop"))}, Shown: []string{"laptop-01", "laptop-06"}}
	boots := State{Constraints: []Constraint{eq(catalog.FacetCategory, catalog.Str("hiking_boots"))}, Shown: []string{"hiking_boots-10", "hiking_boots-09"}}
	one := State{Constraints: []Constraint{eq(catalog.FacetCategory, catalog.Str("umbrella"))}, Shown: []string{"umbrella-01", "umbrella-03"}, Focus: "umbrella-01"}
	offered, bought := one, one
	offered.Asked = offerAdd
	bought.Cart = []CartLine{{Product: "umbrella-01", Quantity: 1}}
	for _, c := range []struct {
		state State
		text  string
		want  string
	}{
		{laptops, "bigger screen", "refine | screen_size >= 40.6 | ref laptop-06"},
		{laptops, "屏幕大一点", "refine | screen_size >= 40.6 | ref laptop-06"},
		{laptops, "16gb ram", "refine | memory = 16"},
		{boots, "add the first one", "add_to_cart | ref hiking_boots-10"},
		{laptops, "another monitor", "find | new | category = monitor"},
		{laptops, "go back to the tablets", "back | category = tablet"},
		{laptops, "compare the first two", "compare | ref laptop-01,laptop-06"},
		{laptops, "哪个好", "compare"},
		{laptops, "还有吗", "more"},
		{one, "I'll take it", "choose | ref umbrella-01"},
		{offered, "I'll take it", "choose+add_to_cart | ref umbrella-01"},
		{offered, "就要它了", "choose+add_to_cart | ref umbrella-01"},
		{offered, "tell me more about it", "choose | ref umbrella-01"},
		{one, "两把", "add_to_cart | ref umbrella-01 | ×2"},
		{bought, "要两把", "remove | ref umbrella-01 | ×2"},
		{bought, "再来两把", "add_to_cart | ref umbrella-01 | ×2"},
	} {
		turn := Turn{State: c.state, Text: c.text, Schema: schema}
		for _, id := range c.state.Shown {
			turn.Shown = append(turn.Shown, m.byID[id])
		}
		d, err := p.Parse(t.Context(), turn)
		if err != nil {
			t.Fatal(err)
		}
		if got := show(d); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}
