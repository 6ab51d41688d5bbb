package disk

import "fmt"

// FormatProblem is what is wrong with a safetensors file, or with tensors that
// cannot be made into one.
type FormatProblem string

// The problems that a [FormatError] can name.
const (
	HeaderTooLarge FormatProblem = "header is too large"
	FileTooShort   FormatProblem = "file is cut short"
	BadHeader      FormatProblem = "bad header"
	BadName        FormatProblem = "bad name"
	BadDType       FormatProblem = "unknown dtype"
	BadShape       FormatProblem = "bad shape"
	BadOffsets     FormatProblem = "bad data offsets"
	TrailingBytes  FormatProblem = "bytes after the last tensor"
)

// FormatError says what is wrong with a safetensors file and where.
type FormatError struct {
	Problem FormatProblem
	Tensor  string // the tensor at fault, empty if the fault is not in one
	Detail  string // the particulars, for people to read
}

// Error gives the problem, the tensor and the particulars on one line.
func (e *FormatError) Error() string {
	if e.Tensor == "" {
		return fmt.Sprintf("safetensors: %s: %s", e.Problem, e.Detail)
	}
	return fmt.Sprintf("safetensors: tensor %q: %s: %s", e.Tensor, e.Problem, e.Detail)
}

// formatErr builds a FormatError with a formatted detail.
func formatErr(problem FormatProblem, tensor, format string, args ...any) error {
	return &FormatError{Problem: problem, Tensor: tensor, Detail: fmt.Sprintf(format, args...)}
}
