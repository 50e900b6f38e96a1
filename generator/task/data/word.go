package data

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"daogou/catalog"
	"daogou/generator/task"
	"daogou/generator/task/shops"
)

// wordShare of all examples, in percent, teach wording.
const wordShare = 32

// word draws a plan and a way to say it.
func (s *Set) word(rng *rand.Rand) (Example, bool) {
	lang := oneOf(rng, []string{"en", "zh"})
	w, err := ReadWordings(lang)
	if err != nil {
		return Example{}, false
	}
	plan := RandomPlan(rng, s.shops[rng.IntN(len(s.shops))], lang)
	said, ok := w.Reply(rng, plan.Points())
	if !ok {
		return Example{}, false
	}
	p := s.vocab.NewWordPrompt(plan, rng.IntN(1<<20))
	answer, err := p.Answer(said)
	if err != nil || len(answer) > task.MaxAnswerTokens || p.Check(answer) != nil {
		return Example{}, false
	}
	return Example{Tokens: append(slices.Clone(p.Tokens), answer...), Prompt: len(p.Tokens), Weight: evenly(len(p.Tokens), len(answer), wordWeight), Job: "word"}, true
}

func oneOf[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// planShares are how often each kind of plan is drawn. Those that hold more take more practice.
var planShares = []struct {
	kind  string
	share int
}{{"ask", 20}, {"show", 22}, {"compare", 6}, {"answer", 10}, {"detail", 7}, {"relax", 8}, {"not_carried", 5}, {"cart", 10}, {"checkout", 3}, {"which", 5}, {"policy", 3}, {"order", 3},
	{"handover", 2}, {"thank", 2}, {"bye", 2}, {"reset", 2}, {"out_of_scope", 2}, {"unclear", 3}, {"greet", 3}}

// RandomPlan draws a plan as it could come up in a shop.
func RandomPlan(rng *rand.Rand, shop *shops.Shop, lang string) task.WordPlan {
	total := 0
	for _, k := range planShares {
		total += k.share
	}
	n := rng.IntN(total)
	d := planDraw{rng: rng, shop: shop, plan: task.WordPlan{Lang: lang, Facts: map[string]bool{}}}
	for _, k := range planShares {
		if n -= k.share; n < 0 {
			d.plan.Kind = k.kind
			break
		}
	}
	d.draw()
	return d.plan
}

// planDraw fills a plan.
type planDraw struct {
	rng  *rand.Rand
	shop *shops.Shop
	plan task.WordPlan
}

// chance is true in so many of a hundred cases.
func (d *planDraw) chance(percent int) bool { return d.rng.IntN(100) < percent }

func (d *planDraw) facts(slots ...string) {
	for _, s := range slots {
		d.plan.Facts[s] = true
	}
}

func (d *planDraw) draw() {
	p := &d.plan
	if d.chance(10) {
		p.First = true
	}
	switch p.Kind {
	case "ask", "show", "relax", "not_carried":
		d.need()
	case "compare", "answer":
		d.items(2+d.rng.IntN(3), false)
		d.asked()
	case "detail":
		d.items(1, false)
		d.offer("add", 80)
	case "cart", "checkout":
		d.cart()
	case "which":
		d.which()
	case "policy":
		d.policy(80)
	case "order":
		d.policy(20)
		d.offer("person", 100)
	case "thank":
		p.Note = oneOf(d.rng, []string{"", "", "declined"})
	case "unclear":
		p.Note = oneOf(d.rng, []string{"", "", "", "stale", "bad_tap"})
	case "greet":
		p.First = d.chance(60)
		if d.chance(15) {
			p.Note = "no_need"
		}
	}
	if d.chance(4) {
		d.facts("country")
	}
	if d.chance(4) {
		d.facts("currency.own", oneOf(d.rng, []string{"currency.asked", "currency.budget"}))
	}
}

// need draws what was found, what changed and what is asked or shown.
func (d *planDraw) need() {
	p := &d.plan
	if d.chance(85) {
		d.facts("need")
	}
	if d.chance(6) {
		p.Corrected = 1 + d.rng.IntN(2)
		for i := range p.Corrected {
			d.facts(fmt.Sprintf("c%d.from", i+1), fmt.Sprintf("c%d.to", i+1))
		}
	}
	if d.chance(8) {
		d.facts("unread")
	}
	p.Total = oneOf(d.rng, []int{0, 1, 1, 2, 3, 7, 20, 80, 300})
	d.facts("n.found")
	switch p.Kind {
	case "ask":
		p.Total = max(p.Total, 2)
		d.change()
		d.question()
	case "show":
		d.shown()
	case "relax":
		p.Total = 0
		d.relax(1 + d.rng.IntN(3))
		d.items(d.rng.IntN(4), false)
	case "not_carried":
		p.Total = 0
		d.items(d.rng.IntN(4), false)
	}
}

func (d *planDraw) shown() {
	p := &d.plan
	p.Total = max(p.Total, 1)
	d.change()
	if p.Note == "no_more" {
		if d.chance(40) {
			d.relax(1 + d.rng.IntN(3))
		}
		return
	}
	d.items(min(p.Total, 1+d.rng.IntN(4)), true)
	if d.chance(8) {
		p.Unmet = 1 + d.rng.IntN(2)
		for i := range p.Unmet {
			d.facts(fmt.Sprintf("u%d.label", i+1))
		}
	}
}

// change draws what the turn did to the need.
func (d *planDraw) change() {
	p := &d.plan
	notes := []string{"more", "no_more", "rejected", "back"}
	if p.Kind == "ask" {
		notes = []string{"wide", "rejected", "back"}
	}
	if d.chance(25) {
		p.Note = oneOf(d.rng, notes)
	}
	switch n := d.rng.IntN(100); {
	case n < 20:
		p.Change = task.ChangeSet
	case n < 27:
		p.Change = task.ChangeNegated
	case n < 34:
		p.Change = task.ChangeWish
	case n < 42:
		p.Change = task.ChangeDropped
		d.facts("dropped")
		return
	default:
		return
	}
	d.facts("changed")
}

// question asks for a facet of a category of the shop.
func (d *planDraw) question() {
	p := &d.plan
	d.facts("q.label", "q.text", "q.splits")
	p.Question = oneOf(d.rng, []string{"price", "brand", "category"})
	if c := oneOf(d.rng, d.shop.Schema.Categories); d.chance(80) {
		fs := d.shop.Schema.FacetsOf(c.ID)
		if len(fs) == 0 {
			return
		}
		f := oneOf(d.rng, fs)
		p.Question = map[catalog.Kind]string{catalog.KindBool: "bool", catalog.KindNumber: "number"}[f.Kind]
		if p.Question == "" {
			p.Question = "enum"
		}
		if f.Why[p.Lang] != "" {
			d.facts("q.why")
		}
	}
}

// Kinds of reasons and trade-offs, those that come up often several times.
var (
	reasonKinds = []string{"cheapest", "cheapest", "best_rated", "best_rated", "on_sale", "best", "best", "meets", "meets", "meets.price", "meets.price", "meets.sale", "meets.rating", "meets.not",
		"meets.bool", "meets.bool", "meets.value", "meets.value"}
	offKinds = []string{"misses", "misses.price", "misses.sale", "misses.rating", "misses.not", "misses.bool", "misses.value", "out_of_stock", "unknown", "unknown", "last_units", "dearest", "worst",
		"low_rated", "unrated", "lacks", "dearer"}
)

// items draws products with what can be said of them. With reasons the first has some.
func (d *planDraw) items(n int, reasons bool) {
	p := &d.plan
	for i := range n {
		it := task.WordItem{}
		slot := func(col string) string { return fmt.Sprintf("p%d.%s", i+1, col) }
		d.facts(slot("title"), slot("stock"))
		if d.chance(96) {
			d.facts(slot("price"))
		}
		if d.chance(75) {
			d.facts(slot("rating"))
		}
		if reasons || i == 0 && d.chance(60) {
			for k := range oneOf(d.rng, []int{0, 1, 1, 2, 2, 3}) {
				it.Reasons = append(it.Reasons, d.otherThan(it.Reasons))
				d.facts(slot(fmt.Sprintf("why%d", k+1)))
			}
			if d.chance(55) {
				it.TradeOff = oneOf(d.rng, offKinds)
				d.facts(slot("off"))
			}
		}
		p.Items = append(p.Items, it)
	}
	if n < 2 {
		return
	}
	if d.chance(85) {
		d.facts("low.title", "low.price")
	}
	if d.chance(60) {
		d.facts("top.title", "top.rating")
	}
	if d.chance(80) {
		d.facts("differs")
	}
}

func (d *planDraw) otherThan(kinds []string) string {
	for {
		if k := oneOf(d.rng, reasonKinds); !slices.Contains(kinds, k) {
			return k
		}
	}
}

// asked draws questions about the items, and what their rows answer.
func (d *planDraw) asked() {
	p := &d.plan
	if p.Kind == "compare" {
		if d.chance(15) {
			p.AskedFor = oneOf(d.rng, []string{"price", "rating"})
			return
		}
		if d.chance(60) {
			return
		}
	} else {
		p.Items = p.Items[:oneOf(d.rng, []int{1, 1, 1, 1, 2})]
	}
	p.Asked = oneOf(d.rng, []int{0, 1, 1, 1, 1, 2, 2, 3})
	p.Unanswered = d.rng.IntN(2)
	if p.Kind == "answer" && p.Asked == 0 {
		p.Unanswered = 1 + d.rng.IntN(2)
		d.offer("person", 100)
	} else if d.chance(75) {
		p.Unanswered = 0
	}
	for k := range p.Asked {
		kind := oneOf(d.rng, []string{"yes", "no", "value", "value", "value", "price", "stock", "rating"})
		for i := range p.Items {
			answer := kind
			if (kind == "yes" || kind == "no") && d.chance(50) {
				answer = oneOf(d.rng, []string{"yes", "no"})
			}
			if i > 0 && d.chance(10) {
				answer = ""
			} else {
				d.facts(fmt.Sprintf("p%d.a%d", i+1, k+1))
			}
			p.Items[i].Answers = append(p.Items[i].Answers, answer)
		}
	}
	for k := range p.Unanswered {
		d.facts(fmt.Sprintf("m%d.label", k+1))
	}
}

func (d *planDraw) relax(n int) {
	p := &d.plan
	for i := range n {
		r := task.WordRelax{Drop: d.chance(65), Count: oneOf(d.rng, []int{1, 2, 5, 30})}
		r.Set = !r.Drop || d.chance(20)
		slot := fmt.Sprintf("r%d.", i+1)
		d.facts(slot + "found")
		if r.Drop {
			d.facts(slot + "drop")
		}
		if r.Set {
			d.facts(slot + "set")
		}
		p.Relax = append(p.Relax, r)
	}
}

func (d *planDraw) cart() {
	p := &d.plan
	p.Note = oneOf(d.rng, []string{"", "", "added", "added", "added", "added_all", "removed", "removed", "quantity", "quantity", "out_of_stock", "too_many", "cart_full", "not_in_cart"})
	if p.Kind == "checkout" {
		p.Note = oneOf(d.rng, []string{"", "", "", "", "added"})
	}
	switch p.Note {
	case "added", "removed", "quantity", "out_of_stock", "too_many":
		d.items(1, false)
	}
	if p.Note == "quantity" {
		d.facts("cart.qty")
	}
	mayBeEmpty := p.Note == "" || p.Note == "removed" || p.Note == "out_of_stock" || p.Note == "too_many"
	if mayBeEmpty && d.chance(30) {
		return
	}
	p.CartItems = oneOf(d.rng, []int{1, 2, 3, 6})
	p.CartSize = min(p.CartItems, 2)
	d.facts("cart.count")
	if d.chance(95) {
		d.facts("cart.total")
	}
	if p.Note == "added" && d.chance(20) {
		d.facts("next")
		p.Offer = "next"
	}
}

func (d *planDraw) which() {
	p := &d.plan
	switch d.rng.IntN(4) {
	case 0:
		return
	case 1:
		p.Note = "variant"
		d.items(1, false)
		if d.chance(85) {
			d.facts("q.label", "q.text")
		}
	default:
		d.items(2+d.rng.IntN(3), false)
		if d.chance(60) {
			d.facts("ref")
		}
	}
}

func (d *planDraw) policy(percent int) {
	if d.chance(percent) {
		d.facts("policy.answer")
	} else if d.plan.Kind == "policy" {
		d.offer("person", 100)
	}
}

func (d *planDraw) offer(what string, percent int) {
	if d.chance(percent) {
		d.plan.Offer = what
	}
}
