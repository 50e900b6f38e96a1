package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf8"

	"daogou/catalog"
	"daogou/chat"
	"daogou/chat/wire"
	"daogou/generator/task/data"
	"daogou/nlu"
)

// evalWordCmd has replies worded for plans that come up in made-up talks with a shop, and checks them by code.
type evalWordCmd struct {
	DB      string        `help:"Catalogue database that the talks are about; the demo shop by default." type:"path"`
	Wording string        `help:"Who words: the templates, the model, or the hand-written wordings that it was taught." enum:"template,model,written" default:"template"`
	Model   string        `help:"Folder with model.daogou and tokenizer.json of another model than the one shipped." type:"existingdir"`
	N       int           `help:"Replies a language." default:"500"`
	Print   int           `help:"Print so many of them a language, for reading."`
	Seed    uint64        `help:"Seed of the talks." default:"1"`
	Within  time.Duration `help:"Deadline of a reply's wording, beyond which the templates word it; 0 for the chat's own."`
}

func (c evalWordCmd) Run(ctx context.Context, io streams) error {
	db, done, err := demoOr(ctx, c.DB)
	if err != nil {
		return err
	}
	defer done()
	var wording chat.Wording = chat.Templates{}
	switch c.Wording {
	case "written":
		wording = writtenWording{}
	case "model":
		m, err := openModel(c.Model)
		if err != nil {
			return err
		}
		defer m.Close()
		wording = newModelWording(m)
	}
	tw := tabwriter.NewWriter(io.out, 2, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "lang\twording\treplies\tdifferent\tby stand-in\tkinds\twrong slots\twrong language\trepeated\ttoo long\tsentences\tcharacters\tdistinct-2\t")
	var samples []string
	for _, lang := range []string{"en", "zh"} {
		r, err := c.measure(ctx, db, wording, lang)
		if err != nil {
			return err
		}
		fmt.Fprintf(tw, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f\t%.0f\t%.3f\t\n", lang, wording.Name(), r.replies, len(r.different), r.standIn, len(r.kinds), r.slots, r.language,
			r.repeated, r.long, float64(r.sentences)/float64(max(r.replies, 1)), float64(r.characters)/float64(max(r.replies, 1)), distinct2(r.texts))
		samples = append(samples, r.samples...)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	for _, s := range samples {
		fmt.Fprintln(io.out, s)
	}
	return nil
}

// writtenWording says plans in the words that the model is taught with: what it could be at best, and a check that they fit the chat's plans.
type writtenWording struct{}

func (writtenWording) Name() string { return "written" }

func (writtenWording) Word(_ context.Context, p *chat.Plan, emit func(chat.Draft) error) error {
	w, err := data.ReadWordings(p.Lang)
	if err != nil {
		return err
	}
	plan := wordPlan(p)
	said, ok := w.Reply(rand.New(rand.NewPCG(p.Variation, 0)), plan.Points())
	if !ok {
		return fmt.Errorf("a plan of kind %q has points that no wording says", p.Kind)
	}
	for _, s := range said {
		if err := emit(chat.Draft{Text: s}); err != nil {
			return err
		}
	}
	return nil
}

// Most that a reply should be long.
const (
	maxReplySentences = 12
	maxReplyRunes     = 900
)

// wordReport counts what is wrong with replies, and how varied they are.
type wordReport struct {
	replies, standIn, slots, language, repeated, long int
	sentences, characters                             int
	kinds                                             map[chat.PlanKind]bool
	different                                         map[string]bool
	texts, samples                                    []string
}

// recorder passes a wording's sentences on and remembers them with their plan.
type recorder struct {
	chat.Wording
	plan   *chat.Plan
	drafts []chat.Draft
	failed error
}

func (r *recorder) Word(ctx context.Context, p *chat.Plan, emit func(chat.Draft) error) error {
	var drafts []chat.Draft
	err := r.Wording.Word(ctx, p, func(d chat.Draft) error {
		drafts = append(drafts, d)
		return emit(d)
	})
	r.plan, r.drafts, r.failed = p, drafts, err
	return err
}

func (c evalWordCmd) measure(ctx context.Context, db *catalog.DB, wording chat.Wording, lang string) (*wordReport, error) {
	r := &wordReport{kinds: map[chat.PlanKind]bool{}, different: map[string]bool{}}
	rec := &recorder{Wording: wording}
	talks, err := newShopTalks(ctx, db, rec, lang, c)
	if err != nil {
		return nil, err
	}
	for r.replies < c.N {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		body, err := talks.turn(ctx)
		if errors.Is(err, chat.ErrStale) {
			continue
		}
		if err != nil {
			return nil, err
		}
		r.add(rec, body, wording.Name(), c.Print)
	}
	return r, nil
}

func (r *wordReport) add(rec *recorder, body chat.ReplyBody, by string, print int) {
	r.replies++
	r.kinds[rec.plan.Kind] = true
	r.different[fmt.Sprint(rec.drafts)] = true
	r.characters += utf8.RuneCountInString(body.Text)
	if body.Reply == nil || body.Reply.By.Word != by || rec.failed != nil {
		r.standIn++
	}
	var words []string
	for _, d := range rec.drafts {
		words = append(words, blotSlots(d.Text))
	}
	r.sentences += len(rec.drafts)
	for i, d := range rec.drafts {
		if slices.Contains(rec.drafts[:i], d) {
			r.repeated++
			break
		}
	}
	if !slotsHold(rec.drafts, rec.plan) {
		r.slots++
	}
	text := strings.Join(words, " ")
	if !inLanguage(text, rec.plan.Lang) {
		r.language++
	}
	if len(rec.drafts) > maxReplySentences || utf8.RuneCountInString(text) > maxReplyRunes {
		r.long++
	}
	r.texts = append(r.texts, text)
	if len(r.samples) < print {
		r.samples = append(r.samples, fmt.Sprintf("%-12s %s", rec.plan.Kind, body.Text))
	}
}

var braces = regexp.MustCompile(`\{([^{}]*)\}`)

// blotSlots leaves the words of a draft.
func blotSlots(text string) string { return braces.ReplaceAllString(text, "_") }

func slotsHold(drafts []chat.Draft, p *chat.Plan) bool {
	for _, d := range drafts {
		for _, m := range braces.FindAllStringSubmatch(d.Text, -1) {
			if _, ok := p.Facts[m[1]]; !ok {
				return false
			}
		}
		if strings.ContainsAny(braces.ReplaceAllString(d.Text, ""), "{}0123456789") {
			return false
		}
	}
	return true
}

func inLanguage(text, lang string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool {
		return lang == "zh" && unicode.Is(unicode.Latin, c) || lang != "zh" && unicode.Is(unicode.Han, c)
	})
}

