package counting

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"qk/data/table"
)

// A text without capitals and punctuation, which the faked qk cannot take off.
const smallText = "the cat sat on the mat\nthe dog sat on the cat on the mat\na\nthe dog ran\nso did the cat and so did a dog\n"

// installed makes a folder with the programs, each this test program under
// another name.
func installed(t *testing.T, names ...string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, n := range names {
		if err := os.Symlink(self, filepath.Join(dir, n)); err != nil {
			t.Skip(err)
		}
	}
	return dir
}

var everyone = []string{"qk", "vocab_count", "cooccur", "lmplz", "duckdb", "python"}

// count runs the command with fakes of everyone.
func count(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	dir := installed(t, everyone...)
	text := filepath.Join(dir, "small.txt")
	if err := os.WriteFile(text, []byte(smallText), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GORACE", "atexit_sleep_ms=0")
	args = append([]string{"--text", text, "--qk", filepath.Join(dir, "qk"), "--glove", dir, "--kenlm", dir, "--max-vocab", "5", "--context", "3",
		"--duckdb", filepath.Join(dir, "duckdb"), "--python", filepath.Join(dir, "python"), "--rounds", "1"}, args...)
	return command(t.Context(), t, args...)
}

func command(ctx context.Context, t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out, log strings.Builder
	cmd := Command([]string{self})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&log)
	err = cmd.ExecuteContext(ctx)
	return out.String(), log.String(), err
}

func TestSideBySide(t *testing.T) {
	out, log, err := count(t, "--rounds", "3")
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, log)
	}
	for _, want := range []string{
		"small.txt: 0.0 MB", "in 5 sentences, V = 6, context 3",
		"GloVe directed ", "right by its own rule, ", "not compared: both directions", "as many rows: smooths", "Python Counter 0 ", "DuckDB v0 program ",
		"transitions / GloVe ", "cooccurrences / GloVe ", "pairs / GloVe cooccurrences", "pairs / DuckDB", "needed ≤ 0.08  reached ", "needed ≤ 0.25",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "***") || strings.Contains(out, "not measured") || strings.Count(out, "the same") != 3+1+3+2 {
		t.Errorf("not all took part and agreed:\n%s", out)
	}
}

func TestJSON(t *testing.T) {
	out, log, err := count(t, "--json", "--rounds", "2", "--only", "glove,kenlm", "--tables", "transitions", "--memory", "2GiB")
	var r report
	if err := errors.Join(err, json.Unmarshal([]byte(out), &r)); err != nil {
		t.Fatalf("%v\n%s%s", err, out, log)
	}
	// Counted by hand: 5 sentences of 6, 9, 1, 3 and 9 words make 23 transitions.
	if r.Sentences != 5 || r.Tokens != 28 || r.V != 6 || r.Memory != 2<<30 || len(r.Tables) != 1 || r.Tables[0].Want.Total != 23 {
		t.Errorf("report %+v", r)
	}
	var names []string
	for _, l := range r.Tables[0].Rows {
		names = append(names, l.Name)
		if !(l.Seconds.Min > 0 && l.Seconds.Min <= l.Seconds.Median && l.Seconds.Median <= l.Seconds.Max && l.Ratio.Median > 0) {
			t.Errorf("%s: %+v", l.Name, l)
		}
		if runtime.GOOS == "linux" && (l.Peak < 1<<20 || l.Processor <= 0) {
			t.Errorf("%s: %d bytes, %g s", l.Name, l.Peak, l.Processor)
		}
	}
	if strings.Join(names, " ") != "qk GloVe KenLM" {
		t.Errorf("took part: %v", names)
	}
	for _, x := range r.Targets {
		if measured := x.Job == table.Transitions; (x.Measured != nil) != measured || x.Pass && x.Measured.Median > x.Share {
			t.Errorf("target %+v", x)
		}
	}
}

// TestDisagreement drops who counts something else.
func TestDisagreement(t *testing.T) {
	for fault, want := range map[string]string{
		"duckdb=counts":  "DuckDB transitions: it counted",
		"cooccur=counts": "GloVe directed transitions: it counted",
		"lmplz=counts":   "KenLM transitions: it has ",
		"qk=counts":      "qk transitions: it counted",
		"qk=words":       "qk transitions: what it wrote cannot be read, DROPPED: the vocabulary is another",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Setenv("QK_COUNT_FAULT", fault)
			out, log, err := count(t, "--tables", "transitions")
			if !errors.Is(err, ErrCounts) {
				t.Errorf("error %v", err)
			}
			for _, text := range []string{out, log} {
				if !strings.Contains(text, "*** "+want) || !strings.Contains(text, "DROPPED") {
					t.Errorf("no loud word like %q in %q", want, text)
				}
			}
		})
	}
}

