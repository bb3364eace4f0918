"""Files of every awkward kind, as departments send them: each comes in with the right figures."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlwt
from bringing import NOW, VALUE, bring_in, measure, values, workbook
from sqlalchemy import text

from citystat.city import City
from citystat.collect import store as storing
from citystat.collect.apply import apply
from citystat.collect.guess import guess
from citystat.collect.readers import read
from citystat.collect.recipe import MeasureMap, Recipe
from citystat.errors import CityStatError
from citystat.measures.series import broken_down, definition

LONG = Recipe(period="period", measures=VALUE)
TABLE = "period,district,value\n2021-01,Süd,10\n2021-02,Süd,20\n2021-01,Nörd,5\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(city: City, tmp_path: Path, encoding: str, mark: str) -> None:
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    path = tmp_path / "f.csv"
    path.write_bytes(bom + TABLE.replace(",", mark).encode(encoding))
    bring_in(city, path, Recipe(period="period", measures=VALUE, breakdowns=("district",)))
    assert values(measure(city, "V")) == {"2021-01": 15, "2021-02": 20}
    with city.read() as asked:
        assert {p.category for p in broken_down(asked, definition(asked, "V"), "district")} == {"Süd", "Nörd"}


def test_ragged_rows_quoted_line_breaks_titles_and_notes_keep_their_row_numbers(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(
        'Return of the department\n\nperiod,value,remark\n2021-01,1,"two\nlines, of words"\n\n2021-02,oops\n'
        '2021-03,3,a,b,c,d\n"Total",4\nNote: figures are final\n',
        encoding="utf-8",
    )
    batch = apply(read(path), Recipe(header=(3,), period="period", measures=VALUE))
    assert [(r.place, r.error) for r in batch.remarks] == [("A8", False), ("A9", False), ("B6", True)]
    assert batch.values.value.tolist() == [1, 3]
    assert batch.takes("", 6, 1)
    assert not batch.takes("", 5, 1)
    assert (batch.value_count, batch.measure_count) == (2, 1)


def test_a_longer_row_far_below_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("period,value\n" + "2021-01,1\n" * 500 + "2021-02,2,,,\n" + '2021-03,3,"a\nb","c\nd",e,f\n')
    assert apply(read(path), LONG).value_count == 3


def test_money_in_german_writing(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(
        "Monat;Betrag\nJanuar 2021;1.234,50 €\nFebruar 2021;-2.000,00 €\nMärz 2021;(10,25)\nMai 2021;k.A.\n",
        encoding="cp1252",
    )
    bring_in(city, path, Recipe(period="Monat", decimal=",", measures=(MeasureMap("B", value="Betrag", unit="EUR"),)))
    assert values(measure(city, "B")) == {"2021-01": 1234.5, "2021-02": -2000, "2021-03": -10.25}


def test_excel_dates_serials_and_numbers_kept_as_text(city: City, tmp_path: Path) -> None:
    rows = [
        ["period", "value"],
        [date(2021, 1, 1), 1],
        [datetime(2021, 2, 1), "1,002"],
        [44256, 3],
        ["Apr 2021", "n/a"],
    ]
    path = workbook(tmp_path / "f.xlsx", {"Data": rows})
    batch = apply(read(path), LONG)
    assert [r.place for r in batch.remarks] == ["Data!B3", "Data!B5"]
    bring_in(city, path, LONG)
    assert values(measure(city, "V")) == {"2021-01": 1, "2021-02": 1002, "2021-03": 3}


def test_an_old_workbook_of_excel_97(city: City, tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Alt")
    for r, row in enumerate([["period", "value"], ["Q1 2021", 4.5], ["Q2 2021", 5.5]]):
        for c, cell in enumerate(row):
            sheet.write(r, c, cell)
    book.save(str(tmp_path / "f.xls"))
    bring_in(city, tmp_path / "f.xls", LONG)
    assert values(measure(city, "V")) == {"2021-01": 4.5, "2021-04": 5.5}


def test_months_across_with_totals_and_averages_left_out(city: City, tmp_path: Path) -> None:
    rows = [
        ["Department of Streets", None], [None], ["Measure", "Jan 2021", "Feb 2021", "Mar 2021", "Total", "Average"],
        ["Roads"], ["Potholes filled", 1, 2, 3, 6, 2], ["Signs replaced", 4, None, 6, 10, 5], ["Total", 5, 2, 9, 16, 7], ["* provisional"],
    ]  # fmt: skip
    bring_in(city, workbook(tmp_path / "f.xlsx", {"S": rows}))
    assert values(measure(city, "PF-01")) == {"2021-01": 1, "2021-02": 2, "2021-03": 3}
    assert values(measure(city, "SR-01")) == {"2021-01": 4, "2021-03": 6}


def test_fiscal_years_across(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("Measure,FY2019-20,FY2020-21,FY21-22\nMiles paved,10,20,30\n")
    bring_in(city, path)
    assert values(measure(city, "MP-01")) == {"2019-07": 10, "2020-07": 20, "2021-07": 30}


def test_one_sheet_a_fiscal_year_with_two_merged_heading_rows_and_hidden_parts(city: City, tmp_path: Path) -> None:
    months = ["Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun"]
    book = openpyxl.Workbook()
    book.remove(book.active)
    for year in (2022, 2023):
        sheet = book.create_sheet(f"FY{year % 100}")
        sheet.append([f"Return, fiscal year {year}"])
        sheet.append([None, year - 1, *[None] * 5, year])
        sheet.merge_cells("B2:G2")
        sheet.merge_cells("H2:M2")
        sheet.append(["Measure", *months])
        sheet.append(["Calls", *range(year * 100, year * 100 + 12)])
        sheet.row_dimensions[4].hidden = year == 2023  # a filter hides a row; its figures still count
    old = book.create_sheet("old")
    old.append(["Calls", 999])
    old.sheet_state = "hidden"
    book.save(tmp_path / "f.xlsx")
    bring_in(city, tmp_path / "f.xlsx")
    found = values(measure(city, "CLLS-01"))
    assert len(found) == 24
    assert (found["2021-07"], found["2022-01"], found["2022-07"], found["2023-06"]) == (202200, 202206, 202300, 202311)


def test_years_down_and_months_across(city: City, tmp_path: Path) -> None:
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    rows = [["Year", *months], [2021, *range(1, 13)], [2020, *range(101, 112), "..."]]
    recipe = Recipe(layout="crossed", period="Year", measures=(MeasureMap("U", value=""),))
    bring_in(city, workbook(tmp_path / "f.xlsx", {"S": rows}), recipe)
    found = values(measure(city, "U"))
    assert (len(found), found["2020-11"], found["2021-12"]) == (23, 111, 12)


def test_rows_in_which_the_measure_stands_in_words(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("period,indicator,figure\n2021-01,Fires,3\n2021-01,Calls,70\n2021-02,Fires,4\n2021-02,Cats,1\n")
    recipe = Recipe(
        period="period",
        measure="indicator",
        measures=(MeasureMap("F", "Fires", "figure"), MeasureMap("C", "Calls", "figure")),
    )
    batch = apply(read(path), recipe)
    assert [(r.place, r.reason) for r in batch.remarks] == [("B5", "“Cats” is not mapped: the row is left out")]
    bring_in(city, path, recipe)
    assert values(measure(city, "F")) == {"2021-01": 3, "2021-02": 4}
    assert values(measure(city, "C")) == {"2021-01": 70}


def test_numerator_and_denominator_are_summed_before_they_are_divided(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("period,d,late,all\n2021-01,N,1,10\n2021-01,S,30,40\n2021-02,N,,10\n")
    recipe = Recipe(
        period="period",
        breakdowns=("d",),
        measures=(MeasureMap("ON", numerator="all - late", denominator="all", unit="percent"),),
    )
    bring_in(city, path, recipe)
    assert values(measure(city, "ON")) == {"2021-01": pytest.approx(100 * 19 / 50)}


@pytest.mark.parametrize(("how", "value"), [("sum", 16), ("mean", 4), ("median", 2.5), ("last", 2), ("count", 4)])
def test_days_become_months_by_the_measures_aggregation(city: City, tmp_path: Path, how: str, value: float) -> None:
    path = tmp_path / "f.csv"
    path.write_text("day,v\n2021-01-31,2\n2021-01-02,10\n2021-01-03,1\n2021-01-04,3\n")
    bring_in(
        city, path, Recipe(period="day", frequency="month", measures=(MeasureMap("V", value="v", aggregation=how),))
    )
    assert values(measure(city, "V")) == {"2021-01": value}


def test_records_are_counted_and_the_days_between_two_dates_are_a_figure(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(
        "opened,closed,status\n01/02/2021,01/05/2021,Done\n01/03/2021,01/04/2021,Done\n01/09/2021,,Open\n02/01/2021,02/11/2021,Dup\n"
    )
    recipe = Recipe(
        period="opened", frequency="month", where={"status": ["Done", "Open", "Dup"]},
        measures=(MeasureMap("OPENED", aggregation="count"), MeasureMap("CLOSED", value="closed", aggregation="count"),
                  MeasureMap("DAYS", value="closed - opened", aggregation="median"), MeasureMap("DUP", aggregation="count", where={"status": "dup"})),
    )  # fmt: skip
    bring_in(city, path, recipe)
    assert values(measure(city, "OPENED")) == {"2021-01": 3, "2021-02": 1}
    assert values(measure(city, "CLOSED")) == {"2021-01": 2, "2021-02": 1}
    assert values(measure(city, "DAYS")) == {"2021-01": 2, "2021-02": 10}
    assert values(measure(city, "DUP")) == {"2021-02": 1}


def test_a_total_row_among_breakdowns_is_left_out_and_said(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("period,district,value\n2021-01,N,1\n2021-01,S,2\n2021-01,Total,3\n")
    recipe = Recipe(period="period", breakdowns=("district",), measures=VALUE)
    assert [r.place for r in apply(read(path), recipe).remarks] == ["A4"]
    bring_in(city, path, recipe)
    assert values(measure(city, "V")) == {"2021-01": 3}


def test_the_same_file_twice_then_a_correction_then_undone_and_redone(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("period,value\n2021-01,1\n2021-02,2\n")
    bring_in(city, path, LONG)
    assert bring_in(city, path, LONG).run_id is None
    path.write_text("period,value\n2021-01,1\n2021-02,9\n2021-03,3\n")
    done = bring_in(city, path, LONG)
    assert (done.added, done.revised, done.unchanged) == (1, 1, 1)
    now = {"2021-01": 1, "2021-02": 9, "2021-03": 3}
    assert values(measure(city, "V")) == now
    with city.read() as asked:
        kept = asked.execute(
            text("SELECT value, revision FROM observation WHERE period = '2021-02-01' ORDER BY revision")
        ).all()
    assert [tuple(k) for k in kept] == [(2, 0), (9, 1)]
    city.undo()
    assert values(measure(city, "V")) == {"2021-01": 1, "2021-02": 2}
    city.redo()
    assert values(measure(city, "V")) == now


def test_a_failure_in_the_middle_or_a_cancel_leaves_nothing(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("period,d,value\n" + "".join(f"2021-01,{n},1\n" for n in range(30_000)))
    recipe = Recipe(period="period", breakdowns=("d",), measures=VALUE)
    source = read(path)

    class Stop:
        def report(self, share: float, words: str = "") -> None:
            if share > 0:
                raise CityStatError("stopped")

    with pytest.raises(CityStatError, match="stopped"):
        storing.store(city, source, recipe, apply(source, recipe), now=NOW, progress=Stop())
    with city.read() as asked:
        for table in ("observation", "measure", "import_run", "cell_part", "act"):
            assert asked.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


def test_a_file_by_days_does_not_mix_into_a_measure_by_months(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("period,value\n2021-01,1\n2021-02,2\n")
    bring_in(city, path, LONG)
    path.write_text("period,value\n2021-01-05,1\n2021-01-06,2\n")
    with pytest.raises(CityStatError, match="V is kept by month, but the file brings it by day"):
        bring_in(city, path, LONG)


def test_months_written_as_their_first_day_are_months(city: City, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("period,value\n1/1/2021,1\n2/1/2021,2\n3/1/2021,3\n")
    bring_in(city, path, guess(read(path)))
    assert values(measure(city, "VALU-01")) == {"2021-01": 1, "2021-02": 2, "2021-03": 3}


def test_a_first_row_over_several_lines_loses_no_column(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text('"a\nb","c\nd",e\n1\n2,"x"y\n')
    rows = read(path).sheets[0].rows
    assert rows[:] == [("a\nb", "c\nd", "e"), ("1", None, None), ("2", "xy", None)]
