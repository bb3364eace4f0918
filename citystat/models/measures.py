"""Measures, their targets, and what is written on their charts."""

from datetime import date

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed


class Measure(Keyed):
    """One figure that a department reports period after period.

    unit: "percent", "count", "days", "USD" … · frequency: see citystat.periods.FREQUENCIES ·
    aggregation over breakdowns: sum, mean, ratio (of sums), last, median, count ·
    direction: "higher", "lower", "range" or "none" · kind: outcome, intermediate outcome, output,
    efficiency, quality, input · multiplier: ratio = multiplier × numerator / denominator (100 for percent) ·
    reporting_lag: days after a period's end until its figures are due ·
    definition: what it is · not_measured: what it is not · limits: what is known to be wrong with it ·
    over_time: how months become a year: sum, mean, weighted, last, ratio (of sums), none ("" as over breakdowns) ·
    formula: of a derived measure, over the codes of others ("" for one that is brought in) ·
    fiscal: its years are the city's fiscal years ·
    baseline: the value it started from, in the period that begins on baseline_period ·
    chart: how it is charted and judged, where that is not left to its data (citystat.measures.charting).
    """

    __tablename__ = "measure"
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    definition: Mapped[str] = mapped_column(default="")
    not_measured: Mapped[str] = mapped_column(default="", server_default="")
    limits: Mapped[str] = mapped_column(default="", server_default="")
    over_time: Mapped[str] = mapped_column(default="", server_default="")
    formula: Mapped[str] = mapped_column(default="", server_default="")
    fiscal: Mapped[bool] = mapped_column(default=True, server_default="1")
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
    baseline: Mapped[float | None]
    baseline_period: Mapped[date | None]
    chart: Mapped[dict[str, object]] = mapped_column(JSON, default=dict, server_default="{}")
    public: Mapped[bool] = mapped_column(default=True)
    retired: Mapped[bool] = mapped_column(default=False)


class Target(Keyed):
    """A value wanted, and when.

    kind: "hold" (from the period that begins on `since` on, until the next target) or "reach" (to be reached in that
    period; the way there is a straight line from the target, or the baseline, before it) · upper: the upper edge of a
    range · tolerance: how far off counts as near, in the measure's unit · agreed_by, agreed_on: who promised it, and when.
    """

    __tablename__ = "target"
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    since: Mapped[date]
    value: Mapped[float]
    upper: Mapped[float | None]
    kind: Mapped[str] = mapped_column(default="hold", server_default="hold")
    tolerance: Mapped[float | None]
    agreed_by: Mapped[str] = mapped_column(default="", server_default="")
    agreed_on: Mapped[date | None]


class Annotation(Keyed):
    """Words at a period of a measure's chart.

    kind: "note" (words only), "rebase" (the limits restart here, and why), "exclude" (left out of the limits, and why)
    or "definition" (from here on it measures something else, and what: the chart breaks).
    """

    __tablename__ = "annotation"
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    period: Mapped[date]
    kind: Mapped[str] = mapped_column(default="note")
    text: Mapped[str]
