package generator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"daogou/generator/constrain"
	"daogou/generator/kernel"
)

func scheduler(t testing.TB, e *Engine, o SchedulerOptions) *Scheduler {
	s := NewScheduler(e, o)
	t.Cleanup(s.Close)
	return s
}

// Forty callers of all kinds at once get what each gets alone.
func TestTogetherAsAlone(t *testing.T) {
	for name, c := range shapes() {
		t.Run(name, func(t *testing.T) {
			e := engine(t, random(t, c), Options{Precision: kernel.Float32})
			s := scheduler(t, e, SchedulerOptions{Active: 7, Chunk: 5, Rows: 23})
			cursor := grammar(t, constrain.Repeat(constrain.Trie("t", [][]int32{{1, 2, 3}, {1, 2, 4}, {5}}), 2, 9), c.Vocab)
			ctx := context.Background()
			ask := func(r Runner, i int) string {
				prompt := someTokens(3+i*3%60, 9, uint64(i%5))
				switch i % 4 {
				case 0:
					scores, err := r.Score(ctx, prompt, [][]int32{{1, 2, 3, 4, 5, 6, 7}, {1, 2, 3, 9, 9}, {int32(i)}})
					return fmt.Sprintf("%.3f %v", scores, err)
				case 1:
					found, err := r.Beam(ctx, BeamRequest{Prompt: prompt, Constraint: cursor, Width: 3, End: []int32{0}})
					text := fmt.Sprint(err)
					for _, h := range found {
						text += fmt.Sprintf(" %v %.3f", h.Tokens, h.LogProb)
					}
					return text
				}
				var emitted []int32
				request := Request{Prompt: prompt, MaxTokens: 5 + i, Temperature: float64(i % 2), Seed: uint64(i)}
				if i%8 > 3 {
					request.Constraint = cursor
				}
				reply, err := r.Generate(ctx, request, func(token int32) { emitted = append(emitted, token) })
				return fmt.Sprintf("%v %v %s %.3f %v", reply.Tokens, emitted, reply.Reason, reply.LogProb, err)
			}
			var wg sync.WaitGroup
			got := make([]string, 40)
			for i := range got {
				wg.Go(func() { got[i] = ask(s, i) })
			}
			wg.Wait()
			for i, g := range got {
				if want := ask(e, i); g != want {
					t.Errorf("request %d: together %s\nalone %s", i, g, want)
				}
			}
			st := s.Stats()
			if st.Requests != 40 || st.Passes == 0 || st.Rows <= st.Passes {
				t.Errorf("stats %+v", st)
			}
			if (st.Reused > 0) == c.Prefix {
				t.Errorf("prefix model %v reused %d tokens", c.Prefix, st.Reused)
			}
		})
	}
}

// A conversation's next turn starts from the last one.
func TestPoolReusesTurns(t *testing.T) {
	e := engine(t, random(t, tiny), Options{Precision: kernel.Float32})
	s := scheduler(t, e, SchedulerOptions{})
	prompt := someTokens(50, tiny.Vocab, 1)
	for turn := range 3 {
		r := Request{Prompt: prompt, MaxTokens: 6}
		reply, err := s.Generate(context.Background(), r, nil)
		if err != nil {
			t.Fatal(err)
		}
		alone, _ := e.Generate(context.Background(), r, nil)
		if !slices.Equal(reply.Tokens, alone.Tokens) {
			t.Errorf("turn %d: %v with the pool, %v without", turn, reply.Tokens, alone.Tokens)
		}
		if turn > 0 && reply.Reused < 50 {
			t.Errorf("turn %d: %d tokens of %d reused", turn, reply.Reused, len(prompt))
		}
		prompt = append(append(prompt, reply.Tokens...), someTokens(5, tiny.Vocab, uint64(turn))...)
	}
}

func TestPoolInvariants(t *testing.T) {
	e := engine(t, random(t, tiny), Options{})
	p := &pool{e: e, limit: 100}
	for i := range 200 {
		tokens := someTokens(1+i*7%40, 3, uint64(i%17))
		c := p.find(tokens)
		if c.len > len(tokens) {
			t.Fatalf("found %d tokens of %d", c.len, len(tokens))
		}
		e.pages.extend(&c, len(tokens)-c.len)
		p.put(tokens, &c)
		e.pages.release(&c)
		total := 0
		for j, x := range p.entries {
			total += len(x.tokens)
			if x.cache.len != len(x.tokens) {
				t.Fatalf("an entry of %d tokens has %d positions", len(x.tokens), x.cache.len)
			}
			for k, y := range p.entries {
				if j != k && common(x.tokens, y.tokens) == len(x.tokens) {
					t.Fatalf("entry %v is the beginning of %v", x.tokens, y.tokens)
				}
			}
		}
		if total != p.tokens || total > p.limit {
			t.Fatalf("%d tokens counted, %d there, limit %d", p.tokens, total, p.limit)
		}
	}
	p.put(someTokens(101, 3, 1), &cache{})
	if p.tokens > p.limit {
		t.Error("an entry over the limit was kept")
	}
}

