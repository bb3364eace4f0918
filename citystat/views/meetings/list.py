"""Meetings: what comes, what has been held, and the series they belong to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from citystat import periods
from citystat.city import City, Touched
from citystat.meetings.meeting import MeetingRow, meetings, next_meeting
from citystat.meetings.series import all_series
from citystat.texts import plural, tr
from citystat.today.wanted import in_days
from citystat.views.meetings.plan_dialog import PlanDialog, SeriesDialog
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page
from citystat.views.widgets.table import Column, Table

STATUS = {
    "planned": "planned", "running": "running", "adjourned": "to be approved", "approved": "approved",
    "cancelled": "cancelled",
}  # fmt: skip


class MeetingsPage(Page):
    """All meetings, newest first."""

    def __init__(self, city: City, today: date | None = None) -> None:
        super().__init__()
        self._city, self._today = city, today or date.today()
        self.title = tr("Meetings")
        self.table = Table(_columns(), tr("Meetings"))
        self.table.opened.connect(lambda m: self.go.emit(f"meeting:{m.id}"))
        self._empty = EmptyPlace(
            tr("Nothing has been planned yet"),
            tr("A series says who meets, how often and about which measures. Make one, then plan its first meeting."),
            (tr("New series"), lambda: self.edit_series(None)),
        )
        self.body.addWidget(self._empty, 1)
        self.body.addWidget(self.table, 1)
        self.refresh()

    def acts(self) -> list[tuple[str, Callable[[], Any], str]]:
        """At the top right."""
        return [(tr("Series…"), self._ask_series, ""), (tr("Plan a meeting"), self.plan, "primary")]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        with self._city.read() as read:
            rows = meetings(read)
            following = next_meeting(read, self._today)
            self._series = all_series(read)
        self.table.set_rows(rows)
        self.table.setVisible(bool(rows))
        self._empty.setVisible(not rows and not self._series)
        names = ", ".join(s.name for s in self._series)
        if following and following.status == "running":
            sentence = tr("{series} is running", series=following.series)
        elif following:
            sentence = tr("{series}, {when}", series=following.series, when=in_days((following.day - self._today).days))
        else:
            sentence = tr("No meeting is planned")
        words = plural(len(self._series), "{n} series: {names}", "{n} series: {names}", names=names)
        self.head(sentence, words if self._series else "")

    def plan(self) -> None:
        """Plan a meeting; without a series that comes first."""
        if not self._series:
            self.said.emit(tr("Make a series first: who meets, how often, about what"))
            self.edit_series(None)
            return
        PlanDialog(self._city, self._series, self._today, self).open()

    def edit_series(self, series_id: int | None) -> None:
        """A new series, or a known one."""
        SeriesDialog(self._city, next((s for s in self._series if s.id == series_id), None), self).open()

    def _ask_series(self) -> None:
        menu = QMenu(self)
        for s in self._series:
            menu.addAction(tr("Change {name}…", name=s.name), lambda key=s.id: self.edit_series(key))
        menu.addSeparator()
        menu.addAction(tr("New series…"), lambda: self.edit_series(None))
        menu.popup(self.mapToGlobal(QPoint(self.width() - menu.sizeHint().width(), 0)))


def _columns() -> list[Column]:
    return [
        Column(tr("Day"), lambda m: periods.weekday_label(m.day), width=210, key=lambda m: m.day),
        Column(tr("Series"), lambda m: m.series, bold=True),
        Column(tr("No."), lambda m: str(m.number), right=True, width=60, key=lambda m: m.number, spare=1),
        Column(tr("Place"), lambda m: m.place, width=190, colour=lambda _: "soft", spare=1),
        Column(tr("Status"), lambda m: tr(STATUS[m.status]), width=150, colour=_colour),
    ]


def _colour(row: MeetingRow) -> str:
    return {"running": "accent", "planned": "accent"}.get(row.status, "soft")
