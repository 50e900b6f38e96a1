package chattest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/gorilla/websocket"

	"daogou/chat/wire"
)

// Shopper is one tab of a shopper: it speaks the protocol as a widget must, and writes down every breach of it by the server.
//
// The rules it follows are these. One input is on its way at a time; the next is sent once said or tapped has acknowledged it. What has no acknowledgement is sent
// again with its number after a reconnect. A number that another tab has used for something else is given up for the next free one. A welcome with Resumed false
// empties the transcript, and one of another session numbers what is unsent from 1.
type Shopper struct {
	Store, Lang string
	OnFrame     func(wire.Server) // called for every frame, from the reading goroutine

	writing chan struct{} // holds one while somebody writes; a channel, because a write may wait for simulated time

	mu       sync.Mutex
	ws       *websocket.Conn
	done     chan struct{} // closed when the connection's reader has ended
	session  string
	token    string
	epoch    string
	seq      int64 // newest durable frame
	seen     int64 // highest client_seq known to be journaled
	frames   []wire.Server
	pending  []wire.Client // oldest first; the first may be on its way
	onItsWay bool
	welcomed bool
	breaches []string
	resumed  int
	errors   map[string]int
	close    error // why the last connection ended
}

// NewShopper makes a tab without a session.
func NewShopper(store, lang string) *Shopper {
	return &Shopper{Store: store, Lang: lang, writing: make(chan struct{}, 1)}
}

// Share makes another tab of the same session, which starts with an empty transcript. The session must be open.
func (s *Shopper) Share() *Shopper {
	s.mu.Lock()
	defer s.mu.Unlock()
	tab := NewShopper(s.Store, s.Lang)
	tab.session, tab.token = s.session, s.token
	return tab
}

// Connect says hello over a new connection and reads from it until it ends. A connection that was open before is cut.
func (s *Shopper) Connect(ws *websocket.Conn) error {
	s.Cut()
	s.mu.Lock()
	hello := wire.Client{Kind: wire.KindHello, Store: s.Store, Lang: s.Lang, Session: s.session, Token: s.token, Epoch: s.epoch, Seq: s.seq}
	s.ws, s.welcomed, s.onItsWay, s.close = ws, false, false, nil
	done := make(chan struct{})
	s.done = done
	s.mu.Unlock()
	err := s.write(ws, hello)
	go func() {
		defer close(done)
		s.read(ws)
	}()
	return err
}

// Cut ends the connection without a word, and waits for the reader.
func (s *Shopper) Cut() {
	s.mu.Lock()
	ws, done := s.ws, s.done
	s.mu.Unlock()
	if ws != nil {
		ws.Close()
		<-done
	}
}

// Say and Tap queue an input and send it if it is its turn.
func (s *Shopper) Say(text string) { s.input(wire.Client{Kind: wire.KindSay, Text: text}) }

// Tap queues a tap.
func (s *Shopper) Tap(tap wire.Tap) { s.input(wire.Client{Kind: wire.KindTap, Tap: &tap}) }

func (s *Shopper) input(c wire.Client) {
	s.mu.Lock()
	c.ClientSeq = s.seen + 1
	if n := len(s.pending); n > 0 {
		c.ClientSeq = s.pending[n-1].ClientSeq + 1
	}
	s.pending = append(s.pending, c)
	ws, frame := s.nextLocked()
	s.mu.Unlock()
	s.send(ws, frame)
}

// Resend sends the oldest input once more, although it may be on its way.
func (s *Shopper) Resend() {
	s.mu.Lock()
	s.onItsWay = false
	ws, frame := s.nextLocked()
	s.mu.Unlock()
	s.send(ws, frame)
}

// Ping asks the server for a sign of life.
func (s *Shopper) Ping() {
	s.mu.Lock()
	ws := s.ws
	if !s.welcomed {
		ws = nil
	}
	s.mu.Unlock()
	s.send(ws, wire.Client{Kind: wire.KindPing})
}

// nextLocked returns the input to send now, if there is one.
func (s *Shopper) nextLocked() (*websocket.Conn, wire.Client) {
	if !s.welcomed || s.onItsWay || len(s.pending) == 0 {
		return nil, wire.Client{}
	}
	s.onItsWay = true
	return s.ws, s.pending[0]
}

func (s *Shopper) write(ws *websocket.Conn, c wire.Client) error {
	data, err := wire.EncodeClient(c)
	if err != nil {
		return err
	}
	s.writing <- struct{}{} // gorilla allows one writer at a time
	defer func() { <-s.writing }()
	return ws.WriteMessage(websocket.TextMessage, data)
}

// send ignores errors: a broken connection ends its reader, and what was not acknowledged is sent again.
func (s *Shopper) send(ws *websocket.Conn, c wire.Client) {
	if ws != nil {
		s.write(ws, c)
	}
}

