package chat

import (
	"fmt"
	"slices"
	"testing"

	"daogou/catalog"
	"daogou/chat/wire"
	"daogou/nlu"
)

// TestPolicyPhrases: keywords and questions that stand in what was asked whole outweigh scattered words.
func TestPolicyPhrases(t *testing.T) {
	text := func(en, zh string) catalog.Text { return catalog.Text{"en": en, "zh": zh} }
	qa := func(id, en, zh string, words map[string][]string) QA {
		return QA{PolicyText: PolicyText{ID: id, Question: text(en, zh), Answer: text("Answer.", "答。")}, Keywords: words}
	}
	faq := NewFAQ([]QA{
		qa("cost", "How much is shipping?", "运费是多少？", map[string][]string{"en": {"shipping cost", "postage"}, "zh": {"运费", "邮费"}}),
		qa("from", "Where do you ship from?", "从哪里发货？", map[string][]string{"en": {"ships from", "warehouse"}, "zh": {"发货地"}}),
		qa("where", "Which countries do you deliver to?", "可以送到哪些国家？", map[string][]string{"en": {"deliver to", "ship to"}, "zh": {"能送到", "海外"}}),
		qa("return", "How long may I return things?", "多久内可以退货？", map[string][]string{"en": {"return", "send back"}, "zh": {"退货"}}),
		qa("never", "What cannot be returned?", "哪些不能退？", map[string][]string{"en": {"not returnable"}, "zh": {"不能退"}}),
		qa("pay", "How can I pay?", "怎么付款？", map[string][]string{"en": {"pay", "payment"}, "zh": {"付款", "移动支付"}}),
		qa("who", "Who pays for the return?", "退货运费谁出？", map[string][]string{"en": {"who pays"}, "zh": {"退货运费"}}),
	})
	for _, c := range []struct{ lang, ask, want string }{
		{"en", "can I return an item?", "return"}, {"en", "do you ship to Japan?", "where"}, {"en", "how much is shipping to France?", "cost"}, {"en", "can i pay with paypal", "pay"},
		{"zh", "能退货吗", "return"}, {"zh", "可以寄到日本吗", "where"}, {"zh", "支持微信吗", "pay"}, {"zh", "退货运费谁出", "who"},
	} {
		if got, _ := faq.Find(c.lang, c.ask); got.ID != c.want {
			t.Errorf("%s: found %q, want %q", c.ask, got.ID, c.want)
		}
	}
}

// hard makes a hard constraint of the shopper's words.
func hard(facet string, op catalog.Op, vs ...catalog.Value) nlu.Constraint {
	c := nlu.Constraint{Constraint: catalog.Constraint{Facet: facet, Op: op, Values: vs, Hard: true}, Origin: nlu.OriginSaid}
	if facet == catalog.FacetPrice {
		c.Unit = "USD"
	}
	return c
}

func soft(facet string, op catalog.Op, vs ...catalog.Value) nlu.Constraint {
	c := hard(facet, op, vs...)
	c.Hard = false
	return c
}

func kindOf(id string) nlu.Constraint {
	return hard(catalog.FacetCategory, catalog.OpEq, catalog.Str(id))
}

func hitsOf(ids ...string) []catalog.Hit {
	var out []catalog.Hit
	for _, id := range ids {
		out = append(out, catalog.Hit{Product: productNamed(id), Score: 1})
	}
	return out
}

func rowsOf(ids ...string) map[string]*catalog.Product {
	m := map[string]*catalog.Product{}
	for _, id := range ids {
		m[id] = productNamed(id)
	}
	return m
}

func countsOf(facet string, n ...int) catalog.FacetCount {
	c := catalog.FacetCount{Facet: facet}
	values := map[string][]catalog.Value{"colour": {catalog.Str("black"), catalog.Str("navy"), catalog.Str("red"), catalog.Str("green")},
		"waterproof": {catalog.Bool(true), catalog.Bool(false)}}[facet]
	for i, k := range n {
		v := catalog.ValueCount{Count: k}
		if i < len(values) {
			v.Value = values[i]
		} else {
			v.Lo, v.Hi = float64(10*i), float64(10*i+9)
		}
		c.Values = append(c.Values, v)
	}
	return c
}

