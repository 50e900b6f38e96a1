package task

import (
	"strconv"
	"strings"
)

// WordPlan is what a reply has to say, in terms of no other package: chat's plans are turned into it to serve, and random ones are made of it to train. It holds no
// value of any product; those are facts, which a sentence names by slot.
type WordPlan struct {
	Lang       string
	Kind       string // of planKinds
	Note       string
	First      bool            // first reply of the talk
	Facts      map[string]bool // slots that may be said: "p1.title", "n.found", …
	Items      []WordItem
	Question   string // what kind of facet is asked for: "bool", "number", "enum", "price", "brand" or "category"; "" if nothing is
	Relax      []WordRelax
	Corrected  int        // spellings that were read otherwise
	Change     WordChange // what this turn changed in the need
	Total      int        // products that fit
	Unmet      int        // wishes that no item meets
	Asked      int        // facets that were asked about
	Unanswered int        // those of them that the rows say nothing about
	AskedFor   string     // in a comparison, the one thing that was asked about: "price" or "rating"; else ""
	CartSize   int        // lines in the basket
	CartItems  int        // pieces in the basket
	Offer      string     // "add", "next", "person" or ""
	Avoid      []string   // names and values of products: only a slot may say them
}

// WordItem is a product on the table.
type WordItem struct {
	Reasons  []string // kinds, the strongest first
	TradeOff string   // kind, or ""
	Answers  []string // kinds of the answers to what was asked: "yes", "no", "value", "price", "stock", "rating"; "" if its row has none
}

// WordRelax is a way to find something after all.
type WordRelax struct {
	Drop, Set bool // conditions to do without, and looser ones instead
	Count     int  // products that would then fit
}

// WordChange is what a turn did to the need.
type WordChange string

const (
	ChangeNone    WordChange = ""
	ChangeSet     WordChange = "changed"
	ChangeNegated WordChange = "negated" // something was ruled out
	ChangeWish    WordChange = "wish"    // only wishes
	ChangeDropped WordChange = "dropped"
)

// pointSpec is one thing that a reply can have to say: which facts it may use, as role=slot, and which roles it cannot do without ("ask|label": either).
// In slots * and # stand for numbers.
type pointSpec struct {
	key   string
	must  string
	slots string
	asks  bool // a question to the shopper: the reply ends with one
}

const questionSlots = "ask=q.text why=q.why splits=q.splits label=q.label"

