package feed

import (
	"context"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"daogou/catalog"
	"daogou/catalog/units"
)

const (
	detailsFacet  = "details" // where attributes go that are too rare to be facets
	maxKeys       = 20_000    // attributes told apart; more is noise or hostile
	maxDistinct   = 200       // values an inferred enum may have
	maxEnumLen    = 48        // bytes of an inferred enum's longest value
	maxEnumValues = 20_000    // values that any enum may grow to
	maxTextValue  = 2_000     // bytes of a text value
	categoryTop   = 24        // facets named per category
)

// schema learns in the first pass what the attributes are, and types them in the second.
type schema struct {
	m    *Mapping // may be nil
	lang string
	rep  *Report

	stats   map[string]*stats
	specs   map[string]*spec // by attribute key
	facets  map[string]*facetState
	cats    map[string]*catState
	newCats []string
	newFs   []string
	perCat  map[string]map[string]int // category → attribute key → products
	catN    map[string]int
	decl    []declared
	full    bool
}

// declared is a facet that the mapping names, with its paths as patterns.
type declared struct {
	f     *FacetMap
	globs []*glob
}

// stats is what the first pass saw of one attribute.
type stats struct {
	label              string
	n                  int // rows that have it
	vals               int
	num, qty, yes, txt int
	dims               map[string]int
	distinct           map[string]bool
	over               bool
	maxLen             int
	multi              bool
	rule               *InferRule
}

// spec says how to turn one attribute into values of one facet.
type spec struct {
	facet  *facetState
	from   string // unit of bare numbers
	split  string
	maps   map[string]string
	words  map[string]string
	values map[string]Words
	find   []finder
	min    float64
	max    float64
	fold   string // non-empty: the label under which it goes into details
	drop   bool
}

type finder struct {
	id    string
	words []string
}

// facetState is a facet with the values seen so far.
type facetState struct {
	f     catalog.Facet // without values
	rank  int           // explicit facets first, then vocabulary, then inferred
	known map[string]bool
	fresh []catalog.FacetValue // not yet given to the sink
	dirty bool
}

type catState struct {
	c catalog.Category
}

func newSchema(m *Mapping, lang string, rep *Report) *schema {
	s := &schema{m: m, lang: lang, rep: rep, stats: map[string]*stats{}, specs: map[string]*spec{}, facets: map[string]*facetState{},
		cats: map[string]*catState{}, perCat: map[string]map[string]int{}, catN: map[string]int{}}
	if m == nil {
		return s
	}
	for i := range m.Facets {
		s.declare(&m.Facets[i])
	}
	if m.Variants != nil {
		for i := range m.Variants.Facets {
			f := &m.Variants.Facets[i]
			s.specs[variantKey(f.ID)] = s.specFor(f, "", i)
		}
	}
	return s
}

func variantKey(id string) string { return "\x00variant:" + id }

func (s *schema) declare(f *FacetMap) {
	d := declared{f: f}
	for _, p := range f.Paths {
		d.globs = append(d.globs, newGlob(p))
	}
	s.decl = append(s.decl, d)
}

// observe is the first pass over one row.
func (s *schema) observe(r *row) {
	for i := range r.attrs {
		s.note(&r.attrs[i])
	}
	for _, n := range r.path {
		s.catN[n.id]++
		m := s.perCat[n.id]
		if m == nil {
			m = map[string]int{}
			s.perCat[n.id] = m
		}
		for i := range r.attrs {
			m[r.attrs[i].key]++
		}
		if len(r.parts) > 0 {
			for _, a := range r.parts[0].attrs { // what tells variants apart matters to the buyer too
				m[a.key]++
			}
		}
	}
	for _, part := range r.parts {
		s.observe(part)
	}
}

