package chat

import (
	"math"
	"slices"
	"sort"

	"daogou/catalog"
	"daogou/nlu"
)

const (
	maxOptions   = 6    // answers that a question offers
	kindFirst    = 0.6  // share of the best question's value that a question of which kind needs to go first
	wrongAnswers = 0.15 // share of answers that do not fit what the shopper ends up wanting
)

// FacetScore is how good a question about a facet would be, part by part.
type FacetScore struct {
	Facet  string
	Gain   float64 // bits that an answer is expected to give about which candidate is wanted
	Answer float64 // chance that the shopper has an answer at all
	Value  float64 // Gain × Answer
	To     int     // candidates left after an answer, expected
}

// questions scores every facet that may be asked about, best first.
func questions(s Situation) []FacetScore {
	r := s.Result
	known := knownFacets(s)
	order := facetOrder(s)
	var out []FacetScore
	for _, c := range r.Counts {
		f := askable(s.Reader.Schema, c)
		if f == nil || known[c.Facet] {
			continue
		}
		counts, missing := answerCounts(f, c, r.Total)
		if len(counts) < 2 {
			continue
		}
		x := FacetScore{Facet: c.Facet, Gain: expectedGain(counts, missing), Answer: answerChance(f, order), To: expectedLeft(counts)}
		x.Value = x.Gain * x.Answer
		out = append(out, x)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Value > out[j].Value })
	kind := slices.IndexFunc(out, func(x FacetScore) bool { return x.Facet == catalog.FacetCategory })
	if kind > 0 && severalKinds(s.State) && out[kind].Value >= kindFirst*out[0].Value { // who asks for tea expects to be asked which
		x := out[kind]
		out = slices.Insert(slices.Delete(out, kind, kind+1), 0, x)
	}
	return out
}

// knownFacets are those that talk, page or basket already answer, were asked before, or do not matter to the shopper.
func knownFacets(s Situation) map[string]bool {
	known := map[string]bool{}
	for _, c := range s.State.Constraints {
		known[c.Facet] = c.Facet != catalog.FacetCategory // a kind may have kinds below it
	}
	for _, list := range [][]string{s.State.NoPreference, s.State.AskedBefore, {s.State.Asked, s.Before.Asked}} {
		for _, f := range list {
			known[f] = true
		}
	}
	known[catalog.FacetCategory] = known[catalog.FacetCategory] || categorySettled(s) && !severalKinds(s.State)
	for _, l := range s.State.Cart {
		p := s.Rows[l.Product]
		if p == nil || !sameKind(s, p) {
			continue
		}
		if v := findVariant(p, l.Variant); v != nil {
			for f := range v.Facets {
				known[f] = f != "colour" // one buys the same size again, but not always the same colour
			}
		}
	}
	return known
}

func isLeaf(sc *catalog.Schema, id string) bool {
	return !slices.ContainsFunc(sc.Categories, func(c catalog.Category) bool { return c.Parent == id })
}

// sameKind says whether a product of the basket is of the type that the need is about.
func sameKind(s Situation, p *catalog.Product) bool {
	for _, c := range s.State.Constraints {
		if c.Facet == catalog.FacetCategory && len(c.Values) > 0 && len(p.Category) > 0 {
			return s.Reader.Meets(p, c.Constraint) == meets
		}
	}
	return s.Result.Category != "" && slices.Contains(p.Category, s.Result.Category)
}

// askable is the facet of a count if a question about it makes sense.
func askable(sc *catalog.Schema, c catalog.FacetCount) *catalog.Facet {
	switch c.Facet {
	case catalog.FacetPrice:
		return &catalog.Facet{ID: c.Facet, Kind: catalog.KindNumber}
	case catalog.FacetCategory, catalog.FacetBrand:
		return &catalog.Facet{ID: c.Facet, Kind: catalog.KindEnum}
	case catalog.FacetRating, catalog.FacetInStock, catalog.FacetOnSale, catalog.FacetShipsFrom:
		return nil // nobody wants a bad rating or an empty shelf: these are for ranking
	}
	f := sc.Facet(c.Facet)
	if f == nil || f.Kind == catalog.KindText {
		return nil
	}
	return f
}

// answerCounts are the candidates behind each option, and those for which the catalogue says nothing. Options beyond the limit count as one more answer.
func answerCounts(f *catalog.Facet, c catalog.FacetCount, total int) (counts []int, missing int) {
	other := 0
	for i, v := range c.Values {
		switch {
		case v.Count <= 0:
		case i < maxOptions:
			counts = append(counts, v.Count)
		default:
			other += v.Count
		}
	}
	if len(counts) >= 2 && other > 0 {
		counts = append(counts, other)
	}
	return counts, min(max(c.Missing, 0), max(total, 0))
}

// expectedGain is the mutual information, in bits, between which candidate is wanted and the answer that is given.
//
// A candidate with a value is answered by that value, or with probability wrongAnswers by any of the others. A candidate of which the catalogue does not
// know the value is answered by any, as the known ones spread: such an answer tells nothing about it, and it lowers the gain by that much.
func expectedGain(counts []int, missing int) float64 {
	n := 0.0
	for _, c := range counts {
		n += float64(c)
	}
	if n == 0 || len(counts) < 2 {
		return 0
	}
	m := float64(len(counts))
	unknown := float64(missing) / (n + float64(missing))
	answers, spread := 0.0, 0.0 // entropies of the answer: overall, and given a candidate without a value
	for _, c := range counts {
		p := float64(c) / n
		heard := p*(1-wrongAnswers) + (1-p)*wrongAnswers/(m-1)
		answers += bits((1-unknown)*heard + unknown*p)
		spread += bits(p)
	}
	given := bits(1-wrongAnswers) + (m-1)*bits(wrongAnswers/(m-1))
	return max(0, answers-(1-unknown)*given-unknown*spread)
}

