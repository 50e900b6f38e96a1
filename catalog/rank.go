package catalog

import (
	"bytes"
	"context"
	"database/sql"
	"slices"
	"strings"
)

// candidate is a product under consideration.
type candidate struct {
	n       int64
	cat     int64
	brand   int64
	inStock bool
	liked   float64

	got  []got // by group
	text float64
	kind float64 // how well it is the kind of thing that the query names
	near float64

	byTitle, byCategory float64 // what speaks for the kind

	soft  float64
	meets []bool // soft constraints
	total float64

	own, perhaps, lent uint64 // words of the query by what they are to the product, see borrowed.go
	ownBrand           string // terms of the brand, apart by spaces
}

// brandHas says whether a term is in the product's own brand.
func (c *candidate) brandHas(term string) bool {
	for rest := c.ownBrand; rest != ""; {
		var t string
		if t, rest, _ = strings.Cut(rest, " "); t == term {
			return true
		}
	}
	return false
}

// got says how a group occurs in a product.
type got struct {
	score float64 // saturated frequency, 0 to 1
	in    uint8   // columns, as bits
	exact bool    // in the shopper's own word
}

// What each column counts, and how much its length matters, for BM25F. Reasoned, not fitted: a title names the thing, a
// description mentions things.
var (
	columnWeight = [columns]float64{1, 1, 0.5, 0.2, 1, 2}
	columnLength = [columns]float64{1, 0, 0, 0.1, 1, 0}
	lengthB      = 0.6
)

var (
	k1         = 0.8
	weightKind = 0.4
	weightNear = 0.25
	weightSoft = 0.3
	weightLike = 0.04
	outOfStock = -0.04
	trustTitle = 0.85 // of a title's grammar beside a category's name
)

// rank reads the candidates' cards and orders them.
func (d *DB) rank(ctx context.Context, s *snapshot, a *asked, ns []int64, soft []condition) ([]*candidate, error) {
	m := newMatcher(s, a)
	cs := make([]*candidate, 0, len(ns))
	err := d.each(ctx, "SELECT p.n, p.cat, p.brand, p.in_stock, p.liked, c.card FROM products p JOIN cards c USING(n) WHERE p.n IN (SELECT value FROM json_each(?))", []any{list(ns)},
		func(scan func(...any) error) error {
			c := &candidate{meets: make([]bool, len(soft))}
			var card sql.RawBytes // read before the next row comes, so it need not be copied
			if err := scan(&c.n, &c.cat, &c.brand, &c.inStock, &c.liked, &card); err != nil {
				return err
			}
			m.score(c, card)
			cs = append(cs, c)
			return nil
		})
	if err != nil {
		return nil, err
	}
	if err := d.checkSoft(ctx, cs, ns, soft); err != nil {
		return nil, err
	}
	a.settleTypes(cs)
	a.settle(cs)
	for _, c := range cs {
		c.total = c.text + weightKind*c.kind + weightNear*c.near + weightSoft*c.soft + weightLike*(c.liked-3.5)
		if !c.inStock {
			c.total += outOfStock
		}
	}
	slices.SortFunc(cs, func(x, y *candidate) int {
		if x.total != y.total {
			if x.total > y.total {
				return -1
			}
			return 1
		}
		return int(x.n - y.n)
	})
	return cs, nil
}

// checkSoft finds out which candidates meet which soft constraints.
func (d *DB) checkSoft(ctx context.Context, cs []*candidate, ns []int64, soft []condition) error {
	if len(soft) == 0 {
		return nil
	}
	at := make(map[int64]*candidate, len(cs))
	for _, c := range cs {
		at[c.n] = c
	}
	for i, cond := range soft {
		met, err := d.numbers(ctx, "SELECT p.n FROM products p WHERE p.n IN (SELECT value FROM json_each(?)) AND "+cond.sql, append([]any{list(ns)}, cond.args...))
		if err != nil {
			return err
		}
		for _, n := range met {
			if c := at[n]; c != nil {
				c.meets[i] = true
				c.soft += 1 / float64(len(soft))
			}
		}
	}
	return nil
}

// matcher scores cards against one query.
type matcher struct {
	s     *snapshot
	a     *asked
	term  map[string]int // term → index of tf
	tf    [][columns]float64
	runs  []run          // forms of several terms: they count only as neighbours
	ran   map[string]int // form, its terms apart by spaces → index of runs
	heads []alt
	sum   float64 // of idf

	others map[int64]map[string]bool // see othersIn

	named    bool             // the query names no type, so it matters whose names its words are
	groupsOf map[string][]int // term → groups that it is a form of
}

// run is a form of several terms.
type run struct {
	terms []int
	tf    [columns]float64
}

