package catalog

import (
	"bytes"
	"sort"
	"strings"
)

// The columns of the text index, in order. A product's card holds the same words.
const (
	inTitle = iota
	inBrand
	inType // labels and synonyms of the product's category
	inFacets
	inBody
	inCodes // identifiers and part numbers
	columns
)

var columnNames = [columns]string{"title", "brand", "type", "facets", "body", "codes"}

// fields are the analysed texts of one product, one list of terms for each column.
type fields [columns][]string

// Limits in words, so that one product with a book for a description costs no more than its share.
const (
	titleWords    = 80
	bodyWords     = 300
	facetWords    = 400
	subtitleWords = 16
)

// card is the stored form: terms apart by spaces, columns by new lines, the title's outline in a last line.
func (f *fields) card(outline []string) []byte {
	var b bytes.Buffer
	for i, col := range f {
		if i > 0 {
			b.WriteByte('\n')
		}
		for j, t := range col {
			if j > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(t)
		}
	}
	b.WriteByte('\n')
	b.WriteString(strings.Join(outline, " "))
	return b.Bytes()
}

// parseCard gives the columns of a card; what is damaged comes back short.
func parseCard(b []byte) (f fields) {
	for i, col := range strings.SplitN(string(b), "\n", columns+1) {
		if col != "" && i < columns {
			f[i] = strings.Split(col, " ")
		}
	}
	return f
}

// vocabulary lists the different terms and whether each is in title, brand or type.
func (f *fields) vocabulary() map[string]bool {
	m := map[string]bool{}
	for i, col := range f {
		for _, t := range col {
			m[t] = m[t] || i <= inType
		}
	}
	return m
}

// texts lists a text in its languages in a stable order.
func (t Text) texts() []string {
	keys := make([]string, 0, len(t))
	for k := range t {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	out := keys[:0]
	for _, k := range keys {
		out = append(out, t[k])
	}
	return out
}

// named is what one category or facet value is called, analysed.
func named(label Text, synonyms map[string][]string) []string {
	var out []string
	seen := map[string]bool{}
	add := func(s string) {
		for _, t := range terms(analyse(s, 16)) {
			if !seen[t] {
				seen[t] = true
				out = append(out, t)
			}
		}
	}
	for _, s := range label.texts() {
		add(s)
	}
	langs := make([]string, 0, len(synonyms))
	for l := range synonyms {
		langs = append(langs, l)
	}
	sort.Strings(langs)
	for _, l := range langs {
		for _, s := range synonyms[l] {
			add(s)
		}
	}
	return out
}

// surfaces lists the words of a title or brand as they are written, for the spelling vocabulary: letters only, three or more.
func surfaces(texts ...string) map[string]bool {
	m := map[string]bool{}
	for _, t := range texts {
		for _, w := range analyse(t, titleWords) {
			if w.kind == plainWord && len(w.raw) >= 3 && isPlain(w.raw) {
				m[w.raw] = true
			}
			if w.kind == model {
				for _, p := range strings.FieldsFunc(w.raw, func(r rune) bool { return r < 128 && isJoint(byte(r)) }) {
					if l, d, _ := shape(p); l && !d && len(p) >= 3 && isPlain(p) {
						m[p] = true
					}
				}
			}
		}
	}
	return m
}

// Marks in an outline: what follows is what the product is for, what comes with it, or another clause.
const (
	markFor   = ">"
	markWith  = "+"
	markBreak = ","
)

var outlineMarks = map[string]string{"for": markFor, "fits": markFor, "compatible": markFor, "suitable": markFor, "without": markFor,
	"with": markWith, "w": markWith, "including": markWith, "incl": markWith}

// outline is a title for the eye of the head finder: its terms in order, and marks where its grammar turns.
func outline(ws []word) []string {
	var out []string
	for _, w := range ws {
		switch m := outlineMarks[w.raw]; {
		case m != "":
			out = append(out, m)
		case w.kind == punctuation && w.raw != "/":
			out = append(out, markBreak)
		case w.term != "" && w.kind != stopWord:
			out = append(out, w.term)
		}
	}
	return out
}
