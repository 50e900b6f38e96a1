package chat

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"daogou/catalog"
	"daogou/nlu"
)

// Slots by which a draft states facts. An item's are p1.title, p1.price, p1.was, p1.stock, p1.rating, p1.brand, one for each facet of its row,
// p1.why1 … p1.why3 and p1.off (reasons and the trade-off, worded), p1.a1 … (answers to what was asked).
// low.title, low.price, top.title and top.rating are of the cheapest and the best rated of the items, whichever that is when the rows are read.
// The others are of no product: n.* are counts, need is what the shopper wants in their own words or the category's label.

// factSet collects a plan's facts.
type factSet struct {
	plan  *Plan
	rows  []*catalog.Product
	facts map[string]Fact
}

// fill makes every fact that a draft of the plan may state.
func (p *Plan) fill(s Situation) {
	fs := factSet{plan: p, rows: productsOf(p.Items), facts: map[string]Fact{}}
	p.Facts = fs.facts
	for i, it := range p.Items {
		fs.item(i, it)
	}
	fs.counts()
	fs.need(s)
	fs.next(s)
	fs.question()
	fs.changes(s)
	fs.relaxations()
	fs.extremes()
	fs.cart(s.Rows)
	if p.Policy != nil {
		fs.put(Fact{Slot: "policy.answer", Column: "policy", Value: p.Policy.ID, Text: clean(p.Policy.Answer.In(p.Lang), maxAnswer)})
		fs.put(Fact{Slot: "policy.question", Column: "policy", Value: p.Policy.ID, Text: clean(p.Policy.Question.In(p.Lang), maxQuestion)})
	}
}

func productsOf(items []Item) []*catalog.Product {
	rows := make([]*catalog.Product, len(items))
	for i := range items {
		rows[i] = items[i].Product
	}
	return rows
}

func (fs *factSet) put(f Fact) {
	if f.Text != "" {
		fs.facts[f.Slot] = f
	}
}

// text puts a fact that is of no product.
func (fs *factSet) text(slot, text string) { fs.put(Fact{Slot: slot, Text: clean(text, 200)}) }

func (fs *factSet) item(i int, it Item) {
	r := fs.plan.Reader
	columns := []string{colTitle, colBrand, colPrice, colWas, colStock, colRating, catalog.FacetCategory}
	for id := range it.Product.Facets {
		columns = append(columns, id)
	}
	for _, col := range columns {
		if f, ok := r.Read(it.Product, col); ok {
			f.Slot = itemSlot(i, col)
			fs.put(f)
		}
	}
	for k, x := range it.Reasons {
		if f, ok := r.reasonText(x, i, fs.rows); ok {
			f.Slot = itemSlot(i, "why"+strconv.Itoa(k+1))
			fs.put(f)
		}
	}
	if it.TradeOff != nil {
		if f, ok := r.reasonText(*it.TradeOff, i, fs.rows); ok {
			f.Slot = itemSlot(i, "off")
			fs.put(f)
		}
	}
	for k, facet := range fs.plan.Asked {
		if f, ok := r.answer(it.Product, facet); ok {
			f.Slot = itemSlot(i, "a"+strconv.Itoa(k+1))
			fs.put(f)
		}
	}
}

// answer is a worded answer on one facet of a row.
func (r *Reader) answer(p *catalog.Product, facet string) (Fact, bool) {
	f, ok := r.Read(p, facet)
	if !ok {
		return f, false
	}
	kind := catalog.KindText
	if x := r.Schema.Facet(facet); x != nil {
		kind = x.Kind
	}
	f.Text = clean(r.words().answer(facet, kind, r.FacetLabel(facet), f.Text, f.Value == "true"), maxFactRunes)
	return f, f.Text != ""
}

func (fs *factSet) counts() {
	w, p := fs.plan.Reader.words(), fs.plan
	fs.text("n.total", strconv.Itoa(p.Total))
	fs.text("n.found", w.matches(p.Total))
	fs.text("n.shown", strconv.Itoa(len(p.Items)))
}

