package data

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"daogou/catalog"
	"daogou/nlu"
)

// item draws a product on the table and words that point to it and to nothing else there.
func (s *sim) item() (*catalog.Product, string) {
	i := s.rng.IntN(len(s.shown))
	p := s.shown[i]
	if len(s.shown) == 1 || p.ID == s.state.Focus && s.chance(75) {
		return p, s.say("ref.it", nil)
	}
	for range 8 {
		if x := s.pointTo(i); x != "" {
			return p, x
		}
	}
	return p, s.ordinal(i)
}

// pointTo words one manner of pointing; "" where it does not tell the product apart.
func (s *sim) pointTo(i int) string {
	p := s.shown[i]
	switch s.rng.IntN(10) {
	case 0, 1, 2:
		return s.ordinal(i)
	case 3:
		if x := s.onlyValue(i); x != "" {
			return s.say("ref.value", slots{"v": x})
		}
	case 4:
		if p.Brand != "" && s.count(func(q *catalog.Product) bool { return q.Brand == p.Brand }) == 1 {
			return s.say("ref.brand", slots{"v": s.brandName(p.Brand)})
		}
	case 5:
		return s.extreme(i)
	case 6:
		return s.byPrice(i)
	case 7, 8:
		if w := s.titleWord(i); w != "" {
			return s.say("ref.name", slots{"v": w})
		}
	case 9:
		if len(s.shown) == 3 && i == 1 {
			return s.say("ref.middle", nil)
		}
		if i == len(s.shown)-1 {
			return s.say("ref.last", nil)
		}
	}
	return ""
}

func (s *sim) count(has func(*catalog.Product) bool) int {
	n := 0
	for _, p := range s.shown {
		if has(p) {
			n++
		}
	}
	return n
}

func (s *sim) ordinal(i int) string {
	key := "ord." + strconv.Itoa(i+1)
	if !s.book.has(key) {
		return s.say("ref.number", slots{"k": strconv.Itoa(i + 1)})
	}
	return s.say("ref.ord", slots{"ord": s.say(key, nil), "k": strconv.Itoa(i + 1)})
}

// onlyValue is a value that no other product on the table has.
func (s *sim) onlyValue(i int) string {
	fs := s.shop.Schema.FacetsOf(s.shown[i].Category[len(s.shown[i].Category)-1])
	for range 6 {
		if len(fs) == 0 {
			return ""
		}
		f := drawn(s, fs)
		vs := s.shown[i].Facets[f.ID]
		if f.Kind != catalog.KindEnum || len(vs) == 0 || f.Value(vs[0].Str()) == nil {
			continue
		}
		if s.count(func(q *catalog.Product) bool { return slices.Contains(q.Facets[f.ID], vs[0]) }) == 1 {
			return s.valueName(f, vs[0].Str())
		}
	}
	return ""
}

// extreme words the cheapest or dearest product.
func (s *sim) extreme(i int) string {
	price := priceIn(s.shown[i], s.shop.Schema.Currency)
	switch {
	case s.count(func(q *catalog.Product) bool { return priceIn(q, s.shop.Schema.Currency) <= price }) == 1:
		return s.say("ref.cheapest", nil)
	case s.count(func(q *catalog.Product) bool { return priceIn(q, s.shop.Schema.Currency) >= price }) == 1:
		return s.say("ref.dearest", nil)
	}
	return ""
}

func (s *sim) byPrice(i int) string {
	price := priceIn(s.shown[i], s.shop.Schema.Currency)
	if price < 10 || s.count(func(q *catalog.Product) bool { return int(priceIn(q, s.shop.Schema.Currency)) == int(price) }) != 1 {
		return ""
	}
	v := float64(int(price))
	if s.chance(30) {
		v = price
	}
	n := digits(v)
	if s.chance(40) {
		if sign := signs[s.shop.Schema.Currency]; sign != "" && s.lang == "en" {
			n = sign + n
		} else if forms := map[string][]string{"en": {" dollar", " euro", " quid"}, "zh": {"块", "美元"}}; s.lang == "zh" && s.shop.Schema.Currency == "CNY" {
			n += forms["zh"][0]
		}
	}
	return s.say("ref.price", slots{"v": n})
}

