"""Measures, their targets, and what is written on their charts."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed


class Measure(Keyed):
    """One figure that a department reports period after period.

    unit: "percent", "count", "days", "USD" … · frequency: see citystat.periods.FREQUENCIES ·
    aggregation over breakdowns: sum, mean, ratio (of sums), last, median, count ·
    direction: "higher", "lower", "range" or "none" · kind: outcome, intermediate outcome, output,
    efficiency, quality, input · multiplier: ratio = multiplier × numerator / denominator (100 for percent) ·
    reporting_lag: days after a period's end until its figures are due.
    """

    __tablename__ = "measure"
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    definition: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="count")
    decimals: Mapped[int] = mapped_column(default=0)
    frequency: Mapped[str] = mapped_column(default="month")
    aggregation: Mapped[str] = mapped_column(default="sum")
    direction: Mapped[str] = mapped_column(default="none")
    kind: Mapped[str] = mapped_column(default="output")
    multiplier: Mapped[float] = mapped_column(default=1.0)
    zero_baseline: Mapped[bool] = mapped_column(default=False)
    reporting_lag: Mapped[int] = mapped_column(default=15)
    source: Mapped[str] = mapped_column(default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    public: Mapped[bool] = mapped_column(default=True)
    retired: Mapped[bool] = mapped_column(default=False)


class Target(Keyed):
    """The value wanted from the period beginning `since` on, until the next target; upper: for a range."""

    __tablename__ = "target"
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    since: Mapped[date]
    value: Mapped[float]
    upper: Mapped[float | None]


class Annotation(Keyed):
    """Words at a period of a measure's chart.

    kind: "note" (words only), "rebase" (the limits restart here, and why) or "exclude" (left out of the limits, and why).
    """

    __tablename__ = "annotation"
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    period: Mapped[date]
    kind: Mapped[str] = mapped_column(default="note")
    text: Mapped[str]
