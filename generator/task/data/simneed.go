package data

import (
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/nlu"
)

// find says a need.
func (s *sim) find() (line, bool) {
	l := line{want: nlu.Delta{Act: nlu.ActFind}}
	if s.chance(5) && s.findVertical(&l) {
		return l, true
	}
	l.text = s.needText(&l)
	return l, l.text != ""
}

// findVertical says only the trade: "camping stuff".
func (s *sim) findVertical(l *line) bool {
	path := s.shop.Schema.Path(s.goal.category)
	if len(path) < 2 {
		return false
	}
	root := path[0]
	l.text = s.say("find.vertical", slots{"noun": s.noun(root.ID)})
	l.want.Set = []nlu.Constraint{said(catalog.FacetCategory, catalog.OpEq, catalog.Str(root.ID))}
	if w, ok := s.priceWish(s.goal.product); ok && s.chance(30) {
		l.text += s.comma() + s.phrase(w, alone)
		l.want.Set = append(l.want.Set, w.c)
	}
	return true
}

func (s *sim) comma() string {
	if s.lang == "zh" {
		return "，"
	}
	return ", "
}

// needText words the goal: the product type and some of the conditions, and marks in l what is said.
func (s *sim) needText(l *line) string {
	l.want.Set = append(l.want.Set, said(catalog.FacetCategory, catalog.OpEq, catalog.Str(s.goal.category)))
	noun := s.noun(s.goal.category)
	n := min(len(s.goal.wishes), s.rng.IntN(5))
	if s.manner == chatty {
		n = min(len(s.goal.wishes), n+1)
	}
	var pre, post, clauses []string
	for range n {
		w := s.goal.wishes[0]
		s.goal.wishes = s.goal.wishes[1:]
		if s.taken(l, w) {
			continue
		}
		text, place := s.placed(w, len(pre), len(post))
		if text == "" {
			continue
		}
		switch place {
		case before:
			pre = append(pre, text)
		case behind:
			post = append(post, text)
		default:
			clauses = append(clauses, text)
		}
		l.want.Set = append(l.want.Set, w.c)
	}
	if s.manner == terse && s.chance(75) {
		return s.searchBox(noun, pre, post, clauses)
	}
	return s.sentence(noun, pre, post, clauses)
}

// taken says whether a turn says something about a condition's facet already.
func (s *sim) taken(l *line, w wish) bool {
	return slices.ContainsFunc(l.want.Set, func(c nlu.Constraint) bool { return c.Facet == w.c.Facet })
}

// placed words a condition for a place that is free.
func (s *sim) placed(w wish, pre, post int) (text, place string) {
	places := []string{before, behind, behind, alone, alone}
	if s.manner == terse {
		places = []string{before, behind, behind, behind}
	}
	for range 5 {
		p := drawn(s, places)
		if p == before && pre > 1 || p == behind && post > 1 && s.manner != terse {
			continue
		}
		if t := s.phrase(w, p); t != "" {
			return t, p
		}
	}
	return s.phrase(w, alone), alone
}

// searchBox strings words together.
func (s *sim) searchBox(noun string, pre, post, clauses []string) string {
	parts := append(slices.Clone(pre), noun)
	if s.chance(30) {
		parts = append([]string{noun}, pre...)
	}
	parts = append(append(parts, post...), clauses...)
	return strings.Join(parts, drawn(s, []string{" ", " ", ", ", " "}))
}

func (s *sim) sentence(noun string, pre, post, clauses []string) string {
	var np string
	if s.lang == "zh" {
		np = glued(append(pre, noun))
		clauses = append(post, clauses...)
	} else {
		np = s.article(strings.Join(append(pre, noun), " "), noun)
		np = strings.Join(append([]string{np}, post...), " ")
	}
	purpose := ""
	if s.chance(10) {
		purpose = s.say("purpose", nil)
	}
	if s.lang == "en" && purpose != "" {
		np += " " + purpose
	}
	carrier := s.say("find."+map[manner]string{neat: "polite", chatty: "story", terse: "plain", casual: "plain", spoken: "plain"}[s.manner], slots{"np": np})
	if s.lang == "zh" {
		carrier += purpose
	}
	var parts []string
	lead := ""
	if len(clauses) > 0 && s.chance(18) {
		lead = clauses[0]
		clauses = clauses[1:]
	}
	if lead != "" {
		parts = append(parts, lead)
	}
	if s.chance(map[manner]int{chatty: 45, spoken: 30}[s.manner] + 6) {
		parts = append(parts, s.aside())
	}
	parts = append(parts, carrier)
	parts = append(parts, clauses...)
	if s.chance(map[manner]int{chatty: 40, spoken: 20}[s.manner] + 5) {
		parts = append(parts, s.aside())
	}
	text := s.joined(parts)
	if s.chance(22) && lead == "" && !s.midway {
		text = s.say("opener", nil) + " " + text
	}
	if s.chance(12) {
		text += " " + s.say("closer", nil)
	}
	return text
}

