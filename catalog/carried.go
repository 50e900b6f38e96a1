package catalog

import (
	"math"
	"slices"
)

// The decision whether the shop carries what a query asks for. A list of hits is never empty by itself: some product always shares
// some word. So a small logistic model looks at how the best hits match. Its weights were fitted by "go test -run TestFitCarried" on
// queries made from catalogues with some of their product types taken out; DESIGN.md says on which, and how well it does.

// signs are what the decision looks at. Each is between 0 and 1.
type signs [signCount]float64

const (
	signOne       = iota // always 1
	signCategory         // the catalogue has a category of the name
	signKind             // the best hit is the kind of thing that the query names
	signBoth             // one and the same hit is the kind and has the other words, by weight
	signCore             // share of the query's weight that the best hit has in title, brand, type or codes
	signUnknown          // the catalogue does not know the word that names the thing
	signCorrected        // share of the query's weight that is guessed spelling
	signName             // the query names no kind of thing but one maker or product: a brand, a model, a number
	signNamed            // … and the best hit has that in title, brand, type or codes, or if it is a quality only, anywhere: the share
	signSpread           // the word that names the thing is no category's, and its products are of many kinds: it is hardly a noun here
	signCount
)

var carriedWeights = signs{-5.11, 1.46, 1.37, 2.68, 2.95, -0.51, -0.52, 0.64, 3.61, -2.08}

// look gathers the signs from the best candidates.
func (a *asked) look(cs []*candidate) (x signs) {
	x[signOne] = 1
	best := 0.0
	for _, c := range cs[:min(len(cs), 10)] {
		cover, core := a.share(c)
		best = max(best, cover)
		x[signKind] = max(x[signKind], c.kind)
		x[signBoth] = max(x[signBoth], cover*c.kind)
		x[signCore] = max(x[signCore], core)
	}
	x[signCategory] = a.certain
	owned := 1 - a.borrowed(cs) // a borrowed name is no sign of the thing itself
	x[signKind] *= owned
	x[signBoth] *= owned
	x[signCore] *= owned
	if a.isName() {
		x[signName], x[signNamed] = 1, x[signCore]
		if a.qualityOnly { // what is red need not be called so
			x[signNamed], x[signCore] = best, best
		}
		x[signKind], x[signBoth] = 0, 0
	} else {
		if a.groups[a.head].unknown {
			x[signUnknown] = 1
		}
		x[signSpread] = a.spread(cs)
	}
	sum, corrected := 0.0, 0.0
	for i := range a.groups {
		sum += a.groups[i].idf
		if a.groups[i].corrected {
			corrected += a.groups[i].idf
		}
	}
	if sum > 0 && a.certain < 0.75 { // a guess that names a category is a good guess
		x[signCorrected] = corrected / sum
	}
	return x
}

// isName says that the query names one maker or product and no kind of thing.
func (a *asked) isName() bool {
	if a.head < 0 {
		return true
	}
	return !a.headIsType && a.certain < 0.75 && slices.ContainsFunc(a.groups, func(g group) bool { return g.brand })
}

// share is how much of the query's weight a product has anywhere, and in title, brand, type or codes. Qualities that all sorts of things
// have ("black", "small") count little: without them the shop still has the thing. So do words that the catalogue has never seen, where it
// does know the type: they rather praise than name.
func (a *asked) share(c *candidate) (cover, core float64) {
	sum := 0.0
	for i, got := range c.got {
		w := a.weightOf(i)
		sum += w
		if got.score > 0 {
			cover += w
		}
		if got.in&coreColumns != 0 {
			core += w
		}
	}
	return cover / max(sum, 1e-9), core / max(sum, 1e-9)
}

// weightOf is what a word counts in the decision. The one that names the thing counts no less than any other, common as it may be in a
// shop that sells little else.
func (a *asked) weightOf(i int) float64 {
	g := &a.groups[i]
	switch {
	case i == a.head:
		w := g.idf
		for k := range a.groups {
			if k != i {
				w = max(w, a.weightOf(k))
			}
		}
		return w
	case lists().qualities[g.raw]:
		return 0.2 * g.idf
	case g.unknown && g.kind == plainWord && a.certain >= 0.75:
		return 0.5 * g.idf
	}
	return g.idf
}

// spread says how little a word stands for one thing, 0 to 1. A noun has its products in one category, the name of a product line has
// them with one maker; a word of neither kind ("apple" where others make things for Apple's) is hardly the name of a thing here.
func (a *asked) spread(cs []*candidate) float64 {
	if a.head < 0 || a.certain >= 0.75 {
		return 0
	}
	n, kinds, makers := 0, 0, 0
	ofKind, ofMaker := map[int64]int{}, map[int64]int{}
	for _, c := range cs {
		if c.cat != 0 && c.got[a.head].in&(1<<inTitle) != 0 {
			n++
			ofKind[c.cat]++
			ofMaker[c.brand]++
			kinds, makers = max(kinds, ofKind[c.cat]), max(makers, ofMaker[c.brand])
		}
	}
	if n < 4 {
		return 0
	}
	return 1 - float64(max(kinds, makers))/float64(n)
}

// confidence is how surely the shop carries what the query asks for. Without words there is nothing that it might not carry.
func (a *asked) confidence(cs []*candidate) float64 {
	switch {
	case len(cs) == 0:
		return 0
	case len(a.groups) == 0:
		return 1
	}
	x := a.look(cs)
	p := x.probability(&carriedWeights)
	if slices.ContainsFunc(cs[:min(len(cs), 10)], a.isCalled) {
		p = max(p, nearlySure)
	}
	return p
}

// nearlySure is how surely the shop carries a product that the query calls by its own name.
const nearlySure = 0.95

// isCalled says whether the query is a product's own name: its maker and words of its title, and nothing else. No model knows model names, so this is no sign among
// others.
func (a *asked) isCalled(c *candidate) bool {
	maker := false
	for i, got := range c.got {
		if got.in&(1<<inTitle) == 0 {
			return false
		}
		for _, alt := range a.groups[i].alts {
			maker = maker || slices.ContainsFunc(alt.terms, c.brandHas)
		}
	}
	return maker && len(a.groups) > 1
}

func (x *signs) probability(w *signs) float64 {
	z := 0.0
	for i := range x {
		z += x[i] * w[i]
	}
	return 1 / (1 + math.Exp(-z))
}
