"""The goal tree, edited in place: F2 renames, Insert adds, Alt and arrows move, Delete removes; all can be undone."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.goals import tree as goals
from citystat.measures.standing import Standing, meets_words, standings
from citystat.numbers import quantity
from citystat.texts import plural, tr
from citystat.views.goals.goal_dialog import GoalDialog
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import SHAPES, label
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page

KIND, ID = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class GoalsPage(Page):
    """Priority → goal → measure with what each measure does."""

    def __init__(self, city: City, goal: int | None = None) -> None:
        super().__init__()
        self._city = city
        self._rows: list[goals.PriorityRow] = []
        self.title = tr("Goals")
        self.tree = _Tree(self)
        self.tree.setAccessibleName(tr("Goals"))
        self.tree.setHeaderLabels(
            [tr("Priority, goal, measure"), tr("Owner"), tr("Last value"), tr("Target"), tr("Status"), tr("Signal")]
        )
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setStretchLastSection(False)
        for column in (2, 3):
            self.tree.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate((170, 110, 100, 120, 190), 1):
            self.tree.header().resizeSection(column, round(theme().px(width)))
        self.tree.itemChanged.connect(self._renamed)
        self.tree.itemDoubleClicked.connect(self._opened)
        self._nothing = EmptyPlace(
            tr("No priorities yet"),
            tr(
                "A city has few: what the mayor wants to be measured by. Goals go under them, and measures show progress."
            ),
            (tr("Add the first priority"), self.add_priority),
        )
        self._hint = label(
            tr(
                "F2 renames · Insert adds · Enter opens · Alt ↑ ↓ or the mouse moves · Delete removes · Ctrl Z takes back"
            ),
            "faint",
            wrap=True,
        )
        self.body.addWidget(self.tree, 1)
        self.body.addWidget(self._nothing, 1)
        self.body.addWidget(self._hint)
        self.refresh()
        if goal is not None:
            self._choose(("goal", goal))

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Owner and meaning"), self.edit_goal, ""),
            (tr("Add measure"), self.add_measure, ""),
            (tr("Add goal"), self.add_goal, ""),
            (tr("Add priority"), self.add_priority, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again; what was open and chosen stays so."""
        wanted = ("priority", "goal", "goal_measure", "measure", "observation", "target", "annotation", "person")
        if touched is not None and not touched.any(*wanted):
            return
        with self._city.read() as read:
            rows = self._rows = goals.tree(read)
            stand = {s.measure.id: s for s in standings(read)}
        chosen = self._chosen()
        self.tree.blockSignals(True)
        closed = self._closed()
        self.tree.clear()
        for priority in rows:
            top = self._item(self.tree, "priority", priority.id, [priority.name], editable=True, size="heading")
            for goal in priority.goals:
                row = self._item(top, "goal", goal.id, [goal.name, goal.owner], editable=True, size="strong")
                for measure_id in goal.measure_ids:
                    if measure_id in stand:
                        self._measure(row, stand[measure_id])
        self.tree.expandAll()
        for item in self.tree.items():
            item.setExpanded(_key(item) not in closed)
        self.tree.blockSignals(False)
        self._choose(chosen)
        for widget, shown in ((self.tree, bool(rows)), (self._hint, bool(rows)), (self._nothing, not rows)):
            widget.setVisible(shown)
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
        """A new one at the end, ready to be named."""
        self._name("priority", goals.add_priority(self._city, tr("New priority")))

    def add_goal(self) -> None:
        """A new one under the chosen priority, ready to be named."""
        item = self._above("priority")
        if item is None:
            self.said.emit(tr("Choose a priority first"))
            return
        self._name("goal", goals.add_goal(self._city, item.data(0, ID), tr("New goal")))

    def add(self) -> None:
        """What belongs beside the chosen row: a priority, a goal, or a measure."""
        item = self.tree.currentItem()
        kind = item.data(0, KIND) if item is not None else "priority"
        {"priority": self.add_priority, "goal": self.add_goal, "measure": self.add_measure}[kind]()

    def edit_goal(self) -> None:
        """Owner and meaning of the chosen goal."""
        item = self._above("goal")
        found = [g for p in self._rows for g in p.goals if item is not None and g.id == item.data(0, ID)]
        if found:
            GoalDialog(self._city, found[0], self).open()
        else:
            self.said.emit(tr("Choose a goal first"))

    def open_row(self) -> None:
        """A measure's page, a goal's form, a priority's name."""
        item = self.tree.currentItem()
        if item is None:
            return
        if item.data(0, KIND) == "measure":
            self.go.emit(f"measure:{item.data(1, ID)}")
        elif item.data(0, KIND) == "goal":
            self.edit_goal()
        else:
            self.tree.editItem(item, 0)

    def drop(self, held: QTreeWidgetItem, on: QTreeWidgetItem, below: bool) -> None:
        """`held` was let go over `on`, over its lower half where `below`."""
        kind, held_id, target = held.data(0, KIND), held.data(0, ID), self._up(on, held.data(0, KIND))
        if kind == "measure":
            goal = self._up(on, "goal")
            if goal is not None:
                goals.move_measure(self._city, held_id, held.parent().data(0, ID), goal.data(0, ID))
        elif kind == "priority" and target is not None and target is not held:
            goals.put_priority(self._city, held_id, _place(self._ids(None), held_id, target.data(0, ID), below))
        elif kind == "goal" and target is None:
            goals.put_goal(self._city, held_id, on.data(0, ID), 0)
        elif kind == "goal" and target is not None and target is not held:
            under = target.parent()
            place = _place(self._ids(under), held_id, target.data(0, ID), below)
            goals.put_goal(self._city, held_id, under.data(0, ID), place)

    def _ids(self, under: QTreeWidgetItem | None) -> list[int]:
        if under is None:
            return [p.id for p in self._rows]
        return [g.id for p in self._rows if p.id == under.data(0, ID) for g in p.goals]

    def _name(self, kind: str, row_id: int) -> None:
        """Choose the row and begin to type its name."""
        self.refresh()
        self._choose((kind, row_id))
        item = self.tree.currentItem()
        if item is not None:
            self.tree.setFocus()
            self.tree.editItem(item, 0)

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

    def _renamed(self, item: QTreeWidgetItem, column: int) -> None:
        try:
            goals.rename(self._city, item.data(0, KIND), item.data(0, ID), item.text(0))
        except CityStatError as error:
            self.said.emit(str(error))
            self.refresh()

    def _opened(self, item: QTreeWidgetItem, column: int) -> None:
        if item.data(0, KIND) == "measure":
            self.open_row()

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
        return self._up(self.tree.currentItem(), kind)

    def _up(self, item: QTreeWidgetItem | None, kind: str) -> QTreeWidgetItem | None:
        while item is not None and item.data(0, KIND) != kind:
            item = item.parent()
        return item

    def _chosen(self) -> tuple[str, int] | None:
        item = self.tree.currentItem()
        return _key(item) if item is not None else None

    def _closed(self) -> set[tuple[str, int]]:
        return {_key(item) for item in self.tree.items() if item.childCount() and not item.isExpanded()}

    def _choose(self, wanted: tuple[str, int] | None) -> None:
        item = next((i for i in self.tree.items() if _key(i) == wanted), None) or self.tree.topLevelItem(0)
        if item is not None:
            self.tree.setCurrentItem(item)


