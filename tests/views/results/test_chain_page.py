"""The diagram of a results chain, edited by keys and mouse; the pages that lead to it, and its ways out."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.goals import chain as act
from citystat.goals.chain import ORDER, Chain, Step, chains, in_words
from citystat.goals.chain_layout import crossings
from citystat.views import jobs
from citystat.views.results.chain import ChainPage
from citystat.views.results.chain_box import StepBox
from citystat.views.results.chains import ChainsPage
from citystat.views.shell.window import MainWindow

KEY, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


class Drawn:
    """The page on the sample's goal chain, and how a person handles it."""

    def __init__(self, city: City, page: ChainPage) -> None:
        self.city, self.page, self.canvas = city, page, page.canvas

    @property
    def chain(self) -> Chain:
        with self.city.read() as read:
            return next(c for c in chains(read) if c.id == self.page._chain.id)

    def box(self, text: str) -> StepBox:
        return next(b for b in self.canvas.boxes.values() if b.step.text.startswith(text))

    def step(self, text: str) -> Step:
        return next(s for s in self.chain.steps if s.text.startswith(text))

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key where the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.canvas, key, held)

    def type(self, words: str, end: Qt.Key = KEY.Key_Return) -> None:
        """Over what stands in the editor."""
        QTest.keyClicks(self.canvas.editor, words)
        QTest.keyClick(self.canvas.editor, end)

    def focus(self, text: str) -> StepBox:
        box = self.box(text)
        box.setFocus()
        return box

    @property
    def here(self) -> str:
        """Words of the box that has the keyboard."""
        widget = QApplication.focusWidget()
        return widget.step.text if isinstance(widget, StepBox) else ""

    def pull(self, box: StepBox, begin: QPoint, end: QPointF | QPoint) -> None:
        """Press at `begin` in a box, go to `end` in the diagram, let go."""
        QTest.mousePress(box, LEFT, pos=begin)
        way = (QPointF(end) - QPointF(box.mapToParent(begin))).toPoint()
        for part in (3, 2, 1):
            at = box.mapFromParent(box.mapToParent(begin)) if part == 3 else None
            to = QPointF(end).toPoint() - way * (part - 1) / 3
            QTest.mouseMove(box, box.mapFromParent(to) if at is None else begin + QPoint(12, 12))
        QTest.mouseRelease(box, LEFT, pos=box.mapFromParent(QPointF(end).toPoint()))


@pytest.fixture
def drawn(sample_city: City, qtbot: QtBot) -> Iterator[Drawn]:
    with sample_city.read() as read:
        key = chains(read)[0].id
    page = ChainPage(sample_city, key)
    qtbot.addWidget(page)
    stop = sample_city.subscribe(page.refresh)
    page.resize(1200, 760)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    jobs.wait()
    yield Drawn(sample_city, page)
    stop()


def middle(widget: QWidget) -> QPointF:
    return QPointF(widget.geometry().center())


## Looking


def test_the_page_shows_the_goal_its_boxes_and_what_is_missing(drawn: Drawn) -> None:
    page = drawn.page
    assert page.sentence.text() == "Help arrives in time"
    assert page.under.text() == "Results chain of a goal · 16 boxes, 9 with a measure"
    links = [b.text() for b in page.findChildren(QAbstractButton) if b.objectName() == "link" and b.isVisible()]
    assert links == ["No measure shows “Units sent on every priority call”"]
    seen = drawn.box("Calls are answered").seen
    assert seen.code == "EC-01" and re.fullmatch(r"\d\d\.\d %", seen.value) and len(seen.trend) == 24
    assert seen.mark.startswith(("●", "◆", "✓", "✕")) or seen.mark


def test_what_is_missing_leads_to_its_box(drawn: Drawn, qtbot: QtBot) -> None:
    link = next(b for b in drawn.page.findChildren(QAbstractButton) if b.text().startswith("No measure shows"))
    QTest.mouseClick(link, LEFT)
    assert drawn.here == "Units sent on every priority call"


def test_boxes_stand_apart_and_nothing_is_cut_at_any_size(drawn: Drawn) -> None:
    for zoom in (0.6, 1.0, 1.7):
        drawn.canvas.zoom = zoom
        drawn.canvas.lay_out()
        bodies = {b.step.id: b.body().translated(QPointF(b.pos())) for b in drawn.canvas.boxes.values()}
        for a, one in bodies.items():
            assert drawn.canvas.rect().contains(one.toRect())
            assert not any(one.intersects(other) for b, other in bodies.items() if a < b)


