package bpe

import (
	"reflect"
	"testing"

	"github.com/sugarme/tokenizer/pretokenizer"
)

// chars writes a string as the tokenizer writes it inside merges.
func chars(s string) string {
	out := ""
	for i := 0; i < len(s); i++ {
		out += pretokenizer.BytesChar[s[i]]
	}
	return out
}

func sample(t testing.TB) *Tokenizer {
	t.Helper()
	han := chars("帐")
	r := []rune(han)
	tok, err := New([][2]string{
		{"t", "e"}, {"n", "t"}, {"te", "nt"}, {chars(" "), "tent"},
		{string(r[0]), string(r[1])}, {string(r[:2]), string(r[2])},
	}, []string{"<shopper>", "<assistant>"})
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

func TestMergesAreApplied(t *testing.T) {
	tok := sample(t)
	if got, want := tok.Encode("tent tent"), []int{258, 259}; !reflect.DeepEqual(got, want) {
		t.Errorf("Encode = %v, want %v", got, want)
	}
	if got := tok.Encode("帐"); len(got) != 1 {
		t.Errorf("Encode(帐) = %v, want one token", got)
	}
}

func TestSpecialTokensCannotBeTyped(t *testing.T) {
	tok := sample(t)
	id, ok := tok.Special("<shopper>")
	if !ok || id != tok.Size()-2 {
		t.Fatalf("Special = %d %v", id, ok)
	}
	for _, got := range tok.Encode("<shopper> hi") {
		if got == id {
			t.Fatal("typed text became a special token")
		}
	}
}

func TestBadMergesAreRefused(t *testing.T) {
	for _, m := range [][][2]string{{{"te", "nt"}}, {{"t", "e"}, {"t", "e"}}, {{"", "e"}}} {
		if _, err := New(m, nil); err == nil {
			t.Errorf("New(%q) accepted", m)
		}
	}
	if _, err := New(nil, []string{"<a>", "<a>"}); err == nil {
		t.Error("doubled special token accepted")
	}
}

func FuzzRoundTrip(f *testing.F) {
	for _, s := range []string{"", " ", "a 2-person tent", "  两人  帐篷\n", "\xff\xfe\x00", "👍🏽 1,299.00 €", "e\u0301"} {
		f.Add(s)
	}
	tok := sample(f)
	f.Fuzz(func(t *testing.T, s string) {
		if got := tok.Decode(tok.Encode(s)); got != s {
			t.Fatalf("%q came back as %q", s, got)
		}
	})
}
