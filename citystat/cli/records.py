"""citystat records: the records behind one number; and how `citystat import` brings records in."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from citystat import periods
from citystat.city import City
from citystat.city.observations import Breakdown
from citystat.cli import words
from citystat.collect import drift, plain, recipes, sources
from citystat.collect.secrets import Keyring
from citystat.errors import CityStatError
from citystat.measures.series import definition
from citystat.records import changed
from citystat.records.bring import Brought, ask, bring
from citystat.records.open import Number, records
from citystat.records.recipe import RECORDS, RecordRecipe, from_json, is_records


def add_parser(commands: Any) -> None:
    """Declare `records`."""
    parser: argparse.ArgumentParser = commands.add_parser("records", help="the records behind a number")
    parser.add_argument("code", metavar="CODE")
    parser.add_argument("period", type=_period, metavar="PERIOD", help="YYYY-MM, or YYYY-MM-DD of a day or week")
    parser.add_argument(
        "--of", action="append", default=[], type=_part, metavar="BREAKDOWN=CATEGORY", help="of this part only"
    )
    parser.add_argument("--sort", default="", metavar="COLUMN", help="else as the file has them")
    parser.add_argument("--descending", action="store_true")
    parser.add_argument("--first", type=words.count, default=20, metavar="N", help="so many records; else 20")
    parser.add_argument("-o", "--output", type=words.new_file, metavar="FILE.csv", help="write all of them")
    words.of_a_city(parser, _records)


def _period(text: str) -> date:
    return words.day(text) if text.count("-") == 2 else words.month(text)


def _part(text: str) -> tuple[str, str]:
    breakdown, mark, category = text.partition("=")
    if not mark or not breakdown.strip():
        raise argparse.ArgumentTypeError(f"“{text}” is no part; write it as District=3")
    return breakdown.strip(), category.strip()


def _records(arguments: argparse.Namespace) -> int:
    of: Breakdown = tuple(sorted(arguments.of))
    with City.open(arguments.city) as city:
        with city.read() as read:
            measure = definition(read, arguments.code)
        start = periods.start_of(arguments.period, measure.frequency, measure.year_start)
        with records(city, Number(measure.code, start, of), secrets=Keyring()) as found:
            if arguments.output:
                n = found.save(arguments.output)
                _say(
                    arguments, {"file": str(arguments.output), "records": n}, f"Wrote {n} records to {arguments.output}"
                )
                return 0
            rows = found.page(0, arguments.first, sort=arguments.sort, descending=arguments.descending)
            columns, count = found.columns, found.count
    machine = {
        "code": measure.code, "period": periods.key(start, measure.frequency), "of": dict(of), "count": count, "columns": list(columns),
        "records": [[v if isinstance(v, int | float) else str(v) for v in row] for row in rows],
    }  # fmt: skip
    lines = [f"{count} records", "  ".join(columns), *("  ".join(map(str, row)) for row in rows)]
    _say(arguments, machine, "\n".join(lines))
    return 0


def _say(arguments: argparse.Namespace, machine: dict[str, Any], people: str) -> None:
    print(json.dumps(machine, ensure_ascii=False) if arguments.json else people)


## Bringing in


def recipe_for(city: City, arguments: argparse.Namespace, row: sources.SourceRow | None) -> RecordRecipe | None:
    """The recipe for records that is asked for; else of the source; else of a file that was called so. None where it is for a table."""
    if arguments.map:
        data = plain.loaded(arguments.map)
        return from_json({"name": arguments.map.stem} | data, arguments.map.name) if is_records(data) else None
    name = arguments.recipe or (row.recipe if row else "")
    with city.read() as read:
        if name:
            return recipes.named_as(read, name, RECORDS).recipe if recipes.kind_of(read, name) == RECORDS.name else None
        if row is not None or recipes.fitting(recipes.kept(read), arguments.source):
            return None
        found = recipes.fitting(recipes.kept_as(read, RECORDS), Path(arguments.source).name)
    return found.recipe if found else None


def bring_in(
    city: City, arguments: argparse.Namespace, recipe: RecordRecipe, row: sources.SourceRow | None, tell: Callable[[Brought, str], None], *, dry: bool
) -> None:  # fmt: skip
    """Bring records in, from a file or from all that a source has; `tell` hears what became of each, with its name where there are several."""
    more: dict[str, Any] = {
        "now": datetime.now(),
        "dry": dry,
        "believed": arguments.believe,
        "reason": arguments.reason,
    }
    if row is None:
        path = words.file(arguments.source)
        tell(_asked(arguments, recipe, lambda by, **how: bring(city, path, by, **more, **how)), "")
    elif row.kind not in ("file", "folder"):
        tell(_asked(arguments, recipe, lambda by, **how: ask(city, row, by, secrets=Keyring(), **more, **how)), "")
    else:
        with city.read() as read:
            known = sources.imported(read)
        for path in sources.waiting(row, known):
            keep = partial(bring, city, path, source_id=row.id, **more)
            tell(_asked(arguments, recipe, lambda by, keep=keep, **how: keep(recipe=by, **how)), path.name)


def _asked(arguments: argparse.Namespace, recipe: RecordRecipe, bring_in: Callable[..., Brought]) -> Brought:
    """What became of them; where the file has changed, what is proposed is taken with --accept, and refused without."""
    why: list[str] = []
    asking = True
    for _ in range(4):  # what is hidden by a column that is called otherwise is asked for again
        try:
            return bring_in(recipe, asking=asking, why="; ".join(why))
        except changed.Changed as error:
            if not arguments.accept:
                raise
            answers = {d: d.proposed for d in error.changes}
            recipe = changed.accepted(recipe, answers)
            why.append(drift.reason(error.changes, answers))
            asking = any(d.kind == drift.COLUMN for d in error.changes)
            if not arguments.json:
                print(f"accepted: {why[-1]}")
    return bring_in(recipe, asking=False, why="; ".join(why))


def told(error: CityStatError) -> list[dict[str, str]]:
    """The errors of a refusal, each with its place."""
    if isinstance(error, changed.Changed):
        return [{"place": d.place, "reason": d.said} for d in error.changes]
    remarks = getattr(error, "remarks", ())
    return [{"place": r.place, "reason": r.reason} for r in remarks] or [{"place": error.where, "reason": error.what}]
