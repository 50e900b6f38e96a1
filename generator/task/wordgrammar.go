package task

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"daogou/generator/constrain"
)

// Bounds of a reply.
const (
	maxSentence     = 56 // tokens; past it a sentence has to come to its end
	maxSentences    = 20 // the chat takes 24
	spareSentences  = 4  // beyond one for each point
	MaxAnswerTokens = 320
)

// wordState is the automaton of a reply, made for one prompt. It lets through text of the reply's language without digits, signs of money, amounts in words and names of
// products; tags that the prompt defines, each as often as there is something to say of it; no sentence twice. A reply may end when it has said all that it must,
// and if there is something to ask, with a question. From every state an end can be reached; the length alone can cut a reply short, which is then none.
type wordState struct {
	p        *WordPrompt
	s        *script
	names    []string // that may not be written: amounts in words and names of products, small letters
	latin    []string // of those, the names of products that end in a Latin letter
	said     [][]int32
	sentence []int32
	words    string // of the sentence since the last tag or the start, small letters, open bytes included
	open     string // bytes of a character that is not complete
	used     []int
	slot     int  // the last token's slot; -1: it was text
	asking   bool // the sentence holds the shop's own question
	marked   bool // the sentence holds a question mark
}

var _ constrain.Constraint = (*wordState)(nil)

// Constraint starts the automaton of the prompt's answer. <end> is not among its tokens: where it is Done, the answer may end.
func (p *WordPrompt) Constraint() constrain.Constraint {
	s := p.v.script(p.lang)
	names := s.names(p.avoid)
	w := &wordState{p: p, s: s, used: make([]int, len(p.slots)), slot: -1}
	for _, name := range names {
		if endsInLatin(name) {
			w.latin = append(w.latin, name)
		}
	}
	w.names = append(names, s.never...)
	return w
}

// names are those that could be written with the script's characters at all.
func (s *script) names(all []string) []string {
	var out []string
	for _, name := range all {
		name = lower(strings.TrimSpace(name))
		if open, ok := s.reads(name); ok && open == "" && utf8.RuneCountInString(name) >= 2 {
			out = append(out, name)
		}
	}
	return out
}

// Clone is an independent copy.
func (w *wordState) Clone() constrain.Constraint {
	c := *w
	c.said, c.sentence, c.used = slices.Clone(w.said), slices.Clone(w.sentence), slices.Clone(w.used)
	return &c
}

// Allowed lists the tokens that may come next, ascending: text tokens come before tags.
func (w *wordState) Allowed(dst []int32) ([]int32, bool) {
	switch {
	case w.open != "":
		return w.withoutNames(dst, w.s.next(w.p.v, w.open)), false
	case w.inName():
		return append(dst, w.s.joins...), false
	case strings.HasSuffix(w.words, " "):
		return w.withoutNames(dst, w.s.tight), false
	case len(w.sentence) >= maxSentence:
		return w.closing(dst), false
	case len(w.sentence) == 0:
		dst = w.withoutNames(dst, w.s.starts)
	default:
		dst = w.withoutNames(dst, w.s.open)
	}
	if w.mayBreak() {
		dst = append(dst, w.p.Break())
	}
	return w.tags(dst), false
}

// closing brings a long sentence to its end.
func (w *wordState) closing(dst []int32) []int32 {
	switch {
	case w.mayBreak():
		return append(dst, w.p.Break())
	case w.last() && len(w.missing()) > 0:
		var tags []int32
		for _, k := range w.missing()[0] {
			tags = append(tags, w.p.tag(k))
		}
		slices.Sort(tags)
		return append(dst, tags...)
	case w.last() && w.mustAsk() && !w.asks():
		return append(dst, w.s.question)
	}
	return append(dst, w.s.stop...)
}

// tags are those that can still be said.
func (w *wordState) tags(dst []int32) []int32 {
	from := len(dst)
	for k := range w.p.slots {
		if w.used[k] < w.p.uses[k] {
			dst = append(dst, w.p.tag(k))
		}
	}
	slices.Sort(dst[from:])
	return dst
}

// withoutNames leaves out the tokens with which a name would be complete.
func (w *wordState) withoutNames(dst, list []int32) []int32 {
	var rests []string // of names that have begun
	for _, name := range w.names {
		if endsInLatin(name) {
			continue
		}
		rests = append(rests, name)
		for k := 1; k < len(name); k++ {
			if strings.HasSuffix(w.words, name[:k]) {
				rests = append(rests, "^"+name[k:])
			}
		}
	}
	never := w.endings()
	for _, id := range list {
		for len(never) > 0 && never[0] < id {
			never = never[1:]
		}
		if len(never) > 0 && never[0] == id || len(rests) > 0 && completes(w.textOf(id), rests) {
			continue
		}
		dst = append(dst, id)
	}
	return dst
}

