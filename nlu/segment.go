package nlu

import (
	"slices"
	"sort"
	"strings"
	"unicode"

	"daogou/catalog"
)

// segKind says what a stretch of a turn is.
type segKind uint8

const (
	segWord    segKind = iota // unknown: a keyword, if anything
	segCue                    // a cue, or a word that carries nothing
	segLex                    // a phrase of the catalogue
	segMeasure                // a number with its bound and unit
	segPunct
)

// seg is a stretch of tokens [i, j) read as one thing.
type seg struct {
	kind   segKind
	i, j   int
	cue    cue
	pay    int
	ents   []entry // of segLex, the likeliest first
	m      *measure
	shoe   *shoeSize // of segMeasure, if it is a shoe size
	clause int
	used   bool // stands for something already
	head   bool // the category that the turn is about
}

// clause is the segments [from, to) between two breaks.
type clause struct {
	from, to int
	act      Act // what it does, if not say a need
	lits     int
	mute     bool // says nothing about the need
}

// catMatch is a category named in the turn.
type catMatch struct {
	i, j int
	id   kinds
	prep bool // a preposition stands before it: "for my laptop"
	neg  bool
	part bool // only a part of its name was said
}

// findCategories finds what the turn is about: the head of its noun phrase.
func (w *work) findCategories() {
	w.readCategories(false)
	if len(w.cats) == 0 && !w.turn.State.hasNeed() {
		w.readCategories(true)
	}
	if len(w.cats) == 0 {
		w.answerKind()
	}
	w.mergeCategories()
	if k := w.headCategory(); k >= 0 {
		w.category = w.cats[k].id
	}
	context := w.category
	if context == "" {
		context = w.previous
	}
	w.facets, w.known = w.lex.facetsOfKinds(context), context != ""
}

// readCategories lists the categories named. Departments are those that a word names by a part of their label.
func (w *work) readCategories(departments bool) {
	for i := 0; i < len(w.r.toks); {
		m, id := w.categoryAt(i, departments)
		if id == "" {
			i = max(m, i+1)
			continue
		}
		w.cats = append(w.cats, catMatch{i: i, j: m, id: id, prep: w.prepBefore(i)})
		i = m
	}
}

// categoryAt reads a category at token i and returns its end, or where to read on.
func (w *work) categoryAt(i int, departments bool) (int, kinds) {
	toks := w.r.toks
	if j := w.compounds[i]; j > 0 {
		return j, ""
	}
	ms := w.lex.matchesAt(toks, i)
	if len(ms) == 0 {
		return i + 1, ""
	}
	m := ms[0]
	if c, ok := w.r.cueAt(i, cueStop, cueQuestion, cueThis, cueSpend, cueDontCare); ok && c.j > m.j {
		return c.j, ""
	}
	best, e := w.bestCategory(m)
	if plural := toks[i].text != toks[i].stem; best == "" && plural && m.j-m.i > 1 && m.ents[0].kind == lexFacet { // "shoes size 9" is about shoes
		m = ms[len(ms)-1]
		best, e = w.bestCategory(m)
	}
	if best == "" || e.dept && (!departments || w.partOfWord(m.i, m.j)) || e.head && w.unknownBefore(m.i) {
		return m.j, ""
	}
	if m.j < len(toks) && (toks[m.j].stem == "colour" || toks[m.j].text == "coloured") { // "coffee coloured"
		return m.j, ""
	}
	if w.isValueHere(m) || w.isComparedPart(m) {
		return m.j, ""
	}
	if w.isModifier(m.i, m.j) {
		return m.j, ""
	}
	if m.j-m.i == 1 && toks[i].kind == tokWord && (len(toks[i].text) < 2 || book().stopword[toks[i].text]) {
		return m.j, ""
	}
	if w.onlyServes(i) || m.j+1 < len(toks) && toks[m.j].text == "of" && containers[toks[m.j-1].stem] {
		return m.j, ""
	}
	return m.j, best
}

// isValueHere prefers a value to a category of the same name where the open question asks for it.
func (w *work) isValueHere(m lexMatch) bool {
	for _, e := range m.ents {
		if (e.kind == lexValue || e.kind == lexBool) && e.id == w.turn.State.Asked {
			return true
		}
	}
	return false
}

