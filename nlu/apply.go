package nlu

import (
	"fmt"
	"slices"

	"daogou/catalog"
)

// Bounds of a state. What a shopper said longest ago is forgotten first.
const (
	maxPast     = 8
	maxKeywords = 24
	maxRejected = 200
)

// Apply folds one turn into the state and returns the new one; s is not touched and shares no memory with the result. The rules, in order:
//
//   - reset forgets the need and all needs before it; basket, language, country and currency stay.
//   - back takes the latest past need, or the latest about the category that the delta names, and leaves the present one in its place. A category that no
//     past need is about starts a need.
//   - NewNeed puts the need that was, if any, into Past and starts an empty one with an empty table.
//   - A category that a waiting need is about takes that need up, and the present one goes into Past. Next is put behind the needs that wait.
//   - Drop, then NoPreference, remove every constraint on a facet; a later Set on it takes NoPreference back.
//   - Set replaces the constraint on the same facet and of the same polarity. A lower and an upper bound that leave room between them become one between; any
//     other bound replaces the older one. A != takes its values out of an = or in, an = out of an older !=.
//   - One reference becomes the focus. Rejecting without naming items rejects what is on the table.
//   - The open question is closed by a turn that says something about the need, and kept by one that asks something else in between.
//
// The basket is changed by the assistant's effect, not here.
func (s State) Apply(d Delta) State {
	out := s.clone()
	if d.Lang != "" {
		out.Lang = d.Lang
	}
	if d.Country != "" {
		out.Country = d.Country
	}
	if d.Currency != "" {
		out.Currency = d.Currency
	}
	switch {
	case d.Act == ActReset:
		out = State{Lang: out.Lang, Country: out.Country, Currency: out.Currency, Cart: out.Cart}
	case d.Act == ActBack:
		out.goBack(d)
		out.closeQuestion(d)
		return out
	default:
		if i := out.nextAbout(d.Set); i >= 0 {
			out.startNext(i)
		} else if d.NewNeed {
			out.startNeed()
		}
	}
	out.addNext(d.Next)
	for _, f := range d.Drop {
		out.drop(f)
		out.NoPreference = without(out.NoPreference, f)
	}
	for _, f := range d.NoPreference {
		out.drop(f)
		out.NoPreference = appendNew(out.NoPreference, f)
	}
	for _, c := range d.Set {
		out.set(cloneConstraint(c))
	}
	out.Keywords = slices.DeleteFunc(out.Keywords, func(k string) bool { return slices.Contains(d.DropKeywords, k) })
	out.Keywords = appendNew(out.Keywords, d.Keywords...)
	out.Keywords = lastN(out.Keywords, maxKeywords)
	out.point(d)
	out.closeQuestion(d)
	return out
}

// clone copies everything that a State points to.
func (s State) clone() State {
	s.Keywords = slices.Clone(s.Keywords)
	s.Constraints = cloneConstraints(s.Constraints)
	s.NoPreference = slices.Clone(s.NoPreference)
	s.Shown = slices.Clone(s.Shown)
	s.Rejected = slices.Clone(s.Rejected)
	s.AskedBefore = slices.Clone(s.AskedBefore)
	s.Cart = slices.Clone(s.Cart)
	s.Past, s.Next = cloneNeeds(s.Past), cloneNeeds(s.Next)
	return s
}

func cloneConstraint(c Constraint) Constraint {
	c.Values = slices.Clone(c.Values)
	return c
}

func cloneConstraints(cs []Constraint) []Constraint {
	if cs == nil {
		return nil
	}
	out := make([]Constraint, len(cs))
	for i, c := range cs {
		out[i] = cloneConstraint(c)
	}
	return out
}

// hasNeed says whether anything is wanted yet.
func (s *State) hasNeed() bool { return len(s.Keywords)+len(s.Constraints) > 0 }

func (s *State) need() Need { return Need{s.Keywords, s.Constraints, s.NoPreference, s.Shown} }

// startNeed files the present need and clears the table.
func (s *State) startNeed() {
	if s.hasNeed() {
		s.Past = lastN(append(s.Past, s.need()), maxPast)
	}
	s.Keywords, s.Constraints, s.NoPreference, s.Shown, s.Focus, s.Asked, s.AskedBefore = nil, nil, nil, nil, "", "", nil
}

