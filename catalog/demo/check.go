package demo

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"daogou/catalog"
)

// The checker reads all tables and reports everything that is wrong with them, one line each, so that an author can mend a file in one go.

var (
	snake  = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)
	hex6   = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	digit6 = regexp.MustCompile(`^[0-9]{6}$`)
	upper2 = regexp.MustCompile(`^[A-Z]{2}$`)
)

var knownUnits = []string{"", "cm", "g", "l", "ml", "GB", "W", "Wh", "mAh", "V", "h", "min", "Hz", "lm", "dpi", "person", "piece", "month",
	"year", "°C", "m", "km", "tog", "K", "dB", "Mbps", "bar", "kcal", "%", "mmH2O"}

var knownRestrictions = []string{"battery", "cosmetic", "food", "liquid", "aerosol", "blade", "magnet", "flammable", "plant", "medical"}

// checker collects problems about one place of one file.
type checker struct {
	book     *book
	problems []string
	at       string
}

func (c *checker) say(format string, args ...any) {
	c.problems = append(c.problems, c.at+": "+fmt.Sprintf(format, args...))
}

func (b *book) check() []string {
	c := &checker{book: b}
	ids := map[string]string{} // verticals, types
	facets := map[string]string{}
	brands := map[string]string{}
	for _, t := range b.tables {
		if t.Vertical == nil && t.file != commonFile {
			c.at = t.file
			c.say("no vertical: every file but %s has one", commonFile)
		}
		if t.Vertical != nil {
			c.at = t.file + " vertical " + t.Vertical.ID
			c.id(t.Vertical.ID, ids, t.file)
			c.label(t.Vertical.Label)
			c.synonyms(t.Vertical.Synonyms)
		}
		for id := range t.Extend {
			c.at = t.file + " extend " + id
			if f := b.facet[id]; f == nil || f.Kind != catalog.KindEnum {
				c.say("there is no such enum facet to extend")
			}
		}
		for i := range t.Facets {
			c.at = t.file + " facet " + t.Facets[i].ID
			c.id(t.Facets[i].ID, facets, t.file)
			c.facet(&t.Facets[i])
		}
		for _, br := range t.Brands {
			c.at = t.file + " brand " + br.ID
			c.unique(br.ID, brands, t.file)
			c.brand(br)
		}
		for i := range t.Types {
			c.at = t.file + " type " + t.Types[i].ID
			c.id(t.Types[i].ID, ids, t.file)
			c.typ(&t.Types[i])
		}
	}
	c.leftOver()
	return c.problems
}

// leftOver finds what is declared and not used: most often a slip of the pen. The shared facets may wait for a use.
func (c *checker) leftOver() {
	used := map[string]bool{}
	for _, t := range c.book.types {
		for _, br := range t.Brands {
			used[br] = true
		}
	}
	for _, t := range c.book.tables {
		c.at = t.file
		for _, br := range t.Brands {
			if !used[br.ID] {
				c.say("brand %s is used by no type", br.ID)
			}
		}
		for _, f := range t.Facets {
			if t.file != commonFile && len(c.book.usedBy[f.ID]) == 0 {
				c.say("facet %s is used by no type", f.ID)
			}
		}
	}
}

func (c *checker) id(id string, seen map[string]string, file string) {
	if !snake.MatchString(id) {
		c.say("id %q is not lower_snake ASCII", id)
	}
	c.unique(id, seen, file)
}

func (c *checker) unique(id string, seen map[string]string, file string) {
	if other, dup := seen[id]; dup {
		c.say("id %q is already declared in %s", id, other)
	}
	seen[id] = file
}

// label wants an English and a Chinese text.
func (c *checker) label(t catalog.Text) {
	if strings.TrimSpace(t["en"]) == "" {
		c.say("no English label")
	}
	if strings.TrimSpace(t["zh"]) == "" {
		c.say("no Chinese label")
	}
	c.onlyTwo(t, "label")
}

