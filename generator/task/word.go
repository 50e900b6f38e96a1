package task

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// WordPrompt is the prompt of one reply with what its tags stand for.
//
//	<word> <en> <k:show> <p:lead.found> <s0> <r:found> <w:many> <s1> <r:need> <p:best> <s2> <r:title> <s3> <r:price> <s4> <r:why> <w:cheapest> <out>
//
// The answer is text with tags for facts, <br> between sentences and <end> behind the last:
//
//	I found<s0> for<s1>.<br><s2> at<s3> comes first: it is<s4>.<end>
//
// In English a tag stands for its space, too: one follows a word unless a quotation mark or a bracket opens before it.
type WordPrompt struct {
	Tokens []int32

	v      *Vocab
	lang   string
	points []Point
	slots  []WordSlot // that have tags
	uses   []int      // how often each may be said
	shift  int
	avoid  []string
}

// NewWordPrompt renders a plan. shift moves the numbering of tags (0 when serving).
func (v *Vocab) NewWordPrompt(plan WordPlan, shift int) *WordPrompt {
	p := v.newWordPrompt(plan.Lang, shift)
	p.avoid = plan.Avoid
	p.put("<k:" + plan.Kind + ">")
	if plan.First {
		p.put(tokFirst)
	}
	p.write(plan.Points())
	return p
}

// NewPointsPrompt renders points alone, of which no plan is known: to try a wording.
func (v *Vocab) NewPointsPrompt(lang string, points []Point) *WordPrompt {
	p := v.newWordPrompt(lang, 0)
	p.write(points)
	return p
}

func (v *Vocab) newWordPrompt(lang string, shift int) *WordPrompt {
	p := &WordPrompt{v: v, lang: lang, shift: (shift%maxSlots + maxSlots) % maxSlots}
	if p.lang != "zh" {
		p.lang = "en"
	}
	p.put(tokWord, "<"+p.lang+">")
	return p
}

func (p *WordPrompt) write(points []Point) {
	p.points = points
	for _, x := range points {
		p.put("<p:" + x.Key + ">")
		for _, s := range x.Slots {
			p.slot(s)
		}
	}
	p.put(tokOut)
}

func (p *WordPrompt) put(names ...string) {
	for _, name := range names {
		if id, ok := p.v.id[name]; ok {
			p.Tokens = append(p.Tokens, id)
		}
	}
}

// slot writes the tag of a fact, and at first mention what it is. Facts beyond the last tag cannot be said.
func (p *WordPrompt) slot(s WordSlot) {
	k := p.find(s.Name)
	if k >= 0 {
		p.uses[k]++
		p.Tokens = append(p.Tokens, p.tag(k))
		return
	}
	if len(p.slots) == maxSlots {
		return
	}
	p.slots, p.uses = append(p.slots, s), append(p.uses, 1)
	p.Tokens = append(p.Tokens, p.tag(len(p.slots)-1))
	p.put("<r:" + s.Role + ">")
	if s.Kind != "" {
		p.put("<w:" + s.Kind + ">")
	}
}

func (p *WordPrompt) find(name string) int {
	return slices.IndexFunc(p.slots, func(s WordSlot) bool { return s.Name == name })
}

// tag is the token of the k-th slot.
func (p *WordPrompt) tag(k int) int32 { return p.v.id["<s0>"] + int32((k+p.shift)%maxSlots) }

// slotOf is the slot that a token stands for; -1 if none.
func (p *WordPrompt) slotOf(tok int32) int {
	first := p.v.id["<s0>"]
	if tok < first || tok >= first+maxSlots {
		return -1
	}
	if k := (int(tok-first) - p.shift + maxSlots) % maxSlots; k < len(p.slots) {
		return k
	}
	return -1
}

// Points are what the reply has to say.
func (p *WordPrompt) Points() []Point { return p.points }

// Break is the token between sentences.
func (p *WordPrompt) Break() int32 { return p.v.id[tokBreak] }

// End is the token behind the last sentence.
func (p *WordPrompt) End() int32 { return p.v.id[tokEnd] }

var draftSlot = regexp.MustCompile(`\{([^{}]*)\}`)

// Answer writes sentences with slots, "The {p1.title} is {p1.price}.", as an answer. It fails on a slot that the prompt does not have.
func (p *WordPrompt) Answer(sentences []string) ([]int32, error) {
	var out []int32
	for i, s := range sentences {
		if i > 0 {
			out = append(out, p.Break())
		}
		at := 0
		for _, m := range draftSlot.FindAllStringSubmatchIndex(s, -1) {
			k := p.find(s[m[2]:m[3]])
			if k < 0 {
				return nil, fmt.Errorf("task: the prompt has no slot %q for %q", s[m[2]:m[3]], s)
			}
			words := s[at:m[0]]
			if p.spaced(words) || p.lang == "en" && at > 0 && words == " " {
				words = strings.TrimSuffix(words, " ")
			}
			out = append(p.v.text(out, words), p.tag(k))
			at = m[1]
		}
		out = p.v.text(out, s[at:])
	}
	return append(out, p.End()), nil
}

// spaced says whether a space stands between these words and a slot behind them.
func (p *WordPrompt) spaced(words string) bool {
	words = strings.TrimSuffix(words, " ")
	r, _ := utf8.DecodeLastRuneInString(words)
	return p.lang == "en" && words != "" && !strings.ContainsRune("“‘(", r)
}

// Drafts are an answer's sentences with slots in braces. An answer cut short gives the sentences that are whole.
func (p *WordPrompt) Drafts(answer []int32) []string {
	var out []string
	from := 0
	for i, tok := range answer {
		if tok == p.Break() || tok == p.End() {
			if s := p.Sentence(answer[from:i]); s != "" {
				out = append(out, s)
			}
			from = i + 1
		}
	}
	return out
}

// Sentence is one sentence's tokens as a draft.
func (p *WordPrompt) Sentence(tokens []int32) string {
	var b strings.Builder
	from, slot := 0, false
	flush := func(to int) {
		words := p.v.decode(tokens[from:to])
		b.WriteString(words)
		slot = slot && words == ""
	}
	for i, tok := range tokens {
		k := p.slotOf(tok)
		if k < 0 {
			continue
		}
		flush(i)
		if slot && p.lang == "en" || p.spaced(p.v.decode(tokens[from:i])) {
			b.WriteString(" ")
		}
		b.WriteString("{" + p.slots[k].Name + "}")
		from, slot = i+1, true
	}
	flush(len(tokens))
	return b.String()
}

// Check says whether an answer is one that the constraint lets through.
func (p *WordPrompt) Check(answer []int32) error {
	if len(answer) == 0 || answer[len(answer)-1] != p.End() {
		return errors.New("task: the answer does not end")
	}
	c := p.Constraint()
	for i, tok := range answer[:len(answer)-1] {
		if err := c.Accept(tok); err != nil {
			return fmt.Errorf("task: at token %d of %q: %w", i, p.v.decode(answer[:i+1]), err)
		}
	}
	if !c.Done() {
		return errors.New("task: the answer may not end here")
	}
	return nil
}
