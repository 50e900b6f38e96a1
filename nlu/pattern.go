package nlu

import "strings"

// A pattern is a way of saying something, written as a person would read it:
//
//	"(add|put) * [my] (cart|basket)"   one of several · up to gapMax words of anything · may be missing
//	"^next$"                           at the start · at the end of the turn
//	"take <n>"                         a number
//	"什么…都行"                         … is a gap in Chinese too; Chinese is matched character by character
//
// Patterns are expanded when the package is loaded and matched all at once by one trie, whose cost does not grow with their number.

const gapMax = 4

// trie holds patterns; node 0 is the root.
type trie struct {
	nodes []trieNode
}

type trieNode struct {
	next map[string]int32
	gap  int32 // node after a gap; 0: none
	num  int32 // node after a number
	from int32 // node after the start of the turn
	till int32 // node after the end of the turn
	out  []int32
}

// found is one match of a pattern: tokens [i, j), lits of them by name.
type found struct {
	id   int32
	i, j int
	lits int
	used [12]int16 // the tokens matched by name (not by a gap)
}

func newTrie() *trie { return &trie{nodes: make([]trieNode, 1)} }

// add inserts every expansion of a pattern.
func (t *trie) add(pattern string, id int32) {
	for _, seq := range expand(pattern) {
		n := int32(0)
		for _, el := range seq {
			n = t.step(n, el)
		}
		if n != 0 {
			t.nodes[n].out = append(t.nodes[n].out, id)
		}
	}
}

func (t *trie) step(n int32, el string) int32 {
	node := &t.nodes[n]
	var at int32
	switch el {
	case "*":
		at = node.gap
	case "<n>":
		at = node.num
	case "^":
		at = node.from
	case "$":
		at = node.till
	default:
		at = node.next[el]
	}
	if at != 0 {
		return at
	}
	at = int32(len(t.nodes))
	t.nodes = append(t.nodes, trieNode{})
	node = &t.nodes[n]
	switch el {
	case "*":
		node.gap = at
	case "<n>":
		node.num = at
	case "^":
		node.from = at
	case "$":
		node.till = at
	default:
		if node.next == nil {
			node.next = map[string]int32{}
		}
		node.next[el] = at
	}
	return at
}

// matcher walks a trie over the tokens of one turn. numberAt gives the length of the number at a token; stop marks tokens that no gap crosses.
type matcher struct {
	t        *trie
	toks     []token
	numberAt func(i int) int
	emit     func(found)
	steps    int
}

// matchAll reports every match that starts anywhere.
func (m *matcher) matchAll() {
	for i := range m.toks {
		m.matchAt(i)
	}
}

func (m *matcher) matchAt(i int) {
	m.walk(0, i, found{i: i})
	if from := m.t.nodes[0].from; from != 0 && i == 0 {
		m.walk(from, i, found{i: i})
	}
}

// walk follows the trie from node n at token pos. steps bounds the work of nested gaps on hostile input.
func (m *matcher) walk(n int32, pos int, f found) {
	if m.steps++; m.steps > 200_000 {
		return
	}
	node := &m.t.nodes[n]
	for _, id := range node.out {
		f.id, f.j = id, pos
		m.emit(f)
	}
	if node.till != 0 && m.atEnd(pos) {
		m.walk(node.till, pos, f)
	}
	if pos >= len(m.toks) {
		if node.gap != 0 && n != 0 { // a gap may be empty at the end of the turn, too
			m.walk(node.gap, pos, f)
		}
		return
	}
	if next, ok := node.next[m.toks[pos].text]; ok {
		g := f
		if g.lits < len(g.used) {
			g.used[g.lits] = int16(pos)
		}
		g.lits++
		m.walk(next, pos+1, g)
	}
	if node.num != 0 && m.numberAt != nil {
		if k := m.numberAt(pos); k > 0 {
			m.walk(node.num, pos+k, f)
		}
	}
	if node.gap != 0 && n != 0 {
		for k := 0; k <= gapMax && pos+k < len(m.toks); k++ {
			m.walk(node.gap, pos+k, f)
			if breaksClause(m.toks[pos+k]) {
				break
			}
		}
	}
}

// atEnd says whether only punctuation and emoji follow.
func (m *matcher) atEnd(pos int) bool {
	for ; pos < len(m.toks); pos++ {
		if k := m.toks[pos].kind; k != tokPunct && k != tokOther {
			return false
		}
	}
	return true
}

func breaksClause(t token) bool {
	if t.kind != tokPunct {
		return false
	}
	switch t.text {
	case ",", ".", ";", "!", "?", ":", "…", "\n":
		return true
	}
	return false
}

// expand turns a pattern into the token sequences it stands for.
func expand(pattern string) [][]string {
	p := &patternReader{s: pattern}
	return p.sequence()
}

type patternReader struct {
	s string
	i int
}

// sequence reads up to a closing bracket or bar.
func (p *patternReader) sequence() [][]string {
	out := [][]string{nil}
	var lit strings.Builder
	flush := func() {
		if lit.Len() == 0 {
			return
		}
		var seq []string
		for _, t := range tokenise(lit.String()) {
			seq = append(seq, t.text)
		}
		lit.Reset()
		out = product(out, [][]string{seq})
	}
	for p.i < len(p.s) {
		c := p.s[p.i]
		switch {
		case c == ')' || c == '|' || c == ']':
			flush()
			return out
		case c == '(' || c == '[':
			flush()
			alts := p.alternatives()
			if c == '[' {
				alts = append(alts, nil)
			}
			out = product(out, alts)
		case c == '*' || c == '^' || c == '$':
			flush()
			out = product(out, [][]string{{string(c)}})
			p.i++
		case strings.HasPrefix(p.s[p.i:], "…"):
			flush()
			out = product(out, [][]string{{"*"}})
			p.i += len("…")
		case strings.HasPrefix(p.s[p.i:], "<n>"):
			flush()
			out = product(out, [][]string{{"<n>"}})
			p.i += 3
		default:
			lit.WriteByte(c)
			p.i++
		}
	}
	flush()
	return out
}

// alternatives reads "(a|b)" or "[a|b]" from its opening bracket on.
func (p *patternReader) alternatives() [][]string {
	p.i++
	var alts [][]string
	for {
		alts = append(alts, p.sequence()...)
		if p.i >= len(p.s) {
			return alts
		}
		c := p.s[p.i]
		p.i++
		if c != '|' {
			return alts
		}
	}
}

func product(a, b [][]string) [][]string {
	out := make([][]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, append(append([]string(nil), x...), y...))
		}
	}
	return out
}
