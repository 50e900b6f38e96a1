package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"daogou/catalog"
)

// Formats that Options.Format takes.
const (
	FormatGoogle  = "google"  // Google Merchant attributes as TSV, CSV, RSS or Atom
	FormatShopify = "shopify" // Shopify product CSV
	FormatJSONLD  = "jsonld"  // schema.org JSON-LD, alone or inside HTML
	FormatJSONL   = "jsonl"   // our own lines; with a mapping any JSON lines
	FormatCSV     = "csv"     // any table, with a mapping
	FormatTSV     = "tsv"
)

// Options steer an import. The zero value reads the format and language from the content.
type Options struct {
	Map        *Mapping
	Format     string // empty: seen from the content
	Source     string // what issues call standard input
	Currency   string // of prices that name none; also the catalogue's default
	Market     string // whose prices these are; other markets' prices of a product stay
	Lang       string // of the feed's texts: "en", "zh"; empty: seen from the titles
	DryRun     bool   // read and lint, write nothing; sink may be nil
	Replace    bool   // products that the feed does not hold are removed; the sink must be a Lister
	MaxIssues  int    // issues kept in the report; 0: 1000
	Stdin      io.Reader
	Now        time.Time // for expiry dates; zero is the present
	Progress   func(bytesRead, bytesTotal int64, rows int)
	pendingMax int
}

// Lister is a sink that can name the products it holds.
type Lister interface {
	EachProductID(ctx context.Context, f func(id string) error) error
}

// format reads one kind of feed.
type format interface {
	// rows calls yield for every row. Bad rows go to the report; an error means that the file is broken.
	rows(in *input, yield func(*row) error) error
	// build makes the product of the rows of one group. nil means that it was reported and left out.
	build(rows []*row) (*catalog.Product, error)
}

// runner is one import.
type runner struct {
	ctx      context.Context
	sink     catalog.Sink
	opts     Options
	rep      *Report
	schema   *schema
	lang     string
	currency string
	now      time.Time

	passes    int64
	total     int64
	read      int64
	lastTold  int64
	rowsSeen  int
	seed      maphash.Seed
	groupSize map[uint64]int
	seen      map[uint64]mark
	pending   map[string]*group
	held      int
	batch     []readyProduct
	langVotes map[string]int
	curVotes  map[string]int
	quiet     quiet
	own       *ownLines
	brands    *brandNames
	noteOnce  map[string]bool
	files     []string
}

// quiet says which missing parts are no news, because the mapping has no field for them.
type quiet struct{ price, image bool }

type mark struct{ file, line int32 }

type group struct {
	rows []*row
	size int
}

type readyProduct struct {
	p  *catalog.Product
	at place
}

const (
	batchSize  = 200
	pendingMax = 256 << 20
)

// Run imports the files into the sink. Everything that is wrong with single rows is in the report; an error means that a file is
// broken or cut, or the sink failed, and that the transaction around the sink must be rolled back. The file "-" is standard input.
func Run(ctx context.Context, sink catalog.Sink, opts Options, files ...string) (*Report, error) {
	rep := newReport(opts)
	if len(files) == 0 {
		return rep, errors.New("feed: no file to import; name one or more, or - for standard input")
	}
	if sink == nil && !opts.DryRun {
		return rep, errors.New("feed: no catalogue to import into; use a dry run to check a feed without one")
	}
	if opts.Currency != "" {
		code, ok := currencyCode(opts.Currency)
		if !ok {
			return rep, fmt.Errorf("feed: %q is not a currency; use an ISO 4217 code such as USD", opts.Currency)
		}
		opts.Currency = code
	}
	if opts.Replace {
		if _, ok := sink.(Lister); !ok && !opts.DryRun {
			return rep, errors.New("feed: this catalogue cannot list its products, so it cannot be replaced; import without replace")
		}
	}
	r := newRunner(ctx, sink, opts, rep)
	return rep, r.run(files)
}

func newRunner(ctx context.Context, sink catalog.Sink, opts Options, rep *Report) *runner {
	r := &runner{ctx: ctx, sink: sink, opts: opts, rep: rep, lang: opts.Lang, currency: opts.Currency, now: opts.Now, passes: 2,
		seed: maphash.MakeSeed(), groupSize: map[uint64]int{}, seen: map[uint64]mark{}, pending: map[string]*group{},
		brands: newBrandNames(opts.Map), langVotes: map[string]int{}, curVotes: map[string]int{}, noteOnce: map[string]bool{}}
	if m := opts.Map; m != nil {
		if r.lang == "" {
			r.lang = m.Lang
		}
		if r.currency == "" {
			r.currency = m.Currency
		}
	}
	if r.now.IsZero() {
		r.now = time.Now()
	}
	if r.opts.pendingMax == 0 {
		r.opts.pendingMax = pendingMax
	}
	r.schema = newSchema(opts.Map, r.lang, rep)
	return r
}