var backpacks = []string{"bp-02", "bp-03", "bp-04", "bp-05", "bp-06", "bp-07"}

// shopping is a situation in which 24 backpacks fit.
func shopping(change func(*Situation)) Situation {
	s := Situation{Reader: testReader("en"), State: nlu.State{Lang: "en", Constraints: []nlu.Constraint{kindOf("backpack")}},
		Delta: nlu.Delta{Act: nlu.ActFind}, Rows: rowsOf(append(backpacks, "jk-02", "bp-01")...),
		Result: &catalog.Result{Carried: true, Total: 24, Category: "backpack", Counts: []catalog.FacetCount{countsOf("colour", 6, 6, 6, 6), countsOf("waterproof", 8, 16)}}}
	s.Hits = hitsOf(backpacks...)
	change(&s)
	return s
}

func TestDecide(t *testing.T) {
	shown := func(s *Situation) { s.Before.Shown = backpacks[:3]; s.State.Shown = s.Before.Shown }
	act := func(a nlu.Act, refs ...string) func(*Situation) {
		return func(s *Situation) { s.Delta = nlu.Delta{Act: a, References: refs}; s.Result, s.Hits = nil, nil }
	}
	for _, c := range []struct {
		name   string
		change []func(*Situation)
		kind   PlanKind
		note   Note
		items  int
		offer  string
	}{
		{name: "many fit: ask, with the best beside", kind: PlanAsk, items: 4},
		{name: "few fit: show", change: []func(*Situation){func(s *Situation) { s.Result.Total = 4; s.Hits = s.Hits[:4] }}, kind: PlanShow, items: 4},
		{name: "nothing said yet", change: []func(*Situation){func(s *Situation) { s.State.Constraints = nil }}, kind: PlanGreet, note: NoteNoNeed},
		{name: "more is shown without a question", change: []func(*Situation){func(s *Situation) { s.Delta.Act = nlu.ActMore }, shown}, kind: PlanShow, note: NoteMore, items: 4},
		{name: "no more", change: []func(*Situation){func(s *Situation) { s.Delta.Act = nlu.ActMore; s.Hits = nil; s.Result.Total = 0 }, shown}, kind: PlanShow, note: NoteNoMore},
		{name: "rejected", change: []func(*Situation){func(s *Situation) { s.Delta.Act = nlu.ActReject; s.Result.Counts = nil }, shown}, kind: PlanShow, note: NoteRejected, items: 4},
		{name: "nothing fits, something would", change: []func(*Situation){func(s *Situation) {
			s.Result.Total, s.Hits = 0, nil
			s.Relax = []Relaxation{{Drop: []nlu.Constraint{hard("waterproof", catalog.OpEq, catalog.Bool(true))}, Count: 3}}
		}}, kind: PlanRelax},
		{name: "not carried, with the nearest", change: []func(*Situation){func(s *Situation) { s.Result.Carried = false }}, kind: PlanNotCarried, items: 3},
		{name: "not carried at all", change: []func(*Situation){func(s *Situation) { s.Result.Total, s.Hits = 0, nil }}, kind: PlanNotCarried},
		{name: "compare what is named", change: []func(*Situation){act(nlu.ActCompare, "bp-02", "bp-03"), shown}, kind: PlanCompare, items: 2},
		{name: "compare what is shown", change: []func(*Situation){act(nlu.ActCompare), shown}, kind: PlanCompare, items: 3},
		{name: "compare nothing", change: []func(*Situation){act(nlu.ActCompare)}, kind: PlanWhich},
		{name: "an item's fact", change: []func(*Situation){act(nlu.ActAskItem, "bp-03"), shown, func(s *Situation) { s.Delta.AskFacets = []string{"weight"} }}, kind: PlanAnswer, items: 1},
		{name: "a fact that the row lacks", change: []func(*Situation){act(nlu.ActAskItem, "bp-03"), func(s *Situation) { s.Delta.AskFacets = []string{"battery_life"} }},
			kind: PlanAnswer, items: 1, offer: OfferPerson},
		{name: "an item without a facet is its detail", change: []func(*Situation){act(nlu.ActAskItem, "bp-03")}, kind: PlanDetail, items: 1, offer: OfferAdd},
		{name: "an item that cannot be told", change: []func(*Situation){act(nlu.ActAskItem), shown, func(s *Situation) { s.Delta.Unresolved = "that one" }}, kind: PlanWhich, items: 3},
		{name: "the page's item", change: []func(*Situation){act(nlu.ActChoose), func(s *Situation) { s.Page = "bp-04" }}, kind: PlanDetail, items: 1, offer: OfferAdd},
		{name: "choose what is sold out", change: []func(*Situation){act(nlu.ActChoose, "bp-01")}, kind: PlanDetail, items: 1},
		{name: "into the basket", change: []func(*Situation){act(nlu.ActAddToCart, "bp-03")}, kind: PlanCart, note: NoteAdded, items: 1},
		{name: "and to the checkout", change: []func(*Situation){act(nlu.ActAddToCart, "bp-03"), func(s *Situation) { s.Delta.Also = []nlu.Act{nlu.ActCheckout} }},
			kind: PlanCheckout, note: NoteAdded, items: 1},
		{name: "sold out", change: []func(*Situation){act(nlu.ActAddToCart, "bp-01")}, kind: PlanCart, note: NoteOutOfStock, items: 1},
		{name: "a variant has to be chosen", change: []func(*Situation){act(nlu.ActAddToCart, "jk-02")}, kind: PlanWhich, note: NoteVariant, items: 1},
		{name: "the variant that was said", change: []func(*Situation){act(nlu.ActAddToCart, "jk-02"), func(s *Situation) {
			s.State.Constraints = append(s.State.Constraints, hard("size", catalog.OpEq, catalog.Str("m")))
		}}, kind: PlanCart, note: NoteAdded, items: 1},
		{name: "add what?", change: []func(*Situation){act(nlu.ActAddToCart), shown}, kind: PlanWhich, items: 3},
		{name: "yes to the basket", change: []func(*Situation){act(nlu.ActAffirm), func(s *Situation) { s.Before.Asked, s.Before.Focus = OfferAdd, "bp-03" }}, kind: PlanCart, note: NoteAdded, items: 1},
		{name: "no to the basket", change: []func(*Situation){act(nlu.ActDeny), func(s *Situation) { s.Before.Asked = OfferAdd }}, kind: PlanThank, note: NoteDeclined},
		{name: "yes to a person", change: []func(*Situation){act(nlu.ActAffirm), func(s *Situation) { s.Before.Asked = OfferPerson }}, kind: PlanHandover},
		{name: "yes to nothing", change: []func(*Situation){act(nlu.ActAffirm)}, kind: PlanUnclear},
		{name: "take out", change: []func(*Situation){act(nlu.ActRemove, "bp-03"), func(s *Situation) { s.State.Cart = []nlu.CartLine{{Product: "bp-03", Quantity: 2}} }},
			kind: PlanCart, note: NoteRemoved, items: 1},
		{name: "another quantity", change: []func(*Situation){act(nlu.ActRemove, "bp-03"), func(s *Situation) {
			s.State.Cart, s.Delta.Quantity = []nlu.CartLine{{Product: "bp-03", Quantity: 2}}, 5
		}}, kind: PlanCart, note: NoteQuantity, items: 1},
		{name: "more than there are", change: []func(*Situation){act(nlu.ActAddToCart, "bp-03"), func(s *Situation) { s.Delta.Quantity = 90 }}, kind: PlanCart, note: NoteTooMany, items: 1},
		{name: "take out what is not in", change: []func(*Situation){act(nlu.ActRemove, "bp-03"), func(s *Situation) { s.State.Cart = []nlu.CartLine{{Product: "bp-04", Quantity: 1}} }},
			kind: PlanCart, note: NoteNotInCart},
		{name: "look into the basket", change: []func(*Situation){act(nlu.ActViewCart)}, kind: PlanCart},
		{name: "pay", change: []func(*Situation){act(nlu.ActCheckout)}, kind: PlanCheckout},
		{name: "the shop's text", change: []func(*Situation){act(nlu.ActPolicy), func(s *Situation) { s.Policy = &PolicyText{ID: "x", Answer: text("Yes.", "可以。")} }}, kind: PlanPolicy},
		{name: "no text", change: []func(*Situation){act(nlu.ActPolicy)}, kind: PlanPolicy, offer: OfferPerson},
		{name: "after-sales", change: []func(*Situation){act(nlu.ActOrder)}, kind: PlanOrder, offer: OfferPerson},
		{name: "a person", change: []func(*Situation){act(nlu.ActPerson)}, kind: PlanHandover},
		{name: "hello", change: []func(*Situation){act(nlu.ActGreet)}, kind: PlanGreet},
		{name: "hello and a need", change: []func(*Situation){func(s *Situation) { s.Delta.Act, s.Delta.Also = nlu.ActGreet, []nlu.Act{nlu.ActFind} }}, kind: PlanAsk, items: 4},
		{name: "thanks", change: []func(*Situation){act(nlu.ActThank)}, kind: PlanThank},
		{name: "goodbye", change: []func(*Situation){act(nlu.ActBye)}, kind: PlanBye},
		{name: "start over", change: []func(*Situation){act(nlu.ActReset)}, kind: PlanReset},
		{name: "the weather", change: []func(*Situation){act(nlu.ActOutOfScope)}, kind: PlanOutOfScope},
		{name: "noise", change: []func(*Situation){act(nlu.ActUnclear)}, kind: PlanUnclear},
		{name: "an act that nobody knows", change: []func(*Situation){act("dance")}, kind: PlanUnclear},
		{name: "an old button", change: []func(*Situation){func(s *Situation) { s.Problem = NoteBadTap }}, kind: PlanUnclear, note: NoteBadTap},
	} {
		s := shopping(func(s *Situation) {
			for _, f := range c.change {
				f(s)
			}
		})
		p := Decide(s)
		if p.Kind != c.kind || p.Note != c.note || len(p.Items) != c.items || p.Offer != c.offer {
			t.Errorf("%s: %s, note %q, %d items, offer %q; want %s, %q, %d, %q", c.name, p.Kind, p.Note, len(p.Items), p.Offer, c.kind, c.note, c.items, c.offer)
		}
		if (p.Kind == PlanAsk) != (p.Question != nil && len(p.Question.Options) > 0) {
			t.Errorf("%s: plan %s with question %+v", c.name, p.Kind, p.Question)
		}
	}
}

