package nlu

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"daogou/catalog"
	"daogou/catalog/units"
)

// approxShare is how far "about 300" reaches to either side.
const approxShare = 0.1

// measure is a number with what it is measured in and the bound that words around it set: "no more than fifty bucks", 三到五斤.
type measure struct {
	i, j     int // tokens, with the words of the bound
	ni, nj   int // tokens of the numbers alone
	op       catalog.Op
	lo, hi   float64 // the same number unless op is between
	currency string  // of money
	unit     string  // of a quantity, as package units names it
	bounded  bool    // the words say a bound
	about    bool
	spend    bool // words near it speak of money
	stars    bool
	weak     bool
}

func (m *measure) money() bool { return m.currency != "" }
func (m *measure) bare() bool  { return m.currency == "" && m.unit == "" && !m.stars }

// measures lists the measures of a turn in order. dollar is the currency that "$" and "¥" are read in where it is one of theirs.
func (r *reading) measures(home string) []measure {
	var out []measure
	from := 0
	for i := 0; i < len(r.toks); {
		m, ok := r.measureAt(i, home)
		if !ok {
			i++
			continue
		}
		r.boundAfter(&m)
		r.boundBefore(&m, from)
		m.settle()
		out = append(out, m)
		i = max(m.j, i+1)
		from = i
	}
	return out
}

// operand is one number with what stands directly before and after it.
type operand struct {
	n        number
	i, j     int
	currency string
	unit     string
}

// measureAt reads a number or a range of numbers at token i.
func (r *reading) measureAt(i int, home string) (measure, bool) {
	if r.isName(i) {
		return measure{}, false
	}
	a, ok := r.operandAt(i, home)
	if !ok {
		return measure{}, false
	}
	m := measure{i: a.i, j: a.j, ni: a.i, nj: a.j, op: catalog.OpEq, lo: a.n.lo, hi: a.n.hi, currency: a.currency, unit: a.unit, about: a.n.approx && a.n.lo == a.n.hi, weak: a.n.weak}
	if a.n.lo != a.n.hi {
		m.op = catalog.OpBetween
	}
	if b, ok := r.rangeEnd(a, home); ok {
		m.op, m.hi, m.j, m.nj, m.weak = catalog.OpBetween, b.n.hi, b.j, b.j, false
		if m.currency == "" {
			m.currency = b.currency
		}
		if m.unit == "" {
			m.unit = b.unit
		}
		if b.n.lo < m.lo && b.n.lo < 10 && m.lo >= 10 && m.lo < 1000 && math.Mod(m.lo, 10) == 0 && b.unit == "" { // "20-5" is no range
			m.hi = math.Max(m.lo, b.n.hi)
		}
	}
	if (m.unit == "°C" || m.unit == "°F") && r.belowZero(m.ni) {
		m.lo, m.hi = -m.hi, -m.lo
		m.ni--
		if r.text1(m.ni) == "下" {
			m.ni--
		}
		m.i = m.ni
	}
	if m.bare() && r.toks[m.ni].kind == tokHan && m.j < len(r.toks) && strings.Contains(classifiers, r.text1(m.j)) && !m.weak {
		m.j++ // 两双 of something
		m.nj = m.j
	}
	if r.rating(&m) {
		m.stars = true
	}
	if m.weak && m.currency == "" && m.unit == "" && !m.stars {
		if _, ok := r.cueAt(m.j, cueGEAfter, cueLEAfter); !ok {
			return measure{}, false
		}
	}
	if m.currency != "" && m.lo >= 100 && r.level(m.j) && hanUnits[r.text1(m.ni)] == m.lo { // 千元机, 百元级
		m.op, m.hi = catalog.OpBetween, m.lo*2
		m.j++
		m.nj++
	}
	return m, true
}

// belowZero reads the sign of a temperature: "-10", "minus 10", 零下10.
func (r *reading) belowZero(i int) bool {
	prev := r.text1(i - 1)
	return prev == "-" && !r.toks[i].space || prev == "minus" || prev == "下" && r.text1(i-2) == "零"
}

