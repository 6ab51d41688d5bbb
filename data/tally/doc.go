// Package tally counts the transitions and pairs of a text of any size, in memory
// of a stated size.
//
// The counts are those of [qk/data.Count], and so is the vocabulary, but they come
// as sorted rows, one after the other, and the text need not fit into memory:
//
//  1. [text.Number] numbers the words as they turn up, once for each of its
//     workers. The numbers are kept, in memory or in a temporary file.
//  2. The vocabulary is settled, and the numbers become those of the vocabulary:
//     a segment, the whole text where it fits.
//  3. The positions of a segment are sorted by their current word. Of some
//     thousand positions at a time, the earlier words are brought together and
//     sorted, and equal ones are counted.
//  4. Where there is more than one segment, each leaves a sorted run in a
//     temporary file, and the runs are merged.
//
// What is sorted are words (16 bits where the vocabulary allows) in batches that
// fit into the cache of a processor; no table is ever hashed.
package tally
