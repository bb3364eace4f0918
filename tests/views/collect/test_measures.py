"""Which columns become which measure: every role is shown, a measure is changed, left out, taken in again and added."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QTableView, QWidget
from pytestqt.qtbot import QtBot

from citystat.collect import reading
from citystat.collect.recipe import MeasureMap
from citystat.views import jobs
from citystat.views.collect.becomes import Becomes
from citystat.views.collect.bring_in import ImportPage

Opened = Callable[..., ImportPage]
CALLS = "Month,District,calls,late,filed\n" + "".join(f"2025-{m:02d},North,{100 + m},{m},2025-01-{m:02d}\n" for m in range(1, 13))  # fmt: skip


def click(qtbot: QtBot, table: QTableView, index: QModelIndex) -> None:
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())


def add_a_ratio(qtbot: QtBot, becomes: Becomes, numerator: str = "calls - late", denominator: str = "calls") -> None:
    """By keyboard: Insert, name, the two parts, Enter."""
    qtbot.keyClick(becomes.table, Qt.Key.Key_Insert)
    dialog = becomes.dialog
    qtbot.keyClicks(dialog.name, "On time")
    dialog.unit.setCurrentText("percent")
    for part, text in (("numerator", numerator), ("denominator", denominator)):
        dialog.columns[part].lineEdit().clear()
        qtbot.keyClicks(dialog.columns[part].lineEdit(), text)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    jobs.wait()


def heads(page: ImportPage) -> list[str]:
    shown = page.file.preview.shown
    return [shown.role_words(column) for column in range(shown.columnCount())]


def test_every_role_that_a_column_plays_stands_above_it(qtbot: QtBot, opened: Opened) -> None:
    page = opened(CALLS)
    add_a_ratio(qtbot, page.file.becomes)
    assert heads(page)[2:4] == ["Value · Numerator · Denominator", "Value · Numerator"]
    assert page.recipe.measures[-1].code == "TIME-01"
    assert page.sentence.text() == "3 measures, 36 values"


def test_the_menu_gives_a_column_of_figures_one_role_more_and_takes_one_away(opened: Opened) -> None:
    page = opened(CALLS)
    page.file.set_role(2, reading.DENOMINATOR)
    page.file.set_role(3, reading.NUMERATOR)
    jobs.wait()
    assert heads(page)[2:4] == ["Value · Denominator", "Value · Numerator"]
    page.file._column_menu(2, page.mapToGlobal(page.rect().center()))
    assert [a.text() for a in page.file.menu.actions() if a.isChecked()] == ["Value", "Denominator"]
    next(a for a in page.file.menu.actions() if a.text() == "Value").trigger()
    jobs.wait()
    assert heads(page)[2] == "Denominator"


def test_leaving_a_column_out_takes_its_formulas_with_it(qtbot: QtBot, opened: Opened) -> None:
    page = opened(CALLS)
    add_a_ratio(qtbot, page.file.becomes)
    page.file.set_role(3, reading.LEFT_OUT)
    jobs.wait()
    assert [m.code for m in page.recipe.measures] == ["CLLS-01"]


def test_a_formula_is_explained_where_it_is_typed_and_checked_while_it_is(qtbot: QtBot, opened: Opened) -> None:
    page = opened(CALLS)
    page.file.becomes.add()
    dialog = page.file.becomes.dialog
    numerator = dialog.columns["numerator"]
    assert numerator.lineEdit().placeholderText() == "a column, or column - column"
    assert numerator.toolTip().endswith("calls - late")
    numerator.setCurrentText("cals")
    assert (
        dialog._wrong_column.text() == "◆ There is no column “cals”. The file has: Month, District, calls, late, filed"
    )
    numerator.setCurrentText("calls-late")
    assert dialog._wrong_column.text().endswith("Put a space on each side of the minus")
    numerator.setCurrentText("calls - late")
    assert dialog._wrong_column.isHidden()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"numerator": "calls"}, "A ratio needs a numerator and a denominator"),
        ({"value": "calls", "numerator": "late", "denominator": "calls"}, "A measure is a value or a ratio, not both"),
        ({}, "It is not said where the figures stand"),
        ({"value": "nothing"}, "There is no column “nothing”"),
    ],
)
def test_a_measure_that_cannot_be_is_refused_and_what_was_typed_stays(qtbot: QtBot, opened: Opened, columns: dict[str, str], said: str) -> None:  # fmt: skip
    page = opened(CALLS)
    page.file.becomes.add()
    dialog = page.file.becomes.dialog
    qtbot.keyClicks(dialog.name, "On time")
    for part, text in columns.items():
        dialog.columns[part].setCurrentText(text)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert said in dialog._wrong.text()
    assert dialog.isVisible()
    assert dialog.name.text() == "On time"
    assert len(page.recipe.measures) == 2


def test_one_click_or_enter_opens_a_measure_and_the_second_click_of_two_opens_no_other(qtbot: QtBot, opened: Opened) -> None:  # fmt: skip
    becomes = opened(CALLS).file.becomes
    click(qtbot, becomes.table, becomes.table.model().index(1, 0))
    first = becomes.dialog
    assert (first.isVisible(), first.name.text()) == (True, "late")
    becomes.table.opened.emit(becomes.table.model_.rows[1])
    assert becomes.dialog is first
    first.reject()
    becomes.table.selectRow(0)
    qtbot.keyClick(becomes.table, Qt.Key.Key_Return)
    assert becomes.dialog.name.text() == "calls"


def test_a_measure_left_out_is_struck_and_pale_and_comes_back_to_its_place(qtbot: QtBot, opened: Opened) -> None:
    page = opened(CALLS)
    becomes, table = page.file.becomes, page.file.becomes.table
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    jobs.wait()
    cells = [table.model().index(0, column) for column in range(3)]
    assert [c.data() for c in cells] == ["calls", "left out", "Take in"]
    assert cells[0].data(Qt.ItemDataRole.FontRole).strikeOut()
    assert not table.font().strikeOut()
    assert page.go_in.text() == "Bring in 12 values"
    click(qtbot, table, cells[2])
    jobs.wait()
    assert [m.code for m in page.recipe.measures] == ["CLLS-01", "LATE-01"]
    assert not becomes._left_out
    assert page.go_in.text() == "Bring in 24 values"


def test_the_word_at_the_right_leaves_a_measure_out(qtbot: QtBot, opened: Opened) -> None:
    page = opened(CALLS)
    click(qtbot, page.file.becomes.table, page.file.becomes.table.model().index(1, 2))
    jobs.wait()
    assert [m.code for m in page.recipe.measures] == ["CLLS-01"]


def test_a_measure_takes_only_the_rows_that_say_a_word(qtbot: QtBot, opened: Opened) -> None:
    page = opened("Year,Kind,AMT\n2024,Expense,10\n2024,Revenue,7\n2025,Expense,11\n2025,Revenue,8\n")
    page.change(reading.replace(page.recipe, breakdowns=("Kind",)))
    jobs.wait()
    page.file.becomes.edit(page.recipe.measures[0])
    dialog = page.file.becomes.dialog
    dialog.only.setCurrentIndex(dialog.only.findText("Kind: Expense"))
    dialog.attempt()
    jobs.wait()
    assert page.recipe.measures[0].where == {"Kind": "Expense"}
    assert heads(page)[1] == "Breakdown · Filter"
    assert page.sentence.text() == "1 measure, 2 values"


def test_a_measure_of_the_city_brings_its_unit(opened: Opened) -> None:
    page = opened(CALLS)
    page.bring_in()
    jobs.wait()
    again = opened(CALLS, "other.csv")
    again.file.becomes.add()
    dialog = again.file.becomes.dialog
    dialog.unit.setCurrentText("USD")
    dialog.code.setCurrentText("CLLS-01")
    assert (dialog.unit.currentText(), dialog.unit.isEnabled()) == ("count", False)
    assert dialog._told.text() == "In the city: calls"


def test_everything_in_the_dialog_and_the_page_has_a_name(opened: Opened) -> None:
    page = opened(CALLS)
    page.file.becomes.add()
    for widget in [*page.findChildren(QWidget), *page.file.becomes.dialog.findChildren(QWidget)]:
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget


def test_averages_that_are_broken_down_are_named(opened: Opened) -> None:
    page = opened(CALLS)
    average = MeasureMap("AVG", "Average calls", value="calls", aggregation="mean")
    page.change(reading.replace(page.recipe, breakdowns=("District",), measures=(average,)))
    jobs.wait()
    assert "“Average calls”: its averages by District count alike" in page.file.remarks.model_.rows[0].words
