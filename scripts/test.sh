#!/usr/bin/env bash
# Runs the checks of Parley in stages, each in a bounded time, and ends in a table.
#
#   scripts/test.sh all     everything, from a clean clone: what "make test" and .ci/run do
#   scripts/test.sh quick   what takes seconds: "make check"
#   scripts/test.sh STAGE…  only these, by the names in the table
#
# A stage that fails does not stop the others; those that need what it makes are skipped. JOBS=1 runs one stage after the
# other. Needs Go, Node 20 with npm, git, make, and for the browser tests Chromium, which it installs where it may.

set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/tools.env

# Name, and the stages it needs; ~ is before one that only has to be over. "All" starts them in this order, two at a
# time: most of them leave one of two cores idle, or wait. What reads the client's files waits until these are written.
# The longest comes first, so that it is not left to run by itself. What compiles the same as another waits for it: it
# finds what that left.
stages='
npm-ci
gofumpt
chromium
python
databases
ui-build        npm-ci
go-test         ~ui-build ~python ~databases
binary          ui-build
smoke           binary
bugs            binary
check           binary
proxies         ~binary
ui-check        npm-ci
ui-unit         npm-ci
ui-budget       ui-build
go-vet          ~binary
staticcheck     ~binary
go-vet-windows  ~ui-build
govulncheck     ~ui-build
peers-vet       ~binary
crash           ~binary
go-test-postgresql  ~go-test ~databases
browser         npm-ci ui-build binary chromium
'
# A browser gives up on what does not come within seconds, so nothing else runs beside these.
alone='browser'
# These mostly wait, so one of them runs beside two others.
light='bugs check proxies'
quick='gofumpt go-vet staticcheck go-test-quick ui-check ui-unit'

# How long a stage and all of them may take; .ci/run says it for the machine it runs on.
stage_minutes=${STAGE_MINUTES:-}
total_minutes=${TOTAL_MINUTES:-90}
jobs=${JOBS:-2}

skip() { # a stage that cannot run here says why and is not counted
	echo "skipped: $*"
	exit 75
}

not_checked() { # like skip, for what the last line has to say too
	echo "not checked: $*"
	exit 76
}

go_files() { git ls-files --cached --others --exclude-standard '*.go'; }

stage_go_vet() { go vet ./... && go vet -tags crash ./tests/crash && go vet -tags bugs ./tools/check &&
	go vet -tags proxies ./tests/proxies; }
# What is compiled for it is read and never run.
stage_go_vet_windows() { GOOS=windows go vet '-gcflags=all=-N -l' ./...; }
stage_staticcheck() { go run "$STATICCHECK" ./...; }

# Installs packages. Stages that run side by side wait for each other.
apt_install() {
	export DEBIAN_FRONTEND=noninteractive
	(
		flock 9
		apt-get update -q && apt-get install -q -y --no-install-recommends "$@"
	) 9>"${TMPDIR:-/tmp}/parley-test-apt.lock"
}

# Installs strace where it may, and skips a stage that cannot do without it.
need_strace() {
	if ! command -v strace >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo 'installing by apt-get: strace'
		apt_install strace || true # then it is skipped
	fi
	strace -qq -o /dev/null true || skip 'strace cannot follow a process here'
}

# Disks that fail and power that goes: with strace, and with small disks of their own.
stage_crash() {
	[ "$(uname -s)" = Linux ] && [ "$(id -u)" = 0 ] || skip 'only root on Linux may follow processes and mount disks'
	need_strace
	local folder
	folder=$(mktemp -d)
	# shellcheck disable=SC2064 # this folder, not what the variable is at the end
	trap "rm -rf '$folder'" EXIT
	go test -tags crash -c -o "$folder/crash.test" ./tests/crash
	# It also runs the program with the race detector, and finds it as stage_go_test has built it.
	cd tests/crash && with_race_goflags "$folder/crash.test" -test.timeout 60m
}

# The server behind nginx, Caddy and Apache, which it installs where it may: those that are missing are skipped. They
# wait more than they work, so all run at once.
stage_proxies() {
	local command packages='nginx caddy apache2-bin' any=
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! dpkg -s $packages >/dev/null 2>&1; then
		echo "installing by apt-get: $packages"
		install_stopped $packages
	fi
	for command in nginx caddy apache2; do
		if PATH=$PATH:/usr/sbin command -v "$command"; then any=yes; fi
	done
	[ -n "$any" ] || skip 'there is no nginx, Caddy or Apache here'
	with_race_goflags go test -race -tags proxies -parallel 8 -timeout 10m -v -run . ./tests/proxies | grep -vE '^ *=== (RUN|PAUSE|CONT)'
}

