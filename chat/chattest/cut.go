package chattest

import (
	"net"
	"sync/atomic"
)

// CutConn is a connection that breaks after so many bytes have been read or written, in the middle of a frame as likely as not.
type CutConn struct {
	net.Conn
	read, write atomic.Int64
}

// Cut wraps a connection. A negative number never breaks.
func Cut(c net.Conn, read, write int64) *CutConn {
	k := &CutConn{Conn: c}
	k.read.Store(read)
	k.write.Store(write)
	return k
}

func (k *CutConn) Read(p []byte) (int, error) {
	return spend(&k.read, k.Conn, p, k.Conn.Read)
}

func (k *CutConn) Write(p []byte) (int, error) {
	return spend(&k.write, k.Conn, p, k.Conn.Write)
}

func spend(left *atomic.Int64, c net.Conn, p []byte, do func([]byte) (int, error)) (int, error) {
	most := left.Load()
	if most >= 0 && int64(len(p)) > most {
		p = p[:most]
	}
	if most == 0 {
		c.Close()
		return 0, net.ErrClosed
	}
	n, err := do(p)
	if most >= 0 && left.Add(-int64(n)) <= 0 {
		c.Close()
		return n, net.ErrClosed
	}
	return n, err
}
