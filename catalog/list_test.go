package catalog

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// shownPrice is what a shop shows for a product: its own price, or its cheapest variant's.
func shownPrice(p *Product, market string) float64 {
	major := func(prices []Price) float64 {
		row, ok := (&Product{Prices: prices}).PriceIn(market)
		if !ok {
			return math.Inf(1)
		}
		m, err := Rates().Convert(row.At(mixedTime), "USD")
		if err != nil {
			return math.Inf(1)
		}
		return m.Major()
	}
	if len(p.Prices) > 0 {
		return major(p.Prices)
	}
	best := math.Inf(1)
	for _, v := range p.Variants {
		best = min(best, major(v.Prices))
	}
	return best
}

func pages(t *testing.T, db *DB, q Query, size int) (all []Hit, res *Result) {
	t.Helper()
	for q.Limit = size; ; q.Offset += size {
		r, err := db.Search(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		if res == nil {
			res = r
		}
		if r.Total != res.Total || r.Listed != res.Listed {
			t.Fatalf("%+v: %d of %d on this page, %d of %d on the first", q, r.Total, r.Listed, res.Total, res.Listed)
		}
		all = append(all, r.Hits...)
		if len(r.Hits) < size {
			return all, res
		}
	}
}

func TestPagingAndSorting(t *testing.T) {
	db := mixedShop(t, 700)
	rating := func(p *Product) float64 {
		if p.Rating == nil {
			return -1
		}
		return p.Rating.Average
	}
	came := map[string]float64{}
	db.All(ctx, func(p *Product) error { came[p.ID] = float64(len(came)); return nil })
	for _, q := range []Query{
		{}, {Text: "old"}, {Text: "red chair"}, {Text: "zzz"}, {Text: "oak light", Constraints: []Constraint{con("folds", OpEq, true, "", true)}},
		{Constraints: []Constraint{con(FacetCategory, OpEq, true, "", "home")}}, {Constraints: []Constraint{con(FacetPrice, OpLe, true, "EUR", 60), con("colour", OpEq, false, "", "red")}},
	} {
		for _, market := range []string{"", "DE"} {
			q.Now, q.Market = mixedTime, market
			for order, key := range map[Sort]func(*Product) float64{
				SortRelevance: nil,
				SortPriceUp:   func(p *Product) float64 { return shownPrice(p, market) },
				SortPriceDown: func(p *Product) float64 {
					if x := shownPrice(p, market); !math.IsInf(x, 1) {
						return -x
					}
					return math.Inf(1)
				},
				SortRating: func(p *Product) float64 { return -rating(p) },
				SortNewest: func(p *Product) float64 { return -came[p.ID] },
			} {
				q.Sort = order
				hits, res := pages(t, db, q, 97)
				seen := map[string]bool{}
				for _, h := range hits {
					seen[h.Product.ID] = true
				}
				if len(hits) != res.Listed || len(seen) != len(hits) {
					t.Errorf("%q by %q: %d hits, %d different, %d promised", q.Text, order, len(hits), len(seen), res.Listed)
				}
				if order == SortRelevance {
					if res.Listed < res.Total {
						t.Errorf("%q: %d match and %d can be paged through", q.Text, res.Total, res.Listed)
					}
					for i := 1; i < len(hits); i++ {
						if hits[i].Score > hits[i-1].Score-outOfStock { // what was not ranked is not marked down for being out of stock
							t.Errorf("%q: the score rises from %v to %v at hit %d", q.Text, hits[i-1].Score, hits[i].Score, i)
							break
						}
					}
					continue
				}
				if n, err := db.CountMatching(ctx, q); err != nil || res.Total != n {
					t.Errorf("%q by %q: %d in all, %d (%v) match", q.Text, order, res.Total, n, err)
				}
				of := q // a sorted list keeps to the kind that is named
				if res.Category != "" && q.Text != "" {
					of.Constraints = append(slices.Clone(q.Constraints), con(FacetCategory, OpEq, true, "", res.Category))
				}
				if n, err := db.CountMatching(ctx, of); err != nil || n != len(hits) {
					t.Errorf("%q by %q: %d listed, %d (%v) of %q match", q.Text, order, len(hits), n, err, res.Category)
				}
				for i := 1; i < len(hits); i++ {
					if a, b := key(hits[i-1].Product), key(hits[i].Product); a > b+0.006 { // the oracle rounds to cents
						t.Errorf("%q by %q in %q: %s (%v) before %s (%v)", q.Text, order, market, hits[i-1].Product.ID, a, hits[i].Product.ID, b)
					}
				}
			}
		}
	}
}

func TestManyHits(t *testing.T) {
	db := mixedShop(t, 1250)
	res, err := db.Search(ctx, Query{Limit: MaxLimit})
	if err != nil || len(res.Hits) != MaxLimit {
		t.Fatalf("%d hits (%v), want %d", len(res.Hits), err, MaxLimit)
	}
	for _, h := range res.Hits {
		sum := 0.0
		for _, x := range h.Parts {
			sum += x
		}
		if math.Abs(sum-h.Score) > 1e-9 {
			t.Errorf("the parts of %s sum to %v, its score is %v", h.Product.ID, sum, h.Score)
		}
	}
	for _, c := range []struct {
		q    Query
		says string
	}{
		{Query{Limit: MaxLimit + 1}, "1 to 1000 hits, not 1001"},
		{Query{Limit: -1}, "1 to 1000 hits, not -1"},
		{Query{Offset: -1}, "0 or more"},
		{Query{Sort: "colour"}, `sorted by "colour"`},
	} {
		if _, err := db.Search(ctx, c.q); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, want an error with %q", c.q, err, c.says)
		}
	}
	if res, err := db.Search(ctx, Query{Offset: math.MaxInt, Limit: 5}); err != nil || len(res.Hits) != 0 {
		t.Errorf("far behind the end: %d hits, %v", len(res.Hits), err)
	}
}

