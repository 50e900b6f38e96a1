// Package data makes the examples that the model learns from: hand-written turns, turns varied from them, simulated talks and the shops' own rows, rendered by
// package task. The same seed makes the same examples.
package data

import (
	"slices"
	"strings"
	"sync"

	"daogou/catalog"
	"daogou/generator/task/shops"
	"daogou/generator/task/turns"
	"daogou/nlu"
	"daogou/nlu/nlueval"
)

// Turn is one shopper turn with what it should be understood as.
type Turn struct {
	ID       string
	Dialogue string
	Vertical string // trade that it is about; the shop's name if it is about none
	Shop     *shops.Shop
	In       nlu.Turn
	Want     nlu.Delta
	After    []catalog.Constraint // the need after the turn, as annotated
	Ref      string
}

// HandWritten are the hand-written turns, read once.
func HandWritten() ([]Turn, error) {
	all, err := handWritten()
	return slices.Clone(all), err
}

var handWritten = sync.OnceValues(readHandWritten)

func readHandWritten() ([]Turn, error) {
	sets, err := turns.All()
	if err != nil {
		return nil, err
	}
	open := map[string]*shops.Shop{}
	rules := nlu.NewRules()
	var out []Turn
	for _, set := range sets {
		if open[set.Shop] == nil {
			if open[set.Shop], err = shops.Open(set.Shop); err != nil {
				return nil, err
			}
		}
		out = append(out, FromCases(open[set.Shop], rules, set.Cases)...)
	}
	return out, nil
}

// FromCases turns annotated dialogues into turns: each with the state before it and the delta that leads to the state after it.
func FromCases(shop *shops.Shop, rules *nlu.Rules, cases []nlueval.Case) []Turn {
	var out []Turn
	for i := 0; i < len(cases); {
		dialogue, _, _ := strings.Cut(cases[i].ID, ".")
		j := i
		for j < len(cases) && strings.HasPrefix(cases[j].ID, dialogue+".") {
			j++
		}
		out = append(out, fromDialogue(shop, rules, dialogue, cases[i:j])...)
		i = j
	}
	return out
}

func fromDialogue(shop *shops.Shop, rules *nlu.Rules, dialogue string, cases []nlueval.Case) []Turn {
	var out []Turn
	var state nlu.State
	vertical := verticalOf(shop, cases)
	for _, c := range cases {
		last := len(c.Turns) - 1
		t := Turn{ID: c.ID, Dialogue: dialogue, Vertical: vertical, Shop: shop, After: c.Want, Ref: c.Reference}
		t.In = nlu.Turn{State: state, History: c.Turns[:last], Text: c.Turns[last].Text, Schema: shop.Schema}
		t.In.Shown, _ = shop.Find(c.Shown)
		t.In.State.Shown = slices.Clone(c.Shown)
		t.In.State.Asked = ""
		if last > 0 && c.Turns[last-1].Role == "assistant" {
			t.In.State.Asked = nlu.AskedFacet(shop.Schema, state, c.Turns[last-1].Text)
		}
		t.Want = wanted(state, c)
		enrich(&t, rules)
		out = append(out, t)
		state = after(t.In.State, c)
	}
	return out
}

// verticalOf is the trade of the first category that a dialogue speaks of, or of a product shown in it.
func verticalOf(shop *shops.Shop, cases []nlueval.Case) string {
	for _, c := range cases {
		for _, w := range c.Want {
			if w.Facet == catalog.FacetCategory {
				return shop.Vertical(w.Values[0].Str())
			}
		}
		for _, id := range c.Shown {
			if p := shop.Product(id); p != nil {
				return p.Category[0]
			}
		}
	}
	return shop.ID
}

// after is the state behind a turn, as annotated.
func after(before nlu.State, c nlueval.Case) nlu.State {
	s := nlu.State{Lang: c.Lang, Keywords: c.Keywords, Focus: before.Focus, Past: before.Past}
	for _, w := range c.Want {
		s.Constraints = append(s.Constraints, nlu.Constraint{Constraint: w, Origin: nlu.OriginSaid})
	}
	if c.Reference != "" {
		s.Focus = c.Reference
	}
	if c.New && len(before.Constraints) > 0 {
		s.Past = append(slices.Clone(before.Past), nlu.Need{Keywords: before.Keywords, Constraints: before.Constraints})
	}
	return s
}

