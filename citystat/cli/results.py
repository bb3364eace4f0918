"""citystat results: where the city measures activity only, or without knowing what for."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from citystat.city import City
from citystat.cli import words
from citystat.goals.results import check, summary


def add_parser(commands: Any) -> None:
    """Declare `results`."""
    parser: argparse.ArgumentParser = commands.add_parser("results", help="the results check")
    parser.add_argument("--city", type=words.file, required=True)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_results)


def _results(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        rules = check(read, date.today())
    if arguments.json:
        listed = [
            {"asked": r.asked, "of": r.of, "missing": [{k: asdict(f)[k] for k in ("place", "title", "about")} for f in r.findings]}
            for r in rules
        ]  # fmt: skip
        print(json.dumps({"summary": summary(rules), "questions": listed}, ensure_ascii=False))
        return 0
    print(f"{summary(rules)}.")
    for rule in rules:
        print(f"{rule.asked}: {len(rule.findings)} of {rule.of}")
        for finding in rule.findings:
            print(f"  {finding.title}" + (f"  ({finding.about})" if finding.about else ""))
    return 0
