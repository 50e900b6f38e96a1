package feed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"daogou/catalog"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// jsonLD reads schema.org products from JSON-LD documents, one or several a file, or from the scripts of an HTML page.
type jsonLD struct{ r *runner }

const maxNesting = 64

// object is a JSON object with the line on which it starts.
type object struct {
	line int
	m    map[string]any
}

func (j *jsonLD) build(rows []*row) (*catalog.Product, error) { return j.r.assemble(rows), nil }

func (j *jsonLD) rows(in *input, yield func(*row) error) error {
	doc, err := in.all()
	if err != nil {
		return err
	}
	blocks := []block{{text: doc, line: 1}}
	if bytes.HasPrefix(bytes.TrimSpace(doc), []byte("<")) {
		if blocks = scripts(doc); len(blocks) == 0 {
			j.r.once(Warning, "empty-feed", place{file: in.file}, "the page holds no application/ld+json script")
		}
	}
	for _, b := range blocks {
		found, err := j.products(in.file, b)
		if err != nil {
			return err
		}
		for _, row := range found {
			if err := yield(row); err != nil {
				return err
			}
		}
	}
	return nil
}

// block is a piece of JSON and the line on which it starts.
type block struct {
	text []byte
	line int
}

// scripts finds the JSON-LD scripts of a page.
func scripts(doc []byte) []block {
	var out []block
	z := xhtml.NewTokenizer(bytes.NewReader(doc))
	line, inside := 1, false
	for {
		tt := z.Next()
		raw := z.Raw()
		switch tt {
		case xhtml.ErrorToken:
			return out
		case xhtml.StartTagToken:
			name, more := z.TagName()
			isScript := atom.Lookup(name) == atom.Script
			inside = false
			for isScript && more {
				var k, v []byte
				k, v, more = z.TagAttr()
				inside = inside || string(k) == "type" && strings.HasPrefix(strings.ToLower(strings.TrimSpace(string(v))), "application/ld+json")
			}
		case xhtml.TextToken:
			if inside {
				text := bytes.TrimSpace(bytes.Clone(raw))
				text = bytes.TrimSuffix(bytes.TrimPrefix(text, []byte("<!--")), []byte("-->"))
				lead := raw[:len(raw)-len(bytes.TrimLeft(raw, " \t\r\n"))]
				out = append(out, block{text, line + bytes.Count(lead, []byte("\n"))})
			}
			inside = false
		}
		line += bytes.Count(raw, []byte("\n"))
	}
}

// products decodes a block and reads the products of all its documents.
func (j *jsonLD) products(file string, b block) ([]*row, error) {
	d := &jsonReader{dec: json.NewDecoder(bytes.NewReader(b.text)), text: b.text, line: b.line}
	var rows []*row
	for {
		v, err := d.value(0)
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			if err == io.ErrUnexpectedEOF || strings.Contains(err.Error(), "unexpected end") {
				return nil, fmt.Errorf("%s:%d: the JSON ends in the middle: the file is cut", file, d.at(int64(len(b.text))))
			}
			return nil, fmt.Errorf("%s:%d: the JSON is broken: %v", file, d.at(d.dec.InputOffset()), err)
		}
		ids := map[string]*object{}
		index(v, ids, 0)
		j.walk(file, v, ids, 0, func(r *row) { rows = append(rows, r) })
	}
}

// jsonReader decodes values and remembers lines.
type jsonReader struct {
	dec  *json.Decoder
	text []byte
	line int
	done int64
}

// at is the line of a byte offset. Offsets only grow.
func (d *jsonReader) at(off int64) int {
	if off > d.done && off <= int64(len(d.text)) {
		d.line += bytes.Count(d.text[d.done:off], []byte("\n"))
		d.done = off
	}
	return d.line
}

