package page

import (
	"encoding/base64"
	"html/template"
)

// image is an SVG as the address of an image. Base64 has no letter that could end an
// attribute, and a browser runs no script of an image.
func image(svg []byte) template.Srcset {
	return template.Srcset("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg))
}

// imageURL is image for an attribute that takes one address.
func imageURL(svg []byte) template.URL { return template.URL(image(svg)) }
