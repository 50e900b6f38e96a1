package chat

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"daogou/catalog"
	"daogou/chat/wire"
	"daogou/nlu"
)

// Assistant answers a shopper's turns. Parser, Search and Wording are needed; the other fields have defaults.
//
//	a := &Assistant{Parser: nlu.NewRules(), Search: db, Wording: Templates{}}
//	body, err := a.Respond(ctx, TurnInput{Text: "a tent for two under 100 euros"}, func(piece string) { … })
type Assistant struct {
	Parser          Parser
	FallbackParser  Parser // answers when Parser is late or fails; nil: the turn is then not understood
	Search          Searcher
	Opinion         Ranker // scores the hits before Rank orders them; nil: they come with the search's scores alone
	Rank            Ranker // nil: NeedRanker
	Wording         Wording
	FallbackWording Wording  // words what Wording could not, in time and grounded; nil: Templates
	Policies        Policies // nil: the shop has no text of its own
	Now             func() time.Time
	Market          string // whose prices hold; "" is the default market
	ParseDeadline   time.Duration
	WordDeadline    time.Duration
	Convert         func(m catalog.Money, currency string) (catalog.Money, bool) // nil: the table of package catalog
	Log             *slog.Logger                                                 // why a stand-in had to answer; nil: nowhere. Never a shopper's words
}

// Deadlines that hold unless the Assistant names others.
const (
	parseDeadline = 1500 * time.Millisecond
	wordDeadline  = 3 * time.Second
	maxHits       = 50
	maxSeen       = 200
	maxTurnRunes  = 2000
)

// Respond answers one turn, in a straight line: understand → apply → search → rank → decide → word → check → reply.
func (a *Assistant) Respond(ctx context.Context, in TurnInput, emit func(piece string)) (ReplyBody, error) {
	schema, err := a.Search.Schema(ctx)
	if err != nil {
		return ReplyBody{}, fmt.Errorf("chat: the catalogue's schema cannot be read: %w", err)
	}
	s, err := a.understand(ctx, in, schema)
	if err != nil {
		return ReplyBody{}, err
	}
	if s, err = a.reread(ctx, in, s, schema); err != nil {
		return ReplyBody{}, err
	}
	said, err := a.answer(ctx, &s, emit)
	if errors.Is(err, ErrStale) { // all that was to be said has changed meanwhile: look again, once
		if s.Rows, err = a.read(ctx, slices.Collect(maps.Keys(s.Rows))); err != nil {
			return ReplyBody{}, err
		}
		said, err = a.answer(ctx, &s, func(string) {})
	}
	if errors.Is(err, ErrStale) {
		s.Problem = NoteStale
		said, err = a.answer(ctx, &s, func(string) {})
	}
	if err != nil {
		return ReplyBody{}, err
	}
	by := wire.By{Parse: s.Delta.By, Word: said.worded, Rank: a.rankedBy(s.Reader)}
	return ReplyBody{Who: "assistant", Lang: s.Reader.Lang, Text: said.checked.text, Delta: s.Delta, Effect: said.plan.effect(s, said.rows),
		Reply: view(said.plan, s.State, said.rows, said.checked, by), Hand: said.plan.Kind == PlanHandover}, nil
}

// spoken is a plan in words, checked against rows.
type spoken struct {
	plan    *Plan
	checked checked
	rows    map[string]*catalog.Product
	worded  string // who worded it
}

// answer goes from an understood turn to a checked text.
func (a *Assistant) answer(ctx context.Context, s *Situation, emit func(string)) (spoken, error) {
	if err := a.look(ctx, s); err != nil {
		return spoken{}, err
	}
	plan := Decide(*s)
	drafts, worded, err := a.word(ctx, plan, emit)
	if err != nil {
		return spoken{}, err
	}
	rows, err := a.read(ctx, plan.ids())
	if err != nil {
		return spoken{}, err
	}
	done, err := check(drafts, plan, rows)
	return spoken{plan, done, rows, worded}, err
}

