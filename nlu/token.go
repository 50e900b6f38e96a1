package nlu

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// maxTokens bounds how much of a turn is read. What a shopper means stands in the first few hundred words, or nowhere.
const maxTokens = 600

// tokKind says what a token is made of.
type tokKind uint8

const (
	tokWord   tokKind = iota // a run of letters
	tokNumber                // a run of digits, perhaps with a decimal point
	tokHan                   // one ideograph
	tokPunct                 // one punctuation mark or symbol
	tokOther                 // an emoji or anything else
)

// token is the smallest piece that rules look at. text is folded: half width, lower case, without apostrophes, simplified.
type token struct {
	text       string
	stem       string // text without its plural, British spelling
	kind       tokKind
	space      bool // white space stands before it, or it is the first
	start, end int  // bytes in the original text
}

// tokenise cuts a text into tokens: letters and digits apart ("2tb" is "2", "tb"), each ideograph on its own, hyphens inside words dropped.
func tokenise(text string) []token {
	var toks []token
	space := true
	for i := 0; i < len(text) && len(toks) < maxTokens; {
		r, size := utf8.DecodeRuneInString(text[i:])
		f := fold(r)
		var t token
		switch {
		case unicode.IsSpace(f) || unicode.IsControl(f):
			space = true
			i += size
			continue
		case f >= '0' && f <= '9':
			t = readDigits(text, i)
		case unicode.Is(unicode.Han, f):
			t = token{text: string(simplify(f)), kind: tokHan, start: i, end: i + size}
		case unicode.IsLetter(f):
			t = readWord(text, i)
		case f == '-' && joins(toks, space, text[i+size:]):
			i += size
			continue
		case unicode.IsPunct(f) || unicode.IsSymbol(f) && (f < 0x2190 || unicode.Is(unicode.Sc, f)):
			t = token{text: string(f), kind: tokPunct, start: i, end: i + size}
		default:
			t = token{text: string(f), kind: tokOther, start: i, end: i + size}
		}
		t.space = space
		space = false
		t.stem = stem(t)
		toks = append(toks, t)
		i = t.end
	}
	return toks
}

// fold maps a rune to half width and lower case.
func fold(r rune) rune {
	if f := width.LookupRune(r).Folded(); f != 0 {
		r = f
	}
	switch r {
	case '’', '‘', '`', '´':
		return '\''
	case '–', '—', '−', '‒', '‑', '‐':
		return '-'
	case '～', '〜':
		return '~'
	case '“', '”', '″':
		return '"'
	case '、':
		return '、'
	case '。':
		return '.'
	}
	return unicode.ToLower(r)
}

// readWord reads letters and the apostrophes between them.
func readWord(text string, start int) token {
	var b strings.Builder
	i := start
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		f := fold(r)
		switch {
		case unicode.Is(unicode.Han, f):
			size = 0
		case unicode.IsLetter(f), unicode.IsMark(f):
			b.WriteRune(f)
		case f == '\'' && b.Len() > 0 && letterAt(text[i+size:]):
		default:
			size = 0
		}
		if size == 0 || b.Len() > 64 {
			break
		}
		i += size
	}
	return token{text: b.String(), kind: tokWord, start: start, end: i}
}

// readDigits reads a decimal number. A comma followed by exactly three digits separates thousands.
func readDigits(text string, start int) token {
	var b strings.Builder
	i, dot := start, false
	for i < len(text) && b.Len() < 18 {
		r, size := utf8.DecodeRuneInString(text[i:])
		f := fold(r)
		rest := text[i+size:]
		switch {
		case f >= '0' && f <= '9':
			b.WriteRune(f)
		case f == '.' && r != '。' && !dot && digitsAt(rest) > 0:
			b.WriteByte('.')
			dot = true
		case f == ',' && !dot && digitsAt(rest) == 3:
		default:
			size = 0
		}
		if size == 0 {
			break
		}
		i += size
	}
	return token{text: b.String(), kind: tokNumber, start: start, end: i}
}

func letterAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	f := fold(r)
	return unicode.IsLetter(f) && !unicode.Is(unicode.Han, f)
}

// digitsAt counts the digits at the start of s, at most 4.
func digitsAt(s string) int {
	n := 0
	for _, r := range s {
		if f := fold(r); f < '0' || f > '9' {
			break
		}
		if n++; n == 4 {
			break
		}
	}
	return n
}

// joins says whether a hyphen only glues the parts of one word: "t-shirt", "500-ml", "usb-c", but not "20-30".
func joins(toks []token, space bool, rest string) bool {
	if space || len(toks) == 0 || rest == "" {
		return false
	}
	last := toks[len(toks)-1]
	r, _ := utf8.DecodeRuneInString(rest)
	f := fold(r)
	isDigit := f >= '0' && f <= '9'
	if last.kind == tokNumber && isDigit {
		return false
	}
	return (last.kind == tokWord || last.kind == tokNumber) && (isDigit || unicode.IsLetter(f) && !unicode.Is(unicode.Han, f))
}

// irregular holds the plurals that no rule makes, and spellings of one word that are to be the same.
var irregular = map[string]string{
	"men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth", "mice": "mouse", "geese": "goose",
	"knives": "knife", "shelves": "shelf", "scarves": "scarf", "leaves": "leaf", "loaves": "loaf", "halves": "half", "wolves": "wolf",
	"lenses": "len", "buses": "bus", "series": "series", "gas": "gas", "bus": "bus", "yes": "yes", "this": "this", "his": "his", "was": "was", "has": "has", "does": "does",
	"color": "colour", "colors": "colour", "colored": "coloured", "gray": "grey", "fiber": "fibre", "fibers": "fibre", "aluminum": "aluminium",
	"jewelry": "jewellery", "liter": "litre", "liters": "litre", "meter": "metre", "meters": "metre", "center": "centre", "pajamas": "pyjama", "pajama": "pyjama",
	"mold": "mould", "molds": "mould", "tire": "tyre", "tires": "tyre", "canceling": "cancelling", "waterproofed": "waterproof", "donut": "doughnut", "donuts": "doughnut",
	"favorite": "favourite", "flavor": "flavour", "flavors": "flavour", "flavored": "flavoured", "mom": "mum", "moms": "mum", "mums": "mum", "organiser": "organizer", "organisers": "organizer",
}

// stem takes the plural off an English word and unites its spellings. It never joins different words as a full stemmer would ("bedding" is no "bed").
func stem(t token) string {
	if t.kind != tokWord {
		return t.text
	}
	w := t.text
	if s, ok := irregular[w]; ok {
		return s
	}
	n := len(w)
	switch {
	case n < 4 || !isASCII(w):
		return w
	case strings.HasSuffix(w, "ies") && n > 4:
		w = w[:n-3] + "y"
	case hasAnySuffix(w, "ches", "shes", "xes", "sses", "zes", "oes"):
		w = w[:n-2]
	case strings.HasSuffix(w, "s") && !hasAnySuffix(w, "ss", "us", "is"):
		w = w[:n-1]
	}
	switch {
	case len(w) > 4 && strings.HasSuffix(w, "ie"):
		w = w[:len(w)-2] + "y"
	case len(w) > 3 && strings.HasSuffix(w, "oe"):
		w = w[:len(w)-1]
	}
	if s, ok := irregular[w]; ok {
		return s
	}
	return w
}

func hasAnySuffix(s string, suffixes ...string) bool {
	for _, x := range suffixes {
		if strings.HasSuffix(s, x) {
			return true
		}
	}
	return false
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// span is the original text of tokens [i, j).
func span(text string, toks []token, i, j int) string {
	if i >= j || j > len(toks) {
		return ""
	}
	return text[toks[i].start:toks[j-1].end]
}
