package constrain

import (
	"fmt"
	"slices"
)

// Rule is a set of token sequences. Rules are values: one may be used in several places.
type Rule struct {
	kind     kind
	name     string
	rules    []Rule
	min, max int
	tokens   []int32   // of a literal; of free text, those allowed, ascending
	list     [][]int32 // of a trie
	stop     int32
}

type kind int

const (
	seq kind = iota
	choice
	repeat
	literal
	trie
	text
	named
)

// Seq is the rules one after the other. Without any it is the empty sequence.
func Seq(rules ...Rule) Rule { return Rule{kind: seq, rules: rules} }

// Choice is any of the rules. Where two read the same tokens, the earlier one counts.
func Choice(rules ...Rule) Rule { return Rule{kind: choice, rules: rules} }

// Repeat is the rule from min to max times.
func Repeat(r Rule, min, max int) Rule {
	return Rule{kind: repeat, rules: []Rule{r}, min: min, max: max}
}

// Optional is the rule once or not at all.
func Optional(r Rule) Rule { return Repeat(r, 0, 1) }

// Tokens is exactly this sequence.
func Tokens(tokens ...int32) Rule { return Rule{kind: literal, tokens: slices.Clone(tokens)} }

// Trie is one of many sequences; which one, a cursor's Picks tell. Of equal sequences the first counts.
func Trie(name string, sequences [][]int32) Rule {
	return Rule{kind: trie, name: name, list: sequences}
}

// FreeText is up to max tokens of the allowed ones, then stop. stop itself is no text, even if it is among those allowed.
func FreeText(allowed []int32, max int, stop int32) Rule {
	set := slices.DeleteFunc(slices.Clone(allowed), func(t int32) bool { return t == stop })
	slices.Sort(set)
	return Rule{kind: text, tokens: slices.Compact(set), max: max, stop: stop}
}

// Named gives a rule a name, which errors use.
func Named(name string, r Rule) Rule { return Rule{kind: named, name: name, rules: []Rule{r}} }

// Limits of a grammar.
const (
	maxStates = 1 << 21
	maxDepth  = 1000
)

// checker finds what is wrong with a rule before anything is built.
type checker struct {
	vocab int
	path  []string
	depth int
}

func (c *checker) errorf(format string, args ...any) error {
	where := "the grammar"
	if len(c.path) > 0 {
		where = fmt.Sprintf("rule %q", c.path[len(c.path)-1])
	}
	return fmt.Errorf("constrain: "+where+" "+format, args...)
}

// check gives the number of states that the rule needs, at most.
func (c *checker) check(r Rule) (states int, err error) {
	if c.depth++; c.depth > maxDepth {
		return 0, c.errorf("is nested more than %d deep", maxDepth)
	}
	defer func() { c.depth-- }()
	if r.kind == named || r.kind == trie {
		c.path = append(c.path, r.name)
		defer func() { c.path = c.path[:len(c.path)-1] }()
	}
	parts := 0
	for _, part := range r.rules {
		n, err := c.check(part)
		if err != nil {
			return 0, err
		}
		parts += n + 1
	}
	if err := c.checkOne(r); err != nil {
		return 0, err
	}
	n := r.states(parts)
	if n > maxStates {
		return 0, c.errorf("needs more than %d states; repeat less, shorten free text or split the list", maxStates)
	}
	return n, nil
}

// states is how many a rule needs whose parts need that many.
func (r Rule) states(parts int) int {
	switch r.kind {
	case repeat:
		if r.max > maxStates {
			return maxStates + 1
		}
		return (parts+1)*r.max + 1
	case literal:
		return len(r.tokens)
	case text:
		return min(r.max, maxStates) + 2
	case trie:
		n := 2
		for _, l := range r.list {
			n += len(l) + 1
		}
		return n
	}
	return parts + 1
}

func (c *checker) checkOne(r Rule) error {
	switch r.kind {
	case choice:
		if len(r.rules) == 0 {
			return c.errorf("is a choice without alternatives, so it could never be left; leave it out or give it one")
		}
	case repeat:
		if r.min < 0 || r.max < r.min {
			return c.errorf("repeats from %d to %d times, which is no range", r.min, r.max)
		}
	case text:
		if r.max < 0 {
			return c.errorf("has free text of at most %d tokens", r.max)
		}
		return c.checkTokens(append(slices.Clone(r.tokens), r.stop))
	case literal:
		return c.checkTokens(r.tokens)
	case trie:
		if len(r.list) == 0 {
			return c.errorf("is a trie without sequences, so it could never be left; leave it out or give it one")
		}
		for i, s := range r.list {
			if len(s) == 0 {
				return c.errorf("has an empty sequence at place %d; make the rule optional instead", i)
			}
			if err := c.checkTokens(s); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *checker) checkTokens(tokens []int32) error {
	for _, t := range tokens {
		if t < 0 || int(t) >= c.vocab {
			return c.errorf("has token %d, and the vocabulary ends at %d", t, c.vocab-1)
		}
	}
	return nil
}
