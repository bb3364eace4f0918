"""Changing measures: definition, targets, words on the chart, and single values."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from citystat.city import Change, City
from citystat.city import observations as store
from citystat.errors import CityStatError
from citystat.models import Annotation, ImportRun, Measure, Target
from citystat.models.observations import WHOLE
from citystat.texts import tr


def save_measure(city: City, measure_id: int | None, **fields: object) -> int:
    """Make (id None) or change a measure; fields are columns of citystat.models.Measure. Returns its id."""
    code, name = str(fields.get("code", "-")).strip(), str(fields.get("name", "-")).strip()
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
        before = (row.aggregation, row.multiplier)
        for field, value in fields.items():
            setattr(row, field, value)
        change.flush()
        if before != (row.aggregation, row.multiplier):
            store.refresh_totals(change, [row.id])
        return row.id


def set_target(city: City, measure_id: int, since: date, value: float, upper: float | None = None) -> None:
    """The value wanted from the period `since` on; replaces a target that begins there."""
    with city.change(tr("Set target")) as change:
        row = change.scalars(select(Target).where(Target.measure_id == measure_id, Target.since == since)).first()
        if row is None:
            row = Target(measure_id=measure_id, since=since, value=value)
            change.add(row)
        row.value, row.upper = value, upper


def annotate(city: City, measure_id: int, period: date, kind: str, text: str) -> int:
    """Put words at a period; kind: note, rebase (limits restart, with the reason) or exclude (with the reason)."""
    if not text.strip():
        raise CityStatError(tr("A note needs words, a new start of the limits a reason"), do=tr("Write them"))
    with city.change(tr("Write on chart")) as change:
        row = Annotation(measure_id=measure_id, period=period, kind=kind, text=text.strip())
        change.add(row)
        change.flush()
        return row.id


def remove_annotation(city: City, annotation_id: int) -> None:
    """Take words off the chart."""
    with city.change(tr("Remove from chart")) as change:
        row = change.get(Annotation, annotation_id)
        if row is not None:
            change.delete(row)


def correct_value(city: City, measure_id: int, period: date, value: float, note: str, now: datetime) -> None:
    """Correct the whole value of a period as a revision; the reason is kept with it."""
    if not note.strip():
        raise CityStatError(tr("A correction needs a reason"), do=tr("Say where the right figure comes from"))
    with city.change(tr("Correct value")) as change:
        run = _typed_run(change, city.who, now)
        row = store.Incoming(measure_id, period, WHOLE, value, None, None, "final", note.strip(), "")
        store.store(change, run, [row])


def _typed_run(change: Change, who: str, now: datetime) -> ImportRun:
    run = ImportRun(at=now, who=who, source=tr("typed by hand"), rows_read=1)
    change.add(run)
    change.flush()
    change.run_id = run.id
    return run
