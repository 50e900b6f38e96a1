package nlu

import (
	"testing"

	"daogou/catalog"
)

// sharedShop is a small catalogue in which words name several types.
var sharedShop = func() *catalog.Schema {
	cat := func(id, parent, en, zh, synEN, synZH string, facets ...string) catalog.Category {
		return catalog.Category{ID: id, Parent: parent, Label: label(en, zh), Synonyms: syn(synEN, synZH), Facets: facets, Count: 5}
	}
	cats := []catalog.Category{
		cat("kitchen", "", "Kitchen & Dining", "厨房餐饮", "", ""),
		cat("teapot", "kitchen", "Teapot", "茶壶", "", ""),
		cat("tea", "", "Tea & Infusions", "茶", "", ""),
		cat("leaf_green", "tea", "Green tea", "绿茶", "tea", "茶", "caffeine"),
		cat("leaf_black", "tea", "Black tea", "红茶", "tea", "茶", "caffeine"),
		cat("wear", "", "Clothing", "服装", "clothes", "女装|男装|衣服"),
		cat("parka", "wear", "Down jacket", "羽绒服", "", "冬季外套", "colour"),
		cat("shell", "wear", "Rain jacket", "冲锋衣", "", "防水外套", "colour"),
		cat("vest", "wear", "Vest", "背心", "", "", "colour"),
		cat("feet", "", "Shoes & Bags", "鞋包", "shoes|bags", "鞋|鞋子|包", "colour", "audience"),
		cat("runner", "feet", "Running shoes", "跑鞋", "", "运动鞋", "shoe_size"),
		cat("loafer", "feet", "Dress shoes", "皮鞋", "", "", "shoe_size"),
		cat("tote", "feet", "Handbag", "手提包", "bag", ""),
		cat("daypack", "feet", "Backpack", "双肩包", "school bag", ""),
		cat("bivvy", "", "Sleeping bag", "睡袋", "", ""),
		cat("screen", "", "Monitor", "显示器", "", "", "diagonal"),
		cat("table", "", "Dining table", "餐桌", "table", "桌子", "colour"),
	}
	facets := []catalog.Facet{
		{ID: "colour", Kind: catalog.KindEnum, Label: label("Colour", "颜色"), Values: []catalog.FacetValue{val("red", "Red", "红色", "", "红"), val("orange", "Orange", "橙色", "", "橙"),
			val("brown", "Brown", "棕色", "coffee", "咖啡色|咖啡"), val("black", "Black", "黑色", "", "黑"), val("rose_gold", "Rose gold", "玫瑰金", "", "")}},
		{ID: "audience", Kind: catalog.KindEnum, Label: label("Made for", "适用人群"), Values: []catalog.FacetValue{val("women", "Women", "女士", "woman|women's", "女|女款"), val("men", "Men", "男士", "man|men's", "男|男款")}},
		{ID: "shoe_size", Kind: catalog.KindNumber, Multi: true, Label: label("Shoe size (EU)", "鞋码"), Synonyms: syn("size|eu size", "码|欧码")},
		{ID: "diagonal", Kind: catalog.KindNumber, Unit: "cm", Label: label("Screen size", "屏幕尺寸")},
		{ID: "caffeine", Kind: catalog.KindBool, Label: label("Caffeine-free", "无咖啡因")},
	}
	brands := []catalog.Brand{{Name: "Huawei", Label: label("Huawei", "华为"), Synonyms: syn("", "华为技术"), Count: 3}, {Name: "Norrfell", Count: 2}}
	return catalog.NewSchema(1, "USD", cats, facets, brands)
}()

// runTalk reads turns one after the other, each on the state that the ones before have left.
func runTalk(t *testing.T, schema *catalog.Schema, turns ...[2]string) State {
	t.Helper()
	p, s := NewRules(), State{}
	for _, turn := range turns {
		d, err := p.Parse(t.Context(), Turn{State: s, Text: turn[0], Schema: schema})
		if err != nil {
			t.Fatal(err)
		}
		if got := show(d); got != turn[1] {
			t.Errorf("%q\n got %s\nwant %s", turn[0], got, turn[1])
		}
		checkSpans(t, turn[0], d)
		if errs := d.Check(schema); len(errs) > 0 {
			t.Errorf("%q: %v", turn[0], errs)
		}
		s = s.Apply(d)
	}
	return s
}

