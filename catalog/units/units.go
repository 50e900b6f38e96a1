// Package units knows the units of measure in which shoppers and feeds state quantities, in English and Chinese, and
// converts between those of one dimension: 17 inch is 43.18 cm, 2TB is 2000 GB, 三斤 is 1500 g.
//
// It knows no facets and no money. A dimension's canonical unit is the one in which the catalogue stores its numbers.
//
//	qs := units.Find("a 17 inch notebook with 2TB")   // two quantities with their byte spans
//	cm, _ := units.Convert(17, "in", "cm")             // 43.18
package units

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Unit is one unit of a dimension. Value × Factor is the quantity in the dimension's canonical unit.
type Unit struct {
	Name   string // canonical spelling: "cm", "GB"
	Dim    string // "length"
	Factor float64
	Offset float64 // added after Factor, for temperatures
	Label  map[string]string
	alias  []string
}

// table lists every unit. The first unit of a dimension with Factor 1 is its canonical one.
// Aliases are lower case and full width is folded before they are compared.
var table = []Unit{
	{"cm", "length", 1, 0, map[string]string{"zh": "厘米"}, []string{"centimeter", "centimeters", "centimetre", "centimetres", "cms", "厘米", "公分", "㎝"}},
	{"mm", "length", 0.1, 0, map[string]string{"zh": "毫米"}, []string{"millimeter", "millimeters", "millimetre", "millimetres", "毫米", "㎜"}},
	{"m", "length", 100, 0, map[string]string{"zh": "米"}, []string{"meter", "meters", "metre", "metres", "米"}},
	{"km", "length", 100000, 0, map[string]string{"zh": "公里"}, []string{"kilometer", "kilometers", "kilometre", "kilometres", "公里", "千米"}},
	{"in", "length", 2.54, 0, map[string]string{"en": "inch", "zh": "英寸"}, []string{"inch", "inches", "\"", "''", "”", "″", "英寸", "吋", "寸"}},
	{"ft", "length", 30.48, 0, map[string]string{"zh": "英尺"}, []string{"foot", "feet", "英尺"}},
	{"yd", "length", 91.44, 0, nil, []string{"yard", "yards"}},

	{"g", "weight", 1, 0, map[string]string{"zh": "克"}, []string{"gram", "grams", "gramme", "grammes", "gr", "克"}},
	{"kg", "weight", 1000, 0, map[string]string{"zh": "公斤"}, []string{"kilo", "kilos", "kgs", "kilogram", "kilograms", "公斤", "千克"}},
	{"mg", "weight", 0.001, 0, nil, []string{"milligram", "milligrams", "毫克"}},
	{"lb", "weight", 453.59237, 0, map[string]string{"zh": "磅"}, []string{"lbs", "pound weight", "磅"}},
	{"oz", "weight", 28.349523125, 0, map[string]string{"zh": "盎司"}, []string{"ounce", "ounces", "盎司"}},
	{"jin", "weight", 500, 0, map[string]string{"en": "jin", "zh": "斤"}, []string{"斤", "市斤"}},
	{"liang", "weight", 50, 0, map[string]string{"zh": "两"}, nil},

	{"l", "volume", 1, 0, map[string]string{"en": "L", "zh": "升"}, []string{"liter", "liters", "litre", "litres", "ltr", "升", "公升"}},
	{"ml", "volume", 0.001, 0, map[string]string{"zh": "毫升"}, []string{"milliliter", "milliliters", "millilitre", "millilitres", "毫升", "cc"}},
	{"cl", "volume", 0.01, 0, nil, nil},
	{"gal", "volume", 3.785411784, 0, nil, []string{"gallon", "gallons", "加仑"}},
	{"floz", "volume", 0.0295735295625, 0, map[string]string{"en": "fl oz"}, []string{"fl oz", "fluid ounce", "fluid ounces"}},
	{"qt", "volume", 0.946352946, 0, nil, []string{"quart", "quarts"}},

	{"GB", "data", 1, 0, nil, []string{"gigabyte", "gigabytes", "gigs", "gig", "g内存"}},
	{"TB", "data", 1000, 0, nil, []string{"terabyte", "terabytes", "tera"}},
	{"MB", "data", 0.001, 0, nil, []string{"megabyte", "megabytes", "meg", "兆"}},
	{"KB", "data", 0.000001, 0, nil, []string{"kilobyte", "kilobytes"}},

	{"W", "power", 1, 0, map[string]string{"zh": "瓦"}, []string{"watt", "watts", "瓦", "瓦特"}},
	{"kW", "power", 1000, 0, map[string]string{"zh": "千瓦"}, []string{"kilowatt", "kilowatts", "千瓦"}},
	{"hp", "power", 745.7, 0, map[string]string{"zh": "马力"}, []string{"horsepower", "马力"}},
	{"Wh", "energy", 1, 0, map[string]string{"zh": "瓦时"}, []string{"watt hour", "watt hours", "watt-hours", "瓦时"}},
	{"kWh", "energy", 1000, 0, nil, []string{"kilowatt hours", "度电", "千瓦时"}},
	{"kcal", "food energy", 1, 0, map[string]string{"zh": "千卡"}, []string{"kilocalories", "calories", "大卡", "千卡"}},
	{"mAh", "charge", 1, 0, map[string]string{"zh": "毫安"}, []string{"milliamp hours", "毫安时", "毫安"}},
	{"Ah", "charge", 1000, 0, nil, []string{"amp hours", "安时"}},
	{"V", "voltage", 1, 0, map[string]string{"zh": "伏"}, []string{"volt", "volts", "伏", "伏特"}},
	{"A", "current", 1, 0, nil, []string{"amp", "amps", "ampere", "amperes", "安培"}},

	{"h", "time", 1, 0, map[string]string{"zh": "小时"}, []string{"hour", "hours", "hr", "hrs", "小时", "个小时", "个钟"}},
	{"min", "time", 1.0 / 60, 0, map[string]string{"zh": "分钟"}, []string{"minute", "minutes", "mins", "分钟"}},
	{"s", "time", 1.0 / 3600, 0, map[string]string{"zh": "秒"}, []string{"sec", "secs", "second", "seconds", "秒"}},
	{"ms", "response", 1, 0, map[string]string{"zh": "毫秒"}, []string{"millisecond", "milliseconds", "毫秒"}},
	{"day", "time", 24, 0, map[string]string{"zh": "天"}, []string{"days", "天"}},

	{"month", "age", 1, 0, map[string]string{"zh": "个月"}, []string{"months", "mo", "month old", "months old", "month-old", "个月", "个月大", "月龄"}},
	{"year", "age", 12, 0, map[string]string{"zh": "岁"}, []string{"years", "yr", "yrs", "year old", "years old", "year-old", "yo", "y/o", "岁", "周岁", "年"}},

	{"MHz", "frequency", 1000000, 0, nil, []string{"megahertz", "兆赫"}},
	{"Hz", "frequency", 1, 0, map[string]string{"zh": "赫兹"}, []string{"hertz", "赫兹", "赫"}},
	{"kHz", "frequency", 1000, 0, nil, nil},
	{"GHz", "frequency", 1e9, 0, nil, []string{"gigahertz"}},
	{"lm", "light", 1, 0, map[string]string{"zh": "流明"}, []string{"lumen", "lumens", "流明"}},
	{"K", "colour temperature", 1, 0, nil, []string{"kelvin"}},
	{"dpi", "resolution", 1, 0, nil, nil},
	{"MP", "pixels", 1, 0, map[string]string{"zh": "百万像素"}, []string{"megapixel", "megapixels", "mpx"}},
	{"dB", "loudness", 1, 0, map[string]string{"zh": "分贝"}, []string{"decibel", "decibels", "分贝"}},
	{"Mbps", "rate", 1, 0, nil, []string{"mbit/s", "mb/s", "mbit", "兆宽带"}},
	{"Gbps", "rate", 1000, 0, nil, []string{"gbit/s", "gigabit"}},
	{"bar", "pressure", 1, 0, nil, []string{"bars", "巴"}},
	{"psi", "pressure", 0.0689476, 0, nil, nil},
	{"ppm", "speed", 1, 0, nil, []string{"pages per minute", "页每分钟"}},
	{"rpm", "rotation", 1, 0, nil, []string{"转", "rpms"}},
	{"nm", "torque", 1, 0, nil, []string{"newton metre", "newton meters", "牛米"}},
	{"°C", "temperature", 1, 0, nil, []string{"c", "celsius", "degrees celsius", "degrees c", "℃", "度", "摄氏度"}},
	{"°F", "temperature", 5.0 / 9, -160.0 / 9, nil, []string{"fahrenheit", "degrees fahrenheit", "degrees f", "℉"}},
	{"tog", "insulation", 1, 0, nil, []string{"togs"}},
	{"mmH2O", "water column", 1, 0, nil, []string{"mm water column", "毫米水柱"}},
	{"%", "share", 1, 0, nil, []string{"percent", "per cent"}},

	{"person", "people", 1, 0, map[string]string{"zh": "人"}, []string{"persons", "people", "man", "人", "个人"}},
	{"piece", "count", 1, 0, map[string]string{"zh": "件"}, []string{"pieces", "pcs", "pc", "pack", "件", "只", "片", "包", "支", "枚", "块装", "件套"}},
	{"cup", "cups", 1, 0, map[string]string{"zh": "杯"}, []string{"cups", "杯"}},
}

