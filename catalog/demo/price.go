package demo

import (
	"math"
	"time"

	"daogou/catalog"
)

// market is one price list of the shop. Rates are authored, not looked up: a shop sets its prices, it does not convert them daily.
type market struct {
	id, currency string
	rate         float64 // of the US price
}

var markets = []market{
	{"", "USD", 1},
	{"EU", "EUR", 0.96},
	{"GB", "GBP", 0.82},
	{"CN", "CNY", 6.6},
	{"JP", "JPY", 152},
}

// warehouses are where the shop's goods lie.
var warehouses = map[string]string{"cn1": "CN", "de1": "DE", "us1": "US", "jp1": "JP"}

// window is the time of a sale. Dates are fixed: the catalogue is the same whenever it is made.
type window struct{ from, to string }

// The first window is the long one, so that there is something on sale throughout 2026 and 2027.
var windows = []window{
	{"2026-01-01", "2028-01-01"},
	{"2026-11-01", "2027-02-01"},
	{"2027-02-01", "2027-05-01"},
	{"2027-05-01", "2027-09-01"},
	{"2027-09-01", "2027-12-01"},
	{"2026-06-01", "2026-07-01"},
}

// prices are what the product costs in each market. About one product in seven has a sale.
func (it *item) prices() []catalog.Price {
	lo, hi := it.typ.PriceUSD[0], it.typ.PriceUSD[1]
	at := min(max(it.rank+(it.jitter("price")-0.5)*0.06, 0), 1)
	usd := lo * math.Pow(hi/lo, at) * it.markup
	var sale *window
	off := 0.0
	if it.jitter("sale") < 0.15 {
		w := int(it.jitter("window") * float64(len(windows)+3)) // the first window four times as often
		sale = &windows[max(w-3, 0)]
		off = 0.1 + 0.05*math.Floor(it.jitter("off")*6)
	}
	var out []catalog.Price
	for _, m := range markets {
		p := catalog.Price{Market: m.id, Amount: shopPrice(usd*m.rate, m.currency)}
		if sale != nil {
			reduced := shopPrice(usd*m.rate*(1-off), m.currency)
			if reduced.Minor < p.Amount.Minor {
				p.Sale = &catalog.Sale{Amount: reduced, From: day(sale.from), To: day(sale.to)}
			}
		}
		out = append(out, p)
	}
	return out
}

func day(s string) time.Time {
	t, _ := time.Parse(time.DateOnly, s) // the dates above are well formed, a test sees to it
	return t
}

// shopPrice rounds an amount the way price tags of that currency end.
func shopPrice(x float64, currency string) catalog.Money {
	switch currency {
	case "JPY":
		return catalog.Money{Minor: int64(yenTag(x)), Currency: currency}
	case "CNY":
		return catalog.Money{Minor: int64(math.Round(yuanTag(x) * 100)), Currency: currency}
	}
	return catalog.Money{Minor: int64(math.Round(centTag(x) * 100)), Currency: currency}
}

// below rounds x to a multiple of step and takes a little off: 129.99, 349, 2980.
func below(x, step, off float64) float64 { return max(math.Round(x/step), 1)*step - off }

func yenTag(x float64) float64 {
	switch {
	case x < 10000:
		return below(x, 100, 20)
	case x < 50000:
		return below(x, 1000, 200)
	}
	return below(x, 1000, 200)
}

func yuanTag(x float64) float64 {
	switch {
	case x < 100:
		return below(x, 1, 0.1)
	case x < 1000:
		return below(x, 10, 1)
	case x < 3000:
		return below(x, 50, 1)
	}
	return below(x, 100, 1)
}

func centTag(x float64) float64 {
	switch {
	case x < 10:
		return below(x, 0.5, 0.01)
	case x < 100:
		return below(x, 1, 0.01)
	case x < 300:
		return below(x, 5, 0.01)
	case x < 1000:
		return below(x, 10, 1)
	}
	return below(x, 50, 1)
}
