"""The main window: sidebar, top bar, one page at a time, and the message bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.texts import set_language, tr
from citystat.views import jobs
from citystat.views.shell import files, menus, theme
from citystat.views.shell.places import open_page
from citystat.views.shell.recent import Remembered
from citystat.views.shell.scrim import Scrim
from citystat.views.shell.sidebar import Sidebar
from citystat.views.shell.topbar import TopBar
from citystat.views.widgets import icons
from citystat.views.widgets.message import MessageBar

if TYPE_CHECKING:
    from citystat.views.collect.watch import Watch
    from citystat.views.shell.welcome import Act

NARROW = 1100  # pixels at 100 % under which the sidebar shows its icons only
WATCH_AFTER = 5_000  # milliseconds after a city is opened


class MainWindow(QMainWindow):
    """One open city, or the welcome page."""

    _touched = Signal(object)

    def __init__(self, remembered: Remembered | None = None) -> None:
        super().__init__()
        self.remembered = remembered or Remembered()
        self.city: City | None = None
        self._stop_listening: Callable[[], None] | None = None
        self._past: list[str] = []
        self._address = ""
        self._page: QWidget | None = None
        self._out_of_date = False  # the frame was built for another look, and could not be built anew
        self.setWindowTitle("CityStat")
        self.resize(1440, 900)
        self.setMinimumSize(960, 640)
        self.bar = MessageBar(self)  # a part of the window: without a place it would outlive it
        self.setAcceptDrops(True)
        self.watching: Watch | None = None  # from the first open city on
        self._undo = menus.build(self)
        self._touched.connect(self._refresh)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        Scrim(self)
        jobs.run(self, lambda _progress: icons.read(), icons.ready, quiet=True)

    ## Opening and closing

    def open_city(self, path: Path) -> bool:
        """Open a city; a refusal is said and changes nothing."""
        if self.city is not None and self.city.path.exists() and path.exists() and path.samefile(self.city.path):
            self.bar.say(tr("This city is open already"))
            return True
        try:
            city = City.open(path, alone=True, who=str(self.remembered.get("who", "")))
        except CityStatError as error:
            self.refuse_to_open(error, path)
            return False
        self.show_open(city)
        return True

    def refuse(self, error: CityStatError, acts: Sequence[Act]) -> None:
        """Beside an open city a message; otherwise the window's own state, with the acts that may mend it."""
        if self.city is not None:
            self.bar.say(str(error), concern=True)
        else:
            self._welcome((error, acts))

    def refuse_to_open(self, error: CityStatError, path: Path) -> None:
        """The city at `path` cannot be opened: again, a copy in its place, or forget it."""
        acts: list[Act] = [
            (tr("Try again"), lambda: self.open_city(path)),
            (tr("Restore a copy…"), lambda: files.ask_restore(self, path)),
        ]
        if path in self.remembered.cities():
            acts.append((tr("Take it off the list"), lambda: self._forget(path)))
        self.refuse(error, acts)

    def _forget(self, path: Path) -> None:
        self.remembered.forget(path)
        self._welcome()

    def close_city(self) -> bool:
        """Let go of the city, then the welcome page again; False when the page will not be left: nothing is closed."""
        if self.city is not None and not self._leave():
            return False
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        if self.city is not None:
            jobs.stop(self)  # what works in the background lets go of the file first
            self.city.close()
            self.city = None
        self._welcome()
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file: a city at any time, anything else once one is open."""
        urls = event.mimeData().urls()
        if urls and urls[0].isLocalFile() and (self.city is not None or urls[0].fileName().endswith(".citystat")):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A city is opened, anything else brought in, by the page that waits for a file; of several files, the first."""
        urls = event.mimeData().urls()
        path = Path(urls[0].toLocalFile())
        if path.name.endswith(".citystat"):
            self.open_city(path)
            return
        getattr(self._page, "take", lambda file: self.go(f"import:{file}"))(path)
        if len(urls) > 1:
            self.bar.say(tr("One file at a time: {file} is read, the others are not", file=urls[0].fileName()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closes unless the page must not be left; what was typed is kept by it. A running meeting asks first."""
        ask = getattr(self._page, "closing", None)
        if self.city is not None and ask is not None and not ask():
            event.ignore()
            return
        event.setAccepted(self.close_city())

    def release(self) -> None:
        """Let go of a city that somebody else closes."""
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        self.city = None

    def show_open(self, city: City) -> None:
        """Show a city that is open already."""
        if self.city is not None and not self.close_city():
            city.close()
            return
        self.city = city
        self._stop_listening = city.subscribe(self._touched.emit)
        self.remembered.opened(city.path)
        self.setWindowTitle(f"{city.settings.name} · CityStat")
        self._frame(city)
        self._past.clear()
        self.go("today")
        QTimer.singleShot(WATCH_AFTER, self.watch)

    def watch(self) -> None:
        """Look at the watched sources now, and every minute from then on; what reads files is loaded in the background."""
        jobs.run(self, lambda _p: import_module("citystat.collect.watching"), lambda _m: self._look(), quiet=True)

    def _look(self) -> None:
        from citystat.views.collect.watch import Watch

        self.watching = self.watching or Watch(self)
        self.watching.look()

    ## Moving about

    def go(self, address: str) -> None:
        """Show the place with this address."""
        if self.city is None or not self._leave():
            return
        try:
            page = open_page(address, self.city)
        except CityStatError as error:
            self.bar.say(str(error), concern=True)
            return
        if self._out_of_date:
            self._frame(self.city)
        if self._address and self._address != address:
            self._past.append(self._address)
        self._address = address
        self.bar.pass_by()
        self._put(page)

    def back(self) -> None:
        """The place before this one."""
        if self._past:
            address = self._past.pop()
            self._address = ""
            self.go(address)

    def instead(self, address: str) -> None:
        """The place with this address in place of the page on view: Back leads to what was before both."""
        before, self._address = self._address, ""
        self.go(address)
        self._address = self._address or before  # the page was not left

    @property
    def page(self) -> QWidget | None:
        """The page on view."""
        return self._page

    def _leave(self) -> bool:
        """Ask the page whether it may be left; it saves what was typed."""
        leave = getattr(self._page, "leave", None)
        return bool(leave()) if leave is not None else True

    def _put(self, page: QWidget) -> None:
        self._page = page
        full = getattr(page, "fills_window", False)
        self._sidebar.setVisible(not full)
        self._top.setVisible(not full)
        self._sidebar.choose(self._address)
        for name, slot in (("go", self.go), ("instead", self.instead), ("said", self.bar.say), ("liked", self.redress)):
            if hasattr(page, name):
                getattr(page, name).connect(slot)
        self._top.show_page(page)
        before = self._holder.takeWidget()  # a click in it may have led here: it goes when the click has ended
        self._holder.setWidget(page)
        if before is not None:
            before.deleteLater()
        page.setFocus()
        begin = getattr(page, "begin", None)
        if begin is not None:
            begin()
        QTimer.singleShot(jobs.after_paint(), self._count)

    def _refresh(self, touched: Touched) -> None:
        """A change was made somewhere: the page shows it, the counts follow; the keyboard stays in the page."""
        self.bar.pass_by()
        page, at = self._page, self.focusWidget()
        refresh = getattr(page, "refresh", None)
        if page is not None and refresh is not None:
            held = at is not None and page.isAncestorOf(at)
            refresh(touched)
            if held and page is self._page and not _within(page, self.focusWidget()):
                page.setFocus()
            self._top.name(getattr(self._page, "title", ""))
            if self._page is not None:
                self._top.offer(self._page)
        self._name_undo()
        QTimer.singleShot(jobs.after_paint(), self._count)

    def _count(self) -> None:
        """How many there are, beside the places of the sidebar."""
        from citystat.today.counts import counts

        if self.city is not None:
            with self.city.read() as read:
                for prefix, n in counts(read).items():
                    self._sidebar.count(prefix, n)

    ## What can be done everywhere

    def undo(self) -> None:
        """Take the last act back and say which."""
        self._step(lambda city: city.undo(), tr("Taken back: {what}"), tr("Nothing to take back"))

    def redo(self) -> None:
        """Bring it back."""
        self._step(lambda city: city.redo(), tr("Brought back: {what}"), tr("Nothing to bring back"))

    def _step(self, step: Callable[[City], str | None], done: str, nothing: str) -> None:
        if self.city is None:
            return
        try:
            what = step(self.city)
        except CityStatError as error:
            self.bar.say(str(error), concern=True)
            return
        self.bar.say(done.format(what=what) if what else nothing)

    def offer_everything(self) -> None:
        """Ctrl+K."""
        from citystat.views.shell.offers import offers
        from citystat.views.shell.palette import CommandPalette

        lately = [str(name) for name in self.remembered.get("lately", [])]

        def used(name: str) -> None:
            self.remembered.set("lately", [name, *(n for n in lately if n != name)][:12])

        palette = CommandPalette(offers(self), self, lately, used)
        palette.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        palette.open()
        palette.move(self.mapToGlobal(self.rect().center()) - QPoint(palette.width() // 2, round(self.height() * 0.38)))

    def open_records(self) -> None:
        """The records behind the number that the page shows."""
        act = getattr(self._page, "open_records", None)
        if act is not None:
            act()
        elif self.city is not None:
            self.bar.say(tr("Records stand behind the numbers of a measure: open one first"))

    def choose_templates(self) -> None:
        """The office's own templates for Word files."""
        from citystat.views.documents.templates import TemplateDialog

        if self.city is not None:
            TemplateDialog(self.city, self).open()

    ## Layout

    def _frame(self, city: City) -> None:
        self._out_of_date = False
        self._sidebar = Sidebar(city)
        self._sidebar.chosen.connect(self.go)
        self._top = TopBar(self.offer_everything)
        self._top.back.connect(self.back)
        self._holder = QScrollArea()
        self._holder.setWidgetResizable(True)
        self._holder.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._holder.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._top)
        right.addWidget(self._holder, 1)
        self.bar = MessageBar()
        right.addWidget(self.bar)
        whole = QHBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._sidebar)
        whole.addLayout(right, 1)
        self._sidebar.narrow(self.width() < theme.current().px(NARROW))
        self._page = None
        self._central(whole)

    def _welcome(self, trouble: tuple[CityStatError, Sequence[Act]] | None = None) -> None:
        """No city is open."""
        from citystat.views.shell.welcome import Welcome, first_steps  # a start on a city does without it

        steps = first_steps(
            sample=lambda: files.ask_sample(self), new=lambda: files.ask_new(self), other=lambda: files.ask_open(self)
        )
        more: list[Act] = [(tr("Restore a copy…"), lambda: files.ask_restore(self))]
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Welcome(steps, more, self.remembered.lately(), self.open_city, trouble), 1)
        self.bar = MessageBar()
        column.addWidget(self.bar)
        self._page = None
        self._address = ""
        self.setWindowTitle("CityStat")
        self._central(column)

    def _central(self, layout: QHBoxLayout | QVBoxLayout) -> None:
        whole = QWidget()
        whole.setLayout(layout)
        self.setCentralWidget(whole)

    def redress(self, name: str, value: object) -> None:
        """Another look, text size or language, or another name of the person."""
        self.remembered.set(name, value)
        if name == "who":
            return
        set_language(str(self.remembered.get("language", "en")))
        theme.dress(self.remembered)
        self._undo = menus.build(self)
        if self.city is None:
            self._welcome()
        elif getattr(self._page, "fills_window", False):  # a meeting runs: it is not built anew under the operator
            self._out_of_date = True
            if name != "theme":
                self.bar.say(tr("The meeting keeps its layout; everything follows when it is left"))
        elif self._leave():  # what was typed is kept before the page is built anew
            address = self._address
            self._frame(self.city)
            self._address = ""
            self.go(address)

    def showEvent(self, event: QShowEvent) -> None:
        """Shown without a city, the window welcomes; with one, that page was never needed."""
        if self.centralWidget() is None:
            self._welcome()
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window, or with large letters, the sidebar leaves the room to the page."""
        super().resizeEvent(event)
        if self.city is not None:
            self._sidebar.narrow(self.width() < theme.current().px(NARROW))

    def _system_changed(self) -> None:
        """Light or dark as the system, unless the person chose."""
        if self.remembered.get("theme", None) is None:
            self.redress("theme", None)

    def fold_sidebar(self) -> None:
        """Show or hide the sidebar."""
        if self.city is not None:
            self._sidebar.setVisible(not self._sidebar.isVisible())

    def search_page(self) -> None:
        """The first search field of the page takes the keyboard."""
        fields = self._page.findChildren(QLineEdit) if self._page is not None else []
        field = next((f for f in fields if f.isVisible() and f.placeholderText()), None)
        if field is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            field.selectAll()

    def next_part(self, step: int) -> None:
        """F6: the keyboard goes from the sidebar to the top bar to the page, and round again; step -1 the other way."""
        if self.city is None:
            return
        parts = [(self._sidebar, self._sidebar.place()), (self._top, self._top.search), (self._page, self._page)]
        parts = [(part, takes) for part, takes in parts if part is not None and takes is not None and part.isVisible()]
        at = next((n for n, (part, _) in enumerate(parts) if part.isAncestorOf(self.focusWidget() or self)), -1)
        at = at if at >= 0 or self.focusWidget() is not self._page else len(parts) - 1
        _, takes = parts[(at + step) % len(parts)]
        takes.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _name_undo(self) -> None:
        from citystat.city.journal import trail

        if self.city is not None:
            with self.city.read() as read:
                last = next((a for a in trail(read, limit=20) if a.state == "done"), None)
            self._undo.setText(tr("Undo: {what}", what=last.what) if last else tr("Undo"))


def _within(page: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (widget is page or page.isAncestorOf(widget))
