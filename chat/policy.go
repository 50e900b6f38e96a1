package chat

import (
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/chat/wire"
	"daogou/nlu"
)

// Note is an outcome that a plan tells besides.
type Note string

const (
	NoteMore       Note = "more"         // the next items for the same need
	NoteNoMore     Note = "no_more"      // there are none
	NoteRejected   Note = "rejected"     // others than those on the table
	NoteBack       Note = "back"         // an earlier need again
	NoteWide       Note = "wide"         // all that was said is a wish, such as for whom a gift is
	NoteNoNeed     Note = "no_need"      // nothing to look for has been said
	NoteVariant    Note = "variant"      // the product has variants and one has to be chosen
	NoteAdded      Note = "added"        // to the basket
	NoteAddedAll   Note = "added_all"    // several at once
	NoteRemoved    Note = "removed"      // from the basket
	NoteQuantity   Note = "quantity"     // a line's quantity was changed
	NoteOutOfStock Note = "out_of_stock" // refused
	NoteTooMany    Note = "too_many"     // refused: fewer on hand
	NoteCartFull   Note = "cart_full"    // refused
	NoteNotInCart  Note = "not_in_cart"
	NoteBadTap     Note = "bad_tap"  // a button that names what is not there
	NoteStale      Note = "stale"    // everything that was to be said has changed
	NoteDeclined   Note = "declined" // an offer was turned down
)

// Offers that a bare "yes" accepts. They stand in State.Asked as the open question.
const (
	OfferAdd    = "+add"
	OfferPerson = "+person"
	OfferNext   = "+next" // to go on to the need that waits; the parser takes a yes to it
)

const (
	tableSize   = 4 // items shown at a time
	nearest     = 3 // items shown when the shop does not carry what is wanted
	askCost     = 0.55
	askCostMore = 0.35 // for each question that was asked already
)

// Situation is all that a decision rests on. Rows holds every product that the state, the delta, the tap and the page name, as read this turn.
type Situation struct {
	Before    nlu.State
	State     nlu.State
	Delta     nlu.Delta
	Tap       *wire.Tap
	Page      string
	First     bool
	Result    *catalog.Result // nil: nothing was searched
	Hits      []catalog.Hit   // of Result, ranked
	Rows      map[string]*catalog.Product
	Relax     []Relaxation
	Reread    []catalog.Correction // spellings with which the turn was understood
	Unread    []string             // the shopper's words that no product of the category has
	Policy    *PolicyText
	Problem   Note // the tap was refused
	Reader    *Reader
	Variation uint64
}

// Decision is why a plan asks or shows: a question pays if Net is above 0.
type Decision struct {
	Best   FacetScore
	Others []FacetScore
	Reach  float64 // chance that what is wanted stands on the table already
	Cost   float64 // of asking, in bits; it grows with every question
	Net    float64 // Best.Value × (1 − Reach) − Cost
}

// Decide chooses what to do. It is pure: the same situation gives the same plan.
func Decide(s Situation) *Plan {
	p := &Plan{Lang: s.Reader.Lang, Act: s.Delta.Act, First: s.First, Reader: s.Reader, Variation: s.Variation, Cart: s.State.Cart}
	d := decider{s, p}
	d.decide(mainAct(s))
	d.offerNext()
	p.fill(s)
	return p
}

type decider struct {
	Situation
	plan *Plan
}

// mainAct is the act that the turn is answered by: the first of it that asks for something. A bare yes or no stands for what was offered.
func mainAct(s Situation) nlu.Act {
	act := s.Delta.Act
	if isCourtesy(act) {
		for _, a := range s.Delta.Also {
			if !isCourtesy(a) {
				return a
			}
		}
	}
	if act == nlu.ActAffirm {
		switch s.Before.Asked {
		case OfferAdd:
			return nlu.ActAddToCart
		case OfferPerson:
			return nlu.ActPerson
		}
	}
	return act
}

func isCourtesy(a nlu.Act) bool {
	switch a {
	case nlu.ActGreet, nlu.ActThank, nlu.ActAffirm, nlu.ActDeny, nlu.ActUnclear:
		return true
	}
	return false
}

