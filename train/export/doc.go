// Package export writes what a run counted and learned in the formats of other
// programs: arrays for numpy ([WriteNPZ]), tensors ([WriteSafetensors]) and tables
// ([WriteCSV]). Equal runs give equal bytes: no file holds the time of day.
package export
