package chat

import (
	"slices"

	"daogou/catalog"
	"daogou/chat/wire"
	"daogou/nlu"
)

const (
	maxLines    = 50
	maxQuantity = 99
)

// add puts the item of the turn into the basket, or says why not.
func (d *decider) add() {
	if rows := d.known(d.Delta.References); len(rows) > 1 && d.Tap == nil {
		d.addAll(rows)
		return
	}
	row := d.target()
	if d.completesVariant() {
		row = d.Rows[d.Before.Adding.Product]
	}
	if row == nil {
		d.which()
		return
	}
	p := d.plan
	p.Kind, p.Focus = PlanCart, row.ID
	d.lay([]*catalog.Product{row}, nil)
	variants := d.variants(row)
	if len(variants) == 0 && (d.Tap == nil || d.Tap.Variant == "") { // none is as was said: let the shopper choose among those there are
		variants = inStock(row)
	}
	switch {
	case !row.InStock() || len(row.Variants) > 0 && len(variants) == 0:
		p.Note = NoteOutOfStock
		return
	case len(variants) > 1:
		d.askVariant(row, variants)
		return
	}
	line := nlu.CartLine{Product: row.ID, Quantity: max(1, d.quantity())}
	if len(variants) == 1 {
		line.Variant = variants[0].ID
	}
	p.Cart, p.Note = addLine(p.Cart, line, row)
	p.SetCart = p.Note == NoteAdded
	if p.SetCart && slices.Contains(d.Delta.Also, nlu.ActCheckout) {
		p.Kind = PlanCheckout
	}
}

// addAll puts several items into the basket: "both, please". One whose variant has to be chosen is asked about after the others went in.
func (d *decider) addAll(rows []*catalog.Product) {
	p := d.plan
	p.Kind, p.Note = PlanCart, NoteAddedAll
	count := max(1, d.Delta.Quantity)
	if count == len(rows) { // "both" is one of each
		count = 1
	}
	var open *catalog.Product
	for _, row := range rows {
		variants := d.variants(row)
		if len(variants) == 0 {
			variants = inStock(row)
		}
		line := nlu.CartLine{Product: row.ID, Quantity: count}
		switch {
		case len(variants) > 1:
			open = row
			continue
		case len(variants) == 1:
			line.Variant = variants[0].ID
		}
		var note Note
		if p.Cart, note = addLine(p.Cart, line, row); note != NoteAdded {
			d.lay([]*catalog.Product{row}, nil)
			p.Note, p.Focus = note, row.ID
			return
		}
		p.SetCart = true
	}
	if open == nil {
		d.lay(rows, nil)
		return
	}
	p.Focus = open.ID
	d.lay([]*catalog.Product{open}, nil)
	variants := d.variants(open)
	if len(variants) == 0 {
		variants = inStock(open)
	}
	d.askVariant(open, variants)
}

func (d *decider) quantity() int {
	n := d.Delta.Quantity
	if b := d.Before.Adding; n == 0 && b.Product != "" && d.plan.Focus == b.Product {
		n = b.Quantity
	}
	if d.Tap != nil && d.Tap.Quantity > 0 {
		n = d.Tap.Quantity
	}
	return min(n, maxQuantity)
}

// variants are those that can be meant: the tapped one, else those in stock that fit what was said of size, colour and the like.
func (d *decider) variants(row *catalog.Product) []*catalog.Variant {
	if d.Tap != nil && d.Tap.Variant != "" {
		if v := findVariant(row, d.Tap.Variant); v != nil && variantInStock(row, v) {
			return []*catalog.Variant{v}
		}
		return nil
	}
	var out []*catalog.Variant
	for i := range row.Variants {
		v := &row.Variants[i]
		if variantInStock(row, v) && d.fits(v) {
			out = append(out, v)
		}
	}
	return out
}

// inStock are the variants that can be had.
func inStock(row *catalog.Product) []*catalog.Variant {
	var out []*catalog.Variant
	for i := range row.Variants {
		if variantInStock(row, &row.Variants[i]) {
			out = append(out, &row.Variants[i])
		}
	}
	return out
}

// fits says whether a variant agrees with every condition on a facet that it has a value of.
func (d *decider) fits(v *catalog.Variant) bool {
	for _, c := range d.State.Constraints {
		if len(v.Facets[c.Facet]) == 0 {
			continue
		}
		if d.Reader.Meets(&catalog.Product{Facets: v.Facets}, c.Constraint) == misses {
			return false
		}
	}
	return true
}

// completesVariant says whether this turn answers "which size?" about the item that is on its way into the basket.
func (d *decider) completesVariant() bool {
	b := d.Before
	row := d.Rows[b.Adding.Product]
	if row == nil || d.Delta.NewNeed || d.Tap != nil || len(d.Delta.References) > 0 && d.Delta.References[0] != row.ID {
		return false
	}
	return slices.ContainsFunc(d.Delta.Set, func(c nlu.Constraint) bool { return hasVariantFacet(row, c.Facet) })
}

func hasVariantFacet(p *catalog.Product, facet string) bool {
	return slices.ContainsFunc(p.Variants, func(v catalog.Variant) bool { return len(v.Facets[facet]) > 0 })
}