// isComparedPart says whether what looks like a category is a part of the goods that a comparative or an amount is said of: the "screen" of "a bigger
// screen" for a laptop, the "ram" of "16gb ram".
func (w *work) isComparedPart(m lexMatch) bool {
	if w.previous == "" || w.wishBefore(m.i) {
		return false
	}
	word := w.r.phrase(m.i, m.j)
	if _, before := w.r.cueTill(m.i, cueCompare, cueLarger, cueSmaller, cueToo); !before && !w.measureBefore(m.i) {
		j := m.j
		for w.r.text1(j) == "要" || w.r.text1(j) == "再" {
			j++
		}
		if _, after := w.r.cueAt(j, cueCompare, cueLarger, cueSmaller, cueToo); !after {
			return false
		}
	}
	for id := range w.lex.facetsOfKinds(w.previous) {
		f := w.facet(id)
		if f == nil || f.Kind != catalog.KindNumber {
			continue
		}
		for _, l := range f.Label {
			if strings.Contains(strings.ToLower(l), word) {
				return true
			}
		}
	}
	return false
}

// measureBefore says whether an amount stands right before token i: "16gb ram".
func (w *work) measureBefore(i int) bool {
	for k := i - 1; k >= max(0, i-3); k-- {
		if n := w.r.numberLen(k); n > 0 {
			return k+n < i // with a unit between
		}
	}
	return false
}

// wishBefore says whether a wish with an article leads to token i: "I want a bigger screen" may well be about screens.
func (w *work) wishBefore(i int) bool {
	for k := max(0, i-5); k < i; k++ {
		if p := w.r.text1(k); p == "another" || p == "买" {
			return true
		}
	}
	return false
}

// containers are things by which other things are counted: "a box of tea".
var containers = map[string]bool{"box": true, "pack": true, "set": true, "pair": true, "bottle": true, "bag": true, "can": true, "jar": true, "case": true, "packet": true, "roll": true, "tube": true, "cup": true, "glass": true, "basket": true, "tin": true}

// onlyServes says whether the thing wanted is only to hold or fit the category at token i: 能放电脑的, said of a bag.
func (w *work) onlyServes(i int) bool {
	if i == 0 || !w.turn.State.hasNeed() || w.lang != "zh" {
		return false
	}
	return strings.Contains("放装配", w.r.toks[i-1].text)
}

// nounTails are ideographs that make another noun of the one before: 手机 is a phone, 手机壳 a case.
const nounTails = "壳膜套架包袋盒垫布罩绳钉杆线柜桌椅灯贴扣座板盖刷筒桶瓶杯碗盘锅铲叉勺筷笼箱床单被枕巾衣裤裙鞋帽袜链环戒液霜膏粉油皂纸笔夹钳锤梯锁卡池支底芯管轮胎网罐"

// isModifier says whether a category at [i, j) only modifies an unknown noun right behind it: "laptop sleeve", 手机壳.
func (w *work) isModifier(i, j int) bool {
	toks := w.r.toks
	if j >= len(toks) {
		return false
	}
	next := toks[j]
	switch next.kind {
	case tokHan:
		if len(w.lex.matchesAt(toks, j)) > 0 || w.freeCue(j) {
			return false
		}
		return strings.ContainsAny(next.text, nounTails) || j-i == 1 && toks[i].kind == tokHan
	case tokWord:
		if toks[j-1].kind != tokWord || toks[j-1].text != toks[j-1].stem || !next.space || strings.HasSuffix(next.text, "ing") || strings.HasSuffix(next.text, "ed") {
			return false
		}
		if w.namesOther(i, j) {
			return true
		}
		if len(w.lex.matchesAt(toks, j)) > 0 || len(w.r.at[j]) > 0 || book().stopword[next.text] || len(next.text) < 3 {
			return false
		}
		return next.text != next.stem || j+1 == len(toks) || toks[j+1].kind == tokPunct || w.stopAt(j+1)
	}
	return false
}

// namesOther says whether the word at j only names a facet that the category at i does not have: the "compartment" of "laptop compartment".
func (w *work) namesOther(i, j int) bool {
	ms := w.lex.matchesAt(w.r.toks, j)
	if len(ms) == 0 || len(w.r.at[j]) > 0 {
		return false
	}
	has := w.lex.facetsOfKinds(w.namedAt(i))
	return !slices.ContainsFunc(ms[0].ents, func(e entry) bool { return e.kind != lexFacet || has.has(e.id) })
}

func (w *work) stopAt(i int) bool {
	return i < len(w.r.toks) && (book().stopword[w.r.toks[i].text] || len(w.r.at[i]) > 0)
}

