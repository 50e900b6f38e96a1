package train

import (
	"math"
	"testing"

	. "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestGradientReachesTheArena pins the two properties of gorgonia on which the trainer stands: a value made with WithBacking shares memory
// with the slice it was given, through a solver's step; and the gradient of a product is the other factor.
func TestGradientReachesTheArena(t *testing.T) {
	arena := []float32{3, 0, 0}
	g := NewGraph()
	w := NewMatrix(g, tensor.Float32, WithShape(1, 1), WithName("w"),
		WithValue(tensor.New(tensor.WithShape(1, 1), tensor.WithBacking(arena[0:1:1]))))
	x := NewMatrix(g, tensor.Float32, WithShape(1, 1), WithName("x"),
		WithValue(tensor.New(tensor.WithShape(1, 1), tensor.WithBacking([]float32{2}))))
	loss := Must(Sum(Must(Mul(x, w))))
	if _, err := Grad(loss, w); err != nil {
		t.Fatal(err)
	}
	vm := NewTapeMachine(g, BindDualValues(w))
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	if err := NewVanillaSolver(WithLearnRate(0.1)).Step([]ValueGrad{w}); err != nil {
		t.Fatal(err)
	}
	if want := float32(3 - 0.1*2); math.Abs(float64(arena[0]-want)) > 1e-6 {
		t.Fatalf("arena[0] = %v after one step, want %v: the tensor no longer shares the arena's memory", arena[0], want)
	}
}
