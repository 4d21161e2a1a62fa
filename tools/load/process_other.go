// Systems whose processes are not measured.

//go:build !linux

package load

// ReadProcess returns what a process has used; ErrNotMeasured on other systems than Linux.
func ReadProcess(int) (Process, error) { return Process{}, ErrNotMeasured }
