package chattest

import (
	"context"
	"fmt"
	"testing"

	"daogou/chat"
)

// BusSuite holds a bus to the interface. open returns two ends of one bus; for a bus within one process they may be the same.
func BusSuite(t *testing.T, open func(t *testing.T) (a, b chat.Bus)) {
	tests := map[string]func(t *testing.T, a, b chat.Bus){
		"messages come in order":            busInOrder,
		"every subscriber gets each":        busToAll,
		"subjects are apart":                busSubjects,
		"bytes are not shared":              busBytes,
		"unsubscribing closes":              busUnsubscribe,
		"one that falls behind is cut off":  busBehind,
		"a context that has ended":          busContext,
		"closing closes every subscription": busClose,
	}
	runPairs(t, open, tests)
}

func subscribe(t *testing.T, b chat.Bus, subject string) (<-chan []byte, func()) {
	t.Helper()
	ch, cancel, err := b.Subscribe(t.Context(), subject)
	must(t, err)
	return ch, cancel
}

func publish(t *testing.T, b chat.Bus, subject, text string) {
	t.Helper()
	must(t, b.Publish(t.Context(), subject, []byte(text)))
}

func busInOrder(t *testing.T, a, b chat.Bus) {
	ch, cancel := subscribe(t, b, "s.1")
	defer cancel()
	for i := range 20 {
		publish(t, a, "s.1", fmt.Sprint(i))
	}
	for i := range 20 {
		if got := string(<-ch); got != fmt.Sprint(i) {
			t.Fatalf("got %q as message %d", got, i)
		}
	}
}

func busToAll(t *testing.T, a, b chat.Bus) {
	one, cancelOne := subscribe(t, a, "s")
	two, cancelTwo := subscribe(t, b, "s")
	defer cancelTwo()
	publish(t, a, "s", "x")
	if string(<-one) != "x" || string(<-two) != "x" {
		t.Error("a subscriber got something else")
	}
	cancelOne()
	publish(t, b, "s", "y")
	if string(<-two) != "y" {
		t.Error("the subscriber that stayed got something else")
	}
}

func busSubjects(t *testing.T, a, b chat.Bus) {
	ch, cancel := subscribe(t, b, "s.1")
	defer cancel()
	publish(t, a, "s.2", "other")
	publish(t, a, "s.1", "mine")
	if got := string(<-ch); got != "mine" {
		t.Errorf("got %q", got)
	}
}

func busBytes(t *testing.T, a, b chat.Bus) {
	one, cancelOne := subscribe(t, a, "s")
	two, cancelTwo := subscribe(t, b, "s")
	defer cancelOne()
	defer cancelTwo()
	data := []byte("hello")
	must(t, a.Publish(t.Context(), "s", data))
	clear(data)
	got := <-one
	if string(got) != "hello" {
		t.Errorf("the publisher's change reached a subscriber: %q", got)
	}
	clear(got)
	if got := <-two; string(got) != "hello" {
		t.Errorf("a subscriber's change reached the other: %q", got)
	}
}

func busUnsubscribe(t *testing.T, _, b chat.Bus) {
	ch, cancel := subscribe(t, b, "s")
	cancel()
	cancel() // twice does no harm
	if _, open := <-ch; open {
		t.Error("a message came after unsubscribing")
	}
}

func busBehind(t *testing.T, a, b chat.Bus) {
	slow, cancelSlow := subscribe(t, b, "s")
	defer cancelSlow()
	quick, cancelQuick := subscribe(t, b, "s")
	defer cancelQuick()
	const messages = 100_000 // more than any subscription may hold
	for i := range messages {
		publish(t, a, "s", fmt.Sprint(i))
		if got := string(<-quick); got != fmt.Sprint(i) {
			t.Fatalf("the quick subscriber got %q as message %d", got, i)
		}
	}
	n := 0
	for range slow { // ends only if the channel was closed
		n++
	}
	if n == 0 || n >= messages {
		t.Errorf("the slow subscriber was left with %d messages", n)
	}
}

func busContext(t *testing.T, a, _ chat.Bus) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if a.Publish(ctx, "s", nil) == nil {
		t.Error("Publish succeeded")
	}
	if _, _, err := a.Subscribe(ctx, "s"); err == nil {
		t.Error("Subscribe succeeded")
	}
}

func busClose(t *testing.T, a, b chat.Bus) {
	ch, cancel := subscribe(t, b, "s")
	defer cancel()
	must(t, b.Close())
	if _, open := <-ch; open {
		t.Error("a message came after Close")
	}
	if b.Publish(t.Context(), "s", nil) == nil {
		t.Error("Publish succeeded after Close")
	}
	if _, _, err := b.Subscribe(t.Context(), "s"); err == nil {
		t.Error("Subscribe succeeded after Close")
	}
	must(t, a.Close())
}
