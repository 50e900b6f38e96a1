package chat

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/chat/wire"
	"daogou/nlu"
)

const (
	topFacts     = 4  // facts on a card
	maxTableRows = 30 // of a comparison
)

// view is the reply as the widget shows it. rows were read together with those that the text was checked against.
func view(p *Plan, s nlu.State, rows map[string]*catalog.Product, done checked, by wire.By) *wire.Reply {
	live := p.live(rows)
	r := &wire.Reply{Act: string(p.Act), Plan: string(p.Kind), State: p.Reader.stateView(s), Total: p.Total, Claims: done.claims, By: &by}
	r.Products = cards(p, live)
	if p.Question != nil && len(p.Question.Options) > 0 {
		r.Question = questionView(p)
	}
	r.Actions = actions(p, live)
	if p.Kind == PlanCompare {
		r.Table = buildTable(p.Reader, tableOf(p, live), p.Asked)
	}
	if p.SetCart || p.Kind == PlanCart || p.Kind == PlanCheckout || len(p.Cart) > 0 {
		r.Cart = p.Reader.cartView(p.Cart, rows)
	}
	return r
}

// tableOf are the plan's items as they are now; nil for those that are gone.
func tableOf(p *Plan, live map[string]*catalog.Product) []*catalog.Product {
	out := make([]*catalog.Product, len(p.Items))
	for i, it := range p.Items {
		out[i] = live[it.Product.ID]
	}
	return out
}

// stateView is the need as chips.
func (r *Reader) stateView(s nlu.State) *wire.State {
	out := &wire.State{Lang: s.Lang, Keywords: append([]string{}, s.Keywords...), Constraints: []wire.Constraint{}}
	for _, c := range s.Constraints {
		out.Constraints = append(out.Constraints, wire.Constraint{Facet: c.Facet, Op: string(c.Op), Value: valueJSON(c.Values), Unit: c.Unit, Hard: c.Hard,
			Span: c.Span, Origin: string(c.Origin), Label: r.SaidLabel(c)})
	}
	return out
}

func valueJSON(v catalog.Values) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null") // a number that JSON cannot hold
	}
	return b
}

func cards(p *Plan, live map[string]*catalog.Product) []wire.Card {
	table := tableOf(p, live)
	var out []wire.Card
	for i, row := range table {
		if row != nil {
			out = append(out, p.Reader.card(p.Items[i], i, table))
		}
	}
	return out
}

// card is one product, read from its row.
func (r *Reader) card(it Item, i int, table []*catalog.Product) wire.Card {
	row := table[i]
	c := wire.Card{ID: row.ID, Title: clean(row.Title.In(r.Lang), 200), Link: row.Link, InStock: row.InStock(), Version: row.Version}
	if m, ok := r.Price(row, ""); ok {
		c.Price, c.Amount = r.Money(m), &wire.Money{Minor: m.Minor, Currency: m.Currency}
	}
	if m, ok := r.was(row); ok {
		c.Was = r.Money(m)
	}
	if len(row.Images) > 0 {
		c.Image = row.Images[0].URL
	}
	if row.Rating != nil && !math.IsNaN(row.Rating.Average) && !math.IsInf(row.Rating.Average, 0) {
		c.Rating, c.Ratings = math.Round(row.Rating.Average*10)/10, row.Rating.Count
	}
	for _, x := range it.Reasons {
		if f, ok := r.reasonText(x, i, table); ok {
			c.Reasons = append(c.Reasons, f.Text)
		}
	}
	if it.TradeOff != nil {
		if f, ok := r.reasonText(*it.TradeOff, i, table); ok {
			c.TradeOff = f.Text
		}
	}
	for _, f := range r.facetsOf(row) {
		if len(c.Facts) == topFacts {
			break
		}
		if x, ok := r.Read(row, f.ID); ok {
			c.Facts = append(c.Facts, wire.Fact{Facet: f.ID, Label: r.FacetLabel(f.ID), Value: x.Text})
		}
	}
	return c
}

func questionView(p *Plan) *wire.Question {
	q, r := p.Question, p.Reader
	out := &wire.Question{Facet: q.Facet.ID, Text: r.questionText(q.Facet), Why: r.words().splits(q.From, q.To), Multi: q.Facet.Multi, Options: []wire.Option{}}
	for _, o := range q.Options {
		out.Options = append(out.Options, wire.Option{Label: o.Label, Count: o.Count, Tap: setTap(o.Constraint, o.Label)})
	}
	return out
}

// setTap is the tap that sets a constraint.
func setTap(c catalog.Constraint, label string) wire.Tap {
	return wire.Tap{Do: wire.DoSet, Facet: c.Facet, Op: string(c.Op), Value: valueJSON(c.Values), Unit: c.Unit, Label: label}
}

// actions are the buttons below the reply.
func actions(p *Plan, live map[string]*catalog.Product) []wire.Action {
	w := p.Reader.words()
	button := func(name string, t wire.Tap) wire.Action {
		t.Label = w.button[name]
		return wire.Action{Label: t.Label, Tap: t}
	}
	out := slices.Clone(p.Choices)
	for _, x := range p.Relax {
		out = append(out, p.Reader.relaxAction(x))
	}
	var ids []string
	for _, row := range tableOf(p, live) {
		if row != nil {
			ids = append(ids, row.ID)
		}
	}
	switch p.Kind {
	case PlanAsk, PlanShow:
		if len(ids) >= 2 {
			out = append(out, button("compare", wire.Tap{Do: wire.DoCompare, Products: ids}))
		}
		if p.Total > len(p.Items) && p.Note != NoteNoMore {
			out = append(out, button("more", wire.Tap{Do: wire.DoMore}))
		}
	case PlanNotCarried, PlanOutOfScope, PlanUnclear:
		if p.Kind == PlanNotCarried || p.Kind == PlanUnclear {
			out = append(out, button("person", wire.Tap{Do: wire.DoPerson}))
		}
	case PlanCart:
		if len(p.Cart) > 0 {
			out = append(out, button("checkout", wire.Tap{Do: wire.DoCheckout}))
		}
	case PlanCheckout:
		if len(p.Cart) > 0 {
			a := button("checkout", wire.Tap{Do: wire.DoCheckout})
			a.Link = "/cart"
			out = append(out, a)
		}
	}
	switch p.Offer {
	case OfferAdd:
		out = append(out, button("add", wire.Tap{Do: wire.DoAdd, Product: p.Focus}))
	case OfferPerson:
		out = append(out, button("person", wire.Tap{Do: wire.DoPerson}))
	}
	return out
}

