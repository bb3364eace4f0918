"""What tests of records share: a small file of requests, a recipe for it, and what the city says afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from citystat.city import City
from citystat.measures.series import broken_down, definition, series
from citystat.records.bring import Brought, bring
from citystat.records.recipe import RecordMeasure, RecordRecipe

NOW = datetime(2026, 3, 10, 9, 0)
HEAD = "Request,Opened,Closed,District,Category,Cost"
ROWS = (
    "1,01/05/2026,01/07/2026,North,Garbage,10",
    "2,01/09/2026,01/19/2026,North,Garbage,20",
    "3,01/20/2026,02/03/2026,South,Graffiti,30",
    "4,02/02/2026,02/03/2026,North,Graffiti,40",
    "5,02/11/2026,,South,Garbage,50",
    "6,02/20/2026,02/24/2026,South,Garbage,",
)
MEASURES = (
    RecordMeasure("N", "Requests opened"), RecordMeasure("DONE", "Requests closed", by="closed"),
    RecordMeasure("DAYS", "Median days to close", kind="median"), RecordMeasure("FAST", "Closed within 5 days", kind="share", within=5),
    RecordMeasure("OPEN", "Open requests", kind="backlog"), RecordMeasure("COST", "Cost", kind="sum", value="Cost", unit="USD"),
)  # fmt: skip
REQUESTS = RecordRecipe(
    "Requests", opened="Opened", closed="Closed", key="Request", breakdowns=("District", "Category"), measures=MEASURES
)


def written(path: Path, *rows: str, head: str = HEAD) -> Path:
    """A file of these rows."""
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def brought(
    city: City, folder: Path, *rows: str, recipe: RecordRecipe = REQUESTS, dry: bool = False, **changes: object
) -> Brought:
    """These rows brought in."""
    path = written(folder / "requests.csv", *(rows or ROWS))
    return bring(city, path, replace(recipe, **changes), now=NOW, dry=dry)  # type: ignore[arg-type]


def values(city: City, code: str, by: str = "") -> dict[str, dict[str, float]]:
    """Values of a measure by category ("" is the whole) and month, without those that are missing."""
    with city.read() as read:
        measure = definition(read, code)
        found = broken_down(read, measure, by) if by else [series(read, measure)]
    return {
        s.category: {f"{p:%Y-%m}": float(v) for p, v in zip(s.periods, s.values, strict=True) if v == v} for s in found
    }


def month(n: int) -> date:
    """A month of 2026."""
    return date(2026, n, 1)
