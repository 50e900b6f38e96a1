package task

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"daogou/nlu/bpe"
)

// wordVocab is a small tokenizer that knows a few words, so that others come in pieces, down to bytes.
var wordVocab = sync.OnceValues(func() (*Vocab, error) {
	l := bpe.NewLearner()
	for _, s := range []string{"I found them for you, and there is one that comes first.", "Which one do you mean? Shall we look at two of these, or tents, or wonderful nearest things?", "The good ones are here.",
		"找到这些，您看看。首推这一款，不错！您要哪一款？红色的很好。", "It is a good red bag. What would you like?"} {
		l.Add(s, 3)
	}
	tok, err := l.Train(600+len(Specials()), Specials())
	if err != nil {
		return nil, err
	}
	return NewVocab(tok)
})

func smallVocab(t testing.TB) *Vocab {
	v, err := wordVocab()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func slotSet(slots ...string) map[string]bool {
	m := map[string]bool{}
	for _, s := range slots {
		m[s] = true
	}
	return m
}

func showPlan(lang string) WordPlan {
	return WordPlan{Lang: lang, Kind: "show", Total: 3, Facts: slotSet("n.found", "need", "p1.title", "p1.price", "p1.why1"), Items: []WordItem{{Reasons: []string{"cheapest"}}},
		Avoid: []string{"Red", "Tarnwick", "红色", "42 cm"}}
}

func TestWordPrompt(t *testing.T) {
	v := smallVocab(t)
	p := v.NewWordPrompt(showPlan("en"), 0)
	name := map[int32]string{}
	for n, id := range v.id {
		name[id] = n
	}
	var got []string
	for _, id := range p.Tokens {
		got = append(got, name[id])
	}
	want := "<word> <en> <k:show> <p:lead.found> <s0> <r:found> <w:many> <s1> <r:need> <p:best> <s2> <r:title> <s3> <r:price> <s4> <r:why> <w:cheapest> <out>"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("the prompt is\n%s, want\n%s", s, want)
	}
	shifted := v.NewWordPrompt(showPlan("en"), 38)
	if len(shifted.Tokens) != len(p.Tokens) || slices.Equal(shifted.Tokens, p.Tokens) {
		t.Error("a shift moves the tags and nothing else")
	}
}

func TestWordAnswers(t *testing.T) {
	v := smallVocab(t)
	ask := WordPlan{Lang: "en", Kind: "which", Facts: slotSet("ref"), Items: []WordItem{{}, {}}}
	for _, c := range []struct {
		name  string
		plan  WordPlan
		reply []string
		ok    bool
	}{
		{"plain", showPlan("en"), []string{"I found {n.found} for {need}.", "{p1.title} at {p1.price} comes first: it's {p1.why1}."}, true},
		{"Chinese", showPlan("zh"), []string{"{need}找到{n.found}。", "首推{p1.title}，{p1.price}。"}, true},
		{"slots side by side", showPlan("en"), []string{"{n.found} {need}!", "{p1.title}."}, true},
		{"quotes and brackets", showPlan("en"), []string{"“{need}” ({n.found}): {p1.title}!"}, true},
		{"a word that only begins like an amount", showPlan("en"), []string{"Wonderful tents: {n.found}, {p1.title}."}, true},
		{"a fact left out", showPlan("en"), []string{"I found {n.found}."}, false},
		{"a fact twice", showPlan("en"), []string{"I found {n.found} and {n.found}: {p1.title}."}, false},
		{"a digit", showPlan("en"), []string{"I found {n.found}, 3 of them: {p1.title}."}, false},
		{"an amount in words", showPlan("en"), []string{"I found two: {n.found}, {p1.title}."}, false},
		{"money", showPlan("en"), []string{"It is $: {n.found}, {p1.title}."}, false},
		{"a product's value", showPlan("en"), []string{"It is a red bag: {n.found}, {p1.title}."}, false},
		{"a longer word than the value", showPlan("en"), []string{"It is a shredder bag: {n.found}, {p1.title}."}, true},
		{"a brand in capitals", showPlan("en"), []string{"TARNWICK, {n.found}, {p1.title}."}, false},
		{"a value in Chinese", showPlan("zh"), []string{"红色的很好，{n.found}，{p1.title}。"}, false},
		{"an amount in Chinese", showPlan("zh"), []string{"三款，{n.found}，{p1.title}。"}, false},
		{"money in Chinese", showPlan("zh"), []string{"几块钱，{n.found}，{p1.title}。"}, false},
		{"free of charge", showPlan("zh"), []string{"免费，{n.found}，{p1.title}。"}, false},
		{"Chinese among English", showPlan("en"), []string{"I found {n.found}, 不错: {p1.title}."}, false},
		{"English among Chinese", showPlan("zh"), []string{"找到{n.found}，nice：{p1.title}。"}, false},
		{"the same sentence twice", showPlan("en"), []string{"Good.", "Good.", "{n.found}, {p1.title}."}, false},
		{"a sentence that breaks off", showPlan("en"), []string{"I found {n.found}", "{p1.title}."}, false},
		{"small letter first", showPlan("en"), []string{"i found {n.found}, {p1.title}."}, false},
		{"a control character", showPlan("en"), []string{"I found\n{n.found}, {p1.title}."}, false},
		{"a question", ask, []string{"Which one is “{ref}”?"}, true},
		{"a question with an aside", ask, []string{"Which one do you mean? (“{ref}”)"}, true},
		{"no question where one is due", ask, []string{"I do not know “{ref}”."}, false},
	} {
		p := v.NewWordPrompt(c.plan, 5)
		answer, err := p.Answer(c.reply)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if err := p.Check(answer); (err == nil) != c.ok {
			t.Errorf("%s: %q: %v", c.name, c.reply, err)
		}
		if got := p.Drafts(answer); c.ok && !slices.Equal(got, c.reply) {
			t.Errorf("%s: %q reads back as %q", c.name, c.reply, got)
		}
	}
	if _, err := v.NewWordPrompt(showPlan("en"), 0).Answer([]string{"See {p9.title}."}); err == nil {
		t.Error("an answer with a slot that the prompt lacks is none")
	}
}

