"""Who changed what of a measure, and when: its definition, targets, words on the chart, values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.measures.series import Definition
from citystat.models import Act, ActRow, Department, Observation, Person
from citystat.numbers import brief, number
from citystat.texts import plural, tr

OWNED = ("target", "annotation", "check_rule", "check_finding")  # tables whose rows belong to a measure
HIDDEN = {"id", "measure_id", "settled_at", "settled_by"}
FIELDS = {
    "code": "Code", "name": "Name", "definition": "What it is", "not_measured": "What it is not", "limits": "Known limits",
    "over_time": "Over time", "formula": "Formula", "fiscal": "Fiscal years", "unit": "Unit", "decimals": "Decimals",
    "frequency": "Frequency", "aggregation": "Over breakdowns", "direction": "Better is", "kind": "Kind",
    "multiplier": "Multiplier", "zero_baseline": "Axis from zero", "reporting_lag": "Reporting lag", "source": "Source",
    "department_id": "Department", "owner_id": "Owner", "baseline": "Baseline", "baseline_period": "Baseline from",
    "chart": "How it is charted", "public": "Public", "retired": "Retired", "since": "From", "value": "Value", "upper": "Up to",
    "tolerance": "Tolerance", "agreed_by": "Agreed by", "agreed_on": "Agreed on", "period": "Period", "text": "Words",
}  # fmt: skip


@dataclass(frozen=True)
class ChangeRow:
    """One act. details: "name: A → B" for each field, or how many values came; taken_back: it was undone."""

    at: datetime
    who: str
    what: str
    details: tuple[str, ...]
    taken_back: bool


def changes(read: Session, measure: Definition, *, limit: int = 200) -> list[ChangeRow]:
    """The newest acts on `measure`, newest first."""
    mine = or_(
        and_(ActRow.table == "measure", ActRow.key == str(measure.id)),
        *(
            and_(ActRow.table == table, func.json_extract(side, "$.measure_id") == measure.id)
            for table in OWNED
            for side in (ActRow.before, ActRow.after)
        ),
    )
    runs = select(Observation.run_id).where(Observation.measure_id == measure.id).distinct()
    query = select(Act).where(or_(Act.id.in_(select(ActRow.act_id).where(mine)), Act.run_id.in_(runs)))
    acts = list(read.scalars(query.order_by(Act.id.desc()).limit(limit)))
    rows: dict[int, list[str]] = {}
    called = _names(read)
    for row in read.scalars(select(ActRow).where(mine, ActRow.act_id.in_([a.id for a in acts])).order_by(ActRow.id)):
        rows.setdefault(row.act_id, []).extend(_fields(row, measure, called))
    values = _values(read, measure, [a.run_id for a in acts if a.run_id])
    return [
        ChangeRow(
            a.at, a.who, a.what, (*rows.get(a.id, ()), *([values[a.run_id]] if a.run_id in values else [])),
            a.state == "undone",
        )
        for a in acts
    ]  # fmt: skip


def _names(read: Session) -> dict[str, dict[object, str]]:
    """By column, who and which department an id means."""
    people = read.execute(select(Person.id, Person.name)).all()
    departments = read.execute(select(Department.id, Department.name)).all()
    return {"owner_id": {r.id: r.name for r in people}, "department_id": {r.id: r.name for r in departments}}


def _fields(row: ActRow, measure: Definition, called: dict[str, dict[object, str]]) -> list[str]:
    """What one row became, field by field. called: names of ids by column."""
    before, after = row.before or {}, row.after or {}
    changed = []
    for name in after or before:
        was, now = (called[name].get(side.get(name)) if name in called else side.get(name) for side in (before, after))
        if name not in HIDDEN and was != now:
            words = tr(FIELDS[name]) if name in FIELDS else name.replace("_", " ")
            changed.append(f"{words}: {_change(was, now, measure)}")
    return changed if row.before and row.after else [" · ".join(changed)] if changed else []


def _change(before: Any, after: Any, measure: Definition) -> str:
    return " → ".join(words for words in (_said(before, measure), _said(after, measure)) if words)


def _said(value: Any, measure: Definition) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, dict):  # how it is charted: "rules anhoej, look years"
        return ", ".join(
            _said(v, measure) if isinstance(v, dict) else f"{k} {_said(v, measure)}" for k, v in value.items()
        )
    if isinstance(value, float):
        return brief(value, measure.unit, measure.decimals)
    try:
        return periods.label(date.fromisoformat(str(value)), measure.frequency, measure.year_start)
    except ValueError:
        return tr(str(value))  # words of a table, such as a direction; other texts stay as they are


def _values(read: Session, measure: Definition, runs: list[int]) -> dict[int, str]:
    """By import run, its values of this measure in words; a single one with period and figure."""
    o = Observation
    query = select(o.run_id, func.count(), func.min(o.period), func.min(o.value)).where(
        o.measure_id == measure.id, o.run_id.in_(runs)
    )
    return {
        run: f"{periods.label(period, measure.frequency, measure.year_start)}: {brief(value, measure.unit, measure.decimals)}"
        if n == 1 and value is not None
        else plural(n, "{number} value", "{number} values", number=number(n))
        for run, n, period, value in read.execute(query.group_by(o.run_id))
    }
