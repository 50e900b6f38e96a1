package data

import (
	"strconv"
	"strings"

	"daogou/catalog"
	"daogou/nlu"
)

// reply lets a plain assistant answer: it shows what fits, asks about a facet, or says a word to what it was asked.
func (s *sim) reply(d nlu.Delta) {
	s.plainYes, s.offered, s.state.Asked = false, false, "" // the open question is the one in the last line
	if d.NewNeed || d.Act == nlu.ActReset || d.Act == nlu.ActBack {
		s.shown, s.state.Shown = nil, nil
	}
	text := ""
	switch d.Act {
	case nlu.ActFind, nlu.ActRefine, nlu.ActRelax, nlu.ActNegate, nlu.ActBack, nlu.ActMore, nlu.ActReject, nlu.ActAffirm, nlu.ActDeny:
		text = s.present()
	case nlu.ActAskItem, nlu.ActCompare:
		text = s.say("bot.fact", nil)
	case nlu.ActAddToCart, nlu.ActRemove, nlu.ActViewCart, nlu.ActChoose, nlu.ActCheckout, nlu.ActOrder, nlu.ActPolicy, nlu.ActPerson, nlu.ActGreet, nlu.ActThank, nlu.ActReset, nlu.ActOutOfScope, nlu.ActUnclear:
		text = s.say("bot."+string(d.Act), nil)
		s.offered = d.Act == nlu.ActChoose
	}
	if text == "" || s.chance(6) { // nobody answers: the shopper goes on
		s.state.Asked, s.offered = "", false
		return
	}
	s.history = append(s.history, nlu.Message{Role: "assistant", Text: text})
}

// present shows what fits the need, or asks.
func (s *sim) present() string {
	if !s.hasNeed() {
		return s.say("bot.start", nil)
	}
	var fit []*catalog.Product
	for _, i := range s.rng.Perm(len(s.stock[s.goal.category])) {
		p := s.stock[s.goal.category][i]
		ok := true
		for _, c := range s.state.Constraints {
			ok = ok && s.meets(p, c.Constraint)
		}
		if ok && len(fit) < 5 {
			fit = append(fit, p)
		}
	}
	ask := s.question()
	switch {
	case len(fit) == 0 && s.chance(50):
		s.offered = s.chance(40)
		if s.offered {
			return s.say("bot.none.offer", nil)
		}
		if s.chance(40) && ask != "" {
			return s.say("bot.none", nil) + " " + s.asked(ask)
		}
		return s.say("bot.none", nil)
	case len(fit) == 0:
		for _, i := range s.rng.Perm(len(s.stock[s.goal.category])) {
			if len(fit) < 1+s.rng.IntN(3) {
				fit = append(fit, s.stock[s.goal.category][i])
			}
		}
		s.put(fit)
		return s.say("bot.near", nil)
	case ask != "" && s.chance(42):
		if s.chance(25) {
			s.put(fit[:1+s.rng.IntN(len(fit))])
			return s.showLine() + " " + s.asked(ask)
		}
		return s.asked(ask)
	}
	s.put(fit[:1+s.rng.IntN(len(fit))])
	if s.chance(15) {
		s.offered = true
		return s.showLine() + " " + s.say("bot.offer", nil)
	}
	return s.showLine()
}

func (s *sim) showLine() string {
	if len(s.shown) == 1 {
		return s.say("bot.show.one", nil)
	}
	return s.say("bot.show", slots{"n": strconv.Itoa(len(s.shown))})
}

func (s *sim) put(list []*catalog.Product) {
	s.shown = list
	s.state.Shown = nil
	for _, p := range list {
		s.state.Shown = append(s.state.Shown, p.ID)
	}
}

// question is a facet worth asking about; "" if there is none.
func (s *sim) question() string {
	fs := s.shop.Schema.FacetsOf(s.goal.category)
	for range 6 {
		if s.chance(15) && !s.isHeld(catalog.FacetPrice) {
			return catalog.FacetPrice
		}
		if len(fs) == 0 {
			return ""
		}
		f := fs[min(s.rng.IntN(len(fs)), s.rng.IntN(len(fs)))] // the first facets matter most
		if f.Kind != catalog.KindText && !s.isHeld(f.ID) && len(s.goal.product.Facets[f.ID]) > 0 {
			return f.ID
		}
	}
	return ""
}

// asked words a question and opens it.
func (s *sim) asked(id string) string {
	s.state.Asked = id
	s.plainYes = false
	if id == catalog.FacetPrice {
		return s.say("bot.ask.price", nil)
	}
	f := s.shop.Schema.Facet(id)
	text := f.Ask[s.lang]
	fill := slots{"f": plainName(f.Label.In(s.lang)), "noun": s.noun(s.goal.category)}
	if text == "" || s.chance(15) {
		switch f.Kind {
		case catalog.KindBool:
			x := plainName(f.Label.In(s.lang))
			part := speechZH(x)
			if s.lang == "en" {
				if part = speech(x); part != adjective {
					part = thing
				}
			}
			text = s.say("bot.ask.bool."+part, slots{"x": x})
		case catalog.KindNumber:
			text = s.say("bot.ask.number", fill)
		default:
			text = s.say("bot.ask.enum", fill)
			if len(f.Values) > 1 && s.chance(50) {
				a, b := f.Values[0], f.Values[1+s.rng.IntN(len(f.Values)-1)]
				text = s.say("bot.ask.either", slots{"a": plainName(a.Label.In(s.lang)), "b": plainName(b.Label.In(s.lang))})
			}
		}
	}
	s.plainYes = f.Kind == catalog.KindBool && takesYesNo(text, s.lang)
	return text
}

// takesYesNo says whether a question can be answered by a plain yes.
func takesYesNo(q, lang string) bool {
	if lang == "zh" {
		return strings.HasSuffix(q, "吗？") && !strings.Contains(q, "还是")
	}
	if strings.Contains(q, " or ") {
		return false
	}
	for _, w := range []string{"Do ", "Does ", "Should ", "Is ", "Are ", "Will ", "Would ", "Must ", "Need ", "Can ", "Shall ", "With "} {
		if strings.HasPrefix(q, w) {
			return true
		}
	}
	return false
}
