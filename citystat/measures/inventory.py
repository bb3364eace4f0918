"""The data inventory: every measure with its whole definition, for Word, Excel and programs."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat import periods
from citystat.city import City
from citystat.errors import CityStatError
from citystat.files import same, write_bytes
from citystat.measures.definition import BETTER, OVER_PARTS, OVER_TIME, Change, described, target_words
from citystat.measures.series import Definition, definitions
from citystat.measures.target import HOW, TargetStep
from citystat.measures.targets import all_targets
from citystat.models import Annotation, CitySettings, Goal, GoalMeasure, ImportRun, Total
from citystat.over_time import way_of
from citystat.texts import language, plural, tr

FORMAT, VERSION = "citystat-inventory", 1
LONGEST = 32_767  # characters that Excel takes in a cell


@dataclass(frozen=True)
class Entry:
    """One measure with what belongs to its definition.

    numerator, denominator: columns of the file it is brought in from, "" where unknown · changes: of its definition ·
    first, last: its first and last period with values, None without any.
    """

    measure: Definition
    goals: tuple[str, ...]
    targets: tuple[TargetStep, ...]
    changes: tuple[Change, ...]
    numerator: str
    denominator: str
    first: date | None
    last: date | None


def inventory(read: Session) -> list[Entry]:
    """Every measure in use, by code."""
    goals = _grouped(
        read, select(GoalMeasure.measure_id, Goal.name).join(Goal).order_by(Goal.position, Goal.id), lambda r: str(r[1])
    )
    targets = all_targets(read)
    said = select(Annotation.measure_id, Annotation.period, Annotation.text).where(Annotation.kind == "definition")
    changes = _grouped(read, said.order_by(Annotation.period), lambda r: Change(r[1], r[2]))
    reach = select(Total.measure_id, func.min(Total.period), func.max(Total.period)).group_by(Total.measure_id)
    spans = {row[0]: (row[1], row[2]) for row in read.execute(reach)}
    parts = _columns_of_files(read)
    return [
        Entry(
            m, tuple(goals.get(m.id, ())), tuple(targets.get(m.id, ())), tuple(changes.get(m.id, ())),
            *parts.get(m.code, ("", "")), *spans.get(m.id, (None, None)),
        )
        for m in definitions(read)
    ]  # fmt: skip


def write_inventory(city: City, to: Path, *, today: date, now: datetime) -> int:
    """Write the inventory as .docx, .xlsx or .json, by the ending of `to`; returns how many measures are in it.

    CityStatError for another ending, and where the file cannot be written.
    """
    writers: dict[str, Callable[[str, Sequence[Entry], Path, date, datetime], None]] = {
        ".docx": _write_word, ".xlsx": _write_excel, ".json": _write_json,
    }  # fmt: skip
    writer = writers.get(to.suffix.lower())
    if writer is None:
        raise CityStatError(
            tr("An inventory is a .docx, .xlsx or .json file"), where=str(to), do=tr("Choose one of these endings")
        )
    if same(to, city.path):
        raise CityStatError(
            tr("The document would overwrite the city itself"), where=str(to), do=tr("Choose another name")
        )
    with city.read() as read:
        entries = inventory(read)
        name = read.scalar(select(CitySettings.name)) or ""
    writer(name, entries, to, today, now)
    return len(entries)


def fields(e: Entry) -> list[tuple[str, list[tuple[str, str]]]]:
    """The whole of an entry in words: (group, [(field, words)])."""
    m = e.measure
    what, how, who = described(m)
    parts = [(tr("Numerator"), e.numerator), (tr("Denominator"), e.denominator)]
    targets = "; ".join(target_words(m, t) for t in e.targets)
    changes = "; ".join(f"{_label(m, c.since)}: {c.words}" for c in e.changes)
    span = f"{_label(m, e.first)} – {_label(m, e.last)}" if e.first and e.last else tr("no values yet")
    what[1].extend((n, w) for n, w in ((tr("Goals"), ", ".join(e.goals)), (tr("Changes of definition"), changes)) if w)
    how[1][1:1] = [(n, w) for n, w in parts if w]
    who[1].extend((n, w) for n, w in ((tr("Targets"), targets), (tr("Values"), span)) if w)
    return [what, how, who]


def as_json(city: str, entries: Sequence[Entry], today: date) -> dict[str, Any]:
    """The inventory for programs; docs/definitions.md describes the shape."""
    return {"format": FORMAT, "version": VERSION, "city": city, "as_of": today.isoformat(),
            "measures": [_machine(e) for e in entries]}  # fmt: skip


def _machine(e: Entry) -> dict[str, Any]:
    m = e.measure
    same_names = (
        "code", "name", "definition", "not_measured", "limits", "kind", "direction", "unit", "decimals", "frequency",
        "formula", "multiplier", "department", "owner", "reporting_lag", "public",
    )  # fmt: skip
    return {key: getattr(m, key) for key in same_names} | {
        "source": "" if m.formula else m.source,
        "years": "fiscal" if m.fiscal else "calendar", "over_time": way_of(m.over_time, m.aggregation),
        "over_breakdowns": m.aggregation, "numerator": e.numerator, "denominator": e.denominator, "goals": list(e.goals),
        "baseline": {"period": periods.key(m.baseline.period, m.frequency), "value": m.baseline.value} if m.baseline else None,
        "targets": [
            {"since": t.since.isoformat(), "value": t.value, "upper": t.upper, "kind": t.kind, "tolerance": t.tolerance,
             "agreed_by": t.agreed_by, "agreed_on": t.agreed_on.isoformat() if t.agreed_on else None} for t in e.targets
        ],
        "definition_changes": [{"since": c.since.isoformat(), "words": c.words} for c in e.changes],
        "first_period": periods.key(e.first, m.frequency) if e.first else None,
        "last_period": periods.key(e.last, m.frequency) if e.last else None,
    }  # fmt: skip


## The three files


def _write_json(city: str, entries: Sequence[Entry], to: Path, today: date, _now: datetime) -> None:
    text = json.dumps(as_json(city, entries, today), ensure_ascii=False, indent=2)
    write_bytes(to, (text + "\n").encode())


def _write_word(city: str, entries: Sequence[Entry], to: Path, today: date, now: datetime) -> None:
    from citystat.documents.word import write  # python-docx is slow to import

    write(_document(city, entries, today), to, picture=_no_picture, now=now)


def _no_picture(*_: object) -> bytes:
    raise AssertionError("an inventory has no charts")


def _document(city: str, entries: Sequence[Entry], today: date) -> Any:
    """A department a chapter, a measure a table."""
    from citystat.documents import content

    blocks: list[content.Block] = []
    by_department: dict[str, list[Entry]] = {}
    for e in entries:
        by_department.setdefault(e.measure.department, []).append(e)
    for department in sorted(by_department, key=lambda d: (not d, d)):
        blocks.append(content.Heading(department or tr("Without a department")))
        for e in by_department[department]:
            title = f"{e.measure.code}  {e.measure.name}"
            rows = tuple(row for _, group in fields(e) for row in group)
            blocks.append(content.Heading(title, 2))
            blocks.append(content.Table((tr("Field"), tr("Definition")), rows, (0.28, 0.72), summary=title))
    words = plural(len(entries), "{n} measure", "{n} measures")
    return content.Document(
        "inventory", tr("Data inventory"), city, f"{words} · {periods.day_label(today)}", tr("Data inventory"),
        language(), tuple(blocks),
    )  # fmt: skip


def _write_excel(city: str, entries: Sequence[Entry], to: Path, today: date, now: datetime) -> None:
    import xlsxwriter  # needed here alone

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": tr("Data inventory"), "subject": f"{city}, {today.isoformat()}", "created": now})
    _sheet(book, tr("Measures"), _columns(), entries)
    targets = [(e.measure, t) for e in entries for t in e.targets]
    _sheet(book, tr("Targets"), [
        (tr("Code"), 12, lambda r: r[0].code), (tr("Measure"), 44, lambda r: r[0].name),
        (tr("From"), 12, lambda r: r[1].since), (tr("Target"), 12, lambda r: r[1].value),
        (tr("Up to"), 12, lambda r: r[1].upper), (tr("How"), 14, lambda r: tr(HOW[r[1].kind])),
        (tr("Tolerance"), 12, lambda r: r[1].tolerance), (tr("Agreed by"), 24, lambda r: r[1].agreed_by),
    ], targets)  # fmt: skip
    changes = [(e.measure, c) for e in entries for c in e.changes]
    _sheet(book, tr("Changes of definition"), [
        (tr("Code"), 12, lambda r: r[0].code), (tr("Measure"), 44, lambda r: r[0].name),
        (tr("From"), 12, lambda r: r[1].since), (tr("What is new"), 60, lambda r: r[1].words),
    ], changes)  # fmt: skip
    book.close()
    write_bytes(to, held.getvalue())


Columns = list[tuple[str, int, Callable[[Any], Any]]]  # heading, width in characters, row → value


def _columns() -> Columns:
    """One column a field, in the order of the definition."""

    def m(name: str) -> Callable[[Entry], Any]:
        return lambda e: getattr(e.measure, name)

    return [
        (tr("Code"), 12, m("code")), (tr("Name"), 44, m("name")), (tr("What it is"), 60, m("definition")),
        (tr("What it is not"), 40, m("not_measured")), (tr("Known limits"), 40, m("limits")),
        (tr("Kind"), 20, lambda e: tr(e.measure.kind)), (tr("Better is"), 14, lambda e: BETTER[e.measure.direction]()),
        (tr("Goals"), 30, lambda e: ", ".join(e.goals)), (tr("Formula"), 30, m("formula")),
        (tr("Numerator"), 20, lambda e: e.numerator), (tr("Denominator"), 20, lambda e: e.denominator),
        (tr("Unit"), 14, m("unit")), (tr("Frequency"), 12, lambda e: tr(e.measure.frequency)),
        (tr("Its years"), 16, lambda e: tr("fiscal years") if e.measure.fiscal else tr("calendar years")),
        (tr("A year is"), 30, lambda e: OVER_TIME[way_of(e.measure.over_time, e.measure.aggregation)]()),
        (tr("Over breakdowns"), 20, lambda e: OVER_PARTS[e.measure.aggregation]()),
        (tr("Source"), 26, lambda e: "" if e.measure.formula else e.measure.source),
        (tr("Department"), 24, m("department")), (tr("Owner"), 22, m("owner")),
        (tr("Days until due"), 12, m("reporting_lag")),
        (tr("Public"), 8, lambda e: tr("yes") if e.measure.public else tr("no")),
        (tr("First period"), 13, lambda e: e.first), (tr("Last period"), 13, lambda e: e.last),
    ]  # fmt: skip


def _sheet(book: Any, title: str, columns: Columns, rows: Sequence[Any]) -> None:
    """Headings that stay, a filter over them, words wrapped and never taken for formulas."""
    sheet = book.add_worksheet(title[:31])
    head = book.add_format({"bold": True, "valign": "top", "bottom": 1, "text_wrap": True})
    body = book.add_format({"valign": "top", "text_wrap": True})
    day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"})
    for at, (heading, width, _) in enumerate(columns):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, heading, head)
    for line, row in enumerate(rows, 1):
        for at, (_, _, value) in enumerate(columns):
            found = value(row)
            if isinstance(found, date):
                sheet.write_datetime(line, at, datetime(found.year, found.month, found.day), day)
            elif isinstance(found, int | float):
                sheet.write_number(line, at, found, body)
            elif found:
                sheet.write_string(line, at, found[:LONGEST], body)
    sheet.freeze_panes(1, min(2, len(columns) - 1))
    sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)


## What it is made from


def _grouped(read: Session, query: Any, made: Callable[[Any], Any]) -> dict[int, list[Any]]:
    """Rows by the measure in their first column."""
    found: dict[int, list[Any]] = {}
    for row in read.execute(query):
        found.setdefault(row[0], []).append(made(row))
    return found


def _columns_of_files(read: Session) -> dict[str, tuple[str, str]]:
    """By code, the columns that the newest import took as numerator and denominator."""
    found: dict[str, tuple[str, str]] = {}
    query = select(ImportRun.recipe).where(ImportRun.undone_at.is_(None)).order_by(ImportRun.id.desc())
    for recipe in read.scalars(query):
        measures = recipe.get("measures", []) if isinstance(recipe, dict) else []
        for m in measures if isinstance(measures, list) else []:
            if isinstance(m, dict) and m.get("denominator"):
                found.setdefault(str(m.get("code")), (str(m.get("numerator", "")), str(m["denominator"])))
    return found


def _label(m: Definition, period: date) -> str:
    return periods.label(period, m.frequency, m.year_start)
