"""The one table: it filters without a warning, and gives up spare columns where there is no room."""

from __future__ import annotations

import warnings

from pytestqt.qtbot import QtBot

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
