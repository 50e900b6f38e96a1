package chat

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"

	"daogou/catalog"
	"daogou/nlu"
)

// The search counts the facets of the schema, over the best candidates if there are many. Kind and price are not facets, but they make the best questions: here
// they are counted too, with values taken from the best hits. What a question shows beside its answers is exact.

const (
	minAsked    = 2 * tableSize // candidates below which no question is weighed
	sampleKinds = 10            // categories among the hits that are counted
)

// countMore adds the counts of kind and price to the result, where they are open and the search has not given them.
func (a *Assistant) countMore(ctx context.Context, s *Situation, q catalog.Query) error {
	if s.Result.Total < minAsked || !s.Result.Carried || mainAct(*s) == nlu.ActMore {
		return nil
	}
	known := knownFacets(*s)
	q.Facets = []string{}
	for facet, values := range map[string]func(*Situation) []catalog.Constraint{catalog.FacetCategory: kindsOfHits, catalog.FacetPrice: pricesOfHits} {
		has := slices.ContainsFunc(s.Result.Counts, func(c catalog.FacetCount) bool { return c.Facet == facet })
		if has || known[facet] {
			continue
		}
		c, err := a.count(ctx, q, facet, values(s))
		if err != nil {
			return err
		}
		if len(c.Values) > 1 {
			c.Missing = max(0, s.Result.Total-counted(c))
			s.Result.Counts = append(s.Result.Counts, c)
		}
	}
	return a.countExactly(ctx, s, q)
}

// countExactly counts the answers to the best question over all candidates, where the search has counted only the best of them.
func (a *Assistant) countExactly(ctx context.Context, s *Situation, q catalog.Query) error {
	scores := questions(*s)
	if len(scores) == 0 {
		return nil
	}
	at := slices.IndexFunc(s.Result.Counts, func(c catalog.FacetCount) bool { return c.Facet == scores[0].Facet })
	c := s.Result.Counts[at]
	if counted(c)+c.Missing >= s.Result.Total {
		return nil
	}
	f := askable(s.Reader.Schema, c)
	c.Values = slices.Clone(c.Values[:min(len(c.Values), maxOptions)])
	for i := range c.Values {
		with := q
		with.Constraints = append(slices.Clone(q.Constraints), s.Reader.option(f, c, i).Constraint)
		n, err := a.Search.CountMatching(ctx, with)
		if err != nil {
			return fmt.Errorf("chat: the candidates cannot be counted: %w", err)
		}
		c.Values[i].Count = n
	}
	c.Missing = max(0, s.Result.Total-counted(c)) // those beyond the options too: of them the answer tells little
	s.Result.Counts[at] = c
	return nil
}

// categorySettled says whether the product type is known.
func categorySettled(s Situation) bool {
	if id := categoryOf(s.State); id != "" {
		return isLeaf(s.Reader.Schema, id)
	}
	return s.Page != "" || s.Result.Category != "" && isLeaf(s.Reader.Schema, s.Result.Category)
}

// categoryOf is the category that the need names; "" if none.
func categoryOf(s nlu.State) string {
	for _, c := range s.Constraints {
		if c.Facet == catalog.FacetCategory && c.Op != catalog.OpNe && len(c.Values) == 1 {
			return c.Values[0].Str()
		}
	}
	return ""
}

func counted(c catalog.FacetCount) int {
	n := 0
	for _, v := range c.Values {
		n += v.Count
	}
	return n
}