func TestWordsForSeveralKinds(t *testing.T) {
	for text, want := range map[string]string{
		"tea":                 "find | category = tea",
		"想买茶":                 "find | category = tea",
		"green tea":           "find | category = leaf_green",
		"红茶":                  "find | category = leaf_black",
		"a jacket":            "find | category in [parka,shell]",
		"a red jacket":        "find | category in [parka,shell]; colour = red",
		"orange jacket":       "find | category in [parka,shell]; colour = orange",
		"rain jacket":         "find | category = shell",
		"红色外套":                "find | category in [parka,shell]; colour = red",
		"shoes":               "find | category in [runner,loafer]",
		"买双鞋":                 "find | category in [runner,loafer]",
		"鞋子":                  "find | category in [runner,loafer]",
		"women's shoes":       "find | audience = women; category in [runner,loafer]",
		"a bag":               "find | category in [tote,daypack]",
		"包":                   "find | category in [tote,daypack]",
		"a sleeping bag":      "find | category = bivvy",
		"smoking jacket":      "find | kw smoking,jacket",
		"clothes":             "find | category = wear",
		"女装":                  "find | category = wear", // the clothes here are not told apart by who wears them
		"厨房":                  "find | category = kitchen",
		"for the kitchen":     "find | category = kitchen",
		"something in dining": "find | category = kitchen",
		"coffee table":        "find | kw coffee table",
		"咖啡桌":                 "find | kw 咖啡桌",
		"orange juice":        "find | kw orange juice",
		"橙汁":                  "find | kw 橙汁",
		"咖啡色桌子":               "find | category = table; colour = brown",
		"a table in coffee":   "find | category = table; colour = brown",
		"black pepper":        "find | kw black pepper",
		"rose gold shoes":     "find | category in [runner,loafer]; colour = rose_gold",
		"华为显示器":               "find | brand = Huawei; category = screen",
		"a Huawei monitor":    "find | brand = Huawei; category = screen",
		"not Norrfell":        "find | brand != Norrfell",
	} {
		runTalk(t, sharedShop, [2]string{text, want})
	}
}

func TestNarrowerKindReplaces(t *testing.T) {
	s := runTalk(t, sharedShop,
		[2]string{"shoes", "find | category in [runner,loafer]"},
		[2]string{"black ones", "refine | colour = black"},
		[2]string{"running shoes", "refine | category = runner"},
		[2]string{"the shoes in red", "refine | category = runner; colour = red"})
	for _, turns := range [][][2]string{
		{{"a jacket", "find | category in [parka,shell]"}, {"rain", "refine | category = shell"}, {"in orange", "refine | colour = orange"}},
		{{"想买件外套", "find | category in [parka,shell]"}, {"冲锋衣", "refine | category = shell"}},
		{{"鞋", "find | category in [runner,loafer]"}, {"跑的", "refine | category = runner"}, {"red", "refine | colour = red"}},
	} {
		runTalk(t, sharedShop, turns...)
	}
	if k := categoriesIn(s.Constraints); k != "runner" || len(s.Past) > 0 {
		t.Errorf("the need is about %q, with %d before it", k, len(s.Past))
	}
}

func TestSeveralNeeds(t *testing.T) {
	for text, want := range map[string]string{
		"I need a jacket and a pair of running shoes":       "find | category in [parka,shell] | then category = runner",
		"我想买个双肩包，还要一双跑鞋":                                    "find | category = daypack | then category = runner",
		"a red jacket and black running shoes under $100":   "find | category in [parka,shell]; colour = red | then category = runner; colour = black; price <= 100 USD",
		"a monitor, a backpack and a table":                 "find | category = screen | then category = daypack | then category = table",
		"显示器、双肩包和餐桌":                                        "find | category = screen | then category = daypack | then category = table",
		"I have a backpack and need a monitor":              "find | category = screen",
		"monitors or tables":                                "find | category in [screen,table]",
		"显示器或者餐桌":                                           "find | category in [screen,table]",
		"not a monitor but a table":                         "find | category = table",
		"a backpack for a monitor and a table":              "find | category = daypack | kw monitor,table",
		"a monitor and a table, do you ship to Germany?":    "find+policy | category = screen | then category = table | to DE",
		"a monitor under $200, and also a table, brown one": "find | category = screen; price <= 200 USD | then category = table; colour = brown",
	} {
		runTalk(t, sharedShop, [2]string{text, want})
	}
}

func TestNextNeed(t *testing.T) {
	for _, turns := range [][][2]string{
		{{"a red jacket and running shoes, size 42", "find | category in [parka,shell]; colour = red | then category = runner; shoe_size = 42"}, {"and the shoes?", "find | new | category = runner"}},
		{{"要一件红色外套，还要一双42码的跑鞋", "find | category in [parka,shell]; colour = red | then category = runner; shoe_size = 42"}, {"那跑鞋呢", "find | new | category = runner"}},
	} {
		s := runTalk(t, sharedShop, turns...)
		if got, want := show(Delta{Set: s.Constraints}), " | category = runner; shoe_size = 42"; got != want {
			t.Errorf("%s: the need is%s, want%s", turns[1][0], got, want)
		}
		if len(s.Next) > 0 || len(s.Past) != 1 {
			t.Errorf("%s: %d needs wait and %d are past", turns[1][0], len(s.Next), len(s.Past))
		}
	}
	s := runTalk(t, sharedShop, [2]string{"a jacket and a backpack", "find | category in [parka,shell] | then category = daypack"})
	s.Asked = offerNext
	for _, yes := range []string{"yes please", "好的"} {
		d, err := NewRules().Parse(t.Context(), Turn{State: s, Text: yes, Schema: sharedShop})
		if err != nil {
			t.Fatal(err)
		}
		if got := show(d); got != "find | new | category = daypack" {
			t.Errorf("%s: %s", yes, got)
		}
		if after := s.Apply(d); len(after.Next) != 0 || categoriesIn(after.Constraints) != "daypack" || len(s.Next) != 1 {
			t.Errorf("%s: the need is %v, %d wait", yes, after.Constraints, len(after.Next))
		}
	}
	tapped := s.Apply(Delta{Act: ActRefine, By: "tap", Set: []Constraint{eq(catalog.FacetCategory, catalog.Str("daypack"))}})
	if len(tapped.Constraints) != 1 || len(tapped.Past) != 1 || len(tapped.Next) != 0 {
		t.Errorf("a tapped next need leaves %v", tapped)
	}
}

