package nlu

import (
	"math"
	"slices"
	"strings"

	"daogou/catalog"
)

// refMatch is words at tokens [i, j) that point to products. Words that point nowhere have no ids.
type refMatch struct {
	i, j    int
	ids     []string
	pronoun bool // "it", 这个: weaker than any other
	plain   bool // a lone number: only where the act is about items
}

var ordinals = map[string]int{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "last": -1, "final": -1, "bottom": -1, "top": 1, "middle": 0, "leftmost": 1, "rightmost": -1}

// findReferences resolves what the turn points to among the products on the table.
func (w *work) findReferences() {
	toks := w.r.toks
	for i := 0; i < len(toks); {
		m, ok := w.refAt(i)
		if !ok {
			i++
			continue
		}
		w.refs = append(w.refs, m)
		i = max(m.j, i+1)
	}
	w.attributeRefs()
	if !slices.ContainsFunc(w.refs, func(r refMatch) bool { return !r.pronoun && !r.plain }) {
		w.titleRefs()
	}
	slices.SortStableFunc(w.refs, func(a, b refMatch) int { return a.i - b.i })
}

// table is the products on the table by id, in the order shown.
func (w *work) table() []string {
	if len(w.turn.Shown) == 0 {
		return w.turn.State.Shown
	}
	ids := make([]string, len(w.turn.Shown))
	for i, p := range w.turn.Shown {
		ids[i] = p.ID
	}
	return ids
}

// refAt reads an ordinal or a pronoun at token i.
func (w *work) refAt(i int) (refMatch, bool) {
	if m, ok := w.ordinalEN(i); ok {
		return m, true
	}
	if m, ok := w.ordinalZH(i); ok {
		return m, true
	}
	for _, kinds := range [][]cue{{cueThese}, {cueThis}} {
		c, ok := w.r.cueAt(i, kinds...)
		if !ok || !w.pronounHere(c) {
			continue
		}
		ids := w.focus()
		if kinds[0] == cueThese {
			ids = w.table()
			if n := w.countWord(c); n > 0 && n < len(ids) {
				ids = nil
			}
		}
		return refMatch{i: c.i, j: c.j, ids: ids, pronoun: true}, true
	}
	return refMatch{}, false
}

// countWord is how many items "both" or 这两个 speaks of, 0 if it does not say.
func (w *work) countWord(c cueMatch) int {
	switch p := w.r.phrase(c.i, c.j); {
	case strings.Contains(p, "both") || strings.Contains(p, "two") || strings.ContainsAny(p, "两俩"):
		return 2
	case strings.Contains(p, "three") || strings.Contains(p, "三"):
		return 3
	}
	return 0
}

// pronounHere refuses words that look like pronouns: "it" in "make it under 50", 那个 before a colour.
func (w *work) pronounHere(c cueMatch) bool {
	if !w.hasItems() {
		return false
	}
	p := w.r.phrase(c.i, c.j)
	if (p == "this" || p == "that" || p == "those" || p == "these") && c.j < len(w.r.toks) {
		next := w.r.toks[c.j]
		return next.kind != tokWord || book().stopword[next.text] || len(w.r.at[c.j]) > 0 || next.text == "fit" || next.text == "looks"
	}
	if p == "it" && c.j+1 < len(w.r.toks) && (w.r.toks[c.j].text == "should" || w.r.toks[c.j].text == "must" || w.r.toks[c.j].text == "has" && w.r.text1(c.j+1) == "to" || w.r.toks[c.j].text == "needs" || w.r.toks[c.j].text == "would") {
		return false
	}
	if p == "they" || p == "them" || p == "those" || p == "他们" {
		return len(w.table()) > 0
	}
	return true
}

// focus is what "it" means: the product in focus, the only one shown, or the page's.
func (w *work) focus() []string {
	switch ids := w.table(); {
	case w.turn.State.Focus != "":
		return []string{w.turn.State.Focus}
	case len(ids) == 1:
		return []string{ids[0]}
	case len(ids) == 0 && w.turn.Page != "":
		return []string{w.turn.Page}
	}
	return nil
}

