package nlu

import (
	"slices"
	"strings"

	"daogou/catalog"
)

// maxTurnKeywords bounds the keywords of one turn.
const maxTurnKeywords = 12

// readKeywords collects the content words that nothing else stands for, as the shopper wrote them.
func (w *work) readKeywords() {
	taken := w.takenTokens()
	for k := 0; k < len(w.segs); {
		s := &w.segs[k]
		if w.clauses[s.clause].mute || !w.isContent(k, taken) || w.tellsStory(s.clause) {
			k++
			continue
		}
		from := k
		for k++; k < len(w.segs) && w.isContent(k, taken) && w.glued(k) && w.segs[k].clause == w.segs[from].clause; k++ {
		}
		w.addKeyword(from, k)
	}
	w.newHeadNoun()
}

// tellsStory says whether a clause only tells of the shopper: "hello, my name is Anna, I just moved, I need a sofa" is about a sofa.
func (w *work) tellsStory(ci int) bool {
	if w.category == "" || len(w.clauses) < 3 || w.clauseHasCategory(ci) || w.clauseSaysNeedAtAll(ci) {
		return false
	}
	for k := w.clauses[ci].from; k < w.clauses[ci].to; k++ {
		if s := w.segs[k]; s.kind == segCue && s.cue == cueWant && w.asksFor(k, w.clauses[ci].to) {
			return false
		}
	}
	lo, hi := w.tokens(ci)
	for i := max(0, lo-1); i < hi; i++ { // "I just moved" is cut before the "just"
		switch w.r.text1(i) {
		case "i", "im", "ive", "my", "we", "our", "he", "she", "they", "his", "her", "我", "我们", "他", "她":
			return hi-lo >= 4
		}
	}
	return false
}

// clauseSaysNeedAtAll says whether a clause has a value or a measure, used already or not.
func (w *work) clauseSaysNeedAtAll(ci int) bool {
	return slices.ContainsFunc(w.segs[w.clauses[ci].from:w.clauses[ci].to], func(s seg) bool {
		return s.kind == segMeasure || s.kind == segLex && w.valueLike(&s)
	})
}

// takenTokens are the tokens that act patterns and references name.
func (w *work) takenTokens() map[int]bool {
	taken := map[int]bool{}
	for _, r := range w.refs {
		if r.plain {
			continue
		}
		for i := r.i; i < r.j; i++ {
			taken[i] = true
		}
	}
	for _, m := range w.acts {
		ci := w.clauseOf(m.i)
		if ci < 0 || w.clauses[ci].act != m.act && !isCivil(m.act) || m.act == ActAskItem {
			continue
		}
		for i := m.i; i < m.j; i++ {
			taken[i] = true
		}
	}
	return taken
}

func isCivil(a Act) bool {
	return a == ActGreet || a == ActThank || a == ActBye || a == ActAffirm || a == ActDeny
}

func (w *work) clauseOf(tok int) int {
	for ci := range w.clauses {
		if lo, hi := w.tokens(ci); tok >= lo && tok < hi {
			return ci
		}
	}
	return -1
}

// isContent says whether a segment is a word of its own weight.
func (w *work) isContent(k int, taken map[int]bool) bool {
	s := &w.segs[k]
	most := w.d.NewNeed && s.kind == segCue && s.cue == cueMost // "the cheapest tent" is none of the backpacks shown
	if s.used || taken[s.i] && !most {
		return false
	}
	t := w.r.toks[s.i]
	switch s.kind {
	case segWord:
		if t.kind == tokOther {
			return false
		}
		return (t.kind != tokWord || !book().stopword[t.text]) && !kin[w.r.phrase(s.i, s.j)]
	case segLex:
		switch s.ents[0].kind {
		case lexFacet:
			return s.j-s.i == 1 && t.kind == tokWord && !w.isLabel(s) && !book().stopword[t.text] && s.ents[0].id != catalog.FacetPrice && s.ents[0].id != catalog.FacetBrand && s.ents[0].id != catalog.FacetRating
		default:
			return !s.head
		}
	case segMeasure:
		if s.m.bounded || s.m.weak || s.m.money() {
			return false
		}
		if s.m.unit != "" {
			return true
		}
		prev := k > 0 && (w.segs[k-1].kind == segWord || w.segs[k-1].kind == segLex && w.segs[k-1].ents[0].kind == lexBrand) && w.r.toks[s.i].kind == tokNumber
		next := k+1 < len(w.segs) && w.segs[k+1].kind == segWord && w.r.toks[w.segs[k+1].i].kind == tokWord
		return prev || next && w.glued(k+1)
	case segCue:
		return s.cue == cueCompare && !w.turn.State.hasNeed() && len(w.turn.Shown) == 0 || s.cue == cueMost && len(w.turn.Shown) == 0 || most
	}
	return false
}

