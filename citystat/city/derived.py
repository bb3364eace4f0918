"""Derived measures: read against the city's measures, and recomputed at the end of every act that touches what they rest on.

It stands in `city` because undo, which lives here, must leave no computed value behind that its measures do not give.
A computed value is an observation like any other, of the run that changed what it rests on: revisions, "as shown then"
and the chart need not know. Its place is its formula, after "=".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import observations
from citystat.errors import CityStatError
from citystat.formula.language import parse
from citystat.formula.tree import Node, Population, Prior, Rolling, codes, walk
from citystat.formula.units import Unit, trouble_with, unit_of
from citystat.formula.values import Given, Input, column, quotient, scale_of
from citystat.models import CellPart, CitySettings, ImportRun, Measure, Observation, Total
from citystat.models.observations import WHOLE
from citystat.numbers import UNITS
from citystat.over_time import FINER, Figure, together, way_of
from citystat.texts import tr

MOST_CELLS = 500  # categories of a derived measure
HELD_ON = 2  # periods for which the newest state goes on, as preliminary, until its next figure comes
Figures = Mapping[date, Figure]
YEAR = {"day": 0, "week": 52, "month": 12, "quarter": 4, "half-year": 2, "year": 1}


class Known(NamedTuple):
    """What of a measure a formula must know. year_start: the month its years begin in."""

    id: int
    code: str
    unit: str
    frequency: str
    way: str
    multiplier: float
    formula: str
    year_start: int


@dataclass(frozen=True)
class Understood:
    """A formula that can be computed: its tree, the unit it gives, and the codes it rests on."""

    tree: Node
    unit: Unit
    codes: tuple[str, ...]


def understood(session: Session, formula: str, *, code: str, frequency: str) -> Understood:
    """`formula` as the formula of measure `code`; CityStatError says what of it cannot be, and where."""
    known = _known(session)
    tree = parse(formula, known)
    unit = unit_of(tree, formula, {c: m.unit for c, m in known.items()})
    needed = codes(tree)
    if not needed:
        raise CityStatError(tr("A formula needs at least one measure"), do=tr("Write a measure's code"))
    if any(isinstance(n, Population) for n in walk(tree)) and session.scalar(select(CitySettings.population)) is None:
        raise CityStatError(tr("The city's population is not set"), do=tr("Set it under Settings"))
    for each in needed:
        _check_frequency(known[each], frequency)
    if frequency == "day" and any(isinstance(n, Prior) for n in walk(tree)):
        raise CityStatError(tr("A day has no day a year before to be compared with"), do=tr("Use weeks or months"))
    for window in (n for n in walk(tree) if isinstance(n, Rolling)):
        if known[window.measure.code].way in ("none", "last"):
            raise CityStatError(
                tr("{code} does not add up over time, so it has no rolling value", code=window.measure.code),
                do=tr("Say in its definition how its periods become a year"),
            )
    _check_circle(code, needed, known)
    return Understood(tree, unit, tuple(needed))


def trouble(session: Session, formula: str, *, code: str, frequency: str) -> str:
    """Why the formula of a measure cannot be computed as the city is now; "" where it can, or there is none."""
    try:
        if formula:
            understood(session, formula, code=code, frequency=frequency)
    except CityStatError as error:
        return str(error)
    return ""


def settle(session: Session, row: Measure) -> None:
    """Let a share or quotient add up over time as the ratio of sums that it is.

    CityStatError where the measure's formula cannot be computed, or gives another unit than the measure's.
    """
    found = understood(session, row.formula, code=row.code, frequency=row.frequency)
    wrong = trouble_with(found.unit, row.unit, {**UNITS, "count": (), "days": ()})
    if wrong is not None:
        raise wrong
    scale = scale_of(found.tree)
    if scale is not None:
        row.aggregation, row.multiplier = "ratio", scale
        session.flush()
    if isinstance(found.tree, Rolling) and not row.over_time:
        row.over_time = "last"  # windows overlap: what they add up to means nothing
        session.flush()


def follow(
    session: Session, keys: Iterable[str], run_id: int | None, *, who: str, at: datetime
) -> tuple[int | None, set[str]]:
    """Recompute what rests on the measures (or the population) among `keys`, what they touched.

    Values that differ are kept as revisions of `run_id`, or of a run of their own. Returns the run, and the keys touched.
    """
    if session.scalar(select(Measure.id).where(Measure.formula != "").limit(1)) is None:
        return run_id, set()
    touched = set(keys)
    known = _known(session)
    changed = {m.code for m in known.values() if f"measure:{m.id}" in touched}
    trees = _trees(known)
    made: set[str] = set()
    for code in _order(trees, known):
        needed = set(codes(trees[code])) if code in trees else set()
        if "city_settings" not in touched and code not in changed and not needed & changed:
            continue
        rows = _computed(session, known[code], trees.get(code), known)
        if observations.same_computed(session, known[code].id, rows):
            continue
        if run_id is None:
            run_id = _run(session, who, at)
        observations.store_computed(session, run_id, known[code].id, rows)
        changed.add(code)
        made |= {"observation", f"measure:{known[code].id}"}
    return run_id, made


def _run(session: Session, who: str, at: datetime) -> int:
    run = ImportRun(at=at, who=who, source=tr("computed from other measures"))
    session.add(run)
    session.flush()
    return run.id


def _known(session: Session) -> dict[str, Known]:
    """Every measure by its code, as the database has it now."""
    m = Measure
    start = session.scalar(select(CitySettings.fiscal_year_start)) or 1
    query = select(
        m.id, m.code, m.unit, m.frequency, m.over_time, m.aggregation, m.multiplier, m.formula, m.fiscal
    ).order_by(m.code)
    return {
        r.code: Known(
            r.id, r.code, r.unit, r.frequency, way_of(r.over_time, r.aggregation), r.multiplier, r.formula,
            start if r.fiscal else 1,
        )
        for r in session.execute(query)
    }  # fmt: skip


def _check_frequency(measure: Known, frequency: str) -> None:
    if measure.frequency == frequency or _holds(measure, frequency):
        return
    if frequency in FINER[measure.frequency]:
        raise CityStatError(
            tr(
                "{code} is kept by {theirs}, which gives no figure by {ours}",
                code=measure.code, theirs=tr(measure.frequency), ours=tr(frequency),
            ),
            do=tr("Give the derived measure the frequency of the coarsest it rests on; a state such as the population holds all year, where its definition says that a year is its last period"),
        )  # fmt: skip
    if measure.frequency not in FINER[frequency]:
        raise CityStatError(
            tr(
                "{code} is kept by {theirs}, which gives no figure by {ours}",
                code=measure.code, theirs=tr(measure.frequency), ours=tr(frequency),
            ),
            do=tr("Give the derived measure the frequency of the coarsest it rests on"),
        )  # fmt: skip
    if measure.way == "none":
        raise CityStatError(
            tr("{code} does not add up over time, so it has no figure by {ours}", code=measure.code, ours=tr(frequency)),
            do=tr("Say in its definition how its periods become a year"),
        )  # fmt: skip


def _check_circle(code: str, needed: Sequence[str], known: Mapping[str, Known]) -> None:
    """No measure rests on itself, however far round."""
    trees = _trees(known)
    waiting: list[tuple[str, tuple[str, ...]]] = [(c, (code, c)) for c in needed]
    came: set[str] = set()
    while waiting:
        here, way = waiting.pop()
        if here == code:
            raise CityStatError(
                tr("The measure would rest on itself: {way}", way=" → ".join(way)), do=tr("Leave it out of the formula")
            )
        if here not in came and here in trees:
            came.add(here)
            waiting += [(c, (*way, c)) for c in codes(trees[here])]


def _trees(known: Mapping[str, Known]) -> dict[str, Node]:
    """The formulas that can be read, by the code of their measure."""
    found = {}
    for m in known.values():
        if m.formula:
            try:
                found[m.code] = parse(m.formula, known)
            except CityStatError:  # a measure that it needs is gone: it gives no values, and its page says why
                continue
    return found


def _order(trees: Mapping[str, Node], known: Mapping[str, Known]) -> list[str]:
    """Derived measures, each after those it rests on; those in a circle, or that cannot be read, last."""
    waiting = [m.code for m in known.values() if m.formula]
    found: list[str] = []
    while waiting:
        free = [c for c in waiting if not any(n in waiting for n in (codes(trees[c]) if c in trees else ()))]
        found += free or waiting
        waiting = [c for c in waiting if c not in free] if free else []
    return found


def _computed(
    session: Session, measure: Known, tree: Node | None, known: Mapping[str, Known]
) -> list[observations.Incoming]:
    """The values of a derived measure as rows, the whole and its breakdowns; none where it cannot be computed."""
    needed = codes(tree) if tree is not None else []
    if tree is None or measure.code in needed:
        return []
    read = {c: _wholes(session, known[c]) for c in needed}
    rows = _cell_rows(session, WHOLE, tree, read, measure, known)
    shared, _ = _shared(session, tree, known)
    if rows and shared:
        parts = {c: _parts(session, known[c]) for c in needed}
        for cell in shared:
            rows += _cell_rows(session, cell, tree, {c: parts[c][cell] for c in needed}, measure, known)
    return rows


def _cell_rows(
    session: Session, cell: int, tree: Node, read: Mapping[str, Figures], measure: Known, known: Mapping[str, Known]
) -> list[observations.Incoming]:
    """The rows of one cell, from the figures of that cell by code."""
    inputs = {c: _on(f, known[c], measure) for c, f in read.items()}
    if not all(inputs.values()):
        return []
    moving = [c for c in read if not _holds(known[c], measure.frequency)] or list(read)
    first, last = min(min(f) for f in inputs.values()), max(max(inputs[c]) for c in moving)
    axis = periods.run(first, last, measure.frequency)
    labels = [periods.label(p, measure.frequency, measure.year_start) for p in axis]
    ready = {c: _input(f, axis, known[c]) for c, f in inputs.items()}
    given = Given(ready, labels, YEAR[measure.frequency], session.scalar(select(CitySettings.population)))
    return _rows(tree, given, axis, measure, cell)


def broken_by(session: Session, tree: Node) -> tuple[tuple[str, ...], str]:
    """The dimensions by which a formula can be broken down, or in words why it has none ("" where nobody would ask)."""
    cells, why = _shared(session, tree, _known(session))
    if not cells:
        return (), why
    names = select(CellPart.dimension).where(CellPart.cell_id.in_(cells)).distinct().order_by(CellPart.dimension)
    return tuple(session.scalars(names)), ""


def _shared(session: Session, tree: Node, known: Mapping[str, Known]) -> tuple[list[int], str]:
    """The cells that every measure of a formula has, or why there are none."""
    needed = codes(tree)
    have = {c: _cells(session, known[c]) for c in needed}
    broken = [c for c in needed if have[c]]
    if not broken:
        return [], ""
    if any(isinstance(n, Population) for n in walk(tree)):
        return [], tr(
            "{code} is broken down, but the population in Settings is known for the whole city only", code=broken[0]
        )
    whole = next((c for c in needed if not have[c]), "")
    if whole:
        return [], tr("{code} is broken down, but {other} is not", code=broken[0], other=whole)
    shared = set.intersection(*have.values())
    if not shared:
        return [], tr("Its measures are broken down, but by nothing that they share")
    if len(shared) > MOST_CELLS:
        return [], tr("Its measures share {n} categories, more than are computed", n=f"{len(shared):,}")
    return sorted(shared), ""


def _cells(session: Session, measure: Known) -> set[int]:
    o = Observation
    found = select(o.cell_id).where(o.measure_id == measure.id, o.superseded_by.is_(None), o.cell_id != WHOLE)
    return set(session.scalars(found.distinct()))


def _rows(tree: Node, given: Given, axis: Sequence[date], measure: Known, cell: int) -> list[observations.Incoming]:
    """A row a period; those before the formula can give anything are left out, later ones say why they are missing."""
    whole, found = column(tree, given), quotient(tree)
    parts = (column(found.top, given), column(found.bottom, given)) if found else None
    rows = []
    for i, period in enumerate(axis):
        value, why = whole.values[i], whole.why[i]
        if value is None and not why:
            continue
        top, bottom = (parts[0].values[i], parts[1].values[i]) if parts and value is not None else (None, None)
        status = "preliminary" if whole.preliminary[i] else "final"
        rows.append(
            observations.Incoming(
                measure.id, period, cell, value, top, bottom, status, why, observations.COMPUTED + measure.formula
            )
        )
    return rows


def _wholes(session: Session, needed: Known) -> Figures:
    """The totals of a measure by its own periods."""
    t = Total
    query = select(t.period, t.value, t.numerator, t.denominator, t.status).where(t.measure_id == needed.id)
    return {
        r.period: Figure(r.value, r.numerator, r.denominator, r.status == "preliminary") for r in session.execute(query)
    }


def _parts(session: Session, needed: Known) -> dict[int, dict[date, Figure]]:
    """The figures of a measure's cells by its own periods."""
    o = Observation
    query = select(o.cell_id, o.period, o.value, o.numerator, o.denominator, o.status).where(
        o.measure_id == needed.id, o.superseded_by.is_(None), o.cell_id != WHOLE
    )
    found: dict[int, dict[date, Figure]] = {}
    for r in session.execute(query):
        figure = Figure(r.value, r.numerator, r.denominator, r.status == "preliminary")
        found.setdefault(r.cell_id, {})[r.period] = figure
    return found


