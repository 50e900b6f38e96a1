package chat

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"daogou/catalog"
	"daogou/chat/wire"
	"daogou/nlu"
)

var wireBy = wire.By{Parse: "rules", Word: "template", Rank: "need"}

// everyPlan makes a plan of every kind and note.
func everyPlan(lang string, variation uint64) map[string]*Plan {
	out := map[string]*Plan{}
	add := func(name string, change ...func(*Situation)) {
		s := shopping(func(s *Situation) {
			s.Reader, s.State.Lang, s.Variation = testReader(lang), lang, variation
			s.State.Constraints = append(s.State.Constraints, hard(catalog.FacetPrice, catalog.OpLe, catalog.Num(50)), soft("colour", catalog.OpEq, catalog.Str("red")))
			for _, f := range change {
				f(s)
			}
		})
		out[name] = Decide(s)
	}
	act := func(a nlu.Act, refs ...string) func(*Situation) {
		return func(s *Situation) { s.Delta = nlu.Delta{Act: a, References: refs} }
	}
	shown := func(s *Situation) { s.Before.Shown = backpacks[:3] }
	cart := func(s *Situation) {
		s.State.Cart = []nlu.CartLine{{Product: "bp-03", Quantity: 2}, {Product: "bp-04", Quantity: 1}}
	}
	noQuestion := func(s *Situation) { s.Result.Counts = nil }
	add("ask", func(s *Situation) { s.State.Constraints = s.State.Constraints[:1] })
	add("ask.corrected", func(s *Situation) {
		s.Delta.Keywords, s.State.Keywords = []string{"bakpack"}, []string{"bakpack"}
		s.Result.Corrected = []catalog.Correction{{From: "bakpack", To: "backpack"}}
	})
	add("show", noQuestion)
	add("show.one", noQuestion, func(s *Situation) { s.Result.Total, s.Hits = 1, s.Hits[:1] })
	add("show.sold_out", noQuestion, func(s *Situation) { s.Result.Total, s.Hits = 1, hitsOf("bp-01") })
	add("show.words", noQuestion, func(s *Situation) { s.State.Constraints, s.State.Keywords = nil, []string{"trail", "bag"} })
	add("show.changed", noQuestion, func(s *Situation) {
		s.Before.Constraints, s.Delta.Act = s.State.Constraints, nlu.ActRefine
		s.Delta.Set = []nlu.Constraint{hard("waterproof", catalog.OpEq, catalog.Bool(true)), hard("colour", catalog.OpNe, catalog.Str("black"))}
	})
	add("show.negated", noQuestion, func(s *Situation) {
		s.Before.Constraints, s.Delta.Act, s.Delta.Set = s.State.Constraints, nlu.ActNegate, []nlu.Constraint{hard("colour", catalog.OpNe, catalog.Str("black"))}
	})
	add("show.wish", noQuestion, func(s *Situation) {
		s.Before.Constraints, s.Delta.Act, s.Delta.Set = s.State.Constraints, nlu.ActRefine, []nlu.Constraint{soft("colour", catalog.OpEq, catalog.Str("navy"))}
	})
	add("show.dropped", noQuestion, func(s *Situation) {
		s.Before.Constraints, s.Delta.Act, s.Delta.NoPreference = s.State.Constraints, nlu.ActRelax, []string{"colour", "price"}
	})
	add("show.more", noQuestion, shown, act(nlu.ActMore))
	add("show.no_more", shown, act(nlu.ActMore), func(s *Situation) { s.Hits, s.Result.Total = nil, 0 })
	add("show.rejected", noQuestion, shown, act(nlu.ActReject))
	add("show.back", noQuestion, act(nlu.ActBack))
	add("destination", noQuestion, func(s *Situation) { s.Delta.Country, s.Delta.Currency = "DE", "EUR" })
	add("currency", noQuestion, func(s *Situation) {
		s.Delta.Currency = "EUR"
		s.State.Constraints[1].Unit = "EUR"
	})
	add("relax", func(s *Situation) {
		s.Result.Total, s.Hits = 0, nil
		s.Relax = []Relaxation{{Drop: []nlu.Constraint{hard("waterproof", catalog.OpEq, catalog.Bool(true))}, Count: 12},
			{Set: []nlu.Constraint{hard(catalog.FacetPrice, catalog.OpLe, catalog.Num(80))}, Count: 1},
			{Drop: []nlu.Constraint{hard("colour", catalog.OpEq, catalog.Str("red"))}, Set: []nlu.Constraint{hard("volume", catalog.OpGe, catalog.Num(20))}, Count: 3}}
	})
	add("not_carried", func(s *Situation) {
		s.Result.Carried = false
		s.State.Constraints, s.State.Keywords = nil, []string{"piano"}
	})
	add("not_carried.nothing", func(s *Situation) { s.Result.Carried, s.Hits = false, nil })
	add("compare", act(nlu.ActCompare, "bp-02", "bp-06"), shown)
	add("compare.asked", act(nlu.ActCompare, "bp-02", "bp-06"), shown, func(s *Situation) { s.Delta.AskFacets = []string{"weight"} })
	add("answer", act(nlu.ActAskItem, "bp-02"), func(s *Situation) {
		s.Delta.AskFacets = []string{"weight", "waterproof", "price", "battery_life"}
	})
	add("answer.stock", act(nlu.ActAskItem, "bp-04", "bp-03"), func(s *Situation) { s.Delta.AskFacets = []string{"in_stock", "rating", "colour"} })
	add("detail", act(nlu.ActChoose, "bp-06"))
	add("detail.out", act(nlu.ActChoose, "bp-01"))
	add("which", act(nlu.ActAskItem), shown, func(s *Situation) {
		s.Delta.Unresolved = map[string]string{"en": "the nice one", "zh": "好看的那个"}[lang]
	})
	add("which.nothing", act(nlu.ActCompare))
	add("which.variant", act(nlu.ActAddToCart, "jk-02"))
	add("cart.added", act(nlu.ActAddToCart, "bp-03"))
	add("cart.next", act(nlu.ActAddToCart, "bp-03"), func(s *Situation) {
		s.State.Next = []nlu.Need{{Constraints: []nlu.Constraint{kindOf("tent")}}}
	})
	add("cart.removed", cart, act(nlu.ActRemove, "bp-03"))
	add("cart.quantity", cart, act(nlu.ActRemove, "bp-03"), func(s *Situation) { s.Delta.Quantity = 4 })
	add("cart.out", cart, act(nlu.ActAddToCart, "bp-01"))
	add("cart.many", cart, act(nlu.ActAddToCart, "bp-04"), func(s *Situation) { s.Delta.Quantity = 90 })
	add("cart.full", act(nlu.ActAddToCart, "bp-05"), func(s *Situation) { s.State.Cart = make([]nlu.CartLine, maxLines) })
	add("cart.not_in", cart, act(nlu.ActRemove, "bp-05"))
	add("cart.view", cart, act(nlu.ActViewCart))
	add("cart.empty", act(nlu.ActViewCart))
	add("checkout", cart, act(nlu.ActCheckout))
	add("checkout.empty", act(nlu.ActCheckout))
	qa := PolicyText{ID: "returns", Question: text("Can I send it back?", "可以退货吗？"), Answer: text("Yes, within 30 days of delivery.", "签收后30天内可以退货。")}
	add("policy", act(nlu.ActPolicy), func(s *Situation) { s.Policy = &qa })
	add("policy.none", act(nlu.ActPolicy))
	add("order", act(nlu.ActOrder))
	add("order.policy", act(nlu.ActOrder), func(s *Situation) { s.Policy = &qa })
	add("declined", act(nlu.ActDeny), func(s *Situation) { s.Before.Asked = OfferAdd })
	for _, a := range []nlu.Act{nlu.ActPerson, nlu.ActGreet, nlu.ActThank, nlu.ActBye, nlu.ActReset, nlu.ActOutOfScope, nlu.ActUnclear} {
		add(string(a), act(a))
	}
	add("greet.first", act(nlu.ActGreet), func(s *Situation) { s.First = true })
	add("bad_tap", func(s *Situation) { s.Problem = NoteBadTap })
	add("stale", func(s *Situation) { s.Problem = NoteStale })
	return out
}

