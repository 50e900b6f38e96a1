package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// queryWordsOf cuts a folded query. Chinese runs are cut at names that the catalogue or the synonym table knows and at noise
// words; what is left between is cut into pairs as titles are.
func queryWordsOf(s string, x *lexicon) []word {
	var out []word
	for len(s) > 0 && len(out) < queryWords {
		han := spanOf(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
		if han > 0 {
			out = append(out, hanChunks(s[:han], x)...)
			s = s[han:]
			continue
		}
		rest := spanOf(s, func(r rune) bool { return !unicode.Is(unicode.Han, r) })
		// A number keeps the Chinese unit behind it.
		if rest > 0 && rest < len(s) && isDigit(rune(s[rest-1])) {
			start := rest
			for start > 0 && (isDigit(rune(s[start-1])) || s[start-1] == '.') {
				start--
			}
			_, d, _ := leadingFloat(s[start:rest])
			if u, m := unitAfter(s[start:], d); u != nil {
				rest = start + d + m
			}
		}
		out = append(out, analyse(s[:rest], queryWords)...)
		s = s[rest:]
	}
	return out[:min(len(out), queryWords)]
}

// hanChunks cuts a Chinese run. A chunk of kind hanWord has its terms in parts if it is a known name.
func hanChunks(run string, x *lexicon) []word {
	l := lists()
	var out []word
	rest := ""
	flush := func() {
		rest = trimNoise(rest, l)
		if rest != "" {
			for _, w := range segment(rest) {
				w.parts = nil
				out = append(out, w)
			}
		}
		rest = ""
	}
	longest := max(x.hanLong, l.hanLong)
	for run != "" {
		if n := longestName(run, longest, x, l); n > 0 {
			flush()
			out = append(out, word{raw: run[:n], term: run[:n], parts: phraseTerms(run[:n]), kind: hanWord})
			run = run[n:]
			continue
		}
		if n := noiseAt(run, l); n > 0 {
			flush()
			out = append(out, word{kind: punctuation, raw: ","})
			run = run[n:]
			continue
		}
		_, n := utf8.DecodeRuneInString(run)
		rest += run[:n]
		run = run[n:]
	}
	flush()
	return out
}

func longestName(run string, longest int, x *lexicon, l *wordLists) int {
	ends := make([]int, 0, longest)
	for i := range run {
		if i > 0 {
			ends = append(ends, i)
		}
		if len(ends) == longest {
			break
		}
	}
	if len(ends) < longest {
		ends = append(ends, len(run))
	}
	for k := len(ends) - 1; k >= 1; k-- { // names of one character are left to the pairs around them
		p := run[:ends[k]]
		if x.han[p] || l.hanSame[p] != nil || l.qualities[p] {
			return ends[k]
		}
	}
	return 0
}

// noiseAt is the length of the request word at the start of run: two characters or more, or the particle 的.
func noiseAt(run string, l *wordLists) int {
	for _, n := range l.hanNoise {
		if strings.HasPrefix(run, n) && (len(n) > 3 || n == "的") {
			return len(n)
		}
	}
	return 0
}

// trimNoise takes single request characters off the ends.
func trimNoise(s string, l *wordLists) string {
	for again := true; again; {
		again = false
		for _, n := range l.hanNoise {
			if len(n) == 3 && len(s) > 3 {
				t := strings.TrimSuffix(strings.TrimPrefix(s, n), n)
				again = again || t != s
				s = t
			}
		}
	}
	return s
}

// dropNoise takes out the words of a request that say nothing, unless nothing else is left.
func dropNoise(ws []word) []word {
	noise := lists().noise
	out := make([]word, 0, len(ws))
	content := false
	for _, w := range ws {
		switch {
		case w.kind == plainWord && noise[w.raw]:
			continue
		case w.kind != stopWord && w.kind != punctuation:
			content = true
		}
		out = append(out, w)
	}
	if !content {
		return ws
	}
	return out
}
