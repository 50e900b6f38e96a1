package chattest

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"

	"daogou/chat"
)

// ErrFault is what a faulty journal returns.
var ErrFault = errors.New("chattest: the journal fails on purpose")

// FaultyJournal is a journal that fails. An operation that fails may have been done all the same: then only its answer is lost.
type FaultyJournal struct {
	chat.Journal
	mu      sync.Mutex
	rng     *rand.Rand
	rate    float64
	left    int // operations until Sever; negative: never
	severed bool
}

// NewFaultyJournal wraps a journal; each operation fails with probability rate.
func NewFaultyJournal(j chat.Journal, seed uint64, rate float64) *FaultyJournal {
	return &FaultyJournal{Journal: j, rng: rand.New(rand.NewPCG(seed, 1)), rate: rate, left: -1}
}

// Sever makes every operation fail after the next n, as if the process had died there. The journal behind it lives on, for a process after it.
func (f *FaultyJournal) Sever(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left = n
}

// Heal ends the failures by chance.
func (f *FaultyJournal) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rate = 0
}

// fate says whether an operation is done and whether its answer comes back.
func (f *FaultyJournal) fate() (done, answered bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.severed {
		return false, false
	}
	if f.left >= 0 {
		if f.left--; f.left < 0 {
			f.severed = true
			return f.rng.IntN(2) == 0, false
		}
	}
	if f.rng.Float64() < f.rate {
		return f.rng.IntN(2) == 0, false
	}
	return true, true
}

func (f *FaultyJournal) run(op func() error) error {
	done, answered := f.fate()
	var err error
	if done {
		err = op()
	}
	if !answered {
		return ErrFault
	}
	return err
}

// Create implements chat.Journal.
func (f *FaultyJournal) Create(ctx context.Context, m chat.Meta) error {
	return f.run(func() error { return f.Journal.Create(ctx, m) })
}

// Meta implements chat.Journal.
func (f *FaultyJournal) Meta(ctx context.Context, session string) (m chat.Meta, err error) {
	err = f.run(func() error { m, err = f.Journal.Meta(ctx, session); return err })
	return m, err
}

// Append implements chat.Journal.
func (f *FaultyJournal) Append(ctx context.Context, session string, after int64, events ...chat.Event) error {
	return f.run(func() error { return f.Journal.Append(ctx, session, after, events...) })
}

// Read implements chat.Journal.
func (f *FaultyJournal) Read(ctx context.Context, session string, after int64, limit int) (events []chat.Event, err error) {
	err = f.run(func() error { events, err = f.Journal.Read(ctx, session, after, limit); return err })
	return events, err
}

// LossyBus is a bus that loses messages, which a bus may.
type LossyBus struct {
	chat.Bus
	mu   sync.Mutex
	rng  *rand.Rand
	rate float64
}

// NewLossyBus wraps a bus; each message is lost with probability rate.
func NewLossyBus(b chat.Bus, seed uint64, rate float64) *LossyBus {
	return &LossyBus{Bus: b, rng: rand.New(rand.NewPCG(seed, 2)), rate: rate}
}

// Publish implements chat.Bus.
func (l *LossyBus) Publish(ctx context.Context, subject string, data []byte) error {
	l.mu.Lock()
	lost := l.rng.Float64() < l.rate
	l.mu.Unlock()
	if lost {
		return nil
	}
	return l.Bus.Publish(ctx, subject, data)
}
