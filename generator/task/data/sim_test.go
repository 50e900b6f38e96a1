package data

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"daogou/catalog"
	"daogou/generator/task"
	"daogou/generator/task/shops"
	"daogou/nlu"
	"daogou/nlu/bpe"
	"daogou/nlu/nlueval"
)

// simShops are the authored shops and some made from parts of them.
func simShops(t testing.TB) []*shops.Shop {
	all, err := shops.All()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		all = append(all, randomShop(rand.New(rand.NewPCG(7, uint64(i))), all[:len(all)-i], nil))
	}
	return all
}

// simVocab learns a tokenizer from the shops alone: simulation needs no hand-written turns.
func simVocab(t testing.TB, all []*shops.Shop) *task.Vocab {
	l := bpe.NewLearner()
	for _, s := range all {
		learnShop(l, s)
	}
	learnHanzi(l)
	tok, err := l.Train(VocabSize, task.Specials())
	if err != nil {
		t.Fatal(err)
	}
	v, err := task.NewVocab(tok)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestSimulatedTurns holds simulated turns to what they are taught as: every gold answer is in the grammar, nearly all of them are sayable in full and lead to the need
// that was meant, and every act occurs.
func TestSimulatedTurns(t *testing.T) {
	acts, bad := map[nlu.Act]int{}, map[string]int{}
	n, whole, right := 0, 0, 0
	langs, texts := map[string]int{}, map[string]bool{}
	all := simShops(t)
	v := simVocab(t, all)
	for k, shop := range all {
		rules, words := nlu.NewRules(), task.NewWords(shop.Schema, shop.Each)
		for i := 0; n < 3000*(k+1)/len(all); i++ {
			rng := rand.New(rand.NewPCG(uint64(k), uint64(i)))
			lang := []string{"en", "zh"}[i%2]
			for _, x := range Simulate(rng, shop, lang) {
				n++
				acts[x.Want.Act]++
				langs[lang]++
				texts[x.In.Text] = true
				p := v.NewParsePrompt(x.In, task.Hints{Mentions: rules.Mentions(x.In)}, words, i)
				answer, lost := p.Answer(x.Want)
				if err := p.Check(answer); err != nil {
					t.Errorf("%s %q: %v", shop.ID, x.In.Text, err)
					continue
				}
				ok := SameNeed(x.After, x.In.State.Apply(p.Delta(answer)).Constraints)
				if lost == 0 {
					whole++
				}
				if ok {
					right++
				}
				if lost > 0 || !ok {
					bad[lang+" "+string(x.Want.Act)]++
					if testing.Verbose() {
						fmt.Printf("MISS lost %d ok %v %s\n", lost, ok, showTurn(x))
					}
				} else if testing.Verbose() && n%75 == 0 {
					fmt.Println(showTurn(x))
				}
			}
		}
	}
	t.Logf("%d turns (%v), %d texts, sayable in full %.3f, right need %.3f", n, langs, len(texts), float64(whole)/float64(n), float64(right)/float64(n))
	t.Logf("acts %v", acts)
	t.Logf("not in full or not right: %v", bad)
	if float64(whole) < 0.93*float64(n) || float64(right) < 0.90*float64(n) {
		t.Error("too many turns cannot be said")
	}
	if len(acts) != 25 {
		t.Errorf("%d acts of 25 occur", len(acts))
	}
}

func showTurn(x Turn) string {
	var b strings.Builder
	for _, m := range x.In.History[max(0, len(x.In.History)-1):] {
		fmt.Fprintf(&b, "\n      %s: %s", m.Role, m.Text)
	}
	fmt.Fprintf(&b, "\n  %q\n      %s also %v new %v", x.In.Text, x.Want.Act, x.Want.Also, x.Want.NewNeed)
	for _, c := range x.Want.Set {
		soft := ""
		if !c.Hard {
			soft = " ~"
		}
		fmt.Fprintf(&b, " | %s%s", nlueval.Show(c.Constraint), soft)
	}
	fmt.Fprintf(&b, " | drop %v ask %v ref %v qty %d keys %q", x.Want.Drop, x.Want.AskFacets, x.Want.References, x.Want.Quantity, x.Want.Keywords)
	return b.String()
}

// TestSimulationIsDeterministic makes the same talk and the same shop twice.
func TestSimulationIsDeterministic(t *testing.T) {
	all := simShops(t)
	for i := range 60 {
		shop := all[i%len(all)]
		a := Simulate(rand.New(rand.NewPCG(3, uint64(i))), shop, "en")
		b := Simulate(rand.New(rand.NewPCG(3, uint64(i))), shop, "en")
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("talk %d differs", i)
		}
	}
	a, b := RandomShop(rand.New(rand.NewPCG(5, 5))), RandomShop(rand.New(rand.NewPCG(5, 5)))
	if !reflect.DeepEqual(a, b) {
		t.Error("the random shop differs")
	}
}

