package feed

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"daogou/catalog"
)

// mapped reads any table or JSON lines by a mapping.
type mapped struct {
	r     *runner
	m     *Mapping
	comma byte // 0: JSON lines
	want  map[string]bool
	nodes map[string][]node // category ID → path

	chosen []int16 // the first pass's type rule of each row
	next   int
}

func newMapped(r *runner, comma byte) *mapped {
	m := &mapped{r: r, m: r.opts.Map, comma: comma, want: map[string]bool{}, nodes: map[string][]node{}}
	for _, c := range m.m.Categories {
		n := node{id: c.ID, parent: c.In, label: c.label(), also: c.Also, facets: c.Facets}
		if len(n.label) == 0 {
			n.label = catalog.Text{langOf(c.ID): humanise(c.ID)}
		}
		m.nodes[c.ID] = append(slices.Clip(m.nodes[c.In]), n)
	}
	variantPrice := m.m.Variants != nil && m.m.Variants.Price.Path != ""
	r.quiet = quiet{price: m.m.Fields.Price.Path == "" && !variantPrice, image: m.m.Fields.Images.empty()}
	return m
}

func (m *mapped) build(rows []*row) (*catalog.Product, error) { return m.r.assemble(rows), nil }

func (m *mapped) rows(in *input, yield func(*row) error) error {
	if m.comma == 0 {
		return in.eachLine(func(b []byte, n int, last bool) error {
			if b = bytes.TrimSpace(b); len(b) == 0 {
				return nil
			}
			rec := map[string]any{}
			if err := json.Unmarshal(b, &rec); err != nil {
				return m.r.jsonLineError(in.file, n, last, err)
			}
			return m.yield(rec, in.file, n, yield)
		})
	}
	reject := func(line int, why string) { m.r.reject("bad-row", place{file: in.file, line: line}, "%s", why) }
	return in.eachRecord(m.comma, strings.TrimSpace, reject, func(r *record) error {
		rec := make(map[string]any, len(r.fields))
		for i, name := range r.header.names {
			if v := strings.TrimSpace(r.fields[i]); v != "" && rec[name] == nil {
				rec[name] = v
			}
		}
		return m.yield(rec, in.file, r.line, yield)
	})
}

func (m *mapped) yield(rec map[string]any, file string, line int, yield func(*row) error) error {
	if out := m.row(rec, file, line); out != nil {
		return yield(out)
	}
	m.r.lost()
	return nil
}

// row reads a record; nil means that it was reported and left out.
func (m *mapped) row(rec map[string]any, file string, line int) *row {
	f := &m.m.Fields
	out := &row{file: file, line: line}
	p := &out.p
	p.ID = f.ID.text(rec)
	at := out.at()
	if p.ID == "" {
		m.r.rep.skip(Error, "missing-id", at, "the row has nothing in its id field")
		return nil
	}
	m.derive(rec)
	out.group = f.Group.text(rec)
	p.Title, p.Description = m.texts(f.Title, rec), m.texts(f.Description, rec)
	p.Brand, p.MPN, p.Link = f.Brand.text(rec), f.MPN.text(rec), f.Link.text(rec)
	p.GTIN = first(f.GTIN.all(rec)...)
	p.Condition, p.Available = f.Condition.text(rec), catalog.Availability(f.Availability.text(rec))
	p.Origin, p.HSCode, p.ShipsFrom = f.Origin.text(rec), f.HSCode.text(rec), f.ShipsFrom.text(rec)
	p.Restricted = f.Restrictions.all(rec)
	for _, u := range f.Images.all(rec) {
		p.Images = append(p.Images, catalog.Image{URL: u})
	}
	if !m.price(p, f.Price, rec, at) {
		return nil
	}
	p.Stock = stockOf(f.Stock, rec)
	m.measures(p, rec, at)
	out.attrs = m.attrs(rec)
	out.attrs = append(out.attrs, m.fromTitle(p, out.attrs)...)
	out.path = m.typeOf(p, rec)
	m.variants(out, rec)
	return out
}

