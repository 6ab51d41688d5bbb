package train

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestReadMetrics reads logs as a run leaves them, and as a kill does.
func TestReadMetrics(t *testing.T) {
	const zero = `{"step":0,"loss":0.5,"penalty":0.25,"grad_norm":2,"rate":0.1}` + "\n"
	const one = `{"step":1,"loss":0.4,"penalty":0.25,"grad_norm":1,"rate":0.1,"tuning":0.7}` + "\n"
	const again = `{"step":1,"loss":0.3,"penalty":0.25,"grad_norm":1,"rate":0.1}` + "\n"
	for name, c := range map[string]struct {
		log    string
		losses []float64
	}{
		"nothing yet":  {"", nil},
		"two steps":    {zero + one, []float64{0.5, 0.4}},
		"a torn line":  {zero + one[:20], []float64{0.5}},
		"logged twice": {zero + one + again, []float64{0.5, 0.3}},
		"from scratch": {zero + one + zero, []float64{0.5}},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "metrics.jsonl"), []byte(c.log), 0o666); err != nil {
			t.Fatal(err)
		}
		metrics, err := ReadMetrics(dir)
		var losses []float64
		for _, m := range metrics {
			losses = append(losses, m.Loss)
		}
		if err != nil || !slices.Equal(losses, c.losses) {
			t.Errorf("%s: %v, %v, want %v", name, losses, err, c.losses)
		}
	}
}

// TestReadMetricsDamaged wants the file and the line of what is wrong.
func TestReadMetricsDamaged(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "metrics.jsonl")
	if _, err := ReadMetrics(dir); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("no log: %v", err)
	}
	for _, line := range []string{"x", "{}{", `{"step":-1}`, `{"step":1e99}`, "", "[1]"} {
		content := `{"step":0,"loss":1}` + "\n" + line + "\n"
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadMetrics(dir); err == nil || !strings.Contains(err.Error(), path+": line 2") {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// FuzzReadMetrics wants steps in ascending order, or an error, of any log.
func FuzzReadMetrics(f *testing.F) {
	f.Add(`{"step":0,"loss":1}` + "\n" + `{"step":3,"loss":1,"tuning":2}` + "\n")
	f.Add("{}\n{}\n")
	f.Fuzz(func(t *testing.T, log string) {
		metrics, err := parseMetrics(strings.NewReader(log))
		if err != nil {
			return
		}
		for i := 1; i < len(metrics); i++ {
			if metrics[i-1].Step >= metrics[i].Step {
				t.Errorf("step %d before step %d", metrics[i-1].Step, metrics[i].Step)
			}
		}
	})
}
