package demo

// top is a garment for the upper body with long sleeves, hem at y 204.
func (p *pen) top(neck string) {
	p.ground(212, 70)
	p.mirror(func() { p.shape("M82 52Q58 58 50 86L26 176Q36 188 56 188L84 104Z", p.d) })
	p.shape("M84 48Q"+neck+" 156 48Q178 56 180 80L176 204H64L60 80Q62 56 84 48Z", body)
	p.shadow("M156 48Q178 56 180 80L176 204H146Q160 120 156 48Z")
}

// bottoms are trousers; knee is the half width of a leg's hem.
func (p *pen) bottoms(fill string, hem float64) {
	p.ground(214, 60)
	p.mirror(func() {
		p.shape("M78 34H120V88L"+num(96+hem)+" 208H"+num(96-hem)+"L72 88Z", fill)
	})
	p.shadow("M120 88L" + num(144-hem) + " 208H" + num(144+hem) + "L168 88L164 50Q146 110 120 88Z")
}

var clothingPictures = pictureSet{
	"t_shirt": func(p *pen) {
		p.ground(212, 66)
		p.shape("M86 46L44 70L24 112L58 128L68 112V204H172V112L182 128L216 112L196 70L154 46Q138 66 120 66T86 46Z", body)
		p.shadow("M154 46L196 70L216 112L182 128L172 112V204H148Q162 120 154 46Z")
		p.line("M86 46Q102 68 120 68T154 46", p.dd, 6)
		p.line("M30 114L58 126M210 114L182 126M70 196H170", p.d, 4)
		switch p.v % 3 {
		case 0:
			p.box(132, 92, 24, 26, 4, p.d)
		case 1:
			p.dot(120, 124, 27, p.a)
			p.shape("M97 138L112 116L122 128L131 120L144 138Q120 158 97 138Z", p.ll)
		default:
			p.line("M70 118H170M70 142H170M70 166H170", p.a, 8)
		}
	},
	"t_shirt_long": func(p *pen) {
		p.top("120 72")
		p.line("M86 49Q102 68 120 68T154 49", p.dd, 6)
		p.mirror(func() { p.line("M30 176L54 182", p.dd, 4) })
		p.line("M68 196H172", p.d, 4)
		switch p.v % 3 {
		case 0:
			p.box(130, 92, 24, 26, 4, p.d)
		case 1:
			p.line("M64 106H176M65 128H175M66 150H174M67 172H173", p.a, 7)
		default:
			p.dot(120, 122, 24, p.a)
		}
	},
	"tank_top": func(p *pen) {
		p.ground(212, 60)
		p.shape("M82 34H100Q104 84 120 84T140 34H158Q156 92 178 108L172 204H68L62 108Q84 92 82 34Z", body)
		p.shadow("M158 34Q156 92 178 108L172 204H148Q160 130 148 34Z")
		p.line("M100 36Q104 84 120 84T140 36", p.dd, 5)
		p.line("M82 36Q84 92 63 108M158 36Q156 92 177 108", p.dd, 4)
		if p.v%2 == 0 {
			p.line("M66 140H174M67 158H173", p.a, 7)
		} else {
			p.dot(120, 136, 18, p.a)
		}
	},
	"shirt": func(p *pen) {
		p.top("120 70")
		if p.v%3 == 1 {
			p.line("M84 60V204M102 70V204M140 70V204M158 60V204", p.ll, 3)
		}
		if p.v%3 == 2 {
			p.line("M80 60V204M148 66V204M62 108H178M62 152H178", p.d, 4)
		}
		p.shape("M112 62H128V204H112Z", p.l)
		p.shape("M86 44L120 68L104 88L78 56ZM154 44L120 68L136 88L162 56Z", p.ll)
		for y := 92.0; y < 200; y += 24 {
			p.dot(120, y, 3.5, p.dd)
		}
		p.box(138, 98, 26, 28, 4, p.d)
		p.mirror(func() { p.shape("M30 162L26 176Q36 190 56 188L60 174Z", p.dd) })
	},
	"sweater": func(p *pen) {
		p.top("120 76")
		p.line("M88 50Q100 72 120 72T152 50", p.dd, 11)
		p.stripes("M66 198H174", p.dd, 13, 5, 3)
		p.mirror(func() { p.line("M32 180L54 184", p.dd, 11) })
		switch p.v % 3 {
		case 0:
			p.line("M92 84q10 10 0 20t0 20t0 20t0 20t0 20M120 84q10 10 0 20t0 20t0 20t0 20t0 20M148 84q10 10 0 20t0 20t0 20t0 20t0 20", p.l, 5)
		case 1:
			p.line("M62 112H178", p.a, 15)
			p.stripes("M64 132H178", p.ll, 6, 8, 8)
			p.stripes("M64 92H178", p.ll, 6, 8, 8)
		default:
			p.line("M66 108l13 12l13 -12l14 12l14 -12l14 12l14 -12l13 12l13 -12", p.a, 7)
			p.line("M66 132l13 12l13 -12l14 12l14 -12l14 12l14 -12l13 12l13 -12", p.ll, 5)
		}
	},
	"hoodie": func(p *pen) {
		p.ground(212, 70)
		p.mirror(func() { p.shape("M82 62Q58 66 50 94L28 180Q38 192 58 192L84 112Z", p.d) })
		p.shape("M74 70Q70 22 120 22T166 70L150 92H90Z", p.d)
		p.shape("M84 58Q120 96 156 58Q178 64 180 88L176 206H64L60 88Q62 64 84 58Z", body)
		p.shape("M88 66Q88 36 120 36T152 66Q140 88 120 88T88 66Z", p.dd)
		p.line("M108 86V122M132 86V118", p.ll, 4)
		p.shape("M92 144H148L164 186H76Z", p.d)
		p.line("M92 144L76 186M148 144L164 186", p.dd, 3)
		p.box(64, 196, 112, 12, 4, p.dd)
		if p.v%2 == 1 {
			p.line("M120 90V144", p.a, 5)
		} else {
			p.dot(120, 124, 9, p.a)
		}
	},
	"jeans": func(p *pen) {
		p.bottoms(p.c, choose(p, 20.0, 27, 15))
		p.box(76, 30, 88, 16, 3, p.d)
		p.line("M120 46V92M80 46Q82 66 104 50M160 46Q158 66 136 50", p.l, 2.5)
		p.stripes("M90 92L84 204M150 92L156 204", p.l, 2, 5, 4)
		p.box(114, 34, 12, 8, 4, gold)
		p.box(90, 26, 6, 22, 2, p.dd)
		p.box(144, 26, 6, 22, 2, p.dd)
		if p.v%2 == 1 {
			p.shape("M90 126Q100 120 104 134Q98 150 88 144ZM148 128Q138 122 136 136Q144 150 152 144Z", p.l)
		}
	},
	"trousers": func(p *pen) {
		p.bottoms(p.c, choose(p, 18.0, 23, 15))
		p.box(76, 30, 88, 16, 3, p.dd)
		p.line("M98 60L95 204M142 60L145 204", p.d, 3)
		p.line("M120 46V86M82 48L96 78M158 48L144 78", p.d, 3)
		p.dot(120, 38, 4, p.a)
		if p.v%2 == 1 {
			p.line("M76 38H164", p.a, 7)
			p.box(111, 31, 18, 14, 3, gold)
		}
	},
	"dress": func(p *pen) {
		p.ground(212, 64)
		sleeve := choose(p, "M88 40L62 66L76 86L92 70Z", "M90 40L56 84L66 118L92 84Z", "")
		if sleeve != "" {
			p.mirror(func() { p.shape(sleeve, p.d) })
		}
		p.shape("M88 38L100 36Q120 72 140 36L152 38Q158 76 148 104L190 204Q120 222 50 204L92 104Q82 76 88 38Z", body)
		p.shadow("M152 38Q158 76 148 104L190 204Q168 210 150 211Q146 120 152 38Z")
		p.line("M96 118L74 204M112 120L106 210M130 120L136 210", p.d, 3)
		p.shape("M91 98Q120 108 149 98L147 114Q120 124 93 114Z", p.a)
		if p.v%2 == 1 {
			for _, xy := range [][2]float64{{108, 80}, {132, 84}, {100, 146}, {128, 140}, {156, 158}, {84, 180}, {116, 176}, {142, 192}} {
				p.dot(xy[0], xy[1], 5, p.ll)
			}
		}
	},
	"skirt": func(p *pen) {
		p.ground(212, 76)
		p.shape("M84 54H156L202 194Q120 216 38 194Z", body)
		p.shadow("M156 54L202 194Q176 202 150 204Q156 110 136 54Z")
		if p.v%2 == 0 {
			p.line("M94 72L66 198M108 72L96 203M122 72L126 204M136 72L154 202M148 72L182 196", p.d, 4)
		} else {
			p.line("M60 130Q120 146 180 130M48 164Q120 182 192 164", p.a, 7)
		}
		p.box(80, 42, 80, 19, 5, p.dd)
		p.dot(120, 51, 5, p.a)
	},
	"down_jacket": func(p *pen) {
		p.ground(212, 74)
		p.mirror(func() {
			for i := range 5 {
				f := float64(i)
				p.turn(15, 60, 80, func() { p.box(38-f*0.5, 62+f*25, 36, 27, 12, []string{p.c, p.d}[i%2]) })
			}
		})
		if p.v%2 == 0 {
			p.shape("M82 58Q78 22 120 22T158 58L146 78H94Z", p.dd)
			p.shape("M92 56Q92 34 120 34T148 56L138 72H102Z", ink)
		} else {
			p.box(92, 32, 56, 32, 10, p.dd)
		}
		for i := range 5 {
			f := float64(i)
			p.box(62, 56+f*30, 116, 31, 14, []string{body, p.c}[i%2])
			p.line("M66 "+num(86+f*30)+"H174", p.d, 3)
		}
		p.line("M120 60V204", p.dd, 6)
		p.box(116, 76, 8, 13, 3, p.a)
	},
	"rain_jacket": func(p *pen) {
		p.ground(212, 72)
		p.mirror(func() { p.shape("M82 62Q58 66 50 94L24 180Q36 194 58 192L84 112Z", p.d) })
		p.shape("M72 72Q70 24 120 24T168 72L150 94H90Z", p.d)
		p.shape("M84 58Q120 90 156 58Q178 64 180 88L184 206H56L60 88Q62 64 84 58Z", body)
		p.shape("M88 66Q88 38 120 38T152 66Q140 84 120 84T88 66Z", p.dd)
		p.shape("M60 96Q120 122 180 96L178 74Q150 104 120 104T62 74Z", p.a)
		p.line("M120 86V206", p.dd, 5)
		p.line(choose(p, "M76 146L98 158M164 146L142 158", "M78 150H102M162 150H138", "M92 140V164M148 140V164"), p.dd, 6)
		for _, xy := range [][2]float64{{30, 40}, {206, 52}, {194, 24}, {46, 76}} {
			p.shape("M"+num(xy[0])+" "+num(xy[1])+"q-9 14 0 18q9 -4 0 -18Z", "#6fb4e0")
		}
	},
	"coat": func(p *pen) {
		p.ground(214, 66)
		p.mirror(func() { p.shape("M86 40Q62 46 56 74L36 158Q46 168 64 166L86 96Z", p.d) })
		p.shape("M88 36Q120 46 152 36Q176 44 178 70L186 210H54L62 70Q64 44 88 36Z", body)
		p.shadow("M152 36Q176 44 178 70L186 210H152Q164 120 152 36Z")
		p.shape("M90 36L120 96L104 104L76 66ZM150 36L120 96L136 104L164 66Z", p.d)
		p.line("M122 98V210", p.dd, 3)
		for i := range 3 {
			y := 112 + float64(i)*24
			p.dot(110, y, 4.5, p.a)
			p.dot(choose(p, 134.0, 110), y, 4.5, p.a)
		}
		if p.v%3 == 2 {
			p.box(58, 136, 124, 13, 3, p.dd)
			p.box(110, 133, 22, 19, 4, p.a)
		}
		p.line("M72 160H96M146 160H170", p.dd, 6)
		p.shape("M104 34Q120 46 136 34V24Q120 32 104 24Z", p.dd)
	},
	"leggings": func(p *pen) {
		p.ground(214, 50)
		p.mirror(func() { p.shape("M84 28H120V74L112 140L106 208H90L80 140Q74 74 84 28Z", body) })
		p.shadow("M120 74L128 140L134 208H150L160 140Q166 74 160 50Q150 96 120 74Z")
		p.box(82, 26, 76, 26, 8, p.d)
		p.line("M120 52V78", p.d, 3)
		switch p.v % 3 {
		case 0:
			p.mirror(func() { p.line("M84 66Q80 120 92 200", p.a, 6) })
		case 1:
			p.mirror(func() { p.shape("M82 118Q100 128 114 116L110 156Q98 162 86 156Z", p.d) })
		default:
			p.mirror(func() { p.box(89, 96, 18, 34, 5, p.d) })
		}
	},
	"pyjamas": func(p *pen) {
		p.ground(214, 84)
		p.mirror(func() { p.shape("M62 126H120V152L112 210H84L76 210Z", p.d) })
		p.mirror(func() { p.shape("M88 32Q66 36 58 58L30 118L60 134L84 92Z", p.c) })
		p.shape("M88 30Q120 48 152 30Q172 36 172 58V150H68V58Q68 36 88 30Z", body)
		p.shape("M88 28L120 52L108 72L80 42ZM152 28L120 52L132 72L160 42Z", p.a)
		p.line("M120 56V150", p.dd, 3)
		p.dot(113, 84, 4, p.ll)
		p.dot(113, 108, 4, p.ll)
		p.dot(113, 132, 4, p.ll)
		if p.v%2 == 0 {
			p.line("M84 60V148M100 70V148M140 70V148M156 60V148M92 156V206M104 156V206M136 156V206M148 156V206", p.ll, 2.5)
		} else {
			for _, xy := range [][2]float64{{88, 84}, {94, 120}, {146, 90}, {154, 124}, {98, 176}, {144, 180}, {58, 92}, {184, 94}} {
				p.dot(xy[0], xy[1], 6, p.ll)
				p.dot(xy[0]+3, xy[1]-2, 5, p.c)
			}
		}
		p.box(138, 104, 22, 24, 3, p.d)
	},
	"socks": func(p *pen) {
		p.ground(210, 78)
		sock := func(x float64, fill, dark string) {
			p.move(x, 0, 1, func() {
				p.shape("M70 34H118V126Q118 142 132 150L168 172Q186 186 176 202Q168 212 152 206L92 182Q70 172 70 146Z", fill)
				p.box(66, 28, 56, 26, 6, dark)
				p.stripes("M70 41H120", fill, 20, 2, 6)
				p.shape("M71 140Q72 172 94 182L108 186Q116 156 96 140Z", dark)
				p.shape("M150 162L168 172Q186 186 176 202Q168 212 152 206L138 200Q138 174 150 162Z", dark)
			})
		}
		sock(38, p.d, p.dd)
		sock(-14, p.c, p.a)
		switch p.v % 3 {
		case 0:
			p.line("M60 76H102M60 94H102M60 112H102", p.ll, 7)
		case 1:
			p.beads(80, 96, 15, 8, 15.7, p.ll)
		default:
			p.line("M58 80l11 10l11 -10l11 10l11 -10M58 104l11 10l11 -10l11 10l11 -10", p.a, 5)
		}
	},
}