// ordinalEN reads "the second one", "number 2", "#2", "the first two", "the latter".
func (w *work) ordinalEN(i int) (refMatch, bool) {
	r := w.r
	start, the := i, false
	switch r.text1(i) {
	case "the", "that", "this", "your":
		i, the = i+1, true
	}
	switch r.text1(i) {
	case "number", "option", "item", "#", "product", "choice", "no", "result":
		k := i + 1
		if r.text1(k) == "." || r.text1(k) == "#" {
			k++
		}
		if n, size := r.number(k); size == 1 && n.lo >= 1 && n.lo <= 20 && n.lo == math.Trunc(n.lo) && w.hasItems() {
			return w.ordinal(start, k+1, int(n.lo)), true
		}
		return refMatch{}, false
	case "former":
		return w.ordinal(start, i+1, 1), the
	case "latter":
		return w.ordinal(start, i+1, -1), the
	case "other":
		if the && r.text1(i+1) == "one" && len(w.table()) == 2 && w.turn.State.Focus != "" {
			ids := slices.DeleteFunc(slices.Clone(w.table()), func(s string) bool { return s == w.turn.State.Focus })
			return refMatch{i: start, j: i + 2, ids: ids}, true
		}
		return refMatch{}, false
	}
	n, k := 0, 0
	if o, ok := ordinals[r.text1(i)]; ok {
		n, k = o, i+1
		if r.text1(i) == "second" && r.text1(i+1) == "last" {
			n, k = -2, i+2
		}
	} else if i+1 < len(r.toks) && r.toks[i].kind == tokNumber && !r.toks[i+1].space && slices.Contains([]string{"st", "nd", "rd", "th"}, r.toks[i+1].text) {
		v, _ := r.number(i)
		n, k = int(min(v.lo, 99)), i+2
	} else {
		return refMatch{}, false
	}
	if c, size := r.number(k); size == 1 && the && c.lo >= 2 && c.lo <= 5 && !c.weak && (n == 1 || n == -1) { // the first two
		return w.several(start, k+1, n, int(c.lo)), true
	}
	one := false
	switch r.text1(k) {
	case "one", "ones", "product", "item", "option", "result", "choice":
		one, k = true, k+1
	}
	if r.text1(i) == "top" && !one || r.text1(i) == "bottom" && !one {
		return refMatch{}, false
	}
	if !w.hasItems() || !the && !one && !w.bareOrdinal(i) {
		return refMatch{}, false
	}
	if !one && k < len(r.toks) { // "the first time", "the last thing"
		switch r.toks[k].text {
		case "time", "thing", "week", "month", "year", "night", "day", "aid", "class", "hand", "minute":
			return refMatch{}, false
		}
	}
	return w.ordinal(start, k, n), true
}

// bareOrdinal says whether an ordinal without article may be one: "second please", "add third to cart".
func (w *work) bareOrdinal(i int) bool {
	return len(w.r.toks) <= 4 || i > 0 && slices.Contains([]string{"add", "take", "and", "or", "vs", "versus", "buy", "remove", "with", "compare"}, w.r.toks[i-1].text)
}

// ordinal points to the n-th product shown, counted from the end if n is negative, the middle one if 0.
func (w *work) ordinal(i, j, n int) refMatch {
	m := refMatch{i: i, j: j}
	ids := w.table()
	switch {
	case n > 0 && n <= len(ids):
		m.ids = []string{ids[n-1]}
	case n < 0 && -n <= len(ids):
		m.ids = []string{ids[len(ids)+n]}
	case n == 0 && len(ids)%2 == 1:
		m.ids = []string{ids[len(ids)/2]}
	}
	return m
}

// several points to the first (or last) count products.
func (w *work) several(i, j, n, count int) refMatch {
	ids := w.table()
	count = min(count, len(ids))
	if n < 0 {
		return refMatch{i: i, j: j, ids: slices.Clone(ids[len(ids)-count:])}
	}
	return refMatch{i: i, j: j, ids: slices.Clone(ids[:count])}
}

const classifiers = "个款件双台条只把顶套部张支盏瓶辆种项号"

