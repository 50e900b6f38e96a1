package feed

import (
	"math"
	"net/url"
	"strings"
	"unicode/utf8"

	"daogou/catalog"

	"golang.org/x/text/language"
)

const (
	longTitle = 150    // runes: what Google shows
	maxTitle  = 1_000  // bytes kept
	maxText   = 20_000 // bytes of a description kept
	maxID     = 200
	maxImages = 50
)

// lint mends a product in place, reports what it finds, and says whether it may go into the catalogue.
func (r *runner) lint(p *catalog.Product, at place) bool {
	p.ID = strings.TrimSpace(p.ID)
	if p.ID == "" || len(p.ID) > maxID {
		r.rep.skip(Error, "bad-id", at, "a product needs an id of 1 to %d bytes", maxID)
		return false
	}
	if !r.lintTitle(p, at) {
		return false
	}
	r.lintText(p, at)
	if !r.lintPrices(p.Prices, at) {
		return false
	}
	r.lintVariants(p, at)
	if !hasPrice(p) {
		if r.quiet.price {
			r.once(Info, "no-price-field", at, "the feed has no prices")
		} else {
			r.rep.add(Warning, "missing-price", at, "the product has no price; it is found but cannot be bought")
		}
	}
	r.lintImages(p, at)
	r.lintCodes(p, at)
	r.lintShipping(p, at)
	r.lintNumbers(p, at)
	return true
}

func (r *runner) lintTitle(p *catalog.Product, at place) bool {
	for lang, t := range p.Title {
		if hasHTML(t) {
			r.rep.add(Warning, "html-in-title", at, "the title holds HTML, which was removed: %q", clip(t, 80))
		}
		t = oneLine(t)
		if placeholder(t) {
			r.rep.add(Warning, "placeholder", at, "the title is the placeholder %q", t)
			t = ""
		}
		if n := utf8.RuneCountInString(t); n > longTitle {
			r.rep.add(Info, "long-title", at, "the title has %d characters; shoppers see about %d", n, longTitle)
		}
		if p.Title[lang] = clip(t, maxTitle); t == "" {
			delete(p.Title, lang)
		}
	}
	if len(p.Title) == 0 {
		r.rep.skip(Error, "missing-title", at, "the product has no title and was left out")
		return false
	}
	return true
}

func (r *runner) lintText(p *catalog.Product, at place) {
	for lang, t := range p.Description {
		t = plain(t)
		if len(t) > maxText {
			r.rep.add(Info, "long-description", at, "the description was cut to %d bytes", maxText)
			t = clip(t, maxText)
		}
		if p.Description[lang] = t; t == "" || placeholder(t) {
			delete(p.Description, lang)
		}
	}
	if len(p.Description) == 0 {
		p.Description = nil
	}
	if p.Brand = clip(oneLine(p.Brand), 120); placeholder(p.Brand) {
		p.Brand = ""
	}
}

// lintPrices drops reduced prices that reduce nothing. False means that a price is broken.
func (r *runner) lintPrices(prices []catalog.Price, at place) bool {
	for i := range prices {
		p := &prices[i]
		if _, ok := currencyCode(p.Amount.Currency); !ok {
			r.rep.skip(Error, "unknown-currency", at, "%q is not a currency; use an ISO 4217 code such as USD", clip(p.Amount.Currency, 20))
			return false
		}
		if p.Amount.Minor < 0 {
			r.rep.skip(Error, "negative-price", at, "the price is negative")
			return false
		}
		if p.Amount.Minor == 0 {
			r.rep.add(Warning, "zero-price", at, "the price is zero")
		}
		if p.Sale == nil {
			continue
		}
		switch {
		case p.Sale.Amount.Currency != p.Amount.Currency:
			r.rep.add(Warning, "bad-sale-price", at, "the sale price is in %s and the price in %s; the sale was left out", clip(p.Sale.Amount.Currency, 20), p.Amount.Currency)
			p.Sale = nil
		case p.Sale.Amount.Minor < 0 || p.Sale.Amount.Minor >= p.Amount.Minor:
			r.rep.add(Warning, "bad-sale-price", at, "the sale price is not below the price; the sale was left out")
			p.Sale = nil
		}
	}
	return true
}

func (r *runner) lintVariants(p *catalog.Product, at place) {
	seen := map[string]bool{}
	kept := p.Variants[:0]
	for _, v := range p.Variants {
		at := place{at.file, at.line, v.ID}
		if v.ID == "" || seen[v.ID] {
			r.rep.skip(Error, "duplicate-variant", at, "product %s has two variants with the id %q; the later one was left out", clip(p.ID, 60), clip(v.ID, 60))
			continue
		}
		if !r.lintPrices(v.Prices, at) {
			continue
		}
		seen[v.ID] = true
		v.GTIN = r.gtin(v.GTIN, at)
		if !goodURL(v.Image) {
			v.Image = ""
		}
		if v.WeightG < 0 || math.IsNaN(v.WeightG) || math.IsInf(v.WeightG, 0) {
			v.WeightG = 0
		}
		for lang, t := range v.Title {
			v.Title[lang] = clip(oneLine(t), maxTitle)
		}
		kept = append(kept, v)
	}
	if p.Variants = kept; len(kept) == 0 {
		p.Variants = nil
	}
}

