"""The one table: it filters without a warning, and gives up spare columns where there is no room."""

from __future__ import annotations

import warnings

from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QSpinBox
from pytestqt.qtbot import QtBot

from citystat.views.shell import theme
from citystat.views.widgets.fields import Fields, choice, line, paragraph
from citystat.views.widgets.page import Page
from citystat.views.widgets.table import Column, Table


def made(qtbot: QtBot) -> Table:
    table = Table(
        [Column("Name", lambda r: r[0]), Column("Rows", lambda r: str(r[1]), right=True, width=90, spare=1),
         Column("State", lambda _: "open", width=120)],
        "Things",
    )  # fmt: skip
    qtbot.addWidget(table)
    table.set_rows([("a", 1), ("b", 2), ("c", 3)])
    return table


def test_only_the_rows_that_pass_are_shown(qtbot: QtBot) -> None:
    table = made(qtbot)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert table.keep(lambda row: row[1] > 1) == 2
    assert table.keep(lambda _: True) == 3


def test_a_spare_column_goes_where_there_is_no_room_and_comes_back(qtbot: QtBot) -> None:
    table = made(qtbot)
    table.resize(360, 200)
    table.show()
    assert table.isColumnHidden(1)
    table.resize(700, 200)
    assert not table.isColumnHidden(1)


def test_heads_stand_over_their_cells_and_the_first_column_begins_at_the_edge(qtbot: QtBot) -> None:
    theme.apply(QApplication.instance(), dark=False)
    table = Table([Column("HH", lambda r: r[0]), Column("HH", lambda r: r[0], width=120)], "Things")
    page = Page()
    page.body.addWidget(table)
    qtbot.addWidget(page)
    table.set_rows([("HH",)])
    page.resize(464, 300)
    page.show()
    head, cells = table.horizontalHeader().grab().toImage(), table.viewport().grab().toImage()
    for left, right in ((0, 60), (table.columnViewportPosition(1), 380)):
        first = [_first_ink(image, left, right, rows) for image, rows in ((head, (8, 22)), (cells, (8, 22)))]
        assert abs(first[0] - first[1]) <= 1 and (left or first[1] <= 2)


def _first_ink(image: QImage, left: int, right: int, rows: tuple[int, int]) -> int:
    return next(x for x in range(left, right) if any(QColor(image.pixel(x, y)).lightness() < 150 for y in range(*rows)))


def test_a_figure_is_never_cut(qtbot: QtBot) -> None:
    table = Table([Column("Value", lambda r: r[0], right=True, width=60), Column("Note", lambda r: "")], "Values")
    qtbot.addWidget(table)
    table.set_rows([("1,234,567,890.25",)])
    table.fit_figures()
    assert table.columnWidth(0) >= table.sizeHintForColumn(0) > 60


def test_every_field_of_a_form_is_as_high_and_begins_where_the_others_do(qtbot: QtBot) -> None:
    theme.apply(QApplication.instance(), dark=False)
    form, number = Fields(), QSpinBox()
    number.setValue(55)
    fields = {"line": line("HH"), "choice": choice("", [("HH", 1)]), "number": number, "text": paragraph("HH")}
    for name, field in fields.items():
        form.field(name, field)
    qtbot.addWidget(form)
    form.show()
    assert {w.height() for n, w in fields.items() if n != "text"} == {30}
    assert {_first_ink(w.grab().toImage(), 4, 60, (6, 24)) for w in fields.values()} == {13}
