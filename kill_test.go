package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"daogou/catalog"
)

// TestImportSurvivesKill imports a changed feed over a catalogue and kills the process with SIGKILL at twenty random points of its work, told by how far
// its log has grown. After each the catalogue must be whole and answer with the old prices, or, if the process was quicker than the kill, with the new ones.
func TestImportSurvivesKill(t *testing.T) {
	dir := t.TempDir()
	old, changed := filepath.Join(dir, "old.jsonl"), filepath.Join(dir, "new.jsonl")
	const products = 4000
	writeFeed(t, old, products, 1000)
	writeFeed(t, changed, products, 2000)
	db := filepath.Join(dir, "shop.db")
	mustImport(t, db, old)

	walSize := fullImportLog(t, dir, old, changed)
	rng := rand.New(rand.NewPCG(7, 11))
	done := 0
	for i := range 20 {
		at := rng.Int64N(walSize)
		if killImport(t, db, changed, at) {
			done++
		}
		price := checkWhole(t, db, products)
		if price != 1000 && price != 2000 {
			t.Fatalf("kill %d at %d bytes of log: price %d is of neither feed", i, at, price)
		}
		if price == 2000 {
			mustImport(t, db, old)
		}
	}
	if done < 15 {
		t.Errorf("only %d of 20 imports were killed before they ended", done)
	}
}

func writeFeed(t *testing.T, path string, n int, price int64) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	enc := json.NewEncoder(f)
	for i := range n {
		if err := enc.Encode(catalog.Product{
			ID: fmt.Sprintf("p%05d", i), Title: catalog.Text{"en": fmt.Sprintf("Walnut shelf %d with brass brackets", i), "zh": fmt.Sprintf("胡桃木置物架%d号", i)},
			Prices: []catalog.Price{{Amount: catalog.Money{Minor: price, Currency: "USD"}}}, Images: []catalog.Image{{URL: "/shelf.svg"}}, Brand: "Norr",
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func mustImport(t *testing.T, db, file string) {
	t.Helper()
	if out, err := exec.Command("daogou", "import", "-q", "--db", db, "--source", "kill", file).CombinedOutput(); err != nil {
		t.Fatalf("import: %v\n%s", err, out)
	}
}

// fullImportLog is how large the write-ahead log grows during an import that nobody kills.
func fullImportLog(t *testing.T, dir, old, changed string) int64 {
	t.Helper()
	db := filepath.Join(dir, "dry.db")
	mustImport(t, db, old)
	cmd := exec.Command("daogou", "import", "-q", "--db", db, "--source", "kill", changed)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	var largest int64
	for tick := time.Tick(time.Millisecond); ; {
		select {
		case err := <-exited:
			if err != nil {
				t.Fatal(err)
			}
			return max(largest, 1)
		case <-tick:
			if st, err := os.Stat(db + "-wal"); err == nil {
				largest = max(largest, st.Size())
			}
		}
	}
}

// killImport starts an import and kills it once its log has reached the size; it says whether the kill came before the end.
func killImport(t *testing.T, db, file string, at int64) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "daogou", "import", "-q", "--db", db, "--source", "kill", file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	for tick := time.Tick(200 * time.Microsecond); ; {
		select {
		case err := <-exited:
			if err != nil {
				t.Fatalf("import failed by itself: %v\n%s", err, &stderr)
			}
			return false
		case <-tick:
			if st, err := os.Stat(db + "-wal"); err == nil && st.Size() >= at {
				cmd.Process.Kill()
				<-exited
				return true
			}
		}
	}
}

// checkWhole opens the catalogue as a shop would and returns the one price that all products have.
func checkWhole(t *testing.T, path string, products int) int64 {
	t.Helper()
	db, err := catalog.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Integrity(t.Context()); err != nil {
		t.Fatal(err)
	}
	n, price := 0, int64(-1)
	if err := db.All(t.Context(), func(p *catalog.Product) error {
		n++
		got := p.Prices[0].Amount.Minor
		if price >= 0 && got != price {
			return fmt.Errorf("product %s costs %d and another %d: half an import is visible", p.ID, got, price)
		}
		price = got
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if n != products {
		t.Fatalf("%d products of %d", n, products)
	}
	res, err := db.Search(t.Context(), catalog.Query{Text: "walnut shelf", Limit: 3})
	if err != nil || len(res.Hits) != 3 {
		t.Fatalf("search after a kill: %d hits, %v", len(res.Hits), err)
	}
	return price
}
