package nlu

import (
	"math"
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/catalog/units"
)

// saying is one value said of a facet, before several on the same facet are put together.
type saying struct {
	c     Constraint
	at    int // segment
	after bool
}

// moreBudget is how far "I could spend a bit more" moves a price bound.
const moreBudget = 1.2

// readConstraints reads every clause that says something about the need.
func (w *work) readConstraints() {
	carryNeg := false
	for ci := range w.clauses {
		if w.clauses[ci].mute {
			carryNeg = false
			continue
		}
		carryNeg = w.readClause(ci, carryNeg)
	}
	w.setCategory()
	w.dropContradicted()
	slices.SortStableFunc(w.pos, func(a, b saying) int { return a.at - b.at })
	w.emit(w.pos, false)
	w.emit(w.neg, true)
	w.answerAsked()
}

// readClause reads one clause; it returns whether a list that is excluded goes on in the next.
func (w *work) readClause(ci int, carryNeg bool) bool {
	c := w.clauses[ci]
	neg, notNeeded, valued := carryNeg && w.isList(c), false, false
	dontCare, drop, except := false, false, false
	softAt := -1
	for k := c.from; k < c.to; k++ {
		switch s := w.segs[k]; {
		case s.kind != segCue:
		case s.cue == cueDontCare:
			dontCare = true
		case s.cue == cueDrop:
			drop = true
		case s.cue == cueExcept:
			except = true
		case s.cue == cueSoft && softAt < 0:
			softAt = k
		}
	}
	if except || neg {
		dontCare = false
	}
	if dontCare || drop && w.turn.State.hasNeed() {
		if w.readDontCare(ci, drop && !dontCare) {
			return false
		}
	}
	for k := c.from; k < c.to; k++ {
		s := &w.segs[k]
		if s.used {
			continue
		}
		switch s.kind {
		case segCue:
			switch s.cue {
			case cueNeg, cueExcept:
				neg, valued = true, false
			case cueNotNeeded:
				notNeeded, valued = true, false
			case cueWant, cueBut, cueCorrect, cueHard:
				if valued {
					neg, notNeeded = false, false
				}
				if s.cue == cueCorrect {
					w.corrected = true
					neg = false
				}
			case cueAny:
				w.readAny(k)
			case cueCompare, cueToo, cueLarger, cueSmaller:
				w.readComparative(k, neg)
			case cueMoreBudget:
				w.raiseBudget()
			case cueWell:
				w.say(saying{c: Constraint{Constraint: catalog.Constraint{Facet: catalog.FacetRating, Op: catalog.OpGe, Values: catalog.Values{catalog.Num(4)}, Hard: false}, Span: w.span(k, k+1)}, at: k}, false)
			}
		case segLex:
			valued = w.readLex(k, neg, notNeeded, w.isSoft(ci, softAt, k)) || valued
		case segMeasure:
			if s.shoe != nil {
				w.readShoe(k, w.isSoft(ci, softAt, k), neg)
			} else {
				w.readMeasure(k, w.isSoft(ci, softAt, k))
			}
			valued = true
		case segWord:
			valued = valued || neg
			if neg && w.sayFree(k, w.isSoft(ci, softAt, k)) {
				s.used = true
			} else if neg || notNeeded {
				s.used = true
				w.negWord = w.negWord || neg
				w.relaxed = w.relaxed || notNeeded
				w.note(k)
				w.dropKeyword(w.r.phrase(s.i, s.j))
			}
		}
	}
	return neg && valued
}

// isList says whether a clause only goes on with a list: "…, leather or wool".
func (w *work) isList(c clause) bool {
	or := false
	for k := c.from; k < c.to; k++ {
		switch s := w.segs[k]; {
		case s.kind == segPunct, s.kind == segLex && w.valueLike(&s):
		case s.kind == segCue && s.cue == cueOr:
			or = true
		default:
			return false
		}
	}
	return or
}

// isSoft says whether a value at segment k is only a wish: a soft cue of its clause stands before it, or after it with nothing behind.
func (w *work) isSoft(ci, softAt, k int) bool {
	if softAt < 0 {
		return false
	}
	if k > softAt {
		return true
	}
	for i := softAt + 1; i < w.clauses[ci].to; i++ {
		if w.segs[i].kind == segLex && w.valueLike(&w.segs[i]) || w.segs[i].kind == segMeasure {
			return false
		}
	}
	return true
}

