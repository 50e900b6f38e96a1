package demo

// paw is a pet's print.
func (p *pen) paw(x, y, s float64, fill string) {
	p.oval(x, y+s*0.35, s*0.62, s*0.5, fill)
	p.oval(x-s*0.72, y-s*0.18, s*0.2, s*0.28, fill)
	p.oval(x-s*0.27, y-s*0.55, s*0.21, s*0.3, fill)
	p.oval(x+s*0.27, y-s*0.55, s*0.21, s*0.3, fill)
	p.oval(x+s*0.72, y-s*0.18, s*0.2, s*0.28, fill)
}

// snapHook is the end of a lead.
func (p *pen) snapHook() {
	p.box(156, 166, 18, 18, 4, steel)
	p.hoop(170, 196, 10, 13, 5, iron)
	p.paw(62, 182, 17, p.l)
}

var toolsGardenPictures = pictureSet{
	"cordless_drill": func(p *pen) {
		p.ground(208, 76)
		p.box(14, 82, 40, 7, 2, steel)
		p.shape("M52 70L70 62V108L52 100Z", ink)
		p.box(68, 60, 26, 50, 4, coal)
		p.shape("M92 50H178Q206 50 206 84T178 118H92Z", body)
		p.shape("M92 96H202Q194 118 178 118H92Z", p.d)
		p.box(186, 56, 12, 56, 5, ink)
		p.shape("M128 116H176L186 176H142Z", p.c)
		p.shape("M138 124H170L178 172H148Z", ink)
		p.shape("M118 118H132V142Q122 138 118 118Z", ink)
		p.box(122, 172, 84, choose(p, 34.0, 28, 34), 8, ink)
		p.box(132, 180, 30, 8, 4, p.a)
		p.line("M108 66H160M108 78H150", p.ll, 5)
	},
	"screwdriver_set": func(p *pen) {
		p.ground(208, 80)
		for i, a := range []float64{-24, 0, 24} {
			fill := []string{p.c, p.a, p.d}[(i+p.v)%3]
			p.turn(a, 120, 210, func() {
				p.box(115, 36, 10, 90, 2, steel)
				p.box(120, 36, 5, 90, 2, iron)
				p.shape([]string{"M113 22H127L125 40H115Z", "M115 24L120 18L125 24V40H115Z", "M112 26H128V40H112Z"}[i], steel)
				p.box(106, 120, 28, 86, 13, fill)
				p.line("M113 136V192M120 136V196M127 136V192", ink, 4)
				p.box(110, 112, 20, 16, 4, ink)
			})
		}
	},
	"laser_measure": func(p *pen) {
		p.ground(206, 48)
		p.line("M120 40V4", choose(p, "#f0453a", "#34c25a", "#f0453a"), 5)
		p.box(76, 38, 88, 168, 18, ink)
		p.box(76, 38, 14, 168, 7, p.c)
		p.box(150, 38, 14, 168, 7, p.c)
		p.box(106, 32, 28, 10, 3, coal)
		p.box(96, 54, 48, 66, 5, "#cfe3c4")
		p.line("M104 70H122M104 86H136M104 102H130", "#4d6b46", 6)
		p.dot(120, 144, 15, choose(p, "#e0453a", p.a, "#e0453a"))
		for i := range 4 {
			p.box(98+float64(i%2)*26, 168+float64(i/2)*17, 18, 11, 5, iron)
		}
	},
	"toolbox": func(p *pen) {
		p.ground(204, 92)
		p.line("M84 96V70Q84 58 96 58H144Q156 58 156 70V96", ink, 11)
		p.shape("M44 92H196L208 124H32Z", p.l)
		p.box(32, 120, 176, 82, 10, body)
		p.shape("M168 120H208V192Q208 202 198 202H168Z", p.d)
		p.box(32, 120, 176, 14, 4, p.dd)
		p.box(64, 112, 26, 34, 5, ink)
		p.box(150, 112, 26, 34, 5, ink)
		p.box(70, 126, 14, 12, 3, steel)
		p.box(156, 126, 14, 12, 3, steel)
		p.box(choose(p, 96.0, 92, 100), 156, choose(p, 48.0, 56, 40), 24, 6, p.a)
	},
	"pressure_washer": func(p *pen) {
		p.ground(208, 76)
		p.line("M84 96V42Q84 30 96 30H132Q144 30 144 42V96", ink, 9)
		p.box(66, 84, 96, 108, 22, body)
		p.shape("M128 84H140Q162 84 162 106V170Q162 192 140 192H128Z", p.d)
		p.box(80, 104, 52, 34, 8, ink)
		p.dot(94, 121, 8, p.a)
		p.line("M110 115H124M110 127H"+num(choose(p, 124.0, 118)), iron, 4)
		p.line("M152 150Q206 160 196 110T186 70", ink, 6)
		p.line("M186 76L208 34", coal, 8)
		p.shape("M180 66L198 76L190 100L176 92Z", p.a)
		p.line(choose(p, "M209 30L222 14M212 34L230 24M206 28L212 10", "M209 30L220 8", "M209 30L226 18M206 28L216 8"), "#8fd0ee", choose(p, 3.0, 6, 4))
		p.dot(84, 190, 20, rubber)
		p.dot(84, 190, 9, steel)
		p.dot(146, 190, 20, rubber)
		p.dot(146, 190, 9, steel)
	},
	"secateurs": func(p *pen) {
		p.ground(208, 60)
		p.turn(choose(p, 14.0, -14, 30), 120, 120, func() {
			p.shape("M112 116Q72 84 96 26Q132 60 134 112Z", steel)
			p.shape("M120 112Q104 70 96 26Q132 60 134 112Z", iron)
			p.shape("M126 112Q150 90 146 52Q168 84 144 124Z", coal)
			p.line("M112 122Q76 150 92 208", p.c, 22)
			p.line("M134 122Q172 150 152 208", p.d, 22)
			p.line("M112 136Q96 156 98 190M136 136Q154 156 148 190", p.l, 4)
			p.line("M112 150L134 146L114 160L134 158", iron, 4)
			p.dot(124, 116, 15, iron)
			p.dot(124, 116, 7, ink)
		})
		p.sprig(198, 80, 36, 40, leaf)
	},
	"garden_hose": func(p *pen) {
		p.ground(206, 86)
		for i := range 4 {
			f := float64(i)
			p.hoop(112, 168-f*17, 80-f*2, 26, 13, []string{p.dd, p.d, p.c, p.l}[i])
		}
		p.line("M190 122Q226 96 196 66Q180 50 156 58", p.c, 12)
		p.turn(-18, 150, 58, func() {
			p.box(120, 50, 36, 18, 4, p.a)
			p.shape("M84 44L122 52V66L84 76Z", ink)
			p.shape("M126 66H142L134 94H122Z", p.ad)
		})
		for i := range 4 {
			f := float64(i)
			p.line("M"+num(74-f*14)+" "+num(66-f*8)+"l-10 -4M"+num(74-f*14)+" "+num(80+f*6)+"l-10 2", "#7fc4ea", 4)
		}
		if p.v%2 == 0 {
			p.sprig(40, 206, 32, -20, leaf)
		}
	},
	"lawn_mower": func(p *pen) {
		p.ground(206, 96)
		p.line("M150 142L206 48M206 48H222", ink, 8)
		p.line("M212 48H228", p.a, 10)
		p.shape("M146 118L196 132L188 178L144 172Z", coal)
		p.shape("M24 168Q28 128 76 124H150Q166 126 166 176H24Z", body)
		p.shape("M24 168H166V178H24Z", p.dd)
		p.shape("M70 124Q74 92 104 92T136 124Z", ink)
		p.box(88, 100, 32, 12, 6, p.a)
		p.line("M44 150H120", p.ll, 5)
		p.dot(52, 184, 20, rubber)
		p.dot(52, 184, 10, steel)
		p.dot(152, 182, choose(p, 22.0, 28, 22), rubber)
		p.dot(152, 182, 12, steel)
		p.line("M8 214l6 -14M24 214l3 -11M40 214l6 -15M58 214l2 -11M74 214l6 -13M92 214l3 -14M108 214l6 -12M126 214l2 -14M142 214l6 -13M160 214l3 -11M176 214l6 -15M194 214l2 -12M210 214l6 -14M226 214l3 -11", "#6fa653", 4)
	},
	"hand_mower": func(p *pen) {
		p.ground(208, 90)
		p.line("M96 164L196 44M110 176L196 44", iron, 7)
		p.line("M180 40L216 58", ink, 9)
		p.line("M178 39L190 45M206 53L218 59", p.a, 13)
		p.dot(90, 176, 36, rubber)
		p.dot(90, 176, 27, p.c)
		p.turn(choose(p, 0.0, 45, 22), 90, 176, func() { p.stripes("M90 150V202M64 176H116", p.ll, 5, 18, 16) })
		p.dot(90, 176, 9, ink)
		p.line("M40 168Q62 140 100 148M44 188Q60 210 104 204", steel, 7)
		p.dot(142, 192, 14, p.d)
		p.line("M8 214l6 -14M24 214l3 -11M40 214l6 -15M58 214l2 -11M142 214l6 -9M160 214l3 -11M176 214l6 -15M194 214l2 -12M210 214l6 -14M226 214l3 -11", "#6fa653", 4)
	},
	"plant_pot": func(p *pen) {
		p.ground(208, 62)
		switch p.v % 3 {
		case 0:
			for _, a := range []float64{-62, -34, -8, 18, 44, 68} {
				p.sprig(120, 124, 84, a, mix(leaf, white, (a+62)/520))
			}
		case 1:
			p.box(102, 34, 36, 96, 18, "#5d9a5e")
			p.line("M112 46V120M120 42V122M128 46V120", "#8cc08a", 3)
			p.line("M100 92H84V70M140 80H156V60", "#5d9a5e", 16)
			p.dot(120, 32, 9, "#f08fa5")
		default:
			p.line("M120 128Q112 80 124 40M120 110Q90 90 80 60M120 104Q150 92 162 62", "#5a7d45", 4)
			for _, xy := range [][2]float64{{124, 38}, {80, 60}, {162, 60}, {98, 84}, {146, 84}} {
				p.dot(xy[0], xy[1], 20, leaf)
				p.dot(xy[0]-5, xy[1]-5, 11, "#7fb772")
			}
		}
		p.shape("M70 136H170L156 202Q155 206 150 206H90Q85 206 84 202Z", body)
		p.shape("M142 136H170L156 202Q155 206 150 206H138Z", p.d)
		p.box(62, 118, 116, 26, 7, p.c)
		p.box(62, 136, 116, 8, 3, p.d)
	},
	"pet_bed": func(p *pen) {
		p.ground(202, 100)
		p.oval(120, 148, 102, 52, p.d)
		p.oval(120, 138, 102, 50, body)
		p.oval(120, 146, 72, 30, p.ll)
		if p.v%2 == 1 {
			p.paw(120, 146, 26, p.c)
			p.line("M40 126Q50 100 76 96M200 126Q190 100 164 96", p.l, 5)
			return
		}
		fur := choose(p, "#e8a35c", "#8f959c", "#4a4f57")
		p.shape("M66 150Q70 104 124 106Q176 108 176 146Q174 164 120 164T66 150Z", fur)
		p.dot(92, 132, 26, fur)
		p.shape("M68 126L70 98L90 110ZM98 108L114 96L116 124Z", fur)
		p.line("M82 134Q86 138 90 134M98 134Q102 138 106 134M92 144L96 142", ink, 2.5)
		p.line("M172 150Q150 172 116 158", mix(fur, "#14161c", 0.2), 12)
	},
	"cat_tree": func(p *pen) {
		p.ground(208, 84)
		post := func(x, y, h float64) {
			p.box(x, y, 18, h, 3, "#b8965f")
			p.stripes("M"+num(x+9)+" "+num(y)+"V"+num(y+h), "#d9bd8c", 18, 7, 2)
		}
		post(70, 62, 140)
		post(150, 110, 92)
		p.box(34, 194, 172, 14, 6, p.dd)
		p.box(36, 52, 86, 14, 7, body)
		p.box(116, 100, 84, 14, 7, body)
		p.box(96, 140, 96, 56, 12, body)
		p.dot(144, 168, 20, ink)
		p.box(36, 126, 66, 12, 6, p.d)
		p.shape("M56 52Q52 22 78 22T102 52Z", choose(p, "#4a4f57", "#e8a35c", "#8f959c"))
		p.shape("M60 32L60 12L76 24ZM96 32V12L82 24Z", choose(p, "#4a4f57", "#e8a35c", "#8f959c"))
		p.dot(72, 36, 3, "#f6e27a")
		p.dot(86, 36, 3, "#f6e27a")
		p.line("M182 114V132", iron, 2)
		p.dot(182, 138, 7, p.a)
	},
	"dog_lead": func(p *pen) {
		p.ground(206, 74)
		p.line("M84 70Q30 110 84 150T164 176", p.c, 12)
		p.hoop(112, 58, 34, 28, 12, p.d)
		p.line("M84 70Q96 86 112 88", p.a, 12)
		p.line(choose(p, "M96 126Q150 96 176 140", "M90 120Q130 60 190 110", "M96 126Q170 120 160 100"), p.d, 12)
		p.snapHook()
	},
	"dog_lead_reel": func(p *pen) {
		p.ground(206, 74)
		p.shape("M58 58Q58 36 96 36H130Q164 36 164 76T126 120H92Q58 116 58 58Z", body)
		p.box(78, 58, 56, 26, 13, p.back)
		p.dot(132, 100, 20, p.d)
		p.dot(132, 100, 8, p.a)
		p.line("M150 112Q190 150 168 172", p.a, 7)
		p.snapHook()
	},
	"pet_feeder": func(p *pen) {
		p.ground(208, 76)
		p.box(78, 32, 84, 18, 8, p.dd)
		p.shape("M72 48H168L176 120H64Z", "#ffffffbb")
		p.shape("M70 74Q96 62 120 76T171 72L176 120H64Z", "#b57b47")
		for _, xy := range [][2]float64{{86, 88}, {106, 98}, {130, 90}, {150, 102}, {96, 110}, {126, 110}, {154, 86}} {
			p.dot(xy[0], xy[1], 6, "#8d5a30")
		}
		p.shape("M58 116H182V186Q182 202 166 202H74Q58 202 58 186Z", body)
		p.shape("M152 116H182V186Q182 202 166 202H152Z", p.d)
		p.box(96, 128, 48, 24, 8, ink)
		p.dot(120, 140, choose(p, 7.0, 8, 5), choose(p, "#7fd0c0", "#8fbff0", "#f0c36a"))
		p.shape("M70 172H170L162 200Q160 208 150 208H90Q80 208 78 200Z", steel)
		p.oval(120, 172, 50, 10, iron)
		p.oval(120, 171, 40, 7, "#a56c3c")
		p.paw(160, 140, 9, p.ll)
	},
}
