package task

import "fmt"

// maxSlots is how many facts one reply may have at hand.
const maxSlots = 40

const (
	tokBreak = "<br>" // between sentences
	tokFirst = "<first>"
)

// planKinds are the kinds of plans, as package chat names them.
var planKinds = []string{"greet", "ask", "show", "compare", "answer", "detail", "relax", "not_carried", "cart", "checkout", "which", "policy", "order", "handover", "thank", "bye", "reset",
	"out_of_scope", "unclear"}

// slotRoles are what a fact is in a sentence.
var slotRoles = []string{"found", "need", "from", "to", "changed", "dropped", "unread", "title", "price", "stock", "rating", "why", "off", "label", "ask", "splits", "differs", "answer", "ref",
	"count", "total", "qty", "drop", "set", "country", "own", "asked", "budget", "next"}

// slotKinds tell facts of one role apart where a sentence depends on it: why an item is there, what speaks against it, whether a count is one.
var slotKinds = []string{"one", "many", "cheapest", "best_rated", "on_sale", "best", "meets", "meets.price", "meets.sale", "meets.rating", "meets.not", "meets.bool", "meets.value",
	"misses", "misses.price", "misses.sale", "misses.rating", "misses.not", "misses.bool", "misses.value", "out_of_stock", "unknown", "last_units", "dearest", "worst", "low_rated",
	"unrated", "lacks", "dearer"}

// wordSpecials are the special tokens of the wording job, in the order of their IDs. New ones go to the end.
func wordSpecials() []string {
	names := []string{tokBreak, tokFirst}
	for _, list := range []struct {
		letter string
		of     []string
	}{{"k", planKinds}, {"p", pointKeys()}, {"r", slotRoles}, {"w", slotKinds}} {
		for _, name := range list.of {
			names = append(names, "<"+list.letter+":"+name+">")
		}
	}
	for k := range maxSlots {
		names = append(names, fmt.Sprintf("<s%d>", k))
	}
	return names
}