func TestShoeSizes(t *testing.T) {
	for text, want := range map[string]string{
		"running shoes US 9":              "find | category = runner; shoe_size = 42",
		"men's running shoes size 9":      "find | audience = men; category = runner; shoe_size = 42",
		"women's running shoes US 7.5":    "find | audience = women; category = runner; shoe_size in [38.5,39]",
		"UK 8 running shoes":              "find | category = runner; shoe_size = 42",
		"running shoes us9":               "find | category = runner; shoe_size = 42",
		"running shoes in size 42":        "find | category = runner; shoe_size = 42",
		"running shoes size 42 or 43":     "find | category = runner; shoe_size in [42,43]",
		"eu 43 running shoes":             "find | category = runner; shoe_size = 43",
		"running shoes 42":                "find | category = runner; shoe_size = 42",
		"running shoes under 42":          "find | category = runner; price <= 42 USD",
		"running shoes under $42":         "find | category = runner; price <= 42 USD",
		"42码的跑鞋":                          "find | category = runner; shoe_size = 42",
		"男鞋 42":                           "find | audience = men; category in [runner,loafer]; shoe_size = 42",
		"跑鞋 美码9":                          "find | category = runner; shoe_size = 42",
		"女款跑鞋 英码5":                        "find | audience = women; category = runner; shoe_size = 38",
		"跑鞋 265":                          "find | category = runner; shoe_size = 43",
		"running shoes, not size 42":      "find | category = runner; shoe_size != 42",
		"2 pairs of running shoes":        "find | category = runner",
		"running shoes with US 99":        "find | category = runner", // nobody wears it
		"a 42 inch monitor":               "find | category = screen; diagonal between [106.553,108.966]",
		"running shoes for 42 dollars":    "find | category = runner; price <= 42 USD",
		"running shoes, size 30 for kids": "find | category = runner; shoe_size = 30",
	} {
		runTalk(t, sharedShop, [2]string{text, want})
	}
	women := State{Constraints: []Constraint{eq(catalog.FacetCategory, catalog.Str("runner")), eq("audience", catalog.Str("women"))}}
	d, err := NewRules().Parse(t.Context(), Turn{State: women, Text: "US 8", Schema: sharedShop})
	if err != nil || show(d) != "refine | shoe_size in [39.5,40]" {
		t.Errorf("US 8 for a woman: %s %v", show(d), err)
	}
	if d, _ = NewRules().Parse(t.Context(), Turn{State: State{Country: "GB"}, Text: "running shoes size 8", Schema: sharedShop}); d.Set[1].Origin != OriginGuessed || d.Set[1].Values[0].Num() != 42 {
		t.Errorf("a British 8: %s %s", show(d), d.Set[1].Origin)
	}
}

func TestWholeInches(t *testing.T) {
	for text, want := range map[string]string{
		"15 inch monitor":           "find | category = screen; diagonal between [37.973,40.386]",
		"15寸显示器":                    "find | category = screen; diagonal between [37.973,40.386]",
		"a 27\" monitor":            "find | category = screen; diagonal between [68.453,70.866]",
		"15.6 inch monitor":         "find | category = screen; diagonal = 39.624",
		"at least 15 inch monitor":  "find | category = screen; diagonal >= 38.1",
		"24 to 27 inch monitor":     "find | category = screen; diagonal between [60.96,68.58]",
		"15寸以上的显示器":                 "find | category = screen; diagonal >= 38.1",
		"a monitor of 40 cm screen": "find | category = screen; diagonal = 40",
	} {
		runTalk(t, sharedShop, [2]string{text, want})
	}
	d, err := NewRules().Parse(t.Context(), Turn{Text: "15寸显示器", Schema: sharedShop})
	if err != nil || len(d.Set) != 2 || d.Set[0].SaidIn+d.Set[1].SaidIn != "in" {
		t.Errorf("the unit said is lost: %v %v", d.Set, err)
	}
}
