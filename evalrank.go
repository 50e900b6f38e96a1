package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"daogou/catalog"
	"daogou/catalog/searcheval"
	"daogou/generator/task"
	"daogou/generator/task/data"
	"daogou/generator/task/shops"
)

// evalRankCmd judges the rank job: the model over what the search found.
type evalRankCmd struct {
	DB        string `help:"Catalogue database that the judgements are about." required:"" type:"path"`
	Judgments string `help:"CSV file with the columns query, docid, rating (0 to 3)." required:"" type:"existingfile"`
	Fit       string `help:"Choose the model's weight on this file of judgements first, which must not be one that figures are reported on." type:"existingfile"`
	Model     string `help:"Folder with model.daogou and tokenizer.json of another model than the one shipped." type:"existingdir"`
}

// rankDepth is how many hits the model alone orders.
const rankDepth = 50

func (c evalRankCmd) Run(ctx context.Context, io streams) error {
	db, err := existingCatalogue(c.DB)
	if err != nil {
		return err
	}
	defer db.Close()
	model, err := openModel(c.Model)
	if err != nil {
		return err
	}
	defer model.Close()
	ranker, err := task.NewRanker(model.vocab, model.run)
	if err != nil {
		return err
	}
	weight := modelWeight
	if c.Fit != "" {
		if weight, err = fitWeight(ctx, io.out, db, ranker, c.Fit); err != nil {
			return err
		}
	}
	judged, err := readJudged(c.Judgments)
	if err != nil {
		return err
	}
	scored, err := scoreAll(ctx, db, ranker, judged)
	if err != nil {
		return err
	}
	baselines, err := searcheval.Baselines(ctx, db)
	if err != nil {
		return err
	}
	for _, b := range baselines {
		if err := judgeOne(ctx, io.out, b.Name, b.Index.Search, judged); err != nil {
			return err
		}
	}
	for _, s := range []struct {
		name   string
		system searcheval.System
	}{
		{"search alone", scored.fused(0)},
		{fmt.Sprintf("model over the first %d", rankDepth), scored.byModel},
		{fmt.Sprintf("fused, weight %g", weight), scored.fused(weight)},
	} {
		if err := judgeOne(ctx, io.out, s.name, s.system, judged); err != nil {
			return err
		}
	}
	return nil
}

func readJudged(name string) ([]searcheval.Judged, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("cannot read the judgements: %w", err)
	}
	defer f.Close()
	return searcheval.ReadJudgments(f)
}

func judgeOne(ctx context.Context, to io.Writer, name string, s searcheval.System, judged []searcheval.Judged) error {
	report, err := searcheval.Judge(ctx, s, judged)
	if err != nil {
		return err
	}
	n, ndcg, p10, recall := report.Quality()
	_, err = fmt.Fprintf(to, "%-28s %d answerable queries: nDCG@10 %.3f  P@10 %.3f  Recall@100 %.3f\n", name, n, ndcg, p10, recall)
	return err
}

// scoredQueries are what the search found for each query and what the model says of the first hits: scored once, so that many weights can be tried.
type scoredQueries map[string]scoredQuery

type scoredQuery struct {
	hits    []catalog.Hit
	model   []float64
	carried bool
}

func scoreAll(ctx context.Context, db *catalog.DB, r *task.Ranker, judged []searcheval.Judged) (scoredQueries, error) {
	schema, err := db.Schema(ctx)
	if err != nil {
		return nil, err
	}
	out := scoredQueries{}
	for _, j := range judged {
		res, err := db.Search(ctx, catalog.Query{Text: j.Query, Limit: 100})
		if err != nil {
			return nil, fmt.Errorf("query %q: %w", j.Query, err)
		}
		q := scoredQuery{hits: res.Hits, carried: res.Carried}
		for part := range slices.Chunk(products(res.Hits[:min(len(res.Hits), rankDepth)]), task.MaxScored) {
			scores, err := r.Score(ctx, task.NewNeed(j.Query, "en"), schema, part)
			if err != nil {
				return nil, fmt.Errorf("query %q: %w", j.Query, err)
			}
			q.model = append(q.model, scores...)
		}
		out[j.Query] = q
	}
	return out, nil
}

// fused is the search with the model's say, as the shop orders hits.
func (s scoredQueries) fused(weight float64) searcheval.System {
	return func(_ context.Context, query string) (searcheval.Answer, error) {
		q := s[query]
		return answered(fused(q.hits, q.model[:min(len(q.model), task.MaxScored)], weight), q.carried), nil
	}
}

// byModel is the model's order of what it scored, with the search's own scores left out.
func (s scoredQueries) byModel(_ context.Context, query string) (searcheval.Answer, error) {
	q := s[query]
	hits := slices.Clone(q.hits)
	for i := range hits {
		hits[i].Score, hits[i].Parts = 0, nil
	}
	return answered(fused(hits, q.model, 1), q.carried), nil
}

func answered(hits []catalog.Hit, carried bool) searcheval.Answer {
	a := searcheval.Answer{Carried: carried}
	for _, h := range hits {
		a.IDs = append(a.IDs, h.Product.ID)
	}
	return a
}

// triedWeights are those that fitting tries.
var triedWeights = []float64{0, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1, 2}

