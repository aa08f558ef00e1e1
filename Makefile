# Two commands matter: `make warehouse` and `make test`. Both set up what they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Spark is large and needs Java, so it has an environment and a lock of its own.
VENV_SPARK := .venv-spark
PUPILS ?= 100000
SEED ?= 1
DATABASE ?= warehouse.duckdb
EXTRACTS ?= synthetic
SPARK ?=
# Where `make test` works; never the folder of a warehouse that somebody reads.
TEST_DIR := target/test

export DO_NOT_TRACK := 1

.DEFAULT_GOAL := help
.PHONY: help setup warehouse test lint lint-words test-dbt test-python docs clean

LIST = grep -hE '^[a-z-]+:.*\#\# ' $(1) | sed -E 's/^([a-z-]+):.*\#\# /  make \1\t/' | expand -t 26
help: ## List these targets
	@$(call LIST,Makefile)
	@echo && echo "For maintainers:"
	@$(call LIST,scripts/dev/lab.mk)

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
	@if [ $(@D) = $(VENV) ]; then $(@D)/bin/python -m pip install --quiet \
		--disable-pip-version-check --no-input --no-deps --no-build-isolation -e .; fi
	@touch $@

# statsmodels, for the tutorial on outcomes: large, and no command needs it.
$(VENV)/.models: requirements-models.lock $(VENV)/.ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input \
		--require-hashes -r $<
	@touch $@

warehouse: setup ## Make synthetic extracts and build a warehouse from them (PUPILS=100000 SEED=1)
	@$(BIN)/social-care-warehouse synthesise $(EXTRACTS) --pupils $(PUPILS) --seed $(SEED) --datasets all
	@$(BIN)/social-care-warehouse build $(EXTRACTS) --database $(DATABASE) \
		--children-represented $$(cat $(EXTRACTS)/truth/children_represented.txt)

# Without Java, `make test` leaves Spark out and says so; `make test-spark` fails.
test: ## Run everything: lint, test-dbt, test-python, and test-spark if there is Java
	@$(MAKE) --no-print-directory --jobs 2 lint test-dbt prepare-engines
	@$(MAKE) --no-print-directory test-python test-engines

lint: setup ## Style and types of Python, style of SQL, silent differences between engines, YAML keys
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python scripts/dev/lint_yaml.py
	$(BIN)/python scripts/dev/lint_words.py
	$(BIN)/python scripts/dev/lint_sql.py lint --processes 2 --disable-progress-bar models tests/singular

lint-words: setup ## Find idioms that readers stumble over, and suggest plain words
	$(BIN)/python scripts/dev/lint_words.py

test-dbt: setup ## Run every data test and unit test of dbt on new synthetic extracts
	@rm -rf $(TEST_DIR) && mkdir -p $(TEST_DIR)
	$(BIN)/python scripts/synthesise.py $(TEST_DIR)/extracts --pupils 20000 --seed 7
	$(BIN)/python scripts/load.py $(TEST_DIR)/extracts --database $(TEST_DIR)/warehouse.duckdb
	WAREHOUSE_DB=$(TEST_DIR)/warehouse.duckdb $(BIN)/dbt --quiet --log-level-file none \
		--no-write-json build --profiles-dir profiles

test-python: $(VENV)/.models ## The command line end to end, bad input, properties
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder \
		--max-worker-restart 0

.PHONY: prepare-engines test-engines test-spark
# Early, because a processor is idle while the unit tests of dbt run.
prepare-engines:
	@if $(PYTHON) tests/engines/java.py > /dev/null 2>&1; then \
		$(MAKE) --no-print-directory $(VENV_SPARK)/.ready; fi

test-engines:
	@if $(PYTHON) tests/engines/java.py; then $(MAKE) --no-print-directory test-spark; \
		else echo "So the tests on Spark were left out."; fi

# Enough rows for every rule. More would only take longer.
test-spark: PUPILS = 1000
test-spark: ## Build the same extracts on DuckDB and Spark and compare every table (needs Java; PUPILS=1000 SPARK=--unit-tests)
	@$(PYTHON) tests/engines/java.py
	@$(MAKE) --no-print-directory $(VENV_SPARK)/.ready
	$(VENV_SPARK)/bin/python tests/engines/check_rules.py
	$(VENV_SPARK)/bin/python tests/engines/compare_engines.py --pupils $(PUPILS) $(SPARK)

.PHONY: wheelhouse test-offline
wheelhouse: ## Download all packages, to install without a network (docs/how-to/offline.md)
	$(PYTHON) -m pip download --require-hashes --only-binary :all: --dest wheelhouse -r requirements.lock

test-offline: ## Install from wheelhouse/ and build a warehouse in a namespace without network
	$(PYTHON) tests/faults/offline.py

docs: setup ## Make the documentation of every table and column as one file that works offline
	$(BIN)/dbt docs generate --profiles-dir profiles --static
	@echo "Open target/static_index.html"

clean: ## Remove what was built, except warehouses
	rm -rf target logs synthetic

# What only maintainers run: measurements, pages filled by a command, long tests, lock files.
include scripts/dev/lab.mk
