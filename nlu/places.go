package nlu

// places names destinations as shoppers do. Keys are folded; a few short ones are safe only after a word like "to".
var places = map[string]string{
	"germany": "DE", "德国": "DE", "berlin": "DE", "柏林": "DE", "munich": "DE", "france": "FR", "法国": "FR", "paris": "FR", "巴黎": "FR", "italy": "IT", "意大利": "IT", "spain": "ES", "西班牙": "ES",
	"portugal": "PT", "葡萄牙": "PT", "netherlands": "NL", "the netherlands": "NL", "holland": "NL", "荷兰": "NL", "belgium": "BE", "比利时": "BE", "austria": "AT", "奥地利": "AT", "switzerland": "CH", "瑞士": "CH",
	"sweden": "SE", "瑞典": "SE", "norway": "NO", "挪威": "NO", "denmark": "DK", "丹麦": "DK", "finland": "FI", "芬兰": "FI", "poland": "PL", "波兰": "PL", "czech republic": "CZ", "czechia": "CZ", "捷克": "CZ",
	"ireland": "IE", "爱尔兰": "IE", "greece": "GR", "希腊": "GR", "hungary": "HU", "匈牙利": "HU", "romania": "RO", "罗马尼亚": "RO", "bulgaria": "BG", "保加利亚": "BG", "croatia": "HR", "克罗地亚": "HR", "luxembourg": "LU", "卢森堡": "LU",
	"iceland": "IS", "冰岛": "IS", "ukraine": "UA", "乌克兰": "UA", "russia": "RU", "俄罗斯": "RU", "俄国": "RU",
	"uk": "GB", "the uk": "GB", "united kingdom": "GB", "england": "GB", "britain": "GB", "great britain": "GB", "scotland": "GB", "wales": "GB", "london": "GB", "英国": "GB", "伦敦": "GB",
	"usa": "US", "the us": "US", "the usa": "US", "us": "US", "united states": "US", "the states": "US", "america": "US", "california": "US", "new york": "US", "texas": "US", "美国": "US", "纽约": "US", "加州": "US", "洛杉矶": "US",
	"canada": "CA", "加拿大": "CA", "toronto": "CA", "多伦多": "CA", "vancouver": "CA", "温哥华": "CA", "mexico": "MX", "墨西哥": "MX", "brazil": "BR", "巴西": "BR", "argentina": "AR", "阿根廷": "AR", "chile": "CL", "智利": "CL", "colombia": "CO", "peru": "PE",
	"china": "CN", "mainland china": "CN", "中国": "CN", "国内": "CN", "大陆": "CN", "北京": "CN", "beijing": "CN", "上海": "CN", "shanghai": "CN", "广州": "CN", "深圳": "CN", "shenzhen": "CN", "杭州": "CN", "成都": "CN", "武汉": "CN", "西安": "CN", "南京": "CN", "重庆": "CN", "天津": "CN", "苏州": "CN",
	"hong kong": "HK", "香港": "HK", "macau": "MO", "澳门": "MO", "taiwan": "TW", "台湾": "TW", "台北": "TW", "japan": "JP", "日本": "JP", "tokyo": "JP", "东京": "JP", "osaka": "JP", "大阪": "JP", "korea": "KR", "south korea": "KR", "韩国": "KR", "seoul": "KR", "首尔": "KR",
	"singapore": "SG", "新加坡": "SG", "malaysia": "MY", "马来西亚": "MY", "thailand": "TH", "泰国": "TH", "vietnam": "VN", "越南": "VN", "indonesia": "ID", "印尼": "ID", "印度尼西亚": "ID", "philippines": "PH", "the philippines": "PH", "菲律宾": "PH", "india": "IN", "印度": "IN",
	"pakistan": "PK", "bangladesh": "BD", "australia": "AU", "澳大利亚": "AU", "澳洲": "AU", "sydney": "AU", "悉尼": "AU", "melbourne": "AU", "墨尔本": "AU", "new zealand": "NZ", "新西兰": "NZ", "turkey": "TR", "土耳其": "TR", "israel": "IL", "以色列": "IL",
	"saudi arabia": "SA", "沙特": "SA", "uae": "AE", "the uae": "AE", "dubai": "AE", "迪拜": "AE", "阿联酋": "AE", "egypt": "EG", "埃及": "EG", "south africa": "ZA", "南非": "ZA", "nigeria": "NG", "kenya": "KE", "morocco": "MA", "kazakhstan": "KZ", "哈萨克斯坦": "KZ",
	"欧洲": "", "europe": "",
}

// shortPlaces are read as places only after a word that leads to one.
var shortPlaces = map[string]bool{"us": true, "uk": true, "china": true, "turkey": true, "the us": true, "国内": true, "大陆": true}

// placeAt reads a place at token i.
func (r *reading) placeAt(i int) (code string, k int) {
	if !placeStarts[r.toks[i].text] {
		return "", 0
	}
	for n := min(6, len(r.toks)-i); n > 0; n-- {
		if c, ok := places[r.phrase(i, i+n)]; ok {
			return c, n
		}
	}
	return "", 0
}

// placeStarts are the first tokens of places.
var placeStarts = func() map[string]bool {
	m := map[string]bool{}
	for p := range places {
		m[tokenise(p)[0].text] = true
	}
	return m
}()
