"""A measure's page: read, changed, copied, printed, explored."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPageLayout
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.measures import edit
from citystat.measures.changes import changes
from citystat.measures.standing import next_data, standing, standings
from citystat.measures.target import TargetStep
from citystat.measures.targets import set_target
from citystat.people.roster import everyone
from citystat.views import jobs
from citystat.views.measures import as_picture
from citystat.views.measures.charting import ChartingDialog
from citystat.views.measures.define import MeasureDialog
from citystat.views.measures.edit import NoteDialog, ValueDialog
from citystat.views.measures.facts import Link
from citystat.views.measures.list import MeasuresPage, _moved, _others
from citystat.views.measures.lists import words_listed
from citystat.views.measures.page import MeasurePage
from citystat.views.measures.targets import TargetDialog, targets_listed
from citystat.views.shell.theme import apply


@pytest.fixture
def page(qtbot: QtBot, sample_city: City, today: date) -> MeasurePage:
    made = MeasurePage(sample_city, "EC-01", today)
    qtbot.addWidget(made)
    stop = sample_city.subscribe(made.refresh)
    made.destroyed.connect(lambda: stop())
    made.resize(1232, 808)
    made.show()
    return made


def test_the_facts_lead_to_goal_and_promises(page: MeasurePage, qtbot: QtBot) -> None:
    links = page.facts.findChildren(Link)
    gone: list[str] = []
    page.go.connect(gone.append)
    for link in links:
        QTest.keyClick(link, Qt.Key.Key_Space)
    assert gone[0].startswith("goals:")
    assert len(gone) > 1 and all(address.startswith("actions:") for address in gone[1:])


def test_next_data_is_the_end_of_the_next_period_and_the_lag(page: MeasurePage) -> None:
    assert next_data(page._standing.series) == date(2026, 4, 15)


def test_the_table_shows_a_year_and_then_all(page: MeasurePage) -> None:
    assert page.table.model().rowCount() == 12
    QTest.mouseClick(page.more, Qt.MouseButton.LeftButton)
    assert page.table.model().rowCount() == len(page._rows) > 12
    assert page.table.verticalScrollBar().maximum() == 0


def test_a_value_is_corrected_with_a_reason_and_taken_back(page: MeasurePage, sample_city: City) -> None:
    period = page._rows[1].start
    page.correct(period)
    dialog = page.findChild(ValueDialog)
    assert dialog.value.value() == pytest.approx(float(page._standing.series.values[-2]), abs=0.01)
    dialog.value.setValue(90.5)
    dialog.attempt()
    assert dialog.isVisible() and "reason" in dialog._wrong.text()
    dialog.reason.setText("Recount by dispatch")
    dialog.attempt()
    assert page._rows[1].value == "90.5 %" and "→ 90.5 %" in page._rows[1].note
    with sample_city.read() as read:
        newest = changes(read, page._standing.measure)[0]
    assert newest.who == "tester" and "90.5 %" in newest.details[0]
    sample_city.undo()
    assert page._rows[1].value == "93.7 %"


def test_words_on_the_chart_are_changed_removed_and_taken_back(page: MeasurePage, sample_city: City) -> None:
    listed = words_listed(sample_city, page._standing.series, page)
    listed.open()
    before = len(listed.list.rows)
    QTest.keyClick(listed.list, Qt.Key.Key_Return)
    dialog = listed.findChild(NoteDialog)
    dialog.text.setText("Night shift plan")
    dialog.attempt()
    assert listed.list.rows[0].title == "Night shift plan" and len(listed.list.rows) == before
    QTest.keyClick(listed.list, Qt.Key.Key_Delete)
    assert len(listed.list.rows) == before - 1
    QTest.mouseClick(listed.back, Qt.MouseButton.LeftButton)
    assert len(listed.list.rows) == before


def test_a_target_is_removed_and_the_one_before_holds(page: MeasurePage, sample_city: City) -> None:
    listed = targets_listed(sample_city, page._standing.series, page)
    listed.open()
    QTest.keyClick(listed.list, Qt.Key.Key_Delete)
    with sample_city.read() as read:
        assert standing(read, "EC-01").target == 90


def test_a_target_shows_its_unit(page: MeasurePage, sample_city: City) -> None:
    assert TargetDialog(sample_city, page._standing.series, page).value.text().endswith(" %")


def test_a_target_asks_which_direction_is_better_where_nobody_said_it(page: MeasurePage, sample_city: City) -> None:
    measure = page._standing.measure
    assert TargetDialog(sample_city, page._standing.series, page).better is None
    edit.save_measure(sample_city, measure.id, direction="none")
    dialog = TargetDialog(sample_city, page._standing.series, page)
    dialog.open()
    dialog.value.setValue(95)
    dialog.attempt()
    assert dialog.isVisible() and "which direction is better" in dialog._wrong.text()
    dialog.better.setCurrentIndex(dialog.better.findData("higher"))
    dialog.attempt()
    with sample_city.read() as read:
        found = standing(read, "EC-01")
    assert (found.target, found.measure.direction) == (95, "higher")
    sample_city.undo()
    with sample_city.read() as read:
        assert standing(read, "EC-01").measure.direction == "none"  # one act, taken back as one


def test_the_code_of_a_measure_can_be_changed_while_it_is_on_view(page: MeasurePage, sample_city: City) -> None:
    dialog = MeasureDialog(sample_city, page._standing.measure, page)
    dialog.code.setText("EC-91")
    dialog.owner.setCurrentIndex(0)
    dialog.attempt()
    assert page.title.endswith("EC-91") and page._standing.measure.owner == ""


def test_a_range_upside_down_is_refused(sample_city: City) -> None:
    with pytest.raises(edit.CityStatError, match="below"):
        set_target(sample_city, 1, TargetStep(date(2026, 1, 1), 9, 3))


def test_the_picture_is_copied_as_pixels_and_as_svg(page: MeasurePage) -> None:
    as_picture.copy(page._chart)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage() and b"<svg" in bytes(data.data("image/svg+xml").data())


def test_the_picture_is_saved(page: MeasurePage, tmp_path: Path) -> None:
    as_picture.save(page._chart, tmp_path / "chart.png")
    as_picture.save(page._chart, tmp_path / "chart.svg")
    assert QImage(str(tmp_path / "chart.png")).width() == 1200
    assert b"<svg" in (tmp_path / "chart.svg").read_bytes()


def test_the_chart_is_printed_on_one_page(page: MeasurePage, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "chart.pdf"))
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    as_picture.print_to(page._chart, printer)
    assert (tmp_path / "chart.pdf").read_bytes().startswith(b"%PDF")
    if shutil.which("pdftoppm"):
        subprocess.run(["pdftoppm", "-r", "50", "-png", tmp_path / "chart.pdf", tmp_path / "page"], check=True)
        pages = list(tmp_path.glob("page*.png"))
        assert len(pages) == 1
        paper = QImage(str(pages[0]))
        assert len({paper.pixel(x, paper.height() // 2) for x in range(paper.width())}) > 3


def test_explore_pans_zooms_points_and_goes_back(page: MeasurePage) -> None:
    page.explore()
    plot = page.place.interactive
    whole = plot.plotItem.vb.viewRange()[0]
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    near = plot.plotItem.vb.viewRange()[0]
    assert near[1] - near[0] < whole[1] - whole[0]
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.plotItem.vb.viewRange()[0][0] > near[0]
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert plot.plotItem.vb.viewRange()[0] == pytest.approx(whole)
    assert plot.point_at(len(page._chart.periods) - 1) == "Feb 2026: 93.3 %"
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert page.place.interactive is None and page.chart.isVisible()


def test_the_list_is_searched_by_owner_and_says_when_nothing_fits(qtbot: QtBot, sample_city: City) -> None:
    made = MeasuresPage(sample_city)
    qtbot.addWidget(made)
    made.show()
    QTest.keyClicks(made._search, "whitfield calls")
    assert 0 < made.table.model().rowCount() < 20
    QTest.keyClicks(made._search, " nowhere")
    assert made._nothing.isVisible()


def test_a_new_measure_needs_no_code_of_its_own(qtbot: QtBot, sample_city: City) -> None:
    page = MeasuresPage(sample_city)
    qtbot.addWidget(page)
    dialog = MeasureDialog(sample_city, None, page)
    dialog.name.setText("Trees planted along streets")
    assert dialog.code.placeholderText() == "TPAS-01"
    dialog.attempt()
    with sample_city.read() as read:
        assert standing(read, "TPAS-01").measure.name == "Trees planted along streets"


def test_the_list_shows_values_at_once_and_signals_as_they_are_judged(qtbot: QtBot, sample_city: City) -> None:
    made = MeasuresPage(sample_city)
    qtbot.addWidget(made)
    model = made.table.model()

    def column(n: int) -> list[str]:
        return [model.index(row, n).data() for row in range(model.rowCount())]

    before = {n: column(n) for n in (0, 1, 4, 5, 6, 7)}
    assert "93.3 %" in before[4] and "Above target" in before[7] and set(column(8)) == {""}
    widths = [made.table.columnWidth(n) for n in range(9)]
    jobs.wait()
    judged = {n: column(n) for n in before}
    assert {"✓ Above target, Jan", "✓ Below target"} <= set(judged[7])  # the mark comes with the judgement
    assert {n: [words.lstrip("✓✕ ") for words in column(n)] for n in before} == before
    assert "● Improved, and holding" in column(8) and "" not in column(8)
    assert [made.table.columnWidth(n) for n in range(9)] == widths
    assert made.sentence.text().endswith("got worse")


def test_status_is_said_as_the_headline_says_it(sample_city: City) -> None:
    """One vocabulary: the list, the chip and the sentence above the chart."""
    with sample_city.read() as read:
        for found in standings(read):
            assert found.place.split(" ")[0] in ("", "Above", "Below", "On", "Within")
            if found.place and not found.headline.startswith("Always") and " in " not in found.headline:
                assert found.headline.startswith(found.place)


def test_earlier_marks_are_told_beneath_the_chart_and_under_the_mouse(
    qtbot: QtBot, sample_city: City, today: date
) -> None:
    made = MeasurePage(sample_city, "FD-05", today)
    qtbot.addWidget(made)
    made.show()
    told = "eight months in a row below the new average, though above the old one"
    assert (
        told in made.place.marked.text() and "(concern)" in made.place.marked.text() and made.place.marked.isVisible()
    )
    made.chart._point_at(made._chart.periods.index("Aug 2024"))
    assert made.chart.accessibleDescription() == f"Aug 2024: 553, {told}"


@pytest.mark.parametrize(("better", "worse", "said"), [
    (0, 0, "None got better, none got worse"), (5, 0, "Five got better, none got worse"),
    (0, 1, "None got better, one got worse"), (14, 13, "14 got better, 13 got worse"),
])  # fmt: skip
def test_the_list_says_what_moved(better: int, worse: int, said: str) -> None:
    assert _moved(better, worse) == said


def test_what_moved_without_a_direction_is_not_passed_over() -> None:
    assert _moved(0, 0, 6) == "Six moved, and nobody said which direction is better"
    assert _moved(1, 0, 6) == "One got better, none got worse"
    assert _others(0, 0, 6) == "6 measures"
    assert _others(3, 1, 6) == "3 of 6 moved as they always do, 1 changed without being better or worse"


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize(("width", "height"), [(960, 640), (1366, 768)])
def test_in_the_list_names_have_the_room_first(
    qtbot: QtBot, qapp: QApplication, sample_city: City, width: int, height: int, scale: float
) -> None:
    apply(qapp, scale=scale, dark=False)
    made = MeasuresPage(sample_city)
    qtbot.addWidget(made)
    made.resize(width - round(56 * scale), height)
    made.show()
    jobs.wait()
    names, over = made.table.columnWidth(1), made.table.horizontalScrollBar().maximum()
    apply(qapp, dark=False)
    assert names >= 190 * scale and over == 0


def test_a_long_name_shows_its_beginning_when_its_dialog_opens(qtbot: QtBot, sample_city: City) -> None:
    with sample_city.read() as read:
        m = standing(read, "EC-01").measure
    dialog = MeasureDialog(sample_city, m, None)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.name.selectedText() == m.name and dialog.name.cursorPosition() == 0


def test_a_chart_is_explained_on_demand_and_its_way_of_judging_is_set_there(page: MeasurePage) -> None:
    assert not page.explained.words.isVisible()
    page.explained.open_button.click()
    assert page.explained.words.isVisible()
    assert "p′ chart" in page.explained.words.text()
    page.explained.judge_button.click()
    dialog = page.findChild(ChartingDialog)
    dialog.baseline.setText("ten")
    dialog.attempt()
    assert "not a whole number" in dialog._wrong.text()
    dialog.baseline.setText("")
    dialog.chart.setCurrentIndex(dialog.chart.findData("xmr"))
    dialog.attempt()
    assert "XmR chart" in page.explained.words.text()


def test_where_limits_might_begin_anew_is_offered_and_waits_for_a_reason(page: MeasurePage, sample_city: City) -> None:
    with sample_city.read() as read:
        (restart,) = [w for w in edit.words_on_chart(read, standing(read, "EC-01").measure.id) if w.kind == "rebase"]
    edit.remove_annotation(sample_city, restart.id)
    assert "Mar 2025" in page.explained.offer.text()
    page.explained.restart_button.click()
    dialog = page.findChild(NoteDialog)
    assert (dialog.kind.currentData(), dialog.period.currentData()) == ("rebase", date(2025, 3, 1))
    dialog.text.setText("New shift plan")
    dialog.attempt()
    assert page.explained.offer.text() == ""


def test_the_outlook_comes_in_the_background_and_goes_again(qtbot: QtBot, page: MeasurePage) -> None:
    page.look_ahead()
    qtbot.waitUntil(lambda: page.outlook.isVisible(), timeout=20_000)
    assert "is heading for" in page.outlook.text()
    assert page._chart.ahead is not None
    page.explore()
    page.explore()
    page.look_ahead()
    assert not page.outlook.isVisible()
    assert page._chart.ahead is None


def test_the_history_names_fields_and_people_in_words(page: MeasurePage, sample_city: City) -> None:
    with sample_city.read() as read:
        m = standing(read, "EC-01").measure
        owner = next(p for p in everyone(read) if p.name != m.owner)
    edit.save_measure(sample_city, m.id, owner_id=owner.id, direction="none")
    with sample_city.read() as read:
        said = changes(read, m)[0].details
    assert f"Owner: {m.owner} → {owner.name}" in said
    assert "Better is: higher → none" in said
