package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files again")

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// clientFrames has one frame of every kind that a client sends, and one tap of every kind of value.
var clientFrames = map[string]Client{
	"hello_new":    {Kind: KindHello, Store: "demo", Lang: "en", Country: "DE", Page: &Page{URL: "/p/tent-2", Product: "tent-2"}},
	"hello_resume": {Kind: KindHello, Store: "demo", Session: "s1", Token: "secret", Epoch: "e1", Seq: 7, Lang: "zh-CN"},
	"say":          {Kind: KindSay, ClientSeq: 3, Text: "a tent for two, under 200 euros"},
	"say_zh":       {Kind: KindSay, ClientSeq: 4, Text: "三四百块的背包 🎒"},
	"tap_set":      {Kind: KindTap, ClientSeq: 5, Tap: &Tap{Do: DoSet, Facet: "color", Op: "in", Value: json.RawMessage(`["navy","black"]`), Label: "Navy or black"}},
	"tap_number":   {Kind: KindTap, ClientSeq: 6, Tap: &Tap{Do: DoSet, Facet: "price", Op: "<=", Value: json.RawMessage(`200`), Unit: "EUR"}},
	"tap_add":      {Kind: KindTap, ClientSeq: 7, Tap: &Tap{Do: DoAdd, Product: "tent-2", Variant: "green", Quantity: 2}},
	"tap_compare":  {Kind: KindTap, ClientSeq: 8, Tap: &Tap{Do: DoCompare, Products: []string{"tent-2", "tent-3"}}},
	"tap_two":      {Kind: KindTap, ClientSeq: 9, Tap: &Tap{Do: DoDrop, Facet: "color", Label: "Any colour, up to €300", And: []Tap{{Do: DoSet, Facet: "price", Op: "<=", Value: json.RawMessage(`300`), Unit: "EUR"}}}},
	"typing":       {Kind: KindTyping},
	"page":         {Kind: KindPage, Page: &Page{URL: "/cart"}},
	"ping":         {Kind: KindPing},
}

// serverFrames has one frame of every kind that the server sends.
var serverFrames = map[string]Server{
	"welcome": {Kind: KindWelcome, Session: "s1", Token: "secret", Epoch: "e1", Last: 7, Seen: 3, PingS: 25, MaxText: MaxText, Notice: "You are talking to an AI assistant."},
	"resumed": {Kind: KindWelcome, Session: "s1", Epoch: "e1", Resumed: true, Last: 7, Seen: 3},
	"said":    {Kind: KindSaid, Seq: 8, Time: noon, Turn: 4, Text: "三四百块的背包"},
	"tapped":  {Kind: KindTapped, Seq: 9, Time: noon, Turn: 5, Tap: &Tap{Do: DoSet, Facet: "color", Op: "=", Value: json.RawMessage(`"navy"`)}},
	"typing":  {Kind: KindTyping, Who: "assistant", Turn: 5},
	"delta":   {Kind: KindDelta, Turn: 5, Text: "Two tents fit. "},
	"reply": {Kind: KindReply, Seq: 10, Time: noon, Turn: 5, Who: "assistant", Lang: "en", Text: "The Dome 2 <light> is €149.00.", Reply: &Reply{
		Act: "find", Plan: "ask",
		State: &State{Lang: "en", Keywords: []string{"tent"}, Constraints: []Constraint{{Facet: "price", Op: "<=", Value: json.RawMessage(`200`), Unit: "EUR", Hard: true, Span: "under 200 euros", Origin: "said", Label: "up to €200"}}},
		Products: []Card{{ID: "tent-2", Title: "Dome 2", Price: "€149.00", Amount: &Money{Minor: 14900, Currency: "EUR"}, InStock: true, Rating: 4.5, Ratings: 12, Reasons: []string{"under €200"}, TradeOff: "heavier than the others",
			Facts: []Fact{{Facet: "weight", Label: "Weight", Value: "2.9 kg"}}, Version: 3}},
		Question: &Question{Facet: "season", Text: "For which season?", Why: "splits 14 into about 5", Options: []Option{{Label: "Summer", Count: 9, Tap: Tap{Do: DoSet, Facet: "season", Op: "=", Value: json.RawMessage(`"summer"`)}}}},
		Actions:  []Action{{Label: "Show more", Tap: Tap{Do: DoMore}}},
		Table:    &Table{Products: []string{"tent-2"}, Rows: []TableRow{{Facet: "weight", Label: "Weight", Cells: []string{"2.9 kg"}, Differs: true}}},
		Claims:   []Claim{{Text: "€149.00", Start: 22, End: 29, Product: "tent-2", Column: "price", Value: "14900 EUR", Version: 3, Time: noon}},
		Cart:     &Cart{Lines: []CartLine{{Product: "tent-2", Title: "Dome 2", Quantity: 1, Price: "€149.00"}}, Count: 1, Total: "€149.00", Sum: &Money{Minor: 14900, Currency: "EUR"}},
		Total:    14, By: &By{Parse: "rules", Word: "template"},
	}},
	"handover": {Kind: KindHandover, Seq: 11, Time: noon, Turn: 6, Text: "A person has been asked to join."},
	"error":    {Kind: KindError, Code: CodeGap, Text: "Message 9 is out of order: 4 is expected.", Turn: 9, Seen: 3, Retry: true},
	"pong":     {Kind: KindPong, Last: 11},
}

