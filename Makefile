PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test kill check format docs picture lock bench bench-analytics bench-clean bench-fetch bench-links bench-parse bench-radar bench-rebuild bench-store

help:  ## Show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Copydesk needs Python 3.11 or newer: make PYTHON=python3.12 " + "setup")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(VENV)/ready  ## Install what is pinned in requirements.lock into .venv

run: setup  ## Run the demo: three nights of three small newspapers, then SQL
	$(BIN)/copydesk demo

test: setup  ## Run all tests
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

kill: setup  ## Kill a run at every change of the disk, and all else that is killed in tests
	$(BIN)/python -m pytest -m kill -n 2 --dist loadfile
	$(BIN)/copydesk selftest --crash

check: setup  ## Format, lint, types, layers, generated docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m schemas.dictionary --check docs/data-dictionary.md

format: setup  ## Format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup  ## Generate docs/data-dictionary.md again
	$(BIN)/python -m schemas.dictionary docs/data-dictionary.md

picture: setup  ## Draw docs/demo.svg again
	$(BIN)/python docs/picture.py

lock: setup  ## Resolve requirements.lock again
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes --no-emit-index-url --no-header --output-file requirements.lock pyproject.toml

bench:  ## List the benchmarks: each prints a table, and one JSON object as its last line
	@grep -hoE '^bench-[a-z]+:.*##.*' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

bench-analytics: setup  ## Words over time and ranked search over a million made-up articles (ARTICLES=)
	$(BIN)/python -m benchmarks.analytics.bench --articles $(or $(ARTICLES),1000000)

bench-clean: setup  ## Clean the bodies of ../shared/bench, and generated junk
	$(BIN)/python -m benchmarks.clean.bench

bench-fetch: setup  ## Fetch 10,000 pages against Scrapy, and measure politeness
	$(BIN)/python -m benchmarks.fetch.bench

bench-links: setup  ## Find near-duplicates among a million made-up articles (ARTICLES=, NIGHTS=)
	$(BIN)/python -m benchmarks.links.bench --articles $(or $(ARTICLES),1000000) --nights $(or $(NIGHTS),10)

$(VENV)/rivals: benchmarks/parse/rivals.txt $(VENV)/ready
	-$(BIN)/uv pip install --quiet --python $(BIN)/python --target $@ --requirement $<

bench-parse: setup $(VENV)/rivals  ## Find the body on the sets of ../shared/bench, against other extractors
	$(BIN)/python -m benchmarks.parse.bench

bench-radar: setup  ## Watch made-up papers break for a year, on held-out seasons (SEEDS=)
	POLARS_MAX_THREADS=1 $(BIN)/python -m benchmarks.radar --seeds $(or $(SEEDS),held-out)

bench-store: setup  ## Commit nights into a million versions, and query them through the views
	$(BIN)/python -m benchmarks.store.bench

bench-rebuild: setup  ## Rebuild all of ../shared/pages with 1, 2 and 4 workers: equal hashes
	$(BIN)/python -m benchmarks.store.rebuild
