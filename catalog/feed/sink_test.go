package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"daogou/catalog"
)

// memory is a catalogue in memory with the store's rules: categories and facets are united, the same product is Unchanged.
type memory struct {
	products   map[string][]byte
	categories map[string]catalog.Category
	facets     map[string]catalog.Facet
	brands     map[string]catalog.Brand
	currency   string
	warehouses map[string]string
	strict     bool // products may only use what was put before
	forget     bool // count, but keep no product
	count      int
}

func newMemory() *memory {
	return &memory{products: map[string][]byte{}, categories: map[string]catalog.Category{}, facets: map[string]catalog.Facet{}, brands: map[string]catalog.Brand{}, strict: true}
}

func (m *memory) Product(_ context.Context, id string) (*catalog.Product, error) {
	b, ok := m.products[id]
	if !ok {
		return nil, catalog.ErrNotFound
	}
	p := &catalog.Product{}
	return p, json.Unmarshal(b, p)
}

func (m *memory) PutCategory(_ context.Context, c catalog.Category) error {
	if c.ID == "" {
		return fmt.Errorf("a category without an id")
	}
	if _, ok := m.categories[c.Parent]; m.strict && c.Parent != "" && !ok {
		return fmt.Errorf("category %s comes before its parent %s", c.ID, c.Parent)
	}
	m.categories[c.ID] = c
	return nil
}

func (m *memory) PutFacet(_ context.Context, f catalog.Facet) error {
	old, ok := m.facets[f.ID]
	if ok {
		have := map[string]bool{}
		vals := slices.Clone(old.Values)
		for _, v := range vals {
			have[v.ID] = true
		}
		for _, v := range f.Values {
			if !have[v.ID] {
				vals = append(vals, v)
			}
		}
		f.Values = vals
	}
	m.facets[f.ID] = f
	return nil
}

func (m *memory) PutBrand(_ context.Context, b catalog.Brand) error {
	if b.Name == "" {
		return fmt.Errorf("a brand without a name")
	}
	m.brands[b.Name] = b
	return nil
}

func (m *memory) PutProduct(_ context.Context, p *catalog.Product) (catalog.Change, error) {
	if m.strict {
		if err := m.check(p); err != nil {
			return "", err
		}
	}
	m.count++
	if m.forget {
		return catalog.Added, nil
	}
	b, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	old, ok := m.products[p.ID]
	m.products[p.ID] = b
	switch {
	case !ok:
		return catalog.Added, nil
	case string(old) == string(b):
		return catalog.Unchanged, nil
	}
	return catalog.Updated, nil
}

// check refuses products whose category, facets or values were not put before, or are of the wrong kind.
func (m *memory) check(p *catalog.Product) error {
	for _, c := range p.Category {
		if _, ok := m.categories[c]; !ok {
			return fmt.Errorf("product %s is in the unknown category %s", p.ID, c)
		}
	}
	all := []map[string][]catalog.Value{p.Facets}
	for _, v := range p.Variants {
		all = append(all, v.Facets)
	}
	for _, facets := range all {
		for id, vals := range facets {
			f, ok := m.facets[id]
			if !ok {
				return fmt.Errorf("product %s has the unknown facet %s", p.ID, id)
			}
			for _, v := range vals {
				good := false
				switch f.Kind {
				case catalog.KindEnum:
					good = v.IsStr() && f.Value(v.Str()) != nil
				case catalog.KindNumber:
					good = v.IsNum()
				case catalog.KindBool:
					good = v.IsBool()
				case catalog.KindText:
					good = v.IsStr()
				}
				if !good {
					return fmt.Errorf("product %s: %v is no value of the %s facet %s", p.ID, v, f.Kind, id)
				}
			}
		}
	}
	return nil
}

func (m *memory) Remove(_ context.Context, id string) (catalog.Change, error) {
	if _, ok := m.products[id]; !ok {
		return catalog.Unchanged, nil
	}
	delete(m.products, id)
	return catalog.Removed, nil
}

func (m *memory) SetDefaults(_ context.Context, currency string, warehouses map[string]string) error {
	m.currency = currency
	if warehouses != nil {
		m.warehouses = warehouses
	}
	return nil
}

func (m *memory) EachProductID(_ context.Context, f func(string) error) error {
	for _, id := range slices.Sorted(maps.Keys(m.products)) {
		if err := f(id); err != nil {
			return err
		}
	}
	return nil
}

// data is the path of a public data file, or a skip if the folder is not there.
func data(t testing.TB, parts ...string) string {
	t.Helper()
	dir := os.Getenv("DAOGOU_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("DAOGOU_REQUIRE_DATA") == "1" {
			t.Fatalf("the public data is required and %s is missing", filepath.Join(parts...))
		}
		t.Skipf("no public data: %s is missing (set DAOGOU_DATA)", filepath.Join(parts...))
	}
	return path
}
