package chat

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"daogou/chat/wire"
)

// conn is one WebSocket: a goroutine that reads and one that writes, as gorilla asks for. Everything to be written goes through a queue that is bounded in bytes.
type conn struct {
	hub     *Hub
	ws      *websocket.Conn
	from    *address
	origin  string
	written chan struct{} // closed when the writer has ended

	// of the reader
	frames  *rate.Limiter
	refused int // frames in a row
	id      string
	room    *room
	page    *wire.Page

	wake  chan struct{} // there is something to write
	space chan struct{} // something was written

	mu      sync.Mutex
	queue   [][]byte
	queued  int   // bytes
	sent    int64 // newest durable frame in the queue or beyond
	heard   int64 // newest durable frame that the bus told of
	live    bool  // frames from the bus go straight to the queue; otherwise catchUp is reading the journal
	closing bool
	code    int
	reason  string
}

var upgrader = websocket.Upgrader{
	ReadBufferSize:  512,
	WriteBufferSize: 4096,
	WriteBufferPool: &sync.Pool{},
	CheckOrigin:     func(*http.Request) bool { return true }, // ServeHTTP has asked Config.Origin, and answers with a close code that a script can read
	Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
		http.Error(w, reason.Error(), status)
	},
}

// frameBuffers hold a frame from a client while it is decoded. A connection that says nothing has none.
var frameBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const lingerBytes = 16 << 20 // read and thrown away so that the peer gets to see why it was closed

// ServeHTTP accepts a shopper's WebSocket. It returns after the handshake: the connection then has nothing left of the HTTP server's stack and buffers.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) {
		http.Error(w, "This address speaks WebSocket only.", http.StatusUpgradeRequired)
		return
	}
	from := h.addresses.enter(addressOf(h.Address(r)))
	if from == nil {
		h.metrics.closed.add("address")
		w.Header().Set("Retry-After", "10")
		http.Error(w, "Too many connections from this address; try again later.", http.StatusTooManyRequests)
		return
	}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		h.addresses.leave(from)
		return
	}
	if !h.Origin(r) {
		h.turnAway(ws, from, wire.CloseForbidden, "Pages of this origin may not connect.")
		return
	}
	c := &conn{hub: h, ws: ws, from: from, origin: r.Header.Get("Origin"), written: make(chan struct{}), wake: make(chan struct{}, 1), space: make(chan struct{}, 1),
		frames: rate.NewLimiter(h.Limits.FrameRate, h.Limits.FrameBurst)}
	if code, reason := h.enter(c); code != 0 {
		h.turnAway(ws, from, code, reason)
		return
	}
	ws.SetPongHandler(func(string) error { c.alive(h.Limits.Idle); return nil })
	ws.SetPingHandler(c.pinged)
	c.alive(h.Limits.Hello)
	go c.write()
	go c.read()
}

// enter counts a connection in, or says why not.
func (h *Hub) enter(c *conn) (code int, reason string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.draining {
		return wire.CloseGoingAway, "The server restarts."
	}
	if len(h.conns) >= h.Limits.Connections {
		return wire.CloseTryLater, "The server has as many connections as it can hold; try again later."
	}
	h.conns[c] = struct{}{}
	h.connsDone.Add(1)
	h.metrics.opened.Add(1)
	return 0, ""
}

// turnAway closes a connection that never was one of the hub's.
func (h *Hub) turnAway(ws *websocket.Conn, from *address, code int, reason string) {
	h.metrics.closed.add(closeLabel(code))
	ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(time.Second))
	ws.Close()
	h.addresses.leave(from)
}

// read is the reading goroutine. It ends the connection. The goroutine that has taken the hello hands over to a fresh one: decoding and storing have made its stack
// grow, and most connections never need that again.
func (c *conn) read() {
	for {
		kind, r, err := c.ws.NextReader()
		if err != nil {
			c.lost(err)
			c.end()
			return
		}
		greeted := c.id != ""
		if !c.receive(kind, r) {
			c.linger(r)
			c.end()
			return
		}
		if !greeted && c.id != "" {
			go c.read()
			return
		}
	}
}

