package chat

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"daogou/catalog"
	"daogou/nlu"
)

// Templates word a plan from tables of sentences, in English and Chinese. They are the stand-in for the model and need no deadline.
//
// A table maps a key to sentences that say the same. A sentence can be used only if every slot in it is a fact of the plan, so a table may hold fuller
// sentences and plainer ones side by side: the fullest that can be used are, and Plan.Variation picks among them.
type Templates struct{}

// Name says in the record who worded a reply.
func (Templates) Name() string { return "template" }

// Word says the plan, a sentence at a time.
func (Templates) Word(_ context.Context, p *Plan, emit func(Draft) error) error {
	s := &speaker{plan: p, words: vocabularyOf(p.Lang), emit: emit}
	s.tell()
	return s.err
}

// vocabulary is what a language needs for facts and sentences.
type vocabulary struct {
	phrases   map[string][]string
	columns   map[string]string // names of the columns that are not facets
	comma     string            // between the values of a list
	and, or   string
	join      string // between sentences
	yesNo     func(bool) string
	not       func(string) string
	flag      func(label string, on bool) string // a yes/no condition as a chip
	stock     func(in bool, left int64) string   // left is -1 if unknown
	rating    func(avg string, count int64) string
	stars     func(string) string
	quantity  func(f *catalog.Facet, v float64) string
	span      func(lo, hi string) string
	named     func(name, amount string) string // an amount with what it is of; name may be ""
	atMost    func(name, amount string) string
	atLeast   func(name, amount string) string
	matches   func(int) string // "214 matches"
	products  func(int) string // "3 items"
	country   func(iso string) string
	currency  map[string]string // names of currencies; others go by their code
	shipsFrom func(string) string
	reason    func(kind, label, value, want string) string
	askFor    func(facet string, kind catalog.Kind, label string) string
	answer    func(facet string, kind catalog.Kind, label, value string, yes bool) string
	splits    func(from, to int) string
	button    map[string]string
}

func vocabularyOf(lang string) *vocabulary {
	if lang == "zh" {
		return &chinese
	}
	return &english
}

// replyLang is the language a reply is worded in.
func replyLang(lang string) string {
	if lang == "zh" {
		return "zh"
	}
	return "en"
}

type speaker struct {
	plan  *Plan
	words *vocabulary
	emit  func(Draft) error
	err   error
}

var slotPattern = regexp.MustCompile(`\{([^{}]*)\}`)

// say says a sentence of a key; false if none can be used. In the tables * stands for the first number and # for the second.
func (s *speaker) say(key string, n ...int) bool {
	var best []string
	most := -1
	for _, text := range s.words.phrases[key] {
		for i, k := range n {
			text = strings.ReplaceAll(text, string("*#"[i]), strconv.Itoa(k))
		}
		slots, ok := s.slots(text)
		if ok && slots > most {
			best, most = nil, slots
		}
		if ok && slots == most {
			best = append(best, text)
		}
	}
	if len(best) == 0 || s.err != nil {
		return false
	}
	s.err = s.emit(Draft{Text: best[mix(s.plan.Variation, key)%uint64(len(best))]})
	return true
}

// mix is FNV-1a over a seed and a key.
func mix(seed uint64, key string) uint64 {
	h := uint64(14695981039346656037) ^ seed
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	h ^= h >> 29
	return h
}

// slots counts the slots of a sentence; ok is false if one of them is no fact of the plan.
func (s *speaker) slots(text string) (n int, ok bool) {
	found := slotPattern.FindAllStringSubmatch(text, -1)
	for _, m := range found {
		if _, ok := s.plan.Facts[m[1]]; !ok {
			return 0, false
		}
	}
	return len(found), true
}

func (s *speaker) tell() {
	p := s.plan
	for i := 0; i < len(p.Corrected); i++ {
		if i+1 < len(p.Corrected) && s.say("corrected.two", i+1, i+2) {
			i++
			continue
		}
		s.say("corrected", i+1)
	}
	switch p.Kind {
	case PlanAsk:
		s.lead()
		s.unread()
		s.say("later")
		s.question()
	case PlanShow:
		s.lead()
		s.unread()
		s.relaxations()
		s.best()
		s.unmet()
		s.say("later")
	case PlanRelax:
		s.say("relax")
		s.unread()
		s.relaxations()
		s.say("relax.nearest")
		s.say("later")
	case PlanNotCarried:
		s.say("not_carried")
		s.say("not_carried.nearest")
		s.say("later")
	case PlanCompare:
		s.comparison()
	case PlanAnswer:
		s.answers()
	case PlanDetail:
		s.say("detail")
		s.say("detail.rating")
		s.say("detail.why")
		if off := p.Items[0].TradeOff; off != nil && off.Kind != offLast && off.Kind != offNoStock { // the stock has been told
			s.say("detail.off")
		}
	case PlanWhich:
		s.which()
	case PlanCart:
		s.cart()
	case PlanCheckout:
		s.cartNote()
		s.say(p.keyIf(len(p.Cart) == 0, "cart.empty", "checkout"))
	case PlanPolicy:
		s.say(p.keyIf(p.Policy == nil, "policy.none", "policy"))
	case PlanOrder:
		if !s.say("policy") {
			s.say("order")
		}
	case PlanUnclear:
		if p.Note == "" || !s.say("note."+string(p.Note)) {
			s.say("unclear")
		}
	case PlanThank:
		s.say(p.keyIf(p.Note == NoteDeclined, "declined", "thank"))
	case PlanGreet:
		s.say(p.keyIf(p.First && p.Note == "", "greet", "greet.again"))
	default:
		s.say(string(p.Kind))
	}
	if p.Kind != PlanPolicy || p.Policy == nil {
		s.say("offer." + strings.TrimPrefix(p.Offer, "+"))
	}
	s.say("destination")
	s.say("currency")
}