// Every plan can be said in both languages: grounded, without an unfilled slot, in the right language, and no sentence twice.
func TestTemplates(t *testing.T) {
	kinds := map[PlanKind]bool{}
	for _, lang := range []string{"en", "zh"} {
		texts := map[string]map[string]bool{}
		for variation := range uint64(12) {
			for name, p := range everyPlan(lang, variation) {
				kinds[p.Kind] = true
				var drafts []Draft
				if err := (Templates{}).Word(t.Context(), p, func(d Draft) error { drafts = append(drafts, d); return nil }); err != nil {
					t.Fatal(name, err)
				}
				for i, d := range drafts {
					if slices.Contains(drafts[:i], d) {
						t.Errorf("%s %s says %q twice", lang, name, d.Text)
					}
				}
				out, err := check(drafts, p, byID(rowsFor(p)))
				if err != nil {
					t.Fatalf("%s %s: %v in %q", lang, name, err, drafts)
				}
				assertGrounded(t, out, p)
				assertLanguage(t, lang, name, out)
				if texts[name] == nil {
					texts[name] = map[string]bool{}
				}
				texts[name][out.text] = true
			}
		}
		for name, variants := range texts {
			if len(variants) < 2 && name != "cart.full" && name != "cart.not_in" && name != "stale" {
				t.Errorf("%s %s has one wording only", lang, name)
			}
		}
	}
	for _, k := range []PlanKind{PlanGreet, PlanAsk, PlanShow, PlanCompare, PlanAnswer, PlanDetail, PlanRelax, PlanNotCarried, PlanCart, PlanCheckout, PlanWhich, PlanPolicy,
		PlanOrder, PlanHandover, PlanThank, PlanBye, PlanReset, PlanOutOfScope, PlanUnclear} {
		if !kinds[k] {
			t.Errorf("no test plan of kind %s", k)
		}
	}
}