// titleWord is a word that only one title on the table has.
func (s *sim) titleWord(i int) string {
	title := s.shown[i].Title.In(s.lang)
	if s.lang == "zh" && s.chance(30) {
		title = s.shown[i].Title.In("en")
	}
	var words []string
	for _, w := range strings.FieldsFunc(title, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",.、，()（）·/", r) }) {
		n := utf8.RuneCountInString(w)
		r, _ := utf8.DecodeRuneInString(w)
		if n < 2 || n < 4 && r < 0x80 || n > 12 || !unicode.IsLetter(r) || strings.EqualFold(w, s.shown[i].Brand) {
			continue
		}
		if s.count(func(q *catalog.Product) bool {
			return strings.Contains(strings.ToLower(q.Title.In("en")+" "+q.Title.In("zh")), strings.ToLower(w))
		}) == 1 {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return ""
	}
	w := words[s.rng.IntN(min(2, len(words)))] // the name stands before the description
	if s.lang == "en" && s.chance(50) {
		w = strings.ToLower(w)
	}
	return w
}

// askable draws a fact that a shopper may ask of a product.
func (s *sim) askable(p *catalog.Product, key string) (facet, text string) {
	ref := "{ref}"
	if s.chance(22) {
		facet = drawn(s, []string{catalog.FacetPrice, catalog.FacetRating, catalog.FacetInStock, catalog.FacetShipsFrom, catalog.FacetPrice})
		return facet, s.say(key+"."+facet, slots{"ref": ref})
	}
	fs := s.shop.Schema.FacetsOf(p.Category[len(p.Category)-1])
	if len(fs) == 0 {
		return "", ""
	}
	f := drawn(s, fs)
	label := strings.ToLower(f.Label.In("en"))
	fill := slots{"ref": ref, "f": s.facetName(f.ID)}
	switch {
	case f.Kind == catalog.KindBool:
		x, part := s.yesWord(f)
		if s.lang == "en" && part != adjective && part != thing {
			x = plainName(f.Label.In("en"))
			if part = speech(x); part != adjective && part != thing {
				return "", ""
			}
		}
		fill["x"] = x
		return f.ID, s.say(key+".bool."+part, fill)
	case f.Kind == catalog.KindNumber && label == "weight":
		return f.ID, s.book.first(s.rng, fill, key+".weight", key+".num")
	case f.Kind == catalog.KindNumber:
		if d, ok := dimensions[label]; ok && label != "diameter" && s.chance(60) {
			fill["d"] = d[0]
			if s.lang == "zh" {
				fill["d"] = d[1]
			}
			return f.ID, s.book.first(s.rng, fill, key+".dim", key+".num")
		}
		if f.Unit == "piece" || f.Unit == "" && s.lang == "en" && strings.HasSuffix(label, "s") {
			return f.ID, s.book.first(s.rng, fill, key+".count", key+".num")
		}
		return f.ID, s.say(key+".num", fill)
	}
	if kindOf(f) == "colour" {
		return f.ID, s.book.first(s.rng, fill, key+".colour", key+".enum")
	}
	if len(f.Values) > 0 && s.chance(30) {
		fill["v"] = s.valueName(f, drawn(s, f.Values).ID)
		return f.ID, s.book.first(s.rng, fill, key+".value", key+".enum")
	}
	return f.ID, s.say(key+".enum", fill)
}

func (s *sim) askItem() (line, bool) {
	p, ref := s.item()
	facet, text := s.askable(p, "ask")
	if text == "" {
		return line{}, false
	}
	l := line{text: strings.ReplaceAll(text, "{ref}", ref), want: nlu.Delta{Act: nlu.ActAskItem, AskFacets: []string{facet}}, ref: p.ID}
	if s.chance(7) {
		return s.with(l, nlu.ActPolicy), true
	}
	return l, true
}

