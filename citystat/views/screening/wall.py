"""The performance wall: a small chart a measure, hundreds at once, with the icons of variation and assurance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPageLayout, QPainter, QPen, QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from citystat.charts.chart import Chart
from citystat.charts.icons import Icon, assurance, variation
from citystat.city import City, Touched
from citystat.goals.tree import tree
from citystat.measures.latest import Latest
from citystat.measures.picture import chart_of_series, default_since
from citystat.measures.series import definitions
from citystat.measures.standing import Standing
from citystat.numbers import short
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.chart.frame import metrics
from citystat.views.chart.icons import paint_icon
from citystat.views.chart.painter import paint_small
from citystat.views.chart.palette import LIGHT, Palette
from citystat.views.judging import Judging
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.fields import choice, offer_again
from citystat.views.widgets.page import Page

TILE = (224, 132)  # pixels at 100 %
NARROW = 760  # pixels of width under which the filters stand in two rows
ACROSS, DOWN = 5, 6  # tiles on a printed page
RANK = {"concern": 0, "neither": 1, "improvement": 2, "too few": 4, "common": 3, "": 5}
SORTS = {
    "change": "what changed first", "department": "by department", "goal": "by goal", "icon": "by icon", "code": "by code",
}  # fmt: skip
SIGHT = 32  # tiles on a screen: judged before the others
ICONS = {
    "": "Every icon",
    "concern": "concerning",
    "improvement": "improving",
    "common": "common cause",
    "fail": "will miss its target",
    "pass": "will meet its target",
}
Row = Standing | Latest


class WallPage(Page):
    """Filters above; arrows move from tile to tile, Enter opens the measure."""

    def __init__(self, city: City, today: date | None = None) -> None:
        super().__init__()
        self._city, self._today = city, today or date.today()
        self._rows: list[Row] = []
        self._goals: dict[int, set[int]] = {}
        self._goal_of: dict[int, int] = {}  # by measure the place of its first goal among all of them
        self.title = tr("Performance wall")
        self._judging = Judging(
            self, city, part=self._judged, done=self._sum_up, first=SIGHT,
            beside=lambda found: [_chart(s) for s in found],
        )  # fmt: skip
        self.tiles = Tiles()
        self.tiles.opened.connect(lambda row: self.go.emit(f"measure:{row.measure.code}"))
        self.department, self.goal, self.icon, self.sort = (
            choice(tr("Department"), [(tr("Every department"), "")]), choice(tr("Goal"), [(tr("Every goal"), 0)]),
            choice(tr("Icon"), [(tr(words).capitalize(), kind) for kind, words in ICONS.items()]),
            choice(tr("In order"), [(tr(words).capitalize(), key) for key, words in SORTS.items()]),
        )  # fmt: skip
        pairs = []
        for pair in ((self.department, self.goal), (self.icon, self.sort)):
            pairs.append(QHBoxLayout())
            pairs[-1].setSpacing(8)
            for box in pair:
                box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
                box.setMinimumWidth(round(theme().px(120)))
                box.currentIndexChanged.connect(lambda _: self._show())
                pairs[-1].addWidget(box, 1)
        self.body.addWidget(Beside(*pairs, shares=(1, 1), gap=8, narrow=NARROW))
        self.body.addWidget(self.tiles, 1)
        self.head(tr("Performance wall"), tr("Looking at every measure…"))
        self.refresh()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [(tr("Findings"), lambda: self.go.emit("findings"), ""), (tr("Print…"), self._print, "primary")]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        if touched is not None and not touched.any(
            "measure", "observation", "target", "annotation", "goal_measure", "goal"
        ):
            return
        with self._city.read() as read:
            place = {row.measure.id: at for at, row in enumerate(self.tiles.rows)}
            known = sorted(
                definitions(read), key=lambda m: place.get(m.id, len(place))
            )  # what is in sight is judged first
            self._rows = list(self._judging.ask(read, known))
            goals = [(g.name, g.id, g.measure_ids) for p in tree(read) for g in p.goals]
        self._goals = {goal: set(measures) for _, goal, measures in goals}
        self._goal_of = {m: at for at, (_, _, measures) in reversed(list(enumerate(goals))) for m in measures}
        offer_again(
            self.department,
            [
                (tr("Every department"), ""),
                *((u, u) for u in sorted({r.measure.department for r in self._rows} - {""})),
            ],
        )
        offer_again(self.goal, [(tr("Every goal"), 0), *((name, goal) for name, goal, _ in goals)])
        if not self._judging.going_on:
            self.tiles.charts = {r.measure.id: _chart(r) for r in self._rows if isinstance(r, Standing)}
            self._sum_up()
        self._show()

    def _judged(self, found: list[Standing], charts: list[Chart]) -> None:
        now = {s.measure.id: s for s in found}
        self.tiles.charts |= dict(zip(now, charts, strict=True))
        self._rows = [now.get(r.measure.id, r) for r in self._rows]
        self._show()

    def _sum_up(self) -> None:
        judged = [r for r in self._rows if isinstance(r, Standing)]
        worse, better = (sum(r.signal == kind for r in judged) for kind in ("concern", "improvement"))
        self.head(
            tr("{worse} of {n} measures got worse, {better} got better", worse=worse, n=len(judged), better=better),
            tr("H and L: higher or lower than before, in the colour of better or worse · P, F, ?: will meet, will miss, may meet or miss its target"),
        )  # fmt: skip

    def _show(self) -> None:
        unit, goal, icon = self.department.currentData(), self.goal.currentData(), self.icon.currentData()
        mine = self._goals.get(goal or 0)
        rows = [
            r for r in self._rows
            if (not unit or r.measure.department == unit) and (mine is None or r.measure.id in mine) and _fits(r, icon or "")
        ]  # fmt: skip
        self.tiles.show_rows(sorted(rows, key=self._order(self.sort.currentData())))

    def _order(self, by: str) -> Callable[[Row], tuple[Any, ...]]:
        """What a row is sorted by. By what changed and by icon only once all is judged: tiles would jump about while they are read."""
        if by == "department":
            return lambda row: (row.measure.department, row.measure.code)
        if by == "goal":
            return lambda row: (self._goal_of.get(row.measure.id, len(self._goals)), row.measure.code)
        if by in ("change", "icon") and all(isinstance(row, Standing) for row in self._rows):
            return lambda row: (*(_icons(row) if by == "icon" else (RANK[row.signal],)), row.measure.code)
        return lambda row: (row.measure.code,)

    ## Printing

    def _print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
        if QPrintDialog(printer, self).exec():
            self.print_to(printer)

    def print_to(self, printer: QPrinter) -> None:
        """The first page of what is shown."""
        painter = QPainter(printer)
        page = QRectF(QPointF(0, 0), printer.pageRect(QPrinter.Unit.DevicePixel).size())
        wide, high = page.width() / ACROSS, page.height() / DOWN
        for n, row in enumerate(self.tiles.rows[: ACROSS * DOWN]):
            rect = QRectF((n % ACROSS) * wide, (n // ACROSS) * high, wide, high).adjusted(
                wide * 0.03, high * 0.03, -wide * 0.03, -high * 0.03
            )
            paint_tile(painter, rect, row, self.tiles.charts.get(row.measure.id), LIGHT, high / 11)
        painter.end()


def _fits(row: Row, icon: str) -> bool:
    if not icon:
        return True
    if not isinstance(row, Standing):
        return False
    return row.judgement.assurance == icon if icon in ("pass", "fail") else row.signal == icon


def _icons(row: Row) -> tuple[int, int]:
    """The order of icons: variation as it changed, then assurance: fails, by chance, passes, no target."""
    assured = row.judgement.assurance if isinstance(row, Standing) else None
    return RANK[row.signal], ("fail", "hit-or-miss", "pass", None).index(assured)


def _chart(s: Standing) -> Chart:
    return chart_of_series(s.series, s.judgement, as_of=None, since=default_since(s.series))


def icons_of(row: Row) -> list[Icon]:
    """Variation, and assurance where there is a target; none before it is judged."""
    if not isinstance(row, Standing):
        return []
    found = [variation(row.judgement.variation, row.signal != "too few"), assurance(row.judgement.assurance)]
    return [icon for icon in found if icon is not None]


def paint_tile(painter: QPainter, rect: QRectF, row: Row, chart: Chart | None, palette: Palette, px: float) -> None:
    """Name, chart, last value and icons. px: size of the words."""
    m, line = row.measure, px * 1.5
    painter.setFont(font(px, QFont.Weight.DemiBold))
    painter.setPen(QColor(palette.ink))
    name = metrics(px, QFont.Weight.DemiBold).elidedText(m.name, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(
        QRectF(rect.left(), rect.top(), rect.width(), line),
        int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
        name,
    )
    foot = QRectF(rect.left(), rect.bottom() - line * 1.3, rect.width(), line * 1.3)
    if chart is not None:
        paint_small(
            painter,
            QRectF(rect.left(), rect.top() + line * 1.1, rect.width(), rect.height() - line * 2.6),
            chart,
            palette,
        )
    side, icons = foot.height(), icons_of(row)
    for n, icon in enumerate(reversed(icons)):
        paint_icon(painter, QRectF(foot.right() - (n + 1) * side * 1.1, foot.top(), side, side), icon, palette)
    foot = foot.adjusted(0, 0, -len(icons) * side * 1.1 - px * 0.3, 0)
    middle = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    painter.setFont(font(px, QFont.Weight.DemiBold))
    painter.setPen(QColor(palette.ink))
    value = short(row.last, m.unit, m.decimals)
    painter.drawText(foot, middle, value)
    painter.setFont(font(px * 0.92))
    painter.setPen(QColor(palette.faint))
    beside = foot.adjusted(metrics(px, QFont.Weight.DemiBold).horizontalAdvance(value) + px * 0.7, 0, 0, 0)
    measured = metrics(px * 0.92, QFont.Weight.Normal)
    words = next(
        (
            w
            for w in (f"{row.last_period} · {m.code}", row.last_period)
            if measured.horizontalAdvance(w) <= beside.width()
        ),
        "",
    )
    painter.drawText(beside, middle, words)


class Tiles(QListView):
    """Only the tiles in sight are painted. Signal: opened(row)."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.charts: dict[int, Chart] = {}
        self._model = _Rows()
        self.setModel(self._model)
        self.setObjectName("list")
        self.setAccessibleName(tr("Performance wall"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setGridSize(QSize(*(round(theme().px(side)) for side in TILE)))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_Delegate(self))
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows[index.row()]))

    @property
    def rows(self) -> list[Row]:
        """What is shown, in order."""
        return self._model.rows

    def show_rows(self, rows: list[Row]) -> None:
        """Show other rows; the place is kept where they are as many."""
        at, top = self.currentIndex().row(), self.verticalScrollBar().value()
        if len(rows) == len(self.rows) and [r.measure.id for r in rows] == [r.measure.id for r in self.rows]:
            self._model.rows = rows
            self.viewport().update()
            return
        self._model.beginResetModel()
        self._model.rows = rows
        self._model.endResetModel()
        if rows:
            self.setCurrentIndex(self._model.index(min(max(at, 0), len(rows) - 1)))
        self.verticalScrollBar().setValue(top)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many tiles side by side as there is room for, the room shared among them."""
        wide, high = (round(theme().px(side)) for side in TILE)
        room = self.viewport().width() - 1
        self.setGridSize(QSize(room // max(1, room // wide), high))
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.rows[self.currentIndex().row()])
        else:
            super().keyPressEvent(event)


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        said = [
            row.measure.called,
            f"{short(row.last, row.measure.unit, row.measure.decimals)}, {row.last_period}",
            *(i.words for i in icons_of(row)),
        ]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ". ".join(said)
        return "\n".join([*said[:1], *said[2:]]) if role == Qt.ItemDataRole.ToolTipRole else None


class _Delegate(QStyledItemDelegate):
    def __init__(self, tiles: Tiles) -> None:
        super().__init__(tiles)
        self._tiles = tiles

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return self._tiles.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row, palette = self._tiles.rows[index.row()], theme().palette
        rect = QRectF(option.rect).adjusted(6, 6, -6, -6)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ring = palette.accent if chosen and self._tiles.hasFocus() else palette.rule
        painter.setPen(QPen(QColor(ring), 2 if ring == palette.accent else 1))
        painter.setBrush(QColor(palette.paper))
        painter.drawRoundedRect(rect, 6, 6)
        paint_tile(
            painter, rect.adjusted(10, 6, -10, -6), row, self._tiles.charts.get(row.measure.id), palette, theme().px(12)
        )
        painter.restore()