// fitWeight is the weight with the best nDCG@10 on a file of judgements, the smallest of equals.
func fitWeight(ctx context.Context, to io.Writer, db *catalog.DB, r *task.Ranker, file string) (float64, error) {
	judged, err := readJudged(file)
	if err != nil {
		return 0, err
	}
	scored, err := scoreAll(ctx, db, r, judged)
	if err != nil {
		return 0, err
	}
	best, most := 0.0, -1.0
	for _, w := range triedWeights {
		report, err := searcheval.Judge(ctx, scored.fused(w), judged)
		if err != nil {
			return 0, err
		}
		_, ndcg, _, _ := report.Quality()
		fmt.Fprintf(to, "fitting: weight %-5g nDCG@10 %.3f\n", w, ndcg)
		if ndcg > most {
			best, most = w, ndcg
		}
	}
	return best, nil
}

// evalRetrieveCmd measures generative retrieval on needs made for products.
type evalRetrieveCmd struct {
	DB    string `help:"Catalogue database; the demo shop by default." type:"path"`
	Model string `help:"Folder with model.daogou and tokenizer.json of another model than the one shipped." type:"existingdir"`
	Needs int    `help:"How many needs to make." default:"500"`
	Seed  uint64 `help:"Seed of the needs." default:"1"`
}

const retrieveTop = 10

func (c evalRetrieveCmd) Run(ctx context.Context, io streams) error {
	if c.Needs < 1 || c.Needs > 100_000 {
		return fmt.Errorf("%d needs cannot be measured; choose from 1 to 100000", c.Needs)
	}
	db, done, err := demoOr(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	model, err := openModel(c.Model)
	if err != nil {
		return err
	}
	defer model.Close()
	ranker, err := task.NewRanker(model.vocab, model.run)
	if err != nil {
		return err
	}
	shop, err := heldShop(ctx, db)
	if err != nil {
		return err
	}
	beam := task.NewRetriever(ranker, db)
	return c.measure(ctx, io.out, data.Needs(shop, c.Seed, c.Needs), func(n task.Need) ([]string, error) {
		found, err := beam.Retrieve(ctx, n, retrieveTop)
		var ids []string
		for _, f := range found {
			ids = append(ids, f.ID)
		}
		return ids, err
	}, func(n task.Need) ([]string, error) {
		res, err := db.Search(ctx, catalog.Query{Text: n.Text, Lang: n.Lang, Limit: retrieveTop, Facets: []string{}})
		if err != nil {
			return nil, err
		}
		return answered(res.Hits, res.Carried).IDs, nil
	})
}

// heldShop reads a whole catalogue.
func heldShop(ctx context.Context, db *catalog.DB) (*shops.Shop, error) {
	schema, err := db.Schema(ctx)
	if err != nil {
		return nil, err
	}
	shop := &shops.Shop{ID: shops.Demo, Schema: schema}
	err = db.All(ctx, func(p *catalog.Product) error {
		shop.Products = append(shop.Products, p)
		return nil
	})
	return shop, err
}

// measure asks for every need by beam search and by the search, and prints both beside what could be reached: a need that many products fit does not tell which
// one it was made for.
func (c evalRetrieveCmd) measure(ctx context.Context, to io.Writer, needs []data.Sought, beam, search func(task.Need) ([]string, error)) error {
	if len(needs) == 0 {
		return fmt.Errorf("the catalogue has no products to make needs for")
	}
	fmt.Fprintf(to, "%-12s %-6s %6s %15s %15s %9s\n", "", "lang", "needs", "target in 10", "fitting of 10", "at best")
	for _, s := range []struct {
		name string
		ask  func(task.Need) ([]string, error)
	}{{"beam search", beam}, {"search", search}} {
		var all retrieved
		for _, lang := range []string{"en", "zh"} {
			var part retrieved
			for _, n := range needs {
				if n.Need.Lang != lang {
					continue
				}
				ids, err := s.ask(n.Need)
				if err != nil {
					return fmt.Errorf("need %q: %w", n.Need.Text, err)
				}
				part.add(n, ids)
			}
			part.print(to, s.name, lang)
			all = all.plus(part)
		}
		all.print(to, s.name, "all")
	}
	return ctx.Err()
}

// retrieved adds up what was found.
type retrieved struct {
	needs                float64
	target, fitting, top float64
}

func (r *retrieved) add(n data.Sought, ids []string) {
	r.needs++
	if slices.Contains(ids, n.Product) {
		r.target++
	}
	of := min(retrieveTop, len(n.Fitting))
	r.top += float64(of) / float64(len(n.Fitting)) // the chance of a system that finds what fits and nothing else
	fit := 0
	for _, id := range ids {
		if n.Fitting[id] {
			fit++
		}
	}
	r.fitting += float64(fit) / float64(of)
}

func (r retrieved) plus(o retrieved) retrieved {
	return retrieved{r.needs + o.needs, r.target + o.target, r.fitting + o.fitting, r.top + o.top}
}

func (r retrieved) print(to io.Writer, name, lang string) {
	n := max(r.needs, 1)
	fmt.Fprintf(to, "%-12s %-6s %6.0f %15.3f %15.3f %9.3f\n", name, lang, r.needs, r.target/n, r.fitting/n, r.top/n)
}