// assertLanguage looks at the words outside slots.
func assertLanguage(t *testing.T, lang, name string, out checked) {
	t.Helper()
	var own strings.Builder
	last := 0
	for _, s := range out.spans {
		own.WriteString(out.text[last:s[0]] + " ")
		last = s[1]
	}
	own.WriteString(out.text[last:])
	for _, c := range own.String() {
		if han := unicode.Is(unicode.Han, c); lang == "en" && han || lang == "zh" && unicode.Is(unicode.Latin, c) {
			t.Errorf("%s %s: %q has %q of the other language", lang, name, out.text, c)
			return
		}
	}
	if strings.Contains(out.text, "  ") || strings.Contains(out.text, "..") || strings.Contains(out.text, "。。") || strings.Contains(out.text, " ,") {
		t.Errorf("%s %s: odd spacing in %q", lang, name, out.text)
	}
}

// The two languages have the same keys, and every phrase's slots look like slots.
func TestPhraseTables(t *testing.T) {
	for key := range english.phrases {
		if len(chinese.phrases[key]) == 0 {
			t.Errorf("no Chinese for %q", key)
		}
	}
	for key := range chinese.phrases {
		if len(english.phrases[key]) == 0 {
			t.Errorf("no English for %q", key)
		}
	}
	for key := range english.button {
		if chinese.button[key] == "" {
			t.Errorf("no Chinese for button %q", key)
		}
	}
	for key := range english.columns {
		if chinese.columns[key] == "" {
			t.Errorf("no Chinese for column %q", key)
		}
	}
}

func TestReasonsHaveWords(t *testing.T) {
	base := []string{whyCheapest, whyBestRated, whySale, whyBest, offNoStock, offUnknown, offLast, offDearest, offWorst, offLowRated, offUnrated, offLacks, offDearer}
	for _, flavour := range []string{"", ".price", ".sale", ".rating", ".not", ".bool", ".value"} {
		base = append(base, whyMeets+flavour, offMisses+flavour, offUnknown+flavour)
	}
	for _, kind := range base {
		for lang, v := range map[string]*vocabulary{"en": &english, "zh": &chinese} {
			if s := v.reason(kind, "Label", "value", "want"); s == "" {
				t.Errorf("%s has no words for the reason %q", lang, kind)
			}
		}
	}
}

