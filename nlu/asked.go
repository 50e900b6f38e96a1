package nlu

import (
	"strings"

	"daogou/catalog"
)

// AskedFacet guesses which facet an assistant's sentence asks about, where the talk is known only as text: the facet whose own question stands in it, or else
// the one whose name does, the longest first. It returns "" if the sentence asks nothing. A live session knows its open question and needs no guess.
func AskedFacet(schema *catalog.Schema, s State, text string) string {
	if schema == nil || !strings.ContainsAny(text, "?？") {
		return ""
	}
	text = strings.ToLower(text)
	best, bestLen := "", 0
	consider := func(facet, words string) {
		words = strings.ToLower(strings.TrimRight(words, "?？ "))
		if len(words) > bestLen && len(words) > 1 && containsWords(text, words) {
			best, bestLen = facet, len(words)
		}
	}
	for _, f := range facetsInPlay(schema, s) {
		for lang := range f.Label {
			consider(f.ID, f.Ask[lang])
			consider(f.ID, f.Label[lang])
		}
		for _, names := range f.Synonyms {
			for _, n := range names {
				consider(f.ID, n)
			}
		}
	}
	for facet, words := range map[string][]string{
		catalog.FacetPrice: {"budget", "spend", "price range", "how much", "预算", "价位", "价格", "多少钱"},
		catalog.FacetBrand: {"which brand", "what brand", "a brand", "品牌", "牌子"},
	} {
		for _, w := range words {
			consider(facet, w)
		}
	}
	return best
}

// containsWords says whether words stand in a text, where they are of an alphabet, as words of their own: there is no "eco" in "recommend".
func containsWords(text, words string) bool {
	letter := func(s string, i int) bool {
		return i >= 0 && i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= '0' && s[i] <= '9')
	}
	for from := 0; ; {
		i := strings.Index(text[from:], words)
		if i < 0 {
			return false
		}
		i += from
		j := i + len(words)
		if !(letter(words, 0) && letter(text, i-1)) && !(letter(words, len(words)-1) && letter(text, j)) {
			return true
		}
		from = i + 1
	}
}

// facetsInPlay are the facets of the category that the need is about, or all of them.
func facetsInPlay(schema *catalog.Schema, s State) []*catalog.Facet {
	for _, c := range s.Constraints {
		if c.Facet == catalog.FacetCategory && c.Op == catalog.OpEq && len(c.Values) == 1 {
			if fs := schema.FacetsOf(c.Values[0].Str()); len(fs) > 0 {
				return fs
			}
		}
	}
	all := make([]*catalog.Facet, len(schema.Facets))
	for i := range schema.Facets {
		all[i] = &schema.Facets[i]
	}
	return all
}
