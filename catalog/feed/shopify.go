package feed

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"daogou/catalog"
)

// shopify reads a Shopify product export of either header generation. Columns that are missing keep what the catalogue has, blank
// ones clear it.
type shopify struct {
	r      *runner
	comma  byte
	cols   *header
	meta   []metaColumn
	market []string  // names in "Price / <Market>"
	names  [4]string // option names of the product being read
}

type metaColumn struct{ col, key, label string }

func newShopify(r *runner, comma byte) *shopify { return &shopify{r: r, comma: comma} }

// shopifyNames maps both header generations to one name.
var shopifyNames = map[string]string{"url handle": "handle", "body (html)": "body", "description": "body", "product category": "category",
	"published on online store": "published", "variant sku": "sku", "variant grams": "grams", "weight value (grams)": "grams", "variant inventory tracker": "tracker",
	"inventory tracker": "tracker", "variant inventory qty": "qty", "inventory quantity": "qty", "variant inventory policy": "policy",
	"continue selling when out of stock": "policy", "variant price": "price", "variant compare at price": "compare at price", "compare-at price": "compare at price",
	"variant barcode": "barcode", "image src": "image", "product image url": "image", "image alt text": "image alt", "variant image url": "variant image",
	"google shopping / gender": "gender", "google shopping / age group": "age group", "google shopping / mpn": "mpn", "google shopping / condition": "condition",
	"google shopping / google product category": "google category", "custom product type": "type", "standard product type": "category",
	"hs code": "hs code", "coo": "origin"}

var (
	metaPattern  = regexp.MustCompile(`^(.*)\((?:product|variant)\.metafields\.([^.]+)\.([^.)]+)\)$`)
	marketPrefix = "price / "
)

func shopifyName(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	if n, ok := shopifyNames[s]; ok {
		return n
	}
	return s
}

// shopRow is a row kept until its product is built.
type shopRow struct{ rec *record }

func (s *shopify) rows(in *input, yield func(*row) error) error {
	reject := func(line int, why string) { s.r.reject("bad-row", place{file: in.file, line: line}, "%s", why) }
	s.cols = nil
	handle := ""
	return in.eachRecord(s.comma, strings.TrimSpace, reject, func(rec *record) error {
		if s.cols == nil {
			s.learn(rec.header)
		}
		rec.header = s.cols
		at := place{file: in.file, line: rec.line}
		before := handle
		if h := rec.get("handle"); h != "" {
			handle = h
		} else if t := rec.get("title"); t != "" {
			handle = slug(oneLine(t), '-')
		} else if s.cols.has("handle") || handle == "" {
			s.r.reject("missing-id", at, "the row has neither a handle nor a title")
			return nil
		}
		if handle != before {
			s.names = [4]string{}
		}
		row := &row{file: in.file, line: rec.line, group: handle, extra: &shopRow{rec}}
		row.p.ID = handle
		s.read(row, rec)
		return yield(row)
	})
}

// learn translates the header once.
func (s *shopify) learn(h *header) {
	s.meta, s.market = nil, nil
	for _, n := range h.names {
		if m := metaPattern.FindStringSubmatch(n); m != nil {
			label := strings.TrimSpace(m[1])
			if label == "" {
				label = humanise(m[3])
			}
			s.meta = append(s.meta, metaColumn{shopifyName(n), "meta:" + m[2] + "." + m[3], label})
		}
		low := strings.ToLower(strings.Join(strings.Fields(n), " "))
		if name, ok := strings.CutPrefix(low, marketPrefix); ok && len(n) >= len(name) {
			s.market = append(s.market, strings.TrimSpace(n[strings.LastIndexByte(n, '/')+1:]))
		}
	}
	s.cols = newHeader(append([]string{}, h.names...), shopifyName)
}

