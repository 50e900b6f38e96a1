package data

import (
	"math/rand/v2"
	"testing"

	"daogou/generator/task"
	"daogou/generator/task/shops"
	"daogou/nlu"
	"daogou/nlu/nlueval"
)

// TestVaryStaysTrue holds varied turns to what they are taught as: nearly all of them must be sayable, and varied they must be.
func TestVaryStaysTrue(t *testing.T) {
	turns, err := HandWritten()
	if err != nil {
		t.Fatal(err)
	}
	all, err := shops.All()
	if err != nil {
		t.Fatal(err)
	}
	v, rules := vocab(t), nlu.NewRules()
	words := map[*shops.Shop]*task.Words{}
	rng := rand.New(rand.NewPCG(1, 2))
	tried, made, good, carried := 0, 0, 0, 0
	for i := range 1500 {
		old := turns[rng.IntN(len(turns))]
		if len(old.Want.Set) == 0 {
			continue
		}
		x, ok := Vary(rng, old, rules, all, nil)
		tried++
		if !ok || x.In.Text == old.In.Text {
			continue
		}
		made++
		if x.Shop != old.Shop {
			carried++
		}
		if words[x.Shop] == nil {
			words[x.Shop] = task.NewWords(x.Shop.Schema, x.Shop.Each)
		}
		p := v.NewParsePrompt(x.In, task.Hints{Mentions: rules.Mentions(x.In)}, words[x.Shop], i)
		answer, lost := p.Answer(x.Want)
		if err := p.Check(answer); err != nil {
			t.Errorf("%s %q: %v", x.ID, x.In.Text, err)
		}
		if lost == 0 {
			good++
		}
		if i < 60 && testing.Verbose() {
			var sets []string
			for _, c := range x.Want.Set {
				sets = append(sets, nlueval.Show(c.Constraint))
			}
			t.Logf("%s\n    was %q\n    now %q %s lost %d %q", x.ID, old.In.Text, x.In.Text, x.Want.Act, lost, sets)
		}
	}
	t.Logf("%d tried, %d made, %d of them sayable in full, %d in another shop", tried, made, good, carried)
	if made < tried/3 || good < made*8/10 {
		t.Error("too few")
	}
}
