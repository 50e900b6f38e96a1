package nlu

import (
	"slices"
	"strings"

	"daogou/catalog"
)

// actMatch is a pattern of an act found at tokens [i, j).
type actMatch struct {
	act   Act
	i, j  int
	lits  int
	items bool
}

// findActs matches the patterns of acts. The tokens they name are no keywords.
func (w *work) findActs() {
	b := book()
	m := matcher{t: b.acts, toks: w.r.toks, numberAt: w.r.numberLen, emit: func(f found) {
		rule := b.actOf[f.id]
		if f.j <= f.i {
			return
		}
		w.acts = append(w.acts, actMatch{act: rule.act, i: f.i, j: f.j, lits: f.lits, items: rule.items})
	}}
	m.matchAll()
	for _, s := range w.segs {
		if s.kind == segCue && s.cue == cueWant {
			w.wants = true
		}
	}
}

// The acts of the shop as a whole outrank those about items, and both outrank words of courtesy.
var (
	shopActs = []Act{ActOrder, ActPerson, ActReset, ActBack, ActCheckout, ActRemove, ActAddToCart, ActViewCart, ActPolicy, ActOutOfScope}
	itemActs = []Act{ActCompare, ActReject, ActMore, ActChoose, ActAskItem}
	civil    = []Act{ActGreet, ActThank, ActBye, ActAffirm, ActDeny}
)

// settleClauses decides for each clause what it does if it does not say a need.
func (w *work) settleClauses() {
	for ci := range w.clauses {
		w.settleClause(ci)
	}
	if w.hasClauseAct(ActOrder) || w.hasClauseAct(ActPerson) {
		for ci := range w.clauses {
			w.clauses[ci].mute = true
		}
	}
}

func (w *work) settleClause(ci int) {
	c := &w.clauses[ci]
	lo, hi := w.tokens(ci)
	best := func(among []Act) (Act, int) {
		act, lits := Act(""), 0
		for _, a := range among {
			for _, m := range w.acts {
				if m.act == a && m.i >= lo && m.i < hi && m.lits > lits && w.allowed(m, ci) {
					act, lits = a, m.lits
				}
			}
		}
		return act, lits
	}
	act, lits := best(shopActs)
	if act == "" || lits < 3 && w.lang == "en" && act != ActCheckout && act != ActReset {
		if a, n := best(itemActs); n > lits || act == "" && n > 0 {
			act, lits = a, n
		}
	}
	if act == "" {
		return
	}
	c.act, c.lits = act, lits
	switch act {
	case ActReject, ActMore:
		c.mute = false
	case ActBack:
		c.mute = false
	default:
		c.mute = true
	}
	if act == ActPolicy && w.clauseHasCategory(ci) && w.clauseWants(ci) {
		c.mute = false
	}
}

// tokens is the token range of a clause.
func (w *work) tokens(ci int) (lo, hi int) {
	c := w.clauses[ci]
	if c.from >= c.to {
		return 0, 0
	}
	return w.segs[c.from].i, w.segs[c.to-1].j
}

// allowed says whether the circumstances let a pattern mean its act.
func (w *work) allowed(m actMatch, ci int) bool {
	if m.items && !w.hasItems() {
		return false
	}
	switch m.act {
	case ActOutOfScope:
		return asksWho(w.r.phrase(m.i, m.j)) || m.lits >= 2 && !w.speaksOfGoods() && !w.clauseSaysValue(ci) || isInjection(w.r.phrase(m.i, m.j))
	case ActPerson:
		return w.r.text1(m.j) != "hair"
	case ActCheckout:
		switch w.r.text1(m.j) { // "check out the desks", "place an order for a lamp"
		case "the", "some", "your", "these", "those", "this", "a", "an", "more", "for", "other":
			return false
		}
	case ActOrder:
		if p := w.r.phrase(m.i, m.j); strings.Contains(p, "买的") || strings.Contains(p, "收到") {
			return true
		}
		return !(w.clauseHasCategory(ci) && w.clauseWants(ci))
	case ActPolicy:
		return !(w.hasPointer(ci) && w.asksWarranty(ci))
	case ActAddToCart:
		return !m.items || w.points(ci) || w.clauseIsShort(ci) && !w.clauseHasCategory(ci)
	case ActRemove:
		if p := w.r.text1(m.i); (p == "make" || p == "change" || p == "改" || p == "换") && !w.mentionsCart(m) && len(w.turn.State.Cart) == 0 && w.largeNumber(ci) {
			return false
		}
		return !((m.items || !w.mentionsCart(m)) && w.clauseNamesLimit(ci)) && !(m.items && w.clauseRelaxes(ci)) && !(!w.hasItems() && len(w.turn.State.Cart) == 0 && m.lits < 4 && !w.mentionsCart(m))
	case ActChoose:
		return (w.hasPointer(ci) || w.clauseIsShort(ci) && !w.clauseSaysNeed(ci)) && !w.clauseHasNeg(ci)
	case ActCompare:
		return w.hasItems() || len(w.refs) > 0
	case ActReject:
		return !w.clauseSaysValue(ci)
	case ActMore:
		return !w.clauseOtherNeed(ci)
	case ActAskItem:
		return w.asksItem(m, ci)
	}
	return true
}

