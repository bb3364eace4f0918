"""Storing observations, taking an import back, and the kept totals: the only place that writes them.

It stands in `city` because undo, which lives here, must be able to take an import back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from citystat.errors import CityStatError
from citystat.models import Cell, CellPart, ImportRun, Measure, Observation
from citystat.models.observations import WHOLE, WITHDRAWN

Breakdown = tuple[tuple[str, str], ...]  # (("District", "3"), ("Type", "1")), sorted by dimension


class Incoming(NamedTuple):
    """A value on its way in. period: first day; breakdown: a key of `cells()`'s answer, already a cell id."""

    measure_id: int
    period: date
    cell_id: int
    value: float | None
    numerator: float | None
    denominator: float | None
    status: str
    note: str
    place: str


class Counts(NamedTuple):
    """What became of the incoming values."""

    added: int
    revised: int
    unchanged: int


def cells(session: Session, breakdowns: Iterable[Breakdown]) -> dict[Breakdown, int]:
    """The cell ids of `breakdowns`, made where they are new; the empty breakdown is the whole."""
    wanted = {b: cell_label(b) for b in breakdowns if b}
    known: dict[str, int] = {c.label: c.id for c in session.execute(select(Cell.label, Cell.id))}
    new = [(b, label) for b, label in wanted.items() if label not in known]
    rows = [Cell(label=label) for _, label in new]
    session.add_all(rows)
    session.flush()
    session.add_all(
        CellPart(cell_id=cell.id, dimension=dimension, category=category)
        for (breakdown, _), cell in zip(new, rows, strict=True)
        for dimension, category in breakdown
    )
    session.flush()
    known |= {cell.label: cell.id for cell in rows}
    return {(): WHOLE} | {b: known[label] for b, label in wanted.items()}


def cell_label(breakdown: Breakdown) -> str:
    """ "District=3|Type=1"; "=" and "|" inside words are escaped so that two cells never share a label."""
    return "|".join(f"{_escaped(d)}={_escaped(c)}" for d, c in breakdown)


def store(session: Session, run: ImportRun, rows: Sequence[Incoming]) -> Counts:
    """Keep `rows` as observations of `run`: new ones, and revisions of those whose figures differ.

    rows: at most one for each measure, period and cell. A value equal to the current one changes nothing.
    Sets run.added, revised and unchanged.
    """
    known = _current(session, {row.measure_id for row in rows})
    fresh: list[Stored] = []
    revised: list[Stored] = []
    superseded: list[int] = []
    for row in rows:
        before = known.get((row.measure_id, row.period, row.cell_id))
        if before is None:
            fresh.append((*row, 0, run.id))
        elif before.figures != (row.value, row.numerator, row.denominator, row.status):
            revised.append((*row, before.revision + 1, run.id))
            superseded.append(before.id)
    _supersede(session, superseded, run.id)
    _insert(session, fresh + revised)
    run.added, run.revised = len(fresh), len(revised)
    run.unchanged = len(rows) - run.added - run.revised
    session.flush()
    refresh_totals(session, {row[0] for row in fresh + revised})
    return Counts(run.added, run.revised, run.unchanged)


def store_history(session: Session, runs: Sequence[tuple[ImportRun, Sequence[Incoming]]]) -> None:
    """Keep many runs at once, oldest first, for measures that have no observation yet: what `store()` would do one by one.

    A later row for the same measure, period and cell is a revision of the earlier one.
    """
    newest: dict[tuple[int, date, int], int] = {}
    rows: list[list[Any]] = []
    for run, incoming in runs:
        for row in incoming:
            before = newest.get(row[:3])
            if before is not None:
                rows[before][-1] = run.id
            newest[row[:3]] = len(rows)
            rows.append([*row, 0 if before is None else rows[before][-3] + 1, run.id, None])
            run.revised += before is not None
        run.rows_read, run.added = len(incoming), len(incoming) - run.revised
    session.connection().exec_driver_sql(_INSERT_SUPERSEDED, [(r[0], r[1].isoformat(), *r[2:]) for r in rows])
    session.flush()
    refresh_totals(session, {r[0] for r in rows})


def take_back(session: Session, run_id: int, at: datetime) -> set[str]:
    """Undo import `run_id`: its values go, those it superseded are current again. Returns the keys touched."""
    if session.scalar(
        select(Observation.id).where(Observation.run_id == run_id, Observation.superseded_by > 0).limit(1)
    ):
        raise CityStatError(
            "This import cannot be taken back, because a later one corrected some of its values",
            do="Take the later import back first",
        )
    keys = touched_by(session, run_id)
    session.execute(update(Observation).where(Observation.run_id == run_id).values(superseded_by=WITHDRAWN))
    session.execute(update(Observation).where(Observation.superseded_by == run_id).values(superseded_by=None))
    session.execute(update(ImportRun).where(ImportRun.id == run_id).values(undone_at=at))
    _retire(session, run_id, True)
    refresh_totals(session, _measures_of(keys))
    return keys


