package demo

var outdoorPictures = pictureSet{
	"tent": func(p *pen) {
		p.ground(198, 96)
		p.line("M44 190L20 204M196 190L220 204", iron, 2)
		if p.v%2 == 0 {
			p.shape("M26 196L120 58L214 196Z", body)
			p.shape("M120 58L214 196H150Z", p.d)
			p.shape("M120 78L88 196H152Z", p.dd)
			p.shape("M120 78L88 196H106Q122 150 120 78Z", p.l)
			p.line("M120 58V46", iron, 4)
			return
		}
		p.shape("M24 196Q34 76 120 70Q206 76 216 196Z", body)
		p.shape("M150 76Q204 96 216 196H170Q176 120 150 76Z", p.d)
		p.shape("M78 196Q80 112 120 106T162 196Z", p.dd)
		p.shape("M120 106Q80 112 78 196H98Q96 140 120 106Z", p.l)
		p.line("M24 196Q60 60 170 84M216 196Q180 60 70 84", p.ll, 3)
	},
	"sleeping_bag": func(p *pen) {
		p.ground(208, 60)
		p.turn(choose(p, -14.0, 12, 0), 120, 120, func() {
			p.shape("M78 78Q74 28 120 28T162 78Q172 130 152 200Q120 212 88 200Q68 130 78 78Z", body)
			p.shape("M120 28Q166 28 162 78Q172 130 152 200Q138 206 120 206Z", p.d)
			p.oval(120, 68, 29, 26, p.dd)
			p.oval(120, 76, 24, 15, p.ll)
			for y := 112.0; y < 200; y += 22 {
				p.line("M"+num(79+(y-112)*0.08)+" "+num(y)+"Q120 "+num(y+10)+" "+num(161-(y-112)*0.08)+" "+num(y), p.dd, 2.5)
			}
			p.line("M120 94V160", p.a, 4)
			p.dot(120, 164, 5, p.a)
		})
	},
	"sleeping_pad": func(p *pen) {
		p.ground(184, 92)
		p.shape("M60 76H182Q210 76 210 128T182 180H60Z", body)
		p.line("M92 92H200M92 112H206M92 146H206M92 164H200", p.d, 3)
		p.oval(60, 128, 32, 52, p.l)
		p.line("M60 96Q82 104 82 128T60 158T42 130T60 110T70 128T60 140", p.d, 5)
		p.box(choose(p, 112.0, 104, 138), 76, 13, 104, 2, p.a)
		p.box(choose(p, 166.0, 176, 138), 76, 13, 104, 2, p.a)
	},
	"sleeping_pad_foam": func(p *pen) {
		p.ground(190, 86)
		for i := 0.0; i < 5; i++ {
			p.box(42, 168-i*22, 156, 18, 9, body)
			p.box(42, 178-i*22, 156, 8, 4, p.d)
		}
		p.box(choose(p, 104.0, 72, 136), 72, 14, 116, 3, p.a)
	},
	"sleeping_bag_wide": func(p *pen) {
		p.ground(208, 70)
		p.turn(choose(p, -6.0, 6, 0), 120, 120, func() {
			p.box(64, 30, 112, 176, 18, body)
			p.box(72, 36, 96, 44, 16, p.ll)
			p.box(82, 42, 76, 30, 12, white)
			for y := 112.0; y < 200; y += 24 {
				p.line("M66 "+num(y)+"H174", p.d, 3)
			}
			p.shape("M120 84H176V140Q140 130 120 84Z", p.ll)
			p.line("M120 84Q140 130 176 140", p.a, 4)
		})
	},
	"trekking_poles": func(p *pen) {
		p.ground(212, 70)
		for i, x := range []float64{84, 150} {
			p.turn(choose(p, 14.0, -14, 9), x, 120, func() {
				p.box(x-6, 60, 12, 76, 3, body)
				p.box(x-4, 128, 8, 66, 2, iron)
				p.box(x-9, 124, 18, 18, 5, p.a)
				p.shape("M"+num(x-5)+" 192h10l-4 20h-2Z", coal)
				p.oval(x, 188, 17, 5, ink)
				p.box(x-11, 28, 22, 54, 9, ink)
				p.shape("M"+num(x-13)+" 44Q"+num(x-13)+" 22 "+num(x+1)+" 22T"+num(x+15)+" 36V46H"+num(x-13)+"Z", choose(p, bark, wood, coal))
				p.line("M"+num(x-8)+" 42Q"+num(x-38+float64(i)*76)+" 60 "+num(x-8)+" 90", p.a, 5)
			})
		}
	},
	"camp_stove": func(p *pen) {
		p.ground(206, 56)
		p.box(76, 136, 88, 70, 20, body)
		p.shape("M140 136H146Q164 136 164 156V186Q164 206 146 206H140Z", p.d)
		p.box(76, 158, 88, 22, 0, p.a)
		p.box(108, 106, 24, 32, 5, iron)
		p.line("M132 122H168", iron, 5)
		p.dot(172, 122, 9, p.a)
		p.box(92, 92, 56, 16, 6, coal)
		p.line("M96 92L60 74V64M144 92L180 74V64M120 92V66", steel, 5)
		for i, x := range []float64{92, 110, 130, 148} {
			h := choose(p, []float64{24, 34, 34, 24}, []float64{30, 22, 40, 28}, []float64{18, 26, 26, 18})[i]
			p.shape("M"+num(x-7)+" 90Q"+num(x-9)+" "+num(90-h*0.5)+" "+num(x)+" "+num(90-h)+"Q"+num(x+9)+" "+num(90-h*0.5)+" "+num(x+7)+" 90Z", "#4f9be0")
			p.shape("M"+num(x-3)+" 90Q"+num(x-4)+" 78 "+num(x)+" 72Q"+num(x+4)+" 78 "+num(x+3)+" 90Z", "#d8efff")
		}
	},
	"headlamp": func(p *pen) {
		p.ground(196, 70)
		p.line("M54 104Q54 62 120 62T186 104", p.dd, 16)
		p.line("M54 104Q54 156 120 160T186 104", p.c, 20)
		p.line("M120 58V128", p.d, choose(p, 12.0, 0, 12))
		p.dot(120, 150, 62, "#fff3c4aa")
		p.box(80, 118, 80, 64, 22, coal)
		p.box(86, 122, 68, 56, 18, ink)
		p.dot(120, 150, 23, steel)
		p.dot(120, 150, 18, "#fff6d6")
		p.dot(114, 144, 6, white)
		p.dot(146, 131, 4, p.a)
		p.box(108, 112, 24, 8, 4, p.a)
	},
	"cool_box": func(p *pen) {
		p.ground(204, 90)
		if p.v%2 == 1 {
			p.line("M66 84V58Q66 46 78 46H162Q174 46 174 58V84", coal, 8)
		}
		p.box(42, 104, 156, 96, 14, body)
		p.shape("M164 104H198V186Q198 200 184 200H164Z", p.d)
		p.box(36, 80, 168, 34, 12, p.ll)
		p.box(36, 102, 168, 12, 6, mix(p.ll, p.c, 0.6))
		p.box(70, 106, 16, 30, 4, p.a)
		p.box(154, 106, 16, 30, 4, p.a)
		p.shape("M112 150L120 142L128 150M120 142V182", p.ll)
		p.line("M120 146V182M104 155L136 173M136 155L104 173", p.ll, 5)
		p.box(50, 196, 22, 10, 4, ink)
		p.box(168, 196, 22, 10, 4, ink)
	},
	"camp_chair": func(p *pen) {
		p.ground(206, 84)
		top := choose(p, 50.0, 34, 62)
		p.line("M60 150L176 204M180 150L64 204", coal, 7)
		p.line("M66 154V204M174 154V204", iron, 6)
		p.line("M60 146V110M180 146V110", iron, 6)
		p.shape("M72 "+num(top)+"Q120 "+num(top+12)+" 168 "+num(top)+"L164 138H76Z", body)
		p.shape("M58 136H182L190 158Q120 172 50 158Z", p.d)
		p.line("M76 134H164", p.dd, 3)
		p.box(44, 102, 34, 12, 6, p.a)
		p.box(162, 102, 34, 12, 6, p.a)
		p.line("M72 "+num(top)+"L66 156M168 "+num(top)+"L174 156", iron, 6)
	},
	"camp_table": func(p *pen) {
		p.ground(202, 88)
		p.line("M58 118L182 200M182 118L58 200", iron, 7)
		p.line("M54 118V200M186 118V200", coal, 7)
		p.shape("M46 86H194L214 118H26Z", body)
		p.line("M82 86L70 118M106 86L101 118M134 86L139 118M158 86L170 118", p.d, 3)
		p.box(26, 116, 188, 10, 4, p.dd)
		if p.v%2 == 0 {
			p.box(128, 62, 22, 34, 4, p.a)
			p.line("M150 70Q162 72 150 86", p.a, 4)
		} else {
			p.shape("M76 78H116Q114 98 96 98T76 78Z", p.a)
		}
	},
	"hammock": func(p *pen) {
		p.ground(210, 96)
		p.box(18, 24, 16, 188, 7, bark)
		p.box(206, 24, 16, 188, 7, bark)
		p.sprig(38, 60, 34, -60, leaf)
		p.sprig(202, 48, 30, 60, leaf)
		p.line("M28 74L62 116M28 74L78 134M28 74L98 148M212 74L178 116M212 74L162 134M212 74L142 148", steel, 2)
		p.shape("M58 112Q120 156 182 112Q176 190 120 190T58 112Z", body)
		p.shape("M58 112Q120 156 182 112Q120 176 58 112Z", p.d)
		p.line("M84 156Q96 176 104 186M120 148V190M156 156Q144 176 136 186", choose(p, p.a, p.ll, p.dd), 4)
	},
	"water_filter": func(p *pen) {
		p.ground(206, 46)
		p.line("M152 60Q196 60 194 108V130", p.dd, 7)
		p.shape("M194 138Q182 156 194 164T194 138Z", "#4fa3dd")
		p.shape("M194 140Q180 160 194 166Q208 160 194 140Z", "#5fb2ea")
		p.box(104, 34, 32, 24, 6, ink)
		p.box(88, 52, 64, 26, 8, p.d)
		p.box(82, 74, 76, 132, 18, body)
		p.box(96, 94, 48, 70, 10, glass)
		for y := 102.0; y < 160; y += 12 {
			p.line("M102 "+num(y)+"H138", choose(p, "#7fb6cf", "#9fb7a5"), 4)
		}
		p.box(96, 176, 48, 10, 5, p.a)
	},
	"binoculars": func(p *pen) {
		p.ground(206, 80)
		p.mirror(func() {
			p.box(70, 40, 34, 24, 6, ink)
			p.shape("M66 60H108V150H54Q54 100 66 60Z", body)
			p.shape("M50 146H112V182Q112 196 98 196H60Q46 196 46 182Q46 160 50 146Z", p.d)
			p.box(46, 182, 66, 20, 10, ink)
			p.oval(79, 196, 26, 9, "#7fa8c9")
			p.shine("M68 70H78Q72 110 70 140H60Q60 100 68 70Z")
		})
		p.box(104, 92, 32, 50, 6, coal)
		p.box(110, 66, 20, 30, 8, p.a)
		p.line("M112 74H128M112 82H128", p.ad, 2)
		if p.v%2 == 1 {
			p.line("M60 66Q20 100 40 150Q52 196 30 208", p.a, 6)
		}
	},
	"camp_lantern": func(p *pen) {
		p.ground(206, 54)
		p.line("M78 96Q76 34 120 34T162 96", iron, 5)
		p.dot(120, 130, 72, "#ffeab855")
		p.box(92, 52, 56, 20, 8, p.d)
		p.shape("M80 92Q84 68 120 68T160 92Z", body)
		p.box(84, 90, 72, 74, 10, "#fff3d0")
		if p.v%2 == 0 {
			p.shape("M120 106Q138 128 128 150H112Q102 128 120 106Z", "#f6b84a")
			p.shape("M120 124Q128 138 124 150H116Q112 138 120 124Z", "#fff2c2")
		} else {
			p.box(108, 100, 24, 54, 12, "#fbd272")
		}
		p.line("M96 90V164M144 90V164", p.dd, 4)
		p.box(74, 160, 92, 46, 12, body)
		p.dot(120, 184, 9, p.a)
	},
}
