package nlu

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDetect(t *testing.T) {
	for _, c := range []struct{ text, fallback, want string }{
		{"I'm looking for a tent", "zh", "en"}, {"想买个帐篷", "en", "zh"}, {"iphone 手机壳", "en", "zh"}, {"ok", "zh", "en"}, {"👍", "zh", "zh"}, {"👍", "en", "en"}, {"", "zh", "zh"},
		{"16GB", "zh", "zh"}, {"Norrfell", "zh", "zh"}, {"the second one", "zh", "en"}, {"blue", "en", "en"}, {"有没有 bluetooth speaker 推荐", "en", "zh"}, {"do you have 茅台", "zh", "en"},
		{"テントを探しています", "en", "en"}, {"Ich suche ein Zelt für zwei Personen mit viel Platz", "zh", "en"},
	} {
		if got := Detect(c.text, c.fallback); got != c.want {
			t.Errorf("Detect(%q, %q) = %q, want %q", c.text, c.fallback, got, c.want)
		}
	}
}

func TestLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"Ich suche ein wasserdichtes Zelt für zwei Personen": "de", "Je cherche une tente imperméable pour deux personnes": "fr", "テントを探しています": "ja", "텐트를 찾고 있어요": "ko",
		"I want a tent": "en", "帐篷": "zh", "42": "",
	} {
		if got := Language(text); got != want {
			t.Errorf("Language(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct {
		text string
		max  int
		want string
	}{
		{"plain text", 100, "plain text"}, {"  two\n\tlines ", 100, "two lines"}, {"a\x00b\x1bc", 100, "a b c"}, {"bad\xff\xfeutf8", 100, "badutf8"}, {"zero\u200bwidth\u202e", 100, "zerowidth"},
		{"帐篷帐篷", 7, "帐篷"}, {"e\u0301\u0301\u0301\u0301", 100, "e\u0301\u0301"}, {"👨‍👩‍👧", 100, "👨‍👩‍👧"}, {"", 10, ""}, {"abc", 0, ""},
	} {
		if got := Clean(c.text, c.max); got != c.want {
			t.Errorf("Clean(%q, %d) = %q, want %q", c.text, c.max, got, c.want)
		}
	}
	if got := Clean(strings.Repeat("帐", 1<<19), MaxText); len(got) > MaxText || !utf8.ValidString(got) {
		t.Errorf("a megabyte was cleaned to %d bytes", len(got))
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\xff\u200b\u0301 帐篷", 5)
	f.Fuzz(func(t *testing.T, s string, n int) {
		n = max(0, min(n, 1<<16))
		got := Clean(s, n)
		if len(got) > n || !utf8.ValidString(got) || Clean(got, n) != got {
			t.Fatalf("Clean(%q, %d) = %q", s, n, got)
		}
	})
}
