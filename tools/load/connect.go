// The load "connect": members join and stay, and nobody publishes anything.

package load

import (
	"context"
	"time"
)

// Connected is what it took to open connections and to keep them open.
type Connected struct {
	Connections int     `json:"connections"`
	Seconds     float64 `json:"seconds"` // from the first connection to the last join
	PerSecond   float64 `json:"connections_per_second"`
	// PerCPUSecond is the number of connections for each second of the server's CPU time until the last join;
	// 0 when that time is not measured.
	PerCPUSecond float64 `json:"connections_per_cpu_second,omitempty"`
	// BytesEach is how much the server's resident memory grew for each connection, read while all were idle.
	BytesEach float64     `json:"bytes_per_connection,omitempty"`
	Closed    map[int]int `json:"closed,omitempty"` // connections that the server ended, by close code

	Server    *Usage `json:"server,omitempty"` // nil when it was not measured
	Generator *Usage `json:"generator,omitempty"`
}

// Connect opens Rooms times Members connections. A connection counts once it has joined. Connect then leaves
// all of them idle for as long as Settle says.
func Connect(ctx context.Context, o Options) (Connected, error) {
	c, err := newCrowd(o)
	if err != nil {
		return Connected{}, err
	}
	defer c.network.close()
	meter, err := newMeter(c.options.ServerPID)
	if err != nil {
		return Connected{}, err
	}
	before := time.Now()
	if err := c.connect(ctx); err != nil {
		return Connected{}, err
	}
	r := Connected{Connections: len(c.all), Seconds: time.Since(before).Seconds()}
	r.PerSecond = float64(r.Connections) / r.Seconds
	if r.Server, r.Generator, err = meter.read(); err != nil {
		return Connected{}, err
	}
	for until := time.Now().Add(c.options.Settle); time.Now().Before(until); {
		if err := c.turn(ctx); err != nil {
			return Connected{}, err
		}
	}
	r.Closed = c.closed
	if r.Server == nil {
		return r, nil
	}
	if r.Server.CPUSeconds > 0 {
		r.PerCPUSecond = float64(r.Connections) / r.Server.CPUSeconds
	}
	server, _, err := meter.read()
	if err != nil {
		return Connected{}, err
	}
	r.Server.RSSAfter, r.Server.RSSPeak = server.RSSAfter, server.RSSPeak
	r.BytesEach = float64(server.RSSAfter-server.RSSBefore) / float64(r.Connections)
	return r, nil
}
