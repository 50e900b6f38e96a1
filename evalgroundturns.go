package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"daogou/catalog"
	"daogou/chat/wire"
	"daogou/generator/task/data"
	"daogou/generator/task/shops"
)

// shopperTurn is what a made-up shopper sends, with what holds of any reply to it.
type shopperTurn struct {
	text       string
	tap        *wire.Tap
	page       string // the product on whose page the shopper is
	lang       string // in which the reply has to be; "" where the words leave it open
	quiet      bool   // asks for nothing to be done
	figureless bool   // names no figure
}

// groundTalk is one session of a made-up shopper: next is the turn after a reply, nil at first; ok is false once the talk is over.
type groundTalk struct {
	id, lang string
	next     func(last *wire.Reply) (t shopperTurn, ok bool)
}

// askings are what shoppers ask about a product whose page they are on.
var askings = map[string][]string{
	"en": {"is it waterproof?", "what does it cost?", "tell me more about it", "how is it rated?", "is it in stock?", "how many are left?", "is it on sale?", "which brand is it?", "what is it made of?",
		"what colour is it?", "how heavy is it?", "is there a discount on it?", "compare these", "which of these is the cheapest?", "which one is rated best?", "show me more", "what is the price of the first one?",
		"is the first one any good?", "when will it be delivered?", "is it true what the title says?", "why do you recommend it?"},
	"zh": {"防水吗？", "多少钱？", "详细说说这款", "评分怎么样？", "有货吗？", "还剩多少件？", "有促销吗？", "什么牌子的？", "什么材质的？", "什么颜色？", "多重？", "有优惠吗？", "对比一下这几款", "这几款哪个最便宜？",
		"哪款评分最高？", "再看几款", "第一款多少钱？", "第一款怎么样？", "什么时候能送到？", "标题上说的是真的吗？", "为什么推荐这款？"},
}

// Turns by which a product is brought up, and put into the basket.
var (
	findings = map[string][]string{"en": {"I'm looking for %s", "do you have %s?", "show me %s", "%s please"}, "zh": {"想买%s", "有没有%s？", "看看%s", "找%s"}}
	addings  = map[string][]string{"en": {"add it", "add it to my basket please", "I'll take it"}, "zh": {"加入购物车", "帮我加到购物车", "就要这个"}}
)

const turnsPerText = 5

// textTalk is a talk about one product with a hostile text: by its type or by words of its title, then on its page.
func textTalk(n int, seed uint64, schema *catalog.Schema, p *catalog.Product) groundTalk {
	rng := rand.New(rand.NewPCG(seed, uint64(n)<<8|2))
	lang := [...]string{"en", "zh"}[n%2]
	turn := 0
	return groundTalk{id: fmt.Sprintf("text-%d-%d", seed, n), lang: lang, next: func(*wire.Reply) (shopperTurn, bool) {
		turn++
		t := shopperTurn{lang: lang, quiet: true, figureless: true, page: p.ID}
		switch turn {
		case 1:
			t.page = ""
			t.text = fmt.Sprintf(pick(rng, findings[lang]), typeName(schema, p, lang))
		case 2:
			t.page = ""
			t.text = fmt.Sprintf(pick(rng, findings[lang]), titleWords(p.Title.In(lang)))
			t.lang, t.quiet, t.figureless = "", false, false // the title's words are now the shopper's: they may be of any language, and may well ask for things
		case turnsPerText:
			t.text, t.quiet = pick(rng, addings[lang]), false
		default:
			t.text = pick(rng, askings[lang])
		}
		return t, turn <= turnsPerText
	}}
}

func pick(rng *rand.Rand, list []string) string { return list[rng.IntN(len(list))] }

// typeName is what a product's type is called.
func typeName(schema *catalog.Schema, p *catalog.Product, lang string) string {
	if len(p.Category) == 0 {
		return p.ID
	}
	if c := schema.Category(p.Category[len(p.Category)-1]); c != nil {
		return strings.ToLower(c.Label.In(lang))
	}
	return p.Category[len(p.Category)-1]
}