# Installs packages of services without starting these.
install_stopped() {
	local policy=/usr/sbin/policy-rc.d ours=
	if [ ! -e "$policy" ]; then
		printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && ours=yes
	fi
	apt_install "$@" || true # then what there is is used
	[ -z "$ours" ] || rm -f "$policy"
}

# SQLite, its allocator and the C library below it were translated from C into Go. Their memory is outside of Go's heap,
# where the race detector watches nothing but is asked at every access: that took two thirds of the time. SQLite's driver
# is watched, as is everything else.
with_race_goflags() {
	local module flags=$own_goflags
	for module in modernc.org/sqlite/lib modernc.org/libc modernc.org/memory; do
		flags+=" -gcflags=$module=-race=false"
	done
	env -u CGO_ENABLED GOFLAGS="$flags" "$@"
}

# Many tests wait more than they work, so more than two of a package run at once; the longest package comes first. The
# linter has its own stage, and what debuggers want is not linked. A test that hangs is named before its stage is over.
stage_go_test() {
	with_race_goflags go test -race -shuffle=on -parallel 4 -timeout 40m -vet=off -ldflags=-w ./tests ./...
}

# The tests of what depends on the database once more, on PostgreSQL. Those of what only SQLite has skip themselves. The
# tests start a PostgreSQL of their own, and stop it.
stage_go_test_postgresql() {
	[ -n "$(postgresql_path)" ] || skip 'there is no PostgreSQL here'
	PARLEY_TEST_ENGINE=postgres with_race_goflags go test -race -shuffle=on -parallel 4 -timeout 40m -vet=off -ldflags=-w \
		./tests ./store ./actions ./socket
}

# Without the tests that run the whole program. "go test" remembers what has passed and did not change.
stage_go_test_quick() { go test -short ./...; }

# The servers that Parley is compared with are a module of their own.
stage_peers_vet() { cd tools/peers && go vet ./... && go run "$STATICCHECK" ./... && go test ./...; }

stage_gofumpt() {
	local unformatted
	# shellcheck disable=SC2046 # no file of ours has a space in its name
	unformatted=$(go run "$GOFUMPT" -l $(go_files))
	[ -z "$unformatted" ] || { printf 'run "make fmt"; not formatted:\n%s\n' "$unformatted"; return 1; }
}

# A snapshot of the vulnerability database beside the clone serves machines without a network. A machine that
# has neither, or that cannot fetch the tool, is told that nothing was checked.
stage_govulncheck() {
	local snapshot=../shared/vulndb/vulndb.tar.xz folder out status=0 database=()
	folder=$(mktemp -d)
	# shellcheck disable=SC2064 # this folder, not what the variable is at the end
	trap "rm -rf '$folder'" EXIT
	export GOBIN="$folder"
	# Go asks the network for a tool even when it has it. What it has, it checked when it came.
	GOPROXY="file://$(go env GOMODCACHE)/cache/download" GOSUMDB=off go install "$GOVULNCHECK" 2>/dev/null ||
		out=$(go install "$GOVULNCHECK" 2>&1) || status=$?
	if [ "$status" -ne 0 ]; then
		printf '%s\n' "$out"
		no_network "$out" && not_checked 'govulncheck cannot be fetched'
		return "$status"
	fi
	if [ -e "$snapshot" ]; then
		tar -xJf "$snapshot" -C "$folder"
		database=(-db "file://$folder/db")
	fi
	out=$("$folder/govulncheck" ${database[@]+"${database[@]}"} ./... 2>&1) || status=$?
	printf '%s\n' "$out"
	# 3 says that it found something, and what it found may well speak of timeouts.
	if [ "$status" -ne 0 ] && [ "$status" -ne 3 ] && no_network "$out"; then
		not_checked 'the vulnerability database cannot be reached, and there is no snapshot'
	fi
	return "$status"
}