// pointSpecs in the order of their tokens. New ones go to the end.
var pointSpecs = []pointSpec{
	{key: "greet"},
	{key: "greet.again"},
	{key: "corrected", must: "from to", slots: "from=c*.from to=c*.to"},
	{key: "lead.found", must: "found", slots: "found=n.found need=need"},
	{key: "lead.one", slots: "need=need"},
	{key: "lead.wide"},
	{key: "lead.changed", must: "changed", slots: "changed=changed found=n.found"},
	{key: "lead.negated", must: "changed", slots: "changed=changed found=n.found"},
	{key: "lead.wish", must: "changed", slots: "changed=changed found=n.found"},
	{key: "lead.dropped", must: "dropped", slots: "dropped=dropped found=n.found"},
	{key: "lead.more"},
	{key: "lead.no_more"},
	{key: "lead.rejected"},
	{key: "lead.back", must: "need", slots: "need=need found=n.found"},
	{key: "unread", must: "unread", slots: "unread=unread"},
	{key: "best", must: "title", slots: "title=p1.title price=p1.price why=p1.why1 why=p1.why2"},
	{key: "best.sold_out", must: "title off", slots: "title=p1.title price=p1.price off=p1.off"},
	{key: "off", must: "off", slots: "off=p1.off"},
	{key: "unmet", must: "label", slots: "label=u*.label"},
	{key: "question.bool", must: "ask|label", slots: questionSlots, asks: true},
	{key: "question.number", must: "ask|label", slots: questionSlots, asks: true},
	{key: "question.enum", must: "ask|label", slots: questionSlots, asks: true},
	{key: "question.price", slots: questionSlots, asks: true},
	{key: "question.brand", slots: questionSlots, asks: true},
	{key: "question.category", slots: questionSlots, asks: true},
	{key: "compare"},
	{key: "compare.price", must: "title", slots: "title=low.title price=low.price"},
	{key: "compare.rating", must: "title rating", slots: "title=top.title rating=top.rating"},
	{key: "compare.differs", must: "differs", slots: "differs=differs"},
	{key: "answer.yes", must: "title answer", slots: "title=p*.title answer=p*.a#"},
	{key: "answer.no", must: "title answer", slots: "title=p*.title answer=p*.a#"},
	{key: "answer.value", must: "title answer", slots: "title=p*.title answer=p*.a#"},
	{key: "answer.price", must: "title answer", slots: "title=p*.title answer=p*.a#"},
	{key: "answer.stock", must: "title answer", slots: "title=p*.title answer=p*.a#"},
	{key: "answer.rating", must: "title answer", slots: "title=p*.title answer=p*.a#"},
	{key: "also", must: "answer", slots: "answer=p*.a#"},
	{key: "unanswered", must: "title label", slots: "title=p*.title label=m#.label"},
	{key: "detail", must: "title stock", slots: "title=p1.title price=p1.price stock=p1.stock"},
	{key: "detail.rating", must: "rating", slots: "rating=p1.rating"},
	{key: "detail.why", must: "why", slots: "why=p1.why1 why=p1.why2"},
	{key: "which", slots: "ref=ref", asks: true},
	{key: "which.nothing", asks: true},
	{key: "which.variant", must: "title", slots: "title=p1.title label=q.label", asks: true},
	{key: "cart", must: "count", slots: "count=cart.count total=cart.total"},
	{key: "cart.empty"},
	{key: "note.added", must: "title", slots: "title=p1.title"},
	{key: "note.added_all"},
	{key: "note.removed", must: "title", slots: "title=p1.title"},
	{key: "note.quantity", must: "title qty", slots: "title=p1.title qty=cart.qty"},
	{key: "note.out_of_stock", must: "title", slots: "title=p1.title stock=p1.stock"},
	{key: "note.too_many", must: "title", slots: "title=p1.title stock=p1.stock"},
	{key: "note.cart_full"},
	{key: "note.not_in_cart"},
	{key: "note.stale"},
	{key: "note.bad_tap"},
	{key: "checkout", slots: "count=cart.count total=cart.total"},
	{key: "policy", must: "answer", slots: "answer=policy.answer"},
	{key: "policy.none"},
	{key: "order"},
	{key: "handover"},
	{key: "thank"},
	{key: "declined"},
	{key: "bye"},
	{key: "reset"},
	{key: "out_of_scope"},
	{key: "unclear"},
	{key: "relax"},
	{key: "relax.drop", must: "drop found", slots: "drop=r*.drop found=r*.found"},
	{key: "relax.set", must: "set found", slots: "set=r*.set found=r*.found"},
	{key: "relax.both", must: "drop set found", slots: "drop=r*.drop set=r*.set found=r*.found"},
	{key: "nearest", must: "title", slots: "title=p1.title price=p1.price"},
	{key: "not_carried", slots: "need=need"},
	{key: "offer.add", asks: true},
	{key: "offer.next", must: "next", slots: "next=next", asks: true},
	{key: "offer.person", asks: true},
	{key: "destination", must: "country", slots: "country=country"},
	{key: "currency", must: "own", slots: "own=currency.own asked=currency.asked"},
	{key: "currency.budget", must: "own budget", slots: "own=currency.own budget=currency.budget"},
}

func pointKeys() []string {
	keys := make([]string, len(pointSpecs))
	for i, s := range pointSpecs {
		keys[i] = s.key
	}
	return keys
}

// Point is one thing that a reply has to say, with the facts at hand.
type Point struct {
	Key   string
	Slots []WordSlot
	spec  *pointSpec
}

