package constrain

import (
	"fmt"
	"slices"
)

// Grammar is a compiled rule: a finite automaton with empty moves, in flat slices. State 0 is the start.
type Grammar struct {
	states []state
	edges  []edge    // those of a state lie together, ascending by token
	empty  []int32   // empty moves, in the order of preference
	sets   [][]int32 // the allowed tokens of free texts, shared by all states of one
	names  []string
	end    int32
}

type state struct {
	edges, edgesEnd int32
	empty, emptyEnd int32
	set, setTo      int32 // any token of sets[set] leads to setTo; set -1: none
	pick            int32 // reaching this state is the choice of that sequence of a trie; -1: none
	rule            int32 // the innermost rule with a name, in names
}

type edge struct{ token, to int32 }

// Compile builds the automaton. vocab is the number of tokens.
func Compile(r Rule, vocab int) (*Grammar, error) {
	if _, err := (&checker{vocab: vocab}).check(r); err != nil {
		return nil, err
	}
	b := &builder{}
	whole := b.name("the grammar")
	end := b.build(r, b.node(whole), whole)
	if err := b.alive(end); err != nil {
		return nil, err
	}
	return b.flatten(end), nil
}

// builder grows the automaton with lists, which flatten then lays out.
type builder struct {
	nodes []node
	sets  [][]int32
	names []string
}

type node struct {
	edges []edge
	empty []int32
	set   int32
	setTo int32
	pick  int32
	rule  int32
}

func (b *builder) node(rule int32) int32 {
	b.nodes = append(b.nodes, node{set: -1, pick: -1, rule: rule})
	return int32(len(b.nodes) - 1)
}

func (b *builder) name(rule string) int32 {
	b.names = append(b.names, rule)
	return int32(len(b.names) - 1)
}

func (b *builder) jump(from, to int32) { b.nodes[from].empty = append(b.nodes[from].empty, to) }

func (b *builder) step(from, token, to int32) {
	b.nodes[from].edges = append(b.nodes[from].edges, edge{token, to})
}

// build adds what a rule matches after a state and gives the state in which it has been matched.
func (b *builder) build(r Rule, from, rule int32) int32 {
	switch r.kind {
	case named:
		return b.build(r.rules[0], from, b.name(r.name))
	case seq:
		return b.all(r.rules, from, rule)
	case choice:
		return b.any(r.rules, from, rule)
	case repeat:
		return b.repeat(r, from, rule)
	case literal:
		for _, t := range r.tokens {
			next := b.node(rule)
			b.step(from, t, next)
			from = next
		}
		return from
	case trie:
		return b.trie(r, from)
	}
	return b.text(r, from, rule)
}

func (b *builder) all(rules []Rule, from, rule int32) int32 {
	for _, r := range rules {
		from = b.build(r, from, rule)
	}
	return from
}

func (b *builder) any(rules []Rule, from, rule int32) int32 {
	end := b.node(rule)
	for _, r := range rules {
		start := b.node(rule) // alternatives must not share a state in which one of them comes back to its beginning
		b.jump(from, start)
		b.jump(b.build(r, start, rule), end)
	}
	return end
}

func (b *builder) repeat(r Rule, from, rule int32) int32 {
	end := b.node(rule)
	for i := range r.max {
		start := b.node(rule)
		b.jump(from, start)
		if i >= r.min {
			b.jump(from, end)
		}
		from = b.build(r.rules[0], start, rule)
	}
	b.jump(from, end)
	return end
}

// trie shares the beginnings of its sequences. Each end is a state of its own that remembers which sequence it was.
func (b *builder) trie(r Rule, from int32) int32 {
	rule := b.name(r.name)
	end := b.node(rule)
	order := make([]int, len(r.list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return slices.Compare(r.list[i], r.list[j]) })
	root := b.node(rule)
	b.jump(from, root)
	path := []int32{root} // states along the sequence before
	var last []int32
	for n, i := range order {
		s := r.list[i]
		if n > 0 && slices.Equal(s, last) {
			continue
		}
		common := 0
		for common < len(s) && common < len(last) && s[common] == last[common] {
			common++
		}
		path = path[:common+1]
		for _, t := range s[common:] {
			next := b.node(rule)
			b.step(path[len(path)-1], t, next)
			path = append(path, next)
		}
		leaf := b.node(rule)
		b.nodes[leaf].pick = int32(i)
		b.jump(path[len(path)-1], leaf)
		b.jump(leaf, end)
		last = s
	}
	return end
}

func (b *builder) text(r Rule, from, rule int32) int32 {
	end := b.node(rule)
	set := int32(-1)
	if len(r.tokens) > 0 {
		set = int32(len(b.sets))
		b.sets = append(b.sets, r.tokens)
	}
	at := b.node(rule)
	b.jump(from, at)
	for i := 0; ; i++ {
		b.step(at, r.stop, end)
		if set < 0 || i == r.max {
			return end
		}
		next := b.node(rule)
		b.nodes[at].set, b.nodes[at].setTo = set, next
		at = next
	}
}

// alive refuses an automaton with a state from which the end cannot be reached. The checks of rules leave none; this is what the promise rests on.
func (b *builder) alive(end int32) error {
	back := make([][]int32, len(b.nodes))
	for i, n := range b.nodes {
		for _, e := range n.edges {
			back[e.to] = append(back[e.to], int32(i))
		}
		for _, to := range n.empty {
			back[to] = append(back[to], int32(i))
		}
		if n.set >= 0 {
			back[n.setTo] = append(back[n.setTo], int32(i))
		}
	}
	live, todo := make([]bool, len(b.nodes)), []int32{end}
	live[end] = true
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, from := range back[at] {
			if !live[from] {
				live[from] = true
				todo = append(todo, from)
			}
		}
	}
	if i := slices.Index(live, false); i >= 0 {
		return fmt.Errorf("constrain: rule %q has a state from which no end can be reached", b.names[b.nodes[i].rule])
	}
	return nil
}

func (b *builder) flatten(end int32) *Grammar {
	g := &Grammar{states: make([]state, len(b.nodes)), sets: b.sets, names: b.names, end: end}
	for i, n := range b.nodes {
		s := &g.states[i]
		s.set, s.setTo, s.pick, s.rule = n.set, n.setTo, n.pick, n.rule
		slices.SortStableFunc(n.edges, func(a, b edge) int { return int(a.token) - int(b.token) })
		s.edges = int32(len(g.edges))
		g.edges = append(g.edges, n.edges...)
		s.edgesEnd = int32(len(g.edges))
		s.empty = int32(len(g.empty))
		g.empty = append(g.empty, n.empty...)
		s.emptyEnd = int32(len(g.empty))
	}
	return g
}

// States is the size of the automaton.
func (g *Grammar) States() int { return len(g.states) }
