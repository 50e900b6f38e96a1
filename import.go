package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"daogou/catalog"
	"daogou/catalog/demo"
	"daogou/catalog/feed"
)

// importCmd reads feeds into a catalogue in one transaction: a bad file, a crash or a full disk leaves the old catalogue as it was.
type importCmd struct {
	DB       string   `help:"Catalogue database." default:"data/shop.db" type:"path"`
	Map      string   `help:"Mapping file (YAML) that says which field is what, or the name of a built-in one: icecat, litemall, fashion, dummyjson."`
	Format   string   `help:"Format of the files, if it is not what their content says: google, shopify, jsonld, jsonl, csv."`
	DryRun   bool     `help:"Read and check everything, change nothing."`
	Replace  bool     `help:"Remove every product of the catalogue that these files do not have."`
	Source   string   `help:"What findings call standard input."`
	Currency string   `help:"Currency of prices that name none." placeholder:"ISO"`
	Market   string   `help:"Market, such as DE, whose prices these are; a product's prices in other markets stay." placeholder:"NAME"`
	Lang     string   `help:"Language of texts that name none." default:""`
	Lint     int      `help:"How many findings of the lint report to print." default:"20"`
	Quiet    bool     `short:"q" help:"No progress bar."`
	Files    []string `arg:"" name:"file" help:"Feeds to read; - is standard input."`
}

// errDryRun unwinds the transaction of a dry run.
var errDryRun = errors.New("dry run")

func (c importCmd) Run(ctx context.Context, io streams) error {
	opts := feed.Options{Format: c.Format, Source: c.Source, Currency: c.Currency, Market: c.Market, Lang: c.Lang, Replace: c.Replace, Progress: progress(io.err, c.Quiet)}
	if c.Map != "" {
		m, err := feed.LoadMapping(c.Map)
		if err != nil {
			return err
		}
		opts.Map = m
	}
	if slices.Contains(c.Files, "-") {
		opts.Stdin = untilDone(ctx, io.in)
	}
	start := time.Now()
	report, err := c.read(ctx, opts)
	if report != nil {
		printReport(io.err, report, c.Lint)
	}
	if err != nil && !errors.Is(err, errDryRun) {
		return fmt.Errorf("%w; the catalogue is as it was", err)
	}
	return writeLine(io.out, importSummary{report.Rows, report.Added, report.Updated, report.Unchanged, report.Removed, report.Skipped, c.DryRun,
		time.Since(start).Seconds()})
}

// read runs the feed into the catalogue. A dry run over a catalogue that is not there yet needs none; over one that is, it is rolled back.
func (c importCmd) read(ctx context.Context, opts feed.Options) (report *feed.Report, err error) {
	if _, missing := os.Stat(c.DB); c.DryRun && missing != nil {
		opts.DryRun = true
		return feed.Run(ctx, nil, opts, c.Files...)
	}
	db, err := openCatalogue(c.DB)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	_, err = db.Import(ctx, func(sink catalog.Sink) error {
		var err error
		if report, err = feed.Run(ctx, sink, opts, c.Files...); err == nil && c.DryRun {
			err = errDryRun
		}
		return err
	})
	return report, err
}

// importSummary is the one line of JSON that an import prints.
type importSummary struct {
	Rows      int     `json:"rows"`
	Added     int     `json:"added"`
	Updated   int     `json:"updated"`
	Unchanged int     `json:"unchanged"`
	Removed   int     `json:"removed"`
	Skipped   int     `json:"skipped"`
	DryRun    bool    `json:"dry_run,omitempty"`
	Seconds   float64 `json:"seconds"`
}

// progress draws a bar on a terminal and nothing in a pipe.
func progress(w io.Writer, quiet bool) func(read, total int64, rows int) {
	f, ok := w.(*os.File)
	if quiet || !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(read, total int64, rows int) {
		if bar == nil {
			bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond),
				progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
		}
		bar.Describe(fmt.Sprintf("%d rows", rows))
		bar.Set64(read)
	}
}

// printReport writes the lint report: each kind of finding with its number, then the first findings with their lines.
func printReport(w io.Writer, r *feed.Report, limit int) {
	for _, c := range r.CodeList() {
		fmt.Fprintf(w, "%6d × %s\n", r.Codes[c], c)
	}
	for i, issue := range r.Issues {
		if i == limit {
			fmt.Fprintf(w, "… more findings are not printed; see --lint\n")
			break
		}
		fmt.Fprintln(w, issue.String())
	}
}

// openCatalogue opens a catalogue, making its folder and file where there is none.
func openCatalogue(path string) (*catalog.DB, error) {
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		if err := os.MkdirAll(path[:i], 0o755); err != nil {
			return nil, fmt.Errorf("cannot make the folder of the catalogue: %w", err)
		}
	}
	return catalog.Open(path)
}

// existingCatalogue opens a catalogue that must be there: a command that only reads does not make an empty one.
func existingCatalogue(path string) (*catalog.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("there is no catalogue at %s: make one with `daogou import --db %s FILE…` or `daogou demo --db %s`", path, path, path)
	}
	db, err := catalog.Open(path)
	if err != nil { // a folder that may not be written is good enough to read from
		if reader, again := catalog.Open(path, catalog.ReadOnly()); again == nil {
			return reader, nil
		}
	}
	return db, err
}

// demoCmd writes the demo shop.
type demoCmd struct {
	DB    string `help:"Catalogue database to write into." type:"path"`
	JSONL bool   `name:"jsonl" help:"Print categories, facets and products as JSON lines instead, as import reads them."`
}

func (c demoCmd) Run(ctx context.Context, io streams) error {
	if c.JSONL {
		_, err := demo.Generate(ctx, printer{io.out})
		return err
	}
	if c.DB == "" {
		return errors.New("say where to: --db FILE, or --jsonl to print")
	}
	db, err := openCatalogue(c.DB)
	if err != nil {
		return err
	}
	defer db.Close()
	n, err := writeDemo(ctx, db)
	if err == nil {
		err = writeDemoPolicies(c.DB)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "%d products in %s\n", n, c.DB)
	return err
}

// writeDemo brings the demo shop of this binary into the catalogue; what is there already stays untouched.
func writeDemo(ctx context.Context, db *catalog.DB) (n int, err error) {
	_, err = db.Import(ctx, func(sink catalog.Sink) error {
		n, err = demo.Generate(ctx, sink)
		return err
	})
	return n, err
}

// printer is a sink that writes what it gets as lines of our own feed format.
type printer struct{ w io.Writer }

func (p printer) line(key string, v any) error { return writeLine(p.w, map[string]any{key: v}) }

func (p printer) Product(context.Context, string) (*catalog.Product, error) {
	return nil, catalog.ErrNotFound
}

func (p printer) PutCategory(_ context.Context, c catalog.Category) error {
	return p.line("category", c)
}
func (p printer) PutFacet(_ context.Context, f catalog.Facet) error { return p.line("facet", f) }

func (p printer) PutBrand(_ context.Context, b catalog.Brand) error { return p.line("brand", b) }

func (p printer) PutProduct(_ context.Context, x *catalog.Product) (catalog.Change, error) {
	return catalog.Added, writeLine(p.w, x)
}

func (p printer) Remove(context.Context, string) (catalog.Change, error) {
	return catalog.Unchanged, nil
}

func (p printer) SetDefaults(_ context.Context, currency string, warehouses map[string]string) error {
	return p.line("defaults", map[string]any{"currency": currency, "warehouses": warehouses})
}
