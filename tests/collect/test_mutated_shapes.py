"""Next month's file, changed at random: what comes of it is a proposal, a reading or a sentence, never anything else."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest
from bringing import bring_in

from citystat.city import City
from citystat.collect import drift
from citystat.collect.apply import apply
from citystat.collect.picking import pick
from citystat.collect.readers import read
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.errors import CityStatError

Table = list[list[str]]
LONG = Recipe(
    name="Trips", period="Month", breakdowns=("District",), where={"State": "final"},
    measures=(MeasureMap("TRIPS", value="Trips"), MeasureMap("SHARE", numerator="Trips - Late", denominator="Trips", unit="percent")),
)  # fmt: skip
WIDE = Recipe(
    name="Trips", layout="wide", measure="Measure", breakdowns=("District",),
    measures=(MeasureMap("TRIPS", value="Trips"), MeasureMap("LATE", value="Late trips")),
)  # fmt: skip


def long_file() -> Table:
    rows = [[f"2026-{m:02d}", d, "final", str(10 * m), str(m)] for m in range(1, 4) for d in ("North", "South", "Bay")]
    return [["Month", "District", "State", "Trips", "Late"], *rows]


def wide_file() -> Table:
    rows = [[d, m, *(str(n + len(m)) for n in range(6))] for d in ("North", "South") for m in ("Trips", "Late trips")]
    return [["District", "Measure", *(f"2026-{m:02d}" for m in range(1, 7))], *rows]


def mutated(table: Table, chance: random.Random) -> Table:
    """Some rows, columns, headings and words otherwise."""
    rows = [list(r) for r in table]
    for _ in range(chance.randint(1, 4)):
        at, column = chance.randrange(len(rows)), chance.randrange(len(rows[0])) if rows[0] else 0
        kind = chance.choice(("rename", "drop", "add", "move", "top", "word", "cut", "twice", "empty"))
        if kind == "rename" and rows[0]:
            rows[0][column] = chance.choice(
                (rows[0][column] + " (new)", "Total " + rows[0][column].lower(), "", "Month", "=1+1")
            )
        elif kind == "drop" and len(rows[0]) > 1:
            rows = [r[:column] + r[column + 1 :] for r in rows]
        elif kind == "add":
            rows = [
                [*r[:column], "Note" if n == 0 else chance.choice(("x", "", "7")), *r[column:]]
                for n, r in enumerate(rows)
            ]
        elif kind == "move" and rows[0]:
            rows = [[*r[:column], *r[column + 1 :], *r[column : column + 1]] for r in rows]
        elif kind == "top":
            rows = [*([chance.choice(("Department of Transit", ""))] for _ in range(chance.randint(1, 5))), *rows]
        elif kind == "word" and rows[at]:
            rows[at][min(column, len(rows[at]) - 1)] = chance.choice(
                ("Nort h", "9999-99", "n/a", "-", "ä\x07", "1e400", "Total")
            )
        elif kind == "cut":
            rows = rows[: max(1, at)]
        elif kind == "twice" and rows[0]:
            rows = [[*r, *r[column : column + 1]] for r in rows]
        elif kind == "empty" and rows[at]:
            rows[at] = [""] * len(rows[at])
    return rows


@pytest.mark.parametrize(("recipe", "table"), [(LONG, long_file()), (WIDE, wide_file())], ids=["long", "wide"])
def test_a_file_changed_at_random_is_asked_about_read_or_refused(recipe: Recipe, table: Table, city: City, tmp_path: Path) -> None:  # fmt: skip
    chance = random.Random(20261125)
    path = tmp_path / "trips.csv"

    def write(rows: Table) -> None:
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        path.write_text(out.getvalue() or "\n", encoding="utf-8")

    write(table)
    bring_in(city, path, recipe)
    seen = {"asked": 0, "read": 0, "refused": 0}
    for _ in range(120):
        write(mutated(table, chance))
        try:
            source = read(path)
            picked = pick(city, source, "Trips")
            changed = bool(picked.changes)
            for _ in range(5):
                wanted = drift.accepted(picked.recipe, {d: d.proposed for d in picked.changes})
                if wanted == picked.recipe:
                    break
                picked = pick(city, source, recipe=wanted)
            assert not [d for d in picked.changes if d.kind != drift.CATEGORY], "what was accepted is settled"
            apply(source, wanted)
            seen["asked" if changed else "read"] += 1
        except CityStatError as error:
            assert str(error)
            seen["refused"] += 1
    assert min(seen.values()) > 5, seen
