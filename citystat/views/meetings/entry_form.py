"""The small form of one entry on the record: words, owner, due date, form, status, rank, answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QVBoxLayout, QWidget

from citystat.city import City
from citystat.errors import CityStatError
from citystat.meetings.agenda import Item
from citystat.meetings.capture import Captured
from citystat.meetings.forms import FORMS, STATUSES
from citystat.meetings.people import Someone
from citystat.meetings.record import change_entry, fields_of
from citystat.texts import tr
from citystat.views.widgets.fields import DayField, Fields, choice, paragraph
from citystat.views.widgets.page import clear


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
        if (entry.kind, entry.id) == self._entry:
            typed = {n for n, v in self._typed().items() if v != self._known[n]}
        else:
            typed = set()
            self._entry = (entry.kind, entry.id)
            self._lay_out(known)
        self._known = known
        for name, value in known.items():
            if name not in typed:
                _put(self.fields[name], value)
        self.setEnabled(not locked or "answer" in known)  # an answer may come in after approval
        for name, widget in self.fields.items():
            widget.setEnabled(not locked or name == "answer")

    def save(self) -> None:
        """Write what was typed, if it differs; CityStatError leaves it in the form."""
        if self._entry is None or not self.isEnabled():
            return
        changed = {n: v for n, v in self._typed().items() if v != self._known[n]}
        if changed:
            before, self._known = self._known, self._known | changed
            try:
                change_entry(self._city, *self._entry, datetime.now(), **changed)
            except BaseException:
                self._known = before
                raise

    def _lay_out(self, known: dict[str, Any]) -> None:
        clear(self._inside)
        form = Fields()
        made = {
            "text": (tr("Words"), lambda: paragraph(lines=3)),
            "owner_id": (tr("Who"), lambda: choice(tr("Who"), [(tr("nobody yet"), None), *((p.name, p.id) for p in self._people)])),
            "due": (tr("Due"), lambda: DayField(tr("Due"), self._day)),
            "form": (tr("Form"), lambda: choice(tr("Form"), [(tr("none yet"), ""), *((tr(f), f) for f in FORMS)])),
            "status": (tr("Status"), lambda: choice(tr("Status"), [(tr(w), s) for s, (w, _) in STATUSES.items()])),
            "rank": (tr("Rank"), _rank),
            "answer": (tr("Answer"), lambda: paragraph(lines=3)),
            "item_id": (tr("Under"), lambda: choice(tr("Under"), [(tr("no item"), None), *((i.title, i.id) for i in self._items)])),
        }  # fmt: skip
        self.fields = {}
        for name in known:
            words, make = made[name]
            self.fields[name] = make()
            form.field(words, self.fields[name])
        form.left.connect(self.left)
        for widget in self.fields.values():
            if hasattr(widget, "activated"):
                widget.activated.connect(lambda _: self.left())
            if isinstance(widget, DayField):
                widget.changed.connect(self.left)
        self._inside.addWidget(form)

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