// relaxAction is a relaxation as one button: its first change is the tap, the others go with it.
func (r *Reader) relaxAction(x Relaxation) wire.Action {
	w := r.words()
	var taps []wire.Tap
	var labels []string
	for _, c := range x.Drop {
		if c.Facet != facetKeywords {
			taps = append(taps, wire.Tap{Do: wire.DoDrop, Facet: c.Facet, Op: string(c.Op)})
			continue
		}
		for _, v := range c.Values {
			taps = append(taps, wire.Tap{Do: wire.DoDrop, Facet: c.Facet, Value: valueJSON(catalog.Values{v})})
		}
	}
	for _, c := range x.Set {
		taps = append(taps, setTap(c.Constraint, ""))
	}
	if len(x.Drop) > 0 {
		labels = append(labels, fmt.Sprintf(w.button["drop"], r.listOf(x.Drop)))
	}
	if len(x.Set) > 0 {
		labels = append(labels, fmt.Sprintf(w.button["with"], r.listOf(x.Set)))
	}
	a := wire.Action{Label: strings.Join(labels, w.comma), Count: x.Count}
	if len(taps) > 0 {
		a.Tap = taps[0]
		a.Tap.And = taps[1:]
		a.Tap.Label = a.Label
	}
	return a
}

// buildTable is a comparison of rows, those of the asked facets and those that differ first. A nil row is left out.
func buildTable(r *Reader, rows []*catalog.Product, asked []string) *wire.Table {
	t := &wire.Table{}
	var live []*catalog.Product
	for _, p := range rows {
		if p != nil {
			live = append(live, p)
			t.Products = append(t.Products, p.ID)
		}
	}
	if len(live) < 2 {
		return nil
	}
	for _, id := range comparedFacets(r, live, asked) {
		row := wire.TableRow{Facet: id, Label: r.FacetLabel(id)}
		filled := 0
		for _, p := range live {
			f, ok := r.Read(p, id)
			if ok {
				filled++
			}
			row.Cells = append(row.Cells, f.Text)
		}
		row.Differs = slices.ContainsFunc(row.Cells, func(c string) bool { return c != row.Cells[0] })
		if filled > 0 {
			t.Rows = append(t.Rows, row)
		}
	}
	slices.SortStableFunc(t.Rows, func(a, b wire.TableRow) int { return rank(a, asked) - rank(b, asked) })
	t.Rows = t.Rows[:min(len(t.Rows), maxTableRows)]
	return t
}

func rank(row wire.TableRow, asked []string) int {
	switch {
	case slices.Contains(asked, row.Facet):
		return 0
	case row.Differs:
		return 1
	}
	return 2
}

// comparedFacets are the rows of a comparison in the order in which buyers of the first item's type care.
func comparedFacets(r *Reader, rows []*catalog.Product, asked []string) []string {
	ids := append([]string{}, asked...)
	ids = append(ids, colPrice, colRating)
	for _, p := range rows {
		for _, f := range r.facetsOf(p) {
			ids = append(ids, f.ID)
		}
	}
	ids = append(ids, colBrand, colStock)
	var out []string
	for _, id := range ids {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// differing names the facets that tell the compared items apart.
func differing(r *Reader, t *wire.Table) string {
	var labels []string
	for _, row := range t.Rows {
		if row.Differs && len(labels) < 3 && row.Facet != colStock {
			labels = append(labels, r.inSentence(row.Label))
		}
	}
	return joinAnd(labels, r.words().and, r.words().comma)
}

// cartView is the basket with its total, from rows. Products that are gone keep their line without a price.
func (r *Reader) cartView(cart []nlu.CartLine, rows map[string]*catalog.Product) *wire.Cart {
	out := &wire.Cart{Lines: []wire.CartLine{}}
	for _, l := range cart {
		line := wire.CartLine{Product: l.Product, Variant: l.Variant, Quantity: l.Quantity}
		out.Count += l.Quantity
		if row := rows[l.Product]; row != nil {
			line.Title = clean(r.title(row, l.Variant), 200)
			if v := findVariant(row, l.Variant); v != nil {
				line.Title = clean(row.Title.In(r.Lang), 160)
				if s := r.VariantLabel(row, v); s != "" && !strings.Contains(line.Title, s) {
					line.Title += " – " + s
				}
				line.Image = v.Image
			}
			if line.Image == "" && len(row.Images) > 0 {
				line.Image = row.Images[0].URL
			}
			if m, ok := r.Price(row, l.Variant); ok {
				m.Minor *= int64(l.Quantity)
				line.Price = r.Money(m)
			}
		}
		out.Lines = append(out.Lines, line)
	}
	if sum, ok := r.total(cart, rows); ok {
		out.Total, out.Sum = r.Money(sum), &wire.Money{Minor: sum.Minor, Currency: sum.Currency}
	}
	return out
}
