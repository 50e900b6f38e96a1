package main

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// dataOutput runs daogou data with a tokenizer that needs no learning.
func dataOutput(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	args = append(append([]string{"data"}, args...), "--model", tinyModel(t))
	if code := run(t.Context(), args, streams{strings.NewReader(""), &out, &errs}); code != 0 {
		t.Fatalf("daogou %v ended with %d: %s", args, code, errs.String())
	}
	return out.String()
}

// TestDataCard holds the card to its shape: every section has a table whose rows are as wide as its header, and the counts add up.
func TestDataCard(t *testing.T) {
	card := dataOutput(t, "card", "--examples", "20")
	tables := map[string][][]string{}
	title := ""
	for line := range strings.Lines(card) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "## "); ok {
			title, _, _ = strings.Cut(name, ",")
			title, _, _ = strings.Cut(title, " (")
		}
		if strings.HasPrefix(line, "| ") {
			tables[title] = append(tables[title], strings.Split(strings.Trim(line, "| "), " | "))
		}
	}
	for name, least := range map[string]int{"Hand-written turns": 10, "By vertical": 15, "By shop": 7, "Acts": 25, "Jobs": 3, "Sources of the parse job": 3, "Shops": 7, "Wordings of replies": 2, "Tokenizer": 2} {
		rows := tables[name]
		if len(rows) < least+2 {
			t.Errorf("section %q has %d lines of table, want %d rows below the header", name, len(rows), least)
			continue
		}
		for _, row := range rows[1:] {
			if len(row) != len(rows[1]) {
				t.Errorf("section %q: row %q is not as wide as the header", name, row)
			}
			for _, cell := range row {
				if cell == "" || strings.Contains(cell, "NaN") {
					t.Errorf("section %q: row %q has an empty cell", name, row)
				}
			}
		}
	}
	n := map[string]int{}
	for _, row := range tables["Hand-written turns"][2:] {
		n[row[0]] = count(t, row[3])
		if got := count(t, row[1]) + count(t, row[2]); got != n[row[0]] {
			t.Errorf("%s: English and Chinese make %d, the card says %d", row[0], got, n[row[0]])
		}
	}
	parts := n["turns learnt from"] + n["turns kept for validation"] + n["left out: nearly the same as one kept for validation"] + n["left out: nearly the same as an earlier one and annotated alike"]
	if n["turns"] == 0 || parts != n["turns"] {
		t.Errorf("the parts make %d turns of %d", parts, n["turns"])
	}
}

func count(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("%q is no count", s)
	}
	return n
}

// TestDataShow checks that examples of each job are readable: words as words, special tokens as names, the prompt apart from the answer.
func TestDataShow(t *testing.T) {
	for job, shape := range map[string]string{
		"parse": `(?m)^parse 1: \d+ tokens of prompt, \d+ of answer\n  <parse> <(en|zh)> .*<state>.* <say> .*<out>\n  -> <[a-z_]+>.* <end>\n\nparse 2: `,
		"word":  `(?m)^word 1: \d+ tokens of prompt, \d+ of answer\n  <word> <(en|zh)> <k:[a-z_]+> .*<out>\n  -> .*\pL.* <end>\n\nword 2: `,
		"rank":  `(?m)^rank 1: \d+ tokens of prompt, \d+ of answer\n  <rank> <(en|zh)> .*<out>\n  -> .*\pL.* <f:brand> .*<end>\n\nrank 2: `,
	} {
		got := dataOutput(t, "show", "--job", job, "--n", "2", "--seed", "3", "--valid")
		if !regexp.MustCompile(shape).MatchString(got) {
			t.Errorf("examples of %s do not read like %s:\n%s", job, shape, got)
		}
	}
}

func TestDataMistakes(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"show --n 0", "ask for one example or more"},
		{"card --examples 0", "draw one or more"},
		{"show --job sing", "--job must be one of"},
	} {
		var out, errs bytes.Buffer
		code := run(t.Context(), append([]string{"data"}, strings.Fields(c.args)...), streams{strings.NewReader(""), &out, &errs})
		if code == 0 || !strings.Contains(errs.String(), c.want) {
			t.Errorf("daogou data %s ended with %d and %q, want %q", c.args, code, errs.String(), c.want)
		}
	}
}
