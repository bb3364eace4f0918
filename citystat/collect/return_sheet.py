"""A blank return sheet as a workbook: what is asked, with room for the answers, and a hidden mark by which it reads back."""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from citystat import periods
from citystat.city import City
from citystat.collect.asked import Asked, Limits, Line, Section
from citystat.collect.sheet import RETURN
from citystat.errors import CityStatError
from citystat.files import write_bytes
from citystat.numbers import UNITS, brief, unit_phrase
from citystat.texts import tr

VERSION = 1
HIDDEN = "CityStat"  # its name
ROLE = "citystat:"  # begins what the hidden first row and first column say
# column → its width in characters; the order on the sheet
COLUMNS = {
    "key": 2, "code": 8, "measure": 38, "category": 12, "period": 10, "value": 11, "numerator": 11, "denominator": 12,
    "note": 22, "trend": 11,
}  # fmt: skip
PAST = 6.5  # width of each of the last values
MILLION = 1_000_000  # from here on one of them is written as "1.9 M"
EVERY = {
    "day": "Every day", "week": "Every week", "month": "Every month", "quarter": "Every quarter",
    "half-year": "Every half-year", "year": "Every year",
}  # fmt: skip
INK, SOFT, FAINT, RULE = "#1B1F23", "#4F575F", "#69717A", "#D5D9DC"
TINT, EDGE, ACCENT = "#E3F1EF", "#A9D3CD", "#00796B"
FAR = 999_999_999_999
LONGEST = 150  # signs of what a measure is


@dataclass(frozen=True)
class Marked:
    """What the mark says of one line; key: as its row says it."""

    key: str
    measure: int
    code: str
    name: str
    unit: str
    frequency: str
    period: date
    breakdown: tuple[tuple[str, str], ...]
    ratio: bool

    def told(self) -> list[Any]:
        """As the hidden sheet has it."""
        parts = json.dumps(self.breakdown, ensure_ascii=False)
        return [
            self.key, self.measure, self.code, self.name, self.unit, self.frequency, self.period.isoformat(), parts,
            "ratio" if self.ratio else "value",
        ]  # fmt: skip


def write_return_sheet(city: City, asked: Asked, to: Path, *, now: datetime) -> int:
    """Write the sheet to `to` (.xlsx); returns how many lines it asks. CityStatError where it cannot be written."""
    if to.suffix.lower() != ".xlsx":
        raise CityStatError(tr("A return sheet is a workbook"), where=str(to), do=tr("Give a name that ends in .xlsx"))
    write_bytes(to, workbook(city, asked, now))
    return len(asked.lines)


def workbook(city: City, asked: Asked, now: datetime) -> bytes:
    """The workbook's bytes."""
    import xlsxwriter  # needed here alone

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": tr("Return of {who}, {periods}", who=asked.who, periods=asked.periods), "author": city.settings.office, "created": now}
    )  # fmt: skip
    marked = [_marked(line, n) for n, line in enumerate(asked.lines, 1)]
    _Sheet(book, city, asked, marked).write()
    _mark(book, city, asked, marked, now)
    book.close()
    return held.getvalue()


def _marked(line: Line, n: int) -> Marked:
    m = line.measure
    return Marked(
        f"{ROLE}{n}", m.id, m.code, m.name, m.unit, m.frequency, line.period, line.breakdown, line.ratio
    )  # fmt: skip


def _mark(book: Any, city: City, asked: Asked, marked: Sequence[Marked], now: datetime) -> None:
    """The hidden sheet: of which city, made when, for whom, which lines; and the sum over all of it."""
    sheet = book.add_worksheet(HIDDEN)
    head: list[list[Any]] = [
        [RETURN, VERSION],
        [city_uid(city), city.settings.name],
        [now.isoformat(timespec="seconds"), asked.who],
    ]
    rows = [line.told() for line in marked]
    for at, row in enumerate([*head, ["sum", check_sum([*head, *rows])], *rows]):
        sheet.write_row(at, 0, row)
    sheet.very_hidden()
    sheet.protect()


