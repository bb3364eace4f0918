"""The small form of one entry on the record: words, owner, due date, form, status, rank, answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City
from citystat.errors import CityStatError
from citystat.meetings.agenda import Item
from citystat.meetings.capture import Captured
from citystat.meetings.forms import FORMS, STATUSES
from citystat.meetings.people import Someone
from citystat.meetings.record import change_entry, fields_of
from citystat.texts import tr
from citystat.views.widgets.fields import DayField, Fields, choice, paragraph
from citystat.views.widgets.marks import label
from citystat.views.widgets.page import clear

AFTER_APPROVAL = ("answer",)  # what may still come in when the minutes are locked


class EntryForm(QWidget):
    """Edits one entry; words that were typed stay when the city changes underneath.

    Signals: refused(words) when something cannot be written; it stays in the form.
    """

    refused = Signal(str)

    def __init__(self, city: City, everyone: Sequence[Someone], items: Sequence[Item], day: date) -> None:
        super().__init__()
        self._city, self._people, self._items, self._day = city, everyone, items, day
        self._entry: tuple[str, int] | None = None
        self._known: dict[str, Any] = {}
        self.fields: dict[str, QWidget] = {}
        self._inside = QVBoxLayout(self)
        self._inside.setContentsMargins(0, 0, 0, 0)

    @property
    def entry(self) -> tuple[str, int] | None:
        """Kind and id of the entry in the form."""
        return self._entry

    def show_entry(self, entry: Captured | None, *, locked: bool = False) -> None:
        """Show an entry, or nothing."""
        known: dict[str, Any] = {}
        if entry is not None:
            with self._city.read() as read:
                known = fields_of(read, entry.kind, entry.id)
        if entry is None or not known:
            self._entry, self._known, self.fields = None, {}, {}
            clear(self._inside)
            return
        open_fields = [n for n in known if not locked or n in AFTER_APPROVAL]
        typed: set[str] = set()
        same = (entry.kind, entry.id) == self._entry and open_fields == list(self.fields)
        if same and self._words(known) == self._words(self._known):
            typed = {n for n, v in self._typed().items() if v != self._known[n]}
        else:
            self._entry = (entry.kind, entry.id)
            self._lay_out(known, open_fields)
        self._known = known
        for name in self.fields.keys() - typed:
            _put(self.fields[name], known[name])

    def _words(self, known: dict[str, Any]) -> dict[str, Any]:
        """What stands in the form as words, not as fields."""
        return {n: v for n, v in known.items() if n not in self.fields}

    def begin(self) -> None:
        """The first field takes the keyboard; approved minutes have none."""
        for field in list(self.fields.values())[:1]:
            field.setFocus()

    def save(self) -> None:
        """Write what was typed, if it differs; CityStatError leaves it in the form."""
        if self._entry is None:
            return
        changed = {n: v for n, v in self._typed().items() if v != self._known[n]}
        if changed:
            before, self._known = self._known, self._known | changed
            try:
                change_entry(self._city, *self._entry, datetime.now(), **changed)
            except BaseException:
                self._known = before
                raise

    def _lay_out(self, known: dict[str, Any], fields: Sequence[str]) -> None:
        """Fields for what may be changed, words for what is locked, and nothing where nothing was written."""
        clear(self._inside)
        form = Fields()
        names = self._names()
        made: dict[str, Callable[[], QWidget]] = {
            "text": lambda: paragraph(lines=3),
            "owner_id": lambda: choice(names["owner_id"], [(tr("nobody yet"), None), *((p.name, p.id) for p in self._people)]),
            "due": lambda: DayField(names["due"], self._day),
            "form": lambda: choice(names["form"], [(tr("none yet"), ""), *((tr(f), f) for f in FORMS)]),
            "status": lambda: choice(names["status"], [(tr(w), s) for s, (w, _) in STATUSES.items()]),
            "rank": _rank,
            "answer": lambda: paragraph(lines=3),
            "item_id": lambda: choice(names["item_id"], [(tr("no item"), None), *((i.title, i.id) for i in self._items)]),
        }  # fmt: skip
        self.fields = {}
        for name, value in known.items():
            if name in fields:
                self.fields[name] = made[name]()
                form.field(names[name], self.fields[name])
            elif said := self._said(name, value):
                form.field(names[name], label(said, wrap=True))
        form.left.connect(self.left)
        for widget in self.fields.values():
            if hasattr(widget, "activated"):
                widget.activated.connect(lambda _: self.left())
            if isinstance(widget, DayField):
                widget.changed.connect(self.left)
        self._inside.addWidget(form)

    def _said(self, name: str, value: Any) -> str:
        """A value in words."""
        if name == "owner_id":
            return next((p.name for p in self._people if p.id == value), "")
        if name == "item_id":
            return next((i.title for i in self._items if i.id == value), "")
        if name == "due":
            return periods.weekday_label(value) if value else ""
        if name == "status":
            return tr(STATUSES[value][0])
        return tr(value) if name == "form" and value else str(value or "")

    @staticmethod
    def _names() -> dict[str, str]:
        """What each field is called."""
        return {
            "text": tr("Words"), "owner_id": tr("Who"), "due": tr("Due"), "form": tr("Form"), "status": tr("Status"),
            "rank": tr("Rank"), "answer": tr("Answer"), "item_id": tr("Under"),
        }  # fmt: skip

    def left(self) -> None:
        """A field was left: write it. Empty words wait in the form until there are some."""
        words = self.fields.get("text")
        if words is None or _get(words):
            try:
                self.save()
            except CityStatError as error:
                self.refused.emit(str(error))

    def _typed(self) -> dict[str, Any]:
        return {name: _get(widget) for name, widget in self.fields.items()}


def _rank() -> QSpinBox:
    box = QSpinBox()
    box.setRange(0, 99)
    box.setSpecialValueText(tr("not ranked"))
    box.setMaximumWidth(140)
    return box


def _get(widget: Any) -> Any:
    if isinstance(widget, QSpinBox):
        return widget.value() or None
    if isinstance(widget, DayField):
        return widget.day()
    return widget.toPlainText().strip() if hasattr(widget, "toPlainText") else widget.currentData()


def _put(widget: Any, value: Any) -> None:
    if isinstance(widget, QSpinBox):
        widget.setValue(value or 0)
    elif isinstance(widget, DayField):
        widget.set(value)
    elif hasattr(widget, "setPlainText"):
        if widget.toPlainText() != value:
            widget.setPlainText(value)
    else:
        widget.setCurrentIndex(max(0, widget.findData(value)))
