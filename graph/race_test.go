//go:build race

package graph

// raceDetector tells that the tests run some five times slower.
const raceDetector = true
