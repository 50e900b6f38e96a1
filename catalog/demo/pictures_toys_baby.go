package demo

// brick is a building brick of n studs.
func (p *pen) brick(x, y float64, n int, fill string) {
	for i := range n {
		p.box(x+6+float64(i)*26, y-9, 16, 12, 3, mix(fill, white, 0.15))
	}
	p.box(x, y, float64(n)*26+2, 34, 4, fill)
	p.box(x, y+24, float64(n)*26+2, 10, 4, mix(fill, "#14161c", 0.15))
}

// pawn is a playing piece standing at x, y.
func (p *pen) pawn(x, y float64, fill string) {
	p.shape("M"+num(x-13)+" "+num(y)+"Q"+num(x-4)+" "+num(y-20)+" "+num(x-5)+" "+num(y-30)+"H"+num(x+5)+"Q"+num(x+4)+" "+num(y-20)+" "+num(x+13)+" "+num(y)+"Z", fill)
	p.dot(x, y-36, 10, fill)
}

// plush is a sitting soft animal with the given ears and face.
func plush(ears, face func(*pen)) func(*pen) {
	return func(p *pen) {
		p.ground(210, 66)
		p.oval(86, 194, 26, 18, p.d)
		p.oval(154, 194, 26, 18, p.d)
		p.oval(120, 168, 50, 44, body)
		p.oval(120, 174, 28, 28, p.ll)
		p.turn(24, 74, 150, func() { p.oval(74, 156, 15, 28, p.d) })
		p.turn(-24, 166, 150, func() { p.oval(166, 156, 15, 28, p.d) })
		ears(p)
		p.oval(120, 90, 58, 52, body)
		face(p)
		p.dot(99, 86, 6, ink)
		p.dot(141, 86, 6, ink)
		p.dot(101, 84, 2, white)
		p.dot(143, 84, 2, white)
		if p.v%2 == 0 {
			p.shape("M120 138L96 128V150ZM120 138L144 128V150Z", p.a)
			p.dot(120, 139, 6, p.ad)
		} else {
			p.line("M78 134Q120 152 162 134", p.a, 10)
		}
	}
}

func snout(p *pen) {
	p.oval(120, 108, 24, 18, p.ll)
	p.oval(120, 100, 9, 6, ink)
	p.line("M120 106V112M110 116Q120 122 130 116", ink, 3)
}

// scooter is a kick scooter with a wheel at either end.
func (p *pen) scooter() {
	p.ground(208, 84)
	p.line("M76 186L58 62", iron, 10)
	p.line("M70 150L62 92", p.c, 13)
	p.line("M30 66L88 56", ink, 8)
	p.line("M26 67L44 64M74 58L92 55", p.a, 13)
	p.shape("M66 176H190Q206 176 208 190H84Q70 190 66 176Z", body)
	p.shape("M186 176Q210 160 216 182L206 186Z", p.dd)
	for _, x := range []float64{72, 198} {
		p.dot(x, 192, 19, rubber)
		p.dot(x, 192, 12, choose(p, p.a, "#7fe0d0", "#ffd76a"))
		p.dot(x, 192, 4, white)
	}
	p.line("M110 182H170", p.ll, 3)
	p.line("M92 56Q104 60 100 74M92 56Q108 52 112 64", p.a, 3)
}

