package demo

var computerPictures = pictureSet{
	"laptop": func(p *pen) {
		p.ground(194, 108)
		p.box(44, 46, 152, 114, 10, ink)
		p.screen(51, 53, 138, 98, 4)
		p.shape("M44 158H196L222 184Q224 192 214 192H26Q16 192 18 184Z", body)
		p.shape("M54 162H186L192 172H48Z", p.dd)
		p.shape("M100 176H140L144 184H96Z", p.d)
		p.shine("M51 53H120L80 151H51Z")
	},
	"tablet": func(p *pen) {
		p.ground(204, 92)
		p.turn(choose(p, -4.0, 4, 0), 120, 120, func() {
			p.box(26, 52, 188, 140, 14, body)
			p.box(32, 58, 176, 128, 9, ink)
			p.screen(36, 62, 168, 120, 6)
			p.dot(120, 60, 2, iron)
		})
		if p.v%2 == 0 {
			p.turn(38, 196, 120, func() {
				p.box(188, 44, 11, 140, 5, "#fbfaf6")
				p.shape("M188 180H199L193.5 198Z", iron)
				p.box(188, 60, 11, 6, 0, p.a)
			})
		}
	},
	"mini_pc": func(p *pen) {
		p.ground(192, 84)
		p.shape("M40 112L64 92H176L200 112Z", p.l)
		p.box(40, 110, 160, 78, 14, body)
		p.shape("M166 110H186Q200 110 200 124V174Q200 188 186 188H166Z", p.d)
		p.dot(66, 148, 12, ink)
		p.ring(66, 148, 12, 3, p.a)
		p.box(92, 136, 24, 9, 3, ink)
		p.box(92, 152, 24, 9, 3, ink)
		p.box(126, 140, 16, 8, 4, ink)
		p.dot(134, 160, 6, ink)
		p.line("M86 102H"+num(choose(p, 160.0, 130, 150)), p.d, 4)
		p.box(56, 186, 22, 8, 3, ink)
		p.box(162, 186, 22, 8, 3, ink)
	},
	"monitor": func(p *pen) {
		p.ground(208, 56)
		p.shape("M108 160H132L136 200H104Z", p.d)
		p.box(76, 196, 88, 11, 5, p.c)
		p.box(18, 38, 204, 130, 9, ink)
		p.screen(25, 45, 190, 108, 3)
		p.box(18, 156, 204, 12, 6, choose(p, p.dd, ink, p.c))
		p.shine("M25 45H110L66 153H25Z")
	},
	"keyboard": func(p *pen) {
		p.ground(182, 104)
		p.turn(choose(p, -6.0, 0, 5), 120, 128, func() {
			p.box(16, 82, 208, 96, 14, p.dd)
			p.box(16, 78, 208, 94, 14, body)
			keys := p.ll
			if pale(p.c) {
				keys = mix(p.c, "#5b6672", 0.3)
			}
			for row := range 4 {
				y := 96 + float64(row)*19.5
				p.stripes("M26 "+num(y)+"H214", keys, 16, 14.5, 2.8)
				p.box(26+float64((row*5+p.v*3)%11)*17.3, y-8, 14.5, 16, 3, p.a)
			}
			p.box(77.9, 146.5, 83.7, 16, 3, keys)
		})
	},
	"mouse": func(p *pen) {
		p.ground(208, 58)
		p.turn(choose(p, 0.0, 12, -10), 120, 124, func() {
			p.shape("M62 104Q62 36 120 36T178 104V146Q178 206 120 206T62 146Z", body)
			p.shadow("M140 38Q178 48 178 104V146Q178 200 130 206Q170 130 140 38Z")
			p.line("M120 38V106M64 108Q120 126 176 108", p.dd, 3)
			p.box(110, 58, 20, 42, 10, ink)
			p.box(115, 66, 10, 26, 5, p.a)
			p.box(58, 112, 8, 30, 4, p.dd)
		})
	},
	"webcam": func(p *pen) {
		p.ground(208, 54)
		p.shape("M104 144H136L150 196Q150 204 140 204H100Q90 204 90 196Z", p.dd)
		if p.v%2 == 0 {
			p.box(46, 62, 148, 88, 40, body)
		} else {
			p.dot(120, 104, 62, body)
		}
		p.dot(120, 106, 38, ink)
		p.dot(120, 106, 27, coal)
		p.dot(120, 106, 17, "#6f93c4")
		p.dot(113, 99, 6, white)
		p.dot(168, choose(p, 106.0, 70), 4, "#7be08f")
		p.box(100, 160, 40, 10, 4, p.a)
	},
	"portable_ssd": func(p *pen) {
		p.ground(206, 70)
		p.line("M120 52Q124 16 176 22T214 66", ink, 7)
		p.turn(choose(p, -10.0, 10, 0), 120, 130, func() {
			p.box(62, 56, 116, 148, choose(p, 16.0, 28, 10), body)
			p.box(74, 68, 92, 124, 10, p.l)
			p.shape("M74 150L166 96V182Q166 192 156 192H84Q74 192 74 182Z", p.d)
			p.box(106, 48, 28, 12, 3, iron)
			p.dot(90, 84, 4, "#7bc8f0")
			p.line("M128 172H152", p.a, 6)
		})
	},
	"usb_drive": func(p *pen) {
		p.ground(208, 50)
		p.turn(choose(p, 30.0, -30, 24), 120, 120, func() {
			p.box(98, 24, 44, 60, 3, steel)
			p.box(106, 38, 10, 10, 1, iron)
			p.box(124, 38, 10, 10, 1, iron)
			p.box(84, 78, 72, 126, 16, body)
			p.shadow("M138 78H140Q156 78 156 94V188Q156 204 140 204H138Z")
			p.box(96, 98, 48, 46, 8, p.d)
			p.dot(120, 182, 10, p.back)
			p.ring(120, 182, 13, 5, p.a)
		})
	},
	"memory_card": func(p *pen) {
		p.ground(208, 66)
		p.turn(choose(p, -6.0, 6, 0), 120, 120, func() {
			p.shape("M64 34H150L180 64V196Q180 206 170 206H70Q60 206 60 196V38Q60 34 64 34Z", choose(p, ink, coal, "#28405c"))
			for x := 74.0; x < 146; x += 14 {
				p.box(x, 42, 9, 30, 2, gold)
			}
			p.box(74, 88, 92, 104, 6, body)
			p.shape("M74 150Q110 120 166 140V186Q166 192 160 192H80Q74 192 74 186Z", p.a)
			p.box(84, 100, 42, 10, 4, p.ll)
		})
	},
	"wifi_router": func(p *pen) {
		p.ground(196, 92)
		for i, x := range []float64{50, 96, 144, 190} {
			p.turn([]float64{-12, -4, 4, 12}[i], x, 146, func() { p.box(x-5, choose(p, 50.0, 64), 10, choose(p, 96.0, 82), 5, ink) })
		}
		p.shape("M42 138H198L214 178Q216 192 204 192H36Q24 192 26 178Z", body)
		p.shape("M26 174H214Q216 192 204 192H36Q24 192 26 174Z", p.dd)
		for i := range 5 {
			p.dot(84+float64(i)*18, 183, 4, []string{"#7be08f", "#7be08f", "#f0c36a", "#7be08f", p.l}[i])
		}
		p.line("M106 40Q120 28 134 40M96 28Q120 8 144 28", p.d, 6)
		p.dot(120, 50, 5, p.d)
		p.line("M70 152H170", p.a, 4)
	},
	"usb_hub": func(p *pen) {
		p.ground(190, 92)
		p.line("M60 132Q10 132 20 84T46 44", ink, 7)
		p.box(34, 20, 24, 30, 4, steel)
		p.turn(choose(p, -6.0, 4), 130, 140, func() {
			p.box(54, 108, 168, 62, 14, body)
			p.box(54, 148, 168, 22, 11, p.d)
			for i := range 3 {
				p.box(72+float64(i)*40, 122, 30, 13, 3, ink)
				p.box(76+float64(i)*40, 129, 22, 4, 1, choose(p, "#5fa9e8", iron))
			}
			p.box(190, 122, 20, 13, 6, ink)
			p.dot(66, 158, 3, "#7be08f")
		})
	},
	"printer": func(p *pen) {
		p.ground(202, 90)
		p.shape("M74 34H166V96H74Z", white)
		p.line("M88 50H152M88 62H140", steel, 4)
		p.box(30, 88, 180, 84, 14, body)
		p.shape("M176 88H196Q210 88 210 102V158Q210 172 196 172H176Z", p.d)
		p.box(48, 82, 144, 16, 6, p.dd)
		p.box(56, 134, 128, 10, 4, ink)
		p.shape("M66 140H174L184 200H56Z", "#fffdf8")
		p.dot(choose(p, 100.0, 140, 120), 172, 14, choose(p, "#f0a04a", "#5fa9e8", "#7fc07a"))
		p.shape("M66 190L104 164L128 182L150 168L180 190Z", choose(p, "#6fa88a", "#d9805f", "#8f7fd0"))
		p.box(152, 106, 34, 16, 4, ink)
		p.dot(60, 114, 5, "#7be08f")
	},
	"nas": func(p *pen) {
		p.ground(206, 66)
		p.box(58, 34, 124, 166, 12, body)
		p.shape("M154 34H170Q182 34 182 46V188Q182 200 170 200H154Z", p.d)
		n := choose(p, 4, 2, 4)
		h := 116 / float64(n)
		for i := range n {
			y := 48 + float64(i)*h
			p.box(70, y, 100, h-6, 5, ink)
			p.line("M80 "+num(y+h/2-3)+"H136", coal, 5)
			p.dot(158, y+h/2-3, 4, "#7be08f")
		}
		p.dot(80, 182, 7, ink)
		p.ring(80, 182, 7, 2, "#7bc8f0")
		p.box(134, 176, 34, 11, 3, ink)
		p.box(70, 198, 24, 9, 3, ink)
		p.box(146, 198, 24, 9, 3, ink)
	},
}
