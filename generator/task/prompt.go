package task

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"daogou/catalog"
	"daogou/catalog/units"
	"daogou/nlu"
)

// Bounds of a parse prompt, in tokens or counts. What does not fit is left out, the least likely first; the turn itself is kept from its start.
const (
	schemaTokens = 240 // facets and values that nobody spoke of are listed up to here
	listFacets   = 20
	listValues   = 8
	askedValues  = 16
	labelTokens  = 12 // a label is cut here: a value that is a page of text must not fill the prompt
	botTokens    = 24
	maxWalk      = 24
	sayTokens    = 120
)

// ParsePrompt is the prompt of one turn with what its tags stand for.
//
//	<parse> <schema> <c0> tent <f0> colour <v0> orange <v1> navy <f1> capacity <#> <f2> waterproof <?>
//	<state> <shown> <bot> <say> a two<q0> person tent<c0> under 150 bucks<q1> , not orange<v0> <draft> <find> <c0> <=> <q1> <f:price> <le> <out>
type ParsePrompt struct {
	Tokens []int32

	turn  nlu.Turn
	lang  string
	tags  *tags
	said  []int32 // the turn's own tokens, tags left out
	start []bool  // of said: a word starts here
	walk  []int32 // tags of what the turn mentions, in order: the answer says of each what it is there for
	home  string
}

// Hints are what is known of a turn before the model reads it.
type Hints struct {
	Mentions []nlu.Mention // what it may speak of, from nlu.Rules.Mentions
	Draft    *nlu.Delta    // how the rules read it; nil: the model reads without a draft
}

// promptWriter builds a ParsePrompt.
type promptWriter struct {
	*ParsePrompt
	v        *Vocab
	shop     *Words
	mentions []nlu.Mention
	guessed  []string            // categories proposed for a turn that names none
	facets   []string            // in the order in which they are listed
	values   map[string][]string // facet → values to list, spoken of or held by the state
	spoken   map[string]bool     // facets spoken of or held by the state: always listed
}

