package data

import (
	"embed"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"daogou/generator/task"
)

//go:embed wordings
var wordingFiles embed.FS

// Wordings are the hand-written ways to say something in one language, by the key of the point that they say. A key of several points, "best+off", says them together.
//
// A wording is a line: words, facts as {role}, {role:kind} for a fact of one kind only ("is": what can follow "it is"), [either|or] for words that may change places, and
// // between sentences. Of several facts of one role, {why2} is the second.
type Wordings struct {
	Lang  string
	lines map[string][]string
}

var wordings = sync.OnceValues(func() (map[string]*Wordings, error) {
	all := map[string]*Wordings{}
	for _, lang := range []string{"en", "zh"} {
		w, err := readWordings(wordingFiles, "wordings/"+lang)
		if err != nil {
			return nil, err
		}
		w.Lang = lang
		all[lang] = w
	}
	return all, nil
})

// ReadWordings reads the wordings of a language, "en" or "zh".
func ReadWordings(lang string) (*Wordings, error) {
	all, err := wordings()
	if err != nil {
		return nil, err
	}
	if all[lang] == nil {
		return nil, fmt.Errorf("data: there are no wordings in %q; there are en and zh", lang)
	}
	return all[lang], nil
}

func readWordings(files fs.FS, dir string) (*Wordings, error) {
	w := &Wordings{lines: map[string][]string{}}
	names, err := fs.Glob(files, dir+"/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var blocks map[string]string
		if err := yaml.UnmarshalWithOptions(raw, &blocks, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("data: %s: %w", name, err)
		}
		for key, block := range blocks {
			if len(w.lines[key]) > 0 {
				return nil, fmt.Errorf("data: %s: %q has wordings in another file already", name, key)
			}
			for line := range strings.Lines(block) {
				if line = strings.TrimSpace(line); line != "" {
					w.lines[key] = append(w.lines[key], line)
				}
			}
		}
	}
	return w, nil
}

