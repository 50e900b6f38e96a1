package data

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"daogou/catalog"
	"daogou/catalog/units"
)

// Places where a condition can stand in a sentence.
const (
	before = "pre"    // "waterproof" tent
	behind = "post"   // tent "in green"
	alone  = "clause" // "it has to be waterproof"
	bare   = "bare"   // "green", after "make it" or as a whole answer
)

// word draws what a thing of the catalogue is called.
func (s *sim) word(label catalog.Text, synonyms map[string][]string, fits func(string) bool) string {
	lang := s.lang
	if s.chance(3) {
		lang = map[string]string{"en": "zh", "zh": "en"}[lang]
	}
	main := plainName(label.In(lang))
	out := main
	if list := synonyms[lang]; len(list) > 0 && s.chance(45) {
		if x := plainName(list[s.rng.IntN(len(list))]); x != "" && (fits == nil || fits(x)) {
			out = x
		}
	}
	return out
}

// plainName is a label as it is spoken: without brackets, in small letters but for abbreviations.
func plainName(s string) string {
	for _, open := range []string{" (", "（", "("} {
		if head, _, cut := strings.Cut(s, open); cut && head != "" {
			s = head
		}
	}
	s = strings.NewReplacer("*", "", "{", "", "}", "", "[", "", "]", "", " – ", " ").Replace(s)
	words := strings.Fields(s)
	for i, w := range words {
		if r := []rune(w); len(r) > 1 && unicode.IsUpper(r[0]) && strings.ToLower(w[1:]) == w[1:] {
			words[i] = strings.ToLower(w)
		}
	}
	return strings.Join(words, " ")
}

func (s *sim) noun(category string) string {
	c := s.shop.Schema.Category(category)
	if c == nil {
		return category
	}
	return s.word(c.Label, c.Synonyms, nil)
}

func (s *sim) facetName(id string) string {
	if s.book.has("name." + id) {
		return s.book.say(s.rng, "name."+id, nil)
	}
	f := s.shop.Schema.Facet(id)
	if f == nil {
		return id
	}
	label := plainName(f.Label.In(s.lang))
	if s.chance(25) && f.Kind == catalog.KindEnum {
		if list := f.Synonyms[s.lang]; len(list) > 0 {
			if x := list[s.rng.IntN(len(list))]; !asks(x) {
				return x
			}
		}
	}
	return label
}

