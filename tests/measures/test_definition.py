"""Definitions: a chart breaks where one changes, years follow the measure's own rule, the inventory holds the whole of it."""

from __future__ import annotations

import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import docx
import openpyxl
import pytest

from citystat import over_time
from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures import edit
from citystat.measures.inventory import inventory, write_inventory
from citystat.measures.judge import judged
from citystat.measures.picture import chart_of, chart_of_series
from citystat.measures.series import definition, definitions, series
from citystat.measures.standing import next_data, standing
from citystat.measures.years import years
from citystat.over_time import Figure, together
from citystat.today.wanted import from_data

NOW = datetime(2026, 3, 10, 9, 0)
CHANGED = date(2024, 9, 1)


@pytest.fixture
def changed(sample_city: City) -> City:
    """The sample city, in which the library counts otherwise from September 2024 on."""
    with sample_city.read() as read:
        measure = definition(read, "PK-01").id
    edit.annotate(sample_city, measure, CHANGED, "definition", "Door counters at every branch")
    return sample_city


## Changes of definition


def test_the_line_breaks_and_the_limits_restart_where_the_definition_changes(changed: City, today: date) -> None:
    with changed.read() as read:
        whole = series(read, definition(read, "PK-01"))
        chart = chart_of(read, whole.measure, as_of=today)
    at = whole.periods.index(CHANGED)
    assert at in [segment.start for segment in judged(whole).segments]
    (line,) = chart.lines
    assert [chart.periods[i] for i in line.breaks] == ["Sep 2024"]
    assert [(f.text, f.kind) for f in chart.flags] == [
        ("New definition: Door counters at every branch, Sep 2024", "definition")
    ]
    assert "not comparable with what was before Sep 2024" in chart.source
    assert "New definition" in chart.reading


def test_no_sentence_compares_across_a_change_of_definition(sample_city: City) -> None:
    with sample_city.read() as read:
        measure = definition(read, "EC-01").id
        assert "since the new shift plan" in standing(read, "EC-01").headline
    edit.annotate(sample_city, measure, date(2025, 9, 1), "definition", "Text calls are counted, too")
    with sample_city.read() as read:
        found = standing(read, "EC-01")
    assert found.headline == "Above target for five months; too few points to judge"
    assert found.signal == "too few"


def test_a_year_earlier_is_not_shown_where_it_was_defined_otherwise(changed: City) -> None:
    with changed.read() as read:
        whole = series(read, definition(read, "PK-01"))
    chart = chart_of_series(whole, judged(whole), as_of=None, earlier=True)
    earlier = dict(zip(chart.periods, chart.lines[1].values, strict=True))
    assert earlier["Aug 2024"] > 0 and earlier["Sep 2025"] > 0
    assert earlier["Sep 2024"] != earlier["Sep 2024"] and earlier["Aug 2025"] != earlier["Aug 2025"]


## Years


@pytest.mark.parametrize(
    ("way", "value"), [("sum", 60), ("mean", 20), ("weighted", 140 / 6), ("last", 30), ("ratio", 100 * 6 / 6)]
)
def test_short_periods_become_a_long_one_by_each_rule(way: str, value: float) -> None:
    figures = [Figure(10.0, 1.0, 1.0), Figure(20.0, 2.0, 2.0), Figure(30.0, 3.0, 3.0)]
    assert together(figures, way, 100.0)[0].value == pytest.approx(value)


def test_a_figure_that_cannot_be_made_says_why() -> None:
    some = [Figure(10.0), None, Figure(30.0)]
    assert together(some, "sum")[1] == "only 2 of 3 periods are known"
    assert together([Figure(1.0, 1.0, 0.0)], "ratio")[1] == "its denominator is 0"
    assert "numerator" in together([Figure(1.0)], "ratio")[1]
    assert "do not add up" in together([Figure(1.0)], "none")[1]
    assert together([*some, None], "last")[1] == "the last period is missing"
    assert over_time.way_of("", "median") == "none" and over_time.way_of("last", "sum") == "last"


def test_years_follow_the_measures_rule_and_its_years(sample_city: City) -> None:
    with sample_city.read() as read:
        measure = definition(read, "FD-05")
        months = dict(zip(*(lambda s: (s.periods, s.values))(series(read, measure)), strict=True))
        found = years(series(read, measure))
    assert [y.label for y in found[:2]] == ["FY26", "FY25"] and found[0].note == "8 of 12 periods"
    assert found[1].value == pytest.approx(
        sum(v for p, v in months.items() if date(2024, 7, 1) <= p < date(2025, 7, 1))
    )
    edit.save_measure(sample_city, measure.id, fiscal=False, over_time="mean")
    with sample_city.read() as read:
        found = years(series(read, definition(read, "FD-05")))
    assert [y.label for y in found[:2]] == ["2026", "2025"]
    assert found[1].value == pytest.approx(sum(v for p, v in months.items() if p.year == 2025) / 12)
    edit.save_measure(sample_city, measure.id, over_time="none")
    with sample_city.read() as read:
        assert years(series(read, definition(read, "FD-05"))) == []