func (s *schema) note(a *attr) {
	st := s.stats[a.key]
	if st == nil {
		if len(s.stats) >= maxKeys {
			s.full = true
			return
		}
		st = &stats{label: a.label, dims: map[string]int{}, distinct: map[string]bool{}, rule: s.rule(a.key)}
		s.stats[a.key] = st
	}
	st.n++
	split := ""
	if st.rule != nil {
		split = st.rule.Split
	}
	for _, v := range a.vals {
		switch v := v.(type) {
		case bool:
			st.vals, st.yes = st.vals+1, st.yes+1
		case float64:
			st.vals, st.num = st.vals+1, st.num+1
			st.see(strconv.FormatFloat(v, 'f', -1, 64))
		case string:
			parts := splitValue(v, split, nil)
			st.multi = st.multi || len(parts) > 1
			for _, p := range parts {
				st.word(p)
			}
		}
	}
	st.multi = st.multi || len(a.vals) > 1
}

func (st *stats) word(s string) {
	if s == "" || placeholder(s) {
		return
	}
	st.vals++
	st.maxLen = max(st.maxLen, len(s))
	st.see(strings.ToLower(s))
	if _, ok := yesNo(s); ok {
		st.yes++
		return
	}
	if _, ok := plainNumber(s); ok {
		st.num++
		return
	}
	if qs := units.Find(s); len(qs) > 0 && wholeQuantity(s, qs) {
		st.qty++
		st.dims[qs[0].Unit.Dim]++
		return
	}
	st.txt++
}

func (st *stats) see(s string) {
	if len(st.distinct) > maxDistinct {
		st.over = true
		return
	}
	st.distinct[s] = true
}

// wholeQuantity says whether s is nothing but quantities of one dimension, such as "1.5 kg" or "2000g/2300g".
func wholeQuantity(s string, qs []units.Quantity) bool {
	rest := 0
	for i, q := range qs {
		if q.Unit.Dim != qs[0].Unit.Dim {
			return false
		}
		start := 0
		if i > 0 {
			start = qs[i-1].End
		}
		rest += len(strings.Trim(s[start:q.Start], " /~-–,;+()约"))
	}
	return rest+len(strings.Trim(s[qs[len(qs)-1].End:], " /()左右")) == 0
}

func (s *schema) rule(key string) *InferRule {
	if s.m == nil {
		return nil
	}
	for i := range s.m.Infer {
		for _, p := range s.m.Infer[i].Paths {
			if newGlob(p).match(key) {
				return &s.m.Infer[i]
			}
		}
	}
	return nil
}

// decide ends the first pass: every attribute gets its facet, every category the facets that matter there.
func (s *schema) decide() {
	keys := make([]string, 0, len(s.stats))
	for k := range s.stats {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		a, b := s.stats[keys[i]], s.stats[keys[j]]
		if a.n != b.n {
			return a.n > b.n
		}
		return keys[i] < keys[j]
	})
	for i, d := range s.decl {
		for _, k := range keys {
			if s.specs[k] == nil && d.match(k) {
				s.specs[k] = s.specFor(d.f, s.stats[k].guess(), i)
			}
		}
		if len(d.f.Title) > 0 {
			s.specs[titleKey(d.f.ID)] = s.specFor(d.f, "", i)
		}
	}
	for _, k := range keys {
		if s.specs[k] == nil {
			s.specs[k] = s.infer(k, s.stats[k])
		}
	}
	for id, m := range s.perCat {
		s.rank(id, m)
	}
	s.perCat = nil
}

func titleKey(id string) string { return "\x00title:" + id }

func (d declared) match(key string) bool {
	for _, g := range d.globs {
		if g.match(key) {
			return true
		}
	}
	return false
}

// guess is the kind that the values look like.
func (st *stats) guess() catalog.Kind {
	if st.rule != nil && st.rule.Kind != "" {
		return st.rule.Kind
	}
	switch {
	case st.vals == 0:
		return catalog.KindText
	case st.yes == st.vals:
		return catalog.KindBool
	case float64(st.num+st.qty) >= 0.95*float64(st.vals) && len(st.dims) <= 1:
		return catalog.KindNumber
	case !st.over && st.maxLen <= maxEnumLen && len(st.distinct) <= max(12, st.vals/3):
		return catalog.KindEnum
	}
	return catalog.KindText
}

