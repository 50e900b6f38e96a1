package feed

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"daogou/catalog"
)

// assemble makes the product of a group's rows: one row is a product, several are its variants.
func (r *runner) assemble(rows []*row) *catalog.Product {
	first := rows[0]
	if first.group == "" && len(first.parts) == 0 {
		p := first.p
		p.Facets = r.schema.facetsOf(first.attrs, first.at())
		p.Category = r.schema.category(first.path)
		return &p
	}
	p := first.p
	parts := first.parts
	if first.group != "" {
		p.ID = first.group
		p.Title = commonTitle(rows)
		p.GTIN, p.MPN, p.Stock, p.Available, p.Prices = "", "", nil, "", nil
		p.WeightG = 0
		parts = rows
	} else {
		p.Facets = r.schema.facetsOf(first.attrs, first.at())
	}
	p.Category = r.schema.category(first.path)
	r.vary(&p, parts)
	return &p
}

// vary gives a product its variants. What all of them share goes to the product.
func (r *runner) vary(p *catalog.Product, parts []*row) {
	facets := make([]map[string][]catalog.Value, len(parts))
	for i, part := range parts {
		facets[i] = r.schema.facetsOf(part.attrs, part.at())
	}
	shared := sharedFacets(facets)
	if p.Facets == nil && len(shared) > 0 {
		p.Facets = map[string][]catalog.Value{}
	}
	for id, vals := range shared {
		p.Facets[id] = vals
	}
	fillFromParts(p, parts)
	for i, part := range parts {
		own := facets[i]
		for id := range own {
			if _, same := shared[id]; same || slices.Equal(own[id], p.Facets[id]) {
				delete(own, id)
				continue
			}
			r.markVariant(id)
		}
		p.Variants = append(p.Variants, variantOf(p, part, own))
	}
}

func (r *runner) markVariant(id string) {
	if st := r.schema.facets[id]; st != nil && !st.f.Variant {
		st.f.Variant = true
		r.schema.touch(st)
	}
}

// sharedFacets are those with the same values in every part.
func sharedFacets(facets []map[string][]catalog.Value) map[string][]catalog.Value {
	shared := maps.Clone(facets[0])
	for _, f := range facets[1:] {
		for id, vals := range shared {
			if !slices.Equal(f[id], vals) {
				delete(shared, id)
			}
		}
	}
	return shared
}

// fillFromParts gives the product the cheapest part's prices, the sum of the stocks and all images, where it has none of its own.
func fillFromParts(p *catalog.Product, parts []*row) {
	ownPrices, ownStock := len(p.Prices) > 0, p.Stock != nil
	counted := true
	for _, part := range parts {
		v := &part.p
		if !ownPrices && len(v.Prices) > 0 && (len(p.Prices) == 0 || v.Prices[0].Amount.Minor < p.Prices[0].Amount.Minor) {
			p.Prices = v.Prices
		}
		counted = counted && v.Stock != nil
		if p.Available == "" || v.Available == catalog.InStock {
			p.Available = cmpAvailable(p.Available, v.Available)
		}
		if p.WeightG == 0 {
			p.WeightG = v.WeightG
		}
		if p.ShipsFrom == "" {
			p.ShipsFrom = v.ShipsFrom
		}
		if p.Shipping == nil {
			p.Shipping = v.Shipping
		}
		for _, im := range v.Images {
			if !slices.ContainsFunc(p.Images, func(have catalog.Image) bool { return have.URL == im.URL }) {
				p.Images = append(p.Images, im)
			}
		}
	}
	if ownStock || !counted {
		return
	}
	p.Stock = map[string]int64{}
	for _, part := range parts {
		for house, n := range part.p.Stock {
			p.Stock[house] += n
		}
	}
}

func cmpAvailable(have, v catalog.Availability) catalog.Availability {
	if a, ok := availability(string(v)); ok && (have == "" || a == catalog.InStock) {
		return a
	}
	return have
}

// variantOf keeps of a part what differs from the product.
func variantOf(p *catalog.Product, part *row, facets map[string][]catalog.Value) catalog.Variant {
	v := catalog.Variant{ID: part.p.ID, GTIN: part.p.GTIN, SKU: part.p.MPN, Stock: part.p.Stock}
	if len(facets) > 0 {
		v.Facets = facets
	}
	if !reflect.DeepEqual(part.p.Title, p.Title) && len(part.p.Title) > 0 {
		v.Title = part.p.Title
	}
	if len(part.p.Prices) > 0 && !reflect.DeepEqual(part.p.Prices, p.Prices) {
		v.Prices = part.p.Prices
	}
	if v.Stock == nil && part.p.Available != "" {
		if a, _ := availability(string(part.p.Available)); a == catalog.OutOfStock {
			v.Stock = map[string]int64{mainWarehouse: 0} // counted, and none on hand
		}
	}
	if len(part.p.Images) > 0 && (len(p.Images) == 0 || part.p.Images[0].URL != p.Images[0].URL) {
		v.Image = part.p.Images[0].URL
	}
	if part.p.WeightG != p.WeightG {
		v.WeightG = part.p.WeightG
	}
	return v
}

// commonTitle is the words that the titles of all rows begin with, or the first title if those are too few to name the thing.
func commonTitle(rows []*row) catalog.Text {
	out := catalog.Text{}
	for lang, title := range rows[0].p.Title {
		common := title
		for _, r := range rows[1:] {
			common = commonPrefix(common, r.p.Title[lang])
		}
		common = strings.TrimRight(common, " -–—,;:/|(·（，")
		if common != title && (utf8.RuneCountInString(common) < 8 || len(common)*5 < len(title)*2) {
			common = title
		}
		out[lang] = common
	}
	return out
}

// commonPrefix cuts at the end of a word.
func commonPrefix(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n == len(a) && (n == len(b) || b[n] == ' ' || !wordByte(b[n])) {
		return a
	}
	for n > 0 && (n < len(a) && wordByte(a[n]) && wordByte(a[n-1]) || n < len(b) && wordByte(b[n]) && wordByte(b[n-1])) {
		n--
	}
	for n > 0 && n < len(a) && !utf8.RuneStart(a[n]) {
		n--
	}
	return a[:n]
}

func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