func (d *jsonReader) value(depth int) (any, error) {
	tok, err := d.dec.Token()
	if err != nil {
		if err == io.EOF && depth > 0 {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	delim, ok := tok.(json.Delim)
	if !ok {
		return tok, nil
	}
	if depth > maxNesting {
		return nil, fmt.Errorf("it is nested deeper than %d levels", maxNesting)
	}
	if delim == '[' {
		var list []any
		for d.dec.More() {
			v, err := d.value(depth + 1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.inner()
		return list, err
	}
	o := &object{line: d.at(d.dec.InputOffset()), m: map[string]any{}}
	for d.dec.More() {
		key, err := d.inner()
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, fmt.Errorf("an object key is missing")
		}
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		o.m[strings.TrimPrefix(strings.TrimPrefix(name, "https://schema.org/"), "schema:")] = v
	}
	_, err = d.inner()
	return o, err
}

// inner reads a token where the document may not end.
func (d *jsonReader) inner() (json.Token, error) {
	tok, err := d.dec.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return tok, err
}

// index finds the objects that others refer to by @id.
func index(v any, ids map[string]*object, depth int) {
	if depth > maxNesting {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			index(e, ids, depth+1)
		}
	case *object:
		if id, ok := v.m["@id"].(string); ok && len(v.m) > 1 && ids[id] == nil {
			ids[id] = v
		}
		for _, e := range v.m {
			index(e, ids, depth+1)
		}
	}
}

// walk finds products at any depth, but not inside a product.
func (j *jsonLD) walk(file string, v any, ids map[string]*object, depth int, found func(*row)) {
	if depth > maxNesting {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			j.walk(file, e, ids, depth+1, found)
		}
	case *object:
		if v.isType("Product", "ProductGroup", "IndividualProduct", "SomeProducts", "ProductModel", "Vehicle", "Book") {
			if row := j.product(file, v, ids); row != nil {
				found(row)
			}
			return
		}
		for _, key := range []string{"@graph", "mainEntity", "itemListElement", "item", "about", "hasPart"} {
			j.walk(file, v.m[key], ids, depth+1, found)
		}
	}
}

func (o *object) isType(names ...string) bool {
	for _, t := range texts(o.m["@type"]) {
		t = t[strings.LastIndexAny(t, "/:#")+1:]
		for _, n := range names {
			if t == n {
				return true
			}
		}
	}
	return false
}

// texts are the strings in a value: itself, a list's elements, an object's @value or name.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		if v = strings.TrimSpace(v); v != "" {
			return []string{v}
		}
	case float64:
		return []string{strconv.FormatFloat(v, 'f', -1, 64)}
	case bool:
		return []string{strconv.FormatBool(v)}
	case []any:
		var out []string
		for _, e := range v {
			out = append(out, texts(e)...)
		}
		return out
	case *object:
		for _, k := range []string{"@value", "name", "value", "url", "contentUrl", "@id"} {
			if t := texts(v.m[k]); len(t) > 0 {
				return t
			}
		}
	}
	return nil
}

func (o *object) text(keys ...string) string {
	for _, k := range keys {
		if t := texts(o.m[k]); len(t) > 0 {
			return t[0]
		}
	}
	return ""
}

// objects are the objects in a value, with references followed.
func objects(v any, ids map[string]*object) []*object {
	switch v := v.(type) {
	case *object:
		if id, ok := v.m["@id"].(string); ok && len(v.m) == 1 && ids[id] != nil {
			return []*object{ids[id]}
		}
		return []*object{v}
	case []any:
		var out []*object
		for _, e := range v {
			out = append(out, objects(e, ids)...)
			if len(out) > 10_000 {
				break
			}
		}
		return out
	}
	return nil
}

// product reads a Product or ProductGroup; nil means that it was reported.
func (j *jsonLD) product(file string, o *object, ids map[string]*object) *row {
	out, ok := j.one(file, o, ids)
	if !ok {
		return nil
	}
	variants := objects(o.m["hasVariant"], ids)
	if len(variants) == 0 {
		if g := o.text("inProductGroupWithID"); g != "" {
			out.group = g
		} else if group := objects(o.m["isVariantOf"], ids); len(group) > 0 {
			out.group = idOf(group[0])
		}
		return out
	}
	for i, v := range variants {
		part, ok := j.one(file, v, ids)
		if !ok {
			continue
		}
		if part.p.ID == "" || part.p.ID == out.p.ID {
			part.p.ID = fmt.Sprintf("%s-%d", out.p.ID, i+1)
		}
		out.parts = append(out.parts, part)
	}
	return out
}

