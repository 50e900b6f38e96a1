package main

import (
	"bytes"
	"context"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"daogou/catalog"
	"daogou/generator/params"
	"daogou/generator/task"
	"daogou/nlu"
	"daogou/nlu/bpe"
)

// tinyModel writes a model with random weights and a tokenizer without merges into a folder, as training would.
func tinyModel(t *testing.T) string {
	t.Helper()
	tok, err := bpe.New([][2]string{}, task.Specials())
	if err != nil {
		t.Fatal(err)
	}
	m, err := params.NewModel(params.Config{Vocab: tok.Size(), Dim: 32, Layers: 2, Heads: 4, KVHeads: 2, FF: 64, Context: 256, Position: params.Rotary}.WithDefaults())
	if err != nil {
		t.Fatal(err)
	}
	m.Tokenizer = tok.Hash()
	rng := rand.New(rand.NewPCG(1, 1))
	for _, tensor := range m.Layout.Tensors {
		for i, w := 0, m.View(tensor.Name); i < len(w); i++ {
			w[i] = 1
			if len(tensor.Shape) == 2 {
				w[i] = float32(rng.NormFloat64() / math.Sqrt(float64(tensor.Shape[1])))
			}
		}
	}
	dir := t.TempDir()
	for name, write := range map[string]func(*os.File) error{
		modelFile:     func(f *os.File) error { return params.Save(f, m) },
		tokenizerFile: func(f *os.File) error { return tok.Write(f) },
	} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := write(f); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// lamps is a small catalogue, and what a search for lamps finds in it.
func lamps(t *testing.T) (string, *catalog.DB, *catalog.Result) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "lamps.db")
	db, err := catalog.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	ctx := context.Background()
	_, err = db.Import(ctx, func(to catalog.Sink) error {
		if err := to.PutCategory(ctx, catalog.Category{ID: "lamp", Label: catalog.Text{"en": "Lamp", "zh": "灯"}}); err != nil {
			return err
		}
		for i := range 24 {
			p := &catalog.Product{ID: "lamp-" + string(rune('a'+i)), Title: catalog.Text{"en": strings.Repeat("brass ", i%5) + "lamp " + string(rune('a'+i))}, Category: []string{"lamp"}}
			if _, err := to.PutProduct(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	res, err := db.Search(ctx, catalog.Query{Text: "brass lamp", Limit: 50})
	if err != nil || len(res.Hits) != 24 {
		t.Fatalf("%d hits, %v", len(res.Hits), err)
	}
	return file, db, res
}

func ids(hits []catalog.Hit) []string {
	var out []string
	for _, h := range hits {
		out = append(out, h.Product.ID)
	}
	return out
}

func TestFusedKeepsItsPromises(t *testing.T) {
	_, _, res := lamps(t)
	before := ids(res.Hits)
	scores := make([]float64, task.MaxScored)
	for i := range scores {
		scores[i] = float64(i)*0.2 - 1
	}
	scores[3] = math.Inf(1) // bounded, whatever a caller hands in
	for _, weight := range []float64{0, 0.1, 5} {
		got := fused(res.Hits, scores, weight)
		for i, h := range got {
			sum := 0.0
			for _, part := range h.Parts {
				sum += part
			}
			if math.Abs(sum-h.Score) > 1e-9 || i > 0 && h.Score > got[i-1].Score+1e-9 {
				t.Errorf("weight %g: place %d has score %v and parts %v", weight, i, h.Score, h.Parts)
			}
			if _, asked := h.Parts["model"]; asked != (i < task.MaxScored) {
				t.Errorf("weight %g: place %d has parts %v", weight, i, h.Parts)
			}
		}
		order := ids(got)
		if !slices.Equal(order[task.MaxScored:], before[task.MaxScored:]) || (weight == 0) != slices.Equal(order, before) {
			t.Errorf("weight %g: order %v", weight, order)
		}
		slices.Sort(order)
		if want := slices.Sorted(slices.Values(before)); !slices.Equal(order, want) {
			t.Errorf("weight %g: hits were lost or made up", weight)
		}
	}
	if _, touched := res.Hits[0].Parts["model"]; touched || !slices.Equal(ids(res.Hits), before) {
		t.Error("the search's own result was changed")
	}
	if got := fused(nil, nil, 1); len(got) != 0 {
		t.Errorf("nothing is fused to %v", got)
	}
}

func TestModelRanker(t *testing.T) {
	_, db, res := lamps(t)
	m, err := openModel(tinyModel(t))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	var logged bytes.Buffer
	r, err := newModelRanker(m, db, slog.New(slog.NewTextHandler(&logged, nil)))
	if err != nil {
		t.Fatal(err)
	}
	r.deadline, r.weight = time.Minute, 1
	state := nlu.State{Lang: "en", Keywords: []string{"brass"}, Constraints: []nlu.Constraint{{Constraint: inCategory("lamp")}}}
	got, err := r.Rank(context.Background(), state, res)
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.Rank(context.Background(), state, res)
	if err != nil || !slices.Equal(ids(again), ids(got)) || slices.Equal(ids(got), ids(res.Hits)) || r.Name() != "model" {
		t.Errorf("%s orders %v, then %v, %v", r.Name(), ids(got), ids(again), err)
	}
	r.deadline = -1
	late, err := r.Rank(context.Background(), state, res)
	if err != nil || !slices.Equal(ids(late), ids(res.Hits)) || late[0].Parts["model"] != 0 {
		t.Errorf("past the deadline: %v %v", ids(late), err)
	}
	if scored, missed := r.Counts(); scored != 2 || missed != 1 || !strings.Contains(logged.String(), "deadline") {
		t.Errorf("%d scored, %d late, log %q", scored, missed, logged.String())
	}
	if none, err := r.Rank(context.Background(), state, &catalog.Result{}); err != nil || len(none) != 0 {
		t.Errorf("nothing is ranked to %v, %v", none, err)
	}
}

// TestEvalRank runs both measurements on a model that knows nothing: what is tested is that they measure.
func TestEvalRank(t *testing.T) {
	file, db, _ := lamps(t)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	dir, judged := tinyModel(t), filepath.Join(t.TempDir(), "judged.csv")
	if err := os.WriteFile(judged, []byte("query,docid,rating\nbrass lamp,lamp-b,3\nbrass lamp,lamp-c,1\nsofa,lamp-a,0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (evalRankCmd{DB: file, Judgments: judged, Fit: judged, Model: dir}).Run(context.Background(), streams{out: &out}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"fitting: weight 0.1", "BM25, weighted fields", "search alone", "model over the first 50", "fused, weight", "1 answerable"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	out.Reset()
	if err := (evalRetrieveCmd{DB: file, Model: dir, Needs: 20, Seed: 1}).Run(context.Background(), streams{out: &out}); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(out.String(), "\n"); lines != 7 || !strings.Contains(out.String(), "beam search") {
		t.Errorf("%d lines:\n%s", lines, &out)
	}
	if err := (evalRetrieveCmd{DB: file, Model: dir}).Run(context.Background(), streams{out: &out}); err == nil {
		t.Error("no needs are measured")
	}
}
