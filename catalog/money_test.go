package catalog

import (
	"strings"
	"testing"
)

func TestParseMoney(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Money
		err  string
	}{
		{"15.00 USD", Money{1500, "USD"}, ""},
		{"EUR 1,299", Money{129900, "EUR"}, ""},
		{" 3980 JPY ", Money{3980, "JPY"}, ""},
		{"3980.00 JPY", Money{3980, "JPY"}, ""},
		{"1.234 KWD", Money{1234, "KWD"}, ""},
		{"-5.5 USD", Money{-550, "USD"}, ""},
		{"0 USD", Money{0, "USD"}, ""},
		{"15.001 USD", Money{}, "2 decimals"},
		{"15.5 JPY", Money{}, "0 decimals"},
		{"15.00", Money{}, "no currency code"},
		{"15.00 XYZ", Money{}, "not a currency"},
		{"1,5 USD", Money{}, "comma"},
		{"12.00.00 USD", Money{}, "decimals"},
		{"abc USD", Money{}, "does not read"},
		{"USD", Money{}, "amount"},
		{"99999999999999999999 USD", Money{}, "does not read"},
	} {
		got, err := ParseMoney(c.in)
		if c.err == "" && (err != nil || got != c.want) {
			t.Errorf("%q: %v, %v; want %v", c.in, got, err, c.want)
		}
		if c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%q: error %v; want one with %q", c.in, err, c.err)
		}
	}
}

func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{"15.00 USD", "EUR 1,299", "¥5", "\xff USD", "1e9 USD", "- USD"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseMoney(s)
		if err != nil {
			return
		}
		e, _ := Exponent(m.Currency)
		back, err := ParseMoney(strings.TrimLeft(plainAmount(m, e), " ") + " " + m.Currency)
		if err != nil || back != m {
			t.Errorf("%q is %v, which comes back as %v, %v", s, m, back, err)
		}
		m.Format("en")
	})
}

// plainAmount writes an amount without a symbol.
func plainAmount(m Money, e int) string {
	s := m.Format("xx")
	i := strings.IndexAny(s, "0123456789")
	if m.Minor < 0 {
		return "-" + s[i:]
	}
	return s[i:]
}

func TestFormatMoney(t *testing.T) {
	for _, c := range []struct {
		m      Money
		en, zh string
	}{
		{Money{1999, "USD"}, "$19.99", "US$19.99"},
		{Money{129900, "EUR"}, "€1,299.00", "€1,299.00"},
		{Money{3980, "JPY"}, "¥3,980", "JP¥3,980"},
		{Money{1999, "CNY"}, "CN¥19.99", "¥19.99"},
		{Money{1200, "CHF"}, "CHF 12.00", "CHF 12.00"},
		{Money{5, "KWD"}, "KWD 0.005", "KWD 0.005"},
		{Money{-123456789, "USD"}, "-$1,234,567.89", "-US$1,234,567.89"},
		{Money{-9223372036854775808, "USD"}, "-$92,233,720,368,547,758.08", "-US$92,233,720,368,547,758.08"},
	} {
		if got := c.m.Format("en"); got != c.en {
			t.Errorf("%v in English is %q, want %q", c.m, got, c.en)
		}
		if got := c.m.Format("zh"); got != c.zh {
			t.Errorf("%v in Chinese is %q, want %q", c.m, got, c.zh)
		}
	}
}

func TestConvert(t *testing.T) {
	got, err := Rates().Convert(Money{10000, "USD"}, "JPY")
	if err != nil || got.Currency != "JPY" || got.Minor < 5000 || got.Minor > 30000 {
		t.Errorf("100 dollars are %v, %v", got, err)
	}
	back, err := Rates().Convert(got, "USD")
	if err != nil || back.Minor < 9950 || back.Minor > 10050 {
		t.Errorf("… and back %v, %v", back, err)
	}
	if _, err := Rates().Convert(Money{1, "XAU"}, "USD"); err == nil || !strings.Contains(err.Error(), "no exchange rate") {
		t.Errorf("a currency without a rate: %v", err)
	}
	for code, r := range Rates().Rates {
		if _, ok := Exponent(code); !ok || r <= 0 {
			t.Errorf("rates.yaml: %s %v", code, r)
		}
	}
}
