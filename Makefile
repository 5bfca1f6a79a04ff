# Forever: every act has a name here. `make` alone lists them.
SWIFT ?= swift
BUILD  = $(SWIFT) build -c release
ARGS  ?=
SOAK_SECONDS ?= 600
SOAK_RESTARTS ?= 50

.PHONY: help
help: ## this list
	@echo "Forever, your infinite DJ. Targets:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-17s %s\n", $$1, $$2 }'

.PHONY: run
run: setup ## build and start the station; options by ARGS="--library ~/Music --port 8192"
	$(BUILD) --product forever-server
	@exec .build/release/forever-server $(ARGS)

.PHONY: relay
relay: setup-relay ## build and start a relay: make relay ARGS="--root http://station:8192"
	$(BUILD) --product forever-relay
	@exec .build/release/forever-relay $(ARGS)

.PHONY: build
build: setup ## build both programs into .build/release
	$(BUILD) --product forever-server
	$(BUILD) --product forever-relay

.PHONY: test
test: setup test-tools ## run every test (release build; the sound is too slow in debug)
	@SWIFT="$(SWIFT)" Scripts/test.sh $(ARGS)

.PHONY: soak
soak: setup test-tools ## kill real servers under 500 listeners, compare every byte; SOAK_SECONDS (600), SOAK_RESTARTS (50), SOAK_PARTS
	@SWIFT="$(SWIFT)" SOAK_SECONDS="$(SOAK_SECONDS)" SOAK_RESTARTS="$(SOAK_RESTARTS)" Scripts/soak.sh $(ARGS)

.PHONY: bench
bench: setup ## measure the fan-out against a minimal C loop and Icecast; ARGS="--long" adds the long parts
	@SWIFT="$(SWIFT)" Scripts/bench.sh $(ARGS)

.PHONY: bench-mix
bench-mix: setup test-tools ## how many times faster than real time stretching and mixing are; ARGS="--long" adds three hours
	@SWIFT="$(SWIFT)" Scripts/bench-mix.sh $(ARGS)

.PHONY: bench-transitions
bench-transitions: setup test-tools ## our transitions beside ffmpeg's and Liquidsoap's over Debian's game music; TRANSITIONS_TRACKS (12)
	@SWIFT="$(SWIFT)" Scripts/bench-transitions.sh

.PHONY: golden
golden: ## write the golden plans of the mix's corpus again, after a change that is meant
	RENEW_GOLDEN=1 $(SWIFT) test -c release --disable-xctest --filter CorpusTests

.PHONY: bench-beats
bench-beats: ## score the analysis on music made here whose beats are known; ARGS="--count N --seed N", "--crates N", "--memory" or "FOLDER..."
	$(BUILD) --product bench-beats
	@.build/release/bench-beats $(ARGS)

.PHONY: mutate
mutate: setup ## analyse a thousand broken files under the address sanitizer; MUTATIONS, SEED
	@SWIFT="$(SWIFT)" Scripts/mutate.sh

.PHONY: fuzz
fuzz: setup-relay ## search a minute for each parser what breaks it; FUZZ_SECONDS, FUZZ_TARGETS
	@SWIFT="$(SWIFT)" Scripts/fuzz.sh $(ARGS)

.PHONY: lint
lint: ## check the layout of all Swift files; changes nothing
	@Scripts/lint.sh

.PHONY: format
format: ## lay out all Swift files
	$(SWIFT) format --in-place --parallel --recursive Sources Tests Package.swift

.PHONY: setup
setup: ## install the Debian packages that are missing for building
	@Scripts/setup.sh

.PHONY: setup-relay
setup-relay:
	@Scripts/setup.sh relay

.PHONY: test-tools
test-tools: ## unpack the players that tests use, under .build/tools
	@Scripts/test-tools.sh

.PHONY: clean
clean: ## remove what was built; keeps the unpacked test tools
	$(SWIFT) package clean
