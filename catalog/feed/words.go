package feed

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"daogou/catalog"

	"github.com/goccy/go-yaml"
)

// lexicon is the vocabulary with its lookups.
type lexicon struct {
	facets map[string]*FacetMap
	byKey  map[string]*FacetMap
	values map[string]map[string]string // facet ID → lower-case word → value ID
	brands map[string]Words             // by brandKey
}

// vocabulary holds the facets and values that mean the same in every shop. A broken one is a programming error that a test catches;
// the importers then work without it.
var vocabulary = sync.OnceValue(func() *lexicon {
	lex, err := parseVocabulary(vocabularyYAML)
	if err != nil {
		return &lexicon{facets: map[string]*FacetMap{}, byKey: map[string]*FacetMap{}, values: map[string]map[string]string{}}
	}
	return lex
})

func parseVocabulary(b []byte) (*lexicon, error) {
	var file struct {
		Facets []FacetMap       `yaml:"facets"`
		Brands map[string]Words `yaml:"brands"`
	}
	if err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(&file); err != nil {
		return nil, fmt.Errorf("feed: vocabulary: %w", err)
	}
	if err := checkFacets(file.Facets); err != nil {
		return nil, fmt.Errorf("feed: vocabulary: %w", err)
	}
	lex := &lexicon{facets: map[string]*FacetMap{}, byKey: map[string]*FacetMap{}, values: map[string]map[string]string{}, brands: map[string]Words{}}
	for name, w := range file.Brands {
		lex.brands[brandKey(name)] = w
	}
	for i := range file.Facets {
		f := &file.Facets[i]
		lex.facets[f.ID] = f
		lex.byKey[f.ID] = f
		for _, k := range f.Keys {
			lex.byKey[nameKey(k)] = f
		}
		lex.values[f.ID] = wordIndex(f.Values)
	}
	return lex, nil
}

// wordIndex maps every label, synonym and ID of the values to the ID.
func wordIndex(values map[string]Words) map[string]string {
	m := map[string]string{}
	for id, words := range values {
		m[id] = id
		for _, w := range words {
			m[strings.ToLower(w)] = id
		}
	}
	for id := range values {
		m[id] = id // an ID always means itself
	}
	return m
}

// nameKey is a field name reduced to what tells names apart.
func nameKey(s string) string { return slug(s, '_') }

// lookup finds the vocabulary's facet for a field name.
func (l *lexicon) lookup(name string) *FacetMap { return l.byKey[nameKey(name)] }

func (w Words) value(id string) catalog.FacetValue {
	return catalog.FacetValue{ID: id, Label: w.label(), Synonyms: w.synonyms()}
}
