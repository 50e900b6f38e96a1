package chattest

import (
	"context"
	"net"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

// Server serves a handler over connections in memory: no ports, and time may be that of a testing/synctest bubble.
type Server struct {
	http  http.Server
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
	ended chan struct{}
}

// NewServer starts a server. Close ends it.
func NewServer(h http.Handler) *Server {
	s := &Server{conns: make(chan net.Conn), done: make(chan struct{}), ended: make(chan struct{})}
	s.http.Handler = h
	go func() {
		defer close(s.ended)
		s.http.Serve(listener{s})
	}()
	return s
}

// Dial opens a WebSocket to the server. wrap, if not nil, may put something in between that breaks.
func (s *Server) Dial(ctx context.Context, header http.Header, wrap func(net.Conn) net.Conn) (*websocket.Conn, *http.Response, error) {
	d := websocket.Dialer{
		ReadBufferSize: 1024, WriteBufferSize: 1024,
		NetDialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			here, there := net.Pipe()
			select {
			case s.conns <- there:
			case <-s.done:
				return nil, net.ErrClosed
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			if wrap != nil {
				here = wrap(here)
			}
			return here, nil
		},
	}
	return d.DialContext(ctx, "ws://shop.example/ws", header)
}

// Close ends the server. Connections that became WebSockets are the handler's.
func (s *Server) Close() {
	s.http.Close()
	<-s.ended
}

// listener is the server as net/http sees it.
type listener struct{ *Server }

func (l listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l listener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l listener) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "unix"} }