// isName says whether the number at i is part of a name or an ordinal rather than an amount: "iphone15", "#2", 第二, "2nd".
func (r *reading) isName(i int) bool {
	if i > 0 {
		prev := r.toks[i-1]
		switch {
		case prev.text == "第" || prev.text == "#":
			return true
		case prev.kind == tokWord && !r.toks[i].space && !isCurrencyWord(prev.text) && r.toks[i].kind == tokNumber:
			return true
		case prev.text == "number" || prev.text == "option" || prev.text == "item" || prev.text == "no":
			return r.toks[i].space && !r.followedByUnit(i)
		}
	}
	if r.toks[i].kind == tokNumber && i+1 < len(r.toks) && !r.toks[i+1].space {
		switch r.toks[i+1].text {
		case "st", "nd", "rd", "th":
			return true
		}
	}
	return false
}

func (r *reading) followedByUnit(i int) bool {
	_, k := r.number(i)
	_, n := r.unitAt(i+k, r.nums[i].lo)
	return k > 0 && n > 0
}

// operandAt reads [currency] number [currency or unit].
func (r *reading) operandAt(i int, home string) (operand, bool) {
	o := operand{i: i}
	code, k := currencyBefore(r.toks, i, home, r.lang)
	if code != "" {
		i += k
	}
	n, k := r.number(i)
	if k == 0 {
		return o, false
	}
	o.n, o.j, o.currency = n, i+k, code
	if code != "" {
		if next, k := currencyAfter(r.toks, o.j, o.n.lo, home, r.lang); next != "" { // "¥300块", "$50 USD"
			o.j += k
			if len(r.toks[o.j-1].text) == 3 {
				o.currency = next
			}
		}
		return o, true
	}
	if code, k := currencyAfter(r.toks, o.j, o.n.lo, home, r.lang); code != "" {
		o.currency, o.j = code, o.j+k
		if d, k := r.tenth(o.j); k > 0 { // 三块五
			o.n.lo, o.n.hi, o.j = o.n.lo+d, o.n.hi+d, o.j+k
			if r.text1(o.j) == "块" || r.text1(o.j) == "元" {
				o.j++
			}
		}
		return o, true
	}
	if unit, k := r.unitAt(o.j, n.lo); k > 0 {
		o.unit, o.j = unit, o.j+k
		if d, k := r.tenth(o.j); k > 0 && (unit == "m" || unit == "jin" || unit == "kg") { // 一米八
			o.n.lo, o.n.hi, o.j = o.n.lo+d, o.n.hi+d, o.j+k
		} else if r.text1(o.j) == "半" && r.toks[o.j].kind == tokHan { // 三斤半
			o.n.lo, o.n.hi, o.j = o.n.lo+0.5, o.n.hi+0.5, o.j+1
		}
	}
	return o, true
}

// tenth reads the short decimal of Chinese: the 八 of 一米八 is 0.8, the 二五 of 一米二五 is 0.25.
func (r *reading) tenth(i int) (float64, int) {
	v, k, scale := 0.0, 0, 0.1
	for i+k < len(r.toks) && k < 2 {
		d, ok := hanDigits[r.toks[i+k].text]
		if t := r.toks[i+k]; !ok && t.kind == tokNumber && k == 0 && !t.space && t.text[0] != '0' {
			if f, err := strconv.ParseFloat("0."+t.text, 64); err == nil && len(t.text) <= 2 {
				return f, 1
			}
		}
		if !ok || d == 0 {
			break
		}
		v += d * scale
		scale /= 10
		k++
	}
	if k > 0 && i+k < len(r.toks) && hanUnits[r.toks[i+k].text] != 0 {
		return 0, 0
	}
	if k > 0 && r.followedByUnitWord(i+k) {
		return 0, 0
	}
	return v, k
}

func (r *reading) followedByUnitWord(i int) bool {
	t := r.text1(i)
	return t == "个" || t == "人"
}

func (r *reading) text1(i int) string {
	if i >= 0 && i < len(r.toks) {
		return r.toks[i].text
	}
	return ""
}

