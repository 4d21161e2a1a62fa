# Parley: "make run" builds and starts everything, "make test" proves it. Needs Go, and Node 20 for the client.

include scripts/tools.env

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
GOBUILD := CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$(VERSION)"

SYSTEMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

# npm writes the first when it has installed what the lock says, Vite the second.
UI_PACKAGES := ui/node_modules/.package-lock.json
UI_BUILT := ui/dist/app/index.html
UI_SOURCES := $(shell find ui/src ui/public ui/build -type f 2>/dev/null) \
	ui/index.html ui/vite.config.ts ui/tsconfig.json ui/package-lock.json

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run dev ui build test check fmt cover bench bench-ui lighthouse release clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: build ## build client and server, and start it on port 3000 (ARGS="serve --help" for its settings)
	./parley $(ARGS)

dev: $(UI_PACKAGES) build ## the same with a client that reloads when its source is saved
	@./parley $(ARGS) & server=$$!; trap "kill $$server" EXIT INT TERM; cd ui && npm run dev

ui: $(UI_BUILT) ## build the client into ui/dist/app

build: ui ## build the one static binary ./parley
	$(GOBUILD) -o parley$(shell go env GOEXE) .

test: ## run every check there is, from nothing; ends in a table
	@scripts/test.sh all

check: $(UI_PACKAGES) ## run what takes seconds: before each commit
	@scripts/test.sh quick

fmt: $(UI_PACKAGES) ## format Go and TypeScript
	go run $(GOFUMPT) -w $$(git ls-files --cached --others --exclude-standard '*.go')
	cd ui && npm run format

cover: ui ## show which Go lines no test reaches
	@rm -rf dist/cover && mkdir -p dist/cover/tests dist/cover/program
	COVER_DIR="$(CURDIR)/dist/cover/program" go test -timeout 60m -cover -covermode=atomic -coverpkg=./... ./... \
		-args -test.gocoverdir="$(CURDIR)/dist/cover/tests"
	go tool covdata textfmt -i=dist/cover/tests,dist/cover/program -o dist/cover.out
	go tool cover -func=dist/cover.out | tail -1
	go tool cover -html=dist/cover.out -o dist/cover.html
	@echo "see dist/cover.html"

bench: ## run the Go benchmarks
	go test -run '^$$' -bench . -benchmem ./...

bench-ui: build ## measure the client in a browser, on a machine that does nothing else
	cd ui && PARLEY_BIN="$(CURDIR)/parley" npm run --silent bench

lighthouse: build ## rate the client as Lighthouse does; see ui/lighthouse
	cd ui/lighthouse && npm ci --ignore-scripts --no-audit --no-fund && PARLEY_BIN="$(CURDIR)/parley" npm start

release: ui ## build for every system into dist/, with checksums
	@mkdir -p dist && rm -f dist/parley-* dist/SHA256SUMS
	@for system in $(SYSTEMS); do \
		os=$${system%/*} arch=$${system#*/} suffix=; \
		if [ $$os = windows ]; then suffix=.exe; fi; \
		echo "parley-$(VERSION)-$$os-$$arch$$suffix"; \
		GOOS=$$os GOARCH=$$arch $(GOBUILD) -o dist/parley-$(VERSION)-$$os-$$arch$$suffix . || exit 1; \
	done
	@cd dist && { sha256sum parley-* || shasum -a 256 parley-*; } > SHA256SUMS 2>/dev/null && cat SHA256SUMS

clean: ## remove what was built, and the client's packages; never ./parley-data
	rm -rf parley parley.exe dist ui/dist/app ui/node_modules ui/.cache ui/test-results \
		ui/playwright-report ui/lighthouse/node_modules

$(UI_PACKAGES): ui/package-lock.json
	cd ui && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(UI_BUILT): $(UI_PACKAGES) $(UI_SOURCES)
	cd ui && npm run build
	@touch $@
