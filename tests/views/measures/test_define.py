"""The dialog of a definition: a formula answers while it is typed, everything is kept, the page shows it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.city.settings import keep_settings
from citystat.measures import edit
from citystat.measures.series import definition
from citystat.views import jobs
from citystat.views.measures.define import MeasureDialog
from citystat.views.measures.list import MeasuresPage
from citystat.views.measures.page import MeasurePage


@pytest.fixture
def dialog(sample_city: City, today: date, qtbot: QtBot) -> MeasureDialog:
    page = MeasurePage(sample_city, "PD-01", today)
    qtbot.addWidget(page)
    made = MeasureDialog(sample_city, None, page)
    made.show()
    return made


def test_a_formula_says_what_it_gives_while_it_is_typed(dialog: MeasureDialog) -> None:
    dialog.formula.setText("PD-01 +")
    assert "Something is missing" in dialog._gives.text()
    dialog.formula.setText("PD-01 + FD-04")
    assert "count and US dollars do not go together" in dialog._gives.text()
    dialog.formula.setText("share(PD-01, PD-02)")
    assert dialog._gives.text() == "Gives per cent, from PD-01, PD-02 · by Ward"
    assert dialog.unit.currentText() == "percent" and not dialog.source.isEnabled()


def test_a_word_begun_is_completed_to_the_code_of_the_measure_it_names(dialog: MeasureDialog) -> None:
    dialog.formula.setFocus()
    QTest.keyClicks(dialog.formula, "100 * viol")
    popup = dialog.completer.popup()
    assert [popup.model().index(i, 0).data() for i in range(popup.model().rowCount())] == [
        "PD-01  Violent crimes", "PD-05  Cases cleared, violent crime",
    ]  # fmt: skip
    assert dialog.completer.pathFromIndex(popup.model().index(0, 0)) == "100 * PD-01"
    assert dialog.completer.splitPath("PD-01 + 12") == ["\0"]


def test_what_was_typed_stays_until_the_formula_is_right(dialog: MeasureDialog, sample_city: City) -> None:
    dialog.name.setText("Violent crimes per 1,000 residents")
    dialog.formula.setText("PD-01 per 1,000 residence")
    dialog.attempt()
    assert dialog.isVisible() and "no measure “residence”" in dialog._wrong.text()
    dialog.formula.setText("PD-01 per 1,000 residents")
    dialog.not_measured.setPlainText("Crimes nobody reported")
    dialog.limits.setPlainText("Small months swing")
    dialog.decimals.setValue(2)
    dialog.over_time.setCurrentIndex(dialog.over_time.findData("sum"))
    dialog.fiscal.setCurrentIndex(1)
    dialog.public.setChecked(False)
    dialog.attempt()
    assert not dialog.isVisible()
    with sample_city.read() as read:
        m = definition(read, "VCR-01")
    assert (m.not_measured, m.limits, m.over_time) == ("Crimes nobody reported", "Small months swing", "sum")
    assert (m.fiscal, m.public, m.frequency, m.year_start) == (False, False, "month", 1)
    assert m.unit == "per 1,000 residents" and m.source == "computed, PD-01 per 1,000 residents"


def test_the_page_shows_years_and_definition(
    sample_city: City, today: date, qtbot: QtBot, dialog: MeasureDialog
) -> None:
    dialog.name.setText("Crimes of both kinds")
    dialog.formula.setText("PD-01 + PD-02")
    dialog.limits.setPlainText("Two systems until 2021")
    dialog.attempt()
    with sample_city.read() as read:
        page = MeasurePage(sample_city, definition(read, "CBK-01").code, today)
    qtbot.addWidget(page)
    words = [w.text() for w in page.facts.findChildren(QLabel)]
    for expected in ("By fiscal year", "FY25", "Known limits", "Two systems until 2021", "computed, PD-01 + PD-02"):
        assert expected in words, expected
    page.correct(page._rows[0].start)
    from citystat.views.measures.edit import ValueDialog

    value = page.findChild(ValueDialog)
    value.reason.setText("recount")
    value.attempt()
    assert "is computed from other measures" in value._wrong.text()


def test_the_page_says_why_a_formula_can_no_longer_be_computed(sample_city: City, today: date, qtbot: QtBot) -> None:
    edit.save_measure(
        sample_city, None, code="PD-20", name="Rate", unit="per 1,000 residents", formula="PD-01 per 1,000 residents"
    )
    was = sample_city.settings
    keep_settings(sample_city, name=was.name, office=was.office, fiscal_year_start=7, population=None)
    page = MeasurePage(sample_city, "PD-20", today)
    qtbot.addWidget(page)
    words = [w.text() for w in page.facts.findChildren(QLabel)]
    assert "◆ The city's population is not set. Set it under Settings" in words
    assert page._rows[0].note.startswith("missing") and page._rows[0].note.endswith("The city's population is not set")


def test_the_inventory_is_written_from_the_list(sample_city: City, qtbot: QtBot, tmp_path: Path) -> None:
    page = MeasuresPage(sample_city, "Fire")
    qtbot.addWidget(page)
    said: list[str] = []
    page.said.connect(said.append)
    page.write_inventory(tmp_path / "inventory.xlsx")
    jobs.wait()
    assert said == ["Saved inventory.xlsx"] and (tmp_path / "inventory.xlsx").stat().st_size > 5000
    assert page._department.currentText() == "Fire" and page.table.model().rowCount() == 9