// rangeEnd reads the second number of a range that begins with a.
func (r *reading) rangeEnd(a operand, home string) (operand, bool) {
	sep := r.text1(a.j)
	next := a.j + 1
	between := r.hasBetween(a.i)
	switch sep {
	case "-", "~", "到", "至":
	case "to":
	case "and", "&", "和", "跟":
		if !between {
			return operand{}, false
		}
	default:
		return operand{}, false
	}
	b, ok := r.operandAt(next, home)
	if !ok || r.isName(next) && sep != "-" {
		return operand{}, false
	}
	if a.unit != "" && b.unit != "" && a.unit != b.unit || a.currency != "" && b.unit != "" {
		return operand{}, false
	}
	if b.n.hi < a.n.lo { // "2-300" is read as 200-300, "5-1" as no range
		if b.n.hi < 10 && a.n.lo < 10 || a.unit != "" || a.currency != "" {
			return operand{}, false
		}
	}
	return b, b.n.hi >= a.n.lo
}

func (r *reading) hasBetween(i int) bool {
	_, ok := r.cueTill(i, cueBetween)
	return ok
}

// rating reads stars: "4 stars", 4.5分, "rated 4".
func (r *reading) rating(m *measure) bool {
	if m.lo > 5 || m.currency != "" || m.unit != "" && m.unit != "min" {
		return false
	}
	if c, ok := r.cueAt(m.j, cueRating); ok && m.unit == "" {
		m.j, m.nj = c.j, c.j
		return true
	}
	return false
}

// level says whether what follows a number makes it a class of prices: 千元机, 百元级.
func (r *reading) level(j int) bool {
	t := r.text1(j)
	return t == "机" || t == "级" || t == "档"
}

// boundAfter takes in the words after a number that set a bound.
func (r *reading) boundAfter(m *measure) {
	for range 2 {
		c, ok := r.cueAt(m.j, cueLEAfter, cueGEAfter, cueAboutAfter, cueSomeAfter)
		if !ok && m.unit != "" && m.j+1 < len(r.toks) && r.toks[m.j].kind == tokWord { // "20 hours battery minimum"
			if c, ok = r.cueAt(m.j+1, cueLEAfter, cueGEAfter); ok {
				switch r.text1(c.i) {
				case "minimum", "min", "maximum", "max", "tops", "at":
				default:
					ok = false
				}
			}
		}
		if !ok {
			if r.text1(m.j) == "的" && r.text1(m.j+1) == "预" { // 500的预算
				m.j += 3
				m.spend = true
			}
			return
		}
		switch c.kind {
		case cueLEAfter:
			m.bound(catalog.OpLe)
		case cueGEAfter:
			m.bound(catalog.OpGe)
		case cueAboutAfter:
			m.about = true
		case cueSomeAfter:
			if m.op == catalog.OpEq {
				m.op, m.hi, m.bounded = catalog.OpBetween, m.lo*(1+approxShare), true
			}
		}
		m.j = min(c.j, len(r.toks))
	}
}

// bound sets the operator unless the numbers are a range already.
func (m *measure) bound(op catalog.Op) {
	m.bounded = true
	if m.op == catalog.OpEq || m.op == catalog.OpLe || m.op == catalog.OpGe {
		m.op = op
	} else if m.op == catalog.OpBetween && op == catalog.OpLe { // 三四百以内
		m.op, m.lo = catalog.OpLe, m.hi
	} else if m.op == catalog.OpBetween && op == catalog.OpGe {
		m.op, m.hi = catalog.OpGe, m.lo
	}
}

// boundBefore takes in the words before a number that set a bound, no farther back than token from.
func (r *reading) boundBefore(m *measure, from int) {
	ranged := m.nj-m.ni > 0 && m.op == catalog.OpBetween
	for range 4 {
		c, ok := r.prefixCue(m.i, from)
		if !ok {
			break
		}
		switch c.kind {
		case cueLE:
			spends := r.spendWord(c)
			if !ranged && !m.bounded && !(m.about && spends) { // a budget of about 300 is about 300
				m.bound(catalog.OpLe)
			}
			m.spend = m.spend || spends
		case cueGE:
			if !ranged && !m.bounded {
				m.bound(catalog.OpGe)
			}
		case cueAbout:
			m.about = m.about || !ranged
		case cueBetween:
		case cueSpend:
			m.spend = true
		}
		m.i = c.i
	}
	r.flip(m, from)
	m.spend = m.spend || r.spendNear(m, from)
}

