"""The follow-up memo: one page, by topic what was decided, promised and asked, and never issued with a hole in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.documents.content import Block, Document, Heading, Paragraph
from citystat.errors import CityStatError
from citystat.meetings.actions import ActionRow, actions
from citystat.meetings.agenda import agenda
from citystat.meetings.capture import Captured, captured
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
        promised = sorted(rows, key=lambda a: (a.rank is None, a.rank or 0, a.number))
        _complete(promised, locked=row.status == "approved")
        topics = _by_topic(read, meeting_id, promised)
        settings = read.scalars(select(CitySettings)).one()
        return Document(
            kind="followup",
            title=tr("{series}, follow-up memo", series=row.series),
            over=f"{tr('City of {name}', name=settings.name)} · {settings.office}",
            under=tr("on the meeting of {day}", day=day_in_words(row.day)),
            footer=date_in_words(today),
            language=spoken_language(),
            blocks=(*_heads(read, row, topics), *_topics(topics, row.answers_due), *_closing(read, row, topics, today)),
            compact=True,
        )


@dataclass
class Topic:
    """What came of one agenda item. open: questions that nobody has answered yet."""

    decided: list[Captured] = field(default_factory=list)
    promised: list[ActionRow] = field(default_factory=list)
    open: list[Captured] = field(default_factory=list)

    @property
    def owed(self) -> list[tuple[str, date | None]]:
        """Who owes something, and by when."""
        return [*((a.owner, a.due) for a in self.promised), *((q.owner, q.due) for q in self.open)]


Topics = dict[str, Topic]


def _by_topic(read: Session, meeting_id: int, promised: Sequence[ActionRow]) -> Topics:
    """In the chair's order: a topic stands where its first promise does, those without one follow as on the agenda."""
    entries, items = captured(read, meeting_id), agenda(read, meeting_id)
    titles = {i.id: i.title for i in items}
    place = {i.id: n for n, i in enumerate(items)}
    topics: Topics = {}
    for a in promised:
        topics.setdefault(a.topic or tr("Other"), Topic()).promised.append(a)
    for e in sorted(entries, key=lambda e: place.get(e.item_id or 0, len(items))):
        if e.kind == "decision" or (e.kind == "question" and not e.answer):
            topic = topics.setdefault(titles.get(e.item_id or 0, tr("Other")), Topic())
            (topic.decided if e.kind == "decision" else topic.open).append(e)
    return topics


def _complete(promised: Sequence[ActionRow], *, locked: bool) -> None:
    missing = [f"{a.code} {tr('lacks')} {listed(a.unfinished)}" for a in promised if a.unfinished]
    if missing:
        raise CityStatError(
            tr("The follow-up memo cannot go out yet: {list}", list="; ".join(missing)),
            do=tr("Complete these promises in the register of action items")
            if locked
            else tr("Complete these promises in the review of the meeting"),
        )


def _heads(read: Session, row: MeetingRow, topics: Topics) -> list[Block]:
    """Who writes to whom: the chair to everyone who owes something, a copy to the rest of the table."""
    owners = sorted({owner for t in topics.values() for owner, _ in t.owed if owner})
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


def _topics(topics: Topics, answers_due: date | None) -> list[Block]:
    """One heading a topic: what was decided, what was promised, what is still to be answered; numbers run on."""
    blocks: list[Block] = []
    if not any(t.promised for t in topics.values()):
        blocks.append(Paragraph(tr("Nothing was promised in this meeting.")))
    for title, topic in topics.items():
        blocks.append(Heading(capital(title)))
        blocks += [Paragraph(sentence(e.text), tr("Decision {n}.", n=e.number)) for e in topic.decided]
        if topic.promised:
            blocks += [Paragraph(_promise(a), f"{a.code}.") for a in topic.promised]
        blocks += [Paragraph(_question(e, answers_due), tr("Open question.")) for e in topic.open]
    return blocks


def _question(e: Captured, answers_due: date | None) -> str:
    """What was asked, who owes the answer, and by when."""
    asked = capital(e.text)
    asked = asked if asked.endswith(("?", ".", "!")) else asked + "?"
    due = e.due or answers_due
    day = tr("answer due {day}", day=date_in_words(due).replace(" ", "\u00a0")) if due else tr("no day was set")
    return f"{asked} [{e.owner or tr('nobody was named')}] {capital(day)}."


def _promise(a: ActionRow) -> str:
    return tr(
        "{text} [{owner}] {form}, due {day}.",
        text=sentence(a.text), owner=a.owner, form=capital(tr(a.form)),
        day=date_in_words(a.due).replace(" ", "\u00a0") if a.due else "",
    )  # fmt: skip


def _closing(read: Session, row: MeetingRow, topics: Topics, today: date) -> list[Block]:
    """When the answers are due, and when the room meets again."""
    following = next_meeting(read, today, series_id=row.series_id, after=row.day)
    days = {due for t in topics.values() for _, due in t.owed if due}
    due = tr("Answers are due on {day}.", day=day_in_words(row.answers_due)) if row.answers_due else ""
    if len(days) > 1 and max(days) > (row.answers_due or date.min):
        due = f"{due} {tr('The last answer is due on {day}.', day=day_in_words(max(days)))}".strip()
    meets = tr("The date of the next meeting will follow.")
    if following:
        at = f"{following.starts:%H:%M}"
        meets = tr("The next meeting is on {day} at {time}.", day=day_in_words(following.day), time=at)
    return [Heading(tr("Next")), Paragraph(" ".join(filter(None, [due, meets])))]
