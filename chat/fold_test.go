package chat

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"daogou/chat/wire"
	"daogou/nlu"
)

func body(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func numbered(events ...Event) []Event {
	for i := range events {
		events[i].Seq = int64(i) + 1
	}
	return events
}

func said(t testing.TB, n int64, text string) Event {
	return Event{Kind: wire.KindSaid, Body: body(t, SaidBody{ClientSeq: n, Text: text})}
}

func replied(t testing.TB, n int64, text string, e Effect) Event {
	return Event{Kind: wire.KindReply, Body: body(t, ReplyBody{Turn: n, Who: "assistant", Text: text, Delta: nlu.Delta{Act: nlu.ActFind, Keywords: []string{fmt.Sprint("k", n)}}, Effect: e})}
}

func TestFold(t *testing.T) {
	m := Meta{Lang: "zh", Country: "DE"}
	tap := Event{Kind: wire.KindTapped, Body: body(t, TappedBody{ClientSeq: 2, Tap: wire.Tap{Do: wire.DoSet, Facet: "color", Label: "Navy"}})}
	events := numbered(
		said(t, 1, "a\u202etent\x00 "),
		replied(t, 1, "Which colour?", Effect{Shown: []string{"p1", "p2"}, Asked: "color"}),
		tap,
		replied(t, 2, "Here.", Effect{Shown: []string{"p2"}, Focus: "p2", SetCart: true, Cart: []nlu.CartLine{{Product: "p2", Quantity: 1}}}),
		Event{Kind: wire.KindHandover, Body: body(t, HandoverBody{Turn: 2})},
		Event{Kind: "note", Body: []byte("something of the staff")},
		said(t, 3, "thanks"),
	)
	talk, err := foldAll(m, events)
	if err != nil {
		t.Fatal(err)
	}
	if talk.Last != 7 || talk.Seen != 3 || talk.Replies != 2 || len(talk.Open) != 1 || talk.Open[0].Text != "thanks" {
		t.Errorf("got %+v", talk)
	}
	s := talk.State
	if s.Country != "DE" || !reflect.DeepEqual(s.Shown, []string{"p2"}) || s.Focus != "p2" || s.Asked != "" || !reflect.DeepEqual(s.AskedBefore, []string{"color"}) || len(s.Cart) != 1 {
		t.Errorf("state %+v", s)
	}
	want := []nlu.Message{{Role: "shopper", Text: "a tent"}, {Role: "assistant", Text: "Which colour?"}, {Role: "shopper", Text: "Navy"}, {Role: "assistant", Text: "Here."}}
	if !reflect.DeepEqual(talk.History, want) {
		t.Errorf("history %+v", talk.History)
	}
}

func TestFoldIsIncremental(t *testing.T) {
	var events []Event
	for i := range int64(30) {
		events = append(events, said(t, i+1, fmt.Sprint("message ", i)), replied(t, i+1, "reply", Effect{Asked: fmt.Sprint("f", i)}))
	}
	numbered(events...)
	talk := NewTalk(Meta{})
	for i, e := range events {
		before, err := foldAll(Meta{}, events[:i])
		if err != nil || !reflect.DeepEqual(before, talk) {
			t.Fatalf("after %d events the talk differs from its fold (%v)", i, err)
		}
		if err := talk.Add(e); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFoldDoesNotShare checks that a talk handed to a responder is not changed by what comes after.
func TestFoldDoesNotShare(t *testing.T) {
	talk, err := foldAll(Meta{}, numbered(said(t, 1, "one"), replied(t, 1, "r1", Effect{Shown: []string{"p1"}, Asked: "a"}), said(t, 2, "two")))
	if err != nil {
		t.Fatal(err)
	}
	before := body(t, []any{talk.State, talk.History, talk.Open})
	state, history, open := talk.State, talk.History, talk.Open
	for i := int64(2); i < 60; i++ {
		e := replied(t, i, "r", Effect{Shown: []string{"q"}, Asked: fmt.Sprint("b", i)})
		e.Seq = talk.Last + 1
		next := said(t, i+1, "more")
		next.Seq = e.Seq + 1
		if talk.Add(e) != nil || talk.Add(next) != nil {
			t.Fatal("Add failed")
		}
	}
	if after := body(t, []any{state, history, open}); string(after) != string(before) {
		t.Errorf("what was handed out has changed:\n%s\n%s", before, after)
	}
}

func TestFoldIsBounded(t *testing.T) {
	talk := NewTalk(Meta{})
	long := strings.Repeat("长", wire.MaxText)
	for i := range int64(500) {
		for _, e := range []Event{said(t, i+1, long), replied(t, i+1, long, Effect{Asked: fmt.Sprint("facet", i)})} {
			e.Seq = talk.Last + 1
			if err := talk.Add(e); err != nil {
				t.Fatal(err)
			}
		}
	}
	runes := 0
	for _, m := range talk.History {
		runes += utf8.RuneCountInString(m.Text)
	}
	if runes > maxHistoryRunes || len(talk.History) == 0 || len(talk.History) > maxHistory || len(talk.marks) > maxMarks || len(talk.State.AskedBefore) > maxAskedBefore {
		t.Errorf("%d messages with %d runes, %d marks, %d facets", len(talk.History), runes, len(talk.marks), len(talk.State.AskedBefore))
	}
	if talk.History[len(talk.History)-1].Role != "assistant" {
		t.Error("the newest message was forgotten instead of the oldest")
	}
}

func TestFoldSaysWhatIsWrong(t *testing.T) {
	talk := NewTalk(Meta{})
	if err := talk.Add(Event{Seq: 2, Kind: wire.KindSaid, Body: []byte("{}")}); err == nil || talk.Last != 0 {
		t.Errorf("a gap: %v", err)
	}
	if err := talk.Add(Event{Seq: 1, Kind: wire.KindReply, Body: []byte("{")}); err == nil || !strings.Contains(err.Error(), "event 1") || talk.Last != 1 {
		t.Errorf("a broken body: %v, last %d", err, talk.Last)
	}
}

func TestKnown(t *testing.T) {
	talk := NewTalk(Meta{})
	for i := range int64(maxMarks * 3) {
		e := said(t, i+1, fmt.Sprint("m", i+1))
		e.Seq = i + 1
		if err := talk.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	newest := talk.Seen
	for _, c := range []struct {
		in          Input
		known, same bool
	}{
		{Input{ClientSeq: newest + 1, Text: "new"}, false, false},
		{Input{ClientSeq: newest, Text: fmt.Sprint("m", newest)}, true, true},
		{Input{ClientSeq: newest, Text: fmt.Sprint("m", newest), Page: &wire.Page{URL: "/elsewhere"}}, true, true},
		{Input{ClientSeq: newest, Text: "of another tab"}, true, false},
		{Input{ClientSeq: newest, Tap: &wire.Tap{Do: "more"}}, true, false},
		{Input{ClientSeq: 1, Text: "long ago"}, true, true},
	} {
		if known, same := talk.known(c.in); known != c.known || same != c.same {
			t.Errorf("%+v: known %v and same %v", c.in, known, same)
		}
	}
}

func TestNote(t *testing.T) {
	for _, n := range []note{{}, {seq: 1}, {frame: []byte("{}")}, {seq: 1 << 62, frame: []byte(`{"v":1}`)}} {
		got, err := decodeNote(n.encode())
		if err != nil || got.seq != n.seq || string(got.frame) != string(n.frame) {
			t.Errorf("%v came back as %v, %v", n, got, err)
		}
	}
	for _, bad := range [][]byte{nil, {0x80}, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}} {
		if _, err := decodeNote(bad); err == nil {
			t.Errorf("%v passed for a note", bad)
		}
	}
}

// FuzzFold feeds a journal of arbitrary kinds and bodies: no panic, Last counts on, everything stays bounded, and what can be shown is a frame within its limit.
func FuzzFold(f *testing.F) {
	f.Add("said", []byte(`{"client_seq":1,"text":"x"}`), "reply", []byte(`{"turn":1,"text":"y","delta":{"act":"find"},"effect":{"shown":["p"],"asked":"f"}}`))
	f.Add("tapped", []byte(`{"client_seq":-5,"tap":{"do":"set","value":[1,"x"]}}`), "handover", []byte(`{"turn":9}`))
	f.Add("reply", []byte(`{"delta":{"act":"find","set":[{"facet":"f","op":"=","value":{}}]}}`), "reply", []byte(`null`))
	f.Add("", []byte(nil), "said", []byte("\xff"))
	f.Fuzz(func(t *testing.T, kind1 string, body1 []byte, kind2 string, body2 []byte) {
		talk := NewTalk(Meta{})
		for i := range int64(6) {
			e := Event{Seq: i + 1, Kind: kind1, Body: body1}
			if i%2 == 1 {
				e.Kind, e.Body = kind2, body2
			}
			err := talk.Add(e)
			if talk.Last != i+1 {
				t.Fatalf("event %d left Last at %d", i+1, talk.Last)
			}
			n, noteErr := noteOf(e)
			if n.seq != e.Seq || len(n.frame) > wire.MaxServerFrame || noteErr != nil && n.frame != nil {
				t.Fatalf("note %d of %d bytes, %v", n.seq, len(n.frame), noteErr)
			}
			if err == nil && noteErr == nil && n.frame != nil {
				if _, err := wire.DecodeServer(n.frame); err != nil {
					t.Fatalf("the frame cannot be read back: %v\n%s", err, n.frame)
				}
			}
		}
		if len(talk.History) > maxHistory || len(talk.Open) > maxOpen {
			t.Fatalf("%d messages, %d open", len(talk.History), len(talk.Open))
		}
	})
}

// foldAll computes the talk from the whole journal of a session.
func foldAll(m Meta, events []Event) (Talk, error) {
	t := NewTalk(m)
	for _, e := range events {
		if err := t.Add(e); err != nil {
			return t, err
		}
	}
	return t, nil
}
