package chat

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"daogou/catalog"
)

// Reader reads facts from product rows as a shopper reads them: in a language, for a market, at an instant.
// It is pure: the same row gives the same fact, which is what lets a reply be checked against rows that were read again.
type Reader struct {
	Schema  *catalog.Schema
	Lang    string // "en" or "zh"
	Market  string
	Now     time.Time
	Convert func(m catalog.Money, currency string) (catalog.Money, bool) // between currencies; nil: amounts of different currencies do not compare
}

// Columns of a product that are not facets of the schema.
const (
	colTitle  = "title"
	colBrand  = catalog.FacetBrand
	colPrice  = catalog.FacetPrice
	colWas    = "was" // the price before the sale; absent if there is no sale
	colStock  = "stock"
	colRating = catalog.FacetRating
)

// maxFactRunes bounds what one fact may add to a sentence, whatever a feed put into the row.
const maxFactRunes = 160

// Read is the fact in one column of a row; ok is false if the row says nothing there.
// A column "price@ID" or "title@ID" is of the variant with that ID.
func (r *Reader) Read(p *catalog.Product, column string) (f Fact, ok bool) {
	f = Fact{Product: p.ID, Column: column, Version: p.Version}
	f.Value, f.Text, ok = r.read(p, column)
	f.Text = clean(f.Text, maxFactRunes)
	return f, ok && f.Text != ""
}

func (r *Reader) read(p *catalog.Product, column string) (value, text string, ok bool) {
	base, variant, _ := strings.Cut(column, "@")
	switch base {
	case colTitle:
		s := r.title(p, variant)
		return s, s, s != ""
	case colBrand:
		return p.Brand, p.Brand, p.Brand != ""
	case colPrice:
		m, ok := r.Price(p, variant)
		return minorText(m), r.Money(m), ok
	case colWas:
		m, ok := r.was(p)
		return minorText(m), r.Money(m), ok
	case colStock, catalog.FacetInStock:
		return stockValue(p), r.words().stock(p.InStock(), unitsLeft(p, variant)), true
	case colRating:
		if p.Rating == nil || p.Rating.Average <= 0 {
			return "", "", false
		}
		return formatFloat(p.Rating.Average, 2), r.words().rating(formatFloat(p.Rating.Average, 1), p.Rating.Count), true
	case catalog.FacetOnSale:
		_, on := r.was(p)
		return strconv.FormatBool(on), r.words().yesNo(on), true
	case catalog.FacetCategory:
		if len(p.Category) == 0 {
			return "", "", false
		}
		id := p.Category[len(p.Category)-1]
		return id, r.categoryLabel(id), true
	}
	f := r.Schema.Facet(column)
	if f == nil {
		return "", "", false
	}
	return r.facet(f, allValues(p, f))
}

// title is the product's title, with the variant's own if it has one.
func (r *Reader) title(p *catalog.Product, variant string) string {
	if v := findVariant(p, variant); v != nil {
		if s := v.Title.In(r.Lang); s != "" {
			return s
		}
	}
	return p.Title.In(r.Lang)
}

// Price is what the product, or one variant of it, costs now. A product whose variants alone have prices costs what the cheapest does.
func (r *Reader) Price(p *catalog.Product, variant string) (catalog.Money, bool) {
	if v := findVariant(p, variant); v != nil && len(v.Prices) > 0 {
		row, ok := (&catalog.Product{Prices: v.Prices}).PriceIn(r.Market)
		return row.At(r.Now), ok
	}
	if row, ok := p.PriceIn(r.Market); ok {
		return row.At(r.Now), true
	}
	var best catalog.Money
	found := false
	for i := range p.Variants {
		row, ok := (&catalog.Product{Prices: p.Variants[i].Prices}).PriceIn(r.Market)
		if m := row.At(r.Now); ok && (!found || m.Minor < best.Minor) {
			best, found = m, true
		}
	}
	return best, found
}

func (r *Reader) was(p *catalog.Product) (catalog.Money, bool) {
	row, ok := p.PriceIn(r.Market)
	if !ok || row.At(r.Now) == row.Amount {
		return catalog.Money{}, false
	}
	return row.Amount, row.Amount.Minor > row.At(r.Now).Minor
}

