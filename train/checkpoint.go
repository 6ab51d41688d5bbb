package train

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	"qk/graph"
	"qk/train/disk"
)

// checkpointVersion is the version of the payload that this program writes and
// the newest that it reads. The payload is a safetensors file: the weights, the
// solver's moments, and the rest of the state as metadata.
const checkpointVersion = 1

// checkpoint is the state of a loop between two steps: what, with the text and
// the configuration, determines everything that follows.
type checkpoint struct {
	Config  Config
	SHA256  string // of the text
	Step    int
	Best    float64 // see [Convergence]
	BestAt  int
	Metrics int64 // length in bytes of the metrics that belong to the steps so far
	Weights [][]float64
	Solver  SolverState
	Kept    [][]float64 // see [Tuning.Weights]; Best and BestAt are then those of the tuning
}

// take copies the state of a loop.
func take(l *Loop, sha256 string, metrics int64) checkpoint {
	c := checkpoint{
		Config: l.Config, SHA256: sha256, Step: l.Step,
		Best: l.Convergence.Best, BestAt: l.Convergence.BestStep,
		Metrics: metrics, Solver: l.Solver.State().Clone(),
	}
	for _, p := range l.Model.Params() {
		c.Weights = append(c.Weights, p.AppendTo(nil))
	}
	if t := l.Tuning; t != nil {
		c.Best, c.BestAt, c.Kept = t.Best, t.Step, t.Weights
	}
	return c
}

// restore puts the state into a loop of the same configuration.
func (c checkpoint) restore(l *Loop) error {
	params := l.Model.Params()
	if len(params) != len(c.Weights) {
		return fmt.Errorf("checkpoint of %d matrices, expected %d", len(c.Weights), len(params))
	}
	for i, p := range params {
		if p.Len() != len(c.Weights[i]) {
			return fmt.Errorf("checkpoint: %s has %d numbers, expected %d", p.Name, len(c.Weights[i]), p.Len())
		}
	}
	if t := l.Tuning; t != nil && len(c.Kept) > 0 {
		if len(c.Kept) != len(params) {
			return fmt.Errorf("checkpoint keeps %d matrices, expected %d", len(c.Kept), len(params))
		}
		for i, p := range params {
			if p.Len() != len(c.Kept[i]) {
				return fmt.Errorf("checkpoint: the kept %s has %d numbers, expected %d", p.Name, len(c.Kept[i]), p.Len())
			}
		}
		t.Best, t.Step, t.Weights = c.Best, c.BestAt, c.Kept
	}
	if err := l.Solver.Restore(c.Solver); err != nil {
		return err
	}
	for i, p := range params {
		p.Set(c.Weights[i])
	}
	l.Model.Pull()
	l.Step = c.Step
	l.Convergence.Best, l.Convergence.BestStep = c.Best, c.BestAt
	return nil
}

// save writes the state to a file, whole or not at all.
func (c checkpoint) save(path string) error {
	config, err := json.Marshal(c.Config)
	if err != nil {
		return err
	}
	t := disk.Tensors{Metadata: map[string]string{
		"config": string(config), "corpus_sha256": c.SHA256,
		"step": strconv.Itoa(c.Step), "solver_steps": strconv.Itoa(c.Solver.Steps),
		"best": strconv.FormatFloat(c.Best, 'g', -1, 64), "best_step": strconv.Itoa(c.BestAt),
		"metrics": strconv.FormatInt(c.Metrics, 10),
	}}
	add := func(prefix string, list [][]float64) {
		for i, x := range list {
			t.List = append(t.List, disk.Tensor{Name: prefix + strconv.Itoa(i), Shape: []int{len(x)}, Data: x})
		}
	}
	add("weights.", c.Weights)
	add("solver.", c.Solver.Moments)
	add("kept.", c.Kept)
	var payload bytes.Buffer
	if err := disk.EncodeTensors(&payload, t); err != nil {
		return err
	}
	return writeSealed(path, payload.Bytes())
}