// NewParsePrompt renders a turn. words are the shop's; shift moves the numbering of tags (0 when serving).
func (v *Vocab) NewParsePrompt(t nlu.Turn, h Hints, words *Words, shift int) *ParsePrompt {
	lang := nlu.Detect(t.Text, orElse(t.State.Lang, "en"))
	p := &ParsePrompt{turn: t, lang: lang, tags: newTags(v, shift), home: nlu.BareCurrency(t.State.Currency, lang, t.Schema.Currency)}
	w := &promptWriter{ParsePrompt: p, v: v, shop: words, mentions: h.Mentions, values: map[string][]string{}, spoken: map[string]bool{}}
	w.gather()
	w.put(tokParse)
	if lang == "zh" {
		w.put(tokZH)
	} else {
		w.put(tokEN)
	}
	w.schema()
	w.state()
	w.table()
	w.bot()
	w.say()
	if h.Draft != nil {
		w.put(tokDraft)
		w.Tokens = append(w.Tokens, p.brief(*h.Draft)...)
	}
	w.put(tokOut)
	return p
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func (w *promptWriter) put(name string)  { w.Tokens = append(w.Tokens, w.v.id[name]) }
func (w *promptWriter) tag(id int32)     { w.Tokens = append(w.Tokens, id) }
func (w *promptWriter) write(s string)   { w.Tokens = w.v.text(w.Tokens, s) }
func (w *promptWriter) number(f float64) { w.write(" " + strconv.FormatFloat(f, 'f', -1, 64)) }

// label writes a name of the catalogue, in the shopper's language, bounded.
func (w *promptWriter) label(t catalog.Text, id string) {
	s := t.In(w.lang)
	if s == "" {
		s = id
	}
	if len(s) > 8*labelTokens {
		s = strings.ToValidUTF8(s[:8*labelTokens], "")
	}
	ids := w.v.text(nil, " "+strings.ToLower(strings.Join(strings.Fields(s), " ")))
	w.Tokens = append(w.Tokens, ids[:min(len(ids), labelTokens)]...)
}

// gather decides which facets and values the prompt speaks of: what the state holds, what is asked, what the turn mentions, then what the category has besides.
func (w *promptWriter) gather() {
	for _, c := range w.turn.State.Constraints {
		w.gatherConstraint(c.Constraint)
	}
	if f := w.turn.Schema.Facet(w.turn.State.Asked); f != nil {
		w.facet(f.ID)
		for i := range f.Values {
			if i < askedValues {
				w.value(f.ID, f.Values[i].ID)
			}
		}
	}
	for _, m := range w.mentions {
		for _, r := range m.Readings {
			w.gatherReading(r, m)
		}
	}
	w.guess()
	for _, m := range w.mentions {
		for _, id := range w.measurable(m.Number) {
			w.facet(id)
		}
	}
}

// Categories proposed: more where nothing else tells what the talk is about.
const (
	guessesAlone  = 8
	guessesBeside = 2
	guessFacets   = 3 // of the first so many guesses the facets are listed
)

// guess proposes categories by the turn's words.
func (w *promptWriter) guess() {
	n := guessesAlone
	if len(w.tags.list[tagCategory]) > 0 {
		n = guessesBeside
	}
	for _, id := range w.shop.Guess(w.turn.Text, n) {
		if _, known := w.tags.find("c:" + id); !known {
			w.tags.add("c:"+id, meaning{kind: tagCategory, category: id, at: -1})
			w.guessed = append(w.guessed, id)
		}
	}
}

func (w *promptWriter) gatherConstraint(c catalog.Constraint) {
	for _, v := range c.Values {
		switch {
		case c.Facet == catalog.FacetCategory:
			w.tags.add("c:"+v.Str(), meaning{kind: tagCategory, category: v.Str(), at: -1})
		case v.IsStr():
			w.value(c.Facet, v.Str())
		}
	}
	w.facet(c.Facet)
}

func (w *promptWriter) gatherReading(r nlu.Reading, m nlu.Mention) {
	switch r.Kind {
	case nlu.MentionCategory:
		w.tags.add("c:"+r.Category, meaning{kind: tagCategory, category: r.Category, at: m.Start, span: w.turn.Text[m.Start:m.End]})
	case nlu.MentionValue:
		w.facet(r.Facet)
		w.value(r.Facet, r.Value)
	default:
		w.facet(r.Facet)
	}
}

// facet lists a facet once; those that every product has need no listing.
func (w *promptWriter) facet(id string) {
	if id == "" || w.spoken[id] || slices.Contains(reserved, id) || len(w.facets) >= maxFacets {
		return
	}
	w.spoken[id] = true
	w.facets = append(w.facets, id)
}

func (w *promptWriter) value(facet, value string) {
	if !slices.Contains(w.values[facet], value) {
		w.values[facet] = append(w.values[facet], value)
	}
}

// categories are those in play: what the turn names before what the need is about.
func (w *promptWriter) categories() []string {
	var named, held []string
	for _, m := range w.tags.list[tagCategory] {
		switch {
		case m.at >= 0:
			named = append(named, m.category)
		case !slices.Contains(w.guessed, m.category):
			held = append(held, m.category)
		}
	}
	all := append(named, held...)
	if len(all) == 0 {
		all = w.guessed[:min(len(w.guessed), guessFacets)]
	}
	return all[:min(len(all), 3)]
}

// measurable are the facets in play that an amount with a unit could be about.
func (w *promptWriter) measurable(a *nlu.Amount) []string {
	if a == nil || a.Unit == "" {
		return nil
	}
	var out []string
	in := w.categories()
	if len(in) > 0 && slices.Contains(w.guessed, in[0]) {
		in = w.guessed
	}
	for _, c := range in {
		for _, f := range w.turn.Schema.FacetsOf(c) {
			if f.Kind == catalog.KindNumber && f.Unit != "" && len(out) < 4 && !slices.Contains(out, f.ID) {
				if _, err := units.Convert(a.Lo, a.Unit, f.Unit); err == nil {
					out = append(out, f.ID)
				}
			}
		}
	}
	return out
}

// schema lists the categories, facets and values with their tags.
func (w *promptWriter) schema() {
	w.put(tokSchema)
	for k, m := range w.tags.list[tagCategory] {
		w.tag(w.tags.token(tagCategory, k))
		if c := w.turn.Schema.Category(m.category); c != nil {
			w.label(c.Label, c.ID)
		}
	}
	w.brands()
	for _, id := range w.facets {
		if f := w.turn.Schema.Facet(id); f != nil {
			w.listFacet(f, true)
		}
	}
	listed := len(w.facets)
	for _, f := range w.others() {
		if listed >= listFacets || len(w.Tokens) > schemaTokens {
			return
		}
		w.listFacet(f, false)
		listed++
	}
}

// others are the facets that nobody named, of the categories in play: those whose names or values are close to the turn's words first.
func (w *promptWriter) others() []*catalog.Facet {
	type ranked struct {
		f     *catalog.Facet
		close float64
	}
	var list []ranked
	said := nlu.Terms(w.turn.Text)
	for _, c := range w.categories() {
		for _, f := range w.turn.Schema.FacetsOf(c) {
			if !w.spoken[f.ID] && f.Kind != catalog.KindText {
				w.spoken[f.ID] = true
				list = append(list, ranked{f, w.shop.closeness(f, said)})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b ranked) int { return cmp.Compare(b.close, a.close) })
	out := make([]*catalog.Facet, len(list))
	for i, r := range list {
		out[i] = r.f
	}
	return out
}

// brands lists the brands spoken of.
func (w *promptWriter) brands() {
	if len(w.values[catalog.FacetBrand]) == 0 {
		return
	}
	w.put("<f:brand>")
	for _, b := range w.values[catalog.FacetBrand] {
		w.listValue(catalog.FacetBrand, b, nil)
	}
}

func (w *promptWriter) listFacet(f *catalog.Facet, spoken bool) {
	tag, ok := w.tags.add("f:"+f.ID, meaning{kind: tagFacet, facet: f.ID, at: -1})
	if !ok {
		return
	}
	w.tag(tag)
	w.label(f.Label, f.ID)
	switch f.Kind {
	case catalog.KindBool:
		w.put(tokYesNo)
	case catalog.KindNumber:
		w.put(tokNumber)
		if f.Unit != "" {
			w.write(" " + f.Unit)
		}
	}
	for _, id := range w.values[f.ID] {
		if v := f.Value(id); v != nil {
			w.listValue(f.ID, id, v.Label)
		}
	}
	for i := range f.Values {
		if i >= listValues || len(w.values[f.ID]) >= listValues || len(w.Tokens) > schemaTokens && !(spoken && i < 2) {
			return
		}
		if v := &f.Values[i]; !slices.Contains(w.values[f.ID], v.ID) {
			w.listValue(f.ID, v.ID, v.Label)
		}
	}
}

func (w *promptWriter) listValue(facet, id string, label catalog.Text) {
	if tag, ok := w.tags.add("v:"+facet+":"+id, meaning{kind: tagValue, facet: facet, value: id, at: -1}); ok {
		w.tag(tag)
		w.label(label, id)
	}
}

// state writes what is held so far.
func (w *promptWriter) state() {
	w.put(tokState)
	for _, c := range w.turn.State.Constraints {
		w.constraint(c.Constraint)
	}
	if f, ok := w.tags.facetToken(w.turn.State.Asked); ok {
		w.put(tokAsked)
		w.tag(f)
	}
}

var opTokens = map[catalog.Op]string{catalog.OpEq: tokEq, catalog.OpIn: tokEq, catalog.OpNe: tokNe, catalog.OpLe: tokLe, catalog.OpGe: tokGe, catalog.OpBetween: tokBetw}

func (w *promptWriter) constraint(c catalog.Constraint) {
	if c.Facet != catalog.FacetCategory {
		f, ok := w.tags.facetToken(c.Facet)
		if !ok {
			return
		}
		w.tag(f)
	}
	w.put(opTokens[c.Op])
	for _, v := range c.Values {
		switch {
		case c.Facet == catalog.FacetCategory:
			if id, ok := w.tags.find("c:" + v.Str()); ok {
				w.tag(id)
			}
		case v.IsStr():
			if id, ok := w.tags.find("v:" + c.Facet + ":" + v.Str()); ok {
				w.tag(id)
			}
		case v.IsBool() && v.Bool():
			w.put(tokYes)
		case v.IsBool():
			w.put(tokNo)
		default:
			w.number(v.Num())
		}
	}
	if !c.Hard {
		w.put(tokSoft)
	}
}

// table writes the products on the table: their tags, and which is cheapest, dearest and in focus.
func (w *promptWriter) table() {
	shown := w.turn.Shown[:min(len(w.turn.Shown), maxItems)]
	if len(shown) == 0 {
		return
	}
	w.put(tokShown)
	lo, hi := priceRange(shown, w.home)
	for _, p := range shown {
		tag, ok := w.tags.add("i:"+p.ID, meaning{kind: tagItem, product: p, at: -1})
		if !ok {
			continue
		}
		w.tag(tag)
		if len(shown) > 1 && p.ID == lo {
			w.put(tokMin)
		}
		if len(shown) > 1 && p.ID == hi {
			w.put(tokMax)
		}
		if p.ID == w.turn.State.Focus {
			w.put(tokFocus)
		}
	}
}

// priceRange is the cheapest and the dearest product.
func priceRange(shown []*catalog.Product, currency string) (lo, hi string) {
	var least, most float64
	for i, p := range shown {
		amount, _ := priceOf(p, currency)
		price := amount.Major()
		if i == 0 || price < least {
			least, lo = price, p.ID
		}
		if i == 0 || price > most {
			most, hi = price, p.ID
		}
	}
	return lo, hi
}

// bot writes the end of what the assistant said last: a question stands there.
func (w *promptWriter) bot() {
	n := len(w.turn.History)
	if n == 0 || w.turn.History[n-1].Role == "shopper" {
		return
	}
	ids := w.v.text(nil, " "+strings.TrimSpace(w.turn.History[n-1].Text))
	w.put(tokBot)
	w.Tokens = append(w.Tokens, ids[max(0, len(ids)-botTokens):]...)
}

// say writes the turn with the tags of what it mentions behind the words.
func (w *promptWriter) say() {
	w.put(tokSay)
	at := 0
	for _, m := range w.mentions {
		if len(w.said) > sayTokens {
			return
		}
		w.words(at, m.End)
		at = m.End
		if m.Fuzzy {
			w.put(tokFuzzy)
		}
		w.mention(m)
	}
	if len(w.said) <= sayTokens {
		w.words(at, len(w.turn.Text))
	}
}

// mention writes the tags of one mention.
func (w *promptWriter) mention(m nlu.Mention) {
	span := w.turn.Text[m.Start:m.End]
	for _, r := range m.Readings {
		var name string
		switch r.Kind {
		case nlu.MentionCategory:
			name = "c:" + r.Category
		case nlu.MentionValue:
			name = "v:" + r.Facet + ":" + r.Value
		default:
			if id, ok := w.tags.facetToken(r.Facet); ok {
				w.visit(id)
				w.spokenAt("f:"+r.Facet, m.Start, span)
			}
			continue
		}
		if id, ok := w.tags.find(name); ok {
			w.visit(id)
			w.spokenAt(name, m.Start, span)
			if r.Kind == nlu.MentionValue {
				w.itemsWith(r)
			}
		}
	}
	if m.Number != nil {
		w.amount(m, span)
	}
}

// visit writes the tag of something mentioned and puts it on the walk.
func (w *promptWriter) visit(id int32) {
	w.tag(id)
	if len(w.walk) < maxWalk && !slices.Contains(w.walk, id) {
		w.walk = append(w.walk, id)
	}
}

func (w *promptWriter) spokenAt(name string, at int, span string) {
	if id, ok := w.tags.find(name); ok {
		if m := w.tags.meaning(id); m != nil && m.at < 0 {
			m.at, m.span = at, span
		}
	}
}

// itemsWith points to the products on the table that have a value, if not all of them do.
func (w *promptWriter) itemsWith(r nlu.Reading) {
	var have []string
	for _, p := range w.turn.Shown {
		if p.Brand == r.Value && r.Facet == catalog.FacetBrand || slices.ContainsFunc(p.Facets[r.Facet], func(v catalog.Value) bool { return v.Str() == r.Value }) {
			have = append(have, p.ID)
		}
	}
	if len(have) < len(w.turn.Shown) && len(have) <= 2 {
		for _, id := range have {
			if tag, ok := w.tags.find("i:" + id); ok {
				w.tag(tag)
			}
		}
	}
}

// amount writes a number's tag, whether it is a range, what it could be measured of, and whose price it is.
func (w *promptWriter) amount(m nlu.Mention, span string) {
	id, ok := w.tags.add("q:"+strconv.Itoa(m.Start), meaning{kind: tagAmount, amount: m.Number, at: m.Start, span: span})
	if !ok {
		return
	}
	w.visit(id)
	if m.Number.Lo != m.Number.Hi {
		w.put(tokRange)
	}
	if m.Number.Currency != "" {
		w.put("<f:price>")
	}
	if m.Number.Stars {
		w.put("<f:rating>")
	}
	for _, f := range w.measurable(m.Number) {
		if tag, ok := w.tags.facetToken(f); ok {
			w.tag(tag)
		}
	}
	if m.Number.Unit != "" {
		return
	}
	for _, p := range w.turn.Shown {
		amount, _ := priceOf(p, w.home)
		if price := amount.Major(); price == m.Number.Lo || float64(int(price)) == m.Number.Lo && m.Number.Lo > 9 {
			if tag, ok := w.tags.find("i:" + p.ID); ok {
				w.tag(tag)
			}
		}
	}
}

// priceOf is what a product costs in a currency, in major units, or in the default market's if it has no price in that one.
func priceOf(p *catalog.Product, currency string) (catalog.Money, bool) {
	for _, row := range p.Prices {
		if row.Amount.Currency == currency {
			return row.Amount, true
		}
	}
	row, ok := p.PriceIn("")
	return row.Amount, ok
}

// words writes the turn's text from byte i to byte j, with a tag behind words that stand in the title of one product on the table only.
func (w *promptWriter) words(i, j int) {
	for i < j && len(w.said) <= sayTokens {
		k, item := w.titleWord(i, j)
		w.piece(w.turn.Text[i:k])
		if item != "" {
			if tag, ok := w.tags.find("i:" + item); ok {
				w.tag(tag)
			}
		}
		i = k
	}
}

func (w *promptWriter) piece(s string) {
	for k, id := range w.v.text(nil, s) {
		text := w.v.decode([]int32{id})
		r, _ := utf8.DecodeRuneInString(text)
		w.said = append(w.said, id)
		w.start = append(w.start, k == 0 || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != utf8.RuneError || unicode.Is(unicode.Han, r))
		w.tag(id)
	}
}

// titleWord finds the first word in [i, j) that only one title on the table has; k is the end of that word, or j.
func (w *promptWriter) titleWord(i, j int) (k int, item string) {
	if len(w.turn.Shown) < 2 {
		return j, ""
	}
	text := w.turn.Text
	for at := i; at < j; {
		r, size := utf8.DecodeRuneInString(text[at:])
		end := at + size
		switch {
		case unicode.Is(unicode.Han, r):
			for n := 0; n < 3 && end < j; n++ {
				_, size := utf8.DecodeRuneInString(text[end:])
				if id := w.titled(text[at : end+size]); id == "" {
					break
				}
				end += size
			}
			if end > at+size {
				return end, w.titled(text[at:end])
			}
		case unicode.IsLetter(r):
			for end < j {
				r, size := utf8.DecodeRuneInString(text[end:])
				if !unicode.IsLetter(r) || unicode.Is(unicode.Han, r) {
					break
				}
				end += size
			}
			if end-at >= 4 {
				if id := w.titled(text[at:end]); id != "" {
					return end, id
				}
			}
		}
		at = end
	}
	return j, ""
}

// titled is the product whose title alone, among those on the table, has a word.
func (w *promptWriter) titled(word string) string {
	word = strings.ToLower(word)
	found := ""
	for _, p := range w.turn.Shown {
		for _, t := range p.Title {
			if strings.Contains(strings.ToLower(t), word) {
				if found != "" && found != p.ID {
					return ""
				}
				found = p.ID
			}
		}
	}
	return found
}