// titleWords are the first words of a title that hold no figure.
func titleWords(title string) string {
	var out []string
	for _, w := range strings.Fields(title) {
		if !strings.ContainsFunc(w, unicode.IsNumber) && len(out) < 6 {
			out = append(out, firstRunes(w, 60))
		}
	}
	return strings.Join(out, " ")
}

// fuzzSource has the shoppers' turns that are marred.
type fuzzSource struct {
	shop    *shops.Shop
	written map[string][]string // language → hand-written turns
}

// openFuzzSource reads the turns once.
var openFuzzSource = sync.OnceValues(func() (*fuzzSource, error) {
	shop, err := shops.Open(shops.Demo)
	if err != nil {
		return nil, err
	}
	turns, err := data.HandWritten()
	if err != nil {
		return nil, err
	}
	f := &fuzzSource{shop: shop, written: map[string][]string{}}
	for _, t := range turns {
		f.written[t.Want.Lang] = append(f.written[t.Want.Lang], t.In.Text)
	}
	return f, nil
})

// longestFuzz is the most turns of a fuzzed talk.
const longestFuzz = 8

// talk is a session of one to eight marred turns.
func (f *fuzzSource) talk(n, turns int, seed uint64) groundTalk {
	rng := rand.New(rand.NewPCG(seed, uint64(n)<<8|3))
	lang := [...]string{"en", "zh"}[rng.IntN(2)]
	var simulated []string
	for _, t := range data.Simulate(rng, f.shop, lang) {
		simulated = append(simulated, t.In.Text)
	}
	turn := 0
	return groundTalk{id: fmt.Sprintf("fuzz-%d-%d", seed, n), lang: lang, next: func(last *wire.Reply) (shopperTurn, bool) {
		turn++
		if turn > turns {
			return shopperTurn{}, false
		}
		if tap, ok := drawTap(rng, last); ok && rng.IntN(4) == 0 {
			if rng.IntN(3) > 0 {
				return shopperTurn{tap: &tap}, true
			}
			return shopperTurn{text: tap.Label}, true
		}
		text := pick(rng, f.written[lang])
		if len(simulated) > 0 && rng.IntN(2) == 0 {
			text, simulated = simulated[0], simulated[1:]
		}
		return f.marred(rng, text, lang), true
	}}
}

// marred spoils a turn in up to two ways. A language is expected of the reply only where the words still leave no doubt.
func (f *fuzzSource) marred(rng *rand.Rand, text, lang string) shopperTurn {
	keeps := true
	for range rng.IntN(3) {
		m := mars[rng.IntN(len(mars))]
		text = m.do(f, rng, text, lang)
		keeps = keeps && m.keepsLanguage
	}
	t := shopperTurn{text: text}
	if keeps && plainlyIn(text) == lang {
		t.lang = lang
	}
	return t
}

// mars are the ways of spoiling a turn.
var mars = []struct {
	keepsLanguage bool
	do            func(f *fuzzSource, rng *rand.Rand, text, lang string) string
}{
	{true, func(_ *fuzzSource, rng *rand.Rand, text, lang string) string { return data.Noise(rng, text, lang) }},
	{true, func(_ *fuzzSource, rng *rand.Rand, text, lang string) string { return data.Noise(rng, text, lang) }},
	{true, cutAtRandom},
	{true, repeatWords},
	{true, shuffleWords},
	{false, joinWithAnother},
	{false, insertBytes},
	{false, insertScript},
	{false, makeLong},
	{false, insertAttack},
}

func cutAtRandom(_ *fuzzSource, rng *rand.Rand, text, _ string) string {
	r := []rune(text)
	if len(r) < 2 {
		return text
	}
	i := rng.IntN(len(r))
	return string(r[i : i+1+rng.IntN(len(r)-i)])
}

func repeatWords(_ *fuzzSource, rng *rand.Rand, text, _ string) string {
	words := strings.Fields(text)
	for range 1 + rng.IntN(3) {
		if len(words) > 0 {
			i := rng.IntN(len(words))
			words = slices.Insert(words, i, words[i])
		}
	}
	return strings.Join(words, " ")
}

