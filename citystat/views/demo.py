"""`citystat demo`: the main job walked in the real windows, offscreen, with a picture of every screen.

Everything goes by addresses, keys and what the screen offers, as a person would; `SCREENS` is the list of pages.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QDialog, QMenu, QPlainTextEdit, QWidget
from shiboken6 import isValid

from citystat.city import City
from citystat.views import jobs
from citystat.views.cycles import collect_here
from citystat.views.meetings.console import Console
from citystat.views.shell import theme
from citystat.views.shell.places import place_of
from citystat.views.shell.recent import Remembered
from citystat.views.shell.window import MainWindow

DESK, WALL = (1440, 900), (1920, 1080)
LINGERS = 2500  # milliseconds after which a dialog that waits for a person is closed
NOISE = "This plugin does not support "  # the offscreen platform, of raising windows and the like

# picture → address; {measure} and {meeting} are filled in
SCREENS = (
    ("today", "today"),
    ("goals", "goals"),
    ("measures", "measures"),
    ("measure", "measure:{measure}"),
    ("together", "together:1+2+3"),
    ("data", "data"),
    ("quality", "quality"),
    ("calendar", "calendar"),
    ("results", "results"),
    ("catalogue", "catalogue"),
    ("chains", "chains"),
    ("chain", "chain:goal-1"),
    ("import-empty", "import"),
    ("meetings", "meetings"),
    ("agenda", "meeting:{meeting}"),
    ("actions", "actions"),
    ("contracts", "contracts"),
    ("contract", "contract:2"),
    ("renewal", "renewal:2"),
    ("contractors", "contractors:Solid waste collection"),
    ("settings", "settings"),
)


class Camera:
    """Takes pictures of one city's window, light or dark, into a folder. `taken` lists the files."""

    def __init__(self, city: City, to: Path, settings: Path) -> None:
        self.taken: list[str] = []
        self.city, self._to, self._settings = city, to, settings
        self.dark = False
        self._window: MainWindow | None = None

    @property
    def window(self) -> MainWindow:
        """The window in the present light."""
        if self._window is None:
            dress(self.dark)
            self._window = MainWindow(Remembered(self._settings))
            self._window.resize(*DESK)
            self._window.show_open(self.city)
            self._window.show()
            settle()
        return self._window

    def light(self, dark: bool) -> Camera:
        """Turn the light on or off: a new window, dressed anew."""
        self.close()
        self.dark = dark
        return self

    def close(self) -> None:
        """Let go of the window; the city stays open."""
        if self._window is not None:
            self._window.go("today")  # a page in the middle of something is left properly
            self._window.release()
            self._window.hide()
            self._window.deleteLater()
            self._window = None
            settle()

    def go(self, address: str) -> QWidget:
        """Show a place and wait until it is complete."""
        self.window.go(address)
        settle()
        assert self.window.page is not None, "a city is open"
        return self.window.page

    def take(self, name: str, widget: QWidget | None = None, *, over: QWidget | None = None) -> None:
        """A picture of the window (or of `widget`), with the dialog or menu `over` it."""
        settle()
        picture = (widget or self.window).grab()
        if over is not None:
            _lay_over(picture, over, widget or self.window)
        file = f"{name}-{'dark' if self.dark else 'light'}.png"
        picture.save(str(self._to / file))
        self.taken.append(file)


def quiet() -> None:
    """Keep to ourselves what the offscreen platform says of every window; everything else is said."""

    def handler(_kind: QtMsgType, _context: object, message: str) -> None:
        if not message.startswith(NOISE):
            print(message, file=sys.stderr)

    qInstallMessageHandler(handler)