func hasPrice(p *catalog.Product) bool {
	if len(p.Prices) > 0 {
		return true
	}
	for _, v := range p.Variants {
		if len(v.Prices) > 0 {
			return true
		}
	}
	return false
}

func (r *runner) lintImages(p *catalog.Product, at place) {
	kept := p.Images[:0]
	seen := map[string]bool{}
	for _, im := range p.Images {
		im.URL = strings.TrimSpace(im.URL)
		if im.URL == "" || seen[im.URL] || len(kept) >= maxImages {
			continue
		}
		if !goodURL(im.URL) {
			r.rep.add(Warning, "bad-url", at, "%q is not the address of an image", clip(im.URL, 80))
			continue
		}
		seen[im.URL] = true
		kept = append(kept, im)
	}
	if p.Images = kept; len(kept) == 0 {
		p.Images = nil
		if r.quiet.image {
			r.once(Info, "no-image-field", at, "the feed has no images")
		} else {
			r.rep.add(Info, "missing-image", at, "the product has no image")
		}
	}
	if p.Link = strings.TrimSpace(p.Link); !goodURL(p.Link) {
		r.rep.add(Warning, "bad-url", at, "%q is not the address of a page", clip(p.Link, 80))
		p.Link = ""
	}
}

// goodURL takes web addresses, absolute or relative, and refuses scripts and the like.
func goodURL(s string) bool {
	if s == "" {
		return true
	}
	if len(s) > 2000 {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "" || u.Scheme == "http" || u.Scheme == "https")
}

func (r *runner) gtin(s string, at place) string {
	if s = cleanGTIN(s); s == "" || placeholder(s) {
		return ""
	}
	if !validGTIN(s) {
		r.rep.add(Warning, "bad-gtin", at, "%q is not a GTIN: it needs 8, 12, 13 or 14 digits and the right check digit; it was left out", clip(s, 40))
		return ""
	}
	return s
}

func (r *runner) lintCodes(p *catalog.Product, at place) {
	p.GTIN = r.gtin(p.GTIN, at)
	p.MPN = clip(oneLine(p.MPN), 100)
	if placeholder(p.MPN) {
		p.MPN = ""
	}
	if p.Condition != "" {
		c, ok := condition(p.Condition)
		if !ok {
			r.rep.add(Warning, "bad-condition", at, "%q is none of new, refurbished, used", clip(p.Condition, 40))
		}
		p.Condition = c
	}
	if p.Available != "" {
		a, ok := availability(string(p.Available))
		if !ok {
			r.rep.add(Warning, "unknown-availability", at, "%q is none of in_stock, out_of_stock, preorder, backorder", clip(string(p.Available), 40))
		}
		p.Available = a
	}
	if p.Origin != "" {
		c, ok := country(p.Origin)
		if !ok {
			r.rep.add(Warning, "bad-country", at, "%q is not a country; use its ISO 3166 code such as CN", clip(p.Origin, 40))
		}
		p.Origin = c
	}
	if p.HSCode != "" {
		p.HSCode = strings.Map(func(c rune) rune {
			if c == '.' || c == ' ' {
				return -1
			}
			return c
		}, p.HSCode)
		if n := len(p.HSCode); n < 6 || n > 12 || strings.Trim(p.HSCode, "0123456789") != "" {
			r.rep.add(Warning, "bad-hs-code", at, "%q is not an HS code of 6 to 12 digits", clip(p.HSCode, 40))
			p.HSCode = ""
		}
	}
}

func (r *runner) lintNumbers(p *catalog.Product, at place) {
	if p.WeightG < 0 || math.IsNaN(p.WeightG) || math.IsInf(p.WeightG, 0) {
		r.rep.add(Warning, "bad-weight", at, "the weight is not a weight")
		p.WeightG = 0
	}
	for _, v := range p.SizeMM {
		if v <= 0 || math.IsNaN(v) || math.IsInf(v, 0) || len(p.SizeMM) != 3 {
			p.SizeMM = nil
			break
		}
	}
	if rt := p.Rating; rt != nil && (math.IsNaN(rt.Average) || rt.Average < 0 || rt.Average > 5 || rt.Count < 0) {
		r.rep.add(Warning, "bad-rating", at, "a rating of %v out of 5 by %d was left out", rt.Average, rt.Count)
		p.Rating = nil
	}
}

// plainWord reduces "https://schema.org/InStock", "in stock" and "in_stock" to instock.
func plainWord(s string) string {
	s = s[strings.LastIndexByte(s, '/')+1:]
	return strings.Map(func(c rune) rune {
		if c == ' ' || c == '_' || c == '-' {
			return -1
		}
		return c
	}, strings.ToLower(strings.TrimSpace(s)))
}

