package nlu

import (
	"unicode"

	"github.com/abadojack/whatlanggo"
)

// Detect says in which of the two languages the assistant should answer: "zh" or "en". Words of a third language count as English. A text without words ("👍", "42",
// a model name) is in the fallback language.
func Detect(text, fallback string) string {
	switch Language(text) {
	case "zh":
		return "zh"
	case "":
		if fallback == "zh" {
			return "zh"
		}
	}
	return "en"
}

// Language is the ISO 639-1 code of a text's language, or "" if its words do not tell. Scripts tell by themselves; between languages in Latin letters
// a statistical model decides, but only on texts long enough for it to be right, and never against common English words.
func Language(text string) string {
	var c scriptCount
	c.read(text)
	switch {
	case c.kana > 0 && c.kana*3 >= c.han:
		return "ja"
	case c.hangul > 0:
		return "ko"
	case c.han > 0 && c.han >= c.words:
		return "zh"
	case c.words == 0:
		if c.han > 0 {
			return "zh"
		}
		return ""
	}
	english, words := englishWords(text)
	if english > 0 && english*4 >= words {
		return "en"
	}
	if words >= 3 {
		if info := whatlanggo.Detect(text); info.Confidence > 0.7 {
			if code := info.Lang.Iso6391(); code != "" {
				return code
			}
		}
	}
	if c.han > 0 {
		return "zh"
	}
	if english > 0 || words >= 2 {
		return "en"
	}
	return "" // one unknown word: a brand, a model, a name
}

type scriptCount struct {
	han, kana, hangul, words int
}

// read counts the first thousand characters; words are runs of letters of other scripts.
func (c *scriptCount) read(text string) {
	in, n := false, 0
	for _, r := range text {
		if n++; n > 1000 {
			return
		}
		switch {
		case unicode.Is(unicode.Han, r):
			c.han++
			in = false
		case unicode.In(r, unicode.Hiragana, unicode.Katakana) && r != 'ー' && r != '・':
			c.kana++
			in = false
		case unicode.Is(unicode.Hangul, r):
			c.hangul++
			in = false
		case unicode.IsLetter(r):
			if !in {
				c.words++
			}
			in = true
		default:
			in = false
		}
	}
}

// englishWords counts the words of a text and those that are common English ones.
func englishWords(text string) (english, words int) {
	if len(text) > MaxText {
		text = Clean(text, MaxText)
	}
	stop := book().stopword
	for _, t := range tokenise(text) {
		if t.kind != tokWord {
			continue
		}
		words++
		if len(t.text) > 1 && stop[t.text] && !alsoForeign[t.text] {
			english++
		}
	}
	return english, words
}

// alsoForeign are common English words that other languages use as well.
var alsoForeign = map[string]bool{"die": true, "was": true, "an": true, "am": true, "so": true, "me": true, "no": true, "in": true, "on": true, "he": true, "do": true, "will": true,
	"all": true, "as": true, "were": true, "or": true, "by": true, "size": true, "des": true, "es": true, "have": true, "pour": true, "type": true, "fit": true, "range": true, "version": true, "option": true, "options": true, "product": true, "offer": true}
