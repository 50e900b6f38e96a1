// Package chattest is for testing conversations: one conformance suite for every journal, bus and lease; journals and buses that fail on purpose; a scripted
// responder; a shopper that speaks the protocol as a widget must; and a server in memory. Loading a running server is package load.
//
// It is not for serving: only tests import it, which a test of the floors holds, since it would bring package testing into the binary.
//
// An implementation of a seam is held to its suite from its own test:
//
//	func TestMyJournal(t *testing.T) {
//		chattest.JournalSuite(t, func(t *testing.T) (chat.Journal, func() chat.Journal) { … })
//	}
package chattest
