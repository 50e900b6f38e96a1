package chat

import (
	"context"
	"sync"
)

// MemoryLeases is where the owners of sessions are written down within one process. Several hubs of one process share it, each through a Lease of its own.
// Its owners end with it, so its leases need no expiry; one for many machines does.
type MemoryLeases struct {
	mu     sync.Mutex
	token  int64 // grows over all sessions, so an ended session need not be remembered to keep its tokens growing
	owners map[string]memoryOwner
}

type memoryOwner struct {
	by    *memoryLease
	token int64
}

// NewMemoryLeases returns a place where nothing is owned yet.
func NewMemoryLeases() *MemoryLeases { return &MemoryLeases{owners: map[string]memoryOwner{}} }

// Lease returns one owner's view.
func (t *MemoryLeases) Lease() Lease { return &memoryLease{table: t} }

type memoryLease struct {
	table  *MemoryLeases
	closed bool // under table.mu
}

// Acquire implements Lease. An owner that asks again gets a new token, and its old one is void.
func (l *memoryLease) Acquire(ctx context.Context, session string) (int64, error) {
	t := l.table
	t.mu.Lock()
	defer t.mu.Unlock()
	if l.closed {
		return 0, ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if o, ok := t.owners[session]; ok && o.by != l {
		return 0, ErrLeased
	}
	t.token++
	t.owners[session] = memoryOwner{l, t.token}
	return t.token, nil
}

// Release implements Lease. An old token releases nothing.
func (l *memoryLease) Release(_ context.Context, session string, token int64) error {
	t := l.table
	t.mu.Lock()
	defer t.mu.Unlock()
	if o, ok := t.owners[session]; ok && o.by == l && o.token == token {
		delete(t.owners, session)
	}
	return nil
}

// Close implements Lease: all that this owner holds becomes free.
func (l *memoryLease) Close() error {
	t := l.table
	t.mu.Lock()
	defer t.mu.Unlock()
	l.closed = true
	for session, o := range t.owners {
		if o.by == l {
			delete(t.owners, session)
		}
	}
	return nil
}
