package bpe

import (
	"container/heap"
	"fmt"
	"slices"
	"strings"

	"github.com/sugarme/tokenizer/pretokenizer"
)

// Learner counts text and learns merges from it (Sennrich et al. 2016, on bytes). The same texts give the same merges, whatever their order.
type Learner struct {
	pieces map[string]int
}

// NewLearner starts with no text.
func NewLearner() *Learner { return &Learner{pieces: map[string]int{}} }

// Add counts a text, weight times.
func (l *Learner) Add(text string, weight int) {
	for text != "" {
		n := pieceLen(text)
		l.pieces[text[:n]] += weight
		text = text[n:]
	}
}

// Merges learns up to n merges, the most frequent pair first; among equals the smaller pair of bytes. It stops early when no pair occurs twice.
func (l *Learner) Merges(n int) [][2]string {
	s := newMergeSearch(l.pieces)
	var out [][2]string
	made := map[string]bool{}
	for len(out) < n {
		p, ok := s.best()
		if !ok {
			break
		}
		joined := s.text[p.a] + s.text[p.b]
		if made[joined] { // the same bytes by another road: a token cannot be made twice
			s.forbid(p)
			continue
		}
		made[joined] = true
		out = append(out, [2]string{written(s.text[p.a]), written(s.text[p.b])})
		s.merge(p, joined)
	}
	return out
}

// written is bytes as the vocabulary writes them, one printable character each.
func written(b string) string {
	var s strings.Builder
	for i := range len(b) {
		s.WriteString(pretokenizer.BytesChar[b[i]])
	}
	return s.String()
}

// pair is two neighbouring tokens.
type pair struct{ a, b int32 }

// piece is one distinct piece of text as its tokens so far.
type piece struct {
	toks  []int32
	count int
}

// mergeSearch keeps how often each pair occurs and in which pieces.
type mergeSearch struct {
	text   []string // token → bytes
	pieces []piece
	count  map[pair]int
	where  map[pair]map[int32]struct{}
	queue  pairQueue
	banned map[pair]bool
}

func newMergeSearch(counts map[string]int) *mergeSearch {
	s := &mergeSearch{count: map[pair]int{}, where: map[pair]map[int32]struct{}{}, banned: map[pair]bool{}}
	for b := range 256 {
		s.text = append(s.text, string([]byte{byte(b)}))
	}
	words := make([]string, 0, len(counts))
	for w := range counts {
		words = append(words, w)
	}
	slices.Sort(words)
	for i, w := range words {
		p := piece{count: counts[w]}
		for k := range len(w) {
			p.toks = append(p.toks, int32(w[k]))
		}
		s.pieces = append(s.pieces, p)
		s.note(int32(i), 1)
	}
	for p, n := range s.count {
		s.queue.list = append(s.queue.list, ranked{p, n})
	}
	s.queue.text = &s.text
	heap.Init(&s.queue)
	return s
}

// note adds a piece's pairs to the counts, or with -1 takes them away.
func (s *mergeSearch) note(i int32, sign int) {
	p := &s.pieces[i]
	for k := 0; k+1 < len(p.toks); k++ {
		at := pair{p.toks[k], p.toks[k+1]}
		s.count[at] += sign * p.count
		if sign > 0 {
			if s.where[at] == nil {
				s.where[at] = map[int32]struct{}{}
			}
			s.where[at][i] = struct{}{}
		}
	}
}

// best takes the most frequent pair. Entries of the queue whose count has changed since are put back with the present one.
func (s *mergeSearch) best() (pair, bool) {
	for s.queue.Len() > 0 {
		r := heap.Pop(&s.queue).(ranked)
		n := s.count[r.pair]
		switch {
		case n < 2 || s.banned[r.pair]:
		case n != r.count:
			heap.Push(&s.queue, ranked{r.pair, n})
		default:
			return r.pair, true
		}
	}
	return pair{}, false
}

func (s *mergeSearch) forbid(p pair) { s.banned[p] = true }

// merge joins a pair wherever it stands.
func (s *mergeSearch) merge(p pair, joined string) {
	id := int32(len(s.text))
	s.text = append(s.text, joined)
	changed := map[pair]bool{}
	for i := range s.where[p] {
		before := s.pieces[i].toks
		s.note(i, -1)
		var toks []int32
		for k := 0; k < len(before); k++ {
			if k+1 < len(before) && before[k] == p.a && before[k+1] == p.b {
				toks = append(toks, id)
				k++
				continue
			}
			toks = append(toks, before[k])
		}
		s.pieces[i].toks = toks
		s.note(i, 1)
		for k := 0; k+1 < len(toks); k++ {
			if toks[k] == id || toks[k+1] == id {
				changed[pair{toks[k], toks[k+1]}] = true
			}
		}
	}
	delete(s.where, p)
	delete(s.count, p)
	for c := range changed {
		if n := s.count[c]; n > 1 {
			heap.Push(&s.queue, ranked{c, n})
		}
	}
}

// ranked is a pair with its count when it was queued.
type ranked struct {
	pair
	count int
}

// pairQueue is a heap with the most frequent pair on top.
type pairQueue struct {
	list []ranked
	text *[]string
}

func (q *pairQueue) Len() int      { return len(q.list) }
func (q *pairQueue) Swap(i, j int) { q.list[i], q.list[j] = q.list[j], q.list[i] }
func (q *pairQueue) Push(x any)    { q.list = append(q.list, x.(ranked)) }
func (q *pairQueue) Pop() any {
	n := len(q.list) - 1
	x := q.list[n]
	q.list = q.list[:n]
	return x
}

func (q *pairQueue) Less(i, j int) bool {
	a, b := q.list[i], q.list[j]
	if a.count != b.count {
		return a.count > b.count
	}
	t := *q.text
	if c := strings.Compare(t[a.a], t[b.a]); c != 0 {
		return c < 0
	}
	return t[a.b] < t[b.b]
}

// Train learns a tokenizer of size tokens in all from what was added.
func (l *Learner) Train(size int, special []string) (*Tokenizer, error) {
	n := size - 256 - len(special)
	if n < 0 {
		return nil, fmt.Errorf("bpe: %d tokens cannot hold 256 bytes and %d special tokens", size, len(special))
	}
	return New(l.Merges(n), special)
}
