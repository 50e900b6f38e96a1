package data

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"daogou/catalog"
	"daogou/generator/task/shops"
	"daogou/nlu"
)

// Simulate makes one talk over a shop, of one to seven turns: a shopper with a hidden goal says what they are after, answers, refines, asks and buys, in words
// drawn from the phrasebook of lang ("en" or "zh"); a plain assistant shows what fits and asks about facets. Every turn comes with what it should be understood as, by
// the rules of the hand-written turns. The same rng makes the same talk.
func Simulate(rng *rand.Rand, shop *shops.Shop, lang string) []Turn {
	return simulate(rng, shop, lang, nil)
}

// longest is the most turns of a talk.
const longest = 7

// simulate leaves out product types of some verticals.
func simulate(rng *rand.Rand, shop *shops.Shop, lang string, without []string) []Turn {
	books, err := phrasebooks()
	if err != nil || books[lang] == nil {
		return nil
	}
	s := &sim{rng: rng, shop: shop, lang: lang, book: books[lang], stock: map[string][]*catalog.Product{}, manner: manner(rng.IntN(int(manners)))}
	s.takeStock(without)
	if len(s.types) == 0 {
		return nil
	}
	s.goal = s.newGoal()
	n := 1 + rng.IntN(3) + rng.IntN(5)
	for tries := 0; len(s.turns) < n && len(s.turns) < longest && tries < 6*longest && !s.over; tries++ {
		if l, ok := s.next(); ok && strings.TrimSpace(l.text) != "" {
			s.emit(l)
			s.reply(l.want)
		}
	}
	return s.turns
}

// manner is how a shopper writes.
type manner int

const (
	neat   manner = iota // sentences with capitals and full stops
	casual               // small letters, few stops
	terse                // as into a search box
	chatty               // tells things besides
	spoken               // dictated: no punctuation
	manners
)

// sim is one simulated talk.
type sim struct {
	rng      *rand.Rand
	shop     *shops.Shop
	lang     string
	book     *phrasebook
	manner   manner
	types    []string
	stock    map[string][]*catalog.Product
	goal     goal
	state    nlu.State
	history  []nlu.Message
	shown    []*catalog.Product
	plainYes bool // the assistant's last question takes a yes or no
	midway   bool // the line goes on from another: no greeting
	offered  bool // the assistant's last line offered something
	over     bool
	turns    []Turn
}

// line is what a shopper says with what it means.
type line struct {
	text string
	want nlu.Delta
	ref  string
}

func (s *sim) chance(percent int) bool { return s.rng.IntN(100) < percent }

// takeStock sorts the shop's products by type.
func (s *sim) takeStock(without []string) {
	for _, p := range s.shop.Products {
		if len(p.Category) == 0 || slices.Contains(without, p.Category[0]) {
			continue
		}
		c := p.Category[len(p.Category)-1]
		if s.stock[c] == nil {
			s.types = append(s.types, c)
		}
		s.stock[c] = append(s.stock[c], p)
	}
}

// emit files a line as a turn and moves the state on.
func (s *sim) emit(l line) {
	text, keywords := unmark(l.text)
	text = s.finish(text)
	l.want.Lang = s.lang
	for _, k := range keywords {
		if k = strings.ToLower(k); takesKeywords(l.want.Act) && !slices.Contains(s.state.Keywords, k) {
			l.want.Keywords = append(l.want.Keywords, k)
		}
	}
	if l.ref != "" {
		l.want.References = []string{l.ref}
	}
	t := Turn{ID: "sim", Dialogue: "sim", Vertical: s.vertical(l.want), Shop: s.shop, Ref: l.ref, Want: l.want}
	t.In = nlu.Turn{State: s.state, History: slices.Clone(s.history), Text: text, Shown: slices.Clone(s.shown), Schema: s.shop.Schema}
	next := s.state.Apply(l.want)
	t.After = next.CatalogConstraints()
	s.turns = append(s.turns, t)
	s.state = next
	s.state.Lang = s.lang
	s.history = append(s.history, nlu.Message{Role: "shopper", Text: text})
}

