# Two commands do everything: `make run` (the main job) and `make test` (all tests).
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
FILE ?=
STATION ?=
LOCK := --generate-hashes --no-strip-extras --no-emit-index-url --no-header --python-version 3.11 -q

.PHONY: help run test check up down notebook bench lock vendor dashboards clean
help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12
	@echo "            FILE=… names your file for run; without it data/raw/inmet.csv, or a sample"

run: .venv/.ready .env ## one file through the whole chain: upload, S3, Snowpipe, RAW, CLEAN, CSV, model
	@file="$(FILE)"; \
	if [ -z "$$file" ]; then \
		file=data/raw/inmet.csv; \
		[ -e "$$file" ] || $(BIN)/inmet sample "$$file"; \
	fi; \
	$(BIN)/inmet run "$$file" $(if $(STATION),--station $(STATION))

test: .venv/.ready-dev ## all tests (those of charts and Painel where Node and Chromium are)
	@! command -v npm >/dev/null || $(MAKE) -s node_modules/.ready
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/.ready-dev node_modules/.ready ## lint, format, types, SQL, CloudFormation, containers, scripts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint -q inmet_platform/warehouse/sql
	$(BIN)/cfn-lint infra/aws/*.yaml
	node_modules/.bin/dclint --max-warnings 0 docker-compose.yml
	$(BIN)/hadolint --failure-threshold info infra/docker/Dockerfile
	$(BIN)/shellcheck .ci/run scripts/*.sh infra/mysql/*.sh

up: .venv/.ready .env ## all services in the foreground; Ctrl-C stops them
	@$(BIN)/inmet up

down: .venv/.ready ## stop the services of another terminal
	@$(BIN)/inmet down

dashboards: .venv/.ready-dev ## write grafana/dashboards/*.json again from grafana/source
	@$(BIN)/python -m grafana.source

# Beside what is installed, developers' packages too; when all is there this takes a moment.
notebook: .venv/.ready .env ## Jupyter with the notebooks on 127.0.0.1; open the address with the token it prints
	VIRTUAL_ENV=.venv $(BIN)/uv pip install -q --require-hashes -r requirements-notebook.lock
	INMET_HOME="$(CURDIR)" $(BIN)/jupyter lab --ip=127.0.0.1 --no-browser \
		--ServerApp.root_dir="$(CURDIR)/notebooks" $(if $(filter 0,$(shell id -u)),--allow-root)

bench: .venv/.ready ## measure against the floor and pandas, growth over years, the data service (some 8 minutes)
	@$(BIN)/python -W ignore -m benchmarks.archive ../shared/inmet/archive/2024.zip
	@$(BIN)/python -W ignore -m benchmarks.again ../shared/inmet/portal
	@$(BIN)/python -W ignore -m benchmarks.data_service ../shared/inmet/archive/2024.zip

lock: .venv/.ready ## write the locks again from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml $(LOCK) -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev -c requirements.lock $(LOCK) -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --group notebook -c requirements.lock $(LOCK) -o requirements-notebook.lock

vendor: node_modules/.ready ## put the pinned ECharts, with its licence, beside the Painel
	cp node_modules/echarts/dist/echarts.min.js node_modules/echarts/LICENSE node_modules/echarts/NOTICE \
		data_service/static/vendor/

clean: ## forget what the embedded services hold (data/ stays until the next run writes it anew)
	@[ ! -x $(BIN)/inmet ] || [ ! -e .env ] || $(BIN)/inmet down
	rm -rf .inmet

.env:
	cp .env.example .env

# uv, itself locked, installs the rest in a fraction of pip's time.
.venv/.ready: requirements.lock pyproject.toml
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 is needed (python3.11 or python3 on the PATH)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "Python 3.11 is needed; $(PYTHON) is another. Use make PYTHON=…"; exit 1; }
	[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	sed -n '/^uv==/,/# via/p' requirements.lock > .venv/uv.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r .venv/uv.lock
	$(call install,requirements.lock)
	@touch $@

.venv/.ready-dev: .venv/.ready requirements-dev.lock
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
VIRTUAL_ENV=.venv $(BIN)/uv pip sync -q --compile-bytecode --require-hashes $(1) \
	|| VIRTUAL_ENV=.venv $(BIN)/uv pip sync -q --compile-bytecode --refresh --require-hashes $(1)
VIRTUAL_ENV=.venv $(BIN)/uv pip install -q --no-deps --no-build-isolation -e .
endef
