# Everything a developer does here. `make` alone prints the list.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

# Which Python makes the virtual environment. Empty: the first one that is new enough.
PYTHON ?=
# Random pairs of toolset and plan for `make soundness`.
PAIRS ?= 100000
# Random programs of which `make soundness` runs the dependence graphs in random orders.
PROGRAMS ?= 20000

# Files of tests that run at once; more only helps where there are more cores.
JOBS ?= 2
# Runs of `make bench-all` with copies of late calls, and as many without; and trials of each task by
# each system, and under each strategy.
RUNS ?= 20
REPEATS ?= 1
# How long `make fuzz` may take, in all.
MINUTES ?= 60
TASK ?= order the cheapest item from Taco Bell
# --yes: what `make run` talks to is the replica that it starts itself on this machine.
ARGS ?= --yes

BIN := .venv/bin
STAMPS := .venv/.stamps
VENV := $(STAMPS)/venv
RUNTIME := $(STAMPS)/runtime
DEV := $(STAMPS)/dev
FUZZ := $(STAMPS)/fuzz
BENCH := $(STAMPS)/bench
# The original evaluators pin old versions of what agentjit uses, so each has a Python of its own.
AGISDK := 0.3.5
WEBARENA := 1.2.3
GRADERS := .venv-graders/agisdk/.installed-$(AGISDK) .venv-graders/webarena/.installed-$(WEBARENA)
# Other people's agents, which are measured beside ours: each pins what it stands on (and the older
# release does not say that it needs pydantic-settings).
RIVALS := 0.13.14 0.7.10
RIVAL_STAMPS := $(foreach each,$(RIVALS),.venv-rivals/browser-use-$(each)/.installed)
# The pages of MiniWoB++ are in its wheel, and nothing else of it is used.
MINIWOB_VERSION := 1.1.0
MINIWOB := .venv-miniwob/.installed-$(MINIWOB_VERSION)
BROWSER := $(STAMPS)/browser
# Twice quiet: only errors. Downloading says nothing for a while, so the steps announce themselves.
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check --no-input

# The task reaches the command as it was typed, whatever quotes or dollars it has.
export TASK_TEXT := $(value TASK)

# gate NAME COMMAND…: one line when it passes, the command's whole output when it does not.
define GATE
failed=0; gate() { \
  printf '%-16s' "$$1"; shift; \
  if out=$$("$$@" 2>&1); then echo ok; else echo failed; printf '%s\n' "$$out"; failed=1; fi; }
endef

.PHONY: help setup run test coverage check check-slow soundness fuzz bench bench-full bench-all fossil miniwob graders rivals clean

help:  ## print this list
	@echo 'usage: make TARGET'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(DEV) $(BROWSER)  ## install everything: packages, tools of development, a browser
	@echo 'ready: make run TASK="order the cheapest item from Taco Bell"'

run: $(RUNTIME) $(BROWSER)  ## do a task on the bundled site: make run TASK="…" [ARGS="--yes --seed 3"]
	@printf 'agentjit run "%s" %s\n' "$$TASK_TEXT" '$(ARGS)'
	@case ' $(ARGS) ' in *' --yes '*) \
	  echo '(--yes grants the order: it goes to the replica that this starts on 127.0.0.1, never to a real shop)';; esac
	@$(BIN)/agentjit run "$$TASK_TEXT" $(ARGS)

test: $(DEV) $(BROWSER)  ## run the tests (all but those marked slow), as many processes as JOBS says
	@$(BIN)/python -m pytest -m 'not slow' -n '$(JOBS)' --dist loadgroup $(PYTEST)

coverage: $(DEV) $(BROWSER)  ## run the same tests, and show which lines none of them runs
	@$(BIN)/python -m pytest -m 'not slow' -n '$(JOBS)' --dist loadgroup --cov --cov-report=term $(PYTEST)

check: $(DEV)  ## the whole gate but the tests: format, lint, types, layers, the house and its wheel
	@$(GATE); \
	gate format $(BIN)/ruff format --check .; \
	gate lint $(BIN)/ruff check .; \
	gate types $(BIN)/mypy; \
	gate layers $(BIN)/lint-imports; \
	gate 'house and wheel' $(BIN)/python -m pytest -q tests/test_house.py; \
	if [ $$failed = 0 ]; then printf '\033[32mall checks passed\033[0m\n'; else exit 1; fi

check-slow: $(DEV) $(BROWSER) $(GRADERS) $(MINIWOB)  ## run the tests marked slow
	@$(BIN)/python -m pytest -m slow $(PYTEST) || \
	  { code=$$?; [ $$code = 5 ] && echo 'no test is marked slow' || exit $$code; }

soundness: $(DEV)  ## hold checker and dependence graph against random plans: [PAIRS=100000] [PROGRAMS=20000]
	@$(BIN)/python -m tests.compiler.soundness --pairs '$(PAIRS)'
	@$(BIN)/python -m tests.compiler.mutation
	@$(BIN)/python -m tests.scheduler.equivalence --programs '$(PROGRAMS)'

