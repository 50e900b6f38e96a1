package data

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/catalog/units"
	"daogou/generator/task/shops"
)

// RandomShop makes a shop from shuffled parts of the real ones: product types of one or several trades, each with some of its facets in another order, under other IDs, in
// other units and another currency. So schemas vary without end. The same rng makes the same shop.
func RandomShop(rng *rand.Rand) *shops.Shop {
	all, err := shops.All()
	if err != nil {
		return nil
	}
	return randomShop(rng, all, nil)
}

// Bounds of a random shop.
const (
	maxTypes    = 18
	maxProducts = 8 // of one type
)

// mixer builds one random shop.
type mixer struct {
	rng      *rand.Rand
	currency string
	style    int
	cats     []catalog.Category
	facets   []catalog.Facet
	ids      map[string]string  // "shop/facet" → new ID
	factor   map[string]float64 // new ID → factor of its numbers
	brands   map[string]int
	products []*catalog.Product
	taken    map[string]bool
}

func randomShop(rng *rand.Rand, all []*shops.Shop, without []string) *shops.Shop {
	m := &mixer{rng: rng, style: rng.IntN(4), ids: map[string]string{}, factor: map[string]float64{}, brands: map[string]int{}, taken: map[string]bool{}}
	m.currency = []string{"USD", "EUR", "GBP", "CNY", "JPY", "CAD", "AUD", "CHF", "SEK", "INR", "SGD"}[rng.IntN(11)]
	for range 1 + rng.IntN(3) {
		m.trade(all, without)
	}
	for tries := 0; len(m.products) == 0 && tries < 20; tries++ {
		m.trade(all, without)
	}
	return m.shop()
}

// trade takes some product types of one vertical of one shop.
func (m *mixer) trade(all []*shops.Shop, without []string) {
	from := all[m.rng.IntN(len(all))]
	var roots []string
	for _, c := range from.Schema.Categories {
		if c.Parent == "" && !slices.Contains(without, c.ID) {
			roots = append(roots, c.ID)
		}
	}
	if len(roots) == 0 {
		return
	}
	root := roots[m.rng.IntN(len(roots))]
	stock := map[string][]*catalog.Product{}
	for _, p := range from.Products {
		if len(p.Category) > 1 && p.Category[0] == root {
			leaf := p.Category[len(p.Category)-1]
			stock[leaf] = append(stock[leaf], p)
		}
	}
	leaves := slices.Sorted(maps.Keys(stock))
	m.rng.Shuffle(len(leaves), func(i, j int) { leaves[i], leaves[j] = leaves[j], leaves[i] })
	r := *from.Schema.Category(root)
	rootID := m.rename(from.ID+"/c/"+root, root)
	if !slices.ContainsFunc(m.cats, func(c catalog.Category) bool { return c.ID == rootID }) {
		m.cats = append(m.cats, catalog.Category{ID: rootID, Label: r.Label, Synonyms: m.some(r.Synonyms)})
	}
	for _, leaf := range leaves[:min(len(leaves), 2+m.rng.IntN(9))] {
		if len(m.cats) < maxTypes && m.ids[from.ID+"/c/"+leaf] == "" {
			m.productType(from, leaf, rootID, stock[leaf])
		}
	}
}

func (m *mixer) productType(from *shops.Shop, leaf, root string, products []*catalog.Product) {
	old := from.Schema.Category(leaf)
	c := catalog.Category{ID: m.rename(from.ID+"/c/"+leaf, leaf), Parent: root, Label: old.Label, Synonyms: m.some(old.Synonyms)}
	fs := slices.Clone(from.Schema.FacetsOf(leaf))
	m.rng.Shuffle(len(fs), func(i, j int) { fs[i], fs[j] = fs[j], fs[i] })
	keep := fs[:max(min(3, len(fs)), len(fs)*(6+m.rng.IntN(5))/10)]
	for _, f := range keep {
		c.Facets = append(c.Facets, m.facet(from, f))
	}
	m.cats = append(m.cats, c)
	m.rng.Shuffle(len(products), func(i, j int) { products[i], products[j] = products[j], products[i] })
	for _, p := range products[:min(len(products), 3+m.rng.IntN(maxProducts-2))] {
		m.product(from, p, c, keep)
	}
}

