package demo

var electronicsPictures = pictureSet{
	"headphones": func(p *pen) {
		p.ground(206, 78)
		p.line("M52 142Q44 40 120 40T188 142", p.d, 15)
		p.line("M62 104Q74 54 120 52T178 104", p.l, 5)
		p.mirror(func() {
			p.box(34, 118, 38, 76, 18, body)
			p.box(62, 112, 26, 88, 13, choose(p, ink, p.dd, coal))
			p.box(42, 138, 8, 36, 4, p.a)
		})
	},
	"earbuds": func(p *pen) {
		p.ground(206, 76)
		p.shape("M52 124Q52 60 120 60T188 124Z", p.l)
		p.shape("M62 124Q64 74 120 74T178 124Z", p.d)
		p.box(48, 120, 144, 84, 34, body)
		p.box(48, 120, 144, 18, 9, p.dd)
		p.dot(120, 172, 4, "#7be08f")
		p.mirror(func() {
			p.box(86, 96, 14, 52, 7, p.ll)
			p.dot(90, 96, 17, p.ll)
			p.oval(80, 96, 7, 11, choose(p, ink, coal, p.dd))
			p.dot(94, 96, 4, p.a)
		})
		p.box(60, 130, 120, 14, 0, p.c)
		p.shine("M64 150Q64 146 70 146H82Q74 170 78 190Q64 184 64 150Z")
	},
	"portable_speaker": func(p *pen) {
		p.ground(206, 76)
		switch p.v % 3 {
		case 0:
			p.box(28, 86, 184, 112, 52, body)
			p.box(52, 98, 136, 88, 40, p.dd)
			for _, x := range []float64{90, 150} {
				p.dot(x, 142, 34, ink)
				p.dot(x, 142, 22, coal)
				p.dot(x, 142, 9, p.a)
			}
			p.line("M70 88Q120 34 170 88", p.a, 8)
		case 1:
			p.box(70, 40, 100, 166, 46, body)
			p.box(82, 64, 76, 112, 36, p.dd)
			for y := 76.0; y < 170; y += 12 {
				p.line("M92 "+num(y)+"H148", p.d, 3)
			}
			p.oval(120, 50, 30, 8, p.l)
			p.line("M168 70Q194 76 190 110", p.a, 7)
		default:
			p.dot(120, 128, 80, body)
			p.dot(120, 128, 62, p.dd)
			p.ring(120, 128, 50, 3, p.d)
			p.ring(120, 128, 38, 3, p.d)
			p.dot(120, 128, 24, ink)
			p.dot(120, 128, 10, p.a)
			p.line("M74 62Q120 14 166 62", p.a, 8)
		}
	},
	"soundbar": func(p *pen) {
		p.ground(186, 104)
		p.box(76, 46, 88, 96, 10, p.d)
		p.dot(120, 94, 30, ink)
		p.dot(120, 94, 19, coal)
		p.dot(120, 94, 7, p.a)
		p.box(14, 140, 212, 44, choose(p, 12.0, 22, 6), body)
		p.box(24, 150, 192, 24, choose(p, 6.0, 12, 3), p.dd)
		p.stripes("M32 162H210", p.d, 14, 2, 6)
		p.dot(120, 162, 4, "#7be08f")
	},
	"turntable": func(p *pen) {
		p.ground(200, 98)
		p.box(22, 66, 196, 128, 14, body)
		p.box(22, 180, 196, 16, 8, p.dd)
		p.oval(102, 124, 70, 50, ink)
		p.hoop(102, 124, 56, 40, 1.5, iron)
		p.hoop(102, 124, 44, 31, 1.5, iron)
		p.oval(102, 124, 26, 18, p.a)
		p.dot(102, 124, 4, white)
		p.dot(190, 92, 15, steel)
		p.line(choose(p, "M190 92L186 146L150 154", "M190 92L194 142L176 158"), steel, 6)
		p.box(choose(p, 140.0, 166), choose(p, 148.0, 152), 18, 12, 3, coal)
		p.dot(194, 168, 7, iron)
		p.box(48, 196, 20, 8, 3, ink)
		p.box(172, 196, 20, 8, 3, ink)
	},
	"tv": func(p *pen) {
		p.ground(202, 84)
		if p.v%2 == 0 {
			p.line("M76 166L60 200M164 166L180 200", ink, 8)
		} else {
			p.shape("M108 164H132L138 196H102Z", coal)
			p.box(74, 192, 92, 9, 4, ink)
		}
		p.box(14, 42, 212, 130, 8, ink)
		p.screen(20, 48, 200, 116, 4)
		p.shine("M20 48H110L60 164H20Z")
	},
	"projector": func(p *pen) {
		p.shape("M92 128L0 60V196Z", "#ffffff99")
		p.ground(198, 76)
		p.box(56, 82, 152, 108, 26, body)
		p.shape("M168 82H182Q208 82 208 108V164Q208 190 182 190H168Z", p.d)
		p.dot(98, 134, 36, ink)
		p.dot(98, 134, 26, coal)
		p.dot(98, 134, 17, "#7fb4e0")
		p.dot(92, 128, 6, white)
		p.line("M152 112H188M152 124H188M152 136H188M152 148H188", p.dd, 4)
		p.box(140, 70, choose(p, 40.0, 24, 52), 14, 6, p.a)
		p.box(78, 188, 20, 12, 4, ink)
		p.box(166, 188, 20, 12, 4, ink)
	},
	"smartphone": func(p *pen) {
		p.ground(210, 60)
		p.turn(choose(p, 8.0, 6, 10), 150, 120, func() {
			p.box(108, 28, 88, 180, 18, body)
			p.box(116, 36, 40, choose(p, 58.0, 40, 58), 14, p.d)
			p.dot(136, 54, 12, ink)
			p.dot(136, 54, 5, "#7fa8d0")
			p.dot(136, 80, choose(p, 12.0, 0, 12), ink)
			p.dot(136, 80, choose(p, 5.0, 0, 5), "#7fa8d0")
			p.dot(170, 48, 5, "#ffeeb5")
		})
		p.turn(-6, 90, 120, func() {
			p.box(44, 26, 92, 184, 18, ink)
			p.screen(50, 32, 80, 172, 13)
			p.box(78, 38, 24, 7, 3.5, ink)
		})
	},
	"power_bank": func(p *pen) {
		p.ground(208, 62)
		p.turn(choose(p, -8.0, 8, 0), 120, 120, func() {
			p.box(70, 34, 100, 170, 20, body)
			p.shadow("M146 34H150Q170 34 170 54V184Q170 204 150 204H146Z")
			p.box(84, 28, 24, 10, 3, iron)
			p.box(128, 28, 24, 10, 3, iron)
			if p.v%2 == 0 {
				for i := range 4 {
					p.dot(96+float64(i)*16, 176, 5, []string{"#7be08f", "#7be08f", "#7be08f", p.dd}[i])
				}
			} else {
				p.box(94, 164, 52, 24, 6, ink)
				p.line("M104 176H120M126 176H136", "#7be0c8", 5)
			}
			p.shape("M126 74L100 118H118L112 152L142 106H122Z", p.a)
		})
	},
	"phone_charger": func(p *pen) {
		p.ground(206, 60)
		p.line("M120 178Q124 216 168 206T214 168", p.dd, 7)
		p.box(206, 142, 16, 30, 4, ink)
		p.box(102, 30, 12, 42, 3, steel)
		p.box(134, 30, 12, 42, 3, steel)
		p.box(74, 62, 100, 122, 22, body)
		p.shadow("M148 62H152Q174 62 174 84V162Q174 184 152 184H148Z")
		p.box(106, 172, 34, 12, 5, ink)
		p.box(choose(p, 70.0, 84, 70), 172, choose(p, 0.0, 16, 0), 12, 4, ink)
		p.shape("M128 84L104 124H122L116 154L144 112H126Z", p.a)
	},
	"smartwatch": func(p *pen) {
		p.ground(212, 44)
		p.shape("M86 84L94 20H146L154 84Z", body)
		p.shape("M86 156L94 220H146L154 156Z", p.c)
		p.shape("M136 84L132 20H146L154 84ZM136 156L132 220H146L154 156Z", p.d)
		p.dot(120, 196, 3, p.dd)
		p.dot(120, 208, 3, p.dd)
		round := p.v%2 == 0
		p.box(178, 108, 9, 24, 4, iron)
		if round {
			p.dot(120, 120, 62, iron)
			p.dot(120, 120, 54, ink)
		} else {
			p.box(62, 62, 116, 116, 34, iron)
			p.box(69, 69, 102, 102, 28, ink)
		}
		p.ring(120, 120, 40, 6, coal)
		p.line("M120 80A40 40 0 1 1 80 120", p.al, 6)
		p.line("M120 98A22 22 0 0 1 142 120", "#7be08f", 6)
		p.shape("M120 136L106 121Q103 109 112 109Q119 110 120 116Q121 110 128 109Q137 109 134 121Z", "#f0736a")
	},
	"e_reader": func(p *pen) {
		p.ground(210, 64)
		p.turn(choose(p, -5.0, 5, 0), 120, 120, func() {
			p.box(54, 26, 132, 182, 12, body)
			p.box(66, 38, 108, 146, 4, "#f1efe8")
			for i := range 9 {
				w := []float64{84, 76, 84, 60, 84, 80, 84, 72, 50}[(i+p.v)%9]
				p.box(78, 52+float64(i)*14, w, 5, 2, "#9a978d")
			}
			p.dot(120, 196, 5, p.l)
		})
		p.line("M188 60V"+num(choose(p, 96.0, 110)), p.a, 7)
	},
	"smart_bulb": func(p *pen) {
		glow := choose(p, "#ffd76a", "#8fd0ff", "#ff9ac0", "#a8f0a0")
		p.dot(120, 96, 92, mix(glow, white, 0.3)+"66")
		p.ground(214, 30)
		p.shape("M120 28Q182 30 182 92Q182 124 154 146Q150 152 150 164H90Q90 152 86 146Q58 124 58 92Q58 30 120 28Z", mix(glow, white, 0.35))
		p.shine("M76 92Q78 54 108 44Q90 64 90 100Q82 104 76 92Z")
		p.line("M104 162V116L120 128L136 116V162", mix(glow, "#a0662a", 0.35), 4)
		p.box(90, 158, 60, 18, 4, white)
		p.box(94, 174, 52, 10, 3, steel)
		p.box(96, 186, 48, 9, 3, iron)
		p.box(100, 197, 40, 9, 3, steel)
		p.oval(120, 209, 12, 5, ink)
		p.line("M176 180Q186 170 196 180M168 172Q186 154 204 172", p.d, 5)
		p.dot(186, 188, 5, p.d)
	},
	"security_camera": func(p *pen) {
		p.ground(208, 60)
		if p.v%2 == 0 {
			p.box(92, 186, 56, 18, 8, p.dd)
			p.box(112, 150, 16, 40, 4, p.d)
			p.box(66, 46, 108, 116, 48, body)
		} else {
			p.box(20, 60, 20, 90, 6, p.dd)
			p.line("M38 106H84L110 130", p.d, 14)
			p.turn(12, 140, 110, func() { p.box(60, 70, 148, 80, 36, body) })
		}
		x, y := choose(p, 120.0, 176), choose(p, 100.0, 118)
		p.dot(x, y, 40, ink)
		p.dot(x, y, 26, coal)
		p.dot(x, y, 16, "#5f86b8")
		p.dot(x-6, y-6, 5, white)
		p.dot(x, y+33, 3, "#f0453a")
		p.ring(x, y, 33, 2, p.a)
	},
	"robot_vacuum": func(p *pen) {
		p.ground(196, 96)
		p.oval(120, 140, 96, 62, p.dd)
		p.oval(120, 128, 96, 62, body)
		p.hoop(120, 128, 78, 49, 3, p.d)
		p.oval(120, choose(p, 108.0, 116, 100), 30, 19, p.d)
		p.oval(120, choose(p, 102.0, 110, 94), 30, 19, p.a)
		p.oval(120, choose(p, 102.0, 110, 94), 14, 8, ink)
		p.dot(108, 158, 5, "#7be08f")
		p.dot(130, 160, 4, p.ll)
		p.line("M26 150Q40 184 84 192", ink, 6)
		p.line("M206 164L226 156M210 172L226 178M202 178L212 194", iron, 3)
	},
}
