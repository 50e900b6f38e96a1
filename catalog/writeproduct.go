package catalog

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// put writes a product's row and all that hangs on it; n is 0 for a new one.
func (w *writer) put(n int64, p *Product, doc, hash []byte) error {
	cat, err := w.categoryOf(p)
	if err != nil {
		return err
	}
	brand, err := w.brand(p.Brand)
	if err != nil {
		return err
	}
	var rating any
	if p.Rating != nil {
		rating = p.Rating.Average
	}
	row := []any{p.ID, hash, w.version, w.now, cat, brand, anyInStock(p), rating, liked(p.Rating), strings.ToUpper(p.ShipsFrom)}
	if n == 0 {
		n, err = w.insert("INSERT INTO products(id, hash, version, updated, cat, brand, in_stock, rating, liked, ships_from) VALUES(?,?,?,?,?,?,?,?,?,?)", row...)
	} else {
		err = w.run("UPDATE products SET id=?, hash=?, version=?, updated=?, cat=?, brand=?, in_stock=?, rating=?, liked=?, ships_from=? WHERE n=?", append(row, n)...)
	}
	if err != nil {
		return err
	}
	if err := w.run("INSERT INTO docs VALUES(?, ?)", n, doc); err != nil {
		return err
	}
	if err := w.putFacets(n, 0, p.ID, p.Facets); err != nil {
		return w.fail(err)
	}
	if err := w.putPrices(n, 0, p.Prices, p.Stock); err != nil {
		return err
	}
	for i, v := range p.Variants {
		if err := w.putFacets(n, i+1, p.ID, v.Facets); err != nil {
			return w.fail(err)
		}
		if err := w.putPrices(n, i+1, v.Prices, v.Stock); err != nil {
			return err
		}
	}
	for s := range surfaces(append(p.Title.texts(), p.Brand)...) {
		w.spell[s]++
	}
	return w.index(n, p)
}

// anyInStock says whether the product or one of its variants can be bought now.
func anyInStock(p *Product) bool {
	if p.InStock() {
		return true
	}
	if p.Available == OutOfStock {
		return false
	}
	for _, v := range p.Variants {
		for _, units := range v.Stock {
			if units > 0 {
				return true
			}
		}
	}
	return false
}

// liked draws an average towards 3.5 stars by ten imagined reviews, so that one enthusiast does not lead the shop.
func liked(r *Rating) float64 {
	const prior, weight = 3.5, 10
	if r == nil || r.Count < 0 || math.IsNaN(r.Average) {
		return prior
	}
	n := float64(max(r.Count, 1))
	return (min(max(r.Average, 0), 5)*n + prior*weight) / (n + weight)
}

// categoryOf is the number of the product's type. Categories that nobody declared are made from the path, named by their IDs.
func (w *writer) categoryOf(p *Product) (int64, error) {
	parent := ""
	for _, id := range p.Category {
		if id == "" {
			continue
		}
		if w.cats[id] == nil {
			if err := w.PutCategory(w.ctx, Category{ID: id, Parent: parent, Label: Text{"en": id}}); err != nil {
				return 0, err
			}
		}
		parent = id
	}
	if parent == "" {
		return 0, nil
	}
	w.cats[parent].used = true
	return w.cats[parent].n, nil
}

// brandKey is how brands are told apart: case, width and accents do not matter.
func brandKey(name string) string { return strings.Join(strings.Fields(fold(name)), " ") }

func (w *writer) brand(name string) (int64, error) {
	key := brandKey(name)
	if key == "" {
		return 0, nil
	}
	if r := w.brands[key]; r != nil {
		return r.b, nil
	}
	b, err := w.insert("INSERT INTO brands(key, name) VALUES(?, ?)", key, strings.TrimSpace(name))
	w.brands[key] = &brandRow{b: b}
	return b, err
}

func (w *writer) putPrices(n int64, variant int, prices []Price, stock map[string]int64) error {
	for i, p := range prices {
		var sale, cur, from, to any
		if p.Sale != nil {
			sale, cur = p.Sale.Amount.Minor, p.Sale.Amount.Currency
			from, to = unixOrNil(p.Sale.From), unixOrNil(p.Sale.To)
			if err := w.market(p.Market, p.Sale.Amount.Currency); err != nil {
				return err
			}
		}
		if err := w.market(p.Market, p.Amount.Currency); err != nil {
			return err
		}
		if err := w.priceRows.add(n, variant, i, p.Market, p.Amount.Currency, p.Amount.Minor, sale, cur, from, to); err != nil {
			return err
		}
	}
	for wh, units := range stock {
		if err := w.stockRows.add(n, variant, wh, units); err != nil {
			return err
		}
	}
	return nil
}

func unixOrNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func (w *writer) market(market, currency string) error {
	m := [2]string{market, currency}
	if w.markets[m] {
		return nil
	}
	w.markets[m] = true
	return w.run("INSERT OR IGNORE INTO markets VALUES(?, ?)", market, currency)
}

func (w *writer) putFacets(n int64, variant int, id string, facets map[string][]Value) error {
	for _, name := range sortedKeys(facets) {
		f, err := w.facetFor(name, facets[name])
		if err != nil {
			return fmt.Errorf("catalog: product %q: %w", id, err)
		}
		if f == nil || f.f.Kind == KindText {
			continue
		}
		for _, v := range facets[name] {
			x, err := w.number(f, v)
			if err != nil {
				return fmt.Errorf("catalog: product %q: %w", id, err)
			}
			if err := w.facetRows.add(n, f.n, x, variant); err != nil {
				return err
			}
		}
	}
	return nil
}

// facetFor finds the facet of a product's values, or makes it from the first value where nobody declared it; nil if there is no value.
func (w *writer) facetFor(name string, vs []Value) (*facetRow, error) {
	if f := w.facets[name]; f != nil {
		return f, nil
	}
	for _, v := range vs {
		f := Facet{ID: name, Label: Text{"en": strings.ReplaceAll(name, "_", " ")}, Multi: len(vs) > 1}
		switch {
		case v.IsNum():
			f.Kind = KindNumber
		case v.IsBool():
			f.Kind = KindBool
		case v.IsStr():
			f.Kind = KindText
		default:
			continue
		}
		if err := w.PutFacet(w.ctx, f); err != nil {
			return nil, err
		}
		return w.facets[name], nil
	}
	return nil, nil
}

// number is what product_facets.v holds for a value. An enum value that nobody declared is made, named by its ID.
func (w *writer) number(f *facetRow, v Value) (float64, error) {
	switch {
	case f.f.Kind == KindNumber && v.IsNum():
		return v.Num(), nil
	case f.f.Kind == KindBool && v.IsBool():
		if v.Bool() {
			return 1, nil
		}
		return 0, nil
	case f.f.Kind == KindEnum && v.IsStr():
		r := f.values[v.Str()]
		if r == nil {
			if err := w.putValue(f, FacetValue{ID: v.Str(), Label: Text{"en": v.Str()}}); err != nil {
				return 0, err
			}
			r = f.values[v.Str()]
		}
		return float64(r.n), nil
	}
	return 0, fmt.Errorf("the value %s does not fit facet %q, which is of kind %s", v, f.f.ID, f.f.Kind)
}
