"""Settling what the checks found: accepted with a reason, or left out; and the rules of one measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from citystat.city import Change, City
from citystat.city import observations as observed
from citystat.collect.checks import BY_NAME, ERROR, OFF, Own
from citystat.errors import CityStatError
from citystat.models import CheckFinding, CheckRule, ImportRun, Measure
from citystat.texts import plural, tr


def accept(city: City, findings: Sequence[int], reason: str, now: datetime) -> None:
    """A person vouches for these figures: marks go, and what was held back is taken in. One act, undone as one."""
    with city.change(tr("Accept figures")) as change:
        rows = _open(change, findings, reason)
        held = [row for row in rows if row.level == ERROR]
        change.act = plural(
            len(rows), "Accept a figure: {reason}", "Accept {n} figures: {reason}", reason=reason.strip()
        )
        if held:
            run = ImportRun(
                at=now, who=city.who, source=tr("accepted after a check"), rows_read=len(held), reason=reason
            )
            change.add(run)
            change.flush()
            change.run_id = run.id
            observed.store(change, run, [_figure(row, reason.strip()) for row in held])
        _settle(rows, city.who, reason, now)


def leave_out(city: City, findings: Sequence[int], reason: str, now: datetime) -> None:
    """What was held back is wrong and stays out; it is no longer waited for."""
    with city.change(tr("Leave figures out")) as change:
        rows = _open(change, findings, reason)
        if any(row.level != ERROR for row in rows):
            raise CityStatError(
                tr("A figure that stands cannot be left out"), do=tr("Correct its value, or take its import back")
            )
        change.act = plural(
            len(rows), "Leave a figure out: {reason}", "Leave {n} figures out: {reason}", reason=reason.strip()
        )
        _settle(rows, city.who, reason, now)


def save_rules(city: City, measure_id: int, wanted: Mapping[str, Own], reason: str) -> None:
    """How a measure departs from the usual rules; one that is as usual has no row. Switching a rule off needs a reason."""
    with city.change(tr("Change checks")) as change:
        kept = {r.rule: r for r in change.scalars(select(CheckRule).where(CheckRule.measure_id == measure_id))}
        code = change.scalar(select(Measure.code).where(Measure.id == measure_id))
        off = [n for n, own in wanted.items() if own.level == OFF and (n not in kept or kept[n].level != OFF)]
        if off and not reason.strip():
            raise CityStatError(
                tr("A rule is not switched off without a reason"), do=tr("Say why {rules} does not hold here", rules=_titles(off))
            )  # fmt: skip
        change.act = tr("Checks of {code}", code=code)
        if off:
            change.act += " · " + tr("off: {rules}, because: {reason}", rules=_titles(off), reason=reason.strip())
        for name, own in wanted.items():
            _save_rule(change, measure_id, name, own, kept.get(name))


def _save_rule(change: Change, measure_id: int, name: str, own: Own, row: CheckRule | None) -> None:
    usual = own.level == BY_NAME[name].level and not own.options
    if usual:
        if row is not None:
            change.delete(row)
        return
    if row is None:
        row = CheckRule(measure_id=measure_id, rule=name, level=own.level)
        change.add(row)
    row.level, row.options = own.level, dict(own.options)


def _open(change: Change, findings: Sequence[int], reason: str) -> list[CheckFinding]:
    if not reason.strip():
        raise CityStatError(tr("A reason is needed"), do=tr("Say how you know; it stays with the figure"))
    rows = list(change.scalars(select(CheckFinding).where(CheckFinding.id.in_(findings))))
    settled = [row for row in rows if row.settled_at is not None]
    if settled or not rows:
        raise CityStatError(tr("This was settled already"), do=tr("Look at the page again"))
    return rows


def _settle(rows: Sequence[CheckFinding], who: str, reason: str, now: datetime) -> None:
    for row in rows:
        row.settled_at, row.settled_by, row.reason = now, who, reason.strip()


def _figure(row: CheckFinding, reason: str) -> observed.Incoming:
    return observed.Incoming(
        row.measure_id, row.period, row.cell_id, row.value, row.numerator, row.denominator, "final", reason, row.place
    )


def _titles(names: Sequence[str]) -> str:
    return ", ".join(tr(BY_NAME[name].title) for name in names)
