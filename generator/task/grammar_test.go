package task

import (
	"math/rand/v2"
	"testing"

	"daogou/catalog"
	"daogou/nlu"
	"daogou/nlu/bpe"
)

func testVocab(t testing.TB) *Vocab {
	tok, err := bpe.New(nil, Specials())
	if err != nil {
		t.Fatal(err)
	}
	v, err := NewVocab(tok)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// camp is a small shop.
func camp() *catalog.Schema {
	en := func(s string) catalog.Text { return catalog.Text{"en": s} }
	return catalog.NewSchema(1, "USD", []catalog.Category{
		{ID: "outdoor", Label: en("Outdoor")},
		{ID: "tent", Parent: "outdoor", Label: en("Tent"), Facets: []string{"colour", "capacity", "weight", "waterproof"}},
		{ID: "stove", Parent: "outdoor", Label: en("Stove"), Facets: []string{"weight"}},
	}, []catalog.Facet{
		{ID: "colour", Kind: catalog.KindEnum, Label: en("Colour"), Values: []catalog.FacetValue{{ID: "navy", Label: en("Navy")}, {ID: "orange", Label: en("Orange")}, {ID: "red", Label: en("Red")}}},
		{ID: "capacity", Kind: catalog.KindNumber, Label: en("Capacity")},
		{ID: "weight", Kind: catalog.KindNumber, Unit: "g", Label: en("Weight")},
		{ID: "waterproof", Kind: catalog.KindBool, Label: en("Waterproof")},
	}, []catalog.Brand{{Name: "Fernhill", Count: 1}})
}

func campPrompt(t testing.TB, text string, state nlu.State, shown ...*catalog.Product) *ParsePrompt {
	s := camp()
	turn := nlu.Turn{State: state, Text: text, Schema: s, Shown: shown}
	return testVocab(t).NewParsePrompt(turn, Hints{Mentions: nlu.NewRules().Mentions(turn)}, NewWords(s, nil), 5)
}

// TestAnswerReadsBack writes what turns mean in tokens and reads it again.
func TestAnswerReadsBack(t *testing.T) {
	num := func(f float64) catalog.Values { return catalog.Values{catalog.Num(f)} }
	str := func(ss ...string) (vs catalog.Values) {
		for _, s := range ss {
			vs = append(vs, catalog.Str(s))
		}
		return vs
	}
	c := func(facet string, op catalog.Op, unit string, hard bool, vs catalog.Values) nlu.Constraint {
		return nlu.Constraint{Constraint: catalog.Constraint{Facet: facet, Op: op, Values: vs, Unit: unit, Hard: hard}}
	}
	for _, x := range []struct {
		text string
		want nlu.Delta
	}{
		{"a two person tent under 150 bucks, not orange", nlu.Delta{Act: nlu.ActFind, Set: []nlu.Constraint{c("capacity", "=", "", true, num(2)), c("category", "=", "", true, str("tent")),
			c("price", "<=", "USD", true, num(150)), c("colour", "!=", "", true, str("orange"))}}},
		{"navy or red tent between 2 and 3 kg, ideally waterproof", nlu.Delta{Act: nlu.ActFind, Set: []nlu.Constraint{c("colour", "in", "", true, str("navy", "red")), c("category", "=", "", true, str("tent")),
			c("weight", "between", "kg", true, catalog.Values{catalog.Num(2), catalog.Num(3)}), c("waterproof", "=", "", false, catalog.Values{catalog.Bool(true)})}}},
		{"about 100 euros, by fernhill, for my big old family tent", nlu.Delta{Act: nlu.ActRefine, Set: []nlu.Constraint{c("price", "between", "EUR", true, catalog.Values{catalog.Num(90), catalog.Num(110)}),
			c("brand", "=", "", true, str("Fernhill"))}, Keywords: []string{"family"}}},
		{"any colour, forget the weight, two of them, and where is my order", nlu.Delta{Act: nlu.ActAddToCart, Also: []nlu.Act{nlu.ActOrder}, NoPreference: []string{"colour"}, Drop: []string{"weight"}, Quantity: 2}},
	} {
		state := nlu.State{Constraints: []nlu.Constraint{c("category", "=", "", true, str("tent"))}}
		p := campPrompt(t, x.text, state)
		answer, lost := p.Answer(x.want)
		if lost > 0 {
			t.Errorf("%q: %d lost", x.text, lost)
		}
		if err := p.Check(answer); err != nil {
			t.Errorf("%q: %v", x.text, err)
		}
		again, _ := p.Answer(p.Delta(answer))
		if string(bytesOf(again)) != string(bytesOf(answer)) {
			t.Errorf("%q is read back as %+v", x.text, p.Delta(answer))
		}
	}
}

func bytesOf(ids []int32) []byte {
	var b []byte
	for _, id := range ids {
		b = append(b, byte(id), byte(id>>8))
	}
	return b
}

// TestGrammarNeverStrays walks the grammar at random: every walk ends, and what it says the shop can understand.
func TestGrammarNeverStrays(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	price := []catalog.Price{{Amount: catalog.Money{Minor: 9900, Currency: "USD"}}}
	shown := []*catalog.Product{
		{ID: "a", Title: catalog.Text{"en": "Fernhill Dome"}, Brand: "Fernhill", Category: []string{"outdoor", "tent"}, Prices: price, Facets: map[string][]catalog.Value{"colour": {catalog.Str("navy")}, "weight": {catalog.Num(900)}}},
		{ID: "b", Title: catalog.Text{"en": "Moss Ridge"}, Category: []string{"outdoor", "tent"}, Prices: price},
	}
	for i := range 3000 {
		p := campPrompt(t, []string{"two person tent under 150 bucks not orange", "the navy one", "", "3 to 4 kg 12 red or navy dome"}[i%4], nlu.State{}, shown[:i%3]...)
		g := newGrammar(p)
		var answer []int32
		for !g.Done() {
			next, _ := g.Allowed(nil)
			if len(next) == 0 {
				t.Fatalf("walk %d: nothing may follow %v", i, answer)
			}
			tok := next[rng.IntN(len(next))]
			if err := g.Accept(tok); err != nil {
				t.Fatal(err)
			}
			if answer = append(answer, tok); len(answer) > 400 {
				t.Fatal("a walk does not end")
			}
		}
		if errs := p.Delta(answer).Check(p.turn.Schema); len(errs) > 0 {
			t.Fatalf("walk %d: %v", i, errs)
		}
	}
}
