package data

import (
	"math"
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/catalog/units"
	"daogou/nlu"
)

// wish is one condition that a simulated shopper has in mind.
type wish struct {
	c     nlu.Constraint
	about bool // said as "about so much": the range around it
}

// goal is what a simulated shopper is after: a product that would do, and what of it matters.
type goal struct {
	category string
	product  *catalog.Product
	wishes   []wish // not said yet
}

// newGoal draws a product type and conditions that one of its products meets.
func (s *sim) newGoal() goal {
	for range 20 {
		c := s.types[s.rng.IntN(len(s.types))]
		if c != s.goal.category || len(s.types) == 1 {
			return s.goalOf(c)
		}
	}
	return s.goalOf(s.types[0])
}

func (s *sim) goalOf(category string) goal {
	list := s.stock[category]
	s.goal.category = category
	g := goal{category: category, product: list[s.rng.IntN(len(list))]}
	fs := slices.Clone(s.shop.Schema.FacetsOf(category))
	s.rng.Shuffle(len(fs), func(i, j int) { fs[i], fs[j] = fs[j], fs[i] })
	n := 1 + s.rng.IntN(5)
	for _, f := range fs {
		if len(g.wishes) >= n {
			break
		}
		if w, ok := s.wishFor(f, g.product); ok {
			g.wishes = append(g.wishes, w)
		}
	}
	if s.chance(45) {
		if w, ok := s.priceWish(g.product); ok {
			g.wishes = append(g.wishes, w)
		}
	}
	if s.chance(9) && g.product.Brand != "" {
		g.wishes = append(g.wishes, s.brandWish(g.product))
	}
	if s.chance(4) {
		id := []string{catalog.FacetInStock, catalog.FacetOnSale}[s.rng.IntN(2)]
		g.wishes = append(g.wishes, wish{c: said(id, catalog.OpEq, catalog.Bool(true))})
	}
	s.rng.Shuffle(len(g.wishes), func(i, j int) { g.wishes[i], g.wishes[j] = g.wishes[j], g.wishes[i] })
	return g
}

func said(facet string, op catalog.Op, vs ...catalog.Value) nlu.Constraint {
	return nlu.Constraint{Constraint: catalog.Constraint{Facet: facet, Op: op, Values: vs, Hard: true}, Origin: nlu.OriginSaid}
}

// wishFor makes a condition on a facet that a product meets.
func (s *sim) wishFor(f *catalog.Facet, p *catalog.Product) (wish, bool) {
	vs := p.Facets[f.ID]
	if len(vs) == 0 {
		return wish{}, false
	}
	v := vs[s.rng.IntN(len(vs))]
	var w wish
	switch f.Kind {
	case catalog.KindEnum:
		w = wish{c: s.enumWish(f, vs, v)}
	case catalog.KindBool:
		if !v.Bool() && (!s.chance(25) || isNegative(f.Label.In("en"))) {
			return wish{}, false
		}
		w = wish{c: said(f.ID, catalog.OpEq, catalog.Bool(v.Bool()))}
	case catalog.KindNumber:
		if !v.IsNum() || v.Num() == 0 {
			return wish{}, false
		}
		w = s.numberWish(f, v.Num())
		if len(vs) > 1 { // sizes to choose from
			c := said(f.ID, catalog.OpEq, v)
			c.Unit = f.Unit
			w = wish{c: c}
		}
	default:
		return wish{}, false
	}
	w.c.Hard = w.c.Op == catalog.OpNe || !s.chance(10)
	return w, true
}

// isNegative says whether a yes to a facet means that something is not there: nobody asks for the contrary in so many words.
func isNegative(label string) bool {
	label = strings.ToLower(label)
	return strings.HasSuffix(label, "free") || strings.HasPrefix(label, "no ") || strings.HasPrefix(label, "non") || strings.HasPrefix(label, "without") || strings.HasPrefix(label, "not ") || strings.HasPrefix(label, "un")
}