def test_a_screen_reader_hears_every_box_with_its_place_measure_and_way(drawn: Drawn) -> None:
    said = drawn.box("Few callers give up").accessibleName()
    assert said.startswith("Few callers give up. Intermediate outcomes, box 2 of 3. EC-03, ")
    assert said.endswith("leads to Ambulances reach nine of ten patients in time")
    assert drawn.canvas.accessibleName() == in_words(drawn.chain)
    assert all(b.accessibleName() for b in drawn.canvas.findChildren(QAbstractButton))


def test_tab_goes_through_the_columns_in_order(drawn: Drawn) -> None:
    drawn.canvas.adders["input"].setFocus()
    found = []
    for _ in range(6):
        drawn.press(KEY.Key_Tab)
        found.append(drawn.here or QApplication.focusWidget().accessibleName())
    assert found[:3] == [s.text for s in drawn.chain.of("input")]
    assert found[3] == "Add an activity" and found[4] == drawn.chain.of("activity")[0].text


## Keys


def test_arrows_choose_boxes(drawn: Drawn) -> None:
    drawn.focus("Call takers")
    drawn.press(KEY.Key_Down)
    assert drawn.here == "Dispatch system and map of the streets"
    drawn.press(KEY.Key_Right)
    assert drawn.step(drawn.here) in drawn.chain.after(drawn.step("Dispatch").id)
    for _ in range(9):
        drawn.press(KEY.Key_Right)
    assert drawn.step(drawn.here).stage == "outcome"


def test_ctrl_and_arrows_move_the_box_and_undo_moves_it_back(drawn: Drawn) -> None:
    drawn.focus("Call takers")
    drawn.press(KEY.Key_Down, CTRL)
    assert [s.text[:4] for s in drawn.chain.of("input")] == ["Disp", "Call", "Ambu"]
    assert drawn.here.startswith("Call takers")
    drawn.press(KEY.Key_Right, CTRL)
    assert drawn.step("Call takers").stage == "activity" and drawn.here.startswith("Call takers")
    drawn.city.undo()
    drawn.city.undo()
    assert [s.text[:4] for s in drawn.chain.of("input")] == ["Call", "Disp", "Ambu"]


def test_enter_edits_a_box_and_enter_keeps_it(drawn: Drawn) -> None:
    drawn.focus("Ambulance and")
    drawn.press(KEY.Key_Return)
    drawn.type("Crews on the road")
    assert drawn.step("Crews on the road") and drawn.here == "Crews on the road"
    drawn.city.undo()
    assert drawn.step("Ambulance and engine crews")


@pytest.mark.parametrize("leave", ["escape", "another box", "another page"])
def test_what_was_typed_is_kept_however_the_box_is_left(drawn: Drawn, leave: str) -> None:
    drawn.focus("Ambulance and")
    drawn.press(KEY.Key_Return)
    QTest.keyClicks(drawn.canvas.editor, "Crews on the road")
    if leave == "escape":
        QTest.keyClick(drawn.canvas.editor, KEY.Key_Escape)
    elif leave == "another box":
        QTest.mouseClick(drawn.box("Post crews"), LEFT, pos=QPoint(40, 12))
    else:
        assert drawn.page.leave()
    assert drawn.step("Crews on the road")


def test_a_box_without_words_is_not_made_and_a_box_is_never_emptied(drawn: Drawn) -> None:
    before = drawn.chain
    drawn.focus("Ambulance and")
    drawn.press(KEY.Key_N)
    QTest.keyClick(drawn.canvas.editor, KEY.Key_Return)
    drawn.focus("Ambulance and")
    drawn.press(KEY.Key_F2)
    QTest.keyClick(drawn.canvas.editor, KEY.Key_Delete)  # all is selected
    QTest.keyClick(drawn.canvas.editor, KEY.Key_Return)
    assert drawn.chain == before


def test_n_adds_a_box_beneath_and_shift_n_one_that_follows(drawn: Drawn) -> None:
    drawn.focus("Call takers")
    drawn.press(KEY.Key_N)
    drawn.type("A second center")
    assert [s.text for s in drawn.chain.of("input")][1] == "A second center" and drawn.here == "A second center"
    drawn.press(KEY.Key_N, SHIFT)
    drawn.type("Practise moving there")
    new = drawn.step("Practise moving there")
    assert new.stage == "activity" and (drawn.step("A second center").id, new.id) in drawn.chain.links


