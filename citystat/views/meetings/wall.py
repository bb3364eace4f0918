"""What the room sees: the audience window, and the content it may show.

Only `Wall` values reach the window, so nothing of the console can be on the projector by accident.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QScreen
from PySide6.QtWidgets import QWidget

from citystat.charts.chart import Chart
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.chart.painter import paint
from citystat.views.chart.palette import LIGHT, Palette

TEXT_SHARE = 38 / 1080  # every letter at least 1/40 of the picture's height: 38-px text at 1080


@dataclass(frozen=True)
class Promise:
    """One line of the list of promises. late: worded, empty when it is not."""

    number: str
    text: str
    who: str
    due: str
    late: str = ""
    current: bool = False
    form: str = ""
    unfinished: bool = False  # owner, form or date is wanted: marked


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
    clock: str = ""  # the time of day, quiet, beside the place
    blank: bool = False

    @property
    def words(self) -> str:
        """The wall read aloud, for screen readers and for the console's line."""
        if self.blank:
            return tr("The wall is blank")
        listed = [f"{p.number} {p.text}, {p.who}, {p.due}" for p in self.promises]
        return "\n".join(filter(None, [self.title, self.chart.reading if self.chart else "", *listed]))


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

    Signals: pressed(event) for every key; the console takes it, so that focus here by accident locks nobody out.
    """

    pressed = Signal(object)

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys pressed here belong to the console."""
        self.pressed.emit(event)
        event.accept()


def projector(screens: Sequence[QScreen], own: QScreen | None) -> QScreen | None:
    """The first of `screens` that is not the operator's own; None where there is no other."""
    return next((s for s in screens if own is None or s.name() != own.name()), None)


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
    painter.setFont(font(px))
    painter.setPen(QColor(palette.faint))
    place = " · ".join(filter(None, [wall.place, wall.clock]))
    place_width = QFontMetricsF(painter.font()).horizontalAdvance(place)
    source = rect.adjusted(0, 0, -place_width - px, 0)
    _elided(painter, source, wall.source, Qt.AlignmentFlag.AlignLeft)
    _elided(painter, rect, place, Qt.AlignmentFlag.AlignRight)


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
    """Number, words, who, in which form and by when; the current one stands on a tint with a bar at its left."""
    painter.setPen(QColor(palette.soft))
    painter.setFont(font(px))
    painter.drawText(QRectF(rect.left(), rect.top(), rect.width(), px * 1.4), Qt.AlignmentFlag.AlignLeft, wall.subject)
    painter.setPen(QColor(palette.ink))
    painter.setFont(font(px * 1.5, QFont.Weight.Bold))
    title = QRectF(rect.left(), rect.top() + px * 1.4, rect.width(), px * 2.1)
    _elided(painter, title, wall.title, Qt.AlignmentFlag.AlignLeft)
    top = title.bottom() + px * 0.6
    heights = [promise_height(p, rect.width(), px) for p in wall.promises]
    for i in page_of(heights, next((n for n, p in enumerate(wall.promises) if p.current), 0), rect.bottom() - top):
        _paint_promise(painter, QRectF(rect.left(), top, rect.width(), heights[i]), wall.promises[i], palette, px)
        top += heights[i]


def page_of(heights: Sequence[float], current: int, space: float) -> range:
    """The rows on the page that holds row `current`: pages are filled from the first row on, a row is never split."""
    start, used = 0, 0.0
    for i, height in enumerate(heights):
        if used + height > space and i > start:
            if current < i:
                return range(start, i)
            start, used = i, 0.0
        used += height
    return range(start, len(heights))


WHO, NUMBER = 13.5, 3.6  # widths of the right and the left column, in text sizes


def promise_height(promise: Promise, width: float, px: float) -> float:
    """As high as its longest column: nothing on the wall is cut."""
    words = _high(promise.text, font(px, QFont.Weight.DemiBold), width - (NUMBER + WHO + 1) * px)
    side = sum(_high(line, font(px), WHO * px) for line in _side(promise))
    return max(words, side) + px * 0.8


def _side(promise: Promise) -> list[str]:
    """Who, and under it form and day on lines of their own where one line has no room."""
    if promise.late and not promise.unfinished:
        return [promise.who, f"◆ {promise.late}"]
    when = f"◆ {promise.late}" if promise.late else promise.due
    facts = " · ".join(filter(None, [when, promise.form]))
    return [promise.who, facts if len(facts) <= 24 else "\n".join(filter(None, [when, promise.form]))]


def _high(text: str, face: QFont, width: float) -> float:
    return QFontMetricsF(face).boundingRect(QRectF(0, 0, width, 1e5), WRAP, text).height()


WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


def _paint_promise(painter: QPainter, row: QRectF, promise: Promise, palette: Palette, px: float) -> None:
    if promise.current:
        painter.fillRect(row.adjusted(-px * 0.6, 0, px * 0.6, 0), QColor(palette.tint))
        painter.fillRect(QRectF(row.left() - px * 0.6, row.top(), px * 0.18, row.height()), QColor(palette.accent))
    painter.fillRect(QRectF(row.left(), row.bottom() - 1, row.width(), max(1.0, px / 24)), QColor(palette.rule))
    inside = row.adjusted(0, px * 0.4, 0, -px * 0.4)
    bold = font(px, QFont.Weight.DemiBold)
    _wrapped(painter, inside, promise.number, font(px), palette.faint)
    words = inside.adjusted(NUMBER * px, 0, -(WHO + 1) * px, 0)
    _wrapped(painter, words, promise.text, bold, palette.ink)
    side = QRectF(inside.right() - WHO * px, inside.top(), WHO * px, inside.height())
    who, due = _side(promise)
    _wrapped(painter, side, who, font(px), palette.ink)
    below = side.adjusted(0, _high(who, font(px), side.width()), 0, 0)
    _wrapped(painter, below, due, font(px), palette.concern if promise.late or promise.unfinished else palette.soft)


def _wrapped(painter: QPainter, rect: QRectF, text: str, face: QFont, colour: str) -> None:
    painter.setFont(face)
    painter.setPen(QColor(colour))
    painter.drawText(rect, WRAP, text)


def _elided(painter: QPainter, rect: QRectF, text: str, align: Qt.AlignmentFlag) -> None:
    said = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(align | Qt.AlignmentFlag.AlignVCenter), said)
