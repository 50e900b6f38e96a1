package nlu

import (
	"math"
	"strconv"
)

// NumberSpan is a number found in a text: digits ("1.5k"), English words ("a hundred and twenty") or Chinese ones (两千五). Lo and Hi are the same unless the words
// themselves name a range ("三四百", "几百", "十几").
type NumberSpan struct {
	Lo, Hi     float64
	Start, End int
}

// FindNumbers lists the numbers in a text.
func FindNumbers(text string) []NumberSpan {
	toks := tokenise(text)
	var out []NumberSpan
	for i := 0; i < len(toks); {
		n, k := numberAt(toks, i)
		if k == 0 {
			i++
			continue
		}
		if !n.weak {
			out = append(out, NumberSpan{n.lo, n.hi, toks[i].start, toks[i+k-1].end})
		}
		i += k
	}
	return out
}

// number is a number at some tokens. A weak one ("one", "a", "一", "half") counts only where a unit, a currency or a bound makes it one.
type number struct {
	lo, hi float64
	weak   bool
	approx bool // 百来, 三百多: around it
}

var smallNumbers = map[string]float64{
	"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
	"fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50,
	"sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

var bigNumbers = map[string]float64{"hundred": 100, "hundreds": 100, "thousand": 1000, "grand": 1000, "million": 1e6, "dozen": 12}

// numberAt reads the number that starts at token i; k is how many tokens it takes, 0 if there is none.
func numberAt(toks []token, i int) (n number, k int) {
	if i >= len(toks) {
		return number{}, 0
	}
	switch toks[i].kind {
	case tokNumber:
		return digitNumber(toks, i)
	case tokWord:
		return wordNumber(toks, i)
	case tokHan:
		return hanNumber(toks, i)
	}
	return number{}, 0
}

// digitNumber reads digits with what multiplies them: "1.5k", "20 grand", "3百", "1万5".
func digitNumber(toks []token, i int) (number, int) {
	v, err := strconv.ParseFloat(toks[i].text, 64)
	if err != nil {
		return number{}, 0
	}
	if i+1 < len(toks) {
		next := toks[i+1]
		switch {
		case next.text == "k" && !next.space:
			return exactly(v * 1000), 2
		case next.text == "w" && !next.space && i > 0 && toks[i-1].kind == tokHan: // 预算2w
			return exactly(v * 10000), 2
		case next.text == "mil" || next.text == "million":
			return exactly(v * 1e6), 2
		case bigNumbers[next.text] != 0:
			return exactly(v * bigNumbers[next.text]), 2
		case next.kind == tokHan && hanUnits[next.text] != 0:
			return hanNumber(toks, i)
		case (next.text == "多" || next.text == "几") && v >= 10 && math.Mod(v, 10) == 0:
			return number{lo: v, hi: v + magnitude(v), approx: true}, 2
		case next.text == "来" && v >= 10 && math.Mod(v, 10) == 0:
			return number{lo: v, hi: v, approx: true}, 2
		}
	}
	return exactly(v), 1
}

func exactly(v float64) number { return number{lo: v, hi: v} }

// magnitude is the largest power of ten not above v: the step in which 三百多 is vague.
func magnitude(v float64) float64 {
	return math.Pow(10, math.Floor(math.Log10(v)))
}

// wordNumber reads English number words.
func wordNumber(toks []token, i int) (number, int) {
	total, cur, k := 0.0, 0.0, 0
	seen, weak := false, false
	word := func(at int) string {
		if at < len(toks) && toks[at].kind == tokWord {
			return toks[at].text
		}
		return ""
	}
	switch w := word(i); w {
	case "a", "an":
		switch next := word(i + 1); {
		case next == "couple":
			k := 2
			if word(i+2) == "of" {
				k++
			}
			if bigNumbers[word(i+k)] != 0 { // a couple of hundred
				return number{lo: 2 * bigNumbers[word(i+k)], hi: 2 * bigNumbers[word(i+k)], approx: true}, k + 1
			}
			return exactly(2), k
		case bigNumbers[next] != 0:
			cur, k, seen = 1, 1, true
		default:
			return number{}, 0
		}
	case "half":
		if word(i+1) == "a" || word(i+1) == "an" {
			if b := bigNumbers[word(i+2)]; b != 0 {
				return exactly(b / 2), 3
			}
			return number{lo: 0.5, hi: 0.5, weak: true}, 2
		}
		if b := bigNumbers[word(i+1)]; b != 0 {
			return exactly(b / 2), 2
		}
		return number{lo: 0.5, hi: 0.5, weak: true}, 1
	}
	for k < 12 {
		w := word(i + k)
		if v, ok := smallNumbers[w]; ok {
			if cur != 0 && (math.Mod(cur, 100) != 0 && !(math.Mod(cur, 10) == 0 && v < 10)) {
				break // "twenty thirty", "five six": two numbers
			}
			cur += v
			weak = k == 0 && w == "one"
			seen = true
			k++
			continue
		}
		if b := bigNumbers[w]; b != 0 && (seen || w == "dozen") {
			if cur == 0 {
				cur = 1
			}
			if b == 100 || b == 12 {
				cur *= b
			} else {
				total += cur * b
				cur = 0
			}
			weak, seen = false, true
			k++
			continue
		}
		if w == "and" && seen && math.Mod(cur, 100) == 0 && (total > 0 || cur > 0) {
			if _, ok := smallNumbers[word(i+k+1)]; ok && cur+total >= 100 {
				k++
				continue
			}
		}
		break
	}
	if !seen {
		return number{}, 0
	}
	if k > 1 {
		weak = false
	}
	return number{lo: total + cur, hi: total + cur, weak: weak}, k
}

var hanDigits = map[string]float64{"零": 0, "〇": 0, "一": 1, "壹": 1, "二": 2, "贰": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "俩": 2, "仨": 3}

var hanUnits = map[string]float64{"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10000, "亿": 1e8}

// hanReader reads one Chinese number.
type hanReader struct {
	toks           []token
	i, k           int
	total, section float64
	cur            float64
	has            bool    // cur holds a digit
	last           float64 // the unit read last
	zero           bool    // 零 since then
	vague          float64 // 几 stands for 1 to 9 of this unit
	alt            float64 // of 三四百: the second digit
}

// hanNumber reads a Chinese number, whose coefficients may be digits (3百).
func hanNumber(toks []token, i int) (number, int) {
	switch toks[i].text {
	case "廿":
		return exactly(20), 1
	case "卅":
		return exactly(30), 1
	case "半":
		return number{lo: 0.5, hi: 0.5, weak: true}, 1
	case "双":
		if i+1 < len(toks) && toks[i+1].text == "人" {
			return exactly(2), 1
		}
		return number{}, 0
	case "单":
		if i+1 < len(toks) && toks[i+1].text == "人" {
			return exactly(1), 1
		}
		return number{}, 0
	case "俩", "仨":
		return exactly(hanDigits[toks[i].text]), 1
	}
	r := &hanReader{toks: toks, i: i}
	for r.next() {
	}
	return r.done()
}

func (r *hanReader) text(at int) string {
	if at < len(r.toks) {
		return r.toks[at].text
	}
	return ""
}

// next reads one more character; false at the end of the number.
func (r *hanReader) next() bool {
	at := r.i + r.k
	if at >= len(r.toks) || r.k > 16 {
		return false
	}
	w := r.toks[at].text
	if d, ok := hanDigits[w]; ok {
		return r.digit(d, w)
	}
	if w == "几" && !r.has && hanUnits[r.text(at+1)] != 0 { // 几百
		r.vague, r.cur, r.has = -1, 1, true
		r.k++
		return true
	}
	if w == "几" && !r.has && r.last == 10 { // 十几, 二十几
		r.vague = 1
		r.k++
		return false
	}
	if r.toks[at].kind == tokNumber && !r.has && r.k == 0 || r.toks[at].kind == tokNumber && !r.has && r.last >= 100 && !r.toks[at].space {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil {
			return false
		}
		if r.k > 0 && v >= 10 { // 1万5000 is not said
			return false
		}
		r.cur, r.has = v, true
		r.k++
		return true
	}
	if u := hanUnits[w]; u != 0 {
		return r.unit(u)
	}
	return false
}

func (r *hanReader) digit(d float64, w string) bool {
	if w == "零" || w == "〇" {
		r.zero = true
		if r.k == 0 {
			r.cur, r.has = 0, true
		}
		r.k++
		return true
	}
	if r.has {
		if r.cur+1 == d && r.alt == 0 { // 三四百, 五六个
			r.alt = d
			r.k++
			return true
		}
		return false
	}
	r.cur, r.has = d, true
	r.k++
	return true
}

func (r *hanReader) unit(u float64) bool {
	if r.k == 0 { // a bare unit is a number only where money or a measure follows: 百来块, 千元机, 十个
		if next := r.text(r.i + 1); u > 10 && next != "元" && next != "块" && next != "来" && next != "把" && next != "余" {
			return false
		}
	}
	c := r.cur
	if !r.has {
		c = 1
		if r.k > 0 && r.section == 0 && r.total == 0 && r.last == 0 {
			return false
		}
	}
	if r.vague == -1 {
		r.vague = u
	}
	if u >= 10000 {
		base := r.section + r.cur
		if !r.has && r.section == 0 {
			base = 1
		}
		r.total = (r.total + base) * u
		if r.alt != 0 {
			r.alt = (r.alt - r.cur + base) * u
		}
		r.section = 0
	} else {
		if r.alt != 0 {
			r.alt = r.total + r.section + r.alt*u
		}
		r.section += c * u
	}
	r.cur, r.has, r.last, r.zero = 0, false, u, false
	r.k++
	return r.alt == 0
}

// done closes the number: the short tail (两千五), 多 and 来, and what is vague by itself.
func (r *hanReader) done() (number, int) {
	if r.k == 0 {
		return number{}, 0
	}
	tail := r.cur
	if r.has && r.last >= 100 && !r.zero && r.alt == 0 {
		tail = r.cur * r.last / 10
	}
	v := r.total + r.section + tail
	switch w := r.text(r.i + r.k); {
	case r.vague > 1: // 几百
		return number{lo: r.vague * 2, hi: r.vague * 9, approx: true}, r.k
	case r.vague == 1: // 十几
		return number{lo: v + 1, hi: v + 9}, r.k
	case r.alt != 0 && r.last != 0:
		return number{lo: v, hi: r.alt}, r.k
	case r.alt != 0: // 五六个
		return number{lo: v, hi: r.alt}, r.k
	case (w == "多" || w == "几") && r.last >= 10 && !r.has:
		return number{lo: v, hi: v + r.last, approx: true}, r.k + 1
	case (w == "来" || w == "把" || w == "余") && r.last >= 10 && !r.has:
		return number{lo: v, hi: v, approx: true}, r.k + 1
	}
	weak := r.k == 1 && r.last == 0 && r.toks[r.i].kind == tokHan
	return number{lo: v, hi: v, weak: weak && v <= 1}, r.k
}
