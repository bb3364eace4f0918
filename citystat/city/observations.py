"""Storing observations, taking an import back, and the kept totals: the only place that writes them.

It stands in `city` because undo, which lives here, must be able to take an import back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, compress
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from citystat.city import closing
from citystat.errors import CityStatError
from citystat.models import Cell, CellPart, CheckFinding, ImportRun, Measure, Observation
from citystat.models.observations import GONE, WHOLE, WITHDRAWN
from citystat.texts import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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


@dataclass(frozen=True)
class Columns:
    """Values on their way in, by column: arrays[n]; period: ordinals of first days; nan where there is no figure; note:
    what the source says of each, None where it says nothing; status: "final" or "preliminary" of each, None where all are final."""

    measure: NDArray[np.int64]
    period: NDArray[np.int64]
    cell: NDArray[np.int64]
    value: NDArray[np.float64]
    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]
    place: list[str]
    note: list[str] | None = None
    status: list[str] | None = None

    def taken(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> Columns:
        """Some of the values: those of a mask, or those at these places."""
        at = which.nonzero()[0] if which.dtype == bool else which
        return Columns(
            self.measure[at], self.period[at], self.cell[at], self.value[at], self.numerator[at], self.denominator[at],
            [self.place[i] for i in at.tolist()], self.note and [self.note[i] for i in at.tolist()],
            self.status and [self.status[i] for i in at.tolist()],
        )  # fmt: skip


class Progress(Protocol):
    """Who waits for long work."""

    def report(self, share: float, words: str = "") -> None:
        """How far it is, 0 to 1; raises Cancelled to stop it."""


class Counts(NamedTuple):
    """What became of the incoming values."""

    added: int
    revised: int
    unchanged: int


def cells(session: Session, breakdowns: Iterable[Breakdown]) -> dict[Breakdown, int]:
    """The cell ids of `breakdowns`, made where they are new; the empty breakdown is the whole."""
    wanted = {b: cell_label(b) for b in breakdowns if b}
    known: dict[str, int] = {c.label: c.id for c in session.execute(select(Cell.label, Cell.id))} if wanted else {}
    new = [(b, label) for b, label in wanted.items() if label not in known]
    following = max(known.values(), default=WHOLE) + 1
    if new:
        ids = {label: n for n, (_, label) in enumerate(new, following)}
        session.execute(insert(Cell), [{"id": n, "label": label} for label, n in ids.items()])
        parts = [
            {"cell_id": ids[label], "dimension": d, "category": c} for breakdown, label in new for d, c in breakdown
        ]
        session.execute(insert(CellPart), parts)
        known |= ids
    return {(): WHOLE} | {b: known[label] for b, label in wanted.items()}


def cell_label(breakdown: Breakdown) -> str:
    """ "District=3|Type=1"; "=" and "|" inside words are escaped so that two cells never share a label."""
    return "|".join(f"{_escaped(d)}={_escaped(c)}" for d, c in breakdown)


def store(session: Session, run: ImportRun, rows: Sequence[Incoming]) -> Counts:
    """Keep `rows` as observations of `run`: new ones, and revisions of those whose figures differ.

    rows: at most one for each measure, period and cell. A value equal to the current one changes nothing.
    Sets run.added, revised and unchanged.
    """
    if not rows:
        return Counts(0, 0, 0)
    columns = [list(column) for column in zip(*rows, strict=True)]
    columns[1] = [day.isoformat() for day in columns[1]]
    return _store(session, run, columns, None)


def store_columns(session: Session, run: ImportRun, columns: Columns, progress: Progress | None = None) -> Counts:
    """As store(), for an import. Quickest where sorted by measure, period and cell."""
    import numpy as np  # slow to import, and the window stands before it

    days, back = np.unique(columns.period, return_inverse=True)
    names = [date.fromordinal(d).isoformat() for d in days.tolist()]
    arriving: Arriving = [
        columns.measure.tolist(), [names[i] for i in back.tolist()], columns.cell.tolist(),
        _figures(columns.value), _figures(columns.numerator), _figures(columns.denominator),
        list(columns.status or ["final"] * len(back)), list(columns.note or [""] * len(back)), columns.place,
    ]  # fmt: skip
    return _store(session, run, arriving, progress)


def same_computed(session: Session, measure_id: int, rows: Sequence[Incoming]) -> bool:
    """Whether the current values of a derived measure are these `rows`, and nothing else."""
    current = session.connection().exec_driver_sql(_CURRENT_KEYED, (measure_id,))
    return {tuple(r[2:]) for r in current} == {_figures_of(r) for r in rows}


def store_computed(session: Session, run_id: int, measure_id: int, rows: Sequence[Incoming]) -> None:
    """Let the computed `rows` of a derived measure be its values: revisions of what differs, the rest of what it had goes."""
    connection = session.connection()
    wanted = {_figures_of(r): r for r in rows}
    current = {tuple(r[2:]): r for r in connection.exec_driver_sql(_CURRENT_KEYED, (measure_id,))}
    gone = [r for figures, r in current.items() if figures not in wanted]
    revision = {(r[2], r[3]): r[1] + 1 for r in gone}
    _supersede(session, [r[0] for r in gone], run_id)
    fresh = [row for figures, row in wanted.items() if figures not in current]
    arriving: Arriving = [[_plain(v) for v in column] for column in zip(*fresh, strict=True)]
    _insert(session, arriving, [revision.get((r.period.isoformat(), r.cell_id), 0) for r in fresh], run_id, None)
    _mark_gone(session, run_id, measure_id, gone, {(r.period.isoformat(), r.cell_id) for r in fresh})
    refresh_totals(session, [measure_id])


def _mark_gone(
    session: Session, run_id: int, measure_id: int, gone: Sequence[Any], again: set[tuple[str, int]]
) -> None:
    """That a period has no value from this run on, so that what was shown before and after can be told apart."""
    rows = [(measure_id, r[2], r[3], r[1] + 1, run_id, GONE) for r in gone if (r[2], r[3]) not in again]
    if rows:
        session.connection().exec_driver_sql(_INSERT_GONE, rows)


def forget_computed(session: Session, measure_id: int) -> None:
    """Before a derived measure is unmade: values that only its formula gave go with it."""
    session.execute(text(_FORGET), {"measure": measure_id, "computed": f"{COMPUTED}%"})
    session.execute(text("DELETE FROM total WHERE measure_id = :measure"), {"measure": measure_id})


def _refuse_computed(session: Session, measures: Iterable[int]) -> None:
    """Values are not brought in for a measure that is computed: the formula would replace them at once."""
    query = select(Measure.code).where(Measure.id.in_(list(measures)), Measure.formula != "").limit(1)
    code = session.scalar(query)
    if code is not None:
        raise CityStatError(
            tr("{code} is computed from other measures, so its values are not brought in or typed", code=code),
            do=tr("Correct the measures it rests on, or take its formula away"),
        )


def _store(session: Session, run: ImportRun, arriving: Arriving, progress: Progress | None) -> Counts:
    _refuse_computed(session, set(arriving[0]))
    known = _current(session, arriving)
    fresh, before = arriving, []
    revised: Arriving = [[] for _ in arriving]
    if known:
        rows = list(zip(*arriving, strict=True))
        current = [known.get(row[:3]) for row in rows]
        fresh = _picked(arriving, [c is None for c in current])
        changed = [c is not None and c[4:] != row[3:7] for c, row in zip(current, rows, strict=True)]
        revised, before = _picked(arriving, changed), [c for c in compress(current, changed) if c]
    _reasoned(session, run, fresh, revised)
    _supersede(session, [c[2] for c in before], run.id)
    _insert(session, fresh, [0] * len(fresh[0]), run.id, progress)
    _insert(session, revised, [c[3] + 1 for c in before], run.id, progress)
    run.added, run.revised = len(fresh[0]), len(revised[0])
    run.unchanged = len(arriving[0]) - run.added - run.revised
    session.flush()
    refresh_totals(session, {*fresh[0], *revised[0]})
    return Counts(run.added, run.revised, run.unchanged)


def _reasoned(session: Session, run: ImportRun, *parts: Arriving) -> None:
    """Corrections of closed periods carry the run's reason as their note, and are refused without one; other runs keep none."""
    closed = closing.through(session)
    late = [
        (part, at)
        for part in parts
        for at, (measure, period) in enumerate(zip(part[0], part[1], strict=True) if closed else ())
        if period <= closed.get(measure, "")
    ]
    if late:
        part, at = late[0]
        closing.told(session, len(late), part[0][at], part[1][at], run.reason)
    run.reason = run.reason.strip() if late else ""
    for part, at in late:
        note = part[7][at]
        part[7][at] = run.reason if note in ("", run.reason) else closing.WITHIN.format(note=note, reason=run.reason)


