"""The scorecard and the renewal sheet as Word files, each on one page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import City
from citystat.contracts.pay import Working, share_words
from citystat.contracts.register import ContractRow, money
from citystat.contracts.renewal import Performance, Renewal, renewal
from citystat.contracts.results import tally_words
from citystat.contracts.scorecard import Line, Scorecard, chart_of, scorecard
from citystat.documents.content import Block, Document, Figure, Heading, Items, Paragraph, Table
from citystat.documents.word import Picture, write
from citystat.errors import CityStatError
from citystat.files import same
from citystat.meetings.papers import template_for
from citystat.meetings.wording import date_in_words, day_in_table, sentence
from citystat.models import CitySettings
from citystat.texts import language as spoken_language
from citystat.texts import speaking, tr

PICTURED = 4  # standards with a chart: more would not stay on one page


def write_scorecard(
    city: City, key: int | str, month: date | None, to: Path, *, picture: Picture, today: date, now: datetime,
    language: str | None = None,
) -> Path:  # fmt: skip
    """Write the scorecard of a month to `to`, with the template of the city's memos; returns it."""
    with city.read() as read, speaking(language or spoken_language()):
        content = compose_scorecard(read, scorecard(read, key, month, today=today), today)
    return _written(city, content, to, picture, now)


def write_renewal(
    city: City, key: int | str, to: Path, *, picture: Picture, today: date, now: datetime, language: str | None = None
) -> Path:
    """Write the renewal sheet to `to`; returns it."""
    with city.read() as read, speaking(language or spoken_language()):
        content = compose_renewal(read, renewal(read, key, today=today), today)
    return _written(city, content, to, picture, now)


def compose_scorecard(read: Session, s: Scorecard, today: date) -> Document:
    """Sentence, standards, money with its working, and the year in charts."""
    pictured = s.lines[:PICTURED]
    blocks = (
        Paragraph(f"{s.headline}.", keep=True),
        *_standards(s.lines, s.label),
        *_payment(s),
        *([Heading(tr("The twelve months"))] if pictured else []),
        *(_figure(line, len(pictured)) for line in pictured),
    )
    return _document(read, s.contract, "scorecard", tr("Contract scorecard, {month}", month=s.label), today, blocks)


def compose_renewal(read: Session, r: Renewal, today: date) -> Document:
    """What is known on the day somebody decides; it recommends nothing."""
    pictured = [p for p in r.performance if p.term.judged][:PICTURED]
    blocks = (
        Paragraph(sentence(r.notice.words), keep=True),
        Items(facts(r)),
        *_performance(r.performance, r.month),
        *([Heading(tr("Over the term"))] if pictured else []),
        *(_term_figure(p, r, today, len(pictured)) for p in pictured),
    )
    return _document(read, r.contract, "renewal", tr("Renew, renegotiate or rebid"), today, blocks)


def facts(r: Renewal) -> tuple[str, ...]:
    """The contract's terms and money, a line each."""
    c = r.contract
    term = tr("Term: {begins} to {ends}", begins=periods.day_label(c.begins), ends=periods.day_label(c.ends))
    after = tr("renews by itself unless notice is given") if c.renews else tr("ends unless it is renewed")
    left = (
        tr("{amount} of {all} is not yet due", amount=money(r.left), all=money(c.amount)) if r.left is not None else ""
    )
    share = f" ({share_words(r.term.held / settled)})" if (settled := r.term.held + r.term.paid) else ""
    return tuple(
        filter(
            None,
            (
                f"{term}; {after}.",
                tr("Due so far: {due}; paid {paid}, held {held}{share}", due=money(r.term.due), paid=money(r.term.paid),
                   held=money(r.term.held), share=share) + (f"; {left}." if left else "."),
                tr("The same service is also rendered by: {list}", list="; ".join(f"{p.vendor} ({p.number})" for p in r.peers)) + "." if r.peers else "",
            ),
        )
    )  # fmt: skip


def _standards(lines: Sequence[Line], month: str) -> list[Block]:
    if not lines:
        return []
    rows = tuple(
        (line.name, line.tracked.standard_words, line.value, _shaped(line.outcome, line.words), line.over_the_year)
        for line in lines
    )
    head = (tr("Measure"), tr("Standard"), month, tr("Result"), tr("Twelve months"))
    return [Table(head, rows, (5.6, 3.0, 1.9, 2.4, 3.7), right=(2,), summary=tr("Standards and results"))]


