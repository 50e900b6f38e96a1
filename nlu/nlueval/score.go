package nlueval

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/catalog/units"
	"daogou/nlu"
)

// Got is what a parser made of a case.
type Got struct {
	ID        string
	Lang      string
	Act       nlu.Act
	State     nlu.State
	Reference string
	Err       error
}

// Score is the figures over a set of cases.
//
// Constraint F1 is micro-averaged over the constraints of all states. Joint is joint goal accuracy: the share of turns after which the set of constraints is exactly
// right (facet, operator, values; numbers within 1 %). Whether a constraint is hard or soft, and the keywords, are reported beside it, not in it.
type Score struct {
	Turns        int     `json:"turns"`
	Act          float64 `json:"act_accuracy"`
	Lang         float64 `json:"language_accuracy"`
	Precision    float64 `json:"constraint_precision"`
	Recall       float64 `json:"constraint_recall"`
	F1           float64 `json:"constraint_f1"`
	Joint        float64 `json:"joint_accuracy"`
	Keywords     float64 `json:"keyword_f1"`
	Hardness     float64 `json:"hardness_accuracy"` // of constraints found
	References   int     `json:"references"`
	ReferenceAcc float64 `json:"reference_accuracy"` // of turns that point to an item
	Failures     []Miss  `json:"-"`
}

// Miss is a case that was not understood, for reading.
type Miss struct {
	Case Case
	Got  Got
	Why  []string
}

// Run understands every case with p, turn by turn from the start of its dialogue, so that a parser lives with its own earlier mistakes.
func Run(ctx context.Context, p nlu.Parser, schema *catalog.Schema, products func(ids []string) ([]*catalog.Product, error), cases []Case) ([]Got, error) {
	out := make([]Got, len(cases))
	for i, c := range cases {
		got, err := Understand(ctx, p, schema, products, c)
		if err != nil {
			return nil, err
		}
		out[i] = got
	}
	return out, nil
}

// Understand folds the shopper's turns of one case through the parser.
func Understand(ctx context.Context, p nlu.Parser, schema *catalog.Schema, products func(ids []string) ([]*catalog.Product, error), c Case) (Got, error) {
	got := Got{ID: c.ID}
	var state nlu.State
	tables := c.ShownAt
	if tables == nil && len(c.Shown) > 0 {
		tables = []Table{{Turn: len(c.Turns) - 1, Products: c.Shown}}
	}
	var shown []*catalog.Product
	for i, m := range c.Turns {
		for len(tables) > 0 && tables[0].Turn <= i {
			var err error
			if shown, err = products(tables[0].Products); err != nil {
				return got, fmt.Errorf("%s: %w", c.ID, err)
			}
			state.Shown = nil // products that the catalogue has no longer are not on the table either
			for _, p := range shown {
				state.Shown = append(state.Shown, p.ID)
			}
			tables = tables[1:]
		}
		if m.Role != "shopper" {
			state.Asked = nlu.AskedFacet(schema, state, m.Text)
			continue
		}
		d, err := p.Parse(ctx, nlu.Turn{State: state, History: c.Turns[:i], Text: m.Text, Shown: shown, Schema: schema})
		if err != nil {
			if errors.Is(err, context.Canceled) {
				return got, err
			}
			got.Err = err
			return got, nil
		}
		state = state.Apply(d)
		state.Asked = ""
		got.Lang, got.Act = d.Lang, d.Act
		got.Reference = ""
		if len(d.References) > 0 {
			got.Reference = d.References[0]
		}
	}
	got.State = state
	return got, nil
}

