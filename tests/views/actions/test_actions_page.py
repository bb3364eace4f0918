"""The register in the window: filters, an update in the panel, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.meetings.actions import ActionRow, action, actions, history
from citystat.models import ActionItem
from citystat.views.actions.page import ActionsPage
from citystat.views.shell.window import MainWindow


@pytest.fixture
def window(window_on: Callable[[City], MainWindow], sample_city: City) -> MainWindow:
    return window_on(sample_city)


@pytest.fixture
def page(window: MainWindow, today: date) -> ActionsPage:
    window.go("actions")
    made = window.page
    made._today = today
    made.refresh()
    return made


def shown(page: ActionsPage) -> list:
    model = page.table.model()
    return [model.index(i, 0).data(Qt.ItemDataRole.UserRole) for i in range(model.rowCount())]


def register(window: MainWindow, today: date) -> list[ActionRow]:
    with window.city.read() as read:
        return actions(read, today)


def test_filters_narrow_together(qtbot: QtBot, page: ActionsPage) -> None:
    page.due.setCurrentIndex(page.due.findData("overdue"))
    page.department.setCurrentIndex(page.department.findData("Fire"))
    assert shown(page) and all(r.days_late > 0 and r.department == "Fire" for r in shown(page))
    page.owner.setCurrentIndex(page.owner.findData("Raymond Hall"))
    assert shown(page) and all(r.owner == "Raymond Hall" for r in shown(page))
    qtbot.keyClicks(page.search, "no such words")
    assert shown(page) == [] and page._nothing.isVisible()


def test_the_panel_appears_only_when_something_is_chosen(qtbot: QtBot, page: ActionsPage) -> None:
    assert not page.panel.isVisible()
    page.table.selectRow(0)
    assert page.panel.isVisible()
    qtbot.keyClick(page.panel.comment, Qt.Key.Key_Escape)
    assert not page.panel.isVisible()


def test_an_update_is_written_and_taken_back(
    qtbot: QtBot, window: MainWindow, page: ActionsPage, sample_city: City, today: date
) -> None:
    page.table.selectRow(0)
    key = page.panel.action_id
    with sample_city.read() as read:
        before = action(read, key, today)
    page.panel.status.setCurrentIndex(page.panel.status.findData("blocked"))
    qtbot.keyClicks(page.panel.comment, "Waiting for the vendor")
    qtbot.mouseClick(page.panel.update_button, Qt.MouseButton.LeftButton)
    with sample_city.read() as read:
        assert action(read, key, today).status == "blocked"
        assert history(read, key)[-1].comment == "Waiting for the vendor"
    assert page.panel.comment.toPlainText() == ""
    qtbot.mouseClick(window.bar._act, Qt.MouseButton.LeftButton)
    with sample_city.read() as read:
        assert action(read, key, today) == before


def test_a_refused_update_stays_as_typed(qtbot: QtBot, window: MainWindow, page: ActionsPage) -> None:
    page.table.selectRow(0)
    page.panel.status.setCurrentIndex(page.panel.status.findData("dropped"))
    page.panel.update_action()
    assert "dropped with a reason" in window.bar._words.text()
    assert page.panel.status.currentData() == "dropped"


@pytest.mark.parametrize("leave", ["another", "elsewhere"])
def test_a_comment_that_was_typed_is_kept(
    qtbot: QtBot, window: MainWindow, page: ActionsPage, sample_city: City, leave: str
) -> None:
    page.table.selectRow(0)
    key = page.panel.action_id
    qtbot.keyClicks(page.panel.comment, "Half is done")
    if leave == "another":
        page.table.selectRow(1)
    else:
        window.go("today")
    with sample_city.read() as read:
        assert history(read, key)[-1].comment == "Half is done"


def test_an_address_leads_to_one_promise(window: MainWindow) -> None:
    window.go("actions:181")
    assert window.page.panel.action_id == 181


def test_a_form_that_was_never_named_is_completed_in_the_register(
    qtbot: QtBot, window: MainWindow, page: ActionsPage, today: date
) -> None:
    with window.city.change("Forget the form") as change:
        change.get(ActionItem, register(window, today)[0].id).form = ""
    lacking = next(a for a in register(window, today) if not a.form)
    page.panel.show_action(lacking, [])
    assert page.panel.form.isVisibleTo(page.panel)
    page.panel.form.setCurrentIndex(page.panel.form.findData("memo"))
    page.panel.update_action()
    done = next(a for a in register(window, today) if a.id == lacking.id)
    assert done.form == "memo"
    page.panel.show_action(done, [])
    assert not page.panel.form.isVisibleTo(page.panel)
