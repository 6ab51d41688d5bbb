package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"qk/data"
	"qk/train"
)

// made is a result with a loss, above a floor of 1, and rows found.
func made(loss float64, found bool, values ...string) Result {
	floor := 1.0
	status := train.Missing
	if found {
		status = train.Exact
	}
	d := &train.Document{Loss: loss, Lines: data.Ladder{Floor: &floor}, Pass: found, Steps: 5,
		Masks: []train.MaskRecord{{Word: "a", Counted: []string{"b"}, Status: status}, {Word: "c", Status: train.Empty}}}
	return Result{Point: Point{Name: strings.Join(values, ","), Values: values}, Record: &train.Record{Status: train.Done, Result: d}}
}

var rankAndSeed = []Axis{{"rank", []string{"1", "2"}}, {"seed", []string{"1", "2", "3", "4"}}}

// TestTable sums up two groups of four seeds that do not overlap: by hand the medians
// are 2.5 and 1.5, and of the 70 ways to part eight values two are as extreme.
func TestTable(t *testing.T) {
	var results []Result
	for i := range 4 {
		results = append(results, made(float64(2*i)/3+1.5, false, "1", fmt.Sprint(i+1)))
	}
	for i := range 4 {
		results = append(results, made(1+float64(i)/10, true, "2", fmt.Sprint(i+1)))
	}
	table, err := NewTable(rankAndSeed, results, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Axes) != 1 || table.Axes[0] != "rank" || len(table.Groups) != 2 || len(table.Failed) != 0 {
		t.Fatalf("%+v", table)
	}
	one, two := table.Groups[0], table.Groups[1]
	if one.Cells["loss"].Against != nil {
		t.Error("the base is compared with itself")
	}
	loss := two.Cells["loss"]
	if loss.N != 4 || math.Abs(loss.Median-1.15) > 1e-12 || loss.Bounded() || math.Abs(one.Cells["loss"].Median-2.5) > 1e-12 {
		t.Errorf("%+v", loss)
	}
	if c := loss.Against; math.Abs(c.Delta+1.35) > 1e-12 || math.Abs(c.P-2.0/70) > 1e-12 || c.Noise {
		t.Errorf("%+v", c)
	}
	if above := two.Cells["above_floor"]; math.Abs(above.Median-0.15) > 1e-12 {
		t.Errorf("%+v", above)
	}
	if a, b := one.Cells["recovered"].Median, two.Cells["recovered"].Median; a != 0 || b != 1 {
		t.Errorf("recovered: %v and %v", a, b)
	}
	other, err := NewTable(rankAndSeed, results, "rank=2")
	if err != nil || other.Groups[0].Base != 1 || other.Groups[1].Base != 1 || other.Groups[0].Cells["loss"].Against.Delta != -loss.Against.Delta {
		t.Errorf("%+v, %v", other, err)
	}
}

// TestTableFailures wants every run in a group and every one without a result told,
// and no figure of nothing.
func TestTableFailures(t *testing.T) {
	results := []Result{
		{Point: Point{Name: "a", Values: []string{"1", "1"}}},
		{Point: Point{Name: "b", Values: []string{"1", "2"}}, Err: errors.New("damaged")},
		{Point: Point{Name: "c", Values: []string{"2", "1"}}, Record: &train.Record{Status: train.Diverged, Error: "too far"}},
		{Point: Point{Name: "d", Values: []string{"2", "2"}}, Record: &train.Record{Status: train.Running}},
	}
	table, err := NewTable(rankAndSeed, results, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Figures) != 0 || table.Groups[0].Runs != 2 || table.Groups[1].Done != 0 {
		t.Errorf("%+v", table)
	}
	want := []FailedRun{{"a", "missing", ""}, {"b", "unreadable", "damaged"}, {"c", "diverged", "too far"}, {"d", "not finished", ""}}
	if fmt.Sprint(table.Failed) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", table.Failed, want)
	}
	if table, err = NewTable(rankAndSeed, append(results, made(2, true, "2", "3")), ""); err != nil || table.Groups[0].Base != 1 {
		t.Errorf("the base is the first group with a result: %+v, %v", table, err)
	}
	if _, err := json.Marshal(table); err != nil {
		t.Error(err)
	}
	if _, err := NewTable(nil, nil, ""); err != nil {
		t.Error(err)
	}
}

// TestTableBase refuses what is no group.
func TestTableBase(t *testing.T) {
	results := []Result{made(1, true, "1", "1"), made(1, true, "2", "1")}
	for base, why := range map[string]string{
		"rank": "rank=4", "rnak=1": "did you mean rank?", "seed=1": "no axis seed", "rank=3": "no run", "rank=1,rank": "rank=4", "=": "no axis",
	} {
		_, err := NewTable(rankAndSeed, results, base)
		var flag *train.FlagError
		if !errors.As(err, &flag) || flag.Flag != "base" || !strings.Contains(flag.Why, why) {
			t.Errorf("%s: %v", base, err)
		}
	}
	if _, err := NewTable(rankAndSeed[1:], []Result{made(1, true, "1")}, "rank=1"); err == nil {
		t.Error("a base without an axis is no error")
	}
}

// TestTableScales compares no losses of different objectives.
func TestTableScales(t *testing.T) {
	axes := []Axis{{"objective", []string{"a", "b"}}, {"rank", []string{"1", "2"}}}
	table, err := NewTable(axes, []Result{made(1, true, "a", "1"), made(1, true, "a", "2"), made(9, true, "b", "1"), made(8, true, "b", "2")}, "")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{0, 0, 2, 2} {
		if table.Groups[i].Base != want {
			t.Errorf("group %v has the base %d, want %d", table.Groups[i].Values, table.Groups[i].Base, want)
		}
	}
	table, err = NewTable(axes, []Result{made(1, true, "a", "1"), made(1, true, "a", "2"), made(9, true, "b", "1"), made(8, true, "b", "2")}, "rank=2")
	if err != nil || table.Groups[0].Base != 1 || table.Groups[2].Base != 3 {
		t.Errorf("%+v, %v", table, err)
	}
}