def _shaped(outcome: str, words: str) -> str:
    """The shape before its word; a page in black and white tells them apart."""
    return " ".join(filter(None, ({"met": "●", "missed": "◆"}.get(outcome, ""), words)))


def _payment(s: Scorecard) -> list[Block]:
    """Due, held and paid of the month with the working, and the year's sums."""
    year = tr("In twelve months: due {due}, held {held}, paid {paid}.",
              due=money(s.year.due), held=money(s.year.held), paid=money(s.year.paid))  # fmt: skip
    said: list[Block]
    if s.payment is None:
        said = [Paragraph(tr("No payment is written down for this month."))]
    else:
        said = [Paragraph(f"{payment_words(s.payment)}.", keep=True)]
        if s.payment.holds:
            said.append(Items(tuple(sentence(h.words) for h in s.payment.holds)))
    return [Heading(tr("Payment")), *said, *([Paragraph(year)] if s.workings else [])]


def payment_words(w: Working) -> str:
    """ "Due $184,000, held $5,520, paid $178,480 on 26 Mar 2026"."""
    due, held = money(w.payment.due), money(w.held)
    if w.state == "paid" and w.payment.paid_on:
        paid = money(w.payment.due - w.payment.held)
        said = tr("Due {due}, held {held}, paid {paid} on {day}", due=due, held=held, paid=paid,
                  day=periods.day_label(w.payment.paid_on))  # fmt: skip
        return f"{said}; {w.remark}" if w.remark else said
    if w.state == "waits":
        return tr("Due {due}, not paid: it waits for a figure", due=due)
    return tr("Due {due}, not paid; {held} is to be held", due=due, held=held)


def _figure(line: Line, n: int) -> Figure:
    caption = f"{line.name}, {line.tracked.standard_words}. {line.chart.source}."
    return Figure(line.chart, caption, _height(n))


def _term_figure(p: Performance, r: Renewal, today: date, n: int) -> Figure:
    months = periods.between(p.tracked.first, r.month, "month") + 1
    chart = chart_of(p.tracked, r.month, today, months)
    return Figure(chart, f"{p.tracked.measure.name}, {p.tracked.standard_words}. {chart.source}.", _height(n))


def _height(n: int) -> float:
    """Of a chart's width: fewer charts may be higher, and all stay on the page."""
    return {1: 0.34, 2: 0.24, 3: 0.16}.get(n, 0.125)


def _performance(rows: Sequence[Performance], month: date) -> list[Block]:
    if not rows:
        return [Paragraph(tr("No standard has been set for this contract."))]
    table = tuple(
        (
            p.tracked.measure.name, p.tracked.standard_words,
            *(tally_words(tally, p.tracked.measure.frequency) for tally in (p.before, p.year, p.term)),
        )
        for p in rows
    )  # fmt: skip
    head = (
        tr("Measure"), tr("Standard"), tr("Twelve months before"),
        tr("Twelve months to {month}", month=periods.label(month, "month")), tr("Whole term"),
    )  # fmt: skip
    return [
        Heading(tr("Performance")),
        Table(head, table, (4.6, 2.7, 3.1, 3.1, 3.1), summary=tr("Standards met over the term")),
    ]


def _document(read: Session, c: ContractRow, kind: str, title: str, today: date, blocks: tuple[Block, ...]) -> Document:
    settings = read.scalars(select(CitySettings)).one()
    return Document(
        kind=kind,
        title=title,
        over=f"{tr('City of {name}', name=settings.name)} · {settings.office}",
        under=" · ".join(filter(None, (c.title, c.vendor, c.number, tr("notice by {day}", day=day_in_table(c.notice_by)) if c.notice_by else ""))),
        footer=tr("As of {day}", day=date_in_words(today)),
        language=spoken_language(),
        blocks=blocks,
        compact=True,
    )  # fmt: skip


def _written(city: City, content: Document, to: Path, picture: Picture, now: datetime) -> Path:
    if same(to, city.path):
        raise CityStatError(
            tr("The document would overwrite the city itself"), where=str(to), do=tr("Choose another name")
        )
    with city.read() as read:
        template = template_for(read, "briefing")
    write(content, to, picture=picture, now=now, template=template)
    return to
