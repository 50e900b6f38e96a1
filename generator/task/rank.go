package task

import (
	"cmp"
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/nlu"
)

// Bounds of the rank job, in tokens.
const (
	RankTokens  = 28 // of a product's sequence, its end included
	needTokens  = 48
	typeTokens  = 6
	brandTokens = 4
	valueTokens = 4
	maxTold     = 5 // facet values of a sequence
)

// Need is what a shopper is after, in words. Its language is also that of the products' labels.
//
//	<rank> <en> waterproof tent for a family <out>
//
// Budgets and measures are the filters' business: NeedOf leaves them out.
type Need struct {
	Lang string // "en" or "zh"
	Text string // "" is no need at all: what products are like in general
}

// NewNeed is a need as it was typed into a search box or said. fallback is the language of words that do not tell, such as a brand.
func NewNeed(text, fallback string) Need {
	text = plainWords(text)
	return Need{Lang: nlu.Detect(text, fallback), Text: text}
}

// NeedOf is the need that a talk has come to: the values asked for, the product type and the free words.
func NeedOf(s nlu.State, schema *catalog.Schema) Need {
	n := Need{Lang: "en"}
	if s.Lang == "zh" {
		n.Lang = "zh"
	}
	var values, types []string
	for _, c := range s.Constraints {
		if c.Op != catalog.OpEq && c.Op != catalog.OpIn {
			continue
		}
		for _, v := range c.Values {
			if c.Facet == catalog.FacetCategory {
				types = append(types, categoryLabel(schema, v.Str(), n.Lang))
			} else {
				values = append(values, valueLabel(schema, c.Facet, v, n.Lang))
			}
		}
	}
	words := append(values, types...)
	for _, k := range s.Keywords {
		if nlu.PriceWish(k) == 0 {
			words = append(words, k)
		}
	}
	n.Text = plainWords(strings.Join(words, " "))
	return n
}

// plainWords are words as all sequences of this job have them: small letters, one blank between them, no page of text.
func plainWords(s string) string {
	return strings.TrimSpace(strings.ToLower(nlu.Clean(s, 16*needTokens)))
}

func categoryLabel(schema *catalog.Schema, id, lang string) string {
	if c := schema.Category(id); c != nil {
		return orElse(c.Label.In(lang), id)
	}
	return id
}

// valueLabel is a value as words: its label, of a yes the facet's label. Numbers, noes and what the schema does not know have none.
func valueLabel(schema *catalog.Schema, facet string, v catalog.Value, lang string) string {
	if facet == catalog.FacetBrand {
		return v.Str()
	}
	f := schema.Facet(facet)
	switch {
	case f == nil:
	case f.Kind == catalog.KindEnum:
		if known := f.Value(v.Str()); known != nil {
			return orElse(known.Label.In(lang), known.ID)
		}
	case f.Kind == catalog.KindBool && v.Bool():
		return orElse(f.Label.In(lang), f.ID)
	}
	return ""
}

// NeedTokens is the prompt of the rank job.
func (v *Vocab) NeedTokens(n Need) []int32 {
	out := []int32{v.id[tokRank], v.id[tokEN]}
	if n.Lang == "zh" {
		out[1] = v.id[tokZH]
	}
	if text := plainWords(n.Text); text != "" {
		ids := v.text(nil, " "+text)
		out = append(out, ids[:min(len(ids), needTokens)]...)
	}
	return append(out, v.id[tokOut])
}

// ProductTokens is a product in few words, of at most bound tokens: its type, brand, the values that matter most to a buyer, and what its title says besides.
//
//	tent <f:brand> fernhill <schema> waterproof navy <shown> dome 2 <end>
//
// However long a product's texts are and whatever they say, only these markers are special tokens, and each part has its bound.
func (v *Vocab) ProductTokens(p *catalog.Product, schema *catalog.Schema, lang string, bound int) []int32 {
	w := &productWriter{v: v, room: max(bound, 1) - 1, said: map[string]bool{}}
	if n := len(p.Category); n > 0 {
		w.part("", typeTokens, categoryLabel(schema, p.Category[n-1], lang))
	}
	w.part("<f:brand>", brandTokens, p.Brand)
	w.values(p, schema, lang)
	w.part(tokShown, bound, w.unsaid(p.Title.In(lang)))
	return append(w.out, v.id[tokEnd])
}

// productWriter writes a product's sequence.
type productWriter struct {
	v    *Vocab
	out  []int32
	room int
	said map[string]bool
}

// part writes words behind a marker, if there is room for both.
func (w *productWriter) part(marker string, most int, words string) {
	words = plainWords(words)
	ids := w.v.text(nil, " "+words)
	if marker != "" {
		most++
		ids = slices.Insert(ids, 0, w.v.id[marker])
	}
	n := min(len(ids), most, w.room)
	if words == "" || marker != "" && n < 2 {
		return
	}
	w.out = append(w.out, ids[:n]...)
	w.room -= n
	for _, word := range strings.Fields(words) {
		w.said[word] = true
	}
}

// unsaid are the words of a title that stand nowhere before.
func (w *productWriter) unsaid(title string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(plainWords(title)), func(word string) bool { return w.said[word] }), " ")
}

// values writes the values of the facets that matter most, in the schema's order.
func (w *productWriter) values(p *catalog.Product, schema *catalog.Schema, lang string) {
	marker, told := tokSchema, 0
	for _, f := range facetsOf(p, schema) {
		for _, val := range p.Facets[f.ID] {
			label := plainWords(valueLabel(schema, f.ID, val, lang))
			if label == "" || w.said[label] {
				continue
			}
			before := len(w.out)
			w.part(marker, valueTokens, label)
			w.said[label] = true
			if len(w.out) > before {
				marker, told = "", told+1
			}
			break // one value a facet: the next facet tells more
		}
		if told == maxTold {
			return
		}
	}
}

// facetsOf are the facets of a product's type, or, without a type, those that the product has, by name.
func facetsOf(p *catalog.Product, schema *catalog.Schema) []*catalog.Facet {
	if n := len(p.Category); n > 0 && schema.Category(p.Category[n-1]) != nil {
		return schema.FacetsOf(p.Category[n-1])
	}
	var out []*catalog.Facet
	for id := range p.Facets {
		if f := schema.Facet(id); f != nil {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b *catalog.Facet) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
