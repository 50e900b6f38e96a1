// Package chattest is for testing conversations: one conformance suite for every journal, bus and lease; journals and buses that fail on purpose; a scripted
// responder; a shopper that speaks the protocol as a widget must; a server in memory; and a load test.
//
// It is not for serving: nothing outside tests and benchmarks imports it.
//
// An implementation of a seam is held to its suite from its own test:
//
//	func TestMyJournal(t *testing.T) {
//		chattest.JournalSuite(t, func(t *testing.T) (chat.Journal, func() chat.Journal) { … })
//	}
package chattest
