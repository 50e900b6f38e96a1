package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Version is the catalogue's version. It rises with every import that changed something, and starts at 0.
func (d *DB) Version(ctx context.Context) (int64, error) {
	var s string
	if err := d.read.QueryRowContext(ctx, "SELECT value FROM meta WHERE key='version'").Scan(&s); err != nil {
		return 0, d.explain(err)
	}
	return strconv.ParseInt(s, 10, 64)
}

// Product reads one product; ErrNotFound if there is none with the ID.
func (d *DB) Product(ctx context.Context, id string) (*Product, error) {
	p, err := scanProduct(d.read.QueryRowContext(ctx, "SELECT p.version, p.updated, d.doc FROM products p JOIN docs d USING(n) WHERE p.id=?", id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("%w: %q", ErrNotFound, id)
	}
	return p, d.explain(err)
}

// Products reads several products, in the order asked for. Those that are not there are left out.
func (d *DB) Products(ctx context.Context, ids []string) ([]*Product, error) {
	out := make([]*Product, 0, len(ids))
	for len(ids) > 0 {
		part := ids[:min(len(ids), 500)]
		ids = ids[len(part):]
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		found := make(map[string]*Product, len(part))
		err := d.each(ctx, "SELECT p.version, p.updated, d.doc FROM products p JOIN docs d USING(n) WHERE p.id IN (?"+strings.Repeat(",?", len(part)-1)+")", args,
			func(scan func(...any) error) error {
				p, err := scanProduct(scan)
				if err == nil {
					found[p.ID] = p
				}
				return err
			})
		if err != nil {
			return nil, err
		}
		for _, id := range part {
			if p := found[id]; p != nil {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// All calls f for every product, in the order in which they were first imported, as of one moment. It stops at f's first error.
func (d *DB) All(ctx context.Context, f func(*Product) error) error {
	return d.each(ctx, "SELECT p.version, p.updated, d.doc FROM products p JOIN docs d USING(n) ORDER BY p.n", nil, func(scan func(...any) error) error {
		p, err := scanProduct(scan)
		if err != nil {
			return err
		}
		return f(p)
	})
}

func (d *DB) each(ctx context.Context, query string, args []any, row func(scan func(...any) error) error) error {
	rows, err := d.read.QueryContext(ctx, query, args...)
	if err != nil {
		return d.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return d.explain(err)
		}
	}
	return d.explain(rows.Err())
}

// Warehouses gives the country of every warehouse.
func (d *DB) Warehouses(ctx context.Context) (map[string]string, error) {
	m := map[string]string{}
	err := d.each(ctx, "SELECT id, country FROM warehouses", nil, func(scan func(...any) error) error {
		var id, country string
		err := scan(&id, &country)
		m[id] = country
		return err
	})
	return m, err
}

// Schema is the shape of the catalogue at its present version, with counts. It is loaded once a version and shared: do not change it.
func (d *DB) Schema(ctx context.Context) (*Schema, error) {
	s, err := d.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return s.schema, nil
}

// Integrity checks the whole file: SQLite's own structures, the text index, and that every product's parts belong together.
func (d *DB) Integrity(ctx context.Context) error {
	var said string
	if err := d.read.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&said); err != nil {
		return d.explain(err)
	}
	if said != "ok" {
		return fmt.Errorf("%w: %s: %s; restore it from a copy, or delete it and import again", ErrCorrupt, d.path, said)
	}
	for _, c := range []struct{ what, query string }{
		{"products without content", "SELECT count(*) FROM products WHERE n NOT IN (SELECT n FROM docs)"},
		{"contents without a product", "SELECT count(*) FROM docs WHERE n NOT IN (SELECT n FROM products)"},
		{"products that are not in the search index", "SELECT count(*) FROM products WHERE n NOT IN (SELECT n FROM cards) OR n NOT IN (SELECT id FROM words_docsize) OR n NOT IN (SELECT id FROM everything_docsize)"},
		{"facet values without a product", "SELECT count(*) FROM (SELECT DISTINCT n FROM product_facets) WHERE n NOT IN (SELECT n FROM products)"},
		{"prices without a product", "SELECT count(*) FROM (SELECT DISTINCT n FROM prices) WHERE n NOT IN (SELECT n FROM products)"},
	} {
		var n int
		if err := d.read.QueryRowContext(ctx, c.query).Scan(&n); err != nil {
			return d.explain(err)
		}
		if n > 0 {
			return fmt.Errorf("%w: %s has %d %s; import the catalogue again", ErrCorrupt, d.path, n, c.what)
		}
	}
	return nil
}