// need is what the talk is about: the category's label, else the shopper's own words.
func (fs *factSet) need(s Situation) {
	p, r := fs.plan, fs.plan.Reader
	for _, c := range s.State.Constraints {
		if p.Kind == PlanNotCarried && len(s.State.Keywords) > 0 {
			break // it is the words that the shop has nothing for
		}
		if c.Facet == catalog.FacetCategory && c.Op != catalog.OpNe && len(c.Values) > 0 {
			fs.text("need", r.needLabel(nil, []nlu.Constraint{c}))
		}
	}
	if _, ok := fs.facts["need"]; !ok && len(s.State.Keywords) > 0 {
		words := corrected(s)
		if words != "" && utf8.RuneCountInString(words) <= 60 {
			fs.text("need", "“"+clean(words, 60)+"”")
		}
	}
	if _, ok := fs.facts["need"]; ok {
		p.Subject = "need"
	}
	fs.text("ref", s.Delta.Unresolved)
	if fresh := freshWords(s); len(fresh) > 0 && len(fresh) <= maxUnread {
		fs.text("unread", "“"+clean(strings.Join(fresh, " "), 60)+"”")
	}
}

// maxUnread is how many words left out are owned up to: more are talk, not conditions.
const maxUnread = 4

// corrected are the shopper's keywords as the search read them.
func corrected(s Situation) string {
	words := strings.Join(searchWords(s.State), " ")
	if s.Result != nil {
		for _, c := range s.Result.Corrected {
			words = strings.ReplaceAll(words, c.From, c.To)
		}
	}
	return words
}

func (fs *factSet) question() {
	q := fs.plan.Question
	if q == nil {
		return
	}
	r := fs.plan.Reader
	fs.text("q.label", withoutBrackets(r.inSentence(r.FacetLabel(q.Facet.ID))))
	fs.text("q.text", r.questionText(q.Facet))
	fs.text("q.why", q.Facet.Why.In(r.Lang))
	fs.text("q.splits", r.words().splits(q.From, q.To))
}

// withoutBrackets is a label as it is spoken: "shoe size", not "shoe size (EU)".
func withoutBrackets(label string) string {
	if i := strings.IndexAny(label, "(（"); i > 0 {
		return strings.TrimSpace(label[:i])
	}
	return label
}

func (fs *factSet) changes(s Situation) {
	p, r := fs.plan, fs.plan.Reader
	for i, c := range p.Corrected {
		fs.text(fmt.Sprintf("c%d.from", i+1), c.From)
		fs.text(fmt.Sprintf("c%d.to", i+1), c.To)
	}
	fs.text("changed", r.listOf(p.Changed))
	var dropped []string
	for _, f := range p.Dropped {
		dropped = append(dropped, r.inSentence(r.FacetLabel(f)))
	}
	fs.text("dropped", joinAnd(dropped, r.words().and, r.words().comma))
	for i, c := range p.Unmet {
		fs.text(fmt.Sprintf("u%d.label", i+1), r.spoken(asSaid(c)))
	}
	for i, f := range p.Unanswered {
		fs.text(fmt.Sprintf("m%d.label", i+1), r.inSentence(r.FacetLabel(f)))
	}
	if s.Delta.Country != "" {
		fs.text("country", r.words().country(s.Delta.Country))
	}
	fs.currency(s)
}

// currency notes, once, that the shopper thinks in another currency than the shop's, and whether a budget has to be converted.
func (fs *factSet) currency(s Situation) {
	own, asked := fs.plan.Reader.Schema.Currency, s.Delta.Currency
	if asked == "" || own == "" || asked == own || asked == s.Before.Currency || fs.plan.Kind == PlanNotCarried {
		return
	}
	name := func(code string) string {
		if n := fs.plan.Reader.words().currency[code]; n != "" {
			return n
		}
		return code
	}
	fs.text("currency.own", name(own))
	slot := "currency.asked"
	for _, c := range s.State.Constraints {
		if c.Facet == catalog.FacetPrice && c.Unit == asked && fs.plan.Reader.Convert != nil {
			slot = "currency.budget"
		}
	}
	fs.text(slot, name(asked))
}

// inSentence is a label as it stands inside a sentence.
func (r *Reader) inSentence(label string) string {
	if r.Lang == "en" {
		return inline(label)
	}
	return label
}

// listOf names constraints in a sentence: "≤ $50 and not black".
func (r *Reader) listOf(cs []nlu.Constraint) string {
	parts := make([]string, 0, len(cs))
	for i, c := range cs {
		if i == 4 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, r.spoken(asSaid(c)))
	}
	if r.Lang == "zh" {
		return strings.Join(parts, r.words().comma)
	}
	return joinAnd(parts, r.words().and, r.words().comma)
}

func joinAnd(parts []string, and, comma string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], comma) + and + parts[len(parts)-1]
}

func (fs *factSet) relaxations() {
	r := fs.plan.Reader
	for i, x := range fs.plan.Relax {
		fs.text(fmt.Sprintf("r%d.drop", i+1), r.listOf(x.Drop))
		fs.text(fmt.Sprintf("r%d.set", i+1), r.listOf(x.Set))
		fs.text(fmt.Sprintf("r%d.found", i+1), r.words().matches(x.Count))
	}
}

