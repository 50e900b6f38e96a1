package searcheval

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"daogou/catalog"
)

// replicated is a catalogue in dir with n products: those of from again and again, each copy with another id, model number, price and one word changed, so that
// no two are the same and new words keep coming. One that is there from an earlier run is taken as it is.
func replicated(ctx context.Context, from *catalog.DB, dir string, n int) (*catalog.DB, error) {
	db, err := catalog.Open(filepath.Join(dir, fmt.Sprintf("replicated-%d.db", n)))
	if err != nil {
		return nil, err
	}
	version, err := db.Version(ctx)
	if err == nil && version == 0 {
		_, err = db.Import(ctx, func(to catalog.Sink) error { return replicate(ctx, from, to, n) })
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func replicate(ctx context.Context, from *catalog.DB, to catalog.Sink, n int) error {
	s, err := from.Schema(ctx)
	if err != nil {
		return err
	}
	for _, c := range s.Categories {
		if err := to.PutCategory(ctx, c); err != nil {
			return err
		}
	}
	for _, f := range s.Facets {
		if err := to.PutFacet(ctx, f); err != nil {
			return err
		}
	}
	for round := 0; n > 0; round++ {
		before := n
		err := from.All(ctx, func(p *catalog.Product) error {
			if n == 0 {
				return nil
			}
			n--
			_, err := to.PutProduct(ctx, vary(p, round))
			return err
		})
		if err != nil {
			return err
		}
		if n == before {
			return fmt.Errorf("searcheval: the catalogue has no products to make more of")
		}
	}
	return nil
}

var colours = []string{"Black", "White", "Red", "Blue", "Green", "Grey", "Silver", "Pink", "Orange", "Brown"}

func vary(p *catalog.Product, round int) *catalog.Product {
	if round == 0 {
		return p
	}
	q := *p
	tag := strconv.Itoa(round)
	q.ID += "-" + tag
	q.MPN += "-" + tag
	q.GTIN = ""
	q.Title = catalog.Text{}
	for lang, s := range p.Title {
		q.Title[lang] = fmt.Sprintf("%s %s X%s%d", s, colours[(round+len(s))%len(colours)], tag, len(s)*round%997)
	}
	q.Prices = append([]catalog.Price(nil), p.Prices...)
	for i := range q.Prices {
		q.Prices[i].Amount.Minor += int64(round * 7)
	}
	return &q
}
