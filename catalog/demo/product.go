package demo

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"unicode"

	"daogou/catalog"
)

func (it *item) id() string { return fmt.Sprintf("%s-%02d", it.typ.ID, it.index+1) }

// product makes the catalogue row of one item.
func (b *book) product(it *item) (*catalog.Product, error) {
	id := it.id()
	title, text, err := b.write(it)
	if err != nil {
		return nil, fmt.Errorf("demo: %s: %w", id, err)
	}
	p := &catalog.Product{
		ID: id, Title: title, Description: text,
		Category:   []string{b.parent[it.typ.ID], it.typ.ID},
		Brand:      it.brand.Label["en"],
		Images:     []catalog.Image{{URL: pictureURL(id), Alt: title}},
		Facets:     it.values,
		Prices:     it.prices(),
		WeightG:    it.weight(),
		SizeMM:     it.size(),
		HSCode:     it.hs(),
		Origin:     it.typ.Origins[int(it.jitter("origin")*0.999*float64(len(it.typ.Origins)))],
		Restricted: it.restrictions(),
		GTIN:       gtin(id),
		MPN:        it.mpn(),
		Condition:  "new",
		Rating:     it.rating(),
	}
	p.Variants = b.variants(it, p)
	p.Stock = it.stock(p.Variants)
	return p, nil
}

func pictureURL(id string) string { return "/pictures/" + id + ".svg" }

// write renders title and description in both languages.
func (b *book) write(it *item) (title, text catalog.Text, err error) {
	w := &writer{book: b, values: it.values, names: map[string]catalog.Text{"brand": it.brand.Label, "model": it.model}}
	title, text = catalog.Text{}, catalog.Text{}
	for _, s := range it.typ.Title {
		if c, _ := parseCondition(s.If); !c.holds(it.values) {
			continue
		}
		for _, lang := range languages {
			if said, ok := w.render(s.in(lang), lang, true); ok {
				title[lang] = said
			}
		}
		break
	}
	if len(title) != len(languages) {
		return nil, nil, fmt.Errorf("no title of type %s fits the values %v: add one without the facet that is missing", it.typ.ID, it.values)
	}
	said := map[string][]string{}
	for _, s := range it.choosePoints(w) {
		for _, lang := range languages {
			line, _ := w.render(s.in(lang), lang, false)
			said[lang] = append(said[lang], upperFirst(line))
		}
	}
	if len(said["en"]) < 3 {
		return nil, nil, fmt.Errorf("only %d points of type %s fit the values %v: write more that need no facet", len(said["en"]), it.typ.ID, it.values)
	}
	text["en"], text["zh"] = strings.Join(said["en"], " "), strings.Join(said["zh"], "")
	return title, text, nil
}

// choosePoints picks four or five sentences that can be said of the product, in the table's order.
func (it *item) choosePoints(w *writer) []sentence {
	var fit []int
	for i, s := range it.typ.Points {
		c, _ := parseCondition(s.If)
		_, en := w.render(s.EN, "en", false)
		_, zh := w.render(s.ZH, "zh", false)
		if c.holds(it.values) && en && zh {
			fit = append(fit, i)
		}
	}
	n := min(4+it.rand.IntN(2), len(fit))
	var chosen []int
	for _, i := range it.rand.Perm(len(fit))[:n] {
		chosen = append(chosen, fit[i])
	}
	slices.Sort(chosen)
	out := make([]sentence, n)
	for i, c := range chosen {
		out[i] = it.typ.Points[c]
	}
	return out
}

// picture is the name of the product's drawing.
func (it *item) picture() string {
	for _, row := range it.typ.PictureBy {
		if c, _ := parseCondition(row.If); c.holds(it.values) {
			return row.Picture
		}
	}
	if it.typ.Picture != "" {
		return it.typ.Picture
	}
	return it.typ.ID
}

func (it *item) hs() string {
	for _, row := range it.typ.HSBy {
		if c, _ := parseCondition(row.If); c.holds(it.values) {
			return row.HS
		}
	}
	return it.typ.HS
}

func (it *item) restrictions() []string {
	var out []string
	for _, s := range it.typ.Restrictions {
		name, cond, _ := strings.Cut(s, " if ")
		if c, _ := parseCondition(cond); c.holds(it.values) {
			out = append(out, name)
		}
	}
	return out
}

