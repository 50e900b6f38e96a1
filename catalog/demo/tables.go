package demo

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sort"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"daogou/catalog"
)

//go:embed tables/*.yaml
var tableFiles embed.FS

const (
	commonFile = "common.yaml"
	faqFile    = "faq.yaml"
)

// words are the same thing said in each language, several ways.
type words map[string][]string

// table is one file: a vertical with its facets and types, or the shared facets alone.
type table struct {
	Vertical *verticalRow `yaml:"vertical"`
	Brands   []brandRow   `yaml:"brands"`
	Extend   extensions   `yaml:"extend"` // values that this vertical adds to shared facets
	Facets   []facetRow   `yaml:"facets"`
	Types    []typeRow    `yaml:"types"`

	file string
}

// extensions are further values of facets that another file declares.
type extensions map[string][]valueRow

type verticalRow struct {
	ID       string       `yaml:"id"`
	Label    catalog.Text `yaml:"label"`
	Synonyms words        `yaml:"synonyms"`
}

type brandRow struct {
	ID    string       `yaml:"id"`
	Label catalog.Text `yaml:"label"`
	Tier  int          `yaml:"tier"` // 1 cheap … 5 dear
}

type facetRow struct {
	ID       string       `yaml:"id"`
	Kind     catalog.Kind `yaml:"kind"`
	Unit     string       `yaml:"unit"`
	Multi    bool         `yaml:"multi"`
	Variant  bool         `yaml:"variant"`
	Better   string       `yaml:"better"`
	Label    catalog.Text `yaml:"label"`
	Synonyms words        `yaml:"synonyms"`
	Ask      catalog.Text `yaml:"ask"`
	Why      catalog.Text `yaml:"why"`
	Values   []valueRow   `yaml:"values"`
}

type valueRow struct {
	ID       string       `yaml:"id"`
	Label    catalog.Text `yaml:"label"`
	Text     catalog.Text `yaml:"text"` // inside a sentence, when that is not the label
	Hex      string       `yaml:"hex"`  // CSS colour, for the drawing
	Synonyms words        `yaml:"synonyms"`
}

type typeRow struct {
	ID           string       `yaml:"id"`
	Label        catalog.Text `yaml:"label"`
	Synonyms     words        `yaml:"synonyms"`
	HS           string       `yaml:"hs"`
	HSBy         []hsRow      `yaml:"hs_by"`      // other subheadings, for what the tariff tells apart; the first that holds
	Picture      string       `yaml:"picture"`    // name of the drawing; empty: the id
	PictureBy    []pictureRow `yaml:"picture_by"` // other drawings, for what looks different; the first that holds
	Tints        []string     `yaml:"tints"`      // CSS colours for the drawing of a type without a colour facet
	Count        int          `yaml:"count"`      // products; 0: 8 to 10
	PriceUSD     [2]float64   `yaml:"price_usd"`
	WeightG      [2]float64   `yaml:"weight_g"`
	SizeMM       [2][]float64 `yaml:"size_mm"`
	Origins      []string     `yaml:"origins"`
	Restrictions []string     `yaml:"restrictions"` // "battery", or "battery if rechargeable"
	Brands       []string     `yaml:"brands"`
	Models       words        `yaml:"models"`
	Scale        string       `yaml:"scale"` // number facet that size, weight and price grow with
	Title        sentences    `yaml:"title"` // the first that fits
	Facets       pools        `yaml:"facets"`
	Rules        []ruleRow    `yaml:"rules"`
	Variants     []string     `yaml:"variants"`
	Points       sentences    `yaml:"points"`
}

// pictureRow is the drawing of those products for which a condition holds.
type pictureRow struct {
	If      string `yaml:"if"`
	Picture string `yaml:"picture"`
}

// hsRow is the HS subheading of those products for which a condition holds.
type hsRow struct {
	If string `yaml:"if"`
	HS string `yaml:"hs"`
}

// ruleRow replaces drawn values when a condition holds, and may multiply the price. An empty list takes the facet away.
type ruleRow struct {
	If    string  `yaml:"if"`
	Set   pools   `yaml:"set"`
	Price float64 `yaml:"price"` // 0: unchanged
}

// sentence is one template in both languages, said only if its condition holds.
type sentence struct {
	If string `yaml:"if"`
	EN string `yaml:"en"`
	ZH string `yaml:"zh"`
}

func (s sentence) in(lang string) string {
	if lang == "zh" {
		return s.ZH
	}
	return s.EN
}

// sentences reads a list of sentences, one sentence alone, or two parallel lists {en: […], zh: […]}.
type sentences []sentence

