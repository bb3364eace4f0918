"""What a return sheet asks of a department or a person: a line for each measure, period and category."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city.observations import Breakdown
from citystat.collect.checks import ERROR, OFF, WARNING, Own, breakdowns_of, own_rules_of
from citystat.collect.close import last_ended
from citystat.collect.stopped import stopped
from citystat.errors import CityStatError
from citystat.measures.series import Definition, definitions
from citystat.models import Observation, Person, Total
from citystat.models.observations import WHOLE
from citystat.people.roster import PersonRow, departments, everyone
from citystat.texts import dotted, tr

BEFORE = 12  # values beside each line
LOOK_BACK = 36  # periods that say what is usual of a measure
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


@dataclass(frozen=True)
class _Whose:
    """Who is asked, who fills the sheet, and the measures."""

    who: str
    fills: str
    measures: Sequence[Definition]


def asked(read: Session, *, department: str = "", person: str = "", months: Sequence[date] = (), today: date) -> Asked:
    """The sheet for the measures of a department, or for those that a person owns, or owes as head of their department.

    months: periods that end in these (first days); none: what has ended and is not there, up to a year back.
    CityStatError where there is no such department or person, or nothing to ask.
    """
    whose = _of(read, department, person)
    found = _sheets(read, [whose], months, today)
    if not found:
        do = tr("Choose another month") if months else tr("Name a period to ask for it again")
        raise NothingToAsk(tr("There is nothing to ask of {name}", name=whose.who), do=do)
    return found[0]


def asked_of_all(read: Session, *, months: Sequence[date] = (), today: date) -> list[Asked]:
    """The sheets of every department that is asked anything, by name."""
    known = _taking_figures(read)
    groups = [_Whose(d.name, d.head, [m for m in known if m.department_id == d.id]) for d in departments(read)]
    return _sheets(read, groups, months, today)


def _taking_figures(read: Session) -> list[Definition]:
    return [m for m in definitions(read) if not m.formula]


def _of(read: Session, department: str, person: str) -> _Whose:
    known = _taking_figures(read)
    if person:
        everybody = everyone(read)
        found = next((p for p in everybody if person.lower() in (p.name.lower(), p.initials.lower())), None)
        if found is None:
            raise CityStatError(tr("There is nobody called “{name}”", name=person), do=tr("People lists everybody"))
        here = {p.id for p in everybody if p.active}
        return _Whose(found.name, found.name, [m for m in known if _owes(m, found, here)])
    units = departments(read)
    unit = next((d for d in units if department.lower() in (d.name.lower(), d.code.lower())), None)
    if unit is None:
        raise CityStatError(
            tr("There is no department “{name}”", name=department),
            do=tr("There is {names}", names=", ".join(d.name for d in units)) if units else tr("Add it under People"),
        )
    return _Whose(unit.name, unit.head, [m for m in known if m.department_id == unit.id])


def _owes(m: Definition, person: PersonRow, here: Collection[int]) -> bool:
    """Whether a measure's figures are asked of a person: its owner, or the head of its department where it has none that is here."""
    if m.owner_id in here:
        return m.owner_id == person.id
    return person.heads and m.department_id == person.department_id


def _sheets(read: Session, groups: Sequence[_Whose], months: Sequence[date], today: date) -> list[Asked]:
    """A sheet for each group that is asked anything; what is kept is asked once for all of them."""
    measures = [m for group in groups for m in group.measures]
    wanted = _wanted(read, measures, months, today)
    past = _past(read, [m for m in measures if wanted[m.id]], wanted)
    found = [Asked(g.who, g.fills, _sections(g.measures, wanted, past)) for g in groups]
    found = [sheet for sheet in found if sheet.lines]
    for sheet in found:
        if len(sheet.lines) > MOST:
            raise CityStatError(
                tr("The sheet would have {n} rows, more than anybody fills by hand", n=f"{len(sheet.lines):,}"),
                where=sheet.who, do=tr("Ask for fewer periods, or bring these figures in from a file"),
            )  # fmt: skip
    return found


def _wanted(
    read: Session, measures: Sequence[Definition], months: Sequence[date], today: date
) -> dict[int, list[date]]:
    """The periods asked of each measure, oldest first."""
    if months:
        return {m.id: sorted({start for month in months for start in _ending_in(m, month)}) for m in measures}
    begun = {
        row[0]: row[1]
        for row in read.execute(select(Total.measure_id, func.min(Total.period)).group_by(Total.measure_id))
    }
    there: dict[int, set[date]] = {}
    for measure, period in read.execute(
        select(Total.measure_id, Total.period).where(Total.period >= periods.add_months(today.replace(day=1), -36))
    ):
        there.setdefault(measure, set()).add(period)
    silent = stopped(read, measures, today)
    return {
        m.id: [] if m.id in silent else _missing(m, begun.get(m.id), there.get(m.id, set()), today) for m in measures
    }


