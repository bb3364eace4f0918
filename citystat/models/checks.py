"""What a figure is held against before it is believed, what was found, and which periods are closed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed
from citystat.models.observations import WHOLE


class CheckRule(Keyed):
    """How a measure departs from the usual rules (citystat.collect.checks has those).

    rule: the rule's name · level: "error", "warning" or "off" · options: its numbers, such as {"least": 0, "most": 100}.
    """

    __tablename__ = "check_rule"
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    rule: Mapped[str]
    level: Mapped[str]
    options: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)


class CheckFinding(Keyed):
    """What a rule said of one figure. level: "error" (the figure was not taken in) or "warning" (it stands, marked).

    value, numerator, denominator: as the source gave them · place: its cell in the source · settled_at, settled_by, reason: accepted by a person, and why.
    """

    __tablename__ = "check_finding"
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    period: Mapped[date]
    cell_id: Mapped[int] = mapped_column(ForeignKey("cell.id"), default=WHOLE)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), index=True)
    rule: Mapped[str]
    level: Mapped[str]
    words: Mapped[str]
    value: Mapped[float | None]
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]
    place: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")


class ClosedPeriod(Keyed):
    """A measure's periods up to and with `through` are closed: later changes are corrections that give a reason."""

    __tablename__ = "closed_period"
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), unique=True)
    through: Mapped[date]
    at: Mapped[datetime]
    who: Mapped[str]


class Reminder(Keyed):
    """Who was reminded of what, and when: one for each measure and period that was owed."""

    __tablename__ = "reminder"
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    period: Mapped[date]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


Index("ix_check_rule_measure_id_rule", CheckRule.measure_id, CheckRule.rule, unique=True)
Index("ix_check_finding_measure_id_period", CheckFinding.measure_id, CheckFinding.period)
