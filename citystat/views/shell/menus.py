"""The menus: everything that can be done everywhere, with its key; F1 lists the keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QActionGroup, QDesktopServices, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QMenu,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from citystat.texts import tr
from citystat.views.shell import files
from citystat.views.shell.places import FOOT, PLACES
from citystat.views.shell.theme import current as theme
from citystat.views.widgets import icons
from citystat.views.widgets.marks import KeyHint, label

if TYPE_CHECKING:
    from citystat.views.shell.window import MainWindow

Act = Callable[[], object]
STANDARD = QKeySequence.StandardKey


def build(window: MainWindow) -> QAction:
    """Fill the menu bar anew; returns the entry "Undo", which is named after what it takes back."""
    bar = window.menuBar()
    bar.clear()
    _file(window, bar.addMenu(tr("File")))
    edit = bar.addMenu(tr("Edit"))
    undo = _add(window, edit, tr("Undo"), window.undo, STANDARD.Undo, "arrow-u-up-left")
    _add(window, edit, tr("Redo"), window.redo, STANDARD.Redo, "arrow-u-up-right")
    _go(window, bar.addMenu(tr("Go")))
    look = bar.addMenu(tr("View"))
    _appearance(window, look)
    _add(window, look, tr("Sidebar"), window.fold_sidebar, "Ctrl+\\")
    _add(window, look, tr("Search on this page"), window.search_page, STANDARD.Find, "magnifying-glass")
    _add(window, look, tr("Next part of the window"), lambda: window.next_part(1), "F6")
    _add(window, look, tr("Part of the window before"), lambda: window.next_part(-1), "Shift+F6")
    aid = bar.addMenu(tr("Help"))
    _add(window, aid, tr("Keys"), lambda: Keys(window).open(), "F1", "keyboard")
    _add(window, aid, tr("Show log"), lambda: show_log(window))
    _add(window, aid, tr("About CityStat"), lambda: about(window))
    return undo


def _file(window: MainWindow, menu: QMenu) -> None:
    _add(window, menu, tr("New city…"), lambda: files.ask_new(window), STANDARD.New, "plus")
    _add(window, menu, tr("Open city…"), lambda: files.ask_open(window), STANDARD.Open, "folder-open")
    menu.addSeparator()
    _add(window, menu, tr("Bring in a file…"), lambda: window.go("import"), "Ctrl+I", "file-arrow-up")
    _add(window, menu, tr("Document templates…"), window.choose_templates, None, "file-text")
    menu.addSeparator()
    _add(window, menu, tr("Save a copy…"), lambda: files.ask_copy(window), STANDARD.SaveAs, "copy")
    _add(window, menu, tr("Restore a copy…"), lambda: files.ask_restore(window), None, "clock-counter-clockwise")
    menu.addSeparator()
    _add(window, menu, tr("Settings"), lambda: window.go("settings"), "Ctrl+,", "gear")
    _add(window, menu, tr("Close city"), window.close_city, STANDARD.Close)
    _add(window, menu, tr("Quit"), window.close, STANDARD.Quit, "sign-out")


def _go(window: MainWindow, menu: QMenu) -> None:
    for number, place in enumerate((p for p in PLACES if p.title and p not in FOOT), 1):
        _add(window, menu, tr(place.title), lambda a=place.prefix: window.go(a), f"Ctrl+{number}", place.icon)
    menu.addSeparator()
    _add(window, menu, tr("Open the records"), window.open_records, "Ctrl+R", "table")
    _add(window, menu, tr("Back"), window.back, "Alt+Left", "arrow-left")
    _add(window, menu, tr("Go to or do…"), window.offer_everything, "Ctrl+K", "lightning")


def _appearance(window: MainWindow, menu: QMenu) -> None:
    """Light, dark or as the system; text from 100 to 200 %."""
    for name, values, default in (
        ("theme", ((tr("As the system"), None), (tr("Light"), False), (tr("Dark"), True)), None),
        ("scale", tuple((f"{n} %", n / 100) for n in (100, 125, 150, 200)), 1.0),
    ):
        group = QActionGroup(menu)
        for text, value in values:
            action = _add(window, menu, text, lambda n=name, v=value: window.redress(n, v))
            action.setCheckable(True)
            action.setChecked(window.remembered.get(name, default) == value)
            group.addAction(action)
        menu.addSeparator()


def _add(window: MainWindow, menu: QMenu, text: str, act: Act, key: object = None, icon: str = "") -> QAction:
    action = QAction(text, menu)
    if key is not None:
        action.setShortcut(QKeySequence(key))
    if icon:
        icons.put(action, icon)
        action.setProperty("iconName", icon)
    action.triggered.connect(lambda *_: act())
    menu.addAction(action)
    return action


def entries(window: MainWindow) -> list[QAction]:
    """Every entry of the menus that does something and can be done now."""
    menus = [a.menu() for a in window.menuBar().actions() if a.menu() is not None]
    return [
        a for menu in menus for a in menu.actions() if not a.isSeparator() and a.isEnabled() and not a.isCheckable()
    ]


class Keys(QDialog):
    """F1: the keys of the menus, and those that every page knows."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setWindowTitle(tr("Keys"))
        grid_of = QWidget()
        grid = QGridLayout(grid_of)
        grid.setContentsMargins(0, 0, 16, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        rows = [(a.text().rstrip("…"), a.shortcut().toString()) for a in entries(window) if not a.shortcut().isEmpty()]
        rows += [
            (tr("Open what is chosen"), tr("Enter")),
            (tr("Move it up or down"), tr("Alt+Up, Alt+Down")),
            (tr("Remove it"), tr("Delete")),
        ]
        rows = [*getattr(window.page, "keys", list)(), *rows]  # those of the page on view come first
        for at, (words, key) in enumerate(rows):
            grid.addWidget(label(words[:1].upper() + words[1:], wrap=True), at, 0)
            grid.addWidget(KeyHint(key), at, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        held = QScrollArea()
        held.setWidgetResizable(True)
        held.setWidget(grid_of)
        held.setAccessibleName("; ".join(f"{words}: {key}" for words, key in rows))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(label(tr("Keys"), "section"))
        column.addWidget(held, 1)
        column.addWidget(buttons)
        self.resize(round(theme().px(460)), min(round(theme().px(640)), window.height() - 40))


def show_log(window: MainWindow) -> None:
    """The log in the system's own viewer; where there is none yet, that is said."""
    from citystat.views.shell.app import log_file

    file = log_file()
    if not file.exists():
        window.bar.say(tr("The log is empty: nothing went wrong so far"))
    elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(file))):
        window.bar.say(tr("The log is {file}", file=str(file)))


def about(window: MainWindow) -> None:
    """What this is, and under which licences."""
    from citystat import __version__

    words = f"CityStat {__version__}\nApache License 2.0\nInter: SIL Open Font License\nPhosphor Icons: MIT License"
    QMessageBox.about(window, "CityStat", words)
