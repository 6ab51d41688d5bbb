package tally

import (
	"errors"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/data/table"
)

// planned is the memory that a plan uses for a text in the worst case, put together
// anew from what the parts are made of.
func planned(o *Options, f facts, p plan) int64 {
	width, workers, context := int64(2), int64(o.Workers), min(int64(o.contextNeeded()), max(1, f.longest-1))
	if o.contextNeeded() == 0 {
		context = 0
	}
	if f.V >= 1<<16 {
		width = 4
	}
	row := int64(4 + 4 + 8)
	if o.wants(table.Pairs) {
		row += 4
	}
	words := min(p.segment, f.words)
	positions := min(int64(p.positions), words)
	each := int64(4) // position
	if context == 0 {
		each, positions = width, min(2*int64(p.positions), words)
	}
	segment := words*width + positions*each
	if o.wants(table.Pairs) { // every worker may sort a class of next words
		segment += workers * (words / 256) * (4 + width)
	}
	scratch := workers * int64(p.unit) * ((context+2)*width + context*(2*2*width+width))
	outputs := int64(p.outputs) * (int64(p.unit)*context + int64(f.V)) * row
	return segment + scratch + outputs + int64(f.V)*32*workers
}

// TestPlanProperty has plans that keep to the ceiling, and errors whose figure would do.
func TestPlanProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := &Options{
			Context: rapid.SampledFrom([]int{1, 8, 20, 100, 5000}).Draw(t, "context"), Tables: someTables(t),
			Workers: rapid.SampledFrom([]int{1, 2, 8, 64}).Draw(t, "workers"),
			Memory:  rapid.SampledFrom([]int64{1, 64, 162, 330, 700, 4000, 100_000}).Draw(t, "memory") << 20,
		}
		f := facts{
			words: rapid.Int64Range(1, 1<<33).Draw(t, "words"), V: rapid.SampledFrom([]int{3, 20_000, 65_535, 65_536, 2_000_000}).Draw(t, "V"),
			inMemory: rapid.Bool().Draw(t, "in memory"),
		}
		f.longest = rapid.SampledFrom([]int64{1, 50, f.words}).Draw(t, "longest")
		f.largest = rapid.Int64Range(1, f.words).Draw(t, "largest")
		f.textual = int64(f.V) * 24
		p, err := planFor(o, f)
		if err != nil {
			// The figure is enough, but for what grows with the memory.
			figure := regexp.MustCompile(`need at least (\d+)(MB|GB)`).FindStringSubmatch(err.Error())
			if figure == nil || !strings.Contains(err.Error(), "--memory") {
				t.Fatal(err)
			}
			n, _ := strconv.ParseInt(figure[1], 10, 64)
			o.Memory = n * 1_000_000
			if figure[2] == "GB" {
				o.Memory *= 1000
			}
			if p, err = planFor(o, f); err != nil {
				o.Memory += o.Memory / 2
				if p, err = planFor(o, f); err != nil {
					t.Fatalf("half as much again is not enough: %v", err)
				}
			}
		}
		if used := planned(o, f, p); used > o.Memory {
			t.Errorf("%d bytes are used of %d: %+v", used, o.Memory, p)
		}
		if p.segment > 1<<31 || p.unit < 1 || p.positions < 1 || p.outputs < 1 {
			t.Errorf("%+v", p)
		}
	})
}

// TestLeastMemory asks for less than the program takes by itself.
func TestLeastMemory(t *testing.T) {
	o := fields(4)
	o.Memory = 1 << 20
	_, err := Count(t.Context(), nil, o, ignore)
	if err == nil || !strings.Contains(err.Error(), "--memory 2MB: reading and counting a text need at least 36MB") {
		t.Error(err)
	}
}

// TestMemoryLimit says that the limit of the garbage collector is what it was before.
func TestMemoryLimit(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	during := int64(0)
	o := fields(4)
	o.Memory = 500 << 20
	o.Settled = func([]table.Word) error { during = debug.SetMemoryLimit(-1); return errors.New("enough") }
	if _, err := Count(t.Context(), texts("a b c\n"), o, ignore); err == nil || err.Error() != "enough" {
		t.Fatal(err)
	}
	if want := int64(500<<20 - programMemory); during != want {
		t.Errorf("the limit is %d while counting, want %d", during, want)
	}
	if after := debug.SetMemoryLimit(-1); after != before {
		t.Errorf("the limit is %d, was %d", after, before)
	}
}

// TestTooManyWords has words that do not fit into the memory.
func TestTooManyWords(t *testing.T) {
	s := &stream{shape: shape{8, 8}, limit: 1 << 40, temp: inMemory()}
	o := fields(8)
	o.Memory = 64 << 20
	err := s.relieve(&o, 1)
	if err == nil || !strings.Contains(err.Error(), "--memory 68MB: the distinct words of this text need at least") {
		t.Error(err)
	}
	if s.file == nil {
		t.Error("nothing was spilled before that")
	}
	if err := s.relieve(&o, 1<<40); err != nil {
		t.Error(err)
	}
}