func (c *checker) onlyTwo(t catalog.Text, what string) {
	for lang := range t {
		if !slices.Contains(languages, lang) {
			c.say("%s in an unknown language %q: use en and zh", what, lang)
		}
	}
}

func (c *checker) synonyms(w words) {
	for lang, list := range w {
		if !slices.Contains(languages, lang) {
			c.say("synonyms in an unknown language %q: use en and zh", lang)
		}
		seen := map[string]bool{}
		for _, s := range list {
			if strings.TrimSpace(s) == "" || seen[strings.ToLower(s)] {
				c.say("synonym %q is empty or there twice", s)
			}
			seen[strings.ToLower(s)] = true
		}
	}
}

func (c *checker) brand(b brandRow) {
	c.label(b.Label)
	if b.Tier < 1 || b.Tier > 5 {
		c.say("tier %d is not 1 (cheap) to 5 (dear)", b.Tier)
	}
}

func (c *checker) facet(f *facetRow) {
	c.label(f.Label)
	c.synonyms(f.Synonyms)
	if (f.Ask["en"] == "") != (f.Ask["zh"] == "") || (f.Why["en"] == "") != (f.Why["zh"] == "") {
		c.say("ask and why must be in both languages")
	}
	if !slices.Contains(knownUnits, f.Unit) {
		c.say("unknown unit %q: use a canonical one", f.Unit)
	}
	if f.Better != "" && f.Better != "high" && f.Better != "low" {
		c.say("better is high, low or empty, not %q", f.Better)
	}
	switch f.Kind {
	case catalog.KindEnum:
		if len(f.Values) < 2 {
			c.say("an enum needs at least two values")
		}
	case catalog.KindNumber, catalog.KindBool:
		if len(f.Values) > 0 {
			c.say("a %s has no list of values", f.Kind)
		}
	default:
		c.say("kind is enum, number or bool, not %q", f.Kind)
	}
	c.values(f)
}

func (c *checker) values(f *facetRow) {
	at := c.at
	seen := map[string]string{}
	for _, v := range f.Values {
		c.at = at + " value " + v.ID
		c.id(v.ID, seen, "this facet")
		c.label(v.Label)
		c.onlyTwo(v.Text, "text")
		c.synonyms(v.Synonyms)
		if v.Hex != "" && !hex6.MatchString(v.Hex) {
			c.say("hex %q is not #rrggbb in small letters", v.Hex)
		}
		if v.Hex == "" && f.ID == "colour" {
			c.say("a colour needs a hex for its drawing")
		}
	}
	c.at = at
}

func (c *checker) typ(t *typeRow) {
	c.label(t.Label)
	c.synonyms(t.Synonyms)
	c.spans(t)
	c.customs(t)
	c.namesOf(t)
	if len(t.Facets) < 4 {
		c.say("%d facets: a type needs at least 4 of its own", len(t.Facets))
	}
	seen := map[string]string{}
	for i := range t.Facets {
		c.unique(t.Facets[i].facet, seen, "this type")
		c.pool(&t.Facets[i])
		if len(t.Facets[i].entries) == 0 && !t.Facets[i].derived {
			c.say("facet %s has no values", t.Facets[i].facet)
		}
	}
	for _, v := range t.Variants {
		if f := c.book.facet[v]; t.pool(v) == nil || f == nil || !f.Variant || !f.Multi {
			c.say("variants by %q: it must be a facet of the type, declared with variant: true and multi: true", v)
		}
	}
	if f := c.book.facet[t.Scale]; t.Scale != "" && (f == nil || f.Kind != catalog.KindNumber || t.pool(t.Scale) == nil) {
		c.say("scale %q is not a number facet of the type", t.Scale)
	}
	c.rules(t)
	c.sentences(t)
}