// WordSlot is a fact as a sentence may use it.
type WordSlot struct {
	Name string // "p1.title"
	Role string // "title"
	Kind string // of slotKinds, or ""
}

// Asks says whether the point is a question to the shopper.
func (p Point) Asks() bool { return p.spec.asks }

// needs lists what the point cannot do without: for each, the slots of which one has to be said. What the plan has no fact for is not needed.
func (p Point) needs() [][]string {
	var out [][]string
	for _, either := range strings.Fields(p.spec.must) {
		var names []string
		for _, role := range strings.Split(either, "|") {
			for _, s := range p.Slots {
				if s.Role == role {
					names = append(names, s.Name)
				}
			}
		}
		if len(names) > 0 {
			out = append(out, names)
		}
	}
	return out
}

// maxPoints bounds a reply, and with it its prompt.
const maxPoints = 16

// Points lists what a reply has to say, in the order in which it is best said; questions come last.
func (p *WordPlan) Points() []Point {
	l := pointList{plan: p}
	l.all()
	var out []Point
	for _, asks := range []bool{false, true} {
		for _, x := range l.points[:min(len(l.points), maxPoints)] {
			if x.Asks() == asks {
				out = append(out, x)
			}
		}
	}
	return out
}

type pointList struct {
	plan   *WordPlan
	points []Point
}

// add puts a point if its facts are at hand; n are the numbers that stand for * and #.
func (l *pointList) add(key string, n ...int) bool {
	for i := range pointSpecs {
		if s := &pointSpecs[i]; s.key == key {
			p := Point{Key: key, spec: s, Slots: l.slots(s.slots, n)}
			for _, either := range strings.Fields(s.must) {
				if !p.hasOne(either) {
					return false
				}
			}
			l.points = append(l.points, p)
			return true
		}
	}
	return false
}

func (p Point) hasOne(either string) bool {
	for _, role := range strings.Split(either, "|") {
		for _, s := range p.Slots {
			if s.Role == role {
				return true
			}
		}
	}
	return false
}

func (l *pointList) slots(spec string, n []int) []WordSlot {
	var out []WordSlot
	for _, f := range strings.Fields(spec) {
		role, name, _ := strings.Cut(f, "=")
		for i, k := range n {
			name = strings.ReplaceAll(name, string("*#"[i]), strconv.Itoa(k))
		}
		if l.plan.Facts[name] {
			out = append(out, WordSlot{Name: name, Role: role, Kind: l.plan.kindOf(name)})
		}
	}
	return out
}

// kindOf is the kind of a fact, if its wording may depend on it.
func (p *WordPlan) kindOf(slot string) string {
	head, col, _ := strings.Cut(slot, ".")
	switch {
	case slot == "n.found":
		return oneOrMany(p.Total)
	case slot == "cart.count":
		return oneOrMany(p.CartItems)
	case col == "found":
		if i := index(head, "r"); i >= 0 && i < len(p.Relax) {
			return oneOrMany(p.Relax[i].Count)
		}
	}
	i := index(head, "p")
	if i < 0 || i >= len(p.Items) {
		return ""
	}
	if k := index(col, "why"); k >= 0 && k < len(p.Items[i].Reasons) {
		return p.Items[i].Reasons[k]
	}
	if col == "off" {
		return p.Items[i].TradeOff
	}
	return ""
}

// index is the number behind a prefix less one: "p2" is 1; -1 if there is none.
func index(s, prefix string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(s, prefix))
	if err != nil || !strings.HasPrefix(s, prefix) {
		return -1
	}
	return n - 1
}

func oneOrMany(n int) string {
	if n == 1 {
		return "one"
	}
	return "many"
}