def _on(found: Figures, needed: Known, measure: Known) -> dict[date, tuple[Figure, str]]:
    """Figures by period of the derived measure: longer periods put together from shorter ones, a state held through its year.

    None where its frequency was changed since to one that gives no figure: the derived measure's page says so.
    """
    if needed.frequency == measure.frequency:
        return {p: (f, "") for p, f in found.items()}
    if _holds(needed, measure.frequency):
        return _held(found, needed, measure.frequency)
    if needed.frequency not in FINER[measure.frequency]:
        return {}
    return longer(found, needed, measure.frequency, measure.year_start)


def _holds(needed: Known, frequency: str) -> bool:
    """Whether a figure of `needed` holds for each shorter period within its own: residents of a year, for its months."""
    return needed.way == "last" and frequency in FINER[needed.frequency]


def _held(found: Figures, needed: Known, frequency: str) -> dict[date, tuple[Figure, str]]:
    """Each figure for the periods within its own; the newest, as preliminary, for HELD_ON more of its periods."""
    made: dict[date, tuple[Figure, str]] = {}
    for start, figure in sorted(found.items()):
        for p in periods.run(start, periods.end_of(start, needed.frequency), frequency):
            made[p] = figure, ""
    known = [p for p, f in found.items() if f.value is not None]
    if known:
        newest = max(known)
        first = periods.move(newest, needed.frequency, 1)
        for p in periods.run(first, periods.end_of(periods.move(newest, needed.frequency, HELD_ON), needed.frequency), frequency):  # fmt: skip
            if p not in made:
                made[p] = found[newest]._replace(preliminary=True), ""
    return made


