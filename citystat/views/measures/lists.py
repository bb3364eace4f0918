"""What stands on a measure, listed, changed and removed, such as the words on its chart; and who changed what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City
from citystat.measures import edit
from citystat.measures.changes import changes
from citystat.measures.series import Series
from citystat.texts import tr
from citystat.views.acts import reasoned
from citystat.views.measures.edit import KINDS, NoteDialog
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.fields import FieldsDialog, titled
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.rows import Row, RowList


class Listed(QDialog):
    """A list whose rows are changed (Enter), removed (Delete) and added; a removed one can be taken back here.

    about: what it is a list of · load: answers (what is handed to `change`, its row) · change: makes the dialog for one, or for a new one (None) ·
    remove: takes one away.
    """

    def __init__(
        self,
        title: str,
        about: str,
        nothing: str,
        city: City,
        load: Callable[[], Sequence[tuple[Any, Row]]],
        change: Callable[[Any, QWidget], FieldsDialog],
        remove: Callable[[Any], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._city, self._load, self._make, self._remove = city, load, change, remove
        self.list = RowList(title)
        self.list.opened.connect(lambda key: self.change(key))
        self.list.removed.connect(lambda key: self.remove())
        self._nothing = label(nothing, "soft", wrap=True)
        self._said = label("", "soft", wrap=True)
        self.back = button(tr("Take back"), self._take_back, kind="link")
        self.edit_button = button(tr("Change…"), lambda: self.change(self.list.current()))
        self.remove_button = button(tr("Remove"), self.remove)
        add, close = button(tr("Add…"), lambda: self.change(None)), button(tr("Close"), self.accept, kind="primary")
        close.setDefault(True)
        told, acts = QHBoxLayout(), QHBoxLayout()
        told.addWidget(self._said)
        told.addWidget(self.back)
        told.addStretch(1)
        for each in (add, self.edit_button, self.remove_button):
            each.setAutoDefault(False)
            acts.addWidget(each)
        acts.addStretch(1)
        acts.addWidget(close)
        _dress(self, title, about, [self._nothing, self.list, told, acts])
        self.show_rows()
        self.list.setFocus()

    def show_rows(self, said: str = "") -> None:
        """Ask again; `said` is what was just done."""
        found, at = self._load(), max(0, self.list.currentIndex().row())
        self._known = {row.key: item for item, row in found}
        rows = [row for _, row in found]
        self.list.show_rows(rows, rows[min(at, len(rows) - 1)].key if rows else None)
        self.list.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self._said.setText(said)
        self.back.setVisible(bool(said))
        for each in (self.edit_button, self.remove_button):
            each.setEnabled(bool(rows))

    def change(self, key: Any) -> None:
        """The dialog of one row, or of a new one."""
        made = self._make(self._known.get(key), self)
        made.accepted.connect(lambda: self.show_rows())
        made.open()

    def remove(self) -> None:
        """Take the chosen row away."""
        key = self.list.current()
        if key is not None:
            self._remove(self._known[key])
            self.show_rows(tr("Removed."))

    def _take_back(self) -> None:
        def back(reason: str) -> None:
            self._city.undo(reason)
            self.show_rows()

        reasoned(self, back, lambda error: self._said.setText(f"◆ {error}"), done=tr("Take back"))


def words_listed(city: City, series: Series, parent: QWidget) -> Listed:
    """What is written on the measure's chart."""

    def load() -> list[tuple[Any, Row]]:
        with city.read() as read:
            found = edit.words_on_chart(read, series.measure.id)
        return [(w, Row(w.id, w.text, f"{tr(KINDS[w.kind])} · {_when(series, w.period)}")) for w in found]

    return Listed(
        tr("Words on the chart"), series.measure.called, tr("Nothing is written on this chart yet."), city, load,
        lambda known, over: NoteDialog(city, series, over, known),
        lambda known: edit.remove_annotation(city, known.id), parent,
    )  # fmt: skip


class HistoryDialog(QDialog):
    """Who changed what of the measure, and when."""

    def __init__(self, city: City, series: Series, parent: QWidget) -> None:
        super().__init__(parent)
        title = tr("What was changed")
        self.setWindowTitle(title)
        with city.read() as read:
            found = changes(read, series.measure)
        self.list = RowList(title)
        self.list.show_rows(
            [
                Row(
                    i, ", ".join((c.what, *([tr("taken back")] if c.taken_back else []))), " · ".join(c.details),
                    right=f"{periods.day_label(c.at.date())}, {c.at:%H:%M}", right_under=c.who, tone="soft",
                )
                for i, c in enumerate(found)
            ]
        )  # fmt: skip
        self.list.setVisible(bool(found))
        close = button(tr("Close"), self.accept, kind="primary")
        acts = QHBoxLayout()
        acts.addStretch(1)
        acts.addWidget(close)
        nothing = label(tr("Nothing of this measure was changed yet."), "soft")
        nothing.setVisible(not found)
        _dress(self, title, series.measure.called, [nothing, self.list, acts])
        self.resize(round(theme().px(680)), round(theme().px(460)))


def _dress(dialog: QDialog, title: str, about: str, parts: Sequence[QWidget | QHBoxLayout]) -> None:
    """Title over the parts, with a dialog's margins."""
    dialog.setMinimumWidth(round(theme().px(520)))
    body = QVBoxLayout(dialog)
    body.setContentsMargins(24, 20, 24, 20)
    body.setSpacing(16)
    body.addLayout(titled(title, about))
    for part in parts:
        if isinstance(part, QWidget):
            body.addWidget(part, 1)
        else:
            body.addLayout(part)


def _when(series: Series, period: Any) -> str:
    return periods.label(period, series.measure.frequency, series.measure.year_start)
