package generator

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"daogou/generator/params"
)

var llama = flag.String("llama", "", "a folder in which `npm install node-llama-cpp` was run: compare with llama.cpp")

// TestLlama writes a model of the shop's shape as GGUF Q8_0, has llama.cpp run it, and prints both side by side. The weights are random: what is compared is arithmetic and time.
//
//	go test ./generator -run TestLlama -v -llama <folder>
func TestLlama(t *testing.T) {
	if *llama == "" {
		t.Skip("give -llama a folder with node-llama-cpp to compare with it")
	}
	m := random(t, five)
	v := params.Vocabulary{BOS: -1, EOS: -1, Merges: []string{"a b"}}
	for i := range five.Vocab {
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
	prompt := someTokens(257, five.Vocab, 1)
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
		same := 0
		for same < count && tokens[same] == theirs.Tokens[same] {
			same++
		}
		t.Logf("greedy tokens agree for the first %d of %d", same, count)
	}
	reply, err := engine(t, m, Options{}).Generate(context.Background(), Request{Prompt: prompt, MaxTokens: 8}, nil)
	if err != nil || !slices.Equal(reply.Tokens[:1], theirs.Tokens[:1]) {
		t.Errorf("ours %v, llama.cpp %v, %v", reply.Tokens, theirs.Tokens[:8], err)
	}
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
