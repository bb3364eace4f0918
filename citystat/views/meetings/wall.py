"""What the room sees: the audience window, and the content it may show.

Only `Wall` values reach the window, so nothing of the console can be on the projector by accident.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QScreen
from PySide6.QtWidgets import QWidget

from citystat.charts.chart import Chart
from citystat.charts.table import ChartTable
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.chart.frame import elided, wrapped
from citystat.views.chart.painter import paint
from citystat.views.chart.palette import LIGHT, Palette
from citystat.views.meetings.wall_rows import (
    LINE,
    PAIRED,
    PLAIN,
    Promise,
    head_height,
    paint_head,
    paint_promises,
    paint_table,
)  # fmt: skip

TEXT_SHARE = 38 / 1080  # every letter at least 1/40 of the picture's height: 38-px text at 1080


@dataclass(frozen=True)
class Wall:
    """What is on the wall: a chart, a list of promises, words alone, or (blank) nothing.

    title: the headline of a list or of words · source, place: small, at the bottom left and right ·
    told: words one below the other under the title · table: the chart's values, shown in its place · beside: a second chart, at the right of the first.
    """

    title: str = ""
    subject: str = ""
    chart: Chart | None = None
    table: ChartTable | None = None
    beside: Chart | None = None
    promises: tuple[Promise, ...] = ()
    told: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()  # what the marks on the charts mean, a sentence for each chart that has any
    source: str = ""
    place: str = ""
    clock: str = ""  # the time of day, quiet, beside the place
    blank: bool = False

    @property
    def words(self) -> str:
        """The wall read aloud, for screen readers and for the console's line."""
        if self.blank:
            return tr("The wall is blank")
        listed = [f"{p.number} {p.text}, {p.who}, {p.due}" for p in self.promises]
        charts = [chart.reading for chart in (self.chart, self.beside) if chart]
        return "\n".join(filter(None, [self.title, *self.told, *charts, *listed]))


class WallPicture(QWidget):
    """Paints a Wall to fill itself; also the small copy of it in the console."""

    def __init__(self, parent: QWidget | None = None, *, palette: Palette = LIGHT) -> None:
        super().__init__(parent)
        self._wall = Wall(blank=True)
        self._palette = palette
        self.setAccessibleName(self._wall.words)

    @property
    def wall(self) -> Wall:
        """What is shown now."""
        return self._wall

    def show_wall(self, wall: Wall) -> None:
        """Show `wall` from now on."""
        self._wall = wall
        self.setAccessibleName(wall.words)
        self.update()

    def use(self, palette: Palette) -> None:
        """Paint light or dark."""
        self._palette = palette
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the wall at the size of the widget."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        paint_wall(painter, QRectF(self.rect()), self._wall, self._palette)
        painter.end()


class AudienceWindow(WallPicture):
    """The window on the projector: full screen where there is a second screen, an ordinary window otherwise.

    Signals: pressed(event) for every key; the console takes it, so that focus here by accident locks nobody out ·
    closed() when it is closed, by hand too.
    """

    pressed = Signal(object)
    closed = Signal()

    def __init__(self, *, palette: Palette = LIGHT) -> None:
        super().__init__(palette=palette)
        self.setWindowTitle(tr("CityStat, audience"))
        self.resize(1280, 720)

    def put_on(self, screen: QScreen | None) -> None:
        """Fill `screen`; None: an ordinary window the operator can move."""
        if screen is None:
            self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, False)
            if self.isFullScreen() or self.width() < 100:
                self.resize(1280, 720)
            self.showNormal()
            return
        # above everything on the projector: whatever jumps there when a screen goes stays hidden behind it
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, True)
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Whoever closed it: the console must know that the room sees nothing."""
        super().closeEvent(event)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys pressed here belong to the console."""
        self.pressed.emit(event)
        event.accept()


def projector(screens: Sequence[QScreen], own: QScreen | None) -> QScreen | None:
    """The first of `screens` that is not the operator's own; None where there is no other."""
    return next((s for s in screens if own is None or s.name() != own.name()), None)


def paint_wall(
    painter: QPainter,
    rect: QRectF,
    wall: Wall,
    palette: Palette,
    *,
    px: float = 0,
    margin: float | None = None,
    desk: bool = False,
) -> None:
    """Paint `wall` into `rect`; px: text size (by the picture's height unless given); margin at the sides.

    desk: for a reader at the laptop, whose words begin at the top.
    """
    painter.fillRect(rect, QColor(palette.paper))
    if wall.blank:
        return
    px = px or rect.height() * TEXT_SHARE
    margin = px * 2.1 if margin is None else margin
    inner = rect.adjusted(margin, margin * 0.62, -margin, -margin * 0.5)
    foot = QRectF(inner.left(), inner.bottom() - px * 1.4, inner.width(), px * 1.4)
    told = marked_lines(wall.marked, inner.width(), px)
    foot.setTop(foot.top() - len(told) * px * LINE)
    body = QRectF(inner.left(), inner.top(), inner.width(), foot.top() - inner.top() - px * 0.4)
    if wall.table is not None:
        paint_table(painter, body, wall.title, wall.subject, wall.table, palette, px)
    elif wall.chart is not None and wall.beside is not None:
        _paint_pair(painter, body, wall.chart, wall.beside, palette, px)
    elif wall.chart is not None:
        paint(painter, body, wall.chart, palette, px, words=True)
    elif wall.promises:
        paint_promises(painter, body, wall.title, wall.subject, wall.promises, palette, px)
    else:
        _paint_words(painter, body, wall, palette, px, at_top=desk)
    _paint_foot(painter, foot, wall, told, palette, px)


