package catalog

// uncount takes a product's words out of the document frequencies.
func (w *writer) uncount(n int64) error {
	s, err := w.stmt("SELECT card FROM cards WHERE n=?")
	if err != nil {
		return w.fail(err)
	}
	var card []byte
	if err := s.QueryRowContext(w.ctx, n).Scan(&card); err != nil {
		return w.fail(err)
	}
	f := parseCard(card)
	return w.count(f.vocabulary(), -1)
}

// count adds by to the document frequency of every term, and writes the counts when many have gathered.
func (w *writer) count(vocabulary map[string]bool, by int) error {
	for t, core := range vocabulary {
		d := w.df[t]
		d.all += by
		if core {
			d.core += by
		}
		w.df[t] = d
	}
	if len(w.df) < 300_000 && len(w.spell) < 300_000 {
		return nil
	}
	return w.flushCounts()
}

func (w *writer) flushCounts() error {
	for t, d := range w.df {
		if d.all == 0 && d.core == 0 {
			continue
		}
		if err := w.run("INSERT INTO terms VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET df=df+excluded.df, core=core+excluded.core", t, d.all, d.core); err != nil {
			return err
		}
	}
	for s, n := range w.spell {
		if n == 0 {
			continue
		}
		if err := w.run("INSERT INTO spellings VALUES(?, ?) ON CONFLICT DO UPDATE SET df=df+excluded.df", s, n); err != nil {
			return err
		}
	}
	clear(w.df)
	clear(w.spell)
	return nil
}
