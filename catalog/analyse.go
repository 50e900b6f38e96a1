package catalog

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"daogou/catalog/units"

	"github.com/kljensen/snowball/english"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// analyserVersion changes when the words that a text is cut into change; the next import then indexes every product anew.
const analyserVersion = "2"

// word is one unit of an analysed text: what a shopper would call a word, a model number or a quantity.
// A text and a query are cut by the same code, so that they meet.
type word struct {
	raw   string   // as written, folded to lower case, plain letters and half width
	term  string   // the term that is indexed and looked up
	parts []string // of a compound (dv7-1211ea, wi-fi, gtx1080): its parts, indexed beside the whole
	kind  wordKind
	start int // byte offset in the folded text
}

type wordKind byte

const (
	plainWord   wordKind = iota
	number               // digits only
	model                // letters and digits, or parts with hyphens between
	quantity             // a number with its unit: term is the quantity in the canonical unit
	hanWord              // Chinese
	stopWord             // the, for, with, …: never indexed, but grammar reads it
	punctuation          // a boundary between phrases
)

// fold makes lower case, half width and accents plain, and mends broken UTF-8.
func fold(s string) string {
	if isPlain(s) {
		return strings.ToLower(s)
	}
	s = strings.ToValidUTF8(s, " ")
	s = width.Fold.String(tradeMarks.Replace(s))
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r), r == 0xFE0F, r == 0x200B:
		case r == 'ß':
			b.WriteString("ss")
		case r == 'æ', r == 'Æ':
			b.WriteString("ae")
		case r == 'ø', r == 'Ø':
			b.WriteByte('o')
		case r == 'ł', r == 'Ł':
			b.WriteByte('l')
		case r == '’', r == '‘', r == '′':
			b.WriteByte('\'')
		case r == '”', r == '“', r == '″':
			b.WriteByte('"')
		case r == '–', r == '—', r == '‐', r == '‑', r == '−':
			b.WriteByte('-')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return norm.NFC.String(b.String())
}

// tradeMarks go before letters are taken apart, which would make ™ two letters.
var tradeMarks = strings.NewReplacer("®", "", "™", "", "©", "")

func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf || s[i] == 0 {
			return false
		}
	}
	return true
}

// analyse cuts text into words, at most limit of them.
func analyse(text string, limit int) []word {
	s := fold(text)
	var out []word
	for i := 0; i < len(s) && len(out) < limit; {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case isDigit(r):
			w, m := readNumber(s[i:])
			w.start = i
			out = append(out, w)
			i += m
		case unicode.Is(unicode.Han, r):
			m := spanOf(s[i:], func(r rune) bool { return unicode.Is(unicode.Han, r) })
			for _, h := range segment(s[i : i+m]) {
				h.start += i
				out = append(out, h)
			}
			i += m
		case unicode.IsLetter(r):
			w, m := readWord(s[i:])
			w.start = i
			out = append(out, w)
			i += m
		case strings.ContainsRune(",;:!?()[]|/。，、；：！？（）", r):
			out = append(out, word{raw: string(r), kind: punctuation, start: i})
			i += n
		case r == '+' && strings.HasSuffix(s[:i], " ") && strings.HasPrefix(s[i+1:], " "): // "card + adapter"
			out = append(out, word{raw: "+", kind: punctuation, start: i})
			i += n
		default:
			i += n
		}
	}
	return out
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// spanOf is the length of the longest start of s whose runes all satisfy ok.
func spanOf(s string, ok func(rune) bool) int {
	for i, r := range s {
		if !ok(r) {
			return i
		}
	}
	return len(s)
}

// isJoint says that a mark inside a word belongs to it where letters or digits follow: dv7-1211ea, 802.11b, at&t, c++.
func isJoint(c byte) bool {
	return c == '-' || c == '.' || c == '_' || c == '&' || c == '\'' || c == '+'
}

// tokenLen is the length of the word at the start of s: letters and digits of one script, with joints between.
func tokenLen(s string) int {
	i := 0
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if unicode.Is(unicode.Han, r) {
			break
		}
		if unicode.IsLetter(r) || isDigit(r) {
			i += n
			continue
		}
		if n == 1 && isJoint(s[i]) && i > 0 && i+1 < len(s) {
			next, _ := utf8.DecodeRuneInString(s[i+1:])
			if (unicode.IsLetter(next) || isDigit(next)) && !unicode.Is(unicode.Han, next) {
				i++
				continue
			}
		}
		break
	}
	return i
}

