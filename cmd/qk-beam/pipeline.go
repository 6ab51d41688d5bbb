package main

import (
	"context"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
)

func init() {
	beam.RegisterType(reflect.TypeFor[block]())
	beam.RegisterType(reflect.TypeFor[wordCount]())
	beam.RegisterType(reflect.TypeFor[chosen]())
	beam.RegisterType(reflect.TypeFor[totals]())
	beam.RegisterType(reflect.TypeFor[shard]())
	register.DoFn3x1[context.Context, string, func(string), error](&matchFn{})
	register.DoFn3x1[context.Context, string, func(block), error](&cutFn{})
	register.DoFn3x1[context.Context, block, func(string, int64), error](&wordsFn{})
	register.Combiner1[int64](&sumFn{})
	register.Function2x1(pairUpFn)
	register.Combiner3[chosen, wordCount, []byte](&chooseFn{})
	register.DoFn3x1[context.Context, string, func([]byte), error](&vocabularyFn{})
	register.DoFn5x1[context.Context, block, []byte, func(int64, []byte), func(totals), error](&countFn{})
	register.Combiner1[totals](&totalsFn{})
	register.DoFn4x1[context.Context, int64, func(*[]byte) bool, func(shard), error](&shardFn{})
	register.DoFn5x1[context.Context, []byte, totals, []byte, func(*shard) bool, error](&manifestFn{})
	register.Emitter1[block]()
	register.Emitter1[string]()
	register.Emitter1[[]byte]()
	register.Emitter1[shard]()
	register.Emitter1[totals]()
	register.Emitter2[string, int64]()
	register.Emitter2[int64, []byte]()
	register.Iter1[[]byte]()
	register.Iter1[shard]()
}

// job says what a pipeline counts.
type job struct {
	Settings   settings
	Corpora    []string // files, globs or built-in corpora
	Vocabulary string   // file, or empty for a vocabulary made of the text
	MinCount   int64
	MaxVocab   int
	Tables     []string
	MinPairs   int64
	Ranges     int
	Staging    string
	Limits     limits
}

// limits bound what a worker holds at a time. They make no difference to the counts.
type limits struct {
	BlockSize    int64 // bytes of text, or of a line if that is longer
	Words        int   // distinct words that are counted before they are handed on
	Observations int   // of 8 bytes each, before equal ones are added up and handed on
	RunBytes     int   // runs of a group, before they are merged, which takes as much once more for a moment
}

// standardLimits are those of the program: about 200 MB for a block that is counted,
// and 512 MB or twice the size of the result for a group that is merged.
func standardLimits() limits {
	return limits{BlockSize: blockSize, Words: 1 << 18, Observations: 1 << 22, RunBytes: 256 << 20}
}

// build adds the job to a pipeline:
//
//	corpora → blocks ─┬→ words → vocabulary   (or a file → vocabulary)
//	                  │              │
//	                  └──────────────┴→ counts → runs by group → shards ─┬→ manifest
//	                                         └→ totals ──────────────────┘
//
// Names and blocks are shuffled before they are read, so that the runner can share
// them out among its workers. Equal observations are added up twice: in each bundle, before
// they are shuffled, and in each group after it.
func (j job) build(s beam.Scope) {
	finding := s.Scope("Find")
	names := beam.Reshuffle(finding, beam.ParDo(finding, &matchFn{}, beam.CreateList(finding, j.Corpora)))
	blocks := beam.Reshuffle(finding, beam.ParDo(finding, &cutFn{BlockSize: j.Limits.BlockSize}, names))
	vocabulary := j.vocabulary(s, blocks)

	counting := s.Scope("Count")
	runs, parts := beam.ParDo2(counting, &countFn{Settings: j.Settings, Tables: j.Tables, Ranges: j.Ranges, Limits: j.Limits}, blocks, beam.SideInput{Input: vocabulary})
	sum := beam.Combine(counting, &totalsFn{}, parts)

	writing := s.Scope("Write")
	shards := beam.ParDo(writing, &shardFn{Staging: j.Staging, MinPairs: j.MinPairs, Limits: j.Limits}, beam.GroupByKey(writing, runs))
	// The totals are a side input too, so that the watermark of the main input is at its
	// end from the start. With the totals as main input, Prism 2.77 does not always
	// wait for the shards.
	beam.ParDo0(writing, &manifestFn{Job: j}, beam.Impulse(writing),
		beam.SideInput{Input: sum}, beam.SideInput{Input: vocabulary}, beam.SideInput{Input: shards})
}

// vocabulary returns a collection of one element, the packed vocabulary.
func (j job) vocabulary(s beam.Scope, blocks beam.PCollection) beam.PCollection {
	s = s.Scope("Vocabulary")
	if j.Vocabulary != "" {
		return beam.ParDo(s, &vocabularyFn{Boundary: j.Settings.Boundary}, beam.Create(s, j.Vocabulary))
	}
	words := beam.CombinePerKey(s, &sumFn{}, beam.ParDo(s, &wordsFn{Settings: j.Settings, Limits: j.Limits}, blocks))
	choose := &chooseFn{MinCount: j.MinCount, MaxVocab: j.MaxVocab, Boundary: j.Settings.Boundary}
	return beam.Combine(s, choose, beam.ParDo(s, pairUpFn, words))
}