// endings are the tokens, ascending, that would complete a Latin name of a product. Of one that is an amount in words only the token behind it tells whether the word
// ends there (inName): "ten" may begin a longer word that was taught.
func (w *wordState) endings() []int32 {
	var out []int32
	for _, name := range w.latin {
		out = append(out, w.s.byText[" "+name]...)
		for k := range len(name) {
			if strings.HasSuffix(w.words, name[:k]) && w.wordStart(len(w.words)-k) {
				out = append(out, w.s.byText[name[k:]]...)
			}
		}
	}
	slices.Sort(out)
	return out
}

// wordStart says whether a word can start at a byte of the words.
func (w *wordState) wordStart(at int) bool {
	before, _ := utf8.DecodeLastRuneInString(w.words[:at])
	return !unicode.IsLetter(before)
}

func (w *wordState) textOf(id int32) string {
	if t := w.s.text[id]; t != "" {
		return t
	}
	return w.p.v.decode([]int32{id})
}

// completes says whether a token's text holds one of the names, or begins with one of the rests, which are marked by ^.
func completes(text string, rests []string) bool {
	for _, r := range rests {
		if tail, begun := strings.CutPrefix(r, "^"); begun && strings.HasPrefix(text, tail) || !begun && len(r) <= len(text) && strings.Contains(text, r) {
			return true
		}
	}
	return false
}

func endsInLatin(name string) bool {
	r, _ := utf8.DecodeLastRuneInString(name)
	return unicode.IsLetter(r) && !unicode.Is(unicode.Han, r)
}

// inName says whether the words end in a name, so that only more letters can make another word of it.
func (w *wordState) inName() bool {
	for _, name := range w.names {
		if !endsInLatin(name) || !strings.HasSuffix(w.words, name) {
			continue
		}
		first, _ := utf8.DecodeRuneInString(name)
		before, _ := utf8.DecodeLastRuneInString(w.words[:len(w.words)-len(name)])
		if !unicode.IsLetter(before) || !unicode.IsLetter(first) {
			return true
		}
	}
	return false
}

// last says whether no further sentence may follow.
func (w *wordState) last() bool {
	return len(w.said)+1 >= min(len(w.p.points)+spareSentences, maxSentences)
}

func (w *wordState) mayBreak() bool { return !w.last() && w.whole() }

// Done says that the reply may end here.
func (w *wordState) Done() bool {
	return w.whole() && len(w.missing()) == 0 && (!w.mustAsk() || w.asks())
}

// whole says whether a sentence may end here: behind its stop, or a slot that is a sentence, and not as a repetition.
func (w *wordState) whole() bool {
	if len(w.sentence) == 0 || w.open != "" || w.inName() {
		return false
	}
	if w.slot >= 0 {
		return w.p.slots[w.slot].Role == "ask" && !w.repeats()
	}
	words := strings.TrimRight(w.words, closers)
	r, _ := utf8.DecodeLastRuneInString(words)
	return (len(words) < len(w.words) || strings.ContainsRune(terminals, r)) && !w.repeats()
}

func (w *wordState) repeats() bool {
	return slices.ContainsFunc(w.said, func(s []int32) bool { return slices.Equal(s, w.sentence) })
}

// asks says whether the sentence is a question, which may have an aside in brackets behind it.
func (w *wordState) asks() bool {
	words := strings.TrimRight(w.words, closers)
	aside := strings.HasSuffix(w.words, ")") || strings.HasSuffix(w.words, "）")
	return w.asking || w.marked && aside || strings.HasSuffix(words, "?") || strings.HasSuffix(words, "？")
}

func (w *wordState) mustAsk() bool { return slices.ContainsFunc(w.p.points, Point.Asks) }

// missing are the slots that have yet to be said: one of each group.
func (w *wordState) missing() [][]int {
	var out [][]int
	for _, x := range w.p.points {
	groups:
		for _, names := range x.needs() {
			var group []int
			for _, name := range names {
				k := w.p.find(name)
				if k < 0 || w.used[k] > 0 {
					continue groups
				}
				group = append(group, k)
			}
			out = append(out, group)
		}
	}
	return out
}

// Accept goes on by a token. One that is not allowed changes nothing.
func (w *wordState) Accept(tok int32) error {
	list, _ := w.Allowed(nil)
	if !slices.Contains(list, tok) {
		return fmt.Errorf("task: token %d cannot stand here in a reply", tok)
	}
	if tok == w.p.Break() {
		w.said = append(w.said, w.sentence)
		w.sentence, w.words, w.slot, w.asking, w.marked = nil, "", -1, false, false
		return nil
	}
	w.sentence = append(w.sentence, tok)
	if k := w.p.slotOf(tok); k >= 0 {
		w.used[k]++
		w.slot, w.words = k, ""
		w.asking = w.asking || w.p.slots[k].Role == "ask"
		return nil
	}
	w.words += lower(w.textOf(tok))
	w.open, _ = w.s.reads(w.open + w.p.v.decode([]int32{tok}))
	w.slot = -1
	w.marked = w.marked || strings.HasSuffix(w.words, "?") || strings.HasSuffix(w.words, "？")
	return nil
}
