package feed

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"daogou/catalog"

	"golang.org/x/text/currency"
	"golang.org/x/text/width"
)

var symbols = map[string]string{"$": "USD", "us$": "USD", "usd$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY", "元": "CNY", "块": "CNY", "rmb": "CNY",
	"人民币": "CNY", "₹": "INR", "₩": "KRW", "円": "JPY", "jp¥": "JPY", "cn¥": "CNY", "ca$": "CAD", "c$": "CAD", "a$": "AUD", "au$": "AUD", "hk$": "HKD", "nt$": "TWD",
	"s$": "SGD", "r$": "BRL", "₽": "RUB", "₺": "TRY", "zł": "PLN", "kč": "CZK", "₫": "VND", "฿": "THB", "₱": "PHP", "₴": "UAH", "₪": "ILS"}

// currencyCode is the ISO 4217 code for a code or symbol, and whether it is one.
func currencyCode(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if c, ok := symbols[strings.ToLower(s)]; ok {
		return c, true
	}
	up := strings.ToUpper(s)
	if len(up) != 3 {
		return "", false
	}
	if _, err := currency.ParseISO(up); err != nil || up == "XXX" || up == "XTS" {
		return "", false
	}
	return up, true
}

// symbolCode is currencyCode, but a symbol that several currencies share means the default one if it is among them.
func symbolCode(s, def string) (string, bool) {
	switch {
	case s == "$" && strings.Contains("USD CAD AUD NZD SGD HKD TWD MXN CLP COP ARS", def) && def != "":
		return def, true
	case (s == "¥" || s == "￥") && def == "JPY":
		return def, true
	}
	return currencyCode(s)
}

// digitsOf is the number of decimals of a currency's minor unit, as the catalogue counts it: 2 for USD and IDR, 0 for JPY, 3 for KWD.
func digitsOf(code string) int {
	if e, ok := catalog.Exponent(code); ok {
		return e
	}
	return 2
}

// moneyError is a price that cannot be read, with the code of its issue.
type moneyError struct{ code, text string }

func (e *moneyError) Error() string { return e.text }

// parseMoney reads "15.00 USD", "USD 15", "$1,299.00", "1.299,00 €", "¥1299" or a bare number in the default currency.
func parseMoney(s, def string) (catalog.Money, error) {
	text := strings.TrimSpace(width.Fold.String(s))
	num, rest := splitAmount(text)
	if num == "" {
		return catalog.Money{}, &moneyError{"bad-price", fmt.Sprintf("%q is not a price; write it as 15.00 USD", clip(s, 40))}
	}
	code := def
	if rest != "" {
		c, ok := symbolCode(rest, def)
		if !ok {
			return catalog.Money{}, &moneyError{"unknown-currency", fmt.Sprintf("%q is not a currency; use an ISO 4217 code such as USD", clip(rest, 20))}
		}
		code = c
	}
	if code == "" {
		return catalog.Money{}, &moneyError{"no-currency", fmt.Sprintf("the price %q names no currency and the feed has none; give a currency", clip(s, 40))}
	}
	minor, err := minorUnits(num, digitsOf(code))
	if err != nil {
		return catalog.Money{}, err
	}
	return catalog.Money{Minor: minor, Currency: code}, nil
}

// splitAmount takes the one number out of a price and returns it with what stands around it.
func splitAmount(s string) (num, rest string) {
	start, end := -1, -1
	for i, r := range s {
		if r >= '0' && r <= '9' {
			if start < 0 {
				start = i
			}
			end = i + 1
		}
	}
	if start < 0 {
		return "", s
	}
	if start > 0 && s[start-1] == '.' {
		start--
	}
	num = s[start:end]
	before, after := s[:start], s[end:]
	if b := strings.TrimSpace(before); strings.HasPrefix(b, "-") || strings.HasSuffix(b, "-") || strings.HasPrefix(b, "−") || strings.HasSuffix(b, "−") {
		num = "-" + num
		before = strings.NewReplacer("-", "", "−", "").Replace(before)
	}
	before, after = strings.TrimSpace(before), strings.TrimSpace(after)
	after = strings.TrimSuffix(strings.TrimSuffix(after, ".-"), ",-")
	if before != "" && after != "" {
		if b, ok := currencyCode(before); ok {
			if a, ok := currencyCode(after); ok && (a == b || len(after) == 3) {
				return num, after
			}
		}
		return num, before + " " + after
	}
	return num, before + after
}