def dress(dark: bool) -> QApplication:
    """The application, dressed light or dark."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    collect_here(app)
    theme.apply(app, dark=dark)
    return app


def settle() -> None:
    """Let background work and layouts come to rest."""
    jobs.wait()
    for _ in range(4):
        QApplication.processEvents()


## Pages


def welcome(camera: Camera, settings: Path) -> None:
    """The window before a city is open."""
    dress(camera.dark)
    window = MainWindow(Remembered(settings))
    window.resize(*DESK)
    window.show()  # the page is made when it is first shown
    camera.take("welcome", window)
    window.hide()
    window.deleteLater()


def pages(camera: Camera, measure: str, meeting: int) -> None:
    """Every page of the list, the chart that is panned by hand, a promise chosen, palette, menus and dialogs."""
    for name, address in SCREENS:
        if place_of(address).prefix == address.split(":")[0]:
            camera.go(address.format(measure=measure, meeting=meeting))
            camera.take(name)
    camera.go(f"measure:{measure}")
    if press(camera.window, "Year over year"):
        camera.take("measure-years")
    if press(camera.window, "Pan and zoom"):
        camera.take("measure-interactive")
    page = camera.go("actions")
    if choose_first(page):
        camera.take("actions-chosen")
    camera.go("today")
    camera.window.offer_everything()
    over_it(camera, "palette")
    dialogs(camera, f"measure:{measure}", "Change")


def dialogs(camera: Camera, address: str, menu: str) -> None:
    """The menu behind a button of a page, and every dialog that it opens."""
    camera.go(address)
    if not press(camera.window, menu):
        return
    popup = QApplication.activePopupWidget()
    if not isinstance(popup, QMenu):
        over_it(camera, f"dialog-{menu.lower()}")
        return
    camera.take(f"menu-{menu.lower()}", over=popup)
    names = [a.text() for a in popup.actions() if a.text() and a.isEnabled()]
    popup.close()
    for name in names:
        waiting = QTimer(singleShot=True, interval=LINGERS)
        waiting.timeout.connect(close_dialog)
        waiting.start()
        choose(camera.window, menu, name)  # a question of the system's own holds it up until it is closed
        waiting.stop()
        settle()
        over_it(camera, "dialog-" + "-".join(name.strip("….").lower().split()))


def choose(window: MainWindow, menu: str, name: str) -> None:
    """An entry of the menu behind a button; the menu goes when it closes, so it is opened for each."""
    press(window, menu)
    popup = QApplication.activePopupWidget()
    if isinstance(popup, QMenu):
        act = next(a for a in popup.actions() if a.text() == name)
        act.trigger()
        if isValid(popup):
            popup.close()


def over_it(camera: Camera, name: str) -> None:
    """A picture with the dialog that is open now, which is then closed."""
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        settle()
        camera.take(name, over=dialog)
        close_dialog()
        settle()


def close_dialog() -> None:
    """Leave the dialog that is open, as Escape would."""
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        if isValid(dialog):
            dialog.close()


def press(window: QWidget, words: str) -> bool:
    """Click the button that says (or begins with) `words`; False where there is none."""
    buttons = [b for b in window.findChildren(QAbstractButton) if b.isVisible() and b.isEnabled()]
    found = next((b for b in buttons if b.text().replace("&", "").startswith(words)), None)
    if found is None:
        return False
    found.setFocus()
    found.click()
    settle()
    return True


def choose_first(page: QWidget) -> bool:
    """Choose the first row of the page's list."""
    view = next((v for v in page.findChildren(QAbstractItemView) if v.isVisible() and v.model().rowCount()), None)
    if view is None:
        return False
    index = view.model().index(0, 0)
    view.selectionModel().setCurrentIndex(
        index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    )
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, view.visualRect(index).center()
    )
    settle()
    return True


## Bringing a file in


def bring_in(camera: Camera, source: Path, broken: Path | None) -> None:
    """The import page with a file that cannot be read as it is, then with one that can, in both lights; then take it in."""
    for dark in (True, False):
        camera.light(dark)
        if broken is not None:
            camera.go(f"import:{broken}")
            camera.take("import-errors")
        camera.go(f"import:{source}")
        camera.take("import-file")
    camera.window.page.bring_in()
    settle()
    camera.take("import-done")


## The meeting

Lines = Sequence[str]


def hold(camera: Camera, held: int, now: datetime, script: Callable[[str, bool], Lines]) -> datetime:
    """The meeting through the console: every item, lines by keyboard, breakdown, zoom, blank, read-back, adjourn.

    script: kind of item, whether it has charts → lines to capture. Returns when the meeting was adjourned.
    """
    clock = [now]
    dress(camera.dark)
    console = Console(camera.city, held, now=lambda: clock[0])
    console.resize(*DESK)
    console.show()
    stop = camera.city.subscribe(console.refresh)
    console.begin()
    console.audience.showNormal()
    console.audience.resize(*WALL)
    looked = False
    for item in console.items:
        clock[0] += timedelta(minutes=max(1, item.minutes - 1))
        console.enter(item.id)
        settle()
        camera.take(f"audience-{item.position + 1}-{item.kind}", console.audience)
        for line in script(item.kind, bool(item.measures)):
            _capture(console, line, (lambda: camera.take("console-typing", console)) if not looked else None)
            looked = looked or bool(item.measures)
        camera.take(f"console-{item.position + 1}-{item.kind}", console)
        if item.measures:
            _look_around(camera, console)
    _read_back(camera, console)
    _in_the_dark(camera, console)
    console.adjourn()
    settle()
    stop()
    console.leave()
    console.deleteLater()
    return clock[0]


