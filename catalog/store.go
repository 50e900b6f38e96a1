package catalog

import (
	"context"
	"errors"
)

// Errors that callers tell apart.
var (
	ErrNotFound = errors.New("catalog: no such product")
	ErrNoMatch  = errors.New("catalog: constraint names an unknown facet or value")
)

// Change says what an upsert did to a row.
type Change string

const (
	Unchanged Change = "unchanged"
	Added     Change = "added"
	Updated   Change = "updated"
	Removed   Change = "removed"
)

// BrandSink is a Sink that keeps what brands are called beside the name that products spell. PutBrand merges with what is there, before
// or after the brand's products come; a brand without products is not part of the schema. Importers ask a Sink whether it is one.
type BrandSink interface {
	Sink
	PutBrand(ctx context.Context, b Brand) error
}

// Sink takes what an importer reads, inside one atomic transaction: all of it becomes visible at once, or nothing.
// PutCategory and PutFacet merge with what is there (labels, synonyms and values are united); PutProduct replaces the row
// and reports Unchanged, without touching it, when its content is the same.
type Sink interface {
	Product(ctx context.Context, id string) (*Product, error) // as it is inside the transaction; ErrNotFound
	PutCategory(ctx context.Context, c Category) error
	PutFacet(ctx context.Context, f Facet) error
	PutProduct(ctx context.Context, p *Product) (Change, error)
	Remove(ctx context.Context, id string) (Change, error)
	// SetDefaults records the catalogue's default currency and its warehouses' countries ("cn1" → "CN").
	SetDefaults(ctx context.Context, currency string, warehouses map[string]string) error
}
