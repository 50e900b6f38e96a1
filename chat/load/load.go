// Package load measures a running chat server: idle connections and the memory each costs, then shoppers who talk at once and how long replies take.
//
// It is for the command "daogou bench chat" and for tests. It speaks the protocol of package wire over real sockets, loads only servers on this machine, and knows
// nothing of the server but its address.
//
//	report, err := load.Run(ctx, "ws://127.0.0.1:8080/ws", load.Options{Idle: 5000, Talkers: 50, Messages: 10, Store: "demo"})
package load

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gorilla/websocket"

	"daogou/chat/wire"
)

// Options say how to load a server. The server must allow as many connections from one address, and its limits of messages must leave room for the talkers.
type Options struct {
	Idle     int                        // connections that say hello and then nothing
	Talkers  int                        // shoppers talking at once
	Messages int                        // of each talker
	Store    string                     // named in hello
	Text     func(talker, i int) string // what is said; nil: a few plain needs
	Memory   func() (int64, error)      // resident bytes of the server process; nil: not measured. See RSS
	Timeout  time.Duration              // for one reply; 0 is 30 s
}

// Report is what was measured. FirstByte is from sending a message to the first piece of its reply, LastByte to the whole reply.
type Report struct {
	Idle          int           `json:"idle"` // connections that were open at the same time
	IdleFailed    int           `json:"idle_failed"`
	OpenTime      time.Duration `json:"open_ns"` // for opening them
	MemoryBefore  int64         `json:"memory_before"`
	MemoryAfter   int64         `json:"memory_after"`
	BytesPerIdle  float64       `json:"bytes_per_idle"`
	Talkers       int           `json:"talkers"`
	Messages      int           `json:"messages"` // answered
	Failed        int           `json:"failed"`
	Ack           Percentiles   `json:"ack"` // until the message is journaled
	FirstByte     Percentiles   `json:"first_byte"`
	LastByte      Percentiles   `json:"last_byte"`
	PerSecond     float64       `json:"messages_per_second"`
	FirstProblem  string        `json:"first_problem,omitempty"`
	IdleStillOpen int           `json:"idle_still_open"` // after the talk
}

// Percentiles of a time.
type Percentiles struct {
	P50 time.Duration `json:"p50_ns"`
	P95 time.Duration `json:"p95_ns"`
	Max time.Duration `json:"max_ns"`
}

func percentiles(d []time.Duration) Percentiles {
	if len(d) == 0 {
		return Percentiles{}
	}
	slices.Sort(d)
	at := func(q float64) time.Duration { return d[min(int(q*float64(len(d))), len(d)-1)] }
	return Percentiles{P50: at(0.50), P95: at(0.95), Max: d[len(d)-1]}
}

const (
	maxIdle    = 50_000
	maxTalkers = 1000
	dialers    = 32 // connections being opened at the same time
)

// Run opens idle connections to a server on this machine, then lets shoppers talk while they are open. url is that of the WebSocket, ws://127.0.0.1:8080/ws.
func Run(ctx context.Context, url string, o Options) (Report, error) {
	var report Report
	if err := check(url, &o); err != nil {
		return report, err
	}
	if err := raiseFiles(uint64(o.Idle + o.Talkers + 200)); err != nil {
		return report, err
	}
	l := &load{url: url, options: o, report: &report}
	defer l.closeIdle()
	if err := l.idle(ctx); err != nil {
		return report, err
	}
	l.talk(ctx)
	report.IdleStillOpen = int(l.open.Load())
	return report, ctx.Err()
}

func check(url string, o *Options) error {
	host := strings.TrimPrefix(url, "ws://")
	if host == url {
		return fmt.Errorf("load: %q is not a ws:// address", url)
	}
	host, _, _ = strings.Cut(host, "/")
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		return fmt.Errorf("load: %q has no port: %w", url, err)
	}
	if ip := net.ParseIP(name); name != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("load: %s is not this machine; load only what is yours, on 127.0.0.1", name)
	}
	if o.Idle < 0 || o.Idle > maxIdle || o.Talkers < 0 || o.Talkers > maxTalkers {
		return fmt.Errorf("load: at most %d idle connections and %d talkers", maxIdle, maxTalkers)
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Text == nil {
		o.Text = func(talker, i int) string {
			needs := []string{"a tent for two people", "under 200 euros please", "我想买一个双肩包", "三四百块以内", "the second one, is it waterproof?"}
			return needs[(talker+i)%len(needs)]
		}
	}
	return nil
}

// raiseFiles lets this process have n files open. Half the limit of a server is as good as none, so it has to be raised there as well.
func raiseFiles(n uint64) error {
	var r syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r); err != nil {
		return err
	}
	if r.Cur >= n {
		return nil
	}
	r.Cur, r.Max = n, max(n, r.Max)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &r); err != nil {
		return fmt.Errorf("load: %d open files are needed, and the limit cannot be raised so far (%w); try ulimit -n %d", n, err, n)
	}
	return nil
}

// RSS is the resident memory of a process in bytes, from /proc.
func RSS(pid int) (int64, error) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("load: the process has no VmRSS")
}

type load struct {
	url     string
	options Options
	report  *Report
	mu      sync.Mutex
	conns   []*websocket.Conn
	open    atomic.Int64
	readers sync.WaitGroup
}