// largeNumber says whether a clause has a number too large for a count of items.
func (w *work) largeNumber(ci int) bool {
	return slices.ContainsFunc(w.segs[w.clauses[ci].from:w.clauses[ci].to], func(s seg) bool {
		return s.kind == segMeasure && (s.m.lo > 12 || s.m.unit != "" && s.m.unit != "piece")
	})
}

func (w *work) mentionsCart(m actMatch) bool {
	p := w.r.phrase(m.i, m.j)
	return strings.Contains(p, "cart") || strings.Contains(p, "basket") || strings.Contains(p, "购物车")
}

// asksWho says whether words ask the assistant what it is, though a shop may sell robots: "are you a robot?", 你是机器人吗.
func asksWho(p string) bool {
	return strings.HasPrefix(p, "are you a") || strings.HasPrefix(p, "are you real") || strings.HasPrefix(p, "what are you") ||
		strings.HasPrefix(p, "你是") && (strings.Contains(p, "机器人") || strings.Contains(p, "人吗") || strings.Contains(p, "真人") || strings.Contains(p, "ai"))
}

// isInjection names what is out of scope whatever else a turn speaks of: orders to the machine, requests to write or recite.
func isInjection(p string) bool {
	for _, verb := range []string{"write", "compose", "translate", "tell", "写", "讲", "翻译"} {
		if strings.HasPrefix(p, verb) && (len(p) > 8 || !isASCII(p)) && !strings.Contains(p, "price") {
			return true
		}
	}
	return strings.Contains(p, "instruction") || strings.Contains(p, "prompt") || strings.Contains(p, "指令") || strings.Contains(p, "提示") || strings.Contains(p, "you are now") || strings.Contains(p, "rules")
}

// speaksOfGoods says whether the turn names anything of the catalogue.
func (w *work) speaksOfGoods() bool {
	if w.category != "" {
		return true
	}
	for _, s := range w.segs {
		if s.kind == segLex && (s.ents[0].kind == lexBrand || s.ents[0].kind == lexCategory) {
			return true
		}
	}
	return false
}

func (w *work) clauseHasCategory(ci int) bool {
	return slices.ContainsFunc(w.segs[w.clauses[ci].from:w.clauses[ci].to], func(s seg) bool { return s.kind == segLex && s.ents[0].kind == lexCategory })
}

func (w *work) clauseHas(ci int, kinds ...cue) bool {
	return slices.ContainsFunc(w.segs[w.clauses[ci].from:w.clauses[ci].to], func(s seg) bool { return s.kind == segCue && isOneOf(s.cue, kinds) })
}

func (w *work) clauseWants(ci int) bool  { return w.clauseHas(ci, cueWant) }
func (w *work) clauseHasNeg(ci int) bool { return w.clauseHas(ci, cueNeg) }

func (w *work) clauseRelaxes(ci int) bool {
	return len(w.clauseFacets(ci)) > 0 || slices.ContainsFunc(w.segs[w.clauses[ci].from:w.clauses[ci].to], func(s seg) bool {
		p := w.r.phrase(s.i, s.j)
		return p == "filter" || p == "filters" || p == "limit" || p == "条件" || p == "筛选" || p == "限制"
	})
}

// clauseNamesLimit says whether a clause speaks of an amount with a unit, a currency or a bound: "drop it to 200 grams" takes nothing out of a basket.
func (w *work) clauseNamesLimit(ci int) bool {
	return slices.ContainsFunc(w.segs[w.clauses[ci].from:w.clauses[ci].to], func(s seg) bool {
		return s.kind == segMeasure && (s.m.bounded || s.m.currency != "" || s.m.unit != "" && s.m.unit != "piece")
	})
}

