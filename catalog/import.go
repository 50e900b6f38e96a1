package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Changes says what an import did. Version is the catalogue's version after it.
type Changes struct {
	Added     int   `json:"added"`
	Updated   int   `json:"updated"`
	Unchanged int   `json:"unchanged"`
	Removed   int   `json:"removed"`
	Version   int64 `json:"version"`
}

// Import runs fill inside one transaction and commits what it put, or nothing if it returns an error or the process dies.
// The Sink is valid only inside fill and for one goroutine.
func (d *DB) Import(ctx context.Context, fill func(Sink) error) (Changes, error) {
	if d.write == nil {
		return Changes{}, fmt.Errorf("catalog: %s was opened read-only; open it without ReadOnly to import", d.path)
	}
	d.writing.Lock()
	defer d.writing.Unlock()
	ch, err := d.importAll(ctx, fill)
	if err != nil {
		return Changes{}, d.explain(err)
	}
	// The log has grown by the whole import; give the space back now. A reader in the middle of something delays that, harmlessly.
	d.write.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	return ch, nil
}

func (d *DB) importAll(ctx context.Context, fill func(Sink) error) (Changes, error) {
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return Changes{}, err
	}
	defer tx.Rollback()
	w, err := newWriter(ctx, tx, d.now())
	if err != nil {
		return Changes{}, err
	}
	if err := fill(w); err != nil {
		return Changes{}, err
	}
	if w.failed != nil {
		return Changes{}, w.failed // fill overlooked an error; half a write must not be committed
	}
	if err := w.finish(); err != nil {
		return Changes{}, err
	}
	return w.done, tx.Commit()
}

// writer is the Sink of one import.
type writer struct {
	ctx     context.Context
	tx      *sql.Tx
	stmts   map[string]*sql.Stmt
	now     int64
	version int64 // that changed rows get
	fresh   bool  // the catalogue was empty: secondary indexes are built at the end
	schema  bool  // a category, facet, value or default changed
	stale   bool  // labels of what is indexed changed: index it all again
	done    Changes
	failed  error

	cats    map[string]*catRow
	facets  map[string]*facetRow
	brands  map[string]*brandRow // by brandKey
	markets map[[2]string]bool

	facetRows, priceRows, stockRows *bulk
	df                              map[string]dfDelta
	spell                           map[string]int
}

type catRow struct {
	n    int64
	c    Category
	used bool     // some product is in it
	text []string // analysed names
}

type facetRow struct {
	n      int64
	f      Facet // without Values
	values map[string]*valueRow
	text   []string
}

type valueRow struct {
	n    int64
	v    FacetValue
	text []string
}

type brandRow struct {
	b     int64
	names Brand // label and synonyms; without Name and Count
	text  []string
}

type dfDelta struct{ all, core int }

func newWriter(ctx context.Context, tx *sql.Tx, now time.Time) (*writer, error) {
	w := &writer{ctx: ctx, tx: tx, stmts: map[string]*sql.Stmt{}, now: now.UnixMilli(), cats: map[string]*catRow{}, facets: map[string]*facetRow{},
		brands: map[string]*brandRow{}, markets: map[[2]string]bool{}, df: map[string]dfDelta{}, spell: map[string]int{}}
	w.facetRows = &bulk{w: w, into: "product_facets(n, f, v, var)", cols: 4}
	w.priceRows = &bulk{w: w, into: "prices(n, var, ord, market, currency, minor, sale, sale_currency, sale_from, sale_to)", cols: 10}
	w.stockRows = &bulk{w: w, into: "stock(n, var, warehouse, units)", cols: 4}
	if err := w.load(); err != nil {
		return nil, err
	}
	if w.fresh {
		return w, w.run("DROP INDEX product_facets_v")
	}
	return w, nil
}

