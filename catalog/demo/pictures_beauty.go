package demo

// pump is the head of a pump bottle whose neck ends at height y.
func (p *pen) pump(y float64, fill string) {
	p.box(114, y-34, 12, 26, 2, iron)
	p.box(102, y-14, 36, 16, 5, fill)
	p.shape("M84 "+num(y-46)+"Q84 "+num(y-52)+" 92 "+num(y-52)+"H138Q146 "+num(y-52)+" 146 "+num(y-40)+"V"+num(y-32)+"H100V"+num(y-38)+"H84Z", fill)
}

// shaver is the body of a shaver without its head.
func (p *pen) shaver() {
	p.ground(208, 44)
	p.shape("M92 92H148Q158 140 148 192Q146 206 132 206H108Q94 206 92 192Q82 140 92 92Z", body)
	p.shadow("M136 92H148Q158 140 148 192Q146 206 132 206H126Z")
	p.shape("M104 114H136Q140 150 134 182H106Q100 150 104 114Z", ink)
	p.dot(120, 134, 10, p.a)
	p.line("M112 160H"+num(choose(p, 128.0, 122, 118)), "#7fd0c0", 5)
}

// sun is the emblem of everything against it.
func (p *pen) sun(x, y float64) {
	p.dot(x, y, 28, p.ll)
	p.dot(x, y, 12, "#f6b93b")
	p.beads(x, y, 20, choose(p, 6.0, 4, 8), choose(p, 15.7, 10.5, 20.9), "#f6b93b")
}

