# Two commands matter: `make warehouse` and `make test`. Both set up what they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Spark is large and needs Java, so it has an environment and a lock of its own.
VENV_SPARK := .venv-spark
PUPILS ?= 100000
SEED ?= 1
DATABASE ?= warehouse.duckdb
KILLS ?= 50
FILES ?= 10000
EXTRACTS ?= synthetic
# Where `make test` works; never the folder of a warehouse that somebody reads.
TEST_DIR := target/test

export DO_NOT_TRACK := 1

.DEFAULT_GOAL := help
.PHONY: help setup warehouse test lint test-dbt test-python realism misclassification docs readme lock clean

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

setup: $(VENV)/.ready ## Make the virtual environment from the lock file

$(VENV)/.ready: LOCK := requirements.lock
$(VENV)/.ready: requirements.lock
$(VENV_SPARK)/.ready: LOCK := requirements-spark.lock
$(VENV_SPARK)/.ready: requirements-spark.lock
$(VENV)/.ready $(VENV_SPARK)/.ready:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "This needs Python 3.11 or later; name one with: make PYTHON=/path/to/python3.11"; exit 2; }
	@echo "Setting up $(@D) from $(LOCK) (once; about a minute)"
	@rm -rf $(@D)
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
		--require-hashes -r $(LOCK)
	@touch $@

warehouse: setup ## Make synthetic extracts and build a warehouse from them (PUPILS=100000 SEED=1)
	@$(BIN)/python scripts/synthesise.py $(EXTRACTS) --pupils $(PUPILS) --seed $(SEED)
	@$(BIN)/python scripts/build.py $(EXTRACTS) --database $(DATABASE)

# Without Java, test-engines says so and that is all; `make test-spark` by itself then fails.
test: lint test-dbt test-python test-engines ## Lint, `dbt build` with all tests on fresh synthetic extracts, pytest, Spark

lint: setup ## Style of SQL and Python, SQL that engines read alike, the keys of YAML files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python scripts/lint_yaml.py
	$(BIN)/python scripts/lint_portability.py
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar models tests/singular

test-dbt: setup ## Every data test and unit test of dbt, on freshly made synthetic extracts
	@rm -rf $(TEST_DIR) && mkdir -p $(TEST_DIR)
	$(BIN)/python scripts/synthesise.py $(TEST_DIR)/extracts --pupils 20000 --seed 7
	$(BIN)/python scripts/load.py $(TEST_DIR)/extracts --database $(TEST_DIR)/warehouse.duckdb
	WAREHOUSE_DB=$(TEST_DIR)/warehouse.duckdb $(BIN)/dbt build --profiles-dir profiles --quiet

test-python: setup ## The command line end to end, bad input, properties
	$(BIN)/python -m pytest

.PHONY: test-engines test-spark
test-engines:
	@if $(PYTHON) tests/engines/java.py; then $(MAKE) --no-print-directory test-spark; \
		else echo "So the tests on Spark were left out."; fi

# Rows enough for every rule; each costs Spark time.
test-spark: PUPILS = 5000
test-spark: ## The same extracts on DuckDB and on Spark, every table compared (needs Java; PUPILS=5000)
	@$(PYTHON) tests/engines/java.py
	@$(MAKE) --no-print-directory $(VENV_SPARK)/.ready
	$(VENV_SPARK)/bin/python tests/engines/check_rules.py
	$(VENV_SPARK)/bin/python tests/engines/compare_engines.py --pupils $(PUPILS)

# A first look at the warehouse needs fewer pupils than this.
realism: PUPILS = 1000000
realism: setup ## Synthetic extracts against published figures (PUPILS=1000000 SEED=1)
	$(BIN)/python scripts/realism.py --pupils $(PUPILS) --seed $(SEED)

test-faults: setup ## Kill builds at random moments and check that the warehouse stays whole (KILLS=50)
	$(BIN)/python tests/faults/kill_builds.py --kills $(KILLS)

test-fuzz: setup ## Load thousands of mutated files: no traceback, no hang, accounts that balance (FILES=10000)
	$(BIN)/python tests/faults/fuzz_loader.py --files $(FILES)

.PHONY: test-faults test-fuzz wheelhouse test-offline
wheelhouse: ## All packages as wheels in wheelhouse/, to install where there is no network (docs/how-to/offline.md)
	$(PYTHON) -m pip download --require-hashes --only-binary :all: --dest wheelhouse -r requirements.lock

test-offline: ## Install from wheelhouse/ and build a warehouse in a namespace without network
	$(PYTHON) tests/faults/offline.py

misclassification: setup ## What each release hides of known lives: tables, figure, page (PUPILS=100000 SEED=1)
	$(BIN)/python scripts/misclassification.py --pupils $(PUPILS) --seed $(SEED)

# Sizes as number:repeats. Extracts made before are taken with --extracts FOLDER.
.PHONY: benchmark scale
BENCHMARK ?=
LIMIT ?=
benchmark: setup ## Our warehouse against other ways to the same answer (PUPILS="100000:3 1000000:3")
	$(BIN)/python scripts/benchmark.py $(foreach size,$(PUPILS),--pupils $(size)) $(LIMIT) $(BENCHMARK)

# 15 million pupils take a large disk, and R nearly 10 GB of memory.
scale: PUPILS = 100000:3 1000000:3 15000000:1
scale: LIMIT = --memory-limit 1GB
scale: benchmark ## The same for docs/explanation/scale.md, which it fills in (long; needs R for all ways)
	$(BIN)/python scripts/scale.py target/benchmark/benchmark.json

docs: setup ## The documentation of every table and column as one file that works offline
	$(BIN)/dbt docs generate --profiles-dir profiles --static
	@echo "Open target/static_index.html"

readme: warehouse ## Fill in the outputs that README.md shows (with the default PUPILS and SEED)
	$(BIN)/python scripts/readme.py --database $(DATABASE)

RESOLVE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-header --no-strip-extras pyproject.toml
lock: ## Resolve both lock files anew from pyproject.toml (needs uv from PyPI)
	$(RESOLVE) --extra reading --extra plots --extra dev -o requirements.lock
	$(RESOLVE) --extra spark --constraint requirements.lock -o requirements-spark.lock

clean: ## Remove what was built; a warehouse stays
	rm -rf target logs synthetic
