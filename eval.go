package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"daogou/catalog"
	"daogou/catalog/searcheval"
	"daogou/generator/task"
	"daogou/generator/task/data"
	"daogou/nlu"
	"daogou/nlu/nlueval"
)

// evalCmd measures; every figure in the README comes from here or from bench.
type evalCmd struct {
	Search   evalSearchCmd   `cmd:"" help:"Search quality against graded judgements: nDCG@10, P@10, Recall@100, the no-match decision, latency."`
	Parse    evalParseCmd    `cmd:"" help:"Understanding on annotated dialogues: acts, constraints, joint state, references."`
	Rank     evalRankCmd     `cmd:"" help:"The model's order of hits against graded judgements: search, model and both."`
	Word     evalWordCmd     `cmd:"" help:"Replies worded for the plans of made-up talks, checked by code: slots, language, repetition, length; distinct-2; --print for reading."`
	Retrieve evalRetrieveCmd `cmd:"" help:"Generative retrieval: how often beam search under the catalogue's trie finds the product that a need was made for."`
	Ground   evalGroundCmd   `cmd:"" help:"Hostile product texts and fuzzed turns through the whole chat: every reply is held against the catalogue's rows."`
}

type evalParseCmd struct {
	DB string `help:"Catalogue database that the dialogues are about; the demo shop by default." type:"path"`
	modelFlags
	Misses  int    `help:"Print so many turns that were not understood."`
	JSON    bool   `help:"Print the scores as JSON lines."`
	Alone   bool   `help:"Let the model read without the rules' draft."`
	Noisy   bool   `help:"Mar every turn first: typos, no capitals, no punctuation, full-width digits, words before the matter."`
	Only    string `help:"Measure only the dialogues of this vertical, as their IDs name it." placeholder:"VERTICAL"`
	Written bool   `help:"Measure on the hand-written dialogues kept from training instead: those are for reading one's mistakes."`
	Dir     string `arg:"" optional:"" help:"Folder with one folder a language." default:"nlu/testdata/dev" type:"path"`
}

