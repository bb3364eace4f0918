"""A document's content as PDF, laid out by Qt: for who has no Word, and without LibreOffice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextListFormat,
    QTextTable,
    QTextTableCellFormat,
    QTextTableFormat,
)

from citystat.charts.chart import Chart
from citystat.documents.content import Block, Document, Figure, Heading, Image, Items, Paragraph, Signatures, Table
from citystat.files import write_bytes
from citystat.texts import speaking, tr
from citystat.views.chart.fonts import font
from citystat.views.chart.palette import LIGHT
from citystat.views.chart.picture import document_picture
from citystat.views.documents.pages import keep_together, row_ends

DPI = 96  # of the layout; the file holds outlines, not pixels
MARGIN, FOOT = 2.0, 0.9  # cm
POINTS = {"title": 22.0, 1: 15.0, 2: 12.0, 3: 11.0, "body": 10.0, "small": 8.5, "table": 9.0}
CM = DPI / 2.54
BOLD = QFont.Weight.DemiBold


def write_pdf(document: Document, to: Path) -> None:
    """Write `document` to `to`, whole or not at all; CityStatError where the file cannot be written."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(document.title)
    writer.setCreator("CityStat")
    writer.setResolution(DPI)
    way = QPageLayout.Orientation.Landscape if document.wide else QPageLayout.Orientation.Portrait
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), way, QMarginsF(0, 0, 0, 0)))
    with speaking(document.language):
        page = QRectF(0, 0, writer.width(), writer.height())
        _paint(writer, laid_out(document, page.size()), page, document.footer)
    write_bytes(to, buffer.data().data())


def laid_out(document: Document, page: QSizeF) -> QTextDocument:
    """The content as a text document of pages of this size (at 96 dots an inch), with room at the foot."""
    made = QTextDocument()
    made.setDefaultFont(_font("body"))
    made.setDocumentMargin(0)
    made.setPageSize(page)
    frame = QTextFrameFormat()
    frame.setMargin(MARGIN * CM)
    made.rootFrame().setFrameFormat(frame)
    writer = _Writer(made, page.width() - 2 * MARGIN * CM)
    writer.write(document)
    keep_together(made, writer.heads, writer.tables)
    return made


def _paint(writer: QPdfWriter, text: QTextDocument, page: QRectF, footer: str) -> None:
    """Page by page, each with its footer and number."""
    painter = QPainter(writer)
    pages = text.pageCount()
    for n in range(pages):
        if n:
            writer.newPage()
        painter.save()
        painter.translate(QPointF(0, -n * page.height()))
        text.drawContents(painter, page.translated(0, n * page.height()))
        painter.restore()
        painter.setFont(_font("small"))
        painter.setPen(QColor(LIGHT.soft))
        foot = QRectF(MARGIN * CM, page.height() - MARGIN * CM + 4, page.width() - 2 * MARGIN * CM, FOOT * CM)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, footer)
        number = tr("Page {n} of {all}", n=n + 1, all=pages)
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number)
    painter.end()


