package task

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// script says which text tokens may stand in a reply of a language outside slots, and how they may follow each other. A token of a byte-level tokenizer can end in the
// middle of a character; what may come then is worked out from the bytes that are open.
type script struct {
	lang     string
	text     []string // token → its bytes, small letters; "" if it may not stand in a reply
	byText   map[string][]int32
	open     []int32 // tokens that may come where no character is open, ascending
	starts   []int32 // of those, the ones that a sentence may begin with
	tight    []int32 // of those, the ones without a space before them: a space alone is the beginning of a word that has no token of its own
	joins    []int32 // of those, the ones that begin with a Latin letter and so go on a word
	prefixes map[string]bool
	stop     []int32 // full stop, exclamation and question mark
	question int32   // of those, the question mark
	never    []string

	mu    sync.Mutex
	after map[string][]int32 // open bytes → tokens that may follow
}

// scripts of vocabularies. A program has one vocabulary, or two while it changes weights.
var scripts sync.Map // scriptKey → *script

type scriptKey struct {
	v    *Vocab
	lang string
}

func (v *Vocab) script(lang string) *script {
	key := scriptKey{v, lang}
	if s, ok := scripts.Load(key); ok {
		return s.(*script)
	}
	s, _ := scripts.LoadOrStore(key, newScript(v, lang))
	return s.(*script)
}

// Punctuation outside slots. Dashes and quotation marks are both languages'.
const (
	latinMarks = " .,!?;:'’“”()-–—…"
	hanMarks   = "，。！？；：、“”（）—–…"
	closers    = "”’)）"
	terminals  = ".!?…:。！？：;；"
)

// Words that only a slot may say, because they are amounts. Package chat refuses them in a draft; here they cannot be written in the first place.
var (
	latinNever = strings.Fields(`two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty
		seventy eighty ninety hundred hundreds thousand thousands million millions billion billions dozen dozens half twice double free percent dollar dollars buck bucks cent cents euro
		euros pound pounds pence yuan rmb renminbi yen franc francs rupee rupees won usd eur gbp cny jpy chf cad aud`)
	hanNever      = []string{"美金", "美刀", "英镑", "人民币", "港币", "免费", "包邮"}
	hanNeverRunes = "二三四五六七八九十百千万亿两半零〇元块毛角折"
)

func newScript(v *Vocab, lang string) *script {
	s := &script{lang: lang, prefixes: map[string]bool{}, byText: map[string][]int32{}, after: map[string][]int32{}, never: latinNever}
	if lang == "zh" {
		s.never = hanNever
	}
	s.learnPrefixes()
	first := v.id[Specials()[0]]
	s.text = make([]string, first)
	for id := range first {
		text := v.decode([]int32{id})
		if _, ok := s.reads(text); !ok || text == "" || strings.TrimSpace(text) == "" && text != " " {
			continue
		}
		s.text[id] = lower(text)
		s.open = append(s.open, id)
		s.byText[s.text[id]] = append(s.byText[s.text[id]], id)
		if text[0] != ' ' {
			s.tight = append(s.tight, id)
		}
		if s.begins(text) {
			s.starts = append(s.starts, id)
		}
		if r, _ := utf8.DecodeRuneInString(text); r < utf8.RuneSelf && unicode.IsLetter(r) {
			s.joins = append(s.joins, id)
		}
	}
	marks := []string{".", "!", "?"}
	if lang == "zh" {
		marks = []string{"。", "！", "？"}
	}
	for _, m := range marks {
		s.question = v.text(nil, m)[0]
		s.stop = append(s.stop, s.question)
	}
	slices.Sort(s.stop)
	s.stop = slices.Compact(s.stop)
	return s
}

// allows says whether a character may stand outside slots.
func (s *script) allows(r rune) bool {
	if s.lang == "zh" {
		return unicode.Is(unicode.Han, r) && !strings.ContainsRune(hanNeverRunes, r) && !unicode.IsNumber(r) || strings.ContainsRune(hanMarks, r)
	}
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || strings.ContainsRune(latinMarks, r)
}

// learnPrefixes notes with which bytes a character that may stand here can begin.
func (s *script) learnPrefixes() {
	note := func(r rune) {
		text := string(r)
		for n := 1; n < len(text) && s.allows(r); n++ {
			s.prefixes[text[:n]] = true
		}
	}
	for r := rune(0x80); r < 0xA000; r++ {
		note(r)
	}
	for r := rune(0xFF00); r < 0xFFF0; r++ {
		note(r)
	}
}

// reads takes bytes apart: ok says that they are characters that may stand here, save that the last one may be open.
func (s *script) reads(text string) (open string, ok bool) {
	for text != "" {
		r, n := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && n <= 1:
			return text, s.prefixes[text]
		case !s.allows(r):
			return "", false
		}
		text = text[n:]
	}
	return "", true
}

// begins says whether a sentence may begin with a token: with a capital, a Chinese character or a quotation mark.
func (s *script) begins(text string) bool {
	r, n := utf8.DecodeRuneInString(text)
	switch {
	case r == utf8.RuneError && n <= 1:
		return s.lang == "zh" || strings.HasPrefix("“", text)
	case r == '“':
		return true
	case s.lang == "zh":
		return unicode.Is(unicode.Han, r)
	}
	return 'A' <= r && r <= 'Z'
}

// next lists the tokens that may follow where bytes of a character are open.
func (s *script) next(v *Vocab, open string) []int32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, ok := s.after[open]
	if !ok {
		for id := range int32(len(s.text)) {
			text := v.decode([]int32{id})
			if _, ok := s.reads(open + text); ok && text != "" {
				list = append(list, id)
			}
		}
		s.after[open] = list
	}
	return list
}

// lower makes Latin capitals small. Bytes of a character that is not complete stay as they are.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
