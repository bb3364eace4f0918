"""Looking at watched sources: what is new is told; it is brought in only where the person switched that on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from citystat.city import City
from citystat.collect import returned, sources
from citystat.collect.apply import apply
from citystat.collect.checks import told as doubted
from citystat.collect.picking import Picked, pick
from citystat.collect.readers import Progress, Source, read
from citystat.collect.secrets import Secrets
from citystat.collect.sources import SourceRow
from citystat.collect.store import Imported, store
from citystat.errors import Cancelled, CityStatError
from citystat.models import ImportRun
from citystat.texts import plural, tr


@dataclass(frozen=True)
class Arrival:
    """What one source has that the city has not. path None: what a database or service has now; error: it cannot be looked at."""

    source: SourceRow
    path: Path | None = None
    error: str = ""


@dataclass(frozen=True)
class Taken:
    """One file that was looked at: what came of it, or why a person must look ("" where it came in). reached: it could be read."""

    arrival: Arrival
    done: Imported | None = None
    why: str = ""
    reached: bool = True


def look(city: City, *, watched: bool = True) -> list[Arrival]:
    """The new files of all sources (watched: of those that are watched), oldest first."""
    with city.read() as asked:
        rows, known = sources.sources(asked), sources.imported(asked)
    found = []
    for row in rows:
        if row.watched or not watched:
            try:
                found += [Arrival(row, path) for path in sources.waiting(row, known)]
            except CityStatError as error:
                found.append(Arrival(row, error=str(error)))
    return found


def opened(arrival: Arrival, secrets: Secrets, progress: Progress | None = None) -> Source:
    """The sheet or sheets of what arrived."""
    if arrival.path is not None:
        return read(arrival.path, progress)
    return sources.fetch(arrival.source, secrets, progress)


def read_as(city: City, arrival: Arrival, source: Source, progress: Progress | None = None) -> Picked:
    """How a source's file is read: by the source's recipe, else as any file."""
    return pick(city, source, arrival.source.recipe, progress=progress)


def take_in(
    city: City, arrival: Arrival, secrets: Secrets, *, now: datetime, progress: Progress | None = None, by_itself: bool = False
) -> Taken:  # fmt: skip
    """Bring in what arrived, where nothing needs a person: its recipe is known, nothing drifted, no cell is wrong.

    by_itself: nobody asked for it now: what a person took back stays away, and what is there already leaves no trace.
    """
    try:
        source = opened(arrival, secrets, progress)
    except Cancelled:
        raise
    except CityStatError as error:
        return Taken(arrival, why=str(error), reached=False)
    try:
        if by_itself and (known := _known(city, arrival, source)):
            return known
        return _read_in(city, arrival, source, now, progress)
    except Cancelled:
        raise
    except CityStatError as error:
        return Taken(arrival, why=str(error))


def _known(city: City, arrival: Arrival, source: Source) -> Taken | None:
    """What was brought in, or taken back, exactly as it is now."""
    runs = select(ImportRun.undone_at).where(
        ImportRun.sha256 == source.sha256, ImportRun.source_id == arrival.source.id
    )
    with city.read() as read:
        before = read.scalars(runs.order_by(ImportRun.id.desc()).limit(1)).all()
    if not before:
        return None
    if before[0] is None:
        return Taken(arrival, Imported(None, 0, 0, 0, ()))
    return Taken(arrival, why=tr("it was taken back; bring it in yourself if it is to come again"))


def _read_in(city: City, arrival: Arrival, source: Source, now: datetime, progress: Progress | None) -> Taken:
    if returned.is_return(source):
        sheet = returned.read_return(city, source)
        return Taken(arrival, returned.store_return(city, source, sheet, now=now, progress=progress, source_id=arrival.source.id))  # fmt: skip
    picked = read_as(city, arrival, source, progress)
    if not picked.known_as:
        return Taken(arrival, why=tr("no recipe reads it yet"))
    if picked.changes:
        return Taken(arrival, why="; ".join(c.said for c in picked.changes[:3]))
    batch = picked.batch or apply(source, picked.recipe, progress)
    if batch.errors:
        return Taken(arrival, why=plural(len(batch.errors), "{n} cell cannot be read", "{n} cells cannot be read"))
    done = store(city, source, picked.recipe, batch, now=now, progress=progress, source_id=arrival.source.id)
    return Taken(arrival, done)


def told(found: list[Arrival], taken: list[Taken]) -> str:
    """What a look found and did, in a sentence; "" where there is nothing to say."""
    words = [t for t in (_came(taken), _doubted(taken), _stuck(taken), _waits(found, taken)) if t]
    return " ".join(words)


def _came(taken: list[Taken]) -> str:
    done = [t for t in taken if t.done is not None]
    new = sum(t.done.added + t.done.revised for t in done if t.done)
    names = ", ".join(t.arrival.path.name for t in done[:3] if t.arrival.path)
    return (
        plural(new, "{n} value came in from {names}.", "{n} values came in from {names}.", names=names) if done else ""
    )


def _doubted(taken: list[Taken]) -> str:
    words = doubted([f for t in taken if t.done for f in t.done.findings])
    return f"{words}." if words else ""


def _stuck(taken: list[Taken]) -> str:
    first = next((t for t in taken if t.why and t.arrival.path), None)
    return tr("{file} waits for you: {why}.", file=first.arrival.path.name, why=first.why.rstrip(".")) if first and first.arrival.path else ""  # fmt: skip


def _waits(found: list[Arrival], taken: list[Taken]) -> str:
    looked = {id(t.arrival) for t in taken}
    rest = [a for a in found if id(a) not in looked and a.path is not None]
    if not rest:
        return ""
    names = ", ".join(dict.fromkeys(a.source.name for a in rest))
    return plural(len(rest), "{n} new file in {names}.", "{n} new files in {names}.", names=names)
