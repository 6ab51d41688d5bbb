package sweep

import (
	"fmt"
	"path/filepath"
	"strings"

	"qk/graph"
	"qk/train"
)

// points makes all combinations, checks each of them, and names them.
func (p *Plan) points() ([]Point, error) {
	base := train.DefaultConfig(graph.Predict)
	var fixed []train.Setting
	for _, f := range p.Fixed {
		s, _ := train.FindSetting(f.Name)
		fixed = append(fixed, s)
	}
	axes := make([]train.Setting, len(p.Axes))
	given := map[string]bool{}
	for i, a := range p.Axes {
		axes[i], _ = train.FindSetting(a.Name)
		given[a.Name] = true
	}
	for i, s := range fixed {
		if err := s.Set(&base, p.Fixed[i].Value); err != nil {
			return nil, err
		}
		given[s.Name] = true
	}
	total := 1
	for _, a := range p.Axes {
		total *= len(a.Values)
	}
	points := make([]Point, total)
	for i := range points {
		c, values := base, make([]string, len(axes))
		for rest, k := i, len(axes)-1; k >= 0; k-- {
			list := p.Axes[k].Values
			values[k] = list[rest%len(list)]
			rest /= len(list)
		}
		for k, s := range axes {
			if err := s.Set(&c, values[k]); err != nil {
				return nil, err
			}
		}
		points[i] = Point{Values: values, Config: c}
	}
	namePoints(points, p.Axes)
	for i := range points {
		if err := points[i].Config.Settle(func(name string) bool { return given[name] }); err != nil {
			return nil, &PointError{points[i].Name, err}
		}
	}
	return points, p.effects(points)
}

// effects refuses a grid of which two points are the same run.
func (p *Plan) effects(points []Point) error {
	seen := make(map[train.Config]int, len(points))
	for i, pt := range points {
		key, unused := pt.Config.Effective()
		j, twice := seen[key]
		if !twice {
			seen[key] = i
			continue
		}
		for k, a := range p.Axes {
			if points[j].Values[k] != pt.Values[k] {
				why := "it changes nothing there"
				if reason, ok := unused[a.Name]; ok {
					why = reason
				}
				return fmt.Errorf("runs %s and %s of the grid are the same to the bit: --%s has no effect there: %s: leave it out, or make two sweeps", points[j].Name, pt.Name, a.Name, why)
			}
		}
	}
	return nil
}

// longestName is how many bytes the name of a point may have: with the run's folder
// above and a file below it, it fits into every file system.
const longestName = 120

// namePoints names the folders of the points: axis=value, joined by commas. What
// is unfit for a file name is replaced, and a number tells equal names apart, on
// file systems too that take upper and lower case for the same.
func namePoints(points []Point, axes []Axis) {
	taken := make(map[string]int, len(points))
	for i := range points {
		var parts []string
		for k, a := range axes {
			value := points[i].Values[k]
			if s, _ := train.FindSetting(a.Name); s.Kind == train.PathValue {
				value = corpusName(points[i].Config)
			}
			parts = append(parts, a.Name+"="+value)
		}
		name := strings.Map(fit, strings.Join(parts, ","))
		if len(name) > longestName {
			name = name[:longestName]
		}
		if name == "" {
			name = "run"
		}
		taken[strings.ToLower(name)]++
		for n := taken[strings.ToLower(name)]; n > 1; n++ {
			numbered := fmt.Sprintf("%s-%d", name, n)
			if taken[strings.ToLower(numbered)] == 0 {
				name = numbered
				taken[strings.ToLower(name)]++
				break
			}
		}
		points[i].Name = name
	}
}

// corpusName is what a folder shows of the texts of a run.
func corpusName(c train.Config) string {
	var names []string
	for _, n := range c.Corpus.Names() {
		base := filepath.Base(n)
		if n == "-" {
			base = "stdin"
		}
		names = append(names, strings.TrimSuffix(base, filepath.Ext(base)))
	}
	return strings.Join(names, "+")
}

// fit replaces what some file system or shell does not take in a name.
func fit(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("_-+=,.", r):
		return r
	}
	return '-'
}
