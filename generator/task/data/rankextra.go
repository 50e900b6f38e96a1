package data

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"daogou/catalog"
	"daogou/catalog/feed"
	"daogou/generator/task"
	"daogou/generator/task/shops"
)

// extra is what the folder of public data adds to the rank job: products of one more shop, and pairs.
type extra struct {
	shop  *shops.Shop
	pairs []rankPair
}

// Files of the extra folder. The judgements of the same catalogue are for measuring and never read here.
var (
	extraProducts = filepath.Join("catalog_icecat", "products.jsonl.gz")
	extraRequests = filepath.Join("requests_en", "public_goal_query_pairs.jsonl")
	extraTypes    = filepath.Join("taxonomy", "bestbuy_categories.jsonl")
)

// readExtra reads what there is; a folder with none of the files is a mistake.
func readExtra(folder string) (*extra, error) {
	x := &extra{shop: &shops.Shop{ID: "extra", Schema: catalog.NewSchema(0, "", nil, nil, nil)}}
	missing := 0
	for _, part := range []struct {
		file string
		read func(name string) error
	}{{extraProducts, x.products}, {extraRequests, x.requests}, {extraTypes, x.types}} {
		err := part.read(filepath.Join(folder, part.file))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing++
		case err != nil:
			return nil, fmt.Errorf("data: the extra folder: %w", err)
		}
	}
	if missing == 3 {
		return nil, fmt.Errorf("data: the extra folder %s has none of %s, %s, %s; name the folder of the public data, or none", folder, extraProducts, extraRequests, extraTypes)
	}
	return x, nil
}

// products imports a feed as a shop would, so that types and values have the names that search gives them.
func (x *extra) products(name string) error {
	if _, err := os.Stat(name); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "daogou-extra-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	db, err := catalog.Open(filepath.Join(dir, "extra.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	ctx := context.Background()
	mapping, err := feed.LoadMapping("icecat")
	if err != nil {
		return err
	}
	if _, err = db.Import(ctx, func(to catalog.Sink) error {
		_, err := feed.Run(ctx, to, feed.Options{Map: mapping}, name)
		return err
	}); err != nil {
		return err
	}
	if x.shop.Schema, err = db.Schema(ctx); err != nil {
		return err
	}
	return db.All(ctx, func(p *catalog.Product) error {
		x.shop.Products = append(x.shop.Products, &catalog.Product{ID: p.ID, Title: p.Title, Brand: p.Brand, Category: p.Category, Facets: p.Facets})
		return nil
	})
}

// requests reads what people asked a person for and what they then typed: the typed words stand for the title of the product asked for.
func (x *extra) requests(name string) error {
	return extraLines(name, func(line []byte) error {
		var r struct {
			Instruction string   `json:"instruction"`
			Queries     []string `json:"queries"`
		}
		if err := json.Unmarshal(line, &r); err != nil {
			return err
		}
		for _, q := range r.Queries {
			x.pair(r.Instruction, &catalog.Product{Title: catalog.Text{"en": q}}, x.shop.Schema)
		}
		return nil
	})
}

// types reads a tree of product types: its names teach what goods are called, and what family they are of.
func (x *extra) types(name string) error {
	return extraLines(name, func(line []byte) error {
		var c struct {
			ID   string   `json:"id"`
			Name string   `json:"name"`
			Path []string `json:"path"`
		}
		if err := json.Unmarshal(line, &c); err != nil {
			return err
		}
		schema := catalog.NewSchema(0, "", []catalog.Category{{ID: c.ID, Label: catalog.Text{"en": c.Name}}}, nil, nil)
		p := &catalog.Product{Category: []string{c.ID}}
		if n := len(c.Path); n > 1 {
			p.Title = catalog.Text{"en": c.Path[n-2]}
			x.pair(c.Path[n-2]+" "+c.Name, p, schema)
		}
		x.pair(c.Name, p, schema)
		return nil
	})
}

func (x *extra) pair(need string, p *catalog.Product, schema *catalog.Schema) {
	if n := task.NewNeed(need, "en"); n.Text != "" && (len(p.Category) > 0 || strings.TrimSpace(p.Title.In("en")) != "") {
		x.pairs = append(x.pairs, rankPair{n, p, schema})
	}
}

// extraLines reads a file of JSON lines.
func extraLines(name string, f func([]byte) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if err := f(lines.Bytes()); err != nil {
			return fmt.Errorf("%s: line %d: %w", name, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