func (s *Shopper) read(ws *websocket.Conn) {
	defer ws.Close()
	for {
		_, data, err := ws.ReadMessage()
		if err != nil {
			s.mu.Lock()
			s.welcomed, s.close = false, err
			s.mu.Unlock()
			return
		}
		f, err := wire.DecodeServer(data)
		s.mu.Lock()
		if err != nil {
			s.breach("a frame that cannot be read: %v", err)
		}
		s.frame(f)
		next, out := s.nextLocked()
		s.mu.Unlock()
		s.send(next, out)
		if s.OnFrame != nil {
			s.OnFrame(f)
		}
	}
}

func (s *Shopper) breach(format string, args ...any) {
	s.breaches = append(s.breaches, fmt.Sprintf(format, args...))
}

func (s *Shopper) frame(f wire.Server) {
	switch {
	case f.Kind == wire.KindWelcome:
		s.welcome(f)
	case !s.welcomed:
		if f.Kind != wire.KindError {
			s.breach("a %s frame came before the welcome", f.Kind)
		}
	case f.Kind == wire.KindError:
		s.refused(f)
	case f.Seq > 0:
		s.durable(f)
	}
}

func (s *Shopper) welcome(f wire.Server) {
	if f.Session != s.session {
		for i := range s.pending {
			s.pending[i].ClientSeq = int64(i) + 1
		}
		s.session, s.token = f.Session, f.Token
	}
	if f.Resumed {
		s.resumed++
	} else {
		s.frames, s.seq = nil, 0
	}
	s.epoch, s.seen, s.welcomed = f.Epoch, f.Seen, true
	if s.seq > f.Last {
		s.breach("the server resumed at %d, but its journal ends at %d", s.seq, f.Last)
	}
}

func (s *Shopper) durable(f wire.Server) {
	if f.Seq <= s.seq {
		s.breach("frame %d came after %d", f.Seq, s.seq)
		return
	}
	s.seq = f.Seq
	s.frames = append(s.frames, f)
	if f.Kind != wire.KindSaid && f.Kind != wire.KindTapped {
		return
	}
	s.seen = max(s.seen, f.Turn)
	if len(s.pending) == 0 || s.pending[0].ClientSeq != f.Turn {
		return
	}
	if same(s.pending[0], f) {
		s.pending = s.pending[1:]
		s.onItsWay = false
		return
	}
	s.renumber()
}

// same says whether a durable frame is what was sent.
func same(c wire.Client, f wire.Server) bool {
	if c.Tap == nil || f.Tap == nil {
		return c.Tap == nil && f.Tap == nil && c.Text == f.Text
	}
	return c.Tap.Do == f.Tap.Do && c.Tap.Facet == f.Tap.Facet && string(c.Tap.Value) == string(f.Tap.Value)
}

// renumber gives what is pending the next free numbers, because another tab has used theirs.
func (s *Shopper) renumber() {
	for i := range s.pending {
		s.pending[i].ClientSeq = s.seen + 1 + int64(i)
	}
	s.onItsWay = false
}

func (s *Shopper) refused(f wire.Server) {
	if s.errors == nil {
		s.errors = map[string]int{}
	}
	s.errors[f.Code]++
	if len(s.pending) == 0 || f.Turn != s.pending[0].ClientSeq {
		return
	}
	switch f.Code {
	case wire.CodeTaken, wire.CodeGap:
		s.seen = max(s.seen, f.Seen)
		s.renumber()
	}
}

// Pending is how many inputs have no acknowledgement.
func (s *Shopper) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.pending)
}

// Connected reports whether a welcome has come and the connection has not ended since.
func (s *Shopper) Connected() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.welcomed
}

// Transcript is every durable frame, in the order it came.
func (s *Shopper) Transcript() []wire.Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.frames)
}

// Session is the session's ID, once welcomed.
func (s *Shopper) Session() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session
}

// Resumed is how many welcomes went on where the transcript ended.
func (s *Shopper) Resumed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.resumed
}

// Errors counts error frames by code.
func (s *Shopper) Errors() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]int{}
	for k, v := range s.errors {
		out[k] = v
	}
	return out
}

// Ended is why the last connection ended, or nil.
func (s *Shopper) Ended() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.close
}

// Breaches is what the server did against the protocol.
func (s *Shopper) Breaches() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.breaches, "\n")
}

// Wait returns when the connection has ended or ctx has.
func (s *Shopper) Wait(ctx context.Context) {
	s.mu.Lock()
	done := s.done
	s.mu.Unlock()
	if done == nil {
		return
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// Token is a shopper's secret, for tests that misuse it.
func Token(s *Shopper) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token
}
