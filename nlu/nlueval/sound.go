package nlueval

import (
	"strings"

	"daogou/catalog"
	"daogou/catalog/units"
)

// Wrong says what an annotated constraint names that a catalogue does not have; "" if nothing.
func Wrong(schema *catalog.Schema, c Constraint) string {
	switch c.Facet {
	case catalog.FacetPrice:
		if len(c.Unit) != 3 || c.Unit != strings.ToUpper(c.Unit) {
			return "a price needs its currency"
		}
		return ""
	case catalog.FacetCategory:
		for _, v := range c.Values {
			if schema.Category(v.Str()) == nil {
				return "no such category"
			}
		}
		return ""
	case catalog.FacetBrand:
		for _, v := range c.Values {
			found := false
			for _, b := range schema.Brands {
				found = found || b.Name == v.Str()
			}
			if !found {
				return "no such brand"
			}
		}
		return ""
	case catalog.FacetRating, catalog.FacetInStock, catalog.FacetOnSale, catalog.FacetShipsFrom:
		return ""
	}
	f := schema.Facet(c.Facet)
	if f == nil {
		return "no such facet"
	}
	for _, v := range c.Values {
		switch {
		case f.Kind == catalog.KindEnum && f.Value(v.Str()) == nil:
			return "no such value"
		case f.Kind == catalog.KindNumber && !v.IsNum():
			return "needs a number"
		case f.Kind == catalog.KindBool && !v.IsBool():
			return "needs yes or no"
		}
	}
	if c.Unit != "" && f.Unit != "" {
		if _, err := units.Convert(1, c.Unit, f.Unit); err != nil {
			return err.Error()
		}
	}
	return ""
}
