package demo

import (
	"context"
	"slices"
	"strings"
	"sync"

	"daogou/catalog"
)

var languages = []string{"en", "zh"}

// Generate writes the whole catalogue into sink, categories and facets first, and says how many products it has.
func Generate(ctx context.Context, sink catalog.Sink) (int, error) {
	b, err := embedded()
	if err != nil {
		return 0, err
	}
	return b.generate(ctx, sink)
}

// Products calls yield with every product in a fixed order, and stops at its first error.
func Products(yield func(*catalog.Product) error) error {
	b, err := embedded()
	if err != nil {
		return err
	}
	return b.products(yield)
}

func (b *book) generate(ctx context.Context, sink catalog.Sink) (int, error) {
	if err := sink.SetDefaults(ctx, markets[0].currency, warehouses); err != nil {
		return 0, err
	}
	for _, c := range b.categories() {
		if err := sink.PutCategory(ctx, c); err != nil {
			return 0, err
		}
	}
	for _, f := range b.facets() {
		if err := sink.PutFacet(ctx, f); err != nil {
			return 0, err
		}
	}
	if to, ok := sink.(catalog.BrandSink); ok {
		for _, br := range b.brands() {
			if err := to.PutBrand(ctx, br); err != nil {
				return 0, err
			}
		}
	}
	n := 0
	err := b.products(func(p *catalog.Product) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		_, err := sink.PutProduct(ctx, p)
		n++
		return err
	})
	return n, err
}

func (b *book) products(yield func(*catalog.Product) error) error {
	for _, t := range b.types {
		for _, it := range b.items(t) {
			p, err := b.product(it)
			if err != nil {
				return err
			}
			if err := yield(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// categories are the verticals, each followed by its types.
func (b *book) categories() []catalog.Category {
	var out []catalog.Category
	for _, t := range b.tables {
		if t.Vertical == nil {
			continue
		}
		out = append(out, catalog.Category{ID: t.Vertical.ID, Label: t.Vertical.Label, Synonyms: t.Vertical.Synonyms})
		for _, ty := range t.Types {
			c := catalog.Category{ID: ty.ID, Parent: t.Vertical.ID, Label: ty.Label, Synonyms: ty.Synonyms}
			for _, p := range ty.Facets {
				c.Facets = append(c.Facets, p.facet)
			}
			out = append(out, c)
		}
	}
	return out
}

// brands are the brands with what they are called.
func (b *book) brands() []catalog.Brand {
	var out []catalog.Brand
	for _, t := range b.tables {
		for _, br := range t.Brands {
			out = append(out, catalog.Brand{Name: br.Label["en"], Label: br.Label})
		}
	}
	return out
}

// facets are those that some type has. One that is declared but not used would count as belonging to everything.
func (b *book) facets() []catalog.Facet {
	var out []catalog.Facet
	for _, t := range b.tables {
		for _, f := range t.Facets {
			if len(b.usedBy[f.ID]) > 0 {
				out = append(out, b.catalogFacet(f))
			}
		}
	}
	return out
}

func (b *book) catalogFacet(f facetRow) catalog.Facet {
	out := catalog.Facet{
		ID: f.ID, Kind: f.Kind, Unit: f.Unit, Label: f.Label, Synonyms: f.Synonyms,
		Multi: f.Multi, Variant: f.Variant, Ask: f.Ask, Why: f.Why,
		Categories: slices.Clone(b.usedBy[f.ID]),
	}
	if f.Kind == catalog.KindNumber {
		out.Better = f.Better
	}
	for _, v := range f.Values {
		out.Values = append(out.Values, catalog.FacetValue{ID: v.ID, Label: v.Label, Synonyms: v.Synonyms})
	}
	return out
}

// sitter says how the picture of one product is drawn.
type sitter struct {
	name  string
	style PictureStyle
}

// pictureIndex knows the picture of every product and of every colour of it.
var pictureIndex = sync.OnceValues(func() (map[string]sitter, error) {
	b, err := embedded()
	if err != nil {
		return nil, err
	}
	return b.sitters(), nil
})

// PictureSVG is the drawing of a product or of one of its variants; false if there is no such product.
func PictureSVG(productID string) ([]byte, bool) {
	all, err := pictureIndex()
	if err != nil {
		return nil, false
	}
	d, ok := all[productID]
	if !ok {
		return nil, false
	}
	svg := Picture(d.name, d.style)
	return []byte(svg), svg != ""
}

// accents are colours of trims, soles and handles.
var accents = []string{"#2b2f36", "#f2efe8", "#c9803a", "#3c6e71", "#b23a48", "#d9b44a", "#5b5f97", "#8a8f98"}

func (b *book) sitters() map[string]sitter {
	out := map[string]sitter{}
	for _, t := range b.types {
		for _, it := range b.items(t) {
			p, err := b.product(it)
			if err != nil {
				continue // Products reports it
			}
			style := PictureStyle{Colour: b.hex(it, it.values), Accent: accents[seed(p.ID)%uint64(len(accents))], Variant: it.index}
			if strings.EqualFold(style.Accent, style.Colour) {
				style.Accent = accents[1]
			}
			out[p.ID] = sitter{it.picture(), style}
			for _, v := range p.Variants {
				s := style
				if _, coloured := v.Facets["colour"]; coloured {
					s.Colour = b.hex(it, v.Facets)
				}
				out[v.ID] = sitter{it.picture(), s}
			}
		}
	}
	return out
}

// hex is the main colour of a drawing: the first colour value's, else the material's, else one of the type's tints.
func (b *book) hex(it *item, values map[string][]catalog.Value) string {
	for _, facet := range []string{"colour", "material"} {
		f := b.facet[facet]
		if f == nil || (facet == "material" && len(it.typ.Tints) > 0) {
			continue
		}
		for _, v := range values[facet] {
			if row := f.value(v.Str()); row != nil && row.Hex != "" {
				return row.Hex
			}
		}
	}
	if n := len(it.typ.Tints); n > 0 {
		return it.typ.Tints[it.index%n]
	}
	return "#9aa5b1"
}
