package wire

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
)

// Problem is a training task with its data and first weights. Every step s of a
// training run sees batch s mod Batches.
type Problem struct {
	Task    string `json:"task"`    // "recall" or "predict"
	V       int    `json:"V"`       // words
	R       int    `json:"R"`       // columns of Q and K
	B       int    `json:"B"`       // rows or positions of a batch
	L       int    `json:"L"`       // earlier words of a position at most; 0 for recall
	Batches int    `json:"batches"` // different ones
	Full    bool   `json:"full"`    // the batch is all words in their order
	Adam    Adam   `json:"adam"`
	Text    string `json:"text,omitempty"` // file of the text that was counted, predict only

	Arrays []Array `json:"arrays"`
}

// Adam holds the settings of the solver. The rate is constant.
type Adam struct {
	Rate    float64 `json:"rate"`
	Beta1   float64 `json:"beta1"`
	Beta2   float64 `json:"beta2"`
	Epsilon float64 `json:"epsilon"`
}

// Array is a tensor. Exactly one of Floats and Ints is set.
type Array struct {
	Name   string    `json:"name"`
	Type   string    `json:"type"` // "f4" or "i4"
	Shape  []int     `json:"shape"`
	Floats []float32 `json:"-"`
	Ints   []int32   `json:"-"`
}

// AddFloats appends a tensor of float32.
func (p *Problem) AddFloats(name string, x []float32, shape ...int) {
	p.Arrays = append(p.Arrays, Array{Name: name, Type: "f4", Shape: shape, Floats: x})
}

// AddInts appends a tensor of int32.
func (p *Problem) AddInts(name string, x []int32, shape ...int) {
	p.Arrays = append(p.Arrays, Array{Name: name, Type: "i4", Shape: shape, Ints: x})
}

// Floats returns the numbers of a float32 tensor. Asking for one that the
// problem lacks is a mistake in the program, so it panics.
func (p *Problem) Floats(name string) []float32 { return p.array(name).Floats }

// Ints returns the numbers of an int32 tensor, as [Problem.Floats] does.
func (p *Problem) Ints(name string) []int32 { return p.array(name).Ints }

// Shape returns the shape of a tensor, as [Problem.Floats] does.
func (p *Problem) Shape(name string) []int { return p.array(name).Shape }

func (p *Problem) array(name string) *Array {
	for i := range p.Arrays {
		if p.Arrays[i].Name == name {
			return &p.Arrays[i]
		}
	}
	panic("wire: a problem of the task " + p.Task + " has no array " + name)
}

// Write saves a problem in a folder, which must exist. The text that Text names
// is the caller's to write.
func (p *Problem) Write(dir string) error {
	for _, a := range p.Arrays {
		var raw []byte
		for _, x := range a.Floats {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
		}
		for _, x := range a.Ints {
			raw = binary.LittleEndian.AppendUint32(raw, uint32(x))
		}
		if err := os.WriteFile(filepath.Join(dir, a.Name+".bin"), raw, 0o600); err != nil {
			return err
		}
	}
	header, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "problem.json"), header, 0o600)
}

// Read loads a problem from its folder.
func Read(dir string) (*Problem, error) {
	header, err := os.ReadFile(filepath.Join(dir, "problem.json"))
	if err != nil {
		return nil, err
	}
	p := &Problem{}
	if err := json.Unmarshal(header, p); err != nil {
		return nil, fmt.Errorf("problem.json: %w", err)
	}
	for i := range p.Arrays {
		if err := p.Arrays[i].read(dir); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (a *Array) read(dir string) error {
	raw, err := os.ReadFile(filepath.Join(dir, a.Name+".bin"))
	if err != nil {
		return err
	}
	n := 1
	for _, d := range a.Shape {
		n *= d
	}
	if len(raw) != 4*n {
		return fmt.Errorf("%s.bin: %d bytes, want %d for the shape %v", a.Name, len(raw), 4*n, a.Shape)
	}
	switch a.Type {
	case "f4":
		a.Floats = make([]float32, n)
		for i := range a.Floats {
			a.Floats[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
		}
	case "i4":
		a.Ints = make([]int32, n)
		for i := range a.Ints {
			a.Ints[i] = int32(binary.LittleEndian.Uint32(raw[4*i:]))
		}
	default:
		return fmt.Errorf("problem.json: array %s has the type %q, want f4 or i4", a.Name, a.Type)
	}
	return nil
}
