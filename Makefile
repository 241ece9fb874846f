PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install tools run test bench camera-bench retakes cheeks fairness experiments check lock fix catalogs miniapp pictures screens faults flood year

NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# What running needs, and nothing more.
install: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	@if test -x $(BIN)/python && ! $(BIN)/python $(NEW_ENOUGH); then \
		echo "$(VENV) is of $$($(BIN)/python -V), which is too old: it is made anew."; rm -rf $(VENV); \
	fi
	@test -x $(BIN)/python || $(PYTHON) $(NEW_ENOUGH) || { \
		echo "Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another one: make run PYTHON=python3.13" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv --clear $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

# What tests and checks need besides.
tools: $(VENV)/.tools

$(VENV)/.tools: requirements-dev.lock $(VENV)/.installed
	$(PIP) --require-hashes -r requirements-dev.lock
	touch $@

run: install
	$(BIN)/skinbot

test: tools
	$(BIN)/python -m pytest

# How steady each measure is that is followed on this device: make retakes FACES=folder of portraits.
retakes: tools
	$(BIN)/python -m tests.bench.retakes $(FACES)

# How well the page's camera agrees with the server, and how alike its photos are; with FACES=folder of portraits, or drawn ones.
camera-bench: tools
	$(BIN)/python -m tests.browser.camera_bench $(if $(FACES),--faces $(FACES))

# What light does to each cheek, and to what differs between both: make cheeks FACES=folder of portraits.
cheeks: tools
	$(BIN)/python -m tests.bench.cheeks $(FACES)

# Whether every skin in every light is read alike: make fairness FACES=folder of portraits; FEW=600 measures a sample.
fairness: tools
	$(BIN)/python -m tests.bench.fairness $(FACES) $(if $(FEW),--few $(FEW))

# What a self-experiment is worth, lived through by people who never were: make experiments; PEOPLE=100 is quick.
experiments: tools
	$(BIN)/python -m tests.bench.experiments $(PEOPLE)

# The peers and floors come from requirements-bench.lock and tests/bench/peers/grammy/package-lock.json, for this only.
bench: tools
	$(PIP) --require-hashes -r requirements-bench.lock
	npm ci --silent --prefix tests/bench/peers/grammy
	$(BIN)/python -m tests.bench

check: tools
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

year: tools
	SKINBOT_YEAR=1 $(BIN)/python -m pytest -q -s --timeout=0 tests/faults/test_reminder_year.py

fix: tools
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

catalogs: tools
	$(BIN)/pybabel --quiet extract -F templates/locale/babel.cfg -c NOTE: --no-wrap --add-location=file --sort-by-file --omit-header -o .skinbot.pot templates
	$(BIN)/pybabel --quiet update -D skinbot -i .skinbot.pot -d templates/locale --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	rm .skinbot.pot

# The Mini App's page, from its sources and locked packages: what is built is committed, and nothing else needs Node.
miniapp:
	npm ci --silent --ignore-scripts --prefix templates/miniapp
	node templates/miniapp/build.mjs

pictures: tools
	$(BIN)/python -m tests.browser.pictures

# Twenty-six screens in docs/pictures/screens: the chat light beside dark, My skin right to left as well.
screens: tools
	$(BIN)/python -m tests.browser.screens

# The whole campaign: FAULTS_KILLS random kills of each kind (SQLite; two processes on PostgreSQL), FAULTS_DISKS lost disks, then the flood.
faults: tools
	FAULTS_KILLS=$${FAULTS_KILLS:-100} FAULTS_DISKS=$${FAULTS_DISKS:-20} $(BIN)/python -m pytest -q --timeout=0 tests/faults
	$(MAKE) flood

flood: tools
	FLOOD_SELFIES=$${FLOOD_SELFIES:-10000} $(BIN)/python -m pytest -q --timeout=0 tests/faults/test_flood.py

lock: tools
	$(BIN)/uv pip compile pyproject.toml --all-extras --group build --universal --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --all-extras --group build --group dev --universal --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --all-extras --group build --group dev --group bench --universal --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements-bench.lock
