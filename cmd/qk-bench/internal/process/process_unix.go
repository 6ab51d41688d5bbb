//go:build unix

package process

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// together puts a command and what it starts into one process group, which ends
// as a whole.
func together(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// peakOf returns the largest resident size of a process that has ended, and of
// those that it waited for.
func peakOf(p *os.ProcessState) int64 {
	u, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" { // the others count in KiB
		return int64(u.Maxrss)
	}
	return int64(u.Maxrss) * 1024
}
