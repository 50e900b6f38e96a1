package demo

// PictureStyle is what tells two drawings of the same thing apart.
type PictureStyle struct {
	Colour  string // CSS hex of the thing's main colour, from the colour facet ("#1f3a5f")
	Accent  string // CSS hex of its trim, handle, screen or sole
	Variant int    // 0, 1, 2, …: which of a drawing's details to use; a drawing takes it modulo what it has
}
