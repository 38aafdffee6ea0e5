# Two commands: `make book` and `make test`. Needed: git, make, Python 3.11 or newer with venv.
PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3.11 python3 python,$(shell command -v $(name) 2>/dev/null)))
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help book test check lab bench lint clean

help: ## show the commands
	@grep -E '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 10

book: $(READY) ## make the book: _build/html/index.html and the PDF
	@$(BIN)/livrev build

test: $(READY) ## run the tests, and every notebook against its stored output
	@$(BIN)/python -m pytest --nbval tests notebooks -n 2 --dist loadfile -q

check: $(READY) ## check every record, number, anchor and chapter
	@$(BIN)/livrev check

lab: $(READY) ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab notebooks

bench: $(READY) ## measure, side by side with what one would use instead
	@$(BIN)/python benchmarks/run.py

lint: $(READY) ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

clean: ## delete what was built (the environment stays)
	rm -rf _build

$(READY): requirements.txt pyproject.toml environment.py
	@if [ -z "$(PYTHON)" ]; then \
	  echo "No Python found. Install Python 3.11 or newer (Debian: apt install python3 python3-venv), then run make again." >&2; exit 1; \
	fi
	@"$(PYTHON)" environment.py $(VENV)
