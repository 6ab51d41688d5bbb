package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// isOurs tells whether a request that names this host is meant for us: a page elsewhere
// can give our address a name, but then the name is another. Beyond this machine any
// number is ours, as a number cannot be given to another.
func isOurs(name, host string, at *net.TCPAddr) bool {
	asked, port, err := net.SplitHostPort(name)
	if err != nil {
		asked, port = strings.Trim(name, "[]"), "80"
	}
	if port != fmt.Sprint(at.Port) {
		return false
	}
	ip := net.ParseIP(asked)
	if at.IP.IsLoopback() {
		return asked == "localhost" || ip != nil && ip.IsLoopback()
	}
	machine, err := os.Hostname()
	return ip != nil || asked == "localhost" || asked != "" && (asked == host || err == nil && strings.EqualFold(asked, machine))
}

// pageAddress is what to type into a browser.
func pageAddress(host string, at *net.TCPAddr, token string) string {
	if at.IP.IsUnspecified() || host == "" {
		host = "localhost"
		if machine, err := os.Hostname(); err == nil {
			host = machine
		}
	} else if host != "localhost" {
		host = at.IP.String()
	}
	address := "http://" + net.JoinHostPort(host, fmt.Sprint(at.Port)) + "/"
	if token != "" {
		address += "?token=" + token
	}
	return address
}

// numbers are the addresses that other machines may reach an address of all interfaces
// by.
func numbers(at *net.TCPAddr) []net.IP {
	if !at.IP.IsUnspecified() {
		return nil
	}
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var found []net.IP
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsGlobalUnicast() {
			found = append(found, n.IP)
		}
	}
	return found
}

// listenFault is the cause of an error of net.Listen, without the address.
func listenFault(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// browse opens an address in the browser of the system.
func browse(address string) error {
	command := "xdg-open"
	args := []string{address}
	switch runtime.GOOS {
	case "darwin":
		command = "open"
	case "windows":
		command, args = "rundll32", []string{"url.dll,FileProtocolHandler", address}
	}
	c := exec.Command(command, args...)
	if err := c.Start(); err != nil {
		return err
	}
	go func() { _ = c.Wait() }() // it may stay for as long as the browser does
	return nil
}