// extremes are the facts of the cheapest and of the best rated item.
func (fs *factSet) extremes() {
	for _, slot := range []string{"low.title", "low.price", "top.title", "top.rating"} {
		if f, ok := fs.plan.extreme(slot, fs.rows); ok {
			fs.put(f)
		}
	}
	if t := buildTable(fs.plan.Reader, fs.rows, fs.plan.Asked); t != nil && fs.plan.Kind == PlanCompare {
		fs.text("differs", differing(fs.plan.Reader, t))
	}
}

// extreme reads low.* and top.* from rows.
func (p *Plan) extreme(slot string, rows []*catalog.Product) (Fact, bool) {
	kind, col, _ := strings.Cut(slot, ".")
	why := whyCheapest
	if kind == "top" {
		why = whyBestRated
	}
	for i := range rows {
		if p.Reader.holds(Reasoned{Kind: why}, i, rows) {
			f, ok := p.Reader.Read(rows[i], col)
			f.Slot = slot
			return f, ok
		}
	}
	return Fact{}, false
}

// cart puts the facts of the basket.
func (fs *factSet) cart(rows map[string]*catalog.Product) {
	p := fs.plan
	if len(p.Cart) == 0 {
		return
	}
	n := 0
	for _, l := range p.Cart {
		n += l.Quantity
	}
	fs.text("cart.count", p.Reader.words().products(n))
	if sum, ok := p.Reader.total(p.Cart, rows); ok {
		fs.put(Fact{Slot: "cart.total", Column: "cart_total", Value: minorText(sum), Text: p.Reader.Money(sum)})
	}
	if p.Quantity > 0 {
		fs.text("cart.qty", strconv.Itoa(p.Quantity))
	}
}

// refresh reads a fact of the plan again from rows. ok is false if the row no longer says it, or is gone.
func (p *Plan) refresh(f Fact, rows map[string]*catalog.Product) (Fact, bool) {
	table := make([]*catalog.Product, len(p.Items))
	for i, it := range p.Items {
		table[i] = rows[it.Product.ID]
	}
	head, col, _ := strings.Cut(f.Slot, ".")
	switch {
	case head == "low" || head == "top":
		return p.extreme(f.Slot, table)
	case f.Slot == "cart.total":
		sum, ok := p.Reader.total(p.Cart, rows)
		f.Value, f.Text = minorText(sum), p.Reader.Money(sum)
		return f, ok
	case f.Product == "":
		return f, true
	}
	i, ok := number(head, "p")
	if !ok || i < 1 || i > len(p.Items) || table[i-1] == nil {
		return f, false
	}
	fresh, ok := p.refreshItem(i-1, col, table)
	fresh.Slot = f.Slot
	return fresh, ok
}

func (p *Plan) refreshItem(i int, col string, table []*catalog.Product) (Fact, bool) {
	it := p.Items[i]
	if k, ok := number(col, "why"); ok && k >= 1 && k <= len(it.Reasons) {
		return p.Reader.reasonText(it.Reasons[k-1], i, table)
	}
	if col == "off" && it.TradeOff != nil {
		return p.Reader.reasonText(*it.TradeOff, i, table)
	}
	if k, ok := number(col, "a"); ok && k >= 1 && k <= len(p.Asked) {
		return p.Reader.answer(table[i], p.Asked[k-1])
	}
	return p.Reader.Read(table[i], col)
}

// number reads the digits after a prefix: "p12" is 12.
func number(s, prefix string) (int, bool) {
	rest, ok := strings.CutPrefix(s, prefix)
	if !ok || rest == "" {
		return 0, false
	}
	n, err := strconv.Atoi(rest)
	return n, err == nil
}

// inCategory says whether a word is part of what the category is called: the "electric" of electric toothbrushes.
func inCategory(s Situation, word string) bool {
	c := s.Reader.Schema.Category(categoryOf(s.State))
	if c == nil {
		return false
	}
	for _, l := range c.Label {
		if strings.Contains(strings.ToLower(l), strings.ToLower(word)) {
			return true
		}
	}
	return false
}

// freshWords are the words left out that were said in this turn: those of earlier turns have been owned up to.
func freshWords(s Situation) []string {
	var out []string
	for _, w := range s.Unread {
		if slices.Contains(s.Delta.Keywords, w) && !inCategory(s, w) {
			out = append(out, w)
		}
	}
	return out
}
