package chat

import (
	"errors"
	"sync"

	"golang.org/x/time/rate"

	"daogou/chat/wire"
)

// room is the connections of one session on this process: a shopper's tabs. It has one subscription to the session's subject, and its goroutine only moves what
// comes into the queues of the connections, so that no connection can hold up another.
type room struct {
	hub  *Hub
	id   string
	refs int // connections that are in it or on their way in; under hub.mu
	says *rate.Limiter

	mu     sync.Mutex
	conns  map[*conn]struct{}
	cancel func() // ends the subscription
	closed bool
}

var errTabs = errors.New("chat: too many connections of one session")

// join puts a connection into its session's room. From then on the connection hears what is published.
func (h *Hub) join(c *conn) (*room, error) {
	h.mu.Lock()
	if h.draining {
		h.mu.Unlock()
		return nil, ErrDraining
	}
	r := h.rooms[c.id]
	if r == nil {
		r = &room{hub: h, id: c.id, says: rate.NewLimiter(h.Limits.SayRate, h.Limits.SayBurst), conns: make(map[*conn]struct{}, 1)}
		h.rooms[c.id] = r
	}
	if r.refs >= h.Limits.Tabs {
		h.mu.Unlock()
		return nil, errTabs
	}
	r.refs++
	h.mu.Unlock()
	if err := r.add(c); err != nil {
		h.part(r)
		return nil, err
	}
	return r, nil
}

func (h *Hub) leave(r *room, c *conn) {
	r.mu.Lock()
	delete(r.conns, c)
	r.mu.Unlock()
	h.part(r)
}

func (h *Hub) part(r *room) {
	h.mu.Lock()
	r.refs--
	empty := r.refs == 0
	if empty {
		delete(h.rooms, r.id)
	}
	h.mu.Unlock()
	if empty {
		r.close()
	}
}

func (r *room) add(c *conn) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return ErrDraining
	}
	if r.cancel == nil {
		sub, cancel, err := r.hub.Bus.Subscribe(r.hub.ctx, subject(r.id))
		if err != nil {
			return err
		}
		r.cancel = cancel
		r.hub.roomsDone.Go(func() { r.run(sub) })
	}
	r.conns[c] = struct{}{}
	return nil
}

// close ends the room after what it has been sent already.
func (r *room) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.cancel != nil {
		r.cancel()
	}
}

func (r *room) run(sub <-chan []byte) {
	for sub != nil {
		for data := range sub {
			n, err := decodeNote(data)
			if err != nil {
				r.hub.Log.Error("a message was dropped", "session", r.id, "error", err)
				continue
			}
			r.spread(n)
		}
		sub = r.again()
	}
}

func (r *room) spread(n note) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		c.offer(n)
	}
}

// again subscribes anew after the bus has dropped the subscription because the room was behind. What was missed is in the journal.
func (r *room) again() <-chan []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil
	}
	sub, cancel, err := r.hub.Bus.Subscribe(r.hub.ctx, subject(r.id))
	for c := range r.conns {
		if err != nil {
			c.shut(wire.CloseTryLater, "The server cannot follow this chat at the moment.", true)
		} else {
			c.missed()
		}
	}
	if err != nil {
		r.closed = true
		return nil
	}
	r.cancel = cancel
	return sub
}
