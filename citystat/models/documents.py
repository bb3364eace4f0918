"""The office's own templates for Word files, kept in the city so that colleagues write with them too."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from citystat.models.base import Base


class StoredFile(Base):
    """A file's bytes under their hash; never changed, so what points to it always finds the same."""

    __tablename__ = "stored_file"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DocumentTemplate(Base):
    """Which template a kind of document is written with: minutes, briefing or followup. name: of the file chosen."""

    __tablename__ = "document_template"
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