// unit is the unit that most quantities were written in, by dimension.
func (st *stats) unit() string {
	if st.rule != nil && st.rule.Unit != "" {
		return st.rule.Unit
	}
	for dim, n := range st.dims {
		if 2*n >= st.vals {
			return canonicalOf(dim)
		}
	}
	return ""
}

func canonicalOf(dim string) string {
	for _, name := range []string{"cm", "g", "l", "GB", "W", "Wh", "kcal", "mAh", "V", "A", "h", "ms", "month", "Hz", "lm", "K", "dpi", "MP", "dB", "Mbps", "bar",
		"ppm", "rpm", "nm", "°C", "tog", "mmH2O", "%", "person", "piece", "cup"} {
		if u, ok := units.Lookup(name); ok && u.Dim == dim {
			if c, ok := units.Canonical(name); ok {
				return c.Name
			}
		}
	}
	return ""
}

// specFor makes the reading of an attribute by a declaration, completed by the vocabulary's entry of the same facet.
func (s *schema) specFor(f *FacetMap, guess catalog.Kind, rank int) *spec {
	base := vocabulary().facets[f.ID]
	sp := &spec{from: f.Unit, split: f.Split, maps: lowerKeys(f.Map), values: map[string]Words{}, words: map[string]string{}, min: f.Min, max: f.Max}
	if base != nil {
		if sp.from == "" {
			sp.from = base.Unit
		}
		if sp.split == "" {
			sp.split = base.Split
		}
		sp.learn(base.Values)
	}
	sp.learn(f.Values)
	for id, words := range f.Find {
		sp.find = append(sp.find, finder{id, words})
	}
	sort.Slice(sp.find, func(i, j int) bool { return sp.find[i].id < sp.find[j].id })
	sp.facet = s.facet(f.ID, func() facetState { return stateFor(f, base, guess, sp.from, rank) })
	return sp
}

func (sp *spec) learn(values map[string]Words) {
	for id, w := range values {
		sp.values[id] = w
	}
	for w, id := range wordIndex(values) {
		sp.words[w] = id
	}
}

func stateFor(f, base *FacetMap, guess catalog.Kind, unit string, rank int) facetState {
	out := catalog.Facet{ID: f.ID, Kind: f.Kind, Label: f.label(), Synonyms: byScript(f.Also), Multi: f.Multi, Variant: f.Variant, Better: f.Better}
	if f.Ask.En+f.Ask.Zh != "" {
		out.Ask = f.Ask.label()
	}
	if f.Why.En+f.Why.Zh != "" {
		out.Why = f.Why.label()
	}
	if base != nil {
		fillFacet(&out, base)
	}
	if out.Kind == "" {
		out.Kind = guess
	}
	if out.Kind == "" {
		out.Kind = catalog.KindEnum
	}
	if len(out.Label) == 0 {
		out.Label = catalog.Text{langOf(f.ID): humanise(f.ID)}
	}
	if out.Kind == catalog.KindNumber {
		if c, ok := units.Canonical(unit); ok {
			out.Unit = c.Name
		}
	}
	return facetState{f: out, rank: rank}
}

func fillFacet(out *catalog.Facet, base *FacetMap) {
	if out.Kind == "" {
		out.Kind = base.Kind
	}
	for lang, l := range base.label() {
		if out.Label[lang] == "" {
			out.Label[lang] = l
		}
	}
	if out.Synonyms == nil {
		out.Synonyms = byScript(base.Also)
	}
	out.Multi = out.Multi || base.Multi
	out.Variant = out.Variant || base.Variant
	if out.Better == "" {
		out.Better = base.Better
	}
	if out.Ask == nil && base.Ask.En != "" {
		out.Ask = base.Ask.label()
	}
}

// facet returns the state of a facet, making it at first sight.
func (s *schema) facet(id string, make func() facetState) *facetState {
	if f := s.facets[id]; f != nil {
		return f
	}
	f := make()
	f.known = map[string]bool{}
	f.dirty = true
	s.facets[id] = &f
	s.newFs = append(s.newFs, id)
	return &f
}

