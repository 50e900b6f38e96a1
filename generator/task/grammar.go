package task

import (
	"fmt"
	"slices"

	"daogou/catalog"
	"daogou/catalog/units"
	"daogou/generator/constrain"
	"daogou/nlu"
)

// grammar is the automaton of a parse answer, made for one prompt: only tags that the prompt defines can be spoken of, only values of the facet at hand, only
// amounts that the facet can be measured in. Every path ends in <end>.
//
//	answer   = ACT {also ACT} [new] {visit} {set} {drop} {any} {ref} {ask} [qty] {key} <end>
//	visit    = CATEGORY (= | !=) [soft] | VALUE (= | != ) [soft] | VALUE ask | BOOL (yes|no) [soft] | FACET (drop|any|ask)
//	         | AMOUNT NUMBER OP [AMOUNT|LITERAL] [soft] | AMOUNT qty | any tag <->
//	set      = <set> ( [<!=>] CATEGORY | [<!=>] VALUE | BOOL (yes|no) | NUMBER OP (LITERAL|ITEM) [LITERAL] ) [soft]
//
// The visits go over all that the turn mentions, in its order: the tag is given and what follows is a decision about it. What the turn means without naming it comes
// behind them.
type grammar struct {
	p     *ParsePrompt
	stage stage
	at    int    // of the walk: the next to visit
	tag   int32  // being visited or set
	facet string // of the number being compared
	op    int32
	taken []int32 // amounts that closed a range: they are not visited again
	used  []int32 // tokens of the keyword being written
	sets  int
	keys  int
	newly bool // <new> has been said
	done  bool
}

// stage is the place in an answer. The order of the first seven is the order of an answer's parts behind the walk.
type stage uint8

const (
	atSets stage = iota
	atDrops
	atAnys
	atRefs
	atAsks
	atQty
	atKeys
	atStart
	atHead
	inAlso
	inVisit
	inWalk // between visits
	inSet
	inNegated
	inBool
	inOp
	inOperand
	inSecond
	maySoften
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
	maxKeys    = 6
	maxKeyword = 10 // tokens
)

// newGrammar starts the automaton of a prompt's answer.
func newGrammar(p *ParsePrompt) *grammar { return &grammar{p: p, stage: atStart} }

// Clone is an independent copy.
func (g *grammar) Clone() constrain.Constraint {
	c := *g
	c.used, c.taken = slices.Clone(g.used), slices.Clone(g.taken)
	return &c
}

// Done says whether the answer is complete.
func (g *grammar) Done() bool { return g.done }

func (g *grammar) id(name string) int32 { return g.p.tags.v.id[name] }

func (g *grammar) ids(dst []int32, names ...string) []int32 {
	for _, n := range names {
		dst = append(dst, g.id(n))
	}
	return dst
}

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
	case atHead:
		if !g.newly {
			dst = g.ids(dst, tokAlso, tokNew)
		}
	case inVisit:
		return g.decisions(dst)
	case inSet:
		if n := len(t.list[tagCategory]) + len(t.list[tagValue]); n > 0 {
			dst = g.ids(dst, tokNe)
		}
		return g.targets(dst, false)
	case inNegated:
		return g.targets(dst, true)
	case inBool:
		return g.ids(dst, tokYes, tokNo)
	case inOp:
		return g.operators(dst)
	case inOperand:
		return g.operands(dst)
	case inSecond:
		return g.seconds(dst)
	case maySoften:
		dst = g.ids(dst, tokSoft)
	case inDrop, inAny, inAsk:
		return g.facets(dst)
	case inRef:
		return append(dst, t.all(tagItem)...)
	case inQty:
		return g.literals(dst)
	case inKey:
		return g.keyTokens(dst)
	}
	return g.follow(dst)
}

