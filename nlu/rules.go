package nlu

import (
	"context"
	"errors"
	"unicode"

	"daogou/catalog"
)

// Rules is the rule parser: tables of cues and acts, and the words of the catalogue itself. It needs no training and no tuning for a shop, answers in well under a
// millisecond, and is the stand-in when the model is late. It is safe for concurrent use.
type Rules struct {
	lex lexicons
}

// NewRules makes a rule parser. It compiles a catalogue's words at the first turn about it.
func NewRules() *Rules { return &Rules{} }

var errNoSchema = errors.New("nlu: the turn has no schema: pass the catalogue's schema with it")

// Parse understands one turn.
func (p *Rules) Parse(ctx context.Context, t Turn) (Delta, error) {
	if err := ctx.Err(); err != nil {
		return Delta{}, err
	}
	if t.Schema == nil {
		return Delta{}, errNoSchema
	}
	return p.begin(t).parse(), nil
}

// begin makes the turn ready to be read.
func (p *Rules) begin(t Turn) *work {
	if len(t.Text) > MaxText || !isClean(t.Text) {
		t.Text = Clean(t.Text, MaxText)
	}
	w := &work{turn: t, lex: p.lex.of(t.Schema), lang: Detect(t.Text, orEnglish(t.State.Lang))}
	w.home = BareCurrency(t.State.Currency, w.lang, t.Schema.Currency)
	return w
}

// FirstNeed parses a turn and says which part of its text speaks of the need that comes first: all of it unless it speaks of two products that are both wanted.
func (p *Rules) FirstNeed(t Turn) (Delta, string) {
	w := p.begin(t)
	d := w.parse()
	if w.first == "" {
		return d, w.turn.Text
	}
	return d, w.first
}

// BareCurrency is what an amount without a currency is in: the one the shopper has spoken of, else yuan in Chinese (五百以内 is 500 yuan to whoever says it),
// else the shop's.
func BareCurrency(spoken, lang, shop string) string {
	switch {
	case spoken != "":
		return spoken
	case lang == "zh":
		return "CNY"
	}
	return shop
}

// work is the parsing of one turn.
type work struct {
	turn Turn
	lex  *lexicon
	lang string
	home string // currency of bare amounts
	r    *reading

	category  kinds // that the turn names
	previous  kinds // that the need is about
	facets    facetSet
	known     bool // facets are of one category
	cats      []catMatch
	compounds map[int]int    // first token of a product's name that looks like a colour and a noun → its end
	shoe      *catalog.Facet // of shoe sizes, if the goods have one
	shoes     []shoeSize
	segs      []seg
	clauses   []clause
	refs      []refMatch
	acts      []actMatch
	d         Delta

	pos, neg   []saying // values said
	relaxed    bool
	moved      bool // a comparative moved a bound
	negWord    bool // a word was excluded that the catalogue does not know
	corrected  bool
	wants      bool   // words that ask for something: "looking for"
	first      string // the part of the text that speaks of the first of several needs
	splits     int    // how often the turn has been split into needs
	constraint int    // token of the first constraint or keyword, for the order of acts
}

// parse reads the turn in the order in which later steps need earlier ones.
func (w *work) parse() Delta {
	w.d = Delta{Lang: w.lang, By: "rules"}
	w.r = read(w.turn.Text, w.lang)
	if act, ok := w.wordless(); ok {
		w.d.Act = act
		return w.d
	}
	w.previous = categoriesIn(w.turn.State.Constraints)
	w.findCompounds()
	w.findCategories()
	w.findShoes()
	w.segment()
	w.findActs()
	if till, from, ok := w.secondNeed(); ok && w.splits < maxNext {
		if d, ok := w.parseBoth(till, from); ok {
			w.first = w.turn.Text[:w.r.toks[till].start]
			if len(d.Next) == 0 { // "I have a tent and need a stove"
				w.first = w.turn.Text[w.r.toks[from].start:]
			}
			return d
		}
	}
	w.findReferences()
	w.settleClauses()
	w.findPlaces()
	w.readConstraints()
	w.readKeywords()
	w.decide()
	return w.d
}

// wordless answers turns without a word: emoji and punctuation.
func (w *work) wordless() (Act, bool) {
	other := ""
	for _, t := range w.r.toks {
		if t.kind == tokOther && other == "" {
			other = t.text
		}
		if t.kind != tokPunct && t.kind != tokOther {
			return "", false
		}
	}
	if act, ok := emojiActs[other]; ok {
		return act, true
	}
	return ActUnclear, true
}

var emojiActs = map[string]Act{
	"👋": ActGreet, "👍": ActAffirm, "👌": ActAffirm, "✅": ActAffirm, "🆗": ActAffirm, "💯": ActAffirm, "✔": ActAffirm, "☑": ActAffirm,
	"👎": ActDeny, "❌": ActDeny, "🙅": ActDeny, "🚫": ActDeny, "🙏": ActThank, "❤": ActThank, "💖": ActThank, "😘": ActThank, "🥰": ActThank,
}

// isClean says whether Clean would leave a text as it is, as far as the rules care.
func isClean(s string) bool {
	for _, r := range s {
		if r == 0xFFFD || unicode.IsControl(r) {
			return false
		}
	}
	return true
}

// hasItems says whether there is something to point to.
func (w *work) hasItems() bool {
	return len(w.turn.Shown) > 0 || len(w.turn.State.Shown) > 0 || w.turn.State.Focus != "" || w.turn.Page != ""
}

func (w *work) facet(id string) *catalog.Facet { return w.turn.Schema.Facet(id) }
