package nlu

import (
	"math"
	"slices"
	"strings"

	"daogou/catalog"
	"daogou/catalog/units"
)

// shoeSystems are the words for a system of shoe sizes.
var shoeSystems = map[string]string{"us": units.ShoeUS, "usa": units.ShoeUS, "uk": units.ShoeUK, "eu": units.ShoeEU, "eur": units.ShoeEU, "european": units.ShoeEU,
	"美码": units.ShoeUS, "美国": units.ShoeUS, "英码": units.ShoeUK, "英国": units.ShoeUK, "欧码": units.ShoeEU, "欧洲": units.ShoeEU}

// shoeSize is a shoe size as said, at tokens [i, j).
type shoeSize struct {
	i, j   int
	size   float64
	system string // "" if it is not said
	named  bool   // words say that it is a size
}

// findShoes reads shoe sizes where the goods have a facet for them: "US 9", "size 42", 42码, 美码9, 男鞋42.
func (w *work) findShoes() {
	w.shoe = w.shoeFacet()
	if w.shoe == nil || !w.known && !strings.Contains(w.r.phrase(0, len(w.r.toks)), "shoe size") && !strings.Contains(w.turn.Text, "鞋码") {
		return
	}
	for i := range w.r.toks {
		if s, ok := w.shoeSizeAt(i); ok && (len(w.shoes) == 0 || w.shoes[len(w.shoes)-1].j <= s.i) {
			w.shoes = append(w.shoes, s)
		}
	}
}

// shoeFacet is the facet for shoe sizes of what the turn is about, nil if there is none.
func (w *work) shoeFacet() *catalog.Facet {
	var best *catalog.Facet
	for _, f := range w.lex.shoes {
		if place, ok := w.facets[f.ID]; ok && (best == nil || place < w.facets[best.ID]) {
			best = f
		}
	}
	return best
}

func isShoeSize(f *catalog.Facet) bool {
	return (f.Kind == catalog.KindNumber || f.Kind == catalog.KindEnum) && (nameHas(f, "shoe_size shoe-size 鞋码") || strings.Contains(strings.ToLower(f.Label["en"]), "shoe size"))
}

// shoeSizeAt reads a size whose number stands at token i, with the words around it.
func (w *work) shoeSizeAt(i int) (shoeSize, bool) {
	toks := w.r.toks
	n, k := w.r.number(i)
	if k == 0 || n.lo != n.hi || n.lo < 1 || n.lo > 310 || math.Mod(n.lo*2, 1) != 0 || toks[i].kind != tokNumber {
		return shoeSize{}, false
	}
	s := shoeSize{i: i, j: i + k, size: n.lo}
	for s.i > 0 {
		back, system, named := w.sizeWordBefore(s.i)
		if back == 0 || s.system != "" && system != "" {
			break
		}
		s.i -= back
		s.named = s.named || named
		if system != "" {
			s.system = system
		}
	}
	for s.j < len(toks) {
		t := toks[s.j]
		if sys := shoeSystems[t.text]; sys != "" && s.system == "" && t.kind == tokWord {
			s.system = sys
		} else if t.text == "码" || t.text == "号" && s.size >= 20 {
			s.named = true
		} else {
			break
		}
		s.j++
	}
	if _, unit := w.r.unitAt(s.j, n.lo); s.system == "" && unit > 0 {
		return shoeSize{}, false
	}
	for s.i < i && w.isPersonWord(s.i) { // "men's size 9": whom it is for is a value of its own
		s.i++
	}
	if n.lo > 60 && (n.lo < 130 || math.Mod(n.lo, 5) != 0 || s.system != "" || !s.named && !w.afterShoes(i)) {
		return s, false
	}
	if last := len(w.shoes) - 1; last >= 0 && n.lo <= 60 && w.orBetween(w.shoes[last].j, s.i) { // "size 42 or 43"
		s.named = true
	}
	switch {
	case n.lo > 60:
		s.system = units.ShoeMM
		return s, !w.r.followedByUnit(i)
	case s.system != "" || s.named:
		return s, true
	case n.lo >= 34 && n.lo <= 48 && w.afterShoes(i): // 男鞋 42
		return s, !w.r.followedByUnit(i)
	}
	return s, false
}

// sizeWordBefore is the length of a word before token i that belongs to a size, with what it says.
func (w *work) sizeWordBefore(i int) (n int, system string, named bool) {
	toks := w.r.toks
	t := toks[i-1]
	switch {
	case t.kind == tokWord && shoeSystems[t.text] != "":
		return 1, shoeSystems[t.text], false
	case i > 1 && t.kind == tokHan && shoeSystems[toks[i-2].text+t.text] != "":
		return 2, shoeSystems[toks[i-2].text+t.text], t.text == "码"
	case t.text == "shoe" && i < len(toks) && toks[i].stem == "size":
		return 1, "", true
	case t.stem == "size" || t.text == "sz":
		return 1, "", true
	case i > 1 && t.kind == tokHan && (toks[i-2].text+t.text == "尺码" || toks[i-2].text+t.text == "鞋码"):
		return 2, "", true
	case w.isPersonWord(i-1) && i > 1 && (shoeSystems[toks[i-2].text] != "" || toks[i-2].stem == "size"):
		return 1, "", false
	}
	return 0, "", false
}

