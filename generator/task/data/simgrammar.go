package data

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed grammar/*.yaml
var grammarFiles embed.FS

// phrasebook is how shoppers and the assistant of one language put things: lists of phrases by key, one a line.
//
//	[a|b]   either, [a|] perhaps
//	{x}     what the simulator puts there, or a phrase of the list x
//	*word*  a keyword of the need: a word that product texts may have
type phrasebook struct {
	lang  string
	lists map[string][]string
}

var phrasebooks = sync.OnceValues(func() (map[string]*phrasebook, error) {
	books := map[string]*phrasebook{}
	for _, lang := range []string{"en", "zh"} {
		raw, err := grammarFiles.ReadFile("grammar/" + lang + ".yaml")
		if err != nil {
			return nil, err
		}
		var blocks map[string]string
		if err := yaml.Unmarshal(raw, &blocks); err != nil {
			return nil, fmt.Errorf("data: grammar of %s: %w", lang, err)
		}
		b := &phrasebook{lang: lang, lists: map[string][]string{}}
		for key, block := range blocks {
			for _, l := range strings.Split(block, "\n") {
				if l = strings.TrimSpace(l); l != "" {
					b.lists[key] = append(b.lists[key], l)
				}
			}
		}
		books[lang] = b
	}
	return books, nil
})

// has says whether there are phrases under a key.
func (b *phrasebook) has(key string) bool { return len(b.lists[key]) > 0 }

// slots are what a phrase's places are filled with.
type slots map[string]string

// say draws a phrase of a list and fills it in.
func (b *phrasebook) say(rng *rand.Rand, key string, fill slots) string {
	list := b.lists[key]
	if len(list) == 0 {
		return ""
	}
	return b.expand(rng, list[rng.IntN(len(list))], fill, 0)
}

// first draws from the first of several lists that has phrases.
func (b *phrasebook) first(rng *rand.Rand, fill slots, keys ...string) string {
	for _, k := range keys {
		if b.has(k) {
			return b.say(rng, k, fill)
		}
	}
	return ""
}

// deepest bounds lists that name each other.
const deepest = 6

func (b *phrasebook) expand(rng *rand.Rand, s string, fill slots, depth int) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		switch s[i] {
		case '[':
			j := closing(s, i)
			options := alternatives(s[i+1 : j])
			out.WriteString(b.expand(rng, options[rng.IntN(len(options))], fill, depth))
			i = j + 1
		case '{':
			j := i + strings.IndexByte(s[i:], '}')
			if j < i {
				j = len(s) - 1
			}
			name := s[i+1 : j]
			if v, ok := fill[name]; ok {
				out.WriteString(v)
			} else if list := b.lists[name]; len(list) > 0 && depth < deepest {
				out.WriteString(b.expand(rng, list[rng.IntN(len(list))], fill, depth+1))
			}
			i = j + 1
		default:
			out.WriteByte(s[i])
			i++
		}
	}
	return out.String()
}

// closing is the bracket that closes the one at i; the end of s if none does.
func closing(s string, i int) int {
	open := 0
	for ; i < len(s); i++ {
		switch s[i] {
		case '[':
			open++
		case ']':
			if open--; open == 0 {
				return i
			}
		}
	}
	return len(s) - 1
}

// alternatives splits a|b|c, leaving what stands in inner brackets whole.
func alternatives(s string) []string {
	var out []string
	open, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[':
			open++
		case ']':
			open--
		case '|':
			if open == 0 {
				out = append(out, s[from:i])
				from = i + 1
			}
		}
	}
	return append(out, s[from:])
}

// names lists what a phrase's places are called, for checking a phrasebook.
func names(phrase string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(phrase, "{")
		if !ok {
			return out
		}
		name, after, _ := strings.Cut(rest, "}")
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
		phrase = after
	}
}
