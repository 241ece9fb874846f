PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install run test check year lock fix catalogs

install: $(VENV)/.installed

$(VENV)/.installed: requirements-dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

run: install
	$(BIN)/skinbot

test: install
	$(BIN)/python -m pytest

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

year: install
	SKINBOT_YEAR=1 $(BIN)/python -m pytest -q -s tests/faults/test_reminder_year.py

fix: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

catalogs: install
	$(BIN)/pybabel --quiet extract -F templates/locale/babel.cfg --no-wrap --add-location=file --sort-by-file --omit-header -o .skinbot.pot templates
	$(BIN)/pybabel --quiet update -D skinbot -i .skinbot.pot -d templates/locale --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	rm .skinbot.pot

lock: install
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements-dev.lock