func (w *work) clauseIsShort(ci int) bool {
	lo, hi := w.tokens(ci)
	if w.lang == "zh" {
		return hi-lo <= 8
	}
	return hi-lo <= 5
}

// clauseSaysValue says whether a clause has values or bounds.
func (w *work) clauseSaysValue(ci int) bool {
	for k := w.clauses[ci].from; k < w.clauses[ci].to; k++ {
		s := w.segs[k]
		if s.kind == segLex && w.valueLike(&s) && !s.used || s.kind == segMeasure && !s.used && !s.m.bare() {
			return true
		}
	}
	return false
}

func (w *work) clauseSaysNeed(ci int) bool {
	return w.clauseSaysValue(ci) || w.clauseHasCategory(ci)
}

// clauseOtherNeed says whether a clause asks for more of something else: "show me more in blue", "do you have another tent".
func (w *work) clauseOtherNeed(ci int) bool {
	if w.clauseSaysValue(ci) || w.clauseHas(ci, cueCompare) {
		return true
	}
	return w.category != "" && w.category != w.previous && w.clauseHasCategory(ci)
}

// points says whether a clause points to an item in any way.
func (w *work) points(ci int) bool {
	lo, hi := w.tokens(ci)
	return slices.ContainsFunc(w.refs, func(r refMatch) bool { return r.i >= lo && r.i < hi })
}

// hasPointer is points without lone numbers.
func (w *work) hasPointer(ci int) bool {
	lo, hi := w.tokens(ci)
	return slices.ContainsFunc(w.refs, func(r refMatch) bool { return r.i >= lo && r.i < hi })
}

func (w *work) asksWarranty(ci int) bool {
	for k := w.clauses[ci].from; k < w.clauses[ci].to; k++ {
		for _, e := range w.segs[k].ents {
			if e.id == "warranty" {
				return true
			}
		}
	}
	return false
}

// asksItem tells a question about an item from a request for items.
func (w *work) asksItem(m actMatch, ci int) bool {
	if w.hasPointer(ci) {
		return !w.clauseHas(ci, cueCompare) || w.isQuestion(ci)
	}
	if w.clauseHas(ci, cueCompare, cueToo, cueDontCare) || w.clauseHasMeasureBound(ci) {
		return false
	}
	if w.category != "" && w.clauseHasCategory(ci) && (w.category != w.previous || w.clauseWants(ci)) {
		return false
	}
	lo, hi := w.tokens(ci)
	first := w.r.phrase(lo, min(hi, lo+2))
	switch {
	case strings.HasPrefix(first, "do you"), strings.HasPrefix(first, "any "), strings.HasPrefix(first, "is there"), strings.HasPrefix(first, "are there"), strings.HasPrefix(first, "have you"), strings.HasPrefix(first, "can you"), strings.HasPrefix(first, "got any"), strings.HasPrefix(first, "what about"), strings.HasPrefix(first, "how about"), strings.HasPrefix(first, "can i"), strings.HasPrefix(first, "could i"):
		return false
	case strings.HasPrefix(first, "还有"):
		return false
	case strings.HasPrefix(first, "有"):
		return len(w.clauseFacets(ci)) > 0 && !w.clauseHasValue(ci) && (w.r.phraseIs(lo, "有什么") || w.r.phraseIs(lo, "有几") || w.r.phraseIs(lo, "有哪些")) || w.r.phraseIs(lo, "有货") || w.r.phraseIs(lo, "有现货")
	}
	if w.lang == "zh" && w.clauseWants(ci) && w.clauseSaysValue(ci) {
		return false
	}
	return true
}

func (w *work) isQuestion(ci int) bool {
	lo, hi := w.tokens(ci)
	if _, ok := w.r.cueAt(lo, cueQuestion); ok {
		return true
	}
	return strings.ContainsAny(w.turn.Text, "?？") || w.lang == "zh" && hi > lo && (w.r.text1(hi-1) == "吗" || w.r.text1(hi-1) == "呢")
}

func (w *work) clauseHasMeasureBound(ci int) bool {
	return slices.ContainsFunc(w.segs[w.clauses[ci].from:w.clauses[ci].to], func(s seg) bool { return s.kind == segMeasure && s.m.bounded })
}

