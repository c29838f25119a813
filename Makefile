# The commands of this project. Each does its own set-up; make and Python 3.11 or newer are all they need.
#
#   make lab PYTHON=python3.12         set up with this Python (after `make clean`, if there is a .venv already)
#   make lab LAB_ARGS=--no-browser     pass options on to JupyterLab
#   make test PYTEST_ARGS="-k nested"  pass options on to pytest
#   make test LOCK=                    use the newest versions allowed instead of the locked ones
#   make bench BENCH_ARGS=--json       print the figures as JSON: the stored reference.json is such a run

PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
LOCK = requirements.lock
LAB_ARGS =
PYTEST_ARGS =
BENCH_ARGS =

# In a container one is root, and JupyterLab wants that said. It listens on this machine alone, and asks for its token.
ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

# A notebook that nobody has changed is opened without its outputs: they hold the answers to what it asks.
CONTENTS := --ServerApp.contents_manager_class=fluvius_demo.lessons.unspoiled.Unspoiled

# The newest versions get a room of their own: they never mix with the locked ones.
VENV := $(if $(LOCK),.venv,.venv-newest)
LAB_READY := $(VENV)/.lab-ready
TEST_READY := $(VENV)/.test-ready
# The version that JupyterLite's kernel has. A folder of its own for each: another version is another folder.
PYODIDE := 314.0.6
PYODIDE_READY := $(VENV)/pyodide-$(PYODIDE)/.ready
# For the slides, and for the check of the pages. The ready file is named after the versions: another one is fetched anew.
REVEAL := 5.2.1
AXE := 4.14.1
NPM_READY := $(VENV)/npm/.ready-reveal-$(REVEAL)-axe-$(AXE)
# Where these cannot be fetched, the tests that need them are skipped; CI demands them.
NEW_NODE := node --eval 'process.exit(+(parseInt(process.versions.node) < 18))'
NPM := $(shell $(NEW_NODE) 2>/dev/null && command -v npm 2>/dev/null)
SETUP := $(VENV)/bin/python requirements.txt pyproject.toml $(or $(LOCK),newest)

# uv is used where it is present: it installs in seconds.
UV := $(shell command -v uv 2>/dev/null)
ifneq ($(UV),)
INSTALL = $(UV) pip install --quiet --python $(VENV)/bin/python --compile-bytecode pip
else
INSTALL = $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check
endif
VERSIONS = $(if $(LOCK),--constraint $(LOCK),--upgrade)

.PHONY: pages slides handout help lab test test-long test-browser-python lint notebooks bench lock clean newest node
.DELETE_ON_ERROR:

help:
	@echo "make lab                  open the course in JupyterLab"
	@echo "make test                 run every test"
	@echo "make test-long            run the tests that take minutes: every order, with a fault at every await"
	@echo "make test-browser-python  run the tests on the browser's Python (needs Node.js and npm)"
	@echo "make lint                 check style and formatting"
	@echo "make notebooks            run every notebook and store what it prints"
	@echo "make bench                measure what commands cost on this machine (BENCH_ARGS=--quick: in 20 s)"
	@echo "make slides               build/slides/: each notebook as slides that work offline (needs Node.js and npm)"
	@echo "make pages                build/pages/: each notebook as a page, to be read without Python or a network"
	@echo "make handout              build/handout.pdf: the course on one page A4 (needs Chrome or Chromium)"
	@echo "make lock                 bring requirements.lock up to date (needs uv)"
	@echo "make clean                remove the virtual environment and all caches"

lab: $(LAB_READY)
	-$(VENV)/bin/python -m fluvius_demo.lessons.originals keep
	$(VENV)/bin/python -m jupyterlab --ip=127.0.0.1 --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb \
		$(CONTENTS) $(ROOT) $(LAB_ARGS)

test: $(TEST_READY) $(if $(NPM),$(NPM_READY))
	$(VENV)/bin/python -m pytest -n 2 $(PYTEST_ARGS)

test-long: $(TEST_READY)
	$(VENV)/bin/python -m pytest -n 2 -m long tests/lessons $(PYTEST_ARGS)

test-browser-python: $(PYODIDE_READY)
	node tests/browser_python/run.mjs $(<D) -r fEs $(PYTEST_ARGS)

lint: $(TEST_READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

notebooks: $(TEST_READY)
	$(VENV)/bin/python tests/notebooks/store_outputs.py
	$(VENV)/bin/python -m fluvius_demo.lessons.originals list

bench: $(TEST_READY)
	$(VENV)/bin/python -m fluvius_demo bench $(BENCH_ARGS)

slides: $(TEST_READY) $(NPM_READY)
	$(VENV)/bin/python -m workshop.slides

pages: $(TEST_READY)
	$(VENV)/bin/python -m workshop.pages

handout: $(TEST_READY)
	$(VENV)/bin/python -m workshop.handout

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

# Pyodide's core comes from npm, and the wheels from PyPI, in the versions that the virtual environment has. Running the
# tests fetches nothing.
$(PYODIDE_READY): $(TEST_READY) tests/browser_python/requirements.txt | node
	rm -rf $(@D)
	npm install --silent --no-save --no-package-lock --ignore-scripts --prefix $(@D) pyodide@$(PYODIDE)
	$(VENV)/bin/python -m pip freeze --exclude-editable >$(@D)/versions.txt
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --target $(@D)/site --no-deps --no-compile \
		--only-binary=:all: --python-version 3.14 --implementation cp --abi cp314 \
		--platform pyemscripten_2026_0_wasm32 -r tests/browser_python/requirements.txt --constraint $(@D)/versions.txt
	@touch $@

$(NPM_READY): $(VENV)/bin/python | node
	rm -rf $(@D)
	npm install --silent --no-save --no-package-lock --ignore-scripts --prefix $(@D) reveal.js@$(REVEAL) axe-core@$(AXE)
	@touch $@

node:
	@{ $(NEW_NODE) && npm --version; } >/dev/null 2>&1 || { \
		echo "make $(MAKECMDGOALS) needs Node.js 18 or newer with npm: https://nodejs.org/, or your system's" >&2; \
		echo "packages, such as: apt-get install nodejs npm" >&2; \
		exit 1; \
	}

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
