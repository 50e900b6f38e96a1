package nlu

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// publicData opens a file of the shared public sets, which are not part of the repository.
func publicData(t *testing.T, name string) io.Reader {
	t.Helper()
	dir := os.Getenv("DAOGOU_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		if os.Getenv("DAOGOU_REQUIRE_DATA") == "1" {
			t.Fatalf("%v: the public data is required here; set DAOGOU_DATA to its folder", err)
		}
		t.Skipf("%v: set DAOGOU_DATA to the folder of the public data to run this", err)
	}
	t.Cleanup(func() { f.Close() })
	if !strings.HasSuffix(name, ".gz") {
		return f
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func lines(t *testing.T, r io.Reader, each func([]byte)) {
	t.Helper()
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		each(in.Bytes())
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
}

// TestRequestsAreNeeds measures, on crowd-written shopping requests, how many the rules take for something else. Run with -v for the figures.
func TestRequestsAreNeeds(t *testing.T) {
	schema, p := demoSchema(t), NewRules()
	acts, n := map[Act]int{}, 0
	lines(t, publicData(t, "requests_en/public_rest.jsonl"), func(line []byte) {
		var r struct{ Text string }
		if json.Unmarshal(line, &r) != nil {
			return
		}
		d, err := p.Parse(context.Background(), Turn{Text: r.Text, Schema: schema})
		if err != nil {
			t.Fatal(err)
		}
		acts[d.Act]++
		n++
	})
	share := float64(acts[ActFind]) / float64(n)
	t.Logf("%d requests: %.2f %% are read as a need; all acts: %v", n, 100*share, acts)
	if share < 0.99 {
		t.Errorf("only %.2f %% of shopping requests are read as a need", 100*share)
	}
}

// courtesy are the intents of the set that a shop does answer, or that say nothing.
var courtesy = []string{"shopping_list", "shopping_list_update", "order", "order_status", "order_checks", "greeting", "goodbye", "thank_you", "yes", "no", "maybe", "cancel", "repeat", "are_you_a_bot", "report_fraud"}

// TestOutOfScopeRecall measures, on utterances to a general assistant, how many the rules see to be none of a shop's business.
func TestOutOfScopeRecall(t *testing.T) {
	schema, p := demoSchema(t), NewRules()
	n, seen := 0, 0
	lines(t, publicData(t, "intents_clinc150/train_val.jsonl.gz"), func(line []byte) {
		var r struct{ Text, Intent string }
		if json.Unmarshal(line, &r) != nil || slices.Contains(courtesy, r.Intent) {
			return
		}
		d, err := p.Parse(context.Background(), Turn{Text: r.Text, Schema: schema})
		if err != nil {
			t.Fatal(err)
		}
		n++
		if d.Act == ActOutOfScope {
			seen++
		}
	})
	recall := float64(seen) / float64(n)
	t.Logf("%d utterances out of scope: %.1f %% are seen to be", n, 100*recall)
	if recall < 0.55 {
		t.Errorf("out-of-scope recall is only %.1f %%", 100*recall)
	}
}
