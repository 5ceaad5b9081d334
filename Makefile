# What people type. `make` alone says what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

help:
	@echo 'make demo    try the whole product: a simulated phone and the inbox in a web page'
	@echo 'make test    run every test, on SQLite and PostgreSQL, with a real browser'
	@echo 'make check   lint, types, the import rule'
	@echo 'make bench   measure (docs/performance.md)'
	@echo 'make pictures   take the pictures of Slack and Telegram for the operators anew'
	@echo 'make words   take out every sentence, to be translated'
	@echo 'make lock    choose the newest versions that fit, and write them down'

demo: $(VENV)/run
	@$(BIN)/threadline demo $(ARGS)

test: $(VENV)/dev
	@tests/browser/need-chromium
	$(BIN)/python -m pytest -n 4 --dist worksteal $(ARGS)

check: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev
	$(BIN)/python -m bench $(ARGS)

pictures: $(VENV)/dev
	@tests/browser/need-chromium
	$(BIN)/python -m tests.pictures

words: $(VENV)/dev
	@mkdir -p build
	$(BIN)/pybabel -q extract -k _ --no-location -o build/threadline.pot bridge/render

lock: $(VENV)/dev
	$(BIN)/uv pip compile pyproject.toml --group build --group bench --group dev $(LOCKED) -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --group build -c requirements-dev.lock $(LOCKED) -o requirements.lock

LOCKED := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

# Each stamp is younger than what it was installed from, so that a second `make` costs nothing.
$(VENV)/run: requirements.lock pyproject.toml | $(VENV)/made
	@test -e $(VENV)/dev || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev: requirements-dev.lock pyproject.toml | $(VENV)/made
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'threadline needs Python 3.11 or later; say which: make demo PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo 'Python cannot make a virtual environment; on Debian and Ubuntu: sudo apt-get install python3-venv' >&2; exit 1; }
	@touch $@

.PHONY: help demo test check bench pictures words lock
