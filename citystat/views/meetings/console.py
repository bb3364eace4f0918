"""The operator console: agenda with its clock, what the wall shows, and what has been written down.

One person drives the wall and writes the record at once, so everything is one key, and the capture line
never takes the chart off the wall.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.meetings import actions, agenda, capture, meeting, running
from citystat.texts import tr
from citystat.views.meetings.agenda_column import AgendaColumn
from citystat.views.meetings.capture_line import CaptureLine
from citystat.views.meetings.console_head import ConsoleHead
from citystat.views.meetings.jump import JumpDialog
from citystat.views.meetings.presence import PresenceDialog
from citystat.views.meetings.readback import ReadBack
from citystat.views.meetings.record_column import RecordColumn
from citystat.views.meetings.showing import Scene, View, first_view, next_by, next_zoom, scene, words_wall
from citystat.views.meetings.stage import Stage
from citystat.views.meetings.wall import AudienceWindow, Wall, projectors
from citystat.views.shell.theme import current as theme


class Console(QWidget):
    """Runs one meeting. Signals: go(address) leads to another page; said(words) is a passing message."""

    go = Signal(str)
    said = Signal(str)
    fills_window = True  # the shell hides its sidebar: the main window is turned to the meeting

    def __init__(
        self,
        city: City,
        meeting_id: int,
        *,
        now: Callable[[], datetime] = datetime.now,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._city, self._id, self._now = city, meeting_id, now
        self.title = tr("Meeting")
        self._scene: Scene | None = None
        self._blank = False
        self._frozen: Wall | None = None
        self._reading: int | None = None  # the action on the wall at the read-back
        self._editing: tuple[str, int] | None = None
        self.audience = AudienceWindow()
        self._load()
        self._lay_out()
        self._keys = self._key_table()
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._tick)
        self.installEventFilter(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def items(self) -> list[agenda.Item]:
        """The agenda."""
        return self._items

    ## Beginning and end

    def begin(self) -> None:
        """Start the meeting, or go on with it where it was when the program ended."""
        if self._meeting.status == "planned":
            running.start(self._city, self._id, self._now())
        self.refresh(None)
        state = self._state()
        item = next((i for i in self._items if i.id == state.current_item_id), self._items[0] if self._items else None)
        self.open_wall()
        self._clock.start()
        if item is None:
            self._put(words_wall(self._meeting, self._meeting.series))
        else:
            self.enter(item.id)
        self.setFocus()

    def open_wall(self) -> None:
        """Show the audience window on the second screen, or as a window where there is one screen."""
        others = projectors()
        self.audience.put_on(others[0] if others else None)
        self._head.show_wall_place(others[0].name() if others else tr("in a window"))

    def adjourn(self) -> None:
        """End the meeting and go to its review."""
        running.adjourn(self._city, self._id, self._now())
        self._clock.stop()
        self.audience.close()
        self.go.emit(f"meeting:{self._id}")

    def leave(self) -> bool:
        """Called before the page is left: the wall goes, the meeting stays as it is."""
        self._clock.stop()
        self.audience.close()
        return True

    ## What the room sees

    def enter(self, item_id: int) -> None:
        """Turn to an agenda item: both windows first, then the record of it."""
        item = next(i for i in self._items if i.id == item_id)
        self._reading = None
        self._show(item, first_view(item))
        QTimer.singleShot(0, lambda: self._record_entering(item))

    def turn(self, steps: int) -> None:
        """The next (1) or the previous (−1) item."""
        if self._scene is not None:
            at = self._items.index(self._scene.item) + steps
            if 0 <= at < len(self._items):
                self.enter(self._items[at].id)

    def look(self, view: View) -> None:
        """Look at a measure another way, or at another measure, without leaving the item."""
        if self._scene is not None:
            self._show(self._scene.item, view)
            QTimer.singleShot(0, self._record_showing)

    def _show(self, item: agenda.Item, view: View) -> None:
        with self._city.read() as read:
            self._scene = scene(read, self._meeting, self._items, item, view, today=self._today, current=self._reading)
        self._put(self._scene.wall)
        self._agenda.choose(item.id)
        self._stage.show_scene(self._scene, self._following(item))
        self._read_back.setVisible(item.kind == "read-back")
        self._context = self._capture_context()

    def _put(self, wall: Wall) -> None:
        """On the wall unless it is blank or frozen; the console always sees what is next."""
        on_wall = Wall(blank=True) if self._blank else (self._frozen or wall)
        self.audience.show_wall(on_wall)
        self._stage.show_wall(wall)

    def blank(self) -> None:
        """Nothing on the wall, or everything again."""
        self._blank = not self._blank
        self._wall_changed()

    def freeze(self) -> None:
        """Keep this picture on the wall while the console looks elsewhere, or let go."""
        self._frozen = None if self._frozen else self.audience.wall
        self._wall_changed()

    def _wall_changed(self) -> None:
        self._head.show_wall(blank=self._blank, frozen=self._frozen is not None)
        if self._scene is not None:
            self._put(self._scene.wall)

    ## Keys

    def _key_table(self) -> dict[int, Callable[[], None]]:
        key = Qt.Key
        return {
            key.Key_Space: lambda: self.turn(1),
            key.Key_PageDown: lambda: self.turn(1),
            key.Key_Down: lambda: self.turn(1),
            key.Key_Backspace: lambda: self.turn(-1),
            key.Key_PageUp: lambda: self.turn(-1),
            key.Key_Up: lambda: self.turn(-1),
            key.Key_Right: lambda: self._chart(1),
            key.Key_Left: lambda: self._chart(-1),
            key.Key_B: self.blank,
            key.Key_F: self.freeze,
            key.Key_D: self._break_down,
            key.Key_Z: self._zoom,
            key.Key_J: self._jump,
            key.Key_P: self._presence,
            key.Key_E: self._edit_last,
            key.Key_R: self._read_back.next_unread,
            key.Key_Slash: self.capture.focus,
            key.Key_Return: self.capture.focus,
            key.Key_Enter: self.capture.focus,
        }

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """One key each, as long as nobody is typing."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._plain(event):
            act = self._keys.get(event.key())
            if act is not None:
                act()
                return True
        return super().eventFilter(watched, event)

    @staticmethod
    def _plain(event: QKeyEvent) -> bool:
        return event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)

    def _chart(self, steps: int) -> None:
        if self._scene is not None and len(self._scene.charts) > 1:
            at = (self._scene.at + steps) % len(self._scene.charts)
            chart = self._scene.item.measures[at]
            self.look(View(chart.code, None, chart.view.get("by", "")))

    def _break_down(self) -> None:
        if self._scene is not None and self._scene.view.measure:
            with self._city.read() as read:
                by = next_by(read, self._scene.view.measure, self._scene.view.by)
            if by == self._scene.view.by:
                self.said.emit(tr("{measure} has no breakdown", measure=self._scene.view.measure))
            self.look(replace(self._scene.view, by=by))

    def _zoom(self) -> None:
        if self._scene is not None and self._scene.view.measure:
            self.look(replace(self._scene.view, zoom=next_zoom(self._scene.view.zoom)))

    def _jump(self) -> None:
        with self._city.read() as read:
            dialog = JumpDialog(read, self)
        dialog.chosen.connect(lambda code: self.look(View(code)))
        dialog.open()

    def _presence(self) -> None:
        PresenceDialog(self._city, self._id, self).open()

    ## What is written down

    def keep(self, line: str) -> None:
        """Put a captured line on disk; only then the line is cleared."""
        with self._city.read() as read:
            context = capture.context(read, self._id, self._today, self._measure_id())
        entry = capture.parse(line, context)
        try:
            if self._editing:
                self._keep_edited(entry)
                words = tr("changed")
            else:
                item = self._scene.item.id if self._scene else None
                kept = capture.keep(self._city, self._id, entry, item_id=item, now=self._now())
                words = tr("{kind} kept", kind=tr(kept.kind))
        except CityStatError as error:
            self.capture.say(str(error))
            return
        self._editing = None
        self.capture.line.clear()
        missing = ", ".join(entry.unfinished)
        self.capture.say(f"{words} · {tr('still wants {what}', what=missing)}" if missing else words)

    def _keep_edited(self, entry: capture.Entry) -> None:
        kind, entry_id = self._editing or ("", 0)
        fields: dict[str, object] = {"text": entry.text}
        if kind in ("action", "question"):
            fields |= {"owner_id": entry.owner_id, "due": entry.due}
        if kind == "action":
            fields["form"] = entry.form
        capture.edit_captured(self._city, kind, entry_id, **fields)

    def edit(self, kind: str, entry_id: int, line: str) -> None:
        """Take a captured entry back into the line."""
        self._editing = (kind, entry_id)
        self.capture.put(line)
        self.capture.say(tr("Changing {kind}; Enter keeps the change", kind=tr(kind)))

    def _edit_last(self) -> None:
        self._record.edit_newest()

    def undo(self) -> None:
        """Take the last act back, and say which."""
        try:
            done = self._city.undo()
        except CityStatError as error:
            self.said.emit(str(error))
            return
        self.capture.say(tr("Taken back: {what}", what=done) if done else tr("Nothing to take back"))

    def read_aloud(self, action_id: int | None) -> None:
        """Mark on the wall the promise that is being read."""
        self._reading = action_id
        if self._scene is not None and self._scene.item.kind == "read-back":
            self._show(self._scene.item, self._scene.view)

    ## Staying true

    def refresh(self, touched: Touched | None = None) -> None:
        """Show again what an act changed."""
        if touched is None or touched.any(f"meeting:{self._id}", "action_item", "person", "attendance"):
            self._load()
            self._agenda.show_items(self._items, self._present)
            self._record.show_entries(self._entries)
            self._read_back.show_actions(self._actions)
            if self._scene is not None and not self._scene.view.measure:
                item = next((i for i in self._items if i.id == self._scene.item.id), None)
                if item is not None:
                    self._show(item, self._scene.view)
            self._tick()

    def _load(self) -> None:
        self._today = self._now().date()
        with self._city.read() as read:
            self._meeting = meeting.meeting(read, self._id)
            self._items = agenda.agenda(read, self._id)
            self._entries = capture.captured(read, self._id)
            self._present = meeting.attendance(read, self._id)
            self._actions = actions.actions(read, self._today, meeting=self._id)
            self._context = capture.context(read, self._id, self._today, self._measure_id())
        if self._scene is not None:  # the item on view, as it is now: its clock and words may have changed
            same = next((i for i in self._items if i.id == self._scene.item.id), self._scene.item)
            self._scene = replace(self._scene, item=same)

    def _state(self) -> running.Running:
        with self._city.read() as read:
            return running.state(read, self._id)

    def _tick(self) -> None:
        clock = running.clock(self._items, self._meeting, self._now())
        self._head.show_clock(self._now(), clock)
        self._agenda.show_clock(clock)

    def _record_entering(self, item: agenda.Item) -> None:
        running.enter(self._city, self._id, item.id, self._now())
        self._record_showing()

    def _record_showing(self) -> None:
        if self._scene is not None and self._scene.measure is not None and not self._blank:
            running.show(
                self._city, self._id, self._scene.item.id, self._scene.measure.id, self._scene.stored, self._now()
            )

    def _capture_context(self) -> capture.Context:
        return replace(
            self._context, measure_id=self._measure_id(), measure=self._scene.view.measure if self._scene else ""
        )

    def _measure_id(self) -> int | None:
        return self._scene.measure.id if self._scene and self._scene.measure else None

    def _following(self, item: agenda.Item) -> agenda.Item | None:
        at = self._items.index(item) + 1
        return self._items[at] if at < len(self._items) else None

    ## Layout

    def _lay_out(self) -> None:
        self._head = ConsoleHead(self._meeting, self)
        self._head.blank.connect(self.blank)
        self._head.freeze.connect(self.freeze)
        self._head.adjourn.connect(self.adjourn)
        self._agenda = AgendaColumn(self)
        self._agenda.chosen.connect(self.enter)
        self._stage = Stage(self)
        self._read_back = ReadBack(self._city, self)
        self._read_back.reading.connect(self.read_aloud)
        self._read_back.editing.connect(self.edit)
        self._read_back.setVisible(False)
        self._record = RecordColumn(self)
        self._record.editing.connect(self.edit)
        self.capture = CaptureLine(lambda line: capture.parse(line, self._context), self)
        self.capture.kept.connect(self.keep)
        self.capture.left.connect(self.setFocus)
        self.capture.turned.connect(self.turn)
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(28, 20, 28, 12)
        column.addWidget(self._stage, 1)
        column.addWidget(self._read_back, 1)
        columns = QSplitter(Qt.Orientation.Horizontal, self)
        for widget in (self._agenda, middle, self._record):
            columns.addWidget(widget)
        columns.setSizes([286, 860, 294])
        columns.setStretchFactor(1, 1)
        columns.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(columns, 1)
        layout.addWidget(self.capture)
        self._unsubscribe = None
        self.audience.use(theme().palette)
        self.refresh(None)
