"""A file as it is read: its sheets and what to look at at the left, how it is read and what it becomes at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from citystat.collect import reading
from citystat.collect.apply import Batch, Remark, taken
from citystat.collect.readers import Sheet, Source
from citystat.collect.recipe import Recipe
from citystat.errors import CityStatError
from citystat.measures.series import Definition
from citystat.texts import tr
from citystat.views.collect import pointing
from citystat.views.collect.becomes import Becomes
from citystat.views.collect.how_it_is_read import LAYOUTS, HowItIsRead
from citystat.views.collect.preview import Preview
from citystat.views.collect.remarks import Remarks
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import fold
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.page import clear

SIDE = 336  # pixels of the column at the right
NARROW = 680  # pixels of width below which that column stands underneath


class AsRead(QScrollArea):
    """Signals: changed(recipe) after a correction; said(words); guess_wanted() where the recipe was an older one."""

    changed = Signal(object)
    said = Signal(str)
    guess_wanted = Signal()

    def __init__(self, source: Source, recipe: Recipe, known: Mapping[str, Definition], year_start: int) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._source, self._recipe, self._year_start = source, recipe, year_start
        self.sheet = next(iter(self.taken_sheets()), source.sheets[0])
        self._batch: Batch | None = None
        self.preview, self.remarks, self.how, self.becomes = Preview(), Remarks(), HowItIsRead(), Becomes(known)
        self.preview.column_asked.connect(self._column_menu)
        self.preview.row_asked.connect(self._row_menu)
        self.remarks.place_chosen.connect(self._jump)
        self.remarks.change_asked.connect(self._remark_menu)
        self.how.changed.connect(self.changed)
        self.becomes.changed.connect(lambda measures: self.changed.emit(replace(self._recipe, measures=measures)))
        self._lay_out()
        self.show_recipe(recipe, None)

    def known_as(self, name: str) -> None:
        """The recipe is one that was used before: it can be guessed anew."""
        self._anew.setVisible(bool(name))

    def show_recipe(self, recipe: Recipe, batch: Batch | None, kinds: Sequence[reading.Folded] | None = None) -> None:
        """The file read by `recipe`; batch None: it is being read, or does not fit; kinds: what to look at, None: as it was."""
        self._recipe, self._batch = recipe, batch
        if kinds is not None:
            self.remarks.show_kinds(kinds)
        found = bool(self.remarks.model_.rows)
        self.remarks.setVisible(found)
        self._look.setText(tr("Please look at") if found else tr("Nothing needs a look"))
        self._show_sheet()

    def subject(self, known_as: str) -> str:
        """File, recipe, sheets of how many, year and layout, in a line."""
        parts = [self._source.name]
        parts += [tr("read as before, by the recipe {name}", name=known_as)] if known_as else []
        visible = [s for s in self._source.sheets if not s.hidden]
        if len(visible) > 1:
            inside = self.taken_sheets()
            named = ", ".join(s.name for s in inside[:3]) + (" …" if len(inside) > 3 else "")
            parts.append(tr("sheets {names} of {n}", names=named, n=len(visible)))
        parts += [tr("fiscal year")] if self._recipe.fiscal and self._recipe.year_start > 1 else []
        return " · ".join([*parts, tr(LAYOUTS[self._recipe.layout])])

    ## Layout

    def _lay_out(self) -> None:
        self._tabs = QHBoxLayout()
        self._tabs.setSpacing(8)
        self._tabs.setContentsMargins(0, 0, 0, 0)
        self._strip = _area(self._tabs)
        self._look = label("", "heading")
        self.preview.setMinimumHeight(round(theme().px(200)))
        self.remarks.setMinimumHeight(round(theme().px(100)))
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._strip)
        left.addWidget(self.preview, 3)
        left.addSpacing(8)
        left.addWidget(self._look)
        left.addWidget(self.remarks, 1)
        self._side = _area(self._side_layout())
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.setSpacing(28)
        self._both.addLayout(left, 1)
        self._both.addWidget(self._side)
        inside = QWidget()
        inside.setLayout(self._both)
        self.setWidget(inside)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _side_layout(self) -> QVBoxLayout:
        self._anew = button(tr("Guess anew instead"), self.guess_wanted.emit, kind="link")
        self.name = QLineEdit(self._recipe.name)
        self.name.setAccessibleName(tr("Name of the recipe"))
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label(tr("How it is read"), "heading"))
        head.addStretch(1)
        head.addWidget(self._anew)
        right.addLayout(head)
        right.addWidget(self.how)
        right.addSpacing(8)
        right.addWidget(self.becomes, 1)
        right.addSpacing(8)
        right.addWidget(label(tr("Recipe for next month's file"), "soft", wrap=True))
        right.addWidget(self.name)
        return right

    def sizeHint(self) -> QSize:
        """As wide as there is room, and never higher: what is larger scrolls, and the head above stays in sight."""
        return QSize(super().sizeHint().width(), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room beside the preview, how it is read stands below it."""
        super().resizeEvent(event)
        narrow = self.width() < theme().px(NARROW)
        fold(self._both, self._side, narrow=narrow, width=SIDE)
        self._fit_tabs()
        self._side.setMinimumHeight(self._side.widget().sizeHint().height() if narrow else 0)

    ## Sheets

    def taken_sheets(self) -> list[Sheet]:
        """The sheets that are brought in."""
        return taken(self._source, self._recipe)

    def toggle_sheet(self) -> None:
        """Take the sheet on view in, or leave it out."""
        self.changed.emit(reading.with_sheet(self._source, self._recipe, self.sheet))

    def _look_at(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._show_sheet()

    def _show_sheet(self) -> None:
        """Tabs, preview, words and measures of the sheet on view."""
        self._show_tabs()
        out = self.sheet not in self.taken_sheets()
        self.preview.show_sheet(self.sheet, self._recipe, self._batch, out=out)
        self.how.show_recipe(self.sheet, self._recipe, self.preview.shown.roles, self._year_start)
        self.becomes.show_recipe(self.sheet, self._recipe)

    def _show_tabs(self) -> None:
        clear(self._tabs)
        self._strip.setVisible(len(self._source.sheets) > 1)
        if len(self._source.sheets) < 2:
            return
        known = self.taken_sheets()
        for sheet in self._source.sheets:
            state = "" if sheet in known else f" ({tr('hidden') if sheet.hidden else tr('left out')})"
            tab = button(sheet.name + state, partial(self._look_at, sheet))
            tab.setProperty("chosen", sheet is self.sheet)
            self._tabs.addWidget(tab)
        self._tabs.addStretch(1)
        inside = self.sheet in known
        if not inside or len(known) > 1:
            words = tr("Leave this sheet out") if inside else tr("Take this sheet in")
            self._tabs.addWidget(button(words, self.toggle_sheet, kind="link"))
        self._fit_tabs()

    def _fit_tabs(self) -> None:
        """As high as the tabs, and their scroll bar where they are many."""
        sizes = [w.sizeHint() for i in range(self._tabs.count()) if (w := self._tabs.itemAt(i).widget()) is not None]
        bar = 12 if sum(s.width() + 8 for s in sizes) > self._strip.width() else 0
        self._strip.setFixedHeight(max((s.height() for s in sizes), default=0) + bar)

    ## Pointing

    def set_role(self, column: int, role: str) -> None:
        """Say what a column (from 0) is."""
        try:
            self.changed.emit(reading.with_role(self.sheet, self._recipe, column, role))
        except CityStatError as error:
            self.said.emit(str(error))

    def _column_menu(self, column: int, at: QPoint) -> None:
        played = self.preview.shown.plays[column]
        self._menu(pointing.at_column(self._recipe, played, partial(self.set_role, column)), at)

    def _row_menu(self, row: int, at: QPoint) -> None:
        self._menu(pointing.at_row(self.sheet, self._recipe, row, self.changed.emit), at)

    def _remark_menu(self, remark: Remark) -> None:
        place = reading.locate(self._source, remark.place)
        if place is not None:
            self._jump(remark.place)
            acts = pointing.at_remark(place, self._recipe, remark, self.changed.emit, self.set_role)
            self._menu(acts, self.remarks.mapToGlobal(QPoint(self.remarks.width() // 2, 24)))

    def _menu(self, acts: Sequence[pointing.Act], at: QPoint) -> None:
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        for act in acts:
            action = self.menu.addAction(act.words)
            action.setToolTip(act.tip)
            action.setCheckable(act.holds is not None)
            action.setChecked(bool(act.holds))
            action.triggered.connect(lambda _=False, do=act.do: do())
        self.menu.popup(at)

    def _jump(self, place: str) -> None:
        at = reading.locate(self._source, place)
        if at is not None:
            if at.sheet is not self.sheet:
                self._look_at(at.sheet)
            self.preview.jump(at.row, at.column)


def _area(layout: QLayout) -> QScrollArea:
    """What may be larger than its place."""
    area, inside = QScrollArea(), QWidget()
    inside.setLayout(layout)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area