func (c evalParseCmd) Run(ctx context.Context, io streams) error {
	if c.Written {
		return c.runWritten(ctx, io)
	}
	if st, err := os.Stat(c.Dir); err != nil || !st.IsDir() {
		return fmt.Errorf("there is no folder %s with dialogues: name one, or run this in a checkout of daogou", c.Dir)
	}
	db, done, err := demoOr(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	schema, err := db.Schema(ctx)
	if err != nil {
		return err
	}
	cases, err := nlueval.ReadDir(os.DirFS(c.Dir), ".")
	if err != nil {
		return err
	}
	if cases = c.chosen(cases); len(cases) == 0 {
		return fmt.Errorf("no dialogue in %s is about %q: their IDs read like en-outdoor-01", c.Dir, c.Only)
	}
	parser, closeParser, err := c.reader(catalogueWords(ctx, db))
	if err != nil {
		return err
	}
	defer closeParser()
	read := func(ids []string) ([]*catalog.Product, error) { return db.Products(ctx, ids) }
	got, err := nlueval.Run(ctx, parser, schema, read, cases)
	if err != nil {
		return err
	}
	return c.report(io, cases, got)
}

// runWritten measures on what was kept of the hand-written dialogues, each in its own shop.
func (c evalParseCmd) runWritten(ctx context.Context, io streams) error {
	kept, err := data.ValidCases()
	if err != nil {
		return err
	}
	var cases []nlueval.Case
	var got []nlueval.Got
	for _, k := range kept {
		if k.Cases = c.chosen(k.Cases); len(k.Cases) == 0 {
			continue
		}
		parser, done, err := c.reader(shopWords(k.Shop))
		if err != nil {
			return err
		}
		g, err := nlueval.Run(ctx, parser, k.Shop.Schema, k.Shop.Find, k.Cases)
		done()
		if err != nil {
			return err
		}
		cases, got = append(cases, k.Cases...), append(got, g...)
	}
	return c.report(io, cases, got)
}

// chosen are the cases that the flags speak of, as they want them.
func (c evalParseCmd) chosen(cases []nlueval.Case) []nlueval.Case {
	if c.Only != "" {
		cases = slices.DeleteFunc(slices.Clone(cases), func(x nlueval.Case) bool { return !strings.Contains(x.ID, "-"+c.Only+"-") })
	}
	if c.Noisy {
		cases = data.Noisy(cases)
	}
	return cases
}

// reader opens the parser to measure.
func (c evalParseCmd) reader(words func(*catalog.Schema) (*task.Words, error)) (nlu.Parser, func(), error) {
	p, done, err := c.parser(words)
	if m, ok := p.(*task.Parser); ok && c.Alone {
		m.Alone()
	}
	return p, done, err
}

func (c evalParseCmd) report(io streams, cases []nlueval.Case, got []nlueval.Got) error {
	tw := tabwriter.NewWriter(io.out, 2, 8, 2, ' ', tabwriter.AlignRight)
	if !c.JSON {
		fmt.Fprintln(tw, "lang\tturns\tact\tprecision\trecall\tF1\tjoint\tkeywords\thardness\treference\tlanguage\t")
	}
	for _, lang := range []string{"en", "zh", ""} {
		part, partGot := byLang(cases, got, lang)
		s := nlueval.Compare(part, partGot)
		if c.JSON {
			if err := writeLine(io.out, struct {
				Lang string `json:"lang"`
				nlueval.Score
			}{lang, s}); err != nil {
				return err
			}
			continue
		}
		name := lang
		if lang == "" {
			name = "all"
		}
		fmt.Fprintf(tw, "%s\t%d\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t\n", name, s.Turns, s.Act, s.Precision, s.Recall, s.F1, s.Joint, s.Keywords, s.Hardness, s.ReferenceAcc, s.Lang)
		if lang == "" {
			defer printMisses(io, s.Failures, c.Misses)
		}
	}
	return tw.Flush()
}

func byLang(cases []nlueval.Case, got []nlueval.Got, lang string) (c []nlueval.Case, g []nlueval.Got) {
	for i := range cases {
		if lang == "" || cases[i].Lang == lang {
			c, g = append(c, cases[i]), append(g, got[i])
		}
	}
	return c, g
}

func printMisses(io streams, misses []nlueval.Miss, n int) {
	for i, m := range misses {
		if i == n {
			return
		}
		fmt.Fprintf(io.out, "\n%s  %s\n", m.Case.ID, m.Case.Turns[len(m.Case.Turns)-1].Text)
		for _, w := range m.Why {
			fmt.Fprintf(io.out, "    %s\n", w)
		}
	}
}

// demoOr opens a catalogue, or makes the demo shop in a temporary folder if path is empty.
func demoOr(ctx context.Context, path string) (*catalog.DB, func(), error) {
	if path != "" {
		db, err := existingCatalogue(path)
		if err != nil {
			return nil, nil, err
		}
		return db, func() { db.Close() }, nil
	}
	dir, err := os.MkdirTemp("", "daogou-demo-")
	if err != nil {
		return nil, nil, err
	}
	remove := func() { os.RemoveAll(dir) }
	db, err := catalog.Open(dir + "/demo.db")
	if err != nil {
		remove()
		return nil, nil, err
	}
	if _, err := writeDemo(ctx, db); err != nil {
		db.Close()
		remove()
		return nil, nil, err
	}
	return db, func() { db.Close(); remove() }, nil
}

type evalSearchCmd struct {
	DB        string `help:"Catalogue database." required:"" type:"path"`
	Judgments string `help:"CSV file with the columns query, docid, rating (0 to 3)." type:"existingfile"`
	Baselines bool   `help:"Judge plain BM25 on the same products, too."`
	Bleve     bool   `help:"Judge and time Bleve with its default analysers on the same products, too."`
	Latency   bool   `help:"Time queries for the catalogue's own product types."`
	Size      []int  `help:"Time them on so many products instead, made of the catalogue's with variation; several with commas." placeholder:"N"`
	Dir       string `help:"Keep the catalogues made for --size in this folder, for the next run." type:"path"`
}

func (c evalSearchCmd) Run(ctx context.Context, io streams) error {
	db, err := existingCatalogue(c.DB)
	if err != nil {
		return err
	}
	defer db.Close()
	return searcheval.Run(ctx, db, searcheval.Options{Judgments: c.Judgments, Baselines: c.Baselines, Bleve: c.Bleve, Latency: c.Latency, Sizes: c.Size, Dir: c.Dir}, io.out)
}
