package process

import (
	"slices"
	"strings"
	"sync"
)

// Environment leaves out what would force a kernel on the peers' BLAS.
func Environment(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(s string) bool {
		name, _, _ := strings.Cut(s, "=")
		return name == "OPENBLAS_CORETYPE" || name == "OPENBLAS_L2_SIZE"
	})
}

// Tail keeps the end of what a process prints to standard error.
type Tail struct {
	mu   sync.Mutex
	text []byte
}

// Write implements io.Writer.
func (t *Tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	t.text = t.text[max(0, len(t.text)-600):]
	return len(p), nil
}

// String returns the text as the end of an error, empty if there is none.
func (t *Tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := strings.TrimSpace(string(t.text)); s != "" {
		return "\n    … " + strings.ReplaceAll(s, "\n", "\n    ")
	}
	return ""
}
