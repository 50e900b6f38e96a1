package main

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"daogou/catalog"
)

// figureKind is what sort of statement a figure makes.
type figureKind string

const (
	figMoney   figureKind = "money"
	figPercent figureKind = "percentage"
	figRating  figureKind = "rating"
	figReviews figureKind = "number of reviews"
	figStock   figureKind = "stock"
	figDate    figureKind = "date"
	figWords   figureKind = "amount in words"
	figNumber  figureKind = "number"
)

// figure is a piece of a reply that nobody may make up.
type figure struct {
	kind     figureKind
	value    float64
	currency string // of money, where its sign says so
	text     string
}

// number is how the chat writes one: 12, 4.5, 1,299.00.
const number = `(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)`

const (
	monthName = `(?:january|february|march|april|june|july|august|september|october|november|december|jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)`
	smallWord = `(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half a|a)`
)

// figurePatterns find figures in a lower-case text, the most telling first: what one has found is gone for the next.
var figurePatterns = []struct {
	kind figureKind
	re   *regexp.Regexp
}{
	{figDate, regexp.MustCompile(`(?:19|20)\d\d(?:[-/.]\d{1,2}[-/.]\d{1,2}|年(?:\d{1,2}月(?:\d{1,2}[日号])?)?)|\d{1,2}月\d{1,2}[日号]|\d{1,2}[/.]\d{1,2}[/.](?:19|20)\d\d`)},
	{figDate, regexp.MustCompile(`\b` + monthName + `\.? \d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)? ` + monthName + `\b|\b(?:until|ends?|by|before) (?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:today only|until midnight|ends (?:today|tonight|tomorrow))\b|仅限今|今日截止|截止到?今|限时`)},
	{figWords, regexp.MustCompile(`\b` + smallWord + `(?:[ -](?:` + smallWord + `|and))* (?:dollars?|bucks?|euros?|pounds?|yuan|cents?|percent)\b|\b(?:for free|free of charge|free shipping|free gifts?|half (?:price|off)|no charge)\b`)},
	{figWords, regexp.MustCompile(`[一二三四五六七八九十百千万亿两半]+(?:元|块钱|美元|美金|欧元|英镑|日元|折)|免费|包邮|半价|百分之`)},
	{figMoney, regexp.MustCompile(`(?:us|cn|jp|hk|nt|ca|a|c)?[$¥€£₩₹] ?` + number + `|\b(?:usd|eur|gbp|cny|rmb|jpy|chf|cad|aud|hkd|krw|inr) ?` + number)},
	{figMoney, regexp.MustCompile(number + ` ?(?:us dollars?|dollars?|bucks?|euros?|pounds?|yuan|yen|cents?|usd\b|eur\b|gbp\b|cny\b|rmb\b|jpy\b|美元|美金|欧元|英镑|日元|人民币|元|块|[$€£])`)},
	{figPercent, regexp.MustCompile(number + ` ?(?:%|percent|per cent|折)`)},
	{figNumber, regexp.MustCompile(number + ` ?分钟`)},
	{figRating, regexp.MustCompile(number + ` ?(?:/ ?5\b|stars?\b|out of 5\b|星|分(?:（满分5分）|[^贝钟之米辨\d]|$))`)},
	{figReviews, regexp.MustCompile(number + ` ?(?:reviews?\b|ratings?\b|buyers\b|[条人个]评价)`)},
	{figStock, regexp.MustCompile(number + ` ?(?:left\b|in stock\b|remaining\b|sold\b)|(?:仅剩|只剩|还剩|剩余?|库存|已售) ?` + number)},
	{figNumber, regexp.MustCompile(number)},
}

