package generator

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"daogou/generator/params"
)

// SchedulerOptions of a scheduler. Zero values are replaced by the defaults.
type SchedulerOptions struct {
	Active     int // requests that advance at a time; 32
	Queue      int // requests that may wait; 256
	Rows       int // tokens of a pass through the model; 256
	Chunk      int // tokens of one request in a pass, while others wait; 64
	PoolTokens int // tokens whose keys and values are remembered for later requests; 65536, negative: none
}

func (o SchedulerOptions) withDefaults() SchedulerOptions {
	for _, f := range []struct {
		value *int
		other int
	}{{&o.Active, 32}, {&o.Queue, 256}, {&o.Rows, chunk}, {&o.Chunk, 64}, {&o.PoolTokens, 1 << 16}} {
		if *f.value == 0 {
			*f.value = f.other
		}
	}
	o.Active, o.Queue, o.Rows, o.Chunk = max(o.Active, 1), max(o.Queue, 1), max(o.Rows, 1), max(o.Chunk, 1)
	return o
}

// Scheduler runs many requests on one engine. One goroutine makes passes: into each go the next tokens of every active request, one for those that generate and up to
// Chunk for those that read a prompt, in turn and beginning with another request each time, until the pass has Rows. So a long prompt delays the others by a part of a
// pass, and many slow no one down to a stop. Requests beyond Active wait in order; beyond Queue they are refused with ErrBusy.
type Scheduler struct {
	e     *Engine
	o     SchedulerOptions
	queue chan *ticket
	stop  chan struct{}
	once  sync.Once
	idle  sync.WaitGroup
	pool  *pool // the loop's alone

	mu    sync.Mutex
	stats Stats
}

// Stats are totals since the start.
type Stats struct {
	Requests int64 // finished, well or not
	Refused  int64 // for want of room
	Passes   int64
	Rows     int64 // tokens that went through the model
	Reused   int64 // tokens of prompts that did not need to
	Active   int   // now
	Waiting  int
}

// ticket is a job with the one who waits for it.
type ticket struct {
	ctx   context.Context
	job   job
	spans []*span
	state atomic.Int32 // waiting, then begun or given up: whoever changes it first decides
	done  chan error
}

const (
	waiting = iota
	begun
	givenUp
)

// wait is the loop's answer, or the context's if it ends before the job has begun. A job that has begun ends with its context by itself, within a pass.
func (t *ticket) wait() error {
	select {
	case err := <-t.done:
		return err
	case <-t.ctx.Done():
		if t.state.CompareAndSwap(waiting, givenUp) {
			return t.ctx.Err()
		}
		return <-t.done
	}
}

// NewScheduler starts the loop; Close ends it. The engine stays the caller's to close, after the scheduler.
func NewScheduler(e *Engine, o SchedulerOptions) *Scheduler {
	s := &Scheduler{e: e, o: o.withDefaults(), stop: make(chan struct{})}
	s.queue = make(chan *ticket, s.o.Queue)
	if causal(e.c) && s.o.PoolTokens > 0 {
		s.pool = &pool{e: e, limit: s.o.PoolTokens}
	}
	s.idle.Add(1)
	go s.loop()
	return s
}

// Config is the model's shape.
func (s *Scheduler) Config() params.Config { return s.e.c }

// Close refuses what waits, with ErrClosed, and returns when the loop has ended.
func (s *Scheduler) Close() {
	s.once.Do(func() { close(s.stop) })
	s.idle.Wait()
}

// Stats are the totals so far.
func (s *Scheduler) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stats
	st.Waiting = len(s.queue)
	return st
}

// Generate is Engine.Generate among others. emit is called by the caller's goroutine, so a slow one delays nobody else.
func (s *Scheduler) Generate(ctx context.Context, r Request, emit func(token int32)) (Reply, error) {
	g, err := newGenerate(s.e, r, nil)
	if err != nil {
		return Reply{}, err
	}
	if emit == nil {
		err := s.run(ctx, g)
		return g.reply, err
	}
	tokens := make(chan int32, max(g.room, 1))
	g.emit = func(t int32) { tokens <- t }
	t, err := s.submit(ctx, g)
	if err != nil {
		return Reply{}, err
	}
	done := make(chan error, 1)
	go func() { done <- t.wait() }()
	for {
		select {
		case token := <-tokens:
			emit(token)
		case err := <-done:
			for len(tokens) > 0 {
				emit(<-tokens)
			}
			return g.reply, err
		}
	}
}

// Score is Engine.Score among others.
func (s *Scheduler) Score(ctx context.Context, prefix []int32, candidates [][]int32) ([]float64, error) {
	j, err := newScore(s.e, prefix, candidates)
	if err != nil {
		return nil, err
	}
	err = s.run(ctx, j)
	return j.scores, err
}

