package data

import (
	"math/rand/v2"
	"strings"
)

// What the data card counts beside the turns themselves.

// IsValid says whether a turn belongs to a dialogue that is kept for validation.
func (t Turn) IsValid() bool { return isValid(t.Dialogue) }

// Sources counts where n turns drawn for the parse job come from: "written" with the words as they stand, "varied" or "simulated".
func (s *Set) Sources(n int) map[string]int {
	asWritten := map[string]string{}
	for _, t := range s.turns {
		asWritten[t.ID] = t.In.Text
	}
	rng := rand.New(rand.NewPCG(s.opts.Seed, 0))
	out := map[string]int{}
	for range n {
		t, ok := s.turn(rng)
		text, written := asWritten[strings.TrimSuffix(t.ID, "~")]
		switch {
		case !ok:
		case !written:
			out["simulated"]++
		case t.In.Text == text:
			out["written"]++
		default:
			out["varied"]++
		}
	}
	return out
}

// Lines counts the wordings: the lines as written, and all that they can say with each either-or taken both ways.
func (w *Wordings) Lines() (lines, ways int) {
	for _, of := range w.lines {
		lines += len(of)
		for _, line := range of {
			ways += len(expandLine(line))
		}
	}
	return lines, ways
}
