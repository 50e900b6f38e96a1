package chat

import (
	"math"
	"strings"
	"unicode"

	stemmer "github.com/kljensen/snowball/english"
)

// QA is one passage of the shop's own text, with words by which shoppers ask for it.
type QA struct {
	PolicyText
	Keywords map[string][]string // language → what people say when they mean it
}

// FAQ finds passages of a shop's list by the words of a question. It quotes or says nothing: it never makes an answer up.
//
//	faq := NewFAQ(list)
//	text, ok := faq.Find("en", "can I send it back?")
type FAQ struct {
	entries []faqEntry
	weight  map[string]float64 // token → inverse document frequency
	unseen  float64            // weight of a token that no entry has
	average float64            // tokens of an entry
}

type faqEntry struct {
	text   PolicyText
	tokens map[string]float64 // token → weighted count
	length float64
}

// Weights of where a word stands, and how much of a question has to be recognised before a passage is quoted.
const (
	keywordWeight  = 3
	questionWeight = 2
	answerWeight   = 0.5
	minCovered     = 0.34
)

// NewFAQ indexes a list.
func NewFAQ(list []QA) *FAQ {
	f := &FAQ{weight: map[string]float64{}}
	seen := map[string]int{}
	for _, q := range list {
		e := faqEntry{text: q.PolicyText, tokens: map[string]float64{}}
		for lang, s := range q.Question {
			e.read(lang, s, questionWeight)
		}
		for lang, s := range q.Answer {
			e.read(lang, s, answerWeight)
		}
		for lang, words := range q.Keywords {
			for _, s := range words {
				e.read(lang, s, keywordWeight)
			}
		}
		for t, n := range e.tokens {
			seen[t]++
			e.length += n
		}
		f.average += e.length / float64(len(list))
		f.entries = append(f.entries, e)
	}
	n := float64(len(list))
	for t, k := range seen {
		f.weight[t] = math.Log(1 + (n-float64(k)+0.5)/(float64(k)+0.5))
	}
	f.unseen = math.Log(1+2*n+1) / 2
	return f
}

func (e *faqEntry) read(lang, s string, weight float64) {
	for _, t := range policyTokens(lang, s) {
		e.tokens[t] = max(e.tokens[t], weight)
	}
}

// Find is the passage that a question is about. It is refused if too little of the question is known from the passage.
func (f *FAQ) Find(lang, text string) (PolicyText, bool) {
	if f == nil || len(f.entries) == 0 {
		return PolicyText{}, false
	}
	asked := map[string]bool{}
	total := 0.0
	for _, t := range policyTokens(lang, clean(text, 400)) {
		if !asked[t] {
			asked[t] = true
			total += f.weightOf(t)
		}
	}
	best, bestScore, bestCovered := -1, 0.0, 0.0
	for i, e := range f.entries {
		score, covered := 0.0, 0.0
		for t := range asked {
			if n := e.tokens[t]; n > 0 {
				w := f.weightOf(t)
				score += w * n * 2.2 / (n + 1.2*(0.6+0.4*e.length/f.average))
				if n > answerWeight {
					covered += w
				}
			}
		}
		if score > bestScore {
			best, bestScore, bestCovered = i, score, covered
		}
	}
	if best < 0 || bestCovered < minCovered*total {
		return PolicyText{}, false
	}
	return f.entries[best].text, true
}

func (f *FAQ) weightOf(t string) float64 {
	if w, ok := f.weight[t]; ok {
		return w
	}
	return f.unseen
}

// Words that say nothing about what a question is about.
var policyStop = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`a an the i you we they he she it my your our me us is are am be been do does did can could may might will would shall should
		to of in on at for from by with and or if so that this these those there what which who how when where why much many long have has had get got
		about any some not no yes please hi hello tell let need want know like just also than then when into out up
		吗 呢 吧 啊 的 了 是 我 你 您 们 在 有 要 能 会 可 以 怎 么 什 多 少 哪 个 请 问 想 这 那 都 就 和 与 店 家 里`) {
		m[w] = true
	}
	return m
}()

// policyTokens are stemmed English words, and pairs of neighbouring Chinese characters.
func policyTokens(lang, s string) []string {
	var out []string
	var word strings.Builder
	var last rune
	flush := func() {
		if w := word.String(); w != "" && !policyStop[w] {
			out = append(out, stemmer.Stem(w, true))
		}
		word.Reset()
	}
	for _, c := range strings.ToLower(s) {
		switch {
		case unicode.Is(unicode.Han, c):
			flush()
			if last != 0 && !(policyStop[string(last)] && policyStop[string(c)]) {
				out = append(out, string(last)+string(c))
			}
			last = c
			continue
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			word.WriteRune(c)
		default:
			flush()
		}
		last = 0
	}
	flush()
	return out
}