// receive handles one frame, and is false when the connection is to end.
func (c *conn) receive(kind int, r io.Reader) bool {
	if c.isClosing() {
		return false
	}
	buf := frameBuffers.Get().(*bytes.Buffer)
	defer frameBuffers.Put(buf)
	buf.Reset()
	if _, err := buf.ReadFrom(io.LimitReader(r, wire.MaxFrame+1)); err != nil {
		c.lost(err)
		return false
	}
	if kind != websocket.TextMessage {
		c.refuse(wire.Client{}, &wire.Error{Code: wire.CodeBadJSON, Message: "Frames are JSON text; this one is binary.", Close: wire.CloseBadFrame})
		return false
	}
	if c.id != "" {
		c.alive(c.hub.Limits.Idle)
	}
	c.hub.metrics.framesIn.Add(1)
	in, err := wire.DecodeClient(buf.Bytes())
	if err != nil {
		var e *wire.Error
		errors.As(err, &e)
		c.refuse(in, e)
		return !c.isClosing()
	}
	c.handle(in)
	return !c.isClosing()
}

// pinged answers a client's ping, as long as they are not too many.
func (c *conn) pinged(data string) error {
	if !c.frames.Allow() {
		c.shut(wire.CloseTooMany, "Too many pings.", true)
		return nil
	}
	if c.id != "" {
		c.alive(c.hub.Limits.Idle)
	}
	err := c.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
	var slow net.Error
	if err == websocket.ErrCloseSent || errors.As(err, &slow) && slow.Timeout() {
		return nil
	}
	return err
}

// alive moves the time at which the client counts as gone. A connection that is closing has its own.
func (c *conn) alive(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closing {
		c.ws.SetReadDeadline(time.Now().Add(d))
	}
}

// lost closes after a read that failed: silence is told to the client, for what it is worth; a broken connection just ends.
func (c *conn) lost(err error) {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		c.shut(wire.CloseIdle, "No sign of life came.", true)
		<-c.written
		return
	}
	c.shut(0, "", false)
	c.ws.Close() // frees a writer that waits for the peer
}

// linger reads on until the peer has seen the close frame. Closing with unread bytes would reset the connection, and the close frame might be lost with it.
func (c *conn) linger(r io.Reader) {
	for budget := int64(lingerBytes); budget > 0; {
		n, err := io.Copy(io.Discard, io.LimitReader(r, budget))
		if err == nil {
			_, r, err = c.ws.NextReader()
		}
		if err != nil {
			c.ws.Close()
			return
		}
		budget -= n + 1
	}
}

// end takes the connection out of everything.
func (c *conn) end() {
	c.shut(0, "", false)
	<-c.written
	c.ws.Close()
	if c.room != nil {
		c.hub.leave(c.room, c)
	}
	c.hub.addresses.leave(c.from)
	c.hub.mu.Lock()
	delete(c.hub.conns, c)
	c.hub.mu.Unlock()
	c.hub.metrics.closed.add(closeLabel(c.code))
	c.hub.connsDone.Done()
}

// refuse answers a frame that was not accepted, and closes if it cost the connection or the client's credit.
func (c *conn) refuse(in wire.Client, e *wire.Error) {
	c.refusal(in.ClientSeq, &refusal{code: e.Code, text: e.Message, retry: e.Code == wire.CodeRate})
	c.refused++
	switch {
	case e.Close != 0:
		c.shut(e.Close, e.Message, true)
	case c.refused >= c.hub.Limits.Patience:
		c.shut(wire.CloseTooMany, "Too many frames in a row had to be refused.", true)
	}
}

// refusal sends an error frame.
func (c *conn) refusal(turn int64, r *refusal) {
	c.hub.metrics.errors.add(r.code)
	c.sendFrame(r.frame(turn))
}