const longestWord = 40 // bytes; longer runs of letters are cut, nobody searches for them

// readWord reads a word that starts with a letter.
func readWord(s string) (word, int) {
	n := tokenLen(s)
	raw := s[:n]
	if raw == "c" && strings.HasPrefix(s, "c++") {
		return word{raw: "c++", term: "c++", kind: model}, 3
	}
	return makeWord(raw), n
}

// makeWord classes a word and stems it.
func makeWord(raw string) word {
	if len(raw) > longestWord {
		raw = raw[:cutAt(raw, longestWord)]
	}
	if i := strings.IndexByte(raw, '\''); i > 0 { // shopper's, don't
		if rest := raw[i:]; rest == "'s" || rest == "'" {
			raw = raw[:i]
		} else {
			raw = strings.ReplaceAll(raw, "'", "")
		}
	}
	w := word{raw: raw}
	letters, digits, joints := shape(raw)
	switch {
	case stopWords[raw]:
		w.kind = stopWord
	case letters && !digits && !joints:
		w.term = stem(raw)
	case !letters && !joints:
		w.kind, w.term = number, raw
	default:
		w.kind = model
		w.term, w.parts = compound(raw)
	}
	return w
}

func shape(s string) (letters, digits, joints bool) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits = true
		case c < utf8.RuneSelf && isJoint(c):
			joints = true
		default:
			letters = true
		}
	}
	return
}

// compound gives the whole without its joints, and the parts between joints and between letters and digits.
func compound(raw string) (whole string, parts []string) {
	var b strings.Builder
	start := 0
	end := func(i int) {
		if p := raw[start:i]; p != "" {
			if l, d, _ := shape(p); l && !d {
				if stopWords[p] {
					return
				}
				p = stem(p)
			}
			parts = append(parts, p)
		}
	}
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c < utf8.RuneSelf && isJoint(c) {
			end(i)
			start = i + 1
			continue
		}
		if i > start && isDigit(rune(c)) != isDigit(rune(raw[i-1])) {
			end(i)
			start = i
		}
		b.WriteByte(c)
	}
	end(len(raw))
	whole = b.String()
	if len(parts) < 2 {
		return stem(whole), nil
	}
	if len(parts) > 8 {
		parts = parts[:8]
	}
	return whole, parts
}

// stem is the English stem of a word; other scripts' words come back as they are.
func stem(w string) string {
	if s, ok := irregular[w]; ok {
		w = s
	}
	if len(w) < 3 || !isPlain(w) {
		return w
	}
	return english.Stem(w, false)
}

// irregular plurals that the stemmer does not know, and pairs that it wrongly throws together.
var irregular = map[string]string{
	"mice": "mouse", "feet": "foot", "teeth": "tooth", "men": "man", "women": "woman", "children": "child", "knives": "knife",
	"scarves": "scarf", "shelves": "shelf", "loaves": "loaf", "geese": "goose", "people": "person", "wives": "wife", "leaves": "leaf",
	"batteries": "battery", "accessories": "accessory", "halves": "half", "axes": "axe", "dice": "die", "media": "media",
}

// readNumber reads a number, the unit behind it if there is one, or a model number that starts with a digit.
func readNumber(s string) (word, int) {
	n := tokenLen(s)
	raw := s[:n]
	v, d, ok := leadingFloat(raw)
	if ok {
		if u, m := unitAfter(s, d); u != nil {
			return word{raw: strings.TrimSpace(s[:d+m]), term: quantityTerm(v, *u), parts: []string{raw[:d]}, kind: quantity}, d + m
		}
	}
	if ok && d == n {
		return word{raw: raw, term: numberTerm(raw[:d]), kind: number}, n
	}
	return makeWord(raw), n
}

// leadingFloat reads the decimal number at the start of a token; d is its length. A thousands comma has been a boundary already.
func leadingFloat(s string) (v float64, d int, ok bool) {
	dot := false
	for d < len(s) && d < 18 {
		if s[d] == '.' && !dot && d+1 < len(s) && isDigit(rune(s[d+1])) {
			dot = true
		} else if !isDigit(rune(s[d])) {
			break
		}
		d++
	}
	v, err := strconv.ParseFloat(s[:d], 64)
	return v, d, err == nil
}

