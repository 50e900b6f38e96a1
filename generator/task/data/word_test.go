package data

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"daogou/generator/task"
	"daogou/generator/task/shops"
)

// leastWordings is how many ways there are to say a thing, at least, in each language.
const leastWordings = 25

// roomyPlan is a plan that has every fact that a point may use.
func roomyPlan() task.WordPlan {
	p := task.WordPlan{Facts: map[string]bool{}, Items: []task.WordItem{{}}}
	for _, slot := range []string{"n.found", "need", "c1.from", "c1.to", "changed", "dropped", "unread", "u1.label", "m1.label", "q.text", "q.why", "q.splits", "q.label", "differs", "ref",
		"cart.count", "cart.total", "cart.qty", "policy.answer", "r1.drop", "r1.set", "r1.found", "next", "low.title", "low.price", "top.title", "top.rating", "p1.title", "p1.price", "p1.stock",
		"p1.rating", "p1.why1", "p1.why2", "p1.off", "p1.a1", "p1.a2", "country", "currency.own", "currency.asked", "currency.budget"} {
		p.Facts[slot] = true
	}
	return p
}

// TestWordings draws every wording through the automaton of a prompt that has its facts: what is taught can be said.
func TestWordings(t *testing.T) {
	v := vocab(t)
	for _, lang := range []string{"en", "zh"} {
		w, err := ReadWordings(lang)
		if err != nil {
			t.Fatal(err)
		}
		lines, said := 0, 0
		ways := map[string]map[string]bool{}
		for _, key := range w.Keys() {
			for _, line := range w.lines[key] {
				lines++
				for _, text := range expandLine(line) {
					n := 0
					for _, points := range pointsFor(t, key) {
						sentences, ok := fillRoles(text, lang, points)
						if !ok {
							continue
						}
						n++
						if err := reachable(v, lang, points, sentences); err != nil {
							t.Errorf("%s %s: %q: %v", lang, key, text, err)
							break
						}
						if ways[key] == nil {
							ways[key] = map[string]bool{}
						}
						ways[key][strings.Join(sentences, " ")] = true
						said++
						break
					}
					if n == 0 {
						t.Errorf("%s %s: %q cannot be used: a role or a kind in it does not exist", lang, key, text)
					}
				}
			}
		}
		for _, spec := range task.PointKeys() {
			n := len(ways[spec])
			if f := family(spec); f == "question" || f == "answer" {
				n += len(ways[f])
			}
			if n < leastWordings {
				t.Errorf("%s %s: %d wordings, want %d", lang, spec, n, leastWordings)
			}
		}
		t.Logf("%s: %d lines, %d sentences or pairs of them", lang, lines, said)
	}
}

// pointsFor are the points of a key, with the kinds of facts that wordings ask for. A family's key gives all its members.
func pointsFor(t *testing.T, key string) [][]task.Point {
	t.Helper()
	if strings.HasPrefix(key, "opening.") || strings.HasPrefix(key, "closing.") {
		return [][]task.Point{nil}
	}
	var out [][]task.Point
	for _, kind := range [][2]string{{"cheapest", "dearest"}, {"meets", "unknown"}} {
		sets := [][]task.Point{nil}
		for i, part := range strings.Split(key, "+") {
			var longer [][]task.Point
			for _, k := range task.PointKeys() {
				if k != part && family(k) != part {
					continue
				}
				p := roomyPlan()
				p.Items[0] = task.WordItem{Reasons: []string{kind[0], "best"}, TradeOff: kind[1]}
				p.Relax, p.Total, p.CartItems = []task.WordRelax{{Count: 2}}, 2, 2
				x, ok := p.Point(k, 1, i+1)
				if !ok {
					t.Fatalf("no facts for %s", k)
				}
				for _, s := range sets {
					longer = append(longer, append(slices.Clone(s), x))
				}
			}
			if len(longer) == 0 {
				t.Fatalf("%s: there is no point %q", key, part)
			}
			sets = longer
		}
		out = append(out, sets...)
	}
	return out
}

// reachable says whether sentences pass the automaton of a prompt for their points, and read back as they were.
func reachable(v *task.Vocab, lang string, points []task.Point, sentences []string) error {
	p := v.NewPointsPrompt(lang, points)
	answer, err := p.Answer(sentences)
	if err != nil {
		return err
	}
	if err := p.Check(answer); err != nil {
		return err
	}
	if got := p.Drafts(answer); !slices.Equal(got, sentences) {
		return fmt.Errorf("it reads back as %q", got)
	}
	return nil
}

// TestWordExamples draws examples and measures what they cost and how varied they are.
func TestWordExamples(t *testing.T) {
	v := vocab(t)
	all, err := shops.All()
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(7, 7))
	for _, lang := range []string{"en", "zh"} {
		w, err := ReadWordings(lang)
		if err != nil {
			t.Fatal(err)
		}
		prompt, answer, longest, n, bad := 0, 0, 0, 1000, 0
		replies := map[string]bool{}
		for range n {
			plan := RandomPlan(rng, all[rng.IntN(len(all))], lang)
			said, ok := w.Reply(rng, plan.Points())
			if !ok {
				bad++
				continue
			}
			p := v.NewWordPrompt(plan, rng.IntN(1000))
			a, err := p.Answer(said)
			if err != nil {
				t.Fatalf("%+v: %v", plan, err)
			}
			if err := p.Check(a); err != nil {
				t.Errorf("%q: %v", said, err)
			}
			if len(a) > task.MaxAnswerTokens {
				bad++
			}
			prompt, answer, longest = prompt+len(p.Tokens), answer+len(a), max(longest, len(p.Tokens))
			replies[strings.Join(said, " ")] = true
		}
		t.Logf("%s: %d of %d replies differ; %d tokens a prompt, the longest %d; %d an answer; %d plans could not be said", lang, len(replies), n, prompt/n, longest, answer/n, bad)
		if bad*50 > n {
			t.Errorf("%s: %d of %d plans could not be said", lang, bad, n)
		}
		if longest > 200 {
			t.Errorf("a prompt has %d tokens", longest)
		}
	}
}
