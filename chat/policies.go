package chat

import (
	"math"
	"slices"
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
	names  map[string][]string // language → keywords as a question would have them, between blanks in English
	tokens map[string]float64  // token → weighted count
	length float64
}

// Weights of where a word stands, and how much of a question has to be recognised before a passage is quoted.
const (
	keywordWeight  = 3
	questionWeight = 2
	answerWeight   = 0.5
	minCovered     = 0.34
	nameBonus      = 2.5 // for a keyword that stands in the question whole
)

// NewFAQ indexes a list.
func NewFAQ(list []QA) *FAQ {
	f := &FAQ{weight: map[string]float64{}}
	seen := map[string]int{}
	for _, q := range list {
		e := faqEntry{text: q.PolicyText, tokens: map[string]float64{}, names: map[string][]string{}}
		for lang, s := range q.Question {
			e.names[lang] = append(e.names[lang], plainWords(lang, s))
			e.read(lang, s, questionWeight)
		}
		for lang, s := range q.Answer {
			e.read(lang, s, answerWeight)
		}
		for lang, words := range q.Keywords {
			for _, s := range words {
				e.read(lang, s, keywordWeight)
				e.names[lang] = append(e.names[lang], plainWords(lang, s))
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
	question := plainWords(lang, clean(text, 400))
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
		if names := e.named(lang, question); names > 0 && score > 0 {
			score += nameBonus * names
			covered = max(covered, minCovered*total)
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

// asksShopHow are the beginnings of questions about what the shop does or allows, not about goods.
var asksShopHow = map[string][]string{
	"en": {" can i ", " could i ", " may i ", " how do i ", " how can i ", " am i allowed ", " what if ", " what happens if ", " do i "},
	"zh": {"我能", "能不能", "我可以", "可以", "可不可以", "怎么", "如何", "要是", "如果"},
}

// Named is the passage one of whose keywords stands whole in a question to the shop, "Can I send it back?". A keyword of one word is not enough, as goods may be
// called by it too.
func (f *FAQ) Named(lang, text string) (PolicyText, bool) {
	if f == nil {
		return PolicyText{}, false
	}
	question := plainWords(lang, clean(text, 400))
	if !slices.ContainsFunc(asksShopHow[lang], func(p string) bool { return strings.HasPrefix(question, p) }) {
		return PolicyText{}, false
	}
	best, most := -1, 1.0
	for i := range f.entries {
		if n := f.entries[i].named(lang, question); n > most {
			best, most = i, n
		}
	}
	if best < 0 {
		return PolicyText{}, false
	}
	return f.entries[best].text, true
}

// named is how much of a question the longest of an entry's keywords in it makes up: 1 for a word, a little more for each further one.
func (e *faqEntry) named(lang, question string) float64 {
	best := 0.0
	for _, n := range e.names[lang] {
		if len(n) > 3 && strings.Contains(question, n) {
			size := float64(strings.Count(n, " ")-1) / 4
			if lang == "zh" {
				size = float64(len([]rune(n))-2) / 4
			}
			best = max(best, 1+size)
		}
	}
	return best
}

// sameWords writes Chinese words that mean the same in a question to a shop in one way.
var sameWords = strings.NewReplacer("到哪里", "到哪", "到哪儿", "到哪", "寄到", "送到", "发到", "送到", "邮到", "送到", "运到", "送到", "寄往", "送到", "发往", "送到", "邮寄", "配送", "能到", "到", "能送到", "送到", "保修", "质保", "退掉", "退货", "能退吗", "退货", "可以退吗", "退货",
	"送去", "送到", "寄去", "送到", "支付宝", "支付", "微信", "支付", "花呗", "支付")

// plainWords is a text without capitals and punctuation; English words stand between blanks.
func plainWords(lang, s string) string {
	s = strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return ' '
	}, s)
	if lang == "zh" {
		return sameWords.Replace(strings.ReplaceAll(s, " ", ""))
	}
	return " " + strings.Join(strings.Fields(s), " ") + " "
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
	if lang == "zh" {
		s = sameWords.Replace(s)
	}
	for _, c := range strings.ToLower(s) {
		switch {
		case unicode.Is(unicode.Han, c):
			flush()
			if last != 0 && !policyStop[string(last)] && !policyStop[string(c)] {
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