func (c *checker) spans(t *typeRow) {
	if t.PriceUSD[0] <= 0 || t.PriceUSD[1] < t.PriceUSD[0] {
		c.say("price_usd %v is not [lowest, highest]", t.PriceUSD)
	}
	if t.WeightG[0] <= 0 || t.WeightG[1] < t.WeightG[0] {
		c.say("weight_g %v is not [lightest, heaviest]", t.WeightG)
	}
	small, big := t.SizeMM[0], t.SizeMM[1]
	if len(small) != 3 || len(big) != 3 {
		c.say("size_mm is [[l, w, h], [l, w, h]]")
		return
	}
	for i := range small {
		if small[i] <= 0 || big[i] < small[i] {
			c.say("size_mm: the first parcel must be the smaller one")
			return
		}
	}
}

func (c *checker) customs(t *typeRow) {
	if !digit6.MatchString(t.HS) {
		c.say("hs %q is not a 6-digit subheading", t.HS)
	}
	for _, row := range t.HSBy {
		if !digit6.MatchString(row.HS) {
			c.say("hs_by %q is not a 6-digit subheading", row.HS)
		}
		c.condition(t, row.If)
	}
	for _, row := range t.PictureBy {
		if !HasPicture(row.Picture) {
			c.say("picture_by names %q, which nobody has drawn", row.Picture)
		}
		c.condition(t, row.If)
	}
	if len(t.Origins) == 0 {
		c.say("no origins")
	}
	for _, o := range t.Origins {
		if !upper2.MatchString(o) {
			c.say("origin %q is not an ISO 3166 code", o)
		}
	}
	for _, r := range t.Restrictions {
		name, cond, _ := strings.Cut(r, " if ")
		if !slices.Contains(knownRestrictions, name) {
			c.say("unknown restriction %q", name)
		}
		c.condition(t, cond)
	}
	for _, h := range t.Tints {
		if !hex6.MatchString(h) {
			c.say("tint %q is not #rrggbb in small letters", h)
		}
	}
}

func (c *checker) namesOf(t *typeRow) {
	if len(t.Brands) == 0 {
		c.say("no brands")
	}
	seen := map[string]string{}
	for _, br := range t.Brands {
		c.unique(br, seen, "this type's brands")
		if c.book.brand[br] == nil {
			c.say("unknown brand %q: declare it under brands", br)
		}
	}
	en, zh := t.Models["en"], t.Models["zh"]
	if len(en) != len(zh) || len(en) < t.count() {
		c.say("%d English and %d Chinese models for %d products: write as many of each, at least one a product", len(en), len(zh), t.count())
	}
	for _, list := range [][]string{en, zh} {
		seen := map[string]string{}
		for _, m := range list {
			c.unique(m, seen, "this type's models")
			if strings.TrimSpace(m) == "" {
				c.say("an empty model name")
			}
		}
	}
}

// pool checks that every value is one that the facet can have.
func (c *checker) pool(p *pool) {
	f := c.book.facet[p.facet]
	if f == nil {
		c.say("unknown facet %q: declare it in this file or use one of %s", p.facet, commonFile)
		return
	}
	if p.derived && p.facet != "weight" {
		c.say("facet %s cannot be derived: only weight can", p.facet)
	}
	for _, e := range p.entries {
		if len(e) == 0 || (len(e) > 1 && !f.Multi) {
			c.say("facet %s: %v does not have one value (only a multi facet may have several)", p.facet, e)
		}
		for _, x := range e {
			if _, ok := f.typed(x); !ok {
				c.say("facet %s has no value %v (kind %s)", p.facet, x, f.Kind)
			}
		}
	}
}