// asks says whether a facet's name is a question and fits into no sentence.
func asks(name string) bool {
	if utf8.RuneCountInString(name) > 18 {
		return true
	}
	for _, w := range []string{"how", "what", "which", "几", "多", "什么", "怎么", "哪", "还是", "吗"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

func (s *sim) valueName(f *catalog.Facet, id string) string {
	v := f.Value(id)
	if v == nil {
		return id
	}
	return s.word(v.Label, v.Synonyms, func(x string) bool { return len(strings.Fields(x)) < 4 })
}

// isMass and isPair say how an English noun is counted.
var massNouns = []string{"tea", "coffee", "oil", "honey", "chocolate", "sauce", "food", "litter", "shampoo", "sunscreen", "bedding", "paint", "clay", "soap", "jewellery", "equipment", "gear", "wax", "yarn", "fabric", "paper", "makeup", "beans", "nuts", "noodles", "biscuits", "cereal", "soil", "glue", "ink", "wool", "wine", "water", "kibble"}
var pairNouns = []string{"jeans", "trousers", "headphones", "earbuds", "sunglasses", "boots", "shoes", "goggles", "leggings", "sandals", "slippers", "socks", "gloves", "scissors", "binoculars", "secateurs", "curtains", "sneakers", "trainers", "skates", "shorts", "pliers", "glasses", "clogs"}

// article puts what English has before a noun with its adjectives.
func (s *sim) article(np, noun string) string {
	if s.lang != "en" || np == "" {
		return np
	}
	fields := strings.Fields(noun)
	if len(fields) == 0 {
		return np
	}
	last := strings.ToLower(fields[len(fields)-1])
	switch {
	case slices.Contains(massNouns, last):
		return drawn(s, []string{"some ", ""}) + np
	case slices.Contains(pairNouns, last):
		return drawn(s, []string{"some ", "a pair of ", "", "a good pair of "}) + np
	case strings.HasSuffix(last, "s") && !strings.HasSuffix(last, "ss"):
		return drawn(s, []string{"some ", ""}) + np
	case s.chance(10) && len(last) > 2 && !strings.HasSuffix(last, "y") && last[0] < 0x80:
		return strings.TrimSuffix(np, last) + plural(last)
	case strings.ContainsRune("aeiou", rune(strings.ToLower(np)[0])):
		return "an " + np
	}
	return drawn(s, []string{"a ", "a ", "a ", "a good ", "a decent ", "one "}) + np
}

func plural(w string) string {
	if strings.HasSuffix(w, "s") || strings.HasSuffix(w, "x") || strings.HasSuffix(w, "ch") || strings.HasSuffix(w, "sh") {
		return w + "es"
	}
	return w + "s"
}

func drawn[T any](s *sim, list []T) T { return list[s.rng.IntN(len(list))] }

// Parts of speech of a yes/no facet's name.
const (
	adjective   = "adj"
	thing       = "noun"
	preposition = "prep"
	verb        = "verb"
)

var adjectiveEnds = []string{"able", "ible", "less", "proof", "ed", "free", "ing", "safe", "resistant", "friendly", "ic", "less", "ous", "al", "fit", "size", "handed", "mic", "certified", "sized", "washable", "ready", "thin", "slip", "type", "stick", "fog", "colic", "theft", "ant"}
var adjectives = []string{"wireless", "vegan", "organic", "smart", "raw", "halal", "quiet", "silent", "portable", "curved", "magnetic", "electric", "breathable", "waterproof", "windproof", "eco", "sustainable", "outdoor", "rugged", "stretchy", "airy", "thermal", "adjustable", "reversible", "handmade", "cordless", "brushless", "textured", "prescription", "cooperative", "weighted", "salty", "sugar-free", "unsweetened", "decaf", "unscented", "cold-pressed", "fretless", "hooded", "wet and dry", "automatic", "manual", "lockable"}

// speech guesses the part of speech of a yes/no facet's English name.
func speech(name string) string {
	words := strings.Fields(strings.ToLower(name))
	if len(words) == 0 {
		return thing
	}
	first, last := words[0], words[len(words)-1]
	switch first {
	case "with", "for", "in", "as", "on", "to", "by", "no", "without", "from", "has", "at", "under", "down", "both", "several", "two", "not":
		if first == "has" {
			return verb
		}
		return preposition
	}
	if len(words) > 1 && (strings.HasSuffix(first, "s") && !strings.HasSuffix(first, "ss") && len(first) > 3 || first == "fits" || first == "is") && !slices.Contains([]string{"gps", "wireless", "usb-c"}, first) && !strings.HasSuffix(first, "less") {
		return verb
	}
	if len(words) == 1 && slices.Contains([]string{"folds", "dims", "extends", "stacks", "expands", "adjusts", "rotates", "floats", "clumps", "vibrates", "shrinks", "turns"}, first) {
		return verb
	}
	if slices.Contains(adjectives, strings.ToLower(name)) || slices.Contains(adjectives, last) {
		return adjective
	}
	if slices.Contains([]string{"charging", "cancelling", "cleaning", "pairing", "heating", "packaging", "grip", "function", "lining", "ring", "bearing", "printing", "powder", "sling", "string"}, last) && !strings.Contains(name, "-") {
		return thing
	}
	for _, e := range adjectiveEnds {
		if strings.HasSuffix(last, e) && len(last) > len(e)+1 {
			return adjective
		}
	}
	return thing
}

// speechZH does so for Chinese, where a name that is no thing takes 的 by itself.
func speechZH(name string) string {
	for _, p := range []string{"可", "能", "会", "不", "无", "防", "自动", "免", "带", "含", "有", "送", "附", "支持", "需", "抗", "快", "速", "非", "零", "低", "已", "双", "手工", "有机", "纯", "透", "保温", "折叠", "加绒", "无线", "磁吸", "静音"} {
		if strings.HasPrefix(name, p) {
			return adjective
		}
	}
	return thing
}

func (s *sim) yesWord(f *catalog.Facet) (x, part string) {
	x = s.word(f.Label, f.Synonyms, func(x string) bool { return !asks(x) })
	if s.lang == "zh" {
		return x, speechZH(x)
	}
	return x, speech(x)
}

// kindOf is the sort of an enum facet that has phrases of its own.
func kindOf(f *catalog.Facet) string {
	switch l := strings.ToLower(f.Label.In("en")); {
	case strings.Contains(l, "colour") || strings.Contains(l, "color"):
		return "colour"
	case strings.Contains(l, "material") || l == "fabric" || l == "wood" || strings.HasSuffix(l, " wood"):
		return "material"
	case l == "for" || l == "for whom" || strings.HasPrefix(l, "who"):
		return "audience"
	case l == "size" || strings.HasSuffix(l, " size"):
		return "size"
	}
	return "other"
}

// phrase words a condition for a place in a sentence; "" if it cannot stand there.
func (s *sim) phrase(w wish, place string) string {
	c := w.c.Constraint
	f := s.shop.Schema.Facet(c.Facet)
	switch {
	case c.Facet == catalog.FacetPrice:
		return s.money(w, place)
	case c.Facet == catalog.FacetBrand:
		return s.say("brand."+not(c.Op)+place, slots{"v": s.values(nil, c)})
	case c.Facet == catalog.FacetInStock, c.Facet == catalog.FacetOnSale:
		return s.say(c.Facet+"."+place, nil)
	case f == nil || len(c.Values) == 0:
		return ""
	case f.Kind == catalog.KindEnum:
		return s.enum(f, w, place)
	case f.Kind == catalog.KindBool:
		return s.yesNo(f, w, place)
	}
	return s.measure(f, w, place)
}

func not(op catalog.Op) string {
	if op == catalog.OpNe {
		return "not."
	}
	return ""
}

func (s *sim) say(key string, fill slots) string { return s.book.say(s.rng, key, fill) }

// values words the values of a condition: one, or a list.
func (s *sim) values(f *catalog.Facet, c catalog.Constraint) string {
	var names []string
	for _, v := range c.Values {
		if f == nil {
			names = append(names, s.brandName(v.Str()))
		} else {
			names = append(names, s.valueName(f, v.Str()))
		}
	}
	if len(names) == 1 {
		return names[0]
	}
	key := "join.or"
	if c.Op == catalog.OpNe {
		key = "join.nor"
	}
	return s.say(key, slots{"a": names[0], "b": names[1]})
}

func (s *sim) brandName(b string) string {
	if s.chance(40) {
		return strings.ToLower(b)
	}
	return b
}

func (s *sim) enum(f *catalog.Facet, w wish, place string) string {
	c := w.c.Constraint
	fill := slots{"v": s.values(f, c), "f": s.facetName(f.ID)}
	if place == before && (len(c.Values) > 1 || c.Op == catalog.OpNe || len(strings.Fields(fill["v"])) > 2 || !w.c.Hard) && s.lang == "en" {
		return ""
	}
	kind := kindOf(f)
	key := "enum." + not(c.Op) + place
	if !w.c.Hard {
		if place != alone {
			return ""
		}
		return s.softened(s.book.first(s.rng, fill, "enum."+not(c.Op)+bare+"."+kind, "enum."+not(c.Op)+bare+".other"))
	}
	if kind == "other" && strings.Contains(fill["v"], fill["f"]) {
		kind = "self"
	}
	return s.book.first(s.rng, fill, key+"."+kind, key+".other")
}

// softened makes a wish of a condition.
func (s *sim) softened(x string) string {
	if x == "" {
		return ""
	}
	return s.say("soft", slots{"x": x})
}

func (s *sim) yesNo(f *catalog.Facet, w wish, place string) string {
	x, part := s.yesWord(f)
	yes := w.c.Values[0].Bool() != (w.c.Op == catalog.OpNe)
	key := "bool."
	if !yes {
		key = "bool.no."
		if x = plainName(f.Label.In(s.lang)); s.lang == "zh" {
			part = speechZH(x)
		} else {
			part = speech(x)
		}
		if part != adjective && part != thing {
			return ""
		}
	}
	if place == before && (s.lang == "en" && part != adjective || !yes || !w.c.Hard) {
		return ""
	}
	if !w.c.Hard {
		if place != alone {
			return ""
		}
		return s.softened(s.say(key+bare+"."+part, slots{"x": x}))
	}
	return s.say(key+place+"."+part, slots{"x": x})
}

// dimension is how a length is said of a thing: 20 cm "wide".
var dimensions = map[string][2]string{"length": {"long", "长"}, "width": {"wide", "宽"}, "height": {"tall", "高"}, "thickness": {"thick", "厚"}, "diameter": {"across", "直径"}, "depth": {"deep", "深"}}

// operators are the names of the phrasebook's lists for each operator.
var operators = map[catalog.Op]string{catalog.OpLe: "le", catalog.OpGe: "ge", catalog.OpBetween: "between", catalog.OpEq: "eq"}

// measure words a condition on a number.
func (s *sim) measure(f *catalog.Facet, w wish, place string) string {
	c := w.c.Constraint
	if place == before && (c.Op != catalog.OpEq || !w.c.Hard) && s.lang == "en" {
		return ""
	}
	if place == before && s.lang == "en" && (c.Unit == "" || c.Unit == "piece") { // "10 feeder" says nothing
		return ""
	}
	fill := slots{"f": s.facetName(f.ID)}
	sort := "named"
	label := strings.ToLower(f.Label.In("en"))
	dim, isDim := dimensions[label]
	switch {
	case c.Unit == "person":
		sort = "person"
	case c.Unit == "month" || c.Unit == "year" && strings.Contains(label, "age"):
		sort = "age"
	case isDim && s.chance(70):
		sort, fill["d"] = "dim", dim[0]
		if s.lang == "zh" {
			fill["d"] = dim[1]
		}
	case label == "weight" && s.chance(60):
		sort = "weight"
	case label == "pieces" && s.chance(70):
		sort = "pieces"
	case c.Unit == "piece" || c.Unit == "" && place == before || c.Unit == "" && s.lang == "en" && strings.HasSuffix(label, "s"):
		sort = "count"
	case c.Unit == "":
	case s.unambiguous(f) && s.chance(60):
		sort = "short"
	}
	op := operators[c.Op]
	if place == bare {
		place = behind
	}
	a := c.Values[0].Num()
	switch {
	case w.about:
		op = "about"
		mid := round6((c.Values[0].Num() + c.Values[1].Num()) / 2)
		fill["n"] = s.amount(mid, c.Unit, place)
	case len(c.Values) == 2:
		fill["lo"], fill["hi"] = digits(a), s.figure(c.Values[1].Num(), c.Unit)
	default:
		fill["n"] = s.amount(a, c.Unit, place)
	}
	if !w.c.Hard {
		if place != alone {
			return ""
		}
		return s.softened(s.book.first(s.rng, fill, "num."+op+"."+behind+"."+sort, "num."+op+"."+behind+".named"))
	}
	return s.book.first(s.rng, fill, "num."+op+"."+place+"."+sort, "num."+op+"."+place+".named")
}

// unambiguous says whether a number's unit tells the facet.
func (s *sim) unambiguous(f *catalog.Facet) bool {
	for _, g := range s.shop.Schema.FacetsOf(s.goal.category) {
		if g.ID == f.ID || g.Kind != catalog.KindNumber || g.Unit == "" {
			continue
		}
		if _, err := units.Convert(1, f.Unit, g.Unit); err == nil {
			return false
		}
	}
	return true
}

// amount words a number with its unit.
func (s *sim) amount(v float64, unit, place string) string {
	n := digits(v)
	if v == math.Trunc(v) && v > 0 && v < 100 && s.chance(14) && (s.lang == "en" || unit != "" && unit != "piece") {
		n = s.numberWord(v, unit != "" && unit != "piece")
	}
	return s.withUnit(n, v, unit, place)
}

// figure is an amount in digits.
func (s *sim) figure(v float64, unit string) string { return s.withUnit(digits(v), v, unit, alone) }

func (s *sim) withUnit(n string, v float64, unit, place string) string {
	forms := s.book.lists["unit."+unit]
	if len(forms) == 0 {
		if unit == "" || unit == "piece" {
			return n
		}
		if name := unitLabel(unit, s.lang); s.lang == "zh" || s.chance(50) {
			return n + name
		} else {
			return n + " " + name
		}
	}
	form := drawn(s, forms)
	if place == before && s.lang == "en" {
		form = forms[0]
	}
	if s.lang == "en" {
		form = strings.ReplaceAll(form, "_", " ")
		if v == 1 && strings.HasSuffix(form, "s") && len(form) > 4 {
			form = strings.TrimSuffix(form, "s")
		}
		if strings.Trim(n, "abcdefghijklmnopqrstuvwxyz-") == "" && !strings.HasPrefix(form, " ") {
			form = " " + form
		}
	}
	return n + form
}

func unitLabel(unit, lang string) string {
	if u, ok := units.Lookup(unit); ok {
		if l := u.Label[lang]; l != "" {
			return l
		}
	}
	return unit
}

var smallWords = []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"}
var tenWords = []string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}

// numberWord spells a whole number out.
func (s *sim) numberWord(v float64, measured bool) string {
	n := int(v)
	if s.lang == "zh" {
		if n == 2 && measured {
			return "两"
		}
		return hanNumber(n)
	}
	return englishNumber(n)
}

func englishNumber(n int) string {
	switch {
	case n < 20:
		return smallWords[n]
	case n < 100 && n%10 == 0:
		return tenWords[n/10]
	case n < 100:
		return tenWords[n/10] + "-" + smallWords[n%10]
	case n < 1000 && n%100 == 0:
		return smallWords[n/100] + " hundred"
	case n < 1000:
		return smallWords[n/100] + " hundred and " + englishNumber(n%100)
	case n%1000 == 0 && n < 20000:
		return smallWords[n/1000] + " thousand"
	}
	return strconv.Itoa(n)
}

var hanDigits = []string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

// hanNumber spells a number below ten thousand as it is spoken: 一百五, 两千.
func hanNumber(n int) string {
	two := func(d int) string {
		if d == 2 {
			return "两"
		}
		return hanDigits[d]
	}
	switch {
	case n < 10:
		return hanDigits[n]
	case n < 20:
		return "十" + strings.TrimPrefix(hanDigits[n%10], "零")
	case n < 100 && n%10 == 0:
		return hanDigits[n/10] + "十"
	case n < 100:
		return hanDigits[n/10] + "十" + hanDigits[n%10]
	case n < 1000 && n%100 == 0:
		return two(n/100) + "百"
	case n < 1000 && n%10 == 0:
		return two(n/100) + "百" + hanDigits[n/10%10]
	case n < 10000 && n%1000 == 0:
		return two(n/1000) + "千"
	case n < 10000 && n%100 == 0:
		return two(n/1000) + "千" + hanDigits[n/100%10]
	case n < 1000000 && n%10000 == 0:
		return hanNumber(n/10000) + "万"
	}
	return strconv.Itoa(n)
}
