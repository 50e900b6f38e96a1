package catalog

import "unicode/utf8"

// segment cuts a run of Chinese characters into overlapping pairs; the single characters are parts of the pairs, so that they are
// indexed too. DESIGN.md has the measurement that chose this over a dictionary.
func segment(s string) []word {
	if utf8.RuneCountInString(s) == 1 {
		return []word{{raw: s, term: s, kind: hanWord}}
	}
	var out []word
	prev, prevAt := rune(0), 0
	for i, r := range s {
		if prev != 0 {
			pair := string(prev) + string(r)
			out = append(out, word{raw: pair, term: pair, parts: []string{string(prev)}, kind: hanWord, start: prevAt})
		}
		prev, prevAt = r, i
	}
	last := &out[len(out)-1]
	last.parts = append(last.parts, string(prev))
	return out
}
