package feed

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path"
	"regexp"
	"sort"
	"strings"

	"daogou/catalog"

	"github.com/goccy/go-yaml"
)

//go:embed maps/*.yaml
var mapFiles embed.FS

//go:embed vocabulary.yaml
var vocabularyYAML []byte

// Mapping says which field of a feed is what. The package comment is its manual.
type Mapping struct {
	Name       string            `yaml:"name"`
	Note       string            `yaml:"note"`
	Format     string            `yaml:"format"` // csv, tsv or jsonl; empty: seen from the content
	Lang       string            `yaml:"lang"`
	Currency   string            `yaml:"currency"`
	Warehouses map[string]string `yaml:"warehouses"` // ID → ISO country
	Derive     []Derived         `yaml:"derive"`
	Fields     Fields            `yaml:"fields"`
	Variants   *VariantMap       `yaml:"variants"`
	Ignore     []string          `yaml:"ignore"`
	Facets     []FacetMap        `yaml:"facets"`
	Infer      []InferRule       `yaml:"infer"`
	MinCount   int               `yaml:"min_count"` // inferred facets that fewer products have become text under "details"
	Categories []CategoryMap     `yaml:"categories"`
	Types      []TypeRule        `yaml:"types"`
	Brands     map[string]Words  `yaml:"brands"` // what brands are called: Huawei: [Huawei, 华为]
	Values     map[string]Words  `yaml:"names"`  // labels of template levels: 居家: [Home, 居家]

	ignore []*glob
}

// Fields names the source of each of a product's own columns.
type Fields struct {
	ID           Field    `yaml:"id"`
	Group        Field    `yaml:"group"` // rows with the same group are variants of one product
	Title        Texts    `yaml:"title"`
	Description  Texts    `yaml:"description"`
	Brand        Field    `yaml:"brand"`
	Link         Field    `yaml:"link"`
	Images       Field    `yaml:"images"`
	GTIN         Field    `yaml:"gtin"`
	MPN          Field    `yaml:"mpn"`
	Condition    Field    `yaml:"condition"`
	Availability Field    `yaml:"availability"`
	Origin       Field    `yaml:"origin"`
	ShipsFrom    Field    `yaml:"ships_from"`
	HSCode       Field    `yaml:"hs_code"`
	Restrictions Field    `yaml:"restrictions"`
	Price        PriceMap `yaml:"price"`
	Stock        StockMap `yaml:"stock"`
	Weight       Field    `yaml:"weight"`
	Size         Field    `yaml:"size"` // three paths: length, width, height
	Rating       Field    `yaml:"rating"`
	RatingCount  Field    `yaml:"rating_count"`
}

// Field is where a value comes from: a path, several paths of which the first filled one counts, or a template.
type Field struct {
	Paths    []string          `yaml:"path"`
	Template string            `yaml:"template"`
	Split    string            `yaml:"split"`
	Unit     string            `yaml:"unit"`
	Scale    float64           `yaml:"scale"`
	Map      map[string]string `yaml:"map"`
	Cut      []string          `yaml:"cut"` // texts to cut off the end

	lower map[string]string
}

// Texts is a field per language; the key "" stands for the feed's own language.
type Texts map[string]Field

// PriceMap is a price field with its scale and currency, and what it is reduced from or to.
type PriceMap struct {
	Path      string  `yaml:"path"`
	Scale     float64 `yaml:"scale"` // multiplies to major units: 0.01 for cents
	Currency  Field   `yaml:"currency"`
	ListPrice string  `yaml:"list_price"` // the higher price that path is reduced from
	Sale      string  `yaml:"sale"`       // the lower price
	Discount  string  `yaml:"discount"`   // percent off path
	SaleDates Field   `yaml:"sale_dates"`
}

// StockMap is a stock count and its warehouse.
type StockMap struct {
	Path      string `yaml:"path"`
	Warehouse string `yaml:"warehouse"`
}

// VariantMap reads variants from a list inside the product's record. Paths are relative to an element.
type VariantMap struct {
	Path    string     `yaml:"path"`
	ID      Field      `yaml:"id"` // empty: product ID, "-", number
	SKU     Field      `yaml:"sku"`
	GTIN    Field      `yaml:"gtin"`
	Title   Texts      `yaml:"title"`
	Image   Field      `yaml:"image"`
	Price   PriceMap   `yaml:"price"`
	Stock   StockMap   `yaml:"stock"`
	Options OptionMap  `yaml:"options"`
	Facets  []FacetMap `yaml:"facets"`
}

