"""A return sheet that comes back filled: recognised by its mark, read without mapping, checked, and kept as one act."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import City
from citystat.city import observations as observed
from citystat.city.observations import Breakdown
from citystat.collect.batch import Floats, Ints, Remark
from citystat.collect.checks import Report, check
from citystat.collect.readers import Progress, Sheet, Source
from citystat.collect.return_mark import Mark, broken, mark_of
from citystat.collect.return_sheet import ROLE, Marked, city_uid
from citystat.collect.store import KEPT_REMARKS, Imported, take_in
from citystat.collect.values import Cell, number
from citystat.collect.words import MISSING, folded
from citystat.errors import CityStatError
from citystat.measures.series import Definition, definitions
from citystat.models import Cell as CellRow
from citystat.models import ImportRun, Observation
from citystat.models.observations import WHOLE
from citystat.texts import plural, tr

LOOK = 40  # first rows in which a sheet says its columns
ENTRIES = ("value", "numerator", "denominator")


@dataclass(frozen=True)
class Figure:
    """One figure that was filled in. before: what the city has for it now · place: its cell."""

    measure: Definition
    period: date
    breakdown: Breakdown
    value: float | None
    numerator: float | None
    denominator: float | None
    note: str
    place: str
    before: float | None

    @property
    def when(self) -> str:
        """ "Jun 2026"."""
        return periods.label(self.period, self.measure.frequency, self.measure.year_start)

    @property
    def category(self) -> str:
        """ "Ward 3"; "" for the whole."""
        return " · ".join(category for _, category in self.breakdown)


@dataclass(frozen=True)
class Returned:
    """A sheet as it came back. who: of whom · asked: lines · figures: what was filled in · remarks: what is to be said."""

    who: str
    made: datetime
    asked: int
    figures: tuple[Figure, ...]
    remarks: tuple[Remark, ...]

    @property
    def errors(self) -> tuple[Remark, ...]:
        """What stands in the way."""
        return tuple(r for r in self.remarks if r.error)

    @property
    def empty(self) -> int:
        """Lines without a figure: not reported."""
        return max(0, self.asked - len(self.figures))


def is_return(source: Source) -> bool:
    """Whether a file is a return sheet, whole or not."""
    return any(sheet.marked or _roles(sheet) is not None for sheet in source.sheets)


def read_return(city: City, source: Source) -> Returned:
    """What a return sheet says; CityStatError where it is of another city, newer, or its mark is gone or was changed."""
    mark = mark_of(source)
    if mark.uid != city_uid(city):
        raise CityStatError(
            tr("This is a return sheet of {other}, not of {city}", other=mark.city, city=city.settings.name),
            where=source.name, do=tr("Open the city that it was made in; or make a new sheet here"),
        )  # fmt: skip
    sheet, row, column = _shown(source)
    with city.read() as read:
        known = {m.id: m for m in definitions(read, retired=True)}
        figures, remarks = _filled(sheet, row, column, mark, known)
        figures = _beside(read, figures)
    return Returned(mark.who, mark.made, len(mark.lines), tuple(figures), tuple(remarks))


def checked_return(read: Session, returned: Returned, *, today: date) -> Report:
    """What the checks would say of it, before anything is written."""
    ids = {row.label: row.id for row in read.execute(select(CellRow.label, CellRow.id))}
    cells = {f.breakdown: ids.get(observed.cell_label(f.breakdown), -1 - n) if f.breakdown else WHOLE for n, f in enumerate(returned.figures)}  # fmt: skip
    about = {f.measure.id: f.measure for f in returned.figures}
    made = {key: breakdown for breakdown, key in cells.items()}
    return check(read, _columns(returned.figures, cells), about, today=today, breakdowns=made)


def store_return(
    city: City, source: Source, returned: Returned, *, now: datetime, dry: bool = False, believed: str = "", reason: str = "",
    source_id: int | None = None, progress: Progress | None = None,
) -> Imported:  # fmt: skip
    """Keep what was filled in as one act that can be taken back; believed, reason, dry, source_id: as for store().

    CityStatError where the sheet has cells that cannot be read: nothing is written.
    """
    if returned.errors:
        first = returned.errors[0]
        raise CityStatError(
            plural(
                len(returned.errors), "{n} cell cannot be read: {reason}", "{n} cells cannot be read, the first: {reason}",
                reason=first.reason,
            ),
            where=f"{source.name}, {first.place}" if first.place else source.name,
            do=tr("Correct or empty them in the sheet and bring it in again; nothing was written"),
        )  # fmt: skip
    if not returned.figures:
        raise CityStatError(
            tr("Nothing is filled in on this return sheet"), where=source.name, do=tr("Ask {who} for the filled one", who=returned.who)
        )  # fmt: skip
    try:
        with city.change(tr("Return of {who}: {file}", who=returned.who, file=source.name)) as change:
            run = ImportRun(
                at=now, who=city.who, source=source.name, sha256=source.sha256, rows_read=returned.asked, reason=reason,
                remarks=[{"place": r.place, "reason": r.reason} for r in returned.remarks[:KEPT_REMARKS]], source_id=source_id,
            )  # fmt: skip
            change.add(run)
            change.flush()
            cells = observed.cells(change, [f.breakdown for f in returned.figures])
            codes = tuple(dict.fromkeys(f.measure.code for f in returned.figures))
            columns = _columns(returned.figures, cells)
            done = take_in(change, run, columns, codes, believed=believed, progress=progress)
            if dry or (done.run_id is None and source_id is None):
                raise _NothingToKeep(done)
            return done
    except _NothingToKeep as nothing:
        return nothing.done


class _NothingToKeep(Exception):
    """Leaves the change without keeping it."""

    def __init__(self, done: Imported) -> None:
        super().__init__()
        self.done = done


def _columns(figures: Sequence[Figure], cells: Mapping[Breakdown, int]) -> observed.Columns:
    """The figures by column, sorted by measure, period and cell."""
    ordered = sorted(figures, key=lambda f: (f.measure.id, f.period, cells[f.breakdown]))

    def keys(of: Callable[[Figure], int]) -> Ints:
        return np.array([of(f) for f in ordered], dtype=np.int64)

    def entries(name: str) -> Floats:
        return np.array([np.nan if getattr(f, name) is None else getattr(f, name) for f in ordered], dtype=float)

    return observed.Columns(
        keys(lambda f: f.measure.id), keys(lambda f: f.period.toordinal()), keys(lambda f: cells[f.breakdown]),
        entries("value"), entries("numerator"), entries("denominator"), [f.place for f in ordered], [f.note for f in ordered],
    )  # fmt: skip


## The sheet that was filled


def _roles(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The row in which a sheet says its columns, and where each stands; None where it says nothing."""
    for at in range(min(LOOK, sheet.height)):
        found = {
            str(cell).removeprefix(ROLE): column
            for column, cell in enumerate(sheet.rows[at])
            if isinstance(cell, str) and cell.startswith(ROLE)
        }
        if "key" in found:
            return at, found
    return None