// derive adds the fields that the rules want: a text with others cut off its front.
func (m *mapped) derive(rec map[string]any) {
	for _, d := range m.m.Derive {
		s := oneLine(first(textsAt(rec, d.From)...))
		for _, c := range d.Cut {
			if t := oneLine(first(textsAt(rec, c)...)); t != "" && len(t) <= len(s) && strings.EqualFold(s[:len(t)], t) {
				s = strings.TrimLeft(s[len(t):], " -,")
			}
		}
		rec[d.Name] = cutAtWord(s, d.Until)
	}
}

// cutAtWord ends a text before the first of the words that is not its first word.
func cutAtWord(s string, words []string) string {
	low := strings.ToLower(s)
	end := len(s)
	for _, w := range words {
		if i := strings.Index(low, " "+strings.ToLower(w)+" "); i > 0 && i < end && len(low) == len(s) {
			end = i
		}
	}
	return s[:end]
}

func (m *mapped) texts(t Texts, rec map[string]any) catalog.Text {
	out := catalog.Text{}
	for lang, f := range t {
		s := f.text(rec)
		if s == "" {
			continue
		}
		if lang == "" {
			for l, text := range m.r.text(s) {
				out[l] = text
			}
			continue
		}
		out[lang] = s
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// price reads the product's or a variant's price into p. False means that it is broken and reported.
func (m *mapped) price(p *catalog.Product, pm PriceMap, rec map[string]any, at place) bool {
	if pm.Path == "" {
		return true
	}
	cur := m.r.defaultCurrency()
	if c := pm.Currency.text(rec); c != "" {
		code, ok := currencyCode(c)
		if !ok {
			m.r.rep.skip(Error, "unknown-currency", at, "%q is not a currency; use an ISO 4217 code such as USD", clip(c, 20))
			return false
		}
		cur = code
	}
	amount, ok, err := money(rec, pm.Path, pm.Scale, cur)
	if err != nil {
		m.r.rejectPrice(err, at)
		return false
	}
	if !ok {
		return true
	}
	price := catalog.Price{Market: m.r.opts.Market, Amount: amount}
	m.reduce(&price, pm, rec, cur, at)
	p.Prices = []catalog.Price{price}
	return true
}

// reduce finds what the price is reduced from, to, or by.
func (m *mapped) reduce(price *catalog.Price, pm PriceMap, rec map[string]any, cur string, at place) {
	list, hasList, err := money(rec, pm.ListPrice, pm.Scale, cur)
	if err == nil && hasList && list.Minor > price.Amount.Minor {
		price.Sale = &catalog.Sale{Amount: price.Amount}
		price.Amount = list
	}
	sale, hasSale, err2 := money(rec, pm.Sale, pm.Scale, cur)
	if err2 == nil && hasSale {
		price.Sale = &catalog.Sale{Amount: sale}
	}
	if e := errors.Join(err, err2); e != nil {
		m.r.rep.add(Warning, "bad-sale-price", at, "%v; the sale was left out", e)
	}
	if pm.Discount != "" {
		if pct, ok := plainNumber(first(textsAt(rec, pm.Discount)...)); ok && pct > 0 && pct < 100 {
			minor := int64(math.Round(float64(price.Amount.Minor) * (1 - pct/100)))
			if minor < price.Amount.Minor {
				price.Sale = &catalog.Sale{Amount: catalog.Money{Minor: minor, Currency: price.Amount.Currency}}
			}
		}
	}
	if dates := pm.SaleDates.text(rec); dates != "" && price.Sale != nil {
		from, to, err := parseDates(dates)
		if err != nil {
			m.r.rep.add(Warning, "bad-date", at, "%v; the sale was left out", err)
			price.Sale = nil
			return
		}
		price.Sale.From, price.Sale.To = from, to
	}
}

// money reads an amount at a path; ok is false if there is none.
func money(rec map[string]any, path string, scale float64, cur string) (catalog.Money, bool, error) {
	if path == "" {
		return catalog.Money{}, false, nil
	}
	for _, v := range valuesAt(rec, path) {
		switch v := v.(type) {
		case float64:
			c, err := moneyFrom(v, scale, cur)
			return c, true, err
		case string:
			if strings.TrimSpace(v) == "" {
				continue
			}
			if n, ok := plainNumber(v); ok && scale != 0 {
				c, err := moneyFrom(n, scale, cur)
				return c, true, err
			}
			c, err := parseMoney(v, cur)
			return c, true, err
		}
	}
	return catalog.Money{}, false, nil
}

func stockOf(sm StockMap, rec map[string]any) map[string]int64 {
	if sm.Path == "" {
		return nil
	}
	n, ok := plainNumber(first(textsAt(rec, sm.Path)...))
	if !ok || math.Abs(n) > 1e15 {
		return nil
	}
	house := sm.Warehouse
	if house == "" {
		house = mainWarehouse
	}
	return map[string]int64{house: max(int64(n), 0)}
}

func (m *mapped) measures(p *catalog.Product, rec map[string]any, at place) {
	f := &m.m.Fields
	if s := f.Weight.text(rec); s != "" {
		g, ok := measure(s, "g", f.Weight.Unit)
		if !ok {
			m.r.rep.add(Warning, "bad-unit", at, "%q is not a weight; say its unit in the mapping", clip(s, 40))
		}
		p.WeightG = g
	}
	if len(f.Size.Paths) == 3 {
		for _, path := range f.Size.Paths {
			if cm, ok := measure(first(textsAt(rec, path)...), "cm", f.Size.Unit); ok && cm > 0 {
				p.SizeMM = append(p.SizeMM, tidy(cm*10))
			}
		}
		if len(p.SizeMM) != 3 {
			p.SizeMM = nil
		}
	}
	if avg, ok := plainNumber(f.Rating.text(rec)); ok {
		if f.Rating.Scale > 0 {
			avg *= f.Rating.Scale
		}
		n, _ := plainNumber(f.RatingCount.text(rec))
		p.Rating = &catalog.Rating{Average: tidy(avg), Count: int64(min(max(n, 0), 1e15))}
	}
}

// attrs are the fields that the mapping wants as facets.
func (m *mapped) attrs(rec map[string]any) []attr {
	var out []attr
	flatten("", rec, 0, func(path string, vals []any) {
		want, known := m.want[path]
		if !known {
			want = m.wants(path)
			if len(m.want) < maxKeys {
				m.want[path] = want
			}
		}
		if want {
			out = append(out, attr{key: path, vals: vals})
		}
	})
	return out
}

func (m *mapped) wants(path string) bool {
	for _, d := range m.r.schema.decl {
		if d.match(path) {
			return true
		}
	}
	for _, g := range m.m.ignore {
		if g.match(path) {
			return false
		}
	}
	return m.r.schema.rule(path) != nil
}

// flatten calls f for every leaf of a record in the order of the paths. A list of plain values is one leaf.
func flatten(prefix string, v any, depth int, f func(string, []any)) {
	if depth > 8 {
		return
	}
	switch v := v.(type) {
	case nil:
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			path := k
			if prefix != "" {
				path = prefix + "." + k
			}
			flatten(path, v[k], depth+1, f)
		}
	case []any:
		var plain []any
		for i, e := range v {
			switch e.(type) {
			case string, float64, bool:
				plain = append(plain, e)
			default:
				if i < 100 {
					flatten(prefix+"."+strconv.Itoa(i), e, depth+1, f)
				}
			}
		}
		if len(plain) > 0 {
			f(prefix, plain)
		}
	default:
		f(prefix, []any{v})
	}
}

// fromTitle finds the facets that a mapping reads from the title where the fields are silent.
func (m *mapped) fromTitle(p *catalog.Product, have []attr) []attr {
	var out []attr
	for _, d := range m.r.schema.decl {
		if len(d.f.titleREs) == 0 || slices.ContainsFunc(have, func(a attr) bool { return d.match(a.key) }) {
			continue
		}
		if v := inTitle(d.f.titleREs, p.Title); v != "" {
			out = append(out, attr{key: titleKey(d.f.ID), vals: []any{v}})
		}
	}
	return out
}

// inTitle is the group of the first expression that matches the title in either language.
func inTitle(res []*regexp.Regexp, title catalog.Text) string {
	for _, re := range res {
		for _, lang := range []string{"en", "zh"} {
			if sub := re.FindStringSubmatch(title[lang]); sub != nil && sub[1] != "" {
				return sub[1]
			}
		}
	}
	return ""
}

// typeOf is the category path by the first rule that holds. The first pass remembers the rule, so that the second need not search.
func (m *mapped) typeOf(p *catalog.Product, rec map[string]any) []node {
	if m.r.rep.silent {
		i := m.rule(p.Title.In(m.r.lang), rec)
		m.chosen = append(m.chosen, int16(i))
		return m.levels(i, rec)
	}
	if m.next++; m.next <= len(m.chosen) {
		return m.levels(int(m.chosen[m.next-1]), rec)
	}
	return m.levels(m.rule(p.Title.In(m.r.lang), rec), rec)
}

// rule is the index of the first rule that holds, or -1.
func (m *mapped) rule(title string, rec map[string]any) int {
	f := &ruleFacts{rec: rec, title: lowered{title, strings.ToLower(title)}, fields: map[string]lowered{}}
	for i := range m.m.Types {
		t := &m.m.Types[i]
		if t.holds(f) && (t.To != "" || len(m.levels(i, rec)) > 0) {
			return i
		}
	}
	return -1
}

// levels is the category path that a rule gives to a record.
func (m *mapped) levels(i int, rec map[string]any) []node {
	if i < 0 || i >= len(m.m.Types) {
		return nil
	}
	t := &m.m.Types[i]
	if t.To != "" {
		return m.nodes[t.To]
	}
	var labels []string
	for _, l := range t.Levels {
		labels = append(labels, Field{Template: l}.text(rec))
	}
	return pathOf(labels, m.levelNames)
}

func (m *mapped) levelNames(s string) (catalog.Text, []string) {
	if w, ok := m.m.Values[s]; ok {
		return w.label(), w[min(2, len(w)):]
	}
	return m.r.labelled(s)
}

// lowered is a text beside its lower-case form.
type lowered struct{ text, low string }

// ruleFacts is what the type rules ask of one record; each field is read once.
type ruleFacts struct {
	rec    map[string]any
	title  lowered
	fields map[string]lowered
}

func (f *ruleFacts) field(path string) lowered {
	v, ok := f.fields[path]
	if !ok {
		v.text = oneLine(strings.Join(textsAt(f.rec, path), ", "))
		v.low = strings.ToLower(v.text)
		f.fields[path] = v
	}
	return v
}

func (t *TypeRule) holds(f *ruleFacts) bool {
	if t.title != nil && !t.title.match(f.title.text, f.title.low) {
		return false
	}
	var field lowered
	if t.Field != "" {
		field = f.field(t.Field)
		if field.text == "" || t.is != nil && !t.is[field.low] || t.match != nil && !t.match.match(field.text, field.low) {
			return false
		}
	}
	for _, h := range t.Has {
		if f.field(h).text == "" {
			return false
		}
	}
	for _, l := range t.Lacks {
		if f.field(l).text != "" {
			return false
		}
	}
	return t.not == nil || !t.not.match(f.title.text, f.title.low) && !t.not.match(field.text, field.low)
}

// variants reads the list of variants inside a record. A single one without options is the product itself.
func (m *mapped) variants(out *row, rec map[string]any) {
	vm := m.m.Variants
	if vm == nil {
		return
	}
	list := valuesAt(rec, vm.Path)
	for i, e := range list {
		el, ok := e.(map[string]any)
		if !ok || i >= 1000 {
			continue
		}
		part := &row{file: out.file, line: out.line}
		v := &part.p
		el["#"] = float64(i + 1)
		if v.ID = vm.ID.text(el); v.ID == "" {
			v.ID = out.p.ID + "-" + strconv.Itoa(i+1)
		}
		v.Title = m.texts(vm.Title, el)
		v.MPN, v.GTIN = vm.SKU.text(el), vm.GTIN.text(el)
		if u := vm.Image.text(el); u != "" {
			v.Images = []catalog.Image{{URL: u}}
		}
		if !m.price(v, vm.Price, el, part.at()) {
			continue
		}
		v.Stock = stockOf(vm.Stock, el)
		part.attrs = m.options(rec, el)
		for k := range vm.Facets {
			for _, path := range vm.Facets[k].Paths {
				if vals := valuesAt(el, path); len(vals) > 0 {
					part.attrs = append(part.attrs, attr{key: variantKey(vm.Facets[k].ID), vals: vals})
				}
			}
		}
		out.parts = append(out.parts, part)
	}
	if len(out.parts) == 1 && len(out.parts[0].attrs) == 0 {
		one := &out.parts[0].p
		if len(one.Prices) > 0 && len(out.p.Prices) == 0 {
			out.p.Prices = one.Prices
		}
		if one.Stock != nil {
			out.p.Stock = one.Stock
		}
		out.parts = nil
	}
	if len(out.parts) > 0 && vm.Price.Path != "" {
		out.p.Prices = nil // the cheapest variant's price is the product's
	}
}

// options pairs a variant's option values with their names. A value that every product has is no option.
func (m *mapped) options(rec, el map[string]any) []attr {
	om := m.m.Variants.Options
	if om.Values == "" {
		return nil
	}
	var out []attr
	names, _ := firstValue(rec, om.Names).(map[string]any)
	sorted := make([]string, 0, len(names))
	for n := range names {
		sorted = append(sorted, n)
	}
	sort.Strings(sorted)
	for _, val := range textsAt(el, om.Values) {
		switch strings.ToLower(val) {
		case "标准", "默认", "default", "default title", "standard":
			continue
		}
		for _, name := range sorted {
			if slices.Contains(textsOf(names[name]), val) {
				out = append(out, attr{key: optionKey(name), label: name, vals: []any{val}})
				break
			}
		}
	}
	return out
}

// text is the first filled value of a field.
func (f Field) text(rec map[string]any) string {
	var s string
	if f.Template != "" {
		s = fill(f.Template, rec)
	}
	for _, p := range f.Paths {
		if s != "" {
			break
		}
		s = strings.TrimSpace(first(textsAt(rec, p)...))
	}
	return f.change(s)
}

func (f Field) change(s string) string {
	for _, c := range f.Cut {
		s = strings.TrimSpace(strings.TrimSuffix(s, c))
	}
	if m, ok := f.lower[strings.ToLower(s)]; ok {
		return m
	}
	return s
}

// all is every value of every path of a field.
func (f Field) all(rec map[string]any) []string {
	var out []string
	if f.Template != "" {
		if s := fill(f.Template, rec); s != "" {
			out = append(out, s)
		}
	}
	for _, p := range f.Paths {
		for _, s := range textsAt(rec, p) {
			for _, part := range splitValue(s, f.Split, nil) {
				if part = f.change(strings.TrimSpace(part)); part != "" {
					out = append(out, part)
				}
			}
		}
	}
	return out
}

// fill puts fields into a template: "{category} > {type}".
func fill(template string, rec map[string]any) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(template, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(template[open:], '}')
		if end < 0 {
			break
		}
		b.WriteString(template[:open])
		b.WriteString(first(textsAt(rec, template[open+1:open+end])...))
		template = template[open+end+1:]
	}
	b.WriteString(template)
	return strings.TrimSpace(b.String())
}