// prefixCue is the bound cue that ends at token i, or up to three filler tokens before it.
func (r *reading) prefixCue(i, from int) (cueMatch, bool) {
	for back := 0; back <= 3 && i-back > from; back++ {
		if back > 0 && !isFiller(r.toks[i-back].text) {
			return cueMatch{}, false
		}
		if c, ok := r.cueTill(i-back, cueLE, cueGE, cueAbout, cueBetween, cueSpend); ok && c.i >= from {
			if r.loose(c) && !r.toks[i].isDigitish() {
				return cueMatch{}, false
			}
			return c, true
		}
	}
	return cueMatch{}, false
}

// loose names cues that set a bound only directly before digits; before a word they mean something else ("from two shops", "have a").
func (r *reading) loose(c cueMatch) bool {
	switch r.phrase(c.i, c.j) {
	case "i have", "ive got", "weve got", "like", "say", "with", "have about":
		return true
	}
	return false
}

func (t token) isDigitish() bool { return t.kind == tokNumber || t.kind == tokPunct }

func isFiller(w string) bool {
	switch w {
	case "a", "an", "the", "of", "is", "to", "at", "my", "be", "would", "about", "around", ":", "=", "it", "是", "为", "在", "就", "也", "的", "于", "大", "概", "差", "不", "多", "只", "有", "最", "好", "要":
		return true
	}
	return false
}

// spendWord says whether a bound cue speaks of money itself: "budget of", 预算.
func (r *reading) spendWord(c cueMatch) bool {
	for i := c.i; i < c.j; i++ {
		switch r.toks[i].text {
		case "budget", "price", "spend", "预", "贵", "cheaper", "pay", "much", "i", "我":
			return true
		}
	}
	return false
}

// flip turns a bound round that is negated farther off: "I don't want to spend over 100" is at most 100.
func (r *reading) flip(m *measure, from int) {
	if !m.bounded || m.op == catalog.OpBetween {
		return
	}
	start := max(from, r.clauseStart(m.i), m.i-6)
	for i := m.i - 1; i >= start; i-- {
		c, ok := r.cueAt(i, cueNeg)
		if !ok || c.j > m.i || r.text1(i-1) == "有" || r.text1(i) == "没" { // 有没有 asks, it does not deny
			continue
		}
		for k := c.j; k < m.i; k++ { // only words of no weight may stand between
			if !book().stopword[r.toks[k].text] && !strings.Contains("想要花是太再的有能会给我价格钱预算在买", r.toks[k].text) && r.toks[k].text != "spend" && r.toks[k].text != "pay" && r.toks[k].text != "spending" {
				return
			}
		}
		if m.op == catalog.OpLe {
			m.op = catalog.OpGe
		} else {
			m.op = catalog.OpLe
		}
		m.i = c.i
		return
	}
}

// spendNear says whether the clause speaks of money.
func (r *reading) spendNear(m *measure, from int) bool {
	start := max(r.clauseStart(m.ni), from)
	for i := start; i < m.i; i++ {
		if c, ok := r.cueAt(i, cueSpend); ok && c.j <= m.i {
			return true
		}
	}
	for i := m.j; i < len(r.toks) && i < m.j+4 && !breaksClause(r.toks[i]); i++ {
		switch r.toks[i].text {
		case "budget", "spend", "价", "预":
			return true
		}
	}
	return false
}

// settle makes "about" a range.
func (m *measure) settle() {
	if m.about && m.op == catalog.OpEq {
		m.op, m.lo, m.hi = catalog.OpBetween, m.lo*(1-approxShare), m.hi*(1+approxShare)
	}
	if m.op == catalog.OpBetween && m.lo > m.hi {
		m.lo, m.hi = m.hi, m.lo
	}
	if m.op != catalog.OpBetween {
		m.hi = m.lo
	}
}