// What is known already is never asked, whoever said it.
func TestNeverAsked(t *testing.T) {
	for name, change := range map[string]func(*Situation){
		"said": func(s *Situation) {
			s.State.Constraints = append(s.State.Constraints, soft("colour", catalog.OpEq, catalog.Str("red")))
		},
		"excluded": func(s *Situation) {
			s.State.Constraints = append(s.State.Constraints, hard("colour", catalog.OpNe, catalog.Str("red")))
		},
		"does not matter": func(s *Situation) { s.State.NoPreference = []string{"colour"} },
		"asked before":    func(s *Situation) { s.State.AskedBefore = []string{"colour"} },
		"still open":      func(s *Situation) { s.Before.Asked = "colour" },
	} {
		s := shopping(change)
		for _, q := range questions(s) {
			if q.Facet == "colour" {
				t.Errorf("%s: colour is asked again", name)
			}
		}
	}
	if qs := questions(shopping(func(*Situation) {})); len(qs) != 2 || qs[0].Facet != "colour" {
		t.Errorf("nothing known: %+v; want colour first", qs)
	}
}

// The size in the basket is the shopper's size; the colour is not.
func TestBasketAnswersSize(t *testing.T) {
	s := shopping(func(s *Situation) {
		s.State.Constraints = []nlu.Constraint{kindOf("jacket")}
		s.State.Cart = []nlu.CartLine{{Product: "jk-02", Variant: "jk-02-m", Quantity: 1}}
	})
	known := knownFacets(s)
	if !known["size"] || known["colour"] {
		t.Errorf("known: %v; want size and not colour", known)
	}
}