func (s *sim) enumWish(f *catalog.Facet, have []catalog.Value, v catalog.Value) nlu.Constraint {
	if f.Value(v.Str()) == nil {
		v = catalog.Str(f.Values[0].ID)
	}
	var other []catalog.Value
	for _, id := range s.used(f) {
		if !slices.ContainsFunc(have, func(h catalog.Value) bool { return h.Str() == id }) {
			other = append(other, catalog.Str(id))
		}
	}
	s.rng.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
	switch k := s.rng.IntN(100); {
	case k < 14 && len(other) > 0:
		return said(f.ID, catalog.OpNe, other[:1+s.rng.IntN(min(2, len(other)))]...)
	case k < 21 && len(other) > 0:
		return said(f.ID, catalog.OpIn, v, other[0])
	}
	return said(f.ID, catalog.OpEq, v)
}

// used lists the values of a facet that products of the type in mind have: nobody speaks of a porcelain shirt. Of colours all can be spoken of.
func (s *sim) used(f *catalog.Facet) []string {
	var out []string
	for _, x := range f.Values {
		if kindOf(f) == "colour" || slices.ContainsFunc(s.stock[s.goal.category], func(p *catalog.Product) bool { return slices.Contains(p.Facets[f.ID], catalog.Str(x.ID)) }) {
			out = append(out, x.ID)
		}
	}
	if len(out) == 0 && len(f.Values) > 0 {
		return []string{f.Values[0].ID}
	}
	return out
}

func (s *sim) brandWish(p *catalog.Product) wish {
	if bs := s.shop.Schema.Brands; s.chance(25) && len(bs) > 2 {
		if b := bs[s.rng.IntN(len(bs))].Name; b != p.Brand {
			return wish{c: said(catalog.FacetBrand, catalog.OpNe, catalog.Str(b))}
		}
	}
	return wish{c: said(catalog.FacetBrand, catalog.OpEq, catalog.Str(p.Brand))}
}

// numberWish bounds a number as shoppers do: in the shop's unit or another, by figures that are easy to say.
func (s *sim) numberWish(f *catalog.Facet, v float64) wish {
	unit, v := s.unitSaid(f, v)
	op := s.operator(f)
	count := unit == "" || unit == "piece" || unit == "person" || unit == "year" || unit == "month"
	if v < 0 && op != catalog.OpLe { // temperatures
		op = catalog.OpLe
	}
	c := said(f.ID, op)
	c.Unit = unit
	w := wish{}
	switch op {
	case catalog.OpGe:
		c.Values = catalog.Values{catalog.Num(s.easy(v, -1, count))}
	case catalog.OpLe:
		c.Values = catalog.Values{catalog.Num(s.easy(v, 1, count))}
	case catalog.OpBetween:
		lo, hi := s.easy(v*0.88, -1, count), s.easy(v*1.12, 1, count)
		if w.about = s.chance(45) && !count; w.about {
			mid := s.easy(v, 0, count)
			lo, hi = round6(mid*0.9), round6(mid*1.1)
		}
		if lo >= hi {
			return wish{c: exactly(c, s.easy(v, 0, count))}
		}
		c.Values = catalog.Values{catalog.Num(lo), catalog.Num(hi)}
	default:
		c.Values = catalog.Values{catalog.Num(s.easy(v, 0, count))}
	}
	w.c = c
	return w
}

func exactly(c nlu.Constraint, v float64) nlu.Constraint {
	c.Op, c.Values = catalog.OpEq, catalog.Values{catalog.Num(v)}
	return c
}

func round6(f float64) float64 { return math.Round(f*1e6) / 1e6 }

func (s *sim) operator(f *catalog.Facet) catalog.Op {
	k := s.rng.IntN(100)
	switch f.Better {
	case "high":
		switch {
		case k < 65:
			return catalog.OpGe
		case k < 85:
			return catalog.OpEq
		}
		return catalog.OpBetween
	case "low":
		switch {
		case k < 75:
			return catalog.OpLe
		case k < 85:
			return catalog.OpEq
		}
		return catalog.OpBetween
	}
	switch {
	case k < 45:
		return catalog.OpEq
	case k < 62:
		return catalog.OpLe
	case k < 80:
		return catalog.OpGe
	}
	return catalog.OpBetween
}

