package data

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"daogou/catalog"
	"daogou/catalog/units"
	"daogou/generator/task/shops"
	"daogou/nlu"
	"daogou/nlu/nlueval"
)

// Vary writes a turn anew: the same way of saying it with other values, numbers and brands, or carried over to another kind of goods, even in another shop. So the
// model learns how shoppers put things and not which things they named. It is never carried over to a vertical of without. ok is false if the turn cannot be varied in
// the way that was drawn.
func Vary(rng *rand.Rand, t Turn, rules *nlu.Rules, all []*shops.Shop, without []string) (Turn, bool) {
	v := &varier{rng: rng, old: t, without: without, mentions: rules.Mentions(t.In), to: t.Shop, facet: map[string]string{}, value: map[string]string{}, ratio: map[int]float64{}}
	v.from = v.category()
	v.toCategory = v.from
	if v.from != "" && rng.IntN(3) > 0 && v.allSpoken() {
		v.carryOver(all)
	}
	v.mapValues()
	return v.build()
}

// varier maps one turn onto other goods.
type varier struct {
	rng      *rand.Rand
	old      Turn
	mentions []nlu.Mention
	without  []string

	from, toCategory string
	to               *shops.Shop
	facet            map[string]string // old facet → new
	value            map[string]string // old "facet:value" → new value
	ratio            map[int]float64   // mention → factor of its number
}

// category is what the turn sets or the need is about.
func (v *varier) category() string {
	for _, set := range [][]nlu.Constraint{v.old.Want.Set, v.old.In.State.Constraints} {
		for _, c := range set {
			if c.Facet == catalog.FacetCategory && c.Op == catalog.OpEq {
				return c.Values[0].Str()
			}
		}
	}
	return ""
}

// allSpoken says whether the turn names everything that it sets: what it only hints at cannot be carried over.
func (v *varier) allSpoken() bool {
	for _, c := range v.old.Want.Set {
		for _, val := range c.Values {
			if !v.spoken(c.Facet, val) {
				return false
			}
		}
	}
	return len(v.old.In.Shown) == 0 || len(v.mentions) == 0
}

func (v *varier) spoken(facet string, val catalog.Value) bool {
	if val.IsNum() {
		return true
	}
	return slices.ContainsFunc(v.mentions, func(m nlu.Mention) bool {
		return slices.ContainsFunc(m.Readings, func(r nlu.Reading) bool {
			switch r.Kind {
			case nlu.MentionCategory:
				return facet == catalog.FacetCategory && r.Category == val.Str()
			case nlu.MentionValue:
				return r.Facet == facet && r.Value == val.Str()
			case nlu.MentionYes:
				return r.Facet == facet && val.IsBool()
			}
			return false
		})
	})
}

// carryOver chooses another product type that has a facet for each one spoken of.
func (v *varier) carryOver(all []*shops.Shop) {
	for range 6 {
		to := all[v.rng.IntN(len(all))]
		cats := to.Schema.Categories
		c := cats[v.rng.IntN(len(cats))]
		if c.Parent == "" || slices.Contains(v.without, to.Vertical(c.ID)) {
			continue
		}
		if m, ok := v.mapFacets(to, c.ID); ok {
			v.to, v.toCategory, v.facet = to, c.ID, m
			return
		}
	}
}

// mapFacets finds a facet of a category for each facet of the turn and its state, of the same kind and measure.
func (v *varier) mapFacets(to *shops.Shop, category string) (map[string]string, bool) {
	out := map[string]string{}
	taken := map[string]bool{}
	have := to.Schema.FacetsOf(category)
	for _, id := range v.facetsUsed() {
		f := v.old.Shop.Schema.Facet(id)
		if f == nil {
			continue // one that every product has
		}
		offset := v.rng.IntN(max(1, len(have)))
		found := false
		for k := range have {
			g := have[(k+offset)%len(have)]
			if !taken[g.ID] && alike(f, g) {
				out[id], taken[g.ID], found = g.ID, true, true
				break
			}
		}
		if !found {
			return nil, false
		}
	}
	return out, true
}

// alike says whether what is said of one facet could be said of the other.
func alike(f, g *catalog.Facet) bool {
	if f.Kind != g.Kind || f.Kind == catalog.KindEnum && len(g.Values) < 2 {
		return false
	}
	if f.Kind != catalog.KindNumber || f.Unit == g.Unit {
		return true
	}
	if f.Unit == "" || g.Unit == "" {
		return false
	}
	_, err := units.Convert(1, f.Unit, g.Unit)
	return err == nil
}

