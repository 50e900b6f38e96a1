// Package catalog keeps what a shop sells and finds it: products with typed facets, prices per market, stock per warehouse,
// and a search that understands English and Chinese product queries.
//
// One catalogue is one SQLite file. Any number of processes may read it while one imports; an import is a single
// transaction, so a reader sees the catalogue before it or after it and nothing between, and a killed import leaves the
// old one. Two imports do not run at once: the second waits, then reports that the file is locked.
//
// It is not for carts, orders, sessions or behaviour events, and it never talks to the network. Reading feeds is the
// business of package feed, which writes through a Sink.
//
//	db, err := catalog.Open("shop.db")
//	defer db.Close()
//	_, err = db.Import(ctx, func(to catalog.Sink) error {
//		_, err := to.PutProduct(ctx, &catalog.Product{ID: "1", Title: catalog.Text{"en": "Blue mug"}})
//		return err
//	})
//	res, err := db.Search(ctx, catalog.Query{Text: "mug under 20 dollars"})
//
// Invariants: the catalogue's version rises with every import that changes something and with no other; a row's version is
// the catalogue version that last changed it; a product whose content did not change keeps version and time; the search
// index is always of the same transaction as the rows; what is read is never older than a version the caller saw before.
package catalog