class _Writer:
    """Puts the blocks of one document after each other. width: of the text, in dots.

    heads: where headings are, each with where the beginning of what it heads ends · tables: all of them, as they were put.
    """

    def __init__(self, made: QTextDocument, width: float) -> None:
        self._made, self._width = made, width
        self._at = QTextCursor(made)
        self._begun, self._figures = False, 0
        self.heads: list[tuple[int, Sequence[int]]] = []
        self.tables: list[QTextTable] = []

    def write(self, document: Document) -> None:
        """Title, then every block."""
        if document.over:
            self._line(document.over, "small", LIGHT.soft)
        self._line(document.title, "title", bold=True)
        if document.under:
            self._line(document.under, "body", LIGHT.soft, after=10)
        head: int | None = None
        for block in document.blocks:
            first = self._put(block)
            leads = isinstance(block, Heading) or (isinstance(block, Paragraph) and block.keep)
            if leads:
                head = first[0] if head is None else head
            elif head is not None:
                self.heads.append((head, first))
                head = None

    def _put(self, block: Block) -> Sequence[int]:
        """One block; answers a position in its first line, of a table those where its first row ends."""
        match block:
            case Heading(text, level):
                self._line(text, level, bold=True, before=16 if level == 1 else 10)
            case Paragraph():
                self._paragraph(block)
            case Items(items, numbered):
                return self._items(items, numbered)
            case Table():
                return self._table(block)
            case Figure(chart, caption, height):
                return self._figure(_image_of(chart, self._width / CM, height), caption)
            case Image(data, _, caption, _):
                return self._figure(QImage.fromData(data), caption)
            case Signatures(lines):
                return self._table(Table((tr("Role"), tr("Name"), tr("Day")), lines))
        return [self._at.block().position()]

    def _block(self, *, before: float = 0, after: float = 4) -> None:
        """A new paragraph; the first one is there already."""
        form = QTextBlockFormat()
        form.setTopMargin(before)
        form.setBottomMargin(after)
        form.setLineHeight(120, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if self._begun:
            self._at.insertBlock(form, QTextCharFormat())
        else:
            self._at.setBlockFormat(form)
            self._begun = True

    def _line(
        self,
        text: str,
        size: str | int,
        colour: str = LIGHT.ink,
        *,
        bold: bool = False,
        before: float = 0,
        after: float = 4,
    ) -> None:
        self._block(before=before, after=after)
        if isinstance(size, int):
            form = self._at.blockFormat()
            form.setHeadingLevel(size)
            self._at.setBlockFormat(form)
        self._at.insertText(text, _letters(size, colour, bold=bold))

    def _paragraph(self, block: Paragraph) -> None:
        size = "small" if block.style == "small" else "body"
        self._block(after=6)
        if block.lead:
            self._at.insertText(f"{block.lead} ", _letters(size, LIGHT.ink, bold=True))
        self._at.insertText(block.text, _letters(size, LIGHT.soft if size == "small" else LIGHT.ink))

    def _items(self, items: tuple[str, ...], numbered: bool) -> Sequence[int]:
        style = QTextListFormat.Style.ListDecimal if numbered else QTextListFormat.Style.ListDisc
        for n, item in enumerate(items):
            self._block(after=2)
            if n == 0:
                made, first = self._at.createList(style), self._at.block().position()
            else:
                made.add(self._at.block())
            self._at.insertText(item, _letters("body", LIGHT.ink))
        self._block(after=0)
        made.remove(self._at.block())
        return [first]

    def _table(self, block: Table) -> Sequence[int]:
        form = QTextTableFormat()
        form.setHeaderRowCount(1)
        form.setCellPadding(4)
        form.setCellSpacing(0)
        form.setBorder(0)
        form.setWidth(QTextLength(QTextLength.Type.FixedLength, self._width))
        form.setTopMargin(4)
        form.setBottomMargin(8)
        widths = block.widths or (1.0,) * len(block.header)
        form.setColumnWidthConstraints(
            [QTextLength(QTextLength.Type.PercentageLength, 100 * w / sum(widths)) for w in widths]
        )
        table = self._at.insertTable(len(block.rows) + 1, len(block.header), form)
        for row, cells in enumerate((block.header, *block.rows)):
            for column, words in enumerate(cells):
                cell = table.cellAt(row, column)
                look = QTextTableCellFormat()
                look.setBottomBorder(1 if row == 0 else 0.5)
                look.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                look.setBottomBorderBrush(QColor(LIGHT.soft if row == 0 else LIGHT.rule))
                cell.setFormat(look)
                at = cell.firstCursorPosition()
                if column in block.right:
                    side = QTextBlockFormat()
                    side.setAlignment(Qt.AlignmentFlag.AlignRight)
                    at.setBlockFormat(side)
                at.insertText(
                    words.replace("\n", "\u2028"),
                    _letters("table", LIGHT.soft if row == 0 else LIGHT.ink, bold=row == 0),
                )
        self._at.movePosition(QTextCursor.MoveOperation.End)
        self.tables.append(table)
        return row_ends(table, min(1, len(block.rows)))

    def _figure(self, picture: QImage, caption: str) -> Sequence[int]:
        self._figures += 1
        name = f"figure-{self._figures}"
        self._made.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), picture)
        self._block(before=6)
        form = QTextImageFormat()
        form.setName(name)
        form.setWidth(self._width)
        form.setHeight(self._width * picture.height() / max(picture.width(), 1))
        self._at.insertImage(form)
        at = self._at.block().position()
        self._line(tr("Figure {n}. {caption}", n=self._figures, caption=caption), "small", LIGHT.soft, after=8)
        return [at]


def _image_of(chart: Chart, width: float, height: float) -> QImage:
    """The chart, `width` cm wide and `height` of it high, as it is drawn for Word."""
    return QImage.fromData(document_picture(chart, width, width * height))


def _font(size: str | int, *, bold: bool = False) -> QFont:
    """Without tabular figures and contextual shapes: in a PDF these have no letters behind them, and nobody could search a number."""
    made = QFont(font(POINTS[size] * DPI / 72, BOLD if bold else QFont.Weight.Normal))
    for feature in ("tnum", "calt"):  # said, or else those of the application's font would hold
        made.setFeature(QFont.Tag(feature), 0)
    return made


def _letters(size: str | int, colour: str, *, bold: bool = False) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setFont(_font(size, bold=bold))
    form.setForeground(QColor(colour))
    form.setProperty(QTextFormat.Property.FontHintingPreference, QFont.HintingPreference.PreferNoHinting)
    return form