func availability(s string) (catalog.Availability, bool) {
	switch plainWord(s) {
	case "instock", "available", "lowstock", "limitedstock", "limitedavailability", "instoreonly", "onlineonly", "true", "yes", "1", "有货", "现货", "在售":
		return catalog.InStock, true
	case "outofstock", "soldout", "discontinued", "unavailable", "oos", "false", "no", "0", "缺货", "无货", "售罄", "下架":
		return catalog.OutOfStock, true
	case "preorder", "presale", "预售", "预订":
		return catalog.PreOrder, true
	case "backorder", "madetoorder", "availableforbackorder", "预定":
		return catalog.BackOrder, true
	}
	return "", false
}

func condition(s string) (string, bool) {
	switch strings.TrimSuffix(plainWord(s), "condition") {
	case "new", "brandnew", "全新":
		return "new", true
	case "refurbished", "renewed", "翻新":
		return "refurbished", true
	case "used", "secondhand", "preowned", "damaged", "二手":
		return "used", true
	}
	return "", false
}

var countries = map[string]string{"china": "CN", "中国": "CN", "中国大陆": "CN", "people's republic of china": "CN", "germany": "DE", "德国": "DE", "japan": "JP",
	"日本": "JP", "taiwan": "TW", "中国台湾": "TW", "台湾": "TW", "singapore": "SG", "新加坡": "SG", "belgium": "BE", "比利时": "BE", "united states": "US", "usa": "US",
	"united states of america": "US", "美国": "US", "malaysia": "MY", "马来西亚": "MY", "mexico": "MX", "墨西哥": "MX", "netherlands": "NL", "荷兰": "NL",
	"united kingdom": "GB", "uk": "GB", "great britain": "GB", "英国": "GB", "france": "FR", "法国": "FR", "italy": "IT", "意大利": "IT", "spain": "ES", "西班牙": "ES",
	"hungary": "HU", "匈牙利": "HU", "poland": "PL", "波兰": "PL", "czech republic": "CZ", "czechia": "CZ", "捷克": "CZ", "austria": "AT", "奥地利": "AT",
	"switzerland": "CH", "瑞士": "CH", "sweden": "SE", "瑞典": "SE", "finland": "FI", "芬兰": "FI", "denmark": "DK", "丹麦": "DK", "norway": "NO", "挪威": "NO",
	"ireland": "IE", "爱尔兰": "IE", "portugal": "PT", "葡萄牙": "PT", "greece": "GR", "romania": "RO", "罗马尼亚": "RO", "slovakia": "SK", "slovenia": "SI",
	"bulgaria": "BG", "turkey": "TR", "türkiye": "TR", "土耳其": "TR", "russia": "RU", "俄罗斯": "RU", "ukraine": "UA", "south korea": "KR", "korea": "KR",
	"korea, republic of": "KR", "republic of korea": "KR", "韩国": "KR", "vietnam": "VN", "viet nam": "VN", "越南": "VN", "thailand": "TH", "泰国": "TH", "philippines": "PH",
	"菲律宾": "PH", "indonesia": "ID", "印度尼西亚": "ID", "印尼": "ID", "india": "IN", "印度": "IN", "bangladesh": "BD", "孟加拉": "BD", "pakistan": "PK", "sri lanka": "LK",
	"cambodia": "KH", "柬埔寨": "KH", "hong kong": "HK", "中国香港": "HK", "香港": "HK", "macao": "MO", "canada": "CA", "加拿大": "CA", "brazil": "BR", "巴西": "BR",
	"argentina": "AR", "阿根廷": "AR", "australia": "AU", "澳大利亚": "AU", "澳洲": "AU", "new zealand": "NZ", "新西兰": "NZ", "israel": "IL", "以色列": "IL", "south africa": "ZA",
	"南非": "ZA", "egypt": "EG", "morocco": "MA", "tunisia": "TN", "costa rica": "CR", "dominican republic": "DO", "colombia": "CO", "chile": "CL", "peru": "PE",
	"luxembourg": "LU", "estonia": "EE", "latvia": "LV", "lithuania": "LT", "croatia": "HR", "serbia": "RS", "iceland": "IS", "malta": "MT", "mongolia": "MN", "蒙古": "MN",
	"puerto rico": "PR", "scotland": "GB", "england": "GB", "nepal": "NP", "尼泊尔": "NP", "myanmar": "MM", "缅甸": "MM", "内蒙古": "CN", "浙江": "CN", "广东": "CN", "江苏": "CN", "山东": "CN", "福建": "CN", "四川": "CN", "上海": "CN", "北京": "CN"}

// country is the ISO 3166 code of a code or name.
func country(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if c, ok := countries[strings.ToLower(s)]; ok {
		return c, true
	}
	for name, c := range countries { // "中国山东", "浙江杭州": a place within a country that is named by its start
		if name[0] >= 0x80 && strings.HasPrefix(s, name) {
			return c, true
		}
	}
	if len(s) != 2 {
		return "", false
	}
	region, err := language.ParseRegion(s)
	if err != nil || !region.IsCountry() || len(region.String()) != 2 {
		return "", false
	}
	return region.String(), true
}
