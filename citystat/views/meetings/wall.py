"""What the room sees: the audience window, and the content it may show.

Only `Wall` values reach the window, so nothing of the console can be on the projector by accident.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QScreen
from PySide6.QtWidgets import QWidget

from citystat.charts.chart import Chart
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.chart.painter import paint
from citystat.views.chart.palette import LIGHT, Palette

TEXT_SHARE = 38 / 1080  # every letter at least 1/40 of the picture's height: 38-px text at 1080
ROWS = 6  # promises on one wall; more are turned like pages


@dataclass(frozen=True)
class Promise:
    """One line of the list of promises. late: worded, empty when it is not."""

    number: str
    text: str
    who: str
    due: str
    late: str = ""
    current: bool = False


@dataclass(frozen=True)
class Wall:
    """What is on the wall: a chart, a list of promises, words alone, or (blank) nothing.

    title: the headline of a list or of words · source, place: small, at the bottom left and right.
    """

    title: str = ""
    subject: str = ""
    chart: Chart | None = None
    promises: tuple[Promise, ...] = ()
    source: str = ""
    place: str = ""
    blank: bool = False

    @property
    def words(self) -> str:
        """The wall read aloud, for screen readers and for the console's line."""
        if self.blank:
            return tr("The wall is blank")
        listed = [f"{p.number} {p.text}, {p.who}, {p.due}" for p in self.promises]
        return "\n".join(filter(None, [self.title, self.chart.reading if self.chart else "", *listed]))

    def page(self) -> tuple[Promise, ...]:
        """The promises on view: the page that holds the current one."""
        at = next((i for i, p in enumerate(self.promises) if p.current), 0)
        return self.promises[at // ROWS * ROWS : at // ROWS * ROWS + ROWS]


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
    """The window on the projector: full screen where there is a second screen, an ordinary window otherwise."""

    def __init__(self, *, palette: Palette = LIGHT) -> None:
        super().__init__(palette=palette)
        self.setWindowTitle(tr("CityStat, audience"))
        self.resize(1280, 720)
        QGuiApplication.instance().screenRemoved.connect(self._screen_gone)

    def put_on(self, screen: QScreen | None) -> None:
        """Fill `screen`; None: an ordinary window the operator can move."""
        if screen is None:
            self.showNormal()
            return
        self.setGeometry(screen.geometry())
        self.showFullScreen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys pressed here belong to the console; Escape leaves full screen so that nobody is locked in."""
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.showNormal()
        event.ignore()

    def _screen_gone(self, screen: QScreen) -> None:
        """A projector pulled out: become an ordinary window rather than cover the operator's screen."""
        if self.isFullScreen() and not any(s is not screen and s is self.screen() for s in projectors()):
            QTimer.singleShot(0, self.showNormal)


def projectors() -> list[QScreen]:
    """The screens beside the one the operator works on."""
    primary = QGuiApplication.primaryScreen()
    return [s for s in QGuiApplication.screens() if s is not primary]


def frozen(wall: Wall, place: str) -> Wall:
    """The same picture, its place line kept up to date."""
    return replace(wall, place=place)


def paint_wall(
    painter: QPainter, rect: QRectF, wall: Wall, palette: Palette, *, px: float = 0, margin: float | None = None
) -> None:
    """Paint `wall` into `rect`; px: text size (by the picture's height unless given); margin at the sides."""
    painter.fillRect(rect, QColor(palette.paper))
    if wall.blank:
        return
    px = px or rect.height() * TEXT_SHARE
    margin = px * 2.1 if margin is None else margin
    inner = rect.adjusted(margin, margin * 0.62, -margin, -margin * 0.5)
    foot = QRectF(inner.left(), inner.bottom() - px * 1.4, inner.width(), px * 1.4)
    body = QRectF(inner.left(), inner.top(), inner.width(), foot.top() - inner.top() - px * 0.4)
    if wall.chart is not None:
        paint(painter, body, wall.chart, palette, px, words=True)
    elif wall.promises:
        _paint_promises(painter, body, wall, palette, px)
    else:
        _paint_words(painter, body, wall, palette, px)
    _paint_foot(painter, foot, wall, palette, px)


def _paint_foot(painter: QPainter, rect: QRectF, wall: Wall, palette: Palette, px: float) -> None:
    painter.setFont(font(px * 0.95))
    painter.setPen(QColor(palette.faint))
    place_width = QFontMetricsF(painter.font()).horizontalAdvance(wall.place)
    source = rect.adjusted(0, 0, -place_width - px, 0)
    _elided(painter, source, wall.source, Qt.AlignmentFlag.AlignLeft)
    _elided(painter, rect, wall.place, Qt.AlignmentFlag.AlignRight)


def _paint_words(painter: QPainter, rect: QRectF, wall: Wall, palette: Palette, px: float) -> None:
    """A holding picture: a title in the middle of the wall, and a line under it."""
    painter.setPen(QColor(palette.ink))
    painter.setFont(font(px * 2.2, QFont.Weight.Bold))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
    upper = QRectF(rect.left(), rect.top(), rect.width(), rect.height() * 0.6)
    painter.drawText(
        upper, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap), wall.title
    )
    painter.setPen(QColor(palette.soft))
    painter.setFont(font(px * 1.15))
    lower = QRectF(rect.left(), upper.bottom() + px * 0.5, rect.width(), px * 4)
    painter.drawText(lower, int(flags & ~Qt.AlignmentFlag.AlignVCenter), wall.subject)


