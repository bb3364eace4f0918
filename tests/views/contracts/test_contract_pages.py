"""The pages of contracts, driven as a person would: the list, a scorecard, a payment, a renewal, a comparison."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import docx
import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.contracts import edit
from citystat.contracts.register import contract, contracts, payments, standards, vendors
from citystat.views import jobs
from citystat.views.chart.view import ChartView
from citystat.views.contracts.dialogs import (
    ContractDialog,
    PayDialog,
    PaymentDialog,
    PlanDialog,
    StandardDialog,
    VendorDialog,
)
from citystat.views.contracts.list import ContractsPage
from citystat.views.contracts.page import ContractPage
from citystat.views.contracts.renewal import RenewalPage
from citystat.views.contracts.side_by_side import SideBySidePage
from citystat.views.contracts.strip import Strip


@pytest.fixture(autouse=True)
def settled() -> Iterator[None]:
    """Nothing works in the background when a test ends."""
    yield
    jobs.wait()


def shown(page: QWidget, qtbot: QtBot) -> QWidget:
    qtbot.addWidget(page)
    page.resize(1150, 900)
    page.show()
    QApplication.processEvents()
    return page


def words(page: QWidget) -> list[str]:
    QApplication.processEvents()
    return [w.text() for w in page.findChildren(QLabel) if w.isVisible()]


def press(page: QWidget, text: str) -> None:
    next(b for b in page.findChildren(QPushButton) if b.text() == text and b.isVisible()).click()


def key_of(city: City, number: str) -> int:
    with city.read() as read:
        return contract(read, number).id


def dialog(page: QWidget, kind: type) -> QWidget:
    return next(d for d in page.findChildren(kind) if d.isVisible())


def test_the_list_begins_with_what_is_urgent_and_leads_there(qtbot: QtBot, sample_city: City, today: date) -> None:
    page = shown(ContractsPage(sample_city, today), qtbot)
    assert page.sentence.text() == "One contract wants a decision within 30 days"
    assert "4 contracts with 3 vendors" in page.under.text() and "$71,760 held" in page.under.text()
    page.table.selectRow(0)
    with qtbot.waitSignal(page.go) as went:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert went.args == [f"contract:{key_of(sample_city, 'PW-2023-11')}"]
    page.search.setText("harbor light")
    assert page.table.model().rowCount() == 1
    page.search.setText("nothing like it")
    assert not page.table.isVisible() and page._nothing.isVisible()


def test_many_contracts_are_judged_in_the_background(qtbot: QtBot, sample_city: City, today: date) -> None:
    with sample_city.read() as read:
        firm = vendors(read)[0].id
    for n in range(10):
        edit.save_contract(
            sample_city, None, number=f"X-{n}", title="T", vendor_id=firm, begins=today, ends=date(2028, 1, 1)
        )
    page = shown(ContractsPage(sample_city, today), qtbot)
    assert page.sentence.text() == "Looking at the contracts…" and not page.table.isVisible()
    jobs.wait()
    qtbot.waitUntil(lambda: page.table.isVisible() and page.table.model().rowCount() == 14)


def test_from_an_empty_city_to_a_first_scorecard(qtbot: QtBot, city: City, today: date) -> None:
    page = shown(ContractsPage(city, today), qtbot)
    assert page._empty.isVisible()
    page.add()
    form = dialog(page, ContractDialog)
    form.title.setText("Sweeping")
    form.attempt()
    assert "a number and a title" in form._wrong.text() and form.title.text() == "Sweeping"
    form.number.setText("C-1")
    form.attempt()
    assert "with a vendor" in form._wrong.text()
    form.add_vendor.click()
    firm = dialog(form, VendorDialog)
    firm.name.setText("Acme")
    firm.attempt()
    assert form.vendor.currentText() == "Acme"
    form.begins.setDate(QDate(2026, 1, 1))
    with qtbot.waitSignal(page.go) as went:
        form.attempt()
    one = shown(ContractPage(city, int(went.args[0].split(":")[1]), today), qtbot)
    assert one.sentence.text() == "No standard has been set for this contract"
    one.plan()
    plan = dialog(one, PlanDialog)
    plan.due.setValue(500)
    plan.attempt()
    with city.read() as read:
        assert len(payments(read, [one._card.contract.id])) == 38


def test_a_scorecard_says_value_standard_and_outcome_in_words_and_shapes(
    qtbot: QtBot, sample_city: City, today: date
) -> None:
    page = shown(ContractPage(sample_city, key_of(sample_city, "PW-2023-11"), today), qtbot)
    assert page.sentence.text() == "Three of four standards were missed in Feb 2026"
    said = words(page)
    assert said.count("◆ missed") == 3 and said.count("● met") == 1
    assert "at most 6 · holds 3 % of the payment" in said and "4 of 12 months met" in said
    assert len(page.findChildren(ChartView)) == 4
    strip = page.findChildren(Strip)[0]
    assert (
        strip.accessibleName().startswith("Mar 2025 met, Apr 2025 met") and "Jul 2025 missed" in strip.accessibleName()
    )
    plots = {round(v.mapTo(page, v.rect().topLeft()).x() + v._frame.plot.left()) for v in page.findChildren(ChartView)}
    assert max(plots) - min(plots) <= 1, "the plots begin at the same place"


def test_the_month_is_stepped_through_and_ends_with_the_figures(qtbot: QtBot, sample_city: City, today: date) -> None:
    page = shown(ContractPage(sample_city, key_of(sample_city, "PW-2023-11"), today), qtbot)
    assert not page.after.isEnabled()
    for _ in range(8):
        page.before.click()
    assert page.sentence.text() == "One of four standards was missed in Jun 2025"
    assert "Due for Jun 2025" in words(page) and "−$3,680" in words(page)
    page.step(1)
    assert page._when.text() == "Jul 2025"


def test_the_working_of_another_month_is_shown_when_it_is_chosen(qtbot: QtBot, sample_city: City, today: date) -> None:
    page = shown(ContractPage(sample_city, key_of(sample_city, "PW-2023-11"), today), qtbot)
    assert {"Due for Feb 2026", "−$5,520", "−$3,680", "To pay", "$174,800"} <= set(words(page))
    page.payments.selectRow(8)
    assert {"Due for Jun 2025", "94.8 %, at least 95 %: missed, holds 2 %", "$180,320"} <= {
        w.removeprefix("◆ ") for w in words(page)
    }


def test_paying_holds_what_the_standards_say_and_can_be_taken_back(
    qtbot: QtBot, sample_city: City, today: date
) -> None:
    key = key_of(sample_city, "PW-2023-11")
    page = shown(ContractPage(sample_city, key, today), qtbot)
    sample_city.subscribe(page.refresh)
    press(page, "Pay…")
    dialog(page, PayDialog).attempt()
    with sample_city.read() as read:
        paid = payments(read, [key])[-1]
    assert (paid.held, paid.paid_on) == (9_200, today)
    assert "Paid" in words(page)
    assert sample_city.undo() == "Pay Feb 2026"
    assert "To pay" in words(page)


def test_a_payment_that_holds_another_sum_asks_why_and_keeps_what_was_typed(
    qtbot: QtBot, sample_city: City, today: date
) -> None:
    page = shown(ContractPage(sample_city, key_of(sample_city, "PW-2023-11"), today), qtbot)
    page.edit_payment(page._card.payment)
    form = dialog(page, PaymentDialog)
    form.held.setValue(0)
    form.paid_on.set(today)
    form.attempt()
    assert "and $0 is written down" in form._wrong.text()
    form.note.setPlainText("Strike, agreed with counsel")
    form.attempt()
    assert not form.isVisible()
    page.refresh()
    assert page._card.payment.remark.endswith("Strike, agreed with counsel")


def test_a_standard_is_found_by_a_word_added_changed_and_removed(qtbot: QtBot, sample_city: City, today: date) -> None:
    key = key_of(sample_city, "PW-2024-07")
    page = shown(ContractPage(sample_city, key, today), qtbot)
    page.edit_standard(None)
    form = dialog(page, StandardDialog)
    form.measure.setEditText("nothing of the kind")
    form.attempt()
    assert "about a measure" in form._wrong.text()
    form.measure.setCurrentIndex(
        next(i for i in range(form.measure.count()) if "Illegal dumping" in form.measure.itemText(i))
    )
    assert form.sense.currentText() == "at most", "lower is better: a ceiling is proposed"
    form.value.setValue(160)
    form.attempt()
    page.refresh()
    line = page._card.lines[-1]
    assert (line.name, line.tracked.standard_words) == ("Illegal dumping reports", "at most 160")
    page.edit_standard(line)
    press(dialog(page, StandardDialog), "Remove this standard")
    with sample_city.read() as read:
        assert len(standards(read, [key])) == 3


def test_a_removed_contract_leaves_its_page_and_comes_back_with_undo(
    qtbot: QtBot, sample_city: City, today: date
) -> None:
    page = shown(ContractPage(sample_city, key_of(sample_city, "PW-2024-07"), today), qtbot)
    sample_city.subscribe(page.refresh)
    with qtbot.waitSignal(page.go) as went:
        page.remove()
    assert went.args == ["contracts"]
    assert sample_city.undo() == "Remove contract PW-2024-07"
    with sample_city.read() as read:
        assert len(contracts(read)) == 4


def test_the_scorecard_and_the_renewal_sheet_go_to_word(
    qtbot: QtBot, sample_city: City, today: date, tmp_path: Path
) -> None:
    key = key_of(sample_city, "PW-2023-11")
    pages = (shown(ContractPage(sample_city, key, today), qtbot), shown(RenewalPage(sample_city, key, today), qtbot))
    for page, name in zip(pages, ("card.docx", "renewal.docx"), strict=True):
        with qtbot.waitSignal(page.said, timeout=20_000) as said:
            page.write(tmp_path / name)
        assert said.args == [f"Saved {name}"]
    card, sheet = (docx.Document(str(tmp_path / name)) for name in ("card.docx", "renewal.docx"))
    assert [c.text for c in card.tables[0].rows[1].cells] == [
        "Missed collections, south",
        "at most 6",
        "7.2",
        "◆ missed",
        "4 of 12 met",
    ]
    assert any("holds 3 % of $184,000 = $5,520" in p.text for p in card.paragraphs)
    assert [c.text for c in sheet.tables[0].rows[1].cells][2:] == ["12 of 12", "4 of 12", "24 of 32"]
    assert not any(word in p.text.lower() for p in sheet.paragraphs for word in ("recommend", "should"))


def test_the_renewal_page_states_facts(qtbot: QtBot, sample_city: City, today: date) -> None:
    page = shown(RenewalPage(sample_city, key_of(sample_city, "PW-2023-11"), today), qtbot)
    assert page.sentence.text() == "22 of 48 results met in twelve months; notice by 3 Apr 2026, in 24 days"
    assert {"12 of 12 months met", "24 of 32 months met", "$75,440 · 1.32 %", "$736,000"} <= set(words(page))
    with qtbot.waitSignal(page.go) as went:
        press(page, "Riverbend Hauling (PW-2023-10)")
    assert went.args == ["contractors:Solid waste collection"]


def test_contractors_stand_side_by_side_on_one_scale(qtbot: QtBot, sample_city: City, today: date) -> None:
    page = shown(SideBySidePage(sample_city, "Solid waste collection", today), qtbot)
    assert page.sentence.text() == "Riverbend Hauling met 36 of 36, Kestrel Disposal 10 of 36"
    said = words(page)
    assert "a sum, not a rate" in said and any("The definitions differ" in w for w in said)
    charts = [v.chart for v in page.findChildren(ChartView)]
    assert len(charts) == 6
    assert (charts[0].y_low, charts[0].y_high) == (charts[1].y_low, charts[1].y_high)


def test_vendors_are_changed_and_one_without_a_contract_removed(qtbot: QtBot, sample_city: City, today: date) -> None:
    page = shown(ContractsPage(sample_city, today), qtbot)
    edit.save_vendor(sample_city, None, name="Zeta")
    with sample_city.read() as read:
        last = vendors(read)[-1]
    form = VendorDialog(sample_city, last, page)
    form.open()
    press(form, "Remove this vendor")
    with sample_city.read() as read:
        assert [v.name for v in vendors(read)] == ["Harbor Light Services", "Kestrel Disposal", "Riverbend Hauling"]