// distinct2 is the share of neighbouring word pairs that occur once over all pairs (Li et al. 2016); of Chinese each character is a word, and every slot is the same word.
func distinct2(texts []string) float64 {
	seen, all := map[[2]string]bool{}, 0
	for _, t := range texts {
		words := wordsOf(t)
		for i := 1; i < len(words); i++ {
			seen[[2]string{words[i-1], words[i]}] = true
			all++
		}
	}
	return float64(len(seen)) / float64(max(all, 1))
}

func wordsOf(text string) []string {
	var out []string
	word := ""
	end := func() {
		if word != "" {
			out, word = append(out, word), ""
		}
	}
	for _, c := range strings.ToLower(text) {
		switch {
		case unicode.Is(unicode.Han, c):
			end()
			out = append(out, string(c))
		case unicode.IsLetter(c) || c == '\'' || c == '_':
			word += string(c)
		default:
			end()
		}
	}
	end()
	return out
}

// shopTalks are talks of made-up shoppers: they name goods and conditions of the catalogue, tap, point, ask, compare, fill the basket, and say hello and goodbye.
type shopTalks struct {
	a      *chat.Assistant
	rng    *rand.Rand
	lang   string
	schema *catalog.Schema
	kinds  []catalog.Category
	state  nlu.State
	turns  int
	talk   int
	open   *chat.ReplyBody
}

func newShopTalks(ctx context.Context, db *catalog.DB, w chat.Wording, lang string, c evalWordCmd) (*shopTalks, error) {
	schema, err := db.Schema(ctx)
	if err != nil {
		return nil, err
	}
	t := &shopTalks{rng: rand.New(rand.NewPCG(c.Seed, 0)), lang: lang, schema: schema}
	for _, k := range schema.Categories {
		if k.Count > 3 && k.Label[lang] != "" {
			t.kinds = append(t.kinds, k)
		}
	}
	if len(t.kinds) == 0 {
		return nil, fmt.Errorf("the catalogue has no categories with a name in %q to talk about", lang)
	}
	t.a = &chat.Assistant{Parser: nlu.NewRules(), Search: db, Wording: w, Policies: returnsOnly{}, WordDeadline: c.Within}
	return t, nil
}

// returnsOnly is a shop's text on one question, so that both outcomes come up.
type returnsOnly struct{}

