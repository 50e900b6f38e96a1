package catalog

import (
	_ "embed"
	"fmt"
	"math"
	"math/big"
	"strings"
	"sync"
	"unicode"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/currency"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Currencies whose minor unit is not a hundredth, by ISO 4217. (The CLDR digits in x/text are for display and drop some minor
// units that the standard has, so they are not used for amounts.)
var oddExponents = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0,
	"XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
	"CLF": 4, "UYW": 4,
}

var currencies sync.Map // code → exponent, -1 for what is not a currency

// Exponent is how many decimal places a currency's minor unit has: 2 for USD, 0 for JPY, 3 for KWD; false for an unknown code.
func Exponent(code string) (int, bool) {
	if len(code) != 3 || strings.ToUpper(code) != code {
		return 0, false
	}
	if e, ok := currencies.Load(code); ok {
		return max(e.(int), 0), e.(int) >= 0
	}
	e := 2
	if odd, ok := oddExponents[code]; ok {
		e = odd
	} else if _, err := currency.ParseISO(code); err != nil {
		return 0, false // not remembered, so that hostile codes cannot fill the memory
	}
	currencies.Store(code, e)
	return e, true
}

// NewMoney is an amount of major units, rounded half away from zero to the currency's minor unit.
func NewMoney(major float64, code string) (Money, error) {
	e, ok := Exponent(code)
	if !ok {
		return Money{}, fmt.Errorf("catalog: %q is not an ISO 4217 currency code, such as USD", code)
	}
	x := math.Round(major * math.Pow10(e))
	if math.IsNaN(x) || math.Abs(x) > 1e17 {
		return Money{}, fmt.Errorf("catalog: %v %s is not an amount", major, code)
	}
	return Money{Minor: int64(x), Currency: code}, nil
}

// Major is the amount in major units, for comparing and showing, not for sums.
func (m Money) Major() float64 {
	e, _ := Exponent(m.Currency)
	return float64(m.Minor) / math.Pow10(e)
}

// Format writes the amount as a shopper of lang expects: $19.99, €1,299.00, ¥3,980. A symbol that lang's readers take for their
// own currency is told apart: CN¥ in English, US$ and JP¥ in Chinese.
func (m Money) Format(lang string) string {
	e, ok := Exponent(m.Currency)
	if !ok {
		e = 2
	}
	sign, n := "", m.Minor
	var digits string
	if n < 0 {
		sign = "-"
		digits = new(big.Int).Neg(big.NewInt(n)).String() // the smallest int64 has no positive twin
	} else {
		digits = fmt.Sprint(n)
	}
	if len(digits) <= e {
		digits = strings.Repeat("0", e-len(digits)+1) + digits
	}
	whole, frac := digits[:len(digits)-e], digits[len(digits)-e:]
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if frac != "" {
		whole += "." + frac
	}
	symbol := symbolOf(m.Currency, lang)
	if symbol == "" {
		return sign + whole
	}
	if last := []rune(symbol); unicode.IsLetter(last[len(last)-1]) {
		symbol += " "
	}
	return sign + symbol + whole
}

func symbolOf(code, lang string) string {
	u, err := currency.ParseISO(code)
	if err != nil {
		return code
	}
	tag, err := language.Parse(lang)
	if err != nil {
		tag = language.English
	}
	return strings.ReplaceAll(message.NewPrinter(tag).Sprint(currency.Symbol(u)), "￥", "¥")
}

//go:embed rates.yaml
var ratesYAML []byte

// RateTable is a dated table of reference rates: how much of each currency one unit of Base buys.
type RateTable struct {
	Date  string             `yaml:"date"`
	Note  string             `yaml:"note"`
	Base  string             `yaml:"base"`
	Rates map[string]float64 `yaml:"rates"`
}

// Rates is the table that comes with the program. It is for comparing prices and for rough hints, never for charging.
var Rates = sync.OnceValue(func() *RateTable {
	t := new(RateTable)
	if err := yaml.UnmarshalWithOptions(ratesYAML, t, yaml.Strict()); err != nil {
		panic("catalog: rates.yaml: " + err.Error()) // a test reads it, so a released program cannot get here
	}
	return t
})

// Convert turns an amount into another currency, rounded to its minor unit.
func (t *RateTable) Convert(m Money, to string) (Money, error) {
	if m.Currency == to {
		return m, nil
	}
	r, err := t.Rate(m.Currency, to)
	if err != nil {
		return Money{}, err
	}
	return NewMoney(m.Major()*r, to)
}

// Rate is how much of currency to one unit of currency from buys.
func (t *RateTable) Rate(from, to string) (float64, error) {
	f, err := t.of(from)
	if err != nil {
		return 0, err
	}
	g, err := t.of(to)
	if err != nil {
		return 0, err
	}
	return g / f, nil
}

func (t *RateTable) of(code string) (float64, error) {
	if code == t.Base {
		return 1, nil
	}
	if r := t.Rates[code]; r > 0 {
		return r, nil
	}
	return 0, fmt.Errorf("catalog: there is no exchange rate for %q in the table of %s; use a currency that is in it, such as %s", code, t.Date, t.Base)
}
