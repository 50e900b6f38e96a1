package chat

import (
	"encoding/json"
	"errors"
	"math"
	"slices"

	"daogou/catalog"
	"daogou/catalog/units"
	"daogou/chat/wire"
	"daogou/nlu"
)

// errTap is a tap that names what the catalogue or the basket does not have: an old button, or a made-up one.
var errTap = errors.New("chat: the tap names what is not there")

const (
	facetKeywords = "keywords" // a tap's facet for the shopper's own words, which are chips too
	maxAnd        = 8
	maxOperands   = 32
)

// tapped turns a tap into what it does to the need. Nothing in a tap is trusted: facets and values are looked up in the schema, products in rows.
func tapped(t wire.Tap, s nlu.State, sc *catalog.Schema, rows map[string]*catalog.Product) (nlu.Delta, error) {
	d, err := tapDelta(t, s, sc, rows)
	if err == nil && len(t.And) > maxAnd {
		err = errTap
	}
	for _, u := range t.And {
		if err != nil {
			break
		}
		if len(u.And) > 0 || !aboutFacet(u.Do) {
			err = errTap
			break
		}
		var more nlu.Delta
		if more, err = tapDelta(u, s, sc, rows); err == nil {
			d.Set = append(d.Set, more.Set...)
			d.Drop = append(d.Drop, more.Drop...)
			d.DropKeywords = append(d.DropKeywords, more.DropKeywords...)
			d.NoPreference = append(d.NoPreference, more.NoPreference...)
		}
	}
	if err != nil {
		return nlu.Delta{Lang: s.Lang, Act: nlu.ActUnclear, By: "tap"}, err
	}
	d.Lang, d.By = s.Lang, "tap"
	return d, nil
}

func aboutFacet(do string) bool {
	switch do {
	case wire.DoSet, wire.DoDrop, wire.DoSoften, wire.DoNoPreference:
		return true
	}
	return false
}

func tapDelta(t wire.Tap, s nlu.State, sc *catalog.Schema, rows map[string]*catalog.Product) (nlu.Delta, error) {
	d := nlu.Delta{}
	switch t.Do {
	case wire.DoSet:
		c, err := tapConstraint(t, sc)
		d.Act, d.Set = nlu.ActRefine, []nlu.Constraint{c}
		return d, err
	case wire.DoDrop:
		d.Act = nlu.ActRelax
		return dropTap(d, t, s, sc)
	case wire.DoSoften:
		d.Act = nlu.ActRelax
		for _, c := range s.Constraints {
			if c.Facet == t.Facet && (t.Op == "" || t.Op == string(c.Op)) {
				c.Hard = false
				d.Set = append(d.Set, c)
			}
		}
		if len(d.Set) == 0 {
			return d, errTap
		}
		return d, nil
	case wire.DoNoPreference:
		d.Act, d.NoPreference = nlu.ActRelax, []string{t.Facet}
		if !knownFacet(t.Facet, sc) {
			return d, errTap
		}
		return d, nil
	case wire.DoMore:
		d.Act = nlu.ActMore
	case wire.DoCheckout:
		d.Act = nlu.ActCheckout
	case wire.DoReset:
		d.Act = nlu.ActReset
	case wire.DoPerson:
		d.Act = nlu.ActPerson
	default:
		return itemTap(d, t, s, rows)
	}
	return d, nil
}

// itemTap is a tap on products.
func itemTap(d nlu.Delta, t wire.Tap, s nlu.State, rows map[string]*catalog.Product) (nlu.Delta, error) {
	if t.Quantity < 0 || t.Quantity > maxQuantity {
		return d, errTap
	}
	switch t.Do {
	case wire.DoCompare:
		d.Act = nlu.ActCompare
		for _, id := range t.Products {
			if rows[id] != nil && len(d.References) < tableSize && !slices.Contains(d.References, id) {
				d.References = append(d.References, id)
			}
		}
		if len(d.References) < 2 {
			return d, errTap
		}
		return d, nil
	case wire.DoChoose:
		d.Act = nlu.ActChoose
	case wire.DoAdd:
		d.Act, d.Quantity = nlu.ActAddToCart, t.Quantity
	case wire.DoRemove, wire.DoQuantity:
		d.Act, d.Quantity = nlu.ActRemove, t.Quantity
		if !slices.ContainsFunc(s.Cart, func(l nlu.CartLine) bool {
			return l.Product == t.Product && (t.Variant == "" || l.Variant == t.Variant)
		}) {
			return d, errTap
		}
		d.References = []string{t.Product} // also of a product that is no longer sold: it can still be taken out
		return d, nil
	default:
		return d, errTap
	}
	row := rows[t.Product]
	if row == nil || t.Variant != "" && findVariant(row, t.Variant) == nil {
		return d, errTap
	}
	d.References = []string{t.Product}
	return d, nil
}

