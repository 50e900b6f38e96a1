package catalog

import (
	"encoding/json"
	"fmt"
	"strings"

	"daogou/catalog/units"
)

// index writes the words of a product into the text index, its card and the counts.
func (w *writer) index(n int64, p *Product) error {
	f, head := w.fields(p)
	join := func(col int) string { return strings.Join(f[col], " ") }
	err := w.run("INSERT INTO words(rowid, title, brand, body, codes) VALUES(?,?,?,?,?)", n, join(inTitle), join(inBrand), join(inBody), join(inCodes))
	if err != nil {
		return err
	}
	voc := f.vocabulary()
	if err := w.run("INSERT INTO everything(rowid, text) VALUES(?, ?)", n, strings.Join(sortedKeys(voc), " ")); err != nil {
		return err
	}
	if err := w.run("INSERT INTO cards VALUES(?, ?)", n, f.card(head)); err != nil {
		return err
	}
	return w.count(voc, 1)
}

// fields cuts a product into terms, and its title into an outline.
func (w *writer) fields(p *Product) (f fields, head []string) {
	for _, t := range p.Title.texts() {
		ws := analyse(t, titleWords)
		f[inTitle] = append(f[inTitle], terms(ws)...)
		head = append(append(head, outline(ws)...), markBreak)
	}
	for i := range p.Variants {
		if len(f[inTitle]) > 2*titleWords {
			break
		}
		for _, t := range p.Variants[i].Title.texts() {
			f[inTitle] = addNew(f[inTitle], terms(analyse(t, titleWords)))
		}
	}
	f[inBrand] = terms(analyse(p.Brand, 8))
	if b := w.brands[brandKey(p.Brand)]; b != nil {
		if b.text == nil {
			b.text = named(b.names.Label, b.names.Synonyms)
		}
		f[inBrand] = addNew(f[inBrand], b.text)
	}
	f[inType], f[inFacets] = w.typeTerms(p)
	f[inFacets] = append(f[inFacets], w.facetTerms(p)...)
	for _, t := range p.Description.texts() {
		if len(f[inBody]) < bodyWords {
			ws := analyse(t[:cutAt(t, 20*bodyWords)], bodyWords)
			f[inBody] = append(f[inBody], terms(ws)...)
			if len(ws) <= subtitleWords { // so short a description is a second title: "FS-9130DN Laser Printer"
				head = append(append(head, outline(ws)...), markBreak)
			}
		}
	}
	f[inCodes] = codes(p)
	return f, head
}

func addNew(to, more []string) []string {
	seen := make(map[string]bool, len(to))
	for _, t := range to {
		seen[t] = true
	}
	for _, t := range more {
		if !seen[t] {
			seen[t] = true
			to = append(to, t)
		}
	}
	return to
}

// typeTerms are the names of the product's type, and those of the categories above it.
func (w *writer) typeTerms(p *Product) (own, above []string) {
	if len(p.Category) == 0 {
		return nil, nil
	}
	c := w.cats[p.Category[len(p.Category)-1]]
	for depth := 0; c != nil && depth < 16; depth++ {
		if c.text == nil {
			c.text = named(c.c.Label, c.c.Synonyms)
		}
		if depth == 0 {
			own = addNew(own, c.text)
		} else {
			above = addNew(above, c.text)
		}
		c = w.cats[c.c.Parent]
	}
	return own, above
}

// facetTerms are the words of a product's facets and its variants': labels of enum values, quantities with their units, names of what it has.
func (w *writer) facetTerms(p *Product) []string {
	var out []string
	add := func(facets map[string][]Value) {
		for _, id := range sortedKeys(facets) {
			f := w.facets[id]
			if f == nil || len(out) >= facetWords {
				continue
			}
			for _, v := range facets[id] {
				out = append(out, w.valueTerms(f, v)...)
			}
		}
	}
	add(p.Facets)
	for i := range p.Variants {
		add(p.Variants[i].Facets)
	}
	out = addNew(nil, out)
	return out[:min(len(out), facetWords)]
}

func (w *writer) valueTerms(f *facetRow, v Value) []string {
	name := func() []string {
		if f.text == nil {
			f.text = named(f.f.Label, f.f.Synonyms)
		}
		return f.text
	}
	switch f.f.Kind {
	case KindEnum:
		r := f.values[v.Str()]
		if r == nil {
			return nil
		}
		if r.text == nil {
			r.text = named(r.v.Label, r.v.Synonyms)
		}
		return r.text
	case KindBool:
		if v.Bool() {
			return name()
		}
	case KindNumber:
		if u, ok := units.Lookup(f.f.Unit); ok {
			return []string{quantityTerm(v.Num(), u)}
		}
		if v.Num() > 0 { // so many ports, shelves, speakers: it has them
			return append([]string{numberTerm(v.String())}, name()...)
		}
	case KindText:
		return terms(analyse(v.Str()[:cutAt(v.Str(), 600)], 40))
	}
	return nil
}

// codes are the identifiers under which a product may be looked up, whole and without their hyphens.
func codes(p *Product) []string {
	var out []string
	add := func(s string) {
		s = strings.Join(strings.Fields(fold(s)), "")
		if s == "" || len(s) > longestWord {
			return
		}
		w := makeWord(s)
		if w.term != "" && !strings.ContainsAny(w.term, " \n") {
			out = append(out, tokenOnly(w.term))
		}
	}
	add(p.ID)
	add(p.GTIN)
	add(p.MPN)
	for i := range p.Variants {
		if len(out) > 64 {
			break
		}
		add(p.Variants[i].SKU)
		add(p.Variants[i].GTIN)
	}
	return addNew(nil, out)
}

// tokenOnly keeps what the index's tokenizer keeps together.
func tokenOnly(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 128 || isDigit(r) || r >= 'a' && r <= 'z' || strings.ContainsRune("-._+#/%&:'", r) {
			return r
		}
		return -1
	}, s)
}

// indexAgain indexes every product anew, because names that many carry have changed or the analyser has.
func (w *writer) indexAgain() error {
	for _, q := range []string{"INSERT INTO words(words) VALUES('delete-all')", "INSERT INTO everything(everything) VALUES('delete-all')", "DELETE FROM cards", "DELETE FROM terms"} {
		if err := w.run(q); err != nil {
			return err
		}
	}
	clear(w.df)
	const batch = 500
	for last := int64(0); ; {
		type row struct {
			n int64
			p *Product
		}
		var rows []row
		err := w.each(fmt.Sprintf("SELECT n, doc FROM docs WHERE n>%d ORDER BY n LIMIT %d", last, batch), func(scan func(...any) error) error {
			r := row{p: new(Product)}
			var doc []byte
			if err := scan(&r.n, &doc); err != nil {
				return err
			}
			rows = append(rows, r)
			return json.Unmarshal(doc, r.p)
		})
		if err != nil {
			return w.fail(err)
		}
		for _, r := range rows {
			last = r.n
			if err := w.index(r.n, r.p); err != nil {
				return err
			}
		}
		if len(rows) < batch {
			return nil
		}
	}
}