// bits is one term of an entropy.
func bits(p float64) float64 {
	if p <= 0 {
		return 0
	}
	return -p * math.Log2(p)
}

// expectedLeft is how many candidates an answer leaves, on average over what is wanted.
func expectedLeft(counts []int) int {
	n, squares := 0.0, 0.0
	for _, c := range counts {
		n += float64(c)
		squares += float64(c) * float64(c)
	}
	if n == 0 {
		return 0
	}
	return int(math.Round(squares / n))
}

// facetOrder is the place of each facet in the order in which the category's buyers care about it.
func facetOrder(s Situation) map[string]int {
	order := map[string]int{}
	id := categoryOf(s.State)
	if id == "" {
		id = s.Result.Category
	}
	for i, f := range s.Reader.Schema.FacetsOf(id) {
		order[f.ID] = i + 1
	}
	return order
}

// answerChance guesses how likely a shopper has an answer: for what kind of thing it is nearly always, for the budget often, for what buyers of this type
// care about first more often than for what comes last, and more if the shop has written the question itself.
func answerChance(f *catalog.Facet, order map[string]int) float64 {
	switch f.ID {
	case catalog.FacetCategory:
		return 0.95
	case catalog.FacetPrice:
		return 0.75
	case catalog.FacetBrand:
		return 0.35
	}
	chance := 0.45
	if k := order[f.ID]; k > 0 {
		chance = 0.9 - 0.05*float64(min(k-1, 8))
	}
	if f.Ask.In("en") == "" {
		chance -= 0.15
	}
	return chance
}

// makeQuestion is the question about a facet with its tappable answers.
func makeQuestion(s Situation, x FacetScore) *Question {
	for _, c := range s.Result.Counts {
		if c.Facet != x.Facet {
			continue
		}
		f := askable(s.Reader.Schema, c)
		q := &Question{Facet: f, From: s.Result.Total, To: x.To, Gain: x.Gain}
		for i, v := range c.Values {
			if v.Count > 0 && len(q.Options) < maxOptions {
				q.Options = append(q.Options, s.Reader.option(f, c, i))
			}
		}
		return q
	}
	return nil
}

// option is one answer. Numbers are ranges; the first and the last are open-ended, as a shopper would say them.
func (r *Reader) option(f *catalog.Facet, c catalog.FacetCount, i int) QuestionOption {
	v := c.Values[i]
	con := catalog.Constraint{Facet: f.ID, Op: catalog.OpEq, Values: catalog.Values{v.Value}, Hard: true}
	if f.Kind == catalog.KindNumber && !v.Value.IsNum() {
		con.Unit = f.Unit
		if f.ID == catalog.FacetPrice {
			con.Unit = r.Schema.Currency
		}
		switch lo, hi := catalog.Num(v.Lo), catalog.Num(v.Hi); {
		case v.Lo == v.Hi:
			con.Values = catalog.Values{lo}
		case i == 0:
			con.Op, con.Values = catalog.OpLe, catalog.Values{hi}
		case i == len(c.Values)-1 || math.IsInf(v.Hi, 1):
			con.Op, con.Values = catalog.OpGe, catalog.Values{lo}
		default:
			con.Op, con.Values = catalog.OpBetween, catalog.Values{lo, hi}
		}
	}
	return QuestionOption{Constraint: con, Label: r.optionLabel(f, con), Count: v.Count}
}

// optionLabel is an answer without the facet's name, which the question has said.
func (r *Reader) optionLabel(f *catalog.Facet, c catalog.Constraint) string {
	switch {
	case f.ID == catalog.FacetPrice:
		return r.Label(c)
	case len(c.Values) > 0 && c.Values[0].IsNum():
		return clean(r.compared(c, "", func(v catalog.Value) string { return r.words().quantity(numberFacet(f, c.Unit), v.Num()) }), 60)
	case len(c.Values) > 0:
		return clean(r.optionText(f.ID, r.Schema.Facet(f.ID), c.Values[0]), 60)
	}
	return ""
}

// questionText is how the question is put: the catalogue's own words, or made from the facet's name.
func (r *Reader) questionText(f *catalog.Facet) string {
	if s := f.Ask[r.Lang]; s != "" {
		return clean(s, 160)
	}
	label := clean(f.Label.In(r.Lang), 60)
	return clean(r.words().askFor(f.ID, f.Kind, label), 160)
}

// unmet are the soft wishes that no item meets.
func unmet(r *Reader, items []Item, said []nlu.Constraint) []nlu.Constraint {
	var out []nlu.Constraint
	for _, c := range said {
		if c.Hard || len(items) == 0 || !worthSaying(c.Facet) {
			continue
		}
		known := func(v verdict) bool { // what goods of this kind do not have is no shortcoming
			return slices.ContainsFunc(items, func(it Item) bool { return r.Meets(it.Product, c.Constraint) == v })
		}
		if !known(meets) && known(misses) {
			out = append(out, c)
		}
	}
	return out
}
