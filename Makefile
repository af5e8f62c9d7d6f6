# make run   the whole program, on a machine with Python 3.11 or newer and make and nothing else
# make test  what CI runs
# make faults  kills, full disks, locks, and every case of the oracles of which `make test` tries some: twenty minutes,
#              best as root; prints what it counted
# make pictures  the pictures in docs/, from the real page in Chromium
# make bench, make bench-scale   what is said in docs/benchmarks.md, measured on this machine (BENCH_OPTIONS=--quick, --help)

PYTHON ?= python3
# More options for pip, for example where to find the CPU build of torch (see constraints.txt).
PIP_OPTIONS ?=
# So many test files at a time; most wait more than they compute.
TEST_PROCESSES ?= 4
BENCH_OPTIONS ?=
# Which ask `tests/thorough.py` how many cases to try, or look for new ones with Hypothesis.
ORACLES := $(addprefix tests/,test_permissions.py test_customer_permissions.py test_api_described.py test_mangled.py \
  test_library.py test_engines.py \
  friction/test_suppression.py test_lives.py \
  test_knowledge_page.py test_personal.py test_person_names.py test_working_time.py test_audit.py test_directory.py test_oversight.py test_people.py)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test faults pictures format bench bench-scale clean

run: $(VENV)/installed
	@$(BIN)/throughline run

test: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder

faults: $(VENV)/installed-dev
	THOROUGH=1 $(BIN)/pytest -s -p no:randomly tests/faults $(ORACLES)

pictures: $(VENV)/installed-dev
	$(BIN)/python tests/screenshots.py

format: $(VENV)/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Five other products are installed below var/bench, 1 GB each; the first run takes an hour on two cores.
bench: $(VENV)/installed
	$(BIN)/python tests/benchmarks/compare.py $(BENCH_OPTIONS)

bench-scale: $(VENV)/installed
	$(BIN)/python tests/benchmarks/scale.py $(BENCH_OPTIONS)

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Throughline needs Python 3.11 or newer; $(PYTHON) is older. Name another: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: install the package python3-venv."; exit 1; }

# The stamps are made last, so an installation that was interrupted is taken up again.
$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/pip
	@echo "Installing into $(VENV) (the first time takes some minutes) ..."
	$(BIN)/pip install --quiet --constraint constraints.txt $(PIP_OPTIONS) --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml constraints.txt | $(BIN)/pip
	$(BIN)/pip install --quiet --constraint constraints.txt $(PIP_OPTIONS) --editable '.[dev]'
	@touch $(VENV)/installed $@
