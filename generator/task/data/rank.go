package data

import (
	"math/rand/v2"
	"slices"

	"daogou/catalog"
	"daogou/generator/task"
	"daogou/generator/task/shops"
	"daogou/nlu"
)

// What the rank job's examples are made of, in percent.
const (
	rankShare    = 6  // of all examples
	emptyNeeds   = 8  // teach what products are like in general, which scores are held against
	fromTurns    = 20 // needs that a hand-written or simulated turn has come to
	fromPairs    = 10 // pairs of the extra folder, if there is one
	fromOutside  = 35 // of needs made for a product: products of the extra folder
	variedGoods  = 45 // products whose values, brand and title are exchanged, so that the model reads them and does not remember
	oneLanguage  = 8  // products that have their title in one language only
	rankAttempts = 12
)

// rankPool is what needs are made for.
type rankPool struct {
	own     []rankType
	outside []rankType
	pairs   []rankPair
}

// rankType is a product type of a shop with its products: types are drawn evenly, however many products they have.
type rankType struct {
	shop     *shops.Shop
	products []*catalog.Product
}

// rankPair is a need with what it is for.
type rankPair struct {
	need    task.Need
	product *catalog.Product
	schema  *catalog.Schema
}

// newRankPool sorts the products that a set may see.
func newRankPool(all []*shops.Shop, o Options) (rankPool, error) {
	var p rankPool
	for _, s := range all {
		p.own = append(p.own, rankTypes(s, o)...)
	}
	if o.Extra == "" {
		return p, nil
	}
	x, err := readExtra(o.Extra)
	if err != nil {
		return p, err
	}
	p.outside = rankTypes(x.shop, o)
	for i, pair := range x.pairs {
		if isKept(pair.need.Text) == o.Valid {
			p.pairs = append(p.pairs, x.pairs[i])
		}
	}
	return p, nil
}

// isKept says whether a product or pair is kept for validation.
func isKept(name string) bool { return isValid("rank:" + name) }

// mayLearn says whether a set may see a product.
func (o Options) mayLearn(s *shops.Shop, p *catalog.Product) bool {
	return len(p.Category) > 0 && isKept(s.ID+"/"+p.ID) == o.Valid && !slices.Contains(o.Without, p.Category[0])
}

func rankTypes(s *shops.Shop, o Options) []rankType {
	var out []rankType
	at := map[string]int{}
	for _, p := range s.Products {
		if !o.mayLearn(s, p) {
			continue
		}
		leaf := p.Category[len(p.Category)-1]
		i, known := at[leaf]
		if !known {
			i = len(out)
			at[leaf] = i
			out = append(out, rankType{shop: s})
		}
		out[i].products = append(out[i].products, p)
	}
	return out
}

// rank makes an example of the rank job: a need, and the sequence of a product that fits it. Loss falls on the product alone.
func (s *Set) rank(rng *rand.Rand) (Example, bool) {
	pair, ok := s.rankPair(rng)
	if !ok {
		return Example{}, false
	}
	if rng.IntN(100) < emptyNeeds {
		pair.need.Text = ""
	}
	prompt := s.vocab.NeedTokens(pair.need)
	product := s.vocab.ProductTokens(pair.product, pair.schema, pair.need.Lang, task.RankTokens)
	return Example{Tokens: append(slices.Clone(prompt), product...), Prompt: len(prompt), Weight: evenly(len(prompt), len(product), rankWeight), Job: "rank"}, true
}

func (s *Set) rankPair(rng *rand.Rand) (rankPair, bool) {
	for range rankAttempts {
		k := rng.IntN(100)
		switch {
		case k < fromTurns:
			if p, ok := s.turnPair(rng); ok {
				return p, true
			}
		case k < fromTurns+fromPairs && len(s.pool.pairs) > 0:
			return s.pool.pairs[rng.IntN(len(s.pool.pairs))], true
		default:
			if p, ok := s.productPair(rng); ok {
				return p, true
			}
		}
	}
	return rankPair{}, false
}

