package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"daogou/catalog"
	"daogou/generator/task"
	"daogou/generator/task/data"
	"daogou/generator/task/shops"
	"daogou/nlu"
	"daogou/nlu/bpe"
)

// dataCmd looks at what the model learns from.
type dataCmd struct {
	Card dataCardCmd `cmd:"" help:"Print the data card: what there is to learn from, counted."`
	Show dataShowCmd `cmd:"" help:"Print examples of a job as the model sees them."`
}

// tokenizerFlag chooses a tokenizer.
type tokenizerFlag struct {
	Model string `help:"Folder of a model whose tokenizer to use; by default one is learnt from the repository's texts, as training does." type:"existingdir"`
}

func (f tokenizerFlag) open() (*bpe.Tokenizer, error) {
	if f.Model == "" {
		return data.Tokenizer()
	}
	return readTokenizer(filepath.Join(f.Model, tokenizerFile))
}

type dataShowCmd struct {
	Job   string `help:"Job to make examples of." enum:"parse,word,rank" default:"parse"`
	N     int    `help:"How many." default:"5"`
	Seed  uint64 `help:"Seed: the same one shows the same examples." default:"1"`
	Valid bool   `help:"From the part kept for validation."`
	tokenizerFlag
}

func (c dataShowCmd) Run(ctx context.Context, io streams) error {
	if c.N < 1 {
		return fmt.Errorf("there is nothing to show with --n %d: ask for one example or more", c.N)
	}
	tok, err := c.open()
	if err != nil {
		return err
	}
	vocab, err := task.NewVocab(tok)
	if err != nil {
		return err
	}
	set, err := data.NewSet(vocab, data.Options{Seed: c.Seed, Valid: c.Valid, Jobs: []string{c.Job}})
	if err != nil {
		return err
	}
	for i := range c.N {
		if err := ctx.Err(); err != nil {
			return err
		}
		e := set.At(i)
		prompt, answer := e.Tokens[:e.Prompt], e.Tokens[e.Prompt:]
		if _, err := fmt.Fprintf(io.out, "%s %d: %d tokens of prompt, %d of answer\n  %s\n  -> %s\n\n", e.Job, i+1, len(prompt), len(answer), vocab.Text(prompt), vocab.Text(answer)); err != nil {
			return err
		}
	}
	return nil
}

type dataCardCmd struct {
	Examples int    `help:"How many examples to draw for the shares of jobs and sources." default:"1000"`
	Seed     uint64 `help:"Seed of those examples." default:"1"`
	tokenizerFlag
}

func (c dataCardCmd) Run(ctx context.Context, io streams) error {
	if c.Examples < 1 {
		return fmt.Errorf("shares cannot be counted on %d examples: draw one or more", c.Examples)
	}
	tok, err := c.open()
	if err != nil {
		return err
	}
	vocab, err := task.NewVocab(tok)
	if err != nil {
		return err
	}
	turns, err := data.HandWritten()
	if err != nil {
		return err
	}
	repeats, err := data.Repeats()
	if err != nil {
		return err
	}
	set, err := data.NewSet(vocab, data.Options{Seed: c.Seed})
	if err != nil {
		return err
	}
	fmt.Fprint(io.out, "# Data card\n\nWhat the model learns from, counted by `daogou data card`.\n")
	writtenSections(io.out, turns, repeats)
	if err := c.exampleSection(ctx, io.out, set); err != nil {
		return err
	}
	if err := shopSection(io.out); err != nil {
		return err
	}
	if err := wordingSection(io.out); err != nil {
		return err
	}
	return tokenizerSection(io.out, tok, turns)
}

// languages are those that the data is in.
var languages = []string{"en", "zh"}