// TestSortedListKeepsToTheKind: sorted by price, a list for "tea" holds teas and not the biscuits that go with it; a product called by its own name is carried.
func TestSortedListKeepsToTheKind(t *testing.T) {
	db := shop(t)
	if _, err := db.Import(t.Context(), func(s Sink) error {
		for _, c := range []Category{{ID: "food", Label: Text{"en": "Food & tea"}}, {ID: "green_tea", Parent: "food", Label: Text{"en": "Green tea"}, Synonyms: map[string][]string{"en": {"tea"}}},
			{ID: "black_tea", Parent: "food", Label: Text{"en": "Black tea"}, Synonyms: map[string][]string{"en": {"tea"}}}, {ID: "biscuits", Parent: "food", Label: Text{"en": "Biscuits"}}} {
			if err := s.PutCategory(t.Context(), c); err != nil {
				return err
			}
		}
		for _, p := range []struct {
			id, cat, brand, title, desc string
			price                       int64
		}{{"1", "biscuits", "Larder", "Larder butter biscuits", "Good with tea.", 100}, {"2", "green_tea", "Quay", "Quay Silk green tea", "", 900}, {"3", "black_tea", "Quay", "Quay Road black tea", "", 700},
			{"4", "biscuits", "Larder", "Larder Monday Tin", "", 300}} {
			if _, err := s.PutProduct(t.Context(), &Product{ID: p.id, Category: []string{"food", p.cat}, Brand: p.brand, Title: Text{"en": p.title}, Description: Text{"en": p.desc},
				Prices: []Price{{Amount: Money{Minor: p.price, Currency: "USD"}}}}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	r, err := db.Search(t.Context(), Query{Text: "tea", Lang: "en", Sort: SortPriceUp})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, h := range r.Hits {
		ids = append(ids, h.Product.ID)
	}
	if len(ids) != 2 || ids[0] != "3" || ids[1] != "2" {
		t.Errorf("tea by price is %v, want 3 and 2", ids)
	}
	for _, c := range r.Counts {
		n := c.Missing
		for _, v := range c.Values {
			n += v.Count
		}
		if n != r.Counted || r.Counted != 2 {
			t.Errorf("facet %s counts %d products beside a list of 2", c.Facet, n)
		}
	}
	if r, err = db.Search(t.Context(), Query{Text: "Larder Monday Tin", Lang: "en"}); err != nil || !r.Carried || r.Hits[0].Product.ID != "4" {
		t.Errorf("a product called by its name: carried %v, %v", r != nil && r.Carried, err)
	}
}
