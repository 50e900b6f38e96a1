package catalog

import (
	"fmt"
	"math"
	"strings"
	"time"

	"daogou/catalog/units"
)

// condition is a piece of SQL over "products p" with its arguments. Values reach SQL only as arguments.
type condition struct {
	sql  string
	args []any
}

var always = condition{sql: "1"}

func allOf(cs []condition) condition {
	if len(cs) == 0 {
		return always
	}
	var out condition
	for i, c := range cs {
		if i > 0 {
			out.sql += " AND "
		}
		out.sql += "(" + c.sql + ")"
		out.args = append(out.args, c.args...)
	}
	return out
}

func (c condition) not() condition { return condition{"NOT (" + c.sql + ")", c.args} }

// filters turns constraints into conditions.
type filters struct {
	s      *snapshot
	market string
	now    int64
	scan   bool // no text narrows the products: conditions are better computed once for all than for each
}

// some is the condition that a product has a row r in a table for which inner holds.
func (f *filters) some(table string, inner condition) condition {
	if f.scan {
		return condition{"p.n IN (SELECT r.n FROM " + table + " WHERE " + inner.sql + ")", inner.args}
	}
	return condition{"EXISTS (SELECT 1 FROM " + table + " WHERE r.n=p.n AND " + inner.sql + ")", inner.args}
}

const maxConstraints = 64

// piece is one of the conditions that the products of a query must all meet, with the constraint that it stands for, if it is one's.
type piece struct {
	condition
	of *Constraint
}

// hard is the condition for all hard constraints together and the excluded products.
func (f *filters) hard(q Query) (condition, error) {
	ps, err := f.pieces(q)
	all := make([]condition, len(ps))
	for i := range ps {
		all[i] = ps[i].condition
	}
	return allOf(all), err
}

// pieces are the conditions for each hard constraint and for the excluded products.
//
// A product meets a condition if itself or one of its variants does; conditions on facets that tell variants apart must be met
// by one and the same variant.
func (f *filters) pieces(q Query) ([]piece, error) {
	if len(q.Constraints) > maxConstraints {
		return nil, fmt.Errorf("catalog: a query has at most %d constraints, this one has %d", maxConstraints, len(q.Constraints))
	}
	var all []piece
	var variant []Constraint
	var alone []condition
	for i := range q.Constraints {
		c := &q.Constraints[i]
		if !c.Hard {
			continue
		}
		cond, err := f.one(*c)
		if err != nil {
			return nil, err
		}
		all = append(all, piece{cond, c})
		if facet := f.s.schema.Facet(c.Facet); facet != nil && facet.Variant && c.Op != OpNe {
			variant, alone = append(variant, *c), append(alone, cond)
		}
	}
	if len(variant) > 1 {
		cond, err := f.sameVariant(variant)
		if err != nil {
			return nil, err
		}
		if f.scan { // looking at the variants is dear, so only where each constraint is met by some variant
			cond = allOf(append(alone, cond))
		}
		all = append(all, piece{condition: cond})
	}
	if ids := q.Exclude[:min(len(q.Exclude), 1000)]; len(ids) > 0 {
		c := condition{sql: "p.id NOT IN (" + marks(len(ids)) + ")"}
		for _, id := range ids {
			c.args = append(c.args, id)
		}
		all = append(all, piece{condition: c})
	}
	return all, nil
}

// soft are the conditions for the soft constraints, and those constraints.
func (f *filters) soft(q Query) (conds []condition, of []*Constraint, err error) {
	for i := range q.Constraints {
		if c := &q.Constraints[i]; !c.Hard {
			cond, err := f.one(*c)
			if err != nil {
				return nil, nil, err
			}
			conds, of = append(conds, cond), append(of, c)
		}
	}
	return conds, of, nil
}

func marks(n int) string { return "?" + strings.Repeat(",?", n-1) }

// one is the condition for one constraint. Unknown facets and values are ErrNoMatch.
func (f *filters) one(c Constraint) (condition, error) {
	if err := checkOperands(c); err != nil {
		return condition{}, err
	}
	switch c.Facet {
	case FacetCategory:
		return f.category(c)
	case FacetBrand:
		return f.brand(c)
	case FacetPrice:
		return f.price(c)
	case FacetRating:
		return numeric("p.rating", c, 0.001)
	case FacetInStock:
		return flag(c, condition{sql: "p.in_stock=1"})
	case FacetOnSale:
		return f.onSale(c)
	case FacetShipsFrom:
		return f.shipsFrom(c)
	}
	facet := f.s.schema.Facet(c.Facet)
	if facet == nil {
		return condition{}, fmt.Errorf("%w: there is no facet %q", ErrNoMatch, c.Facet)
	}
	if facet.Kind == KindText {
		return textFacet(c)
	}
	inner, err := f.value(facet, c)
	if err != nil {
		return condition{}, err
	}
	exists := f.some("product_facets r", condition{"r.f=? AND " + inner.sql, append([]any{f.s.facetN[facet.ID]}, inner.args...)})
	if c.Op == OpNe { // a product that says nothing of the facet does not violate it
		return exists.not(), nil
	}
	return exists, nil
}

