package chat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"daogou/chat/wire"
)

// Config is what a hub works with. Journal and Responder are needed; for the rest the zero value names its default.
type Config struct {
	Journal   Journal
	Responder Responder
	Bus       Bus                                   // in memory
	Lease     Lease                                 // in memory
	Limits    Limits                                // see Limits
	Origin    func(*http.Request) bool              // pages that may connect; SameOrigin
	Store     func(origin, store string) bool       // stores that may be named in hello; any
	Address   func(*http.Request) (hostOrIP string) // of the client, behind a proxy; the request's RemoteAddr
	Log       *slog.Logger                          // nothing is logged. No text of a shopper, and no secret, is ever logged
}

// Hub owns the live sessions of this process and the connections to them. The caller owns the journal, bus and lease, and closes them after the hub.
//
// A session is one goroutine with a mailbox, and is in memory only while it has something to do. The connections of a session that are on this process form a
// room, which gets what the session publishes. Rooms and sessions know each other only through the bus and the journal.
type Hub struct {
	Config
	addresses *addresses
	metrics   metrics
	slots     chan struct{} // one for each turn being answered

	ctx      context.Context // ends when turns under way are to be dropped
	cancel   context.CancelFunc
	stopping chan struct{} // closed when sessions are to finish what they do

	mu       sync.Mutex
	draining bool
	sessions map[string]*session
	rooms    map[string]*room
	conns    map[*conn]struct{}

	sessionsDone, roomsDone, connsDone sync.WaitGroup
}

// NewHub makes a hub. It has no goroutine until somebody connects.
func NewHub(c Config) (*Hub, error) {
	if c.Journal == nil || c.Responder == nil {
		return nil, errors.New("chat: a hub needs a journal and a responder")
	}
	if c.Bus == nil {
		c.Bus = NewMemoryBus()
	}
	if c.Lease == nil {
		c.Lease = NewMemoryLeases().Lease()
	}
	if c.Origin == nil {
		c.Origin = SameOrigin
	}
	if c.Store == nil {
		c.Store = func(string, string) bool { return true }
	}
	if c.Address == nil {
		c.Address = func(r *http.Request) string { return r.RemoteAddr }
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Limits = c.Limits.withDefaults()
	h := &Hub{Config: c, addresses: newAddresses(c.Limits), slots: make(chan struct{}, c.Limits.Turns), stopping: make(chan struct{}),
		sessions: map[string]*session{}, rooms: map[string]*room{}, conns: map[*conn]struct{}{}}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	return h, nil
}

// storeTime bounds one use of the journal or the lease, so that a stuck disk stops sessions and not the process.
const storeTime = 15 * time.Second

func (h *Hub) storeContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(h.ctx, storeTime)
}

var errForbidden = errors.New("chat: wrong token or store")

// admit finds the session that a hello names, or makes a new one. The token is not empty if it is new.
// A session that the journal does not know is answered with a new one: what the client had is gone, and saying so is all that helps.
func (h *Hub) admit(hello wire.Client) (m Meta, token string, err error) {
	ctx, cancel := h.storeContext()
	defer cancel()
	if hello.Session != "" {
		m, err = h.Journal.Meta(ctx, hello.Session)
		switch {
		case err == nil && (!m.Holds(hello.Token) || m.Store != hello.Store):
			return Meta{}, "", errForbidden
		case !errors.Is(err, ErrNoSession):
			return m, "", err
		}
	}
	token, hash := NewSecret()
	m = Meta{Session: randomID(16), Store: hello.Store, Epoch: randomID(9), SecretHash: hash, Lang: hello.Lang, Country: hello.Country, Created: stamp(time.Now())}
	return m, token, h.Journal.Create(ctx, m)
}

// wake returns the live session, and starts it if it is not in memory. The session exists in the journal.
func (h *Hub) wake(id string) (*session, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.wakeLocked(id)
}

func (h *Hub) wakeLocked(id string) (*session, error) {
	if h.draining {
		return nil, ErrDraining
	}
	if s := h.sessions[id]; s != nil {
		return s, nil
	}
	s := newSession(h, id)
	h.sessions[id] = s
	h.sessionsDone.Go(s.run)
	return s, nil
}

// deliver puts an input into a session's mailbox.
func (h *Hub) deliver(id string, req request) *refusal {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, err := h.wakeLocked(id)
	if err != nil {
		return refuseDraining()
	}
	select {
	case s.box <- req:
		return nil
	default:
		return &refusal{code: wire.CodeBusy, text: "Too much is waiting in this chat; please send it again in a moment.", retry: true}
	}
}

// retire lets a session leave memory unless something has come for it.
func (h *Hub) retire(s *session) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(s.box) > 0 {
		return false
	}
	delete(h.sessions, s.id)
	return true
}

// forget takes a session that failed to load out of the map; nothing more can come for it.
func (h *Hub) forget(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.sessions[s.id] == s {
		delete(h.sessions, s.id)
	}
}

// Drain ends the hub in order: no new connections and inputs, turns under way are finished, their replies sent, and every connection is closed with
// CloseGoingAway. When ctx ends first, turns under way are dropped; their sessions answer them after the restart.
func (h *Hub) Drain(ctx context.Context) error {
	h.stop()
	stopped := context.AfterFunc(ctx, h.cancel)
	defer stopped()
	h.sessionsDone.Wait()
	for _, r := range h.allRooms() {
		r.close()
	}
	h.roomsDone.Wait() // every reply is now in the queues of its connections
	for _, c := range h.allConns() {
		c.shut(wire.CloseGoingAway, "The server restarts.", true)
	}
	cut := context.AfterFunc(ctx, func() {
		for _, c := range h.allConns() {
			c.ws.Close()
		}
	})
	defer cut()
	h.connsDone.Wait()
	h.cancel()
	return ctx.Err()
}

// Close ends the hub at once. Turns under way are dropped and connections cut.
func (h *Hub) Close() error {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := h.Drain(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("chat: close: %w", err)
	}
	return nil
}

func (h *Hub) stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.draining {
		h.draining = true
		close(h.stopping)
	}
}

func (h *Hub) allRooms() []*room {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []*room
	for _, r := range h.rooms {
		all = append(all, r)
	}
	return all
}

func (h *Hub) allConns() []*conn {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []*conn
	for c := range h.conns {
		all = append(all, c)
	}
	return all
}

// WriteMetrics writes the hub's counters in the Prometheus text format.
func (h *Hub) WriteMetrics(w io.Writer) error {
	h.mu.Lock()
	conns, sessions := len(h.conns), len(h.sessions)
	h.mu.Unlock()
	return h.metrics.write(w, conns, sessions)
}
