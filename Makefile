# `make run` and `make test` need Python 3.11 to 3.13, make and a package registry; everything else they bring themselves.
# A second call installs nothing: the files .venv/installed and .venv/installed-dev say what is there.

.DEFAULT_GOAL := help
.PHONY: help run test check format snapshots pictures wheel clean

VENV := .venv
BIN := $(VENV)/bin
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
# The first interpreter that fits; `make run PYTHON=/path/to/python3.12` chooses another for a new .venv.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(SUPPORTED)' 2>/dev/null && { echo $$p; break; }; done)
SCENARIO ?=
TESTS ?=

help:
	@echo "make run     install what is missing and open the app (make run SCENARIO=name for another scenario)"
	@echo "make test    install what is missing and run all tests (make test TESTS=tests/engine for some)"
	@echo "make check   format, lint, types, import contracts and tests: what a change must pass"
	@echo "make format  format the code and mend what the linter can mend"
	@echo "make snapshots  draw the pictures of the screens anew; look at what changed before committing"
	@echo "make pictures   train, and draw the pictures of the README anew (some minutes)"
	@echo "make wheel   build the wheel into dist/"
	@echo "make clean   remove .venv, dist and caches"

run: $(VENV)/installed
	@$(BIN)/tunetui $(SCENARIO)

test: $(VENV)/installed-dev
	$(BIN)/pytest -n 2 -q $(TESTS)

check: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest -n 2 -q $(TESTS)

format: $(VENV)/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

snapshots: $(VENV)/installed-dev
	$(BIN)/pytest -n 2 -q --snapshot-update tests/tui

pictures: $(VENV)/installed-dev
	$(BIN)/python benchmarks/pictures.py

wheel: $(VENV)/installed-dev
	$(BIN)/python -m hatchling build -t wheel

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Python itself is made once; newer dependencies do not make it again.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "tunetui needs Python 3.11, 3.12 or 3.13: make run PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c '$(SUPPORTED)' || { echo "$(PYTHON) is not Python 3.11, 3.12 or 3.13" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/installed-dev: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/installed
