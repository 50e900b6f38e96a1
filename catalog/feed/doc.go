// Package feed reads product feeds into a catalogue: Google Merchant feeds, Shopify product exports, schema.org JSON-LD, our own JSON
// lines, and any table or JSON lines through a mapping file. It checks while it reads and says with line numbers what is wrong.
//
// It knows no database: it writes into a catalog.Sink, inside whose transaction it runs. When Run returns an error, the file is broken
// or cut and the transaction must be rolled back; single bad rows are left out, each with an issue in the report. It fetches nothing:
// a feed behind an address is downloaded by someone else and piped in.
//
//	m, err := feed.LoadMapping("icecat")
//	...
//	_, err = db.Import(ctx, func(s catalog.Sink) error {
//		report, err = feed.Run(ctx, s, feed.Options{Map: m}, "products.jsonl.gz")
//		return err
//	})
//
// # How it reads
//
// A file is read twice. The first pass learns which attributes there are and what kind each is, how many rows a group has, and the
// language and currency where nobody said them; the second writes. Standard input ("-") is spooled to a temporary file for that. Gzip is
// recognised by content, and so are UTF-16 with a byte order mark, GB18030, Windows-1252 and the encoding that an XML declaration or an
// HTML page names; broken characters become � with a warning.
//
// Memory is bounded: rows are streamed, a line or table row or XML item may have 8 MB, a JSON-LD document or page 64 MB, and rows of
// unfinished groups 256 MB together. What grows with the feed is a few bytes a product for finding duplicates and the sets of facet
// values. Categories and facets always reach the sink before the products that use them.
//
// # Formats
//
// Google Merchant: TSV, CSV, RSS 2.0 and Atom. Rows of one item_group_id are one product; what differs between them makes the variants.
// product_type is the category path (Google's own category if it is written as a path). color, size, material and so on and every
// product_detail become facets. ships_from_country and shipping (country, region, service, price) are kept as they are;
// handling and transit times are not. sale_price holds between the dates of sale_price_effective_date. An expired offer is left out.
//
// Shopify: both header generations. Rows of one handle are one product. A missing column keeps what the catalogue has, a blank one
// clears it; Title is needed only for a new product. "Price / <Market>" are prices of that market, a compare-at price above the price
// makes a sale, metafields become facets. Drafts, archived and unpublished products are left out with a note, and are taken out of the
// catalogue if they are in it. Prices name no currency: give Options.Currency.
//
// JSON-LD: Product and ProductGroup with hasVariant, in arrays, @graph, ItemList, or the scripts of an HTML page; references by @id.
//
// Our own lines: one catalog.Product a line, and lines that carry the rest of a catalogue:
//
//	{"defaults":{"currency":"EUR","warehouses":{"de1":"DE"}}}
//	{"facet":{"id":"waist","kind":"number","unit":"cm","label":{"en":"Waist","zh":"腰围"}}}
//	{"category":{"id":"jeans","parent":"clothing","label":{"en":"Jeans","zh":"牛仔裤"}}}
//	{"brand":{"name":"Lenovo","label":{"zh":"联想"},"synonyms":{"en":["Legend"]}}}
//	{"id":"j1","title":{"en":"Slim jeans"},"category":["clothing","jeans"],"facets":{"waist":[81]},"prices":[{"amount":{"minor":4900,"currency":"EUR"}}]}
//
// They may come in any order. A feed that declares no facet at all gets them inferred from its products, and so for categories.
//
// # Mapping files
//
// A mapping is a YAML file that says which field of a feed is what. Those in maps/ come with the program and are called by their name.
//
//	name: lamps                 # for messages
//	format: csv                 # csv, tsv or jsonl; empty: seen from the content
//	lang: en                    # of the texts; empty: seen from the titles
//	currency: EUR               # of prices that name none
//	warehouses: {main: DE}      # warehouse ID → country
//	fields:
//	  id: sku
//	  group: parent_sku         # rows with the same group are variants of one product
//	  title: {en: name, zh: name_zh}
//	  description: [long_text, short_text]       # the first one that is filled
//	  brand: {path: maker, map: {acme inc: Acme}, cut: [" GmbH"]}
//	  link: "https://example.org/p/{sku}"        # a template
//	  images: {path: [image, more_images], split: ","}
//	  gtin: ean
//	  price: {path: cents, scale: 0.01, currency: cur, list_price: old_cents, sale: sale_cents, discount: percent_off, sale_dates: period}
//	  stock: {path: qty, warehouse: main}
//	  weight: {path: weight, unit: kg}           # unit of bare numbers; "2 lb" names its own
//	  size: {path: [l, w, h], unit: mm}
//	  rating: {path: stars, scale: 0.5}          # to stars out of 5
//	  rating_count: reviews
//	  # also: mpn, condition, availability, origin, ships_from, hs_code, restrictions
//	brands:                       # what brands are called, where the built-in vocabulary does not know or is wrong
//	  Lenovo: [Lenovo, 联想]
//
// A path is dotted: "offer.price", "images.0", "images.*.src" (every element). A key that itself holds dots is found first. Wherever one
// path may stand, so may a list of which the first filled one counts (of images, gtin and restrictions all count).
//
// Facets. What is listed is explicit; a path may hold * for any run of characters. Facets of the built-in vocabulary (colour, size,
// material, gender, season, usage, weight, length, screen_size, memory, storage, …) need no labels, kind or values: they mean the same in
// every shop, and so do their values ("Navy Blue" and 藏青色 are navy).
//
//	facets:
//	  - {id: colour, path: col, split: "/"}
//	  - {id: lumens, path: [lm, attrs.light*], kind: number, unit: lm, en: Brightness, zh: 亮度, also: [light output], better: high, min: 1, max: 100000}
//	  - {id: socket, path: cap, kind: enum, en: Socket, zh: 灯头, map: {"E 27": e27, "-": ""}, values: {e27: [E27, E27灯头, screw cap]}}
//	  - {id: dimmable, path: dim, kind: bool, en: Dimmable, zh: 可调光, ask: {en: "Should it dim?", zh: 需要调光吗？}}
//	  - {id: shade, path: description, kind: enum, en: Shade, zh: 灯罩, find: {linen: [linen, 亚麻], glass: [glass, 玻璃]}}
//	  - {id: power, path: watts, title: '(\d+ ?W)\b'}
//
// kind is enum, number, bool or text; without it the values decide. unit is that of bare numbers; units written in the field win, and
// what is stored is the dimension's canonical unit. split is a set of separator characters; map turns texts into value IDs (an empty one
// drops the value); values are [English, Chinese, synonyms…] per value ID; find takes every value whose words occur in a longer text;
// min and max drop noise; title is a regular expression, or a list of them, that finds the value in the title where the fields are silent. A value that
// stands for nothing ("n/a", "-", 暂无) is never taken.
//
// Facets by pattern. Fields that no facet names are typed by the first rule that matches; fields that match none are not imported.
// A field found in fewer products than min_count is no facet of its own but a line of the text facet "details".
//
//	ignore: ["attrs.internal_*"]
//	min_count: 20
//	infer:
//	  - {path: "attrs.n_*", kind: number, prefix: n_}
//	  - {path: "attrs.b_*", kind: bool, prefix: b_}
//	  - {path: "attrs.t_*", prefix: t_, split: ","}     # kind by the values: enum if few and short, else text
//
// Variants inside a record:
//
//	variants:
//	  path: skus
//	  id: "{code}"
//	  price: {path: price}
//	  stock: {path: stock}
//	  options: {names: specs, values: spec}            # specs: {"颜色": ["红","蓝"]}, spec: ["红"]
//	  facets: [{id: size, path: size}]
//
// Product types. Categories are declared parents first; facets lists what matters to a buyer, in order, before what the products have in
// common. Rules are tried from the top, and the first of which every condition holds gives the type: title, match and not are regular
// expressions, whatever the case; is lists whole values; has and lacks name fields. levels makes categories of templates instead, with
// labels from names. derive makes a field for the rules: a text with others cut off its front and its end cut off at a word.
//
//	derive:
//	  - {name: noun, from: title, cut: [brand, model], until: [for, with]}
//	categories:
//	  - {id: lighting, en: Lighting, zh: 灯具}
//	  - {id: desk-lamp, in: lighting, en: Desk lamps, zh: 台灯, also: [reading lamp, 书桌灯], facets: [lumens, colour]}
//	types:
//	  - {to: desk-lamp, field: noun, match: '\bdesk lamp', not: '\bbulb'}
//	  - {to: desk-lamp, field: attrs.type, is: [Table, Desk], has: attrs.socket}
//	  - {levels: ["{category}", "{subcategory}"]}
//	names:
//	  Home: [Home, 家居, household]
//
// # Issues
//
// error: the row was left out (missing-id, bad-id, missing-title, bad-price, negative-price, unknown-currency, no-currency, duplicate-id,
// duplicate-variant, bad-row, bad-json, bad-product, bad-facet, bad-category, bad-brand). warning: a part was dropped or mended (html-in-title,
// missing-price, zero-price, bad-sale-price, bad-date, bad-gtin, unknown-availability, bad-condition, bad-country, bad-shipping, bad-hs-code, bad-unit,
// bad-value, bad-url, bad-weight, bad-rating, placeholder, invalid-utf8, currency-assumed, unknown-field, undeclared-facet,
// undeclared-category, too-many-values, empty-feed). info: long-title, long-description, missing-image, no-price-field, no-image-field,
// not-published, withdrawn, expired, out-of-range.
package feed
