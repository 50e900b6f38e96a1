//go:build bleve

package searcheval

import (
	"bufio"
	"context"
	"encoding/csv"
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"testing"

	"daogou/catalog"
)

// poolDepth is how many products of each system are graded for a new query.
const poolDepth = 15

// TestPool writes what is to be graded: for each line of the file that DAOGOU_POOL names, the first products of ours, of plain BM25
// and of Bleve, in an order that does not tell where one came from. The result is FILE.csv with the columns query, docid, rating,
// title, the rating empty.
func TestPool(t *testing.T) {
	path := os.Getenv("DAOGOU_POOL")
	if path == "" {
		t.Skip("set DAOGOU_POOL to a file with one query a line to gather products for grading")
	}
	db := mappedIcecat(t)
	baselines, err := Baselines(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	systems := []System{Catalogue(db), bleveSystem(t, db, poolDepth)}
	for _, b := range baselines[1:] {
		systems = append(systems, b.Index.Search)
	}
	titles := map[string]string{}
	err = db.All(context.Background(), func(p *catalog.Product) error {
		titles[p.ID] = p.Title.In("en")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(path + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w := csv.NewWriter(out)
	for _, q := range queryLines(t, path) {
		pool := map[string]bool{}
		for _, s := range systems {
			a, err := s(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range a.IDs[:min(len(a.IDs), poolDepth)] {
				pool[id] = true
			}
		}
		for _, id := range shuffled(q, pool) {
			if err := w.Write([]string{q, id, "", titles[id]}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if w.Flush(); w.Error() != nil {
		t.Fatal(w.Error())
	}
}

// shuffled orders a pool by a hash, so that the order is the same each time and says nothing.
func shuffled(q string, pool map[string]bool) []string {
	hash := map[string]uint64{}
	var ids []string
	for id := range pool {
		h := fnv.New64a()
		h.Write([]byte(q + "\n" + id))
		hash[id] = h.Sum64()
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		if hash[a] < hash[b] {
			return -1
		}
		return 1
	})
	return ids
}

func queryLines(t *testing.T, path string) []string {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if q := strings.TrimSpace(sc.Text()); q != "" {
			out = append(out, q)
		}
	}
	return out
}
