package export

import (
	"encoding/json"
	"io"

	"qk/train/disk"
)

// WriteSafetensors writes Q and K as the tensors W_Q and W_K [V,R], of dtype F64, or
// F32 with single set. The file needs no other beside it: its metadata hold the
// vocabulary, a JSON array in the order of the rows, the settings, and how the scores
// are made of the two.
func WriteSafetensors(w io.Writer, r *Run, single bool) error {
	vocabulary, err := json.Marshal(r.words())
	if err != nil {
		return err
	}
	settings, err := r.settings()
	if err != nil {
		return err
	}
	scores := "S = W_Q·W_Kᵀ: row = current word, column = earlier word"
	if r.Weights.Scaled {
		scores = "S = W_Q·W_Kᵀ/√R: row = current word, column = earlier word"
	}
	shape := []int{r.Weights.V, r.Weights.R}
	return disk.EncodeTensors(w, disk.Tensors{
		Metadata: map[string]string{"format": "qk", "scores": scores, "settings": settings, "vocabulary": string(vocabulary)},
		List: []disk.Tensor{
			{Name: "W_Q", Shape: shape, Data: r.Weights.Q, Single: single},
			{Name: "W_K", Shape: shape, Data: r.Weights.K, Single: single},
		},
	})
}