// ordinalZH reads 第二个, 最后一款, 倒数第二个, 前两个, 二号.
func (w *work) ordinalZH(i int) (refMatch, bool) {
	r := w.r
	if !w.hasItems() || r.toks[i].kind != tokHan && r.toks[i].kind != tokNumber {
		return refMatch{}, false
	}
	classifier := func(k int) int {
		for r.text1(k) == "一" && strings.ContainsAny(r.text1(k+1), classifiers) {
			k++
		}
		if t := r.text1(k); t != "" && strings.Contains(classifiers, t) {
			k++
		}
		return k
	}
	sign, k := 1, i
	if r.phraseIs(i, "倒数") {
		sign, k = -1, i+2
	}
	if r.text1(k) == "第" {
		n, size := r.number(k + 1)
		if size == 0 || n.lo < 1 || n.lo > 50 {
			return refMatch{}, false
		}
		return w.ordinal(i, classifier(k+1+size), sign*int(n.lo)), true
	}
	switch {
	case r.phraseIs(i, "最后"):
		if j := classifier(i + 2); j > i+2 {
			return w.ordinal(i, j, -1), true
		}
	case r.phraseIs(i, "前者"):
		return w.ordinal(i, i+2, 1), true
	case r.phraseIs(i, "后者"):
		return w.ordinal(i, i+2, -1), true
	case r.text1(i) == "头" || r.phraseIs(i, "首"):
		if j := classifier(i + 1); j > i+1 {
			return w.ordinal(i, j, 1), true
		}
	case r.text1(i) == "中" && r.text1(i+1) == "间", r.text1(i) == "左" && r.text1(i+1) == "边", r.text1(i) == "右" && r.text1(i+1) == "边":
		j := i + 2
		if r.text1(j) == "的" {
			j++
		}
		if r.text1(j) == "那" || r.text1(j) == "这" {
			n := map[string]int{"中": 0, "左": 1, "右": -1}[r.text1(i)]
			return w.ordinal(i, classifier(j+1), n), true
		}
	case r.text1(i) == "前" || r.text1(i) == "后":
		if n, size := r.number(i + 1); size == 1 && n.lo >= 2 && n.lo <= 9 {
			if j := classifier(i + 2); j > i+2 {
				return w.several(i, j, map[string]int{"前": 1, "后": -1}[r.text1(i)], int(n.lo)), true
			}
		}
	default:
		if n, size := r.number(i); size == 1 && r.text1(i+1) == "号" && n.lo >= 1 && n.lo <= float64(max(len(w.table()), 1)) {
			j := i + 2
			return w.ordinal(i, j, int(n.lo)), true
		}
	}
	return refMatch{}, false
}

// phraseIs says whether the ideographs of s stand at token i.
func (r *reading) phraseIs(i int, s string) bool {
	for _, c := range s {
		if r.text1(i) != string(c) {
			return false
		}
		i++
	}
	return true
}

// attributeRefs resolves "the navy one", 那个红的, "the cheapest", "the $30 one", "1 and 3" over the segments.
func (w *work) attributeRefs() {
	if len(w.turn.Shown) == 0 {
		return
	}
	for k := 0; k < len(w.segs); k++ {
		s := &w.segs[k]
		switch {
		case s.kind == segCue && s.cue == cueMost, s.kind == segCue && s.cue == cueCompare && w.pointsByComparative(k):
			w.superlativeRef(k)
		case s.kind == segMeasure && s.m.money() && !s.m.bounded && w.oneNear(k):
			w.priceRef(k)
		case s.kind == segMeasure && s.m.bare() && !s.m.bounded && s.m.lo >= 1 && s.m.lo <= float64(len(w.turn.Shown)) && s.m.lo == math.Trunc(s.m.lo) && w.listsNumbers(k):
			w.plainRef(k)
		case s.kind == segLex && w.valueLike(s) && !w.saidAsOrdinal(s): // "the first one" is no beginner's one
			k = w.valueRef(k)
		}
	}
}

// saidAsOrdinal says whether a pointer has the words of a value already.
func (w *work) saidAsOrdinal(s *seg) bool {
	return slices.ContainsFunc(w.refs, func(r refMatch) bool { return !r.pronoun && r.i <= s.i && s.j <= r.j && ordinals[w.r.text1(s.i)] != 0 })
}

func (w *work) valueLike(s *seg) bool {
	k := s.ents[0].kind
	return k == lexValue || k == lexBool || k == lexBrand
}

// pointsByComparative tells "the cheaper one" from "a cheaper one".
func (w *work) pointsByComparative(k int) bool {
	if len(w.turn.Shown) < 2 || k == 0 {
		return false
	}
	prev := w.r.text1(w.segs[k].i - 1)
	next := w.r.text1(w.segs[k].j)
	return prev == "the" && next != "than" || w.lang == "zh" && next == "的" && (w.r.text1(w.segs[k].j+1) == "那" || w.r.text1(w.segs[k].j+1) == "这")
}

