package chat

import (
	"strings"
	"testing"
)

const goodPolicy = `policies:
- id: returns
  topic: returns
  question: {en: "Can I return an item?", zh: "可以退货吗？"}
  answer: {en: "Within 30 days.", zh: "签收后30天内可退。"}
  keywords: {en: [send back], zh: [退货]}
- {id: gift, question: {en: Do you wrap gifts?}, answer: {en: "Yes, for free."}}
`

func TestReadPolicies(t *testing.T) {
	list, err := ReadPolicies(strings.NewReader(goodPolicy))
	if err != nil || len(list) != 2 {
		t.Fatalf("%d entries, %v", len(list), err)
	}
	faq := NewFAQ(list)
	for _, c := range []struct{ lang, ask, id string }{{"en", "can i send it back", "returns"}, {"zh", "能退货吗", "returns"}, {"en", "do you wrap it as a gift", "gift"}} {
		if got, _ := faq.Find(c.lang, c.ask); got.ID != c.id {
			t.Errorf("%s: %q, want %q", c.ask, got.ID, c.id)
		}
	}
}

func TestReadPoliciesRefuses(t *testing.T) {
	entry := func(s string) string { return "policies: [" + s + "]" }
	for _, c := range []struct{ name, file, says string }{
		{"empty", "", "policies"},
		{"no entries", "policies: []", "policies"},
		{"another key", "faq: []", "faq"},
		{"not YAML", "policies:\n- [", "line 2: "},
		{"not text", "\xff\xfe\x00", "UTF-8"},
		{"a list", "- a\n- b\n", "sequence"},
		{"no id", entry("{question: {en: q}, answer: {en: a}}"), "entry 1"},
		{"no answer", entry("{id: a, question: {en: q}}"), "an answer"},
		{"half a language", entry("{id: a, question: {en: q, zh: 问}, answer: {en: a}}"), `"zh"`},
		{"keywords alone", entry("{id: a, question: {en: q}, answer: {en: a}, keywords: {zh: [词]}}"), `"zh"`},
		{"too long to quote", entry("{id: a, question: {en: q}, answer: {en: " + strings.Repeat("x", maxAnswer+1) + "}}"), "1200"},
		{"twice", entry("{id: a, question: {en: q}, answer: {en: a}}, {id: a, question: {en: q}, answer: {en: a}}"), "twice"},
		{"huge", "#" + strings.Repeat("x", maxPolicyFile), "1 MB"},
	} {
		_, err := ReadPolicies(strings.NewReader(c.file))
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v; it should say %q in one line", c.name, err, c.says)
		}
	}
}

func FuzzReadPolicies(f *testing.F) {
	for _, seed := range []string{goodPolicy, "policies: [{id: a}]", "policies: {}", "a: &a [*a]", "\x00", "policies:\n- {id: 1, question: {en: {}}}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, err := ReadPolicies(strings.NewReader(s))
		if err != nil {
			return
		}
		NewFAQ(list).Find("en", list[0].Question.In("en"))
	})
}
