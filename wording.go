package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/chat"
	"daogou/generator"
	"daogou/generator/task"
	"daogou/nlu"
)

// How freely the model chooses among words that fit.
const (
	wordTemperature = 0.8
	wordTopP        = 0.9
)

// modelWording words plans with the Transformer. Each sentence is handed on as soon as it is whole. What the model may say is bounded by the prompt's automaton, and the
// chat checks every sentence again; where the model fails or is late, the chat's stand-in words all of the reply.
type modelWording struct {
	run         generator.Runner
	vocab       *task.Vocab
	temperature float64
	topP        float64
}

var _ chat.Wording = (*modelWording)(nil)

func newModelWording(m *languageModel) *modelWording {
	return &modelWording{run: m.run, vocab: m.vocab, temperature: wordTemperature, topP: wordTopP}
}

// Name says in the record who worded a reply.
func (*modelWording) Name() string { return "model" }

// Word says the plan, a sentence at a time.
func (w *modelWording) Word(ctx context.Context, p *chat.Plan, emit func(chat.Draft) error) error {
	prompt := w.vocab.NewWordPrompt(wordPlan(p), 0)
	if len(prompt.Points()) == 0 {
		return fmt.Errorf("a plan of kind %q has nothing that the model was taught to say", p.Kind)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &sentences{prompt: prompt, emit: emit}
	reply, err := w.run.Generate(ctx, generator.Request{Prompt: prompt.Tokens, Constraint: prompt.Constraint(), MaxTokens: task.MaxAnswerTokens, End: []int32{prompt.End()},
		Temperature: w.temperature, TopP: w.topP, Seed: p.Variation}, func(tok int32) {
		if s.take(tok); s.err != nil {
			cancel()
		}
	})
	switch {
	case s.err != nil:
		return s.err
	case err != nil:
		return err
	case reply.Reason != generator.Ended:
		return errors.New("the model's reply was cut short")
	}
	s.flush()
	return s.err
}

// sentences collects tokens until a sentence is whole, and emits it.
type sentences struct {
	prompt *task.WordPrompt
	emit   func(chat.Draft) error
	tokens []int32
	err    error
}

func (s *sentences) take(tok int32) {
	if tok != s.prompt.Break() {
		s.tokens = append(s.tokens, tok)
		return
	}
	s.flush()
}

func (s *sentences) flush() {
	if s.err == nil && len(s.tokens) > 0 {
		s.err = s.emit(chat.Draft{Text: s.prompt.Sentence(s.tokens)})
	}
	s.tokens = s.tokens[:0]
}

// wordPlan is a plan of the chat in the terms of the wording job.
func wordPlan(p *chat.Plan) task.WordPlan {
	w := task.WordPlan{Lang: p.Lang, Kind: string(p.Kind), Note: string(p.Note), First: p.First, Facts: map[string]bool{}, Corrected: len(p.Corrected), Change: changeOf(p),
		Total: p.Total, Unmet: len(p.Unmet), Asked: len(p.Asked), Unanswered: len(p.Unanswered), CartSize: len(p.Cart), Offer: strings.TrimPrefix(p.Offer, "+"), Avoid: namesOf(p)}
	for slot := range p.Facts {
		w.Facts[slot] = true
	}
	for i, it := range p.Items {
		w.Items = append(w.Items, wordItem(p, i, it))
	}
	if p.Question != nil {
		w.Question = questionKind(p.Question.Facet)
	}
	for _, r := range p.Relax {
		w.Relax = append(w.Relax, task.WordRelax{Drop: len(r.Drop) > 0, Set: len(r.Set) > 0, Count: r.Count})
	}
	for _, l := range p.Cart {
		w.CartItems += l.Quantity
	}
	if len(p.Asked) == 1 && (p.Asked[0] == catalog.FacetPrice || p.Asked[0] == catalog.FacetRating) {
		w.AskedFor = p.Asked[0]
	}
	return w
}

func wordItem(p *chat.Plan, i int, it chat.Item) task.WordItem {
	var out task.WordItem
	for _, r := range it.Reasons {
		out.Reasons = append(out.Reasons, reasonKind(r))
	}
	if it.TradeOff != nil {
		out.TradeOff = reasonKind(*it.TradeOff)
	}
	for k, facet := range p.Asked {
		kind := ""
		if f, ok := p.Facts[fmt.Sprintf("p%d.a%d", i+1, k+1)]; ok {
			kind = answerKind(p, facet, f)
		}
		out.Answers = append(out.Answers, kind)
	}
	return out
}

// answerKind is what kind of answer a fact is.
func answerKind(p *chat.Plan, facet string, f chat.Fact) string {
	switch facet {
	case catalog.FacetPrice, catalog.FacetRating:
		return facet
	case catalog.FacetInStock, "stock":
		return "stock"
	}
	if x := p.Reader.Schema.Facet(facet); x == nil || x.Kind != catalog.KindBool {
		return "value"
	}
	if f.Value == "true" {
		return "yes"
	}
	return "no"
}

// reasonKind is the kind of a reason, with what sort of condition it is about.
func reasonKind(r chat.Reasoned) string {
	if r.Constraint == nil {
		return r.Kind
	}
	if r.Kind != "meets" && r.Kind != "misses" {
		return r.Kind
	}
	c := r.Constraint.Constraint
	switch {
	case c.Facet == catalog.FacetPrice:
		return r.Kind + ".price"
	case c.Facet == catalog.FacetOnSale:
		return r.Kind + ".sale"
	case c.Facet == catalog.FacetRating:
		return r.Kind + ".rating"
	case c.Op == catalog.OpNe:
		return r.Kind + ".not"
	case len(c.Values) > 0 && c.Values[0].IsBool():
		return r.Kind + ".bool"
	case len(c.Values) > 0 && (c.Values[0].IsStr() || c.Op == catalog.OpEq || c.Op == catalog.OpIn):
		return r.Kind + ".value"
	}
	return r.Kind
}

func questionKind(f *catalog.Facet) string {
	switch f.ID {
	case catalog.FacetPrice, catalog.FacetBrand, catalog.FacetCategory:
		return f.ID
	}
	switch f.Kind {
	case catalog.KindBool:
		return "bool"
	case catalog.KindNumber:
		return "number"
	}
	return "enum"
}

// changeOf is what the turn did to the need.
func changeOf(p *chat.Plan) task.WordChange {
	switch {
	case len(p.Dropped) > 0:
		return task.ChangeDropped
	case len(p.Changed) == 0:
		return task.ChangeNone
	case !slices.ContainsFunc(p.Changed, func(c nlu.Constraint) bool { return c.Hard }):
		return task.ChangeWish
	case slices.ContainsFunc(p.Changed, func(c nlu.Constraint) bool { return c.Op == catalog.OpNe }):
		return task.ChangeNegated
	}
	return task.ChangeSet
}

// namesOf are the titles, brands and values of the plan's products, which the chat lets only slots say.
func namesOf(p *chat.Plan) []string {
	var out []string
	for slot, f := range p.Facts {
		_, column, _ := strings.Cut(slot, ".")
		if f.Product != "" && f.Value != "true" && f.Value != "false" && column != "stock" && column != catalog.FacetCategory {
			out = append(out, f.Text)
		}
	}
	for _, it := range p.Items {
		for _, t := range it.Product.Title {
			out = append(out, t)
		}
		out = append(out, it.Product.Brand)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
