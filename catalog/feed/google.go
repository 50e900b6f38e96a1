package feed

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"daogou/catalog"
	"daogou/catalog/units"
)

// item is one entry of a Merchant feed, from a table or XML.
type item struct {
	line int
	vals map[string][]string
	subs map[string][]map[string]string // product_detail and the like
}

func (it *item) get(name string) string {
	for _, v := range it.vals[name] {
		if v = strings.TrimSpace(v); v != "" {
			return v
		}
	}
	return ""
}

// googleName reduces a header to an attribute name: "Image Link", "g:image_link" and "image link [de]" are image_link.
func googleName(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(s, "g:")
	if i := strings.IndexAny(s, "[("); i > 0 {
		s = strings.TrimSpace(s[:i])
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, " ", "_"), "-", "_")
}

// googleTable reads a Merchant feed written as a table.
type googleTable struct {
	r        *runner
	comma    byte
	shipping []string // parts of the shipping column, if its header names them
}

func (g *googleTable) build(rows []*row) (*catalog.Product, error) { return g.r.assemble(rows), nil }

func (g *googleTable) rows(in *input, yield func(*row) error) error {
	reject := func(line int, why string) { g.r.reject("bad-row", place{file: in.file, line: line}, "%s", why) }
	name := func(header string) string {
		if parts := headerParts(header, "shipping"); parts != nil {
			g.shipping = parts
		}
		return googleName(header)
	}
	return in.eachRecord(g.comma, name, reject, func(rec *record) error {
		it := &item{line: rec.line, vals: map[string][]string{}, subs: map[string][]map[string]string{}}
		for name := range rec.header.index {
			if vs := rec.all(name); len(vs) > 0 {
				it.vals[name] = vs
			}
		}
		for _, v := range it.vals["product_detail"] {
			it.subs["product_detail"] = append(it.subs["product_detail"], splitDetails(v)...)
		}
		for _, v := range it.vals["shipping"] {
			it.subs["shipping"] = append(it.subs["shipping"], splitShipping(v, g.shipping)...)
		}
		var extra []string
		for _, v := range it.vals["additional_image_link"] {
			extra = append(extra, strings.Split(v, ",")...)
		}
		it.vals["additional_image_link"] = extra
		for _, name := range []string{"structured_title", "structured_description"} {
			if v := it.get(name); v != "" {
				it.subs[name] = []map[string]string{{"content": strings.Trim(v[strings.IndexByte(v, ':')+1:], `"`)}}
			}
		}
		row := g.r.googleRow(in.file, it)
		if row == nil {
			return nil
		}
		return yield(row)
	})
}

// splitDetails cuts "Section:Name:Value,Section:Name:Value". A comma inside a value belongs to it if no two colons follow.
func splitDetails(s string) []map[string]string {
	var out []map[string]string
	for _, part := range strings.Split(s, ",") {
		f := strings.SplitN(part, ":", 3)
		if len(f) == 3 {
			out = append(out, map[string]string{"section_name": f[0], "attribute_name": f[1], "attribute_value": f[2]})
		} else if len(out) > 0 {
			out[len(out)-1]["attribute_value"] += "," + part
		}
		if len(out) >= 200 {
			break
		}
	}
	return out
}

// googleXML reads a Merchant feed written as RSS 2.0 or Atom.
type googleXML struct{ r *runner }

func (g *googleXML) build(rows []*row) (*catalog.Product, error) { return g.r.assemble(rows), nil }

func (g *googleXML) rows(in *input, yield func(*row) error) error {
	lim := &byteLimit{r: in.r}
	dec := xml.NewDecoder(lim)
	dec.Entity = xml.HTMLEntity
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // already UTF-8
	depth, items := 0, 0
	for {
		tok, err := dec.Token()
		lim.n = 0
		if err == io.EOF {
			if items == 0 && depth == 0 {
				g.r.once(Warning, "empty-feed", place{file: in.file}, "the document holds no item or entry element")
			}
			return nil
		}
		if err != nil {
			return xmlError(in.file, dec, err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if t.Name.Local != "item" && t.Name.Local != "entry" {
				depth++
				if depth > 32 {
					return fmt.Errorf("%s:%d: the elements are nested too deep for a feed", in.file, lineOf(dec))
				}
				continue
			}
			items++
			it, err := readItem(dec, lim)
			if err != nil {
				return xmlError(in.file, dec, err)
			}
			if row := g.r.googleRow(in.file, it); row != nil {
				if err := yield(row); err != nil {
					return err
				}
			}
		case xml.EndElement:
			depth--
		}
	}
}

func lineOf(dec *xml.Decoder) int {
	line, _ := dec.InputPos()
	return line
}

func xmlError(file string, dec *xml.Decoder, err error) error {
	var syn *xml.SyntaxError
	if errors.As(err, &syn) {
		if strings.Contains(syn.Msg, "unexpected EOF") {
			return fmt.Errorf("%s:%d: the XML ends in the middle: the file is cut", file, syn.Line)
		}
		return fmt.Errorf("%s:%d: the XML is broken: %s", file, syn.Line, syn.Msg)
	}
	return fmt.Errorf("%s:%d: %w", file, lineOf(dec), cutError(err))
}

// byteLimit refuses an XML token or item that never ends.
type byteLimit struct {
	r interface {
		io.Reader
		io.ByteReader
	}
	n int
}

func (b *byteLimit) ReadByte() (byte, error) {
	if b.n++; b.n > maxLine {
		return 0, fmt.Errorf("an element is longer than %d MB", maxLine>>20)
	}
	return b.r.ReadByte()
}

func (b *byteLimit) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.n += n; b.n > maxLine {
		return n, fmt.Errorf("an element is longer than %d MB", maxLine>>20)
	}
	return n, err
}