// freeCue says whether a cue of at least two ideographs, or one that may stand anywhere, starts at token i.
func (w *work) freeCue(i int) bool {
	for _, c := range w.r.at[i] {
		if c.j-c.i > 1 || strings.Contains(anywhere+atEdge, w.r.toks[i].text) {
			return true
		}
	}
	return w.r.numberLen(i) > 0
}

// bestCategory is what a phrase names: what the need is about or what is to come next, if it may mean these, else all that it stands for.
func (w *work) bestCategory(m lexMatch) (kinds, entry) {
	k, e := named(m.ents)
	if k == "" {
		return "", entry{}
	}
	if w.mayMean(m, k, w.previous) {
		return w.previous, entry{}
	}
	for _, n := range w.turn.State.Next {
		if next := categoriesIn(n.Constraints); w.mayMean(m, k, next) {
			return next, entry{}
		}
	}
	return k, e
}

// mayMean says whether a phrase that names some categories may stand for others that the talk knows of: they are among those, or their names end in it, as "the
// boots" are the hiking boots.
func (w *work) mayMean(m lexMatch, named, k kinds) bool {
	if k == "" {
		return false
	}
	head := w.lex.heads[headWord(w.r.toks[m.i:m.j])]
	return !slices.ContainsFunc(k.list(), func(id string) bool {
		return !slices.Contains(named.list(), id) && !slices.ContainsFunc(head, func(h headName) bool { return h.id == id })
	})
}

// namedAt is what the longest phrase at token i names.
func (w *work) namedAt(i int) kinds {
	k, _ := w.bestCategory(w.lex.matchesAt(w.r.toks, i)[0])
	return k
}

// adjectives tell nothing of what kind a thing is.
var adjectives = wordSet(`stylish elegant cute beautiful fancy casual formal sturdy durable comfortable comfy cozy cosy simple modern vintage classic premium luxury affordable cheap inexpensive
winter summer spring autumn travel reliable compact portable big tiny plain light bright warm`)

// unknownBefore says whether a word that nobody knows runs into token i: of a "dining chair" the catalogue may have none among its chairs.
func (w *work) unknownBefore(i int) bool {
	if i == 0 || len(w.r.till[i]) > 0 {
		return false
	}
	t := w.r.toks[i-1]
	if t.kind != tokWord && t.kind != tokHan || book().stopword[t.text] || everyday[t.text] || adjectives[t.text] || t.kind == tokHan && w.r.toks[i].space {
		return false
	}
	for k := max(0, i-maxPhrase); k < i; k++ {
		if slices.ContainsFunc(w.lex.matchesAt(w.r.toks, k), func(m lexMatch) bool { return m.j == i }) {
			return false
		}
	}
	return true
}

// partOfWord says whether unknown ideographs run into [i, j): 户外 in 户外电源 names no department.
func (w *work) partOfWord(i, j int) bool {
	toks := w.r.toks
	if toks[i].kind != tokHan {
		return false
	}
	return w.unknownBefore(i) || j < len(toks) && toks[j].kind == tokHan && !toks[j].space && !w.freeCue(j)
}

// prepBefore says whether a preposition leads to token i, over articles and the like.
func (w *work) prepBefore(i int) bool {
	if w.lang == "zh" {
		return false
	}
	for k := i - 1; k >= 0 && k >= i-4; k-- {
		if breaksClause(w.r.toks[k]) {
			return false
		}
		switch w.r.toks[k].text {
		case "for", "with", "without", "in", "to", "from", "on", "at", "inside", "under", "near", "into":
			if k > 0 { // "looking for", "need for" lead to the thing itself
				switch w.r.toks[k-1].text {
				case "looking", "search", "searching", "look", "shopping", "hunting", "looking just", "after", "asking", "care", "interested", "browse", "browsing":
					return false
				}
			}
			return true
		case "a", "an", "the", "my", "our", "his", "her", "your", "some", "any", "this", "that", "new", "old":
		default:
			if len(w.lex.matchesAt(w.r.toks, k)) == 0 {
				return false
			}
		}
	}
	return false
}

