package memory

import (
	"testing"
	"testing/fstest"
)

func TestTheLeastLimitCounts(t *testing.T) {
	const kib, mib = 1 << 10, 1 << 20
	for name, c := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"nothing is known": {nil, unknown},
		"only the machine": {map[string]string{"proc/meminfo": "MemTotal:  2048 kB\nMemFree: 1 kB\n"}, 2048 * kib},
		"a container of version 2": {map[string]string{
			"proc/meminfo": "MemTotal: 9999999 kB\n", "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "1048576\n",
		}, mib},
		"a service of version 2, limited by the slice above it": {map[string]string{
			"proc/meminfo": "MemTotal: 9999999 kB\n", "proc/self/cgroup": "0::/a.slice/b.service\n",
			"sys/fs/cgroup/a.slice/memory.max": "2097152\n", "sys/fs/cgroup/a.slice/b.service/memory.max": "max\n",
		}, 2 * mib},
		"version 1": {map[string]string{
			"proc/meminfo": "MemTotal: 9999999 kB\n", "proc/self/cgroup": "5:cpu:/x\n4:memory:/docker/1\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes":          "9223372036854771712\n",
			"sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes": "3145728\n",
		}, 3 * mib},
		"a limit above what there is": {map[string]string{
			"proc/meminfo": "MemTotal: 1024 kB\n", "sys/fs/cgroup/memory.max": "9999999999\n",
		}, mib},
	} {
		files := fstest.MapFS{}
		for file, text := range c.files {
			files[file] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := available(files); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
	if got := Available(); got < mib {
		t.Errorf("this process may use %d bytes", got)
	}
}
