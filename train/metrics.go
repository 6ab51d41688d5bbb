package train

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"qk/train/disk"
)

// Metric is a logged step: a line of the file metrics.jsonl of a run. It holds no
// time, so that the same run gives the same bytes. All figures belong to the weights
// before the step is taken.
type Metric struct {
	Step     int      `json:"step"`             // steps taken so far
	Loss     float64  `json:"loss"`             // of the data, nats per position
	Penalty  float64  `json:"penalty"`          // on Q and K
	GradNorm float64  `json:"grad_norm"`        // Euclidean, of the gradient of Loss + Penalty
	Rate     float64  `json:"rate"`             // of the step to come
	Tuning   *float64 `json:"tuning,omitempty"` // loss of the tuning sentences, where they were looked at
}

// ReadMetrics returns the logged steps of the run in a directory, in their order.
// It reads runs that are under way, or were killed: a last line without an end is
// left out, and of steps that were logged again after a kill the later ones count.
func ReadMetrics(dir string) ([]Metric, error) {
	path := filepath.Join(dir, metricsFile)
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("log %s: %w", path, disk.WithoutPath(err))
	}
	defer file.Close()
	metrics, err := parseMetrics(file)
	if err != nil {
		return nil, fmt.Errorf("log %s: %w", path, disk.WithoutPath(err))
	}
	return metrics, nil
}

func parseMetrics(r io.Reader) ([]Metric, error) {
	var metrics []Metric
	lines := bufio.NewReader(r)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return metrics, nil
		}
		if err != nil {
			return nil, err
		}
		var m Metric
		if err := json.Unmarshal(line, &m); err != nil {
			return nil, fmt.Errorf("line %d: damaged: %w", number, err)
		}
		if m.Step < 0 {
			return nil, fmt.Errorf("line %d: damaged: step %d", number, m.Step)
		}
		for n := len(metrics); n > 0 && metrics[n-1].Step >= m.Step; n-- {
			metrics = metrics[:n-1]
		}
		metrics = append(metrics, m)
	}
}
