package data

import (
	"sync"
	"testing"

	"daogou/generator/task"
	"daogou/generator/task/shops"
	"daogou/nlu"
	"daogou/nlu/nlueval"
)

var learned = sync.OnceValues(Tokenizer)

func vocab(t testing.TB) *task.Vocab {
	tok, err := learned()
	if err != nil {
		t.Fatal(err)
	}
	v, err := task.NewVocab(tok)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// leastSayable is the share of turns below which something in the prompts has broken.
const leastSayable = 0.9

// TestSayable measures how much of what the hand-written turns mean can be said with the tags of their prompts: the ceiling of any model. Every answer
// must be in the grammar and read back as the delta that it was written from.
func TestSayable(t *testing.T) {
	all, err := HandWritten()
	if err != nil {
		t.Fatal(err)
	}
	v := vocab(t)
	rules := nlu.NewRules()
	right, acted, tokens := map[string]int{}, map[string]int{}, 0
	total := map[string]int{}
	words := map[*shops.Shop]*task.Words{}
	for _, x := range all {
		if words[x.Shop] == nil {
			words[x.Shop] = task.NewWords(x.Shop.Schema, x.Shop.Each)
		}
		p := v.NewParsePrompt(x.In, task.Hints{Mentions: rules.Mentions(x.In)}, words[x.Shop], 3)
		tokens += len(p.Tokens)
		answer, lost := p.Answer(x.Want)
		if err := p.Check(answer); err != nil {
			t.Errorf("%s %q: %v", x.ID, x.In.Text, err)
			continue
		}
		got := p.Delta(answer)
		lang := x.Want.Lang
		total[lang]++
		if got.Act == x.Want.Act {
			acted[lang]++
		}
		state := x.In.State.Apply(got)
		if SameNeed(x.After, state.Constraints) {
			right[lang]++
		} else if testing.Verbose() {
			var want, have []string
			for _, c := range x.After {
				want = append(want, nlueval.Show(c))
			}
			for _, c := range state.Constraints {
				have = append(have, nlueval.Show(c.Constraint))
			}
			t.Logf("%s lost %d %q\n   want %q\n   have %q", x.ID, lost, x.In.Text, want, have)
		}
	}
	for lang, n := range total {
		t.Logf("%s: %d turns, need after the turn sayable %.3f", lang, n, float64(right[lang])/float64(n))
		if float64(right[lang]) < leastSayable*float64(n) {
			t.Errorf("%s: only %d needs of %d can be said", lang, right[lang], n)
		}
		if acted[lang] != n {
			t.Errorf("%s: %d acts of %d survive", lang, acted[lang], n)
		}
	}
	t.Logf("%.0f tokens a prompt", float64(tokens)/float64(len(all)))
}
