package constrain

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const vocab = 12

func compile(t testing.TB, r Rule) *Grammar {
	t.Helper()
	g, err := Compile(r, vocab)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// ends are the places in s where a match of the rule from place at may end: the meaning of rules, written a second time.
func ends(r Rule, s []int32, at int) map[int]bool {
	out := map[int]bool{}
	switch r.kind {
	case named:
		return ends(r.rules[0], s, at)
	case seq:
		return inTurn(r.rules, s, at)
	case choice:
		for _, part := range r.rules {
			for e := range ends(part, s, at) {
				out[e] = true
			}
		}
	case repeat:
		for n := r.min; n <= r.max; n++ {
			for e := range inTurn(slices.Repeat(r.rules, n), s, at) {
				out[e] = true
			}
		}
	case literal:
		if n := len(r.tokens); at+n <= len(s) && slices.Equal(s[at:at+n], r.tokens) {
			out[at+n] = true
		}
	case trie:
		for _, l := range r.list {
			if at+len(l) <= len(s) && slices.Equal(s[at:at+len(l)], l) {
				out[at+len(l)] = true
			}
		}
	case text:
		for i := at; i < len(s) && i-at <= r.max; i++ {
			if s[i] == r.stop {
				out[i+1] = true
				break
			}
			if !slices.Contains(r.tokens, s[i]) {
				break
			}
		}
	}
	return out
}

func inTurn(rules []Rule, s []int32, at int) map[int]bool {
	now := map[int]bool{at: true}
	for _, r := range rules {
		next := map[int]bool{}
		for a := range now {
			for e := range ends(r, s, a) {
				next[e] = true
			}
		}
		now = next
	}
	return now
}

func matches(r Rule, s []int32) bool { return ends(r, s, 0)[len(s)] }

func randomRule(r *rand.Rand, depth int) Rule {
	token := func() int32 { return int32(r.IntN(vocab)) }
	tokens := func(n int) []int32 {
		s := make([]int32, n)
		for i := range s {
			s[i] = token()
		}
		return s
	}
	n := 7
	if depth == 0 {
		n = 3
	}
	some := func(least int) []Rule {
		rules := make([]Rule, least+r.IntN(3))
		for i := range rules {
			rules[i] = randomRule(r, depth-1)
		}
		return rules
	}
	switch r.IntN(n) {
	case 0:
		return Tokens(tokens(r.IntN(4))...)
	case 1:
		list := make([][]int32, 1+r.IntN(6))
		for i := range list {
			list[i] = tokens(1 + r.IntN(3))
		}
		return Trie("trie", list)
	case 2:
		return FreeText(tokens(r.IntN(4)), r.IntN(4), token())
	case 3:
		return Seq(some(0)...)
	case 4:
		return Choice(some(1)...)
	case 5:
		least := r.IntN(3)
		return Repeat(randomRule(r, depth-1), least, least+r.IntN(3))
	}
	return Named("name", randomRule(r, depth-1))
}

// Random walks never leave the grammar, every end that is reported is one, and at each step the allowed tokens are exactly those that are accepted.
func TestWalksAndGrammarAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	finished := 0
	for range 3000 {
		rule := randomRule(r, 3)
		g := compile(t, rule)
		c := g.Start()
		var walk []int32
		for len(walk) < 40 {
			if c.Done() != matches(rule, walk) {
				t.Fatalf("%v after %v: done is %v", rule, walk, c.Done())
			}
			allowed, all := c.Allowed(nil)
			if all || !slices.IsSorted(allowed) || len(slices.Compact(slices.Clone(allowed))) != len(allowed) {
				t.Fatalf("allowed tokens %v are not ascending and distinct", allowed)
			}
			for token := int32(-1); token <= vocab; token++ {
				if ok := c.Clone().Accept(token) == nil; ok != slices.Contains(allowed, token) {
					t.Fatalf("%v after %v: token %d accepted %v, allowed %v", rule, walk, token, ok, allowed)
				}
			}
			if len(allowed) == 0 {
				if !c.Done() {
					t.Fatalf("%v after %v: stuck", rule, walk)
				}
				finished++
				break
			}
			token := allowed[r.IntN(len(allowed))]
			if err := c.Accept(token); err != nil {
				t.Fatal(err)
			}
			walk = append(walk, token)
		}
	}
	if finished < 1000 {
		t.Errorf("only %d walks came to an end: the test tests little", finished)
	}
}