func TestReaderTexts(t *testing.T) {
	en, zh := testReader("en"), testReader("zh")
	f := func(unit string) *catalog.Facet {
		return &catalog.Facet{ID: "x", Kind: catalog.KindNumber, Unit: unit, Label: text("X", "X")}
	}
	pockets := &catalog.Facet{ID: "pockets", Kind: catalog.KindNumber, Unit: "piece", Label: text("Pockets", "口袋数")}
	age := &catalog.Facet{ID: "age", Kind: catalog.KindNumber, Unit: "month", Label: text("Age", "适用年龄")}
	for _, c := range []struct {
		facet  *catalog.Facet
		v      float64
		en, zh string
	}{
		{f("g"), 2000, "2 kg", "2公斤"}, {f("g"), 450, "450 g", "450克"}, {f("g"), 1234, "1.23 kg", "1.23公斤"}, {f("l"), 28, "28 L", "28升"}, {f("l"), 0.5, "500 ml", "500毫升"},
		{f("ml"), 1500, "1.5 L", "1.5升"}, {f("GB"), 2000, "2 TB", "2 TB"}, {f("mAh"), 20000, "20,000 mAh", "20000毫安"}, {f("h"), 0.5, "30 min", "30分钟"}, {f("h"), 30, "30 h", "30小时"},
		{f("month"), 24, "2 years", "2年"}, {f("month"), 18, "18 months", "18个月"}, {age, 36, "3 years", "3岁"}, {f("piece"), 1, "1 piece", "1件"}, {pockets, 2, "2", "2"}, {f("person"), 4, "4 people", "4人"},
		{f("in"), 15.6, "15.6 inches", "15.6英寸"}, {f("%"), 80, "80%", "80%"}, {f(""), 7, "7", "7"}, {f("cm"), 400, "4 m", "4米"}, {f("cm"), 43.18, "43.18 cm", "43.18厘米"},
		{f("Hz"), 144, "144 Hz", "144赫兹"}, {f("mmH2O"), 5000, "5,000 mm", "5000毫米"}, {f("°C"), -5, "-5 °C", "-5°C"},
	} {
		if got := en.words().quantity(c.facet, c.v); got != c.en {
			t.Errorf("%v %s: %q; want %q", c.v, c.facet.Unit, got, c.en)
		}
		if got := zh.words().quantity(c.facet, c.v); got != c.zh {
			t.Errorf("%v %s: %q; want %q", c.v, c.facet.Unit, got, c.zh)
		}
	}
	for _, c := range []struct {
		c      nlu.Constraint
		en, zh string
	}{
		{hard("price", catalog.OpLe, catalog.Num(50)), "up to $50", "US$50以内"},
		{hard("price", catalog.OpBetween, catalog.Num(20), catalog.Num(49.5)), "$20–$49.50", "US$20–US$49.50"},
		{hard("colour", catalog.OpNe, catalog.Str("black")), "not black", "不要黑色"},
		{hard("colour", catalog.OpIn, catalog.Str("black"), catalog.Str("navy")), "Black or navy", "黑色或藏青色"},
		{hard("waterproof", catalog.OpEq, catalog.Bool(true)), "Waterproof", "防水"},
		{hard("waterproof", catalog.OpEq, catalog.Bool(false)), "not waterproof", "不要防水"},
		{hard("battery_life", catalog.OpGe, catalog.Num(10)), "Battery life at least 10 h", "续航10小时以上"},
		{hard("volume", catalog.OpBetween, catalog.Num(20), catalog.Num(30)), "Capacity 20–30 L", "容量20–30升"},
		{hard("rating", catalog.OpGe, catalog.Num(4)), "4 stars or more", "4星以上"},
		{hard("ships_from", catalog.OpEq, catalog.Str("DE")), "ships from Germany", "德国发货"},
		{hard("brand", catalog.OpEq, catalog.Str("Oskey")), "Oskey", "Oskey"},
		{kindOf("backpack"), "Backpacks", "双肩包"},
		{hard("nonsense", catalog.OpEq, catalog.Str("x")), "x", "x"},
	} {
		if got := en.Label(c.c.Constraint); got != c.en {
			t.Errorf("%+v: %q; want %q", c.c.Constraint, got, c.en)
		}
		if got := zh.Label(c.c.Constraint); got != c.zh {
			t.Errorf("%+v: %q; want %q", c.c.Constraint, got, c.zh)
		}
	}
}
