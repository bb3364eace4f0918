"""A quiet form: labels in a column at the left, fields aligned beside them; and a dialog that holds one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from citystat.errors import CityStatError
from citystat.texts import tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import Button, button, label

LABELS = 96  # pixels of the column of labels


class Fields(QWidget):
    """Rows of a label and a field. Signals: left() when one of the fields loses the keyboard."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first: QWidget | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnMinimumWidth(0, round(theme().px(LABELS)))
        self._grid.setColumnStretch(1, 1)

    def field(self, name: str, widget: QWidget, *, spoken: str = "") -> None:
        """A labelled field; Alt with the label's first free letter is left to the platform."""
        at = self._grid.rowCount()
        self.first = self.first or widget
        said = label(name, "soft", wrap=True)
        said.setBuddy(widget)
        if not widget.accessibleName():
            widget.setAccessibleName(spoken or name)
        widget.installEventFilter(self)
        _indent(widget)
        self._grid.addWidget(said, at, 0, Qt.AlignmentFlag.AlignTop)
        said.setContentsMargins(0, 0 if isinstance(widget, QLabel) else round(theme().px(7)), 0, 0)
        self._grid.addWidget(widget, at, 1)

    def show_row(self, widget: QWidget, there: bool) -> None:
        """Show or hide a field with its label."""
        place: Any = self._grid.getItemPosition(self._grid.indexOf(widget))  # row, column and how many of each
        for column in (0, 1):
            item = self._grid.itemAtPosition(place[0], column)
            if item is not None and item.widget() is not None:
                item.widget().setVisible(there)

    def beside(self, name: str, *widgets: QWidget) -> None:
        """Several short fields in one row under one label; each carries its own accessible name."""
        held = QWidget()
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in widgets:
            widget.installEventFilter(self)
            row.addWidget(widget)
        row.addStretch(1)
        held.setAccessibleName(name)
        self.field(name, held)
        held.removeEventFilter(self)

    def wide(self, widget: QWidget) -> None:
        """Something under the fields, aligned with them."""
        self._grid.addWidget(widget, self._grid.rowCount(), 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell when a field is left."""
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return False


def _indent(widget: QWidget) -> None:
    """Numbers and days begin where words do; a style sheet's padding does not reach the line inside a spin box."""
    boxes = [widget] if isinstance(widget, QAbstractSpinBox) else widget.findChildren(QAbstractSpinBox)
    for box in boxes:
        inside = box.findChild(QLineEdit)
        if inside is not None:
            inside.setTextMargins(0 if isinstance(box, QDateEdit) else 10, 0, 0, 0)


class FieldsDialog(QDialog):
    """A form in a dialog; a sentence says what is wrong, and what was typed stays until it is right.

    done: words of the button that saves · about: what the form is about, in a soft line under the title.
    """

    def __init__(self, title: str, parent: QWidget, *, done: str = "", about: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(round(theme().px(520)))
        self.fields = Fields()
        self._wrong = label("", "soft", wrap=True)
        self._wrong.hide()
        self._buttons = QDialogButtonBox()
        self.cancel_button = Button(tr("Cancel"))
        self._buttons.addButton(self.cancel_button, QDialogButtonBox.ButtonRole.RejectRole)
        self.go_button = button(done or tr("Save"), self.attempt, kind="primary")
        self._buttons.addButton(self.go_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go_button.setDefault(True)
        self._buttons.rejected.connect(self.reject)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(24, 24, 24, 24)
        self.body.setSpacing(16)
        self.body.addLayout(titled(title, about))
        self.body.addWidget(self.fields)
        self.body.addWidget(self._wrong)
        self.body.addWidget(self._buttons)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the first field; Enter saves, whatever button Qt found first."""
        super().showEvent(event)
        self.cancel_button.setAutoDefault(False)
        self.go_button.setDefault(True)
        if self.fields.first is not None:
            self.fields.first.setFocus()
        if isinstance(self.fields.first, QLineEdit):  # chosen from its end, so that a long name shows its beginning
            length = len(self.fields.first.text())
            self.fields.first.setSelection(length, -length)

    def save(self) -> None:
        """Write what was typed; CityStatError keeps the dialog open."""
        raise NotImplementedError

    def refuse(self, error: CityStatError) -> None:
        """Say what is wrong; the dialog stays."""
        self._wrong.setText(f"◆ {error}")
        self._wrong.show()

    def attempt(self) -> None:
        """Save and close, or say what is wrong."""
        try:
            self.save()
        except CityStatError as error:
            self.refuse(error)
        else:
            if isValid(self):  # what was saved may have led to another page, which took the dialog with it
                self.accept()


class ReasonDialog(FieldsDialog):
    """Asks for a reason in a line and hands it to `then`, which may refuse it. done, about: as for FieldsDialog."""

    def __init__(
        self, title: str, then: Callable[[str], object], parent: QWidget, *, done: str = "", about: str = ""
    ) -> None:
        super().__init__(title, parent, done=done, about=about)
        self._then = then
        self.reason = line("")
        self.fields.field(tr("Reason"), self.reason)

    def save(self) -> None:
        """Hand it on."""
        if not self.reason.text().strip():
            raise CityStatError(tr("A reason is needed"), do=tr("Say how you know; it stays with the figure"))
        self._then(self.reason.text().strip())


def titled(title: str, about: str) -> QVBoxLayout:
    """A dialog's title, and what it is about beneath."""
    lines = QVBoxLayout()
    lines.setSpacing(2)
    lines.addWidget(label(title, "section"))
    if about:
        lines.addWidget(label(about, "soft", wrap=True))
    return lines


class DayField(QWidget):
    """A day that may be missing: a date with a calendar, or "no date". Signals: changed() when a person changes it.

    "Set a date" opens the date at `today`; there is a day only when Enter takes it or another one was chosen.
    """

    changed = Signal()

    def __init__(self, name: str, today: date) -> None:
        super().__init__()
        self._edit = day_edit(today)
        self._edit.setAccessibleName(name)
        self.setFocusProxy(self._edit)
        self._none = QLabel(tr("no date"))
        self._none.setObjectName("faint")
        self._first = today
        self._choosing = False
        self._set = button(tr("Set a date"), self._choose, kind="link")
        self._clear = button(tr("No date"), lambda: self._say(None), kind="link")
        self._hint = QLabel(tr("Enter takes it"))
        self._hint.setObjectName("faint")
        self._edit.dateChanged.connect(self._chosen)
        self._edit.editingFinished.connect(self._finished)
        self._edit.installEventFilter(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self._edit, self._none, self._hint, self._set, self._clear):
            row.addWidget(widget)
        row.addStretch(1)
        self.set(None)

    def set(self, day: date | None) -> None:
        """Show a day, or that there is none."""
        if day is None and self._choosing:
            return  # somebody is about to choose; a refresh does not close it
        self._choosing = False
        self._day_known = day is not None
        if day is not None:
            self._edit.setDate(QDate(day.year, day.month, day.day))
        self._show()

    def _show(self) -> None:
        there = self._day_known or self._choosing
        self._edit.setVisible(there)
        self._clear.setVisible(there and self.isEnabled())
        self._none.setVisible(not there)
        self._set.setVisible(not there and self.isEnabled())
        self._hint.setVisible(self._choosing and not self._day_known)

    def _choose(self) -> None:
        """Open a date to choose from; nothing is put until somebody did."""
        day = self._first
        self._edit.setDate(QDate(day.year, day.month, day.day))
        self._choosing = True
        self._show()
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._edit.setSelectedSection(QDateEdit.Section.DaySection)

    def _chosen(self) -> None:
        """Another day than the one offered was typed or picked."""
        if self._choosing:
            self._day_known = True
            self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While a day is offered: Enter takes it, Escape and leaving the field do not."""
        if self._choosing and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self._say(None)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._day_known = True  # the edit says that it is finished, and the day is there
        left = isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut
        if left and event.reason() != Qt.FocusReason.PopupFocusReason and self._choosing and not self._day_known:
            self._choosing = False
            self._show()
        return bool(super().eventFilter(watched, event))

    def _finished(self) -> None:
        """The date was left, or Enter pressed."""
        if self._day_known:
            self._choosing = False
            self._show()
            self.changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """A locked day offers nothing."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.set(self.day())

    def _say(self, day: date | None) -> None:
        self._choosing = False
        self.set(day)
        self.changed.emit()

    def day(self) -> date | None:
        """The chosen day."""
        if not self._day_known:
            return None
        chosen = self._edit.date()
        return date(chosen.year(), chosen.month(), chosen.day())


def day_edit(day: date) -> QDateEdit:
    """A date with its weekday and a calendar."""
    made = QDateEdit(QDate(day.year, day.month, day.day))
    made.setCalendarPopup(True)
    made.setDisplayFormat("ddd d MMM yyyy")
    return made


def choice(name: str, offers: Sequence[tuple[str, Any]], chosen: Any = None) -> QComboBox:
    """A choice of (words, value)."""
    made = QComboBox()
    made.setAccessibleName(name)
    for words, value in offers:
        made.addItem(words, value)
    # not by findData(): Qt takes no two Python dates for the same
    made.setCurrentIndex(next((at for at, (_, value) in enumerate(offers) if value == chosen), 0))
    return made


def offer_again(box: QComboBox, offers: Sequence[tuple[str, Any]]) -> None:
    """Other offers in a choice, without a signal; what was chosen stays where it is still offered."""
    kept = box.currentData()
    box.blockSignals(True)
    box.clear()
    for words, value in offers:
        box.addItem(words, value)
    box.setCurrentIndex(max(0, box.findData(kept)))
    box.blockSignals(False)


def line(text: str = "", *, hint: str = "", name: str = "") -> QLineEdit:
    """One line of text."""
    made = QLineEdit(text)
    made.setPlaceholderText(hint)
    made.setAccessibleName(name)
    return made


def paragraph(text: str = "", *, lines: int = 3, hint: str = "") -> QPlainTextEdit:
    """Several lines of text; Tab leaves it."""
    made = QPlainTextEdit(text)
    made.setPlaceholderText(hint)
    made.setTabChangesFocus(True)
    made.setFixedHeight(round(theme().px(20 * lines + 14)))
    return made