// load reads what the transaction starts from: version, categories, facets, brands.
func (w *writer) load() error {
	var version, analyser string
	var some bool
	err := w.tx.QueryRow("SELECT (SELECT value FROM meta WHERE key='version'), (SELECT value FROM meta WHERE key='analyser'), EXISTS(SELECT 1 FROM products)").Scan(&version, &analyser, &some)
	if err != nil {
		return err
	}
	v, err := strconv.ParseInt(version, 10, 64)
	if err != nil {
		return fmt.Errorf("%w: its version is %q", ErrCorrupt, version)
	}
	w.version, w.fresh, w.stale = v+1, !some, some && analyser != analyserVersion
	err = w.each("SELECT c, id, doc, EXISTS(SELECT 1 FROM products WHERE cat=c) FROM categories", func(scan func(...any) error) error {
		var r catRow
		var id string
		var doc []byte
		if err := scan(&r.n, &id, &doc, &r.used); err != nil {
			return err
		}
		w.cats[id] = &r
		return json.Unmarshal(doc, &r.c)
	})
	if err != nil {
		return err
	}
	byN := map[int64]*facetRow{}
	err = w.each("SELECT f, id, doc FROM facets", func(scan func(...any) error) error {
		r := facetRow{values: map[string]*valueRow{}}
		var id string
		var doc []byte
		if err := scan(&r.n, &id, &doc); err != nil {
			return err
		}
		w.facets[id], byN[r.n] = &r, &r
		return json.Unmarshal(doc, &r.f)
	})
	if err != nil {
		return err
	}
	err = w.each("SELECT v, f, doc FROM facet_values", func(scan func(...any) error) error {
		var r valueRow
		var f int64
		var doc []byte
		if err := scan(&r.n, &f, &doc); err != nil {
			return err
		}
		if err := json.Unmarshal(doc, &r.v); err != nil {
			return err
		}
		if byN[f] != nil {
			byN[f].values[r.v.ID] = &r
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = w.each("SELECT b, key, doc FROM brands", func(scan func(...any) error) error {
		r := new(brandRow)
		var key string
		var doc []byte
		if err := scan(&r.b, &key, &doc); err != nil {
			return err
		}
		w.brands[key] = r
		return json.Unmarshal(doc, &r.names)
	})
	if err != nil {
		return err
	}
	return w.each("SELECT market, currency FROM markets", func(scan func(...any) error) error {
		var m [2]string
		err := scan(&m[0], &m[1])
		w.markets[m] = true
		return err
	})
}

func (w *writer) each(query string, row func(scan func(...any) error) error) error {
	return eachRow(w.ctx, w.tx, query, row)
}

// eachRow runs a query inside a transaction and hands every row to f.
func eachRow(ctx context.Context, tx *sql.Tx, query string, f func(scan func(...any) error) error, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// stmt prepares a statement once.
func (w *writer) stmt(query string) (*sql.Stmt, error) {
	if s := w.stmts[query]; s != nil {
		return s, nil
	}
	s, err := w.tx.PrepareContext(w.ctx, query)
	if err == nil {
		w.stmts[query] = s
	}
	return s, err
}

func (w *writer) run(query string, args ...any) error {
	_, err := w.insert(query, args...)
	return err
}

func (w *writer) insert(query string, args ...any) (int64, error) {
	s, err := w.stmt(query)
	if err != nil {
		return 0, w.fail(err)
	}
	r, err := s.ExecContext(w.ctx, args...)
	if err != nil {
		return 0, w.fail(err)
	}
	n, err := r.LastInsertId()
	return n, w.fail(err)
}

// fail remembers the first error of the database: after one, nothing may be committed.
func (w *writer) fail(err error) error {
	if err != nil && w.failed == nil {
		w.failed = err
	}
	return err
}

// bulk collects rows of one table and inserts many with one statement.
type bulk struct {
	w    *writer
	into string
	cols int
	args []any
}

const bulkRows = 64

func (b *bulk) add(args ...any) error {
	b.args = append(b.args, args...)
	if len(b.args) == bulkRows*b.cols {
		return b.flush()
	}
	return nil
}

func (b *bulk) flush() error {
	if len(b.args) == 0 {
		return nil
	}
	row := "(" + strings.Repeat("?,", b.cols-1) + "?)"
	query := "INSERT OR IGNORE INTO " + b.into + " VALUES " + strings.Repeat(row+",", len(b.args)/b.cols-1) + row
	err := b.w.run(query, b.args...)
	b.args = b.args[:0]
	return err
}

func (w *writer) flushRows() error {
	return errors.Join(w.facetRows.flush(), w.priceRows.flush(), w.stockRows.flush())
}

// buildIndexes makes what an import into an empty catalogue leaves for the end, within little memory.
func (w *writer) buildIndexes() error {
	defer w.tx.Exec(fmt.Sprintf("PRAGMA cache_size=%d", -writeCache/1024))
	for _, q := range []string{
		fmt.Sprintf("PRAGMA cache_size=%d", -sortCache/1024),
		"CREATE INDEX product_facets_v ON product_facets(f, v)",
		"INSERT INTO words(words) VALUES('optimize')",
		"INSERT INTO everything(everything) VALUES('optimize')",
	} {
		if err := w.run(q); err != nil {
			return err
		}
	}
	return nil
}

// finish writes what has gathered, and the version if something changed.
func (w *writer) finish() error {
	if err := w.flushRows(); err != nil {
		return err
	}
	if w.stale {
		if err := w.indexAgain(); err != nil {
			return err
		}
	}
	if err := w.flushCounts(); err != nil {
		return err
	}
	if w.fresh {
		if err := w.buildIndexes(); err != nil {
			return err
		}
	}
	if w.done.Removed+w.done.Updated > 0 {
		if err := w.run("DELETE FROM brands WHERE NOT EXISTS (SELECT 1 FROM products WHERE brand=b) AND doc='{}'"); err != nil {
			return err
		}
	}
	w.done.Version = w.version
	if w.done.Added+w.done.Updated+w.done.Removed == 0 && !w.schema && !w.stale {
		w.done.Version--
		return nil
	}
	if err := w.run("UPDATE meta SET value=? WHERE key='analyser'", analyserVersion); err != nil {
		return err
	}
	return w.run("UPDATE meta SET value=? WHERE key='version'", strconv.FormatInt(w.version, 10))
}