func (c *checker) rules(t *typeRow) {
	for _, r := range t.Rules {
		if r.If == "" || (len(r.Set) == 0 && r.Price == 0) {
			c.say("a rule needs if, and set or price")
		}
		if r.Price < 0 || r.Price > 5 {
			c.say("a rule multiplies the price by %v: want more than 0 and at most 5", r.Price)
		}
		c.condition(t, r.If)
		for i := range r.Set {
			p := &r.Set[i]
			if t.pool(p.facet) == nil {
				c.say("a rule sets %q, which the type does not have", p.facet)
				continue
			}
			if p.derived || p.facet == t.Scale {
				c.say("a rule cannot set %s: it is derived or the scale", p.facet)
			}
			c.pool(p)
		}
	}
}

func (c *checker) condition(t *typeRow, s string) {
	cond, err := parseCondition(s)
	if err != nil {
		c.say("%v", err)
		return
	}
	c.tests(t, cond, s)
}

func (c *checker) tests(t *typeRow, cond condition, in string) {
	for _, x := range cond {
		f := c.book.facet[x.facet]
		if f == nil || t.pool(x.facet) == nil {
			c.say("condition in %q asks for facet %q, which the type does not have", in, x.facet)
			continue
		}
		if f.Kind == catalog.KindEnum && x.operand != "" && f.value(x.operand) == nil {
			c.say("condition in %q: facet %s has no value %q", in, x.facet, x.operand)
		}
		if f.Kind == catalog.KindBool && x.operand != "" {
			c.say("condition in %q: write %s or !%s for a yes-or-no facet", in, x.facet, x.facet)
		}
	}
}

func (c *checker) sentences(t *typeRow) {
	if len(t.Title) == 0 {
		c.say("no title")
	}
	if len(t.Points) < 6 {
		c.say("%d points: write at least 6", len(t.Points))
	}
	for _, s := range t.Title {
		c.sentence(t, s, true)
		for _, lang := range languages {
			if !strings.Contains(s.in(lang), "{model}") || !strings.Contains(s.in(lang), "{brand}") {
				c.say("title %q lacks {brand} or {model}", s.in(lang))
			}
		}
	}
	for _, s := range t.Points {
		c.sentence(t, s, false)
	}
}

func (c *checker) sentence(t *typeRow, s sentence, title bool) {
	c.condition(t, s.If)
	if strings.TrimSpace(s.EN) == "" || strings.TrimSpace(s.ZH) == "" {
		c.say("a sentence is missing in one language: en %q, zh %q", s.EN, s.ZH)
	}
	if strings.ContainsFunc(s.EN, isHan) {
		c.say("English text has Chinese characters: %q", s.EN)
	}
	if !title && !strings.ContainsFunc(s.ZH, isHan) {
		c.say("Chinese text has no Chinese characters: %q", s.ZH)
	}
	if strings.Contains(s.EN, "  ") || strings.Contains(s.ZH, "  ") {
		c.say("two spaces in a row: %q %q", s.EN, s.ZH)
	}
	if !title {
		if !strings.HasSuffix(s.EN, ".") || !strings.HasSuffix(s.ZH, "。") {
			c.say("a point does not end with a full stop: %q %q", s.EN, s.ZH)
		}
	}
	for _, lang := range languages {
		c.template(t, s.in(lang), title)
	}
}

func (c *checker) template(t *typeRow, s string, title bool) {
	parts, err := parseTemplate(s)
	if err != nil {
		c.say("%v", err)
		return
	}
	for _, p := range parts {
		c.tests(t, p.cond, s)
		if p.field == "" || p.field == "brand" || p.field == "model" {
			continue
		}
		f := c.book.facet[p.field]
		switch {
		case f == nil || t.pool(p.field) == nil:
			c.say("%q has a placeholder {%s} that is no facet of the type", s, p.field)
		case f.Kind == catalog.KindBool:
			c.say("%q renders yes-or-no facet %s: write {%s?text}", s, p.field, p.field)
		case p.format != "" && f.Kind != catalog.KindNumber:
			c.say("%q formats facet %s as a number", s, p.field)
		case title && slices.Contains(t.Variants, p.field):
			c.say("title %q names %s, which differs between variants", s, p.field)
		}
	}
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }
