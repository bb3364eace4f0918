"""citystat import: bring data in by a map, a recipe or a guess, from a file or a source."""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from citystat.city import City
from citystat.city.backup import save_copy_of
from citystat.cli import records, words
from citystat.collect import drift, sources
from citystat.collect.apply import apply
from citystat.collect.batch import Remark
from citystat.collect.checks import ERROR, Finding
from citystat.collect.picking import Picked, pick
from citystat.collect.readers import Source, read
from citystat.collect.recipe import load
from citystat.collect.secrets import Keyring
from citystat.collect.store import store
from citystat.errors import CityStatError
from citystat.records import kept
from citystat.records.bring import Brought


@dataclass
class Report:
    """What an import did, or would do, as --json prints it."""

    rows_read: int = 0
    observations_new: int = 0
    observations_revised: int = 0
    observations_unchanged: int = 0
    errors: list[dict[str, str]] = field(default_factory=list)
    warnings: list[dict[str, str]] = field(default_factory=list)

    def remark(self, remarks: list[Remark], file: str = "") -> None:
        """Add what was odd; file: its name, where there are several."""
        for r in remarks:
            place = ", ".join(filter(None, [file, r.place]))
            (self.errors if r.error else self.warnings).append({"place": place, "reason": r.reason})

    def find(self, findings: Iterable[Finding], file: str = "") -> None:
        """Add what the checks said; it comes before what was merely odd."""
        odd, self.warnings = self.warnings, []
        self.remark([Remark(f.place, f.words, f.level == ERROR) for f in findings], file)
        self.warnings += odd

    def of_records(self, brought: Brought, file: str) -> None:
        """Add what became of records."""
        self.rows_read += brought.rows_read
        self.remark(list(brought.remarks), file)
        self.find(brought.imported.findings, file)
        self.observations_new += brought.imported.added
        self.observations_revised += brought.imported.revised
        self.observations_unchanged += brought.imported.unchanged


def add_parser(commands: Any) -> None:
    """Declare `import`."""
    parser: argparse.ArgumentParser = commands.add_parser("import", help="bring data in")
    parser.add_argument("source", metavar="FILE|SOURCE", help="a file, or the name of a source of the city")
    parser.add_argument("--city", type=words.file, required=True)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--map", type=words.file, metavar="MAP.json", help="how the file is read")
    how.add_argument("--recipe", metavar="NAME", help="as the recipe of this name says")
    parser.add_argument(
        "--accept", action="store_true", help="where the file is not as the recipe knows it, take what is proposed"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
    parser.add_argument("--believe", default="", metavar="REASON", help="take in what the checks would hold back")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_import)


def _import(arguments: argparse.Namespace) -> int:
    report = Report()
    try:
        with City.open(arguments.city) as city:
            row = _source(city, arguments.source)
            by = records.recipe_for(city, arguments, row)
            with _tried_on(city, arguments, row) as (tried, dry):
                if by is not None:
                    records.bring_in(tried, arguments, by, row, report.of_records, dry=dry)
                for source in () if by is not None else _arrived(tried, row, words.file(arguments.source)):
                    _one(tried, arguments, source, row, report, dry=dry)
    except CityStatError as error:
        if arguments.json:
            report.errors = report.errors or records.told(error)
            print(json.dumps(vars(report), ensure_ascii=False))
        raise
    _print(arguments, report)
    return 0


def _source(city: City, name: str) -> sources.SourceRow | None:
    """The source of this name; None where it is the name of a file."""
    with city.read() as asked:
        return next((s for s in sources.sources(asked) if s.name == name), None)


@contextmanager
def _tried_on(city: City, arguments: argparse.Namespace, row: sources.SourceRow | None) -> Iterator[tuple[City, bool]]:
    """The city, and whether nothing is to be kept. Of several files each stands on the one before: they are tried on a copy."""
    if not arguments.dry_run or row is None or row.kind != "folder":
        yield city, arguments.dry_run
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / city.path.name
        save_copy_of(city.path, copy)
        if kept.folder(city.path).is_dir():
            shutil.copytree(kept.folder(city.path), kept.folder(copy), copy_function=os.link)
        with City.open(copy) as tried:
            yield tried, False


