package demo

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"daogou/catalog"
)

// A template is text with {placeholders}; the notes at the top of tables/common.yaml say which there are.

// part is one piece of a template: plain text, a field, or text that depends on a condition.
type part struct {
	text   string // plain, or what a condition lets through
	field  string
	format string // "", "n" number alone, "in" inches
	cond   condition
}

// parseTemplate splits a template at its placeholders.
func parseTemplate(s string) ([]part, error) {
	var parts []part
	for s != "" {
		open := strings.IndexAny(s, "{}")
		if open < 0 {
			return append(parts, part{text: s}), nil
		}
		if open > 0 {
			parts = append(parts, part{text: s[:open]})
		}
		end := strings.IndexAny(s[open+1:], "{}")
		if s[open] == '}' || end < 0 || s[open+1+end] == '{' {
			return nil, fmt.Errorf("braces do not pair in %q", s)
		}
		p, err := parsePlaceholder(s[open+1 : open+1+end])
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
		s = s[open+end+2:]
	}
	return parts, nil
}

func parsePlaceholder(s string) (part, error) {
	if cond, text, ok := strings.Cut(s, "?"); ok {
		c, err := parseCondition(cond)
		if err == nil && (len(c) == 0 || text == "") {
			err = fmt.Errorf("placeholder {%s} lacks a condition or a text", s)
		}
		return part{cond: c, text: text}, err
	}
	field, format, _ := strings.Cut(s, ":")
	if field == "" || (format != "" && format != "n" && format != "in") {
		return part{}, fmt.Errorf("placeholder {%s} is not {facet}, {facet:n}, {facet:in} or {condition?text}", s)
	}
	return part{field: field, format: format}, nil
}

// test is one comparison of a condition: facet, operator ("", "!", "=", "!=", ">=", "<=") and operand.
type test struct{ facet, op, operand string }

// condition holds if all its tests do.
type condition []test

func parseCondition(s string) (condition, error) {
	var c condition
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	for term := range strings.SplitSeq(s, "&") {
		t, err := parseTest(strings.TrimSpace(term))
		if err != nil {
			return nil, err
		}
		c = append(c, t)
	}
	return c, nil
}

func parseTest(s string) (test, error) {
	for _, op := range []string{"!=", ">=", "<=", "="} {
		facet, operand, ok := strings.Cut(s, op)
		if !ok {
			continue
		}
		if _, err := strconv.ParseFloat(operand, 64); err != nil && (op == ">=" || op == "<=") {
			return test{}, fmt.Errorf("condition %q compares with no number", s)
		}
		if facet == "" || operand == "" {
			return test{}, fmt.Errorf("condition %q lacks a side", s)
		}
		return test{facet, op, operand}, nil
	}
	facet, not := strings.CutPrefix(s, "!")
	if facet == "" {
		return test{}, fmt.Errorf("condition %q names no facet", s)
	}
	if not {
		return test{facet, "!", ""}, nil
	}
	return test{facet, "", ""}, nil
}

// holds tries the condition on drawn values. A facet without a value is neither true, equal to anything nor above anything.
func (c condition) holds(values map[string][]catalog.Value) bool {
	for _, t := range c {
		if !t.holds(values[t.facet]) {
			return false
		}
	}
	return true
}

func (t test) holds(values []catalog.Value) bool {
	some := func(f func(catalog.Value) bool) bool {
		for _, v := range values {
			if f(v) {
				return true
			}
		}
		return false
	}
	isTrue := func(v catalog.Value) bool { return !v.IsBool() || v.Bool() }
	same := func(v catalog.Value) bool { return v.String() == t.operand }
	limit, _ := strconv.ParseFloat(t.operand, 64)
	switch t.op {
	case "!":
		return !some(isTrue)
	case "=":
		return some(same)
	case "!=":
		return !some(same)
	case ">=":
		return some(func(v catalog.Value) bool { return v.IsNum() && v.Num() >= limit })
	case "<=":
		return some(func(v catalog.Value) bool { return v.IsNum() && v.Num() <= limit })
	}
	return some(isTrue)
}

// writer renders templates about one product.
type writer struct {
	book   *book
	values map[string][]catalog.Value
	names  map[string]catalog.Text // "brand", "model"
}

// render fills a template in. It fails if a field has no value, so that a sentence about it is left out.
func (w *writer) render(template, lang string, title bool) (string, bool) {
	parts, err := parseTemplate(template)
	if err != nil {
		return "", false
	}
	var out strings.Builder
	for _, p := range parts {
		switch {
		case p.field != "":
			s := w.field(p, lang, title)
			if s == "" {
				return "", false
			}
			out.WriteString(s)
		case p.cond != nil:
			if p.cond.holds(w.values) {
				out.WriteString(p.text)
			}
		default:
			out.WriteString(p.text)
		}
	}
	return strings.Join(strings.Fields(out.String()), " "), true
}

func (w *writer) field(p part, lang string, title bool) string {
	if name, ok := w.names[p.field]; ok {
		return name.In(lang)
	}
	f := w.book.facet[p.field]
	if f == nil {
		return ""
	}
	var said []string
	for _, v := range w.values[p.field] {
		said = append(said, f.say(v, p.format, lang, title))
	}
	return join(said, lang)
}

