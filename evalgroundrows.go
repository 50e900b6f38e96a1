package main

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"daogou/catalog"
	"daogou/catalog/units"
)

// amount is what a number of a facet may be shown as.
func (g *groundChecker) amount(facet, unit string, v float64) backing {
	f := g.schema.Facet(facet)
	if unit == "" && f != nil {
		unit = f.Unit
	}
	switch {
	case facet == catalog.FacetPrice:
		if unit == "" {
			unit = g.schema.Currency
		}
		m, err := catalog.NewMoney(v, unit)
		if err != nil {
			return backing{}
		}
		return backing{money: []catalog.Money{m}}
	case facet == catalog.FacetRating:
		return backing{rating: []float64{v, math.Round(v*10) / 10}}
	case unit == "%":
		return backing{percent: []float64{v}}
	}
	return backing{numbers: inEveryUnit(v, unit)}
}

// unitNames are the units in which a shopper may be told a quantity.
var unitNames = []string{"mm", "cm", "m", "km", "in", "ft", "g", "kg", "oz", "lb", "jin", "ml", "cl", "l", "floz", "gal", "MB", "GB", "TB", "W", "kW", "Wh", "kWh", "mAh", "Ah", "s", "min", "h", "day",
	"month", "year", "Hz", "kHz", "MHz", "GHz", "Mbps", "Gbps", "bar", "psi", "°C", "°F"}

func inEveryUnit(v float64, unit string) []float64 {
	out := []float64{v}
	for _, u := range unitNames {
		if w, err := units.Convert(v, unit, u); err == nil {
			out = append(out, math.Round(w*100)/100)
		}
	}
	return out
}

// valueNames are what a value of a facet is called.
func (g *groundChecker) valueNames(facet, value string) []string {
	out := []string{shown(value)}
	if f := g.schema.Facet(facet); f != nil {
		if v := f.Value(value); v != nil {
			out = append(out, namesOfText(v.Label)...)
		}
	}
	if facet == catalog.FacetCategory {
		if c := g.schema.Category(value); c != nil {
			out = append(out, namesOfText(c.Label)...)
		}
	}
	return out
}

