package catalog

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
)

// priceList is what everything costs in one market from one moment to another, between which no sale begins or ends.
type priceList struct {
	from, until int64 // Unix milliseconds; until is exclusive
	codes       []string
	rows        []priceRow // by place
}

// priceRow is the price of a product or of one of its variants, 16 bytes.
type priceRow struct {
	minor int64
	place int32
	code  uint16
	own   bool // the product's, not a variant's
	sale  bool
}

// priceList loads a market's prices, or gives those that still hold.
func (d *DB) priceList(ctx context.Context, f *filters, r *roster) (*priceList, error) {
	t := f.s.tables
	t.mu.Lock()
	l := t.prices[f.market]
	t.mu.Unlock()
	if l != nil && f.now >= l.from && f.now < l.until {
		return l, nil
	}
	l, err := d.loadPrices(ctx, f, r)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.prices) >= maxPriceLists { // queries for markets that are not there cannot fill the memory
		clear(t.prices)
	}
	t.prices[f.market] = l
	return l, nil
}

const maxPriceLists = 8

func (d *DB) loadPrices(ctx context.Context, f *filters, r *roster) (*priceList, error) {
	l := &priceList{from: math.MinInt64, until: math.MaxInt64}
	var cases strings.Builder
	for _, m := range f.s.markets {
		if !slices.Contains(l.codes, m.currency) {
			fmt.Fprintf(&cases, " WHEN '%s' THEN %d", strings.ReplaceAll(m.currency, "'", "''"), len(l.codes))
			l.codes = append(l.codes, m.currency)
		}
	}
	if len(l.codes) == 0 {
		return l, nil
	}
	on := f.saleOn()
	cond := condition{}
	cond.sql = f.inMarket(&cond)
	// One number for all the small things: rows are many, and each column of each costs.
	query := fmt.Sprintf("SELECT r.n, CASE WHEN %s THEN r.sale ELSE r.minor END, (CASE CASE WHEN %s THEN r.sale_currency ELSE r.currency END%s END)*4 + (r.var=0)*2 + %s FROM prices r WHERE %s ORDER BY r.n",
		on, on, cases.String(), on, cond.sql)
	err := d.scan(ctx, f.s, query, cond.args, func(scan func(...any) error) error {
		var n, minor, rest int64
		err := scan(&n, &minor, &rest)
		if i, ok := r.place(n); ok {
			l.rows = append(l.rows, priceRow{minor, int32(i), uint16(rest / 4), rest&2 != 0, rest&1 != 0})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	err = d.scan(ctx, f.s, fmt.Sprintf(`SELECT coalesce(max(CASE WHEN t<=%d THEN t END), %d), coalesce(min(CASE WHEN t>%[1]d THEN t END), %d)
		FROM (SELECT sale_from t FROM prices WHERE sale_from IS NOT NULL UNION ALL SELECT sale_to FROM prices WHERE sale_to IS NOT NULL)`, f.now, l.from, l.until),
		nil, func(scan func(...any) error) error { return scan(&l.from, &l.until) })
	return l, err
}

// priceSet is the set of products that meet a constraint on the price or on being on sale.
func (d *DB) priceSet(ctx context.Context, f *filters, r *roster, c Constraint) (bitset, error) {
	l, err := d.priceList(ctx, f, r)
	if err != nil {
		return nil, err
	}
	out := newBitset(len(r.ns))
	if c.Facet == FacetOnSale {
		yes, err := wantsYes(c)
		for _, row := range l.rows {
			if row.sale {
				out.add(int(row.place))
			}
		}
		if !yes {
			out = r.without(out)
		}
		return out, err
	}
	byCurrency, err := f.priceSpans(c)
	if err != nil {
		return nil, err
	}
	byCode := make([][]span, len(l.codes))
	for i, code := range l.codes {
		byCode[i] = byCurrency[code]
	}
	for _, row := range l.rows {
		if inSpans(float64(row.minor), byCode[row.code]) {
			out.add(int(row.place))
		}
	}
	if c.Op == OpNe {
		out = r.without(out)
	}
	return out, nil
}

func (r *roster) without(s bitset) bitset {
	all := r.all()
	all.andNot(s)
	return all
}

// byPrice orders places by what the products cost: their own price, or their cheapest variant's where only those have one. What has no
// price that compares comes last.
func (l *priceList) byPrice(places []int32, products int, up bool, currency string) {
	rates := make([]float64, len(l.codes))
	for i, code := range l.codes {
		e, _ := Exponent(code)
		if rate, err := Rates().Rate(code, currency); err == nil {
			rates[i] = rate / math.Pow10(e)
		} else if code == currency || currency == "" {
			rates[i] = 1 / math.Pow10(e)
		}
	}
	cost := make([]float64, products) // of every product: that is faster than to look up the few
	own := newBitset(products)
	for i := range cost {
		cost[i] = math.Inf(1)
	}
	for _, row := range l.rows {
		i := int(row.place)
		if rates[row.code] == 0 || own[i/64]&(1<<(i%64)) != 0 {
			continue
		}
		if row.own {
			own.add(i)
			cost[i] = float64(row.minor) * rates[row.code]
		} else {
			cost[i] = min(cost[i], float64(row.minor)*rates[row.code])
		}
	}
	slices.SortFunc(places, func(x, y int32) int {
		a, b := cost[x], cost[y]
		switch known := cmp.Compare(btoi(math.IsInf(a, 1)), btoi(math.IsInf(b, 1))); {
		case known != 0:
			return known
		case a != b && up:
			return cmp.Compare(a, b)
		case a != b:
			return cmp.Compare(b, a)
		}
		return int(x - y)
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