// readLex reads a phrase of the catalogue; true if it said a value.
func (w *work) readLex(k int, neg, notNeeded, soft bool) bool {
	s := &w.segs[k]
	e := s.ents[0]
	soft = soft || w.onlyFor(s, e)
	con := Constraint{Constraint: catalog.Constraint{Facet: e.id, Op: catalog.OpEq, Hard: !soft}, Span: w.span(k, k+1), Origin: OriginSaid}
	switch e.kind {
	case lexCategory:
		if neg && (w.sayFree(k, soft) || w.otherCategory(s.i)) {
			s.used = true
			w.unmark(s)
			return true
		}
		w.markCategory(s, neg)
		return true
	case lexFacet:
		if notNeeded {
			w.noPreference(e.id)
			s.used = true
		}
		return false
	case lexValue:
		con.Values = catalog.Values{catalog.Str(e.value)}
	case lexBrand:
		con.Facet, con.Values = catalog.FacetBrand, catalog.Values{catalog.Str(e.id)}
	case lexBool:
		con.Values = catalog.Values{catalog.Bool(!neg)}
		neg = false
	}
	s.used = true
	if notNeeded {
		w.noPreference(con.Facet)
		return true
	}
	w.say(saying{c: con, at: k, after: w.corrected}, neg)
	return true
}

// kin are words for whom something is. Said before the type of goods is known they are a wish: a teapot for one's mother is no women's teapot.
var kin = wordSet(`mum mom mother mommy mummy dad father daddy wife husband girlfriend boyfriend sister brother grandma grandpa grandmother grandfather aunt uncle son daughter kid kids child children boy girl
her him man woman friend colleague boss teacher niece nephew baby toddler lady gentleman granddaughter grandson
女孩 男孩 女童 男童 娃 姥姥 姥爷 阿姨 叔叔 岳父 岳母 婆婆 孙子 孙女 侄子 侄女 外甥 闺女 兄弟 姐妹
妈 妈妈 母亲 爸 爸爸 父亲 老公 老婆 太太 妻子 丈夫 男友 女友 男朋友 女朋友 姐姐 妹妹 哥哥 弟弟 奶奶 爷爷 外婆 外公 儿子 女儿 孩子 小孩 宝宝 小朋友 男生 女生 闺蜜 同事 老师 长辈 老人`)

// onlyFor says whether a value is only whom or what occasion the goods are for, so that it must not rule anything out.
func (w *work) onlyFor(s *seg, e entry) bool {
	if _, gift := w.r.cueAt(s.i, cueGift); gift && e.kind == lexBool {
		return true
	}
	return !w.known && e.kind == lexValue && kin[w.r.phrase(s.i, s.j)]
}

func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// say notes a value.
func (w *work) say(s saying, neg bool) {
	s.c.Origin = OriginSaid
	w.note(s.at)
	if neg {
		w.neg = append(w.neg, s)
		return
	}
	w.pos = append(w.pos, s)
}

// note remembers where the need is first spoken of.
func (w *work) note(seg int) {
	if w.constraint == 0 || w.segs[seg].i+1 < w.constraint {
		w.constraint = w.segs[seg].i + 1
	}
}

func (w *work) noPreference(facet string) {
	w.relaxed = true
	w.d.NoPreference = appendNew(w.d.NoPreference, facet)
}

func (w *work) span(from, to int) string {
	return span(w.r.text, w.r.toks, w.segs[from].i, w.segs[to-1].j)
}

// sayFree reads "without fragrance" as "fragrance free" where the catalogue has a facet of that name.
func (w *work) sayFree(k int, soft bool) bool {
	s := w.segs[k]
	toks := append(slices.Clone(w.r.toks[s.i:s.j]), token{text: "free", stem: "free"})
	for _, m := range w.lex.matchesAt(toks, 0) {
		for _, e := range m.ents {
			if m.j == len(toks) && e.kind == lexBool && w.facets.has(e.id) {
				c := catalog.Constraint{Facet: e.id, Op: catalog.OpEq, Values: catalog.Values{catalog.Bool(true)}, Hard: !soft}
				w.say(saying{c: Constraint{Constraint: c, Span: w.span(k, k+1)}, at: k}, false)
				return true
			}
		}
	}
	return false
}

