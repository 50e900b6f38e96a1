package task

import (
	"fmt"
	"slices"

	"daogou/catalog"
	"daogou/catalog/units"
	"daogou/generator/constrain"
)

// grammar is the automaton of a parse answer, made for one prompt: only tags that the prompt defines can be spoken of, only values of the facet at hand, only
// amounts that the facet can be measured in. Every path ends in <end>.
//
//	answer     = ACT {also ACT} [new] {set} {drop} {any} {ref} {ask} [qty] {key} <end>
//	set        = <set> ( [<!=>] CATEGORY+ | [<!=>] VALUE+ | BOOL (yes|no) | NUMBER OP operand ) [soft]
//	operand    = AMOUNT | LITERAL | ITEM ; after <between> two of them, or one that is a range
type grammar struct {
	p     *ParsePrompt
	stage stage
	facet string // of the <set> being written
	op    int32  // of the <set> being written
	last  int32  // token before

	used []int32 // tags of the element being written
	sets int

	keys int
	done bool
}

// stage is the place in an answer. The order of the first nine is the order of an answer's parts.
type stage uint8

const (
	atStart stage = iota
	atAlso
	atNew
	atSets
	atDrops
	atAnys
	atRefs
	atAsks
	atQty
	atKeys
	inAlso
	inSet
	inNegated
	inCategories
	inValues
	inBool
	inOp
	inOperand
	inSecond
	afterSet
	inDrop
	inAny
	inRef
	inAsk
	inQty
	inKey
)

// Most elements of each sort in one answer.
const (
	maxSets    = 12
	maxTags    = 8
	maxKeys    = 6
	maxKeyword = 10 // tokens
)

// newGrammar starts the automaton of a prompt's answer.
func newGrammar(p *ParsePrompt) *grammar { return &grammar{p: p} }

// Clone is an independent copy.
func (g *grammar) Clone() constrain.Constraint {
	c := *g
	c.used = slices.Clone(g.used)
	return &c
}

// Done says whether the answer is complete.
func (g *grammar) Done() bool { return g.done }

func (g *grammar) id(name string) int32 { return g.p.tags.v.id[name] }

// Allowed lists the tokens that may come next, ascending.
func (g *grammar) Allowed(dst []int32) (tokens []int32, all bool) {
	if g.done {
		return dst, false
	}
	n := len(dst)
	dst = g.next(dst)
	slices.Sort(dst[n:])
	return append(dst[:n], slices.Compact(dst[n:])...), false
}

func (g *grammar) next(dst []int32) []int32 {
	t := g.p.tags
	switch g.stage {
	case atStart, inAlso:
		for _, a := range acts {
			dst = append(dst, t.v.act[a])
		}
		return dst
	case inSet, inNegated:
		dst = g.targets(dst)
		if g.stage == inSet && len(t.list[tagCategory])+len(t.list[tagValue]) > 0 {
			dst = append(dst, g.id(tokNe))
		}
		return dst
	case inCategories:
		return g.parts(g.unused(dst, t.all(tagCategory)))
	case inValues:
		return g.parts(g.unused(dst, g.valuesOf(g.facet)))
	case inBool:
		return append(dst, g.id(tokYes), g.id(tokNo))
	case inOp:
		return g.operators(dst)
	case inOperand:
		return g.operands(dst)
	case inSecond:
		if m := t.meaning(g.last); m == nil || m.amount == nil || m.amount.Lo == m.amount.Hi {
			return g.operands(dst)
		}
		return g.parts(dst)
	case afterSet:
		return g.parts(dst)
	case inDrop, inAny, inAsk:
		return g.unusedFacets(dst)
	case inRef:
		return g.unused(dst, t.all(tagItem))
	case inQty:
		return g.literals(g.plainAmounts(dst))
	case inKey:
		return g.keyTokens(dst)
	}
	return g.parts(dst)
}

// parts lists what may follow a finished element: more of it, or a later part of the answer.
func (g *grammar) parts(dst []int32) []int32 {
	part := g.stage
	switch g.stage {
	case inCategories, inValues, inSecond, afterSet:
		part = atSets
		dst = append(dst, g.id(tokSoft))
	}
	for _, n := range []struct {
		till stage
		name string
		ok   bool
	}{
		{atAlso, tokAlso, true}, {atAlso, tokNew, true}, {atSets, tokSet, g.sets < maxSets && g.canSet()}, {atDrops, tokDrop, true}, {atAnys, tokAny, true},
		{atRefs, tokRef, len(g.p.tags.list[tagItem]) > 0}, {atAsks, tokAsk, true}, {atAsks, tokQty, true}, {atKeys, tokKey, g.keys < maxKeys && len(g.p.said) > 0},
	} {
		if part <= n.till && n.ok {
			dst = append(dst, g.id(n.name))
		}
	}
	return append(dst, g.id(tokEnd))
}

// canSet says whether the prompt has anything that a <set> could be about. Price and rating take literals, so there always is.
func (g *grammar) canSet() bool { return true }

