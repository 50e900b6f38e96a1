package chat

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits bound what connections and sessions may cost. The zero value of a field means its default, which stands behind it.
type Limits struct {
	Connections  int           // of the process: 10,000
	PerAddress   int           // connections of one address at a time: 200
	Tabs         int           // connections of one session at a time: 16
	ConnectRate  rate.Limit    // new connections a second of one address: 10
	ConnectBurst int           // 100
	FrameRate    rate.Limit    // frames a second of one connection, of any kind: 20
	FrameBurst   int           // 60
	AddressRate  rate.Limit    // messages and taps a second of one address: 20
	AddressBurst int           // 200
	SayRate      rate.Limit    // messages and taps a second of one session: 2
	SayBurst     int           // 20
	Patience     int           // frames refused in a row, for whatever reason, before a connection is closed for good: 30
	Queue        int           // bytes that may wait for one connection: 256 KiB, never less than one frame
	Mailbox      int           // inputs that may wait in one session: 32
	Turns        int           // turns answered at the same time: 64
	Hello        time.Duration // until hello must have come: 10 s
	Ping         time.Duration // between pings: 25 s
	Idle         time.Duration // without a sign of life: 65 s
	Write        time.Duration // for one write to a client: 10 s
	Linger       time.Duration // for the client to answer a close: 2 s
	Turn         time.Duration // for a whole reply: 20 s
	Session      time.Duration // a session without input stays in memory: 2 min
}

func or[T comparable](v *T, otherwise T) {
	var zero T
	if *v == zero {
		*v = otherwise
	}
}

func (l Limits) withDefaults() Limits {
	or(&l.Connections, 10_000)
	or(&l.PerAddress, 200)
	or(&l.Tabs, 16)
	or(&l.ConnectRate, 10)
	or(&l.ConnectBurst, 100)
	or(&l.FrameRate, 20)
	or(&l.FrameBurst, 60)
	or(&l.AddressRate, 20)
	or(&l.AddressBurst, 200)
	or(&l.SayRate, 2)
	or(&l.SayBurst, 20)
	or(&l.Patience, 30)
	or(&l.Queue, 256<<10)
	or(&l.Mailbox, 32)
	or(&l.Turns, 64)
	or(&l.Hello, 10*time.Second)
	or(&l.Ping, 25*time.Second)
	or(&l.Idle, 65*time.Second)
	or(&l.Write, 10*time.Second)
	or(&l.Linger, 2*time.Second)
	or(&l.Turn, 20*time.Second)
	or(&l.Session, 2*time.Minute)
	return l
}

// addresses counts and slows down what comes from each network address. An address is forgotten once it has no connection and its allowances are full again.
type addresses struct {
	limits Limits
	mu     sync.Mutex
	known  map[netip.Prefix]*address
	sweep  int // size at which to look for addresses to forget
}

type address struct {
	prefix   netip.Prefix
	open     int
	connects *rate.Limiter
	says     *rate.Limiter
}

func newAddresses(l Limits) *addresses {
	return &addresses{limits: l, known: map[netip.Prefix]*address{}, sweep: 1024}
}

// enter counts a new connection. It is nil if the address has too many or opens them too fast.
func (a *addresses) enter(p netip.Prefix) *address {
	a.mu.Lock()
	defer a.mu.Unlock()
	ad := a.known[p]
	if ad == nil {
		a.forget()
		ad = &address{prefix: p, connects: rate.NewLimiter(a.limits.ConnectRate, a.limits.ConnectBurst), says: rate.NewLimiter(a.limits.AddressRate, a.limits.AddressBurst)}
		a.known[p] = ad
	}
	if ad.open >= a.limits.PerAddress || !ad.connects.Allow() {
		return nil
	}
	ad.open++
	return ad
}

func (a *addresses) leave(ad *address) {
	a.mu.Lock()
	defer a.mu.Unlock()
	ad.open--
}

// forget drops the addresses that need no memory, whenever their number has doubled. The lock is held.
func (a *addresses) forget() {
	if len(a.known) < a.sweep {
		return
	}
	for p, ad := range a.known {
		if ad.open == 0 && full(ad.connects) && full(ad.says) {
			delete(a.known, p)
		}
	}
	a.sweep = max(1024, 2*len(a.known))
}

func full(l *rate.Limiter) bool { return l.Tokens() >= float64(l.Burst()) }

// addressOf is what limits apply to: an IPv4 address, or an IPv6 network of 64 bits, which is what one household gets. A request without a readable address
// shares one allowance with all such.
func addressOf(remote string) netip.Prefix {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Prefix{}
	}
	ip = ip.Unmap().WithZone("")
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, _ := ip.Prefix(bits)
	return p
}

// SameOrigin lets in pages of the very host that is asked, and programs, which send no Origin. It is what a hub does unless told otherwise.
func SameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin == "" || origin == "http://"+r.Host || origin == "https://"+r.Host
}