def _missing(m: Definition, begun: date | None, there: Collection[date], today: date) -> list[date]:
    """What has ended since its first period and is not there, up to a year back; gaps between others, too."""
    last = last_ended(m, today - timedelta(days=1))
    back = periods.move(last, m.frequency, 1 - min(BEFORE, periods.PER_YEAR[m.frequency]))
    first = max(begun, back) if begun else last
    return [start for start in periods.run(first, last, m.frequency) if start not in there] if first <= last else []


def _newest_run(wanted: Sequence[date], frequency: str) -> date:
    """Where the last unbroken run of the periods asked begins: the values beside the lines are those before it."""
    at = len(wanted) - 1
    while at and periods.move(wanted[at], frequency, -1) == wanted[at - 1]:
        at -= 1
    return wanted[at]


def _ending_in(m: Definition, month: date) -> list[date]:
    """The periods of a measure that end in a month."""
    last = last_ended(m, periods.end_of(month, "month"))
    before = last_ended(m, month - timedelta(days=1))
    return periods.run(periods.move(before, m.frequency, 1), last, m.frequency)


def _sections(measures: Sequence[Definition], wanted: Mapping[int, list[date]], past: _Past) -> tuple[Section, ...]:
    """One for each frequency, the most frequent first."""
    groups: dict[tuple[str, int], list[Definition]] = {}
    for m in measures:
        if wanted[m.id]:
            groups.setdefault((m.frequency, m.year_start), []).append(m)
    return tuple(
        _section(groups[k], wanted, past) for k in sorted(groups, key=lambda g: (-periods.PER_YEAR[g[0]], g[1]))
    )


def _section(measures: Sequence[Definition], wanted: Mapping[int, list[date]], past: _Past) -> Section:
    frequency, year_start = measures[0].frequency, measures[0].year_start
    first = max(_newest_run(wanted[m.id], frequency) for m in measures)
    back = [periods.move(first, frequency, -n) for n in range(BEFORE, 0, -1)]
    lines = [line for m in measures for line in _lines(m, wanted[m.id], back, past)]
    return Section(frequency, tuple(periods.label(p, frequency, year_start) for p in back), tuple(lines))


def _lines(m: Definition, wanted: Sequence[date], back: Sequence[date], past: _Past) -> list[Line]:
    known = past.values.get(m.id, {})
    cells = list(known[max(known)]) if known else [WHOLE]  # the categories that came last
    figures = [value for by_cell in known.values() for value in by_cell.values() if value is not None]
    limits = _limits(m, past.rules.get(m.id, {}), figures)
    ratio = m.aggregation == "ratio" and (m.id in past.parted or not figures)
    ordered = sorted(cells, key=lambda cell: (cell != WHOLE, past.breakdowns.get(cell, ())))
    return [
        Line(m, start, past.breakdowns.get(cell, ()), ratio, tuple(known.get(p, {}).get(cell) for p in back), limits)
        for start in wanted
        for cell in ordered
    ]


@dataclass(frozen=True)
class _Past:
    """What is kept before the first period asked. values: by measure, period and cell · parted: measures whose numerators are
    kept · breakdowns: of the cells · rules: how measures depart from the usual ones."""

    values: Mapping[int, Mapping[date, Mapping[int, float | None]]]
    parted: frozenset[int]
    breakdowns: Mapping[int, Breakdown]
    rules: Mapping[int, Mapping[str, Own]]


def _past(read: Session, measures: Sequence[Definition], wanted: Mapping[int, list[date]]) -> _Past:
    """A question for each frequency: how far back it goes differs."""
    o = Observation
    values: dict[int, dict[date, dict[int, float | None]]] = {}
    parted: set[int] = set()
    cells: set[int] = set()
    for frequency in {m.frequency for m in measures}:
        first = {m.id: _newest_run(wanted[m.id], frequency) for m in measures if m.frequency == frequency}
        since = periods.move(min(first.values()), frequency, -LOOK_BACK)
        query = select(o.measure_id, o.period, o.cell_id, o.value, o.numerator).where(
            o.measure_id.in_(first), o.superseded_by.is_(None), o.period >= since, o.period < max(first.values())
        )
        for measure, period, cell, value, numerator in read.execute(query):
            values.setdefault(measure, {}).setdefault(period, {})[cell] = value
            cells.add(cell)
            if numerator is not None:
                parted.add(measure)
    return _Past(
        values, frozenset(parted), breakdowns_of(read, sorted(cells)), own_rules_of(read, [m.id for m in measures])
    )


USUAL = Own(WARNING, {})


def _limits(m: Definition, rules: Mapping[str, Own], figures: Sequence[float]) -> Limits:
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
    owners = {m.owner_id for m in _taking_figures(read) if m.owner_id is not None}
    return list(read.scalars(select(Person.name).where(Person.id.in_(owners)).order_by(Person.name)))


def named(asked: Asked) -> str:
    """What the file is called: "Return Fire Jun 2026"."""
    return " ".join((tr("Return"), asked.who, asked.periods)).replace("/", "-")


def said(asked: Asked) -> str:
    """ "Fire · Jun 2026"."""
    return dotted((asked.who, asked.periods))
