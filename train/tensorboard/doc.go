// Package tensorboard writes the event file of a run, for
//
//	tensorboard --logdir runs
//
// It shows the logged steps and the counted lines as scalars, the masks as images, the
// verdict as text, and the settings with the results in the tab HPARAMS. A file is
// made from the log and the record of a run ([Encode]) or grows while the run takes its
// steps ([Follow]); either way the same run gives the same bytes, so that a file which
// is written again holds no point twice.
//
// The log of a run holds no time of day. Every event has the time at which the run was
// made and a millisecond more for each step: the axis STEP of TensorBoard is meant to
// be read, and RELATIVE shows a thousand steps as a second.
package tensorboard
