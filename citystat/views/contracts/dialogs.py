"""Small forms: vendor, contract, standard, payment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QDateEdit, QDoubleSpinBox, QHBoxLayout, QWidget

from citystat import periods
from citystat.city import City
from citystat.contracts import edit
from citystat.contracts.pay import Working
from citystat.contracts.register import ContractRow, StandardRow, VendorRow, contracts, money, vendors
from citystat.contracts.renewal import notice_default
from citystat.errors import CityStatError
from citystat.measures.series import definitions
from citystat.people.roster import departments, everyone
from citystat.texts import tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.fields import DayField, FieldsDialog, choice, day_edit, line, paragraph
from citystat.views.widgets.marks import button, label


class VendorDialog(FieldsDialog):
    """Name, contact, e-mail, note. Signals: made(id)."""

    made = Signal(int)

    def __init__(self, city: City, row: VendorRow | None, parent: QWidget) -> None:
        super().__init__(row.name if row else tr("New vendor"), parent)
        self._city, self._row = city, row
        self.name = line(row.name if row else "", hint="Riverbend Hauling")
        self.contact = line(row.contact if row else "", hint=tr("Who answers"))
        self.email = line(row.email if row else "", hint="name@vendor.com")
        self.note = paragraph(row.note if row else "", lines=2)
        for words, widget in (
            (tr("Name"), self.name), (tr("Contact"), self.contact), (tr("E-mail"), self.email), (tr("Note"), self.note),
        ):  # fmt: skip
            self.fields.field(words, widget)
        if row is not None and not row.contracts:
            self.fields.wide(button(tr("Remove this vendor"), self._remove, kind="link"))

    def save(self) -> None:
        """Write it."""
        key = edit.save_vendor(
            self._city, self._row.id if self._row else None, name=self.name.text(), contact=self.contact.text(),
            email=self.email.text(), note=self.note.toPlainText(),
        )  # fmt: skip
        self.made.emit(key)

    def _remove(self) -> None:
        if self._row is not None:
            edit.remove_vendor(self._city, self._row.id)
        self.accept()


class ContractDialog(FieldsDialog):
    """All of a contract but its standards and payments. Signals: made(id) for a new one."""

    made = Signal(int)

    def __init__(self, city: City, row: ContractRow | None, today: date, parent: QWidget) -> None:
        super().__init__(row.title if row else tr("New contract"), parent)
        self._city, self._row = city, row
        with city.read() as read:
            firms, units, people = vendors(read), departments(read), [p for p in everyone(read) if p.active]
            services = sorted({c.service for c in contracts(read) if c.service})
        self.title = line(row.title if row else "", hint=tr("Solid waste collection, south"))
        self.number = line(row.number if row else "", hint="PW-2026-04")
        self.vendor = choice(tr("Vendor"), [(v.name, v.id) for v in firms], row.vendor_id if row else None)
        self.vendor.setPlaceholderText(tr("Choose a vendor"))
        if row is None:
            self.vendor.setCurrentIndex(-1)
        self.add_vendor = button(tr("New vendor…"), self._add_vendor, kind="link")
        self.service = line(row.service if row else "", hint=tr("The same words for the same work"))
        completer = QCompleter(services, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.service.setCompleter(completer)
        self.department = choice(
            tr("Department"), [(tr("none"), None), *((d.name, d.id) for d in units)], row.department_id if row else None
        )
        self.owner = choice(
            tr("Owner"), [(tr("nobody yet"), None), *((p.name, p.id) for p in people)], row.owner_id if row else None
        )
        self.amount = amount(row.amount if row and row.amount else 0.0, whole=True)
        begins = row.begins if row else today.replace(day=1)
        ends = row.ends if row else periods.end_of(periods.add_months(begins, 35), "month")
        self.begins, self.ends = day_edit(begins), day_edit(ends)
        for box, name in ((self.begins, tr("Begins")), (self.ends, tr("Ends"))):
            box.setAccessibleName(name)
            box.setMinimumWidth(round(theme().px(196)))  # Wed 28 Sep 2029
        self.notice_by = DayField(tr("Notice by"), notice_default(ends))
        self.notice_by.set(row.notice_by if row else None)
        self.renews = QCheckBox(tr("Renews by itself unless notice is given"))
        self.renews.setChecked(bool(row and row.renews))
        self.note = paragraph(row.note if row else "", lines=2)
        self.setMinimumWidth(round(theme().px(620)))
        self._lay_out()

    def _lay_out(self) -> None:
        firm, row = QWidget(), QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.vendor, 1)
        row.addWidget(self.add_vendor)
        firm.setLayout(row)
        firm.setFocusProxy(self.vendor)
        for words, widget in (
            (tr("Title"), self.title), (tr("Number"), self.number), (tr("Vendor"), firm), (tr("Service"), self.service),
            (tr("Department"), self.department), (tr("Owner"), self.owner), (tr("Amount in all"), self.amount),
        ):  # fmt: skip
            self.fields.field(words, widget)
        self.fields.beside(tr("Term"), self.begins, label(tr("to"), "soft"), self.ends)
        self.fields.field(tr("Notice by"), self.notice_by)
        self.fields.wide(self.renews)
        self.fields.field(tr("Note"), self.note)

    def showEvent(self, event: QShowEvent) -> None:
        """As high as its many rows: they are higher once they met the style sheet than when they were laid out."""
        super().showEvent(event)
        for part in self.fields.findChildren(QWidget):
            part.ensurePolished()
            part.updateGeometry()
        self.body.invalidate()
        self.resize(self.width(), max(self.height(), self.body.totalSizeHint().height()))

    def save(self) -> None:
        """Write it."""
        key = edit.save_contract(
            self._city, self._row.id if self._row else None, number=self.number.text(), title=self.title.text(),
            vendor_id=self.vendor.currentData(), begins=_day(self.begins), ends=_day(self.ends),
            department_id=self.department.currentData(), owner_id=self.owner.currentData(), service=self.service.text(),
            amount=self.amount.value() or None, notice_by=self.notice_by.day(), renews=self.renews.isChecked(),
            note=self.note.toPlainText(),
        )  # fmt: skip
        if self._row is None:
            self.made.emit(key)

    def _add_vendor(self) -> None:
        dialog = VendorDialog(self._city, None, self)
        dialog.made.connect(self._take_vendor)
        dialog.open()

    def _take_vendor(self, key: int) -> None:
        """The vendor that was just made is the one."""
        with self._city.read() as read:
            name = next(v.name for v in vendors(read) if v.id == key)
        self.vendor.addItem(name, key)
        self.vendor.setCurrentIndex(self.vendor.findData(key))


class StandardDialog(FieldsDialog):
    """A measure, what it must reach, and the share of the payment that hangs on it."""

    def __init__(self, city: City, contract_id: int, row: StandardRow | None, parent: QWidget) -> None:
        super().__init__(tr("Standard"), parent)
        self._city, self._contract, self._row = city, contract_id, row
        with city.read() as read:
            offered = [m for m in definitions(read, retired=row is not None) if m.frequency not in edit.FINER]
        self.measure = searched(
            tr("Measure"), [(f"{m.code}  {m.name}", m.id) for m in offered], row.measure_id if row else None
        )
        self.sense = choice(
            tr("Standard"), [(tr("at least"), "at least"), (tr("at most"), "at most")], row.sense if row else None
        )
        self.value = QDoubleSpinBox()
        self.value.setRange(-1e12, 1e12)
        self.value.setDecimals(2)
        self.value.setGroupSeparatorShown(True)
        self.value.setAccessibleName(tr("Value"))
        self.value.setValue(row.value if row else 0.0)
        self.share = QDoubleSpinBox()
        self.share.setRange(0, 100)
        self.share.setDecimals(2)
        self.share.setSuffix(" %")
        self.share.setValue(100 * row.pay_share if row else 0.0)
        self._lower = {m.id for m in offered if m.direction == "lower"}
        if row is None:
            self.measure.currentIndexChanged.connect(self._propose)
        self.fields.field(tr("Measure"), self.measure)
        self.fields.beside(tr("Must reach"), self.sense, self.value)
        self.fields.field(tr("Holds"), self.share, spoken=tr("Share of the payment that is held when it is missed"))
        self.fields.wide(
            label(tr("Of a month's payment, when the standard is missed. 0: nothing hangs on it."), "faint", wrap=True)
        )
        if row is not None:
            self.fields.wide(button(tr("Remove this standard"), self._remove, kind="link"))

    def save(self) -> None:
        """Write it."""
        measure = self.measure.currentData() if self.measure.findText(self.measure.currentText()) >= 0 else None
        if measure is None:
            raise CityStatError(tr("A standard is about a measure"), do=tr("Choose one from the list"))
        edit.save_standard(
            self._city, self._row.id if self._row else None, contract_id=self._contract, measure_id=measure,
            sense=self.sense.currentData(), value=self.value.value(), pay_share=self.share.value() / 100,
        )  # fmt: skip

    def _propose(self) -> None:
        """Where lower is better, a standard is usually a ceiling."""
        self.sense.setCurrentIndex(1 if self.measure.currentData() in self._lower else 0)

    def _remove(self) -> None:
        if self._row is not None:
            edit.remove_standard(self._city, self._row.id)
        self.accept()


class PaymentDialog(FieldsDialog):
    """What is due for a month, what was held, when the rest was paid; the working stands beneath."""

    def __init__(
        self,
        city: City,
        contract: ContractRow,
        shown: Working | None,
        today: date,
        parent: QWidget,
        month: date | None = None,
    ) -> None:
        super().__init__(tr("Payment"), parent)
        self._city, self._contract, self._shown = city, contract, shown
        payment = shown.payment if shown else None
        last = (
            max(contract.ends.replace(day=1), today.replace(day=1)) if contract.renews else contract.ends.replace(day=1)
        )
        months = periods.run(contract.first_month, last, "month")
        chosen = payment.period if payment else month
        self.month = choice(tr("Month"), [(periods.label(m, "month"), m) for m in reversed(months)], chosen)
        self.due, self.held = amount(payment.due if payment else 0.0), amount(_held(shown))
        self.paid_on = DayField(tr("Paid on"), today)
        self.paid_on.set(payment.paid_on if payment else None)
        self.note = paragraph(
            payment.note if payment else "", lines=2, hint=tr("Why another sum is held than the standards say")
        )
        for words, widget in (
            (tr("Month"), self.month), (tr("Due"), self.due), (tr("Held"), self.held), (tr("Paid on"), self.paid_on),
            (tr("Note"), self.note),
        ):  # fmt: skip
            self.fields.field(words, widget)
        if shown is not None:
            for hold in shown.holds:
                self.fields.wide(label(hold.words, "soft", wrap=True))
            self.fields.wide(button(tr("Remove this payment"), self._remove, kind="link"))

    def save(self) -> None:
        """Write it."""
        edit.save_payment(
            self._city, self._shown.payment.id if self._shown else None, contract_id=self._contract.id,
            period=self.month.currentData(), due=self.due.value(), held=self.held.value(), paid_on=self.paid_on.day(),
            note=self.note.toPlainText(),
        )  # fmt: skip

    def _remove(self) -> None:
        if self._shown is not None:
            edit.remove_payment(self._city, self._shown.payment.id)
        self.accept()


class PayDialog(FieldsDialog):
    """The day on which an open payment is paid; what the standards hold is held."""

    def __init__(self, city: City, shown: Working, today: date, parent: QWidget) -> None:
        month = periods.label(shown.payment.period, "month")
        super().__init__(tr("Pay {month}", month=month), parent, done=tr("Pay"))
        self._city, self._shown = city, shown
        self.day = day_edit(today)
        self.fields.field(tr("Paid on"), self.day)
        for name, value in (
            (tr("Due"), shown.payment.due), (tr("Held"), shown.by_rule), (tr("To pay"), shown.payment.due - shown.by_rule),
        ):  # fmt: skip
            self.fields.field(name, label(money(value)))

    def save(self) -> None:
        """Write it."""
        edit.pay(self._city, self._shown.payment.id, _day(self.day))


class PlanDialog(FieldsDialog):
    """The same sum for every month of the term that has no payment yet."""

    def __init__(self, city: City, contract: ContractRow, parent: QWidget) -> None:
        super().__init__(tr("Plan monthly payments"), parent, done=tr("Plan"))
        self._city, self._contract = city, contract
        months = periods.between(contract.first_month, contract.ends.replace(day=1), "month") + 1
        self.due = amount(round((contract.amount or 0.0) / months, 2))
        self.fields.field(tr("Due a month"), self.due)
        self.fields.wide(
            label(tr("For each of the {n} months of the term that has none yet.", n=months), "soft", wrap=True)
        )

    def save(self) -> None:
        """Write them."""
        edit.plan_payments(self._city, self._contract.id, self.due.value())


def amount(value: float, *, whole: bool = False) -> QDoubleSpinBox:
    """An amount of money."""
    box = QDoubleSpinBox()
    box.setRange(0, 1e12)
    box.setDecimals(0 if whole and value == round(value) else 2)
    box.setPrefix("$")
    box.setGroupSeparatorShown(True)
    box.setValue(value)
    return box


def searched(name: str, offers: Sequence[tuple[str, int]], chosen: int | None) -> QComboBox:
    """A choice among many, found by any part of its words."""
    box = choice(name, offers, chosen)
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.completer().setFilterMode(Qt.MatchFlag.MatchContains)
    box.completer().setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(24)
    box.lineEdit().setAccessibleName(name)
    if chosen is None:
        box.setCurrentIndex(-1)
        box.lineEdit().setPlaceholderText(tr("Type a code or a word of its name"))
    return box


def _held(shown: Working | None) -> float:
    return shown.held if shown else 0.0


def _day(box: QDateEdit) -> date:
    chosen: QDate = box.date()
    return date(chosen.year(), chosen.month(), chosen.day())