no_network() { # what a Go program said
	local words='dial tcp|no such host|[Tt]imeout|timed out|connection re(fused|set)|network is unreachable'
	grep -qE "$words|lookup disabled|fetching|EOF|unexpected status code" <<<"$1"
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
	for _ in $(seq 600); do
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

# Seeds bugs and has each caught, four at a time: they mostly wait. In its own folder "go test" tells as it goes.
stage_bugs() {
	[ "$(uname -s)" = Linux ] || skip 'a kill while writes take long and power that goes need strace, which is for Linux'
	need_strace
	cd tools/check && go test -tags bugs -count=1 -parallel 4 -timeout 60m -run Bug
}

# The headless shell is the same browser without its own windows: a page costs it a third of the work.
chromium_path() {
	local name
	[ -z "${CHROME_PATH:-}" ] || { echo "$CHROME_PATH"; return; }
	for name in chromium-headless-shell chromium chromium-browser google-chrome; do
		if command -v "$name"; then return; fi
	done
}

# The fonts are for the tests in Chinese: without them every character is the same box.
stage_chromium() {
	local browser=chromium-headless-shell fonts='fonts-noto-cjk fonts-noto-color-emoji'
	# shellcheck disable=SC2086 # a list of words
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
		if ! dpkg -s $browser $fonts >/dev/null 2>&1; then
			echo "installing by apt-get: $browser $fonts"
			# Some releases have the whole browser only.
			apt_install $browser $fonts || apt_install chromium $fonts
		fi
	elif [ -z "$(chromium_path)" ]; then
		echo 'no Chromium and not root on Debian: npx playwright install chromium'
		(cd ui && npx playwright install chromium)
		return
	fi
	"$(chromium_path)" --version
}

# The clients in Python, and the commands, that are tests of the documents. Without what they need "go test" skips them
# and says so.
stage_python() {
	local packages='python3 python3-socketio python3-requests python3-websocket curl jq'
	if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
		skip "not root on Debian; the clients in Python are tested where these are: $packages"
	fi
	if ! dpkg -s $packages >/dev/null 2>&1; then
		echo "installing by apt-get: $packages"
		apt_install $packages
	fi
	/usr/bin/python3 -c 'import socketio, requests, websocket'
}

# PostgreSQL and Redis, of which the tests start servers of their own. Without them, what needs them is skipped.
stage_databases() {
	if { [ -z "$(postgresql_path)" ] || ! command -v redis-server >/dev/null; } && [ "$(id -u)" = 0 ] &&
		command -v apt-get >/dev/null; then
		echo 'installing by apt-get: postgresql redis-server'
		install_stopped postgresql redis-server
	fi
	[ -n "$(postgresql_path)" ] && command -v redis-server || skip 'PostgreSQL and Redis cannot be installed here'
	"$(postgresql_path)" --version
}

postgresql_path() {
	command -v postgres || find /usr/lib/postgresql -path '*/bin/postgres' 2>/dev/null | tail -1
}

stage_browser() {
	CHROME_PATH=$(chromium_path)
	if [ -n "$CHROME_PATH" ]; then export CHROME_PATH; else unset CHROME_PATH; fi
	export PARLEY_BIN="$PWD/parley"
	cd ui && npm run e2e -- --workers=2
}

# Go compiles each package anew, down to its own library, for each combination of these. So they are those of "make
# build", but for the race detector, which needs cgo.
own_goflags=$(go env GOFLAGS)
export CGO_ENABLED=0 GOFLAGS="$own_goflags -trimpath -buildvcs=false"

# timeout runs one stage of this script by this name.
if [ "${1:-}" = --stage ]; then
	"stage_${2//-/_}"
	exit
fi

now() { date +%s; }

declare -A result=() seconds=() needs_of=() pid_of=() started=()
order=() waiting=()
logs=$(mktemp -d)

minutes_of() { awk -v name="$1" '$1 == name { found = $2 } END { print found ? found : 30 }' <<<"$stage_minutes"; }

# ready tells whether a stage can start: 0. 1: not yet. 2: never, and result says why. What is not part of this run is
# taken for done.
ready() { # name
	local need must
	for need in ${needs_of[$1]}; do
		must=1
		case $need in '~'*) must='' need=${need#'~'} ;; esac
		[ -n "${needs_of[$need]+set}" ] || continue
		case ${result[$need]:-} in
		'') return 1 ;;
		passed) ;;
		*) [ -z "$must" ] || { result[$1]="skipped: needs $need" seconds[$1]=0; return 2; } ;;
		esac
	done
}