def _shown(source: Source) -> tuple[Sheet, int, dict[str, int]]:
    """The sheet to fill, the row of its columns' names, and its columns."""
    for sheet in source.sheets:
        found = None if sheet.marked else _roles(sheet)
        if found is not None and {"key", "value"} <= set(found[1]):
            return sheet, *found
    raise broken(source, tr("The columns of this return sheet cannot be found: a hidden row or column was deleted"))


def _filled(
    sheet: Sheet, top: int, column: Mapping[str, int], mark: Mark, known: Mapping[int, Definition]
) -> tuple[list[Figure], list[Remark]]:
    """What was filled in, and what is to be said, row by row; rows may stand anywhere."""
    remarks: list[Remark] = []
    figures: dict[str, Figure] = {}
    seen: set[str] = set()
    for at in range(top + 1, sheet.height):
        key = _text(sheet.columns[column["key"]][at])
        if key == f"{ROLE}head":
            continue
        if key not in mark.lines:
            remarks += _uninvited(sheet, at, column, key)
            continue
        said: list[Remark] = []
        figure = _figure(sheet, at, column, mark.lines[key], known, said)
        remarks += said
        if figure is not None and key in figures and _differ(figure, figures[key]):
            words = tr("{measure}, {period} stands twice with different figures, here and in {place}: delete one row", measure=figure.measure.code, period=figure.when, place=figures[key].place)  # fmt: skip
            remarks.append(Remark(figure.place, words, True))
        elif figure is not None:
            figures.setdefault(key, figure)
        seen.add(key)
    for key in mark.lines.keys() - seen:
        lost = mark.lines[key]
        words = tr("The row of {measure}, {period} is gone from the sheet: not reported", measure=lost.code, period=_when(lost, known))  # fmt: skip
        remarks.append(Remark(sheet.name, words))
    return list(figures.values()), remarks


def _differ(one: Figure, other: Figure) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in ENTRIES)


def _uninvited(sheet: Sheet, at: int, column: Mapping[str, int], key: str) -> Iterator[Remark]:
    """A row that the sheet does not ask for, where it holds a figure."""
    for name in ENTRIES:
        cell = sheet.columns[column[name]][at] if name in column else ""
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            words = tr("This row was not asked for, so its figure is not taken in: bring it in from a file of its own")
            yield Remark(sheet.place(at, column[name]), words, key.startswith(ROLE))
            return


def _figure(
    sheet: Sheet, at: int, column: Mapping[str, int], line: Marked, known: Mapping[int, Definition], said: list[Remark]
) -> Figure | None:
    """The figure of a row, None where there is none; what is to be said goes to `said`."""
    names = [name for name in (ENTRIES[1:] if line.ratio else ENTRIES[:1]) if name in column]
    read = {name: _entry(sheet, at, column[name], said) for name in names}
    if not any(value is not None for value in read.values()):
        return None
    place = sheet.place(at, column[names[0]])
    m = known.get(line.measure)
    why = _left_out(line, m)
    if m is None or why:
        said.append(Remark(place, why))
        return None
    changed = _changed(line, m)
    if changed:
        said.append(Remark(place, changed, True))
        return None
    if m.code != line.code or m.name != line.name:
        said.append(Remark(place, tr("{old} is called {new} now; its figure is taken in", old=f"{line.code} · {line.name}", new=m.called)))  # fmt: skip
    note = _text(sheet.columns[column["note"]][at]) if "note" in column else ""
    if not line.ratio:
        return Figure(m, line.period, line.breakdown, read["value"], None, None, note, place, None)
    return _ratio(m, line, read, note, place, said)