// unused are the tags not yet used in the element being written.
func (g *grammar) unused(dst, tags []int32) []int32 {
	if len(g.used) >= maxTags {
		return dst
	}
	for _, id := range tags {
		if !slices.Contains(g.used, id) {
			dst = append(dst, id)
		}
	}
	return dst
}

func (g *grammar) unusedFacets(dst []int32) []int32 {
	if g.stage == inAsk || g.stage == inDrop || g.stage == inAny {
		all := g.p.tags.all(tagFacet)
		for _, f := range reserved {
			all = append(all, g.id("<f:"+f+">"))
		}
		return g.unused(dst, all)
	}
	return dst
}

func (g *grammar) valuesOf(facet string) []int32 {
	var out []int32
	for k, m := range g.p.tags.list[tagValue] {
		if m.facet == facet {
			out = append(out, g.p.tags.token(tagValue, k))
		}
	}
	return out
}

// targets are what a <set> may begin with: a category, a value, or a facet that takes yes, no or a number.
func (g *grammar) targets(dst []int32) []int32 {
	t := g.p.tags
	dst = append(append(dst, t.all(tagCategory)...), t.all(tagValue)...)
	if g.stage == inNegated {
		return dst
	}
	for k, m := range t.list[tagFacet] {
		if g.isSettable(m.facet) {
			dst = append(dst, t.token(tagFacet, k))
		}
	}
	for _, f := range reserved {
		if g.isSettable(f) {
			dst = append(dst, g.id("<f:"+f+">"))
		}
	}
	return dst
}

// isSettable says whether a facet is set by name and not by the tag of a value.
func (g *grammar) isSettable(facet string) bool {
	switch facet {
	case catalog.FacetPrice, catalog.FacetRating, catalog.FacetInStock, catalog.FacetOnSale:
		return true
	}
	f := g.p.turn.Schema.Facet(facet)
	return f != nil && (f.Kind == catalog.KindBool || f.Kind == catalog.KindNumber || len(g.p.turn.Shown) > 0)
}

func (g *grammar) isBool(facet string) bool {
	if facet == catalog.FacetInStock || facet == catalog.FacetOnSale {
		return true
	}
	f := g.p.turn.Schema.Facet(facet)
	return f != nil && f.Kind == catalog.KindBool
}

func (g *grammar) isEnum(facet string) bool {
	f := g.p.turn.Schema.Facet(facet)
	return f != nil && f.Kind == catalog.KindEnum
}

func (g *grammar) operators(dst []int32) []int32 {
	if g.isEnum(g.facet) {
		return append(dst, g.id(tokEq), g.id(tokNe))
	}
	return append(dst, g.id(tokEq), g.id(tokNe), g.id(tokLe), g.id(tokGe), g.id(tokBetw), g.id(tokAbout))
}

// operands are the amounts, literals and items that the facet can be compared with.
func (g *grammar) operands(dst []int32) []int32 {
	if !g.isEnum(g.facet) {
		for k, m := range g.p.tags.list[tagAmount] {
			if g.fits(&m) {
				dst = append(dst, g.p.tags.token(tagAmount, k))
			}
		}
		dst = g.literals(dst)
	}
	if g.op == g.id(tokBetw) || g.op == g.id(tokAbout) {
		return dst
	}
	for k, m := range g.p.tags.list[tagItem] {
		if _, ok := valueIn(m.product, g.facet, g.p.home); ok {
			dst = append(dst, g.p.tags.token(tagItem, k))
		}
	}
	return dst
}

// fits says whether the facet being set can be measured in an amount's unit.
func (g *grammar) fits(m *meaning) bool {
	a := m.amount
	if g.facet == catalog.FacetPrice {
		return a.Unit == ""
	}
	if a.Currency != "" {
		return false
	}
	if a.Unit == "" || g.facet == catalog.FacetRating {
		return true
	}
	f := g.p.turn.Schema.Facet(g.facet)
	if f == nil || f.Unit == "" {
		return f != nil
	}
	_, err := units.Convert(a.Lo, a.Unit, f.Unit)
	return err == nil
}

func (g *grammar) literals(dst []int32) []int32 {
	for k := range maxLiteral + 1 {
		dst = append(dst, g.p.tags.v.tags[tagLiteral]+int32(k))
	}
	return dst
}

func (g *grammar) plainAmounts(dst []int32) []int32 {
	for k, m := range g.p.tags.list[tagAmount] {
		if m.amount.Lo == m.amount.Hi {
			dst = append(dst, g.p.tags.token(tagAmount, k))
		}
	}
	return dst
}

// keyTokens are how a keyword may go on: the turn's own words from the start of one of them. It may end where a word ends.
func (g *grammar) keyTokens(dst []int32) []int32 {
	p := g.p
	if len(g.used) == 0 {
		for i, id := range p.said {
			if p.start[i] && !slices.Contains(dst, id) {
				dst = append(dst, id)
			}
		}
		return dst
	}
	for _, at := range g.places() {
		if at < len(p.said) && len(g.used) < maxKeyword && !slices.Contains(dst, p.said[at]) {
			dst = append(dst, p.said[at])
		}
		if at == len(p.said) || p.start[at] || len(g.used) >= maxKeyword {
			dst = g.endOfKey(dst)
		}
	}
	return dst
}

