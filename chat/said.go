package chat

import (
	"math"
	"strings"

	"daogou/catalog"
	"daogou/catalog/units"
	"daogou/chat/wire"
	"daogou/nlu"
)

// SaidLabel is a condition of the need as a chip shows it: in the unit in which the shopper said it, and several kinds of goods by the shopper's own word for
// them ("shoes").
func (r *Reader) SaidLabel(c nlu.Constraint) string {
	if c.Facet == catalog.FacetCategory && c.Op == catalog.OpIn && len(c.Values) > 1 && c.Span != "" {
		return clean(c.Span, 40)
	}
	return r.Label(asSaid(c))
}

// asSaid is a constraint in the unit in which the shopper said it. A screen of whole inches is one number again.
func asSaid(c nlu.Constraint) catalog.Constraint {
	out := c.Constraint
	if c.SaidIn == "" || c.SaidIn == c.Unit {
		return out
	}
	out.Values = nil
	for _, v := range c.Values {
		n, err := units.Convert(v.Num(), c.Unit, c.SaidIn)
		if err != nil || !v.IsNum() {
			return c.Constraint
		}
		out.Values = append(out.Values, catalog.Num(math.Round(n*100)/100))
	}
	out.Unit = c.SaidIn
	if out.Op == catalog.OpBetween && len(out.Values) == 2 && out.Unit == "in" {
		if n, ok := nlu.WholeInches(out.Values[0].Num(), out.Values[1].Num()); ok {
			out.Op, out.Values = catalog.OpEq, catalog.Values{catalog.Num(n)}
		}
	}
	return out
}

// needLabel names in a sentence what a need is about: by its categories, by the shopper's word for several, or else by its keywords. It may be empty.
func (r *Reader) needLabel(keywords []string, cs []nlu.Constraint) string {
	for _, c := range cs {
		if c.Facet != catalog.FacetCategory || c.Op == catalog.OpNe || len(c.Values) == 0 {
			continue
		}
		label := r.SaidLabel(c)
		if r.Lang == "en" {
			label = plural(inline(label))
		}
		return label
	}
	return clean(strings.Join(keywords, " "), 60)
}

// offerNext asks, once something lies in the basket, whether to go on to what the shopper wanted besides.
func (d *decider) offerNext() {
	p := d.plan
	if len(d.State.Next) == 0 || p.Kind != PlanCart || !p.SetCart || p.Note != NoteAdded && p.Note != NoteAddedAll || p.Offer != "" {
		return
	}
	n := d.State.Next[0]
	for _, c := range n.Constraints {
		if c.Facet == catalog.FacetCategory && c.Op != catalog.OpNe {
			label := d.Reader.SaidLabel(c)
			p.Offer = OfferNext
			p.Choices = append([]wire.Action{{Label: label, Tap: setTap(c.Constraint, label)}}, p.Choices...)
			return
		}
	}
}

// next is the need that is offered, and those of this turn that are left for later.
func (fs *factSet) next(s Situation) {
	r := fs.plan.Reader
	var later []string
	for _, n := range s.Delta.Next {
		if label := r.needLabel(n.Keywords, n.Constraints); label != "" {
			later = append(later, label)
		}
	}
	if aboutNeed(s.Delta.Act) {
		fs.text("later", strings.Join(later, r.words().and))
	}
	if fs.plan.Offer == OfferNext {
		n := s.State.Next[0]
		fs.text("next", fs.plan.Reader.needLabel(n.Keywords, n.Constraints))
	}
}

// severalKinds says whether the need is about several kinds of goods, so that it may be asked which.
func severalKinds(s nlu.State) bool {
	for _, c := range s.Constraints {
		if c.Facet == catalog.FacetCategory && c.Op == catalog.OpIn && len(c.Values) > 1 {
			return true
		}
	}
	return false
}
