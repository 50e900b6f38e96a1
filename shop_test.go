package main

import (
	"math"
	"testing"
	"time"

	"daogou/catalog"
	"daogou/web"
)

// The list must be in order over all of its pages, and hold every product of the shop, not the best few hundred.
func TestListOrder(t *testing.T) {
	db, done, err := demoOr(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	s := &shop{db, time.Now}
	all, err := db.CountMatching(t.Context(), catalog.Query{})
	if err != nil {
		t.Fatal(err)
	}
	for by, key := range map[string]func(web.Card) float64{
		"price":      func(c web.Card) float64 { return float64(c.Minor) },
		"price_desc": func(c web.Card) float64 { return -float64(c.Minor) },
		"rating":     func(c web.Card) float64 { return -c.Rating },
	} {
		last, n := math.Inf(-1), 0
		for page := 1; ; page++ {
			v, err := s.Search(t.Context(), "en", web.ListQuery{Page: page, Size: 96, Sort: by})
			if err != nil || v.Total != all {
				t.Fatalf("by %s: %d products of %d, %v", by, v.Total, all, err)
			}
			for _, c := range v.Cards {
				if k := key(c); k < last {
					t.Fatalf("by %s: %s (%v) comes after %v", by, c.ID, k, last)
				} else {
					last = k
				}
			}
			if n += len(v.Cards); len(v.Cards) == 0 {
				break
			}
		}
		if n != all {
			t.Errorf("by %s: %d products on all pages, the shop has %d", by, n, all)
		}
	}
	far, err := s.Search(t.Context(), "en", web.ListQuery{Page: math.MaxInt, Size: 24})
	if err != nil || len(far.Cards) != 0 {
		t.Errorf("a page far behind the last has %d products, %v", len(far.Cards), err)
	}
}
