package chat

import (
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/catalog/units"
)

// verdict is what a row says about a constraint.
type verdict int

const (
	unknown verdict = iota // the row says nothing on it
	meets
	misses
)

// Meets judges a row against a constraint, from the row alone. The search does the same in SQL; this one proves a reason just before it is said.
func (r *Reader) Meets(p *catalog.Product, c catalog.Constraint) verdict {
	if len(c.Values) == 0 {
		return unknown
	}
	switch c.Facet {
	case catalog.FacetCategory:
		return r.meetsCategory(p, c)
	case catalog.FacetBrand:
		if p.Brand == "" {
			return unknown
		}
		return judge(c, []catalog.Value{catalog.Str(strings.ToLower(p.Brand))}, lower)
	case catalog.FacetPrice:
		return r.meetsPrice(p, c)
	case catalog.FacetRating:
		if p.Rating == nil || p.Rating.Average <= 0 {
			return unknown
		}
		return judge(c, []catalog.Value{catalog.Num(p.Rating.Average)}, same)
	case catalog.FacetInStock:
		return judge(c, []catalog.Value{catalog.Bool(p.InStock())}, same)
	case catalog.FacetOnSale:
		_, on := r.was(p)
		return judge(c, []catalog.Value{catalog.Bool(on)}, same)
	}
	f := r.Schema.Facet(c.Facet)
	if f == nil {
		return unknown
	}
	values := allValues(p, f)
	if len(values) == 0 {
		return unknown
	}
	return judge(c, values, func(v catalog.Value) catalog.Value { return inUnit(v, c.Unit, f.Unit) })
}

func same(v catalog.Value) catalog.Value  { return v }
func lower(v catalog.Value) catalog.Value { return catalog.Str(strings.ToLower(v.Str())) }

// inUnit brings a constraint's operand to the unit that the rows are in.
func inUnit(v catalog.Value, from, to string) catalog.Value {
	if !v.IsNum() || from == "" || to == "" || from == to {
		return v
	}
	if n, err := units.Convert(v.Num(), from, to); err == nil {
		return catalog.Num(n)
	}
	return v
}

func (r *Reader) meetsCategory(p *catalog.Product, c catalog.Constraint) verdict {
	if len(p.Category) == 0 {
		return unknown
	}
	in := false
	for _, v := range c.Values {
		for _, id := range p.Category {
			in = in || id == v.Str() || r.Schema.Within(id, v.Str())
		}
	}
	return yes(in != (c.Op == catalog.OpNe))
}

// meetsPrice compares in the constraint's currency.
func (r *Reader) meetsPrice(p *catalog.Product, c catalog.Constraint) verdict {
	m, ok := r.Price(p, "")
	if !ok {
		return unknown
	}
	if c.Unit != "" && c.Unit != m.Currency {
		if r.Convert == nil {
			return unknown
		}
		if m, ok = r.Convert(m, c.Unit); !ok {
			return unknown
		}
	}
	return judge(c, []catalog.Value{catalog.Num(m.Major())}, same)
}

func yes(b bool) verdict {
	if b {
		return meets
	}
	return misses
}

// judge applies the operator. convert brings each operand to the form that values are in. A product with several values meets a positive
// condition if one of them does, and a negative one only if none of them is the excluded value.
func judge(c catalog.Constraint, values []catalog.Value, convert func(catalog.Value) catalog.Value) verdict {
	operands := make([]catalog.Value, len(c.Values))
	for i, v := range c.Values {
		operands[i] = convert(v)
	}
	holds := func(v catalog.Value) bool {
		switch c.Op {
		case catalog.OpLe:
			return v.IsNum() && v.Num() <= operands[0].Num()+1e-9
		case catalog.OpGe:
			return v.IsNum() && v.Num() >= operands[0].Num()-1e-9
		case catalog.OpBetween:
			return len(operands) == 2 && v.IsNum() && v.Num() >= operands[0].Num()-1e-9 && v.Num() <= operands[1].Num()+1e-9
		}
		return slices.Contains(operands, v)
	}
	found := slices.ContainsFunc(values, holds)
	return yes(found != (c.Op == catalog.OpNe))
}