// TestRandomShops checks that random shops hold together.
func TestRandomShops(t *testing.T) {
	all, err := shops.All()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		s := randomShop(rand.New(rand.NewPCG(11, uint64(i))), all, []string{"outdoor"})
		if len(s.Products) == 0 {
			t.Fatalf("shop %d has no products", i)
		}
		for _, p := range s.Products {
			for _, c := range p.Category {
				if s.Schema.Category(c) == nil {
					t.Errorf("shop %d: product %s is of category %q that does not exist", i, p.ID, c)
				}
			}
			for id, vs := range p.Facets {
				f := s.Schema.Facet(id)
				if f == nil {
					t.Errorf("shop %d: product %s has a facet %q that does not exist", i, p.ID, id)
				} else if f.Kind == catalog.KindEnum && f.Value(vs[0].Str()) == nil {
					t.Errorf("shop %d: product %s: %s has no value %q", i, p.ID, id, vs[0].Str())
				}
			}
		}
		for _, c := range s.Schema.Categories {
			if len(c.Label) == 0 || strings.Contains(strings.ToLower(c.Label["en"]), "tent") && c.Parent == "" {
				t.Errorf("shop %d: category %+v", i, c)
			}
		}
	}
}

// TestPhrasebooks checks that every place in a phrase has something to put there, and that brackets close.
func TestPhrasebooks(t *testing.T) {
	books, err := phrasebooks()
	if err != nil {
		t.Fatal(err)
	}
	filled := map[string]bool{"v": true, "f": true, "x": true, "n": true, "lo": true, "hi": true, "p": true, "d": true, "a": true, "b": true, "np": true, "noun": true, "old": true, "ref": true, "ord": true, "k": true}
	for lang, b := range books {
		total := 0
		for key, list := range b.lists {
			total += len(list)
			for _, p := range list {
				for _, name := range names(p) {
					if !filled[name] && !b.has(name) {
						t.Errorf("%s %s: %q has a place %q that nothing fills", lang, key, p, name)
					}
				}
				if strings.Count(p, "{") != strings.Count(p, "}") || strings.Count(p, "[") != strings.Count(p, "]") || strings.Count(p, "*")%2 != 0 {
					t.Errorf("%s %s: %q is not balanced", lang, key, p)
				}
			}
		}
		t.Logf("%s: %d phrases in %d lists", lang, total, len(b.lists))
		if total < 700 {
			t.Errorf("%s has only %d phrases", lang, total)
		}
		for _, act := range []string{"out_of_scope", "policy", "order", "person"} {
			if n := len(b.lists["act."+act]); n < 60 {
				t.Errorf("%s has only %d phrases of %s", lang, n, act)
			}
		}
	}
}

// TestSimulatedExamplesAreCheap bounds what drawing a simulated example costs once its shop has been read, and draws the same one twice.
func TestSimulatedExamplesAreCheap(t *testing.T) {
	all, err := shops.All()
	if err != nil {
		t.Fatal(err)
	}
	s := &Set{opts: Options{Seed: 3}, vocab: simVocab(t, all), rules: nlu.NewRules(), shops: all}
	draw := func(i int) Example {
		rng := rand.New(rand.NewPCG(3, uint64(i)))
		for {
			if e, ok := s.parse(rng); ok {
				return e
			}
		}
	}
	var first []Example
	for i := range 400 {
		first = append(first, draw(i))
	}
	start, tokens := time.Now(), 0
	for i := range first {
		e := draw(i)
		tokens += len(e.Tokens)
		if !reflect.DeepEqual(e, first[i]) {
			t.Fatalf("example %d differs", i)
		}
	}
	each := time.Since(start) / time.Duration(len(first))
	t.Logf("%v an example, %d tokens on average", each, tokens/len(first))
	if each > 10*time.Millisecond {
		t.Errorf("%v an example is too slow", each)
	}
}