start() { # name
	local limit=$(($(minutes_of "$1") * 60)) left=$((deadline - $(now)))
	started[$1]=$(now)
	[ "$left" -gt 0 ] || { result[$1]='failed: no time left' seconds[$1]=0; return; }
	# In the background and waited for, so that Ctrl-C reaches this script and not a stage in its own group.
	if [ "$jobs" = 1 ]; then
		printf '\n=== %s\n' "$1"
		timeout -k 10 "$((left < limit ? left : limit))" bash "$0" --stage "$1" </dev/null &
	else # what two say at once could not be read
		timeout -k 10 "$((left < limit ? left : limit))" bash "$0" --stage "$1" </dev/null >"$logs/$1" 2>&1 &
	fi
	pid_of[$1]=$!
}

collect() { # name
	local status=0
	wait "${pid_of[$1]}" || status=$?
	unset "pid_of[$1]"
	seconds[$1]=$(($(now) - started[$1]))
	case $status in
	0) result[$1]=passed ;;
	75) result[$1]='skipped: see above' ;;
	76) result[$1]='NOT CHECKED: see above' ;;
	124 | 137) result[$1]='failed: out of time' ;;
	*) result[$1]=failed ;;
	esac
	if [ "$jobs" != 1 ]; then
		printf '\n=== %s: %s after %s s\n' "$1" "${result[$1]}" "${seconds[$1]}"
		cat "$logs/$1"
	fi
}

kind_of() { # name
	case " $alone " in *" $1 "*) kind=alone && return ;; esac
	case " $light " in *" $1 "*) kind=light && return ;; esac
	kind=full
}

# room tells whether a stage can run beside those that do.
room() { # name
	local other mine beside=0 most=$jobs
	kind_of "$1"
	mine=$kind
	[ "$mine" = full ] || most=1
	for other in "${!pid_of[@]}"; do
		kind_of "$other"
		if [ "$mine" = alone ] || [ "$kind" = alone ]; then return 1; fi
		if [ "$kind" = "$mine" ] || [ "$jobs" = 1 ]; then beside=$((beside + 1)); fi
	done
	[ "$beside" -lt "$most" ]
}

run_all() {
	local name left status
	waiting=("${order[@]}")
	while [ "${#waiting[@]}" -gt 0 ] || [ "${#pid_of[@]}" -gt 0 ]; do
		left=()
		for name in "${waiting[@]}"; do
			status=0
			ready "$name" || status=$?
			if [ "$status" = 0 ] && room "$name"; then
				start "$name"
			elif [ "$status" != 2 ]; then
				left+=("$name")
			fi
		done
		waiting=("${left[@]}")
		[ "${#pid_of[@]}" -gt 0 ] || continue
		sleep 0.2 # "wait -n" misses, in some versions of bash, one that ended just before
		for name in "${!pid_of[@]}"; do
			kill -0 "${pid_of[$name]}" 2>/dev/null || collect "$name"
		done
	done
}

add() { # name, needs
	order+=("$1")
	needs_of[$1]=${2:-}
}

trap '[ "${#pid_of[@]}" -eq 0 ] || kill "${pid_of[@]}" 2>/dev/null; exit 130' INT TERM
trap 'rm -rf "$logs"' EXIT
deadline=$(($(now) + total_minutes * 60))
case ${1:-all} in
all)
	while read -r name needs; do
		[ -z "$name" ] || add "$name" "$needs"
	done <<<"$stages"
	;;
quick) for name in $quick; do add "$name"; done ;;
*)
	jobs=1
	for name in "$@"; do add "$name"; done
	;;
esac
run_all

report='' passed=0 failed=0 unchecked=''
for name in "${order[@]}"; do
	report+=$(printf '%-16s %-28s %5s s' "$name" "${result[$name]}" "${seconds[$name]}")$'\n'
	case ${result[$name]} in
	passed) passed=$((passed + 1)) ;;
	failed*) failed=$((failed + 1)) ;;
	NOT*) unchecked+=" $name" ;;
	esac
done
printf '\n%s\n' "$report"
last="$passed passed, $failed failed${unchecked:+, NOT CHECKED:$unchecked}"
if [ -n "${LAST_LINE:-}" ]; then echo "$last" >"$LAST_LINE"; else echo "$last"; fi
[ "$failed" -eq 0 ]