const (
	rankVocabulary = 1000
	rankInferred   = 2000
)

// infer decides about an attribute that no declaration names.
func (s *schema) infer(key string, st *stats) *spec {
	option := strings.HasPrefix(key, optionKey(""))
	if s.m != nil && st.rule == nil && !option {
		return &spec{drop: true}
	}
	name := st.label
	if name == "" {
		name = humanise(s.bare(key, st.rule))
	}
	fixed := st.rule != nil && st.rule.Kind != ""
	if f := vocabulary().lookup(name); f != nil && (!fixed || f.Kind == st.rule.Kind) {
		return s.specFor(f, st.guess(), rankVocabulary)
	}
	minCount := 1
	if s.m != nil {
		minCount = max(s.m.MinCount, 1)
	}
	id := nameKey(name)
	if id == "" || st.n < minCount && !option || reserved[id] {
		return &spec{fold: name, facet: s.details()}
	}
	unit := st.unit()
	sp := &spec{from: unit, words: map[string]string{}}
	if st.rule != nil {
		sp.split = st.rule.Split
	}
	kind := st.guess()
	if option {
		kind = catalog.KindEnum
	}
	if have := s.facets[id]; have != nil && have.f.Kind != kind {
		id += "_" + string(kind) // the same name for a size and for a yes or no: two facets
	}
	sp.facet = s.facet(id, func() facetState {
		return stateFor(&FacetMap{ID: id, Kind: kind, Names: namesIn(s.lang, name), Multi: st.multi}, nil, "", unit, rankInferred)
	})
	return sp
}

// reserved are the names of constraints that every product has without a facet.
var reserved = map[string]bool{catalog.FacetCategory: true, catalog.FacetBrand: true, catalog.FacetPrice: true, catalog.FacetRating: true,
	catalog.FacetInStock: true, catalog.FacetOnSale: true, catalog.FacetShipsFrom: true, detailsFacet: true}

func (s *schema) details() *facetState {
	return s.facet(detailsFacet, func() facetState {
		return facetState{f: catalog.Facet{ID: detailsFacet, Kind: catalog.KindText, Label: catalog.Text{"en": "Details", "zh": "其他参数"}, Multi: true}, rank: rankInferred * 2}
	})
}

// bare is the last part of a path without the rule's prefix.
func (s *schema) bare(key string, rule *InferRule) string {
	if i := strings.LastIndexByte(key, '.'); i >= 0 && i+1 < len(key) {
		key = key[i+1:]
	}
	if rule != nil {
		key = strings.TrimPrefix(key, rule.Prefix)
	}
	return key
}

// humanise makes a label of a field name: power_consumption__standby_ is "Power consumption (standby)".
func humanise(key string) string {
	key = strings.TrimSpace(key)
	if i := strings.Index(key, "__"); i > 0 && strings.HasSuffix(key, "_") {
		key = key[:i] + " (" + strings.Trim(key[i:], "_") + ")"
	}
	key = strings.Join(strings.FieldsFunc(key, func(r rune) bool { return r == '_' || r == ' ' }), " ")
	key = strings.ReplaceAll(key, "( ", "(")
	if key == "" {
		return key
	}
	if c := key[0]; c >= 'a' && c <= 'z' {
		return string(c-'a'+'A') + key[1:]
	}
	return key
}

func namesIn(lang, label string) Names {
	if langOf(label) == "zh" || lang == "zh" {
		return Names{Zh: label}
	}
	return Names{En: label}
}