// aboutNeed says whether an act is answered by looking for products.
func aboutNeed(a nlu.Act) bool {
	switch a {
	case nlu.ActFind, nlu.ActRefine, nlu.ActRelax, nlu.ActNegate, nlu.ActReject, nlu.ActMore, nlu.ActBack:
		return true
	}
	return false
}

// hasNeed says whether there is something to look for.
func hasNeed(s nlu.State) bool { return len(s.Keywords) > 0 || len(s.Constraints) > 0 }

func (d *decider) decide(act nlu.Act) {
	p := d.plan
	switch {
	case d.Problem != "":
		p.Kind, p.Note = PlanUnclear, d.Problem
		return
	case d.completesVariant():
		d.add()
		return
	case d.Delta.Unresolved != "" && pointsToItem(act) && len(d.Delta.References) == 0:
		d.which()
		return
	case aboutNeed(act):
		d.need(act)
		return
	}
	switch act {
	case nlu.ActCompare:
		d.compare()
	case nlu.ActAskItem:
		d.answer()
	case nlu.ActChoose:
		d.detail()
	case nlu.ActAddToCart:
		d.add()
	case nlu.ActRemove:
		d.change()
	case nlu.ActViewCart:
		p.Kind = PlanCart
	case nlu.ActCheckout:
		p.Kind = PlanCheckout
	case nlu.ActPolicy:
		d.policy()
	case nlu.ActOrder:
		p.Kind, p.Policy, p.Offer = PlanOrder, d.Policy, OfferPerson
	case nlu.ActPerson:
		p.Kind = PlanHandover
	case nlu.ActGreet:
		d.greet("")
	case nlu.ActThank:
		p.Kind = PlanThank
	case nlu.ActBye:
		p.Kind = PlanBye
	case nlu.ActReset:
		p.Kind = PlanReset
		d.departments()
	case nlu.ActOutOfScope:
		p.Kind = PlanOutOfScope
	case nlu.ActAffirm, nlu.ActDeny:
		d.yesNo(act)
	default:
		p.Kind = PlanUnclear
	}
}

// yesNo answers a bare yes or no that no offer explains.
func (d *decider) yesNo(act nlu.Act) {
	switch {
	case act == nlu.ActDeny && strings.HasPrefix(d.Before.Asked, "+"):
		d.plan.Kind, d.plan.Note = PlanThank, NoteDeclined
	case d.Result != nil:
		d.need(nlu.ActRefine)
	case act == nlu.ActAffirm && !hasNeed(d.State):
		d.greet(NoteNoNeed)
	default:
		d.plan.Kind = PlanUnclear
	}
}

func (d *decider) greet(n Note) {
	d.plan.Kind, d.plan.Note = PlanGreet, n
	d.departments()
}

// departments offers the shop's largest top categories as buttons.
func (d *decider) departments() {
	var tops []catalog.Category
	for _, c := range d.Reader.Schema.Categories {
		if c.Parent == "" && c.Count > 0 {
			tops = append(tops, c)
		}
	}
	slices.SortStableFunc(tops, func(a, b catalog.Category) int { return b.Count - a.Count })
	for _, c := range tops[:min(len(tops), maxOptions)] {
		con := catalog.Constraint{Facet: catalog.FacetCategory, Op: catalog.OpEq, Values: catalog.Values{catalog.Str(c.ID)}, Hard: true}
		label := d.Reader.Label(con)
		d.plan.Choices = append(d.plan.Choices, wire.Action{Label: label, Count: c.Count, Tap: setTap(con, label)})
	}
}

// need answers what the shopper is looking for: ask, show, relax or say that it is not carried.
func (d *decider) need(act nlu.Act) {
	p := d.plan
	if !hasNeed(d.State) || d.Result == nil {
		d.greet(NoteNoNeed)
		return
	}
	p.Total = d.Result.Total
	p.Changed, p.Dropped = d.changed()
	p.Corrected = d.corrected()
	p.Note = noteFor(act)
	p.Unread = d.Unread
	switch {
	case (act == nlu.ActMore || act == nlu.ActReject) && d.shown() && len(d.Hits) == 0:
		p.Kind, p.Note, p.Relax = PlanShow, NoteNoMore, d.Relax
		return
	case len(d.Relax) > 0:
		p.Kind, p.Relax = PlanRelax, d.Relax
		d.items(nearest)
		return
	case !d.Result.Carried || p.Total == 0 || len(d.Hits) == 0:
		p.Kind = PlanNotCarried
		p.Total = 0
		if d.items(nearest); len(p.Items) == 0 {
			d.departments()
		}
		return
	}
	d.items(tableSize)
	d.askOrShow(act)
	if p.Kind == PlanAsk && p.Note == "" && len(d.State.Keywords) == 0 && allSoft(d.State.Constraints) {
		p.Note = NoteWide
	}
}

