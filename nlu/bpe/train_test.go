package bpe

import (
	"bytes"
	"strings"
	"testing"
)

var lessons = []string{
	"a two person tent under 150 bucks, not orange", "the second one, please", "two tents and a sleeping bag", "我想买一个双人帐篷，不要橙色的", "两三百块的蓝牙耳机", "帐篷和睡袋",
	"cheaper than the second one", "waterproof hiking boots for women, size 38", "防水登山靴 女 38码",
}

func learn(texts []string) *Learner {
	l := NewLearner()
	for _, s := range texts {
		l.Add(s, 3)
	}
	return l
}

func TestTrainRoundTrips(t *testing.T) {
	tok, err := learn(lessons).Train(400, []string{"<a>", "<b>"})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(lessons, "", " ", "\x00\xff\xfe", "naïve — 😀👩‍👩‍👧", "全角　１２３", strings.Repeat("长", 100)) {
		if got := tok.Decode(tok.Encode(s)); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
	}
	if n := len(tok.Encode("a two person tent")); n > 8 {
		t.Errorf("a sentence of the lessons takes %d tokens", n)
	}
}

func TestTrainIsDeterministic(t *testing.T) {
	want := learn(lessons).Merges(100)
	reversed := make([]string, 0, len(lessons))
	for i := len(lessons) - 1; i >= 0; i-- {
		reversed = append(reversed, lessons[i])
	}
	for range 5 {
		got := learn(reversed).Merges(100)
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("merge %d is %q, not %q", i, got[i], want[i])
			}
		}
	}
}

// TestMergesAreTheMostFrequent holds the incremental counts against counting everything again.
func TestMergesAreTheMostFrequent(t *testing.T) {
	l := learn(lessons)
	merges := l.Merges(60)
	pieces := map[string][]string{}
	for w := range l.pieces {
		for i := range len(w) {
			pieces[w] = append(pieces[w], written(w[i:i+1]))
		}
	}
	for i, m := range merges {
		count := map[[2]string]int{}
		for w, toks := range pieces {
			for k := 0; k+1 < len(toks); k++ {
				count[[2]string{toks[k], toks[k+1]}] += l.pieces[w]
			}
		}
		for p, n := range count {
			if n > count[m] {
				t.Fatalf("merge %d joins %q (%d times), though %q stands %d times", i, m, count[m], p, n)
			}
		}
		for w, toks := range pieces {
			var out []string
			for k := 0; k < len(toks); k++ {
				if k+1 < len(toks) && toks[k] == m[0] && toks[k+1] == m[1] {
					out = append(out, m[0]+m[1])
					k++
				} else {
					out = append(out, toks[k])
				}
			}
			pieces[w] = out
		}
	}
}

func TestFileRoundTrips(t *testing.T) {
	tok, err := learn(lessons).Train(380, []string{"<a>", "<b>"})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := tok.Write(&b); err != nil {
		t.Fatal(err)
	}
	again, err := Read(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if again.Hash() != tok.Hash() || again.Size() != tok.Size() {
		t.Error("the tokenizer read is another one")
	}
	for _, bad := range []string{"", "{}", `{"model":{"type":"WordPiece"}}`, strings.Replace(b.String(), `"id":`, `"id":1`, 1), b.String()[:b.Len()/2]} {
		if _, err := Read(strings.NewReader(bad)); err == nil {
			t.Errorf("%.40q… was read without complaint", bad)
		}
	}
}

func FuzzTrainedRoundTrip(f *testing.F) {
	tok, err := learn(lessons).Train(400, []string{"<a>"})
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range lessons {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := tok.Decode(tok.Encode(s)); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
	})
}
