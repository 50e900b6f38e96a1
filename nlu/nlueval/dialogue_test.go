package nlueval

import (
	"strings"
	"testing"

	"daogou/catalog"
	"daogou/nlu"
)

const sample = `
# a comment
[en-a-01]
shopper: two person tent under 150 bucks, ideally green
  act find
  + category = tent
  + price <= 150 USD
  + colour = green ~
  + "two-door"
assistant: Which season?
shown: t1 t2
shopper: the second one, colour doesn't matter
  act choose
  - colour
  ref t2
[en-a-02]
shopper: hi
  act greet
`

func TestRead(t *testing.T) {
	cases, err := Read(strings.NewReader(sample), "x.txt", "en")
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) != 3 {
		t.Fatalf("%d cases", len(cases))
	}
	a, b, c := cases[0], cases[1], cases[2]
	if len(a.Want) != 3 || a.Want[2].Hard || !a.Want[1].Hard || a.Want[1].Unit != "USD" || len(a.Keywords) != 1 || a.ID != "en-a-01.1" {
		t.Errorf("first turn: %+v", a)
	}
	if len(b.Want) != 2 || b.Reference != "t2" || len(b.Turns) != 3 || len(b.Shown) != 2 || b.ShownAt[0].Turn != 2 {
		t.Errorf("second turn: %+v", b)
	}
	if len(c.Want) != 0 || c.Act != nlu.ActGreet || len(c.Turns) != 1 || len(c.Shown) != 0 {
		t.Errorf("third turn: %+v", c)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, bad := range []string{
		"shopper: hi\n", "[a]\n[a]\n", "[a]\nshopper: hi\n", "[a]\n  act find\n", "[a]\nclerk: hi\n", "[a]\nshopper: hi\n  act find\n  - colour\n",
		"[a]\nshopper: hi\n  act find\n  + price under 5\n", "[a]\nshopper: hi\n  act find\n  + price between 5\n", "[a]\nshopper: hi\n  because\n",
	} {
		if _, err := Read(strings.NewReader(bad), "x.txt", "en"); err == nil {
			t.Errorf("%q was read without complaint", bad)
		}
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"screen = 17 in", "screen = 43.2 cm", true},
		{"screen = 17 in", "screen = 42 cm", false},
		{"price <= 50 USD", "price <= 50 EUR", false},
		{"colour in navy|black", "colour in black|navy", true},
		{"colour = navy", "colour != navy", false},
		{"wireless = true", "wireless = yes", true},
		{"capacity between 2..3", "capacity between 2..4", false},
		{"weight <= 2 kg", "weight <= 2000 g", true},
		{"weight <= 2 kg", "weight <= 2 cm", false},
	} {
		x, err := ParseConstraint(c.a)
		if err != nil {
			t.Fatal(err)
		}
		y, err := ParseConstraint(c.b)
		if err != nil {
			t.Fatal(err)
		}
		if Same(x, y) != c.same {
			t.Errorf("Same(%s, %s) = %v", c.a, c.b, !c.same)
		}
	}
}

func TestCompare(t *testing.T) {
	price, _ := ParseConstraint("price <= 50 USD")
	colour, _ := ParseConstraint("colour = navy")
	cases := []Case{
		{ID: "1", Lang: "en", Act: nlu.ActFind, Want: []Constraint{price, colour}},
		{ID: "2", Lang: "en", Act: nlu.ActAskItem, Reference: "p"},
	}
	got := []Got{
		{Lang: "en", Act: nlu.ActFind, State: nlu.State{Constraints: []nlu.Constraint{{Constraint: price}, {Constraint: catalog.Constraint{Facet: "size", Op: "=", Values: catalog.Values{catalog.Str("m")}}}}}},
		{Lang: "en", Act: nlu.ActChoose, Reference: "p"},
	}
	s := Compare(cases, got)
	if s.Act != 0.5 || s.Joint != 0.5 || s.F1 != 0.5 || s.ReferenceAcc != 1 || s.Hardness != 1 || len(s.Failures) != 2 {
		t.Errorf("%+v", s)
	}
}
