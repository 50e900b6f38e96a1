package nlu

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"daogou/catalog"
)

// words makes the synonyms of a test facet: English and Chinese, each cut at "|".
func syn(en, zh string) map[string][]string {
	m := map[string][]string{}
	if en != "" {
		m["en"] = strings.Split(en, "|")
	}
	if zh != "" {
		m["zh"] = strings.Split(zh, "|")
	}
	return m
}

func label(en, zh string) catalog.Text { return catalog.Text{"en": en, "zh": zh} }

func val(id, en, zh, synEN, synZH string) catalog.FacetValue {
	return catalog.FacetValue{ID: id, Label: label(en, zh), Synonyms: syn(synEN, synZH)}
}

// smallShop is a catalogue of a few types that no other package can change under these tests.
var smallShop = func() *catalog.Schema {
	cats := []catalog.Category{
		{ID: "outdoor", Label: label("Outdoor", "户外"), Synonyms: syn("camping gear", "户外装备"), Count: 20},
		{ID: "tent", Parent: "outdoor", Label: label("Tent", "帐篷"), Synonyms: syn("tents", "露营帐篷|帐"), Facets: []string{"capacity", "waterproof", "weight", "colour", "season"}, Count: 10},
		{ID: "sleeping_bag", Parent: "outdoor", Label: label("Sleeping bag", "睡袋"), Facets: []string{"comfort", "weight", "colour", "fill"}, Count: 10},
		{ID: "electronics", Label: label("Electronics", "电子产品"), Count: 30},
		{ID: "laptop", Parent: "electronics", Label: label("Laptop", "笔记本电脑"), Synonyms: syn("notebook|notebook computer", "笔记本|手提电脑"), Facets: []string{"screen", "memory", "storage", "weight", "battery_life", "touchscreen", "colour"}, Count: 10},
		{ID: "headphones", Parent: "electronics", Label: label("Headphones", "耳机"), Synonyms: syn("headset|earphones", "头戴耳机"), Facets: []string{"noise_cancelling", "wireless", "battery_life", "colour"}, Count: 10},
		{ID: "smartphone", Parent: "electronics", Label: label("Smartphone", "手机"), Synonyms: syn("phone|mobile phone|cell phone", "智能手机"), Facets: []string{"storage", "screen", "colour"}, Count: 10},
		{ID: "fashion", Label: label("Fashion", "服饰"), Count: 20},
		{ID: "dress", Parent: "fashion", Label: label("Dress", "连衣裙"), Synonyms: syn("", "裙子"), Facets: []string{"size", "colour", "material", "length"}, Count: 10},
		{ID: "sneakers", Parent: "fashion", Label: label("Sneakers", "运动鞋"), Synonyms: syn("trainers", "球鞋"), Facets: []string{"shoe_size", "colour", "material", "audience"}, Count: 10},
		{ID: "desk", Label: label("Desk", "书桌"), Synonyms: syn("writing desk", "写字台"), Facets: []string{"width", "height", "material", "colour", "assembly"}, Count: 5},
		{ID: "face_cream", Label: label("Face cream", "面霜"), Synonyms: syn("moisturiser", "保湿霜"), Facets: []string{"skin", "volume", "fragrance_free"}, Count: 5},
	}
	num := func(id, unit, en, zh, synEN, synZH, better string) catalog.Facet {
		return catalog.Facet{ID: id, Kind: catalog.KindNumber, Unit: unit, Label: label(en, zh), Synonyms: syn(synEN, synZH), Better: better}
	}
	yes := func(id, en, zh, synEN, synZH string) catalog.Facet {
		return catalog.Facet{ID: id, Kind: catalog.KindBool, Label: label(en, zh), Synonyms: syn(synEN, synZH)}
	}
	facets := []catalog.Facet{
		{ID: "colour", Kind: catalog.KindEnum, Multi: true, Variant: true, Label: label("Colour", "颜色"), Synonyms: syn("color|colours", "色"), Values: []catalog.FacetValue{
			val("black", "Black", "黑色", "jet black", "黑|黑的"), val("white", "White", "白色", "", "白|白的"), val("red", "Red", "红色", "", "红|红的"), val("navy", "Navy", "藏青色", "navy blue|dark blue", "深蓝"),
			val("blue", "Blue", "蓝色", "", "蓝|蓝的"), val("green", "Green", "绿色", "", "绿|绿的"), val("orange", "Orange", "橙色", "", "橙|橘色"), val("rose_gold", "Rose gold", "玫瑰金", "", "")}},
		{ID: "material", Kind: catalog.KindEnum, Label: label("Material", "材质"), Synonyms: syn("made of|fabric", "面料|材料"), Values: []catalog.FacetValue{
			val("cotton", "Cotton", "棉", "", "纯棉"), val("leather", "Leather", "真皮", "real leather", "皮的|牛皮"), val("plastic", "Plastic", "塑料", "", ""), val("wool", "Wool", "羊毛", "", ""),
			val("steel", "Stainless steel", "不锈钢", "steel", ""), val("oak", "Oak", "橡木", "solid oak", ""), val("wood", "Solid wood", "实木", "wood|wooden", "木头")}},
		{ID: "season", Kind: catalog.KindEnum, Label: label("Season", "季节"), Values: []catalog.FacetValue{val("summer", "Summer", "夏季", "", "夏天"), val("winter", "Winter", "冬季", "", "冬天"), val("four_season", "All-season", "四季", "4-season|four season", "")}},
		{ID: "size", Kind: catalog.KindEnum, Label: label("Size", "尺码"), Synonyms: syn("sizes", "码数|码"), Values: []catalog.FacetValue{val("s", "S", "S", "small", "小码"), val("m", "M", "M", "medium", "中码"), val("l", "L", "L", "large", "大码")}},
		{ID: "audience", Kind: catalog.KindEnum, Label: label("For", "适用人群"), Values: []catalog.FacetValue{val("women", "Women", "女士", "woman|women's|ladies|her|wife", "女|女款|老婆"), val("men", "Men", "男士", "man|men's|him|husband", "男|男款")}},
		{ID: "skin", Kind: catalog.KindEnum, Label: label("Skin type", "肤质"), Values: []catalog.FacetValue{val("dry", "Dry skin", "干性皮肤", "", "干皮"), val("oily", "Oily skin", "油性皮肤", "", "油皮")}},
		{ID: "fill", Kind: catalog.KindEnum, Label: label("Fill", "填充物"), Values: []catalog.FacetValue{val("down", "Goose down", "羽绒", "", ""), val("synthetic", "Synthetic", "棉", "", "人造棉")}},
		num("capacity", "person", "People", "适用人数", "sleeps|persons", "几人", ""),
		num("weight", "g", "Weight", "重量", "light|lightweight|heavy", "轻便", "low"),
		num("screen", "cm", "Screen size", "屏幕尺寸", "display|screen", "屏幕", ""),
		num("memory", "GB", "RAM", "运行内存", "memory", "运存|内存", "high"),
		num("storage", "GB", "Storage", "存储容量", "disk space|ssd", "存储|硬盘|固态", "high"),
		num("battery_life", "h", "Battery life", "续航", "runtime", "电池续航", "high"),
		num("comfort", "°C", "Comfort temperature", "舒适温度", "", "温标", ""),
		num("shoe_size", "", "Shoe size (EU)", "鞋码", "size|eu size", "码", ""),
		num("width", "cm", "Width", "宽度", "wide", "宽", ""),
		num("height", "cm", "Height", "高度", "tall|high", "高", ""),
		num("length", "cm", "Length", "长度", "long", "长", ""),
		num("volume", "ml", "Content", "净含量", "volume", "容量", ""),
		yes("waterproof", "Waterproof", "防水", "water-resistant|rainproof", "防雨|防水的"),
		yes("noise_cancelling", "Noise-cancelling", "降噪", "noise cancelling|anc", "主动降噪"),
		yes("wireless", "Wireless", "无线", "bluetooth|cordless", "蓝牙|无线的"),
		yes("touchscreen", "Touchscreen", "触屏", "touch screen", "触摸屏"),
		yes("assembly", "Assembly required", "需自行组装", "needs assembly", "要组装"),
		yes("fragrance_free", "Fragrance-free", "无香", "", "不含香精"),
	}
	brands := []catalog.Brand{{Name: "Norrfell", Count: 9}, {Name: "Talus Peak", Count: 8}, {Name: "Lenovo", Count: 7}, {Name: "No Name", Count: 1}}
	return catalog.NewSchema(1, "USD", cats, facets, brands)
}()