// say is one value in words.
func (f *facetRow) say(v catalog.Value, format, lang string, title bool) string {
	switch {
	case v.IsNum() && format == "n":
		return number(v.Num(), lang)
	case v.IsNum() && format == "in":
		inches := strconv.FormatFloat(math.Round(v.Num()/2.54*10)/10, 'f', -1, 64)
		return inches + map[string]string{"en": "-inch", "zh": "英寸"}[lang]
	case v.IsNum():
		return quantity(v.Num(), f.Unit, lang, title)
	case v.IsBool():
		return ""
	}
	row := f.value(v.Str())
	if row == nil {
		return ""
	}
	if s := row.Text[lang]; s != "" {
		return s
	}
	if lang == "en" {
		return lowerFirst(row.Label["en"])
	}
	return row.Label[lang]
}

// lowerFirst takes the capital from a label that stands inside a sentence, unless the label has others ("USB-C", "3D") or is one letter.
func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	rest := s[n:]
	if second, _ := utf8.DecodeRuneInString(rest); !unicode.IsLetter(second) { // "V-neck"
		return s
	}
	if !unicode.IsUpper(r) || strings.ContainsFunc(rest, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) }) {
		return s
	}
	return string(unicode.ToLower(r)) + rest
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// join lists things: "a, b and c", "a、b和c".
func join(list []string, lang string) string {
	comma, and := ", ", " and "
	if lang == "zh" {
		comma, and = "、", "和"
	}
	n := len(list)
	if n < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:n-1], comma) + and + list[n-1]
}

// number groups thousands in English from five digits on, as shops do.
func number(x float64, lang string) string {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	if lang == "zh" || math.Abs(x) < 10000 {
		return s
	}
	whole, frac, _ := strings.Cut(s, ".")
	var out []byte
	for i, c := range []byte(whole) {
		if i > 0 && c != '-' && (len(whole)-i)%3 == 0 && whole[i-1] != '-' {
			out = append(out, ',')
		}
		out = append(out, c)
	}
	if frac != "" {
		return string(out) + "." + frac
	}
	return string(out)
}

// unitWords are the units that are written otherwise than "12 cm" and "12cm": English text, English title, Chinese text, Chinese title.
var unitWords = map[string][4]string{
	"person": {"", "", "", ""},
	"piece":  {"", "", "", ""},
	"":       {"", "", "", ""},
	"h":      {" hours", "h", "小时", "小时"},
	"day":    {" days", " days", "天", "天"},
	"min":    {" minutes", " min", "分钟", "分钟"},
	"year":   {" years", " years", "年", "年"},
	"month":  {" months", " months", "个月", "个月"},
	"age":    {" years", " years", "岁", "岁"},
	"l":      {" L", "L", "升", "L"},
	"ml":     {" ml", "ml", "毫升", "ml"},
	"cm":     {" cm", " cm", "厘米", "cm"},
	"m":      {" m", " m", "米", "米"},
	"km":     {" km", " km", "公里", "公里"},
	"g":      {" g", "g", "克", "g"},
	"kg":     {" kg", "kg", "公斤", "kg"},
	"W":      {" W", "W", "瓦", "W"},
	"V":      {" V", "V", "伏", "V"},
	"dB":     {" dB", " dB", "分贝", "分贝"},
	"lm":     {" lumens", " lm", "流明", "流明"},
	"kcal":   {" kcal", " kcal", "千卡", "千卡"},
	"K":      {" K", "K", "K", "K"},
	"%":      {"%", "%", "%", "%"},
	"mmH2O":  {" mm", " mm", "毫米", "mm"},
	"tog":    {" tog", " tog", " tog", " tog"},
}

// quantity writes a number with its unit, in the size of unit a shop would use.
func quantity(x float64, unit, lang string, title bool) string {
	x, unit = handier(x, unit)
	column := 0
	if lang == "zh" {
		column = 2
	}
	if title {
		column++
	}
	n := number(x, lang)
	w, ok := unitWords[unit]
	if !ok {
		return n + [4]string{" ", " ", "", ""}[column] + unit
	}
	suffix := w[column]
	if x == 1 && lang == "en" {
		suffix = strings.TrimSuffix(suffix, "s")
	}
	return n + suffix
}

// handier turns 1500 g into 1.5 kg, 2000 GB into 2 TB, 36 months into 3 years of age, 0.35 l into 350 ml and so on.
func handier(x float64, unit string) (float64, string) {
	switch {
	case unit == "g" && x >= 1000:
		return math.Round(x/10) / 100, "kg"
	case unit == "GB" && x >= 1000 && math.Mod(x, 1000) == 0:
		return x / 1000, "TB"
	case unit == "GB" && x >= 1024 && math.Mod(x, 1024) == 0:
		return x / 1024, "TB"
	case unit == "month" && x >= 24 && math.Mod(x, 12) == 0:
		return x / 12, "age"
	case unit == "h" && x >= 48 && math.Mod(x, 24) == 0:
		return x / 24, "day"
	case unit == "l" && x < 1:
		return math.Round(x * 1000), "ml"
	case unit == "ml" && x >= 1000 && math.Mod(x, 100) == 0:
		return x / 1000, "l"
	case unit == "m" && x >= 1000:
		return x / 1000, "km"
	case unit == "cm" && x >= 1000:
		return x / 100, "m"
	case unit == "min" && x >= 120 && math.Mod(x, 60) == 0:
		return x / 60, "h"
	}
	return x, unit
}
