# Needs make and Python 3.11 or later, nothing else. uv is used when it is on PATH.
#
#   make help        what there is
#   make PYTHON=...  the interpreter to build .venv from, instead of the first suitable one
#
# The project is not installed: everything runs from this folder. All paths are relative, so
# that the folder may have spaces in its name.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:
.PHONY: help demo test test-slow test-all check format lock clean env env-dev

PYTHON ?=
PYTEST_ARGS ?=
DEMO_ARGS ?= compare trend plan_as_written plan_realistic --end 2035 --draws 20 --figures --overwrite

ifeq ($(OS),Windows_NT)
PY := .venv/Scripts/python.exe
else
PY := .venv/bin/python
endif

# No window for figures, whatever the machine.
export MPLBACKEND := Agg
# A personal `pip --user` setting cannot work inside .venv.
export PIP_USER := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# ---- The environment -----------------------------------------------------------------------
# Called with the lock's name ("requirements" or "requirements-dev"), the interpreter of .venv
# and the value of PYTHON. The stamp holds the checksum of the lock, and is written last: a
# set-up stopped half-way is begun again.

define SETUP
set -eu
lock=$$1 venv_python=$$2 wanted=$$3
say() { printf '%s\n' "$$*" >&2; }
key() { cksum <"$$1.lock"; }
current() {
    [ -f ".venv/.stamp-$$1" ] && [ "$$(cat ".venv/.stamp-$$1")" = "$$(key "$$1")" ] &&
        "$$venv_python" -c '' >/dev/null 2>&1
}

if current "$$lock"; then exit 0; fi

# An interpreter is tried by running it: a shim may be there and fail.
suits() { "$$1" -c "import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= $$2))" </dev/null >/dev/null 2>&1; }
python=
if [ -n "$$wanted" ]; then
    suits "$$wanted" '(3, 99)' || { say "PYTHON=$$wanted is not a Python 3.11 or later that runs."; exit 1; }
    python=$$wanted
else
    # The locked versions have wheels up to 3.14; a later Python is the last resort.
    for newest in '(3, 14)' '(3, 99)'; do
        for name in python3.13 python3.12 python3.11 python3.14 python3 python; do
            if suits "$$name" "$$newest"; then python=$$name; break 2; fi
        done
    done
fi

uv=
if uv --version >/dev/null 2>&1; then uv=uv; fi
if [ -z "$$python" ] && [ -z "$$uv" ]; then
    say "No Python 3.11 or later was found (tried python3.13, python3.12, python3.11, python3.14,"
    say "python3 and python). Install one, or name one: make PYTHON=/path/to/python3.12 ..."
    exit 1
fi

fresh=yes
if current requirements && [ "$$lock" = requirements-dev ]; then fresh=no; fi
rm -f .venv/.stamp-*

with_uv() {
    if [ $$fresh = yes ]; then
        rm -rf .venv
        uv venv -q --no-project --python "$${python:-3.12}" .venv || return 1
    fi
    uv pip install -q --python "$$venv_python" -r "$$lock.lock"
}

with_pip() {
    set -- install -q --disable-pip-version-check --no-input --prefer-binary --no-compile -r "$$lock.lock"
    if [ $$fresh = no ] && "$$venv_python" -m pip --version >/dev/null 2>&1; then
        "$$venv_python" -m pip "$$@"
        return
    fi
    rm -rf .venv
    if "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        "$$python" -m venv .venv || return 1
        "$$venv_python" -m pip "$$@"
    elif "$$python" -c 'import pip, venv' >/dev/null 2>&1; then
        "$$python" -m venv --without-pip .venv || return 1
        "$$python" -m pip --python "$$venv_python" "$$@"
    else
        say "$$python ($$("$$python" -V 2>&1)) cannot make a virtual environment: its modules venv and"
        say "ensurepip are missing. On Debian and Ubuntu: apt install python3-venv. Or install uv,"
        say "or name another interpreter: make PYTHON=/path/to/python3.12 ..."
        return 1
    fi
}

if [ -n "$$uv" ]; then
    say "Setting up .venv from $$lock.lock with uv ..."
    if ! with_uv; then
        [ -n "$$python" ] || { say "uv failed and no Python 3.11 or later was found."; exit 1; }
        say "uv failed; trying again with $$python and pip ..."
        fresh=yes
        with_pip || { say "The set-up failed; run the command again."; exit 1; }
    fi
else
    say "Setting up .venv from $$lock.lock with $$python and pip (some minutes) ..."
    with_pip || { say "The set-up failed; run the command again."; exit 1; }
fi
# Compiled now, on all cores, so that the first run does not do it; no failure where it cannot.
"$$venv_python" -m compileall -q -j 0 .venv model outputs calibration >/dev/null 2>&1 || true
"$$venv_python" -c "import matplotlib.font_manager" >/dev/null 2>&1 || true
# So are the kernels of both engines, with those of levers, which numba keeps beside the code.
"$$venv_python" -c "from model import simulate; simulate('plan_as_written', end=2021); simulate(end=2021, engine='agents', scale=10_000)" >/dev/null 2>&1 || true
if [ "$$lock" = requirements-dev ]; then key requirements >.venv/.stamp-requirements; fi
key "$$lock" >".venv/.stamp-$$lock"
endef
export SETUP

env: ## set up .venv to run the model
	@sh -c "$$SETUP" setup requirements "$(PY)" "$(PYTHON)"

env-dev: ## set up .venv to run the tests as well
	@sh -c "$$SETUP" setup requirements-dev "$(PY)" "$(PYTHON)"

# ---- What to run ---------------------------------------------------------------------------

demo: env ## compare three scenarios to 2035, with figures
	"$(PY)" run.py $(DEMO_ARGS)

test: check ## the checks, then the tests that are not slow
	"$(PY)" -m pytest -n auto -m "not slow" $(PYTEST_ARGS)

test-slow: env-dev ## the slow tests (none at all is no failure)
	"$(PY)" -m pytest -n auto -m slow $(PYTEST_ARGS) || [ $$? -eq 5 ]

test-all: env-dev ## every test
	"$(PY)" -m pytest $(PYTEST_ARGS)

check: env-dev ## ruff, the formatting and mypy
	"$(PY)" -m ruff check .
	"$(PY)" -m ruff format --check .
	"$(PY)" -m mypy

format: env-dev ## let ruff correct and format the code
	"$(PY)" -m ruff check --fix .
	"$(PY)" -m ruff format .

LOCK := uv pip compile -q --universal --fork-strategy fewest --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml

lock: ## write both lock files anew, at the newest versions (needs uv)
	$(LOCK) --upgrade -o requirements.lock
	$(LOCK) --upgrade --extra dev -c requirements.lock -o requirements-dev.lock

clean: ## remove .venv and the caches; the runs in outputs/ stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .ci/reports build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  \1	/p' Makefile | expand -t 14
