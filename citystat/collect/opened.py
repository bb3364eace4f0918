"""A workbook as its reader, python-calamine, gives it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import python_calamine


class Opened(NamedTuple):
    """A worksheet. rows: of one length, "" where a cell is empty; merged: (top, bottom, column) of cells merged downwards."""

    name: str
    hidden: bool
    rows: Sequence[Sequence[object]]
    merged: list[tuple[int, int, int]]


def opened(file: io.BytesIO) -> Iterator[Opened]:
    """The worksheets of a workbook, one after the other; python_calamine.CalamineError where it cannot be read."""
    with python_calamine.load_workbook(file) as book:
        for meta in book.sheets_metadata:
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_name(meta.name)
                rows = sheet.to_python(skip_empty_area=False)
                merged = [(top, low, left) for (top, left), (low, _) in sheet.merged_cell_ranges or () if low > top]
                hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
                yield Opened(meta.name, hidden, rows, merged)
