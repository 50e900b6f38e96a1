package chat

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"daogou/chat/wire"
	"daogou/nlu"
)

var rewrite = flag.Bool("rewrite", false, "write what the talks in testdata give now; review the difference")

// TestTalks holds the talks with the small shop, by the rules and the templates. A line of the shopper starts with > (words) or * (a tap, as JSON, or the label of a
// button of the reply before). Below it stands what came of it. The lines "say" are there for the reader and are not compared: wording may change, acts, needs,
// products and facts may not.
func TestTalks(t *testing.T) {
	db := newShop(t)
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no talks in testdata", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			a := testAssistant(db, nlu.NewRules())
			a.Policies = testPolicies()
			got := replay(t, &talk{t: t, a: a}, string(want))
			if *rewrite {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if g, w := withoutWording(got), withoutWording(string(want)); g != w {
				t.Errorf("the talk went otherwise (go test ./chat -run TestTalks -rewrite shows all of it):\n%s", firstDifference(g, w))
			}
		})
	}
}

func testPolicies() *FAQ {
	qa := func(id, q, zq, a, za string) QA {
		return QA{PolicyText: PolicyText{ID: id, Question: text(q, zq), Answer: text(a, za)}}
	}
	return NewFAQ([]QA{
		qa("returns", "Can I return an item?", "可以退货吗？", "Within 30 days, unused, in its box.", "签收后30天内，未使用可退。"),
		qa("shipping_time", "How long does delivery take?", "多久能送到？", "Three to seven working days.", "三到七个工作日送达。"),
	})
}

// replay plays the shopper's lines of a talk and writes it anew with what came of them.
func replay(t *testing.T, c *talk, script string) string {
	var out strings.Builder
	var last ReplyBody
	for _, line := range strings.Split(script, "\n") {
		var b ReplyBody
		switch {
		case strings.HasPrefix(line, "#"):
			out.WriteString(line + "\n")
			continue
		case strings.HasPrefix(line, "> "):
			b = c.say(strings.TrimPrefix(line, "> "))
		case strings.HasPrefix(line, "* "):
			b = c.tap(buttonOf(t, last, strings.TrimPrefix(line, "* ")))
		default:
			continue
		}
		out.WriteString("\n" + line + "\n" + describe(b, c.state))
		last = b
	}
	return out.String()
}

// buttonOf is a tap written as JSON, or the button of a reply with that label.
func buttonOf(t *testing.T, b ReplyBody, s string) wire.Tap {
	t.Helper()
	if strings.HasPrefix(s, "{") {
		return tap(t, s)
	}
	if b.Reply != nil {
		for _, a := range b.Reply.Actions {
			if a.Label == s {
				return a.Tap
			}
		}
		if q := b.Reply.Question; q != nil {
			for _, o := range q.Options {
				if o.Label == s {
					return o.Tap
				}
			}
		}
	}
	t.Fatalf("the reply before has no button %q", s)
	return wire.Tap{}
}

// describe is one turn's outcome as lines.
func describe(b ReplyBody, s nlu.State) string {
	var out bytes.Buffer
	line := func(key, format string, args ...any) {
		fmt.Fprintf(&out, "%-7s %s\n", key, fmt.Sprintf(format, args...))
	}
	line("act", "%s", b.Delta.Act)
	line("plan", "%s", b.Reply.Plan)
	var need []string
	for _, c := range b.Reply.State.Constraints {
		mark := ""
		if !c.Hard {
			mark = "~"
		}
		need = append(need, mark+c.Label)
	}
	for _, k := range b.Reply.State.Keywords {
		need = append(need, "“"+k+"”")
	}
	slices.Sort(need) // in which order things were said is the parser's affair
	if len(need) > 0 {
		line("need", "%s", strings.Join(need, " · "))
	}
	if b.Reply.Total > 0 {
		line("fit", "%d", b.Reply.Total)
	}
	for _, p := range b.Reply.Products {
		line("item", "%s %s", p.ID, p.Price)
	}
	if q := b.Reply.Question; q != nil {
		var options []string
		for _, o := range q.Options {
			options = append(options, fmt.Sprintf("%s (%d)", o.Label, o.Count))
		}
		line("ask", "%s: %s", q.Facet, strings.Join(options, " | "))
	}
	var buttons []string
	for _, a := range b.Reply.Actions {
		label := a.Label
		if a.Count > 0 {
			label += fmt.Sprintf(" (%d)", a.Count)
		}
		buttons = append(buttons, label)
	}
	if len(buttons) > 0 {
		line("offer", "%s", strings.Join(buttons, " | "))
	}
	for _, c := range b.Reply.Claims {
		if c.Column != colTitle {
			line("claim", "%s %s = %s", c.Product, c.Column, c.Value)
		}
	}
	if t := b.Reply.Table; t != nil {
		for _, row := range t.Rows {
			if row.Differs {
				line("differ", "%s: %s", row.Facet, strings.Join(row.Cells, " | "))
			}
		}
	}
	for _, l := range s.Cart {
		line("cart", "%s", strings.TrimSpace(fmt.Sprintf("%d × %s %s", l.Quantity, l.Product, l.Variant)))
	}
	if b.Hand {
		line("hand", "over to a person")
	}
	line("say", "%s", b.Text)
	return out.String()
}

func withoutWording(talk string) string {
	var keep []string
	for _, line := range strings.Split(talk, "\n") {
		if !strings.HasPrefix(line, "say ") {
			keep = append(keep, line)
		}
	}
	return strings.Join(keep, "\n")
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	turn := ""
	for i := range max(len(g), len(w)) {
		a, b := "", ""
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			return fmt.Sprintf("after %s\ngot  %s\nwant %s", turn, a, b)
		}
		if strings.HasPrefix(a, ">") || strings.HasPrefix(a, "*") {
			turn = a
		}
	}
	return ""
}

// The same talks, whatever the order of events: a state that went through JSON, as a journal keeps it, gives the same replies.
func TestStateSurvivesTheJournal(t *testing.T) {
	db := newShop(t)
	a := testAssistant(db, nlu.NewRules())
	direct, stored := talk{t: t, a: a}, talk{t: t, a: a}
	for _, say := range []string{"a waterproof backpack under $80", "not black", "more", "compare the first two", "add the second one", "checkout"} {
		x, y := direct.say(say), stored.say(say)
		b, err := json.Marshal(stored.state)
		if err != nil {
			t.Fatal(err)
		}
		stored.state = nlu.State{}
		if err := json.Unmarshal(b, &stored.state); err != nil {
			t.Fatal(err)
		}
		if x.Text != y.Text || x.Reply.Plan != y.Reply.Plan {
			t.Errorf("%q: %q and %q", say, x.Text, y.Text)
		}
	}
}

// Hostile words are answered, in bounded time, and change nothing that matters.
func TestHostileWords(t *testing.T) {
	c := talk{t: t, a: testAssistant(newShop(t), nlu.NewRules())}
	for _, s := range []string{"", " ", "\x00\xff\xfe", "🎒🎒🎒", "'; DROP TABLE products; --", `"backpack" NEAR(tent) OR *`, "{p1.title} {n.total}", strings.Repeat("backpack ", 5000),
		strings.Repeat("包", 20000), "<script>alert(1)</script>", "backpack under $-5", "backpack over $1e308", "between 50 and 20 dollars", "NOT NOT NOT black"} {
		b := c.say(s)
		if b.Text == "" || strings.ContainsAny(b.Text, "{}") || len(b.Text) > 4000 {
			t.Errorf("%.40q: %.200q", s, b.Text)
		}
	}
}