def _paint_promises(painter: QPainter, rect: QRectF, wall: Wall, palette: Palette, px: float) -> None:
    """Number, words, who and by when; the current one stands on a tint with a bar at its left."""
    painter.setPen(QColor(palette.soft))
    painter.setFont(font(px))
    painter.drawText(QRectF(rect.left(), rect.top(), rect.width(), px * 1.4), Qt.AlignmentFlag.AlignLeft, wall.subject)
    painter.setPen(QColor(palette.ink))
    painter.setFont(font(px * 1.5, QFont.Weight.Bold))
    title = QRectF(rect.left(), rect.top() + px * 1.4, rect.width(), px * 2.1)
    _elided(painter, title, wall.title, Qt.AlignmentFlag.AlignLeft)
    space = rect.bottom() - title.bottom() - px * 0.6
    row_height = max(space / ROWS, px * 3.0)
    for i, promise in enumerate(wall.page()[: max(1, int(space / row_height + 0.01))]):
        row = QRectF(rect.left(), title.bottom() + px * 0.6 + i * row_height, rect.width(), row_height)
        _paint_promise(painter, row, promise, palette, px)


def _paint_promise(painter: QPainter, row: QRectF, promise: Promise, palette: Palette, px: float) -> None:
    if promise.current:
        painter.fillRect(row.adjusted(-px * 0.6, 0, px * 0.6, 0), QColor(palette.tint))
        painter.fillRect(QRectF(row.left() - px * 0.6, row.top(), px * 0.18, row.height()), QColor(palette.accent))
    painter.fillRect(QRectF(row.left(), row.bottom() - 1, row.width(), max(1.0, px / 24)), QColor(palette.rule))
    number_width, who_width = px * 3.6, px * 12.5
    words = QRectF(row.left() + number_width, row.top(), row.width() - number_width - who_width - px, row.height())
    middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.setFont(font(px))
    painter.setPen(QColor(palette.faint))
    painter.drawText(row, middle, promise.number)
    painter.setPen(QColor(palette.ink))
    painter.setFont(font(px, QFont.Weight.DemiBold))
    _wrapped(painter, words, promise.text, px)
    side = QRectF(row.right() - who_width, row.top(), who_width, row.height())
    painter.setFont(font(px))
    _elided(painter, QRectF(side.left(), side.center().y() - px * 1.3, side.width(), px * 1.3), promise.who, middle)
    painter.setPen(QColor(palette.concern if promise.late else palette.soft))
    due = f"◆ {promise.late}" if promise.late else promise.due
    _elided(painter, QRectF(side.left(), side.center().y(), side.width(), px * 1.3), due, middle)


def _wrapped(painter: QPainter, rect: QRectF, text: str, px: float) -> None:
    """Two lines at the most; what does not fit ends in an ellipsis."""
    metrics = QFontMetricsF(painter.font())
    if metrics.horizontalAdvance(text) > rect.width() * 1.85:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() * 1.8)
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
    painter.drawText(rect, int(flags), text)


def _elided(painter: QPainter, rect: QRectF, text: str, align: Qt.AlignmentFlag) -> None:
    said = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(align | Qt.AlignmentFlag.AlignVCenter), said)
