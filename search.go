package main

import (
	"context"

	"daogou/catalog"
)

// searchCmd answers queries read as JSON lines.
type searchCmd struct {
	DB     string `help:"Catalogue database." required:"" type:"path"`
	Limit  int    `help:"Hits per query, at most 1000." default:"10"`
	Offset int    `help:"Hits to leave out at the start, to page through them."`
	Sort   string `help:"Order of the hits: relevance, price, price_desc, rating or newest." default:"relevance" enum:"relevance,price,price_desc,rating,newest"`
}

type searchIn struct {
	ID   any    `json:"id"`
	Q    string `json:"q"`
	Lang string `json:"lang"`
}

type searchOut struct {
	ID         any                  `json:"id"`
	Carried    bool                 `json:"carried"`
	Confidence float64              `json:"confidence"`
	Total      int                  `json:"total"`
	Listed     int                  `json:"listed"` // hits that --offset can page through
	Category   string               `json:"category,omitempty"`
	Corrected  []catalog.Correction `json:"corrected,omitempty"`
	Hits       []searchHit          `json:"hits"`
}

type searchHit struct {
	ID      string             `json:"id"`
	Title   string             `json:"title"`
	Score   float64            `json:"score"`
	Parts   map[string]float64 `json:"parts,omitempty"`
	Reasons []catalog.Reason   `json:"reasons"`
}

func (c searchCmd) Run(ctx context.Context, io streams) error {
	db, err := existingCatalogue(c.DB)
	if err != nil {
		return err
	}
	defer db.Close()
	sort := order(c.Sort)
	return eachLine(ctx, io.in, func(in searchIn) error {
		res, err := db.Search(ctx, catalog.Query{Text: in.Q, Lang: in.Lang, Limit: c.Limit, Offset: c.Offset, Sort: sort})
		if err != nil {
			return err
		}
		out := searchOut{ID: in.ID, Carried: res.Carried, Confidence: res.Confidence, Total: res.Total, Listed: res.Listed, Category: res.Category, Corrected: res.Corrected,
			Hits: make([]searchHit, 0, len(res.Hits))}
		for _, h := range res.Hits {
			out.Hits = append(out.Hits, searchHit{h.Product.ID, h.Product.Title.In(in.Lang), h.Score, h.Parts, append([]catalog.Reason{}, h.Reasons...)})
		}
		return writeLine(io.out, out)
	})
}