def _key(item: QTreeWidgetItem) -> tuple[str, int]:
    return item.data(0, KIND), item.data(0, ID)


def _place(ids: list[int], held: int, target: int, below: bool) -> int:
    """Where `held` lands among the others when it is let go above or below `target`."""
    others = [i for i in ids if i != held]
    return others.index(target) + below


class _Tree(QTreeWidget):
    """The tree with the page's keys, rules across, and rows that are dragged."""

    def __init__(self, page: GoalsPage) -> None:
        super().__init__()
        self._page = page
        self._held: tuple[QTreeWidgetItem, QPoint] | None = None
        self._drop: tuple[QTreeWidgetItem, bool] | None = None  # over which row, over its lower half
        self.setItemDelegate(_Heights(self))
        self.setIndentation(round(theme().px(20)))
        self.setObjectName("tree")

    def items(self) -> list[QTreeWidgetItem]:
        """Every row from top to bottom."""
        stack = [self.topLevelItem(i) for i in reversed(range(self.topLevelItemCount()))]
        found: list[QTreeWidgetItem] = []
        while stack:
            item = stack.pop()
            if item is None:
                continue
            found.append(item)
            stack += [item.child(i) for i in reversed(range(item.childCount()))]
        return found

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """The row over a rule that goes all the way across."""
        super().drawRow(painter, option, index)
        painter.setPen(QColor(theme().palette.rule))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        if self.hasFocus() and index.siblingAtColumn(0) == self.currentIndex().siblingAtColumn(0):
            painter.setPen(QPen(QColor(theme().palette.accent), 2))
            painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), 4, 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and the line where a dragged one would land."""
        super().paintEvent(event)
        if self._drop is None:
            return
        item, below = self._drop
        rect = self.visualItemRect(item)
        y = rect.bottom() if below else rect.top()
        painter = QPainter(self.viewport())
        painter.setPen(QPen(QColor(theme().palette.accent), 2))
        painter.drawLine(rect.left(), y, self.viewport().width(), y)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a row."""
        super().mousePressEvent(event)
        at = event.position().toPoint()
        item = self.itemAt(at)
        if item is not None and event.button() == Qt.MouseButton.LeftButton:
            self._held = item, at

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where the row would land."""
        at = event.position().toPoint()
        if self._held is None:
            super().mouseMoveEvent(event)
        elif self._drop or (at - self._held[1]).manhattanLength() >= QApplication.startDragDistance():
            over = self.itemAt(at)
            self._drop = (over, at.y() > self.visualItemRect(over).center().y()) if over is not None else None
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put the row down."""
        held, drop = self._held, self._drop
        self._held = self._drop = None
        super().mouseReleaseEvent(event)
        self.viewport().update()
        if held is not None and drop is not None:
            self._page.drop(held[0], *drop)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and arrows move, Insert adds, Delete removes, Enter opens, Escape lets a dragged row go."""
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key)
        acts = {
            Qt.Key.Key_Delete: self._page.remove, Qt.Key.Key_Insert: self._page.add,
            Qt.Key.Key_Return: self._page.open_row, Qt.Key.Key_Enter: self._page.open_row,
        }  # fmt: skip
        if steps is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._page.move(steps)
        elif key == Qt.Key.Key_Escape and self._held is not None:
            self._held = self._drop = None
            self.viewport().update()
        elif key in acts and self.state() != QTreeWidget.State.EditingState:
            acts[key]()
        else:
            super().keyPressEvent(event)


class _Heights(QStyledItemDelegate):
    """Rows as high as in every list; a priority has air above it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Only the height counts."""
        size = super().sizeHint(option, index)
        return QSize(size.width(), round(theme().px(44 if not index.parent().isValid() else 32)))