// Keys lists what there are wordings for.
func (w *Wordings) Keys() []string {
	var keys []string
	for k := range w.lines {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// families are keys whose wordings serve every key that begins with them: what is said of "answer" can be said of "answer.price".
var families = []string{"question", "answer"}

func family(key string) string {
	head, _, deeper := strings.Cut(key, ".")
	if deeper && slices.Contains(families, head) {
		return head
	}
	return ""
}

// of lists the lines for points that are said together.
func (w *Wordings) of(points ...task.Point) []string {
	keys := []string{""}
	for i, p := range points {
		var longer []string
		for _, k := range keys {
			if i > 0 {
				k += "+"
			}
			longer = append(longer, k+p.Key)
			if f := family(p.Key); f != "" {
				longer = append(longer, k+f)
			}
		}
		keys = longer
	}
	var out []string
	for _, k := range keys {
		out = append(out, w.lines[k]...)
	}
	return out
}

var (
	eitherOr   = regexp.MustCompile(`\[([^\[\]]*)\]`)
	beforeMark = regexp.MustCompile(` ([.,!?:;])`) // where words were left out before it
	roleName   = regexp.MustCompile(`\{([a-z]+)([0-9]?)(?::([a-z]+))?\}`)
)

// chooseEither takes one of each either-or.
func chooseEither(rng *rand.Rand, line string) string {
	return eitherOr.ReplaceAllStringFunc(line, func(s string) string {
		parts := strings.Split(s[1:len(s)-1], "|")
		return parts[rng.IntN(len(parts))]
	})
}

// expandLine lists everything that a line can say.
func expandLine(line string) []string {
	m := eitherOr.FindStringSubmatchIndex(line)
	if m == nil {
		return []string{line}
	}
	var out []string
	for _, part := range strings.Split(line[m[2]:m[3]], "|") {
		out = append(out, expandLine(line[:m[0]]+part+line[m[1]:])...)
	}
	return out
}

// classes are the kinds that a wording can ask for in one word.
var classes = map[string][]string{
	"is":     {"cheapest", "best_rated", "on_sale", "meets.price", "meets.sale", "meets.rating", "dearest", "low_rated", "dearer", "misses.rating"},
	"clause": {"out_of_stock", "unrated", "misses.price", "misses.sale", "misses.not", "unknown"},
	"many":   {"many"},
	"one":    {"one"},
}

// fillRoles puts the points' slots for roles and parts the sentences. ok is false if a fact is missing, or not of the kind that the wording asks for.
func fillRoles(line, lang string, points []task.Point) (sentences []string, ok bool) {
	ok = true
	line = roleName.ReplaceAllStringFunc(line, func(s string) string {
		m := roleName.FindStringSubmatch(s)
		slot, found := slotFor(m[1], m[2], points)
		if !found || m[3] != "" && !slices.Contains(classes[m[3]], slot.Kind) {
			ok = false
		}
		return "{" + slot.Name + "}"
	})
	if !ok {
		return nil, false
	}
	for s := range strings.SplitSeq(line, "//") {
		if s = beforeMark.ReplaceAllString(strings.Join(strings.Fields(s), " "), "$1"); s != "" {
			sentences = append(sentences, capital(s, lang))
		}
	}
	return sentences, true
}

// slotFor is the n-th of the points' facts of a role; n is "" for the first.
func slotFor(role, n string, points []task.Point) (task.WordSlot, bool) {
	at, _ := strconv.Atoi(n)
	var names []string
	for _, p := range points {
		for _, s := range p.Slots {
			if s.Role != role || slices.Contains(names, s.Name) {
				continue
			}
			names = append(names, s.Name)
			if len(names) == max(at, 1) {
				return s, true
			}
		}
	}
	return task.WordSlot{}, false
}

// capital begins an English sentence with a capital.
func capital(s, lang string) string {
	r, n := utf8.DecodeRuneInString(s)
	if lang != "en" || !unicode.IsLower(r) {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// say draws a way to say some points together; false if no wording can be used.
func (w *Wordings) say(rng *rand.Rand, points ...task.Point) ([]string, bool) {
	lines := w.of(points...)
	if len(lines) == 0 {
		return nil, false
	}
	for range 12 {
		if out, ok := fillRoles(chooseEither(rng, lines[rng.IntN(len(lines))]), w.Lang, points); ok {
			return out, true
		}
	}
	for _, at := range rng.Perm(len(lines)) {
		if out, ok := fillRoles(chooseEither(rng, lines[at]), w.Lang, points); ok {
			return out, true
		}
	}
	return nil, false
}

// Shares of replies with something besides what has to be said, in percent.
const (
	togetherShare = 40 // points said in one go where there is a wording for it
	openingShare  = 15
	closingShare  = 15
)

// part draws an opening or a closing.
func (w *Wordings) part(rng *rand.Rand, key string, percent int) []string {
	lines := w.lines[key]
	if len(lines) == 0 || rng.IntN(100) >= percent {
		return nil
	}
	out, _ := fillRoles(chooseEither(rng, lines[rng.IntN(len(lines))]), w.Lang, nil)
	return out
}

// Reply draws a whole reply; false if one of its points cannot be said.
func (w *Wordings) Reply(rng *rand.Rand, points []task.Point) ([]string, bool) {
	if len(points) == 0 {
		return nil, false
	}
	out := w.part(rng, "opening."+openingFor[points[0].Key], openingShare)
	for i := 0; i < len(points); {
		n := 1
		said, ok := []string(nil), false
		if i+1 < len(points) && rng.IntN(100) < togetherShare {
			said, ok = w.say(rng, points[i], points[i+1])
			n = 2
		}
		if !ok {
			said, ok = w.say(rng, points[i])
			n = 1
		}
		if !ok {
			return nil, false
		}
		out = append(out, said...)
		i += n
	}
	last := points[len(points)-1]
	if !last.Asks() {
		out = append(out, w.part(rng, "closing."+closingFor(points), closingShare)...)
	}
	return out, !repeats(out)
}

func repeats(sentences []string) bool {
	for i, s := range sentences {
		if slices.Contains(sentences[:i], s) {
			return true
		}
	}
	return false
}

// openingFor is the opening that fits before a reply's first point.
var openingFor = map[string]string{
	"lead.found": "need", "lead.changed": "need", "lead.wish": "need", "note.added": "cart", "note.added_all": "cart", "answer.value": "item", "answer.price": "item", "answer.stock": "item",
	"answer.rating": "item",
}

// closingFor is the closing that fits behind a reply's last point.
func closingFor(points []task.Point) string {
	single := slices.ContainsFunc(points, func(p task.Point) bool {
		return p.Key == "lead.one" || slices.ContainsFunc(p.Slots, func(s task.WordSlot) bool { return s.Role == "found" && s.Kind == "one" })
	})
	switch last := points[len(points)-1].Key; {
	case single: // they speak of several
		return ""
	case last == "best", last == "off", last == "unmet":
		return "show"
	case slices.ContainsFunc(points, func(p task.Point) bool { return p.Key == "relax" }):
		return "relax"
	case strings.HasPrefix(last, "compare"):
		return "compare"
	case last == "cart" && strings.HasPrefix(points[0].Key, "note.added"):
		return "cart"
	}
	return ""
}

// Texts are the wordings without their slots, for the training of a tokenizer.
func (w *Wordings) Texts() []string {
	var out []string
	for _, key := range w.Keys() {
		for _, line := range w.lines[key] {
			for _, s := range expandLine(line) {
				out = append(out, roleName.ReplaceAllString(s, " "))
			}
		}
	}
	return out
}