func (w *work) superlativeRef(k int) {
	s := &w.segs[k]
	q := qualities[s.pay]
	facet := w.qualityFacet(q, k)
	if facet == "" {
		return
	}
	best, bestV := "", 0.0
	for _, p := range w.turn.Shown {
		v, ok := w.valueOf(p, facet)
		if ok && (best == "" || (v-bestV)*float64(q.want) > 0) {
			best, bestV = p.ID, v
		}
	}
	if best != "" {
		i, j := s.i, s.j
		if w.r.text1(i-1) == "the" {
			i--
		}
		if w.r.text1(j) == "one" {
			j++
		}
		w.refs = append(w.refs, refMatch{i: i, j: j, ids: []string{best}})
	}
}

// oneNear says whether "one" or 那个 stands by segment k, or an article before it.
func (w *work) oneNear(k int) bool {
	s := w.segs[k]
	for _, at := range []int{s.j, s.j + 1} {
		if c, ok := w.r.cueAt(at, cueOne); ok && c.j > 0 {
			if p := w.r.phrase(c.i, c.j); w.lang == "zh" || p == "one" || p == "ones" && at == s.j {
				return true
			}
		}
	}
	prev := w.r.text1(s.i - 1)
	return prev == "那" || prev == "款" && w.r.text1(s.i-2) == "那" || prev == "个" && w.r.text1(s.i-2) == "那"
}

func (w *work) priceRef(k int) {
	m := w.segs[k].m
	best, gap := "", math.Inf(1)
	for _, p := range w.turn.Shown {
		if v, ok := w.valueOf(p, catalog.FacetPrice); ok && math.Abs(v-m.lo) < gap {
			best, gap = p.ID, math.Abs(v-m.lo)
		}
	}
	ref := refMatch{i: w.segs[k].i, j: w.segs[k].j}
	if gap <= 0.1*m.lo+1 {
		ref.ids = []string{best}
	}
	w.refs = append(w.refs, ref)
	w.segs[k].used = true
}

// listsNumbers says whether a lone number may be a place on the table: it is the whole turn, or one of several joined, or things are compared.
func (w *work) listsNumbers(k int) bool {
	if len(w.r.toks) == 1 || w.hasAct(ActCompare) && len(w.r.toks) <= 10 {
		return true
	}
	for _, n := range []int{k - 2, k + 2} {
		if n < 0 || n >= len(w.segs) || w.segs[n].kind != segMeasure || !w.segs[n].m.bare() {
			continue
		}
		if mid := w.segs[(n+k)/2]; mid.kind == segCue && (mid.cue == cueOr || mid.cue == cueStop) || mid.kind == segPunct {
			return len(w.r.toks) <= 10
		}
	}
	return false
}

func (w *work) plainRef(k int) {
	m := w.segs[k].m
	ids := []string{w.turn.Shown[int(m.lo)-1].ID}
	if hi := int(m.hi); m.op == catalog.OpBetween && hi <= len(w.turn.Shown) && m.hi == math.Trunc(m.hi) { // the difference between 1 and 3
		ids = append(ids, w.turn.Shown[hi-1].ID)
	}
	w.refs = append(w.refs, refMatch{i: w.segs[k].i, j: w.segs[k].j, ids: ids, plain: true})
}

// valueRef reads a run of values that an article and "one" (or a category) make a pointer. It returns the last segment read.
func (w *work) valueRef(k int) int {
	from, to := k, k
	var vals []entry
	for to < len(w.segs) && (w.segs[to].kind == segLex && w.valueLike(&w.segs[to]) || w.segs[to].kind == segCue && w.r.phrase(w.segs[to].i, w.segs[to].j) == "的" && to > from) {
		if w.segs[to].kind == segLex {
			vals = append(vals, w.segs[to].ents[0])
		}
		to++
	}
	det := w.detBefore(from)
	one, end := false, w.segs[to-1].j
	if to < len(w.segs) {
		next := w.segs[to]
		p := w.r.phrase(next.i, next.j)
		if c, ok := w.r.cueAt(next.i, cueOne); ok && (w.lang == "zh" || p == "one" || p == "ones") {
			one, end = true, c.j
		} else if next.kind == segLex && next.ents[0].kind == lexCategory && det {
			one, end = true, next.j
		}
	}
	if w.lang == "zh" && det && (w.segs[to-1].kind == segCue || to == len(w.segs)) {
		one = true // 那个红的
	}
	if !(det && one) && !(one && w.lang == "zh") {
		return to - 1
	}
	var hits []string
	for _, p := range w.turn.Shown {
		if !slices.ContainsFunc(vals, func(e entry) bool { return !w.hasValue(p, e) }) {
			hits = append(hits, p.ID)
		}
	}
	ref := refMatch{i: w.segs[from].i, j: end}
	if len(hits) == 1 {
		ref.ids = hits
	} else if len(hits) == 0 {
		return to - 1 // it asks for something that is not on the table
	}
	w.refs = append(w.refs, ref)
	for i := from; i < to; i++ {
		w.segs[i].used = true
	}
	return to - 1
}

