package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"qk/cmd/qk/internal/live"
	"qk/train"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	addr string
	open bool
	tabs int
}

func (a *app) serveCommand() *cobra.Command {
	limits := live.DefaultLimits()
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Open a page on which a mask emerges while it is learned",
		Long: `Serve opens a page in the browser on which Q and K are learned before your eyes, on
a built-in text or your own, with the counted mask beside the learned one. Each
tab of the browser trains a model of its own. The address of the page holds all
its settings, and it shows the qk train command that does the same.

The page is for this machine alone, unless --addr names another address: then
it asks for a token, which is part of the address that is printed. It is plain
HTTP: over a network that you do not trust, use a tunnel. An interrupt ends it.`,
		Example: `  qk serve
  qk serve --open
  qk serve --addr 0.0.0.0:8080`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.tabs < 1 {
				return &train.FlagError{Flag: "tabs", Value: fmt.Sprint(o.tabs), Why: "give a number of 1 or above"}
			}
			limits.Tabs = o.tabs
			return a.serve(cmd.Context(), o, limits)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.addr, "addr", "127.0.0.1:0", "address to listen on; port 0 takes any that is free")
	f.BoolVar(&o.open, "open", false, "open the page in the browser")
	f.IntVar(&o.tabs, "tabs", limits.Tabs, "how many tabs may train at once")
	return cmd
}

// memoryLimit is where the garbage collector begins to work harder, so that the sessions
// of a whole class, which may take [live.Limits] Memory, stay within a gigabyte.
const memoryLimit = 850 << 20

// serve listens until ctx ends.
func (a *app) serve(ctx context.Context, o serveOptions, limits live.Limits) error {
	host, _, err := net.SplitHostPort(o.addr)
	if err != nil {
		return &train.FlagError{Flag: "addr", Value: shown(o.addr), Why: "give a host and a port, such as 127.0.0.1:8080"}
	}
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		return &train.FlagError{Flag: "addr", Value: shown(o.addr), Why: fmt.Sprintf("it cannot be listened on (%s): give another, or port 0 for any that is free", listenFault(err))}
	}
	at := listener.Addr().(*net.TCPAddr)
	options := live.Options{
		Limits: limits, Version: train.Version(), Now: a.now, Command: commandLine, Produce: a.produce,
		Host: func(name string) bool { return isOurs(name, host, at) },
	}
	if at.IP.IsLoopback() {
		options.Keep = func(corpus string) string { return a.newRunPath(a.now(), corpus) }
	} else {
		options.Token = rand.Text()
	}
	if a.getenv("GOMEMLIMIT") == "" {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(memoryLimit))
	}
	server, err := live.New(options)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer server.Close()
	address := pageAddress(host, at, options.Token)
	fmt.Fprintf(a.stdout, "The page is at %s\n", address)
	for _, ip := range numbers(at) { // a name may mean nothing to other machines
		fmt.Fprintf(a.stdout, "            or %s\n", pageAddress(ip.String(), &net.TCPAddr{IP: ip, Port: at.Port}, options.Token))
	}
	if options.Token != "" {
		fmt.Fprintf(a.stderr, "qk: warning: %s is open to other machines: whoever has the whole address, with the token, can use the page; it is plain HTTP, which others on the network can read\n", o.addr)
	}
	if o.open {
		if err := browse(address); err != nil {
			fmt.Fprintf(a.stderr, "qk: warning: the browser could not be opened: %s: open the address by hand\n", err)
		}
	}
	return listen(ctx, listener, server)
}

// listen answers requests until ctx ends, which is no error.
func listen(ctx context.Context, l net.Listener, server *live.Server) error {
	h := &http.Server{
		Handler: server.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 1 << 15,
	}
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	server.Close() // which ends the streams
	patience, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := h.Shutdown(patience); err != nil {
		_ = h.Close() // connections that do not end by themselves
	}
	<-failed
	return nil
}
