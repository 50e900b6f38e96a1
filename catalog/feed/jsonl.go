package feed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"daogou/catalog"
)

// ownLines reads our own format: one catalog.Product a line, and lines that carry the schema.
type ownLines struct {
	r        *runner
	defaults *defaults
	facets   []catalog.Facet
	cats     []catalog.Category
	brands   []catalog.Brand
	declared map[string]bool // facet IDs
	known    map[string]bool // category IDs
	seen     map[string]*stats
	seenCats map[string]string // category → parent, as products use them
	put      bool
}

// defaults is the header line of the format.
type defaults struct {
	Currency   string            `json:"currency"`
	Warehouses map[string]string `json:"warehouses"`
}

// ownLine is any line of the format.
type ownLine struct {
	Defaults *defaults       `json:"defaults"`
	Facet    *catalog.Facet  `json:"facet"`
	Category json.RawMessage `json:"category"`
	Brand    json.RawMessage `json:"brand"`
	ID       json.RawMessage `json:"id"`
}

// newJSONL makes the reader that all files of an import share, so that one file may hold the schema of another's products.
func newJSONL(r *runner) *ownLines {
	if r.own == nil {
		r.own = makeJSONL(r)
	}
	return r.own
}

func makeJSONL(r *runner) *ownLines {
	return &ownLines{r: r, declared: map[string]bool{}, known: map[string]bool{}, seen: map[string]*stats{}, seenCats: map[string]string{}}
}

// jsonLineError tells a cut file from a broken line.
func (r *runner) jsonLineError(file string, n int, last bool, err error) error {
	if last {
		return fmt.Errorf("%s:%d: the last line is not JSON (%v): the file is cut", file, n, err)
	}
	r.reject("bad-json", place{file: file, line: n}, "the line is not a JSON object: %v", err)
	return nil
}

func (o *ownLines) rows(in *input, yield func(*row) error) error {
	if !o.r.rep.silent {
		if err := o.settle(); err != nil {
			return err
		}
	}
	return in.eachLine(func(b []byte, n int, last bool) error {
		if b = bytes.TrimSpace(b); len(b) == 0 {
			return nil
		}
		var l ownLine
		if err := json.Unmarshal(b, &l); err != nil {
			return o.r.jsonLineError(in.file, n, last, err)
		}
		at := place{file: in.file, line: n}
		switch {
		case l.Defaults != nil:
			return o.header(l.Defaults, at)
		case l.Facet != nil:
			o.facet(*l.Facet, at)
			return nil
		case len(l.ID) == 0 && len(l.Category) > 0 && l.Category[0] == '{':
			o.category(l.Category, at)
			return nil
		case len(l.ID) == 0 && len(l.Brand) > 0 && l.Brand[0] == '{':
			o.brand(l.Brand, at)
			return nil
		}
		row := o.product(b, at)
		if row == nil {
			return nil
		}
		return yield(row)
	})
}

func (o *ownLines) header(d *defaults, at place) error {
	if !o.r.rep.silent {
		return nil
	}
	o.defaults = d
	c, ok := currencyCode(d.Currency)
	if d.Currency != "" && !ok {
		return fmt.Errorf("%s:%d: the default currency %q is not an ISO 4217 code", at.file, at.line, d.Currency)
	}
	if o.r.currency == "" {
		o.r.currency = c
	}
	return nil
}

func (o *ownLines) facet(f catalog.Facet, at place) {
	bad := ""
	switch f.Kind {
	case catalog.KindEnum, catalog.KindNumber, catalog.KindBool, catalog.KindText:
	default:
		bad = fmt.Sprintf("its kind %q is none of enum, number, bool, text", f.Kind)
	}
	if f.ID == "" || len(f.ID) > maxID {
		bad = "it has no id"
	} else if reserved[f.ID] && f.ID != detailsFacet {
		bad = f.ID + " is the name of something that every product has"
	}
	if bad != "" {
		o.r.rep.add(Error, "bad-facet", at, "the facet was left out: %s", bad)
		return
	}
	if o.r.rep.silent {
		o.facets = append(o.facets, f)
		o.declared[f.ID] = true
	}
}

func (o *ownLines) category(b json.RawMessage, at place) {
	var c catalog.Category
	if err := json.Unmarshal(b, &c); err != nil || c.ID == "" || len(c.ID) > maxID {
		o.r.rep.add(Error, "bad-category", at, "the category was left out: it has no id or is not a category")
		return
	}
	if o.r.rep.silent {
		c.Count = 0
		o.cats = append(o.cats, c)
		o.known[c.ID] = true
	}
}

func (o *ownLines) brand(raw json.RawMessage, at place) {
	var b catalog.Brand
	if err := json.Unmarshal(raw, &b); err != nil || oneLine(b.Name) == "" || len(b.Name) > maxID {
		o.r.rep.add(Error, "bad-brand", at, "the brand was left out: it has no name or is not a brand")
		return
	}
	if o.r.rep.silent {
		b.Name, b.Count = oneLine(b.Name), 0
		o.brands = append(o.brands, b)
	}
}

