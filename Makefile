# goldthread. Newcomers need two of these: make demo, make test. Each sets up everything it needs, and only once.
PYTHON := .venv/bin/python
SETUP := $(shell for p in python3.13 python3.12 python3.11 python3.14 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

.PHONY: help demo test check bench docs faults setup setup-dev python
help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

python:
	@test -n "$(SETUP)" || { echo "goldthread needs Python 3.11 or later; none was found on this machine's PATH." >&2; exit 1; }

setup: python
	@$(SETUP) tools/setup.py run

setup-dev: python
	@$(SETUP) tools/setup.py dev

demo: setup ## The whole system running with demonstration data (ARGS="--profile company --port 8001")
	@.venv/bin/goldthread demo $(ARGS)

test: setup-dev ## Everything that must pass (ARGS="-k thread")
	@$(PYTHON) -m pytest $(ARGS)

check: setup-dev ## Format, lint, types, import contracts
	@.venv/bin/ruff format --check --quiet . || { echo "Run: .venv/bin/ruff format ."; exit 1; }
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

faults: setup-dev ## The fault suites in full: kill -9 of sweepers and of the database, many rounds
	@GOLDTHREAD_FAULT_ROUNDS=50 $(PYTHON) -m pytest -m faults tests/faults $(ARGS)
	@GOLDTHREAD_FAULT_ROUNDS=50 $(PYTHON) -m pytest tests/methods/rights/test_against_z3.py tests/record/test_rights_machine.py $(ARGS)

bench: setup-dev ## Ratios to peers and to the machine's own floor, kept in benchmarks/RESULTS.md
	@$(PYTHON) tools/bench.py $(ARGS)

docs: setup-dev ## The documentation as pages in build/docs
	@$(PYTHON) tools/docs.py