func (r *runner) run(files []string) error {
	var sources []*source
	for _, name := range files {
		s, err := openSource(name, r.opts)
		if err != nil {
			return err
		}
		defer s.close()
		sources = append(sources, s)
		r.files = append(r.files, s.name)
		r.total += s.size * r.passes
	}
	formats := make([]format, len(sources))
	r.rep.silent = true
	for i, s := range sources {
		if err := r.profile(s, &formats[i]); err != nil {
			return err
		}
	}
	r.rep.silent = false
	if err := r.settle(); err != nil {
		return err
	}
	for i, s := range sources {
		if err := r.load(i, s, formats[i]); err != nil {
			return err
		}
	}
	if err := r.rest(formats[0]); err != nil {
		return err
	}
	if err := r.flush(); err != nil {
		return err
	}
	if err := r.replace(); err != nil {
		return err
	}
	r.progress(0, true)
	return nil
}

// profile is the first pass: what attributes, groups, currencies and languages there are.
func (r *runner) profile(s *source, f *format) error {
	in, err := s.open(r.ctx, r.rep, r.count)
	if err != nil {
		return err
	}
	defer in.close()
	if *f, err = r.detect(in); err != nil {
		return err
	}
	return (*f).rows(in, func(row *row) error {
		if row.group != "" {
			r.groupSize[r.hash(row.group)]++
		}
		r.vote(row)
		r.schema.observe(row)
		return nil
	})
}

// noCurrency stands in the first pass for the currency of prices that name none.
const noCurrency = "XXX"

func (r *runner) defaultCurrency() string {
	if r.currency == "" && r.rep.silent {
		return noCurrency
	}
	return r.currency
}

func (r *runner) vote(row *row) {
	for _, t := range row.p.Title {
		r.langVotes[langOf(t)]++
	}
	for _, p := range row.p.Prices {
		r.curVotes[p.Amount.Currency]++
	}
}

func most(votes map[string]int) string {
	best := ""
	for k, n := range votes {
		if k != "" && (best == "" || n > votes[best] || n == votes[best] && k < best) {
			best = k
		}
	}
	return best
}

// settle decides after the first pass what it left open.
func (r *runner) settle() error {
	if r.lang == "" {
		if r.lang = most(r.langVotes); r.lang == "" {
			r.lang = "en"
		}
		r.schema.lang = r.lang
	}
	if r.currency == "" {
		bare := r.curVotes[noCurrency]
		delete(r.curVotes, noCurrency)
		if r.currency = most(r.curVotes); r.currency == "" && bare > 0 {
			r.currency = "USD"
			r.once(Warning, "currency-assumed", place{file: "feed"}, "no price names its currency; USD was assumed, give another one if that is wrong")
		}
	}
	r.schema.decide()
	if r.opts.DryRun || r.currency == "" || r.opts.Market != "" {
		return nil
	}
	var houses map[string]string
	if r.opts.Map != nil {
		houses = r.opts.Map.Warehouses
	}
	return r.sink.SetDefaults(r.ctx, r.currency, houses)
}

// load is the second pass.
func (r *runner) load(i int, s *source, f format) error {
	in, err := s.open(r.ctx, r.rep, r.count)
	if err != nil {
		return err
	}
	defer in.close()
	return f.rows(in, func(row *row) error {
		r.rowsSeen++
		r.rep.Rows++
		return r.gather(i, f, row)
	})
}

// rest finishes groups whose rows did not all come, which happens when the file changed between the passes.
func (r *runner) rest(f format) error {
	ids := slices.Sorted(maps.Keys(r.pending))
	for _, id := range ids {
		if err := r.finish(0, f, r.pending[id].rows); err != nil {
			return err
		}
	}
	clear(r.pending)
	return nil
}

// gather holds the rows of a group back until all of it has been read.
func (r *runner) gather(i int, f format, next *row) error {
	if next.group == "" {
		return r.finish(i, f, []*row{next})
	}
	g := r.pending[next.group]
	if g == nil {
		g = &group{}
		r.pending[next.group] = g
	}
	g.rows = append(g.rows, next)
	n := next.bytes()
	g.size += n
	r.held += n
	key := r.hash(next.group)
	if r.groupSize[key]--; r.groupSize[key] > 0 {
		if r.held > r.opts.pendingMax {
			return fmt.Errorf("%s:%d: the rows of too many products are scattered over the feed; sort it by its group or handle column", next.file, next.line)
		}
		return nil
	}
	delete(r.pending, next.group)
	r.held -= g.size
	return r.finish(i, f, g.rows)
}

// bytes estimates what a row holds in memory.
func (r *row) bytes() int {
	n := 512 + 128*len(r.p.Shipping)
	for _, t := range r.p.Title {
		n += len(t)
	}
	for _, t := range r.p.Description {
		n += len(t)
	}
	for _, im := range r.p.Images {
		n += len(im.URL) + 64
	}
	for _, a := range r.attrs {
		n += 64
		for _, v := range a.vals {
			if s, ok := v.(string); ok {
				n += len(s)
			}
		}
	}
	return n
}