func checkOperands(c Constraint) error {
	want := "one value"
	ok := len(c.Values) == 1
	switch c.Op {
	case OpBetween:
		want, ok = "two values", len(c.Values) == 2
	case OpIn, OpEq, OpNe:
		want, ok = "at least one value", len(c.Values) > 0 && len(c.Values) <= 256
	case OpLe, OpGe:
	default:
		return fmt.Errorf("catalog: the constraint on %q has the unknown operator %q", c.Facet, c.Op)
	}
	if !ok {
		return fmt.Errorf("catalog: the constraint on %q with %q needs %s, not %d", c.Facet, c.Op, want, len(c.Values))
	}
	return nil
}

// value is the condition on product_facets.v, without the negation of !=.
func (f *filters) value(facet *Facet, c Constraint) (condition, error) {
	switch facet.Kind {
	case KindNumber:
		c, err := inUnit(facet, c)
		if err != nil {
			return condition{}, err
		}
		if c.Op == OpNe {
			c.Op = OpEq
		}
		return numeric("r.v", c, 0.005)
	case KindBool:
		out := condition{sql: "r.v IN (" + marks(len(c.Values)) + ")"}
		for _, v := range c.Values {
			if !v.IsBool() || c.Op == OpLe || c.Op == OpGe || c.Op == OpBetween {
				return condition{}, fmt.Errorf("catalog: %q is yes or no, so %s %v cannot be asked of it", c.Facet, c.Op, v)
			}
			x := 0
			if v.Bool() {
				x = 1
			}
			out.args = append(out.args, x)
		}
		return out, nil
	}
	if c.Op == OpLe || c.Op == OpGe || c.Op == OpBetween {
		return condition{}, fmt.Errorf("catalog: %q is a choice, so %s cannot be asked of it", c.Facet, c.Op)
	}
	out := condition{}
	for _, v := range c.Values {
		n, ok := f.s.valueN[facet.ID][v.Str()]
		if !ok && c.Op != OpNe {
			return condition{}, fmt.Errorf("%w: %q has no value %q", ErrNoMatch, c.Facet, v)
		}
		out.args = append(out.args, n)
	}
	out.sql = "r.v IN (" + marks(len(out.args)) + ")"
	return out, nil
}

// inUnit converts a constraint's numbers to the facet's unit.
func inUnit(facet *Facet, c Constraint) (Constraint, error) {
	if c.Unit == "" || c.Unit == facet.Unit || facet.Unit == "" {
		return c, nil
	}
	vs := make(Values, len(c.Values))
	for i, v := range c.Values {
		x, err := units.Convert(v.Num(), c.Unit, facet.Unit)
		if err != nil {
			return c, fmt.Errorf("catalog: the constraint on %q: %w", c.Facet, err)
		}
		vs[i] = Num(x)
	}
	c.Values, c.Unit = vs, facet.Unit
	return c, nil
}

// span is a range of numbers, both ends included.
type span struct{ lo, hi float64 }

func inSpans(x float64, spans []span) bool {
	for _, s := range spans {
		if x >= s.lo && x <= s.hi {
			return true
		}
	}
	return false
}

// spans are the numbers that meet a constraint; of != those that do not. Equality forgives the share slack, because 17 inch is written
// 43.2 cm as well as 43.18.
func spans(c Constraint, slack float64) ([]span, error) {
	xs := make([]float64, len(c.Values))
	for i, v := range c.Values {
		if !v.IsNum() || math.IsNaN(v.Num()) || math.IsInf(v.Num(), 0) {
			return nil, fmt.Errorf("catalog: the constraint on %q needs a number, not %q", c.Facet, v)
		}
		xs[i] = v.Num()
	}
	switch c.Op {
	case OpLe:
		return []span{{math.Inf(-1), xs[0] + 1e-9}}, nil
	case OpGe:
		return []span{{xs[0] - 1e-9, math.Inf(1)}}, nil
	case OpBetween:
		return []span{{min(xs[0], xs[1]) - 1e-9, max(xs[0], xs[1]) + 1e-9}}, nil
	}
	out := make([]span, len(xs))
	for i, x := range xs {
		wide := math.Abs(x)*slack + 1e-9
		out[i] = span{x - wide, x + wide}
	}
	return out, nil
}

