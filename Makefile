# One command each; see README.md. Works with plain pip, uses uv where it is there.
SHELL := /bin/bash
PY := .venv/bin/python
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 5000
UV := $(shell command -v uv 2>/dev/null)
export PORT
# Compiled modules are kept whatever the shell says: a start takes a third of the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install demo run test test-full bench lint clean messages catalogs

.venv/bin/python:
ifdef UV
	@uv venv -q --seed .venv
else
	@python3 -m venv .venv
endif

define pip_install
	$(if $(UV),@uv pip install -q --compile-bytecode --require-hashes -r requirements/$(1).txt --python $(PY),@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/$(1).txt)
endef

.venv/.base: requirements/base.txt pyproject.toml | .venv/bin/python
	@echo "installing ..."
	$(call pip_install,base)
	$(if $(UV),@uv pip install -q --no-deps --no-build-isolation -e . --python $(PY) 2>/dev/null || uv pip install -q --no-deps -e . --python $(PY),@$(PY) -m pip install -q --disable-pip-version-check --no-deps -e .)
	@touch $@

.venv/.catalogs: .venv/.base $(wildcard srm_portal/translations/*/LC_MESSAGES/messages.po)
	@$(BIN)/pybabel -q compile -d srm_portal/translations 2>/dev/null || true
	@touch $@

.venv/.test: requirements/test.txt .venv/.base
	@echo "installing the test requirements ..."
	$(call pip_install,test)
	@touch $@

.venv/.full: requirements/full.txt .venv/.test
	$(call pip_install,full)
	@touch $@

.venv/.bench: requirements/bench.txt .venv/.test
	$(call pip_install,bench)
	@touch $@

install: .venv/.base .venv/.catalogs

demo: install
	@$(BIN)/srm-portal demo --host $(HOST) --port $(PORT) $(if $(RESET),--reset)

run: install
	@$(BIN)/srm-portal run --host $(HOST) --port $(PORT)

test: install .venv/.test
	@$(PY) -m tests.run

test-full: install .venv/.full
	@SRM_FULL=1 $(PY) -m tests.run --full

bench: install .venv/.bench
	@$(PY) -m benchmarks

lint: install .venv/.test
	@$(PY) -m tests.run --only lint

messages: install
	@$(BIN)/pybabel -q extract -F babel.cfg -k _l -k n_:1,2 -k pgettext:1c,2 -c "Translators:" --no-location --sort-output -o srm_portal/translations/messages.pot .
	@for lang in en fr es pl ro ru; do \
	  $(BIN)/pybabel -q update --no-fuzzy-matching --ignore-pot-creation-date -i srm_portal/translations/messages.pot -d srm_portal/translations -l $$lang --omit-header 2>/dev/null \
	  || $(BIN)/pybabel -q init -i srm_portal/translations/messages.pot -d srm_portal/translations -l $$lang; done

clean:
	@rm -rf .venv var build *.egg-info