def _picked(columns: Arriving, which: list[bool]) -> Arriving:
    return [list(compress(column, which)) for column in columns]


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


def take_back(session: Session, run_id: int, at: datetime, reason: str = "") -> set[str]:
    """Undo import `run_id`: its values go, those it superseded are current again. Returns the keys touched.

    reason: needed where a period of the values is closed; else ReasonWanted.
    """
    brought = Observation.place.not_like(
        f"{COMPUTED}%"
    )  # computed values are simply computed again, by derived.follow()
    if session.scalar(
        select(Observation.id).where(Observation.run_id == run_id, Observation.superseded_by > 0, brought).limit(1)
    ):
        raise CityStatError(
            tr("This import cannot be taken back, because a later one corrected some of its values"),
            do=tr("Take the later import back first"),
        )
    closing.told_of_run(session, run_id, "IS NULL", reason)
    keys = touched_by(session, run_id)
    current = Observation.superseded_by.is_(None)
    session.execute(update(Observation).where(Observation.run_id == run_id, current).values(superseded_by=WITHDRAWN))
    session.execute(update(ImportRun).where(ImportRun.id == run_id).values(undone_at=at))
    session.execute(text(_CURRENT_AGAIN), {"run": run_id})
    _retire(session, run_id, True)
    refresh_totals(session, _measures_of(keys))
    return keys