// goBack swaps the present need with a past one.
func (s *State) goBack(d Delta) {
	if len(s.Past) == 0 && categoriesIn(d.Set) == "" {
		return
	}
	i := len(s.Past) - 1
	if want := categoriesIn(d.Set); want != "" {
		i = -1
		for k := len(s.Past) - 1; k >= 0; k-- {
			if categoriesIn(s.Past[k].Constraints).shares(want) {
				i = k
				break
			}
		}
	}
	if i < 0 { // it was spoken of, but never a need of its own
		s.startNeed()
		for _, c := range d.Set {
			s.set(cloneConstraint(c))
		}
		return
	}
	n := s.Past[i]
	s.Past = slices.Delete(s.Past, i, i+1)
	if s.hasNeed() {
		s.Past = lastN(append(s.Past, s.need()), maxPast)
	}
	s.Keywords, s.Constraints, s.NoPreference, s.Shown, s.Focus = n.Keywords, n.Constraints, n.NoPreference, n.Shown, ""
}

func (s *State) drop(facet string) {
	s.Constraints = slices.DeleteFunc(s.Constraints, func(c Constraint) bool { return c.Facet == facet })
}

// set puts one constraint in its place.
func (s *State) set(c Constraint) {
	if len(c.Values) == 0 {
		return
	}
	s.NoPreference = without(s.NoPreference, c.Facet)
	if c.Op == catalog.OpNe {
		s.exclude(c)
		return
	}
	at := -1
	for i := 0; i < len(s.Constraints); i++ {
		old := &s.Constraints[i]
		switch {
		case old.Facet != c.Facet:
		case old.Op != catalog.OpNe:
			at = i
		default:
			if old.Values = minus(old.Values, c.Values); len(old.Values) == 0 {
				s.Constraints = slices.Delete(s.Constraints, i, i+1)
				i--
			}
		}
	}
	if at < 0 {
		s.Constraints = append(s.Constraints, c)
		return
	}
	s.Constraints[at] = merge(s.Constraints[at], c)
}

// exclude adds a != and takes what it excludes out of what was wanted.
func (s *State) exclude(c Constraint) {
	merged := false
	for i := 0; i < len(s.Constraints); i++ {
		old := &s.Constraints[i]
		switch {
		case old.Facet != c.Facet:
		case old.Op == catalog.OpNe:
			c.Values = append(slices.Clone(old.Values), minus(c.Values, old.Values)...)
			*old = c
			merged = true
		case old.Op == catalog.OpEq || old.Op == catalog.OpIn:
			old.Values = minus(old.Values, c.Values)
			switch len(old.Values) {
			case 0:
				s.Constraints = slices.Delete(s.Constraints, i, i+1)
				i--
			case 1:
				old.Op = catalog.OpEq
			}
		}
	}
	if !merged {
		s.Constraints = append(s.Constraints, c)
	}
}

// merge is what holds after new follows old on the same facet.
func merge(old, c Constraint) Constraint {
	if old.Unit != c.Unit || !isBound(old.Op) || !isBound(c.Op) {
		return c
	}
	lo, hi, ok := 0.0, 0.0, false
	switch {
	case old.Op == catalog.OpGe && c.Op == catalog.OpLe:
		lo, hi, ok = old.Values[0].Num(), c.Values[0].Num(), true
	case old.Op == catalog.OpLe && c.Op == catalog.OpGe:
		lo, hi, ok = c.Values[0].Num(), old.Values[0].Num(), true
	}
	if !ok || lo >= hi {
		return c
	}
	c.Op, c.Values, c.Hard = catalog.OpBetween, catalog.Values{catalog.Num(lo), catalog.Num(hi)}, c.Hard || old.Hard
	return c
}

func isBound(op catalog.Op) bool {
	return op == catalog.OpLe || op == catalog.OpGe || op == catalog.OpBetween
}