// readItem reads the children of an item: text, or groups of named texts one level down. The g: namespace goes before the others.
func readItem(dec *xml.Decoder, lim *byteLimit) (*item, error) {
	it := &item{line: lineOf(dec), vals: map[string][]string{}, subs: map[string][]map[string]string{}}
	lim.n = 0
	for {
		tok, err := dec.Token()
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.EndElement:
			return it, nil
		case xml.StartElement:
			text, sub, err := readElement(dec, 1)
			if err != nil {
				return nil, err
			}
			it.put(t, text, sub)
		}
	}
}

func (it *item) put(t xml.StartElement, text string, sub map[string]string) {
	name := googleName(t.Name.Local)
	if len(sub) > 0 && (name == "product_detail" || name == "shipping" || strings.HasPrefix(name, "structured_")) {
		it.subs[name] = append(it.subs[name], sub)
		return
	}
	if text == "" {
		for _, a := range t.Attr {
			if a.Name.Local == "href" {
				text = a.Value
			}
		}
	}
	if name == "product_detail" {
		it.subs[name] = append(it.subs[name], splitDetails(text)...)
		return
	}
	if name == "shipping" {
		it.subs[name] = append(it.subs[name], splitShipping(text, nil)...)
		return
	}
	if strings.Contains(t.Name.Space, "google") || t.Name.Space == "g" {
		it.vals[name] = append([]string{text}, it.vals[name]...)
		if name == "product_type" || name == "additional_image_link" || name == "product_highlight" { // keep their order
			vs := it.vals[name]
			it.vals[name] = append(vs[1:], vs[0])
		}
		return
	}
	it.vals[name] = append(it.vals[name], text)
}

func readElement(dec *xml.Decoder, depth int) (text string, sub map[string]string, err error) {
	if depth > 32 {
		return "", nil, errors.New("the elements are nested too deep for a feed")
	}
	var b strings.Builder
	for {
		tok, err := dec.Token()
		if err != nil {
			return "", nil, err
		}
		switch t := tok.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.EndElement:
			return strings.TrimSpace(b.String()), sub, nil
		case xml.StartElement:
			inner, _, err := readElement(dec, depth+1)
			if err != nil {
				return "", nil, err
			}
			if sub == nil {
				sub = map[string]string{}
			}
			sub[googleName(t.Name.Local)] = inner
			b.WriteString(" " + inner + " ")
		}
	}
}

// googleAttrs are the attributes that become facets.
var googleAttrs = []string{"color", "size", "size_type", "size_system", "gender", "age_group", "material", "pattern", "product_length", "product_width",
	"product_height", "product_weight", "energy_efficiency_class", "multipack", "is_bundle"}

