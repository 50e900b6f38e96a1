package chat

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/language/display"

	"daogou/catalog"
	"daogou/catalog/units"
)

var chinese = vocabulary{
	comma: "、", and: "和", or: "或", join: "",
	yesNo: func(b bool) string {
		if b {
			return "是"
		}
		return "否"
	},
	not: func(s string) string { return "不要" + s },
	flag: func(label string, on bool) string {
		if on {
			return label
		}
		return "不要" + label
	},
	stock: func(in bool, left int64) string {
		switch {
		case !in:
			return "暂时缺货"
		case left > 0 && left <= fewUnits:
			return fmt.Sprintf("有货，仅剩%d件", left)
		}
		return "有货"
	},
	rating: func(avg string, n int64) string {
		if n <= 0 {
			return avg + "分（满分5分）"
		}
		return fmt.Sprintf("%s分（%d条评价）", avg, n)
	},
	stars:     func(s string) string { return s + "星" },
	quantity:  chineseQuantity,
	span:      func(lo, hi string) string { return withoutUnit(lo, hi) + "–" + hi },
	named:     func(name, amount string) string { return name + amount },
	atMost:    func(name, amount string) string { return name + amount + "以内" },
	atLeast:   func(name, amount string) string { return name + amount + "以上" },
	matches:   func(n int) string { return strconv.Itoa(n) + "款" },
	products:  func(n int) string { return strconv.Itoa(n) + "件商品" },
	country:   func(iso string) string { return regionName(display.Chinese.Regions(), iso) },
	currency:  map[string]string{"USD": "美元", "EUR": "欧元", "GBP": "英镑", "CNY": "人民币", "JPY": "日元", "CHF": "瑞士法郎", "CAD": "加元", "AUD": "澳元", "HKD": "港币", "KRW": "韩元", "INR": "卢比", "TWD": "新台币", "SGD": "新加坡元"},
	shipsFrom: func(s string) string { return s + "发货" },
	reason:    chineseReason,
	askFor:    chineseAsk,
	answer:    chineseAnswer,
	splits:    func(from, to int) string { return fmt.Sprintf("可从%d款缩小到约%d款", from, to) },
	columns: map[string]string{
		colTitle: "名称", colBrand: "品牌", colPrice: "价格", colWas: "原价", colStock: "库存", colRating: "评分",
		catalog.FacetInStock: "有货", catalog.FacetOnSale: "促销", catalog.FacetShipsFrom: "发货地", catalog.FacetCategory: "类别",
	},
	button: map[string]string{
		"more": "再看几款", "person": "转人工", "checkout": "去结算", "add": "加入购物车", "compare": "对比这几款",
		"reset": "重新开始", "drop": "去掉“%s”", "with": "放宽到%s", "sold_out": "（售罄）", "cart": "查看购物车",
	},
	phrases: map[string][]string{
		"greet":               {"您好！今天想看点什么？", "您好，欢迎光临！想买什么，直接跟我说就行。", "您好！说说您的需求，我来帮您挑。"},
		"greet.again":         {"您想找什么？我来帮您挑。", "好的，您需要什么样的？", "想看哪类商品？跟我说说吧。"},
		"corrected":           {"“{c*.from}”我按“{c*.to}”来找了。", "您说的“{c*.from}”，应该是“{c*.to}”吧，我先按这个找。"},
		"corrected.two":       {"“{c*.from}”和“{c#.from}”我按“{c*.to}”和“{c#.to}”来找了。"},
		"show":                {"{need}一共有{n.found}。", "帮您找到{n.found}{need}。", "{need}找到了{n.found}。", "找到{n.found}符合的。", "一共有{n.found}。"},
		"show.wide":           {"好的，先问您一两个问题，帮您缩小范围。", "好，我来帮您挑，先了解一下。"},
		"show.one":            {"正好有一款符合。", "符合的只有这一款。"},
		"show.changed":        {"按“{changed}”来看，有{n.found}。", "好的，{changed}，这样有{n.found}。", "加上“{changed}”，还有{n.found}。"},
		"show.negated":        {"好的，{changed}，还有{n.found}。", "明白，{changed}，这样有{n.found}。"},
		"show.wish":           {"“{changed}”的优先给您看，一共{n.found}。", "好，先看{changed}的，共{n.found}。"},
		"show.dropped":        {"{dropped}不限的话，有{n.found}。", "好，不看{dropped}，一共{n.found}。"},
		"show.more":           {"再给您看几款。", "还有这些，您看看。", "接着往下看这几款。"},
		"show.no_more":        {"符合的就这些了。", "没有别的符合的了。"},
		"show.rejected":       {"好的，这几款不看了，换一批。", "明白，给您换几款不一样的。"},
		"show.back":           {"回到{need}，有{n.found}。", "好，接着看{need}，共{n.found}。"},
		"best":                {"首推{p1.title}，{p1.price}：{p1.why1}，{p1.why2}。", "我会先看{p1.title}，{p1.price}，{p1.why1}，{p1.why2}。", "排在最前的是{p1.title}，{p1.price}，{p1.why1}，{p1.why2}。", "排在最前的是{p1.title}，{p1.price}，{p1.why1}。", "我会先看{p1.title}，{p1.price}，{p1.why1}。", "排在最前的是{p1.title}，{p1.price}。", "先看{p1.title}，{p1.price}。", "排在最前的是{p1.title}。"},
		"best.sold_out":       {"{p1.title}（{p1.price}）倒是符合，可惜{p1.off}。", "有{p1.title}，{p1.price}，只是{p1.off}。"},
		"best.off":            {"不过也要说一句：{p1.off}。", "美中不足：{p1.off}。", "需要留意：{p1.off}。"},
		"unmet":               {"不过这几款都没有满足“{u*.label}”。", "“{u*.label}”这一点，这几款都做不到。"},
		"question":            {"{q.text}（{q.why}）", "{q.text}"},
		"compare":             {"放在一起对比如下，不同的地方排在前面。", "给您并排比一比。", "这几款对比如下。"},
		"compare.price":       {"价格上{low.title}最便宜，{low.price}。", "最便宜的是{low.title}，{low.price}。"},
		"compare.rating":      {"口碑最好的是{top.title}，{top.rating}。", "评分最高的是{top.title}，{top.rating}。"},
		"compare.differs":     {"主要差别在{differs}。", "区别主要是{differs}。"},
		"answer":              {"{p*.title}：{p*.a#}。", "{p*.title}，{p*.a#}。"},
		"answer.also":         {"另外，{p*.a#}。", "还有，{p*.a#}。"},
		"unanswered":          {"{p*.title}的资料里没写{m#.label}，我就不乱猜了。", "{m#.label}这一项，{p*.title}的资料里没有，不敢瞎说。"},
		"detail":              {"{p1.title}，{p1.price}，{p1.stock}。", "{p1.title}现在{p1.price}，{p1.stock}。", "{p1.title}，{p1.stock}。"},
		"detail.rating":       {"买家评分{p1.rating}。", "评分是{p1.rating}。"},
		"detail.why":          {"优点：{p1.why1}，{p1.why2}。", "可取之处：{p1.why1}，{p1.why2}。", "优点：{p1.why1}。"},
		"detail.off":          {"不足之处：{p1.off}。", "缺点也有：{p1.off}。"},
		"relax":               {"没有同时满足所有条件的商品。", "全部条件一起满足的，店里暂时没有。"},
		"relax.nearest":       {"最接近的是{p1.title}，{p1.price}。", "目前最接近的：{p1.title}，{p1.price}。"},
		"unread":              {"商品资料里没有提到{unread}，这一点先没算进去。", "{unread}这一点资料里没有写，先没有按它来挑。"},
		"relax.drop":          {"去掉“{r*.drop}”，有{r*.found}。", "如果不要求“{r*.drop}”，就有{r*.found}。"},
		"relax.set":           {"放宽到{r*.set}，有{r*.found}。", "如果可以是{r*.set}，就有{r*.found}。"},
		"relax.both":          {"去掉“{r*.drop}”，再放宽到{r*.set}，有{r*.found}。"},
		"not_carried":         {"抱歉，店里没有{need}。", "不好意思，我们不卖{need}。", "抱歉，这个我们店里没有。"},
		"not_carried.nearest": {"最接近的是{p1.title}，{p1.price}。", "比较接近的有{p1.title}，{p1.price}。", "最接近的是{p1.title}。"},
		"which":               {"您说的“{ref}”是哪一款？", "没分清“{ref}”是哪一款，点一下好吗？", "您指的是哪一款？", "没分清您说的是哪款，点一下好吗？"},
		"which.nothing":       {"现在还没有看过商品呢，您想找什么？", "我还没给您看过商品，想先看点什么？"},
		"which.variant":       {"{p1.title}要什么{q.label}的？", "{p1.title}的{q.label}您要哪一种？", "{p1.title}有好几个规格，要哪一个？"},
		"cart":                {"购物车里有{cart.count}，共{cart.total}。", "现在购物车{cart.count}，合计{cart.total}。", "购物车里有{cart.count}。"},
		"cart.empty":          {"购物车现在是空的。", "购物车里没有商品。"},
		"note.added":          {"好了，{p1.title}已经加入购物车。", "已把{p1.title}放进购物车。"},
		"note.added_all":      {"好了，都放进购物车了。", "都已经加入购物车。"},
		"note.removed":        {"{p1.title}已经移出购物车。", "好的，{p1.title}拿掉了。"},
		"note.quantity":       {"{p1.title}改成{cart.qty}件了。", "好的，{p1.title}现在是{cart.qty}件。"},
		"note.out_of_stock":   {"{p1.title}{p1.stock}，没法加入购物车。", "抱歉，{p1.title}{p1.stock}，所以没有加。"},
		"note.too_many":       {"{p1.title}没有这么多，现在{p1.stock}。", "{p1.title}加不了这么多。"},
		"note.cart_full":      {"购物车已经满了，先拿掉几件吧。"},
		"note.not_in_cart":    {"购物车里没有这一件。"},
		"note.stale":          {"刚才那几款的信息变了，我就不照旧的说了。要我重新找一遍吗？"},
		"note.bad_tap":        {"这个按钮已经失效了，您直接打字告诉我吧。", "这个按钮用不了了，换一个或者直接跟我说吧。"},
		"checkout":            {"一共{cart.count}，{cart.total}，点按钮去结算。", "{cart.count}，合计{cart.total}，点下面的按钮就能结算。", "点下面的按钮就能结算。"},
		"policy":              {"店铺的说明是：“{policy.answer}”", "店铺规定原文：“{policy.answer}”"},
		"policy.none":         {"这个问题店里没有写明，我不能乱说。", "关于这一点，我没找到店铺的说明。"},
		"order":               {"订单的情况我这里查不到，要人工客服来看。", "订单和售后得由人工客服处理。"},
		"handover":            {"好的，这就为您转人工，前面的对话客服都能看到，不用再说一遍。", "正在帮您转接人工客服，我们聊的内容对方看得到。"},
		"thank":               {"不客气！", "您太客气了。", "能帮上忙就好。"},
		"declined":            {"好的。", "没问题，那就先不弄。", "行，那先这样。"},
		"bye":                 {"再见，欢迎随时再来！", "好的，下次再聊。", "再见，祝您购物愉快！"},
		"reset":               {"好，我们重新来。您想找什么？", "已经清空了，您想看点什么？"},
		"out_of_scope":        {"我是自动导购，不是真人，只熟悉店里的商品。想买点什么吗？", "我是本店的智能导购程序，别的帮不上忙，找商品我在行。您想看什么？"},
		"unclear":             {"抱歉，没听明白。您想找什么？", "不太确定您的意思，换个说法好吗？"},
		"offer.add":           {"要帮您加入购物车吗？", "需要放进购物车吗？"},
		"later":               {"{later}稍后再帮您看。", "您还要的{later}，我们接着看。"},
		"offer.next":          {"您还想看{next}，现在来看看吗？", "接下来看看{next}，好吗？"},
		"offer.person":        {"要帮您转人工吗？", "需要请人工客服来看看吗？"},
		"destination":         {"记下了，寄到{country}；这里的价格不含运费和进口税费。", "好的，送往{country}，运费和进口税费另算。"},
		"currency":            {"店里以{currency.own}标价，您的{currency.budget}预算我按参考汇率换算。", "您的预算是{currency.budget}，店里标价是{currency.own}，我按参考汇率来比，可能有一点出入。", "店里是以{currency.own}标价的，不是{currency.asked}。", "提醒一下，这里的价格是{currency.own}，不是{currency.asked}。"},
	},
}

