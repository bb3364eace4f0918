"""How figures are collected: what each is held against, which periods are closed, who was reminded."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed


class CheckRule(Keyed):
    """How a measure departs from the usual rules (citystat.collect.checks has those).

    rule: the rule's name · level: "error", "warning" or "off" · options: its numbers, such as {"least": 0, "most": 100}.
    """

    __tablename__ = "check_rule"
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    rule: Mapped[str]
    level: Mapped[str]
    options: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)


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