def bring_back(session: Session, run_id: int, reason: str = "") -> set[str]:
    """Redo import `run_id` after take_back(). Returns the keys touched. reason: as there."""
    closing.told_of_run(session, run_id, f"= {WITHDRAWN}", reason)
    session.execute(text(_SUPERSEDE_AGAIN), {"run": run_id})
    session.execute(text(_WITHDRAWN_AGAIN), {"run": run_id})
    session.execute(update(ImportRun).where(ImportRun.id == run_id).values(undone_at=None))
    _retire(session, run_id, False)
    keys = touched_by(session, run_id)
    refresh_totals(session, _measures_of(keys))
    return keys


def touched_by(session: Session, run_id: int) -> set[str]:
    """The keys that import `run_id` touches: itself, and the measures whose values it brought or took the place of."""
    brought = select(Observation.id).where(Observation.run_id == run_id, Observation.measure_id == Measure.id)
    judged = select(CheckFinding.id).where(CheckFinding.run_id == run_id, CheckFinding.measure_id == Measure.id)
    replaced = select(Observation.measure_id).where(Observation.superseded_by == run_id).distinct()
    of_run = select(Measure.id).where(brought.exists() | judged.exists())
    measures = {*session.scalars(of_run), *session.scalars(replaced)}
    return {"observation", "check_finding", "import_run", f"import_run:{run_id}", *(f"measure:{m}" for m in measures)}


