package demo

// cup is a drink seen from the side, its rim at height y.
func (p *pen) cup(x, y, w float64, fill, drink string) {
	p.hoop(x+w+6, y+20, 13, 14, 7, fill)
	p.shape("M"+num(x)+" "+num(y)+"H"+num(x+w)+"Q"+num(x+w)+" "+num(y+52)+" "+num(x+w*0.7)+" "+num(y+54)+"H"+num(x+w*0.3)+"Q"+num(x)+" "+num(y+52)+" "+num(x)+" "+num(y)+"Z", fill)
	p.oval(x+w/2, y+1, w/2, 7, mix(fill, "#14161c", 0.1))
	p.oval(x+w/2, y+2, w/2-5, 5, drink)
}

func (p *pen) steam(x, y float64) {
	p.line("M"+num(x)+" "+num(y)+"q-9 -11 0 -22t0 -22M"+num(x+20)+" "+num(y)+"q-9 -11 0 -22t0 -22", "#ffffffcc", 5)
}

// tin is a caddy with a round label.
func (p *pen) tin(x, y, w, h float64, label string) {
	p.box(x, y, w, h, 8, body)
	p.shadow("M" + num(x+w*0.72) + " " + num(y) + "H" + num(x+w-6) + "Q" + num(x+w) + " " + num(y) + " " + num(x+w) + " " + num(y+8) + "V" + num(y+h-8) + "Q" + num(x+w) + " " + num(y+h) + " " + num(x+w-8) + " " + num(y+h) + "H" + num(x+w*0.72) + "Z")
	p.box(x-3, y-12, w+6, 24, 7, p.dd)
	p.box(x, y+h-16, w, 6, 0, p.dd)
	p.dot(x+w/2, y+h*0.55, w*0.3, label)
}

// jar is a glass with a lid, filled to the brim with the fill.
func (p *pen) jar(lid, fill string) {
	p.box(62, 82, 116, 124, 24, "#ffffffcc")
	p.box(70, 92, 100, 108, 18, fill)
	p.box(68, 48, 104, 36, 8, lid)
	p.box(68, 72, 104, 12, 4, mix(lid, "#14161c", 0.2))
	p.shine("M78 104H88V190H78Z")
}

func (p *pen) cookie(x, y, r float64, fill string) {
	p.dot(x, y, r, mix(fill, "#14161c", 0.18))
	p.dot(x, y-2, r, fill)
}

// olives are an olive oil's label and two olives beside it.
func (p *pen) olives() {
	p.box(88, 124, 64, 62, 6, "#fdf8ea")
	p.sprig(112, 176, 34, choose(p, -34.0, -60, -10), "#7d9148")
	p.oval(128, 156, 11, 14, "#5d6f2b")
	p.oval(192, 194, 14, 12, "#6d7d33")
	p.oval(210, 184, 12, 10, "#4d5c28")
	p.line("M192 182Q196 170 208 166", bark, 3)
}