// OptionMap pairs a variant's option values with the product's option names: names is an object in the product that lists,
// by name, the values it can take; values is the list in the variant.
type OptionMap struct {
	Names  string `yaml:"names"`
	Values string `yaml:"values"`
}

// Names are the labels of a facet or category in both languages, with other words for it. A word's language is seen by its script.
type Names struct {
	En   string   `yaml:"en"`
	Zh   string   `yaml:"zh"`
	Also []string `yaml:"also"`
}

// Words is the label in English, the label in Chinese, and synonyms of either.
type Words []string

// FacetMap declares a facet and the fields that feed it.
type FacetMap struct {
	ID      string       `yaml:"id"`
	Paths   Paths        `yaml:"path"`
	Keys    []string     `yaml:"keys"` // in the vocabulary: what feeds call it
	Kind    catalog.Kind `yaml:"kind"`
	Unit    string       `yaml:"unit"` // unit of bare numbers; stored in the dimension's canonical unit
	Names   `yaml:",inline"`
	Split   string            `yaml:"split"`
	Map     map[string]string `yaml:"map"`  // text → value ID; "" drops it
	Find    map[string]Paths  `yaml:"find"` // value ID → words; every value whose word occurs in the text is taken
	Values  map[string]Words  `yaml:"values"`
	Multi   bool              `yaml:"multi"`
	Variant bool              `yaml:"variant"`
	Better  string            `yaml:"better"`
	Ask     Names             `yaml:"ask"`
	Why     Names             `yaml:"why"`
	Min     float64           `yaml:"min"` // numbers outside are taken for noise
	Max     float64           `yaml:"max"`
	Title   Paths             `yaml:"title"` // regular expressions over the title with one group each, for where the fields are silent

	titleREs []*regexp.Regexp
}

// InferRule says how to read fields that no facet names.
type InferRule struct {
	Paths  Paths        `yaml:"path"`
	Kind   catalog.Kind `yaml:"kind"` // empty: by the values
	Split  string       `yaml:"split"`
	Prefix string       `yaml:"prefix"` // cut off the name: t_
	Unit   string       `yaml:"unit"`
}

// CategoryMap declares a category.
type CategoryMap struct {
	ID     string `yaml:"id"`
	In     string `yaml:"in"`
	Names  `yaml:",inline"`
	Facets []string `yaml:"facets"`
}

// Derived is a field made for the rules: the text of a field with the texts of others cut off its front and its end cut off.
type Derived struct {
	Name  string   `yaml:"name"`
	From  string   `yaml:"from"`
	Cut   []string `yaml:"cut"`
	Until []string `yaml:"until"` // words before which the text ends: "for", so that a case for a phone is a case
}

// TypeRule gives a product type to the products that meet all its conditions. The first rule that holds wins.
type TypeRule struct {
	To     string   `yaml:"to"`
	Levels []string `yaml:"levels"` // instead of To: a template for each level of the category path
	Title  string   `yaml:"title"`  // regular expression over the title
	Field  string   `yaml:"field"`
	Is     Paths    `yaml:"is"`    // the field's text is one of these
	Match  string   `yaml:"match"` // or matches this regular expression
	Not    string   `yaml:"not"`   // and title and field match none of this
	Has    Paths    `yaml:"has"`   // these fields are filled
	Lacks  Paths    `yaml:"lacks"` // these are not

	title, match, not *pattern
	is                map[string]bool
}

// Paths is a list that may be written as one string.
type Paths []string

func (p *Paths) UnmarshalYAML(unmarshal func(any) error) error {
	var one string
	if err := unmarshal(&one); err == nil {
		*p = Paths{one}
		return nil
	}
	var many []string
	if err := unmarshal(&many); err != nil {
		return err
	}
	*p = many
	return nil
}

func (w *Words) UnmarshalYAML(unmarshal func(any) error) error {
	return (*Paths)(w).UnmarshalYAML(unmarshal)
}

