"""citystat measures, measure and chart."""

from __future__ import annotations

import argparse
import json
import math
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from citystat import periods
from citystat.charts.chart import Chart
from citystat.city import City
from citystat.cli import words
from citystat.errors import CityStatError
from citystat.files import write_bytes
from citystat.measures.looks import LOOKS, SPLIT, kept_view
from citystat.measures.picture import chart_of
from citystat.measures.series import Series, broken_down, definition, dimensions
from citystat.measures.standing import standing, standings
from citystat.measures.together import together
from citystat.numbers import quantity


def add_parser(commands: Any) -> None:
    """Declare the three commands."""
    words.of_a_city(commands.add_parser("measures"), _measures)
    one = words.of_a_city(commands.add_parser("measure"), _measure)
    one.add_argument("code")
    one.add_argument("--by")
    chart = words.of_a_city(commands.add_parser("chart"), _chart)
    chart.add_argument("code")
    chart.add_argument("-o", "--output", type=words.new_file, required=True, metavar="FILE.png|.svg")
    chart.add_argument("--by")
    chart.add_argument("--since", type=words.day, metavar="YYYY-MM-DD", help="first period")
    chart.add_argument("--look", choices=LOOKS[1:], help="another chart than that of signals")
    chart.add_argument(
        "--split", type=words.day, metavar="YYYY-MM-DD", help="period that begins the time after, of --look split"
    )
    chart.add_argument(
        "--with", dest="others", action="append", default=[], metavar="CODE", help="another measure below it"
    )
    chart.add_argument("--width", type=int, choices=range(100, 10_001), default=1200, metavar="PIXELS")
    chart.add_argument("--height", type=int, choices=range(100, 10_001), default=640, metavar="PIXELS")
    chart.add_argument("--theme", choices=("light", "dark"), default="light")


def _measures(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        rows = standings(read)
    if arguments.json:
        keys = ("last", "last_period", "target", "meets", "signal", "headline")
        listed = [{"code": s.measure.code, "name": s.measure.name, **{k: getattr(s, k) for k in keys}} for s in rows]
        print(json.dumps({"measures": listed}, ensure_ascii=False))
    else:
        for s in rows:
            last = quantity(s.last, s.measure.unit, s.measure.decimals)
            print(f"{s.measure.code:<10} {last:>12}  {s.last_period:<9} {s.signal:<12} {s.measure.name}")
    return 0


def _measure(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        found = standing(read, arguments.code)
        _known_breakdown(found.measure.code, arguments.by, dimensions(read, found.measure))
        parts = broken_down(read, found.measure, arguments.by) if arguments.by else []
    m = found.measure
    if arguments.json:
        machine: dict[str, object] = {k: getattr(m, k) for k in ("code", "name", "unit", "frequency", "aggregation")}
        machine |= {"series": _points(found.series), "signal": found.signal, "headline": found.headline}
        machine |= {k: getattr(found.judgement, k) for k in ("chart", "variation", "assurance", "seasonal")}
        if arguments.by:
            machine["breakdowns"] = {p.category: _points(p) for p in parts}
        print(json.dumps(machine, ensure_ascii=False))
    else:
        print(f"{m.code}  {m.name}\n{found.headline}.\n{m.definition}")
        for point in _points(found.series)[-12:]:
            print(f"  {point['period']}  {quantity(point['value'], m.unit, m.decimals)}  {point['status']}")
    return 0


def _known_breakdown(code: str, by: str | None, known: list[str]) -> None:
    if by and by not in known:
        raise CityStatError(
            f"{code} has no breakdown “{by}”", do=f"It has: {', '.join(known)}" if known else "Leave --by out"
        )


def _points(series: Series) -> list[dict[str, Any]]:
    return [
        {
            "period": periods.key(p, series.measure.frequency),
            "value": _plain(series.values[i]),
            "numerator": _plain(series.numerator[i]),
            "denominator": _plain(series.denominator[i]),
            "status": series.status[i],
            "revision": series.revision[i],
        }
        for i, p in enumerate(series.periods)
        if series.status[i]
    ]


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _chart(arguments: argparse.Namespace) -> int:
    from citystat.views.chart.picture import png, ready_to_paint, svg

    paint = {".png": png, ".svg": svg}.get(arguments.output.suffix.lower())
    if paint is None:
        raise CityStatError("A picture is .png or .svg", where=str(arguments.output), do="Choose one of these endings")
    ready_to_paint()
    with City.open(arguments.city) as city, city.read() as read:
        chart = _drawn(read, arguments)
    write_bytes(arguments.output, paint(chart, arguments.width, arguments.height, theme=arguments.theme))
    said = "\n".join(filter(None, (chart.headline, chart.caveat)))
    print(json.dumps({"file": str(arguments.output)}) if arguments.json else said)
    return 0


def _drawn(read: Session, arguments: argparse.Namespace) -> Chart:
    """The chart of the measure, or of several below each other."""
    measure = definition(read, arguments.code)
    _known_breakdown(measure.code, arguments.by, dimensions(read, measure))
    if arguments.others:
        if arguments.by or arguments.since or arguments.look or arguments.split:
            raise CityStatError(
                "Measures below each other are drawn as they are", do="Leave out --by, --since, --look and --split"
            )
        several = [measure, *(definition(read, code) for code in arguments.others)]
        return together(read, several, as_of=date.today())
    if arguments.split and arguments.look != SPLIT:
        raise CityStatError("A split is of before and after", do="Add --look split")
    split = periods.start_of(arguments.split, measure.frequency, measure.year_start) if arguments.split else None
    asked = (("by", arguments.by), ("since", arguments.since), ("look", arguments.look), ("split", split))
    view = {k: str(v) for k, v in asked if v} or kept_view(measure.chart)
    return chart_of(read, measure, as_of=date.today(), view=view)
