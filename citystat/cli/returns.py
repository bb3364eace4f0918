"""citystat return-sheet, close, reopen: what a department is asked, and when a period is done."""

from __future__ import annotations

import argparse
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from citystat import periods
from citystat.city import City
from citystat.cli import words
from citystat.collect import close
from citystat.collect.asked import Asked, asked, asked_of_all, named
from citystat.collect.return_sheet import write_return_sheet
from citystat.errors import CityStatError
from citystat.texts import LANGUAGES, speaking


def add_parser(commands: Any) -> None:
    """Declare `return-sheet`, `close` and `reopen`."""
    sheet = words.of_a_city(commands.add_parser("return-sheet", help="a blank sheet for a department to fill"), _sheet)
    who = sheet.add_mutually_exclusive_group(required=True)
    who.add_argument("--department", default="", metavar="NAME")
    who.add_argument("--person", default="", metavar="NAME", help="the measures that this person owns")
    who.add_argument("--all", action="store_true", help="every department, a sheet each")
    sheet.add_argument(
        "--period", type=words.month, action="append", default=[], metavar="YYYY-MM",
        help="periods that end in this month, also several times; what is missing if left out",
    )  # fmt: skip
    sheet.add_argument("-o", "--out", type=words.file, metavar="FILE.xlsx", help="the file, or the folder for it")
    sheet.add_argument("--language", choices=LANGUAGES, default="en")
    sheet.add_argument("--on", type=words.day, metavar="YYYY-MM-DD", help="as of this day; today if left out")
    shut = _scoped(commands.add_parser("close", help="close a period: later changes give a reason"), _close)
    shut.add_argument("period", nargs="?", type=words.month, metavar="YYYY-MM", help="lists what is closed if left out")
    again = _scoped(commands.add_parser("reopen", help="open a closed period again"), _reopen)
    again.add_argument("period", type=words.month, metavar="YYYY-MM")
    again.add_argument("--reason", required=True, metavar="WORDS")


def _scoped(parser: argparse.ArgumentParser, run: Any) -> argparse.ArgumentParser:
    whose = words.of_a_city(parser, run).add_mutually_exclusive_group()
    whose.add_argument("--measure", default="", metavar="CODE")
    whose.add_argument("--department", default="", metavar="NAME")
    return parser


def _sheet(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, speaking(arguments.language):
        with city.read() as read:
            how: dict[str, Any] = {"months": arguments.period, "today": arguments.on or date.today()}
            if arguments.all:
                found = asked_of_all(read, **how)
            else:
                found = [asked(read, department=arguments.department, person=arguments.person, **how)]
        written = [(one, _file(arguments.out, one, several=arguments.all)) for one in found]
        for one, to in written:
            write_return_sheet(city, one, to, now=datetime.now())
    if arguments.json:
        machine = [_machine(one, to) for one, to in written]
        print(json.dumps({"sheets": machine} if arguments.all else machine[0], ensure_ascii=False))
        return 0
    for one, to in written:
        print(f"{to}: {len(one.lines)} rows for {one.who}, {one.periods}, wanted by {one.due}")
    if not written:
        print("Nothing is missing")
    return 0


def _file(out: Path | None, found: Asked, *, several: bool) -> Path:
    name = f"{named(found)}.xlsx"
    if several and out is not None and not out.is_dir():
        raise CityStatError("This is not a folder", where=str(out), do="Give the folder for the sheets")
    if out is None:
        return Path(name)
    return out / name if out.is_dir() else out


def _machine(found: Asked, to: Path) -> dict[str, Any]:
    return {
        "file": str(to), "who": found.who, "due": found.due.isoformat(),
        "rows": [
            {
                "code": line.measure.code, "period": periods.key(line.period, line.measure.frequency), "category": line.category,
                "asks": ["numerator", "denominator"] if line.ratio else ["value"],
            }
            for line in found.lines
        ],
    }  # fmt: skip


def _close(arguments: argparse.Namespace) -> int:
    scope = close.Scope(arguments.measure, arguments.department)
    with City.open(arguments.city) as city:
        if arguments.period is None:
            return _list(city, scope, arguments)
        done = close.close(city, arguments.period, scope, now=datetime.now())
    machine = {
        "closed": [m.code for m in done.measures], "without_figure": [m.code for m in done.missing], "in_doubt": done.doubtful,
    }  # fmt: skip
    print(json.dumps(machine) if arguments.json else close.said(done))
    return 0


def _list(city: City, scope: close.Scope, arguments: argparse.Namespace) -> int:
    with city.read() as read:
        rows = close.closed(read, scope)
        late = close.corrected(read, [row.measure.id for row in rows])
    codes = {row.measure.id: row.measure for row in rows}
    if arguments.json:
        machine = {
            "closed": [
                {"code": r.measure.code, "through": periods.key(r.through, r.measure.frequency), "at": r.at.isoformat(), "who": r.who}
                for r in rows
            ],
            "corrected": [
                {
                    "code": codes[c.measure].code, "period": periods.key(c.period, codes[c.measure].frequency),
                    "at": c.at.isoformat(), "who": c.who, "source": c.source, "reason": c.reason,
                }
                for c in late
            ],
        }  # fmt: skip
        print(json.dumps(machine, ensure_ascii=False))
        return 0
    for r in rows:
        print(f"{r.measure.code:<8} closed through {r.words}, by {r.who} on {periods.day_label(r.at.date())}")
    for c in late:
        m = codes[c.measure]
        when = periods.label(c.period, m.frequency, m.year_start)
        print(f"{m.code:<8} {when} corrected by {c.who} on {periods.day_label(c.at.date())}: {c.reason}")
    if not rows:
        print("Nothing is closed")
    return 0


def _reopen(arguments: argparse.Namespace) -> int:
    scope = close.Scope(arguments.measure, arguments.department)
    with City.open(arguments.city) as city:
        opened = close.reopen(city, arguments.period, scope, arguments.reason, now=datetime.now())
    codes = [m.code for m in opened]
    print(json.dumps({"opened": codes}) if arguments.json else f"opened again: {', '.join(codes)}")
    return 0