// product reads a product line. A field that products do not have is reported, because it is mostly a slip.
func (o *ownLines) product(b []byte, at place) *row {
	p := &catalog.Product{}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(p); err != nil {
		*p = catalog.Product{}
		if err2 := json.Unmarshal(b, p); err2 != nil {
			o.r.reject("bad-product", at, "the line is not a product: %s", strings.TrimPrefix(err2.Error(), "json: "))
			return nil
		}
		at.id = p.ID
		o.r.rep.add(Warning, "unknown-field", at, "%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	at.id = p.ID
	p.Version = 0
	o.note(p, at)
	out := &row{file: at.file, line: at.line, extra: p}
	out.p.ID, out.p.Title, out.p.Prices = p.ID, p.Title, p.Prices
	return out
}

// note remembers in the first pass what products use, and complains in the second of what nobody declared.
func (o *ownLines) note(p *catalog.Product, at place) {
	o.noteFacets(p.Facets, at)
	for i := range p.Variants {
		o.noteFacets(p.Variants[i].Facets, at)
	}
	for i, c := range p.Category {
		if o.known[c] {
			continue
		}
		if o.r.rep.silent {
			parent := ""
			if i > 0 {
				parent = p.Category[i-1]
			}
			o.seenCats[c] = parent
		} else if len(o.cats) > 0 {
			o.r.rep.add(Warning, "undeclared-category", at, "no line of the feed declares the category %q", clip(c, 60))
		}
	}
}

func (o *ownLines) noteFacets(facets map[string][]catalog.Value, at place) {
	for id, vals := range facets {
		if o.declared[id] {
			continue
		}
		if !o.r.rep.silent {
			if len(o.facets) > 0 {
				o.r.rep.add(Warning, "undeclared-facet", at, "no line of the feed declares the facet %q", clip(id, 60))
			}
			continue
		}
		st := o.seen[id]
		if st == nil {
			if len(o.seen) >= maxKeys {
				continue
			}
			st = &stats{dims: map[string]int{}, distinct: map[string]bool{}}
			o.seen[id] = st
		}
		st.n++
		st.multi = st.multi || len(vals) > 1
		for _, v := range vals {
			st.vals++
			switch {
			case v.IsBool():
				st.yes++
			case v.IsNum():
				st.num++
			default:
				st.maxLen = max(st.maxLen, len(v.Str()))
				st.see(v.Str())
			}
		}
	}
}

// settle writes the schema lines before the products. Where the feed declares no facets or no categories at all, they are made of
// what the products use.
func (o *ownLines) settle() error {
	if o.put {
		return nil
	}
	o.put = true
	r := o.r
	if len(o.facets) == 0 {
		o.inferFacets()
	}
	if len(o.cats) == 0 {
		for _, id := range slices.Sorted(maps.Keys(o.seenCats)) {
			o.cats = append(o.cats, catalog.Category{ID: id, Parent: o.seenCats[id], Label: catalog.Text{langOf(id): humanise(strings.ReplaceAll(id, "-", " "))}})
		}
	}
	if r.opts.DryRun {
		return nil
	}
	if o.defaults != nil && r.opts.Market == "" {
		if err := r.sink.SetDefaults(r.ctx, r.currency, o.defaults.Warehouses); err != nil {
			return err
		}
	}
	for _, c := range o.cats {
		if err := r.sink.PutCategory(r.ctx, c); err != nil {
			return fmt.Errorf("feed: category %s: %w", c.ID, err)
		}
	}
	for _, f := range o.facets {
		if err := r.sink.PutFacet(r.ctx, f); err != nil {
			return fmt.Errorf("feed: facet %s: %w", f.ID, err)
		}
	}
	to, ok := r.sink.(catalog.BrandSink)
	for _, b := range o.brands {
		if !ok {
			break
		}
		if err := to.PutBrand(r.ctx, b); err != nil {
			return fmt.Errorf("feed: brand %s: %w", b.Name, err)
		}
	}
	return nil
}

func (o *ownLines) inferFacets() {
	for _, id := range slices.Sorted(maps.Keys(o.seen)) {
		st := o.seen[id]
		if reserved[id] && id != detailsFacet {
			continue
		}
		f := stateFor(&FacetMap{ID: id, Multi: st.multi}, vocabulary().facets[id], st.guess(), "", rankInferred).f
		f.Kind = st.guess()
		if f.Kind == catalog.KindEnum {
			for _, v := range slices.Sorted(maps.Keys(st.distinct)) {
				fv := catalog.FacetValue{ID: v, Label: catalog.Text{langOf(v): humanise(strings.ReplaceAll(v, "-", " "))}}
				if base := vocabulary().facets[id]; base != nil && len(base.Values[v]) > 0 {
					fv = base.Values[v].value(v)
				}
				f.Values = append(f.Values, fv)
			}
		} else {
			f.Unit = ""
		}
		o.facets = append(o.facets, f)
	}
}

func (o *ownLines) build(rows []*row) (*catalog.Product, error) {
	p := rows[0].extra.(*catalog.Product)
	o.fillCurrency(p.Prices)
	for i := range p.Variants {
		o.fillCurrency(p.Variants[i].Prices)
	}
	return p, nil
}

// fillCurrency gives prices that name no currency the default one.
func (o *ownLines) fillCurrency(prices []catalog.Price) {
	for i := range prices {
		p := &prices[i]
		if p.Amount.Currency == "" {
			p.Amount.Currency = o.r.currency
		}
		if p.Sale != nil && p.Sale.Amount.Currency == "" {
			p.Sale.Amount.Currency = p.Amount.Currency
		}
	}
}
