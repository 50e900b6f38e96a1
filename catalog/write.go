package catalog

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Product is the product as it is inside the transaction.
func (w *writer) Product(ctx context.Context, id string) (*Product, error) {
	s, err := w.stmt("SELECT p.version, p.updated, d.doc FROM products p JOIN docs d USING(n) WHERE p.id=?")
	if err != nil {
		return nil, w.fail(err)
	}
	p, err := scanProduct(s.QueryRowContext(ctx, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("%w: %q", ErrNotFound, id)
	}
	return p, err
}

func scanProduct(scan func(...any) error) (*Product, error) {
	var version, updated int64
	var b []byte
	if err := scan(&version, &updated, &b); err != nil {
		return nil, err
	}
	p := new(Product)
	if err := json.Unmarshal(b, p); err != nil {
		return nil, fmt.Errorf("%w: a product's row does not read: %v", ErrCorrupt, err)
	}
	p.Version, p.Updated = version, time.UnixMilli(updated).UTC()
	return p, nil
}

// SetDefaults records the catalogue's default currency and its warehouses' countries. An empty currency leaves the old one.
func (w *writer) SetDefaults(_ context.Context, currency string, warehouses map[string]string) error {
	if currency != "" {
		if _, ok := Exponent(currency); !ok {
			return fmt.Errorf("catalog: %q is not an ISO 4217 currency code, such as USD", currency)
		}
		var old string
		if err := w.tx.QueryRow("SELECT value FROM meta WHERE key='currency'").Scan(&old); err != nil {
			return w.fail(err)
		}
		if old != currency {
			w.schema = true
			if err := w.run("UPDATE meta SET value=? WHERE key='currency'", currency); err != nil {
				return err
			}
		}
	}
	for id, country := range warehouses {
		s, err := w.stmt("INSERT INTO warehouses VALUES(?, ?) ON CONFLICT DO UPDATE SET country=excluded.country WHERE country<>excluded.country")
		if err != nil {
			return w.fail(err)
		}
		r, err := s.ExecContext(w.ctx, id, country)
		if err != nil {
			return w.fail(err)
		}
		if n, _ := r.RowsAffected(); n > 0 {
			w.schema = true
		}
	}
	return nil
}

// PutProduct replaces the product's row, or leaves it alone if its content is the same.
func (w *writer) PutProduct(_ context.Context, p *Product) (Change, error) {
	if err := w.ctx.Err(); err != nil {
		return "", err
	}
	if err := w.check(p); err != nil {
		return "", err
	}
	doc, hash, err := encode(p)
	if err != nil {
		return "", fmt.Errorf("catalog: product %q: %w", p.ID, err)
	}
	s, err := w.stmt("SELECT n, hash FROM products WHERE id=?")
	if err != nil {
		return "", w.fail(err)
	}
	var n int64
	var old []byte
	switch err := s.QueryRowContext(w.ctx, p.ID).Scan(&n, &old); {
	case errors.Is(err, sql.ErrNoRows):
		w.done.Added++
		return Added, w.put(0, p, doc, hash)
	case err != nil:
		return "", w.fail(err)
	case string(old) == string(hash):
		w.done.Unchanged++
		return Unchanged, nil
	}
	if err := w.forget(n, p.ID); err != nil {
		return "", err
	}
	w.done.Updated++
	return Updated, w.put(n, p, doc, hash)
}

// Remove takes a product out; one that is not there is Unchanged.
func (w *writer) Remove(_ context.Context, id string) (Change, error) {
	s, err := w.stmt("SELECT n FROM products WHERE id=?")
	if err != nil {
		return "", w.fail(err)
	}
	var n int64
	switch err := s.QueryRowContext(w.ctx, id).Scan(&n); {
	case errors.Is(err, sql.ErrNoRows):
		return Unchanged, nil
	case err != nil:
		return "", w.fail(err)
	}
	if err := w.forget(n, id); err != nil {
		return "", err
	}
	w.done.Removed++
	return Removed, w.run("DELETE FROM products WHERE n=?", n)
}

// check refuses what the store could not give back or search.
func (w *writer) check(p *Product) error {
	if p == nil || p.ID == "" {
		return errors.New("catalog: a product without an id cannot be stored; give every product one")
	}
	if len(p.ID) > 200 {
		return fmt.Errorf("catalog: the product id %.40q… is longer than 200 bytes", p.ID)
	}
	if p.ShipsFrom != "" && !isCountry(p.ShipsFrom) {
		return fmt.Errorf("catalog: product %q ships from %.20q, which is not an ISO 3166 country code, such as CN", p.ID, p.ShipsFrom)
	}
	for _, s := range p.Shipping {
		if !isCountry(s.Country) {
			return fmt.Errorf("catalog: product %q has shipping to %.20q, which is not an ISO 3166 country code, such as DE", p.ID, s.Country)
		}
		if _, ok := Exponent(s.Price.Currency); !ok || s.Price.Minor < 0 {
			return fmt.Errorf("catalog: product %q has shipping at %d %.20q, which is not a price in an ISO 4217 currency", p.ID, s.Price.Minor, s.Price.Currency)
		}
	}
	prices := p.Prices
	for i := range p.Variants {
		prices = append(prices[:len(prices):len(prices)], p.Variants[i].Prices...)
	}
	for _, pr := range prices {
		if _, ok := Exponent(pr.Amount.Currency); !ok {
			return fmt.Errorf("catalog: product %q has a price in %q, which is not an ISO 4217 currency code", p.ID, pr.Amount.Currency)
		}
		if pr.Sale != nil {
			if _, ok := Exponent(pr.Sale.Amount.Currency); !ok {
				return fmt.Errorf("catalog: product %q has a sale price in %q, which is not an ISO 4217 currency code", p.ID, pr.Sale.Amount.Currency)
			}
		}
	}
	return nil
}

// isCountry says whether a code has the form of an ISO 3166-1 alpha-2 code.
func isCountry(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}

// encode gives the stored form of a product and the hash of its content. Version and time are the store's, so not content.
func encode(p *Product) (doc, hash []byte, err error) {
	q := *p
	q.Version, q.Updated = 0, time.Time{}
	doc, err = json.Marshal(&q)
	if err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(doc)
	return doc, sum[:16], nil
}

// forget removes what hangs on a product's row, and the row's words from the counts.
func (w *writer) forget(n int64, id string) error {
	if err := w.flushRows(); err != nil {
		return err
	}
	if err := w.uncount(n); err != nil {
		return err
	}
	old, err := w.Product(w.ctx, id)
	if err != nil {
		return w.fail(err)
	}
	for s := range surfaces(append(old.Title.texts(), old.Brand)...) {
		w.spell[s]--
	}
	for _, q := range []string{"DELETE FROM docs WHERE n=?", "DELETE FROM cards WHERE n=?", "DELETE FROM words WHERE rowid=?", "DELETE FROM everything WHERE rowid=?", "DELETE FROM product_facets WHERE n=?",
		"DELETE FROM prices WHERE n=?", "DELETE FROM stock WHERE n=?"} {
		if err := w.run(q, n); err != nil {
			return err
		}
	}
	return nil
}

// EachProductID calls f with the ID of every product that is there, in no particular order. f may remove the product.
func (w *writer) EachProductID(ctx context.Context, f func(id string) error) error {
	const page = 2000
	for last := ""; ; {
		rows, err := w.tx.QueryContext(ctx, "SELECT id FROM products WHERE id>? ORDER BY id LIMIT ?", last, page)
		if err != nil {
			return w.fail(err)
		}
		ids, err := scanStrings(rows)
		if err != nil {
			return w.fail(err)
		}
		for _, id := range ids {
			if err := f(id); err != nil {
				return err
			}
			last = id
		}
		if len(ids) < page {
			return nil
		}
	}
}

func scanStrings(rows *sql.Rows) (out []string, err error) {
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
