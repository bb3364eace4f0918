"""A measure's chart taken along: to the clipboard, into a file, onto paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, QRectF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from citystat.charts.chart import Chart
from citystat.errors import CityStatError
from citystat.files import write_bytes
from citystat.texts import tr
from citystat.views.chart import picture
from citystat.views.chart.painter import paint
from citystat.views.chart.palette import LIGHT
from citystat.views.widgets.choose import file_to_write


def acts(chart: Chart, parent: QWidget, say: Callable[[str], object]) -> list[tuple[str, Callable[[], object]]]:
    """The lines of the menu "Picture"; say: hears what was done, in words."""

    def ask_and_save(form: str) -> None:
        path = file_to_write(parent, tr("Save picture"), f"{chart.code}.{form}", f"*.{form}")
        if path is not None:
            say(save(chart, path))

    return [
        (tr("Copy picture"), lambda: say(copy(chart))),
        (tr("Save as PNG…"), lambda: ask_and_save("png")),
        (tr("Save as SVG…"), lambda: ask_and_save("svg")),
        (tr("Print…"), lambda: ask_and_print(chart, parent)),
    ]


def copy(chart: Chart) -> str:
    """The picture to the clipboard: as pixels, and as SVG for programs that can take it; returns what was done, in words."""
    data = QMimeData()
    data.setImageData(picture.image(chart, 1600, 850, text_px=20))
    data.setData("image/svg+xml", picture.svg(chart))
    QGuiApplication.clipboard().setMimeData(data)
    return tr("The picture is on the clipboard")


def save(chart: Chart, path: Path) -> str:
    """The picture to a file, by its ending; returns what was done, or why not, in words."""
    data = picture.svg(chart) if path.suffix.lower() == ".svg" else picture.png(chart)
    try:
        write_bytes(path, data)
    except CityStatError as error:
        return str(error)
    return tr("Saved {file}", file=path.name)


def ask_and_print(chart: Chart, parent: QWidget) -> None:
    """The system's dialog, then one page."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    if QPrintDialog(printer, parent).exec():
        print_to(chart, printer)


def print_to(chart: Chart, printer: QPrinter) -> None:
    """The chart on one page."""
    painter = QPainter(printer)
    page = QRectF(QPointF(0, 0), printer.pageRect(QPrinter.Unit.DevicePixel).size())
    paint(painter, page, chart, LIGHT, page.height() / 42, words=True, source=True)
    painter.end()
