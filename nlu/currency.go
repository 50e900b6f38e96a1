package nlu

import "strings"

// currencyWords names currencies as shoppers do, in both languages.
var currencyWords = map[string]string{
	"usd": "USD", "dollar": "USD", "dollars": "USD", "buck": "USD", "bucks": "USD", "us dollars": "USD", "us dollar": "USD", "美元": "USD", "美金": "USD", "美刀": "USD", "刀": "USD", "美子": "USD",
	"eur": "EUR", "euro": "EUR", "euros": "EUR", "欧元": "EUR", "欧": "EUR", "€": "EUR",
	"gbp": "GBP", "quid": "GBP", "pound": "GBP", "pounds": "GBP", "sterling": "GBP", "英镑": "GBP", "镑": "GBP", "£": "GBP",
	"cny": "CNY", "rmb": "CNY", "yuan": "CNY", "kuai": "CNY", "renminbi": "CNY", "人民币": "CNY", "元": "CNY", "块": "CNY", "块钱": "CNY", "元钱": "CNY", "圆": "CNY", "大洋": "CNY", "软妹币": "CNY", "块大洋": "CNY",
	"jpy": "JPY", "yen": "JPY", "日元": "JPY", "日币": "JPY", "円": "JPY", "日圆": "JPY",
	"hkd": "HKD", "港币": "HKD", "港元": "HKD", "港纸": "HKD", "港刀": "HKD", "hk dollars": "HKD",
	"twd": "TWD", "ntd": "TWD", "台币": "TWD", "新台币": "TWD",
	"krw": "KRW", "won": "KRW", "韩元": "KRW", "韩币": "KRW",
	"sgd": "SGD", "新币": "SGD", "新加坡元": "SGD",
	"aud": "AUD", "澳元": "AUD", "澳币": "AUD", "澳刀": "AUD", "cad": "CAD", "加元": "CAD", "加币": "CAD", "加刀": "CAD", "nzd": "NZD", "纽币": "NZD",
	"inr": "INR", "rupee": "INR", "rupees": "INR", "rs": "INR", "卢比": "INR", "₹": "INR", "₩": "KRW", "₽": "RUB", "rub": "RUB", "rubles": "RUB", "卢布": "RUB",
	"chf": "CHF", "francs": "CHF", "瑞郎": "CHF", "瑞士法郎": "CHF", "sek": "SEK", "kr": "SEK", "kronor": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "zloty": "PLN",
	"thb": "THB", "baht": "THB", "泰铢": "THB", "brl": "BRL", "reais": "BRL", "mxn": "MXN", "pesos": "MXN", "zar": "ZAR", "rand": "ZAR", "aed": "AED", "dirhams": "AED", "try": "TRY", "lira": "TRY", "myr": "MYR", "马币": "MYR", "ringgit": "MYR",
}

// codes are the ISO 4217 codes that stand for themselves besides; those that are words of English are left out.
var codes = []string{"idr", "vnd", "php", "pkr", "bdt", "lkr", "npr", "kzt", "uah", "czk", "huf", "ron", "bgn", "isk", "rsd", "ils", "sar", "qar", "kwd", "bhd", "omr", "jod", "egp", "mad", "dzd", "tnd",
	"ngn", "kes", "ghs", "tzs", "ugx", "xof", "xaf", "clp", "cop", "ars", "uyu", "pyg", "bob", "crc", "dop", "jmd", "ttd", "mop", "mmk", "khr", "lak", "mnt", "uzs", "gel", "azn"}

func init() {
	for _, c := range codes {
		currencyWords[c] = strings.ToUpper(c)
	}
	for w, c := range map[string]string{"rupiah": "IDR", "dong": "VND", "forint": "HUF", "koruna": "CZK", "hryvnia": "UAH", "shekels": "ILS", "riyals": "SAR", "naira": "NGN", "越南盾": "VND", "印尼盾": "IDR", "比索": "PHP"} {
		currencyWords[w] = c
	}
}