// Money is an amount as the shopper's language writes it.
func (r *Reader) Money(m catalog.Money) string {
	if m.Currency == "" {
		return ""
	}
	return m.Format(r.Lang)
}

func minorText(m catalog.Money) string { return strconv.FormatInt(m.Minor, 10) + " " + m.Currency }

func findVariant(p *catalog.Product, id string) *catalog.Variant {
	for i := range p.Variants {
		if id != "" && p.Variants[i].ID == id {
			return &p.Variants[i]
		}
	}
	return nil
}

// unitsLeft is how many units of the product, or of one variant, are on hand; -1 if the feed does not count them.
func unitsLeft(p *catalog.Product, variant string) int64 {
	stock := p.Stock
	if v := findVariant(p, variant); v != nil && v.Stock != nil {
		stock = v.Stock
	}
	if stock == nil {
		return -1
	}
	var n int64
	for _, k := range stock {
		n += max(k, 0)
	}
	return n
}

func stockValue(p *catalog.Product) string {
	if n := unitsLeft(p, ""); n >= 0 {
		return strconv.FormatInt(n, 10)
	}
	if p.Available != "" {
		return string(p.Available)
	}
	return strconv.FormatBool(p.InStock())
}

// variantInStock says whether one variant can be bought.
func variantInStock(p *catalog.Product, v *catalog.Variant) bool {
	if v.Stock == nil {
		return p.InStock()
	}
	return p.Available != catalog.OutOfStock && unitsLeft(p, v.ID) > 0
}

// allValues are the product's values of a facet, with those of its variants.
func allValues(p *catalog.Product, f *catalog.Facet) []catalog.Value {
	out := slices.Clone(p.Facets[f.ID])
	for i := range p.Variants {
		for _, v := range p.Variants[i].Facets[f.ID] {
			if !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	return out
}

// facet is the text of a facet's values.
func (r *Reader) facet(f *catalog.Facet, values []catalog.Value) (value, text string, ok bool) {
	if len(values) == 0 {
		return "", "", false
	}
	stored := make([]string, 0, len(values))
	texts := make([]string, 0, len(values))
	for _, v := range values {
		if len(texts) == 8 {
			texts = append(texts, "…")
			break
		}
		stored = append(stored, v.String())
		texts = append(texts, r.valueText(f, v))
	}
	return strings.Join(stored, ","), strings.Join(texts, r.words().comma), true
}

// valueText is one facet value as a person reads it.
func (r *Reader) valueText(f *catalog.Facet, v catalog.Value) string {
	switch {
	case v.IsBool():
		return r.words().yesNo(v.Bool())
	case v.IsNum():
		return r.words().quantity(f, v.Num())
	}
	if fv := f.Value(v.Str()); fv != nil {
		if s := fv.Label.In(r.Lang); s != "" {
			return s
		}
	}
	return v.Str()
}

func (r *Reader) categoryLabel(id string) string {
	if c := r.Schema.Category(id); c != nil {
		if s := c.Label.In(r.Lang); s != "" {
			return s
		}
	}
	return id
}

// FacetLabel is a facet's name as shown on a chip or a table row.
func (r *Reader) FacetLabel(id string) string {
	if s := r.words().columns[id]; s != "" {
		return s
	}
	if f := r.Schema.Facet(id); f != nil {
		if s := clean(f.Label.In(r.Lang), 40); s != "" {
			return s
		}
	}
	return id
}

func (r *Reader) words() *vocabulary { return vocabularyOf(r.Lang) }

// formatFloat writes a number with at most digits decimals and no trailing zeros.
func formatFloat(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// clean makes text from outside fit to stand in a sentence: no control characters, no direction overrides, no braces (they mark slots),
// single spaces, at most limit runes.
func clean(s string, limit int) string {
	var b strings.Builder
	n, space := 0, false
	for _, c := range s {
		switch {
		case c == '{':
			c = '('
		case c == '}':
			c = ')'
		case c == utf8.RuneError || unicode.Is(unicode.Cf, c) && c != '\u200d':
			continue
		case unicode.IsSpace(c) || unicode.IsControl(c):
			space = true
			continue
		}
		if space && n > 0 {
			b.WriteByte(' ')
			n++
		}
		space = false
		if n >= limit {
			b.WriteRune('…')
			break
		}
		b.WriteRune(c)
		n++
	}
	return b.String()
}
