"""The follow-up memo: one page, numbered, grouped by topic, and never issued with a hole in it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.documents.content import Block, Document, Heading, Items, Paragraph
from citystat.errors import CityStatError
from citystat.meetings.actions import ActionRow, actions
from citystat.meetings.meeting import meeting, next_meeting
from citystat.models import CitySettings
from citystat.texts import tr


def compose(read: Session, meeting_id: int, *, today: date, language: str = "en") -> Document:
    """The memo; CityStatError that names every promise which lacks owner, form or due date."""
    row = meeting(read, meeting_id)
    promised = sorted(actions(read, today, meeting=meeting_id), key=lambda a: (a.rank is None, a.rank or 0, a.number))
    _complete(promised)
    settings = read.scalars(select(CitySettings)).one()
    following = next_meeting(read, today, series_id=row.series_id, after=row.day)
    answers = row.answers_due or max((a.due for a in promised if a.due), default=None)
    closing = [tr("Answers are due on {day}.", day=periods.weekday_label(answers)) if answers else ""]
    closing += [tr("The next meeting is on {day}.", day=periods.weekday_label(following.day)) if following else ""]
    return Document(
        kind="followup",
        title=tr("{series}, follow-up memo", series=row.series),
        over=f"{tr('City of {name}', name=settings.name)} · {settings.office}",
        under=tr("what was promised on {day}", day=periods.weekday_label(row.day))
        + (f" · {row.chair}" if row.chair else ""),
        footer=periods.day_label(today),
        language=language,
        blocks=(*_topics(promised), Heading(tr("Next"), 2), Items(tuple(filter(None, closing)))),
    )


def _complete(promised: list[ActionRow]) -> None:
    missing = [f"{a.code} {tr('lacks')} {', '.join(a.unfinished)}" for a in promised if a.unfinished]
    if missing:
        raise CityStatError(
            tr("The follow-up memo cannot go out yet: {list}", list="; ".join(missing)),
            do=tr("Complete these promises in the review of the meeting"),
        )


def _topics(promised: list[ActionRow]) -> list[Block]:
    """One heading a topic; numbers run on through all of them."""
    if not promised:
        return [Paragraph(tr("Nothing was promised in this meeting."))]
    topics: dict[str, list[str]] = {}
    for number, a in enumerate(promised, 1):
        line = tr(
            "{text} [{owner}] {form}, due {day}. ({code})",
            text=a.text.rstrip(".") + ".", owner=a.owner, form=tr(a.form).capitalize(),
            day=periods.weekday_label(a.due) if a.due else "", code=a.code,
        )  # fmt: skip
        topics.setdefault(a.topic or tr("Other"), []).append(f"{number}. {line}")
    blocks: list[Block] = []
    for topic, lines in topics.items():
        blocks += [Heading(topic, 2), *(Paragraph(line) for line in lines)]
    return blocks