// mergeCategories joins adjacent ones: the last is the head, those before modify it.
func (w *work) mergeCategories() {
	out := w.cats[:0]
	for _, c := range w.cats {
		if n := len(out); n > 0 && (out[n-1].j == c.i || w.onlyValues(out[n-1].j, c.i)) && !out[n-1].id.within(w.turn.Schema, c.id) {
			c.prep = out[n-1].prep
			out = out[:n-1]
		} else if n > 0 && out[n-1].j == c.i {
			continue // "gaming laptop computer": the narrower one stands
		} else if n > 0 && out[n-1].prep && w.orBetween(out[n-1].j, c.i) {
			c.prep = true // "for laptop and tablet"
		}
		out = append(out, c)
	}
	w.cats = out
}

// onlyValues says whether English values and nothing else stand at [i, j): of "chocolate brown boots" the head are the boots.
func (w *work) onlyValues(i, j int) bool {
	if i >= j || w.r.toks[i].kind != tokWord {
		return false
	}
	for i < j {
		ms := w.lex.matchesAt(w.r.toks, i)
		if len(ms) == 0 || ms[0].j > j || !slices.ContainsFunc(ms[0].ents, func(e entry) bool { return e.kind == lexValue }) {
			return false
		}
		i = ms[0].j
	}
	return true
}

// headCategory is the index of the category that the turn is about, -1 if none.
func (w *work) headCategory() int {
	if len(w.cats) == 0 {
		return -1
	}
	if w.lang == "zh" {
		k := 0
		for k+1 < len(w.cats) && !w.breakBetween(w.cats[k].j, w.cats[k+1].i) && !w.orBetween(w.cats[k].j, w.cats[k+1].i) {
			k++
		}
		return k
	}
	for k, c := range w.cats {
		if !c.prep {
			return k
		}
	}
	return 0
}

func (w *work) breakBetween(i, j int) bool {
	for ; i < j; i++ {
		if breaksClause(w.r.toks[i]) {
			return true
		}
	}
	return false
}

func (w *work) orBetween(i, j int) bool {
	if i >= j || j-i > 3 {
		return false
	}
	found := false
	for k := i; k < j; k++ {
		if c, ok := w.r.cueAt(k, cueOr); ok && c.j <= j {
			found, k = true, c.j-1
		} else if n := w.r.numberLen(k); found && n > 0 && k+n <= j { // 一件外套和一双跑鞋
			k += n - 1
		} else if !book().stopword[w.r.toks[k].text] {
			return false
		}
	}
	return found
}

// anywhere are ideographs that are cues wherever they stand; atEdge only where no unknown word runs into them. All other lone ideographs are parts of words.
const (
	anywhere = "的了吗呢吧啊呀哦我你您他她它是有和跟或很请么那这找买要想、"
	atEdge   = "玩会能看给让在就还又也都更最太再不没用来求别换嗯哈亲对送穿戴放带"
)

// segment cuts the turn into segments, the longest reading first.
func (w *work) segment() {
	toks := w.r.toks
	measures := map[int]*measure{}
	ms := w.r.measures(w.home)
	for k := range ms {
		measures[ms[k].i] = &ms[k]
	}
	for i := 0; i < len(toks); {
		s := w.segmentAt(i, measures)
		w.segs = append(w.segs, s)
		i = s.j
	}
	w.makeClauses()
	w.settleLone()
	w.rankEntries()
}

