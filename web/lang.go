package web

import (
	"net/http"
	"time"

	"golang.org/x/text/language"
)

var matcher = language.NewMatcher([]language.Tag{language.English, language.Chinese})

// languageOf is "en" or "zh": what the address says, else what was chosen earlier, else what the browser prefers.
func languageOf(r *http.Request) (lang string, chosen bool) {
	if l := r.URL.Query().Get("lang"); l == "en" || l == "zh" {
		return l, true
	}
	if c, err := r.Cookie("lang"); err == nil && (c.Value == "en" || c.Value == "zh") {
		return c.Value, false
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return "en", false
	}
	if _, i, _ := matcher.Match(tags...); i == 1 {
		return "zh", false
	}
	return "en", false
}

// pageLanguage is languageOf, remembering a choice in the shop's only cookie.
func pageLanguage(w http.ResponseWriter, r *http.Request) string {
	lang, chosen := languageOf(r)
	if chosen {
		http.SetCookie(w, &http.Cookie{Name: "lang", Value: lang, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()), SameSite: http.SameSiteLaxMode})
	}
	return lang
}

// say is the shop's own words. An unknown key shows itself, which a test would see.
func say(lang, key string) string {
	if pair, ok := phrases[key]; ok {
		if lang == "zh" {
			return pair[1]
		}
		return pair[0]
	}
	return key
}

var phrases = map[string][2]string{
	"name":       {"Daogou Goods", "导购好物"},
	"tagline":    {"Useful things, well chosen", "好用的东西，认真挑选"},
	"skip":       {"Skip to content", "跳到正文"},
	"search":     {"Search the shop", "搜索商品"},
	"find":       {"Search", "搜索"},
	"menu":       {"Categories", "商品分类"},
	"theme":      {"Switch between light and dark", "切换浅色与深色"},
	"other":      {"中文", "English"},
	"otherCode":  {"zh", "en"},
	"cart":       {"Cart", "购物车"},
	"all":        {"All products", "全部商品"},
	"seeAll":     {"See all", "查看全部"},
	"heroTitle":  {"Say what you need. Find what fits.", "说出需求，选到合适。"},
	"heroText":   {"Tell our assistant what it is for and what it may cost. It asks only what matters, and shows why each product fits.", "告诉导购做什么用、预算多少。它只问关键的问题，并说明每件商品为什么合适。"},
	"heroAsk":    {"Ask the assistant", "问问导购"},
	"heroTry":    {"Try:", "试试："},
	"try1":       {"A tent for two", "两个人用的帐篷"}, // the demo shop answers these three well
	"try2":       {"A waterproof backpack under $150", "150美元以内的防水双肩包"},
	"try3":       {"A coffee grinder under $200", "咖啡磨豆机，200美元以内"},
	"browse":     {"Shop by category", "按分类逛"},
	"items":      {"products", "件商品"},
	"ships":      {"Ships from four countries", "四国仓库发货"},
	"shipsText":  {"Warehouses in China, Germany, the US and Japan.", "中国、德国、美国、日本均有仓库。"},
	"facts":      {"Facts you can check", "参数有据可查"},
	"factsText":  {"Every price and figure is read from the catalogue.", "每个价格和参数都来自商品目录。"},
	"langs":      {"Two languages", "中英双语"},
	"langsText":  {"Ask in English or Chinese, even in one sentence.", "中文英文都能问，混着说也可以。"},
	"demo":       {"Demo shop: nothing here is really sold.", "演示商店：商品并不真正出售。"},
	"results":    {"results", "个结果"},
	"result":     {"result", "个结果"},
	"resultsFor": {"Results for", "搜索结果："},
	"sort":       {"Sort by", "排序"},
	"sort.":      {"Best match", "综合"},
	"sort.price": {"Price: low to high", "价格从低到高"},
	"sort.down":  {"Price: high to low", "价格从高到低"},
	"sort.stars": {"Customer rating", "评分最高"},
	"sort.new":   {"Newest", "最新"},
	"filters":    {"Filters", "筛选"},
	"price":      {"Price", "价格"},
	"min":        {"Lowest price", "最低价"},
	"max":        {"Highest price", "最高价"},
	"apply":      {"Apply", "应用"},
	"clear":      {"Clear all", "清除全部"},
	"remove":     {"Remove filter", "移除筛选"},
	"moreVals":   {"Show more", "展开更多"},
	"narrow":     {"Narrow down", "细分类目"},
	"readAs":     {"Read as", "已按此搜索："},
	"insteadOf":  {"instead of", "，原词："},
	"nearest":    {"We do not carry this. These come nearest:", "本店没有这类商品，以下是最接近的："},
	"none":       {"Nothing fits these filters", "没有符合条件的商品"},
	"noneText":   {"Take a filter away, or tell the assistant what matters most.", "减少一些筛选条件，或告诉导购您最看重什么。"},
	"pages":      {"Pages", "分页"},
	"inStock":    {"In stock", "有货"},
	"outStock":   {"Out of stock", "暂时缺货"},
	"now":        {"now", "现价"},
	"was":        {"before", "原价"},
	"outOf5":     {"out of 5", "分（满分 5 分）"},
	"reviews":    {"reviews", "条评价"},
	"add":        {"Add to cart", "加入购物车"},
	"added":      {"Added to your cart", "已加入购物车"},
	"viewCart":   {"View cart", "查看购物车"},
	"quantity":   {"Quantity", "数量"},
	"variant":    {"Choose a version", "选择款式"},
	"specs":      {"Specifications", "规格参数"},
	"about":      {"About this product", "商品介绍"},
	"stock":      {"Stock by warehouse", "各仓库库存"},
	"units":      {"in stock", "件"},
	"askAbout":   {"Ask about this product", "咨询这件商品"},
	"related":    {"You may also like", "相关商品"},
	"crumbs":     {"You are here", "当前位置"},
	"home":       {"Home", "首页"},
	"noJS":       {"The cart needs JavaScript; browsing does not.", "购物车需要启用 JavaScript，浏览商品则不需要。"},
	"emptyCart":  {"Your cart is empty", "购物车还是空的"},
	"emptyText":  {"Find something by browsing, or let the assistant help.", "去逛逛，或者让导购帮您挑选。"},
	"goShop":     {"Browse the shop", "去逛逛"},
	"subtotal":   {"Subtotal", "小计"},
	"later":      {"Shipping and taxes depend on the destination.", "运费和税费取决于收货地。"},
	"checkout":   {"Demo checkout", "演示结算"},
	"demoPay":    {"This is a demo: no order is placed and no payment is taken.", "这是演示：不会下单，也不会扣款。"},
	"thanks":     {"Thank you for trying the demo", "感谢体验演示"},
	"thanksText": {"In a real shop the order would be placed now. Your demo cart has been emptied.", "在真实商店里，此时订单就会提交。演示购物车已清空。"},
	"takeOut":    {"Remove", "移除"},
	"less":       {"One less", "减少一件"},
	"more":       {"One more", "增加一件"},
	"gone":       {"No longer available", "已下架"},
	"404":        {"This page does not exist", "页面不存在"},
	"404say":     {"The product may have been taken out of the shop, or the address has a typo.", "商品可能已下架，或者地址有误。"},
	"500":        {"Something went wrong on our side", "服务器出了点问题"},
	"500say":     {"It has been noted. Please try again in a moment.", "问题已记录，请稍后再试。"},
	"footText":   {"A demo shop for daogou, a shopping assistant that finds products by talking.", "导购（daogou）的演示商店：通过对话找到合适的商品。"},
	"aboutSay":   {"Tell me more about this product", "介绍一下这件商品"},
}