func (w *work) hasClauseAct(a Act) bool {
	return slices.ContainsFunc(w.clauses, func(c clause) bool { return c.act == a })
}

// hasAct says whether a pattern of an act matched anywhere.
func (w *work) hasAct(a Act) bool {
	return slices.ContainsFunc(w.acts, func(m actMatch) bool { return m.act == a })
}

// said is an act with where it was said.
type said struct {
	act Act
	at  int
}

// decide chooses the act of the turn and what goes with it.
func (w *work) decide() {
	var list []said
	for ci, c := range w.clauses {
		if c.act != "" {
			list = append(list, w.actsOf(ci)...)
		}
	}
	need := w.needAct()
	if len(list) > 0 && need == ActRefine && !w.wants && len(w.pos)+len(w.neg) == 0 && !w.moved && len(w.d.Keywords) > 0 {
		w.d.Keywords, need = nil, "" // words around an act on an item are talk, not a need
	}
	if need != "" {
		list = append(list, said{need, max(w.constraint-1, 0)})
	}
	for _, a := range civil {
		if m := slices.IndexFunc(w.acts, func(m actMatch) bool { return m.act == a }); m >= 0 && (len(list) == 0 || a == ActThank || a == ActGreet || a == ActBye) {
			list = append(list, said{a, w.acts[m].i})
		}
	}
	if len(list) == 0 {
		list = w.fallback()
	} else if need != "" && len(list) == 1 && w.offTopic() {
		list = []said{{ActOutOfScope, 0}}
	}
	slices.SortStableFunc(list, func(a, b said) int {
		if x, y := weight(a.act), weight(b.act); x != y {
			return y - x
		}
		return a.at - b.at
	})
	w.d.Act = list[0].act
	rest := list[1:]
	slices.SortStableFunc(rest, func(a, b said) int { return a.at - b.at })
	for _, s := range rest {
		if s.act != w.d.Act && !slices.Contains(w.d.Also, s.act) {
			w.d.Also = append(w.d.Also, s.act)
		}
	}
	w.finish()
}

// actsOf is the act of a clause and those that stand beside it: "add both and check out".
func (w *work) actsOf(ci int) []said {
	lo, hi := w.tokens(ci)
	out := []said{{w.clauses[ci].act, lo}}
	var main actMatch
	for _, m := range w.acts {
		if m.act == out[0].act && m.i >= lo && m.i < hi && m.lits > main.lits {
			main = m
		}
	}
	for _, a := range []Act{ActAddToCart, ActRemove, ActCheckout, ActViewCart} {
		for _, m := range w.acts {
			if m.act == a && a != out[0].act && m.i >= lo && m.i < hi && (m.i >= main.j || m.j <= main.i) && slices.Contains(shopActs, out[0].act) && w.allowed(m, ci) {
				out[0].at = main.i
				out = append(out, said{a, m.i})
				break
			}
		}
	}
	return out
}

// weight orders the acts of one turn: what must not be missed first, courtesy last; equals in the order said.
func weight(a Act) int {
	switch a {
	case ActPerson, ActOrder, ActReset:
		return 9
	case ActOutOfScope, ActBack:
		return 8
	case ActMore, ActChoose:
		return 5
	case ActGreet, ActThank, ActBye, ActAffirm, ActDeny:
		return 1
	}
	return 6
}

// needAct says what the constraints and keywords amount to, "" if nothing.
func (w *work) needAct() Act {
	state := w.turn.State
	d := &w.d
	pos, neg := false, false
	for _, c := range d.Set {
		if c.Op == catalog.OpNe || len(c.Values) == 1 && c.Values[0].IsBool() && !c.Values[0].Bool() {
			neg = true
		} else {
			pos = true
		}
	}
	if w.hasAct(ActAffirm) && len(w.pos)+len(w.neg) == 0 || w.hasAct(ActDeny) && len(w.pos)+len(w.neg) == 0 && len(d.Keywords) == 0 {
		return ""
	}
	switch {
	case d.NewNeed:
		return ActFind
	case w.relaxed && len(w.pos)+len(w.neg) == 0:
		return ActRelax
	case !pos && !neg && len(d.Keywords) == 0 && !w.moved:
		switch {
		case w.negWord:
			return ActNegate
		case len(d.Drop)+len(d.NoPreference) > 0:
			return ActRelax
		case (d.Country != "" || d.Currency != "") && !slices.ContainsFunc(w.clauses, func(c clause) bool { return c.act != "" }):
			return ActRefine
		}
		return ""
	case !state.hasNeed():
		return ActFind
	case neg && (!pos || !w.corrected && w.negFirst()):
		return ActNegate
	case pos && w.category != "" && w.previous == "" && w.wants:
		return ActFind
	}
	return ActRefine
}

