#!/usr/bin/env bash
# Prints the figures a person choosing a machine asks for. Needs ./parley (make build), curl and Linux's /proc.

set -euo pipefail
cd "$(dirname "$0")/.."

data=$(mktemp -d)
port=3917
server=
trap 'kill "$server" 2>/dev/null || true; rm -rf "$data"' EXIT

now_ms() { echo $(($(date +%s%N) / 1000000)); }

start() { # starts the server and waits for its first answer
	./parley --listen "127.0.0.1:$port" --data "$data" >/dev/null 2>&1 &
	server=$!
	until curl -fs -o /dev/null "http://127.0.0.1:$port/readyz"; do :; done
}

echo "binary            $(($(stat -c %s parley) / 1024)) KiB"

times=()
for _ in 1 2 3 4 5 6 7 8 9 10; do
	before=$(now_ms)
	start
	times+=($(($(now_ms) - before)))
	kill "$server" && wait "$server" 2>/dev/null || true
done
median=$(printf '%s\n' "${times[@]}" | sort -n | sed -n 5p)
echo "start to ready    $median ms (median of 10, the first makes the database)"

start
# What a server keeps at rest: half a minute covers the collector and its return of memory.
sleep 30
awk '/^VmRSS/ { printf "memory, idle      %d KiB resident\n", $2 }' "/proc/$server/status"

echo "first load        $(cd ui && npm run --silent budget 2>/dev/null | awk '/first load$/ { print $2, "bytes gzipped, JavaScript and styles" }')"
go test -run '^$' -bench 'SendToSeen|Acknowledged50Senders|StoreAcks' -benchtime 5s . | grep -E '^Benchmark'
