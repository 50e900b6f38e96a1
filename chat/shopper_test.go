package chat

import (
	"context"
	"slices"
	"testing"

	"daogou/catalog"
	"daogou/nlu"
)

// A second need is owned up to in the turn that says it, and not again.
func TestNextIsNotForgotten(t *testing.T) {
	jacket := []nlu.Need{{Constraints: []nlu.Constraint{kindOf("jacket")}}}
	for _, c := range []struct {
		name  string
		delta nlu.Delta
		want  bool
	}{
		{"said now", nlu.Delta{Act: nlu.ActFind, Next: jacket}, true},
		{"said before", nlu.Delta{Act: nlu.ActRefine}, false},
	} {
		p := Decide(shopping(func(s *Situation) { s.Delta, s.State.Next = c.delta, jacket }))
		if f, ok := p.Facts["later"]; ok != c.want || c.want && f.Text != "jackets" {
			t.Errorf("%s: %q, %v", c.name, f.Text, ok)
		}
	}
}

// Where no words may point to one product, what is sold out stands last; and the best rated stands first where that is asked for.
func TestOrderOfHits(t *testing.T) {
	hit := func(id string, stock int64, stars, score float64) catalog.Hit {
		p := &catalog.Product{ID: id, Stock: map[string]int64{"DE": stock}, Rating: &catalog.Rating{Average: stars, Count: 9}}
		return catalog.Hit{Product: p, Score: score, Parts: map[string]float64{"text": score}}
	}
	r := &catalog.Result{Hits: []catalog.Hit{hit("gone", 0, 4.9, 9), hit("good", 5, 4.1, 2), hit("best", 5, 4.8, 1)}}
	for _, c := range []struct {
		keywords []string
		want     []string
	}{
		{nil, []string{"good", "best", "gone"}},
		{[]string{"gone"}, []string{"gone", "good", "best"}},
		{[]string{"best rated"}, []string{"best", "good", "gone"}},
	} {
		s := Situation{State: nlu.State{Keywords: c.keywords}, Reader: testReader("en")}
		hits, err := NeedRanker{}.Rank(context.Background(), s.State, r)
		if err != nil {
			t.Fatal(err)
		}
		s.inOrder(hits)
		var got []string
		for _, h := range hits {
			got = append(got, h.Product.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, want %v", c.keywords, got, c.want)
		}
	}
}

// A shop's own keyword finds its policy although the words sound like goods; a request for goods that has the keyword in it stays one.
func TestPolicyByKeyword(t *testing.T) {
	faq := NewFAQ([]QA{{PolicyText: PolicyText{ID: "returns", Question: text("Can I return?", "能退吗？"), Answer: text("Ninety days.", "九十天。")},
		Keywords: map[string][]string{"en": {"send back", "refund"}, "zh": {"不想要了"}}}})
	for _, c := range []struct {
		lang, say string
		want      bool
	}{
		{"en", "Can I send back shoes?", true}, {"en", "how do I send back a tent", true}, {"en", "a tent to send back light", false}, {"en", "can I get a tent?", false},
		{"zh", "如果不想要了怎么办", true}, {"zh", "不想要了黑色", false},
	} {
		if _, ok := faq.Named(c.lang, c.say); ok != c.want {
			t.Errorf("%q: %v", c.say, ok)
		}
	}
	a := testAssistant(newShelf(backpacks...), nlu.NewRules())
	a.Policies = faq
	c := talk{t: t, a: a}
	b := c.say("Can I send back a backpack?")
	if b.Reply.Plan != string(PlanPolicy) || len(c.state.Constraints) != 0 {
		t.Errorf("%s, need %v", b.Reply.Plan, c.state.Constraints)
	}
}