// glued joins Chinese words, with a space between two that are not.
func glued(words []string) string {
	text := ""
	for _, w := range words {
		if text != "" && w != "" && isLatin(rune(text[len(text)-1])) && isLatin(rune(w[0])) {
			text += " "
		}
		text += w
	}
	return text
}

// joined strings clauses together, as sentences or in one run.
func (s *sim) joined(parts []string) string {
	seps := []string{", ", ", ", ". ", " and ", "; ", " - "}
	if s.lang == "zh" {
		seps = []string{"，", "，", "，", "。", " "}
	}
	text := ""
	for i, p := range parts {
		if i > 0 {
			sep := drawn(s, seps)
			if sep == " and " && (i < 2 || startsSentence(p)) {
				sep = ", "
			}
			text += sep
		}
		text += p
	}
	return text
}

func startsSentence(p string) bool {
	for _, w := range []string{"and ", "but ", "also ", "oh ", "budget", "no "} {
		if strings.HasPrefix(p, w) {
			return true
		}
	}
	return false
}

// aside is a remark beside the point; some name things that are not wanted.
func (s *sim) aside() string {
	switch k := s.rng.IntN(10); {
	case k < 2:
		if x := s.oldValue(); x != "" {
			return s.say("aside.value", slots{"v": x})
		}
	case k < 4:
		return s.say("aside.number", slots{"n": s.numberWord(float64(2+s.rng.IntN(6)), true)})
	case k < 5:
		if other := drawn(s, s.types); other != s.goal.category {
			return s.say("aside.other", slots{"noun": s.noun(other)})
		}
	case k < 6:
		if x := s.needless(); x != "" {
			return x
		}
	}
	return s.say("aside", nil)
}

// oldValue is a value of the goods that the shopper speaks of without wanting it.
func (s *sim) oldValue() string {
	for _, f := range s.shop.Schema.FacetsOf(s.goal.category) {
		if kindOf(f) == "colour" && len(f.Values) > 0 {
			return s.valueName(f, drawn(s, f.Values).ID)
		}
	}
	return ""
}

// needless says of a yes/no facet that it is not needed, which is no condition.
func (s *sim) needless() string {
	for _, f := range s.shop.Schema.FacetsOf(s.goal.category) {
		held := s.isHeld(f.ID) || slices.ContainsFunc(s.goal.wishes, func(w wish) bool { return w.c.Facet == f.ID })
		if f.Kind != catalog.KindBool || held || s.chance(40) || len(s.goal.product.Facets[f.ID]) > 0 && s.goal.product.Facets[f.ID][0].Bool() {
			continue
		}
		x := plainName(f.Label.In(s.lang))
		part := speechZH(x)
		if s.lang == "en" {
			part = speech(x)
		}
		return s.say("needless."+part, slots{"x": x})
	}
	return ""
}

// findPolicy asks how the shop does things beside a need.
func (s *sim) findPolicy() (line, bool) {
	l, ok := s.find()
	if !ok {
		return l, false
	}
	return s.with(l, nlu.ActPolicy), true
}

// findNew turns to another product type: instead of the old one, or besides it.
func (s *sim) findNew() (line, bool) {
	s.goal = s.newGoal()
	l := line{want: nlu.Delta{Act: nlu.ActFind, NewNeed: true}}
	s.midway = true
	text := s.needText(&l)
	s.midway = false
	l.text = s.say("new", slots{"x": text})
	return l, true
}

// correctCategory says that another product type was meant.
func (s *sim) correctCategory() (line, bool) {
	old := s.noun(s.goal.category)
	s.goal = s.newGoal()
	l := line{want: nlu.Delta{Act: nlu.ActFind, NewNeed: true}}
	l.want.Set = []nlu.Constraint{said(catalog.FacetCategory, catalog.OpEq, catalog.Str(s.goal.category))}
	l.text = s.say("correct.category", slots{"old": old, "noun": s.noun(s.goal.category)})
	return l, true
}

