package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"qk/train"
	"qk/train/disk"
	"qk/train/sweep"
)

// axisFlag is a setting of train that takes a list of values; given again, it takes
// further ones.
type axisFlag struct {
	name   string
	values []string
	order  *int // counts the flags as they come
	at     int  // when it was first given
}

func (x *axisFlag) String() string { return strings.Join(x.values, ",") }
func (x *axisFlag) Type() string   { return "list" }

func (x *axisFlag) Set(typed string) error {
	values, err := sweep.ParseList(x.name, typed)
	if err != nil {
		return err
	}
	if len(x.values) == 0 {
		*x.order++
		x.at = *x.order
	}
	x.values = append(x.values, values...)
	return nil
}

// axisFlags adds every setting of train as a list, with what is said of it there.
func axisFlags(cmd *cobra.Command) []*axisFlag {
	var order int
	var axes []*axisFlag
	model := (&app{}).trainCommand()
	f := cmd.Flags()
	f.SortFlags = false
	for _, s := range train.Settings() {
		from := model.Flags().Lookup(s.Name)
		axis := &axisFlag{name: s.Name, order: &order}
		axes = append(axes, axis)
		flag := f.VarPF(axis, s.Name, "", from.Usage)
		if s.Kind == train.BoolValue {
			flag.NoOptDefVal = "true"
		}
		if s.Kind == train.PathValue {
			flag.Usage = strings.TrimSuffix(flag.Usage, "; more than once for several texts")
		}
		if choices := s.Choices(); choices != nil {
			complete(cmd, s.Name, choices)
		}
	}
	return axes
}

// typedAxes returns the flags that were given, in their order.
func typedAxes(axes []*axisFlag) []*axisFlag {
	var typed []*axisFlag
	for _, x := range axes {
		if len(x.values) > 0 {
			typed = append(typed, x)
		}
	}
	slices.SortFunc(typed, func(x, y *axisFlag) int { return x.at - y.at })
	return typed
}

// readGrid reads the grid in a file, or takes the settings of a run or a sweep.
func readGrid(path string) (sweep.Grid, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && strings.Contains(path, ","):
		return nil, fmt.Errorf("%s is not a file: if these are values of a flag, write them after an equals sign, such as --null=%s", path, path)
	case err != nil:
		return nil, fmt.Errorf("file %s: %w: give a file of TOML, or the folder of a run or a sweep", path, disk.WithoutPath(err))
	case info.IsDir():
		return gridOf(path)
	case filepath.Base(path) == "run.json" || filepath.Base(path) == "sweep.json":
		return gridOf(filepath.Dir(path))
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("file %s: %w", path, disk.WithoutPath(err))
	}
	grid, err := sweep.ReadTOML(path, string(content))
	if err == nil && len(grid) == 0 {
		err = fmt.Errorf("file %s holds no setting: write such as seed = \"1..10\" on a line", path)
	}
	return grid, err
}

// gridOf takes the settings of the run or the sweep in a folder.
func gridOf(dir string) (sweep.Grid, error) {
	s, err := sweep.Open(dir)
	if err == nil {
		return s.Plan.Grid(), nil
	}
	if !errors.Is(err, sweep.ErrNoSweep) {
		return nil, err
	}
	r, err := train.ReadRecord(dir)
	if errors.Is(err, train.ErrNoRun) {
		return nil, fmt.Errorf("%s is neither a run nor a sweep: give one of these folders, or a file of TOML", dir)
	}
	if err != nil {
		return nil, err
	}
	return sweep.GridOf(r.Config)
}

// sweepPath finds the folder of a sweep by its path or by its name under runs/.
func (a *app) sweepPath(name string) (string, error) {
	if exists(name) {
		return name, nil
	}
	if path := filepath.Join(a.runs, name); exists(path) {
		return path, nil
	}
	return "", fmt.Errorf("sweep %s: no such folder, neither here nor under %s", name, a.runs)
}