// rename gives a part an ID in the manner of this shop.
func (m *mixer) rename(key, id string) string {
	if n := m.ids[key]; n != "" {
		return n
	}
	n := strings.ReplaceAll(id, "-", "_")
	switch m.style {
	case 1:
		n = strings.ReplaceAll(n, "_", "-")
	case 2:
		parts := strings.Split(n, "_")
		for i := 1; i < len(parts); i++ {
			if parts[i] != "" {
				parts[i] = strings.ToUpper(parts[i][:1]) + parts[i][1:]
			}
		}
		n = strings.Join(parts, "")
	case 3:
		n = fmt.Sprintf("x%d", 100+len(m.ids))
	}
	for m.taken[n] {
		n += "2"
	}
	m.taken[n] = true
	m.ids[key] = n
	return n
}

// facet takes over a facet, in another unit perhaps.
func (m *mixer) facet(from *shops.Shop, f *catalog.Facet) string {
	key := from.ID + "/f/" + f.ID
	if id := m.ids[key]; id != "" {
		return id
	}
	g := *f
	g.ID = m.rename(key, f.ID)
	g.Synonyms = m.some(f.Synonyms)
	g.Values = nil
	for _, v := range f.Values {
		v.Synonyms = m.some(v.Synonyms)
		g.Values = append(g.Values, v)
	}
	m.rng.Shuffle(len(g.Values), func(i, j int) { g.Values[i], g.Values[j] = g.Values[j], g.Values[i] })
	m.factor[g.ID] = 1
	if m.rng.IntN(3) == 0 {
		for _, u := range map[string][]string{"cm": {"mm", "in", "m"}, "mm": {"cm"}, "kg": {"g", "lb"}, "g": {"kg", "oz"}, "l": {"ml"}, "ml": {"l", "floz"}, "W": {"kW"}, "h": {"min"}, "GB": {"TB"}, "m": {"cm", "ft"}, "min": {"h"}, "month": {"year"}, "year": {"month"}}[f.Unit] {
			if x, err := units.Convert(1, f.Unit, u); err == nil && m.rng.IntN(2) == 0 {
				g.Unit, m.factor[g.ID] = u, x
				break
			}
		}
	}
	m.facets = append(m.facets, g)
	return g.ID
}

// some leaves out a part of the synonyms.
func (m *mixer) some(synonyms map[string][]string) map[string][]string {
	out := map[string][]string{}
	for _, lang := range slices.Sorted(maps.Keys(synonyms)) {
		for _, w := range synonyms[lang] {
			if m.rng.IntN(10) < 8 {
				out[lang] = append(out[lang], w)
			}
		}
	}
	return out
}

func (m *mixer) product(from *shops.Shop, p *catalog.Product, c catalog.Category, keep []*catalog.Facet) {
	price := priceIn(p, m.currency)
	amount, err := catalog.NewMoney(math.Max(1, round6(easyPrice(price*(0.7+0.6*m.rng.Float64())))), m.currency)
	if err != nil {
		return
	}
	q := &catalog.Product{ID: fmt.Sprintf("p%d", 1000+len(m.products)), Title: p.Title, Description: p.Description, Brand: p.Brand, Category: []string{c.Parent, c.ID}, Available: catalog.InStock,
		Rating: p.Rating, Prices: []catalog.Price{{Amount: amount}}, Facets: map[string][]catalog.Value{}}
	for _, f := range keep {
		vs := slices.Clone(p.Facets[f.ID])
		id := m.ids[from.ID+"/f/"+f.ID]
		for i, v := range vs {
			if v.IsNum() {
				vs[i] = catalog.Num(round6(math.Round(v.Num()*m.factor[id]*1e3) / 1e3))
			}
		}
		if len(vs) > 0 {
			q.Facets[id] = vs
		}
	}
	m.brands[p.Brand]++
	m.products = append(m.products, q)
}

// easyPrice is a price as price tags have it.
func easyPrice(v float64) float64 {
	switch {
	case v < 20:
		return math.Floor(v) + 0.5
	case v < 1000:
		return math.Floor(v)
	}
	return math.Floor(v/10) * 10
}

func (m *mixer) shop() *shops.Shop {
	var list []catalog.Brand
	for _, b := range slices.Sorted(maps.Keys(m.brands)) {
		if b != "" {
			list = append(list, catalog.Brand{Name: b, Count: m.brands[b]})
		}
	}
	return &shops.Shop{ID: "random", Schema: catalog.NewSchema(1, m.currency, m.cats, m.facets, list), Products: m.products}
}
