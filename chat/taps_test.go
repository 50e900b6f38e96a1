package chat

import (
	"encoding/json"
	"slices"
	"testing"

	"daogou/catalog"
	"daogou/chat/wire"
	"daogou/nlu"
)

func tap(t testing.TB, s string) wire.Tap {
	t.Helper()
	var x wire.Tap
	if err := json.Unmarshal([]byte(s), &x); err != nil {
		t.Fatal(err)
	}
	return x
}

var tapState = nlu.State{Lang: "en", Keywords: []string{"light"}, Cart: []nlu.CartLine{{Product: "bp-03", Quantity: 1}, {Product: "gone", Quantity: 1}},
	Constraints: []nlu.Constraint{hard("colour", catalog.OpEq, catalog.Str("navy")), hard("colour", catalog.OpNe, catalog.Str("black")), hard("price", catalog.OpLe, catalog.Num(50))}}

func TestTapped(t *testing.T) {
	rows := rowsOf("bp-02", "bp-03", "jk-02")
	for _, c := range []struct {
		tap  string
		act  nlu.Act // "" if the tap has to be refused
		also func(nlu.Delta) bool
	}{
		{`{"do":"set","facet":"colour","op":"=","value":"red"}`, nlu.ActRefine, func(d nlu.Delta) bool {
			return len(d.Set) == 1 && d.Set[0].Hard && d.Set[0].Origin == nlu.OriginTapped && d.Set[0].Values[0] == catalog.Str("red")
		}},
		{`{"do":"set","facet":"colour","op":"in","value":["red","navy"]}`, nlu.ActRefine, nil},
		{`{"do":"set","facet":"price","op":"between","value":[20,50],"unit":"EUR"}`, nlu.ActRefine, nil},
		{`{"do":"set","facet":"volume","op":">=","value":20,"unit":"ml"}`, nlu.ActRefine, nil},
		{`{"do":"set","facet":"waterproof","value":true}`, nlu.ActRefine, nil},
		{`{"do":"set","facet":"category","value":"backpack"}`, nlu.ActRefine, nil},
		{`{"do":"set","facet":"brand","value":"Oskey"}`, nlu.ActRefine, nil},
		{`{"do":"set","facet":"in_stock","value":true}`, nlu.ActRefine, nil},
		{`{"do":"set","facet":"colour","value":"mauve"}`, "", nil},
		{`{"do":"set","facet":"colour","value":7}`, "", nil},
		{`{"do":"set","facet":"colour","op":"<=","value":"red"}`, "", nil},
		{`{"do":"set","facet":"colour","op":"~","value":"red"}`, "", nil},
		{`{"do":"set","facet":"colour","value":null}`, "", nil},
		{`{"do":"set","facet":"colour","value":[]}`, "", nil},
		{`{"do":"set","facet":"colour","value":{"a":1}}`, "", nil},
		{`{"do":"set","facet":"colour"}`, "", nil},
		{`{"do":"set","facet":"price","op":"between","value":[50,20]}`, "", nil},
		{`{"do":"set","facet":"price","op":"<=","value":20,"unit":"XX"}`, "", nil},
		{`{"do":"set","facet":"price","op":"<=","value":-1}`, "", nil},
		{`{"do":"set","facet":"volume","op":"<=","value":20,"unit":"kg"}`, "", nil},
		{`{"do":"set","facet":"volume","op":"<=","value":[1,2]}`, "", nil},
		{`{"do":"set","facet":"category","value":"piano"}`, "", nil},
		{`{"do":"set","facet":"brand","value":"Nobody"}`, "", nil},
		{`{"do":"set","facet":"nonsense","value":"x"}`, "", nil},
		{`{"do":"set"}`, "", nil},
		{`{"do":"drop","facet":"price"}`, nlu.ActRelax, func(d nlu.Delta) bool { return slices.Equal(d.Drop, []string{"price"}) && len(d.Set) == 0 }},
		{`{"do":"drop","facet":"colour"}`, nlu.ActRelax, func(d nlu.Delta) bool { return len(d.Set) == 0 }},
		{`{"do":"drop","facet":"colour","op":"="}`, nlu.ActRelax, func(d nlu.Delta) bool { return len(d.Set) == 1 && d.Set[0].Op == catalog.OpNe }},
		{`{"do":"drop","facet":"keywords","value":"light"}`, nlu.ActRelax, func(d nlu.Delta) bool { return slices.Equal(d.DropKeywords, []string{"light"}) }},
		{`{"do":"drop","facet":"keywords","value":"heavy"}`, "", nil},
		{`{"do":"drop","facet":"nonsense"}`, "", nil},
		{`{"do":"soften","facet":"price"}`, nlu.ActRelax, func(d nlu.Delta) bool { return len(d.Set) == 1 && !d.Set[0].Hard }},
		{`{"do":"soften","facet":"size"}`, "", nil},
		{`{"do":"no_preference","facet":"size"}`, nlu.ActRelax, func(d nlu.Delta) bool { return slices.Equal(d.NoPreference, []string{"size"}) }},
		{`{"do":"no_preference","facet":"nonsense"}`, "", nil},
		{`{"do":"choose","product":"bp-03"}`, nlu.ActChoose, func(d nlu.Delta) bool { return slices.Equal(d.References, []string{"bp-03"}) }},
		{`{"do":"choose","product":"nothing"}`, "", nil},
		{`{"do":"choose"}`, "", nil},
		{`{"do":"add","product":"bp-03","quantity":2}`, nlu.ActAddToCart, func(d nlu.Delta) bool { return d.Quantity == 2 }},
		{`{"do":"add","product":"jk-02","variant":"jk-02-m"}`, nlu.ActAddToCart, nil},
		{`{"do":"add","product":"jk-02","variant":"jk-99"}`, "", nil},
		{`{"do":"add","product":"bp-03","quantity":-1}`, "", nil},
		{`{"do":"add","product":"bp-03","quantity":1000}`, "", nil},
		{`{"do":"remove","product":"bp-03"}`, nlu.ActRemove, nil},
		{`{"do":"remove","product":"gone"}`, nlu.ActRemove, nil},
		{`{"do":"remove","product":"bp-02"}`, "", nil},
		{`{"do":"quantity","product":"bp-03","quantity":3}`, nlu.ActRemove, func(d nlu.Delta) bool { return d.Quantity == 3 }},
		{`{"do":"compare","products":["bp-02","bp-03","nothing"]}`, nlu.ActCompare, func(d nlu.Delta) bool { return len(d.References) == 2 }},
		{`{"do":"compare","products":["bp-02","bp-02"]}`, "", nil},
		{`{"do":"more"}`, nlu.ActMore, nil},
		{`{"do":"checkout"}`, nlu.ActCheckout, nil},
		{`{"do":"reset"}`, nlu.ActReset, nil},
		{`{"do":"person"}`, nlu.ActPerson, nil},
		{`{"do":"dance"}`, "", nil},
		{`{}`, "", nil},
		{`{"do":"drop","facet":"price","and":[{"do":"set","facet":"volume","op":">=","value":10,"unit":"l"}]}`, nlu.ActRelax, func(d nlu.Delta) bool { return len(d.Drop) == 1 && len(d.Set) == 1 }},
		{`{"do":"drop","facet":"price","and":[{"do":"checkout"}]}`, "", nil},
		{`{"do":"drop","facet":"price","and":[{"do":"drop","facet":"colour","and":[{"do":"drop","facet":"colour"}]}]}`, "", nil},
	} {
		d, err := tapped(tap(t, c.tap), tapState, schemaOf(), rows)
		switch {
		case c.act == "" && (err == nil || d.Act != nlu.ActUnclear):
			t.Errorf("%s: %+v, %v; want it refused", c.tap, d, err)
		case c.act != "" && (err != nil || d.Act != c.act || d.By != "tap" || c.also != nil && !c.also(d)):
			t.Errorf("%s: %+v, %v; want %s", c.tap, d, err, c.act)
		}
	}
}

