// Package nlueval measures a Parser on annotated dialogues that people can read and correct.
//
// A file holds dialogues. A dialogue starts with its name in brackets; "shopper:" and "assistant:" lines are what was said; "shown:" lists the products on the table
// from then on. Below each shopper line stand, indented, what the turn is understood as and how it changes the need:
//
//	[en-outdoor-01]
//	shopper: a two person tent, under 150 bucks, not orange
//	  act find
//	  + category = tent
//	  + capacity = 2
//	  + price <= 150 USD
//	  + colour != orange
//	assistant: Here are two that fit.
//	shown: tent-04 tent-09
//	shopper: is the second one waterproof?
//	  act ask_item
//	  ref tent-09
//
// "+ facet op value" adds a constraint ("~" at the end makes it soft), "- facet" removes all on that facet, `+ "word"` and `- "word"` change the keywords, "new" starts an empty
// need. What no line changes still holds. Ranges are written 100..150, several values a|b. The language of the file is that of its shopper lines unless a turn says "lang".
package nlueval

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"daogou/catalog"
	"daogou/nlu"
)

// Case is one shopper turn with the talk before it and what a parser should make of it.
type Case struct {
	ID        string        `json:"id"`
	Turns     []nlu.Message `json:"turns"` // the last one is the shopper's turn to understand
	Shown     []string      `json:"shown,omitempty"`
	ShownAt   []Table       `json:"shown_at,omitempty"`
	Lang      string        `json:"lang"`
	Act       nlu.Act       `json:"act"`
	Keywords  []string      `json:"keywords"`
	Want      []Constraint  `json:"constraints"`
	Reference string        `json:"reference,omitempty"`
	New       bool          `json:"new,omitempty"` // the turn opens a need of its own
}

// Table is what lay on the table before turn number Turn (an index into Turns).
type Table struct {
	Turn     int      `json:"turn"`
	Products []string `json:"products"`
}

// Constraint is an expected constraint.
type Constraint = catalog.Constraint

// ReadDir reads every dialogue file (*.txt) below dir. The folder right above a file names its language.
func ReadDir(fsys fs.FS, dir string) ([]Case, error) {
	var cases []Case
	err := fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".txt" {
			return err
		}
		f, err := fsys.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		more, err := Read(f, name, path.Base(path.Dir(name)))
		cases = append(cases, more...)
		return err
	})
	return cases, err
}

// Read reads one dialogue file.
func Read(r io.Reader, name, lang string) ([]Case, error) {
	d := reader{file: name, lang: lang, seen: map[string]bool{}}
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		d.line++
		if err := d.read(in.Text()); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, d.line, err)
		}
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := d.finish(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", name, d.line, err)
	}
	return d.cases, nil
}

// reader holds one file's dialogue while it is read line by line.
type reader struct {
	file, lang string
	line       int
	id         string
	seen       map[string]bool
	turns      []nlu.Message
	shown      []string
	tables     []Table
	want       []Constraint
	keywords   []string
	turn       int // shopper turns so far in this dialogue
	open       *Case
	cases      []Case
}

func (d *reader) read(raw string) error {
	text := strings.TrimSpace(raw)
	switch {
	case text == "" || strings.HasPrefix(text, "#"):
		return nil
	case strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]"):
		return d.start(text[1 : len(text)-1])
	case d.id == "":
		return fmt.Errorf("%q stands before the first [dialogue]", text)
	case raw[0] == ' ' || raw[0] == '\t':
		return d.annotate(text)
	}
	role, said, ok := strings.Cut(text, ":")
	said = strings.TrimSpace(said)
	if !ok {
		return fmt.Errorf("%q is neither a line of talk nor indented", text)
	}
	if err := d.finish(); err != nil {
		return err
	}
	switch role {
	case "shopper":
		d.turn++
		d.turns = append(d.turns, nlu.Message{Role: role, Text: said})
		d.open = &Case{ID: fmt.Sprintf("%s.%d", d.id, d.turn), Lang: d.lang}
	case "assistant":
		d.turns = append(d.turns, nlu.Message{Role: role, Text: said})
	case "shown":
		d.shown = strings.Fields(said)
		d.tables = append(d.tables, Table{Turn: len(d.turns), Products: d.shown})
	default:
		return fmt.Errorf("a line must start with shopper:, assistant: or shown:, not %q", role)
	}
	return nil
}