// What is random and in the grammar by its meaning is accepted by the cursor, and the other way round.
func TestMembership(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	in := 0
	for range 4000 {
		rule := randomRule(r, 2)
		c := compile(t, rule).Start()
		s := make([]int32, r.IntN(4))
		for i := range s {
			s[i] = int32(r.IntN(vocab))
		}
		ok := true
		for _, token := range s {
			ok = ok && c.Accept(token) == nil
		}
		if got := ok && c.Done(); got != matches(rule, s) {
			t.Fatalf("%v: %v accepted %v", rule, s, got)
		} else if got {
			in++
		}
	}
	if in < 100 {
		t.Errorf("only %d sequences were in their grammar: the test tests little", in)
	}
}

func TestDeadGrammarsNameTheRule(t *testing.T) {
	deep := Tokens(1)
	for range 2000 {
		deep = Seq(deep)
	}
	for name, c := range map[string]struct {
		rule Rule
		want string
	}{
		"no alternatives":   {Named("facet", Seq(Tokens(1), Choice())), `rule "facet" is a choice without alternatives`},
		"no sequences":      {Named("list", Trie("brands", nil)), `rule "brands" is a trie without sequences`},
		"empty sequence":    {Trie("brands", [][]int32{{1}, {}}), `empty sequence at place 1`},
		"range":             {Named("items", Repeat(Tokens(1), 3, 2)), `rule "items" repeats from 3 to 2`},
		"unknown token":     {Named("open", Tokens(3, vocab)), `rule "open" has token 12`},
		"negative":          {Named("text", FreeText([]int32{1}, -1, 2)), `rule "text" has free text of at most -1`},
		"unknown stop":      {Named("text", FreeText([]int32{1}, 1, -2)), `rule "text" has token -2`},
		"nested":            {deep, "nested more than"},
		"too many states":   {Named("big", Repeat(Repeat(Repeat(Tokens(1, 2, 3), 0, 400), 0, 400), 0, 400)), `rule "big" needs more than`},
		"endless free text": {Named("essay", FreeText([]int32{1}, 1<<30, 2)), `rule "essay" needs more than`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Compile(c.rule, vocab); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestPicks(t *testing.T) {
	facet := Trie("facet", [][]int32{{1, 2}, {1, 2, 3}, {4}})
	value := Trie("value", [][]int32{{5}, {5, 6}, {5}})
	g := compile(t, Seq(facet, value, Optional(Tokens(6))))
	for _, c := range []struct {
		tokens []int32
		want   []Pick
	}{
		{[]int32{1, 2, 5}, []Pick{{"facet", 0}, {"value", 0}}},
		{[]int32{1, 2, 3, 5}, []Pick{{"facet", 1}, {"value", 0}}},
		{[]int32{4, 5, 6}, []Pick{{"facet", 2}, {"value", 1}}}, // or value 0 and the option; the trie goes on first
		{[]int32{4, 5, 6, 6}, []Pick{{"facet", 2}, {"value", 1}}},
	} {
		cur := g.Start()
		for _, token := range c.tokens {
			if err := cur.Accept(token); err != nil {
				t.Fatal(err)
			}
		}
		if got := cur.Picks(); !cur.Done() || !slices.Equal(got, c.want) {
			t.Errorf("%v: picks %v, want %v", c.tokens, got, c.want)
		}
	}
	if c := g.Start(); c.Accept(9) == nil || len(c.Picks()) != 0 {
		t.Error("a refused token left a trace")
	}
}

func TestAllowedDoesNotTouchShared(t *testing.T) {
	g := compile(t, Choice(FreeText([]int32{1, 3, 5}, 2, 9), FreeText([]int32{2, 4}, 2, 9)))
	c := g.Start()
	dst := append(make([]int32, 0, 64), 7)
	got, _ := c.Allowed(dst)
	if !slices.Equal(got, []int32{7, 1, 2, 3, 4, 5, 9}) {
		t.Errorf("allowed %v", got)
	}
	if again, _ := c.Allowed(nil); !slices.Equal(again, []int32{1, 2, 3, 4, 5, 9}) {
		t.Errorf("allowed %v the second time", again)
	}
}

func BenchmarkAcceptInTrie(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	list := make([][]int32, 20000)
	for i := range list {
		for range 8 {
			list[i] = append(list[i], int32(r.IntN(8192)))
		}
	}
	g, err := Compile(Trie("products", list), 8192)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		c := g.Start()
		for _, token := range list[0] {
			if err := c.Accept(token); err != nil {
				b.Fatal(err)
			}
		}
	}
}
