package kernel

import "fmt"

// Cache is one layer of one segment of a sequence's keys and values: room for Cap positions.
// Keys lie as [head][panel of 16 positions][dimension][16], so that 16 scores are summed side by side; values as [head][position][Padded(headDim)].
type Cache struct {
	K, V           []float32
	Cap            int
	Heads, HeadDim int
}

// Padded is a head's width in the cache of values.
func Padded(headDim int) int { return (headDim + 15) / 16 * 16 }

// CacheSize is the floats that a Cache needs for keys and for values.
func CacheSize(heads, headDim, cap int) (keys, values int) {
	return heads * headDim * cap, heads * Padded(headDim) * cap
}

func (c *Cache) check() {
	keys, values := CacheSize(c.Heads, c.HeadDim, c.Cap)
	if c.Cap%CapStep != 0 || c.Cap > MaxCap || c.Cap < 1 || len(c.K) < keys || len(c.V) < values {
		panic(fmt.Sprintf("kernel: a cache of %d positions with %d and %d floats", c.Cap, len(c.K), len(c.V)))
	}
}

// Store puts keys and values of rows, stride floats apart, at positions from at on, for heads [head0, head1).
func (k *Kernel) Store(c *Cache, keys, values []float32, rows, stride, at, head0, head1 int) {
	if rows == 0 || head0 >= head1 {
		return
	}
	c.check()
	need := (rows-1)*stride + c.Heads*c.HeadDim
	if at < 0 || at+rows > c.Cap || head0 < 0 || head1 > c.Heads || need > len(keys) || need > len(values) {
		panic("kernel: rows that a cache has no room for")
	}
	k.v.store(c, keys, values, rows, stride, at, head0, head1)
}

// Attention is rows of queries of one sequence, with the state that lets its segments be taken one after the other.
type Attention struct {
	Dst       []float32 // [rows][DstStride]
	DstStride int
	Q         []float32 // [rows][QStride]
	QStride   int
	Rows      int
	Group     int // query heads that share a key head
	Head0     int // key heads [Head0, Head1) are this caller's
	Head1     int
	HeadDim   int
	Scale     float32

	out   []float32 // weighted sums so far
	state []float32 // highest score and sum of exponentials so far, of each query
}

// Begin makes room for the state.
func (a *Attention) Begin() {
	n := a.Rows * a.Group * (a.Head1 - a.Head0)
	a.out = Grow(a.out, n*Padded(a.HeadDim))
	a.state = Grow(a.state, 2*n)
}

// Attend goes on with a segment. Row i sees the segment's first limits[i] positions, 0: none. With the last segment Dst is written. Each row must see at least one
// position of some segment.
func (k *Kernel) Attend(a *Attention, c *Cache, first, last bool, limits []int32) {
	if a.Rows == 0 || a.Head0 >= a.Head1 {
		return
	}
	c.check()
	for _, n := range limits[:a.Rows] {
		if n < 0 || int(n) > c.Cap {
			panic(fmt.Sprintf("kernel: a row sees %d positions of a segment of %d", n, c.Cap))
		}
	}
	heads := a.Head1 * a.Group
	_ = a.Q[(a.Rows-1)*a.QStride+heads*a.HeadDim-1]
	_ = a.Dst[(a.Rows-1)*a.DstStride+heads*a.HeadDim-1]
	k.v.attend(a, c, first, last, limits)
}
