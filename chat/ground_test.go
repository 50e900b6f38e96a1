package chat

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"daogou/catalog"
	"daogou/chat/wire"
	"daogou/nlu"
)

// shownPlan is a plan that shows three backpacks.
func shownPlan(lang string, ids ...string) *Plan {
	if len(ids) == 0 {
		ids = []string{"bp-02", "bp-06", "bp-07"}
	}
	s := shopping(func(s *Situation) {
		s.Reader = testReader(lang)
		s.State.Lang = lang
		s.State.Constraints = append(s.State.Constraints, hard(catalog.FacetPrice, catalog.OpLe, catalog.Num(50)), soft("colour", catalog.OpEq, catalog.Str("navy")))
		s.Result.Counts, s.Hits = nil, hitsOf(ids...)
	})
	return Decide(s)
}

func rowsFor(p *Plan) []*catalog.Product {
	var out []*catalog.Product
	for _, id := range p.ids() {
		out = append(out, productNamed(id))
	}
	return out
}

func TestCheckRefuses(t *testing.T) {
	p := shownPlan("en")
	for _, c := range []struct{ name, draft string }{
		{"a digit", "It costs 20."},
		{"a full-width digit", "It costs ２０."},
		{"an Arabic-Indic digit", "It costs ٢٠."},
		{"a circled number", "Only ③ left."},
		{"a fraction", "Save ½ of it."},
		{"a Roman numeral sign", "Mark Ⅳ is here."},
		{"a sign of money", "It is cheap in $."},
		{"yuan sign", "才￥"},
		{"a share", "Ten % off."},
		{"a number in words", "Only twenty left."},
		{"a currency in words", "A few dollars more."},
		{"free", "Shipping is free."},
		{"Chinese numerals", "只要三百就行。"},
		{"Chinese money", "便宜几块钱。"},
		{"free shipping", "全场包邮。"},
		{"a brand", "I like the Tarnwick best."},
		{"a brand in capitals", "I like TARNWICK best."},
		{"a title", "Take the Tarnwick Trail 14 Backpack, Navy."},
		{"a title in the other language", "看看山径24双肩包 红色"},
		{"a value of a row", "The red one is nice."},
		{"an unknown slot", "It is {p1.discount}."},
		{"an item that is not there", "See {p9.title}."},
		{"a slot within a slot", "See {p1.{p2.title}}."},
		{"an open brace", "See {p1.title"},
		{"a closing brace", "See p1.title}"},
		{"empty braces", "See {}."},
		{"a control character", "See\x00 this."},
		{"broken text", "See \xff this."},
		{"too long", strings.Repeat("so ", 400)},
	} {
		if text, _, err := checkRows([]Draft{{Text: c.draft}}, p, rowsFor(p)); !errors.Is(err, ErrUngrounded) {
			t.Errorf("%s: %q became %q, error %v; want ErrUngrounded", c.name, c.draft, text, err)
		}
	}
	for _, draft := range []string{"This one is nice: {p1.title}.", "The best of them all is {p2.title} at {p2.price}.", "Nothing more to say!", "看看{p1.title}吧，{p1.price}。"} {
		if _, _, err := checkRows([]Draft{{Text: draft}}, p, rowsFor(p)); err != nil {
			t.Errorf("%q: %v", draft, err)
		}
	}
}

// A sentence of the templates holds whatever a brand is called.
func TestBrandThatIsAWord(t *testing.T) {
	p := shownPlan("en")
	p.Items[0].Product.Brand = "Here"
	if _, _, err := checkRows([]Draft{{Text: "Here are some more."}}, p, rowsFor(p)); err != nil {
		t.Errorf("a sentence of our own: %v", err)
	}
	if _, _, err := checkRows([]Draft{{Text: "Here is a good one."}}, p, rowsFor(p)); !errors.Is(err, ErrUngrounded) {
		t.Errorf("somebody else's: %v; want ErrUngrounded", err)
	}
}

// Product text cannot inject slots, lines or hidden characters.
func TestHostileProductText(t *testing.T) {
	p := shownPlan("en")
	rows := rowsFor(p)
	rows[0].Title = catalog.Text{"en": "Bag {p2.price} \u202e{n.total}\x00\n\n<b>}{"}
	text, claims, err := checkRows([]Draft{{Text: "See {p1.title}."}}, p, rows)
	if err != nil {
		t.Fatal(err)
	}
	if want := "See Bag (p2.price) (n.total) <b>)(."; text != want {
		t.Errorf("%q; want %q", text, want)
	}
	if len(claims) != 1 {
		t.Errorf("claims %+v", claims)
	}
}