// otherCategory says whether the turn is about another category than the one named at a token, and not about one of which that is a part.
func (w *work) otherCategory(tok int) bool {
	here := slices.IndexFunc(w.cats, func(c catMatch) bool { return c.i == tok })
	return slices.ContainsFunc(w.cats, func(c catMatch) bool {
		return here < 0 || c.id != w.cats[here].id && !w.cats[here].id.within(w.turn.Schema, c.id)
	})
}

func (w *work) unmark(s *seg) {
	w.cats = slices.DeleteFunc(w.cats, func(c catMatch) bool { return c.i == s.i })
}

func (w *work) markCategory(s *seg, neg bool) {
	s.used = true
	for i := range w.cats {
		if w.cats[i].i == s.i && w.cats[i].j == s.j {
			w.cats[i].neg = neg
			s.head = true
		}
	}
}

// readDontCare reads a clause in which something does not matter; true if that is all it says.
func (w *work) readDontCare(ci int, drop bool) bool {
	facets := w.clauseFacets(ci)
	if len(facets) == 0 && ci > 0 && !drop { // "As for colour, I don't mind"
		if prev := w.clauseFacets(ci - 1); len(prev) > 0 && !w.clauseHasValue(ci-1) {
			facets = prev
		}
	}
	if len(facets) == 0 {
		if w.clauseHasValue(ci) || drop && w.clauseHasMeasure(ci) {
			if !drop { // "black is fine", "wool or cotton, whatever"
				return false
			}
			facets = w.clauseValueFacets(ci)
		} else if w.turn.State.Asked != "" && !drop {
			facets = []string{w.turn.State.Asked}
		}
	}
	if len(facets) == 0 {
		if !drop && !w.turn.State.hasNeed() {
			return false
		}
		w.relaxed = w.relaxed || !drop
		return false
	}
	w.relaxed = true
	for _, f := range facets {
		if drop {
			w.d.Drop = appendNew(w.d.Drop, f)
		}
		w.d.NoPreference = appendNew(w.d.NoPreference, f)
	}
	if drop {
		w.d.NoPreference = slices.DeleteFunc(w.d.NoPreference, func(f string) bool { return slices.Contains(w.d.Drop, f) })
	}
	for k := w.clauses[ci].from; k < w.clauses[ci].to; k++ {
		w.note(k)
		if s := &w.segs[k]; s.kind == segLex && s.ents[0].kind != lexCategory && slices.Contains(facets, s.ents[0].id) || s.kind == segWord {
			s.used = true
		}
	}
	return !w.clauseHasOther(ci, facets)
}

// clauseFacets are the facets that a clause names, without values.
func (w *work) clauseFacets(ci int) []string {
	var out []string
	for k := w.clauses[ci].from; k < w.clauses[ci].to; k++ {
		s := w.segs[k]
		switch {
		case s.kind == segLex && s.ents[0].kind == lexFacet:
			out = appendNew(out, s.ents[0].id)
		case s.kind == segLex && s.ents[0].kind == lexBool:
			out = appendNew(out, s.ents[0].id)
		case s.kind == segCue && s.cue == cueSpend, s.kind == segCue && w.speaksOfPrice(s):
			out = appendNew(out, catalog.FacetPrice)
		case s.kind == segCue && w.colourWord(s) != "":
			out = appendNew(out, w.colourWord(s))
		}
	}
	return out
}

// speaksOfPrice says whether a cue that carries nothing itself names the price.
func (w *work) speaksOfPrice(s seg) bool {
	switch w.r.phrase(s.i, s.j) {
	case "price", "budget", "cost", "money", "price limit", "price cap", "budget limit", "价格", "预算", "价位", "钱", "价钱", "price is no object", "money is no object":
		return true
	}
	return false
}

// colourWord is the facet that a stop word names after all: "size", "colour", 品牌.
func (w *work) colourWord(s seg) string {
	for _, m := range w.lex.matchesAt(w.r.toks, s.i) {
		if m.j != s.j {
			continue
		}
		for _, e := range m.ents {
			if e.kind == lexFacet && w.facets.has(e.id) {
				return e.id
			}
		}
	}
	return ""
}

func (w *work) clauseHasValue(ci int) bool {
	for k := w.clauses[ci].from; k < w.clauses[ci].to; k++ {
		if s := w.segs[k]; s.kind == segLex && w.valueLike(&s) && s.ents[0].kind != lexBool {
			return true
		}
	}
	return false
}

func (w *work) clauseHasMeasure(ci int) bool {
	return slices.ContainsFunc(w.segs[w.clauses[ci].from:w.clauses[ci].to], func(s seg) bool { return s.kind == segMeasure })
}