// Beam is Engine.Beam among others.
func (s *Scheduler) Beam(ctx context.Context, r BeamRequest) ([]Hypothesis, error) {
	j, err := newBeam(s.e, r)
	if err != nil {
		return nil, err
	}
	err = s.run(ctx, j)
	return j.result, err
}

func (s *Scheduler) run(ctx context.Context, j job) error {
	t, err := s.submit(ctx, j)
	if err != nil {
		return err
	}
	return t.wait()
}

// submit queues a job. The loop answers every ticket once, also those it never began.
func (s *Scheduler) submit(ctx context.Context, j job) (*ticket, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t := &ticket{ctx: ctx, job: j, done: make(chan error, 1)}
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.stop:
		return nil, ErrClosed
	default:
	}
	select {
	case s.queue <- t:
		return t, nil
	default:
		s.stats.Refused++
		return nil, fmt.Errorf("%w: %d requests are being answered and %d wait, which is the limit; try again in a moment", ErrBusy, s.stats.Active, s.o.Queue)
	}
}

func (s *Scheduler) loop() {
	defer s.idle.Done()
	var active []*ticket
	for turn := 0; ; turn++ {
		active = s.admit(active)
		if active == nil {
			return
		}
		active = slices.DeleteFunc(active, s.cancelled)
		spans := s.plan(active, turn)
		var err error
		if len(spans) > 0 {
			err = s.e.pass(spans)
		}
		active = slices.DeleteFunc(active, func(t *ticket) bool { return s.took(t, err) })
		s.count(spans, len(active))
	}
}

// admit lets waiting requests in while there is room, and waits for one if none is active. It gives nil when the scheduler closes.
func (s *Scheduler) admit(active []*ticket) []*ticket {
	for len(active) < s.o.Active {
		var t *ticket
		select {
		case t = <-s.queue:
		case <-s.stop:
		default:
			if len(active) > 0 {
				return active
			}
			select {
			case t = <-s.queue:
			case <-s.stop:
			}
		}
		if t == nil {
			break
		}
		if s.begin(t) {
			active = append(active, t)
		}
	}
	select {
	case <-s.stop:
		s.refuse(active)
		return nil
	default:
		return active
	}
}

func (s *Scheduler) begin(t *ticket) bool {
	if !t.state.CompareAndSwap(waiting, begun) {
		return false
	}
	if r, ok := t.job.(interface{ reuse(*pool) }); ok {
		r.reuse(s.pool)
	}
	return true
}

// refuse ends everything. The lock makes sure that no ticket is queued behind its back: submit looks at stop under it.
func (s *Scheduler) refuse(active []*ticket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue) > 0 {
		active = append(active, <-s.queue)
	}
	for _, t := range active {
		t.job.close()
		t.done <- ErrClosed
	}
}

func (s *Scheduler) cancelled(t *ticket) bool {
	err := t.ctx.Err()
	if err == nil {
		return false
	}
	s.finish(t, err, true)
	return true
}

// plan asks each request for rows, beginning with another one each time.
func (s *Scheduler) plan(active []*ticket, turn int) []*span {
	var spans []*span
	room, first := s.o.Rows, true
	for i := range active {
		t := active[(i+turn)%len(active)]
		t.spans = nil
		if room <= 0 {
			continue
		}
		share := min(room, s.o.Chunk)
		if len(active) == 1 {
			share = room
		}
		t.spans = t.job.next(share, first)
		for _, sp := range t.spans {
			room -= len(sp.tokens)
			first = first && len(sp.tokens) <= 1
		}
		spans = append(spans, t.spans...)
	}
	return spans
}

// took lets a request look at its results. One that had no place in the pass is left alone.
func (s *Scheduler) took(t *ticket, err error) bool {
	if err != nil { // the pass failed, so the cache has places that nothing was written to
		s.finish(t, err, false)
		return true
	}
	if len(t.spans) == 0 {
		return false
	}
	done, err := t.job.took()
	if done || err != nil {
		s.finish(t, err, true)
		return true
	}
	return false
}

func (s *Scheduler) finish(t *ticket, err error, keep bool) {
	reused := 0
	if s.pool != nil && keep {
		tokens, c := t.job.keep()
		s.pool.put(tokens, c)
	}
	if r, ok := t.job.(interface{ saved() int }); ok {
		reused = r.saved()
	}
	t.job.close()
	s.mu.Lock()
	s.stats.Requests++
	s.stats.Reused += int64(reused)
	s.mu.Unlock()
	t.done <- err
}

func (s *Scheduler) count(spans []*span, active int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(spans) > 0 {
		s.stats.Passes++
	}
	for _, sp := range spans {
		s.stats.Rows += int64(len(sp.tokens))
	}
	s.stats.Active = active
}
