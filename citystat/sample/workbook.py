"""A department's workbook as departments send them, for the demonstration: readable to a person, full of traps.

Written as plain SpreadsheetML, because what the application needs every day (python-calamine) only reads.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from citystat import periods
from citystat.sample.stories import YEAR_START

Cell = str | float | None
Sheet = tuple[str, Sequence[Sequence[Cell]], bool]  # name, rows, hidden

# measure → (usual value, noise, change a year, shift since the new timetable)
LINES = (
    ("Ridership", None),
    ("Bus rides (avg weekday)", (18_400.0, 420.0, 300.0, 2_600.0)),
    ("Paratransit trips (avg weekday)", (1_120.0, 40.0, 20.0, 0.0)),
    ("Service", None),
    ("Buses on time, share", (0.782, 0.012, 0.0, 0.061)),
    ("Buses out of service (daily)", (9.0, 1.6, 0.0, 0.0)),
)
NEW_TIMETABLE = 8  # months before the last


def transit_return(path: Path, last: date) -> Path:
    """Riverton Transit's return to the end of `last`'s month: a sheet a fiscal year, and one that nobody should read."""
    rng = np.random.default_rng(42)
    first = periods.add_months(periods.start_of(last, "year", YEAR_START), -24)
    months = periods.run(first, last, "month")
    values = {name: _values(about, len(months), rng) for name, about in LINES if about}
    years = sorted({periods.fiscal_year(m, YEAR_START) for m in months})
    sheets: list[Sheet] = [(f"FY{y % 100:02d}", _year(y, months, values), False) for y in years]
    write_workbook(path, [*sheets, ("old", [["do not use", None], [None, 999_999.0]], True)])
    return path


def mistaken_return(path: Path, last: date) -> Path:
    """The same department's text file with three cells that cannot be read."""
    months = [periods.add_months(last, -n) for n in range(11, -1, -1)]
    rows = [[f"{m:%Y-%m}", f"{18_000 + 40 * i}", f"{70 + i}"] for i, m in enumerate(months)]
    rows[3][1], rows[7][2], rows[9][0] = "eighteen thousand", "7O", f"{last.year}-13"
    lines = [["Month", "Bus rides", "Share on time"], *rows]
    path.write_text("\n".join(",".join(line) for line in lines) + "\n", encoding="utf-8")
    return path


def _values(about: tuple[float, float, float, float], n: int, rng: np.random.Generator) -> list[float]:
    level, noise, trend, shift = about
    at = np.arange(n)
    found = level + trend * at / 12 + np.where(at >= n - NEW_TIMETABLE, shift, 0.0) + rng.normal(0, noise, n)
    return [round(float(v), 4 if level < 1 else 0) for v in found]


def _year(year: int, months: list[date], values: dict[str, list[float]]) -> list[list[Cell]]:
    """Title, notes, two heading rows, group headings, an average at the right, footnotes, words for missing values."""
    own = [periods.add_months(date(year - 1, YEAR_START, 1), n) for n in range(12)]
    over: list[Cell] = [None, str(year - 1), *[None] * 5, str(year), *[None] * 6]
    rows: list[list[Cell]] = [
        [f"Riverton Transit: monthly performance return, fiscal year {year}"],
        ["Fiscal year runs July to June. Prepared by: Planning"],
        [],
        over,
        ["Measure", *(periods.MONTH_NAMES[m.month - 1] for m in own), "FY average"],
    ]
    for name, about in LINES:
        if about is None:
            rows.append([name])
            continue
        known = [values[name][months.index(m)] if m in months else None for m in own]
        seen = [v for v in known if v is not None]
        rows.append([name, *_as_sent(name, year, known), round(sum(seen) / len(seen), 4)])
    return [
        *rows,
        [],
        ["Notes: weekdays only; holidays not removed. Figures for the last month are preliminary."],
        ["n/a: system outage."],
    ]


def _as_sent(name: str, year: int, known: list[float | None]) -> list[Cell]:
    """A word for a month without figures, and a number that was typed as text."""
    cells: list[Cell] = list(known)
    if name.startswith("Paratransit") and year % 2:
        cells[2] = "n/a"
    if name.startswith("Bus rides") and known[1] is not None:
        cells[1] = f"{known[1]:,.0f}"
    return cells


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write sheets of texts and numbers as an Excel workbook."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", _types(len(sheets)))
        file.writestr("_rels/.rels", _RELS.format(_relation(1, "officeDocument", "xl/workbook.xml")))
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"{" state=" + chr(34) + "hidden" + chr(34) if hidden else ""}/>'
            for n, (name, _, hidden) in enumerate(sheets, 1)
        )
        file.writestr("xl/workbook.xml", _BOOK.format(listed))
        related = "".join(_relation(n, "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1))
        file.writestr("xl/_rels/workbook.xml.rels", _RELS.format(related))
        for n, (_, rows, _hidden) in enumerate(sheets, 1):
            file.writestr(
                f"xl/worksheets/sheet{n}.xml", _SHEET.format("".join(map(_row, range(1, len(rows) + 1), rows)))
            )


def _row(number: int, cells: Sequence[Cell]) -> str:
    written = "".join(_cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(cells) if value is not None)
    return f'<row r="{number}">{written}</row>'


def _cell(place: str, value: str | float) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def _relation(number: int, kind: str, target: str) -> str:
    return (
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
    )


def _types(sheets: int) -> str:
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{main}.worksheet+xml"/>'
        for n in range(1, sheets + 1)
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}.sheet.main+xml"/>{parts}</Types>'
    )


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE = "http://schemas.openxmlformats.org"
_PACKAGE = f"{_OFFICE}/package/2006"
_MAIN = f'xmlns="{_OFFICE}/spreadsheetml/2006/main"'
_RELS = f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{{}}</Relationships>'
_BOOK = (
    f'{_XML}<workbook {_MAIN} xmlns:r="{_OFFICE}/officeDocument/2006/relationships"><sheets>{{}}</sheets></workbook>'
)
_SHEET = f"{_XML}<worksheet {_MAIN}><sheetData>{{}}</sheetData></worksheet>"