func (r *runner) finish(i int, f format, rows []*row) error {
	p, err := f.build(rows)
	if err != nil || p == nil {
		return err
	}
	at := place{rows[0].file, rows[0].line, p.ID}
	if p.ID = strings.TrimSpace(p.ID); !r.unique(p, at) || !r.lint(p, at) {
		return nil
	}
	r.seen[r.hash(p.ID)] = mark{int32(i), int32(at.line)}
	if err := r.keepMarkets(p); err != nil {
		return err
	}
	r.batch = append(r.batch, readyProduct{p, at})
	if len(r.batch) < batchSize {
		return nil
	}
	return r.flush()
}

// unique refuses the second product of an ID.
func (r *runner) unique(p *catalog.Product, at place) bool {
	m, dup := r.seen[r.hash(p.ID)]
	if !dup {
		return true
	}
	r.rep.skip(Error, "duplicate-id", at, "the id is already used at line %d of %s; the later product was left out", m.line, r.files[m.file])
	return false
}

// keepMarkets carries the other markets' prices over when the import is for one market.
func (r *runner) keepMarkets(p *catalog.Product) error {
	if r.opts.Market == "" || r.sink == nil {
		return nil
	}
	old, err := r.old(p.ID)
	if err != nil || old == nil {
		return err
	}
	for _, price := range old.Prices {
		if price.Market != r.opts.Market {
			p.Prices = append(p.Prices, price)
		}
	}
	return nil
}

// old is the product as the catalogue has it; nil if it has none.
func (r *runner) old(id string) (*catalog.Product, error) {
	if r.sink == nil {
		return nil, nil
	}
	p, err := r.sink.Product(r.ctx, id)
	if errors.Is(err, catalog.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("feed: product %s: %w", id, err)
	}
	return p, nil
}

// flush writes the products that are ready, after the categories and facets they need.
func (r *runner) flush() error {
	if r.opts.DryRun {
		for _, b := range r.batch {
			if err := r.compare(b.p); err != nil {
				return err
			}
		}
		r.batch = r.batch[:0]
		return r.ctx.Err()
	}
	if err := r.schema.flush(r.ctx, r.sink); err != nil {
		return err
	}
	for _, b := range r.batch {
		if err := r.brands.put(r.ctx, r.sink, b.p.Brand); err != nil {
			return err
		}
		c, err := r.sink.PutProduct(r.ctx, b.p)
		if err != nil {
			return fmt.Errorf("%s:%d: product %s: %w", b.at.file, b.at.line, b.p.ID, err)
		}
		r.tally(c)
	}
	clear(r.batch)
	r.batch = r.batch[:0]
	return nil
}

func (r *runner) tally(c catalog.Change) {
	switch c {
	case catalog.Added:
		r.rep.Added++
	case catalog.Updated:
		r.rep.Updated++
	case catalog.Removed:
		r.rep.Removed++
	default:
		r.rep.Unchanged++
	}
}

// compare says in a dry run what an import would do.
func (r *runner) compare(p *catalog.Product) error {
	old, err := r.old(p.ID)
	switch {
	case err != nil:
		return err
	case old == nil:
		r.tally(catalog.Added)
	case sameProduct(old, p):
		r.tally(catalog.Unchanged)
	default:
		r.tally(catalog.Updated)
	}
	return nil
}

func sameProduct(a, b *catalog.Product) bool {
	x, y := *a, *b
	x.Version, y.Version, x.Updated, y.Updated = 0, 0, time.Time{}, time.Time{}
	ja, err1 := json.Marshal(&x)
	jb, err2 := json.Marshal(&y)
	return err1 == nil && err2 == nil && string(ja) == string(jb)
}

// replace removes what the feed does not hold. A feed without a good product removes nothing.
func (r *runner) replace() error {
	if !r.opts.Replace {
		return nil
	}
	if r.rep.Products() == 0 {
		return errors.New("feed: not one product of the feed is good, so the catalogue is not replaced by it; see the issues")
	}
	lister, ok := r.sink.(Lister)
	if !ok {
		return nil
	}
	var gone []string
	err := lister.EachProductID(r.ctx, func(id string) error {
		if _, there := r.seen[r.hash(id)]; !there {
			gone = append(gone, id)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("feed: listing the products: %w", err)
	}
	for _, id := range gone {
		if r.opts.DryRun {
			r.rep.Removed++
			continue
		}
		c, err := r.sink.Remove(r.ctx, id)
		if err != nil {
			return fmt.Errorf("feed: removing product %s: %w", id, err)
		}
		if c == catalog.Removed {
			r.rep.Removed++
		}
	}
	return nil
}

func (r *runner) hash(s string) uint64 { return maphash.String(r.seed, s) }

// once reports something about the whole feed a single time.
func (r *runner) once(sev Severity, code string, at place, format string, args ...any) {
	if r.rep.silent || r.noteOnce[code] {
		return
	}
	r.noteOnce[code] = true
	r.rep.add(sev, code, at, format, args...)
}

func (r *runner) count(n int) { r.progress(int64(n), false) }

func (r *runner) progress(n int64, last bool) {
	r.read += n
	if r.opts.Progress == nil || !last && r.read-r.lastTold < 256<<10 {
		return
	}
	r.lastTold = r.read
	r.opts.Progress(min(r.read, r.total), r.total, r.rowsSeen)
}
