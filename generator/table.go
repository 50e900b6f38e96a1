package generator

import "math"

// table is the sines and cosines of positions, made as far as sequences have reached. For rotary positions each value stands twice, for the two of a pair.
// For sinusoidal ones, row p holds sin and cos in turn.
type table struct {
	base     float64
	width    int
	n        int       // positions that are there
	speed    []float64 // angle from one position to the next
	cos, sin []float32
}

// upTo makes the table cover n positions.
func (t *table) upTo(n int) {
	if n <= t.n {
		return
	}
	n = max(n, 2*t.n, 64)
	for len(t.speed) < t.width {
		i := len(t.speed)
		t.speed = append(t.speed, math.Pow(t.base, -float64(i/2*2)/float64(t.width)))
	}
	for p := t.n; p < n; p++ {
		for _, v := range t.speed {
			s, c := math.Sincos(float64(p) * v)
			t.cos, t.sin = append(t.cos, float32(c)), append(t.sin, float32(s))
		}
	}
	t.n = n
}

// add puts the sinusoidal code of a position on top of an embedding.
func (t *table) add(x []float32, pos int) {
	s, c := t.sin[pos*t.width:], t.cos[pos*t.width:]
	for i := range x {
		if i%2 == 0 {
			x[i] += s[i]
		} else {
			x[i] += c[i]
		}
	}
}
