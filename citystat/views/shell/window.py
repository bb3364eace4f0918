"""The main window: sidebar, top bar, one page at a time, and the message bar."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QMainWindow,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.texts import tr
from citystat.views.shell import theme
from citystat.views.shell.places import PLACES, open_page
from citystat.views.shell.recent import Remembered
from citystat.views.shell.sidebar import Sidebar
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.message import EmptyPlace, MessageBar
from citystat.views.widgets.page import clear

FILES = "CityStat (*.citystat)"


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
        self.setWindowTitle("CityStat")
        self.resize(1440, 900)
        self.setMinimumSize(960, 640)
        self.bar = MessageBar()
        self._menus()
        self._touched.connect(self._refresh)
        self._welcome()

    ## Opening and closing

    def open_city(self, path: Path) -> bool:
        """Open a city; a refusal is said and changes nothing."""
        try:
            city = City.open(path, alone=True)
        except CityStatError as error:
            self.bar.say(str(error), concern=True)
            return False
        self.show_open(city)
        return True

    def new_city(self, path: Path, name: str) -> bool:
        """Make an empty city and open it."""
        try:
            City.create(path, name).close()
        except CityStatError as error:
            self.bar.say(str(error), concern=True)
            return False
        return self.open_city(path)

    def close_city(self) -> None:
        """Let go of the city; the welcome page again."""
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        if self.city is not None:
            self._leave()
            self.city.close()
            self.city = None
        self._welcome()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Everything is on disk already; only the file is let go."""
        self.close_city()
        event.accept()

    def release(self) -> None:
        """Let go of a city that somebody else closes."""
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        self.city = None

    def show_open(self, city: City) -> None:
        """Show a city that is open already."""
        if self.city is not None:
            self.close_city()
        self.city = city
        self._stop_listening = city.subscribe(self._touched.emit)
        self.remembered.opened(city.path)
        self.setWindowTitle(f"{city.settings.name} · CityStat")
        self._frame(city)
        self._past.clear()
        self.go("today")

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
        if self._address and self._address != address:
            self._past.append(self._address)
        self._address = address
        self._put(page)

    def back(self) -> None:
        """The place before this one."""
        if self._past:
            address = self._past.pop()
            self._address = ""
            self.go(address)

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
        for name, slot in (("go", self.go), ("said", self.bar.say)):
            if hasattr(page, name):
                getattr(page, name).connect(slot)
        self._crumbs.setText(getattr(page, "title", ""))
        self._show_acts(page)
        self._holder.setWidget(page)  # lets go of the page before
        begin = getattr(page, "begin", None)
        if begin is not None:
            begin()
        page.setFocus()
        QTimer.singleShot(0, self._count)

    def _show_acts(self, page: QWidget) -> None:
        """The page's own acts at the right of the top bar, the primary one last."""
        acts: list[tuple[str, Callable[[], object], str]] = getattr(page, "acts", list)()
        self._shown_acts = [text for text, _, _ in acts]
        clear(self._acts)
        for text, act, kind in acts:
            self._acts.addWidget(button(text, act, kind=kind))

    def _refresh(self, touched: Touched) -> None:
        """A change was made somewhere: the page shows it, the counts follow."""
        refresh = getattr(self._page, "refresh", None)
        if refresh is not None:
            refresh(touched)
            self._crumbs.setText(getattr(self._page, "title", ""))
            if [text for text, _, _ in getattr(self._page, "acts", list)()] != self._shown_acts:
                self._show_acts(self._page)  # what can be done now is something else: the meeting is approved
        self._name_undo()
        QTimer.singleShot(0, self._count)

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

        CommandPalette(offers(self), self).open()

    def _ask_new(self) -> None:
        name, sure = QInputDialog.getText(self, tr("New city"), tr("Name of the city"))
        if sure and name.strip():
            path, _ = QFileDialog.getSaveFileName(self, tr("Where to keep it"), f"{name.strip()}.citystat", FILES)
            if path:
                self.new_city(Path(path), name.strip())

    def _ask_open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Open city"), "", FILES)
        if path:
            self.open_city(Path(path))

    def _ask_sample(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, tr("Where to keep the sample city"), "Riverton.citystat", FILES)
        if path:
            self.open_sample(Path(path))

    def open_sample(self, path: Path) -> None:
        """Make Riverton at `path` in the background and open it."""
        from citystat.sample.riverton import make
        from citystat.views import jobs

        jobs.run(
            self,
            lambda _progress: make(path).close(),
            lambda _: self.open_city(path),
            title=tr("Making the sample city"),
        )

    def _ask_copy(self) -> None:
        if self.city is None:
            return
        path, _ = QFileDialog.getSaveFileName(self, tr("Save a copy"), f"{self.city.path.stem} copy.citystat", FILES)
        if path:
            self.save_copy(Path(path))

    def save_copy(self, to: Path) -> None:
        """Write a whole copy in the background."""
        from citystat.city.backup import save_copy_of
        from citystat.views import jobs

        if self.city is not None:
            source = self.city.path
            jobs.run(
                self,
                lambda _progress: save_copy_of(source, to),
                lambda _: self.bar.say(tr("Copied to {file}", file=to.name)),
                title=tr("Saving a copy"),
            )

    def choose_templates(self) -> None:
        """The office's own templates for Word files."""
        from citystat.views.documents.templates import TemplateDialog

        if self.city is not None:
            TemplateDialog(self.city, self).open()

    def _about(self) -> None:
        from citystat import __version__

        QMessageBox.about(self, "CityStat", f"CityStat {__version__}\nApache License 2.0\nInter: SIL Open Font License")

    ## Layout

    def _frame(self, city: City) -> None:
        self._sidebar = Sidebar(city)
        self._sidebar.chosen.connect(self.go)
        self._crumbs = label("", "strong")
        self._search = button(tr("Go to or do…      Ctrl K"), self.offer_everything, kind="search")
        self._search.setAccessibleName(tr("Go to or do"))
        self._acts = QHBoxLayout()
        self._acts.setSpacing(8)
        self._top = QFrame()
        self._top.setObjectName("topBar")
        top = QHBoxLayout(self._top)
        top.setContentsMargins(32, 8, 32, 8)
        top.setSpacing(12)
        top.addWidget(self._crumbs)
        top.addStretch(1)
        top.addWidget(self._search)
        top.addLayout(self._acts)
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
        self._page = None
        self._central(whole)

    def _welcome(self) -> None:
        """No city is open: the first steps, and the cities opened lately."""
        column = QVBoxLayout()
        column.setContentsMargins(64, 48, 64, 0)
        column.setSpacing(8)
        column.addWidget(
            EmptyPlace(
                tr("Run your stat meetings from one file"),
                tr(
                    "Open the sample city to look around, or begin your own: bring in a spreadsheet, see what changed, hold the meeting."
                ),
                (tr("Open the sample city"), self._ask_sample),
            )
        )
        row = QHBoxLayout()
        row.addWidget(button(tr("New city…"), self._ask_new))
        row.addWidget(button(tr("Open city…"), self._ask_open))
        row.addStretch(1)
        column.addLayout(row)
        for path in self.remembered.cities():
            column.addWidget(button(f"{path.stem}   {path.parent}", lambda p=path: self.open_city(p), kind="link"))
        column.addStretch(1)
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

    def _menus(self) -> None:
        file = self.menuBar().addMenu(tr("File"))
        self._act(file, tr("New city…"), self._ask_new, QKeySequence.StandardKey.New)
        self._act(file, tr("Open city…"), self._ask_open, QKeySequence.StandardKey.Open)
        self._act(file, tr("Bring in a file…"), lambda: self.go("import"), "Ctrl+I")
        self._act(file, tr("Document templates…"), self.choose_templates)
        self._act(file, tr("Save a copy…"), self._ask_copy, QKeySequence.StandardKey.SaveAs)
        self._act(file, tr("Close city"), self.close_city, QKeySequence.StandardKey.Close)
        self._act(file, tr("Quit"), self.close, QKeySequence.StandardKey.Quit)
        edit = self.menuBar().addMenu(tr("Edit"))
        self._undo = self._act(edit, tr("Undo"), self.undo, QKeySequence.StandardKey.Undo)
        self._act(edit, tr("Redo"), self.redo, QKeySequence.StandardKey.Redo)
        view = self.menuBar().addMenu(tr("Go"))
        for number, place in enumerate((p for p in PLACES if p.title), 1):
            self._act(view, tr(place.title), lambda prefix=place.prefix: self.go(prefix), f"Ctrl+{number}")
        self._act(view, tr("Back"), self.back, QKeySequence.StandardKey.Back)
        self._act(view, tr("Go to or do…"), self.offer_everything, "Ctrl+K")
        look = self.menuBar().addMenu(tr("View"))
        self._appearance(look)
        self._act(self.menuBar().addMenu(tr("Help")), tr("About CityStat"), self._about)

    def _appearance(self, menu: QWidget) -> None:
        """Light, dark or as the system; text from 100 to 200 %."""
        for name, values, default in (
            ("theme", ((tr("As the system"), None), (tr("Light"), False), (tr("Dark"), True)), None),
            ("scale", tuple((f"{n} %", n / 100) for n in (100, 125, 150, 200)), 1.0),
        ):
            group = QActionGroup(self)
            for text, value in values:
                action = self._act(menu, text, lambda n=name, v=value: self._dress(n, v))
                action.setCheckable(True)
                action.setChecked(self.remembered.get(name, default) == value)
                group.addAction(action)
            menu.addSeparator()

    def _dress(self, name: str, value: object) -> None:
        self.remembered.set(name, value)
        dress(self.remembered)
        if self.city is not None:
            address = self._address
            self._frame(self.city)
            self._address = ""
            self.go(address)

    def _name_undo(self) -> None:
        from citystat.city.journal import trail

        if self.city is not None:
            with self.city.read() as read:
                last = next((a for a in trail(read, limit=20) if a.state == "done"), None)
            self._undo.setText(tr("Undo: {what}", what=last.what) if last else tr("Undo"))

    def _act(self, menu: QWidget, text: str, act: Callable[[], object], key: object = None) -> QAction:
        action = QAction(text, self)
        if key is not None:
            action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda *_: act())
        menu.addAction(action)
        return action


def dress(remembered: Remembered) -> None:
    """Apply the person's theme and text size."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        theme.apply(app, dark=remembered.get("theme", None), scale=float(remembered.get("scale", 1.0)))