var foodPictures = pictureSet{
	"green_tea": func(p *pen) {
		p.ground(206, 84)
		p.tin(50, 72, 90, 134, "#f4f1e2")
		p.sprig(86, 164, 34, -24, leaf)
		p.sprig(102, 166, 38, 22, "#82b366")
		if p.v%2 == 0 {
			p.cup(136, 152, 62, "#eee2cd", "#b9c765")
			p.steam(156, 140)
			return
		}
		p.shape("M146 178Q176 150 206 178L198 204H154Z", "#eee2cd")
		for i, x := range []float64{156, 168, 182, 194, 175} {
			p.sprig(x, 182, 20, float64(i*37-60), choose(p, "#6f8f45", "#7d9f4f"))
		}
	},
	"black_tea": func(p *pen) {
		p.ground(206, 90)
		p.tin(36, 70, 84, 136, "#f6e7cf")
		p.shape("M78 128Q98 140 94 160Q78 172 62 160Q58 140 78 128Z", p.c)
		p.cup(118, 140, 78, choose(p, "#eee2cd", p.al), "#a9532c")
		p.line("M146 142Q128 118 142 104", "#8a7d6c", 2.5)
		p.box(132, 86, 24, 22, 3, p.a)
		p.steam(168, 128)
	},
	"herbal_tea": func(p *pen) {
		p.ground(206, 84)
		p.shape("M44 92L62 70H164L182 92V198Q182 206 174 206H52Q44 206 44 198Z", body)
		p.shape("M44 92L62 70H164L182 92Z", p.d)
		p.dot(113, 146, 42, "#fdf8ec")
		petal := choose(p, "#ffffff", "#f4b6c4", "#f7d774")
		for a := 0.0; a < 360; a += 45 {
			p.turn(a, 113, 146, func() { p.oval(113, 124, 8, 15, mix(petal, p.c, 0.18)) })
		}
		p.dot(113, 146, 12, "#eab02f")
		p.sprig(150, 186, 32, 60, leaf)
		p.box(186, 150, 22, 30, 3, p.a)
		p.line("M197 150Q200 112 178 104", "#8a7d6c", 2.5)
	},
	"coffee_beans": func(p *pen) {
		p.pouch(body, "#f3e6d3")
		p.bean(106, 124, 18, -30, "#6b4228")
		p.bean(134, 140, 18, 40, "#7d4f30")
		p.dot(120, 76, 5, p.dd)
		p.bean(188, 196, 13, 20, "#5a3722")
		p.bean(choose(p, 48.0, 206, 42), choose(p, 198.0, 180, 190), 13, -40, "#6b4228")
		p.bean(choose(p, 30.0, 196, 26), choose(p, 186.0, 166, 200), 11, 60, "#4a2d1c")
	},
	"instant_coffee": func(p *pen) {
		p.ground(206, 84)
		for i, a := range []float64{-16, -4, 8} {
			p.turn(a, 78, 200, func() {
				x := 56 + float64(i)*14
				p.box(x, 56, 28, 148, 3, []string{p.d, p.c, p.l}[i])
				p.line("M"+num(x+2)+" 68H"+num(x+26), p.dd, 2)
				p.bean(x+14, 122, 8, 30, "#f3e6d3")
			})
		}
		p.cup(122, 146, 72, "#eee2cd", choose(p, "#5b3520", "#c59a6c"))
		p.steam(148, 134)
	},
	"chocolate": func(p *pen) {
		p.ground(206, 66)
		p.turn(choose(p, 14.0, -14, 8), 120, 120, func() {
			p.box(66, 28, 108, 110, 8, p.dd)
			for i := range 9 {
				x, y := 71+float64(i%3)*33.5, 34+float64(i/3)*33.5
				p.box(x, y, 31, 31, 5, p.c)
				p.box(x+4, y+4, 23, 23, 3, p.l)
			}
			p.shape("M62 110L76 100L92 112L108 100L124 112L140 100L156 112L178 102V126H62Z", "#dfe4e8")
			p.box(60, 118, 120, 92, 6, p.a)
			p.box(60, 118, 120, 92, 6, accent)
			p.box(76, 142, 88, 44, 6, "#fdf6e8")
			p.line("M92 158H148M104 170H136", p.ad, 5)
		})
	},
	"mixed_nuts": func(p *pen) {
		p.pouch(body, "#fdf6e6")
		nut := func(x, y, s, a float64, kind int) {
			p.turn(a, x, y, func() {
				switch kind {
				case 0: // almond
					p.shape("M"+num(x-s)+" "+num(y)+"Q"+num(x)+" "+num(y-s)+" "+num(x+s)+" "+num(y)+"Q"+num(x)+" "+num(y+s)+" "+num(x-s)+" "+num(y)+"Z", "#b06f3a")
				case 1: // cashew
					p.line("M"+num(x-s*0.7)+" "+num(y+s*0.3)+"Q"+num(x)+" "+num(y-s*1.1)+" "+num(x+s*0.7)+" "+num(y+s*0.3), "#e8c98e", s*0.65)
				default: // hazelnut
					p.dot(x, y, s*0.75, "#9a5f33")
					p.shape("M"+num(x-s*0.7)+" "+num(y-s*0.2)+"Q"+num(x)+" "+num(y-s*1.2)+" "+num(x+s*0.7)+" "+num(y-s*0.2)+"Z", "#d9b98a")
				}
			})
		}
		nut(106, 124, 19, 30, 0)
		nut(136, 128, 17, -20, choose(p, 1, 2))
		nut(120, 152, 16, 70, choose(p, 2, 0, 1))
		nut(40, 196, 15, -30, 1)
		nut(196, 198, 15, 20, 0)
		nut(206, 180, 13, 60, 2)
	},
	"biscuits": func(p *pen) {
		p.ground(206, 84)
		if p.v%2 == 0 {
			p.shape("M40 116H200V182Q200 206 120 206T40 182Z", body)
			p.oval(120, 116, 80, 26, p.dd)
			p.oval(120, 114, 72, 21, "#fdf6e6")
			p.cookie(88, 110, 27, "#d9a560")
			p.cookie(146, 104, 27, "#c98f4a")
			p.cookie(118, 122, 25, "#e3b673")
			p.line("M60 160Q120 184 180 160", p.a, 8)
		} else {
			for i := range 4 {
				y := 190 - float64(i)*26
				p.box(48+float64(i%2)*8, y-10, 130, 22, 11, "#c08743")
				p.box(48+float64(i%2)*8, y-12, 130, 16, 8, "#dca763")
			}
			p.cookie(172, 150, 40, "#d9a560")
		}
		for _, xy := range [][2]float64{{82, 104}, {96, 112}, {142, 98}, {156, 106}, {118, 118}} {
			x, y := xy[0], xy[1]
			if p.v%2 == 1 {
				x, y = 130+(x-82)*0.9, 140+(y-104)*1.6
			}
			p.dot(x, y, 5, "#5b3823")
		}
	},
	"honey": func(p *pen) {
		p.ground(206, 66)
		p.jar(choose(p, gold, p.ad, "#e8e0cf"), body)
		hex := func(x, y float64) {
			p.line("M"+num(x)+" "+num(y-15)+"l13 7.5v15l-13 7.5l-13 -7.5v-15z", "#fff6dc", 4)
		}
		hex(106, 138)
		hex(134, 138)
		hex(120, 162)
		p.turn(24, 190, 120, func() {
			p.box(186, 54, 8, 100, 4, wood)
			for y := 146.0; y < 190; y += 11 {
				p.box(176, y, 28, 7, 3.5, bark)
			}
		})
	},
	"olive_oil": func(p *pen) {
		p.ground(208, 58)
		p.shape("M108 62H132V88Q158 100 158 128V194Q158 206 146 206H94Q82 206 82 194V128Q82 100 108 88Z", body)
		p.shadow("M132 88Q158 100 158 128V194Q158 206 146 206H138Q146 140 132 88Z")
		p.box(106, 30, 28, 36, 4, p.a)
		p.box(106, 54, 28, 8, 0, p.ad)
		p.olives()
	},
	"olive_oil_tin": func(p *pen) {
		p.ground(208, 64)
		p.box(72, 72, 96, 134, 8, body)
		p.shadow("M146 80H168V198Q168 206 160 206H146Z")
		p.shape("M72 80L90 54H150L168 80Z", p.d)
		p.box(104, 36, 22, 24, 4, p.a)
		p.line("M134 54Q152 34 160 66", iron, 5)
		p.olives()
	},
	"instant_noodles": func(p *pen) {
		p.ground(208, 70)
		if p.v%2 == 0 {
			p.shape("M62 92H178L160 206H80Z", body)
			p.shape("M66 118H174L166 168H74Z", "#fdf6e6")
			p.oval(120, 92, 60, 14, p.dd)
			p.line("M78 92Q88 74 98 92T118 92T138 92T160 92M86 84Q96 68 108 84T132 82T154 86", "#f5cf6c", 7)
			p.line("M98 142Q108 130 118 142T138 142T152 138", p.c, 6)
		} else {
			p.shape("M30 116H210Q206 190 150 204H90Q34 190 30 116Z", body)
			p.shape("M30 116H210Q209 130 206 140H34Q31 130 30 116Z", p.d)
			p.oval(120, 116, 90, 18, p.dd)
			p.oval(120, 114, 80, 13, "#e39a4a")
			p.line("M52 114Q66 98 80 114T108 112T136 114T164 112T188 114M62 106Q78 92 94 106T126 104T160 106", "#f5d57f", 7)
			p.oval(150, 108, 20, 10, "#fffaf0")
			p.oval(150, 108, 9, 6, "#f3a83c")
			p.box(70, 98, 24, 10, 5, leaf)
		}
		p.turn(12, 170, 60, func() { p.box(164, 14, 7, 86, 3, bark); p.box(178, 18, 7, 84, 3, bark) })
		p.steam(92, 62)
	},
	"chilli_sauce": func(p *pen) {
		p.ground(206, 66)
		p.jar(choose(p, "#b3262a", "#2f3a33", gold), body)
		p.box(70, 122, 100, 54, 0, "#fdf3df")
		p.turn(choose(p, -24.0, 24), 120, 150, func() {
			p.shape("M92 140Q120 132 150 162Q124 164 104 158Q90 152 92 140Z", "#d8302a")
			p.line("M93 140Q88 132 80 132", leaf, 5)
		})
		p.shape("M182 192Q198 160 218 176Q206 182 200 206Q184 206 182 192Z", "#d8302a")
		p.line("M218 176Q226 168 226 160", leaf, 5)
		p.dot(84, 104, 3, "#ffd9a0")
		p.dot(120, 108, 3, "#ffd9a0")
		p.dot(150, 102, 3, "#ffd9a0")
	},
	"mooncakes": func(p *pen) {
		p.ground(208, 84)
		if p.v%2 == 0 {
			p.box(44, 36, 152, 90, 10, p.a)
			p.box(44, 36, 152, 90, 10, accent)
			p.dot(120, 80, 30, "#fbe7b8")
		}
		cake := func(x, y, r float64) {
			p.beads(x, y, r*0.84, r*0.52, r*0.44, p.d)
			p.dot(x, y, r*0.9, body)
			p.ring(x, y, r*0.68, r*0.07, p.d)
			p.beads(x, y, r*0.36, r*0.3, r*0.377, p.d)
			p.dot(x, y, r*0.14, p.ll)
		}
		if p.v%2 == 1 {
			cake(120, 86, 46)
		}
		cake(78, 152, 48)
		cake(164, 156, 46)
	},
}