// follow lists what comes behind a finished element: the next visit, or a part of the answer that is not over.
func (g *grammar) follow(dst []int32) []int32 {
	if next, ok := g.upcoming(); ok {
		return append(dst, next)
	}
	part := atSets
	if g.stage < atStart {
		part = g.stage
	}
	for _, n := range []struct {
		till stage
		name string
		ok   bool
	}{
		{atSets, tokSet, g.sets < maxSets}, {atDrops, tokDrop, true}, {atAnys, tokAny, true}, {atRefs, tokRef, len(g.p.tags.list[tagItem]) > 0}, {atAsks, tokAsk, true},
		{atAsks, tokQty, true}, {atKeys, tokKey, g.keys < maxKeys && len(g.p.said) > 0},
	} {
		if part <= n.till && n.ok {
			dst = append(dst, g.id(n.name))
		}
	}
	return append(dst, g.id(tokEnd))
}

// upcoming is the next tag of the walk.
func (g *grammar) upcoming() (int32, bool) {
	for _, id := range g.p.walk[g.at:] {
		if !slices.Contains(g.taken, id) {
			return id, true
		}
	}
	return 0, false
}

// decisions are what a visited tag may be there for.
func (g *grammar) decisions(dst []int32) []int32 {
	dst = g.ids(dst, tokSkip)
	m := g.p.tags.meaning(g.tag)
	switch {
	case m != nil && m.kind == tagCategory:
		return g.ids(dst, tokEq, tokNe)
	case m != nil && m.kind == tagValue:
		return g.ids(dst, tokEq, tokNe, tokAsk)
	case m != nil && m.kind == tagAmount:
		if m.amount.Lo == m.amount.Hi {
			dst = g.ids(dst, tokQty)
		}
		return g.measures(dst, m)
	}
	if g.isBool(g.p.tags.facetOf(g.tag)) {
		dst = g.ids(dst, tokYes, tokNo)
	}
	return g.ids(dst, tokDrop, tokAny, tokAsk)
}

// measures are the facets that an amount may be about.
func (g *grammar) measures(dst []int32, m *meaning) []int32 {
	for _, id := range g.facets(nil) {
		if f := g.p.tags.facetOf(id); g.isNumber(f) && g.p.fits(f, m.amount) {
			dst = append(dst, id)
		}
	}
	return dst
}

// facets are all that the prompt speaks of.
func (g *grammar) facets(dst []int32) []int32 {
	dst = append(dst, g.p.tags.all(tagFacet)...)
	for _, f := range reserved {
		dst = append(dst, g.id("<f:"+f+">"))
	}
	return dst
}

// targets are what a <set> may be about: a category or value that the turn does not name, or a facet that takes yes, no or a number.
func (g *grammar) targets(dst []int32, negated bool) []int32 {
	t := g.p.tags
	dst = append(append(dst, t.all(tagCategory)...), t.all(tagValue)...)
	if negated {
		return dst
	}
	for _, id := range g.facets(nil) {
		if f := t.facetOf(id); g.isBool(f) || g.isNumber(f) || g.isEnum(f) && g.onTable(f) {
			dst = append(dst, id)
		}
	}
	return dst
}

func (g *grammar) isNumber(facet string) bool {
	if facet == catalog.FacetPrice || facet == catalog.FacetRating {
		return true
	}
	f := g.p.turn.Schema.Facet(facet)
	return f != nil && f.Kind == catalog.KindNumber
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
		return g.ids(dst, tokEq, tokNe)
	}
	return g.ids(dst, tokEq, tokNe, tokLe, tokGe, tokBetw, tokAbout)
}

