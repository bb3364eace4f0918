"""citystat import: bring data in by a map, a recipe or a guess, from a file, a source, or all sources that are due."""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from citystat.city import City
from citystat.city.backup import save_copy_of
from citystat.city.closing import ReasonWanted
from citystat.cli import records, words
from citystat.collect import asking, drift, returned, sources, watching
from citystat.collect.apply import apply
from citystat.collect.batch import Remark
from citystat.collect.checks import ERROR, Finding
from citystat.collect.picking import Picked, pick
from citystat.collect.readers import Source, read
from citystat.collect.recipe import load
from citystat.collect.secrets import Keyring
from citystat.collect.store import Imported, store
from citystat.collect.watching import Arrival, Taken
from citystat.errors import CityStatError
from citystat.records import kept, taking
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
    sources: list[dict[str, Any]] | None = None  # of --all-due: how it went with each

    def plain(self) -> dict[str, Any]:
        """As --json prints it."""
        return {k: v for k, v in vars(self).items() if v is not None}

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
    parser.add_argument("source", metavar="FILE|SOURCE", nargs="?", help="a file, or the name of a source of the city")
    parser.add_argument(
        "--all-due",
        action="store_true",
        help="every source that has something new or whose figures are due, for a scheduler",
    )
    parser.add_argument("--city", type=words.file, required=True)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--map", type=words.file, metavar="MAP.json", help="how the file is read")
    how.add_argument("--recipe", metavar="NAME", help="as the recipe of this name says")
    parser.add_argument(
        "--accept", action="store_true", help="where the file is not as the recipe knows it, take what is proposed"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
    parser.add_argument("--believe", default="", metavar="REASON", help="take in what the checks would hold back")
    parser.add_argument("--reason", default="", metavar="REASON", help="why figures of closed periods change")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=lambda arguments: _begin(parser, arguments))


def _begin(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    """One file or source, or all that is due."""
    if arguments.all_due == bool(arguments.source):
        parser.error("give a file or a source, or --all-due")
    if arguments.all_due and (arguments.map or arguments.recipe or arguments.accept or arguments.believe):
        parser.error(
            "--all-due takes no other word than --dry-run: each source has its recipe, and doubts wait for a person"
        )
    return _all_due(arguments) if arguments.all_due else _import(arguments)


def _all_due(arguments: argparse.Namespace) -> int:
    """Bring in all that is due; what waits for a person or did not answer is said, and keeps nothing else from coming in."""
    report = Report(sources=[])
    with City.open(arguments.city) as city, _tried_on(city, arguments) as (tried, _):
        for name, arrival in _due(tried):
            _one_due(tried, arrival, report, name)
    if report.sources or arguments.json:
        _print(arguments, report)
    else:
        print("nothing is due: no source of this city has anything new (citystat sources lists them)")
    stuck = [s for s in report.sources or () if s["why"]]
    if not arguments.json:
        for s in report.sources or ():
            print(f"  {s['name']}: {s['why'] or str(s['observations_new'] + s['observations_revised']) + ' values'}")
    if stuck:
        raise CityStatError(f"{len(stuck)} of {len(report.sources or ())} sources wait for a person or did not answer")
    return 0


def _due(city: City) -> list[tuple[str, Arrival]]:
    """What waits in files and folders, and the databases and services whose figures are due."""
    with city.read() as asked:
        wanted = asking.due(asked, datetime.now(), watched=False)
        unread = [s for s in sources.sources(asked) if s.kind not in ("file", "folder") and not s.recipe]
    found = [(a.source.name, a) for a in watching.look(city, watched=False)]
    return found + [(s.name, Arrival(s)) for s in (*(d.source for d in wanted), *unread)]


def _one_due(city: City, arrival: Arrival, report: Report, name: str) -> None:
    """Bring one arrival in, and say how it went; nothing is fetched that nobody taught to read."""
    if arrival.error:
        taken = Taken(arrival, why=arrival.error, reached=False)
    elif not arrival.source.recipe:
        taken = Taken(arrival, why="no recipe reads it yet: bring it in once")
    else:
        taken = taking.take_in(city, arrival, Keyring(), now=datetime.now(), by_itself=True)
    file = arrival.path.name if arrival.path else ""
    new, revised = (taken.done.added, taken.done.revised) if taken.done else (0, 0)
    went = {"name": name, "file": file, "why": taken.why, "observations_new": new, "observations_revised": revised}
    report.sources = [*(report.sources or ()), went]
    if taken.done:
        report.find(taken.done.findings, file or name)
        report.rows_read += taken.done.rows_read
        report.observations_new += new
        report.observations_revised += revised
        report.observations_unchanged += taken.done.unchanged


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
            print(json.dumps(report.plain(), ensure_ascii=False))
        raise
    _print(arguments, report)
    return 0


def _source(city: City, name: str) -> sources.SourceRow | None:
    """The source of this name; None where it is the name of a file."""
    with city.read() as asked:
        return next((s for s in sources.sources(asked) if s.name == name), None)


@contextmanager
def _tried_on(
    city: City, arguments: argparse.Namespace, row: sources.SourceRow | None = None
) -> Iterator[tuple[City, bool]]:
    """The city, and whether nothing is to be kept. Of several files each stands on the one before: they are tried on a copy."""
    several = arguments.all_due or (row is not None and row.kind == "folder")
    if not arguments.dry_run or not several:
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
    if not (arguments.map or arguments.recipe) and returned.is_return(source):
        _came_back(city, arguments, source, row, report, dry=dry)
        return
    picked = _picked(city, arguments, source, row)
    recipe, why = picked.recipe, ""
    if picked.changes and not arguments.accept:
        report.errors += [{"place": d.place, "reason": d.said} for d in picked.changes]
        raise drift.refused(source.name, recipe.name, picked.changes)
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
    how = _how(arguments, row, dry)
    _count(report, _stored(source, lambda: store(city, source, recipe, batch, why=why, **how)), source, row)


def _came_back(
    city: City, arguments: argparse.Namespace, source: Source, row: sources.SourceRow | None, report: Report, *, dry: bool
) -> None:  # fmt: skip
    """A return sheet that was filled: it says itself what its figures are."""
    sheet = returned.read_return(city, source)
    report.rows_read += sheet.asked
    report.remark(list(sheet.remarks), source.name if row else "")
    _list(arguments, list(sheet.errors))
    how = _how(arguments, row, dry)
    _count(report, _stored(source, lambda: returned.store_return(city, source, sheet, **how)), source, row)


def _how(arguments: argparse.Namespace, row: sources.SourceRow | None, dry: bool) -> dict[str, Any]:
    return {
        "now": datetime.now(), "dry": dry, "source_id": row.id if row else None, "believed": arguments.believe,
        "reason": arguments.reason,
    }  # fmt: skip


def _count(report: Report, done: Imported, source: Source, row: sources.SourceRow | None) -> None:
    report.find(done.findings, source.name if row else "")
    report.observations_new += done.added
    report.observations_revised += done.revised
    report.observations_unchanged += done.unchanged


def _stored(source: Source, keep: Callable[[], Imported]) -> Imported:
    """What keeping it did; a closed period says how it is done here."""
    try:
        return keep()
    except ReasonWanted as wanted:
        raise CityStatError(
            wanted.what, where=source.name, do="Say why with --reason; nothing was written"
        ) from wanted  # fmt: skip


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
        print(json.dumps(report.plain(), ensure_ascii=False))
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
