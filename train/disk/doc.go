// Package disk keeps the files of a training run whole: a file written here is
// either complete or not there, whatever moment the program is killed at.
//
// It has five parts, each of which stands alone:
//
//   - [WriteFile] replaces a file through a temporary in the same directory, so
//     that a reader finds the former content or the new one and nothing between.
//   - [NewDir] does the same for a new directory of files.
//   - [EncodeTensors] and [DecodeTensors] write and read the safetensors format.
//   - [Seal] and [Unseal] wrap a payload (a checkpoint) so that a file that was
//     cut short or changed is recognised instead of being believed.
//   - [Log] appends whole lines to a file, and [TruncateAfter] cuts such a file
//     back to an offset that a checkpoint recorded.
//
// One process at a time may write to a directory. Nothing but [Lock] sees to that, and
// to call it is the caller's part.
package disk
