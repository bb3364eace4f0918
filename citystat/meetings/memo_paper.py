"""A memo as a Word document: findings first, the charts that matter, then the other passages, and where the numbers come from."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.city import City
from citystat.city.observations import Progress
from citystat.documents.content import Block, Document, Figure, Heading, Items, Table
from citystat.documents.word import Picture, write
from citystat.meetings.memo import SECTIONS, MemoView, Passage, view
from citystat.meetings.papers import template_for
from citystat.meetings.wording import caption_of, date_in_words
from citystat.models import CitySettings
from citystat.texts import language, tr


def compose(read: Session, memo: MemoView, today: date) -> Document:
    """The memo as it reads now; what was struck out is not in it."""
    settings = read.scalars(select(CitySettings)).one()
    blocks: list[Block] = []
    for section, title in SECTIONS.items():
        said = [p.text for p in memo.of(section) if p.text]
        if said:
            blocks += [Heading(title()), Items(tuple(said), numbered=section == "question")]
        if section == "finding":
            blocks += [Figure(c, caption_of(c, headline=True), 0.36) for c in memo.charts]
    traced = [p for p in memo.of("finding") if p.trace and p.text]
    if traced:
        blocks += [Heading(tr("Where the numbers come from")), _traces(traced)]
    return Document(
        kind="briefing",
        title=memo.title,
        over=f"{tr('City of {name}', name=settings.name)} · {settings.office}",
        under=tr("What changed is told since {day}", day=date_in_words(memo.since)) if memo.since else "",
        footer=tr("As of {day}", day=date_in_words(today)),
        language=language(),
        blocks=tuple(blocks),
    )


def _traces(passages: list[Passage]) -> Table:
    return Table(
        (tr("Finding"), tr("From")),
        tuple((p.computed or p.text or "", p.trace) for p in passages),
        (11.0, 5.6),
        summary=tr("Where the numbers of the findings come from"),
    )


def write_memo(
    city: City,
    memo_id: int,
    to: Path,
    *,
    picture: Picture,
    today: date,
    now: datetime,
    progress: Progress | None = None,
) -> Path:
    """Write the memo to `to` with the office's template for memos; returns it."""
    with city.read() as read:
        content = compose(read, view(read, memo_id, today, progress), today)
        template = template_for(read, "briefing")
    write(content, to, picture=picture, now=now, template=template)
    return to
