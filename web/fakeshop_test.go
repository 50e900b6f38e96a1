package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// fakeShop is a dozen products in memory, with everything that pages can show: sales, variants, warehouses, one sold out, one with markup in its title.
type fakeShop struct {
	broken error // every call fails with it
}

type fakeProduct struct {
	id, en, zh, brand, cat, colour string
	minor, was                     int64
	rating                         float64
	ratings                        int64
	drawing                        string
	gone                           bool
}

const hostile = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script> "Lamp" & 'more'`

var fakeProducts = []fakeProduct{
	{"tent-ridge", "Norrfell Ridgeline 2-person tent, 3-season", "诺峰 山脊 双人三季帐篷", "Norrfell", "outdoor", "green", 18900, 23900, 4.7, 213, drawTent, false},
	{"tent-skua", "Talus Peak Skua 2-person tent, 4-season", "塔勒斯 贼鸥 双人四季帐篷", "Talus Peak", "outdoor", "orange", 19900, 0, 4.5, 88, drawTent, false},
	{"pack-drift", "Norrfell Drift 28-litre daypack", "诺峰 漂流 28升登山包", "Norrfell", "outdoor", "blue", 7900, 0, 4.4, 156, drawPack, false},
	{"phones-hush", "Auralis Hush wireless noise-cancelling headphones", "奥澜 静谧 无线降噪耳机", "Auralis", "audio", "black", 14900, 19900, 4.8, 1204, drawPhones, false},
	{"phones-wren", "Auralis Wren on-ear headphones", "奥澜 鹪鹩 贴耳式耳机", "Auralis", "audio", "red", 5900, 0, 4.1, 340, drawPhones, false},
	{"kettle-pour", "Brisa Pour gooseneck kettle, 0.9 l", "布里萨 鹅颈手冲壶 0.9升", "Brisa", "kitchen", "steel", 6900, 0, 4.6, 97, drawKettle, false},
	{"mug-tarn", "Brisa Tarn stoneware mugs, set of 4", "布里萨 湖 粗陶马克杯四只装", "Brisa", "kitchen", "sand", 3900, 4900, 4.3, 61, drawMug, false},
	{"lamp-arc", "Lumen & Co Arc desk lamp, dimmable", "流明 弧 可调光台灯", "Lumen & Co", "home", "yellow", 8400, 0, 4.2, 45, drawLamp, false},
	{"lamp-hostile", hostile, hostile, "<b>Evil</b>", "home", "pink", 1999, 0, 1.0, 3, drawLamp, false},
	{"bike-lux", "Velora Lux bike light set, USB-C", "维洛拉 Lux 自行车灯套装", "Velora", "sport", "red", 3499, 0, 4.5, 402, drawLamp, false},
	{"mat-cairn", "Talus Peak Cairn insulated sleeping mat", "塔勒斯 石堆 保暖睡垫", "Talus Peak", "outdoor", "teal", 9900, 0, 4.6, 74, drawMug, true},
	{"pack-fjord", "Norrfell Fjord 55-litre trekking pack, rain cover included", "诺峰 峡湾 55升徒步背包，含防雨罩", "Norrfell", "outdoor", "orange", 16900, 19900, 4.7, 132, drawPack, false},
}

var fakeCategories = []struct{ id, en, zh, picture string }{
	{"outdoor", "Outdoor & Camping", "户外露营", "tent-ridge"}, {"audio", "Audio", "影音耳机", "phones-hush"}, {"kitchen", "Kitchen", "厨房", "kettle-pour"},
	{"home", "Home & Living", "家居", "lamp-arc"}, {"sport", "Sport & Cycling", "运动骑行", "bike-lux"}, {"beauty", "Beauty", "美妆个护", "mug-tarn"},
	{"baby", "Baby & Kids", "母婴", "mat-cairn"}, {"office", "Office", "办公", "lamp-arc"}, {"garden", "Garden", "园艺", "kettle-pour"},
	{"pets", "Pets", "宠物", "pack-drift"}, {"toys", "Toys & Games", "玩具", "phones-wren"}, {"travel", "Travel", "旅行", "pack-fjord"},
}

func pick(lang, en, zh string) string {
	if lang == "zh" {
		return zh
	}
	return en
}

func dollars(lang string, minor int64) string {
	return pick(lang, "$", "US$") + fmt.Sprintf("%d.%02d", minor/100, minor%100)
}

func (p fakeProduct) card(lang string) Card {
	c := Card{ID: p.id, Title: pick(lang, p.en, p.zh), Brand: p.brand, Price: dollars(lang, p.minor), Minor: p.minor, Currency: "USD", Image: picturePath(p.id),
		Rating: p.rating, Ratings: p.ratings, InStock: !p.gone, Category: p.cat, Choose: p.drawing == drawPack}
	if p.id == "bike-lux" { // one that is sold in another currency
		c.Price, c.Currency = strings.NewReplacer("US$", "€", "$", "€").Replace(c.Price), "EUR"
	}
	if p.was > 0 {
		c.Was, c.Off = dollars(lang, p.was), fmt.Sprintf("−%d%%", 100-100*p.minor/p.was)
	}
	return c
}

func fakeCards(lang string, keep func(fakeProduct) bool) []Card {
	var out []Card
	for _, p := range fakeProducts {
		if keep(p) {
			out = append(out, p.card(lang))
		}
	}
	return out
}

func findFake(id string) (fakeProduct, bool) {
	i := slices.IndexFunc(fakeProducts, func(p fakeProduct) bool { return p.id == id })
	if i < 0 {
		return fakeProduct{}, false
	}
	return fakeProducts[i], true
}

func (s *fakeShop) Categories(_ context.Context, lang string) ([]Category, error) {
	var out []Category
	for _, c := range fakeCategories {
		out = append(out, Category{ID: c.id, Label: pick(lang, c.en, c.zh), Count: 96 + 7*len(c.id), Image: picturePath(c.picture)})
	}
	return out, s.broken
}

func (s *fakeShop) Home(ctx context.Context, lang string) (HomeView, error) {
	cats, err := s.Categories(ctx, lang)
	sale := fakeCards(lang, func(p fakeProduct) bool { return p.was > 0 })
	best := fakeCards(lang, func(p fakeProduct) bool { return p.rating >= 4.5 && p.was == 0 || p.rating < 2 })
	return HomeView{Categories: cats, Total: 1234, Shelves: []Shelf{
		{Title: pick(lang, "On sale this week", "本周优惠"), Path: "/search?f.on_sale=true", Cards: sale},
		{Title: pick(lang, "Best rated", "评分最高"), Cards: best},
	}}, err
}

func (s *fakeShop) Search(_ context.Context, lang string, q ListQuery) (ListView, error) {
	v := ListView{Currency: "USD"}
	for _, c := range fakeCategories {
		if c.id == q.Category {
			v.Heading = pick(lang, c.en, c.zh)
			v.Crumbs = []Crumb{{v.Heading, CategoryPath(c.id)}}
		}
	}
	if q.Category != "" && v.Heading == "" {
		return v, ErrNotFound
	}
	if q.Category == "outdoor" {
		v.Children = []Category{{ID: "tents", Label: pick(lang, "Tents", "帐篷"), Count: 84}, {ID: "packs", Label: pick(lang, "Backpacks", "背包"), Count: 61}, {ID: "mats", Label: pick(lang, "Sleeping mats", "睡垫"), Count: 22}}
	}
	v.Cards = fakeCards(lang, func(p fakeProduct) bool {
		text := strings.Contains(strings.ToLower(p.en+p.zh), strings.ToLower(q.Text))
		colour := len(q.Filters["colour"]) == 0 || slices.Contains(q.Filters["colour"], p.colour)
		return text && colour && (q.Category == "" || p.cat == q.Category)
	})
	v.Total = len(v.Cards)
	if q.Text == "" && q.Category == "outdoor" && len(q.Filters) == 0 {
		v.Total = 150
	}
	v.Facets = []FacetView{
		{"colour", pick(lang, "Colour", "颜色"), []FacetOption{{"green", pick(lang, "Green", "绿色"), 31}, {"orange", pick(lang, "Orange", "橙色"), 24}, {"blue", pick(lang, "Blue", "蓝色"), 22}, {"black", pick(lang, "Black", "黑色"), 17}, {"sand", pick(lang, "Sand", "沙色"), 9}, {"red", pick(lang, "Red", "红色"), 8}, {"teal", pick(lang, "Teal", "蓝绿色"), 4}, {"yellow", pick(lang, "Yellow", "黄色"), 2}}},
		{"waterproof", pick(lang, "Waterproof", "防水"), []FacetOption{{"true", pick(lang, "Yes", "是"), 120}, {"false", pick(lang, "No", "否"), 30}}},
	}
	return v, s.broken
}

func (s *fakeShop) Product(_ context.Context, lang, id string) (ProductView, error) {
	p, ok := findFake(id)
	if !ok {
		return ProductView{}, errors.Join(ErrNotFound, s.broken)
	}
	v := ProductView{Card: p.card(lang)}
	i := slices.IndexFunc(fakeCategories, func(c struct{ id, en, zh, picture string }) bool { return c.id == p.cat })
	label := pick(lang, fakeCategories[i].en, fakeCategories[i].zh)
	v.Crumbs = []Crumb{{label, CategoryPath(p.cat)}}
	v.Description = pick(lang, "Sleeps two with room for packs in the porch. Poles are colour-coded, so it stands in five minutes even after dark.\n\nThe floor is welded, the seams are taped, and everything packs to the size of a loaf of bread.", "可睡两人，前厅放得下背包。支杆按颜色区分，天黑后也能五分钟搭好。\n\n底部热合，接缝压胶，收纳后只有一条面包大小。")
	v.Facts = []Fact{{pick(lang, "Sleeps", "适用人数"), "2"}, {pick(lang, "Season", "季节"), pick(lang, "3-season", "三季")}, {pick(lang, "Weight", "重量"), "1.9 kg"}, {pick(lang, "Waterproof", "防水"), pick(lang, "Yes", "是")}, {pick(lang, "Country of origin", "原产地"), pick(lang, "Vietnam", "越南")}}
	v.Variants = fakeVariants(lang, p)
	v.Stock = []Stock{{pick(lang, "China", "中国"), 140}, {pick(lang, "Germany", "德国"), 23}, {pick(lang, "United States", "美国"), 8}, {pick(lang, "Japan", "日本"), 0}}
	v.Related = fakeCards(lang, func(o fakeProduct) bool { return o.cat == p.cat && o.id != p.id })
	return v, s.broken
}

func fakeVariants(lang string, p fakeProduct) []Variant {
	image := picturePath(p.id)
	return []Variant{{ID: "v1", Label: pick(lang, "Green", "绿色"), Price: dollars(lang, p.minor), Minor: p.minor, Image: image, InStock: true},
		{ID: "v2", Label: pick(lang, "Sand", "沙色"), Price: dollars(lang, p.minor+1000), Minor: p.minor + 1000, Image: image, InStock: true}, {ID: "v3", Label: pick(lang, "Blue", "蓝色")}}
}

func (s *fakeShop) Cards(_ context.Context, lang string, ids []string) ([]Card, error) {
	var out []Card
	for _, id := range ids {
		if p, ok := findFake(id); ok {
			c := p.card(lang)
			c.Variants = fakeVariants(lang, p)
			out = append(out, c)
		}
	}
	return out, s.broken
}

func (s *fakeShop) Picture(_ context.Context, id string) ([]byte, bool) {
	p, ok := findFake(id)
	if !ok {
		return nil, false
	}
	hex := map[string]string{"green": "#3f8f4f", "orange": "#ec7b2c", "blue": "#2f6fd0", "black": "#2c2e35", "red": "#cf3434", "steel": "#aab2b8", "sand": "#d3b98a", "yellow": "#f2c230", "pink": "#f0a3b8", "teal": "#1f8a86"}[p.colour]
	svg := strings.ReplaceAll(p.drawing, "COLOUR", hex)
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200"><rect width="200" height="200" fill="#f3f0e8"/><ellipse cx="100" cy="166" rx="72" ry="9" fill="#000" opacity=".09"/>` + svg + `</svg>`), true
}