// googleRow reads an item; nil means that it was reported and left out.
func (r *runner) googleRow(file string, it *item) *row {
	at := place{file: file, line: it.line, id: it.get("id")}
	if at.id == "" {
		r.reject("missing-id", at, "the row has no id")
		return nil
	}
	row := &row{file: file, line: it.line, group: it.get("item_group_id")}
	p := &row.p
	p.ID = at.id
	p.Title = r.text(first(it.get("title"), it.sub("structured_title", "content")))
	p.Description = r.text(first(it.get("description"), it.sub("structured_description", "content"), it.get("summary"), it.get("content")))
	for _, h := range it.vals["product_highlight"] {
		if h = oneLine(h); h != "" && len(p.Description) > 0 {
			for lang := range p.Description {
				p.Description[lang] = plain(p.Description[lang]) + "\n- " + h
			}
		}
	}
	p.Brand, p.Link, p.GTIN, p.MPN = it.get("brand"), it.get("link"), it.get("gtin"), it.get("mpn")
	p.Condition, p.Available = it.get("condition"), catalog.Availability(it.get("availability"))
	p.Origin, p.ShipsFrom = it.get("country_of_origin"), it.get("ships_from_country")
	p.Shipping = r.shipping(it, at)
	for _, u := range append([]string{it.get("image_link")}, it.vals["additional_image_link"]...) {
		p.Images = append(p.Images, catalog.Image{URL: u})
	}
	if strings.EqualFold(it.get("adult"), "yes") || strings.EqualFold(it.get("adult"), "true") {
		p.Restricted = []string{"adult"}
	}
	if !r.googlePrice(p, it, at) || r.expired(it, at) {
		r.lost()
		return nil
	}
	r.googleSize(p, it, at)
	for _, name := range googleAttrs {
		if v := it.get(name); v != "" {
			row.attrs = append(row.attrs, attr{key: name, label: strings.ReplaceAll(strings.TrimPrefix(name, "product_"), "_", " "), vals: []any{v}})
		}
	}
	for _, d := range it.subs["product_detail"] {
		if name, v := oneLine(d["attribute_name"]), oneLine(d["attribute_value"]); name != "" && v != "" {
			row.attrs = append(row.attrs, attr{key: "detail:" + name, label: name, vals: []any{v}})
		}
	}
	row.path = r.googlePath(it)
	return row
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func (it *item) sub(name, key string) string {
	for _, s := range it.subs[name] {
		if s[key] != "" {
			return s[key]
		}
	}
	return ""
}

// text makes a Text in the feed's language, or in the language that it looks like.
func (r *runner) text(s string) catalog.Text {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	lang := r.lang
	if lang == "" || lang == "en" {
		lang = langOf(s)
	}
	return catalog.Text{lang: s}
}

func (r *runner) googlePrice(p *catalog.Product, it *item, at place) bool {
	text := it.get("price")
	if text == "" {
		return true
	}
	price, err := r.price(text, it.get("sale_price"), at)
	if err != nil {
		return false
	}
	if dates := it.get("sale_price_effective_date"); dates != "" && price.Sale != nil {
		from, to, err := parseDates(dates)
		if err != nil {
			r.rep.add(Warning, "bad-date", at, "%v; the sale was left out", err)
			price.Sale = nil
		} else {
			price.Sale.From, price.Sale.To = from, to
		}
	}
	p.Prices = []catalog.Price{price}
	return true
}

// price reads a price and a reduced price. An error means that the row was rejected.
func (r *runner) price(text, sale string, at place) (catalog.Price, error) {
	amount, err := parseMoney(text, r.defaultCurrency())
	if err != nil {
		r.rejectPrice(err, at)
		return catalog.Price{}, err
	}
	price := catalog.Price{Market: r.opts.Market, Amount: amount}
	if sale == "" {
		return price, nil
	}
	reduced, err := parseMoney(sale, amount.Currency)
	if err != nil {
		r.rep.add(Warning, "bad-sale-price", at, "%v; the sale was left out", err)
		return price, nil
	}
	price.Sale = &catalog.Sale{Amount: reduced}
	return price, nil
}

func (r *runner) rejectPrice(err error, at place) {
	var me *moneyError
	code := "bad-price"
	if errors.As(err, &me) {
		code = me.code
	}
	r.rep.skip(Error, code, at, "%v", err)
}

// lost counts a row that was read and left out.
func (r *runner) lost() {
	if !r.rep.silent {
		r.rep.Rows++
	}
}

func (r *runner) expired(it *item, at place) bool {
	s := it.get("expiration_date")
	if s == "" {
		return false
	}
	t, err := parseDate(s)
	if err != nil {
		r.rep.add(Warning, "bad-date", at, "%v; the expiry was left out", err)
		return false
	}
	if t.After(r.now) {
		return false
	}
	r.rep.skip(Info, "expired", at, "the offer expired on %s", t.Format("2006-01-02"))
	return true
}

func (r *runner) googleSize(p *catalog.Product, it *item, at place) {
	if w := first(it.get("shipping_weight"), it.get("product_weight")); w != "" {
		g, ok := measure(w, "g", "")
		if !ok {
			r.rep.add(Warning, "bad-unit", at, "%q is not a weight; write it as 1.5 kg", clip(w, 40))
		}
		p.WeightG = g
	}
	var mm []float64
	for _, side := range []string{"length", "width", "height"} {
		if cm, ok := measure(first(it.get("shipping_"+side), it.get("product_"+side)), "cm", ""); ok {
			mm = append(mm, tidy(cm*10))
		}
	}
	if len(mm) == 3 {
		p.SizeMM = mm
	}
}

// measure reads one quantity in a unit; bare numbers are in the unit from, or not understood.
func measure(s, to, from string) (float64, bool) {
	s = strings.TrimSpace(s)
	if n, ok := plainNumber(s); ok {
		if from == "" {
			return 0, false
		}
		v, err := units.Convert(n, from, to)
		return tidy(v), err == nil
	}
	for _, q := range units.Find(s) {
		if v, err := q.In(to); err == nil {
			return tidy(v), true
		}
	}
	return 0, false
}

// googlePath is the category: the shop's own product_type, or Google's if it is written as a path.
func (r *runner) googlePath(it *item) []node {
	for _, s := range []string{it.get("product_type"), it.get("google_product_category")} {
		if s != "" && strings.Trim(s, "0123456789 ") != "" {
			return pathOf(splitPath(s), r.labelled)
		}
	}
	return nil
}

// labelled is a category label in the feed's language.
func (r *runner) labelled(s string) (catalog.Text, []string) {
	return catalog.Text{r.schema.langFor(s): s}, nil
}