// clauseValueFacets are the facets of the values that a clause names.
func (w *work) clauseValueFacets(ci int) []string {
	var out []string
	for k := w.clauses[ci].from; k < w.clauses[ci].to; k++ {
		s := w.segs[k]
		switch {
		case s.kind == segLex && s.ents[0].kind == lexBrand:
			out = appendNew(out, catalog.FacetBrand)
		case s.kind == segLex && w.valueLike(&s):
			out = appendNew(out, s.ents[0].id)
		case s.kind == segMeasure && s.m.money():
			out = appendNew(out, catalog.FacetPrice)
		}
	}
	return out
}

// clauseHasOther says whether a clause also says values of facets other than these.
func (w *work) clauseHasOther(ci int, facets []string) bool {
	for k := w.clauses[ci].from; k < w.clauses[ci].to; k++ {
		s := w.segs[k]
		if s.used {
			continue
		}
		if s.kind == segMeasure || s.kind == segLex && (s.ents[0].kind == lexCategory || w.valueLike(&s) && !slices.Contains(facets, s.ents[0].id)) {
			return true
		}
	}
	return false
}

// readAny reads "any colour", 什么颜色: the facet named next does not matter. In a question it asks.
func (w *work) readAny(k int) {
	for n := k + 1; n < len(w.segs) && n <= k+2; n++ {
		s := &w.segs[n]
		if s.kind == segLex && s.ents[0].kind == lexFacet && w.r.phrase(w.segs[k].i, w.segs[k].j) != "什么" && w.r.phrase(w.segs[k].i, w.segs[k].j) != "啥" && w.r.phrase(w.segs[k].i, w.segs[k].j) != "哪个" && w.r.phrase(w.segs[k].i, w.segs[k].j) != "哪种" {
			if n == k+1 {
				w.noPreference(s.ents[0].id)
				s.used = true
				w.note(n)
			}
			return
		}
		if s.kind == segCue && n == k+1 {
			if f := w.colourWord(*s); f != "" && w.r.toks[w.segs[k].i].kind == tokWord {
				w.noPreference(f)
				w.note(n)
				return
			}
		}
	}
}

// readMeasure turns a number with its bound into a constraint on the facet that it measures.
func (w *work) readMeasure(k int, soft bool) {
	s := &w.segs[k]
	m := s.m
	facet, unit, said := "", "", ""
	switch {
	case m.money():
		facet, unit = catalog.FacetPrice, m.currency
		w.d.Currency = m.currency
	case m.stars:
		facet = catalog.FacetRating
		if m.op == catalog.OpEq {
			m.op = catalog.OpGe
		}
	case w.countsGoods(k):
		s.used = true
		return
	case m.unit != "":
		w.gigabytes(m, k)
		if f := w.facetForUnit(m, k); f != nil {
			facet, unit = f.ID, f.Unit
			wholeInches(m, f)
			if m.unit != f.Unit {
				said = m.unit
			}
			m.lo, m.hi = convert(m.lo, m.unit, f.Unit), convert(m.hi, m.unit, f.Unit)
		}
	default:
		facet, unit = w.facetForNumber(m, k)
	}
	if facet == "" {
		s.used = m.unit == "person" || m.unit == "piece" || m.unit == "day"
		return
	}
	if facet == catalog.FacetPrice && m.op == catalog.OpEq {
		m.op = catalog.OpLe
	}
	s.used = true
	w.useName(facet, k)
	con := Constraint{Constraint: catalog.Constraint{Facet: facet, Op: m.op, Values: catalog.Values{catalog.Num(tidy(m.lo))}, Unit: unit, Hard: !soft}, Span: w.span(k, k+1), SaidIn: said}
	if m.op == catalog.OpBetween {
		con.Values = append(con.Values, catalog.Num(tidy(m.hi)))
	}
	w.say(saying{c: con, at: k, after: w.corrected}, false)
}

// countsGoods says whether a number only tells how many of the goods behind it are wanted: 一件防水外套.
func (w *work) countsGoods(k int) bool {
	m := w.segs[k].m
	if m.unit != "piece" || m.op != catalog.OpEq || m.bounded {
		return false
	}
	for n := k + 1; n < len(w.segs) && w.segs[n].clause == w.segs[k].clause; n++ {
		switch s := &w.segs[n]; {
		case s.kind == segLex && s.ents[0].kind == lexCategory:
			return true
		case s.kind == segLex && w.valueLike(s):
		default:
			return false
		}
	}
	return false
}