func TestAskOrShowScore(t *testing.T) {
	ask := func(change func(*Situation)) Decision { return Decide(shopping(change)).Decision }
	first := ask(func(*Situation) {})
	if first.Net <= 0 || first.Reach != 4.0/24 || first.Cost != askCost {
		t.Errorf("first question: %+v", first)
	}
	third := ask(func(s *Situation) { s.State.AskedBefore = []string{"size", "weight", "+add"} })
	if want := askCost + 2*askCostMore; third.Cost != want || third.Net >= first.Net {
		t.Errorf("third question: %+v; want cost %v", third, want)
	}
	few := ask(func(s *Situation) { s.Result.Total = 5 })
	if few.Net > 0 {
		t.Errorf("five candidates, four shown: %+v; asking should not pay", few)
	}
}

func TestExpectedGain(t *testing.T) {
	even, skewed := expectedGain([]int{50, 50}, 0), expectedGain([]int{99, 1}, 0)
	if want := 1 - (bits(0.15) + bits(0.85)); abs(even-want) > 1e-9 {
		t.Errorf("an even split gives %v bits; want %v", even, want)
	}
	if skewed > 0.05 || skewed < 0 {
		t.Errorf("a split of 99 to 1 gives %v bits", skewed)
	}
	if four := expectedGain([]int{25, 25, 25, 25}, 0); four <= even {
		t.Errorf("four even answers give %v bits, no more than two with %v", four, even)
	}
	last := even
	for _, missing := range []int{10, 50, 100, 1000} {
		g := expectedGain([]int{50, 50}, missing)
		if g >= last {
			t.Errorf("%d without a value: %v bits; want less than %v", missing, g, last)
		}
		last = g
	}
	for _, counts := range [][]int{nil, {5}, {0, 0}} {
		if g := expectedGain(counts, 3); g != 0 {
			t.Errorf("%v: %v bits; want none", counts, g)
		}
	}
	if n := expectedLeft([]int{100, 50, 50}); n != 75 {
		t.Errorf("100, 50 and 50 leave %d on average; want 75", n)
	}
}