// Compare scores what a parser made of the cases.
func Compare(cases []Case, got []Got) Score {
	var s Score
	var act, lang, joint, refs, refHits, tp, want, found, kwTP, kwWant, kwFound, hard int
	for i, c := range cases {
		g := got[i]
		var why []string
		if g.Act == c.Act {
			act++
		} else {
			why = append(why, fmt.Sprintf("act %s, not %s", g.Act, c.Act))
		}
		if g.Lang == c.Lang {
			lang++
		} else {
			why = append(why, fmt.Sprintf("language %s, not %s", g.Lang, c.Lang))
		}
		missing, extra, hit, hardHit := diff(c.Want, g.State.Constraints)
		tp, want, found, hard = tp+hit, want+len(c.Want), found+len(g.State.Constraints), hard+hardHit
		if len(missing)+len(extra) == 0 {
			joint++
		} else {
			why = append(why, "missing "+strings.Join(missing, ", ")+"; extra "+strings.Join(extra, ", "))
		}
		k := overlap(c.Keywords, g.State.Keywords)
		kwTP, kwWant, kwFound = kwTP+k, kwWant+len(c.Keywords), kwFound+len(g.State.Keywords)
		if c.Reference != "" {
			refs++
			if g.Reference == c.Reference {
				refHits++
			} else {
				why = append(why, fmt.Sprintf("reference %q, not %q", g.Reference, c.Reference))
			}
		}
		if why != nil {
			s.Failures = append(s.Failures, Miss{c, g, why})
		}
	}
	s.Turns, s.References = len(cases), refs
	s.Act, s.Lang, s.Joint = share(act, len(cases)), share(lang, len(cases)), share(joint, len(cases))
	s.Precision, s.Recall, s.F1 = f1(tp, found, want)
	_, _, s.Keywords = f1(kwTP, kwFound, kwWant)
	s.Hardness, s.ReferenceAcc = share(hard, tp), share(refHits, refs)
	return s
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

func f1(tp, found, want int) (p, r, f float64) {
	p, r = share(tp, found), share(tp, want)
	if p+r == 0 {
		return p, r, 0
	}
	return p, r, 2 * p * r / (p + r)
}

// diff pairs expected with found constraints; hard counts pairs that agree on hardness too.
func diff(want []Constraint, got []nlu.Constraint) (missing, extra []string, hit, hard int) {
	left := slices.Clone(got)
	for _, w := range want {
		i := slices.IndexFunc(left, func(g nlu.Constraint) bool { return Same(w, g.Constraint) })
		if i < 0 {
			missing = append(missing, Show(w))
			continue
		}
		hit++
		if left[i].Hard == w.Hard {
			hard++
		}
		left = slices.Delete(left, i, i+1)
	}
	for _, g := range left {
		extra = append(extra, Show(g.Constraint))
	}
	return missing, extra, hit, hard
}

// Same says whether two constraints mean the same, whatever their units.
func Same(a, b Constraint) bool {
	if a.Facet != b.Facet || a.Op != b.Op || len(a.Values) != len(b.Values) {
		return false
	}
	for i := range a.Values {
		if !sameValue(a, b, a.Values[i], b.Values[i]) && !(a.Op == catalog.OpIn && slices.ContainsFunc(b.Values, func(v catalog.Value) bool { return sameValue(a, b, a.Values[i], v) })) {
			return false
		}
	}
	return true
}

func sameValue(a, b Constraint, x, y catalog.Value) bool {
	if !x.IsNum() || !y.IsNum() {
		return strings.EqualFold(x.String(), y.String()) && x.IsBool() == y.IsBool()
	}
	n := y.Num()
	if a.Unit != b.Unit && a.Unit != "" && b.Unit != "" {
		if a.Facet == catalog.FacetPrice {
			return false
		}
		var err error
		if n, err = units.Convert(n, b.Unit, a.Unit); err != nil {
			return false
		}
	}
	return math.Abs(x.Num()-n) <= 0.01*math.Max(math.Abs(x.Num()), 1e-9)
}

func overlap(a, b []string) int {
	left := slices.Clone(b)
	n := 0
	for _, w := range a {
		if i := slices.IndexFunc(left, func(x string) bool { return strings.EqualFold(x, w) }); i >= 0 {
			n++
			left = slices.Delete(left, i, i+1)
		}
	}
	return n
}

// Show writes a constraint as dialogue files do.
func Show(c Constraint) string {
	sep := "|"
	if c.Op == catalog.OpBetween {
		sep = ".."
	}
	var vs []string
	for _, v := range c.Values {
		vs = append(vs, v.String())
	}
	s := c.Facet + " " + string(c.Op) + " " + strings.Join(vs, sep)
	if c.Unit != "" {
		s += " " + c.Unit
	}
	if !c.Hard {
		s += " ~"
	}
	return s
}