func chineseQuantity(f *catalog.Facet, v float64) string {
	v, unit := readable(v, f.Unit)
	n := formatFloat(v, 2)
	switch unit {
	case "":
		return n
	case "year":
		if strings.ContainsAny(f.Label["zh"], "龄岁") {
			return n + "岁"
		}
		return n + "年"
	case "piece":
		if name := f.Label["zh"]; name != "件数" && (strings.HasSuffix(name, "数") || strings.HasSuffix(name, "位")) {
			return n // 口袋数2, not 口袋数2件
		}
	}
	if u, ok := units.Lookup(unit); ok && u.Label["zh"] != "" {
		unit = u.Label["zh"]
	}
	if unit[0] < 128 && unicode.IsLetter(rune(unit[0])) {
		return n + " " + unit
	}
	return n + unit
}

func chineseReason(kind, label, value, want string) string {
	switch kind {
	case whyMeets:
		return label + value + "，符合要求"
	case whyMeets + ".price":
		return "在预算之内（" + want + "）"
	case whyMeets + ".sale":
		return "正在促销，原价" + value
	case whyMeets + ".rating":
		return "评分" + value
	case whyMeets + ".not":
		return label + "是" + value + "，" + want
	case whyMeets + ".bool", whyMeets + ".value":
		return "符合“" + want + "”"
	case offMisses, offMisses + ".value":
		return label + "是" + value + "，您要的是" + want
	case offMisses + ".price":
		return value + "，超出预算（" + want + "）"
	case offMisses + ".sale":
		return "目前没有促销"
	case offMisses + ".rating":
		return "评分只有" + value
	case offMisses + ".not":
		return label + "是" + value + "，正是您想避开的"
	case offMisses + ".bool":
		return label + "：" + value + "，与您的要求不符"
	case whyCheapest:
		return "这几款里最便宜"
	case whyBestRated:
		return "这几款里口碑最好，" + value
	case whySale:
		return "正在促销，原价" + value
	case whyBest:
		return label + value + "，是这几款里最好的"
	case offNoStock:
		return "目前缺货"
	case offLast:
		return value
	case offDearest:
		return "这几款里最贵"
	case offWorst:
		return label + value + "，在这几款里偏弱"
	case offLacks:
		return "没有“" + label + "”，别的有"
	case offDearer:
		return "比这几款里最便宜的贵" + want
	case offLowRated:
		return "评分" + value + "，是这几款里最低的"
	case offUnrated:
		return "还没有买家评价"
	}
	if strings.HasPrefix(kind, offUnknown) {
		return "资料里没写" + label
	}
	return ""
}

func chineseAsk(facet string, kind catalog.Kind, label string) string {
	switch facet {
	case catalog.FacetPrice:
		return "预算大概多少？"
	case catalog.FacetBrand:
		return "有偏好的品牌吗？"
	case catalog.FacetCategory:
		return "想看哪一类？"
	}
	switch kind {
	case catalog.KindBool:
		return "“" + label + "”是必须的吗？"
	case catalog.KindNumber:
		return label + "大概要多少？"
	}
	return "对" + label + "有要求吗？"
}

func chineseAnswer(facet string, kind catalog.Kind, label, value string, yes bool) string {
	switch facet {
	case colPrice:
		return "售价" + value
	case colStock, catalog.FacetInStock:
		return "目前" + value
	case colRating:
		return "评分" + value
	}
	if kind != catalog.KindBool {
		return label + "是" + value
	}
	if yes {
		return "资料上标明“" + label + "”"
	}
	return "资料上“" + label + "”一项是“否”"
}
