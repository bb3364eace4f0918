"""Briefing memos: what they are about, and what an analyst changed in them."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Keyed


class Memo(Keyed):
    """A memo on some measures. measures: their ids in order · since: what changed is told from this day on."""

    __tablename__ = "memo"
    title: Mapped[str]
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    measures: Mapped[list[int]] = mapped_column(JSON, default=list)
    since: Mapped[date | None]
    made: Mapped[datetime]


class MemoEdit(Keyed):
    """One passage that an analyst wrote, changed or struck out.

    key: which passage ("finding:12", "question:12:1", "own:3") · base: the computed words it was changed from, so that a
    refresh can tell whether the facts moved since · text: what stands now, None where it was struck out.
    """

    __tablename__ = "memo_edit"
    memo_id: Mapped[int] = mapped_column(ForeignKey("memo.id", ondelete="CASCADE"))
    key: Mapped[str]
    base: Mapped[str] = mapped_column(default="")
    text: Mapped[str | None]
    position: Mapped[int | None]


Index("ix_memo_edit_memo_id_key", MemoEdit.memo_id, MemoEdit.key, unique=True)
