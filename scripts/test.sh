#!/usr/bin/env bash
# Runs the checks of Parley in stages, each in a bounded time, and ends in a table.
#
#   scripts/test.sh all     everything, from a clean clone: what "make test" and .ci/run do
#   scripts/test.sh quick   what takes seconds: "make check"
#   scripts/test.sh STAGE…  only these, by the names in the table
#
# A stage that fails does not stop the others; those that need what it makes are skipped. Needs Go, Node 20
# with npm, git, make, and for the browser tests Chromium, which it installs where it may.

set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.env

# Name, and the stages it needs. "All" runs them in this order.
stages='
go-vet
go-vet-windows
gofumpt
staticcheck
govulncheck
npm-ci
ui-check        npm-ci
ui-unit         npm-ci
ui-build        npm-ci
ui-budget       ui-build
go-test
crash
bench-vet
binary
smoke           binary
check           binary
bugs            binary
chromium
browser         npm-ci ui-build binary chromium
'
quick='gofumpt go-vet staticcheck go-test-quick ui-check ui-unit'

# How long a stage and all of them may take; .ci/run says it for the machine it runs on.
stage_minutes=${STAGE_MINUTES:-}
total_minutes=${TOTAL_MINUTES:-90}

skip() { # a stage that cannot run here says why and is not counted
	echo "skipped: $*"
	exit 75
}

go_files() { git ls-files --cached --others --exclude-standard '*.go'; }

stage_go_vet() { go vet ./... && go vet -tags crash . && go vet -tags bugs ./check; }
stage_go_vet_windows() { GOOS=windows go vet ./...; }
stage_staticcheck() { go run "$STATICCHECK" ./...; }

# Installs strace where it may, and skips a stage that cannot do without it.
need_strace() {
	if ! command -v strace >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo 'installing by apt-get: strace'
		export DEBIAN_FRONTEND=noninteractive
		apt-get update -q && apt-get install -q -y --no-install-recommends strace
	fi
	strace -qq -o /dev/null true || skip 'strace cannot follow a process here'
}

# Disks that fail and power that goes: with strace, and with small disks of their own.
stage_crash() {
	local tests
	[ "$(uname -s)" = Linux ] && [ "$(id -u)" = 0 ] || skip 'only root on Linux may follow processes and mount disks'
	need_strace
	tests=$(sed -n 's/^func \(Test[A-Za-z]*\).*/\1/p' crash*_test.go | paste -sd '|' -)
	go test -tags crash -run "^($tests)\$" .
}

stage_go_test() { go test -race -shuffle=on ./...; }
stage_go_test_quick() { go test ./...; }

# The servers that Parley is compared with are a module of their own.
stage_bench_vet() { cd bench && go vet ./... && go run "$STATICCHECK" ./... && go test ./...; }

stage_gofumpt() {
	local unformatted
	# shellcheck disable=SC2046 # no file of ours has a space in its name
	unformatted=$(go run "$GOFUMPT" -l $(go_files))
	[ -z "$unformatted" ] || { printf 'run "make fmt"; not formatted:\n%s\n' "$unformatted"; return 1; }
}

# A snapshot of the vulnerability database beside the clone serves machines without a network.
stage_govulncheck() {
	local snapshot=../shared/vulndb/vulndb.tar.xz folder out status=0
	if [ -e "$snapshot" ]; then
		folder=$(mktemp -d)
		tar -xJf "$snapshot" -C "$folder"
		go run "$GOVULNCHECK" -db "file://$folder/db" ./... || status=$?
		rm -rf "$folder"
		return "$status"
	fi
	out=$(go run "$GOVULNCHECK" ./... 2>&1) || status=$?
	printf '%s\n' "$out"
	if [ "$status" -ne 0 ] && grep -qE 'dial tcp|no such host|timeout|connection refused|fetching' <<<"$out"; then
		skip "the vulnerability database cannot be reached, and there is no snapshot"
	fi
	return "$status"
}

stage_npm_ci() { cd ui && npm ci --ignore-scripts --no-audit --no-fund && touch node_modules/.package-lock.json; }
stage_ui_check() { cd ui && npm run check; }
stage_ui_unit() { cd ui && npm test; }
stage_ui_build() { cd ui && npm run build && touch dist/app/index.html; }
stage_ui_budget() { cd ui && npm run budget; }
stage_binary() { make --no-print-directory build; }

