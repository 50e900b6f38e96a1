package data

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"sync"

	"daogou/generator/task"
	"daogou/generator/task/shops"
	"daogou/nlu"
)

// Options choose what a set of examples is made of.
type Options struct {
	Seed        uint64
	Without     []string // verticals to leave out, for leave-one-vertical-out
	NoWritten   bool     // leave out hand-written turns and what is varied from them
	Valid       bool     // the part kept for validation: whole dialogues, never varied
	NoSimulated bool     // leave out simulated turns
	Jobs        []string // jobs to make examples of: parse, word, rank; none: all
	Extra       string   // folder of public data that adds pairs to the rank job; "": the repository alone
}

// validShare of all dialogues are kept for validation.
const validShare = 20 // one in so many

// noDraft examples in so many come without the rules' draft, so that the model learns to read and not only to correct.
const noDraft = 5

// Example is one prompt with its answer, in tokens.
type Example struct {
	Tokens []int32
	Prompt int       // tokens of the prompt
	Weight []float32 // how much predicting each token counts; nil: 1 for every token of the answer
	Job    string
}

// What predicting a token of an answer counts, where a decision of a parse answer counts 1: products are many tokens that can hardly be foreseen, and replies many that
// need not be said in one way only. Without this they would take most of each step.
const (
	rankWeight = 0.15
	wordWeight = 0.8
)

// evenly weighs every token of an answer alike.
func evenly(prompt, answer int, weight float32) []float32 {
	w := make([]float32, prompt+answer)
	for i := prompt; i < len(w); i++ {
		w[i] = weight
	}
	return w
}

// Set makes examples. At is deterministic in its options and index, and safe for concurrent use.
type Set struct {
	opts  Options
	vocab *task.Vocab
	rules *nlu.Rules
	shops []*shops.Shop
	turns []Turn
	pool  rankPool

	sim simPool

	words sync.Map // *shops.Shop → *task.Words
}

// NewSet reads the hand-written turns and the shops.
func NewSet(v *task.Vocab, o Options) (*Set, error) {
	all, err := shops.All()
	if err != nil {
		return nil, err
	}
	s := &Set{opts: o, vocab: v, rules: nlu.NewRules(), shops: all}
	written, err := HandWritten()
	if err != nil {
		return nil, err
	}
	left, err := leftOut()
	if err != nil {
		return nil, err
	}
	for _, t := range written {
		if isValid(t.Dialogue) == o.Valid && !left[t.ID] && !slices.Contains(o.Without, t.Vertical) && !(o.NoWritten && !o.Valid) {
			s.turns = append(s.turns, t)
		}
	}
	s.pool, err = newRankPool(all, o)
	return s, err
}

// isValid says whether a dialogue is kept for validation.
func isValid(dialogue string) bool {
	h := fnv.New64a()
	h.Write([]byte(dialogue))
	return h.Sum64()%validShare == 0
}

// Turns are the hand-written turns of the set.
func (s *Set) Turns() []Turn { return s.turns }

// Words are a shop's words, read once.
func (s *Set) Words(shop *shops.Shop) *task.Words {
	if w, ok := s.words.Load(shop); ok {
		return w.(*task.Words)
	}
	w, _ := s.words.LoadOrStore(shop, task.NewWords(shop.Schema, shop.Each))
	return w.(*task.Words)
}

// At makes the i-th example; the set has no end.
func (s *Set) At(i int) Example {
	rng := rand.New(rand.NewPCG(s.opts.Seed, uint64(i)))
	for {
		if e, ok := s.draw(rng); ok {
			return e
		}
	}
}

// draw makes one example, or fails where what was drawn cannot be said.
func (s *Set) draw(rng *rand.Rand) (Example, bool) {
	job := "parse"
	switch n := rng.IntN(100); {
	case n < wordShare:
		job = "word"
	case n < wordShare+rankShare:
		job = "rank"
	}
	if len(s.opts.Jobs) > 0 && !slices.Contains(s.opts.Jobs, job) {
		return Example{}, false
	}
	switch job {
	case "word":
		return s.word(rng)
	case "rank":
		return s.rank(rng)
	}
	return s.parse(rng)
}

// parse draws a turn: as written, varied or simulated, and sometimes marred.
func (s *Set) parse(rng *rand.Rand) (Example, bool) {
	t, ok := s.turn(rng)
	if !ok {
		return Example{}, false
	}
	if rng.IntN(5) == 0 && !s.opts.Valid {
		t.In.Text = Noise(rng, t.In.Text, t.Want.Lang)
	}
	return s.render(t, shift(rng), rng.IntN(noDraft) > 0)
}

// shift draws where the numbering of tags starts: mostly at the first, as when serving, and now and then anywhere, so that no tag stays unknown.
func shift(rng *rand.Rand) int {
	if rng.IntN(5) > 0 {
		return 0
	}
	return rng.IntN(1 << 20)
}

// turn draws a simulated turn, or a hand-written one as it is or varied.
func (s *Set) turn(rng *rand.Rand) (Turn, bool) {
	if s.opts.Valid {
		return s.turns[rng.IntN(len(s.turns))], true
	}
	if s.simulates() && (len(s.turns) == 0 || rng.IntN(100) < simShare) {
		return s.simulated(rng)
	}
	if len(s.turns) == 0 {
		return Turn{}, false
	}
	t := s.turns[rng.IntN(len(s.turns))]
	if rng.IntN(2) > 0 {
		if x, ok := Vary(rng, t, s.rulesOf(t.Shop), s.shops, s.opts.Without); ok {
			t = x
		}
	}
	return t, true
}

// render writes a turn as an example. What its prompt offers no tag for is not taught.
func (s *Set) render(t Turn, shift int, draft bool) (Example, bool) {
	rules := s.rulesOf(t.Shop)
	h := task.Hints{Mentions: rules.Mentions(t.In)}
	if draft {
		d, _ := rules.FirstNeed(t.In)
		h.Draft = &d
	}
	p := s.vocab.NewParsePrompt(t.In, h, s.Words(t.Shop), shift)
	answer, lost := p.Answer(t.Want)
	if lost > 1 || p.Check(answer) != nil {
		return Example{}, false
	}
	return Example{Tokens: append(slices.Clone(p.Tokens), answer...), Prompt: len(p.Tokens), Weight: p.Weights(answer), Job: "parse"}, true
}