// wanted is the delta that leads from one annotated state to the next.
func wanted(before nlu.State, c nlueval.Case) nlu.Delta {
	d := nlu.Delta{Lang: c.Lang, Act: c.Act, NewNeed: c.New && c.Act != nlu.ActReset && len(before.Constraints)+len(before.Keywords) > 0}
	if c.Reference != "" {
		d.References = []string{c.Reference}
	}
	held := before.Constraints
	if c.New {
		held = nil
	}
	for _, w := range c.Want {
		if slices.ContainsFunc(held, func(h nlu.Constraint) bool { return h.Hard == w.Hard && nlueval.Same(w, h.Constraint) }) {
			continue
		}
		d.Set = append(d.Set, nlu.Constraint{Constraint: asSaid(w, held), Origin: nlu.OriginSaid})
	}
	d.Set = withReplaced(d.Set, held, c.Want)
	for _, h := range held {
		gone := !slices.ContainsFunc(c.Want, func(w catalog.Constraint) bool { return w.Facet == h.Facet })
		if (gone || stale(h, c.Want)) && !slices.Contains(d.Drop, h.Facet) {
			d.Drop = append(d.Drop, h.Facet)
		}
	}
	if c.Act == nlu.ActBack {
		d.NewNeed = false
		d.Set = slices.DeleteFunc(d.Set, func(c nlu.Constraint) bool { return c.Facet != catalog.FacetCategory })
	}
	for _, k := range c.Keywords {
		if c.New || !slices.Contains(before.Keywords, k) {
			d.Keywords = append(d.Keywords, k)
		}
	}
	return d
}

// stale says whether a held constraint no longer holds though others on its facet and of the other polarity do: setting those would not remove it.
func stale(h nlu.Constraint, want []catalog.Constraint) bool {
	same, other := false, false
	for _, w := range want {
		if w.Facet == h.Facet {
			same = same || (w.Op == catalog.OpNe) == (h.Op == catalog.OpNe)
			other = other || (w.Op == catalog.OpNe) != (h.Op == catalog.OpNe)
		}
	}
	return other && !same
}

// withReplaced sets again what holds of a facet that has to be dropped because of stale constraints.
func withReplaced(set []nlu.Constraint, held []nlu.Constraint, want []catalog.Constraint) []nlu.Constraint {
	for _, h := range held {
		if !stale(h, want) {
			continue
		}
		for _, w := range want {
			if w.Facet == h.Facet && !slices.ContainsFunc(set, func(s nlu.Constraint) bool { return nlueval.Same(w, s.Constraint) }) {
				set = append(set, nlu.Constraint{Constraint: w, Origin: nlu.OriginSaid})
			}
		}
	}
	return set
}

// asSaid takes a range apart again of which one end was held already: what the turn says is the other end.
func asSaid(w catalog.Constraint, held []nlu.Constraint) catalog.Constraint {
	if w.Op != catalog.OpBetween || len(w.Values) != 2 {
		return w
	}
	for _, h := range held {
		if h.Facet != w.Facet || len(h.Values) != 1 {
			continue
		}
		lo, hi := w, w
		lo.Op, lo.Values = catalog.OpGe, w.Values[:1]
		hi.Op, hi.Values = catalog.OpLe, w.Values[1:]
		if h.Op == catalog.OpLe && nlueval.Same(hi, h.Constraint) {
			return lo
		}
		if h.Op == catalog.OpGe && nlueval.Same(lo, h.Constraint) {
			return hi
		}
	}
	return w
}

// enrich adds what dialogue files do not annotate: which facets a question about an item asks for, and how many go into the basket.
func enrich(t *Turn, rules *nlu.Rules) {
	switch t.Want.Act {
	case nlu.ActAskItem, nlu.ActCompare, nlu.ActAddToCart, nlu.ActRemove:
	default:
		return
	}
	for _, m := range rules.Mentions(t.In) {
		switch t.Want.Act {
		case nlu.ActAskItem, nlu.ActCompare:
			for _, r := range m.Readings {
				if r.Kind != nlu.MentionCategory && !slices.Contains(t.Want.AskFacets, r.Facet) && len(t.Want.AskFacets) < 3 {
					t.Want.AskFacets = append(t.Want.AskFacets, r.Facet)
					break
				}
			}
		case nlu.ActAddToCart, nlu.ActRemove:
			if n := m.Number; n != nil && n.Unit == "" && n.Currency == "" && n.Lo == n.Hi && n.Lo >= 1 && n.Lo < 100 && n.Lo == float64(int(n.Lo)) {
				t.Want.Quantity = int(n.Lo)
			}
		}
	}
}

// Kept is the dialogues of one file that training does not see.
type Kept struct {
	File  string
	Shop  *shops.Shop
	Cases []nlueval.Case
}

// ValidCases are the hand-written dialogues kept for validation, as they were annotated.
func ValidCases() ([]Kept, error) {
	sets, err := turns.All()
	if err != nil {
		return nil, err
	}
	open := map[string]*shops.Shop{}
	var out []Kept
	for _, set := range sets {
		if open[set.Shop] == nil {
			if open[set.Shop], err = shops.Open(set.Shop); err != nil {
				return nil, err
			}
		}
		k := Kept{File: set.File, Shop: open[set.Shop]}
		for _, c := range set.Cases {
			if dialogue, _, _ := strings.Cut(c.ID, "."); isValid(dialogue) {
				k.Cases = append(k.Cases, c)
			}
		}
		out = append(out, k)
	}
	return out, nil
}
