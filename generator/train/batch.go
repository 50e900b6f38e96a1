package train

import (
	"fmt"
	"math/rand/v2"

	"daogou/generator/params"
)

// Example is one sequence to learn.
type Example struct {
	Tokens []int32
	Prompt int       // tokens of the prompt; with a prefix mask they see each other in both directions
	Weight []float32 // how much predicting each token counts; nil: 1 for every token after the prompt
}

// Source is a set of examples. At must give the same example each time, to several goroutines at once.
type Source interface {
	Len() int
	At(i int) Example
}

// Examples is a Source held in memory.
type Examples []Example

func (e Examples) Len() int         { return len(e) }
func (e Examples) At(i int) Example { return e[i] }

// weight is what predicting token t counts. The first token has nothing before it.
func (e Example) weight(t int) float32 {
	switch {
	case t == 0:
		return 0
	case e.Weight != nil:
		return e.Weight[t]
	case t >= e.Prompt:
		return 1
	}
	return 0
}

// check says why an example cannot be trained on. i is its number in its source.
func (e Example) check(i int, c params.Config) error {
	bad := func(format string, a ...any) error {
		return fmt.Errorf("train: example %d %s", i, fmt.Sprintf(format, a...))
	}
	if len(e.Tokens) < 2 || len(e.Tokens) > c.Context {
		return bad("has %d tokens; it must have from 2 to the context's %d", len(e.Tokens), c.Context)
	}
	if e.Prompt < 0 || e.Prompt > len(e.Tokens) {
		return bad("has a prompt of %d tokens but %d tokens in all", e.Prompt, len(e.Tokens))
	}
	if e.Weight != nil && len(e.Weight) != len(e.Tokens) {
		return bad("has %d weights for %d tokens", len(e.Weight), len(e.Tokens))
	}
	any := false
	for t, id := range e.Tokens {
		if id < 0 || int(id) >= c.Vocab {
			return bad("has token %d at place %d; the vocabulary has %d", id, t, c.Vocab)
		}
		w := e.weight(t)
		switch {
		case !(w >= 0 && w < 1e6):
			return bad("gives place %d the weight %v; a weight is from 0 to a million", t, w)
		case w > 0 && c.Prefix && t < e.Prompt:
			return bad("puts loss on place %d of the prompt, but under the prefix mask the prompt sees its own next token; give it weight 0", t)
		}
		any = any || w > 0
	}
	if !any {
		return bad("has no token with a weight above 0 to learn from")
	}
	return nil
}

// segment is one example's place in a batch.
type segment struct{ start, len, example int }

// batch is what goes through the graph at once: whole examples one behind the other, without padding. Nothing is computed for room that is left over, so filling a batch
// better would save nothing; examples are taken in order until the next does not fit.
type batch struct {
	tokens   []int32
	pos      []int32 // each example starts at 0
	seen     []int32 // how many tokens of its example a token sees, from the first on
	segments []segment
	rows     []int32   // the tokens from which something with weight is predicted
	targets  []int32   // what
	weights  []float32 // and how much it counts
}

func (b *batch) reset() {
	*b = batch{b.tokens[:0], b.pos[:0], b.seen[:0], b.segments[:0], b.rows[:0], b.targets[:0], b.weights[:0]}
}

// add appends example number i of its source.
func (b *batch) add(e Example, i int, prefix bool) {
	start := len(b.tokens)
	b.segments = append(b.segments, segment{start, len(e.Tokens), i})
	b.tokens = append(b.tokens, e.Tokens...)
	for t := range e.Tokens {
		b.pos = append(b.pos, int32(t))
		seen := t + 1
		if prefix && t < e.Prompt {
			seen = e.Prompt
		}
		b.seen = append(b.seen, int32(seen))
		if w := e.weight(t); w > 0 {
			b.rows = append(b.rows, int32(start+t-1))
			b.targets = append(b.targets, e.Tokens[t])
			b.weights = append(b.weights, w)
		}
	}
}

// shuffle is an order of n things that depends only on the seed: each round is a fresh permutation.
type shuffle struct {
	seed  uint64
	n     int
	round int // of perm; -1: none yet
	perm  []int
}

func (s *shuffle) at(taken int) int {
	if round := taken / s.n; round != s.round {
		s.round = round
		s.perm = rand.New(rand.NewPCG(s.seed, uint64(round))).Perm(s.n)
	}
	return s.perm[taken%s.n]
}

// order walks a source in shuffled order. Its state is one number, the examples taken so far.
//
// Examples are made ahead by a goroutine while a step computes: what makes them is no product of matrices that all cores could share.
type order struct {
	seed   uint64
	n      int
	ahead  chan made
	latest made // taken from ahead last: if it did not fit into a batch, it begins the next
	stop   chan struct{}
}

func newOrder(seed uint64, n int) *order { return &order{seed: seed, n: n} }

// made is an example with its place in the order and in the source.
type made struct {
	taken, i int
	example  Example
}

// lookAhead is how many examples wait to be taken: a batch or two.
const lookAhead = 64

// take is the example at a place of the order.
func (o *order) take(s Source, taken int) made {
	if o.ahead != nil && o.latest.taken == taken {
		return o.latest
	}
	if o.ahead == nil || o.latest.taken != taken-1 {
		o.close()
		o.ahead, o.stop = make(chan made, lookAhead), make(chan struct{})
		go o.make(s, taken, o.ahead, o.stop)
	}
	o.latest = <-o.ahead
	return o.latest
}

// make makes examples in order until it is stopped.
func (o *order) make(s Source, taken int, ahead chan<- made, stop <-chan struct{}) {
	order := shuffle{seed: o.seed, n: o.n, round: -1}
	for ; ; taken++ {
		i := order.at(taken)
		select {
		case ahead <- made{taken, i, s.At(i)}:
		case <-stop:
			return
		}
	}
}

// close ends the making ahead.
func (o *order) close() {
	if o.stop != nil {
		close(o.stop)
		o.ahead, o.stop = nil, nil
	}
}

// fill makes one batch of at most size tokens and returns how many examples have been taken.
func (o *order) fill(b *batch, s Source, taken, size int, c params.Config) (int, error) {
	b.reset()
	for {
		m := o.take(s, taken)
		i, e := m.i, m.example
		if len(b.tokens) > 0 && len(b.tokens)+len(e.Tokens) > size {
			return taken, nil
		}
		if err := e.check(i, c); err != nil {
			return taken, err
		}
		b.add(e, i, c.Prefix)
		taken++
	}
}