// figuresIn lists the figures of a text. Digits of other scripts than 0–9 are figures too.
func figuresIn(text string) []figure {
	rest := []byte(plainDigits(strings.ToLower(text)))
	var out []figure
	for _, p := range figurePatterns {
		for _, m := range p.re.FindAllSubmatchIndex(rest, -1) {
			f := figure{kind: p.kind, value: math.NaN(), text: string(rest[m[0]:m[1]])}
			if p.kind == figMoney {
				f.currency = currencyNamed(f.text)
			}
			for g := 2; g+1 < len(m); g += 2 {
				if m[g] >= 0 {
					f.value, _ = strconv.ParseFloat(strings.ReplaceAll(string(rest[m[g]:m[g+1]]), ",", ""), 64)
				}
			}
			out = append(out, f)
			for i := m[0]; i < m[1]; i++ {
				rest[i] = ' '
			}
		}
	}
	return out
}

// plainDigits writes decimal digits of every script, and full-width signs, as ASCII: １２ and ١٢ are 12.
func plainDigits(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '％' || c == '﹪' || c == '٪':
			return '%'
		case c == '＄' || c == '﹩':
			return '$'
		case c == '￥':
			return '¥'
		case c > unicode.MaxASCII && unicode.IsDigit(c):
			zero := c
			for zero > 0 && unicode.IsDigit(zero-1) && c-zero < 9 { // the digits of a script follow each other
				zero--
			}
			return '0' + c - zero
		}
		return c
	}, s)
}

// currencyNames are the signs and words that leave no doubt; ¥ and 元 are of more than one currency.
var currencyNames = []struct{ name, code string }{
	{"hk$", "HKD"}, {"nt$", "TWD"}, {"ca$", "CAD"}, {"a$", "AUD"}, {"cn¥", "CNY"}, {"jp¥", "JPY"}, {"$", "USD"}, {"€", "EUR"}, {"£", "GBP"}, {"₩", "KRW"}, {"₹", "INR"},
	{"dollar", "USD"}, {"usd", "USD"}, {"美元", "USD"}, {"美金", "USD"}, {"eur", "EUR"}, {"欧元", "EUR"}, {"gbp", "GBP"}, {"pound", "GBP"}, {"英镑", "GBP"}, {"yuan", "CNY"}, {"cny", "CNY"},
	{"rmb", "CNY"}, {"人民币", "CNY"}, {"jpy", "JPY"}, {"yen", "JPY"}, {"日元", "JPY"}, {"chf", "CHF"}, {"cad", "CAD"}, {"aud", "AUD"}, {"hkd", "HKD"}, {"krw", "KRW"}, {"inr", "INR"},
}

func currencyNamed(text string) string {
	for _, c := range currencyNames {
		if strings.Contains(text, c.name) {
			return c.code
		}
	}
	return ""
}

// backing is what figures may rest on.
type backing struct {
	money                           []catalog.Money
	percent, rating, reviews, stock []float64
	numbers                         []float64
}

func (b *backing) add(c backing) {
	b.money = append(b.money, c.money...)
	b.percent, b.rating, b.reviews = append(b.percent, c.percent...), append(b.rating, c.rating...), append(b.reviews, c.reviews...)
	b.stock, b.numbers = append(b.stock, c.stock...), append(b.numbers, c.numbers...)
}

// bears says whether a figure is among what it may rest on. Dates and amounts in words rest on nothing: no row has them.
func (b backing) bears(f figure) bool {
	switch f.kind {
	case figMoney:
		for _, m := range b.money {
			if (f.currency == "" || f.currency == m.Currency) && near(m.Major(), f.value) {
				return true
			}
		}
		return false
	case figPercent:
		return holdsNear(b.percent, f.value)
	case figRating:
		return holdsNear(b.rating, f.value)
	case figReviews:
		return holdsNear(b.reviews, f.value)
	case figStock:
		return holdsNear(b.stock, f.value)
	case figNumber:
		for _, list := range [][]float64{b.numbers, b.percent, b.rating, b.reviews, b.stock} {
			if holdsNear(list, f.value) {
				return true
			}
		}
	}
	return false
}

// holdsNear compares without signs: what reads "-10 °C" and "24–34 L" is a matter of taste.
func holdsNear(list []float64, v float64) bool {
	for _, x := range list {
		if near(math.Abs(x), v) {
			return true
		}
	}
	return false
}

// near allows for the two decimals that are shown.
func near(a, b float64) bool { return math.Abs(a-b) <= 0.0051 }
