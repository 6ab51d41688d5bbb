package live

import (
	"io"
	"net/http"

	"qk/data/text"
	"qk/graph"
	"qk/train"
)

// greeting is what a page has to know before it asks for a session.
type greeting struct {
	Version  string    `json:"version"`
	Corpora  []corpus  `json:"corpora"`
	Settings []setting `json:"settings"`
	Limits   struct {
		TextBytes int `json:"text_bytes"`
		Words     int `json:"words"`
	} `json:"limits"`
	Keep bool `json:"keep"`
}

// corpus is a built-in text.
type corpus struct {
	Name  string `json:"name"`
	Text  string `json:"text"`
	About string `json:"about"`
}

// setting is a setting of a run, with the value that it has if nothing is said.
type setting struct {
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	Choices []string `json:"choices,omitempty"`
	Default string   `json:"default"`
	Text    string   `json:"text"`
}

// abouts say what the built-in texts show.
var abouts = map[string]string{
	"coat":   "The word before is enough: no earlier word helps, and every row of the mask is empty.",
	"candle": "After “went” the next word hangs on one earlier word.",
	"diary":  "The earlier word that matters is ten words back, and in the vote of all it is not heard.",
}

// helps say in a line what a setting does.
var helps = map[string]string{
	"corpus":      "The text that is counted and learned from.",
	"tokens":      "What a word is: words, single characters, or fields between white space.",
	"boundary":    "Put the word <s> at both ends of every sentence.",
	"keep-case":   "Do not fold to lower case.",
	"punctuation": "Keep punctuation marks as words.",
	"min-count":   "Words that occur fewer times become <unk>.",
	"max-vocab":   "Keep so many words, the most frequent ones; 0 keeps all.",
	"context":     "How many words before the current one count as earlier words.",
	"task":        "Predict: learn from next words alone. Recall: learn to reproduce a counted table.",
	"objective":   "Of recall: how far scores are from the counts.",
	"one-hot":     "Fix Q to the identity and learn K alone: the literal lookup.",
	"rank":        "R, the number of columns of Q and K.",
	"null":        "Of predict: a slot for “attend to nothing”, which votes P(y|w).",
	"scaled":      "Divide the scores by √R, as transformers do.",
	"l2":          "λ, the penalty on the squares of Q and K.",
	"seed":        "Of the first weights: the same seed gives the same start.",
	"init":        "Standard deviation of the first weights.",
	"steps":       "Stop after so many steps.",
	"lr":          "The learning rate; it may change while the run goes on.",
	"solver":      "How a gradient becomes a step.",
	"schedule":    "How the rate falls over the steps.",
	"momentum":    "Decay of the velocity, for momentum.",
	"beta1":       "Decay of the mean gradient, for adam.",
	"beta2":       "Decay of the mean squared gradient, for adam.",
}

// kinds are the names of the kinds of values.
var kinds = map[train.ValueKind]string{
	train.PathValue: "text", train.ChoiceValue: "choice", train.BoolValue: "bool", train.WholeValue: "whole", train.RealValue: "real",
}

// hello greets a page.
func (s *Server) hello(w http.ResponseWriter, _ *http.Request) {
	g := greeting{Version: s.o.Version, Keep: s.o.Keep != nil}
	g.Limits.TextBytes, g.Limits.Words = s.o.Limits.TextBytes, s.o.Limits.Words
	for _, name := range text.BuiltIn() {
		content, err := builtIn(name)
		if err != nil {
			refuse(w, http.StatusInternalServerError, err)
			return
		}
		g.Corpora = append(g.Corpora, corpus{name, string(content), abouts[name]})
	}
	base := train.DefaultConfig(graph.Predict)
	for _, name := range Settings {
		x, _ := train.FindSetting(name)
		g.Settings = append(g.Settings, setting{name, kinds[x.Kind], x.Choices(), x.Text(base), helps[name]})
	}
	answer(w, http.StatusOK, g)
}

// builtIn reads a text that is part of the program.
func builtIn(name string) ([]byte, error) {
	source, err := text.Open(name, nil)
	if err != nil {
		return nil, err
	}
	r, err := source.Reader()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}
