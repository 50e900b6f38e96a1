package generator

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"daogou/generator/params"
	"daogou/generator/weights"
	"daogou/nlu/bpe"
)

var llama = flag.String("llama", "", "a folder in which `npm install node-llama-cpp` was run: compare with llama.cpp")

// TestLlama writes models as GGUF Q8_0, has llama.cpp run them, and prints both side by side: the weights that ship, on the beginning of a talk, and random ones of
// the size that the aims for speed speak of.
//
//	go test ./generator -run TestLlama -v -llama <folder>
func TestLlama(t *testing.T) {
	if *llama == "" {
		t.Skip("give -llama a folder with node-llama-cpp to compare with it")
	}
	t.Run("shipped", func(t *testing.T) {
		m, err := params.Load(weights.Model())
		if err != nil {
			t.Fatal(err)
		}
		tok, err := bpe.Read(weights.Tokenizer())
		if err != nil {
			t.Fatal(err)
		}
		var prompt []int32
		for len(prompt) < 257 {
			for _, id := range tok.Encode("I need a waterproof tent for two people under 150 dollars, not orange. 想买个两升的水壶，最好是玻璃的。 ") {
				prompt = append(prompt, int32(id))
			}
		}
		if same := besideLlama(t, m, prompt[:257]); same < 128 {
			t.Errorf("greedy tokens agree for the first %d of 128 only", same)
		}
	})
	t.Run("random", func(t *testing.T) { besideLlama(t, random(t, five), someTokens(257, five.Vocab, 1)) })
}

// besideLlama runs a model here and there and says how many greedy tokens agree.
func besideLlama(t *testing.T, m *params.Model, prompt []int32) (same int) {
	v := params.Vocabulary{BOS: -1, EOS: -1, Merges: []string{"a b"}}
	for i := range m.Layout.Config.Vocab {
		v.Tokens = append(v.Tokens, fmt.Sprintf("tok%d", i))
	}
	path := filepath.Join(t.TempDir(), "model.gguf")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := params.SaveGGUF(f, m, params.Q8, v); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	const count = 128
	theirs := runLlama(t, path, prompt, count)
	for _, threads := range []int{1, 2} {
		e := engine(t, m, Options{Threads: threads})
		var tokens []int32
		prefill, decode := 0.0, 0.0
		for range 5 {
			s := e.NewStream()
			start := time.Now()
			if _, err := s.Prefill(prompt[:256], true); err != nil {
				t.Fatal(err)
			}
			prefill = max(prefill, 256/time.Since(start).Seconds())
			tokens = tokens[:0]
			start = time.Now()
			for token := prompt[256]; len(tokens) < count; {
				logits, err := s.Step(token)
				if err != nil {
					t.Fatal(err)
				}
				token = int32(argmax(logits))
				tokens = append(tokens, token)
			}
			decode = max(decode, count/time.Since(start).Seconds())
			s.Close()
		}
		key := fmt.Sprint(threads)
		t.Logf("%d threads, tokens/s: prefill %6.0f, llama.cpp %6.0f; decode %6.0f, llama.cpp %6.0f", threads, prefill, theirs.Prefill[key], decode, theirs.Decode[key])
		same = 0
		for same < count && tokens[same] == theirs.Tokens[same] {
			same++
		}
		t.Logf("greedy tokens agree for the first %d of %d", same, count)
	}
	return same
}

type llamaResult struct {
	Tokens          []int32
	Prefill, Decode map[string]float64
}

func runLlama(t *testing.T, model string, prompt []int32, count int) llamaResult {
	t.Helper()
	folder, err := filepath.Abs(*llama)
	if err != nil {
		t.Fatal(err)
	}
	list := strings.Trim(strings.ReplaceAll(fmt.Sprint(prompt), " ", ","), "[]")
	cmd := exec.Command("node", filepath.Join("testdata", "llama.mjs"), folder, model, list, fmt.Sprint(count))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	var r llamaResult
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return r
}
