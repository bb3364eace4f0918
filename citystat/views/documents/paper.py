"""A document as the file that a person asked for, and the word that it is there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from citystat.documents.content import Document
from citystat.errors import CityStatError
from citystat.texts import tr
from citystat.views import jobs
from citystat.views.chart.picture import document_picture
from citystat.views.documents.pdf import write_pdf

KINDS = "Word (*.docx);;PDF (*.pdf)"


def write_paper(content: Document, to: Path, *, template: bytes | None, now: datetime) -> Path:
    """Write `content` as Word (with the office's template) or PDF, by the ending of `to`; returns it. CityStatError where it cannot be."""
    check_name(to)
    if to.suffix.lower() == ".pdf":
        write_pdf(content, to)
    else:
        from citystat.documents.word import write  # python-docx is slow to import: only when a document is written

        write(content, to, picture=document_picture, now=now, template=template)
    return to


def check_name(to: Path) -> None:
    """CityStatError where `to` ends like no document that can be written."""
    if to.suffix.lower() not in (".pdf", ".docx"):
        raise CityStatError(tr("A document is written as .docx or .pdf"), where=str(to), do=tr("Choose another name"))


def say_written(owner: QWidget, to: Path) -> None:
    """In the message bar: what was written where, and a way to open it."""
    bar = jobs.message_bar(owner)
    if bar is not None:
        words = tr("Wrote {file} in {folder}", file=to.name, folder=to.parent)
        bar.say(words, act=(tr("Open"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(to)))))