func (w *work) isPersonWord(i int) bool {
	return wearers[w.r.toks[i].text] != 0
}

// wearers are the words for whose sizes are meant, as they stand in the middle of one: "US women's 7.5". 1 is men, 2 women, 3 children.
var wearers = map[string]int{"men": 1, "mens": 1, "man": 1, "women": 2, "womens": 2, "woman": 2, "ladies": 2, "kids": 3, "kid": 3, "boys": 3, "girls": 3, "男": 1, "女": 2, "童": 3}

// afterShoes says whether a category stands right before token i, with no more than a mark between.
func (w *work) afterShoes(i int) bool {
	return slices.ContainsFunc(w.cats, func(c catMatch) bool {
		return c.j == i || c.j == i-1 && w.r.toks[c.j].kind == tokPunct
	})
}

// shoeAt is the size that starts at token i, nil if none.
func (w *work) shoeAt(i int) *shoeSize {
	for k := range w.shoes {
		if w.shoes[k].i == i {
			return &w.shoes[k]
		}
	}
	return nil
}

// shoeInside says whether a size starts within tokens [i, j): the "size 9" of "shoes size 9" is not the facet's name.
func (w *work) shoeInside(i, j int) bool {
	return slices.ContainsFunc(w.shoes, func(s shoeSize) bool { return s.i > i && s.i < j })
}

// readShoe says a shoe size in the shop's own system. A size that the shop's system does not have at all is one of the shopper's country.
func (w *work) readShoe(k int, soft, neg bool) {
	s := &w.segs[k]
	said, shop := s.shoe.system, w.shoeSystem()
	origin := OriginSaid
	if said == "" {
		said = shop
		if shop == units.ShoeEU && s.shoe.size < 15 && w.wearer() != units.ShoeKids {
			said, origin = units.ShoeUS, OriginGuessed
			if w.turn.State.Country == "GB" || w.turn.State.Currency == "GBP" {
				said = units.ShoeUK
			}
		}
	}
	s.used = true
	con := Constraint{Constraint: catalog.Constraint{Facet: w.shoe.ID, Op: catalog.OpEq, Unit: w.shoe.Unit, Hard: !soft}, Span: w.span(k, k+1)}
	con.Values = w.shoeValues(s.shoe.size, said, shop)
	if len(con.Values) == 0 {
		s.used = false
		return
	}
	if len(con.Values) > 1 {
		con.Op = catalog.OpIn
	}
	w.useName(w.shoe.ID, k)
	w.say(saying{c: con, at: k, after: w.corrected}, neg)
	if !neg {
		w.pos[len(w.pos)-1].c.Origin = origin
	}
}

// shoeSystem is the system that the shop's sizes are in, by the facet's names; without a hint the European one, as in feeds from anywhere but America.
func (w *work) shoeSystem() string {
	for _, h := range []struct{ words, system string }{{"(eu) eu_ 欧码", units.ShoeEU}, {"(us) us_ 美码", units.ShoeUS}, {"(uk) uk_ 英码", units.ShoeUK}} {
		if nameHas(w.shoe, h.words) {
			return h.system
		}
	}
	if w.turn.Schema.Currency == "USD" && w.shoe.Kind == catalog.KindEnum && w.shoe.Value("9") != nil {
		return units.ShoeUS
	}
	return units.ShoeEU
}

// wearer is whose sizes are meant: said in this turn, else known from the talk.
func (w *work) wearer() units.ShoeFor {
	for _, t := range w.r.toks {
		if who := wearers[t.text]; who != 0 {
			return units.ShoeFor(who - 1)
		}
	}
	for _, c := range w.turn.State.Constraints {
		f := w.facet(c.Facet)
		if f == nil || f.Kind != catalog.KindEnum || c.Op == catalog.OpNe || len(c.Values) != 1 {
			continue
		}
		v := f.Value(c.Values[0].Str())
		if v == nil {
			continue
		}
		for i, p := range people { // women, men, kids
			for _, l := range v.Label {
				if strings.Contains(" "+p.labels+" ", " "+strings.ToLower(l)+" ") {
					return []units.ShoeFor{units.ShoeWomen, units.ShoeMen, units.ShoeKids}[i]
				}
			}
		}
	}
	return units.ShoeMen
}

// shoeValues are the shop's sizes for one said. Between two whole sizes both the half and the nearest whole one fit.
func (w *work) shoeValues(size float64, from, to string) catalog.Values {
	sizes := []float64{size}
	if from != to {
		v, ok := units.ConvertShoe(size, from, to, w.wearer())
		if !ok {
			return nil
		}
		sizes = []float64{v}
		if v != math.Trunc(v) {
			sizes = append(sizes, math.Ceil(v))
		}
	}
	var out catalog.Values
	for _, v := range sizes {
		if w.shoe.Kind == catalog.KindNumber {
			out = append(out, catalog.Num(v))
			continue
		}
		text := catalog.Num(v).String()
		for i := range w.shoe.Values {
			val := &w.shoe.Values[i]
			fits := val.ID == text
			for _, l := range val.Label {
				l = strings.TrimSpace(strings.TrimPrefix(strings.ToUpper(l), to))
				fits = fits || l == text
			}
			if fits {
				out = append(out, catalog.Str(val.ID))
			}
		}
	}
	return out
}
