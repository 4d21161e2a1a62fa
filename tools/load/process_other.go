// Other systems than Linux: the resources of a process are not measured.

//go:build !linux

package load

// ReadProcess returns ErrNotMeasured: only Linux shows what another process has used.
func ReadProcess(int) (Process, error) { return Process{}, ErrNotMeasured }
