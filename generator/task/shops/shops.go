// Package shops holds the catalogues that the model learns from: the demo shop and small authored shops of other trades.
//
// A shop is a YAML file: its categories, facets, brands and some products, in English and Chinese. They exist so that the model meets other trades, facets, units
// and currencies than the demo shop's, and so learns to read any shop's schema instead of remembering one.
//
//	s, err := shops.Open("music")
//	s.Schema.Category("acoustic-guitar")
//
// They are for training and its tests; no shopper sees them.
package shops

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"

	"daogou/catalog"
	"daogou/catalog/demo"
)

//go:embed *.yaml
var files embed.FS

// Demo is the name of the demo shop.
const Demo = "demo"

// Shop is one catalogue held in memory.
type Shop struct {
	ID       string
	Schema   *catalog.Schema
	Products []*catalog.Product

	byID map[string]*catalog.Product
}

// Product is a product by its ID; nil if there is none.
func (s *Shop) Product(id string) *catalog.Product { return s.byID[id] }

// Find lists products in the order asked, without those that do not exist.
func (s *Shop) Find(ids []string) ([]*catalog.Product, error) {
	var out []*catalog.Product
	for _, id := range ids {
		if p := s.byID[id]; p != nil {
			out = append(out, p)
		}
	}
	return out, nil
}

// Each calls yield with every product until it returns false.
func (s *Shop) Each(yield func(*catalog.Product) bool) {
	for _, p := range s.Products {
		if !yield(p) {
			return
		}
	}
}

// Vertical is the root category of a category: the trade it belongs to.
func (s *Shop) Vertical(category string) string {
	path := s.Schema.Path(category)
	if len(path) == 0 {
		return ""
	}
	return path[0].ID
}

// Names lists the shops, the demo shop first.
func Names() []string {
	names := []string{Demo}
	list, _ := fs.ReadDir(files, ".")
	for _, f := range list {
		names = append(names, strings.TrimSuffix(f.Name(), path.Ext(f.Name())))
	}
	return names
}

