"""A results chain as a file: PNG, SVG, and the picture in a Word file. Painted for its size, never taken from the screen."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from citystat.goals.chain import Chain, in_words
from citystat.printable import printable
from citystat.views.chart.palette import DARK, LIGHT
from citystat.views.chart.picture import FALLBACK
from citystat.views.results.chain_drawing import Look, Seen, draw_diagram, size_of

MARGIN = 20.0  # pixels at 100 % around the diagram
WIDE = 210.0  # pixels at 100 % of a column
SHARP = 2.0  # pixels of a PNG to a pixel at 100 %
PAPER = 4.0  # the same in a Word file: 300 dots to the inch at about 24 cm


def png(chain: Chain, seen: Mapping[int, Seen], *, theme: str = "light", scale: float = SHARP) -> bytes:
    """The diagram as PNG."""
    look = _look(theme, scale)
    layout = look.lay_out(chain)
    wide, high = size_of(layout, look)
    margin = look.px(MARGIN)
    picture = QImage(round(wide + 2 * margin), round(high + 2 * margin), QImage.Format.Format_RGB32)
    picture.fill(QColor(look.palette.paper))
    painter = QPainter(picture)
    painter.translate(margin, margin)
    draw_diagram(painter, chain, seen, look, layout)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(data.data())


def svg(chain: Chain, seen: Mapping[int, Seen], *, theme: str = "light") -> bytes:
    """The diagram as SVG, with itself in words as description."""
    look = _look(theme, 1.0)
    layout = look.lay_out(chain)
    wide, high = size_of(layout, look)
    margin = look.px(MARGIN)
    size = QSize(round(wide + 2 * margin), round(high + 2 * margin))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(printable(chain.name))
    generator.setDescription(printable(in_words(chain)))
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(look.palette.paper))
    painter.translate(margin, margin)
    draw_diagram(painter, chain, seen, look, layout)
    painter.end()
    text = printable(bytes(data.data()).decode("utf-8", errors="replace"))
    return text.replace('font-family="Inter"', f'font-family="{FALLBACK}"').encode()


def paper(chain: Chain, seen: Mapping[int, Seen]) -> tuple[bytes, float]:
    """The diagram for a page, and its height as a share of its width."""
    look = _look("light", 1.0)
    wide, high = size_of(look.lay_out(chain), look)
    return png(chain, seen, scale=PAPER), (high + 2 * look.px(MARGIN)) / (wide + 2 * look.px(MARGIN))


def _look(theme: str, scale: float) -> Look:
    return Look(DARK if theme == "dark" else LIGHT, scale, WIDE, 56.0)