def refresh_totals(session: Session, measures: Iterable[int]) -> None:
    """Add up the current observations of `measures` anew, by each measure's own aggregation.

    Where a period has a whole value beside its parts, the whole is taken: a city publishes totals that
    hold more than the parts it publishes.
    """
    for measure_id in sorted(measures):
        whole = session.execute(text(_HAS_WHOLE), {"measure": measure_id}).first()
        session.execute(text("DELETE FROM total WHERE measure_id = :measure"), {"measure": measure_id})
        session.execute(text(_TOTALS.format(only=_WHOLE_FIRST if whole else "")), {"measure": measure_id})


# period as text, cell, id, revision, value, numerator, denominator, status
_Current = tuple[str, int, int, int, float | None, float | None, float | None, str]

# columns of equal length: measure, period as text, cell, value, numerator, denominator, status, note, place
Arriving = list[list[Any]]
NAMES = ("measure_id", "period", "cell_id", "value", "numerator", "denominator", "status", "note", "place", "revision")
COMPUTED = "="  # begins the place of a computed value: what follows is its formula
AT_ONCE = 20_000  # rows between two reports of progress
TOGETHER = 90  # rows of one statement; times ten columns it stays under any SQLite's limit of variables

_INSERT_GONE = """
INSERT INTO observation (measure_id, period, cell_id, status, note, place, revision, run_id, superseded_by)
VALUES (?, ?, ?, 'final', '', '=', ?, ?, ?)"""

_INSERT_SUPERSEDED = """
INSERT INTO observation
    (measure_id, period, cell_id, value, numerator, denominator, status, note, place, revision, run_id, superseded_by)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

_LATER_STANDS = """
    SELECT 1 FROM observation AS later JOIN import_run ON import_run.id = later.run_id
    WHERE later.measure_id = observation.measure_id AND later.period = observation.period
      AND later.cell_id = observation.cell_id AND later.run_id > observation.run_id AND import_run.undone_at IS NULL"""

_SUPERSEDE_AGAIN = """
UPDATE observation SET superseded_by = :run
WHERE superseded_by IS NULL AND run_id <> :run AND (place NOT LIKE '=%' OR run_id < :run) AND EXISTS (
    SELECT 1 FROM observation AS later
    WHERE later.run_id = :run AND later.superseded_by = 0 AND later.measure_id = observation.measure_id
      AND later.period = observation.period AND later.cell_id = observation.cell_id)"""

# what a run took the place of; of computed values only where no later run's stands
_CURRENT_AGAIN = (
    """
