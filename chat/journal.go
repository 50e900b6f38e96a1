package chat

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"time"
)

// ErrSessionExists is what Create returns for a session that is already there.
var ErrSessionExists = errors.New("chat: the session exists already")

// ErrClosed is what a journal, bus or lease returns after Close.
var ErrClosed = errors.New("chat: closed")

// Bounds of one Read, of every journal: a reader pages on from the last seq it got.
const (
	maxReadEvents = 1000
	maxReadBytes  = 4 << 20
)

// readLimit makes a sensible number of events out of what a caller asked for.
func readLimit(n int) int {
	if n <= 0 || n > maxReadEvents {
		return maxReadEvents
	}
	return n
}

// NewSecret makes a session's secret: the token that its holder keeps and the hash that the journal keeps. The token has 256 random bits, so a plain hash is
// enough: nobody can try them all.
func NewSecret() (token string, hash []byte) {
	token = randomID(32)
	return token, hashSecret(token)
}

func hashSecret(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Holds reports whether token is the session's secret, in a time that tells nothing about it.
func (m Meta) Holds(token string) bool {
	return len(m.SecretHash) == sha256.Size && subtle.ConstantTimeCompare(m.SecretHash, hashSecret(token)) == 1
}

// randomID returns n random bytes as text that is safe in a URL.
func randomID(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: the runtime ends the program when the system has no randomness
	return base64.RawURLEncoding.EncodeToString(b)
}

// stamp cuts a time to what every journal keeps, so that an event reads back exactly as it was published.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
