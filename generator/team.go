package generator

import (
	"runtime"
	"sync/atomic"
	"time"
)

// team is the threads that share a pass: every member runs the same function and they meet at barriers. Between two passes a member waits for a moment by looking,
// because the next pass of a sequence comes at once, and then sleeps.
//
// On a machine that is busy with other things a member may lose its processor in the middle, and the rest wait for it longer than the work takes. When that happens the
// caller works alone for a while, twice as long each time it happens again. What is computed is the same, to the bit.
type team struct {
	members int
	n       int // that take part now: all, or the caller alone
	rest    int // runs for which the caller stays alone
	penalty int
	napped  atomic.Bool
	work    atomic.Pointer[task]
	wake    []chan struct{}
	asleep  []atomic.Bool
	arrived atomic.Int32
	meeting atomic.Uint32
	stop    atomic.Bool
}

type task struct{ run func(id int) }

// How long to look before giving the processor away, and before sleeping.
const (
	looks      = 100000
	yields     = 50
	idleYields = 100
	maxPenalty = 1023
	nap        = 20 * time.Microsecond
)

func newTeam(n int) *team {
	t := &team{members: n, n: n, wake: make([]chan struct{}, n), asleep: make([]atomic.Bool, n)}
	for id := 1; id < n; id++ {
		t.wake[id] = make(chan struct{}, 1)
		go t.member(id)
	}
	return t
}

// run has every member, the caller as number 0, run f, and returns when all have.
func (t *team) run(f func(id int)) {
	t.n = t.members
	if t.rest > 0 {
		t.rest--
		t.n = 1
	}
	if t.n == 1 {
		f(0)
		return
	}
	t.start(f)
	f(0)
	t.wait()
	if t.napped.Swap(false) {
		t.penalty = min(2*t.penalty+1, maxPenalty)
		t.rest = t.penalty
	} else {
		t.penalty = max(0, t.penalty-1)
	}
}

func (t *team) start(f func(id int)) {
	t.work.Store(&task{f})
	for id := 1; id < t.members; id++ {
		if t.asleep[id].CompareAndSwap(true, false) {
			t.wake[id] <- struct{}{}
		}
	}
}

// wait returns when all members have called it.
func (t *team) wait() {
	n := t.n // read before arriving: once all have arrived, the caller may change it
	if n == 1 {
		return
	}
	now := t.meeting.Load()
	if int(t.arrived.Add(1)) == n {
		t.arrived.Store(0)
		t.meeting.Add(1)
		return
	}
	for i := 0; t.meeting.Load() == now; i++ {
		switch {
		case i < looks:
		case i < looks+yields:
			runtime.Gosched()
		default: // the other has lost its processor: do not burn it while it waits for one
			t.napped.Store(true)
			time.Sleep(nap)
		}
	}
}

func (t *team) member(id int) {
	var done *task
	for !t.stop.Load() {
		next := t.next(id, done)
		if next == nil {
			return
		}
		next.run(id)
		t.wait()
		done = next
	}
}

// next waits for a task other than the last one; nil when the team is closed.
func (t *team) next(id int, done *task) *task {
	for {
		for i := range looks + idleYields {
			if w := t.work.Load(); w != done {
				return w
			}
			if t.stop.Load() {
				return nil
			}
			if i >= looks {
				runtime.Gosched()
			}
		}
		t.asleep[id].Store(true)
		if w := t.work.Load(); (w != done || t.stop.Load()) && t.asleep[id].CompareAndSwap(true, false) {
			continue // it came in between, and nobody will wake us
		}
		<-t.wake[id]
	}
}

func (t *team) close() {
	t.stop.Store(true)
	for id := 1; id < t.members; id++ {
		if t.asleep[id].CompareAndSwap(true, false) {
			t.wake[id] <- struct{}{}
		}
	}
}

// share is part id of n things shared by all; it begins at a multiple of step.
func (t *team) share(n, step, id int) (from, to int) {
	units := (n + step - 1) / step
	return min(n, units*id/t.n*step), min(n, units*(id+1)/t.n*step)
}