// Every button that a reply offers can be tapped.
func TestOfferedTapsAreValid(t *testing.T) {
	for name, p := range everyPlan("en", 0) {
		rows := byID(rowsFor(p))
		for _, id := range append(backpacks, "jk-02") {
			rows[id] = productNamed(id)
		}
		r := view(p, tapState, rows, checked{}, wireBy)
		taps := []wire.Tap{}
		for _, a := range r.Actions {
			taps = append(taps, a.Tap)
		}
		if r.Question != nil {
			for _, o := range r.Question.Options {
				taps = append(taps, o.Tap)
			}
		}
		for _, x := range taps {
			b, _ := json.Marshal(x)
			if _, err := tapped(tap(t, string(b)), tapState, schemaOf(), rows); err != nil {
				t.Errorf("%s offers %s: %v", name, b, err)
			}
		}
	}
}

// FuzzTap: no tap breaks the fold, and what passes names only what the schema has.
func FuzzTap(f *testing.F) {
	for _, s := range []string{`{"do":"set","facet":"colour","op":"in","value":["red"]}`, `{"do":"drop","facet":"colour","op":"="}`, `{"do":"add","product":"jk-02","variant":"jk-02-m"}`,
		`{"do":"set","facet":"price","op":"between","value":[1,1e300],"unit":"JPY"}`, `{"do":"soften","facet":"price","and":[{"do":"no_preference","facet":"size"}]}`} {
		f.Add(s)
	}
	rows := rowsOf("bp-02", "bp-03", "jk-02")
	f.Fuzz(func(t *testing.T, s string) {
		var x wire.Tap
		if json.Unmarshal([]byte(s), &x) != nil {
			return
		}
		d, err := tapped(x, tapState, schemaOf(), rows)
		if err != nil {
			return
		}
		for _, c := range d.Set {
			if !searchable(c.Constraint, schemaOf()) {
				t.Errorf("%s sets %+v", s, c)
			}
			if testReader("en").Label(c.Constraint) == "" || testReader("zh").Label(c.Constraint) == "" {
				t.Errorf("%s: no label for %+v", s, c)
			}
		}
		state := tapState.Apply(d)
		sit := shopping(func(s *Situation) { s.Before, s.State, s.Delta, s.Tap = tapState, state, d, &x })
		if p := Decide(sit); p.Kind == "" {
			t.Errorf("%s: no plan", s)
		}
	})
}
