# Two commands do everything: `make run` (the main job) and `make test` (all tests).
SHELL := /bin/bash
VENV ?= .venv
BIN := $(VENV)/bin

# Python: that of $(VENV) where there is one, else the newest that works (a name on the PATH may be
# a shim which only answers "command not found"). `make PYTHON=…` takes another.
VERSIONS ?= 3.14 3.13 3.12 3.11
WORKS := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))
VERSION := import sys; print(*sys.version_info[:2], sep=".")
NAMES = $(addprefix python,$(VERSIONS)) python3
working = $(shell for it in $(1); do $$it -c '$(WORKS)' 2>/dev/null && command -v $$it && break; done)
version_of = $(shell { $(1) -c '$(VERSION)'; } 2>/dev/null)
PYTHON ?= $(call working,$(BIN)/python $(NAMES))

FILE ?=
STATION ?=
# One lock for all versions of Python, from the oldest on.
LOCK := --universal --python-version 3.11 --group installer --generate-hashes --no-strip-extras \
	--no-emit-index-url --no-header -q

.PHONY: help run test smoke check audit clients up down docs notebook bench soak lock vendor dashboards python clean
help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12
	@echo "            FILE=… names your file for run; without it data/raw/inmet.csv, or a sample"

run: $(VENV)/.ready .env ## one file through the whole chain: upload, S3, Snowpipe, RAW, CLEAN, CSV, model
	@file="$(FILE)"; \
	if [ -z "$$file" ]; then \
		file=data/raw/inmet.csv; \
		[ -e "$$file" ] || $(BIN)/inmet sample "$$file"; \
	fi; \
	$(BIN)/inmet run "$$file" $(if $(STATION),--station $(STATION))

# Three for two cores: a quarter of a test is waiting for what it started.
test: $(VENV)/.ready-dev ## all tests (those of charts and Painel where Node and Chromium are)
	@! command -v npm >/dev/null || $(MAKE) -s node_modules/.ready
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# For another Python beside that of .venv: make smoke PYTHON=python3.13 VENV=.venv-3.13
SMOKE := chain/test_chain.py command/test_command.py::test_run_brings_a_file_from_nothing_to_csv_and_model
smoke: $(VENV)/.ready-dev ## the chain's tests and the main job once, for another Python
	$(BIN)/python -m pytest -q -n 2 --dist loadfile $(addprefix inmet_platform_tests/,$(SMOKE))

# Their environments come from PyPI and npm, once, into .clients/.
clients: $(VENV)/.ready-dev ## real clients (snow, dbt, pandas, Node …) against the embedded cloud; CLIENT=… names some
	@$(BIN)/python -m clients $(CLIENT)

check: $(VENV)/.ready-dev node_modules/.ready ## all checks of .pre-commit-config.yaml: lint, format, types, SQL, docs …
	@$(BIN)/pre-commit run --all-files

# The services that know of weaknesses are not among those that `make check` can count on.
audit: $(VENV)/.ready node_modules/.ready ## known weaknesses of the locked packages; asks pypi.org and the npm registry
	$(BIN)/uv tool run pip-audit --disable-pip --require-hashes -r requirements.lock
	npm audit --package-lock-only

up: $(VENV)/.ready .env ## all services in the foreground; Ctrl-C stops them
	@$(BIN)/inmet up

down: $(VENV)/.ready ## stop the services of another terminal
	@$(BIN)/inmet down

dashboards: $(VENV)/.ready-dev ## write grafana/dashboards/*.json again from grafana/source
	@$(BIN)/python -m grafana.source

docs: $(VENV)/.ready-dev ## serve the documentation on 127.0.0.1:8002
	@$(BIN)/mkdocs serve -a 127.0.0.1:8002

# Beside what is installed, developers' packages too; when all is there this takes a moment.
notebook: $(VENV)/.ready .env ## Jupyter with the notebooks on 127.0.0.1; open the address with the token it prints
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install -q --require-hashes -r requirements-notebook.lock
	INMET_HOME="$(CURDIR)" $(BIN)/jupyter lab --ip=127.0.0.1 --no-browser \
		--ServerApp.root_dir="$(CURDIR)/notebooks" $(if $(filter 0,$(shell id -u)),--allow-root)