func (c *conn) sendFrame(f wire.Server) {
	data, err := wire.EncodeServer(f)
	if err != nil {
		c.hub.Log.Error("a frame cannot be written", "session", c.id, "error", err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.push(data)
}

func (c *conn) handle(in wire.Client) {
	switch {
	case !c.frames.Allow():
		c.refuse(in, tooFast)
		return
	case (c.id == "") != (in.Kind == wire.KindHello):
		c.refuse(in, &wire.Error{Code: wire.CodeHello, Message: "The first frame, and no other, must be a hello."})
		return
	}
	switch in.Kind {
	case wire.KindHello:
		if !c.hello(in) {
			return
		}
	case wire.KindSay, wire.KindTap:
		if !c.room.says.Allow() || !c.from.says.Allow() {
			c.refuse(in, tooFast)
			return
		}
		c.input(in)
	case wire.KindPage:
		c.page = in.Page
	case wire.KindPing:
		c.missed() // a look into the journal, in case the bus has lost something
		c.sendFrame(wire.Server{Kind: wire.KindPong})
	}
	c.refused = 0
}

var tooFast = &wire.Error{Code: wire.CodeRate, Message: "Too many messages at once; please wait a moment and send it again."}

func (c *conn) input(in wire.Client) {
	page := in.Page
	if page == nil {
		page = c.page
	}
	turn := in.ClientSeq
	refused := c.hub.deliver(c.id, request{in: inputFrom(in, page), done: func(o outcome) {
		switch {
		case o.refusal != nil:
			c.sendFrame(o.refusal.frame(turn))
		case o.again:
			c.missed() // whoever resends has not seen the acknowledgement: it is in the journal
		}
	}})
	if refused != nil {
		c.refusal(turn, refused)
	}
}

func inputFrom(in wire.Client, page *wire.Page) Input {
	if in.Kind == wire.KindTap {
		return Input{ClientSeq: in.ClientSeq, Tap: in.Tap, Page: page}
	}
	return Input{ClientSeq: in.ClientSeq, Text: in.Text, Page: page}
}

// hello opens or resumes a session, and is false if it could not: find it, join its room, then read the journal. In this order nothing can fall between what was read and what is heard.
func (c *conn) hello(in wire.Client) bool {
	if !c.hub.Store(c.origin, in.Store) {
		c.refuse(in, &wire.Error{Code: wire.CodeForbidden, Message: "This store is not served here, or not on pages of this origin.", Close: wire.CloseForbidden})
		return false
	}
	m, token, err := c.hub.admit(in)
	if errors.Is(err, errForbidden) {
		c.refuse(in, &wire.Error{Code: wire.CodeForbidden, Message: "The token does not open this session.", Close: wire.CloseForbidden})
		return false
	}
	var last, seen int64
	if err == nil {
		c.id, c.page = m.Session, in.Page
		c.room, err = c.hub.join(c)
	}
	if err == nil && token == "" {
		last, seen, err = c.hub.position(c.id)
	}
	if err != nil {
		c.helloFailed(err)
		return false
	}
	resumed := token == "" && in.Epoch == m.Epoch && in.Seq <= last
	if resumed {
		c.sent = in.Seq
		c.hub.metrics.resumed.Add(1)
	}
	lang := in.Lang
	if lang == "" {
		lang = m.Lang
	}
	c.sendFrame(wire.Server{Kind: wire.KindWelcome, Session: m.Session, Token: token, Epoch: m.Epoch, Resumed: resumed, Last: last, Seen: seen,
		PingS: int(c.hub.Limits.Ping / time.Second), MaxText: wire.MaxText, Notice: noticesFor(lang).ai})
	c.alive(c.hub.Limits.Idle)
	c.catchUp()
	return true
}

func (c *conn) helloFailed(err error) {
	switch {
	case errors.Is(err, ErrDraining):
		c.shut(wire.CloseGoingAway, "The server restarts.", true)
	case errors.Is(err, errTabs):
		c.shut(wire.CloseTryLater, "This chat is open in too many places.", true)
	default:
		c.hub.Log.Error("a hello failed", "error", err)
		c.refusal(0, &refusal{code: wire.CodeUnsaved, text: "The chat cannot be opened at the moment.", retry: true})
		c.shut(wire.CloseTryLater, "The chat cannot be opened at the moment.", true)
	}
}

// position wakes a session, which also answers what a crash left without a reply, and says how far it is.
func (h *Hub) position(id string) (last, seen int64, err error) {
	s, err := h.wake(id)
	if err != nil {
		return 0, 0, err
	}
	<-s.ready // loading is bounded by storeTime
	if s.err != nil {
		return 0, 0, s.err
	}
	last, seen = s.position()
	return last, seen, nil
}

// offer hands over a note from the bus. It never waits.
func (c *conn) offer(n note) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard = max(c.heard, n.seq)
	switch {
	case !c.live: // catchUp will find it in the journal; a frame that is not there may be lost
	case n.seq == 0:
		c.push(n.frame)
	case n.seq == c.sent+1:
		c.sent = n.seq
		c.push(n.frame)
	case n.seq > c.sent:
		c.fallBack()
	}
}

// missed tells that notes were lost on the way.
func (c *conn) missed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live {
		c.fallBack()
	}
}

// fallBack goes from the bus to the journal. The lock is held.
func (c *conn) fallBack() {
	c.live = false
	c.hub.connsDone.Go(c.catchUp)
}