// read takes what the first pass must see: titles, attributes, category.
func (s *shopify) read(out *row, rec *record) {
	out.p.Title = s.r.text(rec.get("title"))
	if text := rec.get("price"); text != "" {
		if m, err := parseMoney(text, s.r.defaultCurrency()); err == nil {
			out.p.Prices = []catalog.Price{{Amount: m}}
		}
	}
	out.attrs = s.productAttrs(rec)
	out.path = s.path(rec)
	for n := 1; n <= 3; n++ {
		if name := rec.get(fmt.Sprintf("option%d name", n)); name != "" {
			s.names[n] = name
		}
	}
	if opts := options(rec, s.names); len(opts) > 0 {
		out.parts = []*row{{file: out.file, line: out.line, attrs: opts}}
	}
}

func (s *shopify) productAttrs(rec *record) []attr {
	var out []attr
	for _, c := range s.meta {
		if v := rec.get(c.col); v != "" {
			var vals []any
			for _, part := range strings.Split(v, ";") {
				if part = strings.TrimSpace(part); part != "" {
					vals = append(vals, part)
				}
			}
			out = append(out, attr{key: c.key, label: c.label, vals: vals})
		}
	}
	for _, c := range []struct{ col, label string }{{"gender", "gender"}, {"age group", "age group"}} {
		if v := rec.get(c.col); v != "" {
			out = append(out, attr{key: c.col, label: c.label, vals: []any{v}})
		}
	}
	if v := rec.get("tags"); v != "" {
		var vals []any
		for _, t := range strings.Split(v, ",") {
			if t = strings.TrimSpace(t); t != "" {
				vals = append(vals, t)
			}
		}
		out = append(out, attr{key: "tags", label: "Tags", vals: vals})
	}
	return out
}

func (s *shopify) path(rec *record) []node {
	if v := rec.get("type"); v != "" {
		return pathOf(splitPath(v), s.r.labelled)
	}
	for _, col := range []string{"category", "google category"} {
		if v := rec.get(col); v != "" && strings.Trim(v, "0123456789 ") != "" {
			return pathOf(splitPath(v), s.r.labelled)
		}
	}
	return nil
}

// options are a variant's option values. Their names stand in the first row of a product only.
func options(rec *record, names [4]string) []attr {
	var out []attr
	for n := 1; n <= 3; n++ {
		v := rec.get(fmt.Sprintf("option%d value", n))
		if v == "" || strings.EqualFold(v, "Default Title") {
			continue
		}
		name := names[n]
		if name == "" {
			name = "Option " + strconv.Itoa(n)
		}
		out = append(out, attr{key: optionKey(name), label: name, vals: []any{v}})
	}
	return out
}

// optionKey marks attributes that are variant options; they become facets however rare they are.
func optionKey(name string) string { return "\x00option:" + strings.ToLower(name) }

func (s *shopify) build(rows []*row) (*catalog.Product, error) {
	first := rows[0]
	at := first.at()
	old, err := s.r.old(first.group)
	if err != nil {
		return nil, err
	}
	rec := s.titleRow(rows)
	if why := s.hidden(rec); why != "" {
		return nil, s.withdraw(old, at, why)
	}
	p := &catalog.Product{ID: first.group, Link: "/products/" + first.group, Available: catalog.InStock}
	if old != nil {
		*p = *old
		p.Facets = maps.Clone(old.Facets)
	}
	s.productColumns(p, rec, at)
	s.images(p, rows)
	if err := s.variants(p, old, rows); err != nil {
		return nil, nil // reported
	}
	return p, nil
}

// titleRow is the row that holds the product's own columns: the first with a title, else the first.
func (s *shopify) titleRow(rows []*row) *record {
	for _, r := range rows {
		if rec := r.extra.(*shopRow).rec; rec.get("title") != "" {
			return rec
		}
	}
	return rows[0].extra.(*shopRow).rec
}

// hidden says why a product is not on sale; empty if it is.
func (s *shopify) hidden(rec *record) string {
	if st := strings.ToLower(rec.get("status")); st != "" && st != "active" {
		return "its status is " + clip(st, 20)
	}
	if v := strings.ToLower(rec.get("published")); v == "false" || v == "no" {
		return "it is not published"
	}
	return ""
}