// nextWish takes a condition that nothing was said about, or thinks of another.
func (s *sim) nextWish() (wish, bool) {
	for len(s.goal.wishes) > 0 {
		w := s.goal.wishes[0]
		s.goal.wishes = s.goal.wishes[1:]
		if !s.isHeld(w.c.Facet) {
			return w, true
		}
	}
	fs := s.shop.Schema.FacetsOf(s.goal.category)
	for range 8 {
		if len(fs) == 0 {
			break
		}
		if f := drawn(s, fs); !s.isHeld(f.ID) {
			if w, ok := s.wishFor(f, s.goal.product); ok {
				return w, true
			}
		}
	}
	if !s.isHeld(catalog.FacetPrice) {
		return s.priceWish(s.goal.product)
	}
	return wish{}, false
}

func (s *sim) isHeld(facet string) bool {
	return slices.ContainsFunc(s.state.Constraints, func(c nlu.Constraint) bool { return c.Facet == facet })
}

// refine adds a condition or two.
func (s *sim) refine() (line, bool) {
	w, ok := s.nextWish()
	if !ok {
		return line{}, false
	}
	l := line{want: nlu.Delta{Act: nlu.ActRefine, Set: []nlu.Constraint{w.c}}}
	if f := s.shop.Schema.Facet(w.c.Facet); f != nil && kindOf(f) == "colour" && len(s.shown) > 0 && w.c.Op == catalog.OpEq && w.c.Hard && s.chance(50) {
		l.text = s.say("refine.colour", slots{"v": s.values(f, w.c.Constraint)})
		return l, true
	}
	place := alone
	if s.chance(50) && w.c.Facet != catalog.FacetPrice {
		place = bare
	}
	x := s.phrase(w, place)
	if x == "" {
		place = alone
		x = s.phrase(w, alone)
	}
	if x == "" {
		return l, false
	}
	if w2, ok := s.nextWish(); ok && s.chance(22) && w2.c.Facet != w.c.Facet {
		if y := s.phrase(w2, place); y != "" {
			x = s.say("join.and", slots{"a": x, "b": strings.TrimPrefix(y, "but ")})
			l.want.Set = append(l.want.Set, w2.c)
		}
	}
	l.text = s.say("refine."+place, slots{"x": x})
	if s.chance(12) {
		l.text = s.joined([]string{s.aside(), l.text})
	}
	if w.c.Op == catalog.OpNe && w.c.Values[0].IsStr() && len(l.want.Set) == 1 {
		l.want.Act = nlu.ActNegate
	}
	return l, true
}

// negate excludes a value.
func (s *sim) negate() (line, bool) {
	var enums []*catalog.Facet
	for _, f := range s.shop.Schema.FacetsOf(s.goal.category) {
		if f.Kind == catalog.KindEnum && len(f.Values) > 1 {
			enums = append(enums, f)
		}
	}
	if s.chance(15) || len(enums) == 0 {
		if len(s.shop.Schema.Brands) == 0 {
			return line{}, false
		}
		b := drawn(s, s.shop.Schema.Brands).Name
		if len(s.shown) > 0 {
			b = drawn(s, s.shown).Brand
		}
		if b == "" {
			return line{}, false
		}
		c := said(catalog.FacetBrand, catalog.OpNe, catalog.Str(b))
		return line{text: s.say("negate", slots{"v": s.brandName(b)}), want: nlu.Delta{Act: nlu.ActNegate, Set: []nlu.Constraint{c}}}, true
	}
	f := drawn(s, enums)
	v := drawn(s, s.used(f))
	if len(s.shown) > 0 {
		if vs := drawn(s, s.shown).Facets[f.ID]; len(vs) > 0 && f.Value(vs[0].Str()) != nil {
			v = vs[0].Str()
		}
	}
	c := said(f.ID, catalog.OpNe, catalog.Str(v))
	key := "negate"
	if s.chance(20) {
		if w := drawn(s, s.used(f)); w != v {
			c.Values = append(c.Values, catalog.Str(w))
			key = "negate.two"
		}
	}
	return line{text: s.say(key, slots{"v": s.values(f, c.Constraint), "f": s.facetName(f.ID)}), want: nlu.Delta{Act: nlu.ActNegate, Set: []nlu.Constraint{c}}}, true
}

