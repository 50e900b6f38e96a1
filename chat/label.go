package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"daogou/catalog"
)

// Label is a constraint as a chip shows it: "up to $50", "not black", "Battery life at least 10 h", "不要黑色".
func (r *Reader) Label(c catalog.Constraint) string {
	if len(c.Values) == 0 {
		return r.FacetLabel(c.Facet)
	}
	return clean(r.label(c), 80)
}

// spoken is a constraint inside a sentence: a brand keeps its capital.
func (r *Reader) spoken(c catalog.Constraint) string {
	if c.Facet == catalog.FacetBrand {
		return r.Label(c)
	}
	return r.inSentence(r.Label(c))
}

func (r *Reader) label(c catalog.Constraint) string {
	w := r.words()
	f := r.Schema.Facet(c.Facet)
	switch {
	case c.Facet == facetKeywords:
		return r.either(c, catalog.Value.Str)
	case c.Facet == catalog.FacetPrice:
		return r.compared(c, "", func(v catalog.Value) string { return r.amountLabel(v.Num(), r.currencyOf(c)) })
	case c.Facet == catalog.FacetRating:
		return r.compared(c, "", func(v catalog.Value) string { return w.stars(formatFloat(v.Num(), 1)) })
	case c.Values[0].IsBool():
		on := c.Values[0].Bool() != (c.Op == catalog.OpNe)
		return w.flag(r.FacetLabel(c.Facet), on)
	case c.Facet == catalog.FacetShipsFrom:
		return w.shipsFrom(r.either(c, func(v catalog.Value) string { return w.country(v.Str()) }))
	case c.Values[0].IsNum():
		text := func(v catalog.Value) string { return w.quantity(numberFacet(f, c.Unit), v.Num()) }
		return r.compared(c, nameUnless(r.FacetLabel(c.Facet), text(c.Values[0])), text)
	}
	if c.Op == catalog.OpNe {
		return w.not(r.either(c, func(v catalog.Value) string {
			if c.Facet == catalog.FacetBrand {
				return r.optionText(c.Facet, f, v)
			}
			return r.inSentence(r.optionText(c.Facet, f, v))
		}))
	}
	return r.either(c, func(v catalog.Value) string { return r.optionText(c.Facet, f, v) })
}

// optionText is one value of an enum, a category or a brand.
func (r *Reader) optionText(facet string, f *catalog.Facet, v catalog.Value) string {
	switch {
	case facet == catalog.FacetCategory:
		return r.categoryLabel(v.Str())
	case f == nil:
		return v.String()
	}
	return r.valueText(f, v)
}

