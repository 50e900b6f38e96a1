package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"daogou/catalog/demo"
	"daogou/chat"
)

// policiesBeside is where a shop's own text lies unless --policies names another file: shop.policies.yaml beside shop.db.
func policiesBeside(db string) string {
	return strings.TrimSuffix(db, filepath.Ext(db)) + ".policies.yaml"
}

// openPolicies reads the named file, or the one beside the catalogue. A shop without one has no text of its own: the assistant says so and offers a person.
func openPolicies(file, db string) (chat.Policies, error) {
	path := file
	if path == "" {
		path = policiesBeside(db)
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) && file == "" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the policies cannot be read: %w", err)
	}
	defer f.Close()
	list, err := chat.ReadPolicies(f)
	if err != nil {
		return nil, fmt.Errorf("policies %s: %w", path, err)
	}
	return chat.NewFAQ(list), nil
}

// writeDemoPolicies puts the demo shop's text beside its catalogue, complete or not at all. A file that is there already is the shop's own and stays.
func writeDemoPolicies(db string) error {
	path := policiesBeside(db)
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".policies-*")
	if err == nil {
		defer os.Remove(tmp.Name())
		_, err = tmp.Write(demo.Policies())
		err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("the demo shop's policies cannot be written beside its catalogue: %w", err)
	}
	return nil
}
