"""What the checks found of figures that arrived."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed
from citystat.models.observations import WHOLE


class CheckFinding(Keyed):
    """What a rule said of one figure. level: "error" (the figure was not taken in) or "warning" (it stands, marked).

    words: in the language of whoever brought it in; facts: what they say, for any language · value, numerator, denominator: as the source gave them · place: its cell in the source · settled_at, settled_by, reason: accepted by a person, and why.
    """

    __tablename__ = "check_finding"
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    period: Mapped[date]
    cell_id: Mapped[int] = mapped_column(ForeignKey("cell.id"), default=WHOLE)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), index=True)
    rule: Mapped[str]
    level: Mapped[str]
    words: Mapped[str]
    facts: Mapped[dict[str, object]] = mapped_column(JSON, default=dict, server_default="{}")
    value: Mapped[float | None]
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]
    place: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")


Index("ix_check_finding_measure_id_period", CheckFinding.measure_id, CheckFinding.period)
