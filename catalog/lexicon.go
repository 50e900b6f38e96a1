package catalog

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// lexicon is what understanding a query needs to know of one version of a catalogue: what its categories, values and brands are called.
type lexicon struct {
	names      []categoryName
	byHead     map[string][]int    // head term → names
	heads      map[string][]string // category → heads of its names
	namesOf    map[string][]int    // category → names
	typeNouns  map[string]bool     // heads of category names, and nouns for accessories
	brandTerms map[string]bool     // brands of one word
	qualities  map[string]bool     // names of one word of what products have or have not: "bluetooth"
	brands     map[string]bool     // brands of several words, terms apart by spaces
	han        map[string]bool     // Chinese names in the schema
	hanLong    int
	average    [columns]float64 // length of the columns

	once  sync.Once
	spell *speller
}

// categoryName is one of the names of a category, as terms.
type categoryName struct {
	category string
	terms    []string
	head     string
	weight   float64 // less than 1 for a part of a name that lists several things
	label    bool    // it is what the category is called; the rest are other words for it
}

const brandWords = 4 // brands of more words are found by their words only

// words gathers the lexicon.
func (l *loading) words() error {
	x := &lexicon{byHead: map[string][]int{}, heads: map[string][]string{}, namesOf: map[string][]int{}, typeNouns: map[string]bool{}, brandTerms: map[string]bool{}, brands: map[string]bool{}, qualities: map[string]bool{}, han: map[string]bool{}}
	l.s.lexicon = x
	for t := range lists().accessory {
		x.typeNouns[t] = true
	}
	for i := range l.cats {
		x.addCategory(&l.cats[i])
	}
	for i := range l.fs {
		if f := &l.fs[i]; f.Kind == KindBool {
			for _, s := range f.Label.texts() {
				if ts := phraseTerms(s); len(ts) == 1 {
					x.qualities[ts[0]] = true
				}
			}
		}
		for _, v := range l.fs[i].Values {
			x.addHan(v.Label["zh"])
			for _, s := range v.Synonyms["zh"] {
				x.addHan(s)
			}
		}
	}
	for _, b := range l.s.schema.Brands {
		switch ts := phraseTerms(b.Name); {
		case len(ts) == 1 && !x.typeNouns[ts[0]]:
			x.brandTerms[ts[0]] = true
		case len(ts) > 1 && len(ts) <= brandWords:
			x.brands[strings.Join(ts, " ")] = true
		}
		x.addHan(b.Name)
	}
	return l.averages()
}

func (x *lexicon) addHan(s string) {
	n := utf8.RuneCountInString(s)
	if n < 2 || n > 12 {
		return
	}
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) {
			return
		}
	}
	x.han[s] = true
	x.hanLong = max(x.hanLong, n)
}

func (x *lexicon) addCategory(c *Category) {
	if c.Count == 0 {
		return
	}
	for _, label := range c.Label.texts() {
		x.addName(c.ID, label, true)
	}
	for _, lang := range sortedKeys(c.Synonyms) {
		for _, s := range c.Synonyms[lang] {
			x.addName(c.ID, s, false)
		}
	}
}

// addName takes a category's name apart: "Mugs & cups" is two names, and the head of "Cases for phones" is the case. Of "Keyboard and
// mouse parts" only the last is a name: what stands before says whose parts they are.
func (x *lexicon) addName(id, label string, own bool) {
	x.addHan(label)
	label = strings.ReplaceAll(label, " and ", " & ")
	var names []categoryName
	for _, part := range strings.FieldsFunc(label, func(r rune) bool { return strings.ContainsRune("&,/;、，", r) }) {
		x.addHan(strings.TrimSpace(part))
		if n := nameOf(id, part); len(n.terms) > 0 {
			names = append(names, n)
		}
	}
	if last := len(names) - 1; last > 0 {
		if n := names[last]; len(n.terms) > 1 && lists().accessory[n.head] {
			names = names[last:]
		}
		for i := range names {
			names[i].weight = 0.85
		}
	}
	for _, n := range names {
		n.label = own
		x.byHead[n.head] = append(x.byHead[n.head], len(x.names))
		x.namesOf[id] = append(x.namesOf[id], len(x.names))
		x.names = append(x.names, n)
		x.heads[id] = append(x.heads[id], n.head)
		x.typeNouns[n.head] = true
	}
}

func nameOf(id, label string) categoryName {
	n := categoryName{category: id, weight: 1}
	for _, w := range analyse(label, 16) {
		if outlineMarks[w.raw] == markFor && n.head == "" && len(n.terms) > 0 {
			n.head = n.terms[len(n.terms)-1]
		}
		if w.term != "" && w.kind != stopWord && w.kind != punctuation {
			n.terms = append(n.terms, w.term)
		}
	}
	if n.head == "" && len(n.terms) > 0 {
		n.head = n.terms[len(n.terms)-1]
	}
	return n
}

// averages measures the usual length of each column on some products spread over the catalogue.
func (l *loading) averages() error {
	avg := &l.s.lexicon.average
	seen := 0.0
	var last int64
	if err := l.tx.QueryRowContext(l.ctx, "SELECT coalesce(max(n), 0) FROM products").Scan(&last); err != nil {
		return err
	}
	const probes = 256
	for i := int64(0); i < probes && last > 0; i++ {
		var card []byte
		if l.tx.QueryRowContext(l.ctx, "SELECT card FROM cards WHERE n>=? LIMIT 1", 1+i*last/probes).Scan(&card) != nil {
			continue
		}
		seen++
		for c, col := range parseCard(card) {
			avg[c] += float64(len(col))
		}
	}
	for c := range avg {
		avg[c] = max(1, avg[c]/max(seen, 1))
	}
	return nil
}

// df looks up in how many products the terms are, anywhere and in title, brand or type.
func (d *DB) df(ctx context.Context, ts map[string]*termStat) error {
	if len(ts) == 0 {
		return nil
	}
	names, err := json.Marshal(sortedKeys(ts))
	if err != nil {
		return err
	}
	return d.each(ctx, "SELECT t.term, t.df, t.core FROM json_each(?) q CROSS JOIN terms t ON t.term=q.value", []any{string(names)}, func(scan func(...any) error) error {
		var term string
		var st termStat
		if err := scan(&term, &st.df, &st.core); err != nil {
			return err
		}
		if ts[term] != nil {
			*ts[term] = st
		}
		return nil
	})
}

type termStat struct{ df, core int }
