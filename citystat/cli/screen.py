"""citystat screen: what the newest period brought, over all measures and breakdowns."""

from __future__ import annotations

import argparse
import json
from typing import Any

from citystat.city import City
from citystat.cli import words
from citystat.screening.ahead import with_forecasts
from citystat.screening.answers import Answer, answers, said_of
from citystat.screening.finding import Finding
from citystat.screening.found import RATE, screen
from citystat.screening.rank import why


def add_parser(commands: Any) -> None:
    """Declare `screen`."""
    parser = words.of_a_city(commands.add_parser("screen", help="what is new in the whole city"), _screen)
    parser.add_argument("--rate", type=words.tail, default=RATE, help="of the findings that may be false; else 0.05")
    parser.add_argument("--forecasts", action="store_true", help="also targets that the forecasts endanger")


def _screen(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        found = screen(read, rate=arguments.rate)
        if arguments.forecasts:
            found = with_forecasts(found)
        said = said_of(found.findings, answers(read))
    if arguments.json:
        rows = [_row(f, said.get(f.key)) for f in found.findings]
        told = {"findings": rows, "tests": found.tests, "series": found.series, "rate": found.rate}
        print(json.dumps(told, ensure_ascii=False))
        return 0
    print(
        f"{len(found.told)} findings of {found.tests} tests on {found.series} series, {len(found.findings) - len(found.told)} more told by them; "
        f"of all at most {found.rate:.0%} are false on average, the parts of a measure counted as one"
    )
    for f in found.findings:
        print(f"{'    ' if f.under else '  '}{f.kind:<10} {f.name}: {f.words} ({why(f)})")
    return 0


def _row(f: Finding, said: Answer | None) -> dict[str, Any]:
    """One finding; p and adjusted are null for a forecast, chance for a test."""
    tested = f.chance is None
    return {
        "measure": f.measure.code, "by": f.by, "category": f.category, "kind": f.kind, "since": f.since.isoformat(),
        "p": f.p if tested else None, "adjusted": f.adjusted if tested else None, "chance": f.chance, "signal": f.signal,
        "words": f.words, "score": f.score, "why": why(f), "told_by_another": f.under is not None,
        "goals": [g.goal for g in f.goals], "answer": said.state if said else "",
    }  # fmt: skip