func TestCheckReadsAgain(t *testing.T) {
	drafts := func(ss ...string) []Draft {
		var out []Draft
		for _, s := range ss {
			out = append(out, Draft{Text: s})
		}
		return out
	}
	for _, c := range []struct {
		name   string
		change func(rows []*catalog.Product) []*catalog.Product
		drafts []Draft
		want   string
		err    error
	}{
		{"nothing changed", func(rows []*catalog.Product) []*catalog.Product { return rows }, drafts("{p1.title} at {p1.price}."), "Tarnwick Trail 14 Backpack, Navy at $24.40.", nil},
		{"a new price is said", func(rows []*catalog.Product) []*catalog.Product { rows[0].Prices = usd(2599); return rows }, drafts("{p1.title} at {p1.price}."),
			"Tarnwick Trail 14 Backpack, Navy at $25.99.", nil},
		{"a reason that no longer holds", func(rows []*catalog.Product) []*catalog.Product { rows[0].Prices = usd(9900); return rows },
			drafts("Look at {p1.title}.", "It is {p1.why1}."), "Look at Tarnwick Trail 14 Backpack, Navy.", nil},
		{"a vanished item", func(rows []*catalog.Product) []*catalog.Product { return rows[1:] }, drafts("See {p1.title}.", "Or {p2.title}."), "Or Oskey Trail 22 Backpack, Navy.", nil},
		{"a sold-out item", func(rows []*catalog.Product) []*catalog.Product {
			rows[0].Stock = map[string]int64{"cn1": 0}
			return rows
		},
			drafts("See {p1.title}.", "Or {p2.title}."), "Or Oskey Trail 22 Backpack, Navy.", nil},
		{"another cheapest", func(rows []*catalog.Product) []*catalog.Product { rows[2].Prices = usd(100); return rows }, drafts("{low.title} is the cheapest at {low.price}."),
			"Norrfell Trail 24 Backpack, Red is the cheapest at $1.00.", nil},
		{"no price any more", func(rows []*catalog.Product) []*catalog.Product { rows[0].Prices = nil; return rows }, drafts("It costs {p1.price}.", "Well then."), "Well then.", nil},
		{"nothing left", func([]*catalog.Product) []*catalog.Product { return nil }, drafts("See {p1.title}."), "", ErrStale},
	} {
		p := shownPlan("en")
		text, claims, err := checkRows(c.drafts, p, c.change(rowsFor(p)))
		if text != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %v; want %q, %v", c.name, text, err, c.want, c.err)
		}
		for _, cl := range claims {
			if got := utf16Slice(text, cl.Start, cl.End); got != cl.Text {
				t.Errorf("%s: the claim %q stands at %q", c.name, cl.Text, got)
			}
		}
	}
}

func utf16Slice(s string, start, end int) string {
	u := utf16.Encode([]rune(s))
	if start < 0 || end > len(u) || start > end {
		return "<out of range>"
	}
	return string(utf16.Decode(u[start:end]))
}

func TestClaimOffsetsCountUTF16(t *testing.T) {
	p := shownPlan("en")
	rows := rowsFor(p)
	rows[0].Title["en"] = "Bag 🎒🎒"
	text, claims, err := checkRows([]Draft{{Text: "“See” {p1.title} now: {p1.price}."}}, p, rows)
	if err != nil || len(claims) != 2 {
		t.Fatal(text, claims, err)
	}
	c := claims[1]
	if c.Product != "bp-02" || c.Column != "price" || c.Value != "2440 USD" || c.Version != 1 || !c.Time.Equal(testNow) || c.Text != "$24.40" || utf16Slice(text, c.Start, c.End) != "$24.40" {
		t.Errorf("claim %+v in %q", c, text)
	}
}

// FuzzCheck: whatever a wording drafts and whatever the rows have become, a reply that passes says nothing outside its slots that only a row may say, and
// every digit in it stands within a slot.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"See {p1.title} at {p1.price}.|ok", "{p2.why1}, {p1.off}|{low.title} {low.price}", "20 bucks|x", "{p1.title|{", "三百块|{n.found}", "The navy one|½", "{p1.colour}{p1.colour}|１"} {
		f.Add(s, int64(2440), "Bag {p1.price} 7", uint8(3))
	}
	f.Fuzz(func(t *testing.T, drafts string, price int64, title string, stock uint8) {
		p := shownPlan("en")
		rows := rowsFor(p)
		rows[0].Prices = usd(price)
		rows[1].Title = catalog.Text{"en": title}
		rows[2].Stock = map[string]int64{"cn1": int64(stock) % 4}
		var ds []Draft
		for _, d := range strings.Split(drafts, "|") {
			ds = append(ds, Draft{Text: d})
		}
		out, err := check(ds, p, byID(rows))
		if err != nil {
			return
		}
		assertGrounded(t, out, p)
	})
}

