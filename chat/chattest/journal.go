package chattest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"
	"time"

	"daogou/chat"
)

var epoch = time.Date(2026, 11, 23, 12, 0, 0, 123456000, time.UTC)

// meta is a session with everything that a journal keeps.
func meta(id string) chat.Meta {
	_, hash := chat.NewSecret()
	return chat.Meta{Session: id, Store: "demo", Epoch: "e-" + id, SecretHash: hash, Lang: "zh-CN", Country: "DE", Created: epoch}
}

func event(i int) chat.Event {
	return chat.Event{Time: epoch.Add(time.Duration(i) * time.Second), Kind: "said", Body: fmt.Appendf(nil, `{"client_seq":%d,"text":"消息 %d"}`, i, i)}
}

// JournalSuite holds a journal to the interface. open returns an empty journal, and a function that closes it and opens it again; that one is nil if nothing survives.
func JournalSuite(t *testing.T, open func(t *testing.T) (chat.Journal, func() chat.Journal)) {
	tests := map[string]func(t *testing.T, j chat.Journal){
		"meta comes back":             metaComesBack,
		"events come back":            eventsComeBack,
		"append is conditional":       appendIsConditional,
		"append is all or nothing":    appendIsAllOrNothing,
		"sessions are apart":          sessionsAreApart,
		"unknown session":             unknownSession,
		"reads are bounded":           readsAreBounded,
		"bytes are not shared":        bytesAreNotShared,
		"rivals append each once":     rivalsAppendEachOnce,
		"many sessions at once":       manySessionsAtOnce,
		"a context that has ended":    endedContext,
		"closed journals refuse":      closedJournalsRefuse,
		"odd identifiers and content": oddIdentifiers,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			j, _ := open(t)
			defer j.Close()
			test(t, j)
		})
	}
	t.Run("everything survives reopening", func(t *testing.T) {
		j, reopen := open(t)
		if reopen == nil {
			j.Close()
			return
		}
		survivesReopening(t, j, reopen)
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("got error %v, want %v", got, want)
	}
}

func readAll(t *testing.T, j chat.Journal, session string) []chat.Event {
	t.Helper()
	var all []chat.Event
	for {
		after := int64(len(all))
		events, err := j.Read(t.Context(), session, after, 0)
		must(t, err)
		if len(events) == 0 {
			return all
		}
		all = append(all, events...)
	}
}

func metaComesBack(t *testing.T, j chat.Journal) {
	want := meta("a")
	must(t, j.Create(t.Context(), want))
	got, err := j.Meta(t.Context(), "a")
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	wantError(t, j.Create(t.Context(), meta("a")), chat.ErrSessionExists)
	again, err := j.Meta(t.Context(), "a")
	must(t, err)
	if !bytes.Equal(again.SecretHash, want.SecretHash) {
		t.Error("a second Create changed the secret")
	}
}