// table3 is three tents as they lie on the table.
var table3 = []*catalog.Product{
	tent("t1", "Norrfell", "Norrfell Ridgeline tent", "诺峰山脊帐篷", 12000, 2, 2400, 4.5, "green", "orange"),
	tent("t2", "Talus Peak", "Talus Peak Skua tent", "塔峦贼鸥帐篷", 8999, 3, 3100, 4.1, "navy"),
	tent("t3", "Norrfell", "Norrfell Basecamp tent", "诺峰大本营帐篷", 24900, 4, 5200, 4.8, "red"),
}

func tent(id, brand, en, zh string, cents int64, people, grams, stars float64, colours ...string) *catalog.Product {
	p := &catalog.Product{ID: id, Brand: brand, Title: label(en, zh), Category: []string{"outdoor", "tent"}, WeightG: grams,
		Prices: []catalog.Price{{Amount: catalog.Money{Minor: cents, Currency: "USD"}}}, Rating: &catalog.Rating{Average: stars, Count: 10},
		Facets: map[string][]catalog.Value{"capacity": {catalog.Num(people)}, "weight": {catalog.Num(grams)}, "waterproof": {catalog.Bool(true)}}}
	for _, c := range colours {
		p.Facets["colour"] = append(p.Facets["colour"], catalog.Str(c))
	}
	return p
}