def _arrived(city: City, row: sources.SourceRow | None, path: Path) -> Iterator[Source]:
    """The file, or all that a source has and the city has not, one after the other."""
    if row is None:
        yield read(path)
    elif row.kind not in ("file", "folder"):
        yield sources.fetch(row, Keyring())
    else:
        with city.read() as asked:
            known = sources.imported(asked)
        yield from map(read, sources.waiting(row, known))


def _one(
    city: City,
    arguments: argparse.Namespace,
    source: Source,
    row: sources.SourceRow | None,
    report: Report,
    *,
    dry: bool,
) -> None:
    """Bring one file in and add to the report; CityStatError where it is refused."""
    picked = _picked(city, arguments, source, row)
    recipe, why = picked.recipe, ""
    if picked.changes and not arguments.accept:
        report.errors += [{"place": d.place, "reason": d.said} for d in picked.changes]
        raise drift.refused(source.name, recipe, picked.changes)
    if picked.changes:
        recipe, why = _accepted(city, source, picked)
        if not arguments.json:
            print(f"accepted: {why}")
    batch = picked.batch if picked.batch and recipe is picked.recipe else apply(source, recipe)
    report.rows_read += batch.rows_read
    report.remark(batch.remarks, source.name if row else "")
    if batch.errors:
        _list(arguments, batch.errors)
        raise CityStatError(f"{len(batch.errors)} cells cannot be read; nothing was written", where=source.name)
    done = store(
        city, source, recipe, batch, now=datetime.now(), dry=dry, why=why, source_id=row.id if row else None,
        believed=arguments.believe,
    )  # fmt: skip
    report.find(done.findings, source.name if row else "")
    report.observations_new += done.added
    report.observations_revised += done.revised
    report.observations_unchanged += done.unchanged


def _picked(city: City, arguments: argparse.Namespace, source: Source, row: sources.SourceRow | None) -> Picked:
    if arguments.map:
        return Picked(load(arguments.map))
    return pick(city, source, arguments.recipe or (row.recipe if row else ""))


def _accepted(city: City, source: Source, picked: Picked) -> tuple[Any, str]:
    """The recipe with every proposal taken, and why; what was hidden by the first differences is asked for again."""
    recipe, why, changes = picked.recipe, [], list(picked.changes)
    for _ in range(4):
        if not changes:
            break
        answers = {d: d.proposed for d in changes}
        recipe = drift.accepted(recipe, answers)
        why.append(drift.reason(changes, answers))
        taken = {d.found for d in changes if d.kind == drift.CATEGORY}
        changes = [d for d in pick(city, source, recipe=recipe).changes if d.found not in taken]
    return recipe, "; ".join(why)


def _list(arguments: argparse.Namespace, remarks: list[Remark]) -> None:
    if not arguments.json:
        for r in remarks[:20]:
            print(f"  {r.place}: {r.reason}")


def _print(arguments: argparse.Namespace, report: Report) -> None:
    if arguments.json:
        print(json.dumps(vars(report), ensure_ascii=False))
        return
    print(
        f"{report.rows_read} rows read: {report.observations_new} new, {report.observations_revised} revised, {report.observations_unchanged} unchanged"
    )
    held = len(report.errors)  # of the checks: an error of any other kind ends the import
    if held:
        taken = "taken in all the same" if arguments.believe else "held back"
        print(f"{held} {'figure' if held == 1 else 'figures'} {taken}, because of the checks:")
    for r in report.errors[:20] or report.warnings[:10]:
        print(f"  {r['place']}: {r['reason']}" if r["place"] else f"  {r['reason']}")