func idOf(o *object) string {
	id := o.text("productGroupID", "sku", "productID", "@id", "url", "mpn")
	if id == "" {
		id = slug(o.text("name"), '-')
	}
	return clip(id, maxID)
}

// one reads an object without its variants. False means that its price is broken.
func (j *jsonLD) one(file string, o *object, ids map[string]*object) (*row, bool) {
	r := j.r
	out := &row{file: file, line: o.line}
	p := &out.p
	p.ID = idOf(o)
	at := out.at()
	p.Title, p.Description = j.words(o.m["name"]), j.words(o.m["description"])
	p.Brand = o.text("brand")
	if p.Brand == "" {
		p.Brand = o.text("manufacturer")
	}
	p.Link = webOnly(o.text("url"))
	p.GTIN, p.MPN = o.text("gtin13", "gtin", "gtin12", "gtin14", "gtin8", "isbn"), o.text("mpn")
	p.Condition, p.Origin = o.text("itemCondition"), o.text("countryOfOrigin")
	for _, im := range images(o.m["image"]) {
		p.Images = append(p.Images, catalog.Image{URL: im})
	}
	p.Rating = rating(o.m["aggregateRating"], ids)
	if g, ok := j.size(o.m["weight"], "g"); ok {
		p.WeightG = g
	}
	if !j.offers(p, o.m["offers"], ids, at) {
		r.lost()
		return nil, false
	}
	out.attrs = j.attrs(o, ids)
	if c := o.text("category"); c != "" && strings.Trim(c, "0123456789 ") != "" {
		out.path = pathOf(splitPath(c), r.labelled)
	}
	return out, true
}

func webOnly(s string) string {
	if strings.HasPrefix(s, "#") {
		return ""
	}
	return s
}

// words reads a text that may come as a string, a language-tagged object, or a list of those.
func (j *jsonLD) words(v any) catalog.Text {
	out := catalog.Text{}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, e := range list {
		lang := ""
		if o, ok := e.(*object); ok {
			l, _ := o.m["@language"].(string)
			lang = strings.ToLower(l[:min(len(l), 2)])
		}
		for _, t := range texts(e) {
			for l, s := range j.r.text(t) {
				if lang == "" {
					lang = l
				}
				if out[lang] == "" {
					out[lang] = s
				}
			}
		}
	}
	return out
}

func images(v any) []string {
	switch v := v.(type) {
	case *object:
		for _, k := range []string{"contentUrl", "url", "@id"} {
			if t := texts(v.m[k]); len(t) > 0 {
				return t
			}
		}
		return nil
	case []any:
		var out []string
		for _, e := range v {
			out = append(out, images(e)...)
		}
		return out
	}
	return texts(v)
}

func rating(v any, ids map[string]*object) *catalog.Rating {
	list := objects(v, ids)
	if len(list) == 0 {
		return nil
	}
	avg, ok := plainNumber(list[0].text("ratingValue"))
	if !ok {
		return nil
	}
	if best, ok := plainNumber(list[0].text("bestRating")); ok && best > 0 && best != 5 {
		avg = tidy(avg / best * 5)
	}
	n, _ := plainNumber(list[0].text("reviewCount", "ratingCount"))
	if n < 0 || n > 1e15 {
		n = 0
	}
	return &catalog.Rating{Average: avg, Count: int64(n)}
}

