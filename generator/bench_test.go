package generator

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"daogou/generator/kernel"
	"daogou/generator/params"
)

// five is the shape of the shop's model: 5 million weights beside the embedding's 2.
var five = params.Config{Vocab: 8192, Dim: 256, Layers: 6, Heads: 8, KVHeads: 4, FF: 704, Context: 2048}

func eachSetting(b *testing.B, run func(b *testing.B, e *Engine)) {
	m := random(b, five)
	for _, p := range []kernel.Precision{kernel.Int8, kernel.Float32} {
		for _, threads := range []int{1, 2} {
			for _, k := range kernel.Variants() {
				if k == "go" && (p == kernel.Float32 || threads == 1) {
					continue
				}
				b.Run(fmt.Sprintf("%s/%s/threads=%d", k, p, threads), func(b *testing.B) {
					run(b, engine(b, m, Options{Precision: p, Threads: threads, Kernel: k}))
				})
			}
		}
	}
}

// Decode: 128 tokens after a prompt of 64, one sequence.
func BenchmarkDecode(b *testing.B) {
	eachSetting(b, func(b *testing.B, e *Engine) {
		prompt := someTokens(64, five.Vocab, 1)
		base := e.NewStream()
		if _, err := base.Prefill(prompt, true); err != nil {
			b.Fatal(err)
		}
		n := 0
		for b.Loop() {
			s := base.Fork()
			for i := range 128 {
				if _, err := s.Step(int32(i)); err != nil {
					b.Fatal(err)
				}
			}
			s.Close()
			n += 128
		}
		rate := float64(n) / b.Elapsed().Seconds()
		b.ReportMetric(rate, "tokens/s")
		b.ReportMetric(rate*float64(e.WeightBytes())/1e9, "GB/s")
	})
}

// Prefill: a prompt of 512 tokens at once.
func BenchmarkPrefill(b *testing.B) {
	eachSetting(b, func(b *testing.B, e *Engine) {
		prompt := someTokens(512, five.Vocab, 1)
		for b.Loop() {
			s := e.NewStream()
			if _, err := s.Prefill(prompt, true); err != nil {
				b.Fatal(err)
			}
			s.Close()
		}
		b.ReportMetric(float64(b.N*512)/b.Elapsed().Seconds(), "tokens/s")
	})
}

// Twenty callers at once, each 64 tokens after a prompt of 128.
func BenchmarkTwenty(b *testing.B) {
	e := engine(b, random(b, five), Options{})
	s := scheduler(b, e, SchedulerOptions{PoolTokens: -1})
	for b.Loop() {
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				_, err := s.Generate(context.Background(), Request{Prompt: someTokens(128, five.Vocab, uint64(i)), MaxTokens: 64}, nil)
				if err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
	}
	b.ReportMetric(float64(b.N*20*64)/b.Elapsed().Seconds(), "tokens/s")
}

// Fifty candidates of 16 tokens after a prefix of 64.
func BenchmarkScoreFifty(b *testing.B) {
	e := engine(b, random(b, five), Options{})
	var candidates [][]int32
	for i := range 50 {
		candidates = append(candidates, someTokens(16, five.Vocab, uint64(i)))
	}
	prefix := someTokens(64, five.Vocab, 99)
	for b.Loop() {
		if _, err := e.Score(context.Background(), prefix, candidates); err != nil {
			b.Fatal(err)
		}
	}
}
