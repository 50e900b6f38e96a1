package catalog

import "math"

// The decision whether the shop carries what a query asks for. A list of hits is never empty by itself: some product always shares
// some word. So a small logistic model looks at how the best hits match. Its weights were fitted by "go test -run TestFitCarried" on
// queries made from catalogues with some of their product types taken out; DESIGN.md says on which, and how well it does.

// signs are what the decision looks at. Each is between 0 and 1.
type signs [signCount]float64

const (
	signOne       = iota // always 1
	signCover            // share of the query's weight that the best hit has anywhere
	signCore             // … that it has in title, brand, type or codes
	signKind             // the best hit is the kind of thing that the query names
	signBoth             // one and the same hit has the words and is the kind
	signCategory         // the catalogue has a category of that name
	signUnknown          // the catalogue does not know the word that names the thing
	signCorrected        // share of the query's weight that is guessed spelling
	signNoHead           // the query names no thing: a brand, a model, a number
	signNamed            // … and the best hit has that in title, brand or codes: the share
	signCount
)

var carriedWeights = signs{-3.00, 2.25, 1.16, -0.78, 1.68, 1.89, -1.59, 0.27, 1.31, 1.46}

// look gathers the signs from the best candidates.
func (a *asked) look(cs []*candidate) (x signs) {
	x[signOne] = 1
	for _, c := range cs[:min(len(cs), 10)] {
		x[signCover] = max(x[signCover], c.cover)
		x[signCore] = max(x[signCore], c.core)
		x[signKind] = max(x[signKind], c.kind)
		x[signBoth] = max(x[signBoth], c.core*c.kind)
	}
	x[signCategory] = a.certain
	if a.head < 0 {
		x[signNoHead], x[signNamed] = 1, x[signCore]
	} else if g := &a.groups[a.head]; g.unknown || g.corrected && a.certain < 0.75 {
		x[signUnknown] = 1
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

// confidence is how surely the shop carries what the query asks for. Without words there is nothing that it might not carry.
func (a *asked) confidence(cs []*candidate) float64 {
	switch {
	case len(cs) == 0:
		return 0
	case len(a.groups) == 0:
		return 1
	}
	x := a.look(cs)
	return x.probability(&carriedWeights)
}

func (x *signs) probability(w *signs) float64 {
	z := 0.0
	for i := range x {
		z += x[i] * w[i]
	}
	return 1 / (1 + math.Exp(-z))
}
