package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"daogou/chat"
	"daogou/generator"
	"daogou/generator/params"
	"daogou/generator/task"
	"daogou/generator/task/data"
)

var learnedVocab = sync.OnceValues(func() (*task.Vocab, error) {
	tok, err := data.Tokenizer()
	if err != nil {
		return nil, err
	}
	return task.NewVocab(tok)
})

// scriptedRunner generates what a function says, under the request's constraint.
type scriptedRunner struct {
	generator.Runner
	t    *testing.T
	next func(r generator.Request, allowed []int32, done bool) (tok int32, end bool)
}

func (*scriptedRunner) Config() params.Config { return params.Config{} }

func (s *scriptedRunner) Generate(ctx context.Context, r generator.Request, emit func(int32)) (generator.Reply, error) {
	c := r.Constraint.Clone()
	reply := generator.Reply{Reason: generator.AtLength}
	for range r.MaxTokens {
		if err := ctx.Err(); err != nil {
			return reply, err
		}
		allowed, _ := c.Allowed(nil)
		if !slices.IsSorted(allowed) || len(allowed) != len(slices.Compact(slices.Clone(allowed))) {
			s.t.Error("the allowed tokens are not ascending or stand there more than once")
		}
		if len(allowed) == 0 && !c.Done() {
			s.t.Fatal("the constraint is stuck")
		}
		tok, end := s.next(r, allowed, c.Done())
		if end {
			reply.Reason = generator.Ended
			return reply, nil
		}
		if err := c.Accept(tok); err != nil {
			s.t.Fatalf("token %d: %v", tok, err)
		}
		emit(tok)
		reply.Tokens = append(reply.Tokens, tok)
	}
	return reply, nil
}

// talksWith are made-up talks with the demo shop in which a runner words.
func talksWith(t *testing.T, lang string, w chat.Wording) *shopTalks {
	t.Helper()
	db, done, err := demoOr(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(done)
	talks, err := newShopTalks(t.Context(), db, w, lang, evalWordCmd{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	return talks
}

// spy shows each plan to a function before it is worded.
type spy struct {
	chat.Wording
	see func(*chat.Plan)
}

func (s spy) Word(ctx context.Context, p *chat.Plan, emit func(chat.Draft) error) error {
	s.see(p)
	return s.Wording.Word(ctx, p, emit)
}

// A model that says what it was taught words every plan of the chat: its sentences are let through by the constraint and grounded.
func TestModelWordingSaysWhatItWasTaught(t *testing.T) {
	v, err := learnedVocab()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "zh"} {
		written, err := data.ReadWordings(lang)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 1))
		var script []int32
		var want []string
		runner := &scriptedRunner{t: t, next: func(r generator.Request, allowed []int32, done bool) (int32, bool) {
			tok := script[0]
			script = script[1:]
			if slices.Contains(r.End, tok) {
				if !done {
					t.Errorf("%q may not end", want)
				}
				return 0, true
			}
			if !slices.Contains(allowed, tok) {
				t.Fatalf("%q is not let through", want)
			}
			return tok, false
		}}
		kinds := map[chat.PlanKind]int{}
		talks := talksWith(t, lang, spy{&modelWording{run: runner, vocab: v}, func(p *chat.Plan) {
			kinds[p.Kind]++
			plan := wordPlan(p)
			plan.Avoid = nil
			prompt := v.NewWordPrompt(plan, 0)
			var ok bool
			for range 20 { // a wording may hold a word that is a product's value here
				if want, ok = written.Reply(rng, prompt.Points()); !ok {
					t.Fatalf("no wording for %s %q: %+v", lang, p.Kind, plan)
				}
				if script, err = prompt.Answer(want); err != nil {
					t.Fatal(err)
				}
				if v.NewWordPrompt(wordPlan(p), 0).Check(script) == nil {
					return
				}
			}
			t.Errorf("%s %s: none of 20 replies may be said: %q", lang, p.Kind, want)
		}})
		for range 150 {
			body, err := talks.turn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if body.Reply.By.Word != "model" {
				t.Errorf("%s: the stand-in had to word %q, which the model said as %q", lang, body.Text, want)
			}
		}
		if len(kinds) < 15 {
			t.Errorf("%s: only plans of kinds %v came up", lang, kinds)
		}
	}
}

// A model that babbles whatever the constraint lets through says nothing that is not grounded, and the stand-in is needed only where its reply is cut short.
func TestBabbleIsGrounded(t *testing.T) {
	v, err := learnedVocab()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "zh"} {
		rng := rand.New(rand.NewPCG(2, 2))
		first := v.NewPointsPrompt(lang, nil).Break() // tags begin here
		runner := &scriptedRunner{t: t, next: func(_ generator.Request, allowed []int32, done bool) (int32, bool) {
			if done && (rng.IntN(3) == 0 || len(allowed) == 0) {
				return 0, true
			}
			if at, _ := slices.BinarySearch(allowed, first); at < len(allowed) && rng.IntN(3) == 0 {
				return allowed[at+rng.IntN(len(allowed)-at)], false
			}
			return allowed[rng.IntN(len(allowed))], false
		}}
		w := &recorder{Wording: &modelWording{run: runner, vocab: v}}
		talks := talksWith(t, lang, w)
		model := 0
		for range 60 {
			body, err := talks.turn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if errors.Is(w.failed, chat.ErrUngrounded) {
				t.Errorf("%s: %v", lang, w.failed)
			}
			for i, d := range w.drafts {
				if slices.Contains(w.drafts[:i], d) {
					t.Errorf("%s: %q is said twice", lang, d.Text)
				}
				if words := blotSlots(d.Text); !inLanguage(words, lang) || strings.ContainsAny(words, "0123456789$€£¥%") {
					t.Errorf("%s: %q", lang, words)
				}
			}
			if body.Reply.By.Word == "model" {
				model++
			}
		}
		t.Logf("%s: %d of 60 replies by the babbler", lang, model)
		if model < 40 {
			t.Errorf("%s: only %d replies came to their end", lang, model)
		}
	}
}

// A sentence is handed on when it is whole, not when the reply is.
func TestModelWordingStreams(t *testing.T) {
	v, err := learnedVocab()
	if err != nil {
		t.Fatal(err)
	}
	plan := &chat.Plan{Kind: chat.PlanBye, Lang: "en", Reader: &chat.Reader{Lang: "en"}}
	prompt := v.NewWordPrompt(wordPlan(plan), 0)
	answer, err := prompt.Answer([]string{"Bye!", "See you soon."})
	if err != nil {
		t.Fatal(err)
	}
	var log []string
	runner := &scriptedRunner{t: t, next: func(r generator.Request, _ []int32, _ bool) (int32, bool) {
		tok := answer[0]
		answer = answer[1:]
		log = append(log, "token")
		return tok, slices.Contains(r.End, tok)
	}}
	w := &modelWording{run: runner, vocab: v}
	err = w.Word(t.Context(), plan, func(d chat.Draft) error { log = append(log, d.Text); return nil })
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(log, "Bye!")
	if at < 0 || at+1 >= len(log) || log[at+1] != "token" || log[len(log)-1] != "See you soon." {
		t.Errorf("the order was %q", log)
	}
	broken := errors.New("nobody listens")
	answer, _ = prompt.Answer([]string{"Bye!", "See you soon."})
	if err := w.Word(t.Context(), plan, func(chat.Draft) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("a listener's error became %v", err)
	}
}
