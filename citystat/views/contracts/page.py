"""One contract: its scorecard of a month, what is paid and held with the working, and what the contract says."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City, Touched
from citystat.contracts import edit, papers
from citystat.contracts.pay import Working, sums
from citystat.contracts.register import ContractRow, money
from citystat.contracts.renewal import NEAR, notice, peers
from citystat.contracts.scorecard import Line, scorecard
from citystat.errors import CityStatError
from citystat.texts import tr
from citystat.views import acts, jobs
from citystat.views.chart.fonts import font
from citystat.views.chart.picture import document_picture
from citystat.views.contracts.dialogs import ContractDialog, PayDialog, PaymentDialog, PlanDialog, StandardDialog
from citystat.views.contracts.list import TOUCHES
from citystat.views.contracts.parts import FACTS, pairs, small_charts, standard_row, with_facts, working_sheet
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.choose import file_to_write
from citystat.views.widgets.marks import Chip, Rule, button, label
from citystat.views.widgets.page import Page, clear
from citystat.views.widgets.table import Column, Table


class ContractPage(Page):
    """Shows the contract with this id (or number)."""

    def __init__(self, city: City, key: int | str, today: date | None = None) -> None:
        super().__init__()
        self._city, self._key, self._today = city, key, today or date.today()
        self._month: date | None = None  # None: the newest
        self._chosen: date | None = None  # the month whose working is shown; None: the scorecard's
        self._standards, self._bill, self._facts = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self.before, self.after = button("‹", lambda: self.step(-1)), button("›", lambda: self.step(1))
        self._when = label("", "heading")
        self.payments = Table(_columns(), tr("Payments"), sortable=False)
        self.payments.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.payments.chosen.connect(self._show_bill_of)
        self.payments.opened.connect(self.edit_payment)
        self._lay_out()
        self.refresh()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right, the primary one last."""
        compare = [(tr("Side by side"), self._compare, "")] if self._peers else []
        return [
            *compare,
            (tr("Renewal"), lambda: self.go.emit(f"renewal:{self._card.contract.id}"), ""),
            (tr("Change"), self._change_menu, ""),
            (tr("Scorecard in Word…"), self._ask_write, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again; the month on view stays."""
        if touched is not None and not touched.any(*TOUCHES, "city_settings"):
            return
        try:
            with self._city.read() as read:
                self._card = scorecard(read, self._key, self._month, today=self._today)
                self._peers = peers(read, self._card.contract)
        except CityStatError:
            if touched is None:
                raise
            self.go.emit("contracts")  # it was removed, or its making taken back
            return
        self._key = self._card.contract.id
        c = self._card.contract
        self.title = " › ".join((tr("Contracts"), c.number))
        self.head(self._card.headline, " · ".join((c.title, c.vendor, c.number)))
        self._show_month()
        self._show_standards()
        self._show_payments()
        self._show_facts(c)

    def step(self, months: int) -> None:
        """The scorecard of another month."""
        to = periods.add_months(self._card.month, months)
        if self._card.first <= to <= self._card.last:
            self._month, self._chosen = to, None
            self.refresh()

    def write(self, to: Path) -> None:
        """The scorecard of the month on view as a Word file."""
        city, key, month, today = self._city, self._card.contract.id, self._card.month, self._today

        def work(_progress: jobs.Progress) -> Path:
            return papers.write_scorecard(
                city, key, month, to, picture=document_picture, today=today, now=datetime.now()
            )

        jobs.run(self, work, lambda made: self.said.emit(tr("Saved {file}", file=made.name)), title=tr("Writing…"))

    ## Laying out

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(self._stepper())
        left.addLayout(self._standards)
        left.addSpacing(20)
        self._money = label(tr("Payments"), "heading")
        left.addWidget(self._money)
        left.addLayout(self._bill)
        left.addSpacing(16)
        left.addWidget(self.payments)
        self.body.addWidget(with_facts(left, self._facts), 1)

    def _stepper(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for made, name in ((self.before, tr("The month before")), (self.after, tr("The month after"))):
            made.setAccessibleName(name)
            made.setToolTip(name)
            made.setFixedWidth(round(theme().px(32)))
        self._when.setMinimumWidth(round(theme().px(84)))
        self._when.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for widget in (self.before, self._when, self.after):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(button(tr("Add a standard…"), lambda: self.edit_standard(None)))
        return row

    def _show_month(self) -> None:
        self._when.setText(self._card.label)
        self.before.setEnabled(self._card.month > self._card.first)
        self.after.setEnabled(self._card.month < self._card.last)

    def _show_standards(self) -> None:
        clear(self._standards)
        self._standards.setSpacing(12)
        charts = small_charts([line.chart for line in self._card.lines], self._card.month)
        for line, chart in zip(self._card.lines, charts, strict=True):
            self._standards.addWidget(Rule())
            self._standards.addWidget(
                standard_row(
                    line, self._card.month, chart, lambda row=line: self.edit_standard(row),
                    lambda m=line.tracked.measure.code: self.go.emit(f"measure:{m}"),
                )
            )  # fmt: skip
        if not self._card.lines:
            words = tr("A standard says what a measure must reach, and which part of the payment hangs on it.")
            self._standards.addWidget(label(words, "soft", wrap=True))

    def _show_payments(self) -> None:
        clear(self._bill)
        rows = self._card.workings
        self.payments.set_rows(rows)
        height = self.payments.verticalHeader().defaultSectionSize() * len(rows)
        self.payments.setFixedHeight(self.payments.horizontalHeader().sizeHint().height() + height + 2)
        self.payments.setVisible(bool(rows))
        shown = next((w for w in rows if w.payment.period == self._chosen), self._card.payment)
        if shown is None:
            self._bill.addWidget(label(tr("No payment is written down for {month}.", month=self._card.label), "soft"))
            acts = [(tr("Write one down…"), lambda: self.edit_payment(None)), (tr("Plan monthly payments…"), self.plan)]
        else:
            self._bill.addWidget(working_sheet(shown, periods.label(shown.payment.period, "month")))
            acts = [(tr("Change…"), lambda: self.edit_payment(shown))]
            if shown.state == "open":
                acts.insert(0, (tr("Pay…"), lambda: PayDialog(self._city, shown, self._today, self).open()))
        line = QHBoxLayout()
        line.setSpacing(8)
        for words, act in acts:
            line.addWidget(button(words, act))
        line.addStretch(1)
        self._bill.addSpacing(8)
        self._bill.addLayout(line)

    def _show_bill_of(self, shown: Working) -> None:
        """The working of the payment that was chosen in the table."""
        if shown.payment.period != (self._chosen or self._card.month):
            self._chosen = shown.payment.period
            self._show_payments()

    def _show_facts(self, c: ContractRow) -> None:
        clear(self._facts)
        near = notice(c, self._today)
        kind = "concern" if near.level == NEAR[0] else "plain"
        chip = Chip(
            near.short,
            label=tr("notice") if near.day == c.notice_by and near.day else tr("end") if near.day else "",
            kind=kind,
        )
        self._facts.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
        self._facts.addSpacing(4)
        write = self._address(c.email) if c.email else ""
        service: QWidget | str = (
            button(c.service, self._compare, kind="link", tip=tr("Side by side")) if self._peers else c.service
        )
        self._facts.addLayout(
            pairs(
                [
                    (tr("Vendor"), c.vendor), (tr("Contact"), c.contact), *([("", write)] if write else []),
                    (tr("Service"), service), (tr("Department"), c.department), (tr("Owner"), c.owner),
                    (tr("Amount"), money(c.amount)),
                    (tr("Term"), f"{periods.day_label(c.begins)} – {periods.day_label(c.ends)}"),
                    (tr("Notice by"), periods.day_label(c.notice_by) if c.notice_by else tr("no date")),
                    (tr("After that"), tr("renews by itself") if c.renews else tr("it ends")),
                ]
            )
        )  # fmt: skip
        self._facts.addSpacing(16)
        self._facts.addWidget(label(tr("In twelve months"), "heading"))
        year = self._card.year
        self._facts.addLayout(
            pairs(
                [
                    (tr("Due"), money(year.due)),
                    (tr("Held"), money(year.held)),
                    (tr("Paid"), money(year.paid)),
                    (tr("Not paid yet"), money(year.open)),
                ],
                right=True,
            )
        )
        if c.note:
            self._facts.addSpacing(16)
            self._facts.addWidget(label(tr("Note"), "heading"))
            self._facts.addWidget(label(c.note, "soft", wrap=True))

    ## Acts

    def edit_standard(self, line: Line | None) -> None:
        """Add a standard, or change one."""
        StandardDialog(self._city, self._card.contract.id, line.tracked.standard if line else None, self).open()

    def edit_payment(self, shown: Working | None) -> None:
        """Write a payment down, or change one."""
        PaymentDialog(self._city, self._card.contract, shown, self._today, self, self._card.month).open()

    def plan(self) -> None:
        """A payment for every month of the term."""
        PlanDialog(self._city, self._card.contract, self).open()

    def _change_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, act in (
            (tr("Contract…"), lambda: ContractDialog(self._city, self._card.contract, self._today, self).open()),
            (tr("Add a standard…"), lambda: self.edit_standard(None)),
            (tr("Write a payment down…"), lambda: self.edit_payment(None)),
            (tr("Plan monthly payments…"), self.plan),
            (tr("Remove the contract"), self.remove),
        ):
            menu.addAction(words).triggered.connect(lambda *_, a=act: a())
        menu.popup(self.mapToGlobal(QPoint(self.width() - menu.sizeHint().width() - 32, 0)))

    def remove(self) -> None:
        """Take the contract away with its standards and payments; it can be taken back at once."""
        c = self._card.contract
        edit.remove_contract(self._city, c.id)
        acts.told(self, tr("{number} is removed; its measures stay", number=c.number), self._city.undo)

    def _compare(self) -> None:
        self.go.emit(f"contractors:{self._card.contract.service}")

    def _address(self, email: str) -> QWidget:
        """An address as a link that copies it, shortened to the room there is."""
        room = round(theme().px(FACTS - 92 - 16))
        shown = QFontMetrics(font(theme().px(13))).elidedText(email, Qt.TextElideMode.ElideMiddle, room)
        made = button(shown, lambda: self._copy(email), kind="link", tip=f"{email}: {tr('Copy the address')}")
        made.setAccessibleName(f"{tr('Copy the address')} {email}")
        return made

    def _copy(self, address: str) -> None:
        QGuiApplication.clipboard().setText(address)
        self.said.emit(tr("{address} is on the clipboard", address=address))

    def _ask_write(self) -> None:
        name = f"{self._card.contract.number} {self._card.month:%Y-%m}.docx"
        path = file_to_write(self, tr("Write the scorecard"), name, "Word (*.docx)")
        if path is not None:
            self.write(path)


def _columns() -> list[Column]:
    return [
        Column(tr("Month"), lambda w: periods.label(w.payment.period, "month"), width=104),
        Column(tr("Due"), lambda w: money(w.payment.due), right=True, width=112),
        Column(tr("Held"), lambda w: money(w.held), right=True, width=104, colour=lambda w: "concern" if w.held else "soft"),
        Column(tr("Paid"), lambda w: money(sums([w]).paid) if w.state == "paid" else "–", right=True, width=112, bold=True),
        Column(tr("State"), _state, colour=lambda _: "soft", tip=_state),
    ]  # fmt: skip


def _state(w: Working) -> str:
    if w.payment.paid_on is not None:
        return " · ".join(filter(None, (tr("paid {day}", day=periods.day_label(w.payment.paid_on)), w.remark)))
    return tr("waits for a figure") if w.waits else tr("to be paid")