// TestFailing goes on without peers that fail, and stops if qk does.
func TestFailing(t *testing.T) {
	for fault, want := range map[string]string{
		"lmplz=fails":   "not measured: KenLM transitions: failed: exit status 1\n    … out of memory",
		"lmplz=hangs":   "not measured: KenLM transitions: failed: not done within 2s: raise --timeout",
		"cooccur=fails": "not measured: GloVe transitions: failed",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Setenv("QK_COUNT_FAULT", fault)
			start := time.Now()
			out, log, err := count(t, "--tables", "transitions", "--timeout", "2s", "--only", "kenlm,glove")
			if err != nil || !strings.Contains(out, want) {
				t.Errorf("error %v, want %q in:\n%s%s", err, want, out, log)
			}
			if time.Since(start) > 50*time.Second {
				t.Error("it waited for the peer")
			}
		})
	}
	t.Run("qk=fails", func(t *testing.T) {
		t.Setenv("QK_COUNT_FAULT", "qk=fails")
		out, _, err := count(t)
		if err == nil || !strings.Contains(err.Error(), "qk transitions: failed: exit status 1") || !strings.Contains(err.Error(), "out of memory") || out != "" {
			t.Errorf("error %v, output %q", err, out)
		}
	})
}

func TestMissing(t *testing.T) {
	dir, nothing := installed(t, "qk"), t.TempDir()
	text := filepath.Join(dir, "small.txt")
	if err := os.WriteFile(text, []byte(smallText), 0o600); err != nil {
		t.Fatal(err)
	}
	out, log, err := command(t.Context(), t, "--text", text, "--qk", filepath.Join(dir, "qk"), "--rounds", "1",
		"--glove", nothing, "--kenlm", nothing, "--duckdb", filepath.Join(nothing, "duckdb"), "--python", filepath.Join(nothing, "python"))
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	for _, want := range []string{
		"not measured: GloVe directed: vocab_count is not in " + nothing + ", see --glove", "not measured: GloVe: ", "not measured: KenLM: lmplz is not in ",
		"not measured: DuckDB: ", "not measured: Python Counter: ", "– pairs / DuckDB",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
}

// TestOneLongLine asks DuckDB for transitions alone.
func TestOneLongLine(t *testing.T) {
	text := filepath.Join(t.TempDir(), "long.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("a b ", longestForSQL/2)+"c"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, log, err := count(t, "--text", text, "--only", "DuckDB", "--max-vocab", "3")
	if err != nil || strings.Count(out, "not measured: DuckDB") != 2 || !strings.Contains(out, "a sentence has 20001 words") || strings.Count(out, "the same") != 3+1 {
		t.Errorf("%v\n%s%s", err, out, log)
	}
}

// TestReal counts a made text with the real qk, and with a real Python if there is
// one.
func TestReal(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip(err)
	}
	args := []string{"--bytes", "20KB", "--rounds", "1", "--max-vocab", "500"}
	if err := exec.Command("python3", "-c", "").Run(); err == nil {
		args = append(args, "--only", "Python Counter")
	} else {
		args = append(args, "--only", "qk")
	}
	out, log, err := command(t.Context(), t, args...)
	if err != nil || strings.Count(out, "the same") < 3 {
		t.Errorf("%v\n%s%s", err, out, log)
	}
}

func TestInterrupted(t *testing.T) {
	dir := installed(t, "qk")
	t.Setenv("QK_COUNT_FAULT", "qk=hangs")
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	start := time.Now()
	_, _, err := command(ctx, t, "--bytes", "1KB", "--qk", filepath.Join(dir, "qk"), "--only", "qk")
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 30*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
}

func TestUsage(t *testing.T) {
	for args, want := range map[string]string{
		"--rounds 0":                             "--rounds 0: at least one",
		"--timeout 0s":                           "--timeout 0s: a time above 0",
		"--max-vocab 0":                          "--max-vocab 0: from 1 to",
		"--max-vocab 1000003":                    "--max-vocab 1000003: from 1 to 1000002",
		"--context 0":                            "--context 0: at least one",
		"--bytes much":                           "--bytes much: give a size such as",
		"--bytes 0MB":                            "--bytes 0MB: give a size such as",
		"--memory 1XB":                           "--memory 1XB: give a size such as",
		"--memory nanGB":                         "--memory nanGB: give a size such as",
		"--tables pairs,triples":                 "--tables triples: use some of transitions, cooccurrences, pairs",
		"--qk /nowhere/qk":                       "--qk /nowhere/qk: ",
		"--qk go --only x":                       `--only "x": use some of GloVe directed, GloVe, KenLM, DuckDB, Python Counter`,
		"--qk go --only qk --text /nowhere.txt":  "/nowhere.txt: no such file",
		"--qk go --only qk --text " + os.DevNull: "holds no words",
		"--qk go --only qk --bytes 1KB --tables pairs":     "qk pairs: failed: exit status 2", // go counts nothing
		"--qk go --only qk --bytes 1KB --seed -1":          "invalid argument",
		"--qk go --only qk --bytes 1KB --text-that-is-not": "unknown flag",
		"extra": "unknown command",
	} {
		out, _, err := command(t.Context(), t, strings.Fields(args)...)
		if err == nil || !strings.Contains(err.Error(), want) || out != "" {
			t.Errorf("%s: error %v, want %q; output %q", args, err, want, out)
		}
	}
}

func TestSize(t *testing.T) {
	for s, want := range map[string]int64{"700MB": 700e6, "4GiB": 4 << 30, "1.5 GB": 1.5e9, "12": 12, "9B": 9, "3KiB": 3072} {
		if got, err := size(s); err != nil || got != want {
			t.Errorf("%s: %d, %v", s, got, err)
		}
	}
}
