package main

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// floors is the house: a package may import our packages on lower floors, and on its own floor only those under its own folder.
// The order matters: the first pattern that fits a package says where it lives.
var floors = []struct {
	pattern string
	floor   int
}{
	{".", 5},
	{"chat/chattest", 4},
	{"chat/wire", 0},
	{"chat", 3},
	{"chat/*", 3},
	{"generator/task", 2},
	{"generator/task/*", 2},
	{"generator/params", 0},
	{"generator/kernel", 0},
	{"generator/constrain", 0},
	{"generator/weights", 0},
	{"generator/train", 1},
	{"generator", 1},
	{"nlu/bpe", 0},
	{"nlu/nlueval", 1},
	{"nlu", 1},
	{"catalog", 0},
	{"catalog/*", 0},
	{"web", 0},
}

// owners are the packages that alone may import a library, so that each library has one door.
var owners = map[string][]string{
	"github.com/mattn/go-sqlite3":  {"catalog", "chat"},
	"github.com/gorilla/websocket": {"chat", "chat/chattest", "chat/load", "web"}, // web: only its browser test's server
	"github.com/sugarme/tokenizer": {"nlu/bpe"},
	"gorgonia.org/gorgonia":        {"generator/train"},
	"gorgonia.org/tensor":          {"generator/train"},
	"github.com/blevesearch/bleve": {"catalog/searcheval"}, // for comparison only
	"github.com/chromedp/chromedp": {".", "web"},           // browser tests
	"github.com/evanw/esbuild":     {"web", "web/bundle"},
	"github.com/go-ego/gse":        {"catalog", "nlu"},
	"github.com/kljensen/snowball": {"catalog", "catalog/searcheval", "nlu", "chat"},
}

type goPackage struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p goPackage
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	return pkgs
}

// room turns an import path into the folder's path from the root, "." for the root itself; ok is false for other people's packages.
func room(importPath string) (string, bool) {
	if importPath == "daogou" {
		return ".", true
	}
	return strings.CutPrefix(importPath, "daogou/")
}

func floorOf(t *testing.T, dir string) int {
	t.Helper()
	for _, f := range floors {
		if ok, _ := path.Match(f.pattern, dir); ok {
			return f.floor
		}
	}
	t.Errorf("package %s has no floor: add it to the table in floors_test.go", dir)
	return -1
}

func TestNoPackageImportsUpward(t *testing.T) {
	for _, p := range listPackages(t) {
		from, ok := room(p.ImportPath)
		if !ok {
			continue
		}
		floor := floorOf(t, from)
		for _, imp := range p.Imports {
			to, ours := room(imp)
			if !ours {
				continue
			}
			above := floorOf(t, to) > floor
			aside := floorOf(t, to) == floor && !sameHouse(from, to)
			if above || aside {
				t.Errorf("%s (floor %d) imports %s (floor %d)", from, floor, to, floorOf(t, to))
			}
		}
		if strings.HasPrefix(from, "chat") {
			for _, imp := range p.Imports {
				if to, ours := room(imp); ours && strings.HasPrefix(to, "generator") {
					t.Errorf("%s imports %s: chat knows the model only through its own interfaces", from, to)
				}
			}
		}
	}
}

// sameHouse says whether two rooms of one floor share a top-level folder, as catalog and catalog/units do.
func sameHouse(a, b string) bool {
	first := func(s string) string { return strings.SplitN(s, "/", 2)[0] }
	return first(a) == first(b)
}

func TestEachLibraryHasOneDoor(t *testing.T) {
	for _, p := range listPackages(t) {
		dir, ok := room(p.ImportPath)
		if !ok {
			continue
		}
		all := append(append(append([]string{}, p.Imports...), p.TestImports...), p.XTestImports...)
		for lib, doors := range owners {
			for _, imp := range all {
				if imp != lib && !strings.HasPrefix(imp, lib+"/") {
					continue
				}
				allowed := false
				for _, d := range doors {
					allowed = allowed || d == dir
				}
				if !allowed {
					t.Errorf("%s imports %s, which only %v may", dir, imp, doors)
				}
			}
		}
	}
}

// TestShipsNoTestCode keeps package testing, and what only tests need, out of what we put into the binary. (A library's stray import the linker drops.)
func TestShipsNoTestCode(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	shipped := strings.Fields(string(out))
	for _, p := range listPackages(t) {
		if !slices.Contains(shipped, p.ImportPath) {
			continue
		}
		for _, imp := range p.Imports {
			if imp == "testing" || strings.HasPrefix(imp, "testing/") || strings.HasPrefix(imp, "github.com/chromedp/") {
				t.Errorf("%s is in the binary and imports %s, which is for tests", p.ImportPath, imp)
			}
		}
	}
}