func (l *load) problem(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.report.FirstProblem == "" {
		l.report.FirstProblem = err.Error()
	}
}

func (l *load) memory() (int64, error) {
	if l.options.Memory == nil {
		return 0, nil
	}
	return l.options.Memory()
}

// idle opens the idle connections.
func (l *load) idle(ctx context.Context) error {
	before, err := l.memory()
	if err != nil {
		return err
	}
	begun := time.Now()
	work := make(chan int)
	var all sync.WaitGroup
	for range dialers {
		all.Go(func() {
			for range work {
				if err := l.openIdle(ctx); err != nil {
					l.problem(err)
				}
			}
		})
	}
	for i := range l.options.Idle {
		work <- i
	}
	close(work)
	all.Wait()
	l.report.OpenTime = time.Since(begun)
	l.report.Idle = len(l.conns)
	l.report.IdleFailed = l.options.Idle - len(l.conns)
	after, err := l.memory()
	l.report.MemoryBefore, l.report.MemoryAfter = before, after
	if len(l.conns) > 0 {
		l.report.BytesPerIdle = float64(after-before) / float64(len(l.conns))
	}
	return err
}

func (l *load) dial(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, l.options.Timeout)
	defer cancel()
	d := websocket.Dialer{ReadBufferSize: 1024, WriteBufferSize: 512}
	ws, _, err := d.DialContext(ctx, l.url, nil)
	if err != nil {
		return nil, fmt.Errorf("load: a connection was not accepted: %w", err)
	}
	ws.SetReadDeadline(time.Now().Add(l.options.Timeout))
	hello, err := wire.EncodeClient(wire.Client{Kind: wire.KindHello, Store: l.options.Store, Lang: "en"})
	if err == nil {
		err = ws.WriteMessage(websocket.TextMessage, hello)
	}
	var data []byte
	if err == nil {
		_, data, err = ws.ReadMessage()
	}
	if err != nil {
		ws.Close()
		return nil, fmt.Errorf("load: hello was not answered: %w", err)
	}
	if f, err := wire.DecodeServer(data); err != nil || f.Kind != wire.KindWelcome {
		ws.Close()
		return nil, fmt.Errorf("load: hello was answered with %.200s", data)
	}
	return ws, nil
}

func (l *load) openIdle(ctx context.Context) error {
	ws, err := l.dial(ctx)
	if err != nil {
		return err
	}
	ws.SetReadDeadline(time.Time{})
	l.mu.Lock()
	l.conns = append(l.conns, ws)
	l.mu.Unlock()
	l.open.Add(1)
	l.readers.Go(func() { // answers pings
		defer l.open.Add(-1)
		for {
			if _, _, err := ws.NextReader(); err != nil {
				return
			}
		}
	})
	return nil
}

func (l *load) closeIdle() {
	for _, ws := range l.conns {
		ws.Close()
	}
	l.readers.Wait()
}

type timing struct{ ack, first, last time.Duration }

// talk lets every talker say its messages, each after the reply to the one before.
func (l *load) talk(ctx context.Context) {
	var all sync.WaitGroup
	var timings []timing
	begun := time.Now()
	for t := range l.options.Talkers {
		all.Go(func() {
			ws, err := l.dial(ctx)
			if err != nil {
				l.problem(err)
				return
			}
			defer ws.Close()
			for i := range l.options.Messages {
				one, err := l.turn(ws, int64(i)+1, l.options.Text(t, i))
				if err != nil {
					l.problem(err)
					return
				}
				l.mu.Lock()
				timings = append(timings, one)
				l.mu.Unlock()
				if ctx.Err() != nil {
					return
				}
			}
		})
	}
	all.Wait()
	var ack, first, last []time.Duration
	for _, t := range timings {
		ack, first, last = append(ack, t.ack), append(first, t.first), append(last, t.last)
	}
	r := l.report
	r.Talkers, r.Messages, r.Failed = l.options.Talkers, len(timings), l.options.Talkers*l.options.Messages-len(timings)
	r.Ack, r.FirstByte, r.LastByte = percentiles(ack), percentiles(first), percentiles(last)
	r.PerSecond = float64(len(timings)) / time.Since(begun).Seconds()
}

func (l *load) turn(ws *websocket.Conn, n int64, text string) (t timing, err error) {
	data, err := wire.EncodeClient(wire.Client{Kind: wire.KindSay, ClientSeq: n, Text: text})
	if err != nil {
		return t, err
	}
	begun := time.Now()
	ws.SetReadDeadline(begun.Add(l.options.Timeout))
	if err := ws.WriteMessage(websocket.TextMessage, data); err != nil {
		return t, err
	}
	for {
		_, data, err := ws.ReadMessage()
		if err != nil {
			return t, fmt.Errorf("load: no reply to %q: %w", text, err)
		}
		f, err := wire.DecodeServer(data)
		if err != nil {
			return t, err
		}
		took := time.Since(begun)
		switch f.Kind {
		case wire.KindSaid:
			t.ack = took
		case wire.KindDelta, wire.KindReply:
			if t.first == 0 {
				t.first = took
			}
		case wire.KindError:
			return t, fmt.Errorf("load: %q was refused: %s", text, f.Text)
		}
		if f.Kind == wire.KindReply {
			t.last = took
			return t, nil
		}
	}
}
