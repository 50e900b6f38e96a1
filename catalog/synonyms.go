package catalog

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed synonyms.yaml
var synonymsYAML []byte

// wordLists is the authored knowledge of how shoppers speak, in the form in which queries are matched.
type wordLists struct {
	same      map[string][][]string // analysed phrase, terms apart by spaces → phrases that may stand for it
	longest   int                   // terms in the longest English phrase
	hanSame   map[string][][]string // Chinese phrase as written → the same
	hanLong   int                   // runes in the longest Chinese phrase
	accessory map[string]bool       // terms
	madeFor   map[string]bool       // terms: what is hardly ever bought but for another thing
	hanTail   []string
	qualities map[string]bool // words as written that any thing may be
	noise     map[string]bool // words as written
	hanNoise  []string        // longest first
	words     map[string]bool // English words of the synonyms
	known     map[string]bool // words as written: real words, which spelling leaves alone
}

// lists reads synonyms.yaml once.
var lists = sync.OnceValue(func() *wordLists {
	var file struct {
		Same        []map[string][]string `yaml:"same"`
		Accessories map[string][]string   `yaml:"accessories"`
		MadeFor     map[string][]string   `yaml:"made_for"`
		Qualities   map[string][]string   `yaml:"qualities"`
		Noise       map[string][]string   `yaml:"noise"`
	}
	if err := yaml.UnmarshalWithOptions(synonymsYAML, &file, yaml.Strict()); err != nil {
		panic("catalog: synonyms.yaml: " + err.Error()) // a test reads it, so a released program cannot get here
	}
	l := &wordLists{same: map[string][][]string{}, hanSame: map[string][][]string{}, accessory: map[string]bool{}, madeFor: map[string]bool{}, qualities: map[string]bool{}, noise: map[string]bool{}, words: map[string]bool{}, known: map[string]bool{}}
	for _, group := range file.Same {
		l.addGroup(group)
	}
	for _, w := range file.Accessories["en"] {
		l.accessory[stem(w)] = true
		l.known[w] = true
	}
	for _, lang := range sortedKeys(file.MadeFor) {
		for _, w := range file.MadeFor[lang] {
			if ts := phraseTerms(w); len(ts) > 0 {
				l.madeFor[ts[len(ts)-1]] = true // of a Chinese noun the pair that it ends in
			}
		}
	}
	l.hanTail = file.Accessories["zh"]
	for lang, ws := range file.Qualities {
		for _, w := range ws {
			l.qualities[w] = true
			l.known[w] = l.known[w] || lang == "en"
		}
	}
	for _, w := range file.Noise["en"] {
		l.noise[w] = true
		l.known[w] = true
	}
	l.hanNoise = file.Noise["zh"]
	slices.SortStableFunc(l.hanNoise, func(a, b string) int { return len(b) - len(a) })
	return l
})

func (l *wordLists) addGroup(group map[string][]string) {
	var phrases [][]string
	for _, lang := range sortedKeys(group) {
		for _, p := range group[lang] {
			ts := phraseTerms(p)
			if len(ts) > 0 && !slices.ContainsFunc(phrases, func(q []string) bool { return slices.Equal(q, ts) }) {
				phrases = append(phrases, ts)
			}
		}
	}
	for _, lang := range sortedKeys(group) {
		for _, p := range group[lang] {
			own := phraseTerms(p)
			var others [][]string
			for _, q := range phrases {
				if !slices.Equal(q, own) {
					others = append(others, q)
				}
			}
			if lang == "zh" {
				l.hanSame[p] = append(l.hanSame[p], others...)
				l.hanLong = max(l.hanLong, len([]rune(p)))
				continue
			}
			for _, w := range strings.Fields(p) {
				l.known[w], l.words[w] = true, true
			}
			key := strings.Join(own, " ")
			for _, o := range others {
				if !slices.ContainsFunc(l.same[key], func(q []string) bool { return slices.Equal(q, o) }) {
					l.same[key] = append(l.same[key], o)
				}
			}
			l.longest = max(l.longest, len(own))
		}
	}
}

// phraseTerms are the terms that must all occur for a phrase to; of a compound the whole.
func phraseTerms(p string) []string {
	var out []string
	for _, w := range analyse(p, 16) {
		if w.term != "" && w.kind != stopWord {
			out = append(out, w.term)
		}
	}
	return out
}
