package demo

// lowShoe is a low shoe seen from the side, toe to the right, on a sole of its own.
func (p *pen) lowShoe() {
	p.ground(190, 98)
	p.shape("M34 92Q38 78 52 84Q64 94 80 88L98 74Q106 70 112 78L140 116Q176 124 200 140Q214 150 212 168H30Q26 120 34 92Z", body)
	p.shape("M30 138Q70 150 112 148Q170 144 212 162V168H30Z", p.d)
}

// boot is a shaft with a foot.
func (p *pen) bootShape(fill string) {
	p.shape("M66 40H142L144 116Q150 130 176 136Q206 144 208 178H60Q56 120 66 40Z", fill)
}

// sunglasses are a pair with the given left lens.
func sunglasses(shape string) func(*pen) {
	return func(p *pen) {
		lens := choose(p, "#2f3a46", "#5b4a3a", "#3f6a78", "#4a3a5e")
		p.ground(182, 84)
		p.line("M28 104L16 92M212 104L224 92", p.dd, 9)
		p.mirror(func() {
			p.shape(shape, body)
			p.move(6.6, 12.5, 0.9, func() { p.shape(shape, lens) })
			p.shine("M44 106H70L48 140Q38 126 44 106Z")
		})
		p.line("M102 108Q120 94 138 108", p.c, 9)
	}
}

