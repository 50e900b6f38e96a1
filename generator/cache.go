package generator

import (
	"sync"

	"daogou/generator/kernel"
	"daogou/generator/params"
)

// The keys and values of sequences lie in pages. What keeps sharing safe:
//
//  1. A page is written from its first position on, each position once between two recyclings.
//  2. A cache reads only the positions that it counts as its own, which were written before it got them or are written in the pass that is being prepared.
//  3. The next free position of a page is given to one cache only: the one whose own positions end there and that asks first. Any other opens a new page.
//
// So a fork copies a list of pages and nothing else, and both sides go on.

// page has room for some positions of one sequence, in all layers.
type page struct {
	layers []kernel.Cache
	cap    int
	used   int // positions given away
	refs   int // caches that list the page
}

// segment is the first n positions of a page.
type segment struct {
	page *page
	n    int
}

// cache is the keys and values of a sequence.
type cache struct {
	segments []segment
	len      int // positions
}

// pages makes and recycles pages. Its lock guards used and refs of all of them.
type pages struct {
	c    params.Config
	mu   sync.Mutex
	free map[int][]*page // by room
}

const keepFree = 64 // pages of each size that wait to be used again

func newPages(c params.Config) *pages { return &pages{c: c, free: map[int][]*page{}} }

func (p *pages) bytesPerToken() int {
	k, v := kernel.CacheSize(p.c.KVHeads, p.c.HeadDim, kernel.CapStep)
	return 4 * p.c.Layers * (k + v) / kernel.CapStep
}

func (p *pages) get(positions int) *page {
	room := min(kernel.MaxCap, (positions+kernel.CapStep-1)/kernel.CapStep*kernel.CapStep)
	if list := p.free[room]; len(list) > 0 {
		pg := list[len(list)-1]
		p.free[room] = list[:len(list)-1]
		pg.used = 0
		return pg
	}
	k, v := kernel.CacheSize(p.c.KVHeads, p.c.HeadDim, room)
	memory := make([]float32, p.c.Layers*(k+v))
	pg := &page{cap: room, layers: make([]kernel.Cache, p.c.Layers)}
	for i := range pg.layers {
		at := i * (k + v)
		pg.layers[i] = kernel.Cache{K: memory[at : at+k], V: memory[at+k : at+k+v], Cap: room, Heads: p.c.KVHeads, HeadDim: p.c.HeadDim}
	}
	return pg
}

// place is where rows of a span go: n rows from position at of a segment's page.
type place struct {
	page  *page
	at, n int
}

// extend gives a cache room for rows more positions.
func (p *pages) extend(c *cache, rows int) []place {
	p.mu.Lock()
	defer p.mu.Unlock()
	var places []place
	c.len += rows
	if n := len(c.segments); n > 0 {
		if s := &c.segments[n-1]; s.n == s.page.used && s.n < s.page.cap {
			take := min(rows, s.page.cap-s.n)
			places = append(places, place{s.page, s.n, take})
			s.n += take
			s.page.used += take
			rows -= take
		}
	}
	for rows > 0 {
		pg := p.get(rows)
		take := min(rows, pg.cap)
		pg.used, pg.refs = take, 1
		c.segments = append(c.segments, segment{pg, take})
		places = append(places, place{pg, 0, take})
		rows -= take
	}
	return places
}

// fork is a cache with the first n positions of another.
func (p *pages) fork(c *cache, n int) cache {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := cache{len: n}
	for _, s := range c.segments {
		if n == 0 {
			break
		}
		s.n = min(s.n, n)
		n -= s.n
		s.page.refs++
		f.segments = append(f.segments, s)
	}
	return f
}

// release gives a cache's pages back. A cache that is dropped without it costs nothing but the recycling.
func (p *pages) release(c *cache) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range c.segments {
		s.page.refs--
		if s.page.refs == 0 && len(p.free[s.page.cap]) < keepFree {
			p.free[s.page.cap] = append(p.free[s.page.cap], s.page)
		}
	}
	*c = cache{}
}
