package chat

import (
	"bytes"
	"context"
	"sync"
)

// MemoryJournal keeps sessions in memory: for tests and for trying things out. What it holds ends with the process.
type MemoryJournal struct {
	mu       sync.RWMutex
	sessions map[string]*memorySession
	closed   bool
}

type memorySession struct {
	meta   Meta
	events []Event
}

// NewMemoryJournal returns an empty journal.
func NewMemoryJournal() *MemoryJournal {
	return &MemoryJournal{sessions: map[string]*memorySession{}}
}

// Create implements Journal.
func (j *MemoryJournal) Create(ctx context.Context, m Meta) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.usable(ctx); err != nil {
		return err
	}
	if j.sessions[m.Session] != nil {
		return ErrSessionExists
	}
	m.SecretHash = bytes.Clone(m.SecretHash)
	m.Created = stamp(m.Created)
	j.sessions[m.Session] = &memorySession{meta: m}
	return nil
}

// Meta implements Journal.
func (j *MemoryJournal) Meta(ctx context.Context, session string) (Meta, error) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if err := j.usable(ctx); err != nil {
		return Meta{}, err
	}
	s := j.sessions[session]
	if s == nil {
		return Meta{}, ErrNoSession
	}
	m := s.meta
	m.SecretHash = bytes.Clone(m.SecretHash)
	return m, nil
}

// Append implements Journal.
func (j *MemoryJournal) Append(ctx context.Context, session string, after int64, events ...Event) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.usable(ctx); err != nil {
		return err
	}
	s := j.sessions[session]
	if s == nil {
		return ErrNoSession
	}
	if int64(len(s.events)) != after {
		return ErrConflict
	}
	for i, e := range events {
		e.Seq, e.Time, e.Body = after+1+int64(i), stamp(e.Time), bytes.Clone(e.Body)
		s.events = append(s.events, e)
	}
	return nil
}

// Read implements Journal.
func (j *MemoryJournal) Read(ctx context.Context, session string, after int64, limit int) ([]Event, error) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if err := j.usable(ctx); err != nil {
		return nil, err
	}
	s := j.sessions[session]
	if s == nil {
		return nil, ErrNoSession
	}
	var out []Event
	size := 0
	for i := max(after, 0); i < int64(len(s.events)) && len(out) < readLimit(limit); i++ {
		e := s.events[i]
		if size += len(e.Body); size > maxReadBytes && len(out) > 0 {
			break
		}
		e.Body = bytes.Clone(e.Body)
		out = append(out, e)
	}
	return out, nil
}

// Close implements Journal.
func (j *MemoryJournal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.closed = true
	return nil
}

func (j *MemoryJournal) usable(ctx context.Context) error {
	if j.closed {
		return ErrClosed
	}
	return ctx.Err()
}
