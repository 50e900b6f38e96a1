package generator

import "fmt"

// scoring is the job of Score: first the prefix, then all candidates as one tree. Each run of the tree without a branch is a span; a span's cache is a fork of the one
// that it branches off from, so that a token sees its own ancestors and nothing beside them.
type scoring struct {
	reader
	candidates [][]int32
	nodes      []node // 0 is the root, where the prefix ends
	ends       []int  // each candidate's last node
	queue      []branch
	caches     []*cache // to be released
	spans      []*span
	scores     []float64
}

// node is a token of the tree. logp is that of the token after its parents.
type node struct {
	token    int32
	parent   int
	children []int
	logp     float64
}

// branch is a run of nodes whose outputs are needed, and how many of it have been read.
type branch struct {
	cache *cache
	nodes []int
	at    int
}

func newScore(e *Engine, prefix []int32, candidates [][]int32) (*scoring, error) {
	longest := 0
	for i, c := range candidates {
		if err := e.checkTokens(c); err != nil {
			return nil, fmt.Errorf("candidate %d: %w", i, err)
		}
		longest = max(longest, len(c))
	}
	rd, err := newReader(e, prefix, longest)
	if err != nil {
		return nil, err
	}
	s := &scoring{reader: rd, candidates: candidates, nodes: []node{{parent: -1}}}
	for _, c := range candidates {
		s.ends = append(s.ends, s.insert(c))
	}
	return s, nil
}

func (s *scoring) insert(tokens []int32) int {
	at := 0
	for _, t := range tokens {
		at = s.child(at, t)
	}
	return at
}

func (s *scoring) child(at int, token int32) int {
	for _, c := range s.nodes[at].children {
		if s.nodes[c].token == token {
			return c
		}
	}
	s.nodes = append(s.nodes, node{token: token, parent: at})
	s.nodes[at].children = append(s.nodes[at].children, len(s.nodes)-1)
	return len(s.nodes) - 1
}

func (s *scoring) next(room int, first bool) []*span {
	s.spans = s.spans[:0]
	if !s.finished() {
		sp := s.read(room, first)
		if sp == nil {
			return nil
		}
		if sp.last {
			sp.last = false // the tree's first tokens are read instead of all outputs
			s.wish(sp, len(sp.tokens)-1, 0)
			s.branchOff(0, &s.cache)
		}
		s.spans = append(s.spans, sp)
		room -= len(sp.tokens)
	}
	for room > 0 && len(s.queue) > 0 {
		b := s.queue[0]
		n := min(room, len(b.nodes)-b.at)
		s.spans = append(s.spans, s.take(&b, n))
		room -= n
		if b.at < len(b.nodes) {
			s.queue[0] = b
			break
		}
		s.queue = s.queue[1:]
		s.branchOff(b.nodes[len(b.nodes)-1], b.cache)
	}
	return s.spans
}

// take makes a span of the next n nodes of a branch.
func (s *scoring) take(b *branch, n int) *span {
	tokens := make([]int32, n)
	for i := range tokens {
		tokens[i] = s.nodes[b.nodes[b.at+i]].token
	}
	sp := s.e.span(b.cache, tokens, false)
	for i := range tokens {
		s.wish(sp, i, b.nodes[b.at+i])
	}
	b.at += n
	return sp
}

// wish asks for the probabilities of a node's children after row of a span.
func (s *scoring) wish(sp *span, row, at int) {
	for _, c := range s.nodes[at].children {
		sp.reads = append(sp.reads, read{row: row, token: s.nodes[c].token, node: c})
	}
}

// branchOff queues the runs that begin below a node. A leaf's output is not needed, so it is in no run.
func (s *scoring) branchOff(at int, c *cache) {
	for _, child := range s.nodes[at].children {
		if len(s.nodes[child].children) == 0 {
			continue
		}
		b := branch{cache: new(cache), nodes: []int{child}}
		*b.cache = s.e.pages.fork(c, c.len)
		s.caches = append(s.caches, b.cache)
		for {
			next := s.onlyInner(b.nodes[len(b.nodes)-1])
			if next < 0 {
				break
			}
			b.nodes = append(b.nodes, next)
		}
		s.queue = append(s.queue, b)
	}
}

// onlyInner is the one child of a node that has children itself, or -1 if there is none or several.
func (s *scoring) onlyInner(at int) int {
	found := -1
	for _, c := range s.nodes[at].children {
		if len(s.nodes[c].children) == 0 {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = c
	}
	return found
}

func (s *scoring) took() (bool, error) {
	for _, sp := range s.spans {
		for _, r := range sp.reads {
			s.nodes[r.node].logp = r.logp
		}
	}
	if !s.finished() || len(s.queue) > 0 {
		return false, nil
	}
	s.scores = make([]float64, len(s.candidates))
	for i, at := range s.ends {
		for ; at > 0; at = s.nodes[at].parent {
			s.scores[i] += s.nodes[at].logp
		}
	}
	return true, nil
}

func (s *scoring) keep() ([]int32, *cache) { return s.prompt[:s.cache.len], &s.cache }

func (s *scoring) close() {
	for _, c := range s.caches {
		s.e.pages.release(c)
	}
	s.e.pages.release(&s.cache)
}
