"""Renew, renegotiate or rebid: what is known of a contract when its notice date comes near, on one page."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City, Touched
from citystat.contracts import papers
from citystat.contracts.pay import Sums, share_words
from citystat.contracts.register import money
from citystat.contracts.renewal import NEAR, Performance, Renewal, renewal
from citystat.contracts.results import Tally, tally_words
from citystat.contracts.scorecard import chart_of
from citystat.errors import CityStatError
from citystat.texts import tr
from citystat.views import jobs
from citystat.views.chart.picture import document_picture
from citystat.views.contracts.list import TOUCHES
from citystat.views.contracts.parts import beside_chart, name_link, pairs, small_charts, with_facts
from citystat.views.widgets.choose import file_to_write
from citystat.views.widgets.marks import Chip, Rule, button, label
from citystat.views.widgets.page import Page, clear

HIGH = 112  # pixels of a chart at 100 %: four standards stay on one page


class RenewalPage(Page):
    """The facts about the contract with this id."""

    def __init__(self, city: City, key: int | str, today: date | None = None) -> None:
        super().__init__()
        self._city, self._key, self._today = city, key, today or date.today()
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        left = QVBoxLayout()
        left.addLayout(self._left)
        self.body.addWidget(with_facts(left, self._right), 1)
        self.refresh()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Scorecard"), lambda: self.go.emit(f"contract:{self._found.contract.id}"), ""),
            (tr("Renewal sheet in Word…"), self._ask_write, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        if touched is not None and not touched.any(*TOUCHES, "city_settings"):
            return
        try:
            with self._city.read() as read:
                self._found = renewal(read, self._key, today=self._today)
        except CityStatError:
            if touched is None:
                raise
            self.go.emit("contracts")
            return
        c = self._found.contract
        self._key = c.id
        self.title = " › ".join((tr("Contracts"), c.number, tr("Renewal")))
        self.head(_sentence(self._found), " · ".join((tr("Renew, renegotiate or rebid"), c.title, c.vendor, c.number)))
        self._show_performance()
        self._show_facts()

    def write(self, to: Path) -> None:
        """The same page as a Word file."""
        city, key, today = self._city, self._found.contract.id, self._today

        def work(_progress: jobs.Progress) -> Path:
            return papers.write_renewal(city, key, to, picture=document_picture, today=today, now=datetime.now())

        jobs.run(self, work, lambda made: self.said.emit(tr("Saved {file}", file=made.name)), title=tr("Writing…"))

    def _show_performance(self) -> None:
        clear(self._left)
        self._left.setSpacing(8)
        rows, month = self._found.performance, self._found.month
        charts = [chart_of(p.tracked, month, self._today, max(1, _age(p, month))) for p in rows]
        for p, chart in zip(rows, small_charts(charts, month, high=HIGH), strict=True):
            self._left.addWidget(Rule())
            self._left.addWidget(self._row(p, chart))
        if not rows:
            self._left.addWidget(label(tr("No standard has been set for this contract"), "soft"))

    def _row(self, p: Performance, chart: QWidget) -> QWidget:
        """One standard over the term: three tallies, and the whole term as a chart."""
        t, month = p.tracked, self._found.month
        name = name_link(t.measure.name, lambda: self.go.emit(f"measure:{t.measure.code}"))
        tallies = [
            (tr("Twelve months before"), p.before), (tr("To {month}", month=periods.label(month, "month")), p.year),
            (tr("Whole term"), p.term),
        ]  # fmt: skip
        said = [(words, tally_words(tally, t.measure.frequency)) for words, tally in tallies]
        return beside_chart([name, label(t.standard_words, "soft"), pairs(said, narrow=140, gap=0)], chart, gap=2)

    def _show_facts(self) -> None:
        clear(self._right)
        self._right.setSpacing(8)
        r, c = self._found, self._found.contract
        chip = Chip(r.notice.short, label=tr("notice") if r.notice.day and r.notice.day == c.notice_by else "",
                    kind="concern" if r.notice.level == NEAR[0] else "plain")  # fmt: skip
        self._right.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
        if r.notice.day is None:
            self._right.addWidget(label(r.notice.words[:1].upper() + r.notice.words[1:] + ".", wrap=True))
        self._right.addSpacing(12)
        self._right.addWidget(label(tr("Terms"), "heading"))
        self._right.addLayout(
            pairs(
                [
                    (tr("Vendor"), c.vendor), (tr("Owner"), c.owner),
                    (tr("Term"), f"{periods.day_label(c.begins)} – {periods.day_label(c.ends)}"),
                    (tr("After that"), tr("renews by itself") if c.renews else tr("it ends")),
                ]
            )
        )  # fmt: skip
        self._right.addSpacing(16)
        self._right.addWidget(label(tr("Money"), "heading"))
        self._right.addLayout(pairs(self._sums(), right=True))
        if r.peers:
            self._right.addSpacing(16)
            self._right.addWidget(label(tr("Who else does this work"), "heading"))
            for peer in r.peers:
                go = lambda: self.go.emit(f"contractors:{c.service}")  # noqa: E731
                self._right.addWidget(button(f"{peer.vendor} ({peer.number})", go, kind="link", tip=tr("Side by side")))

    def _sums(self) -> list[tuple[str, QWidget | str]]:
        r = self._found
        rows: list[tuple[str, QWidget | str]] = [
            (tr("Amount in all"), money(r.contract.amount)), (tr("Due so far"), money(r.term.due)),
            (tr("Paid"), money(r.term.paid)), (tr("Held"), _held(r.term)), (tr("Held in twelve months"), _held(r.year)),
        ]  # fmt: skip
        return [*rows, (tr("Not yet due"), money(r.left))] if r.left is not None else rows

    def _ask_write(self) -> None:
        path = file_to_write(
            self, tr("Write the renewal sheet"), f"{self._found.contract.number} renewal.docx", "Word (*.docx)"
        )
        if path is not None:
            self.write(path)


def _held(found: Sums) -> str:
    """An amount and its share of what was settled."""
    settled = found.held + found.paid
    return (
        f"{money(found.held)} · {share_words(round(found.held / settled, 4))}"
        if found.held and settled
        else money(found.held)
    )


def _sentence(r: Renewal) -> str:
    """How the year went, and until when somebody may decide."""
    met = sum((p.year for p in r.performance), Tally())
    said = (
        tr("{met} of {n} results met in twelve months", met=met.met, n=met.judged) if met.judged
        else tr("No result is known yet")
    )  # fmt: skip
    return f"{said}; {r.notice.words}" if r.notice.day else said


def _age(p: Performance, month: date) -> int:
    """Months from the beginning of the term to `month`."""
    return periods.between(p.tracked.first, month, "month") + 1
