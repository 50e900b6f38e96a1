package chat

import (
	"bytes"
	"context"
	"sync"
)

// MemoryBus carries messages within one process. Every message is copied, so that a subscriber can depend on nothing but the bytes.
type MemoryBus struct {
	mu       sync.Mutex
	subjects map[string]map[*memorySub]struct{}
	closed   bool
}

// busBacklog is how many messages a subscriber may be behind before its channel is closed. Whoever reads the channel only moves messages on, so this is for bursts.
const busBacklog = 32

type memorySub struct{ ch chan []byte }

// NewMemoryBus returns a bus without subscribers.
func NewMemoryBus() *MemoryBus {
	return &MemoryBus{subjects: map[string]map[*memorySub]struct{}{}}
}

// Publish implements Bus. It never waits for a subscriber.
func (b *MemoryBus) Publish(ctx context.Context, subject string, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for s := range b.subjects[subject] {
		select {
		case s.ch <- bytes.Clone(data):
		default:
			b.remove(subject, s)
		}
	}
	return nil
}

// Subscribe implements Bus. The function returned ends the subscription; the channel then closes after what it still holds.
func (b *MemoryBus) Subscribe(ctx context.Context, subject string) (<-chan []byte, func(), error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, nil, ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	s := &memorySub{ch: make(chan []byte, busBacklog)}
	if b.subjects[subject] == nil {
		b.subjects[subject] = map[*memorySub]struct{}{}
	}
	b.subjects[subject][s] = struct{}{}
	return s.ch, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.remove(subject, s)
	}, nil
}

// Close implements Bus: every channel closes.
func (b *MemoryBus) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for subject, subs := range b.subjects {
		for s := range subs {
			b.remove(subject, s)
		}
	}
	return nil
}

// remove closes a subscriber's channel, once. The lock is held.
func (b *MemoryBus) remove(subject string, s *memorySub) {
	subs := b.subjects[subject]
	if _, ok := subs[s]; !ok {
		return
	}
	delete(subs, s)
	close(s.ch)
	if len(subs) == 0 {
		delete(b.subjects, subject)
	}
}