func eventsComeBack(t *testing.T, j chat.Journal) {
	must(t, j.Create(t.Context(), meta("a")))
	events, err := j.Read(t.Context(), "a", 0, 10)
	must(t, err)
	if len(events) != 0 {
		t.Errorf("a new session has %d events", len(events))
	}
	var want []chat.Event
	for i := 0; i < 6; i += 2 {
		must(t, j.Append(t.Context(), "a", int64(i), event(i), event(i+1)))
		for _, k := range []int{i, i + 1} {
			e := event(k)
			e.Seq = int64(k) + 1
			want = append(want, e)
		}
	}
	if got := readAll(t, j, "a"); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func appendIsConditional(t *testing.T, j chat.Journal) {
	must(t, j.Create(t.Context(), meta("a")))
	wantError(t, j.Append(t.Context(), "a", 1, event(1)), chat.ErrConflict)
	must(t, j.Append(t.Context(), "a", 0, event(1)))
	for _, after := range []int64{-1, 0, 2, 1 << 60} {
		wantError(t, j.Append(t.Context(), "a", after, event(9)), chat.ErrConflict)
	}
	must(t, j.Append(t.Context(), "a", 1, event(2)))
	if got := readAll(t, j, "a"); len(got) != 2 {
		t.Errorf("the journal has %d events, want 2", len(got))
	}
}

func appendIsAllOrNothing(t *testing.T, j chat.Journal) {
	must(t, j.Create(t.Context(), meta("a")))
	must(t, j.Append(t.Context(), "a", 0, event(1), event(2), event(3)))
	wantError(t, j.Append(t.Context(), "a", 2, event(4), event(5)), chat.ErrConflict)
	if got := readAll(t, j, "a"); len(got) != 3 {
		t.Errorf("the journal has %d events, want 3", len(got))
	}
}

func sessionsAreApart(t *testing.T, j chat.Journal) {
	must(t, j.Create(t.Context(), meta("a")))
	must(t, j.Create(t.Context(), meta("b")))
	must(t, j.Append(t.Context(), "a", 0, event(1), event(2)))
	must(t, j.Append(t.Context(), "b", 0, event(3)))
	if a, b := readAll(t, j, "a"), readAll(t, j, "b"); len(a) != 2 || len(b) != 1 || b[0].Seq != 1 {
		t.Errorf("a has %v, b has %v", a, b)
	}
}

func unknownSession(t *testing.T, j chat.Journal) {
	_, err := j.Meta(t.Context(), "nobody")
	wantError(t, err, chat.ErrNoSession)
	_, err = j.Read(t.Context(), "nobody", 0, 1)
	wantError(t, err, chat.ErrNoSession)
	wantError(t, j.Append(t.Context(), "nobody", 0, event(1)), chat.ErrNoSession)
}

func readsAreBounded(t *testing.T, j chat.Journal) {
	must(t, j.Create(t.Context(), meta("a")))
	var many []chat.Event
	for i := range 1500 {
		many = append(many, event(i))
	}
	must(t, j.Append(t.Context(), "a", 0, many...))
	for _, c := range []struct {
		after       int64
		limit, want int
	}{{0, 0, 1000}, {0, -1, 1000}, {0, 7, 7}, {0, 1 << 30, 1000}, {1495, 100, 5}, {1500, 5, 0}, {1 << 60, 5, 0}, {-5, 3, 3}} {
		events, err := j.Read(t.Context(), "a", c.after, c.limit)
		must(t, err)
		if len(events) != c.want {
			t.Errorf("Read after %d of at most %d gave %d events, want %d", c.after, c.limit, len(events), c.want)
		}
		if len(events) > 0 && events[0].Seq != max(c.after, 0)+1 {
			t.Errorf("Read after %d begins with %d", c.after, events[0].Seq)
		}
	}
	big := chat.Event{Time: epoch, Kind: "reply", Body: bytes.Repeat([]byte("x"), 3<<20)}
	must(t, j.Append(t.Context(), "a", 1500, big, big, big))
	events, err := j.Read(t.Context(), "a", 1500, 0)
	must(t, err)
	if len(events) != 1 || len(events[0].Body) != 3<<20 {
		t.Errorf("a read over large events gave %d, want 1 at a time", len(events))
	}
}

func bytesAreNotShared(t *testing.T, j chat.Journal) {
	must(t, j.Create(t.Context(), meta("a")))
	e := event(1)
	must(t, j.Append(t.Context(), "a", 0, e))
	clear(e.Body)
	got := readAll(t, j, "a")
	clear(got[0].Body)
	if again := readAll(t, j, "a"); !bytes.Equal(again[0].Body, event(1).Body) {
		t.Errorf("the journal holds %q", again[0].Body)
	}
}

// rivalsAppendEachOnce lets several writers append to one session. Each retries on conflict; every event must be there once, in one order.
func rivalsAppendEachOnce(t *testing.T, j chat.Journal) {
	const writers, each = 6, 10
	must(t, j.Create(t.Context(), meta("a")))
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			last := int64(0)
			for i := 0; i < each; {
				err := j.Append(t.Context(), "a", last, chat.Event{Time: epoch, Kind: "said", Body: fmt.Appendf(nil, "%d-%d", w, i)})
				if err == nil {
					i++
					last++
					continue
				}
				if !errors.Is(err, chat.ErrConflict) {
					t.Error(err)
					return
				}
				last = int64(len(readAll(t, j, "a")))
			}
		})
	}
	all.Wait()
	got := readAll(t, j, "a")
	next := map[string]int{}
	for i, e := range got {
		var w, n int
		fmt.Sscanf(string(e.Body), "%d-%d", &w, &n)
		key := fmt.Sprint(w)
		if e.Seq != int64(i)+1 || next[key] != n {
			t.Fatalf("event %d has seq %d and is %q, want number %d of its writer", i, e.Seq, e.Body, next[key])
		}
		next[key]++
	}
	if len(got) != writers*each {
		t.Errorf("the journal has %d events, want %d", len(got), writers*each)
	}
}