# Starts the program as anyone would, asks whether it is well, and stops it.
stage_smoke() {
	local folder pid line status=0
	folder=$(mktemp -d)
	./parley --data "$folder/data" --listen "127.0.0.1:$smoke_port" >"$folder/log" 2>&1 &
	pid=$!
	for _ in $(seq 100); do
		if { exec 3<>"/dev/tcp/127.0.0.1/$smoke_port"; } 2>/dev/null; then break; fi
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	printf 'GET /healthz HTTP/1.0\r\n\r\n' >&3 && read -r line <&3 || status=1
	exec 3>&-
	kill -TERM "$pid" 2>/dev/null || status=1
	wait "$pid" || status=$?
	cat "$folder/log"
	rm -rf "$folder"
	printf 'GET /healthz: %s; exit status after SIGTERM: %s\n' "${line:-no answer}" "$status"
	[[ $status -eq 0 && ${line:-} == *' 200 '* ]]
}
smoke_port=$((20000 + $$ % 20000))

# Has everything fail for two minutes and looks for what was lost; it prints the seed that makes the same run.
stage_check() { ./parley check --seconds 120; }

# Seeds bugs, one by one, and has each caught. In its own folder "go test" tells as it goes.
stage_bugs() {
	[ "$(uname -s)" = Linux ] || skip 'a kill while writes take long and power that goes need strace, which is for Linux'
	need_strace
	cd check && go test -tags bugs -count=1 -run Bug
}

chromium_path() {
	local name
	[ -z "${CHROME_PATH:-}" ] || { echo "$CHROME_PATH"; return; }
	for name in chromium chromium-browser google-chrome; do
		if command -v "$name"; then return; fi
	done
}

# The fonts are for the tests in Chinese: without them every character is the same box.
stage_chromium() {
	local packages='chromium fonts-noto-cjk fonts-noto-color-emoji'
	# shellcheck disable=SC2086 # a list of words
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
		if ! dpkg -s $packages >/dev/null 2>&1; then
			echo "installing by apt-get: $packages"
			export DEBIAN_FRONTEND=noninteractive
			apt-get update -q && apt-get install -q -y --no-install-recommends $packages
		fi
	elif [ -z "$(chromium_path)" ]; then
		echo 'no Chromium and not root on Debian: npx playwright install chromium'
		(cd ui && npx playwright install chromium)
		return
	fi
	"$(chromium_path)" --version
}

stage_browser() {
	CHROME_PATH=$(chromium_path)
	if [ -n "$CHROME_PATH" ]; then export CHROME_PATH; else unset CHROME_PATH; fi
	export PARLEY_BIN="$PWD/parley"
	cd ui && npm run e2e
}

# timeout runs one stage of this script by this name.
if [ "${1:-}" = --stage ]; then
	"stage_${2//-/_}"
	exit
fi

now() { date +%s; }

declare -A result
report='' passed=0 failed=0
note() { # name, result, seconds
	result[$1]=$2
	report+=$(printf '%-16s %-28s %5s s' "$1" "$2" "$3")$'\n'
}

run() { # name, needs
	local name=$1 minutes start left status=0 need
	minutes=$(minutes_of "$name")
	for need in ${2:-}; do
		case ${result[$need]:-passed} in passed) ;; *)
			note "$name" "skipped: needs $need" 0
			return ;;
		esac
	done
	start=$(now)
	left=$((deadline - start))
	[ "$left" -gt 0 ] || { note "$name" 'failed: no time left' 0; failed=$((failed + 1)); return; }
	printf '\n=== %s\n' "$name"
	# In the background and waited for, so that Ctrl-C reaches this script and not a stage in its own group.
	timeout -k 10 "$((left < minutes * 60 ? left : minutes * 60))" bash "$0" --stage "$name" </dev/null &
	child=$!
	wait "$child" || status=$?
	child=''
	case $status in
	0) note "$name" passed $(($(now) - start)); passed=$((passed + 1)) ;;
	75) note "$name" 'skipped: see above' $(($(now) - start)) ;;
	124 | 137) note "$name" 'failed: out of time' $(($(now) - start)); failed=$((failed + 1)) ;;
	*) note "$name" failed $(($(now) - start)); failed=$((failed + 1)) ;;
	esac
}

minutes_of() { awk -v name="$1" '$1 == name { found = $2 } END { print found ? found : 30 }' <<<"$stage_minutes"; }

child=''
trap '[ -z "$child" ] || kill "$child" 2>/dev/null; exit 130' INT TERM
deadline=$(($(now) + total_minutes * 60))
case ${1:-all} in
all)
	while read -r name needs; do
		[ -z "$name" ] || run "$name" "$needs"
	done <<<"$stages"
	;;
quick) for name in $quick; do run "$name"; done ;;
*) for name in "$@"; do run "$name"; done ;;
esac

printf '\n%s\n' "$report"
last="$passed passed, $failed failed"
if [ -n "${LAST_LINE:-}" ]; then echo "$last" >"$LAST_LINE"; else echo "$last"; fi
[ "$failed" -eq 0 ]