// isLabel says whether a facet's own label, not just a word like it, was said: "weight", not "lightweight".
func (w *work) isLabel(s *seg) bool {
	f := w.facet(s.ents[0].id)
	if f == nil {
		return true
	}
	p := w.r.phrase(s.i, s.j)
	for _, l := range f.Label {
		if strings.EqualFold(l, p) {
			return true
		}
	}
	return strings.EqualFold(f.ID, p)
}

// glued says whether segment k is written together with the one before it.
func (w *work) glued(k int) bool {
	if k == 0 {
		return false
	}
	a, b := w.r.toks[w.segs[k-1].j-1], w.r.toks[w.segs[k].i]
	if w.segs[k-1].j != w.segs[k].i || b.space {
		return false
	}
	return a.kind == tokHan && b.kind == tokHan || a.kind != tokHan && b.kind != tokHan
}

// Ideographs that carry nothing at the end of an unknown word.
const (
	hanHead = "个款种把件得地着再更最太挺做放用来去到从比些某"
	hanTail = "用着得地时些来去到款吧呢吗啊卖呀么"
)

func (w *work) addKeyword(from, to int) {
	i, j := w.segs[from].i, w.segs[to-1].j
	text := span(w.r.text, w.r.toks, i, j)
	if w.r.toks[i].kind == tokHan {
		rs := []rune(text)
		for len(rs) > 2 && strings.ContainsRune(hanHead, rs[0]) {
			rs = rs[1:]
		}
		for len(rs) > 2 && strings.ContainsRune(hanTail, rs[len(rs)-1]) {
			rs = rs[:len(rs)-1]
		}
		text = string(rs)
		if prev := i - 1; len(rs) == 1 && prev >= 0 && (w.r.text1(prev) == "不" || w.r.text1(prev) == "无" || w.r.text1(prev) == "免") && !w.r.toks[i].space {
			text, rs = w.r.text1(prev)+text, append([]rune(w.r.text1(prev)), rs...) // 不粘 is one word
		}
		if len(rs) == 1 && strings.ContainsRune(hanHead+hanTail+"上下里中内外多少好点时不没会能看给让在就还又也都很什几么样家天年月日装带码号第后前位座限别", rs[0]) {
			return
		}
	}
	text = strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(text), "'s"), "’s")
	if len(text) > 64 || len(w.d.Keywords) >= maxTurnKeywords || text == "" {
		return
	}
	if len(text) == 1 && w.r.toks[i].kind == tokWord {
		return
	}
	w.d.Keywords = appendNew(w.d.Keywords, text)
	w.note(from)
	for k := from; k < to; k++ {
		w.segs[k].used = true
	}
}

// newHeadNoun sees that a product the catalogue has no word for was asked for: "now I need a flux capacitor". It starts a new need.
func (w *work) newHeadNoun() {
	if w.category != "" || len(w.d.Keywords) == 0 || !w.turn.State.hasNeed() || w.corrected || w.moved || w.turn.State.Asked != "" {
		return
	}
	for ci, c := range w.clauses {
		lo, hi := w.tokens(ci)
		if first := w.r.text1(lo); ci == 0 && !c.mute && (first == "a" || first == "an") && w.asksFor(c.from-1, c.to) && hi-lo > 1 {
			w.d.NewNeed = true
			return
		}
		if c.mute || !w.clauseWants(ci) || w.clauseHas(ci, cueCompare, cueNeg, cueSoft, cueThis, cueDontCare) {
			continue
		}
		for k := c.from; k < c.to; k++ {
			if w.segs[k].kind == segCue && w.segs[k].cue == cueWant && w.asksFor(k, c.to) {
				w.d.NewNeed = true
				return
			}
		}
	}
}

// strongWants are wishes that name a thing, not a property of one.
var strongWants = map[string]bool{"i need": true, "looking for": true, "searching for": true, "i want": true, "i would like": true, "id like": true, "do you have": true, "do you sell": true, "show me": true, "find me": true, "want to buy": true, "need to buy": true, "shopping for": true, "ill need": true, "we need": true, "recommend": true,
	"想买": true, "我要": true, "需要": true, "想找": true, "找": true, "买": true, "来个": true, "来一个": true, "推荐": true, "想要": true, "有没有": true}

