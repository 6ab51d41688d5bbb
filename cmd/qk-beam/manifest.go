package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"

	"qk/data"
	"qk/train/disk"
)

// manifestFile is the name of the file in the staging folder that is written last.
const manifestFile = "manifest.json"

// manifestVersion is that of the staged files.
const manifestVersion = 1

// manifest says what a job has counted: the staged files of a manifest, and no
// others, are the result.
type manifest struct {
	Version int      `json:"version"`
	Job     job      `json:"job"`
	Words   []string `json:"words"`
	Totals  totals   `json:"totals"`
	Shards  []shard  `json:"shards"`
}

// manifestFn writes the manifest.
type manifestFn struct {
	Job job
}

// ProcessElement is called once, with everything that the job has found out.
func (f *manifestFn) ProcessElement(ctx context.Context, _ []byte, sum totals, vocabulary []byte, shards func(*shard) bool) error {
	if f.Job.Vocabulary == "" && sum.Positions == 0 { // else it is a part of a text
		return reported(data.ErrNoTransitions)
	}
	v, err := unpack(vocabulary)
	if err != nil {
		return reported(err)
	}
	m := manifest{Version: manifestVersion, Job: f.Job, Words: v.words, Totals: sum}
	var s shard
	for shards(&s) {
		m.Shards = append(m.Shards, s)
	}
	slices.SortFunc(m.Shards, func(a, b shard) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Range, b.Range))
	})
	if err := m.check(); err != nil {
		return reported(err)
	}
	return reported(m.write(ctx, f.Job.Staging))
}

// check holds the shards against what was observed: nothing may get lost on the way.
func (m *manifest) check() error {
	for t, name := range tables {
		sum := int64(0)
		for _, s := range m.Shards {
			if s.Table == string(name) {
				sum += s.N
			}
		}
		if sum != m.Totals.Observed[t] {
			return fmt.Errorf("table %s: the counts add up to %d, and %d were observed: the runner has lost some or given them out twice, run the job again", name, sum, m.Totals.Observed[t])
		}
	}
	return nil
}

// write writes the manifest into the staging folder.
func (m *manifest) write(ctx context.Context, staging string) error {
	name := join(staging, manifestFile)
	files, err := filesystem.New(ctx, name)
	if err != nil {
		return fmt.Errorf("--staging %s: %w", staging, err)
	}
	defer files.Close()
	out, err := files.OpenWrite(ctx, name)
	if err != nil {
		return fmt.Errorf("--staging %s: %w", staging, disk.WithoutPath(err))
	}
	if err := errors.Join(json.NewEncoder(out).Encode(m), out.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, disk.WithoutPath(err))
	}
	return nil
}

// errNoManifest says that a folder is not one of a job that was done.
var errNoManifest = errors.New("no result of a job")

// readManifest reads the manifest in a staging folder. Where there is none, the error
// wraps errNoManifest.
func readManifest(ctx context.Context, staging string) (*manifest, error) {
	name := join(staging, manifestFile)
	in, err := openFile(ctx, "read", name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoManifest, err)
	}
	defer in.Close()
	all, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, disk.WithoutPath(err))
	}
	m := new(manifest)
	if err := json.Unmarshal(all, m); err != nil {
		return nil, fmt.Errorf("read %s: %w: it is damaged, count again", name, err)
	}
	if m.Version != manifestVersion {
		return nil, fmt.Errorf("read %s: it is of version %d, not %d: the workers ran another qk-beam, build it anew", name, m.Version, manifestVersion)
	}
	return m, nil
}
