# Each target sets up what it needs in .venv; on Debian or Ubuntu it installs missing packages when run as root.
PYTHON ?= python3
PY := .venv/bin/python
STAMP := .venv/.installed
JOBS ?= 2
# Judged by time: read without the coverage tracer, which makes them several times slower.
TIMED := tests/faults/test_hostile_rosters.py

.PHONY: setup run demo test lint check-types check-layers unit bench gaps faults coverage mutants catalogues lock clean

setup: $(STAMP) catalogues

$(STAMP): requirements.lock pyproject.toml packaging/debian_packages.sh
	sh packaging/debian_packages.sh
	test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(STAMP)

catalogues: $(STAMP)
	$(PY) packaging/build_hook.py

run: setup
	$(PY) -m counselroom $(ARGS)

demo: setup
	$(PY) -m counselroom demo demo-out

lint: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports

unit: setup
	$(PY) -m pytest -n $(JOBS) --cov --cov-report= --ignore=$(TIMED)
	$(PY) -m pytest -n $(JOBS) $(TIMED)

coverage: unit
	$(PY) packaging/coverage_floor.py

test: lint coverage

bench: setup
	$(PY) -m tests.bench $(ARGS)

# Three plays through every page and dialog of a large school; fails on a gap of the window over 50 ms.
gaps: setup
	$(PY) -m tests.bench --only gaps

faults: setup
	FAULTS=$(if $(FULL),full,more) $(PY) -m pytest tests/faults -n $(JOBS)

mutants: setup
	.venv/bin/mutmut run

# Maintainers: resolve the pins anew (needs `pip install uv`). No index address is written.
lock:
	uv pip compile pyproject.toml --extra dev --extra build --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-annotate --no-header -o requirements.lock

clean:
	rm -rf .venv demo-out dist build mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