// askVariant asks for the facet that tells the variants apart, with each variant as a button.
func (d *decider) askVariant(row *catalog.Product, variants []*catalog.Variant) {
	p := d.plan
	p.Kind, p.Note, p.Quantity = PlanWhich, NoteVariant, d.quantity()
	facet := splittingFacet(d.Reader.Schema, variants)
	if f := d.Reader.Schema.Facet(facet); f != nil {
		p.Question = &Question{Facet: f, From: len(variants), To: 1}
	}
	for _, v := range variants[:min(len(variants), 12)] {
		label := d.Reader.VariantLabel(row, v)
		p.Choices = append(p.Choices, wire.Action{Label: label, Tap: wire.Tap{Do: wire.DoAdd, Product: row.ID, Variant: v.ID, Quantity: d.quantity(), Label: label}})
	}
}

// splittingFacet is the facet with the most different values among the variants.
func splittingFacet(sc *catalog.Schema, variants []*catalog.Variant) string {
	values := map[string]map[catalog.Value]bool{}
	for _, v := range variants {
		for f, list := range v.Facets {
			if values[f] == nil {
				values[f] = map[catalog.Value]bool{}
			}
			for _, x := range list {
				values[f][x] = true
			}
		}
	}
	best := ""
	for f := range values {
		if sc.Facet(f) != nil && (best == "" || len(values[f]) > len(values[best]) || len(values[f]) == len(values[best]) && f < best) {
			best = f
		}
	}
	return best
}

// variantLabel names a variant by what makes it differ: "Navy, M".
func (r *Reader) VariantLabel(p *catalog.Product, v *catalog.Variant) string {
	ids := make([]string, 0, len(v.Facets))
	for f := range v.Facets {
		ids = append(ids, f)
	}
	slices.Sort(ids)
	s := ""
	for _, id := range ids {
		f := r.Schema.Facet(id)
		if f == nil {
			continue
		}
		if _, text, ok := r.facet(f, v.Facets[id]); ok {
			if s != "" {
				s += r.words().comma
			}
			s += text
		}
	}
	if s == "" {
		s = r.title(p, v.ID)
	}
	return clean(s, 60)
}

// addLine adds to the basket; the note is NoteAdded or says why it was refused.
func addLine(cart []nlu.CartLine, line nlu.CartLine, row *catalog.Product) ([]nlu.CartLine, Note) {
	out := slices.Clone(cart)
	at := slices.IndexFunc(out, func(l nlu.CartLine) bool { return l.Product == line.Product && l.Variant == line.Variant })
	have := 0
	if at >= 0 {
		have = out[at].Quantity
	}
	want := have + line.Quantity
	switch left := unitsLeft(row, line.Variant); {
	case left == 0 && row.Available != catalog.PreOrder && row.Available != catalog.BackOrder:
		return cart, NoteOutOfStock
	case left > 0 && int64(want) > left && row.Available != catalog.PreOrder && row.Available != catalog.BackOrder, want > maxQuantity:
		return cart, NoteTooMany
	case at < 0 && len(out) >= maxLines:
		return cart, NoteCartFull
	case at < 0:
		return append(out, line), NoteAdded
	}
	out[at].Quantity = want
	return out, NoteAdded
}

// change takes an item out of the basket, or sets how many of it there are.
func (d *decider) change() {
	p := d.plan
	p.Kind = PlanCart
	at := d.lineOf()
	if at < 0 {
		p.Note = NoteNotInCart
		if len(p.Cart) == 0 {
			p.Note = "" // "it is empty" says it
		}
		return
	}
	line := p.Cart[at]
	row := d.Rows[line.Product]
	if row != nil {
		d.lay([]*catalog.Product{row}, nil)
		p.Focus = row.ID
	}
	cart := slices.Delete(slices.Clone(p.Cart), at, at+1)
	n := d.quantity()
	if n <= 0 || d.Tap != nil && d.Tap.Do == wire.DoRemove {
		p.Cart, p.Note, p.SetCart = cart, NoteRemoved, true
		return
	}
	if row == nil {
		p.Note = NoteOutOfStock
		return
	}
	line.Quantity = n
	if with, note := addLine(cart, line, row); note == NoteAdded {
		p.Cart, p.Note, p.SetCart, p.Quantity = with, NoteQuantity, true, n
	} else {
		p.Note = note
	}
}

// lineOf is the basket line that the turn is about; -1 if it cannot be told.
func (d *decider) lineOf() int {
	find := func(id string) int {
		return slices.IndexFunc(d.plan.Cart, func(l nlu.CartLine) bool {
			return l.Product == id && (d.Tap == nil || d.Tap.Product == "" || d.Tap.Variant == "" || l.Variant == d.Tap.Variant)
		})
	}
	for _, id := range append(slices.Clone(d.Delta.References), d.Before.Focus) {
		if at := find(id); at >= 0 {
			return at
		}
	}
	if len(d.plan.Cart) == 1 && len(d.Delta.References) == 0 {
		return 0
	}
	return -1
}

// total is the basket's sum; ok is false if a price is missing or the currencies differ.
func (r *Reader) total(cart []nlu.CartLine, rows map[string]*catalog.Product) (catalog.Money, bool) {
	var sum catalog.Money
	for _, l := range cart {
		row := rows[l.Product]
		if row == nil {
			return catalog.Money{}, false
		}
		m, ok := r.Price(row, l.Variant)
		if !ok || sum.Currency != "" && m.Currency != sum.Currency {
			return catalog.Money{}, false
		}
		sum.Currency = m.Currency
		sum.Minor += m.Minor * int64(l.Quantity)
	}
	return sum, sum.Currency != ""
}
