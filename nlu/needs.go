package nlu

import (
	"slices"
	"strings"
)

// maxNext bounds the needs that wait for their turn.
const maxNext = 4

// secondNeed finds where a turn begins to speak of another product: "a tent and a pair of hiking boots", 买个帐篷，还要一双登山鞋. The first need ends before token
// till, the second one starts at token from; ok is false if there is one need only.
func (w *work) secondNeed() (till, from int, ok bool) {
	if w.category == "" || w.hasAct(ActCompare) || w.hasAct(ActOutOfScope) {
		return 0, 0, false
	}
	for k := 1; k < len(w.cats); k++ {
		a, b := w.cats[k-1], w.cats[k]
		if a.prep || b.prep || a.id.within(w.turn.Schema, b.id) || b.id.within(w.turn.Schema, a.id) || !w.headBefore(k) {
			continue
		}
		if till, from, ok = w.joint(k); ok {
			return till, from, true
		}
	}
	return 0, 0, false
}

// headBefore says whether what the turn is about stands before category number k.
func (w *work) headBefore(k int) bool {
	return slices.ContainsFunc(w.cats[:k], func(c catMatch) bool { return c.id == w.category })
}

// ands join two things that are both wanted; "or" joins two of which one is.
var ands = wordSet("and & plus also another additionally 和 跟 以及 及 与 还 再 另 外加 加上 、 顺便 同时 也")

// joint finds the word or the mark between categories k-1 and k after which the second need starts. Only what belongs to a wish or to the second product may
// stand behind it.
func (w *work) joint(k int) (till, from int, ok bool) {
	i, j := w.cats[k-1].j, w.cats[k].i
	till = -1
	mark, and := false, false
	for n := i; n < j; n++ {
		t := w.r.toks[n]
		isMark := breaksClause(t)
		if t.text == "or" || t.text == "或" || t.text == "vs" {
			return 0, 0, false
		}
		if !isMark && !ands[t.text] {
			continue
		}
		if till < 0 || !w.empty(from, n) { // "…, and also" is one joint
			till, mark, and = n, false, false
		}
		mark, and = mark || isMark, and || !isMark
		if from = n + 1; t.kind == tokHan && strings.Contains("还再也另", t.text) {
			from = n // a wish in Chinese
		}
	}
	if till < 0 || !and && !(mark && (w.wishBetween(from, j) || w.listed(k, from))) {
		return 0, 0, false
	}
	for n := from; n < j; n++ {
		if _, neg := w.r.cueAt(n, cueNeg, cueExcept, cueDontCare, cueThis, cueThese); neg || strings.Contains("放装配", w.r.toks[n].text) {
			return 0, 0, false
		}
		if _, head := w.r.cueAt(n, cueHead); head && w.r.toks[n].text != "and" {
			return 0, 0, false
		}
	}
	return till, from, true
}

// empty says whether only words that carry nothing stand at tokens [i, j).
func (w *work) empty(i, j int) bool {
	for n := i; n < j; n++ {
		if t := w.r.toks[n]; !book().stopword[t.text] && t.text != "外" {
			return false
		}
	}
	return true
}

// listed says whether category k goes on with a list: nothing but an article or a count stands between the mark and it.
func (w *work) listed(k, from int) bool {
	j := w.cats[k].i
	if from == j {
		return true
	}
	switch t := w.r.toks[from]; {
	case t.text == "a" || t.text == "an" || t.text == "some" || w.r.numberLen(from) > 0:
		return true
	case k+1 < len(w.cats) && w.empty(from, j):
		return w.orBetween(w.cats[k].j, w.cats[k+1].i)
	}
	return false
}

// owns says whether the shopper only tells what they have: "I have a tent and need a sleeping bag".
func (w *work) owns() bool {
	i := w.cats[0].i
	before := " " + w.r.phrase(0, i) + " "
	for _, p := range []string{" i have ", " ive got ", " i own ", " i already ", " i bought ", "我有", "已经有", "已有", "有了"} {
		if strings.Contains(before, p) && !strings.Contains(before, "有没有") {
			return true
		}
	}
	return false
}

