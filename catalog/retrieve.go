package catalog

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
)

const (
	candidates = 500   // products that are ranked in full
	fewOfKind  = 50    // with so many of the type that is asked for, those without the other words are not looked at
	enough     = 150   // with so many that have every word, those with some are not looked at
	scoreCap   = 8_000 // products whose text score SQLite computes for one query; more are cut, and then title and type decide which
)

// index is one of the two text indexes with its score: SQLite's weighted BM25, the first rough order. Lower is better.
type index struct{ table, score string }

var (
	names      = index{"words", "bm25(words, 1.0, 1.0, 1.0, 2.0)"}
	everything = index{"everything", "bm25(everything)"}
)

// quoted makes a term safe inside an FTS expression.
func quoted(t string) string { return `"` + tokenOnly(t) + `"` }

// allTerms is the expression that all terms occur.
func allTerms(ts []string) string {
	var out []string
	for _, t := range ts {
		if tokenOnly(t) != "" {
			out = append(out, quoted(t))
		}
	}
	if len(out) == 0 {
		return `""`
	}
	return strings.Join(out, " AND ")
}

func (g *group) expression() string {
	var out []string
	for _, al := range g.alts {
		if len(al.terms) > 0 {
			out = append(out, "("+allTerms(al.terms)+")")
		}
	}
	return "(" + strings.Join(out, " OR ") + ")"
}

// part is one conjunct of a query: a word, or a phrase with its synonyms.
type part struct {
	expr string
	df   int
}

// parts lists the conjuncts that the catalogue knows.
func (a *asked) parts() []part {
	var out []part
	for i := 0; i < len(a.groups); {
		p := a.phraseAt(i)
		if p == nil {
			if g := &a.groups[i]; !g.unknown {
				out = append(out, part{g.expression(), g.df})
			}
			i++
			continue
		}
		var words, whole []string
		df, known := math.MaxInt, true
		for k := p.from; k < p.to; k++ {
			words = append(words, a.groups[k].expression())
			df = min(df, a.groups[k].df)
			known = known && !a.groups[k].unknown
		}
		if known {
			whole = append(whole, "("+strings.Join(words, " AND ")+")")
		} else {
			df = 0
		}
		for _, al := range p.alts {
			whole = append(whole, "("+allTerms(al)+")")
			rarest := math.MaxInt
			for _, t := range al {
				rarest = min(rarest, a.stats[t].df)
			}
			df += rarest
		}
		if df > 0 {
			out = append(out, part{"(" + strings.Join(whole, " OR ") + ")", df})
		}
		i = p.to
	}
	return out
}

func (a *asked) phraseAt(i int) *phrase {
	for k := range a.phrases {
		if a.phrases[k].from == i {
			return &a.phrases[k]
		}
	}
	return nil
}

// expressions are the FTS queries for products with every word and with some, and about how many they find.
func (a *asked) expressions() (every, some string, everyDF, someDF int) {
	ps := a.parts()
	if len(ps) == 0 {
		return "", "", 0, 0
	}
	slices.SortStableFunc(ps, func(x, y part) int { return x.df - y.df })
	var all, any []string
	for _, p := range ps {
		all = append(all, p.expr)
		if len(any) == 0 || someDF+p.df <= 2*scoreCap {
			any = append(any, p.expr)
			someDF += p.df
		}
	}
	return strings.Join(all, " AND "), strings.Join(any, " OR "), ps[0].df, someDF
}

// anyPart is the FTS query for products with some part of the query, common ones too.
func (a *asked) anyPart() string {
	var any []string
	for _, p := range a.parts() {
		any = append(any, p.expr)
	}
	return strings.Join(any, " OR ")
}

// match finds the products for an FTS expression that meet a condition, best text first. df is about how many there are.
func (d *DB) match(ctx context.Context, in index, expr string, df int, cond condition, limit int) ([]int64, error) {
	from := in.table
	where := in.table + " MATCH ?"
	args := append([]any{expr}, cond.args...)
	if cond.sql != always.sql {
		from += " CROSS JOIN products p ON p.n=" + in.table + ".rowid"
		where += " AND " + cond.sql
	}
	query := "SELECT " + in.table + ".rowid FROM " + from + " WHERE " + where + " ORDER BY " + in.score + " LIMIT ?"
	if df > scoreCap {
		query = "SELECT n FROM (SELECT " + in.table + ".rowid AS n, " + in.score + " AS s FROM " + from + " WHERE " + where + " LIMIT ?) ORDER BY s LIMIT ?"
		args = append(args, scoreCap)
	}
	return d.numbers(ctx, query, append(args, limit))
}