// Full: one active, one waiting, the third is refused; and those who wait can leave.
func TestQueueIsBounded(t *testing.T) {
	e := engine(t, random(t, tiny), Options{})
	s := scheduler(t, e, SchedulerOptions{Active: 1, Queue: 1})
	hold := &gate{liar: liar{}, entered: make(chan struct{}), leave: make(chan struct{})}
	first := make(chan error, 1)
	go func() {
		_, err := s.Generate(context.Background(), Request{Prompt: []int32{1}, Constraint: hold, MaxTokens: 1}, nil)
		first <- err
	}()
	<-hold.entered
	ctx, cancel := context.WithCancel(context.Background())
	second := make(chan error, 1)
	go func() {
		_, err := s.Generate(ctx, Request{Prompt: []int32{1}, MaxTokens: 1}, func(int32) {})
		second <- err
	}()
	for s.Stats().Waiting == 0 {
		time.Sleep(time.Millisecond)
	}
	if _, err := s.Score(context.Background(), []int32{1}, nil); !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "1 wait") {
		t.Errorf("third request: %v", err)
	}
	cancel()
	if err := <-second; !errors.Is(err, context.Canceled) {
		t.Errorf("waiting request: %v", err)
	}
	close(hold.leave)
	if err := <-first; err != nil {
		t.Errorf("first request: %v", err)
	}
	if st := s.Stats(); st.Refused != 1 {
		t.Errorf("stats %+v", st)
	}
}

// gate holds the loop in the middle of a request until it may leave.
type gate struct {
	liar
	entered, leave chan struct{}
	once           sync.Once
}

func (g *gate) Allowed([]int32) ([]int32, bool) {
	g.once.Do(func() { close(g.entered); <-g.leave })
	return nil, true
}
func (g *gate) Accept(int32) error { return nil }
func (g *gate) Clone() Constraint  { return g }

func TestCancelBetweenTokens(t *testing.T) {
	c := tiny
	c.Context = 100000
	e := engine(t, random(t, c), Options{})
	s := scheduler(t, e, SchedulerOptions{})
	for name, r := range map[string]Runner{"engine": e, "scheduler": s} {
		ctx, cancel := context.WithCancel(context.Background())
		n := 0
		reply, err := r.Generate(ctx, Request{Prompt: []int32{1}}, func(int32) {
			if n++; n == 5 {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) || len(reply.Tokens) < 5 || reply.Reason != Stopped {
			t.Errorf("%s: %d tokens, %s, %v", name, len(reply.Tokens), reply.Reason, err)
		}
		past, stop := context.WithDeadline(context.Background(), time.Unix(0, 0))
		if _, err := r.Score(past, []int32{1}, [][]int32{{1}}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: past deadline: %v", name, err)
		}
		stop()
	}
}

func TestCloseEndsAll(t *testing.T) {
	c := tiny
	c.Context = 100000
	e := engine(t, random(t, c), Options{})
	s := NewScheduler(e, SchedulerOptions{Active: 2})
	errs := make(chan error, 6)
	started := make(chan struct{})
	var once sync.Once
	for range 6 {
		go func() {
			_, err := s.Generate(context.Background(), Request{Prompt: []int32{1}}, func(int32) { once.Do(func() { close(started) }) })
			errs <- err
		}()
	}
	<-started
	s.Close()
	for range 6 {
		if err := <-errs; !errors.Is(err, ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
	if _, err := s.Score(context.Background(), []int32{1}, nil); !errors.Is(err, ErrClosed) {
		t.Errorf("after close: %v", err)
	}
	s.Close()
}

// A long prompt lets the others go on: while it is read in chunks, a request beside it gets a token with each pass.
func TestLongPromptIsFair(t *testing.T) {
	c := tiny
	c.Context = 3000
	e := engine(t, random(t, c), Options{})
	s := scheduler(t, e, SchedulerOptions{Chunk: 16, Rows: 64})
	tokens := make(chan int32, 3000)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Generate(ctx, Request{Prompt: []int32{1}}, func(token int32) { tokens <- token })
	}()
	<-tokens
	before := s.Stats()
	if _, err := s.Score(context.Background(), someTokens(1600, c.Vocab, 1), [][]int32{{1}}); err != nil {
		t.Fatal(err)
	}
	after := s.Stats()
	cancel()
	<-done
	if passes := after.Passes - before.Passes; passes < 100 {
		t.Errorf("1600 tokens in chunks of 16 took %d passes", passes)
	}
	if got := len(tokens); got < 90 {
		t.Errorf("beside a prompt of 100 chunks the other request got %d tokens", got)
	}
}