// compare sets two of the products, or all, side by side.
func (s *sim) compare() (line, bool) {
	l := line{want: nlu.Delta{Act: nlu.ActCompare}}
	if s.chance(45) {
		i := s.rng.IntN(len(s.shown))
		j := (i + 1 + s.rng.IntN(len(s.shown)-1)) % len(s.shown)
		l.ref = s.shown[i].ID
		fill := slots{"a": s.ordinal(i), "b": s.ordinal(j)}
		if a, b := s.titleWord(i), s.titleWord(j); a != "" && b != "" && s.chance(35) {
			fill["a"], fill["b"] = a, b
		}
		facet, f := s.comparable(s.shown[i])
		if facet != "" && s.chance(35) {
			fill["f"] = f
			l.want.AskFacets = []string{facet}
			l.text = s.say("compare.two.by", fill)
		} else {
			l.text = s.say("compare.two", fill)
		}
		return l, true
	}
	facet, f := s.comparable(s.shown[0])
	if facet != "" && s.chance(50) {
		l.want.AskFacets = []string{facet}
		l.text = s.say("compare.by", slots{"f": f})
		return l, true
	}
	if s.chance(25) {
		l.want.AskFacets = []string{catalog.FacetPrice}
		l.text = s.say("compare.price", nil)
		return l, true
	}
	l.text = s.say("compare", nil)
	return l, true
}

func (s *sim) comparable(p *catalog.Product) (facet, name string) {
	fs := s.shop.Schema.FacetsOf(p.Category[len(p.Category)-1])
	for range 4 {
		if len(fs) == 0 {
			break
		}
		if f := drawn(s, fs); f.Kind == catalog.KindNumber {
			return f.ID, plainName(f.Label.In(s.lang))
		}
	}
	return "", ""
}

// choose settles on an item.
func (s *sim) choose() (line, bool) {
	p, ref := s.item()
	key := "choose"
	if slices.Contains(s.book.lists["ref.it"], ref) {
		key = "choose.it"
	}
	l := line{text: s.say(key, slots{"ref": ref}), want: nlu.Delta{Act: nlu.ActChoose}, ref: p.ID}
	return s.variant(l, p), true
}

// variant adds the colour that it should have, sometimes.
func (s *sim) variant(l line, p *catalog.Product) line {
	for _, f := range s.shop.Schema.FacetsOf(p.Category[len(p.Category)-1]) {
		if vs := p.Facets[f.ID]; kindOf(f) == "colour" && len(vs) > 1 && s.chance(15) {
			v := drawn(s, vs)
			if f.Value(v.Str()) == nil {
				return l
			}
			l.text += " " + s.say("variant", slots{"v": s.valueName(f, v.Str())})
			l.want.Set = append(l.want.Set, said(f.ID, catalog.OpEq, v))
		}
	}
	return l
}

// add puts an item into the basket.
func (s *sim) add() (line, bool) {
	p, ref := s.item()
	l := line{want: nlu.Delta{Act: nlu.ActAddToCart}, ref: p.ID}
	if s.chance(30) {
		n := 2 + s.rng.IntN(5)
		word := s.numberWord(float64(n), true)
		if s.chance(50) {
			word = strconv.Itoa(n)
		}
		l.want.Quantity = n
		l.text = s.say("add.many", slots{"ref": ref, "n": word})
	} else {
		l.text = s.say("add", slots{"ref": ref})
	}
	l = s.variant(l, p)
	if s.chance(12) {
		l = s.with(l, drawn(s, []nlu.Act{nlu.ActCheckout, nlu.ActOrder, nlu.ActPolicy, nlu.ActViewCart, nlu.ActThank}))
	}
	s.state.Cart = append(slices.Clone(s.state.Cart), nlu.CartLine{Product: p.ID, Quantity: max(1, l.want.Quantity)})
	return l, true
}

