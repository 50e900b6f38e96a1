package demo

// grinderFoot is what a grinder stands on, with two beans beside it.
func (p *pen) grinderFoot() {
	p.box(74, 194, 92, 12, 5, p.dd)
	p.bean(44, 200, 11, choose(p, 20.0, 50, -20), "#6b4228")
	p.bean(196, 202, 11, -30, "#5a3722")
}

var kitchenPictures = pictureSet{
	"frying_pan": func(p *pen) {
		p.ground(196, 90)
		p.turn(-32, 96, 140, func() {
			p.box(160, 130, 86, 17, 8, choose(p, ink, wood, p.a))
			p.box(150, 131, 26, 15, 4, iron)
		})
		p.oval(96, 146, 82, 50, p.dd)
		p.oval(96, 136, 82, 50, body)
		p.oval(96, 138, 68, 40, ink)
		p.oval(96, 140, 62, 35, coal)
		if p.v%2 == 0 {
			p.shape("M60 142Q58 116 88 118Q128 106 132 136Q142 162 104 162Q66 166 60 142Z", "#fffaf0")
			p.dot(98, 138, 15, "#f4b13e")
			p.dot(93, 133, 5, "#f9d384")
		} else {
			p.shine("M46 132Q60 108 92 106Q66 118 60 142Z")
		}
	},
	"cooking_pot": func(p *pen) {
		p.ground(204, 82)
		p.line("M46 134H24M194 134H216", p.dd, 13)
		p.shape("M44 110H196V176Q196 202 168 202H72Q44 202 44 176Z", body)
		p.shadow("M160 110H196V176Q196 202 168 202H150Q166 156 160 110Z")
		p.shape("M40 112Q48 70 120 70T200 112Z", choose(p, p.l, glass, p.d))
		p.box(38, 104, 164, 13, 6, p.dd)
		p.box(104, 50, 32, 16, 8, p.a)
		p.box(114, 62, 12, 10, 2, iron)
		p.shine("M58 126H72V178Q58 176 58 160Z")
		p.steam(choose(p, 60.0, 160, 150), 56)
	},
	"wok": func(p *pen) {
		p.ground(198, 76)
		p.line("M192 112L230 84", choose(p, wood, ink), 13)
		p.line("M40 112Q22 106 28 128Q36 134 48 130", iron, 8)
		p.shape("M28 110H212Q204 194 120 194T28 110Z", ink)
		p.shape("M150 110H212Q204 186 132 194Q160 160 150 110Z", "#1f2329")
		p.oval(120, 110, 92, 22, coal)
		p.oval(120, 111, 84, 17, "#20242a")
		p.shape("M62 112Q90 92 120 100Q152 90 180 112Q150 126 120 126T62 112Z", leaf)
		p.oval(96, 108, 15, 7, "#e8673f")
		p.oval(144, 106, 15, 7, "#f2c14e")
		p.oval(120, 115, 16, 6, "#fbe9c4")
		p.steam(98, 80)
	},
	"kitchen_knife": func(p *pen) {
		p.ground(206, 62)
		p.turn(choose(p, 38.0, -38, 28), 120, 120, func() {
			p.shape("M102 28Q146 62 146 148H102Z", "#dde2e6")
			p.shape("M102 28Q146 62 146 148H132Q132 70 102 28Z", "#b9c1c8")
			if p.v%2 == 1 {
				p.line("M108 50Q122 70 112 90T120 130M122 60Q134 84 126 108T134 144", "#a5aeb6", 2)
			}
			p.box(100, 146, 36, 13, 3, iron)
			p.box(102, 156, 30, 72, 9, choose(p, bark, ink, p.c))
			p.dot(117, 172, 3.5, gold)
			p.dot(117, 192, 3.5, gold)
			p.dot(117, 212, 3.5, gold)
		})
	},
	"cutting_board": func(p *pen) {
		p.ground(206, 68)
		tone := choose(p, wood, "#b98450", "#dcb883")
		p.turn(choose(p, -5.0, 5, 0), 120, 120, func() {
			p.shape("M102 58V36Q102 22 120 22T138 36V58H164Q180 58 180 74V188Q180 204 164 204H76Q60 204 60 188V74Q60 58 76 58Z", tone)
			p.shape("M164 58Q180 58 180 74V188Q180 204 164 204H152V58Z", mix(tone, "#14161c", 0.14))
			p.dot(120, 40, 7, p.back)
			p.line("M76 90H120M84 110H152M76 176H140", mix(tone, "#14161c", 0.16), 3)
		})
		p.oval(104, 148, 24, 20, "#d9483b")
		p.shape("M92 132L104 124L116 132L104 138Z", leaf)
		p.oval(146, 160, 16, 13, "#f0a23c")
		p.shine("M90 142Q94 134 102 134Q94 142 92 152Z")
	},
	"electric_kettle": func(p *pen) {
		p.ground(208, 66)
		p.box(62, 192, 116, 14, 7, ink)
		p.line("M160 76Q212 70 206 122T162 170", p.dd, 14)
		p.shape("M78 66H156L170 192H66Z", body)
		p.shadow("M136 66H156L170 192H140Q148 120 136 66Z")
		p.shape("M82 84L46 70Q44 62 52 62L86 60Z", p.d)
		p.shape("M80 66Q84 46 118 46T156 66Z", p.dd)
		p.box(108, 34, 20, 14, 6, p.a)
		if p.v%2 == 0 {
			p.box(100, 98, 12, 70, 6, glass)
			p.box(100, 128, 12, 40, 6, "#7fc4ea")
		} else {
			p.dot(116, 132, 20, p.l)
			p.line("M116 132L126 122", p.a, 4)
		}
		p.steam(34, 54)
	},
	"coffee_machine": func(p *pen) {
		p.ground(208, 76)
		p.shape("M54 52Q54 38 68 38H172Q186 38 186 52V94H54Z", body)
		p.box(54, 84, 40, 118, 4, p.d)
		p.box(94, 92, 92, 98, 0, ink)
		p.box(46, 186, 148, 20, 7, p.c)
		p.box(104, 180, 78, 8, 2, steel)
		p.box(120, 90, 42, 22, 5, steel)
		p.line("M134 112V122M148 112V122", iron, 6)
		p.line("M141 122V146", "#7a4a2c", 4)
		p.cup(118, 146, 44, "#fbf7ee", "#6b3f24")
		p.dot(choose(p, 84.0, 156, 120), 62, 13, p.ll)
		p.line("M"+num(choose(p, 84.0, 156, 120))+" 62l7 -7", ink, 3)
		p.box(choose(p, 110.0, 70, 144), 56, 26, 12, 4, ink)
		p.box(62, 26, 116, 14, 6, p.dd)
	},
	"coffee_grinder": func(p *pen) {
		p.ground(208, 56)
		p.box(76, 30, 88, 14, 6, ink)
		p.shape("M80 40H160L150 100H90Z", "#ffffffbb")
		p.shape("M84 66H156L150 100H90Z", "#6b4228")
		p.box(80, 98, 80, 104, 12, body)
		p.shadow("M140 98H148Q160 98 160 110V190Q160 202 148 202H140Z")
		p.dot(120, 134, 15, p.ll)
		p.line("M120 134V124", ink, 3)
		p.box(98, 162, 44, 30, 4, ink)
		p.grinderFoot()
	},
	"coffee_grinder_hand": func(p *pen) {
		p.ground(208, 56)
		p.line(choose(p, "M120 62L176 46V34", "M120 62L64 46V34"), iron, 7)
		p.dot(choose(p, 176.0, 64), 32, 12, p.a)
		p.shape("M72 64H168L150 108H90Z", steel)
		p.box(84, 104, 72, 96, 6, body)
		p.shadow("M136 104H156V200H136Z")
		p.box(96, 142, 48, 40, 4, p.d)
		p.dot(120, 162, 6, gold)
		p.grinderFoot()
	},
	"moka_pot": func(p *pen) {
		p.ground(208, 54)
		p.line("M160 72Q204 72 196 134", ink, 13)
		p.shape("M84 60H156L148 126H92Z", body)
		p.shape("M132 60H156L148 126H128Z", p.d)
		p.shape("M88 62L62 52Q58 46 66 46L92 48Z", p.d)
		p.shape("M82 62Q92 40 120 40T158 62Z", p.l)
		p.dot(120, 34, 8, ink)
		p.box(86, 122, 68, 14, 4, p.dd)
		p.shape("M90 134H150L166 204H74Z", p.c)
		p.shape("M132 134H150L166 204H138Z", p.d)
		p.dot(choose(p, 104.0, 112, 98), 164, 5, gold)
		p.steam(40, 38)
	},
	"cleaver": func(p *pen) {
		p.ground(206, 62)
		p.turn(choose(p, 38.0, -38, 28), 120, 120, func() {
			p.box(76, 26, 72, 122, 8, "#dde2e6")
			p.box(136, 26, 12, 122, 5, "#b9c1c8")
			p.dot(90, 42, 6, p.back)
			p.box(106, 146, 30, 10, 2, iron)
			p.box(106, 154, 30, 74, 9, choose(p, bark, ink, wood))
			p.dot(121, 174, 3.5, gold)
			p.dot(121, 206, 3.5, gold)
		})
	},
	"teapot": func(p *pen) {
		p.ground(200, 84)
		p.hoop(186, 132, 32, 34, 12, p.d)
		p.shape("M66 142Q38 138 30 92L44 88Q56 118 78 118Z", p.d)
		p.shape("M60 134Q60 78 120 78T180 134Q180 194 120 194T60 134Z", body)
		p.shadow("M150 84Q180 96 180 134Q180 192 126 194Q170 160 150 84Z")
		p.oval(120, 84, 44, 11, p.dd)
		p.shape("M78 82Q88 60 120 60T162 82Q120 96 78 82Z", p.c)
		p.dot(120, 54, 10, p.a)
		if p.v%2 == 0 {
			p.sprig(110, 156, 34, -24, p.al)
			p.sprig(126, 158, 38, 22, p.al)
		} else {
			p.line("M64 146Q92 158 120 146T176 146", p.al, 6)
		}
		p.box(84, 190, 72, 10, 5, p.dd)
		p.steam(26, 72)
	},
	"blender": func(p *pen) {
		p.ground(208, 56)
		p.box(86, 26, 68, 16, 6, ink)
		p.line("M156 60Q188 62 182 92T154 122", "#ffffffcc", 9)
		p.shape("M76 40H164L152 142H88Z", "#ffffffbb")
		fruit := choose(p, "#f08a9a", "#8fc46a", "#f2b54e", "#a679c9")
		p.shape("M80 74Q100 64 120 76T160 72L152 142H88Z", fruit)
		p.dot(106, 100, 8, mix(fruit, white, 0.4))
		p.dot(132, 116, 10, mix(fruit, "#8a2f3a", 0.3))
		p.dot(120, 90, 5, white)
		p.shape("M84 142H156L172 196Q173 206 162 206H78Q67 206 68 196Z", body)
		p.shadow("M140 142H156L172 196Q173 206 162 206H148Z")
		p.dot(120, 174, 16, ink)
		p.line("M120 174V162", p.a, 4)
		p.box(112, 136, 16, 8, 2, steel)
	},
	"air_fryer": func(p *pen) {
		p.ground(208, 72)
		p.shape("M54 84Q54 34 120 34T186 84V184Q186 206 162 206H78Q54 206 54 184Z", body)
		p.shadow("M154 42Q186 52 186 84V184Q186 206 162 206H146Q164 120 154 42Z")
		if p.v%2 == 0 {
			p.box(84, 54, 72, 34, 10, ink)
			p.line("M96 71H112M120 71H128", "#7fe0d0", 6)
			p.dot(144, 71, 5, p.a)
		} else {
			p.dot(98, 72, 16, ink)
			p.line("M98 72V60", p.a, 4)
			p.dot(142, 72, 16, ink)
			p.line("M142 72L150 64", p.a, 4)
		}
		p.box(62, 106, 116, 92, 14, p.d)
		p.box(72, 116, 96, choose(p, 0.0, 50, 0), 8, ink)
		p.box(100, 138, 40, 60, 10, ink)
		p.box(106, 144, 28, 14, 6, p.a)
	},
	"rice_cooker": func(p *pen) {
		p.ground(204, 86)
		p.shape("M38 112H202V164Q202 202 160 202H80Q38 202 38 164Z", body)
		p.shadow("M166 112H202V164Q202 202 160 202H146Q172 170 166 112Z")
		p.shape("M38 116Q40 58 120 58T202 116Z", p.l)
		p.box(34, 108, 172, 13, 6, p.dd)
		p.oval(120, 66, 24, 8, p.d)
		p.box(84, 134, 72, 44, 12, ink)
		p.line("M98 150H"+num(choose(p, 116.0, 128, 110)), "#7fe0d0", 6)
		p.dot(136, 164, 6, p.a)
		p.dot(106, 164, 4, iron)
		p.line("M58 92Q70 76 92 72", p.ll, 5)
		p.steam(choose(p, 150.0, 76, 148), 46)
	},
	"dinnerware_set": func(p *pen) {
		p.ground(204, 94)
		rim := choose(p, p.a, p.d, p.dd)
		p.oval(100, 188, 84, 16, p.dd)
		p.oval(100, 182, 84, 16, p.c)
		p.oval(100, 174, 66, 13, p.d)
		p.oval(100, 169, 66, 13, p.l)
		p.dot(102, 98, 66, body)
		p.ring(102, 98, 57, 4, rim)
		p.dot(102, 98, 40, p.l)
		if p.v%2 == 0 {
			p.sprig(102, 118, 36, choose(p, 20.0, 20, -20), p.a)
		}
		p.shape("M140 146H224Q222 190 198 194H166Q142 190 140 146Z", p.c)
		p.oval(182, 146, 42, 9, p.d)
		p.line("M144 160Q182 170 220 160", rim, 4)
	},
	"mug": func(p *pen) {
		p.ground(206, 68)
		p.hoop(172, 134, 32, 34, 14, p.d)
		p.shape("M58 72H170V172Q170 204 138 204H90Q58 204 58 172Z", body)
		p.shadow("M146 72H170V172Q170 204 138 204H124Q152 170 146 72Z")
		p.oval(114, 74, 56, 13, p.d)
		p.oval(114, 76, 48, 9, choose(p, "#6b3f24", "#c08a56", "#7d8f3f"))
		p.shine("M70 92H82V176Q70 172 70 160Z")
		switch p.v % 3 {
		case 0:
			p.line("M58 132H170", p.a, 12)
		case 1:
			p.shape("M114 172L88 144Q84 122 100 122Q112 124 114 134Q116 124 128 122Q144 122 140 144Z", p.a)
		default:
			p.beads(114, 140, 24, 10, 18.8, p.a)
		}
		p.steam(98, 58)
	},
}
