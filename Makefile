# Run it, test it, check it. Each command first makes what it needs; `make setup` alone does only that.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
NODE := tests/node/node_modules/.package-lock.json
PYTEST ?= -n 2
BENCH ?=
SHOTS ?=

.PHONY: help setup run test check lint types layers templates scripts migrations bench shots

help:
	@echo "make run     the portal at http://localhost:5000, with demo data on the first start"
	@echo "make test    the tests (make test PYTEST='tests/build -x' for some of them)"
	@echo "make check   ruff, mypy, import contracts, templates, scripts, migrations"
	@echo "make bench   the benchmarks (make bench BENCH=pages for one)"
	@echo "make shots   pictures of the main screens in shots/ (make shots SHOTS=home for some)"

setup: $(READY) $(NODE)

$(READY): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed. Name it like this: make setup PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Setting up .venv; this takes a minute the first time."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes --requirement requirements/dev.lock
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

# Checks of styles, scripts and accessibility come from npm; everything else works without it.
$(NODE): $(wildcard tests/node/package-lock.json)
	@if command -v npm >/dev/null; then cd tests/node && npm ci --silent --no-audit --no-fund; \
	else echo "npm is not installed: the checks of styles, scripts and accessibility are left out."; fi

run: $(READY)
	@exec $(BIN)/portal run

test: setup
	@exec $(BIN)/python -m pytest $(PYTEST)

check: setup lint types layers templates scripts migrations

lint:
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types:
	$(BIN)/mypy

layers:
	$(BIN)/lint-imports

templates:
	$(BIN)/djlint --lint --quiet portal/templates portal/sandbox/templates

scripts:
	@if [ -e $(NODE) ]; then tests/node/node_modules/.bin/biome ci; \
	else echo "left out: styles and scripts (npm is not installed)"; fi

migrations:
	@export PORTAL_ENVIRONMENT=test PORTAL_INSTANCE="$$(mktemp -d)" && \
	$(BIN)/flask --app wsgi db upgrade && $(BIN)/flask --app wsgi db check; \
	result=$$?; rm -r "$$PORTAL_INSTANCE"; exit $$result

bench: $(READY)
	@exec $(BIN)/python -m bench $(BENCH)

shots: setup
	@exec $(BIN)/python -m tests.shots $(SHOTS)
