"""The operator console: agenda with its clock, what the wall shows, and what has been written down.

One person drives the wall and writes the record at once, so everything is one key, and the capture line
never takes the chart off the wall.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QScreen
from PySide6.QtWidgets import QLabel, QMessageBox, QVBoxLayout, QWidget

from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.meetings import actions, agenda, capture, meeting, running
from citystat.meetings.complete import Completions, completions
from citystat.texts import plural, tr
from citystat.views.meetings.agenda_column import AgendaColumn
from citystat.views.meetings.capture_line import CaptureLine
from citystat.views.meetings.columns import Columns
from citystat.views.meetings.console_head import ConsoleHead
from citystat.views.meetings.jump import JumpDialog
from citystat.views.meetings.presence import PresenceDialog
from citystat.views.meetings.readback import ReadBack
from citystat.views.meetings.record_column import RecordColumn
from citystat.views.meetings.showing import Scene, View, finding_of, first_view, next_by, scene, words_wall, zoomed
from citystat.views.meetings.stage import Stage
from citystat.views.meetings.wall import AudienceWindow, Wall, projector
from citystat.views.shell.theme import current as theme

KEYS_SHOWN = (
    ("Space  ↓", "next item"), ("Backspace  ↑", "previous item"), ("→  ←", "next and previous chart or promise"),
    ("J", "jump to any measure"), ("D", "break down"), ("Z", "last 12 periods, all, the usual"), ("B", "blank the wall"),
    ("F", "freeze the wall"), ("P", "who is present"), ("/  Enter", "write"), ("N", "write a note"),
    ("E", "change the newest entry"), ("R", "mark the promise as read"), ("Alt ↑ ↓", "rank the promise"),
    ("Ctrl Z", "take back"), ("Esc", "leave the line"),
)  # fmt: skip


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
        self._city, self._id, self._now, self._screens = city, meeting_id, now, screens
        self.title = tr("Meeting")
        self._scene: Scene | None = None
        self._blank = False
        self._frozen: Wall | None = None
        self._watching = False
        self._findings: dict[int, tuple[str, str]] = {}  # what the data says of an item, by its id
        self._reading: int | None = None  # the action on the wall at the read-back
        self._editing: tuple[str, int] | None = None
        self.audience = AudienceWindow()
        self.audience.pressed.connect(self._pressed)
        self._recorded: tuple[int, View] | None = None  # what the record says was on the wall last
        self._load()
        self._lay_out()
        self._keys = self._key_table()
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._tick)
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
        self._watch_screens(True)
        self._clock.start()
        if item is None:
            self._put(words_wall(self._meeting, self._meeting.series))
        else:
            self.enter(item.id)
        self.setFocus()

    def open_wall(self) -> None:
        """Show the audience window on the screen beside the operator's, or as a window where there is one screen."""
        other = projector(self._screens(), self.screen())
        self.audience.put_on(other)
        self._head.show_wall_place(other.name() if other else tr("in a window"))
        self._head.show_wall(blank=self._blank, frozen=self._frozen is not None)

    def _screens_changed(self) -> None:
        """A projector was plugged in or pulled out: the wall goes where there is one, as it is (blank stays blank)."""
        self.open_wall()
        self.window().activateWindow()

    def ask_adjourn(self) -> None:
        """Adjourn; what is unfinished or was not read back is said first, and the person may go on all the same."""
        unfinished = [a for a in self._actions if a.unfinished or not a.read_back]
        if unfinished:
            lines = [f"{a.code}  {a.text}: {_wants(a)}" for a in unfinished]
            box = QMessageBox(self)
            box.setWindowTitle(tr("Adjourn"))
            box.setText(plural(len(lines), "{n} promise is not finished", "{n} promises are not finished"))
            box.setInformativeText("\n".join(lines[:12]) + ("\n…" if len(lines) > 12 else ""))
            box.addButton(tr("Adjourn all the same"), QMessageBox.ButtonRole.AcceptRole)
            back = box.addButton(tr("Go on with the meeting"), QMessageBox.ButtonRole.RejectRole)
            box.setDefaultButton(back)
            box.accepted.connect(self.adjourn)
            box.open()
        else:
            self.adjourn()

    def adjourn(self) -> None:
        """End the meeting and go to its review."""
        running.adjourn(self._city, self._id, self._now())
        self._close_wall()
        self.go.emit(f"meeting:{self._id}")

    def _close_wall(self) -> None:
        self._clock.stop()
        self._watch_screens(False)
        self.audience.close()

    def _watch_screens(self, watch: bool) -> None:
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

    def leave(self) -> bool:
        """Called before the page is left: the wall goes, the meeting stays as it is."""
        self._close_wall()
        return True

    ## What the room sees

    def enter(self, item_id: int) -> None:
        """Turn to an agenda item: both windows first, then the record of it."""
        item = next(i for i in self._items if i.id == item_id)
        self._reading = self._read_back.current if item.kind == "read-back" else None
        self._show(item, first_view(item))
        QTimer.singleShot(0, lambda: self._record_entering(item))

    def turn(self, steps: int) -> None:
        """The next (1) or the previous (−1) item."""
        if self._scene is not None:
            at = self._place(self._scene.item) + steps
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
            following = self._following(item)
            if following is not None and following.id not in self._findings:
                self._findings[following.id] = finding_of(read, following)
        self._put(self._scene.wall)
        self._agenda.choose(item.id)
        self._stage.show_scene(self._scene, following, self._findings.get(following.id if following else 0, ("", "")))
        self._read_back.setVisible(item.kind == "read-back")
        self._stage.setVisible(item.kind != "read-back")
        self._context = self._capture_context()

    def _put(self, wall: Wall) -> None:
        """On the wall unless it is blank or frozen; the console always sees what is next."""
        shown = replace(self._frozen or wall, clock=f"{self._now():%H:%M}")
        on_wall = Wall(blank=True) if self._blank else shown
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
        self._state_of_wall.setText(self._wall_words())
        self._state_of_wall.setVisible(self._blank or self._frozen is not None)
        if self._scene is not None:
            self._put(self._scene.wall)
            QTimer.singleShot(0, self._record_showing)

    def _wall_words(self) -> str:
        """What the wall really shows while it is not what the console looks at."""
        if self._blank:
            return "◆ " + tr("The wall is blank. Below: what it shows when you press B again.")
        shown = self._frozen.title if self._frozen else ""
        return "◆ " + tr("The wall is frozen on: {title}. Below: what it shows when you press F again.", title=shown)

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
            key.Key_Question: self._show_keys,
            key.Key_N: lambda: self.capture.put("note "),
            key.Key_Slash: self.capture.focus,
            key.Key_Return: self.capture.focus,
            key.Key_Enter: self.capture.focus,
        }

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One key each, as long as nobody is typing."""
        if not self._pressed(event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z is the console's own: it says beside the line what was taken back."""
        if isinstance(event, QKeyEvent) and _overrides_undo(event):
            event.accept()
            return True
        return super().event(event)

    def _pressed(self, event: QKeyEvent) -> bool:
        """Do what a key means, pressed here or in the audience window; whether it means something."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
            return True
        if self._scene is not None and self._scene.item.kind == "read-back" and self._read_back.take_key(event):
            return True
        act = self._keys.get(event.key()) if self._plain(event) else None
        if act is not None:
            act()
        return act is not None

    @staticmethod
    def _plain(event: QKeyEvent) -> bool:
        modifiers = Qt.KeyboardModifier
        return not event.modifiers() & (modifiers.ControlModifier | modifiers.AltModifier | modifiers.MetaModifier)

    def _show_keys(self) -> None:
        box = QMessageBox(self)
        box.setWindowTitle(tr("Keys"))
        box.setText("\n".join(f"{key}    {tr(words)}" for key, words in KEYS_SHOWN))
        box.open()

    def _chart(self, steps: int) -> None:
        if self._scene is not None and self._scene.item.kind == "read-back":
            self._read_back.move(steps)
        elif self._scene is not None and self._scene.wall.promises:
            self._next_promise(steps)
        elif self._scene is not None and len(self._scene.charts) > 1:
            at = (self._scene.at + steps) % len(self._scene.charts)
            chart = self._scene.item.measures[at]
            self.look(View(chart.code, chart.view.get("since", ""), chart.view.get("by", "")))

    def _next_promise(self, steps: int) -> None:
        """The list of earlier promises, one by one; its pages turn with it."""
        ids = self._scene.promise_ids
        at = ids.index(self._reading) + steps if self._reading in ids else 0
        self._reading = ids[at % len(ids)]
        self._show(self._scene.item, self._scene.view)

    def _break_down(self) -> None:
        if self._scene is not None and self._scene.view.measure:
            with self._city.read() as read:
                by = next_by(read, self._scene.view.measure, self._scene.view.by)
            if by == self._scene.view.by:
                self.said.emit(tr("{measure} has no breakdown", measure=self._scene.view.measure))
            self.look(replace(self._scene.view, by=by))

    def _zoom(self) -> None:
        if self._scene is not None and self._scene.view.measure:
            with self._city.read() as read:
                view = zoomed(read, self._scene.view)
            self.look(view)

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
        entry = capture.parse(line, self._context)
        try:
            if self._editing:
                capture.rewrite(self._city, *self._editing, entry)
                words = tr("changed")
            else:
                item = self._scene.item.id if self._scene else None
                kept = capture.keep(self._city, self._id, entry, item_id=item, now=self._now())
                words = tr("{kind} kept", kind=tr(kept.kind))
        except CityStatError as error:
            self.capture.say(str(error))
            return
        if self._editing:
            self._editing = None
            self._context = self._capture_context()
        self.capture.line.clear()
        missing = ", ".join(entry.unfinished)
        self.capture.say(f"{words} · {tr('still wants {what}', what=missing)}" if missing else words)

    def edit(self, kind: str, entry_id: int) -> None:
        """Take a captured entry back into the line, read against its own measure."""
        entry = next(e for e in self._entries if (e.kind, e.id) == (kind, entry_id))
        self._editing = (kind, entry_id)
        self._context = replace(self._context, measure_id=entry.measure_id, measure=entry.measure_code)
        self.capture.put(entry.retyped)
        self.capture.say(tr("Changing {kind}; Enter keeps the change", kind=tr(kind)))

    def _stop_editing(self) -> None:
        """The line was cleared: the entry stays as it was, and the next line is a new one."""
        if self._editing and not self.capture.line.text():
            self._editing = None
            self._context = self._capture_context()

    def _edit_last(self) -> None:
        self._record.edit_newest()

    def undo(self) -> None:
        """Take the last act back, and say which."""
        try:
            done = self._city.undo()
        except CityStatError as error:
            self.capture.say(str(error))
            return
        self.capture.say(tr("Taken back: {what}", what=done) if done else tr("Nothing to take back"))

    def read_aloud(self, action_id: int | None) -> None:
        """Mark on the wall the promise that is being read."""
        self._reading = action_id
        if self._scene is not None and self._scene.item.kind == "read-back":
            self._show(self._scene.item, self._scene.view)

    ## Staying true

    def changeEvent(self, event: QEvent) -> None:
        """Another look while the meeting runs: the wall and the record in the new colours, what is typed stays."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_record"):
            self.audience.use(theme().palette)
            # its rows are made anew, which Qt must not see while it goes through all widgets to tell them of the look
            QTimer.singleShot(0, self, lambda: self._record.show_entries(self._entries))

    def refresh(self, touched: Touched | None = None) -> None:
        """Show again what an act changed."""
        if touched is None or touched.any(
            "measure", "target", "annotation", "observation", "import_run", "item_measure"
        ):
            self._findings.clear()
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
        shown = self.audience.wall
        if not shown.blank and shown.clock != f"{self._now():%H:%M}":
            self.audience.show_wall(replace(shown, clock=f"{self._now():%H:%M}"))

    def _record_entering(self, item: agenda.Item) -> None:
        running.enter(self._city, self._id, item.id, self._now())
        self._record_showing()

    def _record_showing(self) -> None:
        if self._on_view():
            running.show(
                self._city, self._id, self._scene.item.id, self._scene.measure.id, self._scene.stored, self._now()
            )

    def _on_view(self) -> bool:
        """Whether the room sees a chart that the record does not have yet: not while the wall is blank or frozen."""
        if self._scene is None or self._scene.measure is None or self._blank or self._frozen is not None:
            return False
        seen = (self._scene.item.id, self._scene.view)
        new, self._recorded = seen != self._recorded, seen
        return new

    def _capture_context(self) -> capture.Context:
        return replace(
            self._context, measure_id=self._measure_id(), measure=self._scene.view.measure if self._scene else ""
        )

    def _complete(self, line: str, cursor: int) -> Completions:
        return completions(line, cursor, self._context)

    def _measure_id(self) -> int | None:
        return self._scene.measure.id if self._scene and self._scene.measure else None

    def _place(self, item: agenda.Item) -> int:
        """Where an item stands on the agenda; by its id, because its clock makes it another value."""
        return next(n for n, i in enumerate(self._items) if i.id == item.id)

    def _following(self, item: agenda.Item) -> agenda.Item | None:
        at = self._place(item) + 1
        return self._items[at] if at < len(self._items) else None

    ## Layout

    def _lay_out(self) -> None:
        self._head = ConsoleHead(self._meeting, self)
        self._head.blank.connect(self.blank)
        self._head.freeze.connect(self.freeze)
        self._head.adjourn.connect(self.ask_adjourn)
        self._agenda = AgendaColumn(self)
        self._agenda.chosen.connect(self.enter)
        self._stage = Stage(self)
        self._read_back = ReadBack(self._city, self)
        self._read_back.reading.connect(self.read_aloud)
        self._read_back.editing.connect(self.edit)
        self._read_back.setVisible(False)
        self._record = RecordColumn(self)
        self._record.editing.connect(self.edit)
        self.capture = CaptureLine(lambda line: capture.parse(line, self._context), self, complete=self._complete)
        self.capture.undone.connect(self.undo)
        self.capture.line.textChanged.connect(self._stop_editing)
        self.capture.kept.connect(self.keep)
        self.capture.left.connect(self.setFocus)
        self.capture.turned.connect(self.turn)
        self._state_of_wall = QLabel(self)
        self._state_of_wall.setWordWrap(True)
        self._state_of_wall.setObjectName("wallState")
        px = theme().px
        self._state_of_wall.hide()
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(round(px(28)), 16, round(px(28)), 12)
        column.addWidget(self._state_of_wall)
        column.addWidget(self._stage, 1)
        column.addWidget(self._read_back, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(Columns(self._agenda, middle, self._record), 1)
        layout.addWidget(self.capture)
        self.audience.use(theme().palette)
        self.refresh(None)


def _wants(action: actions.ActionRow) -> str:
    """What a promise lacks before the meeting may end."""
    lacks = [tr("wants {what}", what=", ".join(action.unfinished))] if action.unfinished else []
    return " · ".join([*lacks, *([] if action.read_back else [tr("not read back")])])


def _overrides_undo(event: QKeyEvent) -> bool:
    return event.type() == QEvent.Type.ShortcutOverride and event.matches(QKeySequence.StandardKey.Undo)
