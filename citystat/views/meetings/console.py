"""The operator console: agenda with its clock, what the wall shows, and what has been written down.

One person drives the wall and writes the record at once, so everything is one key, and the capture line
never takes the chart off the wall.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QScreen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.meetings import actions, agenda, capture, meeting, running
from citystat.meetings.complete import Completions, completions
from citystat.meetings.meaning import Context
from citystat.records.which import has_records, newest_period
from citystat.texts import tr
from citystat.views import acts
from citystat.views.meetings.adjourning import ask_about
from citystat.views.meetings.agenda_column import AgendaColumn
from citystat.views.meetings.capture_line import CaptureLine, day_first
from citystat.views.meetings.columns import Columns
from citystat.views.meetings.console_head import ConsoleHead
from citystat.views.meetings.half_written import HalfWritten
from citystat.views.meetings.jump import JumpDialog
from citystat.views.meetings.keys import act_of, overrides_undo, show_keys
from citystat.views.meetings.on_the_wall import OnTheWall
from citystat.views.meetings.presence import PresenceDialog
from citystat.views.meetings.readback import ReadBack
from citystat.views.meetings.record_column import RecordColumn
from citystat.views.meetings.showing import Scene, finding_of, first_view, words_wall
from citystat.views.meetings.stage import Stage
from citystat.views.meetings.starting import ask_close, ask_day
from citystat.views.meetings.wall import AudienceWindow
from citystat.views.shell.places import records_behind
from citystat.views.shell.theme import current as theme

ON_THE_CHART = ("measure", "target", "annotation", "observation", "import_run")


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
        screens: Callable[[], Sequence[QScreen]] = QGuiApplication.screens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._city, self._id, self._now = city, meeting_id, now
        self.title = tr("Meeting")
        self._findings: dict[int, tuple[str, str]] = {}  # what the data says of an item, by its id
        self._editing: tuple[str, int] | None = None
        self._context: Context  # what a line is read against, asked with everything else
        self._half: HalfWritten | None = None
        self._may_close = False
        self._wall = OnTheWall(city, meeting_id, now=now, screens=screens, console=self)
        self._wall.audience.pressed.connect(self._pressed)
        self._load()
        self._lay_out()
        self._acts = self._what_keys_do()
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._tick)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def items(self) -> list[agenda.Item]:
        """The agenda."""
        return self._items

    @property
    def audience(self) -> AudienceWindow:
        """The window that the room sees."""
        return self._wall.audience

    @property
    def _scene(self) -> Scene | None:
        return self._wall.scene

    ## Beginning and end

    def begin(self) -> None:
        """Start the meeting, or go on with it where it was when the program ended; on another day than planned, ask."""
        day = self._now().date()
        if self._meeting.status == "planned" and self._meeting.day != day:
            ask_day(
                self._meeting.day, day, self, hold=lambda: self._start(day), keep=lambda: self._start(None), cancel=self._back
            )  # fmt: skip
        else:
            self._start(None)

    def _start(self, day: date | None) -> None:
        """day: on which it is held, where that is not the planned one."""
        try:
            if self._meeting.status == "planned":
                running.start(self._city, self._id, self._now(), day=day)
        except CityStatError as error:
            self.said.emit(str(error))
            self._back()
            return
        self.refresh(None)
        with self._city.read() as read:
            current = running.state(read, self._id).current_item_id
        item = next((i for i in self._items if i.id == current), self._items[0] if self._items else None)
        self._wall.open()
        self._clock.start()
        if item is None:
            self._wall.put(words_wall(self._meeting, self._meeting.series))
        else:
            self.enter(item.id)
        self._half = HalfWritten(self, self._city.path, self._id)
        self._take_up(self._half.take())
        self.setFocus()

    def _back(self) -> None:
        self.go.emit(f"meeting:{self._id}")

    def ask_adjourn(self) -> None:
        """Adjourn; what is unfinished or was not read back is said first, and the person may go on all the same."""
        if self.capture.line.text().strip():
            self.capture.focus()
            self.capture.say(tr("Half written: Enter keeps it, Esc clears it; then adjourn"))
            return
        unfinished = [a for a in self._actions if a.unfinished or not a.read_back]
        if unfinished:
            ask_about(unfinished, self.adjourn, self)
        else:
            self.adjourn()

    def adjourn(self) -> None:
        """End the meeting and go to its review."""
        running.adjourn(self._city, self._id, self._now())
        self._close_wall()
        self._back()

    def leave(self) -> bool:
        """Called before the page is left: the wall goes, the meeting stays as it is, and so does a line half written."""
        if self._half is not None:
            self._half.keep(self.capture.line.text(), self._editing)
        self._close_wall()
        return True

    def closing(self) -> bool:
        """Called before the window closes; False while the meeting runs and the person has not said so."""
        if self._may_close or self._meeting.status != "running":
            return True
        ask_close(self, self._close_all_the_same)
        return False

    def _close_all_the_same(self) -> None:
        self._may_close = True
        self.window().close()

    def _take_up(self, half: tuple[str, tuple[str, int] | None]) -> None:
        """The line as it was left; a change goes on where the entry is still there."""
        line, editing = half
        if line:
            if editing in [(e.kind, e.id) for e in self._entries]:
                self.edit(*editing)
            self.capture.line.setText(line)
            self.capture.say(tr("Half written before; Enter keeps it"))

    def _close_wall(self) -> None:
        self._clock.stop()
        self._wall.close()

    ## Item after item

    def enter(self, item_id: int) -> None:
        """Turn to an agenda item: both windows first, then the record of it."""
        item = next(i for i in self._items if i.id == item_id)
        self._wall.reading = self._read_back.current if item.kind == "read-back" else None
        self._wall.show(item, first_view(item))
        QTimer.singleShot(0, self, lambda: self._record_entering(item))

    def turn(self, steps: int) -> None:
        """The next (1) or the previous (−1) item."""
        if self._scene is not None:
            at = self._place(self._scene.item) + steps
            if 0 <= at < len(self._items):
                self.enter(self._items[at].id)

    def _record_entering(self, item: agenda.Item) -> None:
        running.enter(self._city, self._id, item.id, self._now())
        self._wall.record()

    def _scene_shown(self) -> None:
        """The columns follow the wall."""
        item = self._scene.item
        following = self._following(item)
        if following is not None and following.id not in self._findings:
            with self._city.read() as read:
                self._findings[following.id] = finding_of(read, following)
        self._agenda.choose(item.id)
        self._stage.show_scene(self._scene, following, self._findings.get(following.id if following else 0, ("", "")))
        self._read_back.setVisible(item.kind == "read-back")
        self._stage.setVisible(item.kind != "read-back")
        self._context = self._with_the_wall(self._context)

    def _wall_turned(self) -> None:
        wall = self._wall
        self._head.show_wall(blank=wall.is_blank, frozen=wall.is_frozen, closed=wall.is_closed)
        self._state_of_wall.setText(self._wall.state)
        self._state_of_wall.setVisible(bool(self._wall.state))

    def _place(self, item: agenda.Item) -> int:
        """Where an item stands on the agenda; by its id, because its clock makes it another value."""
        return next(n for n, i in enumerate(self._items) if i.id == item.id)

    def _following(self, item: agenda.Item) -> agenda.Item | None:
        at = self._place(item) + 1
        return self._items[at] if at < len(self._items) else None

    ## Keys

    def _what_keys_do(self) -> dict[str, Callable[[], object]]:
        """The acts in keys.KEYS, and what they do."""
        wall = self._wall
        return {
            "next_item": lambda: self.turn(1), "previous_item": lambda: self.turn(-1),
            "next_chart": lambda: self._turn_chart(1), "previous_chart": lambda: self._turn_chart(-1),
            "blank": wall.blank, "freeze": wall.freeze, "open_wall": wall.reopen, "break_down": wall.break_down, "zoom": wall.zoom,
            "compare": wall.compare, "table": wall.table, "turn_look": wall.turn_look, "note_on_chart": self._note_on_chart, "jump": self._jump,
            "presence": self._presence, "edit_newest": self._record.edit_newest,
            "mark_read": self._read_back.next_unread, "keys": lambda: show_keys(self), "write": self.capture.focus,
        }  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One key each, as long as nobody is typing."""
        if not self._pressed(event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z is the console's own: it says beside the line what was taken back."""
        if overrides_undo(event):
            event.accept()
            return True
        return super().event(event)

    def _pressed(self, event: QKeyEvent) -> bool:
        """Do what a key means, pressed here or in the audience window; whether it means something."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
            return True
        if self._at_read_back() and self._read_back.take_key(event):
            return True
        act = self._acts.get(act_of(event))
        if act is not None:
            act()
        return act is not None

    def _at_read_back(self) -> bool:
        return self._scene is not None and self._scene.item.kind == "read-back"

    def _turn_chart(self, steps: int) -> None:
        if self._at_read_back():
            self._read_back.move(steps)
        else:
            self._wall.turn_chart(steps)

    def _note_on_chart(self) -> None:
        """Begin to write on the chart; where there is none, a note."""
        self.window().activateWindow()
        self.capture.put(f"{tr('chart:')} " if self._context.periods else "note ")

    def _jump(self) -> None:
        with self._city.read() as read:
            dialog = JumpDialog(read, self)
        dialog.chosen.connect(self._wall.jump)
        dialog.open()

    def open_records(self) -> None:
        """The records behind the newest figure on the wall, on this screen only: the room goes on seeing the chart."""
        measure = self._scene.measure if self._scene else None
        with self._city.read() as read:
            there = measure is not None and has_records(read, measure.code)
            last = newest_period(read, measure.id) if there else None
        if measure is None or last is None:
            self.capture.say(tr("No records are kept of what the wall shows"))
            return
        from citystat.views.records.beside_meeting import RecordsDialog

        RecordsDialog(self._city, records_behind(measure.id, last), self).open()

    def _presence(self) -> None:
        PresenceDialog(self._city, self._id, self).open()

    ## What is written down

    def keep(self, line: str) -> None:
        """Put a captured line on disk; only then the line is cleared."""
        entry = capture.parse(line, self._context)
        try:
            words = self._write(entry)
        except CityStatError as error:
            self.capture.say(str(error))
            return
        if self._editing:
            self._editing = None
            self._context = self._with_the_wall(self._context)
            self.setFocus()  # lines follow one another, a change does not
        self.capture.line.clear()
        missing = ", ".join(entry.unfinished)
        self.capture.say(f"{words} · {tr('still wants {what}', what=missing)}" if missing else words)

    def _write(self, entry: capture.Entry) -> str:
        """On the chart, over the entry that is being changed, or as a new one; returns what was done."""
        if entry.kind == "chart":
            if not entry.period:
                raise CityStatError(next(c.why for c in entry.chips if not c.ok))
            self._wall.write_on(entry)
            return tr("on the chart at {period}", period=entry.period)
        if self._editing:
            capture.rewrite(self._city, *self._editing, entry)
            return tr("changed")
        item = self._scene.item.id if self._scene else None
        kept = capture.keep(self._city, self._id, entry, item_id=item, now=self._now())
        words = tr("kept as {kind}") if entry.guessed else tr("{kind} kept")
        return words.format(kind=tr(kept.kind))

    def edit(self, kind: str, entry_id: int) -> None:
        """Take a captured entry back into the line, read against its own measure."""
        entry = next(e for e in self._entries if (e.kind, e.id) == (kind, entry_id))
        self._editing = (kind, entry_id)
        own = {"measure_id": entry.measure_id, "measure": entry.measure_code, "periods": ()}
        self._context = replace(self._context, **own)
        self.capture.put(entry.retyped)
        self.capture.say(tr("Changing {kind}; Enter keeps the change", kind=tr(kind)))

    def _stop_editing(self) -> None:
        """The line was cleared: the entry stays as it was, and the next line is a new one."""
        if self._editing and not self.capture.line.text():
            self._editing = None
            self._context = self._with_the_wall(self._context)

    def undo(self) -> None:
        """Take the last act back, and say which; where it changes closed figures, ask why."""

        def back(reason: str) -> None:
            done = self._city.undo(reason)
            self.capture.say(tr("Taken back: {what}", what=done) if done else tr("Nothing to take back"))

        acts.reasoned(self, back, lambda error: self.capture.say(str(error)), done=tr("Take back"))

    def read_aloud(self, action_id: int | None) -> None:
        """Mark on the wall the promise that is being read."""
        self._wall.reading = action_id
        if self._at_read_back():
            self._wall.again()

    def _with_the_wall(self, context: Context) -> Context:
        """`context` with what the wall shows now: a line is read against its measure and its periods."""
        scene = self._scene
        chart = scene.wall.chart if scene else None
        return replace(
            context, measure_id=self._measure_id(), measure=scene.view.measure if scene else "",
            periods=chart.periods if chart else (), day_first=day_first(),
        )  # fmt: skip

    def _complete(self, line: str, cursor: int) -> Completions:
        return completions(line, cursor, self._context)

    def _measure_id(self) -> int | None:
        return self._scene.measure.id if self._scene and self._scene.measure else None

    ## Staying true

    def changeEvent(self, event: QEvent) -> None:
        """Another look while the meeting runs: the wall in the new colours; the rest follows by itself."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_record"):
            self.audience.use(theme().palette)

    def refresh(self, touched: Touched | None = None) -> None:
        """Show again what an act changed."""
        if touched is None or touched.any(*ON_THE_CHART, "item_measure"):
            self._findings.clear()
        measure = self._measure_id()
        if touched is not None and measure and touched.any(f"measure:{measure}") and touched.any(*ON_THE_CHART):
            self._wall.again()
        if touched is None or touched.any(f"meeting:{self._id}", "action_item", "person", "attendance"):
            self._load()
            self._head.show_day(self._meeting.day)
            self._agenda.show_items(self._items, self._present)
            self._record.show_entries(self._entries)
            self._read_back.show_actions(self._actions)
            if self._scene is not None and not self._scene.view.measure:
                self._wall.again()
            self._tick()

    def _load(self) -> None:
        today = self._now().date()
        with self._city.read() as read:
            self._meeting = meeting.meeting(read, self._id)
            self._today = self._meeting.day if self._meeting.started_at else today  # days count from the meeting's own
            self._items = agenda.agenda(read, self._id)
            self._entries = capture.captured(read, self._id)
            self._present = meeting.attendance(read, self._id)
            self._actions = actions.actions(read, self._today, meeting=self._id)
            context = capture.context(read, self._id, self._today, self._measure_id())
        self._wall.use(self._meeting, self._items, today)
        self._context = self._with_the_wall(context)

    def _tick(self) -> None:
        now = self._now()
        clock = running.clock(self._items, self._meeting, now)
        self._head.show_clock(now, clock)
        self._agenda.show_clock(clock)
        self._wall.tell_time(f"{now:%H:%M}")

    ## Layout

    def _lay_out(self) -> None:
        self._make_columns()
        self._make_capture()
        self._state_of_wall = QLabel(self)
        self._state_of_wall.setWordWrap(True)
        self._state_of_wall.setObjectName("wallState")
        self._state_of_wall.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(Columns(self._agenda, self._middle(), self._record), 1)
        layout.addWidget(self.capture)
        self.audience.use(theme().palette)
        self.refresh(None)

    def _make_columns(self) -> None:
        """Head, agenda, stage, reading back and record, each with what it asks for."""
        self._head = ConsoleHead(self._meeting, self)
        self._head.blank.connect(self._wall.blank)
        self._head.freeze.connect(self._wall.freeze)
        self._head.adjourn.connect(self.ask_adjourn)
        self._head.reopen.connect(self._wall.reopen)
        self._agenda = AgendaColumn(self)
        self._agenda.chosen.connect(self.enter)
        self._stage = Stage(self)
        self._wall.put_up.connect(self._stage.show_wall)
        self._wall.shown.connect(self._scene_shown)
        self._wall.turned.connect(self._wall_turned)
        self._wall.placed.connect(self._head.show_wall_place)
        self._wall.said.connect(self.said)
        self._read_back = ReadBack(self._city, self)
        self._read_back.reading.connect(self.read_aloud)
        self._read_back.editing.connect(self.edit)
        self._read_back.setVisible(False)
        self._record = RecordColumn(self)
        self._record.editing.connect(self.edit)

    def _make_capture(self) -> None:
        """The line that is typed in."""
        self.capture = CaptureLine(lambda line: capture.parse(line, self._context), self, complete=self._complete)
        self.capture.undone.connect(self.undo)
        self.capture.line.textChanged.connect(self._stop_editing)
        self.capture.kept.connect(self.keep)
        self.capture.left.connect(self.setFocus)
        self.capture.turned.connect(self.turn)
        self.capture.writing.connect(self._head.show_typing)
        self.capture.writing.connect(self._stage.show_writing)

    def _middle(self) -> QWidget:
        """What the wall shows, or the promises while they are read back."""
        middle, margin = QWidget(self), round(theme().px(28))
        column = QVBoxLayout(middle)
        column.setContentsMargins(margin, 16, margin, 12)
        column.addWidget(self._state_of_wall)
        column.addWidget(self._stage, 1)
        column.addWidget(self._read_back, 1)
        return middle