WIDE = 40  # text sizes: two charts have room side by side; where it is less, one stands above the other


def _paint_pair(painter: QPainter, rect: QRectF, first: Chart, second: Chart, palette: Palette, px: float) -> None:
    """Two charts with their words; their plots begin at the same height."""
    gap = px * 1.6
    if rect.width() >= WIDE * px:
        wide, high = (rect.width() - gap) / 2, rect.height()
        places = [QRectF(left, rect.top(), wide, high) for left in (rect.left(), rect.right() - wide)]
    else:
        wide, high = rect.width(), (rect.height() - gap / 2) / 2
        places = [QRectF(rect.left(), top, wide, high) for top in (rect.top(), rect.bottom() - high)]
    charts = list(zip(places, (first, second), strict=True))
    head = max(head_height(place, c.headline, c.subject, px, PAIRED) for place, c in charts)
    for place, chart in charts:
        paint_head(painter, place, chart.headline, chart.subject, palette, px, PAIRED)
        paint(painter, place.adjusted(0, head, 0, 0), chart, palette, px)


TOLD = 2  # lines that what is marked may take of the chart's room


def marked_lines(marked: Sequence[str], wide: float, px: float) -> list[str]:
    """The sentences in lines, in two at most."""
    each = max(1, TOLD // max(1, len(marked)))
    lines = [line for words in marked for line in wrapped(words, px, PLAIN, wide, each)]
    return [elided(line, px, PLAIN, wide) for line in lines[:TOLD]]


def _paint_foot(painter: QPainter, rect: QRectF, wall: Wall, told: Sequence[str], palette: Palette, px: float) -> None:
    painter.setFont(font(px))
    painter.setPen(QColor(palette.soft))
    for n, line in enumerate(told):
        row = QRectF(rect.left(), rect.top() + n * px * LINE, rect.width(), px * LINE)
        painter.drawText(row, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), line)
    rect = QRectF(rect.left(), rect.bottom() - px * 1.4, rect.width(), px * 1.4)
    painter.setPen(QColor(palette.faint))
    place = " · ".join(filter(None, [wall.place, wall.clock]))
    place_width = QFontMetricsF(painter.font()).horizontalAdvance(place)
    source = rect.adjusted(0, 0, -place_width - px, 0)
    _elided(painter, source, wall.source, Qt.AlignmentFlag.AlignLeft)
    _elided(painter, rect, place, Qt.AlignmentFlag.AlignRight)


def _paint_words(painter: QPainter, rect: QRectF, wall: Wall, palette: Palette, px: float, *, at_top: bool) -> None:
    """A holding picture: a title in the middle of the wall and a line under it; at the top where words are told below."""
    if at_top or wall.told:
        top = rect.top() + head_height(rect, wall.title, wall.subject, px)
        paint_head(painter, rect, wall.title, wall.subject, palette, px)
        _paint_told(painter, QRectF(rect.left(), top, rect.width(), rect.bottom() - top), wall.told, palette, px)
        return
    painter.setPen(QColor(palette.ink))
    painter.setFont(font(px * 2.2, QFont.Weight.Bold))
    flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
    upper = QRectF(rect.left(), rect.top(), rect.width(), rect.height() * 0.6)
    painter.drawText(upper, int(Qt.AlignmentFlag.AlignBottom | flags), wall.title)
    painter.setPen(QColor(palette.soft))
    painter.setFont(font(px * 1.15))
    lower = QRectF(rect.left(), upper.bottom() + px * 0.5, rect.width(), px * 4)
    painter.drawText(lower, int(flags), wall.subject)


def _paint_told(painter: QPainter, rect: QRectF, told: Sequence[str], palette: Palette, px: float) -> None:
    """As many as there is room for, over rules; the words of each in two lines at most."""
    top = rect.top()
    for words in told:
        lines = [elided(line, px, PLAIN, rect.width()) for line in wrapped(words, px, PLAIN, rect.width(), 2)]
        high = (len(lines) * LINE + 0.7) * px
        if top + high > rect.bottom():
            return
        painter.setFont(font(px))
        painter.setPen(QColor(palette.ink))
        for n, line in enumerate(lines):
            row = QRectF(rect.left(), top + (n * LINE + 0.35) * px, rect.width(), LINE * px)
            painter.drawText(row, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), line)
        top += high
        painter.fillRect(QRectF(rect.left(), top - 1, rect.width(), max(1.0, px / 24)), QColor(palette.rule))


def _elided(painter: QPainter, rect: QRectF, text: str, align: Qt.AlignmentFlag) -> None:
    said = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(align | Qt.AlignmentFlag.AlignVCenter), said)
