package chat

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"daogou/chat/wire"
	"daogou/nlu"
)

// Bounds of what a talk keeps in memory.
const (
	maxHistory      = 40    // messages
	maxHistoryRunes = 16000 // over all of them
	maxMessageRunes = 4000  // of one
	maxMarks        = 128   // inputs whose content is remembered, to tell a resend from another tab's message
	maxOpen         = 128   // inputs without a reply
	maxAskedBefore  = 64
)

// Talk is the fold of a session's journal: everything that a turn needs to know of what went before. Two processes that have read the same events hold the same Talk.
type Talk struct {
	State   nlu.State
	History []nlu.Message // what was said and answered, oldest first, bounded
	Last    int64         // seq of the newest event
	Seen    int64         // highest client_seq journaled
	Open    []Input       // inputs without a reply, oldest first: more than none only between said and reply, or after a crash there
	Replies int64
	marks   []mark
}

// Input is what a shopper said or tapped, as journaled. Its time is when it was stored.
type Input struct {
	ClientSeq int64
	Text      string
	Tap       *wire.Tap
	Page      *wire.Page
}

// mark remembers an input's content.
type mark struct {
	clientSeq int64
	digest    uint64
}

// HandoverBody is the journal's body of a handover: a person has been asked for.
type HandoverBody struct {
	Turn int64  `json:"turn"`
	Text string `json:"text"`
}

// NewTalk is the talk of a session in which nothing was said.
func NewTalk(m Meta) Talk {
	return Talk{State: nlu.State{Lang: m.Lang, Country: m.Country}}
}

// Add folds in the next event. An event that is not understood changes nothing but Last: the error says which one, and the talk stays usable.
func (t *Talk) Add(e Event) error {
	if e.Seq != t.Last+1 {
		return fmt.Errorf("chat: event %d of the journal follows %d", e.Seq, t.Last)
	}
	t.Last = e.Seq
	var err error
	switch e.Kind {
	case wire.KindSaid, wire.KindTapped:
		var in Input
		if in, err = inputOf(e); err == nil {
			t.addInput(in)
		}
	case wire.KindReply:
		var r ReplyBody
		if err = json.Unmarshal(e.Body, &r); err == nil {
			t.addReply(r)
		}
	}
	if err != nil {
		return fmt.Errorf("chat: event %d of the journal (%s) cannot be read: %w", e.Seq, e.Kind, err)
	}
	return nil
}

func (t *Talk) addInput(in Input) {
	t.Seen = max(t.Seen, in.ClientSeq)
	t.Open = append(t.Open, in)
	if len(t.Open) > maxOpen {
		t.Open = slices.Clone(t.Open[1:])
	}
	t.marks = append(t.marks, mark{in.ClientSeq, in.digest()})
	if len(t.marks) > maxMarks {
		t.marks = slices.Clone(t.marks[len(t.marks)-maxMarks/2:])
	}
}

// addReply closes the input that it answers. Only then does that input become history, so that a turn never finds itself there.
func (t *Talk) addReply(r ReplyBody) {
	if i := slices.IndexFunc(t.Open, func(in Input) bool { return in.ClientSeq == r.Turn }); i >= 0 {
		t.say("shopper", t.Open[i].words())
		t.Open = slices.Delete(slices.Clone(t.Open), i, i+1)
	}
	if r.Delta.Act != "" { // a reply without an act, such as an apology or a person's, leaves the need alone
		t.State = r.Effect.Apply(t.State.Apply(r.Delta))
	}
	t.Replies++
	t.say("assistant", r.Text)
}

// say adds to the history and forgets its oldest part.
func (t *Talk) say(role, text string) {
	if text == "" {
		return
	}
	t.History = append(slices.Clone(t.History), nlu.Message{Role: role, Text: cutRunes(text, maxMessageRunes)})
	runes := 0
	for i := len(t.History) - 1; i >= 0; i-- {
		runes += utf8.RuneCountInString(t.History[i].Text)
		if len(t.History)-i > maxHistory || runes > maxHistoryRunes {
			t.History = slices.Clone(t.History[i+1:])
			return
		}
	}
}

// known says whether client_seq was journaled, and if so whether for the same input. Of inputs long ago only the number is remembered.
func (t *Talk) known(in Input) (known, same bool) {
	if in.ClientSeq > t.Seen {
		return false, false
	}
	for _, m := range t.marks {
		if m.clientSeq == in.ClientSeq {
			return true, m.digest == in.digest()
		}
	}
	return true, true
}