bench: $(VENV)/.ready ## measure against the floor and pandas, growth over years, the data service (some 8 minutes)
	@$(BIN)/python -W ignore -m benchmarks.archive ../shared/inmet/archive/2024.zip
	@$(BIN)/python -W ignore -m benchmarks.again ../shared/inmet/portal
	@$(BIN)/python -W ignore -m benchmarks.data_service ../shared/inmet/archive/2024.zip

SEEDS := 1 2 3
soak: $(VENV)/.ready-dev ## kill and disturb the whole platform at random, for each of SEEDS (some 20 minutes each)
	@for seed in $(SEEDS); do $(BIN)/python -m inmet_platform_tests.soak --seed $$seed || exit 1; done

lock: $(VENV)/.ready ## write the locks again from pyproject.toml; each version of Python must find wheels for all
	$(BIN)/uv pip compile pyproject.toml $(LOCK) -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --group dev -c requirements.lock -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --group notebook -c requirements.lock -o requirements-notebook.lock
	@for version in $(VERSIONS); do for lock in requirements*.lock; do \
		$(BIN)/uv pip compile -q $$lock --no-deps --no-build --python-version $$version >/dev/null || exit 1; \
	done; done

vendor: node_modules/.ready ## put the pinned ECharts, with its licence, beside the Painel
	cp node_modules/echarts/dist/echarts.min.js node_modules/echarts/LICENSE node_modules/echarts/NOTICE \
		data_service/static/vendor/

clean: ## forget what the embedded services hold (data/ stays until the next run writes it anew)
	@[ ! -x $(BIN)/inmet ] || [ ! -e .env ] || $(BIN)/inmet down
	rm -rf .inmet

# It holds passwords: nobody else on the machine reads it.
.env:
	install -m 600 .env.example .env

python: ## the Python that a new environment would be made of
	@python="$(call working,$(NAMES))"; [ -n "$$python" ] || { echo "$(call no_python,none)" >&2; exit 1; }; echo "$$python"

no_python = Python 3.11 to 3.14 with ensurepip and venv is needed, found: $(1). \
	Install one (Debian: apt-get install python3 python3-venv) or name one: make PYTHON=…

# An environment of another Python than the one named is made anew, not mixed.
ifneq ($(origin PYTHON),file)
ifneq ($(call version_of,$(PYTHON)),$(call version_of,$(BIN)/python))
.PHONY: $(VENV)/.ready
endif
endif

# uv, itself locked, installs the rest in a fraction of pip's time.
$(VENV)/.ready: requirements.lock pyproject.toml
	@python="$(PYTHON)"; \
	"$$python" -c '$(WORKS)' 2>/dev/null || { echo "$(call no_python,$(or $(PYTHON),none))" >&2; exit 1; }; \
	version=$$("$$python" -c '$(VERSION)'); \
	[ "$(call version_of,$(BIN)/python)" = "$$version" ] || { \
		[ ! -e $(BIN)/python ] || echo "$(VENV) is not of Python $$version: it is made anew"; \
		"$$python" -m venv --clear $(VENV); }
	sed -n '/^uv==/,/# via/p' requirements.lock > $(VENV)/uv.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock
	$(call install,requirements.lock)
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(call install,requirements-dev.lock)
	@touch $@

# dclint reads the compose file, by the compose specification's own schema; the rest draws and tests.
node_modules/.ready: package-lock.json
	@command -v npm >/dev/null || { echo "Node 20.19 and npm are needed for dclint and the Painel's tests: https://nodejs.org"; exit 1; }
	npm ci --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

# Compiled once, and not by every process where Python may not keep its bytecode. A second try with
# a fresh index: a cached one may not know the newest versions of the lock.
define install
VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync -q --compile-bytecode --require-hashes $(1) \
	|| VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync -q --compile-bytecode --refresh --require-hashes $(1)
VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install -q --no-deps --no-build-isolation -e .
endef
