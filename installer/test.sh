#!/bin/sh
# Every check in one go: lint, format, types, import contracts, tests. Fails if one of them fails.
set -e
bin=.venv/bin
$bin/ruff check citystat tests installer
$bin/ruff format --check citystat tests installer
$bin/mypy
contracts=$($bin/lint-imports --no-cache) || { echo "$contracts"; exit 1; }
echo "$contracts" | tail -n 3
QT_QPA_PLATFORM=offscreen exec $bin/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile -m "not faults and not fuzz and not spark"
