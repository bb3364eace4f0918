"""Minutes as they were approved, and what was amended since."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Base, Keyed
from citystat.models.documents import StoredFile  # noqa: F401  minutes point to the template they were written with


class Minutes(Base):
    """Approved minutes: the content as it was approved, the hash printed in its footer, and the office's template then."""

    __tablename__ = "minutes"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    sha256: Mapped[str]
    approved_at: Mapped[datetime]
    approved_by: Mapped[str]
    template_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))


class Amendment(Keyed):
    """A numbered amendment to approved minutes."""

    __tablename__ = "amendment"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    number: Mapped[int]
    at: Mapped[datetime]
    who: Mapped[str]
    text: Mapped[str]