// comparison says what was asked about the items, or else where they differ most.
func (s *speaker) comparison() {
	asked := s.plan.Asked
	switch {
	case slices.Equal(asked, []string{catalog.FacetPrice}) && s.say("compare.price"):
		return
	case slices.Equal(asked, []string{catalog.FacetRating}) && s.say("compare.rating"):
		return
	}
	s.say("compare")
	if len(asked) > 0 {
		s.answers()
		return
	}
	s.say("compare.price")
	s.say("compare.rating")
	s.say("compare.differs")
}

// keyIf is the first key if cond holds, else the second.
func (p *Plan) keyIf(cond bool, a, b string) string {
	if cond {
		return a
	}
	return b
}

// lead says how many fit, and what this turn changed.
func (s *speaker) lead() {
	p := s.plan
	switch {
	case p.Note == NoteWide:
		s.say("show.wide")
	case p.Note == NoteNoMore:
		s.say("show.no_more")
	case p.Note == NoteMore:
		s.say("show.more")
	case p.Note == NoteRejected:
		s.say("show.rejected")
	case p.Note == NoteBack && s.say("show.back"):
	case len(p.Dropped) > 0 && s.say("show.dropped"):
	case len(p.Changed) > 0 && allSoft(p.Changed) && s.say("show.wish"):
	case slices.ContainsFunc(p.Changed, excludes) && s.say("show.negated"):
	case len(p.Changed) > 0 && s.say("show.changed"):
	case p.Total == 1:
		s.say("show.one")
	default:
		s.say("show")
	}
}

func allSoft(cs []nlu.Constraint) bool {
	return !slices.ContainsFunc(cs, func(c nlu.Constraint) bool { return c.Hard })
}

func excludes(c nlu.Constraint) bool { return c.Op == catalog.OpNe }

// best says why the first item is first, and its trade-off.
func (s *speaker) best() {
	if len(s.plan.Items) == 0 {
		return
	}
	if off := s.plan.Items[0].TradeOff; off != nil && off.Kind == offNoStock && s.say("best.sold_out") {
		return
	}
	s.say("best")
	s.say("best.off")
}

func (s *speaker) unmet() {
	for i := range min(len(s.plan.Unmet), 2) {
		s.say("unmet", i+1)
	}
}

// unread owns up to words that were left out, once: when they are said.
func (s *speaker) unread() {
	if len(s.plan.Unread) > 0 {
		s.say("unread")
	}
}

func (s *speaker) question() {
	if s.plan.Question != nil {
		s.say("question")
	}
}

func (s *speaker) relaxations() {
	for i, r := range s.plan.Relax {
		switch {
		case i == 3:
			return
		case len(r.Set) > 0 && len(r.Drop) > 0:
			s.say("relax.both", i+1)
		case len(r.Set) > 0:
			s.say("relax.set", i+1)
		default:
			s.say("relax.drop", i+1)
		}
	}
}

func (s *speaker) answers() {
	for i := range s.plan.Items {
		said := false
		for k := range s.plan.Asked {
			said = s.say(s.plan.keyIf(said, "answer.also", "answer"), i+1, k+1) || said
		}
		for k := range s.plan.Unanswered {
			s.say("unanswered", i+1, k+1)
		}
	}
}

func (s *speaker) which() {
	p := s.plan
	switch {
	case p.Note == NoteVariant:
		s.say("which.variant")
	case len(p.Items) == 0:
		s.say("which.nothing")
	default:
		s.say("which")
	}
}

func (s *speaker) cart() {
	s.cartNote()
	s.say(s.plan.keyIf(len(s.plan.Cart) == 0, "cart.empty", "cart"))
}

func (s *speaker) cartNote() {
	if s.plan.Note != "" {
		s.say("note." + string(s.plan.Note))
	}
}

// ownSentences are the sentences of the tables with their numbers blotted out. Check knows by them that a sentence is ours, word for word.
var ownSentences = sync.OnceValue(func() map[string]bool {
	own := map[string]bool{}
	for _, v := range []*vocabulary{&english, &chinese} {
		for _, list := range v.phrases {
			for _, text := range list {
				own[blot(text)] = true
			}
		}
	}
	return own
})

var slotNumber = regexp.MustCompile(`[0-9]+|[*#]`)

// blot replaces the numbers within slots, so that "{p2.title}" and "{p*.title}" are the same sentence.
func blot(text string) string {
	return slotPattern.ReplaceAllStringFunc(text, func(slot string) string { return slotNumber.ReplaceAllString(slot, "*") })
}