// variants are all combinations of the values that tell them apart; none if there is only one.
func (b *book) variants(it *item, p *catalog.Product) []catalog.Variant {
	combos := []map[string][]catalog.Value{{}}
	for _, facet := range it.typ.Variants {
		if len(it.values[facet]) == 0 {
			continue // a rule took it away, as adult sizes from a child's jacket
		}
		var next []map[string][]catalog.Value
		for _, c := range combos {
			for _, v := range it.values[facet] {
				m := map[string][]catalog.Value{facet: {v}}
				for k, have := range c {
					m[k] = have
				}
				next = append(next, m)
			}
		}
		combos = next
	}
	if len(combos) < 2 {
		return nil
	}
	out := make([]catalog.Variant, len(combos))
	for i, facets := range combos {
		out[i] = b.variant(it, p, facets)
	}
	return out
}

func (b *book) variant(it *item, p *catalog.Product, facets map[string][]catalog.Value) catalog.Variant {
	id := p.ID
	var en, zh []string
	for _, facet := range it.typ.Variants {
		if len(facets[facet]) == 0 {
			continue
		}
		v, f := facets[facet][0], b.facet[facet]
		id += "-" + strings.ReplaceAll(v.String(), ".", "_")
		en = append(en, f.label(v, "en"))
		zh = append(zh, f.label(v, "zh"))
	}
	v := catalog.Variant{
		ID:     id,
		SKU:    strings.ToUpper(strings.ReplaceAll(id, "_", "")),
		GTIN:   gtin(id),
		Facets: facets,
		Image:  pictureURL(id),
		Title: catalog.Text{
			"en": p.Title["en"] + " – " + strings.Join(en, ", "),
			"zh": p.Title["zh"] + "（" + strings.Join(zh, " ") + "）",
		},
	}
	v.Stock = it.stockOf(id, 0.1)
	return v
}

// label is a value as it stands on a button.
func (f *facetRow) label(v catalog.Value, lang string) string {
	if row := f.value(v.String()); row != nil {
		return row.Label[lang]
	}
	return quantity(v.Num(), f.Unit, lang, true)
}

// stock is what lies in each warehouse: the sum over the variants if there are any.
func (it *item) stock(variants []catalog.Variant) map[string]int64 {
	if len(variants) == 0 {
		return it.stockOf(it.id(), 0)
	}
	sum := map[string]int64{}
	for _, v := range variants {
		for w, n := range v.Stock {
			sum[w] += n
		}
	}
	return sum
}

// stockOf draws units on hand of one article. All articles of a product lie in the same one to three warehouses; one product in
// twenty-five is out of stock everywhere.
func (it *item) stockOf(article string, empty float64) map[string]int64 {
	out := map[string]int64{}
	for _, w := range it.warehouses() {
		chance := func(what string) float64 { return float64(seed(article+"/"+w+"/"+what)%10007) / 10007 }
		n := int64(math.Round(math.Exp(1.2 + 3.4*chance("units"))))
		if it.jitter("sold out") < 0.04 || chance("gone") < empty {
			n = 0
		}
		out[w] = n
	}
	return out
}

func (it *item) warehouses() []string {
	all := make([]string, 0, len(warehouses))
	for w := range warehouses {
		all = append(all, w)
	}
	sort.Slice(all, func(i, j int) bool { return it.jitter(all[i]) < it.jitter(all[j]) })
	n := 1 + int(it.jitter("warehouses")*2.999)
	all = all[:n]
	slices.Sort(all)
	return all
}

// rating is what earlier buyers thought; a few products are too new to have one.
func (it *item) rating() *catalog.Rating {
	if it.jitter("new") < 0.04 {
		return nil
	}
	average := 3.7 + 0.9*it.jitter("stars") + 0.3*it.rank
	count := math.Round(math.Exp(1.6 + 6*it.jitter("reviews")*(1-0.35*it.rank)))
	return &catalog.Rating{Average: math.Round(average*10) / 10, Count: int64(count)}
}

// mpn is the maker's own number: three letters of the brand and four digits.
func (it *item) mpn() string {
	letters := strings.Map(func(r rune) rune {
		if r < 128 && unicode.IsLetter(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, it.brand.Label["en"])
	return fmt.Sprintf("%s-%04d", letters[:min(3, len(letters))], seed(it.id()+"/mpn")%10000)
}

// gtin makes a GTIN-13 from a name, in the range 20 to 29 that shops use inside their own walls.
func gtin(name string) string {
	body := fmt.Sprintf("2%011d", seed(name+"/gtin")%100_000_000_000)
	return body + string(rune('0'+checkDigit(body)))
}

// checkDigit is the last digit of a GTIN: with it, the digits weighted 3, 1, 3, … from the right sum to a multiple of ten.
func checkDigit(body string) int {
	sum := 0
	for i := range body {
		d := int(body[len(body)-1-i] - '0')
		if i%2 == 0 {
			d *= 3
		}
		sum += d
	}
	return (10 - sum%10) % 10
}
