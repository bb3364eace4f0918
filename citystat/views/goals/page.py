"""The goal tree, edited in place: F2 renames, Insert adds, Alt and arrows move, Delete removes; all can be undone."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QKeyEvent
from PySide6.QtWidgets import QHeaderView, QInputDialog, QTreeWidget, QTreeWidgetItem

from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.goals import tree as goals
from citystat.measures.standing import Standing, meets_words, standings
from citystat.numbers import quantity
from citystat.texts import plural, tr
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import SHAPES
from citystat.views.widgets.page import Page

KIND, ID = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class GoalsPage(Page):
    """Priority → goal → measure with what each measure does."""

    def __init__(self, city: City) -> None:
        super().__init__()
        self._city = city
        self.title = tr("Goals")
        self.tree = _Tree(self)
        self.tree.setAccessibleName(tr("Goals"))
        self.tree.setHeaderLabels(
            [tr("Priority, goal, measure"), tr("Owner"), tr("Last value"), tr("Target"), tr("Status"), tr("Signal")]
        )
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setStretchLastSection(False)
        for column, width in enumerate((170, 110, 100, 120, 190), 1):
            self.tree.header().resizeSection(column, round(theme().px(width)))
        self.tree.itemChanged.connect(self._renamed)
        self.tree.itemDoubleClicked.connect(self._opened)
        self.body.addWidget(self.tree, 1)
        self.body.addWidget(self._hint())
        self.refresh()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Add measure"), self.add_measure, ""),
            (tr("Add goal"), self.add_goal, ""),
            (tr("Add priority"), self.add_priority, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again; what was open and chosen stays so."""
        with self._city.read() as read:
            rows = goals.tree(read)
            stand = {s.measure.id: s for s in standings(read)}
        chosen = self._chosen()
        self.tree.blockSignals(True)
        self.tree.clear()
        for priority in rows:
            top = self._item(self.tree, "priority", priority.id, [priority.name], editable=True, size="heading")
            for goal in priority.goals:
                row = self._item(top, "goal", goal.id, [goal.name, goal.owner], editable=True, size="strong")
                for measure_id in goal.measure_ids:
                    if measure_id in stand:
                        self._measure(row, stand[measure_id])
        self.tree.expandAll()
        self.tree.blockSignals(False)
        self._choose(chosen)
        count = sum(len(p.goals) for p in rows)
        self.head(
            plural(count, "{n} goal under {p} priorities", "{n} goals under {p} priorities", p=len(rows))
            if rows
            else tr("No goals yet"),
            self._summary(rows, stand)
            if rows
            else tr("Begin with the mayor's priorities; goals go under them, and measures show progress."),
        )

    def add_priority(self) -> None:
        """Ask for a name and add it."""
        self._ask(tr("Name of the priority"), lambda name: goals.add_priority(self._city, name))

    def add_goal(self) -> None:
        """Under the chosen priority."""
        item = self._above("priority")
        if item is None:
            self.said.emit(tr("Choose a priority first"))
            return
        self._ask(tr("Name of the goal"), lambda name: goals.add_goal(self._city, item.data(0, ID), name))

    def add_measure(self) -> None:
        """To the chosen goal."""
        item = self._above("goal")
        if item is None:
            self.said.emit(tr("Choose a goal first"))
            return
        from citystat.views.meetings.jump import JumpDialog

        with self._city.read() as read:
            dialog = JumpDialog(read, self)
        goal = item.data(0, ID)
        dialog.chosen.connect(lambda code: self._link(goal, code))
        dialog.open()

    def _link(self, goal: int, code: str) -> None:
        from citystat.measures.series import definition

        with self._city.read() as read:
            measure = definition(read, code).id
        goals.link_measure(self._city, goal, measure)

    def move(self, steps: int) -> None:
        """The chosen priority or goal up or down."""
        item = self.tree.currentItem()
        if item is not None and item.data(0, KIND) != "measure":
            goals.move(self._city, item.data(0, KIND), item.data(0, ID), steps)

    def remove(self) -> None:
        """Remove what is chosen; Ctrl+Z brings it back."""
        item = self.tree.currentItem()
        if item is None:
            return
        try:
            if item.data(0, KIND) == "measure":
                goals.unlink_measure(self._city, item.parent().data(0, ID), item.data(0, ID))
            else:
                goals.remove(self._city, item.data(0, KIND), item.data(0, ID))
        except CityStatError as error:
            self.said.emit(str(error))

    def _ask(self, words: str, act: Any) -> None:
        name, sure = QInputDialog.getText(self, self.title, words)
        if sure and name.strip():
            act(name)

    def _renamed(self, item: QTreeWidgetItem, column: int) -> None:
        try:
            goals.rename(self._city, item.data(0, KIND), item.data(0, ID), item.text(0))
        except CityStatError as error:
            self.said.emit(str(error))
            self.refresh()

    def _opened(self, item: QTreeWidgetItem, column: int) -> None:
        if item.data(0, KIND) == "measure":
            self.go.emit(f"measure:{item.data(1, ID)}")

    def _item(
        self, parent: Any, kind: str, row_id: int, texts: list[str], *, editable: bool, size: str = ""
    ) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent, texts)
        item.setData(0, KIND, kind)
        item.setData(0, ID, row_id)
        if editable:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        face = item.font(0)
        face.setWeight(face.Weight.DemiBold if size else face.Weight.Normal)
        face.setPixelSize(round(theme().px(15 if size == "heading" else 13)))
        item.setFont(0, face)
        return item

    def _measure(self, parent: QTreeWidgetItem, s: Standing) -> None:
        m = s.measure
        signal = f"{SHAPES[s.signal]} {s.words}" if s.signal in SHAPES else s.words
        target = quantity(s.target, m.unit, m.decimals) if s.target is not None else ""
        item = self._item(
            parent,
            "measure",
            m.id,
            [f"{m.name}", m.owner, quantity(s.last, m.unit, m.decimals), target, meets_words(s.meets), signal],
            editable=False,
        )
        item.setData(1, ID, m.code)
        item.setToolTip(0, s.headline)
        for column in (2, 3):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if s.signal in SHAPES:
            item.setForeground(5, QBrush(QColor(getattr(theme().palette, s.signal))))

    def _summary(self, rows: list[goals.PriorityRow], stand: dict[int, Standing]) -> str:
        used = {m for p in rows for g in p.goals for m in g.measure_ids}
        bare = sum(
            1
            for p in rows
            for g in p.goals
            if not any(stand[m].measure.kind == "outcome" for m in g.measure_ids if m in stand)
        )
        words = tr("{n} measures show progress", n=len(used))
        return words + (
            " · " + plural(bare, "{n} goal has no outcome measure", "{n} goals have no outcome measure") if bare else ""
        )

    def _above(self, kind: str) -> QTreeWidgetItem | None:
        """The chosen item, or the one of this kind above it."""
        item = self.tree.currentItem()
        while item is not None and item.data(0, KIND) != kind:
            item = item.parent()
        return item

    def _chosen(self) -> tuple[str, int] | None:
        item = self.tree.currentItem()
        return (item.data(0, KIND), item.data(0, ID)) if item is not None else None

    def _choose(self, wanted: tuple[str, int] | None) -> None:
        stack = [self.tree.topLevelItem(i) for i in range(self.tree.topLevelItemCount())]
        while stack:
            item = stack.pop()
            if (item.data(0, KIND), item.data(0, ID)) == wanted:
                self.tree.setCurrentItem(item)
            stack += [item.child(i) for i in range(item.childCount())]

    def _hint(self) -> Any:
        from citystat.views.widgets.marks import label

        return label(
            tr("F2 renames · Alt ↑ ↓ moves · Delete removes · Enter opens a measure · Ctrl Z takes back"), "faint"
        )


class _Tree(QTreeWidget):
    """The tree with the page's keys."""

    def __init__(self, page: GoalsPage) -> None:
        super().__init__()
        self._page = page
        self.setUniformRowHeights(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and arrows move, Delete removes, Enter opens a measure."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        item = self.currentItem()
        if steps is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._page.move(steps)
        elif event.key() == Qt.Key.Key_Delete:
            self._page.remove()
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and item is not None
            and item.data(0, KIND) == "measure"
        ):
            self._page._opened(item, 0)
        else:
            super().keyPressEvent(event)
