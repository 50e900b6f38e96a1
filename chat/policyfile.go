package chat

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"daogou/catalog"
)

// Bounds of a policy file. Answers are quoted whole, so none may be longer than a reply quotes.
const (
	maxPolicyFile  = 1 << 20
	maxPolicies    = 1000
	maxPolicyWords = 50 // keywords of one answer and language
	maxAnswer      = 1200
	maxQuestion    = 200
)

// policyFile is how a shop writes its policies down:
//
//	policies:
//	  - id: returns                    # names the answer in claims
//	    topic: returns                 # for the shop's own order; not read
//	    question: {en: Can I return an item?, zh: 可以退货吗？}
//	    answer: {en: Within 30 days., zh: 签收后30天内可退。}
//	    keywords: {en: [send back, refund], zh: [退货, 退款]}    # what shoppers say when they mean it
type policyFile struct {
	Policies []struct {
		ID       string              `yaml:"id"`
		Topic    string              `yaml:"topic"`
		Question catalog.Text        `yaml:"question"`
		Answer   catalog.Text        `yaml:"answer"`
		Keywords map[string][]string `yaml:"keywords"`
	} `yaml:"policies"`
}

// ReadPolicies reads a shop's own text on shipping, returns and the like, for NewFAQ. An error names the entry and what is wrong with it.
func ReadPolicies(r io.Reader) ([]QA, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxPolicyFile+1))
	switch {
	case err != nil:
		return nil, err
	case len(raw) > maxPolicyFile:
		return nil, fmt.Errorf("it has more than %d MB", maxPolicyFile>>20)
	case !utf8.Valid(raw):
		return nil, errors.New("it is not UTF-8 text; save it as UTF-8")
	}
	var file policyFile
	if err := yaml.NewDecoder(bytes.NewReader(raw), yaml.Strict()).Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, yamlSentence(err)
	}
	if len(file.Policies) == 0 || len(file.Policies) > maxPolicies {
		return nil, fmt.Errorf("it needs a list %q of 1 to %d entries, and has %d", "policies", maxPolicies, len(file.Policies))
	}
	seen := map[string]bool{}
	var out []QA
	for i, p := range file.Policies {
		q := QA{PolicyText: PolicyText{ID: p.ID, Question: p.Question, Answer: p.Answer}, Keywords: p.Keywords}
		if err := q.check(); err != nil {
			return nil, fmt.Errorf("entry %d (%q): %w", i+1, p.ID, err)
		}
		if seen[q.ID] {
			return nil, fmt.Errorf("entry %d: the id %q is used twice", i+1, q.ID)
		}
		seen[q.ID] = true
		out = append(out, q)
	}
	return out, nil
}

func (q QA) check() error {
	if q.ID == "" || len(q.Question) == 0 || len(q.Answer) == 0 {
		return errors.New("it needs an id, a question and an answer")
	}
	for _, t := range []struct {
		what string
		text catalog.Text
		most int
	}{{"question", q.Question, maxQuestion}, {"answer", q.Answer, maxAnswer}} {
		for lang, s := range t.text {
			if n := utf8.RuneCountInString(s); strings.TrimSpace(s) == "" || n > t.most {
				return fmt.Errorf("its %s in %q must have 1 to %d characters, and has %d", t.what, lang, t.most, n)
			}
			if q.Question[lang] == "" || q.Answer[lang] == "" {
				return fmt.Errorf("the language %q needs both a question and an answer", lang)
			}
		}
	}
	for lang, words := range q.Keywords {
		if q.Answer[lang] == "" || len(words) > maxPolicyWords {
			return fmt.Errorf("its keywords in %q must be at most %d, in a language that the answer has", lang, maxPolicyWords)
		}
	}
	return nil
}

var yamlPlace = regexp.MustCompile(`^\[(\d+):\d+\] `)

// yamlSentence is the first line of the library's message, which says where and what; a drawing of the place follows it.
func yamlSentence(err error) error {
	first, _, _ := strings.Cut(err.Error(), "\n")
	return errors.New(yamlPlace.ReplaceAllString(first, "line $1: "))
}
