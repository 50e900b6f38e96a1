package data

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"daogou/generator/task/turns"
	"daogou/nlu/nlueval"
)

// Two texts are nearly the same if this share of the shingles that either has are in both: four fifths.
const nearNum, nearDen = 4, 5

// nearLength is the length below which texts never count as nearly the same: "yes please" is said everywhere. A Han character counts as two letters.
const nearLength = 20

// Repeat is a hand-written turn that training leaves out because another one says nearly the same.
type Repeat struct {
	ID, File string
	Of       string // the turn that it repeats
	Valid    bool   // that one is kept for validation; else it comes earlier in training and is annotated alike
}

// Repeats lists what training leaves out, in the order of the files: turns nearly the same as one kept for validation, whatever they mean, and those that say again what
// training has already.
func Repeats() ([]Repeat, error) { return foundRepeats() }

var foundRepeats = sync.OnceValues(func() ([]Repeat, error) {
	sets, err := turns.All()
	if err != nil {
		return nil, err
	}
	return repeatsOf(sets), nil
})

// leftOut are the IDs of what training leaves out.
func leftOut() (map[string]bool, error) {
	list, err := foundRepeats()
	left := map[string]bool{}
	for _, r := range list {
		left[r.ID] = true
	}
	return left, err
}

// repeatsOf finds the repeats among the turns of some files.
func repeatsOf(sets []turns.Set) []Repeat {
	var all []written
	for _, s := range sets {
		for _, c := range s.Cases {
			dialogue, _, _ := strings.Cut(c.ID, ".")
			all = append(all, written{c, s.File, s.Shop, isValid(dialogue)})
		}
	}
	texts := make([]string, len(all))
	for i, w := range all {
		texts[i] = w.text()
	}
	near := make([][]int, len(all))
	for _, p := range nearPairs(texts) {
		near[p[0]] = append(near[p[0]], p[1])
		near[p[1]] = append(near[p[1]], p[0])
	}
	var out []Repeat
	gone := make([]bool, len(all))
	for i, w := range all {
		if w.valid {
			continue
		}
		of := slices.IndexFunc(near[i], func(j int) bool { return all[j].valid })
		if of < 0 {
			of = slices.IndexFunc(near[i], func(j int) bool { return j < i && !gone[j] && w.means(all[j]) })
		}
		if of >= 0 {
			of := all[near[i][of]]
			gone[i] = true
			out = append(out, Repeat{ID: w.ID, File: w.file, Of: of.ID, Valid: of.valid})
		}
	}
	return out
}

// written is a turn as it stands in its file.
type written struct {
	nlueval.Case
	file, shop string
	valid      bool
}

func (w written) text() string { return w.Turns[len(w.Turns)-1].Text }

// means says whether two turns are annotated alike.
func (w written) means(o written) bool {
	return w.shop == o.shop && w.Lang == o.Lang && w.Act == o.Act && w.New == o.New && w.Reference == o.Reference && slices.Equal(w.Keywords, o.Keywords) && reflect.DeepEqual(w.Want, o.Want)
}

// nearPairs lists the pairs of texts that are nearly the same, the lower index first, ordered by the higher one.
//
// Texts that share four fifths of their shingles share at least one of the rarest fifth of either, so only texts that meet there are compared (Bayardo et al. 2007,
// "Scaling up all pairs similarity search"). No pair is missed.
func nearPairs(texts []string) [][2]int {
	sets := rarestFirst(texts)
	meet := map[int32][]int{} // shingle → texts that have it among their rarest
	last := make([]int, len(texts))
	var out [][2]int
	for i, s := range sets {
		var found []int
		rare := 0
		if len(s) > 0 {
			rare = len(s) - (nearNum*len(s)+nearDen-1)/nearDen + 1
		}
		for _, sh := range s[:rare] {
			for _, j := range meet[sh] {
				if last[j] != i && muchInCommon(s, sets[j]) {
					found = append(found, j)
				}
				last[j] = i
			}
			meet[sh] = append(meet[sh], i)
		}
		slices.Sort(found)
		for _, j := range found {
			out = append(out, [2]int{j, i})
		}
	}
	return out
}

// muchInCommon says whether two ascending sets have enough in common.
func muchInCommon(a, b []int32) bool {
	if nearDen*min(len(a), len(b)) < nearNum*max(len(a), len(b)) {
		return false
	}
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			common, i, j = common+1, i+1, j+1
		}
	}
	return nearDen*common >= nearNum*(len(a)+len(b)-common)
}

// rarestFirst turns each text into the set of its shingles, numbered by how rare they are among all texts: ascending is rarest first. Texts too short to count have none.
func rarestFirst(texts []string) [][]int32 {
	ids := map[string]int32{}
	var names []string
	var counts []int
	sets := make([][]int32, len(texts))
	for i, t := range texts {
		for _, sh := range shingles(t) {
			id, ok := ids[sh]
			if !ok {
				id = int32(len(names))
				ids[sh], names, counts = id, append(names, sh), append(counts, 0)
			}
			counts[id]++
			sets[i] = append(sets[i], id)
		}
	}
	order := make([]int32, len(names))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(counts[a], counts[b]), cmp.Compare(names[a], names[b]))
	})
	place := make([]int32, len(order))
	for i, id := range order {
		place[id] = int32(i)
	}
	for _, s := range sets {
		for k, id := range s {
			s[k] = place[id]
		}
		slices.Sort(s)
	}
	return sets
}

// shingles are the different runs of three letters of a text, or of two characters where it has Chinese; none if it is too short to count.
func shingles(text string) []string {
	letters := lettersOf(text)
	n, length := 3, len(letters)
	for _, r := range letters {
		if unicode.Is(unicode.Han, r) {
			n = 2
			length++
		}
	}
	if length < nearLength {
		return nil
	}
	var out []string
	for i := range len(letters) - n + 1 {
		out = append(out, string(letters[i:i+n]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// lettersOf keeps of a text what tells it from others: its letters in lower case, every digit as 0.
func lettersOf(text string) []rune {
	var out []rune
	for _, r := range strings.ToLower(norm.NFKC.String(text)) {
		switch {
		case unicode.IsDigit(r):
			out = append(out, '0')
		case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r):
			out = append(out, r)
		}
	}
	return out
}