def test_a_year_in_which_the_definition_changed_has_no_figure(changed: City) -> None:
    with changed.read() as read:
        found = {y.label: y for y in years(series(read, definition(read, "PK-01")))}
    assert found["FY25"].value is None and found["FY25"].note == "definition changed"
    assert found["FY24"].value is not None


## Derived measures elsewhere


def test_nobody_is_asked_for_the_figures_of_a_derived_measure(sample_city: City) -> None:
    edit.save_measure(sample_city, None, code="ZZ-01", name="All crimes", formula="PD-01 + PD-02")
    with sample_city.read() as read:
        assert next_data(series(read, definition(read, "ZZ-01"))) is None
        late = from_data(read, date(2026, 9, 1)).late
    assert late and not any("All crimes" in line.words for line in late)  # it would stand alone, without a department


## The inventory


def test_the_inventory_for_programs_has_the_documented_shape(changed: City, tmp_path: Path, today: date) -> None:
    with changed.read() as read:
        library = definition(read, "PK-01")
    edit.save_measure(
        changed, library.id, not_measured="Website visits", limits="Counters fail in the cold", public=False
    )
    edit.save_measure(
        changed, None, code="PK-20", name="Visits per resident", formula="PK-01 / population", unit="count per resident"
    )
    assert write_inventory(changed, tmp_path / "i.json", today=today, now=NOW) == 99
    found = json.loads((tmp_path / "i.json").read_text(encoding="utf-8"))
    assert {k: found[k] for k in ("format", "version", "city", "as_of")} == {
        "format": "citystat-inventory", "version": 1, "city": "Riverton", "as_of": "2026-03-10",
    }  # fmt: skip
    by_code = {m["code"]: m for m in found["measures"]}
    m = by_code["PK-01"]
    assert (m["not_measured"], m["limits"], m["public"]) == ("Website visits", "Counters fail in the cold", False)
    assert m["definition_changes"] == [{"since": "2024-09-01", "words": "Door counters at every branch"}]
    assert m["goals"] == ["Parks and libraries used by all"] and m["targets"][-1]["value"] == 38000
    assert (m["over_time"], m["over_breakdowns"], m["years"]) == ("sum", "sum", "fiscal")
    assert (m["first_period"], m["last_period"]) == ("2019-03", "2026-02")
    assert by_code["PK-20"]["formula"] == "PK-01 / population" and by_code["PK-20"]["source"] == ""
    page = (Path(__file__).resolve().parents[2] / "docs" / "definitions.md").read_text(encoding="utf-8")
    assert [key for key in m if f"`{key}`" not in page] == []


def test_numerator_and_denominator_are_the_columns_of_the_last_import(city: City, tmp_path: Path, today: date) -> None:
    from citystat.collect.apply import apply
    from citystat.collect.readers import read as read_file
    from citystat.collect.recipe import from_json
    from citystat.collect.store import store

    path = tmp_path / "calls.csv"
    path.write_text("month,in time,all\n2025-01,8,10\n2025-02,9,12\n", encoding="utf-8")
    recipe = from_json(
        {"name": "Calls", "layout": "long", "period": "month", "frequency": "month",
         "measures": [{"code": "C", "name": "On time", "unit": "percent", "numerator": "in time", "denominator": "all"}]}
    )  # fmt: skip
    source = read_file(path)
    store(city, source, recipe, apply(source, recipe), now=NOW)
    with city.read() as read:
        (entry,) = inventory(read)
    assert (entry.numerator, entry.denominator) == ("in time", "all")


def test_the_workbook_has_a_row_a_measure_and_no_formulas(changed: City, tmp_path: Path, today: date) -> None:
    with changed.read() as read:
        library = definition(read, "PK-01")
    edit.save_measure(changed, library.id, definition='=HYPERLINK("x")')
    write_inventory(changed, tmp_path / "i.xlsx", today=today, now=NOW)
    book = openpyxl.load_workbook(tmp_path / "i.xlsx")
    assert book.sheetnames == ["Measures", "Targets", "Changes of definition"]
    sheet = book["Measures"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    rows = {sheet.cell(r, heads["Code"]).value: r for r in range(2, sheet.max_row + 1)}
    cell = sheet.cell(rows["PK-01"], heads["What it is"])
    assert (len(rows), cell.value, cell.data_type) == (98, '=HYPERLINK("x")', "s")
    assert sheet.freeze_panes == "C2" and sheet.auto_filter.ref is not None
    assert book["Changes of definition"]["D2"].value == "Door counters at every branch"


def test_the_word_file_has_a_chapter_a_department_and_a_table_a_measure(
    sample_city: City, tmp_path: Path, today: date
) -> None:
    write_inventory(sample_city, tmp_path / "i.docx", today=today, now=NOW)
    word = docx.Document(str(tmp_path / "i.docx"))
    heads = [p.text for p in word.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert len(heads) == 9 and len(word.tables) == 98
    assert zipfile.ZipFile(tmp_path / "i.docx").testzip() is None


def test_another_ending_or_the_city_itself_is_refused(sample_city: City, tmp_path: Path, today: date) -> None:
    with pytest.raises(CityStatError, match="docx, .xlsx or .json"):
        write_inventory(sample_city, tmp_path / "i.pdf", today=today, now=NOW)
    with sample_city.read() as read:
        assert len(definitions(read)) == 98
