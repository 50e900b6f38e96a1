package nlu

import (
	"testing"
	"time"

	"daogou/catalog"
)

// What shoppers said and were misunderstood in.
func TestShoppersWords(t *testing.T) {
	limit := wantTent()
	limit.Constraints = append(limit.Constraints, Constraint{Constraint: catalog.Constraint{Facet: "price", Op: catalog.OpLe, Values: catalog.Values{catalog.Num(100)}, Unit: "USD", Hard: true}})
	runCases(t, []parseCase{
		{state: limit, shown: true, text: "remove the price limit", want: "relax | drop price"},
		{text: "are you a robot?", want: "out_of_scope"},
		{text: "你是机器人吗", want: "out_of_scope"},
	})
	for text, want := range map[string]string{
		"I want shoes but not dress shoes": "find | category = runner",
		"a backpack without a handbag":     "find | category = daypack",
		"一件羽绒服和一双跑鞋":                       "find | category = parka | then category = runner",
		"一双跑鞋和一件羽绒服":                       "find | category = runner | then category = parka",
	} {
		runTalk(t, sharedShop, [2]string{text, want})
	}
}

// "Lighter", said again, is said of what was found since, not of what it was said of first.
func TestComparativeGoesOn(t *testing.T) {
	tent := func(id string, g float64) *catalog.Product {
		return &catalog.Product{ID: id, Category: []string{"outdoor", "tent"}, Facets: map[string][]catalog.Value{"weight": {catalog.Num(g)}}}
	}
	s := wantTent()
	p := NewRules()
	for _, turn := range []struct {
		shown []*catalog.Product
		want  float64
	}{
		{[]*catalog.Product{tent("a", 3000), tent("b", 2000)}, 2000},
		{[]*catalog.Product{tent("b", 2000), tent("c", 1500)}, 1500},
	} {
		d, err := p.Parse(t.Context(), Turn{State: s, Text: "lighter", Schema: smallShop, Shown: turn.shown})
		if err != nil || len(d.Set) != 1 || d.Set[0].Values[0].Num() != turn.want {
			t.Fatalf("%+v, %v; want at most %v", d, err, turn.want)
		}
		s = s.Apply(d)
	}
}

// "Cheaper" is said of the price that holds now.
func TestCheaperThanTheSale(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	usd := func(n int64) catalog.Money { return catalog.Money{Minor: n, Currency: "USD"} }
	for _, c := range []struct {
		now  time.Time
		want float64
	}{{now, 60}, {now.AddDate(0, 1, 0), 90}} {
		p := &catalog.Product{ID: "a", Category: []string{"outdoor", "tent"}, Prices: []catalog.Price{{Amount: usd(9000), Sale: &catalog.Sale{Amount: usd(6000), To: now.AddDate(0, 0, 1)}}}}
		d, err := NewRules().Parse(t.Context(), Turn{State: wantTent(), Text: "cheaper", Schema: smallShop, Shown: []*catalog.Product{p}, Now: c.now})
		if err != nil || len(d.Set) != 1 || d.Set[0].Values[0].Num() != c.want {
			t.Errorf("%+v, %v; want at most %v", d.Set, err, c.want)
		}
	}
}

// The name of a facet is found as words, not inside of others.
func TestAskedFacetWholeWords(t *testing.T) {
	sc := catalog.NewSchema(1, "USD", nil, []catalog.Facet{{ID: "recycled", Kind: catalog.KindBool, Label: label("Recycled", "再生材料"), Synonyms: syn("eco", "环保")}}, nil)
	for text, want := range map[string]string{"why do you recommend it?": "", "is it eco?": "recycled", "eco-friendly?": "recycled", "它环保吗？": "recycled"} {
		if got := AskedFacet(sc, State{}, text); got != want {
			t.Errorf("%q asks about %q, want %q", text, got, want)
		}
	}
}

func TestOrderWish(t *testing.T) {
	for word, want := range map[string]int{"cheapest": -1, "best rated": +1, "最便宜": -1, "most expensive": +1, "tent": 0} {
		facet, got := OrderWish(word)
		if got != want || (facet == "") != (want == 0) || facet != catalog.FacetRating && PriceWish(word) != want {
			t.Errorf("%q: %s %d, want %d", word, facet, got, want)
		}
	}
}
