package nlu

import (
	"fmt"
	"math"
	"testing"

	"daogou/catalog"
)

func TestFindNumbers(t *testing.T) {
	for _, c := range []struct {
		text string
		want string
	}{
		{"fifty", "50"}, {"a hundred and twenty", "120"}, {"two dozen", "24"}, {"half a dozen", "6"}, {"1.5k", "1500"}, {"20 grand", "20000"}, {"1,299.50", "1299.5"},
		{"twenty-five", "25"}, {"two thousand five hundred", "2500"}, {"a couple of hundred", "200"}, {"nineteen ninety", "19 90"}, {"ninety nine", "99"}, {"one", ""},
		{"三四百", "300-400"}, {"两千五", "2500"}, {"一百五", "150"}, {"一百零五", "105"}, {"一百五十", "150"}, {"一万二", "12000"}, {"三千", "3000"}, {"十二", "12"}, {"二十", "20"},
		{"廿", "20"}, {"俩", "2"}, {"仨", "3"}, {"百来块", "100"}, {"三百多", "300-400"}, {"几百块", "200-900"}, {"十几个", "11-19"}, {"五六个", "5-6"}, {"1万5", "15000"}, {"3百", "300"},
		{"１２３", "123"}, {"１．５", "1.5"}, {"二三十", "20-30"}, {"八百到一千二", "800 1200"}, {"两三千", "2000-3000"}, {"五万八", "58000"}, {"", ""}, {"千万别买", ""}, {"百货", ""},
	} {
		got := ""
		for i, n := range FindNumbers(c.text) {
			if i > 0 {
				got += " "
			}
			got += trim(n.Lo)
			if n.Hi != n.Lo {
				got += "-" + trim(n.Hi)
			}
		}
		if got != c.want {
			t.Errorf("FindNumbers(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func trim(v float64) string { return fmt.Sprint(math.Round(v*1e6) / 1e6) }

func TestFindMoney(t *testing.T) {
	for _, c := range []struct {
		text, lang, home string
		want             string
	}{
		{"under fifty bucks", "en", "USD", "<= 50 USD"},
		{"less than £40", "en", "USD", "<= 40 GBP"},
		{"up to 100 quid", "en", "USD", "<= 100 GBP"},
		{"no more than 1.5k", "en", "USD", "<= 1500 USD"},
		{"$20–$30", "en", "USD", "between 20 30 USD"},
		{"between 20 and 30 euros", "en", "USD", "between 20 30 EUR"},
		{"from €20 to €30", "en", "USD", "between 20 30 EUR"},
		{"20~30块", "zh", "USD", "between 20 30 CNY"},
		{"at least $99", "en", "USD", ">= 99 USD"},
		{"$50 or less", "en", "USD", "<= 50 USD"},
		{"100 dollars max", "en", "USD", "<= 100 USD"},
		{"around $200", "en", "USD", "between 180 220 USD"},
		{"under 300000 IDR", "en", "USD", "<= 300000 IDR"},
		{"$50", "en", "CAD", "= 50 CAD"},
		{"US$50", "en", "CAD", "= 50 USD"},
		{"¥5000", "en", "JPY", "= 5000 JPY"},
		{"¥500", "zh", "JPY", "= 500 CNY"},
		{"¥500", "en", "USD", "= 500 CNY"},
		{"5000 yen or so", "en", "USD", "between 4500 5500 JPY"},
		{"my budget is 80", "en", "EUR", "<= 80 EUR"},
		{"I don't want to spend over 100", "en", "USD", "<= 100 USD"},
		{"五百以内", "zh", "CNY", "<= 500 CNY"},
		{"不超过300元", "zh", "USD", "<= 300 CNY"},
		{"300元左右", "zh", "USD", "between 270 330 CNY"},
		{"三四百块", "zh", "USD", "between 300 400 CNY"},
		{"三百到五百", "zh", "CNY", "between 300 500 CNY"},
		{"两百块以上", "zh", "USD", ">= 200 CNY"},
		{"至少一千", "zh", "CNY", ">= 1000 CNY"},
		{"五十刀", "zh", "CNY", "= 50 USD"},
		{"三块五", "zh", "USD", "= 3.5 CNY"},
		{"预算两千五", "zh", "CNY", "<= 2500 CNY"},
		{"100欧元以下", "zh", "CNY", "<= 100 EUR"},
		{"两千日元", "zh", "CNY", "= 2000 JPY"},
		{"港币300", "zh", "CNY", "= 300 HKD"},
		{"RMB 300", "en", "USD", "= 300 CNY"},
		{"１００元", "zh", "USD", "= 100 CNY"},
		{"两块香皂", "zh", "CNY", ""},
		{"iphone 15", "en", "USD", ""},
		{"a 17 inch laptop", "en", "USD", ""},
		{"for 4 people", "en", "USD", ""},
		{"the 2nd one", "en", "USD", ""},
		{"第二个", "zh", "CNY", ""},
	} {
		got := ""
		for _, m := range FindMoney(c.text, c.lang, c.home) {
			got = fmt.Sprintf("%s %s", m.Op, trim(m.Lo))
			if m.Op == catalog.OpBetween {
				got += " " + trim(m.Hi)
			}
			got += " " + m.Currency
			if m.Start < 0 || m.End > len(c.text) || m.Start >= m.End {
				t.Errorf("FindMoney(%q): span [%d,%d)", c.text, m.Start, m.End)
			}
		}
		if got != c.want {
			t.Errorf("FindMoney(%q, %s, %s) = %q, want %q", c.text, c.lang, c.home, got, c.want)
		}
	}
}

func TestFindQuantities(t *testing.T) {
	for _, c := range []struct{ text, lang, want string }{
		{"a twenty inch monitor", "en", "= 20 in"}, {"五寸", "zh", "= 5 in"}, {"六个人", "zh", "= 6 person"}, {"三公斤", "zh", "= 3 kg"}, {"半斤", "zh", "= 0.5 jin"}, {"三斤半", "zh", "= 3.5 jin"},
		{"一米八", "zh", "= 1.8 m"}, {"双人", "zh", "= 2 person"}, {"at least two litres", "en", ">= 2 l"}, {"30到40升", "zh", "between 30 40 l"}, {"10-12 hours", "en", "between 10 12 h"},
		{"2TB", "en", "= 2 TB"}, {"under half a kilo", "en", "<= 0.5 kg"}, {"-10 °C", "en", "= -10 °C"}, {"零下15度", "zh", "= -15 °C"}, {"two in black", "en", ""}, {"20 hours minimum", "en", ">= 20 h"},
	} {
		got := ""
		for _, q := range FindQuantities(c.text, c.lang) {
			got = fmt.Sprintf("%s %s", q.Op, trim(q.Lo))
			if q.Op == catalog.OpBetween {
				got += " " + trim(q.Hi)
			}
			got += " " + q.Unit
		}
		if got != c.want {
			t.Errorf("FindQuantities(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}
