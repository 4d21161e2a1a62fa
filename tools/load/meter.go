// What the server and the load use of the machine in the measured time.

package load

import (
	"errors"
	"fmt"
	"os"
)

// meter measures what the server and this process use between two moments.
type meter struct {
	server          int // 0: not measured
	serverAt, ownAt Process
}

func newMeter(server int) (meter, error) {
	m := meter{server: server}
	var err error
	m.serverAt, m.ownAt, err = m.look()
	return m, err
}

func (m *meter) look() (server, own Process, err error) {
	if m.server != 0 {
		if server, err = ReadProcess(m.server); err != nil && !errors.Is(err, ErrNotMeasured) {
			return server, own, fmt.Errorf("measure the server: %w", err)
		}
	}
	if own, err = ReadProcess(os.Getpid()); err != nil && !errors.Is(err, ErrNotMeasured) {
		return server, own, fmt.Errorf("measure the generator: %w", err)
	}
	return server, own, nil
}

// read returns what was used since the meter was made; nil for what is not measured.
func (m *meter) read() (server, own *Usage, err error) {
	serverNow, ownNow, err := m.look()
	if err != nil {
		return nil, nil, err
	}
	if serverNow != (Process{}) {
		server = usage(m.serverAt, serverNow)
	}
	if ownNow != (Process{}) {
		own = usage(m.ownAt, ownNow)
	}
	return server, own, nil
}