func namesOfText(t catalog.Text) []string {
	var out []string
	for _, lang := range slices.Sorted(maps.Keys(t)) {
		if s := shown(t[lang]); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// price is what a row asks now, and before the sale if there is one.
func (g *groundChecker) price(p *catalog.Product) (now, was catalog.Money, ok bool) {
	if row, ok := p.PriceIn(""); ok {
		now = row.At(g.now)
		if row.Amount.Minor > now.Minor {
			was = row.Amount
		}
		return now, was, true
	}
	for _, v := range p.Variants {
		if row, has := (&catalog.Product{Prices: v.Prices}).PriceIn(""); has {
			if m := row.At(g.now); !ok || m.Minor < now.Minor {
				now, ok = m, true
			}
		}
	}
	return now, was, ok
}

// variantPrice is what one variant costs.
func (g *groundChecker) variantPrice(p *catalog.Product, id string) (catalog.Money, bool) {
	for _, v := range p.Variants {
		if row, ok := (&catalog.Product{Prices: v.Prices}).PriceIn(""); ok && v.ID == id {
			return row.At(g.now), true
		}
	}
	m, _, ok := g.price(p)
	return m, ok
}

// bears is everything that a row says in figures.
func (in *inspection) bears(p *catalog.Product) backing {
	var b backing
	if now, was, ok := in.price(p); ok {
		b.money = append(b.money, now)
		if was.Minor > 0 {
			b.money = append(b.money, was)
		}
		for _, other := range in.products { // "$12 dearer than the cheapest of these"
			if m, _, ok := in.price(other); ok && m.Currency == now.Currency && m.Minor < now.Minor {
				b.money = append(b.money, catalog.Money{Minor: now.Minor - m.Minor, Currency: now.Currency})
			}
		}
	}
	if p.Rating != nil {
		b.rating = []float64{math.Round(p.Rating.Average*10) / 10}
		b.reviews = []float64{float64(p.Rating.Count)}
	}
	b.stock = []float64{float64(unitsOnHand(p))}
	for id := range p.Facets {
		b.add(in.facetBears(p, id))
	}
	for _, v := range p.Variants {
		for id := range v.Facets {
			b.add(in.facetBears(p, id))
		}
	}
	return b
}

// facetBears is what a row says in figures on one facet.
func (g *groundChecker) facetBears(p *catalog.Product, id string) backing {
	var b backing
	for _, v := range facetValues(p, id) {
		if v.IsNum() {
			b.add(g.amount(id, "", v.Num()))
		}
	}
	return b
}

func facetValues(p *catalog.Product, id string) []catalog.Value {
	out := slices.Clone(p.Facets[id])
	for _, v := range p.Variants {
		out = append(out, v.Facets[id]...)
	}
	return out
}

func unitsOnHand(p *catalog.Product) int64 {
	var n int64
	for _, k := range p.Stock {
		n += max(k, 0)
	}
	return n
}

// names are the texts of a row that a reply may quote.
func (in *inspection) names(p *catalog.Product) nameList {
	if in.named[p.ID] == nil {
		in.named[p.ID] = newNameList(in.textsOf(p))
	}
	return in.named[p.ID]
}

func (g *groundChecker) textsOf(p *catalog.Product) []string {
	out := append(namesOfText(p.Title), shown(p.Brand))
	add := func(facets map[string][]catalog.Value) {
		for id, vs := range facets {
			for _, v := range vs {
				if v.IsStr() {
					out = append(out, g.valueNames(id, v.Str())...)
				}
			}
		}
	}
	add(p.Facets)
	for _, v := range p.Variants {
		out = append(out, namesOfText(v.Title)...)
		add(v.Facets)
	}
	for _, id := range p.Category {
		out = append(out, g.valueNames(catalog.FacetCategory, id)...)
	}
	return out
}

// shown is a row's text as it may be shown: one line, nothing hidden, no braces, which mark slots.
func shown(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(c rune) rune {
		switch {
		case c == '{':
			return '('
		case c == '}':
			return ')'
		case c == utf8.RuneError || unicode.Is(unicode.Cf, c) && c != '\u200d':
			return -1
		case unicode.IsControl(c):
			return ' '
		}
		return c
	}, s)), " ")
}

// minCut is how much of a long text must be left where it is cut.
const minCut = 40

// sameShown says whether a text is a row's, perhaps cut.
func sameShown(got, row string) bool {
	row = shown(row)
	head, cut := strings.CutSuffix(got, "…")
	return got == row || cut && utf8.RuneCountInString(head) >= minCut && strings.HasPrefix(row, head)
}

// nameList holds names in lower case, the longest first.
type nameList []string

// newNameList leaves out what is no name: a lone sign, or a figure.
func newNameList(names []string) nameList {
	out := nameList{}
	for _, n := range names {
		if utf8.RuneCountInString(n) > 1 && strings.ContainsFunc(n, unicode.IsLetter) {
			out = append(out, strings.ToLower(n))
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return slices.Compact(out)
}

// cutFrom takes the names out of a text in lower case.
func (l nameList) cutFrom(text string) string {
	for _, n := range l {
		text = cutName(text, n)
	}
	return text
}

// cutName takes one name out, a Latin one only as whole words, also where a long one was cut and ends in "…".
func cutName(text, name string) string {
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			break
		}
		i += from
		if inWord(text, i) || inWord(text, i+len(name)) {
			from = i + 1
			continue
		}
		text = text[:i] + " " + text[i+len(name):]
		from = i + 1
	}
	if utf8.RuneCountInString(name) <= minCut {
		return text
	}
	i := strings.Index(text, firstRunes(name, minCut/2))
	if i < 0 {
		return text
	}
	n := 0
	for n < len(name) && i+n < len(text) && text[i+n] == name[n] {
		n++
	}
	if rest, ok := strings.CutPrefix(text[i+n:], "…"); ok {
		return text[:i] + " " + rest
	}
	return text
}

// inWord says whether a Latin word or a number goes on across a place.
func inWord(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at:])
	return wordRune(before) && wordRune(after)
}

func wordRune(c rune) bool { return c < 0x250 && unicode.IsLetter(c) || unicode.IsDigit(c) }