// show writes a delta on one line, the parts that are there: "find | category = tent; price <= 150 USD | two-door".
func show(d Delta) string {
	parts := []string{string(d.Act)}
	for _, a := range d.Also {
		parts[0] += "+" + string(a)
	}
	add := func(name string, list []string) {
		if len(list) > 0 {
			parts = append(parts, name+" "+strings.Join(list, ","))
		}
	}
	if d.NewNeed {
		parts = append(parts, "new")
	}
	var set []string
	for _, c := range d.Set {
		v, _ := json.Marshal(c.Values)
		s := fmt.Sprintf("%s %s %s", c.Facet, c.Op, strings.ReplaceAll(string(v), `"`, ""))
		if c.Facet == catalog.FacetPrice {
			s += " " + c.Unit
		}
		if !c.Hard {
			s += " ~"
		}
		set = append(set, s)
	}
	slices.Sort(set)
	if len(set) > 0 {
		parts = append(parts, strings.Join(set, "; "))
	}
	for _, n := range d.Next {
		parts = append(parts, "then "+strings.TrimPrefix(show(Delta{Set: n.Constraints, Keywords: n.Keywords}), " | "))
	}
	add("drop", d.Drop)
	add("any", d.NoPreference)
	add("kw", d.Keywords)
	add("-kw", d.DropKeywords)
	add("ref", d.References)
	if d.Unresolved != "" {
		parts = append(parts, "which "+d.Unresolved)
	}
	add("ask", d.AskFacets)
	if d.Quantity > 0 {
		parts = append(parts, fmt.Sprint("×", d.Quantity))
	}
	if d.Country != "" {
		parts = append(parts, "to "+d.Country)
	}
	return strings.Join(parts, " | ")
}

// eq makes a constraint for a state.
func eq(facet string, v catalog.Value) Constraint {
	return Constraint{Constraint: catalog.Constraint{Facet: facet, Op: catalog.OpEq, Values: catalog.Values{v}, Hard: true}}
}

func wantTent() State {
	return State{Constraints: []Constraint{eq("category", catalog.Str("tent"))}}
}

// parseCase is one turn in some situation and what it should be understood as.
type parseCase struct {
	state State
	shown bool
	text  string
	want  string
}

func runCases(t *testing.T, cases []parseCase) {
	t.Helper()
	p := NewRules()
	for _, c := range cases {
		turn := Turn{State: c.state, Text: c.text, Schema: smallShop}
		if c.shown {
			turn.Shown = table3
			turn.State.Shown = []string{"t1", "t2", "t3"}
		}
		d, err := p.Parse(context.Background(), turn)
		if err != nil {
			t.Fatal(err)
		}
		if got := show(d); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
		}
		checkSpans(t, c.text, d)
		if errs := d.Check(smallShop); len(errs) > 0 {
			t.Errorf("%q: %v", c.text, errs)
		}
	}
}

// checkSpans holds that every span is the shopper's own words.
func checkSpans(t *testing.T, text string, d Delta) {
	t.Helper()
	for _, c := range d.Set {
		if !strings.Contains(Clean(text, MaxText), c.Span) && c.Origin == OriginSaid {
			t.Errorf("%q: span %q of %s is not in it", text, c.Span, c.Facet)
		}
	}
	if !strings.Contains(Clean(text, MaxText), d.Unresolved) {
		t.Errorf("%q: unresolved %q is not in it", text, d.Unresolved)
	}
}
