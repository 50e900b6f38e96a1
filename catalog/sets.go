package catalog

import (
	linked "container/list"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"sync"
)

// Counting in memory. A dialogue counts the same few conditions in ever new combinations: what is wanted, and with it each answer to a
// question. So the products that meet one condition, and those that have the words of a text, are found by SQL once, kept as a set with
// one bit a product, and combined here. The conditions are those of filter.go, so a set holds what the SQL would find. Prices are the
// exception: their bounds are different in every turn, so all prices of a market are kept and compared here (pricelist.go).
//
// A set belongs to one version of the catalogue; sets live and die with the snapshot. They take at most setBytes, the oldest go first.

const setBytes = 32 << 20

// errMoved says that an import was committed while a query was half answered.
var errMoved = errors.New("catalog: the catalogue changes faster than it can be read; try again")

// bitset has a bit for each product, by its place among the roster's.
type bitset []uint64

func newBitset(n int) bitset     { return make(bitset, (n+63)/64) }
func (s bitset) add(i int)       { s[i/64] |= 1 << (i % 64) }
func (s bitset) and(o bitset)    { s.each(o, func(a, b uint64) uint64 { return a & b }) }
func (s bitset) andNot(o bitset) { s.each(o, func(a, b uint64) uint64 { return a &^ b }) }
func (s bitset) count() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

func (s bitset) each(o bitset, f func(a, b uint64) uint64) {
	for i := range s {
		s[i] = f(s[i], o[i])
	}
}

// places lists the members in order.
func (s bitset) places() []int32 {
	out := make([]int32, 0, s.count())
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			out = append(out, int32(i*64+bits.TrailingZeros64(w)))
		}
	}
	return out
}

// roster is every product of one version in the order in which they came, and what lists are sorted by: 16 bytes a product.
type roster struct {
	ns     []int64
	liked  []float32
	rating []float32 // -1 for none
}

// place is where a product stands in the roster; false if it is not of this version.
func (r *roster) place(n int64) (int, bool) {
	if i := n - 1; i >= 0 && i < int64(len(r.ns)) && r.ns[i] == n {
		return int(i), true // nothing was ever removed before it
	}
	return slices.BinarySearch(r.ns, n)
}

func (r *roster) all() bitset {
	s := newBitset(len(r.ns))
	for i := range r.ns {
		s.add(i)
	}
	return s
}

// tables are what is kept in memory for one version, filled as it is asked for.
type tables struct {
	mu     sync.Mutex
	roster *roster
	prices map[string]*priceList // by market
	kept   map[string]*linked.Element
	order  *linked.List // of *keptValue, the last used in front
	bytes  int
}

type keptValue struct {
	key   string
	value any
	bytes int
}

func newTables() *tables {
	return &tables{prices: map[string]*priceList{}, kept: map[string]*linked.Element{}, order: linked.New()}
}

func (t *tables) get(key string) any {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.kept[key]
	if e == nil {
		return nil
	}
	t.order.MoveToFront(e)
	return e.Value.(*keptValue).value
}

func (t *tables) keep(key string, value any, bytes int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept[key] != nil {
		return // another goroutine was faster
	}
	k := &keptValue{key, value, bytes + len(key) + 200}
	t.kept[key] = t.order.PushFront(k)
	for t.bytes += k.bytes; t.bytes > setBytes; {
		old := t.order.Remove(t.order.Back()).(*keptValue)
		delete(t.kept, old.key)
		t.bytes -= old.bytes
	}
}

// onOneVersion runs f on one version of the catalogue, and again on the next one if an import got in between.
func (d *DB) onOneVersion(ctx context.Context, f func(*snapshot) error) error {
	var err error
	for range 5 {
		var s *snapshot
		if s, err = d.snapshot(ctx); err != nil {
			return err
		}
		if err = f(s); !errors.Is(err, errMoved) {
			return err
		}
	}
	return err
}

// scan hands f the rows of a query on the snapshot's version; errMoved if there is a newer one.
func (d *DB) scan(ctx context.Context, s *snapshot, query string, args []any, f func(scan func(...any) error) error) error {
	tx, err := d.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return d.explain(err)
	}
	defer tx.Rollback()
	var version int64
	if err := tx.QueryRowContext(ctx, "SELECT CAST(value AS INTEGER) FROM meta WHERE key='version'").Scan(&version); err != nil {
		return d.explain(err)
	}
	if version != s.schema.Version {
		return errMoved
	}
	return d.explain(eachRow(ctx, tx, query, f, args...))
}

