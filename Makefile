# The commands of this project. Each does its own set-up; make and Python 3.11 or newer are all they need.
#
#   make lab PYTHON=python3.12         set up with this Python (after `make clean`, if there is a .venv already)
#   make lab LAB_ARGS=--no-browser     pass options on to JupyterLab
#   make test PYTEST_ARGS="-k nested"  pass options on to pytest
#   make test LOCK=                    use the newest versions allowed instead of the locked ones

PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
LOCK = requirements.lock
LAB_ARGS =
PYTEST_ARGS =

# In a container one is root, and JupyterLab wants that said. It listens on this machine alone, and asks for its token.
ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

# The newest versions get a room of their own: they never mix with the locked ones.
VENV := $(if $(LOCK),.venv,.venv-newest)
LAB_READY := $(VENV)/.lab-ready
TEST_READY := $(VENV)/.test-ready
SETUP := $(VENV)/bin/python requirements.txt pyproject.toml $(or $(LOCK),newest)

# uv is used where it is present: it installs in seconds.
UV := $(shell command -v uv 2>/dev/null)
ifneq ($(UV),)
INSTALL = $(UV) pip install --quiet --python $(VENV)/bin/python --compile-bytecode pip
else
INSTALL = $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check
endif
VERSIONS = $(if $(LOCK),--constraint $(LOCK),--upgrade)

.PHONY: help lab test lint notebooks lock clean newest
.DELETE_ON_ERROR:

help:
	@echo "make lab        open the course in JupyterLab"
	@echo "make test       run every test"
	@echo "make lint       check style and formatting"
	@echo "make notebooks  run every notebook and store what it prints"
	@echo "make lock       bring requirements.lock up to date (needs uv)"
	@echo "make clean      remove the virtual environment and all caches"

lab: $(LAB_READY)
	$(VENV)/bin/python -m jupyterlab --ip=127.0.0.1 --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb $(ROOT) $(LAB_ARGS)

test: $(TEST_READY)
	$(VENV)/bin/python -m pytest -n 2 $(PYTEST_ARGS)

lint: $(TEST_READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

notebooks: $(TEST_READY)
	$(VENV)/bin/python tests/notebooks/store_outputs.py

lock:
	$(or $(UV),$(error make lock needs uv: see https://docs.astral.sh/uv/)) pip compile --quiet --universal \
		--python-version 3.11 --upgrade --no-annotate --no-emit-package fluvius-demo \
		--custom-compile-command "make lock" --output-file requirements.lock requirements-test.txt

clean:
	rm -rf .venv .venv-newest .pytest_cache .ruff_cache build *.egg-info
	find . -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

# Without its announcements JupyterLab asks for no news, looks for no updates and shows no pop-up about either.
$(LAB_READY): $(SETUP)
	$(INSTALL) -r requirements.txt $(VERSIONS)
	$(VENV)/bin/jupyter-labextension disable --level=sys_prefix --log-level=ERROR \
		@jupyterlab/apputils-extension:announcements
	@touch $@

$(TEST_READY): $(SETUP) requirements-test.txt
	$(INSTALL) -r requirements-test.txt $(VERSIONS)
	@touch $@

$(VENV)/bin/python:
	@for python in $(PYTHON); do \
		version=$$("$$python" --version 2>&1) || continue; \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
			echo "Setting up $(VENV) with $$version. This takes a minute, once."; \
			rm -rf $(VENV) && exec "$$python" -m venv $(if $(UV),--without-pip) $(VENV); \
		fi; \
		echo "Found $$version as $$python: too old." >&2; \
	done; \
	echo "This course needs Python 3.11 or newer, and found none. Install it, https://www.python.org/downloads/," >&2; \
	echo "or say where it is: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
	exit 1
