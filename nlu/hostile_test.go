package nlu

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"daogou/catalog"
)

func TestHostileText(t *testing.T) {
	p := NewRules()
	for name, text := range map[string]string{
		"a megabyte of one word": strings.Repeat("tent ", 1<<18), "a megabyte of digits": strings.Repeat("9", 1<<20), "a megabyte of Chinese": strings.Repeat("不要红色的帐篷", 1<<16),
		"cues only": strings.Repeat("not too much more than about the ", 3000), "numerals": strings.Repeat("三四百千万亿", 4000), "brackets": strings.Repeat("([{", 9000), "gaps": strings.Repeat("add put show how do you ", 2000),
		"broken UTF-8": strings.Repeat("\xff\xfetent\xc3", 1000), "SQL": `'; DROP TABLE products; --" OR 1=1`, "FTS": `tent* NEAR/3 "a AND (b`, "HTML": "<script>alert('tent')</script>", "nulls": "tent\x00\x00under\x00$50",
		"only marks": strings.Repeat("\u0301", 5000), "emoji": strings.Repeat("⛺", 5000), "direction marks": "\u202etent\u202d", "huge number": "under 999999999999999999999999999999 dollars",
	} {
		t0 := time.Now()
		d, err := p.Parse(context.Background(), Turn{Text: text, Schema: smallShop, State: wantTent(), Shown: table3})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(t0); took > time.Second {
			t.Errorf("%s took %v", name, took)
		}
		checkSpans(t, text, d)
		if len(d.Keywords) > maxTurnKeywords {
			t.Errorf("%s: %d keywords", name, len(d.Keywords))
		}
	}
}

func TestParseRefusesNoSchemaAndStopsWhenTold(t *testing.T) {
	if _, err := NewRules().Parse(context.Background(), Turn{Text: "tent"}); err == nil {
		t.Error("a turn without a schema was parsed")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := NewRules().Parse(ctx, Turn{Text: "tent", Schema: smallShop}); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
}

// TestLargeCatalogue holds that ten thousand values, some of them long or odd, cost a turn nothing.
func TestLargeCatalogue(t *testing.T) {
	f := catalog.Facet{ID: "series", Kind: catalog.KindEnum, Label: label("Series", "系列")}
	for i := range 10_000 {
		f.Values = append(f.Values, catalog.FacetValue{ID: fmt.Sprint("v", i), Label: label(fmt.Sprintf("Model %d %s", i, strings.Repeat("x", i%40)), fmt.Sprintf("型号%d", i))})
	}
	f.Values = append(f.Values, catalog.FacetValue{ID: "long", Label: label(strings.Repeat("very ", 500), "")}, catalog.FacetValue{ID: "empty", Label: label("", "")}, catalog.FacetValue{ID: "odd", Label: label("(((", "）")})
	s := catalog.NewSchema(1, "USD", []catalog.Category{{ID: "tent", Label: label("Tent", "帐篷"), Facets: []string{"series"}}}, []catalog.Facet{f}, nil)
	p := NewRules()
	if _, err := p.Parse(context.Background(), Turn{Text: "tent", Schema: s}); err != nil {
		t.Fatal(err)
	}
	t0 := time.Now()
	d, _ := p.Parse(context.Background(), Turn{Text: "a tent, model 9999 " + strings.Repeat("x", 9999%40), Schema: s})
	if took := time.Since(t0); took > 50*time.Millisecond {
		t.Errorf("a turn took %v", took)
	}
	if got := show(d); got != "find | category = tent; series = v9999" {
		t.Errorf("got %s", got)
	}
}

func TestParseConcurrently(t *testing.T) {
	p := NewRules()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				d, err := p.Parse(context.Background(), Turn{Text: "a green tent under $100", Schema: smallShop})
				if err != nil || show(d) != "find | category = tent; colour = green; price <= 100 USD" {
					t.Errorf("%s %v", show(d), err)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"I want a red tent, no, a blue one, under $50–$60", "想要三四百块的双人帐篷,别太贵", "the second one and the cheapest", "前两个对比一下", "add 2 of them", "not not not 3.5k..", "一百五十万亿", "between and to 5 -", "除了黑色都行", "red0\x7fBlue"} {
		f.Add(s, "colour", true)
	}
	p := NewRules()
	f.Fuzz(func(t *testing.T, text, asked string, shown bool) {
		turn := Turn{Text: text, Schema: smallShop, State: wantTent()}
		turn.State.Asked = asked
		if shown {
			turn.Shown = table3
		}
		d, err := p.Parse(context.Background(), turn)
		if err != nil {
			t.Fatal(err)
		}
		checkSpans(t, text, d)
		if errs := (Delta{Set: d.Set}).Check(smallShop); len(errs) > 0 {
			t.Fatalf("%q: %v", text, errs)
		}
		checkState(t, turn.State.Apply(d))
	})
}

func FuzzMoney(f *testing.F) {
	for _, s := range []string{"$20–$30", "三四百块", "under 1.5k", "一米八", "US$ 5 to 7 quid", "１０００元以内", "¥¥¥5", "几百来多块"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, lang := range []string{"en", "zh"} {
			for _, m := range FindMoney(text, lang, "USD") {
				if m.Start < 0 || m.End > len(text) || m.Start >= m.End || m.Lo > m.Hi || m.Currency == "" {
					t.Fatalf("%q: %+v", text, m)
				}
			}
			for _, q := range FindQuantities(text, lang) {
				if q.Start < 0 || q.End > len(text) || q.Start >= q.End || q.Lo > q.Hi {
					t.Fatalf("%q: %+v", text, q)
				}
			}
		}
		for _, n := range FindNumbers(text) {
			if n.Start < 0 || n.End > len(text) || n.Start >= n.End || n.Lo > n.Hi {
				t.Fatalf("%q: %+v", text, n)
			}
		}
	})
}