// offers reads the price and availability of the first usable offer.
func (j *jsonLD) offers(p *catalog.Product, v any, ids map[string]*object, at place) bool {
	for _, o := range objects(v, ids) {
		if inner := objects(o.m["offers"], ids); len(inner) > 0 && o.text("lowPrice") == "" {
			return j.offers(p, o.m["offers"], ids, at)
		}
		p.Available = catalog.Availability(o.text("availability"))
		if p.Condition == "" {
			p.Condition = o.text("itemCondition")
		}
		if p.Link == "" {
			p.Link = o.text("url")
		}
		text, cur := o.text("price", "lowPrice"), o.text("priceCurrency")
		var list string
		for _, spec := range objects(o.m["priceSpecification"], ids) {
			kind := plainWord(spec.text("priceType"))
			if kind == "listprice" || kind == "strikethroughprice" || kind == "msrp" {
				list = spec.text("price")
			} else if text == "" {
				text = spec.text("price")
			}
			cur = first(cur, spec.text("priceCurrency"))
		}
		if text == "" {
			continue
		}
		return j.price(p, o, text, list, cur, at)
	}
	return true
}

func (j *jsonLD) price(p *catalog.Product, offer *object, text, list, cur string, at place) bool {
	if cur != "" && strings.Trim(text, "0123456789., ") == "" {
		text += " " + cur
		if list != "" {
			list += " " + cur
		}
	}
	sale := ""
	if list != "" {
		text, sale = list, text
	}
	price, err := j.r.price(text, sale, at)
	if err != nil {
		return false
	}
	if price.Sale != nil {
		if until := offer.text("priceValidUntil"); until != "" {
			t, err := parseDate(until)
			if err != nil {
				j.r.rep.add(Warning, "bad-date", at, "%v; the sale was left out", err)
				price.Sale = nil
			} else {
				price.Sale.To = t
			}
		}
	}
	p.Prices = []catalog.Price{price}
	return true
}

// unitCodes are the UN/CEFACT codes that shops use.
var unitCodes = map[string]string{"KGM": "kg", "GRM": "g", "LBR": "lb", "ONZ": "oz", "CMT": "cm", "MMT": "mm", "MTR": "m", "INH": "in", "FOT": "ft",
	"LTR": "l", "MLT": "ml", "WTT": "W", "KWT": "kW", "VLT": "V", "AMP": "A", "HUR": "h", "MIN": "min", "E34": "GB", "E35": "TB", "4L": "MB", "CEL": "°C"}

// quantity is the text of a QuantitativeValue with its unit.
func quantity(v any) string {
	o, ok := v.(*object)
	if !ok {
		if t := texts(v); len(t) > 0 {
			return t[0]
		}
		return ""
	}
	n := o.text("value")
	unit := first(unitCodes[strings.ToUpper(o.text("unitCode"))], o.text("unitText"), o.text("unitCode"))
	if n == "" || unit == "" {
		return n
	}
	return n + " " + unit
}

func (j *jsonLD) size(v any, unit string) (float64, bool) { return measure(quantity(v), unit, "") }

func (j *jsonLD) attrs(o *object, ids map[string]*object) []attr {
	var out []attr
	add := func(key, label, v string) {
		if v != "" {
			out = append(out, attr{key: key, label: label, vals: []any{v}})
		}
	}
	for _, k := range []string{"color", "size", "material", "pattern"} {
		for _, v := range texts(o.m[k]) {
			add(k, k, v)
		}
	}
	for _, k := range []string{"weight", "width", "height", "depth"} {
		add(k, k, quantity(o.m[k]))
	}
	for _, a := range objects(o.m["audience"], ids) {
		add("gender", "gender", a.text("suggestedGender"))
	}
	for _, pv := range objects(o.m["additionalProperty"], ids) {
		name := oneLine(pv.text("name", "propertyID"))
		if list, ok := pv.m["value"].([]any); ok {
			for _, v := range texts(list) {
				add("property:"+name, name, v)
			}
			continue
		}
		if b, ok := pv.m["value"].(bool); ok {
			out = append(out, attr{key: "property:" + name, label: name, vals: []any{b}})
			continue
		}
		add("property:"+name, name, quantity(pv))
	}
	return joinAttrs(out)
}

// joinAttrs gives attributes of one key one entry.
func joinAttrs(in []attr) []attr {
	at := map[string]int{}
	out := in[:0]
	for _, a := range in {
		if i, ok := at[a.key]; ok {
			out[i].vals = append(out[i].vals, a.vals...)
			continue
		}
		at[a.key] = len(out)
		out = append(out, a)
	}
	return out
}