// dropTap opens a facet again, or one side of it ("not black" stays when "navy" goes), or takes a keyword out.
func dropTap(d nlu.Delta, t wire.Tap, s nlu.State, sc *catalog.Schema) (nlu.Delta, error) {
	if t.Facet == facetKeywords {
		var word string
		if json.Unmarshal(t.Value, &word) != nil || !slices.Contains(s.Keywords, word) {
			return d, errTap
		}
		d.DropKeywords = []string{word}
		return d, nil
	}
	if !knownFacet(t.Facet, sc) {
		return d, errTap
	}
	d.Drop = []string{t.Facet}
	for _, c := range s.Constraints {
		if c.Facet == t.Facet && t.Op != "" && (t.Op == string(catalog.OpNe)) != (c.Op == catalog.OpNe) {
			d.Set = append(d.Set, c)
		}
	}
	return d, nil
}

// knownFacet says whether a constraint may be on a facet.
func knownFacet(id string, sc *catalog.Schema) bool {
	switch id {
	case catalog.FacetCategory, catalog.FacetBrand, catalog.FacetPrice, catalog.FacetRating, catalog.FacetInStock, catalog.FacetOnSale, catalog.FacetShipsFrom:
		return true
	}
	return sc.Facet(id) != nil
}

// tapConstraint checks a tapped condition against the schema.
func tapConstraint(t wire.Tap, sc *catalog.Schema) (nlu.Constraint, error) {
	c := nlu.Constraint{Origin: nlu.OriginTapped}
	c.Facet, c.Op, c.Unit, c.Hard = t.Facet, catalog.Op(t.Op), t.Unit, true
	if c.Op == "" {
		c.Op = catalog.OpEq
	}
	if !knownFacet(t.Facet, sc) || json.Unmarshal(t.Value, &c.Values) != nil || len(c.Values) == 0 || len(c.Values) > maxOperands {
		return nlu.Constraint{}, errTap
	}
	if !validOp(c.Constraint) || !validUnit(c.Constraint, sc) {
		return nlu.Constraint{}, errTap
	}
	for _, v := range c.Values {
		if !validValue(c.Facet, v, sc) {
			return nlu.Constraint{}, errTap
		}
	}
	return c, nil
}

func validOp(c catalog.Constraint) bool {
	switch c.Op {
	case catalog.OpEq, catalog.OpNe, catalog.OpIn:
		return true
	case catalog.OpLe, catalog.OpGe:
		return len(c.Values) == 1 && c.Values[0].IsNum()
	case catalog.OpBetween:
		return len(c.Values) == 2 && c.Values[0].IsNum() && c.Values[1].IsNum() && c.Values[0].Num() <= c.Values[1].Num()
	}
	return false
}

func validUnit(c catalog.Constraint, sc *catalog.Schema) bool {
	if c.Unit == "" {
		return true
	}
	if c.Facet == catalog.FacetPrice {
		_, ok := catalog.Exponent(c.Unit)
		return ok
	}
	f := sc.Facet(c.Facet)
	if f == nil {
		return false
	}
	_, err := units.Convert(1, c.Unit, f.Unit)
	return c.Unit == f.Unit || err == nil
}

func validValue(facet string, v catalog.Value, sc *catalog.Schema) bool {
	number := v.IsNum() && !math.IsNaN(v.Num()) && !math.IsInf(v.Num(), 0)
	switch facet {
	case catalog.FacetCategory:
		return v.IsStr() && sc.Category(v.Str()) != nil
	case catalog.FacetBrand:
		return v.IsStr() && slices.ContainsFunc(sc.Brands, func(b catalog.Brand) bool { return b.Name == v.Str() })
	case catalog.FacetPrice, catalog.FacetRating:
		return number && v.Num() >= 0 && v.Num() < 1e12
	case catalog.FacetInStock, catalog.FacetOnSale:
		return v.IsBool()
	case catalog.FacetShipsFrom:
		return v.IsStr() && len(v.Str()) == 2
	}
	f := sc.Facet(facet)
	switch f.Kind {
	case catalog.KindNumber:
		return number
	case catalog.KindBool:
		return v.IsBool()
	case catalog.KindEnum:
		return v.IsStr() && f.Value(v.Str()) != nil
	}
	return v.IsStr() && len(v.Str()) <= 200
}

// tapProducts are the products that a tap names.
func tapProducts(t *wire.Tap) []string {
	if t == nil {
		return nil
	}
	ids := append([]string(nil), t.Products[:min(len(t.Products), 2*tableSize)]...)
	if t.Product != "" {
		ids = append(ids, t.Product)
	}
	return ids
}
