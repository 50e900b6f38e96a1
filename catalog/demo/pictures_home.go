package demo

// leg is a pair of furniture legs, mirrored about the middle.
func (p *pen) legs(x, y, height float64, fill string) {
	p.mirror(func() {
		p.shape("M"+num(x)+" "+num(y)+"h12l-4 "+num(height)+"h-6Z", fill)
	})
}

// tableTop is what stands on a laid table: a vase and two plates.
func (p *pen) tableTop() {
	p.shape("M106 62Q104 88 112 92H128Q136 88 134 62Z", p.a)
	for _, a := range []float64{-30, 0, 30} {
		p.sprig(120, 64, choose(p, 32.0, 26, 36), a, choose(p, leaf, "#7fae5a", "#4f8f86"))
	}
	p.oval(66, 96, 22, 5, "#fffdf8")
	p.oval(174, 96, 22, 5, "#fffdf8")
}

var homePictures = pictureSet{
	"sofa": func(p *pen) {
		p.ground(200, 102)
		p.legs(42, 180, 20, bark)
		p.box(40, 76, 160, 92, 20, p.d)
		if p.v%2 == 0 {
			p.box(46, 82, 72, 66, 14, body)
			p.box(122, 82, 72, 66, 14, body)
		} else {
			p.box(46, 82, 148, 66, 16, body)
		}
		p.box(40, 138, 160, 46, 10, p.dd)
		p.box(46, 132, 72, 32, 10, p.l)
		p.box(122, 132, 72, 32, 10, p.l)
		p.mirror(func() { p.box(18, 112, 34, 74, 16, body) })
		p.turn(-12, 74, 118, func() { p.box(56, 98, 38, 38, 8, p.a) })
	},
	"bed_frame": func(p *pen) {
		p.ground(200, 104)
		p.legs(24, 182, 20, p.dd)
		if p.v%2 == 0 {
			p.box(20, 58, 200, 110, 12, body)
			p.line("M70 62V120M120 62V120M170 62V120", p.d, 4)
		} else {
			p.line("M26 168V64H214V168", p.c, 11)
			p.line("M62 66V120M100 66V120M140 66V120M178 66V120", p.c, 6)
		}
		p.box(40, 98, 72, 36, 14, "#fffdf8")
		p.box(128, 98, 72, 36, 14, "#fffdf8")
		p.box(22, 120, 196, 48, 12, "#f1ece2")
		p.shape("M22 142Q80 128 218 140V168H22Z", p.a)
		p.box(14, 162, 212, 24, 6, p.d)
	},
	"mattress": func(p *pen) {
		p.ground(196, 104)
		p.shape("M44 84H196L224 128H16Z", "#fdfbf6")
		p.beads(120, 106, 26, 4, 20, "#ddd6c8")
		p.line("M72 98L56 118M168 98L184 118M96 92L88 124M144 92L152 124", "#e6dfd2", 2)
		p.box(14, 124, 212, 66, 16, "#f4efe5")
		p.box(14, 140, 212, 12, 0, p.c)
		p.box(14, 158, 212, choose(p, 5.0, 10, 0), 0, p.d)
		p.stripes("M30 180H210", "#d9d1c1", 3, 10, 8)
		p.box(choose(p, 34.0, 172, 34), 150, 30, 14, 3, p.a)
	},
	"desk": func(p *pen) {
		p.ground(204, 98)
		p.box(30, 104, 9, 100, 3, ink)
		p.box(201, 104, 9, 100, 3, ink)
		if p.v%2 == 0 {
			p.box(144, 104, 60, 88, 4, p.d)
			p.line("M162 122H186M162 148H186M162 174H186", p.ll, 4)
			p.line("M146 134H202M146 162H202", p.dd, 2)
		} else {
			p.line("M36 190H206", ink, 7)
		}
		p.box(16, 92, 208, 15, 4, body)
		p.box(16, 102, 208, 6, 3, p.dd)
		p.box(58, 40, 76, 44, 4, ink)
		p.box(62, 44, 68, 36, 2, choose(p, "#7fb4d8", "#8fc7b4", "#e0a87a"))
		p.shape("M90 84H102L106 93H86Z", iron)
		p.shape("M172 72H190L187 92H175Z", p.a)
		p.sprig(181, 72, 26, -20, leaf)
		p.sprig(182, 72, 30, 16, leaf)
	},
	"office_chair": func(p *pen) {
		p.ground(210, 64)
		p.line("M120 160V188M120 188L68 202M120 188L172 202M120 188V206", ink, 8)
		p.dot(66, 204, 7, coal)
		p.dot(174, 204, 7, coal)
		p.dot(120, 208, 7, coal)
		p.box(112, 150, 16, 34, 4, iron)
		p.shape("M78 44Q82 30 120 30T162 44L168 124H72Z", body)
		if p.v%2 == 0 {
			for y := 52.0; y < 116; y += 14 {
				p.line("M88 "+num(y)+"Q120 "+num(y+8)+" 152 "+num(y), p.d, 4)
			}
		} else {
			p.box(90, 40, 60, 22, 10, p.l)
			p.line("M120 72V116", p.d, 4)
		}
		p.shape("M60 132Q120 114 180 132L184 150Q184 160 172 160H68Q56 160 56 150Z", p.d)
		p.mirror(func() { p.line("M62 142H48V104M40 102H60", ink, 8) })
	},
	"dining_table": func(p *pen) {
		p.ground(206, 92)
		p.legs(36, 110, 94, p.d)
		p.legs(70, 106, 74, p.dd)
		p.shape("M48 82H192L224 108H16Z", p.l)
		p.box(16, 106, 208, 13, 5, body)
		p.line("M70 92H120M92 100H170", p.c, 2)
		p.tableTop()
	},
	"dining_table_round": func(p *pen) {
		p.ground(206, 70)
		p.shape("M106 104H134L140 182Q172 188 176 204H64Q68 188 100 182Z", p.d)
		p.oval(120, 102, 104, 22, p.dd)
		p.oval(120, 94, 104, 22, body)
		p.oval(120, 93, 90, 17, p.l)
		p.tableTop()
	},
	"bookshelf": func(p *pen) {
		p.ground(208, 74)
		p.box(50, 24, 140, 182, 6, p.d)
		for row := range 4 {
			y := 32 + float64(row)*43
			p.box(58, y, 124, 36, 2, p.dd)
			for i := range 5 {
				h := []float64{30, 24, 28, 32, 22}[(i+row+p.v)%5]
				x := 60 + float64(i)*11
				if row%2 == 1 {
					x += 62
				}
				p.box(x, y+36-h, 9, h, 1.5, []string{p.a, "#d9483b", "#5aa9a3", "#f0c36a", "#5b7fb8"}[(i*2+row+p.v)%5])
			}
		}
		p.shape("M148 54H168L165 68H151Z", "#f3ede2")
		p.sprig(158, 54, 20, -14, leaf)
		p.sprig(160, 54, 22, 18, leaf)
		p.dot(84, 101, 10, gold)
		p.box(144, 136, 28, 18, 3, "#e8dfcf")
		p.box(50, 24, 140, 8, 3, body)
		p.box(50, 200, 140, 8, 3, body)
	},
	"floor_lamp": func(p *pen) {
		p.ground(212, 52)
		if p.v%2 == 0 {
			p.shape("M92 96L44 206H196L148 96Z", "#fff3c466")
			p.line("M120 92V208", p.d, 6)
			p.shape("M96 30H144L166 96H74Z", body)
			p.shadow("M130 30H144L166 96H142Z")
		} else {
			p.shape("M40 100L16 206H148L104 100Z", "#fff3c466")
			p.line("M172 208V70Q170 30 120 30Q76 32 72 62", p.d, 6)
			p.shape("M72 54Q112 58 114 100H30Q32 58 72 54Z", body)
			p.shadow("M84 56Q112 62 114 100H94Z")
		}
		x := choose(p, 120.0, 172)
		p.oval(x, 208, 38, 8, p.dd)
		p.oval(choose(p, 120.0, 72), choose(p, 96.0, 100), choose(p, 46.0, 42), 6, "#ffe7a3")
	},
	"desk_lamp": func(p *pen) {
		p.ground(208, 72)
		p.shape("M150 92L84 204H226L198 84Z", "#fff3c477")
		p.oval(80, 200, 50, 9, p.dd)
		p.box(40, 186, 80, 14, 7, body)
		p.line("M80 188L"+choose(p, "52 112L124 60", "64 108L130 56", "80 70H134"), iron, 8)
		p.dot(choose(p, 52.0, 64, 80), choose(p, 112.0, 108, 70), 9, p.a)
		p.turn(choose(p, 30.0, 26, 20), 150, 66, func() {
			p.shape("M122 50H150Q188 60 196 96H112Q112 60 122 50Z", body)
			p.shadow("M150 50Q188 60 196 96H168Q170 66 150 50Z")
			p.oval(154, 97, 40, 7, "#ffe7a3")
		})
	},
	"duvet": func(p *pen) {
		p.ground(200, 96)
		for i := range 3 {
			y := 156 - float64(i)*32
			p.box(28+float64(i)*3, y, 184-float64(i)*6, 42, 20, []string{p.d, p.c, "#fdfbf6"}[i])
		}
		p.shape("M34 92Q50 66 120 68T206 92Q206 112 186 112H54Q34 112 34 92Z", "#fdfbf6")
		p.line("M76 72Q70 92 78 110M120 69V111M164 72Q170 92 162 110M38 92Q120 84 202 92", "#e3dbcd", 3)
		p.line("M44 140H196M46 174H194", "#ffffff77", 4)
		p.box(choose(p, 96.0, 140, 60), 66, 20, 132, 4, p.a)
	},
	"bedding_set": func(p *pen) {
		p.ground(200, 100)
		p.turn(-5, 84, 80, func() { p.box(36, 42, 96, 66, 20, p.l) })
		p.turn(6, 160, 80, func() { p.box(112, 46, 96, 66, 20, body) })
		p.box(26, 92, 188, 100, 18, body)
		p.shape("M26 110Q26 92 44 92H196Q214 92 214 110V124H26Z", p.al)
		switch p.v % 3 {
		case 0:
			p.line("M60 124V190M94 124V190M128 124V190M162 124V190M196 124V184", p.d, 6)
		case 1:
			for i := range 10 {
				p.dot(48+float64(i%5)*36, 144+float64(i/5)*26, 7, p.a)
			}
		default:
			p.line("M28 150H212M28 174H212M70 124V190M120 124V190M170 124V190", p.ll, 4)
		}
		p.shadow("M26 176H214Q212 192 196 192H44Q28 192 26 176Z")
	},
	"pillow": func(p *pen) {
		p.ground(192, 88)
		if p.v%2 == 0 {
			p.shape("M30 84Q28 64 52 66Q120 76 188 66Q212 64 210 84Q200 126 210 166Q212 186 188 184Q120 174 52 184Q28 186 30 166Q40 126 30 84Z", mix(p.c, white, 0.82))
			p.line("M46 84Q62 96 66 112M194 84Q178 96 174 112M46 168Q60 158 66 146M194 168Q180 158 174 146", mix(p.c, "#8a8f98", 0.3), 3)
			p.line("M72 126Q120 140 168 126", mix(p.c, white, 0.55), 4)
		} else {
			p.shape("M24 150Q24 96 66 90Q120 124 174 90Q216 96 216 150Q216 186 190 186H50Q24 186 24 150Z", mix(p.c, white, 0.8))
			p.shape("M24 150Q120 128 216 150Q216 186 190 186H50Q24 186 24 150Z", mix(p.c, white, 0.62))
			p.beads(120, 156, 26, 4, 16, p.c)
		}
		p.box(choose(p, 176.0, 30), choose(p, 160.0, 158), 22, 12, 3, p.a)
	},
	"rug": func(p *pen) {
		p.stripes("M30 70H210", p.ll, 12, 3, 5)
		p.stripes("M12 196H228", p.ll, 14, 3, 6)
		p.shape("M34 74H206L228 192H12Z", body)
		p.line("M46 86H194L212 180H28Z", p.ll, 5)
		if p.v%2 == 0 {
			p.shape("M120 96L176 132L120 170L64 132Z", p.a)
			p.shape("M120 112L152 132L120 154L88 132Z", p.ll)
		} else {
			p.line("M54 104H190M50 124H194M46 144H198M42 164H202", p.a, 8)
		}
	},
	"rug_round": func(p *pen) {
		p.oval(120, 136, 104, 62, p.d)
		p.oval(120, 132, 104, 62, body)
		p.hoop(120, 132, 84, 49, 5, p.ll)
		p.hoop(120, 132, choose(p, 60.0, 66, 54), choose(p, 34.0, 38, 30), 5, p.a)
		p.oval(120, 132, 34, 18, p.ll)
	},
	"curtains": func(p *pen) {
		p.box(74, 46, 92, 130, 2, "#d7ecf5")
		p.dot(136, 78, 14, "#ffe29a")
		p.line("M120 46V176M74 112H166", white, 6)
		p.line("M18 36H222", bark, 7)
		p.dot(16, 36, 9, p.a)
		p.dot(224, 36, 9, p.a)
		p.mirror(func() {
			p.shape("M24 38H104Q104 110 "+choose(p, "70 150Q78 178 84 204H24Z", "100 204H24Z"), body)
			p.line("M42 42Q46 120 40 200M62 42Q66 110 "+choose(p, "54 196", "62 200")+"M84 42Q84 100 "+choose(p, "64 150", "82 200"), p.d, 5)
			if p.v%2 == 0 {
				p.line("M26 148Q48 160 72 148", p.a, 8)
			}
			for x := 32.0; x < 104; x += 22 {
				p.dot(x, 38, 6, iron)
			}
		})
	},
	"storage_basket": func(p *pen) {
		p.ground(204, 78)
		p.line("M50 104Q24 104 30 138M190 104Q216 104 210 138", bark, 9)
		p.shape("M46 88H194L180 194Q178 204 168 204H72Q62 204 60 194Z", body)
		for y := 106.0; y < 200; y += 18 {
			p.stripes("M"+num(50+(y-100)*0.13)+" "+num(y)+"H192", p.d, 8, 14, 8)
		}
		p.shadow("M160 88H194L180 194Q178 204 168 204H150Z")
		p.box(40, 80, 160, 18, 9, p.dd)
		if p.v%2 == 0 {
			p.shape("M62 82Q70 44 108 52Q126 30 152 50Q180 54 180 82Z", p.a)
			p.line("M108 54Q104 70 110 80M152 52Q150 70 156 80", p.ad, 4)
			return
		}
		p.box(66, 56, 106, 16, 8, p.a)
		p.box(72, 66, 100, 16, 8, p.al)
	},
	"scented_candle": func(p *pen) {
		p.ground(206, 62)
		p.dot(120, 66, 52, "#ffe9a877")
		p.shape("M120 34Q142 62 132 78Q120 90 108 78Q98 62 120 34Z", "#f7a93f")
		p.shape("M120 54Q130 68 126 78Q120 84 114 78Q110 68 120 54Z", "#fff2c2")
		p.line("M120 78V96", ink, 4)
		p.box(66, 92, 108, 114, 14, "#ffffffcc")
		p.box(72, 106, 96, 94, 10, body)
		p.shadow("M146 106H158Q168 106 168 116V190Q168 200 158 200H146Z")
		p.oval(120, 107, 48, 8, p.l)
		p.box(86, 132, 68, 48, 4, "#fffaf0")
		p.sprig(112, 172, 28, -24, choose(p, leaf, "#9a7fc0", "#d98fa5"))
		p.sprig(126, 172, 28, 24, choose(p, "#83b46f", "#b59bd6", "#e8b0c0"))
	},
}
