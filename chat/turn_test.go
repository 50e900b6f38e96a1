package chat

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"daogou/catalog"
	"daogou/chat/wire"
	"daogou/nlu"
)

// scripted understands only what it was told.
type scripted map[string]nlu.Delta

func (s scripted) Parse(_ context.Context, t nlu.Turn) (nlu.Delta, error) {
	d, ok := s[t.Text]
	if !ok {
		return nlu.Delta{}, errors.New("not in the script")
	}
	if d.Lang == "" {
		d.Lang = "en"
	}
	d.By = "script"
	return d, nil
}

// shelf is a Searcher over rows in memory that can change between reads.
type shelf struct {
	mu     sync.Mutex
	rows   map[string]*catalog.Product
	reads  int
	change func(read int, rows map[string]*catalog.Product)
}

func newShelf(ids ...string) *shelf { return &shelf{rows: rowsOf(ids...)} }

func (s *shelf) Schema(context.Context) (*catalog.Schema, error) { return schemaOf(), nil }

func (s *shelf) Products(_ context.Context, ids []string) ([]*catalog.Product, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	if s.change != nil {
		s.change(s.reads, s.rows)
	}
	var out []*catalog.Product
	for _, id := range ids {
		if p := s.rows[id]; p != nil {
			copied := *p
			out = append(out, &copied)
		}
	}
	return out, nil
}

func (s *shelf) matching(q catalog.Query) []*catalog.Product {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*catalog.Product
	for _, p := range testProducts() {
		row := s.rows[p.ID]
		ok := row != nil
		for _, c := range q.Constraints {
			ok = ok && (!c.Hard || testReader("en").Meets(row, c) == meets)
		}
		for _, id := range q.Exclude {
			ok = ok && id != p.ID
		}
		if ok {
			copied := *row
			out = append(out, &copied)
		}
	}
	return out
}

func (s *shelf) CountMatching(_ context.Context, q catalog.Query) (int, error) {
	return len(s.matching(q)), nil
}

func (s *shelf) Search(_ context.Context, q catalog.Query) (*catalog.Result, error) {
	found := s.matching(q)
	r := &catalog.Result{Total: len(found), Carried: len(found) > 0}
	for _, p := range found[:min(len(found), q.Limit)] {
		r.Hits = append(r.Hits, catalog.Hit{Product: p, Score: 1})
	}
	return r, nil
}

func testAssistant(s Searcher, p Parser) *Assistant {
	return &Assistant{Parser: p, Search: s, Wording: Templates{}, Now: func() time.Time { return testNow }}
}

// talk answers turns one after another as a session does.
type talk struct {
	t     *testing.T
	a     *Assistant
	state nlu.State
	turns int
}

func (c *talk) respond(in TurnInput) ReplyBody {
	c.t.Helper()
	in.Session, in.State, in.First, in.History = "test", c.state, c.turns == 0, make([]nlu.Message, 2*c.turns)
	streamed := ""
	body, err := c.a.Respond(context.Background(), in, func(s string) { streamed += s })
	if err != nil {
		c.t.Fatalf("%+v: %v", in, err)
	}
	c.turns++
	c.state = body.Effect.Apply(c.state.Apply(body.Delta))
	return body
}

func (c *talk) say(text string) ReplyBody { return c.respond(TurnInput{Text: text}) }

func (c *talk) tap(tap wire.Tap) ReplyBody { return c.respond(TurnInput{Tap: &tap}) }

var findBackpacks = nlu.Delta{Act: nlu.ActFind, NewNeed: true, Set: []nlu.Constraint{kindOf("backpack")}}

func TestLateParser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := parserFunc(func(ctx context.Context, _ nlu.Turn) (nlu.Delta, error) {
			time.Sleep(time.Hour) // minds no deadline
			return nlu.Delta{}, nil
		})
		a := testAssistant(newShelf(backpacks...), late)
		a.FallbackParser = scripted{"a backpack": findBackpacks}
		c := talk{t: t, a: a}
		start := time.Now()
		if b := c.say("a backpack"); b.Reply.By.Parse != "script" || len(b.Reply.Products) == 0 {
			t.Errorf("the stand-in did not answer: %+v", b)
		}
		if took := time.Since(start); took > 2*parseDeadline {
			t.Errorf("the turn took %v", took)
		}
		a.FallbackParser = nil
		if b := c.say("a backpack"); b.Reply.Plan != string(PlanUnclear) || b.Text == "" {
			t.Errorf("without a stand-in: %+v", b)
		}
		time.Sleep(2 * time.Hour)
	})
}

