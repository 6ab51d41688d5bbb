package sweep

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qk/train"
)

func TestParseList(t *testing.T) {
	for _, c := range []struct{ name, typed, want string }{
		{"rank", "1,2,4,8", "1 2 4 8"},
		{"rank", "3", "3"},
		{"rank", " 1 , 2 ", "1 2"},
		{"seed", "1..10", "1 2 3 4 5 6 7 8 9 10"},
		{"seed", "7..7", "7"},
		{"seed", "0..20..5", "0 5 10 15 20"},
		{"seed", "1..10..4", "1 5 9"},
		{"seed", "1..10..100", "1"},
		{"seed", "1..3,8", "1 2 3 8"},
		{"seed", "18446744073709551614..18446744073709551615", "18446744073709551614 18446744073709551615"},
		{"rank", "-2..1", "-2 -1 0 1"}, // a rank of -2 is for the check of the point
		{"l2", "0,1e-4,.5,1E-3", "0 1e-4 .5 1E-3"},
		{"null", "true,false", "true false"},
		{"solver", "adam, sgd", "adam sgd"},
		{"corpus", "a,b.txt", "a,b.txt"},
		{"corpus", "1..10", "1..10"},
		{"counts", "../dir", "../dir"},
	} {
		got, err := ParseList(c.name, c.typed)
		if err != nil {
			t.Errorf("--%s %s: %v", c.name, c.typed, err)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("--%s %s: %s, want %s", c.name, c.typed, s, c.want)
		}
	}
}

func TestParseListRefusals(t *testing.T) {
	for _, c := range []struct{ name, typed, want string }{
		{"rank", "", `--rank "": the list is empty: give at least one value`},
		{"rank", " ", `the list is empty`},
		{"rank", "1,,2", `--rank "1,,2": a value is missing between the commas`},
		{"rank", "1,", "a value is missing"},
		{"rank", "10..1", "--rank 10..1: the range is the wrong way round: write 1..10"},
		{"rank", "1..x", `--rank 1..x: "x" is no whole number: write a range as 1..10, or as 0..20..5 with a step`},
		{"rank", "..5", `"" is no whole number`},
		{"rank", "1...5", `".5" is no whole number`},
		{"rank", "1..5..0", "the step has to be 1 or more: write 1..5..1"},
		{"rank", "5..1..-1", "the step has to be 1 or more"},
		{"rank", "1..2..3..4", "write a range as 1..10"},
		{"rank", "1..9999999999", "this is a range of 9999999999 values, and 100000 are the most: give a step, as in 1..9999999999..1000000000"},
		{"rank", "1..60000,1..60000", "--rank 1..60000: with this there are more than 100000 values: give fewer"},
		{"rank", "99999999999999999999..99999999999999999999", "this number is too large"},
		{"seed", "-1..3", "give a whole number, 0 or above"},
		{"rank", "few", "--rank few: give a whole number"},
		{"l2", "1..3", "--l2 1..3: a range is of whole numbers, which --l2 does not take: list its values between commas"},
		{"l2", "0,1e", "--l2 1e: give a number"},
		{"null", "yes", "--null yes: give true or false"},
		{"corpus", "", `--corpus "": give the name of a text`},
		{"runk", "1", `"runk" is not a setting: did you mean rank?`},
	} {
		_, err := ParseList(c.name, c.typed)
		if err == nil {
			t.Errorf("--%s %s: no error", c.name, c.typed)
			continue
		}
		wantError(t, err, c.want)
	}
}

// TestParseListProperty reads back lists of ranges that were written from their
// values.
func TestParseListProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var typed, want []string
		for range rapid.IntRange(1, 5).Draw(t, "items") {
			from := rapid.IntRange(0, 1000).Draw(t, "from")
			n := rapid.IntRange(1, 20).Draw(t, "values")
			step := rapid.IntRange(1, 9).Draw(t, "step")
			for i := range n {
				want = append(want, fmt.Sprint(from+i*step))
			}
			last := from + (n-1)*step
			switch {
			case n == 1 && rapid.Bool().Draw(t, "alone"):
				typed = append(typed, fmt.Sprint(from))
			case step == 1 && rapid.Bool().Draw(t, "without step"):
				typed = append(typed, fmt.Sprintf("%d..%d", from, last))
			default: // the end may lie between the values
				typed = append(typed, fmt.Sprintf("%d..%d..%d", from, last+rapid.IntRange(0, step-1).Draw(t, "beyond"), step))
			}
		}
		got, err := ParseList("seed", strings.Join(typed, ","))
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%q: %q, want %q, error %v", typed, got, want, err)
		}
	})
}

// FuzzParseList checks that whatever is typed is refused with the flag's name or gives
// values that the setting takes, of no more than is said.
func FuzzParseList(f *testing.F) {
	for _, seed := range []string{"1,2", "1..10", "1..10..3", "", ",", "..", "-5..5", "1e3,NaN", "true", "0x10..0x20", "9..9..9", "1..100001", "1..60000,1..60000"} {
		for i := range train.Settings() {
			f.Add(i, seed)
		}
	}
	f.Fuzz(func(t *testing.T, which int, typed string) {
		all := train.Settings()
		s := all[((which%len(all))+len(all))%len(all)]
		values, err := ParseList(s.Name, typed)
		if err != nil {
			if !strings.Contains(err.Error(), "--"+s.Name) {
				t.Errorf("%q: the error does not name --%s: %v", typed, s.Name, err)
			}
			return
		}
		if len(values) == 0 || len(values) > longestList {
			t.Errorf("%q: %d values", typed, len(values))
		}
		for _, v := range values[:min(len(values), 100)] {
			if err := s.Set(&train.Config{}, v); err != nil {
				t.Errorf("%q: value %q: %v", typed, v, err)
			}
		}
	})
}
