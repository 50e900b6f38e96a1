package nlu

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxText is how many bytes of a turn the parsers read.
const MaxText = 4000

// Clean makes words from outside safe to read: valid UTF-8, no control, zero-width or direction characters, at most two marks stacked on a letter, white space as
// single blanks, and at most max bytes (cut between characters). Text that is clean already comes back as it is.
func Clean(text string, max int) string {
	var b strings.Builder
	b.Grow(min(len(text), max))
	blank, marks := true, 0 // a blank at the start is dropped
	for i := 0; i < len(text) && b.Len() < max; {
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch {
		case r == utf8.RuneError && size <= 1, r == 0xFEFF, unicode.Is(unicode.Co, r):
			continue
		case unicode.IsSpace(r), unicode.IsControl(r):
			if !blank {
				b.WriteByte(' ')
			}
			blank, marks = true, 0
			continue
		case unicode.Is(unicode.Cf, r) && r != 0x200D: // the joiner holds emoji together
			continue
		case unicode.IsMark(r):
			if marks++; marks > 2 {
				continue
			}
		default:
			marks = 0
		}
		if b.Len()+utf8.RuneLen(r) > max {
			break
		}
		b.WriteRune(r)
		blank = false
	}
	return strings.TrimRight(b.String(), " ")
}
