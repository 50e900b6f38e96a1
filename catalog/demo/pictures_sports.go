package demo

// helmet is a bicycle helmet seen from the side, its front to the right.
func (p *pen) helmet() {
	p.ground(204, 84)
	p.line("M76 158L112 200L150 156M112 200L128 204", ink, 6)
	p.shape("M32 148Q30 64 122 60Q206 62 210 136Q210 158 190 160L58 166Q34 166 32 148Z", body)
	p.shape("M32 148L210 136Q210 158 190 160L58 166Q34 166 32 148Z", p.dd)
	p.shape("M64 112Q84 80 118 80Q92 96 86 124Q70 126 64 112Z", ink)
	p.shape("M112 116Q122 84 152 82Q138 98 136 120Q118 126 112 116Z", ink)
	p.shape("M160 116Q164 92 182 90Q194 104 192 118Q172 124 160 116Z", ink)
	p.shine("M56 92Q76 68 108 66Q78 80 62 104Z")
	p.line("M48 136L200 126", p.a, choose(p, 5.0, 9, 3))
}

// dumbbell is a bar with a head at either end, of which the left one is drawn.
func dumbbell(head func(*pen)) func(*pen) {
	return func(p *pen) {
		p.ground(190, 84)
		p.turn(choose(p, -18.0, 16, -30), 120, 126, func() {
			p.box(84, 114, 72, 24, 4, steel)
			p.stripes("M92 126H150", iron, 20, 2, 8)
			p.mirror(func() { head(p) })
		})
	}
}