// A screen of whole inches reaches from a little below, as catalogues round, to short of the next class: a 15.6 inch one is sold and asked for as 15 inch, one of 40.6 cm
// is a 16 inch one.
const (
	belowInch = 0.05
	aboveInch = 0.9
)

// WholeInches is the number of inches that a range of inches was made from, if it stands for a class of screens.
func WholeInches(lo, hi float64) (float64, bool) {
	n := math.Round(lo + belowInch)
	return n, math.Abs(n-belowInch-lo) < 0.01 && math.Abs(n+aboveInch-hi) < 0.01
}

// wholeInches lets a screen that is said in whole inches be any of that class.
func wholeInches(m *measure, f *catalog.Facet) {
	if m.unit == "in" && m.op == catalog.OpEq && m.lo >= 4 && m.lo == math.Trunc(m.lo) && nameHas(f, unitHints["in"]) {
		m.op, m.lo, m.hi = catalog.OpBetween, m.lo-belowInch, m.lo+aboveInch
	}
}

// gigabytes reads "16G" as memory where goods have memory: shoppers leave out the B.
func (w *work) gigabytes(m *measure, k int) {
	if m.unit != "g" || !w.known || w.r.text1(m.nj-1) != "g" || m.lo > 2048 || w.nameDistance("weight", k) >= 0 {
		return
	}
	if v := int(m.lo); float64(v) != m.lo || v%2 != 0 || w.facetWithUnit("GB") == nil {
		return
	}
	m.unit = "GB"
}

// tidy rounds away what arithmetic in binary leaves behind.
func tidy(v float64) float64 {
	if v == 0 || math.Abs(v) >= 1e12 {
		return v
	}
	p := math.Pow(10, 8-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*p) / p
}

func convert(v float64, from, to string) float64 {
	if out, err := units.Convert(v, from, to); err == nil {
		return out
	}
	return v
}

// useName marks the name of a facet near a measure as said.
func (w *work) useName(facet string, k int) {
	ci := w.segs[k].clause
	for n := w.clauses[ci].from; n < w.clauses[ci].to; n++ {
		s := &w.segs[n]
		if s.kind == segLex && s.ents[0].kind == lexFacet && slices.ContainsFunc(s.ents, func(e entry) bool { return e.id == facet }) {
			s.used = true
		}
		if s.kind == segWord && abs(n-k) <= 2 && w.inName(facet, w.r.phrase(s.i, s.j)) {
			s.used = true
		}
	}
}

// inName says whether a word is part of a facet's names: the "battery" of "30 hours of battery".
func (w *work) inName(facet, word string) bool {
	f := w.facet(facet)
	if f == nil || len(word) < 3 {
		return false
	}
	has := func(name string) bool {
		return slices.ContainsFunc(tokenise(name), func(t token) bool { return t.text == word })
	}
	for lang, l := range f.Label {
		if has(l) || slices.ContainsFunc(f.Synonyms[lang], has) {
			return true
		}
	}
	return false
}

// facetForUnit chooses the number facet that a quantity measures: one named near it, the one asked for, or the one that matters most in the category.
func (w *work) facetForUnit(m *measure, k int) *catalog.Facet {
	u, ok := units.Lookup(m.unit)
	if !ok {
		return nil
	}
	var best *catalog.Facet
	bestScore := math.Inf(-1)
	for id, place := range w.facets {
		f := w.facet(id)
		if f == nil || f.Kind != catalog.KindNumber {
			continue
		}
		fu, ok := units.Lookup(f.Unit)
		if !ok || fu.Dim != u.Dim || (u.Name == "m" || u.Name == "ft") && nameHas(f, unitHints["in"]) && w.nameDistance(id, k) < 0 {
			continue
		}
		if w.r.text1(m.nj-1) == "岁" && nameHas(f, "warranty 质保 保修") {
			continue
		}
		score := -float64(place) / 1000
		if !w.known {
			score = float64(w.lex.spread[id]) / 1000
		}
		if fu.Name == u.Name {
			score++
		}
		if id == w.turn.State.Asked {
			score += 40
		}
		switch d := w.nameDistance(id, k); {
		case d == 1 || w.nameInside(id, m):
			score += 60
		case d >= 0:
			score += 30 - float64(d)
		}
		if slices.ContainsFunc(w.pos, func(s saying) bool { return s.c.Facet == id && s.c.Op == catalog.OpEq }) {
			score -= 50 // said already: "16GB memory and 512GB"
		}
		if hint := unitHints[m.unit]; hint != "" && nameHas(f, hint) {
			score += 10
		}
		if score > bestScore || score == bestScore && best != nil && f.ID < best.ID {
			best, bestScore = f, score
		}
	}
	return best
}

