// What a process has used.

package load

import (
	"errors"
	"time"
)

// ErrNotMeasured tells that this system does not show what another process uses.
var ErrNotMeasured = errors.New("not measured on this system")

// Process is what a process has used since it began.
type Process struct {
	CPU     time.Duration // user and system
	RSS     int64         // bytes resident now
	PeakRSS int64         // bytes resident at most
}

// Usage is what a process used in the time that was measured.
type Usage struct {
	CPUSeconds float64 `json:"cpu_seconds"`
	RSSBefore  int64   `json:"rss_before_bytes"`
	RSSAfter   int64   `json:"rss_after_bytes"`
	RSSPeak    int64   `json:"rss_peak_bytes"` // since the process began
}

func usage(before, after Process) *Usage {
	return &Usage{(after.CPU - before.CPU).Seconds(), before.RSS, after.RSS, after.PeakRSS}
}
