package generator

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
)

// Request asks for a continuation.
type Request struct {
	Prompt      []int32
	Constraint  Constraint // nil: any token; it is not changed, Reply has the copy that went along
	MaxTokens   int        // 0: as many as the context has room for
	End         []int32    // tokens that end the reply and are not part of it; with a constraint only where it is done, and without any, it ends as soon as it is done
	Temperature float64    // 0: always the most probable token, the lowest of equals
	TopP        float64    // draw from the most probable tokens that together have this probability; 0: from all
	Seed        uint64
	Bias        map[int32]float32 // added to the logits of these tokens: below 0, they must be surer to be chosen
}

// Reply is a continuation.
type Reply struct {
	Tokens     []int32
	LogProb    float64 // of the tokens, each among those that were allowed
	Reason     Reason
	Constraint Constraint // after the last token
	Reused     int        // tokens of the prompt that needed no computing
}

// Reason is why a reply ended.
type Reason string

const (
	Ended    Reason = "end"     // the end token, or the constraint has nothing more
	AtLength Reason = "length"  // MaxTokens or the context's end
	Stopped  Reason = "stopped" // the context of the call ended; the reply is what there was
)

// generation is the job of a Request.
type generation struct {
	reader
	r       Request
	emit    func(int32)
	random  *rand.Rand
	reply   Reply
	pending []int32 // tokens that are chosen and not yet read
	room    int     // for further tokens of the reply
	span    *span
	allowed []int32
	buffer  []int32
	logits  []float32
}

func newGenerate(e *Engine, r Request, emit func(int32)) (*generation, error) {
	rd, err := newReader(e, r.Prompt, 1)
	if err != nil {
		return nil, err
	}
	if r.MaxTokens < 0 || r.Temperature < 0 || math.IsNaN(r.Temperature) || math.IsInf(r.Temperature, 0) || r.TopP < 0 || r.TopP > 1 || math.IsNaN(r.TopP) {
		return nil, fmt.Errorf("generator: max tokens %d, temperature %g and top-p %g must be 0 or more, top-p at most 1", r.MaxTokens, r.Temperature, r.TopP)
	}
	if err := e.checkTokens(r.End); err != nil {
		return nil, fmt.Errorf("end tokens: %w", err)
	}
	if err := e.checkTokens(slices.Collect(maps.Keys(r.Bias))); err != nil {
		return nil, fmt.Errorf("biased tokens: %w", err)
	}
	g := &generation{reader: rd, r: r, emit: emit, random: rand.New(rand.NewPCG(r.Seed, 0)), room: e.c.Context - len(r.Prompt), buffer: []int32{}}
	if r.MaxTokens > 0 {
		g.room = min(g.room, r.MaxTokens)
	}
	g.reply.Reason = Stopped
	if r.Constraint != nil {
		g.reply.Constraint = r.Constraint.Clone()
	}
	return g, nil
}

func (g *generation) next(room int, first bool) []*span {
	g.span = nil
	if !g.finished() {
		g.span = g.read(room, first)
	} else if n := min(room, len(g.pending)); n > 0 {
		g.span = g.e.span(&g.cache, g.pending[:n], false)
		g.pending = g.pending[n:]
		g.span.last = len(g.pending) == 0
	}
	if g.span == nil {
		return nil
	}
	if g.span.last {
		g.ask()
	}
	return []*span{g.span}
}

// ask finds out what may come next, so that only those outputs are computed.
func (g *generation) ask() {
	g.span.logits, g.span.few = g.logits, nil
	if c := g.reply.Constraint; c != nil {
		tokens, all := c.Allowed(g.buffer[:0])
		if !all {
			g.buffer = append(g.buffer[:0], tokens...) // the list may be the constraint's own
			if c.Done() {
				for _, end := range g.r.End {
					g.buffer = insert(g.buffer, end)
				}
			}
			g.span.few = g.buffer
		}
	}
	g.allowed = g.span.few
}

// insert puts a token into an ascending list that may have it already.
func insert(list []int32, token int32) []int32 {
	i, known := slices.BinarySearch(list, token)
	if known {
		return list
	}
	return slices.Insert(list, i, token)
}

func (g *generation) took() (bool, error) {
	if g.span == nil || !g.span.last {
		return false, nil
	}
	g.logits = g.span.logits
	g.bias()
	i, logp := g.choose(g.logits)
	if i < 0 {
		return g.stuck()
	}
	token := int32(i)
	if g.allowed != nil {
		token = g.allowed[i]
	}
	g.reply.LogProb += logp
	return g.append(token)
}

// bias adds what the request wants added.
func (g *generation) bias() {
	for token, b := range g.r.Bias {
		if g.allowed == nil {
			g.logits[token] += b
		} else if i, ok := slices.BinarySearch(g.allowed, token); ok {
			g.logits[i] += b
		}
	}
}

// stuck ends a reply whose constraint allows nothing more.
func (g *generation) stuck() (bool, error) {
	if c := g.reply.Constraint; c != nil && !c.Done() {
		return true, fmt.Errorf("generator: the constraint allows no token after %d and has not ended; it is no grammar of package constrain, which have no such states", len(g.reply.Tokens))
	}
	return g.finish(Ended)
}

func (g *generation) finish(why Reason) (bool, error) {
	g.reply.Reason = why
	return true, nil
}

// append takes a token, and after it all that the constraint leaves no choice about: those need no output, and go through the model as one piece.
func (g *generation) append(token int32) (bool, error) {
	for {
		if g.mayEnd() && slices.Contains(g.r.End, token) {
			return g.finish(Ended)
		}
		if c := g.reply.Constraint; c != nil {
			if err := c.Accept(token); err != nil {
				return true, fmt.Errorf("generator: the constraint refuses token %d that it allowed: %w", token, err)
			}
		}
		g.reply.Tokens = append(g.reply.Tokens, token)
		g.pending = append(g.pending, token)
		if g.emit != nil {
			g.emit(token)
		}
		c := g.reply.Constraint
		if c != nil && c.Done() && len(g.r.End) == 0 {
			return g.finish(Ended)
		}
		if g.room--; g.room <= 0 {
			if c != nil && c.Done() {
				return g.finish(Ended)
			}
			return g.finish(AtLength)
		}
		if c == nil {
			return false, nil
		}
		tokens, all := c.Allowed(g.buffer[:0])
		switch {
		case all || len(tokens) > 1:
			return false, nil
		case len(tokens) == 0:
			return g.stuck()
		case c.Done(): // one token or the end: that is a choice
			return false, nil
		}
		token = tokens[0]
	}
}

// mayEnd says whether an end token ends the reply here, rather than being a token of the grammar.
func (g *generation) mayEnd() bool { return g.reply.Constraint == nil || g.reply.Constraint.Done() }

func (g *generation) keep() ([]int32, *cache) {
	tokens := append(append([]int32(nil), g.prompt...), g.reply.Tokens...)
	return tokens[:min(len(tokens), g.cache.len)], &g.cache
}

func (g *generation) close() {
	g.reply.Reused = g.reused
	g.e.pages.release(&g.cache)
}
