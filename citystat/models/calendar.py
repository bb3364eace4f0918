"""The collection calendar: which periods are closed, and who was reminded of what is owed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed


class ClosedPeriod(Keyed):
    """A measure's periods up to and with the one beginning at `through` are closed: later changes are corrections that give a reason."""

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
