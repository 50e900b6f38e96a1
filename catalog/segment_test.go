package catalog

import (
	"encoding/json"
	"math"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"
	"unicode"

	"github.com/go-ego/gse"
)

func TestSegment(t *testing.T) {
	for in, want := range map[string][]string{
		"包":     {"包"},
		"手机":    {"手机", "手", "机"},
		"双肩包":   {"双肩", "双", "肩包", "肩", "包"},
		"红色T恤衫": {"红色", "红", "色", "t", "恤衫", "恤", "衫"},
	} {
		if got := terms(analyse(in, 16)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// TestSegmenters measures ways to cut Chinese on real titles with marked product names: a name is the query, the titles in which that
// very name is marked are the answers. It prints the table in DESIGN.md.
func TestSegmenters(t *testing.T) {
	if os.Getenv("DAOGOU_TUNE") == "" {
		t.Skip("set DAOGOU_TUNE=1 to measure Chinese segmentation")
	}
	var titles []string
	names := map[string]map[int]bool{}
	eachLine(t, dataFile(t, "titles_zh", "train.jsonl"), func(b []byte) {
		var l struct {
			Text     string
			Entities []struct{ Type, Text string }
		}
		if json.Unmarshal(b, &l) != nil {
			return
		}
		for _, e := range l.Entities {
			if e.Type == "HCCX" && len([]rune(e.Text)) >= 2 {
				if names[e.Text] == nil {
					names[e.Text] = map[int]bool{}
				}
				names[e.Text][len(titles)] = true
			}
		}
		titles = append(titles, fold(l.Text))
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	var seg gse.Segmenter
	seg.SkipLog = true
	if err := seg.LoadDict("zh_s"); err != nil {
		t.Fatal(err)
	}
	loaded := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	t.Logf("gse dictionary: loaded in %v, %d MB of memory", loaded, (after.HeapAlloc-before.HeapAlloc)>>20)
	for _, w := range []struct {
		name string
		cut  func(string) []string
	}{
		{"pairs and characters", func(s string) []string { return terms(analyse(s, 200)) }},
		{"pairs", func(s string) []string { return grams(s, 2) }},
		{"threes", func(s string) []string { return grams(s, 3) }},
		{"gse, search mode", func(s string) []string { return words(seg.CutSearch(s, true)) }},
		{"gse, no new words", func(s string) []string { return words(seg.CutSearch(s, false)) }},
	} {
		measureCut(t, w.name, w.cut, titles, names)
	}
}

func words(ws []string) (out []string) {
	for _, w := range ws {
		if r := []rune(w); len(r) > 0 && (unicode.IsLetter(r[0]) || unicode.IsDigit(r[0])) {
			out = append(out, w)
		}
	}
	return out
}

func grams(s string, n int) (out []string) {
	r := []rune(s)
	if len(r) < n {
		return []string{s}
	}
	for i := 0; i+n <= len(r); i++ {
		out = append(out, string(r[i:i+n]))
	}
	return out
}

func measureCut(t *testing.T, name string, cut func(string) []string, titles []string, names map[string]map[int]bool) {
	type hit struct{ doc, tf int }
	index := map[string][]hit{}
	lengths := make([]float64, len(titles))
	avg := 0.0
	start := time.Now()
	for i, s := range titles {
		tf := map[string]int{}
		for _, w := range cut(s) {
			tf[w]++
			lengths[i]++
		}
		avg += lengths[i] / float64(len(titles))
		for w, n := range tf {
			index[w] = append(index[w], hit{i, n})
		}
	}
	took := time.Since(start)
	var ap, recall float64
	n := 0
	for _, q := range sortedKeys(names) {
		if len(names[q]) < 3 {
			continue
		}
		n++
		score := map[int]float64{}
		for _, w := range cut(fold(q)) {
			idf := math.Log(1 + (float64(len(titles))-float64(len(index[w]))+0.5)/(float64(len(index[w]))+0.5))
			for _, h := range index[w] {
				tf := float64(h.tf)
				score[h.doc] += idf * tf * 2.2 / (tf + 1.2*(0.25+0.75*lengths[h.doc]/avg))
			}
		}
		docs := make([]int, 0, len(score))
		for d := range score {
			docs = append(docs, d)
		}
		slices.SortFunc(docs, func(a, b int) int {
			if score[a] != score[b] {
				if score[a] > score[b] {
					return -1
				}
				return 1
			}
			return a - b
		})
		found, sum := 0, 0.0
		for i, d := range docs {
			if names[q][d] {
				found++
				sum += float64(found) / float64(i+1)
			}
		}
		ap += sum / float64(len(names[q]))
		recall += float64(found) / float64(len(names[q]))
	}
	t.Logf("%-22s %d queries over %d titles: mean average precision %.3f, recall %.3f, cut in %v, %d terms", name, n, len(titles), ap/float64(n), recall/float64(n), took, len(index))
}
