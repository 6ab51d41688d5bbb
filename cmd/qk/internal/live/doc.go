// Package live serves a page on which masks are watched while they are learned. Every
// browser tab trains a model of its own, in the process of the server:
//
//	request.go   what a tab asks for, as settings of a run
//	texts.go     counted texts, which tabs may share
//	session.go   a run that is played, paused and stepped, by one goroutine
//	shape.go     which rows and columns are shown, and what is counted of them
//	frame.go     what is learned of them, as a message to the page
//	server.go    the handlers; guard.go decides who is let in
//	page/        the page itself, without a build step
package live
