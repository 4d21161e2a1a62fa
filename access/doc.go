// Package access says who may do what: callers, the grants of tokens, where a user stands in a room, the
// rules that decide from that, and the limits on one person or connection. It reads nothing by itself:
// package store finds out where somebody stands, inside the transaction that acts, and package actions asks
// the rules.
package access