func (w *work) segmentAt(i int, measures map[int]*measure) seg {
	toks := w.r.toks
	if j := w.compounds[i]; j > 0 {
		return seg{kind: segWord, i: i, j: j}
	}
	for _, c := range w.cats {
		if c.part && c.i == i {
			return seg{kind: segLex, i: i, j: c.j, ents: []entry{{kind: lexCategory, id: string(c.id)}}}
		}
	}
	if s := w.shoeAt(i); s != nil {
		return seg{kind: segMeasure, i: i, j: s.j, shoe: s, m: &measure{i: i, j: s.j, ni: i, nj: s.j, op: catalog.OpEq, lo: s.size, hi: s.size}}
	}
	best := seg{kind: segWord, i: i, j: i + 1}
	if toks[i].kind == tokPunct {
		best.kind = segPunct
	}
	if c, ok := w.plainCue(i); ok {
		best = seg{kind: segCue, i: i, j: c.j, cue: c.kind, pay: c.payload}
	}
	for _, m := range w.lex.matchesAt(toks, i) {
		if ents := w.answers(m); ents != nil { // the open question goes first
			best = seg{kind: segLex, i: i, j: m.j, ents: ents}
			break
		}
	}
	for _, m := range w.lex.matchesAt(toks, i) {
		if m.j < best.j || best.kind == segLex {
			break
		}
		if w.shoeInside(i, m.j) {
			continue
		}
		if m.j > max(best.j, i+1) && best.kind != segLex && len(w.acceptable(m)) == 0 && !w.coversCue(m) && !(m.j-i == 2 && strings.ContainsAny(toks[i+1].text, "码号")) {
			best = seg{kind: segWord, i: i, j: m.j} // a phrase of the catalogue stays one word even where it says nothing
			continue
		}
		if ents := w.acceptable(m); len(ents) > 0 {
			if m.j == best.j && best.kind == segCue && (best.cue == cueCompare || best.cue == cueMost || best.cue == cueThese || best.cue == cueThis || best.cue == cueWell || best.cue == cueDontCare || best.cue == cueAny || best.cue == cueNeg || best.cue == cueGift && !w.known) {
				break
			}
			best = seg{kind: segLex, i: i, j: m.j, ents: ents}
			break
		}
	}
	if m := measures[i]; m != nil && (m.j > best.j || m.j == best.j && (best.kind != segLex || !m.bare()) || best.kind == segCue && m.j >= best.j) {
		best = seg{kind: segMeasure, i: i, j: m.j, m: m}
	} else if m == nil && best.kind != segLex {
		for k := i + 1; k < best.j; k++ { // a cue must not swallow the start of a measure
			if measures[k] != nil && measures[k].j > best.j {
				best.j = k
				if best.kind == segCue {
					if c, ok := w.r.cueAt(i, cueStop); !ok || c.j > k {
						best = seg{kind: segCue, cue: cueStop, i: i, j: k}
					}
				}
				break
			}
		}
	}
	return best
}

// answers are the meanings of a phrase that answer the open question, nil if none do.
func (w *work) answers(m lexMatch) []entry {
	var out []entry
	for _, e := range m.ents {
		if (e.kind == lexValue || e.kind == lexBool) && e.id == w.turn.State.Asked && w.accepts(e, m) && !(e.risky && w.r.toks[m.i].kind == tokHan && !w.loneHan(m.i)) {
			out = append(out, e)
		}
	}
	return out
}

// coversCue says whether words that do something stand inside a phrase, so that it must not be read as one word.
func (w *work) coversCue(m lexMatch) bool {
	for i := m.i; i < m.j; i++ {
		if c, ok := w.r.cueAt(i, cueNeg, cueThis, cueThese, cueCompare, cueMost, cueToo, cueDontCare, cueLE, cueGE); ok && (i > m.i || c.j > m.j || w.r.toks[i].kind == tokWord) {
			return true
		}
		if w.r.numberLen(i) > 0 {
			return true
		}
	}
	return false
}

// plainCue is the longest cue at token i that may be read there.
func (w *work) plainCue(i int) (cueMatch, bool) {
	toks := w.r.toks
	var best cueMatch
	for _, c := range w.r.at[i] {
		switch c.kind {
		case cueLE, cueGE, cueBetween, cueAbout, cueLEAfter, cueGEAfter, cueAboutAfter, cueSomeAfter, cueRating:
			if toks[i].kind == tokHan && c.j-c.i == 1 || c.j <= best.j || toks[c.j-1].text == "than" {
				continue // these are read with the number they belong to; alone they only carry nothing
			}
		}
		if (c.kind == cueThese || c.kind == cueThis) && c.j-c.i > 1 && !w.hasItems() {
			continue
		}
		if c.j-c.i == 1 && toks[i].kind == tokHan {
			if w.countsAfterWish(i) {
				return cueMatch{kind: cueStop, i: i, j: i + 1}, true
			}
			edge := len(w.segs) == 0 || w.segs[len(w.segs)-1].kind != segWord || w.segs[len(w.segs)-1].j != i || toks[i-1].kind != tokHan
			if !strings.Contains(anywhere, toks[i].text) && !(edge && strings.Contains(atEdge, toks[i].text)) {
				continue
			}
		}
		if c.j > best.j || c.j == best.j && rankCue(c.kind) > rankCue(best.kind) {
			best = c
		}
	}
	return best, best.j > 0
}

// Measure words that a wish leads to, 想买双登山鞋. Those of the second list are also heads of common nouns and need a word of the catalogue behind them.
const (
	measureWords     = "个双把件条部支套款辆台顶只张点些份"
	weakMeasureWords = "口床盒瓶本副盏块对"
)