def longer(
    found: Mapping[date, Figure], needed: Known, frequency: str, year_start: int
) -> dict[date, tuple[Figure, str]]:
    """Figures by period, as figures of the longer periods of `frequency`, each with the reason where it is missing."""
    starts = sorted({periods.start_of(p, frequency, year_start) for p in found})
    made = {}
    for start in starts:
        within = periods.run(start, periods.end_of(start, frequency), needed.frequency)
        figure, why = together([found.get(p) for p in within], needed.way, needed.multiplier)
        made[start] = figure, f"{needed.code}: {why}" if why else ""
    return made


def _input(found: Mapping[date, tuple[Figure, str]], axis: Sequence[date], measure: Known) -> Input:
    figures = tuple(found[p][0] if p in found else None for p in axis)
    why = tuple(found[p][1] if p in found else "" for p in axis)
    first = next((i for i, f in enumerate(figures) if f is not None), len(axis))
    return Input(figures, why, first, measure.way, measure.multiplier)


def formulas_naming(session: Session, code: str, known: Collection[str]) -> list[Measure]:
    """The derived measures whose formula names `code`, to be written anew when it is called otherwise."""
    rows = session.scalars(select(Measure).where(Measure.formula != ""))
    return [row for row in rows if code in _named(row.formula, known)]


def _named(formula: str, known: Collection[str]) -> list[str]:
    try:
        return codes(parse(formula, known))
    except CityStatError:
        return []
