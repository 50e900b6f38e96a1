//go:build cgo && !purego

package kernel

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// A compiled variant packs 16 rows into a panel. For int8, a panel is a run of blocks of 576 bytes: eight groups of four inputs, each 16 rows of four bytes, then the 16
// scales. So one load has four weights of 16 outputs, the activations are broadcast, and no sum ever runs across a register. For float32 a panel is [input][16].
const panelBlock = PanelRows*Block + 4*PanelRows

// packInt8 fills m.bytes; bias is added to each weight: 128 where the instruction wants them unsigned.
func packInt8(m *Matrix, w []float32, bias int) {
	m.bytes = aligned(m.Panels() * m.blocks * panelBlock)
	var q [Block]int8
	for row := range m.Panels() * PanelRows {
		panel := m.bytes[row/PanelRows*m.blocks*panelBlock:]
		for b := range m.blocks {
			scale := float32(0)
			q = [Block]int8{}
			if row < m.rows {
				scale = quantiseBlock(q[:], w[row*m.cols+b*Block:row*m.cols+min(m.cols, (b+1)*Block)])
			}
			block, lane := panel[b*panelBlock:], row%PanelRows
			for i, v := range q {
				block[i/4*64+lane*4+i%4] = byte(int(v) + bias)
			}
			binary.NativeEndian.PutUint32(block[PanelRows*Block+4*lane:], math.Float32bits(scale))
		}
	}
}

// rowInt8 is the inverse for one row.
func rowInt8(dst []float32, m *Matrix, row, bias int) {
	panel, lane := m.bytes[row/PanelRows*m.blocks*panelBlock:], row%PanelRows
	for i := range dst {
		block, j := panel[i/Block*panelBlock:], i%Block
		scale := math.Float32frombits(binary.NativeEndian.Uint32(block[PanelRows*Block+4*lane:]))
		v := block[j/4*64+lane*4+j%4]
		if bias == 0 {
			dst[i] = scale * float32(int8(v))
		} else {
			dst[i] = scale * float32(int(v)-bias)
		}
	}
}

func packFloat(m *Matrix, w []float32) {
	m.floats = make([]float32, m.Panels()*m.cols*PanelRows)
	for row := range m.rows {
		panel := m.floats[row/PanelRows*m.cols*PanelRows:]
		for i := range m.cols {
			panel[i*PanelRows+row%PanelRows] = w[row*m.cols+i]
		}
	}
}

func rowFloat(dst []float32, m *Matrix, row int) {
	panel := m.floats[row/PanelRows*m.cols*PanelRows:]
	for i := range dst {
		dst[i] = panel[i*PanelRows+row%PanelRows]
	}
}

// aligned bytes begin at a multiple of 64, the width of a cache line and of the widest load.
func aligned(n int) []byte {
	b := make([]byte, n+63)
	skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) & 63
	return b[skip : skip+n : skip+n]
}
