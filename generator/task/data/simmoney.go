package data

import (
	"math"
	"strconv"
	"unicode"
	"unicode/utf8"

	"daogou/catalog"
)

// money words a budget.
func (s *sim) money(w wish, place string) string {
	c := w.c.Constraint
	if place == before && s.lang == "en" {
		return ""
	}
	if place == before && (c.Op == catalog.OpGe || !w.c.Hard) {
		return ""
	}
	if place == bare {
		place = behind
	}
	fill := slots{}
	key := "price."
	switch {
	case w.about:
		key += "about."
		fill["p"] = s.price(round6((c.Values[0].Num()+c.Values[1].Num())/2), c.Unit)
	case c.Op == catalog.OpBetween:
		key += "between."
		if x, ok := s.hundreds(c); ok {
			fill["p"] = x
			key += "vague."
			break
		}
		fill["lo"], fill["hi"] = digits(c.Values[0].Num()), s.price(c.Values[1].Num(), c.Unit)
		if r, _ := utf8.DecodeRuneInString(fill["hi"]); unicode.IsLetter(r) { // not "200 to five hundred"
			fill["lo"] = s.numberWord(c.Values[0].Num(), false)
		}
	case c.Op == catalog.OpGe:
		key += "ge."
		fill["p"] = s.price(c.Values[0].Num(), c.Unit)
	default:
		key += "le."
		fill["p"] = s.price(c.Values[0].Num(), c.Unit)
	}
	if w.c.Hard {
		return s.say(key+place, fill)
	}
	if place != alone {
		return ""
	}
	return s.softened(s.say(key+behind, fill))
}

// hundreds words 300 to 400 as 三四百.
func (s *sim) hundreds(c catalog.Constraint) (string, bool) {
	lo, hi := c.Values[0].Num(), c.Values[1].Num()
	mag := math.Pow(10, math.Floor(math.Log10(lo)))
	a, b := lo/mag, hi/mag
	name := map[float64]string{10: "十", 100: "百", 1000: "千"}[mag]
	if s.lang != "zh" || name == "" || a != math.Trunc(a) || b != a+1 || b > 9 {
		return "", false
	}
	unit := drawn(s, []string{"", "", "块", "块钱", "元"})
	if c.Unit != "CNY" {
		unit = drawn(s, zhMoney[c.Unit])
	}
	first := hanDigits[int(a)]
	if a == 2 {
		first = "两"
	}
	if s.chance(25) && mag > 10 {
		return first + name + "多" + unit, true
	}
	return first + hanDigits[int(b)] + name + unit, true
}

var zhMoney = map[string][]string{"USD": {"美元", "刀", "美金", "美刀"}, "EUR": {"欧元", "欧"}, "GBP": {"英镑", "镑"}, "JPY": {"日元"}, "CNY": {"块", "元", "块钱", "人民币", "元钱"}, "HKD": {"港币"}, "CAD": {"加元"}, "AUD": {"澳元"}, "CHF": {"瑞郎"}, "SEK": {"SEK"}, "INR": {"卢比"}, "SGD": {"新币"}}

var enMoney = map[string][]string{"USD": {" dollars", " bucks", " USD", " usd"}, "EUR": {" euros", " euro", " EUR", "€", " eur"}, "GBP": {" pounds", " quid", " GBP"}, "CNY": {" yuan", " RMB", " CNY", " kuai"}, "JPY": {" yen", " JPY"}, "CHF": {" CHF", " francs"}, "SEK": {" SEK", " kronor"}, "INR": {" rupees", " INR"}}

var signs = map[string]string{"USD": "$", "EUR": "€", "GBP": "£", "INR": "₹"}

// price words an amount of money.
func (s *sim) price(v float64, currency string) string {
	if s.lang == "zh" {
		return s.priceZH(v, currency)
	}
	home := s.shop.Schema.Currency
	n := digits(v)
	whole := v == math.Trunc(v)
	switch k := s.rng.IntN(100); {
	case whole && k < 16 && (v < 20 && v > 1 || v < 100 && math.Mod(v, 10) == 0 || v <= 900 && math.Mod(v, 100) == 0 && v >= 100):
		n = englishNumber(int(v))
		if v == 100 {
			n = "a hundred"
		}
	case whole && v >= 1000 && math.Mod(v, 100) == 0 && k < 40 && v < 100000:
		n = strconv.FormatFloat(v/1000, 'f', -1, 64) + "k"
	case whole && v >= 1000 && k < 60:
		t := strconv.Itoa(int(v))
		n = t[:len(t)-3] + "," + t[len(t)-3:]
	}
	inWords := n[0] > '9'
	k := s.rng.IntN(100)
	if k < 32 && currency == home {
		return n
	}
	if sign := signs[currency]; sign != "" && k < 68 && !inWords && (currency != "USD" || home == "USD" || home != "CAD" && home != "AUD" && home != "NZD" && home != "SGD" && home != "HKD") {
		return sign + n
	}
	if forms := enMoney[currency]; len(forms) > 0 {
		form := drawn(s, forms)
		if currency == "USD" && (home == "CAD" || home == "AUD" || home == "NZD" || home == "SGD" || home == "HKD") {
			form = " USD"
		}
		return n + form
	}
	if s.chance(50) && !inWords {
		return currency + " " + n
	}
	return n + " " + currency
}

func (s *sim) priceZH(v float64, currency string) string {
	n := digits(v)
	whole := v == math.Trunc(v)
	switch k := s.rng.IntN(100); {
	case whole && k < 30 && v >= 10 && v < 10000 && (v < 100 || math.Mod(v, 100) == 0 || v < 1000 && math.Mod(v, 50) == 0):
		n = hanNumber(int(v))
	case whole && v >= 1000 && v < 10000 && math.Mod(v, 100) == 0 && k < 45:
		n = strconv.FormatFloat(v/1000, 'f', -1, 64) + "k"
	case whole && v >= 10000 && math.Mod(v, 1000) == 0 && k < 60:
		n = strconv.FormatFloat(v/10000, 'f', -1, 64) + "万"
	}
	if currency != "CNY" {
		if forms := zhMoney[currency]; len(forms) > 0 {
			return n + drawn(s, forms)
		}
		return n + currency
	}
	switch k := s.rng.IntN(100); {
	case k < 45:
		return n
	case k < 50 && n[0] >= '0' && n[0] <= '9':
		return "¥" + n
	}
	if n[len(n)-1] == 'k' {
		return n
	}
	return n + drawn(s, []string{"块", "元", "块钱", "块", "元"})
}