func (w *work) detBefore(k int) bool {
	if k == 0 {
		return false
	}
	i := w.segs[k].i
	if c, ok := w.r.cueTill(i, cueDet); ok && c.j == i {
		return true
	}
	return false
}

// hasValue says whether a product, or one of its variants, has a value.
func (w *work) hasValue(p *catalog.Product, e entry) bool {
	if e.kind == lexBrand {
		return strings.EqualFold(p.Brand, e.id)
	}
	want := catalog.Str(e.value)
	if e.kind == lexBool {
		want = catalog.Bool(true)
	}
	if slices.Contains(p.Facets[e.id], want) {
		return true
	}
	for _, v := range p.Variants {
		if slices.Contains(v.Facets[e.id], want) {
			return true
		}
	}
	return false
}

// titleRefs resolves words that stand in the title of exactly one product shown: "tell me about the Ridgeline".
func (w *work) titleRefs() {
	if len(w.turn.Shown) == 0 {
		return
	}
	owners := map[string]string{} // word → the one product, "" if several
	for _, p := range w.turn.Shown {
		seen := map[string]bool{}
		for _, title := range p.Title {
			for _, word := range titleWords(title) {
				if seen[word] {
					continue
				}
				seen[word] = true
				if _, taken := owners[word]; taken {
					owners[word] = ""
				} else {
					owners[word] = p.ID
				}
			}
		}
	}
	for k := range w.segs {
		s := &w.segs[k]
		if s.kind != segWord && !(s.kind == segLex && s.ents[0].kind == lexBrand) {
			continue
		}
		words := []string{w.r.toks[s.i].text}
		if w.r.toks[s.i].kind == tokHan {
			if s.i+1 >= len(w.r.toks) {
				continue
			}
			words = []string{w.r.toks[s.i].text + w.r.toks[s.i+1].text}
		}
		for _, word := range words {
			if id := owners[word]; id != "" && !book().stopword[word] && len(word) > 2 {
				w.refs = append(w.refs, refMatch{i: s.i, j: s.j, ids: []string{id}, plain: !w.namesItem(s.i)})
			}
		}
	}
}

// namesItem says whether the words before token i lead to the name of an item: "the Ridgeline", "about Skua".
func (w *work) namesItem(i int) bool {
	switch w.r.text1(i - 1) {
	case "the", "that", "this", "about", "add", "compare", "is", "does", "那", "个", "款", "绍", "把":
		return true
	}
	return false
}

// titleWords are the words of a title, and its pairs of ideographs.
func titleWords(title string) []string {
	var out []string
	toks := tokenise(title)
	for i, t := range toks {
		switch {
		case t.kind == tokWord && len(t.text) > 2:
			out = append(out, t.text)
		case t.kind == tokHan && i+1 < len(toks) && toks[i+1].kind == tokHan:
			out = append(out, t.text+toks[i+1].text)
		}
	}
	return out
}

// valueOf is a product's number on a facet.
func (w *work) valueOf(p *catalog.Product, facet string) (float64, bool) {
	switch facet {
	case catalog.FacetPrice:
		price, ok := p.PriceIn("")
		if !ok {
			return 0, false
		}
		amount := price.Amount
		if price.Sale != nil && price.Sale.To.IsZero() {
			amount = price.Sale.Amount
		}
		if !w.turn.Now.IsZero() {
			amount = price.At(w.turn.Now)
		}
		return amount.Major(), true
	case catalog.FacetRating:
		if p.Rating == nil {
			return 0, false
		}
		return p.Rating.Average, true
	}
	if vs := p.Facets[facet]; len(vs) > 0 && vs[0].IsNum() {
		return vs[0].Num(), true
	}
	if f := w.facet(facet); f != nil && f.Unit == "g" && facet == "weight" && p.WeightG > 0 {
		return p.WeightG, true
	}
	return 0, false
}
