"""The scorecard and the renewal sheet as Word files, each on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.charts.chart import Chart
from citystat.city import City
from citystat.contracts.pay import Hold, Working, share_words
from citystat.contracts.register import ContractRow, money
from citystat.contracts.renewal import Performance, Renewal, renewal
from citystat.contracts.results import Tally, Tracked, tally_words
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

PICTURED = 4  # standards with a chart, at most: more would not stay on one page
HEIGHTS = {1: 0.3, 2: 0.2, 3: 0.14, 4: 0.098}  # of a chart's width, by how many there are


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
    told = [h for h in s.payment.holds if h.waits or h.amount] if s.payment else []
    order = sorted(s.lines, key=lambda line: line.outcome != "missed")[: _room(len(s.lines), len(told))]
    charts = [(line.tracked, line.chart) for line in s.lines if line in order]
    blocks = (
        Paragraph(f"{s.headline}.", keep=True),
        *_standards(s.lines, s.label),
        *_payment(s, told),
        *_pictures(tr("The twelve months"), charts, len(s.lines)),
    )
    return _document(read, s.contract, "scorecard", tr("Contract scorecard, {month}", month=s.label), today, blocks)


def compose_renewal(read: Session, r: Renewal, today: date) -> Document:
    """What is known on the day somebody decides; it recommends nothing."""
    order = sorted((p for p in r.performance if p.term.judged), key=lambda p: -p.year.missed)
    order = order[: _room(len(r.performance), 2)]
    charts = [(p.tracked, _over_the_term(p, r, today)) for p in r.performance if p in order]
    blocks = (
        Paragraph(sentence(r.notice.words), keep=True),
        Items(facts(r)),
        *_performance(r.performance, r.month),
        *_pictures(tr("Over the term"), charts, len(r.performance)),
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
        (
            line.name,
            line.tracked.standard_words,
            line.value,
            _shaped(line.shown.outcome if line.shown else "", line.words),
            _year(line),
        )
        for line in lines
    )
    head = (tr("Measure"), tr("Standard"), month, tr("Result"), tr("Twelve months"))
    return [Table(head, rows, (5.6, 3.2, 1.9, 2.5, 3.4), right=(2,), summary=tr("Standards and results"))]


def _year(line: Line) -> str:
    """ "4 of 12 met"; where the periods are no months, or some are missing, in full."""
    if line.tracked.measure.frequency != "month" or not line.tally.judged or line.tally.without:
        return line.over_the_year
    return tr("{met} of {n} met", met=line.tally.met, n=line.tally.judged)


def _shaped(outcome: str, words: str) -> str:
    """The shape before its word; a page in black and white tells them apart."""
    return " ".join(filter(None, ({"met": "●", "missed": "◆"}.get(outcome, ""), words)))


def _payment(s: Scorecard, told: Sequence[Hold]) -> list[Block]:
    """Due, held and paid of the month with the working, and the year's sums. told: what holds, or waits for its figure."""
    year = tr("In twelve months: due {due}, held {held}, paid {paid}.",
              due=money(s.year.due), held=money(s.year.held), paid=money(s.year.paid))  # fmt: skip
    said: list[Block] = [Paragraph(tr("No payment is written down for this month."))]
    if s.payment is not None:
        said = [Paragraph(f"{payment_words(s.payment)}.", keep=True)]
        if told:
            said.append(Items(tuple(sentence(h.words) for h in told)))
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


def _pictures(title: str, charts: Sequence[tuple[Tracked, Chart]], standards: int) -> list[Block]:
    """A low chart for each, and once where their figures come from."""
    if not charts:
        return []
    height = HEIGHTS[PICTURED] if standards > PICTURED else HEIGHTS[len(charts)]
    figures = [
        Figure(replace(chart, years=(), flags=()), f"{t.measure.name}, {t.standard_words}.", height)
        for t, chart in charts
    ]
    sources = dict.fromkeys(chart.source for _, chart in charts)
    return [Heading(title), *figures, Paragraph(". ".join(sources) + ".", style="small")]


def _over_the_term(p: Performance, r: Renewal, today: date) -> Chart:
    months = periods.between(p.tracked.first, r.month, "month") + 1
    return chart_of(p.tracked, r.month, today, months)


def _room(standards: int, told: int) -> int:
    """How many charts leave the document on one page, beside so many rows of standards and lines of working."""
    return max(0, min(standards, PICTURED, 8 - standards, PICTURED + 2 - told))


def _performance(rows: Sequence[Performance], month: date) -> list[Block]:
    if not rows:
        return [Paragraph(tr("No standard has been set for this contract."))]
    table = tuple(
        (
            p.tracked.measure.name, p.tracked.standard_words,
            *(_short(tally, p.tracked) for tally in (p.before, p.year, p.term)),
        )
        for p in rows
    )  # fmt: skip
    head = (
        tr("Measure"), tr("Standard"), tr("Twelve months before"),
        tr("Twelve months to {month}", month=periods.label(month, "month")), tr("Whole term"),
    )  # fmt: skip
    return [
        Heading(tr("How often the standards were met")),
        Table(head, table, (6.0, 2.7, 2.6, 3.1, 2.2), summary=tr("Standards met over the term")),
    ]


def _short(tally: Tally, t: Tracked) -> str:
    """ "10 of 12"; where the periods are no months, their name stands with it."""
    if t.measure.frequency != "month" or not tally.judged or tally.without:
        return tally_words(tally, t.measure.frequency)
    return tr("{met} of {n}", met=tally.met, n=tally.judged)


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