func manySessionsAtOnce(t *testing.T, j chat.Journal) {
	const sessions, each = 20, 10
	var all sync.WaitGroup
	for s := range sessions {
		all.Go(func() {
			id := fmt.Sprint("s", s)
			if err := j.Create(t.Context(), meta(id)); err != nil {
				t.Error(err)
			}
			for i := range each {
				if err := j.Append(t.Context(), id, int64(i), event(i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for s := range sessions {
		if got := readAll(t, j, fmt.Sprint("s", s)); len(got) != each {
			t.Errorf("session %d has %d events, want %d", s, len(got), each)
		}
	}
}

func endedContext(t *testing.T, j chat.Journal) {
	must(t, j.Create(t.Context(), meta("a")))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if j.Append(ctx, "a", 0, event(1)) == nil {
		t.Error("Append succeeded")
	}
	if _, err := j.Read(ctx, "a", 0, 1); err == nil {
		t.Error("Read succeeded")
	}
}

func closedJournalsRefuse(t *testing.T, j chat.Journal) {
	must(t, j.Create(t.Context(), meta("a")))
	must(t, j.Close())
	if j.Append(t.Context(), "a", 0, event(1)) == nil {
		t.Error("Append succeeded after Close")
	}
	if j.Create(t.Context(), meta("b")) == nil {
		t.Error("Create succeeded after Close")
	}
	if _, err := j.Read(t.Context(), "a", 0, 1); err == nil {
		t.Error("Read succeeded after Close")
	}
}

func oddIdentifiers(t *testing.T, j chat.Journal) {
	rng := rand.New(rand.NewPCG(1, 2))
	for i, id := range []string{"", "'; DROP TABLE session; --", "a b%\x00c", "购物\xff", string(make([]byte, 500))} {
		m := meta(id)
		must(t, j.Create(t.Context(), m))
		body := make([]byte, rng.IntN(100))
		for k := range body {
			body[k] = byte(rng.Uint32())
		}
		must(t, j.Append(t.Context(), id, 0, chat.Event{Time: epoch, Kind: "said", Body: body}))
		got, err := j.Read(t.Context(), id, 0, 1)
		must(t, err)
		if len(got) != 1 || !bytes.Equal(got[0].Body, body) {
			t.Errorf("session %d: got %v, want %q", i, got, body)
		}
	}
}

func survivesReopening(t *testing.T, j chat.Journal, reopen func() chat.Journal) {
	want := meta("a")
	must(t, j.Create(t.Context(), want))
	must(t, j.Append(t.Context(), "a", 0, event(0), event(1)))
	j = reopen()
	got, err := j.Meta(t.Context(), "a")
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	wantError(t, j.Append(t.Context(), "a", 1, event(2)), chat.ErrConflict)
	must(t, j.Append(t.Context(), "a", 2, event(2)))
	j = reopen()
	defer j.Close()
	if events := readAll(t, j, "a"); len(events) != 3 || !bytes.Equal(events[2].Body, event(2).Body) {
		t.Errorf("after reopening: %v", events)
	}
}
