package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"qk/cmd/qk-bench/internal/wire"
)

// TestMain makes the test program a contestant when a test starts it as one: the
// variable says which.
func TestMain(m *testing.M) {
	switch kind := os.Getenv("QK_BENCH_FAKE"); kind {
	case "":
		os.Exit(m.Run())
	case "real":
		os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	default:
		if err := fake(kind); err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
	}
}

// fake is a contestant that trains by the reference and has the fault that kind
// names.
func fake(kind string) error {
	p, err := wire.Read(os.Args[len(os.Args)-1])
	if err != nil {
		return err
	}
	switch kind {
	case "missing":
		_, err := os.Stdout.WriteString(`{"missing":true,"error":"no module"}` + "\n")
		return err
	case "silent":
		time.Sleep(time.Minute)
	case "babble":
		_, err := os.Stdout.WriteString("hello\n")
		return err
	}
	variants := []string{"only"}
	if kind == "half" {
		variants = []string{"right", "off"}
	}
	return wire.Serve(wire.Contestant{Name: kind, Version: "1", Variants: variants, Start: func(v string) (wire.Trainer, error) {
		switch {
		case kind == "refuse":
			return nil, errors.New("too large for me")
		case kind == "dies":
			os.Stderr.WriteString("out of memory")
			os.Exit(3)
		case kind == "off" || v == "off":
			return &spoiled{reference: newReference(p)}, nil
		}
		return newReference(p), nil
	}}, os.Stdin, os.Stdout)
}

// spoiled is wrong from the third step on.
type spoiled struct{ *reference }

func (s *spoiled) Step() (float64, error) {
	loss, err := s.reference.Step()
	if s.steps > 2 {
		loss *= 1.001
	}
	return loss, err
}

// fakes returns contestants of the given kinds; "qk" is this program's own.
func fakes(t *testing.T, kinds ...string) []contestant {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var list []contestant
	for _, k := range kinds {
		c := contestant{k, []string{self}, []setting{{"", []string{"QK_BENCH_FAKE=" + k, "GORACE=atexit_sleep_ms=0"}}}}
		if k == "qk" {
			c.Command, c.Settings[0].Env = []string{self, "serve", "qk"}, []string{"QK_BENCH_FAKE=real", "GORACE=atexit_sleep_ms=0"}
		}
		list = append(list, c)
	}
	return list
}

// benchmark runs the program on the smallest shape with the given contestants.
func benchmark(t *testing.T, list []contestant, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, log strings.Builder
	args = append([]string{"--shape", "27x27", "--rounds", "2", "--fill", "1ms", "--brief", "1ms"}, args...)
	code = execute(t.Context(), args, strings.NewReader(""), &out, &log, list)
	return code, out.String(), log.String()
}
