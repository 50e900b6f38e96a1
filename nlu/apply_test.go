package nlu

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"daogou/catalog"
)

func con(facet string, op catalog.Op, unit string, vs ...catalog.Value) Constraint {
	return Constraint{Constraint: catalog.Constraint{Facet: facet, Op: op, Values: vs, Unit: unit, Hard: true}}
}

func price(op catalog.Op, vs ...float64) Constraint {
	c := con("price", op, "USD")
	for _, v := range vs {
		c.Values = append(c.Values, catalog.Num(v))
	}
	return c
}

func colour(op catalog.Op, vs ...string) Constraint {
	c := con("colour", op, "")
	for _, v := range vs {
		c.Values = append(c.Values, catalog.Str(v))
	}
	return c
}

func TestApplySet(t *testing.T) {
	for name, c := range map[string]struct {
		have, set, want []Constraint
	}{
		"first":                        {nil, []Constraint{colour("=", "red")}, []Constraint{colour("=", "red")}},
		"= replaces =":                 {[]Constraint{colour("=", "red")}, []Constraint{colour("=", "blue")}, []Constraint{colour("=", "blue")}},
		"= replaces in":                {[]Constraint{colour("in", "red", "blue")}, []Constraint{colour("=", "green")}, []Constraint{colour("=", "green")}},
		"!= adds":                      {[]Constraint{colour("!=", "red")}, []Constraint{colour("!=", "blue")}, []Constraint{colour("!=", "red", "blue")}},
		"!= takes out =":               {[]Constraint{colour("=", "red")}, []Constraint{colour("!=", "red")}, []Constraint{colour("!=", "red")}},
		"!= keeps another =":           {[]Constraint{colour("=", "red")}, []Constraint{colour("!=", "blue")}, []Constraint{colour("=", "red"), colour("!=", "blue")}},
		"!= narrows in":                {[]Constraint{colour("in", "red", "blue")}, []Constraint{colour("!=", "red")}, []Constraint{colour("=", "blue"), colour("!=", "red")}},
		"= takes out !=":               {[]Constraint{colour("!=", "red")}, []Constraint{colour("=", "red")}, []Constraint{colour("=", "red")}},
		"= takes one value out of !=":  {[]Constraint{colour("!=", "red", "blue")}, []Constraint{colour("=", "red")}, []Constraint{colour("!=", "blue"), colour("=", "red")}},
		">= then <=":                   {[]Constraint{price(">=", 20)}, []Constraint{price("<=", 50)}, []Constraint{price("between", 20, 50)}},
		"<= then >=":                   {[]Constraint{price("<=", 50)}, []Constraint{price(">=", 20)}, []Constraint{price("between", 20, 50)}},
		"contradicting bound replaces": {[]Constraint{price("<=", 50)}, []Constraint{price(">=", 80)}, []Constraint{price(">=", 80)}},
		"<= replaces between":          {[]Constraint{price("between", 20, 50)}, []Constraint{price("<=", 60)}, []Constraint{price("<=", 60)}},
		"<= replaces <=":               {[]Constraint{price("<=", 50)}, []Constraint{price("<=", 80)}, []Constraint{price("<=", 80)}},
		"another currency replaces":    {[]Constraint{price(">=", 20)}, []Constraint{con("price", "<=", "EUR", catalog.Num(50))}, []Constraint{con("price", "<=", "EUR", catalog.Num(50))}},
		"order stays":                  {[]Constraint{colour("=", "red"), price("<=", 50)}, []Constraint{colour("=", "blue")}, []Constraint{colour("=", "blue"), price("<=", 50)}},
	} {
		got := State{Constraints: c.have}.Apply(Delta{Act: ActRefine, Set: c.set}).Constraints
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestApplyTalk(t *testing.T) {
	tent := State{Lang: "en", Keywords: []string{"family"}, Constraints: []Constraint{eq("category", catalog.Str("tent")), colour("=", "red")}, Shown: []string{"t1", "t2"}, Cart: []CartLine{{"t1", "", 1}}, Country: "DE", Currency: "EUR", Asked: "colour"}

	s := tent.Apply(Delta{Act: ActFind, NewNeed: true, Set: []Constraint{eq("category", catalog.Str("laptop"))}})
	if len(s.Past) != 1 || len(s.Constraints) != 1 || s.Shown != nil || len(s.Keywords) != 0 || s.Cart == nil || s.Past[0].Keywords[0] != "family" {
		t.Fatalf("new need: %+v", s)
	}
	if back := s.Apply(Delta{Act: ActBack}); categoriesIn(back.Constraints) != "tent" || len(back.Past) != 1 || categoriesIn(back.Past[0].Constraints) != "laptop" || len(back.Shown) != 2 {
		t.Fatalf("back: %+v", back)
	}
	three := s.Apply(Delta{Act: ActFind, NewNeed: true, Set: []Constraint{eq("category", catalog.Str("desk"))}})
	if named := three.Apply(Delta{Act: ActBack, Set: []Constraint{eq("category", catalog.Str("tent"))}}); categoriesIn(named.Constraints) != "tent" || len(named.Constraints) != 2 {
		t.Fatalf("back to a named need: %+v", named)
	}
	if none := (State{}).Apply(Delta{Act: ActBack}); none.hasNeed() {
		t.Fatalf("back from nothing: %+v", none)
	}

	r := tent.Apply(Delta{Act: ActReset})
	if r.hasNeed() || len(r.Past) != 0 || len(r.Cart) != 1 || r.Country != "DE" || r.Currency != "EUR" || r.Lang != "en" {
		t.Fatalf("reset: %+v", r)
	}
	n := tent.Apply(Delta{Act: ActRelax, NoPreference: []string{"colour"}})
	if len(n.Constraints) != 1 || !slices.Equal(n.NoPreference, []string{"colour"}) || n.Asked != "" || !slices.Equal(n.AskedBefore, []string{"colour"}) {
		t.Fatalf("no preference: %+v", n)
	}
	if again := n.Apply(Delta{Act: ActRefine, Set: []Constraint{colour("=", "blue")}}); len(again.NoPreference) != 0 {
		t.Fatalf("preference again: %+v", again)
	}
	if kept := tent.Apply(Delta{Act: ActAskItem, References: []string{"t2"}}); kept.Asked != "colour" || kept.Focus != "t2" {
		t.Fatalf("a question in between: %+v", kept)
	}
	if rej := tent.Apply(Delta{Act: ActReject}); !slices.Equal(rej.Rejected, []string{"t1", "t2"}) {
		t.Fatalf("reject: %+v", rej)
	}
	if k := tent.Apply(Delta{Act: ActRefine, Keywords: []string{"family", "two-door"}, DropKeywords: []string{"x"}}); !slices.Equal(k.Keywords, []string{"family", "two-door"}) {
		t.Fatalf("keywords: %v", k.Keywords)
	}
}

// randomDelta draws a delta from a small world, so that turns collide often.
func randomDelta(r *rand.Rand) Delta {
	colours := []string{"red", "blue", "green"}
	acts := []Act{ActFind, ActRefine, ActRelax, ActNegate, ActReject, ActBack, ActReset, ActAskItem, ActMore}
	d := Delta{Act: acts[r.IntN(len(acts))], NewNeed: r.IntN(8) == 0}
	for range r.IntN(3) {
		switch r.IntN(4) {
		case 0:
			d.Set = append(d.Set, colour([]catalog.Op{"=", "!="}[r.IntN(2)], colours[r.IntN(3)]))
		case 1:
			d.Set = append(d.Set, colour("in", colours[r.IntN(3)], "black"))
		case 2:
			d.Set = append(d.Set, price([]catalog.Op{"<=", ">="}[r.IntN(2)], float64(r.IntN(100))))
		case 3:
			lo := float64(r.IntN(100))
			d.Set = append(d.Set, price("between", lo, lo+10))
		}
	}
	if r.IntN(4) == 0 {
		d.Drop = []string{[]string{"colour", "price"}[r.IntN(2)]}
	}
	if r.IntN(4) == 0 {
		d.NoPreference = []string{"colour"}
	}
	if r.IntN(3) == 0 {
		d.Keywords = []string{colours[r.IntN(3)]}
		d.References = []string{"t1"}
	}
	return d
}

// TestApplyProperties holds what must be true of every conversation: one constraint a facet and polarity, no value both wanted and excluded, ranges in order,
// nothing shared with the state before, the same after a trip through JSON, bounded.
func TestApplyProperties(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7))
		s := State{Shown: []string{"t1", "t2"}}
		for range 40 {
			d := randomDelta(r)
			before, _ := json.Marshal(s)
			next := s.Apply(d)
			if after, _ := json.Marshal(s); string(after) != string(before) {
				t.Fatalf("Apply changed its receiver:\n%s\n%s", before, after)
			}
			scribble(next.Apply(Delta{Act: ActRefine}))
			checkState(t, next)
			var again State
			b, _ := json.Marshal(next)
			if err := json.Unmarshal(b, &again); err != nil {
				t.Fatal(err)
			}
			if b2, _ := json.Marshal(again); string(b) != string(b2) {
				t.Fatalf("JSON is not stable:\n%s\n%s", b, b2)
			}
			s = next
		}
	}
}