var beautyPictures = pictureSet{
	"face_cream": func(p *pen) {
		p.ground(206, 72)
		p.box(50, 116, 140, 90, 26, body)
		p.shadow("M156 116H164Q190 116 190 142V180Q190 206 164 206H150Q166 160 156 116Z")
		p.dot(120, 164, 26, p.ll)
		p.sprig(120, 182, 32, choose(p, 0.0, 30, -30), p.a)
		if p.v%2 == 0 {
			p.box(58, 66, 124, 54, 10, p.a)
			p.box(58, 106, 124, 14, 4, p.ad)
			p.shine("M70 72H84V112H70Z")
			return
		}
		p.oval(120, 118, 68, 17, p.dd)
		p.oval(120, 116, 60, 13, "#fffaf2")
		p.shape("M82 116Q88 82 122 96Q150 78 138 60Q176 84 158 116Q140 126 120 126T82 116Z", "#fffaf2")
		p.line("M96 112Q120 90 148 104", "#eadfce", 4)
	},
	"sunscreen": func(p *pen) {
		p.ground(206, 44)
		p.shape("M70 34H170L154 172H86Z", body)
		p.shape("M144 34H170L154 172H132Z", p.d)
		p.box(66, 30, 108, 14, 3, p.d)
		p.box(84, 168, 72, 38, 8, p.a)
		p.box(84, 168, 72, 8, 3, p.ad)
		p.sun(120, 106)
	},
	"sunscreen_spray": func(p *pen) {
		p.ground(206, 44)
		p.box(84, 84, 72, 122, 18, body)
		p.shadow("M136 84H138Q156 84 156 102V188Q156 206 138 206H136Z")
		p.box(96, 62, 48, 26, 6, p.ll)
		p.shape("M98 36H142V64H98Z", p.a)
		p.box(88, 36, 20, 12, 4, p.ad)
		p.line("M76 34L56 24M74 42H50M76 50L56 60", white, 4)
		p.sun(120, 146)
	},
	"sunscreen_stick": func(p *pen) {
		p.ground(206, 56)
		p.shape("M70 84Q70 52 98 52T126 84Z", "#fffaf0")
		p.box(66, 82, 64, 124, 10, body)
		p.box(66, 186, 64, 20, 8, p.d)
		p.sun(98, 136)
		p.box(142, 140, 56, 66, 10, p.a)
		p.box(142, 140, 14, 66, 7, p.al)
	},
	"cleanser": func(p *pen) {
		p.ground(206, 46)
		if p.v%2 == 0 {
			p.box(78, 98, 84, 108, 20, body)
			p.shadow("M140 98H142Q162 98 162 118V186Q162 206 142 206H140Z")
			p.pump(100, p.a)
			p.box(92, 126, 56, 50, 8, p.ll)
		} else {
			p.shape("M74 40H166L156 176H84Z", body)
			p.shape("M144 40H166L156 176H136Z", p.d)
			p.box(70, 34, 100, 13, 3, p.d)
			p.box(86, 174, 68, 32, 8, p.a)
			p.box(94, 76, 52, 56, 8, p.ll)
		}
		y := choose(p, 150.0, 104)
		p.dot(112, y, 11, "#8fc7dd")
		p.dot(130, y-10, 8, "#b4dcea")
		p.dot(130, y+9, 6, "#8fc7dd")
		p.dot(188, 84, 10, "#ffffffaa")
		p.dot(202, 62, 6, "#ffffffaa")
		p.dot(54, 112, 8, "#ffffffaa")
	},
	"serum": func(p *pen) {
		p.ground(206, 46)
		p.box(106, 28, 28, 44, 13, ink)
		p.box(100, 64, 40, 30, 5, p.a)
		p.line("M107 66V92M116 66V92M125 66V92M134 66V92", p.ad, 2)
		p.shape("M100 92H140V100Q166 104 166 128V190Q166 206 150 206H90Q74 206 74 190V128Q74 104 100 100Z", p.ll)
		p.shape("M74 136Q120 126 166 136V190Q166 206 150 206H90Q74 206 74 190Z", body)
		p.box(117, 94, 6, 70, 3, "#ffffff99")
		p.box(88, 146, 64, 42, 5, "#fffdf8")
		p.line("M98 160H"+num(choose(p, 142.0, 128, 136))+"M98 172H126", p.d, 4)
		p.shine("M84 120H92V196H84Z")
		p.shape("M194 96Q180 116 194 124T194 96Z", body)
		p.shape("M194 96Q208 116 194 124Z", p.d)
	},
	"sheet_mask": func(p *pen) {
		p.ground(206, 66)
		p.turn(choose(p, -8.0, 8, 0), 120, 120, func() {
			p.box(52, 34, 136, 170, 8, body)
			p.box(52, 34, 136, 14, 4, p.d)
			p.line("M58 56H182", p.dd, 2)
			p.shape("M72 84Q72 64 120 64T168 84Q172 140 150 170Q136 188 120 188T90 170Q68 140 72 84Z", "#fffdf8")
			p.oval(99, 108, 13, 8, p.d)
			p.oval(141, 108, 13, 8, p.d)
			p.line("M120 114V136M114 140H126", mix(p.c, "#8a6a5a", 0.3), 3)
			p.oval(120, 160, 17, 7, p.d)
			p.line("M72 112L62 106M168 112L178 106", "#fffdf8", 5)
		})
		p.sprig(196, 206, 40, 24, p.a)
	},
	"lipstick": func(p *pen) {
		p.ground(206, 66)
		p.box(70, 140, 52, 66, 5, ink)
		p.box(70, 140, 14, 66, 5, coal)
		p.box(76, 112, 40, 32, 2, gold)
		p.box(76, 112, 10, 32, 2, "#f0cf86")
		p.shape("M80 112V66Q80 60 86 54L104 40Q112 36 112 48V112Z", p.c)
		p.shape("M104 112V40Q112 36 112 48V112Z", p.d)
		p.shine("M84 108V68L90 62V108Z")
		p.turn(choose(p, 0.0, 8, -6), 158, 206, func() {
			p.box(136, 116, 46, 90, 5, ink)
			p.box(136, 116, 12, 90, 5, coal)
			p.box(136, 130, 46, 5, 0, gold)
		})
		if p.v%2 == 1 {
			p.line("M138 62Q160 44 178 60T206 56", p.c, 12)
		}
	},
	"foundation": func(p *pen) {
		p.ground(206, 60)
		p.box(62, 96, 84, 110, 12, "#ffffffcc")
		p.box(68, 110, 72, 90, 8, body)
		p.shadow("M124 110H132Q140 110 140 118V192Q140 200 132 200H124Z")
		p.box(84, 74, 40, 26, 4, gold)
		p.box(76, 32, 56, 46, 7, ink)
		p.box(76, 32, 14, 46, 7, coal)
		p.shine("M74 116H82V194H74Z")
		p.shape(choose(p, "M164 190Q150 150 176 140Q208 132 204 164Q200 196 164 190Z", "M158 176Q170 140 200 150Q216 168 196 184Q176 196 158 176Z"), p.c)
		p.shape("M172 180Q164 158 182 152Q174 170 186 182Z", p.l)
	},
	"shampoo": func(p *pen) {
		p.ground(206, 52)
		if p.v%2 == 0 {
			p.shape("M72 110Q72 94 88 94H152Q168 94 168 110V188Q168 206 150 206H90Q72 206 72 188Z", body)
			p.pump(96, ink)
		} else {
			p.shape("M80 76Q68 120 72 186Q74 206 92 206H148Q166 206 168 186Q172 120 160 76Z", body)
			p.box(92, 40, 56, 40, 8, ink)
			p.box(92, 70, 56, 10, 2, coal)
		}
		p.shadow("M146 96H152Q168 94 168 110V188Q168 206 150 206H140Q150 150 146 96Z")
		p.box(84, 120, 72, 66, 8, p.ll)
		p.sprig(110, 172, 34, -26, choose(p, leaf, "#4f8f86", "#b0703f"))
		p.sprig(128, 172, 34, 26, choose(p, "#7fb26b", "#6fb3a5", "#cf9a5a"))
	},
	"perfume": func(p *pen) {
		p.ground(206, 62)
		p.box(104, 66, 32, 26, 3, gold)
		p.box(94, 30, 52, 40, choose(p, 6.0, 20, 2), ink)
		p.box(94, 30, 14, 40, 4, coal)
		switch p.v % 3 {
		case 0:
			p.box(58, 88, 124, 118, 14, "#ffffffbb")
			p.box(70, 118, 100, 78, 8, body)
		case 1:
			p.shape("M120 86Q190 96 190 156Q190 206 150 206H90Q50 206 50 156Q50 96 120 86Z", "#ffffffbb")
			p.shape("M62 140H178Q186 196 146 196H94Q54 196 62 140Z", body)
		default:
			p.shape("M84 88H156L178 206H62Z", "#ffffffbb")
			p.shape("M84 120H156L168 198H72Z", body)
		}
		p.shine("M84 104H96V190H84Z")
		p.box(98, 140, 44, 32, 3, "#fffdf6")
		p.line("M106 152H134M112 161H128", p.d, 3)
		p.dot(166, 50, 4, p.c)
		p.dot(182, 42, 3, p.c)
		p.dot(178, 58, 3, p.c)
	},
	"hair_dryer": func(p *pen) {
		p.ground(208, 60)
		p.line("M134 196Q150 222 196 206", ink, 6)
		p.shape("M112 120H150L146 196Q144 204 134 204H128Q118 204 117 196Z", p.d)
		p.box(124, 146, 12, 22, 6, p.a)
		p.shape("M60 58H150Q194 58 194 96T150 134H60Z", body)
		p.shape("M60 106H192Q186 134 150 134H60Z", p.d)
		p.shape("M30 66L62 58V134L30 126Z", coal)
		p.box(26, 68, 8, 56, 3, ink)
		p.dot(158, 96, 24, p.dd)
		for r := 6.0; r < 22; r += 7 {
			p.ring(158, 96, r, 3, p.l)
		}
		if p.v%2 == 0 {
			p.line("M8 78H18M4 96H18M8 114H18", "#ffffff", 5)
		}
	},
	"electric_toothbrush": func(p *pen) {
		p.ground(208, 46)
		p.box(92, 196, 56, 12, 6, p.dd)
		p.shape("M100 104H140L146 186Q146 198 134 198H106Q94 198 94 186Z", body)
		p.shadow("M130 104H140L146 186Q146 198 134 198H128Z")
		p.box(113, 62, 14, 46, 4, p.ll)
		if p.v%2 == 0 {
			p.box(108, 24, 24, 42, 9, p.ll)
			p.box(98, 28, 14, 34, 3, "#8fd0e8")
			p.line("M98 36H110M98 45H110M98 54H110", "#5fa9cf", 3)
		} else {
			p.dot(118, 42, 20, p.ll)
			p.dot(112, 42, 15, "#8fd0e8")
			p.dot(112, 42, 7, "#5fa9cf")
		}
		p.box(108, 118, 24, 32, 12, p.a)
		p.dot(120, 166, 4, p.ll)
		p.dot(120, 178, 4, p.ll)
	},
	"electric_shaver": func(p *pen) {
		p.shaver()
		p.shape("M84 92Q78 52 120 50T156 92Z", coal)
		for _, xy := range [][2]float64{{98, 62}, {142, 62}, {120, 84}} {
			p.dot(xy[0], xy[1], 21, iron)
			p.dot(xy[0], xy[1], 15, steel)
			p.ring(xy[0], xy[1], 8, 3, iron)
		}
	},
	"electric_shaver_foil": func(p *pen) {
		p.shaver()
		p.shape("M84 58H156L150 94H90Z", coal)
		p.box(82, 36, 76, 26, 8, iron)
		p.box(86, 40, 68, 8, 4, steel)
		p.box(86, 51, 68, 8, 4, steel)
	},
	"electric_shaver_hybrid": func(p *pen) {
		p.shaver()
		p.shape("M108 70H132L136 94H104Z", coal)
		p.box(84, 50, 72, 24, 6, p.a)
		p.stripes("M88 48H152", steel, 12, 5, 3)
	},
	"hair_straightener": func(p *pen) {
		p.ground(206, 60)
		p.turn(choose(p, 0.0, 18, -18), 120, 130, func() {
			for _, a := range []float64{-9, 9} {
				p.turn(a, 120, 196, func() {
					p.shape("M108 34H132V120L134 196Q134 204 120 204T106 196L108 120Z", body)
					p.box(choose(p, 109.0, 109), 40, 22, 72, 3, coal)
				})
			}
			p.box(104, 170, 32, 34, 10, p.dd)
			p.dot(120, 184, 7, p.a)
			p.line("M120 204V220", ink, 6)
		})
		p.line("M66 64Q54 52 66 40T66 18M174 64Q186 52 174 40T174 18", "#ffffff", 5)
	},
}
