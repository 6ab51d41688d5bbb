package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFailures: what is wrong is told in one line, as far as the runner lets it
// through, and nothing is left behind.
func TestFailures(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string { return writeFile(t, dir, name, []byte(content)) }
	good := file("good", "a b\n")
	bad := file("bad", "a b\n\nc\xff\n")
	clash := file("clash", "a\nb <s> c\n")
	empty := file("empty", " \n?!\n")
	single := file("single", "a\nb\n")
	zipped := file("half.gz", "\x1f\x8b\x08\x00\x00\x00")
	twice := file("twice", "a\nb\na\n")
	none := filepath.Join(dir, "none")
	taken := filepath.Join(dir, "taken")
	if err := os.Mkdir(taken, 0o700); err != nil {
		t.Fatal(err)
	}

	for _, c := range []struct {
		args string
		want string
	}{
		// By the workers.
		{none, "corpus " + none + ": no such file, and not a built-in corpus: built in are candle, coat, diary"},
		{none + "*", "corpus " + none + "*: no file is called like this: check the folder and the pattern"},
		{taken, "corpus " + taken + ": no file in this directory, or only hidden ones: give a text"},
		{"/dev/null", "corpus /dev/null: this is no file but a pipe or a device, which can be read only once: copy it into a file"},
		{"nowhere://a/b", "corpus nowhere://a/b: file system scheme \"nowhere\" not registered for \"nowhere://a/b\""},
		{good + " " + bad, bad + ": line 3, byte offset 6: not valid UTF-8 (0xff): convert the file first, for example with iconv -f windows-1252 -t utf-8"},
		{good + " " + bad + " --vocab " + good, bad + ": line 3, byte offset 6: not valid UTF-8 (0xff): convert the file first, for example with iconv -f windows-1252 -t utf-8"},
		{clash + " --boundary --tokens fields", clash + ": line 2 holds the word <s> itself, which marks the ends of sentences with --boundary: rename it in the text, or leave --boundary out"},
		{zipped, zipped + ": byte offset 6: the gzip data ends too early: the file is not whole: copy or download it once more"},
		{empty, "the text holds no words: a sentence is a line of words; with --punctuation, punctuation marks are words too"},
		{single, "no line has two words, so there is no transition to count: give a text with sentences, one a line, or mark the ends of the lines with --boundary"},
		{good + " --min-count 2", "no word occurs 2 times, so --min-count 2 leaves none: lower it"},
		{good + " --vocab " + none, "--vocab " + none + ": no such file or directory"},
		{good + " --vocab " + twice, "--vocab " + twice + ": line 3 holds \"a\", which is in line 1 already: give each word once"},
		{good + " --vocab " + file("nothing", ""), "--vocab " + filepath.Join(dir, "nothing") + ": the file is empty: give one word a line"},
		{good + " --staging " + good, "--staging " + good + "/qk-beam-…: not a directory"},
		// Before the job.
		{"", "there is no text: give files or patterns, such as --corpus 'texts/*.txt'"},
		{"-", "corpus -: the workers cannot read standard input: give a file that they reach"},
		{good + " --out ''", "--out is missing: name the directory to write"},
		{good + " --out " + taken, "--out " + taken + ": it exists already: name a new directory"},
		{good + " --out " + none + "/a", "--out " + none + "/a: there is no directory " + none + ": make it first"},
		{good + " --tokens letters", "--tokens letters: unknown tokens \"letters\": use one of words, chars, fields"},
		{good + " --context 0", "--context 0: an earlier word needs a context of at least 1"},
		{good + " --min-count 0", "--min-count 0: give a number of at least 1"},
		{good + " --max-vocab -1", "--max-vocab -1: give a number of words, or 0 for all"},
		{good + " --vocab v --max-vocab 2", "--vocab v: the file says which words count: leave out --min-count and --max-vocab"},
		{good + " --min-pairs 0", "--min-pairs 0: give a number above 0"},
		{good + " --ranges 0", "--ranges 0: give a number from 1 to 65536"},
		{good + " --tables vocabulary", "--tables vocabulary: use some of transitions,cooccurrences,pairs, each once"},
		{good + " --tables pairs,pairs", "--tables pairs,pairs: use some of transitions,cooccurrences,pairs, each once"},
		{good + " --staged " + taken, "--staged " + taken + ": it is counted already: leave out " + good},
		{"--staged " + taken, "no result of a job: read " + taken + "/manifest.json: no such file or directory"},
		{good + " --runner direct", "--runner direct: use one of prism, PrismRunner, flink, FlinkRunner, spark, SparkRunner, dataflow, DataflowRunner, universal, PortableRunner, portable"},
		{good + " --colour", "unknown flag: --colour"},
		{good + " --context many", "invalid argument \"many\" for \"--context\" flag: strconv.ParseInt: parsing \"many\": invalid syntax"},
	} {
		args := strings.Fields(c.args)
		out := filepath.Join(dir, "out")
		if !strings.Contains(c.args, "--out") {
			args = append(args, "--out", out)
		}
		for i := range args {
			args[i] = strings.Trim(args[i], "'")
		}
		before, _ := os.ReadDir(dir)
		code, stdout, stderr := runCommand(args...)
		want := "qk-beam: " + c.want + "\n"
		if before, after, cut := strings.Cut(want, "…"); cut && strings.HasPrefix(stderr, before) {
			want = stderr[:len(before)+16] + after
		}
		if code != exitBad || stdout != "" || stderr != want {
			t.Errorf("%s: exit code %d, printed %q and\n%swant\n%s", c.args, code, stdout, stderr, want)
		}
		if after, _ := os.ReadDir(dir); len(after) != len(before) {
			t.Errorf("%s: files are left behind: %v", c.args, after)
		}
		resetRunner()
	}
}

// TestElsewhere: with workers elsewhere, they and this machine need a folder to share.
func TestElsewhere(t *testing.T) {
	defer resetRunner()
	code, _, stderr := runCommand("diary", "--runner", "flink", "--environment_type", "DOCKER", "--out", filepath.Join(t.TempDir(), "out"))
	if want := "qk-beam: --staging is missing: with --runner flink, name a folder that the workers and this machine reach, such as gs://bucket/staging\n"; code != exitBad || stderr != want {
		t.Errorf("exit code %d, %s", code, stderr)
	}
}

func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr strings.Builder
	code := run(ctx, []string{"diary", "--out", filepath.Join(dir, "out")}, &stdout, &stderr)
	if code != exitInterrupted || !strings.HasPrefix(stderr.String(), "qk-beam: interrupted, nothing was written") {
		t.Errorf("exit code %d, %s", code, stderr.String())
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("files are left behind: %v", entries)
	}
}

func TestReportOf(t *testing.T) {
	for _, c := range []struct{ runner, want string }{
		{"bundle 7 of job 3 failed:\n\tcaused by: " + reported(errors.New("a: b")).Error() + "\nand again " + reported(errors.New("c")).Error(), "a: b"},
		{"out of memory", "the job failed: out of memory"},
		{reportBegin + "cut off", "the job failed: " + reportBegin + "cut off"},
	} {
		if got := reportOf(errors.New(c.runner)).Error(); got != c.want {
			t.Errorf("%q is reported as %q, want %q", c.runner, got, c.want)
		}
	}
	if reported(nil) != nil {
		t.Error("no error is reported as one")
	}
}