// count counts the candidates behind each constraint on a facet.
func (a *Assistant) count(ctx context.Context, q catalog.Query, facet string, values []catalog.Constraint) (catalog.FacetCount, error) {
	out := catalog.FacetCount{Facet: facet}
	for _, c := range values {
		with := q
		with.Constraints = append(slices.Clone(q.Constraints), c)
		n, err := a.Search.CountMatching(ctx, with)
		if err != nil {
			return out, fmt.Errorf("chat: the candidates cannot be counted: %w", err)
		}
		if n == 0 {
			continue
		}
		v := catalog.ValueCount{Count: n}
		switch {
		case c.Values[0].IsStr():
			v.Value = c.Values[0]
		case c.Op == catalog.OpLe:
			v.Hi = c.Values[0].Num()
		case c.Op == catalog.OpGe:
			v.Lo, v.Hi = c.Values[0].Num(), math.Inf(1)
		default:
			v.Lo, v.Hi = c.Values[0].Num(), c.Values[1].Num()
		}
		out.Values = append(out.Values, v)
	}
	if facet == catalog.FacetCategory {
		sort.SliceStable(out.Values, func(i, j int) bool { return out.Values[i].Count > out.Values[j].Count })
	}
	return out, nil
}

// kindsOfHits are the product types of the best hits, or if those are many, their parents.
func kindsOfHits(s *Situation) []catalog.Constraint {
	within := categoryOf(s.State)
	var leaves, parents []string
	add := func(list []string, id string) []string {
		if id == "" || id == within || slices.Contains(list, id) {
			return list
		}
		return append(list, id)
	}
	for _, h := range s.Hits {
		path := h.Product.Category
		if len(path) == 0 {
			continue
		}
		leaves = add(leaves, path[len(path)-1])
		next := 0 // the step below the category that is known
		if i := slices.Index(path, within); i >= 0 {
			next = i + 1
		}
		if next < len(path) {
			parents = add(parents, path[next])
		}
	}
	if len(leaves) > sampleKinds {
		leaves = parents
	}
	var out []catalog.Constraint
	for _, id := range leaves[:min(len(leaves), sampleKinds)] {
		if s.Reader.Schema.Category(id) != nil {
			out = append(out, catalog.Constraint{Facet: catalog.FacetCategory, Op: catalog.OpEq, Values: catalog.Values{catalog.Str(id)}, Hard: true})
		}
	}
	return out
}

// pricesOfHits are price ranges that split the best hits about evenly, at amounts that a person would say.
func pricesOfHits(s *Situation) []catalog.Constraint {
	var prices []float64
	for _, h := range s.Hits {
		if m, ok := s.Reader.Price(h.Product, ""); ok && m.Currency == s.Reader.Schema.Currency {
			prices = append(prices, m.Major())
		}
	}
	slices.Sort(prices)
	if len(prices) < minAsked || prices[len(prices)-1] < 1.5*prices[0] {
		return nil // what costs about the same needs no question
	}
	var cuts []float64
	for _, share := range []float64{0.25, 0.5, 0.75} {
		cut := roundAmount(prices[int(share*float64(len(prices)))])
		if n := len(cuts); cut > prices[0] && cut < prices[len(prices)-1] && (n == 0 || cut > cuts[n-1]) {
			cuts = append(cuts, cut)
		}
	}
	bound := func(op catalog.Op, vs ...float64) catalog.Constraint {
		c := catalog.Constraint{Facet: catalog.FacetPrice, Op: op, Unit: s.Reader.Schema.Currency, Hard: true}
		for _, v := range vs {
			c.Values = append(c.Values, catalog.Num(v))
		}
		return c
	}
	var out []catalog.Constraint
	for i, cut := range cuts {
		if i == 0 {
			out = append(out, bound(catalog.OpLe, cut))
		} else {
			out = append(out, bound(catalog.OpBetween, cuts[i-1], cut))
		}
		if i == len(cuts)-1 {
			out = append(out, bound(catalog.OpGe, cut))
		}
	}
	return out
}

// roundAmount rounds to one or two leading digits: 47 is 50, 132 is 130, 1834 is 1800.
func roundAmount(v float64) float64 {
	if v <= 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	if v/unit >= 2.5 {
		return math.Round(v/unit*2) / 2 * unit
	}
	return math.Round(v/unit*10) / 10 * unit
}
