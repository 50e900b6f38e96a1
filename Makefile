# Everything a person needs to build, run and check daogou. Bare `make` lists the targets.
export GOFLAGS := $(strip $(filter-out -tags=%,$(GOFLAGS)) -tags=sqlite_fts5 -buildvcs=false)
export CGO_ENABLED := 1

DB       ?= data/demo.db
ADDR     ?= localhost:8080
FUZZTIME ?= 10s
VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.DEFAULT_GOAL := help
.PHONY: help build run test race lint fuzz bench e2e clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build the one binary, ./daogou
	go build -ldflags "-X main.version=$(VERSION)" -o daogou .

run: build ## start the demo shop on localhost:8080
	./daogou serve --demo --db $(DB) --addr $(ADDR)

test: ## run the tests
	go test ./...

race: ## run the tests with the race detector
	go test -race -timeout 30m ./catalog/... ./nlu/... ./chat/... ./generator/... .

lint: ## gofmt, vet, staticcheck
	@out=$$(gofmt -l .); if [ -n "$$out" ]; then echo "not gofmt'ed:"; echo "$$out"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

fuzz: ## run every fuzz target for FUZZTIME each
	@go list ./... | while read -r pkg; do \
	  for f in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
	  done; done

bench: ## run the benchmarks
	go test -run '^$$' -bench . -benchtime 1s ./...

e2e: ## buy something in a real browser, in English and in Chinese
	DAOGOU_REQUIRE_BROWSER=1 go test -count=1 -run 'Browser' -v . ./web

clean: ## remove the binary and the demo shop; other catalogues and the conversations stay
	rm -f daogou $(DB) $(DB)-wal $(DB)-shm $(basename $(DB)).policies.yaml