// operands are the literals and items that a facet which no amount of the turn is about can be compared with. A literal is a number that is meant and not said: one that
// the turn has is visited where it stands.
func (g *grammar) operands(dst []int32) []int32 {
	if !g.isEnum(g.facet) {
		for k := range maxLiteral + 1 {
			if !g.p.says(float64(k)) {
				dst = append(dst, g.p.tags.v.tags[tagLiteral]+int32(k))
			}
		}
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

// onTable says whether a product shown has a value of an enum facet, to be like or unlike.
func (g *grammar) onTable(facet string) bool {
	return slices.ContainsFunc(g.p.tags.list[tagItem], func(m meaning) bool {
		v, ok := valueIn(m.product, facet, g.p.home)
		return ok && v.IsStr()
	})
}

// seconds are what may close a range: a later amount of the turn, or a literal.
func (g *grammar) seconds(dst []int32) []int32 {
	for _, id := range g.p.walk[g.at:] {
		if m := g.p.tags.meaning(id); m != nil && m.kind == tagAmount && !slices.Contains(g.taken, id) && g.p.fits(g.facet, m.amount) {
			dst = append(dst, id)
		}
	}
	return g.literals(dst)
}

// says whether a number stands in the turn.
func (p *ParsePrompt) says(n float64) bool {
	return slices.ContainsFunc(p.tags.list[tagAmount], func(m meaning) bool { return m.amount.Lo == n || m.amount.Hi == n })
}

// fits says whether a facet can be measured in an amount's unit.
func (p *ParsePrompt) fits(facet string, a *nlu.Amount) bool {
	if facet == catalog.FacetPrice {
		return a.Unit == ""
	}
	if a.Currency != "" {
		return false
	}
	if a.Unit == "" || facet == catalog.FacetRating {
		return true
	}
	f := p.turn.Schema.Facet(facet)
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
	return nil
}

func (g *grammar) step(tok int32) {
	m := g.p.tags.meaning(tok)
	switch g.stage {
	case atStart, inAlso:
		g.stage = atHead
	case inVisit:
		g.decide(tok)
	case inSet, inNegated:
		g.target(tok, m)
	case inBool:
		g.stage = maySoften
	case inOp:
		g.compare(tok)
	case inOperand:
		g.stage = maySoften
		if g.op == g.id(tokBetw) {
			g.stage = inSecond
		}
	case inSecond:
		if m != nil {
			g.taken = append(g.taken, tok)
		}
		g.stage = maySoften
	case inDrop, inAny, inRef, inAsk, inQty:
		g.stage = map[stage]stage{inDrop: atDrops, inAny: atAnys, inRef: atRefs, inAsk: atAsks, inQty: atKeys}[g.stage]
	case inKey:
		if tok != g.id(tokKey) && tok != g.id(tokEnd) {
			g.used = append(g.used, tok)
			return
		}
		g.open(tok)
	default:
		g.open(tok)
	}
}

// decide takes what a visited tag is there for.
func (g *grammar) decide(tok int32) {
	switch tok {
	case g.id(tokSkip), g.id(tokDrop), g.id(tokAny), g.id(tokAsk), g.id(tokQty):
		g.stage = inWalk
	case g.id(tokEq), g.id(tokNe), g.id(tokYes), g.id(tokNo):
		g.stage = maySoften
	default:
		g.facet, g.stage = g.p.tags.facetOf(tok), inOp
	}
}

// compare takes an operator: of the amount being visited, or of a facet whose operand is yet to come.
func (g *grammar) compare(op int32) {
	g.op = op
	m := g.p.tags.meaning(g.tag)
	switch {
	case m == nil || m.kind != tagAmount:
		g.stage = inOperand
	case op == g.id(tokBetw) && m.amount.Lo == m.amount.Hi:
		g.stage = inSecond
	default:
		g.stage = maySoften
	}
}

// target takes what a <set> is about.
func (g *grammar) target(tok int32, m *meaning) {
	g.tag = tok
	switch {
	case tok == g.id(tokNe):
		g.stage = inNegated
	case m != nil && (m.kind == tagCategory || m.kind == tagValue):
		g.stage = maySoften
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
	if next, ok := g.upcoming(); ok && next == tok {
		g.at = slices.Index(g.p.walk, tok) + 1
		g.tag, g.stage = tok, inVisit
		return
	}
	switch tok {
	case g.id(tokSoft):
		g.stage = inWalk
	case g.id(tokAlso):
		g.stage = inAlso
	case g.id(tokNew):
		g.newly = true
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
