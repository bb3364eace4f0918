"""citystat screen: what the newest period brought, over all measures and breakdowns."""

from __future__ import annotations

import argparse
import json
from typing import Any

from citystat.city import City
from citystat.cli import words
from citystat.screening.answers import answers
from citystat.screening.found import RATE, screen
from citystat.screening.rank import why


def add_parser(commands: Any) -> None:
    """Declare `screen`."""
    parser = words.of_a_city(commands.add_parser("screen", help="what is new in the whole city"), _screen)
    parser.add_argument("--rate", type=words.tail, default=RATE, help="of the findings that may be false; else 0.05")


def _screen(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        found = screen(read, rate=arguments.rate or RATE)
        said = answers(read)
    if arguments.json:
        rows = [
            {
                "measure": f.measure.code, "by": f.by, "category": f.category, "kind": f.kind, "since": f.since.isoformat(),
                "p": f.p, "adjusted": f.adjusted, "signal": f.signal, "words": f.words, "score": f.score,
                "answer": said[f.key].state if f.key in said else "",
            }
            for f in found.findings
        ]  # fmt: skip
        print(
            json.dumps(
                {"findings": rows, "tests": found.tests, "series": found.series, "rate": found.rate}, ensure_ascii=False
            )
        )
        return 0
    print(
        f"{len(found.findings)} findings of {found.tests} tests on {found.series} series; of the findings at most {found.rate:.0%} are false on average"
    )
    for f in found.findings:
        print(f"  {f.kind:<10} {f.name}: {f.words} ({why(f)})")
    return 0