def _ratio(
    m: Definition, line: Marked, read: Mapping[str, float | None], note: str, place: str, said: list[Remark]
) -> Figure | None:
    top, bottom = read.get("numerator"), read.get("denominator")
    if top is None or bottom is None:
        if not said or not said[-1].error:
            words = tr("Numerator and denominator belong together: fill both, or neither")
            said.append(Remark(place, words, True))
        return None
    value = m.multiplier * top / bottom if bottom else None
    return Figure(m, line.period, line.breakdown, value, top, bottom, note, place, None)


def _left_out(line: Marked, m: Definition | None) -> str:
    """Why the figure of a row is not taken in, though nothing is wrong with it; "" where it is."""
    called = f"{line.code} · {line.name}"
    if m is None:
        return tr("{measure} is not in the city any more; its figure is left out", measure=called)
    if m.retired:
        return tr("{measure} is no longer in use; its figure is left out", measure=called)
    if m.formula:
        return tr("{measure} is computed from others now; its figure is left out", measure=called)
    return ""


def _changed(line: Marked, m: Definition) -> str:
    """Why a figure cannot be what the measure is now; "" where it can."""
    for was, is_ in ((line.unit, m.unit), (line.frequency, m.frequency)):
        if was != is_:
            words = tr("{measure} was asked in “{was}” and is kept in “{now}” now: make a new sheet for it")
            return words.format(measure=m.code, was=tr(was), now=tr(is_))
    return ""


def _entry(sheet: Sheet, at: int, column: int, said: list[Remark]) -> float | None:
    """What stands in a cell to fill; None where nothing does, or it says that there is nothing, or it cannot be read."""
    cell = sheet.columns[column][at]
    if cell == "":
        return None
    place, text = sheet.place(at, column), str(cell).strip()
    if isinstance(cell, str) and folded(cell).strip("'’ ") in MISSING:
        if text:
            said.append(Remark(place, tr("“{text}” is taken as not reported", text=text[:60])))
        return None
    decimal, doubtful = _decimal(text) if isinstance(cell, str) else (".", False)
    if doubtful:
        plain, point = text.replace(",", ""), text.replace(",", ".")
        words = tr("“{text}” may mean {one} or {other}: type the number without a comma", text=text, one=plain, other=point)  # fmt: skip
        said.append(Remark(place, words, True))
        return None
    found = number(cell, decimal)
    if found.bad:
        said.append(Remark(place, _of_formula(cell) or found.remark or _no_number(cell), True))
        return None
    if decimal == ",":
        said.append(Remark(place, tr("“{text}” is read as {number}", text=text, number=repr(found.value))))
    return found.value


def _decimal(text: str) -> tuple[str, bool]:
    """The decimal sign of a number that was typed as text, and whether it may be either."""
    if "," not in text:
        return ".", False
    digits = text.strip(" %$€£+-−")
    if re.fullmatch(r"[1-9]\d{0,2},\d{3}", digits):
        return ".", True
    comma = text.rfind(",") > text.rfind(".") and text.count(",") == 1
    return ("," if comma else "."), False


def _of_formula(cell: Cell) -> str:
    """What to say of a formula that gives no number, as the reader of workbooks hands it on; "" for anything else."""
    text = str(cell).strip()[:60]
    if text.startswith("="):
        return tr("This formula was never worked out: open the sheet, save it, and send it again; or type the number")
    if text.startswith("#"):
        return tr("“{text}” is the error of a formula: type the number itself", text=text)
    return ""


def _no_number(cell: Cell) -> str:
    if isinstance(cell, date):
        return tr("{day} is a date, not a number: type the number alone", day=periods.day_label(cell if not isinstance(cell, datetime) else cell.date()))  # fmt: skip
    return tr("“{text}” is not a number: type the number alone, words belong in the note", text=str(cell).strip()[:60])


def _text(cell: Cell) -> str:
    return "" if cell in ("", None) else str(cell).strip()


def _when(line: Marked, known: Mapping[int, Definition]) -> str:
    m = known.get(line.measure)
    return periods.label(line.period, line.frequency, m.year_start if m else 1)


def _beside(read: Session, figures: Sequence[Figure]) -> list[Figure]:
    """The figures, each with what the city has for it now."""
    o = Observation
    query = (
        select(o.measure_id, o.period, CellRow.label, o.value)
        .join(CellRow, CellRow.id == o.cell_id)
        .where(o.measure_id.in_({f.measure.id for f in figures}), o.period.in_({f.period for f in figures}), o.superseded_by.is_(None))
    )  # fmt: skip
    now = {(m, p, label): value for m, p, label, value in read.execute(query)}
    return [replace(f, before=now.get((f.measure.id, f.period, observed.cell_label(f.breakdown)))) for f in figures]