// loadCheckpoint reads a state back. Its errors say what is wrong with the file
// and what to do.
func loadCheckpoint(path string) (checkpoint, error) {
	var c checkpoint
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, fmt.Errorf("checkpoint %s: %w: without it the run cannot go on, so train anew", path, disk.WithoutPath(err))
	}
	if err != nil {
		return c, fmt.Errorf("checkpoint %s: %w", path, disk.WithoutPath(err))
	}
	_, payload, err := disk.Unseal(content, checkpointVersion)
	switch {
	case errors.Is(err, disk.ErrNewer):
		return c, fmt.Errorf("checkpoint %s: %w: resume it with the qk that wrote it, or a later one", path, err)
	case err != nil:
		return c, fmt.Errorf("checkpoint %s: %w: nothing can be resumed from it, so train anew", path, err)
	}
	t, err := disk.DecodeTensors(payload)
	if err == nil {
		err = c.decode(t)
	}
	if err != nil {
		return c, fmt.Errorf("checkpoint %s: %w", path, err)
	}
	return c, nil
}

func (c *checkpoint) decode(t disk.Tensors) error {
	if err := json.Unmarshal([]byte(t.Metadata["config"]), &c.Config); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	c.Config.upgrade()
	c.SHA256 = t.Metadata["corpus_sha256"]
	var errs [5]error
	c.Step, errs[0] = strconv.Atoi(t.Metadata["step"])
	c.Solver.Steps, errs[1] = strconv.Atoi(t.Metadata["solver_steps"])
	c.Best, errs[2] = strconv.ParseFloat(t.Metadata["best"], 64)
	c.BestAt, errs[3] = strconv.Atoi(t.Metadata["best_step"])
	c.Metrics, errs[4] = strconv.ParseInt(t.Metadata["metrics"], 10, 64)
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	collect := func(prefix string) [][]float64 {
		var list [][]float64
		for {
			x, ok := t.Lookup(prefix + strconv.Itoa(len(list)))
			if !ok {
				return list
			}
			list = append(list, x.Data)
		}
	}
	c.Weights, c.Solver.Moments, c.Kept = collect("weights."), collect("solver."), collect("kept.")
	return nil
}

// saveModel writes Q and K as a safetensors file: W_Q [V,R] and W_K [V,R].
func saveModel(path string, w *graph.Weights) (sum string, err error) {
	t := disk.Tensors{
		Metadata: map[string]string{"format": "qk", "scores": "S = W_Q·W_Kᵀ: row = current word, column = earlier word; rows in the order of " + vocabularyFile},
		List: []disk.Tensor{
			{Name: "W_Q", Shape: []int{w.V, w.R}, Data: w.Q},
			{Name: "W_K", Shape: []int{w.V, w.R}, Data: w.K},
		},
	}
	if w.Scaled {
		t.Metadata["scores"] = "S = W_Q·W_Kᵀ/√R: row = current word, column = earlier word; rows in the order of " + vocabularyFile
	}
	var content bytes.Buffer
	if err := disk.EncodeTensors(&content, t); err != nil {
		return "", err
	}
	return sumOf(content.Bytes()), writeFile(path, content.Bytes())
}

// loadModel reads Q and K back and checks them against the sum recorded for the
// file.
func loadModel(path, sum string, w *graph.Weights) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("model %s: %w: `qk train --resume` writes it again", path, disk.WithoutPath(err))
	}
	if got := sumOf(content); got != sum {
		return fmt.Errorf("model %s: the file is not the one that was saved: its SHA-256 is %s…, recorded is %s…: `qk train --resume` writes it again", path, got[:12], sum[:min(12, len(sum))])
	}
	t, err := disk.DecodeTensors(content)
	if err != nil {
		return fmt.Errorf("model %s: %w", path, err)
	}
	for name, dst := range map[string][]float64{"W_Q": w.Q, "W_K": w.K} {
		x, ok := t.Lookup(name)
		if !ok || len(x.Data) != len(dst) {
			return fmt.Errorf("model %s: no %s of shape [%d,%d]", path, name, w.V, w.R)
		}
		copy(dst, x.Data)
	}
	return nil
}
