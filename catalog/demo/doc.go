// Package demo is the catalogue of the demo shop: twelve verticals, some 150 product types and over 1,200 products in English and
// Chinese, with prices in five markets, stock in four warehouses and the customs data a parcel needs.
//
// It is made from authored tables (tables/*.yaml, embedded): a table says what a product type is, which facets it has, which values
// go together and what may be said of it. The generator deals the values out and renders the text; it knows no product type itself.
// All brands and models are invented. It is not an importer: feeds of real shops go through catalog/feed.
//
// Invariants, all tested: the same tables give the same products, byte for byte; no two products share an id, title or GTIN; every
// facet and value used is declared with an English and a Chinese label; no text holds an unfilled placeholder; GTINs begin with 20
// to 29, the range for restricted circulation, so that none belongs to a real company.
//
// Example, the whole catalogue into a store's transaction:
//
//	n, err := demo.Generate(ctx, tx) // tx is a catalog.Sink
//
// And a picture for the web server's /pictures/tent-03.svg:
//
//	svg, ok := demo.PictureSVG("tent-03")
package demo