// TestQuestionAboutGoods hears a question about the shop that its policies do not answer as the stand-in hears it, if that is about goods.
func TestQuestionAboutGoods(t *testing.T) {
	about := nlu.Delta{Act: nlu.ActPolicy}
	a := testAssistant(newShelf(backpacks...), scripted{"do you have backpacks": about, "do you have parking": about})
	a.FallbackParser = scripted{"do you have backpacks": findBackpacks, "do you have parking": about}
	c := talk{t: t, a: a}
	if b := c.say("do you have backpacks"); len(b.Reply.Products) == 0 {
		t.Errorf("backpacks: %+v", b)
	}
	if b := c.say("do you have parking"); b.Reply.Plan != string(PlanPolicy) {
		t.Errorf("parking: %+v", b)
	}
}

type parserFunc func(context.Context, nlu.Turn) (nlu.Delta, error)

func (f parserFunc) Parse(ctx context.Context, t nlu.Turn) (nlu.Delta, error) { return f(ctx, t) }

func TestParserThatPanics(t *testing.T) {
	c := talk{t: t, a: testAssistant(newShelf(backpacks...), parserFunc(func(context.Context, nlu.Turn) (nlu.Delta, error) { panic("oh") }))}
	if b := c.say("hello"); b.Reply.Plan != string(PlanUnclear) {
		t.Errorf("%+v", b)
	}
}

type wordingFunc func(context.Context, *Plan, func(Draft) error) error

func (f wordingFunc) Word(ctx context.Context, p *Plan, emit func(Draft) error) error {
	return f(ctx, p, emit)
}
func (wordingFunc) Name() string { return "model" }

func TestWordingFails(t *testing.T) {
	for name, w := range map[string]wordingFunc{
		"ungrounded": func(_ context.Context, _ *Plan, emit func(Draft) error) error {
			if err := emit(Draft{Text: "Fine."}); err != nil {
				return err
			}
			return emit(Draft{Text: "All of them cost 5 dollars."})
		},
		"ungrounded and deaf": func(_ context.Context, _ *Plan, emit func(Draft) error) error {
			for range 100 {
				emit(Draft{Text: "It costs 5 dollars."})
			}
			return nil
		},
		"endless": func(_ context.Context, _ *Plan, emit func(Draft) error) error {
			for {
				if err := emit(Draft{Text: "Well."}); err != nil {
					return err
				}
			}
		},
		"silent": func(context.Context, *Plan, func(Draft) error) error { return nil },
		"broken": func(context.Context, *Plan, func(Draft) error) error { return errors.New("no model") },
		"panics": func(context.Context, *Plan, func(Draft) error) error { panic("oh") },
		"late": func(ctx context.Context, _ *Plan, _ func(Draft) error) error {
			time.Sleep(time.Hour)
			return nil
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			a := testAssistant(newShelf(backpacks...), scripted{"a backpack": findBackpacks})
			a.Wording = w
			c := talk{t: t, a: a}
			b := c.say("a backpack")
			if b.Reply.By.Word != "template" || !strings.Contains(b.Text, "backpacks") || strings.Contains(b.Text, "5 dollars") {
				t.Errorf("%s: worded by %q: %q", name, b.Reply.By.Word, b.Text)
			}
			time.Sleep(2 * time.Hour)
		})
	}
}

func TestWordingThatIsGrounded(t *testing.T) {
	a := testAssistant(newShelf(backpacks...), scripted{"a backpack": findBackpacks})
	a.Wording = wordingFunc(func(_ context.Context, p *Plan, emit func(Draft) error) error {
		if err := emit(Draft{Text: "I would take {p1.title}."}); err != nil {
			return err
		}
		return emit(Draft{Text: "It costs {p1.price}."})
	})
	var pieces []string
	b, err := a.Respond(context.Background(), TurnInput{Text: "a backpack"}, func(s string) { pieces = append(pieces, s) })
	if err != nil || b.Reply.By.Word != "model" || strings.Join(pieces, "") != b.Text || len(pieces) != 2 || len(b.Reply.Claims) != 2 {
		t.Errorf("%+v %q %v", b, pieces, err)
	}
}

