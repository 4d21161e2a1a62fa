// The resources that a process uses.

package load

import (
	"errors"
	"time"
)

// ErrNotMeasured is the error on a system that does not show what another process uses.
var ErrNotMeasured = errors.New("not measured on this system")

// Process is what a process has used since it started.
type Process struct {
	CPU     time.Duration // user and system
	RSS     int64         // bytes resident now
	PeakRSS int64         // the most bytes that were resident at a time
}

// Usage is what a process used in the measured time.
type Usage struct {
	CPUSeconds float64 `json:"cpu_seconds"`
	RSSBefore  int64   `json:"rss_before_bytes"`
	RSSAfter   int64   `json:"rss_after_bytes"`
	RSSPeak    int64   `json:"rss_peak_bytes"` // since the process started
}

func usage(before, after Process) *Usage {
	return &Usage{(after.CPU - before.CPU).Seconds(), before.RSS, after.RSS, after.PeakRSS}
}
