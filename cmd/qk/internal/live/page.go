package live

import (
	"embed"
	"io/fs"
)

//go:embed page
var page embed.FS

// pageFiles are the files of the page, with index.html at the top.
func pageFiles() (fs.FS, error) { return fs.Sub(page, "page") }
