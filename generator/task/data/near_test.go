package data

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"daogou/generator/task/turns"
	"daogou/nlu/nlueval"
)

func TestNearPairs(t *testing.T) {
	for _, c := range []struct {
		a, b string
		near bool
	}{
		{"a two person tent, under 150 bucks, not orange", "A two person tent under 200 bucks - NOT orange!", true},
		{"a two person tent, under 150 bucks, not orange", "a two person tent, under 150 bucks, not purple", false},
		{"do you have this jacket in a larger size please", "do you have the jacket in a larger size please", true},
		{"do you have this jacket in a larger size please", "is this jacket waterproof enough for Scotland", false},
		{"yes please", "yes please", false},
		{"yes please do that now", "Yes, please do that now", false}, // 18 letters
		{"yes please do that now ok", "Yes, please do that now, OK", true},
		{"想要一台三百升左右的双门冰箱，静音的", "想要一台三百升左右的双门冰箱 静音的！", true},
		{"想要一台三百升左右的双门冰箱，静音的", "想要一台三百升左右的双门冰箱，银色的", false},
		{"预算１５００以内的冰箱有吗", "预算2999以内的冰箱有吗？", true},
		{"第二个放进购物车", "第二个放进购物车", false},
		{"", "", false},
	} {
		if got := nearPairs([]string{c.a, c.b}); (len(got) == 1) != c.near {
			t.Errorf("%q and %q: near %v, want %v", c.a, c.b, len(got) == 1, c.near)
		}
	}
}

// TestNearPairsMissesNone holds the search against comparing every text with every other.
func TestNearPairsMissesNone(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	words := strings.Fields("tent lamp kettle jacket cheap blue under please show me with the a waterproof 冰箱 静音 便宜 一点 蓝色 帐篷 有没有 推荐")
	var texts []string
	for range 600 {
		if len(texts) > 0 && rng.IntN(3) > 0 {
			r := []rune(texts[rng.IntN(len(texts))])
			r[rng.IntN(len(r))] = []rune("xyz一二")[rng.IntN(5)]
			texts = append(texts, string(r))
			continue
		}
		var said []string
		for range 3 + rng.IntN(10) {
			said = append(said, words[rng.IntN(len(words))])
		}
		texts = append(texts, strings.Join(said, " "))
	}
	sets := make([]map[string]bool, len(texts))
	for i, text := range texts {
		sets[i] = map[string]bool{}
		for _, s := range shingles(text) {
			sets[i][s] = true
		}
	}
	var want [][2]int
	for i, a := range sets {
		for j, b := range sets[:i] {
			common := 0
			for s := range a {
				if b[s] {
					common++
				}
			}
			if union := len(a) + len(b) - common; union > 0 && 5*common >= 4*union {
				want = append(want, [2]int{j, i})
			}
		}
	}
	if got := nearPairs(texts); !slices.Equal(got, want) || len(want) < 100 {
		t.Errorf("found %d pairs of %d", len(got), len(want))
	}
}

// TestRepeats makes up turns of which some repeat others.
func TestRepeats(t *testing.T) {
	var kept, learnt []string // names of dialogues on either side of the split
	for i := 0; len(kept) < 2 || len(learnt) < 6; i++ {
		if name := fmt.Sprintf("made-%d", i); isValid(name) {
			kept = append(kept, name)
		} else {
			learnt = append(learnt, name)
		}
	}
	const tent, fridge = "a light tent for two people please, for under %d dollars", "find me a quiet fridge with a freezer, %d litres will do"
	ask := func(dialogue, act, text string, n int) string {
		return fmt.Sprintf("[%s]\nshopper: %s\n  act %s\n", dialogue, fmt.Sprintf(text, n), act)
	}
	file := ask(learnt[0], "find", tent, 100) + // said again in a turn kept for validation
		ask(learnt[1], "find", fridge, 300) +
		ask(kept[0], "refine", tent, 150) +
		ask(learnt[2], "find", fridge, 350) + // again, meant alike
		ask(learnt[3], "relax", fridge, 350) + // again, but meant otherwise
		ask(kept[1], "find", tent, 150) // validation itself is left whole
	cases, err := nlueval.Read(strings.NewReader(file), "made.txt", "en")
	if err != nil {
		t.Fatal(err)
	}
	got := repeatsOf([]turns.Set{{File: "en/made.txt", Lang: "en", Shop: "demo", Cases: cases}})
	want := []Repeat{
		{learnt[0] + ".1", "en/made.txt", kept[0] + ".1", true},
		{learnt[2] + ".1", "en/made.txt", learnt[1] + ".1", false},
	}
	if !slices.Equal(got, want) {
		t.Errorf("left out %v, want %v", got, want)
	}
}

// TestTrainingLeavesOutRepeats holds what training draws from against what is kept for validation.
func TestTrainingLeavesOutRepeats(t *testing.T) {
	begun := time.Now()
	out, err := Repeats()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d hand-written turns left out, found in %v", len(out), time.Since(begun).Round(time.Millisecond))
	learn, err := NewSet(vocab(t), Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	valid, err := NewSet(vocab(t), Options{Seed: 1, Valid: true})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, x := range slices.Concat(learn.Turns(), valid.Turns()) {
		texts = append(texts, x.In.Text)
	}
	n := len(learn.Turns())
	for _, p := range nearPairs(texts) {
		if p[0] < n && p[1] >= n {
			t.Errorf("%s is learnt from, and nearly the same as %s, which is kept for validation", learn.Turns()[p[0]].ID, valid.Turns()[p[1]-n].ID)
		}
	}
}

// TestNoLeaks holds every hand-written turn against the test set. It names turns of ours only: the test set's are for measuring, not for reading here.
func TestNoLeaks(t *testing.T) {
	tested, err := nlueval.ReadDir(os.DirFS("../../../nlu/testdata/dev"), ".")
	if err != nil || len(tested) == 0 {
		t.Fatalf("cannot read the test set: %d turns, %v", len(tested), err)
	}
	sets, err := turns.All()
	if err != nil {
		t.Fatal(err)
	}
	var texts, names []string
	for _, c := range tested {
		texts = append(texts, c.Turns[len(c.Turns)-1].Text)
	}
	for _, s := range sets {
		for _, c := range s.Cases {
			texts = append(texts, c.Turns[len(c.Turns)-1].Text)
			names = append(names, s.File+": "+c.ID)
		}
	}
	leaks := map[string]bool{}
	for _, p := range nearPairs(texts) {
		if p[0] < len(tested) && p[1] >= len(tested) {
			leaks[names[p[1]-len(tested)]] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(leaks)) {
		t.Errorf("%s is nearly the same as a turn of the test set: take it out", name)
	}
}
