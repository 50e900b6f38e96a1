package catalog

import (
	"context"
	"math/bits"
	"strings"

	"github.com/agnivade/levenshtein"
)

// speller corrects words from the catalogue's own vocabulary, which is the words of its titles, brands and categories' names, and from the
// synonym table.
type speller struct {
	words []spelling
	known map[string]int // word → products
}

type spelling struct {
	word    string
	letters uint32 // which of a–z occur
	df      int
}

const spellWords = 200_000 // the commonest ones; a rarer word is hardly what a shopper means

// speller loads the vocabulary when the first unknown word of a version comes.
func (d *DB) speller(ctx context.Context, s *snapshot) *speller {
	x := s.lexicon
	x.once.Do(func() {
		sp := &speller{known: map[string]int{}}
		add := func(w string, df int) {
			if _, ok := sp.known[w]; !ok && len(w) >= 3 && isPlain(w) {
				sp.known[w] = df
				sp.words = append(sp.words, spelling{w, letterMask(w), df})
			}
		}
		// A failed read leaves a smaller vocabulary: fewer corrections, no wrong ones.
		d.each(context.WithoutCancel(ctx), "SELECT word, df FROM spellings WHERE df>0 ORDER BY df DESC LIMIT ?", []any{spellWords}, func(scan func(...any) error) error {
			var w string
			var df int
			err := scan(&w, &df)
			add(w, df)
			return err
		})
		for i := range s.schema.Categories {
			c := &s.schema.Categories[i]
			for w := range surfaces(append(c.Label.texts(), c.Synonyms["en"]...)...) {
				add(w, max(1, c.Count))
			}
		}
		for _, w := range sortedKeys(lists().words) { // a synonym may lead on to a word that the catalogue has
			add(w, 1)
		}
		x.spell = sp
	})
	return x.spell
}

func letterMask(w string) (m uint32) {
	for i := 0; i < len(w); i++ {
		if c := w[i]; c >= 'a' && c <= 'z' {
			m |= 1 << (c - 'a')
		}
	}
	return m
}

// correct finds the word that a misspelt one most likely stands for: the nearest, then the commonest. Hardly anybody gets the first
// letter of a word wrong, and in a word of four letters another letter in place of one makes another word (dell, deal), so such guesses
// are not made. Shorter words are left alone, and so are numbers and model names, which the caller does not send.
func (sp *speller) correct(w string) (string, bool) {
	if to, ok := sp.nearest(w); ok {
		return to, true
	}
	if one := strings.TrimSuffix(w, "s"); one != w { // the catalogue may have the singular only
		return sp.nearest(one)
	}
	return "", false
}

func (sp *speller) nearest(w string) (string, bool) {
	reach := 1
	switch {
	case len(w) < 4:
		return "", false
	case len(w) >= 8:
		reach = 2
	}
	mask := letterMask(w)
	best, bestScore := "", 1<<60
	for i := range sp.words {
		c := &sp.words[i]
		if diff := len(c.word) - len(w); diff > reach || diff < -reach || bits.OnesCount32(c.letters^mask) > 2*reach {
			continue
		}
		dist := levenshtein.ComputeDistance(w, c.word)
		if dist == 2 && swapped(w, c.word) {
			dist = 1
		}
		if dist == 0 || dist > reach || c.word[0] != w[0] && !swapped(w, c.word) || len(w) == 4 && len(c.word) == 4 && !swapped(w, c.word) {
			continue
		}
		score := dist*1000 - min(c.df, 500)
		if score < bestScore {
			best, bestScore = c.word, score
		}
	}
	return best, best != ""
}

// swapped says whether a and b differ only by two neighbouring letters in the other order.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// split finds two known words that were written as one: "memorystick".
func (sp *speller) split(w string) (string, string, bool) {
	best := 0
	var l, r string
	for i := 3; i+3 <= len(w); i++ {
		a, b := sp.known[w[:i]], sp.known[w[i:]]
		if m := min(a, b); m > best {
			best, l, r = m, w[:i], w[i:]
		}
	}
	return l, r, best > 0
}
