// Package listen opens the addresses that settings give, and makes the HTTP servers for them, with bounds on
// connections and time. It serves nothing by itself: the handlers come from elsewhere.
package listen

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"strconv"
	"strings"
	"syscall"
)

// ShownHost returns the host and port by which a browser can reach a listener. configured is the address that
// the setting gives. When it has no host, ShownHost takes an address of this machine.
func ShownHost(configured string, ln net.Listener) string {
	_, port, err := net.SplitHostPort(ln.Addr().String())
	if err != nil {
		return ln.Addr().String()
	}
	host, _, err := net.SplitHostPort(configured)
	if err != nil || host == "" || host == "0.0.0.0" || host == "::" {
		host = networkAddress()
	}
	return net.JoinHostPort(host, port)
}

// networkAddress returns an address by which other machines may reach this one; "localhost" when it knows
// none.
func networkAddress() string {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return "localhost"
	}
	for _, addr := range addrs {
		if ip, ok := addr.(*net.IPNet); ok && ip.IP.To4() != nil && ip.IP.IsGlobalUnicast() {
			return ip.IP.String()
		}
	}
	return "localhost"
}

// LocalHost returns the host and port by which a browser on this machine reaches the address that a setting gives,
// also while nothing listens there.
func LocalHost(setting, address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", badAddress(setting, address)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && (ip.IsUnspecified() || ip.IsLoopback()) {
		host = "localhost"
	}
	return net.JoinHostPort(host, port), nil
}

func badAddress(setting, address string) error {
	return fmt.Errorf("--%s=%s: want an address with a port, as localhost:3000 or :3000", setting, address)
}

// Loopback tells whether only this machine can reach the listeners.
func Loopback(listeners []net.Listener) bool {
	for _, ln := range listeners {
		if addr, ok := ln.Addr().(*net.TCPAddr); !ok || !addr.IP.IsLoopback() {
			return false
		}
	}
	return true
}

// Open opens the address that a setting gives. For localhost it opens 127.0.0.1, and ::1 too when the machine
// has it. setting is the setting's name for errors.
func Open(ctx context.Context, setting, address string) ([]net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, badAddress(setting, address)
	}
	if n, err := strconv.Atoi(port); err == nil && (n < 0 || n > math.MaxUint16) {
		return nil, fmt.Errorf("--%s=%s: want a port from 0 to %d", setting, address, math.MaxUint16)
	}
	var config net.ListenConfig
	open := func(host, port string) (net.Listener, error) {
		ln, err := config.Listen(ctx, "tcp", net.JoinHostPort(host, port))
		if errors.Is(err, syscall.EADDRINUSE) {
			return nil, fmt.Errorf("port %s is in use by another program; choose one with --%s", port, setting)
		}
		if err != nil {
			return nil, fmt.Errorf("listen on %s: %w", net.JoinHostPort(host, port), err)
		}
		return ln, nil
	}
	if !strings.EqualFold(host, "localhost") {
		ln, err := open(host, port)
		return []net.Listener{ln}, err
	}
	four, err := open("127.0.0.1", port)
	if err != nil {
		return nil, err
	}
	_, port, _ = net.SplitHostPort(four.Addr().String()) // for port 0 the system chose one: use it twice
	six, err := open("::1", port)
	if errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) {
		return []net.Listener{four}, nil
	}
	if err != nil {
		return nil, errors.Join(err, four.Close())
	}
	return []net.Listener{four, six}, nil
}