func (d *DB) numbers(ctx context.Context, query string, args []any) ([]int64, error) {
	var out []int64
	err := d.each(ctx, query, args, func(scan func(...any) error) error {
		var n int64
		err := scan(&n)
		out = append(out, n)
		return err
	})
	return out, err
}

// retrieve gathers the candidates of a query: with every word in what the product is called, then with every word anywhere, then
// with some words. Each step is taken only if those before found too few.
func (d *DB) retrieve(ctx context.Context, a *asked, hard condition, soft []condition) ([]int64, error) {
	if len(a.groups) == 0 {
		return d.browse(ctx, hard, soft)
	}
	every, some, everyDF, someDF := a.expressions()
	if every == "" {
		return nil, nil
	}
	var out []int64
	step := func(in index, expr string, df int, cond condition, limit int) error {
		ns, err := d.match(ctx, in, expr, df, cond, limit)
		out = unique(append(out, ns...))
		return err
	}
	if err := step(names, every, everyDF, hard, candidates); err != nil {
		return nil, err
	}
	if kind := a.ofKind(); kind.sql != always.sql { // words alone may miss the things themselves: a title need not say what it is
		ns, err := d.match(ctx, everything, every, everyDF, allOf([]condition{hard, kind}), enough)
		if err != nil {
			return nil, err
		}
		out = unique(append(out, ns...))
		if head := &a.groups[a.head]; len(ns) < fewOfKind && len(a.groups) > 1 && !head.unknown { // few microphones say "usb", but all are microphones
			if err := step(everything, head.expression(), head.df, allOf([]condition{hard, kind}), fewOfKind); err != nil {
				return nil, err
			}
		}
	}
	if len(out) < enough {
		if err := step(everything, every, everyDF, hard, candidates); err != nil {
			return nil, err
		}
	}
	for _, c := range soft {
		if err := step(everything, every, everyDF, allOf([]condition{hard, c}), enough); err != nil {
			return nil, err
		}
	}
	if kind := a.ofKind(); len(out) < enough && some != every && kind.sql != always.sql { // a red lamp is not there, but lamps are
		if err := step(everything, a.anyPart(), math.MaxInt, allOf([]condition{hard, kind}), enough); err != nil {
			return nil, err
		}
	}
	if len(out) < enough && some != every {
		if err := step(names, some, someDF, hard, candidates); err != nil {
			return nil, err
		}
	}
	if len(out) == 0 && some != every {
		if err := step(everything, some, someDF, hard, candidates); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ofKind is the condition that a product is in a category that the query is surely about.
func (a *asked) ofKind() condition {
	c := condition{}
	for n, sure := range a.cats {
		if sure >= 0.75 {
			c.args = append(c.args, n)
		}
	}
	if len(c.args) == 0 {
		return always
	}
	c.sql = "p.cat IN (" + marks(len(c.args)) + ")"
	return c
}

// browse lists the best liked products when there is no text to match.
func (d *DB) browse(ctx context.Context, hard condition, soft []condition) ([]int64, error) {
	var out []int64
	for _, c := range append([]condition{always}, soft...) {
		both := allOf([]condition{hard, c})
		ns, err := d.numbers(ctx, "SELECT p.n FROM products p WHERE "+both.sql+" ORDER BY p.liked DESC LIMIT ?", append(slices.Clone(both.args), candidates))
		if err != nil {
			return nil, err
		}
		out = append(out, ns...)
	}
	return unique(out), nil
}

func unique(ns []int64) []int64 {
	seen := make(map[int64]bool, len(ns))
	out := ns[:0]
	for _, n := range ns {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

// list makes numbers an argument for json_each.
func list(ns []int64) string {
	b, err := json.Marshal(ns)
	if err != nil {
		panic(err) // numbers always marshal
	}
	return string(b)
}