// understand makes the situation of a turn: what was said or tapped, and the need after it.
func (a *Assistant) understand(ctx context.Context, in TurnInput, schema *catalog.Schema) (Situation, error) {
	s := Situation{Before: in.State, Tap: in.Tap, First: in.First, Variation: mix(uint64(len(in.History)), in.Session)}
	if in.Page != nil {
		s.Page = in.Page.Product
	}
	ids := slices.Concat(in.State.Shown, []string{in.State.Focus, in.State.Adding.Product, s.Page}, tapProducts(in.Tap))
	for _, l := range in.State.Cart {
		ids = append(ids, l.Product)
	}
	var err error
	if s.Rows, err = a.read(ctx, ids); err != nil {
		return s, err
	}
	if in.Tap != nil {
		if s.Delta, err = tapped(*in.Tap, in.State, schema, s.Rows); err != nil {
			s.Problem, s.Tap = NoteBadTap, nil
		}
	} else {
		s.Delta = a.parse(ctx, in, s, schema)
		if s.Delta.Act == nlu.ActAskItem && len(s.Delta.AskFacets) == 0 { // a fact that this type of product does not have is still what was asked
			if f := nlu.AskedFacet(schema, nlu.State{}, in.Text+"?"); f != "" {
				s.Delta.AskFacets = []string{f}
			}
		}
	}
	s.State = in.State.Apply(s.Delta)
	s.Reader = a.reader(schema, s.State)
	if err := a.readMore(ctx, s.Rows, s.Delta.References); err != nil {
		return s, err
	}
	if text, ok := a.asksPolicy(in, s); ok {
		s.Delta = nlu.Delta{Lang: s.Delta.Lang, Act: nlu.ActPolicy, Country: s.Delta.Country, By: s.Delta.By}
		s.State = in.State.Apply(s.Delta)
		s.Policy = &text
		return s, nil
	}
	if a.Policies != nil && in.Tap == nil && slices.ContainsFunc(append([]nlu.Act{s.Delta.Act}, s.Delta.Also...), asksShop) {
		if text, ok := a.Policies.Find(s.Reader.Lang, in.Text); ok {
			s.Policy = &text
		}
	}
	return a.orGoods(ctx, in, s, schema)
}

// orGoods hears a question about the shop that its own text does not answer as one about goods, where the stand-in hears it so: "do you have drones" is about what is sold.
func (a *Assistant) orGoods(ctx context.Context, in TurnInput, s Situation, schema *catalog.Schema) (Situation, error) {
	if s.Delta.Act != nlu.ActPolicy || s.Policy != nil || in.Tap != nil || a.FallbackParser == nil {
		return s, nil
	}
	d := a.ask(ctx, in, s, schema, a.FallbackParser)
	if d.Act != nlu.ActFind || len(d.Keywords)+len(d.Set) == 0 {
		return s, nil
	}
	s.Delta, s.State = d, in.State.Apply(d)
	s.Reader = a.reader(schema, s.State)
	return s, a.readMore(ctx, s.Rows, d.References)
}

// reread understands a turn once more with the spellings that the search would have used, and keeps that if it says more: "cofee mashine" is a type of goods.
func (a *Assistant) reread(ctx context.Context, in TurnInput, s Situation, schema *catalog.Schema) (Situation, error) {
	if in.Tap != nil || s.Problem != "" || len(s.Delta.Keywords) == 0 || categoryOf(s.State) != "" && len(s.Delta.Set) > 0 {
		return s, nil
	}
	q := a.query(s)
	q.Text, q.Limit = strings.Join(s.Delta.Keywords, " "), 1
	res, err := a.Search.Search(ctx, q)
	if err != nil {
		return s, fmt.Errorf("chat: the search failed: %w", err)
	}
	text := strings.ToLower(in.Text)
	for _, c := range res.Corrected {
		text = strings.ReplaceAll(text, strings.ToLower(c.From), c.To)
	}
	if len(res.Corrected) == 0 || text == strings.ToLower(in.Text) {
		return s, nil
	}
	again := in
	again.Text = text
	better, err := a.understand(ctx, again, schema)
	if err != nil || len(better.Delta.Set) <= len(s.Delta.Set) {
		return s, err
	}
	better.Reread = res.Corrected
	return better, nil
}

// asksPolicy finds the shop's own text by its own keywords where the parser heard a need or nothing: only the shop knows that "send back" is about returns.
func (a *Assistant) asksPolicy(in TurnInput, s Situation) (PolicyText, bool) {
	faq, ok := a.Policies.(interface {
		Named(lang, text string) (PolicyText, bool)
	})
	if !ok || in.Tap != nil || !aboutNeed(s.Delta.Act) && s.Delta.Act != nlu.ActUnclear {
		return PolicyText{}, false
	}
	return faq.Named(s.Reader.Lang, in.Text)
}