// Apply is what the assistant's side of a turn does to the state. It is pure.
func (e Effect) Apply(s nlu.State) nlu.State {
	if e.Shown != nil {
		s.Shown, s.Seen = slices.Clone(e.Shown), slices.Clone(e.Seen)
	}
	if e.Focus != "" {
		s.Focus = e.Focus
	}
	s.Asked, s.Adding = e.Asked, e.Adding
	if len(e.DropKeywords) > 0 {
		s.Keywords = slices.DeleteFunc(slices.Clone(s.Keywords), func(k string) bool { return slices.Contains(e.DropKeywords, k) })
	}
	if e.Asked != "" && !slices.Contains(s.AskedBefore, e.Asked) {
		s.AskedBefore = append(slices.Clone(s.AskedBefore), e.Asked)
		s.AskedBefore = s.AskedBefore[max(0, len(s.AskedBefore)-maxAskedBefore):]
	}
	if e.SetCart {
		s.Cart = slices.Clone(e.Cart)
	}
	return s
}

// inputOf reads a said or tapped event.
func inputOf(e Event) (Input, error) {
	if e.Kind == wire.KindTapped {
		var b TappedBody
		if err := json.Unmarshal(e.Body, &b); err != nil {
			return Input{}, err
		}
		return Input{ClientSeq: b.ClientSeq, Tap: &b.Tap, Page: b.Page}, nil
	}
	var b SaidBody
	if err := json.Unmarshal(e.Body, &b); err != nil {
		return Input{}, err
	}
	return Input{ClientSeq: b.ClientSeq, Text: b.Text, Page: b.Page}, nil
}

// digest stands for what was said or tapped, without the page: a resend may come from another page.
func (in Input) digest() uint64 {
	h := fnv.New64a()
	h.Write([]byte(in.Text))
	if in.Tap != nil {
		b, _ := json.Marshal(in.Tap) // a tap that came from JSON goes back
		h.Write([]byte{0})
		h.Write(b)
	}
	return h.Sum64()
}

// words is the input as a line of the talk.
func (in Input) words() string {
	if in.Tap == nil {
		return cleaned(in.Text)
	}
	if in.Tap.Label != "" {
		return cleaned(in.Tap.Label)
	}
	return strings.TrimSpace("[" + in.Tap.Do + " " + in.Tap.Facet + in.Tap.Product + "]")
}

// cleaned is text as the parser gets it: control and invisible formatting characters become spaces. The journal keeps the shopper's own.
func cleaned(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\u200d': // emoji are joined by the second
			return r
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError:
			return ' '
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

// cutRunes returns the first n runes of s.
func cutRunes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// frameOf is an event as the shopper sees it; ok is false for one that is not for the shopper's eyes.
func frameOf(e Event) (f wire.Server, ok bool, err error) {
	f = wire.Server{Kind: e.Kind, Seq: e.Seq, Time: e.Time}
	switch e.Kind {
	case wire.KindSaid:
		var b SaidBody
		err = json.Unmarshal(e.Body, &b)
		f.Turn, f.Text = b.ClientSeq, b.Text
	case wire.KindTapped:
		var b TappedBody
		err = json.Unmarshal(e.Body, &b)
		f.Turn, f.Tap = b.ClientSeq, &b.Tap
	case wire.KindReply:
		var b ReplyBody
		err = json.Unmarshal(e.Body, &b)
		f.Turn, f.Who, f.Lang, f.Text, f.Reply = b.Turn, b.Who, b.Lang, b.Text, b.Reply
	case wire.KindHandover:
		var b HandoverBody
		err = json.Unmarshal(e.Body, &b)
		f.Turn, f.Text = b.Turn, b.Text
	default:
		return f, false, nil
	}
	if err != nil {
		return f, false, fmt.Errorf("chat: event %d of the journal (%s) cannot be read: %w", e.Seq, e.Kind, err)
	}
	return f, true, nil
}

// noteOf is an event as it goes over the bus and, but for the seq, to the shopper.
func noteOf(e Event) (note, error) {
	f, ok, err := frameOf(e)
	if err != nil || !ok {
		return note{seq: e.Seq}, err
	}
	frame, err := wire.EncodeServer(f)
	if err != nil {
		return note{seq: e.Seq}, err
	}
	return note{seq: e.Seq, frame: frame}, nil
}