func (f *Field) UnmarshalYAML(unmarshal func(any) error) error {
	var p Paths
	if err := unmarshal(&p); err == nil {
		if len(p) == 1 && strings.Contains(p[0], "{") {
			f.Template = p[0]
		} else {
			f.Paths = p
		}
		return nil
	}
	var long struct {
		Paths    Paths             `yaml:"path"`
		Template string            `yaml:"template"`
		Split    string            `yaml:"split"`
		Unit     string            `yaml:"unit"`
		Scale    float64           `yaml:"scale"`
		Map      map[string]string `yaml:"map"`
		Cut      []string          `yaml:"cut"`
	}
	if err := unmarshal(&long); err != nil {
		return err
	}
	*f = Field{Paths: long.Paths, Template: long.Template, Split: long.Split, Unit: long.Unit, Scale: long.Scale, Map: long.Map, Cut: long.Cut}
	f.lower = lowerKeys(f.Map)
	return nil
}

func (t *Texts) UnmarshalYAML(unmarshal func(any) error) error {
	var one Field
	if err := unmarshal(&one); err == nil && (len(one.Paths) > 0 || one.Template != "") {
		*t = Texts{"": one}
		return nil
	}
	m := map[string]Field{}
	if err := unmarshal(&m); err != nil {
		return err
	}
	for lang := range m {
		if len(lang) != 2 {
			return fmt.Errorf("%q is not a language; write a path, or one path a language such as en and zh", lang)
		}
	}
	*t = m
	return nil
}

func (f Field) empty() bool { return len(f.Paths) == 0 && f.Template == "" }

func lowerKeys(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[strings.ToLower(k)] = v
	}
	return out
}

func (n Names) label() catalog.Text {
	t := catalog.Text{}
	if n.En != "" {
		t["en"] = n.En
	}
	if n.Zh != "" {
		t["zh"] = n.Zh
	}
	return t
}

func byScript(words []string) map[string][]string {
	var m map[string][]string
	for _, w := range words {
		if m == nil {
			m = map[string][]string{}
		}
		m[langOf(w)] = append(m[langOf(w)], w)
	}
	return m
}

func (w Words) label() catalog.Text {
	t := catalog.Text{}
	if len(w) > 0 {
		t["en"] = w[0]
	}
	if len(w) > 1 {
		t["zh"] = w[1]
	}
	return t
}

func (w Words) synonyms() map[string][]string { return byScript(w[min(2, len(w)):]) }

// MapNames lists the mapping files that come with the program.
func MapNames() []string {
	entries, _ := mapFiles.ReadDir("maps")
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	sort.Strings(names)
	return names
}

// LoadMapping reads a mapping by the name of an embedded one or by the path of a file.
func LoadMapping(nameOrPath string) (*Mapping, error) {
	if !strings.ContainsAny(nameOrPath, `/\.`) {
		b, err := mapFiles.ReadFile(path.Join("maps", nameOrPath+".yaml"))
		if err != nil {
			return nil, fmt.Errorf("feed: no mapping is called %q; there are %s, or give the path of a YAML file", nameOrPath, strings.Join(MapNames(), ", "))
		}
		return ParseMapping(nameOrPath, b)
	}
	b, err := os.ReadFile(nameOrPath)
	if err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	return ParseMapping(nameOrPath, b)
}

// ParseMapping reads a mapping file and checks it. name is what errors call it.
func ParseMapping(name string, b []byte) (m *Mapping, err error) {
	if len(b) > 4<<20 {
		return nil, fmt.Errorf("feed: mapping %s is larger than 4 MB", name)
	}
	defer func() { // a YAML library must not take the process down
		if p := recover(); p != nil {
			m, err = nil, fmt.Errorf("feed: mapping %s: the YAML cannot be read: %v", name, p)
		}
	}()
	m = &Mapping{}
	if err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(m); err != nil {
		return nil, fmt.Errorf("feed: mapping %s: %w", name, err)
	}
	if m.Name == "" {
		m.Name = name
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("feed: mapping %s: %w", name, err)
	}
	return m, nil
}