def test_what_is_typed_survives_that_its_box_is_taken_away(drawn: Drawn) -> None:
    drawn.focus("Ambulance and")
    drawn.press(KEY.Key_Return)
    QTest.keyClicks(drawn.canvas.editor, "Crews on the road")
    act.remove_step(drawn.city, drawn.step("Ambulance and").id)
    QTest.keyClick(drawn.canvas.editor, KEY.Key_Return)
    assert drawn.step("Crews on the road")


def test_l_connects_by_arrows_and_enter_and_takes_away_what_is_connected(drawn: Drawn) -> None:
    a, b = drawn.step("Call takers"), drawn.step("Train call takers")
    assert (a.id, b.id) in drawn.chain.links
    drawn.focus("Call takers")
    drawn.press(KEY.Key_L)
    assert drawn.here == b.text  # the nearest of the next column
    assert (
        drawn.box("Train")
        .accessibleName()
        .startswith("Connect “Call takers and dispatchers on every shift” with Train")
    )
    drawn.press(KEY.Key_Return)
    assert (a.id, b.id) not in drawn.chain.links and drawn.here == a.text
    drawn.press(KEY.Key_L)
    for _ in range(2):
        drawn.press(KEY.Key_Down)
    target = drawn.step(drawn.here)
    drawn.press(KEY.Key_Return)
    assert (a.id, target.id) in drawn.chain.links
    drawn.press(KEY.Key_L)
    drawn.press(KEY.Key_Escape)
    assert drawn.here == a.text and drawn.canvas.connecting is None


def test_a_circle_is_refused_in_words(drawn: Drawn, qtbot: QtBot) -> None:
    act.link(drawn.city, drawn.step("Train").id, drawn.step("Set shifts").id)
    with qtbot.waitSignal(drawn.canvas.said) as said:
        drawn.canvas.connect_or_not(drawn.step("Set shifts").id, drawn.step("Train").id)
        drawn.canvas.connect_or_not(drawn.step("Train").id, drawn.step("Set shifts").id)
        act.link(drawn.city, drawn.step("Train").id, drawn.step("Set shifts").id)
        act.link(drawn.city, drawn.step("Set shifts").id, drawn.step("Send").id)
        drawn.canvas.connect_or_not(drawn.step("Send").id, drawn.step("Train").id)
    assert "leads back here already" in said.args[0]


def test_delete_removes_the_box_and_the_next_is_chosen(drawn: Drawn) -> None:
    drawn.focus("Call takers")
    drawn.press(KEY.Key_Delete)
    assert [s.text[:4] for s in drawn.chain.of("input")] == ["Disp", "Ambu"] and drawn.here.startswith("Dispatch")
    drawn.city.undo()
    assert (
        drawn.box("Call takers").isVisible()
        and (drawn.step("Call takers").id, drawn.step("Train").id) in drawn.chain.links
    )


def test_a_attaches_a_measure_by_a_few_letters(drawn: Drawn, qtbot: QtBot) -> None:
    drawn.focus("Units sent")
    drawn.press(KEY.Key_A)
    dialog = drawn.page.findChild(QDialog)
    QTest.keyClicks(dialog.focusWidget(), "ec-08")
    assert dialog.findChild(QListWidget).count() == 1
    QTest.keyClick(dialog, KEY.Key_Return)
    jobs.wait()
    assert drawn.step("Units sent").code == "EC-08" and drawn.box("Units sent").seen.code == "EC-08"
    gone: list[str] = []
    drawn.page.go.connect(gone.append)
    drawn.focus("Units sent")
    drawn.press(KEY.Key_O)
    assert gone == ["measure:EC-08"]


def test_plus_minus_and_the_wheel_zoom_and_0_fits(drawn: Drawn) -> None:
    drawn.focus("Units sent")
    before = drawn.box("Units sent").width()
    drawn.press(KEY.Key_Plus, SHIFT)
    larger = drawn.box("Units sent").height()
    viewport = drawn.page.area.viewport()
    turn = QWheelEvent(
        QPointF(50, 50), viewport.mapToGlobal(QPointF(50, 50)), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, CTRL,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, turn)
    assert drawn.canvas.zoom > 1.2 and drawn.box("Units sent").height() > larger
    drawn.press(KEY.Key_0)
    assert drawn.canvas.height() <= drawn.page.area.maximumViewportSize().height()
    assert drawn.box("Units sent").width() == pytest.approx(before, rel=0.2)


