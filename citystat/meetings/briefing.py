"""The briefing memo: findings first, then what was promised, then each topic with its picture and questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.charts.chart import Chart
from citystat.documents.content import Block, Document, Figure, Heading, Items, Paragraph, Table
from citystat.measures.picture import Showing, charts_of
from citystat.measures.series import Definition, definitions
from citystat.measures.standing import Standing, standings_of
from citystat.meetings.actions import promises_for
from citystat.meetings.agenda import Item, agenda, planned_minutes
from citystat.meetings.meeting import MeetingRow, attendance, meeting
from citystat.meetings.suggest import questions_for
from citystat.meetings.wording import capital, caption_of, date_in_words, day_in_table, day_in_words, sentence
from citystat.models import CitySettings
from citystat.texts import language as spoken_language
from citystat.texts import plural, speaking, tr


def compose(read: Session, meeting_id: int, *, today: date, language: str | None = None) -> Document:
    """The memo for a meeting as its agenda and the data stand on `today`."""
    with speaking(language or spoken_language()):
        row, items = meeting(read, meeting_id), agenda(read, meeting_id)
        settings = read.scalars(select(CitySettings)).one()
        measures = {m.id: m for m in definitions(read, retired=True)}
        wanted = {c.measure_id: measures[c.measure_id] for item in items for c in item.measures}
        stand = dict(zip(wanted, standings_of(read, list(wanted.values())), strict=True))
        return Document(
            kind="briefing",
            title=tr("{series}, briefing memo", series=row.series),
            over=f"{tr('City of {name}', name=settings.name)} · {settings.office}",
            under=_under(row),
            footer=tr("As of {day}", day=date_in_words(today)),
            language=spoken_language(),
            blocks=(
                *_findings(list(stand.values())),
                *_promises(read, meeting_id, today),
                *_agenda(items),
                *_topics(items, stand, _pictures(read, items, measures, today)),
                *_distribution(read, meeting_id),
            ),
        )


def _under(row: MeetingRow) -> str:
    when = tr("for the meeting of {day}", day=f"{day_in_words(row.day)}, {row.starts:%H:%M}")
    return " · ".join(p for p in (when, row.place) if p)


def _findings(stand: list[Standing]) -> list[Block]:
    """One sentence a measure, what got worse first."""
    order = {"concern": 0, "neither": 2, "common": 3, "too few": 4, "improvement": 1}
    ranked = sorted(stand, key=lambda s: (order[s.signal], s.meets != "misses"))
    if not ranked:
        return [Heading(tr("Findings")), Paragraph(tr("No measure is on the agenda yet."))]
    lines = tuple(f"{s.measure.name} ({s.measure.code}): {s.headline[:1].lower()}{s.headline[1:]}." for s in ranked[:8])
    return [Heading(tr("Findings")), Items(lines)]


def _promises(read: Session, meeting_id: int, today: date) -> list[Block]:
    rows = promises_for(read, meeting_id, today)
    if not rows:
        return [Heading(tr("Outstanding promises")), Paragraph(tr("Nothing is outstanding from earlier meetings."))]
    late = sum(1 for r in rows if r.days_late)
    words = plural(len(rows), "{n} promise is to be looked at", "{n} promises are to be looked at")
    return [
        Heading(tr("Outstanding promises")),
        Paragraph(words + (", " + tr("{n} of them late", n=late) if late else "") + ".", keep=True),
        Table(
            (tr("No."), tr("What"), tr("Who"), tr("Due"), tr("Late")),
            tuple(
                (r.code, capital(r.text), r.owner or "–", day_in_table(r.due),
                 plural(r.days_late, "{n} day", "{n} days") if r.days_late else "–")
                for r in rows
            ),
            (1.3, 7.6, 3.6, 2.3, 1.8),
            summary=tr("Outstanding promises, overdue first"),
        ),
    ]  # fmt: skip


def _agenda(items: list[Item]) -> list[Block]:
    rows = tuple((str(n), item.title, item.presenter or "–", str(item.minutes)) for n, item in enumerate(items, 1))
    return [
        Heading(tr("Agenda")),
        Table(
            (tr("No."), tr("Item"), tr("Presents"), tr("Minutes")),
            (*rows, ("", tr("In all"), "", str(planned_minutes(items)))),
            (1.0, 9.4, 4.2, 2.0),
            right=(3,),
            summary=tr("Agenda with minutes"),
        ),
    ]


Pictures = dict[int, list[Chart]]  # by agenda item, in their order


def _pictures(read: Session, items: Sequence[Item], measures: dict[int, Definition], today: date) -> Pictures:
    """All charts of the agenda, read together."""
    wanted = [(item.id, Showing(measures[c.measure_id], today, c.view)) for item in items for c in item.measures]
    found: Pictures = {}
    for (item_id, _), chart in zip(wanted, charts_of(read, [one for _, one in wanted]), strict=True):
        found.setdefault(item_id, []).append(chart)
    return found


def _topics(items: Sequence[Item], stand: dict[int, Standing], pictures: Pictures) -> list[Block]:
    """Every item that has something to read: title, narrative, pictures with their source, questions, minutes."""
    blocks: list[Block] = []
    for number, item in enumerate(items, 1):
        if item.measures or item.narrative or item.questions:
            blocks += [Heading(f"{number} {capital(item.title)}"), Paragraph(_time(item), style="small", keep=True)]
            blocks += _topic(item, stand, pictures.get(item.id, []))
    return blocks


def _topic(item: Item, stand: dict[int, Standing], charts: Sequence[Chart]) -> list[Block]:
    blocks: list[Block] = [Paragraph(sentence(item.narrative), keep=bool(charts))] if item.narrative else []
    for shown, chart in zip(item.measures, charts, strict=True):
        lead = f"{stand[shown.measure_id].measure.name}." if len(charts) > 1 else ""
        blocks += [Paragraph(f"{chart.headline}.", lead, keep=True)]
        blocks += [Figure(chart, caption_of(chart), 0.36)]
    questions = item.questions or (questions_for(stand[item.measures[0].measure_id]) if item.measures else ())
    if questions:
        blocks += [Heading(tr("Questions to ask"), 2), Items(tuple(map(capital, questions)))]
    return blocks


def _time(item: Item) -> str:
    minutes = plural(item.minutes, "{n} minute", "{n} minutes")
    return f"{minutes} · {tr('presents: {name}', name=item.presenter)}" if item.presenter else minutes


def _distribution(read: Session, meeting_id: int) -> list[Block]:
    people = attendance(read, meeting_id)
    if not people:
        return []
    return [
        Heading(tr("Distribution")),
        Paragraph("; ".join(f"{p.name}, {p.title}" if p.title else p.name for p in people) + "."),
    ]
