# Targets for maintainers. Nobody needs them to build or use a warehouse.

KILLS ?= 50
FILES ?= 10000
TABLES ?= 1000
ROUNDS ?= 20
BENCHMARK ?=
DEV := PYTHONPATH=scripts $(BIN)/python -m dev

.PHONY: realism misclassification benchmark scale rebuild-times compare-commits documents lock
.PHONY: test-faults test-fuzz test-outputs test-oracles test-rebuilds test-subsets area-power

# The rates of small groups need more pupils than a first warehouse does.
realism: PUPILS = 1000000
realism: setup ## Compare synthetic extracts with published figures (PUPILS=1000000 SEED=1)
	$(DEV).realism --pupils $(PUPILS) --seed $(SEED)

misclassification: setup ## Measure how much each release misses; fills its page (PUPILS=100000 SEED=1)
	$(DEV).misclassification --pupils $(PUPILS) --seed $(SEED)

# A size is number:repeats. Extracts of an earlier run are used again.
benchmark: setup ## Compare the warehouse with other ways to the answer (PUPILS="100000:3 1000000:3")
	$(DEV).benchmark $(foreach size,$(PUPILS),--pupils $(size)) $(BENCHMARK)

# 15 million pupils need a large disk, and R nearly 10 GB of memory.
scale: PUPILS = 100000:3 1000000:3 15000000:1
scale: BENCHMARK = --memory-limit 1GB --fill-page
scale: benchmark ## Run the benchmark at every size and fill docs/**/scale.md (long)

rebuild-times: PUPILS = 100000
rebuild-times: setup ## Measure what a build costs after a change; fills docs/**/rebuild.md (PUPILS=100000)
	$(DEV).rebuild_times --pupils $(PUPILS) --fill-page

compare-commits: PUPILS = 100000
compare-commits: COMMIT = a09c767
compare-commits: setup ## Measure a build of the social care datasets here and at another commit (PUPILS=100000 COMMIT=a09c767)
	$(DEV).compare_commits $(COMMIT) --pupils $(PUPILS)

DOCUMENTS := target/documents
documents: $(VENV)/.models ## Fill in what the documents show: the generated pages, and what each example prints
	$(DEV).made_pages
	$(BIN)/python scripts/synthesise.py $(DOCUMENTS)/synthetic --pupils 100000 --seed 1 --datasets all
	rm -f $(DOCUMENTS)/warehouse.duckdb  # A build from nothing, as the pages show it.
	$(BIN)/python scripts/build.py $(DOCUMENTS)/synthetic --database $(DOCUMENTS)/warehouse.duckdb \
		--children-represented $$(cat $(DOCUMENTS)/synthetic/truth/children_represented.txt) \
		> $(DOCUMENTS)/screen.txt
	$(DEV).documents --database $(DOCUMENTS)/warehouse.duckdb --screen $(DOCUMENTS)/screen.txt

test-faults: setup ## Kill builds at random moments and check that the warehouse stays whole (KILLS=50)
	$(BIN)/python tests/faults/kill_builds.py --kills $(KILLS)

test-fuzz: setup ## Load thousands of mutated files: no traceback, no hang, balanced accounts (FILES=10000)
	$(BIN)/python tests/faults/fuzz_loader.py --files $(FILES)

test-outputs: setup ## Attack random tables for release with linear programs (TABLES=1000)
	$(BIN)/python tests/faults/attack_outputs.py --tables $(TABLES)

area-power: PUPILS = 1000000
area-power: setup ## Show which differences between authorities are found, and false alarms (PUPILS=1000000)
	$(BIN)/python tests/faults/area_power.py --pupils $(PUPILS)

# Their versions of pandas and others are older than ours, so they have an environment of their own.
VENV_ORACLES := .venv-oracles
test-oracles: setup ## Compare with ACRO and pytauargus which counts are unsafe (needs their packages)
	@test -d $(VENV_ORACLES) || $(PYTHON) -m venv $(VENV_ORACLES)
	$(VENV_ORACLES)/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
		--require-hashes -r tests/oracles/requirements.lock
	$(BIN)/python tests/oracles/compare_outputs.py --oracles $(VENV_ORACLES)/bin/python

test-subsets: setup ## Build without each subset of the five datasets of school and justice (long)
	$(BIN)/python tests/faults/build_subsets.py

test-rebuilds: setup ## Change the project and the files at random, build again, compare with a build from nothing (ROUNDS=20)
	$(BIN)/python tests/faults/rebuild_randomly.py --rounds $(ROUNDS)

RESOLVE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-header --no-strip-extras pyproject.toml
lock: ## Resolve the lock files again from pyproject.toml (needs uv from PyPI)
	$(RESOLVE) --extra reading --extra export --extra areas --extra outputs --extra report \
		--extra plots --extra dev -o requirements.lock
	$(RESOLVE) --extra spark --constraint requirements.lock -o requirements-spark.lock
	$(RESOLVE) --extra models --constraint requirements.lock -o requirements-models.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		tests/oracles/requirements.in -o tests/oracles/requirements.lock
