package nlu

import "strings"

// A colour word in the name of a product is no colour: orange juice is not juice in orange. compoundNouns lists, by such words, the nouns that they make a name
// with. Names that the catalogue has itself ("green tea") need no entry: there the longer phrase wins.
var compoundNouns = func() map[string]map[string]bool {
	foods := "juice jam marmalade oil tea candy sweet seed syrup extract essence sauce powder jelly cake ice cream yoghurt yogurt liqueur wine water soda squash peel zest milk honey blossom salt sugar butter vinegar flavour soap"
	m := map[string]map[string]bool{}
	add := func(words, nouns string) {
		for _, w := range strings.Fields(words) {
			m[w] = wordSet(nouns)
		}
	}
	add("orange peach cherry lemon lime plum mint lavender olive rose apricot violet mustard caramel honey raspberry strawberry blueberry cranberry grape mango melon coconut vanilla almond walnut", foods+" tree plant pie tomato")
	add("coffee", "table bean maker machine cup mug grinder pot filter press capsule pod roaster scale creamer powder liqueur syrup")
	add("chocolate", "bar cake milk egg spread powder chip biscuit cookie box gift truffle bean fountain mould")
	add("cream", "cheese cracker soda tea dispenser whipper")
	add("black", "tea pepper bean garlic sesame pudding rice coffee vinegar board hole box forest cumin salt friday")
	add("white", "tea wine rice pepper board noise chocolate sugar bread bean flour vinegar label goods")
	add("red", "tea wine meat bean lentil pepper onion cabbage bull date vinegar")
	add("green", "tea bean onion pepper screen salad lentil curry house")
	add("brown", "rice sugar bread sauce")
	add("blue", "cheese light ray")
	add("yellow", "bean wine split pepper")
	add("dark", "chocolate")
	add("gold silver bronze copper", "bar coin bullion medal foil leaf polish cleaner ore wire")
	add("silver", "bar coin bullion medal foil polish cleaner ware cutlery")
	add("ivory camel salmon champagne coral", "tower soap hair fillet steak roe oil glass flute bottle reef milk")
	return m
}()

// compoundsZH are Chinese names of products that begin with a colour word.
var compoundsZH = wordSet(`橙汁 橙子 橙皮 橙酒 咖啡桌 咖啡壶 咖啡杯 咖啡粉 咖啡液 咖啡渣 咖啡勺 咖啡滤纸 咖啡机 咖啡豆 红茶 绿茶 白茶 黑茶 黄茶 红酒 白酒 黄酒 红糖 白糖 黑糖 红枣 红豆 绿豆 黑豆 黄豆 黑米 白米 红薯 紫薯 紫菜 白菜 青菜 黄瓜 红牛
黑胡椒 白胡椒 黑巧克力 白巧克力 黑芝麻 白芝麻 黑板 白板 黑木耳 银耳 白醋 黑蒜 红木 金鱼 银行 绿植 蓝莓 蓝牙 蓝光 白噪音 黑咖啡 玫瑰水 玫瑰精油 玫瑰酱 玫瑰花 薰衣草精油 薄荷糖 薄荷油 薄荷茶 柠檬水 柠檬汁 柠檬茶 桃汁 桃酒 橄榄油 樱桃酒
香槟酒 香槟杯 奶油蛋糕 奶油芝士 巧克力棒 巧克力蛋糕 巧克力酱 抹茶粉 抹茶蛋糕 珊瑚绒 紫砂壶 白葡萄酒 红葡萄酒 红烧 金针菇 红外`)

// findCompounds finds the names of products that begin with a colour word, unless the catalogue has a longer phrase there.
func (w *work) findCompounds() {
	toks := w.r.toks
	for i := range toks {
		j := compoundAt(toks, i)
		if j == 0 {
			continue
		}
		if ms := w.lex.matchesAt(toks, i); len(ms) > 0 && ms[0].j >= j {
			continue
		}
		if w.compounds == nil {
			w.compounds = map[int]int{}
		}
		w.compounds[i] = j
	}
}

// compoundAt is the end of such a name at token i, 0 if there is none.
func compoundAt(toks []token, i int) int {
	switch toks[i].kind {
	case tokWord:
		if i+1 < len(toks) && toks[i+1].kind == tokWord && compoundNouns[toks[i].text][toks[i+1].stem] {
			return i + 2
		}
	case tokHan:
		for j := min(len(toks), i+5); j > i+1; j-- {
			if toks[j-1].kind == tokHan && compoundsZH[joinTokens(toks[i:j])] {
				return j
			}
		}
	}
	return 0
}