func noteFor(act nlu.Act) Note {
	switch act {
	case nlu.ActMore:
		return NoteMore
	case nlu.ActReject:
		return NoteRejected
	case nlu.ActBack:
		return NoteBack
	}
	return ""
}

func (d *decider) shown() bool { return len(d.Before.Shown) > 0 }

// changed is what this turn did to the need, if there was one before.
func (d *decider) changed() (set []nlu.Constraint, dropped []string) {
	if d.Delta.NewNeed || !hasNeed(d.Before) {
		return nil, nil
	}
	for _, c := range d.Delta.Set {
		if c.Facet != catalog.FacetCategory {
			set = append(set, c)
		}
	}
	if len(set) > 0 {
		return set, nil
	}
	open := slices.Clone(d.Delta.NoPreference)
	if !slices.ContainsFunc(d.Delta.Set, func(c nlu.Constraint) bool { return c.Facet == catalog.FacetCategory }) {
		open = append(open, d.Delta.Drop...) // what other goods do not have was not dropped by the shopper
	}
	for _, f := range open {
		if !slices.Contains(dropped, f) && len(dropped) < 3 && f != catalog.FacetCategory {
			dropped = append(dropped, f)
		}
	}
	return nil, dropped
}

// corrected are the spellings that were read otherwise in this turn; those of earlier turns have been said.
func (d *decider) corrected() []catalog.Correction {
	out := slices.Clone(d.Reread[:min(3, len(d.Reread))])
	for _, c := range d.Result.Corrected {
		for _, k := range d.Delta.Keywords {
			if len(out) < 3 && strings.Contains(strings.ToLower(k), strings.ToLower(c.From)) && !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// items puts the best n hits on the table.
func (d *decider) items(n int) {
	hits := d.Hits[:min(n, len(d.Hits))]
	rows := make([]*catalog.Product, len(hits))
	for i, h := range hits {
		rows[i] = h.Product
	}
	d.lay(rows, hits)
	d.plan.Unmet = unmet(d.Reader, d.plan.Items, d.State.Constraints)
	if len(hits) == 1 {
		d.plan.Focus = hits[0].Product.ID
	}
}

// lay makes the plan's items of rows, with reasons. hits may be nil.
func (d *decider) lay(rows []*catalog.Product, hits []catalog.Hit) {
	d.plan.Items = make([]Item, len(rows))
	for i, row := range rows {
		it := Item{Product: row}
		if hits != nil {
			it.Hit = hits[i]
		}
		it.Reasons, it.TradeOff = d.Reader.reasons(i, rows, d.State.Constraints)
		d.plan.Items[i] = it
	}
}

// askOrShow weighs the best question against showing alone. Items are shown either way, so a question only pays for the chance that what is wanted is not
// among them, and each further one costs more.
func (d *decider) askOrShow(act nlu.Act) {
	p := d.plan
	p.Kind = PlanShow
	if act == nlu.ActMore {
		return // the shopper wants to look, not to be asked
	}
	scores := questions(d.Situation)
	if len(scores) == 0 {
		return
	}
	asked := 0
	for _, f := range d.State.AskedBefore {
		if !strings.HasPrefix(f, "+") {
			asked++
		}
	}
	p.Decision = Decision{Best: scores[0], Others: scores[1:], Cost: askCost + askCostMore*float64(asked)}
	p.Decision.Reach = min(1, float64(len(p.Items))/float64(max(p.Total, 1)))
	p.Decision.Net = scores[0].Value*(1-p.Decision.Reach) - p.Decision.Cost
	if p.Decision.Net <= 0 {
		return
	}
	if q := makeQuestion(d.Situation, scores[0]); q != nil && len(q.Options) >= 2 {
		p.Kind, p.Question = PlanAsk, q
	}
}

// pointsToItem says whether an act is about an item that has to be known.
func pointsToItem(a nlu.Act) bool {
	switch a {
	case nlu.ActAskItem, nlu.ActChoose, nlu.ActAddToCart, nlu.ActCompare, nlu.ActRemove:
		return true
	}
	return false
}

// target is the item that the turn is about: pointed to, else in focus, else the only one on the table, else the one whose page is open.
func (d *decider) target() *catalog.Product {
	for _, id := range d.Delta.References {
		if p := d.Rows[id]; p != nil {
			return p
		}
	}
	ids := []string{d.Before.Focus}
	if len(d.Before.Shown) == 1 {
		ids = append(ids, d.Before.Shown[0])
	}
	for _, id := range append(ids, d.Page) {
		if p := d.Rows[id]; p != nil {
			return p
		}
	}
	return nil
}

// known are the rows of products, without those that are gone.
func (d *decider) known(ids []string) []*catalog.Product {
	var out []*catalog.Product
	for _, id := range ids {
		if p := d.Rows[id]; p != nil && len(out) < tableSize {
			out = append(out, p)
		}
	}
	return out
}

// which asks which item is meant, with those on the table as answers.
func (d *decider) which() {
	d.plan.Kind = PlanWhich
	d.lay(d.known(d.Before.Shown), nil)
}

func (d *decider) compare() {
	rows := d.known(d.Delta.References)
	if len(rows) < 2 {
		rows = d.known(d.Before.Shown)
	}
	switch len(rows) {
	case 0:
		d.which()
		return
	case 1: // there is nothing to compare it with
		d.show(rows[0])
		return
	}
	d.plan.Kind = PlanCompare
	d.plan.Asked = d.Delta.AskFacets
	d.lay(rows, nil)
}

// answer states facts of an item. Facets of which the row says nothing are named as such.
func (d *decider) answer() {
	p := d.plan
	rows := d.known(d.Delta.References)
	if len(rows) == 0 {
		if t := d.target(); t != nil {
			rows = []*catalog.Product{t}
		}
	}
	if len(rows) == 0 && d.Delta.Unresolved == "" && len(d.Delta.AskFacets) > 0 { // "how much?" is asked of all that is on the table
		rows = d.known(d.Before.Shown)
	}
	switch {
	case len(rows) == 0:
		d.which()
		return
	case len(d.Delta.AskFacets) == 0:
		d.show(rows[0])
		return
	}
	p.Kind = PlanAnswer
	if len(rows) == 1 {
		p.Focus = rows[0].ID
	}
	for _, f := range d.Delta.AskFacets {
		if slices.ContainsFunc(rows, func(row *catalog.Product) bool { _, ok := d.Reader.Read(row, f); return ok }) {
			p.Asked = append(p.Asked, f)
		} else {
			p.Unanswered = append(p.Unanswered, f)
		}
	}
	p.Asked, p.Unanswered = p.Asked[:min(3, len(p.Asked))], p.Unanswered[:min(3, len(p.Unanswered))]
	if len(p.Asked) == 0 {
		p.Offer = OfferPerson
	}
	d.lay(rows, nil)
}

func (d *decider) detail() {
	t := d.target()
	switch {
	case t == nil:
		d.which()
	case slices.Contains(d.Delta.Also, nlu.ActAddToCart) && t.ID == d.Before.Focus: // "I'll take it", once it has been shown in full
		d.add()
	default:
		d.show(t)
	}
}

// show is one item in full.
func (d *decider) show(row *catalog.Product) {
	d.plan.Kind, d.plan.Focus = PlanDetail, row.ID
	d.lay([]*catalog.Product{row}, nil)
	if row.InStock() {
		d.plan.Offer = OfferAdd
	}
}

func (d *decider) policy() {
	d.plan.Kind, d.plan.Policy = PlanPolicy, d.Policy
	if d.Policy == nil {
		d.plan.Offer = OfferPerson
	}
}