// nameInside says whether the unit's own words name the facet: 16G内存.
func (w *work) nameInside(facet string, m *measure) bool {
	for i := m.ni + 1; i < m.nj; i++ {
		for _, x := range w.lex.matchesAt(w.r.toks, i) {
			if x.j == m.nj && slices.ContainsFunc(x.ents, func(e entry) bool { return e.kind == lexFacet && e.id == facet }) {
				return true
			}
		}
	}
	return false
}

// unitHints are parts of the names of facets that a unit is typical of.
var unitHints = map[string]string{"in": "screen diagonal display 屏", "year": "warranty age 质保 年龄", "month": "age 年龄", "lm": "bright", "h": "battery 续航"}

// nameHas says whether one of the words stands in a facet's ID or label.
func nameHas(f *catalog.Facet, words string) bool {
	for _, h := range strings.Fields(words) {
		if strings.Contains(f.ID, h) {
			return true
		}
		for _, l := range f.Label {
			if strings.Contains(strings.ToLower(l), h) {
				return true
			}
		}
	}
	return false
}

// nameDistance is how many segments lie between a measure and a name of a facet in its clause, -1 if it is not named.
func (w *work) nameDistance(facet string, k int) int {
	ci := w.segs[k].clause
	best := -1
	for n := w.clauses[ci].from; n < w.clauses[ci].to; n++ {
		s := w.segs[n]
		if s.kind != segLex || !slices.ContainsFunc(s.ents, func(e entry) bool { return e.id == facet && e.kind == lexFacet }) {
			continue
		}
		if d := abs(n - k); best < 0 || d < best {
			best = d
		}
	}
	return best
}

func abs(x int) int {
	if x < 0 {
		return -x
	}
	return x
}

// facetForNumber says what a bare number measures.
func (w *work) facetForNumber(m *measure, k int) (facet, unit string) {
	if f := w.numberFacetNear(k); f != nil {
		return f.ID, f.Unit
	}
	asked := w.turn.State.Asked
	if f := w.facet(asked); f != nil && f.Kind == catalog.KindNumber && !m.spend {
		return f.ID, f.Unit
	}
	if m.op == catalog.OpEq && w.clauseHas(w.segs[k].clause, cueCorrect) { // "make that 120"
		if old := w.lastNumber(); old != nil {
			m.op = old.Op
			return old.Facet, old.Unit
		}
	}
	if k > 0 && w.r.toks[m.ni].kind == tokNumber && w.segs[k-1].kind == segWord && w.r.toks[w.segs[k-1].j-1].kind == tokWord && m.i == m.ni {
		return "", "" // "SPF 30", "iPhone 15"
	}
	price := func() (string, string) { return catalog.FacetPrice, w.home }
	if asked == catalog.FacetPrice || m.spend {
		return price()
	}
	next := w.r.text1(m.j)
	if w.r.text1(m.i-1) == "for" && m.lo <= 20 && !m.bounded {
		if f := w.facetWithUnit("person"); f != nil {
			return f.ID, f.Unit
		}
	}
	if m.j < len(w.r.toks) && w.r.toks[m.j].kind == tokWord && !book().stopword[next] && m.lo < 10 && len(w.r.at[m.j]) == 0 && m.nj == m.j {
		return "", "" // "at least 3 pockets"
	}
	if m.bounded && (m.lo >= 5 || w.turn.State.hasNeed()) {
		return price()
	}
	if m.op == catalog.OpBetween && m.lo >= 5 && !m.about && m.hi > m.lo {
		return price()
	}
	if m.about && m.lo >= 5 {
		return price()
	}
	if w.r.text1(m.i-1) == "for" && m.lo >= 20 {
		return price()
	}
	return "", ""
}

// lastNumber is the bound or number said last, nil if none.
func (w *work) lastNumber() *Constraint {
	cs := w.turn.State.Constraints
	for i := len(cs) - 1; i >= 0; i-- {
		if len(cs[i].Values) == 1 && cs[i].Values[0].IsNum() && cs[i].Facet != catalog.FacetRating {
			return &cs[i]
		}
	}
	return nil
}

