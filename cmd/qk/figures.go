package main

import (
	"encoding/csv"
	"fmt"
	"strconv"
)

// digits writes a number to its last digit.
func digits(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// exact is [digits] of a number that may be missing.
func exact(x *float64) string {
	if x == nil {
		return ""
	}
	return digits(*x)
}

// printCSV writes rows to standard output.
func (a *app) printCSV(rows [][]string) error {
	if err := csv.NewWriter(a.stdout).WriteAll(rows); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}