func (l *pointList) all() {
	p := l.plan
	for i := range p.Corrected {
		l.add("corrected", i+1)
	}
	switch p.Kind {
	case "greet":
		l.either(p.First && p.Note == "", "greet", "greet.again")
	case "ask":
		l.lead()
		l.add("unread")
		l.add("question." + p.Question)
	case "show":
		l.show()
	case "relax":
		l.add("relax")
		l.add("unread")
		l.relaxations()
		l.add("nearest")
	case "not_carried":
		l.add("not_carried")
		l.add("nearest")
	case "compare":
		l.compare()
	case "answer":
		l.answers()
	case "detail":
		l.add("detail")
		l.add("detail.rating")
		l.add("detail.why")
		l.add("off")
	case "which":
		l.which()
	case "cart":
		l.add("note." + p.Note)
		l.either(p.CartSize == 0, "cart.empty", "cart")
	case "checkout":
		l.add("note." + p.Note)
		l.either(p.CartSize == 0, "cart.empty", "checkout")
	case "policy":
		l.either(!p.Facts["policy.answer"], "policy.none", "policy")
	case "order":
		l.either(!p.Facts["policy.answer"], "order", "policy")
	case "unclear":
		if p.Note == "" || !l.add("note."+p.Note) {
			l.add("unclear")
		}
	case "thank":
		l.either(p.Note == "declined", "declined", "thank")
	default:
		l.add(p.Kind)
	}
	if p.Kind != "policy" || !p.Facts["policy.answer"] {
		l.add("offer." + p.Offer)
	}
	l.add("destination")
	if !l.add("currency.budget") && p.Facts["currency.asked"] {
		l.add("currency")
	}
}

func (l *pointList) either(cond bool, a, b string) {
	if cond {
		l.add(a)
	} else {
		l.add(b)
	}
}

// lead says how many fit, and what this turn changed.
func (l *pointList) lead() {
	p := l.plan
	switch {
	case p.Note == "wide":
		l.add("lead.wide")
	case p.Note == "no_more", p.Note == "more", p.Note == "rejected":
		l.add("lead." + p.Note)
	case p.Note == "back" && l.add("lead.back"):
	case p.Change != ChangeNone && l.add("lead."+string(p.Change)):
	case p.Total == 1:
		l.add("lead.one")
	default:
		l.add("lead.found")
	}
}

func (l *pointList) show() {
	p := l.plan
	l.lead()
	l.add("unread")
	l.relaxations()
	if len(p.Items) > 0 && (p.Items[0].TradeOff != "out_of_stock" || !l.add("best.sold_out")) {
		l.add("best")
		l.add("off")
	}
	for i := range min(p.Unmet, 2) {
		l.add("unmet", i+1)
	}
}

func (l *pointList) relaxations() {
	for i, r := range l.plan.Relax[:min(len(l.plan.Relax), 3)] {
		switch {
		case r.Drop && r.Set:
			l.add("relax.both", i+1)
		case r.Set:
			l.add("relax.set", i+1)
		default:
			l.add("relax.drop", i+1)
		}
	}
}

func (l *pointList) compare() {
	p := l.plan
	if p.AskedFor != "" && l.add("compare."+p.AskedFor) {
		return
	}
	l.add("compare")
	if p.Asked > 0 {
		l.answers()
		return
	}
	l.add("compare.price")
	l.add("compare.rating")
	l.add("compare.differs")
}

func (l *pointList) answers() {
	for i, it := range l.plan.Items {
		said := false
		for k, kind := range it.Answers {
			switch {
			case kind == "":
			case said:
				l.add("also", i+1, k+1)
			default:
				said = l.add("answer."+kind, i+1, k+1)
			}
		}
		for k := range l.plan.Unanswered {
			l.add("unanswered", i+1, k+1)
		}
	}
}

func (l *pointList) which() {
	p := l.plan
	switch {
	case p.Note == "variant":
		l.add("which.variant")
	case len(p.Items) == 0:
		l.add("which.nothing")
	default:
		l.add("which")
	}
}

// PointKeys lists what a reply can have to say.
func PointKeys() []string { return pointKeys() }

// Point makes one point of the plan's facts; n are the numbers of its item and of what was asked. false if the facts are not at hand.
func (p *WordPlan) Point(key string, n ...int) (Point, bool) {
	l := pointList{plan: p}
	if !l.add(key, n...) {
		return Point{}, false
	}
	return l.points[0], true
}
