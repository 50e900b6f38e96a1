package chat

import (
	"fmt"
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/nlu"
)

// Kinds of reasons and trade-offs. Each is a statement about rows that can be proved again: holds decides.
const (
	whyMeets     = "meets"      // a condition that was said
	whyCheapest  = "cheapest"   // of the items shown
	whyBestRated = "best_rated" // of the items shown
	whySale      = "on_sale"
	whyBest      = "best" // of the items shown, in a number of which more or less is better
	offMisses    = "misses"
	offNoStock   = "out_of_stock"
	offUnknown   = "unknown" // the row says nothing on a condition that was said
	offLast      = "last_units"
	offDearest   = "dearest"
	offWorst     = "worst"
	offLowRated  = "low_rated"
	offUnrated   = "unrated"
	offLacks     = "lacks"  // a yes/no that everybody likes and others shown have
	offDearer    = "dearer" // than the cheapest of the items shown
)

const maxReasons = 3

// reasons says why item i of the rows fits what was said, the strongest first, and what speaks most against it.
func (r *Reader) reasons(i int, rows []*catalog.Product, said []nlu.Constraint) (why []Reasoned, off *Reasoned) {
	add := func(kind string, c *nlu.Constraint, column string) {
		x := Reasoned{Constraint: c, Slot: itemSlot(i, column), Kind: kind}
		switch {
		case !r.holds(x, i, rows):
		case isTradeOff(kind):
			if off == nil {
				off = &x
			}
		case len(why) < maxReasons:
			why = append(why, x)
		}
	}
	add(offNoStock, nil, colStock)
	for k := range said {
		if c := said[k]; worthSaying(c.Facet) {
			add(whyMeets, &c, column(c.Facet))
			add(offMisses, &c, column(c.Facet))
		}
	}
	for k := range said {
		if c := said[k]; worthSaying(c.Facet) && (c.Hard || r.hasFacet(rows[i], c.Facet)) {
			add(offUnknown, &c, column(c.Facet))
		}
	}
	add(whySale, nil, colWas)
	add(whyCheapest, nil, colPrice)
	add(whyBestRated, nil, colRating)
	numbers := r.comparable(rows[i])
	for _, f := range numbers {
		add(whyBest, nil, f.ID)
	}
	add(offDearest, nil, colPrice)
	add(offLowRated, nil, colRating)
	for _, f := range numbers {
		add(offWorst, nil, f.ID)
	}
	for _, f := range r.facetsOf(rows[i]) {
		if f.Kind == catalog.KindBool && f.Better == "high" {
			add(offLacks, nil, f.ID)
		}
	}
	add(offLast, nil, colStock)
	add(offDearer, nil, colPrice)
	add(offUnrated, nil, colRating)
	return why, off
}

// hasFacet says whether goods of a product's type have a facet.
func (r *Reader) hasFacet(p *catalog.Product, facet string) bool {
	return slices.ContainsFunc(r.facetsOf(p), func(f *catalog.Facet) bool { return f.ID == facet })
}

func isTradeOff(kind string) bool {
	switch kind {
	case offMisses, offNoStock, offUnknown, offLast, offDearest, offWorst, offLowRated, offUnrated, offLacks, offDearer:
		return true
	}
	return false
}

// worthSaying leaves out what every item shown has in common by its nature.
func worthSaying(facet string) bool {
	return facet != catalog.FacetCategory && facet != catalog.FacetInStock && facet != catalog.FacetShipsFrom
}

// column is the column that proves a constraint on a facet.
func column(facet string) string {
	if facet == catalog.FacetOnSale {
		return colWas
	}
	return facet
}

func itemSlot(i int, column string) string { return fmt.Sprintf("p%d.%s", i+1, column) }

func slotColumn(slot string) string {
	_, col, _ := strings.Cut(slot, ".")
	return col
}

// comparable are the numbers of a product's type of which everybody wants more, or less.
func (r *Reader) comparable(p *catalog.Product) []*catalog.Facet {
	var out []*catalog.Facet
	for _, f := range r.facetsOf(p) {
		if f.Kind == catalog.KindNumber && f.Better != "" {
			out = append(out, f)
		}
	}
	return out
}

// facetsOf are the facets of a product's type, those that matter most first.
func (r *Reader) facetsOf(p *catalog.Product) []*catalog.Facet {
	for i := len(p.Category) - 1; i >= 0; i-- {
		if fs := r.Schema.FacetsOf(p.Category[i]); len(fs) > 0 {
			return fs
		}
	}
	return nil
}