// Rows that change between the draft and the send are said as they are then.
func TestRowsChangeUnderTheReply(t *testing.T) {
	s := newShelf("bp-02", "bp-03", "bp-04")
	s.change = func(read int, rows map[string]*catalog.Product) {
		if read == 2 { // the last reading before the reply goes out
			rows["bp-02"].Prices = usd(1111)
			delete(rows, "bp-03")
			rows["bp-04"].Stock = map[string]int64{"cn1": 0}
		}
	}
	a := testAssistant(s, scripted{"a backpack": findBackpacks})
	a.Wording = wordingFunc(func(_ context.Context, p *Plan, emit func(Draft) error) error {
		for i := range p.Items {
			if err := emit(Draft{Text: fmt.Sprintf("{p%d.title} costs {p%[1]d.price}.", i+1)}); err != nil {
				return err
			}
		}
		return nil
	})
	c := talk{t: t, a: a}
	b := c.say("a backpack")
	if want := "Tarnwick Trail 14 Backpack, Navy costs $11.11."; b.Text != want {
		t.Errorf("%q; want %q", b.Text, want)
	}
	if len(b.Reply.Products) != 1 || b.Reply.Products[0].Price != "$11.11" || len(b.Effect.Shown) != 1 {
		t.Errorf("cards %+v, shown %v", b.Reply.Products, b.Effect.Shown)
	}
}

// If all that was to be said has gone, the assistant looks again, and admits it if that fails too.
func TestEverythingSoldWhileTalking(t *testing.T) {
	s := newShelf("bp-02")
	a := testAssistant(s, scripted{"more about it": {Act: nlu.ActChoose, References: []string{"bp-02"}}})
	s.change = func(read int, rows map[string]*catalog.Product) {
		if read == 3 {
			delete(rows, "bp-02")
		}
	}
	c := talk{t: t, a: a}
	if b := c.say("more about it"); b.Reply.Plan != string(PlanWhich) || b.Text == "" || len(b.Reply.Claims) > 0 {
		t.Errorf("%+v", b)
	}
	s.change = func(read int, rows map[string]*catalog.Product) { // it comes and goes with every reading
		if delete(rows, "bp-02"); read%2 == 0 {
			rows["bp-02"] = productNamed("bp-02")
		}
	}
	for range 4 {
		if b := c.say("more about it"); b.Text == "" || len(b.Reply.Claims) > 0 && len(b.Reply.Products) == 0 {
			t.Errorf("%+v", b)
		}
	}
}

func TestBadTapIsAnswered(t *testing.T) {
	c := talk{t: t, a: testAssistant(newShelf(backpacks...), scripted{"a backpack": findBackpacks})}
	c.say("a backpack")
	before := c.state
	b := c.tap(wire.Tap{Do: wire.DoAdd, Product: "bp-99"})
	if b.Reply.Plan != string(PlanUnclear) || b.Text == "" || len(c.state.Constraints) != len(before.Constraints) || len(c.state.Cart) != 0 {
		t.Errorf("%+v", b)
	}
}

// From the first word to the checkout by taps alone.
func TestBuyByTaps(t *testing.T) {
	c := talk{t: t, a: testAssistant(newShop(t), scripted{"a jacket": {Act: nlu.ActFind, NewNeed: true, Set: []nlu.Constraint{kindOf("jacket")}}})}
	b := c.say("a jacket")
	if len(b.Reply.Products) == 0 {
		t.Fatalf("%+v", b)
	}
	b = c.tap(wire.Tap{Do: wire.DoChoose, Product: "jk-02"})
	if b.Reply.Plan != string(PlanDetail) || c.state.Focus != "jk-02" || c.state.Asked != OfferAdd {
		t.Fatalf("%+v", b)
	}
	b = c.tap(b.Reply.Actions[len(b.Reply.Actions)-1].Tap)
	if b.Reply.Plan != string(PlanWhich) || len(b.Reply.Actions) != 2 {
		t.Fatalf("%+v", b.Reply)
	}
	b = c.tap(b.Reply.Actions[0].Tap)
	if b.Reply.Plan != string(PlanCart) || len(c.state.Cart) != 1 || c.state.Cart[0].Variant == "" || b.Reply.Cart.Total != "$74.00" {
		t.Fatalf("%+v", b.Reply)
	}
	b = c.tap(wire.Tap{Do: wire.DoQuantity, Product: "jk-02", Quantity: 3})
	if c.state.Cart[0].Quantity != 3 || b.Reply.Cart.Total != "$222.00" {
		t.Fatalf("%+v", b.Reply)
	}
	b = c.tap(wire.Tap{Do: wire.DoCheckout})
	if b.Reply.Plan != string(PlanCheckout) || b.Reply.Actions[0].Link != "/cart" {
		t.Fatalf("%+v", b.Reply)
	}
	b = c.tap(wire.Tap{Do: wire.DoRemove, Product: "jk-02"})
	if len(c.state.Cart) != 0 || b.Reply.Cart == nil || b.Reply.Cart.Count != 0 {
		t.Fatalf("%+v", b.Reply)
	}
	if b = c.tap(wire.Tap{Do: wire.DoPerson}); !b.Hand {
		t.Errorf("%+v", b)
	}
}