var (
	byAlias   = map[string]*Unit{}
	canonical = map[string]*Unit{}
	aliases   []string // longest first, so that "mah" is tried before "m"
)

var index = sync.OnceFunc(func() {
	for i := range table {
		u := &table[i]
		if u.Factor == 1 && u.Offset == 0 && canonical[u.Dim] == nil {
			canonical[u.Dim] = u
		}
		for _, a := range append([]string{strings.ToLower(u.Name)}, u.alias...) {
			if byAlias[a] == nil {
				byAlias[a] = u
				aliases = append(aliases, a)
			}
		}
	}
	sort.Slice(aliases, func(i, j int) bool {
		if len(aliases[i]) != len(aliases[j]) {
			return len(aliases[i]) > len(aliases[j])
		}
		return aliases[i] < aliases[j]
	})
})

// Lookup finds a unit by name or alias, whatever its case and width. Exact case wins where it tells units apart.
func Lookup(name string) (Unit, bool) {
	index()
	for i := range table {
		if table[i].Name == name {
			return table[i], true
		}
	}
	u := byAlias[strings.ToLower(strings.TrimSpace(width.Fold.String(name)))]
	if u == nil {
		return Unit{}, false
	}
	return *u, true
}

// Canonical is the unit in which the catalogue stores quantities of the dimension of unit name.
func Canonical(name string) (Unit, bool) {
	u, ok := Lookup(name)
	if !ok {
		return Unit{}, false
	}
	return *canonical[u.Dim], true
}