// withdraw leaves a hidden product out, and takes it off sale if the catalogue has it.
func (s *shopify) withdraw(old *catalog.Product, at place, why string) error {
	if old == nil {
		s.r.rep.skip(Info, "not-published", at, "the product was left out: %s", why)
		return nil
	}
	s.r.rep.add(Info, "withdrawn", at, "the product was taken out of the catalogue: %s", why)
	if s.r.opts.DryRun {
		s.r.tally(catalog.Removed)
		return nil
	}
	c, err := s.r.sink.Remove(s.r.ctx, old.ID)
	if err != nil {
		return fmt.Errorf("feed: removing product %s: %w", old.ID, err)
	}
	s.r.tally(c)
	return nil
}

// productColumns sets what the columns say; a column that is not there changes nothing.
func (s *shopify) productColumns(p *catalog.Product, rec *record, at place) {
	if t := s.r.text(rec.get("title")); len(t) > 0 {
		p.Title = maps.Clone(p.Title)
		if p.Title == nil {
			p.Title = catalog.Text{}
		}
		maps.Copy(p.Title, t)
	} else {
		p.Title = maps.Clone(p.Title)
	}
	if s.cols.has("body") {
		p.Description = s.r.text(rec.get("body"))
	} else {
		p.Description = maps.Clone(p.Description)
	}
	if s.cols.has("vendor") {
		p.Brand = rec.get("vendor")
	}
	if s.cols.has("type") || s.cols.has("category") {
		p.Category = s.r.schema.category(s.path(rec))
	}
	if s.cols.has("mpn") {
		p.MPN = rec.get("mpn")
	}
	if s.cols.has("condition") {
		p.Condition = rec.get("condition")
	}
	if s.cols.has("hs code") {
		p.HSCode = rec.get("hs code")
	}
	if s.cols.has("origin") {
		p.Origin = rec.get("origin")
	}
	s.facets(p, rec, at)
}

// facets replaces the facets of the columns that the file has.
func (s *shopify) facets(p *catalog.Product, rec *record, at place) {
	keys := []string{"gender", "age group", "tags"}
	for _, c := range s.meta {
		keys = append(keys, c.key)
	}
	for _, k := range keys {
		col := k
		for _, c := range s.meta {
			if c.key == k {
				col = c.col
			}
		}
		if sp := s.r.schema.specs[k]; s.cols.has(col) && sp != nil && sp.facet != nil {
			delete(p.Facets, sp.facet.f.ID)
		}
	}
	typed := s.r.schema.facetsOf(s.productAttrs(rec), at)
	if p.Facets == nil && len(typed) > 0 {
		p.Facets = map[string][]catalog.Value{}
	}
	maps.Copy(p.Facets, typed)
}

func (s *shopify) images(p *catalog.Product, rows []*row) {
	if !s.cols.has("image") {
		p.Images = append([]catalog.Image(nil), p.Images...)
		return
	}
	type placed struct {
		im  catalog.Image
		pos int
	}
	var list []placed
	for i, r := range rows {
		rec := r.extra.(*shopRow).rec
		u := rec.get("image")
		if u == "" {
			continue
		}
		im := catalog.Image{URL: u}
		if alt := oneLine(rec.get("image alt")); alt != "" {
			im.Alt = catalog.Text{s.r.lang: alt}
		}
		pos, err := strconv.Atoi(rec.get("image position"))
		if err != nil {
			pos = i + 1
		}
		at := len(list)
		for at > 0 && list[at-1].pos > pos {
			at--
		}
		list = append(list, placed{})
		copy(list[at+1:], list[at:])
		list[at] = placed{im, pos}
	}
	p.Images = nil
	for _, l := range list {
		p.Images = append(p.Images, l.im)
	}
}