// assertGrounded fails unless everything countable or named in a text stands within a slot, and every claim where it says.
func assertGrounded(t *testing.T, out checked, p *Plan) {
	t.Helper()
	if !utf8.ValidString(out.text) || strings.ContainsAny(out.text, "{}") {
		t.Fatalf("%q has broken text or braces", out.text)
	}
	rest, last := "", 0
	for _, s := range out.spans {
		rest += out.text[last:s[0]] + "\x00"
		last = s[1]
	}
	rest += out.text[last:]
	for _, c := range rest {
		if unicode.IsNumber(c) || unicode.Is(unicode.Sc, c) {
			t.Fatalf("%q says %q outside a slot", out.text, c)
		}
	}
	for _, cl := range out.claims {
		if got := utf16Slice(out.text, cl.Start, cl.End); got != cl.Text {
			t.Fatalf("the claim %q stands at %q of %q", cl.Text, got, out.text)
		}
	}
}

// Every template of every plan stays grounded while rows change between draft and send.
func TestMutatedRows(t *testing.T) {
	seed := uint64(1)
	next := func(n int) int { seed = seed*6364136223846793005 + 1442695040888963407; return int(seed>>33) % n }
	sent := 0
	for round := range 80 {
		for name, p := range everyPlan([]string{"en", "zh"}[round%2], uint64(round)) {
			var drafts []Draft
			if err := (Templates{}).Word(t.Context(), p, func(d Draft) error { drafts = append(drafts, d); return nil }); err != nil {
				t.Fatal(name, err)
			}
			rows := byID(rowsFor(p))
			for id, row := range rows {
				mutate(row, next)
				if next(7) == 0 {
					delete(rows, id)
				}
			}
			out, err := check(drafts, p, rows)
			if errors.Is(err, ErrStale) {
				continue
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			sent++
			assertGrounded(t, out, p)
			assertTrue(t, name, out, p, rows)
			for _, c := range view(p, nlu.State{}, rows, out, wireBy).Products {
				row := rows[c.ID]
				if row == nil || c.InStock != row.InStock() {
					t.Fatalf("%s: card %+v of row %+v", name, c, row)
				}
				if m, ok := p.Reader.Price(row, ""); ok && c.Price != m.Format(p.Lang) {
					t.Fatalf("%s: card price %s of row %v", name, c.Price, m)
				}
			}
		}
	}
	if sent < 1000 {
		t.Errorf("only %d replies were sent", sent)
	}
}

// mutate changes a row as a shop does: price, stock, sale, rating, facets, title.
func mutate(p *catalog.Product, next func(int) int) {
	switch next(8) {
	case 0:
		p.Prices = usd(int64(next(20000)))
	case 1:
		p.Stock = map[string]int64{"cn1": int64(next(4))}
	case 2:
		p.Available = []catalog.Availability{catalog.OutOfStock, catalog.InStock, catalog.PreOrder}[next(3)]
	case 3:
		p.Rating = &catalog.Rating{Average: float64(next(50)) / 10, Count: int64(next(3))}
	case 4:
		p.Facets = nil
	case 5:
		p.Title = catalog.Text{"en": "New {n.total} name 99"}
	case 6:
		p.Prices[0].Sale = &catalog.Sale{Amount: catalog.Money{Minor: int64(next(9000)), Currency: "USD"}, To: testNow.Add(time.Duration(next(3)-1) * time.Hour)}
	}
	p.Version++
}

// assertTrue proves every claim against the rows.
func assertTrue(t *testing.T, name string, out checked, p *Plan, rows map[string]*catalog.Product) {
	t.Helper()
	for _, c := range out.claims {
		if c.Column == "policy" || c.Column == "cart_total" {
			continue
		}
		row := rows[c.Product]
		if row == nil || c.Version != row.Version {
			t.Fatalf("%s: claim %+v of a row that is gone or newer", name, c)
		}
		f, ok := p.Reader.Read(row, c.Column)
		if ok && f.Value != c.Value {
			t.Fatalf("%s: claim %+v, the row says %q", name, c, f.Value)
		}
		if !ok && c.Value != "" {
			t.Fatalf("%s: claim %+v, the row says nothing", name, c)
		}
		if slices.Contains([]string{colPrice, colTitle, colWas}, c.Column) && c.Text == "" {
			t.Fatalf("%s: an empty claim %+v", name, c)
		}
	}
}

// checkRows is check on a list of rows.
func checkRows(drafts []Draft, p *Plan, rows []*catalog.Product) (text string, claims []wire.Claim, err error) {
	out, err := check(drafts, p, byID(rows))
	return out.text, out.claims, err
}

func byID(rows []*catalog.Product) map[string]*catalog.Product {
	m := make(map[string]*catalog.Product, len(rows))
	for _, p := range rows {
		if p != nil {
			m[p.ID] = p
		}
	}
	return m
}