// rank names the facets of a category: first the mapping's own, then what most of its products have.
func (s *schema) rank(id string, perKey map[string]int) {
	n := s.catN[id]
	cover := map[string]int{}
	for k, c := range perKey {
		if sp := s.specs[k]; sp != nil && sp.facet != nil && sp.fold == "" && !sp.drop && sp.facet.f.Kind != catalog.KindText {
			cover[sp.facet.f.ID] = min(n, cover[sp.facet.f.ID]+c)
		}
	}
	var ids []string
	for f, c := range cover {
		if 4*c >= n && c >= min(n, 3) {
			ids = append(ids, f)
		}
	}
	score := func(f string) float64 {
		v := float64(cover[f]) / float64(n)
		if s.facets[f].rank < rankInferred {
			v++
		}
		return v
	}
	sort.Slice(ids, func(i, j int) bool {
		a, b := score(ids[i]), score(ids[j])
		if math.Abs(a-b) > 1e-9 {
			return a > b
		}
		return ids[i] < ids[j]
	})
	s.cats[id] = &catState{c: catalog.Category{ID: id, Facets: ids[:min(len(ids), categoryTop)]}}
}

// category registers a path and returns its IDs.
func (s *schema) category(path []node) []string {
	ids := make([]string, 0, len(path))
	for _, n := range path {
		ids = append(ids, n.id)
		st := s.cats[n.id]
		if st == nil {
			st = &catState{}
			s.cats[n.id] = st
		}
		if st.c.Label == nil {
			st.c = catalog.Category{ID: n.id, Parent: n.parent, Label: n.label, Synonyms: byScript(n.also), Facets: s.united(n.facets, st.c.Facets)}
			s.newCats = append(s.newCats, n.id)
		}
	}
	return ids
}

