# One command a job. `make run` asks nothing but Python 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where pip finds the CPU build of torch, for machines without a GPU: see README, "Without a GPU".
PIP_ARGS ?=
PIP := $(BIN)/pip install --quiet --disable-pip-version-check $(PIP_ARGS)

.PHONY: run install test evaluate audit check format clean
.DEFAULT_GOAL := run

run: $(VENV)/.installed
	@exec $(BIN)/plaincite serve --build

install: $(VENV)/.installed $(VENV)/.installed-dev

test: install
	@.ci/need-chromium
	@.ci/need-postgres
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# The release gate: the own questions, held against evaluation/data/baseline.json.
evaluate: $(VENV)/.installed
	$(BIN)/plaincite evaluate gate

# Lighthouse over every page, as phone and as desktop. PAGES="home answer" audits those alone.
audit: $(VENV)/.installed .ci/audit/node_modules/.installed
	@.ci/need-chromium
	@node .ci/audit/audit.mjs $(PAGES)

.ci/audit/node_modules/.installed: .ci/audit/package-lock.json
	@.ci/need-node
	cd .ci/audit && npm ci --ignore-scripts --loglevel error
	@touch $@

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/plaincite corpus check

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) var

$(VENV)/bin/python:
	@.ci/need-python $(PYTHON)
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing plaincite into $(VENV) (a few minutes the first time)"
	$(PIP) -r requirements.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt | $(VENV)/.installed
	$(PIP) -r requirements-dev.txt
	@touch $@
