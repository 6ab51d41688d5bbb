package tally

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qk/data"
	"qk/data/table"
	"qk/data/text"
)

func texts(all ...string) (sources []*text.Source) {
	for _, t := range all {
		sources = append(sources, text.FromText("text", t))
	}
	return sources
}

// TestInOrder has jobs that take unequally long, delivered in their order.
func TestInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		jobs := rapid.IntRange(0, 40).Draw(t, "jobs")
		var outputs []*output
		for range rapid.IntRange(1, 6).Draw(t, "outputs") {
			outputs = append(outputs, &output{})
		}
		stop := rapid.IntRange(0, 60).Draw(t, "stop")
		enough := errors.New("enough")
		next := 0
		err := inOrder(context.Background(), rapid.IntRange(1, 5).Draw(t, "workers"), jobs, outputs, func(_, job int, o *output) {
			for range rand.IntN(4) {
				runtime.Gosched()
			}
			o.done = int64(job)
			if job == stop {
				o.err = enough
			}
		}, func(o *output) error {
			if o.done != int64(next) {
				t.Errorf("job %d is delivered, want %d", o.done, next)
			}
			next++
			return nil
		})
		if want := min(jobs, stop); next != want || (err == enough) != (stop < jobs) {
			t.Errorf("%d jobs were delivered and %v, want %d", next, err, want)
		}
	})
}

func TestSetProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newSet(100_000)
		for range 2 { // it is empty after the first time
			numbers := rapid.SliceOf(rapid.Uint32Range(0, 99_999)).Draw(t, "numbers")
			for _, i := range numbers {
				s.add(uint(i))
			}
			slices.Sort(numbers)
			want := slices.Compact(numbers)
			if got := drain[uint32](s, nil); !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		}
	})
}

// TestProgress wants each phase to come to its end, and no phase to go back.
func TestProgress(t *testing.T) {
	in := strings.Repeat("the quick brown fox jumps over the lazy dog\n", 2000)
	o := fields(4)
	last := map[Phase]Progress{}
	var order []Phase
	o.Progress = func(p Progress) {
		if before, ok := last[p.Phase]; ok && (p.Done < before.Done || p.Total != before.Total) {
			t.Errorf("%+v after %+v", p, before)
		} else if !ok {
			order = append(order, p.Phase)
		}
		if p.Done < 0 || p.Done > p.Total {
			t.Errorf("%+v", p)
		}
		last[p.Phase] = p
		time.Sleep(time.Millisecond)
	}
	if _, _, err := collect(o, &small, in); err != nil {
		t.Fatal(err)
	}
	for phase, p := range last {
		if p.Done != p.Total {
			t.Errorf("%s ends with %d of %d", phase, p.Done, p.Total)
		}
	}
	if want := []Phase{Reading, Counting}; !slices.Equal(order, want) {
		t.Errorf("phases %q, want %q", order, want)
	}
	clear(last)
	order = nil
	p := small
	p.segment, p.fan = 5000, 9
	if _, _, err := collect(o, &p, in); err != nil {
		t.Fatal(err)
	}
	if want := []Phase{Reading, Counting, Merging}; !slices.Equal(order, want) {
		t.Errorf("phases %q, want %q", order, want)
	}
	if n := last[Reading].Total; n != int64(len(in)) {
		t.Errorf("%d bytes, want %d", n, len(in))
	}
}

func TestOptions(t *testing.T) {
	for _, c := range []struct {
		change func(*Options)
		want   string
	}{
		{func(o *Options) { o.Context = 0 }, "--context 0: an earlier word needs a context of at least 1"},
		{func(o *Options) { o.Context = 1 << 30 }, "--context 1073741824: no sentence is that long"},
		{func(o *Options) { o.Tables = nil }, "--tables: name one table at least"},
		{func(o *Options) { o.Tables = []table.Name{table.Vocabulary} }, "--tables vocabulary: a count has the tables"},
		{func(o *Options) { o.MinPairs = -1 }, "--min-pairs=-1: "},
		{func(o *Options) { o.Workers = -1 }, "--threads -1: "},
		{func(o *Options) { o.Workers = 5000 }, "--threads 5000: "},
		{func(o *Options) { o.MaxVocab = -1 }, "--max-vocab=-1: "},
		{func(o *Options) { o.Vocabulary, o.MaxVocab = []string{"a"}, 3 }, "--vocab fixes the vocabulary"},
		{func(o *Options) { o.MinCount = 9 }, "no word occurs 9 times, so --min-count 9 leaves none: lower it"},
		{func(o *Options) { o.Boundary = true }, "line 1 holds the word <s> itself"},
	} {
		o := fields(4)
		c.change(&o)
		if _, err := Count(t.Context(), texts("a b <s>\n"), o, ignore); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	for in, want := range map[string]error{"": data.ErrNoWords, "\n \n": data.ErrNoWords, "a\nb\n": data.ErrNoTransitions} {
		if _, err := Count(t.Context(), texts(in), fields(4), ignore); !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", in, err, want)
		}
		o := fields(4)
		o.Vocabulary = []string{"a"}
		if r, err := Count(t.Context(), texts(in), o, ignore); err != nil || r.Totals.Positions != 0 {
			t.Errorf("%q: got %v with a vocabulary", in, err)
		}
	}
	o := fields(0)
	o.Tables = []table.Name{table.Transitions} // which need no context
	if _, err := Count(t.Context(), texts("a b"), o, ignore); err != nil {
		t.Error(err)
	}
}
