package constrain

import (
	"fmt"
	"slices"
)

// Pick says that a trie's sequence was taken.
type Pick struct {
	Name  string
	Index int
}

// picks is a list that readings share; the newest comes first.
type picks struct {
	pick Pick
	rest *picks
}

// thread is one reading: a state that waits for a token or is the end, and what was picked on the way.
type thread struct {
	state int32
	picks *picks
}

// Cursor follows one sequence through a grammar. It is not for use by two goroutines at once; Clone is cheap.
type Cursor struct {
	g       *Grammar
	threads []thread // in the order of preference, no state twice
	done    *thread  // the preferred reading that may end here
}

var _ Constraint = (*Cursor)(nil)

// Start is a cursor before the first token.
func (g *Grammar) Start() *Cursor {
	w := walker{g: g, seen: map[int32]bool{}}
	w.enter(0, nil)
	return w.cursor()
}

// walker collects readings after a token.
type walker struct {
	g       *Grammar
	seen    map[int32]bool
	threads []thread
	done    *thread
}

func (w *walker) cursor() *Cursor { return &Cursor{g: w.g, threads: w.threads, done: w.done} }

// enter follows empty moves, depth first, so that what was written first is preferred. The stack is explicit: a long chain of options must not exhaust Go's.
func (w *walker) enter(at int32, p *picks) {
	stack := []thread{{at, p}}
	for len(stack) > 0 {
		t := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if w.seen[t.state] {
			continue
		}
		w.seen[t.state] = true
		s := &w.g.states[t.state]
		if s.pick >= 0 {
			t.picks = &picks{Pick{w.g.names[s.rule], int(s.pick)}, t.picks}
		}
		if t.state == w.g.end && w.done == nil {
			w.done = &thread{t.state, t.picks}
		}
		if s.edgesEnd > s.edges || s.set >= 0 {
			w.threads = append(w.threads, t)
		}
		for i := s.emptyEnd - 1; i >= s.empty; i-- {
			stack = append(stack, thread{w.g.empty[i], t.picks})
		}
	}
}

// Allowed appends the tokens that may come next, ascending. It never says all: a grammar names its tokens.
func (c *Cursor) Allowed(dst []int32) ([]int32, bool) {
	if len(c.threads) == 1 {
		if s := &c.g.states[c.threads[0].state]; s.set >= 0 && s.edges == s.edgesEnd && len(dst) == 0 {
			return c.g.sets[s.set], false
		}
	}
	from := len(dst)
	for _, t := range c.threads {
		s := &c.g.states[t.state]
		for _, e := range c.g.edges[s.edges:s.edgesEnd] {
			dst = append(dst, e.token)
		}
		if s.set >= 0 {
			dst = append(dst, c.g.sets[s.set]...)
		}
	}
	if !slices.IsSorted(dst[from:]) {
		slices.Sort(dst[from:])
	}
	return dst[:from+len(slices.Compact(dst[from:]))], false
}

// Accept goes on by a token. A token that is not allowed is an error and changes nothing.
func (c *Cursor) Accept(token int32) error {
	w := walker{g: c.g, seen: make(map[int32]bool, 8)}
	for _, t := range c.threads {
		s := &c.g.states[t.state]
		edges := c.g.edges[s.edges:s.edgesEnd]
		i, _ := slices.BinarySearchFunc(edges, token, func(e edge, t int32) int { return int(e.token) - int(t) })
		for ; i < len(edges) && edges[i].token == token; i++ {
			w.enter(edges[i].to, t.picks)
		}
		if s.set >= 0 {
			if _, ok := slices.BinarySearch(c.g.sets[s.set], token); ok {
				w.enter(s.setTo, t.picks)
			}
		}
	}
	if len(w.threads) == 0 && w.done == nil {
		return fmt.Errorf("constrain: token %d is not allowed here", token)
	}
	c.threads, c.done = w.threads, w.done
	return nil
}

// Done says that the sequence may end here.
func (c *Cursor) Done() bool { return c.done != nil }

// Clone is a copy that goes its own way.
func (c *Cursor) Clone() Constraint { return c.Copy() }

// Copy is Clone with its type. Readings are replaced, never changed, so they can be shared.
func (c *Cursor) Copy() *Cursor {
	d := *c
	return &d
}

// Picks are the trie sequences taken so far, in order, by the reading that may end here, or else by the preferred one.
func (c *Cursor) Picks() []Pick {
	var p *picks
	switch {
	case c.done != nil:
		p = c.done.picks
	case len(c.threads) > 0:
		p = c.threads[0].picks
	}
	var list []Pick
	for ; p != nil; p = p.rest {
		list = append(list, p.pick)
	}
	slices.Reverse(list)
	return list
}