// dollars and yens are the currencies that share a sign.
var (
	dollars = map[string]bool{"USD": true, "CAD": true, "AUD": true, "NZD": true, "SGD": true, "HKD": true, "TWD": true, "MXN": true}
	dollarS = map[string]string{"us": "USD", "c": "CAD", "ca": "CAD", "a": "AUD", "au": "AUD", "nz": "NZD", "s": "SGD", "hk": "HKD", "nt": "TWD"}
)

// notBefore are codes that are English words too: they name a currency only in capitals, or never.
var notBefore = map[string]bool{"try": true, "rs": true, "won": true, "kr": true, "rand": true}

func isCurrencyWord(w string) bool {
	return currencyWords[w] != "" && !notBefore[w] || dollarS[w] != "" && len(w) > 1
}

// signCurrency is what a sign means in a shop whose own currency is home.
func signCurrency(sign, home, lang string) string {
	switch sign {
	case "$":
		if dollars[home] {
			return home
		}
		return "USD"
	case "¥":
		if home == "JPY" && lang != "zh" {
			return "JPY"
		}
		return "CNY"
	case "€", "£", "₹", "₩", "₽":
		return currencyWords[sign]
	}
	return ""
}

// currencyBefore reads a currency in front of a number: "$", "US$", "USD", "人民币".
func currencyBefore(toks []token, i int, home, lang string) (string, int) {
	if i >= len(toks) {
		return "", 0
	}
	if c := signCurrency(toks[i].text, home, lang); c != "" {
		return c, 1
	}
	if c := dollarS[toks[i].text]; c != "" && i+1 < len(toks) && toks[i+1].text == "$" && !toks[i+1].space {
		return c, 2
	}
	for n := 3; n > 0; n-- {
		if i+n >= len(toks) {
			continue
		}
		if toks[i+n].kind != tokNumber && toks[i+n].kind != tokHan {
			continue
		}
		w := joinTokens(toks[i : i+n])
		if c := currencyWords[w]; c != "" && (len(w) == 3 && w != "won" && !notBefore[w] || w == "人民币" || w == "美元" || w == "美金" || w == "日元" || w == "港币" || w == "欧元" || w == "英镑") {
			return c, n
		}
	}
	return "", 0
}

// currencyAfter reads a currency behind a number v: "bucks", 块钱, 刀.
func currencyAfter(toks []token, i int, v float64, home, lang string) (string, int) {
	if i >= len(toks) {
		return "", 0
	}
	if toks[i].kind == tokPunct {
		if c := signCurrency(toks[i].text, home, lang); c != "" && (i+1 >= len(toks) || toks[i+1].kind != tokNumber || toks[i+1].space) {
			return c, 1
		}
		return "", 0
	}
	for n := 3; n > 0; n-- {
		if i+n > len(toks) {
			continue
		}
		w := joinTokens(toks[i : i+n])
		c := currencyWords[w]
		if c == "" || notBefore[w] && w != "won" {
			continue
		}
		next := ""
		if i+n < len(toks) {
			next = toks[i+n].text
		}
		switch {
		case w == "块" && !kuaiIsMoney(toks, i+n, v):
			return "", 0
		case w == "欧" && next == "码":
			return "", 0
		case w == "刀" && v < 5, w == "圆" && next != "":
			return "", 0
		case (w == "dollar" || w == "dollars") && dollars[home]:
			return home, n
		}
		return c, n
	}
	return "", 0
}

// kuaiIsMoney tells 三百块 (money) from 两块香皂 (two bars).
func kuaiIsMoney(toks []token, i int, v float64) bool {
	if v > 9 || i >= len(toks) || toks[i].kind != tokHan {
		return true
	}
	switch toks[i].text {
	case "钱", "的", "以", "左", "上", "起", "内", "到", "之", "多", "一", "二", "三", "四", "五", "六", "七", "八", "九":
		return true
	}
	return false
}

func joinTokens(toks []token) string {
	if len(toks) == 1 {
		return toks[0].text
	}
	s := ""
	for i, t := range toks {
		if i > 0 && (t.kind == tokWord || toks[i-1].kind == tokWord) {
			s += " "
		}
		s += t.text
	}
	return s
}