fuzz: $(FUZZ)  ## look for inputs that break the compiler: make fuzz [MINUTES=60]
	@$(BIN)/python -m tests.fuzz --minutes '$(MINUTES)' $(FUZZING)

bench: $(BENCH) $(BROWSER)  ## compare latencies in under ten minutes, into benchmarks/latest
	@$(BIN)/agentjit bench latency --short --out benchmarks/latest

bench-full: $(BENCH) $(BROWSER)  ## the same over all tasks, which takes hours: [REPEATS=1]
	@$(BIN)/agentjit bench latency --repeats '$(REPEATS)' --out benchmarks/full

bench-all: $(RUNTIME) $(BROWSER)  ## all other measurements, one after the other: [RUNS=20] [REPEATS=1]
	@$(BIN)/agentjit bench
	@echo; $(BIN)/agentjit bench planner
	@echo; $(BIN)/agentjit bench ladder
	@echo; $(BIN)/agentjit bench hedging --runs '$(RUNS)'
	@echo; $(BIN)/agentjit bench scale
	@echo; $(BIN)/python -m tests.sites.strategies --repeats '$(REPEATS)'

fossil: $(RUNTIME) $(BROWSER)  ## do ten tasks on Fossil, a real application: its tools are in examples/fossil
	@$(BIN)/python -m examples.fossil

miniwob: $(RUNTIME) $(BROWSER) $(MINIWOB)  ## do twenty small foreign pages, with tools that know none of them
	@$(BIN)/python -m examples.miniwob

graders: $(GRADERS)  ## install the original evaluators: REAL's and WebArena's, 760 MB
	@echo 'ready: $(BIN)/agentjit bench grade RUN_DIR --task ID'

rivals: $(RIVAL_STAMPS)  ## install browser-use, to be measured beside agentjit: two releases, 700 MB
	@echo 'ready: they are systems of the latency benchmark'

clean:  ## remove what was built (keeps .venv and runs)
	@rm -rf dist build htmlcov .coverage .coverage.* .hypothesis .import_linter_cache \
	  .mypy_cache .pytest_cache .ruff_cache
	@find agentjit examples tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what the targets above stand on: each is done once, and again when pyproject.toml changes ---

$(VENV):
	@found=; \
	for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	  if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo 'error: agentjit needs Python 3.11 or newer with its venv module$(if $(PYTHON),; $(PYTHON) is not that)' >&2; \
	  echo 'hint: install one (Debian, Ubuntu: apt-get install python3-venv), or say which: make PYTHON=/path/to/python3' >&2; \
	  exit 1; \
	fi; \
	echo "(1/3) virtual environment: $$("$$found" --version) in .venv"; \
	[ -x $(BIN)/python ] || "$$found" -m venv .venv
	@mkdir -p $(STAMPS) && touch $@

$(RUNTIME): pyproject.toml | $(VENV)
	@echo '(2/3) packages: downloading and installing; half a minute or so the first time'
	@$(PIP) install --editable .
	@touch $@

$(DEV): pyproject.toml | $(VENV)
	@echo '(2/3) packages, and the tools of development; a minute or so the first time'
	@$(PIP) install --editable '.[dev]'
	@touch $(RUNTIME) $@

$(FUZZ): pyproject.toml | $(DEV)
	@echo '(+) the fuzzer'
	@$(PIP) install --editable '.[dev,fuzz]'
	@touch $@

$(BENCH): pyproject.toml | $(RUNTIME)
	@echo '(+) what draws pictures'
	@$(PIP) install --editable '.[bench]'
	@touch $@

$(GRADERS): | $(VENV)
	@echo '(+) the original evaluator $(PACKAGE), in $(@D)'
	@$(BIN)/python -m venv $(@D)
	@$(@D)/bin/python -m pip --quiet --quiet --disable-pip-version-check --no-input install '$(PACKAGE)'
	@touch $@
$(word 1,$(GRADERS)): PACKAGE := agisdk==$(AGISDK)
$(word 2,$(GRADERS)): PACKAGE := webarena-verified==$(WEBARENA)

$(RIVAL_STAMPS): | $(VENV)
	@echo '(+) browser-use $(patsubst .venv-rivals/browser-use-%/.installed,%,$@), in $(@D)'
	@$(BIN)/python -m venv $(@D)
	@$(@D)/bin/python -m pip --quiet --quiet --disable-pip-version-check --no-input install \
	  'browser-use==$(patsubst .venv-rivals/browser-use-%/.installed,%,$@)' pydantic-settings
	@touch $@

$(MINIWOB): | $(VENV)
	@echo '(+) the pages of MiniWoB++, in $(@D)'
	@$(PIP) install --upgrade --no-deps --target $(@D) 'miniwob==$(MINIWOB_VERSION)'
	@touch $@

$(BROWSER): $(RUNTIME)
	@echo '(3/3) browser'
	@$(BIN)/agentjit setup
	@touch $@