func takesKeywords(a nlu.Act) bool { return a == nlu.ActFind || a == nlu.ActRefine }

func (s *sim) vertical(d nlu.Delta) string {
	for _, list := range [][]nlu.Constraint{d.Set, s.state.Constraints} {
		for _, c := range list {
			if c.Facet == catalog.FacetCategory && c.Op == catalog.OpEq {
				return s.shop.Vertical(c.Values[0].Str())
			}
		}
	}
	if len(s.shown) > 0 {
		return s.shown[0].Category[0]
	}
	return s.shop.ID
}

// unmark takes the stars off keywords and lists them.
func unmark(text string) (string, []string) {
	parts := strings.Split(text, "*")
	var keywords []string
	for i := 1; i+1 < len(parts); i += 2 {
		keywords = append(keywords, parts[i])
	}
	return strings.Join(parts, ""), keywords
}

// finish writes a line in the shopper's manner.
func (s *sim) finish(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for _, x := range [][2]string{{" ,", ","}, {" .", "."}, {",,", ","}, {"，，", "，"}, {",.", "."}, {" ?", "?"}, {" ，", "，"}, {"， ", "，"}, {"的的", "的"}, {"。，", "，"}, {"，。", "。"}, {"？，", "？"}, {"?,", "?"}, {"!,", "!"}, {"?.", "?"}, {"!.", "!"}, {"?;", "?"}, {"！，", "！"}} {
		text = strings.ReplaceAll(text, x[0], x[1])
	}
	text = strings.Trim(text, " ,，")
	if s.lang == "zh" {
		text = strings.NewReplacer("， ", "，", " ，", "，", "。 ", "。", "？ ", "？").Replace(text)
		return s.finishZH(text)
	}
	switch s.manner {
	case neat:
		text = capitals(text)
		if r, _ := utf8.DecodeLastRuneInString(text); unicode.IsLetter(r) || unicode.IsDigit(r) {
			text += "."
		}
	case casual:
		if s.chance(60) {
			text = strings.ToLower(text)
		}
	case spoken:
		run := strings.NewReplacer(", ", " ", "? ", " ", "! ", " ", ". ", " ", "?", "", "!", "", ";", "", ":", "").Replace(text)
		if run != "" && run != "." {
			text = run
		}
	case chatty:
		if s.chance(50) {
			text = capitals(text)
		}
		if s.chance(12) {
			text += drawn(s, []string{" :)", "!", "...", " lol", " haha", "!!", " 😊", " 🙏", " xx"})
		}
	}
	return text
}

func (s *sim) finishZH(text string) string {
	last, _ := utf8.DecodeLastRuneInString(text)
	switch s.manner {
	case neat:
		if unicode.Is(unicode.Han, last) {
			if strings.ContainsRune("吗呢么", last) {
				text += "？"
			} else {
				text += "。"
			}
		}
	case terse:
		text = strings.NewReplacer("，", " ", "。", " ", "、", " ").Replace(text)
	case spoken:
		if len(text) < 12 {
			break
		}
		text = strings.NewReplacer("，", drawn(s, []string{"", " "}), "。", " ", "！", " ", "？", " ").Replace(text)
	case chatty:
		if s.chance(15) {
			text += drawn(s, []string{"哈", "～", "！", "哈哈", "😂", "🙏", "呀", "。。。"})
		}
	}
	return strings.TrimSpace(text)
}

// capitals writes the first letter of every sentence, and I, large.
func capitals(text string) string {
	r := []rune(text)
	start := true
	for i, c := range r {
		switch {
		case unicode.IsLetter(c) && start:
			r[i], start = unicode.ToUpper(c), false
		case (c == '.' || c == '!' || c == '?') && i+1 < len(r) && r[i+1] == ' ':
			start = true
		case unicode.IsDigit(c):
			start = false
		case c == 'i' && (i == 0 || r[i-1] == ' ') && (i+1 == len(r) || r[i+1] == ' ' || r[i+1] == '\'' || r[i+1] == ','):
			r[i] = 'I'
		}
	}
	return string(r)
}

