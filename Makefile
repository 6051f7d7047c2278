# Pocketdesk's front door. `make` lists what it opens.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
export PATH := $(shell . scripts/path.sh && echo "$$PATH")
# Every step's time can be written down: see scripts/step.sh.
STEP := scripts/step.sh
.PHONY: help setup demo tour test test-rust fuzz test-jvm test-android test-swift test-rt test-window lint hostile simulate simulate-bugs fleet fleet-bugs bench bench-peers torture docs bindings sandbox clean

KILLS ?= 300
# Millions of small files and statements: memory that a schedule gave back is kept for the next one.
SIMULATE := env MALLOC_TRIM_THRESHOLD_=1000000000 MALLOC_MMAP_THRESHOLD_=1000000000 MALLOC_TOP_PAD_=67108864 \
  cargo run --quiet --profile simulation -p pocketdesk-simulation --
FLEET := cargo run --quiet --profile simulation -p pocketdesk-fleet --
MVN := mvn -B -ntp -f android/pom.xml -Dkotlin.compiler.daemon=false

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## install what is missing (Debian, Ubuntu as root), or name it
	@scripts/setup.sh --plan "make setup" 0 0 rust jvm screens android swift

demo: ## the phone's screens in a window, with a sandbox server; SERVER=rt: with a Request Tracker; PRODUCT=impact-web, hub or telecom
	@scripts/demo.sh

tour: ## the same screens without a display: pictures and an index page in target/tour; SERVER=rt: target/tour-rt
	@scripts/demo.sh --tour

test: ## everything, and whether the tests that docs/product.md names ran
	@scripts/test-results.sh begin
	@$(STEP) setup scripts/setup.sh --plan "make test" 10 15 rust jvm screens android swift
	@$(MAKE) --no-print-directory test-rust test-jvm test-swift
	@$(STEP) product cargo run --quiet --package pocketdesk-architecture -- product

test-rust: ## core, sandbox, contract, simulation, disk
	@scripts/setup.sh rust
	$(STEP) $@ scripts/test-results.sh rust cargo test --workspace

test-jvm: bindings sandbox ## kit, screens, tour, phone (Robolectric), and the scenario in Kotlin
	@scripts/setup.sh jvm screens android
	$(STEP) $@ $(MVN) test

test-android: bindings sandbox ## of these the phone's alone
	@scripts/setup.sh jvm screens android
	$(MVN) -pl kit-android,embedding-sample,sample -am test -Dtest='dev.pocketdesk.android.**,dev.pocketdesk.embedding.**,dev.pocketdesk.sample.**' -Dsurefire.failIfNoSpecifiedTests=false

test-swift: bindings sandbox ## kit, the scenario in Swift, and the types of the SwiftUI screens (not a run)
	$(STEP) $@ scripts/test-results.sh swift

test-rt: ## the Request Tracker connector and the scenario against a real one (Debian 12; as root it is installed)
	@$(STEP) $@ scripts/test-rt.sh

test-window: ## whether the demo opens its window, on a display of its own (Xvfb)
	@$(STEP) $@ scripts/test-window.sh

hostile: ## the whole client against a server that misbehaves in every known way (MODE=1.1: those with this in their name)
	@scripts/setup.sh rust
	$(STEP) $@ cargo run --quiet --package pocketdesk-hostile -- $(if $(MODE),--mode $(MODE))

simulate: ## SCHEDULES (20000) schedules from SEED (1) on, the whole client against a model server; ARGS for more options
	@scripts/setup.sh rust
	$(STEP) $@ $(SIMULATE) --schedules $(or $(SCHEDULES),20000) --seed $(or $(SEED),1) $(ARGS)

simulate-bugs: ## the same with every deliberate bug in turn, until it is found
	@scripts/setup.sh rust
	$(STEP) $@ $(SIMULATE) --bugs --seed $(or $(SEED),1)

fleet: ## thousands of devices that share one rate limit, in virtual time, from SEED (1) on; SCALE (1): one of so many devices
	@scripts/setup.sh rust
	$(STEP) $@ $(FLEET) --scale $(or $(SCALE),1) --seed $(or $(SEED),1) $(ARGS)

fleet-bugs: ## the same with every deliberate bug of a fleet in turn, until it is found
	@scripts/setup.sh rust
	$(STEP) $@ $(FLEET) --scale 4 --seed $(or $(SEED),1) --bugs

fuzz: ## inputs that nobody thought of, for SECONDS (600) each: TARGET is a folder of fuzz/corpus, or all
	@$(STEP) $@ scripts/fuzz.sh $(or $(TARGET),all) $(or $(SECONDS),600)

lint: ## formats, lints, licences, and the Rust code's types on Android and iOS
	@$(STEP) $@ scripts/lint.sh
	@$(STEP) check-phones scripts/check-phones.sh

bench: ## figures beside hand-written references, at SIZES (1000,10000) tickets; none is asserted
	@SIZES="$(SIZES)" scripts/bench.sh

bench-peers: ## the first pages of 10,000 tickets beside WatermelonDB and RxDB (needs npm), after make bench
	@scripts/bench-peers.sh

torture: ## kills the client KILLS times (300) and checks that nothing was lost, doubled or reordered
	@scripts/setup.sh rust
	$(STEP) $@ cargo run --quiet --package pocketdesk-torture -- --kills $(KILLS)

docs: ## the API documentation and the project's documents, in target/docs
	@scripts/docs.sh

bindings: ## the core's library with its Kotlin and Swift, in target/bindings
	@scripts/setup.sh rust
	@$(STEP) $@ scripts/bindings.sh

sandbox:
	@scripts/setup.sh rust
	@# Of the whole workspace: with the features that `cargo test` built its dependencies with, so that they are not built again.
	@cargo build --quiet --workspace --bin pocketdesk-sandbox

clean: ## everything that was built
	cargo clean
	rm -rf ios/.build ios/Bench/.build android/target android/*/target
