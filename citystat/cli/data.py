"""citystat import: bring data in by a map, a recipe or a guess."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from typing import Any

from citystat.city import City
from citystat.cli import words
from citystat.collect.apply import apply
from citystat.collect.checks import ERROR
from citystat.collect.coding import coded
from citystat.collect.guess import guess
from citystat.collect.readers import read
from citystat.collect.recipe import load
from citystat.collect.store import recipe_named, store
from citystat.measures.series import definitions


def add_parser(commands: Any) -> None:
    """Declare `import`."""
    parser: argparse.ArgumentParser = commands.add_parser("import", help="bring data in")
    parser.add_argument("source", type=words.file)
    parser.add_argument("--city", type=words.file, required=True)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--map", type=words.file, metavar="MAP.json", help="how the file is read")
    how.add_argument("--recipe", metavar="NAME", help="as the last import of this name")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
    parser.add_argument("--believe", default="", metavar="REASON", help="take in what the checks would hold back")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_import)


def _import(arguments: argparse.Namespace) -> int:
    source = read(arguments.source)
    with City.open(arguments.city) as city:
        if arguments.map:
            recipe = load(arguments.map)
        elif arguments.recipe:
            with city.read() as session:
                recipe = recipe_named(session, arguments.recipe)
        else:
            with city.read() as session:
                known = {m.code: m.name for m in definitions(session, retired=True)}
            recipe = coded(guess(source, year_start=city.settings.fiscal_year_start), known)
        batch = apply(source, recipe)
        if batch.errors:
            _report(arguments, batch, None)
            print(
                f"citystat: {source.name}: {len(batch.errors)} cells cannot be read; nothing was written",
                file=sys.stderr,
            )
            return 1
        done = store(city, source, recipe, batch, now=datetime.now(), dry=arguments.dry_run, believed=arguments.believe)
    _report(arguments, batch, done)
    return 0


def _report(arguments: argparse.Namespace, batch: Any, done: Any) -> None:
    errors = [{"place": r.place, "reason": r.reason} for r in batch.remarks if r.error]
    warnings = [{"place": r.place, "reason": r.reason} for r in batch.remarks if not r.error]
    held = [{"place": f.place, "reason": f.words} for f in (done.findings if done else ()) if f.level == ERROR]
    found = [{"place": f.place, "reason": f.words} for f in (done.findings if done else ()) if f.level != ERROR]
    machine = {
        "rows_read": batch.rows_read,
        "observations_new": done.added if done else 0,
        "observations_revised": done.revised if done else 0,
        "observations_unchanged": done.unchanged if done else 0,
        "errors": [*errors, *held],
        "warnings": [*found, *warnings],
    }
    if arguments.json:
        print(json.dumps(machine, ensure_ascii=False))
        return
    print(
        f"{machine['rows_read']} rows read: {machine['observations_new']} new, {machine['observations_revised']} revised, {machine['observations_unchanged']} unchanged"
    )
    if held:
        taken = "taken in all the same" if arguments.believe else "held back"
        print(f"{len(held)} {'figure' if len(held) == 1 else 'figures'} {taken}, because of the checks:")
    for line in [*errors, *held][:20] or [*found, *warnings][:10]:
        print(f"  {line['place']}: {line['reason']}" if line["place"] else f"  {line['reason']}")
