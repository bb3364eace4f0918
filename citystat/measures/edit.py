"""Changing measures: their definition, and words on the chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.city import Change, City, derived
from citystat.city import observations as store
from citystat.errors import CityStatError
from citystat.formula.language import renamed
from citystat.measures.code import new_code
from citystat.models import Annotation, Department, Measure, Observation
from citystat.printable import one_line
from citystat.texts import tr


@dataclass(frozen=True)
class Words:
    """Words on the chart. kind: note, rebase, exclude, definition."""

    id: int
    period: date
    kind: str
    text: str


def words_on_chart(read: Session, measure_id: int) -> list[Words]:
    """What is written on the measure's chart, newest first."""
    query = select(Annotation).where(Annotation.measure_id == measure_id).order_by(Annotation.period.desc())
    return [Words(a.id, a.period, a.kind, a.text) for a in read.scalars(query)]


def suggested_code(read: Session, name: str, department_id: int | None) -> str:
    """A code that no measure has yet, by the department's short form or the name; "" while there is neither."""
    department = read.scalar(select(Department.code).where(Department.id == department_id)) or ""
    return new_code(name, list(read.scalars(select(Measure.code))), department) if department or name.strip() else ""


def save_measure(city: City, measure_id: int | None, **fields: object) -> int:
    """Make (id None) or change a measure; fields are columns of citystat.models.Measure. Returns its id."""
    fields |= {key: one_line(str(fields[key])) for key in ("code", "name") if key in fields}
    code, name = fields.get("code", "-"), fields.get("name", "-")
    if not code or not name:
        raise CityStatError(tr("A measure needs a code and a name"), do=tr("Fill both fields"))
    with city.change(tr("Save measure {code}", code=code)) as change:
        same = change.scalar(select(Measure.id).where(Measure.code == code))
        if same is not None and same != measure_id:
            raise CityStatError(
                tr("There is a measure with the code {code} already", code=code), do=tr("Choose another")
            )
        row = change.get(Measure, measure_id) if measure_id else None
        if row is None:
            row = Measure(code=code, name=name)
            change.add(row)
        before, called = (row.aggregation, row.multiplier), row.code
        _keep_frequency(change, row, fields.get("frequency", row.frequency))
        for field, value in fields.items():
            setattr(row, field, value)
        change.flush()
        if row.formula:
            derived.settle(change, row)
        if called != row.code:
            _rename_in_formulas(change, called, row.code)
        if before != (row.aggregation, row.multiplier):
            store.refresh_totals(change, [row.id])
        return row.id


def _keep_frequency(change: Change, row: Measure, wanted: object) -> None:
    """Values of months are no values of quarters: CityStatError where a measure with values of its own would get other periods."""
    has_values = (
        row.id is not None
        and not row.formula
        and change.scalar(
            select(Observation.id).where(Observation.measure_id == row.id, Observation.superseded_by.is_(None)).limit(1)
        )
    )
    if wanted != row.frequency and has_values:
        raise CityStatError(
            tr(
                "{code} has values by {period}, which are none of another period",
                code=row.code,
                period=tr(row.frequency),
            ),
            do=tr("Make another measure, or one computed from it"),
        )


def _rename_in_formulas(change: Change, old: str, new: str) -> None:
    """What rests on a measure goes on resting on it, whatever it is called."""
    known = [old, *change.scalars(select(Measure.code).where(Measure.code != new))]
    for row in derived.formulas_naming(change, old, known):
        row.formula = renamed(row.formula, known, old, new)
    change.flush()


def annotate(city: City, measure_id: int, period: date, kind: str, text: str, *, words_id: int | None = None) -> int:
    """Put words at a period; kind: note, rebase (limits restart, with the reason), exclude (with the reason)
    or definition (from here on something else is measured, and what).

    words_id: the words that are corrected. Returns their id.
    """
    if not text.strip():
        raise CityStatError(
            tr("A note needs words, a new start of the limits a reason, a new definition what is new"),
            do=tr("Write them"),
        )
    with city.change(tr("Write on chart")) as change:
        row = change.get(Annotation, words_id) if words_id else None
        if row is None:
            row = Annotation(measure_id=measure_id, period=period, kind=kind, text=text.strip())
            change.add(row)
        row.period, row.kind, row.text = period, kind, text.strip()
        change.flush()
        return row.id


def remove_annotation(city: City, annotation_id: int) -> None:
    """Take words off the chart."""
    with city.change(tr("Remove from chart")) as change:
        row = change.get(Annotation, annotation_id)
        if row is not None:
            change.delete(row)
