"""Where the pages of a text document end: rows of tables stay whole, and headings stay with what they head."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QTextCursor, QTextDocument, QTextFormat, QTextTable


def keep_together(made: QTextDocument, heads: Sequence[tuple[int, int]], tables: Sequence[QTextTable]) -> None:
    """Move what must not be parted to the next page.

    heads: positions in the text (a heading's, and that of what must be seen on the same page) · tables: whose rows are kept.
    Qt parts both as it comes; what is further down moves with every mend, so that they are made from top to bottom.
    """
    mends: list[tuple[int, Callable[[], None]]] = [(head, _head(made, head, first)) for head, first in heads]
    mends += [(t.cellAt(row, 0).firstPosition(), _row(made, t, row)) for t in tables for row in range(1, t.rows())]
    for _, mend in sorted(mends, key=lambda each: each[0]):
        mend()
    made.markContentsDirty(0, made.characterCount())  # what is below the last mend would not be laid out again


def _head(made: QTextDocument, head: int, first: int) -> Callable[[], None]:
    def mend() -> None:
        if _page(made, _top(made, head)) != _page(made, _top(made, first)):
            at = QTextCursor(made.findBlock(head))
            form = at.blockFormat()
            form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            at.setBlockFormat(form)

    return mend


def _row(made: QTextDocument, table: QTextTable, row: int) -> Callable[[], None]:
    def mend() -> None:
        cells = [table.cellAt(row, column) for column in range(table.columns())]
        top = min(_top(made, c.firstPosition()) for c in cells)
        bottom = max(_bottom(made, c.lastPosition()) for c in cells)
        if _page(made, top) == _page(made, bottom - 1):
            return
        room = (_page(made, top) + 1) * made.pageSize().height() - top
        for cell in cells:
            form = cell.format().toTableCellFormat()
            form.setTopPadding(room)
            cell.setFormat(form)

    return mend


def _top(made: QTextDocument, position: int) -> float:
    return made.documentLayout().blockBoundingRect(made.findBlock(position)).top()


def _bottom(made: QTextDocument, position: int) -> float:
    return made.documentLayout().blockBoundingRect(made.findBlock(position)).bottom()


def _page(made: QTextDocument, y: float) -> int:
    return int(y // made.pageSize().height())
