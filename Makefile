PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install run test bench check lock fix catalogs pictures faults flood year

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

# The peers and floors come from requirements-bench.lock and tests/bench/peers/grammy/package-lock.json, for this only.
bench: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	npm ci --silent --prefix tests/bench/peers/grammy
	$(BIN)/python -m tests.bench

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

year: install
	SKINBOT_YEAR=1 $(BIN)/python -m pytest -q -s --timeout=0 tests/faults/test_reminder_year.py

fix: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

catalogs: install
	$(BIN)/pybabel --quiet extract -F templates/locale/babel.cfg --no-wrap --add-location=file --sort-by-file --omit-header -o .skinbot.pot templates
	$(BIN)/pybabel --quiet update -D skinbot -i .skinbot.pot -d templates/locale --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	rm .skinbot.pot

pictures: install
	$(BIN)/python -m tests.browser.pictures
# The whole campaign: FAULTS_KILLS random kills of each kind (SQLite; two processes on PostgreSQL), then the flood.
faults: install
	FAULTS_KILLS=$${FAULTS_KILLS:-100} $(BIN)/python -m pytest -q --timeout=0 tests/faults
	$(MAKE) flood

flood: install
	FLOOD_SELFIES=$${FLOOD_SELFIES:-10000} $(BIN)/python -m pytest -q --timeout=0 tests/faults/test_flood.py

lock: install
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --group bench --universal --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements-bench.lock