// relax drops or softens a condition.
func (s *sim) relax() (line, bool) {
	c := s.state.Constraints[s.held()]
	l := line{want: nlu.Delta{Act: nlu.ActRelax, Drop: []string{c.Facet}}}
	f := s.shop.Schema.Facet(c.Facet)
	switch {
	case c.Facet == catalog.FacetPrice && len(c.Values) == 1 && c.Op == catalog.OpLe && s.chance(65):
		w := wish{c: said(catalog.FacetPrice, catalog.OpLe, catalog.Num(s.easyMoney(c.Values[0].Num()*(1.2+s.rng.Float64()), 1)))}
		w.c.Unit = c.Unit
		l.want.Drop, l.want.Set = nil, []nlu.Constraint{w.c}
		l.text = s.say("relax.raise", slots{"p": s.price(w.c.Values[0].Num(), c.Unit)})
	case c.Facet == catalog.FacetPrice:
		l.text = s.say("relax.price", nil)
	case c.Facet == catalog.FacetInStock || c.Facet == catalog.FacetOnSale:
		l.text = s.say("relax.facet", slots{"f": s.say("name."+c.Facet, nil)})
	case f != nil && f.Kind == catalog.KindBool:
		x, part := s.yesWord(f)
		if s.lang == "en" && part != adjective && part != thing {
			x = plainName(f.Label.In("en"))
			part = speech(x)
		}
		if part != adjective {
			part = thing
		}
		l.text = s.say("relax.bool."+part, slots{"x": x})
	case f != nil && f.Kind == catalog.KindEnum && c.Op != catalog.OpNe && len(c.Values) == 1 && s.chance(35):
		l.text = s.say("relax.value", slots{"v": s.valueName(f, c.Values[0].Str()), "f": s.facetName(c.Facet)})
	case f != nil && f.Kind == catalog.KindEnum && c.Op == catalog.OpNe && s.chance(60):
		l.text = s.say("relax.excluded", slots{"v": s.values(f, c.Constraint)})
	default:
		l.text = s.say("relax.facet", slots{"f": s.facetName(c.Facet)})
	}
	return l, true
}

// correct puts something else in the place of a condition said before.
func (s *sim) correct() (line, bool) {
	old := s.state.Constraints[s.held()]
	f := s.shop.Schema.Facet(old.Facet)
	var w wish
	var was string
	switch {
	case old.Op == catalog.OpNe || len(old.Values) == 0:
		return line{}, false
	case old.Facet == catalog.FacetPrice:
		price := priceIn(drawn(s, s.stock[s.goal.category]), old.Unit)
		if price < 1 {
			return line{}, false
		}
		w = s.budget(old.Unit, price)
		was = s.price(old.Values[0].Num(), old.Unit)
	case f == nil || f.Kind == catalog.KindBool:
		return line{}, false
	case f.Kind == catalog.KindEnum:
		v := drawn(s, s.used(f))
		if v == old.Values[0].Str() {
			return line{}, false
		}
		w = wish{c: said(f.ID, catalog.OpEq, catalog.Str(v))}
		was = s.valueName(f, old.Values[0].Str())
	default:
		p := drawn(s, s.stock[s.goal.category])
		if len(p.Facets[f.ID]) == 0 || !p.Facets[f.ID][0].IsNum() || p.Facets[f.ID][0].Num() == 0 {
			return line{}, false
		}
		w = s.numberWish(f, p.Facets[f.ID][0].Num())
		was = s.amount(old.Values[0].Num(), old.Unit, alone)
	}
	if slices.Equal(w.c.Values, old.Values) {
		return line{}, false
	}
	x := s.phrase(w, bare)
	if f != nil && f.Kind == catalog.KindEnum {
		x = s.values(f, w.c.Constraint)
	}
	if x == "" {
		return line{}, false
	}
	key := "correct"
	if s.chance(35) && w.c.Op == old.Op && !w.about {
		key = "correct.old"
	}
	return line{text: s.say(key, slots{"x": x, "old": was}), want: nlu.Delta{Act: nlu.ActRefine, Set: []nlu.Constraint{w.c}}}, true
}

// back returns to the need before, by name or not.
func (s *sim) back() (line, bool) {
	past := s.state.Past[len(s.state.Past)-1]
	l := line{want: nlu.Delta{Act: nlu.ActBack}}
	category := ""
	for _, c := range past.Constraints {
		if c.Facet == catalog.FacetCategory && len(c.Values) == 1 {
			category = c.Values[0].Str()
		}
	}
	if category == "" || len(s.stock[category]) == 0 || s.chance(35) {
		l.text = s.say("back", nil)
	} else {
		l.text = s.say("back.named", slots{"noun": s.noun(category)})
		l.want.Set = []nlu.Constraint{said(catalog.FacetCategory, catalog.OpEq, catalog.Str(category))}
	}
	if len(s.stock[category]) > 0 {
		s.goal = s.goalOf(category)
	}
	return l, true
}