func golden(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	path := filepath.Join("testdata", name+".json")
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, data, "", "  "); err != nil {
		t.Fatal(err)
	}
	pretty.WriteByte('\n')
	if *rewrite {
		if err := os.WriteFile(path, pretty.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -rewrite to write it)", err)
	}
	if !bytes.Equal(want, pretty.Bytes()) {
		t.Errorf("%s has changed.\n got: %s\nwant: %s", path, pretty.Bytes(), want)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, want); err != nil {
		t.Fatal(err)
	}
	return compact.Bytes()
}

func TestGoldenClientFrames(t *testing.T) {
	for name, frame := range clientFrames {
		t.Run(name, func(t *testing.T) {
			data, err := EncodeClient(frame)
			if err != nil {
				t.Fatal(err)
			}
			got, err := DecodeClient(golden(t, "client_"+name, data))
			if err != nil {
				t.Fatal(err)
			}
			frame.V = Version
			if !reflect.DeepEqual(got, frame) {
				t.Errorf("round trip:\n got %+v\nwant %+v", got, frame)
			}
		})
	}
}

func TestGoldenServerFrames(t *testing.T) {
	for name, frame := range serverFrames {
		t.Run(name, func(t *testing.T) {
			data, err := EncodeServer(frame)
			if err != nil {
				t.Fatal(err)
			}
			got, err := DecodeServer(golden(t, "server_"+name, data))
			if err != nil {
				t.Fatal(err)
			}
			frame.V = Version
			if !reflect.DeepEqual(got, frame) {
				t.Errorf("round trip:\n got %+v\nwant %+v", got, frame)
			}
		})
	}
}

func TestGoldenFilesAreAllUsed(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if want := len(clientFrames) + len(serverFrames); len(files) != want {
		t.Errorf("testdata has %d golden files for %d frames", len(files), want)
	}
}

