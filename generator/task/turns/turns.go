// Package turns holds shoppers' turns written and annotated by hand, for training.
//
// They are dialogue files as package nlueval describes; the first line names the shop that they talk about ("# shop: music"). They are no test set: what the model is
// judged by lies elsewhere and is never trained on.
package turns

import (
	"bufio"
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"daogou/nlu/nlueval"
)

//go:embed en/*.txt zh/*.txt
var files embed.FS

// Set is the turns of one file.
type Set struct {
	File  string // "en/music.txt"
	Lang  string
	Shop  string
	Cases []nlueval.Case
}

// All reads every file, in the order of their names.
func All() ([]Set, error) {
	var sets []Set
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		s, err := read(name, data)
		sets = append(sets, s)
		return err
	})
	return sets, err
}

func read(name string, data []byte) (Set, error) {
	s := Set{File: name, Lang: path.Dir(name)}
	first, _ := bufio.NewReader(bytes.NewReader(data)).ReadString('\n')
	shop, ok := strings.CutPrefix(strings.TrimSpace(first), "# shop:")
	if !ok {
		return s, fmt.Errorf("turns: %s: the first line must name the shop: # shop: demo", name)
	}
	s.Shop = strings.TrimSpace(shop)
	cases, err := nlueval.Read(bytes.NewReader(data), name, s.Lang)
	if err != nil {
		return s, fmt.Errorf("turns: %w", err)
	}
	s.Cases = cases
	return s, nil
}
