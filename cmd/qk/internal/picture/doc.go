// Package picture draws what a run learned: figures of plain data, in a light and a
// dark theme, as SVG or PNG. The same figure gives the same bytes.
package picture
