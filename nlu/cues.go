package nlu

import (
	"strings"
	"sync"
)

// cue is what a small phrase does to the words around it.
type cue uint8

const (
	cueNone       cue = iota
	cueStop           // carries nothing
	cueWant           // a wish follows; ends a negation in Chinese (不要红的要蓝的)
	cueNeg            // excludes what follows in its clause
	cueExcept         // the same, and all else is welcome
	cueNotNeeded      // what follows is no condition: "doesn't have to be"
	cueDontCare       // what its clause names does not matter
	cueAny            // the facet named next does not matter: "any colour"
	cueDrop           // what its clause names no longer holds: "forget the budget"
	cueSoft           // what its clause names is a wish
	cueHard           // what its clause names is a must
	cueBut            // starts a new clause
	cueCorrect        // what follows replaces what was said
	cueLE             // before a number
	cueGE             //
	cueBetween        //
	cueAbout          //
	cueLEAfter        // after a number
	cueGEAfter        //
	cueAboutAfter     //
	cueSomeAfter      // 出头: a little more
	cueSpend          // a number near it is money
	cueLarger         // "higher", "more" and the like before the name of a facet
	cueSmaller        //
	cueCompare        // "cheaper": payload is a quality
	cueMost           // "cheapest": payload is a quality
	cueToo            // "too expensive": payload is the quality wished for
	cueQuestion       // makes a question of its clause
	cueThis           // points to an item: it, 这个
	cueThese          // points to several
	cueDet            // "the", 那个: what follows may point to an item
	cueOne            // "one", 款: stands for an item
	cueHead           // a preposition that ends the head of a noun phrase
	cueOr             // joins alternatives
	cueRating         // stars
	cueWell           // "well reviewed"
	cueMoreBudget     // the shopper can spend more than said
	cueCountryTo      // a destination follows
	cueGift           // what it is bought for: a gift, a birthday
)

// cueMatch is one cue at tokens [i, j).
type cueMatch struct {
	kind    cue
	payload int // of cueCompare, cueMost, cueToo: index into qualities
	i, j    int
}

// rules is everything compiled from the tables, made once.
type rulebook struct {
	cues     *trie
	cueOf    []cueMatch // kind and payload by pattern id
	acts     *trie
	actOf    []actRule
	stopword map[string]bool // single tokens and phrases that carry nothing, joined by blanks
}

var book = sync.OnceValue(func() *rulebook {
	b := &rulebook{cues: newTrie(), acts: newTrie(), stopword: map[string]bool{}}
	for _, table := range []map[cue]string{cuesEN, cuesZH} {
		for kind := cueNone; kind <= cueGift; kind++ {
			b.addCues(kind, 0, table[kind])
		}
	}
	for i, q := range qualities {
		b.addCues(cueCompare, i, q.comparative)
		b.addCues(cueMost, i, q.superlative)
		for _, p := range fields(q.too) {
			b.addCue(cueToo, i, "(too|a bit|a little|bit|so|very|rather|quite|kind of|kinda|overly|really) [too|so] "+p)
			b.addCue(cueToo, i, "not so "+p)
		}
		for _, a := range fields(q.zh) {
			b.addCue(cueCompare, i, a+"(一点|点|些|一些|点儿|一点儿)")
			b.addCue(cueCompare, i, "(更|再|更加)"+a+"[一点|点|些|一些|点儿|的]")
			b.addCue(cueMost, i, "最"+a)
			b.addCue(cueMost, i, a+"[一点|点|些|一些]的(那个|那款|这个|那件|那双|那台|那条|那把)")
			b.addCue(cueMost, i, "(那个|那款|那件|那双|那台|那条|那把)[最|更|比较]"+a+"[一点|点|些|一些]的")
		}
		for _, a := range fields(q.zhToo) {
			b.addCue(cueToo, i, "(太|有点|有点儿|有些|偏|好|这么|过于|稍微有点|略)"+a+"[了|了点|了一点]")
			b.addCue(cueToo, i, a+"了(一点|点|些)")
		}
	}
	for _, table := range [][]actRule{actsEN, actsZH} {
		for _, r := range table {
			for _, p := range fields(r.patterns) {
				b.acts.add(p, int32(len(b.actOf)))
			}
			b.actOf = append(b.actOf, r)
		}
	}
	return b
})

func (b *rulebook) addCues(kind cue, payload int, patterns string) {
	for _, p := range fields(patterns) {
		b.addCue(kind, payload, p)
	}
}

func (b *rulebook) addCue(kind cue, payload int, pattern string) {
	b.cues.add(pattern, int32(len(b.cueOf)))
	b.cueOf = append(b.cueOf, cueMatch{kind: kind, payload: payload})
	if kind == cueStop || kind == cueDet || kind == cueThis || kind == cueOne || kind == cueQuestion || kind == cueHead {
		for _, seq := range expand(pattern) {
			b.stopword[strings.Join(seq, " ")] = true
		}
	}
}