// valuesAt follows a dotted path through objects and lists; * is every element, a number one of them. A key may itself hold dots.
func valuesAt(v any, path string) []any {
	if path == "" {
		switch v := v.(type) {
		case nil:
			return nil
		case []any:
			return v
		}
		return []any{v}
	}
	head, rest, _ := strings.Cut(path, ".")
	switch v := v.(type) {
	case map[string]any:
		if whole, ok := v[path]; ok {
			return valuesAt(whole, "")
		}
		if head != "*" {
			return valuesAt(v[head], rest)
		}
		var out []any
		flatten("", v, 7, func(_ string, vals []any) { out = append(out, vals...) })
		return out
	case []any:
		if i, err := strconv.Atoi(head); err == nil {
			if i < 0 || i >= len(v) {
				return nil
			}
			return valuesAt(v[i], rest)
		}
		if head == "*" {
			path = rest
		}
		var out []any
		for _, e := range v {
			out = append(out, valuesAt(e, path)...)
		}
		return out
	}
	return nil
}

func firstValue(v any, path string) any {
	for _, x := range valuesAt(v, path) {
		return x
	}
	return nil
}

func textsAt(v any, path string) []string { return textsOf(valuesAt(v, path)) }

func textsOf(v any) []string {
	switch v := v.(type) {
	case []any:
		var out []string
		for _, e := range v {
			out = append(out, textsOf(e)...)
		}
		return out
	case string, float64, bool:
		if s := textOf(v); s != "" {
			return []string{s}
		}
	}
	return nil
}
