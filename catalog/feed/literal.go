package feed

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// pattern is a case-insensitive regular expression with a cheap test in front: most texts hold none of the words that it needs.
type pattern struct {
	re    *regexp.Regexp
	words []string // lower case; one of them occurs in every match; nil: unknown
}

func newPattern(expr string) (*pattern, error) {
	re, err := compile(expr)
	if err != nil {
		return nil, err
	}
	p := &pattern{re: re}
	if tree, err := syntax.Parse("(?i)"+expr, syntax.Perl); err == nil {
		p.words = needed(tree)
	}
	return p, nil
}

// match tests a text; low is the text in lower case.
func (p *pattern) match(s, low string) bool {
	if p.words != nil && !containsAny(low, p.words) {
		return false
	}
	return p.re.MatchString(s)
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// needed finds words of which at least one occurs in every match of a tree; nil if there are none to be found.
func needed(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if s := string(re.Rune); ascii(s) {
			return []string{strings.ToLower(s)}
		}
		return nil
	case syntax.OpCapture, syntax.OpPlus:
		return needed(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return needed(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if w := needed(sub); w != nil && shortest(w) > shortest(best) {
				best = w
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			w := needed(sub)
			if w == nil || len(all) > 200 {
				return nil
			}
			all = append(all, w...)
		}
		return all
	}
	return nil
}

func shortest(words []string) int {
	n := 0
	for _, w := range words {
		if n == 0 || len(w) < n {
			n = len(w)
		}
	}
	return n
}

// ascii says whether lower-casing a text is safe from letters such as the Kelvin sign, which fold across scripts.
func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