// writtenSections count the hand-written turns.
func writtenSections(out io.Writer, turns []data.Turn, repeats []data.Repeat) {
	section(out, "Hand-written turns", []string{"", "en", "zh", "all"}, writtenRows(turns, repeats))
	section(out, "By vertical (talk about no goods: under the shop's name)", turnHeader("vertical"), turnRows(turns, func(t data.Turn) string { return t.Vertical }))
	section(out, "By shop", turnHeader("shop"), turnRows(turns, func(t data.Turn) string { return t.Shop.ID }))
	var acts [][]string
	for _, row := range turnRows(turns, func(t data.Turn) string { return string(t.Want.Act) }) {
		acts = append(acts, append(row[:1], row[3:]...))
	}
	section(out, "Acts", []string{"act", "en", "zh"}, acts)
}

// writtenRows counts turns that have something, by language.
func writtenRows(turns []data.Turn, repeats []data.Repeat) [][]string {
	left := map[string]data.Repeat{}
	for _, r := range repeats {
		left[r.ID] = r
	}
	first := firstOfDialogues(turns)
	soft := func(c nlu.Constraint) bool { return !c.Hard }
	var rows [][]string
	for _, what := range []struct {
		name string
		has  func(data.Turn) bool
	}{
		{"dialogues", first},
		{"turns", func(data.Turn) bool { return true }},
		{"turns that point to a product", func(t data.Turn) bool { return t.Ref != "" }},
		{"turns that add keywords", func(t data.Turn) bool { return len(t.Want.Keywords) > 0 }},
		{"turns with a soft constraint", func(t data.Turn) bool { return slices.ContainsFunc(t.Want.Set, soft) }},
		{"dialogues kept for validation", func(t data.Turn) bool { return t.IsValid() && first(t) }},
		{"turns kept for validation", data.Turn.IsValid},
		{"left out: nearly the same as one kept for validation", func(t data.Turn) bool { return left[t.ID].Valid }},
		{"left out: nearly the same as an earlier one and annotated alike", func(t data.Turn) bool { r, ok := left[t.ID]; return ok && !r.Valid }},
		{"turns learnt from", func(t data.Turn) bool { _, out := left[t.ID]; return !out && !t.IsValid() }},
	} {
		n := map[string]int{}
		for _, t := range turns {
			if what.has(t) {
				n[t.Want.Lang]++
				n["all"]++
			}
		}
		rows = append(rows, []string{what.name, fmt.Sprint(n["en"]), fmt.Sprint(n["zh"]), fmt.Sprint(n["all"])})
	}
	return rows
}

// firstOfDialogues says of a turn whether it opens its dialogue: those are counted for the dialogues.
func firstOfDialogues(turns []data.Turn) func(data.Turn) bool {
	opens, seen := map[string]bool{}, map[string]bool{}
	for _, t := range turns {
		opens[t.ID] = !seen[t.Dialogue]
		seen[t.Dialogue] = true
	}
	return func(t data.Turn) bool { return opens[t.ID] }
}

func turnHeader(what string) []string {
	return []string{what, "dialogues en", "dialogues zh", "turns en", "turns zh"}
}