// numeric compares a column with the operands.
func numeric(col string, c Constraint, slack float64) (condition, error) {
	ss, err := spans(c, slack)
	if err != nil {
		return condition{}, err
	}
	var out condition
	for i, s := range ss {
		if i > 0 {
			out.sql += " OR "
		}
		switch {
		case math.IsInf(s.lo, -1):
			out.sql += col + " <= ?"
			out.args = append(out.args, s.hi)
		case math.IsInf(s.hi, 1):
			out.sql += col + " >= ?"
			out.args = append(out.args, s.lo)
		default:
			out.sql += col + " BETWEEN ? AND ?"
			out.args = append(out.args, s.lo, s.hi)
		}
	}
	out.sql = "(" + out.sql + ")"
	if c.Op == OpNe {
		return condition{"(" + col + " IS NULL OR NOT " + out.sql + ")", out.args}, nil
	}
	return out, nil
}

// wantsYes is what a yes/no constraint asks for.
func wantsYes(c Constraint) (bool, error) {
	if len(c.Values) != 1 || !c.Values[0].IsBool() || c.Op != OpEq && c.Op != OpNe && c.Op != OpIn {
		return false, fmt.Errorf("catalog: %q is yes or no", c.Facet)
	}
	return c.Values[0].Bool() != (c.Op == OpNe), nil
}

func flag(c Constraint, yes condition) (condition, error) {
	want, err := wantsYes(c)
	if err != nil || want {
		return yes, err
	}
	return yes.not(), nil
}

// onSale is met by what is reduced now in the query's market.
func (f *filters) onSale(c Constraint) (condition, error) {
	cond := condition{}
	cond.sql = f.inMarket(&cond) + " AND " + f.saleOn()
	return flag(c, f.some("prices r", cond))
}

// category is met by products of the category and of those below it.
func (f *filters) category(c Constraint) (condition, error) {
	wanted := map[string]bool{}
	for _, v := range c.Values {
		if f.s.schema.Category(v.Str()) == nil && c.Op != OpNe {
			return condition{}, fmt.Errorf("%w: there is no category %q", ErrNoMatch, v)
		}
		wanted[v.Str()] = true
	}
	out := condition{}
	for i := range f.s.schema.Categories {
		id := f.s.schema.Categories[i].ID
		for _, above := range f.s.schema.Path(id) {
			if wanted[above.ID] {
				out.args = append(out.args, f.s.catN[id])
				break
			}
		}
	}
	if len(out.args) == 0 {
		out.args = append(out.args, -1)
	}
	out.sql = "p.cat IN (" + marks(len(out.args)) + ")"
	if c.Op == OpNe {
		return out.not(), nil
	}
	return out, nil
}

func (f *filters) brand(c Constraint) (condition, error) {
	out := condition{sql: "p.brand IN (" + marks(len(c.Values)) + ")"}
	for _, v := range c.Values {
		n, ok := f.s.brandN[brandKey(v.Str())]
		if !ok {
			if c.Op != OpNe {
				return condition{}, fmt.Errorf("%w: there is no brand %q", ErrNoMatch, v)
			}
			n = -1
		}
		out.args = append(out.args, n)
	}
	if c.Op == OpNe {
		return out.not(), nil
	}
	return out, nil
}

func (f *filters) shipsFrom(c Constraint) (condition, error) {
	out := f.some("stock r JOIN warehouses h ON h.id=r.warehouse", condition{sql: "r.units>0 AND h.country IN (" + marks(len(c.Values)) + ")"})
	out.sql = "(" + out.sql + " OR (p.in_stock=1 AND p.ships_from IN (" + marks(len(c.Values)) + ")))"
	for range 2 {
		for _, v := range c.Values {
			out.args = append(out.args, strings.ToUpper(v.Str()))
		}
	}
	if c.Op == OpNe {
		return out.not(), nil
	}
	return out, nil
}

// saleOn is true for rows of prices whose sale holds now. The time is a number of ours, so it may stand in the text.
func (f *filters) saleOn() string {
	return fmt.Sprintf("(r.sale IS NOT NULL AND (r.sale_from IS NULL OR r.sale_from<=%d) AND (r.sale_to IS NULL OR r.sale_to>%[1]d))", f.now)
}

