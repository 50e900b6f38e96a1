package catalog

import (
	"strings"
	"testing"
)

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
