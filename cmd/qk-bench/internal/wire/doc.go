// Package wire is what the driver of qk-bench and its contestants have in
// common: the folder that holds a problem, and the protocol by which a child
// process is asked to train on it. It uses nothing but the standard library, so
// that a contestant in a module of its own can import it.
//
// A problem is a folder with problem.json, a [Problem], and a file NAME.bin for
// each of its arrays: raw little-endian numbers, row-major.
//
// A child gets the folder as its last argument. It reads requests, JSON objects
// one a line, from standard input and answers each with one line on standard
// output. Its first line, unasked, says what it is:
//
//	{"ready":true,"name":"numpy","version":"2.4","variants":["whole","blocks"]}
//
//	{"variant":"whole","losses":5}   start anew; the losses before the first 5 steps
//	→ {"losses":[3.29,3.27,…]}
//	{"variant":"whole","run":100}    take 100 steps from where it stands
//	→ {"seconds":0.52}
//	{"quit":true}                    leave
//	→ {"peak_bytes":1234}
//
// What cannot be done is answered by {"error":"why"}; the child goes on. Between
// requests a child blocks on standard input and burns no time.
package wire