func (returnsOnly) Find(_, text string) (chat.PolicyText, bool) {
	if !strings.Contains(text, "return") && !strings.Contains(text, "退") {
		return chat.PolicyText{}, false
	}
	return chat.PolicyText{ID: "returns", Question: catalog.Text{"en": "Can I return it?", "zh": "可以退货吗？"},
		Answer: catalog.Text{"en": "Within 30 days, unused.", "zh": "签收后30天内，未使用即可。"}}, true
}

// turn goes on with the talk, or begins another.
func (t *shopTalks) turn(ctx context.Context) (chat.ReplyBody, error) {
	if t.turns == 0 {
		t.state, t.open = nlu.State{Lang: t.lang}, nil
		t.talk++
	}
	in := chat.TurnInput{Session: fmt.Sprintf("talk-%d", t.talk), State: t.state, First: t.turns == 0, History: make([]nlu.Message, 2*t.turns)}
	if in.Tap = t.tap(); in.Tap == nil {
		in.Text = t.says()
	}
	t.turns++
	if t.turns > 4+t.rng.IntN(8) {
		t.turns = 0
	}
	body, err := t.a.Respond(ctx, in, func(string) {})
	if err != nil {
		return body, err
	}
	if body.Delta.Act != "" {
		t.state = body.Effect.Apply(t.state.Apply(body.Delta))
	}
	t.open = &body
	return body, nil
}

// tap is a button of the last reply, now and then.
func (t *shopTalks) tap() *wire.Tap {
	if t.open == nil || t.open.Reply == nil || t.rng.IntN(3) > 0 {
		return nil
	}
	var taps []wire.Tap
	if q := t.open.Reply.Question; q != nil {
		for _, o := range q.Options {
			taps = append(taps, o.Tap)
		}
	}
	for _, a := range t.open.Reply.Actions {
		taps = append(taps, a.Tap)
	}
	if len(taps) == 0 {
		return nil
	}
	return &taps[t.rng.IntN(len(taps))]
}

// Turns that any shopper may say; %s is a kind of goods.
var shopperSays = map[string][]string{
	"en": {"hello", "I need %s", "%s please", "%s under 60 dollars", "cheap %s", "do you have %s?", "%s, not black", "something waterproof", "under 30 bucks", "at least 4 stars", "on sale only",
		"not the first brand", "preferably red", "any colour is fine", "price doesn't matter", "show me more", "none of these", "compare the first two", "which one is cheaper?",
		"how much is the first one?", "is it in stock?", "what is the rating of the second?", "how heavy is the first one?", "is the first one waterproof?", "tell me about the first one",
		"the nice one", "add the first one", "add it to my basket", "both please", "remove it", "make it three", "my basket", "checkout", "can I return it?", "do you repair pianos for dogs?",
		"where is my order?", "I want to talk to a person", "thanks", "bye", "start over", "who won the game yesterday?", "hmm blah", "do you sell helicopters?", "no", "yes",
		"it has to ship to Germany", "around 50 euros", "%s and also %s", "a gift for my dad", "bakpack", "as light as possible", "the cosy fluffy kind"},
	"zh": {"你好", "想买%s", "有没有%s", "%s，500块以内", "便宜点的%s", "要%s，不要黑色", "要防水的", "100以内", "评分4星以上", "只看打折的", "最好是红色", "颜色无所谓", "价格不限", "再看几款",
		"这些都不喜欢", "对比前两个", "哪个便宜？", "第一个多少钱？", "有货吗？", "第二个评分多少？", "第一个多重？", "第一个防水吗？", "详细说说第一个", "好看的那个", "把第一个加入购物车", "加入购物车",
		"都要", "不要了，删掉", "要三件", "看看购物车", "结算", "可以退货吗？", "你们修飞机吗？", "我的订单到哪了？", "转人工", "谢谢", "再见", "重新开始", "昨天谁赢了比赛？", "嗯啊哦", "有直升机卖吗",
		"不用", "好的", "寄到德国", "大概50欧元", "%s还有%s", "送爸爸的礼物", "越轻越好", "毛茸茸的那种"},
}

func (t *shopTalks) says() string {
	list := shopperSays[t.lang]
	if t.turns == 0 && t.rng.IntN(4) > 0 {
		list = slices.DeleteFunc(slices.Clone(list), func(s string) bool { return !strings.Contains(s, "%s") })
	}
	say := list[t.rng.IntN(len(list))]
	for strings.Contains(say, "%s") {
		label := t.kinds[t.rng.IntN(len(t.kinds))].Label[t.lang]
		say = strings.Replace(say, "%s", strings.ToLower(label), 1)
	}
	return say
}