func newMatcher(s *snapshot, a *asked) *matcher {
	m := &matcher{s: s, a: a, term: map[string]int{}, ran: map[string]int{}, heads: a.headForms(), named: a.namesNoType(), others: map[int64]map[string]bool{}}
	if m.named {
		m.groupsOf = a.groupsByTerm()
	}
	add := func(ts []string) {
		for _, t := range ts {
			if _, ok := m.term[t]; !ok {
				m.term[t] = len(m.term)
			}
		}
		if key := strings.Join(ts, " "); len(ts) > 1 {
			if _, ok := m.ran[key]; !ok {
				r := run{}
				for _, t := range ts {
					r.terms = append(r.terms, m.term[t])
				}
				m.ran[key] = len(m.runs)
				m.runs = append(m.runs, r)
			}
		}
	}
	for i := range a.groups {
		m.sum += a.groups[i].idf
		for _, al := range a.groups[i].alts {
			add(al.terms)
		}
	}
	for _, p := range a.phrases {
		for _, al := range p.alts {
			add(al)
		}
	}
	m.tf = make([][columns]float64, len(m.term))
	return m
}

func (m *matcher) score(c *candidate, card []byte) {
	clear(m.tf)
	for i := range m.runs {
		m.runs[i].tf = [columns]float64{}
	}
	recent := [8]int{-1, -1, -1, -1, -1, -1, -1, -1} // the last terms, newest last, -1 for one that the query has not
	var lengths [columns]float64
	var head []byte
	for col := 0; col <= columns; col++ {
		line := card
		if i := bytes.IndexByte(card, '\n'); i >= 0 {
			line, card = card[:i], card[i+1:]
		} else {
			card = nil
		}
		if col == columns {
			head = line
			break
		}
		if col == inBrand && m.named {
			c.ownBrand = string(line)
		}
		for len(line) > 0 {
			t := line
			if i := bytes.IndexByte(line, ' '); i >= 0 {
				t, line = line[:i], line[i+1:]
			} else {
				line = nil
			}
			lengths[col]++
			i, ok := m.term[string(t)]
			if ok {
				m.tf[i][col]++
			} else {
				i = -1
			}
			if len(m.runs) > 0 && !(len(t) == 3 && t[0] >= 0xe3) { // single Chinese characters stand between the pairs
				copy(recent[:], recent[1:])
				recent[len(recent)-1] = i
				m.findRuns(recent[:], col)
			}
		}
		for i := range recent {
			recent[i] = -1
		}
	}
	m.scoreText(c, lengths)
	m.scoreKind(c, head)
	if m.named {
		m.place(c, head)
	}
}

// findRuns counts the forms of several terms that end with the newest term.
func (m *matcher) findRuns(recent []int, col int) {
	for r := range m.runs {
		ts := m.runs[r].terms[max(0, len(m.runs[r].terms)-len(recent)):]
		if slices.Equal(recent[len(recent)-len(ts):], ts) {
			m.runs[r].tf[col]++
		}
	}
}

// occurs is how a form occurs: its weighted frequency and the columns it is in. Terms of one form count where they are neighbours. The
// names of a type have each term once, so there it is enough that all are in.
func (m *matcher) occurs(ts []string) (tf float64, in uint8) {
	row := &m.tf[m.term[ts[0]]]
	if len(ts) > 1 {
		r := &m.runs[m.ran[strings.Join(ts, " ")]]
		if row = &r.tf; row[inType] == 0 {
			row[inType] = 1
			for _, i := range r.terms {
				row[inType] = min(row[inType], m.tf[i][inType])
			}
		}
	}
	for col, n := range row {
		if n > 0 {
			in |= 1 << col
			tf += columnWeight[col] * n
		}
	}
	return tf, in
}

const coreColumns = 1<<inTitle | 1<<inBrand | 1<<inType | 1<<inCodes

func (m *matcher) scoreText(c *candidate, lengths [columns]float64) {
	c.got = make([]got, len(m.a.groups))
	long, usual := 0.0, 0.0
	for col, w := range columnLength {
		long += w * lengths[col]
		usual += w * m.s.lexicon.average[col]
	}
	k := k1 * (1 - lengthB + lengthB*long/max(usual, 1))
	for i := range m.a.groups {
		for n, al := range m.a.groups[i].alts {
			m.take(c, i, al, k, n == 0)
		}
	}
	for _, p := range m.a.phrases {
		for _, terms := range p.alts {
			for i := p.from; i < p.to; i++ {
				m.take(c, i, alt{terms, synonym}, k, false)
			}
		}
	}
	if m.sum == 0 {
		return
	}
	for i, g := range c.got {
		c.text += m.a.groups[i].idf / m.sum * g.score
	}
}

// take scores group i by one of its forms, if that is the best so far.
func (m *matcher) take(c *candidate, i int, al alt, k float64, exact bool) {
	if len(al.terms) == 0 {
		return
	}
	tf, in := m.occurs(al.terms)
	if score := al.weight * tf / (tf + k); tf > 0 && score > c.got[i].score {
		c.got[i] = got{score, in, exact}
	}
}
