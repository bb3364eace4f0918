"""Checks before belief: every figure that arrives is held against the rules of its measure before it is taken in.

An error is not taken in until somebody resolves it; a warning is taken in, and marked until somebody accepts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city.observations import Breakdown, Columns, driven
from citystat.collect import rules
from citystat.collect.case import WINDOW, Bools, Case, Ints, Table
from citystat.collect.rules import Objection, Options
from citystat.measures.facts import Facts, worded
from citystat.measures.series import Definition
from citystat.models import CellPart, CheckFinding, CheckRule, ImportRun
from citystat.models.observations import WHOLE
from citystat.texts import plural

ERROR, WARNING, OFF = "error", "warning", "off"


class Option(NamedTuple):
    """A number of a rule. usual: None where it has none unless a person says one."""

    name: str
    words: str
    usual: float | None


@dataclass(frozen=True)
class Rule:
    """level: unless a measure has its own · levels: those it can have · says: what it looks for, for the dialog and the docs."""

    name: str
    title: str
    level: str
    says: str
    test: Callable[[Case, Options], Iterator[Objection]] | None = None
    options: tuple[Option, ...] = ()
    levels: tuple[str, ...] = (ERROR, WARNING, OFF)
    past: bool = False  # it compares with what is kept: in a measure's first import it only warns


# In this order: of several rules that object to one figure, the first speaks.
RULES = (
    Rule("future", "Future date", ERROR, "A period that has not begun yet", rules.future, (Option("ahead", "periods ahead", None),)),
    Rule("numerator", "Numerator over denominator", ERROR, "A share of more than the whole, in a measure that is a share", rules.numerator),
    Rule("range", "Range", WARNING, "Outside the limits given here; without any, per cent outside 0 to 100", rules.reach, (Option("least", "at least", None), Option("most", "at most", None))),
    Rule("unit", "Unit change", ERROR, "10, 100 or 1,000 times more or less than a steady measure was", rules.unit, past=True),
    Rule("wild", "Beyond anything seen", ERROR, "Many times larger than any figure before it, and as far beyond their range", rules.wild, (Option("times", "times", 10.0),), past=True),
    Rule("sign", "Sign", WARNING, "On the side of zero on which the measure never was", rules.sign),
    Rule("type", "Type", WARNING, "A count that is no whole number", rules.kind),
    Rule("parts", "Total and parts", WARNING, "A total that its parts do not add up to", rules.parts, (Option("tolerance", "per cent apart", 0.5),)),
    Rule("duplicate", "Duplicate", WARNING, "Equal rows added up; a period that repeats the one before", rules.duplicate),
    Rule("stale", "Stale", WARNING, "The same figure again and again, in a measure that moves", rules.stale, (Option("times", "times", 4),), past=True),
    Rule("jump", "Unexpected jump", WARNING, "Farther from the level before than its own past explains, season taken into account", rules.unexpected, (Option("limit", "robust deviations", 3.0),), past=True),
    Rule("completeness", "Completeness", WARNING, "A period or a category that is missing", levels=(WARNING, OFF)),
)  # fmt: skip
BY_NAME = {rule.name: rule for rule in RULES}


@dataclass(frozen=True)
class Finding:
    """What a rule says of one figure, or of one that is missing (value None). words: in full; place: its cell in the file."""

    measure: int
    period: date
    cell: int
    rule: str
    level: str
    words: str
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    place: str = ""
    facts: Facts = field(default_factory=dict, compare=False)  # the same in any language: citystat.measures.facts


@dataclass(frozen=True)
class Report:
    """What the checks say of an import. findings: all; new: those that nobody was told of before ·
    held: which of the arriving figures are not taken in, array[n].
    """

    findings: tuple[Finding, ...]
    new: tuple[Finding, ...]
    held: Bools

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What is held back."""
        return tuple(f for f in self.findings if f.level == ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is taken in and marked."""
        return tuple(f for f in self.findings if f.level == WARNING)


class Own(NamedTuple):
    """How a measure has a rule."""

    level: str
    options: Options


USUAL = Own(WARNING, {})


def check(
    read: Session,
    arriving: Columns,
    measures: Mapping[int, Definition],
    *,
    today: date,
    repeated: Ints | None = None,
    breakdowns: Mapping[int, Breakdown] | None = None,
) -> Report:
    """Hold what arrives against the rules of its measures and against what is kept of them. Nothing is written.

    arriving: sorted by measure · measures: by the ids in it; one that the city does not have yet has an id it knows nothing of ·
    repeated: see Case · breakdowns: of cells that the city does not have yet.
    """
    ids, begins = np.unique(arriving.measure, return_index=True)
    own, told = own_rules_of(read, ids.tolist()), _told(read, ids.tolist())
    cells: dict[int, Breakdown] = {}  # filled once all that is kept is known
    cases = []
    for measure, begin, end in zip(ids.tolist(), begins, [*begins[1:], len(arriving.measure)], strict=True):
        rows = np.arange(begin, end)
        cases.append((measure, rows, _case(read, arriving, rows, measures[measure], today, repeated, cells)))
    seen = [arriving.cell, *(case.kept.cell for _, _, case in cases)]
    cells.update(breakdowns_of(read, np.unique(np.concatenate(seen)).tolist()) | dict(breakdowns or {}))
    found: list[Finding] = []
    missing: list[Finding] = []
    held = np.zeros(len(arriving.measure), dtype=bool)
    for measure, rows, case in cases:
        mine = own.get(measure, {})
        if case.fresh.any():
            for i, finding in _objections(case, measure, mine, arriving, rows):
                found.append(finding)
                held[rows[i]] |= finding.level == ERROR
            missing += _missing(case, measure, mine)
    found += missing
    return Report(tuple(found), tuple(f for f in found if _key(f) not in told), held)


def told(findings: Sequence[Finding]) -> str:
    """ "2 figures were held back, 5 wait to be accepted"; "" where nothing was found."""
    held = sum(f.level == ERROR for f in findings)
    waiting = len(findings) - held
    said = [
        plural(held, "{n} figure was held back", "{n} figures were held back") if held else "",
        plural(waiting, "{n} waits to be accepted", "{n} wait to be accepted") if waiting else "",
    ]
    return ", ".join(filter(None, said))


def keep(change: Session, run: ImportRun, findings: Sequence[Finding], *, believed: str = "") -> None:
    """Write what was found, as part of the import `run`: it goes and comes back with it, without rows of the journal.

    believed: why errors were taken in all the same; they are settled with it.
    """
    if findings:
        rows = [
            {
                "measure_id": f.measure, "period": f.period, "cell_id": f.cell, "run_id": run.id, "rule": f.rule,
                "level": f.level, "words": f.words, "value": f.value, "numerator": f.numerator,
                "denominator": f.denominator, "place": f.place, "facts": f.facts,
                **(
                    {"settled_at": run.at, "settled_by": run.who, "reason": believed}
                    if believed and f.level == ERROR
                    else {"settled_at": None, "settled_by": "", "reason": ""}
                ),
            }
            for f in findings
        ]  # fmt: skip
        change.execute(insert(CheckFinding), rows)


def _objections(
    case: Case, measure: int, own: Mapping[str, Own], arriving: Columns, rows: Ints
) -> Iterator[tuple[int, Finding]]:
    """What the rules say, the first that objects to a figure alone; with the figure's place in the case."""
    said: set[int] = set()
    for rule in RULES:
        level, options = own.get(rule.name, Own(rule.level, {}))
        if level == OFF or rule.test is None:
            continue
        level = WARNING if rule.past and not len(case.kept) else level
        for i, facts in rule.test(case, options):
            if i not in said:
                said.add(i)
                yield i, _finding(measure, rule.name, level, facts, arriving, int(rows[i]))


def _missing(case: Case, measure: int, own: Mapping[str, Own]) -> Iterator[Finding]:
    """What did not come: a warning each, there is nothing to hold back."""
    if own.get("completeness", USUAL).level != OFF:
        for ordinal, cell in rules.gaps(case):
            facts = rules.gap_facts(case, ordinal, case.breakdowns.get(cell, ()))
            yield Finding(measure, date.fromordinal(ordinal), cell, "completeness", WARNING, worded(facts), facts=facts)


def _finding(measure: int, rule: str, level: str, facts: Facts, arriving: Columns, row: int) -> Finding:
    value, top, bottom = (
        None if np.isnan(column[row]) else float(column[row])
        for column in (arriving.value, arriving.numerator, arriving.denominator)
    )
    day, place = date.fromordinal(int(arriving.period[row])), arriving.place[row]
    return Finding(measure, day, int(arriving.cell[row]), rule, level, worded(facts), value, top, bottom, place, facts)


def _case(
    read: Session,
    arriving: Columns,
    rows: Ints,
    m: Definition,
    today: date,
    repeated: Ints | None,
    cells: dict[int, Breakdown],
) -> Case:
    mine = Table(*(getattr(arriving, name)[rows] for name in Table.__dataclass_fields__))
    kept, run = _kept(read, m, mine, today)
    return Case(
        m.unit, m.decimals, m.frequency, m.aggregation, m.multiplier, m.year_start, mine, _fresh(mine, kept), kept, today,
        repeated[rows] if repeated is not None else np.empty(0, dtype=np.int64), run,
        cells,
    )  # fmt: skip


def _fresh(arriving: Table, kept: Table) -> Bools:
    """Which of the arriving figures are new or differ from the current ones."""
    if not len(kept):
        return np.ones(len(arriving), dtype=bool)
    span = int(max(arriving.cell.max(), kept.cell.max())) + 1
    low = int(min(arriving.cell.min(), 0))
    keys, known = (t.period * (span - low) + t.cell - low for t in (arriving, kept))
    order = np.argsort(known)
    at = order[np.clip(np.searchsorted(known, keys, sorter=order), 0, len(known) - 1)]
    same = known[at] == keys
    for name in ("value", "numerator", "denominator"):
        now, then = getattr(arriving, name), getattr(kept, name)[at]
        same &= (now == then) | (np.isnan(now) & np.isnan(then))
    return np.asarray(~same)


_CURRENT = """
SELECT period, cell_id, value, numerator, denominator, run_id FROM observation
WHERE measure_id = ? AND period >= ? AND superseded_by IS NULL"""


def _kept(read: Session, m: Definition, arriving: Table, today: date) -> tuple[Table, Ints]:
    """The current figures of a measure since what arrives begins, or as far back as is compared; and their imports."""
    past = arriving.period[arriving.period <= today.toordinal()]
    last = date.fromordinal(int(past.max())) if len(past) else today
    back = periods.move(last, m.frequency, -WINDOW.get(m.frequency, 84)).toordinal()
    first = date.fromordinal(min(back, int(arriving.period.min())))
    found = driven(read, _CURRENT, (m.id, first.isoformat()))
    columns = list(zip(*found, strict=True)) or [()] * 6
    days = {text: date.fromisoformat(text).toordinal() for text in set(columns[0])}
    values = [np.array(column, dtype=float) for column in columns[2:5]]  # None becomes nan
    ids = [np.array(column, dtype=np.int64) for column in (columns[1], columns[5])]
    return Table(np.array([days[p] for p in columns[0]], dtype=np.int64), ids[0], *values), ids[1]


def own_rules(read: Session, measure: int) -> dict[str, Own]:
    """How one measure departs from the usual rules, by rule."""
    return own_rules_of(read, [measure]).get(measure, {})


def own_rules_of(read: Session, measures: Sequence[int]) -> dict[int, dict[str, Own]]:
    """How measures depart from the usual rules: by measure, then by rule."""
    found: dict[int, dict[str, Own]] = {}
    for row in read.scalars(select(CheckRule).where(CheckRule.measure_id.in_(measures))):
        if row.rule in BY_NAME:
            found.setdefault(row.measure_id, {})[row.rule] = Own(row.level, dict(row.options))
    return found


Key = tuple[int, date, int, str, float | None]


def _key(f: Finding) -> Key:
    return f.measure, f.period, f.cell, f.rule, f.value


def _told(read: Session, measures: Sequence[int]) -> set[Key]:
    """What was found before, open or settled: nobody is told twice."""
    f = CheckFinding
    query = (
        select(f.measure_id, f.period, f.cell_id, f.rule, f.value)
        .join(ImportRun, ImportRun.id == f.run_id)
        .where(f.measure_id.in_(measures), ImportRun.undone_at.is_(None))
    )
    return {tuple(row) for row in read.execute(query)}  # type: ignore[misc]


def breakdowns_of(read: Session, cells: Sequence[int]) -> dict[int, Breakdown]:
    """What the cells are, by id."""
    found: dict[int, list[tuple[str, str]]] = {WHOLE: []}
    for at in range(0, len(cells), 10_000):  # no more than one statement may name
        query = select(CellPart.cell_id, CellPart.dimension, CellPart.category).order_by(CellPart.dimension)
        for cell, dimension, category in read.execute(query.where(CellPart.cell_id.in_(cells[at : at + 10_000]))):
            found.setdefault(cell, []).append((dimension, category))
    return {cell: tuple(parts) for cell, parts in found.items()}
