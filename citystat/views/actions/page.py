"""The action register: every promise of every meeting, narrowed by filters; the chosen one is updated at the right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout

from citystat import periods
from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.meetings.actions import DUE, ActionRow, actions, history
from citystat.meetings.forms import STATUSES
from citystat.meetings.people import people
from citystat.numbers import begin_in_words, in_words
from citystat.texts import dotted, plural, tr
from citystat.views.actions.panel import ActionPanel
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page
from citystat.views.widgets.rows import two_lines
from citystat.views.widgets.table import Column, Table


class ActionsPage(Page):
    """All promises of all meetings."""

    def __init__(self, city: City, today: date | int | None = None) -> None:
        super().__init__()
        self._city, self._today = city, today if isinstance(today, date) else date.today()
        self.title = tr("Actions")
        self._rows: list[ActionRow] = []
        self._filters()
        self.table = Table(_columns(), tr("Action items"), row_height=52)
        self.table.chosen.connect(self._choose)
        with city.read() as read:
            self.panel = ActionPanel(city, people(read))
        self.panel.setFixedWidth(round(theme().px(340)))
        self.panel.said.connect(self.said)
        self.panel.closed.connect(self._close)
        self.panel.hide()
        self.table.opened.connect(lambda _: self.panel.comment.setFocus())
        self._nothing = EmptyPlace(tr("No promise fits"), tr("Take a filter away, or search for other words."))
        self.table.setMinimumHeight(round(theme().px(180)))
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.table, 1)
        left.addWidget(self._nothing, 1)
        right.addWidget(self.panel)
        right.addStretch(1)
        self.body.addSpacing(8)
        self.body.addWidget(Beside(left, right, shares=(1, 0), gap=36, narrow=680), 1)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        self.refresh()
        if isinstance(today, int):
            self.choose(today)

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again; filters, what is chosen and what is typed stay."""
        with self._city.read() as read:
            self._rows = actions(read, self._today)
        chosen = self.panel.action_id
        _offer(self.department, tr("All departments"), sorted({r.department for r in self._rows if r.department}))
        _offer(self.owner, tr("Everybody"), sorted({r.owner for r in self._rows if r.owner}))
        self.table.chosen.disconnect(self._choose)
        self.table.set_rows(self._rows)
        self._narrow()
        self.table.chosen.connect(self._choose)
        if chosen is not None:
            self.choose(chosen)

    def leave(self) -> bool:
        """An update that was typed and not sent is written as a comment, so that it is not lost."""
        try:
            self.panel.keep()
        except CityStatError as error:
            self.said.emit(str(error))
            return False
        return True

    def choose(self, action_id: int) -> None:
        """Show one promise at the right; filters give way where they hide it."""
        row = next((r for r in self._rows if r.id == action_id), None)
        if row is not None:
            self._select(row)
            self._show(row)

    ## Filters

    def _filters(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search words, owner, number or measure"))
        self.search.setAccessibleName(tr("Search actions"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._narrow())
        self.department, self.owner = _box(tr("Department")), _box(tr("Owner"))
        self.due, self.status = _box(tr("Due")), _box(tr("Status"))
        self.due.addItem(tr("Any date"), "")
        for key, (words, _) in DUE.items():
            self.due.addItem(tr(words), key)
        self.status.addItem(tr("Still owed"), "owed")
        self.status.addItem(tr("Every status"), "")
        for status, (words, _) in STATUSES.items():
            self.status.addItem(tr(words), status)
        line, boxes, pairs = QHBoxLayout(), QHBoxLayout(), (QHBoxLayout(), QHBoxLayout())
        line.addWidget(self.search, 1)
        for n, box in enumerate((self.department, self.owner, self.due, self.status)):
            box.currentIndexChanged.connect(lambda _: self._narrow())
            pairs[n // 2].addWidget(box, 1)
        for pair in pairs:
            pair.setSpacing(round(theme().px(8)))
        boxes.addWidget(Beside(*pairs, shares=(1, 1), gap=8, narrow=600))
        self.body.addWidget(Beside(line, boxes, shares=(1, 0), gap=8, narrow=860))

    def _narrow(self) -> None:
        """Show what fits all filters, and say how much that is."""
        if not hasattr(self, "table"):
            return
        words = self.search.text().lower().split()
        department, owner = self.department.currentData(), self.owner.currentData()
        due, status = self.due.currentData(), self.status.currentData()

        def fits(r: ActionRow) -> bool:
            text = f"{r.code} {r.text} {r.owner} {r.measure_code} {r.department} {r.topic} {r.meeting}".lower()
            return (
                all(w in text for w in words)
                and (not department or r.department == department)
                and (not owner or r.owner == owner)
                and (not due or DUE[due][1](r, self._today))
                and (not status or r.status == status or (status == "owed" and r.open))
            )

        shown = self.table.keep(fits)
        self.table.setVisible(shown > 0)
        self._nothing.setVisible(shown == 0)
        self._say(shown)

    def _say(self, shown: int) -> None:
        if not self._rows:
            words = tr("Promises are written down in a meeting and stand here until they are kept.")
            self.head(tr("Nothing has been promised yet"), words)
            return
        owed = [r for r in self._rows if r.open]
        late = sum(1 for r in owed if r.days_late)
        sentence = plural(
            len(owed), "{count} promise is open", "{count} promises are open", count=begin_in_words(len(owed))
        )
        self.head(
            tr("{promises}, {n} late", promises=sentence, n=in_words(late)) if late else sentence,
            tr("{shown} shown of {all} over every meeting", shown=shown, all=len(self._rows)),
        )

    ## The chosen one

    def _choose(self, row: ActionRow | None) -> None:
        if row is None or row.id == self.panel.action_id:
            return
        if self.leave():
            self._show(row)

    def _show(self, row: ActionRow) -> None:
        with self._city.read() as read:
            steps = history(read, row.id)
        self.panel.show_action(row, steps)
        self.panel.show()

    def _select(self, row: ActionRow) -> None:
        for at in range(self.table.model().rowCount()):
            index = self.table.model().index(at, 0)
            if index.data(Qt.ItemDataRole.UserRole).id == row.id:
                self.table.chosen.disconnect(self._choose)
                self.table.selectRow(at)
                self.table.chosen.connect(self._choose)

    def _close(self) -> None:
        if self.leave():
            self.panel.forget()
            self.panel.hide()
            self.table.clearSelection()
            self.table.setFocus()


def _columns() -> list[Column]:
    return [
        Column(tr("No."), lambda r: r.code, width=76, spare=1, key=lambda r: r.number, draw=two_lines(lambda r: r.code, lambda _: "", lambda _: "faint")),
        Column(tr("What"), lambda r: f"{r.text}, {_under(r)}", key=lambda r: r.text.lower(), draw=two_lines(lambda r: r.text, _under), tip=lambda r: r.text),
        Column(tr("Who"), lambda r: f"{r.owner}, {r.department}", width=190, spare=2, key=lambda r: r.owner, draw=two_lines(lambda r: r.owner or tr("nobody yet"), lambda r: r.department)),
        Column(tr("Due"), lambda r: f"{_due(r)}, {_status(r)}", width=176, key=lambda r: r.due, draw=two_lines(_due_or_late, _status, lambda r: "concern" if r.days_late else "")),
    ]  # fmt: skip


def _under(row: ActionRow) -> str:
    """Form, measure and meeting in one soft line."""
    met = f"{row.meeting}, {periods.day_label(row.meeting_day)}" if row.meeting_day else ""
    return dotted([tr(row.form) if row.form else tr("no form"), row.measure_code, met])


def _due(row: ActionRow) -> str:
    return periods.day_label(row.due) if row.due else tr("no date")


def _due_or_late(row: ActionRow) -> str:
    return "◆ " + plural(row.days_late, "{n} day late", "{n} days late") if row.days_late else _due(row)


def _status(row: ActionRow) -> str:
    words = tr(STATUSES[row.status][0])
    return f"{_due(row)} · {words}" if row.days_late else words


def _box(name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(13)
    made.setMinimumWidth(round(theme().px(90)))
    return made


def _offer(box: QComboBox, everything: str, names: Sequence[str]) -> None:
    """Other names to filter by; what was chosen stays chosen."""
    chosen = box.currentData()
    box.blockSignals(True)
    box.clear()
    box.addItem(everything, "")
    for name in names:
        box.addItem(name, name)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    box.blockSignals(False)