// point moves the focus and notes what was rejected.
func (s *State) point(d Delta) {
	if d.Act == ActReject {
		no := d.References
		if len(no) == 0 {
			no = s.Shown
		}
		s.Rejected = lastN(appendNew(s.Rejected, no...), maxRejected)
		if slices.Contains(no, s.Focus) {
			s.Focus = ""
		}
		return
	}
	if len(d.References) == 1 {
		s.Focus = d.References[0]
	}
}

// closeQuestion ends the open question unless the turn only asked something in between.
func (s *State) closeQuestion(d Delta) {
	if s.Asked == "" {
		return
	}
	switch d.Act {
	case ActAskItem, ActPolicy, ActCompare, ActGreet, ActThank, ActOutOfScope, ActUnclear, ActViewCart:
		return
	}
	s.AskedBefore = appendNew(s.AskedBefore, s.Asked)
	s.Asked = ""
}

// CatalogConstraints are the need's constraints as a search takes them.
func (s State) CatalogConstraints() []catalog.Constraint {
	out := make([]catalog.Constraint, len(s.Constraints))
	for i, c := range s.Constraints {
		out[i] = cloneConstraint(c).Constraint
	}
	return out
}

// Check says what in a delta the catalogue does not know: facets, values, categories, operators that do not fit. A model's delta is checked before it is applied.
func (d Delta) Check(schema *catalog.Schema) []error {
	var errs []error
	for _, c := range d.Set {
		if err := checkConstraint(c.Constraint, schema); err != nil {
			errs = append(errs, err)
		}
	}
	for _, n := range d.Next {
		for _, c := range n.Constraints {
			if err := checkConstraint(c.Constraint, schema); err != nil {
				errs = append(errs, err)
			}
		}
	}
	for _, list := range [][]string{d.Drop, d.NoPreference} {
		for _, f := range list {
			if schema.Facet(f) == nil && !builtin(f) {
				errs = append(errs, fmt.Errorf("nlu: the catalogue has no facet %q", f))
			}
		}
	}
	return errs
}

func builtin(facet string) bool {
	switch facet {
	case catalog.FacetCategory, catalog.FacetBrand, catalog.FacetPrice, catalog.FacetRating, catalog.FacetInStock, catalog.FacetOnSale, catalog.FacetShipsFrom:
		return true
	}
	return false
}

func checkConstraint(c catalog.Constraint, schema *catalog.Schema) error {
	want := 1
	switch c.Op {
	case catalog.OpEq, catalog.OpLe, catalog.OpGe:
	case catalog.OpBetween:
		want = 2
	case catalog.OpIn, catalog.OpNe:
		want = max(1, len(c.Values))
	default:
		return fmt.Errorf("nlu: %q is no operator", c.Op)
	}
	if len(c.Values) != want {
		return fmt.Errorf("nlu: %s %s takes %d value(s), not %d", c.Facet, c.Op, want, len(c.Values))
	}
	f := schema.Facet(c.Facet)
	if f == nil && !builtin(c.Facet) {
		return fmt.Errorf("nlu: the catalogue has no facet %q", c.Facet)
	}
	for _, v := range c.Values {
		switch {
		case c.Facet == catalog.FacetCategory && schema.Category(v.Str()) == nil:
			return fmt.Errorf("nlu: the catalogue has no category %q", v.Str())
		case f == nil:
		case f.Kind == catalog.KindEnum && f.Value(v.Str()) == nil:
			return fmt.Errorf("nlu: facet %s has no value %q", f.ID, v.String())
		case f.Kind == catalog.KindNumber && !v.IsNum(), f.Kind == catalog.KindBool && !v.IsBool():
			return fmt.Errorf("nlu: %q is no value of the %s facet %s", v.String(), f.Kind, f.ID)
		}
	}
	return nil
}

func without(list []string, x string) []string {
	return slices.DeleteFunc(list, func(y string) bool { return x == y })
}

func appendNew(list []string, more ...string) []string {
	for _, x := range more {
		if x != "" && !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	return list
}

func minus(a, b catalog.Values) catalog.Values {
	return slices.DeleteFunc(slices.Clone(a), func(v catalog.Value) bool { return slices.Contains(b, v) })
}

func lastN[T any](list []T, n int) []T {
	if len(list) <= n {
		return list
	}
	return slices.Clone(list[len(list)-n:])
}
