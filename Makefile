# `make demo` and `make test` work on a fresh machine with Python >= 3.11 and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# elsewhere: TORCH_INDEX=https://download.pytorch.org/whl/cpu takes the small CPU build
PIP_TORCH := $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export TOKENIZERS_PARALLELISM := false

.PHONY: demo test lint types format bench gains lock clean

demo: $(VENV)/.run
	$(BIN)/tower run tiny --out runs/tiny --check
	@echo "The report is at runs/tiny/report.html"

test: $(VENV)/.test
	$(BIN)/python -m pytest -rs

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks

gains: $(VENV)/.run
	$(BIN)/python -m benchmarks.gains

# exact pins of everything, from what pyproject.toml allows; needs the network
lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/pip install -q $(PIP_TORCH) torch==2.13.0 .
	$(VENV)-lock/bin/pip freeze --exclude towerplus | sed 's/+cpu$$//' > requirements.lock
	$(VENV)-lock/bin/pip install -q $(PIP_TORCH) -c requirements.lock '.[test]'
	$(VENV)-lock/bin/pip freeze --exclude towerplus | sed 's/+cpu$$//' > requirements-test.lock
	rm -rf $(VENV)-lock build

clean:
	rm -rf $(VENV) runs build dist

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install -q $(PIP_TORCH) -r requirements.lock
	$(BIN)/pip install -q --no-deps -e .
	@touch $@

$(VENV)/.test: requirements-test.lock pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install -q $(PIP_TORCH) -r requirements-test.lock
	$(BIN)/pip install -q --no-deps -e .
	@touch $@ $(VENV)/.run