// variantColumns are the columns that say something about a variant.
var variantColumns = []string{"option1 value", "sku", "price", "compare at price", "barcode", "qty", "tracker", "policy", "grams", "variant image"}

// variants reads the rows' variants. A product whose only option is "Default Title" has none: its columns are the product's.
func (s *shopify) variants(p, old *catalog.Product, rows []*row) error {
	any := len(s.market) > 0
	for _, c := range variantColumns {
		any = any || s.cols.has(c)
	}
	if !any {
		return nil
	}
	var names [4]string
	var vs []catalog.Variant
	for _, r := range rows {
		rec := r.extra.(*shopRow).rec
		for n := 1; n <= 3; n++ {
			if name := rec.get(fmt.Sprintf("option%d name", n)); name != "" {
				names[n] = name
			}
		}
		v, is, err := s.variant(p, old, rec, names, place{r.file, r.line, p.ID})
		if err != nil {
			return err
		}
		if is {
			vs = append(vs, v)
		}
	}
	s.settle(p, old, vs)
	return nil
}

// variant reads one row. is says whether it is a variant at all and not just another image.
func (s *shopify) variant(p, old *catalog.Product, rec *record, names [4]string, at place) (v catalog.Variant, is bool, err error) {
	attrs := options(rec, names)
	var id []string
	for _, a := range attrs {
		id = append(id, slug(textOf(a.vals[0]), '-'))
	}
	v.ID = p.ID
	if len(id) > 0 {
		v.ID = clip(p.ID+"/"+strings.Join(id, "/"), maxID)
	}
	prior := oldVariant(old, v.ID, rec.get("sku"))
	if prior != nil {
		v = *prior
		if v.Prices == nil {
			v.Prices = old.Prices
		}
		if v.WeightG == 0 {
			v.WeightG = old.WeightG
		}
	}
	blank := true
	for _, c := range variantColumns {
		blank = blank && (c == "policy" || c == "grams" || c == "tracker" || rec.get(c) == "")
	}
	if blank && (rec.get("image") != "" || rec.get("title") == "") {
		return v, false, nil
	}
	if len(attrs) > 0 {
		v.Facets = s.r.schema.facetsOf(attrs, at)
		for f := range v.Facets {
			s.r.markVariant(f)
		}
	}
	if s.cols.has("sku") {
		v.SKU = rec.get("sku")
	}
	if s.cols.has("barcode") {
		v.GTIN = rec.get("barcode")
	}
	if s.cols.has("variant image") {
		v.Image = rec.get("variant image")
	}
	if g, ok := plainNumber(rec.get("grams")); ok {
		v.WeightG = g
	} else if s.cols.has("grams") {
		v.WeightG = 0
	}
	if s.cols.has("qty") {
		v.Stock = s.stock(rec)
	}
	if err := s.prices(&v, rec, at); err != nil {
		return v, false, err
	}
	return v, true, nil
}

func oldVariant(old *catalog.Product, id, sku string) *catalog.Variant {
	if old == nil {
		return nil
	}
	for i := range old.Variants {
		if v := &old.Variants[i]; v.ID == id || sku != "" && v.SKU == sku {
			return v
		}
	}
	if len(old.Variants) == 0 && id == old.ID {
		return &catalog.Variant{ID: id, SKU: old.MPN, GTIN: old.GTIN, Prices: old.Prices, Stock: old.Stock, WeightG: old.WeightG}
	}
	return nil
}

// stock is the count of a tracked variant; an untracked one is always there, one that sells on when empty too.
func (s *shopify) stock(rec *record) map[string]int64 {
	if s.cols.has("tracker") && rec.get("tracker") == "" {
		return nil
	}
	n, err := strconv.ParseInt(rec.get("qty"), 10, 64)
	if err != nil {
		return nil
	}
	switch strings.ToLower(rec.get("policy")) {
	case "continue", "true", "yes":
		if n <= 0 {
			return nil
		}
	}
	return map[string]int64{mainWarehouse: max(n, 0)}
}