func asksShop(act nlu.Act) bool { return act == nlu.ActPolicy || act == nlu.ActOrder }

// parse asks the parser, and past its deadline the stand-in.
func (a *Assistant) parse(ctx context.Context, in TurnInput, s Situation, schema *catalog.Schema) nlu.Delta {
	return a.ask(ctx, in, s, schema, a.Parser, a.FallbackParser)
}

// ask has a turn understood by the first of some parsers that answers in time.
func (a *Assistant) ask(ctx context.Context, in TurnInput, s Situation, schema *catalog.Schema, parsers ...Parser) nlu.Delta {
	t := nlu.Turn{State: in.State, History: in.History, Text: cutRunes(cleaned(in.Text), maxTurnRunes), Schema: schema, Page: s.Page, Now: a.now()}
	for _, id := range in.State.Shown {
		if p := s.Rows[id]; p != nil {
			t.Shown = append(t.Shown, p)
		}
	}
	for _, p := range parsers {
		if p == nil {
			continue
		}
		d, err := within(ctx, orElse(a.ParseDeadline, parseDeadline), func(ctx context.Context) (nlu.Delta, error) { return p.Parse(ctx, t) })
		if err == nil {
			return d
		}
		if a.Log != nil {
			a.Log.Warn("a parser did not answer", "parser", fmt.Sprintf("%T", p), "session", in.Session, "error", err)
		}
	}
	return nlu.Delta{Lang: in.State.Lang, Act: nlu.ActUnclear, By: "none"}
}

// within runs f until a deadline. One that does not mind its context is left behind, and one that panics has failed.
func within[T any](ctx context.Context, limit time.Duration, f func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	type result struct {
		value T
		err   error
	}
	out := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil {
				r.err = fmt.Errorf("chat: panic: %v", p)
			}
			out <- r
		}()
		r.value, r.err = f(ctx)
	}()
	select {
	case r := <-out:
		return r.value, r.err
	case <-ctx.Done():
		var zero T
		return zero, ctx.Err()
	}
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

func (a *Assistant) now() time.Time {
	if a.Now != nil {
		return a.Now().UTC()
	}
	return time.Now().UTC()
}

// reader reads facts as this shopper reads them.
func (a *Assistant) reader(schema *catalog.Schema, s nlu.State) *Reader {
	convert := a.Convert
	if convert == nil {
		convert = referenceRate
	}
	return &Reader{Schema: schema, Lang: replyLang(s.Lang), Market: a.Market, Now: a.now(), Convert: convert}
}

// referenceRate converts by the catalogue's dated table, for comparing only.
func referenceRate(m catalog.Money, currency string) (catalog.Money, bool) {
	out, err := catalog.Rates().Convert(m, currency)
	return out, err == nil
}

// read is the rows of products by ID. IDs that are empty or gone have none.
func (a *Assistant) read(ctx context.Context, ids []string) (map[string]*catalog.Product, error) {
	rows := map[string]*catalog.Product{}
	return rows, a.readMore(ctx, rows, ids)
}