def _capture(console: Console, line: str, before_enter: Callable[[], None] | None) -> None:
    """Type a line as a person does: / to begin, the words, Enter."""
    QTest.keyClick(console, Qt.Key.Key_Slash)
    field = named(console, QPlainTextEdit, "Capture line")
    QTest.keyClicks(field, line)
    settle()
    if before_enter is not None:
        before_enter()
    QTest.keyClick(field, Qt.Key.Key_Return)
    settle()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    console.setFocus()


def _look_around(camera: Camera, console: Console) -> None:
    """Breakdown, zoom and blank on the wall, each by its key and back again; once in a meeting."""
    taken = {name.rsplit("-", 1)[0] for name in camera.taken}
    for key, name, times in (
        (Qt.Key.Key_D, "audience-breakdown", 2),
        (Qt.Key.Key_Z, "audience-zoom", 3),
        (Qt.Key.Key_B, "audience-blank", 2),
    ):
        if name in taken:
            continue
        before = console.audience.grab().toImage()
        QTest.keyClick(console, key)
        settle()
        if console.audience.grab().toImage() == before:
            continue  # this measure has no breakdown
        camera.take(name, console.audience)
        for _ in range(times):
            if console.audience.grab().toImage() == before:
                break
            QTest.keyClick(console, key)
            settle()


def _read_back(camera: Camera, console: Console) -> None:
    """The last item: rank once, read every promise aloud; the picture in the middle of it."""
    item = next((i for i in console.items if i.kind == "read-back"), None)
    if item is None:
        return
    console.enter(item.id)
    settle()
    view = next(
        (
            v
            for v in console.findChildren(QAbstractItemView)
            if v.isVisible() and "read back" in v.accessibleName().lower()
        ),
        None,
    )
    if view is not None and view.model().rowCount() > 1:
        view.setCurrentIndex(view.model().index(1, 0))
        QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        view.setCurrentIndex(view.model().index(0, 0))
        settle()
    console.setFocus()
    for turn in range(60 if view is not None else 0):
        if turn == 1:
            camera.take("read-back", console)
            camera.take("audience-read-back", console.audience)
        QTest.keyClick(console, Qt.Key.Key_R)
        settle()


def _in_the_dark(camera: Camera, console: Console) -> None:
    """Console and wall once more, dark."""
    camera.dark = True
    dress(True)
    console.audience.use(theme.current().palette)
    first = next((i for i in console.items if i.measures), console.items[0])
    for item, name in ((first, "chart"), (console.items[-1], "read-back")):
        console.enter(item.id)
        settle()
        camera.take(f"console-{name}", console)
        camera.take(f"audience-{name}", console.audience)
    camera.dark = False
    dress(False)


def named(inside: QWidget, kind: type[QPlainTextEdit], name: str) -> QPlainTextEdit:
    """The control with this accessible name."""
    return next(w for w in inside.findChildren(kind) if w.accessibleName() == name)


def record(camera: Camera, meeting: int, name: str) -> None:
    """The meeting's page, both lights."""
    for dark in (True, False):
        camera.light(dark).go(f"meeting:{meeting}")
        camera.take(name)


def _under_its_button(menu: QWidget, window: QWidget) -> QPoint:
    """Where a menu drops, in a window that is larger than this platform's screen."""
    button = window.focusWidget()
    if not isinstance(button, QAbstractButton):
        return menu.pos() - window.pos()
    at = button.mapTo(window, button.rect().bottomLeft())
    return QPoint(min(at.x(), window.width() - menu.width() - 8), at.y() + 1)


def _lay_over(picture: QPixmap, over: QWidget, window: QWidget) -> None:
    """Paint a dialog or menu where it stands over its window; in the middle when it stands elsewhere."""
    at = over.pos() - window.pos()
    framed = isinstance(over, QDialog) and not over.windowFlags() & Qt.WindowType.FramelessWindowHint
    if isinstance(over, QMenu):
        at = _under_its_button(over, window)
    elif framed or not window.rect().contains(over.rect().translated(at)):
        at = window.rect().center() - over.rect().center()
    painter = QPainter(picture)
    painter.drawPixmap(at, over.grab())
    if framed:  # the frame that the desktop draws around a dialog, and this platform does not
        painter.setPen(QColor(theme.current().palette.faint))
        painter.drawRect(over.rect().translated(at).adjusted(0, 0, -1, -1))
    painter.end()