// negFirst says whether what is excluded is said before what is wanted.
func (w *work) negFirst() bool {
	return len(w.pos) == 0 || len(w.neg) > 0 && w.neg[0].at < w.pos[0].at
}

// fallback is for turns of words of which no rule makes anything.
func (w *work) fallback() []said {
	pointed := slices.ContainsFunc(w.refs, func(r refMatch) bool { return !r.plain || len(w.r.toks) <= 3 })
	switch {
	case len(w.focus()) > 0 && w.quantity() > 0 && w.clauseIsShort(0) && !w.isQuestion(0): // "just two", 一把就行
		return []said{{ActAddToCart, 0}}
	case pointed && w.isQuestion(0):
		return []said{{ActAskItem, 0}}
	case pointed:
		return []said{{ActChoose, 0}}
	case w.offTopic():
		return []said{{ActOutOfScope, 0}}
	case slices.ContainsFunc(w.segs, func(s seg) bool { return s.kind == segCue && s.cue == cueGift }):
		return []said{{ActFind, 0}}
	case w.turn.State.hasNeed() && slices.ContainsFunc(w.segs, func(s seg) bool { return kin[w.r.phrase(s.i, s.j)] }): // "for a girl", of goods that are not told apart by that
		return []said{{ActRefine, 0}}
	case w.wants && !w.turn.State.hasNeed():
		return []said{{ActFind, 0}}
	case w.wants:
		return []said{{ActRefine, 0}}
	}
	return []said{{ActUnclear, 0}}
}

// finish fills in what the chosen acts need: items, quantity, facets asked about.
func (w *work) finish() {
	all := append([]Act{w.d.Act}, w.d.Also...)
	about := func(list ...Act) bool {
		return slices.ContainsFunc(all, func(a Act) bool { return slices.Contains(list, a) })
	}
	if about(ActAskItem, ActChoose, ActAddToCart, ActRemove, ActCompare, ActReject, ActMore) {
		w.pointAll(about(ActAddToCart, ActRemove, ActChoose, ActCompare))
	}
	if about(ActAddToCart, ActRemove) {
		w.d.Quantity = w.quantity()
	}
	if w.d.Act == ActChoose && w.turn.State.Asked == offerAdd && w.settles() {
		w.d.Also = appendNewAct(w.d.Also, ActAddToCart)
	}
	if w.d.Act == ActAddToCart && w.d.Quantity > 0 && w.inCart() && !w.saysMore() {
		w.d.Act = ActRemove // "two of them", of what lies in the basket already, is how many there shall be
	}
	if about(ActAskItem, ActCompare) {
		w.askFacets()
	}
	w.takeNext()
	if w.d.Act == ActBack {
		w.d.NewNeed, w.d.Also = false, nil
	}
	if about(ActReset, ActOrder, ActPerson, ActOutOfScope) {
		w.d.Set, w.d.Keywords, w.d.NewNeed, w.d.Drop, w.d.NoPreference = nil, nil, false, nil, nil
		w.d.Also = slices.DeleteFunc(w.d.Also, func(a Act) bool { return a == ActFind || a == ActRefine || a == ActNegate || a == ActRelax })
	}
}

// PriceWish tells what a keyword asks of the order in which goods are shown: -1 the cheapest first, +1 the dearest first, 0 nothing.
func PriceWish(keyword string) int {
	if facet, want := OrderWish(keyword); facet == catalog.FacetPrice {
		return want
	}
	return 0
}

// OrderWish tells by what a keyword asks goods to be put in order, the price or the rating, and which end first: -1 the lowest, +1 the highest. "" is nothing.
func OrderWish(keyword string) (facet string, want int) {
	for _, q := range qualities {
		if q.facet != "" && (slices.Contains(fields(q.superlative), keyword) || slices.Contains(fields(q.zh), strings.TrimPrefix(keyword, "最"))) {
			return q.facet, q.want
		}
	}
	return "", 0
}