// unitAt reads the unit at token j for value v by package units, so that numbers in words measure as digits do.
func (r *reading) unitAt(j int, v float64) (string, int) {
	if j <= 0 || j >= len(r.toks) {
		return "", 0
	}
	t := r.toks[j]
	if t.kind == tokNumber || t.kind == tokOther || t.kind == tokPunct && t.text != "\"" && t.text != "%" && t.text != "°" && t.text != "'" {
		return "", 0
	}
	if t.text == "t" && !t.space && r.text1(j+1) != "恤" { // 1T of storage
		return "TB", 1
	}
	if (t.text == "degrees" || t.text == "degree") && r.text1(j+1) != "f" && r.text1(j+1) != "fahrenheit" {
		return "°C", 1
	}
	from := r.toks[j-1].end
	to := min(len(r.text), from+40)
	for to < len(r.text) && !utf8.RuneStart(r.text[to]) {
		to--
	}
	lead := "1"
	qs := units.Find(lead + r.text[from:to])
	if len(qs) == 0 || qs[0].Start != 0 {
		return "", 0
	}
	end, k := from+qs[0].End-len(lead), 0
	for j+k < len(r.toks) && r.toks[j+k].start < end {
		k++
	}
	name := qs[0].Unit.Name
	if k == 0 || !r.plausibleUnit(j, k, name, v) {
		return "", 0
	}
	return name, k
}

// plausibleUnit refuses short words that are units only by accident: "2 in black", "5 a day", 两件 of a noun.
func (r *reading) plausibleUnit(j, k int, name string, v float64) bool {
	t := r.toks[j]
	if k == 1 && t.kind == tokWord && t.space {
		switch t.text {
		case "a", "c", "k", "s", "nm", "man", "second", "seconds":
			return t.text == "man" && j+1 < len(r.toks)
		case "in":
			next := r.text1(j + 1)
			return v >= 5 && (next == "" || next == "screen" || next == "display" || next == "laptop" || next == "monitor" || next == "tv" || next == "." || next == ",")
		}
	}
	if name == "m" && t.text == "m" && j > 0 && v < 1 {
		return false
	}
	if name == "year" && t.text == "年" || name == "°C" && t.text == "度" && r.text1(j+1) == "电" {
		return t.text == "年"
	}
	return true
}

// MoneySpan is an amount of money, or a bound on one, in a text: "under fifty bucks" is {<=, 50, 50, USD}. Lo and Hi are the same unless Op is between.
type MoneySpan struct {
	Op         catalog.Op
	Lo, Hi     float64 // major units
	Currency   string  // ISO 4217
	Said       bool    // the currency was said, not assumed
	Start, End int     // with the words of the bound
}

// FindMoney lists the amounts of money in a text. A bare number counts if words near it bound it or speak of money; it is in defaultCurrency, which also tells what
// "$" and "¥" mean where several currencies share the sign. "About" reaches 10 % to either side.
func FindMoney(text, lang, defaultCurrency string) []MoneySpan {
	if lang == "" {
		lang = Detect(text, "en")
	}
	r := read(text, lang)
	var out []MoneySpan
	for _, m := range r.measures(defaultCurrency) {
		if !m.money() && !(m.bare() && (m.bounded || m.spend || m.op == catalog.OpBetween && m.lo >= 5)) {
			continue
		}
		s := MoneySpan{Op: m.op, Lo: m.lo, Hi: m.hi, Currency: m.currency, Said: m.money(), Start: r.toks[m.i].start, End: r.toks[m.j-1].end}
		if s.Currency == "" {
			s.Currency = defaultCurrency
		}
		out = append(out, s)
	}
	return out
}

// QuantitySpan is a number with a unit, or a bound on one: 三公斤以内 is {<=, 3, 3, kg}.
type QuantitySpan struct {
	Op         catalog.Op
	Lo, Hi     float64
	Unit       string // as package units names it
	Start, End int
}

// FindQuantities lists the quantities in a text, in digits or words.
func FindQuantities(text, lang string) []QuantitySpan {
	if lang == "" {
		lang = Detect(text, "en")
	}
	r := read(text, lang)
	var out []QuantitySpan
	for _, m := range r.measures("") {
		if m.unit != "" {
			out = append(out, QuantitySpan{m.op, m.lo, m.hi, m.unit, r.toks[m.i].start, r.toks[m.j-1].end})
		}
	}
	return out
}
