"""What a return sheet asks of a department or a person: a line for each measure, period and category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city.observations import Breakdown
from citystat.collect.checks import ERROR, OFF, WARNING, Own, own_rules
from citystat.collect.close import last_ended
from citystat.errors import CityStatError
from citystat.measures.series import Definition, definitions
from citystat.models import CellPart, Observation, Person
from citystat.models.observations import WHOLE
from citystat.people.roster import departments, everyone
from citystat.texts import dotted, tr

BEFORE = 12  # values beside each line
MOST = 2_000  # lines of one sheet: nobody types more


@dataclass(frozen=True)
class Limits:
    """What a typed figure is held against. hard: a figure outside is refused, otherwise asked about · whole: whole numbers."""

    least: float | None = None
    most: float | None = None
    hard: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Line:
    """One row to fill. ratio: numerator and denominator are asked, not the value · before: the last values of its category,
    oldest first, None where there was none."""

    measure: Definition
    period: date
    breakdown: Breakdown
    ratio: bool
    before: tuple[float | None, ...]
    limits: Limits

    @property
    def category(self) -> str:
        """ "Ward 3"; "" for the whole."""
        return " · ".join(category for _, category in self.breakdown)

    @property
    def when(self) -> str:
        """ "Jun 2026"."""
        return periods.label(self.period, self.measure.frequency, self.measure.year_start)

    @property
    def due(self) -> date:
        """The day by which it is wanted."""
        return self.measure.due(self.period)


@dataclass(frozen=True)
class Section:
    """Lines of one frequency; before: the periods of the values beside them, as words, oldest first."""

    frequency: str
    before: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Asked:
    """A whole sheet. who: the department, or the person · fills: who is to fill it, "" where nobody is named."""

    who: str
    fills: str
    sections: tuple[Section, ...]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All lines, from the top."""
        return tuple(line for section in self.sections for line in section.lines)

    @property
    def periods(self) -> str:
        """ "Jun 2026", or "Apr 2026 – Jun 2026" of several: those of the section that comes most often."""
        lines = sorted(self.sections[0].lines, key=lambda line: line.period)
        first, last = lines[0].when, lines[-1].when
        return first if first == last else f"{first} – {last}"

    @property
    def due(self) -> date:
        """When the first of it is wanted."""
        return min(line.due for line in self.lines)


class NothingToAsk(CityStatError):
    """Nothing is missing, or nothing ends in the months."""


def asked(read: Session, *, department: str = "", person: str = "", months: Sequence[date] = (), today: date) -> Asked:
    """The sheet for the measures of a department, or of those that a person owns.

    months: periods that end in these (first days); none: what has ended and is not there, up to a year back.
    CityStatError where there is no such department or person, or nothing to ask.
    """
    who, fills, measures = _of(read, department, person)
    wanted = {m.id: _wanted(read, m, months, today) for m in measures}
    groups: dict[tuple[str, int], list[Definition]] = {}
    for m in measures:
        if wanted[m.id]:
            groups.setdefault((m.frequency, m.year_start), []).append(m)
    ordered = sorted(groups, key=lambda g: (-periods.PER_YEAR[g[0]], g[1]))
    sections = tuple(_section(read, groups[key], wanted) for key in ordered)
    made = Asked(who, fills, sections)
    if not made.lines:
        do = tr("Choose another month") if months else tr("Name a period to ask for it again")
        raise NothingToAsk(tr("There is nothing to ask of {name}", name=who), do=do)
    if len(made.lines) > MOST:
        raise CityStatError(
            tr("The sheet would have {n} rows, more than anybody fills by hand", n=f"{len(made.lines):,}"),
            do=tr("Ask for fewer periods, or bring these figures in from a file"),
        )
    return made


def asked_of_all(read: Session, *, months: Sequence[date] = (), today: date) -> list[Asked]:
    """The sheets of every department that is asked anything, by name."""
    found = []
    for unit in departments(read):
        try:
            found.append(asked(read, department=unit.name, months=months, today=today))
        except NothingToAsk:
            continue
    return found


def _of(read: Session, department: str, person: str) -> tuple[str, str, list[Definition]]:
    """Who is asked, who fills the sheet, and the measures."""
    known = [m for m in definitions(read) if not m.formula]
    if person:
        found = next((p for p in everyone(read) if person.lower() in (p.name.lower(), p.initials.lower())), None)
        if found is None:
            raise CityStatError(tr("There is nobody called “{name}”", name=person), do=tr("People lists everybody"))
        return found.name, found.name, [m for m in known if m.owner_id == found.id]
    units = departments(read)
    unit = next((d for d in units if department.lower() in (d.name.lower(), d.code.lower())), None)
    if unit is None:
        raise CityStatError(
            tr("There is no department “{name}”", name=department),
            do=tr("There is {names}", names=", ".join(d.name for d in units)) if units else tr("Add it under People"),
        )
    return unit.name, unit.head, [m for m in known if m.department_id == unit.id]


