package searcheval

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"daogou/catalog"
)

// replicated fills a catalogue with n products: those of from again and again, each copy with another id, model number, price and one
// word changed, so that no two are the same and new words keep coming.
func replicated(t testing.TB, from *catalog.DB, n int) *catalog.DB {
	ctx := context.Background()
	return openAt(t, fmt.Sprintf("icecat-%d", n), func(to catalog.Sink) error {
		s, err := from.Schema(ctx)
		if err != nil {
			return err
		}
		for _, c := range s.Categories {
			if err := to.PutCategory(ctx, c); err != nil {
				return err
			}
		}
		for _, f := range s.Facets {
			if err := to.PutFacet(ctx, f); err != nil {
				return err
			}
		}
		for round := 0; n > 0; round++ {
			err := from.All(ctx, func(p *catalog.Product) error {
				if n--; n < 0 {
					return nil
				}
				_, err := to.PutProduct(ctx, vary(p, round))
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

var colours = []string{"Black", "White", "Red", "Blue", "Green", "Grey", "Silver", "Pink", "Orange", "Brown"}

func vary(p *catalog.Product, round int) *catalog.Product {
	if round == 0 {
		return p
	}
	q := *p
	tag := strconv.Itoa(round)
	q.ID += "-" + tag
	q.MPN += "-" + tag
	q.GTIN = ""
	q.Title = catalog.Text{}
	for lang, s := range p.Title {
		q.Title[lang] = fmt.Sprintf("%s %s X%s%d", s, colours[(round+len(s))%len(colours)], tag, len(s)*round%997)
	}
	q.Prices = append([]catalog.Price(nil), p.Prices...)
	for i := range q.Prices {
		q.Prices[i].Amount.Minor += int64(round * 7)
	}
	return &q
}

func TestLatency(t *testing.T) {
	sizes := os.Getenv("DAOGOU_SIZES")
	if sizes == "" {
		t.Skip("set DAOGOU_SIZES, such as 19406,500000, to measure latency")
	}
	from := mappedIcecat(t)
	for _, size := range splitInts(t, sizes) {
		start := time.Now()
		db := replicated(t, from, size)
		t.Logf("%d products ready in %v, peak memory of the process %s", size, time.Since(start), peakMemory())
		queries := latencyQueries(t, from)
		p50, p95, err := Latency(context.Background(), func(ctx context.Context, q string) (Answer, error) {
			start := time.Now()
			_, err := db.Search(ctx, catalog.Query{Text: q})
			if os.Getenv("SHOW") != "" {
				t.Logf("%-30s %8.1f ms", q, ms(time.Since(start)))
			}
			return Answer{}, err
		}, queries, 3)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d products: p50 %.1f ms  p95 %.1f ms", size, ms(p50), ms(p95))
	}
}

// peakMemory is the largest resident size that this process has had, where the system tells.
func peakMemory() string {
	b, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(b), "\n") {
		if v, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}

func splitInts(t testing.TB, s string) (out []int) {
	if s == "" {
		return nil
	}
	for _, f := range strings.Split(s, ",") {
		n, err := strconv.Atoi(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, n)
	}
	return out
}