// Convert turns v from one unit into another of the same dimension.
func Convert(v float64, from, to string) (float64, error) {
	f, ok := Lookup(from)
	if !ok {
		return 0, fmt.Errorf("units: unknown unit %q", from)
	}
	t, ok := Lookup(to)
	if !ok {
		return 0, fmt.Errorf("units: unknown unit %q", to)
	}
	if f.Dim != t.Dim {
		return 0, fmt.Errorf("units: %s is a unit of %s and %s one of %s: they do not convert", f.Name, f.Dim, t.Name, t.Dim)
	}
	if f.Name == t.Name {
		return v, nil
	}
	return (v*f.Factor + f.Offset - t.Offset) / t.Factor, nil
}

// Quantity is a number with its unit found in a text, with its byte span there.
type Quantity struct {
	Value      float64
	Unit       Unit
	Start, End int
}

// In is the quantity's value in another unit of the same dimension.
func (q Quantity) In(unit string) (float64, error) { return Convert(q.Value, q.Unit.Name, unit) }

// Find lists the quantities written with digits in text: "17 inch", "2TB", "１．５升", "500-ml". Numbers in words are the parser's business.
func Find(text string) []Quantity {
	index()
	var out []Quantity
	for i := 0; i < len(text); {
		v, n := leadingNumber(text[i:])
		if n == 0 {
			i += runeLen(text[i:])
			continue
		}
		j := i + n
		u, m := leadingUnit(text[j:])
		if u != nil {
			out = append(out, Quantity{Value: v, Unit: *u, Start: i, End: j + m})
			j += m
		}
		i = j
	}
	return out
}

func runeLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return max(n, 1)
}

// leadingNumber reads a decimal number at the start of s, full-width digits included, with thousands separators; n is 0 if there is none.
func leadingNumber(s string) (v float64, n int) {
	var digits strings.Builder
	seenDot := false
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		c := foldDigit(r)
		switch {
		case c >= '0' && c <= '9':
			digits.WriteRune(c)
		case c == '.' && !seenDot && digits.Len() > 0 && startsWithDigit(s[n+size:]):
			seenDot = true
			digits.WriteByte('.')
		case c == ',' && !seenDot && digits.Len() > 0 && threeDigits(s[n+size:]):
		default:
			size = 0
		}
		if size == 0 || digits.Len() > 18 {
			break
		}
		n += size
	}
	if digits.Len() == 0 {
		return 0, 0
	}
	v, err := strconv.ParseFloat(digits.String(), 64)
	if err != nil {
		return 0, 0
	}
	return v, n
}

func foldDigit(r rune) rune {
	switch {
	case r >= '０' && r <= '９':
		return r - '０' + '0'
	case r == '．':
		return '.'
	case r == '，':
		return ','
	}
	return r
}

func startsWithDigit(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	r = foldDigit(r)
	return r >= '0' && r <= '9'
}

func threeDigits(s string) bool {
	k := 0
	for _, r := range s {
		c := foldDigit(r)
		if c < '0' || c > '9' {
			break
		}
		if k++; k > 3 {
			return false
		}
	}
	return k == 3
}

// leadingUnit finds the longest unit at the start of s after spaces or a hyphen, ending at a word boundary.
func leadingUnit(s string) (*Unit, int) {
	skip := 0
	for skip < len(s) && skip < 2 && (s[skip] == ' ' || s[skip] == '-') {
		skip++
	}
	rest := s[skip:]
	head := strings.ToLower(width.Fold.String(rest[:cut(rest, 48)]))
	for _, a := range aliases {
		if !strings.HasPrefix(head, a) {
			continue
		}
		n := foldedLen(rest, a)
		if n == 0 || !boundary(a, rest[n:]) {
			continue
		}
		u := byAlias[a]
		// "mb" and "MB", "m" and "M": the table's exact spelling wins over the folded one.
		for i := range table {
			if table[i].Name == rest[:n] {
				u = &table[i]
				break
			}
		}
		return u, skip + n
	}
	return nil, 0
}

// cut is the largest length ≤ n that does not split a rune of s.
func cut(s string, n int) int {
	if len(s) <= n {
		return len(s)
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// foldedLen is how many bytes of s fold to alias.
func foldedLen(s, alias string) int {
	for n := 0; n <= len(s); {
		f := strings.ToLower(width.Fold.String(s[:n]))
		if f == alias {
			return n
		}
		if len(f) > len(alias) || n == len(s) {
			return 0
		}
		n += runeLen(s[n:])
	}
	return 0
}

// boundary says whether a unit may end here: a Latin unit not inside a longer word, an ideographic one anywhere.
func boundary(alias, rest string) bool {
	last, _ := utf8.DecodeLastRuneInString(alias)
	if !unicode.IsLetter(last) || unicode.Is(unicode.Han, last) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || unicode.Is(unicode.Han, r) || !(unicode.IsLetter(r) || unicode.IsDigit(r))
}