// catchUp sends what the journal has beyond sent, at the pace of the client, until nothing newer was heard of; from then on the bus is enough.
func (c *conn) catchUp() {
	for {
		c.mu.Lock()
		sent, heard := c.sent, c.heard
		c.mu.Unlock()
		ctx, cancel := c.hub.storeContext()
		events, err := c.hub.Journal.Read(ctx, c.id, sent, 100)
		cancel()
		if err != nil {
			c.hub.Log.Error("a chat could not be read", "session", c.id, "error", err)
			c.shut(wire.CloseTryLater, "The chat cannot be read at the moment.", true)
			return
		}
		if len(events) == 0 && c.goLive(heard) {
			return
		}
		for _, e := range events {
			n, err := noteOf(e)
			if err != nil {
				c.hub.Log.Error("an event cannot be shown", "session", c.id, "error", err)
			}
			if !c.pushWait(n) {
				return
			}
		}
	}
}

// goLive ends catchUp unless something came while it was reading.
func (c *conn) goLive(heard int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.live = c.heard == heard
	return c.live
}

// push queues a frame. A client that has let too much pile up is dropped, and told that it was too slow. The lock is held.
func (c *conn) push(frame []byte) {
	if c.closing || len(frame) == 0 {
		return
	}
	if c.queued > 0 && c.queued+len(frame) > c.hub.Limits.Queue {
		c.hub.metrics.slow.Add(1)
		c.close(wire.CloseSlow, "The client reads too slowly.", false)
		return
	}
	c.queue = append(c.queue, frame)
	c.queued += len(frame)
	signal(c.wake)
}

// pushWait queues a durable frame once there is room, and leaves half of the queue to what cannot wait. It is false if the connection closes.
func (c *conn) pushWait(n note) bool {
	for {
		c.mu.Lock()
		if c.closing {
			c.mu.Unlock()
			return false
		}
		if c.queued == 0 || c.queued+len(n.frame) <= c.hub.Limits.Queue/2 {
			c.sent = n.seq
			c.push(n.frame)
			c.mu.Unlock()
			return true
		}
		c.mu.Unlock()
		select {
		case <-c.space:
		case <-c.written:
			return false
		}
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// shut begins to close the connection; what is queued is still sent if flush. Only the first call counts. Code 0 closes without a word.
func (c *conn) shut(code int, reason string, flush bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.close(code, reason, flush)
}

// close is shut with the lock held.
func (c *conn) close(code int, reason string, flush bool) {
	if c.closing {
		return
	}
	c.closing, c.code, c.reason = true, code, reason
	if !flush {
		c.queue, c.queued = nil, 0
	}
	signal(c.wake)
	signal(c.space)
}

func (c *conn) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// write is the writing goroutine.
func (c *conn) write() {
	defer close(c.written)
	ping := time.NewTicker(c.hub.Limits.Ping)
	defer ping.Stop()
	for {
		select {
		case <-c.wake:
			if !c.flush() {
				return
			}
		case <-ping.C:
			if err := c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(c.hub.Limits.Write)); err != nil && !c.isClosing() {
				c.ws.Close()
				return
			}
		}
	}
}

// flush writes what is queued, and then the close frame if the connection is to end. It is false when nothing more can be written.
func (c *conn) flush() bool {
	for {
		frame, closing := c.next()
		switch {
		case frame != nil:
			c.ws.SetWriteDeadline(time.Now().Add(c.hub.Limits.Write))
			if err := c.ws.WriteMessage(websocket.TextMessage, frame); err != nil {
				c.ws.Close() // wakes the reader, which ends the connection
				return false
			}
			c.hub.metrics.framesOut.Add(1)
		case closing:
			c.goodbye()
			return false
		default:
			return true
		}
	}
}

func (c *conn) next() (frame []byte, closing bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 {
		c.queue = nil
		return nil, c.closing
	}
	frame, c.queue = c.queue[0], c.queue[1:]
	c.queued -= len(frame)
	signal(c.space)
	return frame, c.closing
}

// goodbye sends the close frame and gives the peer a moment to answer it.
func (c *conn) goodbye() {
	if c.code == 0 {
		return
	}
	reason := c.reason
	if len(reason) > 120 { // a control frame has 125 bytes
		reason = cutRunes(reason, 40)
	}
	now := time.Now()
	if err := c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(c.code, reason), now.Add(c.hub.Limits.Write)); err != nil {
		c.ws.Close()
		return
	}
	c.ws.NetConn().SetReadDeadline(now.Add(c.hub.Limits.Linger))
}
