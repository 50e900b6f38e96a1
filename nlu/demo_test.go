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
		"a yoga mat, max 30 euros":                       "find | category = yoga_mat; price <= 30 EUR",
		"two person tent, not orange":                    "find | capacity = 2; category = tent; colour != orange",
		"预算五百块以内的降噪耳机":                                   "find | category = headphones; noise_cancelling = true; price <= 500 CNY",
		"想买个双人帐篷，三四百块，不要橙色的":                             "find | capacity = 2; category = tent; colour != orange; price between [300,400] CNY",
		"can you compare these two?":                     "find | kw compare",
		"stainless steel":                                "find | material = stainless_steel",
		"I need a laptop, 14 inch, 16GB RAM and 1TB SSD": "find | category = laptop; memory = 16; screen_size = 35.56; storage = 1000 | kw ssd",
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