func (s *sentences) UnmarshalYAML(unmarshal func(any) error) error {
	var list []sentence
	if unmarshal(&list) == nil {
		*s = list
		return nil
	}
	var one sentence
	if unmarshal(&one) == nil {
		*s = sentences{one}
		return nil
	}
	var lists words
	if err := unmarshal(&lists); err != nil {
		return errors.New("want a list of {if, en, zh}, or {en: […], zh: […]}")
	}
	if len(lists["en"]) != len(lists["zh"]) || len(lists) != 2 {
		return fmt.Errorf("%d English and %d Chinese sentences: write them in pairs", len(lists["en"]), len(lists["zh"]))
	}
	for i, en := range lists["en"] {
		*s = append(*s, sentence{EN: en, ZH: lists["zh"][i]})
	}
	return nil
}

// pool is what a facet's values are drawn from. Each entry is the value or values of one product.
type pool struct {
	facet   string
	rise    bool // listed from cheap to dear
	derived bool // weight, from weight_g
	entries [][]any
}

// pools keep the file's order, which is the order in which facets matter to a buyer.
type pools []pool

func (ps *pools) UnmarshalYAML(unmarshal func(any) error) error {
	var rows yaml.MapSlice
	if err := unmarshal(&rows); err != nil {
		return err
	}
	for _, row := range rows {
		p := pool{facet: fmt.Sprint(row.Key)}
		switch v := row.Value.(type) {
		case string:
			if v != "derived" {
				return fmt.Errorf("facet %s: want a list of values or the word derived, not %q", p.facet, v)
			}
			p.derived = true
		case []any:
			p.entries = entries(v)
		case map[string]any:
			list, ok := v["rise"].([]any)
			if !ok || len(v) != 1 {
				return fmt.Errorf("facet %s: want {rise: [values]}", p.facet)
			}
			p.rise, p.entries = true, entries(list)
		default:
			return fmt.Errorf("facet %s: want a list of values", p.facet)
		}
		*ps = append(*ps, p)
	}
	return nil
}

func entries(list []any) [][]any {
	out := make([][]any, len(list))
	for i, v := range list {
		if several, ok := v.([]any); ok {
			out[i] = several
		} else {
			out[i] = []any{v}
		}
	}
	return out
}

// readTable parses one file. Unknown and repeated keys are errors.
func readTable(file string, r io.Reader) (*table, error) {
	t := &table{file: file}
	if err := decode(r, t); err != nil {
		return nil, fmt.Errorf("demo: %s: %w", file, err)
	}
	return t, nil
}

func decode(r io.Reader, into any) error {
	err := yaml.NewDecoder(r, yaml.Strict()).Decode(into)
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty")
	}
	return err
}

// book is all tables, indexed.
type book struct {
	tables []*table
	facet  map[string]*facetRow
	brand  map[string]*brandRow
	types  []*typeRow
	parent map[string]string // type → vertical
	usedBy map[string][]string
}

// readBook reads all tables of a folder, the shared one first, then the verticals by name, and checks them.
func readBook(files fs.FS, dir string) (*book, error) {
	names, err := fs.Glob(files, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	b := &book{facet: map[string]*facetRow{}, brand: map[string]*brandRow{}, parent: map[string]string{}, usedBy: map[string][]string{}}
	for _, name := range names {
		if path.Base(name) == faqFile {
			continue
		}
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		t, err := readTable(path.Base(name), bytes.NewReader(raw))
		if err != nil {
			return nil, err
		}
		b.tables = append(b.tables, t)
	}
	sort.SliceStable(b.tables, func(i, j int) bool {
		return b.tables[i].file == commonFile && b.tables[j].file != commonFile
	})
	b.index()
	if problems := b.check(); len(problems) > 0 {
		return nil, fmt.Errorf("demo: %d problems in the tables:\n%s", len(problems), strings.Join(problems, "\n"))
	}
	return b, nil
}

func (b *book) index() {
	for _, t := range b.tables {
		for i := range t.Facets {
			b.facet[t.Facets[i].ID] = &t.Facets[i]
		}
		for id, values := range t.Extend {
			if f := b.facet[id]; f != nil { // the shared file comes first
				f.Values = append(f.Values, values...)
			}
		}
		for i := range t.Brands {
			b.brand[t.Brands[i].ID] = &t.Brands[i]
		}
		for i := range t.Types {
			ty := &t.Types[i]
			b.types = append(b.types, ty)
			if t.Vertical != nil {
				b.parent[ty.ID] = t.Vertical.ID
			}
			for _, p := range ty.Facets {
				b.usedBy[p.facet] = append(b.usedBy[p.facet], ty.ID)
			}
		}
	}
}

// embedded is the book of the tables that ship with the program.
var embedded = sync.OnceValues(func() (*book, error) { return readBook(tableFiles, "tables") })

func (f *facetRow) value(id string) *valueRow {
	for i := range f.Values {
		if f.Values[i].ID == id {
			return &f.Values[i]
		}
	}
	return nil
}

func (t *typeRow) pool(facet string) *pool {
	for i := range t.Facets {
		if t.Facets[i].facet == facet {
			return &t.Facets[i]
		}
	}
	return nil
}

// count is how many products the type has.
func (t *typeRow) count() int {
	if t.Count > 0 {
		return t.Count
	}
	return 8 + int(seed(t.ID)%3)
}