// remove takes an item out of the basket.
func (s *sim) remove() (line, bool) {
	l := line{want: nlu.Delta{Act: nlu.ActRemove}}
	last := s.state.Cart[len(s.state.Cart)-1].Product
	i := slices.IndexFunc(s.shown, func(p *catalog.Product) bool { return p.ID == last })
	switch {
	case i < 0 || s.chance(25):
		l.text = s.say("remove.last", nil)
	case last == s.state.Focus && s.chance(60):
		l.text, l.ref = s.say("remove", slots{"ref": s.say("ref.it", nil)}), last
	default:
		l.text, l.ref = s.say("remove", slots{"ref": s.ordinal(i)}), last
	}
	if s.chance(20) && l.ref != "" {
		l.want.Quantity = 1 + s.rng.IntN(3)
		l.text = s.say("remove.some", slots{"n": s.numberWord(float64(l.want.Quantity), true)})
	}
	if s.chance(8) {
		l = s.with(l, nlu.ActViewCart)
	}
	return l, true
}

func (s *sim) more() (line, bool) {
	return line{text: s.say("act.more", slots{"noun": s.noun(s.goal.category)}), want: nlu.Delta{Act: nlu.ActMore}}, true
}

// reject turns down one item, or all.
func (s *sim) reject() (line, bool) {
	l := line{want: nlu.Delta{Act: nlu.ActReject}}
	if len(s.shown) > 1 && s.chance(30) {
		i := s.rng.IntN(len(s.shown))
		l.text, l.ref = s.say("reject.one", slots{"ref": s.ordinal(i)}), s.shown[i].ID
		return l, true
	}
	l.text = s.say("act.reject", nil)
	return l, true
}

// thanTheItem asks for something cheaper, lighter or the like than an item on the table.
func (s *sim) thanTheItem() (line, bool) {
	i := s.rng.IntN(len(s.shown))
	p := s.shown[i]
	ref := s.ordinal(i)
	if len(s.shown) == 1 {
		ref = s.say("ref.it", nil)
	}
	c := said(catalog.FacetPrice, catalog.OpLe, catalog.Num(priceIn(p, s.shop.Schema.Currency)))
	c.Unit = s.shop.Schema.Currency
	key := "than.cheaper"
	if s.chance(45) {
		for _, f := range s.shop.Schema.FacetsOf(p.Category[len(p.Category)-1]) {
			vs := p.Facets[f.ID]
			if f.Kind != catalog.KindNumber || len(vs) == 0 || !vs[0].IsNum() {
				continue
			}
			up, down := comparatives(strings.ToLower(f.Label.In("en")))
			if up == "" || s.chance(30) {
				continue
			}
			op, word := catalog.OpLe, down
			if s.chance(50) {
				op, word = catalog.OpGe, up
			}
			c, key = said(f.ID, op, catalog.Num(vs[0].Num())), "than."+word
			c.Unit = f.Unit
			break
		}
	}
	return line{text: s.say(key, slots{"ref": ref}), want: nlu.Delta{Act: nlu.ActRefine, Set: []nlu.Constraint{c}}}, true
}

// comparatives are how more and less of a facet are said.
func comparatives(label string) (up, down string) {
	switch {
	case label == "weight":
		return "heavier", "lighter"
	case label == "length":
		return "longer", "shorter"
	case label == "width":
		return "wider", "narrower"
	case label == "height":
		return "taller", "lower"
	case label == "thickness":
		return "thicker", "thinner"
	case label == "power":
		return "stronger", "weaker"
	case strings.HasPrefix(label, "noise"):
		return "louder", "quieter"
	case label == "brightness":
		return "brighter", "dimmer"
	case label == "screen size" || label == "capacity" || label == "volume" || label == "diameter":
		return "bigger", "smaller"
	}
	return "", ""
}
