"""The goal tree in its page, by keys and mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.goals import tree as goals
from citystat.measures.edit import save_measure
from citystat.views import jobs
from citystat.views.goals.page import GoalsPage, _moved
from citystat.views.goals.rows import KIND
from citystat.views.shell.theme import apply
from citystat.views.shell.window import MainWindow


@pytest.fixture
def page(qtbot: QtBot, sample_city: City) -> GoalsPage:
    made = GoalsPage(sample_city)
    qtbot.addWidget(made)
    stop = sample_city.subscribe(made.refresh)
    made.destroyed.connect(lambda: stop())
    made.resize(1200, 900)
    made.show()
    made.tree.setFocus()
    return made


def rows(city: City) -> list[goals.PriorityRow]:
    with city.read() as read:
        return goals.tree(read)


def test_insert_adds_a_priority_and_types_its_name(page: GoalsPage, sample_city: City, qtbot: QtBot) -> None:
    QTest.keyClick(page.tree, Qt.Key.Key_Insert)
    field = page.tree.findChild(QLineEdit)
    QTest.keyClicks(field, "A city that listens")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows(sample_city)[-1].name == "A city that listens")


def test_alt_and_arrow_moves_a_goal_and_undo_brings_it_back(page: GoalsPage, sample_city: City) -> None:
    first, second, *_ = rows(sample_city)[0].goals
    page.tree.choose(("goal", first.id))
    QTest.keyClick(page.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [g.id for g in rows(sample_city)[0].goals][:2] == [second.id, first.id]
    assert page.tree.chosen() == ("goal", first.id)
    sample_city.undo()
    assert [g.id for g in rows(sample_city)[0].goals][:2] == [first.id, second.id]


def test_a_goal_is_dragged_to_another_priority(page: GoalsPage, sample_city: City) -> None:
    page.tree.collapseAll()
    top = page.tree.topLevelItem(0)
    top.setExpanded(True)
    held, view = top.child(0), page.tree.viewport()
    goal, target = held.data(0, Qt.ItemDataRole.UserRole + 1), page.tree.topLevelItem(1)
    start, end = page.tree.visualItemRect(held).center(), page.tree.visualItemRect(target).center()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view, start + QPoint(0, 20))
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    assert rows(sample_city)[1].goals[0].id == goal


def test_enter_on_a_goal_opens_its_page(page: GoalsPage, sample_city: City, qtbot: QtBot) -> None:
    goal = rows(sample_city)[0].goals[0]
    page.tree.choose(("goal", goal.id))
    with qtbot.waitSignal(page.go) as gone:
        QTest.keyClick(page.tree, Qt.Key.Key_Return)
    assert gone.args == [f"goal:{goal.id}"]


def test_goals_and_priorities_say_whether_they_are_on_track(page: GoalsPage) -> None:
    jobs.wait()
    said = {item.text(0): item.text(4) for item in page.tree.items() if item.data(0, KIND) != "measure"}
    assert said["Help arrives in time"] == "≈ near"
    assert said["Safe streets"] == "≈ near"
    assert all(words[:1] in "✓≈◆–" for words in said.values())


def test_enter_on_a_measure_leads_to_it(page: GoalsPage, sample_city: City, qtbot: QtBot) -> None:
    measure = rows(sample_city)[0].goals[0].measure_ids[0]
    page.tree.choose(("measure", measure))
    with qtbot.waitSignal(page.go) as gone:
        QTest.keyClick(page.tree, Qt.Key.Key_Return)
    assert gone.args[0].startswith("measure:")


def test_what_was_closed_stays_closed_when_the_city_changes(page: GoalsPage, sample_city: City) -> None:
    page.tree.topLevelItem(0).setExpanded(False)
    goals.add_priority(sample_city, "One more")
    assert not page.tree.topLevelItem(0).isExpanded()


def test_an_empty_city_says_where_to_begin(qtbot: QtBot, city: City) -> None:
    page = GoalsPage(city)
    qtbot.addWidget(page)
    page.show()
    assert page._nothing.isVisible() and not page.tree.isVisible()


def test_measures_are_named_at_once_and_judged_in_the_background(qtbot: QtBot, sample_city: City) -> None:
    page = GoalsPage(sample_city)
    qtbot.addWidget(page)
    measures = [i for i in page.tree.items() if i.data(0, KIND) == "measure"]
    assert measures and all(i.text(0) and i.text(2) and not i.text(5) for i in measures)
    jobs.wait()
    assert all(i.text(5) for i in measures)
    assert page.sentence.text() == "Five goals have something better, three something worse"


def test_rows_are_as_high_as_in_every_list(page: GoalsPage) -> None:
    top = page.tree.topLevelItem(0)
    assert [page.tree.visualItemRect(i).height() for i in (top, top.child(0), top.child(0).child(0))] == [44, 32, 32]


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[Callable[[float], None]]:
    """Another text size, for this test only."""
    yield lambda scale: apply(qapp, scale=scale, dark=False)
    apply(qapp, dark=False)


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize(("width", "height"), [(960, 640), (1280, 800), (1366, 768)])
def test_names_have_the_room_first(
    qtbot: QtBot, sample_city: City, dressed: Callable[[float], None], width: int, height: int, scale: float
) -> None:
    dressed(scale)
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(width, height)
    window.show_open(sample_city)
    window.show()
    window.go("goals")
    QApplication.processEvents()
    tree = window.page.tree
    shown = [c for c in range(1, 6) if not tree.isColumnHidden(c)]
    assert tree.columnWidth(0) >= 230 * scale
    assert shown and sum(tree.columnWidth(c) for c in (0, *shown)) <= tree.viewport().width()
    window.release()


def headed(qtbot: QtBot, city: City) -> tuple[str, str]:
    made = GoalsPage(city)
    qtbot.addWidget(made)
    return made.sentence.text(), made.under.text()


def test_few_goals_are_counted_in_plain_words(qtbot: QtBot, city: City) -> None:
    priority = goals.add_priority(city, "Safe streets")
    assert headed(qtbot, city)[0] == "No goals yet"
    assert headed(qtbot, city)[1].startswith("1 priority so far")
    goal = goals.add_goal(city, priority, "Help arrives in time")
    assert headed(qtbot, city) == ("No measure shows progress yet", "1 goal under 1 priority · 0 measures stand under them · 1 goal has no outcome measure")  # fmt: skip
    made = save_measure(city, None, code="EC-01", name="Calls answered")
    goals.link_measure(city, goal, made)
    assert "1 measure stands under them" in headed(qtbot, city)[1]


@pytest.mark.parametrize(
    ("kinds", "sentence"),
    [
        (("improvement", "concern"), "One goal has something better, one something worse"),
        (("improvement",), "One goal has something better"),
        (("concern",), "One goal has something worse"),
        (("common",), "No goal has moved"),
    ],
)
def test_nothing_is_said_of_no_goals(page: GoalsPage, kinds: tuple[str, ...], sentence: str) -> None:
    goal = next(g for p in page._rows for g in p.goals if g.measure_ids)
    made = replace(page._stand[goal.measure_ids[0]])
    page._stand = {n: replace(made, signal=kind) for n, kind in enumerate(kinds)}
    rows = [goals.PriorityRow(1, "Safe", (replace(goal, measure_ids=tuple(range(len(kinds)))),))]
    assert _moved(goals.summary(rows, page._stand)) == sentence


def test_a_row_that_is_dragged_is_let_go_when_the_city_changes(page: GoalsPage, sample_city: City) -> None:
    view = page.tree.viewport()
    item = next(i for i in page.tree.items() if i.data(0, KIND) == "goal")
    start = page.tree.visualItemRect(item).center()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view, start + QPoint(0, 80))
    goals.add_priority(sample_city, "Another")
    page.grab()
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start + QPoint(0, 80))
    assert rows(sample_city)[-1].name == "Another"


def test_a_name_that_is_being_typed_outlives_a_change(page: GoalsPage, sample_city: City, qtbot: QtBot) -> None:
    item = next(i for i in page.tree.items() if i.data(0, KIND) == "goal")
    page.tree.setCurrentItem(item)
    page.tree.editItem(item, 0)
    field = page.tree.findChild(QLineEdit)
    field.clear()
    QTest.keyClicks(field, "Help is ther")
    goals.add_priority(sample_city, "Another")
    QTest.keyClicks(field, "e")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows(sample_city)[0].goals[0].name == "Help is there")
    qtbot.waitUntil(lambda: any(i.text(0) == "Another" for i in page.tree.items()))
