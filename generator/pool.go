package generator

import "slices"

// pool remembers the keys and values of finished requests, so that the next turn of a conversation, which begins with the same tokens, starts from them.
//
//  1. An entry's keys and values depend on its tokens alone. That is why a prefix-LM has no pool: there, what follows a token changes it.
//  2. An entry is never changed: a request gets a fork of it, and a fork writes behind what it shares or into a page of its own.
//  3. No entry is the beginning of another.
//  4. The entries have at most limit tokens together; the one that was not used for longest goes first. Shared pages count for each entry, so memory is at most
//     limit times the engine's CacheBytes, and the unfilled rest of each entry's last page.
type pool struct {
	e       *Engine
	limit   int
	tokens  int
	entries []*entry // the last used comes last
}

type entry struct {
	tokens []int32
	cache  cache
}

const maxEntries = 256

// find is a fork of the entry that shares most of its beginning with the tokens, cut to what is shared.
func (p *pool) find(tokens []int32) cache {
	best, most := -1, 0
	for i, e := range p.entries {
		if n := common(e.tokens, tokens); n > most {
			best, most = i, n
		}
	}
	if best < 0 {
		return cache{}
	}
	e := p.entries[best]
	p.entries = append(slices.Delete(p.entries, best, best+1), e)
	return p.e.pages.fork(&e.cache, most)
}

func common(a, b []int32) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// put remembers a cache that begins with the tokens.
func (p *pool) put(tokens []int32, c *cache) {
	if len(tokens) == 0 || len(tokens) > p.limit {
		return
	}
	for i := 0; i < len(p.entries); i++ {
		e := p.entries[i]
		switch common(e.tokens, tokens) {
		case len(tokens): // known, perhaps as part of more
			p.entries = append(slices.Delete(p.entries, i, i+1), e)
			return
		case len(e.tokens):
			p.drop(i)
			i--
		}
	}
	p.entries = append(p.entries, &entry{slices.Clone(tokens), p.e.pages.fork(c, len(tokens))})
	p.tokens += len(tokens)
	for p.tokens > p.limit || len(p.entries) > maxEntries {
		p.drop(0)
	}
}

func (p *pool) drop(i int) {
	p.tokens -= len(p.entries[i].tokens)
	p.e.pages.release(&p.entries[i].cache)
	p.entries = slices.Delete(p.entries, i, i+1)
}
