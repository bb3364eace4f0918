"""A results chain as a file: PNG, SVG, and the picture in a Word file. Painted for its size, never taken from the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from citystat import periods
from citystat.goals.chain import Chain, in_words, whose
from citystat.printable import printable
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.chart.palette import LIGHT
from citystat.views.chart.picture import FALLBACK
from citystat.views.results.chain_drawing import DEMI, Look, Seen, draw_diagram, size_of

MARGIN, TITLE = 20.0, 60.0  # pixels at 100 % around the diagram; of the title above it
WIDE, BETWEEN = 210.0, 56.0  # pixels at 100 % of a column, between two columns
SHARP = 2.0  # pixels of a PNG to a pixel at 100 %
PAPER = 4.0  # the same in a Word file: 300 dots to the inch at about 24 cm


def png(chain: Chain, seen: Mapping[int, Seen], today: date) -> bytes:
    """The diagram as PNG, its title above it."""
    return _image(_Picture(chain, seen, today), SHARP)


def paper(chain: Chain, seen: Mapping[int, Seen]) -> tuple[bytes, float]:
    """The diagram for a page whose title is its own, and its height as a share of its width."""
    picture = _Picture(chain, seen, None)
    size = picture.size(1.0)
    return _image(picture, PAPER), size.height() / size.width()


def svg(chain: Chain, seen: Mapping[int, Seen], today: date) -> bytes:
    """The diagram as SVG, with itself in words as description."""
    picture = _Picture(chain, seen, today)
    size, data = picture.size(1.0), QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(printable(chain.name))
    generator.setDescription(printable(in_words(chain)))
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(LIGHT.paper))
    picture.paint(painter, 1.0)
    painter.end()
    text = printable(bytes(data.data()).decode("utf-8", errors="replace"))
    return text.replace('font-family="Inter"', f'font-family="{FALLBACK}"').encode()


def _image(picture: _Picture, scale: float) -> bytes:
    image = QImage(picture.size(scale), QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.paper))
    painter = QPainter(image)
    picture.paint(painter, scale)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


@dataclass(frozen=True)
class _Picture:
    """A chain on white ground. today: the day of its figures, told in a title; None for no title."""

    chain: Chain
    seen: Mapping[int, Seen]
    today: date | None

    def size(self, scale: float) -> QSize:
        """Pixels of the whole."""
        look = _look(scale)
        wide, high = size_of(look.lay_out(self.chain), look)
        top = TITLE if self.today else 0.0
        return QSize(round(wide + 2 * look.px(MARGIN)), round(high + look.px(2 * MARGIN + top)))

    def paint(self, painter: QPainter, scale: float) -> None:
        """Title, then the diagram."""
        look = _look(scale)
        painter.translate(look.px(MARGIN), look.px(MARGIN))
        if self.today is not None:
            self._title(painter, look, tr("as of {day}", day=periods.day_label(self.today)))
            painter.translate(0, look.px(TITLE))
        draw_diagram(painter, self.chain, self.seen, look, look.lay_out(self.chain))

    def _title(self, painter: QPainter, look: Look, when: str) -> None:
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        about = " · ".join(filter(None, (whose(self.chain), self.chain.department, when)))
        for words, size, y, colour in ((self.chain.name, 20, 20, LIGHT.ink), (about, 12, 42, LIGHT.soft)):
            painter.setFont(font(look.px(size), DEMI) if size == 20 else font(look.px(size)))
            painter.setPen(QColor(colour))
            painter.drawText(QPointF(look.px(2), look.px(y)), words)


def _look(scale: float) -> Look:
    return Look(LIGHT, scale, WIDE, BETWEEN)