// holds proves a reason about rows[i]. Rows are what is on the table together; a nil one has vanished.
func (r *Reader) holds(x Reasoned, i int, rows []*catalog.Product) bool {
	p := rows[i]
	if p == nil {
		return false
	}
	switch x.Kind {
	case whyMeets:
		return x.Constraint != nil && r.Meets(p, x.Constraint.Constraint) == meets
	case offMisses:
		return x.Constraint != nil && r.Meets(p, x.Constraint.Constraint) == misses
	case offUnknown:
		return x.Constraint != nil && r.Meets(p, x.Constraint.Constraint) == unknown
	case whySale:
		_, on := r.was(p)
		return on
	case offNoStock:
		return !p.InStock()
	case offLast:
		n := unitsLeft(p, "")
		return p.InStock() && n > 0 && n <= fewUnits
	case offUnrated:
		return p.Rating == nil || p.Rating.Count == 0
	case whyCheapest:
		return r.extreme(i, rows, r.priceNumber, -1)
	case offDearest:
		return r.extreme(i, rows, r.priceNumber, +1)
	case whyBestRated:
		return p.Rating != nil && p.Rating.Average >= 4 && r.extreme(i, rows, ratingNumber, +1)
	case offLowRated:
		return r.extreme(i, rows, ratingNumber, -1)
	case offLacks:
		return r.lacks(slotColumn(x.Slot), i, rows)
	case offDearer:
		_, ok := r.dearerBy(i, rows)
		return ok
	case whyBest, offWorst:
		return r.extremeFacet(x, i, rows)
	}
	return false
}

// lacks says whether rows[i] is said not to have what another row is said to have.
func (r *Reader) lacks(facet string, i int, rows []*catalog.Product) bool {
	is := func(p *catalog.Product, b bool) bool {
		vs := p.Facets[facet]
		return len(vs) == 1 && vs[0] == catalog.Bool(b)
	}
	return is(rows[i], false) && slices.ContainsFunc(rows, func(p *catalog.Product) bool { return p != nil && is(p, true) })
}

// dearerBy is how much more rows[i] costs than the cheapest of the rows, if prices can be compared.
func (r *Reader) dearerBy(i int, rows []*catalog.Product) (catalog.Money, bool) {
	mine, ok := r.Price(rows[i], "")
	least := mine
	for _, p := range rows {
		if p == nil {
			continue
		}
		m, known := r.Price(p, "")
		if !known || m.Currency != mine.Currency {
			return catalog.Money{}, false
		}
		least.Minor = min(least.Minor, m.Minor)
	}
	mine.Minor -= least.Minor
	return mine, ok && mine.Minor*10 > least.Minor // less than a tenth is not worth a word
}

func (r *Reader) extremeFacet(x Reasoned, i int, rows []*catalog.Product) bool {
	f := r.Schema.Facet(slotColumn(x.Slot))
	if f == nil || f.Kind != catalog.KindNumber || f.Better == "" {
		return false
	}
	sign := +1.0
	if (f.Better == "low") != (x.Kind == offWorst) {
		sign = -1
	}
	return r.extreme(i, rows, func(p *catalog.Product) (float64, string, bool) {
		vs := p.Facets[f.ID]
		if len(vs) != 1 || !vs[0].IsNum() {
			return 0, "", false
		}
		return vs[0].Num(), "", true
	}, sign)
}

func (r *Reader) priceNumber(p *catalog.Product) (float64, string, bool) {
	m, ok := r.Price(p, "")
	return float64(m.Minor), m.Currency, ok
}

func ratingNumber(p *catalog.Product) (float64, string, bool) {
	if p.Rating == nil || p.Rating.Count == 0 {
		return 0, "", false
	}
	return p.Rating.Average, "", true
}

// extreme says whether rows[i] alone has the largest (sign +1) or smallest (-1) number. Every row needs one, in the same unit, else nothing is said.
func (r *Reader) extreme(i int, rows []*catalog.Product, number func(*catalog.Product) (float64, string, bool), sign float64) bool {
	if len(rows) < 2 || rows[i] == nil {
		return false
	}
	mine, unit, ok := number(rows[i])
	if !ok {
		return false
	}
	others := 0
	for k, p := range rows {
		if k == i || p == nil {
			continue
		}
		v, u, ok := number(p)
		if !ok || u != unit || (mine-v)*sign <= 0 {
			return false
		}
		others++
	}
	return others > 0
}

// reasonText words a reason from rows, for a card or a sentence.
func (r *Reader) reasonText(x Reasoned, i int, rows []*catalog.Product) (Fact, bool) {
	if i >= len(rows) || !r.holds(x, i, rows) {
		return Fact{}, false
	}
	col := slotColumn(x.Slot)
	f, ok := r.Read(rows[i], col)
	if !ok {
		f = Fact{Product: rows[i].ID, Column: col, Version: rows[i].Version}
	}
	label, want := r.FacetLabel(col), ""
	kind := x.Kind
	if x.Constraint != nil {
		label, want = r.FacetLabel(x.Constraint.Facet), r.spoken(x.Constraint.Constraint)
		kind += r.flavour(x.Constraint.Constraint)
	}
	if kind == offDearer {
		m, _ := r.dearerBy(i, rows)
		want = r.Money(m)
	}
	f.Text = clean(r.words().reason(kind, label, f.Text, want), maxFactRunes)
	return f, f.Text != ""
}

// flavour tells apart how a met or missed condition is worded.
func (r *Reader) flavour(c catalog.Constraint) string {
	switch {
	case c.Facet == catalog.FacetPrice:
		return ".price"
	case c.Facet == catalog.FacetOnSale:
		return ".sale"
	case c.Facet == catalog.FacetRating:
		return ".rating"
	case c.Op == catalog.OpNe:
		return ".not"
	case len(c.Values) > 0 && c.Values[0].IsBool():
		return ".bool"
	case len(c.Values) > 0 && (c.Values[0].IsStr() || c.Op == catalog.OpEq || c.Op == catalog.OpIn):
		return ".value"
	}
	return ""
}