def bring_back(session: Session, run_id: int) -> set[str]:
    """Redo import `run_id` after take_back(). Returns the keys touched."""
    session.execute(text(_SUPERSEDE_AGAIN), {"run": run_id})
    session.execute(update(Observation).where(Observation.run_id == run_id).values(superseded_by=None))
    session.execute(update(ImportRun).where(ImportRun.id == run_id).values(undone_at=None))
    _retire(session, run_id, False)
    keys = touched_by(session, run_id)
    refresh_totals(session, _measures_of(keys))
    return keys


def touched_by(session: Session, run_id: int) -> set[str]:
    """The keys that import `run_id` touches: itself and its measures."""
    measures = session.scalars(select(Observation.measure_id).where(Observation.run_id == run_id).distinct())
    return {"observation", "import_run", f"import_run:{run_id}", *(f"measure:{m}" for m in measures)}


def refresh_totals(session: Session, measures: Iterable[int]) -> None:
    """Add up the current observations of `measures` anew, by each measure's own aggregation.

    Where a period has a whole value beside its parts, the whole is taken: a city publishes totals that
    hold more than the parts it publishes.
    """
    for measure_id in sorted(measures):
        session.execute(text("DELETE FROM total WHERE measure_id = :measure"), {"measure": measure_id})
        session.execute(text(_TOTALS), {"measure": measure_id})


class _Current(NamedTuple):
    id: int
    revision: int
    figures: tuple[float | None, float | None, float | None, str]


Stored = tuple[int, date, int, float | None, float | None, float | None, str, str, str, int, int]

_INSERT = """
INSERT INTO observation
    (measure_id, period, cell_id, value, numerator, denominator, status, note, place, revision, run_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

_INSERT_SUPERSEDED = """
INSERT INTO observation
    (measure_id, period, cell_id, value, numerator, denominator, status, note, place, revision, run_id, superseded_by)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

_SUPERSEDE_AGAIN = """
UPDATE observation SET superseded_by = :run
WHERE superseded_by IS NULL AND run_id <> :run AND EXISTS (
    SELECT 1 FROM observation AS later
    WHERE later.run_id = :run AND later.measure_id = observation.measure_id
      AND later.period = observation.period AND later.cell_id = observation.cell_id)"""

# A ratio is the ratio of sums; a median or mean over cells is unweighted; "last" and "count" add up
# over cells, because a stock or a count of the whole is the sum over its parts.
_TOTALS = """
INSERT INTO total (measure_id, period, value, numerator, denominator, status, note, revision)
SELECT o.measure_id, o.period,
    CASE m.aggregation
        WHEN 'ratio' THEN CASE WHEN count(o.denominator) = 0 THEN avg(o.value)
                               ELSE m.multiplier * sum(o.numerator) / nullif(sum(o.denominator), 0) END
        WHEN 'mean' THEN avg(o.value)
        WHEN 'median' THEN avg(o.value)
        ELSE sum(o.value) END,
    sum(o.numerator), sum(o.denominator),
    CASE WHEN sum(o.status = 'preliminary') > 0 THEN 'preliminary' ELSE 'final' END,
    CASE WHEN count(*) = 1 THEN max(o.note) ELSE '' END,
    max(o.revision)
FROM observation AS o JOIN measure AS m ON m.id = o.measure_id
WHERE o.measure_id = :measure AND o.superseded_by IS NULL
  AND (o.cell_id = 1 OR NOT EXISTS (
        SELECT 1 FROM observation AS whole
        WHERE whole.measure_id = o.measure_id AND whole.period = o.period
          AND whole.cell_id = 1 AND whole.superseded_by IS NULL))
GROUP BY o.measure_id, o.period"""


def _current(session: Session, measures: set[int]) -> dict[tuple[int, date, int], _Current]:
    o = Observation
    found = session.execute(
        select(o.measure_id, o.period, o.cell_id, o.id, o.revision, o.value, o.numerator, o.denominator, o.status)
        .where(o.measure_id.in_(measures), o.superseded_by.is_(None))
    )  # fmt: skip
    return {(r[0], r[1], r[2]): _Current(r[3], r[4], (r[5], r[6], r[7], r[8])) for r in found}


def _supersede(session: Session, ids: list[int], run_id: int) -> None:
    if ids:
        session.connection().exec_driver_sql(
            "UPDATE observation SET superseded_by = ? WHERE id = ?", [(run_id, row_id) for row_id in ids]
        )


def _insert(session: Session, rows: list[Stored]) -> None:
    """By the driver itself: a hundred thousand rows through the unit of work would take ten times as long."""
    if rows:
        session.connection().exec_driver_sql(_INSERT, [(r[0], r[1].isoformat(), *r[2:]) for r in rows])


def _retire(session: Session, run_id: int, retired: bool) -> None:
    """Measures that an import made go out of use with it: their withdrawn values still point to them."""
    run = session.get(ImportRun, run_id)
    if run is not None and run.made:
        session.execute(update(Measure).where(Measure.id.in_(run.made)).values(retired=retired))


def _measures_of(keys: set[str]) -> set[int]:
    return {int(key.split(":")[1]) for key in keys if key.startswith("measure:")}


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("|", "\\|").replace("=", "\\=")
