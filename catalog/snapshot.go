package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"
)

// snapshot is what searches keep in memory about one version of the catalogue.
type snapshot struct {
	schema   *Schema
	products int
	catN     map[string]int64 // category ID → categories.c
	catID    map[int64]string
	facetN   map[string]int64
	valueN   map[string]map[string]int64 // facet ID → value ID → facet_values.v
	valueID  map[int64]string
	brandN   map[string]int64 // brandKey → brands.b
	brandOf  map[int64]string
	markets  []market
	lexicon  *lexicon
	tables   *tables // what counting keeps
}

type market struct{ name, currency string }

// snapshot returns the present version's, loading it if the catalogue has changed since the last one.
func (d *DB) snapshot(ctx context.Context) (*snapshot, error) {
	if s := d.current(ctx); s != nil {
		return s, nil
	}
	d.loader.Lock()
	defer d.loader.Unlock()
	if s := d.current(ctx); s != nil {
		return s, nil
	}
	s, err := d.loadSnapshot(ctx)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	d.known = s
	d.mu.Unlock()
	return s, nil
}

func (d *DB) current(ctx context.Context) *snapshot {
	d.mu.Lock()
	s := d.known
	d.mu.Unlock()
	if s == nil {
		return nil
	}
	if v, err := d.Version(ctx); err != nil || v != s.schema.Version {
		return nil
	}
	return s
}

func (d *DB) loadSnapshot(ctx context.Context) (*snapshot, error) {
	tx, err := d.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // one moment's view of all tables
	if err != nil {
		return nil, d.explain(err)
	}
	defer tx.Rollback()
	l := &loading{ctx: ctx, tx: tx, s: &snapshot{catN: map[string]int64{}, catID: map[int64]string{}, facetN: map[string]int64{}, valueN: map[string]map[string]int64{},
		valueID: map[int64]string{}, brandN: map[string]int64{}, brandOf: map[int64]string{}, tables: newTables()}}
	for _, step := range []func() error{l.meta, l.categories, l.facets, l.brands, l.priceMarkets, l.words} {
		if err := step(); err != nil {
			return nil, d.explain(err)
		}
	}
	return l.s, nil
}

// loading gathers a snapshot.
type loading struct {
	ctx      context.Context
	tx       *sql.Tx
	s        *snapshot
	version  int64
	currency string
	cats     []Category
	fs       []Facet
}

func (l *loading) each(query string, row func(scan func(...any) error) error) error {
	return eachRow(l.ctx, l.tx, query, row)
}

func (l *loading) meta() error {
	return l.tx.QueryRowContext(l.ctx, `SELECT (SELECT CAST(value AS INTEGER) FROM meta WHERE key='version'), (SELECT value FROM meta WHERE key='currency'),
		(SELECT count(*) FROM products)`).Scan(&l.version, &l.currency, &l.s.products)
}

func (l *loading) categories() error {
	direct := map[int64]int{}
	err := l.each("SELECT cat, count(*) FROM products GROUP BY cat", func(scan func(...any) error) error {
		var c int64
		var n int
		err := scan(&c, &n)
		direct[c] = n
		return err
	})
	if err != nil {
		return err
	}
	at := map[string]int{}
	err = l.each("SELECT c, id, doc FROM categories ORDER BY c", func(scan func(...any) error) error {
		var n int64
		var id string
		var doc []byte
		if err := scan(&n, &id, &doc); err != nil {
			return err
		}
		var c Category
		if err := json.Unmarshal(doc, &c); err != nil {
			return err
		}
		at[id] = len(l.cats)
		l.cats = append(l.cats, c)
		l.s.catN[id], l.s.catID[n] = n, id
		return nil
	})
	if err != nil {
		return err
	}
	for n, count := range direct { // a category counts what is below it too
		for id, depth := l.s.catID[n], 0; id != "" && depth < 16; depth++ {
			i, ok := at[id]
			if !ok {
				break
			}
			l.cats[i].Count += count
			id = l.cats[i].Parent
		}
	}
	return nil
}

func (l *loading) facets() error {
	at := map[int64]int{}
	err := l.each("SELECT f, id, doc FROM facets ORDER BY f", func(scan func(...any) error) error {
		var n int64
		var id string
		var doc []byte
		if err := scan(&n, &id, &doc); err != nil {
			return err
		}
		var f Facet
		if err := json.Unmarshal(doc, &f); err != nil {
			return err
		}
		at[n] = len(l.fs)
		l.fs = append(l.fs, f)
		l.s.facetN[id] = n
		l.s.valueN[id] = map[string]int64{}
		return nil
	})
	if err != nil {
		return err
	}
	return l.each("SELECT v, f, id, doc FROM facet_values ORDER BY v", func(scan func(...any) error) error {
		var v, f int64
		var id string
		var doc []byte
		if err := scan(&v, &f, &id, &doc); err != nil {
			return err
		}
		var fv FacetValue
		if err := json.Unmarshal(doc, &fv); err != nil {
			return err
		}
		i, ok := at[f]
		if !ok {
			return nil
		}
		l.fs[i].Values = append(l.fs[i].Values, fv)
		l.s.valueN[l.fs[i].ID][id] = v
		l.s.valueID[v] = id
		return nil
	})
}

func (l *loading) brands() error {
	var brands []Brand
	err := l.each("SELECT b, key, name, doc, count(*) FROM products JOIN brands ON b=brand GROUP BY b ORDER BY count(*) DESC, name", func(scan func(...any) error) error {
		var b int64
		var key string
		var br Brand
		var name string
		var doc []byte
		var count int
		if err := scan(&b, &key, &name, &doc, &count); err != nil {
			return err
		}
		if err := json.Unmarshal(doc, &br); err != nil {
			return err
		}
		br.Name, br.Count = name, count
		brands = append(brands, br)
		l.s.brandN[key], l.s.brandOf[b] = b, br.Name
		return nil
	})
	if err != nil {
		return err
	}
	for i := range brands { // a brand is also found by what else it is called, unless another one is spelled so
		b := &brands[i]
		for _, s := range append(b.Label.texts(), slices.Concat(slices.Collect(maps.Values(b.Synonyms))...)...) {
			if key := brandKey(s); l.s.brandN[key] == 0 && key != "" {
				l.s.brandN[key] = l.s.brandN[brandKey(b.Name)]
			}
		}
	}
	l.s.schema = NewSchema(l.version, l.currency, l.cats, l.fs, brands)
	return nil
}

func (l *loading) priceMarkets() error {
	return l.each("SELECT market, currency FROM markets ORDER BY market, currency", func(scan func(...any) error) error {
		var m market
		if err := scan(&m.name, &m.currency); err != nil {
			return err
		}
		l.s.markets = append(l.s.markets, m)
		if !slices.Contains(l.s.schema.Markets, m.name) {
			l.s.schema.Markets = append(l.s.schema.Markets, m.name)
		}
		return nil
	})
}