## Mouse


def test_a_box_is_dragged_to_another_column(drawn: Drawn) -> None:
    box = drawn.box("Ambulance and")
    drawn.pull(box, QPoint(60, 20), QPointF(middle(drawn.box("Train")).x(), 20))
    assert [s.text[:9] for s in drawn.chain.of("activity")][0] == "Ambulance" and drawn.here.startswith("Ambulance")
    drawn.city.undo()
    assert drawn.step("Ambulance and").stage == "input"


def test_a_line_is_drawn_from_an_edge_to_a_box(drawn: Drawn) -> None:
    a, b = drawn.box("Ambulance and"), drawn.box("Train")
    pair = (a.step.id, b.step.id)
    assert pair not in drawn.chain.links
    drawn.pull(a, QPoint(a.width() - 7, a.height() // 2), middle(b))
    assert pair in drawn.chain.links
    drawn.city.undo()
    drawn.pull(b, QPoint(7, b.height() // 2), middle(a))  # from its left edge back to what leads to it
    assert pair in drawn.chain.links


def test_a_line_let_go_in_an_empty_place_begins_a_box_that_follows(drawn: Drawn) -> None:
    a = drawn.box("Ambulance and")
    x = middle(drawn.box("Train")).x()
    drawn.pull(a, QPoint(a.width() - 7, a.height() // 2), QPointF(x, drawn.canvas.height() - 8))
    drawn.type("Drive")
    assert (a.step.id, drawn.step("Drive").id) in drawn.chain.links
    assert drawn.chain.of("activity")[-1].text == "Drive"


def test_a_line_is_chosen_by_a_click_and_deleted(drawn: Drawn) -> None:
    from citystat.views.results.chain_drawing import origin, path_of

    curve = drawn.canvas.layout_.curves[0]
    at = path_of(curve.points).pointAtPercent(0.5) + origin(drawn.canvas.look)
    QTest.mouseClick(drawn.canvas, LEFT, pos=at.toPoint())
    assert drawn.canvas.line == curve.link
    drawn.press(KEY.Key_Delete)
    assert curve.link not in drawn.chain.links


def test_a_click_on_the_measure_opens_it_and_a_double_click_edits(drawn: Drawn) -> None:
    from citystat.views.results.chain_drawing import strip_of

    box, gone = drawn.box("Calls are answered"), []
    drawn.page.go.connect(gone.append)
    QTest.mouseClick(box, LEFT, pos=strip_of(box.body(), box.look).center().toPoint())
    assert gone == ["measure:EC-01"]
    QTest.mouseDClick(box, LEFT, pos=QPoint(40, 14))
    assert drawn.canvas.editor.toPlainText() == "Calls are answered within 10 seconds"


def test_escape_lets_go_of_what_the_mouse_holds(drawn: Drawn) -> None:
    box, before = drawn.box("Ambulance and"), drawn.chain
    place = box.geometry()
    QTest.mousePress(box, LEFT, pos=QPoint(60, 20))
    QTest.mouseMove(box, QPoint(90, 60))
    QTest.mouseMove(box, QPoint(300, 90))
    assert box.geometry() != place
    QTest.keyClick(box, KEY.Key_Escape)
    QTest.mouseRelease(box, LEFT, pos=QPoint(60, 20))
    assert box.geometry() == place and drawn.chain == before


def test_plus_in_a_column_adds_a_box_at_its_end(drawn: Drawn) -> None:
    QTest.mouseClick(drawn.canvas.adders["output"], LEFT)
    drawn.type("Calls in other languages")
    assert drawn.chain.of("output")[-1].text == "Calls in other languages"


def test_tidy_uncrosses_lines_in_one_act(drawn: Drawn) -> None:
    drawn.focus("Call takers")
    for _ in range(2):
        drawn.press(KEY.Key_Down, CTRL)
    before = drawn.chain

    def crossed() -> int:
        return crossings([[s.id for s in drawn.chain.of(stage)] for stage in ORDER], drawn.chain.links)

    many = crossed()
    drawn.canvas.tidy()
    assert crossed() < many
    assert drawn.city.undo() == "Tidy results chain" and drawn.chain == before


## Pages


def test_a_goal_without_a_chain_is_offered_a_first_one(sample_city: City, qtbot: QtBot) -> None:
    page = ChainPage(sample_city, "goal-3")
    qtbot.addWidget(page)
    stop = sample_city.subscribe(page.refresh)
    page.show()
    assert page.sentence.text() == "Fires are prevented" and page.acts() == []
    first = next(b for b in page.findChildren(QAbstractButton) if b.objectName() == "primary" and b.isVisible())
    QTest.mouseClick(first, LEFT)
    jobs.wait()
    assert {b.step.code for b in page.canvas.boxes.values()} == {f"FD-0{n}" for n in (3, 4, 5, 6, 7, 8)}
    assert page.canvas.prompts["activity"].isVisible() and not page.canvas.prompts["output"].isVisible()
    sample_city.undo()
    assert page.acts() == [] and first.isVisible()
    stop()


def test_an_empty_place_does_not_lie_on_a_line(sample_city: City, qtbot: QtBot) -> None:
    drawn = act.begin(sample_city, 3, suggested=True)
    with sample_city.read() as read:
        found = act.chain(read, drawn)
    for box in found.steps:
        if box.stage != "outcome":
            act.link(sample_city, box.id, found.of("outcome")[0].id)
    page = ChainPage(sample_city, "goal-3")
    qtbot.addWidget(page)
    page.resize(1200, 760)
    page.show()
    canvas = page.canvas
    for stage in ("activity", "intermediate outcome"):
        rect = canvas.prompts[stage].geometry()
        column = canvas.layout_.columns[ORDER.index(stage)]
        top = canvas.look.px(62)
        lanes = [y + top for c in canvas.layout_.curves for x, y in c.points if x == column]
        assert lanes and not any(rect.top() <= y <= rect.bottom() for y in lanes)


def test_a_program_gets_a_chain_with_a_name_and_a_department(sample_city: City, qtbot: QtBot) -> None:
    page = ChainsPage(sample_city)
    qtbot.addWidget(page)
    stop = sample_city.subscribe(page.refresh)
    page.show()
    assert page.sentence.text() == "1 of 12 goals has a results chain"
    assert [row.title for row in page.list.rows][-2:] == ["Programs", "Pothole patrol"]
    gone: list[str] = []
    page.go.connect(gone.append)
    page.add_program()
    dialog = page.findChild(QDialog)
    dialog.name.setText("Summer jobs")
    dialog.department.setCurrentIndex(1)
    dialog.attempt()
    with sample_city.read() as read:
        made = next(c for c in chains(read) if c.name == "Summer jobs")
    assert gone == [f"chain:{made.id}"] and made.department
    page.list.choose("chain:goal-3")
    QTest.keyClick(page.list, KEY.Key_Return)
    assert gone[-1] == "chain:goal-3"
    stop()


def test_the_window_leads_there_and_takes_back(sample_city: City, window_on: Callable[[City], MainWindow]) -> None:
    window = window_on(sample_city)
    window.go("goals")
    window.page.tree.choose(("goal", 1))
    window.page.open_chain()
    page = window.page
    jobs.wait()
    assert isinstance(page, ChainPage) and page.sentence.text() == "Help arrives in time"
    page.remove()
    jobs.wait()
    QApplication.processEvents()
    assert page.acts() == [] or not isinstance(window.page, ChainPage)
    window.undo()
    window.go("chain:goal-1")
    assert len(window.page.canvas.boxes) == 16
    window.go("results")
    chosen = [words for words, _, _ in window.page.acts()]
    assert "Results chains" in chosen
    program = next(o for o in _offers(window) if o.words == "Pothole patrol")
    program.act()
    assert window.page.sentence.text() == "Pothole patrol"


def _offers(window: MainWindow) -> list:  # type: ignore[type-arg]
    from citystat.views.shell.offers import offers

    return offers(window)


## Ways out


@pytest.mark.parametrize("ending", ["png", "svg", "docx"])
def test_the_diagram_is_written_as_a_file(drawn: Drawn, tmp_path: Path, ending: str) -> None:
    to = tmp_path / f"chain.{ending}"
    drawn.page.write(to)
    jobs.wait()
    if ending == "png":
        assert QImage(str(to)).width() > 2000
    elif ending == "svg":
        text = to.read_text(encoding="utf-8")
        words = " ".join(re.findall(r">([^<]+)<", text))
        assert "Intermediate outcomes" in words and "EC-01" in words and "leads to" in words
    else:
        word = zipfile.ZipFile(to)
        assert any(name.endswith(".png") for name in word.namelist())
        assert "Results chain: Help arrives in time" in word.read("word/document.xml").decode()
