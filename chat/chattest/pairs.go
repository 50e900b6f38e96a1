package chattest

import (
	"io"
	"testing"
)

// runPairs runs each test on two fresh ends, such as two owners or two subscribers, and closes them after it.
func runPairs[T io.Closer](t *testing.T, open func(t *testing.T) (a, b T), tests map[string]func(t *testing.T, a, b T)) {
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a, b := open(t)
			defer b.Close()
			defer a.Close()
			test(t, a, b)
		})
	}
}
