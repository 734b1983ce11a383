# What to type: `make run` for the demo, `make test` before every commit.
SWIFT ?= swift
CONFIGURATION ?= debug
PORT ?= 8080
CLUSTER_JOURNEYS ?= 2000
# Tests wait for databases and other programs: with all at once on two cores some would wait too long.
AT_A_TIME ?= --experimental-maximum-parallelization-width 8

.PHONY: run build test unit simulate browser cluster edge torture format lint bench setup setup-test clean

run: setup
	$(SWIFT) build -c $(CONFIGURATION) --product refund-portal
	$$($(SWIFT) build -c $(CONFIGURATION) --show-bin-path)/refund-portal demo --port $(PORT)

build: setup
	$(SWIFT) build --explicit-target-dependency-import-check error

test: setup-test
	$(MAKE) lint
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error
	SWIFT=$(SWIFT) Scripts/unit.sh --skip-build $(AT_A_TIME)
	$(MAKE) simulate SEEDS=200
	$(MAKE) browser
	$(MAKE) edge
	$(MAKE) cluster CLUSTER_JOURNEYS=200

unit: setup-test
	SWIFT=$(SWIFT) Scripts/unit.sh $(AT_A_TIME)

# Runs of the whole desk against the bank's rules, docs/simulation.md: SEED, SEEDS, STEPS or DAYS, SIGNING, TRACE=1.
simulate: setup
	$(SWIFT) build -c $(CONFIGURATION) --product Simulate
	$$($(SWIFT) build -c $(CONFIGURATION) --show-bin-path)/Simulate --seed $(or $(SEED),1) --seeds $(or $(SEEDS),1) \
	  $(if $(STEPS),--steps $(STEPS)) $(if $(DAYS),--days $(DAYS)) $(if $(SIGNING),--signing $(SIGNING)) \
	  $(if $(TRACE),--trace)

browser: setup-test
	.venv/bin/python -m pytest -q Tests/Browser

# Journeys through servers and workers that are killed all the while; CLUSTER_JOURNEYS says how many (2000).
cluster: setup-test
	$(SWIFT) build --product refund-portal
	CLUSTER_JOURNEYS=$(CLUSTER_JOURNEYS) .venv/bin/python -m pytest -q -s Tests/Cluster

# Requests as raw bytes, the listener's TLS, and nginx as docs/guides/nginx.md sets it up.
edge: setup-test
	$(SWIFT) build --product refund-portal
	.venv/bin/python -m pytest -q Tests/Edge

# By hand: slow clients, scanners, TLS testers, one after the other; Tests/Torture/README.md. Not a part of `make test`.
torture: setup-test
	$(SWIFT) build -c release --product refund-portal
	Scripts/setup.sh torture
	.venv/bin/python Tests/Torture/torture.py $(TORTURE)

format:
	$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift

lint:
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift

bench: setup-test
	$(SWIFT) build -c release --product refund-portal
	$(SWIFT) build -c release --product BareServer
	python3 Scripts/bench.py

setup:
	Scripts/setup.sh build

setup-test:
	Scripts/setup.sh test

clean:
	rm -rf .build .venv demo