func abs(x float64) float64 { return max(x, -x) }

func TestQuestionOptions(t *testing.T) {
	s := shopping(func(s *Situation) {
		s.Result.Counts = []catalog.FacetCount{{Facet: "volume", Values: []catalog.ValueCount{{Lo: 10, Hi: 19, Count: 8}, {Lo: 20, Hi: 29, Count: 8}, {Lo: 30, Hi: 60, Count: 8}}, Min: 10, Max: 60}}
	})
	p := Decide(s)
	if p.Question == nil {
		t.Fatal("no question")
	}
	var got []string
	for _, o := range p.Question.Options {
		got = append(got, fmt.Sprint(o.Label, "|", o.Constraint.Op, "|", o.Count))
	}
	if want := []string{"up to 19 L|<=|8", "20–29 L|between|8", "30 L or more|>=|8"}; !slices.Equal(got, want) {
		t.Errorf("options %q; want %q", got, want)
	}
	if q := questionView(p); q.Why != "splits 24 into about 8" || q.Options[1].Tap.Do != wire.DoSet {
		t.Errorf("question %+v", q)
	}
	many := catalog.FacetCount{Facet: "colour"}
	for i := range 20 {
		many.Values = append(many.Values, catalog.ValueCount{Value: catalog.Str(fmt.Sprint("c", i)), Count: 20 - i})
	}
	if q := makeQuestion(shopping(func(s *Situation) { s.Result.Counts = []catalog.FacetCount{many} }), FacetScore{Facet: "colour"}); len(q.Options) != maxOptions {
		t.Errorf("%d options; want %d", len(q.Options), maxOptions)
	}
}