func (d *DB) roster(ctx context.Context, s *snapshot) (*roster, error) {
	s.tables.mu.Lock()
	r := s.tables.roster
	s.tables.mu.Unlock()
	if r != nil {
		return r, nil
	}
	r = &roster{ns: make([]int64, 0, s.products), liked: make([]float32, 0, s.products), rating: make([]float32, 0, s.products)}
	err := d.scan(ctx, s, "SELECT n, liked, coalesce(rating, -1) FROM products ORDER BY n", nil, func(scan func(...any) error) error {
		var n int64
		var liked, rating float64
		err := scan(&n, &liked, &rating)
		r.ns, r.liked, r.rating = append(r.ns, n), append(r.liked, float32(liked)), append(r.rating, float32(rating))
		return err
	})
	if err != nil {
		return nil, err
	}
	s.tables.mu.Lock()
	defer s.tables.mu.Unlock()
	if s.tables.roster == nil {
		s.tables.roster = r
	}
	return s.tables.roster, nil
}

// setOf is the set of products whose numbers a query gives. It is shared: do not change it.
func (d *DB) setOf(ctx context.Context, s *snapshot, r *roster, query string, args []any) (bitset, error) {
	key := fmt.Sprintf("%s %#v", query, args)
	if v, ok := s.tables.get(key).(bitset); ok {
		return v, nil
	}
	out, err := d.find(ctx, s, r, query, args)
	if err == nil {
		s.tables.keep(key, out, 8*len(out))
	}
	return out, err
}

func (d *DB) find(ctx context.Context, s *snapshot, r *roster, query string, args []any) (bitset, error) {
	out := newBitset(len(r.ns))
	err := d.scan(ctx, s, query, args, func(scan func(...any) error) error {
		var n int64
		err := scan(&n)
		if i, ok := r.place(n); ok {
			out.add(i)
		}
		return err
	})
	return out, err
}

// hardSet is the set of products that meet every hard constraint and are not excluded. It is the caller's own.
func (d *DB) hardSet(ctx context.Context, f *filters, r *roster, q Query) (bitset, error) {
	pieces, err := f.pieces(q)
	if err != nil {
		return nil, err
	}
	out := r.all()
	for _, p := range pieces {
		var met bitset
		if p.of != nil && (p.of.Facet == FacetPrice || p.of.Facet == FacetOnSale) {
			met, err = d.priceSet(ctx, f, r, *p.of)
		} else {
			met, err = d.setOf(ctx, f.s, r, "SELECT p.n FROM products p WHERE "+p.sql, p.args)
		}
		if err != nil {
			return nil, err
		}
		out.and(met)
	}
	return out, nil
}

// wording is the text of a query as the text index is asked for it.
type wording struct{ every, some string }

// wordingOf understands a text, or remembers what it was understood as; nil for a text that asks for nothing.
func (d *DB) wordingOf(ctx context.Context, s *snapshot, text string) (*wording, error) {
	text = text[:cutAt(text, queryBytes)]
	if v, ok := s.tables.get("text " + text).(*wording); ok {
		return v, nil
	}
	a, err := d.understand(ctx, s, text)
	if err != nil {
		return nil, err
	}
	w := a.wording()
	size := 16
	if w != nil {
		size = len(w.every) + len(w.some)
	}
	s.tables.keep("text "+text, w, size)
	return w, nil
}

func (a *asked) wording() *wording {
	if len(a.groups) == 0 {
		return nil
	}
	every, some, _, _ := a.expressions()
	return &wording{every, some}
}

// few is the share of the catalogue below which the products of a text are looked at one by one: one in so many.
const few = 50

// matching is the set of products that meet the query's hard constraints and have every word of its text, or if none has, some word.
func (d *DB) matching(ctx context.Context, s *snapshot, q Query, w *wording) (bitset, error) {
	r, err := d.roster(ctx, s)
	if err != nil {
		return nil, err
	}
	f := &filters{s: s, market: q.Market, now: unixMilli(q.Now, d.now()), scan: true}
	if w == nil {
		return d.hardSet(ctx, f, r, q)
	}
	if w.every == "" {
		_, err := f.pieces(q)
		return newBitset(len(r.ns)), err
	}
	var out bitset
	for _, expr := range []string{w.every, w.some} {
		if out, err = d.worded(ctx, f, r, q, expr); err != nil || out.count() > 0 {
			break
		}
	}
	return out, err
}

// worded is the set of products for an FTS expression that meet the query's hard constraints.
func (d *DB) worded(ctx context.Context, f *filters, r *roster, q Query, expr string) (bitset, error) {
	text, err := d.setOf(ctx, f.s, r, "SELECT rowid FROM everything WHERE everything MATCH ?", []any{expr})
	if err != nil {
		return nil, err
	}
	if text.count()*few > len(r.ns) {
		out, err := d.hardSet(ctx, f, r, q)
		if err == nil {
			out.and(text)
		}
		return out, err
	}
	each := *f
	each.scan = false
	hard, err := each.hard(q)
	if err != nil {
		return nil, err
	}
	return d.find(ctx, f.s, r, "SELECT p.n FROM everything CROSS JOIN products p ON p.n=everything.rowid WHERE everything MATCH ? AND "+hard.sql, append([]any{expr}, hard.args...))
}
