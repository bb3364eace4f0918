"""Meetings: the next one, the series, and what has been held."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QComboBox, QDateEdit, QLineEdit, QSpinBox, QWidget

from citystat import periods
from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.meetings.agenda import standard_agenda
from citystat.meetings.meeting import MeetingRow, meetings, next_meeting, plan_meeting
from citystat.meetings.people import people
from citystat.meetings.series import all_series, save_series
from citystat.texts import plural, tr
from citystat.today.wanted import in_days
from citystat.views.measures.edit import FormDialog
from citystat.views.widgets.page import Page
from citystat.views.widgets.table import Column, Table

STATUS = {"planned": "planned", "running": "running", "adjourned": "to be approved", "approved": "approved"}


class MeetingsPage(Page):
    """All meetings, newest first."""

    def __init__(self, city: City, today: date | None = None) -> None:
        super().__init__()
        self._city, self._today = city, today or date.today()
        self.title = tr("Meetings")
        self.table = Table(_columns(), tr("Meetings"))
        self.table.opened.connect(lambda m: self.go.emit(f"meeting:{m.id}"))
        self.body.addWidget(self.table, 1)
        self.refresh()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("New series"), lambda: SeriesDialog(self._city, self).open(), ""),
            (tr("Plan a meeting"), self._plan, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        with self._city.read() as read:
            rows = meetings(read)
            following = next_meeting(read, self._today)
            series = len(all_series(read))
        self.table.set_rows(rows)
        if following:
            self.head(
                tr("{series}, {when}", series=following.series, when=in_days((following.day - self._today).days)),
                plural(series, "{n} series", "{n} series"),
            )
        else:
            self.head(
                tr("No meeting is planned"),
                tr("Begin with a series, such as PublicSafetyStat, then plan its next meeting.")
                if not series
                else plural(series, "{n} series", "{n} series"),
            )

    def _plan(self) -> None:
        with self._city.read() as read:
            rows = all_series(read)
        if not rows:
            self.said.emit(tr("Make a series first"))
            SeriesDialog(self._city, self).open()
            return
        PlanDialog(self._city, rows, self._today, self).open()


def _columns() -> list[Column]:
    return [
        Column(tr("Day"), lambda m: periods.weekday_label(m.day), width=190, key=lambda m: m.day),
        Column(tr("Series"), lambda m: m.series, bold=True),
        Column(tr("No."), lambda m: str(m.number), right=True, width=60, key=lambda m: m.number),
        Column(tr("Place"), lambda m: m.place, width=180, colour=lambda _: "soft"),
        Column(tr("Status"), lambda m: tr(STATUS[m.status]), width=140, colour=_colour),
    ]


def _colour(row: MeetingRow) -> str:
    return {"running": "accent", "planned": "accent"}.get(row.status, "soft")


class SeriesDialog(FormDialog):
    """A new series."""

    def __init__(self, city: City, parent: QWidget) -> None:
        super().__init__(tr("New series"), parent)
        self._city = city
        self._name, self._rhythm, self._place = QLineEdit(), QLineEdit(), QLineEdit()
        self._name.setPlaceholderText("PublicSafetyStat")
        self._rhythm.setPlaceholderText(tr("second Tuesday of the month"))
        self._minutes = QSpinBox()
        self._minutes.setRange(10, 480)
        self._minutes.setValue(90)
        self._chair = QComboBox()
        self._chair.addItem(tr("none"), None)
        with city.read() as read:
            for person in people(read):
                self._chair.addItem(person.name, person.id)
        for words, widget in (
            (tr("Name"), self._name), (tr("Rhythm"), self._rhythm), (tr("Place"), self._place),
            (tr("Minutes"), self._minutes), (tr("Chair"), self._chair),
        ):  # fmt: skip
            self.field(words, widget)
        self.finish()

    def save(self) -> None:
        """Make it."""
        chair = self._chair.currentData()
        save_series(
            self._city, None, name=self._name.text().strip(), rhythm=self._rhythm.text(), place=self._place.text(),
            minutes=self._minutes.value(), chair_id=chair, members=[(chair, "chair")] if chair else [],
        )  # fmt: skip


class PlanDialog(FormDialog):
    """The next meeting of a series."""

    def __init__(self, city: City, rows: list[Any], today: date, parent: MeetingsPage) -> None:
        super().__init__(tr("Plan a meeting"), parent)
        self._city, self._page = city, parent
        self._series, self._day = QComboBox(), QDateEdit(QDate(today.year, today.month, today.day).addDays(14))
        for row in rows:
            self._series.addItem(row.name, row.id)
        self._day.setCalendarPopup(True)
        self._day.setDisplayFormat("dddd d MMMM yyyy")
        self.field(tr("Series"), self._series)
        self.field(tr("Day"), self._day)
        self.finish()

    def save(self) -> None:
        """Plan it with the standard agenda, and go there."""
        if self._series.currentData() is None:
            raise CityStatError(tr("Choose a series"))
        made = plan_meeting(self._city, self._series.currentData(), self._day.date().toPython())
        standard_agenda(self._city, made)
        self._page.go.emit(f"meeting:{made}")
