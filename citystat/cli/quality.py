"""citystat quality: timeliness, completeness, validity, and what the checks left open."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

from citystat import periods
from citystat.city import City
from citystat.cli import words
from citystat.collect.quality import BEFORE, Quality, Share, by_department, quality
from citystat.errors import CityStatError


def add_parser(commands: Any) -> None:
    """Declare `quality`."""
    parser: argparse.ArgumentParser = commands.add_parser("quality")
    parser.add_argument("code", nargs="?", default="", help="one measure, with what its score is made of")
    parser.add_argument("--city", type=words.file, required=True)
    parser.add_argument("--department", default="", metavar="NAME")
    parser.add_argument("--on", type=words.day, metavar="YYYY-MM-DD", help="as of this day; today if left out")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_quality)


def _quality(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        rows = quality(read, arguments.on or date.today())
    code, department = arguments.code.lower(), arguments.department.lower()
    shown = [
        q
        for q in rows
        if q.measure and code in ("", q.measure.code.lower()) and department in ("", q.measure.department.lower())
    ]
    if not shown and (code or department):
        wanted = f"measure {arguments.code}" if code else f"department “{arguments.department}”"
        raise CityStatError(f"There is no {wanted}", do="“citystat measures” lists the measures")
    departments = by_department(shown, "no department")
    if arguments.json:
        machine = {"measures": [_measure(q) for q in shown], "departments": [_row(q) for q in departments]}
        print(json.dumps(machine, ensure_ascii=False))
    else:
        _print(shown, departments, detailed=bool(code))
    return 0


def _print(shown: list[Quality], departments: list[Quality], *, detailed: bool) -> None:
    print(f"{'score':>5} {'on time':>8} {'complete':>8} {'valid':>6} {'open':>5}")
    for q in [*([] if detailed else departments), *shown]:
        figures = [_said(s.per_cent) for s in (q.timeliness, q.completeness, q.validity)]
        name = f"{q.measure.code:<8} {q.name}" if q.measure else q.name
        print(f"{_said(q.score):>5} {figures[0]:>8} {figures[1]:>8} {figures[2]:>6} {len(q.open) or '':>5}  {name}")
    if detailed:
        for machine in (_measure(q) for q in shown):
            for p in machine["periods"]:
                late = f", {p['days_late']} days late" if p["days_late"] else ""
                print(f"  {p['period']}  {p['came']}{late}, {p['figures']} of {p['expected']} figures")
            for found in machine["open"]:
                print(f"  {found['period']}  {found['level']}: {found['words']}")


def _measure(q: Quality) -> dict[str, Any]:
    m = q.measure
    assert m is not None
    return {
        "code": m.code, **_row(q), "department": m.department,
        "periods": [
            {
                "period": periods.key(p.start, m.frequency), "came": p.came, "counts": p.came != BEFORE, "days_late": p.days,
                "figures": p.there, "expected": p.expected,
            }
            for p in q.periods
        ],
        "open": [
            {
                "period": periods.key(d.period, m.frequency), "category": d.category, "rule": d.rule, "level": d.level,
                "words": d.words, "value": d.value, "source": d.source, "place": d.place,
            }
            for d in q.open
        ],
    }  # fmt: skip


def _row(q: Quality) -> dict[str, Any]:
    shares = {"timeliness": q.timeliness, "completeness": q.completeness, "validity": q.validity}
    return {"name": q.name, "score": _rounded(q.score), **{name: _share(s) for name, s in shares.items()}}


def _share(share: Share) -> dict[str, Any]:
    return {"good": share.good, "of": share.of, "per_cent": _rounded(share.per_cent)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"
