package chat

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"daogou/catalog"
	"daogou/chat/wire"
)

// Errors of check.
var (
	// ErrUngrounded is a draft that states something outside a slot, or fills a slot that the plan does not have. Another wording is needed.
	ErrUngrounded = errors.New("chat: the draft states what no row proves")
	// ErrStale means that nothing of the drafts is true any more. Another plan is needed.
	ErrStale = errors.New("chat: the rows have changed under the reply")
)

const (
	maxDrafts     = 24
	maxDraftBytes = 1000
)

// checked is a reply's text with where its facts stand.
type checked struct {
	text   string
	claims []wire.Claim
	spans  [][2]int // byte offsets of every filled slot, of a product or not
}

// check makes the reply's text of drafts, with every slot filled from rows, which were read just before; it is pure.
//
// A draft may hold words and slots. Digits, signs and words of money, numbers in words, and any name, brand or value of the plan's products outside a slot make it
// ErrUngrounded, as does a slot that is not of the plan. A fact that changed since the plan was made is said as it is now. A sentence about an item that
// vanished, sold out, or no longer has what the sentence says of it is left out; if that leaves nothing, the error is ErrStale.
//
// Claims bind each filled fact of a product, and each quoted policy, to what it was read from.
func check(drafts []Draft, p *Plan, rows map[string]*catalog.Product) (checked, error) {
	var out checked
	if len(drafts) > maxDrafts {
		return out, fmt.Errorf("%w: %d sentences, at most %d", ErrUngrounded, len(drafts), maxDrafts)
	}
	live, names := p.live(rows), p.names()
	dropped := false
	for _, d := range drafts {
		parts, err := parseDraft(d.Text, p, names)
		if err != nil {
			return checked{}, err
		}
		if facts, ok := p.refill(parts, live); ok {
			out.add(parts, facts, p)
		} else {
			dropped = true
		}
	}
	if out.text == "" || dropped && p.gone(live) {
		return out, ErrStale
	}
	return out, nil
}

// live are the rows that may still be spoken of. An item that was offered as one to buy and has sold out since is not.
func (p *Plan) live(rows map[string]*catalog.Product) map[string]*catalog.Product {
	out := make(map[string]*catalog.Product, len(rows))
	for id, row := range rows {
		out[id] = row
	}
	if p.Kind != PlanShow && p.Kind != PlanAsk && p.Kind != PlanNotCarried {
		return out
	}
	for _, it := range p.Items {
		if row := rows[it.Product.ID]; row != nil && it.Product.InStock() && !row.InStock() {
			delete(out, it.Product.ID)
		}
	}
	return out
}

// gone says whether nothing is left of what the plan is about.
func (p *Plan) gone(live map[string]*catalog.Product) bool {
	for _, it := range p.Items {
		if live[it.Product.ID] != nil {
			return false
		}
	}
	return len(p.Items) > 0
}

// part is a piece of a draft: words, or a slot.
type part struct {
	words string
	slot  string
}

// parseDraft splits a draft and refuses what is not grounded.
func parseDraft(text string, p *Plan, names []string) ([]part, error) {
	if len(text) > maxDraftBytes || !utf8.ValidString(text) {
		return nil, fmt.Errorf("%w: a sentence is valid UTF-8 of at most %d bytes", ErrUngrounded, maxDraftBytes)
	}
	var parts []part
	own := ownSentences()[blot(text)]
	for rest := text; rest != ""; {
		i := strings.IndexAny(rest, "{}")
		if i < 0 {
			i = len(rest)
		}
		if words := rest[:i]; words != "" {
			if !own {
				if why := forbidden(words, names); why != "" {
					return nil, fmt.Errorf("%w: %s in %q", ErrUngrounded, why, words)
				}
			}
			parts = append(parts, part{words: words})
		}
		rest = rest[i:]
		if rest == "" {
			break
		}
		end := strings.IndexByte(rest, '}')
		if rest[0] == '}' || end < 0 || strings.IndexByte(rest[1:end], '{') >= 0 {
			return nil, fmt.Errorf("%w: an unpaired brace in %q", ErrUngrounded, text)
		}
		slot := rest[1:end]
		if _, ok := p.Facts[slot]; !ok {
			return nil, fmt.Errorf("%w: the plan has no slot %q", ErrUngrounded, slot)
		}
		parts = append(parts, part{slot: slot})
		rest = rest[end+1:]
	}
	return parts, nil
}

