# Two commands do everything on a fresh machine: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE := corpora/sample
STUDY := demo-study

.PHONY: demo test check install clean help

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

demo: $(VENV)/installed ## install, annotate the sample interviews, say where the results are
	$(BIN)/narratives annotate $(SAMPLE) -o $(STUDY) --excel
	$(BIN)/narratives track $(STUDY) --quiet
	$(BIN)/narratives report $(STUDY)

test: $(VENV)/installed-dev ## install, check style and types, run all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

install: $(VENV)/installed ## install into .venv

$(VENV)/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet torch==2.13.0 -c constraints.txt
	$(BIN)/python -m pip install --quiet -e '.[show]' -c constraints.txt
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet -e '.[dev]' -c constraints.txt
	touch $@

clean: ## remove the virtual environment and the demo's results
	rm -rf $(VENV) $(STUDY)