// next draws what the shopper does now and words it.
func (s *sim) next() (line, bool) {
	list := s.moves()
	total := 0
	for _, m := range list {
		total += m.weight
	}
	k := s.rng.IntN(total)
	for _, m := range list {
		if k -= m.weight; k < 0 {
			return m.do()
		}
	}
	return line{}, false
}

// move is one thing that a shopper may do.
type move struct {
	weight int
	do     func() (line, bool)
}

// moves lists what makes sense now.
func (s *sim) moves() []move {
	list := []move{
		{2, s.plain(nlu.ActPolicy)}, {2, s.plain(nlu.ActOrder)}, {2, s.plain(nlu.ActPerson)}, {3, s.plain(nlu.ActOutOfScope)}, {2, s.plain(nlu.ActUnclear)}, {2, s.plain(nlu.ActViewCart)},
	}
	if len(s.turns) == 0 {
		list = append(list, move{4, s.plain(nlu.ActGreet)})
	}
	if len(s.turns) > 0 {
		list = append(list, move{2, s.plain(nlu.ActThank)}, move{2, s.plain(nlu.ActBye)})
	}
	if !s.hasNeed() {
		return append(list, move{75, s.find}, move{2, s.findPolicy})
	}
	list = append(list, move{7, s.findNew}, move{3, s.correctCategory}, move{18, s.refine}, move{5, s.negate}, move{3, s.plain(nlu.ActReset)}, move{2, s.plain(nlu.ActCheckout)})
	if s.held() >= 0 {
		list = append(list, move{7, s.relax}, move{6, s.correct})
	}
	if s.state.Asked != "" {
		list = append(list, move{60, s.answer}, move{9, s.dontCare})
	}
	if s.offered {
		list = append(list, move{12, s.plain(nlu.ActAffirm)}, move{12, s.plain(nlu.ActDeny)})
	}
	if len(s.state.Past) > 0 {
		list = append(list, move{16, s.back})
	}
	if len(s.shown) > 0 {
		list = append(list, move{8, s.askItem}, move{7, s.choose}, move{8, s.add}, move{5, s.more}, move{4, s.reject}, move{5, s.thanTheItem})
	}
	if len(s.shown) > 1 {
		list = append(list, move{11, s.compare})
	}
	if len(s.state.Cart) > 0 {
		list = append(list, move{14, s.remove}, move{3, s.plain(nlu.ActViewCart)}, move{4, s.plain(nlu.ActCheckout)})
	}
	return list
}

func (s *sim) hasNeed() bool { return len(s.state.Constraints)+len(s.state.Keywords) > 0 }

// held is the index of a condition of the need other than its category; -1 if there is none.
func (s *sim) held() int {
	var at []int
	for i, c := range s.state.Constraints {
		if c.Facet != catalog.FacetCategory {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return -1
	}
	return at[s.rng.IntN(len(at))]
}

// plain is a turn of one act and nothing else, perhaps with another such act.
func (s *sim) plain(act nlu.Act) func() (line, bool) {
	return func() (line, bool) {
		if act == nlu.ActBye || act == nlu.ActCheckout && s.chance(60) {
			s.over = true
		}
		l := line{text: s.say("act."+string(act), slots{"noun": s.noun(s.goal.category)}), want: nlu.Delta{Act: act}}
		also := map[nlu.Act][]nlu.Act{nlu.ActThank: {nlu.ActBye}, nlu.ActOrder: {nlu.ActPerson, nlu.ActPolicy}, nlu.ActPolicy: {nlu.ActOrder}, nlu.ActViewCart: {nlu.ActCheckout}, nlu.ActCheckout: {nlu.ActPolicy}}[act]
		if len(also) > 0 && s.chance(9) {
			l = s.with(l, drawn(s, also))
		}
		return l, true
	}
}

// with adds a second act.
func (s *sim) with(l line, act nlu.Act) line {
	if act == nlu.ActBye {
		s.over = true
	}
	l.text = s.say("also", slots{"a": strings.TrimRight(l.text, ".?!。？！"), "b": s.say("act."+string(act), slots{"noun": s.noun(s.goal.category)})})
	l.want.Also = append(l.want.Also, act)
	return l
}
