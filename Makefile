# The commands a person types in this project; each makes the environment .venv first, once.

VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready
WORKERS ?= auto
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --maxschedchunk 4
TEMPLATES = $$(find wagtail_calendly site tests -name '*.html')

# On PostgreSQL the main job stands for the browser tests; on SQLite all of them run.
ifdef DATABASE_URL
SELECT ?= not browser or main_job
else
SELECT ?= browser or not browser
endif

# Some machines forbid Python to keep compiled code; each process started here would compile all of Django again.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test lint types suite screenshots docs pictures wheel bench check messages format

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.* ## \(.*\)/make \1 — \2/p' Makefile

demo: $(READY) ## start the demo site and a simulated Calendly; Ctrl-C stops both
	@$(BIN)/python manage.py demo

test: lint types suite ## lint, types, and the whole test suite (on PostgreSQL when DATABASE_URL names one)

lint: $(READY) ## style of code and templates, import layers, migrations
	@echo "Checking style, import layers and migrations …"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/djhtml --check $(TEMPLATES)
	@$(BIN)/lint-imports --no-logo
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m django makemigrations --check --dry-run
	@$(BIN)/python manage.py makemigrations --check --dry-run

types: $(READY) ## types
	@echo "Checking types …"
	@$(BIN)/python -m mypy

suite: $(READY) ## the tests alone
	@echo "Running the tests …"
	@CHROMIUM="$$(.ci/chromium $(BIN))" && export CHROMIUM && $(PYTEST) -m "$(SELECT)" $(TESTS)

screenshots: $(READY) ## pictures of the browser tests at three widths, light and dark, in var/screenshots
	@SCREENSHOTS=yes $(MAKE) suite TESTS=tests/e2e SELECT=browser

docs: $(READY) ## build the documentation into docs/_build
	@$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs docs/_build
	@echo "Open docs/_build/index.html"

pictures: $(READY) ## take all pictures of the documentation anew
	@CHROMIUM="$$(.ci/chromium $(BIN))" && export CHROMIUM && PYTHONPATH=.:site $(BIN)/python -m tests.tour

wheel: $(READY) ## build the wheel, try it in an empty environment, and test free sessions there without Stripe
	@.ci/wheel $(BIN)

bench: $(READY) ## measure, and write docs/performance.md
	@$(BIN)/python -m benchmarks

check: test docs wheel ## everything

messages: $(READY) ## bring the catalogues of all languages up to date; names what is still to translate
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m tests.translations

format: $(READY) ## mend what can be mended by itself
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet . ; $(BIN)/djhtml $(TEMPLATES)

$(READY): pyproject.toml constraints.txt
	@.ci/venv $(VENV)