// kin are units in which shoppers say what a shop has in another. The first that gives a figure easy to say is taken.
var kin = map[string][]string{
	"cm": {"m", "in", "mm", "ft"}, "mm": {"cm", "in"}, "m": {"cm", "ft"}, "km": {"m"}, "in": {"cm"}, "ft": {"m"},
	"g": {"kg", "oz", "lb", "jin"}, "kg": {"g", "lb", "jin"}, "lb": {"kg"}, "oz": {"g"}, "l": {"ml", "gal"}, "ml": {"l", "floz"}, "GB": {"TB"}, "TB": {"GB"}, "W": {"kW"}, "kW": {"W"},
	"h": {"day", "min"}, "min": {"h"}, "month": {"year"}, "year": {"month"}, "mAh": {"Ah"}, "bar": {"psi"}, "Mbps": {"Gbps"},
}

// unitSaid draws the unit in which a number is said and converts it.
func (s *sim) unitSaid(f *catalog.Facet, v float64) (string, float64) {
	if f.Unit == "" {
		return "", v
	}
	if f.Unit == "month" && v >= 24 && math.Mod(v, 12) == 0 {
		return "year", v / 12
	}
	awkward := math.Abs(v) >= 1000 || math.Abs(v) < 1
	if !awkward && !s.chance(25) {
		return f.Unit, v
	}
	for _, u := range kin[f.Unit] {
		if u == "jin" && s.lang != "zh" || (u == "oz" || u == "lb" || u == "floz" || u == "gal" || u == "ft") && s.lang == "zh" {
			continue
		}
		if x, err := units.Convert(v, f.Unit, u); err == nil && x >= 1 && x < 1000 && (awkward || s.chance(50)) {
			return u, x
		}
	}
	return f.Unit, v
}

// easy rounds a number to one that is easy to say: down for dir < 0, up for dir > 0.
func (s *sim) easy(v float64, dir int, count bool) float64 {
	a := math.Abs(v)
	if count || a < 13 {
		switch {
		case count && a == math.Trunc(a) && a <= 60:
			return v
		case a == math.Trunc(a*2)/2 && dir == 0:
			return v
		case a < 3:
			return round6(math.Max(0.1, rounded(v, 0.1, dir)))
		case a < 13:
			return rounded(v, 0.5, dir)
		}
	}
	if dir == 0 && v == math.Trunc(v) && s.chance(70) {
		return v
	}
	step := math.Pow(10, math.Floor(math.Log10(a)))
	step /= []float64{2, 5, 10}[s.rng.IntN(3)]
	if r := rounded(v, math.Max(1, step), dir); r != 0 {
		return r
	}
	return math.Max(1, math.Round(v))
}

func rounded(v, step float64, dir int) float64 {
	switch {
	case dir < 0:
		return round6(math.Floor(v/step+1e-9) * step)
	case dir > 0:
		return round6(math.Ceil(v/step-1e-9) * step)
	}
	return round6(math.Round(v/step) * step)
}

// perDollar are rough rates, for budgets that a shopper could have in mind.
var perDollar = map[string]float64{"USD": 1, "EUR": 0.92, "GBP": 0.8, "CNY": 7, "JPY": 150, "CAD": 1.35, "AUD": 1.5, "CHF": 0.9, "SEK": 10.5, "INR": 83, "HKD": 7.8, "SGD": 1.35, "NZD": 1.6}

// moneySaid draws the currency in which a shopper of this shop thinks.
func (s *sim) moneySaid() string {
	home := s.shop.Schema.Currency
	switch {
	case s.lang == "zh" && (home == "CNY" || !s.chance(20)):
		return "CNY"
	case s.lang == "en" && s.chance(8):
		return []string{"USD", "EUR", "GBP"}[s.rng.IntN(3)]
	}
	return home
}

// priceIn is what a product costs in a currency, by rough rates.
func priceIn(p *catalog.Product, currency string) float64 {
	row, ok := p.PriceIn("")
	if !ok {
		return 0
	}
	from, to := perDollar[row.Amount.Currency], perDollar[currency]
	if row.Amount.Currency == currency || from == 0 || to == 0 {
		return row.Amount.Major()
	}
	return row.Amount.Major() / from * to
}

// priceWish is a budget that a product is within.
func (s *sim) priceWish(p *catalog.Product) (wish, bool) {
	currency := s.moneySaid()
	price := priceIn(p, currency)
	if price < 1 {
		return wish{}, false
	}
	return s.budget(currency, price), true
}

