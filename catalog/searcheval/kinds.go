package searcheval

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"

	"daogou/catalog"
)

// asked is a query whose right answers follow from how it was made.
type asked struct {
	form, query string
	right       map[string]bool // product IDs
}

// askKinds asks a catalogue for each of its product types: by label and synonyms, with a brand or a facet value before, and in Chinese.
// Right is what is in the category, of the brand, with the value. They say nothing about how shoppers judge, and much about faults: an
// accessory above the thing, a word that stands for another type, a brand that drowns the type.
func askKinds(ctx context.Context, db *catalog.DB) ([]asked, error) {
	s, err := db.Schema(ctx)
	if err != nil {
		return nil, err
	}
	types := map[string][]*catalog.Product{}
	if err := db.All(ctx, func(p *catalog.Product) error {
		if len(p.Category) > 0 {
			leaf := p.Category[len(p.Category)-1]
			types[leaf] = append(types[leaf], p)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	var leaves []string
	for leaf := range types {
		leaves = append(leaves, leaf)
	}
	slices.Sort(leaves)
	named := map[string]map[string]bool{} // name → products of all the types that have it
	for _, leaf := range leaves {
		for _, lang := range []string{"en", "zh"} {
			for _, n := range names(s.Category(leaf), lang) {
				if named[n] == nil {
					named[n] = map[string]bool{}
				}
				for _, p := range types[leaf] {
					named[n][p.ID] = true
				}
			}
		}
	}
	var out []asked
	rng := rand.New(rand.NewPCG(5, 5))
	only := func(ps []*catalog.Product, ok func(*catalog.Product) bool) map[string]bool {
		m := map[string]bool{}
		for _, p := range ps {
			if ok(p) {
				m[p.ID] = true
			}
		}
		return m
	}
	for _, leaf := range leaves {
		ps := types[leaf]
		en, zh := names(s.Category(leaf), "en"), names(s.Category(leaf), "zh")
		for _, n := range en {
			out = append(out, asked{"type", n, named[n]})
		}
		for _, n := range zh {
			out = append(out, asked{"type zh", n, named[n]})
		}
		if len(en) == 0 {
			continue
		}
		name := en[rng.IntN(len(en))]
		for range 2 {
			p := ps[rng.IntN(len(ps))]
			out = append(out, asked{"brand and type", strings.ToLower(p.Brand) + " " + name, only(ps, func(o *catalog.Product) bool { return o.Brand == p.Brand })})
			var ids []string
			for id, vs := range p.Facets {
				if f := s.Facet(id); f != nil && f.Kind == catalog.KindEnum && len(vs) > 0 {
					ids = append(ids, id)
				}
			}
			slices.Sort(ids)
			if len(ids) == 0 {
				continue
			}
			id := ids[rng.IntN(len(ids))]
			v := p.Facets[id][0]
			label := ""
			for _, fv := range s.Facet(id).Values {
				if fv.ID == v.Str() {
					label = fv.Label.In("en")
				}
			}
			if label == "" || len(label) > 20 {
				continue
			}
			out = append(out, asked{"value and type", strings.ToLower(label) + " " + name, only(ps, func(o *catalog.Product) bool { return slices.Contains(o.Facets[id], v) })})
		}
	}
	return out, nil
}

// latencyQueries are some of the queries for product types, without truth.
func latencyQueries(ctx context.Context, db *catalog.DB) ([]Judged, error) {
	all, err := askKinds(ctx, db)
	var out []Judged
	for i := 0; i < len(all); i += 11 {
		out = append(out, Judged{Query: all[i].query})
	}
	return out, err
}

// names are a category's synonyms, and its label where that is one name.
func names(c *catalog.Category, lang string) []string {
	if c == nil || strings.HasPrefix(c.Label.In("en"), "Other") {
		return nil
	}
	out := slices.Clone(c.Synonyms[lang])
	if l := strings.ToLower(c.Label[lang]); l != "" && !strings.ContainsAny(l, "&,、与和") && !strings.Contains(l, " and ") && !slices.Contains(out, l) {
		out = append(out, l)
	}
	return out
}