func (d *reader) start(id string) error {
	if err := d.finish(); err != nil {
		return err
	}
	if d.seen[id] {
		return fmt.Errorf("dialogue [%s] stands twice", id)
	}
	d.seen[id] = true
	d.id, d.turn, d.turns, d.shown, d.tables, d.want, d.keywords = id, 0, nil, nil, nil, nil, nil
	return nil
}

// finish closes the shopper turn being annotated.
func (d *reader) finish() error {
	if d.open == nil {
		return nil
	}
	if d.open.Act == "" {
		return fmt.Errorf("turn %s has no act", d.open.ID)
	}
	c := *d.open
	c.Turns = slices.Clone(d.turns)
	c.Shown = slices.Clone(d.shown)
	c.ShownAt = slices.Clone(d.tables)
	c.Want = slices.Clone(d.want)
	c.Keywords = slices.Clone(d.keywords)
	d.cases = append(d.cases, c)
	d.open = nil
	return nil
}

func (d *reader) annotate(text string) error {
	if d.open == nil {
		return fmt.Errorf("%q annotates no shopper turn", text)
	}
	word, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "act":
		d.open.Act = nlu.Act(rest)
	case "lang":
		d.open.Lang = rest
	case "ref":
		d.open.Reference = rest
	case "new":
		d.want, d.keywords = nil, nil
		d.open.New = true
	case "-":
		return d.remove(rest)
	case "+":
		return d.add(rest)
	default:
		return fmt.Errorf("%q: an annotation starts with act, lang, ref, new, + or -", text)
	}
	return nil
}

func (d *reader) remove(what string) error {
	if w, ok := quoted(what); ok {
		n := len(d.keywords)
		d.keywords = slices.DeleteFunc(slices.Clone(d.keywords), func(k string) bool { return k == w })
		if len(d.keywords) == n {
			return fmt.Errorf("keyword %q is removed but was not there", w)
		}
		return nil
	}
	facet, rest, whole := strings.Cut(what, " ")
	n := len(d.want)
	d.want = slices.DeleteFunc(slices.Clone(d.want), func(c Constraint) bool {
		return c.Facet == facet && (!whole || rest == string(c.Op))
	})
	if len(d.want) == n {
		return fmt.Errorf("%q is removed but was not there", what)
	}
	return nil
}

func (d *reader) add(what string) error {
	if w, ok := quoted(what); ok {
		d.keywords = append(slices.Clone(d.keywords), w)
		return nil
	}
	c, err := ParseConstraint(what)
	if err != nil {
		return err
	}
	d.want = append(slices.Clone(d.want), c)
	return nil
}

func quoted(s string) (string, bool) {
	if len(s) > 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1], true
	}
	return "", false
}

var (
	constraintLine = regexp.MustCompile(`^([a-z0-9_]+) (=|!=|<=|>=|between|in) (.+?)( ~)?$`)
	quantity       = regexp.MustCompile(`^(-?[0-9]+(?:\.[0-9]+)?)(?:\.\.(-?[0-9]+(?:\.[0-9]+)?))?(?: (\S+))?$`)
)

// ParseConstraint reads "price <= 150 USD", "colour in navy|black ~", "capacity between 2..3".
func ParseConstraint(s string) (Constraint, error) {
	m := constraintLine.FindStringSubmatch(s)
	if m == nil {
		return Constraint{}, fmt.Errorf("%q is not a constraint: facet, one of = != <= >= between in, value", s)
	}
	c := Constraint{Facet: m[1], Op: catalog.Op(m[2]), Hard: m[4] == ""}
	if q := quantity.FindStringSubmatch(m[3]); q != nil {
		c.Unit = q[3]
		for _, n := range q[1:3] {
			if n != "" {
				v, _ := strconv.ParseFloat(n, 64)
				c.Values = append(c.Values, catalog.Num(v))
			}
		}
	} else {
		for _, v := range strings.Split(m[3], "|") {
			c.Values = append(c.Values, word(v))
		}
	}
	if (c.Op == catalog.OpBetween) != (len(c.Values) == 2 && c.Values[0].IsNum()) {
		return Constraint{}, fmt.Errorf("%q: between, and only between, takes a range like 100..150", s)
	}
	return c, nil
}

func word(v string) catalog.Value {
	switch v {
	case "true", "yes":
		return catalog.Bool(true)
	case "false", "no":
		return catalog.Bool(false)
	}
	return catalog.Str(v)
}