// inCart says whether all that the turn points to lies in the basket already.
func (w *work) inCart() bool {
	return len(w.d.References) > 0 && !slices.ContainsFunc(w.d.References, func(id string) bool {
		return !slices.ContainsFunc(w.turn.State.Cart, func(l CartLine) bool { return l.Product == id })
	})
}

// saysMore says whether a count comes on top of what is there: "add two more", 再来两个.
func (w *work) saysMore() bool {
	return slices.ContainsFunc(w.r.toks, func(t token) bool {
		switch t.text {
		case "add", "more", "another", "extra", "additional", "also", "再", "加", "另", "还", "多":
			return true
		}
		return false
	})
}

// offerAdd stands in State.Asked while the assistant's last word was whether the item should go into the basket.
const offerAdd = "+add"

// settles tells "I'll take it" from "tell me more about it".
func (w *work) settles() bool {
	for i, t := range w.r.toks {
		switch t.text {
		case "more", "about", "details", "detail", "info", "show", "see", "look", "specs", "看", "介", "详", "说":
			return false
		case "take", "buy", "get", "have", "want", "deal", "sold", "go", "choose", "pick", "要", "买", "拿", "定", "选":
			return i >= 0 && !w.isQuestion(0)
		}
	}
	return false
}

func appendNewAct(list []Act, a Act) []Act {
	if slices.Contains(list, a) {
		return list
	}
	return append(list, a)
}

// pointAll lists what the turn points to, or says which words could not be resolved.
func (w *work) pointAll(plain bool) {
	strong := slices.ContainsFunc(w.refs, func(r refMatch) bool { return !r.pronoun && (plain || !r.plain) })
	for _, r := range w.refs {
		if r.plain && !plain || r.pronoun && strong {
			continue
		}
		if len(r.ids) == 0 {
			if w.d.Unresolved == "" {
				w.d.Unresolved = span(w.r.text, w.r.toks, r.i, r.j)
			}
			continue
		}
		ids := r.ids
		if r.pronoun && len(ids) > 1 && w.turn.State.Focus != "" && w.d.Act != ActCompare && w.d.Act != ActReject && w.r.phrase(r.i, r.j) == "them" {
			ids = w.focus() // "two of them" are two of the one talked about
		}
		w.d.References = appendNew(w.d.References, ids...)
	}
	if len(w.d.References) == 0 && w.d.Unresolved == "" {
		switch w.d.Act {
		case ActAddToCart, ActChoose, ActAskItem:
			w.d.References = slices.Clone(w.focus())
		}
	}
}

// quantity is how many are meant, 0 if it is not said.
func (w *work) quantity() int {
	for k := range w.segs {
		s := w.segs[k]
		isRef := slices.ContainsFunc(w.refs, func(r refMatch) bool { return r.i <= s.i && s.i < r.j })
		if isRef && !(s.kind == segMeasure && len(w.refs) > 1) || s.kind != segMeasure || s.m.money() || s.m.lo < 1 || s.m.lo > 999 || s.m.lo != float64(int(s.m.lo)) {
			continue
		}
		if s.m.unit == "" || s.m.unit == "piece" || s.m.unit == "jin" {
			return int(s.m.lo)
		}
	}
	for i, t := range w.r.toks {
		if n, k := w.r.number(i); k > 0 && t.kind == tokHan && strings.ContainsAny(w.r.text1(i+k), classifiers) && n.lo >= 1 && n.lo < 1000 && n.lo == float64(int(n.lo)) && w.r.text1(i-1) != "第" && w.r.text1(i-1) != "前" && w.r.text1(i-1) != "这" && w.r.text1(i-1) != "那" && w.r.text1(i-1) != "后" {
			return int(n.lo)
		}
		if k := w.r.numberLen(i); k > 0 && t.kind == tokWord && (w.r.text1(i+k) == "of" || i > 0 && (w.r.toks[i-1].text == "add" || w.r.toks[i-1].text == "take" || w.r.toks[i-1].text == "buy" || w.r.toks[i-1].text == "to" || w.r.toks[i-1].text == "it")) {
			if n, _ := w.r.number(i); n.lo >= 1 && n.lo < 1000 {
				return int(n.lo)
			}
		}
	}
	return 0
}

