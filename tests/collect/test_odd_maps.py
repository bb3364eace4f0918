"""Maps and figures of every odd kind: the sentence names the word, and no odd figure gets into a city."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import fields
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from bringing import VALUE, bring_in, measure, values, workbook

from citystat.city import City
from citystat.collect.apply import apply
from citystat.collect.readers import read
from citystat.collect.recipe import MEASURE, RECIPE, MeasureMap, Recipe, from_json, load
from citystat.collect.recipes import kept, named
from citystat.errors import CityStatError

TABLE = "period,value,ward\n2021-01,1,A\n2021-02,2,B\n"
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, "", "long", "\x07", "\ud800", [], [1], [None], ["x"], [[]], {}, {"a": 1}, {"a": None}, {"": "x"},
    {"a": [None]}, float("nan"), float("inf"), 10**30, -(10**400),
)  # fmt: skip
LONG = Recipe(period="period", measures=VALUE)


def test_the_validator_knows_every_word_of_a_recipe() -> None:
    assert set(RECIPE) == {f.name for f in fields(Recipe)}
    assert set(MEASURE) == {f.name for f in fields(MeasureMap)}


@pytest.mark.parametrize("layout", ["long", "wide", "crossed"])
def test_whatever_stands_in_a_map_it_is_read_or_refused_by_name(layout: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    source = read(tmp_path / "t.csv")
    plain = {"code": "V", "value": "value"}
    maps: list[Any] = [
        {"layout": layout, "period": "period", "measures": [plain], k: v} for k, v in product(RECIPE, ODD)
    ]
    maps += [{"layout": layout, "period": "period", "measures": [plain | {k: v}]} for k, v in product(MEASURE, ODD)]
    maps += [{"layout": layout, "period": "period", "measures": [odd]} for odd in ODD]
    maps += ODD
    for data in maps:
        try:
            apply(source, from_json(data, "map.json"))
        except CityStatError as refused:
            assert refused.what and "\n" not in refused.what


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ({"measures": None}, "“measures” cannot be null"), ([1], "The recipe cannot be [1]"),
        ({"breakdowns": [None]}, "“breakdowns” cannot be [null]"), ({"measures": [3]}, "Measure 1 cannot be 3"),
        ({"fiscal": "yes"}, "“fiscal” cannot be \"yes\""), ({"year_start": "7"}, "“year_start” cannot be \"7\""),
        ({"where": {"a": None}}, "“where” cannot be"), ({"header": []}, "“header” cannot be []"),
        ({"measures": [{"code": "V"}, {"code": 5}]}, "Measure 2: “code” cannot be 5"),
    ],
)  # fmt: skip
def test_the_sentence_names_the_word(data: Any, names: str, tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(CityStatError) as told:
        load(path)
    assert names in told.value.what and told.value.where == "map.json" and told.value.do


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\x00", '{"header": ' + "9" * 5000 + "}", "\ufffe"])
def test_a_map_that_is_no_json(text: str, tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CityStatError, match=r"map\.json"):
        load(path)


@pytest.mark.parametrize("cell", ["1e308", "9" * 400, "-1e99", "1000000000000000", "inf", "-inf", "1e999"])
def test_a_figure_that_no_city_has_is_told_by_its_cell(cell: str, city: City, tmp_path: Path) -> None:
    for rows in (f"2021-01,{cell}\n2021-02,3\n", f"2021-01,3\n2021-02,{cell}\n"):
        path = tmp_path / "f.csv"
        path.write_text("period,value\n" + rows, encoding="utf-8")
        with pytest.raises(CityStatError, match=r"f\.csv, B\d"):
            bring_in(city, path, LONG)
    with city.read() as asked:
        assert asked.connection().exec_driver_sql("SELECT count(*) FROM observation").scalar() == 0


def test_nan_is_missing_and_a_workbooks_1e308_is_told(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("period,value\n2021-01,nan\n2021-02,3\n", encoding="utf-8")
    bring_in(city, path, LONG)
    assert values(measure(city, "V")) == {"2021-02": 3.0}
    with pytest.raises(CityStatError, match="too large"):
        bring_in(city, workbook(tmp_path / "b.xlsx", {"S": [["period", "value"], ["2021-01", 1e308]]}), LONG)


def test_a_ratio_over_next_to_nothing_is_missing_not_infinite(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("period,n,d\n2021-01,900000000000000,1e-99\n2021-02,1,2\n" + "2021-03,9e14,0\n", encoding="utf-8")
    recipe = Recipe(period="period", measures=(MeasureMap("R", numerator="n", denominator="d", multiplier=1e9),))
    bring_in(city, path, recipe)
    with city.read() as asked:
        kept = asked.connection().exec_driver_sql("SELECT value FROM observation").scalars().all()
    assert all(v is None or abs(v) < 1e300 for v in kept)


def test_days_far_from_any_city_are_no_periods(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("period,value\n9999-12-31,1\n0001-01-01,2\n2021-01,3\n", encoding="utf-8")
    batch = apply(read(path), LONG)
    assert [r.place for r in batch.errors] == ["A2", "A3"]
    assert batch.value_count == 1


def test_control_characters_of_a_file_stay_out_of_the_city(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f\x07.csv"
    path.write_text("period,va\x07lue,wa\x01rd\n2021-01,1,W\x02\n" + "2021-02,2,another ward\n" * 20, encoding="utf-8")
    recipe = Recipe(period="period", breakdowns=("wa rd",), measures=(MeasureMap("V", value="va lue"),))
    bring_in(city, path, recipe)
    city.close()
    with sqlite3.connect(city.path) as connection:
        found = "".join(connection.iterdump())
    connection.close()
    assert "va lue" in found
    assert not any(sign in found for sign in ("\x01", "\x02", "\x07"))


def test_what_was_guessed_from_an_odd_file_can_be_used_again(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    months = ",".join(f"2021-{m:02}" for m in range(1, 13))
    rows = "".join(
        f"Calls{n}{chr(7) if n == 0 else ''} answered,{','.join(str(n + m) for m in range(12))}\n" for n in range(30)
    )
    path.write_text(f"measure,{months}\n" + rows, encoding="utf-8")
    bring_in(city, path)
    with city.read() as asked:
        assert named(asked, "f").recipe.measures[0].value == "Calls0  answered"
        assert kept(asked)[0].name == "f"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\0" * 1_000_000, "neither a table of text nor a workbook"),
        ((",".join(map(str, range(20_000))) + "\n").encode() * 2, "20000 columns"),
        (b"%PDF-1.4\n" + bytes(range(256)) * 80, "neither"),
        (b"period,value\n2021-01," + b"x" * 300_000 + b"\n", "not a number"),
    ],
    ids=["zeros", "wide", "pdf", "long"],
)
def test_files_that_are_no_tables(content: bytes, says: str, city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    with pytest.raises(CityStatError, match=says):
        bring_in(city, path, LONG)
