"""What stands on the wall: the scene of the agenda item, looked at this way or that, live, frozen or blank; and the record of it.

The operator looks at the scene, the room at the audience window. They differ only while the wall is blank or frozen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from citystat.city import City
from citystat.measures.edit import annotate
from citystat.measures.looks import PARTS
from citystat.measures.series import series
from citystat.meetings import running
from citystat.meetings.agenda import Item
from citystat.meetings.capture import Entry
from citystat.meetings.meeting import MeetingRow
from citystat.texts import tr
from citystat.views.meetings.showing import (
    YEAR,
    Scene,
    View,
    jumped_to,
    next_by,
    next_comparison,
    next_look,
    scene,
    zoomed,
)
from citystat.views.meetings.wall import AudienceWindow, Wall, projector


class OnTheWall(QObject):
    """Signals: put_up(wall) · shown() when there is another scene · turned() live, frozen or blank · placed(where) ·
    said(words) a passing message."""

    put_up = Signal(object)
    shown = Signal()
    turned = Signal()
    placed = Signal(str)
    said = Signal(str)

    def __init__(
        self,
        city: City,
        meeting_id: int,
        *,
        now: Callable[[], datetime],
        screens: Callable[[], Sequence[QScreen]],
        console: QWidget,
    ) -> None:
        super().__init__(console)
        self._city, self._id, self._now, self._screens, self._console = city, meeting_id, now, screens, console
        self.audience = AudienceWindow()
        self.audience.closed.connect(self._closed_by_hand)
        self.scene: Scene | None = None
        self.reading: int | None = None  # the promise that is read aloud
        self.is_blank = False
        self.is_closed = False  # by hand: it opens again when somebody asks for it
        self._frozen: Wall | None = None
        self._recorded: list[tuple[int, int, dict[str, str]]] = []  # what the record says was on the wall last
        self._watching = False

    def use(self, meeting: MeetingRow, items: list[Item], today: date) -> None:
        """The meeting and its agenda as they are now; the scene's item is the same one, with its clock and words of now."""
        self._meeting, self._items, self._today = meeting, items, today
        if self.scene is not None:
            same = next((i for i in items if i.id == self.scene.item.id), self.scene.item)
            self.scene = replace(self.scene, item=same)

    ## The window and its screen

    def open(self) -> None:
        """Show the audience window on the screen beside the operator's, or as a window where there is one screen."""
        self.is_closed = False
        self._place()
        self._watch(True)

    def reopen(self) -> None:
        """Show it again where it was, or bring it before other windows."""
        if self.is_closed:
            self.is_closed = False
            self._recorded = []  # the room sees it anew
            self._screens_changed()
            QTimer.singleShot(0, self.record)
        else:
            self.audience.raise_()

    def _closed_by_hand(self) -> None:
        if self._watching:
            self.is_closed = True
            self.turned.emit()

    def close(self) -> None:
        """Take it off the wall."""
        self._watch(False)
        self.audience.close()

    def _place(self) -> None:
        other = projector(self._screens(), self._console.screen())
        self.audience.put_on(other)
        self.placed.emit(other.name() if other else tr("in a window"))
        self.turned.emit()

    def _watch(self, watch: bool) -> None:
        app = QGuiApplication.instance()
        if watch and not self._watching:
            app.screenAdded.connect(self._later)
            app.screenRemoved.connect(self._later)
        elif self._watching and not watch:
            app.screenAdded.disconnect(self._later)
            app.screenRemoved.disconnect(self._later)
        self._watching = watch

    def _later(self, _screen: QScreen) -> None:
        QTimer.singleShot(0, self._screens_changed)

    def _screens_changed(self) -> None:
        """A projector was plugged in or pulled out: the wall goes where there is one, as it is (blank stays blank)."""
        if not self.is_closed:
            self._place()
        self._console.window().activateWindow()

    ## What is on it

    def show(self, item: Item, view: View) -> None:
        """Both windows first; the record of it is the caller's."""
        with self._city.read() as read:
            self.scene = scene(read, self._meeting, self._items, item, view, today=self._today, current=self.reading)
        self.put(self.scene.wall)
        self.shown.emit()

    def again(self) -> None:
        """The same scene, as the city stands now."""
        if self.scene is not None:
            item = next((i for i in self._items if i.id == self.scene.item.id), None)
            if item is not None:
                self.show(item, self.scene.view)

    def look(self, view: View) -> None:
        """Look at a measure another way, or at another measure, without leaving the item."""
        if self.scene is not None:
            self.show(self.scene.item, view)
            QTimer.singleShot(0, self.record)

    def put(self, wall: Wall) -> None:
        """On the wall unless it is blank or frozen; the console always sees what is next."""
        shown = replace(self._frozen or wall, clock=f"{self._now():%H:%M}")
        self.audience.show_wall(Wall(blank=True) if self.is_blank else shown)
        self.put_up.emit(wall)

    def tell_time(self, clock: str) -> None:
        """The clock in the wall's corner."""
        shown = self.audience.wall
        if not shown.blank and shown.clock != clock:
            self.audience.show_wall(replace(shown, clock=clock))

    def blank(self) -> None:
        """Nothing on the wall, or everything again."""
        self.is_blank = not self.is_blank
        self._changed()

    def freeze(self) -> None:
        """Keep this picture on the wall while the console looks elsewhere, or let go."""
        self._frozen = None if self._frozen else self.audience.wall
        self._changed()

    @property
    def is_frozen(self) -> bool:
        """The room sees another picture than the console, or will."""
        return self._frozen is not None

    @property
    def state(self) -> str:
        """What the wall really shows while it is not what the console looks at; "" while it is."""
        if self.is_closed:
            return "◆ " + tr("The room sees nothing: the wall's window was closed. Press W to open it again.")
        if self.is_blank:
            return "◆ " + tr("The wall is blank. Below: what it shows when you press B again.")
        if self._frozen is None:
            return ""
        title = self._frozen.title
        return "◆ " + tr("The wall is frozen on: {title}. Below: what it shows when you press F again.", title=title)

    def _changed(self) -> None:
        self.turned.emit()
        if self.scene is not None:
            self.put(self.scene.wall)
            QTimer.singleShot(0, self.record)

    ## Another look

    def turn_chart(self, steps: int) -> None:
        """The next chart of the item, or the next promise of the list."""
        if self.scene is not None and self.scene.wall.promises:
            self._turn_promise(steps)
        elif self.scene is not None and len(self.scene.charts) > 1:
            chart = self.scene.item.measures[(self.scene.at + steps) % len(self.scene.charts)]
            self.look(View.of(chart.code, chart.view))

    def _turn_promise(self, steps: int) -> None:
        """The list of earlier promises, one by one; its pages turn with it."""
        ids = self.scene.promise_ids
        at = ids.index(self.reading) + steps if self.reading in ids else 0
        self.reading = ids[at % len(ids)]
        self.again()

    def break_down(self) -> None:
        """The next breakdown of the measure, and after the last the whole."""
        if self._charted():
            view = self.scene.view
            with self._city.read() as read:
                by = next_by(read, view)
            if by == view.by:
                self.said.emit(tr("{measure} has no breakdown", measure=view.measure))
            self.look(replace(view, by=by, compare="", look=view.look if view.look == PARTS else ""))

    def jump(self, code: str) -> None:
        """Any measure, without leaving the item."""
        with self._city.read() as read:
            view = jumped_to(read, code)
        self.look(view)

    def turn_look(self) -> None:
        """Another look at the same measure: years beside each other, the year so far, before and after, its parts."""
        if self._charted():
            with self._city.read() as read:
                view = next_look(read, self.scene.view, self._today)
            self.look(view)

    def zoom(self) -> None:
        """Fewer or more periods."""
        if self._charted():
            with self._city.read() as read:
                view = zoomed(read, self.scene.view)
            self.look(view)

    def compare(self) -> None:
        """The same measure a year earlier, then the item's next measure beside it, then alone again."""
        if self._charted():
            view = replace(self.scene.view, by="", table=False, look="")
            self.look(replace(view, compare=next_comparison(self.scene.item, view)))
            if self.scene.view.compare == YEAR and len(self.scene.wall.chart.lines) < 2:
                self.said.emit(tr("{measure} has no values a year earlier", measure=view.measure))

    def table(self) -> None:
        """The values of the chart as a table, or the chart again."""
        if self._charted():
            view = self.scene.view
            self.look(replace(view, table=not view.table, compare="" if view.other else view.compare))

    def _charted(self) -> bool:
        """Whether a measure is on view; says so where none is."""
        if self.scene is not None and self.scene.view.measure:
            return True
        self.said.emit(tr("No chart is on the wall"))
        return False

    def write_on(self, entry: Entry) -> None:
        """Put words on the chart at the period that was meant; one step of undo. CityStatError for no words."""
        measure = self.scene.measure
        with self._city.read() as read:
            found = series(read, measure)
        period = next(p for i, p in enumerate(found.periods) if found.label(i) == entry.period)
        annotate(self._city, measure.id, period, "note", entry.text)
        self._recorded = []  # the room now sees the words, too
        QTimer.singleShot(0, self.record)

    ## The record of it

    def record(self) -> None:
        """That the room sees a chart, unless the record has it already; not while the wall is closed, blank or frozen."""
        hidden = self.is_closed or self.is_blank or self.is_frozen
        if self.scene is None or self.scene.measure is None or hidden:
            return
        item = self.scene.item.id
        seen = [(item, self.scene.measure.id, self.scene.stored)]
        if self.scene.beside is not None:
            seen.append((item, self.scene.beside.id, {}))
        for what in seen:
            if what not in self._recorded:
                running.show(self._city, self._id, *what, self._now())
        self._recorded = seen
