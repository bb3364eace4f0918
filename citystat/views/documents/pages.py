"""Where the pages of a text document end: rows of tables stay whole, and headings stay with what they head."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QTextCursor, QTextDocument, QTextFormat, QTextFrameFormat, QTextTable


def keep_together(
    made: QTextDocument, heads: Sequence[tuple[int, Sequence[int]]], tables: Sequence[QTextTable]
) -> None:
    """Move what must not be parted to the next page.

    heads: positions in the text (a heading's, and those of what must end on the same page) · tables: whose rows are kept.
    Qt parts both as it comes; what is further down moves with every mend, so that they are made from top to bottom.
    """
    mends: list[tuple[int, Callable[[], bool]]] = [(head, _head(made, head, first)) for head, first in heads]
    mends += [(t.cellAt(row, 0).firstPosition(), _row(made, t, row)) for t in tables for row in range(2, t.rows())]
    for _, mend in sorted(mends, key=lambda each: each[0]):
        if mend():
            made.markContentsDirty(0, made.characterCount())  # else Qt leaves what is below where it was


def row_ends(table: QTextTable, row: int) -> list[int]:
    """Positions in the text where the cells of a row end."""
    return [table.cellAt(row, column).lastPosition() for column in range(table.columns())]


def _head(made: QTextDocument, head: int, first: Sequence[int]) -> Callable[[], bool]:
    def mend() -> bool:
        bottom = max(_bottom(made, position) for position in first)
        if _page(made, _top(made, head)) == _page(made, bottom - 1):
            return False
        at = QTextCursor(made.findBlock(head))
        form = at.blockFormat()
        form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
        at.setBlockFormat(form)
        return True

    return mend


def _row(made: QTextDocument, table: QTextTable, row: int) -> Callable[[], bool]:
    """The row before it fills the page, where this one would be parted."""

    def mend() -> bool:
        top = min(_top(made, table.cellAt(row, column).firstPosition()) for column in range(table.columns()))
        bottom = max(_bottom(made, position) for position in row_ends(table, row))
        if _page(made, top) == _page(made, bottom - 1):
            return False
        foot = made.rootFrame().frameFormat().bottomMargin()
        room = (_page(made, top) + 1) * made.pageSize().height() - foot - top
        for column in range(table.columns()):
            cell = table.cellAt(row - 1, column)
            form = cell.format().toTableCellFormat()
            form.setBottomPadding(room)
            form.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
            cell.setFormat(form)
        return True

    return mend


def _top(made: QTextDocument, position: int) -> float:
    return made.documentLayout().blockBoundingRect(made.findBlock(position)).top()


def _bottom(made: QTextDocument, position: int) -> float:
    return made.documentLayout().blockBoundingRect(made.findBlock(position)).bottom()


def _page(made: QTextDocument, y: float) -> int:
    return int(y // made.pageSize().height())