// countsAfterWish says whether the ideograph at token i is a measure word between a wish and what is wished for.
func (w *work) countsAfterWish(i int) bool {
	n := len(w.segs)
	if n == 0 || i+1 >= len(w.r.toks) || w.segs[n-1].kind != segCue || w.segs[n-1].j != i || w.r.toks[i-1].kind != tokHan || w.r.toks[i+1].kind != tokHan {
		return false
	}
	if _, wish := w.r.cueTill(i, cueWant); !wish && !strings.Contains("买找来要送给选挑换", w.r.toks[i-1].text) {
		return false
	}
	t := w.r.toks[i].text
	return strings.Contains(measureWords, t) || strings.Contains(weakMeasureWords, t) && len(w.lex.matchesAt(w.r.toks, i+1)) > 0
}

// rankCue orders cues of the same words: the one that does most wins.
func rankCue(k cue) int {
	switch k {
	case cueStop:
		return 0
	case cueSpend, cueAbout, cueBetween, cueLE, cueGE, cueLEAfter, cueGEAfter, cueAboutAfter:
		return 1
	case cueHead, cueQuestion, cueOr, cueHard, cueLarger, cueSmaller:
		return 2
	case cueWant, cueOne, cueDet:
		return 3
	case cueThis, cueThese:
		return 4
	case cueCompare, cueMost, cueToo, cueCountryTo:
		return 9
	case cueNotNeeded, cueExcept, cueMoreBudget:
		return 8
	case cueDontCare:
		return 7
	}
	return 6
}

// acceptable are the meanings of a phrase that fit the talk.
func (w *work) acceptable(m lexMatch) []entry {
	var out []entry
	for _, e := range m.ents {
		if w.accepts(e, m) {
			out = append(out, e)
		}
	}
	return out
}

func (w *work) accepts(e entry, m lexMatch) bool {
	toks := w.r.toks
	asked := e.id != "" && e.id == w.turn.State.Asked
	switch e.kind {
	case lexCategory:
		return slices.ContainsFunc(w.cats, func(c catMatch) bool { return c.i == m.i && c.j == m.j })
	case lexBrand:
		return !e.risky && !(m.j-m.i == 1 && book().stopword[toks[m.i].text]) || w.turn.State.Asked == catalog.FacetBrand || w.capitalised(m.i) && toks[m.i].kind == tokWord && m.i > 0
	case lexFacet:
		if e.risky && toks[m.i].kind == tokHan && m.j-m.i == 1 {
			f := w.facet(e.id)
			return m.i > 0 && w.facets.has(e.id) && f != nil && f.Kind == catalog.KindNumber && (toks[m.i-1].kind == tokNumber || w.endsNumber(m.i))
		}
		return w.facets.has(e.id)
	}
	if !w.facets.has(e.id) {
		return false
	}
	if asked {
		return true
	}
	if plural := toks[m.i].text != toks[m.i].stem; !w.known && (e.kind == lexValue || plural) && m.j-m.i == 1 && w.lex.spread[e.id] < commonFacet && w.lex.spread[e.id] > 0 {
		return w.nameNear(e.id, m) // one word of a facet that few types have says nothing while the type is unknown
	}
	t := toks[m.i]
	single := m.j-m.i == 1
	if !e.risky && !(single && book().stopword[t.text]) {
		return true
	}
	switch {
	case allDigits(toks[m.i:m.j]):
		return w.nameNear(e.id, m)
	case single && t.kind == tokHan:
		return w.known && w.loneHan(m.i)
	case single && t.kind == tokWord && len(t.text) <= 2 && strings.ContainsAny(w.r.text1(m.j), "码号"): // M码
		return true
	case single && t.kind == tokWord && len(t.text) <= 2:
		return w.nameNear(e.id, m) || w.known && w.capitalised(m.i) && t.text != "i" && t.text != "a" && len(toks) < 12
	case single && t.text == "her" || single && t.text == "him":
		return w.known && m.i > 0 && toks[m.i-1].text == "for"
	case book().stopword[joinTokens(toks[m.i:m.j])]:
		return w.nameNear(e.id, m)
	}
	return w.known
}

// commonFacet is how many types must share a facet for a single word to be read as its value before the type is known.
const commonFacet = 3

// endsNumber says whether a number in ideographs ends before token i.
func (w *work) endsNumber(i int) bool {
	_, ok := hanDigits[w.r.toks[i-1].text]
	return ok || hanUnits[w.r.toks[i-1].text] != 0
}

