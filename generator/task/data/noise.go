package data

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"daogou/nlu/nlueval"
)

// Noise mars a text as typing and dictating do: swapped and dropped letters, no capitals, no punctuation, full-width digits, words before the matter. It leaves
// numbers and names of the catalogue readable; a marred name is found through the spelling correction or not at all.
func Noise(rng *rand.Rand, text, lang string) string {
	for range 1 + rng.IntN(2) {
		switch rng.IntN(8) {
		case 0, 1:
			text = typo(rng, text)
		case 2:
			text = strings.ToLower(text)
		case 3:
			text = dropPunctuation(text)
		case 4:
			text = strings.ToUpper(text)
		case 5:
			text = fullWidth(text)
		case 6:
			text = lead(rng, lang) + text
		case 7:
			text += trail(rng, lang)
		}
	}
	return text
}

// Noisy mars every shopper's turn of dialogues. The same dialogue is always marred in the same way.
func Noisy(cases []nlueval.Case) []nlueval.Case {
	out := slices.Clone(cases)
	for i, c := range out {
		out[i].Turns = slices.Clone(c.Turns)
		dialogue, _, _ := strings.Cut(c.ID, ".")
		h := fnv.New64a()
		h.Write([]byte(dialogue))
		for k := range out[i].Turns {
			if m := &out[i].Turns[k]; m.Role == "shopper" {
				m.Text = Noise(rand.New(rand.NewPCG(h.Sum64(), uint64(k))), m.Text, c.Lang)
			}
		}
	}
	return out
}

// typo swaps two letters of an English word, drops one or doubles one.
func typo(rng *rand.Rand, text string) string {
	r := []rune(text)
	for range 10 {
		i := 1 + rng.IntN(max(1, len(r)-2))
		if i+1 >= len(r) || !isLatin(r[i-1]) || !isLatin(r[i]) || !isLatin(r[i+1]) {
			continue
		}
		switch rng.IntN(3) {
		case 0:
			r[i], r[i+1] = r[i+1], r[i]
		case 1:
			r = append(r[:i], r[i+1:]...)
		case 2:
			r = append(r[:i+1], r[i:]...)
		}
		break
	}
	return string(r)
}

func isLatin(r rune) bool { return r < 0x250 && unicode.IsLetter(r) }

// dropPunctuation runs sentences together, as dictation does.
func dropPunctuation(text string) string {
	r := []rune(text)
	out := r[:0:0]
	for i, c := range r {
		switch c {
		case '，', '。', '！', '？', '、', '；':
			if i+1 < len(r) {
				out = append(out, ' ')
			}
		case '!', '?', ';', ':':
		case ',', '.':
			if i > 0 && i+1 < len(r) && unicode.IsDigit(r[i-1]) && unicode.IsDigit(r[i+1]) {
				out = append(out, c)
			}
		default:
			out = append(out, c)
		}
	}
	return strings.TrimSpace(string(out))
}

// fullWidth writes digits as a Chinese keyboard may.
func fullWidth(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '０'
		}
		return r
	}, text)
}

var leads = map[string][]string{
	"en": {"hi, ", "um ", "hello ", "ok so ", "hey ", "quick one: ", "sorry, ", "well, ", "so ", "please ", "yo ", "right, "},
	"zh": {"你好，", "那个，", "嗯，", "您好 ", "请问 ", "哈喽，", "麻烦问下，", "老板，", "亲，", "就是说，", "在吗？"},
}

var trails = map[string][]string{
	"en": {" thanks", " please", " thx", " lol", " :)", " cheers", "...", " if you don't mind", " pls", "!!"},
	"zh": {"，谢谢", "哈", "~", "，麻烦了", "呗", "…", "，多谢", "！", "哦", "，有劳"},
}

func lead(rng *rand.Rand, lang string) string { return leads[lang][rng.IntN(len(leads[lang]))] }

func trail(rng *rand.Rand, lang string) string { return trails[lang][rng.IntN(len(trails[lang]))] }
