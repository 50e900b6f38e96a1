package feed

import (
	"context"
	"fmt"
	"strings"

	"daogou/catalog"
)

// brandKey is how the names of brands are compared.
func brandKey(name string) string { return strings.ToLower(oneLine(name)) }

// brandNames tells a sink what brands are called in other languages: once for each brand, when the first product of it comes.
type brandNames struct {
	own  map[string]Words // of the mapping, by brandKey
	told map[string]bool
}

func newBrandNames(m *Mapping) *brandNames {
	b := &brandNames{own: map[string]Words{}, told: map[string]bool{}}
	if m != nil {
		for name, w := range m.Brands {
			b.own[brandKey(name)] = w
		}
	}
	return b
}

func (b *brandNames) put(ctx context.Context, sink catalog.Sink, name string) error {
	key := brandKey(name)
	words := b.own[key]
	if words == nil {
		words = vocabulary().brands[key]
	}
	to, ok := sink.(catalog.BrandSink)
	if words == nil || b.told[key] || !ok {
		return nil
	}
	b.told[key] = true
	if err := to.PutBrand(ctx, catalog.Brand{Name: name, Label: words.label(), Synonyms: words.synonyms()}); err != nil {
		return fmt.Errorf("feed: brand %s: %w", name, err)
	}
	return nil
}