// answer answers the assistant's question.
func (s *sim) answer() (line, bool) {
	id := s.state.Asked
	f := s.shop.Schema.Facet(id)
	l := line{want: nlu.Delta{Act: nlu.ActRefine}}
	switch {
	case f != nil && f.Kind == catalog.KindBool:
		return s.answerYesNo(f)
	case id == catalog.FacetPrice:
		w, ok := s.priceWish(s.goal.product)
		if !ok {
			return l, false
		}
		l.want.Set = []nlu.Constraint{w.c}
		l.text = s.phrase(w, bare)
		if w.c.Op == catalog.OpLe && s.chance(35) {
			l.text = s.price(w.c.Values[0].Num(), w.c.Unit)
		}
	case id == catalog.FacetBrand:
		w := s.brandWish(s.goal.product)
		l.want.Set = []nlu.Constraint{w.c}
		l.text = s.say("answer.enum."+not(w.c.Op)+"x", slots{"v": s.values(nil, w.c.Constraint)})
	case f == nil:
		return l, false
	default:
		w, ok := s.answerWish(f)
		if !ok {
			return l, false
		}
		l.want.Set = []nlu.Constraint{w.c}
		if f.Kind == catalog.KindEnum {
			l.text = s.say("answer.enum."+not(w.c.Op)+"x", slots{"v": s.values(f, w.c.Constraint)})
		} else {
			l.text = s.answerNumber(w)
		}
	}
	if l.text == "" {
		return l, false
	}
	return s.answerMore(l), true
}

// answerWish is the answer that the goal gives, or another value of the facet.
func (s *sim) answerWish(f *catalog.Facet) (wish, bool) {
	w, ok := s.wishFor(f, s.goal.product)
	w.c.Hard = true
	if !ok && f.Kind == catalog.KindEnum && len(f.Values) > 0 {
		return wish{c: said(f.ID, catalog.OpEq, catalog.Str(drawn(s, s.used(f))))}, true
	}
	return w, ok
}

func (s *sim) answerNumber(w wish) string {
	c := w.c
	switch {
	case w.about:
		return s.say("answer.about", slots{"n": s.amount(round6((c.Values[0].Num()+c.Values[1].Num())/2), c.Unit, alone)})
	case len(c.Values) == 1 && c.Unit == "piece" && s.lang == "zh" && c.Values[0].Num() < 100 && s.chance(60):
		return s.say("answer."+operators[c.Op], slots{"n": s.numberWord(c.Values[0].Num(), true) + "个"})
	case len(c.Values) == 2:
		return s.say("answer.between", slots{"lo": digits(c.Values[0].Num()), "hi": s.figure(c.Values[1].Num(), c.Unit)})
	}
	return s.say("answer."+operators[c.Op], slots{"n": s.amount(c.Values[0].Num(), c.Unit, alone)})
}

// answerYesNo says yes or no, with other words where the question does not take a plain yes.
func (s *sim) answerYesNo(f *catalog.Facet) (line, bool) {
	yes := true
	if vs := s.goal.product.Facets[f.ID]; len(vs) > 0 && vs[0].IsBool() {
		yes = vs[0].Bool()
	} else {
		yes = s.chance(60)
	}
	c := said(f.ID, catalog.OpEq, catalog.Bool(yes))
	l := line{want: nlu.Delta{Act: nlu.ActAffirm, Set: []nlu.Constraint{c}}}
	if !yes {
		l.want.Act = nlu.ActDeny
	}
	if !s.plainYes {
		l.want.Act = nlu.ActRefine
		l.text = s.phrase(wish{c: c}, alone)
		return l, l.text != ""
	}
	key := "answer.no"
	if yes {
		key = "answer.yes"
	}
	l.text = s.say(key, nil)
	if s.chance(20) {
		more := s.answerMore(l)
		if len(more.want.Set) > 1 { // a yes with content refines
			more.want.Act = nlu.ActRefine
		}
		return more, true
	}
	return l, true
}

// answerMore adds another condition to an answer, sometimes.
func (s *sim) answerMore(l line) line {
	if !s.chance(22) {
		return l
	}
	w, ok := s.nextWish()
	if !ok || s.taken(&l, w) {
		return l
	}
	if x := s.phrase(w, alone); x != "" {
		l.text = s.say("answer.more", slots{"a": l.text, "b": strings.TrimPrefix(x, "but ")})
		l.want.Set = append(l.want.Set, w.c)
	}
	return l
}

// dontCare leaves the question to the shop.
func (s *sim) dontCare() (line, bool) {
	return line{text: s.say("dontcare", slots{"f": s.facetName(s.state.Asked)}), want: nlu.Delta{Act: nlu.ActRelax}}, true
}