var sportsPictures = pictureSet{
	"yoga_mat": func(p *pen) {
		p.ground(190, 90)
		p.shape("M40 176H176L208 196H66Z", p.d)
		p.turn(choose(p, -18.0, -10), 120, 130, func() {
			p.shape("M62 92H186V168H62Z", body)
			p.oval(186, 130, 20, 38, p.d)
			p.oval(62, 130, 20, 38, p.l)
			p.line("M62 102Q76 108 76 130T62 156T52 132T62 114T68 130T62 140", p.d, 4)
			p.box(96, 90, 12, 80, 3, p.a)
			p.box(148, 90, 12, 80, 3, p.a)
			p.line("M102 90Q128 54 154 90", p.a, 6)
		})
	},
	"dumbbell": dumbbell(func(p *pen) {
		p.shape("M34 98L50 76H88V176H50L34 154Z", body)
		p.shape("M34 126H88V176H50L34 154Z", p.d)
		p.box(76, 76, 12, 100, 2, p.dd)
		if p.v%2 == 1 {
			p.dot(60, 126, 12, p.a)
		}
	}),
	"dumbbell_adjustable": dumbbell(func(p *pen) {
		p.box(30, 117, 70, 18, 6, iron)
		p.box(74, 66, 16, 120, 7, body)
		p.box(56, 78, 16, 96, 7, p.d)
		p.box(40, 92, 14, 68, 6, p.dd)
		p.box(90, 108, 8, 36, 3, p.a)
	}),
	"resistance_bands": func(p *pen) {
		p.ground(200, 76)
		for i, c := range []string{p.dd, p.c, p.l, p.a} {
			f := float64(i)
			p.turn(choose(p, -24.0, -40, -8)+16*f, 120, 120, func() {
				p.line("M62 "+num(92+f*6)+"H178Q190 "+num(108+f*6)+" 178 "+num(124+f*6)+"H62Q50 "+num(108+f*6)+" 62 "+num(92+f*6)+"Z", c, 12)
			})
		}
	},
	"resistance_tubes": func(p *pen) {
		p.ground(200, 76)
		p.line("M62 74Q40 190 120 184T178 74", p.c, 10)
		p.line("M74 74Q60 168 120 166T166 74", p.a, choose(p, 8.0, 0, 10))
		p.mirror(func() {
			p.line("M68 78L50 46M68 78L86 46", ink, 4)
			p.box(42, 34, 52, 17, 8, rubber)
		})
	},
	"exercise_bike": func(p *pen) {
		p.ground(208, 88)
		p.line("M40 202H86M152 202H204M62 200L98 176L170 200", ink, 9)
		p.line("M104 176L88 78M104 170L172 62M96 130H140", p.c, 10)
		p.dot(164, 152, 44, coal)
		p.dot(164, 152, 37, p.d)
		p.ring(164, 152, 26, 5, p.l)
		p.dot(164, 152, 9, ink)
		p.line("M108 166L122 190", iron, 6)
		p.box(112, 187, 22, 7, 3, ink)
		p.dot(106, 166, 13, p.a)
		p.shape("M60 68Q92 60 112 72Q110 84 92 84Q72 84 60 68Z", ink)
		p.line("M172 62H198M172 62L160 50", ink, 8)
		p.box(146, 30, 40, 28, 6, ink)
		p.box(151, 35, 30, 18, 3, choose(p, "#7fd0c0", "#8fbff0", "#f0c36a"))
	},
	"treadmill": func(p *pen) {
		p.ground(204, 96)
		p.shape("M22 176L182 168L212 188L206 200H36Q22 200 22 188Z", p.c)
		p.shape("M40 180L176 174L190 188H56Z", ink)
		p.line("M66 184L178 180", coal, 3)
		p.line("M192 184L158 66", p.d, 13)
		p.line("M160 104L112 112", iron, 8)
		p.line("M112 112L100 116", ink, 11)
		p.turn(-14, 150, 60, func() {
			p.box(112, 40, 76, 42, 9, p.dd)
			p.box(120, 47, 40, 28, 4, choose(p, "#7fd0c0", "#8fbff0", "#f0c36a"))
			p.dot(174, 61, 6, p.a)
		})
		p.dot(36, 198, 7, ink)
	},
	"jump_rope": func(p *pen) {
		p.ground(206, 76)
		p.line(choose(p, "M76 96Q70 200 120 196T164 96", "M76 96Q20 210 128 192Q220 170 164 96", "M76 96Q100 160 60 186Q140 214 180 178Q150 140 164 96"), choose(p, coal, iron, p.a), 6)
		for _, s := range []struct{ angle, x float64 }{{16, 76}, {-16, 164}} {
			p.turn(s.angle, s.x, 70, func() {
				p.box(s.x-11, 30, 22, 66, 10, body)
				p.box(s.x-11, 78, 22, 12, 2, p.d)
				p.line("M"+num(s.x-7)+" 46H"+num(s.x+7)+"M"+num(s.x-7)+" 56H"+num(s.x+7)+"M"+num(s.x-7)+" 66H"+num(s.x+7), p.dd, 3)
				p.dot(s.x, 96, 6, p.a)
			})
		}
	},
	"football": func(p *pen) {
		patch := p.dd
		skin := mix(p.c, white, 0.75)
		if lightness(p.c) > 0.8 {
			patch, skin = ink, white
		}
		p.ground(202, 66)
		p.dot(120, 120, 80, skin)
		p.turn(choose(p, 0.0, 20, 40), 120, 120, func() {
			p.line("M120 92V46M146 112L190 98M136 144L162 180M104 144L78 180M94 112L50 98", patch, 4)
			p.shape("M120 88L150 110L139 146H101L90 110Z", patch)
			p.shape("M96 46Q120 36 144 46L132 62H108ZM188 82Q202 108 196 132L180 122L178 100ZM176 176Q156 196 134 199L140 178L160 170ZM106 199Q84 196 64 176L80 170L100 178ZM44 132Q38 108 52 82L62 100L60 122Z", patch)
		})
		p.shadow("M186 76Q204 150 148 190Q110 206 70 182Q150 190 172 134Q182 104 186 76Z")
		p.shine("M70 92Q80 64 108 54Q92 74 84 100Z")
	},
	"basketball": func(p *pen) {
		p.ground(204, 66)
		p.dot(120, 120, 82, body)
		p.turn(choose(p, -20.0, 15, 40), 120, 120, func() {
			p.line("M120 38V202M38 120H202M62 62Q104 120 62 178M178 62Q136 120 178 178", p.dd, 5)
		})
		p.shadow("M188 74Q208 150 150 194Q108 210 66 182Q150 192 174 134Q184 104 188 74Z")
		p.shine("M66 94Q76 64 106 52Q90 74 80 104Z")
	},
	"badminton_racket": func(p *pen) {
		p.ground(210, 60)
		p.turn(choose(p, 32.0, -32), 120, 120, func() {
			for x := 86.0; x < 160; x += 10 {
				p.line("M"+num(x)+" 34V120M80 "+num(x-44)+"H160", "#ffffffcc", 1.6)
			}
			p.hoop(120, 74, 43, 52, 9, p.c)
			p.line("M88 108Q104 130 120 130T152 108", p.d, 6)
			p.line("M120 128V176", p.a, 6)
			p.box(111, 172, 18, 58, 7, ink)
			p.line("M112 184L128 192M112 198L128 206M112 212L128 220", coal, 3)
		})
		p.turn(20, 60, 180, func() {
			p.shape("M44 150L76 150L68 188H52Z", white)
			p.line("M52 152L56 184M60 150V184M68 152L64 184", steel, 2)
			p.shape("M52 186H68V190Q68 200 60 200T52 190Z", p.a)
		})
	},
	"table_tennis_bat": func(p *pen) {
		p.ground(208, 60)
		p.turn(choose(p, 36.0, -36, 20), 120, 120, func() {
			p.shape("M106 146H134L130 216Q120 222 110 216Z", wood)
			p.shape("M122 146H134L130 216Q126 219 122 219Z", bark)
			p.oval(120, 94, 58, 62, p.dd)
			p.oval(120, 92, 56, 60, p.c)
			p.shape("M72 126Q120 146 168 126Q160 158 120 158T72 126Z", wood)
			p.shine("M80 72Q90 46 116 40Q96 60 92 92Z")
		})
		p.dot(choose(p, 62.0, 178, 70), 176, 18, "#f7a13c")
		p.dot(choose(p, 57.0, 173, 65), 170, 6, "#fcd193")
	},
	"bike_helmet":          func(p *pen) { p.helmet() },
	"bike_helmet_mountain": func(p *pen) { p.helmet(); p.shape("M206 112L228 132Q232 140 222 140L170 118Z", p.a) },
	"swim_goggles": func(p *pen) {
		p.ground(186, 80)
		p.line("M42 128Q10 60 120 56T198 128", p.dd, 12)
		p.line("M42 128Q20 70 120 72T198 128", p.d, 6)
		lens := choose(p, "#7fb7d6", "#3f4a58", "#e2a35a", "#8f7fd0")
		p.mirror(func() {
			p.shape("M34 118Q34 98 60 96Q96 94 108 112Q112 150 86 160Q34 164 34 118Z", body)
			p.shape("M44 120Q46 106 64 105Q90 104 99 116Q100 142 82 150Q46 152 44 120Z", lens)
			p.shine("M54 112Q66 106 80 108L62 142Q50 134 54 112Z")
		})
		p.line("M106 118Q120 108 134 118", p.a, 7)
	},
	"foam_roller": func(p *pen) {
		p.ground(192, 90)
		p.turn(-16, 120, 130, func() {
			p.shape("M60 82H190V174H60Z", body)
			p.oval(190, 128, 24, 46, p.d)
			for x := 92.0; x < 190; x += 26 {
				if p.v%2 == 0 {
					p.box(x, 90, 16, 16, 4, p.l)
					p.box(x, 114, 16, 16, 4, p.d)
					p.box(x, 138, 16, 16, 4, p.l)
					continue
				}
				p.line("M"+num(x)+" 84Q"+num(x+12)+" 128 "+num(x)+" 172", p.d, 6)
			}
			p.oval(60, 128, 24, 46, p.l)
			p.oval(60, 128, 14, 28, ink)
			p.oval(63, 128, 9, 22, p.a)
		})
	},
	"fishing_rod": func(p *pen) {
		p.ground(210, 70)
		p.line("M56 196L206 34", p.c, 5)
		p.line("M40 212L84 165", choose(p, wood, coal), 13)
		p.line("M92 156L104 143", choose(p, wood, coal), 10)
		p.dot(106, 176, 24, coal)
		p.dot(106, 176, 17, steel)
		p.dot(106, 176, 6, ink)
		p.line("M116 190L134 198", iron, 5)
		p.dot(136, 199, 6, p.a)
		p.line("M90 160L204 38", "#ffffff55", 1.5)
		for _, xy := range [][2]float64{{140, 106}, {168, 76}, {190, 52}} {
			p.ring(xy[0]+6, xy[1]+5, 5, 2, iron)
		}
		p.line("M206 34V148", iron, 1.5)
		p.dot(206, 156, 11, white)
		p.shape("M195 156A11 11 0 0 1 217 156Z", "#d84a3f")
		p.line("M206 167V180Q206 188 198 184", iron, 2)
	},
}