// turnRows counts dialogues and turns by group and language, the largest group first.
func turnRows(turns []data.Turn, group func(data.Turn) string) [][]string {
	type count struct {
		name             string
		dialogues, turns map[string]int
	}
	first := firstOfDialogues(turns)
	groups := map[string]*count{}
	var order []*count
	for _, t := range turns {
		g := groups[group(t)]
		if g == nil {
			g = &count{group(t), map[string]int{}, map[string]int{}}
			groups[g.name], order = g, append(order, g)
		}
		g.turns[t.Want.Lang]++
		g.turns["all"]++
		if first(t) {
			g.dialogues[t.Want.Lang]++
		}
	}
	slices.SortFunc(order, func(a, b *count) int {
		return cmp.Or(cmp.Compare(b.turns["all"], a.turns["all"]), cmp.Compare(a.name, b.name))
	})
	var rows [][]string
	for _, g := range order {
		row := []string{g.name}
		for _, n := range []map[string]int{g.dialogues, g.turns} {
			for _, lang := range languages {
				row = append(row, fmt.Sprint(n[lang]))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// exampleSection draws examples and counts what they are.
func (c dataCardCmd) exampleSection(ctx context.Context, out io.Writer, set *data.Set) error {
	jobs, prompts, answers := map[string]int{}, map[string]int{}, map[string]int{}
	for i := range c.Examples {
		if err := ctx.Err(); err != nil {
			return err
		}
		e := set.At(i)
		jobs[e.Job]++
		prompts[e.Job] += e.Prompt
		answers[e.Job] += len(e.Tokens) - e.Prompt
	}
	var rows [][]string
	for _, job := range []string{"parse", "word", "rank"} {
		n := max(jobs[job], 1)
		rows = append(rows, []string{job, percent(jobs[job], c.Examples), fmt.Sprint(prompts[job] / n), fmt.Sprint(answers[job] / n)})
	}
	section(out, fmt.Sprintf("Jobs, of %d examples drawn", c.Examples), []string{"job", "share", "tokens of prompt", "tokens of answer"}, rows)
	sources, total := set.Sources(c.Examples), 0
	for _, n := range sources {
		total += n
	}
	rows = nil
	for _, from := range []string{"written", "varied", "simulated"} {
		rows = append(rows, []string{from, percent(sources[from], total)})
	}
	section(out, fmt.Sprintf("Sources of the parse job, of %d turns drawn", total), []string{"source", "share"}, rows)
	return nil
}

func percent(n, of int) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(max(of, 1))) }

func shopSection(out io.Writer) error {
	all, err := shops.All()
	if err != nil {
		return err
	}
	var rows [][]string
	for _, s := range all {
		values := 0
		for _, f := range s.Schema.Facets {
			values += len(f.Values)
		}
		row := []string{s.ID, s.Schema.Currency}
		for _, n := range []int{productTypes(s.Schema), len(s.Schema.Facets), values, len(s.Schema.Brands), len(s.Products)} {
			row = append(row, fmt.Sprint(n))
		}
		rows = append(rows, row)
	}
	section(out, "Shops", []string{"shop", "currency", "types", "facets", "values", "brands", "products"}, rows)
	return nil
}

// productTypes counts the categories that none is below.
func productTypes(s *catalog.Schema) int {
	parents := map[string]bool{}
	for _, c := range s.Categories {
		parents[c.Parent] = true
	}
	n := 0
	for _, c := range s.Categories {
		if !parents[c.ID] {
			n++
		}
	}
	return n
}

func wordingSection(out io.Writer) error {
	var rows [][]string
	for _, lang := range languages {
		w, err := data.ReadWordings(lang)
		if err != nil {
			return err
		}
		lines, ways := w.Lines()
		rows = append(rows, []string{lang, fmt.Sprint(len(w.Keys())), fmt.Sprint(lines), fmt.Sprint(ways)})
	}
	section(out, "Wordings of replies", []string{"language", "points", "lines", "ways"}, rows)
	return nil
}

// tokenizerSection measures on turns that the model is not trained on; the tokenizer has learnt from all.
func tokenizerSection(out io.Writer, tok *bpe.Tokenizer, turns []data.Turn) error {
	chars, tokens := map[string]int{}, map[string]int{}
	for _, t := range turns {
		if t.IsValid() {
			chars[t.Want.Lang] += utf8.RuneCountInString(t.In.Text)
			tokens[t.Want.Lang] += len(tok.Encode(t.In.Text))
		}
	}
	var rows [][]string
	for _, lang := range languages {
		rows = append(rows, []string{lang, fmt.Sprintf("%.2f", float64(chars[lang])/float64(max(tokens[lang], 1)))})
	}
	section(out, fmt.Sprintf("Tokenizer, %d tokens", tok.Size()), []string{"language", "characters per token, turns kept for validation"}, rows)
	return nil
}

// section prints a heading and a Markdown table.
func section(out io.Writer, title string, header []string, rows [][]string) {
	fmt.Fprintf(out, "\n## %s\n\n", title)
	rule := make([]string, len(header))
	for i := range rule {
		rule[i] = "---:"
	}
	rule[0] = "---"
	for _, row := range append([][]string{header, rule}, rows...) {
		fmt.Fprintf(out, "| %s |\n", strings.Join(row, " | "))
	}
}