def _wanted(read: Session, m: Definition, months: Sequence[date], today: date) -> list[date]:
    """The periods asked of a measure, oldest first."""
    if months:
        ended = {start for month in months for start in _ending_in(m, month)}
        return sorted(ended)
    last = last_ended(m, today - timedelta(days=1))
    newest = read.scalar(
        select(func.max(Observation.period)).where(Observation.measure_id == m.id, Observation.superseded_by.is_(None))
    )
    first = periods.move(newest, m.frequency, 1) if newest else last
    first = max(first, periods.move(last, m.frequency, 1 - min(BEFORE, periods.PER_YEAR[m.frequency])))
    return periods.run(first, last, m.frequency) if first <= last else []


def _ending_in(m: Definition, month: date) -> list[date]:
    """The periods of a measure that end in a month."""
    last = last_ended(m, periods.end_of(month, "month"))
    before = last_ended(m, month - timedelta(days=1))
    return periods.run(periods.move(before, m.frequency, 1), last, m.frequency)


def _section(read: Session, measures: list[Definition], wanted: dict[int, list[date]]) -> Section:
    frequency, year_start = measures[0].frequency, measures[0].year_start
    first = min(start for m in measures for start in wanted[m.id])
    back = [periods.move(first, frequency, -n) for n in range(BEFORE, 0, -1)]
    lines = [line for m in measures for line in _lines(read, m, wanted[m.id], back)]
    return Section(frequency, tuple(periods.label(p, frequency, year_start) for p in back), tuple(lines))


def _lines(read: Session, m: Definition, wanted: list[date], back: list[date]) -> list[Line]:
    known, parted = _known(read, m, wanted[0])
    cells = _cells(known)
    names = _breakdowns(read, cells)
    rules = own_rules(read, m.id)
    figures = [value for by_cell in known.values() for value in by_cell.values() if value is not None]
    limits = _limits(m, rules, figures)
    ratio = m.aggregation == "ratio" and (parted or not figures)
    ordered = sorted(cells, key=lambda cell: (cell != WHOLE, names[cell]))
    return [
        Line(m, start, names[cell], ratio, tuple(known.get(p, {}).get(cell) for p in back), limits)
        for start in wanted
        for cell in ordered
    ]


Known = dict[date, dict[int, float | None]]


def _known(read: Session, m: Definition, before: date) -> tuple[Known, bool]:
    """By period and cell what is kept of a measure up to before the first period asked; whether numerators are."""
    o = Observation
    query = select(o.period, o.cell_id, o.value, o.numerator).where(
        o.measure_id == m.id, o.superseded_by.is_(None), o.period < before,
        o.period >= periods.move(before, m.frequency, -10 * periods.PER_YEAR[m.frequency]),
    )  # fmt: skip
    found: Known = {}
    parted = False
    for period, cell, value, numerator in read.execute(query):
        found.setdefault(period, {})[cell] = value
        parted = parted or numerator is not None
    return found, parted


def _cells(known: Known) -> list[int]:
    """The categories that came last; the whole where nothing ever came."""
    return list(known[max(known)]) if known else [WHOLE]


def _breakdowns(read: Session, cells: Sequence[int]) -> dict[int, Breakdown]:
    found: dict[int, list[tuple[str, str]]] = {cell: [] for cell in cells}
    query = select(CellPart.cell_id, CellPart.dimension, CellPart.category).where(CellPart.cell_id.in_(cells))
    for cell, dimension, category in read.execute(query.order_by(CellPart.dimension)):
        found[cell].append((dimension, category))
    return {cell: tuple(parts) for cell, parts in found.items()}


USUAL = Own(WARNING, {})


def _limits(m: Definition, rules: dict[str, Own], figures: Sequence[float]) -> Limits:
    """The measure's own limits, 0 to 100 of per cent without any; nothing negative where it never was."""
    reach, sign, kind = (rules.get(name, USUAL) for name in ("range", "sign", "type"))
    least, most = (_number(reach.options.get(end)) for end in ("least", "most"))
    if least is None and most is None and m.unit == "percent":
        least, most = 0.0, 100.0
    if reach.level == OFF:
        least = most = None
    never_below = sign.level != OFF and len(figures) >= BEFORE and min(figures) >= 0
    if least is None and never_below:
        least = 0.0
    whole = m.unit == "count" and not m.decimals and m.aggregation in ("sum", "count", "last") and kind.level != OFF
    return Limits(least, most, reach.level == ERROR, whole and all(v == round(v) for v in figures))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def people(read: Session) -> list[str]:
    """Who owns a measure that figures are brought in for, by name."""
    owners = {m.owner_id for m in definitions(read) if not m.formula and m.owner_id is not None}
    return list(read.scalars(select(Person.name).where(Person.id.in_(owners)).order_by(Person.name)))


def named(asked: Asked) -> str:
    """What the file is called: "Return Fire Jun 2026"."""
    return " ".join((tr("Return"), asked.who, asked.periods)).replace("/", "-")


def said(asked: Asked) -> str:
    """ "Fire · Jun 2026"."""
    return dotted((asked.who, asked.periods))