func (g *grammar) endOfKey(dst []int32) []int32 {
	for _, id := range []int32{g.id(tokKey), g.id(tokEnd)} {
		if (id != g.id(tokKey) || g.keys < maxKeys) && !slices.Contains(dst, id) {
			dst = append(dst, id)
		}
	}
	return dst
}

// places are the indexes in said right behind every place where the keyword so far stands.
func (g *grammar) places() []int {
	var out []int
	p := g.p
	for i := range p.said {
		if p.start[i] && i+len(g.used) <= len(p.said) && slices.Equal(p.said[i:i+len(g.used)], g.used) {
			out = append(out, i+len(g.used))
		}
	}
	return out
}

// Accept takes the next token.
func (g *grammar) Accept(tok int32) error {
	if g.done || !slices.Contains(g.next(nil), tok) {
		return fmt.Errorf("task: token %d cannot stand here in an answer", tok)
	}
	g.step(tok)
	g.last = tok
	return nil
}

func (g *grammar) step(tok int32) {
	t := g.p.tags
	m := t.meaning(tok)
	switch g.stage {
	case atStart, inAlso:
		g.stage = atAlso
		return
	case inSet, inNegated:
		g.target(tok, m)
		return
	case inCategories, inValues:
		if m != nil {
			g.used = append(g.used, tok)
			return
		}
	case inBool:
		g.stage = afterSet
		return
	case inOp:
		g.op, g.stage = tok, inOperand
		return
	case inOperand:
		g.stage = afterSet
		if g.op == g.id(tokBetw) {
			g.stage = inSecond
		}
		return
	case inSecond:
		if m != nil || g.isLiteral(tok) {
			g.stage = afterSet
			return
		}
	case inDrop, inAny, inRef, inAsk, inQty:
		g.stage = map[stage]stage{inDrop: atDrops, inAny: atAnys, inRef: atRefs, inAsk: atAsks, inQty: atKeys}[g.stage]
		return
	case inKey:
		if tok != g.id(tokKey) && tok != g.id(tokEnd) {
			g.used = append(g.used, tok)
			return
		}
	}
	g.open(tok)
}

func (g *grammar) isLiteral(tok int32) bool {
	first := g.p.tags.v.tags[tagLiteral]
	return tok >= first && tok <= first+maxLiteral
}

// target takes what a <set> is about.
func (g *grammar) target(tok int32, m *meaning) {
	switch {
	case tok == g.id(tokNe):
		g.stage = inNegated
	case m != nil && m.kind == tagCategory:
		g.stage, g.used = inCategories, append(g.used, tok)
	case m != nil && m.kind == tagValue:
		g.stage, g.facet, g.used = inValues, m.facet, append(g.used, tok)
	default:
		g.facet = g.p.tags.facetOf(tok)
		g.stage = inOp
		if g.isBool(g.facet) {
			g.stage = inBool
		}
	}
}

// open starts the next part of an answer.
func (g *grammar) open(tok int32) {
	g.used = g.used[:0:0]
	switch tok {
	case g.id(tokSoft):
		g.stage = atSets
	case g.id(tokAlso):
		g.stage = inAlso
	case g.id(tokNew):
		g.stage = atSets
	case g.id(tokSet):
		g.stage, g.facet, g.op = inSet, "", 0
		g.sets++
	case g.id(tokDrop):
		g.stage = inDrop
	case g.id(tokAny):
		g.stage = inAny
	case g.id(tokRef):
		g.stage = inRef
	case g.id(tokAsk):
		g.stage = inAsk
	case g.id(tokQty):
		g.stage = inQty
	case g.id(tokKey):
		g.stage = inKey
		g.keys++
	case g.id(tokEnd):
		g.done = true
	}
}

// valueIn is a product's own value of a facet, of the price in major units of a currency.
func valueIn(p *catalog.Product, facet, currency string) (catalog.Value, bool) {
	if facet == catalog.FacetPrice {
		amount, ok := priceOf(p, currency)
		return catalog.Num(amount.Major()), ok
	}
	if facet == catalog.FacetRating && p.Rating != nil {
		return catalog.Num(p.Rating.Average), true
	}
	vs := p.Facets[facet]
	if len(vs) == 0 {
		return catalog.Value{}, false
	}
	return vs[0], true
}

// Check says whether an answer is in the grammar of a prompt.
func (p *ParsePrompt) Check(answer []int32) error {
	g := newGrammar(p)
	for _, tok := range answer {
		if err := g.Accept(tok); err != nil {
			return err
		}
	}
	if !g.Done() {
		return fmt.Errorf("task: the answer breaks off after %d tokens", len(answer))
	}
	return nil
}
