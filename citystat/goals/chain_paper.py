"""A results chain on paper: the diagram across the page, and beneath it the whole chain in words."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.documents.content import Block, Document, Image, Paragraph, Table
from citystat.documents.word import write
from citystat.goals.chain import STAGES, Chain, in_words, missing, whose
from citystat.models import CitySettings
from citystat.texts import language, tr


def compose(read: Session, c: Chain, picture: bytes, share: float, today: date) -> Document:
    """picture: the diagram as PNG, `share` of its width high."""
    settings = read.scalars(select(CitySettings)).one()
    caption = tr(
        "From what is put in to what comes of it, with the newest figures of {day}. A box with a code is shown by that measure",
        day=periods.day_label(today),
    )
    blocks: list[Block] = [Image(picture, in_words(c), caption, share), _table(c)]
    lacks = missing(c)
    if lacks:
        blocks.append(Paragraph("; ".join(lack.words for lack in lacks) + ".", lead=tr("Still missing.")))
    under = " · ".join(filter(None, (whose(c), c.department, settings.name)))
    return Document(
        "briefing", c.name, settings.office or settings.name, under, " · ".join((settings.name, tr("Results chain"))),
        language(), tuple(blocks), wide=True,
    )  # fmt: skip


def write_paper(content: Document, to: Path, *, template: bytes | None, now: datetime) -> None:
    """Write it as a Word file; it holds no chart that would have to be painted."""
    write(content, to, picture=lambda _chart, _width, _height: b"", now=now, template=template)


def _table(c: Chain) -> Table:
    """Every box with what shows it and where it leads, so that the chain can be read without the picture."""
    rows = tuple(
        (tr(STAGES[s.stage][0]), s.text, f"{s.code} {s.measure}".strip(), "\n".join(t.text for t in c.after(s.id)))
        for s in c.steps
    )
    head = (tr("Stage"), tr("Box"), tr("Measure"), tr("Leads to"))
    return Table(head, rows, (2, 4, 4, 4), summary=tr("The boxes of the results chain"))