// priceSpans are the prices that meet a constraint, in minor units of each currency that the catalogue has; of != those that do not.
func (f *filters) priceSpans(c Constraint) (map[string][]span, error) {
	code := c.Unit
	if code == "" {
		code = f.currency()
	}
	if _, ok := Exponent(code); !ok {
		return nil, fmt.Errorf("catalog: the price is given in %q, which is not an ISO 4217 currency code", c.Unit)
	}
	if c.Op == OpNe {
		c.Op = OpEq
	}
	out := map[string][]span{}
	for _, m := range f.s.markets {
		if out[m.currency] != nil {
			continue
		}
		rate, err := Rates().Rate(code, m.currency)
		if m.currency == code {
			rate, err = 1, nil
		}
		if err != nil {
			continue // prices that cannot be compared are not met
		}
		e, _ := Exponent(m.currency)
		k := c
		k.Values = make(Values, len(c.Values))
		for i, v := range c.Values {
			if !v.IsNum() {
				return nil, fmt.Errorf("catalog: a price is compared with a number, not %q", v)
			}
			k.Values[i] = Num(v.Num() * rate * math.Pow10(e))
		}
		if out[m.currency], err = spans(k, 0.005); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// price compares what the product costs now in the query's market.
func (f *filters) price(c Constraint) (condition, error) {
	byCurrency, err := f.priceSpans(c)
	if err != nil {
		return condition{}, err
	}
	on := f.saleOn()
	amount := "CASE WHEN " + on + " THEN r.sale ELSE r.minor END"
	currency := "CASE WHEN " + on + " THEN r.sale_currency ELSE r.currency END"
	var either []string
	var out condition
	for _, code := range sortedKeys(byCurrency) {
		for _, s := range byCurrency[code] {
			either = append(either, "(("+currency+")=? AND ("+amount+") BETWEEN ? AND ?)")
			out.args = append(out.args, code, s.lo, s.hi)
		}
	}
	if len(either) == 0 {
		either = []string{"0"}
	}
	out.sql = f.inMarket(&out) + " AND (" + strings.Join(either, " OR ") + ")"
	out = f.some("prices r", out)
	if c.Op == OpNe {
		return out.not(), nil
	}
	return out, nil
}

// inMarket picks the row that PriceIn would, for the product and for each variant.
func (f *filters) inMarket(c *condition) string {
	if len(f.s.schema.Markets) <= 1 {
		return "r.ord=0"
	}
	c.args = append([]any{f.market}, c.args...)
	return "r.ord=(SELECT x.ord FROM prices x WHERE x.n=r.n AND x.var=r.var ORDER BY x.market=? DESC, x.market='' DESC, x.ord LIMIT 1)"
}

// currency is the currency that a price without one is in.
func (f *filters) currency() string {
	for _, m := range f.s.markets {
		if f.market != "" && m.name == f.market {
			return m.currency
		}
	}
	if f.s.schema.Currency != "" || len(f.s.markets) == 0 {
		return f.s.schema.Currency
	}
	return f.s.markets[0].currency
}

// textFacet looks for the words of a free-text value among the product's words.
func textFacet(c Constraint) (condition, error) {
	if c.Op != OpEq && c.Op != OpNe && c.Op != OpIn {
		return condition{}, fmt.Errorf("catalog: %q is free text, so %s cannot be asked of it", c.Facet, c.Op)
	}
	var either []string
	for _, v := range c.Values {
		if ts := terms(analyse(v.Str()[:cutAt(v.Str(), 200)], 16)); len(ts) > 0 {
			either = append(either, "("+allTerms(ts)+")")
		}
	}
	if len(either) == 0 {
		return always, nil
	}
	out := condition{"p.n IN (SELECT rowid FROM everything WHERE everything MATCH ?)", []any{strings.Join(either, " OR ")}}
	if c.Op == OpNe {
		return out.not(), nil
	}
	return out, nil
}

// sameVariant asks that one variant, or the product itself where it does not differ, meets all the constraints.
func (f *filters) sameVariant(cs []Constraint) (condition, error) {
	var out condition
	var facetNs, each []string
	for _, c := range cs {
		facet := f.s.schema.Facet(c.Facet)
		inner, err := f.value(facet, c)
		if err != nil {
			return condition{}, err
		}
		n := fmt.Sprint(f.s.facetN[facet.ID])
		facetNs = append(facetNs, n)
		each = append(each, "EXISTS (SELECT 1 FROM product_facets r WHERE r.n=p.n AND r.f="+n+" AND r.var IN (0, o.var) AND "+inner.sql+")")
		out.args = append(out.args, inner.args...)
	}
	out.sql = "EXISTS (SELECT 1 FROM (SELECT DISTINCT var FROM product_facets WHERE n=p.n AND f IN (" + strings.Join(facetNs, ",") + ")) o WHERE " + strings.Join(each, " AND ") + ")"
	return out, nil
}

func unixMilli(t, otherwise time.Time) int64 {
	if t.IsZero() {
		t = otherwise
	}
	return t.UnixMilli()
}
