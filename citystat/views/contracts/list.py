"""Contracts, the most urgent first: when notice is due, how the standards stand, what was held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import QLineEdit, QMenu

from citystat import periods
from citystat.city import City, Touched
from citystat.contracts.compare import services
from citystat.contracts.pay import share_words
from citystat.contracts.register import money, vendors
from citystat.contracts.renewal import NEAR, Standing, standings, urgency
from citystat.numbers import begin_in_words, in_words
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.contracts.dialogs import ContractDialog, VendorDialog
from citystat.views.contracts.strip import draw_marks, outcome_of
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page
from citystat.views.widgets.rows import two_lines
from citystat.views.widgets.table import Column, Table

MANY = 12  # contracts from which on they are judged in the background
TOUCHES = (
    "contract", "vendor", "contract_standard", "contract_payment", "observation", "import_run", "measure", "department",
    "person",
)  # fmt: skip


class ContractsPage(Page):
    """All contracts."""

    def __init__(self, city: City, today: date | None = None) -> None:
        super().__init__()
        self._city, self._today = city, today or date.today()
        self.title = tr("Contracts")
        self._rows: list[Standing] = []
        self._asked = 0
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search number, title, vendor, service or department"))
        self.search.setAccessibleName(tr("Search contracts"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._narrow())
        self.table = Table(_columns(), tr("Contracts"), row_height=56)
        self.table.opened.connect(lambda s: self.go.emit(f"contract:{s.contract.id}"))
        self._nothing = EmptyPlace(tr("No contract fits"), tr("Search for other words."))
        self._empty = EmptyPlace(
            tr("No contract is written down yet"),
            tr("A contract says who renders a service, until when, and what its measures must reach. Its scorecard, what is held of a payment and the warning before the last day of notice follow from that."),
            (tr("New contract"), self.add),
        )  # fmt: skip
        for part in (self.search, self._empty, self._nothing):
            self.body.addWidget(part)
        self.body.addSpacing(4)
        self.body.addWidget(self.table, 1)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        self.refresh()

    def acts(self) -> list[tuple[str, Callable[[], Any], str]]:
        """At the top right."""
        compare = [(tr("Side by side"), self._ask_service, "")] if self._services else []
        return [*compare, (tr("Vendors"), self._ask_vendor, ""), (tr("New contract"), self.add, "primary")]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        if touched is not None and not touched.any(*TOUCHES):
            return
        with self._city.read() as read:
            self._vendors, self._services = vendors(read), services(read)
            few = sum(v.contracts for v in self._vendors) <= MANY
            rows = standings(read, self._today) if few else None
        if rows is None:
            self._ask()
        else:
            self._show(rows)

    def _ask(self) -> None:
        """Many contracts are judged in the background; what stands on the page stays until they are."""
        self._asked += 1
        asked, city, today = self._asked, self._city, self._today

        def work(_progress: jobs.Progress) -> list[Standing]:
            with city.read() as read:
                return standings(read, today)

        if not self._rows:
            self.head(tr("Looking at the contracts…"), "")
            for part in (self.search, self._empty, self._nothing, self.table):
                part.hide()
        jobs.run(self, work, lambda rows: self._show(rows) if asked == self._asked else None, quiet=True)

    def _show(self, rows: list[Standing]) -> None:
        self._rows = rows
        self.table.set_rows(rows)
        self._empty.setVisible(not self._rows)
        self.search.setVisible(bool(self._rows))
        self._narrow()
        self._say()

    def add(self) -> None:
        """A new contract; its page follows."""
        dialog = ContractDialog(self._city, None, self._today, self)
        dialog.made.connect(lambda key: self.go.emit(f"contract:{key}"))
        dialog.open()

    def _narrow(self) -> None:
        words = self.search.text().lower().split()
        shown = self.table.keep(lambda s: all(w in _text(s) for w in words))
        self.table.setVisible(shown > 0)
        self._nothing.setVisible(bool(self._rows) and shown == 0)

    def _say(self) -> None:
        rows = self._rows
        if not rows:
            self.head(tr("Who renders services for the city, and are they as good as agreed?"), "")
            return
        near = [sum(1 for s in rows if s.notice.level and s.notice.level <= n) for n in NEAR]
        days = next((n for n, count in zip(NEAR, near, strict=True) if count), 0)
        count = next((c for c in near if c), 0)
        sentence = (
            plural(count, "{count} contract wants a decision within {days} days", "{count} contracts want a decision within {days} days",
                   count=begin_in_words(count), days=days)
            if count else tr("No contract wants a decision in the next 90 days")
        )  # fmt: skip
        firms = len({s.contract.vendor_id for s in rows})
        missed = sum(1 for s in rows if s.now.missed)
        parts = (
            plural(len(rows), "{n} contract with {firms}", "{n} contracts with {firms}", firms=plural(firms, "{n} vendor", "{n} vendors")),
            plural(missed, "{count} missed a standard in its newest month", "{count} missed a standard in their newest month", count=in_words(missed)),
            tr("{amount} held in twelve months", amount=money(sum(s.money.held for s in rows))),
        )  # fmt: skip
        self.head(sentence, " · ".join(parts))

    def _ask_vendor(self) -> None:
        """Change one, or add one."""
        menu = self._menu()
        for v in self._vendors:
            menu.addAction(tr("Change {name}…", name=v.name), lambda row=v: VendorDialog(self._city, row, self).open())
        menu.addSeparator()
        menu.addAction(tr("New vendor…"), lambda: VendorDialog(self._city, None, self).open())
        menu.popup(self.mapToGlobal(QPoint(self.width() - menu.sizeHint().width(), 0)))

    def _ask_service(self) -> None:
        """The service whose contractors are compared; asked only where there are several."""
        if len(self._services) == 1:
            self.go.emit(f"contractors:{self._services[0]}")
            return
        menu = self._menu()
        for service in self._services:
            menu.addAction(service, lambda s=service: self.go.emit(f"contractors:{s}"))
        menu.popup(self.mapToGlobal(QPoint(self.width() - menu.sizeHint().width(), 0)))

    def _menu(self) -> QMenu:
        return QMenu(self)


def _columns() -> list[Column]:
    return [
        Column(tr("Contract"), lambda s: f"{s.contract.title}, {_under(s)}", key=lambda s: s.contract.title.lower(), draw=two_lines(lambda s: s.contract.title, _under), tip=lambda s: s.contract.title),
        Column(tr("Next date"), lambda s: s.notice.words, width=190, key=lambda s: urgency(s.notice), draw=two_lines(_when, _day, lambda s: "concern" if s.notice.level in NEAR[:1] else ""), tip=lambda s: s.notice.words),
        Column(tr("Standards"), lambda s: f"{_now(s)}, {_month(s)}", width=128, key=lambda s: -s.now.missed, draw=two_lines(_now, _month, lambda s: "concern" if s.now.missed else "")),
        Column(tr("Twelve months"), _year, width=252, key=lambda s: -s.year.missed, draw=_draw_year, spare=True, tip=_year),
        Column(tr("Held in the year"), lambda s: money(s.money.held), right=True, width=118, key=lambda s: s.money.held, tip=_held),
        Column(tr("Amount"), lambda s: money(s.contract.amount), right=True, width=112, key=lambda s: s.contract.amount, colour=lambda _: "soft", spare=True),
    ]  # fmt: skip


def _under(s: Standing) -> str:
    return f"{s.contract.number} · {s.contract.vendor}"


def _when(s: Standing) -> str:
    shape = "" if not s.notice.level else "◆ " if s.notice.level == NEAR[0] else "◇ "
    return f"{shape}{s.notice.short}"


def _day(s: Standing) -> str:
    """What happens on that day."""
    c, n = s.contract, s.notice
    if n.day is None:
        return periods.day_label(c.ends)
    return (
        tr("notice by {day}", day=periods.day_label(n.day))
        if n.day == c.notice_by
        else tr("it ends {day}", day=periods.day_label(n.day))
    )


def _now(s: Standing) -> str:
    if not s.standards:
        return tr("none set")
    if not s.now.judged:
        return tr("no figure yet")
    return ("◆ " if s.now.missed else "") + tr("{met} of {n} met", met=s.now.met, n=s.now.judged)


def _month(s: Standing) -> str:
    return periods.label(s.month, "month") if s.standards else ""


def _year(s: Standing) -> str:
    missed = sum(1 for t in s.months if t.missed)
    known = sum(1 for t in s.months if t.judged)
    return tr("a standard missed in {n} of {all} months", n=missed, all=known) if known else tr("no figure yet")


def _held(s: Standing) -> str:
    settled = s.money.held + s.money.paid
    return tr("{share} of what was due", share=share_words(round(s.money.held / settled, 4))) if settled else ""


def _draw_year(painter: QPainter, rect: Any, s: Standing) -> None:
    draw_marks(painter, QRectF(rect).adjusted(theme().px(4), 0, 0, 0), [outcome_of(t) for t in s.months])


def _text(s: Standing) -> str:
    c = s.contract
    return f"{c.number} {c.title} {c.vendor} {c.service} {c.department} {c.owner}".lower()
