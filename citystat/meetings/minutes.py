"""Minutes as content: who was there, what was shown, asked, decided and promised, and what became of earlier promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.charts.chart import Chart
from citystat.charts.headline import spoken
from citystat.documents.content import Block, Document, Figure, Heading, Paragraph, Signatures, Table
from citystat.measures.picture import Showing, charts_of
from citystat.measures.series import definitions
from citystat.meetings import as_held
from citystat.meetings.actions import ActionRow
from citystat.meetings.agenda import Item, agenda
from citystat.meetings.approve import amendments, approval, approved_content
from citystat.meetings.capture import Captured, captured
from citystat.meetings.forms import STATUSES
from citystat.meetings.meeting import Attendee, MeetingRow, attendance, meeting, next_meeting
from citystat.meetings.shown import Same, look_of
from citystat.meetings.wording import (
    capital,
    caption_of,
    date_in_words,
    day_in_table,
    day_in_words,
    listed,
    sentence,
)
from citystat.models import CitySettings, Shown
from citystat.texts import language as spoken_language
from citystat.texts import plural, speaking, tr

AsShown = tuple[date, Chart]  # the day of the showing, and the chart as it was then


def compose(read: Session, meeting_id: int, *, today: date, language: str | None = None) -> Document:
    """The minutes of a meeting: as approved and locked, or as the record stands now.

    language: of a draft, the person's where None; approved minutes keep the one they were approved in.
    """
    frozen = approved_content(read, meeting_id)
    with speaking(frozen.language if frozen else language or spoken_language()):
        return _approved(read, meeting_id, frozen) if frozen else _draft(read, meeting_id, today)


def _draft(read: Session, meeting_id: int, today: date) -> Document:
    row, items, entries = meeting(read, meeting_id), agenda(read, meeting_id), captured(read, meeting_id)
    promised, earlier = as_held.made_in(read, row, today), as_held.looked_back_at(read, row, today)
    settings = read.scalars(select(CitySettings)).one()
    shown = _shown(read, meeting_id)
    blocks: list[Block] = [Paragraph(_summary(entries, promised), style="lead"), *_attendance(read, row)]
    silent: list[str] = []
    for number, item in enumerate(items, 1):
        said = [e for e in entries if e.item_id == item.id]
        about = earlier if item.kind == "promises" else None
        content = _item(item, said, shown.get(item.id, []), about)
        if content:
            blocks += [Heading(f"{number} {capital(item.title)}"), *content]
        elif item.kind != "read-back":
            silent.append(item.title)
    blocks += _elsewhere([e for e in entries if e.item_id is None and e.kind != "action"], silent)
    blocks += [Heading(tr("Action items")), *_actions(promised), *_next(read, row, today)]
    blocks += [Heading(tr("Approval")), Signatures(_to_sign(row))]
    return Document(
        kind="minutes",
        title=tr("{series}, minutes", series=row.series),
        over=f"{tr('City of {name}', name=settings.name)} · {settings.office}",
        under=_under(row),
        footer=tr("Draft of {day}", day=date_in_words(today)),
        language=spoken_language(),
        blocks=tuple(blocks),
    )


def _approved(read: Session, meeting_id: int, frozen: Document) -> Document:
    """Approved minutes, unchanged, with their hash in the footer and later amendments marked after them."""
    approved = approval(read, meeting_id)
    assert approved is not None, "content and approval are one row"
    day = date_in_words(approved.at.date())
    blocks: list[Block] = [b for b in frozen.blocks if not isinstance(b, Signatures)]
    blocks.append(Signatures(((tr("Approved by"), approved.who, day),)))
    added = amendments(read, meeting_id)
    if added:
        blocks.append(Heading(tr("Amendments after approval")))
    for a in added:
        signed = tr("{who}, {day}", who=a.who, day=date_in_words(a.at.date()))
        blocks.append(Paragraph(f"{sentence(a.text)} ({signed})", tr("Amendment {n}.", n=a.number)))
    footer = tr("Approved {day} · {hash}", day=day, hash=approved.short)
    return replace(frozen, footer=footer, blocks=tuple(blocks), stamp=max([approved.at, *(a.at for a in added)]))


def _under(row: MeetingRow) -> str:
    times = f"{row.started_at or row.starts:%H:%M}"
    if row.ended_at:
        times = tr("{begin} to {end}", begin=times, end=f"{row.ended_at:%H:%M}")
    chair = tr("chair: {name}", name=row.chair) if row.chair else ""
    return " · ".join(p for p in (f"{day_in_words(row.day)}, {times}", row.place, chair) if p)


def _summary(entries: Sequence[Captured], promised: Sequence[ActionRow]) -> str:
    """What came of the meeting, in one sentence."""
    decisions = sum(1 for e in entries if e.kind == "decision")
    questions = sum(1 for e in entries if e.kind == "question" and not e.answer)
    counted = (
        (decisions, "{count} decision", "{count} decisions"),
        (len(promised), "{count} action item", "{count} action items"),
        (questions, "{count} open question", "{count} open questions"),
    )
    words = [plural(n, one, many, count=spoken(n)) for n, one, many in counted if n]
    if not words:
        return tr("Nothing was decided, promised or left open.")
    return tr("What came of it: {list}.", list=listed(words))


def _attendance(read: Session, row: MeetingRow) -> list[Block]:
    """Who was there, who was not, with their titles."""
    people = attendance(read, row.id)
    if not people:
        return []
    chair = [p for p in people if p.role == "chair" and p.status == "present"]
    here = [p for p in people if p.role != "chair" and p.status == "present"]
    away = [p for p in people if p.status != "present"]
    lines = [Paragraph(f"{_person(p)}.", tr("Chair.")) for p in chair]
    if here:
        lines.append(Paragraph("; ".join(map(_person, here)) + ".", tr("Present.")))
    if away:
        absent = "; ".join(f"{_person(p)} ({tr(p.status)})" for p in away)
        lines.append(Paragraph(absent + ".", tr("Not present.")))
    return [Heading(tr("Attendance")), *lines]


def _person(person: Attendee) -> str:
    title = f", {person.title}" if person.title else ""
    instead = ", " + tr("for {name}", name=person.stands_in) if person.stands_in else ""
    return person.name + title + instead


def _shown(read: Session, meeting_id: int) -> dict[int | None, list[AsShown]]:
    """By agenda item, its charts as they were on the wall, in the order of the first showing.

    A measure stands there once for each breakdown and comparison: a closer look at the same line adds a picture but
    no news. Words that the meeting wrote on a chart are on it.
    """
    query = select(Shown).where(Shown.meeting_id == meeting_id).order_by(Shown.at, Shown.id)
    seen: dict[Same, Shown] = {}
    last: dict[tuple[int | None, int], int | None] = {}
    for shown in read.scalars(query):
        seen.setdefault(look_of(shown), shown)
        last[shown.item_id, shown.measure_id] = shown.act_id
    measures = {m.id: m for m in definitions(read, retired=True)}
    wanted = [
        Showing(measures[s.measure_id], s.at.date(), s.view, s.run_id or 0, last[s.item_id, s.measure_id])
        for s in seen.values()
    ]
    found: dict[int | None, list[AsShown]] = {}
    for shown, chart in zip(seen.values(), charts_of(read, wanted), strict=True):
        found.setdefault(shown.item_id, []).append((shown.at.date(), chart))
    return found


def _item(
    item: Item, entries: Sequence[Captured], shown: Sequence[AsShown], earlier: Sequence[ActionRow] | None
) -> list[Block]:
    """One agenda item: what was shown, then what was said; nothing where there was neither."""
    blocks: list[Block] = _earlier(earlier) if earlier is not None else []
    for day, chart in shown:
        blocks += [
            Paragraph(_as_shown(day, chart), keep=True),
            Figure(chart, caption_of(chart)),
        ]
    for entry in entries:
        blocks += _said(entry)
    return blocks + [_action(e) for e in entries if e.kind == "action" and e.number]


def _action(entry: Captured) -> Paragraph:
    """ "A-198 Compare with three places of our size (Dana Whitfield, 30 Nov)": all about it stands in the table."""
    day = periods.day_label(entry.due) if entry.due else ""
    day = day.removesuffix(f" {entry.at.year}").replace(" ", "\u00a0")
    facts = ", ".join(filter(None, [entry.owner, day]))
    return Paragraph(capital(entry.text) + (f" ({facts})" if facts else ""), f"A-{entry.number:03d}")


def _as_shown(day: date, chart: Chart) -> str:
    """What the picture said on the wall, and its last value against the target."""
    said = tr("Shown as of {day}. {headline}.", day=date_in_words(day), headline=chart.headline)
    spoken_lines = [line for line in chart.lines if line.last]
    if len(spoken_lines) != 1:
        return said
    line = spoken_lines[0]
    value = f"{line.period}: {line.last}"
    if line.marks and line.marks[-1].hollow:
        value += f" ({tr('preliminary')})"
    return f"{said} {value}" + (f", {chart.target_label}." if chart.target_label else ".")


def _said(entry: Captured) -> list[Block]:
    """An entry as a paragraph; action items stand in their table."""
    if entry.kind == "action":
        return []
    if entry.kind == "question":
        return [Paragraph(_question(entry), tr("Question."))]
    lead = {
        "decision": tr("Decision {n}.", n=entry.number),
        "win": tr("Good news."),
        "parked": tr("Parking lot."),
        "note": tr("Note."),
    }[entry.kind]
    return [Paragraph(sentence(entry.text), lead)]


def _question(entry: Captured) -> str:
    asked = f" ({entry.owner})" if entry.owner else ""
    if entry.answer:
        after = " " + tr("Answer: {words}", words=sentence(entry.answer))
    else:
        after = " " + tr("Answer due {day}.", day=date_in_words(entry.due)) if entry.due else ""
    text = capital(entry.text)
    return (text if text.endswith(("?", ".", "!")) else text + "?") + asked + after


def _elsewhere(entries: Sequence[Captured], silent: Sequence[str]) -> list[Block]:
    """What was written down outside every item, and the items of which nothing was."""
    blocks: list[Block] = [block for e in entries for block in _said(e)]
    if silent:
        blocks.append(Paragraph(tr("Nothing was written down under: {items}.", items="; ".join(silent))))
    return [Heading(tr("Also on the agenda") if not entries else tr("Also written down")), *blocks] if blocks else []


def _earlier(rows: Sequence[ActionRow]) -> list[Block]:
    """What became of what was promised before."""
    if not rows:
        return [Paragraph(tr("No promise was outstanding."))]
    late, closed = sum(1 for r in rows if r.days_late), sum(1 for r in rows if not r.open)
    words = [plural(len(rows), "{count} promise from earlier meetings", "{count} promises from earlier meetings", count=spoken(len(rows)))]  # fmt: skip
    words += [tr("{count} late", count=spoken(late))] if late else []
    words += [tr("{count} closed", count=spoken(closed))] if closed else []
    return [
        Paragraph(capital(", ".join(words)) + ".", keep=True),
        Table(
            (tr("No."), tr("What"), tr("Who"), tr("Due"), tr("Status")),
            tuple((r.code, capital(r.text), _who(r), day_in_table(r.due), _status(r)) for r in rows),
            (1.3, 6.1, 4.1, 2.4, 2.7),
            summary=tr("Promises from earlier meetings with their status at this meeting"),
        ),
    ]


def _actions(rows: Sequence[ActionRow]) -> list[Block]:
    """The action table, in the chair's order."""
    if not rows:
        return [Paragraph(tr("No action item was written down."))]
    return [
        Table(
            (tr("No."), tr("What"), tr("Who"), tr("Form"), tr("Due"), tr("Status")),
            tuple((a.code, capital(a.text), _who(a), _form(a), day_in_table(a.due), _status(a)) for a in rows),
            (1.3, 5.1, 3.9, 1.8, 2.4, 2.1),
            summary=tr("Action items of this meeting: number, what, who, form, due date, status"),
        )
    ]


def _next(read: Session, row: MeetingRow, today: date) -> list[Block]:
    following = next_meeting(read, today, series_id=row.series_id, after=row.day)
    words = tr("The date of the next meeting will follow.")
    if following:
        at = f"{following.starts:%H:%M}"
        words = tr("The next meeting is on {day} at {time}.", day=day_in_words(following.day), time=at)
    if row.answers_due:
        words += " " + tr("Answers are due on {day}.", day=day_in_words(row.answers_due))
    return [Heading(tr("Next meeting")), Paragraph(words)]


def _to_sign(row: MeetingRow) -> tuple[tuple[str, str, str], ...]:
    return ((tr("Chair"), row.chair, ""), (tr("Director of performance"), "", ""))


def _who(row: ActionRow) -> str:
    """Owner, and the department beneath."""
    return "\n".join(filter(None, [row.owner, row.department])) or "–"


def _form(row: ActionRow) -> str:
    return capital(tr(row.form)) if row.form else "–"


def _status(row: ActionRow) -> str:
    late = plural(row.days_late, "{n} day late", "{n} days late") if row.days_late else ""
    return late or capital(tr(STATUSES[row.status][0]))
