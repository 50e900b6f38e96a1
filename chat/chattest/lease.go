package chattest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"daogou/chat"
)

// LeaseSuite holds a lease to the interface. open returns two owners of the same sessions.
func LeaseSuite(t *testing.T, open func(t *testing.T) (a, b chat.Lease)) {
	tests := map[string]func(t *testing.T, a, b chat.Lease){
		"one owner at a time":          leaseOneOwner,
		"tokens grow":                  leaseTokensGrow,
		"an old token releases nobody": leaseOldToken,
		"sessions are apart":           leaseSessions,
		"closing frees all":            leaseClose,
		"rivals":                       leaseRivals,
	}
	runPairs(t, open, tests)
}

func acquire(t *testing.T, l chat.Lease, session string) int64 {
	t.Helper()
	token, err := l.Acquire(t.Context(), session)
	must(t, err)
	return token
}

func leaseOneOwner(t *testing.T, a, b chat.Lease) {
	token := acquire(t, a, "s")
	_, err := b.Acquire(t.Context(), "s")
	wantError(t, err, chat.ErrLeased)
	must(t, a.Release(t.Context(), "s", token))
	acquire(t, b, "s")
}

func leaseTokensGrow(t *testing.T, a, b chat.Lease) {
	last := int64(0)
	for i := range 10 {
		l := a
		if i%2 == 1 {
			l = b
		}
		token := acquire(t, l, "s")
		if token <= last {
			t.Fatalf("token %d follows %d", token, last)
		}
		last = token
		must(t, l.Release(t.Context(), "s", token))
	}
}

func leaseOldToken(t *testing.T, a, b chat.Lease) {
	old := acquire(t, a, "s")
	renewed := acquire(t, a, "s")
	if renewed <= old {
		t.Errorf("token %d follows %d", renewed, old)
	}
	must(t, a.Release(t.Context(), "s", old))
	_, err := b.Acquire(t.Context(), "s")
	wantError(t, err, chat.ErrLeased)
	must(t, b.Release(t.Context(), "s", renewed))
	_, err = b.Acquire(t.Context(), "s")
	wantError(t, err, chat.ErrLeased)
}

func leaseSessions(t *testing.T, a, b chat.Lease) {
	acquire(t, a, "s")
	acquire(t, b, "r")
}

func leaseClose(t *testing.T, a, b chat.Lease) {
	first := acquire(t, a, "s")
	must(t, a.Close())
	if second := acquire(t, b, "s"); second <= first {
		t.Errorf("token %d follows %d", second, first)
	}
	if _, err := a.Acquire(context.Background(), "r"); err == nil {
		t.Error("Acquire succeeded after Close")
	}
}

func leaseRivals(t *testing.T, a, b chat.Lease) {
	var owners, tokens atomic.Int64
	var all sync.WaitGroup
	for _, l := range []chat.Lease{a, b} {
		all.Go(func() {
			for range 500 {
				token, err := l.Acquire(t.Context(), "s")
				if err != nil {
					continue
				}
				if owners.Add(1) > 1 {
					t.Error("two owners at the same time")
				}
				if last := tokens.Swap(token); token <= last {
					t.Errorf("token %d follows %d", token, last)
				}
				owners.Add(-1)
				if err := l.Release(t.Context(), "s", token); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}
