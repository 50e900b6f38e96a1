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