func (a *Assistant) readMore(ctx context.Context, rows map[string]*catalog.Product, ids []string) error {
	var missing []string
	for _, id := range ids {
		if id != "" && rows[id] == nil && !slices.Contains(missing, id) {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	ps, err := a.Search.Products(ctx, missing)
	if err != nil {
		return fmt.Errorf("chat: products cannot be read: %w", err)
	}
	for _, p := range ps {
		rows[p.ID] = p
	}
	return nil
}

// look searches for the need, if the turn is about it, ranks what is found, and finds out what could be loosened if nothing fits.
func (a *Assistant) look(ctx context.Context, s *Situation) error {
	s.Result, s.Hits, s.Relax, s.Unread = nil, nil, nil, nil
	act := mainAct(*s)
	if s.Problem != "" || !hasNeed(s.State) || !aboutNeed(act) && act != nlu.ActAffirm && act != nlu.ActDeny {
		return nil
	}
	q := a.query(*s)
	var err error
	if s.Result, err = a.Search.Search(ctx, q); err != nil {
		return fmt.Errorf("chat: the search failed: %w", err)
	}
	if q, err = a.forgiveWords(ctx, s, q); err != nil {
		return err
	}
	if missing, err := a.wordsMissing(ctx, s, q); err != nil || missing {
		return err
	}
	if err = a.carriedAtAll(ctx, s, q); err != nil {
		return err
	}
	if s.Result.Total == 0 {
		if s.Relax, err = relaxations(ctx, a.Search, s.Reader, q, s.State); err != nil || len(s.Relax) == 0 || act == nlu.ActMore || act == nlu.ActReject {
			return err
		}
		return a.nearest(ctx, s, q)
	}
	if s.Hits, err = a.rank(ctx, s, s.Result); err != nil {
		return err
	}
	return a.countMore(ctx, s, q)
}

// wordsMissing says whether nothing fits because the shop does not have what the words name, whatever the conditions: no red wool scarf, for there is no scarf.
func (a *Assistant) wordsMissing(ctx context.Context, s *Situation, q catalog.Query) (bool, error) {
	if s.Result.Total > 0 || q.Text == "" || len(q.Constraints) == 0 || categoryOf(s.State) != "" {
		return false, nil
	}
	q.Constraints, q.Exclude = nil, nil
	res, err := a.Search.Search(ctx, q)
	if err != nil {
		return false, fmt.Errorf("chat: the search failed: %w", err)
	}
	if res.Carried {
		return false, nil
	}
	s.Result = res
	s.Hits, err = a.rank(ctx, s, res)
	return true, err
}

// forgiveWords searches again without the shopper's free words where a category is known and nothing in it has them: "warm" tells sleeping bags apart for a
// person, but a catalogue that never says it must not answer with nothing.
func (a *Assistant) forgiveWords(ctx context.Context, s *Situation, q catalog.Query) (catalog.Query, error) {
	if q.Text == "" || categoryOf(s.State) == "" && !severalKinds(s.State) || s.Result.Total > 0 && s.Result.Carried {
		return q, nil
	}
	if len(q.Exclude) > 0 { // the words may have found what the shopper has seen already
		all := q
		all.Exclude = nil
		if n, err := a.Search.CountMatching(ctx, all); err != nil || n > 0 {
			return q, err
		}
	}
	plain := q
	plain.Text = ""
	res, err := a.Search.Search(ctx, plain)
	if err != nil {
		return q, fmt.Errorf("chat: the search failed: %w", err)
	}
	if res.Total == 0 && s.Result.Total > 0 || !severalKinds(s.State) && !isLeaf(s.Reader.Schema, categoryOf(s.State)) && s.said(q.Text) {
		return q, nil // of a whole department the words say what is wanted: "dog food" is not just any food
	}
	s.Result, s.Unread = res, searchWords(s.State)
	return plain, nil
}

// said says whether words of the need were said in this turn together with what it is about.
func (s *Situation) said(words string) bool {
	named := slices.ContainsFunc(s.Delta.Set, func(c nlu.Constraint) bool { return c.Facet == catalog.FacetCategory })
	return named && slices.ContainsFunc(s.Delta.Keywords, func(k string) bool { return strings.Contains(words, k) })
}

// carriedAtAll asks once more without conditions before something is said not to be carried: whether a shop has tea does not depend on what it may cost.
func (a *Assistant) carriedAtAll(ctx context.Context, s *Situation, q catalog.Query) error {
	if s.Result.Carried || q.Text == "" || len(q.Constraints)+len(q.Exclude) == 0 {
		return nil
	}
	bare := q
	bare.Constraints, bare.Exclude, bare.Limit = nil, nil, 1
	res, err := a.Search.Search(ctx, bare)
	if err != nil {
		return fmt.Errorf("chat: the search failed: %w", err)
	}
	s.Result.Carried = res.Carried
	return nil
}

// nearest finds what would fit after the first relaxation, to be shown beside it.
func (a *Assistant) nearest(ctx context.Context, s *Situation, q catalog.Query) error {
	res, err := a.Search.Search(ctx, relaxed(q, s.Relax[0]))
	if err != nil {
		return fmt.Errorf("chat: the search failed: %w", err)
	}
	s.Hits, err = a.rank(ctx, s, res)
	return err
}

func (a *Assistant) ranker(r *Reader) Ranker {
	if a.Rank != nil {
		return a.Rank
	}
	return NeedRanker{Reader: func(nlu.State) *Reader { return r }}
}

// rankedBy names who has a say in the order.
func (a *Assistant) rankedBy(r *Reader) string {
	if a.Opinion == nil {
		return a.ranker(r).Name()
	}
	return a.Opinion.Name() + "+" + a.ranker(r).Name()
}

func (a *Assistant) rank(ctx context.Context, s *Situation, r *catalog.Result) ([]catalog.Hit, error) {
	scored := *r
	var err error
	if a.Opinion != nil {
		if scored.Hits, err = a.Opinion.Rank(ctx, s.State, r); err != nil {
			return nil, fmt.Errorf("chat: scoring failed: %w", err)
		}
	}
	hits, err := a.ranker(s.Reader).Rank(ctx, s.State, &scored)
	if err != nil {
		return nil, fmt.Errorf("chat: ranking failed: %w", err)
	}
	s.inOrder(hits)
	return hits, nil
}

// query is the need as a search. Conditions on what the catalogue no longer has are left out of it.
func (a *Assistant) query(s Situation) catalog.Query {
	q := catalog.Query{Text: strings.Join(searchWords(s.State), " "), Lang: s.State.Lang, Market: a.Market, Now: s.Reader.Now, Limit: maxHits,
		Exclude: slices.Clone(s.State.Rejected), Facets: countable(s)}
	for _, c := range s.State.Constraints {
		if searchable(c.Constraint, s.Reader.Schema) {
			q.Constraints = append(q.Constraints, c.Constraint)
		}
	}
	if act := mainAct(s); act == nlu.ActMore || act == nlu.ActReject {
		q.Exclude = slices.Concat(q.Exclude, s.Before.Seen, s.Before.Shown)
	}
	return q
}

// searchWords are the keywords that name goods; "cheapest" only says in which order to show them.
func searchWords(s nlu.State) []string {
	return slices.DeleteFunc(slices.Clone(s.Keywords), func(k string) bool { facet, _ := nlu.OrderWish(k); return facet != "" })
}

// inOrder puts the cheapest, the dearest or the best rated first, if that was asked for. What cannot be had stays behind what can.
func (s *Situation) inOrder(hits []catalog.Hit) {
	facet, want := "", 0
	for _, k := range s.State.Keywords {
		if f, w := nlu.OrderWish(k); f != "" {
			facet, want = f, w
		}
	}
	if facet == "" {
		return
	}
	slices.SortStableFunc(hits, func(x, y catalog.Hit) int {
		if c := soldOutLast(x, y); c != 0 {
			return c
		}
		if facet == catalog.FacetRating {
			return want * cmp.Compare(average(y.Product), average(x.Product))
		}
		p, knownX := s.Reader.Price(x.Product, "")
		q, knownY := s.Reader.Price(y.Product, "")
		if !knownX || !knownY || p.Currency != q.Currency {
			return 0
		}
		return want * cmp.Compare(q.Minor, p.Minor)
	})
}

// average is a product's rating, 0 if nobody has rated it.
func average(p *catalog.Product) float64 {
	if p.Rating == nil {
		return 0
	}
	return p.Rating.Average
}

func searchable(c catalog.Constraint, sc *catalog.Schema) bool {
	if !knownFacet(c.Facet, sc) || len(c.Values) == 0 {
		return false
	}
	return !slices.ContainsFunc(c.Values, func(v catalog.Value) bool { return !validValue(c.Facet, v, sc) })
}

// countable are the facets over which the candidates are to be counted: what may be asked about. nil leaves it to the search.
func countable(s Situation) []string {
	for _, c := range s.State.Constraints {
		if c.Facet != catalog.FacetCategory || c.Op == catalog.OpNe || len(c.Values) != 1 {
			continue
		}
		ids := []string{catalog.FacetPrice, catalog.FacetBrand}
		if !isLeaf(s.Reader.Schema, c.Values[0].Str()) {
			ids = append(ids, catalog.FacetCategory)
		}
		for _, f := range s.Reader.Schema.FacetsOf(c.Values[0].Str()) {
			if len(ids) < 16 {
				ids = append(ids, f.ID)
			}
		}
		return ids
	}
	return nil
}

// word has the plan worded and streams each sentence once it is checked. If the wording is late, fails or says what no row proves, the stand-in words all
// of it again; what was streamed until then is replaced by the reply.
func (a *Assistant) word(ctx context.Context, p *Plan, emit func(string)) (drafts []Draft, by string, err error) {
	rows, err := a.read(ctx, p.ids())
	if err != nil {
		return nil, "", err
	}
	standIn := a.FallbackWording
	if standIn == nil {
		standIn = Templates{}
	}
	sent := false
	for _, w := range []Wording{a.Wording, standIn} {
		if w == nil {
			continue
		}
		drafts, first := []Draft(nil), !sent
		err = listen(ctx, w, p, orElse(a.WordDeadline, wordDeadline), func(d Draft) error {
			one, err := check([]Draft{d}, p, rows)
			if err != nil && !errors.Is(err, ErrStale) {
				return err
			}
			drafts = append(drafts, d) // a stale one too: what holds is judged once more at the end
			if err != nil || !first {
				return nil
			}
			if sent {
				one.text = p.Reader.words().join + one.text
			}
			sent = true
			emit(one.text)
			return nil
		})
		if err == nil && len(drafts) > 0 {
			return drafts, w.Name(), nil
		}
	}
	if err == nil {
		err = ErrStale
	}
	return nil, "", err
}

// listen passes a wording's sentences on until its deadline. Sentences that come later go nowhere.
func listen(ctx context.Context, w Wording, p *Plan, limit time.Duration, use func(Draft) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	sentences := make(chan Draft)
	ended := make(chan error, 1)
	go func() {
		_, err := within(ctx, limit, func(ctx context.Context) (struct{}, error) {
			return struct{}{}, w.Word(ctx, p, func(d Draft) error {
				select {
				case sentences <- d:
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			})
		})
		ended <- err
	}()
	for n := 0; ; n++ {
		select {
		case d := <-sentences:
			if n >= maxDrafts {
				return fmt.Errorf("%w: more than %d sentences", ErrUngrounded, maxDrafts)
			}
			if err := use(d); err != nil {
				return err
			}
		case err := <-ended:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// ids are the products of which the plan speaks.
func (p *Plan) ids() []string {
	var ids []string
	for _, it := range p.Items {
		ids = append(ids, it.Product.ID)
	}
	for _, l := range p.Cart {
		ids = append(ids, l.Product)
	}
	return ids
}

// effect is what the reply does to the state: what is on the table now, what the talk is about, and which question is open.
func (p *Plan) effect(s Situation, rows map[string]*catalog.Product) Effect {
	e := Effect{Focus: p.Focus, Asked: p.Offer, SetCart: p.SetCart}
	if p.SetCart {
		e.Cart = append([]nlu.CartLine{}, p.Cart...)
	}
	switch {
	case p.Question != nil:
		e.Asked = p.Question.Facet.ID
	case e.Asked == "" && !strings.HasPrefix(s.State.Asked, "+"):
		e.Asked = s.State.Asked // a question asked in between leaves the open one open; Apply has closed it if the turn answered it
	}
	live := p.live(rows)
	switch p.Kind {
	case PlanAsk, PlanShow, PlanNotCarried, PlanCompare, PlanRelax:
		for _, it := range p.Items {
			if live[it.Product.ID] != nil {
				e.Shown = append(e.Shown, it.Product.ID)
			}
		}
	}
	switch {
	case p.Note == NoteVariant:
		e.Adding = nlu.CartLine{Product: p.Focus, Quantity: p.Quantity}
	case e.Asked != "" && e.Asked == s.Before.Asked: // the question of which variant is still open
		e.Adding = s.Before.Adding
	}
	if p.Kind == PlanNotCarried && categoryOf(s.State) == "" {
		e.DropKeywords = s.State.Keywords // what the shop does not have is no part of what is asked next
	}
	if e.Shown != nil && !s.Delta.NewNeed {
		for _, id := range slices.Concat(s.Before.Seen, s.Before.Shown) {
			if !slices.Contains(e.Seen, id) && !slices.Contains(e.Shown, id) {
				e.Seen = append(e.Seen, id)
			}
		}
		e.Seen = e.Seen[max(0, len(e.Seen)-maxSeen):]
	}
	return e
}
