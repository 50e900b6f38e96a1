package chat

import (
	"testing"

	"daogou/catalog"
	"daogou/nlu"
)

// A chip shows what the shopper said: their unit, and their word for several kinds of goods.
func TestSaidLabel(t *testing.T) {
	inches := func(op catalog.Op, vs ...float64) nlu.Constraint {
		c := nlu.Constraint{Constraint: catalog.Constraint{Facet: "screen_size", Op: op, Unit: "cm", Hard: true}, SaidIn: "in"}
		for _, v := range vs {
			c.Values = append(c.Values, catalog.Num(v*2.54))
		}
		return c
	}
	kinds := nlu.Constraint{Constraint: catalog.Constraint{Facet: catalog.FacetCategory, Op: catalog.OpIn, Values: catalog.Values{catalog.Str("x"), catalog.Str("y")}}, Span: "shoes"}
	sc := catalog.NewSchema(1, "USD", nil, []catalog.Facet{{ID: "screen_size", Kind: catalog.KindNumber, Unit: "cm", Label: text("Screen size", "屏幕尺寸")}}, nil)
	for _, c := range []struct {
		con    nlu.Constraint
		en, zh string
	}{
		{inches(catalog.OpBetween, 14.95, 15.9), "Screen size 15 inches", "屏幕尺寸15英寸"},
		{inches(catalog.OpEq, 15.6), "Screen size 15.6 inches", "屏幕尺寸15.6英寸"},
		{inches(catalog.OpGe, 27), "Screen size at least 27 inches", "屏幕尺寸27英寸以上"},
		{inches(catalog.OpBetween, 24, 27), "Screen size 24–27 inches", "屏幕尺寸24–27英寸"},
		{kinds, "shoes", "shoes"},
	} {
		for lang, want := range map[string]string{"en": c.en, "zh": c.zh} {
			r := &Reader{Schema: sc, Lang: lang}
			if got := r.SaidLabel(c.con); got != want {
				t.Errorf("%s %v: %q, want %q", lang, c.con.Values, got, want)
			}
		}
	}
}

// What was wanted besides is offered once the first thing lies in the basket, and not before.
func TestOfferNext(t *testing.T) {
	waits := func(s *Situation) {
		s.State.Next = []nlu.Need{{Constraints: []nlu.Constraint{kindOf("jacket")}}}
	}
	act := func(a nlu.Act, refs ...string) func(*Situation) {
		return func(s *Situation) { s.Delta = nlu.Delta{Act: a, References: refs}; s.Result, s.Hits = nil, nil }
	}
	for _, c := range []struct {
		name   string
		change []func(*Situation)
		offer  string
	}{
		{"added", []func(*Situation){act(nlu.ActAddToCart, "bp-03"), waits}, OfferNext},
		{"nothing waits", []func(*Situation){act(nlu.ActAddToCart, "bp-03")}, ""},
		{"sold out", []func(*Situation){act(nlu.ActAddToCart, "bp-01"), waits}, ""},
		{"variant open", []func(*Situation){act(nlu.ActAddToCart, "jk-02"), waits}, ""},
		{"only looked at", []func(*Situation){act(nlu.ActChoose, "bp-06"), waits}, OfferAdd},
	} {
		p := Decide(shopping(func(s *Situation) {
			for _, f := range c.change {
				f(s)
			}
		}))
		if p.Offer != c.offer {
			t.Errorf("%s: offers %q, want %q", c.name, p.Offer, c.offer)
		}
		if _, ok := p.Facts["next"]; ok != (c.offer == OfferNext) {
			t.Errorf("%s: the need that waits is named: %v", c.name, ok)
		}
		if c.offer == OfferNext && (len(p.Choices) != 1 || p.Choices[0].Tap.Facet != catalog.FacetCategory) {
			t.Errorf("%s: buttons %v", c.name, p.Choices)
		}
	}
}

// Who names several kinds of goods is asked which, if that tells about as much as anything else would.
func TestWhichKind(t *testing.T) {
	kinds := catalog.FacetCount{Facet: catalog.FacetCategory, Values: []catalog.ValueCount{{Value: catalog.Str("backpack"), Count: 9}, {Value: catalog.Str("jacket"), Count: 8}, {Value: catalog.Str("tent"), Count: 7}}}
	several := nlu.Constraint{Constraint: catalog.Constraint{Facet: catalog.FacetCategory, Op: catalog.OpIn, Hard: true,
		Values: catalog.Values{catalog.Str("backpack"), catalog.Str("jacket"), catalog.Str("tent")}}, Span: "gear"}
	s := shopping(func(s *Situation) {
		s.State.Constraints = []nlu.Constraint{several}
		s.Result.Counts = append(s.Result.Counts, kinds)
	})
	p := Decide(s)
	if p.Question == nil || p.Question.Facet.ID != catalog.FacetCategory || len(p.Question.Options) != 3 {
		t.Fatalf("asked %+v", p.Question)
	}
	s.State.Constraints = []nlu.Constraint{kindOf("backpack")}
	if p = Decide(s); p.Question != nil && p.Question.Facet.ID == catalog.FacetCategory {
		t.Error("the kind is asked although it is settled")
	}
}
