// What happened to members who did not read.

package load

import (
	"context"
	"time"
)

// quiet is how long nothing must come before the run takes it that nothing more will.
const quiet = time.Second

// readStalled reads what is left for members who did not read, to find out what the server did with them.
func (f *fanout) readStalled(ctx context.Context) (*StalledResult, error) {
	if f.options.Stalled == 0 {
		return nil, nil
	}
	for _, c := range f.all {
		if c.stalls && c.stage == joined {
			if err := f.network.read(&c.link, true); err != nil {
				f.end(c, err)
			}
		}
	}
	read, since := f.read, time.Now()
	err := f.run(ctx, "read the stalled", f.elapsed()+f.options.Drain, func() bool {
		if f.read != read {
			read, since = f.read, time.Now()
		}
		return time.Since(since) > quiet
	})
	if err != nil {
		return nil, err
	}
	r := &StalledResult{}
	for _, c := range f.all {
		if c.stalls {
			r.Members++
			r.Missed += f.book.missed(c)
			if c.stage == ended {
				r.Closed++
			}
		}
	}
	return r, nil
}