func TestDecodeClientRefuses(t *testing.T) {
	say := func(text string) string {
		b, _ := json.Marshal(text)
		return `{"v":1,"kind":"say","client_seq":1,"text":` + string(b) + `}`
	}
	cases := []struct {
		name, frame, code string
		close             int
		says              string
	}{
		{"nothing", "", CodeBadJSON, CloseBadFrame, "one JSON object"},
		{"blank", " \n", CodeBadJSON, CloseBadFrame, "one JSON object"},
		{"not JSON", "hello", CodeBadJSON, CloseBadFrame, "one JSON object"},
		{"a list", `[1]`, CodeBadJSON, CloseBadFrame, "one JSON object"},
		{"null", `null`, CodeBadJSON, CloseBadFrame, "one JSON object"},
		{"cut", `{"v":1,"kind":"sa`, CodeBadJSON, CloseBadFrame, "not valid JSON"},
		{"two objects", `{"v":1,"kind":"ping"}{"v":1}`, CodeBadJSON, CloseBadFrame, "not valid JSON"},
		{"broken UTF-8", "{\"v\":1,\"kind\":\"say\",\"client_seq\":1,\"text\":\"\xff\"}", CodeBadUTF8, CloseBadFrame, "UTF-8"},
		{"half a pair", `{"v":1,"kind":"say","client_seq":1,"text":"\ud83c"}`, CodeBadUTF8, CloseBadFrame, "surrogate"},
		{"the other half", `{"v":1,"kind":"say","client_seq":1,"text":"\uDF92"}`, CodeBadUTF8, CloseBadFrame, "surrogate"},
		{"pair of wrong halves", `{"v":1,"kind":"say","client_seq":1,"text":"\ud83c\u0041"}`, CodeBadUTF8, CloseBadFrame, "surrogate"},
		{"too big", say(strings.Repeat("x", MaxFrame)), CodeTooBig, CloseTooBig, "bytes"},
		{"too deep", `{"v":1,"kind":"ping","x":` + strings.Repeat("[", 9) + strings.Repeat("]", 9) + `}`, CodeTooDeep, CloseBadFrame, "deep"},
		{"very deep", `{"v":` + strings.Repeat("[", 30000), CodeTooDeep, CloseBadFrame, "deep"},
		{"no version", `{"kind":"ping"}`, CodeVersion, CloseBadVersion, "names no protocol version"},
		{"future version", `{"v":2,"kind":"ping"}`, CodeVersion, CloseBadVersion, "version 2"},
		{"version as text", `{"v":"1","kind":"ping"}`, CodeBadType, CloseBadFrame, `"v" cannot be a JSON string`},
		{"fractional number", `{"v":1,"kind":"say","client_seq":1.5,"text":"x"}`, CodeBadType, CloseBadFrame, "client_seq"},
		{"huge number", `{"v":1,"kind":"say","client_seq":99999999999999999999,"text":"x"}`, CodeBadType, CloseBadFrame, "client_seq"},
		{"text as number", `{"v":1,"kind":"say","client_seq":1,"text":5}`, CodeBadType, CloseBadFrame, "text"},
		{"tap as list", `{"v":1,"kind":"tap","client_seq":1,"tap":[]}`, CodeBadType, CloseBadFrame, "tap"},
		{"no kind", `{"v":1}`, CodeMissing, 0, "kind"},
		{"unknown kind", `{"v":1,"kind":"dance"}`, CodeKind, 0, `"dance"`},
		{"a server's kind", `{"v":1,"kind":"reply"}`, CodeKind, 0, `"reply"`},
		{"negative client_seq", `{"v":1,"kind":"say","client_seq":-1,"text":"x"}`, CodeRange, 0, "client_seq"},
		{"client_seq beyond a browser's numbers", `{"v":1,"kind":"say","client_seq":9007199254740992,"text":"x"}`, CodeRange, 0, "client_seq"},
		{"negative seq", `{"v":1,"kind":"hello","session":"s","token":"t","seq":-4}`, CodeRange, 0, "seq"},
		{"say without client_seq", `{"v":1,"kind":"say","text":"x"}`, CodeMissing, 0, "client_seq"},
		{"say without text", `{"v":1,"kind":"say","client_seq":1}`, CodeMissing, 0, "text"},
		{"say of spaces", say(" \n\t "), CodeMissing, 0, "text"},
		{"long text", say(strings.Repeat("袋", MaxText+1)), CodeTooLong, 0, "4001"},
		{"session without token", `{"v":1,"kind":"hello","session":"s"}`, CodeMissing, 0, "token"},
		{"seq without session", `{"v":1,"kind":"hello","seq":4}`, CodeMissing, 0, "session"},
		{"long store", `{"v":1,"kind":"hello","store":"` + strings.Repeat("s", MaxID+1) + `"}`, CodeTooLong, 0, "store"},
		{"lang is no tag", `{"v":1,"kind":"hello","lang":"e n"}`, CodeRange, 0, "lang"},
		{"country is no code", `{"v":1,"kind":"hello","country":"Germany"}`, CodeRange, 0, "country"},
		{"page without page", `{"v":1,"kind":"page"}`, CodeMissing, 0, "page"},
		{"long url", `{"v":1,"kind":"page","page":{"url":"` + strings.Repeat("u", MaxURL+1) + `"}}`, CodeTooLong, 0, "page.url"},
		{"tap without tap", `{"v":1,"kind":"tap","client_seq":1}`, CodeMissing, 0, `"tap"`},
		{"tap without do", `{"v":1,"kind":"tap","client_seq":1,"tap":{}}`, CodeMissing, 0, "tap.do"},
		{"tap does the unknown", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"fly"}}`, CodeRange, 0, `"fly"`},
		{"set without facet", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"set","value":1}}`, CodeMissing, 0, "tap.facet"},
		{"set without value", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"set","facet":"f"}}`, CodeMissing, 0, "tap.value"},
		{"set to null", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"set","facet":"f","value":null}}`, CodeMissing, 0, "tap.value"},
		{"value is an object", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"set","facet":"f","value":{}}}`, CodeRange, 0, "tap.value"},
		{"value nests", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"set","facet":"f","value":[[1]]}}`, CodeRange, 0, "tap.value"},
		{"value is an empty list", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"set","facet":"f","value":[]}}`, CodeRange, 0, "tap.value"},
		{"value is a long list", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"set","facet":"f","value":[1` + strings.Repeat(",1", MaxValues) + `]}}`, CodeRange, 0, "tap.value"},
		{"value is long", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"set","facet":"f","value":"` + strings.Repeat("v", MaxValue) + `"}}`, CodeTooLong, 0, "tap.value"},
		{"add nothing", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"add"}}`, CodeMissing, 0, "tap.product"},
		{"negative quantity", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"add","product":"p","quantity":-2}}`, CodeRange, 0, "tap.quantity"},
		{"and nothing", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"more","and":[{"do":"drop"}]}}`, CodeMissing, 0, "tap.facet"},
		{"and on and on", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"more","and":[{"do":"more","and":[{"do":"more"}]}]}}`, CodeRange, 0, "tap.and"},
		{"and too many", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"more","and":[{"do":"more"}` + strings.Repeat(`,{"do":"more"}`, MaxAnd) + `]}}`, CodeRange, 0, "tap.and"},
		{"compare nothing", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"compare"}}`, CodeMissing, 0, "tap.products"},
		{"compare too many", `{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"compare","products":["p"` + strings.Repeat(`,"p"`, MaxProducts) + `]}}`, CodeRange, 0, "tap.products"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := DecodeClient([]byte(c.frame))
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if e.Code != c.code || e.Close != c.close || !strings.Contains(e.Message, c.says) {
				t.Errorf("got %s (close %d) %q, want %s (close %d) with %q", e.Code, e.Close, e.Message, c.code, c.close, c.says)
			}
		})
	}
}

func TestDecodeClientAccepts(t *testing.T) {
	longest, _ := json.Marshal(strings.Repeat("袋", MaxText))
	frames := []string{
		`{"v":1,"kind":"ping","from_the_future":{"a":[1]}}`,
		`{"v":1,"kind":"hello"}`,
		`{"v":1,"kind":"hello","country":"de"}`,
		`{"v":1,"kind":"say","client_seq":1,"text":"\ud83c\udf92 \\u0041 \\ud83c"}`,
		`{"v":1,"kind":"say","client_seq":1,"text":` + string(longest) + `}`,
		`{"v":1,"kind":"say","client_seq":1,"text":"` + strings.Repeat(`\ud83c\udf92`, MaxText) + `"}`,
		`{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"set","facet":"f","value":false}}`,
		`{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"set","facet":"f","value":[1,2.5]}}`,
		`{"v":1,"kind":"tap","client_seq":1,"tap":{"do":"person"}}`,
	}
	for _, f := range frames {
		if _, err := DecodeClient([]byte(f)); err != nil {
			t.Errorf("%.80s: %v", f, err)
		}
	}
}

func TestRefusedFrameKeepsItsNumber(t *testing.T) {
	c, err := DecodeClient([]byte(`{"v":1,"kind":"say","client_seq":12,"text":""}`))
	if err == nil || c.ClientSeq != 12 {
		t.Errorf("got client_seq %d and error %v, want 12 and an error", c.ClientSeq, err)
	}
}

func TestEncodeServerRefuses(t *testing.T) {
	if _, err := EncodeServer(Server{Kind: KindReply, Text: strings.Repeat("x", MaxServerFrame)}); err == nil || !strings.Contains(err.Error(), "over the limit") {
		t.Errorf("a frame over the limit: %v", err)
	}
	if _, err := EncodeServer(Server{Kind: KindTapped, Tap: &Tap{Value: json.RawMessage("{")}}); err == nil {
		t.Error("a frame with a broken value was written")
	}
}

func FuzzDecodeClient(f *testing.F) {
	for _, frame := range clientFrames {
		data, err := EncodeClient(frame)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"v":1,"kind":"say","client_seq":1,"text":"\ud83c"}`))
	f.Add([]byte("{\"v\":1,\"kind\":\"say\",\"text\":\"\xff\"}"))
	f.Add([]byte(`{"v":1,"kind":"tap","tap":{"do":"set","value":[[[`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := DecodeClient(data)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Code == "" || e.Message == "" || len(e.Message) > 300 {
				t.Fatalf("a refusal that does not say why: %#v", err)
			}
			return
		}
		again, err := EncodeClient(c)
		if err != nil {
			t.Fatalf("an accepted frame cannot be written: %v", err)
		}
		if len(again) > MaxFrame { // a short number or escape may grow when it is written out
			return
		}
		c2, err := DecodeClient(again)
		if err != nil {
			t.Fatalf("an accepted frame is refused the second time: %v\n%s", err, again)
		}
		if c2.Text != c.Text || c2.Kind != c.Kind || c2.ClientSeq != c.ClientSeq {
			t.Fatalf("the frame changed: %+v, then %+v", c, c2)
		}
	})
}
