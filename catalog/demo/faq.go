package demo

import (
	"bytes"
	"fmt"
	"sync"

	"daogou/catalog"
)

// QA is one answer of the shop to a question about shipping, returns, warranty, payment or privacy.
type QA struct {
	ID       string       `yaml:"id" json:"id"`
	Topic    string       `yaml:"topic" json:"topic"` // shipping, returns, warranty, payment, privacy, orders, contact
	Question catalog.Text `yaml:"question" json:"question"`
	Answer   catalog.Text `yaml:"answer" json:"answer"`
	Keywords words        `yaml:"keywords" json:"keywords"` // language → what people say when they mean it
}

// FAQ is the shop's policies, in a fixed order.
func FAQ() []QA {
	list, err := faq()
	if err != nil {
		return nil // cannot happen with the embedded file: a test reads it
	}
	return append([]QA(nil), list...)
}

var faq = sync.OnceValues(func() ([]QA, error) {
	raw, err := tableFiles.ReadFile("tables/" + faqFile)
	if err != nil {
		return nil, err
	}
	return readFAQ(raw)
})

func readFAQ(raw []byte) ([]QA, error) {
	var file struct {
		FAQ []QA `yaml:"faq"`
	}
	if err := decode(bytes.NewReader(raw), &file); err != nil {
		return nil, fmt.Errorf("demo: %s: %w", faqFile, err)
	}
	seen := map[string]bool{}
	for _, q := range file.FAQ {
		for _, lang := range languages {
			if q.ID == "" || q.Topic == "" || q.Question[lang] == "" || q.Answer[lang] == "" || len(q.Keywords[lang]) == 0 {
				return nil, fmt.Errorf("demo: %s: entry %q needs id, topic, and question, answer and keywords in en and zh", faqFile, q.ID)
			}
		}
		if seen[q.ID] {
			return nil, fmt.Errorf("demo: %s: id %q is used twice", faqFile, q.ID)
		}
		seen[q.ID] = true
	}
	return file.FAQ, nil
}
