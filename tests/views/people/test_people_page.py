"""From an empty city: a department, its head, a series, a meeting."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from citystat.city import City
from citystat.meetings.meeting import attendance, next_meeting
from citystat.meetings.series import all_series, save_series
from citystat.people.roster import departments, everyone, save_department, save_person
from citystat.views.meetings.list import MeetingsPage
from citystat.views.meetings.plan_dialog import MoveDialog, PlanDialog, SeriesDialog
from citystat.views.people.page import DepartmentDialog, PeoplePage, PersonDialog


def test_people_and_departments_are_added_and_changed(qtbot: QtBot, city: City) -> None:
    page = PeoplePage(city)
    qtbot.addWidget(page)
    assert page.sentence.text() == "Nobody can be named as an owner yet"
    unit = DepartmentDialog(city, None, page)
    qtbot.keyClicks(unit.name, "Fire")
    qtbot.keyClicks(unit.code, "fd")
    qtbot.mouseClick(unit.go_button, Qt.MouseButton.LeftButton)
    page.refresh()
    person = PersonDialog(city, None, page._departments, page)
    qtbot.keyClicks(person.name, "Raymond Hall")
    person.department.setCurrentIndex(1)
    person.heads.setChecked(True)
    person.attempt()
    page.refresh()
    assert page.sentence.text() == "One person in one department"
    with city.read() as read:
        assert [(d.name, d.head) for d in departments(read)] == [("Fire", "Raymond Hall")]
        assert [(p.name, p.initials) for p in everyone(read)] == [("Raymond Hall", "rh")]


def test_a_refused_person_stays_as_typed(qtbot: QtBot, city: City) -> None:
    page = PeoplePage(city)
    qtbot.addWidget(page)
    dialog = PersonDialog(city, None, [], page)
    dialog.email.setText("not an address")
    dialog.name.setText("Raymond Hall")
    dialog.attempt()
    assert "no e-mail address" in dialog._wrong.text()
    assert dialog.name.text() == "Raymond Hall"


def test_a_series_is_made_and_its_meeting_planned_moved_and_cancelled(
    qtbot: QtBot, sample_city: City, today: date
) -> None:
    page = MeetingsPage(sample_city, today)
    qtbot.addWidget(page)
    dialog = SeriesDialog(sample_city, None, page)
    dialog.name.setText("ParkStat")
    dialog.chair.setCurrentIndex(1)
    dialog.members.setCurrentRow(3)
    dialog.role.setCurrentIndex(dialog.role.findData("budget"))
    dialog._set_role(0)
    dialog.measures.item(0).setCheckState(Qt.CheckState.Checked)
    dialog.attempt()
    with sample_city.read() as read:
        made = next(s for s in all_series(read) if s.name == "ParkStat")
    page.refresh()
    planning = PlanDialog(sample_city, page._series, today, page)
    planning.series.setCurrentIndex(planning.series.findData(made.id))
    with qtbot.waitSignal(page.go) as went:
        planning.attempt()
    assert went.args[0].startswith("meeting:")
    with sample_city.read() as read:
        row = next_meeting(read, today, series_id=made.id)
        assert sorted(p.role for p in attendance(read, row.id)) == ["budget", "chair"]
    moving = MoveDialog(sample_city, row, page)
    moving.place.setText("Annex")
    moving.attempt()
    moving.cancel_meeting()
    with sample_city.read() as read:
        assert next_meeting(read, today, series_id=made.id) is None
    sample_city.undo()
    with sample_city.read() as read:
        assert next_meeting(read, today, series_id=made.id).place == "Annex"


def test_the_headline_counts_the_departments_that_people_work_in(qtbot: QtBot, city: City) -> None:
    save_department(city, None, code="FD", name="Fire")
    for name in ("Ann Lee", "Bo Lin", "Cy Roe"):
        save_person(city, None, name=name)
    page = PeoplePage(city)
    qtbot.addWidget(page)
    assert page.sentence.text() == "Three people, in no department yet"


def test_a_series_that_never_met_is_removed_and_one_that_met_says_why_it_stays(
    qtbot: QtBot, sample_city: City, today: date
) -> None:
    made = save_series(sample_city, None, name="ParkStat")
    page = MeetingsPage(sample_city, today)
    qtbot.addWidget(page)
    rows = {s.id: s for s in page._series}
    held = SeriesDialog(sample_city, next(s for s in rows.values() if s.id != made), page)
    held.open()
    held.remove()
    assert held.isVisible() and "on record" in held._wrong.text()
    dialog = SeriesDialog(sample_city, rows[made], page)
    dialog.open()
    dialog.remove()
    assert not dialog.isVisible()
    with sample_city.read() as read:
        assert "ParkStat" not in [s.name for s in all_series(read)]