def check_sum(rows: Sequence[Sequence[object]]) -> str:
    """What the mark adds up to, whatever program saved it: whole numbers stay whole, texts as they are."""

    def plain(cell: object) -> str:
        return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)

    text = "\n".join("\t".join(plain(cell) for cell in row) for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def city_uid(city: City) -> str:
    """By what the city's papers know it again."""
    from sqlalchemy import select

    from citystat.models import CitySettings

    with city.read() as read:
        return str(read.scalar(select(CitySettings.uid)))


class _Sheet:
    """The sheet that a person sees, written from the top."""

    def __init__(self, book: Any, city: City, asked: Asked, marked: Sequence[Marked]) -> None:
        self._city, self._asked = city, asked
        self._keys = [m.key for m in marked]
        self._sheet = book.add_worksheet(tr("Return"))
        self._name = tr("Return").replace("'", "''")
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._book = book
        self._at = 0
        shown = list(COLUMNS)
        if not any(line.breakdown for line in asked.lines):
            shown.remove("category")
        if not any(line.ratio for line in asked.lines):
            shown = [c for c in shown if c not in ("numerator", "denominator")]
        self._column = {name: at for at, name in enumerate(shown)}
        self._past = len(shown)
        self._last = self._past + len(asked.sections[0].before) - 1

    def write(self) -> None:
        """All of it."""
        self._columns()
        self._top()
        n = 0
        for section in self._asked.sections:
            self._heading(section)
            before = None
            for line in section.lines:
                again = before is not None and before.measure.id == line.measure.id
                self._line(line, self._keys[n], again=again)
                before, n = line, n + 1
            self._at += 1
        self._print()

    def _columns(self) -> None:
        sheet = self._sheet
        sheet.hide_gridlines(2)
        for name, at in self._column.items():
            sheet.set_column(at, at, COLUMNS[name], None, {"hidden": name == "key"})
        sheet.set_column(self._past, self._last, PAST)
        sheet.write_row(0, 0, [ROLE + name for name in self._column], self._look(font_color="#FFFFFF"))
        sheet.set_row(0, None, None, {"hidden": True})
        self._at = 1

    def _top(self) -> None:
        """Title, what it is about, and how to fill it."""
        asked, settings = self._asked, self._city.settings
        title = tr("Return of {who}, {periods}", who=asked.who, periods=asked.periods)
        self._words(title, 30, bold=True, font_size=20)
        about = [settings.name, settings.office, tr("wanted by {day}", day=periods.day_label(asked.due))]
        if asked.fills and asked.fills != asked.who:
            about.append(tr("filled in by {name}", name=asked.fills))
        self._words(" · ".join(filter(None, about)), 20, font_color=SOFT, font_size=11)
        self._at += 1
        for words in (
            tr("Fill the green cells and save the file; everything else is locked. Then send it back as it is."),
            tr("Leave a cell empty where there is no figure yet: empty means “not reported”, never zero. Type 0 only where it was none."),
            tr("Type figures alone, without words or units. What has to be said about a figure belongs in its note."),
            tr("The grey figures are the last {n} that were reported: does the new one fit?", n=len(asked.sections[0].before)),
        ):  # fmt: skip
            self._words(f"–  {words}", 16, font_color=INK)
        self._at += 1

    def _words(self, words: str, height: float, **look: Any) -> None:
        self._sheet.set_row(self._at, height)
        self._sheet.write_string(self._at, 1, words, self._look(valign="vcenter", **look))
        self._at += 1

    def _heading(self, section: Section) -> None:
        """What stands in each column, and the periods of the last values."""
        sheet, at = self._sheet, self._at
        look = {
            "bold": True,
            "bottom": 1,
            "bottom_color": INK,
            "valign": "bottom",
            "text_wrap": True,
            "font_color": SOFT,
        }
        words = {
            "key": f"{ROLE}head", "code": tr("Code"), "measure": tr(EVERY[section.frequency]), "category": tr("Category"),
            "period": tr("Period"), "value": tr("Value"), "numerator": tr("Numerator"),
            "denominator": tr("Denominator"), "note": tr("Note"), "trend": tr("Trend"),
        }  # fmt: skip
        for name, column in self._column.items():
            right = name in ("value", "numerator", "denominator")
            first = {"font_color": INK, "font_size": 12} if name == "measure" else {}
            side = {"align": "right"} if right else {"align": "left", "indent": int(name in ("note", "trend"))}
            sheet.write_string(at, column, words[name], self._look(**{**look, **first}, **side))
        for n, period in enumerate(section.before):
            sheet.write_string(at, self._past + n, period, self._look(**{**look, "bold": False, "font_color": FAINT}, align="right", font_size=8))  # fmt: skip
        sheet.set_row(at, 28)
        self._at += 1

    def _line(self, line: Line, key: str, *, again: bool) -> None:
        """One row: who it is at the left, the answer in the middle, the past at the right."""
        sheet, at, m, c = self._sheet, self._at, line.measure, self._column
        edge = {"bottom": 1, "bottom_color": RULE, "valign": "vcenter"}
        soft = self._look(**edge, font_color=FAINT if again else SOFT)
        sheet.write_string(at, 0, key)
        sheet.write_string(at, c["code"], m.code, soft)
        self._named(line, again=again, edge=edge)
        if "category" in c:
            sheet.write_string(at, c["category"], line.category, self._look(**edge, text_wrap=True))
        sheet.write_string(at, c["period"], line.when, self._look(**edge, bold=True))
        self._entries(line, edge)
        note = self._look(
            **edge, bg_color=TINT, locked=False, text_wrap=True, align="left", indent=1, border=1, border_color=EDGE
        )
        sheet.write_blank(at, c["note"], None, note)
        large = any(abs(value or 0) >= MILLION for value in line.before)
        form = '#,##0.0,,"\u2009M"' if large else _form(m.unit, m.decimals, bare=True)
        past = self._look(**edge, font_color=FAINT, num_format=form, font_size=8)
        for n, value in enumerate(line.before):
            if value is None:
                sheet.write_blank(at, self._past + n, None, past)
            else:
                sheet.write_number(at, self._past + n, value, past)
        sheet.write_blank(at, c["trend"], None, self._look(**edge))
        if sum(value is not None for value in line.before) > 1:
            first, last = _cell(at, self._past), _cell(at, self._last)
            # columns from zero: LibreOffice 7.4 prints a sparkline's points, but not its line
            look = {"type": "column", "series_color": "#CDD2D6", "last_point": True, "last_color": ACCENT}
            if all((value or 0) >= 0 for value in line.before):
                look["min"] = 0
            sheet.add_sparkline(at, c["trend"], {"range": f"'{self._name}'!{first}:{last}", **look})
        self._at += 1

    def _named(self, line: Line, *, again: bool, edge: dict[str, Any]) -> None:
        """The name in bold, what it is beneath; a name that stands above already stays alone and grey."""
        m, at, column = line.measure, self._at, self._column["measure"]
        cell = self._look(**edge, text_wrap=True, font_color=FAINT if again else INK)
        unit = "" if m.unit == "count" else tr("in {unit}", unit=unit_phrase(m.unit))
        about = "" if again else _shortened(" · ".join(filter(None, (unit, m.definition))))
        if about:
            parts = [self._look(bold=True), m.name, self._look(font_color=SOFT, font_size=8), f"\n{about}"]
            self._sheet.write_rich_string(at, column, *parts, cell)
        else:
            self._sheet.write_string(
                at, column, m.name, cell if again else self._look(**edge, bold=True, text_wrap=True)
            )
        names, words = (
            math.ceil(len(text) / (COLUMNS["measure"] * size)) for text, size in ((m.name, 1.15), (about, 1.45))
        )
        self._sheet.set_row(at, 13 * max(1, names) + 11 * words + 5)

    def _entries(self, line: Line, edge: dict[str, Any]) -> None:
        """The cells to fill; of a ratio its two parts, and what they come to."""
        sheet, at, m, c = self._sheet, self._at, line.measure, self._column
        form = _form(m.unit, m.decimals)
        open_ = {**edge, "bg_color": TINT, "locked": False, "align": "right", "border": 1, "border_color": EDGE}
        if not line.ratio:
            sheet.write_blank(at, c["value"], None, self._look(**open_, num_format=form))
            self._validate(line, c["value"], line.limits, m.unit)
            for name in ("numerator", "denominator"):
                if name in c:
                    sheet.write_blank(at, c[name], None, self._look(**edge))
            return
        for name in ("numerator", "denominator"):
            sheet.write_blank(at, c[name], None, self._look(**open_, num_format="#,##0.######"))
            self._validate(line, c[name], Limits(least=0.0 if (line.limits.least or 0) >= 0 else None), "count")
        top, bottom = _cell(at, c["numerator"]), _cell(at, c["denominator"])
        formula = f'=IF(OR({top}="",{bottom}="",{bottom}=0),"",{m.multiplier!r}*{top}/{bottom})'
        sheet.write_formula(at, c["value"], formula, self._look(**edge, num_format=form, font_color=SOFT, align="right"), "")  # fmt: skip

    def _validate(self, line: Line, column: int, limits: Limits, unit: str) -> None:
        """A number of the right kind in the right range, said before it is typed and when it is not."""
        low, high = (
            far if end is None else int(end) if end.is_integer() else end
            for far, end in ((-FAR, limits.least), (FAR, limits.most))
        )
        words = _wanted(limits, unit)
        hint = [words, _usual(line), tr("Leave it empty where there is no figure.")]
        self._sheet.data_validation(
            self._at, column, self._at, column,
            {
                "validate": "integer" if limits.whole else "decimal", "criteria": "between", "minimum": low, "maximum": high,
                "input_title": f"{line.measure.code} · {line.when}"[:32], "input_message": " ".join(filter(None, hint))[:255],
                "error_title": tr("Is this right?")[:32] if not limits.hard else tr("Not possible")[:32],
                "error_message": f"{words} {tr('A figure with words belongs in the note.')}"[:255],
                "error_type": "stop" if limits.hard else "warning",
            },
        )  # fmt: skip

    def _print(self) -> None:
        """One page wide, across; locked but for the cells to fill."""
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(1)
        sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.55)
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, self._at - 1, self._last)
        asked = self._asked
        sheet.set_footer(f"&L&9{asked.who}, {asked.periods}".replace("&C", "C") + f"&R&9{tr('Page')} &P / &N")
        sheet.protect("", {"format_columns": True, "format_rows": True})
        first = next(iter(self._keys), "")
        if first:
            sheet.set_selection(self._first_open(), self._column["numerator" if asked.lines[0].ratio else "value"], self._first_open(), self._column["numerator" if asked.lines[0].ratio else "value"])  # fmt: skip

    def _first_open(self) -> int:
        return self._at - sum(len(s.lines) + 2 for s in self._asked.sections) + 1

    def _look(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"font_name": "Arial", "font_size": 10, **look})
        return self._formats[key]


def _cell(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))


def _form(unit: str, decimals: int, *, bare: bool = False) -> str:
    """How a spreadsheet shows a figure; per cent as it is kept: 92 stands for 92 %."""
    before, after = ("", "") if bare else UNITS.get(unit, ("", ""))
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return "".join((f'"{before}"' if before else "", digits, f'"{after}"' if after else ""))


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + "…"


def _wanted(limits: Limits, unit: str) -> str:
    """ "A whole number, not below 0."."""
    kind = tr("A whole number") if limits.whole else tr("A number in per cent") if unit == "percent" else tr("A number")
    least, most = (brief(end, unit, 2) if end is not None else "" for end in (limits.least, limits.most))
    if least and most:
        return tr("{kind} from {least} to {most}.", kind=kind, least=least, most=most)
    if least:
        return tr("{kind}, not below {least}.", kind=kind, least=least)
    return tr("{kind}, not above {most}.", kind=kind, most=most) if most else f"{kind}."


def _usual(line: Line) -> str:
    known = [value for value in line.before if value is not None]
    m = line.measure
    if not known or line.ratio:
        return ""
    return tr("Last time {value}.", value=brief(known[-1], m.unit, m.decimals))
