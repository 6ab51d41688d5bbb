package main

import (
	"errors"
	"fmt"
	"strings"
)

// What a worker reports stands between these in the runner's account of why the job
// failed, which is long and different for every runner.
const (
	reportBegin = "<<qk-beam: "
	reportEnd   = " :qk-beam>>"
)

// reported marks an error for [reportOf], as it has to get from a worker to the
// user through the runner, as text.
func reported(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(reportBegin + err.Error() + reportEnd)
}

// reportOf returns what went wrong in a job: the first error that a worker reported,
// or else all that the runner says.
func reportOf(err error) error {
	_, after, found := strings.Cut(err.Error(), reportBegin)
	message, _, whole := strings.Cut(after, reportEnd)
	if found && whole {
		return errors.New(message)
	}
	return fmt.Errorf("the job failed: %w", err)
}
