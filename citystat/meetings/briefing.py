"""The briefing memo: findings first, then what was promised, then each topic with its picture and questions."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.documents.content import Block, Document, Figure, Heading, Items, Paragraph, Table
from citystat.measures.picture import chart_of
from citystat.measures.series import Definition, definitions
from citystat.measures.standing import Standing, standings_of
from citystat.meetings.actions import promises_for
from citystat.meetings.agenda import Item, agenda, planned_minutes
from citystat.meetings.meeting import attendance, meeting
from citystat.meetings.suggest import questions_for
from citystat.models import CitySettings
from citystat.texts import plural, tr


def compose(read: Session, meeting_id: int, *, today: date, language: str = "en") -> Document:
    """The memo for a meeting as its agenda and the data stand on `today`."""
    row, items = meeting(read, meeting_id), agenda(read, meeting_id)
    settings = read.scalars(select(CitySettings)).one()
    measures = {m.id: m for m in definitions(read, retired=True)}
    wanted = {c.measure_id: measures[c.measure_id] for item in items for c in item.measures}
    stand = dict(zip(wanted, standings_of(read, list(wanted.values())), strict=True))
    blocks: list[Block] = [*_findings(list(stand.values())), *_promises(read, meeting_id, today), *_agenda(items)]
    for number, item in enumerate(items, 1):
        if item.measures or item.narrative or item.questions:
            blocks += _topic(read, number, item, measures, stand, today)
    blocks += _distribution(read, meeting_id)
    return Document(
        kind="briefing",
        title=tr("{series}, briefing memo", series=row.series),
        over=f"{tr('City of {name}', name=settings.name)} · {settings.office}",
        under=" · ".join(
            filter(
                None,
                [
                    tr("for the meeting of {day}", day=f"{periods.weekday_label(row.day)}, {row.starts:%H:%M}"),
                    row.place,
                ],
            )
        ),
        footer=tr("As of {day}", day=periods.day_label(today)),
        language=language,
        blocks=tuple(blocks),
    )


def _findings(stand: list[Standing]) -> list[Block]:
    """One sentence a measure, what got worse first."""
    order = {"concern": 0, "neither": 2, "common": 3, "too few": 4, "improvement": 1}
    ranked = sorted(stand, key=lambda s: (order[s.signal], s.meets != "misses"))
    if not ranked:
        return [Heading(tr("Findings")), Paragraph(tr("No measure is on the agenda yet."))]
    lines = tuple(f"{s.measure.name} ({s.measure.code}): {s.headline}." for s in ranked[:8])
    return [Heading(tr("Findings")), Items(lines)]


def _promises(read: Session, meeting_id: int, today: date) -> list[Block]:
    rows = promises_for(read, meeting_id, today)
    if not rows:
        return [Heading(tr("Outstanding promises")), Paragraph(tr("Nothing is outstanding from earlier meetings."))]
    late = sum(1 for r in rows if r.days_late)
    words = plural(len(rows), "{n} promise is to be looked at", "{n} promises are to be looked at")
    return [
        Heading(tr("Outstanding promises")),
        Paragraph(words + (", " + tr("{n} of them late", n=late) if late else "") + "."),
        Table(
            (tr("No."), tr("What"), tr("Who"), tr("Due"), tr("Late")),
            tuple(
                (r.code, r.text, r.owner or "–", periods.day_label(r.due) if r.due else "–",
                 plural(r.days_late, "{n} day", "{n} days") if r.days_late else "")
                for r in rows
            ),
            (0.6, 3.2, 1.6, 1.2, 1.0),
            summary=tr("Outstanding promises, overdue first"),
        ),
    ]  # fmt: skip


def _agenda(items: list[Item]) -> list[Block]:
    rows = tuple((str(n), item.title, item.presenter or "", str(item.minutes)) for n, item in enumerate(items, 1))
    return [
        Heading(tr("Agenda")),
        Table(
            (tr("No."), tr("Item"), tr("Presents"), tr("Minutes")),
            (*rows, ("", tr("In all"), "", str(planned_minutes(items)))),
            (0.5, 4.2, 1.8, 0.8),
            right=(3,),
            summary=tr("Agenda with minutes"),
        ),
    ]


def _topic(
    read: Session, number: int, item: Item, measures: dict[int, Definition], stand: dict[int, Standing], today: date
) -> list[Block]:
    """Title, narrative, one picture a measure with its source, leading questions, minutes."""
    blocks: list[Block] = [
        Heading(f"{number} {item.title}"),
        Paragraph(tr("{n} minutes", n=item.minutes), style="small"),
    ]
    if item.narrative:
        blocks.append(Paragraph(item.narrative))
    for shown in item.measures:
        chart = chart_of(read, measures[shown.measure_id], as_of=today, view=shown.view)
        blocks += [Paragraph(f"{chart.headline}."), Figure(chart, f"{chart.subject}. {chart.source}.", 0.36)]
    questions = item.questions or (questions_for(stand[item.measures[0].measure_id]) if item.measures else ())
    if questions:
        blocks += [Heading(tr("Questions to ask"), 2), Items(tuple(questions))]
    return blocks


def _distribution(read: Session, meeting_id: int) -> list[Block]:
    people = attendance(read, meeting_id)
    if not people:
        return []
    return [Heading(tr("Distribution")), Paragraph(", ".join(p.name for p in people) + ".")]