// asksFor says whether an article and an unknown noun at the end of its phrase follow a wish.
func (w *work) asksFor(k, to int) bool {
	if k >= 0 && !strongWants[w.r.phrase(w.segs[k].i, w.segs[k].j)] {
		return false
	}
	article, last := w.lang == "zh", -1
	for n := k + 1; n < to; n++ {
		s := w.segs[n]
		p := w.r.phrase(s.i, s.j)
		switch {
		case n == k+1 && (p == "a" || p == "an" || p == "some" || p == "any"):
			article = true
		case s.kind == segWord, s.kind == segLex && s.ents[0].kind != lexCategory:
			last = n
		case p == "one" || p == "ones" || p == "something" || p == "anything" || p == "more" || p == "的那种":
			return false
		case s.kind == segCue && (s.cue == cueHead || s.cue == cueOr), s.kind == segPunct, s.kind == segMeasure:
			to = n
		}
	}
	if !article && last > 0 && w.r.toks[w.segs[last].j-1].kind == tokWord {
		t := w.r.toks[w.segs[last].j-1]
		article = t.text != t.stem // a plural
	}
	return article && last > 0 && w.segs[last].kind == segWord && !(w.lang == "zh" && w.r.text1(w.segs[last].j) == "的")
}

// findPlaces reads destinations and currencies.
func (w *work) findPlaces() {
	toks := w.r.toks
	for i := range toks {
		code, n := w.r.placeAt(i)
		if n == 0 {
			continue
		}
		_, led := w.r.cueTill(i, cueCountryTo)
		if !led && w.r.text1(i-1) == "the" {
			_, led = w.r.cueTill(i-1, cueCountryTo)
		}
		policy := w.hasClauseAct(ActPolicy) && !shortPlaces[w.r.phrase(i, i+n)]
		from := w.shipsFrom(i)
		switch {
		case from && code != "":
			if k := w.segOf(i); k >= 0 {
				w.say(saying{c: Constraint{Constraint: catalog.Constraint{Facet: catalog.FacetShipsFrom, Op: catalog.OpEq, Values: catalog.Values{catalog.Str(code)}, Hard: true}, Span: span(w.r.text, toks, i, i+n)}, at: k}, false)
				w.usePlace(max(i-2, 0), i+n)
				for j := i + n; j < len(toks) && j < i+n+4; j++ {
					if w.r.phraseIs(j, "发货") || w.r.phraseIs(j, "寄出") {
						w.usePlace(j, j+2)
					}
				}
			}
		case (led || policy) && code != "" && w.d.Country == "":
			w.d.Country = code
			w.usePlace(i, i+n)
		case led || policy:
			w.usePlace(i, i+n)
		}
	}
	w.findCurrency()
}

func (w *work) usePlace(i, j int) {
	for k := range w.segs {
		if w.segs[k].i >= i && w.segs[k].i < j {
			w.segs[k].used = true
		}
	}
}

// shipsFrom says whether words before token i say where a parcel starts: "ships from", 从…发货.
func (w *work) shipsFrom(i int) bool {
	if w.r.text1(i-1) == "from" && (strings.HasPrefix(w.r.text1(i-2), "ship") || w.r.text1(i-2) == "sent" || w.r.text1(i-2) == "dispatched") {
		return true
	}
	if code, n := w.r.placeAt(i); code != "" && w.r.text1(i-1) != "从" {
		return (w.r.phraseIs(i+n, "发货") || w.r.phraseIs(i+n, "仓发货") || w.r.phraseIs(i+n, "直发")) && w.r.text1(i+n+2) != "吗"
	}
	for k := i; k < min(len(w.r.toks)-1, i+8); k++ {
		if w.r.phraseIs(k, "发货") || w.r.phraseIs(k, "寄出") {
			return true
		}
	}
	return false
}

// findCurrency reads the currency that the shopper wants to see: "in euros", 用美元.
func (w *work) findCurrency() {
	for i := range w.r.toks {
		prev := w.r.text1(i - 1)
		if prev != "in" && prev != "用" && prev != "按" && prev != "以" && prev != "换成" && prev != "成" {
			continue
		}
		for n := min(3, len(w.r.toks)-i); n > 0; n-- {
			word := joinTokens(w.r.toks[i : i+n])
			if c := currencyWords[word]; c != "" && !notBefore[word] && len(word) > 1 && word != "块" && word != "元" {
				w.d.Currency = c
				w.usePlace(i, i+n)
				return
			}
		}
	}
}
