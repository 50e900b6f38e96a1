package data

import (
	"math/rand/v2"
	"slices"

	"golang.org/x/text/encoding/simplifiedchinese"

	"daogou/catalog"
	"daogou/generator/task"
	"daogou/generator/task/shops"
	"daogou/nlu/bpe"
)

// VocabSize is the number of tokens of the shipped tokenizer.
const VocabSize = 8192

// Weights of the sorts of text that the tokenizer learns from: what shoppers say counts most, product texts least.
const (
	turnWeight    = 20
	labelWeight   = 10
	productWeight = 1
	talkWeight    = 1
	wordingWeight = 4
	hanziWeight   = 3
)

// simulatedTalks is how many talks of each shop and language the tokenizer learns from.
const simulatedTalks = 60

// Tokenizer learns the tokenizer from the repository's own texts.
func Tokenizer() (*bpe.Tokenizer, error) {
	l := bpe.NewLearner()
	all, err := shops.All()
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		learnShop(l, s)
	}
	written, err := HandWritten()
	if err != nil {
		return nil, err
	}
	for _, t := range written {
		l.Add(t.In.Text, turnWeight)
		for _, m := range t.In.History {
			l.Add(m.Text, turnWeight/4)
		}
	}
	for _, s := range all {
		learnTalks(l, s)
	}
	if err := learnWordings(l); err != nil {
		return nil, err
	}
	learnHanzi(l)
	return l.Train(VocabSize, task.Specials())
}

func learnShop(l *bpe.Learner, s *shops.Shop) {
	add := func(label catalog.Text, synonyms map[string][]string) {
		for _, lang := range sortedKeys(label) {
			l.Add(" "+label[lang], labelWeight)
		}
		for _, list := range synonyms {
			for _, w := range list {
				l.Add(" "+w, labelWeight)
			}
		}
	}
	for _, c := range s.Schema.Categories {
		add(c.Label, c.Synonyms)
	}
	for _, f := range s.Schema.Facets {
		add(f.Label, f.Synonyms)
		for _, v := range f.Values {
			add(v.Label, v.Synonyms)
		}
	}
	for _, p := range s.Products {
		for _, t := range []catalog.Text{p.Title, p.Description} {
			for _, s := range t {
				l.Add(s, productWeight)
			}
		}
	}
}

// learnTalks adds what simulated shoppers say in a shop.
func learnTalks(l *bpe.Learner, s *shops.Shop) {
	for i := range uint64(simulatedTalks) {
		for _, lang := range []string{"en", "zh"} {
			for _, t := range Simulate(rand.New(rand.NewPCG(17, i)), s, lang) {
				l.Add(t.In.Text, talkWeight)
			}
		}
	}
}

// learnWordings adds the ways in which replies are worded.
func learnWordings(l *bpe.Learner) error {
	for _, lang := range []string{"en", "zh"} {
		w, err := ReadWordings(lang)
		if err != nil {
			return err
		}
		for _, lines := range w.lines {
			for _, s := range lines {
				l.Add(s, wordingWeight)
			}
		}
	}
	return nil
}

func sortedKeys(t catalog.Text) []string {
	keys := make([]string, 0, len(t))
	for k := range t {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// learnHanzi adds the everyday characters of GB 2312's first level, a few times each, so that those which the texts happen to lack get tokens too while there is room.
func learnHanzi(l *bpe.Learner) {
	dec := simplifiedchinese.GBK.NewDecoder()
	for row := byte(0xB0); row <= 0xD7; row++ {
		for cell := byte(0xA1); cell <= 0xFE; cell++ {
			if c, err := dec.Bytes([]byte{row, cell}); err == nil {
				l.Add(string(c), hanziWeight)
			}
		}
	}
}
