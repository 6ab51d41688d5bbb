// Package screen draws everything that qk shows on a terminal: tables, heat
// maps, the ladder of losses, votes, verdicts and a live progress line.
//
// Every drawing is first laid out as lines of styled text and then written in
// one call. Three rules hold for all of them:
//
//   - No line is wider than the window.
//   - Colour repeats what a glyph, a word or a position already says, so that
//     nothing is lost without it.
//   - Text that comes from outside passes through the sanitiser (see text),
//     so that a word of a corpus can never steer the terminal.
package screen
