"""Return sheets and closed periods in the window: seen before they are kept, reasons asked once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from citystat.city import City, journal
from citystat.collect import close
from citystat.collect.close import Scope
from citystat.views import jobs
from citystat.views.collect.bring_in import ImportPage
from citystat.views.collect.return_dialog import ReturnDialog
from citystat.views.measures.closing import CloseDialog, ReopenDialog
from citystat.views.measures.edit import ValueDialog
from citystat.views.shell.offers import offers
from citystat.views.shell.window import MainWindow
from citystat.views.widgets.fields import ReasonDialog
from tests.collect.bringing import NOW, measure
from tests.collect.sheets import FEBRUARY, blank, fill

GOOD = {("FD-08", "", "value"): 301, ("FD-03", "Ward 2", "value"): 4, ("FD-08", "", "note"): "snow week"}


@pytest.fixture
def fire(sample_city: City, window_on: Callable[[City], MainWindow]) -> MainWindow:
    return window_on(sample_city)


def dropped(window: MainWindow, path: Path) -> ImportPage:
    """The page after a file was dropped on the window."""
    window.go(f"import:{path}")
    jobs.wait()
    assert isinstance(window.page, ImportPage)
    return window.page


def sheet(city: City, folder: Path, values: dict[tuple[str, str, str], object]) -> Path:
    blank(city, folder / "Fire.xlsx", department="Fire")
    return fill(folder / "Fire.xlsx", values)


def asked_why(window: MainWindow) -> ReasonDialog:
    (dialog,) = [d for d in window.findChildren(ReasonDialog) if d.isVisible()]
    return dialog


def test_a_dropped_sheet_shows_its_figures_and_comes_in_as_one_act(fire: MainWindow, tmp_path: Path) -> None:
    city = fire.city
    assert city is not None
    page = dropped(fire, sheet(city, tmp_path, GOOD))
    assert page.sentence.text() == "2 of 19 figures are filled in"
    assert page.under.text().startswith("Return of Fire · Fire.xlsx · 17 not reported")
    rows = page._shown.table.model_.rows
    assert [(f.measure.code, f.category, f.value, f.note) for f in rows] == [("FD-03", "Ward 2", 4, ""), ("FD-08", "", 301, "snow week")]  # fmt: skip
    assert page.go_in.text() == "Bring in 2 values"
    page.bring_in()
    jobs.wait()
    assert page.sentence.text() == "2 values are in"
    fire.undo()
    assert page.sentence.text() == "The import was taken back"


def test_a_cell_that_cannot_be_read_stands_by_its_place_and_nothing_comes_in(fire: MainWindow, tmp_path: Path) -> None:
    assert fire.city is not None
    page = dropped(fire, sheet(fire.city, tmp_path, GOOD | {("FD-01", "Ward 1", "value"): "about 9"}))
    assert page.sentence.text() == "1 cell cannot be read" and not page.go_in.isEnabled()
    first = page._shown.remarks.model_.rows[0]
    assert first.place.startswith("Return!F") and first.kind.error and "about 9" in first.words


def test_a_check_that_objects_can_be_overruled_with_a_reason(fire: MainWindow, tmp_path: Path) -> None:
    assert fire.city is not None
    page = dropped(fire, sheet(fire.city, tmp_path, GOOD | {("FD-08", "", "value"): 30_100}))
    assert page.go_in.text() == "Bring in 1 value" and "held back" in page._head.why.text()
    page._head.believe.click()
    asked_why(fire).reason.setText("a campaign")
    asked_why(fire).attempt()
    assert page.go_in.text() == "Bring in 2 values"
    page.bring_in()
    jobs.wait()
    assert float(measure(fire.city, "FD-08").values[-1]) == 30_100


def test_a_closed_period_is_asked_about_once(fire: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    city = fire.city
    assert city is not None
    close.close(city, FEBRUARY, Scope(), now=NOW)
    page = dropped(fire, sheet(city, tmp_path, GOOD))
    page.bring_in()
    jobs.wait()
    dialog = asked_why(fire)
    assert dialog.windowTitle() == "2 figures of closed periods change: why?"
    dialog.attempt()
    assert "reason" in dialog._wrong.text()
    dialog.reason.setText("the sheet was late")
    dialog.attempt()
    jobs.wait()
    qtbot.waitUntil(lambda: page.done is not None)
    assert page.sentence.text() == "2 values are in"
    assert "the sheet was late" in measure(city, "FD-08").note[-1]


def test_ctrl_z_asks_too_and_gives_up_without_a_reason(fire: MainWindow, tmp_path: Path) -> None:
    city = fire.city
    assert city is not None
    page = dropped(fire, sheet(city, tmp_path, GOOD))
    page.bring_in()
    jobs.wait()
    close.close(city, FEBRUARY, Scope(), now=NOW)
    page.take_back()
    asked_why(fire).reject()
    assert float(measure(city, "FD-08").values[-1]) == 301
    page.take_back()
    asked_why(fire).reason.setText("another year's")
    asked_why(fire).attempt()
    assert float(measure(city, "FD-08").values[-1]) != 301
    fire.redo()
    asked_why(fire).reason.setText("this year's after all")
    asked_why(fire).attempt()
    assert float(measure(city, "FD-08").values[-1]) == 301


def test_the_return_sheet_is_written_from_the_window(fire: MainWindow, tmp_path: Path) -> None:
    assert fire.city is not None
    fire.go("data")
    dialog = ReturnDialog(fire.city, fire.page, department="Fire", today=date(2026, 4, 10))
    assert not dialog.go_button.isEnabled()
    jobs.wait()
    assert dialog._says.text() == "9 measures, 19 rows to fill, wanted by 15 Apr 2026"
    dialog.write(dialog.found, [tmp_path / "f.xlsx"])
    jobs.wait()
    assert (tmp_path / "f.xlsx").stat().st_size > 5_000
    assert "f.xlsx, 19 rows to fill" in fire.bar.accessibleName()
    dialog.who.setCurrentIndex(0)
    jobs.wait()
    assert dialog._says.text().startswith("9 sheets, ") and dialog.go_button.isEnabled()


def test_where_nothing_is_missing_nothing_is_written(fire: MainWindow) -> None:
    assert fire.city is not None
    fire.go("data")
    dialog = ReturnDialog(fire.city, fire.page, department="Fire", today=date(2026, 3, 2))
    jobs.wait()
    assert "nothing to ask of Fire" in dialog._says.text() and not dialog.go_button.isEnabled()


def test_closing_and_opening_in_the_window(fire: MainWindow) -> None:
    city = fire.city
    assert city is not None
    fire.go("data")
    dialog = CloseDialog(city, fire.page, Scope(department="Fire"), today=date(2026, 3, 10))
    assert dialog._says.text().startswith("Closes 9 measures")
    dialog.attempt()
    assert "February 2026 is closed for 9 measures" in fire.bar.accessibleName()
    again = ReopenDialog(city, fire.page, Scope(department="Fire"))
    assert again._says.text() == "9 measures are closed from then on"
    again.attempt()
    assert "needs a reason" in again._wrong.text()
    again.reason.setText("the auditors asked")
    again.attempt()
    with city.read() as read:
        assert journal.trail(read, limit=1)[0].what == "Reopen February 2026: Fire · the auditors asked"


def test_a_measure_says_that_it_is_closed_and_its_figures_say_their_past(fire: MainWindow) -> None:
    city = fire.city
    assert city is not None
    close.close(city, FEBRUARY, Scope(code="FD-08"), now=NOW)
    fire.go("measure:FD-08")
    assert "through Feb 2026" in " ".join(w.text() for w in fire.page.facts.findChildren(type(fire.page.under)))
    dialog = ValueDialog(city, measure(city, "FD-08"), fire.page, FEBRUARY)
    assert "Its period is closed" in dialog._now.text()
    assert "riverton-returns-2026-02.xlsx" in dialog._history.text()
    dialog.value.setValue(301)
    dialog.reason.setText("recount")
    dialog.attempt()
    after = ValueDialog(city, measure(city, "FD-08"), fire.page, FEBRUARY)
    first, second = after._history.text().splitlines()[:2]
    assert first.startswith("301 · ") and first.endswith("recount") and "replaced" in second


def test_a_typed_value_that_a_check_refuses_asks_why_it_is_right(fire: MainWindow) -> None:
    city = fire.city
    assert city is not None
    fire.go("measure:FD-08")
    dialog = ValueDialog(city, measure(city, "FD-08"), fire.page, FEBRUARY)
    dialog.show()
    dialog.value.setValue(30_100)
    dialog.reason.setText("recount")
    assert not dialog.believed.isVisible()
    dialog.attempt()
    assert dialog.isVisible() and dialog.believed.isVisible() and "about 100 times" in dialog._wrong.text()
    dialog.believed.setText("a campaign")
    dialog.attempt()
    assert float(measure(city, "FD-08").values[-1]) == 30_100


def test_the_quality_page_tells_of_corrections(fire: MainWindow) -> None:
    from citystat.collect.typed import correct_value

    city = fire.city
    assert city is not None
    close.close(city, FEBRUARY, Scope(), now=NOW)
    correct_value(city, measure(city, "FD-08").measure.id, FEBRUARY, 301, "a late receipt", NOW)
    fire.go("quality:FD-08")
    jobs.wait()
    said = " ".join(w.text() for w in fire.page.findChildren(type(fire.page.under)))
    assert "Corrected after closing" in " ".join(w.text() for w in fire.page.findChildren(type(fire.page.under).__bases__[0])) or "a late receipt" in said  # fmt: skip
    assert "a late receipt (tester, 10 Mar 2026)" in said


def test_ctrl_k_offers_them_from_everywhere(fire: MainWindow) -> None:
    fire.go("today")
    words = {o.words for o in offers(fire)}
    assert {"Return sheet…", "Close a period…", "Open a period again…"} <= words
    next(o for o in offers(fire) if o.words == "Close a period…").act()
    (dialog,) = fire.findChildren(CloseDialog)
    dialog.reject()


def test_the_calendar_offers_the_sheet_of_the_chosen_debtor(fire: MainWindow) -> None:
    from citystat.views.collect.calendar_page import CalendarPage

    assert fire.city is not None
    page = CalendarPage(fire.city, date(2026, 4, 20))
    fire._put(page)
    jobs.wait()
    owed = next(d for d in page._debtors if d.person is not None and d.person.name == "Raymond Hall")
    page.list.choose(owed.key)
    page.own_acts()[0][1]()
    jobs.wait()
    (dialog,) = page.findChildren(ReturnDialog)
    assert dialog.who.currentText() == "Raymond Hall" and "rows to fill" in dialog._says.text()
    asked_codes = {line.measure.code for line in dialog.found[0].lines}
    assert asked_codes >= {o.measure.code for o in owed.owed if o.late}
    dialog.reject()