var toysBabyPictures = pictureSet{
	"building_blocks": func(p *pen) {
		p.ground(206, 84)
		p.brick(36, 170, 3, p.c)
		p.brick(122, 170, 3, "#f2c230")
		p.brick(62, 134, 4, choose(p, "#3f8f4f", "#2f6fd0", "#d9483b"))
		p.brick(88, 98, 3, choose(p, "#d9483b", "#f0803c", "#2f6fd0"))
		p.brick(choose(p, 102.0, 88, 114), 62, 2, p.a)
	},
	"plush_toy": plush(func(p *pen) {
		p.mirror(func() { p.dot(70, 50, 23, p.c); p.dot(70, 50, 12, p.ll) })
	}, snout),
	"plush_rabbit": plush(func(p *pen) {
		p.turn(-10, 92, 60, func() { p.oval(90, 42, 15, 34, p.c); p.oval(90, 44, 7, 23, "#f2b8c0") })
		p.turn(choose(p, 10.0, 48), 148, 60, func() { p.oval(150, 42, 15, 34, p.d); p.oval(150, 44, 7, 23, "#f2b8c0") })
	}, func(p *pen) {
		p.shape("M112 98H128L120 106Z", "#d97f8f")
		p.line("M120 106V112M110 116Q120 122 130 116M84 104L64 100M84 110L64 114M156 104L176 100M156 110L176 114", p.dd, 2.5)
	}),
	"plush_panda": plush(func(p *pen) {
		p.mirror(func() { p.dot(70, 50, 23, ink) })
	}, func(p *pen) {
		p.oval(120, 90, 56, 50, "#fbf9f4")
		p.turn(20, 98, 88, func() { p.oval(98, 88, 14, 18, ink) })
		p.turn(-20, 142, 88, func() { p.oval(142, 88, 14, 18, ink) })
		p.dot(99, 86, 8, white)
		p.dot(141, 86, 8, white)
		p.oval(120, 106, 9, 6, ink)
		p.line("M120 110V115M110 118Q120 124 130 118", ink, 3)
	}),
	"plush_dog": plush(func(p *pen) {}, func(p *pen) {
		p.turn(14, 64, 70, func() { p.oval(62, 86, 17, 38, p.dd) })
		p.turn(-14, 176, 70, func() { p.oval(178, 86, 17, 38, p.dd) })
		p.oval(141, 84, 18, 20, p.ll)
		snout(p)
		p.shape("M112 120H128V130Q120 140 112 130Z", "#e48a94")
	}),
	"plush_cat": plush(func(p *pen) {
		p.mirror(func() { p.shape("M66 84L66 26L110 52Z", p.c); p.shape("M74 70L74 42L96 54Z", "#f2b8c0") })
	}, func(p *pen) {
		p.shape("M113 98H127L120 105Z", "#d97f8f")
		p.line("M120 105V110M108 112Q114 118 120 110Q126 118 132 112", ink, 3)
		p.line("M84 102L58 96M84 109L58 112M156 102L182 96M156 109L182 112M108 44V58M120 40V58M132 44V58", p.dd, 3)
	}),
	"plush_dinosaur": plush(func(p *pen) {
		p.shape("M166 180Q214 190 216 150Q196 168 164 150Z", p.d)
		p.shape("M86 50L96 22L112 40L120 16L130 40L146 22L154 50Z", p.a)
	}, func(p *pen) {
		p.oval(120, 110, 36, 24, p.ll)
		p.dot(110, 102, 3, p.dd)
		p.dot(130, 102, 3, p.dd)
		p.line("M98 116Q120 130 142 116", p.dd, 3)
	}),
	"plush_penguin": plush(func(p *pen) {}, func(p *pen) {
		p.shape("M120 62Q150 54 162 88Q160 134 120 138Q80 134 78 88Q90 54 120 62Z", "#fbf9f4")
		p.shape("M106 100H134L120 116Z", "#f0973c")
		p.dot(86, 108, 8, "#f6c3bd")
		p.dot(154, 108, 8, "#f6c3bd")
	}),
	"plush_capybara": plush(func(p *pen) {
		p.mirror(func() { p.oval(76, 50, 12, 15, p.dd) })
		p.dot(120, 34, 17, "#f0973c")
		p.sprig(120, 22, 16, 40, leaf)
	}, func(p *pen) {
		p.box(88, 88, 64, 44, 20, p.d)
		p.oval(108, 104, 5, 4, ink)
		p.oval(132, 104, 5, 4, ink)
		p.line("M120 110V118M110 122Q120 126 130 122", ink, 3)
	}),
	"jigsaw_puzzle": func(p *pen) {
		p.ground(206, 80)
		piece := func(x, y, angle float64, fill string) {
			p.turn(angle, x+36, y+36, func() {
				p.shape("M"+num(x)+" "+num(y)+"h26a12 12 0 1 1 20 0h26v26a12 12 0 1 1 0 20v26h-26a12 12 0 1 0 -20 0h-26v-26a12 12 0 1 0 0 -20z", fill)
			})
		}
		piece(44, 116, 0, body)
		piece(118, 116, 0, p.a)
		piece(44, 42, 0, p.d)
		piece(choose(p, 132.0, 140, 128), choose(p, 30.0, 36, 26), choose(p, 20.0, -14, 34), choose(p, "#f2c230", "#5aa9a3", "#e8836f"))
	},
	"board_game": func(p *pen) {
		p.ground(204, 96)
		p.shape("M120 74L220 134L120 196L20 134Z", p.dd)
		p.shape("M120 68L220 128L120 188L20 128Z", body)
		for i := range 6 {
			f := float64(i)
			fill := []string{p.ll, p.a, "#fffaf0"}[i%3]
			p.shape("M"+num(50+f*16)+" "+num(124-f*9)+"l18 -10 18 10 -18 11Z", fill)
			p.shape("M"+num(66+f*18)+" "+num(140+f*2)+"l16 -9 16 9 -16 10Z", []string{"#fffaf0", p.ll, p.a}[i%3])
		}
		p.pawn(choose(p, 96.0, 120, 84), 126, "#d9483b")
		p.pawn(choose(p, 138.0, 160, 150), 138, "#2f6fd0")
		p.turn(14, 178, 84, func() {
			p.box(160, 62, 38, 38, 8, p.d)
			for _, xy := range [][2]float64{{170, 72}, {188, 90}, {179, 81}} {
				p.dot(xy[0], xy[1], 4, white)
			}
		})
	},
	"rc_car": func(p *pen) {
		p.ground(198, 90)
		p.line("M66 96L52 34", iron, 3)
		p.dot(52, 32, 5, p.a)
		p.shape(choose(p, "M24 146Q26 126 60 120L86 88H150L178 120Q214 124 216 148L212 166H28Z", "M22 148L40 112H78L104 86H160L172 114L214 126L218 166H28Z"), body)
		p.shape("M26 146H216L212 166H28Z", p.dd)
		p.shape("M94 96H118V118H80ZM126 96H146L162 118H126Z", glass)
		p.box(96, 130, 50, 14, 7, p.a)
		p.dot(206, 138, 6, "#ffe9a0")
		for _, x := range []float64{70, 172} {
			p.dot(x, 164, 36, rubber)
			p.beads(x, 164, 36, 7, 13.6, ink)
			p.dot(x, 164, 18, steel)
			p.dot(x, 164, 8, p.a)
		}
	},
	"toy_train": func(p *pen) {
		p.ground(200, 96)
		p.box(18, 192, 204, 8, 3, wood)
		p.box(62, 104, 116, 62, 24, body)
		p.box(150, 66, 58, 100, 6, p.d)
		p.box(142, 56, 74, 16, 6, p.a)
		p.box(162, 84, 34, 32, 5, glass)
		p.shape("M72 106L68 60H104L100 106Z", p.dd)
		p.box(62, 54, 48, 12, 5, p.a)
		p.dot(88, 34, 11, "#ffffffcc")
		p.dot(108, 22, 15, "#ffffffcc")
		p.dot(choose(p, 134.0, 138, 126), choose(p, 16.0, 28, 14), 10, "#ffffffcc")
		p.box(44, 158, 172, 16, 6, ink)
		p.shape("M46 160L28 184H60Z", p.a)
		p.line("M84 112V158M112 106V160", gold, 5)
		for _, x := range []float64{84, 128, 184} {
			p.dot(x, 176, 19, p.a)
			p.dot(x, 176, 10, p.al)
			p.dot(x, 176, 4, ink)
		}
	},
	"science_kit": func(p *pen) {
		p.ground(206, 72)
		p.turn(choose(p, -30.0, 30, 0), 120, 110, func() { p.hoop(120, 110, 98, 34, 3, p.l) })
		p.turn(choose(p, 30.0, -30, 60), 120, 110, func() { p.hoop(120, 110, 98, 34, 3, p.al) })
		p.shape("M104 50H136V98L178 180Q186 206 160 206H80Q54 206 62 180L104 98Z", "#ffffffdd")
		p.shape("M86 136H154L176 182Q180 200 160 200H80Q60 200 64 182Z", body)
		p.box(96, 40, 48, 14, 6, iron)
		p.dot(104, 168, 10, p.ll)
		p.dot(132, 180, 7, p.ll)
		p.dot(126, 152, 6, p.ll)
		p.dot(120, 84, 6, p.c)
		p.dot(128, 66, 4, p.c)
		p.shine("M108 56H114V102L82 168H74L108 98Z")
	},
	"science_circuit": func(p *pen) {
		p.ground(204, 88)
		p.box(30, 86, 180, 116, 14, body)
		p.beads(120, 144, 40, 6, 20.9, p.l)
		p.line("M58 112H104M136 112H182V176H150M58 112V176H92", p.ll, 8)
		p.box(92, 162, 58, 28, 6, ink)
		p.box(150, 168, 8, 16, 2, gold)
		p.dot(182, 144, 12, "#d9483b")
		p.box(50, 128, 16, 32, 4, p.a)
		glow := choose(p, "#ffe07a", "#9fe0ff", "#b8f0a0")
		p.dot(120, 76, 44, glow+"77")
		p.dot(120, 74, 26, glow)
		p.box(108, 96, 24, 22, 4, iron)
		p.line("M112 84L118 72L124 84L130 72", "#a0662a", 3)
	},
	"science_robot": func(p *pen) {
		p.ground(208, 70)
		p.line("M120 52V28", iron, 6)
		p.dot(120, 24, 9, p.a)
		p.box(70, 48, 100, 72, choose(p, 22.0, 12, 34), body)
		p.box(82, 62, 76, 42, 14, ink)
		p.dot(102, 82, 9, "#7fe0d0")
		p.dot(138, 82, 9, "#7fe0d0")
		p.box(58, 72, 12, 26, 5, p.d)
		p.box(170, 72, 12, 26, 5, p.d)
		p.box(82, 124, 76, 60, 14, p.d)
		p.dot(120, 152, 14, p.a)
		p.line("M78 138L52 160V178M162 138L188 160V"+num(choose(p, 178.0, 130, 150)), iron, 9)
		p.box(84, 186, 28, 20, 7, ink)
		p.box(128, 186, 28, 20, 7, ink)
	},
	"science_microscope": func(p *pen) {
		p.ground(208, 70)
		p.line("M128 62Q196 84 180 150Q172 180 150 190", p.d, 16)
		p.turn(24, 118, 90, func() {
			p.box(104, 26, 28, 26, 5, ink)
			p.box(98, 48, 40, 70, 8, body)
			p.box(106, 116, 24, 26, 4, iron)
		})
		p.box(64, 152, 88, 12, 4, ink)
		p.box(82, 146, 42, 6, 2, glass)
		p.dot(104, 146, 5, leaf)
		p.dot(182, 140, 12, p.a)
		p.box(58, 190, 126, 16, 8, p.c)
		p.sprig(46, 186, 34, choose(p, -20.0, 10), leaf)
	},
	"science_planets": func(p *pen) {
		p.ground(210, 60)
		p.line("M120 206V150", iron, 7)
		p.box(84, 198, 72, 11, 5, p.dd)
		p.turn(-16, 120, 104, func() {
			p.hoop(120, 104, 98, 34, 3, p.d)
			p.hoop(120, 104, 66, 20, 3, p.l)
			p.dot(120, 104, 36, "#f6c04a")
			p.dot(110, 94, 12, "#fbdc8c")
			p.dot(choose(p, 214.0, 190, 60), choose(p, 96.0, 82, 78), 15, p.c)
			p.dot(choose(p, 56.0, 66, 178), choose(p, 110.0, 112, 114), 10, p.a)
			p.dot(choose(p, 90.0, 150, 120), choose(p, 136.0, 135, 138), 8, "#d9805f")
		})
	},
	"kids_scooter": func(p *pen) {
		p.scooter()
		p.dot(108, 198, 14, rubber)
		p.dot(108, 198, 7, p.al)
	},
	"kids_scooter_two": func(p *pen) { p.scooter() },
	"stroller": func(p *pen) {
		p.ground(208, 80)
		p.line("M60 72L40 52H28M60 72L128 166", iron, 8)
		p.line("M78 184L150 132M180 186L104 124", iron, 8)
		p.line("M24 52H40", ink, 10)
		p.shape("M78 104H194Q198 154 148 156H116Q84 150 78 104Z", body)
		p.shape("M150 104H194Q198 154 148 156Q164 132 150 104Z", p.d)
		p.shape("M130 104V34Q198 36 200 104Z", p.c)
		p.shape("M130 104V34Q156 40 166 104Z", p.l)
		p.line("M130 104V34M130 104L180 54", p.dd, 3)
		p.oval(106, 104, 26, 9, p.a)
		p.box(84, 158, 88, 12, 6, p.dd)
		for _, x := range []float64{76, 182} {
			p.dot(x, 188, choose(p, 20.0, 24, 18), rubber)
			p.dot(x, 188, 12, steel)
			p.dot(x, 188, 4, ink)
		}
	},
	"child_car_seat": func(p *pen) {
		p.ground(208, 70)
		p.shape("M78 40Q120 18 162 40L176 152H64Z", body)
		p.shape("M56 60Q64 44 80 46L84 110L60 146Q44 112 56 60ZM184 60Q176 44 160 46L156 110L180 146Q196 112 184 60Z", p.dd)
		p.box(90, choose(p, 36.0, 30, 42), 60, choose(p, 42.0, 34, 42), choose(p, 18.0, 10, 21), choose(p, p.l, p.ll, p.d))
		p.shape("M52 146Q120 120 188 146L194 186Q194 204 176 204H64Q46 204 46 186Z", p.d)
		p.shape("M68 150Q120 128 172 150L176 180Q120 196 64 180Z", p.l)
		p.line("M102 74L112 140M138 74L128 140M66 160L112 148M174 160L128 148", ink, 8)
		p.box(104, 132, 32, 26, 8, p.a)
		p.dot(120, 145, 6, "#d84a3f")
		p.line("M120 158V184", ink, 8)
	},
	"baby_carrier": func(p *pen) {
		p.ground(208, 66)
		p.line("M84 74Q60 14 108 30Q116 60 108 84M156 74Q180 14 132 30Q124 60 132 84", p.d, 17)
		p.line("M66 182Q28 170 24 130M174 182Q212 170 216 130", ink, 10)
		p.shape("M74 76Q120 62 166 76L172 172Q150 204 120 204T68 172Z", body)
		p.shape("M68 158H172V176Q150 204 120 204T68 176Z", p.d)
		p.shape("M84 92H156L158 140Q120 152 82 140Z", choose(p, p.l, p.ll, p.al))
		p.dot(120, 62, 30, "#f3cfae")
		p.shape("M90 58Q92 28 120 28T150 58Q120 44 90 58Z", p.a)
		p.dot(110, 66, 3, ink)
		p.dot(130, 66, 3, ink)
		p.line("M113 76Q120 81 127 76", ink, 2.5)
		p.line("M74 96L62 104M166 96L178 104", ink, 6)
		p.box(108, 180, 24, 14, 5, p.a)
	},
	"baby_bottle": func(p *pen) {
		p.ground(208, 42)
		p.shape("M104 70Q106 48 114 44Q112 26 120 26T126 44Q134 48 136 70Z", "#f4dcc2")
		p.box(82, 68, 76, 28, 9, body)
		p.line("M94 70V94M107 70V94M120 70V94M133 70V94M146 70V94", p.d, 3)
		p.shape("M84 96H156V116Q164 124 164 138V188Q164 208 144 208H96Q76 208 76 188V138Q76 124 84 116Z", "#ffffffd0")
		y := choose(p, 132.0, 146, 120)
		p.shape("M76 "+num(y+8)+"Q120 "+num(y-6)+" 164 "+num(y+8)+"V188Q164 208 144 208H96Q76 208 76 188Z", "#fff8ea")
		p.line("M140 136H156M146 150H156M140 164H156M146 178H156M140 192H156", p.c, 3)
		p.shape("M108 184Q92 172 92 162T108 158T124 162T108 184Z", p.a)
		p.shine("M84 120H92V196H84Z")
	},
	"nappies": func(p *pen) {
		p.ground(206, 82)
		if p.v%2 == 0 {
			p.shape("M36 74H204V118Q166 128 158 196Q120 206 82 196Q74 128 36 118Z", "#fdfcf9")
			p.shape("M36 74H204V98Q120 112 36 98Z", p.l)
			p.line("M36 118Q74 128 82 196M204 118Q166 128 158 196", p.c, 6)
			p.box(40, 78, 34, 20, 6, p.c)
			p.box(166, 78, 34, 20, 6, p.c)
			p.dot(120, 142, 16, p.ll)
			p.dot(113, 138, 2.5, ink)
			p.dot(127, 138, 2.5, ink)
			p.line("M112 147Q120 154 128 147", ink, 2.5)
			return
		}
		p.box(44, 62, 152, 144, 16, body)
		p.shape("M92 62Q98 36 120 36T148 62H136Q132 48 120 48T104 62Z", p.d)
		p.shadow("M160 62H180Q196 62 196 78V190Q196 206 180 206H160Z")
		p.dot(120, 134, 46, p.ll)
		p.shape("M84 114H156V132Q140 136 138 162H102Q100 136 84 132Z", white)
		p.box(84, 114, 72, 10, 3, p.c)
	},
}
