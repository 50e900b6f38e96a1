package generator

import "daogou/generator/params"

// job is a request on its way, a step at a time: next says which rows it wants computed, took looks at the result. Whoever runs jobs may put the rows of many into one
// pass. A job is used by one goroutine at a time.
type job interface {
	// next gives at most room rows, or with first, where rows cannot be parted, as many as it takes. None means: not this time.
	next(room int, first bool) []*span
	// took is called after the pass with the spans that next gave.
	took() (done bool, err error)
	// keep gives the tokens whose keys and values may be of use to a later request, and their cache; none for a prefix-LM.
	keep() ([]int32, *cache)
	// close releases memory.
	close()
}

// reader reads a prompt, in pieces if the model is causal.
type reader struct {
	e      *Engine
	prompt []int32
	cache  cache
	reused int // tokens of the prompt that a pool had
}

func newReader(e *Engine, prompt []int32, more int) (reader, error) {
	if len(prompt) == 0 {
		return reader{}, ErrEmpty
	}
	if err := e.checkTokens(prompt); err != nil {
		return reader{}, err
	}
	return reader{e: e, prompt: prompt}, e.checkLength(len(prompt), more)
}

// reuse starts from keys and values of an earlier request; the last token is always read anew, because its output is needed.
func (r *reader) reuse(p *pool) {
	if p == nil || r.e.c.Prefix || r.cache.len > 0 {
		return
	}
	r.cache = p.find(r.prompt[:len(r.prompt)-1])
	r.reused = r.cache.len
}

func (r *reader) finished() bool { return r.cache.len >= len(r.prompt) }

// read is the next piece; last tells that the prompt ends with it.
func (r *reader) read(room int, first bool) *span {
	rest := r.prompt[r.cache.len:]
	if r.e.c.Prefix {
		if len(rest) > room && !first {
			return nil
		}
		s := r.e.span(&r.cache, rest, true)
		s.last = true
		return s
	}
	n := min(room, len(rest))
	if n <= 0 {
		return nil
	}
	s := r.e.span(&r.cache, rest[:n], false)
	s.last = n == len(rest)
	return s
}

// causal says that keys and values depend on what is before only, so that they may be shared between requests.
func causal(c params.Config) bool { return !c.Prefix }

func (r *reader) saved() int { return r.reused }