// budget draws a budget that an amount is within.
func (s *sim) budget(currency string, price float64) wish {
	c := said(catalog.FacetPrice, catalog.OpLe)
	c.Unit = currency
	top := s.easyMoney(price*(1.02+0.4*s.rng.Float64()), 1)
	w := wish{c: c}
	switch k := s.rng.IntN(100); {
	case k < 62:
		w.c.Values = catalog.Values{catalog.Num(top)}
	case k < 78:
		mid := s.easyMoney(price, 0)
		w.about = true
		w.c.Op, w.c.Values = catalog.OpBetween, catalog.Values{catalog.Num(round6(mid * 0.9)), catalog.Num(round6(mid * 1.1))}
	case k < 93:
		lo := s.easyMoney(price*0.7, -1)
		if s.lang == "zh" && top >= 30 && s.chance(60) { // 三四百
			mag := math.Pow(10, math.Floor(math.Log10(top)))
			if d := math.Floor(price / mag); d >= 1 && d < 9 {
				lo, top = d*mag, (d+1)*mag
			}
		}
		if lo >= top || lo < 1 {
			lo = math.Max(1, math.Floor(top/2))
		}
		if lo >= top {
			w.c.Values = catalog.Values{catalog.Num(top)}
			break
		}
		w.c.Op, w.c.Values = catalog.OpBetween, catalog.Values{catalog.Num(lo), catalog.Num(top)}
	default:
		w.c.Op, w.c.Values = catalog.OpGe, catalog.Values{catalog.Num(s.easyMoney(price*0.8, -1))}
	}
	return w
}

// easyMoney rounds an amount as budgets are.
func (s *sim) easyMoney(v float64, dir int) float64 {
	step := 1.0
	switch {
	case v >= 10:
		step = math.Pow(10, math.Floor(math.Log10(v))) / []float64{1, 2, 2, 10}[s.rng.IntN(4)]
	case v >= 4 && s.chance(50):
		step = 5
	}
	r := rounded(v, math.Max(1, step), dir)
	if r < 1 {
		return math.Max(1, math.Ceil(v))
	}
	return r
}

// meets says roughly whether a product meets a condition; what it does not say of itself it does not meet.
func (s *sim) meets(p *catalog.Product, c catalog.Constraint) bool {
	if !c.Hard {
		return true
	}
	switch c.Facet {
	case catalog.FacetCategory:
		return slices.ContainsFunc(c.Values, func(v catalog.Value) bool { return slices.Contains(p.Category, v.Str()) }) != (c.Op == catalog.OpNe)
	case catalog.FacetBrand:
		return slices.ContainsFunc(c.Values, func(v catalog.Value) bool { return p.Brand == v.Str() }) != (c.Op == catalog.OpNe)
	case catalog.FacetPrice:
		return bounded(priceIn(p, c.Unit), c)
	case catalog.FacetRating:
		return p.Rating == nil || bounded(p.Rating.Average, c)
	case catalog.FacetInStock, catalog.FacetOnSale, catalog.FacetShipsFrom:
		return true
	}
	vs := p.Facets[c.Facet]
	if len(c.Values) == 0 || len(vs) == 0 {
		return c.Op == catalog.OpNe
	}
	if c.Values[0].IsNum() {
		f := s.shop.Schema.Facet(c.Facet)
		return slices.ContainsFunc(vs, func(v catalog.Value) bool {
			x := v.Num()
			if f != nil && c.Unit != "" && c.Unit != f.Unit {
				if y, err := units.Convert(x, f.Unit, c.Unit); err == nil {
					x = y
				}
			}
			return bounded(x, c)
		})
	}
	has := slices.ContainsFunc(vs, func(v catalog.Value) bool { return slices.Contains(c.Values, v) })
	return has != (c.Op == catalog.OpNe)
}

func bounded(x float64, c catalog.Constraint) bool {
	v := c.Values[0].Num()
	slack := 0.01 * math.Abs(v)
	switch c.Op {
	case catalog.OpLe:
		return x <= v+slack
	case catalog.OpGe:
		return x >= v-slack
	case catalog.OpBetween:
		return len(c.Values) == 2 && x >= v-slack && x <= c.Values[1].Num()*1.01
	case catalog.OpNe:
		return math.Abs(x-v) > slack
	}
	return math.Abs(x-v) <= math.Max(slack, 0.051)
}