// "M" answers "which size?" and completes the order.
func TestVariantByWords(t *testing.T) {
	size := nlu.Delta{Act: nlu.ActRefine, Set: []nlu.Constraint{hard("size", catalog.OpEq, catalog.Str("m"))}}
	c := talk{t: t, a: testAssistant(newShop(t), scripted{"add it": {Act: nlu.ActAddToCart, References: []string{"jk-02"}}, "M": size})}
	if b := c.say("add it"); b.Reply.Plan != string(PlanWhich) || c.state.Asked != "size" {
		t.Fatalf("%+v", b)
	}
	if b := c.say("M"); b.Reply.Plan != string(PlanCart) || len(c.state.Cart) != 1 || c.state.Cart[0].Variant != "jk-02-m" {
		t.Errorf("%+v, basket %+v", b.Reply, c.state.Cart)
	}
}

// "More" never brings back what was shown for the same need, and says when there is no more.
func TestMoreComesToAnEnd(t *testing.T) {
	c := talk{t: t, a: testAssistant(newShop(t), scripted{"a backpack": findBackpacks, "more": {Act: nlu.ActMore}})}
	seen := map[string]bool{}
	b := c.say("a backpack")
	for turn := 0; len(b.Reply.Products) > 0; turn++ {
		for _, p := range b.Reply.Products {
			if seen[p.ID] {
				t.Errorf("turn %d shows %s again", turn, p.ID)
			}
			seen[p.ID] = true
		}
		b = c.say("more")
	}
	if len(seen) != 24 || b.Text == "" {
		t.Errorf("%d items were shown of 24; at the end: %q", len(seen), b.Text)
	}
}

func TestRelaxationsEqualBruteForce(t *testing.T) {
	db := newShop(t)
	all := testProducts()
	r := testReader("en")
	ctx := context.Background()
	seed := uint64(7)
	next := func(n int) int { seed = seed*6364136223846793005 + 1442695040888963407; return int(seed>>33) % n }
	pool := func() nlu.Constraint {
		switch next(6) {
		case 0:
			return hard("price", catalog.OpLe, catalog.Num(float64(next(120))))
		case 1:
			return hard("volume", catalog.OpGe, catalog.Num(float64(next(90))))
		case 2:
			return hard("weight", catalog.OpLe, catalog.Num(float64(next(2000))))
		case 3:
			return hard("waterproof", catalog.OpEq, catalog.Bool(next(2) == 0))
		case 4:
			return hard("brand", catalog.OpEq, catalog.Str([]string{"Norrfell", "Tarnwick", "Oskey", "Sonvik"}[next(4)]))
		}
		return hard("colour", []catalog.Op{catalog.OpEq, catalog.OpNe}[next(2)], catalog.Str([]string{"black", "navy", "red", "green"}[next(4)]))
	}
	count := func(cs []nlu.Constraint) int {
		n := 0
		for _, p := range all {
			ok := true
			for _, c := range cs {
				ok = ok && r.Meets(p, c.Constraint) == meets
			}
			if ok {
				n++
			}
		}
		return n
	}
	relaxed := 0
	for range 300 {
		s := nlu.State{}.Apply(nlu.Delta{Set: []nlu.Constraint{kindOf("backpack"), pool(), pool(), pool(), pool()}})
		if count(s.Constraints) > 0 {
			continue
		}
		var q catalog.Query
		q.Now = testNow
		for _, c := range s.Constraints {
			q.Constraints = append(q.Constraints, c.Constraint)
		}
		rs, err := relaxations(ctx, db, r, q, s)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range rs {
			relaxed++
			var left []nlu.Constraint
			for _, c := range s.Constraints {
				given := false
				for _, o := range append(append([]nlu.Constraint{}, x.Drop...), x.Set...) {
					given = given || o.Facet == c.Facet && (o.Op == catalog.OpNe) == (c.Op == catalog.OpNe)
				}
				if !given {
					left = append(left, c)
				}
			}
			if n := count(append(left, x.Set...)); n != x.Count || n == 0 {
				t.Errorf("%s: dropping %s and setting %s promises %d; there are %d", r.listOf(s.Constraints), r.listOf(x.Drop), r.listOf(x.Set), x.Count, n)
			}
		}
	}
	if relaxed < 100 {
		t.Errorf("only %d relaxations were tried", relaxed)
	}
}

