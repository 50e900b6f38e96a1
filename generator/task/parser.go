package task

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"daogou/catalog"
	"daogou/generator"
	"daogou/generator/constrain"
	"daogou/nlu"
)

// Parser understands turns with the model. It implements nlu.Parser and is safe for concurrent use.
//
// The rules help where nothing has to be understood: they find the words that name something of the catalogue and the numbers (nlu.Rules.Mentions), they cut a turn about
// two products in two, and they read where a parcel should go and in which currency the shopper counts.
type Parser struct {
	vocab *Vocab
	model generator.Runner
	rules *nlu.Rules
	read  func(*catalog.Schema) (*Words, error)
	alone bool
	doubt map[int32]float32

	mu    sync.Mutex
	words map[*catalog.Schema]*Words
}

// nextNeed stands in State.Asked while the question is whether to go on to the need that waits.
const nextNeed = "+next"

// Doubts, in logits, chosen on the dialogues kept for validation ("daogou eval parse --written"): that what a turn does not name is meant, because a condition that nobody
// made hides goods and one that was missed can be asked about; and that something is to be done, because a thing in the basket that nobody wanted is worse than a question.
const (
	unsaid = -1.4
	deed   = -2
)

// doubts are what the model must be surer of.
func doubts(v *Vocab) map[int32]float32 {
	d := map[int32]float32{v.id[tokSet]: unsaid}
	for _, a := range []nlu.Act{nlu.ActAddToCart, nlu.ActRemove, nlu.ActCheckout, nlu.ActReset, nlu.ActPerson} {
		d[v.act[a]] = deed
	}
	return d
}

// maxAnswer bounds an answer in tokens.
const maxAnswer = 128

// NewParser makes a parser. words reads what a shop's categories are spoken of with; it is called once for each version of a catalogue.
func NewParser(v *Vocab, model generator.Runner, words func(*catalog.Schema) (*Words, error)) (*Parser, error) {
	if have := model.Config().Vocab; have != v.Size() {
		return nil, fmt.Errorf("task: the model knows %d tokens and the tokenizer %d: they do not belong together", have, v.Size())
	}
	return &Parser{vocab: v, model: model, rules: nlu.NewRules(), read: words, words: map[*catalog.Schema]*Words{}, doubt: doubts(v)}, nil
}

// Alone makes the parser read without the rules' draft, to measure what the model knows by itself.
func (p *Parser) Alone() { p.alone = true }

var errNoSchema = errors.New("task: the turn has no schema: pass the catalogue's schema with it")

// Parse understands one turn.
func (p *Parser) Parse(ctx context.Context, t nlu.Turn) (nlu.Delta, error) {
	if t.Schema == nil {
		return nlu.Delta{}, errNoSchema
	}
	t.Text = nlu.Clean(t.Text, nlu.MaxText)
	words, err := p.wordsOf(t.Schema)
	if err != nil {
		return nlu.Delta{}, err
	}
	draft, first := p.rules.FirstNeed(t)
	if draft.Act == nlu.ActFind && draft.NewNeed && t.State.Asked == nextNeed {
		return draft, nil // a yes to the need that waits: nothing to understand
	}
	t.Text = first
	prompt := p.vocab.NewParsePrompt(t, p.hints(t, draft), words, 0)
	reply, err := p.model.Generate(ctx, generator.Request{Prompt: prompt.Tokens, Constraint: newGrammar(prompt), MaxTokens: maxAnswer, Bias: p.doubt}, nil)
	if err != nil {
		return nlu.Delta{}, err
	}
	d := prompt.Delta(reply.Tokens)
	d.Country, d.Currency, d.Next = draft.Country, draft.Currency, draft.Next
	p.complete(&d, t, draft)
	if errs := d.Check(t.Schema); len(errs) > 0 {
		return nlu.Delta{}, errors.Join(errs...)
	}
	return d, nil
}

// hints are what the rules know of a turn.
func (p *Parser) hints(t nlu.Turn, draft nlu.Delta) Hints {
	h := Hints{Mentions: p.rules.Mentions(t), Draft: &draft}
	if p.alone {
		h.Draft = nil
	}
	return h
}

// Warm reads what the first turn about a catalogue would have to wait for.
func (p *Parser) Warm(s *catalog.Schema) error {
	_, err := p.wordsOf(s)
	p.rules.Mentions(nlu.Turn{Schema: s, Text: "."})
	return err
}

// wordsOf reads a catalogue's words once. The last few versions are kept.
func (p *Parser) wordsOf(s *catalog.Schema) (*Words, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w := p.words[s]; w != nil {
		return w, nil
	}
	w, err := p.read(s)
	if err != nil {
		return nil, fmt.Errorf("task: reading the shop's words: %w", err)
	}
	if len(p.words) > 3 {
		clear(p.words)
	}
	p.words[s] = w
	return w, nil
}

// complete adds what follows from the answer without more understanding. The words that nothing of the catalogue stands for are the rules' where the model names none: they
// are what the search goes by.
func (p *Parser) complete(d *nlu.Delta, t nlu.Turn, draft nlu.Delta) {
	p.dropForeign(d, t)
	if len(d.Keywords) == 0 && statesNeed(d.Act) {
		d.Keywords = draft.Keywords
	}
	if len(d.References) == 0 && pointsToItem(d.Act) {
		switch {
		case t.State.Focus != "":
			d.References = []string{t.State.Focus}
		case len(t.Shown) == 1:
			d.References = []string{t.Shown[0].ID}
		case t.Page != "":
			d.References = []string{t.Page}
		case len(t.Shown) > 1:
			d.Unresolved = t.Text
		}
	}
}

// statesNeed says whether an act tells what is wanted.
func statesNeed(a nlu.Act) bool {
	return a == nlu.ActFind || a == nlu.ActRefine || a == nlu.ActNegate || a == nlu.ActRelax
}

// pointsToItem says whether an act is about an item.
func pointsToItem(a nlu.Act) bool {
	return a == nlu.ActAskItem || a == nlu.ActChoose || a == nlu.ActAddToCart
}

// dropForeign drops what the need says about facets that a newly named category does not have.
func (p *Parser) dropForeign(d *nlu.Delta, t nlu.Turn) {
	i := slices.IndexFunc(d.Set, func(c nlu.Constraint) bool {
		return c.Facet == catalog.FacetCategory && c.Op == catalog.OpEq
	})
	if i < 0 || d.NewNeed {
		return
	}
	has := p.rules.FacetsOf(t.Schema, d.Set[i].Values[0].Str())
	for _, c := range t.State.Constraints {
		if !has(c.Facet) && c.Facet != catalog.FacetCategory && !slices.Contains(d.Drop, c.Facet) {
			d.Drop = append(d.Drop, c.Facet)
		}
	}
}

var _ nlu.Parser = (*Parser)(nil)
var _ constrain.Constraint = (*grammar)(nil)
