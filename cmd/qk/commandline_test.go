package main

import (
	"os"
	"strings"
	"testing"

	"qk/train"
)

// TestCommandLine trains by the command line that a run is told to be made by: the same
// settings and the same weights.
func TestCommandLine(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a text.txt", []byte("The cat sat on the mat\nThe dog ran on the road\na Bird sang in the tree\nthe cat ran on the mat\nthe dog sat on the road\na bird sat in the tree\nthe cat sang on the mat\nthe dog sang on the road\na bird ran in the tree\na cat sat in the tree\n"))
	qk(t, "count", "--corpus", "coat", "--out", "counted")
	for args, want := range map[string]string{
		"":                                      "qk train",
		"--seed 7 --steps 30":                   "qk train --seed 7 --steps 30",
		"--corpus candle --null=false --rank 3": "qk train --corpus candle --null=false --rank 3",
		"--one-hot --l2 0":                      "qk train --one-hot --l2 0",
		"--task recall --objective squared":     "qk train --task recall --objective squared",
		"--task recall --solver momentum":       "qk train --task recall --solver momentum",
		"--start=-2 --init 0.2":                 "qk train --init 0.2 --start=-2",
		"--counts counted --task recall":        "qk train --counts counted --task recall",
		"--corpus 'a text.txt' --keep-case --tokens fields --max-vocab 6": `qk train --corpus "a text.txt" --tokens fields --keep-case --max-vocab 6`,
		"--corpus 'a text.txt' --holdout 0.3 --steps 9":                   "",
	} {
		first := arguments(t, "train --out first --json "+args)
		r := session{}.run(first...)
		var one, two train.Document
		decode(t, r.stdout, &one)
		line := commandLine(one.Config, one.Data.Vocabulary)
		if want != "" && line != want {
			t.Errorf("%s: %s, want %s", args, line, want)
		}
		r = session{}.run(arguments(t, strings.Replace(line, "qk train", "train --out second --json", 1))...)
		decode(t, r.stdout, &two)
		if one.Config != two.Config {
			t.Errorf("%s: by %s the settings are\n%+v, want\n%+v", args, line, two.Config, one.Config)
		}
		if string(read(t, "first", "model.safetensors")) != string(read(t, "second", "model.safetensors")) {
			t.Errorf("%s: by %s the weights differ", args, line)
		}
		removeAll(t, "first", "second")
	}
}

func removeAll(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		must(t, os.RemoveAll(path))
	}
}
