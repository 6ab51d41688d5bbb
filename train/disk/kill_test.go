package disk

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"
)

// Environment variables that make the test binary rewrite a file until killed.
const (
	rewritePath = "QK_TEST_REWRITE_PATH"
	rewriteFrom = "QK_TEST_REWRITE_FROM"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(rewritePath); path != "" {
		rewriteForEver(path)
	}
	os.Exit(m.Run())
}

// rewriteForEver writes one version after the other and reports each on the
// standard output once WriteFile has returned.
func rewriteForEver(path string) {
	v, err := strconv.ParseUint(os.Getenv(rewriteFrom), 10, 64)
	for ; err == nil; v++ {
		if err = WriteFile(path, put(version(v))); err == nil {
			_, err = fmt.Println(v)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// version gives the content of version v: v itself and then bytes that follow
// from it, of a length that follows from it.
func version(v uint64) []byte {
	random := rand.New(rand.NewPCG(v, 1))
	content := binary.LittleEndian.AppendUint64(nil, v)
	for range random.IntN(1 << 16) {
		content = binary.LittleEndian.AppendUint64(content, random.Uint64())
	}
	return content
}

// TestWriteFileKilled kills a process that keeps rewriting a file, at random
// moments, and looks at what is left.
func TestWriteFileKilled(t *testing.T) {
	if runtime.GOOS == "js" || runtime.GOOS == "wasip1" {
		t.Skip("no processes on this system")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "model")
	var next uint64
	stale, writes := 0, 0
	for round := range 20 {
		pause := time.Duration(rand.Int64N(int64(60 * time.Millisecond)))
		reported := rewriteUntilKilled(t, self, path, next, pause)
		got := mustRead(t, path)
		if len(got) < 8 {
			t.Fatalf("round %d: the file has %d bytes", round, len(got))
		}
		v := binary.LittleEndian.Uint64(got)
		if !bytes.Equal(got, version(v)) {
			t.Fatalf("round %d: %d bytes are not version %d", round, len(got), v)
		}
		// The last version reported is there, or the one that was under way.
		if v != reported && v != reported+1 {
			t.Fatalf("round %d: version %d was reported and %d is there", round, reported, v)
		}
		writes += int(v + 1 - next)
		next = v + 1
		removed, err := RemoveStale(dir)
		if err != nil {
			t.Fatal(err)
		}
		stale += len(removed)
		if list := names(t, dir); len(list) != 1 || len(removed) > 1 {
			t.Fatalf("round %d: removed %q, and the directory holds %q", round, removed, list)
		}
	}
	t.Logf("%d versions written, %d temporaries left by the kills", writes, stale)
}

// rewriteUntilKilled starts a rewriting process, kills it after its first report
// and a pause, and gives the last version it reported.
func rewriteUntilKilled(t *testing.T, self, path string, from uint64, pause time.Duration) uint64 {
	t.Helper()
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), rewritePath+"="+path, rewriteFrom+"="+fmt.Sprint(from))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	last, err := lines.ReadString('\n')
	if err != nil {
		_ = cmd.Wait()
		t.Fatalf("the process reported nothing: %v, %s", err, stderr.Bytes())
	}
	killer := time.AfterFunc(pause, func() { _ = cmd.Process.Kill() })
	defer killer.Stop()
	for {
		line, err := lines.ReadString('\n')
		if err != nil { // a line cut short by the kill is no report
			if err != io.EOF {
				t.Fatal(err)
			}
			break
		}
		last = line
	}
	if err := cmd.Wait(); err == nil || stderr.Len() > 0 {
		t.Fatalf("the process was not killed: %v, %s", err, stderr.Bytes())
	}
	v, err := strconv.ParseUint(last[:len(last)-1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
