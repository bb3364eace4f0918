"""The goal tree, edited in place: F2 renames, Insert adds, Alt and arrows move, Delete removes; all can be undone."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QTreeWidgetItem

from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.goals import tree as goals
from citystat.goals.progress import counts, goal_progress, priority_progress
from citystat.measures.latest import Latest
from citystat.measures.progress import progress, state_words
from citystat.measures.series import definition, definitions
from citystat.measures.standing import Standing
from citystat.meetings.papers import template_for
from citystat.numbers import begin_in_words, in_words, quantity, short, span
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.documents.paper import KINDS, say_written, write_paper
from citystat.views.goals.rows import ID, KIND, RIGHT, GoalRows, key_of
from citystat.views.judging import Judging
from citystat.views.measures.list import status, status_tip
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.choose import file_to_write
from citystat.views.widgets.marks import SHAPES, label
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page

FIGURES = (2, 3)  # columns of numbers
GIVE_WAY = (1, 3, 2, 5, 4)  # columns that leave their room to the names, in this order: what stands where stays longest
JUDGED_BY = ("goal_measure", "measure", "observation", "target", "annotation", "person", "department")


class GoalsPage(Page):
    """Priority → goal → measure with what each measure does."""

    def __init__(self, city: City, goal: int | None = None) -> None:
        super().__init__()
        self._city = city
        self._rows: list[goals.PriorityRow] = []
        self.title = tr("Goals")
        self._stand: dict[int, Standing | Latest] = {}
        self._judging = Judging(self, city, part=self._judged, done=self._head)
        keys = Qt.Key
        self.tree = GoalRows(
            [tr("Priority, goal, measure"), tr("Owner"), tr("Last value"), tr("Target"), tr("Status"), tr("Signal")],
            (140, 100, 92, 176, 196), FIGURES, GIVE_WAY,
            {keys.Key_Delete: self.remove, keys.Key_Insert: self.add, keys.Key_Return: self.open_row,
             keys.Key_Enter: self.open_row},
        )  # fmt: skip
        self.tree.setAccessibleName(tr("Goals"))
        self.tree.dropped.connect(self.drop)
        self.tree.moved.connect(self.move)
        self.tree.itemChanged.connect(self._renamed)
        self.tree.itemDoubleClicked.connect(self._opened)
        self._late = False  # something changed while a name was typed
        self.tree.itemDelegate().closeEditor.connect(lambda *_: self._catch_up())
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
            self.tree.choose(("goal", goal))

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Results chain"), self.open_chain, ""),
            (tr("Goals at a glance…"), self.glance, ""),
            (tr("Add measure"), self.add_measure, ""),
            (tr("Add goal"), self.add_goal, ""),
            (tr("Add priority"), self.add_priority, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again; what was open and chosen stays so."""
        wanted = ("priority", "goal", *JUDGED_BY)
        if touched is not None and not touched.any(*wanted):
            return
        with self._city.read() as read:
            self._rows = goals.tree(read)
            if touched is None or touched.any(*JUDGED_BY):
                self._ask(read)
        self._fill()

    def _ask(self, read: Any) -> None:
        """Where the measures of the goals stand."""
        used = {m for p in self._rows for g in p.goals for m in g.measure_ids}
        rows = self._judging.ask(read, [m for m in definitions(read) if m.id in used])
        self._stand = {row.measure.id: row for row in rows}

    def _judged(self, found: list[Standing], _: Any) -> None:
        """Some more are judged: their rows say so, nothing else moves."""
        now = {s.measure.id: s for s in found}
        self._stand |= now
        self.tree.blockSignals(True)
        for item in self.tree.items():
            if item.data(0, KIND) == "measure" and item.data(0, ID) in now:
                self._say(item, now[item.data(0, ID)])
        self.tree.blockSignals(False)
        self.tree.viewport().update()

    def _fill(self) -> None:
        """Every row anew; what was open and chosen stays so, and a name that is being typed until it is done."""
        if self.tree.state() == GoalRows.State.EditingState:
            self._late = True
            return
        rows, chosen = self._rows, self.tree.chosen()
        self.tree.blockSignals(True)
        closed = self.tree.closed()
        self.tree.clear()
        for priority in rows:
            top = self._item(self.tree, "priority", priority.id, [priority.name], editable=True, size="heading")
            for goal in priority.goals:
                row = self._item(top, "goal", goal.id, [goal.name, goal.owner], editable=True, size="strong")
                for measure_id in goal.measure_ids:
                    if measure_id in self._stand:
                        self._say(self._item(row, "measure", measure_id, [], editable=False), self._stand[measure_id])
        self.tree.expandAll()
        for item in self.tree.items():
            item.setExpanded(key_of(item) not in closed)
        self.tree.blockSignals(False)
        self.tree.choose(chosen)
        for widget, shown in ((self.tree, bool(rows)), (self._hint, bool(rows)), (self._nothing, not rows)):
            widget.setVisible(shown)
        self._head()

    def _catch_up(self) -> None:
        """What changed meanwhile, once the field has gone."""
        if self._late:
            self._late = False
            QTimer.singleShot(0, self, self._fill)

    def _far(self) -> None:
        """How far goals and priorities are, once their measures are judged."""
        far = {s.measure.id: progress(s.series) for s in self._stand.values() if isinstance(s, Standing)}
        found = {g.id: goal_progress(g, far) for p in self._rows for g in p.goals}
        above = {p.id: priority_progress(p, found)[1] for p in self._rows}
        self.tree.blockSignals(True)
        for item in self.tree.items():
            if item.data(0, KIND) == "goal":
                goal = found[item.data(0, ID)]
                item.setText(4, state_words(goal.state))
                item.setText(5, counts([c.progress for c in goal.measures if c.progress.state]))
                item.setToolTip(4, goal.working)
            elif item.data(0, KIND) == "priority" and (state := above[item.data(0, ID)]):
                item.setText(4, state_words(state))
                item.setToolTip(4, tr("The mean of its goals, each counting alike."))
        self.tree.blockSignals(False)

    def _head(self) -> None:
        """What the goals come to, in a sentence: under how many a measure got better, under how many one got worse."""
        if not self._rows:
            self.head(
                tr("No goals yet"),
                tr("Begin with the mayor's priorities; goals go under them, and measures show progress."),
            )
            return
        sums = goals.summary(self._rows, self._stand)
        priorities = plural(sums.priorities, "{count} priority", "{count} priorities", count=sums.priorities)
        if not sums.goals:
            self.head(tr("No goals yet"), tr("{priorities} so far · “Add goal” puts a goal under the chosen one", priorities=priorities))  # fmt: skip
            return
        count = tr(
            "{goals} under {priorities}",
            goals=plural(sums.goals, "{count} goal", "{count} goals", count=sums.goals), priorities=priorities,
        )  # fmt: skip
        if not self._judging.going_on:
            self._far()
        else:
            self.head(count, tr("Looking at {n} measures…", n=len(self._stand)))
            return
        under = [count, plural(sums.measures, "{n} measure stands under them", "{n} measures stand under them")]
        if sums.bare:
            under.append(plural(sums.bare, "{n} goal has no outcome measure", "{n} goals have no outcome measure"))
        self.head(_moved(sums), " · ".join(under))

    def add_priority(self) -> None:
        """A new one at the end, ready to be named."""
        self._name("priority", goals.add_priority(self._city, tr("New priority")))

    def add_goal(self) -> None:
        """A new one under the chosen priority, ready to be named."""
        item = self.tree.above(self.tree.currentItem(), "priority")
        if item is None:
            self.said.emit(tr("Choose a priority first"))
            return
        self._name("goal", goals.add_goal(self._city, item.data(0, ID), tr("New goal")))

    def add(self) -> None:
        """What belongs beside the chosen row: a priority, a goal, or a measure."""
        item = self.tree.currentItem()
        kind = item.data(0, KIND) if item is not None else "priority"
        {"priority": self.add_priority, "goal": self.add_goal, "measure": self.add_measure}[kind]()

    def glance(self) -> None:
        """Ask where *Goals at a glance* shall go: as Word or as PDF."""
        path = file_to_write(self, tr("Save as"), f"{tr('Goals at a glance')}.docx", KINDS)
        if path is not None:
            self.write_glance(path)

    def write_glance(self, to: Path) -> None:
        """Write it in the background."""
        from citystat.goals.glance import compose  # with what forecasts: only when it is wanted

        city, today = self._city, date.today()

        def work(progress: jobs.Progress) -> Path:
            with city.read() as read:
                content, template = compose(read, today, progress), template_for(read, "briefing")
            return write_paper(content, to, template=template, now=datetime.now())

        done = partial(say_written, self)
        jobs.run(self, work, done, title=tr("Writing {file}", file=to.name))

    def open_chain(self) -> None:
        """The results chain of the chosen goal; of all where none is chosen."""
        item = self.tree.above(self.tree.currentItem(), "goal")
        self.go.emit("chains" if item is None else f"chain:goal-{item.data(0, ID)}")

    def open_row(self) -> None:
        """A measure's page, a goal's page, a priority's name."""
        item = self.tree.currentItem()
        if item is None:
            return
        if item.data(0, KIND) == "measure":
            self.go.emit(f"measure:{item.data(1, ID)}")
        elif item.data(0, KIND) == "goal":
            self.go.emit(f"goal:{item.data(0, ID)}")
        else:
            self.tree.editItem(item, 0)

    def drop(self, held: QTreeWidgetItem, on: QTreeWidgetItem, below: bool) -> None:
        """`held` was let go over `on`, over its lower half where `below`."""
        kind, held_id, target = held.data(0, KIND), held.data(0, ID), self.tree.above(on, held.data(0, KIND))
        if kind == "measure":
            goal = self.tree.above(on, "goal")
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
        self.tree.choose((kind, row_id))
        item = self.tree.currentItem()
        if item is not None:
            self.tree.setFocus()
            self.tree.editItem(item, 0)

    def add_measure(self) -> None:
        """To the chosen goal."""
        item = self.tree.above(self.tree.currentItem(), "goal")
        if item is None:
            self.said.emit(tr("Choose a goal first"))
            return
        from citystat.views.meetings.jump import JumpDialog

        with self._city.read() as read:
            dialog = JumpDialog(read, self, title=tr("Add measure"))
        goal = item.data(0, ID)
        dialog.chosen.connect(lambda code: self._link(goal, code))
        dialog.open()

    def _link(self, goal: int, code: str) -> None:
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
        if item.data(0, KIND) in ("measure", "goal"):
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

    def _say(self, item: QTreeWidgetItem, s: Standing | Latest) -> None:
        """A measure's row in words."""
        m = s.measure
        signal = f"{SHAPES[s.signal]} {s.words}" if s.signal in SHAPES else s.words
        last, target = (
            tuple(span(low, high, say, m.unit, m.decimals) for say in (short, quantity))
            for low, high in ((s.last, None), (s.target, s.upper))
        )
        for column, words in enumerate((m.name, m.owner, last[0], target[0], status(s), signal)):
            item.setText(column, words)
        for column, tip in zip((*FIGURES, 4), (last[1], target[1], status_tip(s)), strict=True):
            item.setToolTip(column, tip)
        item.setData(1, ID, m.code)
        item.setToolTip(0, s.headline)
        for column in FIGURES:
            item.setTextAlignment(column, RIGHT)
        colour = getattr(theme().palette, s.signal) if s.signal in SHAPES else theme().palette.ink
        item.setForeground(5, QBrush(QColor(colour)))


def _moved(sums: goals.Summary) -> str:
    """ "Six goals have something better, three something worse"; a goal may be among both."""
    if not sums.better and not sums.worse:
        return tr("No goal has moved") if sums.measures else tr("No measure shows progress yet")
    up = plural(sums.better, "{count} goal has something better", "{count} goals have something better", count=begin_in_words(sums.better))  # fmt: skip
    down = plural(sums.worse, "{count} goal has something worse", "{count} goals have something worse", count=begin_in_words(sums.worse))  # fmt: skip
    if not sums.better or not sums.worse:
        return up if sums.better else down
    return tr("{goals}, {n} something worse", goals=up, n=in_words(sums.worse))


def _place(ids: list[int], held: int, target: int, below: bool) -> int:
    """Where `held` lands among the others when it is let go above or below `target`."""
    others = [i for i in ids if i != held]
    return others.index(target) + below
