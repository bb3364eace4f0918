"""Charts as files: PNG, SVG, and pictures for Word at 300 dpi. Painted for their size, never exported from the screen."""

from __future__ import annotations

import os

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from citystat.charts.chart import Chart
from citystat.printable import printable
from citystat.views.chart.painter import paint
from citystat.views.chart.palette import DARK, LIGHT, Palette

DPI = 300
FALLBACK = "Inter, 'Helvetica Neue', Arial, sans-serif"  # where a picture as SVG travels without the family
PAPER_TEXT_CM = 0.30  # text in a document's chart: 8.5 points


def image(
    chart: Chart, width: int, height: int, *, palette: Palette = LIGHT, text_px: float = 12, words: bool = True
) -> QImage:
    """The chart as an image of width × height pixels."""
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    picture.fill(QColor(palette.paper))
    painter = QPainter(picture)
    margin = text_px if words else 0
    paint(
        painter,
        QRectF(0, 0, width, height).adjusted(margin, margin, -margin, -margin),
        chart,
        palette,
        text_px,
        words=words,
        source=words,
    )
    painter.end()
    return picture


def png(
    chart: Chart, width: int = 1200, height: int = 640, *, theme: str = "light", text_px: float = 16, words: bool = True
) -> bytes:
    """The chart as PNG."""
    return _png(image(chart, width, height, palette=DARK if theme == "dark" else LIGHT, text_px=text_px, words=words))


def svg(chart: Chart, width: int = 1200, height: int = 640, *, theme: str = "light", text_px: float = 16) -> bytes:
    """The chart as SVG, with its reading as title and description."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(width, height))
    generator.setViewBox(QRectF(0, 0, width, height))
    generator.setTitle(chart.headline)
    generator.setDescription(chart.reading)
    palette = DARK if theme == "dark" else LIGHT
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, width, height), QColor(palette.paper))
    paint(
        painter,
        QRectF(0, 0, width, height).adjusted(text_px, text_px, -text_px, -text_px),
        chart,
        palette,
        text_px,
        words=True,
        source=True,
    )
    painter.end()
    text = printable(bytes(data.data()).decode("utf-8", errors="replace"))
    return text.replace('font-family="Inter"', f'font-family="{FALLBACK}"').encode()


def document_picture(chart: Chart, width_cm: float, height_cm: float) -> bytes:
    """The chart for paper: 300 dpi, no headline (the document says it), letters of 8.5 points."""
    scale = DPI / 2.54
    picture = image(
        chart, round(width_cm * scale), round(height_cm * scale), text_px=PAPER_TEXT_CM * scale, words=False
    )
    picture.setDotsPerMeterX(round(DPI / 0.0254))
    picture.setDotsPerMeterY(round(DPI / 0.0254))
    return _png(picture)


def _png(picture: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(data.data())


def ready_to_paint() -> None:
    """Make a Qt application where none is running, so that a command line without a screen can paint text."""
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        global _application
        _application = QGuiApplication([])


_application: QGuiApplication | None = None