// facetWithUnit is the facet of the category that has a unit, nil if none or no category is known.
func (w *work) facetWithUnit(unit string) *catalog.Facet {
	if !w.known {
		return nil
	}
	var best *catalog.Facet
	for id, place := range w.facets {
		if f := w.facet(id); f != nil && f.Kind == catalog.KindNumber && f.Unit == unit && (best == nil || place < w.facets[best.ID]) {
			best = f
		}
	}
	return best
}

// numberFacetNear is the number facet whose name stands right by a bare number: "size 42", 人数4.
func (w *work) numberFacetNear(k int) *catalog.Facet {
	for _, n := range []int{k - 1, k + 1, k - 2, k + 2} {
		if n < 0 || n >= len(w.segs) || w.segs[n].clause != w.segs[k].clause {
			continue
		}
		if mid := (n + k) / 2; abs(n-k) == 2 && w.segs[mid].kind != segCue {
			continue
		}
		s := w.segs[n]
		if s.kind == segCue {
			if f := w.facet(w.colourWord(s)); f != nil && f.Kind == catalog.KindNumber {
				return f
			}
			continue
		}
		if s.kind != segLex {
			continue
		}
		for _, e := range s.ents {
			if f := w.facet(e.id); e.kind == lexFacet && f != nil && f.Kind == catalog.KindNumber {
				return f
			}
		}
	}
	return nil
}

// setCategory turns the category named into a constraint, and tells a new need from a narrower one.
func (w *work) setCategory() {
	w.passNegated()
	headPrep := slices.ContainsFunc(w.cats, func(c catMatch) bool { return c.id == w.category && c.prep })
	var ids []string
	at, last := -1, -1
	for i, c := range w.cats {
		k := w.segOf(c.i)
		if k < 0 || w.clauses[w.segs[k].clause].mute {
			continue
		}
		if c.neg {
			if left := c.id.takenFrom(ids); len(left) > 0 && len(left) < len(ids) { // "shoes, but not running shoes"
				ids = left
				continue
			}
			w.say(saying{c: Constraint{Constraint: catalog.Constraint{Facet: catalog.FacetCategory, Op: catalog.OpNe, Values: c.id.values(), Hard: true}, Span: w.span(k, k+1)}, at: k}, true)
			continue
		}
		if c.id == w.category && at < 0 {
			ids, at, last = c.id.list(), k, k
		} else if at >= 0 && i > 0 && (!c.prep || headPrep) && w.orBetween(w.cats[i-1].j, c.i) && len(ids) > 0 && !c.id.shares(kindsOf(ids...)) {
			ids, last = append(ids, c.id.list()...), k
		} else if !c.id.shares(kindsOf(ids...)) {
			w.segs[k].used = false // it modifies, or belongs to another thing: a keyword
			w.segs[k].head = false
		}
	}
	if at < 0 {
		return
	}
	con := Constraint{Constraint: catalog.Constraint{Facet: catalog.FacetCategory, Op: catalog.OpEq, Hard: true}, Span: w.span(at, last+1)}
	for _, id := range ids {
		con.Values = append(con.Values, catalog.Str(id))
	}
	if len(ids) > 1 {
		con.Op = catalog.OpIn
	}
	w.say(saying{c: con, at: at}, false)
	w.sayWearer(at)
	prev, now := w.previous, kindsOf(ids...)
	schema := w.turn.Schema
	switch {
	case !w.turn.State.hasNeed() || prev == now:
	case prev == "":
		w.d.NewNeed = w.wants && len(w.turn.State.Keywords) > 0 && !w.corrected
		w.dropForeign(now)
	case now.within(schema, prev) || prev.within(schema, now):
	case w.corrected:
		w.dropForeign(now)
	default:
		w.d.NewNeed = true
	}
}

// passNegated takes another category for the head if the first one is not wanted: "not tents but sleeping bags".
func (w *work) passNegated() {
	if slices.ContainsFunc(w.cats, func(c catMatch) bool { return c.id == w.category && !c.neg }) {
		return
	}
	for _, c := range w.cats {
		if !c.neg && !c.prep {
			w.category = c.id
			return
		}
	}
}

// dropForeign lists the facets of the need that the corrected category does not have.
func (w *work) dropForeign(category kinds) {
	has := w.lex.facetsOfKinds(category)
	for _, c := range w.turn.State.Constraints {
		if !builtin(c.Facet) && !has.has(c.Facet) {
			w.d.Drop = appendNew(w.d.Drop, c.Facet)
		}
	}
}

