package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// applicationID marks an SQLite file as a catalogue ("dgou").
const applicationID = 0x64676f75

// migrations bring a file from each layout to the next. A released one is never changed; a new one goes to the end.
var migrations = []string{`
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('version', '0'), ('currency', ''), ('analyser', '');

-- The narrow part of a product: what filters, ranking and counts read. The whole product is in docs.
CREATE TABLE products(
	n        INTEGER PRIMARY KEY,
	id       TEXT NOT NULL UNIQUE,
	hash     BLOB NOT NULL,
	version  INTEGER NOT NULL,
	updated  INTEGER NOT NULL,          -- Unix milliseconds
	cat      INTEGER NOT NULL DEFAULT 0, -- categories.c of the product type, 0 if it has none
	brand    INTEGER NOT NULL DEFAULT 0, -- brands.b, 0 if it has none
	in_stock INTEGER NOT NULL DEFAULT 1,
	rating   REAL,
	liked    REAL NOT NULL DEFAULT 0     -- rating, drawn towards the usual one where few rated
);
CREATE INDEX products_cat ON products(cat, liked DESC);
CREATE INDEX products_brand ON products(brand);
CREATE INDEX products_liked ON products(liked DESC);

CREATE TABLE docs(n INTEGER PRIMARY KEY, doc BLOB NOT NULL);
-- What re-ranking reads of a candidate: its analysed title and how often each word occurs where.
CREATE TABLE cards(n INTEGER PRIMARY KEY, card BLOB NOT NULL);

CREATE TABLE brands(b INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE categories(c INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, doc BLOB NOT NULL);
CREATE TABLE facets(f INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, doc BLOB NOT NULL);
CREATE TABLE facet_values(v INTEGER PRIMARY KEY, f INTEGER NOT NULL, id TEXT NOT NULL, doc BLOB NOT NULL, UNIQUE(f, id));
CREATE TABLE warehouses(id TEXT PRIMARY KEY, country TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE markets(market TEXT NOT NULL, currency TEXT NOT NULL, PRIMARY KEY(market, currency)) WITHOUT ROWID;

-- v is facet_values.v of an enum, the number of a number, 0 or 1 of a bool. var is 0 for the product itself, else 1, 2, … for its variants.
CREATE TABLE product_facets(n INTEGER NOT NULL, f INTEGER NOT NULL, v REAL NOT NULL, var INTEGER NOT NULL, PRIMARY KEY(n, f, v, var)) WITHOUT ROWID;
CREATE INDEX product_facets_v ON product_facets(f, v);
CREATE TABLE prices(
	n INTEGER NOT NULL, var INTEGER NOT NULL, ord INTEGER NOT NULL, market TEXT NOT NULL, currency TEXT NOT NULL,
	minor INTEGER NOT NULL, sale INTEGER, sale_currency TEXT, sale_from INTEGER, sale_to INTEGER,
	PRIMARY KEY(n, var, ord)) WITHOUT ROWID;
CREATE TABLE stock(n INTEGER NOT NULL, var INTEGER NOT NULL, warehouse TEXT NOT NULL, units INTEGER NOT NULL, PRIMARY KEY(n, var, warehouse)) WITHOUT ROWID;

-- Two text indexes. Texts come analysed (see analyse.go): words apart by spaces, nothing else, so the tokenizer only splits.
-- words holds what a product is called and its texts, so that BM25's length is the length of those; everything has the words of its type and facets too.
CREATE VIRTUAL TABLE words USING fts5(title, brand, body, codes,
	content='', contentless_delete=1, detail=full, tokenize="ascii tokenchars '-._+#/%&:'");
CREATE VIRTUAL TABLE everything USING fts5(text,
	content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '-._+#/%&:'");
INSERT INTO words(words, rank) VALUES ('hashsize', 16777216);
INSERT INTO everything(everything, rank) VALUES ('hashsize', 16777216);
-- terms counts the products that have a word of the index anywhere, and in title, brand or type. spellings does so for the words as they are written there.
CREATE TABLE terms(term TEXT PRIMARY KEY, df INTEGER NOT NULL, core INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE spellings(word TEXT PRIMARY KEY, df INTEGER NOT NULL) WITHOUT ROWID;
`, `
ALTER TABLE products ADD COLUMN ships_from TEXT NOT NULL DEFAULT ''; -- ISO country, '' if the feed does not say or counts stock by warehouse
ALTER TABLE brands ADD COLUMN doc BLOB NOT NULL DEFAULT '{}';        -- label and synonyms
`}

// layoutOf is how many migrations the file has had; 0 for an empty file.
func layoutOf(ctx context.Context, db *sql.DB) (int, error) {
	var tables, app, have int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return 0, err
	}
	if tables == 0 {
		return 0, nil
	}
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app); err != nil {
		return 0, err
	}
	if app != applicationID {
		return 0, fmt.Errorf("%w: it is the SQLite file of another program; name another file", ErrCorrupt)
	}
	err := db.QueryRowContext(ctx, "SELECT coalesce(max(version), 0) FROM migrations").Scan(&have)
	return have, err
}

// migrate brings the file to the newest layout, in one transaction.
func migrate(ctx context.Context, db *sql.DB) error {
	have, err := layoutOf(ctx, db)
	if err != nil || have == len(migrations) {
		return err
	}
	if have > len(migrations) {
		return fmt.Errorf("%w: it has layout %d and this program knows %d; use the newer program", ErrNewer, have, len(migrations))
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	// Another process may have done it while this one waited for the lock.
	if _, err := tx.Exec("CREATE TABLE IF NOT EXISTS migrations(version INTEGER PRIMARY KEY, at TEXT NOT NULL)"); err != nil {
		return err
	}
	if err := tx.QueryRow("SELECT coalesce(max(version), 0) FROM migrations").Scan(&have); err != nil {
		return err
	}
	for ; have < len(migrations); have++ {
		if _, err := tx.Exec(migrations[have]); err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT INTO migrations VALUES (?, ?)", have+1, time.Now().UTC().Format(time.RFC3339)); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(fmt.Sprintf("PRAGMA application_id=%d", applicationID)); err != nil {
		return err
	}
	return tx.Commit()
}
