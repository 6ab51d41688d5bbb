// Package runs holds counts as sorted runs: compact byte strings of keys in
// ascending order, each with a count, which can be merged without being unpacked.
//
// A table of counts is cut into ranges of its first column, the current word. A
// [Layout] says where, and packs the key of a row into 63 bits, relative to its
// range. A [Partial] collects what is observed and makes one run a range of it;
// [Merge] adds up runs of the same range.
package runs