// united is first and then what it lacks of second, known facets only.
func (s *schema) united(first, second []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, id := range append(append([]string{}, first...), second...) {
		if !seen[id] && s.facets[id] != nil {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// flush gives the sink the categories and facets that the next products need.
func (s *schema) flush(ctx context.Context, sink catalog.Sink) error {
	for _, id := range s.newCats {
		if err := sink.PutCategory(ctx, s.cats[id].c); err != nil {
			return fmt.Errorf("feed: category %s: %w", id, err)
		}
	}
	s.newCats = nil
	for _, id := range s.newFs {
		st := s.facets[id]
		f := st.f
		f.Values, st.fresh, st.dirty = st.fresh, nil, false
		if err := sink.PutFacet(ctx, f); err != nil {
			return fmt.Errorf("feed: facet %s: %w", id, err)
		}
	}
	s.newFs = nil
	return nil
}

func (s *schema) touch(st *facetState) {
	if !st.dirty {
		st.dirty = true
		s.newFs = append(s.newFs, st.f.ID)
	}
}

// facetsOf types the attributes of a row.
func (s *schema) facetsOf(attrs []attr, at place) map[string][]catalog.Value {
	var out map[string][]catalog.Value
	for i := range attrs {
		a := &attrs[i]
		sp := s.specs[a.key]
		if sp == nil || sp.drop {
			continue
		}
		vals := s.values(sp, a, at)
		if len(vals) == 0 {
			continue
		}
		if out == nil {
			out = map[string][]catalog.Value{}
		}
		id := sp.facet.f.ID
		have := out[id]
		for _, v := range vals {
			if !contains(have, v) {
				have = append(have, v)
			}
		}
		if len(have) > 1 && !sp.facet.f.Multi {
			sp.facet.f.Multi = true
			s.touch(sp.facet)
		}
		out[id] = have
	}
	return out
}

func contains(vs []catalog.Value, v catalog.Value) bool {
	for _, x := range vs {
		if x == v {
			return true
		}
		if x.IsNum() && v.IsNum() && math.Abs(x.Num()-v.Num()) <= 0.005*math.Abs(x.Num()) {
			return true // 15.6 in and 39.6 cm in one field are one length
		}
	}
	return false
}

func (s *schema) values(sp *spec, a *attr, at place) []catalog.Value {
	var out []catalog.Value
	for _, v := range a.vals {
		switch {
		case sp.fold != "":
			out = append(out, foldValue(sp.fold, v)...)
		case sp.facet.f.Kind == catalog.KindBool:
			out = append(out, s.boolValue(sp, a, v, at)...)
		case sp.facet.f.Kind == catalog.KindNumber:
			out = append(out, s.numberValues(sp, a, v, at)...)
		case sp.facet.f.Kind == catalog.KindEnum:
			out = append(out, s.enumValues(sp, v, at)...)
		default:
			if t := squeeze(plain(textOf(v))); t != "" && !placeholder(t) {
				out = append(out, catalog.Str(clip(t, maxTextValue)))
			}
		}
	}
	return out
}

// foldValue words a rare attribute for the details facet. What a product does not have is left out.
func foldValue(label string, v any) []catalog.Value {
	t := squeeze(plain(textOf(v)))
	if yes, ok := yesNo(t); ok {
		if !yes {
			return nil
		}
		return []catalog.Value{catalog.Str(label)}
	}
	if t == "" || placeholder(t) {
		return nil
	}
	return []catalog.Value{catalog.Str(clip(label+": "+t, maxTextValue))}
}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func (s *schema) boolValue(sp *spec, a *attr, v any, at place) []catalog.Value {
	t := strings.TrimSpace(textOf(v))
	if m, ok := sp.maps[strings.ToLower(t)]; ok {
		t = m
	}
	if yes, ok := yesNo(t); ok {
		return []catalog.Value{catalog.Bool(yes)}
	}
	if t != "" && !placeholder(t) {
		s.rep.add(Warning, "bad-value", at, "%s: %q is neither yes nor no", a.key, clip(t, 60))
	}
	return nil
}

func (s *schema) numberValues(sp *spec, a *attr, v any, at place) []catalog.Value {
	var nums []float64
	ok := true
	switch v := v.(type) {
	case float64:
		nums = []float64{toCanonical(v, sp.from, sp.facet.f.Unit)}
	case string:
		t := strings.TrimSpace(v)
		if m, found := sp.maps[strings.ToLower(t)]; found {
			t = m
		}
		if t == "" || placeholder(t) {
			return nil
		}
		if no, is := yesNo(t); is && !no {
			return nil
		}
		nums, ok = quantities(t, sp.from, sp.facet.f.Unit)
	default:
		ok = false
	}
	if !ok {
		s.rep.add(Warning, "bad-unit", at, "%s: %q is not a quantity%s; it was left out", a.key, clip(textOf(v), 60), inUnit(sp.facet.f.Unit))
		return nil
	}
	var out []catalog.Value
	for _, n := range nums {
		if sp.max > sp.min && (n < sp.min || n > sp.max) || math.IsNaN(n) || math.IsInf(n, 0) {
			s.rep.add(Info, "out-of-range", at, "%s: %v is outside %v–%v and was taken for noise", a.key, n, sp.min, sp.max)
			continue
		}
		out = append(out, catalog.Num(n))
	}
	return out
}

func inUnit(u string) string {
	if u == "" {
		return ""
	}
	return " that converts to " + u
}

// toCanonical converts a bare number.
func toCanonical(v float64, from, to string) float64 {
	if from == "" || to == "" {
		return v
	}
	c, err := units.Convert(v, from, to)
	if err != nil {
		return v
	}
	return tidy(c)
}

// tidy rounds away what binary conversion adds: 43.18, not 43.180000000000007.
func tidy(v float64) float64 {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return v
	}
	scale := math.Pow(10, 9-math.Ceil(math.Log10(math.Abs(v))))
	if math.IsInf(scale, 0) || scale == 0 {
		return v
	}
	return math.Round(v*scale) / scale
}

// quantities reads the numbers of a text in the facet's unit: "1.5 米", `17"`, "2000g/2300g", or a bare number in the unit from.
func quantities(s, from, to string) ([]float64, bool) {
	if n, ok := plainNumber(s); ok {
		return []float64{toCanonical(n, from, to)}, true
	}
	var out []float64
	for _, q := range units.Find(s) {
		if to == "" {
			return nil, false
		}
		n, err := q.In(to)
		if err != nil {
			continue
		}
		out = append(out, tidy(n))
	}
	return out, len(out) > 0
}

// plainNumber reads a number with nothing around it.
func plainNumber(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 24 || strings.ContainsAny(s, "xXpPiInN_") {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		whole, frac, ok := splitDecimal(s, 2)
		if !ok {
			return 0, false
		}
		if n, err = strconv.ParseFloat(whole+"."+frac+"0", 64); err != nil {
			return 0, false
		}
	}
	return n, !math.IsInf(n, 0) && !math.IsNaN(n)
}

func yesNo(s string) (yes, ok bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "yes", "y", "是", "有", "支持", "wahr", "oui", "ja":
		return true, true
	case "false", "no", "n", "否", "无", "不支持", "没有":
		return false, true
	}
	return false, false
}

func (s *schema) enumValues(sp *spec, v any, at place) []catalog.Value {
	text := oneLine(textOf(v))
	var out []catalog.Value
	if len(sp.find) > 0 {
		low := strings.ToLower(text)
		for _, f := range sp.find {
			if containsWord(low, f.words) {
				out = append(out, s.enumValue(sp, f.id, "", at)...)
			}
		}
		return out
	}
	for _, part := range splitValue(text, sp.split, sp.words) {
		low := strings.ToLower(part)
		if id, ok := sp.maps[low]; ok {
			if id == "" {
				continue
			}
			out = append(out, s.enumValue(sp, id, part, at)...)
			continue
		}
		if part == "" || placeholder(part) {
			continue
		}
		if id, ok := sp.words[low]; ok {
			out = append(out, s.enumValue(sp, id, part, at)...)
			continue
		}
		out = append(out, s.enumValue(sp, slug(part, '-'), part, at)...)
	}
	return out
}

// containsWord says whether one of the words occurs in the text, a Latin one only as a word of its own.
func containsWord(text string, words []string) bool {
	for _, w := range words {
		w = strings.ToLower(w)
		for from := 0; ; {
			i := strings.Index(text[from:], w)
			if i < 0 || w == "" {
				break
			}
			i += from
			if !isLatin(w[0]) || (i == 0 || !isLatin(text[i-1])) && (i+len(w) == len(text) || !isLatin(text[i+len(w)])) {
				return true
			}
			from = i + len(w)
		}
	}
	return false
}

func isLatin(c byte) bool { return c >= 'a' && c <= 'z' }

// enumValue makes a value and registers it with its labels.
func (s *schema) enumValue(sp *spec, id, text string, at place) []catalog.Value {
	if id == "" {
		return nil
	}
	st := sp.facet
	if !st.known[id] {
		if len(st.known) >= maxEnumValues {
			s.rep.add(Warning, "too-many-values", at, "facet %s has more than %d values; map it as text", st.f.ID, maxEnumValues)
			return nil
		}
		st.known[id] = true
		fv := catalog.FacetValue{ID: id, Label: catalog.Text{}}
		if w, ok := sp.values[id]; ok {
			fv = w.value(id)
		}
		if len(fv.Label) == 0 {
			if text == "" {
				text = id
			}
			fv.Label = catalog.Text{s.langFor(text): clip(text, 120)}
		}
		st.fresh = append(st.fresh, fv)
		s.touch(st)
	}
	return []catalog.Value{catalog.Str(id)}
}

// langFor is the language of a label: Chinese if its script is, else the feed's.
func (s *schema) langFor(text string) string {
	if l := langOf(text); l == "zh" {
		return l
	}
	if s.lang != "" && s.lang != "zh" {
		return s.lang
	}
	if s.lang == "zh" && !hasLetters(text) {
		return "zh"
	}
	return "en"
}

func hasLetters(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i] | 0x20; c >= 'a' && c <= 'z' {
			return true
		}
	}
	return false
}

// splitValue cuts a value at any of the separator characters, unless the vocabulary knows the whole of it.
func splitValue(s, seps string, words map[string]string) []string {
	s = strings.TrimSpace(s)
	if seps == "" || !strings.ContainsAny(s, seps) {
		return []string{s}
	}
	if _, ok := words[strings.ToLower(s)]; ok {
		return []string{s}
	}
	var out []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(seps, r) }) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
		if len(out) == 64 {
			break
		}
	}
	return out
}