// productPair draws a product and words a need that it fits.
func (s *Set) productPair(rng *rand.Rand) (rankPair, bool) {
	types := s.pool.own
	if len(s.pool.outside) > 0 && rng.IntN(100) < fromOutside {
		types = s.pool.outside
	}
	if len(types) == 0 {
		return rankPair{}, false
	}
	t := types[rng.IntN(len(types))]
	p := t.products[rng.IntN(len(t.products))]
	if rng.IntN(100) < variedGoods {
		p = varyProduct(rng, t.shop, p)
	}
	w := newSeeker(rng, t.shop.Schema, p)
	need := task.NewNeed(w.need(), w.lang)
	if rng.IntN(100) < oneLanguage && len(p.Title) > 1 {
		only := *p
		lang := []string{"en", "zh"}[rng.IntN(2)]
		only.Title = catalog.Text{lang: p.Title.In(lang)}
		p = &only
	}
	return rankPair{need, p, t.shop.Schema}, need.Text != ""
}

// turnPair draws a turn and a product that fits the need after it.
func (s *Set) turnPair(rng *rand.Rand) (rankPair, bool) {
	t, ok := s.rankTurn(rng)
	if !ok {
		return rankPair{}, false
	}
	state := t.In.State.Apply(t.Want)
	var fitting []*catalog.Product
	for _, p := range t.Shop.Products {
		if s.opts.mayLearn(t.Shop, p) && fitsNeed(p, state.Constraints) {
			fitting = append(fitting, p)
		}
	}
	if len(fitting) == 0 {
		return rankPair{}, false
	}
	need := task.NeedOf(state, t.Shop.Schema)
	if len(t.In.State.Constraints)+len(t.In.State.Keywords) == 0 && rng.IntN(2) == 0 {
		need = task.NewNeed(t.In.Text, t.Want.Lang) // the first thing said is the whole need
	}
	return rankPair{need, fitting[rng.IntN(len(fitting))], t.Shop.Schema}, need.Text != ""
}

// rankTurn draws a turn that says what is wanted, in a shop whose products are parted between learning and validation; those of mixed shops are not.
func (s *Set) rankTurn(rng *rand.Rand) (Turn, bool) {
	t, ok := s.turn(rng)
	if !ok || !slices.Contains(s.shops, t.Shop) {
		return t, false
	}
	switch t.Want.Act {
	case nlu.ActFind, nlu.ActRefine, nlu.ActNegate, nlu.ActRelax:
		return t, slices.ContainsFunc(t.In.State.Apply(t.Want).Constraints, func(c nlu.Constraint) bool { return c.Facet == catalog.FacetCategory })
	}
	return t, false
}

// fitsNeed says whether a product has what a need names. Numbers are left to the filters, as the job leaves them.
func fitsNeed(p *catalog.Product, need []nlu.Constraint) bool {
	for _, c := range need {
		if has, known := hasOneOf(p, c.Constraint); known && has == (c.Op == catalog.OpNe) {
			return false
		}
	}
	return true
}

// hasOneOf says whether a product has one of a constraint's values; known is false of what is not judged here.
func hasOneOf(p *catalog.Product, c catalog.Constraint) (has, known bool) {
	if c.Op != catalog.OpEq && c.Op != catalog.OpIn && c.Op != catalog.OpNe || len(c.Values) == 0 || c.Values[0].IsNum() {
		return false, false
	}
	switch c.Facet {
	case catalog.FacetInStock, catalog.FacetOnSale, catalog.FacetShipsFrom:
		return false, false
	}
	return slices.ContainsFunc(c.Values, func(v catalog.Value) bool {
		switch c.Facet {
		case catalog.FacetCategory:
			return slices.Contains(p.Category, v.Str())
		case catalog.FacetBrand:
			return p.Brand == v.Str()
		}
		return slices.Contains(p.Facets[c.Facet], v) || v == catalog.Bool(false) && len(p.Facets[c.Facet]) == 0
	}), true
}