func (v *varier) facetsUsed() []string {
	var out []string
	put := func(id string) {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for _, set := range [][]nlu.Constraint{v.old.Want.Set, v.old.In.State.Constraints} {
		for _, c := range set {
			put(c.Facet)
		}
	}
	for _, list := range [][]string{v.old.Want.Drop, v.old.Want.NoPreference, v.old.Want.AskFacets, {v.old.In.State.Asked}} {
		for _, id := range list {
			put(id)
		}
	}
	return out
}

func (v *varier) newFacet(id string) string {
	if to, ok := v.facet[id]; ok {
		return to
	}
	return id
}

// mapValues draws a new value for each value that the turn or the state speaks of, and a factor for each number.
func (v *varier) mapValues() {
	for _, set := range [][]nlu.Constraint{v.old.Want.Set, v.old.In.State.Constraints} {
		for _, c := range set {
			for _, val := range c.Values {
				if val.IsStr() && c.Facet != catalog.FacetCategory {
					v.draw(c.Facet, val.Str())
				}
			}
		}
	}
	var numbers []int
	for i, m := range v.mentions {
		if m.Number != nil && len(m.Readings) == 0 && v.isPlain(m) {
			numbers = append(numbers, i)
		}
	}
	if len(numbers) == 1 && len(v.old.In.Shown) == 0 {
		v.ratio[numbers[0]] = v.factor(v.mentions[numbers[0]])
	}
}

// draw chooses what a value becomes: often itself where the goods stay the same, so that half-meant things keep their sense.
func (v *varier) draw(facet, value string) {
	key := facet + ":" + value
	if _, done := v.value[key]; done {
		return
	}
	if facet == catalog.FacetBrand {
		if v.to != v.old.Shop || v.rng.IntN(2) == 0 && len(v.old.In.Shown) == 0 {
			v.value[key] = v.to.Schema.Brands[v.rng.IntN(len(v.to.Schema.Brands))].Name
		} else {
			v.value[key] = value
		}
		return
	}
	g := v.to.Schema.Facet(v.newFacet(facet))
	carried := v.newFacet(facet) != facet || v.to != v.old.Shop
	switch {
	case g == nil || g.Kind != catalog.KindEnum || len(g.Values) == 0:
		v.value[key] = value
	case !carried && !v.isTaken(facet, value) && (len(v.old.In.Shown) > 0 || v.rng.IntN(3) == 0):
		v.value[key] = value
	default:
		for range 8 {
			id := g.Values[v.rng.IntN(len(g.Values))].ID
			if !v.isTaken(facet, id) {
				v.value[key] = id
				return
			}
		}
		v.value[key] = value
	}
}

func (v *varier) isTaken(facet, id string) bool {
	for k, x := range v.value {
		if x == id && strings.HasPrefix(k, facet+":") {
			return true
		}
	}
	return false
}

// isPlain says whether a number is written in digits alone, perhaps with a sign or unit around it.
func (v *varier) isPlain(m nlu.Mention) bool {
	return m.Number.Lo == m.Number.Hi && m.Number.Lo >= 1 && m.Number.Lo == math.Trunc(m.Number.Lo) && strings.Contains(v.old.In.Text[m.Start:m.End], digits(m.Number.Lo))
}

func digits(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// factor draws how a number changes, so that it stays a number that shoppers say.
func (v *varier) factor(m nlu.Mention) float64 {
	old := m.Number.Lo
	var to float64
	switch {
	case old <= 12 && m.Number.Currency == "":
		to = float64(1 + v.rng.IntN(12))
	case old < 100:
		to = float64((2 + v.rng.IntN(18)) * 5)
	default:
		scale := math.Pow(10, math.Floor(math.Log10(old))-1)
		to = math.Round(old*(0.3+2*v.rng.Float64())/scale) * scale
		if v.rng.IntN(3) == 0 {
			to = math.Max(1, to-1)
		}
	}
	return math.Max(1, to) / old
}

// build writes the new turn.
func (v *varier) build() (Turn, bool) {
	t := v.old
	t.ID += "~"
	t.Shop = v.to
	t.Vertical = v.to.Vertical(v.toCategory)
	if v.toCategory == "" {
		t.Vertical = v.old.Vertical
	}
	t.After = nil
	t.In.Schema = v.to.Schema
	text, ok := v.text()
	if !ok {
		return t, false
	}
	t.In.Text = text
	t.In.State = v.state(v.old.In.State)
	t.Want = v.delta(v.old.Want)
	if v.to != v.old.Shop || v.toCategory != v.from {
		t = v.furnish(t)
	}
	return t, true
}

// furnish replaces what was on the table and asked before by products and a question of the new goods.
func (v *varier) furnish(t Turn) Turn {
	if n := len(t.In.Shown); n > 0 {
		var same []*catalog.Product
		for _, p := range v.to.Products {
			if slices.Contains(p.Category, v.toCategory) {
				same = append(same, p)
			}
		}
		t.In.Shown, t.In.State.Shown = nil, nil
		v.rng.Shuffle(len(same), func(i, j int) { same[i], same[j] = same[j], same[i] })
		var refs []string
		for i, p := range same[:min(n, len(same))] {
			t.In.Shown = append(t.In.Shown, p)
			t.In.State.Shown = append(t.In.State.Shown, p.ID)
			if slices.Contains(t.Want.References, v.old.In.Shown[i].ID) {
				refs = append(refs, p.ID)
			}
			if v.old.In.State.Focus == v.old.In.Shown[i].ID {
				t.In.State.Focus = p.ID
			}
		}
		t.Want.References = refs
	}
	if f := v.to.Schema.Facet(t.In.State.Asked); f != nil && len(t.In.History) > 0 {
		t.In.History = slices.Clone(t.In.History)
		t.In.History[len(t.In.History)-1] = nlu.Message{Role: "assistant", Text: question(f, t.Want.Lang)}
	}
	return t
}

// question is how a shop asks for a facet.
func question(f *catalog.Facet, lang string) string {
	if q := f.Ask[lang]; q != "" {
		return q
	}
	if lang == "zh" {
		return "想要什么样的" + f.Label.In("zh") + "？"
	}
	return "Which " + strings.ToLower(f.Label.In("en")) + " would you like?"
}

// text writes the turn's words with the new names.
func (v *varier) text() (string, bool) {
	var b strings.Builder
	at := 0
	for i, m := range v.mentions {
		b.WriteString(v.old.In.Text[at:m.Start])
		at = m.End
		span := v.old.In.Text[m.Start:m.End]
		s, ok := v.span(i, m, span)
		if !ok {
			return "", false
		}
		b.WriteString(s)
	}
	b.WriteString(v.old.In.Text[at:])
	return b.String(), true
}

// span writes one mention anew. What the turn names beside the point stays as it is.
func (v *varier) span(i int, m nlu.Mention, span string) (string, bool) {
	if f, ok := v.ratio[i]; ok {
		return strings.Replace(span, digits(m.Number.Lo), digits(math.Round(m.Number.Lo*f)), 1), true
	}
	r, ok := v.meant(m)
	if !ok {
		return span, true
	}
	switch r.Kind {
	case nlu.MentionCategory:
		if v.toCategory == v.from && v.to == v.old.Shop {
			return span, true
		}
		c := v.to.Schema.Category(v.toCategory)
		return v.inflect(span, v.name(c.Label, c.Synonyms)), true
	case nlu.MentionValue:
		to := v.value[r.Facet+":"+r.Value]
		if r.Facet == catalog.FacetBrand {
			return to, true
		}
		if to == r.Value && v.newFacet(r.Facet) == r.Facet {
			return span, true
		}
		g := v.to.Schema.Facet(v.newFacet(r.Facet))
		if g == nil || g.Value(to) == nil {
			return "", false
		}
		return v.inflect(span, v.name(g.Value(to).Label, g.Value(to).Synonyms)), true
	}
	to := v.newFacet(r.Facet)
	if to == r.Facet {
		return span, true
	}
	g := v.to.Schema.Facet(to)
	if g == nil {
		return "", false
	}
	return v.inflect(span, v.name(g.Label, g.Synonyms)), true
}

// meant is the reading of a mention that the turn sets, drops or asks about; ok is false if there is none.
func (v *varier) meant(m nlu.Mention) (r nlu.Reading, ok bool) {
	for _, r := range m.Readings {
		for _, c := range v.old.Want.Set {
			switch {
			case r.Kind == nlu.MentionCategory && c.Facet == catalog.FacetCategory && c.Values[0].Str() == r.Category && r.Category == v.from,
				r.Kind == nlu.MentionYes && c.Facet == r.Facet,
				r.Kind == nlu.MentionFacet && c.Facet == r.Facet,
				r.Kind == nlu.MentionValue && c.Facet == r.Facet && slices.ContainsFunc(c.Values, func(x catalog.Value) bool { return x.Str() == r.Value }):
				return r, true
			}
		}
	}
	for _, r := range m.Readings {
		if r.Kind == nlu.MentionFacet || r.Kind == nlu.MentionYes {
			for _, list := range [][]string{v.old.Want.Drop, v.old.Want.NoPreference, v.old.Want.AskFacets} {
				if slices.Contains(list, r.Facet) {
					return r, true
				}
			}
		}
	}
	return nlu.Reading{}, false
}

// name draws one of the names that a thing has in the turn's language.
func (v *varier) name(label catalog.Text, synonyms map[string][]string) string {
	lang := v.old.Want.Lang
	if v.rng.IntN(25) == 0 { // mixed languages
		if lang == "zh" {
			lang = "en"
		} else {
			lang = "zh"
		}
	}
	names := append([]string{label.In(lang)}, synonyms[lang]...)
	s := names[0]
	if v.rng.IntN(2) == 0 {
		s = names[v.rng.IntN(len(names))]
	}
	if s, _, cut := strings.Cut(s, " ("); cut {
		return strings.ToLower(s)
	}
	return strings.ToLower(s)
}

// inflect makes a name fit where another stood: plural for plural.
func (v *varier) inflect(old, name string) string {
	if len(old) > 3 && strings.HasSuffix(old, "s") && !strings.HasSuffix(old, "ss") && len(name) > 2 && !strings.HasSuffix(name, "s") && unicode.IsLetter(rune(name[len(name)-1])) && name[0] < 0x80 {
		return name + "s"
	}
	return name
}

func (v *varier) state(s nlu.State) nlu.State {
	s.Constraints = v.constraints(s.Constraints, false)
	s.Asked = v.newFacet(s.Asked)
	s.Past = nil
	return s
}

func (v *varier) delta(d nlu.Delta) nlu.Delta {
	d.Set = v.constraints(d.Set, true)
	d.Drop, d.NoPreference, d.AskFacets = v.facets(d.Drop), v.facets(d.NoPreference), v.facets(d.AskFacets)
	if d.Quantity > 0 {
		for i, m := range v.mentions {
			if f, ok := v.ratio[i]; ok && m.Number.Lo == float64(d.Quantity) {
				d.Quantity = int(math.Round(m.Number.Lo * f))
			}
		}
	}
	return d
}

func (v *varier) facets(ids []string) []string {
	var out []string
	for _, id := range ids {
		out = append(out, v.newFacet(id))
	}
	return out
}

// constraints maps constraints; said ones follow the numbers of the turn.
func (v *varier) constraints(list []nlu.Constraint, said bool) []nlu.Constraint {
	var out []nlu.Constraint
	for _, c := range list {
		facet := c.Facet
		c.Facet = v.newFacet(facet)
		c.Values = slices.Clone(c.Values)
		for k, val := range c.Values {
			switch {
			case facet == catalog.FacetCategory && val.Str() == v.from:
				c.Values[k] = catalog.Str(v.toCategory)
			case val.IsStr() && facet != catalog.FacetCategory:
				c.Values[k] = catalog.Str(v.value[facet+":"+val.Str()])
			case val.IsNum() && said:
				c.Values[k] = catalog.Num(v.scaled(c, val.Num()))
			}
		}
		out = append(out, c)
	}
	return out
}

// scaled follows a number of the turn that was changed.
func (v *varier) scaled(c nlu.Constraint, n float64) float64 {
	for i, m := range v.mentions {
		f, ok := v.ratio[i]
		if !ok {
			continue
		}
		lo := m.Number.Lo
		if m.Number.Unit != "" && c.Unit != "" && m.Number.Unit != c.Unit {
			var err error
			if lo, err = units.Convert(lo, m.Number.Unit, c.Unit); err != nil {
				continue
			}
		}
		for _, k := range []float64{1, 0.9, 1.1} { // said as it is, or about it
			if math.Abs(n-k*lo) < 0.004*lo {
				return math.Round(n*math.Round(m.Number.Lo*f)/m.Number.Lo*1e6) / 1e6
			}
		}
	}
	return n
}

// SameNeed says whether a state holds exactly what was annotated.
func SameNeed(want []catalog.Constraint, got []nlu.Constraint) bool {
	left := slices.Clone(got)
	for _, w := range want {
		i := slices.IndexFunc(left, func(g nlu.Constraint) bool { return nlueval.Same(w, g.Constraint) })
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return len(left) == 0
}