// mainWarehouse is where feeds that name no warehouse keep their stock.
const mainWarehouse = "main"

// prices reads the default market's price and those of "Price / <Market>". A compare-at price above the price makes it a sale.
func (s *shopify) prices(v *catalog.Variant, rec *record, at place) error {
	markets := append([]string{s.r.opts.Market}, s.market...)
	out := []catalog.Price{}
	for i, m := range markets {
		col, cmp := "price", "compare at price"
		if i > 0 {
			col, cmp = marketPrefix+strings.ToLower(m), "compare-at price / "+strings.ToLower(m)
		}
		if !s.cols.has(col) {
			out = append(out, pricesOf(v.Prices, m)...)
			continue
		}
		text := rec.get(col)
		if text == "" || i > 0 && strings.EqualFold(rec.get("included / "+strings.ToLower(m)), "false") {
			continue
		}
		price, err := s.r.price(text, "", at)
		if err != nil {
			return err
		}
		price.Market = m
		if was := rec.get(cmp); was != "" {
			s.compareAt(&price, was, at)
		}
		out = append(out, price)
	}
	if v.Prices = out; len(out) == 0 {
		v.Prices = nil
	}
	return nil
}

func pricesOf(prices []catalog.Price, market string) []catalog.Price {
	for _, p := range prices {
		if p.Market == market {
			return []catalog.Price{p}
		}
	}
	return nil
}

func (s *shopify) compareAt(price *catalog.Price, was string, at place) {
	m, err := parseMoney(was, price.Amount.Currency)
	if err != nil {
		s.r.rep.add(Warning, "bad-price", at, "compare-at price: %v", err)
		return
	}
	if m.Minor > price.Amount.Minor {
		price.Sale = &catalog.Sale{Amount: price.Amount}
		price.Amount = m
	}
}

// settle puts the variants into the product: one without options becomes the product itself.
func (s *shopify) settle(p, old *catalog.Product, vs []catalog.Variant) {
	if len(vs) == 0 {
		return
	}
	if !s.cols.has("option1 value") && old != nil && len(old.Variants) > 0 { // an update that does not say which variant
		p.Variants = append([]catalog.Variant(nil), old.Variants...)
		for i := range p.Variants {
			for _, v := range vs {
				if v.ID == p.Variants[i].ID {
					p.Variants[i] = v
				}
			}
		}
		vs = p.Variants
	}
	if len(vs) == 1 && vs[0].ID == p.ID {
		v := vs[0]
		p.Prices, p.Stock, p.GTIN, p.WeightG, p.Variants = v.Prices, v.Stock, v.GTIN, v.WeightG, nil
		if !s.cols.has("mpn") || p.MPN == "" {
			p.MPN = v.SKU
		}
		p.Available = available(p.Stock)
		return
	}
	p.Prices, p.Stock, p.GTIN, p.WeightG = nil, map[string]int64{}, "", vs[0].WeightG
	for i := range vs {
		v := &vs[i]
		if len(v.Prices) > 0 && (len(p.Prices) == 0 || v.Prices[0].At(s.r.now).Minor < p.Prices[0].At(s.r.now).Minor) {
			p.Prices = v.Prices
		}
		if v.Stock == nil {
			p.Stock = nil
		}
		for house, n := range v.Stock {
			if p.Stock != nil {
				p.Stock[house] += n
			}
		}
	}
	for i := range vs { // nothing means "as the product"
		if reflect.DeepEqual(vs[i].Prices, p.Prices) {
			vs[i].Prices = nil
		}
		if vs[i].WeightG == p.WeightG {
			vs[i].WeightG = 0
		}
	}
	p.Available = available(p.Stock)
	p.Variants = vs
}

func available(stock map[string]int64) catalog.Availability {
	if stock == nil {
		return catalog.InStock
	}
	for _, n := range stock {
		if n > 0 {
			return catalog.InStock
		}
	}
	return catalog.OutOfStock
}
