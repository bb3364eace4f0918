# CityStat. `make run` opens the sample city, `make test` runs every check; both set up .venv first.
# On Windows without make: py installer\setup.py, then .venv\Scripts\citystat. On macOS this file works as it is.

PYTHON ?= python3
SAMPLE = out/Riverton.citystat
BIN = .venv/bin

help:
	@echo "make run     set up and open CityStat on the sample city (without a screen: citystat demo)"
	@echo "make test    set up and run lint, types, import contracts and tests"
	@echo "make setup   set up .venv only; then .venv/bin/citystat"
	@echo "make bench   speed beside a named rival    make faults  kill the program while it writes"
	@echo "make spark   the same records on Spark (installs it in .spark; needs Java 17)"
	@echo "make fuzz    bring in 10,000 spoilt files"
	@echo "make lock    bring requirements.lock up to date"

setup:
	@$(PYTHON) installer/setup.py

run: setup
	@sh installer/run.sh "$(SAMPLE)"

test:
	@$(PYTHON) installer/setup.py --tests
	@sh installer/test.sh

bench: setup
	@test -d .bench/abspc || $(BIN)/python -m pip install --quiet --require-hashes --no-deps --target .bench -r requirements-bench.lock
	@$(BIN)/python tests/bench/run.py

faults: setup
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q -m faults tests

spark: setup
	@test -d .spark/pyspark || $(BIN)/python -m pip install --quiet --require-hashes --no-deps --target .spark -r requirements-spark.lock
	@PYTHONPATH=.spark QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q -m spark tests/records

fuzz: setup
	@$(BIN)/python -m pytest -q -m fuzz tests/fuzz

lock:
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate --extra dev pyproject.toml -o requirements.lock
	@echo "pyspark>=4,<4.1" | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate - -o requirements-spark.lock
	@printf 'abspc\ncontrolchartspy\n' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate - -o requirements-bench.lock

.PHONY: help setup run test bench faults fuzz spark lock