UPDATE observation SET superseded_by = NULL
WHERE superseded_by = :run AND NOT EXISTS (
    SELECT 1 FROM observation AS now
    WHERE now.superseded_by IS NULL AND now.measure_id = observation.measure_id
      AND now.period = observation.period AND now.cell_id = observation.cell_id)
  AND (place NOT LIKE '=%' OR (
    NOT EXISTS (SELECT 1 FROM import_run AS mine WHERE mine.id = observation.run_id AND mine.undone_at IS NOT NULL)
    AND NOT EXISTS ("""
    + _LATER_STANDS
    + "))) "
)

# a computed value comes back with its run only where no later run has said anything else since
_WITHDRAWN_AGAIN = (
    """
UPDATE observation SET superseded_by = NULL
WHERE run_id = :run AND superseded_by = 0 AND (place NOT LIKE '=%' OR NOT EXISTS ("""
    + _LATER_STANDS
    + "))"
)

_CURRENT_KEYED = """
SELECT id, revision, period, cell_id, value, numerator, denominator, status, note FROM observation
WHERE measure_id = ? AND superseded_by IS NULL"""

_FORGET = """
DELETE FROM observation WHERE measure_id = :measure AND place LIKE :computed"""

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
WHERE o.measure_id = :measure AND o.superseded_by IS NULL {only}
GROUP BY o.measure_id, o.period"""

_WHOLE_FIRST = """
  AND (o.cell_id = 1 OR o.period NOT IN (
        SELECT whole.period FROM observation AS whole
        WHERE whole.measure_id = :measure AND whole.cell_id = 1 AND whole.superseded_by IS NULL))"""

_HAS_WHOLE = """
SELECT 1 FROM observation WHERE measure_id = :measure AND cell_id = 1 AND superseded_by IS NULL LIMIT 1"""


def _current(session: Session, arriving: Arriving) -> dict[tuple[int, str, int], _Current]:
    """The current values of the arriving measures in the time that they span, by measure, period and cell."""
    first, last = min(arriving[1], default=""), max(arriving[1], default="")
    found: dict[tuple[int, str, int], _Current] = {}
    for measure in set(arriving[0]):
        rows = driven(session, _CURRENT, (measure, first, last))
        found |= {(measure, r[0], r[1]): r for r in rows}
    return found


def driven(session: Session, statement: str, parameters: tuple[object, ...]) -> list[Any]:
    """The rows of a statement as the driver itself gives them: of a million rows SQLAlchemy's would take twice the time."""
    cursor = session.connection().connection.cursor()
    try:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
    finally:
        cursor.close()


def _supersede(session: Session, ids: list[int], run_id: int) -> None:
    if ids:
        session.connection().exec_driver_sql(
            "UPDATE observation SET superseded_by = ? WHERE id = ?", [(run_id, row_id) for row_id in ids]
        )


def _insert(session: Session, arriving: Arriving, revisions: list[int], run_id: int, progress: Progress | None) -> None:
    """By the driver itself: a hundred thousand rows through the unit of work would take ten times as long.

    What is the same in every row (often measure, status, note) stands in the statement, and one statement takes many
    rows: together that halves the time.
    """
    if not revisions:
        return
    columns = [*arriving, revisions]
    same = [name not in ("period", "value") and c.count(c[0]) == len(c) for name, c in zip(NAMES, columns, strict=True)]
    given = [_literal(c[0]) if s else "?" for c, s in zip(columns, same, strict=True)]
    row = f"({', '.join(given)}, {run_id})"
    bound = [c for c, s in zip(columns, same, strict=True) if not s]
    connection = session.connection()
    for at in range(0, len(revisions), AT_ONCE):
        if progress:
            progress.report(at / len(revisions))
        flat = tuple(chain.from_iterable(zip(*(c[at : at + AT_ONCE] for c in bound), strict=True)))
        whole = len(flat) - len(flat) % (TOGETHER * len(bound))
        for rows, first, last in ((TOGETHER, 0, whole), (1, whole, len(flat))):
            step = rows * len(bound)
            if first < last:
                statement = f"INSERT INTO observation ({', '.join(NAMES)}, run_id) VALUES {', '.join([row] * rows)}"
                connection.exec_driver_sql(statement, [flat[i : i + step] for i in range(first, last, step)])


def _figures_of(row: Incoming) -> tuple[object, ...]:
    """What of a computed value makes it another one; not its formula, which may be written otherwise."""
    return (row.period.isoformat(), *row[2:-1])


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _literal(value: object) -> str:
    """A value as SQL writes it."""
    if value is None:
        return "NULL"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def _figures(column: NDArray[np.float64]) -> list[float | None]:
    """Numbers for the driver: None where there is none."""
    missing = column != column  # nan alone differs from itself
    if not missing.any():
        return list(column.tolist())
    return [None if m else v for v, m in zip(column.tolist(), missing.tolist(), strict=True)]


_CURRENT = """
SELECT period, cell_id, id, revision, value, numerator, denominator, status FROM observation
WHERE measure_id = ? AND period BETWEEN ? AND ? AND superseded_by IS NULL"""


def _retire(session: Session, run_id: int, retired: bool) -> None:
    """Measures that an import made go out of use with it: their withdrawn values still point to them."""
    run = session.get(ImportRun, run_id)
    if run is not None and run.made:
        session.execute(update(Measure).where(Measure.id.in_(run.made)).values(retired=retired))


def _measures_of(keys: set[str]) -> set[int]:
    return {int(key.split(":")[1]) for key in keys if key.startswith("measure:")}


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("|", "\\|").replace("=", "\\=")
