// The loads, which are the same for all servers.

package main

import (
	"slices"
	"time"

	"parley/tools/load"
)

// scenario is one kind of load.
type scenario struct {
	name    string
	title   string
	options load.Options
	connect bool // only opens connections
}

// ordinaryDeliveries is the load of the scenario "ordinary day", in deliveries a second.
const ordinaryDeliveries = 20_000

// textBytes make a delivery in the plain dialect 122 bytes, with its frame.
const textBytes = 57

func scenarios(duration time.Duration) []scenario {
	fan := func(rooms, members int) load.Options {
		return load.Options{
			Rooms: rooms, Members: members, Active: rooms, Senders: 1, Window: 8, TextBytes: textBytes,
			Warmup: time.Second, Duration: duration,
		}
	}
	ordinary := fan(10, 100)
	ordinary.Rate = ordinaryDeliveries / 100
	// The log of a database grows only at first. Later it is overwritten, as on any day; the warm-up lasts
	// until then.
	ordinary.Warmup, ordinary.Duration = 6*time.Second, max(duration, 10*time.Second)
	many := fan(1000, 10)
	many.Active = 100
	burst := fan(1, 200)
	burst.Senders, burst.Window = 10, 64
	// Large texts fill, within the run, what the system buffers for a member who does not read.
	read := fan(1, 10)
	read.Rate, read.TextBytes, read.Duration = 500, 4000, max(duration, 6*time.Second)
	stalled := read
	stalled.Stalled = 1
	return []scenario{
		{name: "10x100", title: "10 rooms of 100, 8 messages under way in each", options: fan(10, 100)},
		{name: "1x1000", title: "1 room of 1000, 8 messages under way", options: fan(1, 1000)},
		{name: "100x10", title: "100 rooms of 10, 8 messages under way in each", options: fan(100, 10)},
		{name: "rate", title: "20,000 deliveries a second offered in 10 rooms of 100", options: ordinary},
		{name: "small-1000", title: "100 active rooms of 10 among 1,000 connections", options: fan(100, 10)},
		{name: "small-10000", title: "100 active rooms of 10 among 10,000 connections", options: many},
		{name: "burst", title: "1 room of 200, 10 speak with 64 messages under way each", options: burst},
		{name: "read", title: "1 room of 10, 500 messages of 4,000 bytes a second, all read", options: read},
		{name: "stalled", title: "the same, and one member never reads", options: stalled},
		{name: "connect-5000", title: "5,000 connections", options: fan(50, 100), connect: true},
		{name: "connect-15000", title: "15,000 connections", options: fan(150, 100), connect: true},
	}
}

// named returns the wanted ones of all, in the order of all; everything when none is named.
func named[T any](all []T, name func(T) string, want []string) []T {
	if len(want) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(one T) bool { return !slices.Contains(want, name(one)) })
}
