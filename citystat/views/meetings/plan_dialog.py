"""Planning in dialogs: a series, its next meeting, another day for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import Qt, QTime
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSpinBox, QTimeEdit, QWidget

from citystat import periods
from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures.series import definitions
from citystat.meetings import plan
from citystat.meetings.forms import ROLES
from citystat.meetings.meeting import MeetingRow
from citystat.meetings.people import people
from citystat.meetings.series import SeriesRow, members, remit, remove_series, save_series
from citystat.texts import tr
from citystat.views import acts
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.fields import FieldsDialog, choice, day_edit, line
from citystat.views.widgets.marks import button
from citystat.views.widgets.page import Page

KEY = Qt.ItemDataRole.UserRole


class PlanDialog(FieldsDialog):
    """The next meeting of a series."""

    def __init__(self, city: City, rows: Sequence[SeriesRow], today: date, page: Page) -> None:
        super().__init__(tr("Plan a meeting"), page, done=tr("Plan"))
        self._city, self._page = city, page
        self.series = choice(tr("Series"), [(r.name, r.id) for r in rows])
        self.day = day_edit(today + timedelta(days=14))
        self.fields.field(tr("Series"), self.series)
        self.fields.field(tr("Day"), self.day)

    def save(self) -> None:
        """Plan it with the standard agenda, and go there."""
        made = plan.plan(self._city, self.series.currentData(), self.day.date().toPython())
        self._page.go.emit(f"meeting:{made}")


class MoveDialog(FieldsDialog):
    """Another day, hour, length, place or chair; or no meeting at all."""

    def __init__(self, city: City, row: MeetingRow, page: Page) -> None:
        super().__init__(tr("Move or cancel"), page, done=tr("Move"))
        self._city, self._row, self._page = city, row, page
        self.day, self.starts, self.minutes = day_edit(row.day), _time(row.starts), _minutes(row.minutes)
        self.place = line(row.place)
        with city.read() as read:
            everyone = people(read)
        self.chair = choice(tr("Chair"), [(tr("none"), None), *((p.name, p.id) for p in everyone)], row.chair_id)
        for words, widget in (
            (tr("Day"), self.day), (tr("Starts"), self.starts), (tr("Length"), self.minutes), (tr("Place"), self.place),
            (tr("Chair"), self.chair),
        ):  # fmt: skip
            self.fields.field(words, widget)
        self.fields.wide(button(tr("Cancel this meeting"), self.cancel_meeting, kind="link"))

    def save(self) -> None:
        """Move it."""
        plan.move(
            self._city, self._row.id, day=self.day.date().toPython(), starts=self.starts.time().toPython(),
            minutes=self.minutes.value(), place=self.place.text(), chair_id=self.chair.currentData(),
        )  # fmt: skip

    def cancel_meeting(self) -> None:
        """Not held; one click takes that back."""
        plan.cancel(self._city, self._row.id)
        self.accept()
        words = tr("{series} on {day} is cancelled", series=self._row.series, day=periods.day_label(self._row.day))
        acts.told(self._page, words, self._city.undo)


class SeriesDialog(FieldsDialog):
    """A series, new or known: name, rhythm, place, start, length, chair, members with roles, measures in its remit."""

    def __init__(self, city: City, row: SeriesRow | None, parent: QWidget) -> None:
        super().__init__(tr("Series") if row else tr("New series"), parent)
        self._city, self._id, self._name = city, row.id if row else None, row.name if row else ""
        self.name = line(row.name if row else "", hint="PublicSafetyStat")
        self.rhythm = line(row.rhythm if row else "", hint=tr("second Tuesday of the month"))
        self.place = line(row.place if row else "", hint=tr("City Hall, room 4"))
        self.starts = _time(row.starts) if row else _time(None)
        self.minutes = _minutes(row.minutes if row else 90)
        with city.read() as read:
            everyone, measures = people(read), definitions(read)
            seated = dict(members(read, row.id)) if row else {}
            chosen = set(remit(read, row.id)) if row else set()
        self.chair = choice(
            tr("Chair"), [(tr("none"), None), *((p.name, p.id) for p in everyone)], row.chair_id if row else None
        )
        self._roles = seated
        self.members = _ticks(
            tr("Members"),
            [(f"{p.name}{', ' + p.title if p.title else ''}", p.id, p.id in seated) for p in everyone],
        )
        self.measures = _ticks(
            tr("Measures in its remit"), [(f"{m.code}   {m.name}", m.id, m.id in chosen) for m in measures]
        )
        self.role = choice(tr("Role"), [(tr(r), r) for r in ROLES])
        self.members.currentRowChanged.connect(self._show_role)
        self.role.activated.connect(self._set_role)
        for words, widget in (
            (tr("Name"), self.name), (tr("Rhythm"), self.rhythm), (tr("Place"), self.place), (tr("Starts"), self.starts),
            (tr("Length"), self.minutes), (tr("Chair"), self.chair), (tr("Members"), self.members),
            (tr("Role of the chosen"), self.role), (tr("Remit"), self.measures),
        ):  # fmt: skip
            self.fields.field(words, widget)
        self.members.setCurrentRow(0)
        if row is not None:
            self.fields.wide(button(tr("Remove this series"), self.remove, kind="link"))

    def remove(self) -> None:
        """Take the series away, which one click brings back; one that has met stays, and the dialog says why."""
        assert self._id is not None
        try:
            remove_series(self._city, self._id)
        except CityStatError as error:
            self.refuse(error)
            return
        self.accept()
        acts.told(self.parentWidget(), tr("{series} was removed", series=self._name), self._city.undo)

    def save(self) -> None:
        """Make it, or change it."""
        chair = self.chair.currentData()
        seated = {p: self._roles.get(p, "panel") for p in _ticked(self.members)}
        seated = {p: ("panel" if role == "chair" and p != chair else role) for p, role in seated.items()}
        if chair is not None:
            seated[chair] = "chair"
        save_series(
            self._city, self._id, name=self.name.text(), rhythm=self.rhythm.text().strip(), place=self.place.text().strip(),
            starts=self.starts.time().toPython(), minutes=self.minutes.value(), chair_id=chair,
            members=list(seated.items()), measures=_ticked(self.measures),
        )  # fmt: skip

    def _show_role(self, at: int) -> None:
        item = self.members.item(at)
        if item is not None:
            self.role.setCurrentIndex(max(0, self.role.findData(self._roles.get(item.data(KEY), "panel"))))

    def _set_role(self, _: int) -> None:
        """A role is given by sitting down: it ticks the person, too."""
        item = self.members.currentItem()
        if item is not None:
            self._roles[item.data(KEY)] = self.role.currentData()
            item.setCheckState(Qt.CheckState.Checked)


def _ticks(name: str, offers: Sequence[tuple[str, int, bool]]) -> QListWidget:
    made = QListWidget()
    made.setAccessibleName(name)
    made.setFixedHeight(round(theme().px(140)))
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setSpacing(3)
    made.setObjectName("ticks")
    for words, key, ticked in sorted(offers, key=lambda o: not o[2]):
        item = QListWidgetItem(words, made)
        item.setData(KEY, key)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
    return made


def _ticked(ticks: QListWidget) -> list[int]:
    items = [ticks.item(i) for i in range(ticks.count())]
    return [item.data(KEY) for item in items if item.checkState() == Qt.CheckState.Checked]


def _time(at: object) -> QTimeEdit:
    made = QTimeEdit(QTime(at.hour, at.minute) if at is not None else QTime(10, 0))
    made.setDisplayFormat("HH:mm")
    return made


def _minutes(n: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(5, 480)
    box.setValue(n)
    box.setSuffix(" " + tr("min"))
    return box
