# Two commands: `make book` and `make test`. Needed: git, make, Python 3.11 or newer with venv.
# The first Python that is new enough and has venv; failing that any Python, which then says what is missing.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  "$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; exit; }; \
  done; command -v python3 || command -v python)
VENV := .venv
unexport PYTHONDONTWRITEBYTECODE # where it is set, each of a hundred processes compiles the package anew
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help book test check lab bench lint hooks rehearsal clean

help: ## show the commands
	@grep -E '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 12

book: $(READY) ## make the book: _build/html/index.html and the PDF
	@$(BIN)/livrev build

test: $(READY) ## run the tests, and every notebook against its stored output
	@$(BIN)/python -m pytest --nbval tests notebooks -n 2 --dist loadfile --no-loadscope-reorder

check: $(READY) ## check every record, number, anchor and chapter
	@$(BIN)/livrev check

lab: $(READY) ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab notebooks

bench: $(READY) ## measure, side by side with what one would use instead
	@$(BIN)/python benchmarks/run.py

lint: $(READY) ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

hooks: $(READY) ## look at every commit before it is made, in a few seconds
	@$(BIN)/pre-commit install

rehearsal: $(READY) ## install and run here what Binder and Colab would (a few minutes)
	@$(BIN)/python binder/rehearse.py binder
	@$(BIN)/python binder/rehearse.py colab

clean: ## delete what was built (the environment stays); what was kept of it in the cache goes with the next build
	rm -rf _build

$(READY): requirements.txt pyproject.toml environment.py
	@if [ -z "$(PYTHON)" ]; then \
	  echo "No Python found. Install Python 3.11 or newer (Debian: apt install python3 python3-venv), then run make again." >&2; exit 1; \
	fi
	@"$(PYTHON)" environment.py $(VENV)
