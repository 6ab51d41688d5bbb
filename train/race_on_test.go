//go:build race

package train

// raceDetector tells that the tests run several times slower than usual, so
// that those over many seeds take fewer.
const raceDetector = true
