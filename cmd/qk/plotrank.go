package main

import (
	"fmt"
	"math"
	"slices"

	"qk/cmd/qk/internal/picture"
	"qk/data"
	"qk/graph"
	"qk/train"
	"qk/train/stats"
	"qk/train/sweep"
)

// plotRank draws the loss of runs against their rank.
func (a *app) plotRank(args []string, _ plotOptions) (picture.Figure, error) {
	g, err := a.gridNamed(args)
	if err != nil {
		return nil, err
	}
	return rankFigure(g)
}

// rankFigure is the picture of the loss against the rank: one panel for each kind of loss,
// with the floors, and where the floor is one for all ranks another for the distance to
// it.
func rankFigure(g *gridOfRuns) (*picture.Rank, error) {
	f := &picture.Rank{
		Heading: "Loss against rank: " + g.name, Note: g.note(),
		About: "Chart of the loss of runs against the rank of Q and K: a ring for each run, a line through the medians over seeds.",
	}
	for _, part := range g.byLoss() {
		panels, err := part.rankPanels()
		if err != nil {
			return nil, err
		}
		f.Panels = append(f.Panels, panels...)
	}
	return f, nil
}

// lossGroup is the runs of a grid that learn one task from one text, so that their losses
// have a common scale.
type lossGroup struct {
	*gridOfRuns
	told    []string // axes that are the same in all of them
	results []sweep.Result
}

// byLoss splits a grid, in the order of its runs. Runs without a result are left out.
func (g *gridOfRuns) byLoss() []lossGroup {
	var told []string
	for _, axis := range g.axes {
		if sweep.DecidesLoss(axis.Name) {
			told = append(told, axis.Name)
		}
	}
	var groups []lossGroup
	at := map[string]int{}
	for _, r := range g.results {
		if r.Record == nil || r.Record.Result == nil {
			continue
		}
		key := ""
		for _, name := range told {
			key += setting(r.Record.Config, name) + "\x00"
		}
		if _, ok := at[key]; !ok {
			at[key] = len(groups)
			groups = append(groups, lossGroup{gridOfRuns: g, told: told})
		}
		groups[at[key]].results = append(groups[at[key]].results, r)
	}
	return groups
}

// title says which losses these are, where a grid has several kinds.
func (l lossGroup) title() string {
	title := ""
	for _, name := range l.told {
		title += setting(l.results[0].Record.Config, name) + " "
	}
	return title
}

// rankPanels draws the runs of a group. Their losses are those of sentences that were held
// out, if there are any.
func (l lossGroup) rankPanels() ([]picture.RankPanel, error) {
	c := l.results[0].Record.Config
	loss := func(d *train.Document) (float64, bool) {
		if d.HeldOut != nil {
			return d.HeldOut.Loss, true
		}
		return d.Loss, true
	}
	upper := picture.RankPanel{Label: l.title() + "loss, " + c.Unit(), Groups: l.groups(loss)}
	if c.HoldOut > 0 {
		upper.Label = l.title() + "held-out loss, nats"
	}
	floors, level := l.floors()
	switch {
	case len(floors.Ranks) == 0:
		return []picture.RankPanel{upper}, nil
	case !level:
		upper.Lines = append(upper.Lines, floors)
		return []picture.RankPanel{upper}, nil
	}
	value := floors.Values[0]
	upper.Lines = append(upper.Lines, picture.RankLine{Name: fmt.Sprintf("floor  %.4f", value), Values: []float64{value}, Floor: true})
	if c.HoldOut > 0 {
		upper.Lines = nil // the floor is of the sentences that were learned from
		return []picture.RankPanel{upper}, nil
	}
	svd, err := l.truncated()
	if err != nil {
		return nil, err
	}
	if len(svd.Ranks) > 0 {
		upper.Lines = append(upper.Lines, svd)
	}
	lower := picture.RankPanel{Label: "above the floor", Log: true, Groups: l.groups(func(d *train.Document) (float64, bool) { return d.Loss - value, true })}
	for _, line := range upper.Lines[1:] {
		above := picture.RankLine{Name: line.Name, Ranks: line.Ranks}
		for _, v := range line.Values {
			above.Values = append(above.Values, v-value)
		}
		lower.Lines = append(lower.Lines, above)
	}
	return []picture.RankPanel{upper, lower}, nil
}