// loneHan says whether an ideograph stands as a word of its own: no unknown ideograph touches it.
func (w *work) loneHan(i int) bool {
	toks := w.r.toks
	if i > 0 && toks[i-1].kind == tokHan && !toks[i].space {
		if n := len(w.segs); n > 0 && w.segs[n-1].kind == segWord {
			return false
		}
	}
	if i+1 >= len(toks) || toks[i+1].kind != tokHan || toks[i+1].space {
		return true
	}
	return w.freeCue(i+1) || len(w.lex.matchesAt(toks, i+1)) > 0 || toks[i+1].text == "款" || toks[i+1].text == "色"
}

func (w *work) capitalised(i int) bool {
	t := w.r.toks[i]
	return unicode.IsUpper([]rune(w.r.text[t.start:t.end])[0])
}

// nameNear says whether the facet's name stands within three tokens of a match: "size M".
func (w *work) nameNear(facet string, m lexMatch) bool {
	for i := max(0, m.i-3); i < min(len(w.r.toks), m.j+3); i++ {
		if i >= m.i && i < m.j {
			continue
		}
		for _, x := range w.lex.matchesAt(w.r.toks, i) {
			for _, e := range x.ents {
				if e.kind == lexFacet && e.id == facet && x.j <= m.i+4 {
					return true
				}
			}
		}
	}
	return false
}

// makeClauses cuts at punctuation and at words like "but".
func (w *work) makeClauses() {
	from := 0
	cut := func(to int) {
		if to > from {
			w.clauses = append(w.clauses, clause{from: from, to: to})
			from = to
		}
	}
	for k := range w.segs {
		s := &w.segs[k]
		if s.kind == segPunct && breaksClause(w.r.toks[s.i]) {
			cut(k)
		} else if s.kind == segCue && s.cue == cueBut {
			cut(k)
		}
		s.clause = len(w.clauses)
	}
	cut(len(w.segs))
	if len(w.clauses) == 0 {
		w.clauses = []clause{{}}
	}
	for k := range w.segs {
		w.segs[k].clause = min(w.segs[k].clause, len(w.clauses)-1)
	}
}

// settleLone takes back lone ideographs that an unknown one follows after all.
func (w *work) settleLone() {
	for k := range w.segs {
		s := &w.segs[k]
		if s.kind != segLex || s.j-s.i != 1 || w.r.toks[s.i].kind != tokHan || s.ents[0].kind == lexCategory || s.ents[0].kind == lexFacet {
			continue
		}
		if k+1 < len(w.segs) && w.segs[k+1].kind == segWord && w.r.toks[w.segs[k+1].i].kind == tokHan && !w.r.toks[w.segs[k+1].i].space {
			s.kind = segWord
		}
	}
}

// rankEntries puts the likeliest meaning of each phrase first.
func (w *work) rankEntries() {
	for k := range w.segs {
		s := &w.segs[k]
		if s.kind == segLex && len(s.ents) > 1 {
			named := w.namedIn(s.clause)
			sort.SliceStable(s.ents, func(a, b int) bool { return w.likelier(s.ents[a], s.ents[b], named) })
		}
	}
}

func (w *work) namedIn(clause int) map[string]bool {
	named := map[string]bool{}
	for k := w.clauses[clause].from; k < w.clauses[clause].to; k++ {
		for _, e := range w.segs[k].ents {
			if e.kind == lexFacet {
				named[e.id] = true
			}
		}
	}
	return named
}

// likelier orders two meanings of the same words.
func (w *work) likelier(a, b entry, named map[string]bool) bool {
	rank := func(e entry) int {
		switch {
		case e.kind == lexCategory:
			return 0
		case e.id == w.turn.State.Asked && e.kind != lexFacet:
			return 1
		case e.kind != lexFacet && named[e.id]:
			return 2
		case e.kind == lexBrand:
			return 5
		case e.kind == lexFacet:
			return 4
		}
		return 3
	}
	if x, y := rank(a), rank(b); x != y {
		return x < y
	}
	if w.known {
		x, okX := w.facets[a.id]
		y, okY := w.facets[b.id]
		if okX && okY && x != y {
			return x < y
		}
	}
	if x, y := w.lex.spread[a.id], w.lex.spread[b.id]; x != y {
		return x > y
	}
	return a.at < b.at
}