// Words that stand for numbers or money. "one" is left out: "this one", "the other one".
var (
	numberWords = regexp.MustCompile(`(?i)\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|` +
		`twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|twice|double|free|percent|` +
		`dollars?|bucks?|cents?|euros?|pounds?|pence|yuan|rmb|renminbi|yen|francs?|rupees?|won|usd|eur|gbp|cny|jpy|chf|cad|aud)\b`)
	hanNumbers = regexp.MustCompile(`[二三四五六七八九十百千万亿两半零〇]|一[百千万亿十半]|[元块毛角折]|美金|美刀|欧元|英镑|日元|人民币|港币|免费|包邮`)
)

// forbidden says what in words would be a fact outside a slot; "" if nothing is.
func forbidden(words string, names []string) string {
	for _, c := range words {
		switch {
		case unicode.IsNumber(c):
			return "a digit"
		case unicode.Is(unicode.Sc, c) || c == '%' || c == '％' || c == '‰':
			return "a sign of money or share"
		case unicode.IsControl(c) && c != '\n':
			return "a control character"
		}
	}
	if numberWords.MatchString(words) || hanNumbers.MatchString(words) {
		return "a number or an amount in words"
	}
	for _, name := range names {
		if containsWord(words, name) {
			return "a product's name or value"
		}
	}
	return ""
}

// names are what only a slot may say: titles, brands, and the values of the plan's products.
func (p *Plan) names() []string {
	var out []string
	add := func(s string) {
		if utf8.RuneCountInString(s) >= 2 {
			out = append(out, s)
		}
	}
	for slot, f := range p.Facts {
		if f.Product == "" || f.Value == "true" || f.Value == "false" {
			continue
		}
		switch slotColumn(slot) {
		case colStock, catalog.FacetCategory:
			continue
		}
		add(f.Text)
	}
	for _, it := range p.Items {
		for _, t := range it.Product.Title {
			add(t)
		}
		add(it.Product.Brand)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// containsWord says whether words hold name, whatever its case; a Latin name only as whole words.
func containsWord(words, name string) bool {
	words, name = strings.ToLower(words), strings.ToLower(name)
	for from := 0; ; {
		i := strings.Index(words[from:], name)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(words[:i])
		after, _ := utf8.DecodeRuneInString(words[i+len(name):])
		first, size := utf8.DecodeRuneInString(name)
		last, _ := utf8.DecodeLastRuneInString(name)
		if !joined(before, first) && !joined(last, after) {
			return true
		}
		from = i + size
	}
}

// joined says whether two letters belong to one Latin word.
func joined(a, b rune) bool {
	return unicode.IsLetter(a) && unicode.IsLetter(b) && !unicode.Is(unicode.Han, a) && !unicode.Is(unicode.Han, b)
}

// refill reads the facts of a sentence again. ok is false if one of them no longer holds.
func (p *Plan) refill(parts []part, rows map[string]*catalog.Product) (map[string]Fact, bool) {
	facts := map[string]Fact{}
	for _, x := range parts {
		if x.slot == "" {
			continue
		}
		f, ok := p.refresh(p.Facts[x.slot], rows)
		if !ok {
			return nil, false
		}
		f.Text = clean(f.Text, 1200)
		facts[x.slot] = f
	}
	return facts, true
}

// add appends a sentence to the text, with its claims.
func (c *checked) add(parts []part, facts map[string]Fact, p *Plan) {
	var b strings.Builder
	b.WriteString(c.text)
	if c.text != "" {
		b.WriteString(p.Reader.words().join)
	}
	units := utf16Len(b.String())
	for _, x := range parts {
		if x.slot == "" {
			b.WriteString(x.words)
			units += utf16Len(x.words)
			continue
		}
		f := facts[x.slot]
		start, n := b.Len(), utf16Len(f.Text)
		b.WriteString(f.Text)
		c.spans = append(c.spans, [2]int{start, b.Len()})
		if f.Product != "" || f.Column == "policy" || f.Column == "cart_total" {
			c.claims = append(c.claims, wire.Claim{Text: f.Text, Start: units, End: units + n, Product: f.Product, Column: f.Column, Value: f.Value,
				Version: f.Version, Time: p.Reader.Now})
		}
		units += n
	}
	c.text = b.String()
}

// utf16Len is the length of s as browsers count.
func utf16Len(s string) int {
	n := 0
	for _, c := range s {
		n += max(1, utf16.RuneLen(c))
	}
	return n
}
