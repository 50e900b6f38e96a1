package catalog

import (
	"context"
	"math"
	"strings"
)

// Limits on what is read of a query. A shopper's request is far shorter.
const (
	queryBytes = 1000
	queryWords = 48
)

const synonym = 0.75 // what a synonym counts beside the shopper's own word

// asked is a query's text, understood.
type asked struct {
	groups      []group
	phrases     []phrase
	head        int               // the group that names the thing wanted; -1 if the text names no thing
	qualityOnly bool              // the text names nothing but qualities: "waterproof", "红色"
	headIsType  bool              // and the catalogue has that word as a type
	cats        map[int64]float64 // categories.c → how surely the query is about it, 0 to 1
	supposed    map[int64]bool    // of those, the ones that words of the query which no category is called by might still rule out
	nameGroups  uint64            // words of the query, a bit for each, that name those categories
	category    string
	certain     float64 // of category
	corrected   []Correction
	stats       map[string]*termStat
	total       int // products in the catalogue
}

// group is one word of the query with everything that may stand for it.
type group struct {
	raw       string
	alts      []alt
	kind      wordKind
	idf       float64
	df, core  int
	brand     bool
	main      bool // in the part that names the thing, before "for" and "with"
	corrected bool
	unknown   bool // the catalogue does not have it in any form
	gap       bool // the word before it is not its neighbour in the text
}

// alt is one form of a word; all its terms must occur.
type alt struct {
	terms  []string
	weight float64
}

// phrase says that groups from to to (exclusive) together may be said otherwise: "memory stick", "usb flash drive".
type phrase struct {
	from, to int
	alts     [][]string
}

// understand reads the text of a query.
func (d *DB) understand(ctx context.Context, s *snapshot, text string) (*asked, error) {
	a := &asked{head: -1, total: s.products, stats: map[string]*termStat{}, cats: map[int64]float64{}, supposed: map[int64]bool{}}
	ws := queryWordsOf(fold(text[:cutAt(text, queryBytes)]), s.lexicon)
	ws = dropNoise(ws)
	a.build(ws)
	if err := a.weigh(ctx, d); err != nil {
		return nil, err
	}
	if err := a.mend(ctx, d, s); err != nil {
		return nil, err
	}
	a.findBrands(s.lexicon)
	a.findHead(s.lexicon)
	a.findCategory(s)
	a.calmUnknown()
	return a, nil
}

// build makes groups of words and finds phrases that have synonyms.
func (a *asked) build(ws []word) {
	l := lists()
	main, gap := true, false
	for _, w := range ws {
		switch {
		case w.kind == punctuation:
			gap = true
			continue
		case w.kind == stopWord:
			if len(a.groups) > 0 && (outlineMarks[w.raw] != "" || w.raw == "in" || w.raw == "from") {
				main = false
			}
			gap = true
			continue
		case w.term == "":
			continue
		}
		g := group{raw: w.raw, kind: w.kind, main: main, gap: gap}
		gap = false
		switch {
		case w.kind == hanWord && w.parts != nil:
			g.alts = append(g.alts, alt{w.parts, 1})
			for _, o := range l.hanSame[w.raw] {
				g.alts = append(g.alts, alt{o, synonym})
			}
		case w.kind == quantity:
			g.alts = []alt{{[]string{w.term}, 1}, {w.parts, 0.4}}
		case len(w.parts) > 1:
			g.alts = []alt{{[]string{w.term}, 1}, {w.parts, 0.8}}
		default:
			g.alts = []alt{{[]string{w.term}, 1}}
		}
		if w.kind != hanWord {
			for _, o := range l.same[w.term] {
				g.alts = append(g.alts, alt{o, synonym})
			}
		}
		a.groups = append(a.groups, g)
	}
	a.findPhrases(l)
}

func (a *asked) findPhrases(l *wordLists) {
	a.phrases = nil
	for i := 0; i < len(a.groups); i++ {
		for n := min(l.longest, len(a.groups)-i); n >= 2; n-- {
			if alts := l.same[a.key(i, i+n)]; alts != nil {
				a.phrases = append(a.phrases, phrase{i, i + n, alts})
				i += n - 1
				break
			}
		}
	}
}

// key is the phrase that groups from to to spell, "" if there is a gap in it.
func (a *asked) key(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		if i > from {
			if a.groups[i].gap {
				return ""
			}
			b.WriteByte(' ')
		}
		b.WriteString(a.groups[i].alts[0].terms[0])
	}
	return b.String()
}

// weigh looks up how common the terms are and gives every group its weight.
func (a *asked) weigh(ctx context.Context, d *DB) error {
	ask := map[string]*termStat{}
	need := func(ts []string) {
		for _, t := range ts {
			if a.stats[t] == nil {
				ask[t] = &termStat{}
				a.stats[t] = ask[t]
			}
		}
	}
	for i := range a.groups {
		for _, al := range a.groups[i].alts {
			need(al.terms)
		}
	}
	for _, p := range a.phrases {
		for _, al := range p.alts {
			need(al)
		}
	}
	if err := d.df(ctx, ask); err != nil {
		return err
	}
	for i := range a.groups {
		a.groups[i].weigh(a)
	}
	return nil
}

// weigh sums the forms' frequencies: of a form of several terms, the rarest's.
func (g *group) weigh(a *asked) {
	g.df, g.core = 0, 0
	for _, al := range g.alts {
		df, core := math.MaxInt, math.MaxInt
		for _, t := range al.terms {
			df, core = min(df, a.stats[t].df), min(core, a.stats[t].core)
		}
		if len(al.terms) > 0 {
			g.df += df
			g.core += core
		}
	}
	g.df, g.core = min(g.df, a.total), min(g.core, a.total)
	g.unknown = g.df <= 0
	n := float64(a.total)
	g.idf = math.Log(1 + (n-float64(g.df)+0.5)/(float64(g.df)+0.5))
}

func (a *asked) findBrands(x *lexicon) {
	for i := range a.groups {
		g := &a.groups[i]
		g.brand = len(g.alts[0].terms) == 1 && x.brandTerms[g.alts[0].terms[0]] && !x.typeNouns[g.alts[0].terms[0]]
		if g.corrected && !g.brand {
			t := g.alts[min(1, len(g.alts)-1)].terms
			g.brand = len(t) == 1 && x.brandTerms[t[0]]
		}
	}
	for from := range a.groups {
		key := a.groups[from].alts[0].terms[0]
		for to := from + 1; to < min(len(a.groups), from+brandWords); to++ {
			key += " " + a.groups[to].alts[0].terms[0]
			for i := from; x.brands[key] && i <= to; i++ {
				a.groups[i].brand = true
			}
		}
	}
}