// groups are the runs by all axes but rank and seed, with a figure of theirs.
func (l lossGroup) groups(figure func(*train.Document) (float64, bool)) []picture.RankGroup {
	var groups []picture.RankGroup
	var samples []map[int][]float64 // by group and rank
	at := map[string]int{}
	same := l.same()
	for _, r := range l.results {
		x, ok := figure(r.Record.Result)
		if !ok || math.IsNaN(x) {
			continue
		}
		name := l.groupName(r, same...)
		if _, ok := at[name]; !ok {
			at[name] = len(groups)
			groups, samples = append(groups, picture.RankGroup{Name: name}), append(samples, map[int][]float64{})
		}
		g, rank := at[name], r.Record.Config.Rank
		samples[g][rank] = append(samples[g][rank], x)
		groups[g].Runs = append(groups[g].Runs, [2]float64{float64(rank), x})
	}
	for i := range groups {
		for _, rank := range sortedRanks(samples[i]) {
			s := stats.Of(samples[i][rank])
			g := &groups[i]
			g.Ranks, g.Median = append(g.Ranks, float64(rank)), append(g.Median, s.Median)
			g.Low, g.High = append(g.Low, s.Low), append(g.High, s.High)
		}
	}
	return groups
}

// same are the axes on which the runs do not differ.
func (l lossGroup) same() []string {
	var same []string
	for i, axis := range l.axes {
		if !slices.ContainsFunc(l.results, func(r sweep.Result) bool { return r.Values[i] != l.results[0].Values[i] }) {
			same = append(same, axis.Name)
		}
	}
	return same
}

func sortedRanks[T any](by map[int]T) []int {
	var ranks []int
	for rank := range by {
		ranks = append(ranks, rank)
	}
	slices.Sort(ranks)
	return ranks
}

// floors is the floor at each rank, and whether it is the same at all of them.
func (l lossGroup) floors() (line picture.RankLine, level bool) {
	by := map[int]float64{}
	for _, r := range l.results {
		if floor := r.Record.Result.Lines.Floor; floor != nil {
			by[r.Record.Config.Rank] = *floor
		}
	}
	line, level = picture.RankLine{Name: "Eckart–Young floor", Floor: true}, true
	for _, rank := range sortedRanks(by) {
		line.Ranks, line.Values = append(line.Ranks, float64(rank)), append(line.Values, by[rank])
		level = level && by[rank] == line.Values[0]
	}
	return line, level
}

// truncated is what the truncated SVD of the counted table reaches, where a table is
// learned with cross-entropy that is not too large; else it is empty.
func (l lossGroup) truncated() (line picture.RankLine, err error) {
	c := l.results[0].Record.Config
	if c.Task != graph.Recall || c.Objective != graph.CrossEntropy || l.results[0].Record.Data.Vocabulary > data.MaxTruncated {
		return line, nil
	}
	d, err := train.OpenRun(l.results[0].Path)
	if err != nil {
		return line, err
	}
	e, err := d.Experiment()
	if err != nil {
		return line, err
	}
	seen := map[int]bool{}
	for _, r := range l.results {
		seen[r.Record.Config.Rank] = true
	}
	ranks := sortedRanks(seen)
	losses, err := data.TruncatedEntropy(e.Counts, ranks)
	if err != nil {
		return line, err
	}
	line = picture.RankLine{Name: "truncated SVD", Values: losses}
	for _, rank := range ranks {
		line.Ranks = append(line.Ranks, float64(rank))
	}
	return line, nil
}