var shoesBagsPictures = pictureSet{
	"sneakers": func(p *pen) {
		p.lowShoe()
		p.shape("M34 92Q38 78 52 84L64 92L62 140L30 136Q30 110 34 92Z", p.a)
		p.shape("M166 126Q214 140 212 168H160Q152 140 166 126Z", p.l)
		p.line("M98 98L122 84M106 110L132 98M116 122L144 112", p.ll, 6)
		switch p.v % 3 {
		case 0:
			p.shape("M74 144Q100 150 140 118L146 126Q118 162 84 158Z", p.al)
		case 1:
			p.line("M76 112L92 156M92 108L108 156", p.al, 7)
		default:
			p.dot(92, 132, 14, p.al)
		}
		p.shape("M26 164H214Q220 186 202 190H40Q22 188 26 164Z", "#fbf8f1")
		p.line("M30 178H212", mix("#fbf8f1", p.c, 0.35), 4)
	},
	"running_shoes": func(p *pen) {
		p.lowShoe()
		p.shape("M40 84L30 74Q26 70 32 68L56 82Z", p.dd)
		p.line("M72 150L104 96M92 152L120 108M112 152L136 120", choose(p, p.a, p.ll, p.al), 6)
		p.line("M100 92L116 80M108 104L126 92M118 116L138 106", p.ll, 5)
		p.shape("M22 160Q40 152 80 160Q150 168 216 156Q224 176 208 186Q190 194 160 188Q120 182 80 190Q40 196 24 184Z", p.a)
		p.shape("M22 160Q40 152 80 160Q150 168 216 156L218 166Q150 178 80 170Q44 164 22 172Z", "#fbf8f1")
	},
	"hiking_boots": func(p *pen) {
		p.ground(200, 96)
		p.bootShape(body)
		p.shape("M60 150Q110 164 208 164V178H60Z", p.d)
		p.shape("M60 34Q104 48 146 34V56Q104 66 60 56Z", p.dd)
		p.shape("M164 132Q206 142 208 178H160Q154 150 164 132Z", p.d)
		p.line("M112 72L146 66M112 92L146 86M114 112L148 108M124 128L152 124", p.a, 6)
		p.line(choose(p, "M80 68V150", "M80 68V110L100 150", "M74 110H106"), p.d, 4)
		p.shape("M54 174H214L212 196H196L190 204H176L170 196H150L144 204H130L124 196H104L98 204H84L78 196H58Z", ink)
	},
	"ankle_boots": func(p *pen) {
		p.ground(202, 86)
		p.bootShape(body)
		p.shadow("M60 152Q110 166 208 166V178H60Z")
		if p.v%2 == 0 {
			p.shape("M96 40H118L112 108H98Z", p.dd)
			p.line("M102 44V104M110 44L106 104", coal, 2)
		} else {
			p.line("M128 50V108", gold, 4)
		}
		p.shape("M54 176H212V188H112L108 204H58Z", ink)
		p.line("M66 42Q104 52 142 42", p.d, 5)
	},
	"sandals": func(p *pen) {
		p.ground(194, 98)
		p.shape("M22 164Q60 152 104 166Q160 182 212 160Q224 172 210 184Q160 200 104 188Q60 176 30 186Q14 178 22 164Z", choose(p, wood, bark, ink))
		p.shape("M24 160Q60 148 104 160Q160 174 212 156L214 164Q160 184 104 170Q60 158 24 170Z", "#efe0c6")
		p.shape("M132 166Q136 116 168 112Q200 118 204 158Q186 164 182 164Q180 138 166 138Q154 140 152 168Z", body)
		p.shape("M30 162Q34 98 62 90Q86 98 92 162L76 158Q72 116 60 114Q48 118 46 158Z", p.d)
		p.line("M62 102Q110 104 152 128", p.c, choose(p, 12.0, 9, 14))
		p.dot(72, 104, 8, p.a)
		p.dot(168, 124, choose(p, 5.0, 0, 6), gold)
	},
	"dress_shoes": func(p *pen) {
		p.ground(192, 98)
		p.shape("M30 104Q34 92 50 96Q90 120 126 102Q140 98 154 112Q208 126 214 164H30Q24 130 30 104Z", body)
		p.shape("M46 100Q90 122 130 104L142 110Q118 136 78 130Q52 124 46 100Z", p.dd)
		p.shape("M112 112L150 110L166 134L116 142Z", p.d)
		if p.v%2 == 0 {
			p.line("M114 122Q140 116 160 124", gold, 6)
		} else {
			p.line("M132 116L140 142M146 114L156 138", p.a, 6)
		}
		p.line("M166 120Q192 128 202 150", p.d, 4)
		p.box(24, 162, 196, 16, 6, ink)
		p.box(24, 174, 60, 14, 3, coal)
	},
	"slippers": func(p *pen) {
		p.ground(192, 96)
		for i, x := range []float64{0, 1} {
			p.turn(x*2-4, 120, 150, func() {
				y := 30 - float64(i)*30
				p.shape("M30 "+num(150-y)+"Q60 "+num(136-y)+" 104 "+num(146-y)+"H196Q222 "+num(150-y)+" 216 "+num(172-y)+"H44Q24 "+num(170-y)+" 30 "+num(150-y)+"Z", "#f5ead8")
				p.shape("M112 "+num(164-y)+"Q112 "+num(98-y)+" 164 "+num(100-y)+"Q216 "+num(106-y)+" 216 "+num(164-y)+"Z", []string{p.d, body}[i])
				p.shape("M112 "+num(164-y)+"Q112 "+num(98-y)+" 150 "+num(100-y)+"Q128 "+num(116-y)+" 128 "+num(164-y)+"Z", p.ll)
				p.box(34, 164-y, 184, 12, 6, p.dd)
			})
		}
		p.dot(176, choose(p, 128.0, 132, 126), choose(p, 9.0, 0, 7), p.a)
	},
	"backpack": func(p *pen) {
		p.ground(208, 70)
		p.line("M96 44V34Q96 20 120 20T144 34V44", p.dd, 8)
		p.mirror(func() { p.line("M62 86Q34 110 42 168", p.dd, 13) })
		p.shape("M56 96Q56 36 120 36T184 96V184Q184 206 162 206H78Q56 206 56 184Z", body)
		p.shadow("M152 44Q184 56 184 96V184Q184 206 162 206H148Q166 120 152 44Z")
		switch p.v % 3 {
		case 0:
			p.line("M70 100H170", p.dd, 4)
			p.box(72, 128, 96, 66, 14, p.d)
			p.line("M82 146H158", p.a, 5)
		case 1:
			p.shape("M56 92H184V118Q184 130 120 130T56 118Z", p.d)
			p.box(84, 112, 12, 50, 3, p.a)
			p.box(144, 112, 12, 50, 3, p.a)
			p.box(76, 148, 88, 46, 10, p.d)
		default:
			p.line("M76 70V200M164 70V200", p.dd, 4)
			p.line("M96 96L144 124L96 152M144 96L96 124L144 152", p.a, 4)
			p.box(84, 166, 72, 30, 8, p.d)
		}
		p.box(106, 66, 28, 17, 4, p.a)
	},
	"handbag": func(p *pen) {
		p.ground(206, 82)
		p.line("M76 104Q76 38 120 38T164 104", p.dd, 9)
		p.shape(choose(p, "M56 96H184L202 190Q204 204 190 204H50Q36 204 38 190Z", "M44 110Q44 96 60 96H180Q196 96 196 110V188Q196 204 180 204H60Q44 204 44 188Z", "M50 96H190Q214 150 198 188Q192 204 176 204H64Q48 204 42 188Q26 150 50 96Z"), body)
		p.shadow("M160 96H184L202 190Q204 204 190 204H156Q172 150 160 96Z")
		if p.v%2 == 0 {
			p.shape("M54 96H186L182 138Q120 164 58 138Z", p.d)
			p.box(108, 132, 24, 28, 5, gold)
			p.dot(120, 146, 4, p.dd)
		} else {
			p.line("M52 122H188", p.dd, 4)
			p.box(176, 118, 10, 26, 4, gold)
			p.line("M70 104V196M170 104V196", p.d, 7)
		}
		p.dot(76, 104, 6, gold)
		p.dot(164, 104, 6, gold)
	},
	"crossbody_bag": func(p *pen) {
		p.ground(206, 72)
		p.line("M52 122Q30 20 120 20T188 122", p.dd, 7)
		p.box(44, 112, 152, 90, choose(p, 18.0, 40, 10), body)
		p.shape("M44 130Q44 112 62 112H178Q196 112 196 130V146Q160 172 120 172T44 146Z", p.d)
		p.line("M44 146Q80 172 120 172T196 146", p.dd, 3)
		if p.v%2 == 0 {
			p.dot(120, 166, 12, gold)
			p.dot(120, 166, 6, p.d)
		} else {
			p.box(110, 156, 20, 22, 4, p.a)
		}
		p.dot(52, 122, 7, gold)
		p.dot(188, 122, 7, gold)
	},
	"clutch": func(p *pen) {
		p.ground(194, 88)
		p.turn(choose(p, -6.0, 6, 0), 120, 130, func() {
			p.box(32, 80, 176, 108, 12, body)
			p.shape("M32 92Q32 80 44 80H196Q208 80 208 92L128 146Q120 152 112 146Z", p.d)
			p.line("M34 94L112 146Q120 152 128 146L206 94", p.dd, 3)
			p.dot(120, 148, 9, gold)
			p.line("M200 120Q236 140 222 182T190 204", p.dd, 6)
		})
	},
	"tote_bag": func(p *pen) {
		p.ground(208, 72)
		p.line("M86 96Q84 28 120 28T154 96", p.dd, 10)
		p.shape("M52 82H188L180 196Q180 206 170 206H70Q60 206 60 196Z", body)
		p.shadow("M158 82H188L180 196Q180 206 170 206H148Q160 140 158 82Z")
		p.line("M54 94H186", p.d, 4)
		switch p.v % 3 {
		case 0:
			p.sprig(110, 176, 50, -22, p.a)
			p.sprig(128, 178, 56, 22, p.al)
		case 1:
			p.dot(120, 144, 30, p.a)
			p.dot(120, 144, 17, p.ll)
		default:
			p.line("M60 130H182M62 152H180M64 174H178", p.a, 8)
		}
		p.line("M86 84V110M154 84V110", p.dd, 10)
	},
	"suitcase": func(p *pen) {
		p.ground(212, 66)
		p.line("M100 62V18H140V62", iron, 7)
		p.line("M98 18H142", ink, 11)
		p.box(60, 54, 120, 146, 18, body)
		p.shadow("M154 54H162Q180 54 180 72V182Q180 200 162 200H154Z")
		if p.v%2 == 0 {
			p.line("M82 66V188M101 66V188M120 66V188M139 66V188M158 66V188", p.d, 6)
		} else {
			p.line("M64 100H176M64 150H176", p.d, 5)
			p.dot(120, 125, 15, p.a)
		}
		p.box(104, 46, 32, 13, 5, p.dd)
		p.box(172, 110, 13, 34, 5, p.dd)
		p.dot(80, 204, 9, ink)
		p.dot(160, 204, 9, ink)
	},
	"wallet": func(p *pen) {
		p.ground(196, 84)
		p.turn(choose(p, -6.0, 6, 0), 120, 130, func() {
			p.box(60, 60, 96, 60, 5, "#bfe0c4")
			p.box(72, 52, 96, 60, 5, "#8fc7a0")
			p.box(84, 64, 92, 52, 6, p.a)
			p.box(84, 76, 92, 10, 0, ink)
			p.box(36, 84, 168, 108, 14, body)
			p.shape("M36 98Q36 84 50 84H190Q204 84 204 98V104H36Z", p.d)
			p.box(150, 120, 54, 38, 12, p.d)
			p.dot(170, 139, 8, gold)
			p.stripes("M46 182H194", p.ll, 2.5, 7, 5)
		})
	},
	"sunglasses":         sunglasses("M22 96H108Q112 110 106 134Q100 158 68 158Q34 158 28 130Q22 112 22 96Z"),
	"sunglasses_round":   sunglasses("M66 90Q104 90 104 126T66 162T28 126T66 90Z"),
	"sunglasses_aviator": sunglasses("M20 98Q64 84 110 98Q114 128 96 150Q80 168 58 166Q28 160 22 126Q20 112 20 98Z"),
	"sunglasses_cat_eye": sunglasses("M12 82Q64 92 110 98Q110 156 72 156Q34 156 12 82Z"),
	"umbrella": func(p *pen) {
		p.ground(212, 50)
		p.line("M120 40V182Q120 204 104 204T88 186", choose(p, bark, ink, iron), 7)
		p.line("M120 26V40", iron, 5)
		p.shape("M18 126Q24 38 120 36T222 126Q206 108 188 126Q170 108 154 126Q138 108 120 126Q102 108 86 126Q70 108 52 126Q34 108 18 126Z", body)
		p.shape("M120 36Q150 60 154 126Q138 108 120 126Q102 108 86 126Q90 60 120 36Z", choose(p, p.l, p.a, p.ll))
		p.shadow("M120 36Q222 38 222 126Q206 108 188 126Q186 62 120 36Z")
	},
	"wrist_watch": func(p *pen) {
		p.ground(212, 44)
		p.shape("M92 82L98 20H142L148 82ZM92 158L98 220H142L148 158Z", body)
		p.stripes("M120 24V216", p.d, 30, 2, 8)
		p.box(178, 112, 12, 16, 4, gold)
		p.dot(120, 120, 62, choose(p, gold, steel, iron))
		p.dot(120, 120, 51, "#fbf8f0")
		p.beads(120, 120, 42, 5, 22, ink)
		p.line("M120 120V88M120 120L142 132", ink, 5)
		p.line("M120 120L98 140", "#d9483b", 2.5)
		p.dot(120, 120, 4, ink)
	},
}