// askWords are questions that name no facet by its name. names and dims work as those of a quality.
var askWords = []struct{ words, facet, names, dims string }{
	{words: "how much does it weigh, how heavy, weigh, weighs, 多重, 重多少, 多少斤, 多少公斤, 多少克, 几斤, 几公斤, 多沉, 重吗, 沉吗, 轻吗", names: "weight 重量"},
	{words: "how much, price, cost, costs, expensive, 多少钱, 什么价, 价格, 几块钱, 贵吗, 怎么卖", facet: catalog.FacetPrice},
	{words: "how tall, how high, 多高", names: "height 高度", dims: "length"},
	{words: "how wide, 多宽", names: "width 宽度", dims: "length"},
	{words: "how deep, 多深", names: "depth 深度", dims: "length"},
	{words: "how thick, 多厚", names: "thickness 厚度", dims: "length"},
	{words: "how long does, last, lasts, 用多久, 续航多久, 多久", names: "battery runtime 续航", dims: "time"},
	{words: "how long, 多长", names: "length 长度", dims: "length time"},
	{words: "how big, how large, dimensions, measurements, how small, 多大, 尺寸, 大小", names: "volume capacity size screen diameter length 容量 尺寸", dims: "volume length people"},
	{words: "how many people, 几个人, 几人", names: "capacity 人数", dims: "people"},
	{words: "how loud, how quiet, noisy, loud, 吵吗, 噪音", names: "noise 噪音", dims: "loudness"},
	{words: "how bright, 多亮, 亮吗", names: "bright 亮度", dims: "light"},
	{words: "reviews, rating, ratings, rated, 评价, 评分, 口碑, 好评", facet: catalog.FacetRating},
	{words: "in stock, available, availability, 有货, 现货, 库存, 有库存", facet: catalog.FacetInStock},
	{words: "who makes, what brand, which brand, who made, 什么牌子, 哪个牌子, 啥牌子, 什么品牌", facet: catalog.FacetBrand},
	{words: "made of, what material, 什么材质, 什么料, 什么做的, 什么面料", names: "material 材质"},
	{words: "colours, colors, colour, color, 颜色, 什么色", names: "colour color 颜色"},
	{words: "sizes, size, 尺码, 码数", names: "size 尺码"},
	{words: "warranty, guarantee, 保修, 质保", names: "warranty 质保"},
	{words: "ship from, ships from, 从哪发货", facet: catalog.FacetShipsFrom},
	{words: "on sale, discount, 打折, 优惠", facet: catalog.FacetOnSale},
}

// askFacets lists the facets that the turn asks about.
func (w *work) askFacets() {
	for ci := range w.clauses {
		if a := w.clauses[ci].act; a != ActAskItem && a != ActCompare {
			continue
		}
		for k := w.clauses[ci].from; k < w.clauses[ci].to; k++ {
			s := w.segs[k]
			if s.kind == segLex && slices.ContainsFunc(w.refs, func(r refMatch) bool { return r.i <= s.i && s.i < r.j }) {
				continue // "the first two" asks about nothing called first
			}
			if s.kind == segLex && !s.used && s.ents[0].kind != lexCategory {
				id := s.ents[0].id
				if s.ents[0].kind == lexBrand {
					id = catalog.FacetBrand
				}
				w.d.AskFacets = appendNew(w.d.AskFacets, id)
			}
			if s.kind == segCue && (s.cue == cueMost || s.cue == cueCompare) {
				w.d.AskFacets = appendNew(w.d.AskFacets, w.qualityFacet(qualities[s.pay], k))
			}
		}
	}
	if len(w.d.AskFacets) > 0 {
		return
	}
	text := " " + w.r.phrase(0, len(w.r.toks)) + " "
	for _, a := range askWords {
		for _, p := range fields(a.words) {
			needle := p
			if isASCII(p) {
				needle = " " + p + " "
			}
			if !strings.Contains(text, needle) {
				continue
			}
			f := a.facet
			if f == "" {
				if f = w.facetLikeAny(a.names); f == "" && a.dims != "" {
					f = w.facetLike("", a.dims)
				}
			}
			if f != "" {
				w.d.AskFacets = appendNew(w.d.AskFacets, f)
				return
			}
		}
	}
}

// facetLikeAny is the facet of any kind whose name has one of the words.
func (w *work) facetLikeAny(names string) string {
	best, bestRank := "", 1<<30
	for id, place := range w.facets {
		f := w.facet(id)
		if f == nil {
			continue
		}
		for i, n := range strings.Fields(names) {
			if nameHas(f, n) {
				if r := i*1000 + place; r < bestRank || r == bestRank && id < best {
					best, bestRank = id, r
				}
				break
			}
		}
	}
	return best
}