// wishBetween says whether a wish stands between two tokens.
func (w *work) wishBetween(i, j int) bool {
	for k := i; k < j; k++ {
		if c, ok := w.r.cueAt(k, cueWant); ok && c.j <= j {
			return true
		}
	}
	return false
}

// parseBoth reads a turn of two needs: the first as the turn, the second as if it had been said alone.
func (w *work) parseBoth(till, from int) (Delta, bool) {
	toks := w.r.toks
	if w.owns() {
		only := w.turn
		only.Text = w.turn.Text[toks[from].start:]
		return w.fork(only, w.splits+1).parse(), true
	}
	first, second := w.turn, w.turn
	first.Text = w.turn.Text[:toks[till].start]
	second.Text = w.turn.Text[toks[from].start:]
	s := w.turn.State
	second.State = State{Lang: s.Lang, Country: s.Country, Currency: s.Currency}
	second.Shown, second.Page = nil, ""
	b := w.fork(second, w.splits+1).parse()
	if categoriesIn(b.Set) == "" || b.Act != ActFind {
		return Delta{}, false
	}
	a := w.fork(first, maxNext).parse()
	if categoriesIn(a.Set) == "" || !isNeed(a.Act) {
		return Delta{}, false
	}
	a.Lang = w.lang
	a.Next = append([]Need{{Keywords: b.Keywords, Constraints: b.Set, NoPreference: b.NoPreference}}, b.Next...)
	for _, act := range b.Also {
		if act != a.Act {
			a.Also = appendNewAct(a.Also, act)
		}
	}
	if a.Country == "" {
		a.Country = b.Country
	}
	if a.Currency == "" {
		a.Currency = b.Currency
	}
	return a, true
}

func (w *work) fork(t Turn, splits int) *work {
	return &work{turn: t, lex: w.lex, lang: w.lang, home: w.home, splits: splits}
}

func isNeed(a Act) bool { return a == ActFind || a == ActRefine || a == ActNegate || a == ActRelax }

// takeNext answers a yes to "shall we go on to the boots?".
func (w *work) takeNext() {
	s := w.turn.State
	if s.Asked != offerNext || w.d.Act != ActAffirm || len(s.Next) == 0 {
		return
	}
	n := s.Next[0]
	w.d.Act, w.d.NewNeed = ActFind, true
	w.d.Set, w.d.Keywords, w.d.NoPreference = cloneConstraints(n.Constraints), slices.Clone(n.Keywords), slices.Clone(n.NoPreference)
}

// offerNext stands in State.Asked while the assistant's last word was whether to go on to the next need.
const offerNext = "+next"

// addNext keeps the further needs of a turn for later. One about a category that waits already takes its place.
func (s *State) addNext(list []Need) {
	for _, n := range list {
		k := categoriesIn(n.Constraints)
		s.Next = slices.DeleteFunc(s.Next, func(o Need) bool { return categoriesIn(o.Constraints) == k })
		if len(s.Next) < maxNext {
			s.Next = append(s.Next, cloneNeed(n))
		}
	}
}

// nextAbout is the waiting need that conditions are about, -1 if none, or if the present need is about it.
func (s *State) nextAbout(set []Constraint) int {
	want := categoriesIn(set)
	if want == "" || categoriesIn(s.Constraints).shares(want) {
		return -1
	}
	return slices.IndexFunc(s.Next, func(n Need) bool { return categoriesIn(n.Constraints).shares(want) })
}

// startNext files the present need and takes up a waiting one.
func (s *State) startNext(i int) {
	n := s.Next[i]
	s.Next = slices.Delete(s.Next, i, i+1)
	s.startNeed()
	s.Keywords, s.Constraints, s.NoPreference = n.Keywords, n.Constraints, n.NoPreference
}

func cloneNeed(n Need) Need {
	return Need{slices.Clone(n.Keywords), cloneConstraints(n.Constraints), slices.Clone(n.NoPreference), slices.Clone(n.Shown)}
}

func cloneNeeds(list []Need) []Need {
	var out []Need
	for _, n := range list {
		out = append(out, cloneNeed(n))
	}
	return out
}

// About are the categories that a need asks for.
func (n Need) About() []string { return categoriesIn(n.Constraints).list() }