const (
	drawTent   = `<path d="M100 52 168 164H32z" fill="COLOUR"/><path d="M100 52 76 164H32z" fill="#000" opacity=".14"/><path d="M100 78 124 164H80z" fill="#20231f"/><path d="M100 52v-14M32 164l-10 4M168 164l10 4" stroke="#20231f" stroke-width="3" stroke-linecap="round"/>`
	drawPack   = `<rect x="58" y="52" width="84" height="112" rx="26" fill="COLOUR"/><rect x="68" y="104" width="64" height="48" rx="12" fill="#000" opacity=".16"/><path d="M82 54c0-26 36-26 36 0" fill="none" stroke="#20231f" stroke-width="7"/><path d="M70 84h60" stroke="#fff" stroke-width="4" opacity=".6"/>`
	drawPhones = `<path d="M50 122c-6-96 106-96 100 0" fill="none" stroke="#3c3f46" stroke-width="11"/><rect x="36" y="106" width="34" height="56" rx="15" fill="COLOUR"/><rect x="130" y="106" width="34" height="56" rx="15" fill="COLOUR"/><rect x="62" y="112" width="12" height="44" rx="6" fill="#15171a"/><rect x="126" y="112" width="12" height="44" rx="6" fill="#15171a"/>`
	drawKettle = `<path d="M66 84h72l14 80H54z" fill="COLOUR"/><path d="M60 140C24 134 40 74 22 60" fill="none" stroke="COLOUR" stroke-width="9"/><path d="M140 94c34 0 30 52 8 52" fill="none" stroke="#20231f" stroke-width="9"/><rect x="78" y="72" width="48" height="12" rx="6" fill="#20231f"/><circle cx="102" cy="66" r="7" fill="#20231f"/>`
	drawMug    = `<rect x="54" y="76" width="76" height="88" rx="14" fill="COLOUR"/><path d="M130 94c32 0 32 46 0 46" fill="none" stroke="COLOUR" stroke-width="11"/><rect x="54" y="76" width="76" height="16" rx="8" fill="#fff" opacity=".5"/>`
	drawLamp   = `<path d="M70 46h60l20 50H50z" fill="COLOUR"/><rect x="96" y="96" width="8" height="62" fill="#3c3f46"/><rect x="64" y="156" width="72" height="10" rx="5" fill="#3c3f46"/><ellipse cx="100" cy="97" rx="40" ry="6" fill="#fff4c9"/>`
)

// picturePath is the address of a product's drawn picture.
func picturePath(id string) string { return "/pictures/" + url.PathEscape(id) + ".svg" }