func numberTerm(s string) string {
	if strings.Contains(s, ".") {
		return strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// unitAfter finds the unit of measure behind the number s[:d], spaces or a hyphen between, and the length up to its end.
func unitAfter(s string, d int) (*units.Unit, int) {
	i := d
	for i < len(s) && i < d+2 && (s[i] == ' ' || s[i] == '-') {
		i++
	}
	if i >= len(s) {
		return nil, 0
	}
	if s[i] == '"' {
		u, _ := units.Lookup("in")
		return &u, i + 1 - d
	}
	if strings.HasPrefix(s[i:], "''") {
		u, _ := units.Lookup("in")
		return &u, i + 2 - d
	}
	if r, _ := utf8.DecodeRuneInString(s[i:]); unicode.Is(unicode.Han, r) {
		return hanUnit(s, i, d)
	}
	n := i + spanOf(s[i:], func(r rune) bool {
		return (unicode.IsLetter(r) && !unicode.Is(unicode.Han, r)) || r == '°' || r == '%'
	})
	if n == i || n-i > 16 {
		return nil, 0
	}
	if n < len(s) && isDigit(rune(s[n])) {
		return nil, 0 // 5g21 is a model
	}
	name := s[i:n]
	if ambiguousUnit[name] && i > d || name == "in" && !endsPhrase(s[n:]) {
		return nil, 0
	}
	u, ok := units.Lookup(name)
	if !ok || u.Dim == "" {
		return nil, 0
	}
	return &u, n - d
}

// ambiguousUnit lists units that are too short to be believed apart from their number: "3 a" is no current.
var ambiguousUnit = map[string]bool{"a": true, "c": true, "h": true, "k": true, "m": true, "s": true, "v": true, "g": true, "l": true, "man": true, "people": true, "min": true, "pound": true}

// endsPhrase tells the inch "in" from the preposition: an inch ends its phrase or is followed by a noun, never by a number.
func endsPhrase(rest string) bool {
	rest = strings.TrimLeft(rest, " ")
	return rest == "" || !isDigit(rune(rest[0]))
}

func hanUnit(s string, i, d int) (*units.Unit, int) {
	end := i
	var ends []int
	for k := 0; k < 3 && end < len(s); k++ {
		r, n := utf8.DecodeRuneInString(s[end:])
		if !unicode.Is(unicode.Han, r) {
			break
		}
		end += n
		ends = append(ends, end)
	}
	for k := len(ends) - 1; k >= 0; k-- {
		if u, ok := units.Lookup(s[i:ends[k]]); ok {
			return &u, ends[k] - d
		}
	}
	return nil, 0
}

// quantityTerm is the term of a quantity: its value in the dimension's canonical unit to three digits, so that 17", 43 cm apart from
// rounding and 43.18 cm meet in 43.2cm.
func quantityTerm(v float64, u units.Unit) string {
	c, ok := units.Canonical(u.Name)
	if !ok {
		c = u
	}
	x := v*u.Factor + u.Offset
	if x != 0 && !math.IsInf(x, 0) {
		p := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-2)
		x = math.Round(x/p) * p
	}
	name := strings.ReplaceAll(strings.ToLower(c.Name), " ", "")
	return strconv.FormatFloat(x, 'g', 4, 64) + name
}

// cutAt is the largest length ≤ n that does not split a rune of s.
func cutAt(s string, n int) int {
	if len(s) <= n {
		return len(s)
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// terms lists what is indexed of words, in order: whole and parts, no stop words.
func terms(ws []word) []string {
	out := make([]string, 0, len(ws)+4)
	for _, w := range ws {
		if w.term == "" || w.kind == stopWord {
			continue
		}
		out = append(out, w.term)
		out = append(out, w.parts...)
	}
	return out
}

// stopWords carry no meaning for search. They stay in the word list, because grammar reads prepositions.
var stopWords = set("a an the and or of for to in on at by with from is are be am was it its this that these those as i my me we our you your " +
	"do does did have has had can could would should will not any some there their which what who please")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
