"""The follow-up memo: one page, numbered, grouped by topic, and never issued with a hole in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.documents.content import Block, Document, Heading, Items, Paragraph
from citystat.errors import CityStatError
from citystat.meetings.actions import ActionRow, actions
from citystat.meetings.meeting import Attendee, MeetingRow, attendance, meeting, next_meeting
from citystat.meetings.wording import capital, date_in_words, day_in_words, listed, sentence
from citystat.models import CitySettings
from citystat.texts import language as spoken_language
from citystat.texts import speaking, tr


def compose(read: Session, meeting_id: int, *, today: date, language: str | None = None) -> Document:
    """The memo; CityStatError that names every promise which lacks owner, form or due date."""
    with speaking(language or spoken_language()):
        row = meeting(read, meeting_id)
        rows = actions(read, today, meeting=meeting_id)
        promised = _by_topic(sorted(rows, key=lambda a: (a.rank is None, a.rank or 0, a.number)))
        _complete([a for topic in promised.values() for a in topic])
        settings = read.scalars(select(CitySettings)).one()
        return Document(
            kind="followup",
            title=tr("{series}, follow-up memo", series=row.series),
            over=f"{tr('City of {name}', name=settings.name)} · {settings.office}",
            under=tr("on the meeting of {day}", day=day_in_words(row.day)),
            footer=date_in_words(today),
            language=spoken_language(),
            blocks=(*_heads(read, row, promised), *_topics(promised), *_closing(read, row, promised, today)),
            compact=True,
        )


Topics = dict[str, list[ActionRow]]


def _by_topic(promised: Sequence[ActionRow]) -> Topics:
    """In the chair's order; a topic stands where its first promise does."""
    topics: Topics = {}
    for a in promised:
        topics.setdefault(a.topic or tr("Other"), []).append(a)
    return topics


def _complete(promised: Sequence[ActionRow]) -> None:
    missing = [f"{a.code} {tr('lacks')} {listed(a.unfinished)}" for a in promised if a.unfinished]
    if missing:
        raise CityStatError(
            tr("The follow-up memo cannot go out yet: {list}", list="; ".join(missing)),
            do=tr("Complete these promises in the review of the meeting"),
        )


def _heads(read: Session, row: MeetingRow, promised: Topics) -> list[Block]:
    """Who writes to whom: the chair to everyone who promised, a copy to the rest of the table."""
    owners = sorted({a.owner for topic in promised.values() for a in topic})
    people = attendance(read, row.id)
    copies = [p.name for p in people if p.name not in owners and p.name != row.chair]
    lines = (
        (tr("From:"), _with_title(row.chair, people)),
        (tr("To:"), ", ".join(owners)),
        (tr("Copy:"), ", ".join(copies)),
    )
    return [Paragraph(words, lead) for lead, words in lines if words]


def _with_title(name: str, people: Sequence[Attendee]) -> str:
    title = next((p.title for p in people if p.name == name), "")
    return f"{name}, {title}" if title else name


def _topics(promised: Topics) -> list[Block]:
    """One heading a topic; numbers run on through all of them."""
    if not promised:
        return [Paragraph(tr("Nothing was promised in this meeting."))]
    blocks: list[Block] = []
    for topic, rows in promised.items():
        blocks += [Heading(capital(topic)), Items(tuple(_promise(a) for a in rows), numbered=True)]
    return blocks


def _promise(a: ActionRow) -> str:
    return tr(
        "{code}. {text} [{owner}] {form}, due {day}.",
        text=sentence(a.text), owner=a.owner, form=capital(tr(a.form)),
        day=date_in_words(a.due).replace(" ", "\u00a0") if a.due else "", code=a.code,
    )  # fmt: skip


def _closing(read: Session, row: MeetingRow, promised: Topics, today: date) -> list[Block]:
    """When the answers are due, and when the room meets again."""
    following = next_meeting(read, today, series_id=row.series_id, after=row.day)
    days = {a.due for topic in promised.values() for a in topic if a.due}
    last = tr("The last answer is due on {day}.", day=day_in_words(max(days))) if len(days) > 1 else ""
    due = tr("Answers are due on {day}.", day=day_in_words(row.answers_due)) if row.answers_due else last
    meets = tr("The date of the next meeting will follow.")
    if following:
        at = f"{following.starts:%H:%M}"
        meets = tr("The next meeting is on {day} at {time}.", day=day_in_words(following.day), time=at)
    return [Heading(tr("Next")), Paragraph(" ".join(filter(None, [due, meets])))]
