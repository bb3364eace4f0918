"""Minutes as content: who was there, what was shown, asked, decided and promised, and what became of earlier promises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.documents.content import Block, Document, Figure, Heading, Items, Paragraph, Signatures, Table
from citystat.measures.picture import chart_of
from citystat.measures.series import definitions
from citystat.meetings.actions import ActionRow, actions, promises_for
from citystat.meetings.agenda import Item, agenda
from citystat.meetings.approve import amendments, approval, approved_content
from citystat.meetings.capture import Captured, captured
from citystat.meetings.forms import STATUSES
from citystat.meetings.meeting import Attendee, MeetingRow, attendance, meeting, next_meeting
from citystat.models import CitySettings, Shown
from citystat.texts import plural, tr


def compose(read: Session, meeting_id: int, *, today: date, language: str = "en") -> Document:
    """The minutes of a meeting: as approved and locked, or as the record stands now."""
    frozen = approved_content(read, meeting_id)
    if frozen is not None:
        return _with_approval(read, meeting_id, frozen)
    row = meeting(read, meeting_id)
    items, entries = agenda(read, meeting_id), captured(read, meeting_id)
    promised = actions(read, today, meeting=meeting_id)
    settings = read.scalars(select(CitySettings)).one()
    blocks: list[Block] = [*_attendance(attendance(read, meeting_id))]
    for number, item in enumerate(items, 1):
        if item.kind == "read-back":
            continue
        blocks += _item(read, row, item, number, [e for e in entries if e.item_id == item.id], today)
    blocks += _unplaced([e for e in entries if e.item_id is None and e.kind != "action"])
    blocks += [Heading(tr("Action items")), *_actions(promised)]
    blocks += _next(read, row, today)
    blocks += [Heading(tr("Approval")), Signatures(((tr("Chair"), ""), (tr("Director of performance"), "")))]
    return Document(
        kind="minutes",
        title=tr("{series}, minutes", series=row.series),
        over=f"{tr('City of {name}', name=settings.name)} · {settings.office}",
        under=_under(row),
        footer=tr("Draft of {day}", day=periods.day_label(today)),
        language=language,
        blocks=tuple(blocks),
    )


def _with_approval(read: Session, meeting_id: int, frozen: Document) -> Document:
    """Approved minutes, unchanged, with their hash in the footer and later amendments marked after them."""
    approved = approval(read, meeting_id)
    assert approved is not None, "content and approval are one row"
    blocks: list[Block] = [b for b in frozen.blocks if not isinstance(b, Signatures)]
    signed = f"{approved.who}, {periods.day_label(approved.at.date())}"
    blocks.append(Signatures(((tr("Approved by"), signed),)))
    added = amendments(read, meeting_id)
    if added:
        blocks.append(Heading(tr("Amendments after approval")))
        blocks += [
            Paragraph(f"{a.text} ({a.who}, {periods.day_label(a.at.date())})", tr("Amendment {n}.", n=a.number))
            for a in added
        ]
    footer = tr("Approved {day} · {hash}", day=periods.day_label(approved.at.date()), hash=approved.short)
    return Document(frozen.kind, frozen.title, frozen.over, frozen.under, footer, frozen.language, tuple(blocks))


def _under(row: MeetingRow) -> str:
    times = f"{row.started_at or row.starts:%H:%M}" + (f" {tr('to')} {row.ended_at:%H:%M}" if row.ended_at else "")
    pieces = [
        f"{periods.weekday_label(row.day)}, {times}",
        row.place,
        tr("chair: {name}", name=row.chair) if row.chair else "",
    ]
    return " · ".join(p for p in pieces if p)


def _attendance(people: Sequence[Attendee]) -> list[Block]:
    """Who was there, who was not, with their roles."""
    if not people:
        return []
    here = [p for p in people if p.status == "present"]
    away = [p for p in people if p.status != "present"]
    lines = [Paragraph(", ".join(_person(p) for p in here) or tr("nobody recorded"), tr("Present."))]
    if away:
        lines.append(Paragraph(", ".join(f"{_person(p)} ({tr(p.status)})" for p in away), tr("Not present.")))
    return [Heading(tr("Attendance")), *lines]


def _person(person: Attendee) -> str:
    return (
        f"{person.name} ({tr('chair')})"
        if person.role == "chair"
        else person.name + (f", {person.title}" if person.title else "")
    )


def _item(
    read: Session, row: MeetingRow, item: Item, number: int, entries: Sequence[Captured], today: date
) -> list[Block]:
    """One agenda item: what was shown, then what was said."""
    blocks: list[Block] = [Heading(f"{number} {item.title}")]
    if item.kind == "promises":
        blocks += _earlier(promises_for(read, row.id, today))
    for shown in _shown(read, row.id, item.id):
        measure = next(m for m in definitions(read, retired=True) if m.id == shown.measure_id)
        chart = chart_of(read, measure, as_of=shown.at.date(), view=shown.view, run=shown.run_id)
        said = tr("Shown as of {day}. {headline}.", day=periods.day_label(shown.at.date()), headline=chart.headline)
        last = next((line for line in chart.lines if line.last), None)
        value = (
            f" {last.period}: {last.last}" + (f", {chart.target_label}." if chart.target_label else ".") if last else ""
        )
        blocks += [Paragraph(said + value), Figure(chart, f"{chart.subject}. {chart.source}.")]
    for entry in entries:
        blocks += _said(entry)
    if len(blocks) == 1:
        blocks.append(Paragraph(tr("Nothing was written down under this item.")))
    return blocks


def _shown(read: Session, meeting_id: int, item_id: int) -> list[Shown]:
    """The charts of an item, each view once, in the order in which they were first shown."""
    query = select(Shown).where(Shown.meeting_id == meeting_id, Shown.item_id == item_id).order_by(Shown.at, Shown.id)
    seen: dict[tuple[int, str], Shown] = {}
    for shown in read.scalars(query):
        seen.setdefault((shown.measure_id, str(sorted(shown.view.items()))), shown)
    return list(seen.values())


def _said(entry: Captured) -> list[Block]:
    if entry.kind == "decision":
        return [Paragraph(entry.text, tr("Decision {n}.", n=entry.number))]
    if entry.kind == "question":
        asked = f" ({entry.owner})" if entry.owner else ""
        answer = f" {tr('Answer: {words}', words=entry.answer)}" if entry.answer else ""
        due = f" {tr('Answer due {day}.', day=periods.day_label(entry.due))}" if entry.due and not entry.answer else ""
        return [Paragraph(f"{entry.text}{asked}{answer}{due}", tr("Question."))]
    if entry.kind == "action":
        return [
            Paragraph(f"{entry.text} ({entry.owner or tr('owner to be named')})", tr("Action {n}.", n=entry.number))
        ]
    lead = {"win": tr("Good news."), "parked": tr("Parking lot."), "note": tr("Note.")}[entry.kind]
    return [Paragraph(entry.text, lead)]


def _unplaced(entries: Sequence[Captured]) -> list[Block]:
    if not entries:
        return []
    return [Heading(tr("Also written down")), *(block for e in entries for block in _said(e))]


def _earlier(rows: Sequence[ActionRow]) -> list[Block]:
    """What became of what was promised before."""
    if not rows:
        return [Paragraph(tr("No promise was outstanding."))]
    late = sum(1 for r in rows if r.days_late)
    head = plural(len(rows), "{n} promise from earlier meetings", "{n} promises from earlier meetings")
    return [
        Paragraph(head + (", " + tr("{n} late", n=late) if late else "") + "."),
        Table(
            (tr("No."), tr("What"), tr("Who"), tr("Due"), tr("Status")),
            tuple((r.code, r.text, _who(r), _day(r.due), _status(r)) for r in rows),
            (0.6, 2.9, 1.9, 1.2, 1.2),
            summary=tr("Promises from earlier meetings with their status"),
        ),
    ]


def _actions(rows: Sequence[ActionRow]) -> list[Block]:
    """The action table, in the chair's order."""
    if not rows:
        return [Paragraph(tr("No action item was written down."))]
    ordered = sorted(rows, key=lambda a: (a.rank is None, a.rank or 0, a.number))
    return [
        Table(
            (tr("No."), tr("What"), tr("Who"), tr("Form"), tr("Due"), tr("Status")),
            tuple((a.code, a.text, _who(a), tr(a.form) if a.form else "–", _day(a.due), _status(a)) for a in ordered),
            (0.65, 2.6, 1.9, 0.9, 1.2, 0.9),
            summary=tr("Action items of this meeting: number, what, who, form, due date, status"),
        )
    ]


def _next(read: Session, row: MeetingRow, today: date) -> list[Block]:
    following = next_meeting(read, today, series_id=row.series_id, after=row.day)
    items = []
    if row.answers_due:
        items.append(tr("Answers are due on {day}.", day=periods.weekday_label(row.answers_due)))
    if following:
        items.append(
            tr("The next meeting is on {day}.", day=f"{periods.weekday_label(following.day)}, {following.starts:%H:%M}")
        )
    else:
        items.append(tr("The next meeting has no date yet."))
    return [Heading(tr("Next meeting")), Items(tuple(items))]


def _who(row: ActionRow) -> str:
    return ", ".join(filter(None, [row.owner, row.department])) or "–"


def _day(day: date | None) -> str:
    return periods.day_label(day) if day else "–"


def _status(row: ActionRow) -> str:
    late = plural(row.days_late, "{n} day late", "{n} days late") if row.days_late else ""
    return late or tr(STATUSES[row.status][0])
