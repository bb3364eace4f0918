#!/bin/sh
# Every check in one go: lint, format, types, import contracts, tests. Fails if one of them fails.
set -e
bin=.venv/bin
$bin/ruff check citystat tests installer
$bin/ruff format --check citystat tests installer
$bin/mypy
$bin/lint-imports --no-cache | tail -n 3
QT_QPA_PLATFORM=offscreen exec $bin/python -m pytest -q -m "not faults"
