"""What a person said of what the screening found."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed


class FindingAnswer(Keyed):
    """A finding that somebody answered. Findings are worked out anew each time; only the answer is kept.

    kind: which finding (citystat.screening) · period: the first day of the period it is about ·
    state: "accepted", "dismissed" or "on agenda" · reason: of one dismissed.
    """

    __tablename__ = "finding_answer"
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    cell_id: Mapped[int] = mapped_column(ForeignKey("cell.id"))
    kind: Mapped[str]
    period: Mapped[date]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    item_id: Mapped[int | None]  # a plain number: an agenda item may be taken away, the answer stays
    who: Mapped[str]
    at: Mapped[datetime]


Index(
    "ix_finding_answer_finding",
    FindingAnswer.measure_id, FindingAnswer.cell_id, FindingAnswer.kind, FindingAnswer.period, unique=True,
)  # fmt: skip