// All opens every shop.
func All() ([]*Shop, error) {
	var all []*Shop
	for _, n := range Names() {
		s, err := Open(n)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// Open reads a shop by name.
func Open(name string) (*Shop, error) {
	if name == Demo {
		return openDemo()
	}
	data, err := files.ReadFile(name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("shops: there is no shop %q; there are %s", name, strings.Join(Names(), ", "))
	}
	return Read(name, data)
}

// file is a shop as written.
type file struct {
	ID         string             `json:"id"`
	Currency   string             `json:"currency"`
	Categories []catalog.Category `json:"categories"`
	Facets     []catalog.Facet    `json:"facets"`
	Brands     []string           `json:"brands"`
	Products   []row              `json:"products"`
}

// row is a product as written.
type row struct {
	ID       string                     `json:"id"`
	Category string                     `json:"category"`
	Brand    string                     `json:"brand"`
	Title    catalog.Text               `json:"title"`
	Price    float64                    `json:"price"`
	Facets   map[string]json.RawMessage `json:"facets"`
}

// Read reads a shop's YAML and checks that everything it names exists.
func Read(name string, data []byte) (*Shop, error) {
	raw, err := yaml.YAMLToJSON(data)
	if err != nil {
		return nil, fmt.Errorf("shops: %s: %w", name, err)
	}
	var f file
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("shops: %s: %w", name, err)
	}
	if f.ID != name {
		return nil, fmt.Errorf("shops: %s: the file says it is shop %q", name, f.ID)
	}
	s := &Shop{ID: f.ID}
	brands := map[string]int{}
	schema := catalog.NewSchema(1, f.Currency, f.Categories, f.Facets, nil)
	for _, r := range f.Products {
		p, err := r.product(schema)
		if err != nil {
			return nil, fmt.Errorf("shops: %s: product %s: %w", name, r.ID, err)
		}
		if !slices.Contains(f.Brands, r.Brand) {
			return nil, fmt.Errorf("shops: %s: product %s: brand %q is not among the shop's brands", name, r.ID, r.Brand)
		}
		brands[r.Brand]++
		s.Products = append(s.Products, p)
	}
	var list []catalog.Brand
	for _, b := range f.Brands {
		list = append(list, catalog.Brand{Name: b, Count: brands[b]})
	}
	if err := checkSchema(schema); err != nil {
		return nil, fmt.Errorf("shops: %s: %w", name, err)
	}
	s.Schema = catalog.NewSchema(1, f.Currency, f.Categories, f.Facets, list)
	s.index()
	return s, nil
}

func (r row) product(schema *catalog.Schema) (*catalog.Product, error) {
	path := schema.Path(r.Category)
	if len(path) == 0 {
		return nil, fmt.Errorf("there is no category %q", r.Category)
	}
	p := &catalog.Product{ID: r.ID, Title: r.Title, Brand: r.Brand, Facets: map[string][]catalog.Value{}, Available: catalog.InStock}
	for _, c := range path {
		p.Category = append(p.Category, c.ID)
	}
	amount, err := catalog.NewMoney(r.Price, schema.Currency)
	if err != nil {
		return nil, err
	}
	p.Prices = []catalog.Price{{Amount: amount}}
	for id, raw := range r.Facets {
		var vs catalog.Values
		if err := json.Unmarshal(raw, &vs); err != nil {
			return nil, fmt.Errorf("facet %s: %w", id, err)
		}
		for _, v := range vs {
			if err := checkValue(schema.Facet(id), v); err != nil {
				return nil, fmt.Errorf("facet %s: %w", id, err)
			}
		}
		p.Facets[id] = vs
	}
	return p, nil
}

// checkValue holds a value against its facet.
func checkValue(f *catalog.Facet, v catalog.Value) error {
	switch {
	case f == nil:
		return fmt.Errorf("there is no such facet")
	case f.Kind == catalog.KindEnum && f.Value(v.Str()) == nil:
		return fmt.Errorf("there is no value %q", v)
	case f.Kind == catalog.KindNumber && !v.IsNum():
		return fmt.Errorf("%q is no number", v)
	case f.Kind == catalog.KindBool && !v.IsBool():
		return fmt.Errorf("%q is neither true nor false", v)
	}
	return nil
}

func checkSchema(s *catalog.Schema) error {
	for _, c := range s.Categories {
		if c.Parent != "" && s.Category(c.Parent) == nil {
			return fmt.Errorf("category %s: there is no parent %q", c.ID, c.Parent)
		}
		for _, id := range c.Facets {
			if s.Facet(id) == nil {
				return fmt.Errorf("category %s: there is no facet %q", c.ID, id)
			}
		}
	}
	for _, f := range s.Facets {
		if f.Kind == catalog.KindEnum && len(f.Values) < 2 {
			return fmt.Errorf("facet %s: an enum needs two values or more", f.ID)
		}
	}
	return nil
}

func (s *Shop) index() {
	s.byID = make(map[string]*catalog.Product, len(s.Products))
	for _, p := range s.Products {
		s.byID[p.ID] = p
	}
}

// openDemo reads the demo shop without a database.
func openDemo() (*Shop, error) {
	m := &memory{brands: map[string]catalog.Brand{}}
	if _, err := demo.Generate(context.Background(), m); err != nil {
		return nil, fmt.Errorf("shops: demo: %w", err)
	}
	brands := map[string]int{}
	for _, p := range m.products {
		brands[p.Brand]++
	}
	var list []catalog.Brand
	for name, n := range brands {
		b := m.brands[name]
		b.Name, b.Count = name, n
		list = append(list, b)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	s := &Shop{ID: Demo, Schema: catalog.NewSchema(1, m.currency, m.categories, m.facets, list), Products: m.products}
	s.index()
	return s, nil
}

// memory is a catalogue sink that only keeps what it gets.
type memory struct {
	currency   string
	categories []catalog.Category
	facets     []catalog.Facet
	products   []*catalog.Product
	brands     map[string]catalog.Brand
}

func (m *memory) PutBrand(_ context.Context, b catalog.Brand) error {
	m.brands[b.Name] = b
	return nil
}

func (m *memory) Product(context.Context, string) (*catalog.Product, error) {
	return nil, catalog.ErrNotFound
}

func (m *memory) PutCategory(_ context.Context, c catalog.Category) error {
	m.categories = append(m.categories, c)
	return nil
}

func (m *memory) PutFacet(_ context.Context, f catalog.Facet) error {
	m.facets = append(m.facets, f)
	return nil
}

func (m *memory) PutProduct(_ context.Context, p *catalog.Product) (catalog.Change, error) {
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