// scribble overwrites everything that a state points to, to find shared memory.
func scribble(s State) {
	for i := range s.Constraints {
		for k := range s.Constraints[i].Values {
			s.Constraints[i].Values[k] = catalog.Str("scribble")
		}
	}
	for _, list := range [][]string{s.Keywords, s.Shown, s.NoPreference, s.Rejected, s.AskedBefore} {
		for i := range list {
			list[i] = "scribble"
		}
	}
	for _, n := range s.Past {
		for i := range n.Constraints {
			n.Constraints[i].Facet = "scribble"
		}
	}
}

func checkState(t *testing.T, s State) {
	t.Helper()
	seen := map[string]bool{}
	wanted := map[string]catalog.Values{}
	for _, c := range s.Constraints {
		if c.Facet == "scribble" || slices.Contains(c.Values, catalog.Str("scribble")) {
			t.Fatal("the state shares memory with another")
		}
		key := c.Facet
		if c.Op == catalog.OpNe {
			key += " not"
		} else {
			wanted[c.Facet] = c.Values
		}
		if seen[key] {
			t.Fatalf("two constraints on %s: %v", key, s.Constraints)
		}
		seen[key] = true
		if len(c.Values) == 0 || c.Op == catalog.OpBetween && (len(c.Values) != 2 || c.Values[0].Num() > c.Values[1].Num()) {
			t.Fatalf("bad values: %v", c)
		}
		if slices.Contains(s.NoPreference, c.Facet) {
			t.Fatalf("%s is constrained and has no preference", c.Facet)
		}
	}
	for _, c := range s.Constraints {
		if c.Op == catalog.OpNe && slices.ContainsFunc(c.Values, func(v catalog.Value) bool { return slices.Contains(wanted[c.Facet], v) }) {
			t.Fatalf("%v is wanted and excluded", c)
		}
	}
	if len(s.Past) > maxPast || len(s.Keywords) > maxKeywords {
		t.Fatal("the state grows without bound")
	}
}

func TestCheck(t *testing.T) {
	bad := Delta{Set: []Constraint{colour("=", "puce"), con("flavour", "=", "", catalog.Str("x")), price("between", 1), con("capacity", "=", "", catalog.Str("two")), eq("category", catalog.Str("spaceship")), con("colour", "~", "", catalog.Str("red"))}, Drop: []string{"nothing"}}
	if errs := bad.Check(smallShop); len(errs) != 7 {
		t.Errorf("%d complaints: %v", len(errs), errs)
	}
	good := Delta{Set: []Constraint{colour("!=", "red", "blue"), price("between", 1, 2), eq("category", catalog.Str("tent")), con("brand", "=", "", catalog.Str("Norrfell"))}, Drop: []string{"price"}}
	if errs := good.Check(smallShop); len(errs) != 0 {
		t.Errorf("complaints: %v", errs)
	}
}
