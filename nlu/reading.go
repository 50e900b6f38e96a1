package nlu

import "strings"

// reading is one turn under the rules: its tokens and every cue in them. Money, quantities, constraints and acts are all read from it.
type reading struct {
	text string
	toks []token
	lang string
	at   [][]cueMatch // by first token, longest first
	till [][]cueMatch // by token after the last
	num  []int8       // length of the number at a token, -1: not looked yet
	nums []number
}

// read tokenises a text and finds the cues.
func read(text, lang string) *reading {
	r := &reading{text: text, toks: tokenise(text), lang: lang}
	n := len(r.toks)
	r.at, r.till = make([][]cueMatch, n+1), make([][]cueMatch, n+1)
	r.num, r.nums = make([]int8, n), make([]number, n)
	for i := range r.num {
		r.num[i] = -1
	}
	b := book()
	m := matcher{t: b.cues, toks: r.toks, numberAt: r.numberLen, emit: func(f found) {
		c := b.cueOf[f.id]
		c.i, c.j = f.i, f.j
		if c.j <= c.i {
			return
		}
		r.at[c.i] = append(r.at[c.i], c)
		r.till[c.j] = append(r.till[c.j], c)
	}}
	m.matchAll()
	return r
}

// numberLen is the length of the number at a token, 0 if there is none.
func (r *reading) numberLen(i int) int {
	_, k := r.number(i)
	return k
}

func (r *reading) number(i int) (number, int) {
	if i >= len(r.toks) {
		return number{}, 0
	}
	if r.num[i] < 0 {
		n, k := numberAt(r.toks, i)
		r.nums[i], r.num[i] = n, int8(min(k, 100))
	}
	return r.nums[i], int(r.num[i])
}

// cueAt is the longest cue of one of the kinds that starts at token i.
func (r *reading) cueAt(i int, kinds ...cue) (cueMatch, bool) {
	var best cueMatch
	if i >= len(r.at) {
		return best, false
	}
	for _, c := range r.at[i] {
		if c.j > best.j && isOneOf(c.kind, kinds) {
			best = c
		}
	}
	return best, best.j > 0
}

// cueTill is the longest cue of one of the kinds that ends before token j.
func (r *reading) cueTill(j int, kinds ...cue) (cueMatch, bool) {
	best, ok := cueMatch{}, false
	for _, c := range r.till[j] {
		if isOneOf(c.kind, kinds) && (!ok || c.i < best.i) {
			best, ok = c, true
		}
	}
	return best, ok
}

func isOneOf(k cue, kinds []cue) bool {
	for _, x := range kinds {
		if x == k {
			return true
		}
	}
	return false
}

// phrase joins the folded tokens [i, j) with blanks: the form in which small tables are keyed.
func (r *reading) phrase(i, j int) string {
	if j-i == 1 {
		return r.toks[i].text
	}
	var b strings.Builder
	for k := i; k < j; k++ {
		if k > i && !(r.toks[k].kind == tokHan && r.toks[k-1].kind == tokHan) {
			b.WriteByte(' ')
		}
		b.WriteString(r.toks[k].text)
	}
	return b.String()
}

// clauseStart is the first token of the clause that token i is in.
func (r *reading) clauseStart(i int) int {
	for i > 0 && !breaksClause(r.toks[i-1]) {
		i--
	}
	return i
}