// fields cuts a table's text into patterns: one a line, or several on a line between commas.
func fields(s string) []string {
	var out []string
	for _, line := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == ',' }) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// quality is a way in which one item can surpass another, with its names. want is +1 if the shopper wants more of it, -1 if less. facet, names and dims say which
// facet it is measured by: a fixed one, one with such a name, or one with a unit of such a dimension.
type quality struct {
	want                          int
	facet                         string
	names                         string
	dims                          string
	comparative, superlative, too string
	zh, zhToo                     string // adjectives; zhToo is what one complains of
}

var qualities = []quality{
	{want: -1, facet: "price", comparative: "cheaper, less expensive, more affordable, lower price, lower priced, less pricey, less costly, more budget friendly, lower cost, less money",
		superlative: "cheapest, least expensive, most affordable, lowest price, lowest priced",
		too:         "expensive, pricey, pricy, costly, dear, much money, steep, much for me, overpriced", zh: "便宜, 实惠, 划算, 平价", zhToo: "贵, 高价, 多钱, 费钱"},
	{want: +1, facet: "price", comparative: "more expensive, pricier, higher end, more upmarket, more premium", superlative: "most expensive, priciest, dearest", too: "cheap",
		zh: "贵, 高档, 高端", zhToo: "便宜"},
	{want: -1, names: "weight 重量", dims: "weight", comparative: "lighter, more lightweight, less heavy", superlative: "lightest", too: "heavy", zh: "轻, 轻便, 轻量", zhToo: "重, 沉"},
	{want: +1, names: "weight 重量", dims: "weight", comparative: "heavier", superlative: "heaviest", too: "light", zh: "重", zhToo: "轻"},
	{want: +1, names: "volume capacity size screen 容量 尺寸 屏幕", dims: "volume people length data count area", comparative: "bigger, larger, roomier, more spacious, more roomy",
		superlative: "biggest, largest, roomiest, most spacious", too: "small, tiny, cramped, little", zh: "大, 宽敞", zhToo: "小"},
	{want: -1, names: "volume capacity size screen 容量 尺寸 屏幕", dims: "volume people length data count area", comparative: "smaller, more compact, tinier, less bulky",
		superlative: "smallest, most compact, tiniest", too: "big, large, bulky, huge", zh: "小, 小巧, 迷你", zhToo: "大"},
	{want: +1, names: "length 长度", dims: "length time", comparative: "longer", superlative: "longest", too: "short", zh: "长", zhToo: "短"},
	{want: -1, names: "length 长度", dims: "length time", comparative: "shorter", superlative: "shortest", too: "long", zh: "短", zhToo: "长"},
	{want: +1, names: "height 高度", comparative: "taller", superlative: "tallest", zh: "高", zhToo: "矮, 低"},
	{want: -1, names: "height 高度", superlative: "lowest", too: "tall, high", zh: "矮, 低", zhToo: "高"},
	{want: +1, names: "width 宽度", comparative: "wider, broader", superlative: "widest", too: "narrow", zh: "宽", zhToo: "窄"},
	{want: -1, names: "width 宽度", comparative: "narrower", superlative: "narrowest", too: "wide", zh: "窄", zhToo: "宽"},
	{want: +1, names: "thickness height 厚度", comparative: "thicker", superlative: "thickest", too: "thin", zh: "厚", zhToo: "薄"},
	{want: -1, names: "thickness 厚度", comparative: "thinner, slimmer", superlative: "thinnest, slimmest", too: "thick", zh: "薄, 纤薄", zhToo: "厚"},
	{want: -1, names: "noise 噪音 噪声", dims: "loudness", comparative: "quieter, less noisy, more silent, less loud", superlative: "quietest", too: "loud, noisy", zh: "安静, 静音", zhToo: "吵, 响"},
	{want: +1, names: "loudness 音量", dims: "loudness", comparative: "louder", superlative: "loudest", too: "quiet", zh: "响", zhToo: ""},
	{want: +1, names: "brightness 亮度", dims: "light", comparative: "brighter", superlative: "brightest", too: "dim, dark", zh: "亮", zhToo: "暗"},
	{want: -1, names: "brightness 亮度", dims: "light", comparative: "dimmer", superlative: "dimmest", too: "bright", zh: "暗", zhToo: "亮, 刺眼"},
	{want: +1, names: "speed 速度", dims: "speed rate frequency rotation", comparative: "faster, quicker", superlative: "fastest, quickest", too: "slow", zh: "快", zhToo: "慢"},
	{want: +1, names: "power 功率", dims: "power torque pressure", comparative: "more powerful, stronger", superlative: "most powerful, strongest", too: "weak", zh: "强劲, 强, 大功率", zhToo: "弱"},
	{want: +1, names: "tog insulation fill 保暖", dims: "insulation", comparative: "warmer", superlative: "warmest", too: "cold", zh: "暖, 暖和, 保暖", zhToo: "冷"},
	{want: +1, facet: "rating", comparative: "better rated, higher rated, better reviewed, better reviews, more popular", superlative: "best rated, highest rated, top rated, best reviewed, most popular",
		zh: "评分高, 评价好, 受欢迎"},
}