func TestRanker(t *testing.T) {
	hits := hitsOf("bp-01", "bp-02", "bp-05", "bp-08", "bp-03", "bp-04")
	for i := range hits {
		hits[i].Score = 10 - float64(i)/10
		hits[i].Parts = map[string]float64{"text": hits[i].Score}
	}
	ranker := NeedRanker{Reader: func(s nlu.State) *Reader { return testReader("en") }}
	out, err := ranker.Rank(context.Background(), nlu.State{}, &catalog.Result{Hits: hits})
	if err != nil || len(out) != len(hits) {
		t.Fatal(out, err)
	}
	seen := map[string]bool{}
	for _, h := range out {
		seen[h.Product.ID] = true
		if d := abs(sum(h.Parts) - h.Score); d > 1e-9 {
			t.Errorf("%s: the parts %v do not sum to %v", h.Product.ID, h.Parts, h.Score)
		}
	}
	if len(seen) != len(hits) || out[len(out)-1].Product.ID != "bp-01" {
		t.Errorf("order %v: nothing may be lost, and what is sold out comes last", seen)
	}
	brands := map[string]bool{}
	for _, h := range out[:3] {
		brands[h.Product.Brand] = true
	}
	if len(brands) < 3 {
		t.Errorf("the first three are of %d brand(s): %v", len(brands), brands)
	}
	navy, _ := ranker.Rank(context.Background(), nlu.State{Constraints: []nlu.Constraint{soft("colour", catalog.OpEq, catalog.Str("red"))}}, &catalog.Result{Hits: hits})
	if navy[0].Product.ID != "bp-03" {
		t.Errorf("a wish for red puts %s first", navy[0].Product.ID)
	}
}

func TestPolicies(t *testing.T) {
	qa := func(id, q, zq, a, za string) QA {
		return QA{PolicyText: PolicyText{ID: id, Question: text(q, zq), Answer: text(a, za)}}
	}
	faq := NewFAQ([]QA{
		qa("returns", "Can I return an item?", "可以退货吗？", "Within 30 days, unused, in its box.", "签收后30天内，未使用可退。"),
		qa("shipping_time", "How long does delivery take?", "多久能送到？", "Three to seven working days.", "三到七个工作日送达。"),
		qa("shipping_cost", "What does shipping cost?", "运费多少？", "Free from 49 dollars, else 5 dollars.", "满49美元包邮，否则5美元。"),
		qa("payment", "How can I pay?", "可以怎么付款？", "By card, PayPal or Alipay.", "支持银行卡、PayPal和支付宝。"),
		qa("warranty", "Is there a warranty?", "有保修吗？", "Two years on everything with a plug.", "带电产品保修两年。"),
	})
	for _, c := range []struct{ lang, text, id string }{
		{"en", "can i return it if i don't like it", "returns"}, {"en", "returns?", "returns"}, {"en", "what's your returning policy", "returns"},
		{"en", "how long does the delivery take to germany", "shipping_time"}, {"en", "shipping costs", "shipping_cost"}, {"en", "is there any warranty on this?", "warranty"},
		{"en", "what is the meaning of life", ""}, {"en", "do you have shoes for dogs", ""}, {"en", "", ""},
		{"zh", "这个能退货吗", "returns"}, {"zh", "运费多少钱", "shipping_cost"}, {"zh", "多久能送到上海", "shipping_time"}, {"zh", "有保修吗", "warranty"}, {"zh", "怎么付款", "payment"},
		{"zh", "今天天气怎么样", ""}, {"zh", "狗能吃巧克力吗", ""},
	} {
		got, ok := faq.Find(c.lang, c.text)
		if ok != (c.id != "") || got.ID != c.id {
			t.Errorf("%q: %q; want %q", c.text, got.ID, c.id)
		}
	}
	if _, ok := (*FAQ)(nil).Find("en", "x"); ok {
		t.Error("no list has an answer")
	}
	if _, ok := NewFAQ(nil).Find("en", "x"); ok {
		t.Error("an empty list has an answer")
	}
}
