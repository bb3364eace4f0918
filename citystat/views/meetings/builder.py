"""The agenda builder: items in order with their clock times, one item's form, and what the data proposes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures.standing import Standing, standings
from citystat.meetings import agenda, suggest
from citystat.meetings.actions import ActionRow, promises_for
from citystat.meetings.forms import KINDS
from citystat.meetings.meeting import MeetingRow, meetings
from citystat.meetings.people import people
from citystat.texts import plural, tr
from citystat.views import acts, jobs
from citystat.views.meetings.item_form import ItemForm
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.marks import Rule, button, label, mark, signal_mark
from citystat.views.widgets.page import clear
from citystat.views.widgets.rows import Row, RowList

MOST = 5  # suggestions in sight; the rest is one click away


class Builder(QWidget):
    """Signals: said(words). The page asks it to refresh() and to save()."""

    said = Signal(str)

    def __init__(self, city: City, row: MeetingRow, today: date) -> None:
        super().__init__()
        self._city, self._row, self._today = city, row, today
        self._items: list[agenda.Item] = []
        self._promises: list[ActionRow] = []
        self._stand: dict[int, Standing] = {}
        self._suggestions: list[suggest.Suggestion] = []
        self._all, self._asked = False, 0
        with city.read() as read:
            everyone = people(read)
        self.list = RowList(tr("Agenda"), movable=True, lead=56)
        self.list.moved.connect(self._move)
        self.list.removed.connect(self._remove)
        self.list.chosen.connect(self._choose)
        self.form = ItemForm(city, everyone, self._questions)
        self.form.refused.connect(self.said)
        self.list.opened.connect(lambda _: self.form.name.setFocus())
        self._sum, self._fits = label("", "soft"), label("", "strong")
        self._proposed = QVBoxLayout()
        self._proposed.setSpacing(0)
        self._lay_out()

    def refresh(self, row: MeetingRow, today: date) -> None:
        """Show the agenda as it stands; the data's proposals follow from the background."""
        self._row, self._today = row, today
        with self._city.read() as read:
            self._items = agenda.agenda(read, row.id)
            self._promises = promises_for(read, row.id, today)
        self._show()
        self._ask_data()

    def save(self) -> None:
        """Write what was typed in the form."""
        self.form.save()

    @property
    def items(self) -> list[agenda.Item]:
        """The agenda."""
        return self._items

    ## Laying out

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label(tr("Agenda"), "heading"))
        head.addStretch(1)
        self._copy = button(tr("Copy from…"), self._ask_copy, kind="link", tip=tr("Take over an earlier agenda"))
        self._add = button(tr("Add item"), self._ask_add)
        head.addWidget(self._copy)
        head.addWidget(self._add)
        foot = QHBoxLayout()
        foot.addWidget(self._sum)
        foot.addStretch(1)
        foot.addWidget(self._fits)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(head)
        left.addWidget(self.list)
        left.addLayout(foot)
        left.addWidget(label(tr("Drag or Alt ↑ ↓ moves · Enter edits · Delete removes · Ctrl Z takes back"), "faint"))
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(8)
        self._form_title = label("", "heading")
        right.addWidget(self._form_title)
        right.addSpacing(4)
        right.addWidget(self.form)
        right.addSpacing(20)
        right.addWidget(label(tr("Proposed from the data"), "heading"))
        right.addLayout(self._proposed)
        right.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Beside(left, right, shares=(1, 1)))

    ## Showing

    def _show(self) -> None:
        ids = [i.id for i in self._items]
        chosen = self.form.item_id if self.form.item_id in ids else next(iter(ids), None)
        self.list.show_rows(self._rows(), chosen)
        self.list.setFixedHeight(max(self.list.height_of_rows(), 60))
        self.list.setVisible(bool(ids))
        self.form.setVisible(bool(ids))
        self._choose(chosen, save=False)
        planned = agenda.planned_minutes(self._items)
        over = planned - self._row.minutes
        ends = agenda.clock_times(self._items, self._row.starts)[-1]
        self._sum.setText(
            tr("{planned} of {length} minutes · ends {time}", planned=planned, length=self._row.minutes, time=f"{ends:%H:%M}")
            if ids else tr("Nothing is on the agenda yet. Add an item, or copy an earlier agenda.")
        )  # fmt: skip
        self._fits.setText(balance_words(over) if ids else "")
        mark(self._fits, "tone", "concern" if over > 0 else "soft")

    def _rows(self) -> list[Row]:
        times = agenda.clock_times(self._items, self._row.starts)
        return [
            Row(
                item.id, f"{number}  {item.title}", self._under(item), f"{at:%H:%M}", self._mark(item),
                plural(item.minutes, "{n} min", "{n} min"), ", ".join(c.code for c in item.measures),
            )
            for number, (item, at) in enumerate(zip(self._items, times, strict=False), 1)
        ]  # fmt: skip

    def _under(self, item: agenda.Item) -> str:
        """Who presents; for promises how many there are; for charts what the data says."""
        who = item.presenter or (tr("nobody presents yet") if item.kind not in ("read-back", "promises") else "")
        if item.kind == "promises":
            late = sum(1 for p in self._promises if p.days_late)
            n = len(self._promises)
            who = " · ".join(
                filter(None, [item.presenter, plural(n, "{n} to look at, {late} late", "{n} to look at, {late} late", late=late)])
            )  # fmt: skip
        said = next((self._stand[c.measure_id].headline for c in item.measures if c.measure_id in self._stand), "")
        return " · ".join(filter(None, [item.presenter or ("" if said else who), said]))

    def _mark(self, item: agenda.Item) -> str:
        """The finding that weighs most among an item's charts."""
        signals = {self._stand[c.measure_id].signal for c in item.measures if c.measure_id in self._stand}
        return next((s for s in ("concern", "improvement") if s in signals), "")

    def _choose(self, item_id: int | None, *, save: bool = True) -> None:
        """Edit the chosen item at the right; what was typed in the one before is written first."""
        item = next((i for i in self._items if i.id == item_id), None)
        if item is None:
            return
        if save and item.id != self.form.item_id:
            try:
                self.form.save()
            except CityStatError as error:
                self.said.emit(str(error))
                self.list.choose(self.form.item_id)
                return
            item = next(i for i in self._items if i.id == item_id)
        number = self._items.index(item) + 1
        self._form_title.setText(tr("Item {n}", n=number) + f" · {tr(KINDS[item.kind][0])}")
        self.form.show_item(item)
        self.list.choose(item_id)

    ## What the data proposes

    def _ask_data(self) -> None:
        """Judging every measure takes longer than a frame: it comes from the background."""
        self._asked += 1
        asked, city, meeting_id, today = self._asked, self._city, self._row.id, self._today

        def work(_progress: jobs.Progress) -> tuple[list[Standing], list[suggest.Suggestion]]:
            with city.read() as read:
                stand = standings(read)
                return stand, suggest.suggestions(read, meeting_id, today, stand)

        def done(answer: tuple[list[Standing], list[suggest.Suggestion]]) -> None:
            if asked == self._asked:
                self._stand = {s.measure.id: s for s in answer[0]}
                self._suggestions = answer[1]
                self.list.show_rows(self._rows(), self.form.item_id)
                self._show_suggestions()

        jobs.run(self, work, done, quiet=True)

    def _show_suggestions(self) -> None:
        clear(self._proposed)
        shown = self._suggestions if self._all else self._suggestions[:MOST]
        for s in shown:
            self._proposed.addLayout(self._suggestion(s))
            self._proposed.addWidget(Rule())
        if not self._suggestions:
            self._proposed.addWidget(
                label(tr("Nothing more in the remit of this series wants the room's time."), "soft", wrap=True)
            )
        left = len(self._suggestions) - len(shown)
        if left:
            more = button(tr("{n} more", n=left), self._show_all, kind="link")
            self._proposed.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _suggestion(self, s: suggest.Suggestion) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 4)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(s.title, "strong", wrap=True))
        words.addWidget(label(s.reason, "soft", wrap=True))
        row.addWidget(signal_mark(s.mark), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        take = button(tr("Put on agenda"), lambda: self.take(s), kind="link")
        take.setAccessibleName(f"{tr('Put on agenda')}: {s.title}")
        row.addWidget(take, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _show_all(self) -> None:
        self._all = True
        self._show_suggestions()

    def take(self, s: suggest.Suggestion) -> None:
        """Put a suggestion on the agenda, and offer to take that back."""
        self._do(lambda: suggest.take(self._city, self._row.id, s), tr("“{title}” is on the agenda", title=s.title))

    def _questions(self, item: agenda.Item) -> Sequence[str]:
        """What the findings of an item's charts make the panel ask."""
        found = [self._stand[c.measure_id] for c in item.measures if c.measure_id in self._stand]
        return [q for s in found for q in suggest.questions_for(s)]

    ## Acts

    def _do(self, act: Callable[[], object], said: str = "") -> None:
        """Keep what is typed, do `act`, and say what became of it."""
        try:
            self.form.save()
            act()
        except CityStatError as error:
            self.said.emit(str(error))
            return
        acts.told(self, said, self._take_back)

    def _take_back(self) -> None:
        what = self._city.undo()
        self.said.emit(tr("Taken back: {what}", what=what))

    def _move(self, item_id: int, to: int) -> None:
        self._do(lambda: agenda.move_item(self._city, item_id, to))

    def _remove(self, item_id: int) -> None:
        title = next(i.title for i in self._items if i.id == item_id)
        self._do(lambda: agenda.remove_item(self._city, item_id), tr("“{title}” is off the agenda", title=title))

    def _ask_add(self) -> None:
        menu = QMenu(self)
        for kind, (words, minutes) in KINDS.items():
            menu.addAction(f"{tr(words)}   {minutes} {tr('min')}", lambda k=kind: self.add(k))
        menu.popup(self._add.mapToGlobal(self._add.rect().bottomLeft()))

    def add(self, kind: str) -> None:
        """Put a new item where the order of a stat meeting has it, and edit it."""
        self._do(lambda: self._added(kind))

    def _added(self, kind: str) -> None:
        made = agenda.add_item(self._city, self._row.id, kind)
        self.refresh(self._row, self._today)
        self._choose(made)
        self.form.name.setFocus()
        self.form.name.selectAll()

    def _ask_copy(self) -> None:
        menu = QMenu(self)
        with self._city.read() as read:
            earlier = [m for m in meetings(read) if m.day < self._row.day and m.status != "cancelled"]
        same = [m for m in earlier if m.series_id == self._row.series_id][:8]
        for m in same:
            menu.addAction(f"{m.series}, {periods.day_label(m.day)}", lambda key=m.id: self.copy(key))
        if not same:
            menu.addAction(tr("This series has not met before")).setEnabled(False)
        menu.popup(self._copy.mapToGlobal(self._copy.rect().bottomLeft()))

    def copy(self, meeting_id: int) -> None:
        """Take over what an earlier agenda has and this one lacks."""
        self._do(
            lambda: agenda.copy_agenda(self._city, self._row.id, meeting_id),
            tr("The earlier agenda was copied; its questions and narratives stay with that meeting"),
        )


def balance_words(over: int) -> str:
    """By how much the time boxes are over or under."""
    if over > 0:
        return "◆ " + plural(over, "{n} minute over", "{n} minutes over")
    return plural(-over, "{n} minute to spare", "{n} minutes to spare") if over else tr("fits to the minute")