// segOf is the segment that starts at a token.
func (w *work) segOf(tok int) int {
	for k := range w.segs {
		if w.segs[k].i == tok {
			return k
		}
	}
	return -1
}

// dropContradicted takes out what the turn itself takes back: "not red, blue" only says blue; "blue, no wait, green" only green.
func (w *work) dropContradicted() {
	w.neg = slices.DeleteFunc(w.neg, func(n saying) bool {
		instead := slices.ContainsFunc(w.pos, func(p saying) bool { return p.c.Facet == n.c.Facet && p.at > n.at })
		w.corrected = w.corrected || instead
		return instead
	})
	if !w.corrected {
		return
	}
	after := map[string]bool{}
	for _, s := range w.pos {
		if s.after {
			after[s.c.Facet] = true
		}
	}
	w.pos = slices.DeleteFunc(w.pos, func(s saying) bool { return !s.after && after[s.c.Facet] })
	w.neg = slices.DeleteFunc(w.neg, func(s saying) bool { return after[s.c.Facet] })
}

// emit puts the values said of each facet together and into the delta.
func (w *work) emit(list []saying, neg bool) {
	for _, s := range list {
		c := s.c
		if neg {
			c.Op = catalog.OpNe
		}
		i := slices.IndexFunc(w.d.Set, func(o Constraint) bool { return o.Facet == c.Facet && (o.Op == catalog.OpNe) == neg })
		if i < 0 {
			c.Values = slices.Clone(c.Values)
			w.d.Set = append(w.d.Set, c)
			continue
		}
		w.join(&w.d.Set[i], c, neg)
	}
	for _, s := range list {
		w.d.NoPreference = without(w.d.NoPreference, s.c.Facet)
	}
}

// join adds a second value on the same facet.
func (w *work) join(old *Constraint, c Constraint, neg bool) {
	switch {
	case c.Facet == catalog.FacetCategory && !neg:
	case isBound(old.Op) || isBound(c.Op):
		*old = merge(*old, c)
	case !slices.ContainsFunc(c.Values, func(v catalog.Value) bool { return !slices.Contains(old.Values, v) }):
	case len(c.Values) > 0 && (c.Values[0].IsBool() || c.Values[0].IsNum() && old.Op == catalog.OpEq && !w.multi(c.Facet)):
		*old = c
	default:
		old.Values = append(old.Values, minus(c.Values, old.Values)...)
		if !neg {
			old.Op = catalog.OpIn
		}
		old.Hard = old.Hard && c.Hard
		if from, to := strings.Index(w.r.text, old.Span), strings.LastIndex(w.r.text, c.Span); from >= 0 && to >= from {
			old.Span = w.r.text[from : to+len(c.Span)]
		}
	}
}

func (w *work) multi(facet string) bool {
	f := w.facet(facet)
	return f != nil && f.Multi
}

// answerAsked reads a bare yes, no or "don't mind" as the answer to the open question.
func (w *work) answerAsked() {
	asked := w.turn.State.Asked
	if asked == "" || len(w.pos)+len(w.neg) > 0 {
		return
	}
	f := w.facet(asked)
	isBool := f != nil && f.Kind == catalog.KindBool || asked == catalog.FacetInStock || asked == catalog.FacetOnSale
	if !isBool {
		return
	}
	switch {
	case w.hasAct(ActAffirm):
		w.d.Set = append(w.d.Set, Constraint{Constraint: catalog.Constraint{Facet: asked, Op: catalog.OpEq, Values: catalog.Values{catalog.Bool(true)}, Hard: true}, Span: w.turn.Text, Origin: OriginSaid})
	case w.hasAct(ActDeny): // "no" to "should it fold?" rather wants one that does not, but would not turn away the other
		w.d.Set = append(w.d.Set, Constraint{Constraint: catalog.Constraint{Facet: asked, Op: catalog.OpEq, Values: catalog.Values{catalog.Bool(false)}}, Span: w.turn.Text, Origin: OriginSaid})
	}
}

// dropKeyword takes a word that is now excluded out of the keywords.
func (w *work) dropKeyword(word string) {
	if slices.Contains(w.turn.State.Keywords, word) {
		w.d.DropKeywords = appendNew(w.d.DropKeywords, word)
	}
}
