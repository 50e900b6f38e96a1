package chat

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"daogou/catalog"
	"daogou/catalog/demo"
	"daogou/nlu"
)

// TestDemoShop talks about the demo catalogue and holds what must be true of every reply, whatever the catalogue has in it: it says something, its claims stand
// where they say and are what the rows say, what is shown fits every hard condition, and no question comes twice.
func TestDemoShop(t *testing.T) {
	ctx := context.Background()
	db, err := catalog.Open(filepath.Join(t.TempDir(), "demo.db"), catalog.Clock(func() time.Time { return testNow }))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Import(ctx, func(to catalog.Sink) error { _, err := demo.Generate(ctx, to); return err }); err != nil {
		t.Fatal(err)
	}
	a := testAssistant(db, nlu.NewRules())
	for _, says := range [][]string{
		{"hello", "wireless headphones under $100", "not black", "more", "compare the first two", "which one has the longer battery?", "add the second one", "checkout"},
		{"a tent", "for two people", "as light as possible", "colour doesn't matter", "tell me about the first one", "is it waterproof?"},
		{"rain jacket for women", "size M", "something cheaper", "none of these", "start over", "laptop", "at least 16 GB memory", "under 1500 euros"},
		{"想买个机械键盘", "300块以内", "要无线的", "随便什么颜色", "第一个多重", "加入购物车", "去结算"},
		{"有没有送孩子的玩具", "拼图", "100块以下", "再看几款", "第二个多少片", "都不喜欢"},
		{"headphones", "耳机要无线的", "under 80 bucks", "便宜一点的"},
	} {
		c := talk{t: t, a: a}
		asked := map[string]bool{}
		for _, say := range says {
			b := c.say(say)
			checkReply(t, db, say, b, c.state)
			if b.Delta.NewNeed || b.Delta.Act == nlu.ActReset {
				asked = map[string]bool{}
			}
			if q := b.Reply.Question; q != nil {
				if asked[q.Facet] {
					t.Errorf("%q: %s is asked twice", say, q.Facet)
				}
				asked[q.Facet] = true
			}
		}
	}
}

func checkReply(t *testing.T, db *catalog.DB, say string, b ReplyBody, s nlu.State) {
	t.Helper()
	sc, err := db.Schema(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	r := &Reader{Schema: sc, Lang: b.Lang, Now: testNow, Convert: referenceRate}
	if b.Text == "" {
		t.Errorf("%q: no words", say)
	}
	for _, cl := range b.Reply.Claims {
		if got := utf16Slice(b.Text, cl.Start, cl.End); got != cl.Text {
			t.Errorf("%q: the claim %q stands at %q", say, cl.Text, got)
		}
		if cl.Product == "" {
			continue
		}
		row, err := db.Product(context.Background(), cl.Product)
		if err != nil {
			t.Fatal(err)
		}
		if f, ok := r.Read(row, cl.Column); ok && (f.Value != cl.Value || row.Version != cl.Version) {
			t.Errorf("%q: claim %+v; the row says %q", say, cl, f.Value)
		}
	}
	if !slices.Contains([]string{string(PlanAsk), string(PlanShow)}, b.Reply.Plan) {
		return
	}
	for _, card := range b.Reply.Products {
		row, err := db.Product(context.Background(), card.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, con := range s.Constraints {
			if con.Hard && r.Meets(row, con.Constraint) == misses {
				t.Errorf("%q: %s is shown and misses %s", say, card.ID, r.Label(con.Constraint))
			}
		}
	}
}