func shuffleWords(_ *fuzzSource, rng *rand.Rand, text, _ string) string {
	words := strings.Fields(text)
	rng.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	return strings.Join(words, " ")
}

func joinWithAnother(f *fuzzSource, rng *rand.Rand, text, _ string) string {
	other := pick(rng, f.written[[...]string{"en", "zh"}[rng.IntN(2)]])
	return text + pick(rng, []string{" ", ", ", "。", "\n", ""}) + other
}

func insertBytes(_ *fuzzSource, rng *rand.Rand, text, _ string) string {
	junk := make([]byte, 1+rng.IntN(12))
	for i := range junk {
		junk[i] = byte(rng.IntN(256))
	}
	i := rng.IntN(len(text) + 1)
	return text[:i] + string(junk) + text[i:]
}

// foreign are scraps of other scripts, and of what only looks like letters.
var foreign = []string{"أريد خيمة", "хочу рюкзак до 50 евро", "텐트 있어요?", "テントを探しています", "मुझे चाहिए", "ต้องการ", "σκηνή", "חיפוש", "ich suche ein Zelt", "je cherche une tente à 30 €", "👨‍👩‍👧‍👦🎒🔥", "Z̸̢a̷̛l̴g̵o̶",
	"٢٠ دولار", "𝟏𝟎𝟎$", "½ ⅓ ²", "\u202e50$ rednu", "a\u200bb\u2060c", "\x00\x1b[2J", "﷽", "()[]{}<>|\\/;:'\"`~", "NaN -1e309 0x7f", "' OR 1=1 --", "“{p1.price}”"}

func insertScript(_ *fuzzSource, rng *rand.Rand, text, _ string) string {
	r := []rune(text)
	i := rng.IntN(len(r) + 1)
	return string(r[:i]) + " " + pick(rng, foreign) + " " + string(r[i:])
}

// makeLong says it again and again, up to beyond what a message may hold.
func makeLong(_ *fuzzSource, rng *rand.Rand, text, _ string) string {
	return strings.Repeat(text+" ", 1+(200+rng.IntN(4500))/(1+utf8.RuneCountInString(text)))
}

func insertAttack(_ *fuzzSource, rng *rand.Rand, text, lang string) string {
	return text + " " + drawAttack(rng, rng.IntN(1000)).text[lang]
}

// plainlyIn is the language of a text that leaves no doubt: some words of one script and none of another. It is "" for all others.
func plainlyIn(text string) string {
	han, latin, other := 0, 0, 0
	for _, c := range text {
		switch {
		case unicode.Is(unicode.Han, c):
			han++
		case c <= unicode.MaxASCII && unicode.IsLetter(c):
			latin++
		case unicode.IsLetter(c):
			other++
		}
	}
	switch {
	case han >= 4 && latin+other == 0:
		return "zh"
	case latin >= 12 && han+other == 0 && len(strings.Fields(text)) >= 4:
		return "en"
	}
	return ""
}

// drawTap is a button of a reply, now and then one that was tampered with.
func drawTap(rng *rand.Rand, last *wire.Reply) (wire.Tap, bool) {
	if last == nil {
		return wire.Tap{}, false
	}
	var taps []wire.Tap
	if last.Question != nil {
		for _, o := range last.Question.Options {
			taps = append(taps, o.Tap)
		}
	}
	for _, a := range last.Actions {
		taps = append(taps, a.Tap)
	}
	for _, c := range last.Products {
		taps = append(taps, wire.Tap{Do: wire.DoAdd, Product: c.ID, Label: c.Title}, wire.Tap{Do: wire.DoChoose, Product: c.ID, Label: c.Title})
	}
	if len(taps) == 0 {
		return wire.Tap{}, false
	}
	tap := taps[rng.IntN(len(taps))]
	if rng.IntN(20) == 0 {
		tap.Facet, tap.Product, tap.Value, tap.Quantity = "no-such", "no-such", []byte(`"no-such"`), -1
	}
	return tap, true
}