func (m *Mapping) check() error {
	if m.Fields.ID.empty() {
		return fmt.Errorf("fields.id is missing: say which field identifies a product")
	}
	if len(m.Fields.Title) == 0 {
		return fmt.Errorf("fields.title is missing: say which field is the title")
	}
	if m.Format != "" && m.Format != FormatCSV && m.Format != FormatTSV && m.Format != FormatJSONL {
		return fmt.Errorf("format %q is none of csv, tsv, jsonl", m.Format)
	}
	if m.Currency != "" {
		code, ok := currencyCode(m.Currency)
		if !ok {
			return fmt.Errorf("currency %q is not an ISO 4217 code", m.Currency)
		}
		m.Currency = code
	}
	for _, p := range m.Ignore {
		m.ignore = append(m.ignore, newGlob(p))
	}
	if err := checkFacets(m.Facets); err != nil {
		return err
	}
	if m.Variants != nil {
		if m.Variants.Path == "" {
			return fmt.Errorf("variants.path is missing: say which field lists the variants")
		}
		if err := checkFacets(m.Variants.Facets); err != nil {
			return err
		}
	}
	return m.checkTypes()
}

func checkFacets(facets []FacetMap) error {
	for i := range facets {
		f := &facets[i]
		if f.ID == "" {
			return fmt.Errorf("facet %d has no id", i+1)
		}
		switch f.Kind {
		case "", catalog.KindEnum, catalog.KindNumber, catalog.KindBool, catalog.KindText:
		default:
			return fmt.Errorf("facet %s: kind %q is none of enum, number, bool, text", f.ID, f.Kind)
		}
		if f.Better != "" && f.Better != "high" && f.Better != "low" {
			return fmt.Errorf("facet %s: better is high or low, not %q", f.ID, f.Better)
		}
		for _, expr := range f.Title {
			re, err := compile(expr)
			if err != nil {
				return fmt.Errorf("facet %s: %w", f.ID, err)
			}
			if re.NumSubexp() != 1 {
				return fmt.Errorf("facet %s: title %q needs exactly one group in parentheses", f.ID, expr)
			}
			f.titleREs = append(f.titleREs, re)
		}
	}
	return nil
}

func (m *Mapping) checkTypes() error {
	ids := map[string]bool{}
	for _, c := range m.Categories {
		if c.ID == "" {
			return fmt.Errorf("a category has no id")
		}
		if ids[c.ID] {
			return fmt.Errorf("category %s is declared twice", c.ID)
		}
		if c.In != "" && !ids[c.In] {
			return fmt.Errorf("category %s is in %q, which is not declared before it", c.ID, c.In)
		}
		ids[c.ID] = true
	}
	for i := range m.Types {
		t := &m.Types[i]
		if (t.To == "") == (len(t.Levels) == 0) {
			return fmt.Errorf("type rule %d needs either to or levels", i+1)
		}
		if t.To != "" && !ids[t.To] {
			return fmt.Errorf("type rule %d leads to %q, which is not a declared category", i+1, t.To)
		}
		for _, re := range []struct {
			text string
			to   **pattern
		}{{t.Title, &t.title}, {t.Match, &t.match}, {t.Not, &t.not}} {
			if re.text == "" {
				continue
			}
			c, err := newPattern(re.text)
			if err != nil {
				return fmt.Errorf("type rule %d: %w", i+1, err)
			}
			*re.to = c
		}
		if len(t.Is) > 0 {
			t.is = map[string]bool{}
			for _, s := range t.Is {
				t.is[strings.ToLower(s)] = true
			}
		}
		if (len(t.Is) > 0 || t.Match != "") && t.Field == "" {
			return fmt.Errorf("type rule %d has is or match but no field", i+1)
		}
	}
	return nil
}

func compile(expr string) (*regexp.Regexp, error) {
	re, err := regexp.Compile("(?i)" + expr)
	if err != nil {
		return nil, fmt.Errorf("the regular expression %q is broken: %w", expr, err)
	}
	return re, nil
}

// glob is a field pattern in which * stands for any run of characters.
type glob struct{ parts []string }

func newGlob(p string) *glob { return &glob{strings.Split(strings.ToLower(p), "*")} }

func (g *glob) match(s string) bool {
	s = strings.ToLower(s)
	if len(g.parts) == 1 {
		return s == g.parts[0]
	}
	if !strings.HasPrefix(s, g.parts[0]) {
		return false
	}
	s = s[len(g.parts[0]):]
	for _, p := range g.parts[1 : len(g.parts)-1] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return strings.HasSuffix(s, g.parts[len(g.parts)-1])
}
