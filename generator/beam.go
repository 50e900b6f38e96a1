package generator

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// BeamRequest asks for the most probable continuations under a constraint.
type BeamRequest struct {
	Prompt     []int32
	Constraint Constraint // nil: any token
	Width      int        // hypotheses that are followed at a time, and at most how many come back
	MaxTokens  int        // 0: as many as the context has room for
	End        []int32    // as in Request
}

// Hypothesis is a complete continuation: it ended with the end token or where its constraint is done. Its probability is over the whole vocabulary, as Score's is, so
// the two agree: LogProb is Score of Tokens, plus that of the end token if one was read.
type Hypothesis struct {
	Tokens     []int32
	LogProb    float64
	Constraint Constraint // after the last token; nil if there was none
}

const maxWidth = 256

// searching is the job of a BeamRequest. A beam is left as soon as no open hypothesis can overtake the worst of Width complete ones: probabilities only fall.
type searching struct {
	reader
	r      BeamRequest
	open   []*hypothesis
	ended  []Hypothesis
	result []Hypothesis
	first  *span
	room   int
}

// hypothesis is one that goes on.
type hypothesis struct {
	Hypothesis
	cache  cache
	span   *span
	logits []float32
}

func newBeam(e *Engine, r BeamRequest) (*searching, error) {
	rd, err := newReader(e, r.Prompt, 1)
	if err != nil {
		return nil, err
	}
	if r.Width < 1 || r.Width > maxWidth || r.MaxTokens < 0 {
		return nil, fmt.Errorf("generator: beam width %d must be from 1 to %d, and max tokens %d not below 0", r.Width, maxWidth, r.MaxTokens)
	}
	if r.Constraint == nil && len(r.End) == 0 {
		return nil, errors.New("generator: beam search needs a constraint or an end token, else nothing is ever complete")
	}
	if err := e.checkTokens(r.End); err != nil {
		return nil, fmt.Errorf("end tokens: %w", err)
	}
	b := &searching{reader: rd, r: r, room: e.c.Context - len(r.Prompt)}
	if r.MaxTokens > 0 {
		b.room = min(b.room, r.MaxTokens)
	}
	return b, nil
}

func (b *searching) next(room int, first bool) []*span {
	b.first = nil
	if !b.finished() {
		if b.first = b.read(room, first); b.first == nil {
			return nil
		}
		return []*span{b.first}
	}
	if len(b.open) > room && !first {
		return nil
	}
	var spans []*span
	for _, h := range b.open {
		h.span = b.e.span(&h.cache, h.Tokens[len(h.Tokens)-1:], false)
		h.span.last, h.span.logits = true, h.logits
		spans = append(spans, h.span)
	}
	return spans
}

func (b *searching) took() (bool, error) {
	switch {
	case b.first != nil && b.first.last:
		h := &hypothesis{cache: b.e.pages.fork(&b.cache, b.cache.len), span: b.first}
		if b.r.Constraint != nil {
			h.Constraint = b.r.Constraint.Clone()
		}
		b.open = []*hypothesis{h}
	case b.first != nil || len(b.open) == 0 || b.open[0].span == nil:
		return false, nil
	}
	if err := b.advance(); err != nil {
		return true, err
	}
	b.room--
	if b.room <= 0 || len(b.open) == 0 || b.decided() {
		b.result = b.ended
		return true, nil
	}
	return false, nil
}

// extension is a hypothesis with one more token.
type extension struct {
	of    *hypothesis
	token int32
	logp  float64
}

// advance extends all open hypotheses and keeps the best.
func (b *searching) advance() error {
	var all []extension
	for _, h := range b.open {
		h.logits = h.span.logits
		h.span = nil
		all = b.extensions(all, h)
	}
	slices.SortStableFunc(all, func(x, y extension) int { return cmp.Compare(y.logp, x.logp) })
	all = all[:min(len(all), b.r.Width)]
	old := b.open
	b.open = nil
	for _, x := range all {
		if err := b.take(x); err != nil {
			return err
		}
	}
	for _, h := range old {
		b.e.pages.release(&h.cache)
	}
	return nil
}

// extensions adds the Width best ways to go on with h, and ends h where it may end.
func (b *searching) extensions(all []extension, h *hypothesis) []extension {
	norm := float64(b.e.k.LogSumExp(h.logits))
	may := h.Constraint == nil || h.Constraint.Done()
	if may {
		for _, t := range b.r.End {
			b.end(Hypothesis{h.Tokens, h.LogProb + float64(h.logits[t]) - norm, h.Constraint})
		}
	}
	from := len(all)
	add := func(t int32) {
		if may && slices.Contains(b.r.End, t) {
			return
		}
		all = append(all, extension{h, t, h.LogProb + float64(h.logits[t]) - norm})
	}
	tokens, any := []int32(nil), true
	if h.Constraint != nil {
		tokens, any = h.Constraint.Allowed(nil)
	}
	if any {
		for t := range h.logits {
			add(int32(t))
		}
	} else {
		for _, t := range tokens {
			add(t)
		}
	}
	best := all[from:]
	if len(best) > b.r.Width {
		slices.SortStableFunc(best, func(x, y extension) int { return cmp.Compare(y.logp, x.logp) })
	}
	return all[:from+min(len(best), b.r.Width)]
}

// take makes an extension an open hypothesis, or a complete one if its constraint is done and there is no end token to wait for.
func (b *searching) take(x extension) error {
	h := &hypothesis{Hypothesis: Hypothesis{append(slices.Clone(x.of.Tokens), x.token), x.logp, nil}}
	if x.of.Constraint != nil {
		h.Constraint = x.of.Constraint.Clone()
		if err := h.Constraint.Accept(x.token); err != nil {
			return fmt.Errorf("generator: the constraint refuses token %d that it allowed: %w", x.token, err)
		}
		if h.Constraint.Done() && len(b.r.End) == 0 {
			b.end(h.Hypothesis)
			if tokens, all := h.Constraint.Allowed(nil); len(tokens) == 0 && !all {
				return nil
			}
		}
	}
	h.cache = b.e.pages.fork(&x.of.cache, x.of.cache.len)
	b.open = append(b.open, h)
	return nil
}

// end keeps a complete hypothesis if it is among the Width best.
func (b *searching) end(h Hypothesis) {
	if h.Constraint != nil {
		h.Constraint = h.Constraint.Clone()
	}
	i, _ := slices.BinarySearchFunc(b.ended, h, func(x, h Hypothesis) int { return cmp.Compare(h.LogProb, x.LogProb) })
	b.ended = slices.Insert(b.ended, i, h)
	b.ended = b.ended[:min(len(b.ended), b.r.Width)]
}

// decided says that no open hypothesis can still come among the best.
func (b *searching) decided() bool {
	if len(b.ended) < b.r.Width {
		return false
	}
	best := math.Inf(-1)
	for _, h := range b.open {
		best = max(best, h.LogProb)
	}
	return best <= b.ended[len(b.ended)-1].LogProb
}

func (b *searching) keep() ([]int32, *cache) { return b.prompt[:b.cache.len], &b.cache }

func (b *searching) close() {
	for _, h := range b.open {
		b.e.pages.release(&h.cache)
	}
	b.e.pages.release(&b.cache)
}