// A clone goes its own way.
func TestWordClone(t *testing.T) {
	v := smallVocab(t)
	p := v.NewWordPrompt(showPlan("en"), 0)
	a := p.Constraint()
	if err := a.Accept(p.tag(0)); err != nil {
		t.Fatal(err)
	}
	before, _ := a.Allowed(nil)
	b := a.Clone()
	for _, tok := range []int32{p.tag(1), p.tag(2)} {
		if err := b.Accept(tok); err != nil {
			t.Fatal(err)
		}
	}
	if after, _ := a.Allowed(nil); !slices.Equal(before, after) {
		t.Error("what a clone accepted changed the original")
	}
}

// Plans of any size and shape make a bounded prompt.
func TestWordHostilePlan(t *testing.T) {
	v := smallVocab(t)
	plan := WordPlan{Lang: "xx", Kind: "answer", Asked: 1000, Unanswered: 1000, Facts: map[string]bool{}}
	for range 1000 {
		plan.Items = append(plan.Items, WordItem{Answers: slices.Repeat([]string{"value"}, 3), Reasons: []string{"nonsense"}})
	}
	for _, s := range []string{"p1.title", "p2.title", "p999.title", "p1.a1", "p1.a2", "p2.a1", "m1.label", "m1000.label", "p1.a1000"} {
		plan.Facts[s] = true
	}
	if p := v.NewWordPrompt(plan, -7); len(p.Tokens) > 140 {
		t.Errorf("the prompt has %d tokens", len(p.Tokens))
	}
	for _, kind := range append([]string{"", "nonsense"}, planKinds...) {
		v.NewWordPrompt(WordPlan{Kind: kind, Question: "nonsense", Offer: "nonsense", Note: "nonsense", Change: "nonsense", Corrected: 3, Unmet: 9}, 0)
	}
}

// FuzzWordTokens feeds any tokens to the constraint and reads them back: nothing panics, and what the constraint let through is well-formed.
func FuzzWordTokens(f *testing.F) {
	f.Add([]byte{0, 1, 2, 250, 3}, true)
	f.Add([]byte("I found"), false)
	f.Fuzz(func(t *testing.T, picks []byte, en bool) {
		v := smallVocab(t)
		lang := map[bool]string{true: "en", false: "zh"}[en]
		p := v.NewWordPrompt(showPlan(lang), 0)
		c := p.Constraint()
		var answer []int32
		for _, b := range picks[:min(len(picks), 400)] {
			allowed, _ := c.Allowed(nil)
			if len(allowed) == 0 {
				if !c.Done() {
					t.Fatalf("stuck after %q", p.Drafts(answer))
				}
				break
			}
			tok := allowed[int(b)*len(allowed)/256]
			if err := c.Accept(tok); err != nil {
				t.Fatal(err)
			}
			answer = append(answer, tok)
		}
		if c.Done() {
			for _, s := range p.Drafts(append(answer, p.End())) {
				if words := draftSlot.ReplaceAllString(s, ""); strings.ContainsAny(words, "0123456789$%{}") || strings.ContainsRune(words, '\uFFFD') {
					t.Errorf("%q got through", s)
				}
			}
		}
		p.Drafts([]int32{-1, 0, int32(v.Size()), 1 << 30, p.End()})
	})
}