func (r *Reader) either(c catalog.Constraint, text func(catalog.Value) string) string {
	parts := make([]string, 0, len(c.Values))
	for i, v := range c.Values {
		if i == 6 {
			parts = append(parts, "…")
			break
		}
		s := text(v)
		if i > 0 && c.Facet != catalog.FacetBrand {
			s = r.inSentence(s)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, r.words().or)
}

// compared writes an operator with its amount. The facet's name stands before it unless the amount says by itself what it is of.
func (r *Reader) compared(c catalog.Constraint, name string, text func(catalog.Value) string) string {
	var s string
	w := r.words()
	switch {
	case c.Op == catalog.OpLe:
		return w.atMost(name, text(c.Values[0]))
	case c.Op == catalog.OpGe:
		return w.atLeast(name, text(c.Values[0]))
	case c.Op == catalog.OpBetween && len(c.Values) == 2:
		s = w.span(text(c.Values[0]), text(c.Values[1]))
	case c.Op == catalog.OpNe:
		s = "≠ " + text(c.Values[0])
	default:
		s = r.either(c, text)
	}
	return w.named(name, s)
}

// nameUnless is a facet's name, unless the amount says it already: "2 people", not "People 2 people".
func nameUnless(name, amount string) string {
	if strings.Contains(strings.ToLower(amount), strings.ToLower(name)) {
		return ""
	}
	unit := strings.TrimLeft(amount, "0123456789.,– ") // 适用人数 says no more than the 人 of 2人
	if unit != "" && unit[0] >= utf8.RuneSelf && strings.HasSuffix(name, unit+"数") {
		return ""
	}
	return name
}

// numberFacet is the facet with the unit in which the constraint was said, if it was said in another one.
func numberFacet(f *catalog.Facet, unit string) *catalog.Facet {
	if f == nil {
		return &catalog.Facet{Unit: unit}
	}
	if unit == "" || unit == f.Unit {
		return f
	}
	g := *f
	g.Unit = unit
	return &g
}

// currencyOf is the currency of a price constraint.
func (r *Reader) currencyOf(c catalog.Constraint) string {
	if c.Unit != "" {
		return c.Unit
	}
	return r.Schema.Currency
}

// amountLabel is a sum of money on a chip: without decimals if they are zeros.
func (r *Reader) amountLabel(v float64, code string) string {
	m, err := catalog.NewMoney(v, code)
	if err != nil {
		return formatFloat(v, 2) + " " + code
	}
	s := r.Money(m)
	if e, _ := catalog.Exponent(code); e > 0 {
		s = strings.TrimSuffix(s, "."+strings.Repeat("0", e))
	}
	return s
}

// uncounted are nouns of goods that English does not put in the plural.
var uncounted = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`tea coffee honey food drink chocolate sauce rice oil cream milk water juice wine beer sugar salt flour pasta cheese bread meat fish equipment furniture clothing clothes wear underwear
		footwear jewellery jewelry luggage bedding linen makeup skincare sunscreen shampoo conditioner soap paint paper software hardware storage memory art care hygiene lighting gear decor cutlery cookware bakeware tableware
		seafood fruit wool yarn tape glue foil wood garden home kitchen outdoor sports beauty toothpaste perfume powder detergent litter`) {
		m[w] = true
	}
	return m
}()

// plural is an English label of a kind of goods, as one speaks of several: "tents". Labels that are no single countable noun stay as they are.
func plural(label string) string {
	i := strings.LastIndexByte(label, ' ') + 1
	word := label[i:]
	lower := strings.ToLower(word)
	if len(word) < 3 || strings.ContainsAny(label, "&/,()") || uncounted[lower] || strings.Contains(label, " or ") || strings.ContainsFunc(word, func(c rune) bool { return c >= utf8.RuneSelf || unicode.IsDigit(c) }) {
		return label
	}
	switch last := lower[len(lower)-1]; {
	case lower == "knife":
		return label[:len(label)-len("fe")] + "ves"
	case lower == "shelf" || lower == "scarf":
		return label[:len(label)-len("f")] + "ves"
	case lower == "mouse":
		return label[:len(label)-len("ouse")] + "ice"
	case strings.HasSuffix(lower, "ss"), strings.HasSuffix(lower, "sh"), strings.HasSuffix(lower, "ch"), strings.HasSuffix(lower, "x"):
		return label + "es"
	case lower == "mice" || strings.HasSuffix(lower, "men") || lower == "children" || lower == "people" || lower == "teeth":
		return label
	case last == 's', strings.HasSuffix(lower, "ing"), strings.HasSuffix(lower, "ware"):
		return label
	case last == 'y' && !strings.ContainsRune("aeiou", rune(lower[len(lower)-2])):
		return label[:len(label)-1] + "ies"
	}
	return label + "s"
}

// inline makes a label fit inside an English sentence: its first letter is small unless the word is written in capitals or holds a digit ("USB-C", "4K", "T-shirt").
func inline(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[n:])
	if !unicode.IsUpper(first) || !unicode.IsLower(second) || strings.Contains(s, " & ") {
		return s
	}
	word, _, _ := strings.Cut(s, " ")
	for _, c := range word[n:] {
		if unicode.IsUpper(c) || unicode.IsDigit(c) {
			return s
		}
	}
	return string(unicode.ToLower(first)) + s[n:]
}