// minorUnits turns a decimal number with either style of separators into minor units, without rounding errors of floats.
func minorUnits(num string, digits int) (int64, error) {
	bad := &moneyError{"bad-price", fmt.Sprintf("%q is not a price; write it as 15.00", clip(num, 40))}
	neg := strings.HasPrefix(num, "-")
	body := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\'' || r == '’' {
			return -1
		}
		return r
	}, strings.TrimPrefix(num, "-"))
	whole, frac, ok := splitDecimal(body, digits)
	if !ok {
		return 0, bad
	}
	up := false
	if len(frac) > digits {
		up = frac[digits] >= '5'
		frac = frac[:digits]
	}
	whole = strings.TrimLeft(whole+frac+strings.Repeat("0", digits-len(frac)), "0")
	if len(whole) > 17 {
		return 0, bad
	}
	n := int64(0)
	if whole != "" {
		var err error
		if n, err = strconv.ParseInt(whole, 10, 64); err != nil {
			return 0, bad
		}
	}
	if up {
		n++
	}
	if neg {
		return -n, &moneyError{"negative-price", fmt.Sprintf("the price %s is negative", clip(num, 40))}
	}
	return n, nil
}

// splitDecimal tells the decimal separator from the thousands separator.
func splitDecimal(s string, digits int) (whole, frac string, ok bool) {
	for _, r := range s {
		if (r < '0' || r > '9') && r != '.' && r != ',' {
			return "", "", false
		}
	}
	dot, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	sep := max(dot, comma)
	if sep < 0 {
		return s, "", s != ""
	}
	mark := s[sep]
	whole, frac = s[:sep], s[sep+1:]
	if strings.IndexByte(whole, mark) >= 0 || mark == ',' && dot < 0 && len(frac) == 3 && digits != 3 && whole != "" && whole != "0" {
		whole, frac = s, "" // one kind of mark that repeats, or 1,299: all of them part thousands
	}
	groups := strings.FieldsFunc(whole, func(r rune) bool { return r == '.' || r == ',' })
	for i, g := range groups {
		if i > 0 && len(g) != 3 {
			return "", "", false
		}
	}
	if strings.ContainsAny(frac, ".,") {
		return "", "", false
	}
	return strings.Join(groups, ""), frac, whole != "" || frac != ""
}

// moneyFrom scales a plain number, 4995 cents at 0.01, to minor units.
func moneyFrom(v, scale float64, code string) (catalog.Money, error) {
	if scale == 0 {
		scale = 1
	}
	f := v * scale * math.Pow10(digitsOf(code))
	if math.IsNaN(f) || math.IsInf(f, 0) || math.Abs(f) > 1e17 {
		return catalog.Money{}, &moneyError{"bad-price", fmt.Sprintf("%v is not a price", v)}
	}
	if f < 0 {
		return catalog.Money{}, &moneyError{"negative-price", fmt.Sprintf("the price %v is negative", v)}
	}
	return catalog.Money{Minor: int64(math.Round(f)), Currency: code}, nil
}

var dateLayouts = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04-0700", "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05",
	"2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006/01/02", "20060102"}

// parseDate reads the ISO 8601 forms that feeds use; without a zone it is UTC.
func parseDate(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a date; write it as 2026-03-01T13:00+01:00", clip(s, 40))
}

// parseDates reads a from/to pair as sale_price_effective_date has it.
func parseDates(s string) (from, to time.Time, err error) {
	a, b, ok := strings.Cut(s, "/")
	if !ok {
		return from, to, fmt.Errorf("%q is not a period; write it as start/end", clip(s, 60))
	}
	if from, err = parseDate(a); err != nil {
		return
	}
	if to, err = parseDate(b); err != nil {
		return
	}
	if !strings.ContainsAny(b, "T:") {
		to = to.AddDate(0, 0, 1) // a bare date includes its day
	}
	if !to.After(from) {
		err = fmt.Errorf("the period %q ends before it starts", clip(s, 60))
	}
	return
}

// validGTIN says whether s, without blanks and hyphens, is a GTIN-8, 12, 13 or 14 with the right check digit.
func validGTIN(s string) bool {
	switch len(s) {
	case 8, 12, 13, 14:
	default:
		return false
	}
	sum := 0
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		d := int(s[i] - '0')
		if (len(s)-1-i)%2 == 1 {
			d *= 3
		}
		sum += d
	}
	return sum%10 == 0 && strings.Trim(s, "0") != ""
}

func cleanGTIN(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\'' {
			return -1
		}
		return r
	}, s)
}
